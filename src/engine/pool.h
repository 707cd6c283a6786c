/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool from the inside, for the files that make it: who holds connections, who waits for one, which are idle.
 *
 *     pool.c      taking and giving: one lock, nothing slow under it
 *     checkout.c  what a connection must be before it is lent, and again when it comes back
 *     waiter.c    how one waits its turn
 *     holders.c   who has what, for time-outs and leaks
 *     fork.c      a child leaves its parent's connections alone
 */
#ifndef ATH_ENGINE_POOL_H
#define ATH_ENGINE_POOL_H

#include "base/here.h"

#include <athanor/engine.h>

/* ---- what a connection carries for the pool ---- */

/* A check-out. */
typedef struct ath__lease {
    const char *file; /* NULL: unknown */
    int line;
    uintptr_t thread; /* or fiber */
    int64_t since_us;
    const char *fiber_file; /* where the fiber was begun; NULL: unknown, or none */
    int fiber_line;
} ath__lease;

/* A connection's place in the pool.  Guarded by the pool's mutex; what only its holder reads and writes is marked. */
typedef struct ath__slot {
    ath_connection *newer, *older; /* in the list of the idle, or of those that are out */
    ath__lease lease;
    int64_t opened_us, idle_us; /* when its handle was opened (its holder's); since when it is idle */
    uint64_t generation;        /* the pool's when its handle was opened (its holder's) */
    unsigned epoch;             /* the forks before it was made (its holder's) */
    bool cancellable;           /* it is out and has a handle */
    bool cancelled;             /* somebody asked for that since it is out */
    unsigned cancels;           /* that run now */
} ath__slot;

enum { ATH__NOTED = 96 }; /* bytes of a statement that are kept for reports */

/* One thread or fiber at a time, and what it is doing. */
typedef struct ath__guard {
    _Atomic uintptr_t user; /* 0: nobody */
    unsigned depth;         /* the user's */
    _Atomic(const char *) where;
    _Atomic(const char *) fiber_file; /* where the user was begun, if it is a fiber */
    _Atomic int fiber_line;
    _Atomic uintptr_t offender; /* who was refused last, to which `misuse` belongs; 0: none */
    ath_error misuse;
    const void *noted_what;     /* the user's */
    _Atomic bool noted;         /* something since the check-out */
    _Atomic unsigned note_turn; /* odd while a note is written */
    _Atomic uint64_t note[ATH__NOTED / 8];
} ath__guard;

/* ---- waiting ---- */

/* One that waits its turn.  Lives on the stack of who waits; guarded by the pool's mutex. */
typedef struct ath__waiter {
    ath__cond wakened;
    ath__lease lease;
    bool served;
    ath_connection *connection; /* what it was given; NULL with `served`: leave to open one */
    struct ath__waiter *next, *previous;
} ath__waiter;

void ath__waiter_init(ath__waiter *waiter, const ath__lease *lease);
void ath__waiter_done(ath__waiter *waiter);
/* Lets go of the mutex, waits until woken or until the deadline, and takes it again.  As ath__cond_wait. */
ath_status ath__waiter_sleep(ath__waiter *waiter, pthread_mutex_t *mutex, int64_t deadline_us);
void ath__waiter_wake(ath__waiter *waiter);

/* ---- the pool ---- */

typedef struct ath__pool {
    /* what was asked for; -1 us: without end */
    size_t size, limit;                                                              /* kept at most; open at most */
    int64_t timeout_us, recycle_us, idle_us, connect_us, statement_us, reconnect_us; /* 0: not at all */
    bool single, fifo, ping, no_reset;
    bool private; /* the database goes with its connection */

    pthread_mutex_t mutex;           /* guards what follows */
    ath_connection *newest, *oldest; /* idle, by when they came back */
    ath_connection *last, *first;    /* out, by when they were lent */
    ath__waiter *head, *tail;        /* by when they came */
    size_t open;                     /* idle, out, and being opened */
    size_t idle, out, waiting;
    bool closed;    /* the engine is, and its memory waits for the last of what needs it */
    size_t holds;   /* what else needs its memory: sessions, and in a child what was out in the parent */
    ath__cond calm; /* a cancellation is over */
    uint64_t timeouts, waited, max_waited_us;

    _Atomic uint64_t generation; /* raised when a connection was lost: those that are older may be as well */
    _Atomic bool reached;        /* the server has been there */
    _Atomic uint64_t opened, closed_count, recycled, invalidated;
} ath__pool;

void ath__pool_init(ath_engine *engine, const ath_engine_opts *opts);
void ath__pool_done(ath_engine *engine);
/* A connection, lent; or NULL and ATH_OK: leave to open one, which ends with ath__pool_lend or ath__pool_forgo. */
ath_status ath__pool_take(ath_engine *engine, const ath__lease *lease, ath_connection **out, ath_error *error);
void ath__pool_lend(ath_engine *engine, ath_connection *connection, const ath__lease *lease);
void ath__pool_forgo(ath_engine *engine);
/* Takes it back: for who waits first, for later, or, when it is not `fit`, never more. */
void ath__pool_give(ath_connection *connection, bool fit);
/* Connections of that generation and before are replaced when they are next asked for. */
void ath__pool_invalidate(ath_engine *engine, uint64_t generation);
/* Keeps a closed engine's memory until it is let go. */
void ath__engine_hold(ath_engine *engine);
void ath__engine_unhold(ath_engine *engine);
/* Closes the idle connections. */
void ath__pool_drain(ath_engine *engine);
/* Cancellations are over, and none begins until ath__cancel_allow. */
void ath__cancel_forbid(ath_connection *connection);
void ath__cancel_allow(ath_connection *connection);

/* ---- holders.c ---- */

typedef struct ath__holder {
    ath__lease lease;
    bool connecting;
    char statement[ATH__NOTED];
} ath__holder;

enum { ATH__HOLDERS = 20 }; /* shown at most */

/* The longest holders first; under the pool's mutex.  Returns how many were written. */
size_t ath__holders_list(const ath__pool *pool, ath__holder out[ATH__HOLDERS]);
/* "main.c:12, 340 ms, thread 0x7f..., SELECT ...; ..." as far as it fits. */
void ath__holders_print(const ath__holder *holders, size_t count, size_t all, char *out, size_t size);
/* A line of the log for each. */
void ath__holders_log(const ath__log *log, ath_log_level level, const char *what, const ath__holder *holders,
                      size_t count);

/* ---- fork.c ---- */

/* Whether this is still the process that the engine knows.  The mark is a page of memory that the kernel wipes in the
 * child, so that asking costs a load; where it cannot, the process id is asked for. */
typedef struct ath__fork {
    _Atomic int *mark; /* NULL: there is no such page */
    _Atomic int64_t pid;
    _Atomic unsigned epoch; /* forks noticed */
} ath__fork;

enum { ATH__FORK_UNKNOWN = 0, ATH__FORK_OURS, ATH__FORK_BEING_NOTICED };

void ath__fork_init(ath_engine *engine);
void ath__fork_done(ath_engine *engine);
void ath__fork_notice(ath_engine *engine);
bool ath__fork_same_pid(const ath__fork *fork);
static inline bool ath__fork_is_ours(const ath__fork *fork) {
    return fork->mark ? atomic_load_explicit(fork->mark, memory_order_acquire) == ATH__FORK_OURS
                      : ath__fork_same_pid(fork);
}
/* Frees what an inherited connection holds, without a word to the server. */
void ath__connection_abandon(ath_connection *connection);

#endif
