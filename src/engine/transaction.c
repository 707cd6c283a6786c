/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: transactions begin by themselves and end when told.
 *
 * A database may end one on its own (a full disk, a broken constraint on commit).  The driver knows; until the program
 * rolls back as well, the connection refuses work rather than write half of it outside of a transaction.
 */
#include "engine/engine.h"

static bool was_lost(const ath_connection *c) {
    return c->in_transaction && !c->driver->in_transaction(c->handle);
}

static ath_status lost(ath_connection *c) {
    if (c->driver->is_lost && c->driver->is_lost(c->handle))
        return ath__fail(&c->error, ATH_STATE, "the connection was lost in a transaction; roll back before going on");
    return ath__fail(&c->error, ATH_STATE, "the database has rolled back the transaction; roll back before going on");
}

ath_status ath__ensure_transaction(ath_connection *c) {
    if (was_lost(c))
        return lost(c);
    if (c->in_transaction)
        return ATH_OK;
    ATH_TRY(ath__connection_revive(c));
    ATH_TRY(ath__run_text(c, "BEGIN", "BEGIN (implicit)"));
    c->in_transaction = true;
    c->begun_now = true;
    return ATH_OK;
}

void ath__transaction_sync(ath_connection *c) {
    c->in_transaction = c->driver->in_transaction(c->handle);
    if (!c->in_transaction)
        c->savepoints = 0;
}

static ath_status begin(ath_connection *c) {
    ath_error_clear(&c->error);
    if (c->in_transaction)
        return ath__fail(&c->error, ATH_STATE, "a transaction is already begun on this connection");
    return ath__ensure_transaction(c);
}

bool ath_connection_in_transaction(const ath_connection *c) {
    return c->in_transaction;
}

static ath_status commit(ath_connection *c) {
    ath_error_clear(&c->error);
    if (!c->in_transaction)
        return ATH_OK;
    if (was_lost(c))
        return lost(c);
    ath__results_end(c, false);
    ATH_TRY(ath__run_text(c, "COMMIT", NULL));
    c->in_transaction = false;
    c->savepoints = 0;
    return ATH_OK;
}

static ath_status rollback(ath_connection *c) {
    ath_error_clear(&c->error);
    if (!c->in_transaction)
        return ATH_OK;
    ath__results_end(c, false);
    bool gone = c->driver->is_lost && c->driver->is_lost(c->handle);
    ath_status status = gone || was_lost(c) ? ATH_OK : ath__run_text(c, "ROLLBACK", NULL);
    if (status == ATH_DISCONNECT) /* the server has rolled back */
        status = ATH_OK;
    ATH_TRY(status);
    c->in_transaction = false;
    c->savepoints = 0;
    return ATH_OK;
}

/* ---- savepoints ---- */

static ath_status run_savepoint(ath_connection *c, const char *verb, int number) {
    char sql[80];
    snprintf(sql, sizeof sql, "%s ath_savepoint_%d", verb, number);
    return ath__run_text(c, sql, NULL);
}

static ath_status savepoint(ath_connection *c) {
    ath_error_clear(&c->error);
    ATH_TRY(ath__ensure_transaction(c));
    ATH_TRY(run_savepoint(c, "SAVEPOINT", c->savepoints + 1));
    c->savepoints++;
    return ATH_OK;
}

static ath_status inside_savepoint(ath_connection *c) {
    ath_error_clear(&c->error);
    if (was_lost(c))
        return lost(c);
    return c->savepoints ? ATH_OK : ath__fail(&c->error, ATH_STATE, "no savepoint is open on this connection");
}

static ath_status release(ath_connection *c) {
    ATH_TRY(inside_savepoint(c));
    ath__results_end(c, true); /* an unfinished INSERT ... RETURNING would keep the savepoint open */
    ATH_TRY(run_savepoint(c, "RELEASE SAVEPOINT", c->savepoints));
    c->savepoints--;
    return ATH_OK;
}

static ath_status rollback_to(ath_connection *c) {
    ATH_TRY(inside_savepoint(c));
    ath__results_end(c, false);
    ATH_TRY(run_savepoint(c, "ROLLBACK TO SAVEPOINT", c->savepoints));
    ATH_TRY(run_savepoint(c, "RELEASE SAVEPOINT", c->savepoints));
    c->savepoints--;
    return ATH_OK;
}

/* ---- one thread at a time ---- */

static ath_status alone(ath_connection *c, ath_status (*work)(ath_connection *c)) {
    ATH_TRY(ath__connection_enter(c));
    ath_status status = work(c);
    ath__connection_leave(c);
    return status;
}

ath_status ath_connection_begin(ath_connection *c) {
    return alone(c, begin);
}

ath_status ath_connection_commit(ath_connection *c) {
    return alone(c, commit);
}

ath_status ath_connection_rollback(ath_connection *c) {
    return alone(c, rollback);
}

ath_status ath_connection_savepoint(ath_connection *c) {
    return alone(c, savepoint);
}

ath_status ath_connection_release(ath_connection *c) {
    return alone(c, release);
}

ath_status ath_connection_rollback_to(ath_connection *c) {
    return alone(c, rollback_to);
}
