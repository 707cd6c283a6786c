/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 7 and 8: a row's cells become a struct, and a struct that the session knows already is found again.
 *
 * The inner loop is a table of (offset, decoder): no names, no look-ups.  A row of an object the session has is not
 * decoded beyond its key, so that what the program changed is kept, unless overwriting was asked for.
 */
#include "orm/session.h"

ath_status ath__name_column(ath_session *s, const ath__mapper *m, const ath__column *c) {
    const char *table = m->table->name ? m->table->name : m->model->name;
    ath__copy_text(s->error.table, sizeof s->error.table, table, strlen(table));
    ath__copy_text(s->error.column, sizeof s->error.column, c->name, strlen(c->name));
    char message[sizeof s->error.message];
    ath__copy_text(message, sizeof message, s->error.message, strlen(s->error.message));
    ath_status status = s->error.status;
    if (status == ATH_DATA)
        snprintf(s->error.message, sizeof s->error.message, "%.64s.%.64s: %.340s", table, c->name, message);
    return status;
}

ath_status ath__load_row(ath_session *s, const ath__mapper *m, void *object, const ath_value *cells,
                         ath__arena *arena) {
    size_t count = m->table->column_count, done = ath__fields_set(m->steps, count, object, cells, arena, &s->error);
    return done == count ? ATH_OK : ath__name_column(s, m, &m->table->columns[done]);
}

/* The row's key into the mapper's probe. */
static ath_status probe_key(ath_session *s, ath__mapper *m, const ath_value *cells) {
    if (m->key_i64 >= 0 && cells[m->table->key[0]].kind == ATH_KIND_INT) {
        memcpy((char *)m->probe + m->key_i64, &cells[m->table->key[0]].as.i, sizeof(int64_t));
        return ATH_OK;
    }
    for (size_t i = 0; i < m->table->key_count; i++) {
        size_t column = m->table->key[i];
        const ath__field *step = &m->steps[column];
        if (ath__field_set(step->ctype, step->size, step->type, (char *)m->probe + step->offset, &cells[column],
                           &s->arena, &s->error) != ATH_OK)
            return ath__name_column(s, m, &m->table->columns[column]);
    }
    return ATH_OK;
}

static void *load_new(ath_session *s, ath__mapper *m, const ath_value *cells, uint32_t hash) {
    void *object = ath__mapper_make(s, m);
    if (!object)
        return NULL;
    if (ath__load_row(s, m, object, cells, &s->arena) != ATH_OK) {
        ath__mapper_unmake(m);
        return NULL;
    }
    memcpy(ath__image_of(m, object), object, m->size);
    if (ath__identity_add(s, m, object, hash) != ATH_OK) {
        ath__mapper_unmake(m);
        return NULL;
    }
    ath__head_of(object)->state = ATH_STATE_PERSISTENT;
    return object;
}

/* Decoded aside first: a row that does not fit leaves the object as it was. */
static void *load_over(ath_session *s, ath__mapper *m, void *object, const ath_value *cells) {
    void *fresh = memcpy(m->spare, object, m->size);
    if (ath__load_row(s, m, fresh, cells, &s->arena) != ATH_OK ||
        ath__journal_add(s, ATH__UNDO_UPDATE, m, object) != ATH_OK)
        return NULL;
    memcpy(object, fresh, m->size);
    memcpy(ath__image_of(m, object), object, m->size);
    return object;
}

void *ath__load_object(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite) {
    if (!m->table->key_count) {
        ath__fail(&s->error, ATH_ARGUMENT, "the table of %s has no primary key: load it with .read_only = true",
                  m->model->name);
        return NULL;
    }
    if (probe_key(s, m, cells) != ATH_OK)
        return NULL;
    uint32_t hash = ath__identity_hash(m, m->probe);
    void *known = ath__identity_find(m, m->probe, hash);
    if (!known)
        return load_new(s, m, cells, hash);
    return overwrite ? load_over(s, m, known, cells) : known;
}
