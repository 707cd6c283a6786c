/* SPDX-License-Identifier: Apache-2.0
 *
 * Transactions: they begin by themselves, nest by savepoints, and one that the database ended alone is noticed.
 */
#include "engine/temp.h"

static ath_engine *db;
static ath_connection *c;

static void open_db(const char *url) {
    db = ath_engine_open(url);
    c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (x INTEGER UNIQUE)");
    ath_commit(c);
}

static void close_db(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(begins_by_itself) {
    open_db("sqlite://");
    CHECK(!ath_connection_in_transaction(c));
    CHECK_INT(ath_commit(c), ATH_OK);   /* nothing to do */
    CHECK_INT(ath_rollback(c), ATH_OK); /* nothing to do */
    CHECK_INT(ask_int(c, "SELECT 1"), 1);
    CHECK(ath_connection_in_transaction(c));
    CHECK_INT(ath_begin(c), ATH_STATE);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK(!ath_connection_in_transaction(c));
    CHECK_INT(ath_begin(c), ATH_OK);
    CHECK(ath_connection_in_transaction(c));
    close_db();
}

TEST(commit_keeps_and_rollback_undoes) {
    open_db("sqlite://");
    run_sql(c, "INSERT INTO t VALUES (1)");
    CHECK_INT(ath_commit(c), ATH_OK);
    run_sql(c, "INSERT INTO t VALUES (2)");
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 1);
    close_db();
}

TEST(savepoints_nest) {
    open_db("sqlite://");
    CHECK_INT(ath_connection_release(c), ATH_STATE);
    CHECK_INT(ath_connection_rollback_to(c), ATH_STATE);
    run_sql(c, "INSERT INTO t VALUES (1)");
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    run_sql(c, "INSERT INTO t VALUES (2)");
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    run_sql(c, "INSERT INTO t VALUES (3)");
    CHECK_INT(ath_connection_rollback_to(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 2);
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    run_sql(c, "INSERT INTO t VALUES (4)");
    CHECK_INT(ath_connection_release(c), ATH_OK);
    CHECK_INT(ath_connection_release(c), ATH_OK);
    CHECK_INT(ath_connection_release(c), ATH_STATE);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT sum(x) FROM t"), 7);
    close_db();
}

TEST(a_failed_statement_leaves_the_savepoint_usable) {
    open_db("sqlite://");
    run_sql(c, "INSERT INTO t VALUES (1)");
    ath_connection_savepoint(c);
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (1)"), ATH_INTEGRITY);
    CHECK_INT(ath_connection_rollback_to(c), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 1);
    close_db();
}

TEST(commit_forgets_savepoints) {
    open_db("sqlite://");
    ath_connection_savepoint(c);
    run_sql(c, "INSERT INTO t VALUES (1)");
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ath_connection_release(c), ATH_STATE);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 1);
    close_db();
}

/* An INSERT ... RETURNING whose rows were not read must not stand in the way. */
TEST(open_results_do_not_stop_a_commit) {
    open_db("sqlite://");
    ath_result *r = ath_execute(c, ath_text("INSERT INTO t VALUES (1), (2), (3) RETURNING x"));
    CHECK(r != NULL && ath_fetch(r) != NULL);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK(ath_fetch(r) == NULL);
    ath_result_close(r);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 3);
    ath_connection_savepoint(c);
    r = ath_execute(c, ath_text("INSERT INTO t VALUES (4), (5) RETURNING x"));
    CHECK(r != NULL && ath_fetch(r) != NULL);
    CHECK_INT(ath_connection_release(c), ATH_OK);
    ath_result_close(r);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 5);
    close_db();
}

TEST(rollback_ends_open_results) {
    open_db("sqlite://");
    run_sql(c, "INSERT INTO t VALUES (1), (2)");
    ath_result *r = ath_execute(c, ath_text("SELECT x FROM t ORDER BY x"));
    const ath_row *row = ath_fetch(r);
    CHECK_INT(ath_row_int(row, 0), 1);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK(ath_fetch(r) == NULL); /* and not as if these had been all rows */
    CHECK_INT(ath_result_error(r)->status, ATH_STATE);
    CHECK(ath_result_all(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_STATE);
    CHECK_STR(ath_result_column_name(r, 0), "x");
    ath_result_close(r);
    close_db();
}

/* A full database: SQLite rolls the whole transaction back by itself. */
TEST(a_transaction_the_database_ended_is_noticed) {
    open_db(temp_url("full.db", ""));
    run_sql(c, "CREATE TABLE big (b BLOB)");
    ath_commit(c);
    CHECK_INT(run_sql(c, "PRAGMA max_page_count = 20"), ATH_OK);
    CHECK_INT(run_sql(c, "PRAGMA cache_size = 2"), ATH_OK);
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (1)"), ATH_OK);
    CHECK_INT(run_sql(c, "INSERT INTO big VALUES (zeroblob(1000000))"), ATH_OPERATIONAL);
    CHECK_INT(ath_error(c)->native_code, 13);
    CHECK_HAS(ath_error(c)->message, "full");
    CHECK_HAS(ath_error(c)->message, "full.db");
    CHECK(ath_connection_in_transaction(c));
    if (run_sql(c, "INSERT INTO t VALUES (2)") == ATH_OK) {
        /* this SQLite kept the transaction: only the statement was undone */
        CHECK_INT(ath_commit(c), ATH_OK);
        CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 2);
    } else {
        CHECK_INT(ath_error(c)->status, ATH_STATE);
        CHECK_HAS(ath_error(c)->message, "rolled back");
        CHECK_INT(ath_commit(c), ATH_STATE);
        CHECK_INT(ath_connection_savepoint(c), ATH_STATE);
        CHECK_INT(ath_rollback(c), ATH_OK);
        CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 0);
        CHECK_INT(run_sql(c, "INSERT INTO t VALUES (3)"), ATH_OK);
        CHECK_INT(ath_commit(c), ATH_OK);
    }
    close_db();
}

/* ON CONFLICT ROLLBACK ends the transaction for certain. */
TEST(on_conflict_rollback_is_noticed) {
    open_db("sqlite://");
    run_sql(c, "INSERT INTO t VALUES (1)");
    CHECK_INT(run_sql(c, "INSERT OR ROLLBACK INTO t VALUES (1)"), ATH_INTEGRITY);
    CHECK(ath_connection_in_transaction(c));
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (2)"), ATH_STATE);
    CHECK_HAS(ath_error(c)->message, "rolled back");
    CHECK_INT(ath_commit(c), ATH_STATE);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (2)"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT sum(x) FROM t"), 2);
    close_db();
}

/* A program that ends the transaction with SQL text of its own. */
TEST(commit_as_text_is_understood) {
    open_db("sqlite://");
    run_sql(c, "INSERT INTO t VALUES (1)");
    CHECK_INT(run_sql(c, "COMMIT"), ATH_OK);
    CHECK(!ath_connection_in_transaction(c));
    CHECK_INT(run_sql(c, "INSERT INTO t VALUES (2)"), ATH_OK);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 1);
    close_db();
}

TEST(a_commit_that_is_refused_can_be_rolled_back) {
    open_db("sqlite://");
    run_sql(c, "CREATE TABLE p (id INTEGER PRIMARY KEY)");
    run_sql(c, "CREATE TABLE k (p INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)");
    ath_commit(c);
    CHECK_INT(run_sql(c, "INSERT INTO k VALUES (1)"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_INTEGRITY);
    CHECK_INT(ath_error(c)->integrity, ATH_INTEGRITY_FOREIGN_KEY);
    CHECK(ath_connection_in_transaction(c));
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM k"), 0);
    close_db();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"begins_by_itself", begins_by_itself},
        {"commit_keeps_and_rollback_undoes", commit_keeps_and_rollback_undoes},
        {"savepoints_nest", savepoints_nest},
        {"a_failed_statement_leaves_the_savepoint_usable", a_failed_statement_leaves_the_savepoint_usable},
        {"commit_forgets_savepoints", commit_forgets_savepoints},
        {"open_results_do_not_stop_a_commit", open_results_do_not_stop_a_commit},
        {"rollback_ends_open_results", rollback_ends_open_results},
        {"a_transaction_the_database_ended_is_noticed", a_transaction_the_database_ended_is_noticed},
        {"on_conflict_rollback_is_noticed", on_conflict_rollback_is_noticed},
        {"commit_as_text_is_understood", commit_as_text_is_understood},
        {"a_commit_that_is_refused_can_be_rolled_back", a_commit_that_is_refused_can_be_rolled_back},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
