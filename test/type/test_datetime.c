/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar arithmetic and formatting: leap years, both ends of what can be kept, and every day of eight centuries.
 */
#include "../test.h"

#include <time.h>

#include "type/type.h"

static const struct {
    int year, month, day;
    int32_t days;
    const char *text;
} dates[] = {
    {1970, 1, 1, 0, "1970-01-01"},
    {1969, 12, 31, -1, "1969-12-31"},
    {2000, 2, 29, 11016, "2000-02-29"},
    {2000, 3, 1, 11017, "2000-03-01"},
    {2024, 2, 29, 19782, "2024-02-29"},
    {1900, 3, 1, -25508, "1900-03-01"},
    {0, 1, 1, -719528, "0000-01-01"},
    {0, 2, 29, -719469, "0000-02-29"},
    {0, 3, 1, -719468, "0000-03-01"},
    {1, 1, 1, -719162, "0001-01-01"},
    {-1, 12, 31, -719529, "-0001-12-31"},
    {-4, 2, 29, -720930, "-0004-02-29"},
    {9999, 12, 31, 2932896, "9999-12-31"},
    {10000, 1, 1, 2932897, "+10000-01-01"},
    {5881580, 7, 11, INT32_MAX, "+5881580-07-11"},
    {-5877641, 6, 23, INT32_MIN, "-5877641-06-23"},
};

TEST(known_dates) {
    for (size_t i = 0; i < TEST_COUNT(dates); i++) {
        ath_date date = {12345};
        char text[ATH_DATE_TEXT];
        int year = -1, month = -1, day = -1;
        test_context("%s", dates[i].text);
        CHECK_INT(ath_date_make(dates[i].year, dates[i].month, dates[i].day, &date), ATH_OK);
        CHECK_INT(date.days, dates[i].days);
        CHECK_INT(ath_date_format(date, text), strlen(dates[i].text));
        CHECK_STR(text, dates[i].text);
        ath_date_parts(date, &year, &month, &day);
        CHECK_INT(year, dates[i].year);
        CHECK_INT(month, dates[i].month);
        CHECK_INT(day, dates[i].day);
    }
    int month = 0;
    ath_date_parts((ath_date){0}, NULL, &month, NULL);
    CHECK_INT(month, 1);
    ath_date_parts((ath_date){0}, NULL, NULL, NULL);
}

TEST(dates_that_do_not_exist) {
    static const int wrong[][3] = {
        {2023, 2, 29},     {1900, 2, 29},     {2100, 2, 29},    {2024, 2, 30},     {2024, 2, 31},
        {2024, 4, 31},     {2024, 6, 31},     {2024, 9, 31},    {2024, 11, 31},    {2024, 1, 32},
        {2024, 1, 0},      {2024, 0, 1},      {2024, 13, 1},    {2024, -1, 1},     {2024, 1, -1},
        {INT32_MAX, 1, 1}, {INT32_MIN, 1, 1}, {5881580, 7, 12}, {-5877641, 6, 22},
    };
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        ath_date date = {77};
        test_context("%d-%d-%d", wrong[i][0], wrong[i][1], wrong[i][2]);
        CHECK_INT(ath_date_make(wrong[i][0], wrong[i][1], wrong[i][2], &date), ATH_DATA);
        CHECK_INT(date.days, 77);
    }
}

/* A calendar that only counts days, from 1600 to 2400, against the arithmetic. */
TEST(every_day_of_eight_centuries) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    ath_date date;
    CHECK_INT(ath_date_make(1600, 1, 1, &date), ATH_OK);
    int32_t days = date.days;
    int wrong = 0;
    for (int year = 1600; year < 2400; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            for (int day = 1; day <= length; day++, days++) {
                int y, m, d;
                wrong += ath_date_make(year, month, day, &date) != ATH_OK || date.days != days;
                ath_date_parts((ath_date){days}, &y, &m, &d);
                wrong += y != year || m != month || d != day;
            }
            wrong += ath_date_make(year, month, length + 1, &date) != ATH_DATA;
        }
    }
    CHECK_INT(wrong, 0);
}

TEST(times) {
    ath_time time = {-5};
    char text[ATH_TIME_TEXT];
    CHECK_INT(ath_time_make(23, 59, 59, 999999, &time), ATH_OK);
    CHECK_INT(time.us, INT64_C(86399999999));
    CHECK_INT(ath_time_format(time, text), 15);
    CHECK_STR(text, "23:59:59.999999");
    CHECK_INT(ath_time_make(13, 5, 0, 7, &time), ATH_OK);
    ath_time_format(time, text);
    CHECK_STR(text, "13:05:00.000007");
    static const int wrong[][4] = {{24, 0, 0, 0}, {-1, 0, 0, 0}, {0, 60, 0, 0},      {0, -1, 0, 0},
                                   {0, 0, 60, 0}, {0, 0, -1, 0}, {0, 0, 0, 1000000}, {0, 0, 0, -1}};
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        time.us = 77;
        test_context("row %zu", i);
        CHECK_INT(ath_time_make(wrong[i][0], wrong[i][1], wrong[i][2], wrong[i][3], &time), ATH_DATA);
        CHECK_INT(time.us, 77);
    }
    test_context("%s", "");
    CHECK_INT(ath_time_format((ath_time){INT64_MAX}, text), 15); /* out of range, but in its array */
    CHECK_INT(ath_time_format((ath_time){-1}, text), 15);
    CHECK_STR(text, "23:59:59.999999");
}

static const struct {
    int64_t us;
    const char *text;
} moments[] = {
    {0, "1970-01-01 00:00:00.000000"},
    {-1, "1969-12-31 23:59:59.999999"},
    {INT64_C(1709211900123456), "2024-02-29 13:05:00.123456"},
    {INT64_C(-62167219200000000), "0000-01-01 00:00:00.000000"},
    {INT64_C(-62167219200000001), "-0001-12-31 23:59:59.999999"},
    {INT64_C(253402300799999999), "9999-12-31 23:59:59.999999"},
    {INT64_C(253402300800000000), "+10000-01-01 00:00:00.000000"},
    {INT64_MAX, "+294247-01-10 04:00:54.775807"},
    {INT64_MIN, "-290308-12-21 19:59:05.224192"},
};

TEST(datetimes_as_text) {
    for (size_t i = 0; i < TEST_COUNT(moments); i++) {
        char text[ATH_DATETIME_TEXT];
        test_context("%s", moments[i].text);
        CHECK_INT(ath_datetime_format((ath_datetime){moments[i].us}, text), strlen(moments[i].text));
        CHECK_STR(text, moments[i].text);
        CHECK_INT(ath_timestamp_format((ath_timestamp){moments[i].us}, text), strlen(moments[i].text));
        CHECK_STR(text, moments[i].text);
    }
}

TEST(datetimes_from_parts) {
    ath_datetime t = {77};
    CHECK_INT(ath_datetime_make(2023, 2, 29, 0, 0, 0, 0, &t), ATH_DATA);
    CHECK_INT(ath_datetime_make(2023, 2, 28, 24, 0, 0, 0, &t), ATH_DATA);
    CHECK_INT(ath_datetime_make(294247, 1, 10, 4, 0, 54, 775808, &t), ATH_DATA);
    CHECK_INT(ath_datetime_make(-290308, 12, 21, 19, 59, 5, 224191, &t), ATH_DATA);
    CHECK_INT(ath_datetime_make(INT32_MAX, 1, 1, 0, 0, 0, 0, &t), ATH_DATA);
    CHECK_INT(t.us, 77);
    CHECK_INT(ath_datetime_make(294247, 1, 10, 4, 0, 54, 775807, &t), ATH_OK);
    CHECK_INT(t.us, INT64_MAX);
    CHECK_INT(ath_datetime_make(-290308, 12, 21, 19, 59, 5, 224192, &t), ATH_OK);
    CHECK_INT(t.us, INT64_MIN);
    CHECK_INT(ath_datetime_make(2024, 2, 29, 13, 5, 0, 123456, &t), ATH_OK);
    CHECK_INT(t.us, INT64_C(1709211900123456));
}

TEST(now) {
    int64_t seconds = (int64_t)time(NULL);
    int64_t naive = ath_datetime_now().us / 1000000, moment = ath_timestamp_now().us / 1000000;
    CHECK(naive >= seconds - 1 && naive <= seconds + 60);
    CHECK(moment >= seconds - 1 && moment <= seconds + 60);
    CHECK_INT(ath_datetime_as_utc((ath_datetime){5}).us, 5);
    CHECK_INT(ath_timestamp_as_utc_datetime((ath_timestamp){6}).us, 6);
}

static const test_case cases[] = {
    {"known_dates", known_dates},
    {"dates_that_do_not_exist", dates_that_do_not_exist},
    {"every_day_of_eight_centuries", every_day_of_eight_centuries},
    {"times", times},
    {"datetimes_as_text", datetimes_as_text},
    {"datetimes_from_parts", datetimes_from_parts},
    {"now", now},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
