/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that compare models with a database: revision --autogenerate and check.  env.c is compiled for each.
 */
#include "command_run.h"

static void write_models(const char *column) {
    char text[1200];
    snprintf(text, sizeof text,
             "#include <athanor/athanor.h>\n#include <athanor/migrate.h>\n"
             "typedef struct User { int64_t id; const char *name; %s } User;\n"
             "ATH_MODEL(User, \"users\") {\n    ath_column(id, .primary_key = true);\n"
             "    ath_column(name, .type = ATH_STRING(50));\n%s}\n"
             "ATH_METADATA(Models, User);\n"
             "ATH_ENVIRONMENT(env) { env->metadata = &Models; }\n",
             column[0] ? "ath_opt_i32 age;" : "", column);
    write_text("migrations/env.c", text);
}

static void begin(const char *name, const char *form) {
    char here[400], set[900], ini[400];
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && mkdir("migrations", 0777) == 0 &&
          mkdir("migrations/versions", 0777) == 0);
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(set, sizeof set, "-I%s/include", getenv("ATHANOR_SOURCE"));
    setenv("CFLAGS", set, 1);
    setenv("XDG_CACHE_HOME", here, 1);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    snprintf(ini, sizeof ini, "[athanor]\nscript_location = migrations\nurl = sqlite:///test.db\nrevision_form = %s\n",
             form);
    write_text("athanor.ini", ini);
}

static void end(void) {
    CHECK(chdir("..") == 0);
}

/* From nothing to a table, to a column more, and all the way back; in a form. */
static void whole_way(const char *form, const char *creates, const char *adds) {
    char path[100];
    begin(form, form);
    write_models("");
    CHECK_RUN(1, "check");
    CHECK_IN(err, "INFO  [athanor.migration] Detected added table 'users'\n");
    CHECK_IN(err, "FAILED: New upgrade operations detected: 1\nhint: ");
    CHECK_RUN(0, "revision --autogenerate -m 'create users' --rev-id aaa");
    snprintf(path, sizeof path, "migrations/versions/aaa_create_users.%s", form);
    read_into(path, out, sizeof out);
    CHECK_IN(out, creates);
    CHECK_RUN(1, "revision --autogenerate -m more");
    CHECK_IN(err, "FAILED: Target database is not up to date.\nhint: it is at base; 1 revision is pending: `athanor "
                  "upgrade heads`\n");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "check");
    CHECK_STR(out, "No new upgrade operations detected.\n");
    CHECK_RUN(0, "revision --autogenerate -m nothing --rev-id nnn");
    CHECK_STR(out, "");
    CHECK_IN(err, "no file is written\n");
    write_models("    ath_column(age);\n");
    CHECK_RUN(1, "--json check");
    CHECK_IN(out, "{\"operations\": 1, \"found\": [\"Detected added column 'users.age'\"], \"remarks\": []}\n");
    CHECK_RUN(0, "revision --autogenerate -m 'add age' --rev-id bbb");
    snprintf(path, sizeof path, "migrations/versions/bbb_add_age.%s", form);
    read_into(path, out, sizeof out);
    CHECK_IN(out, adds);
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "check");
    CHECK_RUN(0, "downgrade base");
    CHECK_RUN(0, "query sqlite:///test.db \"SELECT count(*) FROM sqlite_master WHERE name = 'users'\"");
    CHECK_IN(out, "\n0\n");
    end();
}

TEST(in_c) {
    whole_way("c", "    ath_op_create_table(op, \"users\"", "ath_op_add_column(op, \"users\"");
}

TEST(in_sql) {
    whole_way("sql", "CREATE TABLE users", "ALTER TABLE users ADD COLUMN age INTEGER");
}

static void write_family(const char *nullable) {
    char text[1200];
    snprintf(
        text, sizeof text,
        "#include <athanor/athanor.h>\n#include <athanor/migrate.h>\n"
        "typedef struct Parent { int64_t id; const char *name; } Parent;\n"
        "typedef struct Child { int64_t id; int64_t parent; } Child;\n"
        "ATH_MODEL(Parent, \"parents\") { ath_column(id, .primary_key = true); ath_column(name, .nullable = %s); }\n"
        "ATH_MODEL(Child, \"children\") {\n    ath_column(id, .primary_key = true);\n"
        "    ath_column(parent, .foreign_key = \"parents.id\", .ondelete = \"CASCADE\");\n}\n"
        "ATH_METADATA(Models, Parent, Child);\nATH_ENVIRONMENT(env) { env->metadata = &Models; }\n",
        nullable);
    write_text("migrations/env.c", text);
}

/* A table that others refer to is made anew while SQL is written, and again when it runs; no row is touched. */
TEST(a_parent_in_sql) {
    begin("family", "sql");
    write_family("false");
    CHECK_RUN(0, "revision --autogenerate -m one --rev-id aaa");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "query sqlite:///test.db \"INSERT INTO parents (id, name) VALUES (1, 'a')\"");
    CHECK_RUN(0, "query sqlite:///test.db 'INSERT INTO children (id, parent) VALUES (1, 1)'");
    write_family("true");
    CHECK_RUN(0, "revision --autogenerate -m two --rev-id bbb");
    read_into("migrations/versions/bbb_two.sql", out, sizeof out);
    CHECK_IN(out, "-- +up\nPRAGMA legacy_alter_table = ON;\n");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "check");
    CHECK_RUN(0, "downgrade aaa");
    CHECK_RUN(0, "query sqlite:///test.db 'SELECT count(*) FROM children'");
    CHECK_STR(out, "count(*)\n1\n");
    end();
}

/* What is not in the models stays, unless it is allowed to go. */
TEST(what_is_not_in_the_models) {
    begin("drops", "c");
    write_models("");
    CHECK_RUN(0, "revision --autogenerate -m one --rev-id aaa");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "query sqlite:///test.db 'CREATE TABLE strangers (id INTEGER PRIMARY KEY)'");
    CHECK_RUN(0, "revision --autogenerate -m two --rev-id bbb");
    CHECK_IN(err, "table 'strangers' is in the database and not in the metadata: left alone\n");
    CHECK(!there("migrations/versions/bbb_two.c"));
    CHECK_RUN(0, "revision --autogenerate -m two --rev-id bbb --allow-drop");
    read_into("migrations/versions/bbb_two.c", out, sizeof out);
    CHECK_IN(out, "    ath_op_drop_table(op, \"strangers\");\n");
    CHECK_RUN(0, "revision -m three --empty --rev-id ccc");
    CHECK_RUN(0, "query sqlite:///test.db 'SELECT count(*) FROM strangers'");
    end();
}

/* As after a power failure: what is kept of the compiler's work heals by itself. */
TEST(a_damaged_cache) {
    begin("damaged", "c");
    write_models("");
    CHECK_RUN(0, "revision --autogenerate -m one --rev-id aaa");
    CHECK_RUN(0, "upgrade");
    CHECK_RUN(0, "check");
    CHECK_INT(system("for f in athanor/*.so; do : > $f; done"), 0);
    CHECK_RUN(0, "check");
    CHECK_STR(err, "");
    CHECK_INT(system("for f in athanor/*.so athanor/*.o athanor/*.c; do echo garbage > $f; done"), 0);
    CHECK_RUN(0, "check");
    CHECK_STR(err, "");
    CHECK_RUN(0, "downgrade base");
    end();
}

TEST(without_models) {
    begin("none", "c");
    write_text("migrations/env.c",
               "#include <athanor/migrate.h>\nATH_ENVIRONMENT(env) { env->url = \"sqlite:///other.db\"; }\n");
    CHECK_RUN(1, "check");
    CHECK_IN(err, "FAILED: Can't proceed with --autogenerate option; environment script /");
    CHECK(there("other.db") || !there("test.db")); /* env.c has named another database */
    write_text("migrations/env.c", "this is no C\n");
    CHECK_RUN(1, "upgrade");
    CHECK_IN(err, "env.c");
    CHECK_RUN(0, "history"); /* needs no environment */
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"in_c", in_c},
                                      {"in_sql", in_sql},
                                      {"a_parent_in_sql", a_parent_in_sql},
                                      {"what_is_not_in_the_models", what_is_not_in_the_models},
                                      {"a_damaged_cache", a_damaged_cache},
                                      {"without_models", without_models}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
