/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: a table becomes CREATE TABLE and CREATE INDEX, in the layout and order of SQLAlchemy's.
 *
 * Literals are written into the text here, because DDL takes no parameters; ath__dialect_literal escapes them.
 */
#include "sql/compiler.h"

static void str(ath__buf *out, const char *text) {
    ath__buf_str(out, text);
}

static void names(const ath_dialect *d, ath__buf *out, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++) {
        str(out, i ? ", " : "(");
        ath__dialect_name(d, out, list.names[i]);
    }
    str(out, ")");
}

/* ---- columns ---- */

/* An expression without values: text, now(), functions. */
static ath_status expression(const ath_dialect *d, const ath_expr *e, ath__buf *out, ath_error *error) {
    ath__compiler c;
    ath__compiled product;
    ath_error local;
    ath__compiler_init(&c, d, out->allocator, &product, error ? error : &local);
    c.unqualified = true;
    ath__render(&c, e, NULL);
    if (c.bind_count && c.error->status == ATH_OK)
        ath__fail(c.error, ATH_ARGUMENT, "a DEFAULT can be a literal or an expression without values");
    ATH_TRY(ath__compiler_finish(&c, ATH_STMT_TEXT, &product));
    bool plain = e->node == ATH_NODE_TEXT || e->node == ATH_NODE_NOW;
    str(out, plain ? "" : "(");
    ath__buf_add(out, product.sql, product.sql_size);
    str(out, plain ? "" : ")");
    ath__compiled_done(&product);
    return ATH_OK;
}

static ath_status column_default(const ath_dialect *d, const ath__column *column, ath__buf *out, ath_error *error) {
    if (!column->server_default)
        return ATH_OK;
    str(out, " DEFAULT ");
    if (column->server_default->node == ATH_NODE_LITERAL)
        return ath__dialect_literal(d, out, &column->server_default->u.value, error);
    return expression(d, column->server_default, out, error);
}

static ath_status column_line(const ath_dialect *d, const ath_table *table, const ath__column *column, ath__buf *out,
                              ath_error *error) {
    ath__dialect_name(d, out, column->name);
    str(out, " ");
    if (column->autoincrement && d->render_autoincrement)
        return d->render_autoincrement(d, table, column, out, error);
    ATH_TRY(ath__dialect_type(d, &column->type, out, error));
    if (d->render_collation)
        d->render_collation(d, &column->type, out);
    ATH_TRY(column_default(d, column, out, error));
    if (!column->nullable)
        str(out, " NOT NULL");
    return ATH_OK;
}

/* ---- constraints ---- */

static void constraint_name(const ath_dialect *d, const ath__constraint *c, ath__buf *out) {
    if (!c->name)
        return;
    str(out, "CONSTRAINT ");
    ath__dialect_name(d, out, c->name);
    str(out, " ");
}

static ath_status action(ath__buf *out, const char *event, const char *what, ath_error *error) {
    static const char *const known[] = {"CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION"};
    if (!what)
        return ATH_OK;
    for (size_t i = 0; i < ATH_COUNT_OF(known); i++)
        if (strcmp(what, known[i]) == 0) {
            ath__buf_printf(out, " ON %s %s", event, what);
            return ATH_OK;
        }
    return ath__fail(error, ATH_ARGUMENT, "'%s' is no action for ON %s", what, event);
}

static ath_status constraint_line(const ath_dialect *d, const ath__constraint *c, ath__buf *out, ath_error *error) {
    constraint_name(d, c, out);
    switch (c->kind) {
    case ATH__UNIQUE:
        str(out, "UNIQUE ");
        names(d, out, c->columns);
        return ATH_OK;
    case ATH__CHECK:
        ath__buf_printf(out, "CHECK (%s)", c->check);
        return ATH_OK;
    default:
        str(out, "FOREIGN KEY");
        names(d, out, c->columns);
        str(out, " REFERENCES ");
        ath__dialect_name(d, out, c->target);
        str(out, " ");
        names(d, out, c->target_columns);
        ATH_TRY(action(out, "DELETE", c->ondelete, error));
        return action(out, "UPDATE", c->onupdate, error);
    }
}

static void primary_key(const ath_dialect *d, const ath_table *table, ath__buf *out) {
    for (size_t i = 0; i < table->key_count; i++) {
        str(out, i ? ", " : "PRIMARY KEY (");
        ath__dialect_name(d, out, table->columns[table->key[i]].name);
    }
    str(out, ")");
}

/* ---- statements ---- */

static ath_status table_body(const ath_dialect *d, const ath_table *table, ath__buf *out, ath_error *error) {
    for (size_t i = 0; i < table->column_count; i++) {
        str(out, i ? ", \n\t" : "\n\t");
        ATH_TRY(column_line(d, table, &table->columns[i], out, error));
    }
    /* SQLite wants AUTOINCREMENT beside PRIMARY KEY in the column itself. */
    if (table->key_count && !(table->sqlite_autoincrement && d->render_autoincrement && table->autoincrement >= 0)) {
        str(out, ", \n\t");
        primary_key(d, table, out);
    }
    for (size_t i = 0; i < table->constraint_count; i++) {
        str(out, ", \n\t");
        ATH_TRY(constraint_line(d, &table->constraints[i], out, error));
    }
    return ATH_OK;
}

ath_status ath__ddl_create_table(const ath_dialect *d, const ath_table *table, ath__buf *out, ath_error *error) {
    str(out, "CREATE TABLE ");
    ath__dialect_name(d, out, table->name);
    str(out, " (");
    ATH_TRY(table_body(d, table, out, error));
    str(out, "\n)");
    return out->failed ? ath__fail_memory(error) : ATH_OK;
}

ath_status ath__ddl_create_index(const ath_dialect *d, const ath_table *table, const ath__index *index, ath__buf *out,
                                 ath_error *error) {
    str(out, index->unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    ath__dialect_name(d, out, index->name);
    str(out, " ON ");
    ath__dialect_name(d, out, table->name);
    str(out, " ");
    names(d, out, index->columns);
    return out->failed ? ath__fail_memory(error) : ATH_OK;
}

ath_status ath__ddl_drop_table(const ath_dialect *d, const ath_table *table, ath__buf *out, ath_error *error) {
    str(out, "DROP TABLE ");
    ath__dialect_name(d, out, table->name);
    return out->failed ? ath__fail_memory(error) : ATH_OK;
}
