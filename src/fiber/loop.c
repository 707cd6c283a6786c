/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: who runs when.  A turn runs those that were ready when it began, each until it waits; then those whose time
 * has come and whose sockets are ready join the queue.  So nobody is overtaken twice, and sockets are looked at once a turn.
 */
#include "fiber/fiber.h"

/* ---- the queue ---- */

void ath__fiber_ready(ath_fiber *f, ath_status woken) {
    ath_loop *l = f->loop;
    if (f->state != ATH__FIBER_WAITING)
        return;
    ath__timer_clear(f);
    f->state = ATH__FIBER_READY;
    f->woken = woken;
    f->next = NULL;
    if (l->last)
        l->last->next = f;
    else
        l->first = f;
    l->last = f;
}

ath_status ath__fiber_pause(ath_fiber *f) {
    f->state = ATH__FIBER_WAITING;
    ath__context_switch(&f->context, &f->loop->thread, false);
    return f->woken;
}

static void enter(ath_loop *l, ath_fiber *f) {
    f->state = ATH__FIBER_RUNNING;
    l->running = f;
    l->stats.switches++;
    ath__here = &f->host;
    ath__context_switch(&l->thread, &f->context, false);
    ath__here = NULL;
    l->running = NULL;
    if (f->state == ATH__FIBER_OVER)
        ath__fiber_end(f);
}

static void run_ready(ath_loop *l) {
    ath_fiber *f = l->first;
    l->first = l->last = NULL;
    while (f) {
        ath_fiber *next = f->next;
        enter(l, f);
        f = next;
    }
}

/* ---- from outside ---- */

void ath__fiber_send_locked(ath_fiber *f) {
    ath_loop *l = f->loop;
    if (!f->sent) {
        f->sent = true;
        f->next_arrived = NULL;
        if (l->arrived)
            l->arrived_last->next_arrived = f;
        else
            l->arrived = f;
        l->arrived_last = f;
    }
    if (l->sleeping)
        l->poller->wake(l->polling);
    l->sleeping = false;
}

void ath__fiber_send(ath_fiber *f) {
    ath_loop *l = f->loop;
    pthread_mutex_lock(&l->outside);
    ath__fiber_send_locked(f);
    pthread_mutex_unlock(&l->outside);
}

static void failed_to_begin(ath_fiber *f) {
    f->status = ATH_NO_MEMORY;
    f->state = ATH__FIBER_OVER;
    if (f->joiner)
        ath__fiber_ready(f->joiner, ATH_OK);
    else if (!f->handled)
        ath__free(&f->loop->allocator, f, sizeof *f);
}

static void arrive(ath_fiber *f) {
    if (f->state == ATH__FIBER_NEW) {
        if (ath__fiber_begin(f) != ATH_OK)
            failed_to_begin(f);
    } else if (f->parked) {
        ath__fiber_ready(f, ATH_OK);
    } else {
        f->permit = true;
    }
}

static void take_arrived(ath_loop *l) {
    for (;;) {
        pthread_mutex_lock(&l->outside);
        ath_fiber *f = l->arrived;
        if (f) {
            l->arrived = f->next_arrived;
            f->sent = false;
        }
        pthread_mutex_unlock(&l->outside);
        if (!f)
            return;
        arrive(f);
    }
}

/* ---- turns ---- */

static ath_status poll(ath_loop *l, int64_t until_us) {
    int64_t next = ath__timer_next(l);
    until_us = l->first ? 0 : next < until_us ? next : until_us;
    pthread_mutex_lock(&l->outside);
    if (l->arrived)
        until_us = 0;
    l->sleeping = until_us != 0;
    pthread_mutex_unlock(&l->outside);
    ath_status status = l->poller->poll(l->polling, until_us);
    if (until_us) {
        pthread_mutex_lock(&l->outside);
        l->sleeping = false;
        pthread_mutex_unlock(&l->outside);
    }
    return status;
}

static bool is_over(const ath_loop *l, const ath_fiber *f) {
    return f ? f->state == ATH__FIBER_OVER : l->live == 0;
}

static ath_status begin_run(ath_loop *l) {
    if (ath__here || l->runs)
        return ATH_STATE;
    l->runs = true;
    ath__context_of_thread(&l->thread);
    take_arrived(l);
    return ATH_OK;
}

ath_status ath__loop_run_until(ath_loop *l, const ath_fiber *f) {
    ath_status status = ATH_OK;
    ATH_TRY(begin_run(l));
    while (status == ATH_OK && !is_over(l, f)) {
        run_ready(l);
        take_arrived(l);
        if (is_over(l, f))
            break;
        status = poll(l, INT64_MAX);
        ath__timer_fire(l);
        take_arrived(l);
    }
    l->runs = false;
    return status;
}

ath_status ath_loop_run(ath_loop *l) {
    return l ? ath__loop_run_until(l, NULL) : ATH_ARGUMENT;
}

ath_status ath_loop_step(ath_loop *l, int64_t milliseconds, size_t *left) {
    if (!l)
        return ATH_ARGUMENT;
    ATH_TRY(begin_run(l));
    int64_t ms = milliseconds > INT32_MAX ? INT32_MAX : milliseconds;
    run_ready(l);
    take_arrived(l);
    ath_status status = poll(l, ms > 0 && l->live ? ath__clock_us() + ms * 1000 : 0);
    ath__timer_fire(l);
    take_arrived(l);
    run_ready(l);
    l->runs = false;
    if (left)
        *left = l->live;
    return status;
}

ath_loop *ath_loop_here(void) {
    return ath__here ? ((ath_fiber *)ath__here)->loop : NULL;
}

/* ---- the beginning and the end ---- */

const ath_poller *ath_poller_named(const char *name) {
    return ath__poller_find(name);
}

static bool open_poller(ath_loop *l, const ath_loop_opts *o) {
    l->poller = o->with ? o->with : ath__poller_find(o->poller);
    if (!l->poller) {
        ath__fail(o->error, ATH_NOT_SUPPORTED, "there is no poller \"%s\" in this build", o->poller ? o->poller : "");
        return false;
    }
    l->polling = l->poller->open(&l->allocator, o->native, ath__poller_ready, l, o->error);
    return l->polling != NULL;
}

ath_loop *ath_loop_new_opts(const ath_loop_opts *o) {
    const ath_allocator *a = o->allocator ? o->allocator : &ath__malloc_allocator;
    ath_error_clear(o->error);
    ath_loop *l = ath__alloc_zero(a, 1, sizeof *l);
    if (!l) {
        ath__fail_memory(o->error);
        return NULL;
    }
    l->allocator = *a;
    if (!open_poller(l, o)) {
        ath__free(a, l, sizeof *l);
        return NULL;
    }
    ath__stacks_init(&l->stacks, o->stack_size, o->stacks_kept);
    ath__workers_init(&l->workers, &l->allocator, o->workers);
    pthread_mutex_init(&l->outside, NULL);
    return l;
}

/* Handles that nobody joined are all that is left. */
static void free_loop(ath_loop *l) {
    const ath_allocator a = l->allocator;
    ath__workers_done(&l->workers);
    ath__stacks_done(&l->stacks);
    l->poller->close(l->polling);
    ath__free(&a, l->timers, l->timer_capacity * sizeof(ath_fiber *));
    ath__free(&a, l->watches, l->watch_count * sizeof *l->watches);
    pthread_mutex_lock(&l->outside); /* whoever woke a fiber from outside is out of it */
    pthread_mutex_unlock(&l->outside);
    pthread_mutex_destroy(&l->outside);
    ath__free(&a, l, sizeof *l);
}

void ath_loop_free(ath_loop *l) {
    if (!l || ath__here || l->runs)
        return;
    take_arrived(l);
    for (ath_fiber *f = l->all; f; f = f->older)
        ath__fiber_cut(f, ATH_CANCELLED);
    (void)ath_loop_run(l);
    free_loop(l);
}

ath_status ath_loop_main(ath_fiber_fn fn, void *arg) {
    ath_fiber *f;
    ath_loop *l = ath_loop_new();
    if (!l)
        return ATH_NO_MEMORY;
    ath_status status = ath_loop_spawn(l, fn, arg, .fiber = &f);
    if (status == ATH_OK)
        status = ath_loop_run(l);
    if (status == ATH_OK)
        status = ath_loop_join(f);
    ath_loop_free(l);
    return status;
}

void ath_loop_stats_of(ath_loop *l, ath_loop_stats *out) {
    *out = (ath_loop_stats){.poller = NULL};
    if (!l)
        return;
    pthread_mutex_lock(&l->workers.mutex);
    l->stats.workers = l->workers.count;
    pthread_mutex_unlock(&l->workers.mutex);
    *out = l->stats;
    out->fibers = l->live;
    out->stacks_kept = l->stacks.count;
    out->poller = l->poller->name;
}
