/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: a connection's life between the pool and the driver, and the marks that tell misuse.
 */
#include "engine/engine.h"

/* ---- opening and closing ---- */

static ath_status dial(ath_connection *c, ath_error *error) {
    ath_engine *e = c->engine;
    ath__connect how = {.url = e->url,
                        .allocator = &e->allocator,
                        .wait = &e->wait,
                        .busy_timeout_ms = e->busy_timeout_ms,
                        .never_prepare = e->never_prepare,
                        .deadline_us = INT64_MAX};
    if (e->connect_timeout_ms)
        how.deadline_us = ath__clock_us() + (int64_t)e->connect_timeout_ms * 1000;
    ath_status status = c->driver->connect(&how, &c->handle, error);
    if (status != ATH_OK) {
        c->handle = NULL;
        return status;
    }
    const ath_dialect *own = c->driver->dialect ? c->driver->dialect(c->handle) : NULL;
    c->dialect = own ? own : e->backend->dialect;
    c->lease.opened_us = ath__clock_us();
    c->lease.forks = ath__forks();
    c->armed = true; /* with the deadline of connecting */
    e->connections++;
    return ATH_OK;
}

ath_connection *ath__connection_new(ath_engine *e, ath_error *error) {
    ath_connection *c = ath__alloc_zero(&e->allocator, 1, sizeof *c);
    if (!c) {
        ath__fail_memory(error);
        return NULL;
    }
    c->engine = e;
    c->driver = e->backend->driver;
    c->cache.limit = e->statement_cache_bytes;
    ath__arena_init(&c->scratch, &e->allocator);
    if (dial(c, error) == ATH_OK)
        return c;
    ath__connection_free(c, false);
    return NULL;
}

/* In the child of a fork nothing is said to the server, which is the parent's: statements are not closed either. */
static void hang_up(ath_connection *c, bool abandoned) {
    if (abandoned && c->driver->abandon) {
        if (c->handle)
            c->driver->abandon(c->handle);
        ath__stmt_cache_forget(c);
    } else {
        ath__stmt_cache_done(c);
        if (c->handle)
            c->driver->disconnect(c->handle);
    }
    c->handle = NULL;
}

void ath__connection_free(ath_connection *c, bool abandoned) {
    const ath_allocator a = c->engine->allocator;
    hang_up(c, abandoned);
    ath__arena_done(&c->scratch);
    ath__free(&a, c, sizeof *c);
}

ath_status ath__connection_revive(ath_connection *c) {
    if (!c->driver->is_lost || (c->handle && !c->driver->is_lost(c->handle)))
        return ATH_OK;
    ath__results_end(c, false);
    if (c->handle)
        hang_up(c, false);
    ATH_TRY(dial(c, &c->error));
    c->lease.generation = UINT64_MAX; /* newer than any */
    return ATH_OK;
}

/* ---- misuse ---- */

ath_status ath__connection_enter(ath_connection *c) {
    if (c->lease.forks != ath__forks())
        return ath__fail(&c->error, ATH_STATE,
                         "the connection of %s:%d belongs to the parent process: a child opens its own", c->lease.file,
                         c->lease.line);
    bool free_now = false;
    if (atomic_compare_exchange_strong(&c->lease.busy, &free_now, true)) {
        c->lease.user = pthread_self();
        c->lease.depth = 1;
        return ATH_OK;
    }
    if (pthread_equal(c->lease.user, pthread_self())) {
        c->lease.depth++;
        return ATH_OK;
    }
    /* its error belongs to the other thread: the log alone can tell */
    ath__log_line(&c->engine->log, ATH_LOG_ERROR,
                  "the connection borrowed at %s:%d is used by two threads at once: the second call is refused",
                  c->lease.file, c->lease.line);
    return ATH_STATE;
}

void ath__connection_leave(ath_connection *c) {
    if (--c->lease.depth == 0)
        atomic_store(&c->lease.busy, false);
}

/* ---- what a program may say of its connection ---- */

const ath_error *ath_connection_error(const ath_connection *c) {
    return &c->error;
}

void ath_connection_set_timeout(ath_connection *c, int milliseconds) {
    c->timeout_ms = milliseconds;
}

ath_status ath_connection_cancel(ath_connection *c, ath_error *error) {
    if (!c->driver->cancel)
        return ath__fail(error, ATH_NOT_SUPPORTED, "%s runs in the process: there is nothing to cancel from outside",
                         c->dialect->title ? c->dialect->title : c->dialect->name);
    return c->driver->cancel(c->handle, error);
}

void ath_connection_invalidate(ath_connection *c) {
    c->lease.invalid = true;
}
