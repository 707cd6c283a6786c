/* SPDX-License-Identifier: Apache-2.0
 *
 * For the injection tests: a table beside that must come out as it went in, whatever is tried.
 */
#ifndef ATH_TEST_CONFORMANCE_CANARY_H
#define ATH_TEST_CONFORMANCE_CANARY_H

#include "suite.h"

#include "corpus.h"

static ath_engine *db;
static ath_connection *c;

static inline bool canary_begin(void) {
    db = suite_open();
    c = db ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "DROP TABLE IF EXISTS canary");
    suite_sql(c, "CREATE TABLE canary (v VARCHAR(20))");
    suite_sql(c, "INSERT INTO canary (v) VALUES ('alive')");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static inline void canary_end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
    db = NULL;
}

/* The canary is there, alone, and alive. */
static inline void check_canary(void) {
    if (!c)
        return;
    CHECK_INT(suite_int(c, "SELECT count(*) FROM canary"), 1);
    CHECK_INT(suite_int(c, "SELECT count(*) FROM canary WHERE v = 'alive'"), 1);
    CHECK_OK(c, ath_commit(c));
}

/* The tests' own look, without the library's. */
static inline bool is_utf8(const char *text) {
    for (const unsigned char *s = (const unsigned char *)text; *s;) {
        int more = *s < 0x80                 ? 0
                   : *s >= 0xc2 && *s < 0xe0 ? 1
                   : *s >= 0xe0 && *s < 0xf0 ? 2
                   : *s >= 0xf0 && *s < 0xf5 ? 3
                                             : -1;
        if (more < 0 || (*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
            (*s == 0xf4 && s[1] > 0x8f))
            return false;
        for (s++; more > 0; more--, s++)
            if ((*s & 0xc0) != 0x80)
                return false;
    }
    return true;
}

#endif
