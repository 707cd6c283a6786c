/* SPDX-License-Identifier: Apache-2.0
 *
 * Window functions: a rank, a running sum, the first of each group. */
#include "blog.h"

typedef struct Ranked {
    const char *username, *status;
    double balance;
    int64_t place;
    double so_far;
} Ranked;

ATH_PROJECTION(Ranked) {
    ath_column(username);
    ath_column(status);
    ath_column(balance);
    ath_column(place);
    ath_column(so_far);
}

static bool ranks(ath_session *db) {
    /* select(User.username, User.status, User.balance,
     *     func.rank().over(order_by=User.balance.desc()).label("place"),
     *     func.sum(User.balance).over(order_by=User.balance.desc(), rows=(None, 0)).label("so_far")) */
    Ranked **rows = ath_into(
        db, Ranked,
        ath_select(.columns = ath_cols(
                       ath_col(User, username), ath_col(User, status), ath_col(User, balance),
                       ath_label(ath_over(ath_rank(), .order_by = ath_by(ath_desc(ath_col(User, balance)))), "place"),
                       ath_label(ath_over(ath_sum(ath_col(User, balance)),
                                          .order_by = ath_by(ath_desc(ath_col(User, balance))),
                                          ATH_ROWS(ATH_UNBOUNDED_PRECEDING, 0)),
                                 "so_far")),
                   .order_by = ath_by(ath_name(NULL, "place"))));
    ath_each(Ranked, row, rows)
        printf("%" PRId64 ". %s: %.1f, %.1f so far\n", row->place, row->username, row->balance, row->so_far);
    return rows != NULL;
}

static bool newest_of_each(ath_session *db) {
    /* subq = select(Post.title, Post.user_id,
     *     func.row_number().over(partition_by=Post.user_id, order_by=Post.id.desc()).label("rn")).subquery()
     * select(subq.c.title).where(subq.c.rn == 1) */
    const ath_select_stmt *numbered =
        ath_select(.columns =
                       ath_cols(ath_col(Post, title), ath_col(Post, user_id),
                                ath_label(ath_over(ath_row_number(), .partition_by = ath_by(ath_col(Post, user_id)),
                                                   .order_by = ath_by(ath_desc(ath_col(Post, id)))),
                                          "rn")));
    ath_result *result = ath_execute(
        db, ath_select(.columns = ath_cols(ath_name("q", "title")), .from = ath_from(ath_select_as(numbered, "q")),
                       .where = ath_eq(ath_name("q", "rn"), 1), .order_by = ath_by(ath_name("q", "user_id"))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("newest: %s\n", ath_row_text(row, 0));
    ath_result_close(result);
    return result != NULL;
}

static bool neighbours(ath_session *db) {
    /* select(Post.title, func.lag(Post.title, 1).over(order_by=Post.id)) */
    ath_result *result = ath_execute(
        db, ath_select(.columns = ath_cols(ath_col(Post, title), ath_over(ath_lag(ath_col(Post, title), 1),
                                                                          .order_by = ath_by(ath_col(Post, id)))),
                       .order_by = ath_by(ath_col(Post, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s, after %s\n", ath_row_text(row, 0), ath_row_is_null(row, 1) ? "nothing" : ath_row_text(row, 1));
    ath_result_close(result);
    return result != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = ranks(db) && newest_of_each(db) && neighbours(db);
    return blog_close(engine, db, ok);
}
