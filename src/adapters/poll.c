/* SPDX-License-Identifier: Apache-2.0
 *
 * A poller over poll(2): everywhere, and fast enough for some hundred sockets.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "adapters/adapters.h"
#include "base/base.h"

/* polled[0] is the pipe that wakes it. */
typedef struct poller {
    ath_allocator allocator;
    ath_poller_ready ready;
    void *loop;
    struct pollfd *polled;
    size_t count, capacity;
    size_t *places; /* by file descriptor: where it is in polled; 0: not there */
    size_t place_count;
    int wake[2];
} poller;

static void close_poller(void *self) {
    poller *p = self;
    const ath_allocator a = p->allocator;
    for (int i = 0; i < 2; i++)
        if (p->wake[i] >= 0)
            close(p->wake[i]);
    ath__free(&a, p->polled, p->capacity * sizeof *p->polled);
    ath__free(&a, p->places, p->place_count * sizeof *p->places);
    ath__free(&a, p, sizeof *p);
}

static void *open_poller(const ath_allocator *a, void *native, ath_poller_ready ready, void *loop, ath_error *error) {
    enum { FIRST = 16 };
    (void)native;
    poller *p = ath__alloc_zero(a, 1, sizeof *p);
    if (!p) {
        ath__fail_memory(error);
        return NULL;
    }
    *p = (poller){.allocator = *a, .ready = ready, .loop = loop, .wake = {-1, -1}};
    p->polled = ath__alloc_zero(a, FIRST, sizeof *p->polled);
    p->capacity = p->polled ? FIRST : 0;
    if (!p->polled || pipe2(p->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        ath__fail(error, p->polled ? ATH_OPERATIONAL : ATH_NO_MEMORY, "no pipe for the poller");
        close_poller(p);
        return NULL;
    }
    p->polled[0] = (struct pollfd){.fd = p->wake[0], .events = POLLIN};
    p->count = 1;
    return p;
}

static bool has_place(poller *p, int fd) {
    size_t wanted = p->place_count ? p->place_count : 64, item = sizeof *p->places;
    if ((size_t)fd < p->place_count)
        return true;
    while (wanted <= (size_t)fd)
        wanted *= 2;
    size_t *more = ath__realloc(&p->allocator, p->places, p->place_count * item, wanted * item);
    if (!more)
        return false;
    memset(more + p->place_count, 0, (wanted - p->place_count) * item);
    p->places = more;
    p->place_count = wanted;
    return true;
}

static bool has_room(poller *p) {
    size_t item = sizeof *p->polled;
    if (p->count < p->capacity)
        return true;
    struct pollfd *more = ath__realloc(&p->allocator, p->polled, p->capacity * item, p->capacity * 2 * item);
    if (!more)
        return false;
    p->polled = more;
    p->capacity *= 2;
    return true;
}

static ath_status watch(void *self, int fd, short events) {
    poller *p = self;
    if (!has_place(p, fd) || !has_room(p))
        return ATH_NO_MEMORY;
    if (!p->places[fd])
        p->places[fd] = p->count++;
    p->polled[p->places[fd]] = (struct pollfd){.fd = fd, .events = events};
    return ATH_OK;
}

static void unwatch(void *self, int fd) {
    poller *p = self;
    size_t at = (size_t)fd < p->place_count ? p->places[fd] : 0;
    if (!at)
        return;
    p->polled[at] = p->polled[--p->count];
    p->places[p->polled[at].fd] = at;
    p->places[fd] = 0;
}

static int milliseconds_left(int64_t deadline_us) {
    if (deadline_us == INT64_MAX)
        return -1;
    int64_t left = deadline_us ? deadline_us - ath__clock_us() : 0;
    if (left <= 0)
        return 0;
    return left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}

static void drain(const poller *p) {
    char some[64];
    while (read(p->wake[0], some, sizeof some) > 0)
        continue;
}

static ath_status poll_once(void *self, int64_t deadline_us) {
    poller *p = self;
    int ready = poll(p->polled, p->count, milliseconds_left(deadline_us));
    if (ready < 0)
        return errno == EINTR || errno == EAGAIN ? ATH_OK : errno == ENOMEM ? ATH_NO_MEMORY : ATH_OPERATIONAL;
    if (p->polled[0].revents)
        drain(p);
    /* backwards: one that is unwatched meanwhile is replaced by one that has been looked at */
    for (size_t i = p->count; ready > 0 && i-- > 1;)
        if (i < p->count && p->polled[i].revents)
            p->ready(p->loop, p->polled[i].fd);
    return ATH_OK;
}

static void wake(void *self) {
    const poller *p = self;
    ssize_t ignored = write(p->wake[1], "", 1); /* a full pipe wakes it as well */
    (void)ignored;
}

const ath_poller ath__poll_poller = {
    .struct_size = sizeof(ath_poller),
    .name = "poll",
    .open = open_poller,
    .close = close_poller,
    .watch = watch,
    .unwatch = unwatch,
    .poll = poll_once,
    .wake = wake,
};
