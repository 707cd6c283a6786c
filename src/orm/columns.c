/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: columns that a query left out are read after all, for all objects that came with it, by their keys.
 */
#include "orm/loading.h"

static bool lacks(const ath__mapper *m, const void *object, const uint64_t *columns) {
    const uint64_t *missing = ath__missing_columns(m, object);
    for (size_t i = 0; missing && i < m->mask_words; i++)
        if (missing[i] & columns[i])
            return true;
    return false;
}

/* ---- by keys ---- */

typedef struct asking {
    ath__loading *l;
    ath__node *root;
    const ath__column *key[ATH__KEY_COLUMNS];
    size_t key_count;
    ath_value *values; /* of ATH__LOAD_KEYS keys */
    size_t count;
} asking;

static ath_status ask(asking *a) {
    ath__loading *l = a->l;
    size_t cells;
    const ath_model *model = a->root->m->model;
    const ath_expr *in = ath__load_among(l, model, a->key, a->values, a->count, a->key_count);
    if (!in)
        return ath__session_no_memory(l->s);
    const ath_select_stmt query = {.struct_size = sizeof query, .model = model, .where_ = in};
    const ath_select_stmt *stmt = ath__load_join(l, a->root, &query, NULL, &cells);
    a->count = 0;
    return stmt ? ath__load_rows(l, a->root, stmt, cells, NULL) : l->s->error.status;
}

static ath_status begin(asking *a, const uint64_t *columns) {
    ath__mapper *m = a->root->m;
    a->key_count = m->table->key_count;
    if (a->key_count > ATH__KEY_COLUMNS)
        return ath__fail(&a->l->s->error, ATH_ARGUMENT, "%s has a key of more than %d columns", m->model->name,
                         ATH__KEY_COLUMNS);
    a->values = ath__arena_alloc(&a->l->arena, ATH__LOAD_KEYS * a->key_count * sizeof *a->values);
    size_t cells = m->row_table->column_count;
    a->root->missing = ath__arena_zero(&a->l->arena, (cells + 63) / 64 * sizeof *a->root->missing);
    if (!a->values || !a->root->missing)
        return ath__session_no_memory(a->l->s);
    for (size_t i = 0; i < cells; i++)
        ath__mask_set(a->root->missing, i);
    for (size_t i = 0; i < m->table->column_count; i++)
        if (ath__mask_has(columns, i))
            ath__mask_clear(a->root->missing, ath__cell_at(m, i));
    if (m->family)
        ath__mask_clear(a->root->missing, (size_t)ath__discriminator_of(m->table));
    for (size_t i = 0; i < a->key_count; i++) {
        a->key[i] = &m->table->columns[m->table->key[i]];
        ath__mask_clear(a->root->missing, m->table->key[i]);
    }
    return ATH_OK;
}

/* Rows are found by the keys that the database knows. */
static ath_status ask_all(asking *a, void *const *objects, size_t count, const uint64_t *columns) {
    ath__mapper *m = a->root->m;
    ATH_TRY(begin(a, columns));
    for (size_t i = 0; i < count; i++) {
        if (!lacks(m, objects[i], columns) || ath__head_of(objects[i])->state != ATH_STATE_PERSISTENT)
            continue;
        ath_value *key = a->values + a->count * a->key_count;
        if (ath__key_of(a->key, a->key_count, ath__image_of(m, objects[i]), key))
            a->count++;
        if (a->count == ATH__LOAD_KEYS)
            ATH_TRY(ask(a));
    }
    return a->count ? ask(a) : ATH_OK;
}

ath_status ath__load_missing(ath_session *s, ath__mapper *m, void *const *objects, size_t count,
                             const uint64_t *columns) {
    const ath_select_stmt query = {.struct_size = sizeof query, .model = m->model, .unfiltered = true};
    ath__loading l;
    ath__loading_init(&l, s, &query);
    asking a = {.l = &l, .root = ath__load_plan_empty(&l, m)};
    ath_status status = a.root ? ask_all(&a, objects, count, columns) : s->error.status;
    ath__loading_done(&l, a.root);
    return status;
}

/* ---- when asked for ---- */

static ath_status columns_at(ath_session *s, const ath__mapper *m, size_t count, const size_t *offsets,
                             uint64_t *columns) {
    memset(columns, count ? 0 : 0xff, m->mask_words * sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const ath__column *c = ath__table_column_at(m->table, offsets[i]);
        if (!c)
            return ath__fail(&s->error, ATH_ARGUMENT, "the field of %s at offset %zu is no column", m->model->name,
                             offsets[i]);
        ath__mask_set(columns, c->position);
    }
    return ATH_OK;
}

static ath_status load_for_peers(ath_session *s, ath__mapper *m, void *object, const uint64_t *columns) {
    uint32_t from, to;
    ath__gathered peers = {0};
    ath__mapper_group(m, ath__head_of(object)->index, &from, &to);
    for (uint32_t i = from; i < to && s->error.status == ATH_OK; i++)
        if (lacks(m, ath__mapper_object(m, i), columns))
            ath__gather(s, &peers, ath__mapper_object(m, i));
    ath_status status = s->error.status;
    if (status == ATH_OK && peers.count)
        status = ath__load_missing(s, m, peers.vector->items, peers.count, columns);
    ath__gathered_drop(s, &peers);
    return status;
}

ath_status ath_session_load_columns(ath_session *s, void *object, size_t count, const size_t *offsets) {
    ATH_TRY(ath__session_enter(s));
    ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    uint64_t *columns = ath__alloc(s->allocator, m->mask_words * sizeof *columns);
    if (!columns)
        return ath__session_no_memory(s);
    ath_status status = columns_at(s, m, count, offsets, columns);
    if (status == ATH_OK)
        status = ath__session_autoflush(s);
    if (status == ATH_OK && lacks(m, object, columns))
        status = load_for_peers(s, m, object, columns);
    if (status == ATH_OK && lacks(m, object, columns))
        status =
            ath__fail(&s->error, ATH_NO_RESULT, "columns of the %s were not read: its row is gone", m->model->name);
    ath__free(s->allocator, columns, m->mask_words * sizeof *columns);
    return status;
}
