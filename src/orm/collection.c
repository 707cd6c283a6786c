/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: collections, the vectors in the fields of relations to many.
 *
 * A vector that the object's image has too is never written: the first change makes a copy with room to grow, which
 * belongs to the object.  So the difference between a vector and its image is what the program has done, a rollback only
 * puts pointers back, and a walk over a loaded vector may take out of the relation what it comes by.
 */
#include "orm/unit.h"

/* In front of the items of every vector: `owner` only when `capacity` is not 0, `capacity` and `length` always. */
typedef struct collection {
    const void *owner;
    size_t capacity, length;
    void *items[];
} collection;

static collection *collection_of(void **items) {
    return (collection *)((uintptr_t)items - offsetof(collection, items));
}

static bool is_own(const ath__mapper *m, void *object, const ath__relation *r, void **items) {
    return items != ath__field_before(m, object, r) && collection_of(items)->capacity &&
           collection_of(items)->owner == object;
}

bool ath__collection_has(void *const *items, const void *object) {
    for (size_t i = ath_len(items); i-- > 0;)
        if (items[i] == object)
            return true;
    return false;
}

/* The object's own vector, with room for `more`; NULL when memory ran out. */
static collection *own(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r, size_t more) {
    void **field = ath__field_at(object, r), **items = *field;
    size_t length = ath_len(items), capacity = (length + more) * 2 > 6 ? (length + more) * 2 : 6;
    if (items && is_own(m, object, r, items) && length + more <= collection_of(items)->capacity)
        return collection_of(items);
    collection *c = ath__arena_alloc(&s->arena, sizeof *c + (capacity + 1) * sizeof *c->items);
    if (!c) {
        ath__session_no_memory(s);
        return NULL;
    }
    *c = (collection){.owner = object, .capacity = capacity, .length = length};
    for (size_t i = 0; i < length; i++)
        c->items[i] = items[i];
    c->items[length] = NULL;
    *field = c->items;
    return c;
}

ath_status ath__collection_add(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                               void *other) {
    collection *c = own(s, m, object, r, 1);
    if (!c)
        return s->error.status;
    c->items[c->length++] = other;
    c->items[c->length] = NULL;
    return ATH_OK;
}

ath_status ath__collection_filter(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                                  ath__keep_fn keep, const void *context) {
    void **items = *ath__field_at(object, r);
    size_t length = ath_len(items), kept = 0;
    while (kept < length && keep(context, items[kept]))
        kept++;
    if (kept == length)
        return ATH_OK;
    collection *c = own(s, m, object, r, 0);
    if (!c)
        return s->error.status;
    for (size_t i = kept + 1; i < length; i++)
        if (keep(context, c->items[i]))
            c->items[kept++] = c->items[i];
    c->length = kept;
    c->items[kept] = NULL;
    return ATH_OK;
}

static bool is_another(const void *context, const void *item) {
    return item != context;
}

ath_status ath__collection_remove(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                                  const void *other) {
    return ath__collection_filter(s, m, object, r, is_another, other);
}

/* ---- differences ---- */

static int by_address(const void *a, const void *b) {
    uintptr_t x = (uintptr_t) * (void *const *)a, y = (uintptr_t) * (void *const *)b;
    return (x > y) - (x < y);
}

/* Those of `items` that are not among the sorted others, each once. */
static size_t without(void *const *items, size_t count, void *const *others, size_t other_count, void **out) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!other_count || !bsearch(&items[i], others, other_count, sizeof *others, by_address))
            out[n++] = items[i];
    return n;
}

static void sort_copy(void **out, void *const *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        out[i] = items[i];
    if (count > 1)
        qsort(out, count, sizeof *out, by_address);
}

ath_status ath__difference_of(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                              ath__difference *d) {
    *d = (ath__difference){0};
    void **now = *ath__field_at(object, r), **before = ath__field_before(m, object, r);
    if (now == before)
        return ATH_OK;
    void *one_now[1], *one_before[1];
    size_t count = ath_len(now), old_count = ath_len(before), same = 0;
    if (!ath__relation_is_many(r)) {
        one_now[0] = now;
        one_before[0] = before;
        count = now != NULL;
        old_count = before != NULL;
        now = one_now;
        before = one_before;
    }
    while (same < count && same < old_count && now[same] == before[same])
        same++;
    count -= same;
    old_count -= same;
    d->capacity = 2 * (count + old_count);
    d->added = ath__alloc(s->allocator, (d->capacity + 1) * sizeof *d->added);
    if (!d->added)
        return ath__session_no_memory(s);
    d->removed = d->added + count;
    void **sorted = d->removed + old_count;
    sort_copy(sorted, before + same, old_count);
    d->added_count = without(now + same, count, sorted, old_count, d->added);
    sort_copy(sorted, now + same, count);
    d->removed_count = without(before + same, old_count, sorted, count, d->removed);
    return ATH_OK;
}

void ath__difference_done(const ath_session *s, ath__difference *d) {
    ath__free(s->allocator, d->added, d->added ? (d->capacity + 1) * sizeof *d->added : 0);
    *d = (ath__difference){0};
}
