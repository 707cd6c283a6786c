/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: deep copies of expressions and statements into an arena, so that they outlive the block that wrote them.
 * Used for a model's defaults and for queries that are built step by step.
 *
 * The copier fails once and stays failed: the copying code is written without checks and asked at the end.
 */
#include "sql/copy.h"
#include "sql/inherit.h"
#include "sql/relation.h"

#include <string.h>

enum { DEPTH_LIMIT = 200 };

typedef struct copier {
    ath__arena *arena;
    bool failed;
    int depth;
    const ath_model *model; /* whose columns get an alias on the way; NULL: none */
    const char *alias;
    const ath_table *from; /* columns of this class and its ancestors become those of ... */
    const ath_model *heir; /* ... the one that inherits from it */
} copier;

static const ath_expr *copy_expr(copier *c, const ath_expr *e);
static const ath_select_stmt *copy_select(copier *c, const ath_select_stmt *s);
static ath_stmt copy_stmt(copier *c, ath_stmt stmt);

/* ---- memory ---- */

static void *take(copier *c, size_t count, size_t size) {
    void *memory = ath__arena_zero(c->arena, count ? count * size : size);
    c->failed = c->failed || !memory;
    return memory;
}

static void *same(copier *c, const void *from, size_t size) {
    void *memory = take(c, 1, size);
    return memory ? memcpy(memory, from, size) : NULL;
}

static const char *copy_text(copier *c, const char *text) {
    const char *copy = text ? ath__arena_str(c->arena, text) : NULL;
    c->failed = c->failed || (text && !copy);
    return copy;
}

static ath_name_list copy_names(copier *c, ath_name_list list) {
    const char **names = list.count ? take(c, list.count, sizeof *names) : NULL;
    for (size_t i = 0; names && i < list.count; i++)
        names[i] = copy_text(c, list.names[i]);
    return (ath_name_list){list.count, names};
}

/* ---- what nodes hold ---- */

static void copy_value(copier *c, ath_value *v) {
    if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON) {
        size_t size = v->as.text.size == SIZE_MAX ? strlen(v->as.text.data) : v->as.text.size;
        v->as.text.data = ath__arena_strn(c->arena, v->as.text.data, size);
        v->as.text.size = size;
        c->failed = c->failed || !v->as.text.data;
    } else if (v->kind == ATH_KIND_BYTES && v->as.bytes.size) {
        v->as.bytes.data = ath__arena_copy(c->arena, v->as.bytes.data, v->as.bytes.size);
        c->failed = c->failed || !v->as.bytes.data;
    }
}

static ath_type copy_type(copier *c, ath_type type) {
    if (!ath__type_copy(&type, c->arena))
        c->failed = true;
    return type;
}

static ath_expr_list copy_list(copier *c, ath_expr_list list) {
    const ath_expr **items = list.count ? take(c, list.count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < list.count; i++)
        items[i] = copy_expr(c, list.items[i]);
    return (ath_expr_list){list.count, items};
}

static const ath_window *copy_window(copier *c, const ath_window *w) {
    ath_window *copy = w ? same(c, w, sizeof *w) : NULL;
    if (!copy)
        return NULL;
    copy->partition_by = copy_list(c, w->partition_by);
    copy->order_by = copy_list(c, w->order_by);
    copy->exclude = copy_text(c, w->exclude);
    return copy;
}

/* The elements of a C array; texts with what they point to. */
static const void *copy_array(copier *c, const ath_expr *e) {
    size_t size = ath__ctype_size((ath_ctype)e->kind);
    if (!size || !e->count) {
        c->failed = c->failed || !size;
        return e->u.array;
    }
    void *items = take(c, e->count, size);
    if (items)
        memcpy(items, e->u.array, e->count * size);
    if (e->kind == ATH_C_TEXT)
        for (uint32_t i = 0; items && i < e->count; i++)
            ((const char **)items)[i] = copy_text(c, ((const char *const *)e->u.array)[i]);
    return items;
}

/* What a node points to besides its operands. */
static void copy_payload(copier *c, ath_expr *node) {
    switch (node->node) {
    case ATH_NODE_LITERAL:
    case ATH_NODE_CONSTANT:
        copy_value(c, &node->u.value);
        break;
    case ATH_NODE_COLUMN:
    case ATH_NODE_STAR:
    case ATH_NODE_RELATION:
        node->u.column.alias = copy_text(c, node->u.column.alias);
        break;
    case ATH_NODE_NAME:
        node->u.name.table = copy_text(c, node->u.name.table);
        node->u.name.name = copy_text(c, node->u.name.name);
        break;
    case ATH_NODE_CAST:
    case ATH_NODE_TYPED:
    case ATH_NODE_JSON:
        node->u.type = copy_type(c, node->u.type);
        break;
    case ATH_NODE_OVER:
    case ATH_NODE_WITHIN:
        node->u.window = copy_window(c, node->u.window);
        break;
    case ATH_NODE_SUBQUERY:
        node->u.select = copy_select(c, node->u.select);
        break;
    case ATH_NODE_ARRAY:
        node->u.array = copy_array(c, node);
        break;
    case ATH_NODE_OPERATOR:
    case ATH_NODE_FUNCTION:
    case ATH_NODE_LABEL:
    case ATH_NODE_TEXT:
    case ATH_NODE_BIND:
    case ATH_NODE_COLLATE:
    case ATH_NODE_EXTRACT:
    case ATH_NODE_GROUPING:
        node->u.text = copy_text(c, node->u.text);
        break;
    default:
        break;
    }
}

/* The columns of a model that a query takes rows from are its own: they keep their names. */
static bool takes_from(const ath_source *s, const ath_model *model) {
    if (s->model == model && !s->alias)
        return true;
    for (size_t i = 0; i < s->join_count; i++)
        if (takes_from(&s->joins[i].source, model))
            return true;
    return false;
}

static bool selects_from(const ath_select_stmt *s, const ath_model *model) {
    bool own = s->model == model;
    for (size_t i = 0; i < s->from.count; i++)
        own = own || takes_from(&s->from.items[i], model);
    for (size_t i = 0; i < s->joins.count; i++)
        own = own || takes_from(&s->joins.items[i].source, model);
    return own;
}

/* So are those of a relation's target in the condition on it. */
static bool relates_to(const ath_expr *e, const ath_model *model) {
    const ath__link *link = e->node == ATH_NODE_RELATION ? ath__link_of(e, NULL) : NULL;
    return link && (link->target->model == model || (link->secondary && link->secondary->model == model));
}

/* Columns of what a class inherits from are its own. */
static bool is_class_of(const ath_model *model, const ath_model *of) {
    const ath_table *t = model == of ? NULL : ath_model_table(model, NULL);
    for (t = t ? ath__table_super(t) : NULL; t; t = ath__table_super(t))
        if (t->model == of)
            return true;
    return model == of;
}

static void give_alias(copier *c, ath_expr *node) {
    bool column = node->node == ATH_NODE_COLUMN || node->node == ATH_NODE_STAR || node->node == ATH_NODE_RELATION;
    if (c->model && column && is_class_of(c->model, node->u.column.model) && !node->u.column.alias)
        node->u.column.alias = c->alias;
}

static void hand_down(const copier *c, ath_expr *node) {
    if (node->node != ATH_NODE_COLUMN && node->node != ATH_NODE_RELATION)
        return;
    for (const ath_table *t = c->from; t; t = t->lineage ? t->lineage->parent : NULL)
        if (node->u.column.model == t->model)
            node->u.column.model = c->heir;
}

static const ath_expr *copy_expr(copier *c, const ath_expr *e) {
    if (!e || c->failed)
        return NULL;
    if (c->depth >= DEPTH_LIMIT) {
        c->failed = true;
        return NULL;
    }
    c->depth++;
    ath_expr *node = same(c, e, sizeof *e);
    if (node) {
        const ath_model *model = c->model;
        copy_payload(c, node);
        give_alias(c, node);
        hand_down(c, node);
        if (model && relates_to(e, model))
            c->model = NULL;
        if (e->node != ATH_NODE_ARRAY)
            node->args = e->args ? copy_list(c, (ath_expr_list){e->count, e->args}).items : NULL;
        c->model = model;
    }
    c->depth--;
    return node;
}

/* ---- what statements hold ---- */

static const ath_join_clause *copy_joins(copier *c, const ath_join_clause *joins, size_t count);

static ath_source copy_source(copier *c, ath_source s) {
    s.table = copy_text(c, s.table);
    s.schema = copy_text(c, s.schema);
    s.alias = copy_text(c, s.alias);
    s.select = copy_select(c, s.select);
    s.function = copy_expr(c, s.function);
    s.columns = copy_names(c, s.columns);
    s.sample = copy_expr(c, s.sample);
    s.seed = copy_expr(c, s.seed);
    s.joins = copy_joins(c, s.joins, s.join_count);
    return s;
}

static ath_source_list copy_sources(copier *c, ath_source_list list) {
    ath_source *items = list.count ? take(c, list.count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < list.count; i++)
        items[i] = copy_source(c, list.items[i]);
    return (ath_source_list){list.count, items};
}

static ath_join_clause copy_join(copier *c, ath_join_clause join) {
    join.source = copy_source(c, join.source);
    join.on_ = copy_expr(c, join.on_);
    join.filter_ = copy_expr(c, join.filter_);
    return join;
}

static const ath_join_clause *copy_joins(copier *c, const ath_join_clause *joins, size_t count) {
    ath_join_clause *items = count ? take(c, count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < count; i++)
        items[i] = copy_join(c, joins[i]);
    return items;
}

static ath_row_list copy_rows(copier *c, ath_row_list list) {
    ath_expr_list *items = list.count ? take(c, list.count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < list.count; i++)
        items[i] = copy_list(c, list.items[i]);
    return (ath_row_list){list.count, items};
}

static ath_cte copy_cte(copier *c, ath_cte cte) {
    cte.name = copy_text(c, cte.name);
    cte.columns = copy_names(c, cte.columns);
    cte.query = copy_select(c, cte.query);
    cte.recursive = copy_select(c, cte.recursive);
    cte.statement = copy_stmt(c, cte.statement);
    return cte;
}

static ath_cte_list copy_ctes(copier *c, ath_cte_list list) {
    ath_cte *items = list.count ? take(c, list.count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < list.count; i++)
        items[i] = copy_cte(c, list.items[i]);
    return (ath_cte_list){list.count, items};
}

static ath_assignment_list copy_assignments(copier *c, ath_assignment_list list) {
    ath_assignment *items = list.count ? take(c, list.count, sizeof *items) : NULL;
    for (size_t i = 0; items && i < list.count; i++)
        items[i] = (ath_assignment){copy_expr(c, list.items[i].column), copy_expr(c, list.items[i].value)};
    return (ath_assignment_list){list.count, items};
}

/* ---- statements ---- */

static void copy_members(copier *c, ath_select_stmt *s) {
    const ath_select_stmt **members = s->member_count ? take(c, s->member_count, sizeof *members) : NULL;
    for (size_t i = 0; members && i < s->member_count; i++)
        members[i] = copy_select(c, s->members[i]);
    s->members = members;
}

static ath_load_list copy_load(copier *c, ath_load_list list) {
    ath_load_clause *items = list.count && !c->failed ? take(c, list.count, sizeof *items) : NULL;
    c->failed = c->failed || c->depth >= DEPTH_LIMIT;
    c->depth++;
    for (size_t i = 0; items && !c->failed && i < list.count; i++) {
        items[i] = list.items[i];
        items[i].then = copy_load(c, items[i].then);
        items[i].where_ = copy_expr(c, items[i].where_);
        items[i].order_by = copy_list(c, items[i].order_by);
        items[i].load_only = copy_list(c, items[i].load_only);
        items[i].defer = copy_list(c, items[i].defer);
        items[i].alias = copy_text(c, items[i].alias);
    }
    c->depth--;
    return (ath_load_list){items ? list.count : 0, items};
}

static const ath_select_stmt *copy_select(copier *c, const ath_select_stmt *from) {
    if (!from || c->failed)
        return NULL;
    ath_select_stmt *s = c->depth < DEPTH_LIMIT ? same(c, from, sizeof *from) : NULL;
    c->failed = c->failed || !s;
    if (!s)
        return NULL;
    const ath_model *model = c->model;
    if (model && selects_from(from, model))
        c->model = NULL;
    c->depth++;
    s->columns = copy_list(c, s->columns);
    s->from = copy_sources(c, s->from);
    s->joins.items = copy_joins(c, s->joins.items, s->joins.count);
    s->where_ = copy_expr(c, s->where_);
    s->group_by = copy_list(c, s->group_by);
    s->having_ = copy_expr(c, s->having_);
    s->order_by = copy_list(c, s->order_by);
    s->distinct_on = copy_list(c, s->distinct_on);
    s->with = copy_ctes(c, s->with);
    s->lock.of = copy_sources(c, s->lock.of);
    s->prefix = copy_text(c, s->prefix);
    s->suffix = copy_text(c, s->suffix);
    s->values = copy_rows(c, s->values);
    s->load = copy_load(c, s->load);
    s->load_only = copy_list(c, s->load_only);
    s->defer = copy_list(c, s->defer);
    copy_members(c, s);
    c->depth--;
    c->model = model;
    return s;
}

static const void *copy_insert(copier *c, const ath_insert_stmt *from) {
    ath_insert_stmt *s = same(c, from, sizeof *from);
    if (!s)
        return NULL;
    s->table = copy_text(c, s->table);
    s->schema = copy_text(c, s->schema);
    s->with = copy_ctes(c, s->with);
    s->prefix = copy_text(c, s->prefix);
    s->set = copy_assignments(c, s->set);
    s->columns = copy_names(c, s->columns);
    s->values = copy_rows(c, s->values);
    s->select = copy_select(c, s->select);
    s->on_conflict.columns = copy_names(c, s->on_conflict.columns);
    s->on_conflict.constraint = copy_text(c, s->on_conflict.constraint);
    s->on_conflict.where_ = copy_expr(c, s->on_conflict.where_);
    s->on_conflict.set = copy_assignments(c, s->on_conflict.set);
    s->on_conflict.update_where_ = copy_expr(c, s->on_conflict.update_where_);
    s->returning = copy_list(c, s->returning);
    return s;
}

static const void *copy_update(copier *c, const ath_update_stmt *from) {
    ath_update_stmt *s = same(c, from, sizeof *from);
    if (!s)
        return NULL;
    s->table = copy_text(c, s->table);
    s->schema = copy_text(c, s->schema);
    s->with = copy_ctes(c, s->with);
    s->set = copy_assignments(c, s->set);
    s->from = copy_sources(c, s->from);
    s->where_ = copy_expr(c, s->where_);
    s->order_by = copy_list(c, s->order_by);
    s->returning = copy_list(c, s->returning);
    return s;
}

static const void *copy_delete(copier *c, const ath_delete_stmt *from) {
    ath_delete_stmt *s = same(c, from, sizeof *from);
    if (!s)
        return NULL;
    s->table = copy_text(c, s->table);
    s->schema = copy_text(c, s->schema);
    s->with = copy_ctes(c, s->with);
    s->from = copy_sources(c, s->from);
    s->where_ = copy_expr(c, s->where_);
    s->order_by = copy_list(c, s->order_by);
    s->returning = copy_list(c, s->returning);
    return s;
}

static ath_stmt copy_stmt(copier *c, ath_stmt stmt) {
    if (!stmt.of || c->failed)
        return stmt;
    c->depth++;
    switch (stmt.kind) {
    case ATH_STMT_SELECT:
        stmt.of = copy_select(c, stmt.of);
        break;
    case ATH_STMT_INSERT:
        stmt.of = copy_insert(c, stmt.of);
        break;
    case ATH_STMT_UPDATE:
        stmt.of = copy_update(c, stmt.of);
        break;
    case ATH_STMT_DELETE:
        stmt.of = copy_delete(c, stmt.of);
        break;
    default:
        stmt.of = copy_expr(c, stmt.of);
        break;
    }
    c->depth--;
    return stmt;
}

/* ---- from outside ---- */

const ath_expr *ath__expr_copy(const ath_expr *expr, ath__arena *arena) {
    copier c = {.arena = arena};
    const ath_expr *copy = copy_expr(&c, expr);
    return c.failed ? NULL : copy;
}

const ath_expr *ath__expr_copy_as(const ath_expr *expr, ath__arena *arena, const ath_model *model, const char *alias) {
    copier c = {.arena = arena, .model = alias ? model : NULL, .alias = alias};
    const ath_expr *copy = copy_expr(&c, expr);
    return c.failed ? NULL : copy;
}

const ath_expr *ath__expr_copy_for(const ath_expr *expr, ath__arena *arena, const ath_table *from,
                                   const ath_model *heir) {
    copier c = {.arena = arena, .from = from, .heir = heir};
    const ath_expr *copy = copy_expr(&c, expr);
    return c.failed ? NULL : copy;
}

bool ath__expr_list_copy(ath_expr_list *list, ath__arena *arena) {
    copier c = {.arena = arena};
    *list = copy_list(&c, *list);
    return !c.failed;
}

bool ath__source_copy(ath_source *source, ath__arena *arena) {
    copier c = {.arena = arena};
    *source = copy_source(&c, *source);
    return !c.failed;
}

bool ath__join_copy(ath_join_clause *join, ath__arena *arena) {
    copier c = {.arena = arena};
    *join = copy_join(&c, *join);
    return !c.failed;
}

bool ath__cte_copy(ath_cte *cte, ath__arena *arena) {
    copier c = {.arena = arena};
    *cte = copy_cte(&c, *cte);
    return !c.failed;
}

bool ath__load_copy(ath_load_clause *clause, ath__arena *arena) {
    copier c = {.arena = arena};
    ath_load_list one = copy_load(&c, (ath_load_list){1, clause});
    if (!c.failed)
        *clause = one.items[0];
    return !c.failed;
}

bool ath__stmt_copy(ath_stmt *stmt, ath__arena *arena) {
    copier c = {.arena = arena};
    *stmt = copy_stmt(&c, *stmt);
    return !c.failed;
}

const ath_select_stmt *ath__select_copy(const ath_select_stmt *select, ath__arena *arena) {
    copier c = {.arena = arena};
    const ath_select_stmt *copy = copy_select(&c, select);
    return c.failed ? NULL : copy;
}
