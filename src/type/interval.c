/* SPDX-License-Identifier: Apache-2.0
 *
 * Intervals to ISO 8601 durations and back: "P1M2DT3.500000S".  Months, days and microseconds stay apart, because no
 * month has a fixed number of days and no day with a change of clocks has 24 hours; years, weeks, hours and minutes
 * are read into them.  Each number may have a sign of its own, as PostgreSQL writes them.
 */
#include <string.h>

#include "type/datetime_int.h"
#include "type/type.h"

static char *put_number(char *at, uint64_t value) {
    char digits[20];
    size_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

static char *put_signed(char *at, int64_t value, char unit) {
    if (value < 0)
        *at++ = '-';
    at = put_number(at, value < 0 ? -(uint64_t)value : (uint64_t)value);
    *at++ = unit;
    return at;
}

static char *put_seconds(char *at, int64_t us) {
    uint64_t size = us < 0 ? -(uint64_t)us : (uint64_t)us;
    if (us < 0)
        *at++ = '-';
    at = put_number(at, size / 1000000);
    *at++ = '.';
    for (uint64_t unit = 100000; unit > 0; unit /= 10)
        *at++ = (char)('0' + size / unit % 10);
    *at++ = 'S';
    return at;
}

size_t ath_interval_format(ath_interval interval, char out[ATH_INTERVAL_TEXT]) {
    char *at = out;
    *at++ = 'P';
    if (interval.months != 0)
        at = put_signed(at, interval.months, 'M');
    if (interval.days != 0)
        at = put_signed(at, interval.days, 'D');
    if (interval.us != 0 || at == out + 1) {
        *at++ = 'T';
        at = put_seconds(at, interval.us);
    }
    *at = '\0';
    return (size_t)(at - out);
}

/* One unit of a duration; a duration names them in this order, each once at most. */
typedef struct unit {
    char letter;
    bool after_t;
    enum { TO_MONTHS, TO_DAYS, TO_US, TO_COUNT } to;
    int64_t factor;
} unit;

static const unit units[] = {
    {'Y', false, TO_MONTHS, 12},       {'M', false, TO_MONTHS, 1},      {'W', false, TO_DAYS, 7},
    {'D', false, TO_DAYS, 1},          {'H', true, TO_US, US_PER_HOUR}, {'M', true, TO_US, US_PER_MINUTE},
    {'S', true, TO_US, US_PER_SECOND},
};

typedef struct number {
    bool negative, has_fraction;
    int64_t whole; /* with its sign */
    int64_t us;    /* of the fraction, with the sign */
} number;

static const char *read_digits(const char *at, const char *end, number *n) {
    const char *start = at;
    n->whole = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        int64_t digit = *at - '0';
        if (__builtin_mul_overflow(n->whole, 10, &n->whole) ||
            __builtin_add_overflow(n->whole, n->negative ? -digit : digit, &n->whole))
            return NULL;
    }
    return at == start ? NULL : at;
}

static const char *read_number(const char *at, const char *end, number *n) {
    *n = (number){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    at = read_digits(at, end, n);
    if (at == NULL || at == end || *at != '.')
        return at;
    n->has_fraction = true;
    const char *start = ++at;
    for (int64_t place = US_PER_SECOND / 10; at < end && *at >= '0' && *at <= '9'; at++, place /= 10) {
        if (place == 0 && *at != '0')
            return NULL;
        n->us += (*at - '0') * place;
    }
    if (n->negative)
        n->us = -n->us;
    return at == start ? NULL : at;
}

/* The unit with that letter among those not yet passed. */
static const unit *find_unit(size_t *from, char letter, bool after_t) {
    for (size_t i = *from; i < ATH_COUNT_OF(units); i++) {
        if (units[i].letter == letter && units[i].after_t == after_t) {
            *from = i + 1;
            return &units[i];
        }
    }
    return NULL;
}

static bool add_number(int64_t totals[TO_COUNT], const unit *u, const number *n) {
    int64_t value;
    if (n->has_fraction && u->letter != 'S')
        return false;
    return !__builtin_mul_overflow(n->whole, u->factor, &value) &&
           !__builtin_add_overflow(totals[u->to], value, &totals[u->to]) &&
           !__builtin_add_overflow(totals[u->to], n->us, &totals[u->to]);
}

static bool read_duration(const char *at, const char *end, int64_t totals[TO_COUNT]) {
    size_t next_unit = 0;
    bool after_t = false, complete = false;
    while (at < end) {
        if (*at == 'T' && !after_t) {
            after_t = true;
            complete = false;
            at++;
            continue;
        }
        number n;
        at = read_number(at, end, &n);
        if (at == NULL || at == end)
            return false;
        const unit *u = find_unit(&next_unit, *at++, after_t);
        if (u == NULL || !add_number(totals, u, &n))
            return false;
        complete = true;
    }
    return complete;
}

ath_status ath_interval_parse(const char *text, size_t size, ath_interval *out) {
    int64_t totals[TO_COUNT] = {0, 0, 0};
    if (size < 3 || text[0] != 'P' || !read_duration(text + 1, text + size, totals))
        return ATH_DATA;
    if (totals[TO_MONTHS] != (int32_t)totals[TO_MONTHS] || totals[TO_DAYS] != (int32_t)totals[TO_DAYS])
        return ATH_DATA;
    out->months = (int32_t)totals[TO_MONTHS];
    out->days = (int32_t)totals[TO_DAYS];
    out->us = totals[TO_US];
    return ATH_OK;
}
