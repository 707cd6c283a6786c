/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, meet: both sides of each relation say the same.
 *
 * Where both sides have a field, the pointer of the side with the foreign key is what counts; a vector that was changed
 * alone moves the pointers of its children, and pointers that were assigned alone move the children between the vectors
 * that are loaded.  A foreign key column that was set by hand wins over a pointer that was left alone.  Where only the
 * parent has a field, its difference says which keys are to be copied.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* One relation to children, from the parent's side. */
typedef struct meeting {
    ath_session *s;
    ath__mapper *parents, *children;
    const ath__link *link, *back;
    ath__indexes left; /* parents whose children went elsewhere */
} meeting;

const ath__link *ath__link_inverse(const ath__mapper *target, const ath__link *link) {
    return link->inverse ? &target->links[link->inverse->position] : NULL;
}

static void *one_of(const void *object, const ath__link *link) {
    return *ath__field_at(object, link->relation);
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

/* ---- foreign keys set by hand ---- */

static bool columns_changed(const ath__mapper *m, void *object, const ath__link *link) {
    const char *image = ath__image_of(m, object);
    for (size_t i = 0; i < link->count; i++) {
        const ath__column *c = link->local[i];
        if (!ath__field_equal(c->ctype, c->size, (char *)object + c->offset, image + c->offset))
            return true;
    }
    return false;
}

static ath_status take_from(meeting *g, void *parent, const void *child) {
    if (!parent || !g->back || !one_of(parent, g->link))
        return ATH_OK;
    if (ath__relation_is_many(g->link->relation))
        ATH_TRY(ath__collection_remove(g->s, g->parents, parent, g->link->relation, child));
    else if (one_of(parent, g->link) == child)
        *ath__field_at(parent, g->link->relation) = NULL;
    return ath__unit_change(g->s, g->parents, parent);
}

static bool is_open(const meeting *g, void *parent) {
    return one_of(parent, g->link) || (ath__head_of(parent)->state == ATH_STATE_PERSISTENT &&
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

/* The pointer follows the columns; that is no change of the pointer. */
static ath_status follow(ath_session *s, ath__mapper *m, const ath__link *link, void *object) {
    ath__mapper *target = ath__link_mapper(s, link);
    if (!target)
        return s->error.status;
    bool none = false;
    void *former = one_of(object, link), *now = ath__sync_find(s, target, link, object, &none);
    if (now == former && (now || none))
        return ATH_OK;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, object));
    *ath__field_at(object, link->relation) = now;
    *ath__field_at(ath__image_of(m, object), link->relation) = now;
    ath__set_loaded(m, object, link->relation, now || none);
    const ath__link *many = ath__link_inverse(target, link);
    if (!many)
        return ATH_OK;
    meeting g = {.s = s, .parents = target, .children = m, .link = many, .back = link};
    if (former && ath__head_of(former)->state == ATH_STATE_PERSISTENT)
        ATH_TRY(take_from(&g, former, object));
    return now && !ath__collection_is_in(one_of(now, many), many->relation, object) ? give_to(&g, now, object) : ATH_OK;
}

static ath_status follow_columns(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        for (size_t k = 0; k < m->table->relation_count; k++) {
            const ath__link *link = &m->links[k];
            if (ath__link_is_belongs_to(link) && one_of(object, link) == ath__field_before(m, object, link->relation) &&
                (one_of(object, link) || ath__is_loaded(m, object, link->relation)) && columns_changed(m, object, link))
                ATH_TRY(follow(s, m, link, object));
        }
    }
    return ATH_OK;
}

/* ---- what the parents say ---- */

static ath_status check_child(const meeting *g, const void *child) {
    if (ath__session_find_owner_in(g->children, child))
        return ATH_OK;
    return ath__fail(&g->s->error, ATH_STATE, "relation %s.%s has an object that is no %s of this session",
                     g->parents->model->name, g->link->relation->field, g->children->model->name);
}

/* A relation to one that was assigned without being loaded: whom it replaces must be known. */
static ath_status learn_former(meeting *g, void *parent) {
    const ath__relation *r = g->link->relation;
    void **field = ath__field_at(parent, r), *now = *field;
    if (ath__relation_is_many(r) || ath__head_of(parent)->state != ATH_STATE_PERSISTENT ||
        ath__is_loaded(g->parents, parent, r) || now == ath__field_before(g->parents, parent, r))
        return ATH_OK;
    *field = ath__field_before(g->parents, parent, r);
    ath_status status = ath__load_relation_of(g->s, g->parents, r, &(const uint32_t){ath__head_of(parent)->index}, 1);
    *field = now;
    return status;
}

static ath_status child_came(meeting *g, void *parent, void *child) {
    ATH_TRY(check_child(g, child));
    ath__unmark(child, ATH__MARK_PARTED);
    if (!g->back) {
        ath__mark(child, ATH__MARK_MET);
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
    if (!g->back)
        return ath__is_marked(child, ATH__MARK_MET) ? ATH_OK : ath__sync_part(g->s, g->children, g->link, child);
    void **pointer = ath__field_at(child, g->back->relation);
    if (*pointer == parent) {
        *pointer = NULL;
        return ath__unit_change(g->s, g->children, child);
    }
    bool unknown = !*pointer && !ath__is_loaded(g->children, child, g->back->relation);
    return unknown ? ath__sync_part(g->s, g->children, g->link, child) : ATH_OK;
}

static ath_status visit_added(meeting *g, void *parent) {
    ath__difference d;
    ATH_TRY(learn_former(g, parent));
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

/* ---- what the children say ---- */

/* Of the parents at hand: those of classes that inherit the relation have their own turn. */
static bool is_parent(const meeting *g, const void *object) {
    return ath__session_find_owner_in(g->parents, object) && ath__mapper_of(g->parents, object) == g->parents;
}

/* A pointer that no vector told of: the child comes into the vector of its parent, if that is there. */
static ath_status visit_child(meeting *g, void *child) {
    void *parent = one_of(child, g->back), *former = ath__field_before(g->children, child, g->back->relation);
    if (parent == former)
        return ATH_OK;
    if (parent && is_parent(g, parent) && !ath__is_marked(child, ATH__MARK_MET))
        ATH_TRY(give_to(g, parent, child));
    if (former && is_parent(g, former) && one_of(former, g->link) && !ath__is_marked(former, ATH__MARK_LEFT)) {
        ATH_TRY(ath__indexes_add(g->s, &g->left, ath__head_of(former)->index));
        ath__mark(former, ATH__MARK_LEFT);
    }
    return ATH_OK;
}

typedef struct belonging {
    const ath__link *back;
    const void *parent;
} belonging;

static bool belongs(const void *context, const void *child) {
    const belonging *b = context;
    return one_of(child, b->back) == b->parent;
}

/* Vectors without those that went elsewhere, one pass each. */
static ath_status sift(meeting *g) {
    for (size_t i = 0; i < g->left.count; i++) {
        void *parent = ath__mapper_object(g->parents, g->left.items[i]);
        const belonging b = {g->back, parent};
        void *one = one_of(parent, g->link);
        ath__unmark(parent, ATH__MARK_LEFT);
        if (ath__relation_is_many(g->link->relation))
            ATH_TRY(ath__collection_filter(g->s, g->parents, parent, g->link->relation, belongs, &b));
        else if (one && !belongs(&b, one))
            *ath__field_at(parent, g->link->relation) = NULL;
        ATH_TRY(ath__unit_change(g->s, g->parents, parent));
    }
    return ATH_OK;
}

/* ---- all ---- */

static ath_status each_child(meeting *g) {
    ath__mapper *m;
    for (size_t i = 0; (m = ath__mapper_heir(g->children, i)) != NULL; i++)
        ATH_TRY(each_open(g, m, visit_child));
    return ATH_OK;
}

static ath_status meet(meeting *g) {
    ATH_TRY(each_open(g, g->parents, visit_added));
    ATH_TRY(each_open(g, g->parents, visit_removed));
    if (g->back) {
        ATH_TRY(each_child(g));
        ATH_TRY(each_open(g, g->parents, forget_added));
        return sift(g);
    }
    return each_open(g, g->parents, forget_added);
}

static ath_status meet_link(ath_session *s, ath__mapper *m, const ath__link *link) {
    if (ath__link_is_belongs_to(link) || link->secondary || !ath__link_is_written(link))
        return ATH_OK;
    meeting g = {.s = s, .parents = m, .children = ath__link_mapper(s, link), .link = link};
    if (!g.children)
        return s->error.status;
    g.back = ath__link_inverse(g.children, link);
    ath_status status = meet(&g);
    ath__free(s->allocator, g.left.items, g.left.capacity * sizeof *g.left.items);
    return status;
}

ath_status ath__unit_meet(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->links)
            ATH_TRY(follow_columns(s, s->mappers[i]));
    for (size_t i = 0; i < s->mapper_count; i++) /* mappers may be added */
        for (size_t k = 0; s->mappers[i]->links && k < s->mappers[i]->table->relation_count; k++)
            ATH_TRY(meet_link(s, s->mappers[i], &s->mappers[i]->links[k]));
    return ATH_OK;
}
