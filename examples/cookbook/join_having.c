/* SPDX-License-Identifier: Apache-2.0
 *
 * A condition on groups. */
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

/* async def get_users_with_multiple_posts(db: AsyncSession, min_count: int = 2): */
static AuthorStats **get_users_with_multiple_posts(ath_session *db, int min_count) {
    /* stmt = select(User.id, User.username, func.count(Post.id).label("post_count"))
     *     .join(Post, User.id == Post.user_id).group_by(User.id, User.username)
     *     .having(func.count(Post.id) >= min_count) */
    return ath_into(
        db, AuthorStats,
        ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username),
                                       ath_label(ath_count(ath_col(Post, id)), "post_count")),
                   .joins = ath_joins(ath_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .group_by = ath_by(ath_col(User, id), ath_col(User, username)),
                   .having = ath_ge(ath_count(ath_col(Post, id)), min_count), .order_by = ath_by(ath_col(User, id))));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    AuthorStats **rows = get_users_with_multiple_posts(db, 2);
    ath_each(AuthorStats, row, rows)
        printf("%s has %" PRId64 "\n", row->username, row->post_count);
    return blog_close(engine, db, rows != NULL);
}
