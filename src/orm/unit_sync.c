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

/* The database has changed the row's foreign key together with the key that it refers to; so does the object, if nothing
 * else has changed it. */
static ath_status follow_cascade(ath_session *s, ath__mapper *m, const ath__sync *sync) {
    bool key_changed = false;
    char *image = ath__image_of(m, sync->child);
    if (!sync->parent)
        return ATH_OK;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, sync->child));
    for (size_t i = 0; i < sync->link->count; i++)
        key_changed = key_changed || ath__sync_to(sync)[i]->primary_key;
    if (key_changed)
        ath__identity_remove(m, sync->child, image);
    for (size_t i = 0; i < sync->link->count; i++) {
        const ath__column *to = ath__sync_to(sync)[i];
        bool same = ath__field_equal(to->ctype, to->size, field_of(sync->child, to), image + to->offset);
        ATH_TRY(copy_field(s, ath__sync_from(sync)[i], sync->parent, to, image));
        if (same)
            memcpy(field_of(sync->child, to), image + to->offset, to->size);
    }
    return key_changed ? ath__identity_add(s, m, sync->child, ath__identity_hash(m, image)) : ATH_OK;
}

ath_status ath__sync_apply(ath_session *s, ath__mapper *m, const ath__sync *sync) {
    if (sync->cascaded)
        return follow_cascade(s, m, sync);
    for (size_t i = 0; i < sync->link->count; i++) {
        const ath__column *to = ath__sync_to(sync)[i];
        ath_status status = sync->parent ? copy_field(s, ath__sync_from(sync)[i], sync->parent, to, sync->child)
                                         : clear_field(s, m, sync, to);
        if (status != ATH_OK)
            return ath__name_column(s, m, to);
        if (ath__head_of(sync->child)->state == ATH_STATE_PENDING)
            ath__mask_set(ath__image_of(m, sync->child), to->position);
    }
    return ATH_OK;
}

/* ---- the list ---- */

/* The slot of a child's sync by a link, or the free one where it belongs. */
static uint32_t *slot_of(const ath__mapper *m, const ath__link *link, const void *child) {
    size_t mask = m->sync_slot_count - 1;
    uint64_t hash = ath__hash_mix((uint64_t)(uintptr_t)link->origin, ath__head_of(child)->index);
    for (size_t i = (size_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &m->sync_slots[i];
        if (!*slot || (m->syncs[*slot - 1].child == child && m->syncs[*slot - 1].link->origin == link->origin))
            return slot;
    }
}

static ath_status grow_slots(ath_session *s, ath__mapper *m) {
    size_t count = m->sync_slot_count ? m->sync_slot_count * 2 : 64;
    uint32_t *larger = ath__alloc_zero(s->allocator, count, sizeof *larger);
    if (!larger)
        return ath__session_no_memory(s);
    ath__free(s->allocator, m->sync_slots, m->sync_slot_count * sizeof *larger);
    m->sync_slots = larger;
    m->sync_slot_count = count;
    for (size_t i = 0; i < m->sync_count; i++)
        *slot_of(m, m->syncs[i].link, m->syncs[i].child) = (uint32_t)i + 1;
    return ATH_OK;
}

static ath_status grow_syncs(ath_session *s, ath__mapper *m) {
    size_t capacity = m->sync_capacity ? m->sync_capacity * 2 : 32;
    ath__sync *larger =
        ath__realloc(s->allocator, m->syncs, m->sync_capacity * sizeof *larger, capacity * sizeof *larger);
    if (!larger)
        return ath__session_no_memory(s);
    m->syncs = larger;
    m->sync_capacity = capacity;
    return ATH_OK;
}

ath_status ath__sync_add(ath_session *s, ath__mapper *m, ath__sync sync) {
    m = ath__mapper_of(m, sync.child);
    if (m->sync_count == m->sync_capacity)
        ATH_TRY(grow_syncs(s, m));
    if (m->sync_count + 1 > m->sync_slot_count / 4 * 3)
        ATH_TRY(grow_slots(s, m));
    uint32_t *slot = slot_of(m, sync.link, sync.child);
    if (!*slot)
        *slot = (uint32_t)++m->sync_count;
    m->syncs[*slot - 1] = sync;
    return ath__unit_change(s, m, sync.child);
}

ath__sync *ath__sync_of(const ath__mapper *m, const ath__link *link, const void *child) {
    m = ath__mapper_of(m, child);
    uint32_t slot = m->sync_slot_count ? *slot_of(m, link, child) : 0;
    return slot ? &m->syncs[slot - 1] : NULL;
}

void ath__syncs_forget(ath__mapper *m) {
    if (m->sync_count && m->sync_slots)
        memset(m->sync_slots, 0, m->sync_slot_count * sizeof *m->sync_slots);
    m->sync_count = 0;
}

ath_status ath__sync_part(ath_session *s, ath__mapper *m, const ath__link *link, void *child) {
    if (ath__deletes_orphans(link->relation))
        return ath__unit_delete(s, m, child);
    if (ath__head_of(child)->state != ATH_STATE_PERSISTENT && !ath__sync_of(m, link, child))
        return ATH_OK;
    return ath__sync_add(s, m, (ath__sync){.child = child, .link = link});
}

/* ---- pointers ---- */

static bool are_key(const ath_table *t, const ath__column *const *columns, size_t count) {
    if (count != t->key_count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!columns[i]->primary_key)
            return false;
    return true;
}

void *ath__sync_find(ath_session *s, ath__mapper *target, const ath__column *const *from, const ath__column *const *to,
                     size_t count, const void *child, bool *none) {
    ath_value values[ATH__KEY_COLUMNS];
    ath_error ignored;
    *none = count <= ATH__KEY_COLUMNS && !ath__key_of(from, count, child, values);
    if (*none || !are_key(target->table, to, count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (ath__field_set(to[i]->ctype, to[i]->size, &to[i]->type, field_of(target->probe, to[i]), &values[i],
                           &s->arena, &ignored) != ATH_OK)
            return NULL;
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

static bool goes_elsewhere(const rekeying *g, void *child) {
    const ath__relation *pointer = g->of_child ? g->link->relation : g->link->inverse;
    return pointer ? ath__relation_changed(g->children, child, pointer)
                   : ath__columns_set_by_hand(g->children, child, child_columns(g), g->link->count);
}

static ath_status rekey_children(rekeying *g) {
    ath_value key[ATH__KEY_COLUMNS];
    bool cascaded = on_update_cascade(g);
    for (uint32_t i = 0; i < g->children->count; i++) {
        void *child = ath__mapper_object(g->children, i);
        if (ath__head_of(child)->state != ATH_STATE_PERSISTENT ||
            !ath__key_of(child_columns(g), g->link->count, ath__image_of(g->children, child), key))
            continue;
        size_t number = ath__keymap_find(&g->map, key);
        if (number == ATH__NO_KEY || (!cascaded && goes_elsewhere(g, child)))
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

/* All of them must follow where the database does not see to it. */
static ath_status load_children(rekeying *g) {
    if (on_update_cascade(g) || g->of_child)
        return ATH_OK;
    return ath__load_relation_of(g->s, g->parents, g->link->relation, g->found.items, g->found.count);
}

typedef ath_status (*rekey_fn)(rekeying *g);

static ath_status rekey(ath_session *s, ath__mapper *parents, ath__mapper *children, const ath__link *link,
                        bool of_child, rekey_fn visit) {
    rekeying g = {.s = s, .parents = parents, .children = children, .link = link, .of_child = of_child};
    if (!parents->changed.count || link->count > ATH__KEY_COLUMNS)
        return ATH_OK;
    ath__keymap_init(&g.map, s->allocator, link->count);
    ath_status status = find_rekeyed(&g);
    if (status == ATH_OK && g.found.count)
        status = visit(&g);
    ath__keymap_done(&g.map);
    ath__free(s->allocator, g.found.items, g.found.capacity * sizeof *g.found.items);
    return status;
}

/* Each pair of models once: by the parent's relation if it has one. */
static ath_status gather_rekeyed(ath_session *s, ath__mapper *m, const ath__link *link, rekey_fn visit) {
    ath__mapper *other = ath__link_mapper(s, link);
    if (!other)
        return s->error.status;
    bool belongs = ath__link_is_belongs_to(link);
    ath__mapper *heir;
    for (size_t i = 0; !(belongs && link->inverse) && (heir = ath__mapper_heir(other, i)) != NULL; i++)
        ATH_TRY(belongs ? rekey(s, heir, m, link, true, visit) : rekey(s, m, heir, link, false, visit));
    return ATH_OK;
}

/* ---- all ---- */

ath_status ath__unit_load_rekeyed(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++)
            if (ath__link_is_written(&m->links[k]) && !m->links[k].secondary)
                ATH_TRY(gather_rekeyed(s, m, &m->links[k], load_children));
    }
    return ATH_OK;
}

ath_status ath__unit_gather(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
            if (!ath__link_is_written(&m->links[k]) || m->links[k].secondary)
                continue;
            ATH_TRY(gather_rekeyed(s, m, &m->links[k], rekey_children));
            if (ath__link_is_belongs_to(&m->links[k]))
                ATH_TRY(gather_pointers(s, m, &m->links[k]));
        }
    }
    return ATH_OK;
}
