/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: what waits in a fiber.
 *
 * A socket stays watched between the waits of one fiber, as most wait for the same one again and again.  An event that nobody
 * waits for ends the watch, and so do the fiber's end, and a wait by another fiber or for something else.  Client libraries
 * close sockets on their own, and the number may be another socket's by the next wait, which nobody would watch: so each
 * wait asks the kernel which socket it is, one system call in the place of two.
 */
#include <poll.h>
#include <sys/stat.h>

#include "fiber/fiber.h"

enum { GRACE_US = 10000000 };

/* ---- why not to wait ---- */

/* When it would have had to end: cancelled, or its deadline passed.  INT64_MAX: not at all. */
static int64_t end_of(const ath_fiber *f) {
    return f->ending != ATH_OK && f->ended_us < f->deadline_us ? f->ended_us : f->deadline_us;
}

/* Until when it may wait. */
static int64_t limit_of(const ath_fiber *f) {
    int64_t end = f->patient ? INT64_MAX : end_of(f);
    if (!f->host.shield)
        return end;
    return end > INT64_MAX - GRACE_US ? INT64_MAX : end + GRACE_US;
}

static ath_status reason(const ath_fiber *f) {
    return f->ending != ATH_OK ? f->ending : ATH_TIMEOUT;
}

ath_status ath__fiber_may(ath_fiber *f) {
    int64_t limit = limit_of(f);
    return limit != INT64_MAX && ath__clock_us() >= limit ? reason(f) : ATH_OK;
}

ath_status ath__fiber_wait(ath_fiber *f, int64_t deadline_us) {
    int64_t limit = limit_of(f);
    ATH_TRY(ath__fiber_may(f));
    ATH_TRY(ath__timer_set(f, deadline_us < limit ? deadline_us : limit));
    ath_status woken = ath__fiber_pause(f);
    ath__timer_clear(f);
    return woken == ATH_TIMEOUT && deadline_us > limit ? reason(f) : woken;
}

/* ---- sockets ---- */

static bool has_room(ath_loop *l, int fd) {
    size_t wanted = l->watch_count ? l->watch_count : 64, item = sizeof *l->watches;
    if ((size_t)fd < l->watch_count)
        return true;
    while (wanted <= (size_t)fd)
        wanted *= 2;
    ath__watch *more = ath__realloc(&l->allocator, l->watches, l->watch_count * item, wanted * item);
    if (!more)
        return false;
    memset(more + l->watch_count, 0, (wanted - l->watch_count) * item);
    l->watches = more;
    l->watch_count = wanted;
    return true;
}

static void end_watch(ath_loop *l, int fd) {
    ath__watch *w = &l->watches[fd];
    if (!w->owner)
        return;
    int *at = &w->owner->watched;
    while (*at != fd + 1)
        at = &l->watches[*at - 1].next;
    *at = w->next;
    w->owner = NULL;
    l->poller->unwatch(l->polling, fd);
}

void ath__fiber_unwatch(ath_fiber *f) {
    while (f->watched)
        end_watch(f->loop, f->watched - 1);
}

/* What else can be waited for has no number of its own, or is the program's, which closes it when it likes. */
static uint64_t socket_of(int fd) {
    struct stat s;
    return fstat(fd, &s) == 0 && S_ISSOCK(s.st_mode) ? (uint64_t)s.st_ino : 0;
}

static ath_status begin_watch(ath_fiber *f, int fd, short events) {
    ath_loop *l = f->loop;
    ath__watch *w = &l->watches[fd];
    uint64_t socket = events & POLLOUT ? 0 : socket_of(fd); /* there is nearly always room: it would wake the loop */
    if (w->owner == f && w->events == events && socket && w->socket == socket)
        return ATH_OK;
    end_watch(l, fd);
    ATH_TRY(l->poller->watch(l->polling, fd, events));
    w->owner = f;
    w->events = events;
    w->socket = socket;
    w->next = f->watched;
    f->watched = fd + 1;
    return ATH_OK;
}

void ath__poller_ready(void *loop, int fd) {
    ath_loop *l = loop;
    if (fd < 0 || (size_t)fd >= l->watch_count)
        return;
    if (l->watches[fd].waiter)
        ath__fiber_ready(l->watches[fd].waiter, ATH_OK);
    else
        end_watch(l, fd);
}

static ath_status sleep_until(ath_fiber *f, int64_t deadline_us) {
    ath_status status = ath__fiber_wait(f, deadline_us);
    return status == ATH_TIMEOUT && ath__clock_us() >= deadline_us ? ATH_OK : status;
}

static ath_status host_wait(ath__host *host, int fd, short events, int64_t deadline_us) {
    ath_fiber *f = (ath_fiber *)host;
    ath_loop *l = f->loop;
    if (fd < 0)
        return sleep_until(f, deadline_us);
    if (!has_room(l, fd))
        return ATH_NO_MEMORY;
    if (l->watches[fd].waiter)
        return ATH_STATE;
    ATH_TRY(begin_watch(f, fd, events));
    l->stats.waits++;
    l->watches[fd].waiter = f;
    ath_status status = ath__fiber_wait(f, deadline_us);
    l->watches[fd].waiter = NULL;
    if (status != ATH_OK || !l->watches[fd].socket)
        end_watch(l, fd);
    return status;
}

static void host_forget(ath__host *host, int fd) {
    ath_loop *l = ((ath_fiber *)host)->loop;
    if (fd < 0)
        ath__fiber_unwatch((ath_fiber *)host);
    else if ((size_t)fd < l->watch_count)
        end_watch(l, fd);
}

/* ---- each other ---- */

static ath_status host_park(ath__host *host, int64_t deadline_us) {
    ath_fiber *f = (ath_fiber *)host;
    if (f->permit) {
        f->permit = false;
        return ATH_OK;
    }
    f->parked = true;
    f->patient = f->host.shield != 0; /* who is to wake it does so in time */
    ath_status status = ath__fiber_wait(f, deadline_us);
    f->parked = f->patient = false;
    return status;
}

static void host_unpark(ath__host *host) {
    ath_fiber *f = (ath_fiber *)host;
    if (!ath__here || ((ath_fiber *)ath__here)->loop != f->loop)
        ath__fiber_send(f);
    else if (f->parked)
        ath__fiber_ready(f, ATH_OK);
    else
        f->permit = true;
}

static void tell(ath__job *job, ath_status why) {
    atomic_store(&job->status, why);
    if (job->interrupt)
        job->interrupt(job);
}

/* Whatever happens, the job's memory is used until it is done. */
static ath_status host_offload(ath__host *host, ath__job *job) {
    ath_fiber *f = (ath_fiber *)host;
    ath_status why = ATH_OK;
    job->host = host;
    atomic_init(&job->status, ATH_OK);
    atomic_init(&job->done, false);
    if (!ath__workers_add(&f->loop->workers, job))
        return ATH_NO_MEMORY;
    f->loop->stats.offloaded++;
    while (!atomic_load(&job->done)) {
        if (why == ATH_OK) {
            why = host_park(host, INT64_MAX);
            if (why != ATH_OK && !atomic_load(&job->done))
                tell(job, why);
            continue;
        }
        f->parked = true;
        ath__fiber_pause(f);
        f->parked = false;
    }
    return why;
}

static ath_status host_check(ath__host *host) {
    return ath__fiber_may((ath_fiber *)host);
}

const ath__host_vtable ath__fiber_host = {host_wait, host_forget, host_park, host_unpark, host_offload, host_check};

/* ---- for programs ---- */

ath_status ath_loop_sleep(int64_t milliseconds) {
    int64_t now = ath__clock_us(), ms = milliseconds < 0 ? 0 : milliseconds;
    return ath__here_wait(-1, 0, ms < (INT64_MAX - now) / 1000 ? now + ms * 1000 : INT64_MAX);
}

ath_status ath_loop_yield(void) {
    return ath__here ? ath__here_wait(-1, 0, 0) : ATH_OK;
}

static bool can_be_watched(int fd) {
    struct stat s;
    return fd >= 0 && fstat(fd, &s) == 0 && !S_ISREG(s.st_mode) && !S_ISDIR(s.st_mode);
}

ath_status ath_loop_wait(int fd, short events, int64_t milliseconds) {
    if (!can_be_watched(fd))
        return ATH_ARGUMENT;
    int64_t now = ath__clock_us(), ms = milliseconds;
    ath_status status =
        ath__here_wait(fd, events, ms < 0 || ms > (INT64_MAX - now) / 1000 ? INT64_MAX : now + ms * 1000);
    if (status != ATH_STATE)
        ath__here_forget(fd); /* the program may close it */
    return status;
}

typedef struct call {
    ath__job job;
    ath_fiber_fn fn;
    void *arg;
    ath_status status;
} call;

static void run_call(ath__job *job) {
    call *c = (call *)job;
    c->status = c->fn(c->arg);
}

ath_status ath_loop_offload(ath_fiber_fn fn, void *arg) {
    call c = {.job.run = run_call, .fn = fn, .arg = arg, .status = ATH_NO_MEMORY};
    if (!fn)
        return ATH_ARGUMENT;
    (void)ath__here_run(&c.job);
    return c.status;
}
