/* SPDX-License-Identifier: Apache-2.0
 *
 * Log lines: levels, line breaks, and lines too long for the stack.
 */
#include "counting.h"

#include "base/base.h"

typedef struct seen {
    int lines;
    ath_log_level level;
    char line[8000];
} seen;

static void receive(void *context, ath_log_level level, const char *line) {
    seen *s = context;
    s->lines++;
    s->level = level;
    snprintf(s->line, sizeof s->line, "%s", line);
}

TEST(levels) {
    seen s = {0};
    ath__log log = {receive, &s, ATH_LOG_WARNING};
    ath__log_line(&log, ATH_LOG_INFO, "quiet");
    CHECK_INT(s.lines, 0);
    ath__log_line(&log, ATH_LOG_WARNING, "warned %d", 1);
    CHECK_INT(s.lines, 1);
    CHECK_INT(s.level, ATH_LOG_WARNING);
    CHECK_STR(s.line, "warned 1");
    ath__log_line(&log, ATH_LOG_ERROR, "a\nb\rc");
    CHECK_STR(s.line, "a b c");
    log.fn = NULL;
    ath__log_line(&log, ATH_LOG_ERROR, "silent");
    ath__log_line(NULL, ATH_LOG_ERROR, "silent");
    CHECK_INT(s.lines, 2);
}

TEST(long_lines_are_whole) {
    seen s = {0};
    ath__log log = {receive, &s, ATH_LOG_DEBUG};
    for (int width = 1020; width <= 1028; width++) {
        ath__log_line(&log, ATH_LOG_DEBUG, "%*d", width, 7);
        test_context("width %d", width);
        CHECK_INT(strlen(s.line), width);
        CHECK(s.line[width - 1] == '7');
    }
    ath__log_line(&log, ATH_LOG_DEBUG, "%*d", 5000, 7);
    CHECK_INT(strlen(s.line), 5000);
}

TEST(out_of_memory_cuts) {
    counting c;
    seen s = {0};
    ath__log log = {receive, &s, ATH_LOG_DEBUG};
    counting_init(&c, 1);
    ath__process_allocator = &c.allocator;
    ath__log_line(&log, ATH_LOG_DEBUG, "%05000d", 7);
    CHECK_INT(s.lines, 1);
    CHECK(strlen(s.line) > 1000 && strlen(s.line) < 1024);
    ath__log_line(&log, ATH_LOG_DEBUG, "%05000d", 7);
    CHECK_INT(strlen(s.line), 5000);
    ath__process_allocator = &ath__malloc_allocator;
    CHECK_RELEASED(&c);
}

static const test_case cases[] = {
    {"levels", levels},
    {"long_lines_are_whole", long_lines_are_whole},
    {"out_of_memory_cuts", out_of_memory_cuts},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
