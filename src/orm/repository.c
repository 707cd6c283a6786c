/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a generic repository, each call a transaction.
 */
#include "orm/session.h"

#include <athanor/repository.h>

/* ---- the transaction ---- */

/* Commits, or inside of ath_transact flushes; what failed is rolled back, and its error stays. */
static ath_status finish(ath_session *s, ath_status status) {
    if (!s)
        return ATH_ARGUMENT;
    if (status == ATH_OK)
        status = s->transacted ? ath_session_flush(s) : ath_session_commit(s);
    if (status == ATH_OK || s->transacted)
        return status;
    ath_error error = s->error;
    ath_session_rollback(s);
    s->error = error;
    return status;
}

static ath_status not_found(ath_session *s) {
    ATH_TRY(ath__session_enter(s));
    return ath__fail(&s->error, ATH_NO_RESULT, "there is no object: NULL");
}

/* ---- reading ---- */

void **ath_repository_page(ath_session *s, const ath_select_stmt *query, int64_t skip, int64_t limit) {
    enum { KEY_LIMIT = 16 };
    ath_expr columns[KEY_LIMIT];
    const ath_expr *order[KEY_LIMIT];
    ath_select_stmt page = *query;
    const ath_table *t = s && query->model ? ath_model_table(query->model, NULL) : NULL;
    page.offset = skip > 0 ? skip : 0;
    page.limit = limit > 0 ? limit : 0;
    if (t && !page.order_by.count && t->key_count <= KEY_LIMIT) {
        for (size_t i = 0; i < t->key_count; i++) {
            columns[i] = (ath_expr){.node = ATH_NODE_COLUMN,
                                    .u.column = {.model = query->model, .offset = t->columns[t->key[i]].offset}};
            order[i] = &columns[i];
        }
        page.order_by = (ath_expr_list){t->key_count, order};
    }
    return ath_session_all(s, &page);
}

/* ---- writing ---- */

void *ath_repository_new(ath_session *s, const ath_model *model, const void *init, const char *named) {
    void *object = ath_session_new(s, model, init, named);
    ath_status status = object ? ATH_OK : ath_session_error(s)->status;
    return finish(s, status) == ATH_OK ? object : NULL;
}

static ath_status assign(ath_session *s, const ath_model *model, void *object, const void *values, const char *named) {
    ATH_TRY(ath__session_enter(s));
    const ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    if (m->model != model)
        return ath__fail(&s->error, ATH_ARGUMENT, "the object is a %s, not a %s", m->model->name, model->name);
    const uint64_t *mask = ath__site_mask(s, m, named);
    if (!mask)
        return s->error.status;
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (ath__mask_has(mask, i))
            memcpy((char *)object + c->offset, (const char *)values + c->offset, c->size);
    }
    return ATH_OK;
}

ath_status ath_repository_assign(ath_session *s, const ath_model *model, void *object, const void *values,
                                 const char *named) {
    return object ? finish(s, assign(s, model, object, values, named)) : not_found(s);
}

ath_status ath_repository_delete_object(ath_session *s, void *object) {
    return object ? finish(s, ath_session_delete(s, object)) : not_found(s);
}

static ath_status mark(ath_session *s, void *object, size_t offset, bool deleted) {
    ATH_TRY(ath__session_enter(s));
    const ath__mapper *m = ath__session_owner(s, object);
    const ath__column *c = m ? ath__table_column_at(m->table, offset) : NULL;
    if (!m)
        return s->error.status;
    const ath_opt_datetime at = {.has = deleted, .value = deleted ? ath_datetime_now() : (ath_datetime){0}};
    const ath_opt_timestamp moment = {.has = deleted, .value = deleted ? ath_timestamp_now() : (ath_timestamp){0}};
    char *field = (char *)object + offset;
    switch (c ? (int)c->ctype : ATH_C_NONE) {
    case ATH_C_BOOL:
        memcpy(field, &deleted, sizeof deleted);
        return ATH_OK;
    case ATH_C_DATETIME + ATH_C_OPTIONAL:
        memcpy(field, &at, sizeof at);
        return ATH_OK;
    case ATH_C_TIMESTAMP + ATH_C_OPTIONAL:
        memcpy(field, &moment, sizeof moment);
        return ATH_OK;
    default:
        return ath__fail(&s->error, ATH_ARGUMENT,
                         "the field of %s at offset %zu marks no deletion: it is no column that is a bool, "
                         "ath_opt_datetime or ath_opt_timestamp",
                         m->model->name, offset);
    }
}

ath_status ath_repository_mark(ath_session *s, void *object, size_t offset, bool deleted) {
    return object ? finish(s, mark(s, object, offset, deleted)) : not_found(s);
}
