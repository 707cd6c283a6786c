/* SPDX-License-Identifier: Apache-2.0
 *
 * The comparison as a whole: which tables are on which side, and in which order they are looked at.
 */
#include "migrate/comparing.h"

#include <stdlib.h>

static ath_status no_memory(ath__comparing *c) {
    return ath__fail_memory(c->error);
}

/* ---- the two sides ---- */

static bool is_own(const ath__comparing *c, const char *name) {
    static const char *const own[] = {"athanor_version", "alembic_version", "athanor_history", "athanor_journal"};
    for (size_t i = 0; i < ATH_COUNT_OF(own); i++)
        if (strcmp(own[i], name) == 0)
            return true;
    return c->opts->version_table && strcmp(c->opts->version_table, name) == 0;
}

static bool is_in(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (ath__same_text(list.names[i], name))
            return true;
    return false;
}

typedef struct wanting {
    const ath_table **tables;
    size_t count;
    const char **schemas; /* NULL first */
    size_t schema_count;
} wanting;

static int by_name(const void *a, const void *b) {
    const ath_table *x = *(const ath_table *const *)a, *y = *(const ath_table *const *)b;
    const char *s = x->opts.schema ? x->opts.schema : "", *t = y->opts.schema ? y->opts.schema : "";
    int order = strcmp(s, t);
    return order ? order : strcmp(x->name, y->name);
}

static ath_status gather_wanted(ath__comparing *c, wanting *w) {
    size_t all = ath__metadata_count(c->metadata), given = c->opts->schemas.count;
    w->tables = ath__arena_zero(c->arena, (all + 1) * sizeof *w->tables);
    w->schemas = ath__arena_zero(c->arena, (all + given + 1) * sizeof *w->schemas);
    if (!w->tables || !w->schemas)
        return no_memory(c);
    w->schema_count = 1;
    for (size_t i = 0; i < all; i++) {
        if (ath__metadata_shares(c->metadata, i))
            continue;
        const ath_table *t = ath__metadata_at(c->metadata, i, c->error);
        if (!t)
            return ath__failed(c->error);
        if (!ath__included(c, ATH__COMPARED_TABLE, t->opts.schema, t->name, t->name, false) || is_own(c, t->name))
            continue;
        w->tables[w->count++] = t;
        if (!is_in((ath_name_list){w->schema_count, w->schemas}, t->opts.schema))
            w->schemas[w->schema_count++] = t->opts.schema;
    }
    for (size_t i = 0; i < given; i++)
        if (!is_in((ath_name_list){w->schema_count, w->schemas}, c->opts->schemas.names[i]))
            w->schemas[w->schema_count++] = c->opts->schemas.names[i];
    qsort(w->tables, w->count, sizeof *w->tables, by_name);
    return ATH_OK;
}

/* ---- who meets whom ---- */

static ath_status match(ath__comparing *c, const wanting *w) {
    c->pairs = ath__arena_zero(c->arena, (w->count + 1) * sizeof *c->pairs);
    c->created = ath__arena_zero(c->arena, (w->count + 1) * sizeof *c->created);
    if (!c->pairs || !c->created)
        return no_memory(c);
    for (size_t i = 0; i < w->count; i++) {
        const ath_table *t = w->tables[i];
        const ath__live_table *live = ath__live_find(&c->out->live, t->opts.schema, t->name);
        if (live)
            c->pairs[c->pair_count++] = (ath__pair){.wanted = t, .live = live, .found = live->table};
        else
            c->created[c->created_count++] = t;
    }
    return ATH_OK;
}

static bool is_paired(const ath__comparing *c, const ath__live_table *live) {
    for (size_t i = 0; i < c->pair_count; i++)
        if (c->pairs[i].live == live)
            return true;
    return false;
}

/* Of schemas that were not asked for only what the metadata names is looked at. */
static bool is_ours(const ath__comparing *c, const ath_table *t) {
    return (!t->opts.schema || is_in(c->opts->schemas, t->opts.schema)) && !is_own(c, t->name) &&
           ath__included(c, ATH__COMPARED_TABLE, t->opts.schema, t->name, t->name, true);
}

static ath_status gather_dropped(ath__comparing *c) {
    const ath__live *live = &c->out->live;
    c->dropped = ath__arena_zero(c->arena, (live->count + 1) * sizeof *c->dropped);
    if (!c->dropped)
        return no_memory(c);
    for (size_t i = 0; i < live->count; i++)
        if (!is_paired(c, &live->tables[i]) && is_ours(c, live->tables[i].table))
            c->dropped[c->dropped_count++] = &live->tables[i];
    return ATH_OK;
}

static ath_status order_created(ath__comparing *c) {
    size_t cycle_from;
    return ath__tables_sort(c->arena->allocator, c->created, c->created_count, NULL, NULL, &cycle_from, c->error);
}

/* ---- schemas ---- */

static ath_status create_schemas(ath__comparing *c, const wanting *w) {
    const ath_inspector *first = c->out->live.inspectors[0];
    ath_name_list there = ath_inspector_schema_names(first);
    const char *usual = ath_inspector_default_schema(first);
    for (size_t i = 1; i < w->schema_count && ath__dialect_can(c->dialect, ATH__CAN_SCHEMAS); i++) {
        const char *name = w->schemas[i];
        bool named = false;
        for (size_t k = 0; k < w->count; k++)
            named = named || ath__same_text(w->tables[k]->opts.schema, name);
        if (!named || is_in(there, name) || ath__same_text(usual, name))
            continue;
        ath__detected(c, "added schema '%s'", name);
        ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_CREATE_SCHEMA, .name = name}));
    }
    return ATH_OK;
}

/* ---- the whole ---- */

/* Most tables are as they should be, which shows without asking the database. */
static ath_status find_suspects(ath__comparing *c) {
    c->dry = true;
    for (size_t i = 0; i < c->pair_count; i++) {
        size_t before = c->differences;
        ATH_TRY(ath__compare_table(c, &c->pairs[i]));
        ATH_TRY(ath__drop_foreign_keys_early(c, &c->pairs[i]));
        c->pairs[i].suspect = c->differences != before;
    }
    c->dry = false;
    c->differences = 0;
    return ATH_OK;
}

static ath_status compare_pairs(ath__comparing *c) {
    for (size_t i = 0; i < c->pair_count; i++) {
        if (c->pairs[i].suspect)
            ATH_TRY(ath__compare_table(c, &c->pairs[i]));
    }
    return ATH_OK;
}

static ath_status drop_keys_early(ath__comparing *c) {
    for (size_t i = 0; i < c->pair_count; i++)
        if (c->pairs[i].suspect)
            ATH_TRY(ath__drop_foreign_keys_early(c, &c->pairs[i]));
    return ATH_OK;
}

static ath_status compare(ath__comparing *c) {
    wanting w = {0};
    ATH_TRY(ath_metadata_check(c->metadata, c->error));
    ATH_TRY(gather_wanted(c, &w));
    ATH_TRY(ath__live_read(&c->out->live, c->connection, &(ath__live_opts){.schemas = {w.schema_count, w.schemas}},
                           c->error));
    ATH_TRY(create_schemas(c, &w));
    ATH_TRY(match(c, &w));
    ATH_TRY(gather_dropped(c));
    ATH_TRY(ath__rename_tables(c));
    ATH_TRY(order_created(c));
    for (size_t i = 0; i < c->pair_count; i++)
        ATH_TRY(ath__rename_columns(c, &c->pairs[i]));
    ATH_TRY(find_suspects(c));
    ATH_TRY(ath__keep_suspects(c, false));
    if (ath__dialect_ddl(c->dialect,
                         ATH__DDL_POSTGRESQL_OPTIONS)) { /* which prints what it has read otherwise than it was */
        ATH_TRY(find_suspects(c));
        ATH_TRY(ath__keep_suspects(c, true));
    }
    ATH_TRY(ath__compare_sequences_new(c));
    ATH_TRY(ath__compare_enums_new(c));
    ATH_TRY(ath__foresee_rests(c));
    ATH_TRY(drop_keys_early(c));
    ATH_TRY(ath__untie_keys(c));
    ATH_TRY(ath__create_tables(c));
    ATH_TRY(ath__drop_tables(c));
    ATH_TRY(compare_pairs(c));
    ATH_TRY(ath__tie_keys(c));
    ATH_TRY(ath__create_late_keys(c));
    ATH_TRY(ath__compare_enums_gone(c));
    return ath__compare_sequences_gone(c);
}

ath_status ath__compare(ath_connection *connection, const ath_metadata *metadata, const ath__compare_opts *opts,
                        ath__changes *out, ath_error *error) {
    static const ath__compare_opts none = {0};
    ath_error ignored;
    bool began = !ath_connection_in_transaction(connection);
    *out = (ath__changes){0};
    ath__arena_init(&out->arena, &connection->engine->allocator);
    error = error ? error : &ignored;
    ath__comparing c = {.connection = connection,
                        .dialect = connection->dialect,
                        .metadata = metadata,
                        .opts = opts ? opts : &none,
                        .out = out,
                        .arena = &out->arena,
                        .is_inside = !began,
                        .error = error};
    bool exact = metadata->naming != NULL;
    c.model = (ath__itemizer){c.arena, c.dialect, metadata->naming, exact, error};
    c.found = (ath__itemizer){c.arena, c.dialect, NULL, exact, error};
    ath_status status = compare(&c);
    if (began && ath_connection_in_transaction(connection)) /* reading has begun it */
        ath_connection_rollback(connection);
    return status;
}
