/* SPDX-License-Identifier: Apache-2.0
 *
 * One engine, many threads, a session each: models met for the first time at once, writers that wait for each other.
 */
#include "test.h"

#include <pthread.h>
#include <unistd.h>

#include "../models.h"

enum { THREADS = 8, ROUNDS = 10, ROWS = 12 };

typedef struct worker {
    ath_engine *db;
    int number;
    ath_status status;
    int64_t seen;
} worker;

static ath_status work(worker *w) {
    ath_session *s = ath_session_open(w->db);
    if (!s)
        return ATH_NO_MEMORY;
    ath_status status = ATH_OK;
    for (int round = 0; round < ROUNDS && status == ATH_OK; round++) {
        for (int i = 0; i < ROWS; i++)
            ath_new(s, Stock, .shop_id = w->number * 1000 + round * ROWS + i, .sku = "x", .quantity = w->number);
        status = ath_commit(s);
        if (status == ATH_OK)
            w->seen = ath_count(s, Stock, .where = ath_eq(ath_col(Stock, quantity), w->number));
        ath_rollback(s);
    }
    ath_session_close(s);
    return status;
}

static void *run(void *argument) {
    worker *w = argument;
    w->status = work(w);
    return NULL;
}

TEST(sessions_side_by_side) {
    char url[128];
    snprintf(url, sizeof url, "sqlite:///threads-%ld.db", (long)getpid());
    ath_engine *db = ath_engine_open(url, .busy_timeout_ms = 60000);
    CHECK(db != NULL);
    CHECK_INT(ath_create_all(db, &Library), ATH_OK);
    pthread_t threads[THREADS];
    worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.db = db, .number = i};
        CHECK_INT(pthread_create(&threads[i], NULL, run, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK_INT(pthread_join(threads[i], NULL), 0);
        CHECK_INT(workers[i].status, ATH_OK);
        CHECK_INT(workers[i].seen, ROUNDS * ROWS);
    }
    ath_session *s = ath_session_open(db);
    CHECK_INT(ath_count(s, Stock), THREADS * ROUNDS * ROWS);
    ath_session_close(s);
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    ath_engine_close(db);
}

static void *build(void *argument) {
    const ath_table **table = argument;
    *table = ath_model_table(&ath_model_Everything, NULL);
    return NULL;
}

/* Runs first: nobody has met the model before. */
TEST(a_model_is_built_once) {
    pthread_t threads[THREADS];
    const ath_table *tables[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, build, &tables[i]), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++)
        CHECK(tables[i] != NULL && tables[i] == tables[0]);
}

static const test_case cases[] = {
    {"a_model_is_built_once", a_model_is_built_once},
    {"sessions_side_by_side", sessions_side_by_side},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
