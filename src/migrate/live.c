/* SPDX-License-Identifier: Apache-2.0
 *
 * A database's tables as tables of the library.
 */
#include "migrate/live.h"

#include "engine/engine.h"

static void *zeros(ath__live *live, size_t count, size_t size, ath_error *error) {
    void *made = ath__arena_zero(&live->arena, (count + 1) * size);
    if (!made)
        ath__fail_memory(error);
    return made;
}

/* ---- reading ---- */

static ath_status inspect(ath__live *live, ath_connection *c, const char *schema, bool temporary, ath_error *error) {
    ath_inspector *there = ath_inspect(c, .schema = schema, .temporary = temporary, .no_views = true);
    if (!there) {
        *error = *ath_connection_error(c);
        return ath__failed(error);
    }
    live->inspectors[live->inspector_count++] = there;
    return ATH_OK;
}

static bool is_there(const ath__live *live, const char *schema) {
    const ath_inspector *first = live->inspectors[0];
    ath_name_list names = ath_inspector_schema_names(first);
    const char *usual = ath_inspector_default_schema(first);
    if (usual && strcmp(usual, schema) == 0)
        return false; /* read already */
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.names[i], schema) == 0)
            return true;
    return false;
}

static ath_status read_schemas(ath__live *live, ath_connection *c, const ath__live_opts *opts, ath_error *error) {
    static const char *const none[] = {NULL};
    ath_name_list schemas = opts->schemas.count ? opts->schemas : (ath_name_list){1, none};
    live->inspectors = zeros(live, schemas.count, sizeof(ath_inspector *), error);
    if (!live->inspectors)
        return ATH_NO_MEMORY;
    ATH_TRY(inspect(live, c, schemas.names[0], opts->temporary, error));
    for (size_t i = 1; i < schemas.count; i++)
        if (is_there(live, schemas.names[i]))
            ATH_TRY(inspect(live, c, schemas.names[i], opts->temporary, error));
    return ATH_OK;
}

/* ---- which tables ---- */

static const char *option(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->option_count; i++)
        if (strcmp(t->options[i].name, name) == 0)
            return t->options[i].value;
    return NULL;
}

/* Tables that SQLite's modules keep their own things in: "docs_idx" of the virtual table "docs". */
static bool is_shadow(const ath_inspector *there, const ath_reflected_table *t) {
    size_t count;
    const ath_reflected_table *all = ath_inspector_tables(there, &count);
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(all[i].name);
        if (&all[i] != t && strncmp(all[i].name, t->name, size) == 0 && t->name[size] == '_' &&
            option(&all[i], "module"))
            return true;
    }
    return false;
}

static bool is_plain(const ath_inspector *there, const ath_reflected_table *t) {
    return t->kind == ATH_RELATION_TABLE && !t->mistake && t->column_count && !option(t, "module") &&
           !option(t, "partition of") && !is_shadow(there, t);
}

static ath_status choose(ath__live *live, ath_error *error) {
    size_t all = 0, count;
    for (size_t i = 0; i < live->inspector_count; i++) {
        ath_inspector_tables(live->inspectors[i], &count);
        all += count;
    }
    live->tables = zeros(live, all, sizeof *live->tables, error);
    if (!live->tables)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < live->inspector_count; i++) {
        const ath_reflected_table *list = ath_inspector_tables(live->inspectors[i], &count);
        for (size_t k = 0; k < count; k++)
            if (is_plain(live->inspectors[i], &list[k]))
                live->tables[live->count++].read = &list[k];
    }
    return ATH_OK;
}

/* ---- describing ---- */

/* Described as a model would say it: NULL is refused unless it is allowed.  A table without a struct says the opposite. */
static ath_status say_not_null(ath__live *live, ath_table_item *items, size_t count, ath_error *error) {
    for (size_t i = 0; i < count; i++) {
        if (!items[i].column)
            continue;
        ath_column_opts *o = ath__arena_copy(&live->arena, items[i].column, sizeof *o);
        if (!o)
            return ath__fail_memory(error);
        o->not_null = !o->nullable && !o->primary_key && !o->identity;
        o->nullable = false;
        items[i].column = o;
    }
    return ATH_OK;
}

static ath_status build(ath__live *live, const ath__describing *d, ath__live_table *t, ath_error *error) {
    ath__described described;
    ATH_TRY(ath__describe(d, t->read, &described));
    ath_table_item *items = ath__arena_copy(&live->arena, described.items, described.count * sizeof *items);
    if (!items)
        return ath__fail_memory(error);
    ATH_TRY(say_not_null(live, items, described.count, error));
    t->remarks = described.remarks;
    t->table = ath_table_build(t->read->name, items, described.count);
    if (!t->table)
        return ath__fail_memory(error);
    if (t->table->mistake)
        *error = *t->table->mistake;
    return t->table->mistake ? ath__failed(error) : ATH_OK;
}

static ath_status gather_sequences(ath__live *live, ath__describing *d, ath_error *error) {
    size_t all = 0, count;
    for (size_t i = 0; i < live->inspector_count; i++) {
        ath_inspector_sequences(live->inspectors[i], &count);
        all += count;
    }
    const ath_reflected_sequence **list = zeros(live, all, sizeof *list, error);
    ath_sequence *free_ones = zeros(live, all, sizeof *free_ones, error);
    if (!list || !free_ones)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < live->inspector_count; i++) {
        const ath_reflected_sequence *some = ath_inspector_sequences(live->inspectors[i], &count);
        for (size_t k = 0; k < count; k++) {
            const ath_reflected_sequence *s = list[d->sequence_count++] = &some[k];
            if (!s->owner_table && !s->is_identity)
                free_ones[live->sequence_count++] =
                    (ath_sequence){.name = s->name, .schema = s->schema, .type = s->type, .counting = s->counting};
        }
    }
    d->sequences = list;
    live->sequences = free_ones;
    return ATH_OK;
}

static ath_status gather_enums(ath__live *live, ath_error *error) {
    size_t all = 0, count;
    for (size_t i = 0; i < live->inspector_count; i++) {
        ath_inspector_enums(live->inspectors[i], &count);
        all += count;
    }
    const ath_reflected_enum **list = zeros(live, all, sizeof *list, error);
    if (!list)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < live->inspector_count; i++) {
        const ath_reflected_enum *some = ath_inspector_enums(live->inspectors[i], &count);
        for (size_t k = 0; k < count; k++)
            list[live->enum_count++] = &some[k];
    }
    live->enums = list;
    return ATH_OK;
}

static ath_status describe(ath__live *live, ath_connection *c, const ath__live_opts *opts, ath_error *error) {
    const ath_reflected_table **read = zeros(live, live->count, sizeof *read, error);
    if (!read)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < live->count; i++)
        read[i] = live->tables[i].read;
    ath__describing d = {.dialect = c->dialect,
                         .tables = read,
                         .table_count = live->count,
                         .default_schema = opts->own_schema ? opts->own_schema : live->default_schema,
                         .arena = &live->arena,
                         .error = error};
    ATH_TRY(gather_sequences(live, &d, error));
    ATH_TRY(gather_enums(live, error));
    for (size_t i = 0; i < live->count; i++)
        ATH_TRY(build(live, &d, &live->tables[i], error));
    return ATH_OK;
}

ath_status ath__live_read(ath__live *live, ath_connection *c, const ath__live_opts *opts, ath_error *error) {
    struct ath__live *next = live->next;
    *live = (ath__live){.next = next};
    ath__arena_init(&live->arena, &c->engine->allocator);
    ATH_TRY(read_schemas(live, c, opts, error));
    live->default_schema = ath_inspector_default_schema(live->inspectors[0]);
    ATH_TRY(choose(live, error));
    return describe(live, c, opts, error);
}

void ath__live_done(ath__live *live) {
    for (size_t i = 0; i < live->count; i++)
        ath_table_free(live->tables[i].table);
    for (size_t i = 0; i < live->inspector_count; i++)
        ath_inspector_free(live->inspectors[i]);
    ath__arena_done(&live->arena);
    *live = (ath__live){0};
}

/* ---- looking ---- */

static bool same_schema(const ath__live *live, const char *a, const char *b) {
    a = a ? a : live->default_schema;
    b = b ? b : live->default_schema;
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

const ath__live_table *ath__live_find(const ath__live *live, const char *schema, const char *name) {
    for (size_t i = 0; i < live->inspector_count; i++) {
        const ath_reflected_table *read = ath_inspector_table(live->inspectors[i], name);
        for (size_t k = 0; read && k < live->count; k++)
            if (live->tables[k].read == read && same_schema(live, schema, read->schema))
                return &live->tables[k];
    }
    return NULL;
}

ath_status ath__live_metadata(ath__live *live, ath_metadata *out, ath_error *error) {
    const ath_table **tables = zeros(live, live->count, sizeof *tables, error);
    if (!tables)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < live->count; i++)
        tables[i] = live->tables[i].table;
    *out = (ath_metadata){.name = "database",
                          .tables = tables,
                          .table_count = live->count,
                          .sequences = live->sequences,
                          .sequence_count = live->sequence_count};
    return ATH_OK;
}
