/* SPDX-License-Identifier: Apache-2.0
 *
 * One runner at a time.  The lock belongs to a connection of its own, which is idle otherwise, and is asked for again and again
 * rather than waited for: whoever waits inside of the database may be in the way of what the holder does.
 */
#include <limits.h>

#include "migrate/run.h"

enum { DEFAULT_WAIT_MS = 60000, FIRST_PAUSE_US = 20000, LAST_PAUSE_US = 1000000 };

/* A pause of between half and all of `us`: two that fell over each other shall not do so again. */
static ath_status pause_about(ath__run *run, int64_t us) {
    run->seed = run->seed * 1103515245u + 12345u;
    int64_t until = ath__clock_us() + us / 2 + (int64_t)(run->seed >> 8) % (us / 2 + 1);
    ath_status status = run->engine->wait.wait(run->engine->wait.context, -1, 0, until);
    return status == ATH_OK ? ATH_OK : ath__fail(run->error, status, "the wait was ended");
}

ath_status ath__pause(ath__run *run, int turn) {
    int64_t us = FIRST_PAUSE_US;
    for (int i = 1; i < turn && us < LAST_PAUSE_US; i++)
        us *= 2;
    return pause_about(run, us < LAST_PAUSE_US ? us : LAST_PAUSE_US);
}

static ath_status try_once(ath__run *run, const char *name, bool *taken, char *holder, size_t size) {
    ath_error_clear(&run->lock->error);
    return run->alterer->try_lock(run->lock, name, taken, holder, size, run->error);
}

static ath_status given_up(ath__run *run, const char *holder, int waited_ms) {
    return ath__fail(
        run->error, ATH_TIMEOUT,
        "another runner is migrating this database: %.300s. It was waited for %d.%d s; nothing was done here", holder,
        waited_ms / 1000, waited_ms % 1000 / 100);
}

static ath_status wait_for(ath__run *run, const char *name) {
    int given = run->migration.lock_wait_ms, most = given == 0 ? DEFAULT_WAIT_MS : given < 0 ? 0 : given;
    int64_t began = ath__clock_us();
    char holder[400], told[400] = "";
    for (int turn = 1;; turn++) {
        bool taken = false;
        holder[0] = '\0';
        ATH_TRY(try_once(run, name, &taken, holder, sizeof holder));
        if (taken)
            return ATH_OK;
        int waited = (int)((ath__clock_us() - began) / 1000);
        if (most != INT_MAX && waited >= most)
            return given_up(run, holder, waited);
        if (strcmp(holder, told) != 0) {
            snprintf(told, sizeof told, "%s", holder);
            ath__run_tell(run, ATH_MOMENT_WAITING, holder, waited);
            ath__log_line(&run->log, ATH_LOG_INFO, "Waiting for another runner: %s", holder);
        }
        ATH_TRY(ath__pause(run, turn));
    }
}

ath_status ath__lock_take(ath__run *run) {
    const ath_migration *m = &run->migration;
    char name[2 * ATH__ID];
    bool is_private = run->backend->driver->is_private && run->backend->driver->is_private(run->engine->url);
    if (m->no_lock || is_private || !run->alterer || !run->alterer->try_lock)
        return ATH_OK;
    if (!(run->lock = ath__connection_new(run->engine, run->error)))
        return run->error->status;
    ATH_TRY(ath__connection_reopen(run->lock, run->error));
    snprintf(name, sizeof name, "%s/%s", m->version_table_schema ? m->version_table_schema : "",
             m->version_table ? m->version_table : "athanor");
    return wait_for(run, name);
}

/* With the connection the lock ends. */
void ath__lock_drop(ath__run *run) {
    if (run->lock)
        ath__connection_free(run->lock);
    run->lock = NULL;
}
