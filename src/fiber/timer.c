/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: a binary heap of the fibers that wait for a time; each knows its place, so that it leaves at once.
 */
#include "fiber/fiber.h"

static void put(ath_loop *l, size_t at, ath_fiber *f) {
    l->timers[at] = f;
    f->timer_at = at + 1;
}

static void up(ath_loop *l, size_t at, ath_fiber *f) {
    while (at > 0 && l->timers[(at - 1) / 2]->timer_us > f->timer_us) {
        put(l, at, l->timers[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(l, at, f);
}

static void down(ath_loop *l, size_t at, ath_fiber *f) {
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < l->timer_count && l->timers[child + 1]->timer_us < l->timers[child]->timer_us)
            child++;
        if (child >= l->timer_count || l->timers[child]->timer_us >= f->timer_us)
            break;
        put(l, at, l->timers[child]);
        at = child;
    }
    put(l, at, f);
}

static bool has_room(ath_loop *l) {
    if (l->timer_count < l->timer_capacity)
        return true;
    size_t wanted = l->timer_capacity ? l->timer_capacity * 2 : 64, item = sizeof *l->timers;
    ath_fiber **more = ath__realloc(&l->allocator, l->timers, l->timer_capacity * item, wanted * item);
    if (!more)
        return false;
    l->timers = more;
    l->timer_capacity = wanted;
    return true;
}

ath_status ath__timer_set(ath_fiber *f, int64_t at_us) {
    ath_loop *l = f->loop;
    if (at_us == INT64_MAX)
        return ATH_OK;
    if (!has_room(l))
        return ATH_NO_MEMORY;
    f->timer_us = at_us;
    up(l, l->timer_count++, f);
    return ATH_OK;
}

void ath__timer_clear(ath_fiber *f) {
    ath_loop *l = f->loop;
    if (!f->timer_at)
        return;
    size_t at = f->timer_at - 1;
    ath_fiber *last = l->timers[--l->timer_count];
    f->timer_at = 0;
    if (last == f)
        return;
    if (at > 0 && l->timers[(at - 1) / 2]->timer_us > last->timer_us)
        up(l, at, last);
    else
        down(l, at, last);
}

int64_t ath__timer_next(const ath_loop *l) {
    return l->timer_count ? l->timers[0]->timer_us : INT64_MAX;
}

void ath__timer_fire(ath_loop *l) {
    if (!l->timer_count)
        return;
    int64_t now = ath__clock_us();
    while (l->timer_count && l->timers[0]->timer_us <= now) {
        ath_fiber *f = l->timers[0];
        ath__timer_clear(f);
        ath__fiber_ready(f, ATH_TIMEOUT);
    }
}
