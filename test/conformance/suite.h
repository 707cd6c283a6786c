/* SPDX-License-Identifier: Apache-2.0
 *
 * The conformance suite: what every database must do, one program a topic.  Each case runs once per database, on a database
 * of the program's own, and may say which abilities it needs; where one is missing the case is skipped and says so.
 *
 * A new backend: a name in test/servers.h, a row in suite_backends here.
 */
#ifndef ATH_TEST_CONFORMANCE_SUITE_H
#define ATH_TEST_CONFORMANCE_SUITE_H

#include "test.h"

#include "servers.h"

#include <athanor/athanor.h>

/* What not every database has.  A zero `lacks` is the aim. */
enum {
    NEEDS_SQLSTATE = 1 << 0,             /* errors carry SQLSTATE */
    NEEDS_LENGTH_CHECK = 1 << 1,         /* the database itself refuses text too long for VARCHAR(n) */
    NEEDS_RANGE_CHECK = 1 << 2,          /* ... and integers out of the column's range */
    NEEDS_TRANSACTIONAL_DDL = 1 << 3,    /* CREATE TABLE rolls back */
    NEEDS_ROW_LOCKS = 1 << 4,            /* two transactions may write at once, and wait for each other's rows */
    NEEDS_TIME_ZONE = 1 << 5,            /* a connection has a time zone */
    NEEDS_COMMENTS = 1 << 6,             /* tables and columns keep comments */
    NEEDS_NOT_ABORTED = 1 << 7,          /* after an error the transaction goes on */
    NEEDS_CONSTRAINT_NAMES = 1 << 8,     /* errors name the constraint */
    NEEDS_FOREIGN_KEY_NAMES = 1 << 9,    /* ... of foreign keys too */
    NEEDS_LOCK_TIMEOUT_SETTING = 1 << 10 /* how long a row is waited for can be said in SQL */
};

typedef struct suite_backend {
    const char *title;
    unsigned lacks;
    /* SQL that puts the connection into an odd time zone, and one that says how long to wait for locks. */
    const char *odd_zone, *lock_timeout;
} suite_backend;

static const suite_backend suite_backends[TEST_DATABASES] = {
    [TEST_SQLITE] = {"SQLite",
                     NEEDS_SQLSTATE | NEEDS_LENGTH_CHECK | NEEDS_RANGE_CHECK | NEEDS_ROW_LOCKS | NEEDS_TIME_ZONE |
                         NEEDS_COMMENTS | NEEDS_FOREIGN_KEY_NAMES | NEEDS_LOCK_TIMEOUT_SETTING,
                     NULL, NULL},
    [TEST_POSTGRESQL] = {"PostgreSQL", NEEDS_NOT_ABORTED, "SET TIME ZONE 'Asia/Kathmandu'",
                         "SET lock_timeout = '200ms'"},
    [TEST_MYSQL] = {"MariaDB", NEEDS_TRANSACTIONAL_DDL, "SET time_zone = '+05:45'", "SET innodb_lock_wait_timeout = 1"},
};

typedef struct suite_case {
    const char *name;
    void (*run)(void);
    unsigned needs;
} suite_case;

static const suite_case *suite_cases_;
static size_t suite_count_, suite_at_;

static inline void suite_run_(void) {
    const suite_case *it = &suite_cases_[suite_at_];
    if ((it->needs & suite_backends[test_on].lacks) != 0)
        TEST_SKIP("the database has no such thing");
    TEST_ON(test_on);
    it->run();
}

static inline bool suite_lacks(unsigned need) {
    return (suite_backends[test_on].lacks & need) != 0;
}

/* Arguments: a case, a database, or both. */
static inline int suite_main(int argc, char **argv, const suite_case *cases, size_t count) {
    test_sum sum = {0, 0, 0};
    suite_cases_ = cases;
    suite_count_ = count;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (test_on = TEST_SQLITE; test_on < TEST_DATABASES; test_on++)
        for (suite_at_ = 0; suite_at_ < count; suite_at_++) {
            test_case one = {cases[suite_at_].name, suite_run_};
            if (test_is_wanted_(argc, argv, one.name))
                test_run_(&one, test_database_name(test_on), &sum);
        }
    return test_end_(&sum);
}

/* ---- short hands ---- */

/* An engine on the program's database; NULL after a failure, which is recorded. */
static inline ath_engine *suite_open(void) {
    ath_error error;
    ath_engine *db = ath_engine_open(test_url(test_on), .max_overflow = ATH_POOL_UNLIMITED, .error = &error);
    if (!db)
        test_failed_(__FILE__, __LINE__, "no engine: %s", error.message);
    return db;
}

/* ... and a connection. */
static inline ath_connection *suite_connect(ath_engine *db) {
    ath_error error;
    ath_error_clear(&error);
    ath_connection *c = db ? ath_connect(db, &error) : NULL;
    if (!c)
        test_failed_(__FILE__, __LINE__, "no connection: %s", error.message);
    return c;
}

/* Runs text; its status, whose reason is in ath_error(c). */
static inline ath_status suite_try(ath_connection *c, const char *sql) {
    ath_result *r = ath_execute(c, ath_text(sql));
    ath_status status = r ? ath_result_error(r)->status : ath_error(c)->status;
    ath_result_close(r);
    return status;
}

#define suite_sql(c, sql) suite_sql_(c, sql, __FILE__, __LINE__)
static inline void suite_sql_(ath_connection *c, const char *sql, const char *file, int line) {
    if (suite_try(c, sql) != ATH_OK)
        test_failed_(file, line, "%s: %s", sql, ath_error(c)->message);
}

/* The first value of a query; -999 when it fails. */
#define suite_int(c, sql) suite_int_(c, ath_text(sql), __FILE__, __LINE__)
#define suite_ask(c, stmt) suite_int_(c, stmt, __FILE__, __LINE__)
#define suite_int_(c, stmt, file, line) suite_scalar_(c, ath_execute(c, stmt), file, line)
static inline int64_t suite_scalar_(ath_connection *c, ath_result *r, const char *file, int line) {
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t answer = row ? ath_row_int(row, 0) : -999;
    if (!row)
        test_failed_(file, line, "no answer: %s", r ? ath_result_error(r)->message : ath_error(c)->message);
    ath_result_close(r);
    return answer;
}

/* A check of a status, with the reason when it is another. */
#define CHECK_STATUS(handle, call, expected)                                                                           \
    do {                                                                                                               \
        ath_status status_ = (call);                                                                                   \
        if (status_ != (expected))                                                                                     \
            test_failed_(__FILE__, __LINE__, "%s is %s, not %s: %s", #call, ath_status_name(status_),                  \
                         ath_status_name(expected), ath_error(handle)->message);                                       \
    } while (0)
#define CHECK_OK(handle, call) CHECK_STATUS(handle, call, ATH_OK)

/* The rows of a result as text: "1,top;2,mid", -: NULL. */
static inline void suite_rows_(ath_connection *c, ath_result *r, const char *want, const char *file, int line) {
    char got[512] = "";
    size_t used = 0;
    if (!r)
        test_failed_(file, line, "%s (%s)", ath_error(c)->message, ath_error(c)->statement);
    for (const ath_row *row; r && (row = ath_fetch(r)) != NULL;)
        for (size_t i = 0; i < ath_result_column_count(r) && used < sizeof got - 40; i++) {
            const char *text = ath_row_at(row, i)->kind == ATH_KIND_TEXT ? ath_row_text(row, i) : NULL;
            const char *before = i ? "," : used ? ";" : "";
            used += (size_t)(ath_row_is_null(row, i) ? snprintf(got + used, sizeof got - used, "%s-", before)
                             : text                  ? snprintf(got + used, sizeof got - used, "%s%s", before, text)
                                    : snprintf(got + used, sizeof got - used, "%s%g", before, ath_row_real(row, i)));
        }
    if (r && ath_result_error(r)->status != ATH_OK)
        test_failed_(file, line, "%s", ath_result_error(r)->message);
    else if (r)
        test_check_str_(got, want, file, line, "the rows");
    ath_result_close(r);
}

/* Drops and makes the tables of a metadata. */
static inline bool suite_tables(ath_engine *db, const ath_metadata *metadata) {
    ath_error error;
    ath_error_clear(&error);
    if (db && ath_drop_all(db, metadata, &error) == ATH_OK && ath_create_all(db, metadata, &error) == ATH_OK)
        return true;
    test_failed_(__FILE__, __LINE__, "no tables: %s (%s)", error.message, error.statement);
    return false;
}

/* ---- random numbers that can be repeated: ATHANOR_TEST_SEED ---- */

static uint64_t suite_state_;

static inline uint64_t suite_seed(void) {
    const char *given = test_environment("SEED");
    suite_state_ = given ? strtoull(given, NULL, 0) : 20240229;
    return suite_state_;
}

static inline uint64_t suite_random(void) {
    uint64_t z = (suite_state_ += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

#endif
