/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: the document under a node as text again, for columns of JSON: in one line, its numbers as they came.
 */
#include "json/input.h"
#include "json/json.h"

#include <jansson.h>

typedef struct writing {
    ath_input *in;
    ath__json j;
} writing;

static bool add_node(writing *w, const ath__in_at *at, const void *tree);

/* No database's JSON holds a NUL that its text types would take. */
static bool add_string(writing *w, const ath__in_at *at, const char *text, size_t size) {
    if (memchr(text, '\0', size))
        return ath__in_problem(w->in, at, "nul", "it may not hold a NUL character");
    return ath__json_string(&w->j, text, size, &w->in->error) == ATH_OK;
}

static bool add_object(writing *w, const ath__in_at *up, const void *tree) {
    json_t *members = (json_t *)(uintptr_t)tree, *value; /* iterators of jansson want it so */
    const char *name;
    bool fine = true;
    ath__json_open(&w->j, '{');
    json_object_foreach(members, name, value) {
        ath__in_at at = {.up = up, .name = name, .size = strlen(name)};
        ath__json_key(&w->j, name);
        fine = add_node(w, &at, value) && fine;
    }
    ath__json_close(&w->j, '}');
    return fine;
}

static bool add_array(writing *w, const ath__in_at *up, const void *tree) {
    bool fine = true;
    ath__json_open(&w->j, '[');
    for (size_t i = 0; i < json_array_size(tree); i++) {
        ath__in_at at = {.up = up, .index = i};
        ath__json_item(&w->j);
        fine = add_node(w, &at, json_array_get(tree, i)) && fine;
    }
    ath__json_close(&w->j, ']');
    return fine;
}

/* As deep as the text may be nested. */
static bool add_node(writing *w, const ath__in_at *at, const void *tree) {
    ath__node node = ath__node_of(w->in->doc, tree);
    switch (node.kind) {
    case ATH__NODE_OBJECT:
        return add_object(w, at, tree);
    case ATH__NODE_ARRAY:
        return add_array(w, at, tree);
    case ATH__NODE_STRING:
        return add_string(w, at, node.text.data, node.text.size);
    case ATH__NODE_NUMBER:
        ath__buf_add(&w->j.buf, node.text.data, node.text.size);
        return true;
    default:
        ath__json_raw(&w->j, node.kind == ATH__NODE_NULL ? "null" : node.yes ? "true" : "false");
        return true;
    }
}

bool ath__in_document(ath_input *in, const ath__in_at *at, const ath__node *node, ath_str *out) {
    writing w = {.in = in};
    ath__json_begin(&w.j, in->allocator, 0);
    bool fine = add_node(&w, at, node->tree);
    size_t size = ath__json_size(&w.j);
    char *text = ath__json_finish(&w.j, &in->error), *kept = text ? ath__arena_strn(&in->arena, text, size) : NULL;
    ath_json_free(text);
    if (text && !kept)
        ath__fail_memory(&in->error);
    *out = (ath_str){kept, size};
    return fine && kept;
}
