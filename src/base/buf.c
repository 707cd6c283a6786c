/* SPDX-License-Identifier: Apache-2.0
 *
 * A string that grows at its end; SQL text is written into one.  Owns its memory.  A failed allocation is remembered
 * instead of reported, so that code which writes text needs one check at its end and none at each word.
 */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { FIRST_CAPACITY = 128 };

void ath__buf_init(ath__buf *buf, const ath_allocator *allocator) {
    assert(allocator != NULL);
    *buf = (ath__buf){.allocator = allocator};
}

void ath__buf_done(ath__buf *buf) {
    if (buf->data != NULL)
        ath__free(buf->allocator, buf->data, buf->capacity);
    *buf = (ath__buf){.allocator = buf->allocator};
}

void ath__buf_clear(ath__buf *buf) {
    buf->size = 0;
    buf->failed = false;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

/* Room for `more` bytes and the NUL. */
static bool reserve(ath__buf *buf, size_t more) {
    if (buf->failed)
        return false;
    if (more < buf->capacity - buf->size)
        return true;
    size_t need;
    if (__builtin_add_overflow(buf->size, more, &need) || need >= PTRDIFF_MAX) {
        buf->failed = true;
        return false;
    }
    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity;
    while (capacity <= need)
        capacity = capacity > PTRDIFF_MAX / 2 ? (size_t)PTRDIFF_MAX : capacity * 2;
    char *data = ath__realloc(buf->allocator, buf->data, buf->capacity, capacity);
    if (data == NULL) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

void ath__buf_add(ath__buf *buf, const char *data, size_t size) {
    if (!reserve(buf, size))
        return;
    if (size > 0)
        memcpy(buf->data + buf->size, data, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
}

char *ath__buf_room(ath__buf *buf, size_t size) {
    if (!reserve(buf, size))
        return NULL;
    char *at = buf->data + buf->size;
    buf->size += size;
    buf->data[buf->size] = '\0';
    return at;
}

void ath__buf_str(ath__buf *buf, const char *text) {
    ath__buf_add(buf, text, strlen(text));
}

void ath__buf_char(ath__buf *buf, char c) {
    ath__buf_add(buf, &c, 1);
}

void ath__buf_printf(ath__buf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    ath__buf_vprintf(buf, format, args);
    va_end(args);
}

void ath__buf_vprintf(ath__buf *buf, const char *format, va_list args) {
    if (!reserve(buf, 0))
        return;
    va_list again;
    va_copy(again, args);
    size_t left = buf->capacity - buf->size;
    int length = vsnprintf(buf->data + buf->size, left, format, args);
    if (length < 0) {
        buf->failed = true;
    } else if ((size_t)length < left) {
        buf->size += (size_t)length;
    } else if (reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->size, (size_t)length + 1, format, again);
        buf->size += (size_t)length;
    }
    va_end(again);
    /* What a failed attempt wrote is not part of the text. */
    buf->data[buf->size] = '\0';
}

const char *ath__buf_text(const ath__buf *buf) {
    return buf->data == NULL ? "" : buf->data;
}
