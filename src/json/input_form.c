/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: text that stands for a value, read strictly: dates and times of RFC 3339, uuids, base64, numbers.
 *
 * The parsers of floor `type` understand what databases write; here the shape is looked at first.
 */
#include "json/input.h"

#include <errno.h>
#include <math.h>

/* ---- shapes ---- */

/* 0 stands for a digit, all else for itself.  Returns what is left, NULL when it does not begin so. */
static const char *after(const char *at, const char *end, const char *shape) {
    for (; *shape; shape++, at++)
        if (at == end || (*shape == '0' ? *at < '0' || *at > '9' : *at != *shape))
            return NULL;
    return at;
}

/* hh:mm:ss, and digits behind a point. */
static const char *after_time(const char *at, const char *end) {
    at = at ? after(at, end, "00:00:00") : NULL;
    if (!at || at == end || *at != '.')
        return at;
    const char *start = ++at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at == start ? NULL : at;
}

static const char *after_date_time(const char *at, const char *end) {
    at = after(at, end, "0000-00-00");
    if (!at || at == end || (*at != 'T' && *at != 't'))
        return NULL;
    return after_time(at + 1, end);
}

/* Z, or an offset of less than a day. */
static bool is_zone(const char *at, const char *end) {
    if (end - at == 1)
        return *at == 'Z' || *at == 'z';
    const char *digits = at < end && (*at == '+' || *at == '-') ? at + 1 : end;
    return after(digits, end, "00:00") == end && (digits[0] < '2' || (digits[0] == '2' && digits[1] < '4')) &&
           digits[3] < '6';
}

enum { LONGEST = 64 };
#define DAY INT64_C(86400000000)

/* As the parsers want it: T and Z in capitals. */
static size_t capital(const char *text, size_t size, char out[LONGEST]) {
    if (size >= LONGEST)
        return 0;
    for (size_t i = 0; i < size; i++)
        out[i] = text[i] == 't' ? 'T' : text[i] == 'z' ? 'Z' : text[i];
    return size;
}

bool ath__is_date(const char *text, size_t size, ath_date *out) {
    return after(text, text + size, "0000-00-00") == text + size && ath_date_parse(text, size, out) == ATH_OK;
}

bool ath__is_time(const char *text, size_t size, ath_time *out) {
    return after_time(text, text + size) == text + size && ath_time_parse(text, size, out) == ATH_OK;
}

bool ath__is_datetime(const char *text, size_t size, ath_datetime *out) {
    char capitals[LONGEST];
    size_t kept = capital(text, size, capitals);
    return kept && after_date_time(text, text + size) == text + size &&
           ath_datetime_parse(capitals, kept, out) == ATH_OK;
}

bool ath__is_timestamp(const char *text, size_t size, ath_timestamp *out) {
    char capitals[LONGEST];
    size_t kept = capital(text, size, capitals);
    const char *zone = kept ? after_date_time(text, text + size) : NULL;
    if (!zone || !is_zone(zone, text + size) || ath_timestamp_parse(capitals, kept, out) != ATH_OK)
        return false;
    ath_date first, last; /* an offset may lead out of the years that RFC 3339 can say */
    ath_date_make(0, 1, 1, &first);
    ath_date_make(9999, 12, 31, &last);
    return out->us >= first.days * DAY && out->us < (last.days + 1) * DAY;
}

bool ath__is_uuid(const char *text, size_t size, ath_uuid *out) {
    bool hyphens = size == ATH_UUID_TEXT - 1 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
    return hyphens && ath_uuid_parse(text, size, out) == ATH_OK;
}

/* ---- base64 ---- */

static int sextet(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Bits that stand for nothing must be 0, so that each value has one text. */
bool ath__base64_read(const char *text, size_t size, unsigned char *out, size_t *out_size) {
    *out_size = 0;
    if (size % 4)
        return false;
    for (size_t i = 0; i < size; i += 4) {
        size_t pads = i + 4 < size || text[i + 3] != '=' ? 0 : text[i + 2] == '=' ? 2 : 1;
        uint32_t bits = 0;
        for (size_t k = 0; k < 4; k++) {
            int six = k >= 4 - pads ? 0 : sextet(text[i + k]);
            if (six < 0)
                return false;
            bits = bits << 6 | (uint32_t)six;
        }
        if ((pads == 1 && bits & 0xff) || (pads == 2 && bits & 0xffff))
            return false;
        for (size_t k = 0; k < 3 - pads; k++)
            out[(*out_size)++] = (unsigned char)(bits >> (16 - 8 * k));
    }
    return true;
}

/* ---- numbers ---- */

static size_t skip_digits(const char *text, size_t size, size_t at) {
    while (at < size && text[at] >= '0' && text[at] <= '9')
        at++;
    return at;
}

bool ath__is_number(const char *text, size_t size) {
    size_t at = size && text[0] == '-', start = at;
    at = skip_digits(text, size, at);
    if (at == start || (text[start] == '0' && at > start + 1))
        return false;
    if (at < size && text[at] == '.') {
        start = ++at;
        at = skip_digits(text, size, at);
        if (at == start)
            return false;
    }
    if (at < size && (text[at] == 'e' || text[at] == 'E')) {
        at++;
        at += at < size && (text[at] == '+' || text[at] == '-');
        start = at;
        at = skip_digits(text, size, at);
        if (at == start)
            return false;
    }
    return at == size;
}

size_t ath__number_digits(ath_str n) {
    size_t digits = 0, zeros = 0;
    for (size_t i = 0; i < n.size && n.data[i] != 'e' && n.data[i] != 'E'; i++) {
        if (n.data[i] == '-' || n.data[i] == '.')
            continue;
        if (n.data[i] != '0') {
            digits += zeros + 1;
            zeros = 0;
        } else if (digits) {
            zeros++;
        }
    }
    return digits;
}

/* All its digits with an exponent and without a point, which strtod reads alike in every locale. */
bool ath__number_real(ath_str n, double *out) {
    enum { DIGITS = 800 };
    char text[DIGITS + 32];
    size_t size = 0, at = 0;
    long exponent = 0;
    bool behind = false;
    for (; at < n.size && n.data[at] != 'e' && n.data[at] != 'E'; at++) {
        if (n.data[at] == '.') {
            behind = true;
            continue;
        }
        if (size == DIGITS)
            return false;
        text[size++] = n.data[at];
        exponent -= behind;
    }
    if (at < n.size) {
        char digits[24];
        size_t rest = n.size - at - 1;
        if (rest >= sizeof digits)
            return false;
        memcpy(digits, n.data + at + 1, rest);
        digits[rest] = '\0';
        long said = strtol(digits, NULL, 10);
        exponent += said > 100000 ? 100000 : said < -100000 ? -100000 : said;
    }
    snprintf(text + size, sizeof text - size, "e%ld", exponent);
    *out = strtod(text, NULL);
    return isfinite(*out);
}

static bool only_digits(ath_str n) {
    for (size_t i = 0; i < n.size; i++)
        if ((n.data[i] < '0' || n.data[i] > '9') && n.data[i] != '-')
            return false;
    return true;
}

static ath__integer decimal_integer(ath_str n, ath_value *out) {
    ath_decimal d, whole;
    if (ath_decimal_parse(n.data, n.size, &d) != ATH_OK)
        return ATH__INTEGER_RANGE;
    if (ath_decimal_rescale(d, 0, &whole) != ATH_OK)
        return ATH__INTEGER_FRACTION;
    *out = (ath_value){.kind = ATH_KIND_DECIMAL, .as.decimal = whole};
    return ath__value_convert(out, ATH_KIND_INT, out, NULL) == ATH_OK ? ATH__INTEGER_OK : ATH__INTEGER_RANGE;
}

ath__integer ath__number_integer(ath_str n, ath_value *out) {
    if (!only_digits(n))
        return decimal_integer(n, out);
    bool negative = n.data[0] == '-';
    uint64_t u = 0;
    for (size_t i = negative; i < n.size; i++)
        if (__builtin_mul_overflow(u, (uint64_t)10, &u) || __builtin_add_overflow(u, (uint64_t)(n.data[i] - '0'), &u))
            return ATH__INTEGER_RANGE;
    if (negative && u > UINT64_C(1) << 63)
        return ATH__INTEGER_RANGE;
    if (negative)
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)(0 - u)};
    else if (u > INT64_MAX)
        *out = (ath_value){.kind = ATH_KIND_UINT, .as.u = u};
    else
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)u};
    return ATH__INTEGER_OK;
}
