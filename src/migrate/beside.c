/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands beside the tables: read by a query of the backend's (engine/alter.h), views from the inspector.
 */
#include "migrate/beside.h"

#include "engine/alter.h"
#include "sql/ddl.h"
#include "sql/lex.h"

#include <athanor/inspect.h>

#include <strings.h>

typedef struct reading {
    ath__besides *out;
    ath_connection *c;
    const char *schema;
    ath__arena *arena;
    ath_error *error;
} reading;

static ath_status add(reading *r, ath__beside one) {
    ath__besides *out = r->out;
    if (out->count == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 16;
        ath__beside *larger = ath__arena_alloc(r->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(r->error);
        if (out->count)
            memcpy(larger, out->items, out->count * sizeof *larger);
        out->items = larger;
        out->capacity = capacity;
    }
    out->items[out->count++] = one;
    return ATH_OK;
}

/* ---- what the backend's query tells ---- */

static const char *kept(reading *r, const ath_row *row, size_t place) {
    const char *text = ath_row_is_null(row, place) ? NULL : ath_row_text(row, place);
    size_t size = text ? strlen(text) : 0;
    while (size && strchr("; \n", text[size - 1]))
        size--;
    return text ? ath__arena_strn(r->arena, text, size) : NULL;
}

static ath_status read_texts(reading *r, const char *query) {
    ath_result *rows =
        ath_connection_execute(r->c, ath_stmt_of(ath_text(query, ath_bind("schema", r->schema ? r->schema : ""))));
    ath_status status = rows ? ATH_OK : r->c->error.status;
    const ath_row *row;
    if (!rows)
        *r->error = r->c->error;
    while (status == ATH_OK && (row = ath_fetch(rows)) != NULL) {
        const ath__beside one = {kept(r, row, 0), kept(r, row, 1), kept(r, row, 2), kept(r, row, 3)};
        bool whole =
            one.kind && one.name && (one.create || ath_row_is_null(row, 2)) && (one.drop || ath_row_is_null(row, 3));
        status = whole ? add(r, one) : ath__fail_memory(r->error);
    }
    if (status == ATH_OK && ath_result_error(rows)->status != ATH_OK) {
        *r->error = *ath_result_error(rows);
        status = r->error->status;
    }
    ath_result_close(rows);
    return status;
}

/* ---- views ---- */

static bool is_view(const ath_reflected_table *t) {
    return t->kind == ATH_RELATION_VIEW || t->kind == ATH_RELATION_MATERIALIZED_VIEW;
}

/* Without the name of this very database in front of its tables: `shop`.`posts`. */
static ath_status without_database(reading *r, const char *database, const char *text, const char **out) {
    ath__lexer x;
    ath__buf kept;
    const char *from = text;
    *out = text;
    if (!database || r->schema || !ath__dialect_ddl(r->c->dialect, ATH__DDL_MYSQL_OPTIONS))
        return ATH_OK;
    ath__buf_init(&kept, r->arena->allocator);
    ath__lex_init(&x, r->c->dialect, text, strlen(text));
    while (ath__lex_next(&x) != ATH__LEX_END) {
        char *name = x.kind == ATH__LEX_NAME ? ath__lex_name(&x, r->arena) : NULL;
        if (!name || strcmp(name, database) != 0 || *x.at != '.')
            continue;
        ath__buf_add(&kept, from, (size_t)(x.token - from));
        from = x.at + 1;
    }
    ath__buf_str(&kept, from);
    *out = kept.failed ? NULL : ath__arena_str(r->arena, ath__buf_text(&kept));
    ath__buf_done(&kept);
    return *out ? ATH_OK : ath__fail_memory(r->error);
}

typedef ath_status (*write_fn)(ath__ddl *w, const ath_reflected_table *view, const char *select);

static ath_status write_create(ath__ddl *w, const ath_reflected_table *v, const char *select) {
    return ath__ddl_create_view(w, v->schema, v->name, v->kind == ATH_RELATION_MATERIALIZED_VIEW, select);
}

static ath_status write_drop(ath__ddl *w, const ath_reflected_table *v, const char *select) {
    (void)select;
    return ath__ddl_drop_view(w, v->schema, v->name, v->kind == ATH_RELATION_MATERIALIZED_VIEW);
}

static ath_status written(reading *r, write_fn fn, const ath_reflected_table *v, const char *select, const char **out) {
    ath__buf text;
    ath__buf_init(&text, r->arena->allocator);
    ath__ddl w = {.dialect = r->c->dialect, .out = &text, .error = r->error};
    ath_status status = fn(&w, v, select);
    *out = status == ATH_OK && !text.failed ? ath__arena_str(r->arena, ath__buf_text(&text)) : NULL;
    ath__buf_done(&text);
    return status == ATH_OK && !*out ? ath__fail_memory(r->error) : status;
}

static ath_status add_view(reading *r, const char *database, const ath_reflected_table *v) {
    ath__beside one = {.kind = "view", .name = ath__arena_str(r->arena, v->name)};
    if (!one.name)
        return ath__fail_memory(r->error);
    if (!v->definition)
        return add(r, one);
    size_t size = strlen(v->definition);
    while (size && strchr("; \n", v->definition[size - 1]))
        size--;
    const char *text = ath__arena_strn(r->arena, v->definition, size);
    if (!text)
        return ath__fail_memory(r->error);
    one.create = text;
    if (strncasecmp(text, "create", 6) != 0) {
        ATH_TRY(without_database(r, database, text, &text));
        ATH_TRY(written(r, write_create, v, text, &one.create));
    }
    ATH_TRY(written(r, write_drop, v, NULL, &one.drop));
    return add(r, one);
}

/* A view stands behind those that its text names. */
static bool waits(const ath_reflected_table *v, const ath_reflected_table *const *left, size_t count) {
    for (size_t i = 0; v->definition && i < count; i++)
        if (left[i] && left[i] != v && strstr(v->definition, left[i]->name))
            return true;
    return false;
}

static ath_status add_views(reading *r, const ath_inspector *there) {
    size_t all, count = 0;
    const ath_reflected_table *read = ath_inspector_tables(there, &all);
    const ath_reflected_table **left = ath__arena_zero(r->arena, (all + 1) * sizeof *left);
    if (!left)
        return ath__fail_memory(r->error);
    for (size_t i = 0; i < all; i++)
        if (is_view(&read[i]))
            left[count++] = &read[i];
    for (size_t round = 0; round <= count; round++)
        for (size_t i = 0; i < count; i++)
            if (left[i] && (round == count || !waits(left[i], left, count))) {
                ATH_TRY(add_view(r, ath_inspector_default_schema(there), left[i]));
                left[i] = NULL;
            }
    return ATH_OK;
}

/* What belongs to tables first, functions before views, triggers behind. */
static int rank(const ath__beside *b) {
    static const char *const first[] = {"partition", "part of a partition", "unlogged table", "function", "view"};
    int at = 0;
    while (at < (int)ATH_COUNT_OF(first) && strcmp(b->kind, first[at]) != 0)
        at++;
    return at;
}

static void put_in_order(ath__beside *items, size_t count) {
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && rank(&items[k]) < rank(&items[k - 1]); k--) {
            ath__beside kept = items[k];
            items[k] = items[k - 1];
            items[k - 1] = kept;
        }
}

ath_status ath__beside_read(ath__besides *out, ath_connection *c, const char *schema, ath__arena *arena,
                            ath_error *error) {
    reading r = {out, c, schema, arena, error};
    const ath__alterer *alterer = c->engine->backend->alterer;
    size_t before = out->count;
    ath_inspector *there = ath_inspect(c, .schema = schema);
    if (!there) {
        *error = *ath_connection_error(c);
        return ath__failed(error);
    }
    ath_status status = add_views(&r, there);
    ath_inspector_free(there);
    if (status == ATH_OK && alterer && alterer->texts)
        status = read_texts(&r, alterer->texts);
    put_in_order(out->items + before, out->count - before);
    return status;
}
