/* SPDX-License-Identifier: Apache-2.0
 *
 * URLs under stress: no password in any message, mutations survived, what is printed parses again.
 */
#include "test.h"

#include <athanor/engine.h>

TEST(a_password_may_hold_slashes) {
    ath_url *url = ath_url_parse("postgresql://u:secret/word?x@h:5/d?k=v", NULL);
    CHECK(url != NULL);
    if (!url)
        return;
    CHECK_STR(url->password, "secret/word?x");
    CHECK_STR(url->host, "h");
    CHECK_INT(url->port, 5);
    CHECK_STR(url->database, "d");
    CHECK_STR(ath_url_get(url, "k"), "v");
    ath_url_free(url);
    url = ath_url_parse("mysql://h:3306/d@x?mail=a@b", NULL); /* a port, no password */
    CHECK(url && url->port == 3306 && strcmp(url->database, "d@x") == 0);
    ath_url_free(url);
}

TEST(secrets_in_the_query_are_masked) {
    char printed[100];
    ath_url *url = ath_url_parse("postgresql://h/d?user=bob&password=hunter2&sslmode=on", NULL);
    ath_url_print(url, printed, sizeof printed);
    CHECK_STR(printed, "postgresql://h/d?user=bob&password=***&sslmode=on");
    CHECK_STR(ath_url_get(url, "password"), "hunter2");
    ath_url_free(url);
}

TEST(no_message_shows_a_password) {
    static const char *const texts[] = {
        "postgresql://u:hunter2@h:port/d",   "postgresql://u:hunter2@h:99999/d",    "postgresql://u:hunter2@[::1/d",
        "postgresql://u:hunter2%00@h/d",     "postgresql://u:hunter2%zz@h/d",       "postgresql://u:hunter2/@h:x/d",
        "postgresql://u:hunter2?@h:x/d",     "postgresql://h:x/d?password=hunter2", "u:hunter2@h/d",
        "postgresql://u:a@hunter2@h:port/d",
    };
    for (size_t i = 0; i < TEST_COUNT(texts); i++) {
        ath_error error;
        test_context("%s", texts[i]);
        ath_url *url = ath_url_parse(texts[i], &error);
        CHECK(url == NULL);
        ath_url_free(url);
        CHECK_INT(error.status, ATH_ARGUMENT);
        CHECK(strstr(error.message, "hunter2") == NULL || strncmp(texts[i], "u:", 2) == 0);
    }
}

TEST(every_mutation_is_survived) {
    static const char text[] = "mysql+x://us%40er:pa%2Fss@[::1]:3306/data%20base?k=v%25&k2=%41#";
    static const char odd[] = ":/?@[]%&=+#";
    char copy[sizeof text], printed[400], again[400];
    for (size_t i = 0; i + 1 < sizeof text; i++)
        for (size_t k = 0; k < sizeof odd; k++) {
            memcpy(copy, text, sizeof text);
            copy[i] = odd[k];
            ath_url *url = ath_url_parse(copy, NULL);
            if (!url)
                continue;
            ath_url_print(url, printed, sizeof printed);
            ath_url_free(url);
            test_context("%s -> %s", copy, printed);
            url = ath_url_parse(printed, NULL);
            CHECK(url != NULL);
            if (!url)
                continue;
            ath_url_print(url, again, sizeof again);
            CHECK_STR(again, printed);
            ath_url_free(url);
        }
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_password_may_hold_slashes", a_password_may_hold_slashes},
        {"secrets_in_the_query_are_masked", secrets_in_the_query_are_masked},
        {"no_message_shows_a_password", no_message_shows_a_password},
        {"every_mutation_is_survived", every_mutation_is_survived},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
