/* SPDX-License-Identifier: Apache-2.0
 *
 * Load on PostgreSQL: all of n rows, seven columns each, into structs.
 *
 * raw: one query with binary results, copied into an array of structs and texts in an arena.  ours: ath_all, objects with
 * identity and an image for finding changes.  read-only: ath_all with .read_only, plain structs.
 */
#include "common/pg.h"

#include <stdlib.h>

typedef struct run {
    size_t n, count;
    PGconn *db;
    arena texts;
    User *users;
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = pg_open(url);
    return r;
}

static void raw_timed(void *state) {
    run *r = state;
    size_t room = 0;
    PGresult *all =
        pg_is(r->db,
              PQexecParams(r->db, "SELECT id, username, email, age, balance, is_active, created_at FROM users", 0, NULL,
                           NULL, NULL, NULL, 1),
              PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(all); i++) {
        if (r->count == room) {
            room = room ? room * 2 : 64;
            r->users = realloc(r->users, room * sizeof *r->users);
            bench_check(r->users != NULL, "memory");
        }
        pg_read_user(all, i, &r->users[r->count++], &r->texts);
    }
    PQclear(all);
}

static void raw_finish(void *state) {
    run *r = state;
    bench_check(r->count == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(&r->users[i], i), "a struct");
    PQfinish(r->db);
    free(r->users);
    arena_free(&r->texts);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_load, &ours_load_read_only};

static const bench_line lines[] = {{"load 100,000 rows, tracked", "raw", "ours", BENCH_MS, 1.15},
                                   {"load 100,000 rows, read-only", "raw", "read-only", BENCH_MS, 0},
                                   {"  peak memory, tracked", "raw", "ours", BENCH_MEMORY, 0}};

int main(int argc, char **argv) {
    const bench b = {.name = "load",
                     .server = &pg_server,
                     .n = 100000,
                     .small_n = 10000,
                     .prepare = pg_users,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 3};
    return bench_main(argc, argv, &b);
}
