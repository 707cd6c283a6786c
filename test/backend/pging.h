/* SPDX-License-Identifier: Apache-2.0
 *
 * Help for the tests of PostgreSQL: an engine on a database of the program's own, and the driver below it.
 */
#ifndef ATH_TEST_PGING_H
#define ATH_TEST_PGING_H

#include "servers.h"

#include "backend/postgresql/postgresql.h"
#include "engine/engine.h"

#include <athanor/athanor.h>

static ath_error pg_error;
static ath_engine *db;
static ath_connection *c, *other;

/* An engine on the program's database, with what is put behind its URL ("?sslmode=require"). */
static inline ath_engine *pg_engine(const char *query) {
    char url[400];
    snprintf(url, sizeof url, "%s%s", test_url(TEST_POSTGRESQL), query);
    return ath_engine_open(url, .error = &pg_error);
}

static inline void begin(void) {
    db = pg_engine("");
    c = ath_connect(db, &pg_error);
    other = ath_connect(db, &pg_error);
    CHECK_STR(c && other ? "" : pg_error.message, "");
}

static inline void end(void) {
    ath_connection_close(c);
    ath_connection_close(other);
    ath_engine_close(db);
}

/* Runs SQL text that must succeed. */
static inline void pg_run(ath_connection *one, const char *sql) {
    ath_result *r = ath_connection_execute(one, ath_stmt_of(ath_text(sql)));
    CHECK_STR(r ? "" : ath_connection_error(one)->message, "");
    while (ath_fetch(r))
        ;
    ath_result_close(r);
}

/* The status of SQL text; the error is the connection's. */
static inline ath_status pg_try(ath_connection *one, const char *sql) {
    ath_result *r = ath_connection_execute(one, ath_stmt_of(ath_text(sql)));
    while (ath_fetch(r))
        ;
    ath_status status = r ? ath_result_error(r)->status : ath_connection_error(one)->status;
    ath_result_close(r);
    return status;
}

/* The first number of the first row; INT64_MIN when there is none. */
static inline int64_t pg_int(ath_connection *one, const char *sql) {
    ath_result *r = ath_connection_execute(one, ath_stmt_of(ath_text(sql)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t n = row ? ath_row_int(row, 0) : INT64_MIN;
    CHECK_STR(r ? "" : ath_connection_error(one)->message, "");
    ath_result_close(r);
    return n;
}

/* The driver of a connection of its own, below the engine. */
static inline void *pg_handle(bool never_prepare) {
    void *handle = NULL;
    const ath__connect how = {.url = db->url,
                              .allocator = &db->allocator,
                              .wait = &db->wait,
                              .deadline_us = INT64_MAX,
                              .never_prepare = never_prepare};
    CHECK_INT(ath__postgresql_backend.driver->connect(&how, &handle, &pg_error), ATH_OK);
    return handle;
}

static inline void *pg_prepared(void *handle, const char *sql) {
    void *statement = NULL;
    ath_status status =
        ath__postgresql_backend.driver->prepare(handle, sql, strlen(sql), NULL, 0, &statement, &pg_error);
    CHECK_STR(status == ATH_OK ? "" : pg_error.message, "");
    return statement;
}

#endif
