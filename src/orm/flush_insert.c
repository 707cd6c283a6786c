/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, inserts: pending objects of one mapper become few statements of many rows.
 *
 * Objects that set the same columns, one after another, share statements of 1000, 100, 10 or 1 rows (so that the number
 * of distinct texts stays small).  What the database makes up (keys, server defaults, expressions) comes back by
 * RETURNING, and is given to an object only when it is proven to belong to it: a key that the program set must be equal;
 * keys that the database numbered must ascend in the order of the VALUES.  Where the driver can reserve keys, many rows of
 * which only the key is wanted get it beforehand, and nothing has to come back; one such row uses the insert id.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256, BATCH_LIMIT = 1000, RESERVE_FROM = 10 };

/* The shape of a run of objects. */
typedef struct plan {
    ath_session *s;
    ath__mapper *m;
    const uint64_t *mask; /* columns with a value */
    size_t rows;          /* of the statement at hand */
    size_t value_count, column_count, returned_count;
    uint16_t columns[COLUMN_LIMIT]; /* with a value, and those with an expression */
    const ath_expr *exprs[COLUMN_LIMIT];
    uint16_t returned[COLUMN_LIMIT];
    bool by_insert_id; /* the generated key is all that is wanted back */
} plan;

static uint64_t *mask_of(const ath__mapper *m, void *object) {
    return ath__image_of(m, object);
}

/* ---- which columns an object sets ---- */

static bool is_zero(const char *field, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (field[i])
            return false;
    return true;
}

/* Whether a field that ath_new did not name was assigned since. */
static bool assigned(const ath__column *c, const void *object) {
    return !is_zero((const char *)object + c->offset, c->ctype == ATH_C_CHARS ? 1 : c->size);
}

/* Columns left to the database: a generated key, a server default, a default that is an expression. */
static bool left_to_database(const ath__column *c) {
    return c->autoincrement || c->server_default || c->default_value;
}

static void complete_mask(const ath__mapper *m, void *object) {
    uint64_t *mask = mask_of(m, object);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (!ath__mask_has(mask, i) && (!left_to_database(c) || assigned(c, object)))
            ath__mask_set(mask, i);
    }
}

static void make_plan(plan *p) {
    const ath_table *t = p->m->table;
    bool only_key = true;
    p->value_count = p->column_count = p->returned_count = 0;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *c = &t->columns[i];
        bool set = ath__mask_has(p->mask, i);
        const ath_expr *expr = set ? NULL : c->default_value;
        if (set || expr) {
            p->exprs[p->column_count] = expr;
            p->columns[p->column_count++] = (uint16_t)i;
        }
        p->value_count += set;
        if (!set || c->primary_key)
            p->returned[p->returned_count++] = (uint16_t)i;
        only_key = only_key && (set || c->autoincrement);
    }
    /* Only keys that are known already: nothing has to come back. */
    if (only_key && (t->autoincrement < 0 || ath__mask_has(p->mask, (size_t)t->autoincrement)))
        p->returned_count = 0;
    p->by_insert_id = only_key && p->returned_count;
}

static size_t next_batch(const plan *p, size_t left) {
    const ath_dialect *d = p->s->connection->dialect;
    static const size_t sizes[] = {BATCH_LIMIT, 100, 10};
    bool needs_returning = p->returned_count != 0;
    if (!ath__dialect_can(d, ATH__CAN_MULTI_VALUES) || !p->column_count ||
        (needs_returning && !ath__dialect_can(d, ATH__CAN_RETURNING)))
        return 1;
    for (size_t i = 0; i < ATH_COUNT_OF(sizes); i++)
        if (sizes[i] <= left && (!d->max_binds || sizes[i] * p->value_count <= d->max_binds))
            return sizes[i];
    return 1;
}

/* ---- the statement ---- */

static bool uses_insert_id(const plan *p) {
    return p->by_insert_id && p->rows == 1 && ath__dialect_can(p->s->connection->dialect, ATH__INSERT_ID_IS_KEY);
}

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const plan *p = context;
    return ath__compile_insert(connection->dialect, &connection->engine->allocator, p->m->table, p->columns, p->exprs,
                               p->column_count, p->rows, p->returned, uses_insert_id(p) ? 0 : p->returned_count, out,
                               error);
}

static ath__prepared *prepare(plan *p) {
    uint64_t words[3 + (COLUMN_LIMIT + 63) / 64] = {ATH__KEY_INSERT, (uint64_t)(uintptr_t)p->m->table, p->rows};
    memcpy(words + 3, p->mask, p->m->mask_words * sizeof *words);
    return ath__flush_prepare(p->s, words, 3u + p->m->mask_words, compile, p);
}

static ath_status bind_object(plan *p, ath__prepared *prepared, void *object, size_t first) {
    ath_value values[COLUMN_LIMIT];
    size_t n = 0;
    for (size_t i = 0; i < p->column_count; i++)
        if (!p->exprs[i])
            ATH_TRY(ath__flush_value(p->s, p->m, object, &p->m->table->columns[p->columns[i]], &values[n++]));
    return ath__flush_bind(p->s, prepared, first, values, n);
}

static void *object_at(const plan *p, const uint32_t *batch, size_t i) {
    return ath__mapper_object(p->m, batch[i]);
}

/* ---- what comes back ---- */

static int64_t key_of(const plan *p, const void *object) {
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    const ath__column *c = &p->m->table->columns[p->m->table->autoincrement];
    ath_value v = {0};
    if (ath__field_get(c->ctype, c->size, &plain, (const char *)object + c->offset, &v, NULL) != ATH_OK)
        return 0;
    return v.kind == ATH_KIND_UINT ? INT64_MAX : v.as.i;
}

/* Keys that the program set must have come back with the row that was meant. */
static bool keys_equal(const plan *p, const void *before, const void *object) {
    for (size_t i = 0; i < p->m->table->key_count; i++) {
        size_t column = p->m->table->key[i];
        const ath__column *c = &p->m->table->columns[column];
        if (ath__mask_has(p->mask, column) &&
            !ath__field_equal(c->ctype, c->size, (const char *)before + c->offset, (const char *)object + c->offset))
            return false;
    }
    return true;
}

static ath_status unproven(plan *p) {
    return ath__fail(&p->s->error, ATH_INTERNAL,
                     "INSERT into %s: the rows that came back cannot be matched with the objects that were sent",
                     p->m->table->name);
}

static ath_status take_row(plan *p, ath__prepared *prepared, void *object, const void *previous) {
    ATH_TRY(p->s->connection->driver->row(prepared->statement, p->m->cells, p->returned_count, &p->s->error));
    memcpy(p->m->spare, object, p->m->size);
    ATH_TRY(ath__flush_read_back(p->s, p->m, object, p->returned, p->returned_count, p->m->cells));
    int generated = p->m->table->autoincrement;
    bool numbered = generated >= 0 && !ath__mask_has(p->mask, (size_t)generated);
    if (!keys_equal(p, p->m->spare, object) || (numbered && previous && key_of(p, object) <= key_of(p, previous)))
        return unproven(p);
    return ATH_OK;
}

static ath_status take_rows(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    ath__step step;
    size_t taken = 0;
    while ((step = ath__run_step(p->s->connection, prepared)) == ATH__STEP_ROW) {
        if (taken == p->rows)
            return unproven(p);
        ATH_TRY(take_row(p, prepared, object_at(p, batch, taken), taken ? object_at(p, batch, taken - 1) : NULL));
        taken++;
    }
    if (step == ATH__STEP_ERROR)
        return ath__session_failed(p->s);
    return taken == p->rows || !p->returned_count ? ATH_OK : unproven(p);
}

static ath_status take_insert_id(plan *p, ath__prepared *prepared, void *object) {
    if (ath__run_step(p->s->connection, prepared) == ATH__STEP_ERROR)
        return ath__session_failed(p->s);
    uint16_t column = (uint16_t)p->m->table->autoincrement;
    ath_value id = {.kind = ATH_KIND_INT, .as.i = p->s->connection->driver->inserted_id(p->s->connection->handle)};
    return ath__flush_read_back(p->s, p->m, object, &column, 1, &id);
}

/* ---- running ---- */

static ath_status run(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    for (size_t i = 0; i < p->rows; i++)
        ATH_TRY(bind_object(p, prepared, object_at(p, batch, i), i * p->value_count));
    if (uses_insert_id(p))
        return take_insert_id(p, prepared, object_at(p, batch, 0));
    return take_rows(p, prepared, batch);
}

/* The object has a row now. */
static ath_status settle(plan *p, void *object) {
    ath__mapper *m = p->m;
    uint32_t hash = ath__identity_hash(m, object);
    void *former = ath__identity_find(m, object, hash);
    if (former) { /* its row was deleted behind the session's back, or this insert would have failed */
        ath__identity_remove(m, former, ath__image_of(m, former));
        ath__head_of(former)->state = ATH_STATE_NONE;
    }
    memcpy(ath__image_of(m, object), object, m->size);
    ATH_TRY(ath__journal_add(p->s, ATH__UNDO_INSERT, m, object));
    ATH_TRY(ath__identity_add(p->s, m, object, hash));
    ath__head_of(object)->state = ATH_STATE_PERSISTENT;
    return ATH_OK;
}

static ath_status insert_batch(plan *p, const uint32_t *batch) {
    ath__prepared *prepared = prepare(p);
    if (!prepared)
        return p->s->error.status;
    ath_status status = run(p, prepared, batch);
    ath__prepared_release(p->s->connection, prepared);
    for (size_t i = 0; status == ATH_OK && i < p->rows; i++)
        status = settle(p, object_at(p, batch, i));
    return status;
}

/* The objects from `first` on that set the same columns. */
static size_t run_length(const ath__mapper *m, size_t first) {
    const uint64_t *mask = mask_of(m, ath__mapper_object(m, m->pending.items[first]));
    size_t n = 1;
    while (first + n < m->pending.count && memcmp(mask, mask_of(m, ath__mapper_object(m, m->pending.items[first + n])),
                                                  m->mask_words * sizeof *mask) == 0)
        n++;
    return n;
}

/* Gives the objects reserved keys; *mask then says that they have one. */
static ath_status take_reserved(plan *p, const uint32_t *objects, size_t count, uint64_t *mask) {
    ath_session *s = p->s;
    const ath_table *t = p->m->table;
    uint16_t column = (uint16_t)t->autoincrement;
    int64_t first = 0;
    bool reserved = false;
    s->engine->statements++;
    if (s->connection->driver->reserve_keys(s->connection->handle, t->name, t->columns[column].name, (int64_t)count,
                                            &first, &reserved, &s->error) != ATH_OK)
        return s->error.status;
    for (size_t i = 0; reserved && i < count; i++) {
        ath_value key = {.kind = ATH_KIND_INT, .as.i = first + (int64_t)i};
        ATH_TRY(ath__flush_read_back(s, p->m, object_at(p, objects, i), &column, 1, &key));
    }
    if (reserved)
        ath__mask_set(mask, column);
    return ATH_OK;
}

static ath_status insert_run(ath_session *s, ath__mapper *m, size_t first, size_t count) {
    uint64_t mask[(COLUMN_LIMIT + 63) / 64] = {0};
    memcpy(mask, mask_of(m, ath__mapper_object(m, m->pending.items[first])), m->mask_words * sizeof *mask);
    plan p = {.s = s, .m = m, .mask = mask};
    make_plan(&p);
    if (p.by_insert_id && count >= RESERVE_FROM && s->connection->driver->reserve_keys) {
        ATH_TRY(take_reserved(&p, m->pending.items + first, count, mask));
        make_plan(&p);
    }
    for (size_t done = 0; done < count; done += p.rows) {
        p.rows = next_batch(&p, count - done);
        ATH_TRY(insert_batch(&p, m->pending.items + first + done));
    }
    return ATH_OK;
}

ath_status ath__flush_inserts(ath_session *s, ath__mapper *m) {
    if (!m->pending.count)
        return ATH_OK;
    if (m->table->column_count > COLUMN_LIMIT)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than %d columns", m->model->name, COLUMN_LIMIT);
    if (!ath__session_connection(s))
        return s->error.status;
    for (size_t i = 0; i < m->pending.count; i++)
        complete_mask(m, ath__mapper_object(m, m->pending.items[i]));
    size_t done = 0;
    ath_status status = ATH_OK;
    while (status == ATH_OK && done < m->pending.count) {
        size_t n = run_length(m, done);
        status = insert_run(s, m, done, n);
        done += n;
    }
    if (status == ATH_OK)
        m->pending.count = 0;
    return status;
}
