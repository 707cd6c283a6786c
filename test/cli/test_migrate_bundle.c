/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor bundle`: the program that it writes, run where there is neither a compiler nor a folder of revisions.
 */
#include "command_run.h"

static char project[400];

static void begin(void) {
    char set[900];
    CHECK(mkdir("project", 0777) == 0 && chdir("project") == 0);
    CHECK(mkdir("m", 0777) == 0 && mkdir("m/versions", 0777) == 0 && mkdir("away", 0777) == 0);
    CHECK(getcwd(project, sizeof project) != NULL);
    snprintf(set, sizeof set, "-I%s/include", getenv("ATHANOR_SOURCE"));
    setenv("CFLAGS", set, 1);
    setenv("XDG_CACHE_HOME", project, 1);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    write_text("athanor.ini",
               "[athanor]\nscript_location = m\nurl = sqlite:///secret.db\nversion_table = bundled_version\n");
}

/* Two revisions in C, which both have a function of the same name, one in SQL, and an environment. */
static void write_revisions(void) {
    write_text("m/env.c", "#include <athanor/migrate.h>\n#include <stdlib.h>\n"
                          "ATH_ENVIRONMENT(env) { if (getenv(\"BY_ENV\")) env->url = getenv(\"BY_ENV\"); }\n");
    write_text("m/versions/aaa_one.c",
               "#include <athanor/migrate.h>\nATH_REVISION(\"aaa\", .message = \"one\");\n"
               "static const char *name(void) { return \"t_one\"; }\n"
               "ATH_UPGRADE(op) { ath_op_create_table(op, name(), ath_op_column(\"id\", ATH_INTEGER)); }\n"
               "ATH_DOWNGRADE(op) { ath_op_drop_table(op, name()); }\n");
    write_text("m/versions/bbb_two.sql", "-- revision: bbb\n-- down: aaa\n-- message: two\n-- +up\n"
                                         "CREATE TABLE t_two (id INTEGER);\n-- +down\nDROP TABLE t_two;\n");
    write_text("m/versions/ccc_three.c",
               "#include <athanor/migrate.h>\nATH_REVISION(\"ccc\", .down = \"bbb\", .message = \"three\");\n"
               "static const char *name(void) { return \"t_three\"; }\n"
               "ATH_UPGRADE(op) { ath_op_create_table(op, name(), ath_op_column(\"id\", ATH_INTEGER)); }\n"
               "ATH_DOWNGRADE(op) { ath_op_drop_table(op, name()); }\n");
}

/* Runs the bundle in a folder where there is nothing, without a compiler; its exit code. */
__attribute__((format(printf, 2, 3))) static int bundled(const char *before, const char *format, ...) {
    char arguments[600], line[1400];
    va_list args;
    va_start(args, format);
    vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    snprintf(line, sizeof line,
             "cd away && PATH=/nowhere CC=no-such-compiler %s ./migrator %s >../.out 2>../.err </dev/null", before,
             arguments);
    int status = system(line);
    read_into(".out", out, sizeof out);
    read_into(".err", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_tables(const char *expected) {
    CHECK_RUN(0,
              "query sqlite:///away/a.db \"SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE "
              "name LIKE 't\\_%%' ESCAPE '\\' ORDER BY name)\"");
    CHECK_IN(out, expected);
}

TEST(both_forms) {
    begin();
    write_revisions();
    CHECK_RUN(0, "bundle -o away/migrator");
    CHECK_IN(out, "/away/migrator: 3 revisions\n");
    CHECK_INT(system("mv m away/../gone"), 0);
    CHECK_INT(bundled("", "history"), 0);
    CHECK_STR(out, "bbb -> ccc (head), three\naaa -> bbb, two\n<base> -> aaa, one\n");
    CHECK_INT(bundled("", "upgrade"), 1);
    CHECK_IN(err, "FAILED: No database is named\nhint: set ATHANOR_URL, or give --url\n");
    CHECK_INT(bundled("", "--url sqlite:///a.db plan"), 0);
    CHECK_IN(out, "CREATE TABLE t_two");
    CHECK_INT(bundled("", "upgrade bbb --url sqlite:///a.db"), 0);
    CHECK_IN(err, "Running upgrade aaa -> bbb, two\n");
    CHECK_INT(bundled("ATHANOR_URL=sqlite:///a.db", "upgrade head"), 0);
    CHECK_INT(bundled("BY_ENV=sqlite:///a.db", "current"), 0);
    CHECK_STR(out, "ccc (head)\n");
    CHECK_INT(bundled("", "heads --json"), 0);
    CHECK_IN(out, "\"ccc_three.c\"");
    CHECK_INT(bundled("", "--url sqlite:///a.db verify"), 0);
    check_tables("t_one t_three t_two");
    CHECK_RUN(0, "query sqlite:///away/a.db 'SELECT version_num FROM bundled_version'");
    CHECK_IN(out, "\nccc\n");
    CHECK_INT(bundled("", "downgrade aaa --url sqlite:///a.db"), 0);
    check_tables("\nt_one\n");
    CHECK_INT(bundled("", "stamp head --url sqlite:///a.db"), 0);
    CHECK_INT(bundled("", "upgrade head --sql --url postgresql://"), 0);
    CHECK_IN(out, "CREATE TABLE t_three");
    CHECK(chdir("..") == 0);
}

/* What the bundle has noted of its files is what the folder's files give. */
TEST(checksums) {
    CHECK(chdir("project") == 0);
    CHECK_INT(system("mv gone m"), 0);
    CHECK_RUN(0, "--url sqlite:///away/b.db upgrade bbb");
    CHECK_INT(bundled("", "--url sqlite:///b.db upgrade"), 0);
    CHECK_INT(bundled("", "--url sqlite:///b.db verify"), 0);
    CHECK_RUN(0, "--url sqlite:///away/b.db verify");
    CHECK_INT(system("sed -i 's/t_three/t_3/' m/versions/ccc_three.c"), 0);
    CHECK_RUN(1, "--url sqlite:///away/b.db verify");
    CHECK_IN(out, "ccc: its file was edited");
    CHECK(chdir("..") == 0);
}

TEST(what_a_bundle_has_not) {
    CHECK(chdir("project") == 0);
    CHECK_INT(bundled("", "--help"), 0);
    CHECK_IN(out, "usage: migrator [OPTION]... COMMAND ...\n");
    CHECK_IN(out, "  upgrade ");
    CHECK_NOT_IN(out, "revision  ");
    CHECK_NOT_IN(out, "bundle");
    CHECK_INT(bundled("", "revision -m x"), 2);
    CHECK_IN(err, "no command 'revision'");
    CHECK_INT(bundled("", "-c ../athanor.ini current"), 1);
    CHECK_IN(err, "FAILED: A bundle reads no configuration\n");
    CHECK_INT(system("! grep -qa 'static const char .name' away/migrator"), 0);
    CHECK_INT(system("! grep -qa 'secret.db' away/migrator"), 0);
    CHECK(chdir("..") == 0);
}

TEST(refusals) {
    char athanor[500];
    snprintf(athanor, sizeof athanor, "%s/athanor", built_in());
    CHECK(chdir("project") == 0);
    CHECK_RUN(1, "bundle");
    CHECK_IN(err, "FAILED: bundle writes a program\nhint: -o FILE says which\n");
    CHECK_RUN(1, "bundle -o no/such/folder/x");
    CHECK_IN(err, "/no/such/folder/x cannot be written: No such file or directory\n");
    CHECK_INT(system("cp away/migrator away/kept && echo 'int x = ;' >> m/versions/ccc_three.c"), 0);
    CHECK_RUN(1, "bundle -o away/migrator");
    CHECK_IN(err, "ccc_three.c");
    CHECK_INT(system("cmp -s away/migrator away/kept"), 0);
    /* one byte of its tail, or a record's length, is not what it was */
    CHECK_INT(
        system("cd away && printf x | dd of=migrator bs=1 seek=$(($(stat -c %s kept) - 8)) conv=notrunc 2>/dev/null"),
        0);
    CHECK_INT(bundled("", "history"), 6);
    CHECK_IN(err, "FAILED: This bundle is damaged\nhint: ");
    CHECK_INT(system("cd away && LC_ALL=C sed 's/S [0-9]* \\([0-9a-f]* bbb_two\\)/S 99999999999 \\1/' kept > migrator "
                     "&& chmod +x migrator"),
              0);
    CHECK_INT(bundled("", "history"), 6);
    /* cut off at its end, or of all that is behind the program: it is not taken for athanor itself */
    CHECK_INT(system("cd away && head -c -1 kept > migrator"), 0);
    CHECK_INT(bundled("", "--version"), 6);
    CHECK_IN(err, "FAILED: This bundle is damaged\nhint: ");
    CHECK_INT(symlink(athanor, "athanor.itself"), 0);
    CHECK_INT(system("cd away && head -c $(stat -Lc %s ../athanor.itself) kept > migrator"), 0);
    CHECK_INT(bundled("", "current"), 6);
    CHECK_IN(err, "FAILED: This bundle is damaged\nhint: ");
    CHECK(chdir("..") == 0);
}

/* Revisions in SQL alone are bundled where there is no compiler. */
TEST(sql_alone) {
    CHECK(mkdir("s", 0777) == 0 && chdir("s") == 0 && mkdir("m", 0777) == 0 && mkdir("m/versions", 0777) == 0 &&
          mkdir("away", 0777) == 0);
    write_text("athanor.ini", "[athanor]\nscript_location = m\n");
    write_text("m/versions/bbb_two.sql", "-- revision: bbb\n-- +up\nCREATE TABLE t_two (id INTEGER);\n");
    CHECK_INT(run_in(".", "CC=no-such-compiler", "--json bundle -o away/migrator"), 0);
    CHECK_IN(out, "/away/migrator\", \"revisions\": 1}\n");
    CHECK_INT(bundled("", "--url sqlite:///a.db upgrade"), 0);
    check_tables("\nt_two\n");
    CHECK(chdir("..") == 0);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"both_forms", both_forms},
                                      {"checksums", checksums},
                                      {"what_a_bundle_has_not", what_a_bundle_has_not},
                                      {"refusals", refusals},
                                      {"sql_alone", sql_alone}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
