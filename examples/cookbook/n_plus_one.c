/* SPDX-License-Identifier: Apache-2.0
 *
 * One query for the posts of many users, instead of one for each.
 */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* for user in all_users: posts = await db.execute(select(Post).where(Post.user_id == user.id))   -- N + 1 */
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)));
    int64_t ids[16];
    size_t n = 0;
    ath_each(User, user, users)
        if (n < 16)
            ids[n++] = user->id;
    Post **posts = ath_all(db, Post, .where = ath_in_array(ath_col(Post, user_id), ids, n),
                           .order_by = ath_by(ath_col(Post, user_id), ath_col(Post, id)));
    ath_each(Post, post, posts)
        printf("%" PRId64 ": %s\n", post->user_id, post->title);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
