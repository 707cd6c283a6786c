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
 * Threads: an engine may be used by all; a connection and its results belong to one thread at a time.
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

/* How connections are kept. */
typedef enum ath_pool_class {
    ATH_POOL_DEFAULT = 0, /* a queue; a single connection for a database that is private to it (":memory:") */
    ATH_POOL_QUEUE,       /* up to pool_size are kept, max_overflow more are opened while they are needed */
    ATH_POOL_NULL,        /* none is kept: each check-out connects */
    ATH_POOL_SINGLE       /* one, kept for good; whoever comes while it is lent waits for it */
} ath_pool_class;

/* What happens to a connection that comes back. */
typedef enum ath_pool_reset { ATH_RESET_ROLLBACK = 0, ATH_RESET_NONE } ath_pool_reset;

/* Whether statements are prepared on the server.  NEVER: nothing outlives its run there, as poolers in transaction mode
 * (PgBouncer) need. */
typedef enum ath_prepare { ATH_PREPARE_ONCE = 0, ATH_NEVER } ath_prepare;

enum {
    ATH_POOL_UNLIMITED = -1,  /* for pool_size and max_overflow */
    ATH_POOL_NO_OVERFLOW = -2 /* for max_overflow: pool_size is all there is */
};

/* Options of an engine; zero fields are the defaults. */
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
    ath_prepare prepare;
    ath_pool_class pool_class;
    int pool_size;       /* connections that are kept; default 5 */
    int max_overflow;    /* opened beyond them while they are needed, closed when they come back; default 10 */
    int pool_timeout_ms; /* how long a check-out waits for a connection; default 30,000; negative: not at all */
    int pool_recycle_ms; /* a connection older than this is replaced at check-out; default: never */
    int pool_idle_ms;    /* one that lay idle longer is replaced at check-out; default: never */
    bool pool_pre_ping;  /* asks the server before lending; a dead connection is replaced */
    bool pool_fifo;      /* lends the connection that lay longest, to keep all in use; default: the newest */
    ath_pool_reset pool_reset;
    int connect_timeout_ms;   /* default 10,000; negative: none */
    int statement_timeout_ms; /* the query is ended on the server; default: none.  SQLite has none. */
} ath_engine_opts;

/* Opens an engine.  Parses the URL and finds the backend; no connection is made before the first is asked for.
 * NULL when the URL is malformed (ATH_ARGUMENT), names a database that is not built in (ATH_NOT_SUPPORTED), or memory
 * ran out.  Keys of SQLite URLs: mode=ro|rw|rwc|memory, cache, immutable, vfs, uri=true, timeout (seconds),
 * journal_mode, synchronous, foreign_keys=off.
 *
 * .echo without .log writes to standard error: it is the one place where the library itself writes. */
#define ath_engine_open(...) ATH_ENGINE_OPEN_(__VA_ARGS__, .struct_size = sizeof(ath_engine_opts))
#define ATH_ENGINE_OPEN_(...) ath_engine_open_opts(&(const ath_engine_opts){.url = __VA_ARGS__})
ATH_API ath_engine *ath_engine_open_opts(const ath_engine_opts *opts);
/* Closes idle connections and frees the engine.  All connections and sessions must have been closed before; those
 * that are not are logged.  NULL is fine. */
ATH_API void ath_engine_close(ath_engine *engine);
/* "sqlite", "postgresql" ... */
ATH_API const char *ath_engine_dialect(const ath_engine *engine);

/* What an engine has done since it was opened, and how its pool stands. */
typedef struct ath_engine_stats {
    uint64_t statements;  /* sent to the database, BEGIN and its kin included */
    uint64_t compiled;    /* texts built */
    uint64_t prepared;    /* statements prepared */
    uint64_t connections; /* opened */
    uint64_t checked_out; /* now in use */
    uint64_t idle;        /* now in the pool */
    uint64_t waiting;     /* check-outs that now wait */
    uint64_t checkouts;   /* connections lent */
    uint64_t waits;       /* check-outs that had to wait */
    uint64_t timeouts;    /* of them, those that waited in vain */
    uint64_t recycled;    /* connections replaced for their age */
    uint64_t invalidated; /* and those that were dead, or opened before one was found dead */
    uint64_t longest_wait_us;
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

/* Borrows a connection, opening one if none is idle and the pool allows one more; else waits, in the order of arrival.
 * NULL on failure; *error (may be NULL) says why: ATH_TIMEOUT names who holds the connections, where they were borrowed
 * (file and line of ath_connect, ath_session_open), since when, and their last statements. */
ATH_API ath_connection *ath_connection_open(ath_engine *engine, const char *file, int line, ath_error *error);
#define ath_connect(...) ATH_CONNECT_(__VA_ARGS__, NULL, 0)
#define ATH_CONNECT_(engine, error, ...) ath_connection_open(engine, __FILE__, __LINE__, error)
/* Gives it back.  An open transaction is rolled back; open results give no more rows (ATH_STATE) and are still to be
 * closed.  NULL is fine. */
ATH_API void ath_connection_close(ath_connection *connection);
/* The last failure on this connection; status ATH_OK when there was none. */
ATH_API const ath_error *ath_connection_error(const ath_connection *connection);

/* How long each statement on this connection may take from now on, in milliseconds; 0: as the engine says, negative: for
 * ever.  One that takes longer is ended on the server and fails with ATH_TIMEOUT; the connection stays usable. */
ATH_API void ath_connection_set_timeout(ath_connection *connection, int milliseconds);
/* Ends what the connection is running, if anything, from another thread; that statement fails.  The connection must not
 * be closed meanwhile.  ATH_NOT_SUPPORTED on SQLite. */
ATH_API ath_status ath_connection_cancel(ath_connection *connection, ath_error *error);
/* Says that the connection must not be used again: it is closed instead of going back to the pool. */
ATH_API void ath_connection_invalidate(ath_connection *connection);

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
/* Rows matched by UPDATE and DELETE, written by INSERT; -1 for a SELECT. */
ATH_API int64_t ath_result_rowcount(const ath_result *result);
/* The key the database gave to the last row of an INSERT into a table with a generated key. */
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
