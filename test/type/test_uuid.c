/* SPDX-License-Identifier: Apache-2.0
 *
 * Uuids: both spellings, what is refused, and that random ones are random and marked as such.
 */
#include "../test.h"

#include "type/type.h"

static const char canonical[] = "01234567-89ab-cdef-0123-456789abcdef";

TEST(spellings) {
    static const char *const good[] = {
        "01234567-89ab-cdef-0123-456789abcdef",
        "01234567-89AB-CDEF-0123-456789ABCDEF",
        "0123456789abcdef0123456789aBcDeF",
    };
    for (size_t i = 0; i < TEST_COUNT(good); i++) {
        ath_uuid uuid;
        char text[ATH_UUID_TEXT];
        test_context("%s", good[i]);
        CHECK_INT(ath_uuid_parse(good[i], strlen(good[i]), &uuid), ATH_OK);
        CHECK_INT(uuid.bytes[0], 0x01);
        CHECK_INT(uuid.bytes[15], 0xef);
        CHECK_INT(ath_uuid_format(uuid, text), 36);
        CHECK_STR(text, canonical);
    }
}

TEST(refused) {
    static const char *const wrong[] = {
        "",
        "01234567",
        "{01234567-89ab-cdef-0123-456789abcdef}",
        "01234567-89ab-cdef-0123-456789abcde",
        "01234567-89ab-cdef-0123-456789abcdef0",
        "0123456-789ab-cdef-0123-456789abcdef",
        "01234567089ab-cdef-0123-456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdeg",
        "0123456789abcdef0123456789abcde-",
        "0123456789abcdef0123456789abcdeg",
        "g123456789abcdef0123456789abcdef",
    };
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        ath_uuid uuid = {{7}};
        test_context("'%s'", wrong[i]);
        CHECK_INT(ath_uuid_parse(wrong[i], strlen(wrong[i]), &uuid), ATH_DATA);
        CHECK_INT(uuid.bytes[0], 7);
    }
    for (size_t at = 0; at < 36; at++) {
        ath_uuid uuid;
        char text[sizeof canonical];
        memcpy(text, canonical, sizeof canonical);
        text[at] = ' ';
        test_context("byte %zu", at);
        CHECK_INT(ath_uuid_parse(text, 36, &uuid), ATH_DATA);
    }
}

TEST(random_ones) {
    ath_uuid uuids[200];
    uint8_t always = 0xff, never = 0xff;
    for (size_t i = 0; i < 200; i++) {
        CHECK_INT(ath_uuid_random(&uuids[i]), ATH_OK);
        CHECK_INT(uuids[i].bytes[6] >> 4, 4);
        CHECK_INT(uuids[i].bytes[8] >> 6, 2);
        always &= uuids[i].bytes[0];
        never &= (uint8_t)~uuids[i].bytes[15];
        for (size_t j = 0; j < i; j++)
            CHECK(memcmp(&uuids[i], &uuids[j], sizeof uuids[i]) != 0);
    }
    CHECK_INT(always, 0);
    CHECK_INT(never, 0);
}

static const test_case cases[] = {
    {"spellings", spellings},
    {"refused", refused},
    {"random_ones", random_ones},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
