/* SPDX-License-Identifier: Apache-2.0
 *
 * Running the command that was built with a test, as a user runs it.
 */
#ifndef ATH_TEST_CLI_COMMAND_RUN_H
#define ATH_TEST_CLI_COMMAND_RUN_H

#include "test.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char out[16000], err[16000]; /* what the last one printed */

static inline void read_into(const char *path, char *text, size_t size) {
    FILE *file = fopen(path, "rb");
    size_t read = file ? fread(text, 1, size - 1, file) : 0;
    text[read] = '\0';
    if (file)
        fclose(file);
}

/* The folder that everything was built into. */
static inline const char *built_in(void) {
    static char self[400];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    self[size > 0 ? size : 0] = '\0';
    char *test = strstr(self, "/test/");
    CHECK(test != NULL);
    if (test)
        *test = '\0';
    return self;
}

/* Runs `athanor ARGUMENTS` by the shell in a folder; "VAR=value " may stand before.  Its exit code. */
__attribute__((format(printf, 3, 4))) static inline int run_in(const char *folder, const char *before,
                                                               const char *format, ...) {
    char arguments[2000], line[4000], here[400];
    va_list args;
    va_start(args, format);
    vsnprintf(arguments, sizeof arguments, format, args);
    va_end(args);
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(line, sizeof line, "cd '%s' && %s '%s/athanor' %s >'%s/.out' 2>'%s/.err' </dev/null", folder, before,
             built_in(), arguments, here, here);
    int status = system(line);
    read_into(".out", out, sizeof out);
    read_into(".err", err, sizeof err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
#define run(...) run_in(".", "", __VA_ARGS__)

static inline void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(text, file) >= 0);
    CHECK(!file || fclose(file) == 0);
}

/* C files are compiled with this tree's headers, and kept in the folder at hand. */
static inline void compile_here(void) {
    char here[400], flags[900];
    CHECK(getcwd(here, sizeof here) != NULL);
    snprintf(flags, sizeof flags, "-I%s/include", getenv("ATHANOR_SOURCE"));
    setenv("CFLAGS", flags, 1);
    setenv("XDG_CACHE_HOME", here, 1);
}

static inline bool there(const char *path) {
    return access(path, F_OK) == 0;
}

/* Checks that tell what was printed instead. */
#define CHECK_IN(text, part)                                                                                           \
    do {                                                                                                               \
        if (!strstr(text, part))                                                                                       \
            test_failed_(__FILE__, __LINE__, "%s has no \"%s\": %s", #text, part, text);                               \
    } while (0)
#define CHECK_NOT_IN(text, part) CHECK(strstr(text, part) == NULL)
#define CHECK_RUN(code, ...)                                                                                           \
    do {                                                                                                               \
        int code_ = run(__VA_ARGS__);                                                                                  \
        if (code_ != (code))                                                                                           \
            test_failed_(__FILE__, __LINE__, "exit code %d, not %d: %s%s", code_, code, out, err);                     \
    } while (0)

#endif
