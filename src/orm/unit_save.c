/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, save: UPDATEs and INSERTs, referenced objects first.
 *
 * Per mapper: keys are copied, then changed objects are updated, then new ones inserted.  Mappers that refer to each
 * other in cycles, or to themselves, go together, their new objects level by level; changed objects that come to refer to
 * a new one wait for it.  References that were deferred are written last.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* ---- changed objects ---- */

static bool is_pending(const void *object) {
    return object && ath__head_of(object)->state == ATH_STATE_PENDING;
}

/* Those that wait for a new object have ATH__MARK_MET. */
static ath_status update_some(ath_session *s, ath__mapper *m, bool waiting) {
    ath__indexes now = {0};
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < m->changed.count; i++) {
        const void *object = ath__mapper_object(m, m->changed.items[i]);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT && ath__is_marked(object, ATH__MARK_MET) == waiting)
            status = ath__indexes_add(s, &now, m->changed.items[i]);
    }
    if (status == ATH_OK)
        status = ath__unit_place(s, m, ath__flush_updates(s, m, now.items, now.count));
    ath__free(s->allocator, now.items, now.capacity * sizeof *now.items);
    return status;
}

static int by_index(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_changed(ath__mapper *m) {
    if (m->changed.count > 1)
        qsort(m->changed.items, m->changed.count, sizeof *m->changed.items, by_index);
}

/* Copies keys for changed objects; what the database does itself is followed when the keys are changed there. */
static ath_status sync_changed(ath_session *s, ath__mapper *m, bool cascaded) {
    for (size_t i = 0; i < m->sync_count; i++) {
        ath__sync *sync = &m->syncs[i];
        if (ath__head_of(sync->child)->state != ATH_STATE_PERSISTENT || sync->cascaded != cascaded || sync->deferred)
            continue;
        if (is_pending(sync->parent))
            ath__mark(sync->child, ATH__MARK_MET);
        else
            ATH_TRY(ath__sync_apply(s, m, sync));
    }
    return ATH_OK;
}

static ath_status sync_waiting(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->sync_count; i++) {
        ath__sync *sync = &m->syncs[i];
        if (ath__head_of(sync->child)->state == ATH_STATE_PERSISTENT && ath__is_marked(sync->child, ATH__MARK_MET) &&
            !sync->deferred)
            ATH_TRY(ath__sync_apply(s, m, sync));
    }
    return ATH_OK;
}

static ath_status save_changed(ath_session *s, ath__mapper *m) {
    sort_changed(m);
    ATH_TRY(sync_changed(s, m, true)); /* the parents of other mappers */
    ATH_TRY(sync_changed(s, m, false));
    return update_some(s, m, false);
}

/* ---- new objects ---- */

/* Keys for those in this part of the list, which are marked; a deferred one is NULL at first. */
static ath_status sync_new(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->sync_count; i++) {
        ath__sync *sync = &m->syncs[i];
        if (!is_pending(sync->child) || !ath__is_marked(sync->child, ATH__MARK_MET))
            continue;
        ath__sync now = *sync;
        now.parent = sync->deferred ? NULL : sync->parent;
        ATH_TRY(ath__sync_apply(s, m, &now));
    }
    return ATH_OK;
}

static void mark_new(ath__mapper *m, size_t first, size_t count, bool on) {
    for (size_t i = 0; i < count; i++) {
        void *object = ath__mapper_object(m, m->pending.items[first + i]);
        if (on)
            ath__mark(object, ATH__MARK_MET);
        else
            ath__unmark(object, ATH__MARK_MET);
    }
}

static ath_status insert_new(ath_session *s, ath__mapper *m, size_t first, size_t count) {
    if (!count)
        return ATH_OK;
    if (m->sync_count) {
        mark_new(m, first, count, true);
        ath_status status = sync_new(s, m);
        mark_new(m, first, count, false);
        ATH_TRY(status);
    }
    return ath__unit_place(s, m, ath__flush_inserts(s, m, first, count));
}

/* ---- mappers that go together ---- */

static ath_status insert_level(ath_session *s, ath__mapper *const *mappers, size_t count, const uint32_t *levels,
                               uint32_t level) {
    size_t base = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = mappers[i]->pending.count, first = 0, end;
        while (first < n && levels[base + first] < level)
            first++;
        for (end = first; end < n && levels[base + end] == level;)
            end++;
        ATH_TRY(insert_new(s, mappers[i], first, end - first));
        base += n;
    }
    return ATH_OK;
}

static ath_status insert_levels(ath_session *s, ath__mapper *const *mappers, size_t count, uint32_t *levels) {
    uint32_t level_count = 0;
    ATH_TRY(ath__unit_levels(s, mappers, count, levels, &level_count));
    for (uint32_t level = 0; level < level_count; level++)
        ATH_TRY(insert_level(s, mappers, count, levels, level));
    return ATH_OK;
}

static void forget_waiting(ath__mapper *m) {
    for (size_t i = 0; i < m->changed.count; i++)
        ath__unmark(ath__mapper_object(m, m->changed.items[i]), ATH__MARK_MET);
}

static ath_status save_together(ath_session *s, ath__mapper *const *mappers, size_t count) {
    size_t nodes = 0;
    for (size_t i = 0; i < count; i++)
        nodes += mappers[i]->pending.count;
    for (size_t i = 0; i < count; i++)
        ATH_TRY(save_changed(s, mappers[i]));
    if (nodes) {
        uint32_t *levels = ath__alloc(s->allocator, nodes * sizeof *levels);
        ath_status status = levels ? insert_levels(s, mappers, count, levels) : ath__session_no_memory(s);
        ath__free(s->allocator, levels, nodes * sizeof *levels);
        ATH_TRY(status);
    }
    for (size_t i = 0; i < count; i++) {
        ATH_TRY(sync_waiting(s, mappers[i]));
        ATH_TRY(update_some(s, mappers[i], true));
        forget_waiting(mappers[i]);
    }
    return ATH_OK;
}

/* ---- deferred references ---- */

static ath_status save_deferred(ath_session *s, ath__mapper *m) {
    ath__indexes list = {0};
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < m->sync_count; i++) {
        ath__sync *sync = &m->syncs[i];
        if (!sync->deferred || ath__head_of(sync->child)->state != ATH_STATE_PERSISTENT)
            continue;
        status = ath__sync_apply(s, m, sync);
        if (status == ATH_OK)
            status = ath__indexes_add(s, &list, ath__head_of(sync->child)->index);
    }
    if (status == ATH_OK && list.count)
        status = ath__unit_place(s, m, ath__flush_updates(s, m, list.items, list.count));
    ath__free(s->allocator, list.items, list.capacity * sizeof *list.items);
    return status;
}

/* ---- deletes that must come first ---- */

/* Whether the key that is to be copied is not yet the row's. */
static bool is_rekeyed(const ath_session *s, const ath__sync *sync) {
    const ath__mapper *m = s->mappers[ath__head_of(sync->parent)->mapper];
    return ath__columns_set_by_hand(m, sync->parent, ath__sync_from(sync), sync->link->count);
}

/* The database no longer changes its foreign key with the key of the parent that it had. */
static void forget_cascade(const ath_session *s, const ath__mapper *m, const ath__sync *let_go) {
    if (!ath__link_is_belongs_to(let_go->link) || !let_go->link->inverse)
        return;
    for (size_t i = 0; i < s->mapper_count; i++)
        if (ath__table_is(s->mappers[i]->table, let_go->link->target) && s->mappers[i]->links) {
            ath__sync *sync = ath__sync_of(m, ath__link_inverse(s->mappers[i], let_go->link), let_go->child);
            if (sync && sync->cascaded)
                sync->parent = NULL;
        }
}

/* Each once. */
static ath_status list_object(ath_session *s, ath__indexes *list, void *object) {
    if (ath__is_marked(object, ATH__MARK_MET))
        return ATH_OK;
    ath__mark(object, ATH__MARK_MET);
    return ath__indexes_add(s, list, ath__head_of(object)->index);
}

static ath_status let_go_of_parents(ath_session *s, ath__mapper *m, ath__indexes *list) {
    for (size_t i = 0; i < m->sync_count; i++) {
        ath__sync now = m->syncs[i];
        if (ath__head_of(now.child)->state != ATH_STATE_PERSISTENT || now.cascaded)
            continue;
        if (is_pending(now.parent) || (now.parent && is_rekeyed(s, &now)))
            now.parent = NULL;
        bool possible = now.parent != NULL;
        for (size_t k = 0; !possible && k < now.link->count; k++)
            possible = ath__sync_to(&now)[k]->nullable && !ath__sync_to(&now)[k]->primary_key;
        if (!possible)
            continue;
        ATH_TRY(ath__sync_apply(s, m, &now));
        forget_cascade(s, m, &now);
        ATH_TRY(list_object(s, list, now.child));
    }
    return ATH_OK;
}

/* Whether a pointer or a vector says what the columns will be: they may have been copied already. */
static bool has_sync(const ath__mapper *m, const ath__mapper *target, const ath__column *first, const void *object) {
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (ath__link_is_belongs_to(&m->links[k]) && m->links[k].local[0] == first &&
            ath__sync_of(m, &m->links[k], object))
            return true;
    for (size_t k = 0; target->links && k < target->table->relation_count; k++) {
        const ath__link *link = &target->links[k];
        const ath__sync *sync =
            !ath__link_is_belongs_to(link) && !link->secondary && link->target == m->table && link->remote[0] == first
                ? ath__sync_of(m, link, object)
                : NULL;
        if (sync && !sync->cascaded)
            return true;
    }
    return false;
}

/* Whether a foreign key was set by hand, to what can be written now: NULL, or the key of a row that is there. */
static bool is_set_by_hand(ath_session *s, const ath__mapper *m, const ath__constraint *fk, void *object) {
    const ath__column *from[ATH__KEY_COLUMNS], *to[ATH__KEY_COLUMNS];
    ath__mapper *target = NULL;
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->table->name && strcmp(s->mappers[i]->table->name, fk->target) == 0)
            target = s->mappers[i];
    if (!target || !target->deleted.count || fk->columns.count > ATH__KEY_COLUMNS)
        return false;
    for (size_t i = 0; i < fk->columns.count; i++) {
        from[i] = ath__table_column_named(m->table, fk->columns.names[i]);
        to[i] = ath__table_column_named(target->table, fk->target_columns.names[i]);
        if (!from[i] || !to[i])
            return false;
    }
    bool none = false;
    return ath__columns_set_by_hand(m, object, from, fk->columns.count) && !has_sync(m, target, from[0], object) &&
           (ath__sync_find(s, target, from, to, fk->columns.count, object, &none) || none);
}

static ath_status let_go_by_hand(ath_session *s, const ath__mapper *m, ath__indexes *list) {
    for (size_t i = 0; i < m->changed.count; i++) {
        void *object = ath__mapper_object(m, m->changed.items[i]);
        bool by_hand = false;
        for (size_t k = 0; k < m->table->constraint_count && !by_hand; k++)
            by_hand = m->table->constraints[k].kind == ATH__FOREIGN_KEY &&
                      ath__head_of(object)->state == ATH_STATE_PERSISTENT &&
                      is_set_by_hand(s, m, &m->table->constraints[k], object);
        if (by_hand)
            ATH_TRY(list_object(s, list, object));
    }
    return ATH_OK;
}

/* Objects that let go of a deleted parent do so now: their new one may not be there yet. */
ath_status ath__unit_let_go(ath_session *s, ath__mapper *m) {
    ath__indexes list = {0};
    ath_status status = let_go_by_hand(s, m, &list); /* before keys are copied */
    if (status == ATH_OK)
        status = let_go_of_parents(s, m, &list);
    for (size_t i = 0; i < list.count; i++)
        ath__unmark(ath__mapper_object(m, list.items[i]), ATH__MARK_MET);
    if (status == ATH_OK && list.count)
        status = ath__unit_place(s, m, ath__flush_updates(s, m, list.items, list.count));
    ath__free(s->allocator, list.items, list.capacity * sizeof *list.items);
    return status;
}

/* ---- all ---- */

static bool relates_to_itself(const ath__mapper *m) {
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (ath__table_is(m->table, m->links[k].target) && !m->links[k].secondary)
            return true;
    return false;
}

static bool has_post_update(const ath__mapper *m) {
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (m->links[k].relation->opts.post_update || (m->links[k].inverse && m->links[k].inverse->opts.post_update))
            return true;
    return false;
}

static ath_status save_one(ath_session *s, ath__mapper *m) {
    if (relates_to_itself(m) || has_post_update(m))
        return save_together(s, &m, 1);
    ATH_TRY(save_changed(s, m));
    return insert_new(s, m, 0, m->pending.count);
}

ath_status ath__unit_save(ath__unit *u) {
    bool clash = false;
    ath_session *s = u->s;
    ATH_TRY(ath__unit_switch(s, &clash));
    u->deletes_first = clash;
    if (clash)
        ATH_TRY(ath__unit_remove(u));
    for (size_t i = 0; i < u->tangled_from; i++)
        ATH_TRY(save_one(s, u->order[i]));
    if (u->tangled_from < u->order_count)
        ATH_TRY(save_together(s, u->order + u->tangled_from, u->order_count - u->tangled_from));
    for (size_t i = 0; i < u->order_count; i++)
        ATH_TRY(save_deferred(s, u->order[i]));
    return ATH_OK;
}
