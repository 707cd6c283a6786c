/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: alter_column, where ALTER TABLE can: in steps (PostgreSQL), or all of the column said again (MySQL), in
 * which case what is not changed is read from the database, so that nothing of it is lost.
 */
#include "migrate/op_int.h"

void ath__op_change(const ath_alter_opts *a, ath__column_change *out) {
    *out = (ath__column_change){
        .new_name = a->new_name,
        .type = a->type.sql != ATH_SQL_INFER ? &a->type : NULL,
        .using = a->postgresql_using,
        .collation = a->collation,
        .null = a->nullable == ATH_YES,
        .not_null = a->nullable == ATH_NO,
        .server_default = a->server_default,
        .drop_default = a->drop_server_default,
        .comment = a->comment,
        .drop_comment = a->drop_comment,
        .autoincrement = a->autoincrement == ATH_YES,
        .no_autoincrement = a->autoincrement == ATH_NO,
        .identity = a->identity,
        .counting = a->counting,
        .drop_identity = a->drop_identity,
        .computed = a->computed,
        .persisted = a->persisted,
        .drop_computed = a->drop_computed,
        .known_type = a->existing_type.sql != ATH_SQL_INFER ? &a->existing_type : NULL,
    };
}

/* ---- in steps ---- */

/* What the steps must know of the column as it is. */
static ath_status know_for_steps(ath_ops *op, const ath_operation *o, ath__column_change *change) {
    bool type = change->collation && !change->type && !change->known_type;
    if (!type && !change->identity)
        return ATH_OK;
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    const ath_reflected_column *c = t ? ath_reflected_table_column(t, o->name) : NULL;
    ath_type *spelt = ath__arena_zero(&op->arena, sizeof *spelt);
    ath_type_details *details = ath__arena_zero(&op->arena, sizeof *details);
    if (c && spelt && details) {
        change->was_identity = c->identity != ATH_IDENTITY_NONE;
        details->spelling = ath__op_keep(op, c->declared);
        *spelt = (ath_type){.sql = ATH_SQL_NAMED, .details = details};
        change->known_type = type ? spelt : change->known_type;
    }
    ath_inspector_free(inspector);
    return spelt && details ? op->error.status : ath__op_no_memory(op);
}

static ath_status in_steps(ath_ops *op, const ath_operation *o, ath__column_change *change) {
    ATH_TRY(know_for_steps(op, o, change));
    if (change->type)
        ATH_TRY(ath__op_create_type(op, change->type, true));
    for (int step = 0; step < ATH__ALTER_STEPS; step++) {
        bool any;
        ATH_TRY(ath__alter_column_step(&op->w, o->schema, o->table, o->name, change, step, &any));
        if (any)
            ATH_TRY(ath__op_take(op, 0));
    }
    return ATH_OK;
}

/* ---- all at once ---- */

/* A piece of SQL that was written. */
static ath_status piece(ath_ops *op, ath_status status, const char **out) {
    ATH_TRY(status);
    *out = ath__op_piece(op);
    return *out ? ATH_OK : op->error.status;
}

/* From what the directive says that is there. */
static ath_status known_from_words(ath_ops *op, const ath_alter_opts *a, ath__known_column *known) {
    ath__column_change as_is = {.server_default = a->existing_server_default};
    if (a->existing_type.sql == ATH_SQL_INFER && a->type.sql == ATH_SQL_INFER)
        return ATH_OK;
    if (a->existing_type.sql != ATH_SQL_INFER) {
        as_is.known_type = &a->existing_type;
        ATH_TRY(
            piece(op, ath__dialect_column_type(op->dialect, &a->existing_type, &op->text, &op->error), &known->type));
    }
    if (a->existing_server_default)
        ATH_TRY(piece(op, ath__alter_default(&op->w, &as_is), &known->default_sql));
    if (a->existing_comment)
        ATH_TRY(piece(op, ath__ddl_comment_text(&op->w, a->existing_comment, ""), &known->comment));
    known->not_null = a->existing_nullable == ATH_NO;
    known->autoincrement = a->existing_autoincrement == ATH_YES;
    return ATH_OK;
}

ath_status ath__op_known_column(ath_ops *op, const ath_operation *o, const char *column, ath__known_column *known) {
    ath__live_column live = {0};
    ATH_TRY(op->alterer->column(op->opts.connection, o->schema, o->table, column, &op->arena, &live, &op->error));
    *known = (ath__known_column){.type = live.type,
                                 .charset = live.charset,
                                 .default_sql = live.default_sql,
                                 .comment = live.comment,
                                 .computed = live.computed,
                                 .on_update = live.on_update,
                                 .rest = live.rest,
                                 .not_null = live.not_null,
                                 .autoincrement = live.autoincrement};
    return ATH_OK;
}

/* Whether nothing but the default changes; then the rest need not be said. */
static bool is_default_alone(const ath__column_change *change) {
    ath__column_change rest = *change;
    rest.server_default = NULL;
    rest.drop_default = false;
    return !change->new_name && (change->server_default || change->drop_default) && ath__alter_is_rename(&rest);
}

/* A default that is computed has a form of its own. */
static ath_status is_plain_default(ath_ops *op, const ath__column_change *change, bool *plain) {
    const char *text = "";
    if (change->server_default)
        ATH_TRY(piece(op, ath__alter_default(&op->w, change), &text));
    *plain = !strchr(text, '(') || text[0] == '\'';
    return ATH_OK;
}

/* A change of the name or the default alone takes a statement that leaves all else alone; in a script Alembic's form is kept
 * where the directive says what the column is. */
static ath_status shortcut(ath_ops *op, const ath_operation *o, ath__column_change *change, bool *done) {
    bool words = !op->opts.connection && change->known_type, plain = true;
    *done = true;
    if (change->new_name && ath__alter_is_rename(change) && !words) {
        ATH_TRY(ath__alter_rename_column(&op->w, o->schema, o->table, o->name, change->new_name));
        return ath__op_take(op, 0);
    }
    if (is_default_alone(change)) {
        ATH_TRY(is_plain_default(op, change, &plain));
        if (plain || (!words && !op->opts.connection)) {
            ATH_TRY(ath__alter_column_default(&op->w, o->schema, o->table, o->name, change));
            return ath__op_take(op, 0);
        }
        change->new_name = words ? o->name : NULL;
    }
    *done = false;
    return ATH_OK;
}

static ath_status at_once(ath_ops *op, const ath_operation *o, ath__column_change *change) {
    ath__known_column known = {0};
    bool done;
    ATH_TRY(shortcut(op, o, change, &done));
    if (done)
        return ATH_OK;
    if (op->opts.connection && op->alterer && op->alterer->column)
        ATH_TRY(ath__op_known_column(op, o, o->name, &known));
    else
        ATH_TRY(known_from_words(op, o->alter, &known));
    ATH_TRY(ath__alter_column_whole(&op->w, o->schema, o->table, o->name, change, &known));
    return ath__op_take(op, 0);
}

ath_status ath__op_alter_column(ath_ops *op, const ath_operation *o) {
    ath_operation in_schema = *o;
    ath__column_change change;
    if (!o->alter || !o->name || !o->table)
        return ath__fail(&op->error, ATH_ARGUMENT, "alter_column does not say which column");
    in_schema.schema = o->schema ? o->schema : o->alter->schema;
    ath__op_change(o->alter, &change);
    if (change.new_name && strcmp(change.new_name, o->name) == 0)
        change.new_name = NULL;
    if (!change.new_name && ath__alter_is_rename(&change))
        return ATH_OK;
    return ath__op_writes(op, ATH__DDL_MODIFY_COLUMN) ? at_once(op, &in_schema, &change)
                                                      : in_steps(op, &in_schema, &change);
}
