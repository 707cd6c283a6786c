/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, ALTER: tables, columns, constraints and indexes of which no more than the name is known.
 */
#include "sql/alter.h"

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

static ath_status cascades(ath__ddl *w, bool cascade) {
    if (cascade && !writes(w, ATH__DDL_CASCADE))
        return ath__dialect_cannot(w->dialect, "DROP ... CASCADE", w->error);
    str(w, cascade ? " CASCADE" : "");
    return done(w);
}

void ath__alter_table(ath__ddl *w, const char *schema, const char *table) {
    str(w, "ALTER TABLE ");
    ath__dialect_qualified(w->dialect, w->out, schema, table);
}

ath_status ath__alter_rename_table(ath__ddl *w, const char *schema, const char *table, const char *new_name) {
    ATH_TRY(ath__ddl_check_name(w, new_name));
    ath__alter_table(w, schema, table);
    str(w, " RENAME TO ");
    ath__dialect_qualified(w->dialect, w->out, writes(w, ATH__DDL_RENAME_IN_SCHEMA) ? schema : NULL, new_name);
    return done(w);
}

/* ---- columns ---- */

static ath_status references(ath__ddl *w, const ath_table *table, const ath__constraint *key) {
    size_t begin = w->out->size;
    ATH_TRY(ath__ddl_constraint(w, table, key));
    if (w->out->failed)
        return done(w);
    char *text = w->out->data + begin, *at = strstr(text, " REFERENCES "), *from = strstr(text, "FOREIGN KEY");
    if (!at || !from || at < from)
        return ath__fail(w->error, ATH_INTERNAL, "a foreign key without REFERENCES");
    memmove(from, at + 1, strlen(at + 1) + 1);
    w->out->size = begin + strlen(text);
    return ATH_OK;
}

ath_status ath__alter_add_column(ath__ddl *w, const ath_table *table, const ath__column *column,
                                 const ath__add_column *how) {
    if (how->if_not_exists && !writes(w, ATH__DDL_COLUMN_IF_EXISTS))
        return ath__dialect_cannot(w->dialect, "ADD COLUMN IF NOT EXISTS", w->error);
    ath__alter_table(w, table->opts.schema, table->name);
    str(w, how->if_not_exists ? " ADD COLUMN IF NOT EXISTS " : " ADD COLUMN ");
    ATH_TRY(ath__alter_column_line(w, table, column, how));
    if (how->after && writes(w, ATH__DDL_COLUMN_PLACE)) {
        str(w, *how->after ? " AFTER " : " FIRST");
        if (*how->after)
            name(w, how->after);
    }
    return done(w);
}

ath_status ath__alter_column_line(ath__ddl *w, const ath_table *table, const ath__column *column,
                                  const ath__add_column *how) {
    ATH_TRY(ath__ddl_column(w, table, column));
    str(w, how->primary_key ? " PRIMARY KEY" : "");
    if (how->references) {
        str(w, " ");
        ATH_TRY(references(w, table, how->references));
    }
    return done(w);
}

ath_status ath__alter_drop_column(ath__ddl *w, const char *schema, const char *table, const char *column,
                                  bool if_exists, bool cascade) {
    if (if_exists && !writes(w, ATH__DDL_COLUMN_IF_EXISTS))
        return ath__dialect_cannot(w->dialect, "DROP COLUMN IF EXISTS", w->error);
    ath__alter_table(w, schema, table);
    str(w, if_exists ? " DROP COLUMN IF EXISTS " : " DROP COLUMN ");
    name(w, column);
    return cascades(w, cascade);
}

ath_status ath__alter_rename_column(ath__ddl *w, const char *schema, const char *table, const char *column,
                                    const char *new_name) {
    ATH_TRY(ath__ddl_check_name(w, new_name));
    ath__alter_table(w, schema, table);
    str(w, writes(w, ATH__DDL_RENAME_BARE) ? " RENAME " : " RENAME COLUMN ");
    name(w, column);
    str(w, " TO ");
    name(w, new_name);
    return done(w);
}

/* ---- indexes ---- */

ath_status ath__alter_rename_index(ath__ddl *w, const char *schema, const char *table, const char *index,
                                   const char *new_name) {
    ATH_TRY(ath__ddl_check_name(w, new_name));
    if (writes(w, ATH__DDL_INDEX_ON_TABLE)) {
        ath__alter_table(w, schema, table);
        str(w, " RENAME INDEX ");
        name(w, index);
        str(w, " TO ");
    } else {
        str(w, "ALTER INDEX ");
        ath__dialect_qualified(w->dialect, w->out, schema, index);
        str(w, " RENAME TO ");
    }
    name(w, new_name);
    return done(w);
}

ath_status ath__alter_drop_index(ath__ddl *w, const char *schema, const char *table, const char *index, bool if_exists,
                                 bool concurrently) {
    bool on_table = writes(w, ATH__DDL_INDEX_ON_TABLE);
    if (if_exists && !writes(w, ATH__DDL_INDEX_IF_EXISTS))
        return ath__dialect_cannot(w->dialect, "IF EXISTS for indexes", w->error);
    str(w, "DROP INDEX ");
    str(w, concurrently && writes(w, ATH__DDL_POSTGRESQL_OPTIONS) ? "CONCURRENTLY " : "");
    str(w, if_exists ? "IF EXISTS " : "");
    ath__dialect_qualified(w->dialect, w->out, on_table ? NULL : schema, index);
    if (on_table) {
        str(w, " ON ");
        ath__dialect_qualified(w->dialect, w->out, schema, table);
    }
    return done(w);
}

/* ---- constraints ---- */

ath_status ath__alter_rename_constraint(ath__ddl *w, const char *schema, const char *table, const char *constraint,
                                        const char *new_name) {
    if (!writes(w, ATH__DDL_RENAME_CONSTRAINT))
        return ath__dialect_cannot(w->dialect, "RENAME CONSTRAINT", w->error);
    ATH_TRY(ath__ddl_check_name(w, new_name));
    ath__alter_table(w, schema, table);
    str(w, " RENAME CONSTRAINT ");
    name(w, constraint);
    str(w, " TO ");
    name(w, new_name);
    return done(w);
}

/* What stands between DROP and the name; NULL: the kind must be said. */
static const char *drop_word(const ath__ddl *w, ath_constraint_kind kind) {
    if (!writes(w, ATH__DDL_DROP_BY_KIND))
        return "CONSTRAINT ";
    switch (kind) {
    case ATH_CONSTRAINT_FOREIGN_KEY:
        return "FOREIGN KEY ";
    case ATH_CONSTRAINT_UNIQUE:
        return "INDEX ";
    case ATH_CONSTRAINT_PRIMARY_KEY:
        return "PRIMARY KEY";
    case ATH_CONSTRAINT_CHECK:
        return writes(w, ATH__DDL_DROP_CHECK) ? "CHECK " : "CONSTRAINT ";
    default:
        return writes(w, ATH__DDL_DROP_ANY_CONSTRAINT) ? "CONSTRAINT " : NULL;
    }
}

ath_status ath__alter_drop_constraint(ath__ddl *w, const char *schema, const char *table, const char *constraint,
                                      ath_constraint_kind kind, bool if_exists, bool cascade) {
    const char *word = drop_word(w, kind);
    bool unnamed = kind == ATH_CONSTRAINT_PRIMARY_KEY && writes(w, ATH__DDL_DROP_BY_KIND);
    if (!ath__dialect_can(w->dialect, ATH__CAN_ADD_CONSTRAINT))
        return ath__dialect_cannot(w->dialect, "ALTER TABLE ... DROP CONSTRAINT", w->error);
    if (!word)
        return ath__fail(w->error, ATH_ARGUMENT,
                         "%s drops a constraint by its kind: say .constraint = ATH_CONSTRAINT_UNIQUE (or "
                         "_FOREIGN_KEY, _PRIMARY_KEY, _CHECK) of '%s'",
                         w->dialect->title, constraint ? constraint : "(without a name)");
    if (!constraint && !unnamed)
        return ath__fail(w->error, ATH_ARGUMENT, "a constraint of table %s cannot be dropped: no name is given", table);
    if (if_exists && (unnamed || !writes(w, ATH__DDL_CONSTRAINT_IF_EXISTS)))
        return ath__dialect_cannot(w->dialect, "DROP CONSTRAINT IF EXISTS", w->error);
    ath__alter_table(w, schema, table);
    ath__buf_printf(w->out, " DROP %s%s", word, if_exists ? "IF EXISTS " : "");
    if (!unnamed)
        name(w, constraint);
    return cascades(w, cascade);
}

/* ---- options, comments, sequences, enum types ---- */

ath_status ath__alter_options(ath__ddl *w, const char *schema, const char *table, const ath_table_opts *options,
                              bool *any) {
    const ath_table as_is = {.name = table,
                             .opts = {.mysql_engine = options->mysql_engine,
                                      .mysql_charset = options->mysql_charset,
                                      .mysql_collate = options->mysql_collate,
                                      .mysql_row_format = options->mysql_row_format,
                                      .mysql_auto_increment = options->mysql_auto_increment,
                                      .mysql_more = options->mysql_more}};
    size_t begin = w->out->size;
    *any = false;
    if (!writes(w, ATH__DDL_MYSQL_OPTIONS))
        return ATH_OK;
    ath__alter_table(w, schema, table);
    str(w, " ");
    size_t said = w->out->size;
    ATH_TRY(ath__ddl_table_options(w, &as_is));
    *any = w->out->size > said;
    if (!*any && !w->out->failed)
        w->out->data[w->out->size = begin] = '\0';
    return done(w);
}

ath_status ath__alter_sequence(ath__ddl *w, const ath_sequence *sequence) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_SEQUENCES))
        return ath__dialect_cannot(w->dialect, "sequences", w->error);
    str(w, "ALTER SEQUENCE ");
    ath__dialect_qualified(w->dialect, w->out, sequence->schema, sequence->name);
    str(w, " ");
    ath__ddl_counting(w, &sequence->counting);
    return done(w);
}

ath_status ath__alter_table_comment(ath__ddl *w, const char *schema, const char *table, const char *comment) {
    ath_table as_is = {.name = table, .comment = comment, .opts = {.schema = schema}};
    return ath__ddl_table_comment(w, &as_is, !comment);
}

static ath_status label(ath__ddl *w, const char *text) {
    const ath_value value = {.kind = ATH_KIND_TEXT, .as.text = {text, SIZE_MAX}};
    return ath__dialect_literal(w->dialect, w->out, &value, w->error);
}

static void alter_type(ath__ddl *w, const char *schema, const char *type) {
    str(w, "ALTER TYPE ");
    ath__dialect_qualified(w->dialect, w->out, schema, type);
}

ath_status ath__alter_rename_type(ath__ddl *w, const char *schema, const char *type, const char *new_name) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_ENUM_TYPES))
        return ath__dialect_cannot(w->dialect, "enum types of their own", w->error);
    ATH_TRY(ath__ddl_check_name(w, new_name));
    alter_type(w, schema, type);
    str(w, " RENAME TO ");
    name(w, new_name);
    return done(w);
}

ath_status ath__alter_add_enum_value(ath__ddl *w, const char *schema, const char *type, const char *text,
                                     const char *before, const char *after, bool if_not_exists) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_ENUM_TYPES))
        return ath__dialect_cannot(w->dialect, "enum types of their own", w->error);
    alter_type(w, schema, type);
    str(w, if_not_exists ? " ADD VALUE IF NOT EXISTS " : " ADD VALUE ");
    ATH_TRY(label(w, text));
    if (before || after) {
        str(w, before ? " BEFORE " : " AFTER ");
        ATH_TRY(label(w, before ? before : after));
    }
    return done(w);
}
