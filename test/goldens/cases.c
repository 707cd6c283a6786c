/* SPDX-License-Identifier: Apache-2.0
 *
 * All cases, and what each says of a database.
 */
#include "goldens.h"

const char *const golden_targets[] = {"sqlite", "postgresql", "mysql", "mariadb"};

static void expand(target t, const char *text, ath__buf *out) {
    const bool mysql = t == MYSQL || t == MARIADB;
    unsigned placeholders = 0;
    for (const char *at = text; *at; at++) {
        bool joined = at - text > 5 && (strncmp(at - 5, "OUTER", 5) == 0 || strncmp(at - 5, "CROSS", 5) == 0);
        if (mysql && strncmp(at, " JOIN ", 6) == 0 && !joined)
            ath__buf_str(out, " INNER");
        if (mysql && strncmp(at, " OFFSET ?", 9) == 0) {
            ath__buf_str(out, ", ?");
            at += 8;
        } else if (*at == '?' && t == POSTGRESQL) {
            ath__buf_printf(out, "$%u", ++placeholders);
        } else {
            ath__buf_char(out, *at);
        }
        if (t == SQLITE && at - text >= 6 && strncmp(at - 6, "LIMIT ?", 7) == 0 && strncmp(at, "? OFFSET", 8) != 0)
            ath__buf_str(out, " OFFSET ?");
    }
}

const char *golden_text(target t, const golden *g, ath__buf *out) {
    const char *own = t == SQLITE ? g->sqlite : t == POSTGRESQL ? g->postgresql : t == MARIADB ? g->mariadb : g->mysql;
    if (t == MARIADB && !own)
        own = g->mysql;
    if (own)
        return own;
    if (!g->text)
        return NULL;
    ath__buf_clear(out);
    expand(t, g->text, out);
    return ath__buf_text(out);
}

void goldens_all(golden_visit visit, void *context) {
    goldens_where(visit, context);
    goldens_expr(visit, context);
    goldens_select(visit, context);
    goldens_join(visit, context);
    goldens_change(visit, context);
    goldens_seed(visit, context);
    language_condition(visit, context);
    language_value(visit, context);
    language_query(visit, context);
    language_alter(visit, context);
}
