/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: runs a model's body and publishes the table it describes.
 *
 * The body calls ath_mapper_column and its kin, which only gather (table_build.c); the table is published in the model's
 * slot with one compare-and-swap, so that threads that race build it twice and one copy is dropped.
 */
#include "sql/inherit.h"
#include "sql/table_build.h"

#include <string.h>

static const char *last_part(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* Classes that share a table may have a column of the same name: it is one column. */
static bool is_there(ath_mapper *m, const char *name, size_t size, int ctype) {
    const ath__column *there = m->shared ? ath__table_column_named(m->table, name) : NULL;
    if (there && (there->ctype != (ath_ctype)ctype || there->size != size))
        MISTAKE(m, "column %s is described by %s, too, with another type", name, there->owner->name);
    return there != NULL;
}

/* With the prefix of the mixin. */
static const char *column_name(ath_mapper *m, const char *name) {
    const char *whole = ath__arena_printf(&m->table->arena, "%s%s", m->prefix ? m->prefix : "", name);
    if (!whole)
        ath__mapper_no_memory(m);
    return whole;
}

void ath_mapper_column(ath_mapper *m, const char *field, size_t offset, size_t size, int ctype,
                       const ath_column_opts *opts) {
    const char *name = column_name(m, opts->name ? opts->name : last_part(field));
    if (!name || is_there(m, name, size, ctype))
        return;
    ath__column *c = ath__mapper_add_column(m);
    if (!c)
        return;
    c->owner = m->model;
    c->field = ath__arena_printf(&m->table->arena, "%s%s", m->path, field);
    c->name = name;
    c->ctype = (ath_ctype)ctype;
    c->offset = (uint32_t)(m->base + offset);
    c->size = (uint32_t)size;
    c->nullable = opts->nullable || m->shared;
    c->said_not_null = opts->not_null && !m->shared;
    if (c->field && c->name)
        ath__mapper_fill(m, c, opts);
    else
        ath__mapper_no_memory(m);
}

/* Prefixes of mixins in mixins stand one behind the other. */
static const char *prefix_of(ath_mapper *m, const ath_mixin_opts *opts) {
    if (!opts || !opts->prefix)
        return m->prefix;
    const char *prefix = ath__arena_printf(&m->table->arena, "%s%s", m->prefix ? m->prefix : "", opts->prefix);
    if (!prefix)
        ath__mapper_no_memory(m);
    return prefix;
}

void ath_mapper_mixin(ath_mapper *m, const char *field, size_t offset, ath_define_fn define, void *blank,
                      const ath_mixin_opts *opts) {
    if (m->depth >= 8) {
        if (m->error.status == ATH_OK)
            ath__fail(&m->error, ATH_ARGUMENT, "%s: mixins are nested more than 8 deep", m->called);
        return;
    }
    size_t outer = m->base;
    const char *outer_prefix = m->prefix, *outer_path = m->path,
               *path = ath__arena_printf(&m->table->arena, "%s%s.", outer_path, field);
    if (!path) {
        ath__mapper_no_memory(m);
        return;
    }
    m->base += offset;
    m->path = path;
    m->prefix = prefix_of(m, opts);
    m->depth++;
    define(m, blank);
    m->depth--;
    m->prefix = outer_prefix;
    m->path = outer_path;
    m->base = outer;
}

/* ---- building and publishing ---- */

static void run_body(ath_mapper *m, void *blank) {
    m->called = ath__arena_printf(&m->table->arena, "model %s", m->model->name);
    if (!m->called) {
        ath__mapper_no_memory(m);
        return;
    }
    m->table->model = m->model;
    m->model->define(m, blank);
    ath__inherit_finish(m);
    ath__mapper_finish(m);
    ath__inherit_complete(m, blank);
}

static ath_table *table_build(const ath_model *model, ath_error *error) {
    const ath_allocator *a = ath__process_allocator;
    ath_table *t = ath__table_make(a, model->table);
    void *blank = ath__alloc_zero(a, 1, model->size ? model->size : 1);
    ath_mapper m = {.model = model, .table = t, .path = ""};
    if (t && blank)
        run_body(&m, blank);
    else
        ath__fail_memory(&m.error);
    ath__free(a, blank, model->size ? model->size : 1);
    if (m.error.status == ATH_OK)
        return t;
    if (error)
        *error = m.error;
    if (t)
        ath__table_free(t);
    return NULL;
}

const ath_table *ath_model_table(const ath_model *model, ath_error *error) {
    ath_table *table = __atomic_load_n(model->slot, __ATOMIC_ACQUIRE);
    if (table)
        return table;
    table = table_build(model, error);
    if (!table)
        return NULL;
    void *before = NULL;
    if (__atomic_compare_exchange_n(model->slot, &before, table, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return table;
    ath__table_free(table);
    return before;
}
