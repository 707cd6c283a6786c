/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL's and MariaDB's reflector: information_schema, a query for each of its views, and of the columns.
 */
#include "backend/mysql/reflect.h"

#include "backend/mysql/mysql.h"

/* ---- schemas ---- */

static ath_status take_schema(ath__reflect *r, const ath_row *row) {
    ath__mysql_reflect *own = r->own;
    const char **name = ath__reflect_grow(r, &r->schemas, sizeof *name);
    if (!name)
        return r->status;
    *name = ath__reflect_text(r, row, 0);
    if (!r->default_schema)
        r->default_schema = ath__reflect_text(r, row, 1);
    if (r->opts->schema && *name && strcmp(*name, r->opts->schema) == 0)
        own->schema = *name;
    return r->status;
}

static ath_status read_schemas(ath__reflect *r) {
    ath__mysql_reflect *own = r->own;
    ATH_TRY(ath__reflect_query(r, "SELECT s.SCHEMA_NAME, DATABASE() FROM information_schema.SCHEMATA s", NULL,
                               take_schema));
    if (r->opts->schema && !own->schema)
        return r->status = ath__fail(r->error, ATH_ARGUMENT, "there is no schema \"%s\"", r->opts->schema);
    if (!own->schema)
        own->schema = r->default_schema;
    if (!own->schema)
        return r->status = ath__fail(r->error, ATH_ARGUMENT, "no database is selected, and no schema was named");
    return ATH_OK;
}

/* ---- columns ---- */

/* MariaDB tells a default as it is written in SQL; MySQL tells a literal's bare value. */
static const char *default_of(ath__reflect *r, const ath_row *row, const char *extra) {
    const char *text = ath__reflect_text(r, row, 4);
    if (!text || ath__mysql_reflect_of(r)->is_mariadb)
        return text && strcmp(text, "NULL") == 0 ? NULL : text;
    if (strstr(extra, "DEFAULT_GENERATED"))
        return strncmp(text, "CURRENT_TIMESTAMP", 17) == 0 ? text : ath__reflect_printf(r, "(%s)", text);
    if (strncmp(text, "b'", 2) == 0)
        return text;
    ath__buf quoted;
    ath__buf_init(&quoted, r->arena->allocator);
    ath__buf_char(&quoted, '\'');
    for (const char *at = text; *at; at++) {
        ath__buf_char(&quoted, *at);
        if (*at == '\'')
            ath__buf_char(&quoted, '\'');
    }
    ath__buf_char(&quoted, '\'');
    const char *kept = quoted.failed ? NULL : ath__reflect_keep(r, ath__buf_text(&quoted), quoted.size);
    ath__buf_done(&quoted);
    return kept ? kept : (r->status = ath__fail_memory(r->error), NULL);
}

static void take_default(ath__reflect *r, ath_reflected_column *column, const ath_row *row, const char *extra) {
    const char *update = strstr(extra, "on update ");
    column->default_value = default_of(r, row, extra);
    if (!update)
        return;
    update += strlen("on update ");
    column->on_update = ath__reflect_keep(r, update, strcspn(update, " "));
    const char *value = column->default_value;
    if (value && *value != '\'' && *value != '(')
        column->default_value = ath__reflect_printf(r, "%s ON UPDATE %s", value, column->on_update);
}

static void take_computed(ath__reflect *r, ath_reflected_column *column, const ath_row *row, const char *extra) {
    const char *expression = ath__reflect_text(r, row, 8);
    if (!expression || !*expression)
        return;
    column->computed = expression;
    column->persisted = strstr(extra, "STORED") || strstr(extra, "PERSISTENT") ? ATH_STORED : ATH_VIRTUAL;
    column->default_value = NULL;
}

static const char *option(const ath__reflected *t, const char *name) {
    const ath_reflected_option *options = t->options.items;
    for (size_t i = 0; i < t->options.count; i++)
        if (strcmp(options[i].name, name) == 0)
            return options[i].value;
    return NULL;
}

static ath_status take_column(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    ath_reflected_column *column = t ? ath__reflect_grow(r, &t->columns, sizeof *column) : NULL;
    if (!column)
        return r->status;
    const char *extra = ath__reflect_text(r, row, 5), *nullable = ath_row_text(row, 3);
    const char *charset = ath__reflect_text(r, row, 6), *collation = ath__reflect_text(r, row, 7);
    const char *usual = option(t, "collate"), *usual_charset = option(t, "default charset");
    column->name = ath__reflect_text(r, row, 1);
    if (r->status != ATH_OK)
        return r->status;
    bool same = !collation || t->table.kind != ATH_RELATION_TABLE || strcmp(collation, usual ? usual : "") == 0 ||
                (!usual && usual_charset && strcmp(usual_charset, collation) == 0);
    bool binary = charset && strcmp(charset, "binary") == 0;
    column->collation = same ? NULL : collation;
    column->nullable = nullable && strcmp(nullable, "YES") == 0;
    column->autoincrement = strstr(extra, "auto_increment") != NULL;
    column->invisible = strstr(extra, "INVISIBLE") != NULL;
    take_default(r, column, row, extra);
    take_computed(r, column, row, extra);
    const char *comment = ath__reflect_text(r, row, 9);
    column->comment = comment && *comment ? comment : NULL;
    ath__mysql_reflect_type(r, ath__reflect_text(r, row, 2), same ? NULL : charset, same || binary ? NULL : collation,
                            column);
    return r->status;
}

static const char columns_sql[] =
    "SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, c.IS_NULLABLE, c.COLUMN_DEFAULT, c.EXTRA, "
    "c.CHARACTER_SET_NAME, "
    "c.COLLATION_NAME, c.GENERATION_EXPRESSION, c.COLUMN_COMMENT FROM information_schema.COLUMNS c WHERE :scope "
    "ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION";

/* ---- all ---- */

static ath_status read_insides(ath__reflect *r) {
    ATH_TRY(ath__reflect_query(r, columns_sql, ath__mysql_scope(r, "c"), take_column));
    ATH_TRY(ath__mysql_reflect_constraints(r));
    ATH_TRY(ath__mysql_reflect_partitions(r));
    ATH_TRY(ath__mysql_reflect_sequences(r));
    return r->opts->no_views ? ATH_OK : ath__mysql_reflect_views(r);
}

static ath_status read(ath__reflect *r) {
    const ath_dialect *d = r->connection->dialect;
    ath__mysql_reflect own = {.is_mariadb = d->title && strcmp(d->title, "MariaDB") == 0};
    if (r->opts->temporary)
        return ath__fail(r->error, ATH_NOT_SUPPORTED, "%s does not tell of temporary tables", d->title);
    r->own = &own;
    ATH_TRY(read_schemas(r));
    ATH_TRY(ath__mysql_reflect_relations(r));
    return r->opts->names_only ? ATH_OK : read_insides(r);
}

const ath__reflector ath__mysql_reflector = {.struct_size = sizeof(ath__reflector), .read = read};
