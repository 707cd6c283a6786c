/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool: check-out, SELECT 1, return, by 2, 8, 32 and 64 threads that share 15 connections.
 *
 * bare: a mutex, a condition and an array of connections over the same driver, the statement prepared once for each; each
 * piece of work is BEGIN, the statement, ROLLBACK, as ours is.  Whoever comes first takes what is there: nobody's turn is
 * kept.  On SQLite the work takes microseconds, and keeping turns among threads that outnumber the connections costs a
 * switch of threads each time; on a server, which is what a pool is for, everybody waits for the server.
 */
#include "pool.h"

#include "engine/engine.h"

#include <athanor/athanor.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 15, MOST_THREADS = 64 };

typedef struct bare {
    void *handle, *statement;
} bare;

typedef struct run {
    size_t n, threads;
    ath_engine *db;
    /* the bare pool */
    const ath__driver *driver;
    ath_url *url;
    pthread_mutex_t mutex;
    pthread_cond_t some;
    bare all[CONNECTIONS], *free[CONNECTIONS];
    size_t free_count;
} run;

static const char *url_of(const char *place, char *out, size_t size) {
    snprintf(out, size, strstr(place, "://") ? "%s" : "sqlite:///%s", place);
    return out;
}

/* ---- bare ---- */

static void must(ath_status status, const ath_error *error, const char *what) {
    if (status != ATH_OK)
        bench_fail(what, error->message);
}

static void *bare_start(const char *place, size_t n, size_t threads) {
    char url[400];
    ath_error error;
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->threads = threads;
    r->url = ath_url_parse(url_of(place, url, sizeof url), &error);
    bench_check(r->url != NULL, "URL");
    r->driver = ath__backend_find(r->url->dialect)->driver;
    pthread_mutex_init(&r->mutex, NULL);
    pthread_cond_init(&r->some, NULL);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        bare *b = &r->all[i];
        ath__connect how = {.url = r->url,
                            .allocator = &ath__malloc_allocator,
                            .wait = &ath__poll_wait,
                            .busy_timeout_ms = 5000,
                            .deadline_us = INT64_MAX};
        must(r->driver->connect(&how, &b->handle, &error), &error, "connect");
        must(r->driver->prepare(b->handle, "SELECT 1", 8, NULL, 0, &b->statement, &error), &error, "prepare");
        r->free[r->free_count++] = b;
    }
    return r;
}

static bare *bare_take(run *r) {
    pthread_mutex_lock(&r->mutex);
    while (!r->free_count)
        pthread_cond_wait(&r->some, &r->mutex);
    bare *b = r->free[--r->free_count];
    pthread_mutex_unlock(&r->mutex);
    return b;
}

static void bare_give(run *r, bare *b) {
    pthread_mutex_lock(&r->mutex);
    r->free[r->free_count++] = b;
    pthread_cond_signal(&r->some);
    pthread_mutex_unlock(&r->mutex);
}

static void *bare_work(void *state) {
    run *r = state;
    const ath__driver *d = r->driver;
    ath_error error = {0};
    for (size_t i = 0; i < r->n / r->threads; i++) {
        ath_value cell = {0};
        bare *b = bare_take(r);
        must(d->exec(b->handle, "BEGIN", &error), &error, "begin");
        bench_check(d->step(b->statement, &error) == ATH__STEP_ROW, "a row");
        must(d->row(b->statement, &cell, 1, &error), &error, "row");
        bench_check(cell.kind == ATH_KIND_INT && cell.as.i == 1, "one");
        d->reset(b->statement);
        must(d->exec(b->handle, "ROLLBACK", &error), &error, "rollback");
        bare_give(r, b);
    }
    return NULL;
}

static void bare_finish(void *state) {
    run *r = state;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        r->driver->finalize(r->all[i].statement);
        r->driver->disconnect(r->all[i].handle);
    }
    pthread_cond_destroy(&r->some);
    pthread_mutex_destroy(&r->mutex);
    ath_url_free(r->url);
    free(r);
}

/* ---- ours ---- */

static void one_query(ath_connection *c) {
    ath_result *result = c ? ath_execute(c, ath_text("SELECT 1")) : NULL;
    const ath_row *row = ath_fetch(result);
    bench_check(row && ath_row_int(row, 0) == 1, "one");
    ath_result_close(result);
}

static void *ours_start(const char *place, size_t n, size_t threads) {
    char url[400];
    ath_connection *out[CONNECTIONS];
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->threads = threads;
    r->db =
        ath_engine_open(url_of(place, url, sizeof url), .pool_size = CONNECTIONS, .max_overflow = ATH_POOL_NO_OVERFLOW);
    bench_check(r->db != NULL, "engine");
    for (size_t i = 0; i < CONNECTIONS; i++)
        one_query(out[i] = ath_connect(r->db));
    for (size_t i = 0; i < CONNECTIONS; i++)
        ath_connection_close(out[i]);
    return r;
}

static void *ours_work(void *state) {
    run *r = state;
    for (size_t i = 0; i < r->n / r->threads; i++) {
        ath_connection *c = ath_connect(r->db);
        one_query(c);
        ath_connection_close(c);
    }
    return NULL;
}

static void ours_finish(void *state) {
    run *r = state;
    bench_check(ath_engine_statistics(r->db).connections == CONNECTIONS, "as many connections");
    ath_engine_close(r->db);
    free(r);
}

/* ---- both ---- */

static void all_threads(run *r, void *(*work)(void *)) {
    pthread_t threads[MOST_THREADS];
    for (size_t i = 0; i < r->threads; i++)
        bench_check(pthread_create(&threads[i], NULL, work, r) == 0, "a thread");
    for (size_t i = 0; i < r->threads; i++)
        pthread_join(threads[i], NULL);
}

static void bare_timed(void *state) {
    all_threads(state, bare_work);
}

static void ours_timed(void *state) {
    all_threads(state, ours_work);
}

/* No tables; but a file is copied for each run, so it has to be there. */
static void prepare(const char *path, size_t n) {
    (void)n;
    if (strstr(path, "://"))
        return;
    FILE *file = fopen(path, "wb");
    bench_check(file != NULL && fclose(file) == 0, "the file");
}

#define WITH_THREADS(count)                                                                                            \
    static void *bare_start_##count(const char *place, size_t n) {                                                     \
        return bare_start(place, n, count);                                                                            \
    }                                                                                                                  \
    static void *ours_start_##count(const char *place, size_t n) {                                                     \
        return ours_start(place, n, count);                                                                            \
    }                                                                                                                  \
    static const bench_side bare_##count = {"bare-" #count, bare_start_##count, bare_timed, bare_finish},              \
                            ours_##count = {"ours-" #count, ours_start_##count, ours_timed, ours_finish};

WITH_THREADS(2)
WITH_THREADS(8)
WITH_THREADS(32)
WITH_THREADS(64)

static const bench_side *const sides[] = {&bare_2, &ours_2, &bare_8, &ours_8, &bare_32, &ours_32, &bare_64, &ours_64};

#define LINE(count)                                                                                                    \
    { "pool: " #count " threads, 15 connections", "bare-" #count, "ours-" #count, BENCH_MS, 1.05 }
static const bench_line lines[] = {LINE(2), LINE(8), LINE(32), LINE(64)};

int pool_main(int argc, char **argv, const bench_server *server) {
    const bench b = {.name = "pool",
                     .server = server,
                     .n = server ? 4000 : 20000,
                     .small_n = 1000,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = sizeof sides / sizeof *sides,
                     .lines = lines,
                     .line_count = sizeof lines / sizeof *lines};
    return bench_main(argc, argv, &b);
}
