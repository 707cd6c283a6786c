/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: connections are borrowed and given back.
 *
 * The newest idle connection is lent first.  A database that is private to its connection (":memory:") has exactly one,
 * kept until the engine closes: while it is lent, nobody else can have it.
 */
#include "engine/engine.h"

/* ---- one connection ---- */

static void connection_free(ath_connection *c) {
    const ath_allocator a = c->engine->allocator;
    ath__stmt_cache_done(c);
    if (c->handle)
        c->driver->disconnect(c->handle);
    ath__arena_done(&c->scratch);
    ath__free(&a, c, sizeof *c);
}

static ath_connection *connection_new(ath_engine *e, ath_error *error) {
    ath_connection *c = ath__alloc_zero(&e->allocator, 1, sizeof *c);
    if (!c) {
        ath__fail_memory(error);
        return NULL;
    }
    c->engine = e;
    c->driver = e->backend->driver;
    c->dialect = e->backend->dialect;
    c->cache.limit = e->statement_cache_bytes;
    ath__arena_init(&c->scratch, &e->allocator);
    ath__connect how = {.url = e->url,
                        .allocator = &e->allocator,
                        .wait = &e->wait,
                        .busy_timeout_ms = e->busy_timeout_ms,
                        .deadline_us = INT64_MAX};
    if (c->driver->connect(&how, &c->handle, error) != ATH_OK) {
        c->handle = NULL;
        connection_free(c);
        return NULL;
    }
    const ath_dialect *own = c->driver->dialect ? c->driver->dialect(c->handle) : NULL;
    if (own)
        c->dialect = own;
    e->connections++;
    return c;
}

/* ---- lending ---- */

static ath_connection *take_idle(ath_engine *e, bool *busy) {
    pthread_mutex_lock(&e->mutex);
    ath_connection *c = e->idle;
    *busy = !c && e->single && e->out_count;
    if (c) {
        e->idle = c->next;
        e->idle_count--;
    }
    if (!*busy)
        e->out_count++;
    pthread_mutex_unlock(&e->mutex);
    return c;
}

static void not_taken(ath_engine *e) {
    pthread_mutex_lock(&e->mutex);
    e->out_count--;
    pthread_mutex_unlock(&e->mutex);
}

ath_connection *ath_connection_open(ath_engine *e, ath_error *error) {
    ath_error local;
    bool busy;
    if (!error)
        error = &local;
    ath_error_clear(error);
    if (!e) {
        ath__fail(error, ATH_ARGUMENT, "there is no engine: it could not be opened");
        return NULL;
    }
    ath_connection *c = take_idle(e, &busy);
    if (busy) {
        ath__fail(
            error, ATH_TIMEOUT,
            "the only connection of the in-memory database %s is in use: commit, roll back or close what holds it",
            e->masked_url);
        return NULL;
    }
    if (!c) {
        c = connection_new(e, error);
        if (!c)
            not_taken(e);
    }
    if (c) {
        c->next = NULL;
        ath_error_clear(&c->error);
    }
    return c;
}

/* Back to a state in which the next user finds it fresh; false when that failed and it must go. */
static bool reset(ath_connection *c) {
    ath__results_detach(c);
    return ath_connection_rollback(c) == ATH_OK;
}

void ath_connection_close(ath_connection *c) {
    if (!c)
        return;
    ath_engine *e = c->engine;
    bool healthy = reset(c);
    pthread_mutex_lock(&e->mutex);
    e->out_count--;
    if (healthy) {
        c->next = e->idle;
        e->idle = c;
        e->idle_count++;
    }
    pthread_mutex_unlock(&e->mutex);
    if (!healthy)
        connection_free(c);
}

void ath__pool_drain(ath_engine *e) {
    while (e->idle) {
        ath_connection *c = e->idle;
        e->idle = c->next;
        connection_free(c);
    }
    e->idle_count = 0;
}

const ath_error *ath_connection_error(const ath_connection *c) {
    return &c->error;
}
