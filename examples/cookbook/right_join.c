/* SPDX-License-Identifier: Apache-2.0
 *
 * A right join is a left join with the tables swapped. */
#include "blog.h"

typedef struct PostAuthor {
    const char *title, *username;
} PostAuthor;

ATH_PROJECTION(PostAuthor) {
    ath_column(title);
    ath_column(username, .nullable = true);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(Post, User).outerjoin(User, Post.user_id == User.id)
     *
     * Called a RIGHT OUTER JOIN in the guide, but it is FROM posts LEFT OUTER JOIN users: SQLAlchemy has no right join,
     * nor is there one here.  All posts, and their authors where there are any, is what both say. */
    const ath_select_stmt *query =
        ath_select(.columns = ath_cols(ath_col(Post, title), ath_col(User, username)),
                   .from = ath_from(ath_model_source(Post)),
                   .joins = ath_joins(ath_outer_join(User, .on = ath_eq(ath_col(Post, user_id), ath_col(User, id)))),
                   .order_by = ath_by(ath_col(Post, id)));
    PostAuthor **rows = ath_into(db, PostAuthor, query);
    ath_each(PostAuthor, row, rows)
        printf("%s by %s\n", row->title, row->username ? row->username : "nobody");

    char sql[512];
    if (ath_engine_sql(engine, ath_stmt_of(query), sql, sizeof sql, NULL, NULL) == ATH_OK)
        printf("%s\n", sql);
    return blog_close(engine, db, rows != NULL);
}
