/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`, for the floors above: connections and prepared statements without the public wrapping.
 */
#ifndef ATH_ENGINE_ENGINE_H
#define ATH_ENGINE_ENGINE_H

#include "engine/driver.h"
#include "sql/compile.h"

#include "engine/pool.h"

#include <athanor/engine.h>

struct ath_engine {
    ath_allocator allocator;
    ath__log log;
    bool echo, hide_parameters;
    ath_wait_hook wait;
    size_t statement_cache_bytes;
    int busy_timeout_ms;
    ath_url *url;
    char masked_url[256];
    const ath__backend *backend;
    bool never_prepare;
    int connect_timeout_ms, statement_timeout_ms; /* 0: none */
    ath__pool pool;
    _Atomic uint64_t statements, compiled, prepared, connections;
    _Atomic uint64_t schema; /* counts changes under prepared statements: those of before are prepared anew */
};

/* A prepared statement with its text and plans, found by key.  Owned by the connection's cache unless `uncached`. */
typedef struct ath__prepared {
    ath__compiled compiled;
    void *statement; /* the driver's */
    bool busy;       /* a result is walking it */
    bool uncached;
    bool fresh;      /* not run yet: for echo */
    bool stepped;    /* since it was bound: counted as sent */
    bool echoed;     /* since it was bound */
    uint64_t schema; /* the engine's, when it was prepared */
    uint64_t hash;
    uint64_t *words; /* the key */
    size_t word_count, bytes;
    struct ath__prepared *newer, *older; /* by last use */
} ath__prepared;

typedef struct ath__stmt_cache {
    ath__prepared **slots; /* open addressing by hash */
    size_t slot_count, count, bytes, limit;
    ath__prepared *newest, *oldest;
} ath__stmt_cache;

struct ath_connection {
    ath_error error;
    ath_engine *engine;
    const ath__driver *driver;
    const ath_dialect *dialect;
    void *handle; /* the driver's */
    ath__stmt_cache cache;
    ath_result *results; /* open ones, linked */
    int savepoints;      /* depth */
    bool in_transaction;
    ath__arena scratch; /* values coerced for the statement being bound; reset per statement */
    bool begun_now;     /* nothing has run in the transaction yet */
    bool armed;         /* the driver has a deadline */
    int timeout_ms;     /* 0: the engine's; negative: none */
    ath__lease lease;   /* the pool's */
};

/* A row of a result: the present one, or a copy that ath_result_all made. */
struct ath_row {
    const ath_value *values;
    size_t count;
    ath_result *result; /* for names */
};

/* ---- wait.c ---- */

extern const ath_wait_hook ath__poll_wait;

/* ---- prepare.c ---- */

/* Compiles on a miss; `context` is the caller's. */
typedef ath_status (*ath__compile_fn)(void *context, ath_connection *connection, ath__compiled *out, ath_error *error);

/* The prepared statement for a key: from the connection's cache, or compiled and prepared now.  It is marked busy; give
 * it back with ath__prepared_release.  NULL on failure, with connection->error set. */
ath__prepared *ath__prepare(ath_connection *connection, const uint64_t *words, size_t word_count,
                            ath__compile_fn compile, void *context);
/* Resets the statement and makes it free for the next use. */
void ath__prepared_release(ath_connection *connection, ath__prepared *prepared);
void ath__stmt_cache_done(ath_connection *connection);
/* Frees one statement, those that nobody walks, or all without a word to the driver, whose they were. */
void ath__stmt_cache_remove(ath_connection *connection, ath__prepared *prepared);
void ath__stmt_cache_drop(ath_connection *connection);
void ath__stmt_cache_forget(ath_connection *connection);

/* ---- bind.c ---- */

/* Makes the key's values fit the plan and binds them. */
ath_status ath__bind_values(ath_connection *connection, ath__prepared *prepared, const ath__key *key);

/* ---- integrity.c ---- */

/* Adds to an integrity error what the database did not say and the statement knows: the table, and the first column of
 * the constraint. */
void ath__integrity_complete(ath_error *error, const ath__compiled *compiled);

/* ---- connection.c ---- */

/* A connection that is nobody's yet; NULL on failure. */
ath_connection *ath__connection_new(ath_engine *engine, ath_error *error);
/* Closes it; `abandoned`: it is the parent's of a fork, and the server is told nothing. */
void ath__connection_free(ath_connection *connection, bool abandoned);
/* Gives a connection that was lost, and stands outside of a transaction, a new one behind it. */
ath_status ath__connection_revive(ath_connection *connection);
/* Marks it as being used by this thread until ath__connection_leave; ATH_STATE when another thread is at it, or when it
 * was borrowed before a fork. */
ath_status ath__connection_enter(ath_connection *connection);
void ath__connection_leave(ath_connection *connection);

/* ---- run.c ---- */

/* Begins a transaction unless one is open. */
ath_status ath__ensure_transaction(ath_connection *connection);
/* ---- echo.c ---- */

/* Echo of a statement about to run: its text, and the values unless hidden. */
void ath__echo(ath_connection *connection, const char *sql, size_t size, const ath_value *values, size_t count,
               bool cached);
/* One step of a statement, counted (at its first) and with the connection's error filled in: the statement's text and,
 * for an integrity error, table and column. */
ath__step ath__run_step(ath_connection *connection, ath__prepared *prepared);
/* Text without rows, counted and, with echo on, logged as `shown` (NULL: as it is): BEGIN, DDL. */
ath_status ath__run_text(ath_connection *connection, const char *sql, const char *shown);
/* Releases what open results hold; those with rows left give ATH_STATE from then on.  With `changes_only`, leaves
 * SELECTs alone. */
void ath__results_end(ath_connection *connection, bool changes_only);
/* Cuts open results off: they stay with their owners, who close them, and give no more rows. */
void ath__results_detach(ath_connection *connection);
/* After SQL text ran, which may have begun or ended a transaction: takes over what the database says. */
void ath__transaction_sync(ath_connection *connection);
/* Walks the key, prepares, coerces and binds; the statement is ready to step.  NULL on failure. */
ath__prepared *ath__prepare_stmt(ath_connection *connection, ath_stmt stmt);

/* ---- ddl.c ---- */

/* Whether an ATH__OBJECT_ is there; `schema` may be NULL.  `context` is an ath_connection. */
ath_status ath__exists(void *context, int object, const char *schema, const char *name, bool *there);

#endif
