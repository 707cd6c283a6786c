/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 6 on PostgreSQL: the cells of a row, straight from where libpq has put them.
 *
 * Text and bytes stay in libpq's result, which ends each with a NUL.  What PostgreSQL can say and the values here cannot
 * (infinity, NaN as a numeric, more than 38 digits, 24:00:00, years beyond 294246) is ATH_DATA.
 */
#include "backend/postgresql/postgresql.h"

__extension__ typedef unsigned __int128 u128;

/* ---- numeric ---- */

enum { HEAD = 8, MOST_DIGITS = 38 };

#define E18 ((u128)UINT64_C(1000000000000000000))
#define SIX(power) power, power * 10, power * 100, power * 1000, power * 10000, power * 100000
static const u128 powers[] = {SIX((u128)1), SIX((u128)1000000), SIX((u128)UINT64_C(1000000000000)),
                              SIX(E18),     SIX(E18 * 1000000), SIX(E18 *UINT64_C(1000000000000)),
                              E18 *E18,     E18 *E18 * 10,      E18 *E18 * 100};

/* *m * 10^n + more, unless that has more than 38 digits. */
static bool shift_in(u128 *m, unsigned n, unsigned more) {
    if (n > MOST_DIGITS)
        return *m == 0 && more == 0;
    if (*m >= powers[MOST_DIGITS - n])
        return false;
    *m = *m * powers[n] + more;
    return true;
}

/* Zeros that are not written out: as many as `scale` asks for, or, behind the point, as 38 digits leave room for. */
static bool fill_up(u128 *m, int behind, int *scale) {
    int zeros = *scale - behind, needed = behind < 0 ? -behind : 0;
    if (*m == 0 || zeros <= 0)
        return true;
    while (zeros > needed && (zeros > MOST_DIGITS || *m >= powers[MOST_DIGITS - zeros]))
        zeros--;
    *scale = behind + zeros;
    return shift_in(m, (unsigned)zeros, 0);
}

/* The digits as one whole number with `scale` of them behind the point; false when 38 do not hold it. */
static bool gather(const char *digits, int count, int weight, int *scale, u128 *m) {
    int behind = -(weight + 1) * 4; /* digits behind the point so far; below 0: places before it still to come */
    for (int i = 0; i < count; i++) {
        int kept = *scale - behind < 4 ? *scale - behind : 4;
        if (kept <= 0)
            break;
        if (!shift_in(m, (unsigned)kept, (unsigned)ath__pg_u16(digits + 2 * (size_t)i) / (unsigned)powers[4 - kept]))
            return false;
        behind += kept;
    }
    return fill_up(m, behind, scale);
}

ath_status ath__pg_decode_numeric(const char *data, size_t size, ath_decimal *out, ath_error *error) {
    if (size < HEAD || size < HEAD + 2 * (size_t)ath__pg_u16(data))
        return ath__fail(error, ATH_INTERNAL, "a numeric of %zu bytes", size);
    unsigned sign = ath__pg_u16(data + 4);
    int scale = ath__pg_u16(data + 6);
    u128 m = 0;
    if (sign != 0 && sign != 0x4000)
        return ath__fail(error, ATH_DATA, "a numeric is %s, which a decimal cannot be",
                         sign == 0xC000 ? "NaN" : "infinite");
    bool whole = gather(data + HEAD, ath__pg_u16(data), (int16_t)ath__pg_u16(data + 2), &scale, &m);
    if (m == 0 && scale > MOST_DIGITS)
        scale = MOST_DIGITS;
    while (whole && scale > MOST_DIGITS && m % 10 == 0) {
        m /= 10;
        scale--;
    }
    if (!whole || scale > MOST_DIGITS)
        return ath__fail(error, ATH_DATA, "a numeric has more than 38 digits");
    *out = (ath_decimal){(uint64_t)m, (uint64_t)(m >> 64), (uint8_t)scale, sign != 0 && m != 0};
    return ATH_OK;
}

/* ---- dates and times ---- */

static ath_status date(const char *data, ath_value *out, ath_error *error) {
    int32_t days = (int32_t)ath__pg_u32(data);
    if (days == INT32_MAX || days == INT32_MIN)
        return ath__fail(error, ATH_DATA, "a date is infinite");
    out->kind = ATH_KIND_DATE;
    if (__builtin_add_overflow(days, ATH__PG_EPOCH_DAYS, &out->as.date.days))
        return ath__fail(error, ATH_DATA, "a date lies beyond the year 5881580");
    return ATH_OK;
}

static ath_status moment(const char *data, ath_kind kind, ath_value *out, ath_error *error) {
    int64_t us = (int64_t)ath__pg_u64(data);
    if (us == INT64_MAX || us == INT64_MIN)
        return ath__fail(error, ATH_DATA, "a timestamp is infinite");
    out->kind = kind;
    if (__builtin_add_overflow(us, ATH__PG_EPOCH_US, &out->as.datetime.us))
        return ath__fail(error, ATH_DATA, "a timestamp lies beyond the year 294246");
    return ATH_OK;
}

static ath_status time_of_day(const char *data, ath_value *out, ath_error *error) {
    out->kind = ATH_KIND_TIME;
    out->as.time.us = (int64_t)ath__pg_u64(data);
    if (out->as.time.us < 0 || out->as.time.us >= INT64_C(86400000000))
        return ath__fail(error, ATH_DATA, "a time of day is 24:00:00");
    return ATH_OK;
}

/* Until version 17 the longest intervals are what they say. */
static ath_status interval(const ath__pg *c, const char *data, ath_value *out, ath_error *error) {
    ath_interval i = {(int32_t)ath__pg_u32(data + 12), (int32_t)ath__pg_u32(data + 8), (int64_t)ath__pg_u64(data)};
    bool highest = i.months == INT32_MAX && i.days == INT32_MAX && i.us == INT64_MAX;
    bool lowest = i.months == INT32_MIN && i.days == INT32_MIN && i.us == INT64_MIN;
    if ((highest || lowest) && c->dialect.version >= 170000)
        return ath__fail(error, ATH_DATA, "an interval is infinite");
    out->kind = ATH_KIND_INTERVAL;
    out->as.interval = i;
    return ATH_OK;
}

/* ---- cells ---- */

static void text(ath_kind kind, const char *data, size_t size, ath_value *out) {
    out->kind = kind;
    out->as.text = (ath_str){data, size};
}

static void integer(int64_t i, ath_value *out) {
    out->kind = ATH_KIND_INT;
    out->as.i = i;
}

static void float4(const char *data, ath_value *out) {
    uint32_t bits = ath__pg_u32(data);
    float f;
    memcpy(&f, &bits, sizeof f);
    out->kind = ATH_KIND_REAL;
    out->as.d = (double)f;
}

static void float8(const char *data, ath_value *out) {
    uint64_t bits = ath__pg_u64(data);
    out->kind = ATH_KIND_REAL;
    memcpy(&out->as.d, &bits, sizeof bits);
}

static void bytes(const char *data, size_t size, ath_value *out) {
    out->kind = ATH_KIND_BYTES;
    out->as.bytes = (ath_bytes){data, size};
}

static ath_status rare(const ath__pg *c, ath__pg_cell cell, const char *data, size_t size, ath_value *out,
                       ath_error *error) {
    switch (cell) {
    case ATH__CELL_NUMERIC:
        out->kind = ATH_KIND_DECIMAL;
        return ath__pg_decode_numeric(data, size, &out->as.decimal, error);
    case ATH__CELL_DATE:
        return date(data, out, error);
    case ATH__CELL_TIME:
        return time_of_day(data, out, error);
    case ATH__CELL_INTERVAL:
        return interval(c, data, out, error);
    case ATH__CELL_UUID:
        out->kind = ATH_KIND_UUID;
        memcpy(out->as.uuid.bytes, data, sizeof out->as.uuid.bytes);
        return ATH_OK;
    case ATH__CELL_JSON:
        text(ATH_KIND_JSON, data, size, out);
        return ATH_OK;
    case ATH__CELL_JSONB: /* a version stands before the text */
        if (size == 0)
            return ath__fail(error, ATH_INTERNAL, "a jsonb of 0 bytes");
        text(ATH_KIND_JSON, data + 1, size - 1, out);
        return ATH_OK;
    default:
        return ath__fail(error, ATH_INTERNAL, "a column's type is not known");
    }
}

/* The sizes that binary cells have; 0: any. */
static const uint8_t sizes[] = {
    [ATH__CELL_BOOL] = 1,  [ATH__CELL_INT2] = 2,      [ATH__CELL_INT4] = 4,      [ATH__CELL_INT8] = 8,
    [ATH__CELL_OID] = 4,   [ATH__CELL_FLOAT4] = 4,    [ATH__CELL_FLOAT8] = 8,    [ATH__CELL_DATE] = 4,
    [ATH__CELL_TIME] = 8,  [ATH__CELL_TIMESTAMP] = 8, [ATH__CELL_INTERVAL] = 16, [ATH__CELL_TIMESTAMPTZ] = 8,
    [ATH__CELL_UUID] = 16, [ATH__CELL_JSONB] = 0,
};

static inline ath_status binary_cell(const ath__pg *c, ath__pg_cell cell, const char *data, size_t size, ath_value *out,
                                     ath_error *error) {
    switch (cell) {
    case ATH__CELL_TEXT:
        text(ATH_KIND_TEXT, data, size, out);
        return ATH_OK;
    case ATH__CELL_INT4:
        integer((int32_t)ath__pg_u32(data), out);
        return ATH_OK;
    case ATH__CELL_INT8:
        integer((int64_t)ath__pg_u64(data), out);
        return ATH_OK;
    case ATH__CELL_BOOL:
        out->kind = ATH_KIND_BOOL;
        out->as.i = *data != 0; /* all eight bytes, which the loader may look at */
        out->as.b = *data != 0;
        return ATH_OK;
    case ATH__CELL_FLOAT8:
        float8(data, out);
        return ATH_OK;
    case ATH__CELL_TIMESTAMP:
        return moment(data, ATH_KIND_DATETIME, out, error);
    case ATH__CELL_TIMESTAMPTZ:
        return moment(data, ATH_KIND_TIMESTAMP, out, error);
    case ATH__CELL_INT2:
        integer((int16_t)ath__pg_u16(data), out);
        return ATH_OK;
    case ATH__CELL_OID:
        integer(ath__pg_u32(data), out);
        return ATH_OK;
    case ATH__CELL_FLOAT4:
        float4(data, out);
        return ATH_OK;
    case ATH__CELL_BYTEA:
        bytes(data, size, out);
        return ATH_OK;
    default:
        return rare(c, cell, data, size, out, error);
    }
}

ath_status ath__pg_row(void *statement, ath_value *cells, size_t count, ath_error *error) {
    return ath__pg_cells(statement, 0, cells, count, error);
}

ath_status ath__pg_cells(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error) {
    const ath__pg_stmt *s = statement;
    const PGresult *result = s->result;
    if (first + count > (size_t)PQnfields(result))
        return ath__fail(error, ATH_ARGUMENT, "the row has %d columns, not %zu", PQnfields(result), first + count);
    for (size_t i = 0; i < count; i++) {
        int column = (int)(first + i);
        size_t size = (size_t)PQgetlength(result, s->row, column);
        if (!size && PQgetisnull(result, s->row, column)) {
            cells[i].kind = ATH_KIND_NULL;
            continue;
        }
        const char *data = PQgetvalue(result, s->row, column);
        ath__pg_cell cell = (ath__pg_cell)s->cells[column];
        if (!s->binary)
            ATH_TRY(ath__pg_decode_text(cell, data, size, &((ath__pg_stmt *)statement)->texts, &cells[i], error));
        else if (cell < ATH_COUNT_OF(sizes) && sizes[cell] && sizes[cell] != size)
            return ath__fail(error, ATH_INTERNAL, "a cell of column %d has %zu bytes", column + 1, size);
        else
            ATH_TRY(binary_cell(s->connection, cell, data, size, &cells[i], error));
    }
    return ATH_OK;
}
