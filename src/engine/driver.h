/* SPDX-License-Identifier: Apache-2.0
 *
 * A driver: what the engine asks of one database's client library.  Declared here, on the floor that calls it;
 * implemented by backend/<db>/driver.c.  Drivers translate; they build no SQL and make no policy.
 */
#ifndef ATH_ENGINE_DRIVER_H
#define ATH_ENGINE_DRIVER_H

#include "engine/change.h"
#include "sql/compile.h"

#include <athanor/engine.h>

/* What a new connection is told. */
typedef struct ath__connect {
    const ath_url *url;
    const ath_allocator *allocator;
    const ath_wait_hook *wait; /* never NULL */
    int busy_timeout_ms;       /* 0: not at all */
    int64_t deadline_us;       /* until when the connection must stand (CLOCK_MONOTONIC); INT64_MAX: for ever */
    bool never_prepare;        /* poolers in transaction mode: no statement outlives its run on the server */
} ath__connect;

typedef enum ath__step { ATH__STEP_ROW, ATH__STEP_DONE, ATH__STEP_ERROR } ath__step;

typedef struct ath__driver {
    size_t struct_size;
    const char *name;

    /* Whether the URL says something that can be done: ATH_ARGUMENT names the key or value that cannot.  Asked when an engine
     * is opened, so that connect need not say it first.  NULL: all is found out by connect. */
    ath_status (*check_url)(const ath_url *url, const ath_allocator *allocator, ath_error *error);
    /* Connects.  *connection is passed to all below. */
    ath_status (*connect)(const ath__connect *how, void **connection, ath_error *error);
    void (*disconnect)(void *connection);
    /* The dialect of the very server behind the connection (its version, its abilities); lives as long as the connection.
     * NULL, or a NULL function: the backend's. */
    const ath_dialect *(*dialect)(void *connection);
    /* Prepares the first statement of the text; refuses text with more than one (ATH_PROGRAMMING).  `binds` says, for each
     * placeholder, what is known of its values: the type (ATH_SQL_INFER: unknown) and the kind of the first value. */
    ath_status (*prepare)(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                          void **statement, ath_error *error);
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
    /* Binds many rows at once, for a statement compiled for ATH__CAN_ROW_ARRAYS, or for ATH__CAN_UNNEST (its placeholders
     * are then arrays, ATH__BIND_ROWS in `binds`): value i of row r is values[r * columns + i]; text and bytes stay where they are until the statement is reset.  The step that follows runs
     * all rows in one go; rows_changed counts them all; RETURNING's rows come in the order of the rows bound.  NULL: the
     * database has no such thing. */
    ath_status (*bind_rows)(void *statement, const ath_value *values, size_t rows, size_t columns, ath_error *error);
    /* Asks that the next run receives its rows as they come instead of holding them all (a hint).  When another
     * statement is started on the connection before the last row, results stay readable side by side: the rest waits on the
     * server, or is taken into memory first.  NULL: always so, or never. */
    void (*stream)(void *statement);
    /* Runs up to the next row. */
    ath__step (*step)(void *statement, ath_error *error);
    /* The first `count` values of the present row, as the database's own kinds; text and bytes are valid until the next
     * step or reset, text has a NUL behind it. */
    ath_status (*row)(void *statement, ath_value *cells, size_t count, ath_error *error);
    /* `count` values of the present row from column `first` on, as `row` gives them.  NULL: only whole rows are read. */
    ath_status (*cells)(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error);
    /* Back to before the first row; binds no longer matter. */
    void (*reset)(void *statement);
    /* Of the last INSERT, UPDATE, DELETE. */
    int64_t (*rows_changed)(void *connection);
    /* Of the last upsert: the rows it has inserted and, when it sets, those it has met; -1: the server does not say.
     * NULL: rows_changed says it. */
    int64_t (*rows_written)(void *connection, ath__upsert upsert);
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
    /* The key and value that a URL needs for its database to be opened without being made or changed; NULL: none (a server
     * does neither when it is only asked).  May be NULL. */
    const char *(*reading_only)(const ath_url *url);
    /* Puts the checking of foreign keys off to the end of the transaction that is open.  NULL: not possible. */
    ath_status (*defer_foreign_keys)(void *connection, ath_error *error);

    /* ---- servers; NULL for what runs in the process ---- */

    /* Until when the calls that follow may wait (CLOCK_MONOTONIC, microseconds; INT64_MAX: for ever).  A call that is
     * overtaken, or whose wait hook returns other than ATH_OK, ends its query on the server, takes in what is left of
     * the answer, and fails with ATH_TIMEOUT (or the hook's status); the connection is whole afterwards, or is_lost. */
    void (*set_deadline)(void *connection, int64_t deadline_us);
    /* From any thread while the connection lives: asks the server to end what the connection is running, if anything. */
    ath_status (*cancel)(void *connection, ath_error *error);
    /* Whether the connection can no longer be used: its socket is dead, or its protocol is out of step. */
    bool (*is_lost)(void *connection);
    /* One cheap round trip. */
    ath_status (*ping)(void *connection, ath_error *error);
    /* In the child of a fork: frees memory and closes the socket without a word to the server, which is the parent's. */
    void (*abandon)(void *connection);
    /* Whether an error says that a prepared statement no longer fits the schema ("cached plan must not change result
     * type", unknown prepared statement): the engine then prepares anew and, where nothing else has run in the
     * transaction, runs it again. */
    bool (*is_stale_plan)(const ath_error *error);
} ath__driver;

/* A database: its names in URLs, its dialect and its driver.  src/athanor.c lists them. */
typedef struct ath__reflector ath__reflector; /* reflect.h */
typedef struct ath__scratcher ath__scratcher; /* scratch.h */
typedef struct ath__alterer ath__alterer;     /* alter.h */

typedef struct ath__backend {
    const char *name;
    const char *const *aliases; /* other names in URLs ("postgres", "mariadb"), ended by NULL; may be NULL */
    const ath_dialect *dialect; /* of the least version supported, for compiling without a connection */
    /* The same for a database that is asked for by one of the names above; NULL: they are all one. */
    const ath_dialect *(*dialect_called)(const char *name);
    const ath__driver *driver;
    const ath__reflector *reflector; /* NULL: not yet */
    const ath__impacts *impacts;     /* what changes of a schema cost; NULL: not known */
    const ath__scratcher *scratcher; /* NULL: temporary tables and a rollback do as well */
    const ath__alterer *alterer;     /* NULL: it changes schemas as the standard has it, and locks nothing */
} ath__backend;

/* The backend for a URL's dialect, or NULL.  Defined in src/athanor.c, the one file that sees every room. */
const ath__backend *ath__backend_find(const char *name);
/* Whether a database is called so, be it built in or left out of this build. */
bool ath__backend_known(const char *name);

#endif
