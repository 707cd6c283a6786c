/* SPDX-License-Identifier: Apache-2.0
 *
 * Uuids to text and back, and random ones.  The bytes are in the order they are written.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "type/type.h"

enum { PLAIN_TEXT = 32, HYPHENATED_TEXT = 36 };

/* A hyphen stands before bytes 4, 6, 8 and 10. */
static bool hyphen_before(size_t i) {
    return i == 4 || i == 6 || i == 8 || i == 10;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

ath_status ath_uuid_parse(const char *text, size_t size, ath_uuid *out) {
    if (size != PLAIN_TEXT && size != HYPHENATED_TEXT)
        return ATH_DATA;
    ath_uuid uuid;
    for (size_t i = 0; i < sizeof uuid.bytes; i++, text += 2) {
        if (size == HYPHENATED_TEXT && hyphen_before(i) && *text++ != '-')
            return ATH_DATA;
        int high = hex_digit(text[0]), low = hex_digit(text[1]);
        if (high < 0 || low < 0)
            return ATH_DATA;
        uuid.bytes[i] = (uint8_t)(high << 4 | low);
    }
    *out = uuid;
    return ATH_OK;
}

size_t ath_uuid_format(ath_uuid uuid, char out[ATH_UUID_TEXT]) {
    static const char hex[] = "0123456789abcdef";
    char *at = out;
    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        if (hyphen_before(i))
            *at++ = '-';
        *at++ = hex[uuid.bytes[i] >> 4];
        *at++ = hex[uuid.bytes[i] & 15];
    }
    *at = '\0';
    return HYPHENATED_TEXT;
}

ath_status ath_uuid_random(ath_uuid *out) {
    ath_uuid uuid;
    ssize_t got;
    do
        got = getrandom(uuid.bytes, sizeof uuid.bytes, 0);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof uuid.bytes)
        return ATH_OPERATIONAL;
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0f) | 0x40); /* version 4 */
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
    *out = uuid;
    return ATH_OK;
}
