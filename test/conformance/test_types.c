/* SPDX-License-Identifier: Apache-2.0
 *
 * Every type at the edges of its range, one value a row: through INSERT, SELECT and WHERE, through a session, through many
 * rows at once, and with clocks that stand in odd time zones.  A value comes back as it was, or is refused with a status;
 * it is never changed.
 */
#include "test.h"

#include "suite.h"
#include "values.h"

#include <time.h>

enum { ROWS_PER_COLUMN = 1000 };

static ath_engine *db;
static ath_connection *c;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &ValueTables) ? suite_connect(db) : NULL;
    return c != NULL;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    values_forget();
}

static int64_t id_of(size_t column, size_t at) {
    return (int64_t)(column * ROWS_PER_COLUMN + at + 1);
}

static ath_status insert(ath_connection *on, int64_t id, size_t column, const ath_value *value) {
    const ath_expr key = {.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_INT, .as.i = id}},
                   it = {.node = ATH_NODE_LITERAL, .u.value = *value}, target = values_column(column);
    const ath_assignment others[] = {ath_name_to("mood", "calm"), ath_name_to("chars", "")};
    ath_assignment set[4] = {{ATH_X_(ath_col(Values, id)), &key}, {&target, &it}};
    size_t count = 2;
    for (size_t i = 0; i < TEST_COUNT(others); i++)
        if (strcmp(values_column_name(column), others[i].column->u.name.name) != 0)
            set[count++] = others[i];
    ath_result *r = ath_execute(on, ath_insert(.model = ath_model_of(Values), .set = {count, set}));
    ath_status status = r ? ath_result_error(r)->status : ath_error(on)->status;
    ath_result_close(r);
    return status;
}

static void check_select(ath_connection *on, int64_t id, size_t column, const ath_value *value) {
    const ath_expr target = values_column(column), *list[] = {&target};
    ath_result *r = ath_execute(on, ath_select(.columns = {1, list}, .where = ath_eq(ath_col(Values, id), id)));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    const ath_value *got = row ? ath_row_at(row, 0) : NULL;
    if (!got)
        test_failed_(__FILE__, __LINE__, "%s",
                     r && ath_result_error(r)->status ? ath_result_error(r)->message : ath_error(on)->message);
    else if (!values_same(got, value))
        test_failed_(__FILE__, __LINE__, "%s came back as %s", values_print(value), values_print(got));
    ath_result_close(r);
}

static void check_where(ath_connection *on, int64_t id, size_t column, const ath_value *value) {
    const ath_expr target = values_column(column), it = {.node = ATH_NODE_LITERAL, .u.value = *value},
                   *both[] = {&target, &it},
                   equal = {.node = ATH_NODE_OPERATOR, .op = ATH_OP_EQ, .count = 2, .args = both};
    if (!values_can_be_sought(column, value))
        return;
    ath_result *r = ath_execute(on, ath_select(.columns = ath_cols(ath_col(Values, id)),
                                               .where = ath_and(ath_eq(ath_col(Values, id), id), &equal)));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    if (!row || ath_row_int(row, 0) != id)
        test_failed_(__FILE__, __LINE__, "%s is not found: %s", values_print(value),
                     r ? ath_result_error(r)->message : ath_error(on)->message);
    ath_result_close(r);
}

static bool is_refusal(ath_status status) {
    return status == ATH_DATA || status == ATH_NOT_SUPPORTED || status == ATH_PROGRAMMING;
}

/* Writes every edge value, one transaction each. */
static void write_all(ath_connection *on) {
    ath_value value;
    for (size_t column = 0; column < values_columns(); column++)
        for (size_t at = 0; values_edge(column, at, &value); at++) {
            test_context("%s: %s", values_column_name(column), values_print(&value));
            ath_status status = insert(on, id_of(column, at), column, &value);
            if (status != ATH_OK) {
                if (!is_refusal(status) || !values_may_refuse(test_database_name(test_on), column, &value))
                    test_failed_(__FILE__, __LINE__, "%s: %s", ath_status_name(status), ath_error(on)->message);
                ath_rollback(on);
                continue;
            }
            check_select(on, id_of(column, at), column, &value);
            check_where(on, id_of(column, at), column, &value);
            if (ath_commit(on) != ATH_OK)
                test_failed_(__FILE__, __LINE__, "%s", ath_error(on)->message);
        }
    test_context("%s", "");
}

/* Reads what write_all wrote, on another connection. */
static void read_all(ath_connection *on) {
    ath_value value;
    for (size_t column = 0; column < values_columns(); column++)
        for (size_t at = 0; values_edge(column, at, &value); at++) {
            test_context("%s: %s", values_column_name(column), values_print(&value));
            ath_result *r = ath_execute(on, ath_select(.columns = ath_cols(ath_count_all()),
                                                       .from = ath_from(ath_model_source(Values)),
                                                       .where = ath_eq(ath_col(Values, id), id_of(column, at))));
            if (suite_scalar_(on, r, __FILE__, __LINE__) == 1)
                check_select(on, id_of(column, at), column, &value);
        }
    test_context("%s", "");
}

TEST(edges_by_statements) {
    if (begin()) {
        write_all(c);
        ath_connection *other = suite_connect(db);
        read_all(other);
        ath_connection_close(other);
    }
    end();
}

TEST(nulls) {
    if (!begin()) {
        end();
        return;
    }
    const ath_value null = {.kind = ATH_KIND_NULL};
    for (size_t column = 0; column < values_columns(); column++) {
        const char *name = values_column_name(column);
        bool can = strcmp(name, "mood") != 0 && strcmp(name, "chars") != 0;
        test_context("%s", name);
        if (!can) {
            CHECK_STATUS(c, insert(c, id_of(column, 0), column, &null), ATH_INTEGRITY);
            CHECK_OK(c, ath_rollback(c));
            continue;
        }
        CHECK_OK(c, insert(c, id_of(column, 0), column, &null));
        check_select(c, id_of(column, 0), column, &null);
        const ath_expr target = values_column(column), *one[] = {&target},
                       is = {.node = ATH_NODE_OPERATOR, .op = ATH_OP_IS_NULL, .count = 1, .args = one};
        CHECK_INT(suite_ask(c, ath_select(.columns = ath_cols(ath_count_all()),
                                          .from = ath_from(ath_model_source(Values)), .where = &is)),
                  1);
        CHECK_OK(c, ath_rollback(c));
    }
    end();
}

/* ---- sessions ---- */

static void check_object(int64_t id, size_t column, const ath_value *value) {
    ath_session *s = ath_session_open(db);
    ath_value got;
    const Values *read = s ? ath_get(s, Values, id) : NULL;
    if (!read || values_out_of(column, read, &got) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "not read: %s", s ? ath_error(s)->message : "no session");
    else if (!values_same(&got, value))
        test_failed_(__FILE__, __LINE__, "%s came back as %s", values_print(value), values_print(&got));
    if (s) {
        uint64_t before = ath_engine_statistics(db).statements;
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_engine_statistics(db).statements - before, 1); /* what was read is not dirty: COMMIT alone */
    }
    ath_session_close(s);
}

TEST(edges_by_sessions) {
    ath_value value;
    if (!begin()) {
        end();
        return;
    }
    for (size_t column = 0; column < values_columns(); column++)
        for (size_t at = 0; values_edge(column, at, &value); at++) {
            Values object = {.id = id_of(column, at)};
            test_context("%s: %s", values_column_name(column), values_print(&value));
            CHECK_INT(values_into(column, &object, &value), ATH_OK);
            ath_session *s = ath_session_open(db);
            CHECK(s && ath_add(s, Values, &object));
            ath_status status = s ? ath_commit(s) : ATH_NO_MEMORY;
            bool may = values_may_refuse(test_database_name(test_on), column, &value);
            if (status != ATH_OK && !(may && is_refusal(status)))
                test_failed_(__FILE__, __LINE__, "%s: %s", ath_status_name(status), s ? ath_error(s)->message : "");
            ath_session_close(s);
            if (status == ATH_OK)
                check_object(id_of(column, at), column, &value);
        }
    end();
}

/* Rows that set the same columns share statements: arrays, or many VALUES. */
TEST(edges_in_many_rows) {
    enum { ROWS = 60 };
    if (!begin()) {
        end();
        return;
    }
    ath_session *s = ath_session_open(db);
    for (size_t row = 0; row < ROWS; row++) {
        Values object = {.id = (int64_t)row + 1};
        for (size_t column = 0; column < values_columns(); column++) {
            ath_value value = values_turn(column, row, test_database_name(test_on));
            CHECK_INT(values_into(column, &object, &value), ATH_OK);
        }
        CHECK(ath_add(s, Values, &object) != NULL);
    }
    CHECK_OK(s, ath_commit(s));
    ath_session_close(s);
    s = ath_session_open(db);
    Values **all = ath_all(s, Values, .order_by = ath_by(ath_col(Values, id)));
    CHECK_INT(ath_len(all), ROWS);
    for (size_t row = 0; row < ath_len(all) && row < ROWS; row++)
        for (size_t column = 0; column < values_columns(); column++) {
            ath_value value = values_turn(column, row, test_database_name(test_on)), got;
            test_context("row %zu, %s", row, values_column_name(column));
            if (values_out_of(column, all[row], &got) != ATH_OK || !values_same(&got, &value))
                test_failed_(__FILE__, __LINE__, "%s came back as %s", values_print(&value), values_print(&got));
        }
    ath_session_close(s);
    end();
}

/* ---- time zones ---- */

static void process_zone(const char *zone) {
    if (zone)
        setenv("TZ", zone, 1);
    else
        unsetenv("TZ");
    tzset();
}

/* Written where the process stands in one zone and the connection in another, read where both are elsewhere. */
TEST(time_zones_change_nothing) {
    const char *odd = suite_backends[test_on].odd_zone;
    if (begin()) {
        process_zone("XYZ-05:30:17");
        if (odd) {
            suite_sql(c, odd);
            CHECK_OK(c, ath_commit(c));
        }
        write_all(c);
        process_zone("America/St_Johns");
        ath_connection *other = suite_connect(db);
        read_all(other);
        if (odd)
            suite_sql(other, odd);
        read_all(other);
        ath_connection_close(other);
        process_zone(NULL);
    }
    end();
}

/* What the database makes of CURRENT_TIMESTAMP is UTC as well, although the server's clock stands elsewhere. */
TEST(now_is_utc) {
    if (begin()) {
        const ath_value now = {.kind = ATH_KIND_NULL};
        CHECK_OK(c, insert(c, 1, 0, &now));
        ath_result *r = ath_execute(c, ath_update_of(.model = ath_model_of(Values), .all_rows = true,
                                                     .set = ath_set(ath_to(Values, timestamp, ath_now()),
                                                                    ath_to(Values, datetime, ath_now()))));
        CHECK(r != NULL);
        ath_result_close(r);
        r = ath_execute(c, ath_select(.columns = ath_cols(ath_col(Values, timestamp), ath_col(Values, datetime))));
        const ath_row *row = r ? ath_result_one(r) : NULL;
        int64_t clock = (int64_t)time(NULL) * 1000000;
        for (size_t i = 0; row && i < 2; i++) {
            const ath_value *got = ath_row_at(row, i);
            int64_t away = (i == 0 ? got->as.timestamp.us : got->as.datetime.us) - clock;
            if (away > 3600000000 || away < -3600000000)
                test_failed_(__FILE__, __LINE__, "%s is %lld seconds away", values_print(got),
                             (long long)(away / 1000000));
        }
        CHECK(row != NULL);
        ath_result_close(r);
    }
    end();
}

static const suite_case cases[] = {
    {"edges_by_statements", edges_by_statements, 0},
    {"nulls", nulls, 0},
    {"edges_by_sessions", edges_by_sessions, 0},
    {"edges_in_many_rows", edges_in_many_rows, 0},
    {"time_zones_change_nothing", time_zones_change_nothing, 0},
    {"now_is_utc", now_is_utc, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
