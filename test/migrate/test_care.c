/* SPDX-License-Identifier: Apache-2.0
 *
 * What a run takes care of, on every database: stamps, adopted version tables, edited files, dry runs, statements outside of
 * the transaction, locks of others, lost connections, statements whose fate is not known.
 */
#include "project.h"

#define LONG_ID "c3_a_very_long_identifier_of_more_than_thirty_two_characters"

static void files(const char *folder) {
    project_folder(folder);
    project_file(folder, "a1.sql",
                 "-- revision: a1\n-- +up\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER);\n-- "
                 "+down\nDROP TABLE t;\n");
    project_file(
        folder, "b2.sql",
        "-- revision: b2\n-- down: a1\n-- irreversible: rows are gone\n-- +up\nINSERT INTO t (id, a) VALUES (1, 1);\n");
    project_file(folder, "c3.sql",
                 "-- revision: " LONG_ID "\n-- down: b2\n-- +up\nINSERT INTO t (id, a) VALUES (2, 2);\n"
                 "-- +down\nDELETE FROM t WHERE id = 2;\n");
}

TEST(stamps) {
    files("care");
    ath_migration m = project_migration("care");
    ath_engine *db = project_engine();
    CHECK_STR(project_current(db, &m), "");
    CHECK(project_ask(db, "SELECT * FROM athanor_version")[0] == '!'); /* asking makes nothing */
    PROJECT_OK(ath_migrate_stamp(db, &m, "b2"));
    CHECK_STR(project_current(db, &m), "b2");
    PROJECT_OK(ath_migrate_stamp(db, &m, "b2"));
    PROJECT_OK(ath_migrate_stamp(db, &m, "a1"));
    CHECK_STR(project_current(db, &m), "a1");
    PROJECT_OK(ath_migrate_stamp(db, &m, "head"));
    CHECK_STR(project_current(db, &m), LONG_ID "(head)");
    CHECK(project_ask(db, "SELECT * FROM t")[0] == '!');
    PROJECT_OK(ath_migrate_stamp(db, &m, "base"));
    CHECK_STR(project_current(db, &m), "");
    PROJECT_OK(ath_migrate_ensure_version(db, &m));
    ath_engine_close(db);
}

static const char *run_sql(ath_engine *db, const char *sql) {
    ath_connection *c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text(sql)));
    ath_connection_commit(c);
    bool ok = ath_connection_error(c)->status == ATH_OK;
    if (!ok)
        printf("# %s\n", ath_connection_error(c)->message);
    ath_connection_close(c);
    return ok ? "ok" : "failed";
}

TEST(purges) {
    files("care");
    ath_migration m = project_migration("care");
    ath_engine *db = project_engine();
    PROJECT_OK(ath_migrate_ensure_version(db, &m));
    CHECK_STR(run_sql(db, "INSERT INTO athanor_version (version_num) VALUES ('gone')"), "ok");
    CHECK_STR(project_current(db, &m), "gone");
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_ARGUMENT);
    CHECK(strstr(project_error.message, "gone") != NULL);
    m.purge = true;
    PROJECT_OK(ath_migrate_stamp(db, &m, "a1"));
    CHECK_STR(project_current(db, &m), "a1");
    ath_engine_close(db);
}

TEST(adopts_alembic) {
    files("care");
    ath_migration m = project_migration("care");
    ath_engine *db = project_engine();
    CHECK_STR(run_sql(db, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                          "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"),
              "ok");
    CHECK_STR(run_sql(db, "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER)"), "ok");
    CHECK_STR(run_sql(db, "INSERT INTO alembic_version (version_num) VALUES ('a1')"), "ok");
    CHECK_STR(project_current(db, &m), "a1");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_ask(db, "SELECT version_num FROM alembic_version"), LONG_ID);
    CHECK(project_ask(db, "SELECT version_num FROM athanor_version")[0] == '!');
    PROJECT_OK(ath_migrate_downgrade(db, &m, "-1"));
    CHECK_STR(project_current(db, &m), "b2");
    CHECK_INT(ath_migrate_downgrade(db, &m, "-1"), ATH_STATE);
    CHECK(strstr(project_error.message, "rows are gone") != NULL);
    CHECK_STR(project_current(db, &m), "b2");
    ath_engine_close(db);
}

/* ---- edited files ---- */

static ath_status note_edited(void *context, const ath_revision *revision, const char *applied, const char *now) {
    char *to = context;
    size_t used = strlen(to);
    snprintf(to + used, 200 - used, "%s%s", revision->id, now && strcmp(now, applied) != 0 ? " edited;" : " gone;");
    return ATH_OK;
}

TEST(edited_files) {
    char found[200] = "";
    files("edited");
    ath_migration m = project_migration("edited");
    ath_engine *db = project_engine();
    PROJECT_OK(ath_migrate_upgrade(db, &m, "b2"));
    PROJECT_OK(ath_migrate_verify(db, &m, note_edited, found));
    project_file("edited", "a1.sql",
                 "\xEF\xBB\xBF-- revision: a1\r\n-- +up\r\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a "
                 "INTEGER);\r\n-- +down\r\nDROP TABLE t;\r\n");
    PROJECT_OK(ath_migrate_verify(db, &m, note_edited, found));
    project_file("edited", "a1.sql", "-- revision: a1\n-- +up\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);\n");
    CHECK_INT(ath_migrate_verify(db, &m, note_edited, found), ATH_STATE);
    CHECK_STR(found, "a1 edited;");
    m.verify = true;
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    PROJECT_OK(ath_migrate_repair(db, &m, "a1", ATH_REPAIR_CHECKSUM));
    PROJECT_OK(ath_migrate_verify(db, &m, NULL, NULL));
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    ath_engine_close(db);
}

static ath_status note_run(void *context, const ath_migration_run *run) {
    char *to = context;
    size_t used = strlen(to);
    CHECK(run->applied_at != NULL && strlen(run->applied_at) == 19);
    CHECK(run->user != NULL && run->host != NULL && run->milliseconds >= 0);
    CHECK_STR(run->version, ath_version());
    CHECK(run->checksum != NULL && strlen(run->checksum) == 32);
    snprintf(to + used, 200 - used, "%.2s %d %d %s;", run->revision, (int)run->way, run->success, run->user);
    return ATH_OK;
}

TEST(history_and_hooks) {
    char found[200] = "";
    files("care");
    ath_migration m = project_migration("care", .user = "ada");
    ath_engine *db = project_engine();
    PROJECT_OK(ath_migrate_upgrade(db, &m, "+2"));
    PROJECT_OK(ath_migrate_history(db, &m, note_run, found));
    CHECK_STR(found, "a1 1 1 ada;b2 1 1 ada;");
    ath_engine_close(db);
}

static ath_status refuse(void *context, ath_connection *connection, const ath_revision *revision,
                         ath_migration_way way) {
    (void)connection;
    (void)way;
    return strcmp(revision->id, context) == 0 ? ATH_DATA : ATH_OK;
}

TEST(a_hook_refuses) {
    char id[] = "b2";
    files("care");
    ath_migration m =
        project_migration("care", .on_version = refuse, .on_version_context = id, .transaction_per_migration = true);
    ath_engine *db = project_engine();
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_DATA);
    CHECK_STR(project_current(db, &m), "a1");
    m.on_version = NULL;
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_ask(db, "SELECT count(*) FROM t"), "2");
    ath_engine_close(db);
}

/* ---- dry runs, and what cannot be in a transaction ---- */

TEST(dry_runs) {
    files("care");
    ath_migration m = project_migration("care", .dry_run = true);
    ath_engine *db = project_engine();
    ath_status expected = test_on == TEST_MYSQL ? ATH_NOT_SUPPORTED : ATH_OK;
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), expected);
    CHECK(project_ask(db, "SELECT * FROM t")[0] == '!');
    CHECK(project_ask(db, "SELECT * FROM athanor_version")[0] == '!');
    ath_engine_close(db);
}

TEST(out_of_the_transaction) {
    project_folder("outside");
    project_file("outside", "a1.c",
                 "#include <athanor/migrate.h>\nATH_REVISION(\"a1\");\n"
                 "ATH_UPGRADE(op) {\n"
                 "    ath_op_create_table(op, \"t\", ath_op_column(\"id\", ATH_INTEGER, .primary_key = true), "
                 "ath_op_column(\"a\", ATH_INTEGER));\n"
                 "    ath_op_execute(op, \"INSERT INTO t (id, a) VALUES (1, 1)\");\n"
                 "    ath_op_create_index(op, \"ix\", \"t\", ath_names(\"a\"), .unique = true, "
                 ".postgresql_concurrently = true);\n"
                 "    ath_op_execute(op, \"INSERT INTO t (id, a) VALUES (2, 2)\");\n"
                 "    ATH_OP_AUTOCOMMIT(op) ath_op_execute(op, \"INSERT INTO t (id, a) VALUES (3, 3)\");\n"
                 "    ath_op_execute(op, \"INSERT INTO t (id, a) VALUES (4, 2)\");\n" /* not unique */
                 "}\n");
    ath_migration m = project_migration("outside");
    ath_engine *db = project_engine();
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_INTEGRITY);
    CHECK_STR(project_current(db, &m), "");
    /* behind the block all that came before it is there, and is not done again */
    CHECK_STR(project_ask(db, "SELECT id FROM t ORDER BY id"), "1;2;3");
    CHECK_STR(run_sql(db, "UPDATE t SET a = 9 WHERE id = 2"), "ok");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_ask(db, "SELECT id FROM t ORDER BY id"), "1;2;3;4");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM athanor_journal"), "0");
    ath_engine_close(db);
}

/* ---- what is not known ---- */

static ath_status count_lines(void *context, const ath_journal_line *line) {
    char *to = context;
    size_t used = strlen(to);
    snprintf(to + used, 200 - used, "%s %lld %d;", line->revision, (long long)line->number, (int)line->state);
    return ATH_OK;
}

TEST(a_fate_that_is_not_known) {
    char lines[200] = "";
    project_folder("fate");
    project_file("fate", "a1.sql",
                 "-- revision: a1\n-- transaction: no\n-- +up\nCREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY);\n"
                 "SELECT broken;\nINSERT INTO t (id) VALUES (1);\n");
    ath_migration m = project_migration("fate");
    ath_engine *db = project_engine();
    CHECK(ath_migrate_upgrade(db, &m, "head") != ATH_OK);
    CHECK_STR(run_sql(db, "UPDATE athanor_journal SET state = 'started', statement = 'DO SOMETHING' WHERE number = 2"),
              "ok");
    CHECK(ath_migrate_upgrade(db, &m, "head") == ATH_STATE);
    CHECK(strstr(project_error.message, "statement 2") != NULL);
    CHECK(strstr(project_error.message, "repair --done") != NULL);
    PROJECT_OK(ath_migrate_journal(db, &m, count_lines, lines));
    CHECK_STR(lines, "a1 1 3;a1 2 2;");
    /* nothing else is begun meanwhile */
    project_file("fate", "x9.sql", "-- revision: x9\n-- +up\nCREATE TABLE x (id INTEGER);\n");
    CHECK_INT(ath_migrate_upgrade(db, &m, "x9"), ATH_STATE);
    CHECK(strstr(project_error.message, "a1") != NULL && strstr(project_error.message, "half-way") != NULL);
    PROJECT_OK(ath_migrate_repair(db, &m, NULL, ATH_REPAIR_DONE));
    CHECK_INT(ath_migrate_repair(db, &m, NULL, ATH_REPAIR_DONE), ATH_STATE);
    PROJECT_OK(ath_migrate_upgrade(db, &m, "a1"));
    CHECK_STR(project_ask(db, "SELECT id FROM t"), "1");
    ath_engine_close(db);
}

/* A revision that is half-way is told of also where the version table is where it shall be, and no stamp covers it. */
TEST(half_way_is_told) {
    project_folder("told");
    project_file("told", "a1.sql",
                 "-- revision: a1\n-- transaction: no\n-- +up\nCREATE TABLE t (id INTEGER);\n-- +down\n"
                 "DROP TABLE t;\nnonsense;\n");
    ath_migration m = project_migration("told");
    ath_engine *db = project_engine();
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK(ath_migrate_downgrade(db, &m, "base") != ATH_OK);
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    CHECK(strstr(project_error.message, "a1 is half-way") != NULL);
    CHECK(strstr(project_error.message, "`athanor downgrade a1-1`") != NULL);
    CHECK_INT(ath_migrate_stamp(db, &m, "base"), ATH_STATE);
    CHECK(strstr(project_error.message, "`athanor repair a1 --forget`") != NULL);
    CHECK_STR(project_ask(db, "SELECT version_num FROM athanor_version"), "a1");
    CHECK(ath_migrate_downgrade(db, &m, "a1-1") != ATH_STATE); /* goes on, and meets the nonsense again */
    PROJECT_OK(ath_migrate_repair(db, &m, "a1", ATH_REPAIR_FORGET));
    PROJECT_OK(ath_migrate_stamp(db, &m, "base"));
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    ath_engine_close(db);
}

/* What was done cannot be edited; what was refused can. */
TEST(an_edited_half) {
    project_folder("half");
    project_file("half", "a1.sql",
                 "-- revision: a1\n-- transaction: no\n-- +up\nCREATE TABLE t (id INTEGER);\nnonsense;\n");
    ath_migration m = project_migration("half");
    ath_engine *db = project_engine();
    CHECK(ath_migrate_upgrade(db, &m, "head") != ATH_OK);
    project_file("half", "a1.sql",
                 "-- revision: a1\n-- transaction: no\n-- +up\nCREATE TABLE u (id INTEGER);\nDROP TABLE t;\n");
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    CHECK(strstr(project_error.message, "CREATE TABLE t") != NULL);
    project_file(
        "half", "a1.sql",
        "-- revision: a1\n-- transaction: no\n-- +up\nCREATE TABLE t (id INTEGER);\nCREATE TABLE u (id INTEGER);\n");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_ask(db, "SELECT count(*) FROM u"), "0");
    ath_engine_close(db);
}

/* ---- locks of others, lost connections ---- */

typedef struct rival {
    ath_connection *c;
    int retries;
} rival;

static void let_go(void *context, const ath_migration_progress *p) {
    rival *r = context;
    if (p->moment != ATH_MOMENT_RETRY)
        return;
    r->retries++;
    ath_connection_rollback(r->c);
}

TEST(locks_are_asked_for_again) {
    files("care");
    ath_migration m = project_migration("care");
    rival r = {0};
    const char *url = test_fresh_url(test_on);
    ath_engine *db = ath_engine_open(url, .busy_timeout_ms = 50), *other = ath_engine_open(url);
    PROJECT_OK(ath_migrate_upgrade(db, &m, "a1"));
    project_file("care", "b2.sql", "-- revision: b2\n-- down: a1\n-- +up\nALTER TABLE t ADD COLUMN extra INTEGER;\n");
    r.c = ath_connect(other);
    ath_result_close(ath_execute(r.c, ath_text("INSERT INTO t (id) VALUES (77)")));
    m.lock_timeout_ms = 50;
    m.progress = let_go;
    m.progress_context = &r;
    PROJECT_OK(ath_migrate_upgrade(db, &m, "b2"));
    CHECK_INT(r.retries, 1);
    CHECK_STR(project_current(db, &m), "b2");
    m.lock_retries = -1;
    m.progress = NULL;
    ath_result_close(ath_execute(r.c, ath_text("INSERT INTO t (id) VALUES (78)")));
    project_file("care", "c3.sql", "-- revision: c3\n-- down: b2\n-- +up\nALTER TABLE t ADD COLUMN more INTEGER;\n");
    CHECK(ath_migrate_upgrade(db, &m, "c3") != ATH_OK);
    ath_connection_close(r.c);
    CHECK_STR(project_current(db, &m), "b2");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "c3"));
    ath_engine_close(db);
    ath_engine_close(other);
}

static void cut(void *context, const ath_migration_progress *p) {
    ath_engine *other = context;
    if (p->moment != ATH_MOMENT_STATEMENT || strncmp(p->text, "INSERT", 6) != 0)
        return;
    if (test_on == TEST_POSTGRESQL) {
        project_ask(other, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
                           "current_database() AND pid <> pg_backend_pid()");
        return;
    }
    char ids[400], kill_it[60];
    snprintf(
        ids, sizeof ids, "%s",
        project_ask(other,
                    "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"));
    for (char *id = strtok_r(ids, ";", &(char *){NULL}); id; id = NULL) {
        snprintf(kill_it, sizeof kill_it, "KILL %s", id);
        run_sql(other, kill_it);
    }
}

TEST(a_lost_connection) {
    files("care");
    const char *url = test_fresh_url(test_on);
    if (test_on == TEST_SQLITE)
        return;
    ath_engine *db = ath_engine_open(url), *other = ath_engine_open(url);
    ath_migration m = project_migration("care", .progress = cut, .progress_context = other, .no_lock = true,
                                        .transaction_per_migration = true);
    PROJECT_OK(ath_migrate_upgrade(db, &m, "a1"));
    CHECK_INT(ath_migrate_upgrade(db, &m, "b2"), ATH_DISCONNECT);
    CHECK(strstr(project_error.message, "b2") != NULL);
    m.progress = NULL;
    CHECK_STR(project_current(db, &m), "a1");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "b2"));
    CHECK_STR(project_ask(db, "SELECT id FROM t"), "1");
    ath_engine_close(db);
    ath_engine_close(other);
}

static const test_case cases[] = {
    {"stamps", stamps},
    {"purges", purges},
    {"adopts_alembic", adopts_alembic},
    {"edited_files", edited_files},
    {"history_and_hooks", history_and_hooks},
    {"a_hook_refuses", a_hook_refuses},
    {"dry_runs", dry_runs},
    {"out_of_the_transaction", out_of_the_transaction},
    {"a_fate_that_is_not_known", a_fate_that_is_not_known},
    {"half_way_is_told", half_way_is_told},
    {"an_edited_half", an_edited_half},
    {"locks_are_asked_for_again", locks_are_asked_for_again},
    {"a_lost_connection", a_lost_connection},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
