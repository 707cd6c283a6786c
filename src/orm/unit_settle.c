/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, settle: images say what was written, and no collection holds what was deleted.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* ---- fields of relations ---- */

/* A foreign key that is NULL; one that was left out of the query is not known to be. */
static bool has_no_key(const ath__mapper *m, const ath__link *link, const void *object) {
    ath_value key[ATH__KEY_COLUMNS];
    const uint64_t *missing = ath__missing_columns(m, object);
    for (size_t i = 0; missing && i < link->count; i++)
        if (ath__mask_has(missing, link->local[i]->position))
            return false;
    return link->count <= ATH__KEY_COLUMNS && !ath__key_of(link->local, link->count, object, key);
}

/* What the program has added to a vector that is not loaded is written; the whole is still unknown. */
static void settle_unloaded(ath__mapper *m, void *object, const ath__relation *r) {
    void **before = ath__field_at(ath__image_of(m, object), r);
    if (!*before)
        *ath__field_at(object, r) = NULL;
    else
        *before = *ath__field_at(object, r);
}

static void settle_field(ath__mapper *m, void *object, const ath__link *link, bool is_new) {
    const ath__relation *r = link->relation;
    void *value = *ath__field_at(object, r);
    if (!is_new && ath__relation_is_many(r) && !ath__is_loaded(m, object, r)) {
        settle_unloaded(m, object, r);
        return;
    }
    bool known = value || (!is_new && ath__is_loaded(m, object, r));
    if (ath__link_is_belongs_to(link))
        known = value || has_no_key(m, link, object);
    *ath__field_at(ath__image_of(m, object), r) = value;
    ath__set_loaded(m, object, r, known);
}

static bool relations_changed(const ath__mapper *m, void *object) {
    for (size_t k = 0; k < m->table->relation_count; k++)
        if (ath__link_is_written(&m->links[k]) && ath__relation_changed(m, object, m->links[k].relation))
            return true;
    return false;
}

static ath_status settle_object(ath_session *s, ath__mapper *m, void *object, bool is_new) {
    if (ath__head_of(object)->state != ATH_STATE_PERSISTENT || (!is_new && !relations_changed(m, object)))
        return ATH_OK;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, object));
    for (size_t k = 0; k < m->table->relation_count; k++)
        if (ath__link_is_written(&m->links[k]))
            settle_field(m, object, &m->links[k], is_new);
    return ATH_OK;
}

static ath_status settle_mapper(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->changed.count; i++)
        ATH_TRY(settle_object(s, m, ath__mapper_object(m, m->changed.items[i]), false));
    for (size_t i = 0; i < m->pending.count; i++)
        ATH_TRY(settle_object(s, m, ath__mapper_object(m, m->pending.items[i]), true));
    return ATH_OK;
}

/* ---- what was deleted ---- */

static bool is_there(const void *context, const void *item) {
    (void)context;
    return ath__head_of(item)->state != ATH_STATE_DELETED;
}

static bool holds_deleted(void *value, const ath__relation *r) {
    if (!value || !ath__relation_is_many(r))
        return value && !is_there(NULL, value);
    for (void **item = value; *item; item++)
        if (!is_there(NULL, *item))
            return true;
    return false;
}

/* A pointer to a deleted object is no longer known: what ON DELETE has done is not seen from here. */
static ath_status drop_deleted(ath_session *s, ath__mapper *m, const ath__link *link, void *object) {
    const ath__relation *r = link->relation;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_UPDATE, m, object));
    if (ath__relation_is_many(r)) {
        ATH_TRY(ath__collection_filter(s, m, object, r, is_there, NULL));
    } else {
        *ath__field_at(object, r) = NULL;
        ath__set_loaded(m, object, r, !ath__link_is_belongs_to(link) || has_no_key(m, link, object));
    }
    *ath__field_at(ath__image_of(m, object), r) = *ath__field_at(object, r);
    return ATH_OK;
}

static ath_status drop_from(ath_session *s, ath__mapper *m, const ath__link *link) {
    for (uint32_t i = 0; i < m->count; i++) {
        void *object = ath__mapper_object(m, i);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT &&
            holds_deleted(*ath__field_at(object, link->relation), link->relation))
            ATH_TRY(drop_deleted(s, m, link, object));
    }
    return ATH_OK;
}

static bool has_deleted(const ath_session *s, const ath_table *t) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (ath__table_is(s->mappers[i]->table, t) && (s->mappers[i]->deleted.count > 0 || s->mappers[i]->switched))
            return true;
    return false;
}

ath_status ath__unit_settle(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->links)
            ATH_TRY(settle_mapper(s, s->mappers[i]));
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        for (size_t k = 0; m->links && k < m->table->relation_count; k++)
            if (has_deleted(s, m->links[k].target))
                ATH_TRY(drop_from(s, m, &m->links[k]));
    }
    for (size_t i = 0; i < s->mapper_count; i++)
        s->mappers[i]->pending.count = s->mappers[i]->deleted.count = 0;
    return ATH_OK;
}
