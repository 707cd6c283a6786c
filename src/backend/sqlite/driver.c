/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 3 to 6 on SQLite: bind, step, and the row's cells.
 *
 * The connection is opened without SQLite's mutex (it belongs to one thread at a time), and a row is read through
 * sqlite3_column_value once per column, so that the accessors behind it are plain loads.  What SQLite has no type for
 * (dates, decimals, uuids) travels as text, written into a buffer that the statement keeps.
 */
#include "backend/sqlite/sqlite.h"

#include "base/here.h"

enum { TEXT_SIZE = ATH_INTERVAL_TEXT };

/* ---- preparing ---- */

/* Behind the statement only space, semicolons and comments may stand. */
static bool only_blank(const char *at, const char *end) {
    while (at < end) {
        if (strchr(" \t\r\n\f;", *at)) {
            at++;
        } else if (strncmp(at, "--", 2) == 0) {
            at += strcspn(at, "\n");
        } else if (strncmp(at, "/*", 2) == 0) {
            const char *close = strstr(at + 2, "*/");
            at = close ? close + 2 : end;
        } else {
            return false;
        }
    }
    return true;
}

typedef struct preparing {
    ath__sqlite *connection;
    const char *sql;
    size_t size;
    sqlite3_stmt **stmt;
    ath_error *error;
} preparing;

static ath_status prepare_text(void *arguments) {
    const preparing *p = arguments;
    ath__sqlite *c = p->connection;
    const char *sql = p->sql;
    size_t size = p->size;
    sqlite3_stmt **stmt = p->stmt;
    ath_error *error = p->error;
    const char *tail = NULL;
    int code = sqlite3_prepare_v3(c->db, sql, (int)size + 1, SQLITE_PREPARE_PERSISTENT, stmt, &tail);
    if (code != SQLITE_OK)
        return ath__sqlite_failed(c, sqlite3_extended_errcode(c->db), error);
    if (!*stmt)
        return ath__fail(error, ATH_PROGRAMMING, "the statement is empty");
    if (only_blank(tail, sql + size))
        return ATH_OK;
    sqlite3_finalize(*stmt);
    return ath__fail(error, ATH_PROGRAMMING, "the text holds more than one statement; run them one by one");
}

static ath_status prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                          void **statement, ath_error *error) {
    ath__sqlite *c = connection;
    (void)binds; /* values carry their types */
    (void)bind_count;
    if (size > (size_t)1 << 30)
        return ath__fail(error, ATH_DATA, "the statement is too long");
    ath__sqlite_stmt *s = ath__alloc_zero(&c->allocator, 1, sizeof *s);
    if (!s)
        return ath__fail_memory(error);
    preparing p = {c, sql, size, &s->stmt, error};
    ath_status status = ath__sqlite_away(c, prepare_text, &p, error);
    if (status != ATH_OK) {
        ath__free(&c->allocator, s, sizeof *s);
        return status;
    }
    s->connection = c;
    s->binds = (size_t)sqlite3_bind_parameter_count(s->stmt);
    *statement = s;
    return ATH_OK;
}

static void finalize(void *statement) {
    ath__sqlite_stmt *s = statement;
    ath__sqlite_forget_ahead(s);
    sqlite3_finalize(s->stmt);
    ath__free(&s->connection->allocator, s->texts, s->binds * TEXT_SIZE);
    ath__free(&s->connection->allocator, s, sizeof *s);
}

static size_t statement_bytes(void *statement) {
    ath__sqlite_stmt *s = statement;
    return sizeof *s + s->binds * TEXT_SIZE + (size_t)sqlite3_stmt_status(s->stmt, SQLITE_STMTSTATUS_MEMUSED, 0);
}

static size_t column_count(void *statement) {
    return (size_t)sqlite3_column_count(((ath__sqlite_stmt *)statement)->stmt);
}

static const char *column_name(void *statement, size_t i) {
    const char *name = sqlite3_column_name(((ath__sqlite_stmt *)statement)->stmt, (int)i);
    return name ? name : "";
}

static size_t bind_count(void *statement) {
    return ((ath__sqlite_stmt *)statement)->binds;
}

/* ---- binding ---- */

/* The statement's own room for the text of placeholder i. */
static char *text_room(ath__sqlite_stmt *s, size_t i) {
    if (!s->texts)
        s->texts = ath__alloc(&s->connection->allocator, s->binds * TEXT_SIZE);
    return s->texts ? s->texts + i * TEXT_SIZE : NULL;
}

size_t ath__sqlite_uuid(ath_uuid uuid, char *out) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof uuid.bytes; i++) {
        out[2 * i] = digits[uuid.bytes[i] >> 4];
        out[2 * i + 1] = digits[uuid.bytes[i] & 15];
    }
    return 2 * sizeof uuid.bytes;
}

/* Years of four digits: only their texts are in the order of time. */
static bool is_in_order(const ath_value *v) {
    const int64_t day = INT64_C(86400000000), first = -719528 * day, last = 2932897 * day - 1;
    if (v->kind == ATH_KIND_DATE)
        return v->as.date.days >= -719528 && v->as.date.days <= 2932896;
    if (v->kind == ATH_KIND_DATETIME || v->kind == ATH_KIND_TIMESTAMP)
        return v->as.datetime.us >= first && v->as.datetime.us <= last;
    return true;
}

static int bind_written(ath__sqlite_stmt *s, size_t i, const ath_value *v) {
    char *room = text_room(s, i);
    if (!room)
        return SQLITE_NOMEM;
    if (!is_in_order(v))
        return SQLITE_MISMATCH;
    return sqlite3_bind_text(
        s->stmt, (int)i + 1, room,
        (int)(v->kind == ATH_KIND_UUID ? ath__sqlite_uuid(v->as.uuid, room) : ath__value_format(v, room)),
        SQLITE_STATIC);
}

bool ath__sqlite_is_bare_number(ath_str json) {
    size_t at = 0;
    while (at < json.size && strchr(" \t\r\n", json.data[at]))
        at++;
    return at < json.size && (json.data[at] == '-' || (json.data[at] >= '0' && json.data[at] <= '9'));
}

static int bind_one(ath__sqlite_stmt *s, size_t i, const ath_value *v, sqlite3_destructor_type life) {
    sqlite3_stmt *stmt = s->stmt;
    int at = (int)i + 1;
    switch (v->kind) {
    case ATH_KIND_NULL:
        return sqlite3_bind_null(stmt, at);
    case ATH_KIND_BOOL:
        return sqlite3_bind_int(stmt, at, v->as.b);
    case ATH_KIND_INT:
        return sqlite3_bind_int64(stmt, at, v->as.i);
    case ATH_KIND_REAL:
        return v->as.d == v->as.d ? sqlite3_bind_double(stmt, at, v->as.d) : SQLITE_MISMATCH;
    case ATH_KIND_JSON:
        if (ath__sqlite_is_bare_number(
                v->as.text)) /* the column's affinity would make a double of it; a blob it leaves alone */
            return sqlite3_bind_blob64(stmt, at, v->as.text.data, v->as.text.size, life);
        return sqlite3_bind_text64(stmt, at, v->as.text.data, v->as.text.size, life, SQLITE_UTF8);
    case ATH_KIND_TEXT:
        /* a NULL pointer would be SQL NULL */
        return sqlite3_bind_text64(stmt, at, v->as.text.data ? v->as.text.data : "", v->as.text.size, life,
                                   SQLITE_UTF8);
    case ATH_KIND_BYTES:
        return v->as.bytes.size ? sqlite3_bind_blob64(stmt, at, v->as.bytes.data, v->as.bytes.size, life)
                                : sqlite3_bind_zeroblob(stmt, at, 0);
    case ATH_KIND_UINT:
        return SQLITE_MISMATCH;
    case ATH_KIND_ARRAY:
        return ath__sqlite_bind_array(s, at, v);
    default:
        return bind_written(s, i, v);
    }
}

static ath_status refused(const ath__sqlite_stmt *s, const ath_value *v, int code, ath_error *error) {
    if (code == SQLITE_MISMATCH && v->kind == ATH_KIND_UINT)
        return ath__fail(error, ATH_DATA, "SQLite's integers end at 9223372036854775807; the value is larger");
    if (code == SQLITE_MISMATCH && v->kind != ATH_KIND_REAL)
        return ath__fail(error, ATH_DATA, "SQLite keeps dates of the years 0 to 9999; the value lies outside");
    if (code == SQLITE_MISMATCH)
        return ath__fail(error, ATH_DATA, "SQLite cannot store NaN");
    return ath__sqlite_failed(s->connection, code, error);
}

static ath_status bind(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                       ath_error *error) {
    ath__sqlite_stmt *s = statement;
    sqlite3_destructor_type life = copy ? SQLITE_TRANSIENT : SQLITE_STATIC;
    for (size_t i = 0; i < count; i++) {
        int code = bind_one(s, first + i, &values[i], life);
        if (code != SQLITE_OK)
            return refused(s, &values[i], code, error);
    }
    return ATH_OK;
}

/* ---- stepping ---- */

ath__step ath__sqlite_step_now(ath__sqlite_stmt *s, ath_error *error) {
    int code = sqlite3_step(s->stmt);
    if (code == SQLITE_ROW)
        return ATH__STEP_ROW;
    if (code == SQLITE_DONE)
        return ATH__STEP_DONE;
    ath__sqlite_failed(s->connection, code, error);
    return ATH__STEP_ERROR;
}

static ath__step step(void *statement, ath_error *error) {
    ath__sqlite_stmt *s = statement;
    return ath__here || s->ahead ? ath__sqlite_step_away(s, error) : ath__sqlite_step_now(s, error);
}

ath_status ath__sqlite_cells_now(ath__sqlite_stmt *s, size_t first, ath_value *cells, size_t count, ath_error *error) {
    for (size_t i = 0; i < count; i++) {
        sqlite3_value *v = sqlite3_column_value(s->stmt, (int)(first + i));
        switch (sqlite3_value_type(v)) {
        case SQLITE_INTEGER:
            cells[i].kind = ATH_KIND_INT;
            cells[i].as.i = sqlite3_value_int64(v);
            break;
        case SQLITE_FLOAT:
            cells[i].kind = ATH_KIND_REAL;
            cells[i].as.d = sqlite3_value_double(v);
            break;
        case SQLITE_TEXT:
            cells[i].kind = ATH_KIND_TEXT;
            cells[i].as.text.data = (const char *)sqlite3_value_text(v);
            cells[i].as.text.size = (size_t)sqlite3_value_bytes(v);
            if (!cells[i].as.text.data)
                return ath__fail_memory(error);
            break;
        case SQLITE_BLOB:
            cells[i].kind = ATH_KIND_BYTES;
            cells[i].as.bytes.data = sqlite3_value_blob(v);
            cells[i].as.bytes.size = (size_t)sqlite3_value_bytes(v);
            if (!cells[i].as.bytes.data) /* an empty blob: not NULL */
                cells[i].as.bytes.data = "";
            break;
        default:
            cells[i].kind = ATH_KIND_NULL;
            break;
        }
    }
    return ATH_OK;
}

static ath_status cells_from(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error) {
    ath__sqlite_stmt *s = statement;
    if (!ath__sqlite_is_ahead(s))
        return ath__sqlite_cells_now(s, first, cells, count, error);
    ath__sqlite_cells_ahead(s, first, cells, count);
    return ATH_OK;
}

static ath_status row(void *statement, ath_value *cells, size_t count, ath_error *error) {
    return cells_from(statement, 0, cells, count, error);
}

static void reset(void *statement) {
    ath__sqlite_stmt *s = statement;
    ath__sqlite_forget_ahead(s);
    sqlite3_reset(s->stmt);
}

/* ---- the connection ---- */

static const ath_dialect *dialect(void *connection) {
    return &((ath__sqlite *)connection)->dialect;
}

static int64_t rows_changed(void *connection) {
    return sqlite3_changes(((ath__sqlite *)connection)->db);
}

static int64_t inserted_id(void *connection) {
    return sqlite3_last_insert_rowid(((ath__sqlite *)connection)->db);
}

/* Text, or the name of a table that may be there. */
typedef struct asking {
    ath__sqlite *connection;
    const char *text;
    bool *exists;
    ath_error *error;
} asking;

static ath_status exec_now(void *arguments) {
    const asking *a = arguments;
    if (sqlite3_exec(a->connection->db, a->text, NULL, NULL, NULL) == SQLITE_OK)
        return ATH_OK;
    return ath__sqlite_failed(a->connection, sqlite3_extended_errcode(a->connection->db), a->error);
}

static ath_status exec(void *connection, const char *sql, ath_error *error) {
    asking a = {connection, sql, NULL, error};
    return ath__sqlite_away(connection, exec_now, &a, error);
}

static bool in_transaction(void *connection) {
    return !sqlite3_get_autocommit(((ath__sqlite *)connection)->db);
}

static ath_status defer_foreign_keys(void *connection, ath_error *error) {
    return exec(connection, "PRAGMA defer_foreign_keys = on", error); /* SQLite turns it off at the transaction's end */
}

static ath_status has_table_now(void *arguments) {
    static const char sql[] =
        "SELECT 1 FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE";
    const asking *a = arguments;
    const ath__sqlite *c = a->connection;
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, sizeof sql, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(stmt, 1, a->text, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    *a->exists = code == SQLITE_ROW;
    ath_status status = code == SQLITE_ROW || code == SQLITE_DONE
                            ? ATH_OK
                            : ath__sqlite_failed(c, sqlite3_extended_errcode(c->db), a->error);
    sqlite3_finalize(stmt);
    return status;
}

static ath_status has_table(void *connection, const char *name, bool *exists, ath_error *error) {
    asking a = {connection, name, exists, error};
    return ath__sqlite_away(connection, has_table_now, &a, error);
}

const ath__driver ath__sqlite_driver = {
    .struct_size = sizeof(ath__driver),
    .name = "sqlite3",
    .connect = ath__sqlite_connect,
    .disconnect = ath__sqlite_disconnect,
    .dialect = dialect,
    .prepare = prepare,
    .finalize = finalize,
    .statement_bytes = statement_bytes,
    .column_count = column_count,
    .column_name = column_name,
    .bind_count = bind_count,
    .bind = bind,
    .step = step,
    .row = row,
    .cells = cells_from,
    .reset = reset,
    .rows_changed = rows_changed,
    .inserted_id = inserted_id,
    .exec = exec,
    .in_transaction = in_transaction,
    .has_table = has_table,
    .reserve_keys = ath__sqlite_reserve_keys,
    .is_private = ath__sqlite_is_private,
    .reading_only = ath__sqlite_reading_only,
    .check_url = ath__sqlite_check_url,
    .defer_foreign_keys = defer_foreign_keys,
};

const ath__backend ath__sqlite_backend = {
    .name = "sqlite",
    .dialect = &ath__sqlite_dialect,
    .driver = &ath__sqlite_driver,
    .reflector = &ath__sqlite_reflector,
    .impacts = &ath__sqlite_impacts,
    .alterer = &ath__sqlite_alterer,
};
