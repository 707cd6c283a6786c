/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs that are killed (SIGKILL) at each of their statements in turn, before it and behind it: the next run completes, and
 * nothing is there twice or missing.  Runners that begin at once: one migrates, the others find nothing to do.
 */
#include "project.h"

#include <signal.h>

/* ---- a process that ends itself ---- */

typedef struct fuse {
    int at; /* which moment */
    int seen;
} fuse;

/* Databases take long to make: on servers only some of the moments are tried, unless ATHANOR_TEST_EVERY=1 asks for all. */
static int stride(void) {
    return test_on == TEST_SQLITE || test_environment("EVERY") ? 1 : 11;
}

/* The engine says each statement before it is sent, the run's own too. */
static void burn_on_line(void *context, ath_log_level level, const char *line) {
    fuse *f = context;
    (void)level;
    (void)line;
    if (++f->seen == f->at)
        kill(getpid(), SIGKILL);
}

/* Whether the run came to its end. */
static bool run_in_child(const char *url, const char *folder, int at) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        fuse f = {.at = at};
        ath_engine *db = ath_engine_open(url, .echo = true, .log = burn_on_line, .log_context = &f);
        ath_migration m = project_migration(folder);
        ath_status status = ath_migrate_upgrade(db, &m, "head");
        if (status != ATH_OK)
            fprintf(stderr, "# child: %s\n", project_error.message);
        ath_engine_close(db);
        _exit(status == ATH_OK ? 0 : 1);
    }
    int how = 0;
    CHECK(waitpid(child, &how, 0) == child);
    CHECK(WIFSIGNALED(how) || (WIFEXITED(how) && WEXITSTATUS(how) == 0));
    return WIFEXITED(how) && WEXITSTATUS(how) == 0;
}

/* ---- a history that does a little of everything ---- */

static const char tables_c[] =
    "#include <athanor/migrate.h>\n"
    "ATH_REVISION(\"a1\", .message = \"tables\");\n"
    "ATH_UPGRADE(op) {\n"
    "    ath_op_create_table(op, \"towns\", ath_op_column(\"id\", ATH_INTEGER, .primary_key = true),\n"
    "                        ath_op_column(\"name\", ATH_STRING(40)));\n"
    "    ath_op_create_table(op, \"people\", ath_op_column(\"id\", ATH_INTEGER, .primary_key = true),\n"
    "                        ath_op_column(\"name\", ATH_STRING(40)),\n"
    "                        ath_op_column(\"old\", ATH_INTEGER));\n"
    "    ath_op_execute(op, \"INSERT INTO towns (id, name) VALUES (1, 'x')\");\n"
    "    ath_op_execute(op, \"INSERT INTO people (id, name, old) VALUES (1, 'a', 5)\");\n"
    "}\n";

static const char changes_c[] =
    "#include <athanor/migrate.h>\n"
    "ATH_REVISION(\"b2\", .down = \"a1\", .message = \"changes\");\n"
    "ATH_UPGRADE(op) {\n"
    "    ath_op_add_column(op, \"people\", ath_op_column(\"town_id\", ATH_INTEGER, .index = true));\n"
    "    ath_op_execute(op, \"UPDATE people SET old = old + 1\");\n"
    "    ath_op_alter_column(op, \"people\", \"name\", .type = ATH_STRING(90));\n"
    "    ath_op_rename_column(op, \"people\", \"old\", \"age\");\n"
    "    ath_op_create_foreign_key(op, \"fk_town\", \"people\", \"towns\", ath_names(\"town_id\"), "
    "ath_names(\"id\"));\n"
    "    ath_op_create_unique_constraint(op, \"uq_name\", \"people\", ath_names(\"name\"));\n"
    "    ath_op_drop_column(op, \"towns\", \"name\");\n"
    "}\n";

static const char more_sql[] = "-- revision: c3\n-- down: b2\n-- +up\n"
                               "CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY, text VARCHAR(20));\n"
                               "INSERT INTO notes (id, text) VALUES (1, 'n');\n"
                               "CREATE INDEX ix_text ON notes (text);\n"
                               "ALTER TABLE notes ADD COLUMN extra INTEGER;\n"
                               "UPDATE people SET age = age + 10;\n"
                               "DROP TABLE notes;\n"
                               "CREATE TABLE notes2 (id INTEGER NOT NULL PRIMARY KEY);\n"
                               "ALTER TABLE notes2 RENAME TO notes;\n";

static const char outside_sql[] = "-- revision: d4\n-- down: c3\n-- transaction: no\n-- +up\n"
                                  "CREATE TABLE away (id INTEGER NOT NULL PRIMARY KEY);\n"
                                  "-- +up postgresql\nCREATE INDEX CONCURRENTLY ix_away ON away (id);\n"
                                  "-- +up\nINSERT INTO away (id) VALUES (3);\n";

static void folder_of(const char *folder) {
    project_folder(folder);
    project_file(folder, "a1_tables.c", tables_c);
    project_file(folder, "b2_changes.c", changes_c);
    project_file(folder, "c3_more.sql", more_sql);
    project_file(folder, "d4_away.sql", outside_sql);
}

static void check_end(ath_engine *db, const ath_migration *m) {
    CHECK_STR(project_current(db, m), "d4(head)");
    CHECK_STR(project_ask(db, "SELECT id, name, age, town_id FROM people"), "1,a,16,NULL");
    CHECK_STR(project_ask(db, "SELECT id FROM towns"), "1");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM notes"), "0");
    CHECK_STR(project_ask(db, "SELECT id FROM away"), "3");
    CHECK_STR(project_ask(db, "SELECT revision FROM athanor_history WHERE failure IS NULL ORDER BY id"), "a1;b2;c3;d4");
    const char *left = project_ask(db, "SELECT count(*) FROM athanor_journal");
    CHECK(left[0] == '!' || strcmp(left, "0") == 0);
}

TEST(killed_at_each_statement) {
    enum { MOST = 400 };
    int at = 1;
    bool ended = false;
    folder_of("killed");
    for (; at < MOST && !ended; at += stride()) {
        const char *url = test_fresh_url(test_on);
        test_context("killed at %d", at);
        ended = run_in_child(url, "killed", at);
        ath_engine *db = ath_engine_open(url);
        ath_migration m = project_migration("killed");
        PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
        check_end(db, &m);
        ath_engine_close(db);
        if (test_failures_ > 0)
            break;
        if (test_made_count_ > 50)
            test_drop_all_();
    }
    CHECK(ended);
    CHECK(at > 30);
    test_context("%s", "");
}

/* ---- many at once ---- */

enum { RUNNERS = 3 };

static pid_t start_runner(const char *url, int gate) {
    fflush(stdout);
    pid_t child = fork();
    if (child != 0)
        return child;
    char go;
    ath_engine *db = ath_engine_open(url);
    ath_migration m = project_migration("together");
    bool ready = read(gate, &go, 1) == 1;
    ath_status status = ath_migrate_upgrade(db, &m, "head");
    if (status != ATH_OK)
        fprintf(stderr, "# runner: %s\n", project_error.message);
    ath_engine_close(db);
    _exit(ready && status == ATH_OK ? 0 : 1);
}

static void run_three(const char *url) {
    int gate[2];
    pid_t runners[RUNNERS];
    CHECK_INT(pipe(gate), 0);
    for (int i = 0; i < RUNNERS; i++)
        runners[i] = start_runner(url, gate[0]);
    CHECK_INT(write(gate[1], "abc", RUNNERS), RUNNERS);
    for (int i = 0; i < RUNNERS; i++) {
        int how = 0;
        CHECK(waitpid(runners[i], &how, 0) == runners[i]);
        CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    }
    close(gate[0]);
    close(gate[1]);
}

TEST(one_of_three_migrates) {
    int rounds = test_environment("EVERY") ? 100 : 4;
    const char *url = test_fresh_url(test_on);
    char expected[32];
    project_folder("together");
    project_file(
        "together", "a1_t.sql",
        "-- revision: a1\n-- +up\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);\n-- +down\nDROP TABLE t;\n");
    project_file("together", "b2_u.sql",
                 "-- revision: b2\n-- down: a1\n-- +up\nCREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY);\n"
                 "INSERT INTO u (id) VALUES (1);\n-- +down\nDROP TABLE u;\n");
    ath_migration m = project_migration("together");
    for (int round = 1; round <= rounds && test_failures_ == 0; round++) {
        test_context("round %d", round);
        run_three(url);
        ath_engine *db = ath_engine_open(url);
        CHECK_STR(project_current(db, &m), "b2(head)");
        snprintf(expected, sizeof expected, "%d", 2 * round);
        CHECK_STR(project_ask(db, "SELECT count(*) FROM athanor_history WHERE direction = 'upgrade'"), expected);
        CHECK_STR(project_ask(db, "SELECT count(*) FROM u"), "1");
        PROJECT_OK(ath_migrate_downgrade(db, &m, "base"));
        ath_engine_close(db);
    }
}

/* ---- who waits is told for whom ---- */

typedef struct told {
    char holder[512];
    ath_status second;
    const char *url;
} told;

static void while_it_runs(void *context, const ath_migration_progress *p) {
    told *t = context;
    if (p->moment != ATH_MOMENT_STATEMENT || t->holder[0])
        return;
    ath_error error;
    ath_engine *other = ath_engine_open(t->url);
    ath_migration m = project_migration("together", .lock_wait_ms = 50);
    m.error = &error;
    t->second = ath_migrate_upgrade(other, &m, "head");
    snprintf(t->holder, sizeof t->holder, "%s", error.message);
    ath_engine_close(other);
}

TEST(the_holder_is_named) {
    told t = {.url = test_fresh_url(test_on)};
    ath_engine *db = ath_engine_open(t.url);
    ath_migration m = project_migration("together", .progress = while_it_runs, .progress_context = &t);
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_INT(t.second, ATH_TIMEOUT);
    CHECK(strstr(t.holder, "another runner") != NULL);
    CHECK(strstr(t.holder, test_on == TEST_MYSQL ? "connection " : "process ") != NULL);
    CHECK(strstr(t.holder, "since") != NULL || test_on == TEST_MYSQL);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"killed_at_each_statement", killed_at_each_statement},
    {"one_of_three_migrates", one_of_three_migrates},
    {"the_holder_is_named", the_holder_is_named},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
