/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: preparing statements, and finding out the types of their parameters.
 *
 * A statement is parsed and described in one round trip.  The server infers the types of parameters from what stands
 * beside them, which is nearly always right; so none is declared at first.  Two cases are left.  Where the server
 * cannot decide (`$1 + $2`), the statement is prepared once more with the types the values have; a savepoint in the same
 * round trip keeps that first failure from ending the transaction.  Where it has decided for something that the
 * value is not (`SELECT $1` makes a text of it), bind.c notices and asks for the value's own type.
 */
#include "backend/postgresql/postgresql.h"

const char *ath__pg_name(const ath__pg *c, unsigned name, char out[ATH__PG_NAME]) {
    if (name)
        snprintf(out, ATH__PG_NAME, "ath_%08x_%u", c->tag, name);
    else
        out[0] = '\0';
    return out;
}

/* ---- one round trip ---- */

static bool queue(PGconn *conn, const char *sql) {
    return PQsendQueryParams(conn, sql, 0, NULL, NULL, NULL, NULL, 0) != 0;
}

/* The results up to the sync: the first failure, or the description. */
static ath_status collect(ath__pg *c, bool guarded, PGresult **described, ath_error *error) {
    PGresult *kept = NULL, *next = NULL;
    bool broken = false;
    for (int at = 0;;) {
        ath_status status = ath__pg_next(c, &next, error);
        bool over = status == ATH_OK && PQresultStatus(next) == PGRES_PIPELINE_SYNC;
        if (status != ATH_OK || over || (!next && PQstatus(c->conn) != CONNECTION_OK)) {
            PQclear(next);
            *described = kept;
            return status;
        }
        if (!next)
            continue;
        bool failed = PQresultStatus(next) != PGRES_COMMAND_OK; /* also behind the description: a cancel request's */
        bool wanted = !broken && (failed || at == (guarded ? 2 : 1));
        PQclear(wanted ? kept : next);
        kept = wanted ? next : kept;
        broken = broken || failed;
        at++;
    }
}

static ath_status round_trip(ath__pg_stmt *s, unsigned name, const Oid *oids, size_t count, bool guarded,
                             PGresult **described, ath_error *error) {
    ath__pg *c = s->connection;
    char text[ATH__PG_NAME];
    ATH_TRY(ath__pg_begin(c, error));
    if (!PQenterPipelineMode(c->conn))
        return ath__pg_not_sent(c, error);
    ath__pg_name(c, name, text);
    bool sent = (!guarded || queue(c->conn, "SAVEPOINT ath_guard")) &&
                PQsendPrepare(c->conn, text, s->sql, (int)count, oids) && PQsendDescribePrepared(c->conn, text) &&
                (!guarded || queue(c->conn, "RELEASE SAVEPOINT ath_guard"));
    ath_status status = sent ? ATH_OK : ath__pg_not_sent(c, error);
    if (!PQpipelineSync(c->conn))
        c->lost = true;
    else if (collect(c, guarded, described, sent ? error : NULL) != ATH_OK)
        status = error->status;
    if (!c->lost && !PQexitPipelineMode(c->conn))
        c->lost = true;
    if (status == ATH_OK && PQresultStatus(*described) != PGRES_COMMAND_OK)
        status = ath__pg_failed(c, *described, error);
    if (status == ATH_OK)
        return ATH_OK;
    PQclear(*described);
    *described = NULL;
    return status;
}

/* ---- which types ---- */

/* Integers as literals have them: int4, which the server widens by itself; bind.c asks for more when a value needs it. */
static Oid oid_of(const ath__bind *bind) {
    if (bind->how == ATH__BIND_ARRAY || bind->how == ATH__BIND_ROWS)
        return ath__pg_array_of(ath__pg_oid_of_type(&bind->type));
    if (bind->type.sql != ATH_SQL_INFER)
        return ath__pg_oid_of_type(&bind->type);
    if (bind->kind == ATH_KIND_TEXT) /* where nothing beside it says more: concat($1) */
        return ATH__OID_TEXT;
    return bind->kind == ATH_KIND_INT ? (Oid)ATH__OID_INT4 : ath__pg_oid_of_kind((ath_kind)bind->kind);
}

static bool is_undecided(const ath_error *error) {
    static const char *const states[] = {"42P18", "42P08", "42725", "42883", "42804", "42846"};
    for (size_t i = 0; i < ATH_COUNT_OF(states); i++)
        if (strcmp(error->sqlstate, states[i]) == 0)
            return true;
    return false;
}

/* Parses with the server's inference, or else with the values' types. */
static ath_status parse(ath__pg_stmt *s, const ath__bind *binds, size_t count, PGresult **described, ath_error *error) {
    ath__pg *c = s->connection;
    bool declares = false;
    for (size_t i = 0; i < count && !declares; i++)
        declares = oid_of(&binds[i]) != 0;
    bool guarded = declares && PQtransactionStatus(c->conn) == PQTRANS_INTRANS;
    ath_status status = round_trip(s, s->name, NULL, 0, guarded, described, error);
    if (status == ATH_OK || !declares || c->lost || !is_undecided(error))
        return status;
    Oid *oids = ath__alloc_zero(&c->allocator, count, sizeof *oids);
    if (!oids)
        return ath__fail_memory(error);
    for (size_t i = 0; i < count; i++)
        oids[i] = oid_of(&binds[i]);
    s->undecided = true;
    status = guarded ? ath__pg_exec(c, "ROLLBACK TO SAVEPOINT ath_guard; RELEASE SAVEPOINT ath_guard", error) : ATH_OK;
    if (status == ATH_OK)
        status = round_trip(s, s->name, oids, count, false, described, error);
    ath__free(&c->allocator, oids, count * sizeof *oids);
    return status;
}

/* ---- taking the description over ---- */

static size_t block_size(size_t binds) {
    return binds * (sizeof(char *) + 2 * sizeof(int) + 2 * sizeof(Oid) + ATH__PG_SLOT);
}

static ath_status make_room(ath__pg_stmt *s, size_t binds, ath_error *error) {
    if (binds == 0 || s->values)
        return ATH_OK;
    char *block = ath__alloc_zero(&s->connection->allocator, 1, block_size(binds));
    if (!block)
        return ath__fail_memory(error);
    s->values = (const char **)(void *)block;
    s->slots = block + binds * sizeof(char *); /* a multiple of 8 */
    s->lengths = (int *)(void *)(s->slots + binds * ATH__PG_SLOT);
    s->formats = s->lengths + binds;
    s->oids = (Oid *)(void *)(s->formats + binds);
    s->declared = s->oids + binds;
    s->binds = binds;
    return ATH_OK;
}

static ath_status describe_columns(ath__pg_stmt *s, const PGresult *described, ath_error *error) {
    ath__pg *c = s->connection;
    size_t columns = (size_t)PQnfields(described);
    ATH_TRY(ath__pg_look_up(c, described, error));
    uint8_t *cells = ath__alloc(&c->allocator, columns + 1);
    if (!cells)
        return ath__fail_memory(error);
    s->binary = true;
    for (size_t i = 0; i < columns; i++) {
        Oid oid = PQftype(described, (int)i);
        cells[i] = (uint8_t)(ath__pg_is_text(c, oid) ? ATH__CELL_TEXT : ath__pg_cell_of(oid));
        s->binary = s->binary && cells[i] != ATH__CELL_UNKNOWN;
    }
    if (s->cells)
        ath__free(&c->allocator, s->cells, s->columns + 1);
    s->cells = cells;
    s->columns = columns;
    return ATH_OK;
}

/* Takes over `described`, in success and failure. */
static ath_status take_description(ath__pg_stmt *s, PGresult *described, ath_error *error) {
    size_t binds = (size_t)PQnparams(described);
    ath_status status = make_room(s, binds, error);
    if (status == ATH_OK)
        status = describe_columns(s, described, error);
    if (status != ATH_OK) {
        PQclear(described);
        return status;
    }
    for (size_t i = 0; i < binds && i < s->binds; i++)
        s->oids[i] = PQparamtype(described, (int)i);
    PQclear(s->described);
    s->described = described;
    return ATH_OK;
}

void ath__pg_undeclare(ath__pg_stmt *s) {
    for (size_t i = 0; i < s->binds; i++)
        s->declared[i] = s->undecided ? s->oids[i] : 0;
}

/* ---- the driver's functions ---- */

static ath__pg_stmt *stmt_new(ath__pg *c, const char *sql, size_t size) {
    ath__pg_stmt *s = ath__alloc_zero(&c->allocator, 1, sizeof *s);
    if (!s)
        return NULL;
    s->connection = c;
    s->sql = ath__alloc(&c->allocator, size + 1);
    if (!s->sql) {
        ath__free(&c->allocator, s, sizeof *s);
        return NULL;
    }
    memcpy(s->sql, sql, size);
    s->sql[size] = '\0';
    s->sql_size = size;
    s->row = -1;
    s->name = c->never_prepare ? 0 : ++c->named;
    ath__arena_init(&s->copies, &c->allocator);
    ath__arena_init(&s->texts, &c->allocator);
    ath__buf_init(&s->arrays, &c->allocator);
    return s;
}

ath_status ath__pg_prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                           void **statement, ath_error *error) {
    ath__pg *c = connection;
    PGresult *described = NULL;
    ath_error local;
    if (!error)
        error = &local;
    if (memchr(sql, '\0', size))
        return ath__fail(error, ATH_PROGRAMMING, "the statement holds a NUL character");
    ath__pg_stmt *s = stmt_new(c, sql, size);
    if (!s)
        return ath__fail_memory(error);
    ath_status status = parse(s, binds, bind_count, &described, error);
    if (status == ATH_OK) {
        status = take_description(s, described, error);
        ath__pg_undeclare(s);
    } else {
        s->name = 0; /* the server has none */
    }
    if (status != ATH_OK) {
        ath__pg_finalize(s);
        return status;
    }
    *statement = s;
    return ATH_OK;
}

/* Nothing is sent: the name waits until a transaction begins.  Without memory it stays until the connection ends. */
static void drop_name(ath__pg *c, unsigned name) {
    if (!name)
        return;
    if (c->dropped_count == c->dropped_capacity) {
        size_t capacity = c->dropped_capacity ? c->dropped_capacity * 2 : 64;
        unsigned *larger =
            ath__realloc(&c->allocator, c->dropped, c->dropped_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return;
        c->dropped = larger;
        c->dropped_capacity = capacity;
    }
    c->dropped[c->dropped_count++] = name;
}

ath_status ath__pg_prepare_again(ath__pg_stmt *s, ath_error *error) {
    ath__pg *c = s->connection;
    PGresult *described = NULL;
    unsigned name = c->never_prepare ? 0 : ++c->named;
    ATH_TRY(round_trip(s, name, s->declared, s->binds, false, &described, error));
    drop_name(c, s->name);
    s->name = name;
    return take_description(s, described, error);
}

void ath__pg_finalize(void *statement) {
    ath__pg_stmt *s = statement;
    ath__pg *c = s->connection;
    ath__pg_reset(s);
    drop_name(c, s->name);
    PQclear(s->described);
    ath__arena_done(&s->copies);
    ath__arena_done(&s->texts);
    ath__buf_done(&s->arrays);
    if (s->cells)
        ath__free(&c->allocator, s->cells, s->columns + 1);
    ath__free(&c->allocator, s->values, block_size(s->binds));
    ath__free(&c->allocator, s->sql, s->sql_size + 1);
    ath__free(&c->allocator, s, sizeof *s);
}

size_t ath__pg_statement_bytes(void *statement) {
    const ath__pg_stmt *s = statement;
    return sizeof *s + s->sql_size + block_size(s->binds) + s->columns + PQresultMemorySize(s->described);
}
