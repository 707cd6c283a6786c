/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, collect: which objects differ from their images.  A comparison of memory, padding left out, clears most.
 */
#include "orm/unit.h"

enum { COLUMN_LIMIT = 256 };

static bool is_unchanged(const ath__mapper *m, char *object) {
    const char *image = ath__image_of(m, object);
    for (size_t i = 0; i < m->span_count; i++) {
        const ath__span *at = &m->spans[i];
        const char *now = object + at->offset, *then = image + at->offset;
        if ((at->is_text ? strncmp(now, then, at->size) : memcmp(now, then, at->size)) != 0)
            return false;
    }
    return true;
}

ath_status ath__unit_change(ath_session *s, ath__mapper *m, void *object) {
    m = ath__mapper_of(m, object);
    ath__head *head = ath__head_of(object);
    if (head->state != ATH_STATE_PERSISTENT || ath__is_marked(object, ATH__MARK_CHANGED))
        return ATH_OK;
    ATH_TRY(ath__indexes_add(s, &m->changed, head->index));
    ath__mark(object, ATH__MARK_CHANGED);
    return ATH_OK;
}

static ath_status collect(ath_session *s, ath__mapper *m) {
    for (uint32_t i = 0; i < m->count; i++) {
        void *object = ath__mapper_object(m, i);
        if (ath__head_of(object)->state == ATH_STATE_PERSISTENT && !is_unchanged(m, object))
            ATH_TRY(ath__unit_change(s, m, object));
    }
    if (m->table->column_count > COLUMN_LIMIT && (m->changed.count || m->pending.count))
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than %d columns", m->model->name, COLUMN_LIMIT);
    return ATH_OK;
}

ath_status ath__unit_collect(ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (s->mappers[i]->table->name)
            ATH_TRY(collect(s, s->mappers[i]));
    return ATH_OK;
}
