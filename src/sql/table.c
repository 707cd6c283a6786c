/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: questions to a finished table, and checks over the tables of a metadata.
 */
#include "sql/inherit.h"
#include "sql/relation.h"

#include <string.h>

const char *ath_table_name(const ath_table *table) {
    return table->name;
}

size_t ath_table_column_count(const ath_table *table) {
    return table->column_count;
}

const char *ath_table_column_name(const ath_table *table, size_t i) {
    return i < table->column_count ? table->columns[i].name : NULL;
}

const ath__column *ath__table_column_at(const ath_table *table, size_t offset) {
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].offset == offset)
            return &table->columns[i];
    return NULL;
}

const ath__column *ath__table_column_named(const ath_table *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

bool ath__same_table(const char *schema, const char *name, const ath_table *t) {
    const char *other = t->opts.schema;
    return t->name && strcmp(name, t->name) == 0 && (!schema || !other ? schema == other : strcmp(schema, other) == 0);
}

static const ath_table *table_of_model(const ath_metadata *md, size_t i, bool *shared, ath_error *error) {
    const ath_table *t = ath_model_table(md->models[i], error);
    *shared = false;
    return t ? ath__table_in_database(t, shared, error) : NULL;
}

bool ath__metadata_shares(const ath_metadata *md, size_t i) {
    bool shared = false;
    if (i < md->model_count)
        table_of_model(md, i, &shared, NULL);
    return shared;
}

const ath_table *ath__metadata_at(const ath_metadata *md, size_t i, ath_error *error) {
    bool shared;
    if (i < md->model_count)
        return table_of_model(md, i, &shared, error);
    const ath_table *t = md->tables[i - md->model_count];
    if (!t) {
        ath__fail(error, ATH_ARGUMENT, "metadata %s: one of its tables is NULL", md->name);
        return NULL;
    }
    if (!t->mistake)
        return t;
    if (error)
        *error = *t->mistake;
    return NULL;
}

const ath_table *ath__metadata_find(const ath_metadata *md, const char *schema, const char *name) {
    for (size_t i = 0; i < ath__metadata_count(md); i++) {
        if (i < md->model_count && (!md->models[i]->table || strcmp(md->models[i]->table, name) != 0))
            continue;
        const ath_table *t = ath__metadata_at(md, i, NULL);
        if (t && ath__same_table(schema, name, t))
            return t;
    }
    return NULL;
}

const ath_table *ath__metadata_table(const ath_metadata *md, const char *name) {
    return ath__metadata_find(md, NULL, name);
}

/* ---- checks over several tables ---- */

static const char *called(const ath_metadata *md, size_t i) {
    return i < md->model_count ? md->models[i]->name : md->tables[i - md->model_count]->name;
}

static ath_status check_tables(const ath_metadata *md, ath_error *error) {
    for (size_t i = 0; i < ath__metadata_count(md); i++) {
        if (i < md->model_count && !md->models[i]->table)
            return ath__fail(error, ATH_ARGUMENT, "metadata %s: %s is a projection, not a model", md->name,
                             md->models[i]->name);
        const ath_table *t = ath__metadata_at(md, i, error);
        if (!t)
            return error->status;
        for (size_t k = 0; k < i && !ath__metadata_shares(md, i); k++) {
            const ath_table *other = ath__metadata_shares(md, k) ? NULL : ath__metadata_at(md, k, error);
            if (other && ath__same_table(t->opts.schema, t->name, other))
                return ath__fail(error, ATH_ARGUMENT, "metadata %s: table %s is described twice, by %s and %s",
                                 md->name, t->name, called(md, k), called(md, i));
        }
    }
    return ATH_OK;
}

static bool types_match(const ath__column *a, const ath__column *b) {
    bool texts = (a->type.sql == ATH_SQL_STRING || a->type.sql == ATH_SQL_TEXT) &&
                 (b->type.sql == ATH_SQL_STRING || b->type.sql == ATH_SQL_TEXT);
    return a->type.sql == b->type.sql || texts ||
           (ath__sql_is_integer(a->type.sql) && ath__sql_is_integer(b->type.sql));
}

static ath_status check_foreign_key(const ath_metadata *md, const ath_table *t, const ath__constraint *fk,
                                    ath_error *error) {
    const ath_table *target = ath__metadata_find(md, fk->target_schema, fk->target);
    if (!target)
        return ath__fail(error, ATH_ARGUMENT,
                         "foreign key of %s.%s could not find table '%s' with which to generate a foreign key to "
                         "target column '%s'",
                         t->name, fk->columns.names[0], fk->target, fk->target_columns.names[0]);
    for (size_t i = 0; i < fk->columns.count; i++) {
        const ath__column *from = ath__table_column_named(t, fk->columns.names[i]);
        const ath__column *to = ath__table_column_named(target, fk->target_columns.names[i]);
        if (!to)
            return ath__fail(error, ATH_ARGUMENT, "foreign key of %s.%s: table %s has no column '%s'", t->name,
                             fk->columns.names[i], fk->target, fk->target_columns.names[i]);
        if (from && !types_match(from, to))
            return ath__fail(error, ATH_ARGUMENT, "foreign key %s.%s -> %s.%s joins %s with %s", t->name, from->name,
                             target->name, to->name, ath__sql_type_name(from->type.sql),
                             ath__sql_type_name(to->type.sql));
    }
    return ATH_OK;
}

static bool has_model(const ath_metadata *md, const ath_model *model) {
    for (size_t i = 0; i < md->model_count; i++)
        if (md->models[i] == model)
            return true;
    return false;
}

/* The classes of a hierarchy, which are all there if they have tables of their own; the root is, in any case. */
static ath_status check_classes(const ath_metadata *md, const ath_table *t, ath_error *error) {
    const ath__hierarchy *h = t->lineage ? ath__table_hierarchy(t, error) : NULL;
    if (!h)
        return t->lineage ? error->status : ATH_OK;
    for (size_t i = 0; i < (h->whole ? 1 : h->count); i++)
        if (!has_model(md, h->classes[i].table->model))
            return ath__fail(error, ATH_ARGUMENT, "metadata %s: model %s, of the hierarchy of %s, is not in it",
                             md->name, h->classes[i].table->model->name, t->model->name);
    return ATH_OK;
}

static ath_status check_model(const ath_metadata *md, const ath_model *model, ath_error *error) {
    const ath_table *t = ath_model_table(model, error);
    if (!t)
        return error->status;
    ATH_TRY(check_classes(md, t, error));
    return !t->relation_count || ath__table_links(t, error) ? ATH_OK : error->status;
}

ath_status ath_metadata_check(const ath_metadata *md, ath_error *error) {
    ath_error local;
    if (!error)
        error = &local;
    ath_error_clear(error);
    ATH_TRY(check_tables(md, error));
    for (size_t i = 0; i < ath__metadata_count(md); i++) {
        const ath_table *t = ath__metadata_at(md, i, error);
        if (!t)
            return error->status;
        for (size_t k = 0; k < t->constraint_count; k++)
            if (t->constraints[k].kind == ATH__FOREIGN_KEY)
                ATH_TRY(check_foreign_key(md, t, &t->constraints[k], error));
        if (i < md->model_count)
            ATH_TRY(check_model(md, md->models[i], error));
    }
    return ATH_OK;
}

ath_status ath__metadata_order(const ath_metadata *md, const ath_allocator *a, const ath_table **order,
                               ath_error *error) {
    size_t count = ath__metadata_count(md);
    for (size_t i = 0; i < count; i++) {
        order[i] = ath__metadata_at(md, i, error);
        if (!order[i])
            return error ? error->status : ATH_ARGUMENT;
    }
    size_t cycle_from;
    return ath__tables_sort(a, order, count, NULL, NULL, &cycle_from, error);
}

const char *ath__table_schema(const ath_table *table) {
    return table->opts.schema;
}
