/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories in which every allocation fails in turn: after the rollback the session is as it was at the last
 * commit, it works on, and nothing is leaked.
 */
#include "tables.h"

#include "../failing.h"

/* Runs the history with one failure more each time, until it ends before that. */
static void sweep(ath_engine *db, failing *f, uint64_t seed, bool nests) {
    static play p;
    for (f->fail_at = 1; f->requests >= f->fail_at - 1 && !test_failures_; f->fail_at++) {
        f->requests = 0;
        f->paused = false;
        p = (play){.db = db, .pause = &f->paused, .nests = nests};
        play_run(&p, seed, -1);
        f->paused = true;
        if (p.failed)
            test_failed_(__FILE__, __LINE__, "history %llu, allocation %ld, after %d steps: %s",
                         (unsigned long long)seed, f->fail_at, p.steps, p.failure);
        tables_empty(db, &p.now);
    }
}

static void sweep_some(bool nests) {
    const char *text = getenv("ATHANOR_HISTORY");
    unsigned long long first = 1, count = 24;
    if (text)
        sscanf(text, "%llu:%llu", &first, &count);
    for (unsigned long long seed = first; seed < first + count && !test_failures_; seed++) {
        failing f = {.paused = true};
        const ath_allocator allocator = FAILING(&f);
        ath_engine *db = tables_open(TEST_SQLITE, &allocator);
        if (db)
            sweep(db, &f, seed, nests);
        ath_engine_close(db);
        CHECK_INT(f.held, 0);
    }
}

TEST(every_allocation_fails_in_turn) {
    sweep_some(false);
}

TEST(every_allocation_fails_in_turn_among_savepoints) {
    sweep_some(true);
}

static const test_case cases[] = {
    {"every_allocation_fails_in_turn", every_allocation_fails_in_turn},
    {"every_allocation_fails_in_turn_among_savepoints", every_allocation_fails_in_turn_among_savepoints},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
