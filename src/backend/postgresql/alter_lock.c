/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: the lock that keeps runners of migrations apart: an advisory lock of the session, asked for without waiting.
 * One who waits inside of pg_advisory_lock() would hold a snapshot, for which CREATE INDEX CONCURRENTLY of the holder
 * waits in turn: a deadlock.
 *
 * Behind a pooler that lends a server's connection per transaction the session is not ours.  There the lock is the
 * transaction's, which stays open; it holds no snapshot.
 */
#include <unistd.h>

#include "backend/postgresql/postgresql.h"
#include "engine/alter.h"

/* What others read of this session: who it is. */
static ath_status introduce(ath_connection *c, ath_error *error) {
    char host[48] = "?", who[64];
    gethostname(host, sizeof host - 1);
    snprintf(who, sizeof who, "athanor process %ld on %.30s", (long)getpid(), host);
    ath_result *r =
        ath_connection_execute(c, ath_stmt_of(ath_text("SELECT set_config('application_name', :who, false), "
                                                       "(SELECT set_config(name, '0', false) FROM pg_settings "
                                                       "WHERE name = 'idle_session_timeout')",
                                                       ath_bind("who", (const char *)who))));
    ath_status status = r && ath_result_first(r) ? ATH_OK : c->error.status;
    if (status != ATH_OK && error)
        *error = c->error;
    ath_result_close(r);
    return status;
}

static ath_status find_holder(ath_connection *c, const char *name, char *holder, size_t size) {
    ath_result *r = ath_connection_execute(
        c, ath_stmt_of(ath_text(
               "SELECT concat(CASE WHEN a.application_name LIKE 'athanor %' THEN substr(a.application_name, 9) "
               "WHEN a.application_name <> '' THEN concat('\"', a.application_name, '\"') ELSE 'a client' END, "
               "' (user ', a.usename, coalesce(concat(' from ', host(a.client_addr)), ''), ', server process ', a.pid, "
               "'), since ', to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24\\:MI\\:SS'), ' UTC') "
               "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
               "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
               "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
               "AND (CAST(CAST(l.classid AS text) AS bigint) << 32 | CAST(CAST(l.objid AS text) AS bigint)) = "
               "hashtextextended(:name, 0) LIMIT 1",
               ath_bind("name", name))));
    const ath_row *row = ath_result_first(r);
    snprintf(holder, size, "%s", row && ath_row_text(row, 0) ? ath_row_text(row, 0) : "another session");
    ath_result_close(r);
    return r ? ATH_OK : c->error.status;
}

static ath_result *ask(ath_connection *c, const char *name) {
    return c->engine->never_prepare
               ? ath_connection_execute(c, ath_stmt_of(ath_text("SELECT pg_try_advisory_xact_lock(hashtextextended("
                                                                ":name, 0))",
                                                                ath_bind("name", name))))
               : ath_connection_execute(c, ath_stmt_of(ath_text("SELECT pg_try_advisory_lock(hashtextextended("
                                                                ":name, 0))",
                                                                ath_bind("name", name))));
}

static ath_status try_once(ath_connection *c, const char *name, bool *taken, char *holder, size_t size) {
    ath_result *r = ask(c, name);
    const ath_row *row = ath_result_first(r);
    ath_status status = row ? ATH_OK : c->error.status != ATH_OK ? c->error.status : ATH_INTERNAL;
    *taken = row && ath_row_int(row, 0);
    ath_result_close(r);
    if (status == ATH_OK && !*taken)
        status = find_holder(c, name, holder, size);
    return status;
}

ath_status ath__pg_try_lock(ath_connection *c, const char *name, bool *taken, char *holder, size_t size,
                            ath_error *error) {
    *taken = false;
    ATH_TRY(introduce(c, error));
    ath_status status = try_once(c, name, taken, holder, size);
    if (status != ATH_OK && error)
        *error = c->error;
    if (!(*taken && c->engine->never_prepare)) {
        ath_status ended = ath_connection_commit(c); /* no transaction stays open beside the lock */
        if (status == ATH_OK && ended != ATH_OK && error)
            *error = c->error;
        status = status != ATH_OK ? status : ended;
    }
    return status;
}

ath_status ath__pg_unlock(ath_connection *c, const char *name, ath_error *error) {
    ath_status status = ATH_OK;
    if (!c->engine->never_prepare) {
        ath_result *r = ath_connection_execute(
            c, ath_stmt_of(ath_text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))", ath_bind("name", name))));
        status = ath_result_first(r) ? ATH_OK : c->error.status;
        ath_result_close(r);
    }
    if (status == ATH_OK)
        status = ath_connection_commit(c);
    if (status != ATH_OK && error)
        *error = c->error;
    return status;
}

ath_status ath__pg_lock_timeout(ath_connection *c, int milliseconds, ath_error *error) {
    char sql[64];
    snprintf(sql, sizeof sql, "SET lock_timeout = %d", milliseconds);
    ath_status status = ath__run_text(c, sql, NULL);
    if (status != ATH_OK && error)
        *error = c->error;
    return status;
}
