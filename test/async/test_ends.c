/* SPDX-License-Identifier: Apache-2.0
 *
 * Fibers that are cancelled or run out of time: the query is ended on the server, the transaction rolled back, and the
 * connection healthy when it comes back.
 */
#include "async.h"

/* Ten seconds and more, unless it is ended. */
static const char *long_sql(void) {
    static const char *const texts[] = {
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT pg_sleep(100)", "SELECT sleep(100)"};
    return texts[async_on];
}

typedef struct request {
    ath_engine *db;
    ath_status status;
    char message[512];
    int64_t connection; /* the server's number of it */
} request;

static const char *number_sql(void) {
    static const char *const texts[] = {"SELECT 1", "SELECT pg_backend_pid()", "SELECT connection_id()"};
    return texts[async_on];
}

static int64_t number_of(ath_session *s) {
    ath_result *r = ath_execute(s, ath_text(number_sql()));
    const ath_row *row = ath_result_first(r);
    int64_t number = row ? ath_row_int(row, 0) : -1;
    ath_result_close(r);
    return number;
}

/* The only connection there is. */
static void note_connection(request *q) {
    ath_session *s = ath_session_open(q->db);
    q->connection = number_of(s);
    ath_session_close(s);
}

/* Writes, then waits. */
static ath_status ask_for_long(void *arg) {
    request *q = arg;
    ath_session *s = ath_session_open(q->db);
    ath_new(s, Stock, .shop_id = 1, .sku = "never", .quantity = 1);
    ath_status flushed = ath_flush(s);
    ath_result *r = flushed == ATH_OK ? ath_execute(s, ath_text(long_sql())) : NULL;
    const ath_row *row = r ? ath_fetch(r) : NULL;
    q->status = row ? ATH_OK : ath_error(s)->status;
    snprintf(q->message, sizeof q->message, "%s", ath_error(s)->message);
    CHECK(ath_commit(s) != ATH_OK);
    ath_result_close(r);
    ath_session_close(s);
    return q->status;
}

/* The same connection serves the next, and nothing was written. */
static void check_after(const request *q) {
    ath_session *s = ath_session_open(q->db);
    CHECK_INT(number_of(s), q->connection);
    CHECK_INT(ath_count(s, Stock), 0);
    ath_session_close(s);
    CHECK_INT(ath_engine_statistics(q->db).invalidated, 0);
    async_check_pool(q->db);
}

static ath_status cancel_it(void *arg) {
    request *q = arg;
    ath_fiber *f;
    note_connection(q);
    CHECK_INT(ath_loop_spawn(ath_loop_here(), ask_for_long, q, .fiber = &f), ATH_OK);
    ath_loop_sleep(150);
    ath_loop_cancel(f);
    CHECK_INT(ath_loop_join(f), ATH_CANCELLED);
    check_after(q);
    return ATH_OK;
}

TEST(a_cancelled_query_is_ended_and_its_connection_healthy) {
    request q = {.db = async_open(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW)};
    if (q.db && async_tables(q.db))
        async_run(cancel_it, &q);
    CHECK_INT(q.status, ATH_CANCELLED);
    if (q.status != ATH_CANCELLED)
        printf("# %s\n", q.message);
    ath_engine_close(q.db);
}

static ath_status run_out(void *arg) {
    request *q = arg;
    ath_fiber *f;
    note_connection(q);
    CHECK_INT(ath_loop_spawn(ath_loop_here(), ask_for_long, q, .fiber = &f, .deadline_ms = 150), ATH_OK);
    CHECK_INT(ath_loop_join(f), ATH_TIMEOUT);
    check_after(q);
    return ATH_OK;
}

TEST(a_query_over_its_fibers_deadline_is_ended) {
    request q = {.db = async_open(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW)};
    if (q.db && async_tables(q.db))
        async_run(run_out, &q);
    CHECK_INT(q.status, ATH_TIMEOUT);
    if (q.status != ATH_TIMEOUT)
        printf("# %s\n", q.message);
    ath_engine_close(q.db);
}

static ath_status scoped(void *arg) {
    request *q = arg;
    ath_session *s = ath_session_open(q->db);
    CHECK_INT(ath_count(s, Stock), 0);
    ath_deadline before = ath_loop_deadline(50);
    ath_result *r = ath_execute(s, ath_text(long_sql()));
    q->status = r && ath_fetch(r) ? ATH_OK : ath_error(s)->status;
    ath_result_close(r);
    ath_loop_deadline_restore(before);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Stock), 0); /* the session goes on */
    ath_session_close(s);
    return ATH_OK;
}

TEST(a_deadline_of_a_part_leaves_the_rest) {
    request q = {.db = async_open()};
    if (q.db && async_tables(q.db))
        async_run(scoped, &q);
    CHECK_INT(q.status, ATH_TIMEOUT);
    async_check_pool(q.db);
    ath_engine_close(q.db);
}

/* ---- what is not cut short ---- */

typedef struct trap {
    ath_fiber *victim;
    request q;
    int turn;
    bool armed, sprung;
} trap;

static ath_status commit_then_cancel(void *arg) {
    trap *t = arg;
    ath_session *s = ath_session_open(t->q.db);
    ath_new(s, Stock, .shop_id = t->turn, .sku = "kept", .quantity = 1);
    CHECK_INT(ath_flush(s), ATH_OK);
    t->q.status = ath_commit(s); /* cancelled while it waits for the answer */
    if (t->sprung) {
        CHECK(ath_count(s, Stock) <= 0);
        CHECK_INT(ath_error(s)->status, ATH_CANCELLED);
    }
    ath_session_close(s);
    return ATH_OK;
}

/* Cancels the fiber at its first wait once armed. */
static ath_status wait_and_cancel(void *context, int fd, short events, int64_t deadline_us) {
    trap *t = context;
    if (t->armed && t->victim) {
        t->sprung = true;
        ath_loop_cancel(t->victim);
    }
    return ath__here_wait(fd, events, deadline_us);
}

static void arm_at_commit(void *context, ath_log_level level, const char *line) {
    trap *t = context;
    (void)level;
    t->armed = t->armed || strstr(line, "COMMIT") != NULL;
}

static ath_status spawn_victim(void *arg) {
    trap *t = arg;
    ath_fiber *f;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), commit_then_cancel, t, .fiber = &f), ATH_OK);
    t->victim = f;
    return ath_loop_join(f);
}

/* A server may answer before anybody has to wait: then it is tried again. */
TEST(a_commit_that_was_sent_is_waited_for) {
    enum { TURNS = 200 };
    trap t = {.victim = NULL};
    const ath_wait_hook hook = {wait_and_cancel, &t};
    if (async_on == TEST_SQLITE)
        TEST_SKIP("its COMMIT waits for no socket");
    ath_engine *plain = async_open();
    bool made = plain && async_tables(plain);
    t.q.db = async_open(.wait = &hook, .log = arm_at_commit, .log_context = &t, .echo = true);
    while (made && t.q.db && !t.sprung && t.turn < TURNS) {
        t.turn++;
        t.armed = false;
        t.victim = NULL;
        async_run(spawn_victim, &t);
        CHECK_INT(t.q.status, ATH_OK);
    }
    CHECK(t.sprung);
    ath_session *s = ath_session_open(plain);
    CHECK_INT(ath_count(s, Stock), t.turn);
    ath_session_close(s);
    async_check_pool(t.q.db);
    ath_engine_close(t.q.db);
    ath_engine_close(plain);
}

/* ---- ten thousand ---- */

enum { AT_ONCE = 100, ROUNDS = 100 };

typedef struct service {
    ath_engine *db;
    int answered, cancelled, other, next;
} service;

static ath_status serve(void *arg) {
    service *v = arg;
    ath_session *s = ath_session_open(v->db);
    ath_new(s, Stock, .shop_id = v->next++, .sku = "x", .quantity = 1);
    ath_status status = ath_flush(s);
    if (status == ATH_OK)
        status = ath_count(s, Stock) >= 0 ? ATH_OK : ath_error(s)->status;
    if (status == ATH_OK)
        status = ath_rollback(s);
    if (status != ATH_OK && status != ATH_CANCELLED && v->other++ < 3)
        printf("# %s\n", ath_error(s)->message);
    v->answered += status == ATH_OK;
    v->cancelled += status == ATH_CANCELLED;
    ath_session_close(s);
    return status;
}

/* Each is cancelled a little later than the one before: at check-out, connecting, in BEGIN, in a query ... */
static ath_status cancel_all(void *arg) {
    service *v = arg;
    for (int round = 0; round < ROUNDS; round++) {
        ath_fiber *fibers[AT_ONCE];
        for (int i = 0; i < AT_ONCE; i++)
            CHECK_INT(ath_loop_spawn(ath_loop_here(), serve, v, .fiber = &fibers[i]), ATH_OK);
        for (int i = 0; i < round % 10; i++)
            ath_loop_yield();
        for (int i = 0; i < AT_ONCE; i++) {
            ath_loop_cancel(fibers[i]);
            if (i % 8 == 7)
                ath_loop_yield();
        }
        for (int i = 0; i < AT_ONCE; i++)
            ath_loop_join(fibers[i]);
    }
    return ATH_OK;
}

TEST(ten_thousand_cancelled_requests_leave_the_pool_whole) {
    service v = {.db = async_open(.pool_size = 5, .max_overflow = 3, .busy_timeout_ms = 60000)};
    if (v.db && async_tables(v.db))
        async_run(cancel_all, &v);
    CHECK_INT(v.answered + v.cancelled, ROUNDS * AT_ONCE);
    CHECK_INT(v.other, 0);
    CHECK(v.cancelled >= ROUNDS / 10 * 8); /* those that had not begun; how many more, is the weather of the machine */
    printf("# %d cancelled, %d were faster; %d connections opened, %d lost\n", v.cancelled, v.answered,
           (int)ath_engine_statistics(v.db).connections, (int)ath_engine_statistics(v.db).invalidated);
    async_check_pool(v.db);
    ath_session *s = ath_session_open(v.db);
    CHECK_INT(ath_count(s, Stock), 0);
    ath_session_close(s);
    ath_engine_close(v.db);
}

static const test_case cases[] = {
    {"a_cancelled_query_is_ended_and_its_connection_healthy", a_cancelled_query_is_ended_and_its_connection_healthy},
    {"a_query_over_its_fibers_deadline_is_ended", a_query_over_its_fibers_deadline_is_ended},
    {"a_deadline_of_a_part_leaves_the_rest", a_deadline_of_a_part_leaves_the_rest},
    {"a_commit_that_was_sent_is_waited_for", a_commit_that_was_sent_is_waited_for},
    {"ten_thousand_cancelled_requests_leave_the_pool_whole", ten_thousand_cancelled_requests_leave_the_pool_whole},
};

int main(int argc, char **argv) {
    return async_main(argc, argv, cases, TEST_COUNT(cases));
}
