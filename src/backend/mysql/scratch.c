/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: a database for a moment.
 *
 * It is called athanor_scratch_<connection>, and its maker holds a lock of that name as long as the connection lives: so
 * one that nobody holds was left behind by a process that was killed, and is dropped by the next that comes.
 */
#include "engine/scratch.h"
#include "backend/mysql/mysql.h"

enum { LEAST_SIZE = 2 }; /* of a lock's answer */

static ath_status run(ath_connection *c, const char *sql, ath_error *error) {
    if (ath__run_text(c, sql, NULL) == ATH_OK)
        return ATH_OK;
    *error = *ath_connection_error(c);
    return ath__failed(error);
}

/* The first text of the first row, in `out`; empty when there is none. */
static ath_status ask(ath_connection *c, const char *sql, char *out, size_t size, ath_error *error) {
    ath_result *result = ath_connection_execute(c, (ath_stmt){ATH_STMT_TEXT, ath_text(sql)});
    out[0] = '\0';
    if (!result) {
        *error = *ath_connection_error(c);
        return ath__failed(error);
    }
    const ath_row *row = ath_fetch(result);
    const char *text = row ? ath_row_text(row, 0) : NULL;
    snprintf(out, size, "%s", text ? text : "");
    ath_status status = ath_result_error(result)->status;
    if (status != ATH_OK)
        *error = *ath_result_error(result);
    ath_result_close(result);
    return status;
}

static ath_status drop_stale(ath_connection *c, ath_error *error) {
    static const char stale[] = "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME REGEXP "
                                "'^athanor_scratch_[0-9]+$' AND IS_USED_LOCK(SCHEMA_NAME) IS NULL LIMIT 1";
    char name[ATH__SCRATCH_NAME], sql[128], last[ATH__SCRATCH_NAME] = "";
    for (;;) {
        ATH_TRY(ask(c, stale, name, sizeof name, error));
        if (!*name || strcmp(name, last) == 0)
            return ATH_OK;
        memcpy(last, name, sizeof last);
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", name);
        if (run(c, sql, error) != ATH_OK)
            return ATH_OK; /* another user's */
    }
}

static ath_status open_scratch(ath_connection *c, char name[ATH__SCRATCH_NAME], ath_error *error) {
    char id[24], charset[64], collation[64], sql[256], held[LEAST_SIZE];
    ATH_TRY(ask(c, "SELECT CAST(CONNECTION_ID() AS CHAR)", id, sizeof id, error));
    ATH_TRY(ask(c, "SELECT @@character_set_database", charset, sizeof charset, error));
    ATH_TRY(ask(c, "SELECT @@collation_database", collation, sizeof collation, error));
    ATH_TRY(drop_stale(c, error));
    snprintf(name, ATH__SCRATCH_NAME, "athanor_scratch_%s", id);
    snprintf(sql, sizeof sql, "SELECT CAST(GET_LOCK('%s', 0) AS CHAR)", name);
    ATH_TRY(ask(c, sql, held, sizeof held, error));
    if (strcmp(held, "1") != 0)
        return ath__fail(error, ATH_NOT_SUPPORTED, "the lock of %s is another's", name);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s CHARACTER SET %s COLLATE %s", name, charset, collation);
    return run(c, sql, error);
}

static ath_status close_scratch(ath_connection *c, const char *name, ath_error *error) {
    char sql[160], released[LEAST_SIZE];
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", name);
    ATH_TRY(run(c, sql, error));
    snprintf(sql, sizeof sql, "SELECT CAST(RELEASE_LOCK('%s') AS CHAR)", name);
    return ask(c, sql, released, sizeof released, error);
}

const ath__scratcher ath__mysql_scratcher = {
    .struct_size = sizeof(ath__scratcher), .open = open_scratch, .close = close_scratch};
