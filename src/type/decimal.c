/* SPDX-License-Identifier: Apache-2.0
 *
 * Exact decimals of up to 38 digits: a magnitude below 10^38, which 128 bits hold, and a scale.  No function here goes
 * through binary fractions except the one that says so.
 */
#include <stdlib.h>
#include <string.h>

#include "type/type.h"

__extension__ typedef unsigned __int128 u128;

enum { MAX_DIGITS = 38, MAX_EXPONENT = 100000 };

static u128 power_of_ten(unsigned exponent) {
    u128 power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static u128 magnitude_of(ath_decimal decimal) {
    return (u128)decimal.high << 64 | decimal.low;
}

static ath_decimal make(u128 magnitude, unsigned scale, bool negative) {
    return (ath_decimal){
        .low = (uint64_t)magnitude,
        .high = (uint64_t)(magnitude >> 64),
        .scale = (uint8_t)scale,
        .negative = negative && magnitude != 0,
    };
}

/* magnitude * 10^exponent, unless that has more than 38 digits. */
static bool scale_up(u128 *magnitude, unsigned exponent) {
    if (*magnitude == 0)
        return true;
    if (exponent > MAX_DIGITS || *magnitude >= power_of_ten(MAX_DIGITS - exponent))
        return false;
    *magnitude *= power_of_ten(exponent);
    return true;
}

/* Text while it is read. */
typedef struct reader {
    const char *at, *end;
    u128 magnitude;
    int scale;
    int digits; /* read, leading zeros included */
} reader;

/* Digits of one side of the point; false when there are more than fit. */
static bool read_digits(reader *r, int scale_step) {
    const u128 limit = (u128)UINT64_C(10000000000000000000) * UINT64_C(1000000000000000000); /* 10^37 */
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        if (r->magnitude >= limit || r->scale > MAX_EXPONENT)
            return false;
        r->magnitude = r->magnitude * 10 + (unsigned)(*r->at - '0');
        r->scale += scale_step;
        r->digits = 1;
    }
    return true;
}

static bool read_exponent(reader *r) {
    if (r->at == r->end || (*r->at != 'e' && *r->at != 'E'))
        return true;
    r->at++;
    bool negative = r->at < r->end && *r->at == '-';
    if (r->at < r->end && (*r->at == '-' || *r->at == '+'))
        r->at++;
    const char *start = r->at;
    int exponent = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
        if (exponent < MAX_EXPONENT)
            exponent = exponent * 10 + (*r->at - '0');
    }
    r->scale += negative ? exponent : -exponent;
    return r->at > start;
}

ath_status ath_decimal_parse(const char *text, size_t size, ath_decimal *out) {
    if (size == 0)
        return ATH_DATA;
    reader r = {.at = text, .end = text + size};
    bool negative = *r.at == '-';
    if (*r.at == '-' || *r.at == '+')
        r.at++;
    if (!read_digits(&r, 0))
        return ATH_DATA;
    if (r.at < r.end && *r.at == '.') {
        r.at++;
        if (!read_digits(&r, 1))
            return ATH_DATA;
    }
    if (r.digits == 0 || !read_exponent(&r) || r.at != r.end)
        return ATH_DATA;
    if (r.scale < 0) {
        if (!scale_up(&r.magnitude, (unsigned)-r.scale))
            return ATH_DATA;
        r.scale = 0;
    }
    if (r.scale > MAX_DIGITS)
        return ATH_DATA;
    *out = make(r.magnitude, (unsigned)r.scale, negative);
    return ATH_OK;
}

size_t ath_decimal_format(ath_decimal decimal, char out[ATH_DECIMAL_TEXT]) {
    /* A scale beyond 38 is no decimal; it is cut so that the text fits its array whatever it is given. */
    unsigned scale = decimal.scale <= MAX_DIGITS ? decimal.scale : MAX_DIGITS;
    u128 rest = magnitude_of(decimal);
    char digits[ATH_DECIMAL_TEXT];
    char *end = digits + sizeof digits;
    char *at = end;
    for (unsigned written = 0; rest != 0 || written <= scale; written++) {
        if (written == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + (unsigned)(rest % 10));
        rest /= 10;
    }
    if (decimal.negative)
        *--at = '-';
    size_t size = (size_t)(end - at);
    memcpy(out, at, size);
    out[size] = '\0';
    return size;
}

ath_decimal ath_decimal_from_int(int64_t value) {
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    return make(magnitude, 0, value < 0);
}

ath_status ath_decimal_rescale(ath_decimal decimal, uint8_t scale, ath_decimal *out) {
    u128 magnitude = magnitude_of(decimal);
    if (scale > MAX_DIGITS || decimal.scale > MAX_DIGITS || magnitude >= power_of_ten(MAX_DIGITS))
        return ATH_DATA;
    if (scale >= decimal.scale) {
        if (!scale_up(&magnitude, (unsigned)scale - decimal.scale))
            return ATH_DATA;
    } else {
        u128 divisor = power_of_ten((unsigned)decimal.scale - scale);
        if (magnitude % divisor != 0)
            return ATH_DATA;
        magnitude /= divisor;
    }
    *out = make(magnitude, scale, decimal.negative);
    return ATH_OK;
}

/* Whole part first, then the fractions at the common scale of 38: neither can overflow. */
static int compare_magnitudes(ath_decimal a, ath_decimal b) {
    unsigned scale_a = a.scale <= MAX_DIGITS ? a.scale : MAX_DIGITS;
    unsigned scale_b = b.scale <= MAX_DIGITS ? b.scale : MAX_DIGITS;
    u128 unit_a = power_of_ten(scale_a), unit_b = power_of_ten(scale_b);
    u128 part_a = magnitude_of(a) / unit_a, part_b = magnitude_of(b) / unit_b;
    if (part_a == part_b) {
        part_a = magnitude_of(a) % unit_a * power_of_ten(MAX_DIGITS - scale_a);
        part_b = magnitude_of(b) % unit_b * power_of_ten(MAX_DIGITS - scale_b);
    }
    return (part_a > part_b) - (part_a < part_b);
}

int ath_decimal_compare(ath_decimal a, ath_decimal b) {
    bool negative_a = a.negative && magnitude_of(a) != 0;
    bool negative_b = b.negative && magnitude_of(b) != 0;
    if (negative_a != negative_b)
        return negative_a ? -1 : 1;
    int order = compare_magnitudes(a, b);
    return negative_a ? -order : order;
}

double ath_decimal_to_double(ath_decimal decimal) {
    /* As "12340e-3" strtod rounds correctly, and no locale's decimal point comes into it. */
    char text[ATH_DECIMAL_TEXT + 8];
    unsigned scale = decimal.scale;
    decimal.scale = 0;
    size_t size = ath_decimal_format(decimal, text);
    text[size++] = 'e';
    text[size++] = '-';
    text[size++] = (char)('0' + scale / 100);
    text[size++] = (char)('0' + scale / 10 % 10);
    text[size++] = (char)('0' + scale % 10);
    text[size] = '\0';
    return strtod(text, NULL);
}
