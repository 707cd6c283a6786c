/* SPDX-License-Identifier: Apache-2.0
 *
 * The SQLite backend: where words, blanks and quoted texts of its SQL end, for those that read it.
 */
#include "backend/sqlite/sqlite.h"

bool ath__sqlite_is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

const char *ath__sqlite_skip_blank(const char *at) {
    for (;;) {
        at += strspn(at, " \t\r\n\f");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *close = strstr(at + 2, "*/");
            at = close ? close + 2 : at + strlen(at);
        } else {
            return at;
        }
    }
}

const char *ath__sqlite_skip_quoted(const char *at) {
    char close = *at == '[' ? ']' : *at;
    for (at++; *at; at++) {
        if (*at != close)
            continue;
        if (close == ']' || at[1] != close)
            return at + 1;
        at++;
    }
    return at;
}
