/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 3 on PostgreSQL: the values of a statement, one by one or as one array per parameter.
 */
#include "backend/postgresql/postgresql.h"

static ath_status misfit(const ath_value *v, Oid oid, ath_error *error) {
    return ath__fail(error, ATH_DATA, "%s does not fit the parameter's type (object id %u)", ath__kind_name(v->kind),
                     oid);
}

/* ---- arrays ---- */

/* One column of many rows, or the elements of one value, to be written as an array. */
typedef struct column {
    const ath__pg *connection;
    const ath_value *values; /* of the first row */
    size_t rows, stride;
    Oid element; /* 0: not known */
    ath__buf *out;
    ath_error *error;
} column;

static void add32(ath__buf *out, uint32_t n) {
    char bytes[4];
    ath__pg_put32(bytes, n);
    ath__buf_add(out, bytes, sizeof bytes);
}

static void array_head(const column *col) {
    ath__buf *out = col->out;
    bool nulls = false;
    for (size_t r = 0; r < col->rows && !nulls; r++)
        nulls = col->values[r * col->stride].kind == ATH_KIND_NULL;
    add32(out, col->rows ? 1 : 0); /* dimensions */
    add32(out, nulls);
    add32(out, col->element);
    if (col->rows) {
        add32(out, (uint32_t)col->rows);
        add32(out, 1); /* the first index */
    }
}

/* Values of the commonest types, without a detour: true when it is written, or memory ran out. */
static bool plain_value(ath__buf *out, ath__pg_cell cell, const ath_value *v) {
    ath_kind kind = v->kind;
    size_t size = 8;
    uint64_t word = v->as.u; /* a double is sent by its bits */
    if (cell == ATH__CELL_TEXT) {
        if (kind != ATH_KIND_TEXT || v->as.text.size > INT32_MAX ||
            (v->as.text.size && memchr(v->as.text.data, '\0', v->as.text.size)))
            return false;
        size = v->as.text.size;
    } else if (cell == ATH__CELL_INT4) {
        if (kind != ATH_KIND_INT || v->as.i != (int32_t)v->as.i)
            return false;
        size = 4;
    } else if (cell == ATH__CELL_BOOL) {
        if (kind != ATH_KIND_BOOL)
            return false;
        size = 1;
    } else if (cell == ATH__CELL_TIMESTAMP && kind == ATH_KIND_DATETIME && v->as.datetime.us > 0) {
        word = (uint64_t)(v->as.datetime.us - ATH__PG_EPOCH_US);
    } else if (cell == ATH__CELL_INT8 ? kind != ATH_KIND_INT : cell != ATH__CELL_FLOAT8 || kind != ATH_KIND_REAL) {
        return false;
    }
    char *at = ath__buf_room(out, 4 + size);
    if (!at)
        return true;
    ath__pg_put32(at, (uint32_t)size);
    if (size == 8 && cell != ATH__CELL_TEXT)
        ath__pg_put64(at + 4, word);
    else if (cell == ATH__CELL_INT4)
        ath__pg_put32(at + 4, (uint32_t)v->as.i);
    else if (cell == ATH__CELL_BOOL)
        at[4] = v->as.b;
    else if (size)
        memcpy(at + 4, v->as.text.data, size);
    return true;
}

/* Not ATH__CODED_BINARY: what became of the first value that has no binary form of the element's type. */
static ath__pg_coded binary_array(const column *col) {
    char slot[ATH__PG_SLOT], text[ATH_INTERVAL_TEXT];
    ath__buf *out = col->out;
    ath__pg_cell cell = ath__pg_cell_of(col->element);
    array_head(col);
    for (size_t r = 0; r < col->rows; r++) {
        const ath_value *v = &col->values[r * col->stride];
        const char *data;
        size_t size;
        if (v->kind == ATH_KIND_NULL) {
            add32(out, UINT32_MAX);
            continue;
        }
        if (plain_value(out, cell, v))
            continue;
        ath__pg_coded coded = ath__pg_encode(col->connection, v, col->element, slot, text, &data, &size, col->error);
        if (coded != ATH__CODED_BINARY)
            return coded;
        if (size > INT32_MAX) {
            ath__fail(col->error, ATH_DATA, "a value is longer than PostgreSQL takes");
            return ATH__CODED_FAILED;
        }
        add32(out, (uint32_t)size);
        ath__buf_add(out, data, size);
    }
    return ATH__CODED_BINARY;
}

static void quoted(ath__buf *out, const char *text, size_t size) {
    ath__buf_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"' || text[i] == '\\')
            ath__buf_char(out, '\\');
        ath__buf_char(out, text[i]);
    }
    ath__buf_char(out, '"');
}

static void hexadecimal(ath__buf *out, ath_bytes bytes) {
    const uint8_t *at = bytes.data;
    ath__buf_str(out, "\"\\\\x");
    for (size_t i = 0; i < bytes.size; i++)
        ath__buf_printf(out, "%02x", at[i]);
    ath__buf_char(out, '"');
}

static ath_status text_array(const column *col) {
    char text[ATH_INTERVAL_TEXT];
    ath__buf *out = col->out;
    for (size_t r = 0; r < col->rows; r++) {
        const ath_value *v = &col->values[r * col->stride];
        const char *data;
        size_t size;
        ath__buf_char(out, r ? ',' : '{');
        if (v->kind == ATH_KIND_NULL)
            ath__buf_str(out, "NULL");
        else if (v->kind == ATH_KIND_BYTES)
            hexadecimal(out, v->as.bytes);
        else if (ath__pg_encode_text(v, text, &data, &size, col->error) == ATH__CODED_TEXT)
            quoted(out, data, size);
        else
            return ATH_DATA;
    }
    ath__buf_str(out, col->rows ? "}" : "{}");
    ath__buf_add(out, "", 1); /* libpq measures text itself */
    return ATH_OK;
}

/* Appends the array; *how as a single value's.  ATH__CODED_OTHER only where `strict` asks for it. */
static ath_status write_array(const column *col, bool strict, ath__pg_coded *how) {
    ath__buf *out = col->out;
    size_t begin = out->size;
    *how = col->element ? binary_array(col) : ATH__CODED_TEXT;
    if (*how == ATH__CODED_FAILED)
        return ATH_DATA;
    if (*how != ATH__CODED_BINARY) {
        out->size = begin;
        if (strict && *how == ATH__CODED_OTHER)
            return ATH_OK;
        *how = ATH__CODED_TEXT;
        ATH_TRY(text_array(col));
    }
    if (out->failed)
        return ath__fail_memory(col->error);
    if (out->size - begin > INT32_MAX)
        return ath__fail(col->error, ATH_DATA, "an array is longer than PostgreSQL takes");
    return ATH_OK;
}

/* ---- values ---- */

static ath_status keep(ath__pg_stmt *s, size_t i, const char *data, size_t size, bool copy, ath_error *error) {
    if (copy) {
        data = ath__arena_strn(&s->copies, data, size);
        if (!data)
            return ath__fail_memory(error);
    }
    if (size > INT32_MAX)
        return ath__fail(error, ATH_DATA, "a value is longer than PostgreSQL takes");
    s->values[i] = data;
    s->lengths[i] = (int)size;
    return ATH_OK;
}

/* Declares the parameter by what the value is: once, so that nothing goes round in circles. */
static ath_status declare(ath__pg_stmt *s, size_t i, const ath_value *v, Oid oid, ath_error *error) {
    if (!oid || oid == s->oids[i] || oid == s->declared[i])
        return misfit(v, s->oids[i], error);
    s->declared[i] = oid;
    return ATH_OK;
}

/* As literals have it: int4 where that is enough. */
static Oid by_value(const ath_value *v) {
    if (v->kind == ATH_KIND_INT && v->as.i >= INT32_MIN && v->as.i <= INT32_MAX)
        return ATH__OID_INT4;
    return ath__pg_oid_of_kind(v->kind);
}

static ath_status bind_value(ath__pg_stmt *s, size_t i, const ath_value *v, bool copy, bool *other, ath_error *error) {
    char *slot = s->slots + i * ATH__PG_SLOT, text[ATH_INTERVAL_TEXT];
    const char *data = NULL;
    size_t size = 0;
    switch (ath__pg_encode(s->connection, v, s->oids[i], slot, text, &data, &size, error)) {
    case ATH__CODED_BINARY:
        s->formats[i] = 1;
        return keep(s, i, data, size, copy && data != slot, error);
    case ATH__CODED_TEXT: /* libpq measures it itself */
        s->formats[i] = 0;
        return keep(s, i, data, size, true, error);
    case ATH__CODED_OTHER:
        *other = true;
        return declare(s, i, v, by_value(v), error);
    default:
        return ATH_DATA;
    }
}

/* The widest element decides. */
static Oid by_elements(const ath_value *v) {
    Oid element = 0;
    for (size_t i = 0; i < v->as.array.count; i++) {
        const ath_value *item = &v->as.array.items[i];
        Oid own = item->kind == ATH_KIND_NULL ? element : by_value(item);
        element = element == ATH__OID_INT8 && own == ATH__OID_INT4 ? element : own;
    }
    return ath__pg_array_of(element);
}

static ath_status bind_array(ath__pg_stmt *s, size_t i, const ath_value *v, bool *other, ath_error *error) {
    ath__pg_coded how = ATH__CODED_OTHER;
    column col = {s->connection, v->as.array.items, v->as.array.count, 1, ath__pg_element_of(s->oids[i]), &s->arrays,
                  error};
    ath__buf_clear(&s->arrays);
    ATH_TRY(write_array(&col, true, &how));
    if (how == ATH__CODED_OTHER) {
        *other = true;
        return declare(s, i, v, by_elements(v), error);
    }
    s->formats[i] = how == ATH__CODED_BINARY;
    return keep(s, i, s->arrays.data, s->arrays.size, true, error);
}

/* *other: a value is of another family than its parameter. */
static ath_status bind_all(ath__pg_stmt *s, size_t first, const ath_value *values, size_t count, bool copy, bool *other,
                           ath_error *error) {
    *other = false;
    for (size_t i = 0; i < count; i++) {
        if (values[i].kind == ATH_KIND_NULL)
            s->values[first + i] = NULL;
        else if (values[i].kind == ATH_KIND_ARRAY)
            ATH_TRY(bind_array(s, first + i, &values[i], other, error));
        else
            ATH_TRY(bind_value(s, first + i, &values[i], copy, other, error));
    }
    return ATH_OK;
}

/* The parameters that were bound by an earlier call keep the types they were written for. */
static void declare_rest(const ath__pg_stmt *s, size_t first, size_t count) {
    for (size_t i = 0; i < s->binds; i++)
        if (i < first || i >= first + count)
            s->declared[i] = s->oids[i];
}

ath_status ath__pg_bind(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                        ath_error *error) {
    ath__pg_stmt *s = statement;
    ath_error local;
    bool other = true;
    if (!error)
        error = &local;
    if (first > s->binds || count > s->binds - first)
        return ath__fail(error, ATH_ARGUMENT, "the statement has %zu placeholders, not %zu", s->binds, first + count);
    ath_status status = ATH_OK;
    while (status == ATH_OK && other) {
        status = bind_all(s, first, values, count, copy, &other, error);
        if (status != ATH_OK || !other)
            break;
        declare_rest(s, first, count);
        status = ath__pg_prepare_again(s, error);
    }
    if (status != ATH_OK)
        ath__pg_undeclare(s);
    return status;
}

/* ---- many rows ---- */

ath_status ath__pg_bind_rows(void *statement, const ath_value *values, size_t rows, size_t columns, ath_error *error) {
    ath__pg_stmt *s = statement;
    ath_error local;
    if (!error)
        error = &local;
    if (columns != s->binds || rows > INT32_MAX)
        return ath__fail(error, ATH_ARGUMENT, "the statement has %zu arrays, not %zu", s->binds, columns);
    ath__buf_clear(&s->arrays);
    for (size_t i = 0; i < columns; i++) {
        column col = {s->connection, values + i, rows, columns, ath__pg_element_of(s->oids[i]), &s->arrays, error};
        ath__pg_coded how;
        size_t begin = s->arrays.size;
        ATH_TRY(write_array(&col, false, &how));
        s->formats[i] = how == ATH__CODED_BINARY;
        s->lengths[i] = (int)(s->arrays.size - begin);
    }
    const char *at = s->arrays.data; /* the buffer no longer moves */
    for (size_t i = 0; i < columns; at += s->lengths[i++])
        s->values[i] = at;
    return ATH_OK;
}
