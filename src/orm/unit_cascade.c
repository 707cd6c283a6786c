/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, cascade: what goes with deleted objects, and orphans.
 *
 * Children that are not loaded are read first, by one SELECT for all deleted objects of a model, unless the relation
 * leaves them to the database (passive deletes).  Then each is deleted as well, or parted from its parent.  What is
 * deleted so is followed in turn, until nothing new comes.
 */
#include "orm/loading.h"
#include "orm/unit.h"

ath_status ath__unit_delete(ath_session *s, ath__mapper *m, void *object) {
    m = ath__mapper_of(m, object);
    ath__head *head = ath__head_of(object);
    if (head->state != ATH_STATE_PENDING && head->state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    bool is_new = head->state == ATH_STATE_PENDING;
    ATH_TRY(ath__indexes_add(s, is_new ? &m->dropped : &m->deleted, head->index));
    head->state = is_new ? ATH_STATE_NONE : ATH_STATE_DELETED;
    if (is_new)
        ath__mark(object, ATH__MARK_PARTED);
    return ATH_OK;
}

static bool cascades(const ath__link *link) {
    return (ath__relation_cascade(link->relation) & ATH_CASCADE_DELETE) != 0;
}

/* ---- one object and one of its relations ---- */

typedef struct following {
    ath_session *s;
    ath__mapper *m, *target;
    const ath__link *link, *back;
    void *object;
} following;

static ath_status part(const following *f, void *child) {
    if (f->link->relation->opts.passive_deletes == ATH_PASSIVE_DELETES_ALL || f->link->secondary)
        return ATH_OK;
    if (!f->back)
        return ath__sync_part(f->s, f->target, f->link, child);
    ATH_TRY(ath__unit_learn(f->s, f->target, f->back->relation, child));
    *ath__field_at(child, f->back->relation) = NULL;
    if (ath__head_of(child)->state == ATH_STATE_PERSISTENT &&
        !ath__field_before(f->target, child, f->back->relation)) /* no change that could be seen */
        return ath__sync_add(f->s, f->target, (ath__sync){.child = child, .link = f->back, .of_child = true});
    return ath__unit_change(f->s, f->target, child);
}

/* Without a pointer back: another parent has taken it, or its columns were set by hand. */
static bool went_elsewhere(const following *f, void *child) {
    const ath__link *link = f->link;
    const ath__sync *sync = ath__sync_of(f->target, link, child);
    if (sync)
        return sync->parent && sync->parent != f->object;
    bool none;
    return ath__columns_set_by_hand(f->target, child, link->remote, link->count) &&
           ath__sync_find(f->s, f->m, link->remote, link->local, link->count, child, &none) != f->object;
}

static ath_status follow_child(const following *f, void *child) {
    if (!ath__session_find_owner_in(f->target, child))
        return ATH_OK;
    uint8_t state = ath__head_of(child)->state;
    if (state != ATH_STATE_PENDING && state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    if (!f->link->secondary && !ath__link_is_belongs_to(f->link) &&
        (f->back ? ath__points_elsewhere(f->target, f->back, child, f->object) : went_elsewhere(f, child)))
        return ATH_OK;
    return cascades(f->link) ? ath__unit_delete(f->s, f->target, child) : part(f, child);
}

static ath_status follow_field(const following *f) {
    void *value = *ath__field_at(f->object, f->link->relation);
    if (!value)
        return ATH_OK;
    if (!ath__relation_is_many(f->link->relation))
        return ath__link_is_belongs_to(f->link) && !cascades(f->link) ? ATH_OK : follow_child(f, value);
    for (void **item = value; *item; item++)
        ATH_TRY(follow_child(f, *item));
    return ATH_OK;
}

/* ---- all objects that were marked since the last time ---- */

/* Whether children must be known: else the relation needs nothing done. */
static bool is_followed(const ath__link *link) {
    if (!ath__link_is_written(link) || link->relation->opts.passive_deletes == ATH_PASSIVE_DELETES_ALL)
        return false;
    return cascades(link) || (!ath__link_is_belongs_to(link) && !link->secondary);
}

static ath_status load_missing(const following *f, size_t from) {
    ath__indexes missing = {0};
    const ath__relation *r = f->link->relation;
    ath_status status = ATH_OK;
    for (size_t i = from; status == ATH_OK && i < f->m->deleted.count; i++) {
        void *object = ath__mapper_object(f->m, f->m->deleted.items[i]);
        if (ath__is_loaded(f->m, object, r))
            continue;
        *ath__field_at(object, r) = *ath__field_at(ath__image_of(f->m, object), r);
        status = ath__indexes_add(f->s, &missing, f->m->deleted.items[i]);
    }
    if (status == ATH_OK && missing.count)
        status = ath__load_relation_of(f->s, f->m, r, missing.items, missing.count);
    ath__free(f->s->allocator, missing.items, missing.capacity * sizeof *missing.items);
    return status;
}

/* Those of a list that were marked since the last time. */
typedef struct batch {
    const ath__indexes *list;
    size_t from, to;
} batch;

static ath_status follow_all(following *f, batch b) {
    for (size_t i = b.from; i < b.to; i++) {
        f->object = ath__mapper_object(f->m, b.list->items[i]);
        ATH_TRY(follow_field(f));
    }
    return ATH_OK;
}

/* Children that only their pointers tell of. */
static ath_status follow_pointers(following *f, const ath__mapper *m, const ath__indexes *children) {
    for (size_t i = 0; i < children->count; i++) {
        void *child = ath__mapper_object(m, children->items[i]);
        f->object = *ath__field_at(child, f->back->relation);
        if (!f->object || !ath__session_find_owner_in(f->m, f->object))
            continue;
        uint8_t state = ath__head_of(f->object)->state;
        if (state == ATH_STATE_DELETED ? !ath__identity_has(f->m, f->object)
                                       : state != ATH_STATE_NONE || !ath__is_marked(f->object, ATH__MARK_PARTED))
            continue;
        ATH_TRY(follow_child(f, child));
    }
    return ATH_OK;
}

static ath_status follow_link(ath_session *s, ath__mapper *m, const ath__link *link, batch deleted, batch dropped) {
    following f = {.s = s, .m = m, .target = ath__link_mapper(s, link), .link = link};
    if (!f.target)
        return s->error.status;
    f.back = ath__link_inverse(f.target, link);
    ATH_TRY(follow_all(&f, dropped));
    ATH_TRY(follow_all(&f, deleted)); /* what the program has added to a vector that is not loaded, too */
    if (link->relation->opts.passive_deletes != ATH_PASSIVE_DELETES) {
        ATH_TRY(load_missing(&f, deleted.from));
        ATH_TRY(follow_all(&f, deleted));
    }
    if (!f.back || link->secondary || ath__link_is_belongs_to(link))
        return ATH_OK;
    const ath__mapper *heir;
    for (size_t i = 0; (heir = ath__mapper_heir(f.target, i)) != NULL; i++) {
        ATH_TRY(follow_pointers(&f, heir, &heir->pending));
        ATH_TRY(follow_pointers(&f, heir, &heir->changed));
    }
    return ATH_OK;
}

static ath_status follow_mapper(ath_session *s, ath__mapper *m, bool *more) {
    const batch deleted = {&m->deleted, m->cascaded, m->deleted.count};
    const batch dropped = {&m->dropped, m->dropped_followed, m->dropped.count};
    if (deleted.from == deleted.to && dropped.from == dropped.to)
        return ATH_OK;
    m->cascaded = deleted.to;
    m->dropped_followed = dropped.to;
    *more = true;
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (is_followed(&m->links[k]))
            ATH_TRY(follow_link(s, m, &m->links[k], deleted, dropped));
    return ATH_OK;
}

/* ---- orphans ---- */

static bool is_orphan(const ath__mapper *m, void *object) {
    for (size_t k = 0; k < m->table->relation_count; k++) {
        const ath__link *link = &m->links[k];
        if (link->inverse && ath__link_is_belongs_to(link) && ath__deletes_orphans(link->inverse) &&
            !*ath__field_at(object, link->relation) && ath__field_before(m, object, link->relation))
            return true;
    }
    return false;
}

static ath_status delete_orphans(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; m->links && i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT && is_orphan(m, object))
            ATH_TRY(ath__unit_delete(s, m, object));
    }
    return ATH_OK;
}

/* Whether it has a parent after all, by its pointer. */
static bool has_parent(const ath__mapper *m, const void *object) {
    for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
        const ath__link *link = &m->links[k];
        if (link->inverse && ath__link_is_belongs_to(link) && ath__deletes_orphans(link->inverse) &&
            *ath__field_at(object, link->relation))
            return true;
    }
    return false;
}

/* New objects that were taken out of their parents leave; the mark then says that they were new. */
static ath_status drop_parted(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->pending.count; i++) {
        void *object = ath__mapper_object(m, m->pending.items[i]);
        if (!ath__is_marked(object, ATH__MARK_PARTED))
            continue;
        if (has_parent(m, object))
            ath__unmark(object, ATH__MARK_PARTED);
        else
            ATH_TRY(ath__unit_delete(s, m, object));
    }
    return ATH_OK;
}

static void compact_pending(ath__mapper *m) {
    size_t kept = 0, seen = m->pending_seen;
    for (size_t i = 0; i < m->pending.count; i++) {
        const ath__head *head = ath__head_of(ath__mapper_object(m, m->pending.items[i]));
        if (head->state == ATH_STATE_PENDING)
            m->pending.items[kept++] = m->pending.items[i];
        else if (i < seen)
            m->pending_seen--;
    }
    m->pending.count = kept;
}

ath_status ath__unit_cascade(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        s->mappers[i]->cascaded = s->mappers[i]->dropped_followed = 0;
    for (size_t i = 0; i < s->mapper_count; i++)
        ATH_TRY(drop_parted(s, s->mappers[i]));
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < s->mapper_count; i++)
            ATH_TRY(delete_orphans(s, s->mappers[i]));
        for (size_t i = 0; i < s->mapper_count; i++)
            ATH_TRY(follow_mapper(s, s->mappers[i], &more));
    }
    for (size_t i = 0; i < s->mapper_count; i++)
        compact_pending(s->mappers[i]);
    return ATH_OK;
}
