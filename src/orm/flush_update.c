/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, updates: objects that differ from their images become UPDATEs of the columns that differ, and of those alone.
 *
 * One comparison of memory clears an unchanged object; only then are columns compared, by value.  The row is found by the
 * key of the image, so that a changed key works; a row that is not there is stale data.
 */
#include "orm/session.h"

enum { COLUMN_LIMIT = 256, MASK_WORDS = COLUMN_LIMIT / 64 };

typedef struct change {
    ath_session *s;
    ath__mapper *m;
    void *object;
    uint64_t mask[MASK_WORDS]; /* columns that differ, or that .onupdate sets */
    size_t column_count, returned_count;
    uint16_t columns[COLUMN_LIMIT];
    const ath_expr *exprs[COLUMN_LIMIT];
    uint16_t returned[COLUMN_LIMIT];
} change;

static bool find_changes(change *ch) {
    const ath__mapper *m = ch->m;
    char *object = ch->object;
    const char *image = ath__image_of(m, ch->object);
    bool any = false;
    memset(ch->mask, 0, m->mask_words * sizeof *ch->mask);
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (memcmp(object + c->offset, image + c->offset, c->size) == 0)
            continue;
        if (ath__field_equal(c->ctype, c->size, object + c->offset, image + c->offset)) {
            /* equal text at another address is the program's: back to the session's own, which stays */
            memcpy(object + c->offset, image + c->offset, c->size);
            continue;
        }
        ath__mask_set(ch->mask, i);
        any = true;
    }
    return any;
}

/* Columns with .onupdate that the program left alone: a literal goes into the struct, an expression into the statement. */
static ath_status apply_onupdate(change *ch, const ath__column *c) {
    ath_value value = c->onupdate->u.value;
    ath_status status = ath__value_coerce(&value, &c->type, &ch->s->arena, &ch->s->error);
    if (status == ATH_OK)
        status = ath__field_set(c->ctype, c->size, &c->type, (char *)ch->object + c->offset, &value, &ch->s->arena,
                                &ch->s->error);
    return status == ATH_OK ? ATH_OK : ath__name_column(ch->s, ch->m, c);
}

static ath_status plan_columns(change *ch) {
    ch->column_count = ch->returned_count = 0;
    for (size_t i = 0; i < ch->m->table->column_count; i++) {
        const ath__column *c = &ch->m->table->columns[i];
        bool set = ath__mask_has(ch->mask, i);
        if (!set && !c->onupdate)
            continue;
        const ath_expr *expr = !set && c->onupdate->node != ATH_NODE_LITERAL ? c->onupdate : NULL;
        if (!set && !expr)
            ATH_TRY(apply_onupdate(ch, c));
        if (expr)
            ch->returned[ch->returned_count++] = (uint16_t)i;
        ch->exprs[ch->column_count] = expr;
        ch->columns[ch->column_count++] = (uint16_t)i;
    }
    return ATH_OK;
}

/* ---- the statement ---- */

static ath_status compile(void *context, ath_connection *connection, ath__compiled *out, ath_error *error) {
    const change *ch = context;
    return ath__compile_update(connection->dialect, &connection->engine->allocator, ch->m->table, ch->columns,
                               ch->exprs, ch->column_count, 1, ch->returned, ch->returned_count, out, error);
}

static ath_status bind(change *ch, ath__prepared *p) {
    ath_value values[COLUMN_LIMIT + 16];
    const ath_table *t = ch->m->table;
    const char *image = ath__image_of(ch->m, ch->object);
    size_t n = 0;
    for (size_t i = 0; i < ch->column_count; i++)
        if (!ch->exprs[i])
            ATH_TRY(ath__flush_value(ch->s, ch->m, ch->object, &t->columns[ch->columns[i]], &values[n++]));
    for (size_t i = 0; i < t->key_count; i++) {
        const ath__column *c = &t->columns[t->key[i]];
        ATH_TRY(ath__field_get(c->ctype, c->size, &c->type, image + c->offset, &values[n++], &ch->s->error));
    }
    return ath__flush_bind(ch->s, p, 0, values, n);
}

static ath_status stale(change *ch, int64_t matched) {
    return ath__fail(&ch->s->error, ATH_STALE_DATA,
                     "UPDATE statement on table '%s' expected to update 1 row; %lld were matched", ch->m->table->name,
                     (long long)matched);
}

static ath_status run(change *ch, ath__prepared *p) {
    ATH_TRY(bind(ch, p));
    ath_connection *connection = ch->s->connection;
    int64_t rows = 0;
    ath__step step;
    while ((step = ath__run_step(connection, p)) == ATH__STEP_ROW) {
        ATH_TRY(connection->driver->row(p->statement, ch->m->cells, ch->returned_count, &ch->s->error));
        ATH_TRY(ath__flush_read_back(ch->s, ch->m, ch->object, ch->returned, ch->returned_count, ch->m->cells));
        rows++;
    }
    if (step == ATH__STEP_ERROR)
        return ath__session_failed(ch->s);
    if (!ch->returned_count)
        rows = connection->driver->rows_changed(connection->handle);
    return rows == 1 ? ATH_OK : stale(ch, rows);
}

static ath_status send(change *ch) {
    uint64_t words[2 + MASK_WORDS] = {ATH__KEY_UPDATE, (uint64_t)(uintptr_t)ch->m->table};
    memcpy(words + 2, ch->mask, ch->m->mask_words * sizeof *words);
    ath__prepared *p = ath__flush_prepare(ch->s, words, 2u + ch->m->mask_words, compile, ch);
    if (!p)
        return ch->s->error.status;
    ath_status status = run(ch, p);
    ath__prepared_release(ch->s->connection, p);
    return status;
}

/* The image follows, and the identity map when the key has changed. */
static ath_status settle(change *ch) {
    ath__mapper *m = ch->m;
    void *image = ath__image_of(m, ch->object);
    ATH_TRY(ath__journal_add(ch->s, ATH__UNDO_UPDATE, m, ch->object));
    bool key_changed = false;
    for (size_t i = 0; i < m->table->key_count; i++)
        key_changed = key_changed || ath__mask_has(ch->mask, m->table->key[i]);
    if (key_changed)
        ath__identity_remove(m, ch->object, image);
    memcpy(image, ch->object, m->size);
    return key_changed ? ath__identity_add(ch->s, m, ch->object, ath__identity_hash(m, ch->object)) : ATH_OK;
}

static ath_status update_object(change *ch) {
    if (!find_changes(ch))
        return ATH_OK;
    ATH_TRY(plan_columns(ch));
    ATH_TRY(send(ch));
    return settle(ch);
}

ath_status ath__flush_updates(ath_session *s, ath__mapper *m) {
    change ch = {.s = s, .m = m};
    if (!m->table->name)
        return ATH_OK;
    for (uint32_t i = 0; i < m->count; i++) {
        ch.object = ath__mapper_object(m, i);
        if (ath__head_of(ch.object)->state != ATH_STATE_PERSISTENT ||
            memcmp(ch.object, ath__image_of(m, ch.object), m->size) == 0)
            continue;
        if (m->table->column_count > COLUMN_LIMIT)
            return ath__fail(&s->error, ATH_ARGUMENT, "model %s has more than %d columns", m->model->name,
                             COLUMN_LIMIT);
        ATH_TRY(update_object(&ch));
    }
    return ATH_OK;
}
