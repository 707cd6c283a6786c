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
static const char *const default_forms[ATH_FORM_COUNT] = {
    [ATH_FORM_CHAR] = "CHAR",           [ATH_FORM_NCHAR] = "NCHAR",
    [ATH_FORM_NVARCHAR] = "NVARCHAR",   [ATH_FORM_CLOB] = "CLOB",
    [ATH_FORM_FIXED_BINARY] = "BINARY", [ATH_FORM_VARBINARY] = "VARBINARY",
    [ATH_FORM_REAL] = "REAL",           [ATH_FORM_DOUBLE_PRECISION] = "DOUBLE PRECISION",
    [ATH_FORM_DECIMAL] = "DECIMAL",     [ATH_FORM_JSONB] = "JSONB",
};

bool ath__dialect_can(const ath_dialect *dialect, uint64_t ability) {
    return (dialect->can & ability) == ability;
}

bool ath__dialect_ddl(const ath_dialect *dialect, uint64_t bit) {
    return (dialect->ddl & bit) == bit;
}

ath_status ath__dialect_cannot(const ath_dialect *d, const char *construct, ath_error *error) {
    return ath__fail(error, ATH_NOT_SUPPORTED, "%s%s%s has no %s", d->title ? d->title : d->name,
                     d->version_text ? " " : "", d->version_text ? d->version_text : "", construct);
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

void ath__dialect_qualified(const ath_dialect *d, ath__buf *out, const char *schema, const char *name) {
    if (schema) {
        ath__dialect_name(d, out, schema);
        ath__buf_char(out, '.');
    }
    ath__dialect_name(d, out, name);
}

/* ---- literals ---- */

static ath_status quoted(const ath_dialect *d, ath__buf *out, const char *text, size_t size, ath_error *error) {
    if (size && memchr(text, 0, size))
        return ath__fail(error, ATH_ARGUMENT, "a text literal cannot hold a NUL character");
    if (!ath__utf8_valid(text, size))
        return ath__fail(error, ATH_ARGUMENT, "a text literal must be UTF-8");
    bool backslash = ath__dialect_can(d, ATH__LITERAL_BACKSLASH);
    ath__buf_char(out, '\'');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\'' || (text[i] == '\\' && backslash))
            ath__buf_char(out, text[i]);
        ath__buf_char(out, text[i]);
    }
    ath__buf_char(out, '\'');
    return ATH_OK;
}

static ath_status hexadecimal(const ath_dialect *d, ath__buf *out, ath_bytes bytes) {
    const uint8_t *at = bytes.data;
    if (!at) {
        ath__buf_str(out, "NULL");
        return ATH_OK;
    }
    ath__buf_str(out, d->bytes_prefix ? d->bytes_prefix : "X'");
    for (size_t i = 0; i < bytes.size; i++)
        ath__buf_printf(out, "%02X", at[i]);
    ath__buf_char(out, '\'');
    return ATH_OK;
}

static void boolean(const ath_dialect *d, ath__buf *out, bool is_true) {
    const char *own = is_true ? d->true_sql : d->false_sql;
    if (own)
        ath__buf_str(out, own);
    else if (ath__dialect_can(d, ATH__CAN_BOOLEAN))
        ath__buf_str(out, is_true ? "true" : "false");
    else
        ath__buf_str(out, is_true ? "1" : "0");
}

static size_t uuid_text(const ath_dialect *d, ath_uuid uuid, char *text) {
    if (!d->uuid_digits)
        return ath_uuid_format(uuid, text);
    for (size_t i = 0; i < sizeof uuid.bytes; i++)
        snprintf(text + 2 * i, 3, "%02x", uuid.bytes[i]);
    return 2 * sizeof uuid.bytes;
}

ath_status ath__dialect_literal(const ath_dialect *d, ath__buf *out, const ath_value *v, ath_error *error) {
    char text[ATH_INTERVAL_TEXT];
    switch (v->kind) {
    case ATH_KIND_NULL:
        ath__buf_str(out, "NULL");
        return ATH_OK;
    case ATH_KIND_BOOL:
        boolean(d, out, v->as.b);
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
        return quoted(d, out, v->as.text.data, v->as.text.size == SIZE_MAX ? strlen(v->as.text.data) : v->as.text.size,
                      error);
    case ATH_KIND_BYTES:
        return hexadecimal(d, out, v->as.bytes);
    case ATH_KIND_UUID:
        return quoted(d, out, text, uuid_text(d, v->as.uuid, text), error);
    default: {
        size_t size = ath__value_format(v, text);
        bool as_text =
            ath__dialect_ddl(d, ATH__DDL_SQLITE_OPTIONS); /* where it is compared with others letter by letter */
        if (v->kind == ATH_KIND_DATETIME && !as_text && size > 7 && memcmp(text + size - 7, ".000000", 7) == 0)
            size -= 7;
        if (v->kind == ATH_KIND_TIMESTAMP && d->timestamp_zone)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s", d->timestamp_zone);
        return quoted(d, out, text, size, error);
    }
    }
}

ath_status ath__dialect_typed_literal(const ath_dialect *d, ath__buf *out, const ath_type *type, const ath_value *v,
                                      ath_error *error) {
    ath_value value = *v;
    ath__value_measure(&value);
    if (type && d->render_literal && d->render_literal(d, type, &value, out))
        return ATH_OK;
    return ath__dialect_literal(d, out, &value, error);
}

/* ---- types ---- */

static uint32_t longest_label(const ath_type *type) {
    size_t longest = 1;
    for (uint32_t i = 0; i < type->name_count; i++) {
        size_t length = ath__utf8_length(type->names[i], strlen(type->names[i]));
        longest = length > longest ? length : longest;
    }
    return (uint32_t)longest;
}

ath_status ath__dialect_labels(const ath_dialect *d, const ath_type *type, const char *separator, ath__buf *out,
                               ath_error *error) {
    for (uint32_t i = 0; i < type->name_count; i++) {
        size_t size = strlen(type->names[i]);
        if (ath__dialect_ddl(d, ATH__DDL_ENUM_INLINE) && size && type->names[i][size - 1] == ' ')
            return ath__fail(error, ATH_NOT_SUPPORTED, "%s does not keep the space at the end of the label '%.60s'",
                             d->title, type->names[i]);
        ath__buf_str(out, i ? separator : "(");
        ATH_TRY(quoted(d, out, type->names[i], strlen(type->names[i]), error));
    }
    ath__buf_str(out, type->name_count ? ")" : "('')");
    return ATH_OK;
}

bool ath__dialect_enum_type(const ath_dialect *d, const ath_type *type) {
    return type->sql == ATH_SQL_ENUM && ath__dialect_can(d, ATH__CAN_ENUM_TYPES) && type->details &&
           type->details->name && !type->details->plain;
}

static ath_status enumeration(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    const ath_type_details *details = type->details;
    if (ath__dialect_enum_type(d, type)) {
        ath__dialect_qualified(d, out, details->schema, details->name);
        return ATH_OK;
    }
    if (ath__dialect_ddl(d, ATH__DDL_ENUM_INLINE) && !(details && details->plain)) {
        ath__buf_str(out, "ENUM");
        return ath__dialect_labels(d, type, ",", out, error);
    }
    ath__buf_printf(out, "%s(%u)", d->type_sql[ATH_SQL_ENUM] ? d->type_sql[ATH_SQL_ENUM] : "VARCHAR",
                    longest_label(type));
    return ATH_OK;
}

static ath_status array(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    if (!ath__dialect_can(d, ATH__CAN_ARRAYS))
        return ath__dialect_cannot(d, "array types", error);
    if (!type->details || !type->details->item || type->details->item->sql == ATH_SQL_ARRAY)
        return ath__fail(error, ATH_ARGUMENT, "an array must say the type of its items, which is no array");
    ATH_TRY(ath__dialect_type(d, type->details->item, out, error));
    for (unsigned i = 0; i < type->details->dimensions || i == 0; i++)
        ath__buf_str(out, "[]");
    return ATH_OK;
}

/* "TIMESTAMP WITHOUT TIME ZONE" or "DATETIME(6)" with another precision: behind the first word. */
static void moment(const ath_dialect *d, const ath_type *type, const char *name, ath__buf *out) {
    if ((!type->precision && type->form != ATH_FORM_BARE) || !ath__dialect_ddl(d, ATH__DDL_PRECISION)) {
        ath__buf_str(out, name);
        return;
    }
    size_t word = strcspn(name, " (");
    const char *rest = name[word] == '(' ? strchr(name, ')') : NULL;
    ath__buf_add(out, name, word);
    if (type->precision ||
        name[word] != '(') /* a precision of 0 is what stands without one, where there is a default */
        ath__buf_printf(out, "(%u)", type->precision);
    ath__buf_str(out, rest ? rest + 1 : name + word);
}

static void interval(const ath_dialect *d, const ath_type *type, const char *name, ath__buf *out) {
    ath__buf_str(out, name);
    if (!ath__dialect_can(d, ATH__CAN_ORDER_INTERVALS)) /* kept as text */
        return;
    if (type->details && type->details->fields)
        ath__buf_printf(out, " %s", type->details->fields);
    if (type->precision)
        ath__buf_printf(out, " (%u)", type->precision);
}

static ath_status text_or_bytes(const ath_dialect *d, const ath_type *type, const char *name, bool own_name,
                                ath__buf *out, ath_error *error) {
    bool varies = type->sql == ATH_SQL_STRING ? type->form == ATH_FORM_DEFAULT || type->form == ATH_FORM_NVARCHAR
                                              : type->form == ATH_FORM_VARBINARY;
    if (varies && !type->length && ath__dialect_ddl(d, ATH__DDL_NEEDS_LENGTH))
        return ath__fail(error, ATH_NOT_SUPPORTED, "%s requires a length on dialect %s",
                         type->form ? default_forms[type->form] : "VARCHAR", d->name);
    ath__buf_str(out, name);
    if (type->length && (type->sql == ATH_SQL_STRING || (type->form && own_name)))
        ath__buf_printf(out, "(%u)", type->length);
    return ATH_OK;
}

static void number(const ath_dialect *d, const ath_type *type, const char *name, ath__buf *out) {
    ath__buf_str(out, name);
    if (type->sql == ATH_SQL_NUMERIC && type->precision)
        ath__buf_printf(out, type->form == ATH_FORM_BARE ? "(%u)" : "(%u, %u)", type->precision, type->scale);
    else if (type->sql == ATH_SQL_FLOAT && type->precision && ath__dialect_ddl(d, ATH__DDL_PRECISION))
        ath__buf_printf(out, "(%u)", type->precision);
    if (type->is_unsigned && ath__dialect_ddl(d, ATH__DDL_UNSIGNED))
        ath__buf_str(out, " UNSIGNED");
}

ath_status ath__dialect_default_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    unsigned form = type->form < ATH_FORM_COUNT ? type->form : ATH_FORM_DEFAULT;
    const char *name = d->type_sql[type->sql] ? d->type_sql[type->sql] : default_types[type->sql];
    if (d->form_sql[form] || default_forms[form])
        name = d->form_sql[form] ? d->form_sql[form] : default_forms[form];
    switch (type->sql) {
    case ATH_SQL_ARRAY:
        return array(d, type, out, error);
    case ATH_SQL_ENUM:
        return enumeration(d, type, out, error);
    case ATH_SQL_STRING:
    case ATH_SQL_BINARY:
        return text_or_bytes(d, type, name, !d->form_sql[form], out, error);
    case ATH_SQL_TIME:
    case ATH_SQL_DATETIME:
    case ATH_SQL_TIMESTAMP:
        moment(d, type, name, out);
        return ATH_OK;
    case ATH_SQL_INTERVAL:
        interval(d, type, name, out);
        return ATH_OK;
    default:
        if (!name)
            return ath__fail(error, ATH_NOT_SUPPORTED, "%s has no type for %s", d->name, ath__sql_type_name(type->sql));
        number(d, type, name, out);
        return ATH_OK;
    }
}

ath_status ath__dialect_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    if (type->details && type->details->spelling) {
        ath__buf_str(out, type->details->spelling);
        return ATH_OK;
    }
    return d->render_type ? d->render_type(d, type, out, error) : ath__dialect_default_type(d, type, out, error);
}

bool ath__dialect_takes_arrays(const ath_dialect *dialect) {
    return (dialect->can & (ATH__CAN_ARRAYS | ATH__CAN_JSON_EACH)) != 0;
}

bool ath__dialect_shares(const ath_dialect *dialect) {
    return dialect->placeholder == ATH__PLACEHOLDER_DOLLAR;
}

ath_status ath__dialect_column_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    const ath_type_details *details = type->details;
    bool national = type->sql == ATH_SQL_STRING && (type->form == ATH_FORM_NVARCHAR || type->form == ATH_FORM_NCHAR);
    ATH_TRY(ath__dialect_type(d, type, out, error));
    if (details && details->charset && !national && ath__dialect_ddl(d, ATH__DDL_CHARSET)) {
        ath__buf_str(out, " CHARACTER SET ");
        ath__dialect_name(d, out, details->charset);
    }
    if (details && details->collation) {
        ath__buf_str(out, " COLLATE ");
        ath__dialect_name(d, out, details->collation);
    }
    if (d->render_collation)
        d->render_collation(d, type, out);
    return ATH_OK;
}
