/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives: the context of a run, what it says of itself, and the way of an operation through it.
 */
#include "migrate/op_int.h"

#include <stdarg.h>

ath_ops *ath__ops_new(const ath__ops_opts *opts, ath_error *error) {
    ath_ops *op = ath__alloc_zero(opts->allocator, 1, sizeof *op);
    if (!op) {
        ath__fail_memory(error);
        return NULL;
    }
    op->opts = *opts;
    if (!op->opts.dialect)
        op->opts.dialect = opts->connection ? opts->connection->dialect : opts->backend->dialect;
    op->dialect = op->opts.dialect;
    op->alterer = opts->backend ? opts->backend->alterer : NULL;
    ath__arena_init(&op->arena, opts->allocator);
    ath__arena_init(&op->lasting, opts->allocator);
    ath__buf_init(&op->text, opts->allocator);
    op->w = (ath__ddl){.dialect = op->dialect, .naming = opts->naming, .out = &op->text, .error = &op->error};
    return op;
}

void ath__ops_free(ath_ops *op) {
    if (!op)
        return;
    if (op->shadow)
        ath_connection_close(op->shadow);
    if (op->shadow_engine)
        ath_engine_close(op->shadow_engine);
    ath__arena_done(&op->arena);
    ath__arena_done(&op->lasting);
    ath__buf_done(&op->text);
    ath__free(op->opts.allocator, op, sizeof *op);
}

void ath__ops_called(ath_ops *op, const char *called) {
    op->called = called;
}

ath_status ath__ops_finish(ath_ops *op, ath_error *error) {
    if (op->error.status == ATH_OK && op->batch.open)
        ath__fail(&op->error, ATH_STATE, "a block of ATH_OP_BATCH for table %s was left by break, goto or return",
                  op->batch.table);
    if (op->error.status == ATH_OK && op->autocommit)
        ath__fail(&op->error, ATH_STATE, "a block of ATH_OP_AUTOCOMMIT was left by break, goto or return");
    ath_status status = op->error.status;
    if (status != ATH_OK && error)
        *error = op->error;
    op->error = (ath_error){0};
    op->batch.open = op->autocommit = false;
    return status;
}

/* ---- what it says of itself ---- */

ath_connection *ath_op_connection(ath_ops *op) {
    return op->opts.looks_only ? NULL : op->opts.connection;
}

bool ath_op_is_offline(const ath_ops *op) {
    return op->opts.looks_only || !op->opts.connection;
}

const char *ath_op_dialect(const ath_ops *op) {
    return op->dialect->name;
}

bool ath_op_is_mariadb(const ath_ops *op) {
    return op->dialect->title && strcmp(op->dialect->title, "MariaDB") == 0;
}

const char *ath_op_get_x(const ath_ops *op, const char *name) {
    size_t size = strlen(name);
    for (size_t i = 0; i < op->opts.x.count; i++) {
        const char *argument = op->opts.x.arguments[i];
        if (strncmp(argument, name, size) != 0)
            continue;
        if (argument[size] == '=')
            return argument + size + 1;
        if (!argument[size])
            return argument + size;
    }
    return NULL;
}

ath_status ath_op_status(const ath_ops *op) {
    return op->error.status;
}

const ath_error *ath_op_error(const ath_ops *op) {
    return &op->error;
}

ath_status ath_op_fail(ath_ops *op, const char *format, ...) {
    if (op->error.status != ATH_OK)
        return op->error.status;
    char message[sizeof op->error.message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return ath__fail(&op->error, ATH_STATE, "%s", message);
}

ath_status ath_op_irreversible(ath_ops *op, const char *why) {
    return ath_op_fail(op, "there is no way back: %s", why ? why : "the revision does not say why");
}

/* ---- what the files op*.c are written with ---- */

ath_status ath__op_no_memory(ath_ops *op) {
    return ath__fail_memory(&op->error);
}

bool ath__op_writes(const ath_ops *op, uint64_t bit) {
    return ath__dialect_ddl(op->dialect, bit);
}

const char *ath__op_keep(ath_ops *op, const char *text) {
    const char *copy = text ? ath__arena_str(&op->arena, text) : NULL;
    if (text && !copy)
        ath__op_no_memory(op);
    return copy;
}

const char *ath__op_piece(ath_ops *op) {
    const char *copy = op->text.failed ? NULL : ath__arena_strn(&op->arena, ath__buf_text(&op->text), op->text.size);
    ath__buf_clear(&op->text);
    if (!copy)
        ath__op_no_memory(op);
    return copy;
}

ath_status ath__op_take(ath_ops *op, int flags) {
    if (op->count == op->capacity) {
        size_t capacity = op->capacity ? op->capacity * 2 : 8;
        ath__op_statement *larger = ath__arena_zero(&op->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__op_no_memory(op);
        if (op->count)
            memcpy(larger, op->statements, op->count * sizeof *larger);
        op->statements = larger;
        op->capacity = capacity;
    }
    const char *sql = ath__op_piece(op);
    if (!sql)
        return op->error.status;
    op->statements[op->count++] =
        (ath__op_statement){.sql = sql, .data = (flags & ATH__OP_DATA) != 0, .outside = (flags & ATH__OP_OUTSIDE) != 0};
    return ATH_OK;
}

const ath_naming *ath__op_naming(const ath_ops *op, const ath_operation *o) {
    return o->exact_name ? NULL : op->opts.naming;
}

/* The columns that a part of a table names, each once; in a table of their own the part can be checked. */
static size_t part_columns(const ath_table_item *item, ath_name_list lists[2], const ath_index_part **parts,
                           size_t *part_count) {
    lists[0] = item->columns;
    lists[1] = (ath_name_list){0};
    *parts = item->parts.parts;
    *part_count = item->parts.count;
    if (item->foreign_key)
        lists[0] = item->foreign_key->columns;
    if (item->index)
        lists[1] = item->index->include;
    if (item->constraint) {
        lists[0] = item->constraint->columns;
        lists[1] = item->constraint->postgresql_include;
        *parts = item->constraint->parts.parts;
        *part_count = item->constraint->parts.count;
    }
    return lists[0].count + lists[1].count + *part_count;
}

static void add_made_up(ath_table_item *items, size_t *count, const char *name, bool key) {
    static const ath_column_opts plain = {.struct_size = sizeof plain, .type = {.sql = ATH_SQL_TEXT}};
    static const ath_column_opts of_key = {
        .struct_size = sizeof of_key, .type = {.sql = ATH_SQL_TEXT}, .primary_key = true};
    for (size_t i = 0; name && i < *count; i++)
        if (strcmp(items[i].name, name) == 0)
            return;
    if (name)
        items[(*count)++] = (ath_table_item){.name = name, .column = key ? &of_key : &plain};
}

/* The part, in a table of the columns that it names. */
static ath_status build_part(ath_ops *op, const ath_operation *o) {
    const ath_table_item *item = o->items;
    ath_name_list lists[2];
    const ath_index_part *parts;
    size_t part_count, room = part_columns(item, lists, &parts, &part_count) + 3, count = 0;
    ath_table_item *items = ath__arena_zero(&op->arena, room * sizeof *items);
    ath_table_opts *opts = ath__arena_zero(&op->arena, sizeof *opts);
    if (!items || !opts)
        return ath__op_no_memory(op);
    for (size_t i = 0; i < lists[0].count; i++)
        add_made_up(items, &count, lists[0].names[i], item->kind == ATH_CONSTRAINT_PRIMARY_KEY);
    for (size_t i = 0; i < lists[1].count; i++)
        add_made_up(items, &count, lists[1].names[i], false);
    for (size_t i = 0; i < part_count; i++)
        add_made_up(items, &count, parts[i].column, false);
    if (!count)
        add_made_up(items, &count, "_", false);
    items[count++] = *item;
    opts->schema = o->schema;
    if (!opts->schema)
        opts->schema = item->index         ? item->index->schema
                       : item->foreign_key ? item->foreign_key->schema
                       : item->constraint  ? item->constraint->schema
                                           : NULL;
    items[count++] = (ath_table_item){.kind = ATH_ITEM_OPTIONS, .options = opts};
    op->built = ath_table_build(o->table, items, count);
    return op->built ? ATH_OK : ath__op_no_memory(op);
}

static ath_status build_whole(ath_ops *op, const ath_operation *o) {
    ath_table_item *items = ath__arena_alloc(&op->arena, (o->item_count + 1) * sizeof *items);
    ath_table_opts *opts = ath__arena_zero(&op->arena, sizeof *opts);
    if (!items || !opts)
        return ath__op_no_memory(op);
    if (o->item_count)
        memcpy(items, o->items, o->item_count * sizeof *items);
    size_t count = o->item_count;
    if (o->schema) {
        for (size_t i = 0; i < count; i++)
            if (items[i].kind == ATH_ITEM_OPTIONS) {
                *opts = *items[i].options;
                items[i].options = opts;
            }
        opts->schema = o->schema;
        if (count == o->item_count)
            items[count++] = (ath_table_item){.kind = ATH_ITEM_OPTIONS, .options = opts};
    }
    op->built = ath_table_build(o->table, items, count);
    return op->built ? ATH_OK : ath__op_no_memory(op);
}

ath_status ath__op_build(ath_ops *op, const ath_operation *o) {
    bool part = o->kind == ATH_OPERATION_CREATE_INDEX || o->kind == ATH_OPERATION_ADD_CONSTRAINT;
    if (!o->table || !o->items || !o->item_count)
        return ath__fail(&op->error, ATH_ARGUMENT, "a directive does not say %s",
                         o->table ? "what is to be made" : "which table");
    ATH_TRY(part ? build_part(op, o) : build_whole(op, o));
    if (!op->built->mistake)
        return ATH_OK;
    op->error = *op->built->mistake;
    return op->error.status;
}

ath_status ath__op_exists(ath_ops *op, int object, const char *schema, const char *name, bool *there) {
    *there = false;
    if (!op->opts.connection)
        return ATH_OK;
    ath_status status = ath__exists(op->opts.connection, object, schema, name, there);
    if (status != ATH_OK)
        op->error = op->opts.connection->error;
    return status;
}

ath_status ath__op_inspect(ath_ops *op, const char *schema, const char *table, ath_inspector **inspector,
                           const ath_reflected_table **out) {
    *inspector = NULL;
    *out = NULL;
    if (!op->opts.connection)
        return ATH_OK;
    *inspector = ath_inspect(op->opts.connection, .schema = schema, .tables = ath_names(table));
    if (!*inspector) {
        op->error = op->opts.connection->error;
        return ath__failed(&op->error);
    }
    *out = ath_inspector_table(*inspector, table);
    return ATH_OK;
}

/* ---- an operation's way ---- */

static ath_status write(ath_ops *op, const ath_operation *o) {
    switch (o->kind) {
    case ATH_OPERATION_NOTHING:
        return ATH_OK;
    case ATH_OPERATION_CREATE_TABLE:
        return ath__op_create_table(op, o);
    case ATH_OPERATION_DROP_TABLE:
        return ath__op_drop_table(op, o);
    case ATH_OPERATION_RENAME_TABLE:
        return ath__op_rename_table(op, o);
    case ATH_OPERATION_TABLE_COMMENT:
        return ath__op_table_comment(op, o);
    case ATH_OPERATION_TABLE_OPTIONS:
        return ath__op_table_options(op, o);
    case ATH_OPERATION_ADD_COLUMN:
        return ath__op_add_column(op, o);
    case ATH_OPERATION_DROP_COLUMN:
        return ath__op_drop_column(op, o);
    case ATH_OPERATION_ALTER_COLUMN:
        return ath__op_alter_column(op, o);
    case ATH_OPERATION_CREATE_INDEX:
        return ath__op_create_index(op, o);
    case ATH_OPERATION_DROP_INDEX:
        return ath__op_drop_index(op, o);
    case ATH_OPERATION_RENAME_INDEX:
        return ath__op_rename_index(op, o);
    case ATH_OPERATION_ADD_CONSTRAINT:
        return ath__op_add_constraint(op, o);
    case ATH_OPERATION_DROP_CONSTRAINT:
        return ath__op_drop_constraint(op, o);
    case ATH_OPERATION_RENAME_CONSTRAINT:
        return ath__op_rename_constraint(op, o);
    case ATH_OPERATION_CREATE_ENUM:
    case ATH_OPERATION_DROP_ENUM:
    case ATH_OPERATION_ADD_ENUM_VALUE:
    case ATH_OPERATION_RENAME_ENUM:
        return ath__op_enum(op, o);
    case ATH_OPERATION_CREATE_SEQUENCE:
    case ATH_OPERATION_DROP_SEQUENCE:
    case ATH_OPERATION_ALTER_SEQUENCE:
        return ath__op_sequence(op, o);
    case ATH_OPERATION_CREATE_SCHEMA:
    case ATH_OPERATION_DROP_SCHEMA:
        return ath__op_schema(op, o);
    case ATH_OPERATION_EXECUTE:
        return ath__op_execute(op, o);
    case ATH_OPERATION_BULK_INSERT:
        return ath__op_bulk_insert(op, o);
    }
    return ath__fail(&op->error, ATH_ARGUMENT, "there is no directive of kind %d", (int)o->kind);
}

static ath_status run(ath_ops *op) {
    if (!op->count)
        return ATH_OK;
    ATH_TRY(op->opts.sink.run(op->opts.sink.context, op->statements, op->count, &op->error));
    for (size_t i = 0; i < op->count; i++)
        if (!op->statements[i].statement)
            ath__op_shadow(op, op->statements[i].sql);
    return ATH_OK;
}

/* Written, then run: all of its statements are known before the first is. */
static ath_status perform(ath_ops *op, const ath_operation *o) {
    if (ath__op_rebuilds(op, o))
        return ath__op_rebuild(op, o);
    if (op->batch.open)
        ATH_TRY(ath__op_batch_flush(op));
    ATH_TRY(write(op, o));
    return run(op);
}

ath_status ath_op_invoke(ath_ops *op, const ath_operation *o) {
    bool skip = false;
    if (op->error.status != ATH_OK)
        return op->error.status;
    if (!op->batch.open)
        ath__arena_reset(&op->arena);
    ath__buf_clear(&op->text);
    op->statements = NULL;
    op->count = op->capacity = 0;
    op->operation = o;
    op->w.naming = ath__op_naming(op, o);
    ath_status status =
        op->opts.sink.begin ? op->opts.sink.begin(op->opts.sink.context, o, NULL, &skip, &op->error) : ATH_OK;
    if (status == ATH_OK && !skip)
        status = perform(op, o);
    ath_table_free(op->built);
    op->built = NULL;
    op->operation = NULL;
    if (status != ATH_OK && op->error.status == ATH_OK)
        op->error.status = status;
    return status;
}

/* ---- blocks ---- */

bool ath_op_batch_begin(ath_ops *op, const char *table, const ath_batch_opts *opts) {
    if (op->error.status != ATH_OK)
        return false;
    if (op->batch.open) {
        ath__fail(&op->error, ATH_STATE, "a block of ATH_OP_BATCH for table %s begins inside of that for table %s",
                  table, op->batch.table);
        return false;
    }
    ath__arena_reset(&op->arena);
    op->batch = (ath__batch){.open = true,
                             .table = ath__op_keep(op, table),
                             .schema = ath__op_keep(op, opts->schema),
                             .recreate = ath__op_keep(op, opts->recreate)};
    if (op->error.status == ATH_OK && opts->copy_from_count)
        ath__op_copy_from(op, opts);
    op->batch.open = op->error.status == ATH_OK;
    return op->batch.open;
}

bool ath_op_batch_end(ath_ops *op) {
    if (op->error.status == ATH_OK)
        ath__op_batch_flush(op);
    op->batch.open = false;
    return false;
}

bool ath_op_autocommit_begin(ath_ops *op) {
    if (op->error.status == ATH_OK && op->autocommit)
        ath__fail(&op->error, ATH_STATE, "a block of ATH_OP_AUTOCOMMIT begins inside of another");
    if (op->error.status == ATH_OK && op->batch.open)
        ath__op_batch_flush(op);
    if (op->error.status != ATH_OK)
        return false;
    if (op->opts.autocommit && op->opts.autocommit(op->opts.sink.context, true, &op->error) != ATH_OK)
        return false;
    op->autocommit = true;
    return true;
}

bool ath_op_autocommit_end(ath_ops *op) {
    if (op->error.status == ATH_OK && op->opts.autocommit)
        op->opts.autocommit(op->opts.sink.context, false, &op->error);
    op->autocommit = false;
    return false;
}

/* ---- statements ---- */

ath_status ath__op_statement_run(ath_connection *c, const ath__op_statement *s, ath_error *error) {
    ath_status status;
    if (s->statement) {
        ath_result *r = ath_connection_execute(c, *s->statement);
        status = r ? ath_result_error(r)->status : c->error.status;
        if (r && status != ATH_OK)
            *error = *ath_result_error(r);
        else if (!r)
            *error = c->error;
        ath_result_close(r);
        return status;
    }
    status = ath__run_text(c, s->sql, NULL);
    if (status != ATH_OK)
        *error = c->error;
    return status;
}
