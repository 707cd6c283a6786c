/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions in fibers: the same calls as ever, many at once on one thread, by one pool.
 */
#include "async.h"

#include <sys/resource.h>

/* ---- reading ---- */

typedef struct readers {
    ath_engine *db;
    int number, most, found;
    int begun; /* nobody goes on behind the first row before all have: so each connection is wanted by several */
} readers;

static bool fill(ath_engine *db, int rows) {
    ath_session *s = ath_session_open(db);
    for (int i = 1; i <= rows; i++) {
        char name[20];
        snprintf(name, sizeof name, "author %d", i);
        ath_new(s, Author, .id = i, .name = name, .email = "a@b");
        if (ath_flush(s) != ATH_OK)
            break;
    }
    ath_status status = ath_commit(s);
    CHECK_INT(status, ATH_OK);
    ath_session_close(s);
    return status == ATH_OK;
}

static ath_status get_some(void *arg) {
    readers *r = arg;
    ath_session *s = ath_session_open(r->db);
    r->begun++;
    for (int i = 1; s && i <= r->most; i++) {
        char name[20];
        const Author *a = ath_get(s, Author, i);
        snprintf(name, sizeof name, "author %d", i);
        r->found += a && strcmp(a->name, name) == 0;
        while (r->begun < r->number && ath_loop_yield() == ATH_OK)
            ;
    }
    if (s && ath_error(s)->status != ATH_OK)
        printf("# %s\n", ath_error(s)->message);
    ath_session_close(s);
    return s ? ATH_OK : ATH_OPERATIONAL;
}

static ath_status read_side_by_side(void *arg) {
    readers *r = arg;
    ath_group *g = ath_group_new();
    for (int i = 0; i < r->number; i++)
        CHECK_INT(ath_group_spawn(g, get_some, r), ATH_OK);
    return ath_group_join(g);
}

TEST(sixty_four_fibers_do_a_hundred_gets_each) {
    readers r = {.db = async_open(), .number = 64, .most = 100};
    if (r.db && async_tables(r.db) && fill(r.db, 100))
        async_run(read_side_by_side, &r);
    CHECK_INT(r.found, 6400);
    CHECK(ath_engine_statistics(r.db).connections <= 15);
    CHECK(ath_engine_statistics(r.db).waited >= 64 - 15);
    async_check_pool(r.db);
    ath_engine_close(r.db);
}

/* ---- writing ---- */

typedef struct writer {
    ath_engine *db;
    int number;
    int64_t seen;
} writer;

enum { WRITERS = 12, ROUNDS = 5, ROWS = 7 };

static ath_status write_some(void *arg) {
    writer *w = arg;
    ath_session *s = ath_session_open(w->db);
    ath_status status = ATH_OK;
    for (int round = 0; round < ROUNDS && status == ATH_OK; round++) {
        for (int i = 0; i < ROWS; i++)
            ath_new(s, Stock, .shop_id = w->number * 1000 + round * ROWS + i, .sku = "x", .quantity = w->number);
        status = ath_commit(s);
        if (status == ATH_OK)
            w->seen = ath_count(s, Stock, .where = ath_eq(ath_col(Stock, quantity), w->number));
        else
            printf("# %s\n", ath_error(s)->message);
        ath_rollback(s);
    }
    ath_session_close(s);
    return status;
}

static ath_status write_side_by_side(void *arg) {
    writer *writers = arg;
    ath_group *g = ath_group_new(.keep_going = true);
    for (int i = 0; i < WRITERS; i++)
        CHECK_INT(ath_group_spawn(g, write_some, &writers[i]), ATH_OK);
    return ath_group_join(g);
}

/* On SQLite all but one wait for the lock, on worker threads; its holder's COMMIT must get one as well. */
TEST(writers_wait_for_each_other_and_not_for_ever) {
    ath_engine *db = async_open(.busy_timeout_ms = 60000);
    writer writers[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        writers[i] = (writer){.db = db, .number = i};
    if (db && async_tables(db))
        async_run(write_side_by_side, writers);
    for (int i = 0; i < WRITERS; i++)
        CHECK_INT(writers[i].seen, ROUNDS * ROWS);
    async_check_pool(db);
    ath_engine_close(db);
}

/* ---- rows ---- */

static ath_status walk_rows(void *arg) {
    ath_engine *db = arg;
    ath_session *s = ath_session_open(db);
    for (int i = 0; i < 1000; i++)
        ath_new(s, Stock, .shop_id = i, .sku = i % 2 ? "odd" : "even", .quantity = i * 3);
    CHECK_INT(ath_flush(s), ATH_OK);
    int64_t at = 0, changed = 0;
    ath_result *r =
        ath_execute(s, ath_text("SELECT shop_id, sku, quantity, NULL FROM stock WHERE shop_id >= :low ORDER BY shop_id",
                                ath_bind("low", 0)));
    for (const ath_row *row; (row = ath_fetch(r)); at++) {
        CHECK_INT(ath_row_int(row, 0), at);
        CHECK_STR(ath_row_text(row, 1), at % 2 ? "odd" : "even");
        CHECK_INT(ath_row_int(row, 2), at * 3);
        CHECK(ath_row_is_null(row, 3));
        if (at % 100 == 0) /* beside another statement of the same connection */
            changed += ath_count(s, Stock, .where = ath_lt(ath_col(Stock, shop_id), at));
    }
    CHECK_INT(at, 1000);
    CHECK_INT(changed, 4500);
    CHECK_INT(ath_error(r)->status, ATH_OK);
    ath_result_close(r);
    ath_stream *stream = ath_stream_open(s, Stock);
    for (at = 0; ath_stream_next(stream); at++)
        continue;
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    CHECK_INT(at, 1000);
    ath_session_close(s);
    return ATH_OK;
}

TEST(rows_come_one_after_the_other) {
    ath_engine *db = async_open();
    if (db && async_tables(db))
        async_run(walk_rows, db);
    async_check_pool(db);
    ath_engine_close(db);
}

/* ---- waiting for the pool ---- */

typedef struct queue {
    ath_engine *db;
    char trace[64];
    bool over;
} queue;

static void note(queue *q, const char *what) {
    strncat(q->trace, what, sizeof q->trace - strlen(q->trace) - 1);
}

static ath_status hold(void *arg) {
    queue *q = arg;
    ath_connection *c = ath_connect(q->db);
    note(q, "h");
    for (int i = 0; i < 5; i++)
        ath_loop_sleep(1); /* others run, and nobody gets it */
    note(q, "g");
    ath_connection_close(c);
    return ATH_OK;
}

static ath_status want(void *arg) {
    queue *q = arg;
    ath_connection *c = ath_connect(q->db);
    note(q, c ? "w" : "?");
    ath_connection_close(c);
    q->over = true;
    return ATH_OK;
}

static ath_status tick(void *arg) {
    queue *q = arg;
    int ticks = 0;
    for (; !q->over; ticks++)
        ath_loop_sleep(1);
    CHECK(ticks > 1);
    return ATH_OK;
}

static ath_status queue_up(void *arg) {
    ath_group *g = ath_group_new();
    ath_group_spawn(g, hold, arg);
    ath_loop_sleep(0);
    ath_group_spawn(g, want, arg);
    ath_group_spawn(g, tick, arg);
    return ath_group_join(g);
}

TEST(who_waits_for_the_pool_lets_others_run) {
    queue q = {.db = async_open(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW)};
    if (q.db)
        async_run(queue_up, &q);
    CHECK_STR(q.trace, "hgw");
    async_check_pool(q.db);
    ath_engine_close(q.db);
}

static ath_status time_out(void *arg) {
    ath_engine *db = arg;
    ath_error error;
    ath_connection *held = ath_connect(db);
    ath_deadline before = ath_loop_deadline(20);
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_INT(error.status, ATH_TIMEOUT);
    ath_loop_deadline_restore(before);
    ath_connection_close(held);
    return ATH_OK;
}

/* (The fiber that has the only connection is told at once that it would wait for itself.) */
TEST(a_deadline_ends_the_wait_for_the_pool) {
    ath_engine *db = async_open(.pool_size = 2, .max_overflow = ATH_POOL_NO_OVERFLOW);
    ath_connection *other = ath_connect(db);
    if (db)
        async_run(time_out, db);
    ath_connection_close(other);
    async_check_pool(db);
    ath_engine_close(db);
}

/* ---- ten thousand ---- */

#ifdef __SANITIZE_THREAD__
enum { MANY = 300 }; /* each fiber costs it megabytes */
#else
enum { MANY = 10000 };
#endif

typedef struct crowd {
    ath_engine *db;
    int served, begun;
    bool go;
} crowd;

static ath_status ask_once(void *arg) {
    crowd *c = arg;
    ath_session *s = ath_session_open(c->db);
    c->begun++;
    const Author *a = ath_get(s, Author, 1);
    c->served += a != NULL;
    if (!a && ath_error(s)->status != ATH_OK)
        printf("# %s\n", ath_error(s)->message);
    ath_session_close(s);
    return ATH_OK;
}

static long resident_kb(void) {
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* All of them wait for the one connection, which is not given back before the last has come. */
static ath_status crowd_in(void *arg) {
    crowd *c = arg;
    ath_connection *held = ath_connect(c->db);
    long before = resident_kb();
    ath_group *g = ath_group_new(.keep_going = true);
    for (int i = 0; i < MANY; i++)
        CHECK_INT(ath_group_spawn(g, ask_once, c), ATH_OK);
    while (ath_engine_statistics(c->db).waiting < MANY && c->begun < 2 * MANY)
        ath_loop_yield();
    CHECK_INT(ath_engine_statistics(c->db).waiting, MANY);
    printf("# %d sessions wait for a connection: %.1f MB resident, %.1f KB each\n", MANY, (double)resident_kb() / 1024,
           (double)(resident_kb() - before) / MANY);
    ath_connection_close(held);
    return ath_group_join(g);
}

TEST(ten_thousand_sessions_wait_at_once) {
    crowd c = {.db = async_open(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = INT32_MAX)};
    if (c.db && async_tables(c.db) && fill(c.db, 1))
        async_run(crowd_in, &c);
    CHECK_INT(c.served, MANY);
    async_check_pool(c.db);
    ath_engine_close(c.db);
}

/* ---- one session, two fibers ---- */

typedef struct shared {
    ath_engine *db;
    ath_session *s;
    bool warm; /* the session has a connection when the other comes */
    bool refused, asked;
    char message[512];
} shared;

static const char *slow_sql(void) {
    static const char *const texts[] = {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT count(*) FROM n",
        "SELECT pg_sleep(0.1)", "SELECT sleep(0.1)"};
    return texts[async_on];
}

static ath_status meddle(void *arg) {
    shared *m = arg;
    ath_result *r = ath_execute(m->s, ath_text("SELECT 1"));
    m->refused = !r && ath_error(m->s)->status == ATH_STATE && !ath_new(m->s, Author, .name = "x") &&
                 ath_rollback(m->s) == ATH_STATE;
    snprintf(m->message, sizeof m->message, "%s", ath_error(m->s)->message);
    ath_session_close(m->s); /* is not: the other is in it */
    ath_result_close(r);
    return ATH_OK;
}

static ath_status share(void *arg) {
    shared *m = arg;
    ath_fiber *other;
    m->s = ath_session_open(m->db);
    if (m->warm)
        CHECK_INT(ath_count(m->s, Author), 0);
    CHECK_INT(ath_loop_spawn(ath_loop_here(), meddle, m, .fiber = &other), ATH_OK);
    ath_result *r = ath_execute(m->s, ath_text(slow_sql()));
    m->asked = r && ath_error(m->s)->status == ATH_OK;
    ath_result_close(r);
    CHECK_INT(ath_loop_join(other), ATH_OK);
    CHECK_INT(ath_count(m->s, Author), 0);
    ath_session_close(m->s);
    return ATH_OK;
}

static void check_shared(ath_engine *db, bool warm) {
    shared m = {.db = db, .warm = warm};
    test_context("%s", warm ? "in a query" : "while connecting");
    async_run(share, &m);
    CHECK(m.asked);
    CHECK(m.refused);
    CHECK(strstr(m.message, "is used by two fibers at once") != NULL);
    CHECK(strstr(m.message, "async.h:") != NULL);         /* where the one was begun */
    CHECK(strstr(m.message, "test_sessions.c:") != NULL); /* ... and the other, and the session */
    CHECK(!warm || strstr(m.message, "SELECT") != NULL);
    if (test_failures_)
        printf("# %s\n", m.message);
}

TEST(a_session_that_two_fibers_use_names_both) {
    ath_engine *db = async_open();
    if (db && async_tables(db)) {
        ath_engine_dispose(db);
        check_shared(db, false);
        check_shared(db, true);
    }
    async_check_pool(db);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"sixty_four_fibers_do_a_hundred_gets_each", sixty_four_fibers_do_a_hundred_gets_each},
    {"writers_wait_for_each_other_and_not_for_ever", writers_wait_for_each_other_and_not_for_ever},
    {"rows_come_one_after_the_other", rows_come_one_after_the_other},
    {"who_waits_for_the_pool_lets_others_run", who_waits_for_the_pool_lets_others_run},
    {"a_deadline_ends_the_wait_for_the_pool", a_deadline_ends_the_wait_for_the_pool},
    {"ten_thousand_sessions_wait_at_once", ten_thousand_sessions_wait_at_once},
    {"a_session_that_two_fibers_use_names_both", a_session_that_two_fibers_use_names_both},
};

int main(int argc, char **argv) {
    return async_main(argc, argv, cases, TEST_COUNT(cases));
}
