/* SPDX-License-Identifier: Apache-2.0
 *
 * The error object: what is kept, what is cut, and names.
 */
#include "../test.h"

#include "base/base.h"

TEST(names_and_version) {
    CHECK_STR(ath_version(), "0.1.0");
    CHECK_STR(ath_status_name(ATH_OK), "ok");
    CHECK_STR(ath_status_name(ATH_INTEGRITY), "integrity");
    CHECK_STR(ath_status_name(ATH_NO_MEMORY), "no-memory");
    CHECK_STR(ath_status_name(ATH_INTERNAL), "internal");
    for (int a = ATH_CANCELLED; a <= ATH_OK; a++) {
        test_context("status %d", a);
        CHECK(strcmp(ath_status_name((ath_status)a), "unknown") != 0);
        for (int b = ATH_CANCELLED; b < a; b++)
            CHECK(strcmp(ath_status_name((ath_status)a), ath_status_name((ath_status)b)) != 0);
    }
    CHECK_STR(ath_status_name((ath_status)-99), "unknown");
    CHECK_STR(ath_status_name((ath_status)1), "unknown");
}

TEST(clear_empties_every_field) {
    ath_error error;
    memset(&error, 'x', sizeof error);
    ath_error_clear(&error);
    ath_error_clear(NULL);
    CHECK_INT(error.status, ATH_OK);
    CHECK_INT(error.integrity, ATH_INTEGRITY_NONE);
    CHECK_INT(error.native_code, 0);
    CHECK_STR(error.sqlstate, "");
    CHECK_STR(error.constraint, "");
    CHECK_STR(error.table, "");
    CHECK_STR(error.column, "");
    CHECK_STR(error.message, "");
    CHECK_STR(error.statement, "");
}

TEST(fail_fills_and_forgets) {
    ath_error error;
    memset(&error, 'x', sizeof error);
    CHECK_INT(ath__fail(&error, ATH_DATA, "%s is %d\nand\r\nmore", "age", 300), ATH_DATA);
    CHECK_INT(error.status, ATH_DATA);
    CHECK_STR(error.message, "age is 300 and  more");
    CHECK_STR(error.statement, "");
    CHECK_INT(ath__fail(NULL, ATH_STATE, "nowhere %d", 1), ATH_STATE);
    CHECK_INT(ath__fail_memory(&error), ATH_NO_MEMORY);
    CHECK_STR(error.message, "out of memory");
    CHECK_INT(ath__fail_memory(NULL), ATH_NO_MEMORY);
}

TEST(fail_may_quote_the_error_itself) {
    ath_error error;
    ath__fail(&error, ATH_DATA, "inner");
    ath__fail(&error, ATH_ARGUMENT, "outer: %s", error.message);
    CHECK_STR(error.message, "outer: inner");
}

/* A message of multi-byte characters, moved byte by byte against the end of the field. */
TEST(long_messages_are_cut_at_characters) {
    char text[800];
    for (size_t shift = 0; shift < 5; shift++) {
        ath_error error;
        memset(text, 'a', shift);
        for (size_t i = shift; i + 4 < sizeof text; i += 4)
            memcpy(text + i, "\xf0\x9f\x98\x80", 5);
        ath__fail(&error, ATH_DATA, "%s", text);
        size_t size = strlen(error.message);
        test_context("shift %zu", shift);
        CHECK(size < sizeof error.message && size >= sizeof error.message - 4);
        CHECK_INT((size - shift) % 4, 0);
        CHECK(ath__utf8_valid(error.message, size));
    }
}

TEST(copy_text) {
    static const struct {
        size_t size;
        const char *text, *kept;
    } rows[] = {
        {8, "abc", "abc"},
        {4, "abc", "abc"},
        {3, "abc", "ab"},
        {1, "abc", ""},
        {3, "a\xc3\xa9", "a"},
        {4, "a\xc3\xa9", "a\xc3\xa9"},
        {4, "\xe2\x82\xac", "\xe2\x82\xac"},
        {3, "\xe2\x82\xac", ""},
        {4, "\xf0\x9f\x98\x80", ""},
        {6, "\x80\x80\x80\x80\x80\x80\x80", "\x80\x80"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        char field[16];
        memset(field, '#', sizeof field);
        test_context("row %zu", i);
        ath__copy_text(field, rows[i].size, rows[i].text, strlen(rows[i].text));
        CHECK_STR(field, rows[i].kept);
        CHECK(field[rows[i].size] == '#');
    }
    char untouched = '#';
    ath__copy_text(&untouched, 0, "abc", 3);
    CHECK(untouched == '#');
    ath__copy_text(&untouched, 1, NULL, 0);
    CHECK(untouched == '\0');
}

static const test_case cases[] = {
    {"names_and_version", names_and_version},
    {"clear_empties_every_field", clear_empties_every_field},
    {"fail_fills_and_forgets", fail_fills_and_forgets},
    {"fail_may_quote_the_error_itself", fail_may_quote_the_error_itself},
    {"long_messages_are_cut_at_characters", long_messages_are_cut_at_characters},
    {"copy_text", copy_text},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
