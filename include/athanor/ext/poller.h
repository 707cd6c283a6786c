/* SPDX-License-Identifier: Apache-2.0
 *
 * How a loop watches sockets, for those who write another: five functions.  The library has two, src/adapters/uv.c (libuv)
 * and src/adapters/poll.c (poll(2)); epoll, libevent or GLib would be a third.
 *
 * All but `wake` are called on the loop's thread.
 */
#ifndef ATHANOR_EXT_POLLER_H
#define ATHANOR_EXT_POLLER_H

#include <athanor/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Told of each file descriptor that is ready, or broken. */
typedef void (*ath_poller_ready)(void *loop, int fd);

typedef struct ath_poller ath_poller;
struct ath_poller {
    size_t struct_size;
    const char *name;
    /* Makes one.  `native` is ath_loop_opts.native.  The allocator lives longer.  NULL on failure (*error is filled). */
    void *(*open)(const ath_allocator *allocator, void *native, ath_poller_ready ready, void *loop, ath_error *error);
    void (*close)(void *poller);
    /* From now on the file descriptor is watched for these events (of poll(2); errors and hang-ups always count), instead
     * of those before.  It may be one that was closed meanwhile and now is another.  Level-triggered. */
    ath_status (*watch)(void *poller, int fd, short events);
    /* ... and no more.  It may be closed already. */
    void (*unwatch)(void *poller, int fd);
    /* Waits until something is ready, until the deadline (CLOCK_MONOTONIC, microseconds; INT64_MAX: for ever; past: do not
     * wait) or until woken, and calls `ready` for each that is.  May return for no reason at all. */
    ath_status (*poll)(void *poller, int64_t deadline_us);
    /* From any thread: the poll that is under way, or else the next, returns. */
    void (*wake)(void *poller);
};

/* "uv", "poll"; NULL: the default.  NULL when there is no such poller in this build. */
ATH_API const struct ath_poller *ath_poller_named(const char *name);

#ifdef __cplusplus
}
#endif

#endif
