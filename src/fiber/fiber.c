/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: a fiber's life.  It is made by any thread, gets its stack where its loop runs, and is over when its function
 * returns; its handle, if somebody asked for one, lives until it is joined.
 */
#include "fiber/fiber.h"

static void entry(void *argument) {
    ath_fiber *f = argument;
    ath__context_entered();
    f->status = f->fn(f->arg);
    f->state = ATH__FIBER_OVER;
    ath__context_switch(&f->context, &f->loop->thread, true);
}

ath_fiber *ath__fiber_new(ath_loop *l, ath_fiber_fn fn, void *arg, const ath_fiber_opts *o) {
    ath_fiber *f = ath__alloc_zero(&l->allocator, 1, sizeof *f);
    if (!f)
        return NULL;
    f->host = (ath__host){.can = &ath__fiber_host, .file = o->file, .line = o->line};
    f->loop = l;
    f->fn = fn;
    f->arg = arg;
    f->handled = o->fiber != NULL;
    f->deadline_us =
        o->deadline_ms > 0 && o->deadline_ms < INT64_MAX / 2000 ? ath__clock_us() + o->deadline_ms * 1000 : INT64_MAX;
    return f;
}

ath_status ath__fiber_begin(ath_fiber *f) {
    ath_loop *l = f->loop;
    f->stack = ath__stack_take(&l->stacks);
    if (!f->stack)
        return ATH_NO_MEMORY;
    ath__context_make(&f->context, f->stack->bottom, (size_t)((char *)f->stack - (char *)f->stack->bottom), entry, f);
    f->older = l->all;
    if (l->all)
        l->all->newer = f;
    l->all = f;
    l->live++;
    l->stats.spawned++;
    if (l->live > l->stats.most_fibers)
        l->stats.most_fibers = l->live;
    f->state = ATH__FIBER_WAITING;
    ath__fiber_ready(f, ATH_OK);
    return ATH_OK;
}

static void leave_loop(ath_fiber *f) {
    ath_loop *l = f->loop;
    if (f->newer)
        f->newer->older = f->older;
    else
        l->all = f->older;
    if (f->older)
        f->older->newer = f->newer;
    l->live--;
}

/* Nobody may send it any more; who is about to has the mutex. */
static void leave_arrived(ath_fiber *f) {
    ath_loop *l = f->loop;
    pthread_mutex_lock(&l->outside);
    ath_fiber *before = NULL;
    for (ath_fiber *at = f->sent ? l->arrived : NULL; at && at != f; at = at->next_arrived)
        before = at;
    if (f->sent && before)
        before->next_arrived = f->next_arrived;
    else if (f->sent)
        l->arrived = f->next_arrived;
    if (f->sent && l->arrived_last == f)
        l->arrived_last = before;
    f->sent = false;
    pthread_mutex_unlock(&l->outside);
}

void ath__fiber_end(ath_fiber *f) {
    ath_loop *l = f->loop;
    ath__fiber_unwatch(f);
    leave_arrived(f);
    ath__context_done(&f->context);
    ath__stack_give(&l->stacks, f->stack);
    f->stack = NULL;
    leave_loop(f);
    if (f->group)
        ath__group_ended(f->group, f);
    else if (!f->handled)
        ath__free(&l->allocator, f, sizeof *f);
    else if (f->joiner)
        ath__fiber_ready(f->joiner, ATH_OK);
}

/* ---- spawning ---- */

static bool is_on(const ath_loop *l) {
    return ath__here && ((const ath_fiber *)ath__here)->loop == l;
}

ath_status ath_loop_spawn_opts(ath_loop *l, ath_fiber_fn fn, void *arg, const ath_fiber_opts *o) {
    if (o->fiber)
        *o->fiber = NULL;
    if (!l || !fn)
        return ATH_ARGUMENT;
    ath_fiber *f = ath__fiber_new(l, fn, arg, o);
    if (!f)
        return ATH_NO_MEMORY;
    ath_status status = ATH_OK;
    if (o->fiber)
        *o->fiber = f;
    if (is_on(l))
        status = ath__fiber_begin(f);
    else
        ath__fiber_send(f);
    if (status == ATH_OK)
        return ATH_OK;
    ath__free(&l->allocator, f, sizeof *f);
    if (o->fiber)
        *o->fiber = NULL;
    return status;
}

/* ---- its end ---- */

void ath__fiber_cut(ath_fiber *f, ath_status why) {
    enum { GRACE_US = 10000000 };
    if (f->state == ATH__FIBER_OVER || f->ending != ATH_OK)
        return;
    f->ending = why;
    f->ended_us = ath__clock_us();
    if (f->state != ATH__FIBER_WAITING)
        return;
    if (!f->host.shield) {
        ath__fiber_ready(f, why);
    } else if (!f->patient && (!f->timer_at || f->timer_us > f->ended_us + GRACE_US)) {
        ath__timer_clear(f);
        (void)ath__timer_set(f, f->ended_us + GRACE_US);
    }
}

void ath_loop_cancel(ath_fiber *f) {
    if (f)
        ath__fiber_cut(f, ATH_CANCELLED);
}

ath_status ath__fiber_await(ath_fiber *self, ath_fiber *f) {
    f->joiner = self;
    while (f->state != ATH__FIBER_OVER) {
        ath_status why = ath__fiber_wait(self, INT64_MAX);
        if (why == ATH_OK || f->state == ATH__FIBER_OVER)
            continue;
        ath__fiber_cut(f, why);
        while (f->state != ATH__FIBER_OVER)
            ath__fiber_pause(self);
    }
    ath_status status = f->status;
    ath__free(&f->loop->allocator, f, sizeof *f);
    return status;
}

/* Whether the fiber is the other one, or waits for its end, or for the end of one that does. */
static bool waits_for(const ath_fiber *f, const ath_fiber *other) {
    while (other && other != f)
        other = other->joiner;
    return other;
}

ath_status ath_loop_join(ath_fiber *f) {
    ath_fiber *self = (ath_fiber *)ath__here;
    if (!f)
        return ATH_ARGUMENT;
    if (self && (self->loop != f->loop || f->joiner || waits_for(f, self)))
        return ATH_STATE;
    if (self)
        return ath__fiber_await(self, f);
    ATH_TRY(ath__loop_run_until(f->loop, f));
    ath_status status = f->status;
    ath__free(&f->loop->allocator, f, sizeof *f);
    return status;
}

/* ---- deadlines ---- */

ath_deadline ath_loop_deadline(int64_t milliseconds) {
    ath_fiber *self = (ath_fiber *)ath__here;
    if (!self)
        return (ath_deadline){INT64_MAX};
    ath_deadline before = {self->deadline_us};
    int64_t now = ath__clock_us(), ms = milliseconds < 0 ? 0 : milliseconds;
    int64_t until = ms < (INT64_MAX - now) / 1000 ? now + ms * 1000 : INT64_MAX;
    self->deadline_us = until < before.us ? until : before.us;
    return before;
}

void ath_loop_deadline_restore(ath_deadline before) {
    ath_fiber *self = (ath_fiber *)ath__here;
    if (self)
        self->deadline_us = before.us;
}

ath_status ath_loop_check(void) {
    return ath__here ? ath__here->can->check(ath__here) : ATH_OK;
}

void ath_loop_shield_begin(void) {
    ath__shield();
}

void ath_loop_shield_end(void) {
    ath__unshield();
}
