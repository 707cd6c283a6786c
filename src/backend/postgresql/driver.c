/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: the driver, which src/engine calls, and its small functions.
 */
#include "backend/postgresql/postgresql.h"

static const ath_dialect *dialect(void *connection) {
    return &((ath__pg *)connection)->dialect;
}

/* ---- statements ---- */

static size_t column_count(void *statement) {
    return ((ath__pg_stmt *)statement)->columns;
}

static const char *column_name(void *statement, size_t i) {
    const char *name = PQfname(((ath__pg_stmt *)statement)->described, (int)i);
    return name ? name : "";
}

static size_t bind_count(void *statement) {
    return ((ath__pg_stmt *)statement)->binds;
}

/* ---- the connection ---- */

static int64_t rows_changed(void *connection) {
    return ((ath__pg *)connection)->rows_changed;
}

/* Keys come back by RETURNING. */
static int64_t inserted_id(void *connection) {
    (void)connection;
    return 0;
}

/* A failed transaction is open until it is rolled back. */
static bool in_transaction(void *connection) {
    PGTransactionStatusType status = PQtransactionStatus(((ath__pg *)connection)->conn);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

static ath_status has_table(void *connection, const char *name, bool *exists, ath_error *error) {
    ath__pg *c = connection;
    ath__buf sql;
    PGresult *result = NULL;
    ath__buf_init(&sql, &c->allocator);
    ath_status status = ath__postgresql_exists(&c->dialect, ATH__OBJECT_TABLE, NULL, name, &sql, error);
    if (status == ATH_OK && sql.failed)
        status = ath__fail_memory(error);
    if (status == ATH_OK)
        status = ath__pg_query(c, ath__buf_text(&sql), 0, NULL, &result, error);
    ath__buf_done(&sql);
    *exists = PQntuples(result) > 0;
    PQclear(result);
    return status;
}

static ath_status defer_foreign_keys(void *connection, ath_error *error) {
    return ath__pg_exec(connection, "SET CONSTRAINTS ALL DEFERRED", error);
}

static ath_status check_url(const ath_url *url, const ath_allocator *allocator, ath_error *error) {
    ath__pg_options options;
    ath_status status = ath__pg_options_read(url, allocator, &options, error);
    ath__pg_options_done(&options);
    return status;
}

static void set_deadline(void *connection, int64_t deadline_us) {
    ((ath__pg *)connection)->deadline_us = deadline_us;
}

static bool is_lost(void *connection) {
    const ath__pg *c = connection;
    return c->lost || PQstatus(c->conn) != CONNECTION_OK;
}

/* The empty query: no plan, no snapshot, and it succeeds even where a transaction has failed. */
static ath_status ping(void *connection, ath_error *error) {
    ath__pg *c = connection;
    PGresult *result = NULL;
    ATH_TRY(ath__pg_begin(c, error));
    if (!PQsendQuery(c->conn, ""))
        return ath__pg_not_sent(c, error);
    ATH_TRY(ath__pg_finish(c, &result, error));
    ath_status status = PQresultStatus(result) == PGRES_EMPTY_QUERY ? ATH_OK : ath__pg_failed(c, result, error);
    PQclear(result);
    return status;
}

static const ath__driver driver = {
    .struct_size = sizeof(ath__driver),
    .name = "libpq",
    .check_url = check_url,
    .connect = ath__pg_connect,
    .disconnect = ath__pg_disconnect,
    .dialect = dialect,
    .prepare = ath__pg_prepare,
    .finalize = ath__pg_finalize,
    .statement_bytes = ath__pg_statement_bytes,
    .column_count = column_count,
    .column_name = column_name,
    .bind_count = bind_count,
    .bind = ath__pg_bind,
    .bind_rows = ath__pg_bind_rows,
    .stream = ath__pg_stream,
    .step = ath__pg_step,
    .row = ath__pg_row,
    .cells = ath__pg_cells,
    .reset = ath__pg_reset,
    .rows_changed = rows_changed,
    .inserted_id = inserted_id,
    .exec = ath__pg_exec,
    .in_transaction = in_transaction,
    .has_table = has_table,
    .defer_foreign_keys = defer_foreign_keys,
    .set_deadline = set_deadline,
    .cancel = ath__pg_cancel,
    .is_lost = is_lost,
    .ping = ping,
    .abandon = ath__pg_abandon,
    .is_stale_plan = ath__pg_is_stale_plan,
};

static const char *const aliases[] = {"postgres", NULL};

const ath__backend ath__postgresql_backend = {
    .name = "postgresql",
    .aliases = aliases,
    .dialect = &ath__postgresql_dialect,
    .driver = &driver,
    .reflector = &ath__postgresql_reflector,
    .impacts = &ath__postgresql_impacts,
    .alterer = &ath__postgresql_alterer,
};
