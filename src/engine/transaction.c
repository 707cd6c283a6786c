/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: transactions begin by themselves and end when told.
 *
 * A database may end one on its own (a full disk, a broken constraint on commit).  The driver knows; until the program
 * rolls back as well, the connection refuses work rather than write half of it outside of a transaction.
 */
#include "engine/engine.h"

static bool was_lost(const ath_connection *c) {
    return c->in_transaction && (!c->handle || !c->driver->in_transaction(c->handle));
}

static ath_status lost(ath_connection *c) {
    if (c->broken)
        return ath__fail(&c->error, ATH_STATE,
                         "the connection was lost in the middle of the transaction; roll back before going on");
    return ath__fail(&c->error, ATH_STATE, "the database has rolled back the transaction; roll back before going on");
}

static ath_status begin(ath_connection *c) {
    ATH_TRY(ath__run_text(c, "BEGIN", "BEGIN (implicit)"));
    c->in_transaction = true;
    c->ran = 0;
    return ATH_OK;
}

/* A connection that was lost begins anew: when the program has rolled back, and so knows; or when it was lost before
 * its holder ever used it, so that there was nothing to lose. */
static ath_status begin_alive(ath_connection *c) {
    enum { TRIES = 3 };
    if (c->broken)
        ATH_TRY(ath__connection_reopen(c, &c->error));
    bool untouched = !c->used;
    ath_status status = begin(c);
    for (int i = 0; i < TRIES && status == ATH_DISCONNECT && untouched; i++) {
        atomic_fetch_add_explicit(&c->engine->pool.invalidated, 1, memory_order_relaxed);
        ATH_TRY(ath__connection_reopen(c, &c->error));
        status = begin(c);
    }
    return status;
}

ath_status ath__ensure_transaction(ath_connection *c) {
    ATH_TRY(ath__enter(c));
    ath_status status = was_lost(c) ? lost(c) : c->in_transaction ? ATH_OK : begin_alive(c);
    ath__leave(c);
    return status;
}

ath_status ath__restart_transaction(ath_connection *c) {
    ATH_TRY(ath__run_text(c, "ROLLBACK", NULL));
    c->in_transaction = false;
    return begin(c);
}

void ath__transaction_sync(ath_connection *c) {
    c->in_transaction = c->driver->in_transaction(c->handle);
    if (!c->in_transaction)
        c->savepoints = 0;
}

static ath_status begin_now(ath_connection *c) {
    ath_error_clear(&c->error);
    if (c->in_transaction)
        return ath__fail(&c->error, ATH_STATE, "a transaction is already begun on this connection");
    return ath__ensure_transaction(c);
}

bool ath_connection_in_transaction(const ath_connection *c) {
    return c && c->in_transaction;
}

/* The server may have committed before it was lost, or not: nobody here knows. */
static ath_status outcome_unknown(ath_connection *c) {
    ath_error *e = &c->error;
    char message[sizeof e->message];
    ath__copy_text(message, sizeof message, e->message, strlen(e->message));
    snprintf(e->message, sizeof e->message,
             "the connection was lost during COMMIT; whether the transaction was committed is not known: %.400s",
             message);
    e->retryable = false;
    return e->status;
}

static ath_status commit(ath_connection *c) {
    ath_error_clear(&c->error);
    if (!c->in_transaction)
        return ATH_OK;
    if (was_lost(c))
        return lost(c);
    ath__results_end(c, false);
    ATH_TRY(ath__here_check(&c->error));
    ath__shield(); /* once sent, a COMMIT is waited for: a cancelled one may have come about */
    ath_status status = ath__run_text(c, "COMMIT", NULL);
    ath__unshield();
    if (status != ATH_OK)
        return c->broken ? outcome_unknown(c) : c->error.status;
    c->in_transaction = false;
    c->savepoints = 0;
    return ATH_OK;
}

static ath_status rollback(ath_connection *c) {
    ath_error_clear(&c->error);
    if (!c->in_transaction)
        return ATH_OK;
    ath__results_end(c, false);
    /* Of a connection that is lost, the server rolls back what was open. */
    if (!was_lost(c) && ath__run_text(c, "ROLLBACK", NULL) != ATH_OK && !c->broken)
        return c->error.status;
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

/* ---- the calls ---- */

static ath_status alone(ath_connection *c, ath_status (*call)(ath_connection *), const char *what) {
    ATH_TRY(ath__enter_as(c, what));
    ath_status status = call(c);
    ath__leave(c);
    return status;
}

/* What brings things back is done to its end, in a cancelled fiber as well. */
static ath_status back(ath_connection *c, ath_status (*call)(ath_connection *), const char *what) {
    ath__shield();
    ath_status status = alone(c, call, what);
    ath__unshield();
    return status;
}

ath_status ath_connection_begin(ath_connection *c) {
    return alone(c, begin_now, __func__);
}

ath_status ath_connection_commit(ath_connection *c) {
    return alone(c, commit, __func__);
}

ath_status ath_connection_rollback(ath_connection *c) {
    return back(c, rollback, __func__);
}

ath_status ath_connection_savepoint(ath_connection *c) {
    return alone(c, savepoint, __func__);
}

ath_status ath_connection_release(ath_connection *c) {
    return alone(c, release, __func__);
}

ath_status ath_connection_rollback_to(ath_connection *c) {
    return back(c, rollback_to, __func__);
}
