/* SPDX-License-Identifier: Apache-2.0
 *
 * How many connections there are, which is lent, who waits for one, and what is said of those who hold them.
 */
#include "engine/fake.h"

static ath_connection *out[8];

static void take(ath_engine *db, int count) {
    for (int i = 0; i < count; i++) {
        out[i] = ath_connect(db);
        CHECK(out[i] != NULL);
    }
}

static void give(int count) {
    for (int i = 0; i < count; i++)
        ath_connection_close(out[i]);
}

TEST(as_many_as_were_asked_for) {
    static const struct {
        int size, overflow, most, kept;
    } rows[] = {{2, 1, 3, 2}, {1, ATH_POOL_NO_OVERFLOW, 1, 1}, {3, ATH_POOL_NO_OVERFLOW, 3, 3}, {1, 4, 5, 1}};
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error error;
        test_context("row %zu", i);
        fake_reset();
        ath_engine *db =
            fake_engine(.pool_size = rows[i].size, .max_overflow = rows[i].overflow, .pool_timeout_ms = -1);
        take(db, rows[i].most);
        CHECK(ath_connect(db, &error) == NULL);
        CHECK_INT(error.status, ATH_TIMEOUT);
        ath_engine_stats s = ath_engine_statistics(db);
        CHECK_INT(s.checked_out, rows[i].most);
        CHECK_INT(s.overflow, rows[i].most - rows[i].kept);
        CHECK_INT(s.timeouts, 1);
        CHECK_INT(s.pool_size, rows[i].size);
        give(rows[i].most);
        s = ath_engine_statistics(db);
        CHECK_INT(s.idle, rows[i].kept);
        CHECK_INT(s.checked_out, 0);
        CHECK_INT(s.overflow, 0);
        CHECK_INT(s.connections, rows[i].most);
        CHECK_INT(s.closed, rows[i].most - rows[i].kept);
        CHECK_INT(fake.connected, rows[i].kept);
        ath_engine_close(db);
        CHECK_INT(fake.connected, 0);
    }
}

TEST(five_and_ten_more_by_default) {
    ath_connection *all[16];
    fake_reset();
    ath_engine *db = fake_engine(.pool_timeout_ms = -1);
    for (int i = 0; i < 15; i++)
        CHECK((all[i] = ath_connect(db)) != NULL);
    CHECK(ath_connect(db) == NULL);
    for (int i = 0; i < 15; i++)
        ath_connection_close(all[i]);
    CHECK_INT(ath_engine_statistics(db).idle, 5);
    ath_engine_close(db);
}

TEST(without_a_limit) {
    ath_connection *all[40];
    fake_reset();
    for (int kind = 0; kind < 2; kind++) {
        ath_engine *db =
            kind ? fake_engine(.pool_size = ATH_POOL_UNLIMITED) : fake_engine(.max_overflow = ATH_POOL_UNLIMITED);
        for (int i = 0; i < 40; i++)
            CHECK((all[i] = ath_connect(db)) != NULL);
        for (int i = 0; i < 40; i++)
            ath_connection_close(all[i]);
        CHECK_INT(ath_engine_statistics(db).idle, kind ? 40 : 5);
        ath_engine_close(db);
    }
}

TEST(the_last_one_first_or_in_turn) {
    for (int fifo = 0; fifo < 2; fifo++) {
        fake_reset();
        ath_engine *db = fake_engine(.pool_fifo = fifo);
        take(db, 3);
        give(3); /* the third is the newest */
        ath_connection *c = ath_connect(db);
        CHECK_INT(fake_ask(c), fifo ? 1 : 3);
        ath_connection_close(c);
        c = ath_connect(db);
        CHECK_INT(fake_ask(c), fifo ? 2 : 3);
        ath_connection_close(c);
        ath_engine_close(db);
    }
}

TEST(none_is_kept) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_class = ATH_POOL_NULL, .pool_size = 1);
    take(db, 4);
    CHECK_INT(fake.connected, 4);
    give(4);
    CHECK_INT(fake.connected, 0);
    CHECK_INT(ath_engine_statistics(db).idle, 0);
    ath_engine_close(db);
}

TEST(a_single_one) {
    ath_error error;
    fake_reset();
    ath_engine *db = fake_engine(.pool_class = ATH_POOL_SINGLE, .pool_size = 7);
    ath_connection *c = ath_connect(db);
    CHECK(ath_connect(db, &error) == NULL); /* at once: nobody else could give it back */
    CHECK_INT(error.status, ATH_TIMEOUT);
    CHECK_HAS(error.message, "this very thread");
    CHECK_HAS(error.message, "test_pool_sizes.c:");
    ath_connection_close(c);
    CHECK((c = ath_connect(db)) != NULL);
    CHECK_INT(fake_ask(c), 1);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- waiting ---- */

typedef struct visit {
    ath_engine *db;
    ath_error error;
    int64_t answer;
    int line;
} visit;

static void *visit_database(void *argument) {
    visit *v = argument;
    v->line = __LINE__ + 1;
    ath_connection *c = ath_connect(v->db, &v->error);
    v->answer = c ? ask_int(c, "SELECT 42") : -1;
    ath_connection_close(c);
    return NULL;
}

TEST(another_thread_waits_for_the_memory_database) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    visit v = {.db = db};
    pthread_t thread;
    pthread_create(&thread, NULL, visit_database, &v);
    WAIT_UNTIL(ath_engine_statistics(db).waiting == 1);
    ath_connection_close(c);
    pthread_join(thread, NULL);
    CHECK_INT(v.answer, 42);
    ath_engine_stats s = ath_engine_statistics(db);
    CHECK_INT(s.connections, 1);
    CHECK_INT(s.waited, 1);
    CHECK_INT(s.waiting, 0);
    CHECK(s.max_waited_us > 0);
    ath_engine_close(db);
}

TEST(a_time_out_names_the_holders) {
    fake_reset();
    static lines log;
    log = (lines){0};
    ath_error error;
    char here[60];
    ath_engine *db = fake_engine(.pool_size = 2, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = 20,
                                 .log = lines_add, .log_context = &log, .log_level = ATH_LOG_WARNING);
    snprintf(here, sizeof here, "test_pool_sizes.c:%d, ", __LINE__ + 1);
    out[0] = ath_connect(db);
    run_sql(out[0], "SELECT 'what is being done here, at some length, which is cut', 2, 3");
    out[1] = ath_connection_open(db, NULL); /* says nothing of its place */
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_INT(error.status, ATH_TIMEOUT);
    CHECK_HAS(error.message, "all 2 that there may be are in use");
    CHECK_HAS(error.message, here);
    CHECK_HAS(error.message, "SELECT 'what is being done here");
    CHECK(strstr(error.message, "which is cut") == NULL);
    CHECK_HAS(error.message, "?:0, ");
    CHECK_HAS(log.text, "which is cut");
    CHECK_HAS(log.text, here);
    CHECK_INT(log.count, 3);
    give(2);
    ath_engine_close(db);
}

TEST(many_holders_are_not_all_named) {
    ath_connection *all[60];
    ath_error error;
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 60, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = -1);
    for (int i = 0; i < 60; i++)
        all[i] = ath_connect(db);
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_HAS(error.message, " more");
    CHECK(strlen(error.message) < sizeof error.message - 1);
    for (int i = 0; i < 60; i++)
        ath_connection_close(all[i]);
    ath_engine_close(db);
}

TEST(one_that_connects_is_a_holder) {
    fake_reset();
    fake.connect_ms = 300;
    ath_engine *db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = 30);
    visit v = {.db = db};
    pthread_t thread;
    pthread_create(&thread, NULL, visit_database, &v);
    WAIT_UNTIL(ath_engine_statistics(db).checked_out == 1);
    ath_error error;
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_HAS(error.message, "connecting");
    pthread_join(thread, NULL);
    ath_engine_close(db);
}

/* ---- what is not given back ---- */

TEST(leaks_are_reported) {
    static lines log;
    char here[80], there[80];
    log = (lines){0};
    fake_reset();
    ath_engine *db = fake_engine(.log = lines_add, .log_context = &log, .log_level = ATH_LOG_WARNING);
    snprintf(here, sizeof here, "test_pool_sizes.c:%d, ", __LINE__ + 1);
    ath_connection *c = ath_connect(db);
    run_sql(c, "SELECT 'the last thing'");
    snprintf(there, sizeof there, "test_pool_sizes.c:%d, ", __LINE__ + 1);
    ath_session *s = ath_session_open(db);
    ath_result *r = ath_execute(s, ath_text("SELECT 'of the session'"));
    ath_engine_close(db);
    CHECK_INT(log.count, 3);
    CHECK_HAS(log.text, "2 of its connections");
    CHECK_HAS(log.text, here);
    CHECK_HAS(log.text, "the last thing");
    CHECK_HAS(log.text, there);
    CHECK_HAS(log.text, "of the session");
    CHECK_INT(fake_ask(c), 1); /* the engine is there until the last of them has come back */
    ath_connection_close(c);
    ath_result_close(r);
    ath_session_close(s);
    CHECK_INT(fake.connected, 0);
}

TEST(fewer_options_are_fine) {
    ath_engine_opts old = {.url = "sqlite:///fake.db", .pool_size = 1};
    old.struct_size = offsetof(ath_engine_opts, pool_class);
    fake_reset();
    ath_engine *db = fake_engine_opts(&old);
    CHECK_INT(ath_engine_statistics(db).pool_size, 5);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"as_many_as_were_asked_for", as_many_as_were_asked_for},
        {"five_and_ten_more_by_default", five_and_ten_more_by_default},
        {"without_a_limit", without_a_limit},
        {"the_last_one_first_or_in_turn", the_last_one_first_or_in_turn},
        {"none_is_kept", none_is_kept},
        {"a_single_one", a_single_one},
        {"another_thread_waits_for_the_memory_database", another_thread_waits_for_the_memory_database},
        {"a_time_out_names_the_holders", a_time_out_names_the_holders},
        {"many_holders_are_not_all_named", many_holders_are_not_all_named},
        {"one_that_connects_is_a_holder", one_that_connects_is_a_holder},
        {"leaks_are_reported", leaks_are_reported},
        {"fewer_options_are_fine", fewer_options_are_fine},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
