/* SPDX-License-Identifier: Apache-2.0
 *
 * Decimals to 38 digits: text both ways, other scales, order, and the nearest double.
 */
#include "../test.h"

#include "type/type.h"

#define NINES_38 "99999999999999999999999999999999999999"

static ath_decimal parsed(const char *text) {
    ath_decimal decimal = {.low = 77};
    if (ath_decimal_parse(text, strlen(text), &decimal) != ATH_OK)
        CHECK_STR(text, "a decimal");
    return decimal;
}

static const char *formatted(ath_decimal decimal) {
    static char text[ATH_DECIMAL_TEXT];
    size_t size = ath_decimal_format(decimal, text);
    CHECK_INT(size, strlen(text));
    return text;
}

/* A NULL in `written`: the text is refused. */
static const struct {
    const char *text, *written;
} texts[] = {
    {"0", "0"},
    {"-0", "0"},
    {"-0.00", "0.00"},
    {"00", "0"},
    {"1", "1"},
    {"+1", "1"},
    {"-12.340", "-12.340"},
    {"0.05", "0.05"},
    {"-.5", "-0.5"},
    {"5.", "5"},
    {"007.50", "7.50"},
    {"1e3", "1000"},
    {"1E+3", "1000"},
    {"1.5e3", "1500"},
    {"1.5e1", "15"},
    {"1.5e0", "1.5"},
    {"1.5e-3", "0.0015"},
    {"-1e-38", "-0.00000000000000000000000000000000000001"},
    {"0e99999999999", "0"},
    {"0e-38", "0.00000000000000000000000000000000000000"},
    {"1e37", "10000000000000000000000000000000000000"},
    {NINES_38, NINES_38},
    {"-" NINES_38, "-" NINES_38},
    {"-0." NINES_38, "-0." NINES_38},
    {"9." NINES_38 "e-0", NULL},
    {"000000000000000000000000000000000000000000001", "1"},
    {"18446744073709551615", "18446744073709551615"},
    {"18446744073709551616", "18446744073709551616"},
    {"1234567890123456789012345678.9012345678", "1234567890123456789012345678.9012345678"},
    {"", NULL},
    {"-", NULL},
    {".", NULL},
    {"-.", NULL},
    {"e5", NULL},
    {"1e", NULL},
    {"1e+", NULL},
    {"1e-", NULL},
    {"1e5.0", NULL},
    {"1..2", NULL},
    {"1.2.3", NULL},
    {" 1", NULL},
    {"1 ", NULL},
    {"--1", NULL},
    {"+-1", NULL},
    {"1,5", NULL},
    {"0x10", NULL},
    {"nan", NULL},
    {"inf", NULL},
    {"1" NINES_38, NULL},
    {"100000000000000000000000000000000000000", NULL},
    {"1e38", NULL},
    {"10e37", NULL},
    {"1e-39", NULL},
    {"1e99999999999", NULL},
    {"1e-99999999999", NULL},
    {"0.000000000000000000000000000000000000001", NULL},
};

TEST(read_and_written) {
    for (size_t i = 0; i < TEST_COUNT(texts); i++) {
        ath_decimal decimal = {.low = 77};
        size_t size = strlen(texts[i].text);
        char *text = malloc(size + 1);
        memcpy(text, texts[i].text, size);
        text = realloc(text, size == 0 ? 1 : size);
        test_context("'%s'", texts[i].text);
        CHECK_INT(ath_decimal_parse(text, size, &decimal), texts[i].written != NULL ? ATH_OK : ATH_DATA);
        if (texts[i].written != NULL)
            CHECK_STR(formatted(decimal), texts[i].written);
        else
            CHECK_INT(decimal.low, 77);
        free(text);
    }
}

TEST(parts) {
    ath_decimal decimal = parsed("-12.340");
    CHECK_INT(decimal.low, 12340);
    CHECK_INT(decimal.high, 0);
    CHECK_INT(decimal.scale, 3);
    CHECK(decimal.negative);
    decimal = parsed("18446744073709551617.0");
    CHECK_INT(decimal.high, 10);
    CHECK_INT(decimal.low, 10);
    CHECK(!parsed("-0.0").negative);
}

TEST(from_integers) {
    CHECK_STR(formatted(ath_decimal_from_int(0)), "0");
    CHECK_STR(formatted(ath_decimal_from_int(-1)), "-1");
    CHECK_STR(formatted(ath_decimal_from_int(INT64_MAX)), "9223372036854775807");
    CHECK_STR(formatted(ath_decimal_from_int(INT64_MIN)), "-9223372036854775808");
}

/* No decimal can be made this way by the library, but a caller's struct can hold anything. */
TEST(broken_decimals_stay_in_their_array) {
    ath_decimal broken = {.low = UINT64_MAX, .high = UINT64_MAX, .scale = 255, .negative = true};
    CHECK_STR(formatted(broken), "-3.40282366920938463463374607431768211455");
    broken.scale = 0;
    CHECK_STR(formatted(broken), "-340282366920938463463374607431768211455");
    ath_decimal out = {.low = 77};
    CHECK_INT(ath_decimal_rescale(broken, 0, &out), ATH_DATA);
    CHECK_INT(ath_decimal_rescale((ath_decimal){.low = 1, .scale = 39}, 38, &out), ATH_DATA);
    CHECK_INT(out.low, 77);
    CHECK_INT(ath_decimal_compare((ath_decimal){.negative = true}, (ath_decimal){.scale = 2}), 0);
    CHECK_STR(formatted((ath_decimal){.scale = 38}), "0.00000000000000000000000000000000000000");
}

TEST(rescale) {
    static const struct {
        const char *from;
        uint8_t scale;
        const char *to;
    } rows[] = {
        {"1.5", 3, "1.500"},
        {"1.500", 1, "1.5"},
        {"1.500", 0, NULL},
        {"2.000", 0, "2"},
        {"-7", 2, "-7.00"},
        {"0.00", 38, "0.00000000000000000000000000000000000000"},
        {"1", 38, NULL},
        {"1", 37, "1.0000000000000000000000000000000000000"},
        {NINES_38, 0, NINES_38},
        {NINES_38, 1, NULL},
        {"0.01", 1, NULL},
        {"1", 39, NULL},
        {"9999999999999999999999999999999999999", 1, "9999999999999999999999999999999999999.0"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_decimal out = {.low = 77};
        test_context("%s to scale %d", rows[i].from, rows[i].scale);
        CHECK_INT(ath_decimal_rescale(parsed(rows[i].from), rows[i].scale, &out), rows[i].to ? ATH_OK : ATH_DATA);
        if (rows[i].to != NULL)
            CHECK_STR(formatted(out), rows[i].to);
        else
            CHECK_INT(out.low, 77);
    }
}

/* In ascending order; equal numbers share a line. */
TEST(compare) {
    static const char *const ascending[][2] = {
        {"-" NINES_38, "-" NINES_38},
        {"-1.5", "-1.50"},
        {"-1", "-1.0000000000000000000000000000000000000"},
        {"-0." NINES_38, "-0." NINES_38},
        {"0", "0.00000000000000000000000000000000000000"},
        {"1e-38", "0.00000000000000000000000000000000000001"},
        {"0.1", "0.10"},
        {"0." NINES_38, "0." NINES_38},
        {"1", "1.00"},
        {"1.0000000000000000000000000000000000001", "1.0000000000000000000000000000000000001"},
        {"9.9", "9.90"},
        {"18446744073709551616", "18446744073709551616.0"},
        {NINES_38, NINES_38},
    };
    for (size_t i = 0; i < TEST_COUNT(ascending); i++) {
        for (size_t j = 0; j < TEST_COUNT(ascending); j++) {
            int order = ath_decimal_compare(parsed(ascending[i][0]), parsed(ascending[j][1]));
            test_context("%s against %s", ascending[i][0], ascending[j][1]);
            CHECK_INT((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static bool exactly(double a, double b) {
    return !(a < b) && !(a > b);
}

TEST(to_double) {
    CHECK(exactly(ath_decimal_to_double(parsed("0.1")), 0.1));
    CHECK(exactly(ath_decimal_to_double(parsed("-12.340")), -12.34));
    CHECK(exactly(ath_decimal_to_double(parsed("9007199254740993")), 9007199254740992.0));
    CHECK(exactly(ath_decimal_to_double(parsed(NINES_38)), 1e38));
    CHECK(exactly(ath_decimal_to_double(parsed("1e-38")), 1e-38));
    CHECK(exactly(ath_decimal_to_double(parsed("0.30000000000000004")), 0.1 + 0.2));
    CHECK(exactly(ath_decimal_to_double(parsed("0.00")), 0));
}

static const test_case cases[] = {
    {"read_and_written", read_and_written},
    {"parts", parts},
    {"from_integers", from_integers},
    {"broken_decimals_stay_in_their_array", broken_decimals_stay_in_their_array},
    {"rescale", rescale},
    {"compare", compare},
    {"to_double", to_double},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
