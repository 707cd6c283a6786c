/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, follow: where one thing says it, memory follows: foreign keys that were set by hand, and children that came to
 * another parent by a relation without a way back.
 *
 * The pointer, and the vectors that are loaded, become what the columns say, and so do their images: it is the column
 * that is written, and what follows it is no change.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* ---- children that come and go, many at once ---- */

ath_status ath__moves_add(ath__moves *g, void *parent, void *child, bool came) {
    if (g->count == g->capacity) {
        size_t capacity = g->capacity ? g->capacity * 2 : 16;
        ath__move *larger =
            ath__realloc(g->s->allocator, g->items, g->capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(g->s);
        g->items = larger;
        g->capacity = capacity;
    }
    g->items[g->count] = (ath__move){.parent = parent, .child = child, .number = g->count, .came = came};
    g->count++;
    return ATH_OK;
}

static int by_parent(const void *a, const void *b) {
    const ath__move *x = a, *y = b;
    uintptr_t p = (uintptr_t)x->parent, q = (uintptr_t)y->parent;
    return p != q ? (p > q ? 1 : -1) : (x->number > y->number) - (x->number < y->number);
}

static int by_address(const void *a, const void *b) {
    uintptr_t x = (uintptr_t) * (void *const *)a, y = (uintptr_t) * (void *const *)b;
    return (x > y) - (x < y);
}

static bool is_among(const ath__sorted *set, const void *object) {
    return set->count && bsearch(&object, set->items, set->count, sizeof *set->items, by_address);
}

static bool stays(const void *context, const void *item) {
    return !is_among(context, item);
}

/* One parent's moves, on what its field holds now. */
static ath_status revise(const ath__moves *g, void *parent, const ath__move *run, size_t count, void **room) {
    const ath__relation *r = g->link->relation;
    void **field = ath__field_at(parent, r);
    ath__sorted set = {room, 0};
    for (size_t i = 0; i < count; i++)
        if (!run[i].came)
            set.items[set.count++] = run[i].child;
    if (!ath__relation_is_many(r)) {
        for (size_t i = 0; i < count; i++)
            if (run[i].came || *field == run[i].child)
                *field = run[i].came ? run[i].child : NULL;
        return ATH_OK;
    }
    if (set.count) {
        qsort(set.items, set.count, sizeof *set.items, by_address);
        ATH_TRY(ath__collection_filter(g->s, g->parents, parent, r, stays, &set));
    }
    set.count = ath_len(*field); /* `room` has as much */
    for (size_t i = 0; i < set.count; i++)
        set.items[i] = ((void **)*field)[i];
    qsort(set.items, set.count, sizeof *set.items, by_address);
    for (size_t i = 0; i < count; i++)
        if (run[i].came && !is_among(&set, run[i].child))
            ATH_TRY(ath__collection_add(g->s, g->parents, parent, r, run[i].child));
    return ATH_OK;
}

/* Of the field and of its image, which may differ already. */
static ath_status revise_both(const ath__moves *g, void *parent, const ath__move *run, size_t count, void **room) {
    const ath__relation *r = g->link->relation;
    void **field = ath__field_at(parent, r), **image = ath__field_at(ath__image_of(g->parents, parent), r);
    void *now = *field, *before = *image;
    if (!g->quiet) {
        ATH_TRY(revise(g, parent, run, count, room));
        return now == *field ? ATH_OK : ath__unit_change(g->s, g->parents, parent);
    }
    ATH_TRY(ath__journal_add(g->s, ATH__UNDO_UPDATE, g->parents, parent));
    if (before || ath__is_loaded(g->parents, parent, r)) {
        *field = before;
        ATH_TRY(revise(g, parent, run, count, room));
        *image = *field;
        if (now == before)
            return ATH_OK;
        *field = now;
    }
    return now || !ath__relation_is_many(r) ? revise(g, parent, run, count, room) : ATH_OK;
}

static ath_status apply_run(const ath__moves *g, const ath__move *run, size_t count) {
    void *parent = run[0].parent;
    const ath__relation *r = g->link->relation;
    size_t most = count;
    if (ath__relation_is_many(r))
        most += ath_len(*ath__field_at(parent, r)) + ath_len(ath__field_before(g->parents, parent, r));
    void **room = ath__alloc(g->s->allocator, most * sizeof *room);
    ath_status status = room ? revise_both(g, parent, run, count, room) : ath__session_no_memory(g->s);
    ath__free(g->s->allocator, room, most * sizeof *room);
    return status;
}

ath_status ath__moves_apply(ath__moves *g) {
    ath_status status = ATH_OK;
    if (g->count > 1)
        qsort(g->items, g->count, sizeof *g->items, by_parent);
    for (size_t i = 0, n = 0; status == ATH_OK && i < g->count; i += n) {
        for (n = 1; i + n < g->count && g->items[i + n].parent == g->items[i].parent;)
            n++;
        status = apply_run(g, g->items + i, n);
    }
    ath__free(g->s->allocator, g->items, g->capacity * sizeof *g->items);
    g->items = NULL;
    g->count = g->capacity = 0;
    return status;
}

/* ---- foreign keys set by hand ---- */

/* Children and parents of one relation; either side may have no field. */
typedef struct hand {
    ath_session *s;
    ath__mapper *children, *parents;
    const ath__link *up, *down;
    const ath__column *const *from, *const *to; /* columns of the child, and those that they refer to */
    size_t count;
    ath__moves moves;
} hand;

bool ath__columns_set_by_hand(const ath__mapper *m, void *object, const ath__column *const *columns, size_t count) {
    const char *image = ath__image_of(m, object);
    if (ath__head_of(object)->state == ATH_STATE_PENDING)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!ath__field_equal(columns[i]->ctype, columns[i]->size, (char *)object + columns[i]->offset,
                              image + columns[i]->offset))
            return true;
    return false;
}

static bool is_open(const hand *h, const void *parent) {
    const ath__relation *r = h->down->relation;
    return *ath__field_at(parent, r) || ath__is_loaded(h->parents, parent, r);
}

static ath_status note(hand *h, void *parent, void *child, bool came) {
    return parent && h->down && is_open(h, parent) ? ath__moves_add(&h->moves, parent, child, came) : ATH_OK;
}

static ath_status point(hand *h, void *child, void *parent, bool known) {
    const ath__relation *r = h->up->relation;
    if (*ath__field_at(child, r) == parent && ath__is_loaded(h->children, child, r) == known)
        return ATH_OK;
    ATH_TRY(ath__journal_add(h->s, ATH__UNDO_UPDATE, h->children, child));
    *ath__field_at(child, r) = parent;
    *ath__field_at(ath__image_of(h->children, child), r) = parent;
    ath__set_loaded(h->children, child, r, known);
    return ATH_OK;
}

/* A pointer that was assigned wins over the columns. */
static ath_status follow(hand *h, void *child) {
    bool none = false, ignored;
    if (h->up && *ath__field_at(child, h->up->relation) != ath__field_before(h->children, child, h->up->relation))
        return ATH_OK;
    if (!ath__columns_set_by_hand(h->children, child, h->from, h->count))
        return ATH_OK;
    const void *image = ath__image_of(h->children, child);
    void *former = ath__sync_find(h->s, h->parents, h->from, h->to, h->count, image, &ignored);
    void *now = ath__sync_find(h->s, h->parents, h->from, h->to, h->count, child, &none);
    if (h->up)
        ATH_TRY(point(h, child, now, now || none));
    if (former == now)
        return ATH_OK;
    ATH_TRY(note(h, former, child, false));
    return note(h, now, child, true);
}

/* New objects come to the parent whose key they were given. */
static ath_status follow_new(hand *h, void *child) {
    bool none;
    if (h->up && *ath__field_at(child, h->up->relation))
        return ATH_OK;
    void *now = ath__sync_find(h->s, h->parents, h->from, h->to, h->count, child, &none);
    if (!now)
        return ATH_OK;
    if (h->up)
        *ath__field_at(child, h->up->relation) = now;
    return h->up ? ATH_OK : note(h, now, child, true);
}

static ath_status follow_all(hand *h) {
    ath__mapper *m = h->children;
    ath_status status = ATH_OK;
    h->moves = (ath__moves){.s = h->s, .parents = h->parents, .link = h->down, .quiet = true};
    for (size_t i = 0; status == ATH_OK && i < m->changed.count; i++) {
        void *child = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(child)->state == ATH_STATE_PERSISTENT)
            status = follow(h, child);
    }
    for (size_t i = 0; status == ATH_OK && i < m->pending.count; i++) {
        void *child = ath__mapper_object(m, m->pending.items[i]);
        if (ath__head_of(child)->state == ATH_STATE_PENDING)
            status = follow_new(h, child);
    }
    ath_status applied = ath__moves_apply(&h->moves); /* frees them, too */
    return status == ATH_OK ? applied : status;
}

ath_status ath__unit_follow(ath_session *s, ath__mapper *m, const ath__link *link) {
    bool up = ath__link_is_belongs_to(link);
    if (!ath__link_is_written(link) || link->secondary || (!up && link->inverse))
        return ATH_OK; /* of two sides, the child's is followed */
    ath__mapper *other = ath__link_mapper(s, link);
    if (!other)
        return s->error.status;
    hand h = {.s = s, .children = up ? m : other, .parents = up ? other : m, .count = link->count};
    h.up = up ? link : NULL;
    h.down = up ? ath__link_inverse(other, link) : link;
    h.from = up ? link->local : link->remote;
    h.to = up ? link->remote : link->local;
    if (up)
        return follow_all(&h);
    for (size_t i = 0; (h.children = ath__mapper_heir(other, i)) != NULL; i++)
        ATH_TRY(follow_all(&h));
    return ATH_OK;
}
