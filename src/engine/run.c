/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 4 and 5: statements are sent, counted and stepped, and what goes wrong is told on the connection.
 */
#include "engine/engine.h"

static void name_statement(ath_connection *c, const char *sql, size_t size) {
    if (!c->error.statement[0])
        ath__copy_text(c->error.statement, sizeof c->error.statement, sql, size);
}

static void begin_step(ath_connection *c, ath__prepared *p) {
    p->stepped = true;
    c->ran++;
    c->sent++;
    c->used = true;
    c->engine->statements++;
    ath__note_statement(c, p, p->compiled.sql, p->compiled.sql_size);
    if (c->engine->echo && !p->echoed) /* bound row by row: the values are not at hand */
        ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", p->compiled.sql);
}

static ath__step step_failed(ath_connection *c, ath__prepared *p, bool first) {
    name_statement(c, p->compiled.sql, p->compiled.sql_size);
    ath__integrity_complete(&c->error, &p->compiled);
    ath__after_error(c);
    return first ? ath__run_stale(c, p) : ATH__STEP_ERROR;
}

ath__step ath__run_within(ath_connection *c, ath__prepared *p) {
    bool first = !p->stepped;
    if (first && ath__here_check(&c->error) != ATH_OK)
        return ATH__STEP_ERROR;
    if (first)
        begin_step(c, p);
    ath__deadline_arm(c);
    ath__step step = c->driver->step(p->statement, &c->error);
    if (step == ATH__STEP_ERROR)
        step = step_failed(c, p, first);
    return step;
}

ath__step ath__run_step(ath_connection *c, ath__prepared *p) {
    if (ath__enter(c) != ATH_OK)
        return ATH__STEP_ERROR;
    ath__step step = ath__run_within(c, p);
    ath__leave(c);
    return step;
}

/* What the program did is told by the statement before it. */
static bool is_control(const char *sql) {
    return strcmp(sql, "BEGIN") == 0 || strcmp(sql, "COMMIT") == 0 || strcmp(sql, "ROLLBACK") == 0;
}

static ath_status run_text(ath_connection *c, const char *sql, const char *shown) {
    size_t size = strlen(sql);
    ATH_TRY(ath__here_check(&c->error));
    c->ran++;
    c->engine->statements++;
    if (!is_control(sql))
        ath__note_statement(c, NULL, sql, size);
    if (c->engine->echo)
        ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", shown ? shown : sql);
    ath__deadline_arm(c);
    ath_status status = c->driver->exec(c->handle, sql, &c->error);
    if (status != ATH_OK) {
        name_statement(c, sql, size);
        ath__after_error(c);
        return status;
    }
    c->used = true;
    if (!ath__dialect_can(c->dialect, ATH__CAN_TRANSACTIONAL_DDL))
        ath__transaction_sync(c); /* DDL has committed */
    return ATH_OK;
}

ath_status ath__run_text(ath_connection *c, const char *sql, const char *shown) {
    ATH_TRY(ath__enter(c));
    ath_status status = run_text(c, sql, shown);
    ath__leave(c);
    return status;
}
