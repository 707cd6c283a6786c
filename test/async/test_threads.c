/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads and fibers, with sessions each, share an engine and its pool, which has fewer connections than there are of either.
 */
#include "async.h"

#include <pthread.h>

enum { THREADS = 3, FIBERS = 12, ROUNDS = 6 };

typedef struct user {
    ath_engine *db;
    int number, done;
    const char *poller;
} user;

static ath_status use(user *u) {
    for (int round = 0; round < ROUNDS; round++) {
        ath_error error = {0};
        ath_session *s = ath_session_open(u->db, .error = &error);
        ath_new(s, Stock, .shop_id = u->number * 1000 + round, .sku = "x", .quantity = u->number);
        ath_status status = ath_commit(s);
        if (status == ATH_OK && ath_count(s, Stock, .where = ath_eq(ath_col(Stock, quantity), u->number)) == round + 1)
            u->done++;
        else
            printf("# %s\n", ath_error(s)->message);
        ath_session_close(s);
    }
    return ATH_OK;
}

static void *in_a_thread(void *arg) {
    use(arg);
    return NULL;
}

static ath_status in_a_fiber(void *arg) {
    return use(arg);
}

static void *in_a_loop(void *arg) {
    user *users = arg;
    ath_loop *l = ath_loop_new(.poller = users->poller);
    for (int i = 0; i < FIBERS; i++)
        CHECK_INT(ath_loop_spawn(l, in_a_fiber, &users[i]), ATH_OK);
    CHECK_INT(ath_loop_run(l), ATH_OK);
    ath_loop_free(l);
    return NULL;
}

TEST(threads_and_fibers_share_a_pool) {
    enum { ALL = THREADS + 2 * FIBERS };
    ath_engine *db = async_open(.pool_size = 3, .max_overflow = ATH_POOL_NO_OVERFLOW, .busy_timeout_ms = 60000);
    user users[ALL];
    pthread_t threads[THREADS + 2];
    bool made = db && async_tables(db);
    for (int i = 0; i < ALL; i++)
        users[i] = (user){.db = db, .number = i, .poller = async_poller};
    for (int i = 0; made && i < THREADS + 2; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, i < THREADS ? in_a_thread : in_a_loop,
                                 &users[i < THREADS ? i : THREADS + (i - THREADS) * FIBERS]),
                  0);
    for (int i = 0; made && i < THREADS + 2; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < ALL; i++) {
        test_context("user %d", i);
        CHECK_INT(users[i].done, ROUNDS);
    }
    CHECK(ath_engine_statistics(db).waited > 0);
    async_check_pool(db);
    ath_engine_close(db);
}

static const test_case cases[] = {{"threads_and_fibers_share_a_pool", threads_and_fibers_share_a_pool}};

int main(int argc, char **argv) {
    return async_main(argc, argv, cases, TEST_COUNT(cases));
}
