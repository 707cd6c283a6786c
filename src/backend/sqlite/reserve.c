/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: keys for many rows, known before the rows are inserted.
 *
 * SQLite numbers a row one behind the largest rowid.  Inside a transaction that holds the write lock the same can be done
 * for many rows at once, and the keys need not be read back row by row (RETURNING costs half as much as the insert).  The
 * promise holds only where nothing else numbers rows: not with triggers, which might insert into the table as well, and
 * not with AUTOINCREMENT, whose keys are never used again.
 */
#include "backend/sqlite/sqlite.h"

/* A statement that changes no row still takes the write lock: from here on nobody else can insert. */
static const char lock_sql[] = "DELETE FROM \"%w\" WHERE 0";

static const char ask_sql[] = "SELECT (SELECT max(\"%w\") FROM \"%w\"),"
                              " (SELECT count(*) FROM sqlite_master WHERE tbl_name = %Q COLLATE NOCASE"
                              " AND (type IN ('trigger', 'view') OR sql LIKE '%%autoincrement%%'))"
                              " + (SELECT count(*) FROM sqlite_temp_master)";

static int ask(ath__sqlite *c, const char *sql, int64_t count, int64_t *first, bool *reserved) {
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &stmt, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        bool empty = sqlite3_column_type(stmt, 0) == SQLITE_NULL;
        int64_t last = empty ? 0 : sqlite3_column_int64(stmt, 0);
        *reserved = sqlite3_column_int64(stmt, 1) == 0 && last >= 0 && last <= INT64_MAX - count;
        *first = *reserved ? last + 1 : 0;
    }
    sqlite3_finalize(stmt);
    return code == SQLITE_ROW ? SQLITE_OK : code;
}

typedef struct reserving {
    ath__sqlite *connection;
    const char *table, *column;
    int64_t count, *first;
    bool *reserved;
    ath_error *error;
} reserving;

static ath_status reserve(void *arguments) {
    const reserving *r = arguments;
    ath__sqlite *c = r->connection;
    char *lock = sqlite3_mprintf(lock_sql, r->table),
         *question = sqlite3_mprintf(ask_sql, r->column, r->table, r->table);
    int code = lock && question ? sqlite3_exec(c->db, lock, NULL, NULL, NULL) : SQLITE_NOMEM;
    *r->reserved = false;
    if (code == SQLITE_OK)
        code = ask(c, question, r->count, r->first, r->reserved);
    sqlite3_free(lock);
    sqlite3_free(question);
    return code == SQLITE_OK
               ? ATH_OK
               : ath__sqlite_failed(c, code == SQLITE_NOMEM ? code : sqlite3_extended_errcode(c->db), r->error);
}

ath_status ath__sqlite_reserve_keys(void *connection, const char *table, const char *column, int64_t count,
                                    int64_t *first, bool *reserved, ath_error *error) {
    reserving r = {connection, table, column, count, first, reserved, error};
    return ath__sqlite_away(connection, reserve, &r, error);
}
