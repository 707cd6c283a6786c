/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: a connection's handle is opened, and opened again when the server was away.
 */
#include "engine/engine.h"

ath_connection *ath__connection_new(ath_engine *e, ath_error *error) {
    ath_connection *c = ath__alloc_zero(&e->allocator, 1, sizeof *c);
    if (!c) {
        ath__fail_memory(error);
        return NULL;
    }
    c->engine = e;
    c->driver = e->backend->driver;
    c->dialect = e->backend->dialect;
    c->cache.limit = e->statement_cache_bytes;
    c->slot.epoch = atomic_load(&e->fork.epoch);
    ath__arena_init(&c->scratch, &e->allocator);
    return c;
}

static void close_handle(ath_connection *c) {
    ath__results_detach(c);
    ath__stmt_cache_done(c);
    c->dialect = c->engine->backend->dialect; /* the connection's own goes with it */
    if (!c->handle)
        return;
    c->driver->disconnect(c->handle);
    c->handle = NULL;
    atomic_fetch_add_explicit(&c->engine->pool.closed_count, 1, memory_order_relaxed);
}

void ath__connection_free(ath_connection *c) {
    const ath_allocator a = c->engine->allocator;
    close_handle(c);
    ath__arena_done(&c->scratch);
    ath__free(&a, c, sizeof *c);
}

/* ---- connecting ---- */

/* Names are looked up and TLS is shaken hands over inside of the client libraries, where nothing lets others run: in a fiber
 * that is for a worker thread. */
typedef struct dial {
    ath__job job;
    const ath__driver *driver;
    const ath__connect *how;
    void *handle;
    ath_error *error;
    ath_status status;
} dial;

static void run_dial(ath__job *job) {
    dial *d = (dial *)job;
    d->status = d->driver->connect(d->how, &d->handle, d->error);
}

static ath_status dial_away(ath_connection *c, const ath__connect *how, void **handle, ath_error *error) {
    dial d = {.job.run = run_dial, .driver = c->driver, .how = how, .error = error, .status = ATH_NO_MEMORY};
    if (how->wait->wait != ath__poll_wait.wait)
        return c->driver->connect(how, handle, error); /* the program's hook is for its own thread */
    ath_status why = ath__here_run(&d.job);
    ath__here_forget(-1); /* client libraries close sockets on their own */
    if (why == ATH_NO_MEMORY && d.status == ATH_NO_MEMORY)
        return ath__fail_memory(error);
    *handle = d.handle;
    return d.status;
}

static ath_status connect_once(ath_connection *c, ath_error *error) {
    ath_engine *e = c->engine;
    ath__connect how = {.url = e->url,
                        .allocator = &e->allocator,
                        .wait = &e->wait,
                        .busy_timeout_ms = e->busy_timeout_ms,
                        .deadline_us = INT64_MAX,
                        .never_prepare = e->never_prepare};
    if (e->pool.connect_us >= 0)
        how.deadline_us = ath__clock_us() + e->pool.connect_us;
    c->slot.generation = atomic_load(&e->pool.generation); /* before: what is lost meanwhile may be this one */
    void *handle = NULL;
    ath_status status = dial_away(c, &how, &handle, error);
    if (status != ATH_OK)
        return status;
    c->handle = handle;
    const ath_dialect *own = c->driver->dialect ? c->driver->dialect(handle) : NULL;
    c->dialect = own ? own : e->backend->dialect;
    return ATH_OK;
}

/* Whether the server may only be away for a moment: nobody listens, or it is starting, ending or full.  The SQLSTATEs
 * are the standard's class 08, PostgreSQL's for these states, and none or HY for what a client library says itself. */
static bool is_away(const ath_error *error) {
    static const char *const states[] = {"08", "57P", "53300", "HY"};
    if (error->status != ATH_OPERATIONAL)
        return error->status == ATH_DISCONNECT;
    for (size_t i = 0; i < ATH_COUNT_OF(states); i++)
        if (strncmp(error->sqlstate, states[i], strlen(states[i])) == 0)
            return true;
    return !error->sqlstate[0];
}

/* Asks again, more and more slowly, a server that was there once. */
static ath_status connect(ath_connection *c, ath_error *error) {
    enum { FIRST_US = 20000, LAST_US = 500000 };
    ath_engine *e = c->engine;
    int64_t now = ath__clock_us(), until = now;
    if (atomic_load(&e->pool.reached))
        until += e->pool.reconnect_us;
    for (int64_t pause = FIRST_US;; pause = pause < LAST_US / 2 ? pause * 2 : LAST_US) {
        ath_status status = connect_once(c, error);
        now = ath__clock_us();
        if (status == ATH_OK || !is_away(error) || now >= until)
            return status;
        int64_t next = now + pause < until ? now + pause : until;
        if (e->wait.wait(e->wait.context, -1, 0, next) != ATH_OK)
            return status;
    }
}

ath_status ath__connection_reopen(ath_connection *c, ath_error *error) {
    ath_engine *e = c->engine;
    if (c->handle)
        ath__cancel_forbid(c);
    close_handle(c);
    c->in_transaction = false;
    c->savepoints = 0;
    c->broken = true;
    ath_status status = connect(c, error);
    if (status != ATH_OK)
        return status;
    ath_error_clear(error);
    c->broken = c->no_good = false;
    c->deadline_us = c->driver->set_deadline ? 0 : INT64_MAX; /* whatever the driver was left with */
    c->slot.opened_us = ath__clock_us();
    atomic_fetch_add_explicit(&e->pool.opened, 1, memory_order_relaxed);
    atomic_store(&e->pool.reached, true);
    ath__cancel_allow(c);
    return ATH_OK;
}
