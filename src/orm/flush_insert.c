/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, inserts: pending objects of one mapper become few statements of many rows.
 *
 * Objects that set the same columns, one after another, go together: up to 1000 as arrays where the database takes those,
 * else in statements of 1000, 100, 10 or 1 rows (so that the number of distinct texts stays small).  What the database
 * makes up (keys, server defaults, expressions) comes back by RETURNING, and is given to an object only when it is proven
 * to belong to it: a key that the program set must be equal; keys that the database numbered must ascend (or all descend)
 * in the order of the rows; any other key that the database makes up proves nothing, and such rows go one by one, unless
 * the database runs the statement row by row anyway.  Where the driver can reserve keys, many rows of which only the key
 * is wanted get it beforehand, and nothing has to come back; one such row uses the insert id.
 *
 * Without RETURNING, rows whose key the database numbers go one by one and use the insert id: that many keys of one
 * statement follow each other is a promise of some storage engines only.  Other columns are then selected by key.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256, RESERVE_FROM = 10 };

/* The shape of a run of objects. */
typedef struct plan {
    ath_session *s;
    ath__mapper *m;
    const ath_table *t;   /* the mapper's, or a part of it */
    bool last;            /* the objects then have all their rows */
    const uint64_t *mask; /* columns with a value, by their places in the mapper's table */
    ath__many many;       /* how rows of this shape go together */
    size_t rows;          /* of the statement at hand */
    size_t text_rows;     /* that its text is for */
    size_t value_count, column_count, returned_count, unread_count;
    uint16_t columns[COLUMN_LIMIT]; /* with a value, and those with an expression */
    const ath_expr *exprs[COLUMN_LIMIT];
    uint16_t returned[COLUMN_LIMIT];
    uint16_t unread[COLUMN_LIMIT]; /* what no RETURNING gives: to be selected */
    bool arrays, insert_id;        /* how it is bound, and read */
    bool by_insert_id;             /* the generated key is all that a statement is to give back */
    bool one_by_one;               /* keys of more than one row could not be proven */
    int order;                     /* of the generated keys so far: 1 ascending, -1 descending, 0 not known */
    ath__rows values;
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
    return c->autoincrement || c->identity || c->server_default || c->default_value;
}

bool ath__flush_leaves(const ath__mapper *m, const void *object, const ath__column *c) {
    const uint64_t *mask = (const uint64_t *)((uintptr_t)object + m->image_at);
    return ath__is_given(c) || (!ath__mask_has(mask, c->position) && left_to_database(c) && !assigned(c, object));
}

static void complete_mask(const ath__mapper *m, void *object) {
    uint64_t *mask = mask_of(m, object);
    ath__version_first(m, object, mask);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (ath__is_given(c)) /* takes no value; what the database makes of the row is read back */
            ath__mask_clear(mask, i);
        else if (!ath__flush_leaves(m, object, c))
            ath__mask_set(mask, i);
    }
}

static bool can_return(const plan *p) {
    return ath__dialect_can(p->s->connection->dialect, ATH__CAN_INSERT_RETURNING);
}

/* Whether the generated key is still to come. */
static bool is_numbered(const plan *p) {
    int column = p->t->autoincrement;
    return column >= 0 && !ath__mask_has(p->mask, p->t->columns[column].mapped);
}

/* Columns with a value or an expression, and those to be had back. */
static void plan_columns(plan *p) {
    const ath_table *t = p->t;
    bool only_key = true;
    p->value_count = p->column_count = p->returned_count = p->unread_count = 0;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *c = &t->columns[i];
        bool set = ath__mask_has(p->mask, c->mapped);
        const ath_expr *expr = set || ath__is_given(c) ? NULL : c->default_value;
        if (c->expression)
            continue;
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
    if (only_key && !is_numbered(p))
        p->returned_count = 0;
    p->by_insert_id = only_key && p->returned_count;
}

/* The first key column that the database makes up without numbering it; NULL: there is none. */
static const ath__column *made_up_key(const plan *p) {
    const ath_table *t = p->t;
    for (size_t i = 0; i < t->key_count; i++)
        if (!ath__mask_has(p->mask, t->columns[t->key[i]].mapped) && t->key[i] != t->autoincrement)
            return &t->columns[t->key[i]];
    return NULL;
}

/* Without RETURNING: the key by the insert id, the rest by a SELECT. */
static ath_status plan_without_returning(plan *p) {
    const ath__column *made_up = made_up_key(p);
    if (made_up)
        return ath__fail(&p->s->error, ATH_NOT_SUPPORTED, "%s cannot give back %s.%s, a key that it makes up itself",
                         p->s->connection->dialect->name, p->t->name, made_up->name);
    for (size_t i = 0; i < p->returned_count; i++)
        if (!p->t->columns[p->returned[i]].primary_key)
            p->unread[p->unread_count++] = p->returned[i];
    p->returned_count = 0;
    p->by_insert_id = p->one_by_one = is_numbered(p);
    return ATH_OK;
}

static ath_status make_plan(plan *p) {
    p->many = ath__flush_many(p->s->connection);
    p->one_by_one = false;
    plan_columns(p);
    if (p->returned_count && !can_return(p))
        return plan_without_returning(p);
    p->one_by_one = made_up_key(p) && p->many != ATH__MANY_BULK;
    return ATH_OK;
}

/* How many rows a text of VALUES is for. */
static size_t listed_rows(const plan *p, size_t left) {
    static const size_t sizes[] = {ATH__BATCH_ROWS, 100, 10};
    const ath_dialect *d = p->s->connection->dialect;
    if (!ath__dialect_can(d, ATH__CAN_MULTI_VALUES) || (!p->column_count && p->many == ATH__MANY_LISTED))
        return 1;
    for (size_t i = 0; i < ATH_COUNT_OF(sizes); i++)
        if (sizes[i] <= left && (!d->max_binds || sizes[i] * p->value_count <= d->max_binds))
            return sizes[i];
    return 1;
}

/* How the next statement goes: as arrays, unless there is nothing to put into them, or only one row. */
static void next_batch(plan *p, size_t left) {
    p->rows = p->one_by_one ? 1 : left < ATH__BATCH_ROWS ? left : ATH__BATCH_ROWS;
    p->arrays = p->many != ATH__MANY_LISTED && p->value_count && p->rows > 1;
    if (!p->arrays && p->rows > 1)
        p->rows = listed_rows(p, left);
    p->text_rows = !p->arrays ? p->rows : p->many == ATH__MANY_ARRAYS ? ATH__ANY_ROWS : 1;
    p->insert_id = p->by_insert_id && p->rows == 1 &&
                   (ath__dialect_can(p->s->connection->dialect, ATH__INSERT_ID_IS_KEY) || !can_return(p));
}

/* ---- the statement ---- */

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const plan *p = context;
    return ath__compile_insert(connection->dialect, &connection->engine->allocator, p->t, p->columns, p->exprs,
                               p->column_count, p->text_rows, p->returned, p->insert_id ? 0 : p->returned_count, out,
                               error);
}

static ath__prepared *prepare(plan *p) {
    uint64_t words[4 + (COLUMN_LIMIT + 63) / 64] = {ATH__KEY_INSERT, (uint64_t)(uintptr_t)p->t, p->text_rows,
                                                    p->insert_id};
    memcpy(words + 4, p->mask, p->m->mask_words * sizeof *words);
    return ath__flush_prepare(p->s, words, 4u + p->m->mask_words, compile, p);
}

static ath_status object_values(plan *p, void *object, ath_value *out) {
    for (size_t i = 0, n = 0; i < p->column_count; i++)
        if (!p->exprs[i])
            ATH_TRY(ath__flush_value(p->s, p->m, object, &p->t->columns[p->columns[i]], &out[n++]));
    return ATH_OK;
}

static void *object_at(const plan *p, const uint32_t *batch, size_t i) {
    return ath__mapper_object(p->m, batch[i]);
}

/* ---- what comes back ---- */

static int64_t key_of(const plan *p, const void *object) {
    int64_t key;
    if (p->m->key_i64 >= 0) {
        memcpy(&key, (const char *)object + p->m->key_i64, sizeof key);
        return key;
    }
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    const ath__column *c = &p->t->columns[p->t->autoincrement];
    ath_value v = {0};
    if (ath__field_get(c->ctype, c->size, &plain, (const char *)object + c->offset, &v, NULL) != ATH_OK)
        return 0;
    return v.kind == ATH_KIND_UINT ? INT64_MAX : v.as.i;
}

/* Keys that the program set must have come back with the row that was meant. */
static bool keys_equal(const plan *p, const void *before, const void *object) {
    for (size_t i = 0; i < p->t->key_count; i++) {
        size_t column = p->t->key[i];
        const ath__column *c = &p->t->columns[column];
        if (ath__mask_has(p->mask, c->mapped) &&
            !ath__field_equal(c->ctype, c->size, (const char *)before + c->offset, (const char *)object + c->offset))
            return false;
    }
    return true;
}

static ath_status unproven(plan *p) {
    return ath__fail(&p->s->error, ATH_INTERNAL,
                     "INSERT into %s: the rows that came back cannot be matched with the objects that were sent",
                     p->t->name);
}

/* Whether the key numbers its row behind the one before it, or before it all along (a sequence that counts down). */
static bool in_order(plan *p, const void *object, const void *previous) {
    int64_t key = key_of(p, object), before = key_of(p, previous);
    int order = (key > before) - (key < before);
    if (!p->order && (order > 0 || p->many != ATH__MANY_LISTED))
        p->order = order;
    return order && order == p->order;
}

/* The commonest case: one key of 64 bits, and nothing else. */
static bool take_key(plan *p, void *object, const void *previous) {
    if (p->returned_count != 1 || p->m->key_i64 < 0 || !p->by_insert_id || p->m->cells[0].kind != ATH_KIND_INT)
        return false;
    char *field = (char *)object + p->m->key_i64;
    memcpy(field, &p->m->cells[0].as.i, sizeof p->m->cells[0].as.i);
    return !previous || in_order(p, object, previous);
}

static ath_status take_row(plan *p, ath__prepared *prepared, void *object, const void *previous) {
    ATH_TRY(p->s->connection->driver->row(prepared->statement, p->m->cells, p->returned_count, &p->s->error));
    if (take_key(p, object, previous))
        return ATH_OK;
    memcpy(p->m->spare, object, p->m->size);
    ATH_TRY(ath__flush_read_back(p->s, p->m, p->t, object, p->returned, p->returned_count, p->m->cells));
    if (!keys_equal(p, p->m->spare, object) || (is_numbered(p) && previous && !in_order(p, object, previous)))
        return unproven(p);
    return ATH_OK;
}

static ath_status take_rows(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    ath__step step;
    size_t taken = 0;
    p->order = 0;
    while ((step = ath__run_step(p->s->connection, prepared)) == ATH__STEP_ROW) {
        if (taken == p->rows)
            return unproven(p);
        ATH_TRY(take_row(p, prepared, object_at(p, batch, taken), taken ? object_at(p, batch, taken - 1) : NULL));
        taken++;
    }
    if (step == ATH__STEP_ERROR)
        return ath__session_failed(p->s);
    if (p->returned_count)
        return taken == p->rows ? ATH_OK : unproven(p);
    int64_t rows = p->arrays ? p->s->connection->driver->rows_changed(p->s->connection->handle) : (int64_t)p->rows;
    if (rows != (int64_t)p->rows)
        return ath__fail(&p->s->error, ATH_INTERNAL, "INSERT into %s: of %zu rows the database took %lld", p->t->name,
                         p->rows, (long long)rows);
    return ATH_OK;
}

static ath_status take_insert_id(plan *p, ath__prepared *prepared, void *object) {
    if (ath__run_step(p->s->connection, prepared) == ATH__STEP_ERROR)
        return ath__session_failed(p->s);
    uint16_t column = (uint16_t)p->t->autoincrement;
    ath_value id = {.kind = ATH_KIND_INT, .as.i = p->s->connection->driver->inserted_id(p->s->connection->handle)};
    return id.as.i ? ath__flush_read_back(p->s, p->m, p->t, object, &column, 1, &id) : unproven(p);
}

/* ---- running ---- */

/* Binds the batch, or as much of it as one statement should carry: p->rows. */
static ath_status bind_arrays(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    p->values.count = p->values.bytes = 0;
    for (size_t i = 0; i < p->rows && !ath__rows_full(&p->values); i++) {
        ATH_TRY(object_values(p, object_at(p, batch, i), ath__rows_next(&p->values)));
        ath__rows_add(&p->values);
    }
    p->rows = p->values.count;
    return ath__rows_bind(p->s, prepared, &p->values);
}

static ath_status bind_listed(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    ath_value values[COLUMN_LIMIT];
    for (size_t i = 0; i < p->rows; i++) {
        ATH_TRY(object_values(p, object_at(p, batch, i), values));
        ATH_TRY(ath__flush_bind(p->s, prepared, i * p->value_count, values, p->value_count));
    }
    return ATH_OK;
}

static ath_status run(plan *p, ath__prepared *prepared, const uint32_t *batch) {
    ATH_TRY(p->arrays ? bind_arrays(p, prepared, batch) : bind_listed(p, prepared, batch));
    if (p->insert_id)
        return take_insert_id(p, prepared, object_at(p, batch, 0));
    return take_rows(p, prepared, batch);
}

/* The object has a row now. */
static ath_status settle(plan *p, void *object) {
    ath__mapper *m = p->m;
    uint32_t hash = ath__identity_hash(m, object);
    void *former = ath__identity_find_any(m, object, hash);
    if (former) { /* its row was deleted behind the session's back, or this insert would have failed */
        ath__identity_remove(m, former, ath__image_of(m, former));
        ath__head_of(former)->state = ATH_STATE_NONE;
    }
    memcpy(ath__image_of(m, object), object, m->size);
    ATH_TRY(ath__journal_add(p->s, ATH__UNDO_INSERT, m, object));
    ATH_TRY(ath__identity_add(p->s, m, object, hash));
    ath__head_of(object)->state = ATH_STATE_PERSISTENT;
    return ath__event_note(p->s, ATH_AFTER_INSERT, m, object);
}

static ath_status insert_batch(plan *p, const uint32_t *batch) {
    ath__prepared *prepared = prepare(p);
    if (!prepared)
        return p->s->error.status;
    ath_status status = run(p, prepared, batch);
    ath__prepared_release(p->s->connection, prepared);
    for (size_t i = 0; status == ATH_OK && p->last && i < p->rows; i++)
        status = settle(p, object_at(p, batch, i));
    return status;
}

/* How many of the objects at the head of the list set the same columns. */
static size_t run_length(const ath__mapper *m, const uint32_t *objects, size_t count) {
    const uint64_t *mask = mask_of(m, ath__mapper_object(m, objects[0]));
    size_t n = 1;
    while (n < count && memcmp(mask, mask_of(m, ath__mapper_object(m, objects[n])), m->mask_words * sizeof *mask) == 0)
        n++;
    return n;
}

/* Gives the objects reserved keys; *mask then says that they have one. */
static ath_status take_reserved(plan *p, const uint32_t *objects, size_t count, uint64_t *mask) {
    ath_session *s = p->s;
    const ath_table *t = p->t;
    uint16_t column = (uint16_t)t->autoincrement;
    int64_t first = 0;
    bool reserved = false;
    s->engine->statements++;
    if (s->connection->driver->reserve_keys(s->connection->handle, t->name, t->columns[column].name, (int64_t)count,
                                            &first, &reserved, &s->error) != ATH_OK)
        return s->error.status;
    for (size_t i = 0; reserved && i < count; i++) {
        ath_value key = {.kind = ATH_KIND_INT, .as.i = first + (int64_t)i};
        ATH_TRY(ath__flush_read_back(s, p->m, p->t, object_at(p, objects, i), &column, 1, &key));
    }
    if (reserved)
        ath__mask_set(mask, t->columns[column].mapped);
    return ATH_OK;
}

static ath_status insert_batches(plan *p, const uint32_t *objects, size_t count) {
    for (size_t done = 0; done < count; done += p->rows) {
        next_batch(p, count - done);
        if (p->arrays && !p->values.values)
            ATH_TRY(ath__rows_init(p->s, &p->values, p->value_count, count));
        ATH_TRY(insert_batch(p, objects + done));
    }
    return ATH_OK;
}

/* Rows of one table: the model's, or of a joined-table class one of its parts.  What is to be selected is added to
 * `unread`. */
static ath_status insert_part(plan *p, const uint32_t *objects, size_t count, uint64_t *mask, uint16_t *unread,
                              size_t *unread_count) {
    ATH_TRY(make_plan(p));
    if (p->by_insert_id && p->many == ATH__MANY_LISTED && count >= RESERVE_FROM &&
        p->s->connection->driver->reserve_keys) {
        ATH_TRY(take_reserved(p, objects, count, mask));
        ATH_TRY(make_plan(p));
    }
    ath_status status = insert_batches(p, objects, count);
    ath__rows_done(p->s, &p->values);
    for (size_t i = 0; i < p->unread_count; i++)
        unread[(*unread_count)++] = p->t->columns[p->unread[i]].mapped;
    for (size_t i = 0; i < p->t->key_count; i++)
        ath__mask_set(mask, p->t->columns[p->t->key[i]].mapped);
    return status;
}

static ath_status insert_run(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count) {
    uint64_t mask[(COLUMN_LIMIT + 63) / 64] = {0};
    uint16_t unread[COLUMN_LIMIT];
    const ath_table *parts[ATH__PARTS];
    size_t unread_count = 0, part_count = ath__table_parts(m->table, parts);
    memcpy(mask, mask_of(m, ath__mapper_object(m, objects[0])), m->mask_words * sizeof *mask);
    for (size_t i = 0; i < part_count; i++) {
        plan p = {.s = s, .m = m, .t = parts[i], .mask = mask, .last = i + 1 == part_count};
        ATH_TRY(insert_part(&p, objects, count, mask, unread, &unread_count));
    }
    return ath__flush_read(s, m, objects, count, unread, unread_count);
}

ath_status ath__flush_inserts(ath_session *s, ath__mapper *m, size_t first, size_t count) {
    const uint32_t *objects = m->pending.items + first;
    if (!count)
        return ATH_OK;
    if (!ath__session_connection(s))
        return s->error.status;
    for (size_t i = 0; i < count; i++)
        complete_mask(m, ath__mapper_object(m, objects[i]));
    for (size_t done = 0, n = 0; done < count; done += n) {
        n = run_length(m, objects + done, count - done);
        ATH_TRY(insert_run(s, m, objects + done, n));
    }
    return ATH_OK;
}
