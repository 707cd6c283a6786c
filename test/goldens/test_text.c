/* SPDX-License-Identifier: Apache-2.0
 *
 * The goldens as text: what each database gets from us, and (where the goldens themselves are at hand) that it is
 * SQLAlchemy's text and values, or another for a reason that docs/goldens.md gives.
 */
#include "goldens.h"

#include "backend/mysql/mysql.h"
#include "backend/sqlite/sqlite.h"

typedef enum target { SQLITE, POSTGRESQL, MYSQL, MARIADB, TARGETS } target;

static const char *const target_names[] = {"sqlite", "postgresql", "mysql", "mariadb"};
static ath_dialect sqlite_dialect;

static const ath_dialect *dialect_of(target t) {
    if (t == MARIADB)
        return &ath__mariadb_dialect;
    if (t != SQLITE)
        return ath__backend_find(target_names[t])->dialect;
    ath__sqlite_dialect_for(3040001, &sqlite_dialect);
    sqlite_dialect.version_text = "3.40.1";
    return &sqlite_dialect;
}

/* ---- what a case expects ---- */

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
        if (t == SQLITE && strncmp(at - 6, "LIMIT ?", 7) == 0 && strncmp(at, "? OFFSET", 8) != 0)
            ath__buf_str(out, " OFFSET ?");
    }
}

/* The text a case says for a database, or NULL when it says nothing. */
static const char *expected(target t, const golden *g, ath__buf *out) {
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

/* ---- our text ---- */

typedef struct product {
    ath__key key;
    ath__compiled compiled;
    ath_error error;
    ath_status status;
} product;

static const char *make(product *p, target t, ath_stmt stmt, char *room, size_t size) {
    memset(&p->compiled, 0, sizeof p->compiled);
    ath_error_clear(&p->error);
    ath__key_init(&p->key, &ath__malloc_allocator);
    p->status = ath__key_stmt(&p->key, stmt, &p->error);
    if (p->status == ATH_OK)
        p->status = ath__compile(dialect_of(t), &ath__malloc_allocator, stmt, &p->key, &p->compiled, &p->error);
    if (p->status == ATH_OK)
        return p->compiled.sql;
    snprintf(room, size, "%s: %s", ath_status_name(p->status), p->error.message);
    return room;
}

static void done(product *p) {
    if (p->status == ATH_OK)
        ath__compiled_done(&p->compiled);
    ath__key_done(&p->key);
}

static void check_text(void *context, const golden *cases, size_t count) {
    char refusal[1200];
    product p;
    ath__buf room;
    (void)context;
    ath__buf_init(&room, &ath__malloc_allocator);
    for (size_t i = 0; i < count; i++)
        for (target t = SQLITE; t < TARGETS; t++) {
            const char *want = expected(t, &cases[i], &room);
            test_context("%s on %s", cases[i].id, target_names[t]);
            const char *ours = make(&p, t, cases[i].stmt, refusal, sizeof refusal);
            if (want)
                CHECK_STR(ours, want);
            else
                CHECK(p.status == ATH_OK || p.status == ATH_NOT_SUPPORTED);
            done(&p);
        }
    ath__buf_done(&room);
    test_context("%s", "");
}

static void visit_all(golden_visit visit, void *context) {
    goldens_where(visit, context);
    goldens_expr(visit, context);
    goldens_select(visit, context);
    goldens_join(visit, context);
    goldens_change(visit, context);
    goldens_seed(visit, context);
}

TEST(text) {
    visit_all(check_text, NULL);
}

static const test_case cases[] = {{"text", text}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
