/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, gather: which objects take over whose keys; and the copying, when the keys are there.
 */
#include <strings.h>

#include "orm/loading.h"
#include "orm/unit.h"

/* ---- one key ---- */

static void *field_of(const void *object, const ath__column *c) {
    return (void *)((uintptr_t)object + c->offset);
}

static bool same_ctype(const ath__column *a, const ath__column *b) {
    return a->ctype == b->ctype && a->size == b->size && a->ctype != ATH_C_CHARS;
}

static ath_status copy_field(ath_session *s, const ath__column *from, const void *source, const ath__column *to,
                             void *object) {
    ath_value v;
    if (same_ctype(from, to)) {
        memcpy(field_of(object, to), field_of(source, from), to->size);
        return ATH_OK;
    }
    ATH_TRY(ath__field_get(from->ctype, from->size, &from->type, field_of(source, from), &v, &s->error));
    return ath__field_set(to->ctype, to->size, &to->type, field_of(object, to), &v, &s->arena, &s->error);
}

static ath_status clear_field(ath_session *s, const ath__mapper *m, const ath__sync *sync, const ath__column *to) {
    static const ath_value null = {.kind = ATH_KIND_NULL};
    const ath__relation *r = sync->link->relation;
    if (to->primary_key || !to->nullable)
        return ath__fail(&s->error, ATH_INTEGRITY,
                         "relation %s.%s: %s.%s, %s, would become NULL; delete the %s, or let the relation say "
                         "ATH_CASCADE_ALL_DELETE_ORPHAN",
                         sync->link->owner->model->name, r->field, m->table->name, to->name,
                         to->primary_key ? "a column of the primary key" : "which is NOT NULL", m->model->name);
    return ath__field_set(to->ctype, to->size, &to->type, field_of(sync->child, to), &null, &s->arena, &s->error);
}

/* The database has changed the row's foreign key together with the key that it refers to. */
static ath_status follow_cascade(ath_session *s, ath__mapper *m, const ath__sync *sync) {
    bool key_changed = false;
    void *image = ath__image_of(m, sync->child);
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, sync->child));
    for (size_t i = 0; i < sync->link->count; i++)
        key_changed = key_changed || ath__sync_to(sync)[i]->primary_key;
    if (key_changed)
        ath__identity_remove(m, sync->child, image);
    for (size_t i = 0; i < sync->link->count; i++) {
        const ath__column *to = ath__sync_to(sync)[i];
        memcpy(field_of(image, to), field_of(sync->child, to), to->size);
    }
    return key_changed ? ath__identity_add(s, m, sync->child, ath__identity_hash(m, image)) : ATH_OK;
}

ath_status ath__sync_apply(ath_session *s, ath__mapper *m, const ath__sync *sync) {
    for (size_t i = 0; i < sync->link->count; i++) {
        const ath__column *to = ath__sync_to(sync)[i];
        ath_status status = sync->parent ? copy_field(s, ath__sync_from(sync)[i], sync->parent, to, sync->child)
                                         : clear_field(s, m, sync, to);
        if (status != ATH_OK)
            return ath__name_column(s, m, to);
        if (ath__head_of(sync->child)->state == ATH_STATE_PENDING)
            ath__mask_set(ath__image_of(m, sync->child), to->position);
    }
    return sync->cascaded ? follow_cascade(s, m, sync) : ATH_OK;
}

/* ---- the list ---- */

ath_status ath__sync_add(ath_session *s, ath__mapper *m, ath__sync sync) {
    m = ath__mapper_of(m, sync.child);
    if (m->sync_count == m->sync_capacity) {
        size_t capacity = m->sync_capacity ? m->sync_capacity * 2 : 32;
        ath__sync *larger =
            ath__realloc(s->allocator, m->syncs, m->sync_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(s);
        m->syncs = larger;
        m->sync_capacity = capacity;
    }
    m->syncs[m->sync_count++] = sync;
    return ath__unit_change(s, m, sync.child);
}

static bool is_taken(const ath__mapper *m, const ath__link *link, const void *child) {
    m = ath__mapper_of(m, child);
    for (size_t i = m->sync_count; i-- > 0;)
        if (m->syncs[i].child == child && m->syncs[i].link->origin == link->origin && m->syncs[i].parent)
            return true;
    return false;
}

ath_status ath__sync_part(ath_session *s, ath__mapper *m, const ath__link *link, void *child) {
    if (is_taken(m, link, child))
        return ATH_OK;
    if (ath__deletes_orphans(link->relation))
        return ath__unit_delete(s, m, child);
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT)
        return ATH_OK;
    return ath__sync_add(s, m, (ath__sync){.child = child, .link = link});
}

/* ---- pointers ---- */

static bool refers_to_key(const ath__link *link) {
    if (link->count != link->target->key_count)
        return false;
    for (size_t i = 0; i < link->count; i++)
        if (!link->remote[i]->primary_key)
            return false;
    return true;
}

void *ath__sync_find(ath_session *s, ath__mapper *target, const ath__link *link, const void *child, bool *none) {
    ath_value values[ATH__KEY_COLUMNS];
    ath_error ignored;
    *none = link->count <= ATH__KEY_COLUMNS && !ath__key_of(link->local, link->count, child, values);
    if (*none || !refers_to_key(link))
        return NULL;
    for (size_t i = 0; i < link->count; i++) {
        const ath__column *to = link->remote[i];
        if (ath__field_set(to->ctype, to->size, &to->type, field_of(target->probe, to), &values[i], &s->arena,
                           &ignored) != ATH_OK)
            return NULL;
    }
    void *found = ath__identity_find(target, target->probe, ath__identity_hash(target, target->probe));
    return found && ath__head_of(found)->state == ATH_STATE_PERSISTENT ? found : NULL;
}

static ath_status check_parent(ath_session *s, const ath__mapper *m, const ath__link *link, const ath__mapper *target,
                               const void *parent) {
    const char *wrong = !ath__session_find_owner_in(target, parent) ? "is no object of this session" : NULL;
    uint8_t state = wrong ? ATH_STATE_NONE : ath__head_of(parent)->state;
    if (!wrong && state != ATH_STATE_PENDING && state != ATH_STATE_PERSISTENT)
        wrong = "was deleted or rolled back";
    return wrong ? ath__fail(&s->error, ATH_STATE, "%s.%s: the %s that it points to %s", m->model->name,
                             link->relation->field, target->model->name, wrong)
                 : ATH_OK;
}

static ath_status gather_pointer(ath_session *s, ath__mapper *m, const ath__link *link, ath__mapper *target,
                                 void *object) {
    void *parent = *ath__field_at(object, link->relation);
    if (parent == ath__field_before(m, object, link->relation))
        return ATH_OK;
    if (parent)
        ATH_TRY(check_parent(s, m, link, target, parent));
    return ath__sync_add(s, m, (ath__sync){.child = object, .parent = parent, .link = link, .of_child = true});
}

static ath_status gather_pointers(ath_session *s, ath__mapper *m, const ath__link *link) {
    ath__mapper *target = ath__link_mapper(s, link);
    if (!target)
        return s->error.status;
    for (size_t i = 0; i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT)
            ATH_TRY(gather_pointer(s, m, link, target, object));
    }
    for (size_t i = 0; i < m->pending.count; i++)
        ATH_TRY(gather_pointer(s, m, link, target, ath__mapper_object(m, m->pending.items[i])));
    return ATH_OK;
}

/* ---- keys that change ---- */

/* Parents of one link whose key changes, by the key that they had. */
typedef struct rekeying {
    ath_session *s;
    ath__mapper *parents, *children;
    const ath__link *link;
    bool of_child; /* the link is the children's */
    ath__keymap map;
    ath__indexes found;
} rekeying;

static const ath__column *const *parent_columns(const rekeying *g) {
    return g->of_child ? g->link->remote : g->link->local;
}

static const ath__column *const *child_columns(const rekeying *g) {
    return g->of_child ? g->link->local : g->link->remote;
}

static bool key_changed(const rekeying *g, void *parent) {
    const char *image = ath__image_of(g->parents, parent);
    for (size_t i = 0; i < g->link->count; i++) {
        const ath__column *c = parent_columns(g)[i];
        if (!ath__field_equal(c->ctype, c->size, field_of(parent, c), image + c->offset))
            return true;
    }
    return false;
}

static ath_status find_rekeyed(rekeying *g) {
    ath_value key[ATH__KEY_COLUMNS];
    for (size_t i = 0; i < g->parents->changed.count; i++) {
        void *parent = ath__mapper_object(g->parents, g->parents->changed.items[i]);
        if (ath__head_of(parent)->state != ATH_STATE_PERSISTENT || !key_changed(g, parent) ||
            !ath__key_of(parent_columns(g), g->link->count, ath__image_of(g->parents, parent), key))
            continue;
        if (ath__keymap_add(&g->map, key) == ATH__NO_KEY)
            return ath__session_no_memory(g->s);
        ATH_TRY(ath__indexes_add(g->s, &g->found, g->parents->changed.items[i]));
    }
    return ATH_OK;
}

/* Whether the database changes the foreign key together with the key. */
static bool on_update_cascade(const rekeying *g) {
    const ath_table *t = g->children->table;
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *c = &t->constraints[i];
        if (c->kind == ATH__FOREIGN_KEY && c->columns.count == g->link->count && c->onupdate &&
            strcasecmp(c->onupdate, "CASCADE") == 0 && strcmp(c->columns.names[0], child_columns(g)[0]->name) == 0)
            return true;
    }
    return false;
}

static ath_status rekey_children(rekeying *g) {
    ath_value key[ATH__KEY_COLUMNS];
    bool cascaded = on_update_cascade(g);
    if (!cascaded && !g->of_child) /* all of them must follow */
        ATH_TRY(ath__load_relation_of(g->s, g->parents, g->link->relation, g->found.items, g->found.count));
    for (uint32_t i = 0; i < g->children->count; i++) {
        void *child = ath__mapper_object(g->children, i);
        if (ath__head_of(child)->state != ATH_STATE_PERSISTENT ||
            !ath__key_of(child_columns(g), g->link->count, ath__image_of(g->children, child), key))
            continue;
        size_t number = ath__keymap_find(&g->map, key);
        if (number == ATH__NO_KEY || (g->of_child && ath__relation_changed(g->children, child, g->link->relation)))
            continue;
        ATH_TRY(ath__sync_add(g->s, g->children,
                              (ath__sync){.child = child,
                                          .parent = ath__mapper_object(g->parents, g->found.items[number]),
                                          .link = g->link,
                                          .of_child = g->of_child,
                                          .cascaded = cascaded}));
    }
    return ATH_OK;
}

static ath_status rekey(ath_session *s, ath__mapper *parents, ath__mapper *children, const ath__link *link,
                        bool of_child) {
    rekeying g = {.s = s, .parents = parents, .children = children, .link = link, .of_child = of_child};
    if (!parents->changed.count || link->count > ATH__KEY_COLUMNS)
        return ATH_OK;
    ath__keymap_init(&g.map, s->allocator, link->count);
    ath_status status = find_rekeyed(&g);
    if (status == ATH_OK && g.found.count)
        status = rekey_children(&g);
    ath__keymap_done(&g.map);
    ath__free(s->allocator, g.found.items, g.found.capacity * sizeof *g.found.items);
    return status;
}

/* Each pair of models once: by the parent's relation if it has one. */
static ath_status gather_rekeyed(ath_session *s, ath__mapper *m, const ath__link *link) {
    ath__mapper *other = ath__link_mapper(s, link);
    if (!other)
        return s->error.status;
    bool belongs = ath__link_is_belongs_to(link);
    ath__mapper *heir;
    for (size_t i = 0; !(belongs && link->inverse) && (heir = ath__mapper_heir(other, i)) != NULL; i++)
        ATH_TRY(belongs ? rekey(s, heir, m, link, true) : rekey(s, m, heir, link, false));
    return ATH_OK;
}

/* ---- all ---- */

ath_status ath__unit_gather(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
            if (!ath__link_is_written(&m->links[k]) || m->links[k].secondary)
                continue;
            ATH_TRY(gather_rekeyed(s, m, &m->links[k]));
            if (ath__link_is_belongs_to(&m->links[k]))
                ATH_TRY(gather_pointers(s, m, &m->links[k]));
        }
    }
    return ATH_OK;
}
