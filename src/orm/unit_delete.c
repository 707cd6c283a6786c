/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, delete: DELETEs, referencing objects first.
 *
 * Where tables refer to each other in cycles, or to themselves, the objects are put in order by their foreign keys, as the
 * images have them; a key that closes a cycle is made NULL first, if it may be.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* Deleted objects of mappers that go together. */
typedef struct removal {
    ath_session *s;
    ath__mapper *const *mappers;
    size_t count, nodes;
    uint32_t **node_of; /* per mapper and object its node + 1 */
    uint32_t *index, *mapper, *order;
    ath__edge *edges;
    size_t edge_count, edge_capacity;
    uint32_t cycle_from;
} removal;

/* ---- who refers to whom ---- */

static size_t place_of(const removal *r, const ath__mapper *m) {
    size_t i = 0;
    while (i < r->count && r->mappers[i] != m)
        i++;
    return i;
}

/* The node of the object that a foreign key of the image refers to; SIZE_MAX when it is none of these. */
static size_t referenced(const removal *r, size_t target, const ath__mapper *m, const ath__constraint *fk,
                         const void *image) {
    ath__mapper *to = r->mappers[target];
    for (size_t i = 0; i < fk->columns.count; i++) {
        const ath__column *from = ath__table_column_named(m->table, fk->columns.names[i]);
        const ath__column *key = ath__table_column_named(to->table, fk->target_columns.names[i]);
        ath_value v;
        static const ath_type plain = {.sql = ATH_SQL_INFER};
        if (!from || !key || !key->primary_key ||
            ath__field_get(from->ctype, from->size, &plain, (const char *)image + from->offset, &v, NULL) != ATH_OK ||
            v.kind == ATH_KIND_NULL ||
            ath__field_set(key->ctype, key->size, &plain, (char *)to->probe + key->offset, &v, &r->s->arena, NULL) !=
                ATH_OK)
            return SIZE_MAX;
    }
    const void *object = ath__identity_find_any(to, to->probe, ath__identity_hash(to, to->probe));
    size_t place = object ? place_of(r, ath__mapper_of(to, object)) : r->count;
    uint32_t node = place < r->count ? r->node_of[place][ath__head_of(object)->index] : 0;
    return node ? node - 1 : SIZE_MAX;
}

static ath_status add_edge(removal *r, size_t before, size_t after) {
    if (before == SIZE_MAX || after == SIZE_MAX || before == after)
        return ATH_OK;
    if (r->edge_count == r->edge_capacity) {
        size_t capacity = r->edge_capacity ? r->edge_capacity * 2 : 64;
        ath__edge *larger =
            ath__realloc(r->s->allocator, r->edges, r->edge_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(r->s);
        r->edges = larger;
        r->edge_capacity = capacity;
    }
    r->edges[r->edge_count++] = (ath__edge){(uint32_t)before, (uint32_t)after};
    return ATH_OK;
}

typedef ath_status (*reference_fn)(removal *r, size_t node, const ath__constraint *fk, size_t referenced);

static bool is_named(const ath_table *t, const char *name) {
    while (t && strcmp(t->name, name) != 0)
        t = ath__table_super(t);
    return t != NULL;
}

static size_t target_of(const removal *r, const ath__constraint *fk) {
    size_t i = 0;
    while (i < r->count && !is_named(r->mappers[i]->table, fk->target))
        i++;
    return i;
}

static ath_status each_reference(removal *r, size_t node, reference_fn visit) {
    const ath__mapper *m = r->mappers[r->mapper[node]];
    for (size_t k = 0; k < m->table->constraint_count; k++) {
        const ath__constraint *fk = &m->table->constraints[k];
        size_t target = fk->kind == ATH__FOREIGN_KEY ? target_of(r, fk) : r->count;
        if (target == r->count)
            continue;
        const void *image = ath__image_of(m, ath__mapper_object(m, r->index[node]));
        ATH_TRY(visit(r, node, fk, referenced(r, target, m, fk, image)));
    }
    return ATH_OK;
}

static ath_status note_reference(removal *r, size_t node, const ath__constraint *fk, size_t parent) {
    (void)fk;
    return add_edge(r, node, parent);
}

static ath_status sort(removal *r) {
    r->edge_count = 0;
    for (size_t node = 0; node < r->nodes; node++)
        ATH_TRY(each_reference(r, node, note_reference));
    if (ath__topo_sort(r->s->allocator, (uint32_t)r->nodes, r->edges, r->edge_count, r->order, &r->cycle_from) !=
        ATH_OK)
        return ath__session_no_memory(r->s);
    return ATH_OK;
}

/* ---- cycles ---- */

/* The columns that are nullable become NULL by an UPDATE; where none is, the database decides (it may check later). */
static ath_status cut(removal *r, size_t node, const ath__constraint *fk) {
    static const ath_value null = {.kind = ATH_KIND_NULL};
    const ath__mapper *m = r->mappers[r->mapper[node]];
    void *object = ath__mapper_object(m, r->index[node]);
    for (size_t i = 0; i < fk->columns.count; i++) {
        const ath__column *c = ath__table_column_named(m->table, fk->columns.names[i]);
        if (c && c->nullable && !c->primary_key)
            ATH_TRY(ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &null, &r->s->arena,
                                   &r->s->error));
    }
    return ATH_OK;
}

static ath_status cut_reference(removal *r, size_t node, const ath__constraint *fk, size_t parent) {
    return parent == SIZE_MAX || parent == node ? ATH_OK : cut(r, node, fk);
}

/* A database that looks at references after each row takes an object that refers to itself for its own child. */
static ath_status cut_self(removal *r, size_t node, const ath__constraint *fk, size_t parent) {
    ath__mapper *m = r->mappers[r->mapper[node]];
    if (parent != node || !ath__session_connection(r->s))
        return parent != node ? ATH_OK : r->s->error.status;
    if (ath__dialect_can(r->s->connection->dialect, ATH__CAN_DEFERRABLE))
        return ATH_OK;
    ATH_TRY(cut(r, node, fk));
    return ath__unit_place(r->s, m, ath__flush_updates(r->s, m, &r->index[node], 1));
}

static ath_status cut_selves(removal *r) {
    for (size_t node = 0; node < r->nodes; node++)
        ATH_TRY(each_reference(r, node, cut_self));
    return ATH_OK;
}

static ath_status cut_cycles(removal *r) {
    for (size_t i = r->cycle_from; i < r->nodes; i++) {
        size_t node = r->order[i];
        ath__mapper *m = r->mappers[r->mapper[node]];
        ATH_TRY(each_reference(r, node, cut_reference));
        ATH_TRY(ath__unit_place(r->s, m, ath__flush_updates(r->s, m, &r->index[node], 1)));
    }
    return sort(r);
}

/* ---- together ---- */

static ath_status delete_in_order(removal *r) {
    uint32_t *run = ath__alloc(r->s->allocator, r->nodes * sizeof *run);
    ath_status status = run ? ATH_OK : ath__session_no_memory(r->s);
    for (size_t i = 0, n = 0; status == ATH_OK && i < r->nodes; i++) {
        run[n++] = r->index[r->order[i]];
        ath__mapper *m = r->mappers[r->mapper[r->order[i]]];
        if (i + 1 < r->nodes && r->mapper[r->order[i + 1]] == r->mapper[r->order[i]])
            continue;
        status = ath__unit_place(r->s, m, ath__flush_deletes(r->s, m, run, n));
        n = 0;
    }
    ath__free(r->s->allocator, run, r->nodes * sizeof *run);
    return status;
}

static ath_status number_nodes(removal *r) {
    uint32_t node = 0;
    for (size_t i = 0; i < r->count; i++) {
        const ath__mapper *m = r->mappers[i];
        r->node_of[i] = ath__alloc_zero(r->s->allocator, m->count + 1, sizeof *r->node_of[i]);
        if (!r->node_of[i])
            return ath__session_no_memory(r->s);
        for (size_t k = 0; k < m->deleted.count; k++) {
            r->index[node] = m->deleted.items[k];
            r->mapper[node] = (uint32_t)i;
            r->node_of[i][m->deleted.items[k]] = ++node;
        }
    }
    return ATH_OK;
}

static ath_status delete_nodes(removal *r) {
    ATH_TRY(number_nodes(r));
    ATH_TRY(cut_selves(r));
    ATH_TRY(sort(r));
    if (r->cycle_from < r->nodes)
        ATH_TRY(cut_cycles(r));
    return delete_in_order(r);
}

static ath_status remove_together(ath_session *s, ath__mapper *const *mappers, size_t count) {
    removal r = {.s = s, .mappers = mappers, .count = count};
    for (size_t i = 0; i < count; i++)
        r.nodes += mappers[i]->deleted.count;
    if (!r.nodes)
        return ATH_OK;
    uint32_t *block = ath__alloc(s->allocator, 3 * r.nodes * sizeof *block);
    r.node_of = ath__alloc_zero(s->allocator, count, sizeof *r.node_of);
    r.index = block;
    ath_status status = block && r.node_of ? ATH_OK : ath__session_no_memory(s);
    if (status == ATH_OK) {
        r.mapper = block + r.nodes;
        r.order = r.mapper + r.nodes;
        status = delete_nodes(&r);
    }
    for (size_t i = 0; r.node_of && i < count; i++)
        ath__free(s->allocator, r.node_of[i], (mappers[i]->count + 1) * sizeof *r.node_of[i]);
    ath__free(s->allocator, r.node_of, count * sizeof *r.node_of);
    ath__free(s->allocator, block, 3 * r.nodes * sizeof *block);
    ath__free(s->allocator, r.edges, r.edge_capacity * sizeof *r.edges);
    return status;
}

/* ---- all ---- */

static bool refers_to_itself(const ath_table *t) {
    const ath_table *part = t;
    while (part && !ath__table_refers_to(t, part))
        part = ath__table_super(part);
    return part != NULL;
}

static ath_status remove_one(ath_session *s, ath__mapper *m) {
    if (m->deleted.count && refers_to_itself(m->table))
        return remove_together(s, &m, 1);
    return ath__unit_place(s, m, ath__flush_deletes(s, m, m->deleted.items, m->deleted.count));
}

/* When deletes come first, rows that stay must let go of those that they refer to, but may take what rows of their own
 * table have given up. */
static ath_status remove_in_turn(ath__unit *u, ath__mapper *m) {
    bool before = u->deletes_first && refers_to_itself(m->table);
    if (before)
        ATH_TRY(ath__unit_let_go(u->s, m));
    ATH_TRY(remove_one(u->s, m));
    return u->deletes_first && !before ? ath__unit_let_go(u->s, m) : ATH_OK;
}

ath_status ath__unit_remove(ath__unit *u) {
    ath_session *s = u->s;
    if (u->removed)
        return ATH_OK;
    u->removed = true;
    for (size_t i = 0; i < u->order_count; i++)
        ATH_TRY(ath__between_clear(s, u->order[i], u->order[i]->deleted.items, u->order[i]->deleted.count));
    for (size_t i = u->tangled_from; u->deletes_first && i < u->order_count; i++)
        ATH_TRY(ath__unit_let_go(s, u->order[i]));
    ATH_TRY(remove_together(s, u->order + u->tangled_from, u->order_count - u->tangled_from));
    for (size_t i = u->tangled_from; i-- > 0;)
        ATH_TRY(remove_in_turn(u, u->order[i]));
    return ATH_OK;
}
