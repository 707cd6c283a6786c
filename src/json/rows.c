/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of any statement as JSON: each is written as it comes, and none is kept.
 */
#include "json/json.h"

#include "engine/result.h"

/* A column of the rows. */
typedef struct column {
    const char *name; /* in JSON: after .rename, and with a number if it comes again */
    const char *quoted;
    size_t quoted_size;
    ath_type type;
    bool left_out, is_float;
} column;

typedef struct rows {
    ath__json j;
    ath__arena arena;
    const ath_json_opts *opts;
    ath_error *error;
    ath_result *result;
    column *columns;
    size_t count;
} rows;

/* ---- columns ---- */

static bool is_in(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.names[i], name) == 0)
            return true;
    return false;
}

static bool is_taken(const rows *r, size_t before, const char *name) {
    for (size_t i = 0; i < before; i++)
        if (strcmp(r->columns[i].name, name) == 0)
            return true;
    return false;
}

/* The name, or with the first number from 1 on that makes it another; NULL when memory ran out. */
static const char *free_name(rows *r, size_t before, const char *name) {
    const char *own = ath__arena_str(&r->arena, name);
    for (unsigned n = 1; own && is_taken(r, before, own); n++)
        own = ath__arena_printf(&r->arena, "%s_%u", name, n);
    return own;
}

static bool quote(rows *r, column *c) {
    ath__json q;
    ath__json_begin(&q, r->arena.allocator, 0);
    const size_t head = q.buf.size;
    ath__json_any_string(&q, c->name, strlen(c->name));
    ath__json_raw(&q, ":");
    if (!q.buf.failed) {
        c->quoted_size = q.buf.size - head;
        c->quoted = ath__arena_strn(&r->arena, q.buf.data + head, c->quoted_size);
    }
    ath__json_drop(&q);
    return c->quoted != NULL;
}

static void describe(rows *r, size_t i) {
    const ath__prepared *p = r->result->prepared;
    const ath__result_column *known = p && i < p->compiled.column_count ? &p->compiled.columns[i] : NULL;
    if (!known)
        return;
    r->columns[i].type = known->type;
    r->columns[i].is_float = known->column && ((unsigned)known->column->ctype & ~(unsigned)ATH_C_OPTIONAL) == ATH_C_F32;
}

/* Names first, as the result has them, since the options speak of these. */
static ath_status take_columns(rows *r) {
    r->count = ath_result_column_count(r->result);
    r->columns = ath__arena_zero(&r->arena, (r->count + 1) * sizeof *r->columns);
    for (size_t i = 0; r->columns && i < r->count; i++) {
        const char *name = ath_result_column_name(r->result, i);
        r->columns[i].name = free_name(r, i, name ? name : "");
        if (!r->columns[i].name)
            return ath__fail_memory(r->error);
        describe(r, i);
    }
    return r->columns ? ATH_OK : ath__fail_memory(r->error);
}

static ath_status check(const rows *r, const char *option, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++)
        if (!list.names[i] || !is_taken(r, r->count, list.names[i]))
            return ath__fail(r->error, ATH_ARGUMENT, "%s: the rows have no column '%.80s'", option,
                             list.names[i] ? list.names[i] : "(null)");
    return ATH_OK;
}

static ath_status check_options(const rows *r) {
    const ath_json_opts *o = r->opts;
    ATH_TRY(check(r, ".include", o->include));
    ATH_TRY(check(r, ".exclude", o->exclude));
    for (size_t i = 0; i < o->rename.count; i++) {
        ATH_TRY(check(r, ".rename", (ath_name_list){1, &o->rename.items[i].field}));
        if (!o->rename.items[i].as)
            return ath__fail(r->error, ATH_ARGUMENT, ".rename: '%.80s' gets no name", o->rename.items[i].field);
    }
    return ATH_OK;
}

/* What the options make of them. */
static ath_status choose_columns(rows *r) {
    const ath_json_opts *o = r->opts;
    ATH_TRY(check_options(r));
    for (size_t i = 0; i < r->count; i++) {
        column *c = &r->columns[i];
        c->left_out = (o->include.count && !is_in(o->include, c->name)) || is_in(o->exclude, c->name);
        for (size_t k = 0; k < o->rename.count; k++)
            if (strcmp(o->rename.items[k].field, c->name) == 0) {
                c->name = o->rename.items[k].as;
                break;
            }
        if (!quote(r, c))
            return ath__fail_memory(r->error);
    }
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < i && !r->columns[i].left_out; k++)
            if (!r->columns[k].left_out && strcmp(r->columns[i].name, r->columns[k].name) == 0)
                return ath__fail(r->error, ATH_ARGUMENT, "two columns would be called '%.80s' in JSON",
                                 r->columns[i].name);
    return ATH_OK;
}

/* ---- rows ---- */

static ath_status write_row(rows *r, const ath_row *row) {
    ath__json_item(&r->j);
    ath__json_open(&r->j, '{');
    for (size_t i = 0; i < r->count; i++) {
        const column *c = &r->columns[i];
        const ath_value *value = &row->values[i];
        if (c->left_out || (r->opts->exclude_null && value->kind == ATH_KIND_NULL))
            continue;
        ath__json_quoted_key(&r->j, c->quoted, c->quoted_size);
        ath_status status = ath__json_value(&r->j, value, &c->type, c->is_float, r->error);
        if (status != ATH_OK)
            return status == ATH_DATA ? ath__json_name_field(r->error, "column", c->name) : status;
    }
    ath__json_close(&r->j, '}');
    return ATH_OK;
}

static ath_status write_rows(rows *r) {
    if (!ath_result_column_count(r->result))
        return ath__fail(r->error, ATH_STATE, "the statement does not return rows");
    ATH_TRY(take_columns(r));
    ATH_TRY(choose_columns(r));
    ath__json_open(&r->j, '[');
    for (const ath_row *row; (row = ath_fetch(r->result)) != NULL;)
        ATH_TRY(write_row(r, row));
    ath__json_close(&r->j, ']');
    if (ath_result_error(r->result)->status != ATH_OK)
        *r->error = *ath_result_error(r->result);
    return r->error->status;
}

/* The result's rows; it is closed.  NULL, with the error. */
static char *write_result(ath_result *result, const ath_allocator *a, const ath_json_opts *opts, ath_error *error) {
    static const ath_json_opts none = {.struct_size = sizeof none};
    rows r = {.opts = opts ? opts : &none, .error = error, .result = result};
    ath__arena_init(&r.arena, a);
    ath__json_begin(&r.j, a, r.opts->indent);
    ath_status status = write_rows(&r);
    char *text = status == ATH_OK ? ath__json_finish(&r.j, error) : NULL;
    if (status != ATH_OK)
        ath__json_drop(&r.j);
    ath__arena_done(&r.arena);
    ath_result_close(result);
    return text;
}

/* ---- the calls ---- */

/* A statement that is known to give no rows is not run in vain. */
static bool gives_rows(ath_stmt stmt) {
    switch (stmt.kind) {
    case ATH_STMT_INSERT:
        return stmt.of && ((const ath_insert_stmt *)stmt.of)->returning.count;
    case ATH_STMT_UPDATE:
        return stmt.of && ((const ath_update_stmt *)stmt.of)->returning.count;
    case ATH_STMT_DELETE:
        return stmt.of && ((const ath_delete_stmt *)stmt.of)->returning.count;
    default:
        return true;
    }
}

static ath_execution_opts execution(const ath_json_opts *opts) {
    return (ath_execution_opts){.struct_size = sizeof(ath_execution_opts),
                                .stream_results = opts && opts->stream_results};
}

char *ath_session_rows_to_json(ath_session *s, ath_stmt stmt, const ath_json_opts *opts) {
    ath_error error = {0};
    ath_error *out = opts ? opts->error : NULL;
    if (!s)
        return ath__json_end(NULL, out, (ath__fail(&error, ATH_ARGUMENT, "there is no session: NULL"), &error), NULL);
    if (!gives_rows(stmt)) {
        if (ath__session_enter(s) == ATH_OK)
            ath__fail(&s->error, ATH_STATE, "the statement does not return rows");
        return ath__json_end(NULL, out, ath_session_error(s), NULL);
    }
    const ath_execution_opts how = execution(opts);
    ath_result *result = ath_session_execute_opts(s, stmt, &how);
    if (!result)
        return ath__json_end(NULL, out, ath_session_error(s), NULL);
    return ath__json_end(s, out, &error, write_result(result, s->allocator, opts, &error));
}

char *ath_connection_rows_to_json(ath_connection *c, ath_stmt stmt, const ath_json_opts *opts) {
    ath_error error = {0};
    ath_error *out = opts ? opts->error : NULL;
    if (!c)
        return ath__json_end(NULL, out, (ath__fail(&error, ATH_ARGUMENT, "there is no connection: NULL"), &error),
                             NULL);
    const ath_execution_opts how = execution(opts);
    ath_result *result = gives_rows(stmt) ? ath_connection_execute_opts(c, stmt, &how) : NULL;
    if (!result && gives_rows(stmt))
        return ath__json_end(NULL, out, ath_connection_error(c), NULL);
    char *text = result ? write_result(result, &c->engine->allocator, opts, &error) : NULL;
    if (!result)
        ath__fail(&error, ATH_STATE, "the statement does not return rows");
    if (!text)
        c->error = error;
    return ath__json_end(NULL, out, &error, text);
}
