/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: several fibers at once, and not too many.
 */
#include "fiber/fiber.h"

/* ---- limits ---- */

/* One that waits to enter; lives on its stack. */
typedef struct waiting {
    ath_fiber *fiber;
    bool served;
    struct waiting *next, *previous;
} waiting;

struct ath_limit {
    ath_loop *loop;
    size_t most, inside;
    waiting *head, *tail;
};

static void limit_init(ath_limit *limit, ath_loop *l, size_t most) {
    *limit = (ath_limit){.loop = l, .most = most ? most : 1};
}

ath_limit *ath_limit_new(ath_loop *l, size_t most) {
    ath_limit *limit = l ? ath__alloc(&l->allocator, sizeof *limit) : NULL;
    if (limit)
        limit_init(limit, l, most);
    return limit;
}

void ath_limit_free(ath_limit *limit) {
    if (limit)
        ath__free(&limit->loop->allocator, limit, sizeof *limit);
}

static void dequeue(ath_limit *limit, const waiting *w) {
    if (w->previous)
        w->previous->next = w->next;
    else
        limit->head = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        limit->tail = w->previous;
}

static ath_status wait_for_turn(ath_limit *limit, ath_fiber *self) {
    waiting w = {.fiber = self, .previous = limit->tail};
    if (limit->tail)
        limit->tail->next = &w;
    else
        limit->head = &w;
    limit->tail = &w;
    ath_status status = ath__fiber_wait(self, INT64_MAX);
    if (w.served) /* also when it was cancelled at the same time: it is inside */
        return ATH_OK;
    dequeue(limit, &w);
    return status;
}

ath_status ath_limit_enter(ath_limit *limit) {
    ath_fiber *self = (ath_fiber *)ath__here;
    if (!limit)
        return ATH_ARGUMENT;
    if (!self || self->loop != limit->loop)
        return ATH_STATE;
    ATH_TRY(ath__fiber_may(self));
    if (limit->inside >= limit->most)
        return wait_for_turn(limit, self);
    limit->inside++;
    return ATH_OK;
}

void ath_limit_leave(ath_limit *limit) {
    waiting *w = limit ? limit->head : NULL;
    if (w) {
        dequeue(limit, w);
        w->served = true;
        ath__fiber_ready(w->fiber, ATH_OK);
    } else if (limit && limit->inside) {
        limit->inside--;
    }
}

/* ---- groups ---- */

struct ath_group {
    ath_loop *loop;
    ath_limit limit; /* .most 0: none */
    bool keep_going;
    ath_status failed;  /* the first that did */
    ath_fiber *members; /* linked by .next_member */
    size_t count;
    ath_fiber *joiner;
};

ath_group *ath_group_new_opts(const ath_group_opts *o) {
    ath_fiber *self = (ath_fiber *)ath__here;
    ath_group *g = self ? ath__alloc_zero(&self->loop->allocator, 1, sizeof *g) : NULL;
    if (!g)
        return NULL;
    g->loop = self->loop;
    g->keep_going = o->keep_going;
    limit_init(&g->limit, g->loop, o->limit ? o->limit : SIZE_MAX);
    return g;
}

ath_status ath_group_spawn_at(ath_group *g, ath_fiber_fn fn, void *arg, const char *file, int line) {
    if (!g || !fn)
        return ATH_ARGUMENT;
    ATH_TRY(ath_limit_enter(&g->limit));
    const ath_fiber_opts opts = {.struct_size = sizeof opts, .file = file, .line = line};
    bool stopped = g->failed != ATH_OK && !g->keep_going;
    ath_fiber *f = stopped ? NULL : ath__fiber_new(g->loop, fn, arg, &opts);
    if (!f || ath__fiber_begin(f) != ATH_OK) {
        ath__free(&g->loop->allocator, f, sizeof *f);
        ath_limit_leave(&g->limit);
        return stopped ? ATH_CANCELLED : ATH_NO_MEMORY;
    }
    f->group = g;
    f->next_member = g->members;
    if (g->members)
        g->members->previous_member = f;
    g->members = f;
    g->count++;
    return ATH_OK;
}

static void cut_all(ath_group *g, ath_status why) {
    for (ath_fiber *f = g->members; f; f = f->next_member)
        ath__fiber_cut(f, why);
}

void ath_group_cancel(ath_group *g) {
    if (g)
        cut_all(g, ATH_CANCELLED);
}

void ath__group_ended(ath_group *g, ath_fiber *f) {
    if (f->previous_member)
        f->previous_member->next_member = f->next_member;
    else
        g->members = f->next_member;
    if (f->next_member)
        f->next_member->previous_member = f->previous_member;
    g->count--;
    if (f->status != ATH_OK && g->failed == ATH_OK) {
        g->failed = f->status;
        if (!g->keep_going)
            cut_all(g, ATH_CANCELLED);
    }
    ath__free(&g->loop->allocator, f, sizeof *f);
    ath_limit_leave(&g->limit);
    if (!g->count && g->joiner)
        ath__fiber_ready(g->joiner, ATH_OK);
}

ath_status ath_group_join(ath_group *g) {
    ath_fiber *self = (ath_fiber *)ath__here;
    if (!g)
        return ATH_ARGUMENT;
    if (!self || self->loop != g->loop || self->group == g)
        return ATH_STATE;
    g->joiner = self;
    for (ath_status why = ATH_OK; g->count;) {
        if (why == ATH_OK) {
            why = ath__fiber_wait(self, INT64_MAX);
            if (why != ATH_OK)
                cut_all(g, why);
        } else {
            ath__fiber_pause(self);
        }
    }
    ath_status status = g->failed;
    ath__free(&g->loop->allocator, g, sizeof *g);
    return status;
}
