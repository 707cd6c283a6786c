/* SPDX-License-Identifier: Apache-2.0
 *
 * The goldens as text: what each database gets from us, and (where the goldens themselves are at hand) that it is
 * SQLAlchemy's text and values, or another for a reason that docs/goldens.md gives.
 */
#include "answers.h"

#include "backend/mysql/mysql.h"
#include "backend/sqlite/sqlite.h"

static ath_dialect sqlite_dialect;

static const ath_dialect *dialect_of(target t) {
    if (t == MARIADB)
        return &ath__mariadb_dialect;
    if (t != SQLITE)
        return ath__backend_find(golden_targets[t])->dialect;
    ath__sqlite_dialect_for(3040001, &sqlite_dialect);
    sqlite_dialect.version_text = "3.40.1";
    return &sqlite_dialect;
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
            const char *want = golden_text(t, &cases[i], &room);
            test_context("%s on %s", cases[i].id, golden_targets[t]);
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

TEST(text) {
    goldens_all(check_text, NULL);
}

/* ---- beside SQLAlchemy's ---- */

/* A value as it is bound: in contains and its kin % and _ are escaped. */
static void write_bound(ath__buf *out, const ath_value *value, bool escaped) {
    ath__buf text;
    if (!escaped) {
        answers_write(out, value);
        return;
    }
    ath__buf_init(&text, &ath__malloc_allocator);
    for (const char *at = value->as.text.data; *at; at++)
        ath__buf_printf(&text, strchr("%_/", *at) ? "/%c" : "%c", *at);
    answers_write(out, &(const ath_value){.kind = ATH_KIND_TEXT, .as.text = {ath__buf_text(&text), text.size}});
    ath__buf_done(&text);
}

static void write_binds(const product *p, ath__buf *out) {
    ath__buf_clear(out);
    for (size_t i = 0; i < p->compiled.bind_count; i++) {
        const ath__bind *bind = &p->compiled.binds[i];
        const ath_value *value = bind->constant ? bind->constant : &p->key.values[bind->value];
        const bool path = bind->how == ATH__BIND_JSON_PATH && bind->span > 1;
        ath__buf_str(out, i ? "," : "[");
        for (int step = 0; step < (path ? bind->span : 1); step++) {
            ath__buf_str(out, !path ? "" : step ? "," : "[");
            write_bound(out, value + step, bind->how == ATH__BIND_LIKE_ESCAPED);
        }
        ath__buf_str(out, path ? "]" : "");
    }
    ath__buf_str(out, p->compiled.bind_count ? "]" : "[]");
}

typedef struct comparison {
    answers from;
    char *doc; /* docs/goldens.md */
    size_t asked;
} comparison;

/* Whether text and values are SQLAlchemy's; true where it was not asked. */
static bool is_theirs(comparison *c, const golden *g, target t, bool tell) {
    char path[40], refusal[1200];
    product p;
    ath__buf binds;
    snprintf(path, sizeof path, "$.%s", golden_targets[t]);
    char *theirs = answers_get(&c->from, g->id, path);
    if (!theirs)
        return true;
    c->asked += tell;
    char *folded = answers_fold(theirs);
    const char *ours = make(&p, t, g->stmt, refusal, sizeof refusal);
    snprintf(path, sizeof path, "$.params.%s", golden_targets[t]);
    char *params = answers_get(&c->from, g->id, path), *plain = params ? answers_plain(params) : NULL;
    ath__buf_init(&binds, &ath__malloc_allocator);
    write_binds(&p, &binds);
    bool same = strcmp(ours, folded) == 0 && (!plain || strcmp(ath__buf_text(&binds), plain) == 0);
    if (tell && !same) {
        CHECK_STR(ours, folded);
        CHECK_STR(ath__buf_text(&binds), plain);
    }
    ath__buf_done(&binds);
    done(&p);
    free(theirs);
    free(folded);
    free(params);
    free(plain);
    return same;
}

static void check_theirs(void *context, const golden *cases, size_t count) {
    comparison *c = context;
    for (size_t i = 0; i < count; i++) {
        bool all = true;
        char name[80];
        for (target t = SQLITE; t < TARGETS; t++) {
            test_context("%s on %s", cases[i].id, golden_targets[t]);
            all = is_theirs(c, &cases[i], t, !cases[i].reason) && all;
        }
        snprintf(name, sizeof name, "`%s`", cases[i].id);
        CHECK(all == !cases[i].reason);
        CHECK(!c->doc || (strstr(c->doc, name) != NULL) == (cases[i].reason != NULL));
    }
}

static void find_case(void *context, const golden *cases, size_t count) {
    const char **id = context;
    for (size_t i = 0; i < count; i++)
        if (*id && strcmp(cases[i].id, *id) == 0)
            *id = NULL;
}

static bool is_known(void *context, const char *id) {
    (void)context;
    goldens_all(find_case, &id);
    return id == NULL;
}

TEST(beside_theirs) {
    comparison c = {.asked = 0};
    char path[1024];
    if (!answers_open(&c.from))
        TEST_SKIP("the goldens are not here");
    snprintf(path, sizeof path, "%s/docs/goldens.md", getenv("ATHANOR_SOURCE") ? getenv("ATHANOR_SOURCE") : ".");
    c.doc = answers_read(path);
    CHECK(c.doc != NULL);
    goldens_all(check_theirs, &c);
    CHECK(c.asked > 100);
    CHECK(answers_count(&c.from, is_known, NULL) > 100);
    free(c.doc);
    answers_close(&c.from);
}

static const test_case cases[] = {{"text", text}, {"beside_theirs", beside_theirs}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
