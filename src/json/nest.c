/* SPDX-License-Identifier: Apache-2.0
 *
 * The statement of a nested query: which members its rows have, and the tree of expressions that makes JSON of them.
 */
#include "json/nest.h"

/* ---- can it be said? ---- */

static const ath__node *root_of(const ath__node *n) {
    while (n->parent)
        n = n->parent;
    return n;
}

static bool same_columns(const ath__node *a, const ath__node *b) {
    if (!a->missing || !b->missing)
        return !a->missing && !b->missing;
    return memcmp(a->missing, b->missing, (a->m->row_table->column_count + 63) / 64 * sizeof *a->missing) == 0;
}

/* An object is written the same wherever it stands only if nothing is loaded below it, nor its way back known. */
static bool is_alike_everywhere(const ath__node *n) {
    return !n->first && n->parent && (n->link->secondary || n->link->relation->kind == ATH_BELONGS_TO);
}

/* Whether a row of the node's table may stand at another place of the tree and be another object there. */
static bool is_elsewhere(const ath__node *n, const ath__node *at) {
    if (at != n && at->m == n->m && !(is_alike_everywhere(n) && is_alike_everywhere(at) && same_columns(n, at)))
        return true;
    for (const ath__node *child = at->first; child; child = child->next)
        if (is_elsewhere(n, child))
            return true;
    return false;
}

static bool can_nest(const ath__node *n) {
    return !n->m->family && n->strategy != ATH_LOAD_CONTAINS_EAGER && !is_elsewhere(n, root_of(n)) &&
           n->m->row_table == n->m->table;
}

/* ---- members ---- */

static const ath__node *child_of(const ath__node *n, const ath__relation *r) {
    for (const ath__node *child = n->first; child; child = child->next)
        if (child->link->relation == r)
            return child;
    return NULL;
}

static ath__nest_how how_of(const ath__node *child) {
    const bool many = ath__relation_is_many(child->link->relation);
    if (child->strategy == ATH_LOAD_NONE)
        return many ? ATH__NEST_EMPTY : (ath__nest_how)0;
    if (child->strategy == ATH_LOAD_RAISE)
        return (ath__nest_how)0;
    return many ? ATH__NEST_MANY : child->clause && child->clause->where_ ? ATH__NEST_MAYBE : ATH__NEST_ONE;
}

/* *fits is cleared when something cannot be said. */
static ath_status add_member(ath__json_writer *w, ath__json_place *place, ath__nest *n, const ath__json_prop *p,
                             bool *fits) {
    ath__nest_member *m = &n->members[n->count];
    *m = (ath__nest_member){.prop = p, .how = ATH__NEST_COLUMN};
    if (p->column) {
        n->count += !n->node->missing || !ath__mask_has(n->node->missing, p->column->position);
        return ATH_OK;
    }
    const ath__node *child = child_of(n->node, p->relation);
    m->how = child ? how_of(child) : (ath__nest_how)0;
    if (!m->how)
        return ATH_OK;
    n->count++;
    if (m->how == ATH__NEST_EMPTY)
        return ATH_OK;
    ath__json_place *below = ath__json_place_below(w, place, p);
    if (!below)
        return w->error->status;
    ATH_TRY(ath__nest_plan(w, below, child, &m->below));
    *fits = *fits && m->below;
    return ATH_OK;
}

ath_status ath__nest_plan(ath__json_writer *w, ath__json_place *place, const ath__node *node, ath__nest **out) {
    *out = NULL;
    if (!can_nest(node))
        return ATH_OK;
    const ath__json_shape *shape = ath__json_shape_of(w, place, node->m->table);
    ath__nest *n = shape ? ath__arena_zero(&w->arena, sizeof *n) : NULL;
    if (!shape)
        return ath__failed(w->error);
    if (n) {
        *n = (ath__nest){.node = node, .table = node->m->table};
        n->members = ath__arena_zero(&w->arena, (shape->count + 1) * sizeof *n->members);
        n->probe = ath__arena_zero(&w->arena, node->m->size);
    }
    if (!n || !n->members || !n->probe)
        return ath__fail_memory(w->error);
    bool fits = true;
    for (size_t i = 0; i < shape->count; i++)
        ATH_TRY(add_member(w, place, n, &shape->props[i], &fits));
    *out = fits ? n : NULL;
    return ATH_OK;
}

bool ath__nest_fits(const ath__nesting *how, const ath__nest *n) {
    if (!how || n->count > how->most)
        return false;
    for (size_t i = 0; i < n->count; i++) {
        const ath__column *c = n->members[i].prop->column;
        if (c && (c->type.sql == ATH_SQL_NAMED || (c->type.sql == ATH_SQL_INTERVAL && how->interval_lost)))
            return false;
        if (n->members[i].below && !ath__nest_fits(how, n->members[i].below))
            return false;
    }
    return true;
}

/* ---- expressions ---- */

typedef struct nesting {
    ath__loading *l;
    const ath__nesting *how;
} nesting;

static const ath_expr *call(const nesting *b, const char *name, const ath_expr *const *args, size_t count) {
    const ath_expr *const *own = args ? ath__arena_copy(&b->l->arena, args, count * sizeof *own) : NULL;
    for (size_t i = 0; i < count; i++)
        if (!own || !own[i])
            return NULL;
    return ath__load_expr(b->l,
                          (ath_expr){.node = ATH_NODE_FUNCTION, .count = (uint32_t)count, .args = own, .u.text = name});
}

static const ath_expr *cast(const nesting *b, const ath_expr *e, ath_sql_type sql) {
    const ath_expr *const *args = e ? ath__arena_copy(&b->l->arena, &e, sizeof(ath_expr *)) : NULL;
    return args ? ath__load_expr(b->l, (ath_expr){.node = ATH_NODE_CAST, .count = 1, .args = args, .u.type.sql = sql})
                : NULL;
}

static const ath_expr *digits(const nesting *b, const ath_expr *e) {
    const ath_expr as = {.node = ATH_NODE_TEXT, .u.text = b->how->bytes_as};
    const ath_expr *const args[] = {e, ath__load_expr(b->l, as)};
    return call(b, b->how->bytes, args, b->how->bytes_as ? 2 : 1);
}

/* A column in the form that comes through JSON unharmed. */
static const ath_expr *cell(const nesting *b, const ath__nest *n, const ath__column *c) {
    const ath_expr *e = ath__load_column(b->l, n->node->m->model, c, NULL);
    switch (c->type.sql) {
    case ATH_SQL_BINARY:
        return digits(b, e);
    case ATH_SQL_JSON:
    case ATH_SQL_ARRAY:
        return cast(b, e, ATH_SQL_TEXT);
    case ATH_SQL_FLOAT:
        e = b->how->float_widened ? cast(b, e, ATH_SQL_DOUBLE) : e;
        return b->how->real ? call(b, b->how->real, &e, 1) : e;
    case ATH_SQL_DOUBLE:
        return b->how->real ? call(b, b->how->real, &e, 1) : e;
    default:
        return e;
    }
}

static const ath_expr *relation(const nesting *b, const ath__nest *n, bool many);

/* A row as an array. */
static const ath_expr *row(const nesting *b, const ath__nest *n) {
    const ath_expr **args = ath__arena_alloc(&b->l->arena, (n->count + 1) * sizeof *args);
    size_t count = 0;
    for (size_t i = 0; args && i < n->count; i++) {
        const ath__nest_member *m = &n->members[i];
        if (m->how == ATH__NEST_COLUMN)
            args[count++] = cell(b, n, m->prop->column);
        else if (m->how != ATH__NEST_EMPTY)
            args[count++] = relation(b, m->below, m->how == ATH__NEST_MANY);
    }
    return call(b, b->how->row, args, count);
}

/* ---- subqueries ---- */

static bool join_between(const nesting *b, const ath__link *k, ath_select_stmt *s) {
    ath_join_clause *join = ath__arena_zero(&b->l->arena, sizeof *join);
    const ath_expr *on =
        ath__load_equal(b->l, k->target->model, k->remote, NULL, k->secondary->model, k->far, NULL, k->far_count);
    if (!join || !on)
        return false;
    *join = (ath_join_clause){.source = {.model = k->secondary->model}, .on_ = on};
    s->joins = (ath_join_list){1, join};
    return true;
}

/* SELECT ... FROM target WHERE its key is that of the row around. */
static ath_select_stmt *related(const nesting *b, const ath__nest *n) {
    const ath__link *k = n->node->link;
    const ath_load_clause *clause = n->node->clause;
    ath_select_stmt *s = ath__arena_zero(&b->l->arena, sizeof *s);
    const ath_expr *equal =
        ath__load_equal(b->l, k->secondary ? k->secondary->model : k->target->model, k->secondary ? k->near : k->remote,
                        NULL, k->owner->model, k->local, NULL, k->count);
    if (!s || !equal || (k->secondary && !join_between(b, k, s)))
        return NULL;
    s->struct_size = sizeof *s;
    s->model = n->node->m->model;
    s->where_ = ath__load_narrow(b->l, n->node, equal);
    s->order_by = clause && clause->order_by.count ? clause->order_by : k->relation->opts.order_by;
    s->unfiltered = b->l->unfiltered;
    return s->where_ ? s : NULL;
}

static bool select_one(const nesting *b, ath_select_stmt *s, const ath_expr *column) {
    const ath_expr *const *columns = column ? ath__arena_copy(&b->l->arena, &column, sizeof column) : NULL;
    s->columns = (ath_expr_list){1, columns};
    return columns != NULL;
}

/* agg(row ORDER BY ...) */
static const ath_expr *aggregate(const nesting *b, ath_select_stmt *s, const ath_expr *item) {
    const ath_expr_list order = s->order_by;
    const ath_expr **args = ath__arena_alloc(&b->l->arena, (order.count + 1) * sizeof *args);
    if (!args || !item)
        return NULL;
    args[0] = item;
    if (order.count)
        memcpy(args + 1, order.items, order.count * sizeof *args);
    s->order_by = (ath_expr_list){0};
    if (order.count)
        item = ath__load_expr(b->l,
                              (ath_expr){.node = ATH_NODE_ORDERED, .count = (uint32_t)order.count + 1, .args = args});
    return call(b, b->how->rows, &item, 1);
}

static const ath_expr *nested(const nesting *b, const ath_expr *e) {
    return b->how->nested ? call(b, b->how->nested, &e, 1) : e;
}

/* SELECT agg(json(q.j)) FROM (SELECT row AS j ... ORDER BY ...) AS q */
static ath_select_stmt *aggregate_over(const nesting *b, ath_select_stmt *s, const ath_expr *item) {
    ath_select_stmt *outer = ath__arena_zero(&b->l->arena, sizeof *outer);
    ath_source *source = ath__arena_zero(&b->l->arena, sizeof *source);
    const ath_expr *const *labelled = item ? ath__arena_copy(&b->l->arena, &item, sizeof item) : NULL;
    if (!outer || !source || !labelled)
        return NULL;
    const ath_expr label = {.node = ATH_NODE_LABEL, .count = 1, .args = labelled, .u.text = "j"};
    const ath_expr name = {.node = ATH_NODE_NAME, .u.name = {.table = "q", .name = "j"}};
    const ath_expr *j = nested(b, ath__load_expr(b->l, name));
    *source = (ath_source){.select = s, .alias = "q"};
    outer->struct_size = sizeof *outer;
    outer->from = (ath_source_list){1, source};
    outer->unfiltered = s->unfiltered;
    bool made = select_one(b, s, ath__load_expr(b->l, label)) && select_one(b, outer, call(b, b->how->rows, &j, 1));
    return made ? outer : NULL;
}

static const ath_expr *relation(const nesting *b, const ath__nest *n, bool many) {
    ath_select_stmt *s = related(b, n);
    const ath_expr *item = row(b, n);
    if (!s || !item)
        return NULL;
    if (!many) {
        s->limit = 1; /* of several, the first counts */
        s = select_one(b, s, item) ? s : NULL;
    } else if (b->how->orders_inside) {
        s = select_one(b, s, aggregate(b, s, item)) ? s : NULL;
    } else {
        s = aggregate_over(b, s, item);
    }
    return s ? nested(b, ath__load_expr(b->l, (ath_expr){.node = ATH_NODE_SUBQUERY, .u.select = s})) : NULL;
}

const ath_select_stmt *ath__nest_statement(ath__loading *l, const ath__nesting *how, const ath__nest *n,
                                           const ath_select_stmt *query) {
    const nesting b = {l, how};
    ath_select_stmt *s = ath__arena_copy(&l->arena, query, sizeof *query);
    if (!s || !select_one(&b, s, row(&b, n)))
        return NULL;
    s->load = (ath_load_list){0};
    s->load_only = s->defer = (ath_expr_list){0};
    return s;
}
