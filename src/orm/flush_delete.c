/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, deletes: marked objects go by their keys, many in one statement where the key is one column.
 *
 * Objects of a table that references itself go children first.  A row that is gone already is no failure (ON DELETE
 * CASCADE may have taken it), but it is said in the log.
 */
#include "orm/session.h"

enum { BATCH_LIMIT = 500, KEY_LIMIT = 16 };

typedef struct batch {
    ath_session *s;
    ath__mapper *m;
    const uint32_t *items;
    size_t rows;
} batch;

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const batch *b = context;
    return ath__compile_delete(connection->dialect, &connection->engine->allocator, b->m->table, b->rows, out, error);
}

static size_t batch_size(const ath__mapper *m, size_t left) {
    static const size_t sizes[] = {BATCH_LIMIT, 100, 10};
    for (size_t i = 0; m->table->key_count == 1 && i < ATH_COUNT_OF(sizes); i++)
        if (sizes[i] <= left)
            return sizes[i];
    return 1;
}

static ath_status bind(const batch *b, ath__prepared *p) {
    const ath_table *t = b->m->table;
    ath_value values[KEY_LIMIT];
    for (size_t row = 0; row < b->rows; row++) {
        const char *image = ath__image_of(b->m, ath__mapper_object(b->m, b->items[row]));
        for (size_t i = 0; i < t->key_count; i++) {
            const ath__column *c = &t->columns[t->key[i]];
            ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, image + c->offset, &values[i], &b->s->error));
        }
        ATH_TRY(ath__flush_bind(b->s, p, row * t->key_count, values, t->key_count));
    }
    return ATH_OK;
}

static ath_status run(const batch *b, ath__prepared *p) {
    ATH_TRY(bind(b, p));
    ath_connection *connection = b->s->connection;
    if (ath__run_step(connection, p) == ATH__STEP_ERROR)
        return ath__session_failed(b->s);
    int64_t rows = connection->driver->rows_changed(connection->handle);
    if (rows != (int64_t)b->rows)
        ath__log_line(&b->s->engine->log, ATH_LOG_WARNING,
                      "DELETE on table '%s' expected to delete %zu rows; %lld were matched", b->m->table->name, b->rows,
                      (long long)rows);
    return ATH_OK;
}

static ath_status settle(const batch *b) {
    for (size_t i = 0; i < b->rows; i++) {
        void *object = ath__mapper_object(b->m, b->items[i]);
        ATH_TRY(ath__journal_add(b->s, ATH__UNDO_DELETE, b->m, object));
        ath__identity_remove(b->m, object, ath__image_of(b->m, object));
    }
    return ATH_OK;
}

static ath_status delete_batch(const batch *b) {
    const uint64_t words[] = {ATH__KEY_DELETE, (uint64_t)(uintptr_t)b->m->table, b->rows};
    batch context = *b;
    ath__prepared *p = ath__flush_prepare(b->s, words, ATH_COUNT_OF(words), compile, &context);
    if (!p)
        return b->s->error.status;
    ath_status status = run(b, p);
    ath__prepared_release(b->s->connection, p);
    return status == ATH_OK ? settle(b) : status;
}

/* ---- tables that reference themselves ---- */

static const ath__constraint *self_reference(const ath_table *t) {
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY && strcmp(t->constraints[i].target, t->name) == 0)
            return &t->constraints[i];
    return NULL;
}

/* The marked object that `child` points to by its foreign key, as a position among the marked; count when none. */
static size_t parent_position(ath_session *s, const ath__mapper *m, const ath__constraint *fk, uint32_t child) {
    const char *image = ath__image_of(m, ath__mapper_object(m, child));
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    for (size_t i = 0; i < fk->columns.count; i++) {
        const ath__column *from = ath__table_column_named(m->table, fk->columns.names[i]);
        const ath__column *to = ath__table_column_named(m->table, fk->target_columns.names[i]);
        ath_value v;
        if (!from || !to || !to->primary_key ||
            ath__field_get(from->ctype, from->size, &plain, image + from->offset, &v, NULL) != ATH_OK ||
            v.kind == ATH_KIND_NULL ||
            ath__field_set(to->ctype, to->size, &plain, (char *)m->probe + to->offset, &v, &s->arena, NULL) != ATH_OK)
            return m->deleted.count;
    }
    const void *parent = ath__identity_find(m, m->probe, ath__identity_hash(m, m->probe));
    size_t i = 0;
    while (parent && i < m->deleted.count && m->deleted.items[i] != ath__head_of(parent)->index)
        i++;
    return parent ? i : m->deleted.count;
}

/* Puts the marked objects in order; `edges` and `order` have room for all of them. */
static ath_status sort_deleted(ath_session *s, ath__mapper *m, const ath__constraint *fk, ath__edge *edges,
                               uint32_t *order) {
    size_t n = m->deleted.count, edge_count = 0;
    uint32_t cycle_from;
    for (size_t i = 0; i < n; i++) {
        size_t parent = parent_position(s, m, fk, m->deleted.items[i]);
        if (parent < n)
            edges[edge_count++] = (ath__edge){(uint32_t)i, (uint32_t)parent};
    }
    if (ath__topo_sort(s->allocator, (uint32_t)n, edges, edge_count, order, &cycle_from) != ATH_OK)
        return ath__session_no_memory(s);
    for (size_t i = 0; i < n; i++)
        order[i] = m->deleted.items[order[i]];
    memcpy(m->deleted.items, order, n * sizeof *order);
    return ATH_OK;
}

static ath_status children_first(ath_session *s, ath__mapper *m, const ath__constraint *fk) {
    size_t n = m->deleted.count;
    ath__edge *edges = ath__alloc(s->allocator, n * sizeof *edges);
    uint32_t *order = ath__alloc(s->allocator, n * sizeof *order);
    ath_status status = edges && order ? sort_deleted(s, m, fk, edges, order) : ath__session_no_memory(s);
    ath__free(s->allocator, edges, n * sizeof *edges);
    ath__free(s->allocator, order, n * sizeof *order);
    return status;
}

ath_status ath__flush_deletes(ath_session *s, ath__mapper *m) {
    if (!m->deleted.count)
        return ATH_OK;
    if (m->table->key_count > KEY_LIMIT)
        return ath__fail(&s->error, ATH_ARGUMENT, "model %s has a key of more than %d columns", m->model->name,
                         KEY_LIMIT);
    const ath__constraint *fk = self_reference(m->table);
    if (fk && m->deleted.count > 1)
        ATH_TRY(children_first(s, m, fk));
    for (size_t done = 0; done < m->deleted.count;) {
        batch b = {s, m, m->deleted.items + done, batch_size(m, m->deleted.count - done)};
        ATH_TRY(delete_batch(&b));
        done += b.rows;
    }
    m->deleted.count = 0;
    return ATH_OK;
}
