/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: conditions that a model's queries have by themselves: the model's own, and the session's.
 *
 * A statement is walked once to see whether a model with a filter is in it; if so a copy of it is walked again, and each
 * SELECT, UPDATE and DELETE in the copy gets the conditions of the tables it takes rows from: those of joined tables in
 * ON, so that outer joins stay what they are, the others in WHERE.  Subqueries are walked wherever they stand.
 */
#include "orm/session.h"
#include "sql/copy.h"

enum { DEPTH_LIMIT = 64 };

/* What the session says of a model. */
typedef struct ath__filter {
    struct ath__filter *next;
    const ath_model *model;
    const ath_expr *condition; /* NULL: none */
    bool lifted;
} ath__filter;

typedef struct filtering {
    ath_session *s;
    bool unfiltered; /* the statement, or the SELECT at hand, says so: classes alone count */
    bool apply;      /* else it is only looked whether there is anything to do */
    bool found;
    int depth;
} filtering;

/* ---- what the session says ---- */

static ath__filter *find(const ath_session *s, const ath_model *model) {
    ath__filter *f = s->filters;
    while (f && f->model != model)
        f = f->next;
    return f;
}

static ath__filter *find_or_add(ath_session *s, const ath_model *model) {
    ath__filter *f = find(s, model);
    if (f)
        return f;
    f = ath__arena_zero(&s->arena, sizeof *f);
    if (!f) {
        ath__session_no_memory(s);
        return NULL;
    }
    f->model = model;
    f->next = s->filters;
    return s->filters = f;
}

ath_status ath_session_filter_model(ath_session *s, const ath_model *model, const ath_expr *condition) {
    ATH_TRY(ath__session_enter(s));
    ath__filter *f = ath_model_table(model, &s->error) ? find_or_add(s, model) : NULL;
    if (!f)
        return s->error.status;
    const ath_expr *copy = ath__expr_copy(condition, &s->arena);
    if (condition && !copy)
        return ath__session_no_memory(s);
    f->condition = copy;
    return ATH_OK;
}

ath_status ath_session_unfiltered(ath_session *s, const ath_model *model, bool unfiltered) {
    ATH_TRY(ath__session_enter(s));
    if (!model) {
        s->unfiltered = unfiltered;
        return ATH_OK;
    }
    ath__filter *f = find_or_add(s, model);
    if (!f)
        return s->error.status;
    f->lifted = unfiltered;
    return ATH_OK;
}

/* The model's filter and the session's: how many there are. */
static size_t filters_of(const ath_session *s, const ath_model *model, const ath_expr *out[]) {
    const ath__filter *f = model && !s->unfiltered ? find(s, model) : NULL;
    size_t n = 0;
    if (!model || s->unfiltered || (f && f->lifted))
        return 0;
    const ath_table *t = ath_model_table(model, NULL); /* what is wrong with it, the compiler says */
    if (t && t->filter)
        out[n++] = t->filter;
    if (f && f->condition)
        out[n++] = f->condition;
    return n;
}

bool ath__is_filtered(const ath_session *s, const ath_model *model) {
    const ath_expr *conditions[2];
    return filters_of(s, model, conditions) > 0;
}

/* ---- making conditions ---- */

/* The copy's own structs may be written: they are in the session's arena. */
#define WRITABLE(type, pointer) ((type *)(uintptr_t)(pointer))

static void no_memory(filtering *f) {
    ath__session_no_memory(f->s);
}

/* A copy in which the model's columns have the alias. */
static const ath_expr *realias(filtering *f, const ath_expr *e, const ath_model *model, const char *alias) {
    const ath_expr *copy = ath__expr_copy_as(e, &f->s->filter_arena, model, alias);
    if (!copy)
        no_memory(f);
    return copy;
}

/* *condition AND more; *condition may be NULL. */
static void join_condition(filtering *f, const ath_expr **condition, const ath_expr *more) {
    ath__arena *arena = &f->s->filter_arena;
    const ath_expr *const both[] = {*condition, more};
    if (!more || !*condition) {
        *condition = more ? more : *condition;
        return;
    }
    ath_expr all = {.node = ATH_NODE_OPERATOR, .op = ATH_OP_AND, .count = 2};
    all.args = ath__arena_copy(arena, both, sizeof both);
    const ath_expr *copy = all.args ? ath__arena_copy(arena, &all, sizeof all) : NULL;
    if (copy)
        *condition = copy;
    else
        no_memory(f);
}

/* That a row is of the class, in a table that several share. */
static size_t class_of(filtering *f, const ath_model *model, bool alone, const ath_expr *out[]) {
    const ath_table *t = model ? ath_model_table(model, NULL) : NULL;
    if (!t || !t->lineage)
        return 0;
    out[0] = ath__class_condition(t, alone, &f->s->error);
    return out[0] != NULL;
}

/* Adds the model's filters, by its alias, to a condition. */
static void add_filters_of(filtering *f, const ath_model *model, const char *alias, bool alone,
                           const ath_expr **condition) {
    const ath_expr *found[3];
    size_t n = class_of(f, model, alone, found);
    if (!f->unfiltered)
        n += filters_of(f->s, model, found + n);
    f->found = f->found || n;
    for (size_t i = 0; f->apply && i < n; i++)
        join_condition(f, condition, realias(f, found[i], model, alias));
}

static void add_filters(filtering *f, const ath_model *model, const char *alias, const ath_expr **condition) {
    add_filters_of(f, model, alias, false, condition);
}

/* ---- walking ---- */

static void walk_select(filtering *f, const ath_select_stmt *select);
static void walk_stmt(filtering *f, ath_stmt stmt);
static void walk_list(filtering *f, ath_expr_list list);

/* The EXISTS of a relation takes rows from its target: the target's filters are conditions on it. */
static void add_own_filters(filtering *f, const ath_model *model, const ath_expr **condition) {
    const ath_expr *found[2];
    size_t n = filters_of(f->s, model, found);
    f->found = f->found || n;
    for (size_t i = 0; f->apply && i < n; i++)
        join_condition(f, condition, realias(f, found[i], model, NULL));
}

static void walk_relation(filtering *f, const ath_expr *e) {
    const ath__link *link = e->u.relation.object ? NULL : ath__link_of(e, NULL);
    const ath_expr *own = e->count ? e->args[0] : NULL, *both = own;
    if (link && !f->unfiltered) /* that they are of the target's class, the compiler says */
        add_own_filters(f, link->target->model, &both);
    if (!f->apply || both == own)
        return;
    ath_expr *mine = WRITABLE(ath_expr, e);
    mine->args = ath__arena_copy(&f->s->filter_arena, &both, sizeof(const ath_expr *));
    mine->count = mine->args != NULL;
    if (!mine->args)
        no_memory(f);
}

/* Subqueries inside of an expression. */
static void walk_expr(filtering *f, const ath_expr *e) {
    if (!e || ++f->depth > DEPTH_LIMIT) {
        f->depth -= e != NULL;
        return;
    }
    if (e->node == ATH_NODE_SUBQUERY)
        walk_select(f, e->u.select);
    if (e->node == ATH_NODE_RELATION)
        walk_relation(f, e);
    if (e->node == ATH_NODE_OVER || e->node == ATH_NODE_WITHIN) {
        walk_list(f, e->u.window->partition_by);
        walk_list(f, e->u.window->order_by);
    }
    for (uint32_t i = 0; e->node != ATH_NODE_ARRAY && i < e->count; i++)
        walk_expr(f, e->args[i]);
    f->depth--;
}

static void walk_list(filtering *f, ath_expr_list list) {
    for (size_t i = 0; i < list.count; i++)
        walk_expr(f, list.items[i]);
}

static void walk_joins(filtering *f, const ath_join_clause *joins, size_t count, const ath_expr **where);

/* A source's own filters go to `where`; those of tables joined to it in parentheses stay with their joins. */
static void walk_source(filtering *f, const ath_source *source, const ath_expr **where) {
    add_filters(f, source->model, source->alias, where);
    if (source->select)
        walk_select(f, source->select);
    walk_expr(f, source->function);
    if (++f->depth <= DEPTH_LIMIT)
        walk_joins(f, source->joins, source->join_count, where);
    f->depth--;
}

static void walk_join(filtering *f, const ath_join_clause *join, const ath_expr **where) {
    const ath_expr *own = NULL;
    bool found = f->found;
    f->found = false;
    walk_source(f, &join->source, join->kind == ATH_JOIN_CROSS ? where : &own);
    if (f->found && (join->kind == ATH_JOIN_RIGHT || join->kind == ATH_JOIN_FULL))
        ath__fail(&f->s->error, ATH_NOT_SUPPORTED,
                  "a RIGHT or FULL join of a model with a filter: say .unfiltered = true, and what is meant");
    f->found = f->found || found;
    walk_expr(f, join->on_);
    if (!f->apply || !own)
        return;
    ath_join_clause *mine = WRITABLE(ath_join_clause, join);
    if (mine->on_)
        join_condition(f, &mine->on_, own);
    else
        mine->filter_ = own;
}

static void walk_joins(filtering *f, const ath_join_clause *joins, size_t count, const ath_expr **where) {
    bool filtered = f->found;
    for (size_t i = 0; i < count; i++) {
        walk_join(f, &joins[i], where);
        if (filtered && (joins[i].kind == ATH_JOIN_RIGHT || joins[i].kind == ATH_JOIN_FULL) &&
            f->s->error.status == ATH_OK)
            ath__fail(&f->s->error, ATH_NOT_SUPPORTED,
                      "a RIGHT or FULL join to a model with a filter: say .unfiltered = true, and what is meant");
        filtered = f->found;
    }
}

static void walk_ctes(filtering *f, ath_cte_list list) {
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].query)
            walk_select(f, list.items[i].query);
        if (list.items[i].recursive)
            walk_select(f, list.items[i].recursive);
        walk_stmt(f, list.items[i].statement);
    }
}

/* ---- tables that a SELECT names by its columns alone ---- */

static bool is_joined(const ath_join_clause *joins, size_t count, const ath_model *model) {
    for (size_t i = 0; i < count; i++)
        if ((joins[i].source.model == model && !joins[i].source.alias) ||
            is_joined(joins[i].source.joins, joins[i].source.join_count, model))
            return true;
    return false;
}

typedef struct models {
    const ath_model *items[16];
    size_t count;
} models;

static void gather_models(const ath_expr *e, models *out, int depth) {
    if (!e || depth > DEPTH_LIMIT)
        return;
    bool relation = e->node == ATH_NODE_RELATION; /* its target is within */
    bool column = e->node == ATH_NODE_COLUMN || e->node == ATH_NODE_STAR || relation;
    const ath_model *model = column && !e->u.column.alias ? e->u.column.model : NULL;
    for (size_t i = 0; i < out->count; i++)
        model = out->items[i] == model ? NULL : model;
    if (model && out->count < sizeof out->items / sizeof *out->items)
        out->items[out->count++] = model;
    for (uint32_t i = 0; e->node != ATH_NODE_ARRAY && !relation && i < e->count; i++)
        gather_models(e->args[i], out, depth + 1);
}

/* Of those that an enclosing SELECT gives the condition is said once more: it holds there already. */
static void walk_derived(filtering *f, const ath_select_stmt *s, const ath_expr **where) {
    models found = {.count = 0};
    for (size_t i = 0; i < s->columns.count; i++)
        gather_models(s->columns.items[i], &found, 0);
    gather_models(s->where_, &found, 0);
    for (size_t i = 0; i < found.count; i++)
        if (!is_joined(s->joins.items, s->joins.count, found.items[i]))
            add_filters(f, found.items[i], NULL, where);
}

/* ---- statements ---- */

static bool is_source(ath_source_list list, const ath_model *model) {
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].model == model && !list.items[i].alias)
            return true;
    return false;
}

static void walk_sources(filtering *f, ath_source_list list, const ath_expr **where) {
    for (size_t i = 0; i < list.count; i++)
        walk_source(f, &list.items[i], where);
}

static void walk_expressions(filtering *f, const ath_select_stmt *s) {
    walk_list(f, s->columns);
    walk_expr(f, s->where_);
    walk_list(f, s->group_by);
    walk_expr(f, s->having_);
    walk_list(f, s->order_by);
    walk_list(f, s->distinct_on);
}

static void walk_filtered(filtering *f, const ath_select_stmt *s) {
    const ath_expr *where = NULL;
    bool outside = f->found;
    f->found = false;
    walk_ctes(f, s->with);
    walk_expressions(f, s);
    for (size_t i = 0; i < s->member_count; i++)
        walk_select(f, s->members[i]);
    bool inside = f->found;
    f->found = false;
    if (s->model && !is_source(s->from, s->model))
        add_filters_of(f, s->model, NULL, s->only_class, &where);
    walk_sources(f, s->from, &where);
    if (!s->model && !s->from.count)
        walk_derived(f, s, &where);
    walk_joins(f, s->joins.items, s->joins.count, &where);
    f->found = f->found || inside || outside;
    if (where)
        join_condition(f, &WRITABLE(ath_select_stmt, s)->where_, where);
}

static void walk_select(filtering *f, const ath_select_stmt *s) {
    if (!s || f->depth >= DEPTH_LIMIT || f->s->error.status != ATH_OK)
        return;
    bool unfiltered = f->unfiltered;
    f->unfiltered = unfiltered || s->unfiltered;
    f->depth++;
    walk_filtered(f, s);
    f->depth--;
    f->unfiltered = unfiltered;
}

/* Without a condition the compiler refuses them, unless they say that they mean all rows: a filter is no condition. */
static void walk_update(filtering *f, const ath_update_stmt *u) {
    const ath_expr *where = NULL;
    if (!u->where_ && !u->all_rows)
        return;
    f->unfiltered = f->unfiltered || u->unfiltered;
    walk_ctes(f, u->with);
    for (size_t i = 0; i < u->set.count; i++)
        walk_expr(f, u->set.items[i].value);
    walk_expr(f, u->where_);
    add_filters(f, u->model, NULL, &where);
    walk_sources(f, u->from, &where);
    if (where)
        join_condition(f, &WRITABLE(ath_update_stmt, u)->where_, where);
}

static void walk_delete(filtering *f, const ath_delete_stmt *d) {
    const ath_expr *where = NULL;
    if (!d->where_ && !d->all_rows)
        return;
    f->unfiltered = f->unfiltered || d->unfiltered;
    walk_ctes(f, d->with);
    walk_expr(f, d->where_);
    add_filters(f, d->model, NULL, &where);
    walk_sources(f, d->from, &where);
    if (where)
        join_condition(f, &WRITABLE(ath_delete_stmt, d)->where_, where);
}

static void walk_insert(filtering *f, const ath_insert_stmt *i) {
    walk_ctes(f, i->with);
    if (i->select)
        walk_select(f, i->select);
}

static void walk_stmt(filtering *f, ath_stmt stmt) {
    if (!stmt.of)
        return;
    switch (stmt.kind) {
    case ATH_STMT_SELECT:
        walk_select(f, stmt.of);
        break;
    case ATH_STMT_INSERT:
        walk_insert(f, stmt.of);
        break;
    case ATH_STMT_UPDATE:
        walk_update(f, stmt.of);
        break;
    case ATH_STMT_DELETE:
        walk_delete(f, stmt.of);
        break;
    default:
        break;
    }
}

static bool filtered(ath_session *s, ath_stmt *stmt, bool unfiltered) {
    filtering f = {.s = s, .unfiltered = unfiltered || s->unfiltered};
    if (!stmt->of)
        return true; /* a statement that is not there is refused where it is run */
    walk_stmt(&f, *stmt);
    if (s->error.status != ATH_OK || !f.found)
        return s->error.status == ATH_OK;
    ath__arena_reset(&s->filter_arena);
    if (!ath__stmt_copy(stmt, &s->filter_arena)) {
        ath__session_no_memory(s);
        return false;
    }
    f.apply = true;
    f.unfiltered = unfiltered || s->unfiltered;
    walk_stmt(&f, *stmt);
    return s->error.status == ATH_OK;
}

bool ath__filtered(ath_session *s, ath_stmt *stmt) {
    return filtered(s, stmt, false);
}

bool ath__filtered_select(ath_session *s, const ath_select_stmt **select, bool unfiltered) {
    ath_stmt stmt = {ATH_STMT_SELECT, *select};
    bool ready = filtered(s, &stmt, unfiltered);
    *select = stmt.of;
    return ready;
}
