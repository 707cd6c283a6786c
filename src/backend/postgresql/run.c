/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 4 and 5 on PostgreSQL: a prepared statement is sent and its rows are taken in, all at once or as they come (where
 * a cursor can, cursor.c asks for them in portions).
 */
#include <strings.h>

#include "backend/postgresql/postgresql.h"

/* ---- what a finished statement tells ---- */

/* The command tag: "INSERT 0 5", "UPDATE 5"; others changed nothing. */
static void note_changes(ath__pg *c, PGresult *result) {
    static const char *const changing[] = {"INSERT", "UPDATE", "DELETE", "MERGE"};
    const char *tag = PQcmdStatus(result);
    c->ends += strcmp(tag, "ROLLBACK") == 0 || strcmp(tag, "COMMIT") == 0;
    c->rows_changed = 0;
    for (size_t i = 0; i < ATH_COUNT_OF(changing); i++)
        if (strncmp(tag, changing[i], strlen(changing[i])) == 0)
            for (const char *n = PQcmdTuples(result); *n >= '0' && *n <= '9'; n++)
                c->rows_changed = c->rows_changed * 10 + (*n - '0');
}

static bool begins_with(const char *sql, const char *word) {
    sql += strspn(sql, " \t\r\n;");
    return strncasecmp(sql, word, strlen(word)) == 0;
}

/* COMMIT of a transaction that has failed succeeds, as far as the server is concerned, by rolling back. */
static bool was_rolled_back(const char *sql, PGresult *result) {
    return strcmp(PQcmdStatus(result), "ROLLBACK") == 0 &&
           (begins_with(sql, "commit") || begins_with(sql, "end") || begins_with(sql, "prepare"));
}

static ath_status check(ath__pg *c, const char *sql, PGresult *result, ath_error *error) {
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
        note_changes(c, result);
        if (!was_rolled_back(sql, result))
            return ATH_OK;
        return ath__fail(error, ATH_OPERATIONAL,
                         "the transaction had failed before; the server has rolled it back instead of committing it");
    default:
        return ath__pg_failed(c, result, error);
    }
}

/* ---- starting ---- */

static bool send(const ath__pg_stmt *s) {
    PGconn *conn = s->connection->conn;
    char name[ATH__PG_NAME];
    if (s->name)
        return PQsendQueryPrepared(conn, ath__pg_name(s->connection, s->name, name), (int)s->binds, s->values,
                                   s->lengths, s->formats, s->binary) != 0;
    return PQsendQueryParams(conn, s->sql, (int)s->binds, s->oids, s->values, s->lengths, s->formats, s->binary) != 0;
}

void ath__pg_take(ath__pg_stmt *s, PGresult *result) {
    PQclear(s->result);
    s->result = result;
    s->row = -1;
    s->rows = PQntuples(result);
}

static ath_status start(ath__pg_stmt *s, ath_error *error) {
    ath__pg *c = s->connection;
    PGresult *result = NULL;
    if (s->stream && ath__pg_cursor_fits(s)) {
        s->running = true;
        return ath__pg_cursor_open(s, error);
    }
    ATH_TRY(ath__pg_begin(c, error));
    if (!send(s))
        return ath__pg_not_sent(c, error);
    s->running = true;
    if (s->stream && PQsetSingleRowMode(c->conn)) {
        c->streaming = s;
        return ATH_OK;
    }
    ATH_TRY(ath__pg_finish(c, &result, error));
    ath_status status = check(c, s->sql, result, error);
    ath__pg_take(s, result);
    return status;
}

/* ---- rows as they come ---- */

/* Whether the result is a row of a streamed statement; everything else ends it, and is given back checked. */
static ath_status next_streamed(ath__pg_stmt *s, PGresult **row, ath_error *error) {
    ath__pg *c = s->connection;
    PGresult *result = NULL;
    *row = NULL;
    ath_status status = ath__pg_next(c, &result, error);
    if (status == ATH_OK && PQresultStatus(result) == PGRES_SINGLE_TUPLE && c->cut == ATH_OK) {
        *row = result;
        return ATH_OK;
    }
    c->streaming = NULL;
    while (status == ATH_OK && PQresultStatus(result) == PGRES_SINGLE_TUPLE) { /* cut: the error comes behind them */
        PQclear(result);
        status = ath__pg_next(c, &result, error);
    }
    if (status == ATH_OK)
        status = check(c, s->sql, result, error);
    PQclear(result);
    ath_status rest = ath__pg_finish(c, NULL, status == ATH_OK ? error : NULL);
    return status == ATH_OK ? rest : status;
}

static ath__step stream_row(ath__pg_stmt *s, ath_error *error) {
    PGresult *row = NULL;
    s->connection->cut = ATH_OK;
    ath_status status = next_streamed(s, &row, error);
    ath__pg_take(s, row);
    s->row = 0;
    if (status != ATH_OK) {
        s->ended = true;
        return ATH__STEP_ERROR;
    }
    return row ? ATH__STEP_ROW : ATH__STEP_DONE;
}

static bool append(PGresult **all, const PGresult *row) {
    if (!*all && !(*all = PQcopyResult(row, PG_COPYRES_ATTRS)))
        return false;
    int at = PQntuples(*all), columns = PQnfields(row);
    for (int i = 0; i < columns; i++) {
        int length = PQgetisnull(row, 0, i) ? -1 : PQgetlength(row, 0, i);
        char *value = length < 0 ? NULL : PQgetvalue(row, 0, i);
        if (!PQsetvalue(*all, at, i, value, length))
            return false;
    }
    return true;
}

/* What goes wrong is the streamed statement's to tell, when it comes there, unless the connection is lost with it. */
ath_status ath__pg_settle(ath__pg_stmt *s, ath_error *error) {
    ath__pg *c = s->connection;
    bool whole = true;
    while (c->streaming == s) {
        PGresult *next = NULL;
        ATH_TRY(ath__pg_next(c, &next, error));
        ExecStatusType status = PQresultStatus(next);
        if (status == PGRES_SINGLE_TUPLE) {
            whole = whole && append(&s->rest, next);
            PQclear(next);
            continue;
        }
        c->streaming = NULL;
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
            PQclear(next);
        else
            s->failed = next;
        ATH_TRY(ath__pg_finish(c, NULL, error));
    }
    s->broken = whole ? ATH_OK : ATH_NO_MEMORY;
    if (c->cut != ATH_OK)
        return ath__fail(error, c->cut, "the deadline passed while the rows of another statement were taken in");
    return ATH_OK;
}

/* ---- stepping ---- */

/* Behind the rows at hand: those taken in when another statement came between, then what ended them. */
static ath__step behind(ath__pg_stmt *s, ath_error *error) {
    if (s->cursor)
        return ath__pg_cursor_step(s, error);
    if (s->connection->streaming == s)
        return stream_row(s, error);
    if (s->rest) {
        ath__pg_take(s, s->rest);
        s->rest = NULL;
        s->row = 0;
        return ATH__STEP_ROW;
    }
    if (s->ended)
        return ATH__STEP_DONE;
    s->ended = true;
    if (s->broken != ATH_OK)
        ath__fail_memory(error);
    else if (s->failed)
        ath__pg_failed(s->connection, s->failed, error);
    else
        return ATH__STEP_DONE;
    return ATH__STEP_ERROR;
}

ath__step ath__pg_step(void *statement, ath_error *error) {
    ath__pg_stmt *s = statement;
    ath_error local;
    if (!error)
        error = &local;
    ath__arena_reset(&s->texts);
    if (!s->running && start(s, error) != ATH_OK) {
        s->ended = true;
        return ATH__STEP_ERROR;
    }
    if (s->row + 1 < s->rows) {
        s->row++;
        return ATH__STEP_ROW;
    }
    return behind(s, error);
}

void ath__pg_stream(void *statement) {
    ((ath__pg_stmt *)statement)->stream = true;
}

/* Rows still on their way are received and dropped: the statement is none that a cursor reads, so it may have changed
 * something, and to cancel it would fail the transaction. */
static void drop_stream(ath__pg_stmt *s) {
    ath__pg *c = s->connection;
    PGresult *next = NULL;
    c->streaming = NULL;
    c->cut = ATH_OK;
    while (!c->lost && ath__pg_next(c, &next, NULL) == ATH_OK && next)
        PQclear(next);
}

void ath__pg_reset(void *statement) {
    ath__pg_stmt *s = statement;
    if (s->connection->streaming == s)
        drop_stream(s);
    if (s->cursor)
        ath__pg_cursor_close(s);
    PQclear(s->result);
    PQclear(s->rest);
    PQclear(s->failed);
    s->result = s->rest = s->failed = NULL;
    s->row = -1;
    s->rows = 0;
    s->running = s->stream = s->ended = s->last_portion = false;
    s->broken = ATH_OK;
    ath__arena_reset(&s->copies);
    if (s->arrays.capacity > 1 << 16)
        ath__buf_done(&s->arrays);
    ath__buf_clear(&s->arrays);
}

/* ---- text without values ---- */

/* Names of statements that were dropped go outside of transactions: should one be unknown by now, nothing fails with it. */
static void deallocate(ath__pg *c) {
    size_t sent = 0;
    PGresult *next = NULL;
    char sql[64], name[ATH__PG_NAME];
    if (!PQenterPipelineMode(c->conn))
        return;
    while (sent < c->dropped_count) {
        snprintf(sql, sizeof sql, "DEALLOCATE %s", ath__pg_name(c, c->dropped[sent], name));
        if (!PQsendQueryParams(c->conn, sql, 0, NULL, NULL, NULL, NULL, 0) || !PQpipelineSync(c->conn))
            break;
        sent++;
    }
    for (size_t synced = 0; synced < sent; PQclear(next)) {
        if (ath__pg_next(c, &next, NULL) != ATH_OK)
            return;
        if (!next && PQstatus(c->conn) != CONNECTION_OK)
            break;
        synced += PQresultStatus(next) == PGRES_PIPELINE_SYNC;
    }
    c->lost = !PQexitPipelineMode(c->conn) || PQstatus(c->conn) != CONNECTION_OK;
    c->dropped_count = 0;
}

enum { DEALLOCATE_FROM = 32 };

ath_status ath__pg_exec(void *connection, const char *sql, ath_error *error) {
    ath__pg *c = connection;
    PGresult *result = NULL;
    ATH_TRY(ath__pg_begin(c, error));
    if (c->dropped_count >= DEALLOCATE_FROM && PQtransactionStatus(c->conn) == PQTRANS_IDLE)
        deallocate(c);
    if (c->cut != ATH_OK)
        return ath__fail(error, c->cut, "the deadline passed before the statement was sent");
    if (!PQsendQuery(c->conn, sql))
        return ath__pg_not_sent(c, error);
    ATH_TRY(ath__pg_finish(c, &result, error));
    ath_status status = check(c, sql, result, error);
    PQclear(result);
    return status;
}

ath_status ath__pg_query(ath__pg *c, const char *sql, int count, const char *const *values, PGresult **result,
                         ath_error *error) {
    ATH_TRY(ath__pg_begin(c, error));
    if (!PQsendQueryParams(c->conn, sql, count, NULL, values, NULL, NULL, 0))
        return ath__pg_not_sent(c, error);
    ATH_TRY(ath__pg_finish(c, result, error));
    if (PQresultStatus(*result) == PGRES_TUPLES_OK)
        return ATH_OK;
    ath_status status = ath__pg_failed(c, *result, error);
    PQclear(*result);
    *result = NULL;
    return status;
}
