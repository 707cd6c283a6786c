/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: databases that change tables by rebuilding them (SQLite): directives become edits, which the backend's
 * alterer applies, several at once inside of a block.
 *
 * A script has no database to read the table from.  It keeps one of its own in memory, in which all that it creates is
 * created too.
 */
#include "migrate/op_int.h"

static bool same(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

static const char *schema_of(const ath_operation *o) {
    if (o->schema)
        return o->schema;
    if (o->alter)
        return o->alter->schema;
    const ath_table_item *item = o->item_count ? o->items : NULL;
    return !item               ? NULL
           : item->constraint  ? item->constraint->schema
           : item->foreign_key ? item->foreign_key->schema
           : item->index       ? item->index->schema
           : item->options     ? item->options->schema
                               : NULL;
}

static bool in_block(const ath_ops *op, const ath_operation *o) {
    if (!op->batch.open)
        return false;
    bool here = !o->table && o->kind == ATH_OPERATION_DROP_INDEX;
    return here || (same(op->batch.table, o->table) && same(op->batch.schema, schema_of(o)));
}

bool ath__op_rebuilds(const ath_ops *op, const ath_operation *o) {
    if (!op->alterer || !op->alterer->alter)
        return false;
    switch (o->kind) {
    case ATH_OPERATION_ADD_COLUMN:
    case ATH_OPERATION_DROP_COLUMN:
    case ATH_OPERATION_ALTER_COLUMN:
    case ATH_OPERATION_ADD_CONSTRAINT:
    case ATH_OPERATION_DROP_CONSTRAINT:
    case ATH_OPERATION_RENAME_CONSTRAINT:
    case ATH_OPERATION_RENAME_INDEX:
    case ATH_OPERATION_TABLE_OPTIONS:
        return true;
    case ATH_OPERATION_CREATE_INDEX:
    case ATH_OPERATION_DROP_INDEX:
        return in_block(op, o);
    default:
        return false;
    }
}

/* ---- edits ---- */

static ath_status add_edit(ath_ops *op, ath__edit edit) {
    ath__batch *b = &op->batch;
    if (b->count == b->capacity) {
        size_t capacity = b->capacity ? b->capacity * 2 : 8;
        ath__edit *larger = ath__arena_alloc(&op->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__op_no_memory(op);
        if (b->count)
            memcpy(larger, b->items, b->count * sizeof *larger);
        b->items = larger;
        b->capacity = capacity;
    }
    edit.name = ath__op_keep(op, edit.name);
    edit.new_name = ath__op_keep(op, edit.new_name);
    edit.before = ath__op_keep(op, edit.before);
    edit.after = ath__op_keep(op, edit.after);
    edit.using = ath__op_keep(op, edit.using);
    edit.computed = ath__op_keep(op, edit.computed);
    edit.collation = ath__op_keep(op, edit.collation);
    b->items[b->count++] = edit;
    return op->error.status;
}

/* The text that was written becomes an edit's SQL. */
static ath_status add_written(ath_ops *op, ath_status written, ath__edit edit) {
    ATH_TRY(written);
    edit.sql = ath__op_piece(op);
    return edit.sql ? add_edit(op, edit) : op->error.status;
}

static const ath__constraint *foreign_key_in_line(const ath_table *t) {
    const ath__constraint *found = NULL;
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY)
            found = &t->constraints[i];
    return found;
}

static ath_status add_column(ath_ops *op, const ath_operation *o) {
    ATH_TRY(ath__op_build(op, o));
    const ath_table *t = op->built;
    if (t->column_count != 1)
        return ath__fail(&op->error, ATH_ARGUMENT, "add_column of table %s adds one column", o->table);
    const ath__constraint *key = foreign_key_in_line(t);
    ath__add_column how = {.references = key && ath__ddl_wants(op->dialect, t, key) ? key : NULL,
                           .primary_key = t->columns[0].primary_key};
    ATH_TRY(add_written(op, ath__alter_column_line(&op->w, t, &t->columns[0], &how),
                        (ath__edit){.kind = ATH__EDIT_ADD_COLUMN,
                                    .name = t->columns[0].name,
                                    .before = o->before,
                                    .after = o->after,
                                    .not_null = !t->columns[0].nullable,
                                    .default_sql = t->columns[0].server_default ? "" : NULL,
                                    .if_exists = o->if_exists}));
    for (size_t i = 0; i < t->constraint_count; i++)
        if (&t->constraints[i] != key && ath__ddl_wants(op->dialect, t, &t->constraints[i]))
            ATH_TRY(add_written(op, ath__ddl_constraint(&op->w, t, &t->constraints[i]),
                                (ath__edit){.kind = ATH__EDIT_ADD_CONSTRAINT,
                                            .constraint = (ath_constraint_kind)t->constraints[i].kind}));
    for (size_t i = 0; i < t->index_count; i++)
        ATH_TRY(add_written(op, ath__ddl_create_index(&op->w, t, &t->indexes[i], false),
                            (ath__edit){.kind = ATH__EDIT_STATEMENT}));
    return ATH_OK;
}

static ath_status alter_default(ath_ops *op, const ath__column_change *change, ath__edit *edit) {
    edit->drop_default = change->drop_default;
    if (!change->server_default)
        return ATH_OK;
    ATH_TRY(ath__alter_default(&op->w, change));
    edit->default_sql = ath__op_piece(op);
    return edit->default_sql ? ATH_OK : op->error.status;
}

static ath_status alter_column(ath_ops *op, const ath_operation *o) {
    ath__column_change change;
    if (!o->alter || !o->name)
        return ath__fail(&op->error, ATH_ARGUMENT, "alter_column of table %s does not say which column", o->table);
    ath__op_change(o->alter, &change);
    if (change.identity || change.drop_identity)
        return ath__dialect_cannot(op->dialect, "identity columns", &op->error);
    ath__edit edit = {.kind = ATH__EDIT_ALTER_COLUMN,
                      .name = o->name,
                      .null = change.null,
                      .not_null = change.not_null,
                      .collation = change.collation,
                      .computed = change.computed,
                      .persisted = change.persisted,
                      .drop_computed = change.drop_computed};
    if (change.type) {
        ATH_TRY(ath__dialect_column_type(op->dialect, change.type, &op->text, &op->error));
        edit.type = ath__op_piece(op);
        if (!edit.type)
            return op->error.status;
    }
    ATH_TRY(alter_default(op, &change, &edit));
    bool any = edit.type || edit.null || edit.not_null || edit.collation || edit.computed || edit.drop_computed ||
               edit.default_sql || edit.drop_default;
    if (any)
        ATH_TRY(add_edit(op, edit));
    if (!change.new_name || strcmp(change.new_name, o->name) == 0)
        return ATH_OK;
    return add_edit(op, (ath__edit){.kind = ATH__EDIT_RENAME_COLUMN, .name = o->name, .new_name = change.new_name});
}

static ath_status add_constraint(ath_ops *op, const ath_operation *o) {
    ATH_TRY(ath__op_build(op, o));
    const ath_table *t = op->built;
    const ath__constraint *c = t->primary ? t->primary : t->constraint_count ? &t->constraints[0] : NULL;
    if (!c)
        return ath__fail(&op->error, ATH_ARGUMENT, "a constraint of table %s is of no known kind", o->table);
    ath_status status = t->primary ? ath__ddl_primary_key(&op->w, t) : ath__ddl_constraint(&op->w, t, c);
    return add_written(op, status,
                       (ath__edit){.kind = ATH__EDIT_ADD_CONSTRAINT, .constraint = (ath_constraint_kind)c->kind});
}

static ath_status drop_constraint(ath_ops *op, const ath_operation *o) {
    const ath_table table = {.name = o->table, .opts = {.schema = o->schema}};
    const ath__constraint c = {.kind = (ath__constraint_kind)o->constraint, .of_type = -1, .name = o->name};
    ath__edit edit = {
        .kind = ATH__EDIT_DROP_CONSTRAINT, .name = o->name, .constraint = o->constraint, .if_exists = o->if_exists};
    if (!o->name && o->item_count)
        edit.item = &o->items[0];
    if (o->name && o->constraint && op->w.naming) {
        ATH_TRY(ath__ddl_constraint_name(&op->w, &table, &c, &op->text));
        edit.name = ath__op_piece(op);
        if (!edit.name)
            return op->error.status;
    }
    return add_edit(op, edit);
}

static ath_status alter_options(ath_ops *op, const ath_operation *o) {
    static const ath_table_opts none = {.schema = NULL};
    const ath_table_opts *to = o->item_count ? o->items[0].options : NULL;
    const ath_table_opts *from = o->item_count > 1 && o->items[1].options ? o->items[1].options : &none;
    if (!to)
        return ath__fail(&op->error, ATH_ARGUMENT, "alter_options of table %s says no options", o->table);
    ath__edit edit = {.kind = ATH__EDIT_OPTIONS,
                      .strict = to->sqlite_strict,
                      .no_strict = from->sqlite_strict && !to->sqlite_strict,
                      .without_rowid = to->sqlite_without_rowid,
                      .with_rowid = from->sqlite_without_rowid && !to->sqlite_without_rowid};
    bool any = edit.strict || edit.no_strict || edit.without_rowid || edit.with_rowid;
    return any ? add_edit(op, edit) : ATH_OK;
}

static ath_status gather(ath_ops *op, const ath_operation *o) {
    switch (o->kind) {
    case ATH_OPERATION_ADD_COLUMN:
        return add_column(op, o);
    case ATH_OPERATION_DROP_COLUMN:
        return add_edit(op, (ath__edit){.kind = ATH__EDIT_DROP_COLUMN, .name = o->name, .if_exists = o->if_exists});
    case ATH_OPERATION_ALTER_COLUMN:
        return alter_column(op, o);
    case ATH_OPERATION_ADD_CONSTRAINT:
        return add_constraint(op, o);
    case ATH_OPERATION_DROP_CONSTRAINT:
        return drop_constraint(op, o);
    case ATH_OPERATION_RENAME_CONSTRAINT:
        return add_edit(op, (ath__edit){.kind = ATH__EDIT_RENAME_CONSTRAINT, .name = o->name, .new_name = o->new_name});
    case ATH_OPERATION_RENAME_INDEX:
        return add_edit(op, (ath__edit){.kind = ATH__EDIT_RENAME_INDEX, .name = o->name, .new_name = o->new_name});
    case ATH_OPERATION_TABLE_OPTIONS:
        return alter_options(op, o);
    case ATH_OPERATION_CREATE_INDEX:
        ATH_TRY(ath__op_build(op, o));
        return add_written(op,
                           ath__ddl_create_index(&op->w, op->built, &op->built->indexes[0],
                                                 o->if_exists || op->built->indexes[0].opts.if_not_exists),
                           (ath__edit){.kind = ATH__EDIT_STATEMENT});
    default:
        return add_written(op, ath__alter_drop_index(&op->w, o->schema, o->table, o->name, o->if_exists, false),
                           (ath__edit){.kind = ATH__EDIT_STATEMENT});
    }
}

/* ---- applying them ---- */

static ath_status emit(void *context, const char *sql, ath_error *error) {
    ath_ops *op = context;
    const ath__op_statement statement = {.sql = sql, .rebuilds = true};
    ATH_TRY(op->opts.sink.run(op->opts.sink.context, &statement, 1, error));
    if (op->shadow && ath__run_text(op->shadow, sql, NULL) != ATH_OK)
        ath_error_clear(&op->shadow->error); /* of a table that the script does not know */
    return ATH_OK;
}

/* The database in which a script keeps what it has made. */
static ath_status open_shadow(ath_ops *op) {
    if (op->opts.connection || op->shadow || !op->alterer->shadow)
        return ATH_OK;
    op->shadow = op->alterer->shadow(&op->shadow_engine, &op->error);
    return op->shadow ? ATH_OK : ath__failed(&op->error);
}

static ath_status apply(ath_ops *op, const char *schema, const char *table) {
    ath__edits edits = {.schema = schema,
                        .table = table,
                        .items = op->batch.items,
                        .count = op->batch.count,
                        .naming = op->opts.naming,
                        .recreate = op->batch.recreate,
                        .is_script = !op->opts.connection,
                        .emit = emit,
                        .context = op};
    op->batch.items = NULL;
    op->batch.count = op->batch.capacity = 0;
    if (!edits.count)
        return ATH_OK;
    ATH_TRY(open_shadow(op));
    ath_connection *c = op->opts.connection ? op->opts.connection : op->shadow;
    return op->alterer->alter(c, &edits, &op->error);
}

ath_status ath__op_batch_flush(ath_ops *op) {
    return apply(op, op->batch.schema, op->batch.table);
}

ath_status ath__op_rebuild(ath_ops *op, const ath_operation *o) {
    bool here = in_block(op, o);
    if (op->batch.open && !here)
        ATH_TRY(ath__op_batch_flush(op));
    if (!o->table && o->kind != ATH_OPERATION_RENAME_INDEX && !here)
        return ath__fail(&op->error, ATH_ARGUMENT, "a directive does not say which table");
    ATH_TRY(gather(op, o));
    return here ? ATH_OK : apply(op, schema_of(o), o->table);
}

/* ---- scripts ---- */

void ath__op_shadow(ath_ops *op, const char *sql) {
    if (op->opts.connection || !op->alterer || !op->alterer->shadow)
        return;
    ath_error before = op->error, ignored = {0};
    if (open_shadow(op) != ATH_OK) {
        op->error = before; /* what cannot be known is asked for when it is needed */
        return;
    }
    const char *schema = op->built ? op->built->opts.schema : op->operation ? schema_of(op->operation) : NULL;
    if (schema) /* no edits: it is told of the schema */
        (void)op->alterer->alter(op->shadow, &(ath__edits){.schema = schema, .table = "", .is_script = true}, &ignored);
    if (ath__run_text(op->shadow, sql, NULL) != ATH_OK)
        ath_error_clear(&op->shadow->error);
}

void ath__op_copy_from(ath_ops *op, const ath_batch_opts *opts) {
    if (op->opts.connection || !op->alterer || !op->alterer->shadow)
        return;
    const ath_operation o = {.kind = ATH_OPERATION_CREATE_TABLE,
                             .schema = opts->schema,
                             .table = op->batch.table,
                             .items = opts->copy_from,
                             .item_count = opts->copy_from_count};
    ath__buf_clear(&op->text);
    op->w.naming = op->opts.naming;
    if (ath__op_build(op, &o) == ATH_OK && ath__ddl_create_table(&op->w, op->built, NULL, false) == ATH_OK) {
        const char *sql = ath__op_piece(op);
        if (sql)
            ath__op_shadow(op, sql);
    }
    for (size_t i = 0; op->error.status == ATH_OK && i < op->built->index_count; i++)
        if (ath__ddl_create_index(&op->w, op->built, &op->built->indexes[i], false) == ATH_OK) {
            const char *sql = ath__op_piece(op);
            if (sql)
                ath__op_shadow(op, sql);
        }
    ath_table_free(op->built);
    op->built = NULL;
}
