/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: objects leave a session: ath_expunge, ath_detach.
 */
#include "orm/unit.h"

/* ---- expunge ---- */

static ath_status expunge(ath_session *s, ath__mapper *m, void *object);

static ath_status expunge_related(ath_session *s, const ath__link *link, void *value) {
    ath__mapper *target = ath__link_mapper(s, link);
    if (!target || !value)
        return target ? ATH_OK : s->error.status;
    if (!ath__relation_is_many(link->relation))
        return ath__session_find_owner_in(target, value) ? expunge(s, target, value) : ATH_OK;
    for (void **item = value; *item; item++)
        if (ath__session_find_owner_in(target, *item))
            ATH_TRY(expunge(s, target, *item));
    return ATH_OK;
}

static ath_status expunge(ath_session *s, ath__mapper *m, void *object) {
    ath__head *head = ath__head_of(object);
    if (head->state == ATH_STATE_PENDING)
        ath__indexes_remove(&m->pending, head->index);
    else if (head->state == ATH_STATE_PERSISTENT)
        ath__identity_remove(m, object, ath__image_of(m, object));
    else
        return ATH_OK;
    head->state = ATH_STATE_NONE;
    for (size_t k = 0; m->links && k < m->table->relation_count; k++)
        if (ath__relation_cascade(m->links[k].relation) & ATH_CASCADE_EXPUNGE)
            ATH_TRY(expunge_related(s, &m->links[k], *ath__field_at(object, m->links[k].relation)));
    return ATH_OK;
}

ath_status ath_session_expunge(ath_session *s, void *object) {
    ATH_TRY(ath__session_enter(s));
    ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    uint8_t state = ath__head_of(object)->state;
    if (s->flushing || (state != ATH_STATE_PENDING && state != ATH_STATE_PERSISTENT))
        return ath__fail(&s->error, ATH_STATE, s->flushing ? "the session is flushing" : "the %s is not in the session",
                         m->model->name);
    return expunge(s, m, object);
}

/* ---- detach ---- */

/* The bytes behind a field that points to some: text with its NUL. */
static size_t borrowed_size(const ath__column *c, const void *object, const void **data) {
    ath_value v = {0};
    const ath_type plain = {.sql = ATH_SQL_INFER};
    bool borrowed = c->ctype == ATH_C_TEXT || c->ctype == ATH_C_JSON || c->ctype == ATH_C_BYTES;
    if (!borrowed || ath__field_get(c->ctype, c->size, &plain, (const char *)object + c->offset, &v, NULL) != ATH_OK ||
        v.kind == ATH_KIND_NULL)
        return 0;
    ath__value_measure(&v);
    bool bytes = v.kind == ATH_KIND_BYTES;
    *data = bytes ? v.as.bytes.data : (const void *)v.as.text.data;
    return bytes ? v.as.bytes.size : v.as.text.size + 1;
}

/* What lies outside of the struct, in the order of the columns. */
static size_t copy_outside(const ath_table *t, const void *object, char *copy, char *room) {
    size_t total = 0;
    for (size_t i = 0; i < t->column_count; i++) {
        const void *data = NULL;
        size_t size = borrowed_size(&t->columns[i], object, &data);
        if (copy && size) {
            memcpy(room + total, data, size);
            const char *at = room + total;
            memcpy(copy + t->columns[i].offset, &at, sizeof at); /* the pointer comes first in each of these */
        }
        total += size;
    }
    return total;
}

/* A copy has no room to say which of its fields are unknown: merged, they would be written as zero. */
static ath_status complete(ath_session *s, const ath__mapper *m, const void *object) {
    bool partial = ath__head_of(object)->state == ATH_STATE_PERSISTENT && ath__missing_columns(m, object);
    return partial ? ath_session_load_columns(s, (void *)(uintptr_t)object, 0, NULL) : ATH_OK;
}

void *ath_session_detach(ath_session *s, const void *object) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    const ath__mapper *m = ath__session_owner(s, object);
    if (!m || complete(s, m, object) != ATH_OK)
        return NULL;
    size_t outside = copy_outside(m->table, object, NULL, NULL);
    char *copy = malloc(m->size + outside);
    if (!copy) {
        ath__session_no_memory(s);
        return NULL;
    }
    memcpy(copy, object, m->size);
    copy_outside(m->table, object, copy, copy + m->size);
    for (size_t k = 0; k < m->table->relation_count; k++)
        *ath__field_at(copy, &m->table->relations[k]) = NULL;
    return copy;
}

void ath_detached_free(void *object) {
    free(object);
}
