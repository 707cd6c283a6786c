/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: names, literals and types as a dialect writes them.  The defaults are standard SQL; what a database says
 * otherwise is in its table.  Identifiers and literals are escaped here and nowhere else.
 */
#include "sql/dialect.h"

static const char *const default_types[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_BOOLEAN] = "BOOLEAN",   [ATH_SQL_SMALLINT] = "SMALLINT",
    [ATH_SQL_INTEGER] = "INTEGER",   [ATH_SQL_BIGINT] = "BIGINT",
    [ATH_SQL_FLOAT] = "FLOAT",       [ATH_SQL_DOUBLE] = "DOUBLE",
    [ATH_SQL_NUMERIC] = "NUMERIC",   [ATH_SQL_STRING] = "VARCHAR",
    [ATH_SQL_TEXT] = "TEXT",         [ATH_SQL_BINARY] = "BLOB",
    [ATH_SQL_DATE] = "DATE",         [ATH_SQL_TIME] = "TIME",
    [ATH_SQL_DATETIME] = "DATETIME", [ATH_SQL_TIMESTAMP] = "TIMESTAMP WITH TIME ZONE",
    [ATH_SQL_INTERVAL] = "INTERVAL", [ATH_SQL_UUID] = "UUID",
    [ATH_SQL_JSON] = "JSON",         [ATH_SQL_ENUM] = "VARCHAR",
};

bool ath__dialect_can(const ath_dialect *dialect, uint64_t ability) {
    return (dialect->can & ability) == ability;
}

/* ---- names ---- */

static bool is_reserved(const ath_dialect *d, const char *name) {
    size_t low = 0, high = d->reserved_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, d->reserved[middle]);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool is_plain(const char *name) {
    if (!(*name == '_' || (*name >= 'a' && *name <= 'z')))
        return false;
    for (const char *c = name; *c; c++)
        if (!(*c == '_' || *c == '$' || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
            return false;
    return true;
}

void ath__dialect_name(const ath_dialect *d, ath__buf *out, const char *name) {
    if (is_plain(name) && !is_reserved(d, name)) {
        ath__buf_str(out, name);
        return;
    }
    char quote = d->quote ? d->quote : '"';
    ath__buf_char(out, quote);
    for (const char *c = name; *c; c++) {
        if (*c == quote)
            ath__buf_char(out, quote);
        ath__buf_char(out, *c);
    }
    ath__buf_char(out, quote);
}

/* ---- literals ---- */

static ath_status quoted(ath__buf *out, const char *text, size_t size, ath_error *error) {
    if (memchr(text, 0, size))
        return ath__fail(error, ATH_ARGUMENT, "a text literal cannot hold a NUL character");
    ath__buf_char(out, '\'');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\'')
            ath__buf_char(out, '\'');
        ath__buf_char(out, text[i]);
    }
    ath__buf_char(out, '\'');
    return ATH_OK;
}

static ath_status hexadecimal(ath__buf *out, ath_bytes bytes) {
    const uint8_t *at = bytes.data;
    if (!at) {
        ath__buf_str(out, "NULL");
        return ATH_OK;
    }
    ath__buf_str(out, "X'");
    for (size_t i = 0; i < bytes.size; i++)
        ath__buf_printf(out, "%02X", at[i]);
    ath__buf_char(out, '\'');
    return ATH_OK;
}

ath_status ath__dialect_literal(const ath_dialect *d, ath__buf *out, const ath_value *v, ath_error *error) {
    char text[ATH_INTERVAL_TEXT];
    switch (v->kind) {
    case ATH_KIND_NULL:
        ath__buf_str(out, "NULL");
        return ATH_OK;
    case ATH_KIND_BOOL:
        ath__buf_str(out, ath__dialect_can(d, ATH__CAN_BOOLEAN) ? (v->as.b ? "true" : "false") : (v->as.b ? "1" : "0"));
        return ATH_OK;
    case ATH_KIND_INT:
        ath__buf_printf(out, "%lld", (long long)v->as.i);
        return ATH_OK;
    case ATH_KIND_UINT:
        ath__buf_printf(out, "%llu", (unsigned long long)v->as.u);
        return ATH_OK;
    case ATH_KIND_REAL:
        if (v->as.d != v->as.d || v->as.d - v->as.d != 0)
            return ath__fail(error, ATH_ARGUMENT, "NaN and infinity have no literal");
        ath__buf_add(out, text, ath__real_format(v->as.d, 0, text));
        return ATH_OK;
    case ATH_KIND_DECIMAL:
        ath__buf_add(out, text, ath_decimal_format(v->as.decimal, text));
        return ATH_OK;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        return quoted(out, v->as.text.data, v->as.text.size == SIZE_MAX ? strlen(v->as.text.data) : v->as.text.size,
                      error);
    case ATH_KIND_BYTES:
        return hexadecimal(out, v->as.bytes);
    default:
        return quoted(out, text, ath__value_format(v, text), error);
    }
}

/* ---- types ---- */

static uint32_t longest_label(const ath_type *type) {
    size_t longest = 1;
    for (uint32_t i = 0; i < type->name_count; i++)
        if (strlen(type->names[i]) > longest)
            longest = strlen(type->names[i]);
    return (uint32_t)longest;
}

ath_status ath__dialect_default_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    const char *name = d->type_sql[type->sql] ? d->type_sql[type->sql] : default_types[type->sql];
    if (!name)
        return ath__fail(error, ATH_NOT_SUPPORTED, "%s has no type for %s", d->name, ath__sql_type_name(type->sql));
    ath__buf_str(out, name);
    if (type->sql == ATH_SQL_ENUM)
        ath__buf_printf(out, "(%u)", longest_label(type));
    else if (type->length && type->sql == ATH_SQL_STRING)
        ath__buf_printf(out, "(%u)", type->length);
    else if (type->precision && type->sql == ATH_SQL_NUMERIC)
        ath__buf_printf(out, "(%u, %u)", type->precision, type->scale);
    return ATH_OK;
}

ath_status ath__dialect_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    return d->render_type ? d->render_type(d, type, out, error) : ath__dialect_default_type(d, type, out, error);
}

bool ath__dialect_takes_arrays(const ath_dialect *dialect) {
    return (dialect->can & (ATH__CAN_ARRAYS | ATH__CAN_JSON_EACH)) != 0;
}
