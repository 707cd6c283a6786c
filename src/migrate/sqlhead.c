/* SPDX-License-Identifier: Apache-2.0
 *
 * The head of a revision written in SQL: `-- key: value` comments before the first part.  Other comments are its doc.
 */
#include <ctype.h>

#include "migrate/script.h"

typedef struct head {
    ath__arena *arena;
    const char *path;
    size_t line;
    ath_revision *out;
    ath__buf doc;
    ath_error *error;
} head;

typedef struct piece {
    const char *at;
    size_t size;
} piece;

static piece trimmed(const char *at, size_t size) {
    while (size && isspace((unsigned char)*at)) {
        at++;
        size--;
    }
    while (size && isspace((unsigned char)at[size - 1]))
        size--;
    return (piece){at, size};
}

static bool is(piece p, const char *text) {
    return strlen(text) == p.size && memcmp(p.at, text, p.size) == 0;
}

static const char **member(ath_revision *r, piece key) {
    if (is(key, "revision"))
        return &r->id;
    if (is(key, "down"))
        return &r->down;
    if (is(key, "message"))
        return &r->message;
    if (is(key, "depends_on"))
        return &r->depends_on;
    if (is(key, "branch_labels"))
        return &r->branch_labels;
    if (is(key, "create_date"))
        return &r->create_date;
    if (is(key, "replaces"))
        return &r->replaces;
    return is(key, "irreversible") ? &r->irreversible : NULL;
}

static ath_status transaction(head *h, piece value) {
    if (!is(value, "no") && !is(value, "yes"))
        return ath__fail(h->error, ATH_ARGUMENT, "%s:%zu: transaction: yes or no is expected", h->path, h->line);
    h->out->no_transaction = is(value, "no");
    return ATH_OK;
}

static void document(head *h, piece text) {
    if (h->doc.size)
        ath__buf_char(&h->doc, '\n');
    ath__buf_add(&h->doc, text.at, text.size);
}

/* A comment, without its dashes. */
static ath_status comment(head *h, piece text) {
    const char *colon = memchr(text.at, ':', text.size);
    if (colon) {
        piece key = trimmed(text.at, (size_t)(colon - text.at));
        piece value = trimmed(colon + 1, text.size - (size_t)(colon + 1 - text.at));
        const char **to = member(h->out, key);
        if (is(key, "transaction"))
            return transaction(h, value);
        if (to && *to)
            return ath__fail(h->error, ATH_ARGUMENT, "%s:%zu: %.*s: is there twice", h->path, h->line, (int)key.size,
                             key.at);
        if (to) {
            *to = value.size || to == &h->out->irreversible ? ath__arena_strn(h->arena, value.at, value.size) : NULL;
            return *to || !value.size ? ATH_OK : ath__fail_memory(h->error);
        }
    }
    document(h, text);
    return ATH_OK;
}

/* *more: the head goes on. */
static ath_status one_line(head *h, piece text, bool *more) {
    if (!text.size)
        return ATH_OK;
    if (text.size < 2 || memcmp(text.at, "--", 2) != 0) {
        *more = false;
        return ATH_OK;
    }
    piece words = trimmed(text.at + 2, text.size - 2);
    *more = !(words.size && words.at[0] == '+');
    return *more && words.size ? comment(h, words) : ATH_OK;
}

static ath_status lines(head *h, const char *text, size_t size) {
    bool more = true;
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        size -= 3;
    }
    for (const char *end = text + size; more && text < end; h->line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = stop ? (size_t)(stop - text) : (size_t)(end - text);
        ATH_TRY(one_line(h, trimmed(text, length), &more));
        text += length + (stop != NULL);
    }
    if (h->doc.failed || (h->doc.size && !(h->out->doc = ath__arena_strn(h->arena, h->doc.data, h->doc.size))))
        return ath__fail_memory(h->error);
    return ATH_OK;
}

ath_status ath__scan_sql(ath__arena *arena, const char *path, const char *text, size_t size, ath_revision *out,
                         bool *found, ath_error *error) {
    head h = {.arena = arena, .path = path, .line = 1, .out = out, .error = error};
    *out = (ath_revision){.struct_size = sizeof *out, .file = path};
    ath__buf_init(&h.doc, arena->allocator);
    ath_status status = lines(&h, text, size);
    ath__buf_done(&h.doc);
    *found = status == ATH_OK && out->id;
    return status;
}
