/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: what this transaction has written, so that a rollback puts memory back too.
 *
 * An object is noted at its first write: an insert by itself, an update with the image from before it, a delete by
 * itself; in a savepoint, once more.  Undoing walks backwards, restores images, and then lets every object say what its
 * image says.  What was loaded of an object's relations goes back with its image: rows that were read between may be gone.
 */
#include "orm/unit.h"

static ath_status reserve(ath_session *s) {
    if (s->journal_count < s->journal_capacity)
        return ATH_OK;
    size_t capacity = s->journal_capacity ? s->journal_capacity * 2 : 32;
    ath__undo *larger =
        ath__realloc(s->allocator, s->journal, s->journal_capacity * sizeof *larger, capacity * sizeof *larger);
    if (!larger)
        return ath__session_no_memory(s);
    s->journal = larger;
    s->journal_capacity = capacity;
    return ATH_OK;
}

/* ---- levels ---- */

/* Which level of the transaction (itself 1, its first savepoint 2 ...) has the object's image; 0: none.  Deeper ones than
 * can be kept count as never noted: their objects are noted again and again, which only costs memory. */
enum { DEEPEST = 15, LEVEL_SHIFT = 4 };

static uint8_t logged(const ath__head *head) {
    return head->marks >> LEVEL_SHIFT;
}

static void set_logged(ath__head *head, unsigned level) {
    unsigned kept = level < DEEPEST ? level : DEEPEST;
    head->marks = (uint8_t)((head->marks & ((1U << LEVEL_SHIFT) - 1)) | kept << LEVEL_SHIFT);
}

void ath__journal_lower(ath_session *s, size_t from) {
    for (size_t i = from; i < s->journal_count; i++) {
        ath__head *head = ath__head_of(ath__mapper_object(s->mappers[s->journal[i].mapper], s->journal[i].index));
        if (logged(head) > s->level)
            set_logged(head, s->level);
    }
}

/* ---- noting ---- */

static size_t loaded_size(const ath__mapper *m) {
    return m->loaded_at ? sizeof(uint64_t) : 0;
}

static void *copy_image(ath_session *s, const ath__mapper *m, void *object) {
    char *copy = ath__arena_alloc(&s->journal_arena, m->size + loaded_size(m));
    if (!copy)
        return NULL;
    memcpy(copy, ath__image_of(m, object), m->size);
    memcpy(copy + m->size, (char *)object + m->loaded_at, loaded_size(m));
    return copy;
}

ath_status ath__journal_add(ath_session *s, ath__undo_kind kind, const ath__mapper *m, void *object) {
    m = ath__mapper_of(m, object);
    ath__head *head = ath__head_of(object);
    uint8_t before = logged(head);
    if (kind == ATH__UNDO_UPDATE && before >= s->level)
        return ATH_OK; /* its first image is what counts; an object inserted now has none to go back to */
    ATH_TRY(reserve(s));
    void *image = kind == ATH__UNDO_UPDATE ? copy_image(s, m, object) : NULL;
    if (kind == ATH__UNDO_UPDATE && !image)
        return ath__session_no_memory(s);
    if (kind != ATH__UNDO_DELETE)
        set_logged(head, s->level);
    s->journal[s->journal_count++] = (ath__undo){kind, m->number, head->index, before, image};
    return ATH_OK;
}

void ath__journal_clear(ath_session *s) {
    for (size_t i = 0; i < s->journal_count; i++) {
        const ath__mapper *m = s->mappers[s->journal[i].mapper];
        ath__head *head = ath__head_of(ath__mapper_object(m, s->journal[i].index));
        set_logged(head, 0);
        if (s->journal[i].kind == ATH__UNDO_DELETE)
            head->state = ATH_STATE_NONE;
    }
    s->journal_count = 0;
    s->wrote_aside = false;
    ath__arena_reset(&s->journal_arena);
}

/* ---- undoing ---- */

/* A new object leaves the session; the key that the database gave it is cleared, since its row is gone. */
static void leave(ath__mapper *m, void *object) {
    ath__head_of(object)->state = ATH_STATE_NONE;
    if (m->table->autoincrement >= 0) {
        const ath__column *c = &m->table->columns[m->table->autoincrement];
        memset((char *)object + c->offset, 0, c->size);
    }
}

/* Files the object again under the key it had; its slot is still there to be used, so this cannot fail for want of
 * memory unless the table must grow, and then the object is merely read again from the database when asked for. */
static void file_again(ath_session *s, ath__mapper *m, void *object) {
    uint32_t hash = ath__identity_hash(m, ath__image_of(m, object));
    if (!ath__identity_find_any(m, ath__image_of(m, object), hash))
        (void)ath__identity_add(s, m, object, hash);
}

static void undo(ath_session *s, const ath__undo *u) {
    ath__mapper *m = s->mappers[u->mapper];
    void *object = ath__mapper_object(m, u->index);
    ath__head *head = ath__head_of(object);
    set_logged(head, u->before);
    if (u->kind == ATH__UNDO_INSERT) {
        ath__identity_remove(m, object, ath__image_of(m, object));
        leave(m, object);
    } else if (u->kind == ATH__UNDO_DELETE) {
        head->state = ATH_STATE_PERSISTENT;
        file_again(s, m, object);
    } else {
        ath__identity_remove(m, object, ath__image_of(m, object));
        memcpy(ath__image_of(m, object), u->image, m->size);
        memcpy((char *)object + m->loaded_at, (char *)u->image + m->size, loaded_size(m));
        ath__mark_rolled_back(m, object);
        if (head->state != ATH_STATE_NONE)
            file_again(s, m, object);
    }
}

static void restore_objects(ath__mapper *m) {
    for (size_t i = 0; i < m->deleted.count; i++) { /* marked alone, not written */
        ath__head *head = ath__head_of(ath__mapper_object(m, m->deleted.items[i]));
        if (head->state == ATH_STATE_DELETED)
            head->state = ATH_STATE_PERSISTENT;
    }
    for (uint32_t i = 0; i < m->count; i++) {
        void *object = ath__mapper_object(m, i);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT)
            memcpy(object, ath__image_of(m, object), m->size);
    }
}

/* ---- what was written aside ---- */

void ath__journal_aside(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count && !s->wrote_aside; i++)
        s->mappers[i]->aside = s->mappers[i]->count;
    s->wrote_aside = true;
}

/* As ath_expire, but relations stay what they are: fields remain readable, the next query reads the row.  When there is no
 * memory for the mark, the object stays as it was read. */
static void doubt_objects(ath_session *s, ath__mapper *m) {
    uint64_t *mask = m->aside < m->count ? ath__arena_zero(&s->arena, m->mask_words * sizeof *mask) : NULL;
    for (size_t i = 0; mask && i < m->table->column_count; i++)
        if (!m->table->columns[i].primary_key)
            ath__mask_set(mask, i);
    for (uint32_t i = m->aside; mask && i < m->count; i++) {
        void *object = ath__mapper_object(m, i);
        ath__head *head = ath__head_of(object);
        if (head->state == ATH_STATE_PERSISTENT && !logged(head) && ath__mark_missing(s, m, object, mask) != ATH_OK)
            ath_error_clear(&s->error);
    }
}

void ath__journal_undo(ath_session *s, size_t keep) {
    while (s->journal_count > keep)
        undo(s, &s->journal[--s->journal_count]);
    if (!keep)
        ath__arena_reset(&s->journal_arena);
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        for (size_t k = 0; k < m->pending.count; k++)
            leave(m, ath__mapper_object(m, m->pending.items[k]));
        restore_objects(m);
        m->pending.count = m->deleted.count = 0;
        ath__unit_forget_dropped(m);
        if (s->wrote_aside)
            doubt_objects(s, m);
    }
}
