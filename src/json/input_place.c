/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: which member a place of the text belongs to, for what is wrong with the text before there is a tree.
 */
#include "json/input.h"

#include <jansson.h>

typedef struct level {
    bool object, named; /* named: behind a name, not yet behind the comma that ends its value */
    ath_str name;       /* with its quotes, as it is written */
    size_t index;
} level;

typedef struct scan {
    level *levels;
    size_t depth, room;
} scan;

static void step(scan *s, char c) {
    level *top = s->depth ? &s->levels[s->depth - 1] : NULL;
    if ((c == '{' || c == '[') && s->depth < s->room) {
        s->levels[s->depth++] = (level){.object = c == '{'};
    } else if ((c == '}' || c == ']') && top) {
        s->depth--;
    } else if (c == ',' && top) {
        top->index++;
        top->named = false;
    }
}

static const char *string_end(const char *at, const char *end) {
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\' && end - at > 1;
    return at < end ? at + 1 : end;
}

static void scan_text(scan *s, const char *at, const char *end) {
    while (at < end) {
        if (*at != '"') {
            step(s, *at++);
            continue;
        }
        const char *behind = string_end(at, end);
        level *top = s->depth ? &s->levels[s->depth - 1] : NULL;
        if (top && top->object && !top->named) {
            top->name = (ath_str){at, (size_t)(behind - at)};
            top->named = true;
        }
        at = behind;
    }
}

/* What a name says, its escapes read. */
static bool read_name(ath_input *in, ath_str written, ath__in_at *out) {
    json_t *name = json_loadb(written.data, written.size, JSON_DECODE_ANY, NULL);
    if (name) {
        out->size = json_string_length(name);
        out->name = ath__arena_strn(&in->arena, json_string_value(name), out->size);
    }
    json_decref(name);
    if (!out->name)
        ath__fail_memory(&in->error);
    return out->name != NULL;
}

static const ath__in_at *chain(ath_input *in, const scan *s) {
    const ath__in_at *up = NULL;
    for (size_t i = 0; i < s->depth; i++) {
        const level *l = &s->levels[i];
        ath__in_at *at = ath__arena_zero(&in->arena, sizeof *at);
        if (!at) {
            ath__fail_memory(&in->error);
            return NULL;
        }
        at->up = up;
        at->index = l->index;
        if (l->object && !read_name(in, l->name, at))
            return NULL;
        up = at;
    }
    return up;
}

const ath__in_at *ath__doc_place(ath_input *in, const ath__doc *doc, size_t offset) {
    scan s = {.room = in->opts.max_depth};
    s.levels = ath__arena_zero(&in->arena, s.room * sizeof *s.levels);
    if (!s.levels) {
        ath__fail_memory(&in->error);
        return NULL;
    }
    scan_text(&s, doc->text, doc->text + offset);
    return chain(in, &s);
}
