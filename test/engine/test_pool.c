/* SPDX-License-Identifier: Apache-2.0
 *
 * Borrowing connections: reuse, databases in memory, threads, and the text that is accepted as one statement.
 */
#include "engine/temp.h"

#include <pthread.h>

TEST(a_returned_connection_is_lent_again) {
    ath_engine *db = ath_engine_open(temp_url("reuse.db", ""));
    ath_connection *a = ath_connect(db), *b = ath_connect(db);
    CHECK(a && b && a != b);
    ath_connection_close(b);
    ath_connection *again = ath_connect(db);
    CHECK(again == b);
    ath_connection_close(a);
    ath_connection_close(again);
    CHECK_INT(ath_engine_statistics(db).connections, 2);
    ath_connection_close(NULL);
    ath_engine_close(db);
}

TEST(no_engine_no_connection) {
    ath_error error;
    CHECK(ath_connect(ath_engine_open("oops"), &error) == NULL);
    CHECK_INT(error.status, ATH_ARGUMENT);
}

TEST(shared_memory_has_many) {
    ath_engine *db = ath_engine_open("sqlite:///file:shared?mode=memory&cache=shared&uri=true");
    ath_connection *a = ath_connect(db), *b = ath_connect(db);
    CHECK(a && b);
    CHECK_INT(run_sql(a, "CREATE TABLE t (x)"), ATH_OK);
    CHECK_INT(ath_commit(a), ATH_OK);
    CHECK_INT(ask_int(b, "SELECT count(*) FROM t"), 0);
    ath_connection_close(a);
    ath_connection_close(b);
    ath_engine_close(db);
}

TEST(giving_back_rolls_back) {
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (x)");
    ath_commit(c);
    run_sql(c, "INSERT INTO t VALUES (1)");
    ath_result *open = ath_execute(c, ath_text("SELECT x FROM t"));
    CHECK(open != NULL);
    ath_connection_close(c); /* cuts the result off, which its owner still closes */
    CHECK(ath_fetch(open) == NULL);
    CHECK_INT(ath_result_error(open)->status, ATH_STATE);
    ath_result_close(open);
    c = ath_connect(db);
    CHECK(!ath_connection_in_transaction(c));
    CHECK_INT(ath_connection_error(c)->status, ATH_OK);
    CHECK_INT(ask_int(c, "SELECT count(*) FROM t"), 0);
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(texts_that_are_one_statement) {
    static const char *const texts[] = {"SELECT 1;",
                                        "SELECT 1; \n",
                                        "SELECT 1; -- that is all",
                                        "SELECT 1; /* end */ ;",
                                        "/* first */ SELECT 1 /* last */",
                                        "-- first\nSELECT 1",
                                        "SELECT 1; /* open"};
    ath_engine *db = ath_engine_open("sqlite://");
    ath_connection *c = ath_connect(db);
    for (size_t i = 0; i < TEST_COUNT(texts); i++) {
        test_context("%s", texts[i]);
        CHECK_INT(run_sql(c, texts[i]), ATH_OK);
    }
    CHECK_INT(run_sql(c, "SELECT 1; -- two\nSELECT 2"), ATH_PROGRAMMING);
    CHECK_INT(run_sql(c, "-- nothing"), ATH_PROGRAMMING);
    ath_connection_close(c);
    ath_engine_close(db);
}

enum { THREADS = 4, ROUNDS = 200 };

static void *borrow_and_ask(void *argument) {
    ath_engine *db = argument;
    intptr_t failures = 0;
    for (int i = 0; i < ROUNDS; i++) {
        ath_connection *c = ath_connect(db);
        if (!c || ask_int(c, "SELECT 42") != 42)
            failures++;
        ath_engine_statistics(db);
        ath_connection_close(c);
    }
    return (void *)failures;
}

TEST(threads_share_an_engine) {
    ath_engine *db = ath_engine_open(temp_url("threads.db", ""));
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, borrow_and_ask, db);
    for (int i = 0; i < THREADS; i++) {
        void *failures = NULL;
        pthread_join(threads[i], &failures);
        CHECK(failures == NULL);
    }
    CHECK_INT(ath_engine_statistics(db).checked_out, 0);
    CHECK(ath_engine_statistics(db).connections <= THREADS);
    ath_engine_close(db);
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"a_returned_connection_is_lent_again", a_returned_connection_is_lent_again},
        {"no_engine_no_connection", no_engine_no_connection},
        {"shared_memory_has_many", shared_memory_has_many},
        {"giving_back_rolls_back", giving_back_rolls_back},
        {"texts_that_are_one_statement", texts_that_are_one_statement},
        {"threads_share_an_engine", threads_share_an_engine},
    };
    int code = test_main(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
