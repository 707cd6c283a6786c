/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: the unit of work, hop 9.
 *
 * A flush goes in steps; each has a file:
 *
 *     collect    which objects differ from their images                                   unit_collect.c
 *     meet       both sides of each relation say the same                                 unit_follow.c, unit_meet.c
 *     cascade    what is deleted with deleted objects, and orphans                        unit_cascade.c
 *     gather     which keys must be copied, which rows of tables between come and go      unit_sync.c, unit_between.c
 *     save       UPDATEs and INSERTs, referenced objects first                            unit_save.c, flush_*.c
 *     delete     DELETEs, referencing objects first                                       unit_delete.c, flush_delete.c
 *     settle     images say what was written                                              unit_settle.c
 *
 * Until `save`, nothing is written, and only cascades read (the children that are not loaded).
 */
#ifndef ATH_ORM_UNIT_H
#define ATH_ORM_UNIT_H

#include "orm/session.h"

/* One object takes over the key of another, or loses it. */
typedef struct ath__sync {
    void *child;           /* has the foreign key */
    void *parent;          /* NULL: the columns become NULL */
    const ath__link *link; /* either side's */
    bool of_child;         /* it is the child's */
    bool deferred;         /* written by an UPDATE of its own, when all rows are there */
    bool cascaded;         /* the database has done it: memory follows; unless there is no parent any more */
} ath__sync;

/* A row of a table between: it comes, or goes. */
typedef struct ath__pairing {
    void *near, *far;
    const ath__link *link;
    size_t number; /* in the order in which they were told */
    bool gone;
} ath__pairing;

typedef struct ath__unit {
    ath_session *s;
    ath__mapper **order;                          /* so that referenced tables come first; */
    size_t order_count, order_room, tangled_from; /* from here on they refer to each other in cycles */
    bool deletes_first;                           /* values that they give up are taken */
    bool removed;                                 /* deleted objects' rows are gone already */
    ath__pairing *pairings;
    size_t pairing_count, pairing_capacity;
} ath__unit;

/* ---- unit.c ---- */

ath_status ath__unit_flush(ath_session *s);
/* Marks a persistent object as one to be looked at. */
ath_status ath__unit_change(ath_session *s, ath__mapper *m, void *object);
/* What left while it was new is no longer known to have been that. */
void ath__unit_forget_dropped(ath__mapper *m);
/* Marks an object as deleted; a new one just leaves. */
ath_status ath__unit_delete(ath_session *s, ath__mapper *m, void *object);
/* By a foreign key. */
bool ath__table_refers_to(const ath_table *t, const ath_table *target);
/* The mapper of the objects that a link leads to; NULL on failure. */
static inline ath__mapper *ath__link_mapper(ath_session *s, const ath__link *link) {
    return ath__session_mapper(s, link->relation->target);
}
static inline bool ath__is_marked(const void *object, unsigned mark) {
    return (ath__head_of(object)->marks & mark) != 0;
}
static inline void ath__mark(void *object, unsigned mark) {
    ath__head_of(object)->marks |= (uint8_t)mark;
}
static inline void ath__unmark(void *object, unsigned mark) {
    ath__head_of(object)->marks &= (uint8_t)~mark;
}
/* A relation that is not view-only. */
static inline bool ath__link_is_written(const ath__link *link) {
    return !link->relation->opts.viewonly;
}
static inline bool ath__link_is_belongs_to(const ath__link *link) {
    return link->relation->kind == ATH_BELONGS_TO;
}
/* The other side's link, or NULL. */
const ath__link *ath__link_inverse(const ath__mapper *target, const ath__link *link);

/* ---- fields of relations ---- */

static inline void **ath__field_at(const void *object, const ath__relation *r) {
    return (void **)(uintptr_t)((const char *)object + r->offset);
}
static inline void *ath__field_of(const void *object, const ath__link *link) {
    return *ath__field_at(object, link->relation);
}
/* What the field was when it was last written or loaded; NULL for new objects. */
static inline void *ath__field_before(const ath__mapper *m, void *object, const ath__relation *r) {
    if (ath__head_of(object)->state == ATH_STATE_PENDING)
        return NULL;
    return *ath__field_at(ath__image_of(m, object), r);
}

/* ---- collection.c: the vectors of relations ---- */

bool ath__collection_has(void *const *items, const void *object);
/* The same of the field's value, whatever the relation's kind. */
static inline bool ath__collection_is_in(void *value, const ath__relation *r, const void *object) {
    return ath__relation_is_many(r) ? ath__collection_has(value, object) : value == object;
}
/* These change the object's field; vectors that the image has, or another object, are copied first. */
ath_status ath__collection_add(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r, void *other);
ath_status ath__collection_remove(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                                  const void *other);
/* Keeps what `keep` says. */
typedef bool (*ath__keep_fn)(const void *context, const void *item);
ath_status ath__collection_filter(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                                  ath__keep_fn keep, const void *context);

/* What came into a vector, and what left it, in order. */
typedef struct ath__difference {
    void **added, **removed;
    size_t added_count, removed_count, capacity;
} ath__difference;
ath_status ath__difference_of(ath_session *s, const ath__mapper *m, void *object, const ath__relation *r,
                              ath__difference *out);
void ath__difference_done(const ath_session *s, ath__difference *d);

/* ---- unit_follow.c ---- */

/* A child that comes into the field of a parent, or leaves it. */
typedef struct ath__move {
    void *parent, *child;
    size_t number;
    bool came;
} ath__move;

typedef struct ath__moves {
    ath_session *s;
    ath__mapper *parents;
    const ath__link *link; /* the parents' */
    bool quiet;            /* images move too: it is no change */
    ath__move *items;
    size_t count, capacity;
} ath__moves;

typedef struct ath__sorted {
    void **items;
    size_t count;
} ath__sorted;

ath_status ath__moves_add(ath__moves *moves, void *parent, void *child, bool came);
/* Does all of them, one pass over each field, and frees them. */
ath_status ath__moves_apply(ath__moves *moves);
/* Memory follows the foreign keys of one relation that were set by hand. */
ath_status ath__unit_follow(ath_session *s, ath__mapper *m, const ath__link *link);
bool ath__columns_set_by_hand(const ath__mapper *m, void *object, const ath__column *const *columns, size_t count);

/* ---- unit_collect.c, unit_meet.c, unit_cascade.c ---- */

ath_status ath__unit_collect(ath_session *s);
ath_status ath__unit_meet(ath_session *s);
/* Whether a child that a parent's vector has says that its parent is another; a pointer that was never read says nothing. */
bool ath__points_elsewhere(const ath__mapper *children, const ath__link *back, void *child, const void *parent);
/* A field of one that was assigned, or is about to be, without being loaded: whom it had before becomes known. */
ath_status ath__unit_learn(ath_session *s, ath__mapper *m, const ath__relation *r, void *object);
ath_status ath__unit_cascade(ath_session *s);

/* ---- unit_sync.c ---- */

/* One per child and link: the last word counts. */
ath_status ath__sync_add(ath_session *s, ath__mapper *m, ath__sync sync);
void ath__syncs_forget(ath__mapper *m);
/* The last word about a child; NULL: none. */
ath__sync *ath__sync_of(const ath__mapper *m, const ath__link *link, const void *child);
/* A child that has lost its parent: an orphan, or one whose foreign key becomes NULL. */
ath_status ath__sync_part(ath_session *s, ath__mapper *m, const ath__link *link, void *child);
/* The session's object whose key `to` a child's columns `from` hold; NULL when there is none, *none when they are NULL. */
void *ath__sync_find(ath_session *s, ath__mapper *target, const ath__column *const *from, const ath__column *const *to,
                     size_t count, const void *child, bool *none);
/* What belongs_to pointers say, and what new keys of parents ask for. */
ath_status ath__unit_gather(ath_session *s);
/* Reads the children that new keys of parents are copied to. */
ath_status ath__unit_load_rekeyed(ath_session *s);
/* Copies the key. */
ath_status ath__sync_apply(ath_session *s, ath__mapper *m, const ath__sync *sync);
/* The columns of the child that are written, and those that they are copied from. */
static inline const ath__column *const *ath__sync_to(const ath__sync *sync) {
    return sync->of_child ? sync->link->local : sync->link->remote;
}
static inline const ath__column *const *ath__sync_from(const ath__sync *sync) {
    return sync->of_child ? sync->link->remote : sync->link->local;
}

/* ---- unit_between.c: rows of tables between ---- */

ath_status ath__between_gather(ath__unit *u);
/* Rows that go with their pair, and rows that come. */
ath_status ath__between_save(ath__unit *u);
/* All rows of these objects, which are about to be deleted. */
ath_status ath__between_clear(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count);

/* ---- unit_switch.c: rows that take the place of deleted ones ---- */

/* New objects with the key of a deleted one take its row over.  *clash: other unique values are given up and taken. */
ath_status ath__unit_switch(ath_session *s, bool *clash);

/* ---- unit_order.c ---- */

/* The mappers, so that referenced tables come first. */
ath_status ath__unit_order(ath__unit *u);
/* The new objects of some mappers in levels: each refers only to lower ones.  Sorts the mappers' lists of new objects;
 * `levels` has room for all of them, mapper by mapper.  References that would make a cycle are deferred. */
ath_status ath__unit_levels(ath_session *s, ath__mapper *const *mappers, size_t count, uint32_t *levels,
                            uint32_t *level_count);

/* ---- unit_save.c, unit_delete.c, unit_settle.c ---- */

ath_status ath__unit_save(ath__unit *u);
/* Objects of a mapper that let go of a deleted parent do so now: their new one may not be there yet. */
ath_status ath__unit_let_go(ath_session *s, ath__mapper *m);
ath_status ath__unit_remove(ath__unit *u);
ath_status ath__unit_settle(ath_session *s);
/* Adds to an integrity error what the database did not say. */
ath_status ath__unit_place(ath_session *s, const ath__mapper *m, ath_status status);

#endif
