/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8: every code point, every broken form, at every offset within a word.
 */
#include "../test.h"

#include "base/base.h"

static size_t encode(uint32_t c, unsigned char *out) {
    if (c < 0x80) {
        out[0] = (unsigned char)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length; i-- > 1; c >>= 6)
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
    out[0] = (unsigned char)(lead[length] | c);
    return length;
}

TEST(every_code_point) {
    size_t wrong = 0;
    for (uint32_t c = 0; c < 0x120000; c++) {
        unsigned char text[4];
        size_t size = encode(c, text);
        bool valid = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
        wrong += ath__utf8_valid((const char *)text, size) != valid;
    }
    CHECK_INT(wrong, 0);
}

/* The only two-byte forms are C2..DF with 80..BF, and two ASCII characters. */
TEST(every_pair_of_bytes) {
    size_t wrong = 0;
    for (unsigned a = 0; a < 256; a++) {
        for (unsigned b = 0; b < 256; b++) {
            const unsigned char text[] = {(unsigned char)a, (unsigned char)b};
            bool valid = (a < 0x80 && b < 0x80) || (a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf);
            wrong += ath__utf8_valid((const char *)text, 2) != valid;
        }
    }
    CHECK_INT(wrong, 0);
}

TEST(broken_forms) {
    static const char *const broken[] = {
        "\x80", /* a continuation alone */
        "\xc3", /* the end is missing */
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xc0\xaf", /* overlong */
        "\xc1\xbf",
        "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xff",
        "\xe2\x28\xa1", /* a continuation missing in the middle */
        "\xe2\x82\x28",
        "\xf0\x9f\x28\x80",
        "\xf0\x9f\x98\x28",
        "\xc3\xc3\xa9",
    };
    for (size_t i = 0; i < TEST_COUNT(broken); i++) {
        for (size_t offset = 0; offset < 20; offset++) {
            char text[64];
            int size = snprintf(text, sizeof text, "%.*s%s", (int)offset, "abcdefghijklmnopqrstuvwxyz", broken[i]);
            test_context("form %zu at %zu", i, offset);
            CHECK(!ath__utf8_valid(text, (size_t)size));
            CHECK(ath__utf8_valid(text, offset));
        }
    }
}

TEST(lengths) {
    CHECK(ath__utf8_valid(NULL, 0));
    CHECK(ath__utf8_valid("a\0b", 3));
    CHECK_INT(ath__utf8_length("", 0), 0);
    CHECK_INT(ath__utf8_length("abc", 3), 3);
    CHECK_INT(ath__utf8_length("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!", 10), 4);
    CHECK_INT(ath__utf8_length("a\0b", 3), 3);
}

static const test_case cases[] = {
    {"every_code_point", every_code_point},
    {"every_pair_of_bytes", every_pair_of_bytes},
    {"broken_forms", broken_forms},
    {"lengths", lengths},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
