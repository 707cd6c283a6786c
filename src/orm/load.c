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

/* Runs of columns that the row has. */
static ath_status load_runs(ath_session *s, const ath__mapper *m, void *object, const ath_value *cells,
                            ath__arena *arena, const uint64_t *missing) {
    size_t count = m->table->column_count, to;
    for (size_t from = 0; from < count; from = to + 1) {
        for (to = from; to < count && !ath__mask_has(missing, to);)
            to++;
        size_t done = ath__fields_set(m->steps + from, to - from, object, cells + from, arena, &s->error);
        if (done < to - from)
            return ath__name_column(s, m, &m->table->columns[from + done]);
    }
    return ATH_OK;
}

ath_status ath__load_row_part(ath_session *s, const ath__mapper *m, void *object, const ath_value *cells,
                              ath__arena *arena, const uint64_t *missing) {
    return missing ? load_runs(s, m, object, cells, arena, missing) : ath__load_row(s, m, object, cells, arena);
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

static void *load_new(ath_session *s, ath__mapper *m, const ath_value *cells, const ath__sought *sought,
                      const uint64_t *missing) {
    void *object = ath__mapper_make(s, m);
    if (!object)
        return NULL;
    ath_status status = ath__load_row_part(s, m, object, cells, &s->arena, missing);
    if (status == ATH_OK && missing)
        status = ath__mark_missing(s, m, object, missing);
    memcpy(ath__image_of(m, object), object, m->size);
    if (status != ATH_OK || ath__identity_take(s, m, object, sought) != ATH_OK) {
        ath__mapper_unmake(m);
        return NULL;
    }
    ath__head_of(object)->state = ATH_STATE_PERSISTENT;
    return ath__event(s, ATH_LOADED, m, object) == ATH_OK ? object : NULL;
}

void *ath__load_read_only(ath_session *s, ath__mapper *m, const ath_value *cells, const uint64_t *missing,
                          ath__arena *arena) {
    cells = ath__real_row(s, &m, cells, &missing);
    if (!cells)
        return NULL;
    void *object = ath__arena_zero(arena, m->size);
    if (!object)
        ath__session_no_memory(s);
    return object && ath__load_row_part(s, m, object, cells, arena, missing) == ATH_OK &&
                   ath__event(s, ATH_LOADED, m, object) == ATH_OK
               ? object
               : NULL;
}

static void take_field(const ath__mapper *m, const ath__column *c, void *object, const void *fresh) {
    memcpy((char *)object + c->offset, (const char *)fresh + c->offset, c->size);
    memcpy((char *)ath__image_of(m, object) + c->offset, (const char *)fresh + c->offset, c->size);
}

static bool key_differs(const ath__link *link, const void *a, const void *b) {
    for (size_t i = 0; i < link->count; i++) {
        const ath__column *c = link->local[i];
        if (!ath__field_equal(c->ctype, c->size, (const char *)a + c->offset, (const char *)b + c->offset))
            return true;
    }
    return false;
}

/* A pointer whose foreign key the row has otherwise is no longer known. */
static void forget_pointers(const ath__mapper *m, void *object, const void *fresh) {
    void *nothing = NULL;
    for (size_t k = 0; m->links && k < m->table->relation_count; k++) {
        const ath__relation *r = m->links[k].relation;
        if (r->kind != ATH_BELONGS_TO || !key_differs(&m->links[k], object, fresh))
            continue;
        memcpy((char *)object + r->offset, &nothing, sizeof nothing);
        memcpy((char *)ath__image_of(m, object) + r->offset, &nothing, sizeof nothing);
        ath__set_loaded(m, object, r, false);
    }
}

/* Decoded aside first: a row that does not fit leaves the object as it was.  Other relations are left alone. */
static void *load_over(ath_session *s, ath__mapper *m, void *object, const ath_value *cells, const uint64_t *missing) {
    void *fresh = memcpy(m->spare, object, m->size);
    if (ath__load_row_part(s, m, fresh, cells, &s->arena, missing) != ATH_OK ||
        ath__journal_add(s, ATH__UNDO_UPDATE, m, object) != ATH_OK)
        return NULL;
    forget_pointers(m, object, fresh);
    for (size_t i = 0; i < m->table->column_count; i++)
        if (!missing || !ath__mask_has(missing, i))
            take_field(m, &m->table->columns[i], object, fresh);
    ath__mark_present(m, object, missing);
    return ath__event(s, ATH_LOADED, m, object) == ATH_OK ? object : NULL;
}

/* Columns that the object lacks and the row has; a field that the program has assigned keeps its value. */
static void *fill(ath_session *s, ath__mapper *m, void *object, const ath_value *cells, const uint64_t *lacks,
                  const uint64_t *missing) {
    void *fresh = memcpy(m->spare, object, m->size);
    const char *image = ath__image_of(m, object);
    if (ath__load_row_part(s, m, fresh, cells, &s->arena, missing) != ATH_OK)
        return NULL;
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        const char *field = (const char *)object + c->offset;
        if (!ath__mask_has(lacks, i) || (missing && ath__mask_has(missing, i)))
            continue;
        if (memcmp(field, image + c->offset, c->size) == 0)
            take_field(m, c, object, fresh);
        else
            memcpy((char *)ath__image_of(m, object) + c->offset, (const char *)fresh + c->offset, c->size);
    }
    ath__mark_present(m, object, missing);
    return object;
}

/* A row of an object that the session has. */
static void *load_known(ath_session *s, ath__mapper *m, void *known, const ath_value *cells, bool overwrite,
                        const uint64_t *missing) {
    if (overwrite)
        return load_over(s, m, known, cells, missing);
    const uint64_t *lacks = m->marks ? ath__missing_columns(m, known) : NULL;
    return lacks ? fill(s, m, known, cells, lacks, missing) : known;
}

/* Keys of several columns, or of other types; families. */
static void *load_keyed(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite,
                        const uint64_t *missing) {
    if (!m->table->key_count) {
        ath__fail(&s->error, ATH_ARGUMENT, "the table of %s has no primary key: load it with .read_only = true",
                  m->model->name);
        return NULL;
    }
    cells = ath__real_row(s, &m, cells, &missing);
    if (!cells || probe_key(s, m, cells) != ATH_OK)
        return NULL;
    ath__sought sought = {.hash = ath__identity_hash(m, m->probe)};
    void *known = ath__identity_find_any(m, m->probe, sought.hash);
    if (!known)
        return load_new(s, m, cells, &sought, missing);
    if (ath__mapper_of(m, known) == m)
        return load_known(s, m, known, cells, overwrite, missing);
    ath__fail(&s->error, ATH_STALE_DATA, "a %s of this session has become a %s", ath__mapper_of(m, known)->model->name,
              m->model->name);
    return NULL;
}

void *ath__load_part(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite, const uint64_t *missing) {
    ath__sought sought;
    const ath_value *key = m->key_i64 >= 0 && !m->family ? &cells[m->table->key[0]] : NULL;
    if (!key || key->kind != ATH_KIND_INT)
        return load_keyed(s, m, cells, overwrite, missing);
    if (ath__identity_seek_i64(s, m, key->as.i, &sought) != ATH_OK)
        return NULL;
    return sought.found ? load_known(s, m, sought.found, cells, overwrite, missing)
                        : load_new(s, m, cells, &sought, missing);
}

void *ath__load_object(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite) {
    return ath__load_part(s, m, cells, overwrite, NULL);
}
