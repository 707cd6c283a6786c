/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates and times from their parts, into their parts, and into ISO 8601 text.  All are counts since 1970-01-01 in the
 * proleptic Gregorian calendar.  Text is written digit by digit into the caller's array: rows by the hundred thousand
 * pass here, and printf would cost more than the database.
 */
#include <string.h>
#include <time.h>

#include "type/datetime_int.h"
#include "type/type.h"

ath_status ath_date_make(int year, int month, int day, ath_date *out) {
    if (!ath__civil_valid(year, (unsigned)month, (unsigned)day))
        return ATH_DATA;
    int64_t days = ath__civil_to_days(year, (unsigned)month, (unsigned)day);
    if (days < INT32_MIN || days > INT32_MAX)
        return ATH_DATA;
    out->days = (int32_t)days;
    return ATH_OK;
}

ath_status ath_time_make(int hour, int minute, int second, int microsecond, ath_time *out) {
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || microsecond < 0 ||
        microsecond > 999999)
        return ATH_DATA;
    out->us = hour * US_PER_HOUR + minute * US_PER_MINUTE + second * US_PER_SECOND + microsecond;
    return ATH_OK;
}

ath_status ath_datetime_make(int year, int month, int day, int hour, int minute, int second, int microsecond,
                             ath_datetime *out) {
    ath_time time;
    ATH_TRY(ath_time_make(hour, minute, second, microsecond, &time));
    if (!ath__civil_valid(year, (unsigned)month, (unsigned)day))
        return ATH_DATA;
    int64_t us;
    if (!ath__join_days(ath__civil_to_days(year, (unsigned)month, (unsigned)day), time.us, &us))
        return ATH_DATA;
    out->us = us;
    return ATH_OK;
}

typedef struct civil {
    int64_t year;
    unsigned month, day;
} civil;

static civil civil_from_days(int64_t days) {
    days += DAYS_TO_1970;
    int64_t era = (days >= 0 ? days : days - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    unsigned day_of_era = (unsigned)(days - era * DAYS_PER_ERA);
    unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned month_from_march = (5 * day_of_year + 2) / 153;
    civil c;
    c.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    c.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    c.year = (int64_t)year_of_era + era * YEARS_PER_ERA + (c.month <= 2);
    return c;
}

void ath_date_parts(ath_date date, int *year, int *month, int *day) {
    civil c = civil_from_days(date.days);
    if (year != NULL)
        *year = (int)c.year;
    if (month != NULL)
        *month = (int)c.month;
    if (day != NULL)
        *day = (int)c.day;
}

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

ath_datetime ath_datetime_now(void) {
    return (ath_datetime){now_us()};
}

ath_timestamp ath_timestamp_now(void) {
    return (ath_timestamp){now_us()};
}

static char *put_2(char *at, unsigned value) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

static char *put_year(char *at, int64_t year) {
    uint64_t rest = (uint64_t)year;
    if (year < 0 || year > 9999) {
        *at++ = year < 0 ? '-' : '+';
        rest = year < 0 ? -(uint64_t)year : (uint64_t)year;
    }
    unsigned above = (unsigned)(rest / 10000);
    if (above >= 100)
        *at++ = (char)('0' + above / 100);
    if (above >= 10)
        *at++ = (char)('0' + above / 10 % 10);
    if (above >= 1)
        *at++ = (char)('0' + above % 10);
    at = put_2(at, (unsigned)(rest / 100 % 100));
    return put_2(at, (unsigned)(rest % 100));
}

static char *put_date(char *at, int64_t days) {
    civil c = civil_from_days(days);
    at = put_year(at, c.year);
    *at++ = '-';
    at = put_2(at, c.month);
    *at++ = '-';
    return put_2(at, c.day);
}

static char *put_time(char *at, int64_t us) {
    unsigned seconds = (unsigned)(us / US_PER_SECOND);
    unsigned fraction = (unsigned)(us % US_PER_SECOND);
    at = put_2(at, seconds / 3600);
    *at++ = ':';
    at = put_2(at, seconds / 60 % 60);
    *at++ = ':';
    at = put_2(at, seconds % 60);
    *at++ = '.';
    at = put_2(at, fraction / 10000);
    at = put_2(at, fraction / 100 % 100);
    return put_2(at, fraction % 100);
}

/* Splits into whole days and what is left of the last, both towards the past. */
static int64_t split_days(int64_t us, int64_t *us_of_day) {
    int64_t days = us / US_PER_DAY;
    int64_t rest = us % US_PER_DAY;
    if (rest < 0) {
        rest += US_PER_DAY;
        days--;
    }
    *us_of_day = rest;
    return days;
}

static size_t finish(const char *out, char *end) {
    *end = '\0';
    return (size_t)(end - out);
}

size_t ath_date_format(ath_date date, char out[ATH_DATE_TEXT]) {
    return finish(out, put_date(out, date.days));
}

size_t ath_time_format(ath_time time, char out[ATH_TIME_TEXT]) {
    /* A time out of its range is written modulo a day, so that the text always fits its array. */
    int64_t us_of_day;
    split_days(time.us, &us_of_day);
    return finish(out, put_time(out, us_of_day));
}

static size_t format_us(int64_t us, char *out) {
    int64_t us_of_day;
    char *at = put_date(out, split_days(us, &us_of_day));
    *at++ = ' ';
    return finish(out, put_time(at, us_of_day));
}

size_t ath_datetime_format(ath_datetime t, char out[ATH_DATETIME_TEXT]) {
    return format_us(t.us, out);
}

size_t ath_timestamp_format(ath_timestamp t, char out[ATH_DATETIME_TEXT]) {
    return format_us(t.us, out);
}
