/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a transaction that is started over when another one was in its way.
 *
 *     typedef struct { int64_t from, to, amount; } Transfer;
 *
 *     static ath_status transfer(ath_session *s, void *arg) {
 *         const Transfer *t = arg;
 *         Account *from = ath_get(s, Account, t->from), *to = ath_get(s, Account, t->to);
 *         if (!from || !to)
 *             return ATH_NO_RESULT;
 *         from->balance -= t->amount;
 *         to->balance += t->amount;
 *         return ATH_OK;                                   // now it is committed
 *     }
 *     Transfer t = {1, 2, 100};
 *     ath_status status = ath_transact(db, transfer, &t, .retries = 5, .error = &error);
 */
#ifndef ATHANOR_TRANSACT_H
#define ATHANOR_TRANSACT_H

#include <athanor/orm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is to be done, by a session that is the call's own.  ATH_OK: it is committed.  Anything else: it is rolled back, and
 * the status is ath_transact's, with the session's error if that is what it is about.  May run several times, so it keeps
 * nothing of an earlier run and does nothing that a rollback could not undo.  It must not commit (ATH_STATE). */
typedef ath_status (*ath_transact_fn)(ath_session *session, void *arg);

/* Zero fields are the defaults. */
typedef struct ath_transact_opts {
    size_t struct_size;
    int retries;        /* how often it is started over at most; 0: 5 times; negative: never */
    int backoff_ms;     /* the wait before the first new attempt, doubled before each further; default 10 */
    int max_backoff_ms; /* and at most so long; default 1,000 */
    bool no_autoflush;  /* as of ath_session_open */
    int *attempts;      /* receives how often the function was run */
    ath_error *error;   /* receives why the last attempt failed */
    const char *file;   /* where it is called, for reports of who holds a connection: the macro fills them in */
    int line;
} ath_transact_opts;

/* Runs `fn` in a session and a transaction of its own.  When that fails by a deadlock, a serialization failure, a lock
 * that was not had in time, or a connection lost before the commit (ath_error.retryable says so), all is rolled back, and
 * after a while it is started over in a fresh session.  The waits grow, and are of random length (between half of what
 * is said and all of it), so that those who met once do not meet again; they go through the engine's wait hook.
 *
 * Other failures are given back at once.  So is a connection lost during COMMIT: whether the transaction was committed is
 * then not known, and doing it twice may be worse than not at all; the error (ATH_DISCONNECT, not retryable) says so. */
#define ath_transact(...) ATH_TRANSACT_(__VA_ARGS__, .struct_size = sizeof(ath_transact_opts))
#define ATH_TRANSACT_(engine, fn, arg, ...)                                                                            \
    ath_transact_with(engine, fn, arg, &(const ath_transact_opts){.file = __FILE__, .line = __LINE__, __VA_ARGS__})
ATH_API ath_status ath_transact_with(ath_engine *engine, ath_transact_fn fn, void *arg, const ath_transact_opts *opts);

#ifdef __cplusplus
}
#endif

#endif
