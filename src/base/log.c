/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns a printf call into one line for the caller's log function.  A line that is too long for the stack is built in
 * memory that is freed before the call returns; when there is none, the line is cut.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"

/* SQL may come with line breaks; the receiver was promised a line. */
static void pass_line(const ath__log *log, ath_log_level level, char *line) {
    for (char *c = line; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\r')
            *c = ' ';
    }
    log->fn(log->context, level, line);
}

void ath__log_line(const ath__log *log, ath_log_level level, const char *format, ...) {
    if (log == NULL || log->fn == NULL || level < log->level)
        return;
    char line[1024], cut[1020];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length < 0)
        return;
    size_t size = (size_t)length + 1;
    if (size <= sizeof line) {
        pass_line(log, level, line);
        return;
    }
    char *whole = ath__alloc(ath__process_allocator, size);
    if (whole == NULL) {
        ath__copy_text(cut, sizeof cut, line, sizeof line - 1);
        pass_line(log, level, cut);
        return;
    }
    va_start(args, format);
    vsnprintf(whole, size, format, args);
    va_end(args);
    pass_line(log, level, whole);
    ath__free(ath__process_allocator, whole, size);
}
