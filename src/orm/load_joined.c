/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: relations that are loaded in the statement of the objects they belong to.
 *
 * Each joined table gets an alias, so that it cannot meet a join of the query's own.  A query that is limited, or has
 * rows made distinct or grouped, becomes a subquery first: the limit is of objects, not of joined rows.  Its order is
 * then repeated outside.
 */
#include "orm/loading.h"

#include "sql/copy.h"

/* ---- aliases ---- */

static const char *new_alias(ath__loading *l, const ath_table *t) {
    return ath__arena_printf(&l->arena, "%s_%zu", t->name, ++l->aliases);
}

/* ---- the statement that grows ---- */

enum { CELLS_LIMIT = 1600 }; /* columns of one SELECT: what PostgreSQL takes */

typedef struct building {
    ath__loading *l;
    const ath_expr *columns[CELLS_LIMIT];
    uint16_t cell_of[CELLS_LIMIT]; /* of each column: its place in a row of all columns */
    size_t column_count, row_cells;
    ath_join_clause joins[ATH__LOAD_DEPTH * 2];
    size_t join_count;
    const ath_expr *order[64];
    size_t order_count;
} building;

static ath_status too_much(building *b) {
    return ath__fail(&b->l->s->error, ATH_ARGUMENT, ".load: too much is joined for one SELECT; use ath_selectin");
}

static ath_status add_column(building *b, const ath_expr *column) {
    if (b->column_count == CELLS_LIMIT)
        return too_much(b);
    if (!column)
        return ath__session_no_memory(b->l->s);
    b->cell_of[b->column_count] = (uint16_t)b->row_cells++;
    b->columns[b->column_count++] = column;
    return ATH_OK;
}

/* In a table that classes share, each column is known by the class that describes it. */
static const ath_model *owner_of(const ath_table *t, size_t column) {
    return t->columns[column].owner ? t->columns[column].owner : t->model;
}

static ath_status add_columns(building *b, const ath__node *n) {
    const ath_table *t = n->m->row_table;
    if (b->row_cells + t->column_count > UINT16_MAX)
        return too_much(b);
    for (size_t i = 0; i < t->column_count; i++)
        if (n->missing && ath__mask_has(n->missing, i))
            b->row_cells++;
        else
            ATH_TRY(add_column(b, ath__load_column(b->l, owner_of(t, i), &t->columns[i], n->alias)));
    return ATH_OK;
}

static ath_status add_order(building *b, const ath_expr *e, const ath_model *model, const char *alias) {
    if (b->order_count == ATH_COUNT_OF(b->order))
        return too_much(b);
    const ath_expr *copy = ath__expr_copy_as(e, &b->l->arena, model, alias);
    if (!copy)
        return ath__session_no_memory(b->l->s);
    b->order[b->order_count++] = copy;
    return ATH_OK;
}

/* ---- one relation ---- */

/* What joins the target: the referenced columns stand first, as SQLAlchemy writes them. */
static const ath_expr *join_condition(ath__loading *l, const ath__node *n) {
    const ath__link *k = n->link;
    const ath_model *owner = k->owner->model, *target = k->target->model;
    const char *above = n->parent->alias;
    const ath_expr *on = k->relation->kind == ATH_BELONGS_TO
                             ? ath__load_equal(l, target, k->remote, n->alias, owner, k->local, above, k->count)
                             : ath__load_equal(l, owner, k->local, above, target, k->remote, n->alias, k->count);
    return ath__load_narrow(l, n, on);
}

/* (secondary JOIN target ON far = remote), itself joined by near = local. */
static ath_status join_through(building *b, ath__node *n, ath_join_clause *join) {
    ath__loading *l = b->l;
    const ath__link *k = n->link;
    const ath_model *between = k->secondary->model, *target = k->target->model;
    const char *middle = new_alias(l, k->secondary);
    ath_join_clause *inner = ath__arena_zero(&l->arena, sizeof *inner);
    if (!middle || !inner)
        return ath__session_no_memory(l->s);
    *inner =
        (ath_join_clause){.source = {.model = target, .alias = n->alias},
                          .on = ath__load_equal(l, target, k->remote, n->alias, between, k->far, middle, k->far_count)};
    join->source = (ath_source){.model = between, .alias = middle, .joins = inner, .join_count = 1};
    join->on = ath__load_narrow(
        l, n, ath__load_equal(l, k->owner->model, k->local, n->parent->alias, between, k->near, middle, k->count));
    return inner->on && join->on ? ATH_OK : ath__session_no_memory(l->s);
}

static ath_status join_node(building *b, ath__node *n) {
    ath__loading *l = b->l;
    const ath_relation_opts *o = &n->link->relation->opts;
    if (b->join_count == ATH_COUNT_OF(b->joins))
        return too_much(b);
    ath_join_clause *join = &b->joins[b->join_count];
    n->alias = new_alias(l, n->link->target);
    if (!n->alias)
        return ath__session_no_memory(l->s);
    *join = (ath_join_clause){.kind = o->inner || (n->clause && n->clause->inner) ? ATH_JOIN_INNER : ATH_JOIN_LEFT};
    if (n->link->secondary) {
        ATH_TRY(join_through(b, n, join));
    } else {
        join->source = (ath_source){.model = n->m->model, .alias = n->alias};
        join->on = join_condition(l, n);
        if (!join->on)
            return ath__session_no_memory(l->s);
    }
    b->join_count++;
    ath_expr_list order = ath__load_order(n);
    for (size_t i = 0; i < order.count; i++)
        ATH_TRY(add_order(b, order.items[i], n->m->model, n->alias));
    return ATH_OK;
}

static bool is_key(const ath_table *t, const ath__column *const *columns, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!columns[i]->primary_key)
            return false;
    return count == t->key_count;
}

/* What is referred to is a primary key: a row has one at most. */
static bool is_single(const ath__link *k) {
    return !k->secondary && (k->relation->kind == ATH_BELONGS_TO ? is_key(k->target, k->remote, k->count)
                                                                 : is_key(k->owner, k->local, k->count));
}

static bool has_joined(const ath__node *n, bool many, bool own) {
    for (const ath__node *child = n->first; child; child = child->next) {
        if (!ath__node_is_joined(child))
            continue;
        bool counts =
            (!many || ath__relation_is_many(child->link->relation)) && (!own || child->strategy == ATH_LOAD_JOINED);
        if (counts || has_joined(child, many, own))
            return true;
    }
    return false;
}

/* Whether rows that joins multiply can be told by one look at the key. */
static bool repeats_key(const ath__node *n) {
    return has_joined(n, true, false) && n->m->table->key_count == 1 && !n->m->family;
}

static ath_status add_node(building *b, ath__node *n) {
    n->repeats_key = repeats_key(n);
    for (ath__node *child = n->first; child; child = child->next) {
        if (!ath__node_is_joined(child))
            continue;
        child->once = true;
        child->single = child->strategy == ATH_LOAD_JOINED && is_single(child->link);
        if (child->strategy == ATH_LOAD_JOINED)
            ATH_TRY(join_node(b, child));
        child->first_cell = b->row_cells;
        ATH_TRY(add_columns(b, child));
        ATH_TRY(add_node(b, child));
    }
    return ATH_OK;
}

/* ---- the whole ---- */

/* Whether rows that joins multiply would be counted, or made one; or columns cannot be added to it. */
static bool must_be_wrapped(const ath__node *n, const ath_select_stmt *q) {
    bool counts = q->limit || q->offset || q->distinct || q->distinct_on.count;
    return q->set || (q->group_by.count && has_joined(n, false, true)) || (counts && has_joined(n, true, true));
}

/* Only columns of the model can be ordered by from outside. */
static bool is_of_model(const ath_expr *e, const ath_model *model) {
    if (e->node == ATH_NODE_COLUMN)
        return e->u.column.model == model && !e->u.column.alias;
    if (e->node == ATH_NODE_NAME || e->node == ATH_NODE_SUBQUERY || e->node == ATH_NODE_TEXT ||
        e->node == ATH_NODE_OVER || e->node == ATH_NODE_RELATION)
        return false;
    for (uint32_t i = 0; e->node != ATH_NODE_ARRAY && i < e->count; i++)
        if (!is_of_model(e->args[i], model))
            return false;
    return true;
}

/* All columns of the table that classes share. */
static ath_status name_columns(building *b, const ath__node *n, ath_select_stmt *inner) {
    const ath_table *t = n->m->row_table;
    const ath_expr **columns = ath__arena_alloc(&b->l->arena, t->column_count * sizeof *columns);
    for (size_t i = 0; columns && i < t->column_count; i++)
        if (!(columns[i] = ath__load_column(b->l, owner_of(t, i), &t->columns[i], NULL)))
            columns = NULL;
    if (!columns)
        return ath__session_no_memory(b->l->s);
    inner->columns = (ath_expr_list){t->column_count, columns};
    return ATH_OK;
}

static ath_status wrap(building *b, ath__node *n, const ath_select_stmt *q, ath_select_stmt *out) {
    ath__loading *l = b->l;
    ath_source *from = ath__arena_zero(&l->arena, sizeof *from);
    n->alias = ath__arena_printf(&l->arena, "anon_%zu", ++l->aliases);
    ath_select_stmt *inner = ath__arena_copy(&l->arena, q, sizeof *q);
    if (!from || !n->alias || !inner)
        return ath__session_no_memory(l->s);
    inner->load = (ath_load_list){0};
    if (n->m->row_table != n->m->table)
        ATH_TRY(name_columns(b, n, inner));
    *from = (ath_source){.select = inner, .alias = n->alias};
    out->from = (ath_source_list){1, from};
    for (size_t i = 0; i < q->order_by.count; i++) {
        if (!is_of_model(q->order_by.items[i], n->m->model))
            return ath__fail(&l->s->error, ATH_NOT_SUPPORTED,
                             ".load: a limited query with a joined relation is ordered by columns of %s alone; use "
                             "ath_selectin",
                             n->m->model->name);
        ATH_TRY(add_order(b, q->order_by.items[i], n->m->model, n->alias));
    }
    return ATH_OK;
}

static ath_status begin(building *b, ath__node *n, const ath_select_stmt *q, ath_select_stmt *out) {
    *out = (ath_select_stmt){.struct_size = sizeof *out};
    if (must_be_wrapped(n, q))
        return wrap(b, n, q, out);
    *out = *q;
    out->load = (ath_load_list){0};
    if (q->joins.count > ATH_COUNT_OF(b->joins) || q->order_by.count > ATH_COUNT_OF(b->order))
        return too_much(b);
    for (size_t i = 0; i < q->joins.count; i++)
        b->joins[b->join_count++] = q->joins.items[i];
    for (size_t i = 0; i < q->order_by.count; i++)
        b->order[b->order_count++] = q->order_by.items[i];
    return ATH_OK;
}

static ath_status build(building *b, ath__node *n, const ath_select_stmt *q, const ath_expr_list *extra,
                        ath_select_stmt *out) {
    n->cell_of = NULL;
    ATH_TRY(begin(b, n, q, out));
    n->repeats = has_joined(n, true, false);
    n->once = n->once || n->repeats;
    ATH_TRY(add_columns(b, n));
    for (size_t i = 0; extra && i < extra->count; i++)
        ATH_TRY(add_column(b, extra->items[i]));
    ATH_TRY(add_node(b, n));
    ath__arena *arena = &b->l->arena;
    out->columns =
        (ath_expr_list){b->column_count, ath__arena_copy(arena, b->columns, b->column_count * sizeof b->columns[0])};
    out->joins = (ath_join_list){b->join_count, ath__arena_copy(arena, b->joins, b->join_count * sizeof b->joins[0])};
    out->order_by =
        (ath_expr_list){b->order_count, ath__arena_copy(arena, b->order, b->order_count * sizeof b->order[0])};
    n->row_cells = b->row_cells;
    if (b->row_cells > b->column_count)
        n->cell_of = ath__arena_copy(arena, b->cell_of, b->column_count * sizeof b->cell_of[0]);
    bool all = out->columns.items && out->joins.items && out->order_by.items;
    return all && (n->cell_of || b->row_cells == b->column_count) ? ATH_OK : ath__session_no_memory(b->l->s);
}

const ath_select_stmt *ath__load_join(ath__loading *l, ath__node *n, const ath_select_stmt *q,
                                      const ath_expr_list *extra, size_t *cells) {
    *cells = n->m->row_table->column_count;
    bool plain = n->m->row_table == n->m->table && !n->missing;
    if (plain && !has_joined(n, false, false) && !(extra && extra->count))
        return q;
    building *b = ath__arena_zero(&l->arena, sizeof *b);
    ath_select_stmt *out = ath__arena_zero(&l->arena, sizeof *out);
    if (!b || !out) {
        ath__session_no_memory(l->s);
        return NULL;
    }
    b->l = l;
    if (build(b, n, q, extra, out) != ATH_OK)
        return NULL;
    *cells = b->column_count;
    return out;
}
