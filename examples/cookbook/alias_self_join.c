/* SPDX-License-Identifier: Apache-2.0
 *
 * A table joined with itself, by aliases. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* first, second = aliased(Post), aliased(Post)
     * stmt = select(User.username, first.title, second.title).join(first, first.user_id == User.id)
     *     .join(second, and_(second.user_id == first.user_id, first.id < second.id)) */
    ath_result *result = ath_execute(
        db,
        ath_select(.columns = ath_cols(ath_col(User, username), ath_label(ath_col_of("first", Post, title), "one"),
                                       ath_label(ath_col_of("second", Post, title), "other")),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(
                       ath_join_to(ath_model_as(Post, "first"),
                                   .on = ath_eq(ath_col_of("first", Post, user_id), ath_col(User, id))),
                       ath_join_to(ath_model_as(Post, "second"),
                                   .on = ath_and(
                                       ath_eq(ath_col_of("second", Post, user_id), ath_col_of("first", Post, user_id)),
                                       ath_lt(ath_col_of("first", Post, id), ath_col_of("second", Post, id))))),
                   .order_by = ath_by(ath_col_of("first", Post, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %s, then %s\n", ath_row_text(row, 0), ath_row_text(row, 1), ath_row_text(row, 2));
    bool ok = result != NULL;
    ath_result_close(result);

    /* richer = aliased(User)
     * select(User.username, func.count(richer.id)).outerjoin(richer, richer.balance > User.balance)
     *     .group_by(User.id, User.username) */
    result = ath_execute(
        db, ath_select(.columns = ath_cols(ath_col(User, username), ath_count(ath_col_of("richer", User, id))),
                       .from = ath_from(ath_model_source(User)),
                       .joins = ath_joins(ath_outer_join_to(
                           ath_model_as(User, "richer"),
                           .on = ath_gt(ath_col_of("richer", User, balance), ath_col(User, balance)))),
                       .group_by = ath_by(ath_col(User, id), ath_col(User, username)),
                       .order_by = ath_by(ath_col(User, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %" PRId64 " are richer\n", ath_row_text(row, 0), ath_row_int(row, 1));
    ok = ok && result;
    ath_result_close(result);
    return blog_close(engine, db, ok);
}
