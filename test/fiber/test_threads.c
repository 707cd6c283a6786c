/* SPDX-License-Identifier: Apache-2.0
 *
 * Fibers beside threads: spawned from outside, calls on worker threads, a loop for each of several threads.
 */
#include "../test.h"

#include <athanor/ext/poller.h>
#include <athanor/loop.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static const char *poller;

/* ---- spawned from outside ---- */

typedef struct sender {
    ath_loop *loop;
    atomic_int *sum;
} sender;

static ath_status add_one(void *arg) {
    atomic_fetch_add((atomic_int *)arg, 1);
    return ath_loop_yield();
}

static void *send(void *arg) {
    const sender *s = arg;
    for (int i = 0; i < 100; i++)
        CHECK_INT(ath_loop_spawn(s->loop, add_one, s->sum), ATH_OK);
    return NULL;
}

static ath_status wait_for_all(void *arg) {
    while (atomic_load((atomic_int *)arg) < 400)
        ath_loop_sleep(1);
    return ATH_OK;
}

TEST(fibers_are_spawned_from_other_threads) {
    atomic_int sum = 0;
    pthread_t threads[4];
    ath_loop *l = ath_loop_new(.poller = poller);
    sender s = {l, &sum};
    CHECK_INT(ath_loop_spawn(l, wait_for_all, &sum), ATH_OK);
    for (int i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, send, &s), 0);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(atomic_load(&sum), 400);
    ath_loop_free(l);
}

/* ---- worker threads ---- */

typedef struct work {
    pthread_t loops, ran_on;
    int ticks;
    bool over;
} work;

static ath_status block(void *arg) {
    work *w = arg;
    w->ran_on = pthread_self();
    usleep(20000);
    return ATH_DATA;
}

static ath_status tick(void *arg) {
    work *w = arg;
    for (; !w->over; w->ticks++)
        ath_loop_sleep(1);
    return ATH_OK;
}

static ath_status have_it_done(void *arg) {
    work *w = arg;
    ath_fiber *f;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), tick, w, .fiber = &f), ATH_OK);
    CHECK_INT(ath_loop_offload(block, w), ATH_DATA);
    w->over = true;
    return ath_loop_join(f);
}

TEST(what_blocks_runs_on_a_worker_and_others_go_on) {
    work w = {.loops = pthread_self()};
    ath_loop_stats stats;
    ath_loop *l = ath_loop_new(.poller = poller);
    CHECK_INT(ath_loop_spawn(l, have_it_done, &w), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK(!pthread_equal(w.loops, w.ran_on));
    CHECK(w.ticks > 0);
    ath_loop_stats_of(l, &stats);
    CHECK_INT(stats.workers, 1);
    CHECK_INT(stats.offloaded, 1);
    ath_loop_free(l);
    CHECK_INT(ath_loop_offload(block, &w), ATH_DATA); /* outside of fibers: right here */
    CHECK(pthread_equal(w.loops, w.ran_on));
}

static ath_status be_cancelled(void *arg) {
    CHECK_INT(ath_loop_offload(block, arg), ATH_DATA); /* is waited for all the same */
    return ath_loop_check();
}

static ath_status cancel_it(void *arg) {
    ath_fiber *f;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), be_cancelled, arg, .fiber = &f), ATH_OK);
    ath_loop_sleep(2);
    ath_loop_cancel(f);
    CHECK_INT(ath_loop_join(f), ATH_CANCELLED);
    return ATH_OK;
}

TEST(a_call_on_a_worker_is_waited_for_whatever_happens) {
    work w = {.over = false};
    ath_loop *l = ath_loop_new(.poller = poller);
    ath_loop_spawn(l, cancel_it, &w);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    ath_loop_free(l);
}

static ath_status offload_many(void *arg) {
    (void)arg;
    for (int i = 0; i < 20; i++)
        CHECK_INT(ath_loop_offload(add_one, arg), ATH_OK);
    return ATH_OK;
}

TEST(few_workers_serve_many_fibers) {
    atomic_int sum = 0;
    ath_loop_stats stats;
    ath_loop *l = ath_loop_new(.poller = poller, .workers = 2);
    for (int i = 0; i < 30; i++)
        CHECK_INT(ath_loop_spawn(l, offload_many, &sum), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    CHECK_INT(atomic_load(&sum), 600);
    ath_loop_stats_of(l, &stats);
    CHECK_INT(stats.workers, 2);
    ath_loop_free(l);
}

/* ---- many loops ---- */

static void *run_a_loop(void *arg) {
    ath_loop *l = ath_loop_new(.poller = poller);
    for (int i = 0; i < 50; i++)
        CHECK_INT(ath_loop_spawn(l, add_one, arg), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    ath_loop_free(l);
    return NULL;
}

TEST(each_thread_has_a_loop_of_its_own) {
    atomic_int sum = 0;
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, run_a_loop, &sum), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(atomic_load(&sum), 200);
}

static const test_case cases[] = {
    {"fibers_are_spawned_from_other_threads", fibers_are_spawned_from_other_threads},
    {"what_blocks_runs_on_a_worker_and_others_go_on", what_blocks_runs_on_a_worker_and_others_go_on},
    {"a_call_on_a_worker_is_waited_for_whatever_happens", a_call_on_a_worker_is_waited_for_whatever_happens},
    {"few_workers_serve_many_fibers", few_workers_serve_many_fibers},
    {"each_thread_has_a_loop_of_its_own", each_thread_has_a_loop_of_its_own},
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
