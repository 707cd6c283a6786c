/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions on what is related. */
#include "blog.h"

static void show(const char *what, User **users) {
    printf("%s:", what);
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
}

#define USERS(...) ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .where = __VA_ARGS__)

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(User).where(User.posts.any()), ~User.posts.any(): EXISTS (SELECT 1 FROM posts WHERE ...) */
    show("with posts", USERS(ath_rel_any(User, posts)));
    show("without", USERS(ath_not(ath_rel_any(User, posts))));

    /* User.posts.any(Post.title.contains("python")): each user once, where a join needs DISTINCT */
    show("on python", USERS(ath_rel_any(User, posts, ath_contains(ath_col(Post, title), "python"))));

    /* User.posts.any(Post.comments.any(Comment.author.has(User.username == "bob"))) */
    const ath_expr *by_bob = ath_rel_has(Comment, author, ath_eq(ath_col(User, username), "bob"));
    show("bob commented on", USERS(ath_rel_any(User, posts, ath_rel_any(Post, comments, by_bob))));

    /* Post.author.has(User.is_active) */
    printf("of active users: %" PRId64 "\n",
           ath_count(db, Post, .where = ath_rel_has(Post, author, ath_col(User, is_active))));

    /* Post.author == alice, User.posts.contains(post): by keys, without a subquery */
    User *alice = ath_get(db, User, 1);
    Post *first = ath_first(db, Post, .where = ath_rel_is(Post, author, alice), .order_by = ath_by(ath_col(Post, id)));
    if (!first)
        return blog_close(engine, db, false);
    printf("alice's first: %s\n", first->title);
    show("whose is it", USERS(ath_rel_contains(User, posts, first)));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
