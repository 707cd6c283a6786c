/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the lock that keeps runners of migrations apart: GET_LOCK, asked for without waiting.  Its names are the
 * whole server's, so the database is part of it; it ends with the session.
 */
#include "backend/mysql/mysql.h"
#include "engine/alter.h"

#define LOCK_NAME "concat('athanor\\:', md5(concat(coalesce(database(), ''), '/', :name)))"

static ath_status failed(ath_connection *c, ath_error *error) {
    if (error)
        *error = c->error;
    return c->error.status != ATH_OK ? c->error.status : ATH_INTERNAL;
}

/* An idle session must not be ended by the server while it holds the lock: a run may take longer than a night. */
static ath_status stay(ath_connection *c) {
    return ath__run_text(c, "SET SESSION wait_timeout = 31536000", NULL);
}

static void find_holder(ath_connection *c, const char *name, char *holder, size_t size) {
    ath_result *r = ath_connection_execute(
        c,
        ath_stmt_of(ath_text("SELECT concat('connection ', p.id, ' of ', p.user, '@', p.host, ', there for ', p.time, "
                             "' s') FROM information_schema.processlist AS p "
                             "WHERE p.id = is_used_lock(" LOCK_NAME ")",
                             ath_bind("name", name))));
    const ath_row *row = ath_result_first(r);
    snprintf(holder, size, "%s", row && ath_row_text(row, 0) ? ath_row_text(row, 0) : "another session");
    ath_result_close(r);
}

ath_status ath__mysql_try_lock(ath_connection *c, const char *name, bool *taken, char *holder, size_t size,
                               ath_error *error) {
    *taken = false;
    if (stay(c) != ATH_OK)
        return failed(c, error);
    ath_result *r =
        ath_connection_execute(c, ath_stmt_of(ath_text("SELECT get_lock(" LOCK_NAME ", 0)", ath_bind("name", name))));
    const ath_row *row = ath_result_first(r);
    ath_status status = row ? ATH_OK : failed(c, error);
    *taken = row && ath_row_int(row, 0) == 1;
    ath_result_close(r);
    if (status == ATH_OK && !*taken)
        find_holder(c, name, holder, size);
    return ath_connection_commit(c) == ATH_OK || status != ATH_OK ? status : failed(c, error);
}

ath_status ath__mysql_unlock(ath_connection *c, const char *name, ath_error *error) {
    ath_result *r =
        ath_connection_execute(c, ath_stmt_of(ath_text("SELECT release_lock(" LOCK_NAME ")", ath_bind("name", name))));
    ath_status status = ath_result_first(r) ? ATH_OK : failed(c, error);
    ath_result_close(r);
    return ath_connection_commit(c) == ATH_OK || status != ATH_OK ? status : failed(c, error);
}

/* For tables and for rows; in whole seconds. */
ath_status ath__mysql_lock_timeout(ath_connection *c, int milliseconds, ath_error *error) {
    char sql[128];
    int seconds = milliseconds / 1000 + (milliseconds % 1000 != 0);
    snprintf(sql, sizeof sql, "SET SESSION lock_wait_timeout = %d, SESSION innodb_lock_wait_timeout = %d",
             seconds > 0 ? seconds : 1, seconds > 0 ? seconds : 1);
    return ath__run_text(c, sql, NULL) == ATH_OK ? ATH_OK : failed(c, error);
}
