/* SPDX-License-Identifier: Apache-2.0
 *
 * 64 conversations on one thread on MariaDB: BEGIN, n / 64 gets by key, ROLLBACK, each.
 *
 * raw: an epoll loop over libmariadb's non-blocking calls, prepared once per connection, buffers bound once, each row into
 * a struct of its own.  ours: ath_get in 64 fibers.  Connections are open before.
 */
#include "common/fibers.h"
#include "common/maria.h"

#include <stdlib.h>
#include <string.h>

typedef enum stage { BEGIN, PREPARE, EXECUTE, FETCH, END_OF_ROWS, ROLLBACK, OVER } stage;

typedef struct conversation {
    MYSQL *db;
    MYSQL_STMT *one;
    stage stage; /* whose call is under way */
    int64_t key;
    size_t got;
    maria_row row;
    User **users;
} conversation;

typedef struct run {
    size_t n, left;
    int epoll;
    conversation all[FIBERS];
} run;

static const char sql[] = "SELECT id, username, email, age, balance, is_active, created_at FROM users WHERE id = ?";

static void prepare(const char *url, size_t n) {
    (void)n;
    maria_users(url, GET_ROWS);
}

static void *raw_start(const char *url, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r && n >= FIBERS && n <= GET_ROWS, "memory, or n");
    r->n = n;
    r->left = FIBERS;
    r->epoll = epoll_new();
    for (size_t i = 0; i < FIBERS; i++) {
        conversation *c = &r->all[i];
        c->db = maria_open(url);
        bench_check(mysql_options(c->db, MYSQL_OPT_NONBLOCK, NULL) == 0, "MYSQL_OPT_NONBLOCK");
        c->one = mysql_stmt_init(c->db);
        c->users = malloc(n / FIBERS * sizeof(User *));
        epoll_watch(r->epoll, (int)mysql_get_socket(c->db), c);
    }
    return r;
}

/* Begins the call of the stage, or goes on with it; whether it waits for the server. */
static bool call(conversation *c, int ready) {
    int failed = 0, waits = 0;
    bool first = ready == 0;
    switch (c->stage) {
    case BEGIN:
    case ROLLBACK:
        waits = first ? mysql_real_query_start(&failed, c->db, c->stage == BEGIN ? "BEGIN" : "ROLLBACK",
                                               c->stage == BEGIN ? 5 : 8)
                      : mysql_real_query_cont(&failed, c->db, ready);
        break;
    case PREPARE:
        waits = first ? mysql_stmt_prepare_start(&failed, c->one, sql, sizeof sql - 1)
                      : mysql_stmt_prepare_cont(&failed, c->one, ready);
        break;
    case EXECUTE:
        waits = first ? mysql_stmt_execute_start(&failed, c->one) : mysql_stmt_execute_cont(&failed, c->one, ready);
        break;
    case FETCH:
    case END_OF_ROWS:
        waits = first ? mysql_stmt_fetch_start(&failed, c->one) : mysql_stmt_fetch_cont(&failed, c->one, ready);
        failed = !waits && c->stage == END_OF_ROWS ? failed != MYSQL_NO_DATA : failed;
        break;
    case OVER:
        break;
    }
    bench_check(waits || !failed, "a call of libmariadb");
    return waits != 0;
}

static void bind(conversation *c) {
    MYSQL_BIND key = {.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &c->key};
    maria_is(c->one, mysql_stmt_bind_param(c->one, &key));
    maria_bind_row(c->one, &c->row);
}

/* The call of the stage is over: which is the next? */
static void take(run *r, conversation *c) {
    if (c->stage == PREPARE)
        bind(c);
    if (c->stage == FETCH) {
        User *u = malloc(sizeof *u);
        bench_check(u != NULL, "memory");
        maria_read_user(&c->row, u, NULL);
        c->users[c->got++] = u;
    }
    c->stage = c->stage == END_OF_ROWS && c->got < r->n / FIBERS ? EXECUTE : (stage)(c->stage + 1);
    if (c->stage == EXECUTE)
        c->key = fiber_key((size_t)(c - r->all), c->got, r->n);
    r->left -= c->stage == OVER;
}

static void go_on(run *r, conversation *c, int ready) {
    while (c->stage != OVER && !call(c, ready)) {
        take(r, c);
        ready = 0;
    }
}

static void raw_timed(void *state) {
    run *r = state;
    void *ready[FIBERS];
    for (size_t i = 0; i < FIBERS; i++)
        go_on(r, &r->all[i], 0);
    while (r->left) {
        int count = epoll_ready(r->epoll, ready, FIBERS);
        for (int i = 0; i < count; i++)
            go_on(r, ready[i], MYSQL_WAIT_READ);
    }
}

static void raw_finish(void *state) {
    run *r = state;
    for (size_t c = 0; c < FIBERS; c++) {
        for (size_t i = 0; i < r->n / FIBERS; i++)
            bench_check(user_is(r->all[c].users[i], (size_t)fiber_key(c, i, r->n) - 1), "a struct");
        mysql_stmt_close(r->all[c].one);
        mysql_close(r->all[c].db); /* the structs end with the process */
    }
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &ours_fibers};
static const bench_line lines[] = {{"64 fibers, 100 gets each, one thread", "raw", "ours", BENCH_MS, 1.15}};

int main(int argc, char **argv) {
    const bench b = {.name = "fibers",
                     .server = &maria_server,
                     .n = 6400,
                     .small_n = 6400,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = 2,
                     .lines = lines,
                     .line_count = 1};
    return bench_main(argc, argv, &b);
}
