/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: a statement is prepared, run, and reset.
 *
 * It may be off the server in between and is then prepared again by its next run: behind a pooler in transaction mode
 * always, and otherwise when the server has no room for more prepared statements, or has forgotten it.
 */
#include <strings.h>

#include "backend/mysql/client.h"

#include <errmsg.h>
#include <mysqld_error.h>

enum { UNPREPARABLE = ER_UNSUPPORTED_PS, PACKET_IS_SURELY_LARGER = 256 * 1024 };

/* ---- on the server ---- */

static void close_stmt(ath__mysql *c, MYSQL_STMT *stmt) {
    my_bool failed;
    ATH__MYSQL_RUN(c, mysql_stmt_close_start(&failed, stmt), mysql_stmt_close_cont(&failed, stmt, ready));
}

static void leave_server(ath__mysql_stmt *s) {
    if (s->stmt)
        close_stmt(s->connection, s->stmt);
    s->stmt = NULL;
    s->types_changed = true;
    s->was_bulk = false;
}

static ath_status prepare_once(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    int failed = 1;
    s->stmt = mysql_stmt_init(c->mysql);
    if (!s->stmt)
        return ath__fail_memory(error);
    ATH__MYSQL_RUN(c, mysql_stmt_prepare_start(&failed, s->stmt, s->sql, s->sql_size),
                   mysql_stmt_prepare_cont(&failed, s->stmt, ready));
    if (!failed)
        return ATH_OK;
    ath_status status = ath__mysql_failed(c, s->stmt, error);
    leave_server(s);
    return status;
}

/* The longest unused of the other statements.  Rows of it that are still to be walked are in memory. */
static ath__mysql_stmt *evictable(const ath__mysql *c, const ath__mysql_stmt *besides) {
    ath__mysql_stmt *found = NULL;
    for (ath__mysql_stmt *s = c->stmts; s; s = s->next)
        if (s != besides && s->stmt && !s->on_wire && (!found || s->used_at < found->used_at))
            found = s;
    return found;
}

static ath_status on_server(ath__mysql_stmt *s, ath_error *error) {
    ath_error local;
    error = error ? error : &local;
    for (;;) {
        ath_status status = prepare_once(s, error);
        if (status == ATH_OK)
            break;
        if (error->native_code == UNPREPARABLE && !strchr(s->sql, '?')) {
            s->is_plain = true;
            ath_error_clear(error);
            return ATH_OK;
        }
        ath__mysql_stmt *other = evictable(s->connection, s);
        if (error->native_code != ER_MAX_PREPARED_STMT_COUNT_REACHED || !other)
            return status;
        leave_server(other);
        ath_error_clear(error);
    }
    ath__mysql_listen(s);
    return ath__mysql_take_columns(s, error);
}

/* ---- making and freeing ---- */

static void unlink_stmt(ath__mysql_stmt *s) {
    for (ath__mysql_stmt **at = &s->connection->stmts; *at; at = &(*at)->next)
        if (*at == s) {
            *at = s->next;
            return;
        }
}

static void free_stmt(ath__mysql_stmt *s) {
    const ath_allocator *a = &s->connection->allocator;
    ath__mysql_free_columns(s);
    ath__arena_done(&s->kept);
    ath__free(a, s->own_bytes, s->own_size);
    ath__free(a, s->copies, s->copies_size);
    ath__free(a, s->binds, s->bind_count * sizeof *s->binds);
    ath__free(a, s->slots, s->bind_count * sizeof *s->slots);
    ath__free(a, s->row_kinds, s->row_kinds ? s->bind_count * sizeof *s->row_kinds : 0);
    ath__free(a, s->sql, s->sql ? s->sql_size + 1 : 0);
    ath__free(a, s, sizeof *s);
}

void ath__mysql_finalize(void *statement) {
    ath__mysql_stmt *s = statement;
    ath__mysql *c = s->connection;
    ath__mysql_reset(s);
    if (s->stmt && ath__mysql_begin(c, NULL) == ATH_OK) {
        leave_server(s);
        ath__mysql_end(c, ATH_OK, NULL);
    }
    if (s->stmt)
        close_stmt(c, s->stmt); /* of a lost connection: frees memory */
    unlink_stmt(s);
    free_stmt(s);
}

static ath_status make_binds(ath__mysql_stmt *s, ath_error *error) {
    const ath_allocator *a = &s->connection->allocator;
    size_t count = s->stmt ? mysql_stmt_param_count(s->stmt) : 0;
    if (!count)
        return ATH_OK;
    s->binds = ath__alloc_zero(a, count, sizeof *s->binds);
    s->slots = ath__alloc_zero(a, count, sizeof *s->slots);
    if (!s->binds || !s->slots) {
        ath__free(a, s->binds, s->binds ? count * sizeof *s->binds : 0);
        ath__free(a, s->slots, s->slots ? count * sizeof *s->slots : 0);
        s->binds = NULL;
        s->slots = NULL;
        return ath__fail_memory(error);
    }
    s->bind_count = count;
    s->types_changed = true;
    for (size_t i = 0; i < count; i++) {
        s->binds[i].buffer_type = MYSQL_TYPE_STRING;
        s->binds[i].is_null = &s->slots[i].is_null;
        s->binds[i].length = &s->slots[i].size;
        s->binds[i].u.indicator = &s->slots[i].indicator;
        s->binds[i].buffer = &s->slots[i].as;
        s->slots[i].is_null = 1;
    }
    return ATH_OK;
}

static ath_status prepare(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    ATH_TRY(ath__mysql_begin(c, error));
    ath_status status = ath__mysql_end(c, on_server(s, error), error);
    return status == ATH_OK ? make_binds(s, error) : status;
}

ath_status ath__mysql_prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                              void **statement, ath_error *error) {
    ath__mysql *c = connection;
    (void)binds; /* values carry their types */
    (void)bind_count;
    ath__mysql_stmt *s = ath__alloc_zero(&c->allocator, 1, sizeof *s);
    if (!s)
        return ath__fail_memory(error);
    s->connection = c;
    ath__arena_init(&s->kept, &c->allocator);
    s->next = c->stmts;
    c->stmts = s;
    s->sql = ath__alloc(&c->allocator, size + 1);
    s->sql_size = size;
    ath_status status = s->sql ? ATH_OK : ath__fail_memory(error);
    if (s->sql) {
        memcpy(s->sql, sql, size);
        s->sql[size] = '\0';
        status = prepare(s, error);
    }
    if (status != ATH_OK) {
        ath__mysql_finalize(s);
        return status;
    }
    *statement = s;
    return ATH_OK;
}

/* ---- running ---- */

static bool only_reads(const ath__mysql_stmt *s) {
    static const char *const verbs[] = {"SELECT", "WITH", "SHOW", "VALUES", "DESC"};
    const char *at = s->sql + strspn(s->sql, " \t\r\n(");
    for (size_t i = 0; i < ATH_COUNT_OF(verbs); i++)
        if (strncasecmp(at, verbs[i], strlen(verbs[i])) == 0)
            return true;
    return false;
}

/* Whether the statement is to be prepared anew: the server has forgotten it and so has not run it, or its rows have other
 * columns than they had, which libmariadb does not take. */
static bool is_stale(const ath__mysql_stmt *s) {
    unsigned number = mysql_stmt_errno(s->stmt);
    return number == ER_UNKNOWN_STMT_HANDLER || number == ER_NEED_REPREPARE || number == CR_NEW_STMT_METADATA;
}

static int execute(ath__mysql_stmt *s) {
    int failed = 1;
    ATH__MYSQL_RUN(s->connection, mysql_stmt_execute_start(&failed, s->stmt),
                   mysql_stmt_execute_cont(&failed, s->stmt, ready));
    return failed;
}

static ath_status execute_prepared(ath__mysql_stmt *s, ath_error *error) {
    for (int attempt = 0;; attempt++) {
        if (!s->stmt)
            ATH_TRY(on_server(s, error));
        ATH_TRY(s->rows ? ath__mysql_send_rows(s, error) : ath__mysql_send_values(s, error));
        if (!execute(s))
            break;
        if (s->late.status != ATH_OK) { /* nothing was sent */
            if (error)
                *error = s->late;
            return s->late.status;
        }
        bool stale = is_stale(s), may_repeat = mysql_stmt_errno(s->stmt) != CR_NEW_STMT_METADATA || only_reads(s);
        ath_status status = ath__mysql_failed(s->connection, s->stmt, error);
        if (stale)
            leave_server(s);
        if (!stale || !may_repeat || attempt || s->connection->cut != ATH_OK)
            return status;
    }
    ath_error_clear(error);
    s->rows_sent += s->chunk;
    if (ath__mysql_take_columns(s, error) != ATH_OK) {
        leave_server(s); /* its rows are thrown away with it */
        return ATH_NO_MEMORY;
    }
    s->on_wire = s->column_count != 0;
    if (s->on_wire)
        s->connection->active = s;
    else
        ath__mysql_rows_over(s);
    return ATH_OK;
}

static ath_status execute_plain(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    ATH_TRY(ath__mysql_query(c, s->sql, s->sql_size, error));
    c->changed = (int64_t)mysql_affected_rows(c->mysql);
    if (mysql_field_count(c->mysql) == 0)
        return ATH_OK;
    return ath__fail(error, ATH_NOT_SUPPORTED,
                     "the server does not prepare this statement, so its rows cannot be read");
}

/* A server closes the connection upon a packet that is too large for it; better not to send that. */
static ath_status check_size(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    if (s->text_bytes < PACKET_IS_SURELY_LARGER)
        return ATH_OK;
    if (!c->max_packet)
        ATH_TRY(ath__mysql_ask(c, "SELECT @@max_allowed_packet", &c->max_packet, error));
    if (s->rows || s->text_bytes + 16 * s->bind_count + 64 < c->max_packet)
        return ATH_OK;
    return ath__fail(error, ATH_DATA, "the values have %zu bytes; the server takes %llu (max_allowed_packet)",
                     s->text_bytes, (unsigned long long)c->max_packet);
}

static ath_status run(ath__mysql_stmt *s, ath_error *error) {
    ath__mysql *c = s->connection;
    s->used_at = ++c->clock;
    if (s->is_plain)
        return execute_plain(s, error);
    ATH_TRY(check_size(s, error));
    ATH_TRY(ath__mysql_begin(c, error));
    return ath__mysql_end(c, execute_prepared(s, error), error);
}

/* In bulk, one packet may not take all rows: the next run follows when the rows of the last have been walked. */
static ath__step next_chunk(ath__mysql_stmt *s, ath_error *error) {
    ath__step step = ATH__STEP_DONE;
    for (;;) {
        if (s->phase == ATH__MYSQL_ROWS) {
            step = ath__mysql_fetch(s, error);
            if (step == ATH__STEP_ROW)
                return step;
        }
        if (step == ATH__STEP_ERROR || (s->phase == ATH__MYSQL_ROWS && (!s->rows || s->rows_sent == s->row_count)))
            break;
        if (run(s, error) != ATH_OK) {
            step = ATH__STEP_ERROR;
            break;
        }
        s->phase = ATH__MYSQL_ROWS;
        if (!s->column_count)
            s->row_changes += s->connection->changed;
    }
    s->phase = ATH__MYSQL_OVER;
    if (step == ATH__STEP_DONE && s->rows && !s->column_count)
        s->connection->changed = s->row_changes;
    return step;
}

ath__step ath__mysql_step(void *statement, ath_error *error) {
    ath__mysql_stmt *s = statement;
    ath__step step = s->phase == ATH__MYSQL_OVER ? ATH__STEP_DONE : next_chunk(s, error);
    if (step == ATH__STEP_ERROR)
        ath__mysql_name_table(s->sql, error);
    return step;
}

void ath__mysql_reset(void *statement) {
    ath__mysql_stmt *s = statement;
    ath__mysql *c = s->connection;
    if (s->on_wire) {
        ath__mysql_drop_rows(s);
        ath__mysql_end(c, ATH_OK, NULL);
    }
    if (c->never_prepare && s->stmt && ath__mysql_begin(c, NULL) == ATH_OK) {
        leave_server(s);
        ath__mysql_end(c, ATH_OK, NULL);
    }
    ath__mysql_forget_rows(s);
    s->phase = ATH__MYSQL_READY;
    s->copies_used = s->text_bytes = 0;
    s->rows = NULL;
    s->rows_sent = s->chunk = 0;
    s->row_changes = 0;
    s->late.status = ATH_OK;
}
