/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what the server and libpq say becomes structured errors.
 *
 * The status follows from the SQLSTATE alone, never from words, which the server may have translated.  The message is
 * the server's primary message with its detail behind it, in one line.
 */
#include "backend/postgresql/postgresql.h"
#include "base/here.h"

/* ---- statuses ---- */

/* The longest matching beginning decides; those of five characters stand first. */
static const struct {
    char state[6];
    ath_status status;
} states[] = {
    {"25P02", ATH_STATE},      {"25P03", ATH_DISCONNECT}, {"57P01", ATH_DISCONNECT}, {"57P02", ATH_DISCONNECT},
    {"57P03", ATH_DISCONNECT}, {"57P04", ATH_DISCONNECT}, {"57P05", ATH_DISCONNECT}, {"03", ATH_PROGRAMMING},
    {"08", ATH_DISCONNECT},    {"0A", ATH_NOT_SUPPORTED}, {"21", ATH_PROGRAMMING},   {"22", ATH_DATA},
    {"23", ATH_INTEGRITY},     {"2B", ATH_INTEGRITY},     {"3F", ATH_PROGRAMMING},   {"42", ATH_PROGRAMMING},
    {"44", ATH_INTEGRITY},
};

/* What another transaction was in the way of; 55P03: a lock that was not had in time, or not at once (NOWAIT). */
static bool is_retryable(const ath_error *error) {
    static const char states_of[][6] = {"40001", "40P01", "55P03"};
    for (size_t i = 0; i < ATH_COUNT_OF(states_of); i++)
        if (strcmp(states_of[i], error->sqlstate) == 0)
            return true;
    return error->status == ATH_DISCONNECT;
}

static ath_status status_of(const char *state) {
    for (size_t i = 0; i < ATH_COUNT_OF(states); i++)
        if (strncmp(states[i].state, state, strlen(states[i].state)) == 0)
            return states[i].status;
    return ATH_OPERATIONAL;
}

static const struct {
    char state[6];
    ath_integrity_kind kind;
} kinds[] = {
    {"23502", ATH_INTEGRITY_NOT_NULL}, {"23503", ATH_INTEGRITY_FOREIGN_KEY}, {"23001", ATH_INTEGRITY_FOREIGN_KEY},
    {"23505", ATH_INTEGRITY_UNIQUE},   {"23514", ATH_INTEGRITY_CHECK},       {"44000", ATH_INTEGRITY_CHECK},
};

static bool ends_in(const char *text, const char *end) {
    size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

/* A primary key is a unique constraint like others; its name tells, unless somebody chose another. */
static ath_integrity_kind kind_of(const ath_error *error) {
    for (size_t i = 0; i < ATH_COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].state, error->sqlstate) != 0)
            continue;
        bool is_key = kinds[i].kind == ATH_INTEGRITY_UNIQUE && ends_in(error->constraint, "_pkey");
        return is_key ? ATH_INTEGRITY_PRIMARY_KEY : kinds[i].kind;
    }
    return ATH_INTEGRITY_OTHER;
}

/* ---- texts ---- */

/* One line: what stands on further lines is put behind it. */
static void one_line(char *text) {
    size_t size = strlen(text);
    while (size && strchr("\r\n\t ", text[size - 1]))
        text[--size] = '\0';
    for (char *at = text; *at; at++)
        if (*at == '\n' || *at == '\r' || *at == '\t')
            *at = ' ';
}

static void copy_field(char *out, size_t size, const PGresult *result, int field) {
    const char *text = PQresultErrorField(result, field);
    if (text)
        ath__copy_text(out, size, text, strlen(text));
}

/* The first column of "Key (author_id, name)=(1, x) is not present ...", whatever the language; an expression has none. */
static void column_of_detail(const char *detail, ath_error *error) {
    const char *open = detail ? strchr(detail, '(') : NULL;
    const char *close = open ? strstr(open, ")=(") : NULL;
    if (!close || (strcmp(error->sqlstate, "23503") == 0 && strstr(close, "still referenced")))
        return; /* of a row that is still referenced it is the other table's key */
    const char *name = open + 1;
    size_t size = 0;
    if (*name == '"') {
        name++;
        while (name + size < close && name[size] != '"')
            size++;
    } else {
        while (name + size < close && name[size] != ',')
            size++;
        if (memchr(name, '(', size) || memchr(name, ' ', size) || memchr(name, ':', size))
            return;
    }
    ath__copy_text(error->column, sizeof error->column, name, size);
}

static void take_fields(const PGresult *result, ath_error *error) {
    copy_field(error->sqlstate, sizeof error->sqlstate, result, PG_DIAG_SQLSTATE);
    copy_field(error->constraint, sizeof error->constraint, result, PG_DIAG_CONSTRAINT_NAME);
    copy_field(error->table, sizeof error->table, result, PG_DIAG_TABLE_NAME);
    copy_field(error->column, sizeof error->column, result, PG_DIAG_COLUMN_NAME);
    if (error->status == ATH_INTEGRITY)
        error->integrity = kind_of(error);
    if (error->status == ATH_INTEGRITY && !error->column[0])
        column_of_detail(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL), error);
}

static void say(const PGresult *result, ath_status status, ath_error *error) {
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = detail ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    const char *more = detail ? detail : hint;
    ath__fail(error, status, "%s%s%s", primary ? primary : "the server gave no reason", more ? ": " : "",
              more ? more : "");
    one_line(error->message);
}

/* ---- what failed ---- */

static bool is_fatal(const PGresult *result) {
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

/* libpq itself failed: it has run out of memory, or lost the server, or was used wrongly. */
static ath_status library_failed(ath__pg *c, const char *message, ath_error *error) {
    if (PQstatus(c->conn) != CONNECTION_OK) {
        c->lost = true;
        ath__here_forget(-1); /* it has closed its socket */
        ath__fail(error, ATH_DISCONNECT, "%s", message && *message ? message : "the connection to the server is lost");
    } else if (message && strstr(message, "out of memory")) {
        return ath__fail_memory(error);
    } else {
        ath__fail(error, ATH_OPERATIONAL, "%s", message && *message ? message : "the client library gave no reason");
    }
    one_line(error->message);
    error->retryable = error->status == ATH_DISCONNECT;
    return error->status;
}

/* "cached plan must not change result type": told by who says it, because its state means much else, too. */
static bool is_plan(const PGresult *result) {
    const char *function = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
    return function && strcmp(function, "RevalidateCachedQuery") == 0;
}

/* Overtaken by the deadline, and ended by our own request. */
static bool was_cut(const ath__pg *c, const char *state) {
    return c->cut != ATH_OK && strcmp(state, "57014") == 0;
}

ath_status ath__pg_failed(ath__pg *c, const PGresult *result, ath_error *error) {
    ath_error local;
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ExecStatusType kind = PQresultStatus(result);
    if (!error)
        error = &local;
    ath_error_clear(error);
    if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH)
        return ath__fail(error, ATH_NOT_SUPPORTED, "COPY from and to the client is not possible here");
    if (kind == PGRES_EMPTY_QUERY && result)
        return ath__fail(error, ATH_PROGRAMMING, "the statement is empty");
    if (!state)
        return library_failed(c, result ? PQresultErrorMessage(result) : PQerrorMessage(c->conn), error);
    if (was_cut(c, state)) {
        ath__fail(error, c->cut,
                  c->cut == ATH_TIMEOUT ? "the deadline passed; the query was ended"
                                        : "the wait was given up; the query was ended");
    } else {
        bool fatal = is_fatal(result);
        c->lost = c->lost || fatal;
        say(result, fatal ? ATH_DISCONNECT : is_plan(result) ? ATH_OPERATIONAL : status_of(state), error);
    }
    take_fields(result, error);
    error->retryable = is_retryable(error);
    return error->status;
}

ath_status ath__pg_connect_failed(const PGconn *conn, ath_error *error) {
    ath_error local;
    const char *message = PQerrorMessage(conn);
    if (!error)
        error = &local;
    if (strstr(message, "out of memory"))
        return ath__fail_memory(error);
    bool misused = strncmp(message, "invalid ", 8) == 0 && PQsocket(conn) < 0;
    ath__fail(error, misused ? ATH_ARGUMENT : ATH_OPERATIONAL, "%s", *message ? message : "the server gave no reason");
    one_line(error->message);
    return error->status;
}

bool ath__pg_is_stale_plan(const ath_error *error) {
    return strcmp(error->sqlstate, "26000") == 0 ||
           (strcmp(error->sqlstate, "0A000") == 0 && error->status == ATH_OPERATIONAL); /* see is_plan */
}
