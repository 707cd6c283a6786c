/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions in fibers: the same code for every database.
 */
#include "fibers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

int64_t fiber_key(size_t c, size_t i, size_t n) {
    return get_key(c * (n / FIBERS) + i, GET_ROWS);
}

/* ---- ours ---- */

typedef struct run run;

typedef struct conversation {
    run *of;
    size_t number;
    ath_session *s;
    User **users;
} conversation;

struct run {
    size_t n;
    ath_engine *db;
    ath_loop *loop;
    conversation all[FIBERS];
};

static ath_engine *open_engine(const char *place) {
    char url[400];
    ath_error error = {0};
    snprintf(url, sizeof url, "%s%s", strstr(place, "://") ? "" : "sqlite:///", place);
    ath_engine *db = ath_engine_open(url, .pool_size = FIBERS, .error = &error);
    if (!db)
        bench_fail(place, error.message);
    return db;
}

static void *start(const char *place, size_t n) {
    ath_connection *connections[FIBERS];
    run *r = calloc(1, sizeof *r);
    bench_check(r && n >= FIBERS && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->db = open_engine(place);
    r->loop = ath_loop_new();
    for (size_t i = 0; i < FIBERS; i++) {
        r->all[i] = (conversation){.of = r, .number = i, .users = malloc(n / FIBERS * sizeof(User *))};
        connections[i] = ath_connect(r->db);
        bench_check(connections[i] && r->all[i].users, "a connection, or memory");
    }
    for (size_t i = 0; i < FIBERS; i++)
        ath_connection_close(connections[i]);
    return r;
}

static ath_status converse(void *arg) {
    conversation *c = arg;
    size_t n = c->of->n;
    c->s = ath_session_open(c->of->db);
    for (size_t i = 0; i < n / FIBERS; i++)
        c->users[i] = ath_get(c->s, User, fiber_key(c->number, i, n));
    return ath_rollback(c->s);
}

static void timed(void *state) {
    run *r = state;
    for (size_t i = 0; i < FIBERS; i++)
        bench_check(ath_loop_spawn(r->loop, converse, &r->all[i]) == ATH_OK, "a fiber");
    bench_check(ath_loop_run(r->loop) == ATH_OK, "the loop");
}

static void finish(void *state) {
    run *r = state;
    for (size_t c = 0; c < FIBERS; c++) {
        for (size_t i = 0; i < r->n / FIBERS; i++)
            bench_check(r->all[c].users[i] && user_is(r->all[c].users[i], (size_t)fiber_key(c, i, r->n) - 1),
                        "a struct");
        ath_session_close(r->all[c].s);
        free(r->all[c].users);
    }
    ath_loop_free(r->loop);
    ath_engine_close(r->db);
    free(r);
}

const bench_side ours_fibers = {"ours", start, timed, finish};

/* ---- for those who write their own ---- */

int epoll_new(void) {
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    bench_check(epoll >= 0, "epoll");
    return epoll;
}

void epoll_watch(int epoll, int fd, void *who) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = who};
    bench_check(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
}

int epoll_ready(int epoll, void **who, int most) {
    struct epoll_event events[FIBERS];
    int count = epoll_wait(epoll, events, most < FIBERS ? most : FIBERS, -1);
    bench_check(count >= 0, "epoll_wait");
    for (int i = 0; i < count; i++)
        who[i] = events[i].data.ptr;
    return count;
}
