/* SPDX-License-Identifier: Apache-2.0
 *
 * Properties that hold of every statement: one key never stands for two texts, a copy is the same statement, and memory
 * may run out at any request without a leak.
 */
#include "goldens.h"

#include "../base/counting.h"

#include "backend/mysql/mysql.h"
#include "backend/sqlite/sqlite.h"
#include "sql/copy.h"

static ath_dialect sqlite_dialect;

static const ath_dialect *dialect_of(target t) {
    if (t == MARIADB)
        return &ath__mariadb_dialect;
    if (t != SQLITE)
        return ath__backend_find(golden_targets[t])->dialect;
    ath__sqlite_dialect_for(3040001, &sqlite_dialect);
    return &sqlite_dialect;
}

/* The text on every database, one behind the other; to be freed. */
static char *texts_of(const ath__key *key, ath_stmt stmt) {
    ath__buf all;
    ath__buf_init(&all, &ath__malloc_allocator);
    for (target t = SQLITE; t < TARGETS; t++) {
        ath__compiled compiled;
        ath_error error = {.status = ATH_OK};
        bool ok = ath__compile(dialect_of(t), &ath__malloc_allocator, stmt, key, &compiled, &error) == ATH_OK;
        ath__buf_printf(&all, "%s\n", ok ? compiled.sql : error.message);
        if (ok)
            ath__compiled_done(&compiled);
    }
    char *text = strdup(ath__buf_text(&all));
    ath__buf_done(&all);
    return text;
}

/* ---- keys ---- */

enum { MOST = 1000 };

typedef struct seen {
    size_t count;
    const char *ids[MOST];
    ath__key *keys[MOST];
    char *texts[MOST];
} seen;

static void remember(void *context, const golden *cases, size_t count) {
    seen *s = context;
    for (size_t i = 0; i < count && s->count < MOST; i++) {
        ath__key *key = malloc(sizeof *key);
        ath__key_init(key, &ath__malloc_allocator);
        test_context("%s", cases[i].id);
        CHECK_INT(ath__key_stmt(key, cases[i].stmt, NULL), ATH_OK);
        s->ids[s->count] = cases[i].id;
        s->texts[s->count] = texts_of(key, cases[i].stmt);
        s->keys[s->count++] = key;
    }
}

static bool same_key(const ath__key *a, const ath__key *b) {
    return a->word_count == b->word_count && memcmp(a->words, b->words, a->word_count * sizeof *a->words) == 0;
}

TEST(one_key_one_text) {
    static seen all;
    goldens_all(remember, &all);
    CHECK(all.count > 300 && all.count < MOST);
    for (size_t i = 0; i < all.count; i++)
        for (size_t j = 0; j < i; j++)
            if (same_key(all.keys[i], all.keys[j])) {
                test_context("%s and %s", all.ids[j], all.ids[i]);
                CHECK_STR(all.texts[i], all.texts[j]);
                CHECK_INT(all.keys[i]->value_count, all.keys[j]->value_count);
            }
    for (size_t i = 0; i < all.count; i++) {
        ath__key_done(all.keys[i]);
        free(all.keys[i]);
        free(all.texts[i]);
    }
}

/* ---- copies ---- */

static void compare_copies(void *context, const golden *cases, size_t count) {
    size_t *copied = context;
    for (size_t i = 0; i < count; i++) {
        ath__arena arena;
        ath__key key, copy_key;
        if (cases[i].stmt.kind != ATH_STMT_SELECT)
            continue;
        test_context("%s", cases[i].id);
        ath__arena_init(&arena, &ath__malloc_allocator);
        ath__key_init(&key, &ath__malloc_allocator);
        ath__key_init(&copy_key, &ath__malloc_allocator);
        const ath_select_stmt *copy = ath__select_copy(cases[i].stmt.of, &arena);
        CHECK(copy != NULL);
        CHECK_INT(ath__key_stmt(&key, cases[i].stmt, NULL), ATH_OK);
        CHECK_INT(ath__key_stmt(&copy_key, ath_stmt_of(copy), NULL), ATH_OK);
        CHECK(same_key(&key, &copy_key));
        char *theirs = texts_of(&key, cases[i].stmt), *ours = texts_of(&copy_key, ath_stmt_of(copy));
        CHECK_STR(ours, theirs);
        free(ours);
        free(theirs);
        ath__key_done(&key);
        ath__key_done(&copy_key);
        ath__arena_done(&arena);
        ++*copied;
    }
}

TEST(copies_are_the_same) {
    size_t copied = 0;
    goldens_all(compare_copies, &copied);
    CHECK(copied > 200);
}

/* ---- memory ---- */

static void sweep_one(const golden *g, target t) {
    for (size_t fail_at = 1; fail_at < 100; fail_at++) {
        counting c;
        ath__key key;
        ath__compiled compiled;
        ath_error error = {.status = ATH_OK};
        counting_init(&c, fail_at);
        ath__key_init(&key, &c.allocator);
        ath_status status = ath__key_stmt(&key, g->stmt, &error);
        if (status == ATH_OK)
            status = ath__compile(dialect_of(t), &c.allocator, g->stmt, &key, &compiled, &error);
        if (status == ATH_OK)
            ath__compiled_done(&compiled);
        ath__key_done(&key);
        bool reached = c.requests >= fail_at;
        CHECK(!reached || status != ATH_OK);
        CHECK(status != ATH_INTERNAL);
        CHECK_RELEASED(&c);
        if (!reached)
            return;
    }
    CHECK(false);
}

static void sweep(void *context, const golden *cases, size_t count) {
    (void)context;
    for (size_t i = 0; i < count; i++)
        for (target t = SQLITE; t < TARGETS; t++) {
            test_context("%s on %s", cases[i].id, golden_targets[t]);
            sweep_one(&cases[i], t);
        }
}

TEST(memory_runs_out) {
    goldens_all(sweep, NULL);
}

static const test_case cases[] = {
    {"one_key_one_text", one_key_one_text},
    {"copies_are_the_same", copies_are_the_same},
    {"memory_runs_out", memory_runs_out},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
