/* SPDX-License-Identifier: Apache-2.0
 *
 * The string builder: growth, printf across its capacity, and sticky failure.
 */
#include "counting.h"

#include "base/base.h"

TEST(empty_is_an_empty_string) {
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    CHECK_STR(ath__buf_text(&buf), "");
    ath__buf_str(&buf, "");
    CHECK_STR(ath__buf_text(&buf), "");
    CHECK_INT(buf.size, 0);
    ath__buf_done(&buf);
}

TEST(appends) {
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__buf_str(&buf, "SELECT ");
    ath__buf_add(&buf, "abcdef", 3);
    ath__buf_char(&buf, ',');
    ath__buf_printf(&buf, "%d %s", -5, "x");
    CHECK_STR(ath__buf_text(&buf), "SELECT abc,-5 x");
    CHECK_INT(buf.size, 15);
    ath__buf_add(&buf, "a\0b", 3);
    CHECK_INT(buf.size, 18);
    CHECK(memcmp(ath__buf_text(&buf) + 15, "a\0b", 4) == 0);
    ath__buf_done(&buf);
    CHECK_STR(ath__buf_text(&buf), "");
}

TEST(grows_char_by_char) {
    counting c;
    ath__buf buf;
    counting_init(&c, 0);
    ath__buf_init(&buf, &c.allocator);
    for (int i = 0; i < 100000; i++)
        ath__buf_char(&buf, (char)('a' + i % 26));
    size_t wrong = 0;
    for (size_t i = 0; i < 100000; i++)
        wrong += buf.data[i] != (char)('a' + i % 26);
    CHECK_INT(wrong, 0);
    CHECK_INT(strlen(ath__buf_text(&buf)), 100000);
    CHECK(c.requests < 20);
    ath__buf_done(&buf);
    CHECK_RELEASED(&c);
}

TEST(printf_of_every_length) {
    for (int width = 1; width < 1000; width++) {
        ath__buf buf;
        ath__buf_init(&buf, &ath__malloc_allocator);
        test_context("width %d", width);
        ath__buf_char(&buf, '<');
        ath__buf_printf(&buf, "%*d", width, 7);
        ath__buf_char(&buf, '>');
        CHECK_INT(strlen(ath__buf_text(&buf)), width + 2);
        CHECK(buf.data[width] == '7' && buf.data[width + 1] == '>');
        ath__buf_done(&buf);
    }
}

TEST(clear_keeps_memory) {
    counting c;
    ath__buf buf;
    counting_init(&c, 0);
    ath__buf_init(&buf, &c.allocator);
    ath__buf_clear(&buf);
    ath__buf_str(&buf, "one");
    ath__buf_clear(&buf);
    CHECK_STR(ath__buf_text(&buf), "");
    ath__buf_str(&buf, "two");
    CHECK_STR(ath__buf_text(&buf), "two");
    CHECK_INT(c.requests, 1);
    ath__buf_done(&buf);
    CHECK_RELEASED(&c);
}

TEST(failure_is_sticky) {
    for (size_t n = 1; n <= 4; n++) {
        counting c;
        ath__buf buf;
        counting_init(&c, n);
        ath__buf_init(&buf, &c.allocator);
        size_t kept = 0;
        for (int i = 0; i < 200; i++) {
            ath__buf_printf(&buf, "%09d", i);
            if (!buf.failed)
                kept = buf.size;
            ath__buf_char(&buf, ' ');
            if (!buf.failed)
                kept = buf.size;
        }
        test_context("request %zu", n);
        CHECK(buf.failed);
        CHECK_INT(c.requests, n);
        CHECK_INT(buf.size, kept);
        CHECK_INT(strlen(ath__buf_text(&buf)), kept);
        ath__buf_clear(&buf);
        CHECK(!buf.failed);
        ath__buf_str(&buf, "again");
        CHECK_STR(ath__buf_text(&buf), "again");
        ath__buf_done(&buf);
        CHECK_RELEASED(&c);
    }
}

TEST(impossible_size) {
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__buf_str(&buf, "kept");
    ath__buf_add(&buf, "x", SIZE_MAX);
    CHECK(buf.failed);
    CHECK_STR(ath__buf_text(&buf), "kept");
    ath__buf_clear(&buf);
    ath__buf_str(&buf, "kept");
    ath__buf_add(&buf, "x", PTRDIFF_MAX);
    CHECK(buf.failed);
    CHECK_STR(ath__buf_text(&buf), "kept");
    ath__buf_done(&buf);
}

static const test_case cases[] = {
    {"empty_is_an_empty_string", empty_is_an_empty_string},
    {"appends", appends},
    {"grows_char_by_char", grows_char_by_char},
    {"printf_of_every_length", printf_of_every_length},
    {"clear_keeps_memory", clear_keeps_memory},
    {"failure_is_sticky", failure_is_sticky},
    {"impossible_size", impossible_size},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
