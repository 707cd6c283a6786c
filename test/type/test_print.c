/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as people read them, and doubles as their shortest text in any locale.
 */
#include "../test.h"

#include <locale.h>

#include "type/type.h"
#include "values.h"

TEST(every_kind) {
    static const struct {
        ath_value value;
        size_t max;
        const char *text;
    } rows[] = {
        {V_NULL, 10, "NULL"},
        {V_BOOL(true), 10, "true"},
        {V_BOOL(false), 10, "false"},
        {V_INT(INT64_MIN), 10, "-9223372036854775808"},
        {V_UINT(UINT64_MAX), 10, "18446744073709551615"},
        {V_REAL(0.1), 10, "0.1"},
        {V_DECIMAL(true, 12340, 3), 1, "-12.340"},
        {V_TEXT("abc"), 10, "'abc'"},
        {V_TEXT(""), 10, "''"},
        {V_TEXT(""), 0, "''"},
        {V_TEXT("abc"), 3, "'abc'"},
        {V_TEXT("abcd"), 3, "'abc...'"},
        {V_TEXT("abcd"), 0, "'...'"},
        {V_TEXT("it's"), 10, "'it''s'"},
        {V_TEXT("\xc3\xa9\xe2\x82\xac!"), 2, "'\xc3\xa9\xe2\x82\xac...'"},
        {V_TEXT("\xc3\xa9\xe2\x82\xac"), 2, "'\xc3\xa9\xe2\x82\xac'"},
        {V_JSON("[1]"), 10, "'[1]'"},
        {V_BYTES("\0\1\2"), 10, "<3 bytes>"},
        {V_DATE(0), 1, "'1970-01-01'"},
        {V_TIME(1), 1, "'00:00:00.000001'"},
        {V_DATETIME(0), 1, "'1970-01-01 00:00:00.000000'"},
        {V_TIMESTAMP(0), 1, "'1970-01-01 00:00:00.000000'"},
        {V_INTERVAL(1, 0, 0), 1, "'P1M'"},
        {V_UUID(0xab), 1, "'ab000000-0000-0000-0000-000000000000'"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath__buf buf;
        ath__buf_init(&buf, &ath__malloc_allocator);
        test_context("%s", rows[i].text);
        ath__value_print(&buf, &rows[i].value, rows[i].max);
        CHECK_STR(ath__buf_text(&buf), rows[i].text);
        ath__buf_done(&buf);
    }
}

static const struct {
    double value;
    int digits;
    const char *text;
} reals[] = {
    {0, 0, "0"},
    {-0.0, 0, "-0"},
    {1, 0, "1"},
    {0.1, 0, "0.1"},
    {0.1 + 0.2, 0, "0.30000000000000004"},
    {0.1 + 0.2, 15, "0.3"},
    {1.0 / 3, 0, "0.3333333333333333"},
    {1.0 / 3, 3, "0.333"},
    {1.0 / 3, 99, "0.33333333333333331"},
    {-12.5, 15, "-12.5"},
    {1e300, 0, "1e+300"},
    {5e-324, 0, "4.94065645841247e-324"},
    {1.7976931348623157e308, 0, "1.7976931348623157e+308"},
    {123456789012345680.0, 0, "1.2345678901234568e+17"},
    {(double)INFINITY, 0, "inf"},
    {-(double)INFINITY, 15, "-inf"},
    {(double)NAN, 0, "nan"},
};

static void check_reals(void) {
    for (size_t i = 0; i < TEST_COUNT(reals); i++) {
        char text[ATH__REAL_TEXT];
        size_t size = ath__real_format(reals[i].value, reals[i].digits, text);
        test_context("%s", reals[i].text);
        CHECK_STR(text, reals[i].text);
        CHECK_INT(size, strlen(text));
    }
}

TEST(reals_as_text) {
    check_reals();
}

/* Only where such a locale is installed; the check above holds everywhere. */
TEST(reals_in_a_locale_with_a_comma) {
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "ps_AF"};
    for (size_t i = 0; i < TEST_COUNT(locales); i++) {
        if (setlocale(LC_NUMERIC, locales[i]) != NULL)
            check_reals();
    }
    CHECK(setlocale(LC_NUMERIC, "C") != NULL);
}

TEST(text_reads_back_as_the_same_double) {
    uint64_t state = 88172645463325252;
    int wrong = 0;
    for (int i = 0; i < 50000; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        double value;
        char text[ATH__REAL_TEXT];
        memcpy(&value, &state, sizeof value);
        if (isnan(value) || isinf(value))
            continue;
        ath__real_format(value, 0, text);
        double back = strtod(text, NULL);
        wrong += memcmp(&back, &value, sizeof value) != 0;
    }
    CHECK_INT(wrong, 0);
}

static const test_case cases[] = {
    {"every_kind", every_kind},
    {"reals_as_text", reals_as_text},
    {"reals_in_a_locale_with_a_comma", reals_in_a_locale_with_a_comma},
    {"text_reads_back_as_the_same_double", text_reads_back_as_the_same_double},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
