/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: which relations a query loads, as a tree.
 *
 * What the query says wins over what the models say by themselves.  A model's own wishes are followed down until a
 * relation would come back to a model that is on the way already: a tree that refers to itself is loaded one level deep,
 * deeper only when the query says so.
 */
#include "orm/loading.h"

void ath__loading_init(ath__loading *l, ath_session *s, const ath_select_stmt *query) {
    *l = (ath__loading){
        .s = s,
        .query = query,
        .memory = &s->arena,
        .read_only = query->read_only,
        .overwrite = query->populate_existing,
        .unfiltered = query->unfiltered,
    };
    ath__arena_init(&l->arena, s->allocator);
}

bool ath__load_is_asked(ath_session *s, const ath_select_stmt *query) {
    bool asks = query->load.count || query->load_only.count || query->defer.count;
    if (!s || s->failed || asks || !query->model)
        return asks;
    const ath__mapper *m = ath__session_mapper(s, query->model);
    return m && (m->loads_by_default || ath__mapper_is_polymorphic(m));
}

static void node_done(const ath_session *s, ath__node *n) {
    for (ath__node *child = n->first; child; child = child->next)
        node_done(s, child);
    ath__keymap_done(&n->known);
    ath__keymap_done(&n->pair_set);
    ath__keymap_done(&n->seen);
    ath__free(s->allocator, n->numbers, n->number_count * sizeof *n->numbers);
    ath__free(s->allocator, n->keys, n->parent_count * sizeof *n->keys);
    ath__free(s->allocator, n->pairs, n->pair_capacity * sizeof *n->pairs);
    ath__free(s->allocator, n->sort_keys, n->sort_capacity * sizeof *n->sort_keys);
    ath__gathered_drop(s, &n->objects);
}

void ath__loading_done(ath__loading *l, ath__node *root) {
    if (root)
        node_done(l->s, root);
    ath__arena_done(&l->arena);
}

/* ---- nodes ---- */

static ath__node *node_new(ath__loading *l, ath__node *parent, ath__mapper *m) {
    ath__node *n = m ? ath__arena_zero(&l->arena, sizeof *n) : NULL;
    if (!n) {
        if (m)
            ath__session_no_memory(l->s);
        return NULL;
    }
    n->m = m;
    n->parent = parent;
    n->fresh = m->family || l->read_only || ath__event_wanted(l->s, ATH_LOADED) ? UINT32_MAX : m->count;
    return n;
}

static void append_child(ath__node *parent, ath__node *n) {
    ath__node **at = &parent->first;
    while (*at)
        at = &(*at)->next;
    *at = n;
}

static ath__node *child_at(const ath__node *parent, const ath__relation *r) {
    for (ath__node *n = parent->first; n; n = n->next)
        if (n->link->relation == r)
            return n;
    return NULL;
}

ath__node *ath__load_node(ath__loading *l, ath__node *parent, const ath__relation *r, ath_load_strategy strategy) {
    ath__node *n = node_new(l, parent, ath__session_mapper(l->s, r->target));
    if (!n)
        return NULL;
    n->link = &parent->m->links[r->position];
    n->strategy = strategy;
    append_child(parent, n);
    return n;
}

/* ---- what the query says ---- */

static ath_status add_clauses(ath__loading *l, ath__node *parent, ath_load_list list, int depth);

static bool is_ancestor(const ath_table *t, const ath_model *model) {
    while (t && t->model != model)
        t = t->lineage ? t->lineage->parent : NULL;
    return t != NULL;
}

static ath_status add_clause(ath__loading *l, ath__node *parent, const ath_load_clause *c, int depth) {
    bool own = c->model == parent->m->model || is_ancestor(parent->m->table, c->model);
    const ath__relation *r = own ? ath__table_relation_at(parent->m->table, c->offset) : NULL;
    if (!own)
        return ath__fail(&l->s->error, ATH_ARGUMENT, ".load: a relation of %s is loaded where objects of %s are",
                         c->model->name, parent->m->model->name);
    if (!r)
        return ath__fail(&l->s->error, ATH_ARGUMENT, ".load: the field of %s at offset %zu is no relation",
                         c->model->name, c->offset);
    if (depth >= ATH__LOAD_DEPTH)
        return ath__fail(&l->s->error, ATH_ARGUMENT, ".load is nested more than %d deep", ATH__LOAD_DEPTH);
    if (child_at(parent, r))
        return ath__fail(&l->s->error, ATH_ARGUMENT, ".load names %s.%s twice", c->model->name, r->field);
    ath__node *n = ath__load_node(l, parent, r, c->strategy);
    if (!n)
        return l->s->error.status;
    n->clause = c;
    if (c->strategy == ATH_LOAD_CONTAINS_EAGER && parent->parent && !ath__node_is_joined(parent))
        return ath__fail(&l->s->error, ATH_ARGUMENT,
                         ".load: ath_contains_eager(%s, %s) is not in the query's own SELECT", c->model->name,
                         r->field);
    n->alias = c->strategy == ATH_LOAD_CONTAINS_EAGER ? c->alias : NULL;
    return add_clauses(l, n, c->then, depth + 1);
}

static ath_status add_clauses(ath__loading *l, ath__node *parent, ath_load_list list, int depth) {
    for (size_t i = 0; i < list.count; i++)
        ATH_TRY(add_clause(l, parent, &list.items[i], depth));
    return ATH_OK;
}

/* ---- what the models say ---- */

static bool on_the_way(const ath__node *n, const ath_model *model) {
    for (; n; n = n->parent)
        if (n->m->model == model)
            return true;
    return false;
}

static ath_status add_defaults(ath__loading *l, ath__node *n) {
    const ath_table *t = n->m->table;
    for (size_t i = 0; i < t->relation_count; i++) {
        const ath__relation *r = &t->relations[i];
        if (r->opts.load == ATH_LOAD_EXPLICIT || r->opts.load == ATH_LOAD_RAISE || child_at(n, r) ||
            on_the_way(n, r->target))
            continue;
        if (!ath__load_node(l, n, r, r->opts.load))
            return l->s->error.status;
    }
    for (ath__node *child = n->first; child; child = child->next)
        ATH_TRY(add_defaults(l, child));
    return ATH_OK;
}

/* ---- which columns ---- */

/* Where a row of the node has a column of its class, or of one that it inherits from, or that inherits from it; SIZE_MAX:
 * nowhere. */
static size_t cell_of(const ath__mapper *m, const ath_expr *e) {
    const ath_table *t = ath_model_table(e->u.column.model, NULL);
    const ath__column *c = t ? ath__table_column_at(t, e->u.column.offset) : NULL;
    if (!c || !(t == m->table || ath__table_is(m->table, t) || ath__table_is(t, m->table)))
        return SIZE_MAX;
    if (m->row_table != m->table)
        c = ath__table_column_named(m->row_table, c->name);
    return c && c->position < m->row_table->column_count ? c->position : SIZE_MAX;
}

static ath_status mark_listed(ath__loading *l, ath__node *n, ath_expr_list list, bool missing) {
    for (size_t i = 0; i < list.count; i++) {
        const ath_expr *e = list.items[i];
        size_t at = e && e->node == ATH_NODE_COLUMN ? cell_of(n->m, e) : SIZE_MAX;
        if (at == SIZE_MAX)
            return ath__fail(&l->s->error, ATH_ARGUMENT, ".load_only and .defer name columns of %s here",
                             n->m->model->name);
        if (missing)
            ath__mask_set(n->missing, at);
        else
            ath__mask_clear(n->missing, at);
    }
    return ATH_OK;
}

static void keep(ath__node *n, const ath__column *const *columns, size_t count) {
    for (size_t i = 0; i < count; i++)
        ath__mask_clear(n->missing, ath__cell_at(n->m, columns[i]->position));
}

/* Its key, and what joins it with the nodes above and below. */
static void keep_keys(ath__node *n) {
    for (size_t i = 0; i < n->m->table->key_count; i++)
        ath__mask_clear(n->missing, n->m->table->key[i]);
    if (n->m->family)
        ath__mask_clear(n->missing, (size_t)ath__discriminator_of(n->m->table));
    if (n->link && !n->link->secondary)
        keep(n, n->link->remote, n->link->count);
    for (const ath__node *child = n->first; child; child = child->next)
        keep(n, child->link->local, child->link->count);
}

static ath_status choose_columns(ath__loading *l, ath__node *n, ath_expr_list only, ath_expr_list defer) {
    if (only.count || defer.count) {
        size_t columns = n->m->row_table->column_count;
        n->missing = ath__arena_zero(&l->arena, (columns + 63) / 64 * sizeof *n->missing);
        if (!n->missing)
            return ath__session_no_memory(l->s);
        for (size_t i = 0; only.count && i < columns; i++)
            ath__mask_set(n->missing, i);
        ATH_TRY(mark_listed(l, n, only, false));
        ATH_TRY(mark_listed(l, n, defer, true));
        keep_keys(n);
    }
    for (ath__node *child = n->first; child; child = child->next) {
        const ath_load_clause none = {0}, *c = child->clause ? child->clause : &none;
        ATH_TRY(choose_columns(l, child, c->load_only, c->defer));
    }
    return ATH_OK;
}

ath__node *ath__load_plan_empty(ath__loading *l, ath__mapper *m) {
    return node_new(l, NULL, m);
}

ath__node *ath__load_plan(ath__loading *l, ath__mapper *m, const ath_select_stmt *query) {
    ath__node *root = node_new(l, NULL, m);
    if (!root)
        return NULL;
    if (add_clauses(l, root, query->load, 0) == ATH_OK && add_defaults(l, root) == ATH_OK &&
        choose_columns(l, root, query->load_only, query->defer) == ATH_OK)
        return root;
    return NULL;
}
