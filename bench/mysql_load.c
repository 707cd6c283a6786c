/* SPDX-License-Identifier: Apache-2.0
 *
 * Load on MariaDB: all of n rows, seven columns each, into structs.
 *
 * raw: a prepared SELECT, buffers bound once, rows fetched as they come, copied into an array of structs and texts in an
 * arena.  ours: ath_all, objects with identity and an image for finding changes.  read-only: ath_all with .read_only.
 */
#include "common/maria.h"

#include <stdlib.h>

typedef struct run {
    size_t n, count;
    MYSQL *db;
    arena texts;
    User *users;
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = maria_open(url);
    return r;
}

static void raw_timed(void *state) {
    run *r = state;
    size_t room = 0;
    maria_row row;
    MYSQL_STMT *all =
        maria_prepare(r->db, "SELECT id, username, email, age, balance, is_active, created_at FROM users");
    maria_is(all, mysql_stmt_execute(all));
    maria_bind_row(all, &row);
    while (mysql_stmt_fetch(all) == 0) {
        if (r->count == room) {
            room = room ? room * 2 : 64;
            r->users = realloc(r->users, room * sizeof *r->users);
            bench_check(r->users != NULL, "memory");
        }
        maria_read_user(&row, &r->users[r->count++], &r->texts);
    }
    mysql_stmt_close(all);
}

static void raw_finish(void *state) {
    run *r = state;
    bench_check(r->count == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(&r->users[i], i), "a struct");
    mysql_close(r->db);
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
                     .server = &maria_server,
                     .n = 100000,
                     .small_n = 10000,
                     .prepare = maria_users,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 3};
    return bench_main(argc, argv, &b);
}
