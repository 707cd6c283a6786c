/* SPDX-License-Identifier: Apache-2.0
 *
 * Insert on PostgreSQL: n structs are made, written in one transaction, and know their keys afterwards.
 *
 * raw: INSERT ... SELECT FROM unnest of six binary arrays, 1,000 rows a statement, prepared once, RETURNING id.  ours:
 * ath_new and one ath_commit.
 */
#include "common/pg.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, COLUMNS = 6 };

#define INSERT                                                                                                         \
    "INSERT INTO users (username, email, age, balance, is_active, created_at) SELECT * FROM unnest($1::text[], "       \
    "$2::text[], $3::int4[], $4::float8[], $5::bool[], $6::timestamp[]) RETURNING id"

typedef struct run {
    size_t n;
    PGconn *db;
    arena texts;
    User *users;
    pg_array arrays[COLUMNS];
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = pg_open(url);
    pg_run(r->db, "TRUNCATE TABLE users");
    return r;
}

static void fill_arrays(run *r, const User *users, size_t count) {
    static const Oid types[COLUMNS] = {PG_TEXT, PG_TEXT, PG_INT4, PG_FLOAT8, PG_BOOL, PG_TIMESTAMP};
    for (size_t i = 0; i < COLUMNS; i++)
        pg_array_begin(&r->arrays[i], types[i]);
    for (size_t i = 0; i < count; i++) {
        const User *u = &users[i];
        pg_array_add(&r->arrays[0], u->username, strlen(u->username));
        if (u->email)
            pg_array_add(&r->arrays[1], u->email, strlen(u->email));
        else
            pg_array_null(&r->arrays[1]);
        if (u->age.has)
            pg_array_add_i32(&r->arrays[2], u->age.value);
        else
            pg_array_null(&r->arrays[2]);
        pg_array_add_f64(&r->arrays[3], u->balance);
        pg_array_add_bool(&r->arrays[4], u->is_active);
        pg_array_add_i64(&r->arrays[5], u->created_at.us - PG_EPOCH_US);
    }
    for (size_t i = 0; i < COLUMNS; i++)
        pg_array_end(&r->arrays[i]);
}

static void insert_rows(run *r, User *users, size_t count) {
    const char *values[COLUMNS];
    int sizes[COLUMNS];
    static const int formats[COLUMNS] = {1, 1, 1, 1, 1, 1};
    fill_arrays(r, users, count);
    for (size_t i = 0; i < COLUMNS; i++) {
        values[i] = r->arrays[i].data;
        sizes[i] = (int)r->arrays[i].size;
    }
    PGresult *result =
        pg_is(r->db, PQexecPrepared(r->db, "insert", COLUMNS, values, sizes, formats, 1), PGRES_TUPLES_OK);
    bench_check((size_t)PQntuples(result) == count, "the number of keys");
    for (size_t i = 0; i < count; i++)
        users[i].id = pg_i64(PQgetvalue(result, (int)i, 0));
    PQclear(result);
}

static void raw_timed(void *state) {
    run *r = state;
    r->users = malloc(r->n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    for (size_t i = 0; i < r->n; i++)
        r->users[i] = user_make(i, &r->texts);
    pg_run(r->db, "BEGIN");
    PQclear(pg_is(r->db, PQprepare(r->db, "insert", INSERT, 0, NULL), PGRES_COMMAND_OK));
    for (size_t i = 0; i < r->n; i += BATCH)
        insert_rows(r, r->users + i, r->n - i < BATCH ? r->n - i : BATCH);
    pg_run(r->db, "COMMIT");
}

static void raw_finish(void *state) {
    run *r = state;
    User row;
    arena texts = {0};
    PGresult *all = pg_is(r->db,
                          PQexecParams(r->db,
                                       "SELECT id, username, email, age, balance, is_active, created_at FROM users "
                                       "ORDER BY id",
                                       0, NULL, NULL, NULL, NULL, 1),
                          PGRES_TUPLES_OK);
    bench_check((size_t)PQntuples(all) == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++) {
        pg_read_user(all, (int)i, &row, &texts);
        bench_check(user_has(&row, i) && row.id == r->users[i].id, "a row");
    }
    PQclear(all);
    arena_free(&texts);
    for (size_t i = 0; i < COLUMNS; i++)
        free(r->arrays[i].data);
    PQfinish(r->db);
    free(r->users);
    arena_free(&r->texts);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_insert};

static const bench_line lines[] = {{"insert 100,000 rows, keys read back", "raw", "ours", BENCH_MS, 1.15}};

int main(int argc, char **argv) {
    const bench b = {.name = "insert",
                     .server = &pg_server,
                     .n = 100000,
                     .small_n = 30000,
                     .prepare = pg_empty,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
