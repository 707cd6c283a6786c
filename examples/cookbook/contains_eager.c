/* SPDX-License-Identifier: Apache-2.0
 *
 * A relation loaded from the join that the query has anyway. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(Post).join(Post.author).where(User.username == "alice").options(contains_eager(Post.author))
     *
     * The join is derived from the foreign key.  joinedload would join users a second time, under a name that the
     * condition cannot speak of. */
    Post **posts =
        ath_all(db, Post, .joins = ath_joins(ath_join(User)), .where = ath_eq(ath_col(User, username), "alice"),
                .order_by = ath_by(ath_col(Post, id)), .load = ath_load(ath_contains_eager(Post, author)));
    if (!posts)
        return blog_close(engine, db, false);
    ath_each(Post, post, posts)
        printf("%s, by %s\n", post->title, post->author->username);
    printf("statements: %d\n", (int)ath_session_statements(db));
    ath_session_close(db);

    /* select(User).join(User.posts).where(Post.title.contains("python")).options(contains_eager(User.posts))
     *
     * Of many, the vector has what the join found: alice has another post.  Good for reading; for changing a user's posts
     * load all of them. */
    db = ath_session_open(engine);
    User **users =
        ath_all(db, User, .joins = ath_joins(ath_join(Post)), .where = ath_contains(ath_col(Post, title), "python"),
                .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_contains_eager(User, posts)));
    if (!users)
        return blog_close(engine, db, false);
    ath_each(User, user, users) {
        printf("%s:", user->username);
        ath_each(Post, post, user->posts)
            printf(" [%s]", post->title);
        printf(" of %" PRId64 "\n", ath_rel_count(db, user, posts));
    }

    /* p = aliased(Post); select(User).join(p, User.posts).options(contains_eager(User.posts.of_type(p))) */
    ath_session_close(db);
    db = ath_session_open(engine);
    User *bob = ath_one(db, User, .joins = ath_joins(ath_join_to(ath_model_as(Post, "p"))),
                        .where = ath_eq(ath_col_of("p", Post, title), "100% python"),
                        .load = ath_load(ath_contains_eager(User, posts, .alias = "p")));
    if (bob)
        printf("%s: %s\n", bob->username, bob->posts[0]->title);
    return blog_close(engine, db, bob != NULL);
}
