/* SPDX-License-Identifier: Apache-2.0
 *
 * Intervals: their text, what else is read, and both ends of each part.
 */
#include "../test.h"

#include "type/type.h"

static bool same(ath_interval a, ath_interval b) {
    return a.months == b.months && a.days == b.days && a.us == b.us;
}

TEST(written_and_read_back) {
    static const struct {
        ath_interval interval;
        const char *text;
    } rows[] = {
        {{0, 0, 0}, "PT0.000000S"},
        {{1, 2, 3500000}, "P1M2DT3.500000S"},
        {{14, 0, 0}, "P14M"},
        {{0, 40, 0}, "P40D"},
        {{0, 0, 1}, "PT0.000001S"},
        {{0, 0, -1}, "PT-0.000001S"},
        {{-1, 2, -1500000}, "P-1M2DT-1.500000S"},
        {{INT32_MAX, INT32_MAX, INT64_MAX}, "P2147483647M2147483647DT9223372036854.775807S"},
        {{INT32_MIN, INT32_MIN, INT64_MIN}, "P-2147483648M-2147483648DT-9223372036854.775808S"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        char text[ATH_INTERVAL_TEXT];
        ath_interval back = {7, 7, 7};
        test_context("%s", rows[i].text);
        CHECK_INT(ath_interval_format(rows[i].interval, text), strlen(rows[i].text));
        CHECK_STR(text, rows[i].text);
        CHECK_INT(ath_interval_parse(text, strlen(text), &back), ATH_OK);
        CHECK(same(back, rows[i].interval));
    }
}

TEST(other_forms) {
    static const struct {
        const char *text;
        ath_interval interval;
    } rows[] = {
        {"P1Y2M3DT4H5M6.7S", {14, 3, INT64_C(14706700000)}},
        {"P-1Y-2M3DT-4H-5M-6.7S", {-14, 3, INT64_C(-14706700000)}},
        {"P1Y-2M", {10, 0, 0}},
        {"P2W", {0, 14, 0}},
        {"P1W1D", {0, 8, 0}},
        {"PT36H", {0, 0, INT64_C(129600000000)}},
        {"PT1M", {0, 0, 60000000}},
        {"P1M", {1, 0, 0}},
        {"PT+1S", {0, 0, 1000000}},
        {"PT0S", {0, 0, 0}},
        {"PT1.5S", {0, 0, 1500000}},
        {"PT1.12345600000S", {0, 0, 1123456}},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_interval got = {7, 7, 7};
        test_context("%s", rows[i].text);
        CHECK_INT(ath_interval_parse(rows[i].text, strlen(rows[i].text), &got), ATH_OK);
        CHECK(same(got, rows[i].interval));
    }
}

TEST(refused) {
    static const char *const wrong[] = {
        "",
        "P",
        "PT",
        "P1",
        "P1DT",
        "P1D1M",
        "P1M1M",
        "1D",
        "P1H",
        "PT1D",
        "PT1Y",
        "P1S",
        "P1.5D",
        "PT1.5H",
        "PT1.S",
        "PT.5S",
        "PT1.1234567S",
        "PTS",
        "PDT1S",
        "P--1D",
        "P1D ",
        " P1D",
        "P1X",
        "P1TD",
        "PT1ST",
        "P1DTT1S",
        "P 1D",
        "-P1D",
        "p1d",
        "P2147483648M",
        "P-2147483649D",
        "P178956971Y",
        "PT9223372036854.775808S",
        "PT-9223372036854.775809S",
        "P99999999999999999999D",
        "PT9223372036854775807H",
        "PT2562047788H1S99999999999999999999S",
        "PT2562047788H9223372036854M",
        "1 mon 2 days",
    };
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        ath_interval got = {7, 7, 7};
        size_t size = strlen(wrong[i]);
        char *text = malloc(size + 1);
        memcpy(text, wrong[i], size + 1);
        text = realloc(text, size == 0 ? 1 : size);
        test_context("'%s'", wrong[i]);
        CHECK_INT(ath_interval_parse(text, size, &got), ATH_DATA);
        CHECK(same(got, (ath_interval){7, 7, 7}));
        free(text);
    }
}

static const test_case cases[] = {
    {"written_and_read_back", written_and_read_back},
    {"other_forms", other_forms},
    {"refused", refused},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
