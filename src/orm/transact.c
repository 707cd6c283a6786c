/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: ath_transact: a function in a transaction, started over when another transaction was in its way.
 *
 * Which failures may be retried is the drivers' to say (ath_error.retryable).  A session remembers that it met one, since
 * the program may have gone on, or may return a status of its own.
 */
#include "orm/session.h"

#include <limits.h>

#include <athanor/transact.h>

typedef struct attempts {
    ath_engine *engine;
    ath_transact_fn fn;
    void *arg;
    const ath_transact_opts *opts;
    int run, most; /* attempts so far, and at most */
    ath_error error;
} attempts;

/* ---- waiting ---- */

/* Well mixed bits, without a state that threads would share. */
static uint64_t random_bits(const attempts *t) {
    uint64_t x = (uint64_t)ath__clock_us() ^ (uint64_t)(uintptr_t)t << 20 ^ (uint64_t)ath__self() << 8;
    x += 0x9e3779b97f4a7c15u * (uint64_t)t->run;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static ath_status back_off(attempts *t) {
    int64_t first = t->opts->backoff_ms > 0 ? t->opts->backoff_ms : 10;
    int64_t most = t->opts->max_backoff_ms > 0 ? t->opts->max_backoff_ms : 1000;
    int doublings = t->run - 1 < 20 ? t->run - 1 : 20;
    int64_t us = (first << doublings < most ? first << doublings : most) * 1000;
    us = us / 2 + (int64_t)(random_bits(t) % (uint64_t)(us / 2 + 1));
    const ath_wait_hook *wait = &t->engine->wait;
    return wait->wait(wait->context, -1, 0, ath__clock_us() + us);
}

/* ---- one attempt ---- */

/* The session's error if that is what the status is about. */
static void take_error(attempts *t, const ath_session *s, ath_status status) {
    if (s->error.status == status)
        t->error = s->error;
    else if (s->error.status == ATH_OK)
        ath__fail(&t->error, status, "the function of the transaction gave %s", ath_status_name(status));
    else
        ath__fail(&t->error, status, "the function of the transaction gave %s; the session's last error was: %.340s",
                  ath_status_name(status), s->error.message);
}

/* Runs the function and commits; *again: it may be started over. */
static ath_status run_in(attempts *t, ath_session *s, bool *again) {
    ath_status status = t->fn(s, t->arg);
    bool committing = status == ATH_OK;
    if (committing)
        status = ath__session_commit(s);
    if (status == ATH_OK)
        return ATH_OK;
    bool unknown = committing && status == ATH_DISCONNECT && !s->error.retryable; /* lost during COMMIT */
    *again = !unknown && ath__session_interrupted(s);
    take_error(t, s, status);
    ath_session_rollback(s);
    return status;
}

static ath_status run_once(attempts *t, bool *again) {
    const ath_transact_opts *o = t->opts;
    const ath_session_opts opts = {.struct_size = sizeof opts,
                                   .no_autoflush = o->no_autoflush,
                                   .error = &t->error,
                                   .file = o->file,
                                   .line = o->line};
    ath_session *s = ath_session_open_opts(t->engine, &opts);
    *again = false;
    t->run++;
    if (!s)
        return t->error.status;
    s->transacted = true;
    ath_status status = run_in(t, s, again);
    ath_session_close(s);
    return status;
}

/* ---- all of them ---- */

static void say_attempts(attempts *t) {
    char message[sizeof t->error.message];
    ath__copy_text(message, sizeof message, t->error.message, strlen(t->error.message));
    snprintf(t->error.message, sizeof t->error.message, "%.440s (given up after %d attempts)", message, t->run);
}

static ath_status run_attempts(attempts *t) {
    bool again = false;
    ath_status status = run_once(t, &again);
    while (again && t->run < t->most) {
        ath__log_line(&t->engine->log, ATH_LOG_INFO, "a transaction is started over (attempt %d of %d): %s", t->run + 1,
                      t->most, t->error.message);
        if (back_off(t) != ATH_OK)
            return status;
        ath_error_clear(&t->error);
        status = run_once(t, &again);
    }
    if (again && t->most > 1)
        say_attempts(t);
    return status;
}

ath_status ath_transact_with(ath_engine *engine, ath_transact_fn fn, void *arg, const ath_transact_opts *opts) {
    attempts t = {.engine = engine, .fn = fn, .arg = arg, .opts = opts};
    int retries = opts->retries == 0 ? 5 : opts->retries < 0 ? 0 : opts->retries;
    t.most = retries < INT_MAX ? retries + 1 : retries;
    ath_status status = !engine ? ath__fail(&t.error, ATH_ARGUMENT, "there is no engine: it could not be opened")
                        : !fn   ? ath__fail(&t.error, ATH_ARGUMENT, "there is no function to run: NULL")
                                : run_attempts(&t);
    if (opts->error)
        *opts->error = t.error;
    if (opts->attempts)
        *opts->attempts = t.run;
    return status;
}
