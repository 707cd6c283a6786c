/* SPDX-License-Identifier: Apache-2.0
 *
 * Turns a failure into the caller's ath_error, and statuses and versions into names.  Allocates nothing, so that being
 * out of memory can be reported; what does not fit a field is cut, never inside a character.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"

const char *ath_version(void) {
    return ATH_VERSION;
}

const char *ath_status_name(ath_status status) {
    switch (status) {
    case ATH_OK:
        return "ok";
    case ATH_INTEGRITY:
        return "integrity";
    case ATH_OPERATIONAL:
        return "operational";
    case ATH_PROGRAMMING:
        return "programming";
    case ATH_DATA:
        return "data";
    case ATH_TIMEOUT:
        return "timeout";
    case ATH_DISCONNECT:
        return "disconnect";
    case ATH_NO_RESULT:
        return "no-result";
    case ATH_MULTIPLE_RESULTS:
        return "multiple-results";
    case ATH_STALE_DATA:
        return "stale-data";
    case ATH_ARGUMENT:
        return "argument";
    case ATH_NO_MEMORY:
        return "no-memory";
    case ATH_CANCELLED:
        return "cancelled";
    case ATH_NOT_SUPPORTED:
        return "not-supported";
    case ATH_STATE:
        return "state";
    case ATH_INTERNAL:
        return "internal";
    }
    return "unknown";
}

/* Called at the start of many calls: empties the strings without touching all 1.7 KiB. */
void ath_error_clear(ath_error *error) {
    if (error == NULL)
        return;
    error->status = ATH_OK;
    error->integrity = ATH_INTEGRITY_NONE;
    error->retryable = false;
    error->native_code = 0;
    error->sqlstate[0] = '\0';
    error->constraint[0] = '\0';
    error->table[0] = '\0';
    error->column[0] = '\0';
    error->message[0] = '\0';
    error->statement[0] = '\0';
}

void ath__copy_text(char *field, size_t size, const char *text, size_t text_size) {
    if (size == 0)
        return;
    size_t kept = text_size;
    if (kept >= size) {
        kept = size - 1;
        /* A character has at most three continuation bytes; more are no UTF-8 and may be cut anywhere. */
        for (int back = 0; back < 3 && kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80; back++)
            kept--;
    }
    if (kept > 0)
        memcpy(field, text, kept);
    field[kept] = '\0';
}

ath_status ath__fail(ath_error *error, ath_status status, const char *format, ...) {
    if (error == NULL)
        return status;
    /* Apart from the error, because an argument may be the error's own message. */
    char message[sizeof error->message + 4];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (length < 0)
        length = 0;
    size_t size = (size_t)length < sizeof message ? (size_t)length : sizeof message - 1;
    for (size_t i = 0; i < size; i++) {
        if (message[i] == '\n' || message[i] == '\r')
            message[i] = ' ';
    }
    ath_error_clear(error);
    error->status = status;
    ath__copy_text(error->message, sizeof error->message, message, size);
    return status;
}

ath_status ath__fail_lost(ath_error *error, const char *message) {
    ath__fail(error, ATH_DISCONNECT, "%s", message);
    if (error != NULL)
        error->retryable = true;
    return ATH_DISCONNECT;
}

ath_status ath__fail_memory(ath_error *error) {
    return ath__fail(error, ATH_NO_MEMORY, "out of memory");
}
