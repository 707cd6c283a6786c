/* SPDX-License-Identifier: Apache-2.0
 *
 * The command, run as a user runs it: results on standard output, one diagnostic on standard error, exit codes.
 */
#include "test.h"

#include <sys/wait.h>
#include <unistd.h>

static char output[8000];

/* Runs the command that was built with this program; its exit code.  `output` receives what it printed. */
static int run(const char *arguments) {
    char self[400], line[1200];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    CHECK(size > 0);
    self[size > 0 ? size : 0] = '\0';
    char *test = strstr(self, "/test/");
    CHECK(test != NULL);
    if (test)
        *test = '\0';
    snprintf(line, sizeof line, "'%s/athanor' %s", self, arguments);
    FILE *pipe = popen(line, "r");
    CHECK(pipe != NULL);
    size_t read = pipe ? fread(output, 1, sizeof output - 1, pipe) : 0;
    output[read] = '\0';
    int status = pipe ? pclose(pipe) : -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(version_and_help) {
    CHECK_INT(run("--version"), 0);
    CHECK_STR(output, "athanor 0.1.0\n");
    CHECK_INT(run("--help"), 0);
    CHECK(strstr(output, "query") && strstr(output, "url"));
    CHECK_INT(run("2>&1"), 2);
    CHECK_INT(run("nonsense 2>&1"), 2);
    CHECK(strstr(output, "no command 'nonsense'") != NULL);
    CHECK_INT(run("query 2>&1"), 2);
    CHECK(strstr(output, "usage: athanor query URL SQL") != NULL);
}

TEST(queries) {
    CHECK_INT(run("query sqlite:///cli.db 'CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d REAL)'"), 0);
    CHECK_STR(output, "");
    CHECK_INT(run("query sqlite:///cli.db \"INSERT INTO t VALUES (1, 'x', x'00ff', 0.1), (NULL, '', NULL, 2)\""), 0);
    CHECK_INT(run("query sqlite:///cli.db 'SELECT * FROM t ORDER BY a DESC'"), 0);
    CHECK_STR(output, "a\tb\tc\td\n1\tx\t00ff\t0.10000000000000001\nNULL\t\tNULL\t2\n");
    CHECK_INT(run("query sqlite:///cli.db 'SELECT missing FROM t' 2>&1 >/dev/null"), 1);
    CHECK_STR(output, "athanor: no such column: missing (programming)\n");
    CHECK_INT(run("query sqlite:///cli.db 'SELECT missing FROM t' 2>/dev/null"), 1);
    CHECK_STR(output, "");
    CHECK_INT(run("query oracle://u:secret@h/x 'SELECT 1' 2>&1"), 1);
    CHECK(strstr(output, "oracle") != NULL && strstr(output, "secret") == NULL);
}

TEST(urls) {
    CHECK_INT(run("url 'postgresql+psycopg2://me:secret@db:5432/app?sslmode=require'"), 0);
    CHECK_STR(output, "postgresql+psycopg2://me:***@db:5432/app?sslmode=require\n");
    CHECK_INT(run("url 'mysql://me:secret@db:port/app' 2>&1"), 1);
    CHECK(strstr(output, "port") != NULL && strstr(output, "secret") == NULL);
}

TEST(help_of_each_command) {
    CHECK_INT(run("models --help"), 0);
    CHECK(strstr(output, "usage: athanor models [OPTION]... URL [FILE...]") == output);
    CHECK(strstr(output, "--tables NAMES") && strstr(output, "exit code is 0"));
    CHECK_INT(run("url -h"), 0);
    CHECK(strstr(output, "Check a database URL") != NULL);
    CHECK_INT(run("models --wrong sqlite:// 2>&1"), 2);
    CHECK(strstr(output, "no such option: --wrong") && strstr(output, "usage: athanor models"));
    CHECK_INT(run("models -x sqlite:// 2>&1"), 2);
    CHECK(strstr(output, "no such option: -x") != NULL);
    CHECK_INT(run("models sqlite:// --output 2>&1"), 2);
    CHECK(strstr(output, "a value is missing behind --output") != NULL);
    CHECK_INT(run("models --views=yes sqlite:// 2>&1"), 2);
    CHECK(strstr(output, "takes no value: --views") != NULL);
    CHECK_INT(run("url -- --help 2>&1"), 1); /* an operand, not an option */
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0);
    if (file)
        fclose(file);
}

TEST(models_are_written) {
    CHECK_INT(run("query sqlite:///shop.db 'CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT)'"), 0);
    CHECK_INT(run("models sqlite:///shop.db"), 0);
    CHECK_STR(output, "shop.h and shop.c: 1 table\n");
    CHECK(access("shop.h", R_OK) == 0 && access("shop.c", R_OK) == 0);
    CHECK_INT(run("models -oother.c sqlite:///shop.db"), 0);
    CHECK(access("other.h", R_OK) == 0);
    CHECK_INT(system("mkdir -p sub"), 0);
    CHECK_INT(run("models --output=sub sqlite:///shop.db"), 0);
    CHECK_STR(output, "sub/shop.h and sub/shop.c: 1 table\n");
    CHECK_INT(run("models sqlite:///shop.db -o - | grep -c 'ATH_METADATA(Shop, Goods)'"), 0);
    CHECK_INT(run("models -o nowhere/shop sqlite:///shop.db 2>&1"), 1);
    CHECK(strstr(output, "nowhere/shop.h") != NULL);
}

/* Models that somebody has worked on are not lost by a second run. */
TEST(files_that_differ_are_kept) {
    CHECK_INT(run("query sqlite:///kept.db 'CREATE TABLE a (id INTEGER PRIMARY KEY)'"), 0);
    CHECK_INT(run("models sqlite:///kept.db"), 0);
    CHECK_INT(run("models sqlite:///kept.db"), 0);
    write_text("kept.c", "mine\n");
    CHECK_INT(run("models sqlite:///kept.db 2>&1"), 1);
    CHECK_STR(output, "athanor: kept.c is there and differs: --force overwrites it, --check tells the differences\n");
    CHECK_INT(system("grep -q mine kept.c"), 0);
    CHECK_INT(run("models --force sqlite:///kept.db"), 0);
    CHECK_INT(run("models --check sqlite:///kept.db kept.c kept.h"), 0);
}

/* Looking at a database changes nothing: no file comes to be, none is journalled in another way. */
TEST(models_only_read) {
    CHECK_INT(run("models sqlite:///absent.db 2>&1"), 1);
    CHECK(access("absent.db", F_OK) != 0);
    CHECK_INT(run("query 'sqlite:///plain.db?journal_mode=delete' 'CREATE TABLE a (id INTEGER PRIMARY KEY)'"), 0);
    CHECK_INT(system("cp plain.db before.db"), 0);
    CHECK_INT(run("models sqlite:///plain.db"), 0);
    CHECK_INT(system("cmp plain.db before.db"), 0);
    CHECK_INT(run("models postgresql://u:secret@127.0.0.1:1/d 2>&1"), 1);
    CHECK(strstr(output, "secret") == NULL);
}

static const test_case cases[] = {
    {"version_and_help", version_and_help},
    {"queries", queries},
    {"urls", urls},
    {"help_of_each_command", help_of_each_command},
    {"models_are_written", models_are_written},
    {"files_that_differ_are_kept", files_that_differ_are_kept},
    {"models_only_read", models_only_read},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
