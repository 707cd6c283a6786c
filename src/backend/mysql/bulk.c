/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows in one run: MariaDB's bulk.
 *
 * libmariadb asks for each row by a callback (STMT_ATTR_CB_PARAM) and writes it into the packet; the rows are not laid
 * out a second time.  All values of a column travel as one type.  What does not fit into a packet goes in several.
 */
#include "backend/mysql/client.h"

enum { CHUNK_BYTES = 4 * 1024 * 1024, PACKET_HEAD = 1024, CELL_BYTES = 14 };

/* ---- one type per column ---- */

static bool is_number(ath_kind kind) {
    return kind == ATH_KIND_BOOL || kind == ATH_KIND_INT || kind == ATH_KIND_UINT || kind == ATH_KIND_DECIMAL;
}

/* The kind that takes both without loss; false when there is none. */
static bool join(ath_kind *kind, ath_kind other) {
    if (*kind == other || other == ATH_KIND_NULL)
        return true;
    if (*kind == ATH_KIND_NULL) {
        *kind = other;
        return true;
    }
    bool small = (*kind == ATH_KIND_BOOL || *kind == ATH_KIND_INT) && (other == ATH_KIND_BOOL || other == ATH_KIND_INT);
    if (is_number(*kind) && is_number(other)) {
        *kind = small ? ATH_KIND_INT : ATH_KIND_DECIMAL;
        return true;
    }
    if ((*kind == ATH_KIND_REAL && is_number(other)) || (other == ATH_KIND_REAL && is_number(*kind))) {
        *kind = ATH_KIND_REAL;
        return true;
    }
    return (*kind == ATH_KIND_TEXT || *kind == ATH_KIND_JSON) && (other == ATH_KIND_TEXT || other == ATH_KIND_JSON);
}

static size_t cell_bytes(const ath_value *v) {
    if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON)
        return CELL_BYTES + v->as.text.size;
    if (v->kind == ATH_KIND_BYTES)
        return CELL_BYTES + v->as.bytes.size;
    return v->kind == ATH_KIND_DECIMAL || v->kind == ATH_KIND_INTERVAL || v->kind == ATH_KIND_UUID ? ATH_INTERVAL_TEXT
                                                                                                   : CELL_BYTES;
}

ath_status ath__mysql_bind_rows(void *statement, const ath_value *values, size_t rows, size_t columns,
                                ath_error *error) {
    ath__mysql_stmt *s = statement;
    if (columns != s->bind_count || !columns || !rows)
        return ath__fail(error, ATH_PROGRAMMING, "the statement has %zu placeholders, not %zu", s->bind_count, columns);
    if (!s->row_kinds && !(s->row_kinds = ath__alloc(&s->connection->allocator, columns * sizeof *s->row_kinds)))
        return ath__fail_memory(error);
    for (size_t i = 0; i < columns; i++)
        s->row_kinds[i] = ATH_KIND_NULL;
    s->text_bytes = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < columns; i++) {
            const ath_value *v = &values[r * columns + i];
            if (!join(&s->row_kinds[i], v->kind))
                return ath__fail(error, ATH_DATA, "placeholder %zu: row %zu has %s where others have %s", i + 1, r + 1,
                                 ath__kind_name(v->kind), ath__kind_name(s->row_kinds[i]));
            s->text_bytes += cell_bytes(v);
        }
    s->rows = values;
    s->row_count = rows;
    s->rows_sent = s->chunk = 0;
    return ATH_OK;
}

/* ---- sending ---- */

static ath_status encode(ath__mysql_stmt *s, size_t column, const ath_value *v, MYSQL_BIND *bind) {
    ath_value converted;
    if (v->kind == ATH_KIND_BOOL) {
        converted = (ath_value){.kind = ATH_KIND_INT, .as.i = v->as.b};
        v = &converted;
    }
    if (v->kind != s->row_kinds[column] && v->kind != ATH_KIND_NULL && s->row_kinds[column] != ATH_KIND_BOOL) {
        ATH_TRY(ath__value_convert(v, s->row_kinds[column], &converted, &s->late));
        v = &converted; /* numbers: nothing in it points anywhere */
    }
    return ath__mysql_encode(v, &s->slots[column], bind, &s->late);
}

/* libmariadb asks for a row of the chunk; true: there is none to be had. */
static my_bool give_row(void *statement, MYSQL_BIND *binds, unsigned row) {
    ath__mysql_stmt *s = statement;
    const ath_value *values = s->rows + (s->rows_sent + row) * s->bind_count;
    for (size_t i = 0; i < s->bind_count; i++) {
        if (encode(s, i, &values[i], &binds[i]) != ATH_OK)
            return 1;
        binds[i].buffer_length = s->slots[i].size;
        s->slots[i].indicator = s->slots[i].is_null ? STMT_INDICATOR_NULL : STMT_INDICATOR_NONE;
    }
    return 0;
}

static ath_status chunk_of(ath__mysql_stmt *s, ath_error *error) {
    uint64_t most = s->connection->max_packet ? s->connection->max_packet : CHUNK_BYTES, bytes = PACKET_HEAD;
    size_t row = s->rows_sent;
    most = most > CHUNK_BYTES ? CHUNK_BYTES : most;
    for (; row < s->row_count; row++) {
        for (size_t i = 0; i < s->bind_count; i++)
            bytes += cell_bytes(&s->rows[row * s->bind_count + i]);
        if (bytes > most && row > s->rows_sent)
            break;
        if (s->connection->max_packet && bytes > s->connection->max_packet)
            return ath__fail(error, ATH_DATA, "row %zu has %llu bytes; the server takes %llu (max_allowed_packet)",
                             row + 1, (unsigned long long)bytes, (unsigned long long)s->connection->max_packet);
    }
    s->chunk = row - s->rows_sent;
    return ATH_OK;
}

/* The types are those of a value of each column. */
static ath_status tell_types(ath__mysql_stmt *s, ath_error *error) {
    for (size_t i = 0; i < s->bind_count; i++) {
        size_t row = 0;
        while (row < s->row_count && s->rows[row * s->bind_count + i].kind == ATH_KIND_NULL)
            row++;
        if (row == s->row_count)
            s->binds[i].buffer_type = MYSQL_TYPE_STRING;
        else if (encode(s, i, &s->rows[row * s->bind_count + i], &s->binds[i]) != ATH_OK)
            break;
    }
    if (s->late.status != ATH_OK) {
        ath_error found = s->late;
        if (error)
            *error = found;
        return found.status;
    }
    return mysql_stmt_bind_param(s->stmt, s->binds) ? ath__mysql_failed(s->connection, s->stmt, error) : ATH_OK;
}

ath_status ath__mysql_send_rows(ath__mysql_stmt *s, ath_error *error) {
    union {
        my_bool (*function)(void *, MYSQL_BIND *, unsigned);
        const void *pointer;
    } callback = {.function = give_row};
    s->late.status = ATH_OK;
    ATH_TRY(chunk_of(s, error));
    ATH_TRY(tell_types(s, error));
    unsigned rows = (unsigned)s->chunk;
    mysql_stmt_attr_set(s->stmt, STMT_ATTR_ARRAY_SIZE, &rows);
    mysql_stmt_attr_set(s->stmt, STMT_ATTR_CB_PARAM, callback.pointer);
    s->was_bulk = s->types_changed = true;
    return ATH_OK;
}
