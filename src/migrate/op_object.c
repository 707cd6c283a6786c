/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives for enum types, sequences and schemas.
 */
#include "migrate/op_int.h"

/* ---- enum types ---- */

static bool same(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

/* Whether the run or script has made the type; takes note that it does now. */
static ath_status note_type(ath_ops *op, const char *name, bool *known) {
    for (size_t i = 0; i < op->types.count; i++)
        if (strcmp(op->types.names[i], name) == 0) {
            *known = true;
            return ATH_OK;
        }
    *known = false;
    const char **names = ath__arena_alloc(&op->lasting, (op->types.count + 1) * sizeof *names);
    char *copy = ath__arena_str(&op->lasting, name);
    if (!names || !copy)
        return ath__op_no_memory(op);
    if (op->types.count)
        memcpy(names, op->types.names, op->types.count * sizeof *names);
    names[op->types.count] = copy;
    op->types = (ath_name_list){op->types.count + 1, names};
    return ATH_OK;
}

static void forget_type(ath_ops *op, const char *name) {
    size_t left = 0;
    const char **names = ath__arena_alloc(&op->lasting, (op->types.count + 1) * sizeof *names);
    if (!names)
        return; /* then the script says CREATE TYPE in no case where it need not */
    for (size_t i = 0; i < op->types.count; i++)
        if (!same(op->types.names[i], name))
            names[left++] = op->types.names[i];
    op->types = (ath_name_list){left, names};
}

/* In a script of which nobody knows on what it will run: the type is made unless it is there. */
static ath_status guard(ath_ops *op) {
    const char *create = ath__op_piece(op);
    if (!create)
        return op->error.status;
    ath__buf_printf(&op->text, "DO $athanor$ BEGIN\n\t%s;\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $athanor$",
                    create);
    return ATH_OK;
}

ath_status ath__op_create_type(ath_ops *op, const ath_type *type, bool guarded) {
    bool there = false;
    if (type->sql == ATH_SQL_ARRAY && type->details && type->details->item)
        type = type->details->item;
    if (!ath__dialect_enum_type(op->dialect, type))
        return ATH_OK;
    ATH_TRY(note_type(op, type->details->name, &there));
    if (!there && op->opts.connection)
        ATH_TRY(ath__op_exists(op, ATH__OBJECT_TYPE, type->details->schema, type->details->name, &there));
    if (there)
        return ATH_OK;
    ATH_TRY(ath__ddl_create_type(&op->w, type));
    if (guarded && !op->opts.connection)
        ATH_TRY(guard(op));
    return ath__op_take(op, 0);
}

ath_status ath__op_create_types(ath_ops *op, const ath_table *table, bool guarded) {
    for (size_t i = 0; i < table->column_count; i++)
        ATH_TRY(ath__op_create_type(op, &table->columns[i].type, guarded));
    return ATH_OK;
}

static ath_status create_enum(ath_ops *op, const ath_operation *o) {
    bool there = false, known;
    const ath_type *type = o->type;
    if (!type || !type->details || !type->details->name)
        return ath__fail(&op->error, ATH_ARGUMENT, "create_enum needs an enum type that has a name");
    if (o->if_exists)
        ATH_TRY(ath__op_exists(op, ATH__OBJECT_TYPE, type->details->schema, type->details->name, &there));
    ATH_TRY(note_type(op, type->details->name, &known));
    if (there)
        return ATH_OK;
    ATH_TRY(ath__ddl_create_type(&op->w, type));
    if (o->if_exists && !op->opts.connection)
        ATH_TRY(guard(op));
    return ath__op_take(op, 0);
}

static ath_status drop_enum(ath_ops *op, const ath_operation *o, const char *schema, const char *name) {
    const ath_type_details details = {.name = name, .schema = schema};
    const ath_type type = {.sql = ATH_SQL_ENUM, .details = &details};
    forget_type(op, name);
    ATH_TRY(ath__ddl_drop_type(&op->w, &type, o->if_exists, o->cascade));
    return ath__op_take(op, 0);
}

static ath_status rename_enum(ath_ops *op, const ath_operation *o, const char *schema, const char *name) {
    bool known;
    if (!o->new_name)
        return ath__fail(&op->error, ATH_ARGUMENT, "rename_enum of type %s does not say the new name", name);
    forget_type(op, name);
    ATH_TRY(note_type(op, o->new_name, &known));
    ATH_TRY(ath__alter_rename_type(&op->w, schema, name, o->new_name));
    return ath__op_take(op, 0);
}

ath_status ath__op_enum(ath_ops *op, const ath_operation *o) {
    const ath_type_details *details = o->type ? o->type->details : NULL;
    const char *name = o->type_name ? o->type_name : details ? details->name : NULL;
    const char *schema = o->schema ? o->schema : details ? details->schema : NULL;
    if (!ath__dialect_can(op->dialect, ATH__CAN_ENUM_TYPES))
        return ATH_OK; /* enums belong to their columns there */
    if (o->kind == ATH_OPERATION_CREATE_ENUM)
        return create_enum(op, o);
    if (!name)
        return ath__fail(&op->error, ATH_ARGUMENT, "a directive for an enum type does not say which");
    if (o->kind == ATH_OPERATION_DROP_ENUM)
        return drop_enum(op, o, schema, name);
    if (o->kind == ATH_OPERATION_RENAME_ENUM)
        return rename_enum(op, o, schema, name);
    if (!o->name)
        return ath__fail(&op->error, ATH_ARGUMENT, "add_enum_value of type %s does not say the label", name);
    ATH_TRY(ath__alter_add_enum_value(&op->w, schema, name, o->name, o->before, o->after, o->if_exists));
    return ath__op_take(op, 0);
}

/* ---- sequences, schemas ---- */

ath_status ath__op_sequence(ath_ops *op, const ath_operation *o) {
    ath_sequence named = {.name = o->name, .schema = o->schema};
    if (o->kind == ATH_OPERATION_DROP_SEQUENCE) {
        if (!o->name && o->sequence)
            named = *o->sequence;
        ATH_TRY(ath__ddl_drop_sequence(&op->w, &named, o->if_exists, o->cascade));
        return ath__op_take(op, 0);
    }
    if (!o->sequence)
        return ath__fail(&op->error, ATH_ARGUMENT, "a directive for a sequence does not say which");
    if (o->kind == ATH_OPERATION_ALTER_SEQUENCE) {
        if (ath__ddl_counting_is_unsaid(&o->sequence->counting))
            return ATH_OK;
        ATH_TRY(ath__alter_sequence(&op->w, o->sequence));
        return ath__op_take(op, 0);
    }
    ATH_TRY(ath__ddl_create_sequence(&op->w, o->sequence, o->if_exists || o->sequence->if_not_exists));
    return ath__op_take(op, 0);
}

ath_status ath__op_schema(ath_ops *op, const ath_operation *o) {
    const char *name = o->name ? o->name : o->schema;
    if (!name)
        return ath__fail(&op->error, ATH_ARGUMENT, "a directive for a schema does not say which");
    ATH_TRY(o->kind == ATH_OPERATION_CREATE_SCHEMA ? ath__ddl_create_schema(&op->w, name, o->if_exists)
                                                   : ath__ddl_drop_schema(&op->w, name, o->if_exists, o->cascade));
    return ath__op_take(op, 0);
}
