/* SPDX-License-Identifier: Apache-2.0
 *
 * C text: SQL types by the macros of type.h, and the C types of fields.
 */
#include "ctext/ctext.h"

#include "type/type.h"

/* ---- macros ---- */

typedef enum takes { NOTHING, LENGTH, MAYBE_LENGTH, DIGITS, TWO } takes;

/* What a macro says; a row fits when the parameters it does not take are zero. */
static const struct {
    ath_sql_type sql;
    uint8_t form;
    uint8_t takes; /* takes */
    const char *name;
} macros[] = {
    {ATH_SQL_BOOLEAN, ATH_FORM_DEFAULT, NOTHING, "ATH_BOOLEAN"},
    {ATH_SQL_SMALLINT, ATH_FORM_DEFAULT, NOTHING, "ATH_SMALLINT"},
    {ATH_SQL_INTEGER, ATH_FORM_DEFAULT, NOTHING, "ATH_INTEGER"},
    {ATH_SQL_BIGINT, ATH_FORM_DEFAULT, NOTHING, "ATH_BIGINT"},
    {ATH_SQL_FLOAT, ATH_FORM_DEFAULT, NOTHING, "ATH_FLOAT"},
    {ATH_SQL_FLOAT, ATH_FORM_DEFAULT, DIGITS, "ATH_FLOAT_OF"},
    {ATH_SQL_FLOAT, ATH_FORM_REAL, NOTHING, "ATH_REAL"},
    {ATH_SQL_DOUBLE, ATH_FORM_DEFAULT, NOTHING, "ATH_DOUBLE"},
    {ATH_SQL_DOUBLE, ATH_FORM_DOUBLE_PRECISION, NOTHING, "ATH_DOUBLE_PRECISION"},
    {ATH_SQL_NUMERIC, ATH_FORM_DEFAULT, TWO, "ATH_NUMERIC"},
    {ATH_SQL_NUMERIC, ATH_FORM_DECIMAL, TWO, "ATH_DECIMAL"},
    {ATH_SQL_STRING, ATH_FORM_DEFAULT, LENGTH, "ATH_STRING"},
    {ATH_SQL_STRING, ATH_FORM_CHAR, LENGTH, "ATH_CHAR"},
    {ATH_SQL_STRING, ATH_FORM_NCHAR, LENGTH, "ATH_NCHAR"},
    {ATH_SQL_STRING, ATH_FORM_NVARCHAR, LENGTH, "ATH_NVARCHAR"},
    {ATH_SQL_TEXT, ATH_FORM_DEFAULT, NOTHING, "ATH_TEXT"},
    {ATH_SQL_TEXT, ATH_FORM_CLOB, NOTHING, "ATH_CLOB"},
    {ATH_SQL_BINARY, ATH_FORM_DEFAULT, NOTHING, "ATH_BINARY"},
    {ATH_SQL_BINARY, ATH_FORM_FIXED_BINARY, LENGTH, "ATH_FIXED_BINARY"},
    {ATH_SQL_BINARY, ATH_FORM_VARBINARY, LENGTH, "ATH_VARBINARY"},
    {ATH_SQL_DATE, ATH_FORM_DEFAULT, NOTHING, "ATH_DATE"},
    {ATH_SQL_TIME, ATH_FORM_DEFAULT, NOTHING, "ATH_TIME"},
    {ATH_SQL_TIME, ATH_FORM_DEFAULT, DIGITS, "ATH_TIME_OF"},
    {ATH_SQL_TIME, ATH_FORM_BARE, DIGITS, "ATH_TIME_OF"},
    {ATH_SQL_DATETIME, ATH_FORM_DEFAULT, NOTHING, "ATH_DATETIME"},
    {ATH_SQL_DATETIME, ATH_FORM_DEFAULT, DIGITS, "ATH_DATETIME_OF"},
    {ATH_SQL_DATETIME, ATH_FORM_BARE, DIGITS, "ATH_DATETIME_OF"},
    {ATH_SQL_TIMESTAMP, ATH_FORM_DEFAULT, NOTHING, "ATH_TIMESTAMP"},
    {ATH_SQL_TIMESTAMP, ATH_FORM_DEFAULT, DIGITS, "ATH_TIMESTAMP_OF"},
    {ATH_SQL_TIMESTAMP, ATH_FORM_BARE, DIGITS, "ATH_TIMESTAMP_OF"},
    {ATH_SQL_INTERVAL, ATH_FORM_DEFAULT, NOTHING, "ATH_INTERVAL"},
    {ATH_SQL_UUID, ATH_FORM_DEFAULT, NOTHING, "ATH_UUID"},
    {ATH_SQL_JSON, ATH_FORM_DEFAULT, NOTHING, "ATH_JSON"},
    {ATH_SQL_JSON, ATH_FORM_JSONB, NOTHING, "ATH_JSONB"},
};

static const char *const families[ATH_SQL_TYPE_COUNT] = {
    "ATH_SQL_INFER",  "ATH_SQL_BOOLEAN",  "ATH_SQL_SMALLINT",  "ATH_SQL_INTEGER",  "ATH_SQL_BIGINT", "ATH_SQL_FLOAT",
    "ATH_SQL_DOUBLE", "ATH_SQL_NUMERIC",  "ATH_SQL_STRING",    "ATH_SQL_TEXT",     "ATH_SQL_BINARY", "ATH_SQL_DATE",
    "ATH_SQL_TIME",   "ATH_SQL_DATETIME", "ATH_SQL_TIMESTAMP", "ATH_SQL_INTERVAL", "ATH_SQL_UUID",   "ATH_SQL_JSON",
    "ATH_SQL_ENUM",   "ATH_SQL_ARRAY",    "ATH_SQL_NAMED",
};

static const char *const forms[ATH_FORM_COUNT] = {
    "ATH_FORM_DEFAULT",      "ATH_FORM_CHAR",      "ATH_FORM_NCHAR", "ATH_FORM_NVARCHAR",         "ATH_FORM_CLOB",
    "ATH_FORM_FIXED_BINARY", "ATH_FORM_VARBINARY", "ATH_FORM_REAL",  "ATH_FORM_DOUBLE_PRECISION", "ATH_FORM_DECIMAL",
    "ATH_FORM_JSONB",        "ATH_FORM_BARE",
};

static bool fits(size_t row, const ath_type *t) {
    if (macros[row].sql != t->sql || macros[row].form != t->form || t->is_unsigned)
        return false;
    switch (macros[row].takes) {
    case LENGTH:
        return !t->precision && !t->scale;
    case DIGITS:
        return !t->length && !t->scale && (t->precision || t->form == ATH_FORM_BARE);
    case TWO:
        return !t->length;
    default:
        return !t->length && !t->precision && !t->scale;
    }
}

static bool by_macro(ath__buf *out, const ath_type *t) {
    for (size_t i = 0; i < ATH_COUNT_OF(macros); i++) {
        if (!fits(i, t))
            continue;
        ath__buf_str(out, macros[i].name);
        if (macros[i].takes == LENGTH)
            ath__buf_printf(out, "(%u)", t->length);
        else if (macros[i].takes == DIGITS)
            ath__buf_printf(out, "(%u)", t->precision);
        else if (macros[i].takes == TWO)
            ath__buf_printf(out, "(%u, %u)", t->precision, t->scale);
        return true;
    }
    return false;
}

/* ---- what macros do not say ---- */

static void member(ath__buf *out, const char *name, const char *text) {
    if (!text)
        return;
    ath__c_next(out);
    ath__buf_printf(out, ".%s = ", name);
    ath__c_string(out, text);
}

static void number(ath__buf *out, const char *name, unsigned value) {
    if (!value)
        return;
    ath__c_next(out);
    ath__buf_printf(out, ".%s = %u", name, value);
}

static void details_of(ath__buf *out, const ath_type_details *d) {
    member(out, "spelling", d->spelling);
    member(out, "name", d->name);
    member(out, "schema", d->schema);
    if (d->plain) {
        ath__c_next(out);
        ath__buf_str(out, ".plain = true");
    }
    if (d->check) {
        ath__c_next(out);
        ath__buf_str(out, ".check = true");
    }
    member(out, "fields", d->fields);
    member(out, "collation", d->collation);
    member(out, "charset", d->charset);
}

static void compound(ath__buf *out, const ath_type *t) {
    ath__buf_printf(out, "(ath_type){.sql = %s", families[t->sql < ATH_SQL_TYPE_COUNT ? t->sql : 0]);
    number(out, "length", t->length);
    number(out, "precision", t->precision);
    number(out, "scale", t->scale);
    if (t->is_unsigned)
        ath__buf_str(out, ", .is_unsigned = true");
    if (t->form && t->form < ATH_FORM_COUNT)
        ath__buf_printf(out, ", .form = %s", forms[t->form]);
    if (t->details) {
        ath__buf_str(out, ", .details = &(ath_type_details){");
        details_of(out, t->details);
        ath__buf_char(out, '}');
    }
    ath__buf_char(out, '}');
}

static void labels(ath__buf *out, const ath_type *t) {
    const ath_type_details none = {.spelling = NULL}, *d = t->details ? t->details : &none;
    bool more = d->schema || d->plain || d->check || d->collation || d->charset || d->spelling;
    ath__buf_str(out, more ? "ATH_WITH_DETAILS(ATH_ENUM(" : d->name ? "ATH_ENUM_TYPE(" : "ATH_ENUM(");
    if (d->name && !more)
        ath__c_string(out, d->name);
    for (uint32_t i = 0; i < t->name_count; i++) {
        ath__c_next(out);
        ath__c_string(out, t->names[i]);
    }
    ath__buf_char(out, ')');
    if (!more)
        return;
    details_of(out, d);
    ath__buf_char(out, ')');
}

static void array(ath__buf *out, const ath_type *t) {
    static const ath_type text = {.sql = ATH_SQL_TEXT};
    ath__buf_str(out, "ATH_ARRAY_OF(");
    ath__c_type(out, t->details && t->details->item ? t->details->item : &text);
    ath__buf_printf(out, ", %u)", t->details && t->details->dimensions ? t->details->dimensions : 1u);
}

static bool is_spelled_only(const ath_type *t) {
    const ath_type_details *d = t->details;
    return d && d->spelling && !d->collation && !d->charset && !d->fields && !t->is_unsigned && !t->length &&
           !t->precision && !t->scale;
}

void ath__c_type(ath__buf *out, const ath_type *t) {
    if (t->sql == ATH_SQL_ENUM && t->name_count) {
        labels(out, t);
    } else if (t->sql == ATH_SQL_ARRAY && !(t->details && t->details->spelling)) {
        array(out, t);
    } else if (is_spelled_only(t)) {
        if (t->sql == ATH_SQL_NAMED)
            ath__buf_str(out, "ATH_TYPE_NAMED(");
        else
            ath__buf_printf(out, "ATH_SPELLED(%s, ", families[t->sql]);
        ath__c_string(out, t->details->spelling);
        ath__buf_char(out, ')');
    } else if (t->sql == ATH_SQL_INTERVAL && t->details && t->details->fields) {
        ath__buf_str(out, "ATH_INTERVAL_OF(");
        ath__c_string(out, t->details->fields);
        ath__buf_printf(out, ", %u)", t->precision);
    } else if (t->details || !by_macro(out, t)) {
        compound(out, t);
    }
}

/* ---- fields ---- */

typedef struct field {
    const char *plain, *optional;
    ath_ctype ctype;
} field;

static const field by_family[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_BOOLEAN] = {"bool", "ath_opt_bool", ATH_C_BOOL},
    [ATH_SQL_SMALLINT] = {"int16_t", "ath_opt_i16", ATH_C_I16},
    [ATH_SQL_INTEGER] = {"int32_t", "ath_opt_i32", ATH_C_I32},
    [ATH_SQL_BIGINT] = {"int64_t", "ath_opt_i64", ATH_C_I64},
    [ATH_SQL_FLOAT] = {"float", "ath_opt_f32", ATH_C_F32},
    [ATH_SQL_DOUBLE] = {"double", "ath_opt_f64", ATH_C_F64},
    [ATH_SQL_NUMERIC] = {"ath_decimal", "ath_opt_decimal", ATH_C_DECIMAL},
    [ATH_SQL_BINARY] = {"ath_bytes", "ath_bytes", ATH_C_BYTES},
    [ATH_SQL_DATE] = {"ath_date", "ath_opt_date", ATH_C_DATE},
    [ATH_SQL_TIME] = {"ath_time", "ath_opt_time", ATH_C_TIME},
    [ATH_SQL_DATETIME] = {"ath_datetime", "ath_opt_datetime", ATH_C_DATETIME},
    [ATH_SQL_TIMESTAMP] = {"ath_timestamp", "ath_opt_timestamp", ATH_C_TIMESTAMP},
    [ATH_SQL_INTERVAL] = {"ath_interval", "ath_opt_interval", ATH_C_INTERVAL},
    [ATH_SQL_UUID] = {"ath_uuid", "ath_opt_uuid", ATH_C_UUID},
    [ATH_SQL_JSON] = {"ath_json", "ath_json", ATH_C_JSON},
};
static const field of_unsigned[] = {{"uint16_t", "ath_opt_u16", ATH_C_U16},
                                    {"uint32_t", "ath_opt_u32", ATH_C_U32},
                                    {"uint64_t", "ath_opt_u64", ATH_C_U64}};

static const field *field_of(const ath_type *type) {
    static const field text = {"const char *", "const char *", ATH_C_TEXT};
    if (type->is_unsigned && type->sql >= ATH_SQL_SMALLINT && type->sql <= ATH_SQL_BIGINT)
        return &of_unsigned[type->sql - ATH_SQL_SMALLINT];
    return type->sql < ATH_SQL_TYPE_COUNT && by_family[type->sql].plain ? &by_family[type->sql] : &text;
}

const char *ath__c_field(const ath_type *type, bool nullable) {
    return nullable ? field_of(type)->optional : field_of(type)->plain;
}

bool ath__c_infers(const ath_type *type, bool nullable) {
    (void)nullable; /* an optional field infers what a plain one does */
    ath_type inferred = ath__ctype_infer(field_of(type)->ctype, 0);
    return !type->details && inferred.sql == type->sql && inferred.is_unsigned == type->is_unsigned && !type->length &&
           !type->precision && !type->scale && !type->form;
}
