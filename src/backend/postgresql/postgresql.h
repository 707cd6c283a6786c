/* SPDX-License-Identifier: Apache-2.0
 *
 * The PostgreSQL backend: what src/athanor.c lists, and what its own files share.
 *
 * libpq is used through its non-blocking calls alone; every wait goes through the engine's hook (wait.c).  libpq's memory
 * stays its own (malloc), except for what lies around a connection and a statement here.
 */
#ifndef ATH_BACKEND_POSTGRESQL_POSTGRESQL_H
#define ATH_BACKEND_POSTGRESQL_POSTGRESQL_H

#include "backend/postgresql/libpq.h"
#include "engine/driver.h"

/* The least server version that is supported: 12, the first with GENERATED columns and AS MATERIALIZED. */
enum { ATH__POSTGRESQL_LEAST = 120000 };

/* Object ids of pg_type that this backend knows. */
enum {
    ATH__OID_BOOL = 16,
    ATH__OID_BYTEA = 17,
    ATH__OID_NAME = 19,
    ATH__OID_INT8 = 20,
    ATH__OID_INT2 = 21,
    ATH__OID_INT4 = 23,
    ATH__OID_TEXT = 25,
    ATH__OID_OID = 26,
    ATH__OID_JSON = 114,
    ATH__OID_XML = 142,
    ATH__OID_FLOAT4 = 700,
    ATH__OID_FLOAT8 = 701,
    ATH__OID_UNKNOWN = 705,
    ATH__OID_BPCHAR = 1042,
    ATH__OID_VARCHAR = 1043,
    ATH__OID_DATE = 1082,
    ATH__OID_TIME = 1083,
    ATH__OID_TIMESTAMP = 1114,
    ATH__OID_TIMESTAMPTZ = 1184,
    ATH__OID_INTERVAL = 1186,
    ATH__OID_NUMERIC = 1700,
    ATH__OID_VOID = 2278,
    ATH__OID_UUID = 2950,
    ATH__OID_JSONB = 3802,
    ATH__OID_FIRST_OWN = 16384 /* from here on: of the database's own making */
};

/* How the cells of a column are read. */
typedef enum ath__pg_cell {
    ATH__CELL_UNKNOWN = 0, /* only its text is understood */
    ATH__CELL_TEXT,
    ATH__CELL_BOOL,
    ATH__CELL_INT2,
    ATH__CELL_INT4,
    ATH__CELL_INT8,
    ATH__CELL_OID,
    ATH__CELL_FLOAT4,
    ATH__CELL_FLOAT8,
    ATH__CELL_NUMERIC,
    ATH__CELL_BYTEA,
    ATH__CELL_DATE,
    ATH__CELL_TIME,
    ATH__CELL_TIMESTAMP,
    ATH__CELL_TIMESTAMPTZ,
    ATH__CELL_INTERVAL,
    ATH__CELL_UUID,
    ATH__CELL_JSON,
    ATH__CELL_JSONB
} ath__pg_cell;

/* A type of the database's own making, as pg_type says. */
typedef struct ath__pg_type {
    Oid oid;
    bool is_text; /* enums, citext ...: binary form is the text itself */
} ath__pg_type;

typedef struct ath__pg_stmt ath__pg_stmt;
typedef struct ath__pg_key ath__pg_key; /* wait.c: what the server wants to hear before it cancels a query */

typedef struct ath__pg {
    PGconn *conn;
    ath__pg_key *key;
    ath_allocator allocator;
    ath_wait_hook wait;
    ath_dialect dialect;
    char version_text[24];
    int64_t deadline_us;
    ath_status cut; /* not ATH_OK: the present call was overtaken, its query was told to end */
    int64_t cut_until_us;
    bool lost, never_prepare;
    uint32_t tag;   /* in the names of statements: other clients' of one pooler have other names */
    unsigned named; /* statements named so far */
    int64_t rows_changed;
    ath__pg_stmt *streaming; /* whose rows are still on their way */
    unsigned cursors;        /* declared so far */
    unsigned ends;     /* commits and rollbacks so far, those to savepoints too: cursors may have gone with them */
    unsigned *dropped; /* names to be deallocated when there is no transaction */
    size_t dropped_count, dropped_capacity;
    ath__pg_type *types; /* looked up so far */
    size_t type_count, type_capacity;
} ath__pg;

/* The bytes that a value other than text needs in binary: numerics of 38 digits are the longest. */
enum { ATH__PG_SLOT = 40 };

struct ath__pg_stmt {
    ath__pg *connection;
    char *sql;
    size_t sql_size;
    unsigned name; /* "ath_<tag>_<name>"; 0: unnamed */
    /* ---- parameters ---- */
    size_t binds;
    Oid *oids;           /* as the server told */
    Oid *declared;       /* as it was told; 0: not */
    const char **values; /* what libpq is given; these arrays are one block */
    int *lengths, *formats;
    bool undecided;    /* the server could not infer: all are declared */
    char *slots;       /* ATH__PG_SLOT bytes for each */
    ath__arena copies; /* of texts, until the statement is reset */
    ath__buf arrays;   /* of bind_rows, until then too */
    /* ---- columns ---- */
    PGresult *described;
    size_t columns;
    uint8_t *cells; /* ath__pg_cell */
    bool binary;    /* rows come in binary; otherwise all in text */
    /* ---- the run ---- */
    PGresult *result, *rest; /* present rows; rows taken in when another statement was started */
    PGresult *failed;        /* what the server said then, for the step that comes to it */
    int row, rows;
    bool running, stream, ended;
    ath_status broken;
    unsigned cursor, seen_at; /* its number, 0: none; `ends` of the connection when it was known to be there */
    unsigned portion;         /* rows to fetch next */
    bool last_portion;
    ath__arena texts; /* of cells that have no bytes of their own; until the next step */
};

extern const ath__backend ath__postgresql_backend;
extern const ath__reflector ath__postgresql_reflector;
extern const ath__impacts ath__postgresql_impacts; /* change.c */
extern const ath__alterer ath__postgresql_alterer;
extern const ath_dialect ath__postgresql_dialect;

/* ---- dialect.c ---- */

/* The dialect of a server of that version (PQserverVersion). */
void ath__postgresql_dialect_for(int version, ath_dialect *out);

/* ---- render.c: nodes that are written in this database's own way ---- */

bool ath__postgresql_render(ath__compiler *compiler, const ath_expr *node);

/* exists.c: see render_exists of the dialect. */
ath_status ath__postgresql_exists(const ath_dialect *dialect, int kind, const char *schema, const char *name,
                                  ath__buf *out, ath_error *error);

/* ---- literal.c ---- */

/* As ath__value_format, in PostgreSQL's own words. */
size_t ath__postgresql_text(const ath_value *value, char text[ATH_INTERVAL_TEXT]);
/* See render_literal of the dialect. */
bool ath__postgresql_literal(const ath_dialect *dialect, const ath_type *type, const ath_value *value, ath__buf *out);

/* ---- url.c: what libpq is told ---- */

enum { ATH__PG_OPTIONS = 48 };

/* libpq's keywords and values, ended by NULL.  Texts are the URL's or lie in the arena. */
typedef struct ath__pg_options {
    const char *keywords[ATH__PG_OPTIONS + 1], *values[ATH__PG_OPTIONS + 1];
    size_t count;
    const char *time_zone; /* of the session; NULL: UTC */
    int64_t timeout_us;    /* of connecting; 0: none */
    bool never_prepare;
    ath__arena arena;
} ath__pg_options;

/* Reads the URL; ATH_ARGUMENT names the key it does not understand.  `out` is to be done with in any case. */
ath_status ath__pg_options_read(const ath_url *url, const ath_allocator *a, ath__pg_options *out, ath_error *error);
void ath__pg_options_done(ath__pg_options *options);

/* ---- connect.c ---- */

ath_status ath__pg_connect(const ath__connect *how, void **connection, ath_error *error);
void ath__pg_disconnect(void *connection);
void ath__pg_abandon(void *connection);

/* ---- wait.c ---- */

/* Begins a call that talks to the server: what streams is taken into memory, earlier interruptions are forgotten. */
ath_status ath__pg_begin(ath__pg *c, ath_error *error);
/* The next result of what was sent, or NULL at its end, waiting through the hook.  When the call is overtaken, its query is
 * cancelled and what the server then says is waited for a little longer; a result that came whole counts.  Not ATH_OK:
 * the connection is lost. */
ath_status ath__pg_next(ath__pg *c, PGresult **result, ath_error *error);
/* Takes in all results up to the end; the last is kept in *result (may be NULL), of failures the first. */
ath_status ath__pg_finish(ath__pg *c, PGresult **result, ath_error *error);
/* The library would not take what was to be sent. */
ath_status ath__pg_not_sent(ath__pg *c, ath_error *error);
/* The right to cancel, which outlives the connection where a request is still under way. */
ath_status ath__pg_key_new(ath__pg *c, ath_error *error);
void ath__pg_key_done(ath__pg_key *key);
/* Asks the server to end what runs; returns when it has taken the request, or could not be reached in time. */
ath_status ath__pg_cancel(void *connection, ath_error *error);

/* ---- run.c ---- */

ath__step ath__pg_step(void *statement, ath_error *error);
void ath__pg_stream(void *statement);
void ath__pg_reset(void *statement);
/* Takes the rest of the rows of a streamed statement into memory. */
ath_status ath__pg_settle(ath__pg_stmt *s, ath_error *error);
ath_status ath__pg_exec(void *connection, const char *sql, ath_error *error);
/* Runs a query of this backend's own, with text parameters; *result is the caller's. */
ath_status ath__pg_query(ath__pg *c, const char *sql, int count, const char *const *values, PGresult **result,
                         ath_error *error);

/* Takes over a result whose rows are stepped through next. */
void ath__pg_take(ath__pg_stmt *s, PGresult *result);

/* ---- cursor.c: streamed SELECTs ---- */

/* Whether the rows can be read by a cursor. */
bool ath__pg_cursor_fits(const ath__pg_stmt *s);
ath_status ath__pg_cursor_open(ath__pg_stmt *s, ath_error *error);
/* The first row of the next portion.  `error` is not NULL. */
ath__step ath__pg_cursor_step(ath__pg_stmt *s, ath_error *error);
void ath__pg_cursor_close(ath__pg_stmt *s);

/* ---- prepare.c ---- */

ath_status ath__pg_prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                           void **statement, ath_error *error);
void ath__pg_finalize(void *statement);
size_t ath__pg_statement_bytes(void *statement);
/* Prepares anew with the types that are declared now; the others are inferred anew, too. */
ath_status ath__pg_prepare_again(ath__pg_stmt *s, ath_error *error);
/* Forgets what bind has declared. */
void ath__pg_undeclare(ath__pg_stmt *s);
enum { ATH__PG_NAME = 32 };
/* The name of a prepared statement on the server; "" for the unnamed. */
const char *ath__pg_name(const ath__pg *c, unsigned name, char out[ATH__PG_NAME]);

/* ---- types.c ---- */

/* The type that a value of that kind is declared with when the server cannot tell. */
Oid ath__pg_oid_of_kind(ath_kind kind);
Oid ath__pg_oid_of_type(const ath_type *type);
ath__pg_cell ath__pg_cell_of(Oid oid);
/* The type of an array's elements, and the way back; 0: not known here. */
Oid ath__pg_element_of(Oid array);
Oid ath__pg_array_of(Oid element);
/* Whether the type's binary form is its text. */
bool ath__pg_is_text(const ath__pg *c, Oid oid);
/* Looks up the types of the database's own making that the columns have. */
ath_status ath__pg_look_up(ath__pg *c, const PGresult *described, ath_error *error);

/* ---- encode.c ---- */

/* What became of a value that was to be written as a type. */
typedef enum ath__pg_coded {
    ATH__CODED_BINARY = 0, /* *data and *size are its bytes */
    ATH__CODED_TEXT,       /* *data and *size are its text, which has no NUL behind it */
    ATH__CODED_OTHER,      /* the value is not of that type's family: declare the parameter by the value's kind */
    ATH__CODED_FAILED      /* it cannot be sent; the error says why */
} ath__pg_coded;

/* `slot` has room for ATH__PG_SLOT bytes; *data is there, in `text`, or the value's own.  The value is not NULL. */
ath__pg_coded ath__pg_encode(const ath__pg *c, const ath_value *value, Oid oid, char *slot,
                             char text[ATH_INTERVAL_TEXT], const char **data, size_t *size, ath_error *error);
/* The value as text, for types that are not known here. */
ath__pg_coded ath__pg_encode_text(const ath_value *value, char text[ATH_INTERVAL_TEXT], const char **data, size_t *size,
                                  ath_error *error);
/* A decimal in the binary form of numeric; the bytes written. */
size_t ath__pg_encode_numeric(ath_decimal decimal, char *slot);

/* ---- bind.c ---- */

ath_status ath__pg_bind(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                        ath_error *error);
ath_status ath__pg_bind_rows(void *statement, const ath_value *values, size_t rows, size_t columns, ath_error *error);

/* ---- decode.c, decode_text.c ---- */

ath_status ath__pg_row(void *statement, ath_value *cells, size_t count, ath_error *error);
ath_status ath__pg_cells(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error);
ath_status ath__pg_decode_numeric(const char *data, size_t size, ath_decimal *out, ath_error *error);
/* One cell of a row that came as text. */
ath_status ath__pg_decode_text(ath__pg_cell cell, const char *text, size_t size, ath__arena *arena, ath_value *out,
                               ath_error *error);

/* ---- error.c ---- */

/* Fills *error from a failed result, or from what the connection says when it is NULL; returns its status.  Notes a lost
 * connection. */
ath_status ath__pg_failed(ath__pg *c, const PGresult *result, ath_error *error);
ath_status ath__pg_connect_failed(const PGconn *conn, ath_error *error);
bool ath__pg_is_stale_plan(const ath_error *error);

/* ---- bytes, in the order of the network ---- */

static inline uint16_t ath__pg_u16(const char *at) {
    const uint8_t *b = (const uint8_t *)at;
    return (uint16_t)(b[0] << 8 | b[1]);
}
static inline uint32_t ath__pg_u32(const char *at) {
    const uint8_t *b = (const uint8_t *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}
static inline uint64_t ath__pg_u64(const char *at) {
    return (uint64_t)ath__pg_u32(at) << 32 | ath__pg_u32(at + 4);
}
static inline void ath__pg_put16(char *at, uint16_t n) {
    at[0] = (char)(n >> 8);
    at[1] = (char)n;
}
static inline void ath__pg_put32(char *at, uint32_t n) {
    ath__pg_put16(at, (uint16_t)(n >> 16));
    ath__pg_put16(at + 2, (uint16_t)n);
}
static inline void ath__pg_put64(char *at, uint64_t n) {
    ath__pg_put32(at, (uint32_t)(n >> 32));
    ath__pg_put32(at + 4, (uint32_t)n);
}

/* PostgreSQL counts from 2000-01-01. */
#define ATH__PG_EPOCH_DAYS 10957
#define ATH__PG_EPOCH_US INT64_C(946684800000000)

/* ---- alter_lock.c: as of ath__alterer ---- */

ath_status ath__pg_try_lock(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                            ath_error *error);
ath_status ath__pg_unlock(ath_connection *connection, const char *name, ath_error *error);
ath_status ath__pg_table_size(ath_connection *connection, const char *schema, const char *table, int64_t *rows,
                              int64_t *bytes);
ath_status ath__pg_lock_timeout(ath_connection *connection, int milliseconds, ath_error *error);

extern const char ath__pg_texts[]; /* alter_texts.c */

#endif
