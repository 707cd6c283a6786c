/* SPDX-License-Identifier: Apache-2.0
 *
 * Hops 4 and 5: statements are sent, counted and stepped, and what goes wrong is told on the connection.
 */
#include "engine/engine.h"

static void name_statement(ath_connection *c, const char *sql, size_t size) {
    if (!c->error.statement[0])
        ath__copy_text(c->error.statement, sizeof c->error.statement, sql, size);
}

ath__step ath__run_step(ath_connection *c, ath__prepared *p) {
    if (!p->stepped) {
        p->stepped = true;
        c->engine->statements++;
        if (c->engine->echo && !p->echoed) /* bound row by row: the values are not at hand */
            ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", p->compiled.sql);
    }
    ath__step step = c->driver->step(p->statement, &c->error);
    if (step == ATH__STEP_ERROR)
        name_statement(c, p->compiled.sql, p->compiled.sql_size);
    return step;
}

ath_status ath__run_text(ath_connection *c, const char *sql, const char *shown) {
    c->engine->statements++;
    if (c->engine->echo)
        ath__log_line(&c->engine->log, ATH_LOG_INFO, "%s", shown ? shown : sql);
    ath_status status = c->driver->exec(c->handle, sql, &c->error);
    if (status != ATH_OK)
        name_statement(c, sql, strlen(sql));
    else if (!ath__dialect_can(c->dialect, ATH__CAN_TRANSACTIONAL_DDL))
        ath__transaction_sync(c); /* DDL has committed */
    return status;
}
