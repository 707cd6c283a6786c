/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9: rows that take the place of deleted ones.
 *
 * A new object with the primary key of one that is deleted in the same flush takes its row over: one UPDATE, nothing that
 * refers to the row is hurt.  When another unique value is given up by a deleted object and taken by a new or changed one,
 * the deletes must go first.  Either value may be a foreign key that comes with a pointer: what is known of those is copied
 * before.
 */
#include "orm/loading.h"
#include "orm/unit.h"

/* ---- the row switch ---- */

/* Whether the program has set the whole key of a new object. */
static bool has_key(const ath__mapper *m, void *object) {
    const uint64_t *mask = ath__image_of(m, object);
    for (size_t i = 0; i < m->table->key_count; i++)
        if (!ath__mask_has(mask, m->table->key[i]))
            return false;
    return true;
}

/* What the new object leaves to the database is as the row has it. */
static void keep_unset(const ath__mapper *m, void *object, const uint64_t *mask, const void *former) {
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        bool left = ath__is_given(c) || c->server_default || c->identity || c->autoincrement;
        if (left && !ath__mask_has(mask, i))
            memcpy((char *)object + c->offset, (const char *)former + c->offset, c->size);
    }
}

static ath_status take_over(ath_session *s, ath__mapper *m, void *object, void *former) {
    void *image = ath__image_of(m, object);
    uint32_t index = ath__head_of(former)->index;
    ATH_TRY(ath__between_clear(s, m, &index, 1));
    ATH_TRY(ath__journal_add(s, ATH__UNDO_DELETE, m, former));
    ath__identity_remove(m, former, ath__image_of(m, former));
    keep_unset(m, object, image, ath__image_of(m, former));
    memcpy(image, ath__image_of(m, former), m->size);
    for (size_t i = 0; i < m->table->relation_count; i++)
        *ath__field_at(image, &m->table->relations[i]) = NULL;
    ATH_TRY(ath__journal_add(s, ATH__UNDO_INSERT, m, object));
    ATH_TRY(ath__identity_add(s, m, object, ath__identity_hash(m, image)));
    ath__head_of(object)->state = ATH_STATE_PERSISTENT;
    ath__indexes_remove(&m->deleted, index);
    m->switched = true;
    return ath__unit_change(s, m, object);
}

static ath_status switch_rows(ath_session *s, ath__mapper *m) {
    size_t kept = 0;
    ath_status status = ATH_OK;
    for (size_t i = 0; i < m->pending.count; i++) {
        void *object = ath__mapper_object(m, m->pending.items[i]);
        void *former = status == ATH_OK && has_key(m, object)
                           ? ath__identity_find(m, object, ath__identity_hash(m, object))
                           : NULL;
        if (former && ath__head_of(former)->state == ATH_STATE_DELETED && ath__mapper_of(m, former) == m)
            status = take_over(s, m, object, former);
        if (ath__head_of(object)->state == ATH_STATE_PENDING)
            m->pending.items[kept++] = m->pending.items[i];
    }
    m->pending.count = kept;
    return status;
}

/* ---- other unique values ---- */

typedef struct claim {
    ath_session *s;
    ath__mapper *m;
    const ath__column *columns[ATH__KEY_COLUMNS];
    size_t count;
    ath__keymap given_up;
} claim;

/* The class that describes a column. */
static const ath_table *describer(const ath_table *t, size_t column) {
    while (ath__table_super(t) && column < t->lineage->inherited_columns)
        t = ath__table_super(t);
    return t;
}

/* Whether the columns are those of another class of the family too. */
static bool shares(const claim *c, const ath__mapper *m) {
    for (size_t i = 0; i < c->count; i++) {
        size_t at = c->columns[i]->position;
        if (at >= m->table->column_count || describer(c->m->table, at) != describer(m->table, at))
            return false;
    }
    return true;
}

static ath_status gather_of(claim *c, const ath__mapper *m) {
    ath_value key[ATH__KEY_COLUMNS];
    for (size_t i = 0; i < m->deleted.count; i++) {
        const void *image = ath__image_of(m, ath__mapper_object(m, m->deleted.items[i]));
        if (ath__key_of(c->columns, c->count, image, key) && ath__keymap_add(&c->given_up, key) == ATH__NO_KEY)
            return ath__session_no_memory(c->s);
    }
    return ATH_OK;
}

/* By objects of all classes that have these columns: those that inherit from the mapper's, or that it inherits from. */
static ath_status gather_given_up(claim *c) {
    const ath__family *f = c->m->family;
    for (size_t i = 0; f && i < f->count; i++)
        if (shares(c, f->members[i]))
            ATH_TRY(gather_of(c, f->members[i]));
    return f ? ATH_OK : gather_of(c, c->m);
}

static bool is_taken(const claim *c, const ath__indexes *list) {
    ath_value key[ATH__KEY_COLUMNS];
    for (size_t i = 0; i < list->count; i++) {
        const void *object = ath__mapper_object(c->m, list->items[i]);
        if (ath__head_of(object)->state != ATH_STATE_DELETED && ath__key_of(c->columns, c->count, object, key) &&
            ath__keymap_find(&c->given_up, key) != ATH__NO_KEY)
            return true;
    }
    return false;
}

static ath_status look_at(claim *c, bool *clash) {
    if (!c->count || *clash)
        return ATH_OK;
    ath__keymap_init(&c->given_up, c->s->allocator, c->count);
    ath_status status = gather_given_up(c);
    if (status == ATH_OK)
        *clash = is_taken(c, &c->m->pending) || is_taken(c, &c->m->changed);
    ath__keymap_done(&c->given_up);
    return status;
}

static ath_status look_at_names(claim *c, ath_name_list names, bool *clash) {
    c->count = 0;
    for (size_t i = 0; i < names.count && i < ATH__KEY_COLUMNS; i++) {
        c->columns[i] = ath__table_column_named(c->m->table, names.names[i]);
        if (!c->columns[i])
            return ATH_OK;
        c->count++;
    }
    return look_at(c, clash);
}

static ath_status find_clash(ath_session *s, ath__mapper *m, bool *clash) {
    const ath_table *t = m->table;
    claim c = {.s = s, .m = m};
    for (size_t i = 0; i < t->column_count; i++) {
        c.columns[0] = &t->columns[i];
        c.count = t->columns[i].unique;
        ATH_TRY(look_at(&c, clash));
    }
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__UNIQUE)
            ATH_TRY(look_at_names(&c, t->constraints[i].columns, clash));
    for (size_t i = 0; i < t->index_count; i++)
        if (t->indexes[i].unique)
            ATH_TRY(look_at_names(&c, t->indexes[i].columns, clash));
    for (size_t i = 0; i < t->key_count && i < ATH__KEY_COLUMNS; i++) /* a changed key, to that of a deleted one */
        c.columns[i] = &t->columns[t->key[i]];
    c.count = t->key_count <= ATH__KEY_COLUMNS ? t->key_count : 0;
    return look_at(&c, clash);
}

static bool has_deleted(const ath__mapper *m) {
    const ath__family *f = m->family;
    for (size_t i = 0; f && i < f->count; i++)
        if (f->members[i]->deleted.count)
            return true;
    return m->deleted.count > 0;
}

/* Foreign keys whose parents have their rows; the others are new values anyhow. */
static ath_status sync_known(ath_session *s, ath__mapper *m) {
    for (size_t i = 0; i < m->sync_count; i++) {
        const ath__sync *sync = &m->syncs[i];
        uint8_t state = ath__head_of(sync->child)->state;
        if (sync->parent && ath__head_of(sync->parent)->state == ATH_STATE_PERSISTENT && !sync->deferred &&
            !sync->cascaded && (state == ATH_STATE_PENDING || state == ATH_STATE_PERSISTENT))
            ATH_TRY(ath__sync_apply(s, m, sync));
    }
    return ATH_OK;
}

ath_status ath__unit_switch(ath_session *s, bool *clash) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        if (!has_deleted(m) || !(m->pending.count || m->changed.count))
            continue;
        ATH_TRY(sync_known(s, m));
        ATH_TRY(switch_rows(s, m));
        ATH_TRY(find_clash(s, m, clash));
    }
    return ATH_OK;
}
