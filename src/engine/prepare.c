/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 2 and 3 joined: the prepared statement of a shape, and the values of this call bound to it.
 *
 * A value takes the type of the column beside it and is checked against it here; what needs memory for that comes from
 * the connection's scratch arena, which the next statement empties: the driver keeps its own copies, so a result may be walked
 * long after the block that wrote the statement has ended.
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
    if (c->driver->prepare(c->handle, p->compiled.sql, p->compiled.sql_size, p->compiled.binds, p->compiled.bind_count,
                           &p->statement, &c->error) != ATH_OK) {
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

/* %, _ and / escaped with /. */
static ath_status escape_like(ath_connection *c, ath_value *v) {
    char *copy = ath__arena_bytes(&c->scratch, v->as.text.size * 2 + 1), *to = copy;
    if (!copy)
        return ath__fail_memory(&c->error);
    for (size_t i = 0; i < v->as.text.size; i++) {
        char ch = v->as.text.data[i];
        if (ch == '%' || ch == '_' || ch == '/')
            *to++ = '/';
        *to++ = ch;
    }
    *to = '\0';
    v->as.text = (ath_str){copy, (size_t)(to - copy)};
    return ATH_OK;
}

static ath_status fit(ath_connection *c, const ath__bind *bind, ath_value *v) {
    bool text = v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON;
    ath__value_measure(v);
    if (text && !ath__utf8_valid(v->as.text.data, v->as.text.size))
        return ath__fail(&c->error, ATH_DATA, "a text value is not valid UTF-8");
    if (bind->type.sql != ATH_SQL_INFER)
        ATH_TRY(ath__value_coerce(v, &bind->type, &c->scratch, &c->error));
    if (bind->how == ATH__BIND_LIKE_ESCAPED && v->kind == ATH_KIND_TEXT)
        return escape_like(c, v);
    return ATH_OK;
}

static ath_status bind_values(ath_connection *c, ath__prepared *p, const ath__key *key) {
    const ath__compiled *compiled = &p->compiled;
    ath_value space[32], *values = space;
    if (compiled->bind_count > ATH_COUNT_OF(space)) {
        values = ath__arena_alloc(&c->scratch, compiled->bind_count * sizeof *values);
        if (!values)
            return ath__fail_memory(&c->error);
    }
    for (size_t i = 0; i < compiled->bind_count; i++) {
        const ath__bind *bind = &compiled->binds[i];
        values[i] = bind->constant ? *bind->constant : key->values[bind->value];
        ATH_TRY(fit(c, bind, &values[i]));
    }
    if (compiled->bind_count != c->driver->bind_count(p->statement))
        return ath__fail(&c->error, ATH_ARGUMENT, "the statement has %zu placeholders, %zu values were given",
                         c->driver->bind_count(p->statement), compiled->bind_count);
    if (compiled->bind_count)
        ATH_TRY(c->driver->bind(p->statement, 0, values, compiled->bind_count, true, &c->error));
    if (c->engine->echo)
        ath__echo(c, compiled->sql, compiled->sql_size, values, compiled->bind_count, !p->fresh);
    p->echoed = true;
    return ATH_OK;
}

static ath__prepared *prepare_with_key(ath_connection *c, ath_stmt stmt, ath__key *key) {
    shape s = {stmt, key};
    if (ath__key_stmt(key, stmt, &c->error) != ATH_OK)
        return NULL;
    ath__prepared *p = ath__prepare(c, key->words, key->word_count, compile_stmt, &s);
    if (p && bind_values(c, p, key) != ATH_OK) {
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
    ath__prepared *p = prepare_with_key(c, stmt, &key);
    ath__key_done(&key);
    return p;
}
