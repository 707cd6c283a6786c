/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether bytes are UTF-8, and how many characters they are.  Each text that enters or leaves a database passes here,
 * and most of it is ASCII: eight bytes are taken at once as long as none has its high bit set.
 */
#include <string.h>

#include "base/base.h"

static const uint64_t high_bits = UINT64_C(0x8080808080808080);

static size_t skip_ascii(const unsigned char *s, size_t at, size_t size) {
    uint64_t word;
    while (size - at >= sizeof word) {
        memcpy(&word, s + at, sizeof word);
        if ((word & high_bits) != 0)
            break;
        at += sizeof word;
    }
    while (at < size && s[at] < 0x80)
        at++;
    return at;
}

/* Length of the well-formed sequence of two to four bytes at `s`, or 0 (RFC 3629, section 4). */
static size_t sequence_length(const unsigned char *s, size_t left) {
    unsigned char lead = s[0];
    size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    unsigned char least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    unsigned char most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (s[1] < least || s[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    }
    return length;
}

bool ath__utf8_valid(const char *text, size_t size) {
    const unsigned char *s = (const unsigned char *)text;
    size_t at = 0;
    while ((at = skip_ascii(s, at, size)) < size) {
        size_t length = sequence_length(s + at, size - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t ath__utf8_length(const char *text, size_t size) {
    size_t length = 0;
    for (size_t i = 0; i < size; i++)
        length += ((unsigned char)text[i] & 0xc0) != 0x80;
    return length;
}
