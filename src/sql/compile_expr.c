/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, expressions: a node becomes text and bind plan entries.  Here are binds, columns and the small nodes; operators,
 * functions, types and SQL text have files of their own beside it.
 */
#include "sql/compiler.h"

static const ath_type unknown = {.sql = ATH_SQL_INFER};

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

void ath__cannot(ath__compiler *c, const char *construct) {
    if (c->error->status == ATH_OK)
        ath__dialect_cannot(c->dialect, construct, c->error);
}

/* ---- binds ---- */

/* What the value of the key is, for a database that wants to know before it has a type. */
static uint8_t kind_of_value(const ath__compiler *c, size_t value) {
    return (uint8_t)(c->key && value < c->key->value_count ? c->key->values[value].kind : ATH_KIND_NULL);
}

static void placeholder(ath__compiler *c, size_t bind) {
    if (c->dialect->placeholder == ATH__PLACEHOLDER_DOLLAR)
        ath__buf_printf(&c->out, "$%zu", bind + 1);
    else
        ath__buf_char(&c->out, '?');
}

static void add_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how) {
    if (c->bind_count == c->bind_capacity) {
        size_t capacity = c->bind_capacity ? c->bind_capacity * 2 : 16;
        ath__bind *larger = ath__arena_alloc(c->arena, capacity * sizeof *larger);
        if (!larger) {
            c->out.failed = true;
            return;
        }
        if (c->bind_count)
            memcpy(larger, c->binds, c->bind_count * sizeof *larger);
        c->binds = larger;
        c->bind_capacity = capacity;
    }
    c->binds[c->bind_count++] =
        (ath__bind){.value = (uint32_t)value, .how = (uint8_t)how, .kind = kind_of_value(c, value), .type = *type};
    placeholder(c, c->bind_count - 1);
    if (c->dialect->max_binds && c->bind_count == c->dialect->max_binds + 1 && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_NOT_SUPPORTED, "%s allows %u values in a statement; this one has more",
                  c->dialect->name, c->dialect->max_binds);
}

void ath__render_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how) {
    size_t shared = c->shared ? ath__share_bind(c, value, type, how) : SIZE_MAX;
    if (shared != SIZE_MAX)
        placeholder(c, shared);
    else
        add_bind(c, value, type, how);
}

void ath__render_constant(ath__compiler *c, const ath_value *value, const ath_type *type) {
    add_bind(c, 0, type, ATH__BIND_AS_IS);
    if (c->bind_count)
        c->binds[c->bind_count - 1].constant = value;
}

size_t ath__value_of(ath__compiler *c, const void *owner) {
    const ath__key *key = c->key;
    if (!key)
        return c->bind_count;
    for (size_t tried = 0, at = c->next_value; tried < key->value_count; tried++, at++) {
        if (at >= key->value_count)
            at = 0;
        if (key->owners[at] == owner) {
            c->next_value = at + 1;
            return at;
        }
    }
    fail(c, ATH_INTERNAL, "a value of the statement was not found in its key");
    return 0;
}

static void write_literal(ath__compiler *c, ath_value value, const ath_type *hint) {
    if (c->values_written && hint && hint->sql != ATH_SQL_INFER) {
        ath__value_measure(&value);
        if (ath__value_coerce(&value, hint, c->arena, c->error) != ATH_OK)
            return;
    }
    ath__dialect_typed_literal(c->dialect, &c->out, hint, &value, c->error);
}

/* Without a key the literal is part of an expression that a model keeps: nobody binds it, so it is written. */
void ath__render_literal(ath__compiler *c, const ath_expr *e, const ath_type *hint, ath__bind_how how) {
    if (!c->key) {
        if (how != ATH__BIND_AS_IS)
            fail(c, ATH_ARGUMENT,
                 "contains, startswith and endswith need values that are bound; here they are written");
        else if (c->error->status == ATH_OK)
            write_literal(c, e->u.value, hint);
        return;
    }
    ath__render_bind(c, ath__value_of(c, e), hint ? hint : &unknown, how);
}

/* A path of keys and positions becomes one value: $."tags"[0]. */
void ath__render_json_path(ath__compiler *c, const ath_expr *e) {
    static const ath_type text = {.sql = ATH_SQL_TEXT};
    if (!c->key || e->count < 2) {
        fail(c, ATH_ARGUMENT, "a JSON path needs keys or positions, and a statement to stand in");
        return;
    }
    for (uint32_t i = 1; i < e->count; i++)
        if (!e->args[i] || e->args[i]->node != ATH_NODE_LITERAL) {
            fail(c, ATH_ARGUMENT, "a JSON path is made of values: keys and positions");
            return;
        }
    size_t first = ath__value_of(c, e->args[1]);
    ath__render_bind(c, first, &text, ATH__BIND_JSON_PATH);
    if (c->bind_count)
        c->binds[c->bind_count - 1].span = (uint8_t)(e->count - 1);
    c->next_value = first + e->count - 1;
}

/* ---- columns ---- */

const ath__column *ath__resolve(ath__compiler *c, const ath_expr *e) {
    if (c->error->status != ATH_OK)
        return NULL;
    const ath_table *table = ath_model_table(e->u.column.model, c->error);
    if (!table)
        return NULL;
    const ath__column *column = ath__table_column_at(table, e->u.column.offset);
    if (!column)
        ath__fail(c->error, ATH_ARGUMENT, "model %s: the field at offset %zu is not described as a column",
                  e->u.column.model->name, e->u.column.offset);
    return column;
}

/* A table given by name stands for each model of it. */
static bool is_table_of(const ath__from *from, const ath_model *model) {
    if (!from->model)
        return model->table && strcmp(from->name, model->table) == 0;
    const ath_table *t = from->model != model && from->table ? ath_model_table(model, NULL) : NULL;
    return from->model == model || (t && ath__share_rows(from->table, t));
}

const ath__from *ath__find_from(const ath__compiler *c, const ath_expr *e) {
    for (const ath__scope *scope = c->scope; scope; scope = scope->outer)
        for (size_t i = 0; i < scope->count; i++) {
            const ath__from *from = &scope->items[i];
            if (e->u.column.alias ? from->aliased && strcmp(from->name, e->u.column.alias) == 0
                                  : (!from->aliased || from->stands) && is_table_of(from, e->u.column.model))
                return from;
        }
    return NULL;
}

void ath__render_column_name(ath__compiler *c, const ath_expr *e) {
    if (e->node == ATH_NODE_NAME && e->u.name.name) {
        ath__dialect_name(c->dialect, &c->out, e->u.name.name);
        return;
    }
    const ath__column *column = e->node == ATH_NODE_COLUMN ? ath__resolve(c, e) : NULL;
    if (column && column->expression)
        fail(c, ATH_ARGUMENT, "a column that is an expression cannot be set");
    else if (column)
        ath__dialect_name(c->dialect, &c->out, column->name);
    else
        fail(c, ATH_ARGUMENT, "a column is needed here");
}

/* The table of the database that has a column of a model. */
static const ath_table *home_of(const ath_expr *e, const ath__column *column) {
    const ath_table *t = ath_model_table(e->u.column.model, NULL);
    return t ? ath__column_home(t, column) : NULL;
}

void ath__render_expression(ath__compiler *c, const ath_model *model, const char *alias, const ath__column *column) {
    const ath__key *key = c->key;
    const ath_model *model_before = c->alias_model;
    const char *alias_before = c->alias;
    c->key = NULL; /* its literals are written */
    c->alias_model = model;
    c->alias = alias;
    str(c, "(");
    ath__render(c, column->expression, &column->type);
    str(c, ")");
    c->key = key;
    c->alias_model = model_before;
    c->alias = alias_before;
}

static void column(ath__compiler *c, const ath_expr *e) {
    ath_expr aliased;
    if (c->alias && !e->u.column.alias && e->u.column.model == c->alias_model) {
        aliased = *e;
        aliased.u.column.alias = c->alias;
        e = &aliased;
    }
    const ath__column *col = ath__resolve(c, e);
    if (!col)
        return;
    if (col->expression) {
        ath__render_expression(c, e->u.column.model, e->u.column.alias, col);
        return;
    }
    if (!c->unqualified || c->scope) {
        const ath__from *from = ath__find_from(c, e);
        if (!from) {
            ath__fail(c->error, ATH_ARGUMENT, "column %s.%s is used, but %s is not part of the statement",
                      e->u.column.alias ? e->u.column.alias : e->u.column.model->table, col->name,
                      e->u.column.alias ? e->u.column.alias : e->u.column.model->table);
            return;
        }
        if (!c->unqualified) {
            const ath_table *home = from->leaf ? home_of(e, col) : NULL;
            const char *schema = home ? ath__table_schema(home) : from->schema;
            ath__render_table(c, NULL, from->aliased ? NULL : schema, ath__from_name(c, from, home));
            ath__buf_char(&c->out, '.');
        }
    }
    ath__dialect_name(c->dialect, &c->out, col->name);
}

static void name(ath__compiler *c, const ath_expr *e) {
    if (!e->u.name.name) {
        fail(c, ATH_ARGUMENT, "a column's name is missing");
        return;
    }
    if (e->u.name.table && !c->unqualified) {
        ath__dialect_name(c->dialect, &c->out, e->u.name.table);
        ath__buf_char(&c->out, '.');
    }
    ath__dialect_name(c->dialect, &c->out, e->u.name.name);
}

/* ---- any node ---- */

static void subquery(ath__compiler *c, const ath_expr *e) {
    if (!e->u.select) {
        fail(c, ATH_ARGUMENT, "a subquery is missing");
        return;
    }
    bool labelled = c->label_all;
    c->label_all = false;
    str(c, "(");
    ath__render_select(c, e->u.select);
    str(c, ")");
    c->label_all = labelled;
}

static const char *boolean(const ath__compiler *c, bool value) {
    bool native = ath__dialect_can(c->dialect, ATH__CAN_BOOLEAN);
    const char *own = value ? c->dialect->true_sql : c->dialect->false_sql;
    return own ? own : value ? native ? "true" : "1" : native ? "false" : "0";
}

static void constant(ath__compiler *c, const ath_expr *e) {
    ath_value v = e->u.value;
    ath__value_measure(&v);
    if (v.kind == ATH_KIND_BOOL || v.kind == ATH_KIND_NULL)
        str(c, v.kind == ATH_KIND_BOOL ? boolean(c, v.as.b) : "NULL");
    else if (c->error->status == ATH_OK)
        ath__dialect_literal(c->dialect, &c->out, &v, c->error);
}

static void tuple(ath__compiler *c, const ath_expr *e) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_TUPLES))
        ath__cannot(c, "row values");
    str(c, "(");
    ath__render_list(c, (ath_expr_list){e->count, e->args}, ", ");
    str(c, ")");
}

static void collate(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    ath__render_grouped(c, e->args[0], hint);
    str(c, " COLLATE ");
    ath__dialect_name(c->dialect, &c->out, e->u.text ? e->u.text : "");
}

/* The value that was to be inserted: excluded.n, VALUES(n). */
static void excluded(ath__compiler *c, const ath_expr *e) {
    str(c, c->dialect->excluded_open ? c->dialect->excluded_open : "excluded.");
    ath__render_column_name(c, e->args[0]);
    str(c, c->dialect->excluded_close ? c->dialect->excluded_close : "");
}

/* Nodes that are more than a word or two; false for the others. */
static bool large_node(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    switch (e->node) {
    case ATH_NODE_FUNCTION:
        ath__render_function(c, e);
        return true;
    case ATH_NODE_CAST:
        ath__render_cast(c, e);
        return true;
    case ATH_NODE_CASE:
    case ATH_NODE_CASE_OF:
        ath__render_case(c, e, hint);
        return true;
    case ATH_NODE_EXTRACT:
        ath__render_extract(c, e);
        return true;
    case ATH_NODE_ORDERED:
        ath__render_ordered(c, e, hint);
        return true;
    case ATH_NODE_FILTER:
        ath__render_filter(c, e);
        return true;
    case ATH_NODE_OVER:
        ath__render_over(c, e);
        return true;
    case ATH_NODE_WITHIN:
        ath__render_within(c, e);
        return true;
    case ATH_NODE_GROUPING:
        ath__render_grouping(c, e);
        return true;
    case ATH_NODE_RELATION:
        ath__render_relation(c, e);
        return true;
    case ATH_NODE_JSON:
        ath__cannot(c, "access to parts of a JSON document");
        return true;
    default:
        return false;
    }
}

static void render_node(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    switch (e->node) {
    case ATH_NODE_COLUMN:
        column(c, e);
        break;
    case ATH_NODE_NAME:
        name(c, e);
        break;
    case ATH_NODE_LITERAL:
        ath__render_literal(c, e, hint, ATH__BIND_AS_IS);
        break;
    case ATH_NODE_OPERATOR:
        ath__render_operator(c, e);
        break;
    case ATH_NODE_LABEL:
    case ATH_NODE_BIND:
        ath__render(c, e->args[0], hint);
        break;
    case ATH_NODE_TYPED:
        ath__render(c, e->args[0], &e->u.type);
        break;
    case ATH_NODE_TEXT:
        ath__render_text(c, e);
        break;
    case ATH_NODE_SUBQUERY:
        subquery(c, e);
        break;
    case ATH_NODE_STAR:
        str(c, "*");
        break;
    case ATH_NODE_NOW:
        str(c, c->dialect->now ? c->dialect->now : "CURRENT_TIMESTAMP");
        break;
    case ATH_NODE_CONSTANT:
        constant(c, e);
        break;
    case ATH_NODE_TUPLE:
        tuple(c, e);
        break;
    case ATH_NODE_COLLATE:
        collate(c, e, hint);
        break;
    case ATH_NODE_EXCLUDED:
        excluded(c, e);
        break;
    default:
        if (!large_node(c, e, hint))
            fail(c, ATH_ARGUMENT, "a node of the statement cannot stand where it is");
        break;
    }
}

void ath__render(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    if (c->error->status != ATH_OK)
        return;
    if (!e || c->depth >= ATH__COMPILE_DEPTH) {
        fail(c, ATH_ARGUMENT, e ? "the statement is nested too deep" : "an operand is missing");
        return;
    }
    if (c->anchors)
        ath__share_note(c, e);
    c->depth++;
    if (!c->dialect->render_node || !c->dialect->render_node(c, e))
        render_node(c, e, hint);
    c->depth--;
}

void ath__render_value(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    if (e && e->node == ATH_NODE_LITERAL && e->u.value.kind == ATH_KIND_NULL && c->dialect->null_written)
        str(c, "NULL");
    else
        ath__render(c, e, hint);
}

void ath__render_list(ath__compiler *c, ath_expr_list list, const char *separator) {
    for (size_t i = 0; i < list.count; i++) {
        str(c, i ? separator : "");
        ath__render(c, list.items[i], NULL);
    }
}

bool ath__condition_is_empty(const ath_expr *e) {
    if (!e)
        return true;
    if (e->node != ATH_NODE_OPERATOR || e->op != ATH_OP_AND)
        return false;
    for (uint32_t i = 0; i < e->count; i++)
        if (!ath__condition_is_empty(e->args[i]))
            return false;
    return true;
}

/* A boolean by itself is no condition where the database has no booleans: it needs "= 1". */
void ath__render_condition(ath__compiler *c, const ath_expr *e) {
    bool native = ath__dialect_can(c->dialect, ATH__CAN_BOOLEAN);
    bool constant_bool = e && e->node == ATH_NODE_CONSTANT && e->u.value.kind == ATH_KIND_BOOL;
    if (constant_bool && !native && !c->dialect->true_sql) { /* 0 = 1 */
        ath__buf_printf(&c->out, "%d = 1", e->u.value.as.b);
        return;
    }
    ath__render(c, e, NULL);
    if (e && (e->node == ATH_NODE_COLUMN || constant_bool) && !native)
        str(c, " = 1");
}
