/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool under many threads: limits hold, turns are kept, losses trouble each but once, and nobody is in anybody's way.
 */
#include "engine/fake.h"

enum { MANY = 64 };

static ath_engine *db;

static void run_threads(int count, void *(*work)(void *), void *argument) {
    pthread_t threads[MANY];
    for (int i = 0; i < count; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, work, argument), 0);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

/* ---- limits ---- */

static _Atomic int failures, answers;

static void *ask_often(void *argument) {
    int rounds = *(int *)argument;
    for (int i = 0; i < rounds; i++) {
        ath_error error;
        ath_connection *c = ath_connect(db, &error);
        if (!c || run_sql(c, "SELECT 1") != ATH_OK)
            failures++;
        else
            answers++;
        if (i % 8 == 0)
            ath_engine_statistics(db);
        ath_connection_close(c);
    }
    return NULL;
}

TEST(sixty_four_share_five) {
    int rounds = 100;
    fake_reset();
    failures = answers = 0;
    db = fake_engine(.pool_size = 3, .max_overflow = 2);
    run_threads(MANY, ask_often, &rounds);
    CHECK_INT(failures, 0);
    CHECK_INT(answers, MANY * rounds);
    CHECK(fake.most <= 5);
    ath_engine_stats s = ath_engine_statistics(db);
    CHECK_INT(s.checked_out, 0);
    CHECK_INT(s.waiting, 0);
    CHECK_INT(s.idle, fake.connected);
    CHECK_INT(s.connections - s.closed, s.idle);
    CHECK(s.idle <= 3);
    CHECK_INT(s.timeouts, 0);
    ath_engine_close(db);
    CHECK_INT(fake.connected, 0);
}

TEST(sixty_four_share_a_file) {
    int rounds = 40;
    failures = answers = 0;
    db = ath_engine_open(temp_url("many.db", ""));
    run_threads(MANY, ask_often, &rounds);
    CHECK_INT(failures, 0);
    CHECK(ath_engine_statistics(db).idle <= 5);
    ath_engine_close(db);
}

TEST(sixty_four_share_the_memory_database) {
    int rounds = 40;
    failures = answers = 0;
    db = ath_engine_open("sqlite://");
    run_threads(MANY, ask_often, &rounds);
    CHECK_INT(failures, 0);
    CHECK_INT(ath_engine_statistics(db).connections, 1);
    ath_engine_close(db);
}

/* ---- turns ---- */

static _Atomic int turn;
static int order[MANY];

typedef struct queued {
    int number;
    ath_status status;
} queued;

static void *queue_up(void *argument) {
    queued *q = argument;
    ath_error error;
    ath_connection *c = ath_connect(db, &error);
    q->status = error.status;
    if (c)
        order[turn++] = q->number;
    ath_connection_close(c);
    return NULL;
}

TEST(turns_are_kept) {
    enum { WAITING = 20 };
    pthread_t threads[WAITING];
    queued q[WAITING];
    fake_reset();
    turn = 0;
    db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW);
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < WAITING; i++) {
        q[i].number = i;
        pthread_create(&threads[i], NULL, queue_up, &q[i]);
        WAIT_UNTIL(ath_engine_statistics(db).waiting == (uint64_t)i + 1);
    }
    ath_connection_close(c);
    for (int i = 0; i < WAITING; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WAITING; i++)
        CHECK_INT(order[i], i);
    CHECK_INT(fake.connects, 1);
    ath_engine_close(db);
}

static void *hold_and_ask_again(void *argument) {
    queued *q = argument;
    ath_connection *c = ath_connect(db);
    WAIT_UNTIL(ath_engine_statistics(db).waiting == 2);
    ath_connection_close(c);
    c = ath_connect(db); /* behind those who waited */
    order[turn++] = q->number;
    ath_connection_close(c);
    return NULL;
}

TEST(who_comes_again_is_last) {
    pthread_t threads[3];
    queued q[3] = {{.number = 0}, {.number = 1}, {.number = 2}};
    fake_reset();
    turn = 0;
    db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW);
    pthread_create(&threads[0], NULL, hold_and_ask_again, &q[0]);
    WAIT_UNTIL(ath_engine_statistics(db).checked_out == 1);
    for (int i = 1; i < 3; i++) {
        pthread_create(&threads[i], NULL, queue_up, &q[i]);
        WAIT_UNTIL(ath_engine_statistics(db).waiting == (uint64_t)i || turn > 0);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(order[0], 1);
    CHECK_INT(order[1], 2);
    CHECK_INT(order[2], 0);
    ath_engine_close(db);
}

TEST(the_leave_to_open_goes_to_who_waits) {
    pthread_t threads[2];
    queued q[2] = {{.number = 0}, {.number = 1}};
    fake_reset();
    turn = 0;
    fake.connect_ms = 200;
    fake.connect_fails = 1;
    db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW);
    pthread_create(&threads[0], NULL, queue_up, &q[0]);
    WAIT_UNTIL(fake.connects == 1);
    pthread_create(&threads[1], NULL, queue_up, &q[1]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(q[0].status, ATH_OPERATIONAL);
    CHECK_INT(q[1].status, ATH_OK);
    ath_engine_close(db);
}

TEST(waiting_ends_in_time) {
    enum { WAITING = 8 };
    pthread_t threads[WAITING];
    queued q[WAITING];
    fake_reset();
    db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = 30);
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < WAITING; i++)
        pthread_create(&threads[i], NULL, queue_up, &q[i]);
    for (int i = 0; i < WAITING; i++) {
        pthread_join(threads[i], NULL);
        CHECK_INT(q[i].status, ATH_TIMEOUT);
    }
    CHECK_INT(ath_engine_statistics(db).timeouts, WAITING);
    CHECK_INT(ath_engine_statistics(db).waiting, 0);
    ath_connection_close(c);
    CHECK((c = ath_connect(db)) != NULL);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- losses ---- */

static _Atomic bool over;
static _Atomic int twice;

/* Works as a service does: what fails is rolled back, and the next piece of work begins with a check-out. */
static void *serve(void *argument) {
    (void)argument;
    for (int in_a_row = 0; !over;) {
        ath_error error = {0};
        ath_connection *c = ath_connect(db, &error);
        ath_status status = c ? run_sql(c, "SELECT 1") : error.status;
        if (c && status == ATH_OK)
            status = run_sql(c, "UPDATE something");
        if (c && status == ATH_OK)
            status = ath_commit(c);
        in_a_row = status == ATH_OK ? 0 : in_a_row + 1;
        answers += status == ATH_OK;
        twice += in_a_row > 1;
        ath_connection_close(c);
    }
    return NULL;
}

TEST(a_restart_troubles_each_but_once) {
    pthread_t threads[16];
    fake_reset();
    over = false;
    twice = answers = 0;
    db = fake_engine(.pool_size = 4, .max_overflow = 2);
    for (int i = 0; i < 16; i++)
        pthread_create(&threads[i], NULL, serve, NULL);
    for (int i = 0; i < 5; i++) {
        int before = answers;
        WAIT_UNTIL(answers > before + 100);
        fake.down = true;
        fake_kill_all();
        sleep_ms(60);
        fake.down = false;
    }
    over = true;
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(twice, 0);
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    ath_engine_close(db);
    CHECK_INT(fake.connected, 0);
    CHECK_INT(fake.statements, 0);
}

/* ---- misuse ---- */

static void *sleeper(void *argument) {
    return (void *)(intptr_t)run_sql(argument, "SELECT sleep");
}

TEST(two_at_once_are_told) {
    static lines log;
    pthread_t thread;
    void *status;
    char here[60];
    log = (lines){0};
    fake_reset();
    db = fake_engine(.log = lines_add, .log_context = &log, .log_level = ATH_LOG_WARNING);
    snprintf(here, sizeof here, "test_pool_threads.c:%d", __LINE__ + 1);
    ath_connection *c = ath_connect(db);
    pthread_create(&thread, NULL, sleeper, c);
    WAIT_UNTIL(fake.sleeping == 1);
    CHECK_INT(run_sql(c, "SELECT 'mine'"), ATH_STATE);
    CHECK_HAS(ath_error(c)->message, "two threads at once");
    CHECK_HAS(ath_error(c)->message, here);
    CHECK_HAS(ath_error(c)->message, "is in ath_connection_execute (SELECT sleep)");
    CHECK_INT(ath_commit(c), ATH_STATE);
    CHECK_HAS(ath_error(c)->message, "called ath_connection_commit");
    ath_connection_close(c); /* refused: somebody is in it */
    CHECK_INT(log.count, 3);
    CHECK_INT(ath_engine_statistics(db).checked_out, 1);
    CHECK_INT(ath_connection_cancel(c, NULL), ATH_OK);
    pthread_join(thread, &status);
    CHECK_INT((intptr_t)status, ATH_OPERATIONAL);
    CHECK_INT(ath_rollback(c), ATH_OK); /* one after the other is fine */
    CHECK_INT(ath_error(c)->status, ATH_OK);
    CHECK_INT(fake_ask(c), 1);
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    ath_engine_close(db);
}

/* ---- cancellations ---- */

static _Atomic(ath_connection *) target;
static _Atomic bool cancelled;

static void *cancel_it(void *argument) {
    (void)argument;
    ath_connection *c;
    while ((c = target) == NULL)
        sleep_ms(0);
    ath_connection_cancel(c, NULL);
    cancelled = true;
    return NULL;
}

/* The owner gives the connection back while it is being cancelled; the next user must not feel it. */
TEST(a_late_cancellation_strikes_nobody_else) {
    fake_reset();
    db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW);
    fake.late_cancel = 3;
    for (int i = 0; i < 40; i++) {
        pthread_t thread;
        target = NULL;
        cancelled = false;
        pthread_create(&thread, NULL, cancel_it, NULL);
        ath_connection *c = ath_connect(db);
        CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
        target = c;
        sleep_ms(1);
        ath_connection_close(c);
        c = ath_connect(db);
        CHECK_INT(run_sql(c, "SELECT 'of another'"), ATH_OK);
        ath_connection_close(c);
        pthread_join(thread, NULL);
    }
    CHECK(fake.struck > 0);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"sixty_four_share_five", sixty_four_share_five},
        {"sixty_four_share_a_file", sixty_four_share_a_file},
        {"sixty_four_share_the_memory_database", sixty_four_share_the_memory_database},
        {"turns_are_kept", turns_are_kept},
        {"who_comes_again_is_last", who_comes_again_is_last},
        {"the_leave_to_open_goes_to_who_waits", the_leave_to_open_goes_to_who_waits},
        {"waiting_ends_in_time", waiting_ends_in_time},
        {"a_restart_troubles_each_but_once", a_restart_troubles_each_but_once},
        {"two_at_once_are_told", two_at_once_are_told},
        {"a_late_cancellation_strikes_nobody_else", a_late_cancellation_strikes_nobody_else},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
