/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, changes: INSERT, UPDATE and DELETE, with the model's defaults and what they return.
 *
 * Several tables in one change are written as each database has it: FROM and USING, or MySQL's list of tables.
 */
#include "sql/compiler.h"

static const ath_type unknown = {.sql = ATH_SQL_INFER};

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

static bool can(const ath__compiler *c, uint64_t ability) {
    return ath__dialect_can(c->dialect, ability);
}

/* ---- the table that is changed ---- */

static bool target(ath__compiler *c, const ath_model *model, const ath_table *described, const char *table,
                   const char *schema, ath__from *from) {
    ath_source source = {.model = model, .described = described, .table = table, .schema = schema};
    const char *name = model ? model->table : described ? described->name : table;
    if (!name) {
        fail(c, ATH_ARGUMENT, "the statement names no table to change");
        return false;
    }
    if (!ath__from_of_source(c, &source, from) || ath__compiler_failed(c))
        return false;
    c->target = name;
    c->target_table = from->table;
    if (from->leaf) {
        ath__fail(c->error, ATH_NOT_SUPPORTED,
                  "rows of %s are in several tables: change its objects, or name the table",
                  model ? model->name : name);
        return false;
    }
    return true;
}

static void write_target(ath__compiler *c, const ath__from *from) {
    ath__render_table(c, NULL, from->schema, from->name);
}

static bool is_its_column(const ath__from *from, const ath_expr *e) {
    const ath_table *t = e->node == ATH_NODE_COLUMN ? ath_model_table(e->u.column.model, NULL) : NULL;
    return !t || e->u.column.model == from->model || (from->table && ath__share_rows(from->table, t));
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
    bool other = from->model ? !is_its_column(from, e) : owner && strcmp(owner, from->name) != 0;
    if (e->node == ATH_NODE_COLUMN && other) {
        const ath__column *column = ath__resolve(c, e);
        if (column)
            ath__fail(c->error, ATH_ARGUMENT, "column %s.%s cannot be set: the statement changes %s",
                      owner ? owner : e->u.column.model->name, column->name, from->name);
        return;
    }
    ath__render_column_name(c, e);
}

/* The same, or that of another class with the same table. */
static bool is_column(const ath__column *a, const ath__column *b) {
    return a == b || (a && strcmp(a->name, b->name) == 0);
}

static bool is_set(ath__compiler *c, ath_assignment_list set, const ath__column *column) {
    for (size_t i = 0; i < set.count; i++) {
        const ath_expr *e = set.items[i].column;
        if (e && e->node == ATH_NODE_COLUMN
                ? is_column(ath__resolve(c, e), column)
                : e && e->node == ATH_NODE_NAME && e->u.name.name && strcmp(e->u.name.name, column->name) == 0)
            return true;
    }
    return false;
}

/* ---- values ---- */

static void value_for(ath__compiler *c, const ath_assignment *a, const ath__from *from) {
    ath_type type = a->column && a->column->node == ATH_NODE_COLUMN ? ath__expr_type(c, a->column) : unknown;
    if (a->column && a->column->node == ATH_NODE_NAME && a->column->u.name.name && from->table) {
        const ath__column *column = ath__table_column_named(from->table, a->column->u.name.name);
        type = column ? column->type : unknown;
    }
    ath__render_grouped(c, a->value, &type);
}

void ath__render_assignments(ath__compiler *c, const ath__from *from, ath_assignment_list set, const char *equals,
                             bool qualified) {
    for (size_t i = 0; i < set.count; i++) {
        str(c, i ? ", " : "");
        if (qualified) {
            ath__dialect_name(c->dialect, &c->out, from->name);
            str(c, ".");
        }
        changed_column(c, from, set.items[i].column);
        str(c, equals);
        value_for(c, &set.items[i], from);
    }
}

/* A value that the model gives: bound when it is a literal, else written.  The statement's key does not have it. */
static void model_value(ath__compiler *c, const ath_expr *value, const ath_type *type) {
    const ath__key *key = c->key;
    if (value->node == ATH_NODE_LITERAL) {
        ath__render_constant(c, &value->u.value, type);
        return;
    }
    c->key = NULL;
    ath__render_grouped(c, value, type);
    c->key = key;
}

static bool is_default(const ath__appended *d, const ath__column *column) {
    for (size_t i = 0; i < d->named.count; i++)
        if (strcmp(d->named.names[i], column->name) == 0)
            return false;
    return column->default_value != NULL;
}

void ath__render_default_names(ath__compiler *c, const ath__appended *d) {
    for (size_t i = 0; d->table && i < d->table->column_count; i++) {
        if (!is_default(d, &d->table->columns[i]))
            continue;
        str(c, ", ");
        ath__dialect_name(c->dialect, &c->out, d->table->columns[i].name);
    }
}

void ath__render_default_values(ath__compiler *c, const ath__appended *d, bool labelled) {
    for (size_t i = 0; d->table && i < d->table->column_count; i++) {
        const ath__column *column = &d->table->columns[i];
        if (!is_default(d, column))
            continue;
        str(c, ", ");
        model_value(c, column->default_value, &column->type);
        if (labelled)
            ath__buf_printf(&c->out, " AS anon_%u", ++c->anonymous);
    }
}

/* ---- INSERT ---- */

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

static void insert_one(ath__compiler *c, const ath_insert_stmt *s, const ath__from *from) {
    for (size_t i = 0; i < s->set.count; i++) {
        str(c, i ? ", " : " (");
        changed_column(c, from, s->set.items[i].column);
    }
    if (!insert_defaults(c, s, from->table, true)) {
        str(c, can(c, ATH__CAN_DEFAULT_VALUES) ? " DEFAULT VALUES" : " () VALUES ()");
        return;
    }
    str(c, ") VALUES (");
    for (size_t i = 0; i < s->set.count; i++) {
        str(c, i ? ", " : "");
        value_for(c, &s->set.items[i], from);
    }
    insert_defaults(c, s, from->table, false);
    str(c, ")");
}

static void column_names(ath__compiler *c, const ath__appended *d) {
    for (size_t i = 0; i < d->named.count; i++) {
        str(c, i ? ", " : " (");
        ath__dialect_name(c->dialect, &c->out, d->named.names[i]);
    }
    if (!d->named.count)
        return;
    ath__render_default_names(c, d);
    str(c, ")");
}

static void insert_row(ath__compiler *c, const ath__appended *d, ath_expr_list row) {
    if (row.count != d->named.count) {
        fail(c, ATH_ARGUMENT, "a row to insert has not as many values as there are .columns");
        return;
    }
    str(c, "(");
    for (size_t i = 0; i < row.count; i++) {
        const ath__column *column = d->table ? ath__table_column_named(d->table, d->named.names[i]) : NULL;
        str(c, i ? ", " : "");
        ath__render_grouped(c, row.items[i], column ? &column->type : NULL);
    }
    ath__render_default_values(c, d, false);
    str(c, ")");
}

static void insert_rows(ath__compiler *c, const ath_insert_stmt *s, const ath__appended *d) {
    column_names(c, d);
    str(c, " VALUES ");
    for (size_t i = 0; i < s->values.count; i++) {
        str(c, i ? ", " : "");
        insert_row(c, d, s->values.items[i]);
    }
}

/* Whether what ON DUPLICATE KEY UPDATE says of the target could mean the table that the SELECT reads. */
static bool reads_target(ath__compiler *c, const ath_insert_stmt *s) {
    if (!s->on_conflict.is_set || can(c, ATH__CAN_ON_CONFLICT) || s->select->set || s->select->values.count)
        return false;
    ath__scope scope = {0};
    bool found = false;
    ath__scope_of_select(c, s->select, &scope);
    for (size_t i = 0; i < scope.count && !ath__compiler_failed(c); i++)
        found = found || (!scope.items[i].aliased && strcmp(scope.items[i].name, c->target) == 0);
    return found;
}

static void insert_select(ath__compiler *c, const ath_insert_stmt *s, const ath__appended *d, bool with_inside) {
    size_t columns = c->column_count;
    bool open = c->open_columns, defaults = false;
    for (size_t i = 0; d->table && d->named.count && i < d->table->column_count; i++)
        defaults = defaults || is_default(d, &d->table->columns[i]);
    if (defaults && (s->select->set || s->select->values.count))
        fail(c, ATH_ARGUMENT, "INSERT from a compound: name the columns that have defaults, and give them values");
    column_names(c, d);
    str(c, " ");
    if (with_inside)
        ath__render_with(c, s->with);
    c->appended = defaults ? d : NULL;
    c->needs_where = s->on_conflict.is_set && c->dialect->conflict_needs_where && !s->select->set;
    bool wrapped = reads_target(c, s), labelled = c->label_all;
    str(c, wrapped ? "SELECT * FROM (" : "");
    c->label_all = labelled || wrapped;
    c->depth++; /* its columns are nobody's result */
    ath__render_select(c, s->select);
    c->depth--;
    if (wrapped)
        ath__buf_printf(&c->out, ") AS anon_%u", ++c->anonymous);
    c->label_all = labelled;
    c->column_count = columns;
    c->open_columns = open;
}

/* Whether the key of a row that is inserted by itself must be asked for, because the driver does not know it. */
static bool wants_key(ath__compiler *c, const ath_insert_stmt *s, const ath__from *from) {
    bool one = !s->select && !s->values.count && !s->returning.count && !s->on_conflict.is_set && c->depth == 0;
    if (!one || !from->table || from->table->autoincrement < 0 || can(c, ATH__INSERT_ID_IS_KEY) ||
        !can(c, ATH__CAN_INSERT_RETURNING))
        return false;
    return !is_set(c, s->set, &from->table->columns[from->table->autoincrement]);
}

static void return_key(ath__compiler *c, const ath__from *from) {
    str(c, " RETURNING ");
    if (c->dialect->returning_qualified) {
        write_target(c, from);
        str(c, ".");
    }
    ath__dialect_name(c->dialect, &c->out, from->table->columns[from->table->autoincrement].name);
    c->returns_key = true;
}

static void insert(ath__compiler *c, const ath_insert_stmt *s) {
    ath__from from;
    bool with_inside = s->with.count && !can(c, ATH__CAN_CTE_BEFORE_INSERT);
    if (with_inside && (!s->select || s->select->with.count))
        ath__cannot(c, "WITH before INSERT (put it into the SELECT)");
    if (!with_inside)
        ath__render_with(c, s->with);
    if (!target(c, s->model, s->described, s->table, s->schema, &from))
        return;
    ath__scope scope = {.items = &from, .count = 1};
    ath__appended defaults = {from.table, s->columns};
    bool unqualified = c->unqualified;
    ath__buf_printf(&c->out, "INSERT %s%sINTO ", s->prefix ? s->prefix : "", s->prefix ? " " : "");
    write_target(c, &from);
    c->unqualified = true;
    if (s->select)
        insert_select(c, s, &defaults, with_inside);
    else if (s->values.count)
        insert_rows(c, s, &defaults);
    else
        insert_one(c, s, &from);
    const ath__scope *outer = c->scope;
    c->scope = &scope;
    ath__render_conflict(c, s, &from);
    ath__render_returning(c, s->returning, ATH__CAN_INSERT_RETURNING, "INSERT ... RETURNING");
    if (wants_key(c, s, &from))
        return_key(c, &from);
    c->scope = outer;
    c->unqualified = unqualified;
}

/* ---- RETURNING ---- */

void ath__render_returning(ath__compiler *c, ath_expr_list list, uint64_t ability, const char *construct) {
    if (!list.count)
        return;
    if (!can(c, ability)) {
        ath__cannot(c, construct);
        return;
    }
    str(c, " RETURNING ");
    bool unqualified = c->unqualified;
    bool labelled = c->label_all;
    c->unqualified = !c->dialect->returning_qualified;
    c->label_all = false;
    ath__render_results(c, list);
    c->unqualified = unqualified;
    c->label_all = labelled;
}

/* ---- UPDATE, DELETE ---- */

/* The model's .onupdate columns that the statement does not set itself. */
static void onupdate(ath__compiler *c, const ath__from *from, ath_assignment_list set, bool qualified) {
    for (size_t i = 0; from->table && i < from->table->column_count; i++) {
        const ath__column *column = &from->table->columns[i];
        if (!column->onupdate || is_set(c, set, column))
            continue;
        str(c, ", ");
        if (qualified) {
            ath__dialect_name(c->dialect, &c->out, from->name);
            str(c, ".");
        }
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
    ath__render_where(c, " WHERE ", condition);
}

/* The table that is changed and those beside it. */
static void scope_of_change(ath__compiler *c, ath__from *items, ath_source_list from, ath__scope *scope) {
    *scope = (ath__scope){.outer = c->scope, .items = items, .count = 1};
    for (size_t i = 0; i < from.count; i++)
        if (ath__from_of_source(c, &from.items[i], &items[scope->count]))
            scope->count++;
}

/* ORDER BY and LIMIT of a change: MySQL's. */
static void change_limit(ath__compiler *c, ath_expr_list order_by, const int64_t *count) {
    if (!order_by.count && !*count)
        return;
    if (!can(c, ATH__CAN_UPDATE_LIMIT)) {
        ath__cannot(c, "ORDER BY and LIMIT in UPDATE and DELETE");
        return;
    }
    ath__render_order_by(c, order_by);
    if (*count) {
        str(c, " LIMIT ");
        ath__render_number(c, count);
    }
}

static void with_of_change(ath__compiler *c, ath_cte_list list, const char *construct) {
    if (list.count && !can(c, ATH__CAN_CTE_BEFORE_UPDATE))
        ath__cannot(c, construct);
    ath__render_with(c, list);
}

enum { TABLE_LIMIT = 64 };

static void update_body(ath__compiler *c, const ath_update_stmt *s, const ath__from *from) {
    bool together = s->from.count && can(c, ATH__CAN_UPDATE_JOIN);
    if (s->from.count && !together && !can(c, ATH__CAN_UPDATE_FROM))
        ath__cannot(c, "UPDATE of one table by others");
    str(c, "UPDATE ");
    write_target(c, from);
    if (together) {
        str(c, ", ");
        ath__render_sources(c, s->from);
    }
    str(c, " SET ");
    ath__render_assignments(c, from, s->set, "=", together);
    onupdate(c, from, s->set, together);
    if (s->from.count && !together) {
        str(c, " FROM ");
        ath__render_sources(c, s->from);
    }
    change_where(c, s->where_, s->all_rows, "UPDATE");
    change_limit(c, s->order_by, &s->limit);
    ath__render_returning(c, s->returning, ATH__CAN_UPDATE_RETURNING, "UPDATE ... RETURNING");
}

static void update(ath__compiler *c, const ath_update_stmt *s) {
    ath__from items[TABLE_LIMIT + 1];
    ath__scope scope;
    with_of_change(c, s->with, "WITH before UPDATE");
    if (!target(c, s->model, s->described, s->table, s->schema, &items[0]))
        return;
    if (!s->set.count || s->from.count > TABLE_LIMIT) {
        fail(c, ATH_ARGUMENT, s->set.count ? "an UPDATE names too many tables" : "an UPDATE needs .set");
        return;
    }
    scope_of_change(c, items, s->from, &scope);
    c->scope = &scope;
    update_body(c, s, &items[0]);
    c->scope = scope.outer;
}

static void delete_body(ath__compiler *c, const ath_delete_stmt *s, const ath__from *from) {
    bool again = s->from.count && can(c, ATH__CAN_DELETE_JOIN);
    if (s->from.count && !again && !can(c, ATH__CAN_DELETE_USING))
        ath__cannot(c, "DELETE from one table by others (use a subquery)");
    str(c, "DELETE FROM ");
    write_target(c, from);
    str(c, s->from.count ? " USING " : "");
    if (again) {
        write_target(c, from);
        str(c, ", ");
    }
    ath__render_sources(c, s->from);
    change_where(c, s->where_, s->all_rows, "DELETE");
    change_limit(c, s->order_by, &s->limit);
    ath__render_returning(c, s->returning, ATH__CAN_DELETE_RETURNING, "DELETE ... RETURNING");
}

static void delete_rows(ath__compiler *c, const ath_delete_stmt *s) {
    ath__from items[TABLE_LIMIT + 1];
    ath__scope scope;
    with_of_change(c, s->with, "WITH before DELETE");
    if (!target(c, s->model, s->described, s->table, s->schema, &items[0]))
        return;
    if (s->from.count > TABLE_LIMIT) {
        fail(c, ATH_ARGUMENT, "a DELETE names too many tables");
        return;
    }
    scope_of_change(c, items, s->from, &scope);
    c->scope = &scope;
    delete_body(c, s, &items[0]);
    c->scope = scope.outer;
}

void ath__render_change(ath__compiler *c, ath_stmt stmt) {
    if (c->depth >= ATH__COMPILE_DEPTH || !stmt.of) {
        fail(c, ATH_ARGUMENT, "a statement is missing, or nested too deep");
        return;
    }
    bool unqualified = c->unqualified;
    c->unqualified = false;
    if (stmt.kind == ATH_STMT_INSERT)
        insert(c, stmt.of);
    else if (stmt.kind == ATH_STMT_UPDATE)
        update(c, stmt.of);
    else if (stmt.kind == ATH_STMT_DELETE)
        delete_rows(c, stmt.of);
    else
        ath__render(c, stmt.of, NULL);
    c->unqualified = unqualified;
}
