/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives for data: SQL as it is, statements of the query language, rows in bulk.
 */
#include "migrate/op_int.h"

ath_status ath_op_execute_text(ath_ops *op, const char *sql) {
    return ath_op_invoke(
        op, &(ath_operation){.struct_size = sizeof(ath_operation), .kind = ATH_OPERATION_EXECUTE, .text = sql});
}

static ath_status execute(ath_ops *op, ath_stmt stmt) {
    return ath_op_invoke(
        op, &(ath_operation){.struct_size = sizeof(ath_operation), .kind = ATH_OPERATION_EXECUTE, .statement = &stmt});
}

ath_status ath_op_execute_select(ath_ops *op, const ath_select_stmt *s) {
    return execute(op, ath_stmt_of(s));
}

ath_status ath_op_execute_insert(ath_ops *op, const ath_insert_stmt *s) {
    return execute(op, ath_stmt_of(s));
}

ath_status ath_op_execute_update(ath_ops *op, const ath_update_stmt *s) {
    return execute(op, ath_stmt_of(s));
}

ath_status ath_op_execute_delete(ath_ops *op, const ath_delete_stmt *s) {
    return execute(op, ath_stmt_of(s));
}

/* ---- statements as text ---- */

/* Compiled without a key, so that values are written.  What cannot be written (an array beside IN, a pattern that is escaped)
 * fails in a script; online, where the text is for people alone, the placeholders stand. */
static ath_status write_statement(ath_ops *op, ath_stmt stmt) {
    ath__compiled compiled;
    ath_error error = {0};
    ath_status status = ath__compile(op->dialect, op->opts.allocator, stmt, NULL, &compiled, &error);
    if (status == ATH_OK) {
        ath__buf_add(&op->text, compiled.sql, compiled.sql_size);
        ath__compiled_done(&compiled);
        return ATH_OK;
    }
    if (status == ATH_NO_MEMORY || !op->opts.connection) {
        op->error = error;
        return status;
    }
    ath__key key;
    ath__key_init(&key, op->opts.allocator);
    key.whole_arrays = ath__dialect_takes_arrays(op->dialect);
    key.shares = ath__dialect_shares(op->dialect);
    status = ath__key_stmt(&key, stmt, &op->error);
    if (status == ATH_OK)
        status = ath__compile(op->dialect, op->opts.allocator, stmt, &key, &compiled, &op->error);
    if (status == ATH_OK) {
        ath__buf_add(&op->text, compiled.sql, compiled.sql_size);
        ath__compiled_done(&compiled);
    }
    ath__key_done(&key);
    return status;
}

static ath_status take_statement(ath_ops *op, const ath_stmt *stmt) {
    ATH_TRY(write_statement(op, *stmt));
    ATH_TRY(ath__op_take(op, ATH__OP_DATA));
    op->statements[op->count - 1].statement = stmt;
    return ATH_OK;
}

ath_status ath__op_execute(ath_ops *op, const ath_operation *o) {
    if (o->statement)
        return take_statement(op, o->statement);
    if (!o->text)
        return ath__fail(&op->error, ATH_ARGUMENT, "execute has nothing to run");
    size_t size = strlen(o->text);
    while (size && strchr("; \t\r\n", o->text[size - 1]))
        size--;
    /* an END of a trigger or a block keeps its own semicolons; the last is the script's to write */
    ath__buf_add(&op->text, o->text, size);
    return ath__op_take(op, ATH__OP_DATA);
}

/* ---- rows in bulk ---- */

/* A part of the rows as a statement of its own. */
static ath_status take_rows(ath_ops *op, const ath_operation *o, size_t from, size_t count) {
    ath_insert_stmt *part = ath__arena_copy(&op->arena, o->insert, sizeof *part);
    ath_stmt *stmt = ath__arena_alloc(&op->arena, sizeof *stmt);
    if (!part || !stmt)
        return ath__op_no_memory(op);
    part->schema = o->schema ? o->schema : o->insert->schema;
    part->values = (ath_row_list){count, o->insert->values.items + from};
    if (part->described)
        part->table = part->schema = NULL;
    *stmt = ath_stmt_of((const ath_insert_stmt *)part);
    return take_statement(op, stmt);
}

enum { ROWS_AT_ONCE = 500 };

ath_status ath__op_bulk_insert(ath_ops *op, const ath_operation *o) {
    const ath_insert_stmt *insert = o->insert;
    if (!insert)
        return ath__fail(&op->error, ATH_ARGUMENT, "bulk_insert into %s has no rows", o->table ? o->table : "?");
    size_t at_once = 1, columns = insert->columns.count ? insert->columns.count : 1;
    if (op->opts.connection)
        at_once = ROWS_AT_ONCE;
    if (op->dialect->max_binds && at_once > op->dialect->max_binds / columns)
        at_once = op->dialect->max_binds / columns;
    at_once = at_once ? at_once : 1;
    for (size_t i = 0; i < insert->values.count; i += at_once) {
        size_t left = insert->values.count - i;
        ATH_TRY(take_rows(op, o, i, left < at_once ? left : at_once));
    }
    return ATH_OK;
}
