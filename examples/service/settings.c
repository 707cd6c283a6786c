/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings come from the environment, as services in containers have them.
 */
#include "service.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return value && *value ? value : otherwise;
}

static bool number_of(const char *name, int least, int most, int otherwise, int *out) {
    const char *text = text_of(name, NULL);
    *out = otherwise;
    if (!text)
        return true;
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || end == text || value < least || value > most) {
        fprintf(stderr, "service: %s is '%s'; a number from %d to %d belongs there\n", name, text, least, most);
        return false;
    }
    *out = (int)value;
    return true;
}

/* LOG=requests (the default), sql, off */
static bool read_log(Settings *out) {
    const char *log = text_of("LOG", "requests");
    out->log_sql = strcmp(log, "sql") == 0;
    out->log_requests = out->log_sql || strcmp(log, "requests") == 0;
    if (out->log_requests || strcmp(log, "off") == 0)
        return true;
    fprintf(stderr, "service: LOG is '%s'; it can be requests, sql or off\n", log);
    return false;
}

bool settings_read(Settings *out) {
    out->database_url = text_of("DATABASE_URL", "sqlite:///service.db?journal_mode=wal");
    out->host = text_of("HOST", "127.0.0.1");
    return number_of("PORT", 0, 65535, 8080, &out->port) && number_of("POOL_SIZE", 1, 1000, 10, &out->pool_size) &&
           number_of("POOL_OVERFLOW", 0, 1000, 10, &out->pool_overflow) &&
           number_of("POOL_TIMEOUT_MS", 0, INT_MAX, 5000, &out->pool_timeout_ms) &&
           number_of("REQUEST_TIMEOUT_MS", 1, INT_MAX, 10000, &out->request_timeout_ms) &&
           number_of("RECONNECT_MS", 0, INT_MAX, 2000, &out->reconnect_ms) &&
           number_of("GRACE_MS", 0, INT_MAX, 10000, &out->grace_ms) &&
           number_of("MAX_BODY", 1, 1 << 30, 256 * 1024, &out->max_body) && read_log(out);
}
