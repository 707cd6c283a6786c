/* SPDX-License-Identifier: Apache-2.0
 *
 * How many posts each user has, none included. */
#include "blog.h"

typedef struct AuthorStats {
    int64_t id;
    const char *username;
    int64_t post_count;
} AuthorStats;

ATH_PROJECTION(AuthorStats) {
    ath_column(id);
    ath_column(username);
    ath_column(post_count);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(
     *     User.id,
     *     User.username,
     *     func.count(Post.id).label("post_count")
     * ).outerjoin(Post, User.id == Post.user_id).group_by(User.id, User.username)
     *
     * result = await db.execute(stmt)
     * return result.all()  # [(user_id, username, post_count), ...] */
    AuthorStats **rows = ath_into(
        db, AuthorStats,
        ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username),
                                       ath_label(ath_count(ath_col(Post, id)), "post_count")),
                   .joins = ath_joins(ath_outer_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .group_by = ath_by(ath_col(User, id), ath_col(User, username)),
                   .order_by = ath_by(ath_col(User, id))));
    ath_each(AuthorStats, row, rows)
        printf("%" PRId64 " %s %" PRId64 "\n", row->id, row->username, row->post_count);
    return blog_close(engine, db, rows != NULL);
}
