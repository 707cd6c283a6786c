/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries inside queries: EXISTS, IN, a value, a table. */
#include "blog.h"

static bool names(const char *what, User **users) {
    printf("%s:", what);
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
    return users != NULL;
}

/* subq = select(Post.user_id, func.count(Post.id).label("post_count")).group_by(Post.user_id).subquery()
 * select(User.username, subq.c.post_count).outerjoin(subq, User.id == subq.c.user_id) */
static bool joined(ath_session *db) {
    const ath_select_stmt *counts =
        ath_select(.columns = ath_cols(ath_col(Post, user_id), ath_label(ath_count(ath_col(Post, id)), "post_count")),
                   .group_by = ath_by(ath_col(Post, user_id)));
    ath_result *result = ath_execute(
        db,
        ath_select(.columns = ath_cols(ath_col(User, username), ath_coalesce(ath_name("subq", "post_count"), 0)),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(ath_outer_join_to(ath_select_as(counts, "subq"),
                                                        .on = ath_eq(ath_col(User, id), ath_name("subq", "user_id")))),
                   .order_by = ath_by(ath_col(User, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %" PRId64 "\n", ath_row_text(row, 0), ath_row_int(row, 1));
    ath_result_close(result);
    return result != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(User).where(exists().where(Post.user_id == User.id, Post.is_published))
     *
     * The users of the subquery are those of the query around it: it is correlated. */
    const ath_select_stmt *published =
        ath_select(.columns = ath_cols(ath_col(Post, id)), .from = ath_from(ath_model_source(Post)),
                   .where = ath_and(ath_eq(ath_col(Post, user_id), ath_col(User, id)), ath_col(Post, is_published)));
    bool ok = names("have published",
                    ath_all(db, User, .where = ath_exists(published), .order_by = ath_by(ath_col(User, id))));

    /* select(User).where(~exists().where(...)) */
    ok = names("have not",
               ath_all(db, User, .where = ath_not(ath_exists(published)), .order_by = ath_by(ath_col(User, id)))) &&
         ok;

    /* select(User).where(User.id.in_(select(Comment.user_id))) */
    ok = names("comment", ath_all(db, User,
                                  .where = ath_in_query(ath_col(User, id),
                                                        ath_select(.columns = ath_cols(ath_col(Comment, user_id)))),
                                  .order_by = ath_by(ath_col(User, id)))) &&
         ok;

    /* average = select(func.avg(User.balance)).scalar_subquery(); select(User).where(User.balance > average)
     *
     * The alias keeps its users apart from those outside. */
    const ath_select_stmt *average = ath_select(.columns = ath_cols(ath_avg(ath_col_of("all_users", User, balance))),
                                                .from = ath_from(ath_model_as(User, "all_users")));
    ok =
        names("above average", ath_all(db, User, .where = ath_gt(ath_col(User, balance), ath_subquery(average)))) && ok;
    ok = joined(db) && ok;
    return blog_close(engine, db, ok);
}
