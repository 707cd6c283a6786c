/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 6 on PostgreSQL, in text: rows that have a column whose type is not known here (inet, arrays, ranges) come as text
 * altogether, because libpq asks for one format per statement.  Known types are read back from the server's output, with
 * DateStyle ISO and IntervalStyle postgres; unknown ones stay text.
 */
#include <stdlib.h>

#include "backend/postgresql/postgresql.h"

static ath_status unreadable(const char *what, const char *text, ath_error *error) {
    return ath__fail(error, ATH_DATA, "'%.60s' is no %s that can be kept", text, what);
}

/* ---- numbers ---- */

static ath_status integer(const char *text, ath_value *out) {
    out->kind = ATH_KIND_INT;
    out->as.i = strtoll(text, NULL, 10);
    return ATH_OK;
}

/* "-12.5e+20" is read as "-125e19": no locale's decimal point comes into it. */
static ath_status real(const char *text, bool narrow, ath_value *out, ath_error *error) {
    char whole[64], *end;
    size_t size = 0;
    long exponent = 0;
    const char *at = text;
    for (bool behind = false; *at && *at != 'e' && size < 48; at++) {
        if (*at == '.') {
            behind = true;
            continue;
        }
        whole[size++] = *at;
        exponent -= behind;
    }
    if (*at == 'e')
        exponent += strtol(at + 1, NULL, 10);
    whole[size] = '\0';
    if (exponent)
        snprintf(whole + size, sizeof whole - size, "e%ld", exponent);
    out->kind = ATH_KIND_REAL;
    out->as.d = narrow ? (double)strtof(whole, &end) : strtod(whole, &end);
    return *end == '\0' ? ATH_OK : unreadable("number", text, error);
}

/* ---- dates ---- */

/* "10000-01-01" and "0044-03-15 BC" become "+10000-01-01" and "-0043-03-15", as this library reads them. */
static size_t iso_years(const char *text, size_t size, char out[64]) {
    bool before = size > 3 && strcmp(text + size - 3, " BC") == 0;
    size_t digits = strspn(text, "0123456789"), rest = size - digits - (before ? 3 : 0);
    if (rest >= 48 || digits == 0 || digits > 7)
        return 0;
    long year = strtol(text, NULL, 10);
    if (before)
        year = 1 - year;
    const char *sign = year < 0 ? "-" : year > 9999 ? "+" : "";
    return (size_t)snprintf(out, 64, "%s%04ld%.*s", sign, year < 0 ? -year : year, (int)rest, text + digits);
}

static ath_status when(ath__pg_cell cell, const char *text, size_t size, ath_value *out, ath_error *error) {
    char iso[64];
    size_t length = iso_years(text, size, iso);
    ath_status status = ATH_DATA;
    if (cell == ATH__CELL_DATE) {
        out->kind = ATH_KIND_DATE;
        status = ath_date_parse(iso, length, &out->as.date);
    } else if (cell == ATH__CELL_TIMESTAMP) {
        out->kind = ATH_KIND_DATETIME;
        status = ath_datetime_parse(iso, length, &out->as.datetime);
    } else {
        out->kind = ATH_KIND_TIMESTAMP;
        status = ath_timestamp_parse(iso, length, &out->as.timestamp);
    }
    return status == ATH_OK ? ATH_OK : unreadable("date", text, error);
}

/* ---- intervals ---- */

/* "1 year -2 mons +3 days -04:05:06.789": the last part. */
static bool clock_part(const char *text, int64_t *us) {
    char *end;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    int64_t hours = strtoll(text, &end, 10);
    if (*end != ':')
        return false;
    int64_t minutes = strtoll(end + 1, &end, 10);
    int64_t seconds = *end == ':' ? strtoll(end + 1, &end, 10) : 0, fraction = 0, unit = 100000;
    for (end += *end == '.'; *end >= '0' && *end <= '9'; end++, unit /= 10)
        fraction += unit * (*end - '0');
    uint64_t total = ((uint64_t)hours * 3600 + (uint64_t)minutes * 60 + (uint64_t)seconds) * 1000000;
    total += (uint64_t)fraction;
    *us = negative ? (int64_t)(0 - total) : (int64_t)total;
    return *end == '\0';
}

static ath_status interval(const char *text, ath_value *out, ath_error *error) {
    ath_interval i = {0, 0, 0};
    int64_t months = 0;
    const char *at = text;
    while (*at) {
        char *end;
        size_t size = strcspn(at, " ");
        if (memchr(at, ':', size)) {
            if (!clock_part(at, &i.us))
                return unreadable("interval", text, error);
            break;
        }
        long n = strtol(at, &end, 10);
        if (end == at || *end != ' ' || n < INT32_MIN || n > INT32_MAX)
            return unreadable("interval", text, error);
        if (strncmp(end + 1, "year", 4) == 0)
            months += (int64_t)n * 12;
        else if (strncmp(end + 1, "mon", 3) == 0)
            months += n;
        else
            i.days = (int32_t)n;
        at = end + 1 + strcspn(end + 1, " ");
        at += *at == ' ';
    }
    if (months < INT32_MIN || months > INT32_MAX)
        return unreadable("interval", text, error);
    i.months = (int32_t)months;
    out->kind = ATH_KIND_INTERVAL;
    out->as.interval = i;
    return ATH_OK;
}

/* ---- bytes ---- */

static int nibble(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "\x00ff": what bytea_output says unless somebody has changed it. */
static ath_status bytes(const char *text, size_t size, ath__arena *arena, ath_value *out, ath_error *error) {
    if (size < 2 || text[0] != '\\' || text[1] != 'x')
        return unreadable("bytea (bytea_output must be hex)", text, error);
    char *data = ath__arena_bytes(arena, size / 2 + 1);
    if (!data)
        return ath__fail_memory(error);
    size_t count = size / 2 - 1;
    for (size_t i = 0; i < count; i++) {
        int high = nibble(text[2 + 2 * i]), low = nibble(text[3 + 2 * i]);
        if (high < 0 || low < 0)
            return unreadable("bytea", text, error);
        data[i] = (char)(high * 16 + low);
    }
    data[count] = '\0';
    out->kind = ATH_KIND_BYTES;
    out->as.bytes = (ath_bytes){data, count};
    return ATH_OK;
}

/* ---- all ---- */

ath_status ath__pg_decode_text(ath__pg_cell cell, const char *text, size_t size, ath__arena *arena, ath_value *out,
                               ath_error *error) {
    switch (cell) {
    case ATH__CELL_BOOL:
        *out = (ath_value){.kind = ATH_KIND_BOOL, .as.b = *text == 't'};
        return ATH_OK;
    case ATH__CELL_INT2:
    case ATH__CELL_INT4:
    case ATH__CELL_INT8:
    case ATH__CELL_OID:
        return integer(text, out);
    case ATH__CELL_FLOAT4:
    case ATH__CELL_FLOAT8:
        return real(text, cell == ATH__CELL_FLOAT4, out, error);
    case ATH__CELL_NUMERIC:
        out->kind = ATH_KIND_DECIMAL;
        return ath_decimal_parse(text, size, &out->as.decimal) == ATH_OK ? ATH_OK : unreadable("decimal", text, error);
    case ATH__CELL_DATE:
    case ATH__CELL_TIMESTAMP:
    case ATH__CELL_TIMESTAMPTZ:
        return when(cell, text, size, out, error);
    case ATH__CELL_TIME:
        out->kind = ATH_KIND_TIME;
        return ath_time_parse(text, size, &out->as.time) == ATH_OK ? ATH_OK : unreadable("time of day", text, error);
    case ATH__CELL_INTERVAL:
        return interval(text, out, error);
    case ATH__CELL_BYTEA:
        return bytes(text, size, arena, out, error);
    case ATH__CELL_UUID:
        out->kind = ATH_KIND_UUID;
        return ath_uuid_parse(text, size, &out->as.uuid) == ATH_OK ? ATH_OK : unreadable("uuid", text, error);
    case ATH__CELL_JSON:
    case ATH__CELL_JSONB:
        *out = (ath_value){.kind = ATH_KIND_JSON, .as.text = {text, size}};
        return ATH_OK;
    default:
        *out = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {text, size}};
        return ATH_OK;
    }
}
