/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: ath_refresh and ath_expire go on to related objects, over relations with ATH_CASCADE_REFRESH.
 *
 * Objects are met level by level, each once, whatever refers back to it.  A relation that is loaded is read again, one
 * SELECT for all objects of a level, and its rows overwrite its objects; what is related but no row of that SELECT (it went
 * elsewhere, or the program has changed the relation) is read by its key.
 */
#include "orm/loading.h"
#include "orm/unit.h"

typedef struct spreading {
    ath_session *s;
    ath__gathered met; /* objects, in the order in which they were met */
    ath__map seen;
    size_t from, to; /* the level at hand */
} spreading;

static void begin(spreading *g, ath_session *s) {
    *g = (spreading){.s = s};
    ath__map_init(&g->seen, s->allocator);
}

static void done(spreading *g) {
    ath__gathered_drop(g->s, &g->met);
    ath__map_done(&g->seen);
}

static bool is_seen(const spreading *g, void *object) {
    return ath__map_get(&g->seen, &object, sizeof object) != NULL;
}

static ath_status meet(spreading *g, void *object) {
    if (is_seen(g, object))
        return ATH_OK;
    if (ath__map_put(&g->seen, &object, sizeof object, object) != ATH_OK)
        return ath__session_no_memory(g->s);
    return ath__gather(g->s, &g->met, object) ? ATH_OK : g->s->error.status;
}

static ath__mapper *mapper_of(const spreading *g, size_t i) {
    return g->s->mappers[ath__head_of(g->met.vector->items[i])->mapper];
}

static bool goes_on(const ath__link *link) {
    return (ath__relation_cascade(link->relation) & ATH_CASCADE_REFRESH) != 0;
}

static bool goes_on_anywhere(const ath__mapper *m) {
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (goes_on(&m->links[k]))
            return true;
    return false;
}

/* What a field holds, as far as it is persistent in this session. */
typedef ath_status (*visit_fn)(spreading *g, void *context, void *other);

static ath_status visit_one(spreading *g, const ath__mapper *target, void *context, void *other, visit_fn visit) {
    bool ours = ath__session_find_owner_in(target, other) && ath__head_of(other)->state == ATH_STATE_PERSISTENT;
    return ours ? visit(g, context, other) : ATH_OK;
}

static ath_status visit_field(spreading *g, const ath__link *link, void *object, visit_fn visit, void *context) {
    const ath__mapper *target = ath__link_mapper(g->s, link);
    void *value = ath__field_of(object, link);
    if (!target || !value)
        return target ? ATH_OK : g->s->error.status;
    if (!ath__relation_is_many(link->relation))
        return visit_one(g, target, context, value, visit);
    for (void **item = value; *item; item++)
        ATH_TRY(visit_one(g, target, context, *item, visit));
    return ATH_OK;
}

/* ---- refresh ---- */

static ath_status keep(spreading *g, void *context, void *other) {
    return is_seen(g, other) || ath__gather(g->s, context, other) ? ATH_OK : g->s->error.status;
}

/* The level's objects of this mapper whose relation is to be read again; and all that it holds now. */
static ath_status gather_level(spreading *g, ath__loading *l, ath__node *root, const ath__link *link,
                               ath__gathered *held) {
    uint32_t number;
    for (size_t i = g->from; i < g->to; i++) {
        void *object = g->met.vector->items[i];
        if (mapper_of(g, i) != root->m)
            continue;
        ATH_TRY(visit_field(g, link, object, keep, held));
        if (ath__is_loaded(root->m, object, link->relation) && !ath__relation_changed(root->m, object, link->relation))
            ATH_TRY(ath__node_add(l, root, object, &number));
    }
    return ATH_OK;
}

/* Its row may be gone: then it stays as it is, and whoever writes it is told. */
static ath_status read_by_key(spreading *g, void *object) {
    ath__mapper *m = g->s->mappers[ath__head_of(object)->mapper];
    if (is_seen(g, object))
        return ATH_OK;
    if (!ath__load_by_key(g->s, m, ath__image_of(m, object), true) && g->s->error.status != ATH_OK)
        return g->s->error.status;
    return meet(g, object);
}

static ath_status read_again(spreading *g, ath__loading *l, ath__node *root, const ath__node *node,
                             ath__gathered *held) {
    ATH_TRY(gather_level(g, l, root, node->link, held));
    if (root->objects.count)
        ATH_TRY(ath__load_below(l, root));
    for (size_t i = 0; i < node->objects.count; i++)
        ATH_TRY(meet(g, node->objects.vector->items[i]));
    for (size_t i = 0; i < held->count; i++)
        ATH_TRY(read_by_key(g, held->vector->items[i]));
    return ATH_OK;
}

static ath_status refresh_relation(spreading *g, ath__mapper *m, const ath__link *link) {
    const ath_select_stmt query = {.struct_size = sizeof query, .model = m->model, .populate_existing = true};
    ath__gathered held = {0};
    ath__loading l;
    ath__loading_init(&l, g->s, &query);
    ath__node *root = ath__load_plan_empty(&l, m);
    const ath__node *node = root ? ath__load_node(&l, root, link->relation, ATH_LOAD_SELECTIN) : NULL;
    ath_status status = node ? read_again(g, &l, root, node, &held) : g->s->error.status;
    ath__gathered_drop(g->s, &held);
    ath__loading_done(&l, root);
    return status;
}

static bool is_in_level(const spreading *g, const ath__mapper *m) {
    for (size_t i = g->from; i < g->to; i++)
        if (mapper_of(g, i) == m)
            return true;
    return false;
}

static ath_status refresh_level(spreading *g) {
    for (size_t i = 0; i < g->s->mapper_count; i++) {
        ath__mapper *m = g->s->mappers[i];
        if (!goes_on_anywhere(m) || !is_in_level(g, m))
            continue;
        for (size_t k = 0; k < m->table->relation_count; k++)
            if (goes_on(&m->links[k]))
                ATH_TRY(refresh_relation(g, m, &m->links[k]));
    }
    return ATH_OK;
}

ath_status ath__refresh_related(ath_session *s, const ath__mapper *m, void *object) {
    if (!goes_on_anywhere(m))
        return ATH_OK;
    spreading g;
    begin(&g, s);
    ath_status status = meet(&g, object);
    while (status == ATH_OK && g.to < g.met.count) {
        g.from = g.to;
        g.to = g.met.count;
        status = refresh_level(&g);
    }
    done(&g);
    return status;
}

/* ---- expire ---- */

static ath_status expire(ath_session *s, ath__mapper *m, void *object) {
    uint64_t *mask = ath__arena_zero(&s->arena, m->mask_words * sizeof *mask);
    if (!mask)
        return ath__session_no_memory(s);
    for (size_t i = 0; i < m->table->column_count; i++)
        if (!m->table->columns[i].primary_key)
            ath__mask_set(mask, i);
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, object));
    ATH_TRY(ath__mark_missing(s, m, object, mask));
    memcpy(object, ath__image_of(m, object), m->size);
    for (size_t k = 0; k < m->table->relation_count; k++) {
        const ath__relation *r = &m->table->relations[k];
        *ath__field_at(object, r) = *ath__field_at(ath__image_of(m, object), r) = NULL;
        ath__set_loaded(m, object, r, false);
    }
    return ATH_OK;
}

static ath_status meet_other(spreading *g, void *context, void *other) {
    (void)context;
    return meet(g, other);
}

static ath_status expire_all(spreading *g, void *object) {
    ATH_TRY(meet(g, object));
    for (size_t i = 0; i < g->met.count; i++) { /* it grows */
        ath__mapper *m = mapper_of(g, i);
        object = g->met.vector->items[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++)
            if (goes_on(&m->links[k]))
                ATH_TRY(visit_field(g, &m->links[k], object, meet_other, NULL));
        ATH_TRY(expire(g->s, m, object));
    }
    return ATH_OK;
}

ath_status ath_session_expire(ath_session *s, void *object) {
    ATH_TRY(ath__session_enter(s));
    ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    if (ath__head_of(object)->state != ATH_STATE_PERSISTENT)
        return ath__fail(&s->error, ATH_STATE, "the %s is not persistent within this session", m->model->name);
    spreading g;
    begin(&g, s);
    ath_status status = expire_all(&g, object);
    done(&g);
    return status;
}
