/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`, for the floors above: connections and prepared statements without the public wrapping.
 */
#ifndef ATH_ENGINE_ENGINE_H
#define ATH_ENGINE_ENGINE_H

#include "engine/driver.h"
#include "engine/pool.h"
#include "sql/compile.h"

#include <athanor/engine.h>

/* What a floor above hangs on an engine, newest first; it lives until the engine is freed. */
typedef struct ath__attached {
    struct ath__attached *next;
    size_t size; /* of the whole */
} ath__attached;

struct ath_engine {
    _Atomic(ath__attached *) attached;
    ath_allocator allocator;
    ath__log log;
    bool echo, hide_parameters;
    ath_wait_hook wait;
    size_t statement_cache_bytes;
    int busy_timeout_ms;
    ath_url *url;
    char masked_url[256];
    ath_engine *self; /* its own address, writable where the engine is const */
    const ath__backend *backend;
    bool never_prepare;
    ath__fork fork;
    ath__pool pool;
    _Atomic uint64_t plans; /* raised when a prepared statement no longer fitted the schema */
    _Atomic uint64_t statements, compiled, prepared;
};

/* A prepared statement with its text and plans, found by key.  Owned by the connection's cache unless `uncached`. */
typedef struct ath__prepared {
    ath__compiled compiled;
    void *statement; /* the driver's */
    bool busy;       /* a result is walking it */
    bool uncached;
    bool fresh;        /* not run yet: for echo */
    bool stepped;      /* since it was bound: counted as sent */
    bool echoed;       /* since it was bound */
    bool streams;      /* since it was bound */
    ath_value *values; /* as bound, where it can be run again; else NULL */
    size_t values_bound;
    uint64_t hash;
    uint64_t *words; /* the key */
    size_t word_count, bytes;
    struct ath__prepared *newer, *older; /* by last use */
} ath__prepared;

typedef struct ath__stmt_cache {
    ath__prepared **slots; /* open addressing by hash */
    size_t slot_count, count, bytes, limit;
    uint64_t plans; /* the engine's, when the oldest was prepared */
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
    ath__arena scratch;  /* values coerced for the statement being bound; reset per statement */
    bool used;           /* a statement has run since it was checked out */
    bool broken;         /* the server has ended it, or could not be reached again: handle may be NULL */
    bool no_good;        /* said to be: not to be lent again */
    size_t ran;          /* statements since BEGIN */
    uint64_t sent;       /* statements ever, but for those that begin and end transactions */
    int64_t timeout_us;  /* of statements; 0: none */
    int64_t deadline_us; /* as the driver knows it */
    ath__slot slot;      /* its place in the pool */
    ath__guard guard;
};

/* A row of a result: the present one, or a copy that ath_result_all made. */
struct ath_row {
    const ath_value *values;
    size_t count;
    ath_result *result; /* for names */
};

/* ---- engine.c ---- */

/* Frees a closed engine, whose connections are all gone. */
void ath__engine_free(ath_engine *engine);

/* ---- wait.c ---- */

extern const ath_wait_hook ath__poll_wait;

/* ---- open.c: a connection's handle ---- */

/* A connection of its own, not in the pool yet.  NULL on failure. */
ath_connection *ath__connection_new(ath_engine *engine, ath_error *error);
/* Opens its handle, waiting for a server that is being restarted; whatever was open is closed before.  On failure it is
 * broken and may be tried again. */
ath_status ath__connection_reopen(ath_connection *connection, ath_error *error);
void ath__connection_free(ath_connection *connection);

/* ---- guard.c: one thread or fiber at a time ---- */

/* Whether it belongs to this process. */
static inline bool ath__is_ours(ath_connection *c) {
    ath_engine *e = c->engine;
    if (c->slot.epoch != atomic_load_explicit(&e->fork.epoch, memory_order_relaxed))
        return false;
    if (ath__fork_is_ours(&e->fork))
        return true;
    ath__fork_notice(e);
    return c->slot.epoch == atomic_load_explicit(&e->fork.epoch, memory_order_relaxed);
}

ath_status ath__enter_refused(ath_connection *connection, uintptr_t other, const char *what);
void ath__enter_cleared(ath_connection *connection);
void ath__enter_fiber(ath_connection *connection); /* notes which fiber it is */
/* Around each use of a connection; a thread (or fiber) may enter again what it is in.  ATH_ARGUMENT when there is none; ATH_STATE when another thread is in it, or
 * when it is the parent's of a fork: then nothing of it may be touched, and ath_connection_error says why. */
#define ath__enter(c) ath__enter_as(c, __func__)
static inline ath_status ath__enter_as(ath_connection *c, const char *what) {
    uintptr_t other = 0, self = ath__self();
    if (!c)
        return ATH_ARGUMENT;
    if (!ath__is_ours(c))
        return ath__enter_refused(c, 0, what);
    if (!atomic_compare_exchange_strong_explicit(&c->guard.user, &other, self, memory_order_acquire,
                                                 memory_order_relaxed) &&
        other != self)
        return ath__enter_refused(c, other, what);
    if (c->guard.depth++ == 0) {
        atomic_store_explicit(&c->guard.where, what, memory_order_relaxed);
        if (ath__here)
            ath__enter_fiber(c);
        if (atomic_load_explicit(&c->guard.offender, memory_order_relaxed) == self)
            ath__enter_cleared(c);
    }
    return ATH_OK;
}
static inline void ath__leave(ath_connection *c) {
    if (--c->guard.depth == 0)
        atomic_store_explicit(&c->guard.user, 0, memory_order_release);
}
/* Notes what the connection is running, for reports from other threads; `what` tells one from the other (NULL: anew). */
void ath__note_statement(ath_connection *connection, const void *what, const char *sql, size_t size);
void ath__noted_statement(const ath_connection *connection, char out[ATH__NOTED]);

/* ---- timeout.c ---- */

/* Before what may wait: tells the driver until when. */
void ath__deadline_arm(ath_connection *connection);
/* The same with a time of its own. */
void ath__deadline_set(ath_connection *connection, int64_t microseconds);
/* After a failure: notes when the connection is lost, and with it all as old. */
void ath__after_error(ath_connection *connection);

/* ---- stale.c ---- */

/* Of a statement that failed at its first step: when its plan no longer fits the schema and nothing else depends on the
 * transaction, it is run again in a new one.  Says how that went; ATH__STEP_ERROR and the error as it was otherwise. */
ath__step ath__run_stale(ath_connection *connection, ath__prepared *prepared);
/* Drops all statements of the cache that are not being walked. */
void ath__stmt_cache_forget(ath_connection *connection);
/* Remembers values that were bound, for ath__run_stale; they must live until the statement's first step. */
void ath__remember_values(ath_connection *connection, ath__prepared *prepared, size_t first, const ath_value *values,
                          size_t count);

/* ---- prepare.c ---- */

/* Compiles on a miss; `context` is the caller's. */
typedef ath_status (*ath__compile_fn)(void *context, ath_connection *connection, ath__compiled *out, ath_error *error);

/* The prepared statement for a key: from the connection's cache, or compiled and prepared now.  It is marked busy; give
 * it back with ath__prepared_release.  NULL on failure, with connection->error set. */
ath__prepared *ath__prepare(ath_connection *connection, const uint64_t *words, size_t word_count,
                            ath__compile_fn compile, void *context);
/* Its next run holds few rows at a time, where the driver would otherwise hold all. */
void ath__prepared_stream(ath_connection *connection, ath__prepared *prepared);
/* Resets the statement and makes it free for the next use. */
void ath__prepared_release(ath_connection *connection, ath__prepared *prepared);
void ath__stmt_cache_done(ath_connection *connection);

/* ---- bind.c ---- */

/* Makes the key's values fit the plan and binds them. */
ath_status ath__bind_values(ath_connection *connection, ath__prepared *prepared, const ath__key *key);

/* ---- integrity.c ---- */

/* Adds to an integrity error what the database did not say and the statement knows: the table, and the first column of
 * the constraint. */
void ath__integrity_complete(ath_error *error, const ath__compiled *compiled);

/* ---- run.c ---- */

/* Begins a transaction unless one is open. */
ath_status ath__ensure_transaction(ath_connection *connection);
/* Rolls back and begins again, in the driver alone: open results and savepoints must not be. */
ath_status ath__restart_transaction(ath_connection *connection);
/* ---- echo.c ---- */

/* Echo of a statement about to run: its text, and the values unless hidden. */
void ath__echo(ath_connection *connection, const char *sql, size_t size, const ath_value *values, size_t count,
               bool cached);
/* One step of a statement, counted (at its first) and with the connection's error filled in: the statement's text and,
 * for an integrity error, table and column. */
ath__step ath__run_step(ath_connection *connection, ath__prepared *prepared);
/* The same for who stays in the connection (ath__enter) over many rows. */
ath__step ath__run_within(ath_connection *connection, ath__prepared *prepared);
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
