/* SPDX-License-Identifier: Apache-2.0
 *
 * Waiting: by the host in a fiber, by poll(2) and a condition variable elsewhere.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "base/here.h"

_Thread_local ath__host *ath__here;
_Thread_local ath__job *ath__working;

void ath__self_print(uintptr_t self, const char *file, int line, char *out, size_t size) {
    if (!(self & 1))
        snprintf(out, size, "thread %#llx", (unsigned long long)self);
    else if (file)
        snprintf(out, size, "fiber %#llx of %s:%d", (unsigned long long)(self & ~(uintptr_t)1), file, line);
    else
        snprintf(out, size, "fiber %#llx", (unsigned long long)(self & ~(uintptr_t)1));
}

/* ---- sockets and time ---- */

static int milliseconds_left(int64_t deadline_us) {
    enum { LOOK_AROUND = 20 };
    int most = ath__working ? LOOK_AROUND : INT_MAX;
    if (deadline_us == INT64_MAX)
        return ath__working ? most : -1;
    int64_t left = deadline_us - ath__clock_us();
    if (left <= 0)
        return 0;
    return left / 1000 >= most ? most : (int)((left + 999) / 1000);
}

static ath_status wait_in_thread(int fd, short events, int64_t deadline_us) {
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int ready = poll(&p, fd < 0 ? 0 : 1, milliseconds_left(deadline_us));
        if (ready > 0)
            return ATH_OK;
        if (ready < 0 && errno != EINTR)
            return ATH_OPERATIONAL;
        int reason = ath__working ? atomic_exchange(&ath__working->status, ATH_OK) : ATH_OK;
        if (reason != ATH_OK)
            return (ath_status)reason;
        if (ath__clock_us() >= deadline_us)
            return fd < 0 ? ATH_OK : ATH_TIMEOUT;
    }
}

ath_status ath__here_wait(int fd, short events, int64_t deadline_us) {
    ath__host *h = ath__here;
    return h ? h->can->wait(h, fd, events, deadline_us) : wait_in_thread(fd, events, deadline_us);
}

void ath__here_forget(int fd) {
    ath__host *h = ath__here;
    if (h)
        h->can->forget(h, fd);
}

ath_status ath__here_check(ath_error *error) {
    ath__host *h = ath__here;
    ath_status status = h ? h->can->check(h) : ATH_OK;
    if (status == ATH_OK)
        return status;
    return ath__fail(error, status,
                     status == ATH_TIMEOUT ? "the deadline of the fiber has passed" : "the fiber was cancelled");
}

ath_status ath__here_run(ath__job *job) {
    ath__host *h = ath__here;
    if (h)
        return h->can->offload(h, job);
    job->run(job);
    return ATH_OK;
}

/* ---- conditions ---- */

void ath__cond_init(ath__cond *c) {
    pthread_condattr_t monotonic;
    c->fibers = NULL;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->threads, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void ath__cond_done(ath__cond *c) {
    pthread_cond_destroy(&c->threads);
}

static void unlink_parked(ath__cond *c, ath__parked *p) {
    if (!p->host)
        return;
    if (p->previous)
        p->previous->next = p->next;
    else
        c->fibers = p->next;
    if (p->next)
        p->next->previous = p->previous;
    p->host = NULL;
}

static ath_status park(ath__cond *c, ath__host *h, pthread_mutex_t *mutex, int64_t deadline_us) {
    ath__parked p = {.host = h, .next = c->fibers};
    if (c->fibers)
        c->fibers->previous = &p;
    c->fibers = &p;
    pthread_mutex_unlock(mutex);
    ath_status status = h->can->park(h, deadline_us);
    pthread_mutex_lock(mutex);
    unlink_parked(c, &p);
    return status;
}

ath_status ath__cond_wait(ath__cond *c, pthread_mutex_t *mutex, int64_t deadline_us) {
    ath__host *h = ath__here;
    if (h)
        return park(c, h, mutex, deadline_us);
    if (deadline_us == INT64_MAX)
        return pthread_cond_wait(&c->threads, mutex) == 0 ? ATH_OK : ATH_INTERNAL;
    struct timespec until = {.tv_sec = (time_t)(deadline_us / 1000000),
                             .tv_nsec = (long)(deadline_us % 1000000) * 1000};
    return pthread_cond_timedwait(&c->threads, mutex, &until) == ETIMEDOUT ? ATH_TIMEOUT : ATH_OK;
}

void ath__cond_wake(ath__cond *c) {
    for (ath__parked *p; (p = c->fibers) != NULL;) {
        ath__host *h = p->host;
        unlink_parked(c, p);
        if (h)
            h->can->unpark(h);
    }
    pthread_cond_broadcast(&c->threads);
}
