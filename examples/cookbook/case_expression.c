/* SPDX-License-Identifier: Apache-2.0
 *
 * CASE: values by conditions, in columns, sums and the order. */
#include "blog.h"

static bool groups(ath_session *db) {
    /* case((User.balance >= 100, "rich"), (User.balance > 0, "some"), else_="none").label("wealth")
     *
     * The guide's case([(...)]) is refused by SQLAlchemy 2. */
    ath_result *result = ath_execute(
        db, ath_select(.columns = ath_cols(
                           ath_col(User, username),
                           ath_label(ath_case(ath_when(ath_ge(ath_col(User, balance), 100), "rich"),
                                              ath_when(ath_gt(ath_col(User, balance), 0), "some"), ath_else("none")),
                                     "wealth")),
                       .order_by = ath_by(ath_col(User, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %s\n", ath_row_get(row, "username")->as.text.data, ath_row_text(row, 1));
    ath_result_close(result);
    return result != NULL;
}

static bool counts(ath_session *db) {
    /* select(func.count(), func.sum(case((User.is_active, 1), else_=0)), func.count().filter(User.balance > 10)) */
    ath_result *result = ath_execute(
        db, ath_select(.columns = ath_cols(
                           ath_count_all(), ath_sum(ath_case(ath_when(ath_col(User, is_active), 1), ath_else(0))),
                           ath_filter(ath_count(ath_col(User, id)), ath_gt(ath_col(User, balance), 10)))));
    const ath_row *row = ath_result_one(result);
    if (row)
        printf("%" PRId64 " users, %" PRId64 " active, %" PRId64 " with more than 10\n", ath_row_int(row, 0),
               ath_row_int(row, 1), ath_row_int(row, 2));
    ath_result_close(result);
    return row != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = groups(db) && counts(db);

    /* select(User).order_by(case({"gold": 1, "active": 2}, value=User.status, else_=3), User.username) */
    User **users = ath_all(db, User,
                           .order_by = ath_by(ath_case_of(ath_col(User, status), ath_is_value("gold", 1),
                                                          ath_is_value("active", 2), ath_else(3)),
                                              ath_col(User, username)));
    ath_each(User, user, users)
        printf("%s %s\n", user->status, user->username);
    return blog_close(engine, db, ok && users);
}
