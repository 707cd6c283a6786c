/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries put together: UNION, INTERSECT, EXCEPT, and what a guide does for want of a FULL JOIN. */
#include "blog.h"

static bool names(ath_session *db, const char *what, const ath_select_stmt *query) {
    ath_result *result = ath_execute(db, query);
    printf("%s:", what);
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf(" %s", ath_row_text(row, 0));
    printf("\n");
    ath_result_close(result);
    return result != NULL;
}

static bool full_join(ath_session *db) {
    /* stmt = select(User, Post).outerjoin(Post, User.id == Post.user_id).select_from(User)
     *     .union(select(User, Post).outerjoin(User, User.id == Post.user_id).select_from(Post))
     *
     * The union makes rows that are equal one, and gives no objects.  Where the database has FULL JOIN, which MariaDB has
     * not, ath_full_join says it. */
    const ath_select_stmt *users =
        ath_select(.columns = ath_cols(ath_col(User, username), ath_col(Post, title)),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(ath_outer_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))));
    const ath_select_stmt *posts =
        ath_select(.columns = ath_cols(ath_col(User, username), ath_col(Post, title)),
                   .from = ath_from(ath_model_source(Post)),
                   .joins = ath_joins(ath_outer_join(User, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))));
    ath_result *result = ath_execute(
        db, ath_union(ath_queries(users, posts),
                      .order_by = ath_by(ath_name(NULL, "username"), ath_nulls_first(ath_name(NULL, "title")))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %s\n", ath_row_text(row, 0), ath_row_is_null(row, 1) ? "no post" : ath_row_text(row, 1));
    ath_result_close(result);
    return result != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* authors = select(User.username).join(Post); readers = select(User.username).join(Comment) */
    const ath_select_stmt *authors =
        ath_select(.columns = ath_cols(ath_col(User, username)), .joins = ath_joins(ath_join(Post)),
                   .from = ath_from(ath_model_source(User)));
    const ath_select_stmt *readers =
        ath_select(.columns = ath_cols(ath_col(User, username)), .joins = ath_joins(ath_join(Comment)),
                   .from = ath_from(ath_model_source(User)));

    /* session.execute(union(authors, readers).order_by("username")) and its kin: the order is by the columns' names. */
    bool ok =
        names(db, "union", ath_union(ath_queries(authors, readers), .order_by = ath_by(ath_name(NULL, "username")))) &&
        names(db, "union_all",
              ath_union_all(ath_queries(authors, readers), .order_by = ath_by(ath_name(NULL, "username")))) &&
        names(db, "intersect",
              ath_intersect(ath_queries(authors, readers), .order_by = ath_by(ath_name(NULL, "username")))) &&
        names(db, "except_",
              ath_except(ath_queries(authors, readers), .order_by = ath_by(ath_name(NULL, "username")))) &&
        names(db, "the last of both",
              ath_union(ath_queries(authors, readers), .order_by = ath_by(ath_desc(ath_name(NULL, "username"))),
                        .limit = 1));
    ok = ok && full_join(db);
    return blog_close(engine, db, ok);
}
