/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: what the driver's files share.  The client library's header comes first: it names functions that
 * the base floor forbids behind it.
 */
#ifndef ATH_BACKEND_MYSQL_CLIENT_H
#define ATH_BACKEND_MYSQL_CLIENT_H

#include <pthread.h>

#include "backend/mysql/libmariadb.h"
#include "backend/mysql/mysql.h"

/* ---- url.c: what a URL says ---- */

typedef enum ath__mysql_tls {
    ATH__MYSQL_TLS_OFF = 0,
    ATH__MYSQL_TLS_PREFERRED, /* without, where the server has none */
    ATH__MYSQL_TLS_REQUIRED,  /* encrypted, whoever it is */
    ATH__MYSQL_TLS_VERIFIED   /* the certificate is for the host, and signed by an authority we trust */
} ath__mysql_tls;

/* Where and how to connect.  Its texts live in the connection's arena. */
typedef struct ath__mysql_target {
    const char *user, *password, *host, *database, *socket;
    unsigned port;
    ath__mysql_tls tls;
    const char *ca, *ca_path, *certificate, *key, *cipher, *tls_version;
    unsigned connect_timeout, read_timeout, write_timeout; /* seconds; 0: none */
    bool local_infile, compress;
    const char *program, *collation, *sql_mode, *init;
} ath__mysql_target;

/* ATH_ARGUMENT, naming the key, when the URL says something that is not known. */
ath_status ath__mysql_target_of(const ath_url *url, ath__arena *arena, ath__mysql_target *out, ath_error *error);

/* ---- a connection, a statement ---- */

typedef struct ath__mysql_stmt ath__mysql_stmt;

typedef struct ath__mysql {
    ath_allocator allocator;
    ath_wait_hook wait;
    ath__arena arena; /* the target's texts */
    ath__mysql_target target;
    ath_dialect dialect;
    MYSQL *mysql;
    unsigned long thread_id;
    char peer[64]; /* the server's address, "" for a socket file */
    int64_t deadline_us;
    bool is_mariadb, never_prepare;
    bool connecting;         /* there is no query to end yet */
    bool lost;               /* the socket is dead, or nobody knows what it will say next */
    ath_status cut;          /* why the running call is being ended before its time; ATH_OK: it is not */
    int64_t grace_us;        /* until when it may take to end */
    _Atomic bool running;    /* for cancel, which comes from other threads */
    ath__mysql_stmt *active; /* the one whose rows are still on the wire */
    ath__mysql_stmt *stmts;  /* all of them, linked */
    uint64_t clock;          /* counts runs, to tell the longest unused */
    uint64_t max_packet;     /* the server's limit; 0: not asked yet */
    int64_t changed, inserted;
    int64_t records, duplicates; /* of an INSERT of several rows or a SELECT; -1: the server has not said */
} ath__mysql;

/* One column of the rows, as the wire has it. */
typedef struct ath__mysql_column {
    const char *name;
    uint8_t type; /* enum_field_types */
    bool is_unsigned, is_binary;
    int8_t width;  /* bytes; -1: a length stands before it */
    uint8_t shape; /* fetch.c's own: how its cells are received */
} ath__mysql_column;

/* The kind of a received cell that is decoded only when it is asked for: its bytes, as they came, with a NUL behind. */
#define ATH__MYSQL_LATE ((ath_kind)255)

/* Room for a value that needs another form than ath_value has. */
typedef struct ath__mysql_slot {
    union {
        int64_t i;
        double d;
        MYSQL_TIME time;
        char text[ATH_INTERVAL_TEXT];
    } as;
    unsigned long size;
    my_bool is_null;
    char indicator; /* for rows in bulk */
} ath__mysql_slot;

/* A row that was taken into memory. */
typedef struct ath__mysql_kept {
    struct ath__mysql_kept *next;
    ath_value *cells;
} ath__mysql_kept;

typedef enum ath__mysql_phase {
    ATH__MYSQL_READY = 0, /* not run since it was bound */
    ATH__MYSQL_ROWS,      /* rows are on the wire, or in memory */
    ATH__MYSQL_OVER
} ath__mysql_phase;

struct ath__mysql_stmt {
    ath__mysql *connection;
    ath__mysql_stmt *next;
    char *sql; /* to prepare it again */
    size_t sql_size;
    MYSQL_STMT *stmt; /* NULL: not on the server at present */
    uint64_t used_at; /* connection->clock at its last run */

    size_t bind_count;
    MYSQL_BIND *binds;
    ath__mysql_slot *slots;
    char *copies; /* of text and bytes */
    size_t copies_used, copies_size;
    size_t text_bytes; /* in all values that are bound */

    const ath_value *rows;              /* in bulk: the values, row by row; NULL: one row, bound one by one */
    size_t row_count, rows_sent, chunk; /* `chunk` rows of them go with the next run */
    ath_kind *row_kinds;                /* of each column: as what its values travel */
    int64_t row_changes;

    size_t column_count;
    ath__mysql_column *columns;
    char *names; /* of the columns: libmariadb's own change under further results */
    size_t names_size;
    ath_value *cells, *own_cells; /* of the present row: our own, or of a row in memory */
    char *own_bytes;              /* that our own cells point to */
    size_t own_size, used;        /* of own_bytes */
    char *held;                   /* the bytes of the present row, while rows behind it are taken into memory */
    size_t held_size;
    int64_t fetched;
    ath__arena kept; /* rows that were taken into memory */
    ath__mysql_kept *first_kept, *last_kept;
    ath_error late; /* what came behind them; or why a row of the bulk could not be sent */

    bool is_plain; /* the server does not prepare such a statement: it is sent as text */
    ath__mysql_phase phase;
    bool types_changed; /* the server must be told the types of the values */
    bool was_bulk;      /* libmariadb was told to expect rows in bulk */
    bool no_room;       /* memory ran out while a row was received */
    bool malformed;     /* a cell is longer than its row */
    bool on_wire;       /* rows are still to come */
};

/* ---- wait.c: calls that do not block, and their end before time ---- */

/* Waits for what libmariadb asked for and says what came of it.  Never fails: a call that is overtaken has its query
 * ended on the server, so that the answer comes; connection->cut says so. */
int ath__mysql_wait(ath__mysql *c, int events);

/* Runs a call to its end: ATH__MYSQL_RUN(c, mysql_ping_start(&r, c->mysql), mysql_ping_cont(&r, c->mysql, ready)). */
#define ATH__MYSQL_RUN(c, start, cont)                                                                                 \
    do {                                                                                                               \
        int ready = (start);                                                                                           \
        while (ready) {                                                                                                \
            ready = ath__mysql_wait(c, ready);                                                                         \
            ready = (cont);                                                                                            \
        }                                                                                                              \
    } while (0)

/* Around each conversation with the server.  begin refuses a lost connection and takes the rows of another statement
 * into memory; end gives the status, ATH_OK or what ended it before its time, and leaves the connection in step. */
ath_status ath__mysql_begin(ath__mysql *c, ath_error *error);
ath_status ath__mysql_end(ath__mysql *c, ath_status status, ath_error *error);
/* Text without placeholders; rows are thrown away. */
ath_status ath__mysql_query(ath__mysql *c, const char *sql, size_t size, ath_error *error);
/* The same; the first value of the first row goes to *out (left alone when there is none). */
ath_status ath__mysql_ask(ath__mysql *c, const char *sql, uint64_t *out, ath_error *error);
/* An empty query: takes a KILL QUERY that came too late, and learns whether a transaction is open. */
void ath__mysql_settle(ath__mysql *c);

/* ---- connect.c ---- */

ath_status ath__mysql_connect(const ath__connect *how, void **connection, ath_error *error);
void ath__mysql_disconnect(void *connection);
void ath__mysql_abandon(void *connection);
/* Ends the query that runs on c, by way of a second connection.  Any thread. */
ath_status ath__mysql_kill(const ath__mysql *c, const ath_wait_hook *wait, ath_error *error);
ath_status ath__mysql_cancel(void *connection, ath_error *error);
/* What sets the session up, into out. */
void ath__mysql_setup_sql(const ath__mysql *c, ath__buf *out);

/* ---- statement.c ---- */

ath_status ath__mysql_prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                              void **statement, ath_error *error);
void ath__mysql_finalize(void *statement);
ath__step ath__mysql_step(void *statement, ath_error *error);
void ath__mysql_reset(void *statement);

/* ---- bind.c, bulk.c ---- */

ath_status ath__mysql_bind(void *statement, size_t first, const ath_value *values, size_t count, bool copy,
                           ath_error *error);
ath_status ath__mysql_bind_rows(void *statement, const ath_value *values, size_t rows, size_t columns,
                                ath_error *error);
/* The values are handed to libmariadb; for rows in bulk, the next as many as a packet takes. */
ath_status ath__mysql_send_values(ath__mysql_stmt *s, ath_error *error);
ath_status ath__mysql_send_rows(ath__mysql_stmt *s, ath_error *error);
/* The form in which a value travels: its type, and its bytes in the slot or where they are; NULL leaves the type. */
ath_status ath__mysql_encode(const ath_value *value, ath__mysql_slot *slot, MYSQL_BIND *bind, ath_error *error);

/* ---- fetch.c ---- */

/* Takes over the columns of a statement that was prepared or run. */
ath_status ath__mysql_take_columns(ath__mysql_stmt *s, ath_error *error);
void ath__mysql_free_columns(ath__mysql_stmt *s);
/* Fills in what follows from the column's type: its width and shape. */
void ath__mysql_shape(ath__mysql_column *column);
/* Cells are to be handed over to ath__mysql_fetch. */
void ath__mysql_listen(ath__mysql_stmt *s);
/* Takes the cell that begins at *at into the statement's row and moves *at behind it; `end` is behind all that can be
 * read. */
void ath__mysql_take_cell(ath__mysql_stmt *s, size_t column, unsigned char **at, const unsigned char *end);
/* The next row of the wire or of memory. */
ath__step ath__mysql_fetch(ath__mysql_stmt *s, ath_error *error);
/* Takes the rows that are left into memory. */
void ath__mysql_keep_rows(ath__mysql_stmt *s);
/* Frees what was taken into memory. */
void ath__mysql_forget_rows(ath__mysql_stmt *s);
/* Throws the rows that are left on the wire away. */
void ath__mysql_drop_rows(ath__mysql_stmt *s);
/* Behind the last row, or where there is none: notes what was changed and throws further results away. */
void ath__mysql_rows_over(ath__mysql_stmt *s);
ath_status ath__mysql_row(void *statement, ath_value *cells, size_t count, ath_error *error);
ath_status ath__mysql_cells(void *statement, size_t first, ath_value *cells, size_t count, ath_error *error);

/* ---- error.c ---- */

/* What libmariadb says of its last failure; of the statement, when there is one. */
ath_status ath__mysql_failed(ath__mysql *c, MYSQL_STMT *stmt, ath_error *error);
/* Of a number and a message. */
ath_status ath__mysql_error(unsigned number, const char *sqlstate, const char *message, ath_error *error);
/* Fills in the table that the statement changes, where the message named none. */
void ath__mysql_name_table(const char *sql, ath_error *error);
bool ath__mysql_is_stale_plan(const ath_error *error);

#endif
