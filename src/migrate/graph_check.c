/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: what is wrong with it.  Names used twice; loops, wherever they are, and the loop itself is told.
 */
#include "migrate/graph_int.h"

/* ---- names ---- */

static int by_name(const void *a, const void *b) {
    const ath__graph_key *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0 && x->is_label != y->is_label)
        return x->is_label ? 1 : -1;
    return order ? order : (x->spot > y->spot) - (x->spot < y->spot);
}

static const char *path_of(const ath__node *n) {
    return n->path ? n->path : n->id;
}

static ath_status twice(const ath__graph *g, const ath__graph_key *a, const ath__graph_key *b, ath_error *error) {
    const ath__node *first = &g->at[a->spot]->node, *second = &g->at[b->spot]->node;
    if (!b->is_label)
        return ath__fail(error, ATH_ARGUMENT,
                         "Revision %s is present more than once: in %s and %s" ATH__HINT "give one of them another id",
                         a->name, path_of(first), path_of(second));
    return ath__fail(error, ATH_ARGUMENT, "Branch name '%s' in revision %s already used by revision %s", a->name,
                     second->id, first->id);
}

ath_status ath__graph_check_keys(ath__graph *g, ath_error *error) {
    size_t count = 0;
    for (uint32_t i = 0; i < g->count; i++)
        count += 1 + g->at[i]->node.labels.count;
    g->keys = ath__arena_alloc(g->arena, (count + 1) * sizeof *g->keys);
    if (!g->keys)
        return ath__fail_memory(error);
    for (uint32_t i = 0; i < g->count; i++) {
        const ath__node *n = &g->at[i]->node;
        g->keys[g->key_count++] = (ath__graph_key){n->id, i, false};
        for (size_t j = 0; j < n->labels.count; j++)
            g->keys[g->key_count++] = (ath__graph_key){n->labels.names[j], i, true};
    }
    qsort(g->keys, g->key_count, sizeof *g->keys, by_name);
    for (uint32_t i = 1; i < g->key_count; i++)
        if (strcmp(g->keys[i - 1].name, g->keys[i].name) == 0)
            return twice(g, &g->keys[i - 1], &g->keys[i], error);
    return ATH_OK;
}

/* What was squashed is gone: else it would run twice. */
ath_status ath__graph_check_replaced(ath__graph *g, ath_error *error) {
    for (uint32_t i = 0; i < g->count; i++) {
        const ath__node *n = &g->at[i]->node;
        for (size_t j = 0; j < n->replaces.count; j++) {
            const ath__node *old = ath__graph_node(g, n->replaces.names[j]);
            if (old && old != n)
                return ath__fail(error, ATH_ARGUMENT,
                                 "Revision %s replaces %s, which is still there" ATH__HINT "delete %s", n->id, old->id,
                                 path_of(old));
        }
    }
    return ATH_OK;
}

/* ---- loops ---- */

typedef struct loops {
    ath__graph *graph;
    ath__kin down, up;
    const char *kind;
    uint32_t *waiting; /* parents not yet seen */
    uint64_t *free;    /* those that no loop is below */
} loops;

/* Takes away what stands on nothing, again and again; true when nothing remains. */
static bool untangle(loops *l) {
    ath__graph *g = l->graph;
    uint32_t depth = 0, seen = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        l->waiting[i] = ath__kin_of(g->at[i], l->down)->count;
        if (!l->waiting[i])
            g->stack[depth++] = i;
    }
    while (depth) {
        uint32_t spot = g->stack[--depth];
        const ath__spots *up = ath__kin_of(g->at[spot], l->up);
        ath__put(l->free, spot);
        seen++;
        for (uint32_t i = 0; i < up->count; i++)
            if (--l->waiting[up->at[i]] == 0)
                g->stack[depth++] = up->at[i];
    }
    return seen == g->count;
}

static uint32_t tangled_parent(const loops *l, uint32_t spot) {
    const ath__spots *down = ath__kin_of(l->graph->at[spot], l->down);
    uint32_t i = 0;
    while (ath__in(l->free, down->at[i])) /* one is not free, or this one were */
        i++;
    return down->at[i];
}

/* The loop into the graph's stack, parents first; its length. */
static uint32_t trace(const loops *l) {
    uint32_t spot = 0, length = 0;
    while (ath__in(l->free, spot))
        spot++;
    for (uint32_t i = 0; i < l->graph->count; i++) /* after so many steps it is inside of the loop */
        spot = tangled_parent(l, spot);
    uint32_t from = spot;
    do {
        l->graph->stack[length++] = spot;
        spot = tangled_parent(l, spot);
    } while (spot != from);
    for (uint32_t i = 0; i < length / 2; i++) {
        uint32_t other = l->graph->stack[i];
        l->graph->stack[i] = l->graph->stack[length - 1 - i];
        l->graph->stack[length - 1 - i] = other;
    }
    return length;
}

/* Those of which Alembic speaks: not between a head and a base. */
static bool cut_off(loops *l, ath__spots *out) {
    ath__graph *g = l->graph;
    uint64_t *below = ath__set_new(g), *above = ath__set_new(g);
    ath__spots bases, heads;
    if (!below || !above || !ath__spots_new(g, g->count, &bases) || !ath__spots_new(g, g->count, &heads) ||
        !ath__spots_new(g, g->count, out))
        return false;
    for (uint32_t i = 0; i < g->count; i++) {
        if (!ath__kin_of(g->at[i], l->down)->count)
            bases.at[bases.count++] = i;
        if (!ath__kin_of(g->at[i], l->up)->count)
            heads.at[heads.count++] = i;
    }
    ath__reach(g, l->down, &heads, below);
    ath__reach(g, l->up, &bases, above);
    for (uint32_t i = 0; i < g->count; i++)
        if (!ath__in(below, i) || !ath__in(above, i))
            out->at[out->count++] = i;
    return true;
}

static void write_list(const loops *l, const ath__spots *list, ath__buf *out) {
    for (uint32_t i = 0; i < list->count && out->size < 200; i++)
        ath__buf_printf(out, "%s%s", i ? ", " : "", l->graph->at[list->at[i]]->node.id);
}

/* All of a graph without a head or a base in order, else sorted by id. */
static void sort_ids(const ath__graph *g, ath__spots *list) {
    uint32_t count = 0;
    uint64_t *set = ath__set_new(g);
    if (!set)
        return;
    for (uint32_t i = 0; i < list->count; i++)
        ath__put(set, list->at[i]);
    for (uint32_t i = 0; i < g->key_count; i++)
        if (!g->keys[i].is_label && ath__in(set, g->keys[i].spot))
            list->at[count++] = g->keys[i].spot;
}

static ath_status tell(loops *l, ath_error *error) {
    ath__graph *g = l->graph;
    ath__spots list, loop;
    ath__buf text;
    if (!cut_off(l, &list) || !ath__spots_new(g, g->count + 1, &loop))
        return ath__fail_memory(error);
    loop.count = trace(l);
    memcpy(loop.at, g->stack, loop.count * sizeof *loop.at);
    if (!list.count) {
        memcpy(list.at, loop.at, loop.count * sizeof *list.at);
        list.count = loop.count;
    }
    if (list.count < g->count)
        sort_ids(g, &list);
    ath__buf_init(&text, g->arena->allocator);
    ath__buf_printf(&text, "%s is detected in revisions (", l->kind);
    write_list(l, &list, &text);
    ath__buf_str(&text, "): ");
    for (uint32_t i = 0; i < loop.count && text.size < 400; i++)
        ath__buf_printf(&text, "%s -> ", g->at[loop.at[i]]->node.id);
    ath__buf_str(&text, g->at[loop.at[0]]->node.id);
    ath_status status =
        text.failed ? ath__fail_memory(error) : ath__fail(error, ATH_ARGUMENT, "%s", ath__buf_text(&text));
    ath__buf_done(&text);
    return status;
}

static ath_status check(ath__graph *g, const char *kind, ath__kin down, ath__kin up, ath_error *error) {
    loops l = {.graph = g, .down = down, .up = up, .kind = kind};
    l.waiting = ath__arena_alloc(g->arena, (g->count + 1) * sizeof *l.waiting);
    l.free = ath__set_new(g);
    if (!l.waiting || !l.free)
        return ath__fail_memory(error);
    return untangle(&l) ? ATH_OK : tell(&l, error);
}

ath_status ath__graph_check_cycles(ath__graph *g, ath_error *error) {
    ATH_TRY(check(g, "Cycle", ATH__DOWN, ATH__NEXT, error));
    return check(g, "Dependency cycle", ATH__ALL_DOWN, ATH__ALL_NEXT, error);
}
