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

static const test_case cases[] = {
    {"version_and_help", version_and_help},
    {"queries", queries},
    {"urls", urls},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
