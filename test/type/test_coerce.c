/* SPDX-License-Identifier: Apache-2.0
 *
 * Coercion as a table: value, column type, and what becomes of it.  Then conversions a database needs, and equality.
 */
#include "../test.h"

#include "type/type.h"
#include "values.h"

#define UNSIGNED(name)                                                                                                 \
    { .sql = ATH_SQL_##name, .is_unsigned = true }
#define PLAIN(name)                                                                                                    \
    { .sql = ATH_SQL_##name }
#define NUMERIC(p, s)                                                                                                  \
    { .sql = ATH_SQL_NUMERIC, .precision = (p), .scale = (s) }

static const char *const labels[] = {"draft", "published", ""};
#define LABELS                                                                                                         \
    { .sql = ATH_SQL_ENUM, .names = labels, .name_count = 3 }

/* `text` is the result as ath__value_print shows it; NULL where it is refused. */
static const struct {
    ath_value value;
    ath_type type;
    ath_kind kind;
    const char *text;
} rows[] = {
    {V_NULL, PLAIN(INTEGER), ATH_KIND_NULL, "NULL"},
    {V_NULL, PLAIN(UUID), ATH_KIND_NULL, "NULL"},
    {V_TEXT("anything"), PLAIN(INFER), ATH_KIND_TEXT, "'anything'"},

    {V_BOOL(true), PLAIN(BOOLEAN), ATH_KIND_BOOL, "true"},
    {V_INT(0), PLAIN(BOOLEAN), ATH_KIND_BOOL, "false"},
    {V_INT(1), PLAIN(BOOLEAN), ATH_KIND_BOOL, "true"},
    {V_INT(2), PLAIN(BOOLEAN), 0, NULL},
    {V_INT(-1), PLAIN(BOOLEAN), 0, NULL},
    {V_TEXT("true"), PLAIN(BOOLEAN), 0, NULL},

    {V_INT(32767), PLAIN(SMALLINT), ATH_KIND_INT, "32767"},
    {V_INT(32768), PLAIN(SMALLINT), 0, NULL},
    {V_INT(-32768), PLAIN(SMALLINT), ATH_KIND_INT, "-32768"},
    {V_INT(-32769), PLAIN(SMALLINT), 0, NULL},
    {V_INT(65535), UNSIGNED(SMALLINT), ATH_KIND_INT, "65535"},
    {V_INT(65536), UNSIGNED(SMALLINT), 0, NULL},
    {V_INT(-1), UNSIGNED(SMALLINT), 0, NULL},
    {V_INT(INT32_MAX), PLAIN(INTEGER), ATH_KIND_INT, "2147483647"},
    {V_INT(INT32_MAX + INT64_C(1)), PLAIN(INTEGER), 0, NULL},
    {V_INT(INT32_MIN), PLAIN(INTEGER), ATH_KIND_INT, "-2147483648"},
    {V_INT(INT32_MIN - INT64_C(1)), PLAIN(INTEGER), 0, NULL},
    {V_INT(UINT32_MAX), UNSIGNED(INTEGER), ATH_KIND_INT, "4294967295"},
    {V_INT(UINT32_MAX + INT64_C(1)), UNSIGNED(INTEGER), 0, NULL},
    {V_INT(INT64_MAX), PLAIN(BIGINT), ATH_KIND_INT, "9223372036854775807"},
    {V_INT(INT64_MIN), PLAIN(BIGINT), ATH_KIND_INT, "-9223372036854775808"},
    {V_UINT(UINT64_C(1) << 63), PLAIN(BIGINT), 0, NULL},
    {V_UINT(UINT64_MAX), UNSIGNED(BIGINT), ATH_KIND_UINT, "18446744073709551615"},
    {V_UINT(UINT64_MAX), UNSIGNED(INTEGER), 0, NULL},
    {V_UINT(5), PLAIN(SMALLINT), ATH_KIND_INT, "5"},
    {V_INT(INT64_MIN), UNSIGNED(BIGINT), 0, NULL},
    {V_BOOL(true), PLAIN(INTEGER), ATH_KIND_INT, "1"},
    {V_REAL(1.0), PLAIN(INTEGER), 0, NULL},
    {V_DECIMAL(false, 1, 0), PLAIN(INTEGER), 0, NULL},
    {V_TEXT("1"), PLAIN(INTEGER), 0, NULL},

    {V_REAL(1.5), PLAIN(DOUBLE), ATH_KIND_REAL, "1.5"},
    {V_INT(-3), PLAIN(DOUBLE), ATH_KIND_REAL, "-3"},
    {V_UINT(UINT64_C(1) << 63), PLAIN(FLOAT), ATH_KIND_REAL, "9.223372036854776e+18"},
    {V_DECIMAL(false, 15, 1), PLAIN(FLOAT), ATH_KIND_REAL, "1.5"},
    {V_TEXT("1.5"), PLAIN(DOUBLE), 0, NULL},
    {V_BOOL(true), PLAIN(DOUBLE), 0, NULL},

    {V_DECIMAL(false, 1234, 2), NUMERIC(10, 2), ATH_KIND_DECIMAL, "12.34"},
    {V_DECIMAL(false, 1234, 2), NUMERIC(10, 3), ATH_KIND_DECIMAL, "12.340"},
    {V_DECIMAL(false, 12340, 3), NUMERIC(10, 2), ATH_KIND_DECIMAL, "12.34"},
    {V_DECIMAL(false, 12345, 3), NUMERIC(10, 2), 0, NULL},
    {V_DECIMAL(true, 9999, 2), NUMERIC(4, 2), ATH_KIND_DECIMAL, "-99.99"},
    {V_DECIMAL(true, 10000, 2), NUMERIC(4, 2), 0, NULL},
    {V_INT(100), NUMERIC(4, 2), 0, NULL},
    {V_INT(99), NUMERIC(4, 2), ATH_KIND_DECIMAL, "99.00"},
    {V_INT(10), NUMERIC(1, 0), 0, NULL},
    {V_INT(INT64_MIN), NUMERIC(38, 19), ATH_KIND_DECIMAL, "-9223372036854775808.0000000000000000000"},
    {V_INT(INT64_MIN), NUMERIC(38, 20), 0, NULL},
    {V_UINT(UINT64_MAX), NUMERIC(20, 0), ATH_KIND_DECIMAL, "18446744073709551615"},
    {V_TEXT("12.5"), NUMERIC(10, 2), ATH_KIND_DECIMAL, "12.50"},
    {V_TEXT("12.5"), NUMERIC(0, 0), ATH_KIND_DECIMAL, "12.5"},
    {V_TEXT("twelve"), NUMERIC(10, 2), 0, NULL},
    {V_TEXT("99999999999999999999999999999999999999"), NUMERIC(38, 0), ATH_KIND_DECIMAL,
     "99999999999999999999999999999999999999"},
    {V_REAL(9.99), NUMERIC(10, 2), ATH_KIND_DECIMAL, "9.99"},
    {V_REAL(9.999), NUMERIC(10, 2), 0, NULL},
    {V_REAL((double)NAN), NUMERIC(10, 2), 0, NULL},
    {V_REAL(1e40), NUMERIC(0, 0), 0, NULL},
    {V_DECIMAL(false, 1, 39), NUMERIC(0, 0), 0, NULL},
    {V_BOOL(true), NUMERIC(10, 2), 0, NULL},

    {V_TEXT("abc"), {.sql = ATH_SQL_STRING, .length = 3}, ATH_KIND_TEXT, "'abc'"},
    {V_TEXT("abcd"), {.sql = ATH_SQL_STRING, .length = 3}, 0, NULL},
    {V_TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
     {.sql = ATH_SQL_STRING, .length = 3},
     ATH_KIND_TEXT,
     "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'"},
    {V_TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), {.sql = ATH_SQL_STRING, .length = 2}, 0, NULL},
    {V_TEXT("abcd"), PLAIN(STRING), ATH_KIND_TEXT, "'abcd'"},
    {V_TEXT("\xff"), PLAIN(STRING), 0, NULL},
    {V_TEXT("\xc0\x80"), PLAIN(TEXT), 0, NULL},
    {V_TEXT("a\0b"), PLAIN(TEXT), 0, NULL},
    {V_TEXT(""), PLAIN(TEXT), ATH_KIND_TEXT, "''"},
    {V_INT(1), PLAIN(TEXT), 0, NULL},
    {V_BYTES("abc"), PLAIN(TEXT), 0, NULL},

    {V_BYTES("\xff\0"), PLAIN(BINARY), ATH_KIND_BYTES, "<2 bytes>"},
    {V_BYTES("abc"), {.sql = ATH_SQL_BINARY, .length = 3}, ATH_KIND_BYTES, "<3 bytes>"},
    {V_BYTES("abcd"), {.sql = ATH_SQL_BINARY, .length = 3}, 0, NULL},
    {V_TEXT("abc"), PLAIN(BINARY), 0, NULL},

    {V_DATE(1), PLAIN(DATE), ATH_KIND_DATE, "'1970-01-02'"},
    {V_TEXT("2024-02-29"), PLAIN(DATE), ATH_KIND_DATE, "'2024-02-29'"},
    {V_TEXT("2023-02-29"), PLAIN(DATE), 0, NULL},
    {V_INT(1), PLAIN(DATE), 0, NULL},
    {V_DATETIME(0), PLAIN(DATE), 0, NULL},
    {V_TIME(0), PLAIN(TIME), ATH_KIND_TIME, "'00:00:00.000000'"},
    {V_TIME(-1), PLAIN(TIME), 0, NULL},
    {V_TIME(INT64_C(86400000000)), PLAIN(TIME), 0, NULL},
    {V_TEXT("13:05"), PLAIN(TIME), ATH_KIND_TIME, "'13:05:00.000000'"},
    {V_DATETIME(1), PLAIN(DATETIME), ATH_KIND_DATETIME, "'1970-01-01 00:00:00.000001'"},
    {V_TEXT("1970-01-01T00:00"), PLAIN(DATETIME), ATH_KIND_DATETIME, "'1970-01-01 00:00:00.000000'"},
    {V_TEXT("1970-01-01T00:00Z"), PLAIN(DATETIME), 0, NULL},
    {V_TIMESTAMP(1), PLAIN(DATETIME), 0, NULL},
    {V_TIMESTAMP(1), PLAIN(TIMESTAMP), ATH_KIND_TIMESTAMP, "'1970-01-01 00:00:00.000001'"},
    {V_TEXT("1970-01-01T01:00+01:00"), PLAIN(TIMESTAMP), ATH_KIND_TIMESTAMP, "'1970-01-01 00:00:00.000000'"},
    {V_DATETIME(1), PLAIN(TIMESTAMP), 0, NULL},
    {V_INTERVAL(1, 0, 0), PLAIN(INTERVAL), ATH_KIND_INTERVAL, "'P1M'"},
    {V_TEXT("P1Y"), PLAIN(INTERVAL), ATH_KIND_INTERVAL, "'P12M'"},
    {V_TEXT("1 year"), PLAIN(INTERVAL), 0, NULL},

    {V_UUID(1), PLAIN(UUID), ATH_KIND_UUID, "'01000000-0000-0000-0000-000000000000'"},
    {V_BYTES("0123456789abcdef"), PLAIN(UUID), ATH_KIND_UUID, "'30313233-3435-3637-3839-616263646566'"},
    {V_BYTES("0123456789abcde"), PLAIN(UUID), 0, NULL},
    {V_TEXT("01000000000000000000000000000000"), PLAIN(UUID), ATH_KIND_UUID, "'01000000-0000-0000-0000-000000000000'"},
    {V_TEXT("01"), PLAIN(UUID), 0, NULL},

    {V_JSON("[1]"), PLAIN(JSON), ATH_KIND_JSON, "'[1]'"},
    {V_TEXT("{}"), PLAIN(JSON), ATH_KIND_JSON, "'{}'"},
    {V_TEXT("\"\xff\""), PLAIN(JSON), 0, NULL},
    {V_INT(1), PLAIN(JSON), 0, NULL},
    {V_JSON("[1]"), PLAIN(TEXT), 0, NULL},

    {V_TEXT("draft"), LABELS, ATH_KIND_TEXT, "'draft'"},
    {V_TEXT(""), LABELS, ATH_KIND_TEXT, "''"},
    {V_TEXT("dra"), LABELS, 0, NULL},
    {V_TEXT("drafts"), LABELS, 0, NULL},
    {V_INT(1), LABELS, ATH_KIND_TEXT, "'published'"},
    {V_INT(3), LABELS, 0, NULL},
    {V_INT(-1), LABELS, 0, NULL},
    {V_INT(INT64_C(1) << 32), LABELS, 0, NULL},
    {V_BOOL(true), LABELS, 0, NULL},
    {V_TEXT("any"), PLAIN(ENUM), ATH_KIND_TEXT, "'any'"},
    {V_TEXT("\xff"), PLAIN(ENUM), 0, NULL},
    {V_INT(0), PLAIN(ENUM), 0, NULL},
};

static const char *printed(const ath_value *value) {
    static char text[200];
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__value_print(&buf, value, 100);
    snprintf(text, sizeof text, "%s", ath__buf_text(&buf));
    ath__buf_done(&buf);
    return text;
}

TEST(columns) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_value value = rows[i].value;
        ath_error error;
        ath_error_clear(&error);
        test_context("row %zu: %s as %s", i, printed(&value), ath__sql_type_name(rows[i].type.sql));
        ath_status status = ath__value_coerce(&value, &rows[i].type, &arena, &error);
        CHECK_INT(status, rows[i].text != NULL ? ATH_OK : ATH_DATA);
        CHECK_INT(error.status, status);
        CHECK_INT(value.kind, rows[i].text != NULL ? rows[i].kind : rows[i].value.kind);
        if (rows[i].text != NULL)
            CHECK_STR(printed(&value), rows[i].text);
        else
            CHECK(strstr(error.message, ath__kind_name(rows[i].value.kind)) != NULL);
    }
    ath__arena_done(&arena);
}

TEST(conversions) {
    static const struct {
        ath_value value;
        ath_kind kind, result;
        const char *text;
    } conversions[] = {
        {V_REAL(3.0), ATH_KIND_INT, ATH_KIND_INT, "3"},
        {V_REAL(-3.0), ATH_KIND_INT, ATH_KIND_INT, "-3"},
        {V_REAL(-0.0), ATH_KIND_INT, ATH_KIND_INT, "0"},
        {V_REAL(3.5), ATH_KIND_INT, 0, NULL},
        {V_REAL(-0x1p63), ATH_KIND_INT, ATH_KIND_INT, "-9223372036854775808"},
        {V_REAL(-0x1.0000000000001p63), ATH_KIND_INT, 0, NULL},
        {V_REAL(0x1p63), ATH_KIND_INT, ATH_KIND_UINT, "9223372036854775808"},
        {V_REAL(0x1p64), ATH_KIND_INT, 0, NULL},
        {V_REAL((double)NAN), ATH_KIND_INT, 0, NULL},
        {V_REAL((double)INFINITY), ATH_KIND_INT, 0, NULL},
        {V_DECIMAL(false, 4200, 2), ATH_KIND_INT, ATH_KIND_INT, "42"},
        {V_DECIMAL(true, 4200, 2), ATH_KIND_INT, ATH_KIND_INT, "-42"},
        {V_DECIMAL(true, UINT64_C(1) << 63, 0), ATH_KIND_INT, ATH_KIND_INT, "-9223372036854775808"},
        {V_DECIMAL(true, (UINT64_C(1) << 63) + 1, 0), ATH_KIND_INT, 0, NULL},
        {V_DECIMAL(false, UINT64_MAX, 0), ATH_KIND_INT, ATH_KIND_UINT, "18446744073709551615"},
        {V_DECIMAL(false, 4201, 2), ATH_KIND_INT, 0, NULL},
        {V_TEXT("42"), ATH_KIND_INT, 0, NULL},
        {V_REAL(0.1), ATH_KIND_DECIMAL, ATH_KIND_DECIMAL, "0.1"},
        {V_REAL(1e22), ATH_KIND_DECIMAL, ATH_KIND_DECIMAL, "10000000000000000000000"},
        {V_REAL(1e-5), ATH_KIND_DECIMAL, ATH_KIND_DECIMAL, "0.00001"},
        {V_DATETIME(5), ATH_KIND_TIMESTAMP, ATH_KIND_TIMESTAMP, "'1970-01-01 00:00:00.000005'"},
        {V_TIMESTAMP(5), ATH_KIND_DATETIME, 0, NULL},
        {V_TEXT("x"), ATH_KIND_BYTES, ATH_KIND_BYTES, "<1 bytes>"},
        {V_JSON("1"), ATH_KIND_TEXT, ATH_KIND_TEXT, "'1'"},
        {V_BYTES("x"), ATH_KIND_TEXT, 0, NULL},
        {V_NULL, ATH_KIND_DATE, ATH_KIND_NULL, "NULL"},
        {V_INT(1), ATH_KIND_NULL, 0, NULL},
        {V_UINT(1), ATH_KIND_UINT, ATH_KIND_UINT, "1"},
    };
    for (size_t i = 0; i < TEST_COUNT(conversions); i++) {
        ath_value out = conversions[i].value;
        test_context("row %zu", i);
        ath_status status = ath__value_convert(&out, conversions[i].kind, &out, NULL);
        CHECK_INT(status, conversions[i].text != NULL ? ATH_OK : ATH_DATA);
        CHECK_INT(out.kind, conversions[i].text != NULL ? conversions[i].result : conversions[i].value.kind);
        if (conversions[i].text != NULL)
            CHECK_STR(printed(&out), conversions[i].text);
    }
}

/* Values of one line are equal, values of different lines are not. */
TEST(equality) {
    static const ath_value groups[][4] = {
        {V_NULL, V_NULL, V_NULL, V_NULL},
        {V_INT(1), V_UINT(1), V_REAL(1.0), V_DECIMAL(false, 100, 2)},
        {V_INT(-1), V_INT(-1), V_REAL(-1.0), V_DECIMAL(true, 1, 0)},
        {V_UINT(UINT64_MAX), V_UINT(UINT64_MAX), V_DECIMAL(false, UINT64_MAX, 0), V_UINT(UINT64_MAX)},
        {V_REAL(1.5), V_DECIMAL(false, 15, 1), V_DECIMAL(false, 150, 2), V_REAL(1.5)},
        {V_REAL(0.0), V_REAL(-0.0), V_INT(0), V_DECIMAL(false, 0, 5)},
        {V_REAL((double)NAN), V_REAL((double)NAN), V_REAL(-(double)NAN), V_REAL((double)NAN)},
        {V_REAL(0x1p63), V_UINT(UINT64_C(1) << 63), V_REAL(0x1p63), V_UINT(UINT64_C(1) << 63)},
        {V_INT(INT64_MAX), V_INT(INT64_MAX), V_INT(INT64_MAX), V_INT(INT64_MAX)},
        {V_BOOL(true), V_BOOL(true), V_BOOL(true), V_BOOL(true)},
        {V_BOOL(false), V_BOOL(false), V_BOOL(false), V_BOOL(false)},
        {V_TEXT("a"), V_TEXT("a"), V_TEXT("a"), V_TEXT("a")},
        {V_TEXT("a\0b"), V_TEXT("a\0b"), V_TEXT("a\0b"), V_TEXT("a\0b")},
        {V_TEXT(""), V_TEXT(""), V_TEXT(""), V_TEXT("")},
        {V_JSON("a"), V_JSON("a"), V_JSON("a"), V_JSON("a")},
        {V_BYTES("a"), V_BYTES("a"), V_BYTES("a"), V_BYTES("a")},
        {V_DATE(1), V_DATE(1), V_DATE(1), V_DATE(1)},
        {V_DATE(2), V_DATE(2), V_DATE(2), V_DATE(2)},
        {V_TIME(1), V_TIME(1), V_TIME(1), V_TIME(1)},
        {V_DATETIME(1), V_DATETIME(1), V_DATETIME(1), V_DATETIME(1)},
        {V_TIMESTAMP(1), V_TIMESTAMP(1), V_TIMESTAMP(1), V_TIMESTAMP(1)},
        {V_INTERVAL(1, 2, 3), V_INTERVAL(1, 2, 3), V_INTERVAL(1, 2, 3), V_INTERVAL(1, 2, 3)},
        {V_INTERVAL(1, 2, 4), V_INTERVAL(1, 2, 4), V_INTERVAL(1, 2, 4), V_INTERVAL(1, 2, 4)},
        {V_INTERVAL(0, 30, 0), V_INTERVAL(0, 30, 0), V_INTERVAL(0, 30, 0), V_INTERVAL(0, 30, 0)},
        {V_UUID(1), V_UUID(1), V_UUID(1), V_UUID(1)},
        {V_UUID(2), V_UUID(2), V_UUID(2), V_UUID(2)},
    };
    for (size_t i = 0; i < TEST_COUNT(groups); i++) {
        for (size_t j = 0; j < TEST_COUNT(groups); j++) {
            for (size_t k = 0; k < 16; k++) {
                test_context("group %zu and %zu, pair %zu", i, j, k);
                CHECK_INT(ath__value_equal(&groups[i][k / 4], &groups[j][k % 4]), i == j);
            }
        }
    }
}

static const test_case cases[] = {
    {"columns", columns},
    {"conversions", conversions},
    {"equality", equality},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
