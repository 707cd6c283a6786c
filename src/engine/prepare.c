/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 2 and 3 joined: the prepared statement of a shape, and the values of this call bound to it.
 */
#include "engine/stmt_cache.h"

void ath__prepared_free(ath_connection *c, ath__prepared *p) {
    const ath_allocator *a = &c->engine->allocator;
    if (p->statement && ath__is_ours(c))
        c->driver->finalize(p->statement);
    if (c->guard.noted_what == p)
        c->guard.noted_what = NULL;
    ath__free(a, p->values, p->compiled.bind_count * sizeof *p->values);
    ath__compiled_done(&p->compiled);
    ath__free(a, p->words, p->word_count * sizeof *p->words);
    ath__free(a, p, sizeof *p);
}

/* SQLSTATE query_canceled, which every driver gives. */
#define QUERY_CANCELED "57014"

static ath_status ask_server(ath_connection *c, ath__prepared *p) {
    const ath__compiled *compiled = &p->compiled;
    ath_status status = c->driver->prepare(c->handle, compiled->sql, compiled->sql_size, compiled->binds,
                                           compiled->bind_count, &p->statement, &c->error);
    if (status != ATH_OK)
        p->statement = NULL;
    return status;
}

/* What was cancelled stays so: to ask again would lose the cancel, or meet the transaction that it spoiled. */
static bool may_lack_room(const ath_connection *c) {
    bool is_lack = c->error.status == ATH_NO_MEMORY ||
                   (c->error.status == ATH_OPERATIONAL && strcmp(c->error.sqlstate, QUERY_CANCELED) != 0);
    return is_lack && c->driver->is_stale_plan && c->cache.count;
}

/* A server may have a limit on statements, or no memory for one more: then those of this connection make room. */
static ath_status prepare_on_server(ath_connection *c, ath__prepared *p) {
    ath__deadline_arm(c);
    ath_status status = ask_server(c, p);
    if (status == ATH_OK || !may_lack_room(c))
        return status;
    ath_error first = c->error;
    ath__stmt_cache_forget(c);
    if (ask_server(c, p) == ATH_OK)
        return ATH_OK;
    c->error = first;
    return status;
}

static ath__prepared *build(ath_connection *c, const uint64_t *words, size_t count, ath__compile_fn compile,
                            void *context) {
    const ath_allocator *a = &c->engine->allocator;
    ath__prepared *p = ath__alloc_zero(a, 1, sizeof *p);
    if (!p || !(p->words = ath__alloc(a, count * sizeof *words))) {
        ath__free(a, p, sizeof *p);
        ath__fail_memory(&c->error);
        return NULL;
    }
    memcpy(p->words, words, count * sizeof *words);
    p->word_count = count;
    if (compile(context, c, &p->compiled, &c->error) != ATH_OK) {
        memset(&p->compiled, 0, sizeof p->compiled);
        ath__prepared_free(c, p);
        return NULL;
    }
    c->engine->compiled++;
    ath__note_statement(c, p, p->compiled.sql, p->compiled.sql_size);
    if (prepare_on_server(c, p) != ATH_OK) {
        ath__copy_text(c->error.statement, sizeof c->error.statement, p->compiled.sql, p->compiled.sql_size);
        ath__after_error(c);
        ath__prepared_free(c, p);
        return NULL;
    }
    c->engine->prepared++;
    p->bytes = sizeof *p + count * sizeof *words + p->compiled.arena.bytes + c->driver->statement_bytes(p->statement);
    p->fresh = true;
    return p;
}

static ath__prepared *find_or_build(ath_connection *c, const uint64_t *words, size_t count, ath__compile_fn compile,
                                    void *context) {
    uint64_t hash, plans = atomic_load_explicit(&c->engine->plans, memory_order_relaxed);
    if (c->cache.plans != plans) {
        ath__stmt_cache_forget(c);
        c->cache.plans = plans;
    }
    ath__prepared *p = ath__stmt_cache_find(&c->cache, words, count, &hash);
    if (p && !p->busy) {
        p->busy = true;
        return p;
    }
    bool second = p != NULL; /* the one in the cache is being walked */
    p = build(c, words, count, compile, context);
    if (!p)
        return NULL;
    p->hash = hash;
    p->busy = true;
    p->uncached = second || !ath__stmt_cache_add(c, p);
    return p;
}

ath__prepared *ath__prepare(ath_connection *c, const uint64_t *words, size_t count, ath__compile_fn compile,
                            void *context) {
    if (ath__enter(c) != ATH_OK)
        return NULL;
    ath__prepared *p = find_or_build(c, words, count, compile, context);
    ath__leave(c);
    return p;
}

void ath__prepared_stream(ath_connection *c, ath__prepared *p) {
    p->streams = true;
    if (c->driver->stream)
        c->driver->stream(p->statement);
}

/* One that another thread is in, or that is the parent's, is left as it is. */
void ath__prepared_release(ath_connection *c, ath__prepared *p) {
    if (!p || ath__enter(c) != ATH_OK)
        return;
    if (p->statement) {
        ath__deadline_arm(c); /* rows that nobody fetched are taken in */
        ath__shield();
        c->driver->reset(p->statement);
        ath__unshield();
    }
    p->busy = false;
    p->stepped = false;
    p->echoed = false;
    p->streams = false;
    p->fresh = false;
    p->values_bound = 0;
    if (p->uncached)
        ath__prepared_free(c, p);
    ath__leave(c);
}

/* ---- statements with values ---- */

typedef struct shape {
    ath_stmt stmt;
    const ath__key *key;
} shape;

static ath_status compile_stmt(void *context, ath_connection *c, ath__compiled *out, ath_error *error) {
    const shape *s = context;
    return ath__compile(c->dialect, &c->engine->allocator, s->stmt, s->key, out, error);
}

static ath__prepared *prepare_with_key(ath_connection *c, ath_stmt stmt, ath__key *key) {
    shape s = {stmt, key};
    if (ath__key_stmt(key, stmt, &c->error) != ATH_OK)
        return NULL;
    ath__prepared *p = ath__prepare(c, key->words, key->word_count, compile_stmt, &s);
    if (p && ath__bind_values(c, p, key) != ATH_OK) {
        ath__copy_text(c->error.statement, sizeof c->error.statement, p->compiled.sql, p->compiled.sql_size);
        ath__prepared_release(c, p);
        return NULL;
    }
    return p;
}

ath__prepared *ath__prepare_stmt(ath_connection *c, ath_stmt stmt) {
    ath__key key;
    if (ath__enter(c) != ATH_OK)
        return NULL;
    ath__arena_reset(&c->scratch);
    ath__key_init(&key, &c->engine->allocator);
    key.whole_arrays = ath__dialect_takes_arrays(c->dialect);
    key.shares = ath__dialect_shares(c->dialect);
    ath__prepared *p = prepare_with_key(c, stmt, &key);
    ath__key_done(&key);
    ath__leave(c);
    return p;
}
