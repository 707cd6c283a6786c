/* SPDX-License-Identifier: Apache-2.0
 *
 * Each type's values as JSON has them: what is taken, exactly as it came, and what is refused, and why.
 */
#include "input_test.h"

#include <float.h>

typedef struct All {
    bool flag;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    float f32;
    double f64;
    ath_decimal money, any;
    ath_date day;
    ath_time at;
    ath_datetime naive;
    ath_timestamp moment;
    ath_interval span;
    ath_uuid id;
    const char *text, *named;
    char code[4];
    ath_bytes blob;
    ath_json doc;
    int color;
    const char *label;
    int yes;
    const char *doc_text;
    ath_opt_i32 maybe;
} All;
ATH_DECLARE(All);
ATH_PROJECTION(All) {
    ath_column(flag, .nullable = true);
    ath_column(i16);
    ath_column(i32);
    ath_column(i64);
    ath_column(u16);
    ath_column(u32);
    ath_column(u64);
    ath_column(f32);
    ath_column(f64);
    ath_column(money, .type = ATH_NUMERIC(8, 2));
    ath_column(any);
    ath_column(day);
    ath_column(at);
    ath_column(naive);
    ath_column(moment);
    ath_column(span);
    ath_column(id);
    ath_column(text, .type = ATH_STRING(5));
    ath_column(named, .type = ATH_TYPE_NAMED("INET"), .nullable = true);
    ath_column(code);
    ath_column(blob, .type = ATH_VARBINARY(6));
    ath_column(doc, .nullable = true);
    ath_column(color, .type = ATH_ENUM("red", "green"));
    ath_column(label, .type = ATH_ENUM("low", "high"));
    ath_column(yes, .type = ATH_BOOLEAN);
    ath_column(doc_text, .type = ATH_JSON);
    ath_column(maybe, .nullable = true);
}

typedef struct row {
    const char *json, *problems; /* "" when it is taken */
} row;

/* Each alone: nothing else is required. */
static void check_rows(const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        test_context("%.150s", rows[i].json);
        CHECK_PROBLEMS(All, rows[i].json, rows[i].problems, .partial = true);
    }
    test_context("%s", "");
}
#define CHECK_ROWS(rows) check_rows(rows, TEST_COUNT(rows))

static ath_input *taken(const char *json, const All **out) {
    ath_input *in = READ(All, json, .partial = true);
    *out = ath_input_value(in, All);
    if (!*out)
        CHECK_STR(problems_of(in), "");
    return in;
}

TEST(integers) {
    const row rows[] = {
        {"{\"i16\": 32767}", ""},
        {"{\"i16\": 32768}", "/i16 out_of_range"},
        {"{\"i16\": -32769}", "/i16 out_of_range"},
        {"{\"i32\": 2147483648}", "/i32 out_of_range"},
        {"{\"i64\": 9223372036854775808}", "/i64 out_of_range"},
        {"{\"i64\": -9223372036854775809}", "/i64 out_of_range"},
        {"{\"i64\": 99999999999999999999999999999999999999999999}", "/i64 out_of_range"},
        {"{\"i64\": 1e400}", "/i64 out_of_range"},
        {"{\"u16\": -1}", "/u16 out_of_range"},
        {"{\"u32\": 4294967296}", "/u32 out_of_range"},
        {"{\"u64\": 18446744073709551616}", "/u64 out_of_range"},
        {"{\"i32\": 1.5}", "/i32 fraction"},
        {"{\"i32\": 15e-1}", "/i32 fraction"},
        {"{\"i32\": 1.0}", ""},
        {"{\"i32\": 2e3}", ""},
        {"{\"i32\": \"1\"}", "/i32 type"},
        {"{\"i32\": true}", "/i32 type"},
        {"{\"i32\": []}", "/i32 type"},
        {"{\"i32\": {}}", "/i32 type"},
        {"{\"i32\": null}", "/i32 null"},
        {"{\"maybe\": null}", ""},
        {"{\"maybe\": 2147483648}", "/maybe out_of_range"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in =
        taken("{\"i64\": -9223372036854775808, \"u64\": 18446744073709551615, \"i32\": 2e3, \"i16\": -0}", &a);
    if (a) {
        CHECK(a->i64 == INT64_MIN);
        CHECK(a->u64 == UINT64_MAX);
        CHECK_INT(a->i32, 2000);
        CHECK_INT(a->i16, 0);
    }
    ath_input_free(in);
    in = taken("{\"i64\": 9007199254740993, \"maybe\": 7}", &a);
    if (a) {
        CHECK(a->i64 == INT64_C(9007199254740993)); /* no double holds it */
        CHECK(a->maybe.has && a->maybe.value == 7);
    }
    ath_input_free(in);
}

TEST(reals) {
    const row rows[] = {
        {"{\"f64\": 1e999}", "/f64 out_of_range"},
        {"{\"f32\": 1e39}", "/f32 out_of_range"},
        {"{\"f32\": -3.4028236e38}", "/f32 out_of_range"},
        {"{\"f64\": \"1.5\"}", "/f64 type"},
        {"{\"f64\": 1e-999}", ""},
        {"{\"f64\": 1e99999999999}", "/f64 out_of_range"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in = taken("{\"f64\": 0.1, \"f32\": 0.1}", &a);
    if (a) {
        CHECK(!(a->f64 < 0.1) && !(a->f64 > 0.1));
        CHECK(!(a->f32 < 0.1f) && !(a->f32 > 0.1f));
    }
    ath_input_free(in);
    in = taken("{\"f32\": 3.4028235e38}", &a); /* the shortest text of the greatest float */
    CHECK(a && a->f32 >= FLT_MAX && a->f32 <= FLT_MAX);
    ath_input_free(in);
    in = taken("{\"f64\": -1.7976931348623157e308}", &a);
    CHECK(a && a->f64 < -1.7976931348623156e308);
    ath_input_free(in);
}

TEST(decimals) {
    const row rows[] = {
        {"{\"money\": \"123456.78\"}", ""},
        {"{\"money\": 123456.78}", ""},
        {"{\"money\": \"1234567.8\"}", "/money digits"},
        {"{\"money\": \"1.234\"}", "/money digits"},
        {"{\"money\": \"1.230\"}", ""},
        {"{\"any\": 1234567890123456.5}", "/any digits"},
        {"{\"any\": 123456789012345}", ""},
        {"{\"any\": 0.000000000000000000001}", ""},
        {"{\"any\": \"123456789012345678901234567890.12345678\"}", ""},
        {"{\"any\": \"1234567890123456789012345678901234567890\"}", "/any digits"},
        {"{\"any\": \"1,5\"}", "/any type"},
        {"{\"any\": \"+1\"}", "/any type"},
        {"{\"any\": \" 1\"}", "/any type"},
        {"{\"any\": \"\"}", "/any type"},
        {"{\"any\": \"NaN\"}", "/any type"},
        {"{\"any\": true}", "/any type"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in = taken("{\"any\": \"-12345678901234567890.123456789\", \"money\": 0.1}", &a);
    char text[ATH_DECIMAL_TEXT] = "";
    if (a) {
        ath_decimal_format(a->any, text);
        CHECK_STR(text, "-12345678901234567890.123456789");
        ath_decimal_format(a->money, text);
        CHECK_STR(text, "0.10");
    }
    ath_input_free(in);
}

TEST(dates_and_times) {
    const row rows[] = {
        {"{\"day\": \"2024-02-29\"}", ""},
        {"{\"day\": \"2023-02-29\"}", "/day format"},
        {"{\"day\": \"2024-2-9\"}", "/day format"},
        {"{\"day\": \"20240229\"}", "/day format"},
        {"{\"day\": \"2024-02-29T00:00:00\"}", "/day format"},
        {"{\"day\": 20240229}", "/day type"},
        {"{\"at\": \"23:59:59.999999\"}", ""},
        {"{\"at\": \"23:59\"}", "/at format"},
        {"{\"at\": \"24:00:00\"}", "/at format"},
        {"{\"at\": \"12:00:00.\"}", "/at format"},
        {"{\"naive\": \"2024-01-31T12:34:56\"}", ""},
        {"{\"naive\": \"2024-01-31 12:34:56\"}", "/naive format"},
        {"{\"naive\": \"2024-01-31T12:34:56Z\"}", "/naive format"},
        {"{\"moment\": \"2024-01-31T12:34:56Z\"}", ""},
        {"{\"moment\": \"2024-01-31t12:34:56.5z\"}", ""},
        {"{\"moment\": \"2024-01-31T12:34:56+05:30\"}", ""},
        {"{\"moment\": \"2024-01-31T12:34:56\"}", "/moment format"},
        {"{\"moment\": \"2024-01-31T12:34:56+0530\"}", "/moment format"},
        {"{\"moment\": \"2024-01-31T12:34:56+24:00\"}", "/moment format"},
        {"{\"moment\": \"2024-01-31T12:34Z\"}", "/moment format"},
        {"{\"moment\": \"2024-01-31T12:34:56.1234567Z\"}", "/moment format"},
        {"{\"moment\": \"+12024-01-31T12:34:56Z\"}", "/moment format"},
        {"{\"moment\": \"0000-01-01T00:00:00+00:01\"}", "/moment format"},
        {"{\"moment\": \"9999-12-31T23:59:59-00:01\"}", "/moment format"},
        {"{\"moment\": \"9999-12-31T23:59:59.999999Z\"}", ""},
        {"{\"span\": \"P1M2DT3.5S\"}", ""},
        {"{\"span\": \"1 day\"}", "/span format"},
        {"{\"id\": \"123E4567-e89b-12d3-a456-426614174000\"}", ""},
        {"{\"id\": \"123e4567e89b12d3a456426614174000\"}", "/id format"},
        {"{\"id\": \"{23e4567-e89b-12d3-a456-426614174000\"}", "/id format"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in =
        taken("{\"moment\": \"1970-01-01T01:00:00.25+01:00\", \"at\": \"00:00:01\", \"span\": \"P1M2DT3.5S\"}", &a);
    if (a) {
        CHECK_INT(a->moment.us, 250000);
        CHECK_INT(a->at.us, 1000000);
        CHECK(a->span.months == 1 && a->span.days == 2 && a->span.us == 3500000);
    }
    ath_input_free(in);
}

TEST(text_and_bytes) {
    const row rows[] = {
        {"{\"text\": \"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}", ""}, /* five characters, ten bytes */
        {"{\"text\": \"123456\"}", "/text too_long"},
        {"{\"text\": \"a\\u0000b\"}", "/text nul"},
        {"{\"text\": \"\\ud83d\\ude00\"}", ""},
        {"{\"text\": \"\\ud83d\"}", " invalid_json"},
        {"{\"text\": 5}", "/text type"},
        {"{\"text\": null}", "/text null"},
        {"{\"named\": \"::1\"}", ""},
        {"{\"code\": \"abc\"}", ""},
        {"{\"code\": \"abcd\"}", "/code too_long"},
        {"{\"code\": \"\xc3\xa9\xc3\xa9\"}", "/code too_long"}, /* two characters, but four bytes and a NUL */
        {"{\"blob\": \"AAECAw==\"}", ""},
        {"{\"blob\": \"\"}", ""},
        {"{\"blob\": \"AAECAw\"}", "/blob format"},
        {"{\"blob\": \"AAECAx==\"}", "/blob format"},
        {"{\"blob\": \"AAEC\\n\"}", "/blob format"},
        {"{\"blob\": \"AA=A\"}", "/blob format"},
        {"{\"blob\": \"====\"}", "/blob format"},
        {"{\"blob\": \"AA_-\"}", "/blob format"},
        {"{\"blob\": \"AAAAAAAAAA==\"}", "/blob too_long"},
        {"{\"flag\": 1}", "/flag type"},
        {"{\"flag\": null}", "/flag null"}, /* a plain bool cannot say it */
        {"{\"yes\": true}", ""},
        {"{\"yes\": 1}", "/yes type"},
        {"{\"color\": \"green\"}", ""},
        {"{\"color\": \"blue\"}", "/color enum"},
        {"{\"color\": 1}", "/color type"},
        {"{\"label\": \"high\"}", ""},
        {"{\"label\": \"High\"}", "/label enum"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in =
        taken("{\"blob\": \"AP8C\", \"color\": \"green\", \"label\": \"high\", \"code\": \"xyz\", \"yes\": true}", &a);
    if (a) {
        CHECK_INT(a->blob.size, 3);
        CHECK(memcmp(a->blob.data, "\0\xff\2", 3) == 0);
        CHECK_INT(a->color, 1);
        CHECK_STR(a->label, "high");
        CHECK_STR(a->code, "xyz");
        CHECK_INT(a->yes, 1);
    }
    ath_input_free(in);
    in = taken("{\"blob\": \"\"}", &a);
    CHECK(a && a->blob.data && a->blob.size == 0); /* empty, not NULL */
    ath_input_free(in);
    in = READ(All, "{\"color\": \"blue\"}", .partial = true);
    CHECK_STR(ath_input_problem(in, 0)->message, "it must be one of: red, green");
    ath_input_free(in);
}

TEST(documents) {
    const row rows[] = {
        {"{\"doc\": {\"a\": [1, \"x\\u0000\"]}}", "/doc/a/1 nul"},
        {"{\"doc\": null}", ""},
        {"{\"doc_text\": null}", "/doc_text null"},
    };
    CHECK_ROWS(rows);
    const All *a;
    ath_input *in =
        taken("{\"doc\": {\"z\": [1.10, 12345678901234567890123, true, null, {}], \"a/b\": \"\\u00e9\\\"\\n\"},"
              " \"doc_text\": \"s\"}",
              &a);
    if (a) {
        CHECK_STR(a->doc.text, "{\"z\":[1.10,12345678901234567890123,true,null,{}],\"a/b\":\"\xc3\xa9\\\"\\n\"}");
        CHECK_STR(a->doc_text, "\"s\"");
    }
    ath_input_free(in);
}

static const test_case cases[] = {
    {"integers", integers},
    {"reals", reals},
    {"decimals", decimals},
    {"dates_and_times", dates_and_times},
    {"text_and_bytes", text_and_bytes},
    {"documents", documents},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
