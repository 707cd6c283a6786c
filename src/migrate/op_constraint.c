/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives for constraints, where ALTER TABLE can.
 */
#include "migrate/op_int.h"

ath_status ath__op_add_constraint(ath_ops *op, const ath_operation *o) {
    ATH_TRY(ath__op_build(op, o));
    const ath_table *t = op->built;
    const ath__constraint *c = t->primary ? t->primary : t->constraint_count ? &t->constraints[0] : NULL;
    if (!c)
        return ath__fail(&op->error, ATH_ARGUMENT, "a constraint of table %s is of no known kind", o->table);
    ATH_TRY(ath__ddl_add_constraint(&op->w, t, c));
    ATH_TRY(ath__op_take(op, 0));
    if (!c->comment || !ath__dialect_can(op->dialect, ATH__CAN_COMMENT_ON))
        return ATH_OK;
    ATH_TRY(ath__ddl_constraint_comment(&op->w, t, c, false));
    return ath__op_take(op, 0);
}

/* ---- what the database has by that name ---- */

static bool is(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

static const ath_reflected_foreign_key *foreign_key_named(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->foreign_key_count; i++)
        if (is(t->foreign_keys[i].name, name))
            return &t->foreign_keys[i];
    return NULL;
}

static const ath_reflected_check *check_named(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->check_count; i++)
        if (is(t->checks[i].name, name))
            return &t->checks[i];
    return NULL;
}

static ath_constraint_kind kind_of(const ath_reflected_table *t, const char *name) {
    if (foreign_key_named(t, name))
        return ATH_CONSTRAINT_FOREIGN_KEY;
    if (check_named(t, name))
        return ATH_CONSTRAINT_CHECK;
    for (size_t i = 0; i < t->unique_count; i++)
        if (is(t->uniques[i].name, name))
            return ATH_CONSTRAINT_UNIQUE;
    if (t->primary_key.columns.count && (is(t->primary_key.name, name) || is("PRIMARY", name)))
        return ATH_CONSTRAINT_PRIMARY_KEY;
    return (ath_constraint_kind)0;
}

/* ---- DROP CONSTRAINT ---- */

/* What the constraint is called once the naming convention is through with it. */
static ath_status called(ath_ops *op, const ath_operation *o, const char **name) {
    const ath_table table = {.name = o->table, .opts = {.schema = o->schema}};
    const ath__constraint c = {.kind = (ath__constraint_kind)o->constraint, .of_type = -1, .name = o->name};
    *name = o->name;
    if (!o->name || !o->constraint || !op->w.naming)
        return ATH_OK;
    ATH_TRY(ath__ddl_constraint_name(&op->w, &table, &c, &op->text));
    *name = ath__op_piece(op);
    return *name ? ATH_OK : op->error.status;
}

/* Finds out the kind, and whether the constraint is there at all; offline nothing is known. */
static ath_status look(ath_ops *op, const ath_operation *o, const char *name, ath_constraint_kind *kind, bool *there) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    *there = true;
    if (!ath__op_writes(op, ATH__DDL_DROP_BY_KIND) || (*kind && !o->if_exists))
        return ATH_OK;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    if (t && name) {
        ath_constraint_kind found = kind_of(t, name);
        *there = found != 0;
        *kind = *kind ? *kind : found;
    }
    ath_inspector_free(inspector);
    return ATH_OK;
}

/* A CHECK of a column, which has no name there: the column is said again without it. */
static ath_status drop_column_check(ath_ops *op, const ath_operation *o, const ath_reflected_column *column) {
    const ath__column_change nothing = {.known_type = NULL};
    ath__known_column known = {0};
    ATH_TRY(ath__op_known_column(op, o, column->name, &known));
    const char *piece = ath__arena_printf(&op->arena, "CHECK (%s)", column->check);
    const char *at = piece && known.rest ? strstr(known.rest, piece) : NULL;
    if (!piece)
        return ath__fail_memory(&op->error);
    if (!at)
        return ath__fail(&op->error, ATH_STATE, "the check of column %s.%s is not where it was looked for", o->table,
                         column->name);
    const char *behind = at + strlen(piece);
    known.rest = ath__arena_printf(&op->arena, "%.*s%s", (int)(at - known.rest), known.rest, behind);
    if (!known.rest)
        return ath__fail_memory(&op->error);
    known.rest = known.rest[strspn(known.rest, " ")] ? known.rest : NULL;
    return ath__alter_column_whole(&op->w, o->schema, o->table, column->name, &nothing, &known);
}

/* A CHECK of which no name is said: found by its words. */
static ath_status drop_check_saying(ath_ops *op, const ath_operation *o, const ath_reflected_table *t,
                                    const char *words) {
    for (size_t i = 0; i < t->column_count; i++)
        if (is(t->columns[i].check, words))
            return drop_column_check(op, o, &t->columns[i]);
    for (size_t i = 0; i < t->check_count; i++)
        if (is(t->checks[i].sql, words))
            return ath__alter_drop_constraint(&op->w, o->schema, o->table, t->checks[i].name, ATH_CONSTRAINT_CHECK,
                                              false, false);
    return ath__fail(&op->error, ATH_ARGUMENT, "table %s has no CHECK (%s)", o->table, words);
}

static ath_status drop_unnamed_check(ath_ops *op, const ath_operation *o, const char *words) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    ath_status status =
        t ? drop_check_saying(op, o, t, words) : ath__fail(&op->error, ATH_ARGUMENT, "there is no table %s", o->table);
    ath_inspector_free(inspector);
    ATH_TRY(status);
    return ath__op_take(op, 0);
}

/* A primary key of which no name is said, where it has one: the live one's, or that which the database would have given. */
static ath_status key_name(ath_ops *op, const ath_operation *o, const char **name) {
    ath_inspector *inspector;
    const ath_reflected_table *t = NULL;
    if (op->opts.connection) {
        ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
        *name = t && t->primary_key.name ? ath__arena_str(&op->arena, t->primary_key.name) : NULL;
        ath_inspector_free(inspector);
    }
    if (!*name)
        *name = ath__arena_printf(&op->arena, "%s_pkey", o->table);
    return *name ? ATH_OK : ath__fail_memory(&op->error);
}

ath_status ath__op_drop_constraint(ath_ops *op, const ath_operation *o) {
    const char *name;
    ath_constraint_kind kind = o->constraint;
    bool there, by_kind = ath__op_writes(op, ATH__DDL_DROP_BY_KIND), known = by_kind && op->opts.connection;
    const ath_constraint_opts *was = o->item_count ? o->items[0].constraint : NULL;
    if (known && kind == ATH_CONSTRAINT_CHECK && !o->name && was && was->check)
        return drop_unnamed_check(op, o, was->check);
    ATH_TRY(called(op, o, &name));
    if (!name && !by_kind && kind == ATH_CONSTRAINT_PRIMARY_KEY)
        ATH_TRY(key_name(op, o, &name));
    ATH_TRY(look(op, o, name, &kind, &there));
    if (!there && o->if_exists)
        return ATH_OK;
    if (!there)
        return ath__fail(&op->error, ATH_ARGUMENT, "table %s has no constraint named '%s'", o->table, name);
    ATH_TRY(ath__alter_drop_constraint(&op->w, o->schema, o->table, name, kind, o->if_exists && !known, o->cascade));
    return ath__op_take(op, 0);
}

/* ---- RENAME CONSTRAINT ---- */

static void drop_and_add(ath_ops *op, const char *word, const char *name, const char *new_name) {
    ath__buf_printf(&op->text, " DROP %s ", word);
    ath__dialect_name(op->dialect, &op->text, name);
    ath__buf_str(&op->text, ", ADD ");
    if (new_name)
        ath__buf_str(&op->text, "CONSTRAINT ");
}

static ath_status write_again(ath_ops *op, const ath_operation *o, const ath_table_item *item) {
    ath_operation add = {.kind = ATH_OPERATION_ADD_CONSTRAINT,
                         .schema = o->schema,
                         .table = o->table,
                         .items = item,
                         .item_count = 1,
                         .exact_name = true};
    ATH_TRY(ath__op_build(op, &add));
    op->w.naming = NULL;
    return ath__ddl_constraint(&op->w, op->built, &op->built->constraints[0]);
}

static ath_status rename_again(ath_ops *op, const ath_operation *o, const ath_reflected_table *t) {
    const ath_reflected_foreign_key *key = foreign_key_named(t, o->name);
    const ath_reflected_check *check = check_named(t, o->name);
    ath__alter_table(&op->w, o->schema, o->table);
    if (key) {
        drop_and_add(op, "FOREIGN KEY", o->name, NULL);
        const ath_foreign_key_opts opts = {.name = o->new_name,
                                           .columns = key->columns,
                                           .target = key->referred_table,
                                           .target_schema = key->referred_schema,
                                           .target_columns = key->referred_columns,
                                           .ondelete = key->ondelete,
                                           .onupdate = key->onupdate};
        return write_again(op, o, &(ath_table_item){.kind = ATH_CONSTRAINT_FOREIGN_KEY, .foreign_key = &opts});
    }
    drop_and_add(op, ath__op_writes(op, ATH__DDL_DROP_CHECK) ? "CHECK" : "CONSTRAINT", o->name, NULL);
    const ath_constraint_opts opts = {.name = o->new_name, .check = check->sql};
    return write_again(op, o, &(ath_table_item){.kind = ATH_CONSTRAINT_CHECK, .constraint = &opts});
}

/* Where there is no RENAME CONSTRAINT: a unique one is its index, others are dropped and made again in one statement. */
static ath_status rename_by_hand(ath_ops *op, const ath_operation *o) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    ath_constraint_kind kind = t ? kind_of(t, o->name) : o->constraint;
    ath_status status;
    if (kind == ATH_CONSTRAINT_UNIQUE)
        status = ath__alter_rename_index(&op->w, o->schema, o->table, o->name, o->new_name);
    else if (t && (kind == ATH_CONSTRAINT_FOREIGN_KEY || kind == ATH_CONSTRAINT_CHECK))
        status = rename_again(op, o, t);
    else if (t)
        status = ath__fail(&op->error, ATH_ARGUMENT, "table %s has no constraint named '%s' that could be renamed",
                           o->table, o->name);
    else
        status =
            ath__dialect_cannot(op->dialect, "RENAME CONSTRAINT; a script must drop it and add it again", &op->error);
    ath_inspector_free(inspector);
    return status;
}

ath_status ath__op_rename_constraint(ath_ops *op, const ath_operation *o) {
    if (!o->name || !o->new_name)
        return ath__fail(&op->error, ATH_ARGUMENT, "rename_constraint of table %s needs both names", o->table);
    if (ath__op_writes(op, ATH__DDL_RENAME_CONSTRAINT))
        ATH_TRY(ath__alter_rename_constraint(&op->w, o->schema, o->table, o->name, o->new_name));
    else
        ATH_TRY(rename_by_hand(op, o));
    return ath__op_take(op, 0);
}
