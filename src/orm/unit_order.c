/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, order: which mappers, and which new objects of mappers that refer to each other, are written first.
 *
 * Referenced tables come first for inserts and updates, last for deletes; among the free, in the order in which the
 * session met them, so that the same program always sends the same statements.  Where tables refer to each other in a
 * cycle, or to themselves, new objects are put in levels; a reference that would close a cycle of objects is written by an
 * UPDATE afterwards, if its columns may be NULL meanwhile.
 */
#include "orm/unit.h"

/* ---- mappers ---- */

typedef struct edges {
    const ath_allocator *allocator;
    ath__edge *items;
    size_t count, capacity;
} edges;

static ath_status add_edge(ath_session *s, edges *e, size_t before, size_t after) {
    if (before == after || before >= s->mapper_count || after >= s->mapper_count)
        return ATH_OK;
    if (e->count == e->capacity) {
        size_t capacity = e->capacity ? e->capacity * 2 : 32;
        ath__edge *larger =
            ath__realloc(s->allocator, e->items, e->capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(s);
        e->items = larger;
        e->capacity = capacity;
    }
    e->items[e->count++] = (ath__edge){(uint32_t)before, (uint32_t)after};
    return ATH_OK;
}

/* A row of a class is one of the tables that it inherits from, too. */
static bool has_rows_in(const ath_table *t, const char *table) {
    while (t && !(t->name && strcmp(t->name, table) == 0))
        t = ath__table_super(t);
    return t != NULL;
}

/* The mapper's rows refer to those of a table. */
static ath_status refers_to_table(ath_session *s, edges *e, size_t i, const char *table) {
    for (size_t k = 0; k < s->mapper_count; k++)
        if (has_rows_in(s->mappers[k]->table, table))
            ATH_TRY(add_edge(s, e, k, i));
    return ATH_OK;
}

/* The mapper's objects and those of a relation's target. */
static ath_status add_link(ath_session *s, edges *e, size_t i, const ath__link *link) {
    for (size_t k = 0; k < s->mapper_count; k++)
        if (ath__table_is(s->mappers[k]->table, link->target))
            ATH_TRY(ath__link_is_belongs_to(link) ? add_edge(s, e, k, i) : add_edge(s, e, i, k));
    return ATH_OK;
}

/* Foreign keys of the schema, and relations that are none. */
static ath_status gather_edges(ath_session *s, edges *e) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        const ath__mapper *m = s->mappers[i];
        for (size_t k = 0; k < m->table->constraint_count; k++)
            if (m->table->constraints[k].kind == ATH__FOREIGN_KEY)
                ATH_TRY(refers_to_table(s, e, i, m->table->constraints[k].target));
        for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
            const ath__link *link = &m->links[k];
            if (link->secondary || !ath__link_is_written(link) || link->relation->opts.post_update)
                continue;
            ATH_TRY(add_link(s, e, i, link));
        }
    }
    return ATH_OK;
}

static ath_status sort_mappers(ath__unit *u, const edges *e) {
    ath_session *s = u->s;
    size_t n = s->mapper_count;
    uint32_t *sorted = ath__alloc(s->allocator, (n + 1) * sizeof *sorted), cycle_from = (uint32_t)n;
    ath_status status =
        sorted ? ath__topo_sort(s->allocator, (uint32_t)n, e->items, e->count, sorted, &cycle_from) : ATH_NO_MEMORY;
    for (size_t i = 0; status == ATH_OK && i < n; i++)
        u->order[i] = s->mappers[sorted[i]];
    u->tangled_from = cycle_from;
    ath__free(s->allocator, sorted, (n + 1) * sizeof *sorted);
    return status == ATH_OK ? ATH_OK : ath__session_no_memory(s);
}

ath_status ath__unit_order(ath__unit *u) {
    ath_session *s = u->s;
    edges e = {.allocator = s->allocator};
    u->order_count = u->order_room = s->mapper_count;
    u->order = ath__alloc(s->allocator, (u->order_room + 1) * sizeof *u->order);
    if (!u->order)
        return ath__session_no_memory(s);
    ath_status status = gather_edges(s, &e);
    if (status == ATH_OK)
        status = sort_mappers(u, &e);
    ath__free(s->allocator, e.items, e.capacity * sizeof *e.items);
    return status;
}

/* ---- levels of new objects ---- */

typedef struct leveling {
    ath_session *s;
    ath__mapper *const *mappers;
    size_t count;
    uint32_t *levels, *order;
    size_t nodes;
    edges references; /* one per sync between new objects that is not deferred */
    ath__sync **syncs;
    size_t sync_capacity;
    uint32_t cycle_from;
} leveling;

static size_t first_node(const leveling *l, const ath__mapper *m) {
    size_t first = 0;
    for (size_t i = 0; i < l->count && l->mappers[i] != m; i++)
        first += l->mappers[i]->pending.count;
    return first;
}

/* The node of a new object; SIZE_MAX when it is none of these.  Lists of new objects ascend. */
static size_t node_of(const leveling *l, const void *object) {
    if (!object || ath__head_of(object)->state != ATH_STATE_PENDING)
        return SIZE_MAX;
    const ath__mapper *m = l->s->mappers[ath__head_of(object)->mapper];
    uint32_t index = ath__head_of(object)->index;
    size_t low = 0, high = m->pending.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->pending.items[middle] < index)
            low = middle + 1;
        else
            high = middle;
    }
    size_t node = first_node(l, m) + low;
    return low < m->pending.count && m->pending.items[low] == index && node < l->nodes ? node : SIZE_MAX;
}

static bool is_post_update(const ath__link *link) {
    return link->relation->opts.post_update || (link->inverse && link->inverse->opts.post_update);
}

static bool may_be_deferred(const ath__sync *sync) {
    for (size_t i = 0; i < sync->link->count; i++)
        if (!ath__sync_to(sync)[i]->nullable || ath__sync_to(sync)[i]->primary_key)
            return false;
    return true;
}

static ath_status add_reference(leveling *l, ath__sync *sync) {
    size_t child = node_of(l, sync->child), parent = node_of(l, sync->parent);
    if (is_post_update(sync->link) && sync->parent && may_be_deferred(sync) && child != SIZE_MAX)
        sync->deferred = true;
    if (sync->deferred || child == SIZE_MAX || parent == SIZE_MAX)
        return ATH_OK;
    if (child == parent) { /* an object that refers to itself */
        sync->deferred = may_be_deferred(sync);
        return ATH_OK;
    }
    size_t before = l->references.capacity;
    if (l->references.count == before) {
        size_t capacity = before ? before * 2 : 32;
        ath__sync **syncs =
            ath__realloc(l->s->allocator, l->syncs, l->sync_capacity * sizeof *syncs, capacity * sizeof *syncs);
        ath__edge *larger = syncs ? ath__realloc(l->s->allocator, l->references.items, before * sizeof *larger,
                                                 capacity * sizeof *larger)
                                  : NULL;
        if (syncs) {
            l->syncs = syncs;
            l->sync_capacity = capacity;
        }
        if (!larger)
            return ath__session_no_memory(l->s);
        l->references.items = larger;
        l->references.capacity = capacity;
    }
    l->syncs[l->references.count] = sync;
    l->references.items[l->references.count++] = (ath__edge){(uint32_t)parent, (uint32_t)child};
    return ATH_OK;
}

static ath_status gather_references(leveling *l) {
    l->references.count = 0;
    for (size_t i = 0; i < l->count; i++)
        for (size_t k = 0; k < l->mappers[i]->sync_count; k++)
            ATH_TRY(add_reference(l, &l->mappers[i]->syncs[k]));
    return ATH_OK;
}

/* Of the references between objects of the cycle, those by the first relation that may wait. */
static ath_status defer_some(leveling *l, const uint32_t *position) {
    const ath__link *link = NULL, *any = NULL;
    for (size_t i = 0; i < l->references.count; i++) {
        const ath__edge *e = &l->references.items[i];
        if (position[e->before] < l->cycle_from || position[e->after] < l->cycle_from)
            continue;
        any = l->syncs[i]->link;
        if (!link && may_be_deferred(l->syncs[i]))
            link = l->syncs[i]->link;
        if (link && link == l->syncs[i]->link)
            l->syncs[i]->deferred = true;
    }
    if (link || !any)
        return ATH_OK;
    return ath__fail(&l->s->error, ATH_ARGUMENT,
                     "circular dependency: new objects refer to each other in a cycle (%s.%s is on it), and no foreign "
                     "key of it may be NULL for a moment",
                     any->owner->model->name, any->relation->field);
}

static ath_status sort_nodes(leveling *l) {
    uint32_t *position = ath__alloc(l->s->allocator, (l->nodes + 1) * sizeof *position);
    ath_status status = position ? ATH_OK : ath__session_no_memory(l->s);
    do {
        if (status == ATH_OK)
            status = gather_references(l);
        if (status == ATH_OK && ath__topo_sort(l->s->allocator, (uint32_t)l->nodes, l->references.items,
                                               l->references.count, l->order, &l->cycle_from) != ATH_OK)
            status = ath__session_no_memory(l->s);
        if (status != ATH_OK || l->cycle_from == l->nodes)
            break;
        for (uint32_t i = 0; i < l->nodes; i++)
            position[l->order[i]] = i;
        status = defer_some(l, position);
    } while (status == ATH_OK);
    ath__free(l->s->allocator, position, (l->nodes + 1) * sizeof *position);
    return status;
}

static int by_before(const void *a, const void *b) {
    const ath__edge *x = a, *y = b;
    return (x->before > y->before) - (x->before < y->before);
}

/* Each node is one level above the highest that it refers to. */
static uint32_t raise_levels(leveling *l) {
    uint32_t highest = 0;
    ath__edge *e = l->references.items;
    if (l->references.count)
        qsort(e, l->references.count, sizeof *e, by_before);
    memset(l->levels, 0, l->nodes * sizeof *l->levels);
    for (size_t i = 0; i < l->nodes; i++) {
        uint32_t node = l->order[i];
        size_t low = 0, high = l->references.count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (e[middle].before < node)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < l->references.count && e[low].before == node; low++)
            if (l->levels[e[low].after] <= l->levels[node])
                l->levels[e[low].after] = l->levels[node] + 1;
        highest = l->levels[node] > highest ? l->levels[node] : highest;
    }
    return highest + 1;
}

/* Sorts a mapper's new objects by level; those of one level stay in order. */
static ath_status sort_pending(ath_session *s, ath__mapper *m, uint32_t *levels, uint32_t level_count) {
    size_t n = m->pending.count, at = 0;
    uint32_t *copy = ath__alloc(s->allocator, (2 * n + level_count + 1) * sizeof *copy);
    if (!copy)
        return ath__session_no_memory(s);
    uint32_t *level_copy = copy + n, *start = copy + 2 * n;
    memset(start, 0, (level_count + 1) * sizeof *start);
    for (size_t i = 0; i < n; i++) {
        copy[i] = m->pending.items[i];
        level_copy[i] = levels[i];
        start[levels[i] + 1]++;
    }
    for (uint32_t level = 0; level < level_count; level++)
        start[level + 1] += start[level];
    for (size_t i = 0; i < n; i++) {
        at = start[level_copy[i]]++;
        m->pending.items[at] = copy[i];
        levels[at] = level_copy[i];
    }
    ath__free(s->allocator, copy, (2 * n + level_count + 1) * sizeof *copy);
    return ATH_OK;
}

static ath_status level(leveling *l, uint32_t *level_count) {
    ATH_TRY(sort_nodes(l));
    *level_count = raise_levels(l);
    size_t first = 0;
    for (size_t i = 0; i < l->count; i++) {
        ATH_TRY(sort_pending(l->s, l->mappers[i], l->levels + first, *level_count));
        first += l->mappers[i]->pending.count;
    }
    return ATH_OK;
}

ath_status ath__unit_levels(ath_session *s, ath__mapper *const *mappers, size_t count, uint32_t *levels,
                            uint32_t *level_count) {
    leveling l = {.s = s, .mappers = mappers, .count = count, .levels = levels};
    for (size_t i = 0; i < count; i++)
        l.nodes += mappers[i]->pending.count;
    l.order = ath__alloc(s->allocator, (l.nodes + 1) * sizeof *l.order);
    ath_status status = l.order ? level(&l, level_count) : ath__session_no_memory(s);
    ath__free(s->allocator, l.order, (l.nodes + 1) * sizeof *l.order);
    ath__free(s->allocator, l.references.items, l.references.capacity * sizeof *l.references.items);
    ath__free(s->allocator, l.syncs, l.sync_capacity * sizeof *l.syncs);
    return status;
}
