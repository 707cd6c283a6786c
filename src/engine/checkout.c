/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: what a connection must be before it is lent, and what is done to it when it comes back.
 *
 * Nothing here holds the pool's mutex: connecting, asking the server and rolling back take as long as they take, and
 * nobody else waits for it.
 */
#include "engine/engine.h"

/* ---- lending ---- */

static ath_status replace(ath_connection *c, _Atomic uint64_t *why, ath_error *error) {
    atomic_fetch_add_explicit(why, 1, memory_order_relaxed);
    return ath__connection_reopen(c, error);
}

static bool answers(ath_connection *c, ath_error *error) {
    ath__pool *p = &c->engine->pool;
    ath__deadline_set(c, p->connect_us < 0 ? 30000000 : p->connect_us);
    if (c->driver->ping(c->handle, error) == ATH_OK)
        return true;
    c->error = *error;
    ath__after_error(c);
    return false;
}

/* What was lost since it was opened, or is too old, is opened anew. */
static ath_status make_fit(ath_connection *c, int64_t now, ath_error *error) {
    ath__pool *p = &c->engine->pool;
    const ath__slot *slot = &c->slot;
    if (!c->handle)
        return ath__connection_reopen(c, error);
    if (p->private)
        return ATH_OK;
    if (slot->generation != atomic_load_explicit(&p->generation, memory_order_relaxed))
        return replace(c, &p->invalidated, error);
    if ((p->recycle_us && now - slot->opened_us > p->recycle_us) ||
        (p->idle_us && slot->idle_us && now - slot->idle_us > p->idle_us))
        return replace(c, &p->recycled, error);
    if (p->ping && c->driver->ping && !answers(c, error))
        return replace(c, &p->invalidated, error);
    return ATH_OK;
}

static void begin_lease(ath_connection *c) {
    c->used = c->no_good = false;
    c->timeout_us = c->engine->pool.statement_us;
    atomic_store_explicit(&c->guard.noted, false, memory_order_relaxed);
    ath_error_clear(&c->error);
}

ath_connection *ath_connection_open_at(ath_engine *e, ath_error *error, const char *file, int line) {
    ath_error local;
    ath_connection *c;
    if (!error)
        error = &local;
    ath_error_clear(error);
    if (!e) {
        ath__fail(error, ATH_ARGUMENT, "there is no engine: it could not be opened");
        return NULL;
    }
    if (!ath__fork_is_ours(&e->fork))
        ath__fork_notice(e);
    const ath__host *h = ath__here;
    ath__lease lease = {file, line, ath__self(), ath__clock_us(), h ? h->file : NULL, h ? h->line : 0};
    if (ath__here_check(error) != ATH_OK)
        return NULL;
    if (ath__pool_take(e, &lease, &c, error) != ATH_OK)
        return NULL;
    if (!c) {
        c = ath__connection_new(e, error);
        if (!c) {
            ath__pool_forgo(e);
            return NULL;
        }
        ath__pool_lend(e, c, &lease);
    }
    if (make_fit(c, lease.since_us, error) != ATH_OK) {
        ath__pool_give(c, false);
        return NULL;
    }
    begin_lease(c);
    return c;
}

ath_connection *ath_connection_open(ath_engine *e, ath_error *error) {
    return ath_connection_open_at(e, error, NULL, 0);
}

/* ---- coming back ---- */

/* Back to a state in which the next user finds it fresh; false when that failed, or there is no use in it. */
static bool reset(ath_connection *c) {
    enum { RESET_US = 10000000 };
    ath__pool *p = &c->engine->pool;
    ath__results_detach(c);
    if (!c->handle)
        return false;
    c->timeout_us = RESET_US;
    /* a BEGIN that was broken off may have come about */
    c->in_transaction = c->in_transaction || (!c->broken && c->driver->in_transaction(c->handle));
    bool rolled_back = p->no_reset || ath_connection_rollback(c) == ATH_OK;
    if (p->private)
        return rolled_back;
    bool old = c->slot.generation != atomic_load_explicit(&p->generation, memory_order_relaxed);
    if (!c->broken && !old && !c->no_good)
        return rolled_back;
    atomic_fetch_add_explicit(&p->invalidated, 1, memory_order_relaxed);
    return false;
}

void ath_connection_close(ath_connection *c) {
    if (!c)
        return;
    if (!ath__is_ours(c)) {
        ath__connection_abandon(c);
        return;
    }
    if (ath__enter(c) != ATH_OK) /* another thread is in it, and has been told; it stays with that one */
        return;
    ath__shield();
    bool fit = reset(c);
    atomic_store_explicit(&c->guard.offender, 0, memory_order_relaxed);
    ath__leave(c);
    ath__pool_give(c, fit);
    ath__unshield();
}

void ath_connection_invalidate(ath_connection *c) {
    if (c)
        c->no_good = true;
}

void ath_engine_dispose(ath_engine *e) {
    if (!e)
        return;
    if (!ath__fork_is_ours(&e->fork))
        ath__fork_notice(e);
    if (e->pool.private)
        return;
    ath__pool_invalidate(e, atomic_load(&e->pool.generation));
    ath__pool_drain(e);
}
