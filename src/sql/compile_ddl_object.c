/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: sequences, enum types, schemas, comments; and one statement by its description.
 */
#include "sql/ddl.h"

static void str(ath__ddl *w, const char *text) {
    ath__buf_str(w->out, text);
}

static ath_status done(ath__ddl *w) {
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}

static ath_status need(ath__ddl *w, uint64_t ability, const char *construct) {
    return ath__dialect_can(w->dialect, ability) ? ATH_OK : ath__dialect_cannot(w->dialect, construct, w->error);
}

static ath_status cascades(ath__ddl *w, bool cascade) {
    if (cascade && !ath__dialect_ddl(w->dialect, ATH__DDL_CASCADE))
        return ath__dialect_cannot(w->dialect, "DROP ... CASCADE", w->error);
    str(w, cascade ? " CASCADE" : "");
    return done(w);
}

/* ---- sequences ---- */

bool ath__ddl_counting_is_unsaid(const ath_count_opts *c) {
    return !c->start.has && !c->increment.has && !c->minvalue.has && !c->maxvalue.has && !c->cache.has &&
           !c->no_minvalue && !c->no_maxvalue && !c->cycle && !c->no_cycle;
}

bool ath__ddl_counting_is_empty(const ath_count_opts *c) {
    bool start = c->start.has && c->start.value != 1, step = c->increment.has && c->increment.value != 1;
    return !start && !step && !c->minvalue.has && !c->maxvalue.has && !c->cache.has && !c->no_minvalue &&
           !c->no_maxvalue && !c->cycle && !c->no_cycle;
}

static void counting(ath__ddl *w, const ath_count_opts *c, const char *first, const char *separator) {
    const struct {
        const char *word;
        bool said;
        ath_opt_i64 number;
    } words[] = {
        {"INCREMENT BY", c->increment.has, c->increment},
        {"START WITH", c->start.has, c->start},
        {"MINVALUE", c->minvalue.has, c->minvalue},
        {"MAXVALUE", c->maxvalue.has, c->maxvalue},
        {"NO MINVALUE", c->no_minvalue, {0}},
        {"NO MAXVALUE", c->no_maxvalue, {0}},
        {"CACHE", c->cache.has, c->cache},
        {"CYCLE", c->cycle, {0}},
        {ath__dialect_ddl(w->dialect, ATH__DDL_NOCYCLE) ? "NOCYCLE" : "NO CYCLE", c->no_cycle && !c->cycle, {0}}};
    const char *before = first;
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++) {
        if (!words[i].said)
            continue;
        ath__buf_printf(w->out, "%s%s", before, words[i].word);
        if (words[i].number.has)
            ath__buf_printf(w->out, " %lld", (long long)words[i].number.value);
        before = separator;
    }
}

void ath__ddl_counting(ath__ddl *w, const ath_count_opts *c) {
    counting(w, c, "", " ");
}

void ath__ddl_set_counting(ath__ddl *w, const ath_count_opts *c) {
    counting(w, c, " SET ", " SET ");
}

ath_status ath__ddl_create_sequence(ath__ddl *w, const ath_sequence *s, bool if_not_exists) {
    ATH_TRY(need(w, ATH__CAN_SEQUENCES, "sequences"));
    ATH_TRY(ath__ddl_check_name(w, s->name));
    str(w, if_not_exists ? "CREATE SEQUENCE IF NOT EXISTS " : "CREATE SEQUENCE ");
    ath__dialect_qualified(w->dialect, w->out, s->schema, s->name);
    if (s->type.sql != ATH_SQL_INFER && ath__dialect_ddl(w->dialect, ATH__DDL_POSTGRESQL_OPTIONS)) {
        str(w, " AS ");
        ATH_TRY(ath__dialect_type(w->dialect, &s->type, w->out, w->error));
    }
    size_t before = w->out->size;
    str(w, " ");
    ath__ddl_counting(w, &s->counting);
    if (w->out->size == before + 1 && !w->out->failed)
        w->out->data[w->out->size = before] = 0;
    return done(w);
}

ath_status ath__ddl_drop_sequence(ath__ddl *w, const ath_sequence *s, bool if_exists, bool cascade) {
    ATH_TRY(need(w, ATH__CAN_SEQUENCES, "sequences"));
    str(w, if_exists ? "DROP SEQUENCE IF EXISTS " : "DROP SEQUENCE ");
    ath__dialect_qualified(w->dialect, w->out, s->schema, s->name);
    return cascades(w, cascade);
}

/* ---- enum types ---- */

static ath_status check_type(ath__ddl *w, const ath_type *type) {
    if (type->sql != ATH_SQL_ENUM || !type->details || !type->details->name || type->details->plain)
        return ath__fail(w->error, ATH_ARGUMENT, "only an enum with a name can be created as a type");
    ATH_TRY(need(w, ATH__CAN_ENUM_TYPES, "enum types of their own"));
    return ath__ddl_check_name(w, type->details->name);
}

ath_status ath__ddl_create_type(ath__ddl *w, const ath_type *type) {
    ATH_TRY(check_type(w, type));
    if (!type->name_count)
        return ath__fail(w->error, ATH_ARGUMENT, "enum type %s has no labels", type->details->name);
    str(w, "CREATE TYPE ");
    ath__dialect_qualified(w->dialect, w->out, type->details->schema, type->details->name);
    str(w, " AS ENUM ");
    ATH_TRY(ath__dialect_labels(w->dialect, type, ", ", w->out, w->error));
    return done(w);
}

ath_status ath__ddl_drop_type(ath__ddl *w, const ath_type *type, bool if_exists, bool cascade) {
    ATH_TRY(check_type(w, type));
    str(w, if_exists ? "DROP TYPE IF EXISTS " : "DROP TYPE ");
    ath__dialect_qualified(w->dialect, w->out, type->details->schema, type->details->name);
    return cascades(w, cascade);
}

/* ---- views, whose SELECT is text ---- */

static ath_status view(ath__ddl *w, const char *word, const char *schema, const char *name, bool materialized) {
    ATH_TRY(ath__ddl_check_name(w, name));
    ath__buf_printf(w->out, "%s %sVIEW ", word, materialized ? "MATERIALIZED " : "");
    ath__dialect_qualified(w->dialect, w->out, schema, name);
    return done(w);
}

ath_status ath__ddl_create_view(ath__ddl *w, const char *schema, const char *name, bool materialized,
                                const char *select) {
    ATH_TRY(view(w, "CREATE", schema, name, materialized));
    ath__buf_printf(w->out, " AS\n%s", select);
    return done(w);
}

ath_status ath__ddl_drop_view(ath__ddl *w, const char *schema, const char *name, bool materialized) {
    return view(w, "DROP", schema, name, materialized);
}

/* ---- schemas ---- */

static ath_status check_schema(ath__ddl *w, const char *name) {
    ATH_TRY(need(w, ATH__CAN_SCHEMAS, "schemas"));
    if (ath__dialect_ddl(w->dialect, ATH__DDL_ATTACHED))
        return ath__dialect_cannot(w->dialect, "CREATE SCHEMA and DROP SCHEMA (it attaches files)", w->error);
    return ath__ddl_check_name(w, name ? name : "");
}

ath_status ath__ddl_create_schema(ath__ddl *w, const char *name, bool if_not_exists) {
    ATH_TRY(check_schema(w, name));
    str(w, if_not_exists ? "CREATE SCHEMA IF NOT EXISTS " : "CREATE SCHEMA ");
    ath__dialect_name(w->dialect, w->out, name);
    return done(w);
}

ath_status ath__ddl_drop_schema(ath__ddl *w, const char *name, bool if_exists, bool cascade) {
    ATH_TRY(check_schema(w, name));
    str(w, if_exists ? "DROP SCHEMA IF EXISTS " : "DROP SCHEMA ");
    ath__dialect_name(w->dialect, w->out, name);
    return cascades(w, cascade);
}

/* ---- comments ---- */

ath_status ath__ddl_comment_text(ath__ddl *w, const char *text, const char *none) {
    if (!text) {
        str(w, none);
        return ATH_OK;
    }
    for (const char *at = text; *at && ath__dialect_ddl(w->dialect, ATH__DDL_BMP_COMMENTS); at++)
        if ((unsigned char)*at >= 0xF0)
            return ath__fail(w->error, ATH_NOT_SUPPORTED, "%s keeps no character beyond U+FFFF in comments: '%.60s'",
                             w->dialect->title, text);
    const ath_value value = {.kind = ATH_KIND_TEXT, .as.text = {text, SIZE_MAX}};
    return ath__dialect_literal(w->dialect, w->out, &value, w->error);
}

static ath_status cannot_comment(ath__ddl *w) {
    return ath__dialect_cannot(w->dialect, "comments", w->error);
}

ath_status ath__ddl_table_comment(ath__ddl *w, const ath_table *table, bool drop) {
    bool inline_ones = ath__dialect_can(w->dialect, ATH__CAN_INLINE_COMMENTS);
    if (!inline_ones && !ath__dialect_can(w->dialect, ATH__CAN_COMMENT_ON))
        return cannot_comment(w);
    str(w, inline_ones ? "ALTER TABLE " : "COMMENT ON TABLE ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    str(w, inline_ones ? " COMMENT " : " IS ");
    ATH_TRY(ath__ddl_comment_text(w, drop ? NULL : table->comment, inline_ones ? "''" : "NULL"));
    return done(w);
}

ath_status ath__ddl_column_comment(ath__ddl *w, const ath_table *table, const ath__column *column, bool drop) {
    const ath_dialect *d = w->dialect;
    ath__column as_is = *column;
    as_is.comment = drop ? NULL : column->comment;
    if (ath__dialect_can(d, ATH__CAN_INLINE_COMMENTS)) {
        str(w, "ALTER TABLE ");
        ath__dialect_qualified(d, w->out, table->opts.schema, table->name);
        str(w, " CHANGE ");
        ath__dialect_name(d, w->out, column->name);
        str(w, " ");
        ATH_TRY(ath__ddl_column(w, table, &as_is));
        return done(w);
    }
    if (!ath__dialect_can(d, ATH__CAN_COMMENT_ON))
        return cannot_comment(w);
    str(w, "COMMENT ON COLUMN ");
    ath__dialect_qualified(d, w->out, table->opts.schema, table->name);
    str(w, ".");
    ath__dialect_name(d, w->out, column->name);
    str(w, " IS ");
    ATH_TRY(ath__ddl_comment_text(w, as_is.comment, "NULL"));
    return done(w);
}

ath_status ath__ddl_constraint_comment(ath__ddl *w, const ath_table *table, const ath__constraint *c, bool drop) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_COMMENT_ON))
        return ath__dialect_cannot(w->dialect, "comments on constraints", w->error);
    ath__buf name;
    ath__buf_init(&name, w->out->allocator);
    ath_status status = ath__ddl_constraint_name(w, table, c, &name);
    if (status == ATH_OK && name.failed)
        status = ath__fail_memory(w->error);
    else if (status == ATH_OK && !name.size)
        status = ath__fail(w->error, ATH_ARGUMENT, "a constraint of table %s has a comment but no name", table->name);
    str(w, "COMMENT ON CONSTRAINT ");
    ath__dialect_name(w->dialect, w->out, ath__buf_text(&name));
    ath__buf_done(&name);
    ATH_TRY(status);
    str(w, " ON ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    str(w, " IS ");
    ATH_TRY(ath__ddl_comment_text(w, drop ? NULL : c->comment, "NULL"));
    return done(w);
}

/* ---- one statement by its description ---- */

/* Whether the buffer, which a name was written to, or the name as given is the wanted one. */
static bool is_wanted(ath__ddl *w, const ath__buf *name, const char *given, const char *wanted) {
    if (name->failed)
        ath__fail_memory(w->error);
    return !name->failed && (strcmp(ath__buf_text(name), wanted) == 0 || (given && strcmp(given, wanted) == 0));
}

/* The constraint of that name, given or made; the primary key too.  NULL with an error. */
static const ath__constraint *find_constraint(ath__ddl *w, const ath_table *t, const char *wanted) {
    ath__buf name;
    ath__buf_init(&name, w->out->allocator);
    const ath__constraint *found = NULL;
    ath_error_clear(w->error);
    for (size_t i = 0; i <= t->constraint_count && !found && w->error->status == ATH_OK; i++) {
        const ath__constraint *c = i < t->constraint_count ? &t->constraints[i] : t->primary;
        ath__buf_clear(&name);
        if (c && ath__ddl_constraint_name(w, t, c, &name) == ATH_OK && is_wanted(w, &name, c->name, wanted))
            found = c;
    }
    ath__buf_done(&name);
    if (!found && w->error->status == ATH_OK)
        ath__fail(w->error, ATH_ARGUMENT, "table %s has no constraint called %s", t->name, wanted);
    return found;
}

static const ath__index *find_index(ath__ddl *w, const ath_table *t, const char *wanted) {
    ath__buf name;
    ath__buf_init(&name, w->out->allocator);
    const ath__index *found = NULL;
    ath_error_clear(w->error);
    for (size_t i = 0; i < t->index_count && !found && w->error->status == ATH_OK; i++) {
        const ath__index *index = &t->indexes[i];
        ath__buf_clear(&name);
        if (ath__ddl_index_name(w, t, index, &name) == ATH_OK && is_wanted(w, &name, index->name, wanted))
            found = index;
    }
    ath__buf_done(&name);
    if (!found && w->error->status == ATH_OK)
        ath__fail(w->error, ATH_ARGUMENT, "table %s has no index called %s", t->name, wanted);
    return found;
}

static ath_status write_constraint(ath__ddl *w, const ath_ddl *ddl) {
    const ath__constraint *c = find_constraint(w, ddl->table, ddl->name);
    if (!c)
        return w->error->status;
    switch (ddl->kind) {
    case ATH_DDL_ADD_CONSTRAINT:
        return ath__ddl_add_constraint(w, ddl->table, c);
    case ATH_DDL_DROP_CONSTRAINT:
        return ath__ddl_drop_constraint(w, ddl->table, c, ddl->if_exists, ddl->cascade);
    default:
        return ath__ddl_constraint_comment(w, ddl->table, c, ddl->kind == ATH_DDL_DROP_CONSTRAINT_COMMENT);
    }
}

static ath_status write_index(ath__ddl *w, const ath_ddl *ddl) {
    const ath__index *index = find_index(w, ddl->table, ddl->name);
    if (!index)
        return w->error->status;
    return ddl->kind == ATH_DDL_CREATE_INDEX ? ath__ddl_create_index(w, ddl->table, index, ddl->if_exists)
                                             : ath__ddl_drop_index(w, ddl->table, index, ddl->if_exists);
}

static ath_status write_column(ath__ddl *w, const ath_ddl *ddl) {
    const ath__column *column = ath__table_column_named(ddl->table, ddl->name);
    if (!column)
        return ath__fail(w->error, ATH_ARGUMENT, "table %s has no column '%s'", ddl->table->name, ddl->name);
    if (ddl->kind == ATH_DDL_COLUMN)
        return ath__ddl_column(w, ddl->table, column);
    return ath__ddl_column_comment(w, ddl->table, column, ddl->kind == ATH_DDL_DROP_COLUMN_COMMENT);
}

static ath_status write_part(ath__ddl *w, const ath_ddl *ddl) {
    switch (ddl->kind) {
    case ATH_DDL_CREATE_INDEX:
    case ATH_DDL_DROP_INDEX:
        return write_index(w, ddl);
    case ATH_DDL_COLUMN:
    case ATH_DDL_SET_COLUMN_COMMENT:
    case ATH_DDL_DROP_COLUMN_COMMENT:
        return write_column(w, ddl);
    default:
        return write_constraint(w, ddl);
    }
}

static ath_status write_of_table(ath__ddl *w, const ath_ddl *ddl) {
    if (ddl->table->mistake) {
        *w->error = *ddl->table->mistake;
        return w->error->status;
    }
    switch (ddl->kind) {
    case ATH_DDL_CREATE_TABLE:
        return ath__ddl_create_table(w, ddl->table, NULL, ddl->if_exists);
    case ATH_DDL_DROP_TABLE:
        return ath__ddl_drop_table(w, ddl->table, ddl->if_exists, ddl->cascade);
    case ATH_DDL_SET_TABLE_COMMENT:
    case ATH_DDL_DROP_TABLE_COMMENT:
        return ath__ddl_table_comment(w, ddl->table, ddl->kind == ATH_DDL_DROP_TABLE_COMMENT);
    default:
        if (!ddl->name)
            return ath__fail(w->error, ATH_ARGUMENT, "the DDL for table %s must name what is meant", ddl->table->name);
        return write_part(w, ddl);
    }
}

ath_status ath__ddl_write(ath__ddl *w, const ath_ddl *ddl) {
    switch (ddl->kind) {
    case ATH_DDL_CREATE_SEQUENCE:
    case ATH_DDL_DROP_SEQUENCE:
        if (!ddl->sequence || !ddl->sequence->name)
            return ath__fail(w->error, ATH_ARGUMENT, "no sequence is given");
        return ddl->kind == ATH_DDL_CREATE_SEQUENCE
                   ? ath__ddl_create_sequence(w, ddl->sequence, ddl->if_exists)
                   : ath__ddl_drop_sequence(w, ddl->sequence, ddl->if_exists, ddl->cascade);
    case ATH_DDL_CREATE_TYPE:
    case ATH_DDL_DROP_TYPE:
        if (!ddl->type)
            return ath__fail(w->error, ATH_ARGUMENT, "no type is given");
        return ddl->kind == ATH_DDL_CREATE_TYPE ? ath__ddl_create_type(w, ddl->type)
                                                : ath__ddl_drop_type(w, ddl->type, ddl->if_exists, ddl->cascade);
    case ATH_DDL_CREATE_SCHEMA:
        return ath__ddl_create_schema(w, ddl->name, ddl->if_exists);
    case ATH_DDL_DROP_SCHEMA:
        return ath__ddl_drop_schema(w, ddl->name, ddl->if_exists, ddl->cascade);
    default:
        if (!ddl->table)
            return ath__fail(w->error, ATH_ARGUMENT, "no table is given");
        return write_of_table(w, ddl);
    }
}
