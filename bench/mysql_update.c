/* SPDX-License-Identifier: Apache-2.0
 *
 * Update on MariaDB: one column of n rows in one transaction.
 *
 * raw: one UPDATE, prepared once, bound with arrays of 1,000 rows, the number of matched rows checked.  ours: n objects of
 * a session are assigned to, then ath_commit finds what changed.  Loading them is not timed.
 */
#include "common/maria.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 1000 };

typedef struct run {
    size_t n;
    MYSQL *db;
    MYSQL_STMT *update;
    double before, balances[BATCH];
    int64_t keys[BATCH];
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = maria_open(url);
    r->before = maria_real(r->db, "SELECT balance FROM users ORDER BY id LIMIT 1");
    return r;
}

static void update_rows(run *r, size_t first, size_t count) {
    unsigned rows = (unsigned)count;
    MYSQL_BIND binds[] = {{.buffer_type = MYSQL_TYPE_DOUBLE, .buffer = r->balances},
                          {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = r->keys}};
    for (size_t i = 0; i < count; i++) {
        r->balances[i] = update_balance(first + i, r->before);
        r->keys[i] = (int64_t)(first + i) + 1;
    }
    mysql_stmt_attr_set(r->update, STMT_ATTR_ARRAY_SIZE, &rows);
    maria_is(r->update, mysql_stmt_bind_param(r->update, binds));
    maria_is(r->update, mysql_stmt_execute(r->update));
    bench_check(mysql_stmt_affected_rows(r->update) == count, "the number of changed rows");
}

static void raw_timed(void *state) {
    run *r = state;
    maria_run(r->db, "BEGIN");
    r->update = maria_prepare(r->db, "UPDATE users SET balance = ? WHERE id = ?");
    for (size_t i = 0; i < r->n; i += BATCH)
        update_rows(r, i, r->n - i < BATCH ? r->n - i : BATCH);
    maria_run(r->db, "COMMIT");
}

static void raw_finish(void *state) {
    run *r = state;
    mysql_stmt_close(r->update);
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM users WHERE balance = (id - 1) * 2.5 + %d",
             (int)update_balance(0, r->before));
    bench_check(maria_real(r->db, sql) == (double)r->n, "the rows");
    mysql_close(r->db);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_update};

static const bench_line lines[] = {{"10,000 updates of one row", "raw", "ours", BENCH_MS, 1.30}};

int main(int argc, char **argv) {
    const bench b = {.name = "update",
                     .server = &maria_server,
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = maria_users,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
