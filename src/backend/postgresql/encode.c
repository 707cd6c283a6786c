/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 3 on PostgreSQL: a value becomes the bytes of the type that its parameter has.
 *
 * Values go in binary where their kind and the type are of one family, as text where the server reads that better (labels
 * of enums, ISO dates for a date, numbers for types that are not known here).  A value of another family (2.5 beside an
 * integer column) is not bent: the caller declares the parameter anew by the value's kind, and the server decides.
 *
 * Dates and times count from 2000-01-01; what is naive counts as UTC where a moment is asked for.
 */
#include <float.h>
#include <math.h>

#include "backend/postgresql/postgresql.h"

__extension__ typedef unsigned __int128 u128;

/* Where an encoded value goes. */
typedef struct coding {
    const ath_value *value;
    char *slot, *text;
    const char **data;
    size_t *size;
    ath_error *error;
} coding;

static ath__pg_coded failed(const coding *c, const char *why) {
    ath__fail(c->error, ATH_DATA, "%s cannot be sent to PostgreSQL: %s", ath__kind_name(c->value->kind), why);
    return ATH__CODED_FAILED;
}

/* ---- fixed sizes ---- */

static ath__pg_coded in_slot(const coding *c, size_t size) {
    *c->data = c->slot;
    *c->size = size;
    return ATH__CODED_BINARY;
}

static ath__pg_coded put16(const coding *c, int64_t n) {
    ath__pg_put16(c->slot, (uint16_t)n);
    return in_slot(c, 2);
}

static ath__pg_coded put32(const coding *c, int64_t n) {
    ath__pg_put32(c->slot, (uint32_t)n);
    return in_slot(c, 4);
}

static ath__pg_coded put64(const coding *c, int64_t n) {
    ath__pg_put64(c->slot, (uint64_t)n);
    return in_slot(c, 8);
}

static ath__pg_coded put_double(const coding *c, double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    ath__pg_put64(c->slot, bits);
    return in_slot(c, 8);
}

static ath__pg_coded put_float(const coding *c, double d) {
    uint32_t bits;
    if (isfinite(d) && fabs(d) > (double)FLT_MAX)
        return failed(c, "it is out of range for real");
    float narrow = (float)d;
    memcpy(&bits, &narrow, sizeof bits);
    ath__pg_put32(c->slot, bits);
    return in_slot(c, 4);
}

/* ---- numbers ---- */

/* A whole number of at most 64 bits; UINT only up to INT64_MAX. */
static bool whole(const ath_value *v, int64_t *out) {
    if (v->kind == ATH_KIND_BOOL)
        *out = v->as.b;
    else
        *out = v->as.i;
    return v->kind == ATH_KIND_BOOL || v->kind == ATH_KIND_INT || (v->kind == ATH_KIND_UINT && v->as.i >= 0);
}

static ath__pg_coded integer(const coding *c, Oid oid) {
    int64_t n;
    if (!whole(c->value, &n))
        return ATH__CODED_OTHER;
    switch (oid) {
    case ATH__OID_INT2:
        return n >= INT16_MIN && n <= INT16_MAX ? put16(c, n) : ATH__CODED_OTHER;
    case ATH__OID_INT4:
        return n >= INT32_MIN && n <= INT32_MAX ? put32(c, n) : ATH__CODED_OTHER;
    case ATH__OID_OID:
        return n >= 0 && n <= UINT32_MAX ? put32(c, n) : ATH__CODED_OTHER;
    default:
        return put64(c, n);
    }
}

static ath__pg_coded boolean(const coding *c) {
    int64_t n;
    if (!whole(c->value, &n) || n < 0 || n > 1)
        return ATH__CODED_OTHER;
    c->slot[0] = (char)n;
    return in_slot(c, 1);
}

static ath__pg_coded real(const coding *c, Oid oid) {
    double d;
    switch (c->value->kind) {
    case ATH_KIND_REAL:
        d = c->value->as.d;
        break;
    case ATH_KIND_INT:
        d = (double)c->value->as.i;
        break;
    case ATH_KIND_UINT:
        d = (double)c->value->as.u;
        break;
    default:
        return ATH__CODED_OTHER;
    }
    return oid == ATH__OID_FLOAT4 ? put_float(c, d) : put_double(c, d);
}

/* Groups of four digits, aligned at the point, without zeros at the ends. */
size_t ath__pg_encode_numeric(ath_decimal decimal, char *slot) {
    static const uint16_t powers[] = {1, 10, 100, 1000};
    u128 m = (u128)decimal.high << 64 | decimal.low;
    uint16_t groups[12];
    size_t count = 0, trailing = 0;
    unsigned odd = decimal.scale % 4, below = ((unsigned)decimal.scale + 3) / 4; /* groups behind the point */
    if (odd) { /* the last group has fewer digits than four: zeros fill it up */
        groups[count++] = (uint16_t)((unsigned)(m % powers[odd]) * powers[4 - odd]);
        m /= powers[odd];
    }
    for (; m >> 64; m /= 10000)
        groups[count++] = (uint16_t)(m % 10000);
    for (uint64_t low = (uint64_t)m; low; low /= 10000)
        groups[count++] = (uint16_t)(low % 10000);
    while (count && groups[count - 1] == 0)
        count--;
    while (trailing < count && groups[trailing] == 0)
        trailing++;
    ath__pg_put16(slot, (uint16_t)(count - trailing));
    ath__pg_put16(slot + 2, (uint16_t)(count ? (int)count - 1 - (int)below : 0));
    ath__pg_put16(slot + 4, decimal.negative && count ? 0x4000 : 0);
    ath__pg_put16(slot + 6, decimal.scale);
    size_t size = 8;
    for (size_t i = count; i > trailing; i--, size += 2)
        ath__pg_put16(slot + size, groups[i - 1]);
    return size;
}

static ath__pg_coded numeric(const coding *c) {
    ath_decimal decimal;
    switch (c->value->kind) {
    case ATH_KIND_INT:
        decimal = ath_decimal_from_int(c->value->as.i);
        break;
    case ATH_KIND_UINT:
        decimal = (ath_decimal){.low = c->value->as.u};
        break;
    case ATH_KIND_DECIMAL:
        decimal = c->value->as.decimal;
        break;
    case ATH_KIND_REAL: /* by its shortest digits; text may have an exponent */
        return ath__pg_encode_text(c->value, c->text, c->data, c->size, c->error);
    default:
        return ATH__CODED_OTHER;
    }
    return in_slot(c, ath__pg_encode_numeric(decimal, c->slot));
}

/* ---- dates and times ---- */

static ath__pg_coded date(const coding *c) {
    int64_t days = (int64_t)c->value->as.date.days - ATH__PG_EPOCH_DAYS;
    if (c->value->kind != ATH_KIND_DATE)
        return ATH__CODED_OTHER;
    if (days <= INT32_MIN) /* that is -infinity */
        return failed(c, "the date is out of range");
    return put32(c, days);
}

static ath__pg_coded time_of_day(const coding *c) {
    if (c->value->kind != ATH_KIND_TIME)
        return ATH__CODED_OTHER;
    return put64(c, c->value->as.time.us);
}

static ath__pg_coded moment(const coding *c) {
    int64_t us;
    switch (c->value->kind) {
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        us = c->value->as.datetime.us;
        break;
    case ATH_KIND_DATE:
        if (__builtin_mul_overflow((int64_t)c->value->as.date.days, INT64_C(86400000000), &us))
            return failed(c, "the date is out of range");
        break;
    default:
        return ATH__CODED_OTHER;
    }
    if (us <= INT64_MIN + ATH__PG_EPOCH_US) /* its lowest is -infinity */
        return failed(c, "the time is out of range");
    return put64(c, us - ATH__PG_EPOCH_US);
}

static ath__pg_coded interval(const ath__pg *connection, const coding *c) {
    ath_interval i = c->value->as.interval;
    if (c->value->kind != ATH_KIND_INTERVAL)
        return ATH__CODED_OTHER;
    bool highest = i.months == INT32_MAX && i.days == INT32_MAX && i.us == INT64_MAX;
    bool lowest = i.months == INT32_MIN && i.days == INT32_MIN && i.us == INT64_MIN;
    if ((highest || lowest) && connection->dialect.version >= 170000) /* these are the infinite ones */
        return failed(c, "the interval is out of range");
    ath__pg_put64(c->slot, (uint64_t)i.us);
    ath__pg_put32(c->slot + 8, (uint32_t)i.days);
    ath__pg_put32(c->slot + 12, (uint32_t)i.months);
    return in_slot(c, 16);
}

/* ---- text and bytes ---- */

static ath__pg_coded own_text(const coding *c, ath__pg_coded how) {
    ath_str text = c->value->as.text;
    if (text.size && memchr(text.data, '\0', text.size))
        return failed(c, "it holds a NUL character");
    *c->data = text.data ? text.data : "";
    *c->size = text.size;
    return how;
}

static bool is_text(const ath_value *v) {
    return v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON;
}

static ath__pg_coded bytes(const coding *c) {
    const ath_value *v = c->value;
    if (v->kind != ATH_KIND_BYTES && v->kind != ATH_KIND_TEXT)
        return ATH__CODED_OTHER;
    *c->data = v->kind == ATH_KIND_TEXT ? v->as.text.data : v->as.bytes.data;
    *c->size = v->kind == ATH_KIND_TEXT ? v->as.text.size : v->as.bytes.size;
    if (!*c->data)
        *c->data = ""; /* not NULL */
    return ATH__CODED_BINARY;
}

static ath__pg_coded uuid(const coding *c) {
    const ath_value *v = c->value;
    if (v->kind == ATH_KIND_BYTES && v->as.bytes.size == sizeof v->as.uuid.bytes)
        return bytes(c);
    if (v->kind != ATH_KIND_UUID)
        return ATH__CODED_OTHER;
    memcpy(c->slot, v->as.uuid.bytes, sizeof v->as.uuid.bytes);
    return in_slot(c, sizeof v->as.uuid.bytes);
}

ath__pg_coded ath__pg_encode_text(const ath_value *v, char text[ATH_INTERVAL_TEXT], const char **data, size_t *size,
                                  ath_error *error) {
    coding c = {.value = v, .text = text, .data = data, .size = size, .error = error};
    if (is_text(v))
        return own_text(&c, ATH__CODED_TEXT);
    if (v->kind == ATH_KIND_BYTES)
        return ATH__CODED_OTHER;
    *data = text;
    if (v->kind == ATH_KIND_INT)
        *size = (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%lld", (long long)v->as.i);
    else if (v->kind == ATH_KIND_UINT)
        *size = (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%llu", (unsigned long long)v->as.u);
    else if (v->kind == ATH_KIND_BOOL)
        *size = (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%s", v->as.b ? "true" : "false");
    else
        *size = ath__postgresql_text(v, text);
    return ATH__CODED_TEXT;
}

/* ---- all ---- */

static ath__pg_coded by_type(const ath__pg *connection, const coding *c, Oid oid) {
    switch (ath__pg_cell_of(oid)) {
    case ATH__CELL_BOOL:
        return boolean(c);
    case ATH__CELL_INT2:
    case ATH__CELL_INT4:
    case ATH__CELL_INT8:
    case ATH__CELL_OID:
        return integer(c, oid);
    case ATH__CELL_FLOAT4:
    case ATH__CELL_FLOAT8:
        return real(c, oid);
    case ATH__CELL_NUMERIC:
        return numeric(c);
    case ATH__CELL_BYTEA:
        return bytes(c);
    case ATH__CELL_DATE:
        return date(c);
    case ATH__CELL_TIME:
        return time_of_day(c);
    case ATH__CELL_TIMESTAMP:
    case ATH__CELL_TIMESTAMPTZ:
        return moment(c);
    case ATH__CELL_INTERVAL:
        return interval(connection, c);
    case ATH__CELL_UUID:
        return uuid(c);
    case ATH__CELL_TEXT:
        return ATH__CODED_OTHER;
    default: /* JSON of a number, types that are not known here */
        return ath__pg_encode_text(c->value, c->text, c->data, c->size, c->error);
    }
}

ath__pg_coded ath__pg_encode(const ath__pg *connection, const ath_value *value, Oid oid, char *slot,
                             char text[ATH_INTERVAL_TEXT], const char **data, size_t *size, ath_error *error) {
    coding c = {value, slot, text, data, size, error};
    if (is_text(value) && oid != ATH__OID_BYTEA) {
        bool as_it_is = oid == ATH__OID_JSON || ath__pg_is_text(connection, oid);
        return own_text(&c, as_it_is ? ATH__CODED_BINARY : ATH__CODED_TEXT);
    }
    return by_type(connection, &c, oid);
}
