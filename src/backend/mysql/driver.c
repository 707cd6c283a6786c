/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the driver's table, and what needs no file of its own.
 */
#include "backend/mysql/client.h"

#include <mysqld_error.h>

static const ath_dialect *dialect(void *connection) {
    return &((ath__mysql *)connection)->dialect;
}

/* ---- statements ---- */

static size_t statement_bytes(void *statement) {
    const ath__mysql_stmt *s = statement;
    enum { LIBRARY_BYTES = 6 * 1024 }; /* what libmariadb keeps of a statement without columns, about */
    size_t a_column = sizeof(MYSQL_FIELD) + sizeof(MYSQL_BIND) + 64 + sizeof *s->columns + sizeof *s->cells;
    return sizeof *s + LIBRARY_BYTES + s->sql_size + s->column_count * a_column +
           s->bind_count * (2 * sizeof *s->binds + sizeof *s->slots) + s->copies_size + s->own_size;
}

static size_t column_count(void *statement) {
    return ((ath__mysql_stmt *)statement)->column_count;
}

static const char *column_name(void *statement, size_t i) {
    const ath__mysql_stmt *s = statement;
    return i < s->column_count && s->columns[i].name ? s->columns[i].name : "";
}

static size_t bind_count(void *statement) {
    return ((ath__mysql_stmt *)statement)->bind_count;
}

static int64_t rows_changed(void *connection) {
    return ((ath__mysql *)connection)->changed;
}

/* One row counts 2 when it changes the row that is there, 1 when it finds it as it should be, and 0 when it was kept.  Of
 * several rows (with CLIENT_FOUND_ROWS) those that are met are duplicates; of a SELECT's only those that change, so that how
 * many were kept cannot be known. */
static int64_t rows_written(void *connection, ath__upsert upsert) {
    const ath__mysql *c = connection;
    bool sets = upsert == ATH__UPSERT_SETS;
    if (c->records < 0)
        return sets && c->changed == 2 ? 1 : c->changed;
    if (sets)
        return c->records;
    return upsert == ATH__UPSERT_KEEPS_FROM_SELECT ? -1 : c->records - c->duplicates;
}

static int64_t inserted_id(void *connection) {
    return ((ath__mysql *)connection)->inserted;
}

/* ---- text ---- */

static ath_status set_session(ath__mysql *c, ath_error *error) {
    ath__buf sql;
    ath__buf_init(&sql, &c->allocator);
    ath__mysql_setup_sql(c, &sql);
    ath_status status =
        sql.failed ? ath__fail_memory(error) : ath__mysql_query(c, ath__buf_text(&sql), sql.size, error);
    ath__buf_done(&sql);
    return status;
}

/* Behind a pooler each transaction may meet another session of the server, which knows nothing of our set-up. */
static ath_status exec(void *connection, const char *sql, ath_error *error) {
    ath__mysql *c = connection;
    if (c->never_prepare && strcmp(sql, "BEGIN") == 0)
        ATH_TRY(set_session(c, error));
    return ath__mysql_query(c, sql, strlen(sql), error);
}

static bool in_transaction(void *connection) {
    const ath__mysql *c = connection;
    return !c->lost && (c->mysql->server_status & SERVER_STATUS_IN_TRANS);
}

static ath_status has_table(void *connection, const char *name, bool *exists, ath_error *error) {
    ath__mysql *c = connection;
    ath__buf sql;
    ath_error local;
    error = error ? error : &local;
    ath__buf_init(&sql, &c->allocator);
    ath__buf_str(&sql, "DESCRIBE `");
    for (const char *at = name; *at; at++) {
        if (*at == '`')
            ath__buf_char(&sql, '`');
        ath__buf_char(&sql, *at);
    }
    ath__buf_char(&sql, '`');
    ath_status status =
        sql.failed ? ath__fail_memory(error) : ath__mysql_query(c, ath__buf_text(&sql), sql.size, error);
    ath__buf_done(&sql);
    *exists = status == ATH_OK;
    if (status == ATH_OK || error->native_code != ER_NO_SUCH_TABLE)
        return status;
    ath_error_clear(error);
    return ATH_OK;
}

static ath_status check_url(const ath_url *url, const ath_allocator *allocator, ath_error *error) {
    ath__mysql_target target;
    ath__arena arena;
    ath__arena_init(&arena, allocator);
    ath_status status = ath__mysql_target_of(url, &arena, &target, error);
    ath__arena_done(&arena);
    return status;
}

static bool is_private(const ath_url *url) {
    (void)url;
    return false;
}

/* ---- the connection ---- */

static void set_deadline(void *connection, int64_t deadline_us) {
    ((ath__mysql *)connection)->deadline_us = deadline_us;
}

static bool is_lost(void *connection) {
    return ((ath__mysql *)connection)->lost;
}

static ath_status ping(void *connection, ath_error *error) {
    ath__mysql *c = connection;
    int failed = 1;
    ATH_TRY(ath__mysql_begin(c, error));
    ATH__MYSQL_RUN(c, mysql_ping_start(&failed, c->mysql), mysql_ping_cont(&failed, c->mysql, ready));
    return ath__mysql_end(c, failed ? ath__mysql_failed(c, NULL, error) : ATH_OK, error);
}

/* Keys cannot be reserved: AUTO_INCREMENT has no call that takes several.  Checks of foreign keys cannot be put off,
 * only left out, which is not the same. */
static const ath__driver driver = {
    .struct_size = sizeof(ath__driver),
    .name = "libmariadb",
    .connect = ath__mysql_connect,
    .disconnect = ath__mysql_disconnect,
    .dialect = dialect,
    .prepare = ath__mysql_prepare,
    .finalize = ath__mysql_finalize,
    .statement_bytes = statement_bytes,
    .column_count = column_count,
    .column_name = column_name,
    .bind_count = bind_count,
    .bind = ath__mysql_bind,
    .bind_rows = ath__mysql_bind_rows,
    .step = ath__mysql_step,
    .row = ath__mysql_row,
    .cells = ath__mysql_cells,
    .reset = ath__mysql_reset,
    .rows_changed = rows_changed,
    .rows_written = rows_written,
    .inserted_id = inserted_id,
    .exec = exec,
    .in_transaction = in_transaction,
    .has_table = has_table,
    .is_private = is_private,
    .check_url = check_url,
    .set_deadline = set_deadline,
    .cancel = ath__mysql_cancel,
    .is_lost = is_lost,
    .ping = ping,
    .abandon = ath__mysql_abandon,
    .is_stale_plan = ath__mysql_is_stale_plan,
};

static const char *const aliases[] = {"mariadb", NULL};

const ath__backend ath__mysql_backend = {
    .name = "mysql",
    .aliases = aliases,
    .dialect = &ath__mysql_dialect,
    .dialect_called = ath__mysql_dialect_called,
    .driver = &driver,
    .reflector = &ath__mysql_reflector,
    .impacts = &ath__mysql_impacts,
    .scratcher = &ath__mysql_scratcher,
    .alterer = &ath__mysql_alterer,
};
