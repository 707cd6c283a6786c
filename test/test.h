/* SPDX-License-Identifier: Apache-2.0
 *
 * The harness of every test program: a list of named functions, checks that record a failure and go on, and a line per
 * test.  Include it first: it brings the headers of the C library, which must come before "base/base.h".
 *
 *     TEST(adds) { CHECK_INT(1 + 1, 2); }
 *     static const test_case cases[] = {{"adds", adds}};
 *     int main(int argc, char **argv) { return test_main(argc, argv, cases, TEST_COUNT(cases)); }
 *
 * Prints "ok name" or "not ok name" per test and "N passed, N failed" at the end; exits with 1 when something failed.
 * With an argument, runs the test of that name only.  A test that cannot run here says why with TEST_SKIP: its line is
 * "ok name # SKIP why", and it counts as neither.
 */
#ifndef ATH_TEST_TEST_H
#define ATH_TEST_TEST_H

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case;

#define TEST(name) static void name(void)
#define TEST_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Failures of the running test.  `test_context_` names the row of a table, so that a failure in a loop can be found.  One of
 * each in the whole program: a check that fails in a helper's file counts too. */
#define TEST_SHARED_ __attribute__((weak))
TEST_SHARED_ int test_failures_;
TEST_SHARED_ char test_context_[160];
TEST_SHARED_ const char *test_skip_; /* why the running test does nothing */

__attribute__((format(printf, 1, 2))) static inline void test_context(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsnprintf(test_context_, sizeof test_context_, format, args);
    va_end(args);
}

__attribute__((format(printf, 3, 4))) static inline void test_failed_(const char *file, int line, const char *format,
                                                                      ...) {
    va_list args;
    test_failures_++;
    printf("# %s:%d: ", file, line);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    if (test_context_[0] != '\0')
        printf(" [%s]", test_context_);
    putchar('\n');
}

static inline void test_check_(bool holds, const char *file, int line, const char *text) {
    if (!holds)
        test_failed_(file, line, "%s", text);
}

static inline void test_check_int_(long long actual, long long expected, const char *file, int line, const char *text) {
    if (actual != expected)
        test_failed_(file, line, "%s is %lld, not %lld", text, actual, expected);
}

static inline void test_check_str_(const char *actual, const char *expected, const char *file, int line,
                                   const char *text) {
    if (actual == NULL || expected == NULL ? actual != expected : strcmp(actual, expected) != 0)
        test_failed_(file, line, "%s is \"%s\", not \"%s\"", text, actual == NULL ? "(null)" : actual,
                     expected == NULL ? "(null)" : expected);
}

/* Each evaluates its arguments once.  The value found comes first, the value expected second. */
#define CHECK(condition) test_check_((condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(actual, expected)                                                                                    \
    test_check_int_((long long)(actual), (long long)(expected), __FILE__, __LINE__, #actual)
#define CHECK_STR(actual, expected) test_check_str_((actual), (expected), __FILE__, __LINE__, #actual)

/* Ends the running test: it does nothing here, because of `why` (text that lasts). */
#define TEST_SKIP(why)                                                                                                 \
    do {                                                                                                               \
        test_skip_ = (why);                                                                                            \
        return;                                                                                                        \
    } while (0)

/* What all tests of a program came to. */
typedef struct test_sum {
    int passed, failed, skipped;
} test_sum;

static inline void test_run_(const test_case *the_case, const char *on, test_sum *sum) {
    test_failures_ = 0;
    test_context_[0] = '\0';
    test_skip_ = NULL;
    the_case->run();
    bool skipped = test_failures_ == 0 && test_skip_ != NULL;
    printf("%s %s%s%s%s%s\n", test_failures_ == 0 ? "ok" : "not ok", the_case->name, on[0] != '\0' ? " on " : "", on,
           skipped ? " # SKIP " : "", skipped ? test_skip_ : "");
    fflush(stdout);
    if (skipped)
        sum->skipped++;
    else if (test_failures_ == 0)
        sum->passed++;
    else
        sum->failed++;
}

/* The last line, and the exit code.  A name that no test has is a failure too. */
static inline int test_end_(const test_sum *sum) {
    if (sum->skipped > 0)
        printf("%d skipped\n", sum->skipped);
    printf("%d passed, %d failed\n", sum->passed, sum->failed);
    return sum->failed > 0 || sum->passed + sum->skipped == 0 ? 1 : 0;
}

static inline int test_main(int argc, char **argv, const test_case *cases, size_t count) {
    test_sum sum = {0, 0, 0};
    for (size_t i = 0; i < count; i++)
        if (argc <= 1 || strcmp(argv[1], cases[i].name) == 0)
            test_run_(&cases[i], "", &sum);
    return test_end_(&sum);
}

#endif
