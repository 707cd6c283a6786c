/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: fibers and their loop from the inside.
 *
 *     switch.c   from one stack to another
 *     stack.c    the memory of stacks
 *     fiber.c    a fiber's life: spawned, run, cancelled, joined
 *     loop.c     who runs when
 *     timer.c    the fibers that wait for a time, nearest first
 *     host.c     what waits in a fiber: for sockets, for each other, for a time
 *     work.c     calls that run on worker threads
 *     group.c    several fibers at once, and not too many
 *
 * All of a loop belongs to the thread that runs it, except what its `outside` mutex guards.
 */
#ifndef ATH_FIBER_FIBER_H
#define ATH_FIBER_FIBER_H

#include "base/here.h"
#include "fiber/switch.h"

#include <athanor/ext/poller.h>
#include <athanor/loop.h>

/* ---- stacks ---- */

typedef struct ath__stack {
    struct ath__stack *next; /* lies at the upper end of the stack itself */
    void *bottom;            /* above the guard page */
    size_t size;
} ath__stack;

typedef struct ath__stacks {
    size_t size, most; /* of each; kept at most */
    ath__stack *kept;
    size_t count;
} ath__stacks;

void ath__stacks_init(ath__stacks *stacks, size_t size, size_t most);
void ath__stacks_done(ath__stacks *stacks);
/* NULL: no memory, or no address space. */
ath__stack *ath__stack_take(ath__stacks *stacks);
void ath__stack_give(ath__stacks *stacks, ath__stack *stack);

/* ---- fibers ---- */

typedef enum ath__fiber_state {
    ATH__FIBER_NEW,
    ATH__FIBER_READY, /* in the queue */
    ATH__FIBER_RUNNING,
    ATH__FIBER_WAITING,
    ATH__FIBER_OVER
} ath__fiber_state;

struct ath_fiber {
    ath__host host; /* first: a host is a fiber */
    ath_loop *loop;
    ath_fiber_fn fn;
    void *arg;
    ath__context context;
    ath__stack *stack;
    ath__fiber_state state;
    ath_status status;   /* what fn gave */
    ath_status woken;    /* why the wait is over */
    ath_status ending;   /* ATH_OK; ATH_CANCELLED, ATH_TIMEOUT: why it waits no more */
    bool handled;        /* somebody will join it */
    bool permit;         /* unparked before it parked */
    bool parked;         /* in park: unpark wakes it */
    bool patient;        /* in a wait that nothing cuts short */
    bool sent;           /* in the loop's `arrived`; guarded by `outside` */
    int64_t ended_us;    /* when `ending` was set */
    int64_t deadline_us; /* its own */
    int64_t timer_us;    /* of the wait that is under way */
    size_t timer_at;     /* in the heap, plus one; 0: not there */
    int watched;         /* the first file descriptor that it has watched, plus one */
    ath_fiber *joiner;
    ath_group *group;
    ath_fiber *next;                          /* in the ready queue */
    ath_fiber *next_member, *previous_member; /* of its group */
    ath_fiber *next_arrived;                  /* guarded by `outside` */
    ath_fiber *newer, *older;                 /* all of the loop */
};

/* A file descriptor that is watched, or was. */
typedef struct ath__watch {
    ath_fiber *waiter; /* NULL: nobody; the next event ends the watch */
    ath_fiber *owner;  /* whose watch it is; NULL: nobody's, and it is not watched */
    short events;      /* what is watched for */
    int next;          /* of the owner's, plus one */
    uint64_t socket;   /* which it is, as the kernel numbers them; 0: none, so that the watch ends with its wait */
} ath__watch;

/* ---- workers ---- */

typedef struct ath__workers {
    ath_allocator allocator;
    pthread_mutex_t mutex;
    pthread_cond_t wanted;
    ath__job *head, *tail; /* waiting for a worker */
    size_t queued, idle, count, most;
    bool over;
    pthread_t *threads;
    size_t capacity;
} ath__workers;

void ath__workers_init(ath__workers *workers, const ath_allocator *allocator, size_t most);
void ath__workers_done(ath__workers *workers);
/* False: there is no worker and none can be had. */
bool ath__workers_add(ath__workers *workers, ath__job *job);

/* ---- loops ---- */

struct ath_loop {
    ath_allocator allocator;
    const ath_poller *poller;
    void *polling; /* the poller's */
    ath__context thread;
    ath__stacks stacks;
    ath_fiber *first, *last; /* ready */
    ath_fiber *all;          /* not over, newest first */
    ath_fiber *running;
    size_t live;
    bool runs;
    ath_fiber **timers; /* a heap */
    size_t timer_count, timer_capacity;
    ath__watch *watches; /* by file descriptor */
    size_t watch_count;
    ath_loop_stats stats;
    ath__workers workers;

    pthread_mutex_t outside;           /* guards what follows */
    ath_fiber *arrived, *arrived_last; /* new ones, and those unparked from outside */
    bool sleeping;                     /* wake it */
};

/* ---- loop.c ---- */

/* Puts it at the end of the queue; `woken` is why. */
void ath__fiber_ready(ath_fiber *fiber, ath_status woken);
/* From any thread: the loop will make it ready, or begin it. */
void ath__fiber_send(ath_fiber *fiber);
void ath__fiber_send_locked(ath_fiber *fiber); /* ... that holds `outside` */
/* The running fiber gives way until it is made ready; why it was. */
ath_status ath__fiber_pause(ath_fiber *fiber);
/* Runs until the fiber is over, or with NULL until all are. */
ath_status ath__loop_run_until(ath_loop *loop, const ath_fiber *fiber);
void ath__poller_ready(void *loop, int fd);

/* ---- fiber.c ---- */

/* Not in the loop yet; NULL: no memory. */
ath_fiber *ath__fiber_new(ath_loop *loop, ath_fiber_fn fn, void *arg, const ath_fiber_opts *opts);
/* Gives it a stack; fails its first run otherwise. */
ath_status ath__fiber_begin(ath_fiber *fiber);
/* What is left of one that is over. */
void ath__fiber_end(ath_fiber *fiber);
void ath__fiber_cut(ath_fiber *fiber, ath_status why);
/* Waits, whatever happens, until it is over; its status.  The handle is freed. */
ath_status ath__fiber_await(ath_fiber *self, ath_fiber *fiber);

/* ---- host.c ---- */

extern const ath__host_vtable ath__fiber_host;
/* Waits until made ready or until the time: ATH_OK; ATH_TIMEOUT; or why it is ending, unless shielded. */
ath_status ath__fiber_wait(ath_fiber *self, int64_t deadline_us);
/* Whether it may wait: ATH_OK, or why not. */
ath_status ath__fiber_may(ath_fiber *self);
/* Ends all watches of a fiber. */
void ath__fiber_unwatch(ath_fiber *fiber);

/* ---- timer.c ---- */

ath_status ath__timer_set(ath_fiber *fiber, int64_t at_us);
void ath__timer_clear(ath_fiber *fiber);
/* The nearest; INT64_MAX: none. */
int64_t ath__timer_next(const ath_loop *loop);
/* Wakes those whose time has come. */
void ath__timer_fire(ath_loop *loop);

/* ---- group.c ---- */

/* A fiber of a group is over. */
void ath__group_ended(ath_group *group, ath_fiber *fiber);

/* The poller of that name that is built in.  Defined in src/athanor.c, the one file that sees every room. */
const ath_poller *ath__poller_find(const char *name);

#endif
