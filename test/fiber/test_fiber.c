/* SPDX-License-Identifier: Apache-2.0
 *
 * Fibers and their loop without a database: who runs when, who waits for whom, and how they end; on every poller.
 */
#include "../test.h"

#include "base/here.h"

#include <athanor/ext/poller.h>
#include <athanor/loop.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *poller; /* of the loops made here */

typedef struct trace {
    char text[256];
} trace;

static void note(trace *t, const char *what) {
    strncat(t->text, what, sizeof t->text - strlen(t->text) - 1);
}

/* ---- who runs when ---- */

typedef struct step {
    trace *trace;
    const char *name;
    int64_t ms;
    ath_status status;
} step;

static ath_status take_steps(void *arg) {
    const step *s = arg;
    for (int i = 0; i < 3; i++) {
        note(s->trace, s->name);
        CHECK_INT(s->ms ? ath_loop_sleep(s->ms) : ath_loop_yield(), ATH_OK);
    }
    return s->status;
}

TEST(fibers_take_turns) {
    trace t = {""};
    step a = {.trace = &t, .name = "a"}, b = {.trace = &t, .name = "b"};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_loop_stats stats;
    CHECK_INT(ath_loop_spawn(l, take_steps, &a), ATH_OK);
    CHECK_INT(ath_loop_spawn(l, take_steps, &b), ATH_OK);
    CHECK_STR(t.text, "");
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_STR(t.text, "ababab");
    ath_loop_stats_of(l, &stats);
    CHECK_INT(stats.fibers, 0);
    CHECK_INT(stats.most_fibers, 2);
    CHECK_INT(stats.spawned, 2);
    CHECK_STR(stats.poller, poller);
    ath_loop_free(l);
}

typedef struct sleeper {
    int64_t ms;
    ath_status status;
    bool early;
} sleeper;

static ath_status sleep_so_long(void *arg) {
    sleeper *s = arg;
    int64_t until = ath__clock_us() + s->ms * 1000;
    s->status = ath_loop_sleep(s->ms);
    s->early = s->status == ATH_OK && ath__clock_us() < until;
    return s->status;
}

typedef struct dormitory {
    sleeper sleepers[300];
    int woken;
} dormitory;

/* Every third one is cancelled, in an order that has nothing to do with that of their times. */
static ath_status sleep_together(void *arg) {
    dormitory *d = arg;
    ath_fiber *fibers[TEST_COUNT(d->sleepers)];
    for (size_t i = 0; i < TEST_COUNT(fibers); i++) {
        d->sleepers[i].ms = i % 3 ? (int64_t)(i * 7919 % 23) : 3600000 + (int64_t)(i * 7919 % 23);
        CHECK_INT(ath_loop_spawn(ath_loop_here(), sleep_so_long, &d->sleepers[i], .fiber = &fibers[i]), ATH_OK);
    }
    ath_loop_yield();
    for (size_t i = 0; i < TEST_COUNT(fibers); i += 3)
        ath_loop_cancel(fibers[i * 7 % TEST_COUNT(fibers)]);
    for (size_t i = 0; i < TEST_COUNT(fibers); i++)
        d->woken += ath_loop_join(fibers[i]) == ATH_OK;
    return ATH_OK;
}

TEST(sleepers_wake_when_their_time_has_come_or_when_cancelled) {
    static dormitory d;
    memset(&d, 0, sizeof d);
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_loop_spawn(l, sleep_together, &d);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(d.woken, 200);
    for (size_t i = 0; i < TEST_COUNT(d.sleepers); i++) {
        CHECK_INT(d.sleepers[i].status, i % 3 ? ATH_OK : ATH_CANCELLED);
        CHECK(!d.sleepers[i].early);
    }
    ath_loop_free(l);
}

/* ---- joining ---- */

static ath_status give(void *arg) {
    const step *s = arg;
    ath_loop_sleep(s->ms);
    return s->status;
}

static ath_status join_two(void *arg) {
    step *steps = arg;
    ath_fiber *a, *b;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), give, &steps[0], .fiber = &a), ATH_OK);
    CHECK_INT(ath_loop_spawn(ath_loop_here(), give, &steps[1], .fiber = &b), ATH_OK);
    CHECK_INT(ath_loop_join(b), ATH_DATA);
    CHECK_INT(ath_loop_join(a), ATH_STALE_DATA); /* over for long */
    return ATH_MULTIPLE_RESULTS;
}

TEST(join_gives_what_the_function_gave) {
    step steps[] = {{.status = ATH_STALE_DATA}, {.ms = 5, .status = ATH_DATA}};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    CHECK_INT(ath_loop_spawn(l, join_two, steps, .fiber = &f), ATH_OK);
    CHECK_INT(ath_loop_join(f), ATH_MULTIPLE_RESULTS); /* outside of fibers the loop runs meanwhile */
    ath_loop_free(l);
    CHECK_INT(ath_loop_join(NULL), ATH_ARGUMENT);
}

static ath_status join_itself(void *arg) {
    ath_fiber **self = arg;
    CHECK_INT(ath_loop_join(*self), ATH_STATE);
    CHECK_INT(ath_loop_run(ath_loop_here()), ATH_STATE);
    return ATH_OK;
}

static ath_status join_joiner(void *arg) {
    ath_fiber **chain = arg; /* the first waits for the second, that for this one */
    CHECK_INT(ath_loop_sleep(1), ATH_OK);
    CHECK_INT(ath_loop_join(chain[0]), ATH_STATE);
    CHECK_INT(ath_loop_join(chain[1]), ATH_STATE);
    return ATH_DATA;
}

static ath_status join_next(void *arg) {
    return ath_loop_join(*(ath_fiber **)arg);
}

TEST(fibers_do_not_wait_for_each_other) {
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *chain[3] = {NULL};
    ath_loop_spawn(l, join_next, &chain[1], .fiber = &chain[0]);
    ath_loop_spawn(l, join_next, &chain[2], .fiber = &chain[1]);
    ath_loop_spawn(l, join_joiner, chain, .fiber = &chain[2]);
    CHECK_INT(ath_loop_join(chain[0]), ATH_DATA);
    ath_loop_free(l);
}

TEST(what_a_fiber_cannot_do_is_refused) {
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f = NULL;
    ath_loop_spawn(l, join_itself, &f, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_OK);
    CHECK_INT(ath_loop_spawn(NULL, give, NULL), ATH_ARGUMENT);
    CHECK(ath_loop_here() == NULL);
    CHECK(ath_group_new() == NULL);
    ath_loop_free(l);
    ath_error error;
    CHECK(ath_loop_new(.poller = "none", .error = &error) == NULL);
    CHECK_INT(error.status, ATH_NOT_SUPPORTED);
}

/* ---- cancelling ---- */

typedef struct patient {
    ath_status first, second, shielded, after;
    ath_fiber *other;
} patient;

static ath_status wait_long(void *arg) {
    patient *p = arg;
    p->first = ath_loop_sleep(3600000);
    p->second = ath_loop_sleep(3600000); /* at once */
    ath_loop_shield_begin();
    p->shielded = ath_loop_sleep(1);
    ath_loop_shield_end();
    p->after = ath_loop_check();
    return p->first;
}

static ath_status cancel_it(void *arg) {
    patient *p = arg;
    ath_fiber *f;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), wait_long, p, .fiber = &f), ATH_OK);
    CHECK_INT(ath_loop_yield(), ATH_OK);
    ath_loop_cancel(f);
    ath_loop_cancel(f);
    return ath_loop_join(f);
}

TEST(a_cancelled_fiber_waits_no_more_but_where_it_is_shielded) {
    patient p = {.first = ATH_OK};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    ath_loop_spawn(l, cancel_it, &p, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_CANCELLED);
    CHECK_INT(p.first, ATH_CANCELLED);
    CHECK_INT(p.second, ATH_CANCELLED);
    CHECK_INT(p.shielded, ATH_OK);
    CHECK_INT(p.after, ATH_CANCELLED);
    ath_loop_free(l);
}

static ath_status join_it(void *arg) {
    patient *p = arg;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), wait_long, p, .fiber = &p->other), ATH_OK);
    return ath_loop_join(p->other);
}

static ath_status cancel_the_joiner(void *arg) {
    ath_fiber *f;
    ath_loop_spawn(ath_loop_here(), join_it, arg, .fiber = &f);
    ath_loop_sleep(2);
    ath_loop_cancel(f);
    return ath_loop_join(f);
}

TEST(who_is_cancelled_takes_along_what_it_waits_for) {
    patient p = {.first = ATH_OK};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    ath_loop_spawn(l, cancel_the_joiner, &p, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_CANCELLED);
    CHECK_INT(p.first, ATH_CANCELLED);
    ath_loop_free(l);
}

TEST(a_freed_loop_cancels_what_is_left) {
    patient p = {.first = ATH_OK};
    ath_loop *l = ath_loop_new(.poller = poller);
    size_t left = 0;
    ath_loop_spawn(l, wait_long, &p);
    CHECK_INT(ath_loop_step(l, 0, &left), ATH_OK);
    CHECK_INT(left, 1);
    ath_loop_free(l);
    CHECK_INT(p.first, ATH_CANCELLED);
}

/* ---- deadlines ---- */

static ath_status hurry(void *arg) {
    patient *p = arg;
    ath_deadline none = ath_loop_deadline(20);
    ath_deadline outer = ath_loop_deadline(3600000); /* the nearer one stays */
    p->first = ath_loop_sleep(3600000);
    p->second = ath_loop_check();
    ath_loop_deadline_restore(outer);
    p->shielded = ath_loop_check();
    ath_loop_deadline_restore(none);
    p->after = ath_loop_sleep(1);
    return ATH_OK;
}

TEST(a_deadline_cuts_waits_short_until_it_is_restored) {
    patient p = {.first = ATH_OK}, q = {.first = ATH_OK};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    ath_loop_spawn(l, hurry, &p);
    CHECK_INT(ath_loop_spawn(l, wait_long, &q, .fiber = &f, .deadline_ms = 10), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(ath_loop_join(f), ATH_TIMEOUT);
    CHECK_INT(p.first, ATH_TIMEOUT);
    CHECK_INT(p.second, ATH_TIMEOUT);
    CHECK_INT(p.shielded, ATH_TIMEOUT);
    CHECK_INT(p.after, ATH_OK);
    CHECK_INT(q.shielded, ATH_OK);
    ath_loop_free(l);
}

/* ---- sockets ---- */

typedef struct pair {
    int ends[2];
    size_t bytes;
    ath_status status, taken;
} pair;

static ath_status read_all(void *arg) {
    pair *p = arg;
    char some[512];
    for (;;) {
        p->status = ath_loop_wait(p->ends[0], POLLIN, -1);
        ssize_t n = p->status == ATH_OK ? read(p->ends[0], some, sizeof some) : 0;
        if (n <= 0)
            return p->status;
        p->bytes += (size_t)n;
    }
}

static ath_status write_all(void *arg) {
    pair *p = arg;
    char some[512] = {0};
    p->taken = ath_loop_wait(p->ends[0], POLLIN, 10); /* the other waits for it */
    for (int i = 0; i < 100; i++) {
        CHECK_INT(ath_loop_wait(p->ends[1], POLLOUT, -1), ATH_OK);
        CHECK(write(p->ends[1], some, sizeof some) == (ssize_t)sizeof some);
        if (i % 10 == 0)
            ath_loop_yield();
    }
    shutdown(p->ends[1], SHUT_WR);
    return ATH_OK;
}

TEST(sockets_wake_who_waits_for_them) {
    pair p = {.bytes = 0};
    ath_loop *l = ath_loop_new(.poller = poller);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p.ends), 0);
    ath_loop_spawn(l, read_all, &p);
    ath_loop_spawn(l, write_all, &p);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(p.bytes, 51200);
    CHECK_INT(p.taken, ATH_STATE);
    ath_loop_free(l);
    close(p.ends[0]);
    close(p.ends[1]);
}

/* A poller that counts. */
static ath_poller counting;
static size_t watches, unwatches;

static ath_status watch_counted(void *self, int fd, short events) {
    watches++;
    return ath_poller_named(poller)->watch(self, fd, events);
}

static void unwatch_counted(void *self, int fd) {
    unwatches++;
    ath_poller_named(poller)->unwatch(self, fd);
}

/* As drivers wait. */
static ath_status receive_ten(void *arg) {
    pair *p = arg;
    char some;
    for (int i = 0; i < 10; i++) {
        CHECK_INT(write(p->ends[1], "x", 1), 1);
        CHECK_INT(ath__here_wait(p->ends[0], POLLIN, ath__clock_us() + 5000000), ATH_OK);
        CHECK_INT(read(p->ends[0], &some, 1), 1);
    }
    return ATH_OK;
}

/* A client library closes its socket without a word, and the next has the same number. */
static ath_status receive_from_two(void *arg) {
    pair *p = arg;
    receive_ten(p);
    CHECK_INT(watches, 1);
    int number = p->ends[0];
    close(p->ends[0]);
    close(p->ends[1]);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->ends), 0);
    CHECK_INT(p->ends[0], number);
    return receive_ten(p);
}

TEST(a_socket_stays_watched_until_its_number_is_anothers) {
    pair p = {.bytes = 0};
    counting = *ath_poller_named(poller);
    counting.watch = watch_counted;
    counting.unwatch = unwatch_counted;
    watches = unwatches = 0;
    ath_loop *l = ath_loop_new(.with = &counting);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p.ends), 0);
    ath_loop_spawn(l, receive_from_two, &p);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(watches, 2);
    CHECK_INT(unwatches, 2); /* the last with its fiber */
    ath_loop_free(l);
    close(p.ends[0]);
    close(p.ends[1]);
}

static ath_status wait_badly(void *arg) {
    pair *p = arg;
    char some;
    CHECK_INT(ath_loop_wait(p->ends[0], POLLIN, 5), ATH_TIMEOUT);
    CHECK_INT(write(p->ends[1], "x", 1), 1);
    CHECK_INT(ath_loop_wait(p->ends[0], POLLIN, 5000), ATH_OK);
    CHECK_INT(read(p->ends[0], &some, 1), 1);
    CHECK_INT(ath_loop_wait(p->ends[0], POLLIN, 0), ATH_TIMEOUT);
    CHECK_INT(ath_loop_wait(12345, POLLIN, 5), ATH_ARGUMENT);
    CHECK_INT(ath_loop_wait(-1, POLLIN, 5), ATH_ARGUMENT);
    /* the same number, another socket */
    int number = p->ends[0];
    close(p->ends[0]);
    close(p->ends[1]);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->ends), 0);
    CHECK_INT(p->ends[0], number);
    CHECK_INT(write(p->ends[1], "x", 1), 1);
    CHECK_INT(ath_loop_wait(p->ends[0], POLLIN, 5000), ATH_OK);
    return ATH_OK;
}

TEST(sockets_that_time_out_are_wrong_or_closed) {
    pair p = {.bytes = 0};
    ath_loop *l = ath_loop_new(.poller = poller);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p.ends), 0);
    ath_loop_spawn(l, wait_badly, &p);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    ath_loop_free(l);
    close(p.ends[0]);
    close(p.ends[1]);
}

/* ---- groups and limits ---- */

typedef struct crowd {
    ath_limit *limit;
    int inside, most, done, fails_at;
} crowd;

static ath_status join_crowd(void *arg) {
    crowd *c = arg;
    ath_status entered = ath_limit_enter(c->limit);
    if (entered != ATH_OK)
        return entered;
    c->inside++;
    c->most = c->inside > c->most ? c->inside : c->most;
    ath_status status = ath_loop_sleep(1);
    c->inside--;
    ath_limit_leave(c->limit);
    if (status == ATH_OK && ++c->done == c->fails_at)
        return ATH_DATA;
    return status;
}

static ath_status gather(void *arg) {
    crowd *c = arg;
    ath_group *g = ath_group_new();
    for (int i = 0; i < 20; i++)
        CHECK_INT(ath_group_spawn(g, join_crowd, c), ATH_OK);
    return ath_group_join(g);
}

TEST(a_limit_lets_so_many_in) {
    ath_loop *l = ath_loop_new(.poller = poller);
    crowd c = {.limit = ath_limit_new(l, 3)};
    ath_fiber *f;
    ath_loop_spawn(l, gather, &c, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_OK);
    CHECK_INT(c.most, 3);
    CHECK_INT(c.done, 20);
    CHECK_INT(c.inside, 0);
    ath_limit_free(c.limit);
    ath_loop_free(l);
}

TEST(the_first_that_fails_cancels_its_group) {
    ath_loop *l = ath_loop_new(.poller = poller);
    crowd c = {.limit = ath_limit_new(l, 3), .fails_at = 5};
    ath_fiber *f;
    ath_loop_spawn(l, gather, &c, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_DATA);
    CHECK(c.done < 20);
    CHECK_INT(c.inside, 0);
    ath_limit_free(c.limit);
    ath_loop_free(l);
}

static ath_status count_members(void *arg) {
    crowd *c = arg;
    c->inside++;
    c->most = c->inside > c->most ? c->inside : c->most;
    ath_status status = ath_loop_sleep(1);
    c->inside--;
    return status == ATH_OK && ++c->done == c->fails_at ? ATH_DATA : status;
}

static ath_status gather_few(void *arg) {
    crowd *c = arg;
    ath_group *g = ath_group_new(.limit = 4, .keep_going = true);
    for (int i = 0; i < 20; i++)
        CHECK_INT(ath_group_spawn(g, count_members, c), ATH_OK);
    return ath_group_join(g);
}

TEST(a_group_may_go_on_and_has_a_limit_of_its_own) {
    crowd c = {.fails_at = 5};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    ath_loop_spawn(l, gather_few, &c, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_DATA);
    CHECK_INT(c.most, 4);
    CHECK_INT(c.done, 20);
    ath_loop_free(l);
}

static ath_status gather_patients(void *arg) {
    patient *patients = arg;
    ath_group *g = ath_group_new();
    for (int i = 0; i < 5; i++)
        CHECK_INT(ath_group_spawn(g, wait_long, &patients[i]), ATH_OK);
    ath_deadline before = ath_loop_deadline(5);
    ath_status status = ath_group_join(g);
    ath_loop_deadline_restore(before);
    return status;
}

TEST(a_deadline_ends_a_group) {
    patient patients[5] = {{.first = ATH_OK}};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_fiber *f;
    ath_loop_spawn(l, gather_patients, patients, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_TIMEOUT);
    for (int i = 0; i < 5; i++)
        CHECK_INT(patients[i].second, ATH_TIMEOUT);
    ath_loop_free(l);
}

/* ---- many ---- */

static ath_status sleep_a_little(void *arg) {
    size_t *count = arg;
    ath_status status = ath_loop_sleep(20);
    ++*count;
    return status;
}

#ifdef __SANITIZE_THREAD__
enum { MANY = 300 }; /* each fiber costs it megabytes */
#else
enum { MANY = 10000 };
#endif

TEST(ten_thousand_sleep_at_once) {
    size_t count = 0;
    ath_loop_stats stats;
    ath_loop *l = ath_loop_new(.poller = poller);
    for (int i = 0; i < MANY; i++)
        CHECK_INT(ath_loop_spawn(l, sleep_a_little, &count), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(count, MANY);
    ath_loop_stats_of(l, &stats);
    CHECK_INT(stats.most_fibers, MANY);
    CHECK_INT(stats.stacks_kept, 64);
    ath_loop_free(l);
}

static ath_status recurse(void *arg) {
    size_t depth = *(size_t *)arg;
    volatile char room[4096];
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = (char)depth;
    size_t less = depth - 1;
    ath_loop_yield();
    ath_status status = depth ? recurse(&less) : ATH_OK;
    return room[17] == (char)depth ? status : ATH_INTERNAL;
}

TEST(stacks_have_the_size_that_was_chosen) {
    size_t depth = 200; /* 800 KiB and more */
    ath_loop *l = ath_loop_new(.poller = poller, .stack_size = 2 << 20);
    ath_fiber *f;
    ath_loop_spawn(l, recurse, &depth, .fiber = &f);
    CHECK_INT(ath_loop_join(f), ATH_OK);
    ath_loop_free(l);
}

/* ---- what a fiber keeps ---- */

static ath_status compute(void *arg) {
    double *sum = arg;
    for (int i = 1; i <= 50; i++) {
        *sum += 1.0 / i;
        ath_loop_yield();
    }
    return ATH_OK;
}

TEST(registers_survive_a_switch) {
    double sums[4] = {0, 1, 2, 3};
    ath_loop *l = ath_loop_new(.poller = poller);
    for (int i = 0; i < 4; i++)
        ath_loop_spawn(l, compute, &sums[i]);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    for (int i = 1; i < 4; i++)
        CHECK(sums[i] > sums[0] + i - 1e-9 && sums[i] < sums[0] + i + 1e-9);
    ath_loop_free(l);
}

static const test_case cases[] = {
    {"fibers_take_turns", fibers_take_turns},
    {"sleepers_wake_when_their_time_has_come_or_when_cancelled",
     sleepers_wake_when_their_time_has_come_or_when_cancelled},
    {"join_gives_what_the_function_gave", join_gives_what_the_function_gave},
    {"fibers_do_not_wait_for_each_other", fibers_do_not_wait_for_each_other},
    {"what_a_fiber_cannot_do_is_refused", what_a_fiber_cannot_do_is_refused},
    {"a_cancelled_fiber_waits_no_more_but_where_it_is_shielded",
     a_cancelled_fiber_waits_no_more_but_where_it_is_shielded},
    {"who_is_cancelled_takes_along_what_it_waits_for", who_is_cancelled_takes_along_what_it_waits_for},
    {"a_freed_loop_cancels_what_is_left", a_freed_loop_cancels_what_is_left},
    {"a_deadline_cuts_waits_short_until_it_is_restored", a_deadline_cuts_waits_short_until_it_is_restored},
    {"sockets_wake_who_waits_for_them", sockets_wake_who_waits_for_them},
    {"a_socket_stays_watched_until_its_number_is_anothers", a_socket_stays_watched_until_its_number_is_anothers},
    {"sockets_that_time_out_are_wrong_or_closed", sockets_that_time_out_are_wrong_or_closed},
    {"a_limit_lets_so_many_in", a_limit_lets_so_many_in},
    {"the_first_that_fails_cancels_its_group", the_first_that_fails_cancels_its_group},
    {"a_group_may_go_on_and_has_a_limit_of_its_own", a_group_may_go_on_and_has_a_limit_of_its_own},
    {"a_deadline_ends_a_group", a_deadline_ends_a_group},
    {"ten_thousand_sleep_at_once", ten_thousand_sleep_at_once},
    {"stacks_have_the_size_that_was_chosen", stacks_have_the_size_that_was_chosen},
    {"registers_survive_a_switch", registers_survive_a_switch},
};

int main(int argc, char **argv) {
    static const char *const pollers[] = {"uv", "poll"};
    test_sum sum = {0, 0, 0};
    for (size_t p = 0; p < TEST_COUNT(pollers); p++) {
        poller = pollers[p];
        for (size_t i = 0; ath_poller_named(poller) && i < TEST_COUNT(cases); i++)
            if (argc <= 1 || strcmp(argv[1], cases[i].name) == 0)
                test_run_(&cases[i], poller, &sum);
    }
    return test_end_(&sum);
}
