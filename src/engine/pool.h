/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: the pool's state, and what each connection carries for it.
 */
#ifndef ATH_ENGINE_POOL_H
#define ATH_ENGINE_POOL_H

#include "base/base.h"

#include <athanor/engine.h>
#include <pthread.h>
#include <stdatomic.h>

/* The beginning of a text that its owner writes while others read: torn perhaps, but never a race. */
enum { ATH__NOTE_WORDS = 10 };
typedef struct ath__note {
    _Atomic uint64_t words[ATH__NOTE_WORDS];
} ath__note;

/* What a connection carries for the pool. */
typedef struct ath__lease {
    ath_connection *next, *previous; /* in the list of idle ones, or of those lent */
    uint64_t generation;             /* the pool's, when it was opened */
    int64_t opened_us, since_us;     /* opened; lent or given back */
    const char *file;                /* where it was borrowed */
    int line;
    unsigned forks; /* of the process, when it was opened */
    bool invalid;   /* must not go back */
    pthread_t holder;
    _Atomic bool busy; /* a call is at it ... */
    pthread_t user;    /* ... of this thread */
    int depth;
    ath__note last; /* the last statement */
} ath__lease;

typedef struct ath__waiter ath__waiter;

typedef struct ath__pool {
    ath_pool_class class;
    size_t size, most; /* kept; open at once */
    int64_t timeout_us, recycle_us, idle_us;
    bool pre_ping, fifo, no_reset;
    pthread_mutex_t mutex;           /* guards what follows */
    ath_connection *newest, *oldest; /* idle */
    ath_connection *lent;            /* any order */
    ath__waiter *first, *last;       /* in the order of arrival */
    size_t open, idle, out;          /* open: idle, lent and being opened */
    uint64_t generation;             /* counts connections opened */
    _Atomic uint64_t sound;          /* those of a generation before are replaced; also read without the mutex */
    unsigned forks;
    uint64_t waiting, checkouts, waits, timeouts, recycled, invalidated, longest_wait_us;
} ath__pool;

/* Takes the options; no connection is opened. */
void ath__pool_init(ath_engine *engine, const ath_engine_opts *opts);
/* Closes the idle connections and says in the log which are still lent. */
void ath__pool_done(ath_engine *engine);
/* A connection was found dead: those opened before this moment are replaced when they come up. */
void ath__pool_suspect_all(ath_engine *engine);
/* How many forks lie between this process and the one that began. */
unsigned ath__forks(void);

void ath__note_write(ath__note *note, const char *text, size_t size);
void ath__note_read(const ath__note *note, char out[ATH__NOTE_WORDS * 8 + 1]);

/* ---- pool_report.c ---- */

/* Who holds the connections, one after the other, into `out`.  The pool's mutex is held. */
void ath__pool_holders(const ath_engine *engine, char *out, size_t size);

#endif
