/* SPDX-License-Identifier: Apache-2.0
 *
 * A user's posts, and a post's author: one relation, seen from both sides. */
#include "cookbook.h"

typedef struct User User;
typedef struct Post Post;

struct User {
    int64_t id;
    const char *email, *name;
    Post **posts; /* NULL: not loaded; else NULL-terminated, ath_len(user->posts) of them */
};
struct Post {
    int64_t id, user_id;
    const char *title;
    User *author;
};
ATH_DECLARE(Post); /* User's body names it before its own */

/* class User(Base):
 *     __tablename__ = "users"
 *     id = Column(Integer, primary_key=True, index=True)
 *     email = Column(String, unique=True)
 *     name = Column(String(50))
 *     posts = relationship("Post", back_populates="author")
 *
 * The first text has no class Post, so that its program stops at the first query; the compiler would say so here. */
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(email, .type = ATH_STRING(100), .unique = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(posts, Post, .back_populates = "author", .order_by = ath_by(ath_col(Post, id)));
}

/* class Post(Base):
 *     user_id: Mapped[int] = mapped_column(Integer, ForeignKey("users.id"))
 *     author: Mapped["User"] = relationship("User", back_populates="posts") */
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(title, .type = ATH_STRING(100));
    ath_belongs_to(author, User, .back_populates = "posts");
}
ATH_METADATA(App, User, Post);

static void show(const User *user) {
    printf("%s:", user->name);
    ath_each(Post, post, user->posts)
        printf(" [%s]", post->title);
    printf("\n");
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);

    /* alice = User(name="alice", posts=[Post(title="first")]); db.add(alice) */
    User *alice = ath_new(db, User, .name = "alice", .email = "alice@example.org");
    User *bob = ath_new(db, User, .name = "bob", .email = "bob@example.org");
    Post *first = ath_new(db, Post, .title = "first");
    ath_append(db, alice, posts, first);
    /* Post(title="second", author=alice): SQLAlchemy 2 leaves that one out of the session; here it is in it. */
    Post *second = ath_new(db, Post, .title = "second", .author = alice);
    if (!alice || !bob || !first || !second)
        return cookbook_close(engine, db, false);

    /* The other side is in step at once, the foreign key (and what was given by a pointer) from the flush on. */
    printf("%s is by %s, foreign key %s\n", first->title, first->author->name, first->user_id ? "set" : "not set yet");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    printf("foreign keys: %s\n", first->user_id == alice->id && second->user_id == alice->id ? "set" : "wrong");
    show(alice);

    /* post.author = bob: it leaves alice's posts for bob's, which are read first, to be shown */
    ath_set_rel(db, first, author, bob);
    if (ath_load_rel(db, bob, posts) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(alice);
    show(bob);
    return cookbook_close(engine, db, ath_commit(db) == ATH_OK);
}
