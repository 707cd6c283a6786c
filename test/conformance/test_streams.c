/* SPDX-License-Identifier: Apache-2.0
 *
 * Results with .stream_results: many rows in little memory, beside other statements, given up early, cut off by the end of
 * their transaction.  Memory is what malloc has given out; where nobody counts that (a sanitizer's own malloc), only the rows
 * are looked at.
 */
#include "test.h"

#include <malloc.h>

#include "shop.h"
#include "suite.h"

enum { MANY = 1000000, BOUND = 4 * 1024 * 1024 };

static ath_engine *db;
static ath_connection *c;

/* Ten rows; six of them side by side are a million, nine are more than anybody reads. */
static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "DROP TABLE IF EXISTS digits");
    suite_sql(c, "CREATE TABLE digits (n INTEGER NOT NULL)");
    suite_sql(c, "INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

#define MILLION                                                                                                        \
    "SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n + 100000 * f.n AS number,"                           \
    " 'a text that is long enough to fill a megabyte soon' AS words"                                                   \
    " FROM digits a CROSS JOIN digits b CROSS JOIN digits c CROSS JOIN digits d CROSS JOIN digits e CROSS JOIN "       \
    "digits f"
#define ENDLESS MILLION " CROSS JOIN digits g CROSS JOIN digits h CROSS JOIN digits i CROSS JOIN digits j"

static size_t in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

TEST(memory_is_bounded) {
    if (begin()) {
        size_t before = in_use(), most = before, rows = 0;
        uint64_t sum = 0;
        ath_result *r = ath_execute(c, ath_text(MILLION), .stream_results = true);
        CHECK(r != NULL);
        for (const ath_row *row; (row = ath_fetch(r)) != NULL; rows++) {
            sum += (uint64_t)ath_row_int(row, 0);
            if (rows % 997 == 0)
                most = in_use() > most ? in_use() : most;
        }
        CHECK_STR(ath_result_error(r)->message, "");
        CHECK_INT(rows, MANY);
        CHECK_INT(sum, (uint64_t)MANY * (MANY - 1) / 2);
        CHECK(most - before < BOUND);
        ath_result_close(r);
        CHECK_OK(c, ath_commit(c));
    }
    end();
}

/* Wide rows make smaller portions. */
TEST(wide_rows) {
    if (begin()) {
        size_t before = in_use(), most = before;
        int rows = 0;
        const char *sql = test_on == TEST_SQLITE
                              ? "SELECT a.n, hex(zeroblob(50000)) FROM digits a CROSS JOIN digits b CROSS JOIN digits c"
                              : "SELECT a.n, repeat('x', 100000) FROM digits a CROSS JOIN digits b CROSS JOIN digits c";
        ath_result *r = ath_execute(c, ath_text(sql), .stream_results = true);
        for (const ath_row *row; (row = ath_fetch(r)) != NULL; rows++) {
            CHECK_INT(strlen(ath_row_text(row, 1)), 100000);
            most = in_use() > most ? in_use() : most;
        }
        CHECK_INT(rows, 1000);
        CHECK(most - before < 8 * (size_t)BOUND); /* the first 64 rows come whole */
        ath_result_close(r);
    }
    end();
}

/* Nobody waits for the last of ten thousand million rows, and what the transaction has done is not lost. */
TEST(given_up_early) {
    if (begin())
        for (int streams = 0; streams < 2; streams++) {
            if (!streams && test_on == TEST_POSTGRESQL)
                continue; /* its rows would all be received */
            suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'kept')");
            ath_result *r = ath_execute(c, ath_text(ENDLESS), .stream_results = streams);
            for (int i = 0; i < 10; i++)
                CHECK(ath_fetch(r) != NULL);
            ath_result_close(r);
            r = ath_execute(c, ath_text(ENDLESS), .stream_results = streams);
            CHECK(ath_result_first(r) != NULL);
            CHECK(ath_fetch(r) == NULL);
            CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 1);
            ath_result_close(r);
            CHECK_OK(c, ath_commit(c));
            CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 1);
            suite_sql(c, "DELETE FROM shelves");
            CHECK_OK(c, ath_commit(c));
        }
    end();
}

/* Closing the connection ends it, too. */
TEST(given_up_with_its_connection) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_text(ENDLESS), .stream_results = true);
        CHECK(ath_fetch(r) != NULL);
        ath_connection_close(c);
        CHECK(ath_fetch(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_STATE);
        ath_result_close(r);
        c = suite_connect(db);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM digits"), 10);
    }
    end();
}

/* Two streams, and statements between their rows. */
TEST(side_by_side) {
    if (begin()) {
        const char *sql = "SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n FROM digits a CROSS JOIN digits b CROSS JOIN"
                          " digits c CROSS JOIN digits d WHERE a.n < :least ORDER BY 1";
        ath_result *one = ath_execute(c, ath_text(sql, ath_bind("least", 10)), .stream_results = true);
        ath_result *two = ath_execute(c, ath_text(sql, ath_bind("least", 5)), .stream_results = true);
        int64_t rows = 0, others = 0, wrong = 0;
        for (const ath_row *row; (row = ath_fetch(one)) != NULL; rows++) {
            wrong += ath_row_int(row, 0) != rows;
            if (rows % 2 == 0 && (row = ath_fetch(two)) != NULL) {
                wrong += ath_row_int(row, 0) != others / 5 * 10 + others % 5;
                others++;
            }
            if (rows % 1000 == 0)
                CHECK_INT(suite_int(c, "SELECT count(*) FROM digits"), 10);
        }
        CHECK_INT(wrong, 0);
        CHECK_INT(rows, 10000);
        CHECK_INT(others, 5000);
        CHECK(ath_fetch(two) == NULL);
        CHECK_INT(ath_result_error(two)->status, ATH_OK);
        ath_result_close(one);
        ath_result_close(two);
    }
    end();
}

/* What changes rows, and what has none, may be asked for in the same way. */
TEST(other_statements) {
    if (begin()) {
        ath_result *r =
            ath_execute(c, ath_text("INSERT INTO shelves (id, label) VALUES (7, :label)", ath_bind("label", "seven")),
                        .stream_results = true);
        CHECK_INT(ath_result_rowcount(r), 1);
        ath_result_close(r);
        r = ath_execute(c, ath_select(.model = ath_model_of(Shelf), .where = ath_eq(ath_col(Shelf, id), 7)),
                        .stream_results = true);
        CHECK_STR(ath_row_text(ath_result_one(r), 1), "seven");
        ath_result_close(r);
        r = ath_execute(c, ath_select(.model = ath_model_of(Shelf), .where = ath_eq(ath_col(Shelf, id), 8)),
                        .stream_results = true);
        CHECK(ath_result_one_or_none(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_OK);
        ath_result_close(r);
        CHECK(ath_execute(c, ath_text("SELECT nothing FROM digits"), .stream_results = true) == NULL);
        CHECK_INT(ath_error(c)->status, ATH_PROGRAMMING);
        CHECK_OK(c, ath_rollback(c));
    }
    end();
}

/* The end of a transaction, or a rollback to a savepoint, said as text: whether rows are left, the connection works. */
TEST(ends_said_as_text) {
    static const char *const ends[][2] = {
        {"SAVEPOINT s", "ROLLBACK TO SAVEPOINT s"}, {NULL, "COMMIT"}, {NULL, "ROLLBACK"}};
    for (size_t i = 0; begin() && i < TEST_COUNT(ends); i++, end()) {
        test_context("%s", ends[i][1]);
        CHECK_INT(suite_int(c, "SELECT 1"), 1);
        for (int inside = 0; inside < 2; inside++) {
            if (!inside && ends[i][0])
                suite_sql(c, ends[i][0]);
            ath_result *r = ath_execute(c, ath_text("SELECT a.n FROM digits a CROSS JOIN digits b CROSS JOIN digits c"),
                                        .stream_results = true);
            CHECK(ath_fetch(r) != NULL);
            if (inside && ends[i][0])
                suite_sql(c, ends[i][0]);
            ath_status status = suite_try(c, ends[i][1]);
            CHECK(status == ATH_OK || test_on == TEST_SQLITE); /* it may not end a transaction that is being read in */
            if (inside)
                CHECK_INT(suite_int(c, "SELECT 5"), 5);
            while (ath_fetch(r))
                ;
            status = ath_result_error(r)->status;
            CHECK(status == ATH_OK || status == ATH_STATE || test_on == TEST_SQLITE);
            ath_result_close(r);
            CHECK_INT(suite_int(c, "SELECT 6"), 6);
        }
        CHECK_OK(c, ath_rollback(c));
    }
    test_context("%s", "");
    end();
}

/* A table changes its shape between two streams of one statement. */
TEST(tables_that_change) {
    if (begin()) {
        for (int i = 0; i < 4; i++) {
            ath_result *r = ath_execute(c, ath_text("SELECT * FROM digits WHERE n = 3"), .stream_results = true);
            const ath_row *row = r ? ath_result_one(r) : NULL;
            CHECK_STR(r ? ath_result_error(r)->message : ath_error(c)->message, "");
            CHECK_INT(ath_row_int(row, 0), 3);
            CHECK_INT(ath_result_column_count(r), i < 2 ? 1 : 2);
            ath_result_close(r);
            CHECK_OK(c, ath_commit(c));
            if (i == 1)
                suite_sql(c, "ALTER TABLE digits ADD COLUMN more INTEGER");
            CHECK_OK(c, ath_commit(c));
        }
    }
    end();
}

/* A failure far behind is told where it happens. */
TEST(failures_among_rows) {
    if (begin() && test_on == TEST_POSTGRESQL) { /* the others give NULL for a division by 0 */
        ath_result *r = ath_execute(c, ath_text("SELECT 1000 / (900 - g) FROM generate_series(1, 2000) AS g"),
                                    .stream_results = true);
        int rows = 0;
        while (ath_fetch(r))
            rows++;
        CHECK(rows > 0 && rows < 900);
        CHECK_INT(ath_result_error(r)->status, ATH_DATA);
        CHECK(ath_fetch(r) == NULL);
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
        CHECK_INT(suite_int(c, "SELECT 7"), 7);
    }
    end();
}

TEST(sessions_stream_too) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        ath_new(s, Shelf, .id = 1, .label = "pending");
        ath_result *r = ath_execute(s, ath_select(.model = ath_model_of(Shelf)), .stream_results = true);
        CHECK_STR(ath_row_text(ath_fetch(r), 1), "pending");
        ath_result_close(r);
        r = ath_execute(s, ath_text(ENDLESS), .stream_results = true);
        CHECK(ath_fetch(r) != NULL);
        ath_result_close(r);
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 1);
        ath_session_close(s);
    }
    end();
}

static const suite_case cases[] = {
    {"memory_is_bounded", memory_is_bounded, 0},
    {"wide_rows", wide_rows, 0},
    {"given_up_early", given_up_early, 0},
    {"given_up_with_its_connection", given_up_with_its_connection, 0},
    {"side_by_side", side_by_side, 0},
    {"other_statements", other_statements, 0},
    {"ends_said_as_text", ends_said_as_text, 0},
    {"tables_that_change", tables_that_change, 0},
    {"failures_among_rows", failures_among_rows, 0},
    {"sessions_stream_too", sessions_stream_too, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
