/* SPDX-License-Identifier: Apache-2.0
 *
 * Insert: n structs are made, written in one transaction, and know their keys afterwards.
 *
 * raw: one prepared INSERT, a row at a time, the key from sqlite3_last_insert_rowid.  values: 1,000 rows a statement, keys
 * counted back from the last, the best that is known.  ours: ath_new and one ath_commit.
 */
#include "common/ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, COLUMNS = 6 };

#define INSERT "INSERT INTO users (username, email, age, balance, is_active, created_at) VALUES "
#define ROW "(?, ?, ?, ?, ?, ?)"

typedef struct run {
    size_t n;
    arena texts;
    User *users;
    sqlite3 *raw;
} run;

static run *start(size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    return r;
}

/* ---- raw ---- */

static void *raw_start(const char *path, size_t n) {
    run *r = start(n);
    r->raw = raw_open(path);
    return r;
}

static void make_users(run *r) {
    r->users = malloc(r->n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    for (size_t i = 0; i < r->n; i++)
        r->users[i] = user_make(i, &r->texts);
}

static void raw_timed(void *state) {
    run *r = state;
    char time[27];
    make_users(r);
    raw_run(r->raw, "BEGIN");
    sqlite3_stmt *insert = raw_prepare(r->raw, INSERT ROW);
    for (size_t i = 0; i < r->n; i++) {
        raw_bind_user(r->raw, insert, 1, &r->users[i], time);
        raw_is(r->raw, sqlite3_step(insert), SQLITE_DONE);
        r->users[i].id = sqlite3_last_insert_rowid(r->raw);
        sqlite3_reset(insert);
    }
    raw_run(r->raw, "COMMIT");
    sqlite3_finalize(insert);
}

static sqlite3_stmt *prepare_rows(sqlite3 *db, size_t rows) {
    char *sql = malloc(sizeof INSERT + rows * sizeof ROW), *at = sql + sizeof INSERT - 1;
    bench_check(sql != NULL, "memory");
    memcpy(sql, INSERT, sizeof INSERT);
    for (size_t i = 0; i < rows; i++, at += sizeof ROW)
        memcpy(at, ROW ",", sizeof ROW);
    at[-1] = '\0';
    sqlite3_stmt *insert = raw_prepare(db, sql);
    free(sql);
    return insert;
}

static void insert_rows(run *r, sqlite3_stmt *insert, size_t first, size_t rows) {
    static char times[BATCH][27];
    for (size_t i = 0; i < rows; i++)
        raw_bind_user(r->raw, insert, (int)(i * COLUMNS) + 1, &r->users[first + i], times[i]);
    raw_is(r->raw, sqlite3_step(insert), SQLITE_DONE);
    int64_t last = sqlite3_last_insert_rowid(r->raw);
    for (size_t i = 0; i < rows; i++)
        r->users[first + i].id = last - (int64_t)(rows - 1 - i);
    sqlite3_reset(insert);
}

static void values_timed(void *state) {
    run *r = state;
    make_users(r);
    raw_run(r->raw, "BEGIN");
    sqlite3_stmt *insert = prepare_rows(r->raw, BATCH);
    size_t i = 0;
    for (; i + BATCH <= r->n; i += BATCH)
        insert_rows(r, insert, i, BATCH);
    sqlite3_finalize(insert);
    if (i < r->n) {
        insert = prepare_rows(r->raw, r->n - i);
        insert_rows(r, insert, i, r->n - i);
        sqlite3_finalize(insert);
    }
    raw_run(r->raw, "COMMIT");
}

/* The keys in the structs are those of the rows. */
static void check_rows(const run *r, sqlite3 *db) {
    User row;
    arena texts = {0};
    size_t i = 0;
    sqlite3_stmt *all =
        raw_prepare(db, "SELECT id, username, email, age, balance, is_active, created_at FROM users ORDER BY id");
    for (; sqlite3_step(all) == SQLITE_ROW; i++) {
        raw_read_user(all, &row, &texts);
        bench_check(i < r->n && user_is(&row, i), "a row");
        bench_check(user_is(&r->users[i], i), "a struct");
    }
    bench_check(i == r->n, "the number of rows");
    sqlite3_finalize(all);
    arena_free(&texts);
}

static void raw_finish(void *state) {
    run *r = state;
    check_rows(r, r->raw);
    sqlite3_close(r->raw);
    free(r->users);
    arena_free(&r->texts);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side values = {"values", raw_start, values_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &values, &ours_insert};

static const bench_line lines[] = {{"insert 100,000 rows, keys read back", "raw", "ours", BENCH_MS, 0.80},
                                   {"  bare sqlite3 with 1,000 rows a statement", "raw", "values", BENCH_MS, 0}};

int main(int argc, char **argv) {
    const bench b = {.name = "insert",
                     .n = 100000,
                     .small_n = 30000,
                     .prepare = data_empty,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 2};
    return bench_main(argc, argv, &b);
}
