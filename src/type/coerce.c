/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 3, values: makes a value fit the column it is sent to, or says why it does not; and the conversions between kinds
 * that loading (codec.c) needs as well.  Borrows text and bytes, allocates nothing.
 *
 * The one idea: what a *program* may send is a subset of what a *database* may offer.  `ath__value_convert` knows all
 * that can be converted without loss; `accepted` says which of it a column takes from a program.
 */
#include <math.h>
#include <string.h>

#include "type/type.h"

/* ---- conversions ---- */

static bool bytes_equal(const void *a, size_t a_size, const void *b, size_t b_size) {
    return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static ath_status refuse(const ath_value *in, ath_kind kind, const char *why, ath_error *error) {
    return ath__fail(error, ATH_DATA, "%s is no %s%s%s", ath__kind_name(in->kind), ath__kind_name(kind),
                     why == NULL ? "" : ": ", why == NULL ? "" : why);
}

static ath_value from_u64(uint64_t u) {
    if (u <= INT64_MAX)
        return (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)u};
    return (ath_value){.kind = ATH_KIND_UINT, .as.u = u};
}

static ath_status to_bool(const ath_value *in, ath_value *out, ath_error *error) {
    if (in->kind != ATH_KIND_INT)
        return refuse(in, ATH_KIND_BOOL, NULL, error);
    if (in->as.i != 0 && in->as.i != 1)
        return refuse(in, ATH_KIND_BOOL, "neither 0 nor 1", error);
    *out = (ath_value){.kind = ATH_KIND_BOOL, .as.b = in->as.i == 1};
    return ATH_OK;
}

static ath_status real_to_integer(const ath_value *in, ath_value *out, ath_error *error) {
    double d = in->as.d;
    if (!(d >= -0x1p63 && d < 0x1p64))
        return refuse(in, ATH_KIND_INT, "out of range", error);
    double whole = fabs(d) < 0x1p53 ? (double)(int64_t)d : d; /* beyond 2^53 there are no fractions */
    if (whole < d || whole > d)
        return refuse(in, ATH_KIND_INT, "it has a fraction", error);
    *out = d < 0 ? (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)d} : from_u64((uint64_t)d);
    return ATH_OK;
}

static ath_status decimal_to_integer(const ath_value *in, ath_value *out, ath_error *error) {
    ath_decimal whole;
    if (ath_decimal_rescale(in->as.decimal, 0, &whole) != ATH_OK)
        return refuse(in, ATH_KIND_INT, "it has a fraction", error);
    if (whole.high != 0 || (whole.negative && whole.low > UINT64_C(1) << 63))
        return refuse(in, ATH_KIND_INT, "out of range", error);
    if (whole.negative)
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)-whole.low};
    else
        *out = from_u64(whole.low);
    return ATH_OK;
}

static ath_status to_integer(const ath_value *in, ath_value *out, ath_error *error) {
    switch (in->kind) {
    case ATH_KIND_BOOL:
        *out = from_u64(in->as.b ? 1 : 0);
        return ATH_OK;
    case ATH_KIND_UINT:
        *out = from_u64(in->as.u);
        return ATH_OK;
    case ATH_KIND_REAL:
        return real_to_integer(in, out, error);
    case ATH_KIND_DECIMAL:
        return decimal_to_integer(in, out, error);
    default:
        return refuse(in, ATH_KIND_INT, NULL, error);
    }
}

static ath_status to_real(const ath_value *in, ath_value *out, ath_error *error) {
    double d;
    if (in->kind == ATH_KIND_INT)
        d = (double)in->as.i;
    else if (in->kind == ATH_KIND_UINT)
        d = (double)in->as.u;
    else if (in->kind == ATH_KIND_DECIMAL)
        d = ath_decimal_to_double(in->as.decimal);
    else
        return refuse(in, ATH_KIND_REAL, NULL, error);
    *out = (ath_value){.kind = ATH_KIND_REAL, .as.d = d};
    return ATH_OK;
}

static ath_status to_decimal(const ath_value *in, ath_value *out, ath_error *error) {
    ath_decimal decimal;
    ath_status status = ATH_OK;
    char text[ATH__REAL_TEXT];
    switch (in->kind) {
    case ATH_KIND_INT:
        decimal = ath_decimal_from_int(in->as.i);
        break;
    case ATH_KIND_UINT:
        decimal = (ath_decimal){.low = in->as.u};
        break;
    case ATH_KIND_REAL:
        status = ath_decimal_parse(text, ath__real_format(in->as.d, 15, text), &decimal);
        break;
    case ATH_KIND_TEXT:
        status = ath_decimal_parse(in->as.text.data, in->as.text.size, &decimal);
        break;
    default:
        status = ATH_DATA;
    }
    if (status != ATH_OK)
        return refuse(in, ATH_KIND_DECIMAL, NULL, error);
    *out = (ath_value){.kind = ATH_KIND_DECIMAL, .as.decimal = decimal};
    return ATH_OK;
}

static ath_status parse_text(ath_str text, ath_kind kind, ath_value *out) {
    switch (kind) {
    case ATH_KIND_DATE:
        return ath_date_parse(text.data, text.size, &out->as.date);
    case ATH_KIND_TIME:
        return ath_time_parse(text.data, text.size, &out->as.time);
    case ATH_KIND_DATETIME:
        return ath_datetime_parse(text.data, text.size, &out->as.datetime);
    case ATH_KIND_TIMESTAMP:
        return ath_timestamp_parse(text.data, text.size, &out->as.timestamp);
    case ATH_KIND_INTERVAL:
        return ath_interval_parse(text.data, text.size, &out->as.interval);
    case ATH_KIND_UUID:
        return ath_uuid_parse(text.data, text.size, &out->as.uuid);
    default:
        return ATH_DATA;
    }
}

/* The kinds that text is parsed into, and the two that a neighbouring kind can stand for. */
static ath_status to_parsed(const ath_value *in, ath_kind kind, ath_value *out, ath_error *error) {
    ath_value made = {.kind = kind};
    if (in->kind == ATH_KIND_TEXT) {
        if (parse_text(in->as.text, kind, &made) != ATH_OK)
            return refuse(in, kind, "not in its form", error);
    } else if (kind == ATH_KIND_TIMESTAMP && in->kind == ATH_KIND_DATETIME) {
        made.as.timestamp = ath_datetime_as_utc(in->as.datetime);
    } else if (kind == ATH_KIND_UUID && in->kind == ATH_KIND_BYTES) {
        if (in->as.bytes.size != sizeof made.as.uuid.bytes)
            return refuse(in, kind, "not 16 bytes", error);
        memcpy(made.as.uuid.bytes, in->as.bytes.data, sizeof made.as.uuid.bytes);
    } else {
        return refuse(in, kind, NULL, error);
    }
    *out = made;
    return ATH_OK;
}

/* Text, JSON and bytes differ in their tag only. */
static ath_status to_borrowed(const ath_value *in, ath_kind kind, ath_value *out, ath_error *error) {
    if (kind == ATH_KIND_BYTES && in->kind == ATH_KIND_TEXT) {
        *out = (ath_value){.kind = kind, .as.bytes = {in->as.text.data, in->as.text.size}};
    } else if ((kind == ATH_KIND_JSON && in->kind == ATH_KIND_TEXT) ||
               (kind == ATH_KIND_TEXT && in->kind == ATH_KIND_JSON)) {
        *out = (ath_value){.kind = kind, .as.text = in->as.text};
    } else if (kind == ATH_KIND_JSON && in->kind == ATH_KIND_BYTES) { /* SQLite keeps bare numbers so */
        *out = (ath_value){.kind = kind, .as.text = {in->as.bytes.data, in->as.bytes.size}};
    } else {
        return refuse(in, kind, NULL, error);
    }
    return ATH_OK;
}

ath_status ath__value_convert(const ath_value *in, ath_kind kind, ath_value *out, ath_error *error) {
    if (in->kind == kind || in->kind == ATH_KIND_NULL) {
        *out = *in;
        return ATH_OK;
    }
    switch (kind) {
    case ATH_KIND_NULL:
        return refuse(in, kind, NULL, error);
    case ATH_KIND_BOOL:
        return to_bool(in, out, error);
    case ATH_KIND_INT:
    case ATH_KIND_UINT:
        return to_integer(in, out, error);
    case ATH_KIND_REAL:
        return to_real(in, out, error);
    case ATH_KIND_DECIMAL:
        return to_decimal(in, out, error);
    case ATH_KIND_TEXT:
    case ATH_KIND_BYTES:
    case ATH_KIND_JSON:
        return to_borrowed(in, kind, out, error);
    default:
        return to_parsed(in, kind, out, error);
    }
}

/* ---- columns ---- */

#define BIT(kind) (1U << ATH_KIND_##kind)

/* What a column of each type is sent as, and which kinds it takes from a program. */
static const struct {
    ath_kind kind;
    uint32_t accepted;
} columns[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_BOOLEAN] = {ATH_KIND_BOOL, BIT(BOOL) | BIT(INT)},
    [ATH_SQL_SMALLINT] = {ATH_KIND_INT, BIT(INT) | BIT(UINT) | BIT(BOOL)},
    [ATH_SQL_INTEGER] = {ATH_KIND_INT, BIT(INT) | BIT(UINT) | BIT(BOOL)},
    [ATH_SQL_BIGINT] = {ATH_KIND_INT, BIT(INT) | BIT(UINT) | BIT(BOOL)},
    [ATH_SQL_FLOAT] = {ATH_KIND_REAL, BIT(REAL) | BIT(INT) | BIT(UINT) | BIT(DECIMAL)},
    [ATH_SQL_DOUBLE] = {ATH_KIND_REAL, BIT(REAL) | BIT(INT) | BIT(UINT) | BIT(DECIMAL)},
    [ATH_SQL_NUMERIC] = {ATH_KIND_DECIMAL, BIT(DECIMAL) | BIT(INT) | BIT(UINT) | BIT(REAL) | BIT(TEXT)},
    [ATH_SQL_STRING] = {ATH_KIND_TEXT, BIT(TEXT)},
    [ATH_SQL_TEXT] = {ATH_KIND_TEXT, BIT(TEXT)},
    [ATH_SQL_BINARY] = {ATH_KIND_BYTES, BIT(BYTES)},
    [ATH_SQL_DATE] = {ATH_KIND_DATE, BIT(DATE) | BIT(TEXT)},
    [ATH_SQL_TIME] = {ATH_KIND_TIME, BIT(TIME) | BIT(TEXT)},
    [ATH_SQL_DATETIME] = {ATH_KIND_DATETIME, BIT(DATETIME) | BIT(TEXT)},
    [ATH_SQL_TIMESTAMP] = {ATH_KIND_TIMESTAMP, BIT(TIMESTAMP) | BIT(TEXT)},
    [ATH_SQL_INTERVAL] = {ATH_KIND_INTERVAL, BIT(INTERVAL) | BIT(TEXT)},
    [ATH_SQL_UUID] = {ATH_KIND_UUID, BIT(UUID) | BIT(TEXT) | BIT(BYTES)},
    [ATH_SQL_JSON] = {ATH_KIND_JSON, BIT(JSON) | BIT(TEXT)},
    [ATH_SQL_ENUM] = {ATH_KIND_TEXT, BIT(TEXT) | BIT(INT)},
    [ATH_SQL_ARRAY] = {ATH_KIND_TEXT, BIT(TEXT)},
    [ATH_SQL_NAMED] = {ATH_KIND_TEXT, BIT(TEXT)},
};

/* `given` is the value as the program sent it. */
static ath_status misfit(const ath_value *given, const ath_type *type, const char *why, ath_error *error) {
    return ath__fail(error, ATH_DATA, "%s does not fit %s: %s", ath__kind_name(given->kind),
                     ath__sql_type_name(type->sql), why);
}

static ath_status check_integer(const ath_value *value, const ath_type *type, ath_error *error) {
    int bits = type->sql == ATH_SQL_SMALLINT ? 16 : type->sql == ATH_SQL_INTEGER ? 32 : 64;
    bool fits;
    if (type->is_unsigned) {
        uint64_t most = UINT64_MAX >> (64 - bits);
        fits = value->kind == ATH_KIND_UINT ? value->as.u <= most : value->as.i >= 0 && (uint64_t)value->as.i <= most;
    } else {
        int64_t most = INT64_MAX >> (64 - bits);
        fits = value->kind == ATH_KIND_INT && value->as.i <= most && value->as.i >= -most - 1;
    }
    return fits ? ATH_OK : misfit(value, type, "out of range", error);
}

static ath_status check_decimal(ath_value *value, const ath_value *given, const ath_type *type, ath_error *error) {
    ath_decimal *decimal = &value->as.decimal;
    uint8_t scale = type->precision == 0 ? decimal->scale : type->scale;
    if (ath_decimal_rescale(*decimal, scale, decimal) != ATH_OK)
        return misfit(given, type, "too many digits", error);
    if (type->precision == 0 || type->precision >= 38)
        return ATH_OK;
    /* precision digits at this scale: below 10^precision units */
    ath_decimal limit, units = *decimal;
    char power[4] = {'1', 'e', (char)('0' + type->precision / 10), (char)('0' + type->precision % 10)};
    ATH_TRY(ath_decimal_parse(power, sizeof power, &limit));
    units.scale = 0;
    units.negative = false;
    return ath_decimal_compare(units, limit) < 0 ? ATH_OK : misfit(given, type, "too many digits", error);
}

static ath_status check_text(const ath_value *value, const ath_value *given, const ath_type *type, ath_error *error) {
    ath_str text = value->as.text;
    if (!ath__utf8_valid(text.data, text.size))
        return misfit(given, type, "not UTF-8", error);
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL)
        return misfit(given, type, "a NUL inside", error);
    /* As many bytes as characters allowed always fit: no need to count. */
    if (type->sql == ATH_SQL_STRING && type->length > 0 && text.size > type->length &&
        ath__utf8_length(text.data, text.size) > type->length)
        return misfit(given, type, "too long", error);
    return ATH_OK;
}

static ath_status check_label(ath_value *value, const ath_type *type, ath_error *error) {
    if (value->kind == ATH_KIND_INT) {
        if (value->as.i < 0 || value->as.i >= (int64_t)type->name_count)
            return misfit(value, type, "no label has this number", error);
        const char *label = type->names[value->as.i];
        *value = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {label, strlen(label)}};
        return ATH_OK;
    }
    if (type->name_count == 0) /* an enum whose labels nobody named */
        return check_text(value, value, type, error);
    for (uint32_t i = 0; i < type->name_count; i++) {
        if (bytes_equal(type->names[i], strlen(type->names[i]), value->as.text.data, value->as.text.size))
            return ATH_OK;
    }
    return misfit(value, type, "no such label", error);
}

/* What is left to check once the kind is right. */
static ath_status check_column(ath_value *value, const ath_value *given, const ath_type *type, ath_error *error) {
    switch (type->sql) {
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        return check_integer(value, type, error);
    case ATH_SQL_NUMERIC:
        return check_decimal(value, given, type, error);
    case ATH_SQL_STRING:
    case ATH_SQL_TEXT:
    case ATH_SQL_JSON:
    case ATH_SQL_ARRAY:
    case ATH_SQL_NAMED:
        return check_text(value, given, type, error);
    case ATH_SQL_BINARY:
        if (type->length > 0 && value->as.bytes.size > type->length)
            return misfit(given, type, "too long", error);
        return ATH_OK;
    case ATH_SQL_TIME:
        if (value->as.time.us < 0 || value->as.time.us >= INT64_C(86400000000))
            return misfit(given, type, "no time of day", error);
        return ATH_OK;
    default:
        return ATH_OK;
    }
}

ath_status ath__value_coerce(ath_value *value, const ath_type *type, ath__arena *arena, ath_error *error) {
    (void)arena; /* everything so far fits into the value itself */
    if (value->kind == ATH_KIND_NULL || type->sql == ATH_SQL_INFER)
        return ATH_OK;
    if ((columns[type->sql].accepted >> value->kind & 1) == 0)
        return misfit(value, type, "no such value belongs there", error);
    if (type->sql == ATH_SQL_ENUM)
        return check_label(value, type, error);
    ath_value made;
    ATH_TRY(ath__value_convert(value, columns[type->sql].kind, &made, error));
    ATH_TRY(check_column(&made, value, type, error));
    *value = made;
    return ATH_OK;
}

/* ---- equality ---- */

static bool is_number(ath_kind kind) {
    return kind == ATH_KIND_INT || kind == ATH_KIND_UINT || kind == ATH_KIND_REAL || kind == ATH_KIND_DECIMAL;
}

static bool reals_equal(double a, double b) {
    return (isnan(a) && isnan(b)) || (!(a < b) && !(a > b) && !isnan(a) && !isnan(b));
}

/* Numbers of different kinds.  Integers and decimals compare exactly; a real equals the integer it exactly is. */
static bool numbers_equal(const ath_value *a, const ath_value *b) {
    ath_value x = *a, y = *b; /* as integers, where they are */
    if (a->kind == ATH_KIND_REAL && b->kind == ATH_KIND_DECIMAL)
        return reals_equal(a->as.d, ath_decimal_to_double(b->as.decimal));
    if (a->kind == ATH_KIND_DECIMAL && b->kind == ATH_KIND_REAL)
        return numbers_equal(b, a);
    (void)to_integer(a, &x, NULL);
    (void)to_integer(b, &y, NULL);
    return x.kind == y.kind && is_number(x.kind) && ath__value_equal(&x, &y);
}

bool ath__value_equal(const ath_value *a, const ath_value *b) {
    if (a->kind != b->kind)
        return is_number(a->kind) && is_number(b->kind) && numbers_equal(a, b);
    switch (a->kind) {
    case ATH_KIND_NULL:
        return true;
    case ATH_KIND_BOOL:
        return a->as.b == b->as.b;
    case ATH_KIND_INT:
    case ATH_KIND_UINT:
        return a->as.u == b->as.u;
    case ATH_KIND_REAL:
        return reals_equal(a->as.d, b->as.d);
    case ATH_KIND_DECIMAL:
        return ath_decimal_compare(a->as.decimal, b->as.decimal) == 0;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        return bytes_equal(a->as.text.data, a->as.text.size, b->as.text.data, b->as.text.size);
    case ATH_KIND_BYTES:
        return bytes_equal(a->as.bytes.data, a->as.bytes.size, b->as.bytes.data, b->as.bytes.size);
    case ATH_KIND_DATE:
        return a->as.date.days == b->as.date.days;
    case ATH_KIND_TIME:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        return a->as.datetime.us == b->as.datetime.us;
    case ATH_KIND_INTERVAL:
        return a->as.interval.months == b->as.interval.months && a->as.interval.days == b->as.interval.days &&
               a->as.interval.us == b->as.interval.us;
    case ATH_KIND_UUID:
        return memcmp(a->as.uuid.bytes, b->as.uuid.bytes, sizeof a->as.uuid.bytes) == 0;
    case ATH_KIND_ARRAY: /* only ever bound */
        break;
    }
    return false;
}
