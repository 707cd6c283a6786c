/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: the mappers of a hierarchy, and which class a row is of.
 *
 * They join a session together.  Each has slabs of its own, so that an object has the size of its real class; identities
 * are kept by the root.  A query for a class that others inherit from has rows of that class's columns: of all classes'
 * where they share a table, so that one SELECT is enough; else what the real classes have besides is read by one more
 * SELECT for each class that was met.
 */
#include "orm/session.h"

/* ---- joining a session ---- */

static ath_status lay_out_rows(ath_session *s, ath__mapper *m, const ath__hierarchy *h, const ath__class *c) {
    size_t columns = m->table->column_count;
    m->row_of = c->row_of;
    if (h->whole && c->end - m->member > 1)
        m->row_table = h->whole;
    m->members_to = (uint16_t)c->end;
    m->cells = ath__arena_zero(&s->arena, (m->row_table->column_count + columns + 1) * sizeof *m->cells);
    m->own_cells = ath__arena_zero(&s->arena, (columns + 1) * sizeof *m->own_cells);
    m->own_missing = ath__arena_zero(&s->arena, m->mask_words * sizeof *m->own_missing);
    return m->cells && m->own_cells && m->own_missing ? ATH_OK : ath__session_no_memory(s);
}

static ath__family *family_new(ath_session *s, const ath__hierarchy *h) {
    ath__family *f = ath__arena_zero(&s->arena, sizeof *f + h->count * sizeof(ath__mapper *));
    if (!f) {
        ath__session_no_memory(s);
        return NULL;
    }
    f->hierarchy = h;
    f->first = (uint16_t)s->mapper_count;
    f->count = (uint16_t)h->count;
    while (1u << f->bits < h->count)
        f->bits++;
    return f;
}

static ath_status make_members(ath_session *s, ath__family *f) {
    const ath__hierarchy *h = f->hierarchy;
    for (size_t i = 0; i < h->count; i++) {
        ath__mapper *m = ath__mapper_build(s, h->classes[i].table->model, f->first + i);
        if (!m)
            return s->error.status;
        m->family = f;
        m->member = (uint16_t)i;
        f->members[i] = m;
        ATH_TRY(lay_out_rows(s, m, h, &h->classes[i]));
    }
    return ATH_OK;
}

ath__mapper *ath__family_join(ath_session *s, const ath_model *model, const ath_table *table) {
    const ath__hierarchy *h = ath__table_hierarchy(table, &s->error);
    if (!h)
        return NULL;
    if (h->kinship == ATH__CONCRETE_TABLE || h->count < 2) {
        ath__mapper *m = ath__mapper_build(s, model, s->mapper_count);
        return m && ath__session_keep_mappers(s, &m, 1) ? m : NULL;
    }
    if (h->count > 256) {
        ath__fail(&s->error, ATH_ARGUMENT, "the hierarchy of %s has more than 256 classes", model->name);
        return NULL;
    }
    ath__family *f = family_new(s, h);
    if (!f || make_members(s, f) != ATH_OK || !ath__session_keep_mappers(s, f->members, f->count))
        return NULL;
    return f->members[ath__hierarchy_class(h, table) - h->classes];
}

/* ---- rows ---- */

ath__mapper *ath__family_class(ath_session *s, ath__mapper *m, const ath_value *cells) {
    const ath_value *cell = &cells[ath__discriminator_of(m->table)];
    const ath__family *f = m->family;
    ath_value number;
    if (cell->kind != ATH_KIND_TEXT && ath__value_convert(cell, ATH_KIND_INT, &number, NULL) == ATH_OK)
        cell = &number;
    for (size_t i = 0; i < f->count; i++) {
        const ath_value *identity = &f->members[i]->table->lineage->identity;
        if (identity->kind != ATH_KIND_NULL && ath__value_equal(identity, cell))
            return f->members[i];
    }
    ath__buf text;
    ath__buf_init(&text, s->allocator);
    ath__value_print(&text, cell, 40);
    const ath__column *c = &m->table->columns[ath__discriminator_of(m->table)];
    ath__fail(&s->error, ATH_DATA, "a row of %s says %s, which is no class of %s", m->family->members[0]->table->name,
              text.failed ? "something" : ath__buf_text(&text), m->family->members[0]->model->name);
    ath__buf_done(&text);
    ath__name_column(s, m, c);
    return NULL;
}

const ath_value *ath__family_cells(ath__mapper *m, ath__mapper *real, const ath_value *cells,
                                   const uint64_t **missing) {
    bool common = m->row_table != m->table;
    if (!common && real == m)
        return cells;
    size_t columns = real->table->column_count, have = common ? columns : m->table->column_count;
    bool lacks = false;
    memset(real->own_missing, 0, real->mask_words * sizeof *real->own_missing);
    for (size_t i = 0; i < columns; i++) {
        size_t at = common ? real->row_of[i] : i;
        if (i < have)
            real->own_cells[i] = cells[at];
        if (i < have && !(*missing && ath__mask_has(*missing, at)))
            continue;
        ath__mask_set(real->own_missing, i);
        lacks = true;
    }
    *missing = lacks ? real->own_missing : NULL;
    return real->own_cells;
}

const ath_value *ath__real_row(ath_session *s, ath__mapper **m, const ath_value *cells, const uint64_t **missing) {
    if (!(*m)->family)
        return cells;
    ath__mapper *asked = *m, *real = ath__family_class(s, asked, cells);
    if (!real)
        return NULL;
    *m = real;
    if (ath__mapper_is(real, asked))
        return ath__family_cells(asked, real, cells, missing);
    ath__fail(&s->error, ATH_DATA, "a row of %s is a %s where a %s was asked for", asked->table->name,
              real->model->name, asked->model->name);
    return NULL;
}

/* ---- what the real classes have besides ---- */

/* What the program has assigned to these columns is given up. */
static ath_status forget(ath_session *s, ath__mapper *real, void *object, const uint64_t *columns) {
    for (size_t i = 0; i < real->table->column_count; i++) {
        const ath__column *c = &real->table->columns[i];
        if (ath__mask_has(columns, i))
            memcpy((char *)object + c->offset, (char *)ath__image_of(real, object) + c->offset, c->size);
    }
    return ath__mark_missing(s, real, object, columns);
}

static ath_status complete(ath_session *s, const ath__mapper *m, ath__mapper *real, void *const *objects, size_t count,
                           bool overwrite) {
    ath__gathered some = {0};
    uint64_t *columns = ath__alloc_zero(s->allocator, real->mask_words, sizeof *columns);
    ath_status status = columns ? ATH_OK : ath__session_no_memory(s);
    for (size_t i = m->table->column_count; columns && i < real->table->column_count; i++)
        ath__mask_set(columns, i);
    for (size_t i = 0; status == ATH_OK && i < count; i++) {
        if (ath__mapper_of(m, objects[i]) != real)
            continue;
        if (overwrite)
            status = forget(s, real, objects[i], columns);
        if (status == ATH_OK && !ath__gather(s, &some, objects[i]))
            status = s->error.status;
    }
    if (status == ATH_OK && some.count)
        status = ath__load_missing(s, real, some.vector->items, some.count, columns);
    ath__gathered_drop(s, &some);
    ath__free(s->allocator, columns, real->mask_words * sizeof *columns);
    return status;
}

ath_status ath__family_complete(ath_session *s, ath__mapper *m, void *const *objects, size_t count, bool overwrite) {
    if (!ath__mapper_is_polymorphic(m) || m->row_table != m->table)
        return ATH_OK;
    ath__mapper *real;
    for (size_t i = 1; (real = ath__mapper_heir(m, i)) != NULL; i++)
        if (real->table->column_count > m->table->column_count)
            ATH_TRY(complete(s, m, real, objects, count, overwrite));
    return ATH_OK;
}

ath_status ath__family_untracked(ath_session *s, const ath__mapper *m, const ath_select_stmt *query) {
    if (!ath__mapper_is_polymorphic(m) || m->row_table != m->table || (query && query->only_class))
        return ATH_OK;
    return ath__fail(&s->error, ATH_NOT_SUPPORTED,
                     "rows of %s that are not tracked would lack the columns of its joined subclasses: query these by "
                     "themselves, or say .only_class = true",
                     m->model->name);
}

/* ---- the program asks ---- */

/* Of an object that is not tracked: what its discriminator says. */
static const ath_model *class_by_field(const ath_table *t, const void *object, ath_error *error) {
    const ath__hierarchy *h = t->lineage ? ath__table_hierarchy(t, error) : NULL;
    int at = ath__discriminator_of(t);
    ath_value v;
    if (!h || at < 0)
        return NULL; /* it cannot be told */
    const ath__column *c = &t->columns[at];
    if (ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, &v, NULL) != ATH_OK)
        return NULL;
    ath__value_measure(&v);
    for (size_t i = 0; i < h->count; i++) {
        const ath_value *identity = &h->classes[i].table->lineage->identity;
        if (identity->kind != ATH_KIND_NULL && ath__value_equal(identity, &v))
            return h->classes[i].table->model;
    }
    return NULL;
}

const ath_model *ath__family_class_of(const ath_model *model, const void *object) {
    const ath_table *t = ath_model_table(model, NULL);
    const ath_model *real = t ? class_by_field(t, object, NULL) : NULL;
    return real && ath_model_inherits(real, model) ? real : NULL;
}

void *ath_session_as(const ath_session *s, const ath_model *model, void *object) {
    const ath__mapper *m = object ? ath__session_find_owner(s, object) : NULL;
    const ath_table *t = object && !m ? ath_model_table(model, NULL) : NULL;
    const ath_model *real = m ? m->model : t ? class_by_field(t, object, NULL) : NULL;
    return real && ath_model_inherits(real, model) ? object : NULL;
}

const ath_model *ath_session_class(const ath_session *s, const void *object) {
    const ath__mapper *m = object ? ath__session_find_owner(s, object) : NULL;
    return m ? m->model : NULL;
}
