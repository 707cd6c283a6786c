/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 5 and 6 on MySQL and MariaDB: rows come from the wire one by one, and become values.
 *
 * libmariadb hands each cell over where it lies in its buffer (STMT_ATTR_CB_RESULT).  What rows mostly have becomes a
 * value on the spot, text is copied into the statement's own bytes, where it gets the NUL behind it; the rest is copied
 * as it came and decoded when it is asked for.  The buffer is the connection's: when another statement is
 * started, the rows that are left are taken into memory first.
 */
#include "backend/mysql/client.h"
#include "type/datetime_int.h"
#include <stdlib.h>
#include <string.h>

enum { DROP_MANY = 20000, DATE_WIDTH = 11, TIME_WIDTH = 12 };

/* ---- columns ---- */

/* How cells are received; LATE: as bytes, see ATH__MYSQL_LATE. */
enum { SHAPE_LATE = 0, SHAPE_I8, SHAPE_I32, SHAPE_I64, SHAPE_F64, SHAPE_TEXT, SHAPE_BYTES, SHAPE_DATETIME };

static uint8_t shape_of(const ath__mysql_column *c) {
    switch (c->type) {
    case MYSQL_TYPE_TINY:
        return c->is_unsigned ? SHAPE_LATE : SHAPE_I8;
    case MYSQL_TYPE_LONG:
        return c->is_unsigned ? SHAPE_LATE : SHAPE_I32;
    case MYSQL_TYPE_LONGLONG:
        return c->is_unsigned ? SHAPE_LATE : SHAPE_I64;
    case MYSQL_TYPE_DOUBLE:
        return SHAPE_F64;
    case MYSQL_TYPE_DATETIME:
        return SHAPE_DATETIME;
    case MYSQL_TYPE_VARCHAR:
    case MYSQL_TYPE_VAR_STRING:
    case MYSQL_TYPE_STRING:
    case MYSQL_TYPE_TINY_BLOB:
    case MYSQL_TYPE_BLOB:
    case MYSQL_TYPE_MEDIUM_BLOB:
    case MYSQL_TYPE_LONG_BLOB:
        return c->is_binary ? SHAPE_BYTES : SHAPE_TEXT;
    default:
        return SHAPE_LATE;
    }
}

static int8_t width_of(uint8_t type) {
    switch (type) {
    case MYSQL_TYPE_NULL:
        return 0;
    case MYSQL_TYPE_TINY:
        return 1;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        return 2;
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_FLOAT:
        return 4;
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_DOUBLE:
        return 8;
    default:
        return -1;
    }
}

void ath__mysql_shape(ath__mysql_column *column) {
    column->width = width_of(column->type);
    column->shape = shape_of(column);
}

void ath__mysql_free_columns(ath__mysql_stmt *s) {
    const ath_allocator *a = &s->connection->allocator;
    ath__free(a, s->columns, s->columns ? s->column_count * sizeof *s->columns : 0);
    ath__free(a, s->own_cells, s->own_cells ? s->column_count * sizeof *s->own_cells : 0);
    ath__free(a, s->names, s->names_size);
    s->columns = NULL;
    s->own_cells = s->cells = NULL;
    s->names = NULL;
    s->column_count = s->names_size = 0;
}

static bool same_names(const ath__mysql_stmt *s, const MYSQL_FIELD *fields) {
    for (size_t i = 0; i < s->column_count; i++)
        if (strcmp(s->columns[i].name, fields[i].name) != 0)
            return false;
    return true;
}

/* Room for `count` columns of these names. */
static ath_status make_columns(ath__mysql_stmt *s, const MYSQL_FIELD *fields, size_t count, ath_error *error) {
    const ath_allocator *a = &s->connection->allocator;
    size_t size = 0, at = 0;
    ath__mysql_free_columns(s);
    for (size_t i = 0; i < count; i++)
        size += strlen(fields[i].name) + 1;
    s->column_count = count;
    s->columns = ath__alloc_zero(a, count, sizeof *s->columns);
    s->own_cells = ath__alloc_zero(a, count, sizeof *s->own_cells);
    s->names = ath__alloc(a, size);
    s->names_size = s->names ? size : 0;
    if (!s->columns || !s->own_cells || !s->names) {
        ath__mysql_free_columns(s);
        return ath__fail_memory(error);
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(fields[i].name) + 1;
        memcpy(s->names + at, fields[i].name, length);
        s->columns[i].name = s->names + at;
        at += length;
    }
    return ATH_OK;
}

ath_status ath__mysql_take_columns(ath__mysql_stmt *s, ath_error *error) {
    enum { BINARY_CHARSET = 63 };
    size_t count = mysql_stmt_field_count(s->stmt);
    const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields(s->stmt);
    if (!count)
        ath__mysql_free_columns(s);
    else if (count != s->column_count || !same_names(s, fields))
        ATH_TRY(make_columns(s, fields, count, error));
    for (size_t i = 0; i < count; i++) {
        ath__mysql_column *column = &s->columns[i];
        column->type = (uint8_t)fields[i].type;
        column->is_unsigned = fields[i].flags & UNSIGNED_FLAG;
        column->is_binary = fields[i].charsetnr == BINARY_CHARSET;
        ath__mysql_shape(column);
    }
    return ATH_OK;
}

/* ---- receiving ---- */

/* The sizes that numbers have are single loads. */
static uint64_t little(const unsigned char *at, size_t size) {
    uint64_t n = 0;
    if (size == 8)
        return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
               (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
    if (size == 4)
        return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    for (size_t i = size; i-- > 0;)
        n = n << 8 | at[i];
    return n;
}

/* A length as the protocol writes it; *at moves behind it.  UINT64_MAX: it does not stand there whole. */
static uint64_t take_length(unsigned char **at, const unsigned char *end) {
    if (*at >= end)
        return UINT64_MAX;
    unsigned char first = *(*at)++;
    if (first < 251)
        return first;
    size_t size = first == 252 ? 2 : first == 253 ? 3 : first == 254 ? 8 : 0;
    if (!size || (size_t)(end - *at) < size)
        return UINT64_MAX;
    uint64_t n = little(*at, size);
    *at += size;
    return n;
}

/* Hour, minute, second, microseconds. */
static int64_t us_of_day(const unsigned char *at) {
    return (at[0] * INT64_C(3600) + at[1] * INT64_C(60) + at[2]) * US_PER_SECOND + (int64_t)little(at + 3, 4);
}

/* Year, month, day; hour, minute, second; microseconds: as many as are not zero. */
static ath_status date(const unsigned char *at, size_t size, bool is_date, bool is_moment, ath_value *out,
                       ath_error *error) {
    unsigned char full[DATE_WIDTH] = {0};
    memcpy(full, at, size < DATE_WIDTH ? size : DATE_WIDTH);
    unsigned year = (unsigned)little(full, 2), month = full[2], day = full[3];
    if (!ath__civil_valid(year, month, day))
        return ath__fail(error, ATH_DATA, "%04u-%02u-%02u is no date", year, month, day);
    int64_t days = ath__civil_to_days(year, month, day);
    if (is_date) {
        *out = (ath_value){.kind = ATH_KIND_DATE, .as.date = {(int32_t)days}};
        return ATH_OK;
    }
    int64_t us = us_of_day(full + 4);
    if (us >= US_PER_DAY)
        return ath__fail(error, ATH_DATA, "the server sent a time that is none");
    *out = (ath_value){.kind = is_moment ? ATH_KIND_TIMESTAMP : ATH_KIND_DATETIME,
                       .as.datetime = {days * US_PER_DAY + us}};
    return ATH_OK;
}

/* The pointer of a cell that points into the bytes of its row; NULL: it does not. */
static const char **data_of(ath_value *cell) {
    switch ((int)cell->kind) {
    case ATH_KIND_TEXT:
        return &cell->as.text.data;
    case ATH_KIND_BYTES:
    case (int)ATH__MYSQL_LATE:
        return (const char **)(void *)&cell->as.bytes.data;
    default:
        return NULL;
    }
}

/* The bytes lie elsewhere now. */
static void follow(ath_value *cells, size_t count, const char *from, const char *to) {
    for (size_t i = 0; i < count; i++) {
        const char **data = data_of(&cells[i]);
        if (data)
            *data = to + (*data - from);
    }
}

/* Room behind the bytes of the `received` cells of the row. */
static bool reserve(ath__mysql_stmt *s, size_t received, size_t size) {
    const ath_allocator *a = &s->connection->allocator;
    if (size <= s->own_size)
        return true;
    size_t larger = s->own_size * 2 > size ? s->own_size * 2 : size + 64;
    char *bytes = ath__alloc(a, larger);
    if (!bytes)
        return false;
    if (s->used)
        memcpy(bytes, s->own_bytes, s->used);
    follow(s->own_cells, received, s->own_bytes, bytes);
    ath__free(a, s->own_bytes, s->own_size);
    s->own_bytes = bytes;
    s->own_size = larger;
    return true;
}

/* A cell of any shape, as bytes of this kind. */
static void take_bytes(ath__mysql_stmt *s, size_t column, ath_kind kind, unsigned char **at, const unsigned char *end) {
    ath_value *cell = &s->own_cells[column];
    int8_t width = s->columns[column].width;
    cell->kind = ATH_KIND_NULL;
    uint64_t size = width >= 0 ? (uint64_t)width : take_length(at, end);
    if (*at > end || size > (uint64_t)(end - *at)) {
        s->malformed = true;
        return;
    }
    const unsigned char *from = *at;
    *at += size;
    if (!reserve(s, column, s->used + (size_t)size + 1)) {
        s->no_room = true;
        return;
    }
    char *to = s->own_bytes + s->used;
    memcpy(to, from, (size_t)size);
    to[size] = '\0';
    s->used += (size_t)size + 1;
    cell->kind = kind;
    if (kind == ATH_KIND_TEXT)
        cell->as.text = (ath_str){to, (size_t)size};
    else
        cell->as.bytes = (ath_bytes){to, (size_t)size};
}

static void take_moment(ath__mysql_stmt *s, size_t column, unsigned char **at, const unsigned char *end) {
    size_t size = *at < end ? **at : UINT8_MAX;
    if (size <= DATE_WIDTH && size < (size_t)(end - *at) &&
        date(*at + 1, size, false, false, &s->own_cells[column], NULL) == ATH_OK)
        *at += size + 1;
    else
        take_bytes(s, column, ATH__MYSQL_LATE, at, end);
}

static inline void take_number(ath_value *cell, ath_kind kind, int64_t bits, unsigned char **at, size_t size) {
    cell->kind = kind;
    cell->as.i = bits; /* of a double too */
    *at += size;
}

void ath__mysql_take_cell(ath__mysql_stmt *s, size_t column, unsigned char **at, const unsigned char *end) {
    const ath__mysql_column *c = &s->columns[column];
    ath_value *cell = &s->own_cells[column];
    if (s->malformed) {
        cell->kind = ATH_KIND_NULL;
        return;
    }
    if (c->width > 0 && end - *at < c->width) {
        s->malformed = true;
        return;
    }
    switch (c->shape) {
    case SHAPE_I8:
        take_number(cell, ATH_KIND_INT, (int8_t) * *at, at, 1);
        return;
    case SHAPE_I32:
        take_number(cell, ATH_KIND_INT, (int32_t)little(*at, 4), at, 4);
        return;
    case SHAPE_I64:
        take_number(cell, ATH_KIND_INT, (int64_t)little(*at, 8), at, 8);
        return;
    case SHAPE_F64:
        take_number(cell, ATH_KIND_REAL, (int64_t)little(*at, 8), at, 8);
        return;
    case SHAPE_DATETIME:
        take_moment(s, column, at, end);
        return;
    case SHAPE_TEXT:
        take_bytes(s, column, ATH_KIND_TEXT, at, end);
        return;
    case SHAPE_BYTES:
        take_bytes(s, column, ATH_KIND_BYTES, at, end);
        return;
    default:
        take_bytes(s, column, ATH__MYSQL_LATE, at, end);
        return;
    }
}

/* One cell of the row that is being received; row is NULL for NULL.  libmariadb does not tell where the packet ends, only
 * where its buffer does: that is enough not to read what is not ours. */
static void receive(void *statement, unsigned column, unsigned char **row) {
    ath__mysql_stmt *s = statement;
    if (row)
        ath__mysql_take_cell(s, column, row, s->connection->mysql->net.buff_end);
    else
        s->own_cells[column].kind = ATH_KIND_NULL;
}

/* 0: a row; MYSQL_NO_DATA; 1: an error. */
static int next_row(ath__mysql_stmt *s) {
    int code = 1;
    s->used = 0;
    s->no_room = s->malformed = false;
    ATH__MYSQL_RUN(s->connection, mysql_stmt_fetch_start(&code, s->stmt), mysql_stmt_fetch_cont(&code, s->stmt, ready));
    return code == MYSQL_DATA_TRUNCATED ? 0 : code;
}

void ath__mysql_listen(ath__mysql_stmt *s) {
    mysql_stmt_attr_set(s->stmt, STMT_ATTR_CB_USER_DATA, s);
    /* the attribute is a function, which C does not turn into a void pointer by itself */
    union {
        void (*function)(void *, unsigned, unsigned char **);
        const void *pointer;
    } callback = {.function = receive};
    mysql_stmt_attr_set(s->stmt, STMT_ATTR_CB_RESULT, callback.pointer);
}

/* ---- the end of rows ---- */

enum { ROW_KEPT = -1 }; /* what an upsert sets LAST_INSERT_ID to: dialect->kept_row_told */

/* The number behind a word of "Records: 3  Duplicates: 1  Warnings: 0"; -1 when it is not there. */
static int64_t info_count(const char *info, const char *word) {
    const char *at = info ? strstr(info, word) : NULL;
    char *end = NULL;
    long long count = at ? strtoll(at + strlen(word), &end, 10) : -1;
    return at && end > at + strlen(word) ? (int64_t)count : -1;
}

static void note_records(ath__mysql *c) {
    const char *info = mysql_info(c->mysql);
    c->records = info_count(info, "Records:");
    c->duplicates = info_count(info, "Duplicates:");
}

void ath__mysql_rows_over(ath__mysql_stmt *s) {
    ath__mysql *c = s->connection;
    s->on_wire = false;
    if (c->active == s)
        c->active = NULL;
    c->records = c->duplicates = -1;
    if (s->column_count) {
        c->changed = s->fetched;
    } else {
        note_records(c);
        c->changed = (int64_t)mysql_stmt_affected_rows(s->stmt);
        c->inserted = (int64_t)mysql_stmt_insert_id(s->stmt);
        if (c->inserted == ROW_KEPT)
            c->changed = c->inserted = 0;
    }
    while (!c->lost && mysql_stmt_more_results(s->stmt)) { /* of a procedure */
        int code = 1;
        ATH__MYSQL_RUN(c, mysql_stmt_next_result_start(&code, s->stmt),
                       mysql_stmt_next_result_cont(&code, s->stmt, ready));
        if (code)
            return;
    }
}

void ath__mysql_drop_rows(ath__mysql_stmt *s) {
    ath__mysql *c = s->connection;
    bool killed = false;
    int code = MYSQL_NO_DATA;
    for (long i = 0; s->on_wire && (code = next_row(s)) == 0; i++)
        if (i == DROP_MANY && c->cut == ATH_OK) /* cheaper than to receive them all */
            killed = ath__mysql_kill(c, &c->wait, NULL) == ATH_OK;
    if (!s->on_wire)
        return;
    if (code != MYSQL_NO_DATA)
        ath__mysql_failed(c, s->stmt, NULL);
    ath__mysql_rows_over(s);
    if (killed && code == MYSQL_NO_DATA && !c->lost)
        ath__mysql_settle(c);
}

/* What is wrong with the row that has come. */
static ath_status unusable(ath__mysql_stmt *s, ath_error *error) {
    if (s->malformed) {
        s->connection->lost = true;
        return ath__fail_lost(error, "the server sent a row that is none");
    }
    return ath__fail_memory(error);
}

/* ---- rows in memory ---- */

static ath__mysql_kept *copy_row(ath__mysql_stmt *s) {
    ath__mysql_kept *row = ath__arena_alloc(&s->kept, sizeof *row);
    if (!row)
        return NULL;
    *row = (ath__mysql_kept){.cells = ath__arena_copy(&s->kept, s->own_cells, s->column_count * sizeof *row->cells)};
    char *bytes = ath__arena_bytes(&s->kept, s->used + 1);
    if (!row->cells || !bytes)
        return NULL;
    if (s->used)
        memcpy(bytes, s->own_bytes, s->used);
    follow(row->cells, s->column_count, s->own_bytes, bytes);
    return row;
}

/* The present row stays where it is: somebody reads it. */
static bool hold_present(ath__mysql_stmt *s) {
    if (!s->fetched || s->cells != s->own_cells)
        return true;
    ath_value *cells = ath__arena_copy(&s->kept, s->own_cells, s->column_count * sizeof *cells);
    if (!cells)
        return false;
    s->cells = cells;
    s->held = s->own_bytes;
    s->held_size = s->own_size;
    s->own_bytes = NULL;
    s->own_size = 0;
    return true;
}

static void let_go(ath__mysql_stmt *s) {
    if (!s->held)
        return;
    ath__free(&s->connection->allocator, s->own_bytes, s->own_size);
    s->own_bytes = s->held;
    s->own_size = s->held_size;
    s->held = NULL;
}

static bool keep_next(ath__mysql_stmt *s) {
    ath__mysql_kept *row = s->no_room || s->malformed ? NULL : copy_row(s);
    if (!row)
        return false;
    if (s->last_kept)
        s->last_kept->next = row;
    else
        s->first_kept = row;
    s->last_kept = row;
    return true;
}

void ath__mysql_keep_rows(ath__mysql_stmt *s) {
    bool room = hold_present(s);
    int code = 0;
    while (room && (code = next_row(s)) == 0)
        room = keep_next(s);
    if (!room) {
        unusable(s, &s->late);
        ath__mysql_drop_rows(s);
        return;
    }
    if (code != MYSQL_NO_DATA)
        ath__mysql_failed(s->connection, s->stmt, &s->late);
    ath__mysql_rows_over(s);
}

void ath__mysql_forget_rows(ath__mysql_stmt *s) {
    let_go(s);
    ath__arena_reset(&s->kept);
    s->first_kept = s->last_kept = NULL;
    s->late.status = ATH_OK;
    s->fetched = 0;
}

/* ---- stepping ---- */

static ath__step kept_step(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql_kept *row = s->first_kept;
    if (!row && s->late.status != ATH_OK) {
        if (error)
            *error = s->late;
        s->late.status = ATH_OK;
        return ATH__STEP_ERROR;
    }
    if (!row) {
        if (s->column_count)
            s->connection->changed = s->fetched;
        return ATH__STEP_DONE;
    }
    s->first_kept = row->next;
    if (!s->first_kept)
        s->last_kept = NULL;
    let_go(s);
    s->cells = row->cells;
    s->fetched++;
    return ATH__STEP_ROW;
}

ath__step ath__mysql_fetch(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    if (!s->on_wire)
        return kept_step(s, error);
    int code = next_row(s);
    bool usable = !s->no_room && !s->malformed;
    if (code == 0 && c->cut == ATH_OK && usable) {
        s->cells = s->own_cells;
        s->fetched++;
        return ATH__STEP_ROW;
    }
    ath_status status = ATH_OK;
    if (code == 0) { /* in spite of the deadline, or of no use */
        status = usable ? ATH_OK : unusable(s, error);
        ath__mysql_drop_rows(s);
    } else {
        if (code != MYSQL_NO_DATA)
            status = ath__mysql_failed(c, s->stmt, error);
        ath__mysql_rows_over(s);
    }
    status = ath__mysql_end(c, status, error);
    return status == ATH_OK ? ATH__STEP_DONE : ATH__STEP_ERROR;
}

/* ---- decoding ---- */

static ath_value integer(uint64_t n, const ath__mysql_column *column, size_t size) {
    if (column->is_unsigned && n > INT64_MAX)
        return (ath_value){.kind = ATH_KIND_UINT, .as.u = n};
    if (!column->is_unsigned && size > 0 && size < 8) { /* the sign stands in the highest of the bits that came */
        uint64_t sign = UINT64_C(1) << (8 * size - 1);
        n = (n ^ sign) - sign;
    }
    return (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)n};
}

static ath_value real(const char *at, size_t size) {
    float f;
    double d;
    if (size == sizeof f) {
        memcpy(&f, at, sizeof f);
        d = (double)f;
    } else {
        memcpy(&d, at, sizeof d);
    }
    return (ath_value){.kind = ATH_KIND_REAL, .as.d = d};
}

/* BIT(n) comes with the highest byte first. */
static ath_value bits(const unsigned char *at, size_t size) {
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n = n << 8 | at[i];
    if (n > INT64_MAX)
        return (ath_value){.kind = ATH_KIND_UINT, .as.u = n};
    return (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)n};
}

/* Sign, days, hour, minute, second, microseconds.  MySQL's TIME reaches beyond the day, to 838 hours: then it is a span of
 * time. */
static ath_status time_of_day(const unsigned char *at, size_t size, ath_value *out, ath_error *error) {
    enum { MOST_DAYS = 35 };
    unsigned char full[TIME_WIDTH] = {0};
    memcpy(full, at, size < TIME_WIDTH ? size : TIME_WIDTH);
    int64_t days = (int64_t)little(full + 1, 4), us = us_of_day(full + 5);
    if (days > MOST_DAYS || us >= US_PER_DAY)
        return ath__fail(error, ATH_DATA, "the server sent a time that is none");
    if (!full[0] && days == 0) {
        *out = (ath_value){.kind = ATH_KIND_TIME, .as.time = {us}};
        return ATH_OK;
    }
    us += days * US_PER_DAY;
    *out = (ath_value){.kind = ATH_KIND_INTERVAL, .as.interval = {.us = full[0] ? -us : us}};
    return ATH_OK;
}

/* What has more digits than ath_decimal can hold may have them behind the point, as zeros. */
static ath_value decimal(const char *at, size_t size) {
    ath_value v = {.kind = ATH_KIND_DECIMAL};
    if (ath_decimal_parse(at, size, &v.as.decimal) == ATH_OK)
        return v;
    size_t shorter = size;
    if (memchr(at, '.', size))
        while (shorter && at[shorter - 1] == '0')
            shorter--;
    if (shorter < size && ath_decimal_parse(at, shorter - (at[shorter - 1] == '.'), &v.as.decimal) == ATH_OK)
        return v;
    return (ath_value){.kind = ATH_KIND_TEXT, .as.text = {at, size}};
}

static ath_status decode(const ath__mysql_column *column, const char *at, size_t size, ath_value *out,
                         ath_error *error) {
    const unsigned char *bytes = (const unsigned char *)at;
    switch (column->type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONGLONG:
        *out = integer(little(bytes, size), column, size);
        return ATH_OK;
    case MYSQL_TYPE_FLOAT:
    case MYSQL_TYPE_DOUBLE:
        *out = real(at, size);
        return ATH_OK;
    case MYSQL_TYPE_BIT:
        *out = bits(bytes, size);
        return ATH_OK;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        return date(bytes, size, column->type == MYSQL_TYPE_DATE || column->type == MYSQL_TYPE_NEWDATE,
                    column->type == MYSQL_TYPE_TIMESTAMP, out, error);
    case MYSQL_TYPE_TIME:
        return time_of_day(bytes, size, out, error);
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        *out = decimal(at, size);
        return ATH_OK;
    case MYSQL_TYPE_JSON:
        *out = (ath_value){.kind = ATH_KIND_JSON, .as.text = {at, size}};
        return ATH_OK;
    default:
        if (column->is_binary)
            *out = (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = {at, size}};
        else
            *out = (ath_value){.kind = ATH_KIND_TEXT, .as.text = {at, size}};
        return ATH_OK;
    }
}

ath_status ath__mysql_cells(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error) {
    const ath__mysql_stmt *s = statement;
    const ath_value *from = s->cells + first;
    for (size_t i = 0; i < count; i++) {
        cells[i] = from[i];
        if (from[i].kind == ATH__MYSQL_LATE)
            ATH_TRY(decode(&s->columns[first + i], from[i].as.bytes.data, from[i].as.bytes.size, &cells[i], error));
    }
    return ATH_OK;
}

ath_status ath__mysql_row(void *statement, ath_value *cells, size_t count, ath_error *error) {
    return ath__mysql_cells(statement, 0, cells, count, error);
}
