/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor squash`: what becomes of the files, and of databases that stand before, in and behind the range.
 */
#include "command_run.h"

/* Four revisions; each makes a table, the third changes rows that the second has made. */
static void begin(const char *name) {
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && mkdir("m", 0777) == 0 && mkdir("m/versions", 0777) == 0);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    write_text("athanor.ini", "[athanor]\nscript_location = m\nurl = sqlite:///a.db\nrevision_form = sql\n");
    write_text("m/versions/1.sql", "-- revision: aaa\n-- message: one\n-- +up\nCREATE TABLE t_one (id INTEGER);\n"
                                   "-- +down\nDROP TABLE t_one;\n");
    write_text("m/versions/2.sql", "-- revision: bbb\n-- down: aaa\n-- message: two\n-- branch_labels: shop\n"
                                   "-- +up\nCREATE TABLE t_two (id INTEGER);\nINSERT INTO t_two VALUES (1)"
                                   "\n-- +down\nDROP TABLE t_two");
    write_text("m/versions/3.sql", "-- revision: ccc\n-- down: bbb\n-- message: three\n-- create_date: 2026-01-02\n"
                                   "-- +up sqlite, postgresql\nUPDATE t_two SET id = 3;\n-- +up mysql\n"
                                   "UPDATE t_two SET id = 4;\n-- +down\nUPDATE t_two SET id = 1;\n");
    write_text("m/versions/4.sql", "-- revision: ddd\n-- down: ccc\n-- message: four\n-- +up\n"
                                   "CREATE TABLE t_four (id INTEGER);\n-- +down\nDROP TABLE t_four;\n");
}

static void end(void) {
    CHECK(chdir("..") == 0);
}

static void check_rows(const char *url, const char *expected) {
    CHECK_RUN(0, "query %s 'SELECT id FROM t_two'", url);
    CHECK_STR(out, expected);
}

TEST(databases) {
    begin("databases");
    CHECK_RUN(0, "--url sqlite:///before.db upgrade aaa");
    CHECK_RUN(0, "--url sqlite:///inside.db upgrade bbb");
    CHECK_RUN(0, "--url sqlite:///at.db upgrade ccc");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "squash aaa:ccc");
    CHECK_IN(out, "2 revisions are one now; their files have .squashed behind their names\n");
    CHECK(there("m/versions/ccc_three.sql") && !there("m/versions/2.sql") && there("m/versions/2.sql.squashed") &&
          there("m/versions/3.sql.squashed"));
    read_into("m/versions/ccc_three.sql", out, sizeof out);
    CHECK_IN(out, "-- revision: ccc\n-- down: aaa\n-- branch_labels: shop\n-- message: three\n-- create_date: "
                  "2026-01-02\n-- replaces: bbb, ccc\n\n-- +up\n");
    CHECK_RUN(0, "history");
    CHECK_STR(out, "ccc -> ddd (shop) (head), four\naaa -> ccc (shop), three\n<base> -> aaa (shop), one\n");
    CHECK_RUN(0, "--url sqlite:///before.db upgrade head");
    check_rows("sqlite:///before.db", "id\n3\n");
    CHECK_RUN(0, "--url sqlite:///new.db upgrade head");
    check_rows("sqlite:///new.db", "id\n3\n");
    CHECK_RUN(0, "--url sqlite:///new.db downgrade aaa");
    CHECK_RUN(0, "--url sqlite:///at.db upgrade head");
    CHECK_IN(err, "Running upgrade ccc -> ddd, four\n");
    CHECK_NOT_IN(err, "-> ccc");
    CHECK_RUN(0, "upgrade head");
    CHECK_STR(err, "");
    CHECK_RUN(0, "verify"); /* the parts that ran are what was squashed */
    CHECK_RUN(1, "--url sqlite:///inside.db upgrade head");
    CHECK_IN(err, "FAILED: Can't locate revision identified by 'bbb'\nhint: it was squashed into ccc; a database that "
                  "stands on it must be upgraded to ccc first");
    CHECK_RUN(0, "downgrade base"); /* what went up in two steps goes back in one */
    CHECK_RUN(0, "query sqlite:///a.db \"SELECT count(*) FROM sqlite_master WHERE name LIKE 't\\_%%' ESCAPE '\\'\"");
    CHECK_IN(out, "\n0\n");
    CHECK_RUN(0, "--url mysql://localhost/x upgrade aaa:ccc --sql");
    CHECK_IN(out, "UPDATE t_two SET id = 4;\n");
    CHECK_NOT_IN(out, "UPDATE t_two SET id = 3;\n");
    end();
}

/* A database that the squashed file has run on is still watched. */
TEST(verified) {
    begin("verified");
    CHECK_RUN(0, "squash base:head");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "verify");
    CHECK_INT(system("echo '-- later' >> m/versions/ddd_four.sql"), 0);
    CHECK_RUN(1, "verify");
    CHECK_IN(out, "ddd: its file was edited");
    CHECK_RUN(1, "--json verify");
    CHECK_IN(out, "[{\"revision\": \"ddd\", \"applied\": \"");
    CHECK_INT(system("cp m/versions/1.sql.squashed m/versions/1.sql"), 0);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: Revision ddd replaces aaa, which is still there\nhint: delete /");
    end();
}

TEST(refusals) {
    begin("refusals");
    CHECK_RUN(1, "squash ccc");
    CHECK_IN(err, "FAILED: squash takes a range FROM:TO\nhint: ");
    CHECK_RUN(1, "squash bbb:ccc");
    CHECK_IN(err, "FAILED: There is only one revision between these, or none\n");
    CHECK_RUN(1, "squash ccc:bbb");
    CHECK_IN(err, "FAILED: Revision bbb does not stand on ccc\n");
    CHECK_RUN(0, "upgrade bbb");
    CHECK_RUN(1, "squash base:ccc");
    CHECK_IN(err, "FAILED: The database is at bbb, which would be gone\nhint: `athanor upgrade ccc` first\n");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(0, "revision -m side --head bbb --splice --rev-id eee");
    CHECK_RUN(1, "squash base:ccc");
    CHECK_IN(err, "FAILED: On revision bbb several others stand\n");
    CHECK_INT(system("rm m/versions/eee*"), 0);
    CHECK_RUN(0, "revision -m side --head base --depends-on bbb --rev-id eee");
    CHECK_RUN(1, "squash base:ccc");
    CHECK_IN(err, "FAILED: Revision eee depends on bbb\n");
    CHECK_INT(system("rm m/versions/eee*; sed -i 's/^-- +up.*/-- other/' m/versions/3.sql"), 0);
    CHECK_RUN(1, "squash base:ccc");
    CHECK_IN(err, "FAILED: Revision ccc has no -- +up\n");
    CHECK_INT(system("sed -i 's/^-- message: one/-- transaction: no/' m/versions/1.sql"), 0);
    CHECK_RUN(1, "squash base:bbb");
    CHECK_IN(err, "FAILED: Revision aaa runs outside of a transaction\n");
    CHECK_INT(system("ls m/versions | tr '\\n' ' ' | grep -qx '1.sql 2.sql 3.sql 4.sql '"), 0);
    end();
}

/* Where one has no way back, the whole has none. */
TEST(without_a_way_back) {
    begin("way");
    CHECK_INT(system("sed -i '/^-- +down/,$d; s/^-- message: two/-- irreversible: rows are gone/' m/versions/2.sql"),
              0);
    CHECK_RUN(0, "--json squash base:ccc -m 'all of it'");
    CHECK_IN(out, "{\"revision\": \"ccc\", \"path\": \"/");
    read_into("m/versions/ccc_all_of_it.sql", out, sizeof out);
    CHECK_IN(out, "-- irreversible: rows are gone\n");
    CHECK_NOT_IN(out, "+down");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(1, "downgrade base");
    CHECK_IN(err, "rows are gone");
    end();
}

static void write_c(const char *path, const char *head, const char *body) {
    char text[1500];
    snprintf(text, sizeof text,
             "/* What it is for: ATH_REVISION(\"no\"). */\n#include <athanor/migrate.h>\n\nATH_REVISION(%s);\n\n%s",
             head, body);
    write_text(path, text);
}

/* Three revisions in C; two of them have a function of the same name when `clash` says so. */
static void begin_c(const char *name, bool clash) {
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0 && mkdir("m", 0777) == 0 && mkdir("m/versions", 0777) == 0);
    compile_here();
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    write_text("athanor.ini", "[athanor]\nscript_location = m\nurl = sqlite:///a.db\n");
    write_c("m/versions/1.c", "\"aaa\", .message = \"one (1; 2)\"",
            "static const char *table(void) { return \"t_one\"; }\n"
            "ATH_UPGRADE(op) { ath_op_create_table(op, table(), ath_op_column(\"id\", ATH_INTEGER)); }\n"
            "ATH_DOWNGRADE(op) { ath_op_drop_table(op, table()); }\n");
    write_c("m/versions/2.c", "\"bbb\", .down = \"aaa\", .message = \"two\", .branch_labels = \"shop\"",
            clash ? "static const char *table(void) { return \"t_one\"; }\n"
                    "ATH_UPGRADE(op) { ath_op_rename_table(op, table(), \"t_two\"); }\n"
                  : "ATH_UPGRADE(changes) { ath_op_rename_table(changes, \"t_one\", \"t_two\"); }\n"
                    "ATH_DOWNGRADE(changes) { ath_op_rename_table(changes, \"t_two\", \"t_one\"); }\n");
    write_c("m/versions/3.c", "\"ccc\", .down = \"bbb\", .message = \"it's \\\"three\\\"\"",
            "ATH_UPGRADE(op) { ath_op_execute(op, \"INSERT INTO t_two VALUES (3)\"); }\n"
            "ATH_DOWNGRADE(op) { ath_op_execute(op, \"DELETE FROM t_two\"); }\n");
}

TEST(in_c) {
    begin_c("in_c", false);
    CHECK_RUN(0, "--url sqlite:///at.db upgrade head");
    CHECK_RUN(0, "--url sqlite:///inside.db upgrade aaa");
    CHECK_RUN(0, "squash base:head");
    CHECK(there("m/versions/ccc_it_s_three.c") && !there("m/versions/1.c") && there("m/versions/1.c.squashed"));
    CHECK_RUN(0, "history -v");
    CHECK_IN(out, "Rev: ccc (head)\n");
    CHECK_IN(out, "Branch names: shop\n");
    CHECK_IN(out, "it's \"three\"");
    CHECK_RUN(0, "upgrade head");
    CHECK_IN(err, "Running upgrade  -> ccc, it's \"three\"\n");
    check_rows("sqlite:///a.db", "id\n3\n");
    CHECK_RUN(0, "--url sqlite:///at.db upgrade head");
    CHECK_STR(err, "");
    CHECK_RUN(0, "--url sqlite:///at.db verify");
    CHECK_RUN(1, "--url sqlite:///inside.db upgrade head");
    CHECK_IN(err, "it was squashed into ccc");
    CHECK_RUN(0, "downgrade base");
    CHECK_RUN(0, "query sqlite:///a.db \"SELECT count(*) FROM sqlite_master WHERE name LIKE 't\\_%%' ESCAPE '\\'\"");
    CHECK_IN(out, "\n0\n");
    CHECK_RUN(0, "--url sqlite:///at.db downgrade base"); /* what went up in three steps */
    end();
}

TEST(in_c_refused) {
    begin_c("in_c_refused", true);
    CHECK_RUN(1, "squash base:head");
    CHECK_IN(err, "redefinition of");
    CHECK_INT(system("ls m/versions | tr '\\n' ' ' | grep -qx '1.c 2.c 3.c '"), 0);
    CHECK_RUN(0, "squash aaa:head");
    CHECK_RUN(0, "upgrade head");
    CHECK_RUN(1, "downgrade base"); /* one of them has no way back */
    CHECK_IN(err, "has no ATH_DOWNGRADE(op)");
    write_text("m/versions/4.sql", "-- revision: ddd\n-- down: ccc\n-- +up\nSELECT 1;\n");
    CHECK_RUN(1, "squash base:head");
    CHECK_IN(err, "FAILED: Revision ccc is written in C, and ddd is not\nhint: ");
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"in_c", in_c},           {"in_c_refused", in_c_refused},
                                      {"databases", databases}, {"verified", verified},
                                      {"refusals", refusals},   {"without_a_way_back", without_a_way_back}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
