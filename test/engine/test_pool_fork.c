/* SPDX-License-Identifier: Apache-2.0
 *
 * Forks: the child leaves its parent's connections alone, says so where the program does not, and opens its own.
 */
#include "engine/fake.h"

#include <sys/wait.h>

static ath_engine *db;

/* Runs it in a child; its failed checks are the parent's. */
static void in_child(void (*work)(void *), void *argument) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        test_failures_ = 0;
        work(argument);
        fflush(stdout);
        _exit(test_failures_ > 100 ? 100 : test_failures_);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void keep_idle(int count) {
    ath_connection *out[4];
    for (int i = 0; i < count; i++)
        out[i] = ath_connect(db);
    for (int i = 0; i < count; i++) {
        CHECK_INT(run_sql(out[i], "SELECT 1"), ATH_OK);
        ath_connection_close(out[i]);
    }
}

static void opens_its_own(void *argument) {
    int idle = *(int *)argument;
    fake_log_clear();
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), idle + 1);
    CHECK_INT(fake.abandons, idle);
    CHECK_INT(fake.disconnects, 0);
    CHECK_STR(fake_log(), "BEGIN; SELECT 1");
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).idle, 1);
    ath_engine_close(db);
    CHECK_INT(fake.connected, 0);
}

TEST(a_child_opens_its_own) {
    for (int by_pid = 0; by_pid < 2; by_pid++) {
        int idle = 3;
        fake_reset();
        db = fake_engine(.pool_size = 4);
        if (by_pid) { /* as where the kernel does not wipe pages */
            ath__fork_done(db);
            db->fork.mark = NULL;
        }
        keep_idle(idle);
        in_child(opens_its_own, &idle);
        CHECK_INT(ath_engine_statistics(db).idle, 3);
        ath_connection *c = ath_connect(db);
        CHECK_INT(fake_ask(c), 3);
        ath_connection_close(c);
        ath_engine_close(db);
        CHECK_INT(fake.connected, 0);
    }
}

static void closes_only(void *argument) {
    (void)argument;
    fake_log_clear();
    ath_engine_close(db);
    CHECK_STR(fake_log(), "");
    CHECK_INT(fake.abandons, 2);
    CHECK_INT(fake.disconnects, 0);
    CHECK_INT(fake.statements, 2); /* not one was taken off the server */
}

TEST(a_child_that_only_closes) {
    fake_reset();
    db = fake_engine(.pool_size = 4);
    keep_idle(2);
    in_child(closes_only, NULL);
    ath_engine_close(db);
}

typedef struct held {
    ath_connection *c;
    ath_session *s;
    ath_result *r;
    int line;
} held;

static void is_refused(void *argument) {
    held *h = argument;
    char place[40];
    snprintf(place, sizeof place, "test_pool_fork.c:%d", h->line);
    fake_log_clear();
    CHECK_INT(run_sql(h->c, "SELECT 2"), ATH_STATE);
    CHECK_HAS(ath_error(h->c)->message, "forked");
    CHECK_HAS(ath_error(h->c)->message, place);
    CHECK_INT(ath_commit(h->c), ATH_STATE);
    CHECK_INT(ath_rollback(h->c), ATH_STATE);
    CHECK(ath_fetch(h->r) == NULL);
    CHECK_INT(ath_result_error(h->r)->status, ATH_STATE);
    CHECK(ath_execute(h->s, ath_text("SELECT 3")) == NULL);
    CHECK_INT(ath_error(h->s)->status, ATH_STATE);
    ath_result_close(h->r);
    ath_connection_close(h->c);
    ath_session_close(h->s);
    CHECK_STR(fake_log(), "");
    CHECK_INT(fake.disconnects, 0);
    CHECK_INT(fake.abandons, 2);
    ath_connection *own = ath_connect(db);
    CHECK_INT(run_sql(own, "SELECT 1"), ATH_OK);
    ath_connection_close(own);
    ath_engine_close(db);
}

TEST(what_was_checked_out_is_refused) {
    fake_reset();
    db = fake_engine(.pool_size = 4);
    held h = {.s = ath_session_open(db)};
    h.line = __LINE__ + 1;
    h.c = ath_connect(db);
    h.r = ath_execute(h.c, ath_text("SELECT 1"));
    ath_result *r = ath_execute(h.s, ath_text("SELECT 1"));
    ath_result_close(r);
    in_child(is_refused, &h);
    CHECK(ath_fetch(h.r) != NULL);
    ath_result_close(h.r);
    CHECK_INT(run_sql(h.c, "SELECT 2"), ATH_OK);
    ath_connection_close(h.c);
    ath_session_close(h.s);
    ath_engine_close(db);
}

static void closes_the_engine_first(void *argument) {
    held *h = argument;
    ath_engine_close(db);
    ath_connection_close(h->c);
    CHECK_INT(fake.disconnects, 0);
}

TEST(an_engine_outlives_what_is_out) {
    fake_reset();
    db = fake_engine(.pool_size = 4);
    held h = {.c = ath_connect(db)};
    in_child(closes_the_engine_first, &h);
    ath_connection_close(h.c);
    ath_engine_close(db);
}

static void in_a_grandchild(void *argument) {
    int idle = *(int *)argument;
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), idle + 1);
    CHECK_INT(fake.disconnects, 0);
    ath_connection_close(c);
}

static void forks_again(void *argument) {
    int idle = *(int *)argument;
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), ++idle);
    ath_connection_close(c);
    in_child(in_a_grandchild, &idle);
}

TEST(a_child_of_a_child) {
    int idle = 2;
    fake_reset();
    db = fake_engine(.pool_size = 4);
    keep_idle(idle);
    in_child(forks_again, &idle);
    ath_engine_close(db);
}

/* A thread of the parent was in the pool when the process forked. */
TEST(the_pool_was_locked) {
    int idle = 0;
    fake_reset();
    db = fake_engine(.pool_size = 4);
    pthread_mutex_lock(&db->pool.mutex);
    in_child(opens_its_own, &idle);
    pthread_mutex_unlock(&db->pool.mutex);
    ath_engine_close(db);
}

static void has_a_copy(void *argument) {
    (void)argument;
    ath_connection *c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT n FROM copied"), 5);
    CHECK_INT(run_sql(c, "UPDATE copied SET n = 6"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(a_memory_database_comes_along) {
    db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE copied AS SELECT 5 AS n");
    ath_commit(c);
    ath_connection_close(c);
    in_child(has_a_copy, NULL);
    c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT n FROM copied"), 5);
    ath_connection_close(c);
    ath_engine_close(db);
}

static void writes_to_the_file(void *argument) {
    (void)argument;
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "INSERT INTO shared VALUES (2)"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(a_file_is_shared) {
    db = ath_engine_open(temp_url("fork.db", ""));
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE shared (n INTEGER)");
    run_sql(c, "INSERT INTO shared VALUES (1)");
    ath_commit(c);
    ath_connection_close(c);
    for (int i = 0; i < 3; i++)
        in_child(writes_to_the_file, NULL);
    c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM shared"), 4);
    ath_connection_close(c);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_child_opens_its_own", a_child_opens_its_own},
        {"a_child_that_only_closes", a_child_that_only_closes},
        {"what_was_checked_out_is_refused", what_was_checked_out_is_refused},
        {"an_engine_outlives_what_is_out", an_engine_outlives_what_is_out},
        {"a_child_of_a_child", a_child_of_a_child},
        {"the_pool_was_locked", the_pool_was_locked},
        {"a_memory_database_comes_along", a_memory_database_comes_along},
        {"a_file_is_shared", a_file_is_shared},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
