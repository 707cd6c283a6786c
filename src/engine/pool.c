/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: connections are borrowed and given back.
 *
 * The pool counts what is open: idle, lent, and being opened.  Who may open one more takes its place in that count first
 * and connects outside of the lock.  Who must wait stands in a queue and is handed either a connection or a free place by
 * whoever gives one up, so that nobody who came later is served earlier.
 *
 * A connection that is found dead makes all that were opened before it suspect: they are replaced when their turn comes.
 * After a fork the child has none of them: they are put aside without a word to the server.
 *
 * Threads wait on a condition of their own, in wait_for_turn alone: a loop of fibers will wait there in its own way.
 */
#include "engine/engine.h"

#include <errno.h>
#include <time.h>

struct ath__waiter {
    pthread_cond_t called;
    bool served;                /* a connection, or a place (connection == NULL) */
    ath_connection *connection; /* taken from the pool */
    ath__waiter *next;
};

/* ---- forks ---- */

static _Atomic unsigned forks;
static pthread_once_t forks_once = PTHREAD_ONCE_INIT;

static void count_fork(void) {
    forks++;
}

static void watch_forks(void) {
    pthread_atfork(NULL, NULL, count_fork);
}

unsigned ath__forks(void) {
    return forks;
}

/* The parent's connections are put aside.  If another of its threads was in the pool at that moment, the lists may be
 * half changed: then they are left alone, and their memory is lost to the child. */
static void after_fork(ath_engine *e) {
    ath__pool *pool = &e->pool;
    bool whole = pthread_mutex_trylock(&pool->mutex) == 0;
    pthread_mutex_init(&pool->mutex, NULL);
    for (ath_connection *c = whole ? pool->newest : NULL; c;) {
        ath_connection *next = c->lease.next;
        ath__connection_free(c, true);
        c = next;
    }
    pool->newest = pool->oldest = pool->lent = NULL;
    pool->first = pool->last = NULL;
    pool->open = pool->idle = pool->out = 0;
    pool->waiting = 0;
    pool->forks = forks;
}

/* ---- lists; the mutex is held ---- */

static void push_idle(ath__pool *pool, ath_connection *c) {
    c->lease.previous = NULL;
    c->lease.next = pool->newest;
    if (pool->newest)
        pool->newest->lease.previous = c;
    else
        pool->oldest = c;
    pool->newest = c;
    pool->idle++;
}

static ath_connection *pop_idle(ath__pool *pool) {
    ath_connection *c = pool->fifo ? pool->oldest : pool->newest;
    ath_connection *next = c->lease.next, *previous = c->lease.previous;
    if (previous)
        previous->lease.next = next;
    else
        pool->newest = next;
    if (next)
        next->lease.previous = previous;
    else
        pool->oldest = previous;
    pool->idle--;
    return c;
}

static void link_lent(ath__pool *pool, ath_connection *c) {
    c->lease.previous = NULL;
    c->lease.next = pool->lent;
    if (pool->lent)
        pool->lent->lease.previous = c;
    pool->lent = c;
    pool->out++;
    pool->checkouts++;
}

static void unlink_lent(ath__pool *pool, ath_connection *c) {
    if (c->lease.previous)
        c->lease.previous->lease.next = c->lease.next;
    else
        pool->lent = c->lease.next;
    if (c->lease.next)
        c->lease.next->lease.previous = c->lease.previous;
    pool->out--;
}

/* ---- waiting ---- */

static void queue_up(ath__pool *pool, ath__waiter *w) {
    w->next = NULL;
    if (pool->last)
        pool->last->next = w;
    else
        pool->first = w;
    pool->last = w;
    pool->waiting++;
}

static void leave_queue(ath__pool *pool, ath__waiter *w) {
    ath__waiter *before = NULL;
    for (ath__waiter *at = pool->first; at && at != w; at = at->next)
        before = at;
    if (before)
        before->next = w->next;
    else
        pool->first = w->next;
    if (pool->last == w)
        pool->last = before;
    pool->waiting--;
}

/* Hands the first in the queue a connection, or with NULL a place.  false: nobody waits. */
static bool serve_first(ath__pool *pool, ath_connection *c) {
    ath__waiter *w = pool->first;
    if (!w)
        return false;
    leave_queue(pool, w);
    w->connection = c;
    w->served = true;
    pthread_cond_signal(&w->called);
    return true;
}

/* Until served or the time is over; the mutex is held, but while it waits. */
static bool wait_for_turn(ath__pool *pool, ath__waiter *w, int64_t deadline_us) {
    struct timespec until = {deadline_us / 1000000, deadline_us % 1000000 * 1000};
    int code = 0;
    while (!w->served && code != ETIMEDOUT)
        code = pthread_cond_timedwait(&w->called, &pool->mutex, &until);
    return w->served;
}

static bool wait_in_queue(ath__pool *pool, ath_connection **out) {
    int64_t began = ath__clock_us();
    ath__waiter w = {.served = false};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w.called, &monotonic);
    pthread_condattr_destroy(&monotonic);
    queue_up(pool, &w);
    pool->waits++;
    bool served = wait_for_turn(pool, &w, began + pool->timeout_us);
    if (!served) {
        leave_queue(pool, &w);
        pool->timeouts++;
    }
    uint64_t waited = (uint64_t)(ath__clock_us() - began);
    if (waited > pool->longest_wait_us)
        pool->longest_wait_us = waited;
    pthread_cond_destroy(&w.called);
    *out = w.connection;
    return served;
}

static ath_status timed_out(ath_engine *e, ath_error *error) {
    char holders[400] = "";
    const ath__pool *pool = &e->pool;
    ath__pool_holders(e, holders, sizeof holders);
    if (pool->most == 1)
        return ath__fail(error, ATH_TIMEOUT, "the only connection of %s is in use; %s", e->masked_url, holders);
    return ath__fail(error, ATH_TIMEOUT, "no connection became free within %lld ms: all %zu are in use; %s",
                     (long long)(pool->timeout_us / 1000), pool->open, holders);
}

/* The thread that would wait holds the only connection itself: it would wait in vain. */
static bool waits_for_itself(const ath__pool *pool) {
    return pool->most == 1 && pool->lent && pthread_equal(pool->lent->lease.holder, pthread_self());
}

/* A connection (*out), or a place to open one (*out is NULL). */
static ath_status take(ath_engine *e, ath_connection **out, ath_error *error) {
    ath__pool *pool = &e->pool;
    *out = NULL;
    if (pool->forks != forks)
        after_fork(e);
    pthread_mutex_lock(&pool->mutex);
    ath_status status = ATH_OK;
    if (pool->idle && !pool->first)
        *out = pop_idle(pool);
    else if (pool->open < pool->most && !pool->first)
        pool->open++;
    else if (pool->timeout_us <= 0 || waits_for_itself(pool) || !wait_in_queue(pool, out))
        status = timed_out(e, error);
    pthread_mutex_unlock(&pool->mutex);
    return status;
}

/* ---- giving up a place, and lending ---- */

/* One connection fewer is open: the first who waits may open another. */
static void free_place(ath__pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    if (!serve_first(pool, NULL))
        pool->open--;
    pthread_mutex_unlock(&pool->mutex);
}

typedef enum verdict { SOUND, OLD, DEAD } verdict;

/* Whether a connection from the pool can be lent as it is. */
static verdict judge(ath_engine *e, ath_connection *c) {
    const ath__pool *pool = &e->pool;
    int64_t now = pool->recycle_us || pool->idle_us ? ath__clock_us() : 0;
    if (c->lease.generation < pool->sound || (c->driver->is_lost && c->driver->is_lost(c->handle)))
        return DEAD;
    if ((pool->recycle_us && now - c->lease.opened_us > pool->recycle_us) ||
        (pool->idle_us && now - c->lease.since_us > pool->idle_us))
        return OLD;
    ath_error ignored;
    if (!pool->pre_ping || !c->driver->ping || c->driver->ping(c->handle, &ignored) == ATH_OK)
        return SOUND;
    ath__pool_suspect_all(e);
    return DEAD;
}

static void count_replaced(ath__pool *pool, verdict why) {
    pthread_mutex_lock(&pool->mutex);
    pool->recycled += why == OLD;
    pool->invalidated += why == DEAD;
    pthread_mutex_unlock(&pool->mutex);
}

static ath_connection *open_one(ath_engine *e, ath_error *error) {
    ath__pool *pool = &e->pool;
    pthread_mutex_lock(&pool->mutex);
    uint64_t generation = ++pool->generation;
    pthread_mutex_unlock(&pool->mutex);
    ath_connection *c = ath__connection_new(e, error);
    if (c)
        c->lease.generation = generation;
    else
        free_place(pool);
    return c;
}

static void lend(ath_engine *e, ath_connection *c, const char *file, int line) {
    ath__pool *pool = &e->pool;
    ath_error_clear(&c->error);
    ath__note_write(&c->lease.last, "", 0);
    c->lease.file = file ? file : "?";
    c->lease.line = line;
    c->lease.holder = pthread_self();
    c->lease.since_us = ath__clock_us();
    c->lease.invalid = false;
    c->timeout_ms = 0;
    pthread_mutex_lock(&pool->mutex);
    link_lent(pool, c);
    pthread_mutex_unlock(&pool->mutex);
}

ath_connection *ath_connection_open(ath_engine *e, const char *file, int line, ath_error *error) {
    ath_error local;
    ath_connection *c;
    if (!error)
        error = &local;
    ath_error_clear(error);
    if (!e) {
        ath__fail(error, ATH_ARGUMENT, "there is no engine: it could not be opened");
        return NULL;
    }
    if (take(e, &c, error) != ATH_OK)
        return NULL;
    verdict v = c ? judge(e, c) : SOUND;
    if (v != SOUND) {
        count_replaced(&e->pool, v);
        ath__connection_free(c, false);
        c = NULL;
    }
    if (!c)
        c = open_one(e, error);
    if (c)
        lend(e, c, file, line);
    return c;
}

/* ---- coming back ---- */

/* Back to a state in which the next user finds it fresh; false when that failed and it must go. */
static bool reset(ath_connection *c) {
    ath__results_detach(c);
    bool whole = c->engine->pool.no_reset || ath_connection_rollback(c) == ATH_OK;
    return whole && !c->lease.invalid && !(c->driver->is_lost && c->driver->is_lost(c->handle));
}

/* The mutex is held.  false: the pool has no room for it. */
static bool keep(ath__pool *pool, ath_connection *c) {
    if (c->lease.generation < pool->sound || pool->class == ATH_POOL_NULL)
        return false;
    if (serve_first(pool, c))
        return true;
    if (pool->idle >= pool->size)
        return false;
    push_idle(pool, c);
    return true;
}

void ath_connection_close(ath_connection *c) {
    if (!c)
        return;
    ath_engine *e = c->engine;
    ath__pool *pool = &e->pool;
    if (c->lease.forks != forks) { /* the parent's: it is in no list of ours */
        if (pool->forks != forks)
            after_fork(e);
        ath__results_detach(c);
        ath__connection_free(c, true);
        return;
    }
    bool lost = c->driver->is_lost && c->driver->is_lost(c->handle), whole = reset(c);
    if (lost)
        ath__pool_suspect_all(e);
    c->lease.since_us = pool->idle_us ? ath__clock_us() : 0;
    pthread_mutex_lock(&pool->mutex);
    unlink_lent(pool, c);
    bool kept = whole && keep(pool, c);
    pool->invalidated += !whole;
    pthread_mutex_unlock(&pool->mutex);
    if (kept)
        return;
    ath__connection_free(c, false);
    free_place(pool);
}

void ath__pool_suspect_all(ath_engine *e) {
    pthread_mutex_lock(&e->pool.mutex);
    e->pool.sound = e->pool.generation + 1;
    pthread_mutex_unlock(&e->pool.mutex);
}

/* ---- the pool's life ---- */

static int or_default(int given, int standard) {
    return given ? given : standard;
}

void ath__pool_init(ath_engine *e, const ath_engine_opts *o) {
    ath__pool *pool = &e->pool;
    int size = or_default(o->pool_size, 5), over = or_default(o->max_overflow, 10);
    bool private = e->backend->driver->is_private && e->backend->driver->is_private(e->url);
    pool->class = private ? ATH_POOL_SINGLE : o->pool_class ? o->pool_class : ATH_POOL_QUEUE;
    bool single = pool->class == ATH_POOL_SINGLE, none = pool->class == ATH_POOL_NULL;
    pool->size = single ? 1 : size < 0 ? SIZE_MAX : (size_t)size;
    bool unlimited = none || size < 0 || over == ATH_POOL_UNLIMITED;
    pool->most = single ? 1 : unlimited ? SIZE_MAX : pool->size + (over > 0 ? (size_t)over : 0);
    pool->timeout_us = (int64_t)or_default(o->pool_timeout_ms, 30000) * 1000;
    pool->recycle_us = private ? 0 : (int64_t)o->pool_recycle_ms * 1000;
    pool->idle_us = private ? 0 : (int64_t)o->pool_idle_ms * 1000;
    pool->pre_ping = o->pool_pre_ping;
    pool->fifo = o->pool_fifo;
    pool->no_reset = o->pool_reset == ATH_RESET_NONE;
    pthread_once(&forks_once, watch_forks);
    pool->forks = forks;
    pthread_mutex_init(&pool->mutex, NULL);
}

void ath__pool_done(ath_engine *e) {
    ath__pool *pool = &e->pool;
    if (pool->forks != forks)
        after_fork(e);
    for (const ath_connection *c = pool->lent; c; c = c->lease.next) {
        char last[ATH__NOTE_WORDS * 8 + 1];
        ath__note_read(&c->lease.last, last);
        ath__log_line(&e->log, ATH_LOG_ERROR, "engine closed while a connection is in use: borrowed at %s:%d%s%s",
                      c->lease.file, c->lease.line, last[0] ? ", last statement: " : "", last);
    }
    while (pool->idle)
        ath__connection_free(pop_idle(pool), false);
    pthread_mutex_destroy(&pool->mutex);
}
