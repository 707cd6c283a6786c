/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 3: the values of a call are made to fit and bound.
 *
 * A value takes the type of the column beside it and is checked against it here; what needs memory for that comes from
 * the connection's scratch arena, which the next statement empties: the driver keeps its own copies, so a result may be
 * walked long after the block that wrote the statement has ended.
 */
#include "engine/engine.h"

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

/* A key of a JSON path: ."key", with what JSON escapes. */
static void path_key(ath__buf *out, ath_str key) {
    ath__buf_str(out, ".\"");
    for (size_t i = 0; i < key.size; i++) {
        if (key.data[i] == '"' || key.data[i] == '\\')
            ath__buf_char(out, '\\');
        ath__buf_char(out, key.data[i]);
    }
    ath__buf_char(out, '"');
}

/* A position; a negative one counts from the end, which each database writes in its own way. */
static ath_status path_position(ath_connection *c, ath__buf *out, int64_t at) {
    const ath_dialect *d = c->dialect;
    bool sqlite = ath__dialect_can(d, ATH__CAN_JSON_EACH), maria = ath__dialect_can(d, ATH__CAN_ROW_ARRAYS);
    if (at >= 0 || (maria && d->version >= 100900))
        ath__buf_printf(out, "[%lld]", (long long)at);
    else if (maria)
        return ath__dialect_cannot(d, "a position from the end of a JSON array", &c->error);
    else if (sqlite)
        ath__buf_printf(out, "[#%lld]", (long long)at);
    else
        ath__buf_printf(out, at == -1 ? "[last]" : "[last%lld]", (long long)at + 1);
    return ATH_OK;
}

/* A step that a path cannot say. */
static ath_status check_key(ath_connection *c, ath_str key) {
    bool quoted = key.size && memchr(key.data, '"', key.size) != NULL;
    if (quoted && ath__dialect_can(c->dialect, ATH__CAN_JSON_EACH))
        return ath__dialect_cannot(c->dialect, "path for a JSON key with a double quote in it", &c->error);
    return ATH_OK;
}

static ath_status path_step(ath_connection *c, ath__buf *out, ath_value step) {
    ath__value_measure(&step);
    if (step.kind == ATH_KIND_INT)
        return path_position(c, out, step.as.i);
    if (step.kind != ATH_KIND_TEXT)
        return ATH_OK;
    path_key(out, step.as.text);
    return check_key(c, step.as.text);
}

/* Keys and positions as one path: $."tags"[0]. */
static ath_status json_path(ath_connection *c, const ath__bind *bind, const ath__key *key, ath_value *v) {
    ath__buf out;
    ath__buf_init(&out, &c->engine->allocator);
    ath__buf_char(&out, '$');
    ath_status status = ATH_OK;
    for (size_t i = 0; i < bind->span && status == ATH_OK; i++)
        status = path_step(c, &out, key->values[bind->value + i]);
    char *copy = out.failed ? NULL : ath__arena_strn(&c->scratch, ath__buf_text(&out), out.size);
    *v = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {copy, out.size}};
    ath__buf_done(&out);
    if (status != ATH_OK)
        return status;
    return copy ? ATH_OK : ath__fail_memory(&c->error);
}

static ath_status fit(ath_connection *c, const ath__bind *bind, ath_value *v);

/* The elements of a C array, each made to fit. */
static ath_status array(ath_connection *c, const ath__bind *bind, const ath_expr *node, ath_value *v) {
    ath_value *items = ath__arena_alloc(&c->scratch, (node->count + 1) * sizeof *items);
    ath__bind each = {.type = bind->type};
    if (!items)
        return ath__fail_memory(&c->error);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!ath__array_element(node, i, &items[i]))
            return ath__fail(&c->error, ATH_ARGUMENT, "an array has elements of no known type");
        ATH_TRY(fit(c, &each, &items[i]));
    }
    *v = (ath_value){.kind = ATH_KIND_ARRAY, .as.array = {items, node->count}};
    return ATH_OK;
}

/* The months, days or microseconds of an interval, if that is what is bound. */
static void take_part(ath__bind_how how, ath_value *v) {
    ath_interval i = v->as.interval;
    if (how == ATH__BIND_MONTHS)
        *v = (ath_value){.kind = ATH_KIND_INT, .as.i = i.months};
    else if (how == ATH__BIND_DAYS)
        *v = (ath_value){.kind = ATH_KIND_INT, .as.i = i.days};
    else if (how == ATH__BIND_MICROSECONDS)
        *v = (ath_value){.kind = ATH_KIND_INT, .as.i = i.us};
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
    if (v->kind == ATH_KIND_INTERVAL)
        take_part((ath__bind_how)bind->how, v);
    return ATH_OK;
}

static ath_status value_of(ath_connection *c, const ath__bind *bind, const ath__key *key, ath_value *v) {
    if (bind->constant) {
        *v = *bind->constant;
        return fit(c, bind, v);
    }
    if (bind->how == ATH__BIND_JSON_PATH)
        return json_path(c, bind, key, v);
    if (bind->how == ATH__BIND_ARRAY)
        return array(c, bind, key->owners[bind->value], v);
    *v = key->values[bind->value];
    return fit(c, bind, v);
}

ath_status ath__bind_values(ath_connection *c, ath__prepared *p, const ath__key *key) {
    const ath__compiled *compiled = &p->compiled;
    ath_value space[32], *values = space;
    if (compiled->bind_count > ATH_COUNT_OF(space)) {
        values = ath__arena_alloc(&c->scratch, compiled->bind_count * sizeof *values);
        if (!values)
            return ath__fail_memory(&c->error);
    }
    for (size_t i = 0; i < compiled->bind_count; i++) {
        ATH_TRY(value_of(c, &compiled->binds[i], key, &values[i]));
    }
    if (compiled->bind_count != c->driver->bind_count(p->statement))
        return ath__fail(&c->error, ATH_ARGUMENT, "the statement has %zu placeholders, %zu values were given",
                         c->driver->bind_count(p->statement), compiled->bind_count);
    if (compiled->bind_count)
        ATH_TRY(c->driver->bind(p->statement, 0, values, compiled->bind_count, true, &c->error));
    ath__remember_values(c, p, 0, values, compiled->bind_count);
    if (c->engine->echo)
        ath__echo(c, compiled->sql, compiled->sql_size, values, compiled->bind_count, !p->fresh);
    p->echoed = true;
    return ATH_OK;
}
