/* SPDX-License-Identifier: Apache-2.0
 *
 * Compile: what the library does with a medium statement before the database is asked: the tree is built on the stack, its
 * key found in the cache; or, without the cache, SQL text made of it.
 *
 * The statement: two tables, an outer join, AND, OR and ILIKE, GROUP BY, HAVING, ORDER BY, LIMIT; six parameters, four of
 * which differ each time.
 */
#include "common/ours.h"
#include "engine/engine.h"

#include <stdlib.h>

typedef struct run {
    size_t n;
    ath_engine *db;
    ath_connection *c;
} run;

/* The statement, with what differs each time. */
#define MEDIUM(i)                                                                                                      \
    ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username),                                         \
                                   ath_label(ath_count(ath_col(Post, id)), "posts")),                                  \
               .joins = ath_joins(ath_outer_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, author_id)))),    \
               .where = ath_and(ath_eq(ath_col(User, is_active), true), ath_gt(ath_col(User, balance), (double)(i)),   \
                                ath_or(ath_ilike(ath_col(User, username), words[(i) % 4]),                             \
                                       ath_ilike(ath_col(User, email), words[((i) + 1) % 4]))),                        \
               .group_by = ath_by(ath_col(User, id), ath_col(User, username)),                                         \
               .having = ath_ge(ath_count(ath_col(Post, id)), (int64_t)(i)),                                           \
               .order_by = ath_by(ath_desc(ath_col(User, username))), .limit = 20)

static const char *const words[] = {"%ali%", "%bob%", "user1%", "%example%"};

static void *start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = ours_open(path);
    r->c = ath_connect(r->db);
    bench_check(r->c != NULL, "connecting");
    /* Into the cache, as the first use of the statement does. */
    ath__prepared *p = ath__prepare_stmt(r->c, ath_stmt_of(MEDIUM(0)));
    if (!p)
        bench_fail("compiling", ath_error(r->c)->message);
    ath__prepared_release(r->c, p);
    return r;
}

static void finish(void *state) {
    run *r = state;
    bench_check(ath_engine_statistics(r->db).compiled == 1, "the number of compilations");
    ath_connection_close(r->c);
    ath_engine_close(r->db);
    free(r);
}

/* Not called: the statement is in the cache. */
static ath_status refuse(void *context, ath_connection *c, ath__compiled *out, ath_error *error) {
    (void)context, (void)c, (void)out, (void)error;
    bench_fail("the cache", "does not hold the statement");
}

/* Build, key, look-up. */
static void find_timed(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++) {
        ath__key key;
        ath__key_init(&key, &r->db->allocator);
        bench_check(ath__key_stmt(&key, ath_stmt_of(MEDIUM(i)), &r->c->error) == ATH_OK, "the key");
        ath__prepared *p = ath__prepare(r->c, key.words, key.word_count, refuse, NULL);
        ath__key_done(&key);
        ath__prepared_release(r->c, p);
    }
}

/* The same, and the values checked, converted and bound to sqlite3's statement. */
static void bind_timed(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n; i++) {
        ath__prepared *p = ath__prepare_stmt(r->c, ath_stmt_of(MEDIUM(i)));
        bench_check(p != NULL, "preparing");
        ath__prepared_release(r->c, p);
    }
}

/* Build and compile, without the cache. */
static void compile_timed(void *state) {
    run *r = state;
    char sql[2000];
    for (size_t i = 0; i < r->n; i++)
        bench_check(ath_engine_sql(r->db, ath_stmt_of(MEDIUM(i)), sql, sizeof sql, NULL, NULL) == ATH_OK, "compiling");
}

static const bench_side find = {"find", start, find_timed, finish};
static const bench_side ours = {"ours", start, bind_timed, finish};
static const bench_side compile = {"compile", start, compile_timed, finish};
static const bench_side *const sides[] = {&find, &ours, &compile};

static const bench_line lines[] = {
    {"medium statement: build, find in the cache", NULL, "find", BENCH_EACH, 1.00},
    {"  the same, six values checked and bound", NULL, "ours", BENCH_EACH, 0},
    {"  without the cache: build and compile", NULL, "compile", BENCH_EACH, 0},
};

int main(int argc, char **argv) {
    const bench b = {.name = "compile",
                     .n = 100000,
                     .small_n = 1000,
                     .prepare = data_empty,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 3};
    return bench_main(argc, argv, &b);
}
