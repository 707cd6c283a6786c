/* SPDX-License-Identifier: Apache-2.0
 *
 * ISO 8601 text into dates and times, as tables; and each accepted text once more with one byte missing or changed.
 */
#include "../test.h"

#include "type/type.h"

static const int64_t day_us = INT64_C(86400000000);

/* Exactly the bytes, so that a sanitizer sees a read beyond them. */
static char *exact(const char *text) {
    size_t size = strlen(text);
    char *copy = malloc(size + 1);
    memcpy(copy, text, size);
    return realloc(copy, size == 0 ? 1 : size);
}

TEST(dates) {
    static const struct {
        const char *text;
        bool good;
        int32_t days;
    } rows[] = {
        {"1970-01-01", true, 0},
        {"2024-02-29", true, 19782},
        {"0000-01-01", true, -719528},
        {"9999-12-31", true, 2932896},
        {"-0001-12-31", true, -719529},
        {"+10000-01-01", true, 2932897},
        {"+2024-02-29", true, 19782},
        {"+5881580-07-11", true, INT32_MAX},
        {"-5877641-06-23", true, INT32_MIN},
        {"+5881580-07-12", false, 0},
        {"-5877641-06-22", false, 0},
        {"+99999999-01-01", false, 0},
        {"2023-02-29", false, 0},
        {"2024-13-01", false, 0},
        {"2024-00-01", false, 0},
        {"2024-01-00", false, 0},
        {"2024-01-32", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+", false, 0},
        {"2024", false, 0},
        {"2024-2-29", false, 0},
        {"24-02-29", false, 0},
        {"+24-02-29", false, 0},
        {"20240229", false, 0},
        {"2024/02/29", false, 0},
        {" 2024-02-29", false, 0},
        {"2024-02-29 ", false, 0},
        {"2024-02-29 00:00:00", false, 0},
        {"2024-02-2x", false, 0},
        {"2o24-02-29", false, 0},
        {"2024-02-2\xff", false, 0},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_date date = {77};
        char *text = exact(rows[i].text);
        test_context("'%s'", rows[i].text);
        CHECK_INT(ath_date_parse(text, strlen(rows[i].text), &date), rows[i].good ? ATH_OK : ATH_DATA);
        CHECK_INT(date.days, rows[i].good ? rows[i].days : 77);
        free(text);
    }
    ath_date date = {77};
    CHECK_INT(ath_date_parse(NULL, 0, &date), ATH_DATA);
    CHECK_INT(date.days, 77);
}

TEST(times) {
    static const struct {
        const char *text;
        int64_t us; /* -1: refused */
    } rows[] = {
        {"00:00", 0},
        {"13:05", INT64_C(47100000000)},
        {"13:05:07", INT64_C(47107000000)},
        {"13:05:07.5", INT64_C(47107500000)},
        {"13:05:07.25", INT64_C(47107250000)},
        {"13:05:07.00001", INT64_C(47107000010)},
        {"13:05:07.123456", INT64_C(47107123456)},
        {"13:05:07.123456000", INT64_C(47107123456)},
        {"13:05:07.1234560000000000000000000", INT64_C(47107123456)},
        {"23:59:59.999999", INT64_C(86399999999)},
        {"13:05:07.1234567", -1},
        {"13:05:07.1234560001", -1},
        {"13:05:07.", -1},
        {"13:05:07,5", -1},
        {"13:05:07.x", -1},
        {"13:05:07.12345x", -1},
        {"13:05:07.123456x", -1},
        {"13:05:", -1},
        {"13:05:7", -1},
        {"13:5", -1},
        {"3:05", -1},
        {"13", -1},
        {"1305", -1},
        {"", -1},
        {"24:00", -1},
        {"23:60", -1},
        {"23:59:60", -1},
        {"-1:00:00", -1},
        {"13:05Z", -1},
        {"13:05 ", -1},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_time time = {77};
        char *text = exact(rows[i].text);
        test_context("'%s'", rows[i].text);
        CHECK_INT(ath_time_parse(text, strlen(rows[i].text), &time), rows[i].us >= 0 ? ATH_OK : ATH_DATA);
        CHECK_INT(time.us, rows[i].us >= 0 ? rows[i].us : 77);
        free(text);
    }
}

#define NONE INT64_C(-777)

/* `naive` and `moment` are NONE where that parser refuses. */
static const struct {
    const char *text;
    int64_t naive, moment;
} rows[] = {
    {"1970-01-01 00:00:00.000000", 0, 0},
    {"2024-02-29 13:05:00.123456", INT64_C(1709211900123456), INT64_C(1709211900123456)},
    {"2024-02-29T13:05:00.123456", INT64_C(1709211900123456), INT64_C(1709211900123456)},
    {"2024-02-29t13:05", INT64_C(1709211900000000), INT64_C(1709211900000000)},
    {"0000-01-01 00:00:00", INT64_C(-62167219200000000), INT64_C(-62167219200000000)},
    {"9999-12-31 23:59:59.999999", INT64_C(253402300799999999), INT64_C(253402300799999999)},
    {"+294247-01-10 04:00:54.775807", INT64_MAX, INT64_MAX},
    {"-290308-12-21 19:59:05.224192", INT64_MIN, INT64_MIN},
    {"+294247-01-10 04:00:54.775808", NONE, NONE},
    {"-290308-12-21 19:59:05.224191", NONE, NONE},
    {"+9999999-12-31 00:00:00", NONE, NONE},
    {"1970-01-01 00:00:00Z", NONE, 0},
    {"1970-01-01 00:00:00z", NONE, 0},
    {"1970-01-01T00:00Z", NONE, 0},
    {"1970-01-01 02:00:00+02:00", NONE, 0},
    {"1970-01-01 02:00:00.5+02", NONE, 500000},
    {"1969-12-31 18:30:00-05:30", NONE, 0},
    {"1970-01-01 00:19:32+00:19:32", NONE, 0},
    {"2024-03-01 00:30:00.123456+01:00", NONE, INT64_C(1709249400123456)},
    {"+294247-01-10 04:00:54.775807-00:01", NONE, NONE},
    {"-290308-12-21 19:59:05.224192+00:01", NONE, NONE},
    {"1970-01-01 00:00:00+24:00", NONE, NONE},
    {"1970-01-01 00:00:00+02:60", NONE, NONE},
    {"1970-01-01 00:00:00+02:", NONE, NONE},
    {"1970-01-01 00:00:00+02:0", NONE, NONE},
    {"1970-01-01 00:00:00+02:00:", NONE, NONE},
    {"1970-01-01 00:00:00+02:00:00:00", NONE, NONE},
    {"1970-01-01 00:00:00+2", NONE, NONE},
    {"1970-01-01 00:00:00+", NONE, NONE},
    {"1970-01-01 00:00:00+0200", NONE, NONE},
    {"1970-01-01 00:00:00 Z", NONE, NONE},
    {"1970-01-01 00:00:00ZZ", NONE, NONE},
    {"1970-01-01 00:00:00 UTC", NONE, NONE},
    {"1970-01-01", NONE, NONE},
    {"1970-01-01 ", NONE, NONE},
    {"1970-01-01  00:00", NONE, NONE},
    {"1970-01-01_00:00", NONE, NONE},
    {"2023-02-29 00:00:00", NONE, NONE},
    {"", NONE, NONE},
    {"now", NONE, NONE},
    {"infinity", NONE, NONE},
};

TEST(datetimes_and_timestamps) {
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_datetime naive = {NONE};
        ath_timestamp moment = {NONE};
        char *text = exact(rows[i].text);
        size_t size = strlen(rows[i].text);
        test_context("'%s'", rows[i].text);
        CHECK_INT(ath_datetime_parse(text, size, &naive), rows[i].naive != NONE ? ATH_OK : ATH_DATA);
        CHECK_INT(naive.us, rows[i].naive);
        CHECK_INT(ath_timestamp_parse(text, size, &moment), rows[i].moment != NONE ? ATH_OK : ATH_DATA);
        CHECK_INT(moment.us, rows[i].moment);
        free(text);
    }
}

/* No byte of the fixed form may be anything but what it is: each is replaced by each of a few others. */
TEST(every_position_is_checked) {
    static const char good[] = "2024-02-29 13:05:00.123456";
    static const char others[] = {'/', ':', 'x', ' ', '-', '\0', '\xff', '\xb0'};
    for (size_t at = 0; at < sizeof good - 1; at++) {
        for (size_t i = 0; i < sizeof others; i++) {
            char text[sizeof good];
            memcpy(text, good, sizeof good);
            if (text[at] == others[i])
                continue;
            text[at] = others[i];
            /* A leading sign starts another form: "-024-..." has too few digits for it and is refused as well. */
            ath_datetime t;
            test_context("byte %zu is %d", at, others[i]);
            CHECK_INT(ath_datetime_parse(text, sizeof good - 1, &t), ATH_DATA);
        }
    }
}

TEST(what_is_written_can_be_read) {
    uint64_t state = 88172645463325252;
    int wrong = 0;
    for (int i = 0; i < 100000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        int64_t us = (int64_t)(i % 2 == 0 ? state : state >> 8);
        char text[ATH_DATETIME_TEXT];
        ath_datetime t;
        ath_timestamp moment;
        ath_date date;
        ath_time time;
        size_t size = ath_datetime_format((ath_datetime){us}, text);
        wrong += ath_datetime_parse(text, size, &t) != ATH_OK || t.us != us;
        wrong += ath_timestamp_parse(text, size, &moment) != ATH_OK || moment.us != us;
        size = ath_date_format((ath_date){(int32_t)(state >> 32)}, text);
        wrong += ath_date_parse(text, size, &date) != ATH_OK || date.days != (int32_t)(state >> 32);
        int64_t of_day = (int64_t)(state >> 1) % day_us;
        size = ath_time_format((ath_time){of_day}, text);
        wrong += ath_time_parse(text, size, &time) != ATH_OK || time.us != of_day;
    }
    CHECK_INT(wrong, 0);
}

static const test_case cases[] = {
    {"dates", dates},
    {"times", times},
    {"datetimes_and_timestamps", datetimes_and_timestamps},
    {"every_position_is_checked", every_position_is_checked},
    {"what_is_written_can_be_read", what_is_written_can_be_read},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
