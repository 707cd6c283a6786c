/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, placeholders that are shared.
 *
 * `SELECT n % $1 ... GROUP BY n % $2` groups by another expression than it selects, as far as PostgreSQL can tell before
 * it has the values.  So in a SELECT with GROUP BY, DISTINCT or DISTINCT ON, an expression that equals one of those that
 * group (an anchor), values and all, is written with the anchor's placeholders: `GROUP BY n % $1`.
 *
 * The text then depends on which values are equal, and texts are found again by the key.  Therefore the key of such a
 * SELECT says of each literal which value before it is the same (key.c, equality): a run in which they differ has
 * another key.  Whole expressions are compared, never values alone: in `a + $1, b * $2` an equal value is of no use,
 * and might be of two types.
 */
#include "sql/compiler.h"

/* ---- comparing ---- */

static bool walk(ath__compiler *c, const ath_expr *e, ath__key *out) {
    ath__key_init(out, c->arena->allocator);
    out->whole_arrays = c->key && c->key->whole_arrays;
    if (ath__key_expr(out, e))
        return true;
    c->out.failed = c->out.failed || out->no_memory;
    ath__key_done(out);
    return false;
}

static bool same_key(const ath__key *a, const ath__key *b) {
    bool same = a->word_count == b->word_count && a->value_count == b->value_count &&
                memcmp(a->words, b->words, a->word_count * sizeof *a->words) == 0;
    for (size_t i = 0; same && i < a->value_count; i++)
        same = ath__same_value(&a->values[i], a->owners[i], &b->values[i], b->owners[i]);
    return same;
}

bool ath__same_expr(ath__compiler *c, const ath_expr *a, const ath_expr *b) {
    ath__key x, y;
    if (!walk(c, a, &x))
        return false;
    bool same = walk(c, b, &y);
    if (same) {
        same = same_key(&x, &y);
        ath__key_done(&y);
    }
    ath__key_done(&x);
    return same;
}

/* ---- anchors ---- */

/* Which value of the statement a node gave; the first, when the caller has put one node into several places. */
static uint32_t value_of(const ath__compiler *c, const void *owner) {
    for (size_t i = 0; i < c->key->value_count; i++)
        if (c->key->owners[i] == owner)
            return (uint32_t)i;
    return UINT32_MAX;
}

/* False when one of them is not in the statement: the model keeps it, and it is written. */
static bool values_of(ath__compiler *c, const ath__key *key, uint32_t *values) {
    for (size_t i = 0; i < key->value_count; i++) {
        values[i] = value_of(c, key->owners[i]);
        if (values[i] == UINT32_MAX)
            return false;
    }
    return true;
}

static void keep_anchor(ath__compiler *c, const ath_expr *e, const ath__key *key, ath__anchors *out) {
    uint64_t *words = ath__arena_alloc(c->arena, key->word_count * sizeof *words);
    uint32_t *values = ath__arena_alloc(c->arena, key->value_count * sizeof *values);
    size_t capacity = out->capacity ? out->capacity * 2 : 8;
    ath__anchor *items = out->items;
    if (out->count == out->capacity) {
        items = ath__arena_alloc(c->arena, capacity * sizeof *items);
        if (items && out->count)
            memcpy(items, out->items, out->count * sizeof *items);
        out->capacity = capacity;
    }
    if (!words || !values || !items) {
        out->count = 0;
        out->capacity = 0;
        c->out.failed = true;
        return;
    }
    out->items = items;
    memcpy(words, key->words, key->word_count * sizeof *words);
    if (values_of(c, key, values))
        out->items[out->count++] = (ath__anchor){e, words, key->word_count, values, key->value_count};
}

/* An expression is an anchor when it has values, but not when it is one: `1` may stand beside anything. */
static void add_anchor(ath__compiler *c, const ath_expr *e, ath__anchors *out, int depth) {
    ath__key key;
    while (e && e->node == ATH_NODE_LABEL)
        e = e->args[0];
    if (!e || e->node == ATH_NODE_LITERAL || e->node == ATH_NODE_COLUMN || depth > ATH__COMPILE_DEPTH)
        return;
    if (e->node == ATH_NODE_GROUPING || e->node == ATH_NODE_TUPLE) {
        for (uint32_t i = 0; i < e->count; i++)
            add_anchor(c, e->args[i], out, depth + 1);
        return;
    }
    if (!walk(c, e, &key))
        return;
    if (key.value_count)
        keep_anchor(c, e, &key, out);
    ath__key_done(&key);
}

static void add_anchors(ath__compiler *c, ath_expr_list list, ath__anchors *out) {
    for (size_t i = 0; i < list.count; i++)
        add_anchor(c, list.items[i], out, 0);
}

const ath__anchors *ath__share_anchors(ath__compiler *c, const ath_select_stmt *s, ath__anchors *out) {
    *out = (ath__anchors){.outer = c->anchors};
    if (!c->key || !c->key->shares || !c->key->value_count)
        return c->anchors;
    add_anchors(c, s->group_by, out);
    add_anchors(c, s->distinct_on, out);
    if (s->distinct)
        add_anchors(c, s->columns, out);
    if (!out->count)
        return c->anchors;
    size_t size = c->key->value_count * sizeof *c->shared;
    if (!c->shared) {
        c->shared = ath__arena_zero(c->arena, size);
        c->placed = ath__arena_zero(c->arena, size);
        if (!c->shared || !c->placed)
            c->shared = NULL;
        c->out.failed = c->out.failed || !c->shared;
    }
    return c->shared ? out : c->anchors;
}

/* ---- sharing ---- */

static void share(ath__compiler *c, const ath__anchor *anchor, const ath__key *key) {
    for (size_t i = 0; i < key->value_count; i++) {
        uint32_t first = anchor->values[i], other = value_of(c, key->owners[i]);
        if (other == UINT32_MAX)
            return;
        if (!c->shared[first])
            c->shared[first] = first + 1;
        if (!c->shared[other])
            c->shared[other] = c->shared[first];
    }
}

static bool may_be(const ath_expr *a, const ath_expr *b) {
    return a->node == b->node && a->op == b->op && a->count == b->count;
}

static void note(ath__compiler *c, const ath__anchor *anchor, const ath_expr *e) {
    ath__key key;
    if (!walk(c, e, &key))
        return;
    bool same = key.word_count == anchor->word_count && key.value_count == anchor->value_count &&
                memcmp(key.words, anchor->words, key.word_count * sizeof *key.words) == 0;
    for (size_t i = 0; same && i < key.value_count; i++) {
        uint32_t first = anchor->values[i];
        same = ath__same_value(&c->key->values[first], c->key->owners[first], &key.values[i], key.owners[i]);
    }
    if (same)
        share(c, anchor, &key);
    ath__key_done(&key);
}

void ath__share_note(ath__compiler *c, const ath_expr *e) {
    if (!c->key)
        return;
    for (const ath__anchors *anchors = c->anchors; anchors; anchors = anchors->outer)
        for (size_t i = 0; i < anchors->count; i++)
            if (may_be(anchors->items[i].e, e))
                note(c, &anchors->items[i], e);
}

static bool same_type(const ath_type *a, const ath_type *b) {
    return a->sql == b->sql && a->length == b->length && a->precision == b->precision && a->scale == b->scale &&
           a->is_unsigned == b->is_unsigned && a->form == b->form && a->names == b->names && a->details == b->details;
}

size_t ath__share_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how) {
    if (!c->key || value >= c->key->value_count)
        return SIZE_MAX;
    uint32_t first = value_of(c, c->key->owners[value]);
    if (first == UINT32_MAX || !c->shared[first])
        return SIZE_MAX;
    uint32_t *placed = &c->placed[c->shared[first] - 1];
    if (!*placed) {
        *placed = (uint32_t)c->bind_count + 1;
        return SIZE_MAX;
    }
    const ath__bind *bind = &c->binds[*placed - 1];
    bool fits = bind->type.sql == ATH_SQL_INFER || type->sql == ATH_SQL_INFER || same_type(&bind->type, type);
    return fits && bind->how == how ? *placed - 1 : SIZE_MAX;
}
