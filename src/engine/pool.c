/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: connections are taken and given back.
 *
 * One mutex guards the lists and the counts; under it nothing is allocated, connected, closed or logged.  Turns are
 * strict: what becomes free, a connection or the leave to open one, goes straight to who has waited longest.  So while
 * anybody waits nothing is idle and nothing may be opened, and a newcomer queues by itself.
 */
#include "engine/engine.h"

/* ---- lists ---- */

static void link_idle(ath__pool *p, ath_connection *c) {
    c->slot.older = p->newest;
    c->slot.newer = NULL;
    if (p->newest)
        p->newest->slot.newer = c;
    else
        p->oldest = c;
    p->newest = c;
    p->idle++;
}

static void unlink_idle(ath__pool *p, ath_connection *c) {
    if (c->slot.newer)
        c->slot.newer->slot.older = c->slot.older;
    else
        p->newest = c->slot.older;
    if (c->slot.older)
        c->slot.older->slot.newer = c->slot.newer;
    else
        p->oldest = c->slot.newer;
    p->idle--;
}

static void lend(ath__pool *p, ath_connection *c, const ath__lease *lease) {
    c->slot.lease = *lease;
    c->slot.cancellable = c->handle != NULL;
    c->slot.cancelled = false;
    c->slot.older = p->last;
    c->slot.newer = NULL;
    if (p->last)
        p->last->slot.newer = c;
    else
        p->first = c;
    p->last = c;
    p->out++;
}

static void unlink_out(ath__pool *p, ath_connection *c) {
    if (c->slot.newer)
        c->slot.newer->slot.older = c->slot.older;
    else
        p->last = c->slot.older;
    if (c->slot.older)
        c->slot.older->slot.newer = c->slot.newer;
    else
        p->first = c->slot.newer;
    p->out--;
}

static void enqueue(ath__pool *p, ath__waiter *w) {
    w->previous = p->tail;
    if (p->tail)
        p->tail->next = w;
    else
        p->head = w;
    p->tail = w;
    p->waiting++;
}

static void dequeue(ath__pool *p, ath__waiter *w) {
    if (w->previous)
        w->previous->next = w->next;
    else
        p->head = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        p->tail = w->previous;
    p->waiting--;
}

/* The first in the queue gets the connection, or with NULL the leave to open one.  False: nobody waits. */
static bool serve(ath__pool *p, ath_connection *c) {
    ath__waiter *w = p->head;
    if (!w)
        return false;
    dequeue(p, w);
    w->lease.since_us = ath__clock_us();
    if (c)
        lend(p, c, &w->lease);
    w->connection = c;
    w->served = true;
    ath__waiter_wake(w);
    return true;
}

/* Those that have been idle for too long, a few at a time; linked by .older. */
static ath_connection *reap(ath__pool *p, int64_t now) {
    enum { AT_ONCE = 4 };
    ath_connection *reaped = NULL;
    if (!p->idle_us || p->private)
        return NULL;
    for (int i = 0; i < AT_ONCE && p->oldest && now - p->oldest->slot.idle_us > p->idle_us; i++) {
        ath_connection *c = p->oldest;
        unlink_idle(p, c);
        p->open--;
        c->slot.older = reaped;
        reaped = c;
        atomic_fetch_add_explicit(&p->recycled, 1, memory_order_relaxed);
    }
    return reaped;
}

static void free_all(ath_connection *c) {
    while (c) {
        ath_connection *next = c->slot.older;
        ath__connection_free(c);
        c = next;
    }
}

/* ---- taking ---- */

static ath_status timed_out(ath_engine *e, const ath__lease *lease, bool waited, ath_error *error) {
    ath__pool *p = &e->pool;
    ath__holder holders[ATH__HOLDERS];
    size_t out = p->out, count = ath__holders_list(p, holders), open = p->open;
    char shown[400];
    p->timeouts++;
    pthread_mutex_unlock(&p->mutex);
    ath__holders_print(holders, count, out, shown, sizeof shown);
    if (p->limit == 1 && !waited)
        return ath__fail(error, ATH_TIMEOUT,
                         "the only connection to %s is in use by this very %s, which would wait for itself: "
                         "commit, roll back or close what holds it: %s",
                         e->masked_url, ath__here ? "fiber" : "thread", shown);
    long long ms = (long long)(ath__clock_us() - lease->since_us) / 1000;
    ath__log_line(&e->log, ATH_LOG_WARNING, "no connection came free in %lld ms; %zu are open, %zu in use", ms, open,
                  out);
    ath__holders_log(&e->log, ATH_LOG_WARNING, "in use", holders, count);
    return ath__fail(error, ATH_TIMEOUT, "no connection came free in %lld ms: all %zu that there may be are in use: %s",
                     ms, p->limit, shown);
}

static bool waits_for_itself(const ath__pool *p, const ath__lease *lease) {
    return p->limit == 1 && p->first && p->first->slot.lease.thread == lease->thread;
}

static ath_status broken_off(ath__pool *p, ath_status status, ath_error *error) {
    pthread_mutex_unlock(&p->mutex);
    return ath__fail(error, status, "the wait for a connection was broken off: the fiber was cancelled");
}

/* Under the mutex, which it lets go. */
static ath_status wait_for_turn(ath_engine *e, const ath__lease *lease, ath_connection **out, ath_error *error) {
    ath__pool *p = &e->pool;
    ath__waiter w;
    if (waits_for_itself(p, lease))
        return timed_out(e, lease, false, error);
    ath__waiter_init(&w, lease);
    enqueue(p, &w);
    p->waited++;
    int64_t until = p->timeout_us < 0 ? INT64_MAX : lease->since_us + p->timeout_us;
    ath_status status = ATH_OK;
    while (!w.served && p->timeout_us && status == ATH_OK)
        status = ath__waiter_sleep(&w, &p->mutex, until);
    ath__waiter_done(&w);
    uint64_t us = (uint64_t)(ath__clock_us() - lease->since_us);
    p->max_waited_us = us > p->max_waited_us ? us : p->max_waited_us;
    if (!w.served) {
        dequeue(p, &w);
        return status == ATH_CANCELLED ? broken_off(p, status, error) : timed_out(e, lease, true, error);
    }
    pthread_mutex_unlock(&p->mutex);
    *out = w.connection;
    return ATH_OK;
}

ath_status ath__pool_take(ath_engine *e, const ath__lease *lease, ath_connection **out, ath_error *error) {
    ath__pool *p = &e->pool;
    ath_connection *reaped = NULL, *c = NULL;
    pthread_mutex_lock(&p->mutex);
    if (p->newest) {
        c = p->fifo ? p->oldest : p->newest;
        unlink_idle(p, c);
        lend(p, c, lease);
        reaped = reap(p, lease->since_us);
    } else if (p->open < p->limit) {
        p->open++;
    } else {
        *out = NULL;
        return wait_for_turn(e, lease, out, error);
    }
    pthread_mutex_unlock(&p->mutex);
    free_all(reaped);
    *out = c;
    return ATH_OK;
}

void ath__pool_lend(ath_engine *e, ath_connection *c, const ath__lease *lease) {
    pthread_mutex_lock(&e->pool.mutex);
    lend(&e->pool, c, lease);
    pthread_mutex_unlock(&e->pool.mutex);
}

/* ---- giving ---- */

/* Under the mutex, which it lets go; then nobody may touch an engine that was closed and has nothing out any more. */
static void unlock_last(ath_engine *e) {
    ath__pool *p = &e->pool;
    bool over = p->closed && !p->open && !p->holds;
    pthread_mutex_unlock(&p->mutex);
    if (over)
        ath__engine_free(e);
}

static void leave_is_free(ath__pool *p) {
    if (!serve(p, NULL))
        p->open--;
}

void ath__pool_forgo(ath_engine *e) {
    pthread_mutex_lock(&e->pool.mutex);
    leave_is_free(&e->pool);
    unlock_last(e);
}

void ath__engine_hold(ath_engine *e) {
    pthread_mutex_lock(&e->pool.mutex);
    e->pool.holds++;
    pthread_mutex_unlock(&e->pool.mutex);
}

void ath__engine_unhold(ath_engine *e) {
    pthread_mutex_lock(&e->pool.mutex);
    e->pool.holds--;
    unlock_last(e);
}

static void quiet(ath__pool *p, ath_connection *c) {
    c->slot.cancellable = false;
    ath__shield();
    while (c->slot.cancels)
        (void)ath__cond_wait(&p->calm, &p->mutex, INT64_MAX);
    ath__unshield();
}

/* A cancellation may reach the server behind the statement it was meant for; a round trip or two take it in. */
static bool settle(ath_connection *c) {
    enum { SETTLE_US = 5000000 };
    const ath__driver *d = c->driver;
    ath_error error;
    ath__deadline_set(c, SETTLE_US);
    for (int i = 0; i < 3 && d->ping; i++) {
        if (d->is_lost && d->is_lost(c->handle))
            return false;
        if (d->ping(c->handle, &error) == ATH_OK)
            return true;
    }
    return d->ping == NULL;
}

/* For who waits first, or for later.  False: there is no room for it. */
static bool keep(ath__pool *p, ath_connection *c) {
    if (p->closed)
        return false;
    if (serve(p, c))
        return true;
    if (p->idle >= p->size)
        return false;
    c->slot.idle_us = p->idle_us ? ath__clock_us() : 0;
    link_idle(p, c);
    return true;
}

void ath__pool_give(ath_connection *c, bool fit) {
    ath_engine *e = c->engine;
    ath__pool *p = &e->pool;
    pthread_mutex_lock(&p->mutex);
    if (c->slot.cancels || c->slot.cancelled) {
        quiet(p, c);
        pthread_mutex_unlock(&p->mutex);
        fit = fit && settle(c);
        pthread_mutex_lock(&p->mutex);
    }
    c->slot.cancellable = false;
    unlink_out(p, c);
    bool kept = fit && keep(p, c);
    ath_connection *reaped = p->idle_us ? reap(p, ath__clock_us()) : NULL;
    if (kept) {
        pthread_mutex_unlock(&p->mutex);
        free_all(reaped);
        return;
    }
    pthread_mutex_unlock(&p->mutex);
    free_all(reaped);
    ath__connection_free(c);
    ath__pool_forgo(e); /* only now: there are never more open than there may be */
}

/* ---- all of them ---- */

void ath__pool_invalidate(ath_engine *e, uint64_t generation) {
    atomic_compare_exchange_strong(&e->pool.generation, &generation, generation + 1);
}

void ath__pool_drain(ath_engine *e) {
    ath__pool *p = &e->pool;
    pthread_mutex_lock(&p->mutex);
    ath_connection *idle = p->newest;
    p->newest = p->oldest = NULL;
    p->open -= p->idle;
    p->idle = 0;
    pthread_mutex_unlock(&p->mutex);
    free_all(idle);
}

/* ---- cancellations ---- */

void ath__cancel_forbid(ath_connection *c) {
    ath__pool *p = &c->engine->pool;
    pthread_mutex_lock(&p->mutex);
    quiet(p, c);
    pthread_mutex_unlock(&p->mutex);
}

void ath__cancel_allow(ath_connection *c) {
    ath__pool *p = &c->engine->pool;
    pthread_mutex_lock(&p->mutex);
    c->slot.cancellable = c->handle != NULL;
    pthread_mutex_unlock(&p->mutex);
}

ath_status ath_connection_cancel(ath_connection *c, ath_error *error) {
    ath_error local;
    error = error ? error : &local;
    ath_error_clear(error);
    if (!c)
        return ath__fail(error, ATH_ARGUMENT, "there is no connection to cancel");
    ath__pool *p = &c->engine->pool;
    if (!c->driver->cancel)
        return ath__fail(error, ATH_NOT_SUPPORTED, "%s: statements cannot be cancelled", c->engine->backend->name);
    pthread_mutex_lock(&p->mutex);
    bool begun = c->slot.cancellable;
    if (begun) {
        c->slot.cancels++;
        c->slot.cancelled = true;
    }
    pthread_mutex_unlock(&p->mutex);
    if (!begun)
        return ATH_OK;
    ath_status status = c->driver->cancel(c->handle, error);
    pthread_mutex_lock(&p->mutex);
    c->slot.cancels--;
    ath__cond_wake(&p->calm);
    pthread_mutex_unlock(&p->mutex);
    return status;
}

/* ---- the beginning and the end ---- */

/* Milliseconds of an option: 0 is the default, negative is `negative`. */
static int64_t us(int ms, int default_ms, int64_t negative) {
    return ms < 0 ? negative : (int64_t)(ms ? ms : default_ms) * 1000;
}

static void take_sizes(ath__pool *p, const ath_engine_opts *o) {
    enum { SIZE = 5, OVERFLOW = 10 };
    size_t size = o->pool_size < 0 ? SIZE_MAX : o->pool_size ? (size_t)o->pool_size : SIZE;
    size_t more = o->max_overflow ? (size_t)o->max_overflow : OVERFLOW;
    p->size = size;
    if (o->max_overflow == ATH_POOL_NO_OVERFLOW)
        p->limit = size;
    else
        p->limit = o->max_overflow < 0 || size == SIZE_MAX ? SIZE_MAX : size + more;
    if (o->pool_class == ATH_POOL_NULL) {
        p->size = 0;
        p->limit = SIZE_MAX;
    }
    p->single = p->private || o->pool_class == ATH_POOL_SINGLE;
    if (p->single)
        p->size = p->limit = 1;
}

static int64_t connect_time(const ath_engine *e, const ath_engine_opts *o) {
    if (!o->connect_timeout_ms && ath_url_get(e->url, "connect_timeout"))
        return -1; /* the driver knows it */
    return us(o->connect_timeout_ms, 30000, -1);
}

void ath__pool_init(ath_engine *e, const ath_engine_opts *o) {
    ath__pool *p = &e->pool;
    p->private = e->backend->driver->is_private && e->backend->driver->is_private(e->url);
    take_sizes(p, o);
    p->timeout_us = o->pool_timeout_ms == INT32_MAX ? -1 : us(o->pool_timeout_ms, 30000, 0);
    p->recycle_us = us(o->pool_recycle_ms, 0, 0);
    p->idle_us = us(o->pool_idle_ms, 0, 0);
    p->connect_us = connect_time(e, o);
    p->statement_us = us(o->statement_timeout_ms, 0, 0);
    p->reconnect_us = us(o->reconnect_ms, 10000, 0);
    p->fifo = o->pool_fifo;
    p->ping = o->pool_pre_ping;
    p->no_reset = o->pool_reset == ATH_POOL_NO_RESET;
    pthread_mutex_init(&p->mutex, NULL);
    ath__cond_init(&p->calm);
}

void ath__pool_done(ath_engine *e) {
    ath__cond_done(&e->pool.calm);
    pthread_mutex_destroy(&e->pool.mutex);
}
