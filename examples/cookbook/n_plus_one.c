/* SPDX-License-Identifier: Apache-2.0
 *
 * The posts of all users: one query more, not one for each user. */
#include "blog.h"

enum { MOST = 100 };

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* users = await db.execute(select(User)) */
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .limit = MOST);
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
     *
     * What selectinload sends: one query for the keys of all. */
    int64_t keys[MOST];
    for (size_t i = 0; i < ath_len(users); i++)
        keys[i] = users[i]->id;
    before = ath_engine_statistics(engine).statements;
    Post **posts = ath_all(db, Post, .where = ath_in_array(ath_col(Post, user_id), keys, ath_len(users)),
                           .order_by = ath_by(ath_col(Post, user_id), ath_col(Post, id)));
    if (!posts)
        return blog_close(engine, db, false);
    printf("at once: %zu posts, %d query\n", ath_len(posts), (int)(ath_engine_statistics(engine).statements - before));

    Post **next = posts; /* both are in the order of the users */
    ath_each(User, user, users) {
        printf("%s:", user->username);
        for (; *next && (*next)->user_id == user->id; next++)
            printf(" [%s]", (*next)->title);
        printf("\n");
    }
    return blog_close(engine, db, true);
}
