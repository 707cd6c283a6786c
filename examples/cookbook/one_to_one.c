/* SPDX-License-Identifier: Apache-2.0
 *
 * One to one: a user and the profile that is only his. */
#include "cookbook.h"

typedef struct User User;
typedef struct Profile Profile;

struct User {
    int64_t id;
    const char *name;
    Profile *profile;
};
struct Profile {
    int64_t id, user_id;
    const char *bio;
    User *user;
};
ATH_DECLARE(Profile);

/* class User(Base):
 *     profile: Mapped["Profile"] = relationship(back_populates="user", cascade="all, delete-orphan")
 *     # or, before annotations: relationship("Profile", back_populates="user", uselist=False) */
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_one(profile, Profile, .back_populates = "user", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}

/* class Profile(Base):
 *     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
 *     user: Mapped["User"] = relationship(back_populates="profile")
 *
 * Nothing of that keeps a user from having two profiles; .unique does. */
ATH_MODEL(Profile, "profiles") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id", .unique = true);
    ath_column(bio, .type = ATH_STRING(200));
    ath_belongs_to(user, User, .back_populates = "profile");
}
ATH_METADATA(App, User, Profile);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    User *alice = ath_new(db, User, .name = "alice"), *bob = ath_new(db, User, .name = "bob");
    ath_set_rel(db, alice, profile, ath_new(db, Profile, .bio = "likes C"));
    if (!bob || ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    printf("%s %s\n", alice->profile->user->name, alice->profile->bio);

    /* user.profile = Profile(...): the former one is an orphan, and deleted.  SQLAlchemy writes the new one first, and fails
     * on the unique key. */
    ath_set_rel(db, alice, profile, ath_new(db, Profile, .bio = "likes Rust"));
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    printf("%s %s; %" PRId64 " profile\n", alice->name, alice->profile->bio, ath_count(db, Profile));

    /* select(User).options(joinedload(User.profile)): in the same SELECT; the best for one. */
    ath_session_close(db);
    db = ath_session_open(engine);
    User **users =
        ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_joined(User, profile)));
    ath_each(User, user, users)
        printf("%s: %s\n", user->name, user->profile ? user->profile->bio : "no profile");

    /* select(User).where(~User.profile.has()) */
    printf("without: %" PRId64 "\n", ath_count(db, User, .where = ath_not(ath_rel_has(User, profile))));
    return cookbook_close(engine, db, users && ath_error(db)->status == ATH_OK);
}
