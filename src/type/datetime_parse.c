/* SPDX-License-Identifier: Apache-2.0
 *
 * ISO 8601 text into dates and times.  Each parser takes the text between two pointers and returns where it stopped, or
 * NULL when the text is not what it reads; only the exported functions know which status that is.  Fields have a fixed
 * width, so digits are read by position: this is the hot path of loading rows from a database without dates of its own.
 */
#include <string.h>

#include "type/datetime_int.h"
#include "type/type.h"

/* A character that is no digit gives a number above 9. */
static inline unsigned digit(char c) {
    return (unsigned)(unsigned char)c - '0';
}

static inline bool read_2(const char *at, unsigned *out) {
    unsigned tens = digit(at[0]), ones = digit(at[1]);
    *out = tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

/* A year with a sign: four to seven digits, which is as far as a date can reach. */
static const char *read_long_year(const char *at, const char *end, int64_t *year) {
    bool negative = *at++ == '-';
    const char *start = at;
    int64_t value = 0;
    while (at < end && at - start < 7 && digit(*at) <= 9)
        value = value * 10 + digit(*at++);
    if (at - start < 4)
        return NULL;
    *year = negative ? -value : value;
    return at;
}

/* There is at least one byte. */
static const char *read_year(const char *at, const char *end, int64_t *year) {
    unsigned century, rest;
    if (*at == '-' || *at == '+')
        return read_long_year(at, end, year);
    if (end - at < 4 || !read_2(at, &century) || !read_2(at + 2, &rest))
        return NULL;
    *year = century * 100 + rest;
    return at + 4;
}

static const char *read_date(const char *at, const char *end, int64_t *days) {
    int64_t year;
    unsigned month, day;
    at = read_year(at, end, &year);
    if (at == NULL || end - at < 6 || at[0] != '-' || at[3] != '-' || !read_2(at + 1, &month) || !read_2(at + 4, &day))
        return NULL;
    if (!ath__civil_valid(year, month, day))
        return NULL;
    *days = ath__civil_to_days(year, month, day);
    return at + 6;
}

/* The digits behind the point, as microseconds. */
static const char *read_fraction(const char *at, const char *end, int64_t *us) {
    unsigned a, b, c;
    if (end - at >= 6 && read_2(at, &a) && read_2(at + 2, &b) && read_2(at + 4, &c)) {
        *us = a * 10000 + b * 100 + c;
        at += 6;
        while (at < end && *at == '0')
            at++;
        return at < end && digit(*at) <= 9 ? NULL : at;
    }
    const char *start = at;
    int64_t unit = US_PER_SECOND;
    int64_t value = 0;
    for (; at < end && digit(*at) <= 9; at++) {
        unit /= 10;
        value += unit * digit(*at);
    }
    *us = value;
    return at == start ? NULL : at;
}

static const char *read_time(const char *at, const char *end, int64_t *us) {
    unsigned hour, minute, second = 0;
    int64_t fraction = 0;
    if (end - at < 5 || at[2] != ':' || !read_2(at, &hour) || !read_2(at + 3, &minute))
        return NULL;
    at += 5;
    if (at < end && *at == ':') {
        if (end - at < 3 || !read_2(at + 1, &second))
            return NULL;
        at += 3;
        if (at < end && *at == '.') {
            at = read_fraction(at + 1, end, &fraction);
            if (at == NULL)
                return NULL;
        }
    }
    if (hour > 23 || minute > 59 || second > 59)
        return NULL;
    *us = (int64_t)(hour * 3600 + minute * 60 + second) * US_PER_SECOND + fraction;
    return at;
}

/* ---- the one form that this library writes ---- */

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

/* Eight characters as numbers, where `zero` has '0' for a digit and else the very character; *odd gets a bit for each
 * that is neither.  `most` is 127 less the greatest number allowed: 9 for a digit, 0 for another character. */
static inline uint64_t read_8(const char *at, const char zero[8], uint64_t most, uint64_t *odd) {
    uint64_t word, base;
    memcpy(&word, at, sizeof word);
    memcpy(&base, zero, sizeof base);
    word ^= base;
    *odd |= (word | (word + most)) & UINT64_C(0x8080808080808080);
    return word;
}

/* Two digits of such a word, from character `at` on. */
static inline unsigned two(uint64_t word, unsigned at) {
    return (unsigned)(word >> (8 * at) & 0xff) * 10 + (unsigned)(word >> (8 * at + 8) & 0xff);
}

/* "2024-01-15 12:34:56.123456", read a word at a time; false for all else, which may be a time as well. */
static bool read_written(const char *at, size_t size, int64_t *us) {
    if (size != 26)
        return false;
    uint64_t odd = 0;
    uint64_t a = read_8(at, "0000-00-", UINT64_C(0x7f76767f76767676), &odd);
    uint64_t b = read_8(at + 8, "00 00:00", UINT64_C(0x76767f76767f7676), &odd);
    uint64_t c = read_8(at + 16, ":00.0000", UINT64_C(0x767676767f76767f), &odd);
    unsigned d = digit(at[24]), e = digit(at[25]);
    if (odd || d > 9 || e > 9)
        return false;
    unsigned year = two(a, 0) * 100 + two(a, 2), month = two(a, 5), day = two(b, 0);
    unsigned hour = two(b, 3), minute = two(b, 6), second = two(c, 1);
    if (!ath__civil_valid(year, month, day) || hour > 23 || minute > 59 || second > 59)
        return false;
    int64_t days = ath__civil_to_days(year, month, day);
    unsigned fraction = two(c, 4) * 10000 + two(c, 6) * 100 + d * 10 + e;
    *us = days * US_PER_DAY + (int64_t)(hour * 3600 + minute * 60 + second) * US_PER_SECOND + fraction;
    return true;
}

#else

static bool read_written(const char *at, size_t size, int64_t *us) {
    (void)at, (void)size, (void)us;
    return false;
}

#endif

static const char *read_datetime(const char *at, const char *end, int64_t *us) {
    int64_t days, us_of_day;
    if (read_written(at, (size_t)(end - at), us))
        return end;
    at = read_date(at, end, &days);
    if (at == NULL || at == end || (*at != ' ' && *at != 'T' && *at != 't'))
        return NULL;
    at = read_time(at + 1, end, &us_of_day);
    if (at == NULL || !ath__join_days(days, us_of_day, us))
        return NULL;
    return at;
}

/* ":MM" or ":SS" of a zone, which may both be missing. */
static bool read_zone_part(const char **at, const char *end, unsigned *out) {
    *out = 0;
    if (*at == end)
        return true;
    if (end - *at < 3 || **at != ':' || !read_2(*at + 1, out))
        return false;
    *at += 3;
    return *out <= 59;
}

/* Z, or +HH with :MM and :SS as far as PostgreSQL writes them; the offset is what a clock there is ahead of UTC. */
static const char *read_zone(const char *at, const char *end, int64_t *offset) {
    unsigned hour, minute, second;
    *offset = 0;
    if (*at == 'Z' || *at == 'z')
        return at + 1;
    if (end - at < 3 || (*at != '+' && *at != '-') || !read_2(at + 1, &hour) || hour > 23)
        return NULL;
    bool west = *at == '-';
    at += 3;
    if (!read_zone_part(&at, end, &minute) || !read_zone_part(&at, end, &second))
        return NULL;
    *offset = (int64_t)(hour * 3600 + minute * 60 + second) * US_PER_SECOND;
    if (west)
        *offset = -*offset;
    return at;
}

ath_status ath_date_parse(const char *text, size_t size, ath_date *out) {
    int64_t days;
    if (size == 0 || read_date(text, text + size, &days) != text + size || days < INT32_MIN || days > INT32_MAX)
        return ATH_DATA;
    out->days = (int32_t)days;
    return ATH_OK;
}

ath_status ath_time_parse(const char *text, size_t size, ath_time *out) {
    int64_t us;
    if (size == 0 || read_time(text, text + size, &us) != text + size)
        return ATH_DATA;
    out->us = us;
    return ATH_OK;
}

ath_status ath_datetime_parse(const char *text, size_t size, ath_datetime *out) {
    int64_t us;
    if (size == 0 || read_datetime(text, text + size, &us) != text + size)
        return ATH_DATA;
    out->us = us;
    return ATH_OK;
}

ath_status ath_timestamp_parse(const char *text, size_t size, ath_timestamp *out) {
    const char *end = text + size;
    int64_t us, offset = 0;
    const char *at = size == 0 ? NULL : read_datetime(text, end, &us);
    if (at != NULL && at < end)
        at = read_zone(at, end, &offset);
    if (at == NULL || at != end || __builtin_sub_overflow(us, offset, &us))
        return ATH_DATA;
    out->us = us;
    return ATH_OK;
}
