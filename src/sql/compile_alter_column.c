/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, ALTER: a column that becomes another, in steps of one statement each or all said again at once.
 */
#include "sql/alter.h"

#include <strings.h>

static void str(ath__ddl *w, const char *text) {
    ath__buf_str(w->out, text);
}

static void name(ath__ddl *w, const char *text) {
    ath__dialect_name(w->dialect, w->out, text);
}

static bool writes(const ath__ddl *w, uint64_t bit) {
    return ath__dialect_ddl(w->dialect, bit);
}

static ath_status done(ath__ddl *w) {
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}

bool ath__alter_is_rename(const ath__column_change *a) {
    return !a->type && !a->collation && !a->null && !a->not_null && !a->server_default && !a->drop_default &&
           !a->comment && !a->drop_comment && !a->autoincrement && !a->no_autoincrement && !a->identity &&
           !a->drop_identity && !a->computed && !a->drop_computed;
}

ath_status ath__alter_default(ath__ddl *w, const ath__column_change *a) {
    const ath_type *type = a->type ? a->type : a->known_type;
    ath__column column = {.name = "", .server_default = a->server_default};
    if (type)
        column.type = *type;
    return ath__ddl_default(w, &column);
}

/* ---- in steps ---- */

static ath_status type_step(ath__ddl *w, const ath__column_change *a) {
    const ath_type *type = a->type ? a->type : a->known_type;
    if (!type)
        return ath__fail(w->error, ATH_ARGUMENT, "a change of collation needs the column's type: say .type");
    str(w, " TYPE ");
    ATH_TRY(ath__dialect_column_type(w->dialect, type, w->out, w->error));
    if (a->collation) {
        str(w, " COLLATE ");
        name(w, a->collation);
    }
    if (a->using)
        ath__buf_printf(w->out, " USING %s", a->using);
    return ATH_OK;
}

static ath_status default_step(ath__ddl *w, const ath__column_change *a) {
    if (!a->server_default) {
        str(w, " DROP DEFAULT");
        return ATH_OK;
    }
    str(w, " SET DEFAULT ");
    return ath__alter_default(w, a);
}

static ath_status drop_default_step(ath__ddl *w, const ath__column_change *a) {
    (void)a;
    str(w, " DROP DEFAULT");
    return ATH_OK;
}

/* A default that goes, or that will be another, must not stand in the way of a type that it is not of. */
static bool drops_first(const ath__column_change *a) {
    return a->type && (a->drop_default || (a->server_default && a->using));
}

static ath_status identity_step(ath__ddl *w, const ath__column_change *a) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_IDENTITY))
        return ath__dialect_cannot(w->dialect, "identity columns", w->error);
    if (a->drop_identity) {
        str(w, " DROP IDENTITY");
        return ATH_OK;
    }
    const char *how = a->identity == ATH_IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT";
    ath__buf_printf(w->out, a->was_identity ? " SET GENERATED %s" : " ADD GENERATED %s AS IDENTITY", how);
    if (a->was_identity)
        ath__ddl_set_counting(w, &a->counting);
    if (a->was_identity || ath__ddl_counting_is_empty(&a->counting))
        return ATH_OK;
    str(w, " (");
    ath__ddl_counting(w, &a->counting);
    str(w, ")");
    return ATH_OK;
}

static ath_status computed_step(ath__ddl *w, const ath__column_change *a) {
    if (a->drop_computed) {
        if (!writes(w, ATH__DDL_DROP_EXPRESSION))
            return ath__dialect_cannot(w->dialect, "DROP EXPRESSION", w->error);
        str(w, " DROP EXPRESSION");
        return ATH_OK;
    }
    if (!writes(w, ATH__DDL_SET_EXPRESSION))
        return ath__dialect_cannot(w->dialect, "SET EXPRESSION of a computed column; drop it and add it again",
                                   w->error);
    ath__buf_printf(w->out, " SET EXPRESSION AS (%s)", a->computed);
    return ATH_OK;
}

/* Which of the steps an ALTER COLUMN is. */
typedef ath_status (*step_fn)(ath__ddl *w, const ath__column_change *a);

static step_fn step_of(const ath__column_change *a, int step) {
    switch (step) {
    case 0:
        return a->computed || a->drop_computed ? computed_step : NULL;
    case 1:
        return drops_first(a) ? drop_default_step : NULL;
    case 2:
        return a->type || a->collation ? type_step : NULL;
    case 4:
        return a->server_default || (a->drop_default && !drops_first(a)) ? default_step : NULL;
    case 5:
        return a->identity || a->drop_identity ? identity_step : NULL;
    default:
        return NULL;
    }
}

static ath_status comment_step(ath__ddl *w, const char *schema, const char *table, const char *column,
                               const ath__column_change *a) {
    ath_table as_is = {.name = table, .opts = {.schema = schema}};
    ath__column named = {.name = column, .comment = a->comment};
    return ath__ddl_column_comment(w, &as_is, &named, !a->comment);
}

ath_status ath__alter_column_step(ath__ddl *w, const char *schema, const char *table, const char *column,
                                  const ath__column_change *a, int step, bool *any) {
    step_fn fn = step_of(a, step);
    bool null_step = step == 3 && (a->null || a->not_null);
    bool comments = step == 6 && (a->comment || a->drop_comment), renames = step == 7 && a->new_name;
    *any = fn || null_step || comments || renames;
    if (comments)
        return comment_step(w, schema, table, column, a);
    if (renames)
        return ath__alter_rename_column(w, schema, table, column, a->new_name);
    if (!*any)
        return ATH_OK;
    ath__alter_table(w, schema, table);
    str(w, " ALTER COLUMN ");
    name(w, column);
    if (null_step)
        str(w, a->not_null ? " SET NOT NULL" : " DROP NOT NULL");
    else
        ATH_TRY(fn(w, a));
    return done(w);
}

ath_status ath__alter_column_default(ath__ddl *w, const char *schema, const char *table, const char *column,
                                     const ath__column_change *a) {
    ath__alter_table(w, schema, table);
    str(w, " ALTER COLUMN ");
    name(w, column);
    ATH_TRY(default_step(w, a));
    return done(w);
}

/* ---- at once ---- */

static bool is_text(const ath_type *type) {
    return type->sql == ATH_SQL_STRING || type->sql == ATH_SQL_TEXT || type->sql == ATH_SQL_ENUM;
}

static ath_status whole_type(ath__ddl *w, const ath__column_change *a, const ath__known_column *known) {
    const ath_type_details *details = a->type ? a->type->details : NULL;
    bool says = details && (details->charset || details->collation);
    if (a->type)
        ATH_TRY(ath__dialect_column_type(w->dialect, a->type, w->out, w->error));
    else
        str(w, known->type);
    if (known->charset && !a->collation && !says && (!a->type || is_text(a->type)))
        ath__buf_printf(w->out, " %s", known->charset);
    if (a->collation)
        ath__buf_printf(w->out, " COLLATE %s", a->collation);
    return ATH_OK;
}

/* A computed column's expression, changed or as it is; *is_computed: it has one. */
static void whole_computed(ath__ddl *w, const ath__column_change *a, const ath__known_column *known,
                           bool *is_computed) {
    *is_computed = a->computed || (known->computed && !a->drop_computed);
    if (a->computed) {
        ath__buf_printf(w->out, " GENERATED ALWAYS AS (%s)", a->computed);
        str(w, a->persisted == ATH_STORED ? " STORED" : a->persisted == ATH_VIRTUAL ? " VIRTUAL" : "");
    } else if (*is_computed) {
        ath__buf_printf(w->out, " %s", known->computed);
    }
}

static ath_status whole_default(ath__ddl *w, const ath__column_change *a, const ath__known_column *known) {
    size_t begin = w->out->size;
    if (a->server_default) {
        str(w, " DEFAULT ");
        ATH_TRY(ath__alter_default(w, a));
        if (!w->out->failed && strcmp(w->out->data + begin, " DEFAULT (now())") == 0) { /* which stands bare too */
            w->out->size = begin;
            str(w, " DEFAULT now()");
        }
        return ATH_OK;
    }
    bool none = known->default_sql && strcasecmp(known->default_sql, "NULL") == 0; /* as where nothing was said */
    if (known->default_sql && !none && !a->drop_default && !a->autoincrement)
        ath__buf_printf(w->out, " DEFAULT %s", known->default_sql);
    return ATH_OK;
}

static ath_status whole_comment(ath__ddl *w, const ath__column_change *a, const ath__known_column *known) {
    if (!a->comment && (!known->comment || a->drop_comment))
        return ATH_OK;
    str(w, " COMMENT ");
    if (a->comment)
        return ath__ddl_comment_text(w, a->comment, "''");
    str(w, known->comment);
    return ATH_OK;
}

/* CHECK (`c` > 0) speaks of the column by its name. */
static void whole_rest(ath__ddl *w, const char *column, const char *new_name, const char *rest) {
    size_t size = strlen(column);
    char quote = w->dialect->quote ? w->dialect->quote : '"';
    str(w, " ");
    for (; *rest; rest++) {
        bool named = new_name && *rest == quote && strncmp(rest + 1, column, size) == 0 && rest[size + 1] == quote;
        if (!named) {
            ath__buf_char(w->out, *rest);
            continue;
        }
        name(w, new_name);
        rest += size + 1;
    }
}

/* A column in the state that the changes leave it in. */
static ath_status whole(ath__ddl *w, const char *column, const ath__column_change *a, const ath__known_column *known) {
    bool computed, not_null = a->not_null || (known->not_null && !a->null);
    bool numbered = a->autoincrement || (known->autoincrement && !a->no_autoincrement);
    ATH_TRY(whole_type(w, a, known));
    whole_computed(w, a, known, &computed);
    if (!computed)
        str(w, not_null ? " NOT NULL" : " NULL");
    else if (not_null && !writes(w, ATH__DDL_COMPUTED_NULLABLE))
        str(w, " NOT NULL");
    if (numbered && w->dialect->autoincrement_word)
        ath__buf_printf(w->out, " %s", w->dialect->autoincrement_word);
    if (!computed)
        ATH_TRY(whole_default(w, a, known));
    if (known->on_update)
        ath__buf_printf(w->out, " %s", known->on_update);
    ATH_TRY(whole_comment(w, a, known));
    if (known->rest && !(a->type && strstr(known->rest, "json_valid")))
        whole_rest(w, column, a->new_name, known->rest);
    return done(w);
}

ath_status ath__alter_column_whole(ath__ddl *w, const char *schema, const char *table, const char *column,
                                   const ath__column_change *a, const ath__known_column *known) {
    if (a->identity || a->drop_identity)
        return ath__dialect_cannot(w->dialect, "identity columns", w->error);
    if (!a->type && !known->type)
        return ath__fail(w->error, ATH_ARGUMENT,
                         "%s changes column '%s' of table '%s' by saying all of it again: without a connection say "
                         ".existing_type (and .existing_nullable, .existing_server_default, .existing_comment, "
                         ".existing_autoincrement, or they are lost)",
                         w->dialect->title, column, table);
    if (a->new_name)
        ATH_TRY(ath__ddl_check_name(w, a->new_name));
    ath__alter_table(w, schema, table);
    str(w, a->new_name ? " CHANGE " : " MODIFY ");
    name(w, column);
    if (a->new_name) {
        str(w, " ");
        name(w, a->new_name);
    }
    str(w, " ");
    return whole(w, column, a, known);
}
