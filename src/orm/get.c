/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: one object by its key: ath_get and ath_refresh.
 *
 * The statement is found by a key of two words, no tree is walked; a session's gets share one prepared statement and one
 * read transaction.
 */
#include "orm/session.h"

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const ath__mapper *m = context;
    return ath__compile_get(connection->dialect, &connection->engine->allocator, m->row_table, out, error);
}

/* Binds the key of `object` and steps once.  NULL when there is no row or on failure; then nothing is left busy. */
static ath__prepared *select_row(ath_session *s, ath__mapper *m, const void *object) {
    const uint64_t words[] = {ATH__KEY_GET, (uint64_t)(uintptr_t)m->row_table};
    ath__prepared *p = ath__flush_prepare(s, words, ATH_COUNT_OF(words), compile, m);
    if (!p)
        return NULL;
    ath_status status = ATH_OK;
    for (size_t i = 0; i < m->table->key_count && status == ATH_OK; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        ath_value value;
        status = ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &value, &s->error);
        if (status == ATH_OK)
            status = ath__flush_bind(s, p, i, &value, 1);
    }
    ath__step step = status == ATH_OK ? ath__run_step(s->connection, p) : ATH__STEP_ERROR;
    if (step == ATH__STEP_ROW)
        return p;
    if (status == ATH_OK && step == ATH__STEP_ERROR)
        ath__session_failed(s);
    ath__prepared_release(s->connection, p);
    return NULL;
}

/* In a table that classes share, the row of the key may be another class's: then there is none. */
static bool is_of_class(ath_session *s, ath__mapper *m) {
    ath__mapper *real = m->family ? ath__family_class(s, m, m->cells) : m;
    return real && ath__mapper_is(real, m);
}

void *ath__load_by_key(ath_session *s, ath__mapper *m, const void *object, bool overwrite) {
    ath__prepared *p = select_row(s, m, object);
    if (!p)
        return NULL;
    void *found = NULL;
    if (s->connection->driver->row(p->statement, m->cells, m->row_table->column_count, &s->error) == ATH_OK &&
        is_of_class(s, m))
        found = ath__load_object(s, m, m->cells, overwrite);
    ath__prepared_release(s->connection, p);
    return found && ath__family_complete(s, m, &found, 1, overwrite) == ATH_OK ? found : NULL;
}

static ath_status wrong_count(ath_session *s, const ath__mapper *m, const ath_expr_list *key) {
    return ath__fail(&s->error, ATH_ARGUMENT, "the primary key of %s has %zu columns, %zu values were given",
                     m->model->name, m->table->key_count, key->count);
}

/* The caller's values as key fields of the probe, coerced and checked as any value beside a column. */
static ath_status fill_probe(ath_session *s, ath__mapper *m, const ath_expr_list *key) {
    if (key->count != m->table->key_count)
        return wrong_count(s, m, key);
    for (size_t i = 0; i < key->count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        void *field = (char *)m->probe + c->offset;
        if (!key->items[i] || key->items[i]->node != ATH_NODE_LITERAL)
            return ath__fail(&s->error, ATH_ARGUMENT, "a primary key is looked up by values, not expressions");
        ath_value value = key->items[i]->u.value;
        if (c->ctype == ATH_C_I64 && value.kind == ATH_KIND_INT) {
            memcpy(field, &value.as.i, sizeof value.as.i);
            continue;
        }
        ath__value_measure(&value);
        if (ath__value_coerce(&value, &c->type, &s->arena, &s->error) != ATH_OK ||
            ath__field_set(c->ctype, c->size, &c->type, field, &value, &s->arena, &s->error) != ATH_OK)
            return ath__name_column(s, m, c);
    }
    return ATH_OK;
}

enum { KEY_LIMIT = 16 };

/* By a query like `like`, for the row with this key. */
static void *get_by_query(ath_session *s, const ath__mapper *m, const ath_expr_list *key, const ath_select_stmt *like) {
    ath_expr columns[KEY_LIMIT], equal[KEY_LIMIT];
    const ath_expr *both[KEY_LIMIT][2], *conditions[KEY_LIMIT];
    if (key->count > KEY_LIMIT)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has a key of more than %d columns", m->model->name,
                         KEY_LIMIT),
               NULL;
    for (size_t i = 0; i < key->count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        columns[i] = (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = m->model, .offset = c->offset}};
        both[i][0] = &columns[i];
        both[i][1] = key->items[i];
        equal[i] = (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_EQ, .count = 2, .args = both[i]};
        conditions[i] = &equal[i];
    }
    const ath_expr all = {
        .node = ATH_NODE_OPERATOR, .op = ATH_OP_AND, .count = (uint32_t)key->count, .args = conditions};
    ath_select_stmt query = *like;
    query.struct_size = sizeof query;
    query.model = m->model;
    query.where_ = key->count == 1 ? equal : &all;
    return ath_session_first(s, &query);
}

static bool has_pending(const ath__mapper *m) {
    const ath__mapper *heir;
    for (size_t i = 0; (heir = ath__mapper_heir(m, i)) != NULL; i++)
        if (heir->pending.count)
            return true;
    return false;
}

void *ath_session_get(ath_session *s, const ath_model *model, const ath_expr_list *key) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    ath__mapper *m = ath__session_mapper(s, model);
    if (!m || fill_probe(s, m, key) != ATH_OK)
        return NULL;
    if (ath__is_filtered(s, model)) /* what the session has may be left out; only the database can tell */
        return get_by_query(s, m, key, &(const ath_select_stmt){0});
    void *known = ath__identity_find_any(m, m->probe, ath__identity_hash(m, m->probe));
    if (known && (ath__head_of(known)->state == ATH_STATE_DELETED || !ath__mapper_is(ath__mapper_of(m, known), m)))
        return NULL;
    if (known && !ath__missing_columns(m, known))
        return known;
    if (has_pending(m) && s->autoflush) {
        if (ath_session_flush(s) != ATH_OK || fill_probe(s, m, key) != ATH_OK)
            return NULL;
    }
    if (m->loads_by_default)
        return get_by_query(s, m, key, &(const ath_select_stmt){0});
    /* it comes alone: it is no peer of what came before */
    return !m->links || ath__mapper_begin_group(s, m) == ATH_OK ? ath__load_by_key(s, m, m->probe, false) : NULL;
}

void *ath_session_get_with(ath_session *s, const ath_model *model, const ath_expr_list *key,
                           const ath_select_stmt *like) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    const ath__mapper *m = ath__session_mapper(s, model);
    if (!m || ath__session_autoflush(s) != ATH_OK)
        return NULL;
    if (key->count != m->table->key_count)
        return wrong_count(s, m, key), NULL;
    return get_by_query(s, m, key, like);
}

/* Whether the key is that of a row: no NULL in it, and no number that is still to come. */
static bool copy_key(ath__mapper *m, const void *object) {
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        if (ath__field_is_open(c, object))
            return false;
        memcpy((char *)m->probe + c->offset, (const char *)object + c->offset, c->size);
    }
    return true;
}

void *ath__get_alike(ath_session *s, ath__mapper *m, const void *object) {
    if (!copy_key(m, object))
        return NULL;
    void *known = ath__identity_find(m, m->probe, ath__identity_hash(m, m->probe));
    if (known && !ath__missing_columns(m, known))
        return ath__head_of(known)->state == ATH_STATE_DELETED ? NULL : known;
    if (ath__session_autoflush(s) != ATH_OK || !copy_key(m, object))
        return NULL;
    return ath__load_by_key(s, m, m->probe, false);
}

/* ---- refresh ---- */

/* Read and locked: by a query, for no other statement has a lock. */
static void *refresh_locked(ath_session *s, ath__mapper *m, void *object, ath_lock lock) {
    ath_value values[KEY_LIMIT];
    ath_expr literals[KEY_LIMIT];
    const ath_expr *items[KEY_LIMIT];
    if (m->table->key_count > KEY_LIMIT || ath__flush_key(s, m, ath__image_of(m, object), values) != ATH_OK)
        return NULL;
    for (size_t i = 0; i < m->table->key_count; i++) {
        literals[i] = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = values[i]};
        items[i] = &literals[i];
    }
    return get_by_query(s, m, &(const ath_expr_list){m->table->key_count, items},
                        &(const ath_select_stmt){.populate_existing = true, .unfiltered = true, .lock = lock});
}

ath_status ath_session_refresh_opts(ath_session *s, void *object, const ath_refresh_opts *opts) {
    ATH_TRY(ath__session_enter(s));
    ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    ATH_TRY(ath__session_autoflush(s));
    if (ath__head_of(object)->state != ATH_STATE_PERSISTENT)
        return ath__fail(&s->error, ATH_STATE, "the %s is not persistent within this session", m->model->name);
    bool locked = opts && opts->struct_size >= sizeof *opts && opts->lock.strength;
    if (locked ? refresh_locked(s, m, object, opts->lock) : ath__load_by_key(s, m, ath__image_of(m, object), true))
        return ath__refresh_related(s, m, object);
    if (s->error.status != ATH_OK)
        return s->error.status;
    return ath__fail(&s->error, ATH_NO_RESULT, "could not refresh the %s: its row is gone", m->model->name);
}

ath_status ath_session_refresh(ath_session *s, void *object) {
    return ath_session_refresh_opts(s, object, NULL);
}
