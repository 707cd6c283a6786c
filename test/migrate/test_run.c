/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs on every database: up and down, in SQL and in C, mixed; what fails leaves nothing; the history; stamps; what was edited.
 */
#include "project.h"

static const char first_sql[] = "-- revision: a1\n-- message: people\n\n-- +up\n"
                                "CREATE TABLE people (id INTEGER NOT NULL, name VARCHAR(50), PRIMARY KEY (id));\n"
                                "INSERT INTO people (id, name) VALUES (1, 'Ada; Byron');\n"
                                "-- +down\nDROP TABLE people;\n";

static const char second_c[] =
    "#include <athanor/migrate.h>\n"
    "ATH_REVISION(\"b2\", .down = \"a1\", .message = \"towns\");\n"
    "ATH_UPGRADE(op) {\n"
    "    ath_op_create_table(op, \"towns\", ath_op_column(\"id\", ATH_INTEGER, .primary_key = true),\n"
    "                        ath_op_column(\"name\", ATH_STRING(40)));\n"
    "    ath_op_add_column(op, \"people\", ath_op_column(\"town_id\", ATH_INTEGER));\n"
    "    ath_op_execute(op, \"UPDATE people SET town_id = 7\");\n"
    "}\n"
    "ATH_DOWNGRADE(op) {\n"
    "    ath_op_drop_column(op, \"people\", \"town_id\");\n"
    "    ath_op_drop_table(op, \"towns\");\n"
    "}\n";

static const char third_sql[] = "-- revision: c3\n-- down: b2\n-- message: more\n-- +up\n"
                                "CREATE INDEX ix_people_name ON people (name);\n"
                                "-- +down mysql\nDROP INDEX ix_people_name ON people;\n"
                                "-- +down sqlite, postgres\nDROP INDEX ix_people_name;\n";

static void three_files(const char *folder) {
    project_folder(folder);
    project_file(folder, "a1_people.sql", first_sql);
    project_file(folder, "b2_towns.c", second_c);
    project_file(folder, "c3_more.sql", third_sql);
}

TEST(up_and_down) {
    three_files("mixed");
    ath_migration m = project_migration("mixed");
    ath_engine *db = project_engine();
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_current(db, &m), "c3(head)");
    CHECK_STR(project_ask(db, "SELECT id, name, town_id FROM people"), "1,Ada; Byron,7");
    CHECK_STR(project_ask(db, "SELECT version_num FROM athanor_version"), "c3");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    PROJECT_OK(ath_migrate_downgrade(db, &m, "-1"));
    CHECK_STR(project_current(db, &m), "b2");
    PROJECT_OK(ath_migrate_downgrade(db, &m, "base"));
    CHECK_STR(project_current(db, &m), "");
    CHECK(project_ask(db, "SELECT count(*) FROM people")[0] == '!');
    CHECK_STR(project_ask(db, "SELECT revision, direction FROM athanor_history ORDER BY id"),
              "a1,upgrade;b2,upgrade;c3,upgrade;c3,downgrade;b2,downgrade;a1,downgrade");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_current(db, &m), "c3(head)");
    ath_engine_close(db);
}

TEST(failure_leaves_nothing) {
    three_files("broken");
    project_file(
        "broken", "d4_wrong.sql",
        "-- revision: d4\n-- down: c3\n-- +up\nCREATE TABLE half (id INTEGER);\n\nINSERT INTO nowhere VALUES (1);\n"
        "CREATE TABLE rest (id INTEGER);\n");
    ath_migration m = project_migration("broken", .transaction_per_migration = true);
    ath_engine *db = project_engine();
    CHECK(ath_migrate_upgrade(db, &m, "head") != ATH_OK);
    CHECK(strstr(project_error.message, "d4") != NULL);
    CHECK(strstr(project_error.message, "d4_wrong.sql:6") != NULL);
    CHECK(strstr(project_error.message, "statement 2") != NULL);
    CHECK_STR(project_current(db, &m), "c3");
    CHECK_STR(project_ask(db, "SELECT revision, direction FROM athanor_history WHERE failure IS NOT NULL"),
              "d4,upgrade");
    if (test_on != TEST_MYSQL)
        CHECK(project_ask(db, "SELECT count(*) FROM half")[0] == '!');
    else
        CHECK_STR(project_ask(db, "SELECT number, state FROM athanor_journal ORDER BY number"), "1,done;2,failed");
    /* mended, it goes on */
    project_file("broken", "d4_wrong.sql",
                 "-- revision: d4\n-- down: c3\n-- +up\nCREATE TABLE half (id INTEGER);\n\nINSERT INTO people VALUES "
                 "(2, 'x', 1);\n"
                 "CREATE TABLE rest (id INTEGER);\n");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_STR(project_current(db, &m), "d4(head)");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM half"), "0");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM rest"), "0");
    CHECK_STR(project_ask(db, "SELECT count(*) FROM people"), "2");
    if (test_on == TEST_MYSQL)
        CHECK_STR(project_ask(db, "SELECT count(*) FROM athanor_journal"), "0");
    ath_engine_close(db);
}

/* What cannot be taken apart, or has no such way, is told before the files in front of it are run. */
TEST(texts_are_read_first) {
    three_files("torn");
    project_file("torn", "d4_torn.sql", "-- revision: d4\n-- down: c3\n-- +up\nINSERT INTO people VALUES (3, 'x);\n");
    ath_migration m = project_migration("torn", .transaction_per_migration = true);
    ath_engine *db = project_engine();
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_ARGUMENT);
    CHECK(strstr(project_error.message, "d4_torn.sql:4: the quote that begins here does not end") != NULL);
    CHECK_STR(project_current(db, &m), "");
    CHECK(project_ask(db, "SELECT count(*) FROM people")[0] == '!');
    project_file("torn", "d4_torn.sql", "-- revision: d4\n-- down: c3\n-- +down\n");
    CHECK_INT(ath_migrate_upgrade(db, &m, "head"), ATH_STATE);
    CHECK(strstr(project_error.message, "has no -- +up, so there is no way up") != NULL);
    CHECK(project_ask(db, "SELECT count(*) FROM people")[0] == '!');
    project_file("torn", "d4_torn.sql", "-- revision: d4\n-- down: c3\n-- +up\n");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    CHECK_INT(ath_migrate_downgrade(db, &m, "base"), ATH_STATE);
    CHECK_STR(project_current(db, &m), "d4(head)");
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"up_and_down", up_and_down},
    {"failure_leaves_nothing", failure_leaves_nothing},
    {"texts_are_read_first", texts_are_read_first},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
