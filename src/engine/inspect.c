/* SPDX-License-Identifier: Apache-2.0
 *
 * The inspector: what is common to all databases.  A backend's reflector brings the rows; here they are gathered into
 * tables, sorted and looked up.  All that an inspector holds lies in its one arena.
 */
#include "engine/reflect.h"

struct ath_inspector {
    ath_allocator allocator;
    ath__arena arena;
    bool fold_case;
    ath_name_list schemas;
    const char *default_schema;
    ath_reflected_table *tables;
    size_t table_count;
    ath_name_list names[ATH_RELATION_FOREIGN_TABLE + 1];
    const ath_reflected_sequence *sequences;
    const ath_reflected_enum *enums;
    const ath_reflected_domain *domains;
    size_t sequence_count, enum_count, domain_count;
};

/* How many names a statement is given; beyond, all tables are read and the others dropped. */
enum { MOST_NAMES = 4096 };

/* ---- memory ---- */

static void *no_memory(ath__reflect *r) {
    if (r->status == ATH_OK)
        r->status = ath__fail_memory(r->error);
    return NULL;
}

const char *ath__reflect_keep(ath__reflect *r, const char *text, size_t size) {
    if (!text || r->status != ATH_OK)
        return NULL;
    const char *kept = ath__arena_strn(r->arena, text, size);
    return kept ? kept : no_memory(r);
}

const char *ath__reflect_text(ath__reflect *r, const ath_row *row, size_t i) {
    if (r->status != ATH_OK || ath_row_is_null(row, i))
        return NULL;
    const ath_value *v = ath_row_at(row, i);
    if (v && v->kind == ATH_KIND_BYTES) /* some views of information_schema give texts as bytes */
        return ath__reflect_keep(r, v->as.bytes.data, v->as.bytes.size);
    if (v && (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON))
        return ath__reflect_keep(r, v->as.text.data, v->as.text.size);
    const char *text = ath_row_text(row, i);
    return text ? ath__reflect_keep(r, text, strlen(text)) : no_memory(r);
}

const char *ath__reflect_printf(ath__reflect *r, const char *format, ...) {
    if (r->status != ATH_OK)
        return NULL;
    ath__buf text;
    ath__buf_init(&text, r->arena->allocator);
    va_list args;
    va_start(args, format);
    ath__buf_vprintf(&text, format, args);
    va_end(args);
    const char *kept = text.failed ? no_memory(r) : ath__reflect_keep(r, ath__buf_text(&text), text.size);
    ath__buf_done(&text);
    return kept;
}

void *ath__reflect_grow(ath__reflect *r, ath__grown *grown, size_t size) {
    if (r->status != ATH_OK)
        return NULL;
    if (grown->count == grown->capacity) {
        size_t capacity = grown->capacity ? grown->capacity * 2 : 4;
        void *items = ath__arena_zero(r->arena, capacity * size);
        if (!items)
            return no_memory(r);
        if (grown->count)
            memcpy(items, grown->items, grown->count * size);
        grown->items = items;
        grown->capacity = capacity;
    }
    return (char *)grown->items + grown->count++ * size;
}

void *ath__reflect_last(const ath__grown *grown, size_t size) {
    return grown->count ? (char *)grown->items + (grown->count - 1) * size : NULL;
}

ath_status ath__reflect_name(ath__reflect *r, ath__grown *grown, ath_name_list *list, const char *name) {
    const char **item = ath__reflect_grow(r, grown, sizeof *item);
    if (!item)
        return r->status;
    *item = name;
    list->names = grown->items;
    list->count = grown->count;
    return ATH_OK;
}

ath_status ath__reflect_option(ath__reflect *r, ath__grown *options, const char *name, const char *value) {
    ath_reflected_option *option = ath__reflect_grow(r, options, sizeof *option);
    if (option)
        *option = (ath_reflected_option){name, value};
    return r->status;
}

const ath_type_details *ath__reflect_details(ath__reflect *r, ath_type_details details) {
    if (r->status != ATH_OK)
        return NULL;
    ath_type_details *kept = ath__arena_copy(r->arena, &details, sizeof details);
    return kept ? kept : no_memory(r);
}

void ath__reflect_named_type(ath__reflect *r, ath_type *type, const char *spelling) {
    *type =
        (ath_type){.sql = ATH_SQL_NAMED, .details = ath__reflect_details(r, (ath_type_details){.spelling = spelling})};
}

/* ---- names ---- */

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same_name(bool fold_case, const char *a, const char *b) {
    if (!fold_case)
        return strcmp(a, b) == 0;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* The key of a name in a map: itself, or a folded copy in the arena. */
static const char *map_key(ath__reflect *r, const char *name) {
    if (!r->fold_case)
        return name;
    char *folded = ath__arena_str(r->arena, name);
    if (!folded)
        return no_memory(r);
    for (char *at = folded; *at; at++)
        *at = lower(*at);
    return folded;
}

static void *look_up(ath__reflect *r, const ath__map *map, const char *name) {
    const char *key = name ? map_key(r, name) : NULL;
    return key ? ath__map_get(map, key, strlen(key)) : NULL;
}

static void put(ath__reflect *r, ath__map *map, const char *name, void *value) {
    const char *key = map_key(r, name);
    if (key && ath__map_put(map, key, strlen(key), value) != ATH_OK)
        no_memory(r);
}

ath__reflected *ath__reflect_find(ath__reflect *r, const char *name) {
    ath__reflected *const *last = ath__reflect_last(&r->tables, sizeof *last);
    if (r->status != ATH_OK || !name)
        return NULL;
    if (last && strcmp((*last)->table.name, name) == 0)
        return *last;
    return look_up(r, &r->by_name, name);
}

ath__reflected *ath__reflect_table(ath__reflect *r, const char *name, ath_relation_kind kind) {
    if (r->status != ATH_OK || (r->filter_here && !look_up(r, &r->wanted, name)))
        return NULL;
    if (r->opts->no_views && (kind == ATH_RELATION_VIEW || kind == ATH_RELATION_MATERIALIZED_VIEW))
        return NULL;
    ath__reflected *t = ath__arena_zero(r->arena, sizeof *t);
    ath__reflected **place = ath__reflect_grow(r, &r->tables, sizeof *place);
    if (!t || !place)
        return no_memory(r);
    *place = t;
    t->table.name = name;
    t->table.kind = kind;
    t->table.temporary = r->opts->temporary;
    if (r->opts->schema)
        t->table.schema = ath__reflect_keep(r, r->opts->schema, strlen(r->opts->schema));
    put(r, &r->by_name, name, t);
    return r->status == ATH_OK ? t : NULL;
}

ath_reflected_column *ath__reflect_column(ath__reflect *r, ath__reflected *t, const char *name) {
    ath_reflected_column *columns = t->columns.items;
    for (size_t i = 0; name && i < t->columns.count; i++)
        if (same_name(r->fold_case, columns[i].name, name))
            return &columns[i];
    return NULL;
}

void *ath__reflect_part_of(ath__reflect *r, ath__reflected *t, ath__grown *items, size_t size, const char *id) {
    if (!id || r->status != ATH_OK)
        return NULL;
    if (t->last && strcmp(t->last, id) == 0)
        return ath__reflect_last(items, size);
    t->last = id;
    t->names = t->more_names = t->parts = t->item_options = (ath__grown){0};
    return ath__reflect_grow(r, items, size);
}

/* ---- asking ---- */

static ath_status take_rows(ath__reflect *r, ath_result *result, ath__reflect_row take) {
    for (const ath_row *row; r->status == ATH_OK && (row = ath_fetch(result)) != NULL;) {
        ath_status status = take(r, row);
        if (r->status == ATH_OK)
            r->status = status;
    }
    const ath_error *error = ath_result_error(result);
    if (r->status == ATH_OK && error->status != ATH_OK) {
        *r->error = *error;
        r->status = error->status;
    }
    return r->status;
}

ath_status ath__reflect_query(ath__reflect *r, const char *sql, const ath_expr *scope, ath__reflect_row take) {
    if (r->status != ATH_OK)
        return r->status;
    ath__reflected *const *tables = r->tables.items;
    for (size_t i = 0; i < r->tables.count; i++)
        tables[i]->last = NULL;
    const ath_expr *text = scope ? ath_text(sql, ath_bind("scope", scope)) : ath_text(sql);
    ath_result *result = ath_connection_execute(r->connection, (ath_stmt){ATH_STMT_TEXT, text});
    if (!result)
        return r->status = r->error->status;
    take_rows(r, result, take);
    ath_result_close(result);
    return r->status;
}

/* ---- finishing ---- */

/* By name, those without one last, each otherwise where it was: few enough for an insertion sort.  The name is the first
 * member of every item. */
static void sort_named(ath__grown *grown, size_t size) {
    char *items = grown->items;
    char held[sizeof(ath_reflected_index) > sizeof(ath_reflected_key) ? sizeof(ath_reflected_index)
                                                                      : sizeof(ath_reflected_key)];
    for (size_t i = 1; i < grown->count && size <= sizeof held; i++) {
        const char *name = *(const char *const *)(void *)(items + i * size);
        size_t to = i;
        for (; to > 0; to--) {
            const char *before = *(const char *const *)(void *)(items + (to - 1) * size);
            if (!name || (before && strcmp(before, name) <= 0))
                break;
        }
        memcpy(held, items + i * size, size);
        memmove(items + (to + 1) * size, items + to * size, (i - to) * size);
        memcpy(items + to * size, held, size);
    }
}

static ath_reflected_table finish_table(ath__reflected *t) {
    ath_reflected_table table = t->table;
    sort_named(&t->indexes, sizeof(ath_reflected_index));
    sort_named(&t->uniques, sizeof(ath_reflected_key));
    sort_named(&t->checks, sizeof(ath_reflected_check));
    table.columns = t->columns.items;
    table.column_count = t->columns.count;
    table.foreign_keys = t->foreign_keys.items;
    table.foreign_key_count = t->foreign_keys.count;
    table.indexes = t->indexes.items;
    table.index_count = t->indexes.count;
    table.uniques = t->uniques.items;
    table.unique_count = t->uniques.count;
    table.checks = t->checks.items;
    table.check_count = t->checks.count;
    table.exclusions = t->exclusions.items;
    table.exclusion_count = t->exclusions.count;
    table.options = t->options.items;
    table.option_count = t->options.count;
    return table;
}

static int by_table_name(const void *a, const void *b) {
    return strcmp(((const ath_reflected_table *)a)->name, ((const ath_reflected_table *)b)->name);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static ath_status finish_tables(ath__reflect *r, ath_inspector *to) {
    ath__reflected *const *tables = r->tables.items;
    to->tables = ath__arena_alloc(r->arena, (r->tables.count + 1) * sizeof *to->tables);
    if (!to->tables)
        return ath__fail_memory(r->error);
    for (size_t i = 0; i < r->tables.count; i++)
        to->tables[i] = finish_table(tables[i]);
    to->table_count = r->tables.count;
    if (to->table_count)
        qsort(to->tables, to->table_count, sizeof *to->tables, by_table_name);
    ath__grown names[ATH_COUNT_OF(to->names)] = {{0}};
    for (size_t i = 0; i < to->table_count; i++) {
        ath_relation_kind kind = to->tables[i].kind;
        ATH_TRY(ath__reflect_name(r, &names[kind], &to->names[kind], to->tables[i].name));
    }
    return ATH_OK;
}

static ath_status finish(ath__reflect *r, ath_inspector *to) {
    ATH_TRY(finish_tables(r, to));
    if (r->schemas.count)
        qsort(r->schemas.items, r->schemas.count, sizeof(const char *), by_text);
    to->schemas = (ath_name_list){.count = r->schemas.count, .names = r->schemas.items};
    to->default_schema = r->default_schema;
    to->sequences = r->sequences.items;
    to->sequence_count = r->sequences.count;
    to->enums = r->enums.items;
    to->enum_count = r->enums.count;
    to->domains = r->domains.items;
    to->domain_count = r->domains.count;
    return r->status;
}

/* ---- reading ---- */

static void want_names(ath__reflect *r) {
    static const char there[] = "";
    r->filter_here = r->opts->tables.count > MOST_NAMES;
    for (size_t i = 0; r->filter_here && i < r->opts->tables.count; i++)
        if (r->opts->tables.names[i])
            put(r, &r->wanted, r->opts->tables.names[i], (void *)(uintptr_t)there);
}

static ath_status read_all(ath_connection *c, const ath_inspect_opts *opts, ath_inspector *to) {
    const ath__reflector *reflector = c->engine->backend->reflector;
    ath__reflect r = {.connection = c, .error = &c->error, .opts = opts, .arena = &to->arena};
    if (!reflector)
        return ath__fail(&c->error, ATH_NOT_SUPPORTED, "%s has no inspector", c->engine->backend->name);
    r.fold_case = to->fold_case = reflector->fold_case;
    ath__map_init(&r.by_name, &to->allocator);
    ath__map_init(&r.wanted, &to->allocator);
    want_names(&r);
    if (r.status == ATH_OK)
        r.status = reflector->read(&r);
    if (r.status == ATH_OK)
        r.status = finish(&r, to);
    ath__map_done(&r.wanted);
    ath__map_done(&r.by_name);
    return r.status;
}

ath_inspector *ath_connection_inspect(ath_connection *c, const ath_inspect_opts *opts) {
    static const ath_inspect_opts none = {.struct_size = sizeof none};
    if (!c)
        return NULL;
    ath_error_clear(&c->error);
    ath_inspector *inspector = ath__alloc_zero(&c->engine->allocator, 1, sizeof *inspector);
    if (!inspector) {
        ath__fail_memory(&c->error);
        return NULL;
    }
    inspector->allocator = c->engine->allocator;
    ath__arena_init(&inspector->arena, &inspector->allocator);
    if (read_all(c, opts ? opts : &none, inspector) == ATH_OK)
        return inspector;
    ath_inspector_free(inspector);
    return NULL;
}

void ath_inspector_free(ath_inspector *inspector) {
    if (!inspector)
        return;
    ath_allocator allocator = inspector->allocator;
    ath__arena_done(&inspector->arena);
    ath__free(&allocator, inspector, sizeof *inspector);
}

/* ---- looking ---- */

ath_name_list ath_inspector_schema_names(const ath_inspector *inspector) {
    return inspector ? inspector->schemas : (ath_name_list){0};
}

const char *ath_inspector_default_schema(const ath_inspector *inspector) {
    return inspector ? inspector->default_schema : NULL;
}

ath_name_list ath_inspector_names(const ath_inspector *inspector, ath_relation_kind kind) {
    return inspector && kind > 0 && kind < (int)ATH_COUNT_OF(inspector->names) ? inspector->names[kind]
                                                                               : (ath_name_list){0};
}

const ath_reflected_table *ath_inspector_table(const ath_inspector *inspector, const char *name) {
    if (!inspector || !name)
        return NULL;
    if (!inspector->fold_case) {
        const ath_reflected_table key = {.name = name};
        return inspector->table_count
                   ? bsearch(&key, inspector->tables, inspector->table_count, sizeof key, by_table_name)
                   : NULL;
    }
    for (size_t i = 0; i < inspector->table_count; i++)
        if (same_name(true, inspector->tables[i].name, name))
            return &inspector->tables[i];
    return NULL;
}

const ath_reflected_table *ath_inspector_tables(const ath_inspector *inspector, size_t *count) {
    if (count)
        *count = inspector ? inspector->table_count : 0;
    return inspector ? inspector->tables : NULL;
}

const ath_reflected_column *ath_reflected_table_column(const ath_reflected_table *table, const char *name) {
    for (size_t i = 0; table && name && i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

const ath_reflected_sequence *ath_inspector_sequences(const ath_inspector *inspector, size_t *count) {
    if (count)
        *count = inspector ? inspector->sequence_count : 0;
    return inspector ? inspector->sequences : NULL;
}

const ath_reflected_enum *ath_inspector_enums(const ath_inspector *inspector, size_t *count) {
    if (count)
        *count = inspector ? inspector->enum_count : 0;
    return inspector ? inspector->enums : NULL;
}

const ath_reflected_domain *ath_inspector_domains(const ath_inspector *inspector, size_t *count) {
    if (count)
        *count = inspector ? inspector->domain_count : 0;
    return inspector ? inspector->domains : NULL;
}

ath_status ath_connection_has_table(ath_connection *c, const char *schema, const char *name, bool *exists) {
    if (!c)
        return ATH_ARGUMENT;
    ath_error_clear(&c->error);
    if (!name || !exists)
        return ath__fail(&c->error, ATH_ARGUMENT, "has_table needs a name and a place for the answer");
    return ath__exists(c, ATH__OBJECT_TABLE, schema, name, exists);
}
