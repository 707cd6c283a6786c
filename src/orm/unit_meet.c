/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, meet: both sides of each relation say the same.
 *
 * Where both sides have a field, the pointer of the side with the foreign key is what counts; a vector that was changed
 * alone moves the pointers of its children, and pointers that were assigned alone move the children between the vectors
 * that are loaded.  (A foreign key column that was set by hand wins over a pointer that was left alone: unit_follow.c.)
 * Where only the parent has a field, its difference says which keys are to be copied; the last word about a child counts.
 * At the end no vector holds a child twice, one that points elsewhere, or one that left the session while it was new.
 * Of a table between, what one side's vector tells is told to the other side's, if that is there.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* One relation to children, from the parent's side. */
typedef struct meeting {
    ath_session *s;
    ath__mapper *parents, *children;
    const ath__link *link, *back;
    ath__indexes left;  /* parents whose field is to be looked through: children went elsewhere */
    ath__moves leaving; /* where there is no way back */
    ath__moves dead;    /* what left the session while it was new */
} meeting;

const ath__link *ath__link_inverse(const ath__mapper *target, const ath__link *link) {
    return link->inverse ? &target->links[link->inverse->position] : NULL;
}

bool ath__points_elsewhere(const ath__mapper *m, const ath__link *back, void *child, const void *parent) {
    const void *pointer = ath__field_of(child, back);
    if (pointer == parent)
        return false;
    return pointer || ath__head_of(child)->state != ATH_STATE_PERSISTENT || ath__is_loaded(m, child, back->relation) ||
           ath__field_before(m, child, back->relation) || ath__columns_set_by_hand(m, child, back->local, back->count);
}

/* ---- walking over what may differ ---- */

typedef ath_status (*visit_fn)(meeting *g, void *object);

/* Changed and new objects; the list of the changed may grow meanwhile. */
static ath_status each_open(meeting *g, ath__mapper *m, visit_fn visit) {
    for (size_t i = 0; i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT)
            ATH_TRY(visit(g, object));
    }
    for (size_t i = 0; i < m->pending.count; i++) {
        void *object = ath__mapper_object(m, m->pending.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PENDING)
            ATH_TRY(visit(g, object));
    }
    return ATH_OK;
}

/* Or else it left the session; what was deleted is dropped when its row is gone. */
static bool is_alive(const void *object) {
    return ath__head_of(object)->state != ATH_STATE_NONE;
}

static bool is_open(const meeting *g, void *parent) {
    return ath__field_of(parent, g->link) || (ath__head_of(parent)->state == ATH_STATE_PERSISTENT &&
                                              ath__is_loaded(g->parents, parent, g->link->relation));
}

static ath_status give_to(meeting *g, void *parent, void *child) {
    if (!is_open(g, parent))
        return ATH_OK;
    if (ath__relation_is_many(g->link->relation))
        ATH_TRY(ath__collection_add(g->s, g->parents, parent, g->link->relation, child));
    else
        *ath__field_at(parent, g->link->relation) = child;
    return ath__unit_change(g->s, g->parents, parent);
}

/* ---- what the parents say ---- */

static ath_status check_child(const meeting *g, const void *child) {
    if (ath__session_find_owner_in(g->children, child))
        return ATH_OK;
    return ath__fail(&g->s->error, ATH_STATE, "relation %s.%s has an object that is no %s of this session",
                     g->parents->model->name, g->link->relation->field, g->children->model->name);
}

ath_status ath__unit_learn(ath_session *s, ath__mapper *m, const ath__relation *r, void *object) {
    void **field = ath__field_at(object, r), *now = *field;
    if (ath__relation_is_many(r) || ath__head_of(object)->state != ATH_STATE_PERSISTENT ||
        ath__is_loaded(m, object, r) || ath__field_before(m, object, r))
        return ATH_OK;
    *field = NULL;
    ath_status status = ath__load_relation_of(s, m, r, &(const uint32_t){ath__head_of(object)->index}, 1);
    *field = now;
    return status;
}

/* Without a way back, the columns alone tell which parent the child leaves. */
static ath_status leave_former(meeting *g, const void *parent, void *child) {
    bool none;
    const ath__link *link = g->link;
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    ath__mapper *all = ath__session_mapper(g->s, link->origin->owner->model); /* parents of any class */
    if (!all)
        return g->s->error.status;
    void *former =
        ath__sync_find(g->s, all, link->remote, link->local, link->count, ath__image_of(g->children, child), &none);
    return former && former != parent && is_open(g, former) ? ath__moves_add(&g->leaving, former, child, false)
                                                            : ATH_OK;
}

static ath_status child_came(meeting *g, void *parent, void *child) {
    ATH_TRY(check_child(g, child));
    if (!is_alive(child))
        return ath__moves_add(&g->dead, parent, child, false);
    ath__unmark(child, ATH__MARK_PARTED);
    if (!g->back) {
        ath__mark(child, ATH__MARK_MET);
        ATH_TRY(leave_former(g, parent, child));
        return ath__sync_add(g->s, g->children, (ath__sync){.child = child, .parent = parent, .link = g->link});
    }
    void **pointer = ath__field_at(child, g->back->relation);
    if (*pointer != parent && *pointer == ath__field_before(g->children, child, g->back->relation)) {
        *pointer = parent;
        ATH_TRY(ath__unit_change(g->s, g->children, child));
    }
    if (*pointer == parent)
        ath__mark(child, ATH__MARK_MET);
    return ATH_OK;
}

static ath_status child_went(meeting *g, void *parent, void *child) {
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    if (!g->back && ath__columns_set_by_hand(g->children, child, g->link->remote, g->link->count))
        return ATH_OK; /* where to, the columns say */
    if (!g->back)
        return ath__is_marked(child, ATH__MARK_MET) ? ATH_OK : ath__sync_part(g->s, g->children, g->link, child);
    void **pointer = ath__field_at(child, g->back->relation);
    if (*pointer == parent) {
        *pointer = NULL;
        return ath__unit_change(g->s, g->children, child);
    }
    bool unknown = !*pointer && !ath__is_loaded(g->children, child, g->back->relation) &&
                   !ath__columns_set_by_hand(g->children, child, g->back->local, g->back->count);
    return unknown ? ath__sync_part(g->s, g->children, g->link, child) : ATH_OK;
}

/* The field is looked through at the end. */
static ath_status note_left(meeting *g, void *parent) {
    if (ath__is_marked(parent, ATH__MARK_LEFT))
        return ATH_OK;
    ATH_TRY(ath__indexes_add(g->s, &g->left, ath__head_of(parent)->index));
    ath__mark(parent, ATH__MARK_LEFT);
    return ATH_OK;
}

static ath_status visit_added(meeting *g, void *parent) {
    ath__difference d;
    if (ath__field_of(parent, g->link) != ath__field_before(g->parents, parent, g->link->relation)) {
        ATH_TRY(ath__unit_learn(g->s, g->parents, g->link->relation, parent));
        ATH_TRY(note_left(g, parent));
    }
    ath_status status = ath__difference_of(g->s, g->parents, parent, g->link->relation, &d);
    for (size_t i = 0; status == ATH_OK && i < d.added_count; i++)
        status = child_came(g, parent, d.added[i]);
    ath__difference_done(g->s, &d);
    return status;
}

static ath_status visit_removed(meeting *g, void *parent) {
    ath__difference d;
    ath_status status = ath__difference_of(g->s, g->parents, parent, g->link->relation, &d);
    for (size_t i = 0; status == ATH_OK && i < d.removed_count; i++)
        status = child_went(g, parent, d.removed[i]);
    ath__difference_done(g->s, &d);
    return status;
}

static ath_status forget_added(meeting *g, void *parent) {
    ath__difference d;
    ath_status status = ath__difference_of(g->s, g->parents, parent, g->link->relation, &d);
    for (size_t i = 0; status == ATH_OK && i < d.added_count; i++)
        ath__unmark(d.added[i], ATH__MARK_MET);
    ath__difference_done(g->s, &d);
    return status;
}

/* What came to one that is deleted besides, or left it, the cascade would not find. */
static ath_status each_deleted(meeting *g, visit_fn visit) {
    for (size_t i = 0; i < g->parents->deleted.count; i++)
        ATH_TRY(visit(g, ath__mapper_object(g->parents, g->parents->deleted.items[i])));
    return ATH_OK;
}

/* ---- what the children say ---- */

/* Of the parents at hand: those of classes that inherit the relation have their own turn. */
static bool is_parent(const meeting *g, const void *object) {
    return ath__session_find_owner_in(g->parents, object) && ath__mapper_of(g->parents, object) == g->parents;
}

/* The parent that the child's row has, where the pointer was not loaded. */
static void *unread_parent(meeting *g, void *child) {
    const ath__link *back = g->back;
    bool none;
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT || ath__is_loaded(g->children, child, back->relation))
        return NULL;
    return ath__sync_find(g->s, g->parents, back->local, back->remote, back->count, ath__image_of(g->children, child),
                          &none);
}

/* A pointer that no vector told of: the child comes into the vector of its parent, if that is there. */
static ath_status visit_child(meeting *g, void *child) {
    void *parent = ath__field_of(child, g->back), *former = ath__field_before(g->children, child, g->back->relation);
    if (parent == former)
        return ATH_OK;
    if (!former)
        former = unread_parent(g, child);
    if (parent && is_parent(g, parent) && !ath__is_marked(child, ATH__MARK_MET)) {
        ATH_TRY(give_to(g, parent, child));
        if (ath__field_of(parent, g->link))
            ATH_TRY(note_left(g, parent)); /* it may have been read with the child */
    }
    return former && is_parent(g, former) && ath__field_of(former, g->link) ? note_left(g, former) : ATH_OK;
}

typedef struct belonging {
    const ath__mapper *children;
    const ath__link *back; /* NULL: there is no way back, or it is a vector */
    const void *parent;
} belonging;

/* Each child once. */
static bool belongs(const void *context, const void *child) {
    const belonging *b = context;
    if ((b->back && ath__points_elsewhere(b->children, b->back, (void *)(uintptr_t)child, b->parent)) ||
        ath__is_marked(child, ATH__MARK_MET))
        return false;
    ath__mark((void *)(uintptr_t)child, ATH__MARK_MET);
    return true;
}

static ath_status sift_one(meeting *g, void *parent) {
    const ath__relation *r = g->link->relation;
    const belonging b = {g->children, g->link->secondary ? NULL : g->back, parent};
    void **field = ath__field_at(parent, r), *before = *field;
    ath_status status = ATH_OK;
    if (!ath__relation_is_many(r)) {
        if (*field && !belongs(&b, *field))
            *field = NULL;
        if (*field)
            ath__unmark(*field, ATH__MARK_MET);
    } else {
        status = ath__collection_filter(g->s, g->parents, parent, r, belongs, &b);
        for (void **item = *field; item && *item; item++)
            ath__unmark(*item, ATH__MARK_MET);
    }
    return status == ATH_OK && *field != before ? ath__unit_change(g->s, g->parents, parent) : status;
}

/* Fields without those that went elsewhere, one pass each. */
static ath_status sift(meeting *g) {
    for (size_t i = 0; i < g->left.count; i++) {
        void *parent = ath__mapper_object(g->parents, g->left.items[i]);
        ath__unmark(parent, ATH__MARK_LEFT);
        ATH_TRY(sift_one(g, parent));
    }
    return ATH_OK;
}

/* ---- many to many ---- */

static ath_status tell(meeting *g, void *object, void *const *others, size_t count, bool came) {
    for (size_t i = 0; i < count; i++) {
        ATH_TRY(check_child(g, others[i]));
        const ath_object_state state = (ath_object_state)ath__head_of(others[i])->state;
        bool is_there = state == ATH_STATE_PENDING || state == ATH_STATE_PERSISTENT;
        if (came && state == ATH_STATE_NONE)
            ATH_TRY(ath__moves_add(&g->dead, object, others[i], false));
        if (g->back && is_there &&
            (ath__field_of(others[i], g->back) || ath__is_loaded(g->children, others[i], g->back->relation)))
            ATH_TRY(ath__moves_add(&g->leaving, others[i], object, came));
    }
    return ATH_OK;
}

/* What one side's vector tells, the other side's is told, as far as it is there. */
static ath_status visit_pairs(meeting *g, void *object) {
    ath__difference d;
    if (ath__field_of(object, g->link) == ath__field_before(g->parents, object, g->link->relation))
        return ATH_OK;
    ATH_TRY(note_left(g, object));
    ath_status status = ath__difference_of(g->s, g->parents, object, g->link->relation, &d);
    if (status == ATH_OK)
        status = tell(g, object, d.added, d.added_count, true);
    if (status == ATH_OK)
        status = tell(g, object, d.removed, d.removed_count, false);
    ath__difference_done(g->s, &d);
    return status;
}

static ath_status meet_pairs(meeting *g) {
    g->leaving = (ath__moves){.s = g->s, .parents = g->children, .link = g->back};
    ATH_TRY(each_open(g, g->parents, visit_pairs));
    return sift(g);
}

/* ---- all ---- */

static ath_status each_child(meeting *g) {
    ath__mapper *m;
    for (size_t i = 0; (m = ath__mapper_heir(g->children, i)) != NULL; i++)
        ATH_TRY(each_open(g, m, visit_child));
    return ATH_OK;
}

static ath_status meet(meeting *g) {
    g->leaving = (ath__moves){.s = g->s, .parents = g->parents, .link = g->link, .quiet = true};
    ATH_TRY(each_open(g, g->parents, visit_added));
    ATH_TRY(each_deleted(g, visit_added));
    ATH_TRY(each_open(g, g->parents, visit_removed));
    ATH_TRY(each_deleted(g, visit_removed));
    if (g->back)
        ATH_TRY(each_child(g));
    ATH_TRY(each_open(g, g->parents, forget_added));
    ATH_TRY(each_deleted(g, forget_added));
    return sift(g);
}

static ath_status meet_link(ath_session *s, ath__mapper *m, const ath__link *link) {
    if (ath__link_is_belongs_to(link) || !ath__link_is_written(link))
        return ATH_OK;
    meeting g = {.s = s, .parents = m, .children = ath__link_mapper(s, link), .link = link};
    if (!g.children)
        return s->error.status;
    g.back = ath__link_inverse(g.children, link);
    g.dead = (ath__moves){.s = s, .parents = m, .link = link};
    ath_status status = link->secondary ? meet_pairs(&g) : meet(&g);
    ath_status moved = ath__moves_apply(&g.leaving), dropped = ath__moves_apply(&g.dead); /* which frees them, too */
    ath__free(s->allocator, g.left.items, g.left.capacity * sizeof *g.left.items);
    return status != ATH_OK ? status : moved != ATH_OK ? moved : dropped;
}

ath_status ath__unit_meet(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        for (size_t k = 0; s->mappers[i]->links && k < s->mappers[i]->table->relation_count; k++)
            ATH_TRY(ath__unit_follow(s, s->mappers[i], &s->mappers[i]->links[k]));
    for (size_t i = 0; i < s->mapper_count; i++) /* mappers may be added */
        for (size_t k = 0; s->mappers[i]->links && k < s->mappers[i]->table->relation_count; k++)
            ATH_TRY(meet_link(s, s->mappers[i], &s->mappers[i]->links[k]));
    return ATH_OK;
}
