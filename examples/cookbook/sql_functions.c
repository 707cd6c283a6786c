/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of the database: of texts, numbers, groups and dates. */
#include "blog.h"

static bool texts(ath_session *db) {
    /* select(func.upper(User.username), func.length(User.username), User.username + " <" + User.email + ">",
     *     func.substr(User.email, 1, 3), func.replace(User.email, "example", "test")) */
    ath_result *result = ath_execute(
        db,
        ath_select(.columns = ath_cols(
                       ath_upper(ath_col(User, username)), ath_length(ath_col(User, username)),
                       ath_concat(ath_concat(ath_concat(ath_col(User, username), " <"), ath_col(User, email)), ">"),
                       ath_substr(ath_col(User, email), 1, 3), ath_replace(ath_col(User, email), "example", "test")),
                   .where = ath_eq(ath_col(User, id), 1)));
    const ath_row *row = ath_result_one(result);
    if (row)
        printf("%s %" PRId64 " %s %s %s\n", ath_row_text(row, 0), ath_row_int(row, 1), ath_row_text(row, 2),
               ath_row_text(row, 3), ath_row_text(row, 4));
    ath_result_close(result);
    return row != NULL;
}

static bool numbers(ath_session *db) {
    /* select(func.abs(-User.balance), User.id % 3, User.id / 2, User.id // 2, func.coalesce(func.nullif(User.id, 3), 0)) */
    ath_result *result = ath_execute(
        db,
        ath_select(.columns = ath_cols(ath_abs(ath_negate(ath_col(User, balance))), ath_modulo(ath_col(User, id), 3),
                                       ath_divide(ath_col(User, id), 2), ath_floor_divide(ath_col(User, id), 2),
                                       ath_coalesce(ath_nullif(ath_col(User, id), 3), 0)),
                   .order_by = ath_by(ath_col(User, id))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%.1f %" PRId64 " %.1f %" PRId64 " %" PRId64 "\n", ath_row_real(row, 0), ath_row_int(row, 1),
               ath_row_real(row, 2), ath_row_int(row, 3), ath_row_int(row, 4));
    ath_result_close(result);
    return result != NULL;
}

static bool groups(ath_session *db) {
    /* select(User.is_active, func.count(), func.sum(User.balance), func.avg(User.balance), func.min(User.balance),
     *     func.max(User.username)).group_by(User.is_active).order_by(User.is_active) */
    ath_result *result = ath_execute(
        db, ath_select(.columns = ath_cols(ath_col(User, is_active), ath_count_all(), ath_sum(ath_col(User, balance)),
                                           ath_avg(ath_col(User, balance)), ath_min(ath_col(User, balance)),
                                           ath_max(ath_col(User, username))),
                       .group_by = ath_by(ath_col(User, is_active)), .order_by = ath_by(ath_col(User, is_active))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%s: %" PRId64 ", %.1f, %.2f, %.1f, %s\n", ath_row_int(row, 0) ? "active" : "not active",
               ath_row_int(row, 1), ath_row_real(row, 2), ath_row_real(row, 3), ath_row_real(row, 4),
               ath_row_text(row, 5));
    ath_result_close(result);
    return result != NULL;
}

static bool dates(ath_session *db) {
    ath_datetime day;
    ath_datetime_parse("2024-02-29 13:45:00", 19, &day);
    User *bob = ath_get(db, User, 2);
    if (!bob)
        return false;
    bob->deleted_at = (ath_opt_datetime)ath_some(day);

    /* select(extract("year", User.deleted_at), extract("month", ...), ...).where(User.deleted_at < func.now()) */
    ath_result *result = ath_execute(db, ath_select(.columns = ath_cols(ath_extract("year", ath_col(User, deleted_at)),
                                                                        ath_extract("month", ath_col(User, deleted_at)),
                                                                        ath_extract("hour", ath_col(User, deleted_at)),
                                                                        ath_extract("dow", ath_col(User, deleted_at))),
                                                    .where = ath_lt(ath_col(User, deleted_at), ath_now())));
    const ath_row *row = ath_result_one(result);
    if (row)
        printf("%" PRId64 ", month %" PRId64 ", %" PRId64 " o'clock, day %" PRId64 " of the week\n",
               ath_row_int(row, 0), ath_row_int(row, 1), ath_row_int(row, 2), ath_row_int(row, 3));
    ath_result_close(result);
    return row != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = texts(db) && numbers(db) && groups(db) && dates(db);
    return blog_close(engine, db, ok);
}
