/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: pairs of parent and child become what the program sees: pointers, and vectors that the session owns.
 *
 * The vectors of one relation lie side by side in one piece of memory.  An object's image gets the same pointers, so
 * that what was loaded is no change.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* ---- pairs ---- */

static bool reserve(ath__loading *l, ath__node *n) {
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
    if (n->sorts && !ath__load_sort_note(l, n, parent))
        return ath__session_no_memory(l->s);
    n->paired++;
    ath__pair *last = n->pair_count ? &n->pairs[n->pair_count - 1] : NULL;
    if (last && last->parent == parent && last->child + last->count == child) {
        last->count++;
        return ATH_OK;
    }
    if ((!n->pairs || n->pair_count == n->pair_capacity) && !reserve(l, n))
        return ath__session_no_memory(l->s);
    n->pairs[n->pair_count++] = (ath__pair){parent, child, 1};
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
    uint8_t state = ath__head_of(parent)->state; /* a cascade reads what belongs to deleted objects */
    if (state != ATH_STATE_PERSISTENT && !(state == ATH_STATE_DELETED && l->s->flushing))
        return false;
    if (ath__relation_changed(m, parent, n->link->relation))
        return false;
    return l->overwrite || !ath__is_loaded(m, parent, n->link->relation);
}

/* By a foreign key that was set by hand, which a rollback puts back. */
static bool follows_column(const ath__mapper *m, void *object, const ath__relation *r) {
    const ath__link *link = &m->links[r->position];
    return ath__link_is_belongs_to(link) && ath__columns_set_by_hand(m, object, link->local, link->count);
}

/* What is read where this transaction has written may not be there after a rollback: then it is undone too. */
static ath_status set_both(const ath__loading *l, const ath__mapper *m, void *object, const ath__relation *r,
                           void *value) {
    if (l->s->journal_count || follows_column(m, object, r))
        ATH_TRY(ath__journal_add(l->s, ATH__UNDO_UPDATE, m, object));
    *ath__field_at(object, r) = value;
    *ath__field_at(ath__image_of(m, object), r) = value;
    return ATH_OK;
}

static bool set_fresh(const ath__loading *l, const ath__node *n, void *object, const ath__relation *r, void *value) {
    if (l->read_only || !ath__node_is_fresh(n, object) || l->s->journal_count)
        return false;
    *ath__field_at(object, r) = value;
    *ath__field_at(ath__image_of(n->m, object), r) = value;
    return true;
}

static ath_status set_field(const ath__loading *l, const ath__node *n, void *parent, void *value) {
    const ath__mapper *m = n->parent->m;
    const ath__relation *r = n->link->relation;
    if (l->read_only) {
        *field_of(n, parent) = value;
        return ATH_OK;
    }
    if (!set_fresh(l, n->parent, parent, r, value))
        ATH_TRY(set_both(l, m, parent, r, value));
    if ((!n->clause || !n->clause->where_) && n->strategy != ATH_LOAD_NONE) /* some of them are not all of them */
        ath__set_loaded(m, parent, r, true);
    return ATH_OK;
}

/* The children's way back is known as well. */
static ath_status set_back(const ath__loading *l, const ath__node *n, const ath__link *back, void *child,
                           void *parent) {
    const ath__relation *r = back->relation;
    if (l->read_only) {
        *ath__field_at(child, r) = parent;
        return ATH_OK;
    }
    if (ath__node_is_fresh(n, child) && ath__is_loaded(n->m, child, r))
        return ATH_OK;
    if (set_fresh(l, n, child, r, parent)) {
        ath__set_loaded(n->m, child, r, true);
        return ATH_OK;
    }
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT || ath__is_loaded(n->m, child, r) ||
        ath__relation_changed(n->m, child, r) ||
        ath__columns_set_by_hand(n->m, child, back->local, back->count)) /* it goes elsewhere */
        return ATH_OK;
    ATH_TRY(set_both(l, n->m, child, r, parent));
    ath__set_loaded(n->m, child, r, true);
    return ATH_OK;
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
            cells += 3;
        }
    const ath__pair *pairs = n->pairs;
    for (size_t i = 0, count = n->pair_count; i < count; i++)
        if (counts[pairs[i].parent] != UNWANTED) {
            counts[pairs[i].parent] += pairs[i].count;
            cells += pairs[i].count;
        }
    return cells;
}

/* Empty vectors with room for their children: capacity (none: see collection.c) and length in front, a NULL behind. */
static void lay_vectors(const ath__node *n, const uint32_t *counts, void **memory, void **vectors) {
    const size_t none[2] = {0, 0};
    for (size_t k = 0; k <= key_count(n); k++) {
        if (counts[k] == UNWANTED)
            continue;
        memcpy(memory, none, sizeof none);
        vectors[k] = memory + 2;
        memory[2 + counts[k]] = NULL;
        memory += counts[k] + 3;
    }
}

static void fill_vectors(const ath__node *n, const uint32_t *counts, void *const *vectors) {
    void *const *objects = n->objects.vector->items;
    for (size_t i = 0; i < n->pair_count; i++) {
        const ath__pair *p = &n->pairs[i];
        if (counts[p->parent] == UNWANTED)
            continue;
        void **vector = vectors[p->parent];
        size_t length;
        memcpy(&length, vector - 1, sizeof length);
        memcpy(vector + length, objects + p->child, p->count * sizeof *vector);
        length += p->count;
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
        if (n->pair_count)
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
            ATH_TRY(set_field(l, n, n->parent->objects.vector->items[i], values[key_number(n, i)]));
    return ATH_OK;
}

/* A key has one parent here, for it is the parent's own. */
static ath_status attach_back(ath__loading *l, ath__node *n, void **parents) {
    const ath__link *back = ath__link_inverse(n->m, n->link);
    if (!back || n->link->secondary || ath__link_is_belongs_to(n->link))
        return ATH_OK;
    for (size_t i = 0; i < n->parent->objects.count; i++)
        parents[key_number(n, i)] = n->parent->objects.vector->items[i];
    for (size_t i = 0; i < n->pair_count; i++) {
        const ath__pair *p = &n->pairs[i];
        for (uint32_t k = 0; k < p->count; k++)
            ATH_TRY(set_back(l, n, back, n->objects.vector->items[p->child + k], parents[p->parent]));
    }
    return ATH_OK;
}

ath_status ath__load_attach(ath__loading *l, ath__node *n) {
    size_t parents = n->parent->objects.count, keys = key_count(n) + 1;
    if (!parents)
        return ATH_OK;
    bool *open = ath__alloc(l->s->allocator, parents * sizeof *open);
    void **values = ath__alloc_zero(l->s->allocator, keys, sizeof *values);
    ath_status status = open && values ? attach(l, n, open, values) : ath__session_no_memory(l->s);
    if (status == ATH_OK && values)
        status = attach_back(l, n, values);
    ath__free(l->s->allocator, open, parents * sizeof *open);
    ath__free(l->s->allocator, values, keys * sizeof *values);
    return status;
}
