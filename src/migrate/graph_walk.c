/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: sets, what is reached from where, and the order of a walk.  No recursion: a history may be long.
 */
#include "migrate/graph_int.h"

uint64_t *ath__set_new(const ath__graph *g) {
    return ath__arena_zero(g->arena, ath__set_words(g) * sizeof(uint64_t));
}

bool ath__spots_new(const ath__graph *g, uint32_t room, ath__spots *out) {
    out->count = 0;
    out->at = ath__arena_alloc(g->arena, (room ? room : 1) * sizeof *out->at);
    return out->at != NULL;
}

const ath__spots *ath__kin_of(const ath__vertex *v, ath__kin which) {
    switch (which) {
    case ATH__DOWN:
        return &v->down;
    case ATH__NEEDS:
        return &v->needs;
    case ATH__NEXT:
        return &v->next;
    case ATH__ALL_NEXT:
        return &v->all_next;
    case ATH__ALL_DOWN:
        break;
    }
    return &v->all_down;
}

void ath__reach(const ath__graph *g, ath__kin which, const ath__spots *from, uint64_t *set) {
    uint32_t depth = 0;
    for (uint32_t i = 0; i < from->count; i++) {
        if (!ATH__IS_SPOT(from->at[i]) || ath__in(set, from->at[i]))
            continue;
        ath__put(set, from->at[i]);
        g->stack[depth++] = from->at[i];
    }
    while (depth) { /* each is pushed once */
        const ath__spots *links = ath__kin_of(g->at[g->stack[--depth]], which);
        for (uint32_t i = 0; i < links->count; i++)
            if (!ath__in(set, links->at[i])) {
                ath__put(set, links->at[i]);
                g->stack[depth++] = links->at[i];
            }
    }
}

/* ---- order ---- */

/* The tips of the walk: each with all that it stands on, itself included. */
typedef struct tips {
    ath__graph *graph;
    uint32_t *at;
    uint64_t **below; /* the sets of those that are gone stay at the end, for use again */
    uint32_t count, made;
} tips;

static bool is_tip(const tips *t, uint32_t spot) {
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i] == spot)
            return true;
    return false;
}

static void set_tip(tips *t, uint32_t i, uint32_t spot) {
    ath__spots one = {1, &spot};
    t->at[i] = spot;
    memset(t->below[i], 0, ath__set_words(t->graph) * sizeof *t->below[i]);
    ath__reach(t->graph, ATH__NEEDS, &one, t->below[i]);
}

static bool add_tip(tips *t, uint32_t spot) {
    if (t->count == t->made) {
        if (!(t->below[t->made] = ath__set_new(t->graph)))
            return false;
        t->made++;
    }
    set_tip(t, t->count++, spot);
    return true;
}

static void drop_tip(tips *t, uint32_t i) {
    uint64_t *set = t->below[i];
    t->count--;
    memmove(t->at + i, t->at + i + 1, (t->count - i) * sizeof *t->at);
    memmove(t->below + i, t->below + i + 1, (t->count - i) * sizeof(uint64_t *));
    t->below[t->count] = set;
}

static bool begin(ath__graph *g, const uint64_t *todo, const ath__spots *heads, tips *t) {
    uint64_t *given = ath__set_new(g);
    *t = (tips){.graph = g};
    t->at = ath__arena_alloc(g->arena, (g->count + 1) * sizeof *t->at);
    t->below = ath__arena_alloc(g->arena, (g->count + 1) * sizeof(uint64_t *));
    if (!given || !t->at || !t->below)
        return false;
    for (uint32_t i = 0; i < heads->count; i++)
        if (ATH__IS_SPOT(heads->at[i]) && ath__in(todo, heads->at[i]))
            ath__put(given, heads->at[i]);
    for (uint32_t i = 0; i < g->count; i++)
        if (ath__in(given, i) && !add_tip(t, i))
            return false;
    return true;
}

/* Another tip that stands on this one; count: none. */
static uint32_t in_the_way(const tips *t, uint32_t at) {
    uint32_t i = 0;
    while (i < t->count && (i == at || !ath__in(t->below[i], t->at[at])))
        i++;
    return i;
}

/* Goes on from a tip that is done; whether memory sufficed. */
static bool descend(tips *t, uint32_t *at, const uint64_t *todo) {
    uint32_t done = t->at[*at], place = *at;
    const ath__vertex *v = t->graph->at[done];
    bool plain = v->needs.count == 1 && v->down.count == 1, moved = false;
    for (uint32_t i = 0; i < v->needs.count; i++) {
        uint32_t next = v->needs.at[i];
        if (!ath__in(todo, next) || is_tip(t, next))
            continue;
        if (moved) {
            if (!add_tip(t, next))
                return false;
        } else if (plain) { /* what it stands on is the same less itself */
            t->at[place] = next;
            ath__take(t->below[place], done);
        } else {
            set_tip(t, place, next);
        }
        moved = true;
    }
    if (moved)
        return true;
    drop_tip(t, place);
    *at = place ? place - 1 : 0;
    return true;
}

ath_status ath__walk_order(ath__graph *g, uint64_t *todo, const ath__spots *heads, ath__spots *out, ath_error *error) {
    tips t;
    uint32_t at = 0;
    if (!ath__spots_new(g, g->count, out) || !begin(g, todo, heads, &t))
        return ath__fail_memory(error);
    while (t.count) {
        uint32_t other = in_the_way(&t, at);
        if (other < t.count) {
            at = other;
            continue;
        }
        if (ath__in(todo, t.at[at])) {
            out->at[out->count++] = t.at[at];
            ath__take(todo, t.at[at]);
        }
        if (!descend(&t, &at, todo))
            return ath__fail_memory(error);
    }
    for (uint32_t i = 0; i < g->count; i++)
        if (ath__in(todo, i))
            return ath__fail(error, ATH_ARGUMENT, "Revision %s is not on the way that was asked for",
                             g->at[i]->node.id);
    return ATH_OK;
}

/* ---- answers ---- */

ath_status ath__nodes_of(ath__graph *g, const ath__spots *spots, ath__nodes *out, ath_error *error) {
    const ath__node **at = ath__arena_alloc(g->arena, (spots->count + 1) * sizeof(ath__node *));
    if (!at)
        return ath__fail_memory(error);
    for (uint32_t i = 0; i < spots->count; i++)
        at[i] = &g->at[spots->at[i]]->node;
    *out = (ath__nodes){spots->count, at};
    return ATH_OK;
}

bool ath__names_of(const ath__graph *g, const ath__spots *spots, ath_name_list *out) {
    const char **names = ath__arena_alloc(g->arena, (spots->count + 1) * sizeof(const char *));
    for (uint32_t i = 0; names && i < spots->count; i++)
        names[i] = g->at[spots->at[i]]->node.id;
    *out = (ath_name_list){spots->count, names};
    return names != NULL;
}
