/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: opening and closing an engine: its options, its log, its numbers.  Which databases there are it learns
 * from ath__backend_find; it names none.
 */
#include "engine/engine.h"

#include <unistd.h>

enum { DEFAULT_CACHE_BYTES = 8 * 1024 * 1024, DEFAULT_BUSY_MS = 5000 };

/* .echo without a log hook: lines go to standard error, the one place where the library itself writes. */
static void log_to_stderr(void *context, ath_log_level level, const char *line) {
    (void)context;
    (void)level;
    char text[4096];
    int n = snprintf(text, sizeof text, "%s\n", line);
    size_t size = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    if (size == sizeof text - 1)
        text[size - 1] = '\n';
    ssize_t written = write(STDERR_FILENO, text, size);
    (void)written; /* nobody to tell */
}

static void take_options(ath_engine *e, const ath_engine_opts *o) {
    e->allocator = o->allocator ? *o->allocator : ath__malloc_allocator;
    e->echo = o->echo;
    e->hide_parameters = o->hide_parameters;
    e->log = (ath__log){o->log, o->log_context, o->log_level};
    if (o->echo && !o->log)
        e->log.fn = log_to_stderr;
    e->wait = o->wait ? *o->wait : ath__poll_wait;
    e->statement_cache_bytes = o->statement_cache_bytes ? o->statement_cache_bytes : DEFAULT_CACHE_BYTES;
    e->busy_timeout_ms = o->busy_timeout_ms ? o->busy_timeout_ms : DEFAULT_BUSY_MS;
    if (e->busy_timeout_ms < 0)
        e->busy_timeout_ms = 0;
    e->never_prepare = o->prepare == ATH_NEVER;
}

static ath_status take_url(ath_engine *e, const char *text, ath_error *error) {
    e->url = ath_url_parse(text, error);
    if (!e->url)
        return error->status;
    ath_url_print(e->url, e->masked_url, sizeof e->masked_url);
    e->backend = ath__backend_find(e->url->dialect);
    if (!e->backend)
        return ath__fail(error, ATH_NOT_SUPPORTED, "no database called '%s' is built in (%s)", e->url->dialect,
                         e->masked_url);
    const ath__driver *d = e->backend->driver;
    return d->check_url ? d->check_url(e->url, &e->allocator, error) : ATH_OK;
}

/* A caller that was compiled when there were fewer options gives fewer. */
static ath_engine_opts known_part(const ath_engine_opts *given) {
    ath_engine_opts o = {0};
    size_t size = given->struct_size && given->struct_size < sizeof o ? given->struct_size : sizeof o;
    memcpy(&o, given, size);
    return o;
}

ath_engine *ath_engine_open_opts(const ath_engine_opts *given) {
    const ath_engine_opts o = known_part(given);
    ath_error local, *error = o.error ? o.error : &local;
    const ath_allocator *a = o.allocator ? o.allocator : &ath__malloc_allocator;
    ath_error_clear(error);
    ath_engine *e = ath__alloc_zero(a, 1, sizeof *e);
    if (!e) {
        ath__fail_memory(error);
        return NULL;
    }
    take_options(e, &o);
    if (take_url(e, o.url, error) != ATH_OK) {
        ath_url_free(e->url);
        ath__free(a, e, sizeof *e);
        return NULL;
    }
    e->self = e;
    ath__pool_init(e, &o);
    ath__fork_init(e);
    return e;
}

void ath__engine_free(ath_engine *e) {
    ath__fork_done(e);
    ath__pool_done(e);
    ath_url_free(e->url);
    ath_allocator a = e->allocator;
    for (ath__attached *at = e->attached, *next; at; at = next) {
        next = at->next;
        ath__free(&a, at, at->size);
    }
    ath__free(&a, e, sizeof *e);
}

static void report_leaks(const ath_engine *e, const ath__holder *holders, size_t count, size_t out) {
    if (!out)
        return;
    ath__log_line(&e->log, ATH_LOG_ERROR, "engine closed while %zu of its connections are in use", out);
    ath__holders_log(&e->log, ATH_LOG_ERROR, "not given back", holders, count);
}

void ath_engine_close(ath_engine *e) {
    ath__holder holders[ATH__HOLDERS];
    if (!e)
        return;
    if (!ath__fork_is_ours(&e->fork))
        ath__fork_notice(e);
    ath__pool_drain(e);
    ath__pool *p = &e->pool;
    pthread_mutex_lock(&p->mutex);
    size_t out = p->out, count = ath__holders_list(p, holders);
    pthread_mutex_unlock(&p->mutex);
    report_leaks(e, holders, count, out);
    pthread_mutex_lock(&p->mutex);
    p->closed = true;
    bool over = !p->open && !p->holds;
    pthread_mutex_unlock(&p->mutex);
    if (over)
        ath__engine_free(e);
}

const char *ath_engine_dialect(const ath_engine *e) {
    return e ? e->backend->name : NULL;
}

ath_engine_stats ath_engine_statistics(const ath_engine *e) {
    if (!e)
        return (ath_engine_stats){0};
    ath__pool *p = &e->self->pool;
    ath_engine_stats stats = {.statements = e->statements,
                              .compiled = e->compiled,
                              .prepared = e->prepared,
                              .connections = p->opened,
                              .pool_size = p->size,
                              .closed = p->closed_count,
                              .recycled = p->recycled,
                              .invalidated = p->invalidated};
    pthread_mutex_lock(&p->mutex);
    stats.checked_out = p->out;
    stats.idle = p->idle;
    stats.overflow = p->open > p->size ? p->open - p->size : 0;
    stats.waiting = p->waiting;
    stats.timeouts = p->timeouts;
    stats.waited = p->waited;
    stats.max_waited_us = p->max_waited_us;
    pthread_mutex_unlock(&p->mutex);
    return stats;
}

ath_status ath_engine_sql(ath_engine *e, ath_stmt stmt, char *out, size_t size, size_t *length, ath_error *error) {
    ath__key key;
    ath__compiled compiled;
    ath_error local;
    if (!error)
        error = &local;
    ath_error_clear(error);
    if (!e)
        return ath__fail(error, ATH_ARGUMENT, "there is no engine: it could not be opened");
    ath__key_init(&key, &e->allocator);
    key.whole_arrays = ath__dialect_takes_arrays(e->backend->dialect);
    key.shares = ath__dialect_shares(e->backend->dialect);
    ath_status status = ath__key_stmt(&key, stmt, error);
    if (status == ATH_OK)
        status = ath__compile(e->backend->dialect, &e->allocator, stmt, &key, &compiled, error);
    ath__key_done(&key);
    if (status != ATH_OK)
        return status;
    if (size)
        ath__copy_text(out, size, compiled.sql, compiled.sql_size);
    if (length)
        *length = compiled.sql_size;
    ath__compiled_done(&compiled);
    return ATH_OK;
}
