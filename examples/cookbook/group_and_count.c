/* SPDX-License-Identifier: Apache-2.0
 *
 * An object and an aggregate in one query: a projection holds the row. */
#include "blog.h"

typedef struct UserPosts {
    int64_t id;
    const char *username;
    int64_t posts;
} UserPosts;

ATH_PROJECTION(UserPosts) {
    ath_column(id);
    ath_column(username);
    ath_column(posts);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* from sqlalchemy.func import count
     * post_counts = db.query(User, count(Post.id)).join(Post).group_by(User.id).all()
     *
     * The import fails in Python: func is an object.  `from sqlalchemy import func; func.count(Post.id)` was meant. */
    UserPosts **counts = ath_into(db, UserPosts,
                                  ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username),
                                                                 ath_label(ath_count(ath_col(Post, id)), "posts")),
                                             .joins = ath_joins(ath_join(Post)), .group_by = ath_by(ath_col(User, id)),
                                             .order_by = ath_by(ath_col(User, id))));
    ath_each(UserPosts, row, counts)
        printf("%s wrote %" PRId64 "\n", row->username, row->posts);
    return blog_close(engine, db, counts != NULL);
}
