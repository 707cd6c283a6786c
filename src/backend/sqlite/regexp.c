/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: the function behind REGEXP, which SQLite leaves to the program: POSIX extended regular expressions (regex.h).
 *
 * A pattern is compiled once per statement and kept with it.
 */
#include "backend/sqlite/sqlite.h"

#include <regex.h>

static void release(void *pattern) {
    regfree(pattern);
    sqlite3_free(pattern);
}

static regex_t *compile(sqlite3_context *context, const char *text) {
    regex_t *pattern = sqlite3_malloc(sizeof *pattern);
    if (!pattern) {
        sqlite3_result_error_nomem(context);
        return NULL;
    }
    int code = regcomp(pattern, text, REG_EXTENDED | REG_NOSUB);
    if (code == 0)
        return pattern;
    char message[160];
    regerror(code, pattern, message, sizeof message);
    sqlite3_free(pattern);
    sqlite3_result_error(context, message, -1);
    return NULL;
}

/* text REGEXP pattern calls regexp(pattern, text); NULL on either side gives NULL. */
static void regexp(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    const char *source = (const char *)sqlite3_value_text(values[0]);
    const char *text = (const char *)sqlite3_value_text(values[1]);
    if (!source || !text)
        return;
    regex_t *pattern = sqlite3_get_auxdata(context, 0), *fresh = NULL;
    if (!pattern && !(pattern = fresh = compile(context, source)))
        return;
    sqlite3_result_int(context, regexec(pattern, text, 0, NULL, 0) == 0);
    if (fresh)
        sqlite3_set_auxdata(context, 0, fresh, release);
}

int ath__sqlite_add_regexp(sqlite3 *db) {
    return sqlite3_create_function_v2(db, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, regexp, NULL, NULL,
                                      NULL);
}
