/* SPDX-License-Identifier: Apache-2.0
 *
 * Many to many, where the row between says something itself: who has which role, since when and from whom. */
#include "cookbook.h"

typedef struct User User;
typedef struct Role Role;
typedef struct Membership Membership;

struct User {
    int64_t id;
    const char *name;
    Membership **memberships;
    Role **roles;
};
struct Role {
    int64_t id;
    const char *name;
    Membership **memberships;
};
struct Membership {
    int64_t user_id, role_id;
    const char *granted_by;
    User *user;
    Role *role;
};
ATH_DECLARE(Role);
ATH_DECLARE(Membership);

/* class User(Base):
 *     memberships: Mapped[list["Membership"]] = relationship(back_populates="user", cascade="all, delete-orphan")
 *     roles: Mapped[list["Role"]] = relationship(secondary="memberships", viewonly=True)
 *
 * Only one of the two may write the rows between: the other is a view. */
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(memberships, Membership, .back_populates = "user", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN,
                 .order_by = ath_by(ath_col(Membership, role_id)));
    ath_has_many(roles, Role, .secondary = ath_model_of(Membership), .viewonly = true,
                 .order_by = ath_by(ath_col(Role, name)));
}
ATH_MODEL(Role, "roles") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(30), .unique = true);
    ath_has_many(memberships, Membership, .back_populates = "role", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}
/* class Membership(Base):
 *     user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
 *     role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"), primary_key=True)
 *     granted_by: Mapped[str]
 *     user: Mapped["User"] = relationship(back_populates="memberships")
 *     role: Mapped["Role"] = relationship(back_populates="memberships") */
ATH_MODEL(Membership, "memberships") {
    ath_column(user_id, .primary_key = true, .foreign_key = "users.id");
    ath_column(role_id, .primary_key = true, .foreign_key = "roles.id");
    ath_column(granted_by, .type = ATH_STRING(50));
    ath_belongs_to(user, User, .back_populates = "memberships");
    ath_belongs_to(role, Role, .back_populates = "memberships");
}
ATH_METADATA(App, User, Role, Membership);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    User *alice = ath_new(db, User, .name = "alice"), *bob = ath_new(db, User, .name = "bob");
    Role *editor = ath_new(db, Role, .name = "editor"), *admin = ath_new(db, Role, .name = "admin");

    /* alice.memberships.append(Membership(role=editor, granted_by="bob")): its key comes from both, at the flush. */
    ath_new(db, Membership, .user = alice, .role = editor, .granted_by = "bob");
    ath_new(db, Membership, .user = alice, .role = admin, .granted_by = "root");
    ath_new(db, Membership, .user = bob, .role = editor, .granted_by = "root");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    /* select(User).options(selectinload(User.memberships).joinedload(Membership.role), selectinload(User.roles)) */
    db = ath_session_open(engine);
    User **users =
        ath_all(db, User, .order_by = ath_by(ath_col(User, id)),
                .load = ath_load(ath_selectin(User, memberships, .then = ath_load(ath_joined(Membership, role))),
                                 ath_selectin(User, roles)));
    if (ath_len(users) != 2)
        return cookbook_close(engine, db, false);
    ath_each(User, user, users) {
        printf("%s:", user->name);
        ath_each(Membership, m, user->memberships)
            printf(" %s (by %s)", m->role->name, m->granted_by);
        printf("; in short:");
        ath_each(Role, role, user->roles)
            printf(" %s", role->name);
        printf("\n");
    }

    /* alice.memberships.remove(...): an orphan, so its row is deleted; the role stays. */
    ath_remove(db, users[0], memberships, users[0]->memberships[0]);
    bool ok = ath_commit(db) == ATH_OK;
    printf("left: %" PRId64 " memberships, %" PRId64 " roles\n", ath_count(db, Membership), ath_count(db, Role));
    return cookbook_close(engine, db, ok && ath_error(db)->status == ATH_OK);
}
