/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether text is JSON (RFC 8259), and where a value in it ends.  Looks at each byte once and keeps nothing but which
 * brackets are open: for documents that are passed on as they are.
 */
#include "json/json.h"

enum { DEPTH = 1024 };

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    return at;
}

/* ---- scalars: each gives where it ends, or NULL ---- */

static bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static const char *skip_escape(const char *at, const char *end) {
    if (at == end)
        return NULL;
    if (*at != 'u')
        return strchr("\"\\/bfnrt", *at) && *at ? at + 1 : NULL;
    if (end - at < 5)
        return NULL;
    for (int i = 1; i < 5; i++)
        if (!is_hex(at[i]))
            return NULL;
    return at + 5;
}

/* Behind the opening quote. */
static const char *skip_string(const char *at, const char *end) {
    while (at && at < end && *at != '"') {
        if ((unsigned char)*at < 0x20)
            return NULL;
        at = *at == '\\' ? skip_escape(at + 1, end) : at + 1;
    }
    return at && at < end ? at + 1 : NULL;
}

static const char *skip_digits(const char *at, const char *end) {
    const char *from = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at > from ? at : NULL;
}

static const char *skip_number(const char *at, const char *end) {
    if (at < end && *at == '-')
        at++;
    if (at < end && *at == '0')
        at++;
    else
        at = skip_digits(at, end);
    if (at && at < end && *at == '.')
        at = skip_digits(at + 1, end);
    if (!at || at == end || (*at != 'e' && *at != 'E'))
        return at;
    at++;
    if (at < end && (*at == '+' || *at == '-'))
        at++;
    return skip_digits(at, end);
}

static const char *skip_word(const char *at, const char *end) {
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++) {
        size_t size = strlen(words[i]);
        if ((size_t)(end - at) >= size && memcmp(at, words[i], size) == 0)
            return at + size;
    }
    return NULL;
}

static const char *skip_scalar(const char *at, const char *end) {
    if (*at == '"')
        return skip_string(at + 1, end);
    return *at == '-' || (*at >= '0' && *at <= '9') ? skip_number(at, end) : skip_word(at, end);
}

/* ---- what is open ---- */

typedef struct levels {
    uint64_t objects[DEPTH / 64]; /* bit by level: it is an object, not an array */
    unsigned depth;
} levels;

static bool in_object(const levels *l) {
    unsigned top = l->depth - 1;
    return (l->objects[top / 64] >> top % 64 & 1) != 0;
}

static void push(levels *l, bool object) {
    const uint64_t bit = UINT64_C(1) << l->depth % 64;
    if (object)
        l->objects[l->depth / 64] |= bit;
    else
        l->objects[l->depth / 64] &= ~bit;
    l->depth++;
}

/* A member's name and its colon. */
static const char *skip_name(const char *at, const char *end) {
    at = skip_space(at, end);
    at = at < end && *at == '"' ? skip_string(at + 1, end) : NULL;
    at = at ? skip_space(at, end) : NULL;
    return at && at < end && *at == ':' ? at + 1 : NULL;
}

/* From where a value is due to where the first scalar, or the end of an empty bracket, is behind; opens what opens. */
static const char *skip_into(levels *l, const char *at, const char *end) {
    for (;;) {
        at = skip_space(at, end);
        if (at == end)
            return NULL;
        if (*at != '{' && *at != '[')
            return skip_scalar(at, end);
        if (l->depth == DEPTH)
            return NULL;
        const bool object = *at == '{';
        at = skip_space(at + 1, end);
        if (at < end && *at == (object ? '}' : ']'))
            return at + 1;
        push(l, object);
        if (object && !(at = skip_name(at, end)))
            return NULL;
    }
}

const char *ath__json_skip(const char *at, const char *end) {
    at = skip_space(at, end);
    if (at == end || (*at != '{' && *at != '['))
        return at == end ? NULL : skip_scalar(at, end);
    levels l = {.depth = 0};
    while ((at = skip_into(&l, at, end)) != NULL) {
        for (;;) {
            if (!l.depth)
                return at;
            at = skip_space(at, end);
            if (at == end)
                return NULL;
            if (*at == ',')
                break;
            if (*at != (in_object(&l) ? '}' : ']'))
                return NULL;
            l.depth--;
            at++;
        }
        at++;
        if (in_object(&l) && !(at = skip_name(at, end)))
            return NULL;
    }
    return NULL;
}

bool ath__json_is_document(const char *text, size_t size) {
    const char *end = text + size, *at = ath__json_skip(text, end);
    return at && skip_space(at, end) == end;
}
