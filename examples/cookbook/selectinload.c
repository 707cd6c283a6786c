/* SPDX-License-Identifier: Apache-2.0
 *
 * Users with their posts, and the comments of these: a SELECT for each level, however many there are. */
#include "blog.h"

/* async def get_user_with_posts_eager(db: AsyncSession): */
static User **get_user_with_posts_eager(ath_session *db) {
    /* stmt = select(User).options(selectinload(User.posts))
     * result = await db.execute(stmt)
     * users = result.scalars().unique().all()
     * return users
     *
     * (unique() is for joinedload; here as there, selectinload makes no rows twice.) */
    return ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_selectin(User, posts)));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User **users = get_user_with_posts_eager(db);
    if (!users)
        return blog_close(engine, db, false);
    printf("statements: %d\n", (int)ath_session_statements(db));
    ath_each(User, user, users) {
        printf("%s:", user->username);
        ath_each(Post, post, user->posts)
            printf(" [%s]", post->title);
        printf("\n");
    }
    ath_session_close(db);

    /* selectinload(User.posts).selectinload(Post.comments).joinedload(Comment.author) */
    db = ath_session_open(engine);
    users =
        ath_all(db, User, .order_by = ath_by(ath_col(User, id)),
                .load = ath_load(ath_selectin(
                    User, posts,
                    .then = ath_load(ath_selectin(Post, comments, .then = ath_load(ath_joined(Comment, author)))))));
    if (!users)
        return blog_close(engine, db, false);
    printf("statements: %d\n", (int)ath_session_statements(db));
    ath_each(User, user, users)
        ath_each(Post, post, user->posts)
            ath_each(Comment, comment, post->comments)
                printf("%s, on %s: %s\n", comment->author->username, user->username, comment->content);
    ath_session_close(db);

    /* selectinload(User.posts.and_(Post.is_published)): the vector then holds these alone. */
    db = ath_session_open(engine);
    User *bob = ath_one(db, User, .where = ath_eq(ath_col(User, username), "bob"),
                        .load = ath_load(ath_selectin(User, posts, .where = ath_col(Post, is_published))));
    if (bob)
        printf("bob: %zu published\n", ath_len(bob->posts));
    return blog_close(engine, db, bob != NULL);
}
