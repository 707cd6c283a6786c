/* SPDX-License-Identifier: Apache-2.0
 *
 * Only groups that are large enough.
 */
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

    /* ....having(func.count(Post.id) >= min_count) */
    int min_count = 2;
    AuthorStats **stats = ath_into(
        db, AuthorStats,
        ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username),
                                       ath_label(ath_count(ath_col(Post, id)), "post_count")),
                   .joins = ath_joins(ath_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .group_by = ath_by(ath_col(User, id), ath_col(User, username)),
                   .having = ath_ge(ath_count(ath_col(Post, id)), min_count), .order_by = ath_by(ath_col(User, id))));
    ath_each(AuthorStats, a, stats)
        printf("%s: %" PRId64 "\n", a->username, a->post_count);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
