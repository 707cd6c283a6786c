/* SPDX-License-Identifier: Apache-2.0
 *
 * Get: n rows by key out of a table of 100,000, one after another, in one transaction.
 *
 * raw: prepared once, each row into a struct of its own from malloc, with texts from malloc.  ours: ath_get in a session
 * that has loaded nothing.
 */
#include "common/ours.h"

#include <stdlib.h>
#include <string.h>

#define SELECT "SELECT id, username, email, age, balance, is_active, created_at FROM users WHERE id = ?"

typedef struct run {
    size_t n;
    sqlite3 *raw;
    User **users;
} run;

static void prepare(const char *path, size_t n) {
    (void)n;
    data_users(path, GET_ROWS);
}

static void *raw_start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->users = malloc(n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    r->raw = raw_open(path);
    return r;
}

static char *copy_text(sqlite3_stmt *row, int column) {
    const void *text = sqlite3_column_text(row, column);
    size_t size = (size_t)sqlite3_column_bytes(row, column);
    char *copy = malloc(size + 1);
    bench_check(copy != NULL, "memory");
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

static User *read_user(sqlite3_stmt *row) {
    User *u = malloc(sizeof *u);
    bench_check(u != NULL, "memory");
    u->id = sqlite3_column_int64(row, 0);
    u->username = copy_text(row, 1);
    u->email = sqlite3_column_type(row, 2) == SQLITE_NULL ? NULL : copy_text(row, 2);
    u->age.has = sqlite3_column_type(row, 3) != SQLITE_NULL;
    u->age.value = sqlite3_column_int(row, 3);
    u->balance = sqlite3_column_double(row, 4);
    u->is_active = sqlite3_column_int(row, 5) != 0;
    u->created_at.us = raw_parse_time((const char *)sqlite3_column_text(row, 6));
    return u;
}

static void raw_timed(void *state) {
    run *r = state;
    raw_run(r->raw, "BEGIN");
    sqlite3_stmt *one = raw_prepare(r->raw, SELECT);
    for (size_t i = 0; i < r->n; i++) {
        raw_is(r->raw, sqlite3_bind_int64(one, 1, get_key(i, GET_ROWS)), SQLITE_OK);
        raw_is(r->raw, sqlite3_step(one), SQLITE_ROW);
        r->users[i] = read_user(one);
        sqlite3_reset(one);
    }
    sqlite3_finalize(one);
    raw_run(r->raw, "ROLLBACK");
}

static void free_text(const char *text) {
    void *memory;
    memcpy(&memory, &text, sizeof memory);
    free(memory);
}

static void raw_finish(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++) {
        bench_check(user_is(r->users[i], (size_t)get_key(i, GET_ROWS) - 1), "a struct");
        free_text(r->users[i]->username);
        free_text(r->users[i]->email);
        free(r->users[i]);
    }
    sqlite3_close(r->raw);
    free(r->users);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_get};

static const bench_line lines[] = {{"10,000 gets by key, cold session", "raw", "ours", BENCH_MS, 1.10}};

int main(int argc, char **argv) {
    const bench b = {.name = "get",
                     .n = 10000,
                     .small_n = 10000,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
