/* SPDX-License-Identifier: Apache-2.0
 *
 * What Alembic answers: the cases of ../shared/goldens (or $ATHANOR_SHARED/goldens), by build/tools/golden.
 */
#include "servers.h"

#include <sys/wait.h>
#include <unistd.h>

/* The folder that this program was built into. */
static bool build_folder(char *out, size_t size) {
    ssize_t length = readlink("/proc/self/exe", out, size - 1);
    out[length > 0 ? length : 0] = '\0';
    char *test = strstr(out, "/test/");
    if (test)
        *test = '\0';
    return test != NULL;
}

static void run_golden(const char *kind) {
    static char shown[6000];
    char build[400], file[600], line[1400];
    const char *shared = getenv("ATHANOR_SHARED"), *source = getenv("ATHANOR_SOURCE");
    if (shared && shared[0])
        snprintf(file, sizeof file, "%s/goldens/%s.dev.jsonl", shared, kind);
    else
        snprintf(file, sizeof file, "%s/../shared/goldens/%s.dev.jsonl", source ? source : ".", kind);
    if (access(file, R_OK) != 0)
        TEST_SKIP("not run: ../shared is not there");
    CHECK(build_folder(build, sizeof build));
    snprintf(line, sizeof line, "%s/tools/golden", build);
    if (access(line, X_OK) != 0)
        TEST_LACKS("not run: build/tools/golden was not built");
    snprintf(line, sizeof line, "'%s/tools/golden' %s '%s' 2>&1", build, kind, file);
    FILE *pipe = popen(line, "r");
    size_t size = pipe ? fread(shown, 1, sizeof shown - 1, pipe) : 0;
    shown[size] = '\0';
    int status = pipe ? pclose(pipe) : -1;
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        printf("%s\n", shown);
    CHECK(strstr(shown, " passed, 0 failed") != NULL);
}

TEST(revgraph) {
    run_golden("revgraph");
}

TEST(cli) {
    run_golden("cli");
}

TEST(autogen) {
    if (!test_server(TEST_POSTGRESQL) || !test_server(TEST_MYSQL))
        TEST_LACKS("not run: a server is not there");
    run_golden("autogen");
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"revgraph", revgraph}, {"cli", cli}, {"autogen", autogen}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
