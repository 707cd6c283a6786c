/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON text as it grows: brackets, commas, lines, names, strings and numbers.
 *
 * The buffer begins with an `owner`, which ath_json_free finds in front of the text: the allocator itself, not a pointer to
 * one, since the text may outlive the engine.
 */
#include "json/json.h"

typedef struct owner {
    ath_allocator allocator;
    size_t capacity;
} owner;

enum { HEAD = (sizeof(owner) + 15) / 16 * 16 };

/* ---- beginning and end ---- */

void ath__json_begin(ath__json *j, const ath_allocator *a, unsigned indent) {
    *j = (ath__json){.indent = indent > ATH__JSON_INDENT ? ATH__JSON_INDENT : indent};
    ath__buf_init(&j->buf, a);
    ath__buf_room(&j->buf, HEAD);
}

void ath__json_drop(ath__json *j) {
    ath__buf_done(&j->buf);
}

char *ath__json_finish(ath__json *j, ath_error *error) {
    if (j->buf.failed) {
        ath__json_drop(j);
        ath__fail_memory(error);
        return NULL;
    }
    const owner o = {*j->buf.allocator, j->buf.capacity};
    memcpy(j->buf.data, &o, sizeof o);
    return j->buf.data + HEAD;
}

void ath_json_free(char *text) {
    owner o;
    if (!text)
        return;
    memcpy(&o, text - HEAD, sizeof o);
    ath__free(&o.allocator, text - HEAD, o.capacity);
}

size_t ath__json_size(const ath__json *j) {
    return j->buf.failed ? 0 : j->buf.size - HEAD;
}

void ath__json_cut(ath__json *j, size_t size) {
    if (!j->buf.failed) {
        j->buf.size = HEAD + size;
        j->buf.data[j->buf.size] = '\0';
    }
}

/* ---- structure ---- */

static void new_line(ath__json *j) {
    size_t spaces = (size_t)j->indent * j->depth;
    char *at = j->indent ? ath__buf_room(&j->buf, spaces + 1) : NULL;
    if (at) {
        *at = '\n';
        memset(at + 1, ' ', spaces);
    }
}

void ath__json_item(ath__json *j) {
    if (j->some)
        ath__buf_char(&j->buf, ',');
    j->some = true;
    new_line(j);
}

void ath__json_open(ath__json *j, char bracket) {
    ath__buf_char(&j->buf, bracket);
    j->depth++;
    j->some = false;
}

void ath__json_close(ath__json *j, char bracket) {
    j->depth--;
    if (j->some)
        new_line(j);
    ath__buf_char(&j->buf, bracket);
    j->some = true;
}

void ath__json_quoted_key(ath__json *j, const char *quoted, size_t size) {
    bool comma = j->some;
    if (j->indent) {
        ath__json_item(j);
        comma = false;
    }
    char *at = ath__buf_room(&j->buf, size + comma);
    if (at) {
        *at = ',';
        memcpy(at + comma, quoted, size);
    }
    j->some = true;
    if (j->indent)
        ath__buf_char(&j->buf, ' ');
}

void ath__json_key(ath__json *j, const char *name) {
    ath__json_item(j);
    ath__json_any_string(j, name, strlen(name));
    ath__buf_str(&j->buf, j->indent ? ": " : ":");
}

void ath__json_raw(ath__json *j, const char *text) {
    ath__buf_str(&j->buf, text);
}

/* ---- strings ---- */

/* Bytes that stand in a string as they are, in ASCII: all but control characters, the quote and the backslash. */
static size_t plain_run(const char *text, size_t size) {
    size_t n = 0;
    while (n < size && (unsigned char)text[n] >= 0x20 && (unsigned char)text[n] < 0x80 && text[n] != '"' &&
           text[n] != '\\')
        n++;
    return n;
}

static void escape(ath__buf *buf, char c) {
    static const char known[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *at = c ? strchr(known, c) : NULL;
    if (at)
        ath__buf_add(buf, (const char[]){'\\', letters[at - known]}, 2);
    else
        ath__buf_printf(buf, "\\u%04x", (unsigned)(unsigned char)c);
}

/* The bytes of the character that begins here; 0: it is none. */
static size_t character(const char *text, size_t size) {
    size_t n = 1;
    while (n < 4 && n < size && ((unsigned char)text[n] & 0xc0) == 0x80)
        n++;
    for (; n > 1; n--)
        if (ath__utf8_valid(text, n) && ath__utf8_length(text, n) == 1)
            return n;
    return 0;
}

static void write_string(ath__json *j, const char *text, size_t size, bool checked) {
    ath__buf *buf = &j->buf;
    ath__buf_char(buf, '"');
    while (size) {
        size_t n = plain_run(text, size);
        ath__buf_add(buf, text, n);
        text += n;
        size -= n;
        if (!size)
            break;
        n = 1;
        if ((unsigned char)*text < 0x80) {
            escape(buf, *text);
        } else if (checked) {
            while (n < size && (unsigned char)text[n] >= 0x80)
                n++;
            ath__buf_add(buf, text, n);
        } else if ((n = character(text, size)) > 0) {
            ath__buf_add(buf, text, n);
        } else {
            ath__buf_str(buf, "\xef\xbf\xbd");
            n = 1;
        }
        text += n;
        size -= n;
    }
    ath__buf_char(buf, '"');
}

ath_status ath__json_string(ath__json *j, const char *text, size_t size, ath_error *error) {
    size_t plain = plain_run(text, size);
    if (plain == size) { /* most texts */
        char *at = ath__buf_room(&j->buf, size + 2);
        if (at) {
            at[0] = at[size + 1] = '"';
            memcpy(at + 1, text, size);
        }
        return ATH_OK;
    }
    if (!ath__utf8_valid(text + plain, size - plain))
        return ath__fail(error, ATH_DATA, "the text is not valid UTF-8");
    write_string(j, text, size, true);
    return ATH_OK;
}

void ath__json_any_string(ath__json *j, const char *text, size_t size) {
    write_string(j, text, size, false);
}

/* ---- numbers, bytes ---- */

static char *digits(uint64_t u, char *end) {
    do
        *--end = (char)('0' + u % 10);
    while ((u /= 10) != 0);
    return end;
}

void ath__json_uint(ath__json *j, uint64_t u) {
    char text[24], *at = digits(u, text + sizeof text);
    ath__buf_add(&j->buf, at, (size_t)(text + sizeof text - at));
}

void ath__json_int(ath__json *j, int64_t i) {
    char text[24], *at = digits(i < 0 ? 0 - (uint64_t)i : (uint64_t)i, text + sizeof text);
    if (i < 0)
        *--at = '-';
    ath__buf_add(&j->buf, at, (size_t)(text + sizeof text - at));
}

void ath__json_base64(ath__json *j, const void *data, size_t size) {
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *in = data;
    if (size > PTRDIFF_MAX / 2) {
        j->buf.failed = true;
        return;
    }
    char *out = ath__buf_room(&j->buf, (size + 2) / 3 * 4 + 2);
    if (!out)
        return;
    *out++ = '"';
    for (; size > 0; size -= size < 3 ? size : 3, in += 3, out += 4) {
        uint32_t bits = (uint32_t)in[0] << 16 | (size > 1 ? (uint32_t)in[1] << 8 : 0) | (size > 2 ? in[2] : 0U);
        out[0] = alphabet[bits >> 18];
        out[1] = alphabet[bits >> 12 & 63];
        out[2] = size > 1 ? alphabet[bits >> 6 & 63] : '=';
        out[3] = size > 2 ? alphabet[bits & 63] : '=';
    }
    *out = '"';
}
