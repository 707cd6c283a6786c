/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories of the unit of work, on every database: what a session and the rows must be like after thousands of
 * random sequences of new, changed, moved, deleted and kept things, flushes, commits and rollbacks, a plain model tells.
 *
 * The seeds of histories that failed once are kept in a table.  More can be run, from a seed on, and one can be told:
 *
 *     ATHANOR_HISTORY=1000:50000 history_history random_ones sqlite
 *     ATHANOR_HISTORY=4711:1:told history_history random_ones sqlite     (4711:1:17: only 17 steps of it)
 */
#include "tables.h"

/* Histories that failed once. */
static const uint64_t once_failed[] = {
    53,     229,    240,    331,    428,    444,    455,    546,     795,     832,     859,     1121,
    2443,   3659,   4251,   5123,   6150,   8741,   9450,   9985,    10386,   11589,   11601,   13417,
    15942,  21296,  26809,  31181,  31878,  44500,  49190,  53084,   55966,   58893,   84174,   128302,
    145473, 146195, 153848, 168598, 170109, 371622, 389320, 1567031, 2103472, 3074358, 3104782, 3362936,
};

enum { FIRST = 1, MANY_ON_SQLITE = 12000, MANY_ON_SERVERS = 400, FAILURES = 5 };

typedef struct order {
    uint64_t first, count;
    int most_steps;
    bool told, nests;
} order;

static order order_of_environment(void) {
    unsigned long long first = FIRST, count = test_on == TEST_SQLITE ? MANY_ON_SQLITE : MANY_ON_SERVERS;
    char how[16] = "";
    const char *text = getenv("ATHANOR_HISTORY");
    if (text)
        sscanf(text, "%llu:%llu:%15s", &first, &count, how);
    return (order){first, count, (int)strtol(how, NULL, 10), how[0] != '\0', false};
}

/* ---- histories ---- */

/* Of the failures, the shortest is the one to look at. */
static void run_some(ath_engine *db, const order *o) {
    static play p;
    int failures = 0;
    for (uint64_t i = 0; i < o->count && failures < FAILURES; i++) {
        p = (play){.db = db, .database = test_on, .told = o->told, .nests = o->nests};
        play_run(&p, o->first + i, o->most_steps ? o->most_steps : -1);
        if (p.failed) {
            failures++;
            test_failed_(__FILE__, __LINE__, "history %llu, after %d steps: %s", (unsigned long long)(o->first + i),
                         p.steps, p.failure);
        }
        tables_empty(db, &p.now);
    }
}

TEST(once) {
    ath_engine *db = tables_open(test_on, NULL);
    for (size_t i = 0; db && i < TEST_COUNT(once_failed); i++)
        run_some(db, &(order){.first = once_failed[i], .count = 1});
    ath_engine_close(db);
}

TEST(random_ones) {
    order o = order_of_environment();
    ath_engine *db = tables_open(test_on, NULL);
    if (db)
        run_some(db, &o);
    ath_engine_close(db);
}

/* The same with savepoints. */
TEST(nested_ones) {
    order o = order_of_environment();
    ath_engine *db = tables_open(test_on, NULL);
    o.nests = true;
    if (db)
        run_some(db, &o);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"once", once},
    {"random_ones", random_ones},
    {"nested_ones", nested_ones},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
