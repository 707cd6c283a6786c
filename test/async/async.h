/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of fibers on databases share: each case runs on every database with every poller, and begins in a fiber.
 */
#ifndef ATH_TEST_ASYNC_ASYNC_H
#define ATH_TEST_ASYNC_ASYNC_H

#include "../servers.h"

#include "../models.h"

#include "base/here.h"

#include <athanor/ext/poller.h>

/* The poller and the database of the day. */
static const char *async_poller;
static test_database async_on;

static inline const char *async_url(void) {
    return test_url(async_on);
}

/* An engine; on SQLite of a file: what is in memory has one connection. */
static inline ath_engine *async_open_opts(const ath_engine_opts *opts) {
    ath_error error = {0};
    ath_engine_opts with = *opts;
    with.error = &error;
    ath_engine *db = ath_engine_open_opts(&with);
    if (!db)
        test_failed_(__FILE__, __LINE__, "%s", error.message);
    return db;
}

#define async_open(...)                                                                                                \
    async_open_opts(&(const ath_engine_opts){.url = async_url(), .struct_size = sizeof(ath_engine_opts), __VA_ARGS__})

/* Empty tables of the library. */
static inline bool async_tables(ath_engine *db) {
    ath_error error = {0};
    if (ath_drop_all(db, &Library, &error) == ATH_OK && ath_create_all(db, &Library, &error) == ATH_OK)
        return true;
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return false;
}

/* Runs fn(arg) in a fiber of a new loop, and all that it spawns; fails the test unless it gives ATH_OK. */
static inline void async_run(ath_fiber_fn fn, void *arg) {
    ath_error error = {0};
    ath_fiber *f = NULL;
    ath_loop *l = ath_loop_new(.poller = async_poller, .error = &error);
    CHECK_INT(error.status, ATH_OK);
    CHECK_INT(ath_loop_spawn(l, fn, arg, .fiber = &f), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(ath_loop_join(f), ATH_OK);
    ath_loop_free(l);
}

/* Nothing of the pool is out, waits, or is open beyond its size. */
static inline void async_check_pool(ath_engine *db) {
    ath_engine_stats stats = ath_engine_statistics(db);
    CHECK_INT(stats.checked_out, 0);
    CHECK_INT(stats.waiting, 0);
    CHECK_INT(stats.overflow, 0);
    CHECK(stats.idle <= stats.pool_size);
}

static inline void async_run_on_(int argc, char **argv, const test_case *the_case, test_sum *sum) {
    char on[64];
    for (int d = TEST_SQLITE; d < TEST_DATABASES; d++) {
        test_on = async_on = (test_database)d;
        test_case one = {the_case->name, test_why_not(async_on) != NULL ? test_no_server_ : the_case->run};
        snprintf(on, sizeof on, "%s with %s", test_database_name(async_on), async_poller);
        if (test_is_wanted_(argc, argv, one.name))
            test_run_(&one, on, sum);
    }
}

/* Every case on every database with every poller. */
static inline int async_main(int argc, char **argv, const test_case *cases, size_t count) {
    static const char *const pollers[] = {"uv", "poll"};
    test_sum sum = {0, 0, 0};
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t p = 0; p < TEST_COUNT(pollers); p++) {
        async_poller = pollers[p];
        for (size_t i = 0; ath_poller_named(async_poller) && i < count; i++)
            async_run_on_(argc, argv, &cases[i], &sum);
    }
    return test_end_(&sum);
}

#endif
