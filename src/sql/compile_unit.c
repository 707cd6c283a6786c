/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2 for hop 9: the statements of the unit of work, built from a table's columns instead of a tree.
 *
 * Get, insert, update and delete by key have so plain a shape that a tree would only be in the way; their keys are a few
 * words and their placeholders are bound by the caller, in the order that compile.h states.  They use the same dialect,
 * names and expression renderer as every other statement.
 *
 * Where the database takes one array per column (ATH__CAN_UNNEST), one text serves any number of rows: the arrays stand
 * side by side as the rows of a table u, whose columns are p1, p2 ... in the order of the placeholders.
 */
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void name(ath__compiler *c, const char *text) {
    ath__dialect_name(c->dialect, &c->out, text);
}

static void table_name(ath__compiler *c, const ath_table *table) {
    ath__render_table(c, table, NULL, table->name);
}

/* table.column */
static void qualified(ath__compiler *c, const ath_table *table, const ath__column *column) {
    table_name(c, ath__column_home(table, column));
    str(c, ".");
    name(c, column->name);
}

/* FROM: of a joined-table class, all its parts. */
static void from_table(ath__compiler *c, const ath_table *table) {
    ath__from from = {.table = table};
    str(c, " FROM ");
    ath__from_fill(&from, NULL);
    if (from.leaf)
        ath__render_class(c, &from);
    else
        table_name(c, table);
}

/* The caller binds; the plan only says the type. */
static void placeholder(ath__compiler *c, const ath__column *column) {
    ath__render_bind(c, 0, &column->type, ATH__BIND_AS_IS);
}

static const ath__column *key_column(const ath_table *table, size_t i) {
    return &table->columns[table->key[i]];
}

static void begin(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                  const ath_table *table, ath_error **error, ath_error *local) {
    if (!*error)
        *error = local;
    ath__compiler_init(c, dialect, a, out, *error);
    c->unqualified = true;
    c->target = table->name;
    c->target_table = table;
}

/* ---- arrays as rows ---- */

/* Whether arrays of the type are sent as text and made the type row by row. */
static bool sent_as_text(const ath_type *type) {
    return type->sql == ATH_SQL_ENUM || type->sql == ATH_SQL_JSON;
}

/* The type without its parameters: a cast to VARCHAR(3) would cut what the column itself refuses. */
static ath_type bare_type(const ath_type *type) {
    ath_type bare = sent_as_text(type) ? (ath_type){.sql = ATH_SQL_TEXT} : *type;
    bare.length = 0;
    bare.precision = bare.scale = 0;
    return bare;
}

/* $1::BIGINT[] */
static void array_placeholder(ath__compiler *c, const ath__column *column) {
    ath_type type = bare_type(&column->type);
    ath__render_bind(c, 0, &column->type, ATH__BIND_ROWS);
    str(c, "::");
    if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, &type, &c->out, c->error);
    str(c, "[]");
}

/* The value of column i of u, for a column of the table. */
static void array_value(ath__compiler *c, size_t i, const ath__column *column) {
    bool cast = sent_as_text(&column->type);
    ath__buf_printf(&c->out, cast ? "CAST(u.p%zu AS " : "u.p%zu", i);
    if (!cast)
        return;
    if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, &column->type, &c->out, c->error);
    str(c, ")");
}

/* The columns of u, gathered before it is written. */
typedef struct arrays {
    const ath_table *table;
    const uint16_t *columns; /* of those with an expression, none */
    const ath_expr *const *exprs;
    size_t count, guards; /* behind them so many columns that rows are found by (ath__guard_column) ... */
    bool numbered;        /* ... and the number of the row */
} arrays;

static bool has_expr(const arrays *a, size_t i) {
    return a->exprs && a->exprs[i];
}

/* unnest($1::BIGINT[], $2::TEXT[]) AS u (p1, p2) */
static void render_arrays(ath__compiler *c, const arrays *a) {
    size_t n = 0;
    str(c, "unnest(");
    for (size_t i = 0; i < a->count; i++)
        if (!has_expr(a, i)) {
            str(c, n++ ? ", " : "");
            array_placeholder(c, &a->table->columns[a->columns[i]]);
        }
    for (size_t i = 0; i < a->guards; i++) {
        str(c, n++ ? ", " : "");
        array_placeholder(c, ath__guard_column(a->table, i));
    }
    str(c, a->numbered ? ") WITH ORDINALITY AS u (" : ") AS u (");
    for (size_t i = 1; i <= n; i++)
        ath__buf_printf(&c->out, i > 1 ? ", p%zu" : "p%zu", i);
    str(c, a->numbered ? ", n)" : ")");
}

/* WHERE t.a = u.p3 AND t.b = u.p4 */
static void where_arrays(ath__compiler *c, const ath_table *table, size_t guards, size_t first) {
    for (size_t i = 0; i < guards; i++) {
        str(c, i ? " AND " : " WHERE ");
        qualified(c, table, ath__guard_column(table, i));
        str(c, " = ");
        array_value(c, first + i, ath__guard_column(table, i));
    }
}

/* ---- by key ---- */

/* `guards` columns: the key's, or with them the version (ath__guard_column). */
static void one_key(ath__compiler *c, const ath_table *table, size_t guards) {
    for (size_t i = 0; i < guards; i++) {
        str(c, i ? " AND " : "");
        qualified(c, table, ath__guard_column(table, i));
        str(c, " = ");
        placeholder(c, ath__guard_column(table, i));
    }
}

static void where_key(ath__compiler *c, const ath_table *table, size_t guards) {
    str(c, " WHERE ");
    one_key(c, table, guards);
}

/* One of several keys, placeholders row by row: IN for one column, else a row of ORs, which every database can look up. */
static void where_keys(ath__compiler *c, const ath_table *table, size_t guards, size_t rows) {
    bool single = guards == 1;
    str(c, " WHERE ");
    if (single) {
        qualified(c, table, key_column(table, 0));
        str(c, " IN (");
    }
    for (size_t i = 0; i < rows; i++) {
        str(c, i == 0 ? "" : single ? ", " : " OR ");
        if (single)
            placeholder(c, key_column(table, 0));
        else
            one_key(c, table, guards);
    }
    str(c, single ? ")" : "");
}

/* As many keys as there are, as arrays; for composite ones u is named by `before`: FROM, USING or a comma. */
static void where_any_key(ath__compiler *c, const ath_table *table, size_t guards, const char *before) {
    if (guards == 1 && !sent_as_text(&key_column(table, 0)->type)) {
        str(c, " WHERE ");
        qualified(c, table, key_column(table, 0));
        str(c, " = ANY (");
        array_placeholder(c, key_column(table, 0));
        str(c, ")");
        return;
    }
    const arrays keys = {.table = table, .guards = guards};
    str(c, before);
    render_arrays(c, &keys);
    where_arrays(c, table, guards, 1);
}

/* What `rows` rows are found by. */
static void where_rows(ath__compiler *c, const ath_table *table, size_t guards, size_t rows, const char *before) {
    if (rows == ATH__ANY_ROWS)
        where_any_key(c, table, guards, before);
    else if (rows == 1)
        where_key(c, table, guards);
    else
        where_keys(c, table, guards, rows);
}

static void returning(ath__compiler *c, const ath_table *table, const uint16_t *columns, size_t count, bool numbered) {
    static const ath_type number = {.sql = ATH_SQL_BIGINT};
    if (!count)
        return;
    str(c, numbered ? " RETURNING u.n" : " RETURNING ");
    if (numbered)
        ath__add_result(c, "n", number, NULL);
    for (size_t i = 0; i < count; i++) {
        const ath__column *column = &table->columns[columns[i]];
        str(c, i || numbered ? ", " : "");
        if (numbered)
            qualified(c, table, column);
        else
            name(c, column->name);
        ath__add_result(c, column->name, column->type, column);
    }
}

static void selected(ath__compiler *c, const ath_table *table, const ath__column *column, bool first) {
    str(c, first ? "SELECT " : ", ");
    if (column->expression)
        ath__render_expression(c, table->model, NULL, column);
    else
        qualified(c, table, column);
    ath__add_result(c, column->name, column->type, column);
}

/* For columns that are expressions: they say their table, so that subqueries in them are correlated. */
static void in_scope(ath__compiler *c, const ath_table *table, ath__from *from, ath__scope *scope) {
    *from = (ath__from){.table = table, .model = table->model, .name = table->name, .schema = ath__table_schema(table)};
    *scope = (ath__scope){.items = from, .count = 1, .plain = 1};
    c->unqualified = false;
    c->scope = scope;
}

ath_status ath__compile_get(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                            ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    ath__from from;
    ath__scope scope;
    begin(&c, dialect, a, out, table, &error, &local);
    in_scope(&c, table, &from, &scope);
    for (size_t i = 0; i < table->column_count; i++)
        selected(&c, table, &table->columns[i], i == 0);
    from_table(&c, table);
    where_key(&c, table, table->key_count);
    return ath__compiler_finish(&c, ATH_STMT_SELECT, out);
}

ath_status ath__compile_read(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                             const uint16_t *columns, size_t count, size_t rows, ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    ath__from from;
    ath__scope scope;
    begin(&c, dialect, a, out, table, &error, &local);
    in_scope(&c, table, &from, &scope);
    for (size_t i = 0; i < table->key_count; i++)
        selected(&c, table, key_column(table, i), i == 0);
    for (size_t i = 0; i < count; i++)
        selected(&c, table, &table->columns[columns[i]], false);
    from_table(&c, table);
    where_rows(&c, table, table->key_count, rows, ath__table_is_joined(table) ? " CROSS JOIN " : ", ");
    return ath__compiler_finish(&c, ATH_STMT_SELECT, out);
}

/* ---- insert ---- */

static void insert_row(ath__compiler *c, const ath_table *table, const uint16_t *columns, const ath_expr *const *exprs,
                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        str(c, i ? ", " : "(");
        if (exprs && exprs[i])
            ath__render(c, exprs[i], &table->columns[columns[i]].type);
        else
            placeholder(c, &table->columns[columns[i]]);
    }
    str(c, ")");
}

/* SELECT u.p1, now(), u.p2 FROM unnest(...) ... ORDER BY u.n: the rows in the order of the arrays. */
static void insert_arrays(ath__compiler *c, const arrays *a) {
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++) {
        str(c, i ? ", " : " SELECT ");
        if (has_expr(a, i))
            ath__render(c, a->exprs[i], &a->table->columns[a->columns[i]].type);
        else
            array_value(c, ++n, &a->table->columns[a->columns[i]]);
    }
    str(c, " FROM ");
    render_arrays(c, a);
    str(c, " ORDER BY u.n");
}

/* Rows of which nothing is given.  MySQL's DEFAULT numbers no key, but an empty list does. */
static void insert_defaults(ath__compiler *c, const ath_table *table, size_t rows) {
    bool lists = !ath__dialect_can(c->dialect, ATH__CAN_DEFAULT_VALUES);
    if (!lists && rows == 1) {
        str(c, " DEFAULT VALUES");
        return;
    }
    str(c, " (");
    if (!lists)
        name(c, table->columns[0].name);
    str(c, ") VALUES ");
    for (size_t row = 0; row < rows; row++) {
        str(c, row ? ", " : "");
        str(c, lists ? "()" : "(DEFAULT)");
    }
}

ath_status ath__compile_insert(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count, size_t rows,
                               const uint16_t *returned, size_t returned_count, ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, table, &error, &local);
    str(&c, "INSERT INTO ");
    table_name(&c, table);
    for (size_t i = 0; i < count; i++) {
        str(&c, i ? ", " : " (");
        name(&c, table->columns[columns[i]].name);
    }
    str(&c, count ? ")" : "");
    const arrays all = {table, columns, exprs, count, 0, true};
    if (!count)
        insert_defaults(&c, table, rows);
    else if (rows == ATH__ANY_ROWS)
        insert_arrays(&c, &all);
    for (size_t row = 0; count && row < rows; row++) {
        str(&c, row ? ", " : " VALUES ");
        insert_row(&c, table, columns, exprs, count);
    }
    returning(&c, table, returned, returned_count, false);
    return ath__compiler_finish(&c, ATH_STMT_INSERT, out);
}

/* ---- update, delete ---- */

static void assignments(ath__compiler *c, const arrays *a, bool any) {
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++) {
        const ath__column *column = &a->table->columns[a->columns[i]];
        str(c, i ? ", " : " SET ");
        name(c, column->name);
        str(c, "=");
        if (has_expr(a, i))
            ath__render(c, a->exprs[i], &column->type);
        else if (any)
            array_value(c, ++n, column);
        else
            placeholder(c, column);
    }
    if (!any) {
        where_key(c, a->table, a->guards);
        return;
    }
    str(c, " FROM ");
    render_arrays(c, a);
    where_arrays(c, a->table, a->guards, n + 1);
}

ath_status ath__compile_update(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count, size_t rows,
                               const uint16_t *returned, size_t returned_count, ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    bool any = rows == ATH__ANY_ROWS;
    const arrays all = {table, columns, exprs, count, ath__guard_count(table), returned_count > 0};
    ath__from target;
    ath__scope scope;
    begin(&c, dialect, a, out, table, &error, &local);
    if (any) /* beside u, columns in expressions say their table */
        in_scope(&c, table, &target, &scope);
    str(&c, "UPDATE ");
    table_name(&c, table);
    assignments(&c, &all, any);
    returning(&c, table, returned, returned_count, any);
    return ath__compiler_finish(&c, ATH_STMT_UPDATE, out);
}

ath_status ath__compile_delete(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table, size_t rows,
                               ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, table, &error, &local);
    str(&c, "DELETE FROM ");
    table_name(&c, table);
    where_rows(&c, table, ath__guard_count(table), rows, " USING ");
    return ath__compiler_finish(&c, ATH_STMT_DELETE, out);
}
