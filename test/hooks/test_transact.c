/* SPDX-License-Identifier: Apache-2.0
 *
 * ath_transact: what is started over, what is not, and that money neither appears nor vanishes while threads meet in real
 * deadlocks and serialization failures.
 */
#include "../servers.h"

#include <athanor/athanor.h>
#include <poll.h>
#include <pthread.h>

typedef struct Account {
    int64_t id, balance;
    const char *owner;
} Account;
ATH_MODEL(Account, "accounts") {
    ath_column(id, .primary_key = true);
    ath_column(balance);
    ath_column(owner, .type = ATH_STRING(20), .unique = true);
}
ATH_METADATA(Bank, Account);

static ath_engine *db;

/* Two accounts of 100 in a database that several connections can share. */
static bool bank_open(const ath_wait_hook *wait, int busy_timeout_ms) {
    ath_error error = {0};
    db = ath_engine_open(test_url(test_on), .error = &error, .wait = wait, .busy_timeout_ms = busy_timeout_ms);
    ath_session *s = NULL;
    if (db && ath_drop_all(db, &Bank, &error) == ATH_OK && ath_create_all(db, &Bank, &error) == ATH_OK)
        s = ath_session_open(db);
    ath_new(s, Account, .balance = 100, .owner = "alice");
    ath_new(s, Account, .balance = 100, .owner = "bob");
    bool filled = s && ath_commit(s) == ATH_OK;
    if (!filled)
        test_failed_(__FILE__, __LINE__, "%s: %s", error.message, s ? ath_error(s)->message : "");
    ath_session_close(s);
    return filled;
}

static int64_t balance_of(int64_t id) {
    ath_session *s = ath_session_open(db);
    Account *a = ath_get(s, Account, id);
    int64_t balance = a ? a->balance : -1;
    ath_session_close(s);
    return balance;
}

static ath_status run_text(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    ath_status status = r ? ATH_OK : ath_error(s)->status;
    ath_result_close(r);
    return status;
}

/* ---- one at a time ---- */

static ath_status transfer(ath_session *s, void *arg) {
    const int64_t *amount = arg;
    Account *from = ath_get(s, Account, 1), *to = ath_get(s, Account, 2);
    if (!from || !to)
        return ATH_NO_RESULT;
    from->balance -= *amount;
    to->balance += *amount;
    return ATH_OK;
}

TEST(commits_what_the_function_did) {
    int attempts = 0;
    ath_error error;
    if (!bank_open(NULL, 0))
        return;
    CHECK_INT(ath_transact(db, transfer, &(int64_t){30}, .attempts = &attempts, .error = &error), ATH_OK);
    CHECK_INT(error.status, ATH_OK);
    CHECK_INT(attempts, 1);
    CHECK_INT(balance_of(1), 70);
    CHECK_INT(balance_of(2), 130);
    ath_engine_close(db);
}

static ath_status refuse(ath_session *s, void *arg) {
    (void)arg;
    Account *a = ath_get(s, Account, 1);
    if (a)
        a->balance = 0;
    ath_flush(s);
    return ATH_ARGUMENT;
}

static ath_status repeat_owner(ath_session *s, void *arg) {
    (void)arg;
    return ath_new(s, Account, .owner = "alice") ? ATH_OK : ath_error(s)->status;
}

static ath_status commit_itself(ath_session *s, void *arg) {
    (void)arg;
    return ath_commit(s);
}

TEST(gives_other_failures_back_at_once) {
    int attempts = 0;
    ath_error error;
    if (!bank_open(NULL, 0))
        return;
    CHECK_INT(ath_transact(db, refuse, NULL, .attempts = &attempts, .error = &error), ATH_ARGUMENT);
    CHECK_INT(attempts, 1);
    CHECK_STR(error.message, "the function of the transaction gave argument");
    CHECK_INT(balance_of(1), 100);
    CHECK_INT(ath_transact(db, repeat_owner, NULL, .attempts = &attempts, .error = &error), ATH_INTEGRITY);
    CHECK_INT(attempts, 1);
    CHECK_INT(error.integrity, ATH_INTEGRITY_UNIQUE);
    CHECK(!error.retryable);
    CHECK_INT(ath_transact(db, commit_itself, NULL, .attempts = &attempts, .error = &error), ATH_STATE);
    CHECK_INT(attempts, 1);
    CHECK_INT(ath_transact(db, NULL, NULL, .error = &error), ATH_ARGUMENT);
    CHECK_INT(ath_transact(NULL, transfer, NULL, .error = &error), ATH_ARGUMENT);
    ath_engine_close(db);
}

/* ---- threads that meet ---- */

enum { MEETING = 2, THREADS = 4, ROUNDS = 10 };

static pthread_barrier_t meeting;
static _Atomic int met, runs;

typedef struct worker {
    int64_t from, to;
    bool met; /* has waited for the other one */
    ath_status status;
    int attempts;
    ath_error error;
} worker;

static void wait_for_the_other(worker *w) {
    if (!w->met) {
        w->met = true;
        met++;
        pthread_barrier_wait(&meeting);
    }
}

static void *work_deadlock(void *argument);
static void *work_serial(void *argument);

static void run_two(void *(*work)(void *), worker *a, worker *b) {
    pthread_t threads[MEETING];
    met = runs = 0;
    CHECK_INT(pthread_barrier_init(&meeting, NULL, MEETING), 0);
    CHECK_INT(pthread_create(&threads[0], NULL, work, a), 0);
    CHECK_INT(pthread_create(&threads[1], NULL, work, b), 0);
    for (int i = 0; i < MEETING; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&meeting);
}

/* Each locks one account, waits until the other has locked its own, and asks for it. */
static ath_status cross(ath_session *s, void *arg) {
    worker *w = arg;
    runs++;
    Account *from = ath_get(s, Account, w->from), *to = ath_get(s, Account, w->to);
    if (!from || !to)
        return ath_error(s)->status;
    if (ath_update(s, Account, .set = ath_set(ath_to(Account, balance, ath_minus(ath_col(Account, balance), 10))),
                   .where = ath_eq(ath_col(Account, id), w->from)) != 1)
        return ath_error(s)->status;
    wait_for_the_other(w);
    if (ath_update(s, Account, .set = ath_set(ath_to(Account, balance, ath_plus(ath_col(Account, balance), 10))),
                   .where = ath_eq(ath_col(Account, id), w->to)) != 1)
        return ath_error(s)->status;
    return ATH_OK;
}

static void *work_deadlock(void *argument) {
    worker *w = argument;
    w->status = ath_transact(db, cross, w, .attempts = &w->attempts, .error = &w->error);
    return NULL;
}

TEST(a_deadlock_is_started_over) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("SQLite has one writer");
    if (!bank_open(NULL, 0))
        return;
    worker a = {.from = 1, .to = 2}, b = {.from = 2, .to = 1};
    run_two(work_deadlock, &a, &b);
    CHECK_STR(a.error.message, "");
    CHECK_STR(b.error.message, "");
    CHECK_INT(met, 2);
    CHECK_INT(a.attempts + b.attempts, runs);
    CHECK(runs > 2); /* else they have not met */
    CHECK_INT(balance_of(1), 100);
    CHECK_INT(balance_of(2), 100);
    ath_engine_close(db);
}

/* Each reads both, waits until the other has, and writes what it has worked out: one of the two is out of date. */
static ath_status serial(ath_session *s, void *arg) {
    worker *w = arg;
    runs++;
    if (test_on == TEST_POSTGRESQL && run_text(s, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE") != ATH_OK)
        return ath_error(s)->status;
    if (test_on == TEST_MYSQL && run_text(s, "SET SESSION innodb_snapshot_isolation = ON") != ATH_OK)
        return ath_error(s)->status;
    Account *from = ath_get(s, Account, 1), *to = ath_get(s, Account, 2);
    if (!from || !to)
        return ath_error(s)->status;
    wait_for_the_other(w);
    from->balance -= 10;
    to->balance += 10;
    return ATH_OK;
}

static void *work_serial(void *argument) {
    worker *w = argument;
    w->status = ath_transact(db, serial, w, .attempts = &w->attempts, .error = &w->error);
    return NULL;
}

TEST(a_serialization_failure_is_started_over) {
    if (!bank_open(NULL, 0))
        return;
    worker a = {0}, b = {0};
    run_two(work_serial, &a, &b);
    CHECK_STR(a.error.message, "");
    CHECK_STR(b.error.message, "");
    CHECK(runs > 2);
    CHECK_INT(a.attempts + b.attempts, runs);
    CHECK_INT(balance_of(1), 80); /* both are in it: no update was lost */
    CHECK_INT(balance_of(2), 120);
    ath_engine_close(db);
}

static ath_status crowded(ath_session *s, void *arg) {
    ath_status status = ATH_OK;
    if (test_on == TEST_POSTGRESQL)
        status = run_text(s, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    if (test_on == TEST_MYSQL)
        status = run_text(s, "SET SESSION innodb_snapshot_isolation = ON");
    if (status == ATH_OK)
        status = transfer(s, arg);
    return status == ATH_NO_RESULT ? ath_error(s)->status : status;
}

static void *work_crowded(void *argument) {
    worker *w = argument;
    for (int i = 0; i < ROUNDS && w->status == ATH_OK; i++)
        w->status = ath_transact(db, crowded, &(int64_t){1}, .retries = 1000, .max_backoff_ms = 20, .error = &w->error);
    return NULL;
}

TEST(many_threads_lose_nothing) {
    pthread_t threads[THREADS];
    worker workers[THREADS] = {{0}};
    if (!bank_open(NULL, 0))
        return;
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, work_crowded, &workers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CHECK_STR(workers[i].error.message, "");
    }
    CHECK_INT(balance_of(1), 100 - THREADS * ROUNDS);
    CHECK_INT(balance_of(2), 100 + THREADS * ROUNDS);
    ath_engine_close(db);
}

/* ---- connections that are lost ---- */

typedef struct losing {
    bool before_commit; /* and not during it */
    int runs;
} losing;

/* Has another connection end this one, and waits until it is gone. */
static bool end_connection(ath_session *s) {
    bool postgresql = test_on == TEST_POSTGRESQL;
    ath_result *r = ath_execute(s, ath_text(postgresql ? "SELECT pg_backend_pid()" : "SELECT connection_id()"));
    const ath_row *row = ath_fetch(r);
    int64_t number = row ? ath_row_int(row, 0) : 0;
    ath_result_close(r);
    char sql[160];
    snprintf(sql, sizeof sql, postgresql ? "SELECT pg_terminate_backend(%lld, 5000)" : "KILL %lld", (long long)number);
    return number && test_client(test_on, sql, NULL, 0);
}

static ath_status lose(ath_session *s, void *arg) {
    losing *l = arg;
    Account *a = ath_get(s, Account, 1);
    if (!a)
        return ath_error(s)->status;
    a->balance += 1;
    if (ath_flush(s) != ATH_OK)
        return ath_error(s)->status;
    if (l->runs++ == 0 && !end_connection(s))
        return ATH_INTERNAL;
    return l->before_commit && ath_count(s, Account) < 0 ? ath_error(s)->status : ATH_OK;
}

TEST(a_connection_lost_before_the_commit_is_started_over) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("SQLite has no server");
    int attempts = 0;
    ath_error error;
    losing l = {.before_commit = true};
    if (!bank_open(NULL, 0))
        return;
    CHECK_INT(ath_transact(db, lose, &l, .attempts = &attempts, .error = &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK_INT(attempts, 2);
    CHECK_INT(balance_of(1), 101);
    ath_engine_close(db);
}

TEST(a_connection_lost_during_the_commit_is_not) {
    if (test_on == TEST_SQLITE)
        TEST_SKIP("SQLite has no server");
    int attempts = 0;
    ath_error error;
    losing l = {.before_commit = false};
    if (!bank_open(NULL, 0))
        return;
    CHECK_INT(ath_transact(db, lose, &l, .attempts = &attempts, .error = &error), ATH_DISCONNECT);
    CHECK_INT(attempts, 1);
    CHECK(!error.retryable);
    CHECK(strstr(error.message, "whether the transaction was committed is not known"));
    CHECK_STR(error.statement, "COMMIT");
    CHECK_INT(balance_of(1), 100);
    ath_engine_close(db);
}

/* ---- giving up, and waiting ---- */

typedef struct waiter {
    _Atomic int waits;
    _Atomic long long longest_us;
} waiter;

/* As the default would; counts the waits that are for no socket. */
static ath_status count_waits(void *context, int fd, short events, int64_t deadline_us) {
    waiter *w = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left =
        deadline_us == INT64_MAX ? 1000000 : deadline_us - (int64_t)now.tv_sec * 1000000 - (int64_t)now.tv_nsec / 1000;
    if (fd < 0) {
        w->waits++;
        w->longest_us = left > w->longest_us ? left : w->longest_us;
    }
    struct pollfd p = {.fd = fd, .events = events};
    int ready = poll(&p, fd < 0 ? 0 : 1, left > 0 ? (int)(left / 1000 + 1) : 0);
    return fd < 0 || ready > 0 ? ATH_OK : deadline_us == INT64_MAX ? ATH_OK : ATH_TIMEOUT;
}

/* Asks for a row that somebody else has locked. */
static ath_status want_lock(ath_session *s, void *arg) {
    ++*(int *)arg;
    if (test_on == TEST_SQLITE) {
        ath_new(s, Account, .owner = "carol");
        return ath_flush(s);
    }
    return ath_first(s, Account, .where = ath_eq(ath_col(Account, id), 1), .lock = ath_for_update(.nowait = true))
               ? ATH_OK
               : ath_error(s)->status;
}

TEST(gives_up_after_the_last_attempt) {
    waiter w = {0};
    const ath_wait_hook wait = {count_waits, &w};
    int attempts = 0, times = 0;
    ath_error error;
    if (!bank_open(&wait, -1))
        return;
    ath_session *holder = ath_session_open(db);
    Account *held = ath_get(holder, Account, 1);
    held->balance++;
    CHECK_INT(ath_flush(holder), ATH_OK);
    w.waits = 0;
    ath_status status =
        ath_transact(db, want_lock, &times, .retries = 3, .backoff_ms = 2, .attempts = &attempts, .error = &error);
    CHECK_INT(status, ATH_OPERATIONAL);
    CHECK_INT(attempts, 4);
    CHECK_INT(times, 4);
    CHECK_INT(w.waits, 3);
    CHECK(w.longest_us <= 8000);
    CHECK(error.retryable);
    CHECK(strstr(error.message, "(given up after 4 attempts)"));
    CHECK_INT(ath_transact(db, want_lock, &times, .retries = -1, .attempts = &attempts, .error = &error),
              ATH_OPERATIONAL);
    CHECK_INT(attempts, 1);
    ath_session_close(holder);
    CHECK_INT(ath_transact(db, want_lock, &times, .attempts = &attempts, .error = &error), ATH_OK);
    CHECK_INT(attempts, 1);
    ath_engine_close(db);
}

/* Passes over a failure: on PostgreSQL the transaction is broken all the same. */
static ath_status pass_over(ath_session *s, void *arg) {
    int *times = arg;
    if (++*times == 1)
        CHECK(run_text(s, "DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$") != ATH_OK);
    Account *a = ath_get(s, Account, 1);
    if (a)
        a->balance = 7;
    return ATH_OK;
}

TEST(a_failure_passed_over_is_started_over) {
    if (test_on != TEST_POSTGRESQL)
        TEST_SKIP("elsewhere a transaction outlives a failed statement");
    int attempts = 0, times = 0;
    ath_error error;
    if (!bank_open(NULL, 0))
        return;
    CHECK_INT(ath_transact(db, pass_over, &times, .attempts = &attempts, .error = &error), ATH_OK);
    CHECK_INT(attempts, 2);
    CHECK_INT(balance_of(1), 7);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"commits_what_the_function_did", commits_what_the_function_did},
    {"gives_other_failures_back_at_once", gives_other_failures_back_at_once},
    {"a_deadlock_is_started_over", a_deadlock_is_started_over},
    {"a_serialization_failure_is_started_over", a_serialization_failure_is_started_over},
    {"many_threads_lose_nothing", many_threads_lose_nothing},
    {"a_connection_lost_before_the_commit_is_started_over", a_connection_lost_before_the_commit_is_started_over},
    {"a_connection_lost_during_the_commit_is_not", a_connection_lost_during_the_commit_is_not},
    {"gives_up_after_the_last_attempt", gives_up_after_the_last_attempt},
    {"a_failure_passed_over_is_started_over", a_failure_passed_over_is_started_over},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
