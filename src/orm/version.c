/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, versions: a column that counts a row's changes, so that a change made from an old state is found out.
 *
 * UPDATE and DELETE look for the version that the session knows; a row that has another one is not matched, and that is
 * stale data.  Which of many objects it was is looked for only then.
 */
#include "orm/session.h"

static const ath_type plain = {.sql = ATH_SQL_INFER};

static const ath__column *version_of(const ath__mapper *m) {
    return m->table->version < 0 ? NULL : &m->table->columns[m->table->version];
}

ath_status ath__flush_guard(ath_session *s, const ath__mapper *m, const void *image, ath_value *out) {
    const ath__column *c = version_of(m);
    ATH_TRY(ath__flush_key(s, m, image, out));
    if (!c)
        return ATH_OK;
    ath_value *version = &out[m->table->key_count];
    if (ath__field_get(c->ctype, c->size, &c->type, (const char *)image + c->offset, version, &s->error) != ATH_OK ||
        ath__value_coerce(version, &c->type, &s->arena, &s->error) != ATH_OK)
        return ath__name_column(s, m, c);
    return ATH_OK;
}

void ath__version_first(const ath__mapper *m, void *object, uint64_t *mask) {
    const ath__column *c = version_of(m);
    const ath_value first = {.kind = ATH_KIND_INT, .as.i = 1};
    if (!c)
        return;
    ath__field_set(c->ctype, c->size, &plain, (char *)object + c->offset, &first, NULL, NULL);
    ath__mask_set(mask, c->position);
}

ath_status ath__version_next(ath_session *s, const ath__mapper *m, void *object, uint64_t *mask) {
    const ath__column *c = version_of(m);
    ath_value v = {0};
    if (!c)
        return ATH_OK;
    const char *image = ath__image_of(m, object);
    ath_status status = ath__field_get(c->ctype, c->size, &plain, image + c->offset, &v, &s->error);
    if (status == ATH_OK && v.kind == ATH_KIND_UINT)
        v.as.u++;
    else if (status == ATH_OK && v.as.i < INT64_MAX)
        v.as.i++;
    if (status == ATH_OK)
        status = ath__field_set(c->ctype, c->size, &plain, (char *)object + c->offset, &v, NULL, &s->error);
    if (status != ATH_OK)
        return ath__name_column(s, m, c);
    ath__mask_set(mask, c->position);
    return ATH_OK;
}

/* ---- which object it was ---- */

typedef struct reading {
    const ath__mapper *m;
    const uint16_t *columns;
    size_t count;
} reading;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const reading *r = context;
    return ath__compile_read(connection->dialect, &connection->engine->allocator, r->m->table, r->columns, r->count, 1,
                             out, error);
}

/* The row's columns, which follow its key, against the object's. */
static bool says_the_same(ath_session *s, const reading *r, const void *object) {
    const ath__mapper *m = r->m;
    for (size_t i = 0; i < r->count; i++) {
        const ath__column *c = &m->table->columns[r->columns[i]];
        char *field = (char *)m->spare + c->offset;
        if (ath__field_set(c->ctype, c->size, &c->type, field, &m->cells[m->table->key_count + i], &s->arena, NULL) !=
                ATH_OK ||
            !ath__field_equal(c->ctype, c->size, field, (const char *)object + c->offset))
            return false;
    }
    return true;
}

/* Whether the row of an object that was to be updated is not what was written; of one that was to be deleted (no columns),
 * whether it is still there.  False when it cannot be told. */
static bool was_missed(ath_session *s, reading *r, void *object) {
    uint64_t words[3 + 256] = {ATH__KEY_READ, (uint64_t)(uintptr_t)r->m->table, 1};
    ath_value key[16];
    for (size_t i = 0; i < r->count; i++)
        words[3 + i] = r->columns[i];
    ath__prepared *p = ath__flush_prepare(s, words, 3 + r->count, compile, r);
    if (!p)
        return false;
    bool missed = false;
    if (r->m->table->key_count <= ATH_COUNT_OF(key) && ath__flush_key(s, r->m, object, key) == ATH_OK &&
        ath__flush_bind(s, p, 0, key, r->m->table->key_count) == ATH_OK) {
        size_t cells = r->m->table->key_count + r->count;
        ath__step step = ath__run_step(s->connection, p);
        if (step == ATH__STEP_DONE)
            missed = r->count > 0;
        else if (step == ATH__STEP_ROW &&
                 s->connection->driver->row(p->statement, r->m->cells, cells, &s->error) == ATH_OK)
            missed = !r->count || !says_the_same(s, r, object);
    }
    ath__prepared_release(s->connection, p);
    return missed;
}

/* "Document id=5". */
static void name_object(ath_session *s, const ath__mapper *m, const void *object, char *out, size_t size) {
    ath__buf text;
    ath__buf_init(&text, s->allocator);
    ath__buf_str(&text, m->model->name);
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        ath_value v = {0};
        ath__buf_printf(&text, i ? ", %s=" : " %s=", c->name);
        if (ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &v, NULL) == ATH_OK)
            ath__value_print(&text, &v, 40);
    }
    const char *whole = text.failed ? m->model->name : ath__buf_text(&text);
    ath__copy_text(out, size, whole, strlen(whole));
    ath__buf_done(&text);
}

ath_status ath__name_stale(ath_session *s, ath__mapper *m, const uint32_t *items, size_t count, const uint16_t *columns,
                           size_t column_count) {
    ath_error error = s->error; /* what is asked now may fail as well */
    uint16_t compared[256];
    reading r = {.m = m, .columns = compared};
    for (size_t i = 0; i < column_count && i < ATH_COUNT_OF(compared); i++)
        if (!m->table->columns[columns[i]].onupdate && !m->table->columns[columns[i]].primary_key)
            compared[r.count++] = columns[i];
    const void *object = count == 1 ? ath__mapper_object(m, items[0]) : NULL;
    for (size_t i = 0; !object && i < count; i++)
        if (was_missed(s, &r, ath__mapper_object(m, items[i])))
            object = ath__mapper_object(m, items[i]);
    char name[160] = "", message[sizeof error.message];
    if (object)
        name_object(s, m, object, name, sizeof name);
    else
        snprintf(name, sizeof name, "one of %zu objects of %s", count, m->model->name);
    ath__copy_text(message, sizeof message, error.message, strlen(error.message));
    snprintf(error.message, sizeof error.message, "%.300s: %s was changed or deleted by somebody else", message, name);
    ath__copy_text(error.table, sizeof error.table, m->table->name, strlen(m->table->name));
    s->error = error;
    return error.status;
}
