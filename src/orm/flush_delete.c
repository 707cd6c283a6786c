/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, deletes: marked objects go by their keys, many in one statement.
 *
 * Those of a table that refers to itself come children first: they go in one statement where foreign keys are checked at
 * its end, in the order of the rows where it runs row by row, else one by one.  A row that is gone already is no failure
 * (ON DELETE CASCADE may have taken it), but it is said in the log; of a table that counts versions it is stale data.
 */
#include "orm/unit.h"

enum { KEY_LIMIT = 16 };

typedef struct batch {
    ath_session *s;
    ath__mapper *m;
    const ath_table *t; /* the mapper's, or a part of it */
    bool last;          /* the objects' rows are then gone */
    const uint32_t *items;
    size_t rows, text_rows;
    ath__rows keys;
} batch;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const batch *b = context;
    return ath__compile_delete(connection->dialect, &connection->engine->allocator, b->t, b->text_rows, out, error);
}

/* How many of those that are left the next statement takes. */
static void next_batch(batch *b, size_t left, bool self_referencing) {
    const ath_connection *connection = b->s->connection;
    if (ath__flush_many(connection) == ATH__MANY_BULK) {
        b->rows = left < ATH__BATCH_ROWS ? left : ATH__BATCH_ROWS;
        b->text_rows = 1;
    } else if (self_referencing && !ath__dialect_can(connection->dialect, ATH__CAN_DEFERRABLE)) {
        b->rows = b->text_rows = 1; /* such a database looks at the references after each row */
    } else {
        b->rows = ath__keys_batch(b->s, ath__guard_count(b->t), left, &b->text_rows);
    }
}

static ath_status guard(const batch *b, const void *image, ath_value *out) {
    return b->t->version < 0 ? ath__flush_key(b->s, b->m, image, out) : ath__flush_guard(b->s, b->m, image, out);
}

static ath_status bind(batch *b, ath__prepared *p) {
    b->keys.count = 0;
    for (size_t row = 0; row < b->rows; row++) {
        void *object = ath__mapper_object(b->m, b->items[row]);
        ATH_TRY(guard(b, ath__image_of(b->m, object), ath__rows_next(&b->keys)));
        ath__rows_add(&b->keys);
    }
    if (ath__flush_many(b->s->connection) == ATH__MANY_BULK && b->rows > 1)
        return ath__rows_bind(b->s, p, &b->keys);
    return ath__keys_bind(b->s, p, &b->keys, b->text_rows);
}

static ath_status run(batch *b, ath__prepared *p) {
    ATH_TRY(bind(b, p));
    ath_connection *connection = b->s->connection;
    if (ath__run_step(connection, p) == ATH__STEP_ERROR)
        return ath__session_failed(b->s);
    int64_t rows = connection->driver->rows_changed(connection->handle);
    if (rows != (int64_t)b->rows && b->t->version >= 0)
        return ath__fail(&b->s->error, ATH_STALE_DATA,
                         "DELETE statement on table '%s' expected to delete %zu row%s; %lld were matched", b->t->name,
                         b->rows, b->rows == 1 ? "" : "s", (long long)rows);
    if (rows != (int64_t)b->rows)
        ath__log_line(&b->s->engine->log, ATH_LOG_WARNING,
                      "DELETE on table '%s' expected to delete %zu rows; %lld were matched", b->t->name, b->rows,
                      (long long)rows);
    return ATH_OK;
}

static ath_status settle(const batch *b) {
    for (size_t i = 0; i < b->rows; i++) {
        void *object = ath__mapper_object(b->m, b->items[i]);
        ATH_TRY(ath__journal_add(b->s, ATH__UNDO_DELETE, b->m, object));
        ATH_TRY(ath__event_note(b->s, ATH_AFTER_DELETE, b->m, object));
        ath__identity_remove(b->m, object, ath__image_of(b->m, object));
    }
    return ATH_OK;
}

static ath_status delete_batch(batch *b) {
    const uint64_t words[] = {ATH__KEY_DELETE, (uint64_t)(uintptr_t)b->t, b->text_rows};
    ath__prepared *p = ath__flush_prepare(b->s, words, ATH_COUNT_OF(words), compile, b);
    if (!p)
        return b->s->error.status;
    ath_status status = run(b, p);
    ath__prepared_release(b->s->connection, p);
    if (status == ATH_STALE_DATA)
        return ath__name_stale(b->s, b->m, b->items, b->rows, NULL, 0);
    return status == ATH_OK && b->last ? settle(b) : status;
}

/* Rows of one table: the model's, or of a joined-table class one of its parts, the root's last. */
static ath_status delete_part(ath_session *s, ath__mapper *m, const ath_table *t, bool last, const uint32_t *objects,
                              size_t count) {
    batch b = {.s = s, .m = m, .t = t, .last = last};
    ATH_TRY(ath__rows_init(s, &b.keys, ath__guard_count(t), count));
    ath_status status = ATH_OK;
    for (size_t done = 0; status == ATH_OK && done < count; done += b.rows) {
        b.items = objects + done;
        next_batch(&b, count - done, ath__table_refers_to(t, t));
        status = delete_batch(&b);
    }
    ath__rows_done(s, &b.keys);
    return status;
}

ath_status ath__flush_deletes(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count) {
    if (!count)
        return ATH_OK;
    if (m->table->key_count > KEY_LIMIT)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has a key of more than %d columns", m->model->name,
                         KEY_LIMIT);
    if (!ath__session_connection(s))
        return s->error.status;
    const ath_table *parts[ATH__PARTS];
    for (size_t i = ath__table_parts(m->table, parts); i-- > 0;)
        ATH_TRY(delete_part(s, m, parts[i], i == 0, objects, count));
    return ATH_OK;
}
