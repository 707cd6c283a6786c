/* SPDX-License-Identifier: Apache-2.0
 *
 * The posts of all users: two queries, not one for each user. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* users = await db.execute(select(User)) */
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)));
    if (!users)
        return blog_close(engine, db, false);

    /* for user in all_users:  # a query for each
     *     posts = await db.execute(select(Post).where(Post.user_id == user.id)) */
    uint64_t before = ath_engine_statistics(engine).statements;
    size_t found = 0;
    ath_each(User, user, users)
        found += ath_len(ath_all(db, Post, .where = ath_eq(ath_col(Post, user_id), user->id)));
    printf("the loop: %zu posts, %d queries\n", found, (int)(ath_engine_statistics(engine).statements - before));

    /* stmt = select(User).options(selectinload(User.posts))
     * users = (await db.execute(stmt)).scalars().unique().all() */
    before = ath_engine_statistics(engine).statements;
    users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_selectin(User, posts)));
    if (!users)
        return blog_close(engine, db, false);
    printf("at once: %d queries\n", (int)(ath_engine_statistics(engine).statements - before));
    ath_each(User, user, users) {
        printf("%s:", user->username);
        ath_each(Post, post, user->posts)
            printf(" [%s]", post->title);
        printf("\n");
    }
    return blog_close(engine, db, true);
}
