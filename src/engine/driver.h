/* SPDX-License-Identifier: Apache-2.0
 *
 * A driver: what the engine asks of one database's client library.  Declared here, on the floor that calls it;
 * implemented by backend/<db>/driver.c.  Drivers translate; they build no SQL and make no policy.
 */
#ifndef ATH_ENGINE_DRIVER_H
#define ATH_ENGINE_DRIVER_H

#include "sql/dialect.h"

#include <athanor/engine.h>

/* What a new connection is told. */
typedef struct ath__connect {
    const ath_url *url;
    const ath_allocator *allocator;
    const ath_wait_hook *wait; /* never NULL */
    int busy_timeout_ms;       /* 0: not at all */
} ath__connect;

typedef enum ath__step { ATH__STEP_ROW, ATH__STEP_DONE, ATH__STEP_ERROR } ath__step;

typedef struct ath__driver {
    size_t struct_size;
    const char *name;

    /* Connects.  *connection is passed to all below. */
    ath_status (*connect)(const ath__connect *how, void **connection, ath_error *error);
    void (*disconnect)(void *connection);
    /* Prepares the first statement of the text; refuses text with more than one (ATH_PROGRAMMING). */
    ath_status (*prepare)(void *connection, const char *sql, size_t size, void **statement, ath_error *error);
    void (*finalize)(void *statement);
    /* Bytes the prepared statement holds, about. */
    size_t (*statement_bytes)(void *statement);
    /* The columns of its rows: their number, 0 when none; the name of each. */
    size_t (*column_count)(void *statement);
    const char *(*column_name)(void *statement, size_t i);
    /* The number of placeholders. */
    size_t (*bind_count)(void *statement);
    /* Binds `count` values from placeholder `first` (from 0) on.  With `copy` the driver keeps copies of text and bytes;
     * without, they stay where they are until the statement is reset. */
    ath_status (*bind)(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                       ath_error *error);
    /* Runs up to the next row. */
    ath__step (*step)(void *statement, ath_error *error);
    /* The first `count` values of the present row, as the database's own kinds; text and bytes are valid until the next
     * step or reset, text has a NUL behind it. */
    ath_status (*row)(void *statement, ath_value *cells, size_t count, ath_error *error);
    /* Back to before the first row; binds no longer matter. */
    void (*reset)(void *statement);
    /* Of the last INSERT, UPDATE, DELETE. */
    int64_t (*rows_changed)(void *connection);
    int64_t (*inserted_id)(void *connection);
    /* Text without rows and values: BEGIN, DDL, PRAGMA. */
    ath_status (*exec)(void *connection, const char *sql, ath_error *error);
    /* Whether the server says that a transaction is open. */
    bool (*in_transaction)(void *connection);
    /* Whether a table of that name exists. */
    ath_status (*has_table)(void *connection, const char *name, bool *exists, ath_error *error);
    /* Reserves `count` successive keys of a table whose key the database numbers, for this transaction: *first and those
     * behind it will be taken by nobody else.  *reserved is false where that cannot be promised.  May be NULL. */
    ath_status (*reserve_keys)(void *connection, const char *table, const char *column, int64_t count, int64_t *first,
                               bool *reserved, ath_error *error);
    /* Whether every connection of this URL sees a database of its own (":memory:"), so that there may be only one. */
    bool (*is_private)(const ath_url *url);
    /* Puts the checking of foreign keys off to the end of the transaction that is open.  NULL: not possible. */
    ath_status (*defer_foreign_keys)(void *connection, ath_error *error);
} ath__driver;

/* A database: its names in URLs, its dialect and its driver.  src/athanor.c lists them. */
typedef struct ath__backend {
    const char *name;
    const ath_dialect *dialect;
    const ath__driver *driver;
} ath__backend;

/* The backend for a URL's dialect, or NULL.  Defined in src/athanor.c, the one file that sees every room. */
const ath__backend *ath__backend_find(const char *name);

#endif
