/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: from a URL to rows.  An engine knows one database and lends connections; a connection runs
 * statements inside transactions; a result walks rows.
 *
 *     ath_engine *db = ath_engine_open("sqlite:///blog.db", .echo = true);
 *     ath_connection *c = ath_connect(db);
 *     ath_result *r = ath_execute(c, ath_text("SELECT name FROM users WHERE id = :id", ath_bind("id", 7)));
 *     for (const ath_row *row; (row = ath_fetch(r));) puts(ath_row_text(row, 0));
 *     ath_result_close(r);
 *     ath_commit(c);
 *     ath_connection_close(c);
 *     ath_engine_close(db);
 *
 * What failed gives NULL, and that NULL may be handed on: functions of a status then give ATH_ARGUMENT, those of a pointer
 * NULL, those of a number 0 (ath_result_rowcount -1, as for a SELECT), and the error of nothing says that there is none.
 * So a program may check once, behind a run of calls.  That is so for sessions, streams and inspectors, too.
 *
 * Threads: an engine may be used by all; a connection and its results belong to one thread at a time.  When two use one
 * at once, the second is refused (ATH_STATE), and both are named.
 *
 * Forks: in the child an engine opens connections of its own.  Those of the parent are left alone, without a word to the
 * server; one that was checked out when the process forked gives ATH_STATE in the child, and is still to be closed.
 * Only a database that is private to its connection (":memory:") comes along: it is memory, and the child has a copy.
 */
#ifndef ATHANOR_ENGINE_H
#define ATHANOR_ENGINE_H

#include <athanor/sql.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_engine ath_engine;
typedef struct ath_connection ath_connection;
typedef struct ath_result ath_result;
typedef struct ath_row ath_row;

/* ---- URLs -------------------------------------------------------------------------------------------------------- */

/* dialect[+driver]://[user[:password]@][host][:port][/database][?key=value&...], as SQLAlchemy's: user, password,
 * database, keys and values are percent-decoded; an IPv6 host stands in brackets; a key may come several times.
 * Members that are not there are NULL (port: 0). */
typedef struct ath_url_query {
    const char *key, *value;
} ath_url_query;

typedef struct ath_url {
    const char *dialect, *driver, *user, *password, *host, *database;
    int port;
    const ath_url_query *query;
    size_t query_count;
} ath_url;

/* The parts of a URL; free with ath_url_free.  NULL and ATH_ARGUMENT (the message shows the URL with its password
 * masked) when it is malformed. */
ATH_API ath_url *ath_url_parse(const char *text, ath_error *error);
ATH_API void ath_url_free(ath_url *url); /* NULL is fine */
/* The value of a query key (the first, if it comes several times), or NULL. */
ATH_API const char *ath_url_get(const ath_url *url, const char *key);
/* Writes the URL again, the password as ***, into `out` of `size` bytes, cut when too long.  Returns the full length. */
ATH_API size_t ath_url_print(const ath_url *url, char *out, size_t size);

/* ---- engine ------------------------------------------------------------------------------------------------------ */

/* How the library waits: for a socket (fd >= 0, `events` as of poll(2)) or just for time to pass (fd < 0), until
 * `deadline_us` of CLOCK_MONOTONIC (INT64_MAX: for ever).  Returns ATH_OK when the socket is ready or the time has
 * come, ATH_TIMEOUT when the deadline of a socket passed.  The default is poll(2); a loop puts its own here. */
typedef struct ath_wait_hook {
    ath_status (*wait)(void *context, int fd, short events, int64_t deadline_us);
    void *context;
} ath_wait_hook;

/* How connections are kept.  A database that is private to its connection (":memory:") has one, whatever is asked for. */
typedef enum ath_pool_class {
    ATH_POOL_QUEUE = 0, /* .pool_size of them are kept, .max_overflow more while they are needed */
    ATH_POOL_NULL,      /* none is kept: each check-out opens one, without a limit */
    ATH_POOL_SINGLE     /* one, lent to one user after another */
} ath_pool_class;

/* What is done to a connection that comes back. */
typedef enum ath_pool_reset {
    ATH_POOL_ROLLBACK = 0, /* an open transaction is rolled back */
    ATH_POOL_NO_RESET      /* nothing: the program promises that it ends its transactions */
} ath_pool_reset;

/* Whether statements are prepared. */
typedef enum ath_prepare_mode {
    ATH_PREPARE_ONCE = 0, /* once per connection, and used again */
    ATH_NEVER /* none outlives its run on the server: for poolers that lend one connection per transaction */
} ath_prepare_mode;

#define ATH_POOL_NO_OVERFLOW (-2147483647 - 1) /* .max_overflow: none */
#define ATH_POOL_UNLIMITED (-1)                /* .max_overflow, .pool_size: as many as are asked for */

/* Options of an engine; zero fields are the defaults.
 *
 * The pool is SQLAlchemy's QueuePool, and fair: who has waited longest gets the next connection. */
typedef struct ath_engine_opts {
    const char *url; /* first, so that ath_engine_open("url", ...) fills it */
    size_t struct_size;
    bool echo;            /* log each statement, its values and how it was found; to stderr if there is no .log */
    bool hide_parameters; /* leave the values out of the log */
    ath_log_fn log;       /* default: none */
    void *log_context;
    ath_log_level log_level;        /* the least level that is passed on */
    const ath_allocator *allocator; /* copied; default: malloc */
    const ath_wait_hook *wait;      /* copied; default: poll(2) */
    size_t statement_cache_bytes;   /* per connection; default 8 MiB */
    int busy_timeout_ms;            /* how long a locked database is waited for; default 5,000; negative: not at all */
    ath_error *error;               /* receives why NULL was returned */

    ath_pool_class pool_class;
    int pool_size;    /* connections kept at most; default 5; negative: all */
    int max_overflow; /* beyond them, closed when they come back; default 10; ATH_POOL_NO_OVERFLOW; negative: any number */
    int pool_timeout_ms; /* how long a check-out waits for one; default 30,000; negative: not at all; INT_MAX: for ever */
    int pool_recycle_ms; /* at check-out, one opened longer ago is replaced; default: never */
    int pool_idle_ms; /* one that nobody wanted for so long is closed, at the next check-out or return; default: never */
    bool pool_pre_ping; /* at check-out, ask the server whether it is still there (one round trip) */
    bool pool_fifo;     /* lend the one that has been idle longest, not the one used last */
    ath_pool_reset pool_reset;
    ath_prepare_mode prepare;
    int connect_timeout_ms;   /* default: the URL's connect_timeout, or else 30,000; negative: as long as it takes */
    int statement_timeout_ms; /* for each wait for a server: a statement's first row, then each further; default: none */
    int reconnect_ms; /* how long to go on asking a server that was there and now refuses (it is being restarted);
                       * default 10,000; negative: not at all */
} ath_engine_opts;

/* Opens an engine.  Parses the URL and finds the backend; no connection is made before the first is asked for.
 * NULL when the URL is malformed or has a key or value that the backend does not know (ATH_ARGUMENT), names a database that is not built in (ATH_NOT_SUPPORTED), or memory
 * ran out.  Keys of SQLite URLs: mode=ro|rw|rwc|memory, cache, immutable, vfs, uri=true, timeout (seconds),
 * journal_mode, synchronous, foreign_keys=off.
 *
 * .echo without .log writes to standard error: it is the one place where the library itself writes. */
#define ath_engine_open(...) ATH_ENGINE_OPEN_(__VA_ARGS__, .struct_size = sizeof(ath_engine_opts))
#define ATH_ENGINE_OPEN_(...) ath_engine_open_opts(&(const ath_engine_opts){.url = __VA_ARGS__})
ATH_API ath_engine *ath_engine_open_opts(const ath_engine_opts *opts);
/* Closes idle connections and frees the engine.  All connections and sessions must have been closed before; each that is
 * not is logged (where and when it was checked out, its last statement), and the engine's memory stays until the last of
 * them is given back.  NULL is fine. */
ATH_API void ath_engine_close(ath_engine *engine);
/* Closes the idle connections; those in use are closed when they are given back.  The engine goes on with new ones. */
ATH_API void ath_engine_dispose(ath_engine *engine);
/* "sqlite", "postgresql" ... */
ATH_API const char *ath_engine_dialect(const ath_engine *engine);

/* What an engine has done since it was opened. */
typedef struct ath_engine_stats {
    uint64_t statements;    /* sent to the database, BEGIN and its kin included */
    uint64_t compiled;      /* texts built */
    uint64_t prepared;      /* statements prepared */
    uint64_t connections;   /* opened */
    uint64_t checked_out;   /* now in use */
    uint64_t pool_size;     /* kept at most */
    uint64_t idle;          /* now kept */
    uint64_t overflow;      /* now open beyond pool_size */
    uint64_t waiting;       /* check-outs that now wait for a connection */
    uint64_t closed;        /* connections closed, whatever the reason; of these: */
    uint64_t recycled;      /* ... because of their age, or because they were idle for too long */
    uint64_t invalidated;   /* ... because they were lost, or as old as one that was lost, or said to be no good */
    uint64_t timeouts;      /* check-outs that waited in vain */
    uint64_t waited;        /* check-outs that had to wait */
    uint64_t max_waited_us; /* the longest wait, microseconds */
} ath_engine_stats;
ATH_API ath_engine_stats ath_engine_statistics(const ath_engine *engine);

/* Creates the tables of the metadata that do not exist yet, in foreign-key order, with their indexes, in one
 * transaction.  An existing table is left as it is, whatever it looks like.  ath_drop_all drops those that exist, in
 * the reverse order.  On failure nothing has changed (where DDL is transactional) and *error says why. */
ATH_API ath_status ath_create_all_in(ath_engine *engine, const ath_metadata *metadata, ath_error *error);
ATH_API ath_status ath_drop_all_in(ath_engine *engine, const ath_metadata *metadata, ath_error *error);
#define ath_create_all(...) ATH_CREATE_ALL_(__VA_ARGS__, NULL, 0)
#define ATH_CREATE_ALL_(engine, metadata, error, ...) ath_create_all_in(engine, metadata, error)
#define ath_drop_all(...) ATH_DROP_ALL_(__VA_ARGS__, NULL, 0)
#define ATH_DROP_ALL_(engine, metadata, error, ...) ath_drop_all_in(engine, metadata, error)

/* DDL as text, for a database by its name ("postgresql") and without a connection, as its least supported version takes it:
 *
 *     ath_ddl_text *text = ath_ddl_sql("mysql", ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = &Blog), &error);
 *     for (size_t i = 0; i < ath_ddl_text_count(text); i++)
 *         puts(ath_ddl_text_at(text, i));
 *     ath_ddl_text_free(text);
 *
 * One statement each, without a semicolon.  NULL on failure: ATH_NOT_SUPPORTED when the database cannot. */
typedef struct ath_ddl_text ath_ddl_text;
ATH_API ath_ddl_text *ath_ddl_sql(const char *dialect, ath_ddl ddl, ath_error *error);
ATH_API size_t ath_ddl_text_count(const ath_ddl_text *text);
ATH_API const char *ath_ddl_text_at(const ath_ddl_text *text, size_t i);
ATH_API void ath_ddl_text_free(ath_ddl_text *text);
/* Runs it in the connection's transaction, without asking what is there. */
ATH_API ath_status ath_connection_run_ddl(ath_connection *connection, ath_ddl ddl);

/* ---- connections and transactions -------------------------------------------------------------------------------- */

/* Borrows a connection, opening one if none is idle, or waiting for one when there are as many as there may be.  NULL on
 * failure; *error (may be NULL) says why: ATH_TIMEOUT when none came back in time, with those who hold them; whatever the
 * server said when none could be opened.
 *
 *     ath_connection *c = ath_connect(db, &error);        // or ath_connect(db)
 *
 * The macro notes its place for the reports of who holds what.  A binding passes a place of its own (`file` is kept as it
 * is, for as long as the connection is out; NULL: unknown), or calls ath_connection_open, which knows none. */
ATH_API ath_connection *ath_connection_open_at(ath_engine *engine, ath_error *error, const char *file, int line);
ATH_API ath_connection *ath_connection_open(ath_engine *engine, ath_error *error);
#define ath_connect(...) ATH_CONNECT_(__VA_ARGS__, NULL, 0)
#define ATH_CONNECT_(engine, error, ...) ath_connection_open_at(engine, error, __FILE__, __LINE__)
/* Gives it back.  An open transaction is rolled back; open results give no more rows (ATH_STATE) and are still to be
 * closed.  NULL is fine. */
ATH_API void ath_connection_close(ath_connection *connection);
/* The last failure on this connection; status ATH_OK when there was none.  For a thread that was refused because another
 * was using the connection: that. */
ATH_API const ath_error *ath_connection_error(const ath_connection *connection);

/* How long the connection's statements may take from now on, in milliseconds, until it is given back; 0: as long as they
 * like.  Overrides .statement_timeout_ms.  A statement that is overtaken is ended on the server and gives ATH_TIMEOUT.
 * SQLite, which has no server, does not look at it. */
ATH_API void ath_connection_set_timeout(ath_connection *connection, int64_t milliseconds);
/* From any thread: asks the server to end what the connection is running.  The statement then fails in the thread that
 * waits for it, with ATH_OPERATIONAL and SQLSTATE 57014 on every database (ATH_TIMEOUT is for deadlines alone: what somebody
 * has cancelled is not to be tried again); when nothing was running, nothing happens.  The connection must be checked out when the call begins; its
 * owner may give it back meanwhile, which then takes until the call is over, so that no later user's statement is hit.
 * *error (may be NULL) says why it could not be asked: ATH_NOT_SUPPORTED, or the network. */
ATH_API ath_status ath_connection_cancel(ath_connection *connection, ath_error *error);
/* Says that the connection is no good: it will be closed when it is given back, not lent again.  Until then it works. */
ATH_API void ath_connection_invalidate(ath_connection *connection);

/* When the server ends a connection, the statement that finds out gives ATH_DISCONNECT, and its transaction is gone.  Idle
 * connections of the same age are replaced when they are next asked for, so that nobody else is troubled; after a
 * rollback this one connects again as well.  A check-out that meets a dead connection at its first BEGIN connects again
 * by itself. */

/* A transaction begins by itself with the first statement (as in SQLAlchemy); ath_connection_begin only says so
 * explicitly and fails with ATH_STATE when one is open. */
ATH_API ath_status ath_connection_begin(ath_connection *connection);
ATH_API ath_status ath_connection_commit(ath_connection *connection);
ATH_API ath_status ath_connection_rollback(ath_connection *connection);
ATH_API bool ath_connection_in_transaction(const ath_connection *connection);
/* Savepoints nest: each begins one inside the last; release and rollback end the innermost. */
ATH_API ath_status ath_connection_savepoint(ath_connection *connection);
ATH_API ath_status ath_connection_release(ath_connection *connection);
ATH_API ath_status ath_connection_rollback_to(ath_connection *connection);

/* Runs a statement.  NULL on failure.  The result must be closed with ath_result_close before the engine is. */
ATH_API ath_result *ath_connection_execute(ath_connection *connection, ath_stmt stmt);

/* How a statement is run; zero fields are the defaults. */
typedef struct ath_execution_opts {
    size_t struct_size;
    /* The result holds few rows at a time, however many there are:
     *
     *     ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Event)), .stream_results = true);
     *
     * Without it, PostgreSQL's rows are all received before the first is handed over; with it a SELECT is read by a cursor,
     * in portions, at the price of two short round trips more, and rows before one that fails may not be seen.  SQLite
     * and MariaDB hand rows over as they come in either case; MariaDB's rest is taken into memory when another
     * statement is run on the connection before the last row was fetched.
     * A result that is closed before its last row ends the query on the server; the transaction goes on. */
    bool stream_results;
} ath_execution_opts;
/* ath_execute of orm.h fills the options in. */
ATH_API ath_result *ath_connection_execute_opts(ath_connection *connection, ath_stmt stmt,
                                                const ath_execution_opts *opts);

/* The SQL that a statement becomes on this engine, without running it: into `out` of `size` bytes, NUL-terminated, cut
 * when too long.  *length (may be NULL) receives the full length.  Values stay placeholders. */
ATH_API ath_status ath_engine_sql(ath_engine *engine, ath_stmt stmt, char *out, size_t size, size_t *length,
                                  ath_error *error);

/* ---- results ----------------------------------------------------------------------------------------------------- */

/* The next row, valid until the next call on the result; NULL at the end and on failure (see ath_result_error). */
ATH_API const ath_row *ath_fetch(ath_result *result);
/* The first row, or NULL when there is none; the rest is discarded. */
ATH_API const ath_row *ath_result_first(ath_result *result);
/* The only row.  NULL with ATH_NO_RESULT when there is none, with ATH_MULTIPLE_RESULTS when there are more;
 * _or_none is also content with none (NULL, and status ATH_OK). */
ATH_API const ath_row *ath_result_one(ath_result *result);
ATH_API const ath_row *ath_result_one_or_none(ath_result *result);
/* The first value of the first row, or NULL when there is no row. */
ATH_API const ath_value *ath_result_scalar(ath_result *result);
/* All rows that are left, as a vector: NULL-terminated, ath_len(rows) of them; NULL on failure.  They live until the
 * result is closed. */
ATH_API const ath_row **ath_result_all(ath_result *result);
/* Rows matched by UPDATE and DELETE, written by INSERT (an upsert writes those it inserts and, with .set, those it meets);
 * -1 for a SELECT, and where the database does not say (MySQL and MariaDB: INSERT ... SELECT that keeps rows). */
ATH_API int64_t ath_result_rowcount(const ath_result *result);
/* The key that the database numbered for the row of an ath_insert with .set, or with nothing, into a table with such a key.
 * 0 when the program gave the key itself, and for several rows, .select, .on_conflict and .returning: RETURNING gives the
 * keys of those.  Of SQL text (and of a table known by its name alone) that inserts one row, SQLite, MySQL and MariaDB tell
 * the key as well; PostgreSQL gives 0. */
ATH_API int64_t ath_result_inserted_id(const ath_result *result);
ATH_API size_t ath_result_column_count(const ath_result *result);
ATH_API const char *ath_result_column_name(const ath_result *result, size_t i);
ATH_API const ath_error *ath_result_error(const ath_result *result);
/* Ends the result.  NULL is fine. */
ATH_API void ath_result_close(ath_result *result);

/* A value by position or by name; NULL when there is no such column.  Valid as long as the row. */
ATH_API const ath_value *ath_row_at(const ath_row *row, size_t i);
ATH_API const ath_value *ath_row_get(const ath_row *row, const char *name);
ATH_API bool ath_row_is_null(const ath_row *row, size_t i);
/* Conversions for reading by position; a NULL or what does not convert is 0, NULL for text.  Text is NUL-terminated. */
ATH_API int64_t ath_row_int(const ath_row *row, size_t i);
ATH_API double ath_row_real(const ath_row *row, size_t i);
ATH_API const char *ath_row_text(const ath_row *row, size_t i);

/* ---- vectors ----------------------------------------------------------------------------------------------------- */

/* The length of a vector the library returned: it stands in front of the first pointer.  NULL has length 0. */
static inline size_t ath_len(const void *vector) {
    return vector ? ((const size_t *)vector)[-1] : 0;
}

/* for each object of a vector: ath_each(User, user, users) puts(user->name); */
#define ath_each(T, var, vector)                                                                                       \
    for (T **var##_at_ = (vector), *var = NULL; var##_at_ && (var = *var##_at_) != NULL; var##_at_++)

#ifdef __cplusplus
}
#endif

#endif
