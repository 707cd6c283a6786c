/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: pairs of parent and child become what the program sees: pointers, and vectors that the session owns.
 *
 * The vectors of one relation lie side by side in one piece of memory.  An object's image gets the same pointers, so
 * that what was loaded is no change.
 */
#include "orm/loading.h"

/* ---- pairs ---- */

static bool reserve(ath__loading *l, ath__node *n) {
    if (n->pair_count < n->pair_capacity)
        return true;
    size_t capacity = n->pair_capacity ? n->pair_capacity * 2 : 64;
    ath__pair *larger =
        ath__realloc(l->s->allocator, n->pairs, n->pair_capacity * sizeof *larger, capacity * sizeof *larger);
    if (!larger)
        return false;
    n->pairs = larger;
    n->pair_capacity = capacity;
    return true;
}

/* Whether a row has said this already: another relation's rows repeat it. */
static ath_status is_repeated(ath__loading *l, ath__node *n, uint32_t parent, uint32_t child, bool *repeated) {
    if (n->single) {
        *repeated = n->link->relation->kind == ATH_BELONGS_TO ? !n->parent->is_new : !n->is_new;
        return ATH_OK;
    }
    ath__keymap *pairs = ath__node_is_joined(n) ? &n->pair_set : &n->seen;
    const ath_value key = {.kind = ATH_KIND_INT, .as.u = (uint64_t)parent << 32 | child};
    if (!pairs->allocator)
        ath__keymap_init(pairs, l->s->allocator, 1);
    size_t count = pairs->count, number = ath__keymap_add(pairs, &key);
    *repeated = number < count;
    return number == ATH__NO_KEY ? ath__session_no_memory(l->s) : ATH_OK;
}

ath_status ath__pair_add(ath__loading *l, ath__node *n, uint32_t parent, uint32_t child) {
    bool repeated = false;
    if (ath__node_is_joined(n) || n->repeats)
        ATH_TRY(is_repeated(l, n, parent, child, &repeated));
    if (repeated)
        return ATH_OK;
    if (!reserve(l, n))
        return ath__session_no_memory(l->s);
    n->pairs[n->pair_count++] = (ath__pair){parent, child, n->sort_key};
    return ATH_OK;
}

/* ---- fields ---- */

static void **field_of(const ath__node *n, void *object) {
    return (void **)(void *)((char *)object + n->link->relation->offset);
}

bool ath__load_is_open(const ath__loading *l, const ath__node *n, void *parent) {
    if (l->read_only)
        return true;
    const ath__mapper *m = n->parent->m;
    if (ath__head_of(parent)->state != ATH_STATE_PERSISTENT || ath__relation_changed(m, parent, n->link->relation))
        return false;
    return l->overwrite || !ath__is_loaded(m, parent, n->link->relation);
}

static void set_field(const ath__loading *l, const ath__node *n, void *parent, void *value) {
    *field_of(n, parent) = value;
    if (l->read_only)
        return;
    const ath__mapper *m = n->parent->m;
    memcpy((char *)ath__image_of(m, parent) + n->link->relation->offset, &value, sizeof value);
    if ((!n->clause || !n->clause->where_) && n->strategy != ATH_LOAD_NONE) /* some of them are not all of them */
        ath__set_loaded(m, parent, n->link->relation, true);
}

/* The number of a parent's key: what pairs speak of.  Parents without one have the number behind the last. */
static size_t key_number(const ath__node *n, size_t parent) {
    return n->keys ? n->keys[parent] : parent;
}

static size_t key_count(const ath__node *n) {
    return n->keys ? n->key_count : n->parent->objects.count;
}

/* ---- one ---- */

/* Of several rows the first counts. */
static void choose_one(ath__node *n, void **one) {
    for (size_t i = n->pair_count; i-- > 0;)
        one[n->pairs[i].parent] = n->objects.vector->items[n->pairs[i].child];
}

/* ---- many ---- */

enum { UNWANTED = UINT32_MAX };

static size_t count_children(const ath__node *n, const bool *open, uint32_t *counts) {
    size_t cells = 0;
    memset(counts, 0xff, (key_count(n) + 1) * sizeof *counts); /* UNWANTED */
    for (size_t i = 0; i < n->parent->objects.count; i++)
        if (open[i] && counts[key_number(n, i)] == UNWANTED) {
            counts[key_number(n, i)] = 0;
            cells += 2;
        }
    for (size_t i = 0; i < n->pair_count; i++)
        if (counts[n->pairs[i].parent] != UNWANTED) {
            counts[n->pairs[i].parent]++;
            cells++;
        }
    return cells;
}

/* Empty vectors with room for their children: a length in front, a NULL behind. */
static void lay_vectors(const ath__node *n, const uint32_t *counts, void **memory, void **vectors) {
    const size_t length = 0;
    for (size_t k = 0; k <= key_count(n); k++) {
        if (counts[k] == UNWANTED)
            continue;
        memcpy(memory, &length, sizeof length);
        vectors[k] = memory + 1;
        memory[1 + counts[k]] = NULL;
        memory += counts[k] + 2;
    }
}

static void fill_vectors(const ath__node *n, const uint32_t *counts, void *const *vectors) {
    for (size_t i = 0; i < n->pair_count; i++) {
        if (counts[n->pairs[i].parent] == UNWANTED)
            continue;
        void **vector = vectors[n->pairs[i].parent];
        size_t length;
        memcpy(&length, vector - 1, sizeof length);
        vector[length++] = n->objects.vector->items[n->pairs[i].child];
        memcpy(vector - 1, &length, sizeof length);
    }
}

static ath_status make_vectors(ath__loading *l, ath__node *n, const bool *open, void **vectors) {
    uint32_t *counts = ath__alloc(l->s->allocator, (key_count(n) + 1) * sizeof *counts);
    if (!counts)
        return ath__session_no_memory(l->s);
    size_t cells = count_children(n, open, counts);
    void **memory = cells ? ath__arena_alloc(l->memory, cells * sizeof *memory) : NULL;
    if (memory) {
        lay_vectors(n, counts, memory, vectors);
        fill_vectors(n, counts, vectors);
    }
    ath__free(l->s->allocator, counts, (key_count(n) + 1) * sizeof *counts);
    return memory || !cells ? ATH_OK : ath__session_no_memory(l->s);
}

/* ---- both ---- */

static ath_status attach(ath__loading *l, ath__node *n, bool *open, void **values) {
    for (size_t i = 0; i < n->parent->objects.count; i++)
        open[i] = ath__load_is_open(l, n, n->parent->objects.vector->items[i]);
    ATH_TRY(ath__load_sort(l, n));
    if (ath__relation_is_many(n->link->relation))
        ATH_TRY(make_vectors(l, n, open, values));
    else
        choose_one(n, values);
    for (size_t i = 0; i < n->parent->objects.count; i++)
        if (open[i])
            set_field(l, n, n->parent->objects.vector->items[i], values[key_number(n, i)]);
    return ATH_OK;
}

ath_status ath__load_attach(ath__loading *l, ath__node *n) {
    size_t parents = n->parent->objects.count, keys = key_count(n) + 1;
    if (!parents)
        return ATH_OK;
    bool *open = ath__alloc(l->s->allocator, parents * sizeof *open);
    void **values = ath__alloc_zero(l->s->allocator, keys, sizeof *values);
    ath_status status = open && values ? attach(l, n, open, values) : ath__session_no_memory(l->s);
    ath__free(l->s->allocator, open, parents * sizeof *open);
    ath__free(l->s->allocator, values, keys * sizeof *values);
    return status;
}
