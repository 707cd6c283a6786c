/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar arithmetic that datetime.c, datetime_parse.c and interval.c share, inline because each loaded date runs
 * through it.  The year begins in March here, so that the leap day is its last and months need no table.
 */
#ifndef ATH_TYPE_DATETIME_INT_H
#define ATH_TYPE_DATETIME_INT_H

#include <stdbool.h>
#include <stdint.h>

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_SECOND)
#define US_PER_HOUR (60 * US_PER_MINUTE)
#define US_PER_DAY (24 * US_PER_HOUR)

enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_1970 = 719468 };

/* Whether the day exists in the proleptic Gregorian calendar. */
static inline bool ath__civil_valid(int64_t year, unsigned month, unsigned day) {
    if (month - 1 > 11 || day - 1 > 30)
        return false;
    if (day <= 28)
        return true;
    if (month != 2)
        return day <= 30 + ((month + (month >> 3)) & 1);
    return day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days since 1970-01-01 of a valid date (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static inline int64_t ath__civil_to_days(int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - (YEARS_PER_ERA - 1)) / YEARS_PER_ERA;
    unsigned year_of_era = (unsigned)(year - era * YEARS_PER_ERA);
    unsigned month_from_march = month > 2 ? month - 3 : month + 9;
    unsigned day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + (int64_t)day_of_era - DAYS_TO_1970;
}

/* Joins a day and a time of it.  False when int64_t does not reach that far. */
static inline bool ath__join_days(int64_t days, int64_t us_of_day, int64_t *us) {
    /* The first day of the range begins before the range does: come from its end. */
    if (days < 0) {
        days++;
        us_of_day -= US_PER_DAY;
    }
    return !__builtin_mul_overflow(days, US_PER_DAY, us) && !__builtin_add_overflow(*us, us_of_day, us);
}

#endif
