/* SPDX-License-Identifier: Apache-2.0
 *
 * Update: one column of n rows, row by row, in one transaction.
 *
 * raw: a prepared UPDATE, the number of changed rows checked each time.  ours: n objects of a session are assigned to, then
 * ath_commit finds what changed.  Loading them is not timed.
 */
#include "common/ours.h"

#include <stdlib.h>

typedef struct run {
    size_t n;
    sqlite3 *raw;
} run;

static void check(sqlite3 *db, size_t n) {
    size_t i = 0;
    sqlite3_stmt *all = raw_prepare(db, "SELECT balance FROM users ORDER BY id");
    for (; sqlite3_step(all) == SQLITE_ROW; i++)
        bench_check(sqlite3_column_double(all, 0) == update_balance(i, 0), "a row");
    bench_check(i == n, "the number of rows");
    sqlite3_finalize(all);
}

static void *raw_start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->raw = raw_open(path);
    return r;
}

static void raw_timed(void *state) {
    run *r = state;
    raw_run(r->raw, "BEGIN");
    sqlite3_stmt *update = raw_prepare(r->raw, "UPDATE users SET balance = ? WHERE id = ?");
    for (size_t i = 0; i < r->n; i++) {
        sqlite3_bind_double(update, 1, update_balance(i, 0));
        sqlite3_bind_int64(update, 2, (int64_t)i + 1);
        raw_is(r->raw, sqlite3_step(update), SQLITE_DONE);
        bench_check(sqlite3_changes(r->raw) == 1, "the number of changed rows");
        sqlite3_reset(update);
    }
    raw_run(r->raw, "COMMIT");
    sqlite3_finalize(update);
}

static void raw_finish(void *state) {
    run *r = state;
    check(r->raw, r->n);
    sqlite3_close(r->raw);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_update};

static const bench_line lines[] = {{"10,000 updates of one row", "raw", "ours", BENCH_MS, 1.15}};

int main(int argc, char **argv) {
    const bench b = {.name = "update",
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = data_users,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
