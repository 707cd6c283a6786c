/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: its result codes and messages become structured errors.
 *
 * SQLite names a broken constraint only in its message ("UNIQUE constraint failed: users.email"); the parts are taken
 * from there.  SQLSTATEs are PostgreSQL's, so that a program need learn one set.
 */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend/sqlite/sqlite.h"

/* ---- constraints ---- */

static const struct {
    int code;
    ath_integrity_kind kind;
    char sqlstate[6];
} constraints[] = {
    {SQLITE_CONSTRAINT_UNIQUE, ATH_INTEGRITY_UNIQUE, "23505"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, ATH_INTEGRITY_PRIMARY_KEY, "23505"},
    {SQLITE_CONSTRAINT_ROWID, ATH_INTEGRITY_PRIMARY_KEY, "23505"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, ATH_INTEGRITY_FOREIGN_KEY, "23503"},
    {SQLITE_CONSTRAINT_NOTNULL, ATH_INTEGRITY_NOT_NULL, "23502"},
    {SQLITE_CONSTRAINT_CHECK, ATH_INTEGRITY_CHECK, "23514"},
};

/* "users.email, users.name": the table and the first column. */
static void take_column(ath_error *error, const char *detail) {
    size_t size = strcspn(detail, ",");
    const char *dot = memchr(detail, '.', size);
    if (!dot)
        return;
    ath__copy_text(error->table, sizeof error->table, detail, (size_t)(dot - detail));
    ath__copy_text(error->column, sizeof error->column, dot + 1, size - (size_t)(dot + 1 - detail));
}

static ath_status integrity(int code, const char *message, ath_error *error) {
    ath__fail(error, ATH_INTEGRITY, "%s", message);
    error->integrity = ATH_INTEGRITY_OTHER;
    ath__copy_text(error->sqlstate, sizeof error->sqlstate, "23000", 5);
    for (size_t i = 0; i < ATH_COUNT_OF(constraints); i++) {
        if (constraints[i].code != code)
            continue;
        error->integrity = constraints[i].kind;
        ath__copy_text(error->sqlstate, sizeof error->sqlstate, constraints[i].sqlstate, 5);
    }
    const char *detail = strstr(message, "failed: ");
    if (!detail)
        return ATH_INTEGRITY;
    detail += strlen("failed: ");
    if (error->integrity == ATH_INTEGRITY_CHECK)
        ath__copy_text(error->constraint, sizeof error->constraint, detail, strlen(detail));
    else if (strncmp(detail, "index '", 7) == 0)
        ath__copy_text(error->constraint, sizeof error->constraint, detail + 7, strcspn(detail + 7, "'"));
    else
        take_column(error, detail);
    return ATH_INTEGRITY;
}

/* ---- wrong SQL ---- */

static void take_name(char *field, size_t size, const char *message, const char *before) {
    const char *name = strstr(message, before);
    if (name)
        ath__copy_text(field, size, name + strlen(before), strlen(name + strlen(before)));
}

/* "no such column: users.email" and "table users has no column named email" */
static void take_columns(const char *message, ath_error *error) {
    static const char before[] = "no such column: ", table[] = "table ", between[] = " has no column named ";
    const char *name = strstr(message, before), *split = strstr(message, between);
    if (name) {
        name += strlen(before);
        const char *dot = strrchr(name, '.');
        take_name(error->column, sizeof error->column, dot ? dot + 1 : name, "");
        ath__copy_text(error->table, sizeof error->table, name, dot ? (size_t)(dot - name) : 0);
    } else if (split && strncmp(message, table, strlen(table)) == 0) {
        take_name(error->column, sizeof error->column, split, between);
        ath__copy_text(error->table, sizeof error->table, message + strlen(table),
                       (size_t)(split - message) - strlen(table));
    }
}

/* Failures of functions have SQLite's most general code, too. */
static const char *const bad_values[] = {"integer overflow", "malformed JSON", "JSON path error"};

static ath_status programming(const char *message, ath_error *error) {
    for (size_t i = 0; i < ATH_COUNT_OF(bad_values); i++)
        if (strncmp(message, bad_values[i], strlen(bad_values[i])) == 0)
            return ath__fail(error, ATH_DATA, "%s", message);
    ath__fail(error, ATH_PROGRAMMING, "%s", message);
    take_name(error->table, sizeof error->table, message, "no such table: ");
    const char *sqlstate = error->table[0] ? "42P01" : "42601";
    take_columns(message, error);
    ath__copy_text(error->sqlstate, sizeof error->sqlstate, error->column[0] ? "42703" : sqlstate, 5);
    return ATH_PROGRAMMING;
}

/* ---- everything else ---- */

/* Why a file could not be opened; SQLite does not say. */
static const char *reason(const char *file, const char *message) {
    struct stat about;
    if (strncmp(file, "file:", 5) == 0)
        return message;
    if (stat(file, &about) != 0)
        return errno == ENOENT ? "no such file or directory" : errno == EACCES ? "permission denied" : message;
    if (S_ISDIR(about.st_mode))
        return "it is a directory";
    return access(file, R_OK) != 0 ? "permission denied" : message;
}

static const struct {
    int code;
    ath_status status;
    const char *means;
} others[] = {
    {SQLITE_BUSY, ATH_OPERATIONAL, "the database is locked by another connection"},
    {SQLITE_LOCKED, ATH_OPERATIONAL, "a table is locked by another statement"},
    {SQLITE_READONLY, ATH_OPERATIONAL, "the database is read-only"},
    {SQLITE_FULL, ATH_OPERATIONAL, "the disk or the database is full"},
    {SQLITE_CANTOPEN, ATH_OPERATIONAL, "the file cannot be opened"},
    {SQLITE_NOTADB, ATH_OPERATIONAL, "the file is not an SQLite database"},
    {SQLITE_CORRUPT, ATH_OPERATIONAL, "the database file is damaged"},
    {SQLITE_IOERR, ATH_OPERATIONAL, "reading or writing the file failed"},
    {SQLITE_PERM, ATH_OPERATIONAL, "access was refused"},
    {SQLITE_AUTH, ATH_OPERATIONAL, "access was refused"},
    {SQLITE_PROTOCOL, ATH_OPERATIONAL, "the locking protocol failed"},
    {SQLITE_SCHEMA, ATH_OPERATIONAL, "the schema has changed"},
    {SQLITE_INTERRUPT, ATH_OPERATIONAL, "the statement was interrupted"},
    {SQLITE_TOOBIG, ATH_DATA, "a value is too long for the database"},
    {SQLITE_MISMATCH, ATH_DATA, "a value has the wrong type"},
    {SQLITE_RANGE, ATH_DATA, "there is no such placeholder"},
    {SQLITE_MISUSE, ATH_INTERNAL, "the client library was misused"},
};

ath_status ath__sqlite_failed(const ath__sqlite *c, int code, ath_error *error) {
    ath_error local;
    const char *message = c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(code);
    ath_status status = ATH_INTERNAL;
    if (!error)
        error = &local;
    int primary = code & 0xff;
    if (primary == SQLITE_NOMEM) {
        status = ath__fail_memory(error);
    } else if (code == SQLITE_CONSTRAINT_DATATYPE) {
        status = ath__fail(error, ATH_DATA, "%s", message);
    } else if (primary == SQLITE_CONSTRAINT) {
        status = integrity(code, message, error);
    } else if (primary == SQLITE_ERROR) {
        status = programming(message, error);
    } else {
        const char *means = "an unexpected result";
        for (size_t i = 0; i < ATH_COUNT_OF(others); i++)
            if (others[i].code == primary) {
                status = others[i].status;
                means = others[i].means;
            }
        ath__fail(error, status, "%s: %s (%s)", c->file, means,
                  primary == SQLITE_CANTOPEN ? reason(c->file, message) : message);
    }
    error->native_code = code;
    /* a lock of one's own connection (plain SQLITE_LOCKED) is there again the next time */
    error->retryable = primary == SQLITE_BUSY || code == SQLITE_LOCKED_SHAREDCACHE;
    return status;
}
