/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections that die, grow old, or cannot be made; statements that are overtaken, cancelled, or left behind by the schema.
 */
#include "engine/fake.h"

static ath_connection *out[8];

static ath_engine *with_idle(ath_engine *db, int count) {
    for (int i = 0; i < count; i++)
        out[i] = ath_connect(db);
    for (int i = 0; i < count; i++)
        ath_connection_close(out[i]);
    return db;
}

/* ---- lost ---- */

TEST(a_loss_is_told_once) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 4);
    with_idle(db, 3);
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), 3);
    fake_kill_all();
    CHECK_INT(run_sql(c, "SELECT 'lost'"), ATH_DISCONNECT);
    CHECK_STR(ath_error(c)->statement, "SELECT 'lost'");
    CHECK_INT(run_sql(c, "SELECT 2"), ATH_STATE); /* its transaction is gone, and the program does not know yet */
    CHECK_HAS(ath_error(c)->message, "lost");
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(fake_ask(c), 4); /* a new one */
    ath_connection_close(c);
    for (int i = 0; i < 3; i++) { /* those that were idle are replaced before anybody sees them */
        out[i] = ath_connect(db);
        CHECK_INT(run_sql(out[i], "SELECT 1"), ATH_OK);
        CHECK(fake_ask(out[i]) > 3);
    }
    CHECK_INT(ath_engine_statistics(db).invalidated, 2);
    for (int i = 0; i < 3; i++)
        ath_connection_close(out[i]);
    ath_engine_close(db);
    CHECK_INT(fake.connected, 0);
}

TEST(one_that_died_idle_is_nobodys_failure) {
    fake_reset();
    ath_engine *db = with_idle(fake_engine(.pool_size = 2), 2);
    fake_kill_all();
    for (int i = 0; i < 2; i++) {
        out[i] = ath_connect(db);
        CHECK_INT(run_sql(out[i], "SELECT 1"), ATH_OK);
    }
    CHECK_INT(fake.pings, 0);
    ath_connection_close(out[0]);
    ath_connection_close(out[1]);
    ath_engine_close(db);
}

TEST(what_was_used_is_not_replaced_silently) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1);
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "SET something of the session"), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    fake_kill_all();
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_DISCONNECT);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK); /* it was told, and no transaction was open */
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(a_newer_one_says_nothing_of_the_others) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 4);
    ath_connection *a = ath_connect(db), *b = ath_connect(db);
    CHECK_INT(run_sql(a, "SELECT 1"), ATH_OK);
    CHECK_INT(run_sql(b, "SELECT 1"), ATH_OK);
    fake_kill_all();
    CHECK_INT(run_sql(a, "SELECT 1"), ATH_DISCONNECT);
    ath_connection *c = ath_connect(db); /* after the loss */
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
    int64_t number = fake_ask(c);
    ath_connection_close(c);
    CHECK_INT(run_sql(b, "SELECT 1"), ATH_DISCONNECT); /* as old as a: c stays */
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), number);
    ath_connection_close(c);
    ath_connection_close(a);
    ath_connection_close(b);
    ath_engine_close(db);
}

TEST(pre_ping) {
    fake_reset();
    ath_engine *db = with_idle(fake_engine(.pool_size = 3, .pool_pre_ping = true), 3);
    CHECK_INT(fake.pings, 0);
    fake_kill_all();
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake.pings, 1);
    fake_log_clear();
    CHECK_INT(fake_ask(c), 4);
    CHECK_STR(fake_log(), "BEGIN; SELECT 1");
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).invalidated, 1);
    c = ath_connect(db);
    CHECK_INT(fake.pings, 2);
    CHECK_INT(fake_ask(c), 4);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(one_that_is_no_good_is_not_lent_again) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 2);
    ath_connection *c = ath_connect(db);
    ath_connection_invalidate(c);
    CHECK_INT(fake_ask(c), 1); /* works until it is given back */
    ath_connection_close(c);
    CHECK_INT(fake.connected, 0);
    CHECK_INT(ath_engine_statistics(db).invalidated, 1);
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), 2);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(all_are_let_go) {
    fake_reset();
    ath_engine *db = with_idle(fake_engine(.pool_size = 3), 3);
    ath_connection *c = ath_connect(db);
    ath_engine_dispose(db);
    CHECK_INT(fake.connected, 1);
    CHECK_INT(fake_ask(c), 3);
    ath_connection_close(c);
    CHECK_INT(fake.connected, 0);
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), 4);
    ath_connection_close(c);
    CHECK_INT(ath_engine_statistics(db).idle, 1);
    ath_engine_close(db);
}

TEST(the_memory_database_is_never_let_go) {
    ath_engine *db = ath_engine_open("sqlite://", .pool_recycle_ms = 1, .pool_idle_ms = 1, .pool_class = ATH_POOL_NULL);
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE kept AS SELECT 5 AS n");
    ath_commit(c);
    ath_connection_invalidate(c);
    ath_connection_close(c);
    ath_engine_dispose(db);
    sleep_ms(5);
    c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT n FROM kept"), 5);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- age ---- */

TEST(the_old_are_replaced) {
    fake_reset();
    ath_engine *db = with_idle(fake_engine(.pool_size = 2, .pool_recycle_ms = 30), 2);
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), 2);
    ath_connection_close(c);
    sleep_ms(40);
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), 3);
    CHECK_INT(ath_engine_statistics(db).recycled, 1);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(the_idle_are_closed) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 4, .pool_idle_ms = 30);
    with_idle(db, 3);
    sleep_ms(40);
    ath_connection *c = ath_connect(db);
    CHECK_INT(fake_ask(c), 4);
    CHECK_INT(fake.connected, 1);
    CHECK_INT(ath_engine_statistics(db).recycled, 3);
    CHECK_INT(ath_engine_statistics(db).idle, 0);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- connecting ---- */

TEST(a_failed_connect_takes_no_place) {
    ath_error error;
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1, .max_overflow = ATH_POOL_NO_OVERFLOW, .pool_timeout_ms = -1);
    fake.connect_fails = 3;
    for (int i = 0; i < 3; i++) {
        CHECK(ath_connect(db, &error) == NULL);
        CHECK_INT(error.status, ATH_OPERATIONAL);
        CHECK_STR(error.message, "the server refuses");
    }
    ath_session *s = ath_session_open(db);
    fake.connect_fails = 1;
    CHECK(ath_execute(s, ath_text("SELECT 1")) == NULL);
    CHECK_STR(ath_error(s)->message, "the server refuses");
    ath_result *r = ath_execute(s, ath_text("SELECT 1"));
    CHECK(r != NULL);
    ath_result_close(r);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(a_server_that_comes_back_is_waited_for) {
    ath_error error;
    fake_reset();
    fake.connect_sqlstate = "57P03";
    fake.connect_fails = 1;
    ath_engine *db = with_idle(fake_engine(.pool_size = 1), 0);
    CHECK(ath_connect(db, &error) == NULL); /* it has never been there: told at once */
    with_idle(db, 1);
    fake_kill_all();
    fake.connect_fails = 3; /* being restarted */
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "SELECT 1"), ATH_OK);
    CHECK_INT(fake.connects, 6);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(some_refusals_are_final) {
    ath_error error;
    fake_reset();
    ath_engine *db = with_idle(fake_engine(.pool_size = 1), 1);
    ath_engine_dispose(db);
    fake.connect_fails = 2; /* 28000: the password is wrong */
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_INT(fake.connects, 2);
    fake.connect_sqlstate = "08006";
    ath_engine *hasty = with_idle(fake_engine(.reconnect_ms = -1), 0);
    CHECK(ath_connect(hasty, &error) == NULL);
    CHECK_INT(fake.connects, 3);
    ath_engine_close(hasty);
    ath_engine_close(db);
}

TEST(connects_have_a_deadline) {
    fake_reset();
    for (int i = 0; i < 3; i++) {
        static const char *const urls[] = {"sqlite:///a", "sqlite:///a", "sqlite:///a?connect_timeout=3"};
        ath_engine *db = fake_engine_opts(&(ath_engine_opts){
            .url = urls[i], .connect_timeout_ms = i == 1 ? -1 : 0, .prepare = i ? ATH_NEVER : ATH_PREPARE_ONCE});
        with_idle(db, 1);
        CHECK((fake.connect_deadline == INT64_MAX) == (i > 0));
        CHECK_INT(fake.never_prepare, i > 0);
        ath_engine_close(db);
    }
}

/* ---- statements that are ended ---- */

TEST(statements_have_a_time_out) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1, .statement_timeout_ms = 20);
    ath_connection *c = ath_connect(db);
    CHECK_INT(run_sql(c, "SELECT sleep"), ATH_TIMEOUT);
    CHECK_INT(ath_rollback(c), ATH_OK);
    ath_connection_set_timeout(c, 5);
    CHECK_INT(run_sql(c, "SELECT sleep"), ATH_TIMEOUT);
    ath_connection_close(c); /* and is whole */
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), 1);
    CHECK_INT(run_sql(c, "SELECT sleep"), ATH_TIMEOUT); /* the engine's again */
    ath_connection_close(c);
    ath_engine_close(db);
}

static void *sleeper(void *argument) {
    return (void *)(intptr_t)run_sql(argument, "SELECT sleep");
}

TEST(statements_can_be_cancelled) {
    ath_error error;
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1);
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        void *status;
        pthread_create(&thread, NULL, sleeper, c);
        WAIT_UNTIL(fake.sleeping == 1);
        CHECK_INT(ath_connection_cancel(c, &error), ATH_OK);
        pthread_join(thread, &status);
        CHECK_INT((intptr_t)status, ATH_OPERATIONAL);
        CHECK_STR(ath_error(c)->message, "the query was cancelled");
        CHECK_INT(ath_rollback(c), ATH_OK);
    }
    CHECK_INT(fake_ask(c), 1);
    CHECK_INT(fake.pings, 0);
    ath_connection_close(c);
    CHECK_INT(fake.pings, 1); /* one that came too late is taken in */
    c = ath_connect(db);
    CHECK_INT(fake_ask(c), 1);
    ath_connection_close(c);
    CHECK_INT(fake.pings, 1);
    ath_engine_close(db);
    db = ath_engine_open("sqlite://");
    c = ath_connect(db);
    ath_status status = ath_connection_cancel(c, &error);
    CHECK(status == ATH_OK || status == ATH_NOT_SUPPORTED);
    ath_connection_close(c);
    ath_engine_close(db);
}

/* ---- stale plans ---- */

static int64_t bound(ath_connection *c, int64_t value) {
    ath_result *r = ath_execute(c, ath_text("SELECT :n", ath_bind("n", value)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t answer = row ? ath_row_int(row, 0) : -1;
    ath_result_close(r);
    return answer;
}

TEST(a_stale_plan_at_the_beginning_is_not_seen) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 2);
    ath_connection *c = ath_connect(db);
    CHECK_INT(bound(c, 5), 5);
    CHECK_INT(ath_commit(c), ATH_OK);
    fake.schema++;
    fake_log_clear();
    CHECK_INT(bound(c, 6), 6);
    CHECK_STR(fake_log(), "BEGIN; SELECT ?; ROLLBACK; BEGIN; SELECT ?");
    CHECK(ath_connection_in_transaction(c));
    CHECK_INT(ath_error(c)->status, ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ath_begin(c), ATH_OK); /* begun by the program: the same */
    fake.schema++;
    CHECK_INT(bound(c, 7), 7);
    ath_connection_close(c);
    ath_engine_close(db);
    CHECK_INT(fake.statements, 0);
}

TEST(a_stale_plan_in_the_middle_is_told_once) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 2);
    ath_connection *c = ath_connect(db), *other = ath_connect(db);
    CHECK_INT(bound(c, 5), 5);
    CHECK_INT(bound(other, 5), 5);
    ath_commit(c);
    ath_commit(other);
    CHECK_INT(run_sql(c, "SELECT 'first'"), ATH_OK);
    CHECK_INT(run_sql(other, "SELECT 'first'"), ATH_OK);
    fake.schema++;
    CHECK_INT(bound(c, 6), -1);
    CHECK_INT(ath_error(c)->status, ATH_NOT_SUPPORTED);
    CHECK_HAS(ath_error(c)->message, "cached plan");
    CHECK_INT(bound(other, 6), 6); /* warned: it prepares anew, and its transaction lives */
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(bound(c, 7), 7);
    ath_connection_close(c);
    ath_connection_close(other);
    ath_engine_close(db);
    CHECK_INT(fake.statements, 0);
}

TEST(a_walked_statement_is_not_forgotten) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1);
    ath_connection *c = ath_connect(db);
    CHECK_INT(bound(c, 5), 5);
    ath_result *r = ath_execute(c, ath_text("SELECT 'walked'"));
    fake.schema++;
    CHECK_INT(bound(c, 6), -1); /* there is a result open: not alone */
    CHECK(ath_fetch(r) != NULL);
    ath_result_close(r);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(bound(c, 7), 7);
    ath_connection_close(c);
    ath_engine_close(db);
    CHECK_INT(fake.statements, 0);
}

TEST(statements_make_room) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1);
    fake.statement_limit = 3;
    ath_connection *c = ath_connect(db);
    for (int i = 0; i < 10; i++) {
        char sql[40];
        snprintf(sql, sizeof sql, "SELECT %d", i);
        CHECK_INT(ask_int(c, sql), 1);
        CHECK(fake.statements <= 3);
    }
    ath_connection_close(c);
    ath_engine_close(db);
    CHECK_INT(fake.statements, 0);
}

/* One that was cancelled while it was prepared is not a want of room: to try again would lose the cancel. */
TEST(a_cancelled_prepare_is_not_tried_again) {
    fake_reset();
    ath_engine *db = fake_engine(.pool_size = 1);
    ath_connection *c = ath_connect(db);
    CHECK_INT(ask_int(c, "SELECT 1"), 1);
    fake.cancels_prepare = 1;
    CHECK(ath_execute(c, ath_text("SELECT 2")) == NULL);
    CHECK_STR(ath_error(c)->sqlstate, "57014");
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(ask_int(c, "SELECT 2"), 1);
    ath_connection_close(c);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_loss_is_told_once", a_loss_is_told_once},
        {"one_that_died_idle_is_nobodys_failure", one_that_died_idle_is_nobodys_failure},
        {"what_was_used_is_not_replaced_silently", what_was_used_is_not_replaced_silently},
        {"a_newer_one_says_nothing_of_the_others", a_newer_one_says_nothing_of_the_others},
        {"pre_ping", pre_ping},
        {"one_that_is_no_good_is_not_lent_again", one_that_is_no_good_is_not_lent_again},
        {"all_are_let_go", all_are_let_go},
        {"the_memory_database_is_never_let_go", the_memory_database_is_never_let_go},
        {"the_old_are_replaced", the_old_are_replaced},
        {"the_idle_are_closed", the_idle_are_closed},
        {"a_failed_connect_takes_no_place", a_failed_connect_takes_no_place},
        {"a_server_that_comes_back_is_waited_for", a_server_that_comes_back_is_waited_for},
        {"some_refusals_are_final", some_refusals_are_final},
        {"connects_have_a_deadline", connects_have_a_deadline},
        {"statements_have_a_time_out", statements_have_a_time_out},
        {"statements_can_be_cancelled", statements_can_be_cancelled},
        {"a_stale_plan_at_the_beginning_is_not_seen", a_stale_plan_at_the_beginning_is_not_seen},
        {"a_stale_plan_in_the_middle_is_told_once", a_stale_plan_in_the_middle_is_told_once},
        {"a_walked_statement_is_not_forgotten", a_walked_statement_is_not_forgotten},
        {"statements_make_room", statements_make_room},
        {"a_cancelled_prepare_is_not_tried_again", a_cancelled_prepare_is_not_tried_again},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
