/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `base`: who hosts the code that runs.  Outside of a fiber nobody does, and what waits blocks its thread; inside of
 * one, whatever waits asks the host, which lets others run meanwhile.
 *
 * Fibers stay on their thread, so the pointer below changes only while another fiber, or none, runs there.
 */
#ifndef ATH_BASE_HERE_H
#define ATH_BASE_HERE_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct ath__host ath__host;

/* Work for another thread. */
typedef struct ath__job {
    void (*run)(struct ath__job *job);
    /* Asks `run` to come to its end soon, from another thread; called at most once.  May be NULL. */
    void (*interrupt)(struct ath__job *job);
    atomic_int status; /* why it is to end soon (ath_status); ATH_OK: no reason */
    atomic_bool done;
    ath__host *host;       /* who waits for it */
    struct ath__job *next; /* in the queue */
} ath__job;

typedef struct ath__host_vtable {
    /* As ath_wait_hook's (engine.h), and ATH_CANCELLED when the host was cancelled. */
    ath_status (*wait)(ath__host *host, int fd, short events, int64_t deadline_us);
    /* What was noted of the file descriptor (-1: of all of this host) is no longer true: it is about to be closed. */
    void (*forget)(ath__host *host, int fd);
    /* Waits for unpark, of which one may have come already: ATH_OK, also for no reason at all. */
    ath_status (*park)(ath__host *host, int64_t deadline_us);
    void (*unpark)(ath__host *host); /* from any thread, while the host lives */
    /* Runs the job on another thread and waits for its end, whatever happens.  The status is why it was interrupted;
     * ATH_NO_MEMORY: it was not run. */
    ath_status (*offload)(ath__host *host, ath__job *job);
    /* ATH_CANCELLED or ATH_TIMEOUT when nothing new is to be begun. */
    ath_status (*check)(ath__host *host);
} ath__host_vtable;

/* What a fiber is for those who know no fibers. */
struct ath__host {
    const ath__host_vtable *can;
    unsigned shield;  /* > 0: neither cancellation nor its own deadline cuts a wait short, for a while */
    const char *file; /* where it was begun; NULL: unknown */
    int line;
};

extern _Thread_local ath__host *ath__here; /* NULL: no fiber */

/* On a worker thread: the job it runs.  A wait there looks at the job's status now and then, and gives it, once. */
extern _Thread_local ath__job *ath__working;

/* Who runs: what a connection belongs to at a time.  A fiber (an odd number), or else a thread. */
static inline uintptr_t ath__self(void) {
    return ath__here ? (uintptr_t)ath__here | 1 : (uintptr_t)pthread_self();
}

/* "thread 0x7f...", or "fiber 0x55... of main.c:12".  `file` is NULL where it is not known. */
void ath__self_print(uintptr_t self, const char *file, int line, char *out, size_t size);

/* ---- waiting, in a fiber or not ---- */

/* For a socket or for time to pass, as ath_wait_hook says; poll(2) outside of a fiber. */
ath_status ath__here_wait(int fd, short events, int64_t deadline_us);
/* Before a socket that was waited for is closed; -1: some may have been, and a new one may have the number of one. */
void ath__here_forget(int fd);
/* Whether something may be begun: ATH_OK, or why not (*error is filled). */
ath_status ath__here_check(ath_error *error);
/* Runs the job: on another thread in a fiber, right here elsewhere. */
ath_status ath__here_run(ath__job *job);

/* Between the two, neither cancellation nor the fiber's deadline cuts a wait short: what brings things back into order
 * is done to its end.  They nest. */
static inline void ath__shield(void) {
    if (ath__here)
        ath__here->shield++;
}
static inline void ath__unshield(void) {
    if (ath__here)
        ath__here->shield--;
}

/* ---- a condition that threads and fibers wait for ---- */

typedef struct ath__parked {
    ath__host *host;
    struct ath__parked *next, *previous;
} ath__parked;

/* As pthread_cond_t, by the monotonic clock.  Signal and broadcast are called with the mutex held. */
typedef struct ath__cond {
    pthread_cond_t threads;
    ath__parked *fibers;
} ath__cond;

void ath__cond_init(ath__cond *cond);
void ath__cond_done(ath__cond *cond);
/* Lets go of the mutex meanwhile.  ATH_OK: woken, also for no reason at all; ATH_TIMEOUT; ATH_CANCELLED in a fiber. */
ath_status ath__cond_wait(ath__cond *cond, pthread_mutex_t *mutex, int64_t deadline_us);
/* Wakes all. */
void ath__cond_wake(ath__cond *cond);

#endif
