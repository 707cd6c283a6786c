/* SPDX-License-Identifier: Apache-2.0
 *
 * The checksum of a revision's file.  A version-control system may change line ends and an editor may put a mark of byte
 * order in front: neither makes another revision of it.
 */
#include "migrate/script.h"

/* CR LF and a lone CR become LF. */
static size_t even(char *out, const char *text, size_t size) {
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\r' && i + 1 < size && text[i + 1] == '\n')
            continue;
        out[n++] = text[i] == '\r' ? '\n' : text[i];
    }
    return n;
}

ath_status ath__checksum(const ath_allocator *allocator, const char *text, size_t size, char out[ATH__CHECKSUM],
                         ath_error *error) {
    static const char digits[] = "0123456789abcdef";
    uint8_t sum[16];
    char *copy = NULL;
    size_t used = size;
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        used -= 3;
    }
    size_t room = used;
    if (used && memchr(text, '\r', used)) {
        if (!(copy = ath__alloc(allocator, room)))
            return ath__fail_memory(error);
        used = even(copy, text, used);
    }
    ath__md5(copy ? copy : text, used, sum);
    ath__free(allocator, copy, room);
    for (size_t i = 0; i < sizeof sum; i++) {
        out[2 * i] = digits[sum[i] >> 4];
        out[2 * i + 1] = digits[sum[i] & 15];
    }
    out[32] = '\0';
    return ATH_OK;
}
