/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: streamed SELECTs, read by a cursor.
 *
 * The protocol's own way of asking for some of the rows (a portal with a row limit) is not offered by libpq, and a query whose
 * rows are on their way can only be received to its end or cancelled, which fails the transaction.  So a SELECT inside a
 * transaction is declared as a cursor and fetched in portions, whose size follows the rows' width: neither side
 * holds the whole, other statements run between two portions, and what nobody reads any more is closed.
 */
#include <strings.h>

#include "backend/postgresql/postgresql.h"

/* The first portion is small, for those who look at a few rows; then they grow up to what fits into about PORTION_BYTES. */
enum { FIRST_ROWS = 64, MOST_ROWS = 4096, PORTION_BYTES = 256 * 1024 };

/* ---- which statements ---- */

static bool begins_with(const char *sql, const char *word) {
    return strncasecmp(sql, word, strlen(word)) == 0;
}

static bool mentions(const char *sql, const char *word) {
    for (; *sql; sql++)
        if (begins_with(sql, word))
            return true;
    return false;
}

/* A WITH may change rows, which no cursor does. */
static bool may_change(const char *sql) {
    return mentions(sql, "insert") || mentions(sql, "update") || mentions(sql, "delete") || mentions(sql, "merge");
}

bool ath__pg_cursor_fits(const ath__pg_stmt *s) {
    const char *sql = s->sql + strspn(s->sql, " \t\r\n(");
    if (!s->columns || PQtransactionStatus(s->connection->conn) != PQTRANS_INTRANS)
        return false;
    return begins_with(sql, "select") || begins_with(sql, "values") || (begins_with(sql, "with") && !may_change(sql));
}

/* ---- the cursor ---- */

/* "DECLARE ath_cursor_3 ..." */
static const char *name_of(const ath__pg_stmt *s, char out[ATH__PG_NAME]) {
    snprintf(out, ATH__PG_NAME, "ath_cursor_%u", s->cursor);
    return out;
}

static ath_status declare(ath__pg_stmt *s, const char *sql, ath_error *error) {
    ath__pg *c = s->connection;
    PGresult *result = NULL;
    ATH_TRY(ath__pg_begin(c, error));
    if (!PQsendQueryParams(c->conn, sql, (int)s->binds, s->oids, s->values, s->lengths, s->formats, 0))
        return ath__pg_not_sent(c, error);
    ATH_TRY(ath__pg_finish(c, &result, error));
    ath_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? ATH_OK : ath__pg_failed(c, result, error);
    PQclear(result);
    return status;
}

ath_status ath__pg_cursor_open(ath__pg_stmt *s, ath_error *error) {
    ath__pg *c = s->connection;
    char name[ATH__PG_NAME];
    ath__buf sql;
    s->cursor = ++c->cursors;
    s->portion = FIRST_ROWS;
    s->seen_at = c->ends;
    ath__buf_init(&sql, &c->allocator);
    ath__buf_printf(&sql, "DECLARE %s NO SCROLL CURSOR FOR %s", name_of(s, name), s->sql);
    ath_status status = sql.failed ? ath__fail_memory(error) : declare(s, ath__buf_text(&sql), error);
    ath__buf_done(&sql);
    if (status != ATH_OK)
        s->cursor = 0;
    return status;
}

/* The end of a transaction, or a rollback to a savepoint, may have taken the cursor with it; to ask for one that is gone
 * would fail the transaction. */
static bool is_there(ath__pg_stmt *s, ath_error *error) {
    ath__pg *c = s->connection;
    char name[ATH__PG_NAME];
    const char *values[] = {name_of(s, name)};
    PGresult *result = NULL;
    if (s->seen_at == c->ends)
        return true;
    if (PQtransactionStatus(c->conn) != PQTRANS_INTRANS ||
        ath__pg_query(c, "SELECT 1 FROM pg_catalog.pg_cursors WHERE name = $1", 1, values, &result, error) != ATH_OK)
        return false;
    bool there = PQntuples(result) == 1;
    PQclear(result);
    s->seen_at = there ? c->ends : s->seen_at;
    return there;
}

/* The server planned the text anew: a table may have changed since the columns were described. */
static ath_status check_columns(const ath__pg_stmt *s, const PGresult *result, ath_error *error) {
    bool same = (size_t)PQnfields(result) == s->columns;
    for (int i = 0; same && i < (int)s->columns; i++)
        same = PQftype(result, i) == PQftype(s->described, i);
    if (same)
        return ATH_OK;
    ath__fail(error, ATH_OPERATIONAL, "the columns of the statement have changed since it was prepared");
    if (error)
        ath__copy_text(error->sqlstate, sizeof error->sqlstate, "0A000", 5); /* see ath__pg_is_stale_plan */
    return ATH_OPERATIONAL;
}

static void adapt_portion(ath__pg_stmt *s, const PGresult *result) {
    size_t bytes = PQresultMemorySize(result);
    if (bytes > 2 * (size_t)PORTION_BYTES && s->portion > 1)
        s->portion /= 2;
    else if (bytes < PORTION_BYTES / 2 && s->portion < MOST_ROWS)
        s->portion *= 2;
}

static ath_status fetch(ath__pg_stmt *s, PGresult **result, ath_error *error) {
    ath__pg *c = s->connection;
    char sql[80], name[ATH__PG_NAME];
    ATH_TRY(ath__pg_begin(c, error));
    snprintf(sql, sizeof sql, "FETCH FORWARD %u FROM %s", s->portion, name_of(s, name));
    if (!PQsendQueryParams(c->conn, sql, 0, NULL, NULL, NULL, NULL, s->binary))
        return ath__pg_not_sent(c, error);
    ATH_TRY(ath__pg_finish(c, result, error));
    if (PQresultStatus(*result) != PGRES_TUPLES_OK)
        return ath__pg_failed(c, *result, error);
    return check_columns(s, *result, error);
}

ath__step ath__pg_cursor_step(ath__pg_stmt *s, ath_error *error) {
    PGresult *result = NULL;
    unsigned asked = s->portion;
    if (s->ended || s->last_portion)
        return ATH__STEP_DONE;
    ath_error_clear(error);
    if (!is_there(s, error))
        s->ended = true;
    if (s->ended && error->status == ATH_OK)
        ath__fail(error, ATH_STATE, "the transaction ended before all rows were fetched");
    if (s->ended || fetch(s, &result, error) != ATH_OK) {
        PQclear(result);
        s->ended = true;
        return ATH__STEP_ERROR;
    }
    adapt_portion(s, result);
    ath__pg_take(s, result);
    s->last_portion = s->rows < (int)asked;
    s->row = 0;
    return s->rows ? ATH__STEP_ROW : ATH__STEP_DONE;
}

/* It would live, with all that it holds on the server, until the transaction ends.  In one that has failed it is gone. */
void ath__pg_cursor_close(ath__pg_stmt *s) {
    ath__pg *c = s->connection;
    char sql[80], name[ATH__PG_NAME];
    if (!c->lost && PQtransactionStatus(c->conn) == PQTRANS_INTRANS && is_there(s, NULL)) {
        snprintf(sql, sizeof sql, "CLOSE %s", name_of(s, name));
        ath__pg_exec(c, sql, NULL);
    }
    s->cursor = 0;
}
