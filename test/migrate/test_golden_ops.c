/* SPDX-License-Identifier: Apache-2.0
 *
 * Alembic's answers about directives: ops.dev.jsonl and ops_before.json of a folder beside the repository (without it only
 * what runs on databases is tested).  Text is compared with whitespace folded; where Alembic's SQL does not work, ours is
 * run.  Every case is run on every database besides, in a schema like that which it speaks of.
 */
#include "golden_ops.h"

static const golden_set *const sets[] = {&golden_seed, &golden_columns, &golden_others};

/* ---- the answers ---- */

/* The file's lines in a database in memory, which reads JSON. */
static world answers;
static bool have_answers;

static bool find_file(const char *name, char *path, size_t size) {
    const char *shared = getenv("ATHANOR_SHARED");
    snprintf(path, size, "%s/goldens/%s", shared ? shared : "", name);
    if (!shared || access(path, R_OK) != 0)
        snprintf(path, size, "%s/../shared/goldens/%s", getenv("ATHANOR_SOURCE"), name);
    if (access(path, R_OK) != 0)
        snprintf(path, size, "%s/../../shared/goldens/%s", getenv("ATHANOR_SOURCE"), name);
    return access(path, R_OK) == 0;
}

static bool keep(const char *line) {
    ath_result *r = ath_connection_execute(answers.c, ath_stmt_of(ath_insert(.table = "g", .columns = ath_names("line"),
                                                                             .values = ath_rows(ath_vals(line)))));
    ath_result_close(r);
    return r != NULL;
}

static bool read_answers(void) {
    char path[600];
    char *line = NULL;
    size_t room = 0;
    FILE *file;
    if (have_answers)
        return true;
    if (!find_file("ops.dev.jsonl", path, sizeof path) || (file = fopen(path, "r")) == NULL)
        return false;
    world_online(&answers, TEST_SQLITE, NULL);
    world_sql(&answers, "CREATE TABLE g (line TEXT)");
    while (getline(&line, &room, file) > 0)
        keep(line);
    fclose(file);
    if (find_file("ops_before.json", path, sizeof path) && (file = fopen(path, "r")) != NULL) {
        size_t size = getdelim(&line, &room, EOF, file) > 0 ? strlen(line) : 0;
        if (size)
            keep(line);
        fclose(file);
    }
    free(line);
    have_answers = true;
    return true;
}

/* What a query about the case `id` (:id) gives, as one text; to be freed. */
static char *ask(const char *sql, const char *id) {
    ath_result *r = ath_connection_execute(answers.c, ath_stmt_of(ath_text(sql, ath_bind("id", id))));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    const char *text = row ? ath_row_text(row, 0) : NULL;
    char *copy = text ? strdup(text) : NULL;
    ath_result_close(r);
    return copy;
}

#define OF_CASE " FROM g WHERE json_extract(line, '$.id') = :id"

/* The statements that are expected, each ended by a NUL character, or NULL: none are said, or an error. */
static char *expected_of(const char *id, const char *dialect) {
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT (SELECT coalesce(group_concat(value, '; '), '') FROM json_each(line, '$.%s')) " OF_CASE
             " AND json_type(line, '$.%s') = 'array'",
             dialect, dialect);
    return ask(sql, id);
}

static void undo_percents(char *text) {
    char *to = text;
    for (; *text; text++) {
        *to++ = *text;
        if (text[0] == '%' && text[1] == '%')
            text++;
    }
    *to = 0;
}

/* ---- texts ---- */

static const char *own_text(const golden_op *g, const char *dialect) {
    return strcmp(dialect, "sqlite") == 0       ? g->sqlite
           : strcmp(dialect, "postgresql") == 0 ? g->postgresql
           : strcmp(dialect, "mysql") == 0      ? g->mysql
                                                : g->mariadb;
}

static void set_up(const golden_op *g, ath_ops *op) {
    if (!g->bare)
        golden_before(op);
    if (g->before)
        g->before(op);
}

static void compare(const golden_op *g, const char *dialect) {
    const char *own = own_text(g, dialect);
    char *expected = expected_of(g->id, dialect);
    if (!expected && strcmp(dialect, "mariadb") == 0)
        expected = expected_of(g->id, "mysql");
    if ((!expected && !own) || (own && strcmp(own, "*") == 0)) {
        free(expected);
        return;
    }
    world w;
    world_offline(&w, dialect, g->naming ? &golden_naming : NULL);
    set_up(g, w.op);
    world_again(&w);
    g->fn(w.op);
    CHECK_INT(world_finish(&w), ATH_OK);
    if (w.error.status != ATH_OK)
        printf("# %s\n", w.error.message);
    char *text = world_text(&w), *folded = world_fold(own ? own : expected);
    undo_percents(folded);
    CHECK_STR(text, folded);
    free(text);
    free(folded);
    free(expected);
    world_close(&w);
}

TEST(says_what_alembic_says) {
    static const char *const dialects[] = {"sqlite", "postgresql", "mysql", "mariadb"};
    if (!read_answers())
        TEST_SKIP("the goldens are not there");
    for (size_t d = 0; d < TEST_COUNT(dialects); d++)
        for (size_t s = 0; s < TEST_COUNT(sets); s++)
            for (size_t i = 0; i < sets[s]->count; i++) {
                test_context("%s on %s", sets[s]->cases[i].id, dialects[d]);
                compare(&sets[s]->cases[i], dialects[d]);
            }
    test_context("%s", "");
}

/* Every case of the file is one of ours, but for whole scripts, which are the runner's. */
TEST(knows_every_case) {
    size_t known = 0;
    if (!read_answers())
        TEST_SKIP("the goldens are not there");
    for (size_t s = 0; s < TEST_COUNT(sets); s++)
        for (size_t i = 0; i < sets[s]->count; i++) {
            char *there = ask("SELECT json_extract(line, '$.mode')" OF_CASE, sets[s]->cases[i].id);
            test_context("%s", sets[s]->cases[i].id);
            CHECK(there != NULL);
            known += there != NULL;
            free(there);
        }
    char *count =
        ask("SELECT CAST(count(*) AS TEXT) FROM g WHERE json_extract(line, '$.mode') = 'offline' AND :id = 'x'", "x");
    CHECK_INT(known, count ? strtoll(count, NULL, 10) : 0);
    free(count);
    test_context("%s", "");
}

/* ---- databases ---- */

static void run_live(const golden_op *g, test_database database) {
    static const int bits[] = {REFUSES_SQLITE, REFUSES_POSTGRESQL, REFUSES_MYSQL};
    bool refuses = (g->refuses & bits[database]) != 0;
    world w;
    world_online(&w, database, g->naming ? &golden_naming : NULL);
    set_up(g, w.op);
    CHECK_INT(world_finish(&w), ATH_OK);
    if (w.error.status != ATH_OK)
        printf("# before %s: %s\n", g->id, w.error.message);
    world_again(&w);
    w.error = (ath_error){0};
    g->fn(w.op);
    ath_status status = world_finish(&w);
    if (refuses)
        CHECK(status != ATH_OK && w.error.message[0]);
    else
        CHECK_INT(status, ATH_OK);
    if (status != ATH_OK && !refuses) {
        char *text = world_text(&w);
        printf("# %s: %s\n#   %s\n", g->id, w.error.message, text);
        free(text);
    }
    world_close(&w);
}

static void all_live(test_database database) {
    TEST_ON(database);
    for (size_t s = 0; s < TEST_COUNT(sets); s++)
        for (size_t i = 0; i < sets[s]->count; i++) {
            test_context("%s on %s", sets[s]->cases[i].id, test_database_name(database));
            if (!(sets[s]->cases[i].refuses & NOT_LIVE))
                run_live(&sets[s]->cases[i], database);
        }
    test_context("%s", "");
}

TEST(runs_on_sqlite) {
    all_live(TEST_SQLITE);
}
TEST(runs_on_postgresql) {
    all_live(TEST_POSTGRESQL);
}
TEST(runs_on_mysql) {
    all_live(TEST_MYSQL);
}

/* ---- batch blocks ---- */

/* Runs what a query gives, row by row. */
static void run_all(world *w, const char *sql) {
    ath_result *r = ath_connection_execute(answers.c, ath_stmt_of(ath_text(sql)));
    for (const ath_row *row = r ? ath_fetch(r) : NULL; row; row = ath_fetch(r))
        world_sql(w, ath_row_text(row, 0));
    ath_result_close(r);
}

/* Names without quotes, blanks beside commas and parentheses gone: what is left must be the same. */
static char *plain(const char *sql) {
    char *out = malloc(strlen(sql) + 1), *to = out;
    for (; *sql; sql++)
        if (!strchr(" \t\n\"", *sql))
            *to++ = *sql;
    *to = 0;
    return out;
}

static void check_schema(world *w, const char *id, const char *which, bool there) {
    char sql[300];
    snprintf(sql, sizeof sql, "SELECT value FROM g, json_each(line, '$.%s') WHERE json_extract(line, '$.id') = :id",
             which);
    char *now = world_rows(w, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"), *have = plain(now);
    ath_result *r = ath_connection_execute(answers.c, ath_stmt_of(ath_text(sql, ath_bind("id", id))));
    for (const ath_row *row = r ? ath_fetch(r) : NULL; row; row = ath_fetch(r)) {
        char *want = plain(ath_row_text(row, 0));
        bool found = strstr(have, want) != NULL;
        if (found != there)
            printf("# %s: %s\n# now: %s\n", which, ath_row_text(row, 0), now);
        CHECK(found == there);
        free(want);
    }
    ath_result_close(r);
    free(now);
    free(have);
}

/* The rows of a table as JSON, as the file has them. */
static void check_rows(world *w, const char *id) {
    ath_result *r = ath_connection_execute(
        answers.c,
        ath_stmt_of(ath_text("SELECT key, (SELECT group_concat((SELECT group_concat(coalesce(c.value, 'NULL'), "
                             "'|') FROM json_each(r.value) AS c), ';') FROM json_each(t.value) AS r) "
                             "FROM g, json_each(line, '$.rows_after') AS t WHERE json_extract(line, '$.id') = "
                             ":id",
                             ath_bind("id", id))));
    for (const ath_row *row = r ? ath_fetch(r) : NULL; row; row = ath_fetch(r)) {
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", ath_row_text(row, 0));
        char *rows = world_rows(w, sql);
        CHECK_STR(rows, ath_row_text(row, 1));
        free(rows);
    }
    ath_result_close(r);
}

static void run_batch(const golden_op *g) {
    world w;
    world_online(&w, TEST_SQLITE, NULL);
    run_all(&w, "SELECT value FROM g, json_each(line, '$.batch_sqlite')");
    world_again(&w);
    g->fn(w.op);
    ath_status status = world_finish(&w);
    CHECK((status != ATH_OK) == (g->refuses != 0));
    if (status != ATH_OK && !g->refuses)
        printf("# %s: %s\n", g->id, w.error.message);
    check_schema(&w, g->id, "schema_after", true);
    check_schema(&w, g->id, "schema_gone", false);
    check_rows(&w, g->id);
    CHECK(w.count < 20);
    world_close(&w);
}

TEST(batches_leave_what_alembic_leaves) {
    if (!read_answers())
        TEST_SKIP("the goldens are not there");
    for (size_t i = 0; i < golden_batches.count; i++) {
        test_context("%s", golden_batches.cases[i].id);
        run_batch(&golden_batches.cases[i]);
    }
    test_context("%s", "");
}

static const test_case all[] = {
    {"says_what_alembic_says", says_what_alembic_says},
    {"knows_every_case", knows_every_case},
    {"runs_on_sqlite", runs_on_sqlite},
    {"runs_on_postgresql", runs_on_postgresql},
    {"runs_on_mysql", runs_on_mysql},
    {"batches_leave_what_alembic_leaves", batches_leave_what_alembic_leaves},
};

int main(int argc, char **argv) {
    int result = test_main(argc, argv, all, TEST_COUNT(all));
    if (have_answers)
        world_close(&answers);
    return result;
}
