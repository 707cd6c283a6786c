/* SPDX-License-Identifier: Apache-2.0
 *
 * Insert on MariaDB: n structs are made, written in one transaction, and know their keys afterwards.
 *
 * raw: one INSERT ... RETURNING id, prepared once, bound with arrays of 1,000 rows.  ours: ath_new and one ath_commit.
 */
#include "common/maria.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000, COLUMNS = 6 };

#define INSERT                                                                                                         \
    "INSERT INTO users (username, email, age, balance, is_active, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"

/* The rows of a batch, column by column. */
typedef struct batch {
    MYSQL_BIND binds[COLUMNS];
    const char *usernames[BATCH], *emails[BATCH];
    unsigned long username_sizes[BATCH], email_sizes[BATCH];
    int32_t ages[BATCH];
    double balances[BATCH];
    signed char actives[BATCH];
    MYSQL_TIME times[BATCH];
    const MYSQL_TIME *time_pointers[BATCH];
    char email_nulls[BATCH], age_nulls[BATCH];
} batch;

typedef struct run {
    size_t n;
    MYSQL *db;
    MYSQL_STMT *insert;
    arena texts;
    User *users;
    batch rows;
} run;

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = maria_open(url);
    maria_run(r->db, "TRUNCATE TABLE users");
    return r;
}

static void fill(batch *b, const User *users, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const User *u = &users[i];
        b->usernames[i] = u->username;
        b->username_sizes[i] = strlen(u->username);
        b->emails[i] = u->email;
        b->email_sizes[i] = u->email ? strlen(u->email) : 0;
        b->email_nulls[i] = u->email ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL;
        b->ages[i] = u->age.value;
        b->age_nulls[i] = u->age.has ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL;
        b->balances[i] = u->balance;
        b->actives[i] = u->is_active;
        b->times[i] = maria_time(u->created_at.us);
        b->time_pointers[i] = &b->times[i];
    }
}

static void bind(batch *b) {
    b->binds[0] =
        (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING, .buffer = (void *)b->usernames, .length = b->username_sizes};
    b->binds[1] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                               .buffer = (void *)b->emails,
                               .length = b->email_sizes,
                               .u.indicator = b->email_nulls};
    b->binds[2] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONG, .buffer = b->ages, .u.indicator = b->age_nulls};
    b->binds[3] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DOUBLE, .buffer = b->balances};
    b->binds[4] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_TINY, .buffer = b->actives};
    b->binds[5] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DATETIME, .buffer = (void *)b->time_pointers};
}

static void insert_rows(run *r, User *users, size_t count) {
    unsigned rows = (unsigned)count;
    int64_t id = 0;
    MYSQL_BIND result = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &id};
    fill(&r->rows, users, count);
    mysql_stmt_attr_set(r->insert, STMT_ATTR_ARRAY_SIZE, &rows);
    maria_is(r->insert, mysql_stmt_bind_param(r->insert, r->rows.binds));
    maria_is(r->insert, mysql_stmt_execute(r->insert));
    maria_is(r->insert, mysql_stmt_bind_result(r->insert, &result));
    size_t taken = 0;
    for (; mysql_stmt_fetch(r->insert) == 0 && taken < count; taken++)
        users[taken].id = id;
    bench_check(taken == count, "the number of keys");
    mysql_stmt_free_result(r->insert);
}

static void raw_timed(void *state) {
    run *r = state;
    r->users = malloc(r->n * sizeof *r->users);
    bench_check(r->users != NULL, "memory");
    for (size_t i = 0; i < r->n; i++)
        r->users[i] = user_make(i, &r->texts);
    maria_run(r->db, "BEGIN");
    r->insert = maria_prepare(r->db, INSERT);
    bind(&r->rows);
    for (size_t i = 0; i < r->n; i += BATCH)
        insert_rows(r, r->users + i, r->n - i < BATCH ? r->n - i : BATCH);
    maria_run(r->db, "COMMIT");
}

static void raw_finish(void *state) {
    run *r = state;
    User user;
    maria_row row;
    arena texts = {0};
    size_t i = 0;
    mysql_stmt_close(r->insert);
    MYSQL_STMT *all =
        maria_prepare(r->db, "SELECT id, username, email, age, balance, is_active, created_at FROM users ORDER BY id");
    maria_is(all, mysql_stmt_execute(all));
    maria_bind_row(all, &row);
    for (; mysql_stmt_fetch(all) == 0; i++) {
        maria_read_user(&row, &user, &texts);
        bench_check(i < r->n && user_has(&user, i) && user.id == r->users[i].id, "a row");
    }
    bench_check(i == r->n, "the number of rows");
    mysql_stmt_close(all);
    arena_free(&texts);
    mysql_close(r->db);
    free(r->users);
    arena_free(&r->texts);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_insert};

static const bench_line lines[] = {{"insert 100,000 rows, keys read back", "raw", "ours", BENCH_MS, 1.15}};

int main(int argc, char **argv) {
    const bench b = {.name = "insert",
                     .server = &maria_server,
                     .n = 100000,
                     .small_n = 30000,
                     .prepare = maria_empty,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
