/* SPDX-License-Identifier: Apache-2.0
 *
 * The engine, and the tables: revisions are linked into this program and run when it starts.  Of several services that
 * start at once on one database, one migrates and the others wait for it.
 */
#include "models.h"
#include "service.h"

#include <athanor/migrate.h>

ATH_REVISIONS(Linked);

static ath_status migrate(ath_engine *engine, ath_error *error) {
    const ath_migration migration =
        ath_migration_of(&Linked, .metadata = &Blog, .log = log_line, .log_context = NULL, .error = error);
    return ath_migrate_upgrade(engine, &migration, "head");
}

ath_engine *database_open(const Settings *s, ath_error *error) {
    ath_engine *engine =
        ath_engine_open(s->database_url, .pool_size = s->pool_size,
                        .max_overflow = s->pool_overflow > 0 ? s->pool_overflow : ATH_POOL_NO_OVERFLOW,
                        .pool_timeout_ms = s->pool_timeout_ms > 0 ? s->pool_timeout_ms : -1,
                        .reconnect_ms = s->reconnect_ms > 0 ? s->reconnect_ms : -1, .echo = s->log_sql, .log = log_line,
                        .log_level = s->log_sql ? ATH_LOG_INFO : ATH_LOG_WARNING, .error = error);
    if (engine && migrate(engine, error) == ATH_OK)
        return engine;
    ath_engine_close(engine);
    return NULL;
}
