/* SPDX-License-Identifier: Apache-2.0
 *
 * Neutral JSON to tables: {"name": "t", "columns": [{"name", "type", "nullable", ...}], "uniques", "indexes",
 * "foreign_keys", "checks"}.
 */
#include "autogen.h"

#include <ctype.h>

/* ---- types ---- */

static const struct {
    const char *name;
    ath_type type;
} plain_types[] = {
    {"Integer", {.sql = ATH_SQL_INTEGER}},
    {"INTEGER", {.sql = ATH_SQL_INTEGER}},
    {"BigInteger", {.sql = ATH_SQL_BIGINT}},
    {"BIGINT", {.sql = ATH_SQL_BIGINT}},
    {"SmallInteger", {.sql = ATH_SQL_SMALLINT}},
    {"SMALLINT", {.sql = ATH_SQL_SMALLINT}},
    {"String", {.sql = ATH_SQL_STRING}},
    {"VARCHAR", {.sql = ATH_SQL_STRING}},
    {"Unicode", {.sql = ATH_SQL_STRING}},
    {"CHAR", {.sql = ATH_SQL_STRING, .form = ATH_FORM_CHAR}},
    {"Text", {.sql = ATH_SQL_TEXT}},
    {"TEXT", {.sql = ATH_SQL_TEXT}},
    {"UnicodeText", {.sql = ATH_SQL_TEXT}},
    {"Boolean", {.sql = ATH_SQL_BOOLEAN}},
    {"BOOLEAN", {.sql = ATH_SQL_BOOLEAN}},
    {"Float", {.sql = ATH_SQL_FLOAT}},
    {"FLOAT", {.sql = ATH_SQL_FLOAT}},
    {"REAL", {.sql = ATH_SQL_FLOAT, .form = ATH_FORM_REAL}},
    {"Double", {.sql = ATH_SQL_DOUBLE}},
    {"DOUBLE", {.sql = ATH_SQL_DOUBLE}},
    {"DOUBLE_PRECISION", {.sql = ATH_SQL_DOUBLE, .form = ATH_FORM_DOUBLE_PRECISION}},
    {"Numeric", {.sql = ATH_SQL_NUMERIC}},
    {"NUMERIC", {.sql = ATH_SQL_NUMERIC}},
    {"DECIMAL", {.sql = ATH_SQL_NUMERIC, .form = ATH_FORM_DECIMAL}},
    {"DateTime", {.sql = ATH_SQL_DATETIME, .form = ATH_FORM_BARE}},
    {"DATETIME", {.sql = ATH_SQL_DATETIME, .form = ATH_FORM_BARE}},
    {"Date", {.sql = ATH_SQL_DATE}},
    {"DATE", {.sql = ATH_SQL_DATE}},
    {"Time", {.sql = ATH_SQL_TIME, .form = ATH_FORM_BARE}},
    {"TIME", {.sql = ATH_SQL_TIME, .form = ATH_FORM_BARE}},
    {"Interval", {.sql = ATH_SQL_INTERVAL}},
    {"LargeBinary", {.sql = ATH_SQL_BINARY}},
    {"BLOB", {.sql = ATH_SQL_BINARY}},
    {"BYTEA", {.sql = ATH_SQL_BINARY}},
    {"JSON", {.sql = ATH_SQL_JSON}},
    {"JSONB", {.sql = ATH_SQL_JSON, .form = ATH_FORM_JSONB}},
    {"Uuid", {.sql = ATH_SQL_UUID}},
    {"UUID", {.sql = ATH_SQL_UUID}},
};

static ath_name_list names_of(ath__arena *arena, const json_t *list) {
    size_t count = json_array_size(list);
    const char **names = ath__arena_zero(arena, (count + 1) * sizeof *names);
    for (size_t i = 0; names && i < count; i++)
        names[i] = json_string_value(json_array_get(list, i));
    return (ath_name_list){names ? count : 0, names};
}

static bool is_false(const json_t *object, const char *name) {
    return json_is_false(json_object_get(object, name));
}

static bool is_true(const json_t *object, const char *name) {
    return json_is_true(json_object_get(object, name));
}

static ath_type with(ath__arena *arena, ath_type type, ath_type_details details) {
    type.details = ath__arena_copy(arena, &details, sizeof details);
    return type;
}

static ath_type enumeration(ath__arena *arena, const json_t *json) {
    ath_name_list labels = names_of(arena, json_object_get(json, "enums"));
    const ath_type type = {.sql = ATH_SQL_ENUM, .names = labels.names, .name_count = (uint32_t)labels.count};
    return with(arena, type,
                (ath_type_details){.name = golden_text(json, "name"),
                                   .schema = golden_text(json, "schema"),
                                   .plain = is_false(json, "native_enum"),
                                   .check = is_true(json, "create_constraint")});
}

/* A database's own type, as it is written. */
static ath_type spelled(ath__arena *arena, const char *name) {
    bool text = strstr(name, "TEXT") != NULL;
    return with(arena, (ath_type){.sql = text ? ATH_SQL_TEXT : ATH_SQL_NAMED}, (ath_type_details){.spelling = name});
}

ath_type autogen_type(ath__arena *arena, const json_t *json) {
    const char *name = golden_text(json, "type");
    ath_type type = {.sql = ATH_SQL_INFER};
    if (!name)
        return type;
    if (strcmp(name, "Enum") == 0 || strcmp(name, "ENUM") == 0)
        return enumeration(arena, json);
    for (size_t i = 0; i < ATH_COUNT_OF(plain_types); i++)
        if (strcmp(plain_types[i].name, name) == 0)
            type = plain_types[i].type;
    if (strcmp(name, "TIMESTAMP") == 0)
        type = (ath_type){.sql = ATH_SQL_DATETIME};
    if (type.sql == ATH_SQL_INFER || strcmp(name, "TIMESTAMP") == 0)
        return type.sql == ATH_SQL_DATETIME ? with(arena, type, (ath_type_details){.spelling = "TIMESTAMP"})
                                            : spelled(arena, name);
    type.length = (uint32_t)json_integer_value(json_object_get(json, "length"));
    type.precision = (uint8_t)json_integer_value(json_object_get(json, "precision"));
    type.scale = (uint8_t)json_integer_value(json_object_get(json, "scale"));
    type.is_unsigned = is_true(json, "unsigned");
    if (type.sql == ATH_SQL_DATETIME && is_true(json, "timezone"))
        type = (ath_type){.sql = ATH_SQL_TIMESTAMP, .form = ATH_FORM_BARE};
    if (is_true(json, "create_constraint"))
        type = with(arena, type, (ath_type_details){.check = true, .name = golden_text(json, "name")});
    return type;
}

/* ---- columns ---- */

static const ath_expr *text_of(ath__arena *arena, const char *sql) {
    return ath__arena_copy(arena, &(ath_expr){.node = ATH_NODE_TEXT, .u.text = sql}, sizeof(ath_expr));
}

static void identity(const json_t *json, ath_column_opts *o) {
    o->identity = is_true(json, "always") ? ATH_IDENTITY_ALWAYS : ATH_IDENTITY_BY_DEFAULT;
    const struct {
        const char *name;
        ath_opt_i64 *to;
    } numbers[] = {{"start", &o->counting.start},
                   {"increment", &o->counting.increment},
                   {"minvalue", &o->counting.minvalue},
                   {"maxvalue", &o->counting.maxvalue},
                   {"cache", &o->counting.cache}};
    for (size_t i = 0; i < ATH_COUNT_OF(numbers); i++) {
        const json_t *number = json_object_get(json, numbers[i].name);
        if (json_is_integer(number))
            *numbers[i].to = (ath_opt_i64){json_integer_value(number), true};
    }
}

static void computed(const json_t *json, ath_column_opts *o) {
    o->computed = json_is_string(json) ? json_string_value(json) : golden_text(json, "sql");
    if (!o->computed)
        o->computed = golden_text(json, "sqltext");
    if (json_is_boolean(json_object_get(json, "persisted")))
        o->persisted = is_true(json, "persisted") ? ATH_STORED : ATH_VIRTUAL;
}

static void default_of(ath__arena *arena, const json_t *json, ath_column_opts *o) {
    const char *string = golden_text(json, "string"), *text = golden_text(json, "text"),
               *fn = golden_text(json, "func");
    if (string)
        o->server_default =
            ath__arena_copy(arena,
                            &(ath_expr){.node = ATH_NODE_LITERAL,
                                        .u.value = {.kind = ATH_KIND_TEXT, .as.text = {string, strlen(string)}}},
                            sizeof(ath_expr));
    else if (text)
        o->server_default = text_of(arena, text);
    else if (fn)
        o->server_default = strcmp(fn, "now") == 0
                                ? ath__arena_copy(arena, &(ath_expr){.node = ATH_NODE_NOW}, sizeof(ath_expr))
                                : text_of(arena, ath__arena_printf(arena, "%s()", fn));
    else if (json_object_get(json, "identity"))
        identity(json_object_get(json, "identity"), o);
    else if (json_object_get(json, "computed"))
        computed(json_object_get(json, "computed"), o);
}

static ath_table_item column(ath__arena *arena, const json_t *json) {
    ath_column_opts o = {.struct_size = sizeof o, .primary_key = is_true(json, "primary_key")};
    o.type = autogen_type(arena, json_object_get(json, "type"));
    o.not_null = is_false(json, "nullable") && !o.primary_key;
    o.comment = golden_text(json, "comment");
    o.collation = golden_text(json_object_get(json, "type"), "collation");
    default_of(arena, json_object_get(json, "server_default"), &o);
    if (json_object_get(json, "computed"))
        computed(json_object_get(json, "computed"), &o);
    if (o.identity || o.computed)
        o.not_null = o.not_null && !o.identity;
    if (is_false(json, "autoincrement") && o.primary_key)
        o.autoincrement = ATH_AUTOINCREMENT_NO;
    if (is_true(json, "autoincrement") && o.primary_key)
        o.autoincrement = ATH_AUTOINCREMENT_YES;
    return (ath_table_item){.name = golden_text(json, "name"), .column = ath__arena_copy(arena, &o, sizeof o)};
}

/* ---- constraints and indexes ---- */

static ath_table_item constraint(ath__arena *arena, const json_t *json, ath_constraint_kind kind) {
    ath_constraint_opts o = {.struct_size = sizeof o, .name = golden_text(json, "name")};
    o.columns = names_of(arena, json_object_get(json, "columns"));
    o.check = golden_text(json, "sql");
    o.initially = golden_text(json, "initially");
    o.deferrable = is_true(json, "deferrable") ? ATH_DEFERRABLE : ATH_DEFERRABLE_UNSAID;
    return (ath_table_item){.kind = (int)kind, .constraint = ath__arena_copy(arena, &o, sizeof o)};
}

/* "s.t.c" */
static void split(ath__arena *arena, const char *reference, ath_foreign_key_opts *o, const char **to) {
    const char *last = strrchr(reference, '.'), *first = strchr(reference, '.');
    const char *table = first == last ? reference : first + 1;
    o->target = ath__arena_strn(arena, table, last ? (size_t)(last - table) : 0);
    if (first != last)
        o->target_schema = ath__arena_strn(arena, reference, (size_t)(first - reference));
    *to = last ? last + 1 : reference;
}

static ath_table_item foreign_key(ath__arena *arena, const json_t *json) {
    ath_foreign_key_opts o = {.struct_size = sizeof o, .name = golden_text(json, "name")};
    ath_name_list to = names_of(arena, json_object_get(json, "references"));
    const char **columns = ath__arena_zero(arena, (to.count + 1) * sizeof *columns);
    for (size_t i = 0; columns && i < to.count; i++)
        split(arena, to.names[i], &o, &columns[i]);
    o.columns = names_of(arena, json_object_get(json, "columns"));
    o.target_columns = (ath_name_list){to.count, columns};
    o.ondelete = golden_text(json, "ondelete");
    o.onupdate = golden_text(json, "onupdate");
    o.initially = golden_text(json, "initially");
    o.match = golden_text(json, "match");
    o.deferrable = is_true(json, "deferrable") ? ATH_DEFERRABLE : ATH_DEFERRABLE_UNSAID;
    o.use_alter = is_true(json, "use_alter");
    return (ath_table_item){.kind = ATH_CONSTRAINT_FOREIGN_KEY, .foreign_key = ath__arena_copy(arena, &o, sizeof o)};
}

static bool is_name(const char *text, size_t size) {
    size_t i = 0;
    while (i < size && (isalnum((unsigned char)text[i]) || text[i] == '_'))
        i++;
    return size && i == size;
}

/* "a", "t.a", "t.a DESC", "lower(t.a)" */
static ath_index_part part_of(ath__arena *arena, const char *table, const char *text) {
    ath_index_part part = {0};
    size_t size = strlen(text), prefix = strlen(table);
    if (size > 5 && strcmp(text + size - 5, " DESC") == 0) {
        part.desc = true;
        size -= 5;
    }
    if (size > prefix && strncmp(text, table, prefix) == 0 && text[prefix] == '.') {
        text += prefix + 1;
        size -= prefix + 1;
    }
    const char *kept = ath__arena_strn(arena, text, size);
    if (is_name(text, size)) {
        part.column = kept;
        return part;
    }
    char *out = ath__arena_bytes(arena, size + 1);
    size_t used = 0;
    for (const char *at = kept; *at; at++)
        if (strncmp(at, table, prefix) == 0 && at[prefix] == '.' && (at == kept || !is_name(at - 1, 1)))
            at += prefix;
        else
            out[used++] = *at;
    out[used] = '\0';
    part.expression = out;
    return part;
}

/* The recorded SQL lost the lengths of prefixes; then they are none of the model's either. */
static bool is_recorded(const json_t *the_case, const char *length) {
    const json_t *list = json_object_get(json_object_get(the_case, "after_sql"), "mariadb");
    char text[40];
    snprintf(text, sizeof text, "(%s)", length);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *sql = json_string_value(json_array_get(list, i));
        if (sql && strncmp(sql, "CREATE INDEX", 12) == 0 && strstr(sql, text))
            return true;
    }
    return false;
}

static ath_table_item index_of(ath__arena *arena, const json_t *the_case, const char *table, const json_t *json) {
    ath_name_list expressions = names_of(arena, json_object_get(json, "expressions"));
    const json_t *options = json_object_get(json, "options");
    ath_index_part *parts = ath__arena_zero(arena, (expressions.count + 1) * sizeof *parts);
    const char *length = golden_text(options, "mysql_length");
    for (size_t i = 0; parts && i < expressions.count; i++) {
        parts[i] = part_of(arena, table, expressions.names[i]);
        parts[i].mysql_length = length && isdigit((unsigned char)*length) && is_recorded(the_case, length)
                                    ? (uint32_t)strtoul(length, NULL, 10)
                                    : 0;
    }
    ath_index_opts o = {.struct_size = sizeof o, .unique = is_true(json, "unique")};
    const char *where = golden_text(options, "postgresql_where");
    o.where = where ? where : golden_text(options, "sqlite_where");
    o.postgresql_using = golden_text(options, "postgresql_using");
    o.mysql_using = golden_text(options, "mysql_using");
    o.mysql_prefix = golden_text(options, "mysql_prefix");
    o.include = names_of(arena, json_object_get(options, "postgresql_include"));
    return (ath_table_item){.kind = ATH_ITEM_INDEX,
                            .name = golden_text(json, "name"),
                            .parts = {expressions.count, parts},
                            .index = ath__arena_copy(arena, &o, sizeof o)};
}

/* ---- tables ---- */

static ath_table *table(ath__arena *arena, const json_t *the_case, const json_t *json) {
    const json_t *columns = json_object_get(json, "columns"), *uniques = json_object_get(json, "uniques"),
                 *checks = json_object_get(json, "checks"), *keys = json_object_get(json, "foreign_keys"),
                 *indexes = json_object_get(json, "indexes");
    const char *name = golden_text(json, "name");
    size_t room = json_array_size(columns) + json_array_size(uniques) + json_array_size(checks) +
                  json_array_size(keys) + json_array_size(indexes) + 1;
    ath_table_item *items = ath__arena_zero(arena, room * sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(columns); i++)
        items[count++] = column(arena, json_array_get(columns, i));
    for (size_t i = 0; i < json_array_size(uniques); i++)
        items[count++] = constraint(arena, json_array_get(uniques, i), ATH_CONSTRAINT_UNIQUE);
    for (size_t i = 0; i < json_array_size(checks); i++)
        items[count++] = constraint(arena, json_array_get(checks, i), ATH_CONSTRAINT_CHECK);
    for (size_t i = 0; i < json_array_size(keys); i++)
        items[count++] = foreign_key(arena, json_array_get(keys, i));
    for (size_t i = 0; i < json_array_size(indexes); i++)
        items[count++] = index_of(arena, the_case, name, json_array_get(indexes, i));
    const ath_table_opts o = {
        .struct_size = sizeof o, .schema = golden_text(json, "schema"), .comment = golden_text(json, "comment")};
    items[count++] = (ath_table_item){.kind = ATH_ITEM_OPTIONS, .options = ath__arena_copy(arena, &o, sizeof o)};
    return ath_table_build(name, items, count);
}

const char *autogen_model_make(autogen_model *model, const json_t *the_case) {
    const json_t *after = json_object_get(the_case, "after_model");
    const json_t *naming = json_object_get(the_case, "naming_convention");
    *model = (autogen_model){0};
    ath__arena_init(&model->arena, &ath__malloc_allocator);
    model->tables = ath__arena_zero(&model->arena, (json_array_size(after) + 1) * sizeof(ath_table *));
    for (size_t i = 0; i < json_array_size(after); i++) {
        ath_table *t = model->tables[model->count++] = table(&model->arena, the_case, json_array_get(after, i));
        if (ath_table_mistake(t))
            return ath_table_mistake(t);
    }
    model->naming = (ath_naming){.ix = golden_text(naming, "ix"),
                                 .uq = golden_text(naming, "uq"),
                                 .ck = golden_text(naming, "ck"),
                                 .fk = golden_text(naming, "fk"),
                                 .pk = golden_text(naming, "pk")};
    model->metadata = (ath_metadata){.name = "golden",
                                     .tables = (const ath_table *const *)model->tables,
                                     .table_count = model->count,
                                     .naming = json_is_object(naming) ? &model->naming : NULL};
    return "";
}

void autogen_model_done(autogen_model *model) {
    for (size_t i = 0; i < model->count; i++)
        ath_table_free(model->tables[i]);
    ath__arena_done(&model->arena);
}
