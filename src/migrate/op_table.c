/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives for whole tables.
 */
#include "migrate/op_int.h"

static ath_status indexes(ath_ops *op, const ath_table *t) {
    for (size_t i = 0; i < t->index_count; i++) {
        ATH_TRY(ath__ddl_create_index(&op->w, t, &t->indexes[i], false));
        ATH_TRY(ath__op_take(op, 0));
    }
    return ATH_OK;
}

/* Those that do not stand in CREATE TABLE. */
static ath_status comments(ath_ops *op, const ath_table *t) {
    if (!ath__dialect_can(op->dialect, ATH__CAN_COMMENT_ON))
        return ATH_OK;
    if (t->comment) {
        ATH_TRY(ath__ddl_table_comment(&op->w, t, false));
        ATH_TRY(ath__op_take(op, 0));
    }
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].comment) {
            ATH_TRY(ath__ddl_column_comment(&op->w, t, &t->columns[i], false));
            ATH_TRY(ath__op_take(op, 0));
        }
    for (size_t i = 0; i <= t->constraint_count; i++) {
        const ath__constraint *c = i < t->constraint_count ? &t->constraints[i] : t->primary;
        if (!c || !c->comment)
            continue;
        ATH_TRY(ath__ddl_constraint_comment(&op->w, t, c, false));
        ATH_TRY(ath__op_take(op, 0));
    }
    return ATH_OK;
}

/* Foreign keys that are said to come later, in a statement of their own. */
static ath_status altered_keys(ath_ops *op, const ath_table *t) {
    bool alters = ath__dialect_can(op->dialect, ATH__CAN_ADD_CONSTRAINT);
    for (size_t i = 0; alters && i < t->constraint_count; i++)
        if (t->constraints[i].use_alter) {
            ATH_TRY(ath__ddl_add_constraint(&op->w, t, &t->constraints[i]));
            ATH_TRY(ath__op_take(op, 0));
        }
    return ATH_OK;
}

ath_status ath__op_create_table(ath_ops *op, const ath_operation *o) {
    ATH_TRY(ath__op_build(op, o));
    const ath_table *t = op->built;
    bool if_not_exists = o->if_exists || t->opts.if_not_exists, there = false;
    if (if_not_exists)
        ATH_TRY(ath__op_exists(op, ATH__OBJECT_TABLE, t->opts.schema, t->name, &there));
    if (there)
        return ATH_OK;
    ATH_TRY(ath__op_create_types(op, t, false));
    ATH_TRY(ath__ddl_create_table(&op->w, t, NULL, if_not_exists));
    ATH_TRY(ath__op_take(op, 0));
    ATH_TRY(altered_keys(op, t));
    ATH_TRY(indexes(op, t));
    return comments(op, t);
}

ath_status ath__op_drop_table(ath_ops *op, const ath_operation *o) {
    const ath_table named = {.name = o->table, .opts = {.schema = o->schema}};
    ATH_TRY(ath__ddl_drop_table(&op->w, &named, o->if_exists, o->cascade));
    return ath__op_take(op, 0);
}

ath_status ath__op_rename_table(ath_ops *op, const ath_operation *o) {
    if (!o->new_name)
        return ath__fail(&op->error, ATH_ARGUMENT, "the new name of table %s is not said", o->table);
    ATH_TRY(ath__alter_rename_table(&op->w, o->schema, o->table, o->new_name));
    return ath__op_take(op, 0);
}

/* A database that keeps no comments (SQLite) is none the worse for it. */
ath_status ath__op_table_comment(ath_ops *op, const ath_operation *o) {
    if (!ath__dialect_can(op->dialect, ATH__CAN_COMMENT_ON) && !ath__dialect_can(op->dialect, ATH__CAN_INLINE_COMMENTS))
        return ATH_OK;
    ATH_TRY(ath__alter_table_comment(&op->w, o->schema, o->table, o->text));
    return ath__op_take(op, 0);
}

ath_status ath__op_table_options(ath_ops *op, const ath_operation *o) {
    const ath_table_opts *options = o->item_count ? o->items[0].options : NULL;
    const char *schema = o->schema ? o->schema : options ? options->schema : NULL;
    bool any;
    if (!o->table || !options)
        return ath__fail(&op->error, ATH_ARGUMENT, "alter_options of table %s says no options",
                         o->table ? o->table : "(not named)");
    ATH_TRY(ath__alter_options(&op->w, schema, o->table, options, &any));
    return any ? ath__op_take(op, 0) : ATH_OK;
}
