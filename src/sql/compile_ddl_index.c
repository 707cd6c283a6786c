/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: indexes.
 */
#include "sql/ddl.h"

#include <ctype.h>

static void str(ath__ddl *w, const char *text) {
    ath__buf_str(w->out, text);
}

static bool writes(const ath__ddl *w, uint64_t bit) {
    return ath__dialect_ddl(w->dialect, bit);
}

/* ---- parts ---- */

/* Whether the group that opens at `text` closes at its end. */
static bool closes_at_end(const char *text) {
    int depth = 0;
    char quote = 0;
    for (; *text; text++) {
        if (quote)
            quote = *text == quote ? 0 : quote;
        else if (*text == '\'' || *text == '"' || *text == '`')
            quote = *text;
        else
            depth += (*text == '(') - (*text == ')');
        if (!quote && depth == 0)
            return text[1] == 0;
    }
    return false;
}

/* "lower(a)": one call and nothing else, which PostgreSQL takes without parentheses. */
static bool is_call(const char *text) {
    size_t name = 0;
    while (isalnum((unsigned char)text[name]) || text[name] == '_' || text[name] == '.')
        name++;
    return name && text[name] == '(' && closes_at_end(text + name);
}

static ath_status expression(ath__ddl *w, const char *text) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_EXPRESSION_INDEX))
        return ath__dialect_cannot(w->dialect, "indexes over expressions", w->error);
    bool grouped = text[0] == '(' && closes_at_end(text);
    bool bare =
        grouped || (is_call(text) && !writes(w, ATH__DDL_INDEX_PARENTHESES)) || writes(w, ATH__DDL_SQLITE_OPTIONS);
    ath__buf_printf(w->out, bare ? "%s" : "(%s)", text);
    return ATH_OK;
}

static ath_status part(ath__ddl *w, const ath_index_part *p) {
    if (p->column)
        ath__dialect_name(w->dialect, w->out, p->column);
    else if (p->expression)
        ATH_TRY(expression(w, p->expression));
    else
        str(w, p->text);
    if (p->mysql_length && writes(w, ATH__DDL_MYSQL_OPTIONS))
        ath__buf_printf(w->out, "(%u)", p->mysql_length);
    if (p->collation) {
        if (writes(w, ATH__DDL_MYSQL_OPTIONS))
            return ath__dialect_cannot(w->dialect, "collations in an index", w->error);
        str(w, " COLLATE ");
        ath__dialect_name(w->dialect, w->out, p->collation);
    }
    if (p->postgresql_ops && writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        ath__buf_printf(w->out, " %s", p->postgresql_ops);
    str(w, p->desc ? " DESC" : "");
    if (!p->nulls_first && !p->nulls_last)
        return ATH_OK;
    if (!writes(w, ATH__DDL_INDEX_NULLS))
        return ath__dialect_cannot(w->dialect, "NULLS FIRST and NULLS LAST in an index", w->error);
    str(w, p->nulls_first ? " NULLS FIRST" : " NULLS LAST");
    return ATH_OK;
}

ath_status ath__ddl_parts(ath__ddl *w, ath_part_list parts, ath_name_list operators) {
    for (size_t i = 0; i < parts.count; i++) {
        str(w, i ? ", " : "(");
        ATH_TRY(part(w, &parts.parts[i]));
        if (operators.count)
            ath__buf_printf(w->out, " WITH %s", operators.names[i]);
    }
    str(w, ")");
    return ATH_OK;
}

/* ---- what stands behind them ---- */

static ath_status include(ath__ddl *w, ath_name_list columns) {
    if (!columns.count)
        return ATH_OK;
    if (!ath__dialect_can(w->dialect, ATH__CAN_INCLUDE))
        return ath__dialect_cannot(w->dialect, "INCLUDE in an index", w->error);
    for (size_t i = 0; i < columns.count; i++) {
        str(w, i ? ", " : " INCLUDE (");
        ath__dialect_name(w->dialect, w->out, columns.names[i]);
    }
    str(w, ")");
    return ATH_OK;
}

static ath_status tail(ath__ddl *w, const ath_index_opts *o) {
    ATH_TRY(include(w, o->include));
    if (o->nulls_not_distinct) {
        if (!writes(w, ATH__DDL_NULLS_DISTINCT))
            return ath__dialect_cannot(w->dialect, "NULLS NOT DISTINCT", w->error);
        str(w, " NULLS NOT DISTINCT");
    }
    if (writes(w, ATH__DDL_POSTGRESQL_OPTIONS)) {
        if (o->postgresql_with)
            ath__buf_printf(w->out, " WITH (%s)", o->postgresql_with);
        if (o->postgresql_tablespace) {
            str(w, " TABLESPACE ");
            ath__dialect_name(w->dialect, w->out, o->postgresql_tablespace);
        }
    }
    if (writes(w, ATH__DDL_MYSQL_OPTIONS)) {
        if (o->mysql_with_parser)
            ath__buf_printf(w->out, " WITH PARSER %s", o->mysql_with_parser);
        if (o->mysql_using)
            ath__buf_printf(w->out, " USING %s", o->mysql_using);
    }
    if (!o->where)
        return ATH_OK;
    if (!ath__dialect_can(w->dialect, ATH__CAN_PARTIAL_INDEX))
        return ath__dialect_cannot(w->dialect, "partial indexes", w->error);
    ath__buf_printf(w->out, " WHERE %s", o->where);
    return ATH_OK;
}

/* ---- statements ---- */

static ath_status name(ath__ddl *w, const ath_table *table, const ath__index *index, bool with_schema) {
    ath__buf text;
    ath__buf_init(&text, w->out->allocator);
    ath_status status = ath__ddl_index_name(w, table, index, &text);
    if (status == ATH_OK)
        ath__dialect_qualified(w->dialect, w->out, with_schema ? table->opts.schema : NULL, ath__buf_text(&text));
    w->out->failed |= text.failed;
    ath__buf_done(&text);
    return status;
}

static ath_status begin(ath__ddl *w, const ath_table *table, bool asks_existence) {
    if (table->mistake) {
        *w->error = *table->mistake;
        return w->error->status;
    }
    if (asks_existence && !writes(w, ATH__DDL_INDEX_IF_EXISTS))
        return ath__dialect_cannot(w->dialect, "IF EXISTS for indexes", w->error);
    return ATH_OK;
}

ath_status ath__ddl_create_index(ath__ddl *w, const ath_table *table, const ath__index *index, bool if_not_exists) {
    const ath_index_opts *o = &index->opts;
    bool attached = writes(w, ATH__DDL_ATTACHED), postgresql = writes(w, ATH__DDL_POSTGRESQL_OPTIONS);
    ATH_TRY(begin(w, table, if_not_exists));
    str(w, index->unique ? "CREATE UNIQUE " : "CREATE ");
    if (o->mysql_prefix && writes(w, ATH__DDL_MYSQL_OPTIONS))
        ath__buf_printf(w->out, "%s ", o->mysql_prefix);
    str(w, "INDEX ");
    str(w, o->postgresql_concurrently && postgresql ? "CONCURRENTLY " : "");
    str(w, if_not_exists ? "IF NOT EXISTS " : "");
    ATH_TRY(name(w, table, index, attached));
    str(w, " ON ");
    ath__dialect_qualified(w->dialect, w->out, attached ? NULL : table->opts.schema, table->name);
    str(w, " ");
    if (o->postgresql_using && postgresql)
        ath__buf_printf(w->out, "USING %s ", o->postgresql_using);
    ATH_TRY(ath__ddl_parts(w, index->parts, (ath_name_list){0}));
    ATH_TRY(tail(w, o));
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}

ath_status ath__ddl_drop_index(ath__ddl *w, const ath_table *table, const ath__index *index, bool if_exists) {
    bool on_table = writes(w, ATH__DDL_INDEX_ON_TABLE);
    ATH_TRY(begin(w, table, if_exists));
    str(w, "DROP INDEX ");
    if (index->opts.postgresql_concurrently && writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        str(w, "CONCURRENTLY ");
    str(w, if_exists ? "IF EXISTS " : "");
    ATH_TRY(name(w, table, index, !on_table));
    if (on_table) {
        str(w, " ON ");
        ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    }
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}
