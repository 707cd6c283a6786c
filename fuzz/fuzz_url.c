/* SPDX-License-Identifier: Apache-2.0
 *
 * URLs: what parses can be written and parsed again to the same parts; a password is never written.
 */
#include "fuzz.h"

#include <athanor/engine.h>

static bool same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_same(const ath_url *a, const ath_url *b) {
    FUZZ_CHECK(same(a->dialect, b->dialect) && same(a->driver, b->driver) && same(a->user, b->user));
    FUZZ_CHECK(same(a->host, b->host) && same(a->database, b->database) && a->port == b->port);
    FUZZ_CHECK((a->password != NULL) == (b->password != NULL));
    FUZZ_CHECK(a->query_count == b->query_count);
    for (size_t i = 0; i < a->query_count; i++) {
        FUZZ_CHECK(same(a->query[i].key, b->query[i].key));
        FUZZ_CHECK(same(a->query[i].value, b->query[i].value) || same(b->query[i].value, "***")); /* a secret's */
    }
}

/* Long enough not to be in the rest by chance, and not there on purpose. */
static bool is_secret(const ath_url *url, const char *text) {
    if (!url->password || strlen(url->password) < 6)
        return false;
    const char *first = strstr(text, url->password);
    return first && !strstr(first + 1, url->password);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in = {data, size};
    char *text = fuzz_rest(&in, true), small[8];
    ath_error error;
    ath_url *url = ath_url_parse(text, &error);
    if (!url) {
        FUZZ_CHECK(error.status == ATH_ARGUMENT && error.message[0] != '\0');
        free(text);
        return 0;
    }
    size_t length = ath_url_print(url, NULL, 0);
    char *printed = malloc(length + 1);
    if (!printed)
        exit(1);
    FUZZ_CHECK(ath_url_print(url, printed, length + 1) == length && strlen(printed) == length);
    FUZZ_CHECK(ath_url_print(url, small, sizeof small) == length && strlen(small) < sizeof small);
    FUZZ_CHECK(strncmp(small, printed, strlen(small)) == 0);
    if (is_secret(url, text))
        FUZZ_CHECK(strstr(printed, url->password) == NULL);
    for (size_t i = 0; i < url->query_count; i++)
        FUZZ_CHECK(ath_url_get(url, url->query[i].key) != NULL);
    ath_url *again = ath_url_parse(printed, &error);
    FUZZ_CHECK(again != NULL);
    check_same(url, again);
    ath_url_free(again);
    ath_url_free(url);
    free(printed);
    free(text);
    return 0;
}
