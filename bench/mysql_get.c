/* SPDX-License-Identifier: Apache-2.0
 *
 * Get on MariaDB: n rows by key out of a table of 100,000, one after another, in one transaction.
 *
 * raw: prepared once, buffers bound once, each row into a struct of its own from malloc, with texts from malloc.  ours:
 * ath_get in a session that has loaded nothing.
 */
#include "common/maria.h"

#include <stdlib.h>

typedef struct run {
    size_t n;
    MYSQL *db;
    User **users;
} run;

static void prepare(const char *url, size_t n) {
    (void)n;
    maria_users(url, GET_ROWS);
}

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->users = malloc(n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    r->db = maria_open(url);
    return r;
}

static void raw_timed(void *state) {
    run *r = state;
    maria_row row;
    int64_t key = 0;
    MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &key};
    maria_run(r->db, "BEGIN");
    MYSQL_STMT *one =
        maria_prepare(r->db, "SELECT id, username, email, age, balance, is_active, created_at FROM users WHERE id = ?");
    maria_is(one, mysql_stmt_bind_param(one, &bind));
    maria_bind_row(one, &row);
    for (size_t i = 0; i < r->n; i++) {
        key = get_key(i, GET_ROWS);
        maria_is(one, mysql_stmt_execute(one));
        maria_is(one, mysql_stmt_fetch(one));
        r->users[i] = malloc(sizeof *r->users[i]);
        bench_check(r->users[i] != NULL, "memory");
        maria_read_user(&row, r->users[i], NULL);
        bench_check(mysql_stmt_fetch(one) == MYSQL_NO_DATA, "one row alone");
    }
    mysql_stmt_close(one);
    maria_run(r->db, "ROLLBACK");
}

static void raw_finish(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(r->users[i], (size_t)get_key(i, GET_ROWS) - 1), "a struct");
    mysql_close(r->db); /* the structs end with the process */
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_get};

static const bench_line lines[] = {{"10,000 gets by key, cold session", "raw", "ours", BENCH_MS, 1.10}};

int main(int argc, char **argv) {
    const bench b = {.name = "get",
                     .server = &maria_server,
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
