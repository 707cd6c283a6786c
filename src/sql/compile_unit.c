/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2 for hop 9: the statements of the unit of work, built from a table's columns instead of a tree.
 *
 * Get, insert, update and delete by key have so plain a shape that a tree would only be in the way; their keys are a few
 * words and their placeholders are bound by the caller, in the order that compile.h states.  They use the same dialect,
 * names and expression renderer as every other statement.
 */
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void name(ath__compiler *c, const char *text) {
    ath__dialect_name(c->dialect, &c->out, text);
}

/* The caller binds; the plan only says the type. */
static void placeholder(ath__compiler *c, const ath__column *column) {
    ath__render_bind(c, 0, &column->type, ATH__BIND_AS_IS);
}

static void begin(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                  ath_error **error, ath_error *local) {
    if (!*error)
        *error = local;
    ath__compiler_init(c, dialect, a, out, *error);
    c->unqualified = true;
}

static void where_key(ath__compiler *c, const ath_table *table) {
    for (size_t i = 0; i < table->key_count; i++) {
        str(c, i ? " AND " : " WHERE ");
        if (!c->unqualified) {
            name(c, table->name);
            str(c, ".");
        }
        name(c, table->columns[table->key[i]].name);
        str(c, " = ");
        placeholder(c, &table->columns[table->key[i]]);
    }
}

static void returning(ath__compiler *c, const ath_table *table, const uint16_t *columns, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const ath__column *column = &table->columns[columns[i]];
        str(c, i ? ", " : " RETURNING ");
        name(c, column->name);
        ath__add_result(c, column->name, column->type, column);
    }
}

ath_status ath__compile_get(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                            ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, &error, &local);
    c.unqualified = false;
    for (size_t i = 0; i < table->column_count; i++) {
        const ath__column *column = &table->columns[i];
        str(&c, i ? ", " : "SELECT ");
        name(&c, table->name);
        str(&c, ".");
        name(&c, column->name);
        ath__add_result(&c, column->name, column->type, column);
    }
    str(&c, " FROM ");
    name(&c, table->name);
    where_key(&c, table);
    return ath__compiler_finish(&c, ATH_STMT_SELECT, out);
}

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

ath_status ath__compile_insert(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count, size_t rows,
                               const uint16_t *returned, size_t returned_count, ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, &error, &local);
    str(&c, "INSERT INTO ");
    name(&c, table->name);
    for (size_t i = 0; i < count; i++) {
        str(&c, i ? ", " : " (");
        name(&c, table->columns[columns[i]].name);
    }
    str(&c, count ? ") VALUES " : " DEFAULT VALUES");
    for (size_t row = 0; count && row < rows; row++) {
        str(&c, row ? ", " : "");
        insert_row(&c, table, columns, exprs, count);
    }
    returning(&c, table, returned, returned_count);
    return ath__compiler_finish(&c, ATH_STMT_INSERT, out);
}

ath_status ath__compile_update(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count,
                               const uint16_t *returned, size_t returned_count, ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, &error, &local);
    str(&c, "UPDATE ");
    name(&c, table->name);
    for (size_t i = 0; i < count; i++) {
        const ath__column *column = &table->columns[columns[i]];
        str(&c, i ? ", " : " SET ");
        name(&c, column->name);
        str(&c, "=");
        if (exprs && exprs[i])
            ath__render(&c, exprs[i], &column->type);
        else
            placeholder(&c, column);
    }
    c.unqualified = false;
    where_key(&c, table);
    returning(&c, table, returned, returned_count);
    return ath__compiler_finish(&c, ATH_STMT_UPDATE, out);
}

ath_status ath__compile_delete(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table, size_t rows,
                               ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    begin(&c, dialect, a, out, &error, &local);
    c.unqualified = false;
    str(&c, "DELETE FROM ");
    name(&c, table->name);
    if (rows <= 1) {
        where_key(&c, table);
        return ath__compiler_finish(&c, ATH_STMT_DELETE, out);
    }
    str(&c, " WHERE ");
    name(&c, table->name);
    str(&c, ".");
    name(&c, table->columns[table->key[0]].name);
    str(&c, " IN (");
    for (size_t i = 0; i < rows; i++) {
        str(&c, i ? ", " : "");
        placeholder(&c, &table->columns[table->key[0]]);
    }
    str(&c, ")");
    return ath__compiler_finish(&c, ATH_STMT_DELETE, out);
}
