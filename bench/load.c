/* SPDX-License-Identifier: Apache-2.0
 *
 * Load: all of n rows, seven columns each, into structs.
 *
 * raw: a growing array of structs, texts copied into an arena, times parsed.  ours: ath_all, objects with identity and an
 * image for finding changes.  read-only: ath_all with .read_only, plain structs.
 */
#include "common/ours.h"

#include <stdlib.h>

#define SELECT "SELECT id, username, email, age, balance, is_active, created_at FROM users"

typedef struct run {
    size_t n, count;
    arena texts;
    User *users;
    sqlite3 *raw;
} run;

static void *raw_start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->raw = raw_open(path);
    return r;
}

static void raw_timed(void *state) {
    run *r = state;
    size_t room = 0;
    sqlite3_stmt *all = raw_prepare(r->raw, SELECT);
    while (sqlite3_step(all) == SQLITE_ROW) {
        if (r->count == room) {
            room = room ? room * 2 : 64;
            r->users = realloc(r->users, room * sizeof *r->users);
            bench_check(r->users != NULL, "memory");
        }
        raw_read_user(all, &r->users[r->count++], &r->texts);
    }
    raw_is(r->raw, sqlite3_finalize(all), SQLITE_OK);
}

static void raw_finish(void *state) {
    run *r = state;
    bench_check(r->count == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(&r->users[i], i), "a struct");
    sqlite3_close(r->raw);
    free(r->users);
    arena_free(&r->texts);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_load, &ours_load_read_only};

static const bench_line lines[] = {{"load 100,000 rows, tracked", "raw", "ours", BENCH_MS, 1.15},
                                   {"load 100,000 rows, read-only", "raw", "read-only", BENCH_MS, 1.05},
                                   {"  peak memory, tracked", "raw", "ours", BENCH_MEMORY, 1.50},
                                   {"  peak memory, read-only", "raw", "read-only", BENCH_MEMORY, 0}};

int main(int argc, char **argv) {
    const bench b = {.name = "load",
                     .n = 100000,
                     .small_n = 10000,
                     .prepare = data_users,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 4};
    return bench_main(argc, argv, &b);
}
