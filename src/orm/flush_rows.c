/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, many rows at once: their values gathered for one run of a statement, and rows read back by their keys.
 *
 * A database takes many rows in one of three ways (ath__many): as arrays, one a column (PostgreSQL's unnest); as arrays
 * beside the statement of one row (MariaDB's bulk), which it runs row by row in their order; or listed in the text.  The
 * first two have one text for every number of rows.
 */
#include "orm/session.h"

enum { BATCH_BYTES = 4 * 1024 * 1024, LISTED_KEYS = 512, LISTED_COMPOSITE = 64, KEY_LIMIT = 16 };

ath__many ath__flush_many(const ath_connection *connection) {
    if (!connection->driver->bind_rows)
        return ATH__MANY_LISTED;
    if (ath__dialect_can(connection->dialect, ATH__CAN_UNNEST))
        return ATH__MANY_ARRAYS;
    return ath__dialect_can(connection->dialect, ATH__CAN_ROW_ARRAYS) ? ATH__MANY_BULK : ATH__MANY_LISTED;
}

/* ---- gathering ---- */

ath_status ath__rows_init(ath_session *s, ath__rows *r, size_t columns, size_t most) {
    *r = (ath__rows){.columns = columns, .capacity = most < ATH__BATCH_ROWS ? most : ATH__BATCH_ROWS};
    r->values = ath__alloc(s->allocator, r->capacity * columns * sizeof *r->values);
    return r->values ? ATH_OK : ath__session_no_memory(s);
}

void ath__rows_done(ath_session *s, ath__rows *r) {
    ath__free(s->allocator, r->values, r->capacity * r->columns * sizeof *r->values);
    *r = (ath__rows){0};
}

void ath__rows_add(ath__rows *r) {
    const ath_value *row = ath__rows_next(r);
    for (size_t i = 0; i < r->columns; i++) {
        if (row[i].kind == ATH_KIND_TEXT || row[i].kind == ATH_KIND_JSON)
            r->bytes += row[i].as.text.size;
        else if (row[i].kind == ATH_KIND_BYTES)
            r->bytes += row[i].as.bytes.size;
    }
    r->count++;
}

bool ath__rows_full(const ath__rows *r) {
    return r->count == r->capacity || r->bytes > BATCH_BYTES;
}

ath_status ath__rows_bind(ath_session *s, ath__prepared *p, const ath__rows *r) {
    return s->connection->driver->bind_rows(p->statement, r->values, r->count, r->columns, &s->error);
}

ath_status ath__flush_key(ath_session *s, const ath__mapper *m, const void *object, ath_value *out) {
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        ath_status status =
            ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &out[i], &s->error);
        if (status == ATH_OK)
            status = ath__value_coerce(&out[i], &c->type, &s->arena, &s->error);
        if (status != ATH_OK)
            return ath__name_column(s, m, c);
    }
    return ATH_OK;
}

/* ---- by key ---- */

size_t ath__keys_batch(ath_session *s, size_t width, size_t left, size_t *text_rows) {
    ath__many many = ath__flush_many(s->connection);
    if (many == ATH__MANY_ARRAYS && left > 1) {
        *text_rows = ATH__ANY_ROWS;
        return left < ATH__BATCH_ROWS ? left : ATH__BATCH_ROWS;
    }
    size_t most = width == 1 ? LISTED_KEYS : LISTED_COMPOSITE;
    uint32_t max_binds = s->connection->dialect->max_binds;
    while (max_binds && most > 1 && most * width > max_binds)
        most /= 2;
    size_t rows = left < most ? left : most;
    for (*text_rows = 1; *text_rows < rows;)
        *text_rows *= 2;
    return rows;
}

ath_status ath__keys_bind(ath_session *s, ath__prepared *p, ath__rows *keys, size_t text_rows) {
    if (text_rows == ATH__ANY_ROWS)
        return ath__rows_bind(s, p, keys);
    size_t n = keys->columns;
    ATH_TRY(ath__flush_bind(s, p, 0, keys->values, keys->count * n));
    for (size_t i = keys->count; i < text_rows; i++) /* the last key once more: one text serves many numbers of keys */
        ATH_TRY(ath__flush_bind(s, p, i * n, keys->values + (keys->count - 1) * n, n));
    return ATH_OK;
}

/* ---- reading back ---- */

typedef struct reading {
    ath_session *s;
    ath__mapper *m;
    const uint16_t *columns;
    size_t count, text_rows;
} reading;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const reading *r = context;
    return ath__compile_read(connection->dialect, &connection->engine->allocator, r->m->table, r->columns, r->count,
                             r->text_rows, out, error);
}

/* The object of the row at hand, by its key, which comes first. */
static void *object_of_row(const reading *r) {
    ath__mapper *m = r->m;
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        if (ath__field_set(c->ctype, c->size, &c->type, (char *)m->probe + c->offset, &m->cells[i], &r->s->arena,
                           &r->s->error) != ATH_OK)
            return NULL;
    }
    return ath__identity_find(m, m->probe, ath__identity_hash(m, m->probe));
}

/* Object and image take the columns. */
static ath_status take(const reading *r, void *object) {
    ath__mapper *m = r->m;
    ATH_TRY(ath__journal_add(r->s, ATH__UNDO_UPDATE, m, object));
    ATH_TRY(ath__flush_read_back(r->s, m, m->table, object, r->columns, r->count, m->cells + m->table->key_count));
    char *image = ath__image_of(m, object);
    for (size_t i = 0; i < r->count; i++) {
        const ath__column *c = &m->table->columns[r->columns[i]];
        memcpy(image + c->offset, (char *)object + c->offset, c->size);
    }
    return ATH_OK;
}

static ath_status take_rows(const reading *r, ath__prepared *p, size_t expected) {
    ath_session *s = r->s;
    size_t cells = r->m->table->key_count + r->count, taken = 0;
    ath__step step;
    while ((step = ath__run_step(s->connection, p)) == ATH__STEP_ROW) {
        ATH_TRY(s->connection->driver->row(p->statement, r->m->cells, cells, &s->error));
        void *object = object_of_row(r);
        ATH_TRY(s->error.status);
        if (object) {
            ATH_TRY(take(r, object));
            taken++;
        }
    }
    if (step == ATH__STEP_ERROR)
        return ath__session_failed(s);
    if (taken != expected)
        return ath__fail(&s->error, ATH_STALE_DATA, "of %zu rows of %s that were to be read back, %zu were found",
                         expected, r->m->table->name, taken);
    return ATH_OK;
}

static ath_status read_batch(reading *r, ath__rows *keys) {
    uint64_t words[3 + KEY_LIMIT + 256] = {ATH__KEY_READ, (uint64_t)(uintptr_t)r->m->table, r->text_rows};
    for (size_t i = 0; i < r->count; i++)
        words[3 + i] = r->columns[i];
    ath__prepared *p = ath__flush_prepare(r->s, words, 3 + r->count, compile, r);
    if (!p)
        return r->s->error.status;
    ath_status status = ath__keys_bind(r->s, p, keys, r->text_rows);
    if (status == ATH_OK)
        status = take_rows(r, p, keys->count);
    ath__prepared_release(r->s->connection, p);
    return status;
}

static ath_status read_all(reading *r, ath__rows *keys, const uint32_t *objects, size_t count) {
    for (size_t done = 0; done < count; done += keys->count) {
        size_t rows = ath__keys_batch(r->s, r->m->table->key_count, count - done, &r->text_rows);
        keys->count = 0;
        for (size_t i = 0; i < rows; i++) {
            void *object = ath__mapper_object(r->m, objects[done + i]);
            ATH_TRY(ath__flush_key(r->s, r->m, object, ath__rows_next(keys)));
            ath__rows_add(keys);
        }
        ATH_TRY(read_batch(r, keys));
    }
    return ATH_OK;
}

ath_status ath__flush_read(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count,
                           const uint16_t *columns, size_t column_count) {
    reading r = {.s = s, .m = m, .columns = columns, .count = column_count};
    ath__rows keys;
    if (!count || !column_count)
        return ATH_OK;
    ATH_TRY(ath__rows_init(s, &keys, m->table->key_count, count));
    ath_status status = read_all(&r, &keys, objects, count);
    ath__rows_done(s, &keys);
    return status;
}
