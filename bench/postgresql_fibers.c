/* SPDX-License-Identifier: Apache-2.0
 *
 * 64 conversations on one thread on PostgreSQL: BEGIN, n / 64 gets by key, ROLLBACK, each.
 *
 * raw: an epoll loop over libpq's non-blocking calls, prepared once per connection, binary both ways, each row into a struct
 * of its own.  ours: ath_get in 64 fibers.  Connections are open before.
 */
#include "common/fibers.h"
#include "common/pg.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

typedef enum stage { BEGIN, PREPARE, GET, ROLLBACK, OVER } stage;

typedef struct conversation {
    PGconn *db;
    stage stage; /* whose answer is waited for */
    size_t got;
    User **users;
} conversation;

typedef struct run {
    size_t n, left;
    int epoll;
    conversation all[FIBERS];
} run;

static void prepare(const char *url, size_t n) {
    (void)n;
    pg_users(url, GET_ROWS);
}

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r && n >= FIBERS && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->left = FIBERS;
    r->epoll = epoll_new();
    for (size_t i = 0; i < FIBERS; i++) {
        r->all[i].db = pg_open(url);
        r->all[i].users = malloc(n / FIBERS * sizeof(User *));
        epoll_watch(r->epoll, PQsocket(r->all[i].db), &r->all[i]);
    }
    return r;
}

static int send_get(const run *r, const conversation *c) {
    uint64_t bytes = htobe64((uint64_t)fiber_key((size_t)(c - r->all), c->got, r->n));
    char value[sizeof bytes];
    memcpy(value, &bytes, sizeof bytes);
    const char *values[] = {value};
    static const int sizes[] = {sizeof bytes}, formats[] = {1};
    return PQsendQueryPrepared(c->db, "get", 1, values, sizes, formats, 1);
}

static void send_next(run *r, conversation *c) {
    static const Oid types[] = {PG_INT8};
    int sent = 1;
    switch (c->stage) {
    case BEGIN:
        sent = PQsendQuery(c->db, "BEGIN");
        break;
    case PREPARE:
        sent = PQsendPrepare(c->db, "get",
                             "SELECT id, username, email, age, balance, is_active, created_at FROM users WHERE id = $1",
                             1, types);
        break;
    case GET:
        sent = send_get(r, c);
        break;
    case ROLLBACK:
        sent = PQsendQuery(c->db, "ROLLBACK");
        break;
    case OVER:
        r->left--;
        break;
    }
    bench_check(sent == 1, "sending");
}

static void take(conversation *c, PGresult *result) {
    pg_is(c->db, result, c->stage == GET ? PGRES_TUPLES_OK : PGRES_COMMAND_OK);
    if (c->stage == GET) {
        bench_check(PQntuples(result) == 1, "the number of rows");
        User *u = malloc(sizeof *u);
        bench_check(u != NULL, "memory");
        pg_read_user(result, 0, u, NULL);
        c->users[c->got++] = u;
    }
    PQclear(result);
}

static void go_on(run *r, conversation *c) {
    bench_check(PQconsumeInput(c->db) == 1, "PQconsumeInput");
    while (!PQisBusy(c->db)) {
        PGresult *result = PQgetResult(c->db);
        if (result) {
            take(c, result);
            continue;
        }
        if (c->stage != GET || c->got == r->n / FIBERS)
            c->stage++;
        send_next(r, c);
        return;
    }
}

static void raw_timed(void *state) {
    run *r = state;
    void *ready[FIBERS];
    for (size_t i = 0; i < FIBERS; i++)
        send_next(r, &r->all[i]);
    while (r->left) {
        int count = epoll_ready(r->epoll, ready, FIBERS);
        for (int i = 0; i < count; i++)
            go_on(r, ready[i]);
    }
}

static void raw_finish(void *state) {
    run *r = state;
    for (size_t c = 0; c < FIBERS; c++) {
        for (size_t i = 0; i < r->n / FIBERS; i++)
            bench_check(user_is(r->all[c].users[i], (size_t)fiber_key(c, i, r->n) - 1), "a struct");
        PQfinish(r->all[c].db); /* the structs end with the process */
    }
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_fibers};
static const bench_line lines[] = {{"64 fibers, 100 gets each, one thread", "raw", "ours", BENCH_MS, 1.15}};

int main(int argc, char **argv) {
    const bench b = {.name = "fibers",
                     .server = &pg_server,
                     .n = 6400,
                     .small_n = 6400,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
