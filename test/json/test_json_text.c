/* SPDX-License-Identifier: Apache-2.0
 *
 * The text under everything: strings, bytes, numbers, and which text is JSON.
 */
#include "test.h"

#include "json/writers.h"

#include "json/json.h"

static char *text_of(const ath_value *value, bool is_float) {
    ath__json j;
    ath_error error = {0};
    ath__json_begin(&j, &ath__malloc_allocator, 0);
    if (ath__json_value(&j, value, NULL, is_float, &error) == ATH_OK)
        return ath__json_finish(&j, &error);
    ath__json_drop(&j);
    return NULL;
}

#define CHECK_VALUE(expected, ...) CHECK_JSON(text_of(&(const ath_value){__VA_ARGS__}, false), expected)
#define TEXT(literal) .kind = ATH_KIND_TEXT, .as.text = {literal, sizeof(literal) - 1}
#define BYTES(literal) .kind = ATH_KIND_BYTES, .as.bytes = {literal, sizeof(literal) - 1}

TEST(escapes_text) {
    CHECK_VALUE("\"\"", TEXT(""));
    CHECK_VALUE("\"plain\"", TEXT("plain"));
    CHECK_VALUE("\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\"", TEXT("\"\\/\b\f\n\r\t\0\x1f\x7f"));
    CHECK_VALUE("\"é\\n漢😀\"", TEXT("é\n漢😀"));
    CHECK_VALUE(NULL, TEXT("a\xff"));
    CHECK_VALUE(NULL, TEXT("\xed\xa0\x80")); /* a surrogate */
    CHECK_VALUE(NULL, TEXT("\xe6\xbc"));     /* half a character */
}

TEST(writes_bytes) {
    CHECK_VALUE("\"\"", BYTES(""));
    CHECK_VALUE("\"Zg==\"", BYTES("f"));
    CHECK_VALUE("\"Zm8=\"", BYTES("fo"));
    CHECK_VALUE("\"Zm9v\"", BYTES("foo"));
    CHECK_VALUE("\"Zm9vYmFy\"", BYTES("foobar"));
    CHECK_VALUE("\"+/8=\"", BYTES("\xfb\xff"));
}

TEST(writes_numbers) {
    CHECK_VALUE("-9223372036854775808", .kind = ATH_KIND_INT, .as.i = INT64_MIN);
    CHECK_VALUE("18446744073709551615", .kind = ATH_KIND_UINT, .as.u = UINT64_MAX);
    CHECK_VALUE("0", .kind = ATH_KIND_REAL, .as.d = 0);
    CHECK_VALUE("-0", .kind = ATH_KIND_REAL, .as.d = -0.0);
    CHECK_VALUE("5", .kind = ATH_KIND_REAL, .as.d = 5);
    CHECK_VALUE("0.1", .kind = ATH_KIND_REAL, .as.d = 0.1);
    CHECK_VALUE("0.30000000000000004", .kind = ATH_KIND_REAL, .as.d = 0.1 + 0.2);
    CHECK_VALUE("1e+300", .kind = ATH_KIND_REAL, .as.d = 1e300);
    CHECK_VALUE(NULL, .kind = ATH_KIND_REAL, .as.d = NAN);
    CHECK_VALUE(NULL, .kind = ATH_KIND_REAL, .as.d = -INFINITY);
    CHECK_JSON(text_of(&(const ath_value){.kind = ATH_KIND_REAL, .as.d = (double)0.1F}, true), "0.1");
    CHECK_JSON(text_of(&(const ath_value){.kind = ATH_KIND_REAL, .as.d = (double)16777217.0F / 3}, true), "5592405.5");
}

TEST(knows_json) {
    static const char *const good[] = {"null",
                                       " true ",
                                       "-0.5e+10",
                                       "0",
                                       "\"\\u00e9\\n\"",
                                       "[]",
                                       "{ }",
                                       "[1,[2,{\"a\":[]}],{}]",
                                       "{\"a\":1,\"a\":2}\n",
                                       "[[[[]]],\"]\"]"};
    static const char *const bad[] = {"",        "nul",      "truely",  "01",          "1.",       ".5",        "-",
                                      "1e",      "\"\n\"",   "\"\\x\"", "\"\\u12g4\"", "\"open",   "[1,]",      "[1 2]",
                                      "{\"a\"}", "{\"a\":}", "{a:1}",   "{\"a\":1,}",  "[1}",      "{\"a\":1]", "[",
                                      "]",       "1 2",      "[]]",     "{\"a\":1",    "'single'", "[,1]"};
    for (size_t i = 0; i < TEST_COUNT(good); i++) {
        test_context("%s", good[i]);
        CHECK(ath__json_is_document(good[i], strlen(good[i])));
    }
    for (size_t i = 0; i < TEST_COUNT(bad); i++) {
        test_context("%s", bad[i]);
        CHECK(!ath__json_is_document(bad[i], strlen(bad[i])));
    }
    test_context("%s", "");
}

TEST(bounds_depth) {
    static char deep[3000];
    memset(deep, '[', 1024);
    memset(deep + 1024, ']', 1024);
    CHECK(ath__json_is_document(deep, 2048));
    memset(deep, '[', 1025);
    memset(deep + 1025, ']', 1025);
    CHECK(!ath__json_is_document(deep, 2050));
}

static const test_case cases[] = {
    {"escapes_text", escapes_text}, {"writes_bytes", writes_bytes}, {"writes_numbers", writes_numbers},
    {"knows_json", knows_json},     {"bounds_depth", bounds_depth},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
