/* SPDX-License-Identifier: Apache-2.0
 *
 * The statement cache: a shape is prepared once, the least used goes first, a busy one is not lent twice, a wrong one is
 * not kept, and a schema that changes under it is survived.
 */
#include "engine/temp.h"

static ath_engine *db;
static ath_connection *c;

static void open_db(size_t bytes) {
    db = ath_engine_open("sqlite://", .statement_cache_bytes = bytes);
    c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (a INTEGER, b INTEGER)");
    run_sql(c, "INSERT INTO t VALUES (1, 10), (2, 20)");
}

static void close_db(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static uint64_t prepared(void) {
    return ath_engine_statistics(db).prepared;
}

static int64_t numbered(int n) {
    char sql[60];
    snprintf(sql, sizeof sql, "SELECT %d + a FROM t WHERE a = 1", n);
    return ask_int(c, sql);
}

TEST(a_shape_is_prepared_once) {
    open_db(0);
    uint64_t before = prepared();
    for (int i = 0; i < 50; i++)
        CHECK_INT(numbered(5), 6);
    CHECK_INT(prepared() - before, 1);
    ath_connection_close(c); /* and stays through the pool */
    c = ath_connect(db);
    run_sql(c, "CREATE TABLE IF NOT EXISTS t (a INTEGER, b INTEGER)");
    before = prepared();
    ask_int(c, "SELECT 5 + a FROM t WHERE a = 1");
    CHECK_INT(prepared() - before, 0);
    close_db();
}

TEST(the_least_used_goes_first) {
    open_db(40000);
    for (int i = 0; i < 200; i++) {
        CHECK_INT(numbered(i), i + 1);
        CHECK_INT(numbered(0), 1); /* always fresh */
    }
    uint64_t before = prepared();
    numbered(0);
    CHECK_INT(prepared() - before, 0);
    numbered(199);
    CHECK_INT(prepared() - before, 0);
    numbered(1);
    CHECK_INT(prepared() - before, 1);
    close_db();
}

TEST(many_shapes_are_all_found_again) {
    open_db(0);
    for (int i = 0; i < 500; i++)
        CHECK_INT(numbered(i), i + 1);
    uint64_t before = prepared();
    for (int i = 0; i < 500; i++)
        CHECK_INT(numbered(i), i + 1);
    CHECK_INT(prepared() - before, 0);
    close_db();
}

TEST(a_tiny_cache_still_works) {
    open_db(1);
    for (int i = 0; i < 20; i++)
        CHECK_INT(numbered(i % 3), i % 3 + 1);
    close_db();
}

TEST(a_busy_statement_is_not_lent_twice) {
    open_db(0);
    ath_result *r[3];
    uint64_t before = prepared();
    for (int i = 0; i < 3; i++)
        r[i] = ath_execute(c, ath_text("SELECT a FROM t ORDER BY a"));
    CHECK_INT(prepared() - before, 3);
    for (int i = 0; i < 3; i++)
        CHECK_INT(ath_row_int(ath_fetch(r[i]), 0), 1);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(ath_row_int(ath_fetch(r[i]), 0), 2);
        CHECK(ath_fetch(r[i]) == NULL);
        ath_result_close(r[i]);
    }
    ask_int(c, "SELECT a FROM t ORDER BY a");
    CHECK_INT(prepared() - before, 3);
    close_db();
}

/* The cache overflows while a result walks one of its statements. */
TEST(a_busy_statement_is_not_dropped) {
    open_db(20000);
    ath_result *r = ath_execute(c, ath_text("SELECT a FROM t ORDER BY a"));
    CHECK_INT(ath_row_int(ath_fetch(r), 0), 1);
    for (int i = 0; i < 50; i++)
        numbered(i);
    CHECK_INT(ath_row_int(ath_fetch(r), 0), 2);
    ath_result_close(r);
    close_db();
}

TEST(what_fails_to_prepare_is_not_kept) {
    open_db(0);
    uint64_t before = prepared();
    CHECK_INT(ask_int(c, "SELECT x FROM later"), -999);
    CHECK_INT(ath_error(c)->status, ATH_PROGRAMMING);
    CHECK_INT(prepared() - before, 0);
    run_sql(c, "CREATE TABLE later AS SELECT 4 AS x");
    CHECK_INT(ask_int(c, "SELECT x FROM later"), 4);
    close_db();
}

TEST(a_changed_schema_is_survived) {
    open_db(0);
    ath_result *r = ath_execute(c, ath_text("SELECT * FROM t"));
    CHECK_INT(ath_result_column_count(r), 2);
    ath_result_close(r);
    CHECK_INT(run_sql(c, "ALTER TABLE t ADD COLUMN d INTEGER DEFAULT 9"), ATH_OK);
    r = ath_execute(c, ath_text("SELECT * FROM t"));
    CHECK_INT(ath_result_column_count(r), 3);
    CHECK_STR(ath_result_column_name(r, 2), "d");
    const ath_row *row = ath_fetch(r);
    CHECK(row && ath_row_at(row, 2) && ath_row_int(row, 2) == 9);
    ath_result_close(r);
    CHECK_INT(run_sql(c, "ALTER TABLE t DROP COLUMN b"), ATH_OK);
    r = ath_execute(c, ath_text("SELECT * FROM t"));
    CHECK_INT(ath_result_column_count(r), 2);
    row = ath_fetch(r);
    CHECK(row && ath_row_int(row, 1) == 9);
    ath_result_close(r);
    CHECK_INT(run_sql(c, "DROP TABLE t"), ATH_OK);
    CHECK(ath_execute(c, ath_text("SELECT * FROM t")) == NULL);
    CHECK_INT(ath_error(c)->status, ATH_PROGRAMMING);
    close_db();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_shape_is_prepared_once", a_shape_is_prepared_once},
        {"the_least_used_goes_first", the_least_used_goes_first},
        {"many_shapes_are_all_found_again", many_shapes_are_all_found_again},
        {"a_tiny_cache_still_works", a_tiny_cache_still_works},
        {"a_busy_statement_is_not_lent_twice", a_busy_statement_is_not_lent_twice},
        {"a_busy_statement_is_not_dropped", a_busy_statement_is_not_dropped},
        {"what_fails_to_prepare_is_not_kept", what_fails_to_prepare_is_not_kept},
        {"a_changed_schema_is_survived", a_changed_schema_is_survived},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
