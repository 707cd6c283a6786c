/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL text with :name parameters, for each database: what is a parameter and what stands in strings, names and comments.  Never
 * run, only compiled.  The first byte chooses the database; the text has the values a and b.
 */
#include "fuzz.h"

#include <athanor/athanor.h>

static ath_engine *engine_of(size_t which) {
    static const char *const urls[] = {"sqlite://", "postgresql://localhost/x", "mysql://localhost/x"};
    static ath_engine *engines[3];
    if (!engines[which])
        engines[which] = ath_engine_open(urls[which]);
    return engines[which];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in = {data, size};
    ath_engine *db = engine_of(fuzz_byte(&in) % 3);
    char *sql = fuzz_rest(&in, true), *out = malloc(4 * in.size + 64), small[4];
    size_t length = 0, again = 0;
    ath_error error;
    if (!out)
        exit(1);
    if (!db) { /* not built in */
        free(out);
        free(sql);
        return 0;
    }
    ath_error_clear(&error);
    const ath_expr *text = ath_text(sql, ath_bind("a", 1), ath_bind("b", "x"));
    ath_status status = ath_engine_sql(db, ath_stmt_of(text), out, 4 * in.size + 64, &length, &error);
    if (status == ATH_OK) {
        FUZZ_CHECK(strlen(out) == (length < 4 * in.size + 64 ? length : 4 * in.size + 63));
        FUZZ_CHECK(ath_engine_sql(db, ath_stmt_of(text), small, sizeof small, &again, &error) == ATH_OK &&
                   again == length);
        if (!strpbrk(sql, ":\\")) /* nothing to replace */
            FUZZ_CHECK(strcmp(out, sql) == 0 || strchr(sql, '?') || strchr(sql, '%'));
    } else {
        FUZZ_CHECK(status == error.status && error.message[0] != '\0');
    }
    free(out);
    free(sql);
    return 0;
}
