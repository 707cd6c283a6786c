/* SPDX-License-Identifier: Apache-2.0
 *
 * Update on PostgreSQL: one column of n rows in one transaction.
 *
 * raw: UPDATE ... FROM unnest of two binary arrays, 1,000 rows a statement, the number of changed rows checked.  ours: n
 * objects of a session are assigned to, then ath_commit finds what changed.  Loading them is not timed.
 */
#include "common/pg.h"

#include <stdlib.h>

enum { BATCH = 1000 };

#define UPDATE                                                                                                         \
    "UPDATE users SET balance = u.balance FROM unnest($1::float8[], $2::int8[]) AS u (balance, id) WHERE users.id = "  \
    "u.id"

typedef struct run {
    size_t n;
    PGconn *db;
    double before;
    pg_array balances, keys;
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = pg_open(url);
    PGresult *first = PQexec(r->db, "SELECT balance FROM users ORDER BY id LIMIT 1");
    r->before = strtod(PQgetvalue(first, 0, 0), NULL);
    PQclear(first);
    return r;
}

static void update_rows(run *r, size_t first, size_t count) {
    pg_array_begin(&r->balances, PG_FLOAT8);
    pg_array_begin(&r->keys, PG_INT8);
    for (size_t i = first; i < first + count; i++) {
        pg_array_add_f64(&r->balances, update_balance(i, r->before));
        pg_array_add_i64(&r->keys, (int64_t)i + 1);
    }
    pg_array_end(&r->balances);
    pg_array_end(&r->keys);
    const char *values[] = {r->balances.data, r->keys.data};
    const int sizes[] = {(int)r->balances.size, (int)r->keys.size}, formats[] = {1, 1};
    PGresult *result = pg_is(r->db, PQexecPrepared(r->db, "update", 2, values, sizes, formats, 1), PGRES_COMMAND_OK);
    bench_check(strtoull(PQcmdTuples(result), NULL, 10) == count, "the number of changed rows");
    PQclear(result);
}

static void raw_timed(void *state) {
    run *r = state;
    pg_run(r->db, "BEGIN");
    PQclear(pg_is(r->db, PQprepare(r->db, "update", UPDATE, 0, NULL), PGRES_COMMAND_OK));
    for (size_t i = 0; i < r->n; i += BATCH)
        update_rows(r, i, r->n - i < BATCH ? r->n - i : BATCH);
    pg_run(r->db, "COMMIT");
}

static void raw_finish(void *state) {
    run *r = state;
    PGresult *all =
        pg_is(r->db, PQexecParams(r->db, "SELECT balance FROM users ORDER BY id", 0, NULL, NULL, NULL, NULL, 1),
              PGRES_TUPLES_OK);
    bench_check((size_t)PQntuples(all) == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(pg_f64(PQgetvalue(all, (int)i, 0)) == update_balance(i, r->before), "a row");
    PQclear(all);
    PQfinish(r->db);
    free(r->balances.data);
    free(r->keys.data);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_update};

static const bench_line lines[] = {{"10,000 updates of one row", "raw", "ours", BENCH_MS, 1.30}};

int main(int argc, char **argv) {
    const bench b = {.name = "update",
                     .server = &pg_server,
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = pg_users,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
