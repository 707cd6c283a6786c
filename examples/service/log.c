/* SPDX-License-Identifier: Apache-2.0
 *
 * What the service tells on standard error: a line of JSON for each request, and the engine's own lines.
 */
#include "service.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

typedef struct LogLine {
    ath_timestamp time;
    const char *method, *path;
    int status;
    double ms;
    int64_t statements;
    int attempts;
} LogLine;

ATH_PROJECTION(LogLine) {
    ath_column(time);
    ath_column(method);
    ath_column(path);
    ath_column(status);
    ath_column(ms);
    ath_column(statements);
    ath_column(attempts);
}

void log_request(const Request *r) {
    if (!r->service->settings.log_requests)
        return;
    double ms = (double)(int64_t)((seconds_now() - r->started) * 1e6) / 1e3;
    LogLine line = {.time = ath_timestamp_now(),
                    .method = r->method,
                    .path = r->path,
                    .status = r->status,
                    .ms = ms,
                    .statements = (int64_t)r->statements,
                    .attempts = r->attempts};
    char *text = ath_to_json(NULL, LogLine, &line);
    if (!text) { /* a path that is no UTF-8 */
        line.path = "?";
        text = ath_to_json(NULL, LogLine, &line);
    }
    if (text)
        fprintf(stderr, "%s\n", text);
    ath_json_free(text);
}

void log_line(void *context, ath_log_level level, const char *line) {
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    (void)context;
    fprintf(stderr, "%s: %s\n", levels[level], line);
}
