/* SPDX-License-Identifier: Apache-2.0
 *
 * Several of one database: locks that others hold, connections that are killed while their rows are read, children that
 * are forked meanwhile.
 */
#include "test.h"

#include <pthread.h>
#include <sys/wait.h>

#include "shop.h"
#include "suite.h"

static ath_engine *db;
static ath_connection *c, *other;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    other = c ? suite_connect(db) : NULL;
    if (!other)
        return false;
    suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'top'), (2, 'mid'), (3, 'low')");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_connection_close(other);
    ath_engine_close(db);
    c = other = NULL;
}

/* ---- locks ---- */

/* How many shelves `who` gets locked; -1 when it fails. */
static int64_t lock_shelves(ath_connection *who, ath_lock lock, int64_t least) {
    ath_result *r = ath_execute(
        who, ath_select(.model = ath_model_of(Shelf), .where = ath_ge(ath_col(Shelf, id), least), .lock = lock));
    int64_t rows = 0;
    while (ath_fetch(r))
        rows++;
    rows = r && ath_result_error(r)->status == ATH_OK ? rows : -1;
    ath_result_close(r);
    return rows;
}

TEST(locked_rows) {
    if (begin()) {
        CHECK_INT(lock_shelves(c, ath_for_update(), 3), 1);
        CHECK_INT(lock_shelves(other, ath_for_update(.skip_locked = true), 1), 2);
        CHECK_OK(other, ath_rollback(other));
        CHECK_INT(lock_shelves(other, ath_for_update(.nowait = true), 3), -1);
        CHECK_INT(ath_error(other)->status, ATH_OPERATIONAL);
        CHECK_OK(other, ath_rollback(other));
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(lock_shelves(other, ath_for_update(.nowait = true), 1), 3);
        CHECK_OK(other, ath_commit(other));
    }
    end();
}

/* A deadline ends the wait for a lock, and the connection is whole behind it. */
TEST(a_deadline_ends_the_wait_for_a_lock) {
    if (begin()) {
        suite_sql(c, "UPDATE shelves SET label = 'mine' WHERE id = 1");
        ath_connection_set_timeout(other, 100);
        CHECK_INT(suite_try(other, "UPDATE shelves SET label = 'yours' WHERE id = 1"), ATH_TIMEOUT);
        ath_connection_set_timeout(other, 0);
        CHECK_OK(other, ath_rollback(other));
        CHECK_INT(suite_int(other, "SELECT count(*) FROM shelves WHERE label = 'yours'"), 0);
        CHECK_OK(other, ath_commit(other));
        CHECK_OK(c, ath_commit(c));
    }
    end();
}

static ath_status waited;

static void *wait_for_lock(void *unused) {
    (void)unused;
    waited = suite_try(other, "UPDATE shelves SET label = 'yours' WHERE id = 1");
    return NULL;
}

/* So does a cancel.  It is sent until it meets the statement: one that comes before does nothing. */
TEST(a_cancel_ends_the_wait_for_a_lock) {
    if (begin()) {
        pthread_t thread;
        const struct timespec pause = {0, 5000000};
        suite_sql(c, "UPDATE shelves SET label = 'mine' WHERE id = 1");
        CHECK_INT(suite_int(other, "SELECT 1"), 1);
        waited = 99;
        CHECK_INT(pthread_create(&thread, NULL, wait_for_lock, NULL), 0);
        for (int i = 0; i < 1000 && pthread_tryjoin_np(thread, NULL) != 0; i++) {
            CHECK_INT(ath_connection_cancel(other, NULL), ATH_OK);
            nanosleep(&pause, NULL);
        }
        CHECK_INT(waited, ATH_OPERATIONAL);
        CHECK_STR(ath_error(other)->sqlstate, "57014");
        CHECK_OK(other, ath_rollback(other));
        CHECK_OK(c, ath_commit(c));
    }
    end();
}

/* SQLite locks the file: who waits in vain is told so, and goes on when it is free. */
TEST(a_locked_file) {
    if (test_on != TEST_SQLITE)
        TEST_SKIP("it locks rows");
    if (begin()) {
        ath_engine *hasty = ath_engine_open(test_url(test_on), .busy_timeout_ms = 30);
        ath_connection *third = suite_connect(hasty);
        suite_sql(c, "UPDATE shelves SET label = 'mine' WHERE id = 1");
        CHECK_INT(suite_try(third, "UPDATE shelves SET label = 'yours' WHERE id = 2"), ATH_OPERATIONAL);
        CHECK_OK(third, ath_rollback(third));
        CHECK_INT(suite_int(third, "SELECT count(*) FROM shelves WHERE label = 'mine'"), 0);
        CHECK_OK(third, ath_commit(third));
        CHECK_OK(c, ath_commit(c));
        suite_sql(third, "UPDATE shelves SET label = 'yours' WHERE id = 2");
        CHECK_OK(third, ath_commit(third));
        ath_connection_close(third);
        ath_engine_close(hasty);
    }
    end();
}

/* ---- rows that are being read ---- */

#define DIGITS "(SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3)"
#define MANY                                                                                                           \
    "SELECT a.n, 'a text that fills the buffers between here and there' FROM " DIGITS " a CROSS JOIN " DIGITS          \
    " b CROSS JOIN " DIGITS " c CROSS JOIN " DIGITS " d CROSS JOIN " DIGITS " e CROSS JOIN " DIGITS                    \
    " f CROSS JOIN " DIGITS " g CROSS JOIN " DIGITS " h CROSS JOIN " DIGITS " i CROSS JOIN " DIGITS " j"
enum { MANY_ROWS = 1 << 20 };

static int64_t number_of(ath_connection *one) {
    return suite_int(one, test_on == TEST_POSTGRESQL ? "SELECT pg_backend_pid()" : "SELECT connection_id()");
}

static void kill_number(int64_t number) {
    char sql[80];
    snprintf(sql, sizeof sql, test_on == TEST_POSTGRESQL ? "SELECT pg_terminate_backend(%lld)" : "KILL CONNECTION %lld",
             (long long)number);
    CHECK(test_client(test_on, sql, NULL, 0));
}

/* The one who reads is told, after the rows that had come; the next connection works. */
TEST(killed_while_rows_are_read) {
    for (int streams = 0; streams < 2 && begin(); streams++, end()) {
        if (!streams && test_on == TEST_POSTGRESQL)
            continue; /* all its rows have come */
        suite_sql(c, "UPDATE shelves SET label = 'lost' WHERE id = 1");
        int64_t number = number_of(c); /* before: another statement would take the rows into memory */
        ath_result *r = ath_execute(c, ath_text(MANY), .stream_results = streams);
        int rows = 0;
        while (rows < 10 && ath_fetch(r))
            rows++;
        CHECK_INT(rows, 10);
        kill_number(number);
        while (ath_fetch(r))
            rows++;
        CHECK(rows < MANY_ROWS);
        CHECK_INT(ath_result_error(r)->status, ATH_DISCONNECT);
        CHECK(ath_fetch(r) == NULL);
        ath_result_close(r);
        CHECK_INT(suite_try(c, "SELECT 1"), ATH_STATE); /* its transaction is gone, which it is to know */
        CHECK_OK(c, ath_rollback(c));
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves WHERE label = 'lost'"), 0);
        CHECK_OK(c, ath_commit(c));
    }
}

/* A result is closed after its connection was killed. */
TEST(killed_and_given_up) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_text("SELECT 1 UNION ALL SELECT 2"), .stream_results = true);
        CHECK(ath_fetch(r) != NULL);
        kill_number(number_of(c));
        ath_result_close(r);
        ath_connection_close(c);
        c = suite_connect(db);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 3);
    }
    end();
}

/* A child does as it likes with an engine of its parent's, who is in the middle of a result. */
TEST(forked_while_rows_are_read) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_text(MANY), .stream_results = true);
        int rows = 0, status = -1;
        while (rows < 10 && ath_fetch(r))
            rows++;
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            bool refused = ath_fetch(r) == NULL && ath_result_error(r)->status == ATH_STATE;
            ath_result_close(r);
            ath_connection_close(c);
            ath_connection_close(other);
            ath_connection *own = ath_connect(db);
            ath_result *one = ath_execute(own, ath_text("SELECT count(*) FROM shelves"));
            bool works = ath_row_int(ath_result_first(one), 0) == 3;
            ath_result_close(one);
            ath_connection_close(own);
            ath_engine_close(db);
            _exit(refused && works ? 0 : refused ? 2 : 1);
        }
        CHECK(child > 0 && waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CHECK_INT(WEXITSTATUS(status), 0);
        while (ath_fetch(r))
            rows++;
        CHECK_STR(ath_result_error(r)->message, "");
        CHECK_INT(rows, MANY_ROWS);
        ath_result_close(r);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 3);
    }
    end();
}

static const suite_case cases[] = {
    {"locked_rows", locked_rows, NEEDS_ROW_LOCKS},
    {"a_deadline_ends_the_wait_for_a_lock", a_deadline_ends_the_wait_for_a_lock, NEEDS_ROW_LOCKS},
    {"a_cancel_ends_the_wait_for_a_lock", a_cancel_ends_the_wait_for_a_lock, NEEDS_ROW_LOCKS},
    {"a_locked_file", a_locked_file, 0},
    {"killed_while_rows_are_read", killed_while_rows_are_read, NEEDS_ROW_LOCKS},
    {"killed_and_given_up", killed_and_given_up, NEEDS_ROW_LOCKS},
    {"forked_while_rows_are_read", forked_while_rows_are_read, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
