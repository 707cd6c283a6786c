/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, statements: SELECT, INSERT, UPDATE, DELETE and text become SQL with its bind and result plans.
 *
 * The product owns an arena for its plans and text; what it names (columns, types) belongs to the models' tables, which
 * live as long as the process.
 */
#include "sql/compiler.h"

static const ath_type unknown = {.sql = ATH_SQL_INFER};

/* ---- the compiler's life ---- */

void ath__compiler_init(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                        ath_error *error) {
    memset(out, 0, sizeof *out);
    memset(c, 0, sizeof *c);
    ath__arena_init(&out->arena, a);
    ath__buf_init(&c->out, a);
    c->dialect = dialect;
    c->arena = &out->arena;
    c->error = error;
    ath_error_clear(error);
}

bool ath__compiler_failed(const ath__compiler *c) {
    return c->error->status != ATH_OK || c->out.failed;
}

void ath__compiled_done(ath__compiled *compiled) {
    ath__arena_done(&compiled->arena);
    memset(compiled, 0, sizeof *compiled);
}

ath_status ath__compiler_finish(ath__compiler *c, ath_stmt_kind kind, ath__compiled *out) {
    out->kind = kind;
    out->sql_size = c->out.size;
    out->sql = ath__compiler_failed(c) ? NULL : ath__arena_strn(c->arena, ath__buf_text(&c->out), c->out.size);
    out->binds = c->binds;
    out->bind_count = c->bind_count;
    out->columns = c->columns;
    out->column_count = c->open_columns ? 0 : c->column_count;
    if (c->error->status == ATH_OK && !out->sql)
        ath__fail_memory(c->error);
    ath__buf_done(&c->out);
    if (c->error->status != ATH_OK)
        ath__compiled_done(out);
    return c->error->status;
}

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

/* ---- result columns ---- */

void ath__add_result(ath__compiler *c, const char *name, ath_type type, const ath__column *column) {
    if (!name) {
        c->out.failed = true;
        return;
    }
    if (c->column_count == c->column_capacity) {
        size_t capacity = c->column_capacity ? c->column_capacity * 2 : 16;
        ath__result_column *larger = ath__arena_alloc(c->arena, capacity * sizeof *larger);
        if (!larger) {
            c->out.failed = true;
            return;
        }
        if (c->column_count)
            memcpy(larger, c->columns, c->column_count * sizeof *larger);
        c->columns = larger;
        c->column_capacity = capacity;
    }
    c->columns[c->column_count++] = (ath__result_column){name, type, column};
}

static bool name_taken(const ath__compiler *c, size_t first, const char *name) {
    for (size_t i = first; i < c->column_count; i++)
        if (strcmp(c->columns[i].name, name) == 0)
            return true;
    return false;
}

/* name, or name_1, name_2 ... when columns before it have it already. */
static const char *free_name(ath__compiler *c, size_t first, const char *name) {
    const char *candidate = name;
    for (int n = 1; candidate && name_taken(c, first, candidate); n++)
        candidate = ath__arena_printf(c->arena, "%s_%d", name, n);
    if (!candidate)
        c->out.failed = true;
    return candidate ? candidate : "";
}

/* What a column of the list is called when it has no label. */
static const char *default_name(ath__compiler *c, const ath_expr *e, const ath__column *column) {
    if (column)
        return column->name;
    if (e->node == ATH_NODE_NAME)
        return e->u.name.name;
    const char *made = ath__arena_printf(c->arena, "anon_%u", ++c->anonymous);
    if (!made)
        c->out.failed = true;
    return made ? made : "";
}

static void write_as(ath__compiler *c, const char *name) {
    str(c, " AS ");
    ath__dialect_name(c->dialect, &c->out, name);
}

/* Function results are numbered per function: count_1, count_2. */
static const char *function_name(ath__compiler *c, size_t first, const ath_expr *e) {
    for (unsigned n = 1;; n++) {
        const char *name = ath__arena_printf(c->arena, "%s_%u", e->u.text, n);
        if (!name)
            c->out.failed = true;
        if (!name || !name_taken(c, first, name))
            return name ? name : "";
    }
}

static void result_item(ath__compiler *c, size_t first, const ath_expr *e) {
    if (e->node == ATH_NODE_STAR || e->node == ATH_NODE_TEXT) {
        c->open_columns = true;
        ath__render(c, e, NULL);
        return;
    }
    ath_type type = ath__expr_type(c, e);
    const ath__column *column = e->node == ATH_NODE_COLUMN ? ath__resolve(c, e) : NULL;
    ath__render(c, e, NULL);
    if (c->error->status != ATH_OK)
        return;
    if (e->node == ATH_NODE_LABEL && !e->u.text) {
        fail(c, ATH_ARGUMENT, "a label has no name");
        return;
    }
    if (e->node == ATH_NODE_LABEL) {
        write_as(c, e->u.text);
        ath__add_result(c, ath__arena_str(c->arena, e->u.text), type, NULL);
        return;
    }
    if (e->node == ATH_NODE_FUNCTION) {
        const char *name = function_name(c, first, e);
        write_as(c, name);
        ath__add_result(c, name, type, NULL);
        return;
    }
    const char *plain = ath__arena_str(c->arena, default_name(c, e, column));
    const char *name = plain ? free_name(c, first, plain) : "";
    c->out.failed = c->out.failed || !plain;
    bool named = e->node == ATH_NODE_COLUMN || e->node == ATH_NODE_NAME;
    if (!named || name != plain)
        write_as(c, name);
    ath__add_result(c, name, type, column);
}

static void model_columns(ath__compiler *c, const ath_model *model) {
    const ath_table *table = c->error->status == ATH_OK ? ath_model_table(model, c->error) : NULL;
    for (size_t i = 0; table && i < table->column_count; i++) {
        const ath__column *column = &table->columns[i];
        str(c, i ? ", " : "");
        ath__dialect_name(c->dialect, &c->out, table->name ? table->name : "");
        ath__buf_char(&c->out, '.');
        ath__dialect_name(c->dialect, &c->out, column->name);
        ath__add_result(c, column->name, column->type, column);
    }
}

static void result_list(ath__compiler *c, ath_expr_list list) {
    size_t first = c->column_count;
    for (size_t i = 0; i < list.count && c->error->status == ATH_OK; i++) {
        str(c, i ? ", " : "");
        if (list.items[i])
            result_item(c, first, list.items[i]);
        else
            fail(c, ATH_ARGUMENT, "a column of the list is missing");
    }
}

/* ---- SELECT ---- */

static void where(ath__compiler *c, const char *keyword, const ath_expr *condition) {
    if (ath__condition_is_empty(condition))
        return;
    str(c, keyword);
    ath__render_condition(c, condition);
}

static void number(ath__compiler *c, const int64_t *owner) {
    ath__render_bind(c, ath__value_of(c, owner), &unknown, ATH__BIND_AS_IS);
}

static void limit(ath__compiler *c, const ath_select_stmt *s) {
    if (s->limit < 0 || s->offset < 0) {
        fail(c, ATH_ARGUMENT, "LIMIT and OFFSET cannot be negative");
        return;
    }
    if (!s->limit && !s->offset)
        return;
    str(c, " LIMIT ");
    if (s->limit)
        number(c, &s->limit);
    else
        str(c, c->dialect->limit_none ? c->dialect->limit_none : "ALL");
    if (s->offset) {
        str(c, " OFFSET ");
        number(c, &s->offset);
    } else if (c->dialect->limit_needs_offset) {
        str(c, " OFFSET 0");
    }
}

static void cte_columns(ath__compiler *c, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++) {
        str(c, i ? ", " : "(");
        ath__dialect_name(c->dialect, &c->out, list.names[i]);
    }
    if (list.count)
        str(c, ")");
}

/* A subquery's columns are nobody's result. */
static void inner_select(ath__compiler *c, const ath_select_stmt *s) {
    size_t columns = c->column_count;
    bool open = c->open_columns;
    ath__render_select(c, s);
    c->column_count = columns;
    c->open_columns = open;
}

static void with(ath__compiler *c, ath_cte_list list) {
    bool recursive = false;
    for (size_t i = 0; i < list.count; i++)
        recursive = recursive || list.items[i].recursive;
    for (size_t i = 0; i < list.count; i++) {
        const ath_cte *cte = &list.items[i];
        str(c, i ? ", " : recursive ? "WITH RECURSIVE " : "WITH ");
        ath__dialect_name(c->dialect, &c->out, cte->name ? cte->name : "");
        cte_columns(c, cte->columns);
        str(c, " AS (");
        inner_select(c, cte->query);
        if (cte->recursive) {
            str(c, cte->union_all ? " UNION ALL " : " UNION ");
            inner_select(c, cte->recursive);
        }
        str(c, ")");
    }
    if (list.count)
        str(c, " ");
}

static void select_body(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope) {
    str(c, s->distinct ? "SELECT DISTINCT " : "SELECT ");
    if (s->columns.count)
        result_list(c, s->columns);
    else if (s->model)
        model_columns(c, s->model);
    else
        fail(c, ATH_ARGUMENT, "a SELECT needs columns or a model");
    ath__render_from(c, s, scope);
    where(c, " WHERE ", s->where);
    if (s->group_by.count)
        str(c, " GROUP BY ");
    ath__render_list(c, s->group_by, ", ");
    where(c, " HAVING ", s->having);
    if (s->order_by.count)
        str(c, " ORDER BY ");
    for (size_t i = 0; i < s->order_by.count; i++)
        if (s->order_by.items[i])
            ath__check_order(c, s->order_by.items[i]);
    ath__render_list(c, s->order_by, ", ");
    limit(c, s);
}

static void select_with_scope(ath__compiler *c, const ath_select_stmt *s) {
    ath__scope scope = {.outer = c->scope};
    with(c, s->with);
    ath__scope_of_select(c, s, &scope);
    if (ath__compiler_failed(c))
        return;
    bool unqualified = c->unqualified;
    c->scope = &scope;
    c->unqualified = false;
    select_body(c, s, &scope);
    c->unqualified = unqualified;
    c->scope = scope.outer;
}

void ath__render_select(ath__compiler *c, const ath_select_stmt *s) {
    if (c->depth >= ATH__COMPILE_DEPTH || !s) {
        fail(c, ATH_ARGUMENT, s ? "the statement is nested too deep" : "a subquery is missing");
        return;
    }
    bool outermost = c->depth++ == 0;
    size_t columns = c->column_count;
    bool open = c->open_columns;
    select_with_scope(c, s);
    if (!outermost) {
        c->column_count = columns;
        c->open_columns = open;
    }
    c->depth--;
}

/* ---- INSERT, UPDATE, DELETE ---- */

static bool target(ath__compiler *c, const ath_model *model, const char *table, ath__from *from) {
    const char *name = model ? model->table : table;
    if (!name) {
        fail(c, ATH_ARGUMENT, "the statement names no table to change");
        return false;
    }
    const ath_table *t = model ? ath_model_table(model, c->error) : NULL;
    if (model && !t)
        return false;
    *from = (ath__from){.table = t, .model = model, .name = name};
    ath__dialect_name(c->dialect, &c->out, name);
    return true;
}

void ath__render_returning(ath__compiler *c, ath_expr_list list) {
    if (!list.count)
        return;
    if (!ath__dialect_can(c->dialect, ATH__CAN_RETURNING)) {
        fail(c, ATH_NOT_SUPPORTED, "this database has no RETURNING");
        return;
    }
    str(c, " RETURNING ");
    bool unqualified = c->unqualified;
    c->unqualified = true;
    result_list(c, list);
    c->unqualified = unqualified;
}

static void value_for(ath__compiler *c, const ath_assignment *a) {
    ath_type type = a->column && a->column->node == ATH_NODE_COLUMN ? ath__expr_type(c, a->column) : unknown;
    ath__render(c, a->value, &type);
}

/* A value that the model gives: bound when it is a literal, else written.  The statement's key does not have it. */
static void model_value(ath__compiler *c, const ath_expr *value, const ath_type *type) {
    const ath__key *key = c->key;
    if (value->node == ATH_NODE_LITERAL) {
        ath__render_constant(c, &value->u.value, type);
        return;
    }
    c->key = NULL;
    ath__render(c, value, type);
    c->key = key;
}

/* The column that an assignment changes: one of the statement's own table. */
static void changed_column(ath__compiler *c, const ath__from *from, const ath_expr *e) {
    if (!e) {
        fail(c, ATH_ARGUMENT, "an assignment names no column");
        return;
    }
    if (c->error->status != ATH_OK)
        return;
    const char *owner = e->node == ATH_NODE_COLUMN ? e->u.column.model->table : NULL;
    bool other = from->model ? e->u.column.model != from->model : owner && strcmp(owner, from->name) != 0;
    if (e->node == ATH_NODE_COLUMN && other) {
        const ath__column *column = ath__resolve(c, e);
        if (column)
            ath__fail(c->error, ATH_ARGUMENT, "column %s.%s cannot be set: the statement changes %s",
                      owner ? owner : e->u.column.model->name, column->name, from->name);
        return;
    }
    ath__render_column_name(c, e);
}

static bool is_set(ath__compiler *c, ath_assignment_list set, const ath__column *column) {
    for (size_t i = 0; i < set.count; i++) {
        const ath_expr *e = set.items[i].column;
        if (e && e->node == ATH_NODE_COLUMN
                ? ath__resolve(c, e) == column
                : e && e->node == ATH_NODE_NAME && e->u.name.name && strcmp(e->u.name.name, column->name) == 0)
            return true;
    }
    return false;
}

/* The model's defaults for columns that the statement does not set: their names, or their values. */
static size_t insert_defaults(ath__compiler *c, const ath_insert_stmt *s, const ath_table *table, bool names) {
    size_t written = s->set.count;
    for (size_t i = 0; table && i < table->column_count; i++) {
        const ath__column *column = &table->columns[i];
        if (!column->default_value || is_set(c, s->set, column))
            continue;
        str(c, written++ ? ", " : names ? " (" : "");
        if (names)
            ath__dialect_name(c->dialect, &c->out, column->name);
        else
            model_value(c, column->default_value, &column->type);
    }
    return written;
}

static void insert_values(ath__compiler *c, const ath_insert_stmt *s, const ath__from *from) {
    for (size_t i = 0; i < s->set.count; i++) {
        str(c, i ? ", " : " (");
        changed_column(c, from, s->set.items[i].column);
    }
    if (!insert_defaults(c, s, from->table, true)) {
        if (!ath__dialect_can(c->dialect, ATH__CAN_DEFAULT_VALUES))
            fail(c, ATH_NOT_SUPPORTED, "this database has no INSERT ... DEFAULT VALUES");
        str(c, " DEFAULT VALUES");
        return;
    }
    str(c, ") VALUES (");
    for (size_t i = 0; i < s->set.count; i++) {
        str(c, i ? ", " : "");
        value_for(c, &s->set.items[i]);
    }
    insert_defaults(c, s, from->table, false);
    str(c, ")");
}

static void insert(ath__compiler *c, const ath_insert_stmt *s) {
    ath__from from;
    str(c, "INSERT INTO ");
    if (!target(c, s->model, s->table, &from))
        return;
    ath__scope scope = {.items = &from, .count = 1};
    if (s->select) {
        str(c, s->columns.count ? " " : "");
        cte_columns(c, s->columns);
        str(c, " ");
        inner_select(c, s->select);
    } else {
        c->unqualified = true;
        insert_values(c, s, &from);
    }
    c->scope = &scope;
    ath__render_returning(c, s->returning);
    c->scope = NULL;
}

/* The model's .onupdate columns that the statement does not set itself. */
static void onupdate(ath__compiler *c, const ath_table *table, ath_assignment_list set) {
    for (size_t i = 0; table && i < table->column_count; i++) {
        const ath__column *column = &table->columns[i];
        if (!column->onupdate || is_set(c, set, column))
            continue;
        str(c, ", ");
        ath__dialect_name(c->dialect, &c->out, column->name);
        str(c, "=");
        model_value(c, column->onupdate, &column->type);
    }
}

/* WHERE of a change; one that came to nothing would touch every row, so that must be said. */
static void change_where(ath__compiler *c, const ath_expr *condition, bool all_rows, const char *verb) {
    if (ath__condition_is_empty(condition) && !all_rows && c->error->status == ATH_OK) {
        ath__fail(c->error, ATH_ARGUMENT, "%s without .where changes every row; say .all_rows = true if that is meant",
                  verb);
        return;
    }
    where(c, " WHERE ", condition);
}

static void update(ath__compiler *c, const ath_update_stmt *s) {
    ath__from from;
    str(c, "UPDATE ");
    if (!target(c, s->model, s->table, &from))
        return;
    if (!s->set.count) {
        fail(c, ATH_ARGUMENT, "an UPDATE needs .set");
        return;
    }
    ath__scope scope = {.items = &from, .count = 1};
    c->scope = &scope;
    str(c, " SET ");
    for (size_t i = 0; i < s->set.count; i++) {
        str(c, i ? ", " : "");
        changed_column(c, &from, s->set.items[i].column);
        str(c, "=");
        value_for(c, &s->set.items[i]);
    }
    onupdate(c, from.table, s->set);
    change_where(c, s->where, s->all_rows, "UPDATE");
    ath__render_returning(c, s->returning);
    c->scope = NULL;
}

static void delete_rows(ath__compiler *c, const ath_delete_stmt *s) {
    ath__from from;
    str(c, "DELETE FROM ");
    if (!target(c, s->model, s->table, &from))
        return;
    ath__scope scope = {.items = &from, .count = 1};
    c->scope = &scope;
    change_where(c, s->where, s->all_rows, "DELETE");
    ath__render_returning(c, s->returning);
    c->scope = NULL;
}

ath_status ath__compile(const ath_dialect *dialect, const ath_allocator *a, ath_stmt stmt, const ath__key *key,
                        ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    ath__compiler_init(&c, dialect, a, out, error ? error : &local);
    c.key = key;
    switch (stmt.kind) {
    case ATH_STMT_SELECT:
        ath__render_select(&c, stmt.of);
        break;
    case ATH_STMT_INSERT:
        insert(&c, stmt.of);
        break;
    case ATH_STMT_UPDATE:
        update(&c, stmt.of);
        break;
    case ATH_STMT_DELETE:
        delete_rows(&c, stmt.of);
        break;
    default:
        c.open_columns = true;
        ath__render(&c, stmt.of, NULL);
        break;
    }
    return ath__compiler_finish(&c, stmt.kind, out);
}
