/* SPDX-License-Identifier: Apache-2.0
 *
 * What a run would do, told before it does it; and what the linter says of revisions.
 */
#include "project.h"

#include <athanor/plan.h>

static const char first_sql[] = "-- revision: a1\n-- message: people\n\n-- +up\n"
                                "CREATE TABLE people (id INTEGER NOT NULL, name VARCHAR(50), PRIMARY KEY (id));\n"
                                "INSERT INTO people (id, name) VALUES (1, 'Ada');\n"
                                "-- +down\nDROP TABLE people;\n";
static const char second_c[] = "#include <athanor/migrate.h>\n"
                               "ATH_REVISION(\"b2\", .down = \"a1\", .message = \"stricter\");\n"
                               "ATH_UPGRADE(op) {\n"
                               "    ath_op_alter_column(op, \"people\", \"name\", .nullable = ATH_NO);\n"
                               "    ath_op_create_index(op, \"ix_people_name\", \"people\", ath_names(\"name\"));\n"
                               "    if (ath_op_connection(op))\n"
                               "        ath_op_execute(op, \"DELETE FROM people\");\n"
                               "}\n"
                               "ATH_DOWNGRADE(op) {\n"
                               "    ath_op_drop_index(op, \"ix_people_name\", \"people\");\n"
                               "    ath_op_alter_column(op, \"people\", \"name\", .nullable = ATH_YES);\n"
                               "}\n";

typedef struct seen {
    size_t count, untold, with_rows;
    char costs[400];
} seen;

static ath_status see(void *context, const ath_planned *p) {
    seen *s = context;
    size_t used = strlen(s->costs);
    s->count++;
    s->untold += !p->sql;
    s->with_rows += p->rows > 0;
    if (p->cost)
        snprintf(s->costs + used, sizeof s->costs - used, "%s%s", used ? " " : "", p->cost);
    return ATH_OK;
}

static void two_files(const char *folder) {
    project_folder(folder);
    project_file(folder, "a1_people.sql", first_sql);
    project_file(folder, "b2_stricter.c", second_c);
}

TEST(a_plan_changes_nothing) {
    two_files("planned");
    ath_migration m = project_migration("planned");
    ath_engine *db = project_engine();
    seen all = {0}, rest = {0};
    PROJECT_OK(ath_migrate_plan(db, &m, ATH_WAY_UP, "head", see, &all));
    CHECK(all.count >= 2);
    CHECK(project_ask(db, "SELECT count(*) FROM people")[0] == '!');
    CHECK_STR(project_current(db, &m), "");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "a1"));
    PROJECT_OK(ath_migrate_plan(db, &m, ATH_WAY_UP, "head", see, &rest));
    CHECK_INT(rest.untold, 0);
    CHECK(strstr(rest.costs, test_on == TEST_POSTGRESQL ? "scan" : "rewrite") != NULL || test_on == TEST_SQLITE);
    CHECK(strstr(rest.costs, "build") != NULL);
    CHECK_STR(project_ask(db, "SELECT count(*) FROM people"), "1");
    CHECK_STR(project_current(db, &m), "a1");
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    rest = (seen){0};
    PROJECT_OK(ath_migrate_plan(db, &m, ATH_WAY_DOWN, "base", see, &rest));
    CHECK(rest.count >= 3);
    CHECK_STR(project_current(db, &m), "b2(head)");
    ath_engine_close(db);
}

static ath_status refuse(void *context, const ath_planned *p) {
    (void)p;
    ++*(int *)context;
    return ATH_STATE;
}

TEST(the_reader_may_end_it) {
    two_files("ended");
    ath_migration m = project_migration("ended");
    ath_engine *db = project_engine();
    int calls = 0;
    CHECK_INT(ath_migrate_plan(db, &m, ATH_WAY_UP, "head", refuse, &calls), ATH_STATE);
    CHECK_INT(calls, 1);
    CHECK_INT(ath_migrate_plan(db, &m, ATH_WAY_UP, "nowhere", see, NULL), ATH_ARGUMENT);
    CHECK_INT(ath_migrate_plan(db, &m, ATH_WAY_STAMP, "head", see, NULL), ATH_ARGUMENT);
    ath_engine_close(db);
}

/* ---- lint ---- */

static ath_status note(void *context, const ath_finding *f) {
    char *out = context;
    size_t used = strlen(out);
    snprintf(out + used, 400 - used, "%s%s:%s", used ? " " : "", f->revision->id, f->rule);
    CHECK(f->what && *f->what);
    return ATH_OK;
}

TEST(revisions_are_looked_at) {
    if (test_on != TEST_SQLITE)
        TEST_SKIP("it needs no database");
    char said[400] = "";
    project_folder("linted");
    project_file("linted", "a1_people.sql", first_sql);
    project_file("linted", "b2_worse.sql",
                 "-- revision: b2\n-- down: a1\n-- +up\nCREATE INDEX ix ON people (name);\n"
                 "ALTER TABLE people DROP COLUMN name;\n-- nolint: drop-table\nDROP TABLE old;\n");
    ath_migration m = project_migration("linted");
    PROJECT_OK(ath_migrate_lint("postgresql", &m, "head", (ath_name_list){0, NULL}, note, said));
    CHECK_STR(said, "b2:create-index b2:drop-column");
    said[0] = '\0';
    PROJECT_OK(ath_migrate_lint("mysql", &m, "a1:head", ath_names("drop-column"), note, said));
    CHECK_STR(said, "");
    CHECK_INT(ath_migrate_lint("nosuch", &m, "head", (ath_name_list){0, NULL}, note, said), ATH_NOT_SUPPORTED);
}

static const test_case cases[] = {
    {"a_plan_changes_nothing", a_plan_changes_nothing},
    {"the_reader_may_end_it", the_reader_may_end_it},
    {"revisions_are_looked_at", revisions_are_looked_at},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
