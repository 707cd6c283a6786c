/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: ath_create_all and ath_drop_all, one piece of DDL run by itself, and the text of DDL without a
 * connection.
 */
#include "engine/engine.h"

#include "sql/ddl.h"

/* ---- what is there ---- */

static ath_status ask(ath_connection *c, const char *sql, bool *there) {
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text(sql)));
    if (!r)
        return c->error.status;
    *there = ath_result_first(r) != NULL;
    ath_status status = ath_result_error(r)->status;
    ath_result_close(r);
    return status;
}

ath_status ath__exists(void *context, int object, const char *schema, const char *name, bool *there) {
    ath_connection *c = context;
    const ath_dialect *d = c->dialect;
    *there = false;
    if ((object == ATH__OBJECT_TABLE && !schema) || !d->render_exists)
        return c->driver->has_table(c->handle, name, there, &c->error);
    ath__buf sql;
    ath__buf_init(&sql, &c->engine->allocator);
    ath_status status = d->render_exists(d, object, schema, name, &sql, &c->error);
    if (status == ATH_OK)
        status = sql.failed ? ath__fail_memory(&c->error) : ask(c, ath__buf_text(&sql), there);
    ath__buf_done(&sql);
    return status;
}

/* ---- running ---- */

static ath_status run_steps(ath_connection *c, const ath_metadata *md, const ath__ddl_plan *plan) {
    ath__buf sql;
    ath__buf_init(&sql, &c->engine->allocator);
    ath__ddl w = {.dialect = c->dialect, .naming = md->naming, .metadata = md, .out = &sql, .error = &c->error};
    ath_status status = ATH_OK;
    for (size_t i = 0; i < plan->count && status == ATH_OK; i++) {
        ath__buf_clear(&sql);
        status = ath__ddl_step_write(&w, &plan->steps[i], plan->drop);
        if (status == ATH_OK)
            status = ath__run_text(c, ath__buf_text(&sql), NULL);
    }
    ath__buf_done(&sql);
    return status;
}

/* Tables may refer to each other in a circle; all that matters is that no row is left without its target in the end. */
static ath_status all_in_transaction(ath_connection *c, const ath_metadata *md, bool drop) {
    ath__ddl_plan plan;
    ATH_TRY(ath__ensure_transaction(c));
    if (drop && c->driver->defer_foreign_keys)
        ATH_TRY(c->driver->defer_foreign_keys(c->handle, &c->error));
    ath_status status =
        ath__ddl_plan_make(&plan, &c->engine->allocator, md, c->dialect, drop, ath__exists, c, &c->error);
    if (status == ATH_OK)
        status = run_steps(c, md, &plan);
    ath__ddl_plan_done(&plan);
    return status == ATH_OK ? ath_connection_commit(c) : status;
}

static ath_status all(ath_engine *e, const ath_metadata *md, bool drop, ath_error *error) {
    ath_error local;
    if (!error)
        error = &local;
    ATH_TRY(ath_metadata_check(md, error));
    ath_connection *c = ath_connection_open(e, error);
    if (!c)
        return error->status;
    ath_status status = all_in_transaction(c, md, drop);
    if (status != ATH_OK)
        *error = c->error;
    ath_connection_close(c); /* rolls back what was not committed */
    return status;
}

ath_status ath_create_all_in(ath_engine *e, const ath_metadata *md, ath_error *error) {
    return all(e, md, false, error);
}

ath_status ath_drop_all_in(ath_engine *e, const ath_metadata *md, ath_error *error) {
    return all(e, md, true, error);
}

/* ---- text ---- */

typedef ath_status (*take_fn)(void *context, const char *sql, ath_error *error);

static ath_status write_all(ath__ddl *w, const ath_metadata *md, bool drop, take_fn take, void *context) {
    ath__ddl_plan plan;
    ath_status status = ath__ddl_plan_make(&plan, w->out->allocator, md, w->dialect, drop, NULL, NULL, w->error);
    for (size_t i = 0; i < plan.count && status == ATH_OK; i++) {
        ath__buf_clear(w->out);
        status = ath__ddl_step_write(w, &plan.steps[i], drop);
        if (status == ATH_OK)
            status = take(context, ath__buf_text(w->out), w->error);
    }
    ath__ddl_plan_done(&plan);
    return status;
}

static ath_status write(const ath_dialect *d, const ath_allocator *a, const ath_ddl *ddl, take_fn take, void *context,
                        ath_error *error) {
    bool drop = ddl->kind == ATH_DDL_DROP_ALL;
    ath__buf out;
    ath__buf_init(&out, a);
    ath__ddl w = {.dialect = d,
                  .naming = ddl->metadata ? ddl->metadata->naming : NULL,
                  .metadata = ddl->metadata,
                  .out = &out,
                  .error = error};
    ath_status status;
    if (drop || ddl->kind == ATH_DDL_CREATE_ALL)
        status = ddl->metadata ? write_all(&w, ddl->metadata, drop, take, context)
                               : ath__fail(error, ATH_ARGUMENT, "no metadata is given");
    else
        status = ath__ddl_write(&w, ddl);
    if (status == ATH_OK && !drop && ddl->kind != ATH_DDL_CREATE_ALL)
        status = take(context, ath__buf_text(&out), error);
    ath__buf_done(&out);
    return status;
}

struct ath_ddl_text {
    ath__arena arena;
    const char **statements;
    size_t count, capacity;
};

static ath_status keep(void *context, const char *sql, ath_error *error) {
    ath_ddl_text *text = context;
    if (text->count == text->capacity) {
        size_t capacity = text->capacity ? text->capacity * 2 : 8;
        const char **larger = ath__arena_alloc(&text->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(error);
        if (text->count)
            memcpy(larger, text->statements, text->count * sizeof *larger);
        text->statements = larger;
        text->capacity = capacity;
    }
    const char *copy = ath__arena_str(&text->arena, sql);
    if (!copy)
        return ath__fail_memory(error);
    text->statements[text->count++] = copy;
    return ATH_OK;
}

ath_ddl_text *ath_ddl_sql(const char *dialect, ath_ddl ddl, ath_error *error) {
    ath_error local;
    if (!error)
        error = &local;
    ath_error_clear(error);
    const ath_allocator *a = ath__process_allocator;
    const ath__backend *backend = dialect ? ath__backend_find(dialect) : NULL;
    if (!backend) {
        ath__fail(error, ATH_ARGUMENT, "no database is called '%s'", dialect ? dialect : "(null)");
        return NULL;
    }
    ath_ddl_text *text = ath__alloc_zero(a, 1, sizeof *text);
    if (!text) {
        ath__fail_memory(error);
        return NULL;
    }
    ath__arena_init(&text->arena, a);
    const ath_dialect *d = backend->dialect_called ? backend->dialect_called(dialect) : backend->dialect;
    if (write(d, a, &ddl, keep, text, error) == ATH_OK)
        return text;
    ath_ddl_text_free(text);
    return NULL;
}

size_t ath_ddl_text_count(const ath_ddl_text *text) {
    return text ? text->count : 0;
}

const char *ath_ddl_text_at(const ath_ddl_text *text, size_t i) {
    return text && i < text->count ? text->statements[i] : NULL;
}

void ath_ddl_text_free(ath_ddl_text *text) {
    if (!text)
        return;
    const ath_allocator *a = text->arena.allocator;
    ath__arena_done(&text->arena);
    ath__free(a, text, sizeof *text);
}

static ath_status run(void *context, const char *sql, ath_error *error) {
    (void)error; /* it is the connection's */
    return ath__run_text(context, sql, NULL);
}

static ath_status run_ddl(ath_connection *c, const ath_ddl *ddl) {
    ath_error_clear(&c->error);
    ATH_TRY(ath__ensure_transaction(c));
    return write(c->dialect, &c->engine->allocator, ddl, run, c, &c->error);
}

ath_status ath_connection_run_ddl(ath_connection *c, ath_ddl ddl) {
    ATH_TRY(ath__enter(c));
    ath_status status = run_ddl(c, &ddl);
    ath__leave(c);
    return status;
}
