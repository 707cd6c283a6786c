/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of migrations on each database: up, a failure on the way, on from there, all the way back; and
 * a first revision from what is there.
 */
#include "servers.h"

#include "command_run.h"

static void begin(void) {
    char name[40];
    snprintf(name, sizeof name, "on_%s", test_database_name(test_on));
    CHECK((mkdir(name, 0777) == 0 || there(name)) && chdir(name) == 0 && system("rm -rf ./*") == 0);
    CHECK(mkdir("migrations", 0777) == 0 && mkdir("migrations/versions", 0777) == 0);
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\n");
    write_text(
        "migrations/versions/aaa_one.sql",
        "-- revision: aaa\n-- message: one\n-- +up\nCREATE TABLE one (id INTEGER);\n-- +down\nDROP TABLE one;\n");
    setenv("ATHANOR_URL", test_url(test_on), 1);
    unsetenv("ATHANOR_CONFIG");
}

/* The second makes a table, and then another that may be there already. */
static void write_second(const char *other) {
    char text[400];
    snprintf(
        text, sizeof text,
        "-- revision: bbb\n-- down: aaa\n-- message: two\n-- +up\nCREATE TABLE two (id INTEGER);\nCREATE TABLE %s (id "
        "INTEGER);\n-- +down\nDROP TABLE two;\nDROP TABLE three;\n",
        other);
    write_text("migrations/versions/bbb_two.sql", text);
}

TEST(a_failure_on_the_way) {
    bool rolls_back = test_on != TEST_MYSQL;
    begin();
    write_second("one");
    CHECK_RUN(rolls_back ? 3 : 5, "upgrade head");
    CHECK_IN(err, "FAILED: upgrade of revision bbb, at statement 2: ");
    CHECK_IN(err, "statement: CREATE TABLE one (id INTEGER)\n");
    CHECK((strstr(err, "hint: a revision is half-way; the same command goes on where it stopped\n") != NULL) !=
          rolls_back);
    CHECK_RUN(0, "current");
    CHECK_STR(out, rolls_back ? "" : "aaa\n");
    CHECK_RUN(0, "--json repair");
    CHECK_IN(out, rolls_back ? "[]\n"
                             : "[{\"revision\": \"bbb\", \"way\": \"upgrade\", \"statement\": 1, \"state\": \"done\"");
    write_second("three");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "bbb (head)\n");
    CHECK_RUN(0, "history --applied");
    CHECK_IN(out, "FAILED: ");
    CHECK_RUN(0, "downgrade base");
    CHECK_IN(err, "Running downgrade bbb -> aaa, two\nINFO  [athanor.migration] Running downgrade aaa -> , one\n");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    CHECK_RUN(0, "upgrade head --sql");
    CHECK_IN(out, "CREATE TABLE athanor_version (");
    CHECK((strstr(out, "BEGIN;") != NULL) == rolls_back);
    CHECK_RUN(0, "stamp head");
    CHECK_RUN(0, "stamp --purge base");
    CHECK(chdir("..") == 0);
}

/* A schema that was there becomes a first revision, goes, and comes back the same; by a bundle, too. */
TEST(from_a_live_schema) {
    static const char *const made[] = {
        "CREATE TYPE z_kind AS ENUM ('x', 'y')",
        "CREATE TYPE a_kind AS ENUM ('p', 'q')",
        "CREATE DOMAIN positive AS INTEGER CHECK (VALUE > 0)",
        "CREATE TABLE parts (id INTEGER NOT NULL, at DATE NOT NULL) PARTITION BY RANGE (at)",
        "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY LIST "
        "(id)",
        "CREATE UNLOGGED TABLE parts_1a PARTITION OF parts_1 DEFAULT",
        "CREATE INDEX ix_parts_1a ON parts_1a (id)",
        "ALTER TABLE parts_1a ADD CONSTRAINT ck_parts_1a CHECK (id > 0)",
        "CREATE UNLOGGED TABLE quick (id positive PRIMARY KEY)",
        "CREATE UNLOGGED TABLE quicker (id INTEGER REFERENCES quick (id))",
        "CREATE TABLE parents (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40) DEFAULT 'a;b' NOT NULL UNIQUE)",
        ("CREATE TABLE kids (id INTEGER NOT NULL PRIMARY KEY, parent INTEGER NOT NULL, up INTEGER, "
         "FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE, FOREIGN KEY (up) REFERENCES kids (id))"),
        "CREATE INDEX ix_kids_up ON kids (up, parent)",
        "CREATE VIEW orphans AS SELECT id FROM kids WHERE up IS NULL",
        "CREATE VIEW a_count AS SELECT count(*) AS n FROM orphans",
    };
    static const char *const triggers[TEST_DATABASES][2] = {
        {"CREATE TRIGGER t_kids AFTER INSERT ON kids BEGIN UPDATE kids SET up = 1 WHERE id = 9; DELETE FROM parents "
         "WHERE "
         "name = ';'; END",
         NULL},
        {"CREATE FUNCTION f_kids() RETURNS trigger AS 'BEGIN NEW.up = 1; RETURN NEW; END' LANGUAGE plpgsql",
         "CREATE TRIGGER t_kids BEFORE INSERT ON kids FOR EACH ROW EXECUTE FUNCTION f_kids()"},
        {"CREATE TRIGGER t_kids BEFORE INSERT ON kids FOR EACH ROW BEGIN SET NEW.up = 1; SET NEW.parent = 2; END",
         "CREATE PROCEDURE p_kids() DELETE FROM kids"},
    };
    enum { of_postgresql = 10 };
    static char first[16000];
    begin();
    CHECK_INT(system("rm migrations/versions/*"), 0);
    for (size_t i = test_on == TEST_POSTGRESQL ? 0 : of_postgresql; i < sizeof made / sizeof *made; i++)
        CHECK_RUN(0, "query \"$ATHANOR_URL\" \"%s\"", made[i]);
    for (size_t i = 0; i < 2 && triggers[test_on][i]; i++)
        CHECK_RUN(0, "query \"$ATHANOR_URL\" \"%s\"", triggers[test_on][i]);
    CHECK_RUN(0, "baseline --sql --rev-id aaa");
    CHECK((strstr(err, "procedure 'p_kids' is in the database and its text is not told") != NULL) ==
          (test_on == TEST_MYSQL));
    CHECK_RUN(0, "dump");
    snprintf(first, sizeof first, "%s", out);
    CHECK_IN(out, ", at revision aaa.\n\nCREATE ");
    CHECK_IN(out, "\n\nCREATE TABLE kids (");
    CHECK(strstr(out, "CREATE TABLE parents") < strstr(out, "CREATE TABLE kids"));
    CHECK_IN(out, "orphans");
    CHECK_IN(out, "CREATE TRIGGER ");
    if (test_on == TEST_POSTGRESQL) {
        CHECK_IN(err, "domain 'positive' is in the database and its text is not told");
        CHECK_IN(out, "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') "
                      "PARTITION BY LIST (id);\n\nCREATE UNLOGGED TABLE parts_1a PARTITION OF parts_1 DEFAULT;\n");
        CHECK_IN(out, "CREATE INDEX ix_parts_1a ON ");
        CHECK_IN(out, "ALTER TABLE parts_1a ADD CONSTRAINT ck_parts_1a CHECK ((id > 0));\n");
        CHECK_IN(out, "ALTER TABLE quicker SET UNLOGGED;\n\nALTER TABLE quick SET UNLOGGED;\n");
    }
    CHECK(strstr(out, "orphans") < strstr(out, "a_count"));
    CHECK_RUN(0, "diagram");
    CHECK_IN(out, "    parents ||--o{ kids : \"parent\"\n    kids |o--o{ kids : \"up\"\n");
    CHECK_NOT_IN(out, "athanor_version");
    CHECK_RUN(0, "bundle -o migrator");
    CHECK_INT(system("./migrator -q downgrade base && ./migrator dump > gone && ! grep -q CREATE gone && "
                     "./migrator -q upgrade head && ./migrator current | grep -qx 'aaa (head)'"),
              0);
    CHECK_RUN(0, "dump");
    CHECK_STR(out, first);
    CHECK_RUN(0, "downgrade base");
    CHECK(chdir("..") == 0);
}

/* One runner holds the lock until it is told to go on; another that does not wait is told whose it is. */
TEST(a_lock_that_is_held) {
    char first[900];
    begin();
    compile_here();
    write_text("migrations/env.c", "#include <athanor/migrate.h>\nATH_ENVIRONMENT(env) { env->lock_wait_ms = -1; }\n");
    write_text("migrations/versions/bbb_waits.c",
               "#include <athanor/migrate.h>\n#include <stdio.h>\n#include <unistd.h>\n"
               "ATH_REVISION(\"bbb\", .down = \"aaa\", .message = \"waits\");\n"
               "ATH_UPGRADE(op) {\n    FILE *running = fopen(\"running\", \"w\");\n    if (running) fclose(running);\n"
               "    while (access(\"go\", F_OK) != 0) usleep(5000);\n}\n");
    CHECK_RUN(0, "upgrade aaa");
    snprintf(first, sizeof first, "'%s/athanor' upgrade head >first 2>&1; echo $? >code", built_in());
    pid_t runner = fork();
    if (runner == 0)
        _exit(system(first) != 0);
    CHECK(runner > 0);
    while (runner > 0 && !there("running") && !there("code"))
        usleep(5000);
    CHECK_RUN(4, "upgrade head");
    CHECK_IN(err, "FAILED: another runner is migrating this database: ");
    CHECK_IN(err, test_on == TEST_MYSQL ? "connection " : "process ");
    CHECK_RUN(4, "--json downgrade base");
    CHECK_RUN(0, "current"); /* looking is free */
    write_text("go", "");
    if (runner > 0)
        waitpid(runner, NULL, 0);
    read_into("code", out, sizeof out);
    CHECK_STR(out, "0\n");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "bbb (head)\n");
    CHECK_RUN(0, "upgrade head");
    CHECK(chdir("..") == 0);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"a_failure_on_the_way", a_failure_on_the_way},
                                      {"from_a_live_schema", from_a_live_schema},
                                      {"a_lock_that_is_held", a_lock_that_is_held}};
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
