/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: ath_merge, a graph of plain structs becomes the session's objects.
 *
 * Each struct gets its object first (the one with its key, or a new one) and the values of its columns; then its relations
 * with ATH_CASCADE_MERGE are made the same as the struct's, whose other ends get their objects by that.  The list of
 * structs grows meanwhile; each is taken once, however they refer to each other.
 */
#include "orm/loading.h"
#include "orm/unit.h"

typedef struct merging {
    ath_session *s;
    ath__gathered given, own; /* structs, and the session's objects for them */
    ath__map objects;         /* the latter by the former */
} merging;

/* ---- columns ---- */

static ath_status check_version(ath_session *s, const ath__mapper *m, const void *given, const void *known) {
    if (m->table->version < 0)
        return ATH_OK;
    const ath__column *c = &m->table->columns[m->table->version];
    if (ath__field_equal(c->ctype, c->size, (const char *)given + c->offset, (const char *)known + c->offset))
        return ATH_OK;
    return ath__fail(&s->error, ATH_STALE_DATA, "the %s that is merged has another version than its row",
                     m->model->name);
}

static ath_status merge_fields(ath_session *s, const ath__mapper *m, const void *given, void *object) {
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        const void *from = (const char *)given + c->offset;
        void *to = (char *)object + c->offset;
        ath_value v = {0};
        if (c->computed || c->version || (int)i == ath__discriminator_of(m->table) ||
            ath__field_equal(c->ctype, c->size, from, to))
            continue;
        ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, from, &v, &s->error));
        ATH_TRY(ath__field_set(c->ctype, c->size, &c->type, to, &v, &s->arena, &s->error));
    }
    return ATH_OK;
}

/* The struct's relations are its own affair until they are merged. */
static void *add(ath_session *s, const ath__mapper *m, const void *given) {
    void *object = ath_session_add(s, m->model, given);
    for (size_t k = 0; object && k < m->table->relation_count; k++)
        *ath__field_at(object, &m->table->relations[k]) = NULL;
    return object;
}

/* The session's object with the values of the struct; NULL on failure. */
static void *merge_one(ath_session *s, ath__mapper *m, const void *given) {
    void *known = ath__get_alike(s, m, given);
    if (!known)
        return s->error.status == ATH_OK ? add(s, m, given) : NULL;
    if (check_version(s, m, given, known) != ATH_OK || merge_fields(s, m, given, known) != ATH_OK)
        return NULL;
    return known;
}

/* ---- the graph ---- */

/* The object for a struct of the graph; one of the session's own stands for itself. */
static void *take(merging *g, ath__mapper *m, const void *given) {
    void *own = ath__map_get(&g->objects, &given, sizeof given);
    if (own)
        return own;
    if (ath__session_find_owner(g->s, given))
        return (void *)(uintptr_t)given;
    own = merge_one(g->s, m, given);
    if (!own)
        return NULL;
    if (ath__map_put(&g->objects, &given, sizeof given, own) != ATH_OK) {
        ath__session_no_memory(g->s);
        return NULL;
    }
    bool listed = ath__gather(g->s, &g->given, (void *)(uintptr_t)given) && ath__gather(g->s, &g->own, own);
    return listed ? own : NULL;
}

/* A struct of a hierarchy says by its discriminator what it is. */
static ath__mapper *class_of(ath_session *s, const ath__link *link, const void *given) {
    const ath_model *model = link->relation->target, *real = ath__family_class_of(model, given);
    return ath__session_mapper(s, real ? real : model);
}

static void *take_related(merging *g, const ath__link *link, const void *given) {
    ath__mapper *m = class_of(g->s, link, given);
    return m ? take(g, m, given) : NULL;
}

/* What the object has, so that it can be compared. */
static ath_status load(ath_session *s, ath__mapper *m, const ath__link *link, void *object) {
    if (ath__head_of(object)->state != ATH_STATE_PERSISTENT || ath__is_loaded(m, object, link->relation) ||
        ath__relation_changed(m, object, link->relation))
        return ATH_OK;
    return ath__load_relation(s, m, link->relation, object);
}

/* Where a struct says by a pointer or a vector who belongs together, its foreign key says nothing: mostly it is zero, and
 * at the flush it would part them. */
static void keep_key(const ath__mapper *m, void *child, const ath__column *const *key, size_t count) {
    const char *image = ath__image_of(m, child);
    if (ath__head_of(child)->state == ATH_STATE_PERSISTENT)
        for (size_t i = 0; i < count; i++)
            memcpy((char *)child + key[i]->offset, image + key[i]->offset, key[i]->size);
}

static ath_status merge_to_one(merging *g, ath__mapper *m, const ath__link *link, const void *given, void *own) {
    void *other = take_related(g, link, given);
    if (!other)
        return g->s->error.status;
    ATH_TRY(load(g->s, m, link, own));
    if (ath__field_of(own, link) != other)
        return ath_session_set_rel(g->s, own, link->relation->offset, other);
    if (ath__link_is_belongs_to(link))
        keep_key(m, own, link->local, link->count);
    else
        keep_key(ath__mapper_of(ath__link_mapper(g->s, link), other), other, link->remote, link->count);
    return ATH_OK;
}

/* What the object has and the struct has not, leaves. */
static ath_status remove_others(ath_session *s, const ath__link *link, void *own, const ath__map *wanted) {
    void **former = ath__field_of(own, link);
    for (size_t i = 0, count = ath_len(former); i < count; i++) /* it is left as it is: others take its place */
        if (!ath__map_get(wanted, &former[i], sizeof former[i]))
            ATH_TRY(ath_session_remove(s, own, link->relation->offset, former[i]));
    return ATH_OK;
}

static ath_status note(ath_session *s, ath__map *map, void *object) {
    return ath__map_put(map, &object, sizeof object, object) == ATH_OK ? ATH_OK : ath__session_no_memory(s);
}

static ath_status add_missing(ath_session *s, const ath__link *link, void *own, const ath__map *wanted, ath__map *had) {
    const ath__mapper *m = ath__link_mapper(s, link);
    if (!m)
        return s->error.status;
    void **former = ath__field_of(own, link);
    for (size_t i = 0; i < ath_len(former); i++) {
        ATH_TRY(note(s, had, former[i]));
        if (!link->secondary)
            keep_key(ath__mapper_of(m, former[i]), former[i], link->remote, link->count);
    }
    const ath__map_entry *entry;
    for (size_t at = 0; (entry = ath__map_next(wanted, &at)) != NULL;)
        if (!ath__map_get(had, &entry->value, sizeof entry->value))
            ATH_TRY(ath_session_append(s, own, link->relation->offset, entry->value));
    return ATH_OK;
}

static ath_status merge_to_many(merging *g, ath__mapper *m, const ath__link *link, void *const *given, void *own) {
    ath__map wanted, had;
    ath__map_init(&wanted, g->s->allocator);
    ath__map_init(&had, g->s->allocator);
    ath_status status = load(g->s, m, link, own);
    for (; *given && status == ATH_OK; given++) {
        void *other = take_related(g, link, *given);
        status = other ? note(g->s, &wanted, other) : g->s->error.status;
    }
    if (status == ATH_OK)
        status = remove_others(g->s, link, own, &wanted);
    if (status == ATH_OK)
        status = add_missing(g->s, link, own, &wanted, &had);
    ath__map_done(&wanted);
    ath__map_done(&had);
    return status;
}

static ath_status merge_relations(merging *g, const void *given, void *own) {
    ath__mapper *m = g->s->mappers[ath__head_of(own)->mapper];
    for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
        const ath__link *link = &m->links[k];
        void *value = ath__field_of(given, link);
        if (!value || !(ath__relation_cascade(link->relation) & ATH_CASCADE_MERGE) || !ath__link_is_written(link))
            continue;
        ATH_TRY(ath__relation_is_many(link->relation) ? merge_to_many(g, m, link, value, own)
                                                      : merge_to_one(g, m, link, value, own));
    }
    return ATH_OK;
}

static void *merge_all(merging *g, ath__mapper *m, const void *given) {
    void *result = take(g, m, given);
    for (size_t i = 0; result && i < g->own.count; i++)
        if (merge_relations(g, g->given.vector->items[i], g->own.vector->items[i]) != ATH_OK)
            return NULL;
    return result;
}

void *ath_session_merge(ath_session *s, const ath_model *model, const void *object) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    ath__mapper *m = ath__session_mapper(s, model);
    if (!m || !object || !model->table || !m->table->key_count) {
        if (m)
            ath__fail(&s->error, ATH_ARGUMENT, "%s",
                      object ? "the model has no table with a primary key" : "there is no object: NULL");
        return NULL;
    }
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    merging g = {.s = s};
    ath__map_init(&g.objects, s->allocator);
    bool autoflush = s->autoflush;
    s->autoflush = false; /* half a graph is not written */
    void *result = merge_all(&g, m, object);
    s->autoflush = autoflush;
    ath__gathered_drop(s, &g.given);
    ath__gathered_drop(s, &g.own);
    ath__map_done(&g.objects);
    return result;
}
