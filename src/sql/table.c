/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: questions to a finished table, and what concerns the tables of a metadata together.
 */
#include "sql/schema.h"

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

const ath_table *ath__metadata_table(const ath_metadata *metadata, const char *name) {
    for (size_t i = 0; i < metadata->model_count; i++)
        if (metadata->models[i]->table && strcmp(metadata->models[i]->table, name) == 0)
            return ath_model_table(metadata->models[i], NULL);
    return NULL;
}

/* ---- checks over several tables ---- */

static ath_status check_models(const ath_metadata *md, ath_error *error) {
    for (size_t i = 0; i < md->model_count; i++) {
        const ath_model *model = md->models[i];
        if (!model->table)
            return ath__fail(error, ATH_ARGUMENT, "metadata %s: %s is a projection, not a model", md->name,
                             model->name);
        for (size_t k = 0; k < i; k++)
            if (strcmp(md->models[k]->table, model->table) == 0)
                return ath__fail(error, ATH_ARGUMENT, "metadata %s: table %s is described by two models, %s and %s",
                                 md->name, model->table, md->models[k]->name, model->name);
        if (!ath_model_table(model, error))
            return error ? error->status : ATH_ARGUMENT;
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
    const ath_table *target = ath__metadata_table(md, fk->target);
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

ath_status ath_metadata_check(const ath_metadata *md, ath_error *error) {
    ath_error local;
    if (!error)
        error = &local;
    ath_error_clear(error);
    ATH_TRY(check_models(md, error));
    for (size_t i = 0; i < md->model_count; i++) {
        const ath_table *t = ath_model_table(md->models[i], error);
        if (!t)
            return error->status;
        for (size_t k = 0; k < t->constraint_count; k++)
            if (t->constraints[k].kind == ATH__FOREIGN_KEY)
                ATH_TRY(check_foreign_key(md, t, &t->constraints[k], error));
    }
    return ATH_OK;
}

/* ---- order by foreign keys ---- */

static size_t table_index(const ath_metadata *md, const char *name) {
    size_t i = 0;
    while (i < md->model_count && (!md->models[i]->table || strcmp(md->models[i]->table, name) != 0))
        i++;
    return i;
}

static size_t gather_edges(const ath_metadata *md, const ath_table *t, size_t self, ath__edge *edges) {
    size_t n = 0;
    for (size_t k = 0; k < t->constraint_count; k++) {
        if (t->constraints[k].kind != ATH__FOREIGN_KEY)
            continue;
        size_t target = table_index(md, t->constraints[k].target);
        if (target == md->model_count)
            continue;
        if (edges)
            edges[n] = (ath__edge){(uint32_t)target, (uint32_t)self};
        n++;
    }
    return n;
}

/* Sorts by the edges; `edges` and `sorted` have room for all. */
static ath_status sort_tables(const ath_metadata *md, const ath_allocator *a, const ath_table **order, ath__edge *edges,
                              size_t edge_count, uint32_t *sorted, ath_error *error) {
    size_t filled = 0;
    uint32_t cycle_from;
    for (size_t i = 0; i < md->model_count; i++)
        filled += gather_edges(md, order[i], i, edges + filled);
    if (ath__topo_sort(a, (uint32_t)md->model_count, edges, edge_count, sorted, &cycle_from) != ATH_OK)
        return ath__fail_memory(error);
    for (size_t i = 0; i < md->model_count; i++)
        order[i] = ath_model_table(md->models[sorted[i]], error);
    return ATH_OK;
}

ath_status ath__metadata_order(const ath_metadata *md, const ath_allocator *a, const ath_table **order,
                               ath_error *error) {
    size_t n = md->model_count, edge_count = 0;
    for (size_t i = 0; i < n; i++) {
        order[i] = ath_model_table(md->models[i], error);
        if (!order[i])
            return error ? error->status : ATH_ARGUMENT;
        edge_count += gather_edges(md, order[i], i, NULL);
    }
    ath__edge *edges = ath__alloc(a, (edge_count + 1) * sizeof *edges);
    uint32_t *sorted = ath__alloc(a, (n + 1) * sizeof *sorted);
    ath_status status =
        edges && sorted ? sort_tables(md, a, order, edges, edge_count, sorted, error) : ath__fail_memory(error);
    ath__free(a, edges, (edge_count + 1) * sizeof *edges);
    ath__free(a, sorted, (n + 1) * sizeof *sorted);
    return status;
}

const char *ath__table_schema(const ath_table *table) {
    (void)table;
    return NULL;
}
