/* SPDX-License-Identifier: Apache-2.0
 *
 * A poller over libuv, with a uv_loop_t of its own, or the program's, whose other handles then run beside the fibers.
 *
 * libuv would keep a file descriptor's handle until a callback, and aborts over one that cannot be watched; so each number
 * has one handle, made when first needed, started and stopped from then on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "adapters/adapters.h"
#include "adapters/libuv.h"
#include "base/base.h"

typedef struct poller poller;

typedef struct handle {
    uv_poll_t poll; /* first */
    poller *owner;
    int fd, wanted;
} handle;

struct poller {
    ath_allocator allocator;
    ath_poller_ready ready;
    void *loop;
    uv_loop_t own, *uv;
    uv_timer_t timer;
    uv_async_t async;
    handle **handles; /* by file descriptor; NULL: none yet */
    size_t handle_count;
    size_t closing;
};

/* ---- opening and closing ---- */

static void on_wake(uv_async_t *async) {
    (void)async;
}

static void on_time(uv_timer_t *timer) {
    (void)timer;
}

static void on_closed(uv_handle_t *h) {
    poller *p = h->data;
    p->closing--;
}

static void close_handle(poller *p, uv_handle_t *h) {
    h->data = p;
    p->closing++;
    uv_close(h, on_closed);
}

static void close_poller(void *self) {
    poller *p = self;
    const ath_allocator a = p->allocator;
    close_handle(p, (uv_handle_t *)&p->timer);
    close_handle(p, (uv_handle_t *)&p->async);
    for (size_t i = 0; i < p->handle_count; i++)
        if (p->handles[i])
            close_handle(p, (uv_handle_t *)&p->handles[i]->poll);
    while (p->closing)
        uv_run(p->uv, UV_RUN_NOWAIT);
    for (size_t i = 0; i < p->handle_count; i++)
        ath__free(&a, p->handles[i], sizeof(handle));
    ath__free(&a, p->handles, p->handle_count * sizeof *p->handles);
    if (p->uv == &p->own)
        uv_loop_close(&p->own);
    ath__free(&a, p, sizeof *p);
}

static int init(poller *p, uv_loop_t *native) {
    int code = native ? 0 : uv_loop_init(&p->own);
    if (code != 0)
        return code;
    p->uv = native ? native : &p->own;
    code = uv_async_init(p->uv, &p->async, on_wake);
    if (code != 0 && !native)
        uv_loop_close(&p->own);
    if (code == 0)
        uv_timer_init(p->uv, &p->timer);
    return code;
}

static void *open_poller(const ath_allocator *a, void *native, ath_poller_ready ready, void *loop, ath_error *error) {
    if (ath__libuv_load(error) != ATH_OK)
        return NULL;
    poller *p = ath__alloc_zero(a, 1, sizeof *p);
    if (!p) {
        ath__fail_memory(error);
        return NULL;
    }
    p->allocator = *a;
    p->ready = ready;
    p->loop = loop;
    int code = init(p, native);
    if (code == 0)
        return p;
    ath__fail(error, code == UV_ENOMEM ? ATH_NO_MEMORY : ATH_OPERATIONAL, "libuv: %s", uv_strerror(code));
    ath__free(a, p, sizeof *p);
    return NULL;
}

/* ---- watching ---- */

static bool has_room(poller *p, int fd) {
    size_t wanted = p->handle_count ? p->handle_count : 64, item = sizeof *p->handles;
    if ((size_t)fd < p->handle_count)
        return true;
    while (wanted <= (size_t)fd)
        wanted *= 2;
    handle **more = ath__realloc(&p->allocator, p->handles, p->handle_count * item, wanted * item);
    if (!more)
        return false;
    memset(more + p->handle_count, 0, (wanted - p->handle_count) * item);
    p->handles = more;
    p->handle_count = wanted;
    return true;
}

/* A broken socket is one that is ready.  libuv has stopped watching it then; who waits for it again must not do so in vain. */
static void on_ready(uv_poll_t *poll, int status, int events) {
    const handle *h = (const handle *)poll;
    (void)events;
    if (status < 0)
        uv_poll_start(poll, h->wanted, on_ready);
    h->owner->ready(h->owner->loop, h->fd);
}

static ath_status handle_of(poller *p, int fd, handle **out) {
    if (!has_room(p, fd))
        return ATH_NO_MEMORY;
    *out = p->handles[fd];
    if (*out)
        return ATH_OK;
    handle *h = ath__alloc_zero(&p->allocator, 1, sizeof *h);
    if (!h)
        return ATH_NO_MEMORY;
    if (uv_poll_init(p->uv, &h->poll, fd) != 0) { /* it left nothing in the loop */
        ath__free(&p->allocator, h, sizeof *h);
        return ATH_ARGUMENT;
    }
    h->owner = p;
    h->fd = fd;
    p->handles[fd] = h;
    *out = h;
    return ATH_OK;
}

static ath_status watch(void *self, int fd, short events) {
    poller *p = self;
    handle *h = NULL;
    if (fcntl(fd, F_GETFD) == -1)
        return ATH_ARGUMENT;
    ATH_TRY(handle_of(p, fd, &h));
    int wanted = (events & POLLIN ? UV_READABLE : 0) | (events & POLLOUT ? UV_WRITABLE : 0) |
                 (events & POLLPRI ? UV_PRIORITIZED : 0) | UV_DISCONNECT;
    h->wanted = wanted;
    return uv_poll_start(&h->poll, wanted, on_ready) == 0 ? ATH_OK : ATH_OPERATIONAL;
}

static void unwatch(void *self, int fd) {
    const poller *p = self;
    if ((size_t)fd < p->handle_count && p->handles[fd])
        uv_poll_stop(&p->handles[fd]->poll);
}

/* ---- polling ---- */

static ath_status poll_once(void *self, int64_t deadline_us) {
    poller *p = self;
    int64_t left = deadline_us == INT64_MAX ? INT64_MAX : deadline_us ? deadline_us - ath__clock_us() : 0;
    if (left <= 0) {
        uv_run(p->uv, UV_RUN_NOWAIT);
        return ATH_OK;
    }
    if (left != INT64_MAX) {
        uv_update_time(p->uv);
        uv_timer_start(&p->timer, on_time, (uint64_t)(left + 999) / 1000, 0);
    }
    uv_run(p->uv, UV_RUN_ONCE);
    if (left != INT64_MAX)
        uv_timer_stop(&p->timer);
    return ATH_OK;
}

static void wake(void *self) {
    poller *p = self;
    uv_async_send(&p->async);
}

const ath_poller ath__uv_poller = {
    .struct_size = sizeof(ath_poller),
    .name = "uv",
    .open = open_poller,
    .close = close_poller,
    .watch = watch,
    .unwatch = unwatch,
    .poll = poll_once,
    .wake = wake,
};
