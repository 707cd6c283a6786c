/* SPDX-License-Identifier: Apache-2.0
 *
 * A session's journey in a fiber, with a fault at each of its waits in turn: the time is over, the fiber is cancelled, the
 * socket is dead, what is read comes in crumbs.  A status each time, nothing leaked, the pool whole, and the next journey
 * as if nothing had been.
 */
#include "async.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include "../failing.h"

typedef enum fault { TIME_OUT, CANCEL, RESET, SHORT_READ, FAULTS } fault;

static const char *const names[] = {"time-out", "cancel", "reset", "short read"};

/* What the hook does at its wait number `at`. */
typedef struct injector {
    fault fault;
    int at, waits; /* at: from 1; 0: never */
    bool done;
    ath_fiber *victim;
} injector;

/* Crumbs: what the client libraries receive is cut while this is set.  Their calls of recv come here. */
static bool crumbs;

ssize_t recv(int fd, void *buffer, size_t size, int flags);
ssize_t recv(int fd, void *buffer, size_t size, int flags) {
    static unsigned turn;
    size_t most = 1 + turn++ % 3;
    if (crumbs && size > most)
        size = most;
    return syscall(SYS_recvfrom, fd, buffer, size, flags, NULL, NULL);
}

static ath_status inject(injector *i, int fd) {
    i->done = true;
    switch (i->fault) {
    case TIME_OUT:
        return ATH_TIMEOUT;
    case CANCEL:
        ath_loop_cancel(i->victim);
        return ATH_OK;
    case RESET:
        if (fd >= 0)
            shutdown(fd, SHUT_RDWR);
        return ATH_OK;
    default:
        crumbs = true;
        return ATH_OK;
    }
}

static ath_status wait_and_inject(void *context, int fd, short events, int64_t deadline_us) {
    injector *i = context;
    if (++i->waits == i->at) {
        ath_status status = inject(i, fd);
        if (status != ATH_OK)
            return status;
    }
    return ath__here_wait(fd, events, deadline_us);
}

/* ---- the journey ---- */

typedef struct travel {
    ath_engine *db;
    ath_status status;
    char message[512];
    injector *injector;
} travel;

/* Names are new each time: the server may still come to a COMMIT whose sender is gone. */
static ath_status go(ath_session *s) {
    static int number;
    char names_of[2][20];
    snprintf(names_of[0], sizeof names_of[0], "alice %d", ++number);
    snprintf(names_of[1], sizeof names_of[1], "bob %d", number);
    Author *a = ath_new(s, Author, .name = names_of[0], .email = "a@b");
    Author *b = ath_new(s, Author, .name = names_of[1], .email = "b@b");
    if (!a || !b || ath_flush(s) != ATH_OK)
        return ath_error(s)->status;
    for (int i = 0; i < 5; i++)
        if (!ath_new(s, Book, .author_id = a->id, .title = "a title"))
            return ath_error(s)->status;
    if (ath_commit(s) != ATH_OK)
        return ath_error(s)->status;
    Author **all = ath_all(s, Author, .order_by = ath_by(ath_col(Author, id)));
    if (!all)
        return ath_error(s)->status;
    b->balance = 5;
    ath_stream *stream = ath_flush(s) == ATH_OK ? ath_stream_open(s, Book) : NULL;
    while (ath_stream_next(stream))
        continue;
    ath_status status = ath_stream_close(stream);
    if (status != ATH_OK)
        return ath_error(s)->status;
    if (ath_delete(s, b) != ATH_OK || ath_flush(s) != ATH_OK || ath_count(s, Book) < 0)
        return ath_error(s)->status;
    return ath_rollback(s);
}

static ath_status journey(void *arg) {
    travel *t = arg;
    ath_session *s = ath_session_open(t->db);
    t->status = go(s);
    snprintf(t->message, sizeof t->message, "%s", ath_error(s)->message);
    ath_session_close(s);
    return t->status;
}

static ath_status start(void *arg) {
    travel *t = arg;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), journey, t, .fiber = &t->injector->victim), ATH_OK);
    ath_loop_join(t->injector->victim);
    crumbs = false;
    t->injector->at = 0;
    return ATH_OK;
}

static bool may_end_so(fault f, ath_status status) {
    switch (f) {
    case TIME_OUT:
        return status == ATH_TIMEOUT || status == ATH_OK;
    case CANCEL:
        return status == ATH_CANCELLED || status == ATH_OK;
    case RESET:
        return status == ATH_DISCONNECT || status == ATH_OPERATIONAL || status == ATH_STATE || status == ATH_OK;
    default:
        return status == ATH_OK;
    }
}

/* One journey on an engine with a fault, and one more on the same engine without. */
static int travel_with(fault f, int at, ath_engine *plain, int *faulty) {
    failing memory = {0};
    ath_allocator allocator = FAILING(&memory);
    injector i = {.fault = f, .at = at};
    const ath_wait_hook hook = {wait_and_inject, &i};
    travel t = {.db = async_open(.wait = &hook, .allocator = &allocator, .pool_size = 2, .reconnect_ms = -1),
                .injector = &i};
    ath_session *s = ath_session_open(plain);
    CHECK(ath_delete_where(s, Book, .all_rows = true) >= 0);
    CHECK(ath_delete_where(s, Author, .all_rows = true) >= 0);
    CHECK_INT(ath_commit(s), ATH_OK);
    async_run(start, &t);
    *faulty += t.status != ATH_OK;
    CHECK(may_end_so(f, t.status));
    if (!may_end_so(f, t.status))
        printf("# %s: %s\n", ath_status_name(t.status), t.message);
    async_check_pool(t.db);
    if (f == RESET && t.status != ATH_OK)
        usleep(20000);
    int64_t authors = ath_count(s, Author), books = ath_count(s, Book); /* all of the transaction, or nothing */
    CHECK((authors == 2 && books == 5) || (authors == 0 && books == 0));
    CHECK(ath_delete_where(s, Book, .all_rows = true) >= 0);
    CHECK(ath_delete_where(s, Author, .all_rows = true) >= 0);
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    int waits = i.waits;
    async_run(start, &t);
    CHECK_INT(t.status, ATH_OK);
    async_check_pool(t.db);
    ath_engine_close(t.db);
    CHECK_INT(memory.held, 0);
    return waits;
}

static void travel_often(fault f) {
    if (async_on == TEST_SQLITE)
        TEST_SKIP("it has no sockets");
    ath_engine *plain = async_open();
    int faulty = 0, waits = plain && async_tables(plain) ? travel_with(f, 0, plain, &faulty) : 0;
    CHECK(waits > 0); /* how many, is the weather of sockets */
    CHECK_INT(faulty, 0);
    for (int at = 1; at <= waits; at++) {
        test_context("%s at wait %d of %d", names[f], at, waits);
        travel_with(f, at, plain, &faulty);
    }
    test_context("%s", "");
    CHECK(f == SHORT_READ ? faulty == 0 : faulty > 0);
    ath_engine_close(plain);
}

TEST(the_time_is_over_at_every_wait) {
    travel_often(TIME_OUT);
}

TEST(the_fiber_is_cancelled_at_every_wait) {
    travel_often(CANCEL);
}

TEST(the_socket_is_dead_at_every_wait) {
    travel_often(RESET);
}

TEST(what_is_read_comes_in_crumbs_from_every_wait_on) {
    travel_often(SHORT_READ);
}

static const test_case cases[] = {
    {"the_time_is_over_at_every_wait", the_time_is_over_at_every_wait},
    {"the_fiber_is_cancelled_at_every_wait", the_fiber_is_cancelled_at_every_wait},
    {"the_socket_is_dead_at_every_wait", the_socket_is_dead_at_every_wait},
    {"what_is_read_comes_in_crumbs_from_every_wait_on", what_is_read_comes_in_crumbs_from_every_wait_on},
};

int main(int argc, char **argv) {
    return async_main(argc, argv, cases, TEST_COUNT(cases));
}
