/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: objects are related: ath_append, ath_remove, ath_set_rel, both sides at once.
 *
 * Nothing here touches a foreign key, and only ath_remove and a to-one relation of the other side's key may read: what
 * they replace must be known.  The flush looks at what the fields say.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* What a call is about. */
typedef struct relating {
    ath_session *s;
    ath__mapper *m, *target;
    void *object, *other; /* other: NULL is none */
    const ath__link *link, *inverse;
} relating;

static const char *field_name(const relating *g) {
    return g->link->relation->field;
}

/* ---- checks ---- */

static ath_status check_object(ath_session *s, const ath__mapper *m, const void *object) {
    ath_object_state state = (ath_object_state)ath__head_of(object)->state;
    if (state == ATH_STATE_PENDING || state == ATH_STATE_PERSISTENT)
        return ATH_OK;
    return ath__fail(&s->error, ATH_STATE, "the %s is not in the session: it was deleted or rolled back",
                     m->model->name);
}

/* One that was only marked for deletion stays after all. */
static ath_status check_other(relating *g) {
    if (!g->other)
        return ATH_OK;
    if (!ath__session_find_owner_in(g->target, g->other))
        return ath__fail(&g->s->error, ATH_ARGUMENT, "%s.%s: the other object is no %s of this session",
                         g->m->model->name, field_name(g), g->target->model->name);
    ath__head *head = ath__head_of(g->other);
    if (head->state == ATH_STATE_DELETED && ath__identity_has(g->target, g->other)) {
        ath__indexes_remove(&ath__mapper_of(g->target, g->other)->deleted, head->index);
        head->state = ATH_STATE_PERSISTENT;
    }
    return check_object(g->s, g->target, g->other);
}

static ath_status begin(relating *g, ath_session *s, void *object, size_t offset, void *other) {
    *g = (relating){.s = s, .object = object, .other = other};
    ATH_TRY(ath__session_enter(s));
    g->m = ath__session_owner(s, object);
    if (!g->m)
        return ath__failed(&s->error);
    const ath__relation *r = ath__table_relation_at(g->m->table, offset);
    if (!r)
        return ath__fail(&s->error, ATH_ARGUMENT, "the field of %s at offset %zu is no relation", g->m->model->name,
                         offset);
    if (r->opts.viewonly)
        return ath__fail(&s->error, ATH_ARGUMENT, "relation %s.%s is view-only", g->m->model->name, r->field);
    g->link = &g->m->links[r->position];
    g->target = ath__session_mapper(s, r->target);
    if (!g->target)
        return ath__failed(&s->error);
    g->inverse = ath__link_inverse(g->target, g->link);
    ATH_TRY(check_object(s, g->m, object));
    return check_other(g);
}

/* ---- one side ---- */

static void set_one(void *object, const ath__link *link, void *other) {
    *ath__field_at(object, link->relation) = other;
}

/* Whether a change of the field can be seen by itself: a vector that is not loaded need not be made for the sake of a
 * change that the other side tells. */
static bool is_open(const ath__mapper *m, void *object, const ath__link *link) {
    return ath__head_of(object)->state == ATH_STATE_PENDING || ath__is_loaded(m, object, link->relation) ||
           ath__field_of(object, link);
}

static ath_status take_out(ath_session *s, const ath__mapper *m, void *object, const ath__link *link,
                           const void *other) {
    if (!object)
        return ATH_OK;
    if (ath__relation_is_many(link->relation))
        return ath__collection_remove(s, m, object, link->relation, other);
    if (ath__field_of(object, link) == other)
        set_one(object, link, NULL);
    return ATH_OK;
}

/* A new object that was taken out of a relation that deletes orphans is not written. */
static void mark_parted(void *child, const ath__link *of_parent, bool parted) {
    if (!of_parent || !ath__deletes_orphans(of_parent->relation) || !child)
        return;
    if (parted && ath__head_of(child)->state == ATH_STATE_PENDING)
        ath__mark(child, ATH__MARK_PARTED);
    else
        ath__unmark(child, ATH__MARK_PARTED);
}

/* ---- children of a parent: the parent's side is `many`, or has one; the child's side may not be there ---- */

/* The child leaves the parent that it has now, if that is known. */
static ath_status leave_parent(ath_session *s, const ath__mapper *parents, const ath__link *many, const ath__link *one,
                               void *child) {
    void *parent = one ? ath__field_of(child, one) : NULL;
    if (!parent)
        return ATH_OK;
    set_one(child, one, NULL);
    return many ? take_out(s, parents, parent, many, child) : ATH_OK;
}

/* A pointer that becomes NULL must be known to have been another. */
static ath_status learn(ath_session *s, const ath__link *one, void *child) {
    return one ? ath__unit_learn(s, s->mappers[ath__head_of(child)->mapper], one->relation, child) : ATH_OK;
}

/* The only child that a parent has, as far as that is known, makes room. */
static ath_status displace(ath_session *s, const ath__link *many, const ath__link *one, const void *parent,
                           const void *child) {
    void *former = ath__field_of(parent, many);
    if (!former || former == child || !one || ath__field_of(former, one) != parent)
        return ATH_OK;
    ATH_TRY(learn(s, one, former));
    set_one(former, one, NULL);
    mark_parted(former, many, true);
    return ATH_OK;
}

static ath_status join_parent(ath_session *s, const ath__mapper *parents, const ath__link *many, const ath__link *one,
                              void *child, void *parent) {
    if (one)
        set_one(child, one, parent);
    mark_parted(child, many, false);
    if (!many || (one && !is_open(parents, parent, many)))
        return ATH_OK;
    if (ath__relation_is_many(many->relation))
        return ath__collection_add(s, parents, parent, many->relation, child);
    ATH_TRY(displace(s, many, one, parent, child));
    set_one(parent, many, child);
    return ATH_OK;
}

static ath_status move(ath_session *s, const ath__mapper *parents, const ath__link *many, const ath__link *one,
                       void *child, void *parent) {
    if (!parent)
        ATH_TRY(learn(s, one, child));
    ATH_TRY(leave_parent(s, parents, many, one, child));
    if (parent)
        return join_parent(s, parents, many, one, child, parent);
    mark_parted(child, many, true);
    return ATH_OK;
}

/* ---- many to many ---- */

static ath_status pair(const relating *g) {
    bool has = ath__collection_has(ath__field_of(g->object, g->link), g->other);
    if (!has)
        ATH_TRY(ath__collection_add(g->s, g->m, g->object, g->link->relation, g->other));
    if (!g->inverse || !is_open(g->target, g->other, g->inverse) ||
        (has && ath__collection_has(ath__field_of(g->other, g->inverse), g->object)))
        return ATH_OK;
    return ath__collection_add(g->s, g->target, g->other, g->inverse->relation, g->object);
}

static ath_status unpair(const relating *g) {
    ATH_TRY(ath__collection_remove(g->s, g->m, g->object, g->link->relation, g->other));
    return g->inverse ? take_out(g->s, g->target, g->other, g->inverse, g->object) : ATH_OK;
}

/* ---- the calls ---- */

static ath_status check_kind(const relating *g, bool many) {
    if (ath__relation_is_many(g->link->relation) != many)
        return ath__fail(&g->s->error, ATH_ARGUMENT, "relation %s.%s is to %s: use %s", g->m->model->name,
                         field_name(g), many ? "one" : "many", many ? "ath_set_rel" : "ath_append and ath_remove");
    if (many && !g->other)
        return ath__fail(&g->s->error, ATH_ARGUMENT, "%s.%s: there is no other object: NULL", g->m->model->name,
                         field_name(g));
    return ATH_OK;
}

ath_status ath_session_append(ath_session *s, void *object, size_t offset, void *other) {
    relating g;
    ATH_TRY(begin(&g, s, object, offset, other));
    ATH_TRY(check_kind(&g, true));
    if (g.link->secondary)
        return pair(&g);
    if ((!g.inverse || ath__field_of(other, g.inverse) == object) &&
        ath__collection_has(ath__field_of(object, g.link), other))
        return ATH_OK;
    return move(s, g.m, g.link, g.inverse, other, object);
}

/* A vector that is not loaded but has been added to: what is read comes first. */
static ath_status load_under(const relating *g) {
    const ath__relation *r = g->link->relation;
    void **field = ath__field_at(g->object, r), **added = *field;
    ath__moves moves = {.s = g->s, .parents = g->m, .link = g->link};
    *field = ath__field_before(g->m, g->object, r);
    ath_status status = ath__load_relation(g->s, g->m, r, g->object);
    for (size_t i = 0; status == ATH_OK && i < ath_len(added); i++)
        status = ath__moves_add(&moves, g->object, added[i], true);
    ath_status applied = ath__moves_apply(&moves);
    return status == ATH_OK ? applied : status;
}

/* What is replaced or taken out must be known. */
static ath_status load_first(const relating *g) {
    const ath__relation *r = g->link->relation;
    if (ath__head_of(g->object)->state == ATH_STATE_PENDING || ath__is_loaded(g->m, g->object, r))
        return ATH_OK;
    if (!ath__relation_changed(g->m, g->object, r))
        return ath__load_relation(g->s, g->m, r, g->object);
    return ath__relation_is_many(r) ? load_under(g) : ath__unit_learn(g->s, g->m, r, g->object);
}

ath_status ath_session_remove(ath_session *s, void *object, size_t offset, void *other) {
    relating g;
    ATH_TRY(begin(&g, s, object, offset, other));
    ATH_TRY(check_kind(&g, true));
    bool known = g.inverse && !g.link->secondary && ath__field_of(other, g.inverse) == object;
    if (!known)
        ATH_TRY(load_first(&g));
    bool paired = g.inverse && g.link->secondary && ath__collection_has(ath__field_of(other, g.inverse), object);
    if (!known && !paired && !ath__collection_has(ath__field_of(object, g.link), other))
        return ath__fail(&s->error, ATH_ARGUMENT, "%s.%s: the %s is not in it", g.m->model->name, field_name(&g),
                         g.target->model->name);
    if (g.link->secondary)
        return unpair(&g);
    ATH_TRY(learn(s, g.inverse, other));
    ATH_TRY(take_out(s, g.m, object, g.link, other));
    if (g.inverse && ath__field_of(other, g.inverse) == object)
        set_one(other, g.inverse, NULL);
    mark_parted(other, g.link, true);
    return ATH_OK;
}

/* The child that the parent has now makes room. */
static ath_status replace_only_child(const relating *g) {
    ATH_TRY(load_first(g));
    void *former = ath__field_of(g->object, g->link);
    if (former == g->other && (!former || !g->inverse || ath__field_of(former, g->inverse) == g->object))
        return ATH_OK;
    if (former)
        ATH_TRY(displace(g->s, g->link, g->inverse, g->object, g->other));
    mark_parted(former, g->link, true);
    set_one(g->object, g->link, NULL);
    return g->other ? move(g->s, g->m, g->link, g->inverse, g->other, g->object) : ATH_OK;
}

ath_status ath_session_set_rel(ath_session *s, void *object, size_t offset, void *other) {
    relating g;
    ATH_TRY(begin(&g, s, object, offset, other));
    ATH_TRY(check_kind(&g, false));
    if (!ath__link_is_belongs_to(g.link))
        return replace_only_child(&g);
    if (!other && !ath__field_of(object, g.link))
        ATH_TRY(load_first(&g));
    if (ath__field_of(object, g.link) == other)
        return ATH_OK;
    return move(s, g.target, g.inverse, g.link, object, other);
}
