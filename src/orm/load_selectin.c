/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: relations that are loaded by a statement of their own: WHERE key IN (keys of the parents).
 *
 * Up to 1000 keys go into one statement.  Parents that have the relation already are not asked for again; where a foreign
 * key refers to a primary key, objects that the session has are not either.  A relation that is loaded by subquery has
 * the parents' own query in the place of the keys.
 */
#include "orm/loading.h"

/* ---- the keys ---- */

/* Objects that are there already, for what hangs below. */
static ath_status keep_present(ath__loading *l, ath__node *n, void *parent) {
    void *value;
    uint32_t number;
    memcpy(&value, (char *)parent + n->link->relation->offset, sizeof value);
    if (!n->first || !value)
        return ATH_OK;
    if (!ath__relation_is_many(n->link->relation))
        return ath__node_add(l, n, value, &number);
    for (void **item = value; *item; item++)
        ATH_TRY(ath__node_add(l, n, *item, &number));
    return ATH_OK;
}

/* Parents that came without the columns that join them. */
static ath_status complete_parents(ath__loading *l, const ath__node *n) {
    ath__mapper *m = n->parent->m;
    const ath__gathered *parents = &n->parent->objects;
    if ((!m->marks && !m->family) || l->read_only)
        return ATH_OK;
    uint64_t *columns = ath__arena_zero(&l->arena, m->mask_words * sizeof *columns);
    if (!columns)
        return ath__session_no_memory(l->s);
    for (size_t i = 0; i < n->link->count; i++)
        ath__mask_set(columns, n->link->local[i]->position);
    return ath__load_missing(l->s, m, parents->vector->items, parents->count, columns);
}

/* Rows that refer to a parent do so by the key that its row has: what the program has assigned is not written yet. */
static const void *keyed_by(const ath__loading *l, const ath__node *n, void *parent) {
    if (l->read_only || n->link->relation->kind == ATH_BELONGS_TO)
        return parent;
    return ath__image_of(n->parent->m, parent);
}

/* Numbers the keys of all parents that want the relation. */
static ath_status gather_keys(ath__loading *l, ath__node *n, ath__keymap *map) {
    size_t parents = n->parent->objects.count;
    ATH_TRY(complete_parents(l, n));
    n->keys = ath__alloc(l->s->allocator, parents * sizeof *n->keys);
    if (!n->keys)
        return ath__session_no_memory(l->s);
    n->parent_count = parents;
    memset(n->keys, 0xff, parents * sizeof *n->keys);
    for (size_t i = 0; i < parents; i++) {
        ath_value key[ATH__KEY_COLUMNS];
        void *parent = n->parent->objects.vector->items[i];
        if (!ath__load_is_open(l, n, parent)) {
            ATH_TRY(keep_present(l, n, parent));
            continue;
        }
        if (!ath__key_of(n->link->local, n->link->count, keyed_by(l, n, parent), key))
            continue;
        size_t number = ath__keymap_add(map, key);
        if (number == ATH__NO_KEY)
            return ath__session_no_memory(l->s);
        n->keys[i] = (uint32_t)number;
    }
    n->key_count = map->count;
    for (size_t i = 0; i < parents; i++)
        if (n->keys[i] == UINT32_MAX)
            n->keys[i] = (uint32_t)map->count;
    return ATH_OK;
}

/* ---- the statement ---- */

/* The columns that keys are compared with. */
static const ath_expr *key_columns(ath__loading *l, const ath__node *n) {
    const ath__link *k = n->link;
    return ath__load_tuple(l, k->secondary ? k->secondary->model : k->target->model, k->secondary ? k->near : k->remote,
                           k->count);
}

/* Whether other columns would give the same rows. */
static bool is_subquery(const ath_select_stmt *s) {
    return s && !s->set && !s->distinct && !s->distinct_on.count && !s->group_by.count;
}

/* The keys as a query: that of the parents, with their keys as its columns. */
static const ath_expr *parent_keys(ath__loading *l, const ath__node *n) {
    const ath__link *k = n->link;
    ath_select_stmt *stmt = ath__arena_copy(&l->arena, n->parent->stmt, sizeof *stmt);
    const ath_expr **columns = ath__arena_alloc(&l->arena, k->count * sizeof *columns);
    for (size_t i = 0; columns && i < k->count; i++)
        if (!(columns[i] = ath__load_column(l, k->owner->model, k->local[i], NULL)))
            return NULL;
    if (!stmt || !columns)
        return NULL;
    stmt->columns = (ath_expr_list){k->count, columns};
    stmt->load = (ath_load_list){0};
    stmt->lock = (ath_lock){0};
    if (!stmt->limit && !stmt->offset)
        stmt->order_by = (ath_expr_list){0};
    return ath__load_expr(l, (ath_expr){.node = ATH_NODE_SUBQUERY, .u.select = stmt});
}

/* far = remote, for rows that are found through a table between. */
static bool join_secondary(ath__loading *l, const ath__node *n, ath_select_stmt *stmt) {
    const ath__link *k = n->link;
    ath_join_clause *join = ath__arena_zero(&l->arena, sizeof *join);
    const ath_expr *on =
        ath__load_equal(l, k->target->model, k->remote, NULL, k->secondary->model, k->far, NULL, k->far_count);
    if (!join || !on)
        return false;
    *join = (ath_join_clause){.source = {.model = k->secondary->model}, .on = on};
    stmt->joins = (ath_join_list){1, join};
    return true;
}

static bool extra_columns(ath__loading *l, const ath__node *n, ath_expr_list *out) {
    const ath__link *k = n->link;
    const ath_expr **columns = ath__arena_alloc(&l->arena, k->count * sizeof *columns);
    for (size_t i = 0; columns && i < k->count; i++)
        if (!(columns[i] = ath__load_column(l, k->secondary->model, k->near[i], NULL)))
            return false;
    *out = (ath_expr_list){k->count, columns};
    return columns != NULL;
}

/* By the keys first: within a parent nothing changes, rows of one come together, and an index on the foreign key that
 * ends in the row's own key gives this order without a sort. */
static bool order_rows(ath__loading *l, ath__node *n, const ath_expr *first, ath_expr_list *out) {
    const ath_expr_list order = ath__load_order(n);
    *out = order;
    if (n->link->secondary || n->link->count > 1 || !order.count)
        return true;
    const ath_expr **items = ath__arena_alloc(&l->arena, (order.count + 1) * sizeof *items);
    if (!items)
        return false;
    items[0] = first;
    memcpy(items + 1, order.items, order.count * sizeof *items);
    *out = (ath_expr_list){order.count + 1, items};
    return true;
}

/* SELECT target WHERE keys IN (...), all of it in the arena. */
static ath_select_stmt *select_in(ath__loading *l, ath__node *n, const ath_expr *columns, const ath_expr *in) {
    ath_select_stmt *stmt = ath__arena_zero(&l->arena, sizeof *stmt);
    if (!stmt || !columns || !in)
        return NULL;
    stmt->struct_size = sizeof *stmt;
    stmt->model = n->m->model;
    stmt->where_ = ath__load_narrow(l, n, in);
    if (!stmt->where_ || !order_rows(l, n, columns, &stmt->order_by) ||
        (n->link->secondary && !join_secondary(l, n, stmt)))
        return NULL;
    return stmt;
}

/* ---- the rows ---- */

/* Where a row has column i of the key that it was asked for by. */
static size_t key_cell(const ath__node *n, size_t i) {
    const ath__link *k = n->link;
    return k->secondary ? n->m->row_table->column_count + i : ath__cell_at(n->m, k->remote[i]->position);
}

/* That cell as a value of the parent's column. */
static ath_status cell_key(ath__loading *l, ath__node *n, const ath_value *cells, size_t i, ath_value *out) {
    const ath__link *k = n->link;
    const ath_value *cell = &cells[key_cell(n, i)];
    const ath__column *c = k->local[i];
    ath__mapper *m = n->parent->m;
    if (cell->kind == ATH_KIND_INT) {
        *out = *cell;
        return ATH_OK;
    }
    ATH_TRY(ath__field_set(c->ctype, c->size, &c->type, (char *)m->probe + c->offset, cell, &l->arena, &l->s->error));
    return ath__key_of(&c, 1, m->probe, out) ? ATH_OK : ath__fail(&l->s->error, ATH_DATA, "a foreign key was NULL");
}

static ath_status pair_by_key(ath__loading *l, ath__node *n, const ath_value *cells) {
    ath_value key[ATH__KEY_COLUMNS] = {{0}};
    for (size_t i = 0; i < n->link->count; i++)
        ATH_TRY(cell_key(l, n, cells, i, &key[i]));
    size_t number = ath__keymap_find(&n->pair_set, key);
    return number == ATH__NO_KEY ? ATH_OK : ath__pair_add(l, n, (uint32_t)number, n->row);
}

/* Pairs the row's object with the key that it was asked for by: mostly one whole number, and that of the row before. */
static ath_status pair_row(ath__loading *l, ath__node *n, const ath_value *cells) {
    const ath_value *cell = &cells[n->key_cell];
    if (n->link->count != 1 || cell->kind != ATH_KIND_INT)
        return pair_by_key(l, n, cells);
    if (n->last_number && n->last_key == cell->as.i)
        return ath__pair_add(l, n, n->last_number - 1, n->row);
    size_t number = ath__keymap_find(&n->pair_set, cell);
    if (number == ATH__NO_KEY)
        return ATH_OK;
    n->last_key = cell->as.i;
    n->last_number = (uint32_t)number + 1;
    return ath__pair_add(l, n, (uint32_t)number, n->row);
}

static ath_status run_select_in(ath__loading *l, ath__node *n, const ath_expr *columns, const ath_expr *in) {
    ath_expr_list extra = {0};
    size_t cells = 0;
    ath_select_stmt *base = select_in(l, n, columns, in);
    if (!base || (n->link->secondary && !extra_columns(l, n, &extra)))
        return ath__session_no_memory(l->s);
    const ath_select_stmt *stmt = ath__load_join(l, n, base, &extra, &cells);
    if (!stmt)
        return l->s->error.status;
    n->stmt = base;
    return ath__load_rows(l, n, stmt, cells, pair_row);
}

static bool has_joined(const ath__node *n) {
    for (const ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child))
            return true;
    return false;
}

/* Keys of a primary key that the session has objects of: paired at once, and taken out of those that are asked for. */
static ath_status find_present(ath__loading *l, ath__node *n, size_t number, bool *found) {
    const ath__link *k = n->link;
    const ath_value *key = n->pair_set.values + number * k->count;
    const ath_table *t = n->m->table;
    *found = false;
    if (!l->unfiltered && ath__is_filtered(l->s, n->m->model))
        return ATH_OK; /* it may be there by another query */
    if (l->read_only || l->overwrite || has_joined(n) || k->relation->opts.where_ || (n->clause && n->clause->where_))
        return ATH_OK;
    if (k->relation->kind != ATH_BELONGS_TO || t->key_count != k->count)
        return ATH_OK;
    for (size_t i = 0; i < k->count; i++) {
        const ath__column *c = k->remote[i];
        if (!c->primary_key || ath__field_set(c->ctype, c->size, &c->type, (char *)n->m->probe + c->offset, &key[i],
                                              &l->arena, NULL) != ATH_OK)
            return ATH_OK;
    }
    void *object = ath__identity_find(n->m, n->m->probe, ath__identity_hash(n->m, n->m->probe));
    uint32_t child;
    if (!object || ath__head_of(object)->state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    *found = true;
    ATH_TRY(ath__node_add(l, n, object, &child));
    return ath__pair_add(l, n, (uint32_t)number, child);
}

/* Runs in chunks over the keys that are not there yet. */
static ath_status ask_for_keys(ath__loading *l, ath__node *n) {
    const ath__link *k = n->link;
    size_t width = k->count, asked = 0;
    ath_value *keys = ath__arena_alloc(&l->arena, ATH__LOAD_KEYS * width * sizeof *keys);
    if (!keys)
        return ath__session_no_memory(l->s);
    for (size_t i = 0; i < n->key_count; i++) {
        bool found;
        ATH_TRY(find_present(l, n, i, &found));
        if (!found)
            memcpy(keys + asked++ * width, n->pair_set.values + i * width, width * sizeof *keys);
        if (asked == ATH__LOAD_KEYS || (asked && i + 1 == n->key_count)) {
            const ath_expr *columns = key_columns(l, n);
            const ath_expr *among = ath__load_among(l, k->secondary ? k->secondary->model : k->target->model,
                                                    k->secondary ? k->near : k->remote, keys, asked, width);
            ATH_TRY(run_select_in(l, n, columns, among));
            asked = 0;
        }
    }
    return ATH_OK;
}

static ath_status run_subquery(ath__loading *l, ath__node *n) {
    const ath_expr *columns = key_columns(l, n);
    return run_select_in(l, n, columns, ath__load_operation(l, ATH_OP_IN, columns, parent_keys(l, n)));
}

/* Objects that were there already come with no row: what would be joined to them is asked for by itself. */
static void unjoin(ath__node *n) {
    for (ath__node *child = n->first; child; child = child->next)
        if (ath__node_is_joined(child)) {
            child->strategy = ATH_LOAD_SELECTIN;
            unjoin(child);
        }
}

ath_status ath__load_selectin(ath__loading *l, ath__node *n) {
    if (n->link->count > ATH__KEY_COLUMNS)
        return ath__fail(&l->s->error, ATH_ARGUMENT, "relation %s.%s is joined by more than %d columns",
                         n->parent->m->model->name, n->link->relation->field, ATH__KEY_COLUMNS);
    ath__keymap_init(&n->pair_set, l->s->allocator, n->link->count);
    n->key_cell = key_cell(n, 0);
    n->once = n->link->secondary != NULL || n->first != NULL;
    ATH_TRY(gather_keys(l, n, &n->pair_set));
    if (n->objects.count)
        unjoin(n);
    if (n->strategy == ATH_LOAD_SUBQUERY && is_subquery(n->parent->stmt))
        ATH_TRY(n->key_count ? run_subquery(l, n) : ATH_OK);
    else
        ATH_TRY(ask_for_keys(l, n));
    return ath__load_attach(l, n);
}
