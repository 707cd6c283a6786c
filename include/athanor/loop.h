/* SPDX-License-Identifier: Apache-2.0
 *
 * Fibers: many conversations with databases on one thread.
 *
 *     static ath_status handle(void *arg) {                  // the same calls as ever, in a fiber
 *         ath_session *s = ath_session_open(engine);
 *         User **users = ath_all(s, User);                   // waits for the socket, not the thread
 *         ...
 *     }
 *     ath_loop *loop = ath_loop_new();
 *     for (int i = 0; i < 64; i++)
 *         ath_loop_spawn(loop, handle, &requests[i]);
 *     ath_loop_run(loop);                                    // until all of them are over
 *     ath_loop_free(loop);
 *
 * A fiber is a function with a stack of its own.  Where it would wait (for a database, for a connection of the pool, for
 * time to pass) the loop runs others.  It is never interrupted elsewhere, and stays on the thread that runs the loop; so
 * between two waits its data needs no lock against other fibers of the loop.  A program may have many loops, one a thread,
 * and they may share engines.  A session or a connection belongs to one fiber at a time, as it does to one thread.
 *
 * What may take long inside of the process runs on worker threads meanwhile: SQLite, and the connecting of the others.
 *
 * Cancelled, or with its deadline passed, a fiber waits no more: each wait gives ATH_CANCELLED or ATH_TIMEOUT, at once,
 * until the fiber returns.  A query that was under way is ended on its server.  Rolling back and giving back are
 * still done to their end, so ath_session_close leaves the pool whole; a COMMIT that was sent is waited for.
 */
#ifndef ATHANOR_LOOP_H
#define ATHANOR_LOOP_H

#include <athanor/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_loop ath_loop;
typedef struct ath_fiber ath_fiber;
typedef struct ath_group ath_group;
typedef struct ath_limit ath_limit;
typedef struct ath_poller ath_poller; /* ext/poller.h */

/* What a fiber runs; its status is what ath_loop_join gives. */
typedef ath_status (*ath_fiber_fn)(void *arg);

/* ---- loops ------------------------------------------------------------------------------------------------------- */

/* Options of a loop; zero fields are the defaults. */
typedef struct ath_loop_opts {
    size_t struct_size;
    const char *poller;     /* how sockets are watched: "uv" (libuv) or "poll" (poll(2)); default: the first built in */
    const ath_poller *with; /* one of the program's own (ext/poller.h), instead */
    void *native;           /* for the poller: "uv" takes a uv_loop_t *, whose handles then run as well */
    size_t stack_size;      /* of a fiber, in bytes; default 256 KiB, at least 16 KiB; address space, not memory */
    size_t stacks_kept;     /* of fibers that are over, for others; default 64 */
    size_t workers;         /* threads at most; default: as many as are needed at once */
    const ath_allocator *allocator; /* copied; default: malloc */
    ath_error *error;               /* receives why NULL was returned */
} ath_loop_opts;

/* A loop.  NULL: out of memory, or there is no such poller (ATH_NOT_SUPPORTED). */
#define ath_loop_new(...) ath_loop_new_opts(&(const ath_loop_opts){.struct_size = sizeof(ath_loop_opts), __VA_ARGS__})
ATH_API ath_loop *ath_loop_new_opts(const ath_loop_opts *opts);
/* Frees it.  Fibers that are not over are cancelled, and run to their end first.  Outside of fibers only.  NULL is fine. */
ATH_API void ath_loop_free(ath_loop *loop);
/* Runs its fibers until none is left.  ATH_STATE: inside of a fiber, or while another thread runs it. */
ATH_API ath_status ath_loop_run(ath_loop *loop);
/* Runs what is ready, waits at most so many milliseconds for more (0: not at all), and runs that: for programs with a
 * loop of their own.  *left (may be NULL) receives the number of fibers that are not over. */
ATH_API ath_status ath_loop_step(ath_loop *loop, int64_t milliseconds, size_t *left);
/* asyncio.run(): a loop for one function and the fibers it spawns; gives its status when all of them are over. */
ATH_API ath_status ath_loop_main(ath_fiber_fn fn, void *arg);
/* The loop whose fiber is running, or NULL. */
ATH_API ath_loop *ath_loop_here(void);

/* What a loop has and has had. */
typedef struct ath_loop_stats {
    size_t fibers;      /* not over */
    size_t most_fibers; /* ... at once */
    size_t stacks_kept; /* for later */
    size_t workers;     /* threads */
    uint64_t spawned;   /* fibers ever */
    uint64_t switches;  /* into fibers */
    uint64_t waits;     /* for sockets */
    uint64_t offloaded; /* calls that ran on worker threads */
    const char *poller; /* its name */
} ath_loop_stats;
/* Zeros of a loop that is NULL.  On the loop's thread. */
ATH_API void ath_loop_stats_of(ath_loop *loop, ath_loop_stats *out);

/* ---- fibers ------------------------------------------------------------------------------------------------------ */

/* Options of a fiber; zero fields are the defaults. */
typedef struct ath_fiber_opts {
    size_t struct_size;
    ath_fiber **fiber;   /* receives a handle, which must be joined; without, nobody waits for the fiber */
    int64_t deadline_ms; /* from now; 0: none */
    const char *file;    /* where it is spawned: the macros fill it in */
    int line;
} ath_fiber_opts;

/* Makes a fiber that runs fn(arg), from the next turn of the loop on.  From any thread.  *arg must live until then. */
#define ath_loop_spawn(loop, fn, ...) ATH_LOOP_SPAWN_(loop, fn, __VA_ARGS__, .struct_size = sizeof(ath_fiber_opts))
#define ATH_LOOP_SPAWN_(loop, fn, arg, ...)                                                                            \
    ath_loop_spawn_opts(loop, fn, arg, &(const ath_fiber_opts){.file = __FILE__, .line = __LINE__, __VA_ARGS__})
ATH_API ath_status ath_loop_spawn_opts(ath_loop *loop, ath_fiber_fn fn, void *arg, const ath_fiber_opts *opts);

/* Waits until the fiber is over, frees the handle, and gives its status.  When the caller itself is cancelled or its
 * deadline passes, so is the fiber, and is waited for all the same.  Outside of fibers, the loop runs meanwhile.
 * ATH_STATE (the handle stays good): a fiber cannot join itself, nor one that waits for its end, nor one of another loop. */
ATH_API ath_status ath_loop_join(ath_fiber *fiber);
/* Cancels the fiber: see the top.  One that is over, or cancelled already, is left as it is.  On the loop's thread. */
ATH_API void ath_loop_cancel(ath_fiber *fiber);
/* Sleeps: the fiber; outside of fibers, the thread.  ATH_CANCELLED or ATH_TIMEOUT when cut short. */
ATH_API ath_status ath_loop_sleep(int64_t milliseconds);
/* Lets the others have their turn. */
ATH_API ath_status ath_loop_yield(void);
/* Waits for a file descriptor of the program's own (`events` as of poll(2)), at most so long (negative: for ever).
 * ATH_TIMEOUT, ATH_CANCELLED; ATH_STATE when another fiber waits for it; ATH_ARGUMENT when it is none or a file.  libuv
 * makes it non-blocking. */
ATH_API ath_status ath_loop_wait(int fd, short events, int64_t milliseconds);
/* Runs fn(arg) on a worker thread and waits for its end, whatever happens: for what would block the thread (name look-ups,
 * files, long computing).  No session or connection of the fiber may be used by it.  Gives the status of fn. */
ATH_API ath_status ath_loop_offload(ath_fiber_fn fn, void *arg);

/* From now on the running fiber has so many milliseconds, for all that follows; a deadline that is nearer stays.  Returns
 * what it was before, for ath_loop_deadline_restore, which ends what is between the two:
 *
 *     ath_deadline before = ath_loop_deadline(500);
 *     ath_status status = ask(session);                // ATH_TIMEOUT when it takes longer
 *     ath_loop_deadline_restore(before);
 *
 * Outside of fibers it does nothing (connections have ath_connection_set_timeout). */
typedef struct ath_deadline {
    int64_t us;
} ath_deadline;
ATH_API ath_deadline ath_loop_deadline(int64_t milliseconds);
ATH_API void ath_loop_deadline_restore(ath_deadline before);
/* ATH_CANCELLED or ATH_TIMEOUT when the running fiber is to end: for long computing between waits. */
ATH_API ath_status ath_loop_check(void);
/* Between begin and end, neither cancellation nor the fiber's deadline cuts a wait short: for clean-up that waits.  They
 * nest.  For ten seconds at most after the fiber was cancelled, so that a dead server keeps nobody. */
ATH_API void ath_loop_shield_begin(void);
ATH_API void ath_loop_shield_end(void);

/* ---- several at once --------------------------------------------------------------------------------------------- */

/* Options of a group; zero fields are the defaults. */
typedef struct ath_group_opts {
    size_t struct_size;
    size_t limit;    /* fibers at once; ath_group_spawn waits for one to end; default: any number */
    bool keep_going; /* the first that fails does not cancel the others */
} ath_group_opts;

/* A group of fibers on the loop of the running fiber, which gathers them: asyncio's TaskGroup and gather.  NULL: out of
 * memory, or not in a fiber.
 *
 *     ath_group *g = ath_group_new(.limit = 8);
 *     for (int i = 0; i < 100; i++)
 *         ath_group_spawn(g, fetch, &pages[i]);
 *     ath_status status = ath_group_join(g);            // of the first that failed */
#define ath_group_new(...)                                                                                             \
    ath_group_new_opts(&(const ath_group_opts){.struct_size = sizeof(ath_group_opts), __VA_ARGS__})
ATH_API ath_group *ath_group_new_opts(const ath_group_opts *opts);
/* Adds a fiber.  Fails as ath_loop_spawn, as the wait for the limit does, and with ATH_CANCELLED when one has failed. */
#define ath_group_spawn(group, fn, arg) ath_group_spawn_at(group, fn, arg, __FILE__, __LINE__)
ATH_API ath_status ath_group_spawn_at(ath_group *group, ath_fiber_fn fn, void *arg, const char *file, int line);
/* Cancels all that are not over. */
ATH_API void ath_group_cancel(ath_group *group);
/* Waits for all of them, frees the group, and gives the status of the first that failed.  When the caller is cancelled or
 * its deadline passes, so are they, and are waited for.  NULL gives ATH_ARGUMENT. */
ATH_API ath_status ath_group_join(ath_group *group);

/* At most `most` fibers are inside at once; the others wait, who came first goes first.  asyncio's Semaphore.  For fibers
 * of one loop. */
ATH_API ath_limit *ath_limit_new(ath_loop *loop, size_t most);
ATH_API ath_status ath_limit_enter(ath_limit *limit); /* ATH_CANCELLED, ATH_TIMEOUT: not entered */
ATH_API void ath_limit_leave(ath_limit *limit);
ATH_API void ath_limit_free(ath_limit *limit); /* nobody is inside or waits.  NULL is fine. */

#ifdef __cplusplus
}
#endif

#endif
