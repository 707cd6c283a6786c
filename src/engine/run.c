/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 4 and 5: statements are sent, counted and stepped, and what goes wrong is told on the connection.
 */
#include "engine/engine.h"

static void name_statement(ath_connection *c, const char *sql, size_t size) {
    if (!c->error.statement[0])
        ath__copy_text(c->error.statement, sizeof c->error.statement, sql, size);
}

/* Until when the statement that is about to run may take. */
static void arm(ath_connection *c) {
    int limit = c->timeout_ms ? c->timeout_ms : c->engine->statement_timeout_ms;
    if (!c->driver->set_deadline || (limit <= 0 && !c->armed))
        return;
    c->driver->set_deadline(c->handle, limit > 0 ? ath__clock_us() + (int64_t)limit * 1000 : INT64_MAX);
    c->armed = limit > 0;
}

/* What a failure says beyond the statement: that the connection is gone, or that prepared statements are out of date. */
static void look_around(ath_connection *c) {
    if (c->error.status == ATH_DISCONNECT)
        ath__pool_suspect_all(c->engine);
    else if (c->driver->is_stale_plan && c->driver->is_stale_plan(&c->error))
        c->engine->schema++;
}

ath__step ath__run_step(ath_connection *c, ath__prepared *p) {
    if (!p->stepped) {
        p->stepped = true;
        arm(c);
        ath__note_write(&c->lease.last, p->compiled.sql, p->compiled.sql_size);
        c->engine->statements++;
        if (c->engine->echo && !p->echoed) /* bound row by row: the values are not at hand */
            ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", p->compiled.sql);
    }
    ath__step step = c->driver->step(p->statement, &c->error);
    c->begun_now = c->begun_now && step == ATH__STEP_ERROR;
    if (step == ATH__STEP_ERROR) {
        name_statement(c, p->compiled.sql, p->compiled.sql_size);
        ath__integrity_complete(&c->error, &p->compiled);
        look_around(c);
    }
    return step;
}

ath_status ath__run_text(ath_connection *c, const char *sql, const char *shown) {
    c->engine->statements++;
    if (c->engine->echo)
        ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", shown ? shown : sql);
    arm(c);
    c->begun_now = false;
    ath__note_write(&c->lease.last, sql, strlen(sql));
    ath_status status = c->driver->exec(c->handle, sql, &c->error);
    if (status != ATH_OK) {
        name_statement(c, sql, strlen(sql));
        look_around(c);
    } else if (!ath__dialect_can(c->dialect, ATH__CAN_TRANSACTIONAL_DDL))
        ath__transaction_sync(c); /* DDL has committed */
    return status;
}
