/* SPDX-License-Identifier: Apache-2.0
 *
 * Get on PostgreSQL: n rows by key out of a table of 100,000, one after another, in one transaction.
 *
 * raw: prepared once, binary both ways, each row into a struct of its own from malloc, with texts from malloc.  ours:
 * ath_get in a session that has loaded nothing.
 */
#include "common/pg.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    size_t n;
    PGconn *db;
    User **users;
} run;

static void prepare(const char *url, size_t n) {
    (void)n;
    pg_users(url, GET_ROWS);
}

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->users = malloc(n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    r->db = pg_open(url);
    return r;
}

static User *get_user(PGconn *db, int64_t key) {
    uint64_t bytes = htobe64((uint64_t)key);
    char value[sizeof bytes];
    memcpy(value, &bytes, sizeof bytes);
    const char *values[] = {value};
    static const int sizes[] = {sizeof bytes}, formats[] = {1};
    PGresult *result = pg_is(db, PQexecPrepared(db, "get", 1, values, sizes, formats, 1), PGRES_TUPLES_OK);
    bench_check(PQntuples(result) == 1, "the number of rows");
    User *u = malloc(sizeof *u);
    bench_check(u != NULL, "memory");
    pg_read_user(result, 0, u, NULL);
    PQclear(result);
    return u;
}

static void raw_timed(void *state) {
    run *r = state;
    static const Oid types[] = {PG_INT8};
    pg_run(r->db, "BEGIN");
    PQclear(pg_is(r->db,
                  PQprepare(r->db, "get",
                            "SELECT id, username, email, age, balance, is_active, created_at FROM users WHERE id = $1",
                            1, types),
                  PGRES_COMMAND_OK));
    for (size_t i = 0; i < r->n; i++)
        r->users[i] = get_user(r->db, get_key(i, GET_ROWS));
    pg_run(r->db, "ROLLBACK");
}

static void raw_finish(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(r->users[i], (size_t)get_key(i, GET_ROWS) - 1), "a struct");
    PQfinish(r->db); /* the structs end with the process */
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_get};

static const bench_line lines[] = {{"10,000 gets by key, cold session", "raw", "ours", BENCH_MS, 1.10}};

int main(int argc, char **argv) {
    const bench b = {.name = "get",
                     .server = &pg_server,
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
