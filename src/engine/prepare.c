/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 2 and 3 joined: the prepared statement of a shape, and the values of this call bound to it.
 */
#include "engine/stmt_cache.h"

void ath__prepared_free(ath_connection *c, ath__prepared *p) {
    const ath_allocator *a = &c->engine->allocator;
    if (p->statement)
        c->driver->finalize(p->statement);
    ath__compiled_done(&p->compiled);
    ath__free(a, p->words, p->word_count * sizeof *p->words);
    ath__free(a, p, sizeof *p);
}

static ath_status prepare_on_server(ath_connection *c, ath__prepared *p) {
    const ath__compiled *compiled = &p->compiled;
    return c->driver->prepare(c->handle, compiled->sql, compiled->sql_size, compiled->binds, compiled->bind_count,
                              &p->statement, &c->error);
}

/* A server has room for so many statements: when it has no more, those that nobody uses go. */
static ath_status prepare(ath_connection *c, ath__prepared *p) {
    ath_status status = prepare_on_server(c, p);
    bool full = status != ATH_OK && c->driver->is_out_of_statements && c->driver->is_out_of_statements(&c->error);
    if (!full || !c->cache.count)
        return status;
    ath__stmt_cache_drop(c);
    ath_error_clear(&c->error);
    return prepare_on_server(c, p);
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
    p->schema = c->engine->schema;
    if (prepare(c, p) != ATH_OK) {
        ath__copy_text(c->error.statement, sizeof c->error.statement, p->compiled.sql, p->compiled.sql_size);
        p->statement = NULL;
        ath__prepared_free(c, p);
        return NULL;
    }
    c->engine->prepared++;
    p->bytes = sizeof *p + count * sizeof *words + p->compiled.arena.bytes + c->driver->statement_bytes(p->statement);
    p->fresh = true;
    return p;
}

ath__prepared *ath__prepare(ath_connection *c, const uint64_t *words, size_t count, ath__compile_fn compile,
                            void *context) {
    uint64_t hash;
    ath__prepared *p = ath__stmt_cache_find(&c->cache, words, count, &hash);
    if (p && !p->busy && p->schema != c->engine->schema) { /* the schema has changed under it */
        ath__stmt_cache_remove(c, p);
        p = NULL;
    }
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

void ath__prepared_release(ath_connection *c, ath__prepared *p) {
    if (!p)
        return;
    c->driver->reset(p->statement);
    p->busy = false;
    p->stepped = false;
    p->echoed = false;
    p->fresh = false;
    if (p->uncached)
        ath__prepared_free(c, p);
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
    ath__arena_reset(&c->scratch);
    ath__key_init(&key, &c->engine->allocator);
    key.whole_arrays = ath__dialect_takes_arrays(c->dialect);
    ath__prepared *p = prepare_with_key(c, stmt, &key);
    ath__key_done(&key);
    return p;
}
