/* SPDX-License-Identifier: Apache-2.0
 *
 * Random values of every type, from a seed (ATHANOR_TEST_SEED gives another): what goes in comes out, row by row through
 * statements, many rows at once through a session, and found again by filters.
 */
#include "test.h"

#include "suite.h"
#include "values.h"

enum { ROWS = 60, COLUMNS = 32 };

static ath_engine *db;
static ath_connection *c;
static uint64_t seed;

static bool begin(void) {
    seed = suite_seed();
    db = suite_open();
    c = suite_tables(db, &ValueTables) ? suite_connect(db) : NULL;
    return c != NULL;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    values_forget();
}

/* A value for a column of a row; now and then NULL, where the column takes it. */
static ath_value any(size_t column) {
    const char *name = values_column_name(column);
    if (suite_random() % 8 == 0 && strcmp(name, "mood") != 0 && strcmp(name, "chars") != 0)
        return (ath_value){.kind = ATH_KIND_NULL};
    for (;;) {
        ath_value value = values_random(column, suite_random);
        if (!values_may_refuse(test_database_name(test_on), column, &value))
            return value;
    }
}

static void check_same(size_t column, const ath_value *got, const ath_value *want) {
    if (!values_same(got, want))
        test_failed_(__FILE__, __LINE__, "%s: %s came back as %s (seed %llu)", values_column_name(column),
                     values_print(want), values_print(got), (unsigned long long)seed);
}

/* ---- statements ---- */

static bool insert(int64_t id, const ath_value *values) {
    ath_expr nodes[COLUMNS], columns[COLUMNS];
    ath_assignment set[COLUMNS + 1];
    size_t count = values_columns();
    for (size_t i = 0; i < count; i++) {
        nodes[i] = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = values[i]};
        columns[i] = values_column(i);
        set[i] = (ath_assignment){&columns[i], &nodes[i]};
    }
    set[count] = ath_to(Values, id, id);
    ath_result *r = ath_execute(c, ath_insert(.model = ath_model_of(Values), .set = {count + 1, set}));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s (seed %llu)", ath_error(c)->message, (unsigned long long)seed);
    bool done = r != NULL;
    ath_result_close(r);
    return done;
}

static void check_row(int64_t id, const ath_value *values) {
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Values), .where = ath_eq(ath_col(Values, id), id)));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    CHECK(row != NULL);
    for (size_t i = 0; row && i < values_columns(); i++)
        check_same(i, ath_row_at(row, i + 1), &values[i]);
    ath_result_close(r);
}

/* The row is found by each of its values that can be compared: column = value, and column IS NULL. */
static void check_found(int64_t id, const ath_value *values) {
    for (size_t i = 0; i < values_columns(); i++) {
        bool null = values[i].kind == ATH_KIND_NULL;
        if (!null && !values_can_be_sought(i, &values[i]))
            continue;
        const ath_expr column = values_column(i), it = {.node = ATH_NODE_LITERAL, .u.value = values[i]},
                       *both[] = {&column, &it},
                       where = {.node = ATH_NODE_OPERATOR,
                                .op = null ? ATH_OP_IS_NULL : ATH_OP_EQ,
                                .count = null ? 1 : 2,
                                .args = both};
        ath_result *r =
            ath_execute(c, ath_select(.columns = ath_cols(ath_count_all()), .from = ath_from(ath_model_source(Values)),
                                      .where = ath_and(ath_eq(ath_col(Values, id), id), &where)));
        test_context("%s = %s, seed %llu", values_column_name(i), values_print(&values[i]), (unsigned long long)seed);
        CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), 1);
        test_context("%s", "");
    }
}

TEST(by_statements) {
    ath_value values[COLUMNS];
    CHECK(values_columns() <= COLUMNS);
    if (begin())
        for (int64_t id = 1; id <= ROWS && test_failures_ < 10; id++) {
            for (size_t i = 0; i < values_columns(); i++)
                values[i] = any(i);
            if (!insert(id, values)) {
                CHECK_OK(c, ath_rollback(c));
                continue;
            }
            check_row(id, values);
            check_found(id, values);
            CHECK_OK(c, ath_commit(c));
        }
    end();
}

/* A column's values change one after another: UPDATE ... SET column = value. */
TEST(by_updates) {
    ath_value values[COLUMNS];
    if (!begin()) {
        end();
        return;
    }
    for (size_t i = 0; i < values_columns(); i++)
        values[i] = any(i);
    insert(1, values);
    for (int n = 0; n < 4 * ROWS && test_failures_ < 10; n++) {
        size_t i = suite_random() % values_columns();
        values[i] = any(i);
        const ath_expr column = values_column(i), it = {.node = ATH_NODE_LITERAL, .u.value = values[i]};
        const ath_assignment set[] = {{&column, &it}};
        ath_result *r = ath_execute(
            c, ath_update_of(.model = ath_model_of(Values), .set = {1, set}, .where = ath_eq(ath_col(Values, id), 1)));
        if (!r)
            test_failed_(__FILE__, __LINE__, "%s: %s", values_print(&values[i]), ath_error(c)->message);
        CHECK_INT(r ? ath_result_rowcount(r) : -1, 1);
        ath_result_close(r);
        if (n % 16 == 0)
            check_row(1, values);
    }
    check_row(1, values);
    end();
}

/* ---- sessions ---- */

static void fill(Values *object) {
    for (size_t i = 0; i < values_columns(); i++) {
        ath_value value = any(i);
        CHECK_INT(values_into(i, object, &value), ATH_OK);
    }
}

static void check_objects(const Values *got, const Values *want) {
    for (size_t i = 0; i < values_columns(); i++) {
        ath_value a, b;
        CHECK_INT(values_out_of(i, got, &a), ATH_OK);
        CHECK_INT(values_out_of(i, want, &b), ATH_OK);
        check_same(i, &a, &b);
    }
}

/* Written at once, read at once; then all changed at once, and read again. */
TEST(by_sessions) {
    static Values want[ROWS];
    if (!begin()) {
        end();
        return;
    }
    memset(want, 0, sizeof want);
    for (int change = 0; change < 2 && test_failures_ == 0; change++) {
        ath_session *s = ath_session_open(db);
        for (size_t row = 0; row < ROWS; row++) {
            want[row].id = (int64_t)row + 1;
            fill(&want[row]);
            Values *object = change ? ath_get(s, Values, want[row].id) : NULL;
            CHECK(!change || object);
            if (change && object)
                *object = want[row];
            else
                CHECK(ath_add(s, Values, &want[row]) != NULL);
        }
        CHECK_OK(s, ath_commit(s));
        ath_session_close(s);
        s = ath_session_open(db);
        Values **all = ath_all(s, Values, .order_by = ath_by(ath_col(Values, id)));
        CHECK_INT(ath_len(all), ROWS);
        for (size_t row = 0; row < ath_len(all) && row < ROWS && test_failures_ < 10; row++)
            check_objects(all[row], &want[row]);
        ath_session_close(s);
    }
    end();
}

/* A stream of read-only rows says the same as the objects. */
TEST(by_streams) {
    static Values want[ROWS];
    if (!begin()) {
        end();
        return;
    }
    memset(want, 0, sizeof want);
    ath_session *s = ath_session_open(db);
    for (size_t row = 0; row < ROWS; row++) {
        want[row].id = (int64_t)row + 1;
        fill(&want[row]);
        CHECK(ath_add(s, Values, &want[row]) != NULL);
    }
    CHECK_OK(s, ath_commit(s));
    size_t row = 0;
    ath_stream *rows = ath_stream_open(s, Values, .order_by = ath_by(ath_col(Values, id)));
    for (const Values *got; rows && (got = ath_stream_next(rows)) != NULL && row < ROWS && test_failures_ < 10; row++)
        check_objects(got, &want[row]);
    CHECK_INT(row, ROWS);
    CHECK_OK(s, ath_stream_close(rows));
    ath_session_close(s);
    end();
}

static const suite_case cases[] = {
    {"by_statements", by_statements, 0},
    {"by_updates", by_updates, 0},
    {"by_sessions", by_sessions, 0},
    {"by_streams", by_streams, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
