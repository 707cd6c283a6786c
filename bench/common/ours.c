/* SPDX-License-Identifier: Apache-2.0
 *
 * Athanor: sessions.
 */
#include "ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    size_t n;
    arena texts;
    ath_engine *db;
    ath_session *s;
    User **users;
    double before;
} run;

/* ---- engines and tables ---- */

ath_engine *ours_open(const char *place) {
    char url[400];
    ath_error error;
    snprintf(url, sizeof url, strstr(place, "://") ? "%s" : "sqlite:///%s", place);
    ath_engine *db = ath_engine_open(url, .error = &error);
    ath_connection *c = db ? ath_connect(db, &error) : NULL;
    if (!c)
        bench_fail(url, error.message);
    ath_connection_close(c);
    return db;
}

void ours_make_tables(const char *place) {
    ath_error error;
    ath_engine *db = ours_open(place);
    if (ath_create_all(db, strstr(place, "://") ? &Users : &Bench, &error) != ATH_OK)
        bench_fail("making the tables", error.message);
    ath_engine_close(db);
}

static run *start(const char *place, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = ours_open(place);
    return r;
}

static void *start_plain(const char *place, size_t n) {
    return start(place, n);
}

static void close_all(run *r) {
    ath_session_close(r->s);
    ath_engine_close(r->db);
    arena_free(&r->texts);
    free(r);
}

static void open_session(run *r) {
    r->s = ath_session_open(r->db);
    bench_check(r->s != NULL, "memory");
}

static void commit(run *r) {
    if (ath_commit(r->s) != ATH_OK)
        bench_fail("commit", ath_error(r->s)->message);
}

/* ---- insert ---- */

static void *insert_start(const char *place, size_t n) {
    run *r = start(place, n);
    open_session(r);
    r->users = malloc(n * sizeof(User *));
    bench_check(r->users != NULL, "memory");
    if (strstr(place, "://")) { /* the run before left its rows */
        ath_result_close(ath_execute(r->s, ath_text("TRUNCATE TABLE users")));
        commit(r);
    }
    return r;
}

static void insert_timed(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++) {
        User u = user_make(i, &r->texts);
        r->users[i] = ath_new(r->s, User, .username = u.username, .email = u.email, .age = u.age, .balance = u.balance,
                              .is_active = u.is_active, .created_at = u.created_at);
    }
    commit(r);
}

/* The rows are as they were made, and the structs know their keys. */
static void insert_finish(void *state) {
    run *r = state;
    ath_session *other = ath_session_open(r->db);
    User **rows = ath_all(other, User, .order_by = ath_by(ath_col(User, id)), .read_only = true);
    bench_check(ath_len(rows) == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_has(rows[i], i) && user_has(r->users[i], i) && rows[i]->id == r->users[i]->id, "a row");
    ath_session_close(other);
    free(r->users);
    close_all(r);
}

const bench_side ours_insert = {"ours", insert_start, insert_timed, insert_finish};

/* ---- load ---- */

static void load_timed(void *state) {
    run *r = state;
    open_session(r);
    r->users = ath_all(r->s, User);
}

static void load_read_only_timed(void *state) {
    run *r = state;
    open_session(r);
    r->users = ath_all(r->s, User, .read_only = true);
}

static void load_finish(void *state) {
    run *r = state;
    bench_check(ath_len(r->users) == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(user_is(r->users[i], i), "a struct");
    close_all(r);
}

const bench_side ours_load = {"ours", start_plain, load_timed, load_finish};
const bench_side ours_load_read_only = {"read-only", start_plain, load_read_only_timed, load_finish};

/* ---- get ---- */

int64_t get_key(size_t i, size_t rows) {
    return (int64_t)(i * 7919 % rows) + 1;
}

static void *get_start(const char *place, size_t n) {
    run *r = start(place, n);
    r->users = malloc(n * sizeof(User *));
    bench_check(r->users && n <= GET_ROWS, "memory, or n");
    return r;
}

static void get_timed(void *state) {
    run *r = state;
    open_session(r);
    bench_check(ath_begin(r->s) == ATH_OK, "begin");
    for (size_t i = 0; i < r->n; i++)
        r->users[i] = ath_get(r->s, User, get_key(i, GET_ROWS));
    bench_check(ath_rollback(r->s) == ATH_OK, "rollback");
}

static void get_finish(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++)
        bench_check(r->users[i] && user_is(r->users[i], (size_t)get_key(i, GET_ROWS) - 1), "a struct");
    free(r->users);
    close_all(r);
}

const bench_side ours_get = {"ours", get_start, get_timed, get_finish};

/* ---- update ---- */

double update_balance(size_t i, double before) {
    return (double)i * 2.5 + (before < 1.5 ? 2 : 1);
}

static void *update_start(const char *place, size_t n) {
    run *r = start(place, n);
    open_session(r);
    r->users = ath_all(r->s, User, .order_by = ath_by(ath_col(User, id)));
    bench_check(ath_len(r->users) == n && ath_commit(r->s) == ATH_OK, "loading");
    r->before = r->users[0]->balance;
    return r;
}

static void update_timed(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++)
        r->users[i]->balance = update_balance(i, r->before);
    commit(r);
}

static void update_finish(void *state) {
    run *r = state;
    ath_session_close(r->s);
    open_session(r);
    User **users = ath_all(r->s, User, .order_by = ath_by(ath_col(User, id)), .read_only = true);
    bench_check(ath_len(users) == r->n, "the number of rows");
    for (size_t i = 0; i < r->n; i++)
        bench_check(users[i]->balance == update_balance(i, r->before), "a row");
    close_all(r);
}

const bench_side ours_update = {"ours", update_start, update_timed, update_finish};
