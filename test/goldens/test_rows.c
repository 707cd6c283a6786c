/* SPDX-License-Identifier: Apache-2.0
 *
 * The goldens run: each database takes every statement, and gives the rows that SQLAlchemy got there.
 *
 * The tables and rows come from the fixtures beside the goldens, and the test is skipped where there are none.  On MySQL the
 * answers are MariaDB's, as is the server.
 */
#include "answers.h"

#include "servers.h"

#include "engine/engine.h"

ATH_METADATA(Others, Weird, Seven);

typedef struct run {
    answers from;
    ath_engine *engine;
    ath_connection *connection;
    size_t statements, answered;
} run;

static target target_on(void) {
    return test_on == TEST_MYSQL ? MARIADB : test_on == TEST_POSTGRESQL ? POSTGRESQL : SQLITE;
}

/* ---- tables ---- */

static bool run_script(ath_connection *c, char *script) {
    bool ok = true;
    for (char *at = script, *end; ok && (end = strstr(at, ";\n")) != NULL; at = end + 2) {
        *end = '\0';
        while (*at == '\n' || strncmp(at, "--", 2) == 0)
            at += strcspn(at, "\n") + 1;
        ok = ath__run_text(c, at, NULL) == ATH_OK;
        if (!ok)
            test_failed_(__FILE__, __LINE__, "%.80s: %s", at, ath_connection_error(c)->message);
    }
    return ok;
}

static bool load(run *r) {
    static const char *const more[][5] = {
        [TEST_SQLITE] = {"CREATE UNIQUE INDEX by_email ON users (email) WHERE email LIKE '%@%'",
                         "ATTACH DATABASE ':memory:' AS log", "CREATE TABLE log.audit (id INTEGER, what TEXT)"},
        [TEST_POSTGRESQL] = {"CREATE UNIQUE INDEX by_email ON users (email) WHERE email LIKE '%@%'",
                             "SELECT setval('nodes_id_seq', 100), setval('users_id_seq', 100)",
                             "CREATE TABLE d (j JSONB)", "CREATE SCHEMA log",
                             "CREATE TABLE log.audit (id INTEGER, what TEXT)"},
        [TEST_MYSQL] = {NULL},
    };
    char name[80], path[1024];
    snprintf(name, sizeof name, "sql_fixture.%s.sql", test_database_name(test_on));
    char *script = answers_file(name, path, sizeof path) ? answers_read(path) : NULL;
    bool ok = script && run_script(r->connection, script);
    free(script);
    ok = ok && ath_commit(r->connection) == ATH_OK;
    for (size_t i = 0; ok && i < 5 && more[test_on][i]; i++)
        ok = ath__run_text(r->connection, more[test_on][i], NULL) == ATH_OK;
    ok = ok && ath_create_all(r->engine, &Others) == ATH_OK;
    CHECK(ok);
    return ok;
}

static bool open(run *r, const char *url) {
    ath_error error = {.status = ATH_OK};
    memset(r, 0, sizeof *r);
    r->engine = ath_engine_open(url, .error = &error);
    r->connection = r->engine ? ath_connect(r->engine, &error) : NULL;
    if (!r->connection)
        test_failed_(__FILE__, __LINE__, "no connection: %s", error.message);
    return r->connection != NULL;
}

static void close_all(run *r) {
    ath_connection_close(r->connection);
    ath_engine_close(r->engine);
}

/* ---- rows ---- */

static char *rows_as_json(ath_result *result) {
    ath__buf out;
    size_t count = 0;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__buf_char(&out, '[');
    for (const ath_row *row; (row = ath_fetch(result)) != NULL; count++) {
        ath__buf_str(&out, count ? ",[" : "[");
        for (size_t i = 0; i < ath_result_column_count(result); i++) {
            ath__buf_str(&out, i ? "," : "");
            answers_write(&out, ath_row_at(row, i));
        }
        ath__buf_char(&out, ']');
    }
    ath__buf_char(&out, ']');
    char *json = answers_plain(ath__buf_text(&out));
    ath__buf_done(&out);
    return json;
}

static void compare(const run *r, char *ours, char *theirs, bool ordered) {
    char *plain = answers_plain(theirs);
    char *a = ordered ? strdup(ours) : answers_sorted(&r->from, ours);
    char *b = ordered ? strdup(plain) : answers_sorted(&r->from, plain);
    CHECK_STR(a, b);
    free(plain);
    free(a);
    free(b);
}

/* The table that a statement changes, as it is now. */
static void compare_table(run *r, ath_stmt stmt, char *theirs) {
    const ath_model *model = stmt.kind == ATH_STMT_INSERT   ? ((const ath_insert_stmt *)stmt.of)->model
                             : stmt.kind == ATH_STMT_UPDATE ? ((const ath_update_stmt *)stmt.of)->model
                                                            : ((const ath_delete_stmt *)stmt.of)->model;
    ath_result *result = ath_execute(r->connection, ath_select(.model = model));
    CHECK(result != NULL);
    char *ours = result ? rows_as_json(result) : NULL;
    ath_result_close(result);
    if (ours)
        compare(r, ours, theirs, false);
    free(ours);
}

static void compare_answer(run *r, const golden *g, ath_result *result) {
    const char *on = golden_targets[target_on()];
    char path[60];
    snprintf(path, sizeof path, "$.rows.%s.rows", on);
    char *rows = answers_get(&r->from, g->id, path);
    snprintf(path, sizeof path, "$.rows.%s.table_after", on);
    char *table = answers_get(&r->from, g->id, path);
    snprintf(path, sizeof path, "$.rows.%s.rowcount", on);
    char *count = answers_get(&r->from, g->id, path);
    char *ours = rows_as_json(result);
    snprintf(path, sizeof path, "%lld", (long long)ath_result_rowcount(result));
    const ath_select_stmt *select = g->stmt.kind == ATH_STMT_SELECT ? g->stmt.of : NULL;
    if (test_on == TEST_SQLITE && g->sqlite_rows)
        CHECK_STR(ours, g->sqlite_rows);
    else if (rows && select)
        compare(r, ours, rows, select->order_by.count > 0);
    else if (rows && strcmp(rows, "[]") != 0)
        compare(r, ours, rows, false);
    if (count)
        CHECK_STR(path, count);
    ath_result_close(result);
    if (table)
        compare_table(r, g->stmt, table);
    r->answered += rows != NULL || table != NULL;
    free(rows);
    free(table);
    free(count);
    free(ours);
}

/* "argument: ..." and "not-supported: ...": a newer server than the least may know it after all. */
static bool is_refusal(const char *text, ath_status status) {
    const char *name = ath_status_name(status);
    return strncmp(text, name, strlen(name)) == 0 && text[strlen(name)] == ':';
}

/* Statements that SQLAlchemy was not run with: they break a rule of the tables, or speak of some that are not there. */
static bool may_fail(const golden *g, ath_status status) {
    return (status == ATH_INTEGRITY && strcmp(g->id, "ins_all_cols") == 0) ||
           (status == ATH_PROGRAMMING && strcmp(g->id, "seed_raw_update") == 0) ||
           (test_on == TEST_MYSQL && strstr(g->id, "in_schema") != NULL);
}

static void run_cases(void *context, const golden *cases, size_t count) {
    run *r = context;
    ath__buf room;
    ath__buf_init(&room, &ath__malloc_allocator);
    for (size_t i = 0; i < count; i++) {
        const char *text = golden_text(target_on(), &cases[i], &room);
        test_context("%s on %s", cases[i].id, test_database_name(test_on));
        if (!text)
            continue;
        ath_result *result = ath_connection_execute(r->connection, cases[i].stmt);
        const ath_error *error = ath_connection_error(r->connection);
        if (result)
            compare_answer(r, &cases[i], result);
        else if (!is_refusal(text, error->status) && !may_fail(&cases[i], error->status))
            test_failed_(__FILE__, __LINE__, "%s: %s", error->message, error->statement);
        r->statements++;
        CHECK_INT(ath_rollback(r->connection), ATH_OK);
    }
    ath__buf_done(&room);
    test_context("%s", "");
}

TEST(core) {
    run r;
    answers from;
    if (!answers_open(&from))
        TEST_SKIP("the goldens are not here");
    bool ok = open(&r, test_fresh_url(test_on));
    r.from = from;
    if (ok && load(&r)) {
        goldens_where(run_cases, &r);
        goldens_expr(run_cases, &r);
        goldens_select(run_cases, &r);
        goldens_join(run_cases, &r);
        goldens_change(run_cases, &r);
        language_condition(run_cases, &r);
        language_value(run_cases, &r);
        language_query(run_cases, &r);
        language_alter(run_cases, &r);
        CHECK(r.statements > 70 && r.answered > 60);
    }
    close_all(&r);
    answers_close(&from);
}

TEST(blog) {
    run r;
    answers from;
    if (!answers_open(&from))
        TEST_SKIP("the goldens are not here");
    bool ok = open(&r, test_fresh_url(test_on));
    r.from = from;
    if (ok && ath_create_all(r.engine, &Blog) == ATH_OK) {
        goldens_seed(run_cases, &r);
        CHECK(r.statements > 40);
    }
    close_all(&r);
    answers_close(&from);
}

static const test_case cases[] = {{"core", core}, {"blog", blog}};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
