/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives that add and drop a column, where ALTER TABLE can.
 */
#include "migrate/op_int.h"

/* Whether the table of the database has a column of that name; offline never known: false. */
static ath_status has_column(ath_ops *op, const char *schema, const char *table, const char *column, bool *has) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, schema, table, &inspector, &t));
    *has = t && ath_reflected_table_column(t, column);
    ath_inspector_free(inspector);
    return ATH_OK;
}

/* ---- ADD COLUMN ---- */

/* What the column brings along that is no part of its line. */
static ath_status companions(ath_ops *op, const ath_table *t, const ath__constraint *inlined) {
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *c = &t->constraints[i];
        if (c == inlined || !ath__ddl_wants(op->dialect, t, c))
            continue;
        ATH_TRY(ath__ddl_add_constraint(&op->w, t, c));
        ATH_TRY(ath__op_take(op, 0));
    }
    for (size_t i = 0; i < t->index_count; i++) {
        ATH_TRY(ath__ddl_create_index(&op->w, t, &t->indexes[i], false));
        ATH_TRY(ath__op_take(op, 0));
    }
    if (!t->columns[0].comment || !ath__dialect_can(op->dialect, ATH__CAN_COMMENT_ON))
        return ATH_OK;
    ATH_TRY(ath__ddl_column_comment(&op->w, t, &t->columns[0], false));
    return ath__op_take(op, 0);
}

static const ath__constraint *foreign_key_of(const ath_table *t) {
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY)
            return &t->constraints[i];
    return NULL;
}

/* The column behind which a new one stands before `before`: "" is the first place. */
static ath_status place_before(ath_ops *op, const ath_operation *o, const char **after) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    const char *found = NULL;
    for (size_t i = 0; t && i < t->column_count; i++)
        if (strcmp(t->columns[i].name, o->before) == 0)
            found = i ? ath__op_keep(op, t->columns[i - 1].name) : "";
    ath_inspector_free(inspector);
    if (op->error.status != ATH_OK)
        return op->error.status;
    *after = found;
    return found ? ATH_OK
                 : ath__fail(&op->error, ATH_ARGUMENT, "%s.%s: no column '%s' to stand before%s", o->table,
                             op->built->columns[0].name, o->before,
                             op->opts.connection ? "" : " is known in a script; say .after");
}

static ath_status add_column(ath_ops *op, const ath_operation *o) {
    const ath_table *t = op->built;
    const ath__constraint *inlined = o->inline_references ? foreign_key_of(t) : NULL;
    ath__add_column how = {.if_not_exists = o->if_exists && !op->opts.connection,
                           .after = o->after,
                           .references = inlined,
                           .primary_key = t->columns[0].primary_key};
    if (o->before && ath__op_writes(op, ATH__DDL_COLUMN_PLACE))
        ATH_TRY(place_before(op, o, &how.after));
    ATH_TRY(ath__op_create_types(op, t, true));
    ATH_TRY(ath__alter_add_column(&op->w, t, &t->columns[0], &how));
    ATH_TRY(ath__op_take(op, 0));
    return companions(op, t, inlined);
}

ath_status ath__op_add_column(ath_ops *op, const ath_operation *o) {
    bool there = false;
    ATH_TRY(ath__op_build(op, o));
    if (op->built->column_count != 1)
        return ath__fail(&op->error, ATH_ARGUMENT, "add_column of table %s adds one column", o->table);
    if (o->if_exists)
        ATH_TRY(has_column(op, o->schema, o->table, op->built->columns[0].name, &there));
    return there ? ATH_OK : add_column(op, o);
}

ath_status ath__op_drop_column(ath_ops *op, const ath_operation *o) {
    bool there = true;
    if (!o->name)
        return ath__fail(&op->error, ATH_ARGUMENT, "drop_column of table %s does not say which", o->table);
    if (o->if_exists && op->opts.connection)
        ATH_TRY(has_column(op, o->schema, o->table, o->name, &there));
    if (!there)
        return ATH_OK;
    ATH_TRY(
        ath__alter_drop_column(&op->w, o->schema, o->table, o->name, o->if_exists && !op->opts.connection, o->cascade));
    return ath__op_take(op, 0);
}
