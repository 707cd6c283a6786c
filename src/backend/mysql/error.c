/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: error numbers and messages become structured errors.
 *
 * The status follows the number, and where a number is not listed, the class of its SQLSTATE.  SQLSTATEs stay the
 * server's, but for broken constraints, where it says 23000 for all, and for what was cancelled: those get PostgreSQL's, so
 * that a program need learn one set.  Names of constraints, tables and columns stand only in the message; the parts between quotes are taken from
 * there.
 */
#include <strings.h>

#include "backend/mysql/client.h"
#include "base/here.h"

#include <errmsg.h>
#include <mysqld_error.h>

/* ---- what a number means ---- */

static const struct {
    unsigned number;
    ath_status status;
    ath_integrity_kind integrity;
    char sqlstate[6];
} numbers[] = {
    {1062, ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505"},      /* duplicate entry */
    {1022, ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505"},      /* the same, without its name */
    {1169, ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505"},      /* by ALTER TABLE */
    {1586, ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505"},      /* with the key's name */
    {1859, ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505"},      /* value unknown */
    {1216, ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503"}, /* no parent, without names */
    {1217, ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503"}, /* has children, without names */
    {1451, ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503"}, /* has children */
    {1452, ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503"}, /* no parent */
    {1761, ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503"}, /* a duplicate in the child */
    {1048, ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502"},    /* cannot be null */
    {1364, ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502"},    /* has no default */
    {1263, ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502"},    /* NULL for NOT NULL, by LOAD and ALTER */
    {3819, ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514"},       /* MySQL's CHECK */
    {4025, ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514"},       /* MariaDB's CHECK */
    {1138, ATH_DATA, 0, ""},                                   /* invalid use of NULL */
    {1153, ATH_OPERATIONAL, 0, ""},                            /* packet too large: the connection ends */
    {1301, ATH_DATA, 0, ""},                                   /* a result larger than max_allowed_packet */
    {1264, ATH_DATA, 0, ""},                                   /* out of range */
    {1265, ATH_DATA, 0, ""},                                   /* truncated: no label of the ENUM */
    {1292, ATH_DATA, 0, ""},                                   /* wrong value */
    {1366, ATH_DATA, 0, ""},                                   /* wrong string value */
    {1367, ATH_DATA, 0, ""},                                   /* illegal value */
    {1406, ATH_DATA, 0, ""},                                   /* too long */
    {1411, ATH_DATA, 0, ""},                                   /* wrong value for a function */
    {1416, ATH_DATA, 0, ""},                                   /* no geometry */
    {1365, ATH_DATA, 0, ""},                                   /* division by 0 */
    {1690, ATH_DATA, 0, ""},                                   /* BIGINT value is out of range */
    {3140, ATH_DATA, 0, ""},                                   /* invalid JSON */
    {3141, ATH_DATA, 0, ""},                                   /* invalid JSON, to a function */
    {1205, ATH_OPERATIONAL, 0, "HY000"},                       /* lock wait time-out */
    {1213, ATH_OPERATIONAL, 0, "40001"},                       /* deadlock */
    {1020, ATH_OPERATIONAL, 0, "40001"},                       /* the row has changed since it was read */
    {3572, ATH_OPERATIONAL, 0, ""},                            /* NOWAIT */
    {1792, ATH_OPERATIONAL, 0, ""},                            /* a read-only transaction */
    {1290, ATH_OPERATIONAL, 0, ""},                            /* a read-only server */
    {1036, ATH_OPERATIONAL, 0, ""},                            /* a read-only table */
    {1114, ATH_OPERATIONAL, 0, ""},                            /* the table is full */
    {1021, ATH_OPERATIONAL, 0, ""},                            /* the disk is full */
    {1040, ATH_OPERATIONAL, 0, ""},                            /* too many connections */
    {1203, ATH_OPERATIONAL, 0, ""},                            /* too many of this user's */
    {1226, ATH_OPERATIONAL, 0, ""},                            /* the user's resources */
    {1461, ATH_OPERATIONAL, 0, ""},                            /* max_prepared_stmt_count */
    {1615, ATH_OPERATIONAL, 0, ""},                            /* needs to be prepared again */
    {1243, ATH_OPERATIONAL, 0, ""},                            /* unknown prepared statement */
    {1044, ATH_OPERATIONAL, 0, ""},                            /* access denied to a database */
    {1045, ATH_OPERATIONAL, 0, ""},                            /* access denied */
    {1698, ATH_OPERATIONAL, 0, ""},                            /* access denied, by its plugin */
    {1049, ATH_OPERATIONAL, 0, ""},                            /* unknown database */
    {1142, ATH_PROGRAMMING, 0, ""},                            /* command denied */
    {1143, ATH_PROGRAMMING, 0, ""},                            /* column denied */
    {1235, ATH_NOT_SUPPORTED, 0, ""},                          /* not supported yet */
    {1295, ATH_NOT_SUPPORTED, 0, ""},                          /* not as a prepared statement */
    {1317, ATH_OPERATIONAL, 0, "57014"},                       /* cancelled */
    {1969, ATH_TIMEOUT, 0, ""},                                /* MariaDB's max_statement_time */
    {3024, ATH_TIMEOUT, 0, ""},                                /* MySQL's max_execution_time */
    {1053, ATH_DISCONNECT, 0, ""},                             /* the server is shutting down */
    {1077, ATH_DISCONNECT, 0, ""},                             /* the same */
    {1152, ATH_DISCONNECT, 0, ""},                             /* aborted */
    {1184, ATH_DISCONNECT, 0, ""},                             /* aborted */
    {1158, ATH_DISCONNECT, 0, ""},                             /* reading failed */
    {1159, ATH_DISCONNECT, 0, ""},                             /* reading took too long */
    {1160, ATH_DISCONNECT, 0, ""},                             /* writing failed */
    {1161, ATH_DISCONNECT, 0, ""},                             /* writing took too long */
    {1927, ATH_DISCONNECT, 0, ""},                             /* the connection was killed */
    {3169, ATH_DISCONNECT, 0, ""},                             /* the session was killed */
    {4031, ATH_DISCONNECT, 0, ""},                             /* idle for too long */
    {2006, ATH_DISCONNECT, 0, ""},                             /* the server has gone away */
    {2013, ATH_DISCONNECT, 0, ""},                             /* lost during a query */
    {2055, ATH_DISCONNECT, 0, ""},                             /* lost, with the system's reason */
    {2045, ATH_DISCONNECT, 0, ""},                             /* shared memory */
    {2014, ATH_DISCONNECT, 0, ""},                             /* out of step */
    {2027, ATH_DISCONNECT, 0, ""},                             /* malformed packet */
    {2008, ATH_NO_MEMORY, 0, ""},
    {1037, ATH_OPERATIONAL, 0, ""}, /* the server's memory */
    {1038, ATH_OPERATIONAL, 0, ""},
    {2020, ATH_DATA, 0, ""}, /* a packet that libmariadb will not send */
};

/* What another transaction was in the way of.  InnoDB undoes the statement alone when a lock was not had in time (1205,
 * 3572 with NOWAIT on MySQL); what stands before it is undone by whoever starts over. */
static bool is_retryable(unsigned number) {
    static const unsigned which[] = {1213, 1205, 1020, 3572};
    for (size_t i = 0; i < ATH_COUNT_OF(which); i++)
        if (which[i] == number)
            return true;
    return false;
}

/* Of the two digits that SQLSTATEs begin with. */
static ath_status status_of_class(const char *sqlstate) {
    static const struct {
        char begin[3];
        ath_status status;
    } classes[] = {
        {"22", ATH_DATA},        {"23", ATH_INTEGRITY},   {"21", ATH_PROGRAMMING},   {"42", ATH_PROGRAMMING},
        {"08", ATH_OPERATIONAL}, {"40", ATH_OPERATIONAL}, {"0A", ATH_NOT_SUPPORTED}, {"2F", ATH_PROGRAMMING},
    };
    for (size_t i = 0; i < ATH_COUNT_OF(classes); i++)
        if (strncmp(sqlstate, classes[i].begin, 2) == 0)
            return classes[i].status;
    return ATH_OPERATIONAL;
}

/* ---- names in messages ---- */

/* The text between the next pair of `quote`, or NULL; *at moves behind it. */
static const char *between(const char **at, char quote, size_t *size) {
    const char *from = strchr(*at, quote);
    const char *to = from ? strchr(from + 1, quote) : NULL;
    if (!to)
        return NULL;
    *at = to + 1;
    *size = (size_t)(to - from - 1);
    return from + 1;
}

#define COPY(field, text, size) ath__copy_text(field, sizeof(field), text, size)

/* "Duplicate entry 'a'b' for key 'users.email'": the value may hold quotes, so the key is the last. */
static void take_key(const char *message, ath_error *error) {
    static const char before[] = " for key '";
    const char *key = NULL;
    for (const char *at = message; (at = strstr(at, before)) != NULL; at++)
        key = at + strlen(before);
    const char *end = key ? strrchr(key, '\'') : NULL;
    if (!end)
        return;
    const char *dot = memchr(key, '.', (size_t)(end - key)); /* MySQL 8 says the table as well */
    if (dot) {
        COPY(error->table, key, (size_t)(dot - key));
        key = dot + 1;
    }
    COPY(error->constraint, key, (size_t)(end - key));
    if (strcmp(error->constraint, "PRIMARY") == 0)
        error->integrity = ATH_INTEGRITY_PRIMARY_KEY;
}

/* "... fails (`db`.`posts`, CONSTRAINT `fk` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))" */
static void take_foreign_key(const char *message, ath_error *error) {
    const char *at = strchr(message, '('), *name;
    size_t size = 0;
    if (!at || !between(&at, '`', &size) || !(name = between(&at, '`', &size)))
        return;
    COPY(error->table, name, size);
    const char *constraint = strstr(at, "CONSTRAINT `"), *column = strstr(at, "FOREIGN KEY (`");
    if (constraint && (name = between(&constraint, '`', &size)))
        COPY(error->constraint, name, size);
    if (column && (name = between(&column, '`', &size)))
        COPY(error->column, name, size);
}

/* "CONSTRAINT `ck` failed for `db`.`t`", "Check constraint 'ck' is violated." */
static void take_check(const char *message, ath_error *error) {
    const char *at = message, *name;
    size_t size = 0;
    if ((name = between(&at, '`', &size))) {
        COPY(error->constraint, name, size);
        if (between(&at, '`', &size) && (name = between(&at, '`', &size)))
            COPY(error->table, name, size);
    } else if ((name = between(&at, '\'', &size))) {
        COPY(error->constraint, name, size);
    }
    const char *dot = strchr(error->constraint, '.'); /* MariaDB: a column's own check is table.column */
    if (dot && error->table[0]) {
        COPY(error->column, dot + 1, strlen(dot + 1));
        error->constraint[0] = '\0';
    }
}

/* "Column 'name' cannot be null", "Field 'name' doesn't have a default value", "Unknown column 'u.name' in ..." */
static void take_column(const char *message, ath_error *error) {
    const char *at = message, *name;
    size_t size = 0;
    if (!(name = between(&at, '\'', &size)))
        return;
    const char *dot = memchr(name, '.', size);
    if (dot) {
        COPY(error->table, name, (size_t)(dot - name));
        size -= (size_t)(dot + 1 - name);
        name = dot + 1;
    }
    COPY(error->column, name, size);
}

/* "Table 'db.users' doesn't exist", "Unknown table 'db.users'" */
static void take_table(const char *message, ath_error *error) {
    const char *at = message, *name;
    size_t size = 0;
    if (!(name = between(&at, '\'', &size)))
        return;
    const char *dot = memchr(name, '.', size);
    if (dot) {
        size -= (size_t)(dot + 1 - name);
        name = dot + 1;
    }
    COPY(error->table, name, size);
}

/* "Data too long for column 'name' at row 1", "Incorrect integer value: 'x' for column `db`.`t`.`name` at row 1" */
static void take_value_column(const char *message, ath_error *error) {
    static const char before[] = " for column ";
    const char *at = NULL, *name;
    size_t size = 0;
    for (const char *next = message; (next = strstr(next, before)) != NULL; next++)
        at = next;
    if (!at)
        return;
    at += strlen(before);
    if (*at == '\'' && (name = between(&at, '\'', &size))) {
        COPY(error->column, name, size);
    } else if (*at == '`' && between(&at, '`', &size) && (name = between(&at, '`', &size))) {
        COPY(error->table, name, size);
        if ((name = between(&at, '`', &size)))
            COPY(error->column, name, size);
    }
}

static void take_names(unsigned number, const char *message, ath_error *error) {
    switch (error->integrity) {
    case ATH_INTEGRITY_UNIQUE:
        take_key(message, error);
        return;
    case ATH_INTEGRITY_FOREIGN_KEY:
        take_foreign_key(message, error);
        return;
    case ATH_INTEGRITY_NOT_NULL:
        take_column(message, error);
        return;
    case ATH_INTEGRITY_CHECK:
        take_check(message, error);
        return;
    default:
        break;
    }
    if (number == ER_BAD_FIELD_ERROR)
        take_column(message, error);
    else if (number == ER_NO_SUCH_TABLE || number == ER_BAD_TABLE_ERROR || number == ER_TABLE_EXISTS_ERROR)
        take_table(message, error);
    else if (error->status == ATH_DATA)
        take_value_column(message, error);
}

/* ---- errors ---- */

ath_status ath__mysql_error(unsigned number, const char *sqlstate, const char *message, ath_error *error) {
    ath_error local;
    ath_status status = status_of_class(sqlstate);
    ath_integrity_kind integrity = status == ATH_INTEGRITY ? ATH_INTEGRITY_OTHER : ATH_INTEGRITY_NONE;
    error = error ? error : &local;
    for (size_t i = 0; i < ATH_COUNT_OF(numbers); i++)
        if (numbers[i].number == number) {
            status = numbers[i].status;
            integrity = numbers[i].integrity;
            sqlstate = numbers[i].sqlstate[0] ? numbers[i].sqlstate : sqlstate;
        }
    ath__fail(error, status, "%s", message);
    error->integrity = integrity;
    error->native_code = (int)number;
    error->retryable = is_retryable(number) || status == ATH_DISCONNECT;
    COPY(error->sqlstate, sqlstate, strlen(sqlstate));
    take_names(number, message, error);
    return status;
}

ath_status ath__mysql_failed(ath__mysql *c, MYSQL_STMT *stmt, ath_error *error) {
    /* What comes while rows are received is noted at the connection alone. */
    bool of_stmt = stmt && mysql_stmt_errno(stmt);
    unsigned number = of_stmt ? mysql_stmt_errno(stmt) : mysql_errno(c->mysql);
    ath_status status = number == 0
                            ? ath__fail(error, ATH_INTERNAL, "the client library failed and did not say why")
                            : ath__mysql_error(number, of_stmt ? mysql_stmt_sqlstate(stmt) : mysql_sqlstate(c->mysql),
                                               of_stmt ? mysql_stmt_error(stmt) : mysql_error(c->mysql), error);
    if (status == ATH_DISCONNECT || number == ER_NET_PACKET_TOO_LARGE) {
        c->lost = true;
        ath__here_forget(-1); /* its socket may be closed */
    }
    return status;
}

/* ---- the table that only the statement names ---- */

static const char *skip_word(const char *at, const char *word) {
    at += strspn(at, " \t\r\n");
    size_t size = strlen(word);
    if (strncasecmp(at, word, size) != 0 || !strchr(" \t\r\n`", at[size]))
        return NULL;
    return at + size;
}

/* One name, as it is or between backquotes; *at moves behind it.  Its size in `out`, which holds as much as fits. */
static size_t take_name(const char **at, char *out, size_t size) {
    size_t used = 0;
    const char *from = *at;
    bool quoted = *from == '`';
    for (from += quoted; *from && used + 1 < size; from++) {
        if (quoted ? *from == '`' && from[1] != '`' : strchr(" \t\r\n.,(;", *from) != NULL)
            break;
        from += quoted && *from == '`';
        out[used++] = *from;
    }
    *at = from + (quoted && *from == '`');
    out[used] = '\0';
    return used;
}

/* "Column 'name' cannot be null": of which table, the server does not say, but INSERT and UPDATE do. */
void ath__mysql_name_table(const char *sql, ath_error *error) {
    char name[sizeof error->table];
    const char *at = skip_word(sql, "INSERT"), *next;
    if (!error || error->table[0] || (error->status != ATH_INTEGRITY && error->status != ATH_DATA))
        return;
    if (at && (next = skip_word(at, "IGNORE")))
        at = next;
    at = at ? skip_word(at, "INTO") : skip_word(sql, "UPDATE");
    if (!at)
        return;
    at += strspn(at, " \t\r\n");
    if (take_name(&at, name, sizeof name) && *at == '.') {
        at++;
        take_name(&at, name, sizeof name);
    }
    COPY(error->table, name, strlen(name));
}

bool ath__mysql_is_stale_plan(const ath_error *error) {
    return error->native_code == ER_NEED_REPREPARE || error->native_code == ER_UNKNOWN_STMT_HANDLER;
}
