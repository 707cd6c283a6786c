/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: the classes of a hierarchy, from its root down; the table that single-table classes share; and which rows
 * are of which class.
 */
#include "sql/inherit.h"

#include <string.h>

#define WRONG(error, ...) ath__fail(error, ATH_ARGUMENT, __VA_ARGS__)

typedef struct building {
    ath__hierarchy *h;
    ath_error *error;
    size_t capacity;
} building;

/* ---- the classes ---- */

static ath_status add_class(building *b, const ath_table *t) {
    ath__hierarchy *h = b->h;
    if (h->count == b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 8;
        ath__class *larger = ath__arena_zero(&h->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(b->error);
        if (h->count)
            memcpy(larger, h->classes, h->count * sizeof *larger);
        h->classes = larger;
        b->capacity = capacity;
    }
    h->classes[h->count++].table = t;
    return ATH_OK;
}

static ath_status check_child(const building *b, const ath_table *t, const ath_table *child) {
    const ath__lineage *l = child->lineage;
    if (!l || l->parent != t)
        return WRONG(b->error, "model %s names %s as a subclass, which does not say ath_inherits(..., %s)",
                     t->model->name, child->model->name, t->model->name);
    if (b->h->kinship && l->kinship != b->h->kinship)
        return WRONG(b->error,
                     "model %s: the classes of a hierarchy are all in one table, or all joined, or all concrete",
                     child->model->name);
    for (size_t i = 0; i < b->h->count; i++) {
        const ath__lineage *other = b->h->classes[i].table->lineage;
        if (b->h->classes[i].table == child)
            return WRONG(b->error, "model %s is named twice in ath_subclasses", child->model->name);
        if (l->polymorphic && l->identity.kind != ATH_KIND_NULL && ath__value_equal(&l->identity, &other->identity))
            return WRONG(b->error, "models %s and %s have the same identity", b->h->classes[i].table->model->name,
                         child->model->name);
    }
    return ATH_OK;
}

static ath_status add_classes(building *b, const ath_table *t, int depth) {
    size_t at = b->h->count;
    if (depth >= ATH__PARTS)
        return WRONG(b->error, "model %s: classes inherit more than %d deep", t->model->name, ATH__PARTS);
    ATH_TRY(add_class(b, t));
    for (size_t i = 0; i < t->lineage->subclass_count; i++) {
        const ath_table *child = ath_model_table(t->lineage->subclasses[i], b->error);
        if (!child)
            return ath__failed(b->error);
        ATH_TRY(check_child(b, t, child));
        b->h->kinship = child->lineage->kinship;
        ATH_TRY(add_classes(b, child, depth + 1));
    }
    b->h->classes[at].end = b->h->count;
    return ATH_OK;
}

/* ---- the table that they share ---- */

static ath_status run_body(building *b, ath_mapper *m, const ath_table *of) {
    const ath_allocator *a = ath__process_allocator;
    size_t size = of->model->size ? of->model->size : 1;
    void *blank = ath__alloc_zero(a, 1, size);
    if (!blank)
        return ath__fail_memory(b->error);
    m->model = of->model;
    m->called = ath__arena_printf(&m->table->arena, "model %s", of->model->name);
    if (m->called)
        of->model->define(m, blank);
    else
        ath__mapper_no_memory(m);
    ath__free(a, blank, size);
    m->shared = true;
    return ATH_OK;
}

static ath_status build_whole(building *b) {
    ath__hierarchy *h = b->h;
    const ath_table *root = h->classes[0].table;
    ath_mapper m = {.path = "", .own_only = true, .table = ath__table_make(ath__process_allocator, root->name)};
    if (!m.table)
        return ath__fail_memory(b->error);
    h->whole = m.table;
    for (size_t i = 0; i < h->count && m.error.status == ATH_OK; i++)
        ATH_TRY(run_body(b, &m, h->classes[i].table));
    m.model = m.table->model = root->model;
    ath__mapper_finish(&m);
    m.table->filter = NULL;
    if (m.error.status != ATH_OK && b->error)
        *b->error = m.error;
    return m.error.status;
}

/* Where each column of a class stands in the table that all share. */
static ath_status place_columns(building *b, ath__class *c) {
    uint16_t *row_of = ath__arena_zero(&b->h->arena, c->table->column_count * sizeof *row_of);
    if (!row_of)
        return ath__fail_memory(b->error);
    for (size_t i = 0; i < c->table->column_count; i++) {
        const ath__column *there = ath__table_column_named(b->h->whole, c->table->columns[i].name);
        if (!there)
            return ath__fail(b->error, ATH_INTERNAL, "model %s: column %s is lost", c->table->model->name,
                             c->table->columns[i].name);
        row_of[i] = there->position;
    }
    c->row_of = row_of;
    return ATH_OK;
}

/* ---- which rows are of a class ---- */

/* discriminator IN (identities of the classes from..to), or = for one. */
static const ath_expr *condition(building *b, const ath_table *t, size_t from, size_t to) {
    ath__arena *a = &b->h->arena;
    size_t count = 0;
    ath_expr *nodes = ath__arena_zero(a, (3 + to - from) * sizeof *nodes);
    const ath_expr **args = ath__arena_zero(a, (2 + to - from) * sizeof *args);
    if (!nodes || !args)
        return NULL;
    for (size_t i = from; i < to; i++) {
        const ath__lineage *l = b->h->classes[i].table->lineage;
        if (l->identity.kind == ATH_KIND_NULL)
            continue;
        nodes[3 + count] = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = l->identity};
        args[2 + count] = &nodes[3 + count];
        count++;
    }
    const ath__column *c = &t->columns[t->lineage->discriminator];
    nodes[1] = (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = t->model, .offset = c->offset}};
    nodes[2] = (ath_expr){.node = ATH_NODE_LIST, .count = (uint32_t)count, .args = args + 2};
    args[0] = &nodes[1];
    args[1] = count == 1 ? args[2] : &nodes[2];
    nodes[0] =
        (ath_expr){.node = ATH_NODE_OPERATOR, .op = count == 1 ? ATH_OP_EQ : ATH_OP_IN, .count = 2, .args = args};
    return nodes;
}

static ath_status make_conditions(building *b) {
    ath__hierarchy *h = b->h;
    for (size_t i = 0; i < h->count; i++) {
        ath__class *c = &h->classes[i];
        if (!c->table->lineage->polymorphic)
            continue;
        c->alone = condition(b, c->table, i, i + 1);
        if (i && h->kinship == ATH__SINGLE_TABLE)
            c->condition = condition(b, c->table, i, c->end);
        if (!c->alone || (i && h->kinship == ATH__SINGLE_TABLE && !c->condition))
            return ath__fail_memory(b->error);
    }
    return ATH_OK;
}

/* ---- all ---- */

static ath_status build(building *b, const ath_table *root) {
    ATH_TRY(add_classes(b, root, 0));
    if (b->h->kinship && b->h->kinship != ATH__CONCRETE_TABLE && !root->lineage->polymorphic)
        return WRONG(b->error, "model %s has no discriminator: ath_polymorphic_on(...)", root->model->name);
    if (b->h->kinship == ATH__SINGLE_TABLE) {
        ATH_TRY(build_whole(b));
        for (size_t i = 0; i < b->h->count; i++)
            ATH_TRY(place_columns(b, &b->h->classes[i]));
    }
    return make_conditions(b);
}

static void hierarchy_free(ath__hierarchy *h) {
    if (h->whole)
        ath__table_free(h->whole);
    ath__arena_done(&h->arena);
    ath__free(ath__process_allocator, h, sizeof *h);
}

static const ath__hierarchy *published(const ath_table *root, ath_error *error) {
    ath__hierarchy **slot = root->lineage->hierarchy, *before = NULL;
    ath__hierarchy *h = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    ath_error local;
    if (h)
        return h;
    h = ath__alloc_zero(ath__process_allocator, 1, sizeof *h);
    if (!h) {
        ath__fail_memory(error);
        return NULL;
    }
    ath__arena_init(&h->arena, ath__process_allocator);
    building b = {.h = h, .error = error ? error : &local};
    if (build(&b, root) != ATH_OK) {
        hierarchy_free(h);
        return NULL;
    }
    if (__atomic_compare_exchange_n(slot, &before, h, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return h;
    hierarchy_free(h);
    return before;
}

const ath__hierarchy *ath__table_hierarchy(const ath_table *t, ath_error *error) {
    const ath__hierarchy *h = published(t->lineage->root, error);
    if (h && !ath__hierarchy_class(h, t)) {
        WRONG(error, "model %s inherits from %s, which does not name it in ath_subclasses", t->model->name,
              t->lineage->parent ? t->lineage->parent->model->name : "nothing");
        return NULL;
    }
    return h;
}

const ath__class *ath__hierarchy_class(const ath__hierarchy *h, const ath_table *t) {
    for (size_t i = 0; i < h->count; i++)
        if (h->classes[i].table == t)
            return &h->classes[i];
    return NULL;
}

const ath_table *ath__table_in_database(const ath_table *t, bool *shared, ath_error *error) {
    *shared = false;
    if (!t->lineage)
        return t;
    const ath__hierarchy *h = ath__table_hierarchy(t, error);
    if (!h)
        return NULL;
    *shared = h->whole && t->lineage->parent;
    return h->whole ? h->whole : ath__table_part(t);
}

const ath_expr *ath__class_condition(const ath_table *t, bool alone, ath_error *error) {
    const ath__hierarchy *h = t->lineage ? ath__table_hierarchy(t, error) : NULL;
    const ath__class *c = h ? ath__hierarchy_class(h, t) : NULL;
    return !c || h->kinship == ATH__CONCRETE_TABLE ? NULL : alone ? c->alone : c->condition;
}
