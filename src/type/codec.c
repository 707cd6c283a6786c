/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 6 and 7 for one field: between a field of a C struct and an ath_value.  Reading borrows from the field; writing
 * copies text and bytes into the arena that owns the loaded struct.
 *
 * The one idea: a value whose kind is the field's own is stored at once (`store`); only what a database without that
 * type offers instead goes through ath__value_convert first, and then the same way.
 */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "type/type.h"

enum { CTYPE_COUNT = ATH_C_JSON + 1 };

/* Sizes of each C type, alone and optional, where the optional keeps its `has`, and the SQL type it stands for. */
typedef struct ctype_facts {
    size_t size, optional_size, has_at;
    ath_kind kind;
    ath_sql_type sql;
    bool is_unsigned;
} ctype_facts;

#define SCALAR(type, optional) sizeof(type), sizeof(optional), offsetof(optional, has)

static const ctype_facts facts[CTYPE_COUNT] = {
    [ATH_C_BOOL] = {SCALAR(bool, ath_opt_bool), ATH_KIND_BOOL, ATH_SQL_BOOLEAN, false},
    [ATH_C_I16] = {SCALAR(int16_t, ath_opt_i16), ATH_KIND_INT, ATH_SQL_SMALLINT, false},
    [ATH_C_I32] = {SCALAR(int32_t, ath_opt_i32), ATH_KIND_INT, ATH_SQL_INTEGER, false},
    [ATH_C_I64] = {SCALAR(int64_t, ath_opt_i64), ATH_KIND_INT, ATH_SQL_BIGINT, false},
    [ATH_C_U16] = {SCALAR(uint16_t, ath_opt_u16), ATH_KIND_INT, ATH_SQL_SMALLINT, true},
    [ATH_C_U32] = {SCALAR(uint32_t, ath_opt_u32), ATH_KIND_INT, ATH_SQL_INTEGER, true},
    [ATH_C_U64] = {SCALAR(uint64_t, ath_opt_u64), ATH_KIND_INT, ATH_SQL_BIGINT, true},
    [ATH_C_F32] = {SCALAR(float, ath_opt_f32), ATH_KIND_REAL, ATH_SQL_FLOAT, false},
    [ATH_C_F64] = {SCALAR(double, ath_opt_f64), ATH_KIND_REAL, ATH_SQL_DOUBLE, false},
    [ATH_C_DECIMAL] = {SCALAR(ath_decimal, ath_opt_decimal), ATH_KIND_DECIMAL, ATH_SQL_NUMERIC, false},
    [ATH_C_DATE] = {SCALAR(ath_date, ath_opt_date), ATH_KIND_DATE, ATH_SQL_DATE, false},
    [ATH_C_TIME] = {SCALAR(ath_time, ath_opt_time), ATH_KIND_TIME, ATH_SQL_TIME, false},
    [ATH_C_DATETIME] = {SCALAR(ath_datetime, ath_opt_datetime), ATH_KIND_DATETIME, ATH_SQL_DATETIME, false},
    [ATH_C_TIMESTAMP] = {SCALAR(ath_timestamp, ath_opt_timestamp), ATH_KIND_TIMESTAMP, ATH_SQL_TIMESTAMP, false},
    [ATH_C_INTERVAL] = {SCALAR(ath_interval, ath_opt_interval), ATH_KIND_INTERVAL, ATH_SQL_INTERVAL, false},
    [ATH_C_UUID] = {SCALAR(ath_uuid, ath_opt_uuid), ATH_KIND_UUID, ATH_SQL_UUID, false},
    [ATH_C_TEXT] = {sizeof(const char *), 0, 0, ATH_KIND_TEXT, ATH_SQL_STRING, false},
    [ATH_C_CHARS] = {0, 0, 0, ATH_KIND_TEXT, ATH_SQL_STRING, false},
    [ATH_C_BYTES] = {sizeof(ath_bytes), 0, 0, ATH_KIND_BYTES, ATH_SQL_BINARY, false},
    [ATH_C_JSON] = {sizeof(ath_json), 0, 0, ATH_KIND_JSON, ATH_SQL_JSON, false},
};

static unsigned base_of(ath_ctype ctype) {
    unsigned base = (unsigned)ctype & (ATH_C_OPTIONAL - 1U);
    assert(base > ATH_C_NONE && base < CTYPE_COUNT);
    return base;
}

static bool is_optional(ath_ctype ctype) {
    return ((unsigned)ctype & ATH_C_OPTIONAL) != 0;
}

static bool is_integer(unsigned base) {
    return base >= ATH_C_I16 && base <= ATH_C_U64;
}

static bool is_enum(const ath_type *type) {
    return type != NULL && type->sql == ATH_SQL_ENUM;
}

/* Types whose values the library carries as text, without knowing more of them. */
static bool is_opaque(ath_sql_type sql) {
    return sql == ATH_SQL_ARRAY || sql == ATH_SQL_NAMED;
}

/* ---- facts ---- */

size_t ath__ctype_size(ath_ctype ctype) {
    const ctype_facts *f = &facts[base_of(ctype)];
    return is_optional(ctype) ? f->optional_size : f->size;
}

bool ath__ctype_nullable(ath_ctype ctype) {
    unsigned base = base_of(ctype);
    return is_optional(ctype) || base == ATH_C_TEXT || base == ATH_C_BYTES || base == ATH_C_JSON;
}

ath_type ath__ctype_infer(ath_ctype ctype, size_t field_size) {
    unsigned base = base_of(ctype);
    ath_type type = {.sql = facts[base].sql, .is_unsigned = facts[base].is_unsigned};
    if (base == ATH_C_CHARS && field_size > 0)
        type.length = field_size - 1 <= UINT32_MAX ? (uint32_t)(field_size - 1) : 0;
    return type;
}

/* Whether char[field_size] holds what the type allows; a type without a length is checked value by value. */
static bool chars_hold(size_t field_size, const ath_type *type) {
    if (type->sql == ATH_SQL_STRING)
        return type->length < field_size;
    for (uint32_t i = 0; i < type->name_count; i++) {
        if (strlen(type->names[i]) >= field_size)
            return false;
    }
    return type->sql == ATH_SQL_TEXT || type->sql == ATH_SQL_ENUM || is_opaque(type->sql);
}

bool ath__ctype_holds(ath_ctype ctype, size_t field_size, const ath_type *type) {
    unsigned base = base_of(ctype);
    ath_sql_type sql = type->sql;
    bool integral =
        sql == ATH_SQL_BOOLEAN || sql == ATH_SQL_SMALLINT || sql == ATH_SQL_INTEGER || sql == ATH_SQL_BIGINT;
    switch (base) {
    case ATH_C_BOOL:
        return integral;
    case ATH_C_F32:
    case ATH_C_F64:
        return sql == ATH_SQL_FLOAT || sql == ATH_SQL_DOUBLE || sql == ATH_SQL_NUMERIC;
    case ATH_C_TEXT:
        return sql == ATH_SQL_STRING || sql == ATH_SQL_TEXT || sql == ATH_SQL_ENUM || sql == ATH_SQL_JSON ||
               is_opaque(sql);
    case ATH_C_CHARS:
        return chars_hold(field_size, type);
    default:
        if (is_integer(base))
            return integral || sql == ATH_SQL_ENUM;
        return sql == facts[base].sql;
    }
}

/* ---- reading a field ---- */

#define LOAD(type, field)                                                                                              \
    __extension__({                                                                                                    \
        type loaded_;                                                                                                  \
        memcpy(&loaded_, (field), sizeof loaded_);                                                                     \
        loaded_;                                                                                                       \
    })

static ath_value load_integer(unsigned base, const void *field) {
    ath_value value = {.kind = ATH_KIND_INT};
    switch (base) {
    case ATH_C_I16:
        value.as.i = LOAD(int16_t, field);
        break;
    case ATH_C_I32:
        value.as.i = LOAD(int32_t, field);
        break;
    case ATH_C_U16:
        value.as.i = LOAD(uint16_t, field);
        break;
    case ATH_C_U32:
        value.as.i = LOAD(uint32_t, field);
        break;
    case ATH_C_U64:
        value.as.u = LOAD(uint64_t, field);
        if (value.as.u > INT64_MAX)
            value.kind = ATH_KIND_UINT;
        break;
    default:
        value.as.i = LOAD(int64_t, field);
    }
    return value;
}

static ath_status load_label(ath_value number, const ath_type *type, ath_value *out, ath_error *error) {
    if (number.kind != ATH_KIND_INT || number.as.i < 0 || number.as.i >= (int64_t)type->name_count)
        return ath__fail(error, ATH_DATA, "an enum's value has no label");
    const char *label = type->names[number.as.i];
    *out = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {label, strlen(label)}};
    return ATH_OK;
}

static ath_status load_text(unsigned base, size_t field_size, const void *field, ath_value *out, ath_error *error) {
    const char *text = base == ATH_C_CHARS ? field : LOAD(const char *, field);
    if (text == NULL) {
        *out = (ath_value){.kind = ATH_KIND_NULL};
        return ATH_OK;
    }
    size_t size = base == ATH_C_CHARS ? strnlen(text, field_size) : strlen(text);
    if (base == ATH_C_CHARS && size == field_size)
        return ath__fail(error, ATH_DATA, "char[%zu] without a NUL", field_size);
    *out = (ath_value){.kind = facts[base].kind, .as.text = {text, size}};
    return ATH_OK;
}

static ath_status load_decimal(const void *field, ath_value *out, ath_error *error) {
    ath_value value = {.kind = ATH_KIND_DECIMAL};
    memcpy(&value.as.decimal, field, sizeof value.as.decimal);
    ath_decimal same;
    if (ath_decimal_rescale(value.as.decimal, value.as.decimal.scale, &same) != ATH_OK)
        return ath__fail(error, ATH_DATA, "a decimal has more than 38 digits");
    *out = value;
    return ATH_OK;
}

static ath_status load_bytes(const void *field, ath_value *out) {
    ath_bytes bytes = LOAD(ath_bytes, field);
    *out = (ath_value){.kind = ATH_KIND_NULL};
    if (bytes.data != NULL)
        *out = (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = bytes};
    return ATH_OK;
}

static ath_status load_plain(unsigned base, const void *field, ath_value *out, ath_error *error) {
    ath_value value = {.kind = facts[base].kind};
    memcpy(&value.as, field, facts[base].size);
    if (base == ATH_C_F32)
        value.as.d = (double)LOAD(float, field);
    if (base == ATH_C_TIME && (value.as.time.us < 0 || value.as.time.us >= INT64_C(86400000000)))
        return ath__fail(error, ATH_DATA, "a time of day is out of range");
    *out = value;
    return ATH_OK;
}

ath_status ath__field_get(ath_ctype ctype, size_t field_size, const ath_type *type, const void *field, ath_value *out,
                          ath_error *error) {
    unsigned base = base_of(ctype);
    if (is_optional(ctype) && !LOAD(bool, (const char *)field + facts[base].has_at)) {
        *out = (ath_value){.kind = ATH_KIND_NULL};
        return ATH_OK;
    }
    switch (base) {
    case ATH_C_TEXT:
    case ATH_C_CHARS:
    case ATH_C_JSON:
        return load_text(base, field_size, field, out, error);
    case ATH_C_BYTES:
        return load_bytes(field, out);
    case ATH_C_DECIMAL:
        return load_decimal(field, out, error);
    default:
        if (!is_integer(base))
            return load_plain(base, field, out, error);
        if (is_enum(type))
            return load_label(load_integer(base, field), type, out, error);
        *out = load_integer(base, field);
        return ATH_OK;
    }
}

/* ---- writing a field ---- */

static ath_status misfit(unsigned base, const ath_value *in, const char *why, ath_error *error) {
    return ath__fail(error, ATH_DATA, "%s does not fit %s: %s", ath__kind_name(in->kind),
                     ath__ctype_name((ath_ctype)base), why);
}

static ath_status store_integer(unsigned base, void *field, const ath_value *in, ath_error *error) {
    static const struct {
        int64_t least;
        uint64_t most;
    } range[CTYPE_COUNT] = {
        [ATH_C_I16] = {INT16_MIN, INT16_MAX}, [ATH_C_I32] = {INT32_MIN, INT32_MAX},
        [ATH_C_I64] = {INT64_MIN, INT64_MAX}, [ATH_C_U16] = {0, UINT16_MAX},
        [ATH_C_U32] = {0, UINT32_MAX},        [ATH_C_U64] = {0, UINT64_MAX},
    };
    bool above_zero = in->kind == ATH_KIND_UINT || in->as.i >= 0;
    if (above_zero ? in->as.u > range[base].most : in->as.i < range[base].least)
        return misfit(base, in, "out of range", error);
    /* Narrowing keeps the low bits, signed or not. */
    if (facts[base].size == sizeof(uint64_t)) {
        memcpy(field, &in->as.u, sizeof in->as.u);
    } else if (facts[base].size == sizeof(uint32_t)) {
        uint32_t narrow = (uint32_t)in->as.u;
        memcpy(field, &narrow, sizeof narrow);
    } else {
        uint16_t narrow = (uint16_t)in->as.u;
        memcpy(field, &narrow, sizeof narrow);
    }
    return ATH_OK;
}

static ath_status store_real(unsigned base, void *field, const ath_value *in, ath_error *error) {
    if (base == ATH_C_F64) {
        memcpy(field, &in->as.d, sizeof in->as.d);
        return ATH_OK;
    }
    if (isfinite(in->as.d) && !ath__is_float(in->as.d))
        return misfit(base, in, "out of range", error);
    float narrow = (float)in->as.d;
    memcpy(field, &narrow, sizeof narrow);
    return ATH_OK;
}

/* A database without decimals drops the zeros behind the point; the column's scale brings them back. */
static ath_status store_decimal(const ath_type *type, void *field, const ath_value *in) {
    ath_decimal decimal = in->as.decimal;
    if (type != NULL && type->sql == ATH_SQL_NUMERIC && type->precision > 0 && decimal.scale != type->scale)
        (void)ath_decimal_rescale(decimal, type->scale, &decimal); /* on failure it keeps its own scale */
    memcpy(field, &decimal, sizeof decimal);
    return ATH_OK;
}

static ath_status store_text(unsigned base, size_t field_size, void *field, const ath_value *in, ath__arena *arena,
                             ath_error *error) {
    const char *data = in->as.text.data;
    size_t size = in->as.text.size;
    if (!ath__utf8_valid(data, size))
        return misfit(base, in, "not UTF-8", error);
    if (size > 0 && memchr(data, '\0', size) != NULL)
        return misfit(base, in, "a NUL inside", error);
    char *copy = field;
    if (base != ATH_C_CHARS) {
        copy = ath__arena_bytes(arena, size + 1);
        if (copy == NULL)
            return ath__fail_memory(error);
        memcpy(field, &copy, sizeof copy);
    } else if (size >= field_size) {
        return misfit(base, in, "too long", error);
    }
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return ATH_OK;
}

static ath_status store_bytes(void *field, const ath_value *in, ath__arena *arena, ath_error *error) {
    char *copy = ath__arena_strn(arena, in->as.bytes.data, in->as.bytes.size);
    if (copy == NULL)
        return ath__fail_memory(error);
    ath_bytes bytes = {copy, in->as.bytes.size};
    memcpy(field, &bytes, sizeof bytes);
    return ATH_OK;
}

/* The value has the field's kind. */
static ath_status store(unsigned base, size_t field_size, const ath_type *type, void *field, const ath_value *in,
                        ath__arena *arena, ath_error *error) {
    switch (base) {
    case ATH_C_I64:
        if (in->kind != ATH_KIND_INT)
            return store_integer(base, field, in, error);
        memcpy(field, &in->as.i, sizeof in->as.i);
        return ATH_OK;
    case ATH_C_DATETIME:
    case ATH_C_TIMESTAMP:
        memcpy(field, &in->as.datetime, sizeof in->as.datetime);
        return ATH_OK;
    case ATH_C_I16:
    case ATH_C_I32:
    case ATH_C_U16:
    case ATH_C_U32:
    case ATH_C_U64:
        return store_integer(base, field, in, error);
    case ATH_C_TEXT:
    case ATH_C_CHARS:
    case ATH_C_JSON:
        return store_text(base, field_size, field, in, arena, error);
    case ATH_C_BYTES:
        return store_bytes(field, in, arena, error);
    case ATH_C_F32:
    case ATH_C_F64:
        return store_real(base, field, in, error);
    case ATH_C_DECIMAL:
        return store_decimal(type, field, in);
    case ATH_C_TIME:
        if (in->as.time.us < 0 || in->as.time.us >= INT64_C(86400000000))
            return misfit(base, in, "out of range", error);
        break;
    default:
        break;
    }
    memcpy(field, &in->as, facts[base].size);
    return ATH_OK;
}

static ath_status store_null(unsigned base, bool optional, void *field, ath_error *error) {
    if (optional)
        memset(field, 0, facts[base].optional_size);
    else if (base == ATH_C_TEXT || base == ATH_C_BYTES || base == ATH_C_JSON)
        memset(field, 0, facts[base].size);
    else
        return ath__fail(error, ATH_DATA, "NULL does not fit %s", ath__ctype_name((ath_ctype)base));
    return ATH_OK;
}

/* An enum column's label or number, as what the field keeps: a number, or the label. */
static ath_status convert_label(unsigned base, const ath_type *type, const ath_value *in, ath_value *out,
                                ath_error *error) {
    ath_value label = *in;
    ATH_TRY(ath__value_coerce(&label, type, NULL, error));
    *out = label;
    if (!is_integer(base))
        return ATH_OK;
    for (uint32_t i = 0; i < type->name_count; i++) {
        size_t size = strlen(type->names[i]);
        if (size == label.as.text.size && memcmp(type->names[i], label.as.text.data, size) == 0) {
            *out = (ath_value){.kind = ATH_KIND_INT, .as.i = i};
            return ATH_OK;
        }
    }
    return misfit(base, in, "no such label", error);
}

/* SQLite makes a JSON column's bare number a number, and keeps what it is given where a column has no type. */
static size_t number_text(const ath_value *in, char out[ATH__REAL_TEXT]) {
    if (in->kind == ATH_KIND_REAL)
        return isfinite(in->as.d) ? ath__real_format(in->as.d, 0, out) : 0;
    if (in->kind == ATH_KIND_INT)
        return (size_t)snprintf(out, ATH__REAL_TEXT, "%lld", (long long)in->as.i);
    return 0;
}

static __attribute__((noinline)) ath_status store_converted(unsigned base, size_t field_size, const ath_type *type,
                                                            void *field, const ath_value *in, ath__arena *arena,
                                                            ath_error *error) {
    ath_value made;
    char text[ATH__REAL_TEXT];
    bool is_text = base == ATH_C_TEXT || base == ATH_C_CHARS;
    bool json = base == ATH_C_JSON || (is_text && type != NULL && (type->sql == ATH_SQL_JSON || is_opaque(type->sql)));
    size_t size = json ? number_text(in, text) : 0;
    if (size > 0)
        made = (ath_value){.kind = facts[base].kind, .as.text = {text, size}};
    else if (json && in->kind == ATH_KIND_BYTES)
        made = (ath_value){.kind = facts[base].kind, .as.text = {in->as.bytes.data, in->as.bytes.size}};
    else if (is_enum(type) && facts[base].kind != ATH_KIND_BOOL)
        ATH_TRY(convert_label(base, type, in, &made, error));
    else
        ATH_TRY(ath__value_convert(in, facts[base].kind, &made, error));
    return store(base, field_size, type, field, &made, arena, error);
}

ath_status ath__field_set(ath_ctype ctype, size_t field_size, const ath_type *type, void *field, const ath_value *in,
                          ath__arena *arena, ath_error *error) {
    unsigned base = base_of(ctype);
    bool optional = is_optional(ctype);
    ath_status status;
    if (in->kind == facts[base].kind && !is_enum(type))
        status = store(base, field_size, type, field, in, arena, error);
    else if (in->kind == ATH_KIND_NULL)
        return store_null(base, optional, field, error);
    else
        status = store_converted(base, field_size, type, field, in, arena, error);
    if (optional && status == ATH_OK)
        *((bool *)field + facts[base].has_at) = true;
    return status;
}

/* ---- comparing fields ---- */

size_t ath__field_spans(ath_ctype ctype, size_t field_size, ath__span out[2]) {
    unsigned base = base_of(ctype);
    size_t size = base == ATH_C_CHARS ? field_size : facts[base].size;
    if (base == ATH_C_DECIMAL)
        size = offsetof(ath_decimal, negative) + sizeof(bool);
    out[0] = (ath__span){0, (uint32_t)size, base == ATH_C_CHARS};
    if (!is_optional(ctype))
        return 1;
    out[1] = (ath__span){(uint32_t)facts[base].has_at, sizeof(bool), false};
    return 2;
}

static bool texts_equal(const void *a, const void *b) {
    const char *x = LOAD(const char *, a), *y = LOAD(const char *, b);
    return x == y || (x != NULL && y != NULL && strcmp(x, y) == 0);
}

static bool blobs_equal(const void *a, const void *b) {
    ath_bytes x = LOAD(ath_bytes, a), y = LOAD(ath_bytes, b);
    if (x.data == NULL || y.data == NULL)
        return x.data == y.data;
    return x.size == y.size && memcmp(x.data, y.data, x.size) == 0;
}

static bool floats_equal(unsigned base, const void *a, const void *b) {
    double x = base == ATH_C_F32 ? (double)LOAD(float, a) : LOAD(double, a);
    double y = base == ATH_C_F32 ? (double)LOAD(float, b) : LOAD(double, b);
    return isnan(x) || isnan(y) ? isnan(x) && isnan(y) : !(x < y) && !(x > y);
}

bool ath__field_equal(ath_ctype ctype, size_t field_size, const void *a, const void *b) {
    unsigned base = base_of(ctype);
    if (is_optional(ctype)) {
        bool has_a = LOAD(bool, (const char *)a + facts[base].has_at);
        bool has_b = LOAD(bool, (const char *)b + facts[base].has_at);
        if (!has_a || !has_b)
            return has_a == has_b;
    }
    switch (base) {
    case ATH_C_TEXT:
    case ATH_C_JSON:
        return texts_equal(a, b);
    case ATH_C_CHARS:
        return strncmp(a, b, field_size) == 0;
    case ATH_C_BYTES:
        return blobs_equal(a, b);
    case ATH_C_F32:
    case ATH_C_F64:
        return floats_equal(base, a, b);
    case ATH_C_DECIMAL:
        return ath_decimal_compare(LOAD(ath_decimal, a), LOAD(ath_decimal, b)) == 0;
    default:
        return memcmp(a, b, facts[base].size) == 0;
    }
}
