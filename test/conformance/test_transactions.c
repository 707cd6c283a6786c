/* SPDX-License-Identifier: Apache-2.0
 *
 * Transactions: they begin by themselves, end as a whole, nest by savepoints, and survive errors as far as the database lets
 * them.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

static ath_engine *db;
static ath_connection *c, *other;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    other = c ? suite_connect(db) : NULL;
    return other != NULL;
}

static void end(void) {
    ath_connection_close(other);
    ath_connection_close(c);
    ath_engine_close(db);
    other = c = NULL;
}

static void shelf(int64_t id, const char *label) {
    ath_result *r = ath_execute(c, ath_insert(.model = ath_model_of(Shelf),
                                              .set = ath_set(ath_to(Shelf, id, id), ath_to(Shelf, label, label))));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s", ath_error(c)->message);
    ath_result_close(r);
}

static int64_t shelves(ath_connection *on) {
    int64_t n = suite_int(on, "SELECT count(*) FROM shelves");
    if (on == other)
        CHECK_OK(on, ath_rollback(on)); /* it sees the newest state the next time, too */
    return n;
}

TEST(begin_by_themselves) {
    if (begin()) {
        CHECK(!ath_connection_in_transaction(c));
        shelf(1, "a");
        CHECK(ath_connection_in_transaction(c));
        CHECK_STATUS(c, ath_begin(c), ATH_STATE);
        CHECK_INT(shelves(c), 1);
        CHECK_INT(shelves(other), 0);
        CHECK_OK(c, ath_rollback(c));
        CHECK(!ath_connection_in_transaction(c));
        CHECK_INT(shelves(c), 0);
        shelf(1, "a");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 1);
        CHECK_OK(c, ath_commit(c)); /* nothing to do */
        CHECK_OK(c, ath_rollback(c));
        CHECK_OK(c, ath_begin(c));
        CHECK(ath_connection_in_transaction(c));
        shelf(2, "b");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 2);
    }
    end();
}

TEST(closing_rolls_back) {
    if (begin()) {
        shelf(1, "a");
        ath_connection_close(c);
        c = suite_connect(db);
        CHECK(!ath_connection_in_transaction(c));
        CHECK_INT(shelves(c), 0);
        CHECK_INT(shelves(other), 0);
    }
    end();
}

TEST(savepoints_nest) {
    if (begin()) {
        shelf(1, "a");
        CHECK_OK(c, ath_connection_savepoint(c));
        shelf(2, "b");
        CHECK_OK(c, ath_connection_savepoint(c));
        shelf(3, "c");
        CHECK_OK(c, ath_connection_savepoint(c));
        shelf(4, "d");
        CHECK_OK(c, ath_connection_release(c));
        CHECK_INT(shelves(c), 4);
        CHECK_OK(c, ath_connection_rollback_to(c));
        CHECK_INT(shelves(c), 2);
        CHECK_OK(c, ath_connection_release(c));
        CHECK_STATUS(c, ath_connection_release(c), ATH_STATE);
        CHECK_STATUS(c, ath_connection_rollback_to(c), ATH_STATE);
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 2);
    }
    end();
}

TEST(a_commit_ends_savepoints) {
    if (begin()) {
        CHECK_OK(c, ath_connection_savepoint(c)); /* begins the transaction too */
        CHECK(ath_connection_in_transaction(c));
        shelf(1, "a");
        CHECK_OK(c, ath_commit(c));
        CHECK_STATUS(c, ath_connection_release(c), ATH_STATE);
        CHECK_INT(shelves(other), 1);
        CHECK_OK(c, ath_connection_savepoint(c));
        shelf(2, "b");
        CHECK_OK(c, ath_rollback(c));
        CHECK_STATUS(c, ath_connection_rollback_to(c), ATH_STATE);
        CHECK_INT(shelves(other), 1);
    }
    end();
}

/* An error inside a savepoint is undone by it, and the transaction goes on: so on every database. */
TEST(a_savepoint_saves_from_errors) {
    if (begin()) {
        shelf(1, "a");
        for (int i = 0; i < 3; i++) {
            CHECK_OK(c, ath_connection_savepoint(c));
            shelf(2 + i, i == 0 ? "b" : i == 1 ? "c" : "d");
            CHECK_STATUS(c, suite_try(c, "INSERT INTO shelves (id, label) VALUES (1, 'x')"), ATH_INTEGRITY);
            CHECK_OK(c, ath_connection_rollback_to(c));
            CHECK_INT(shelves(c), 1);
        }
        shelf(9, "z");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 2);
    }
    end();
}

TEST(an_error_leaves_the_rest) {
    if (begin()) {
        shelf(1, "a");
        CHECK_STATUS(c, suite_try(c, "INSERT INTO shelves (id, label) VALUES (2, 'a')"), ATH_INTEGRITY);
        CHECK(ath_connection_in_transaction(c));
        CHECK_INT(shelves(c), 1);
        shelf(2, "b");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 2);
    }
    end();
}

/* Whatever happened, a rollback gives a connection that works; a commit of a failed transaction never says that all went
 * well when it did not. */
TEST(a_rollback_heals) {
    if (begin()) {
        shelf(1, "a");
        CHECK_STATUS(c, suite_try(c, "this is no statement"), ATH_PROGRAMMING);
        CHECK_OK(c, ath_rollback(c));
        CHECK_INT(shelves(c), 0);
        CHECK_OK(c, ath_rollback(c));
        shelf(1, "a");
        CHECK_STATUS(c, suite_try(c, "this is no statement"), ATH_PROGRAMMING);
        ath_status status = ath_commit(c);
        if (status == ATH_OK)
            CHECK_INT(shelves(other), 1);
        else
            CHECK_OK(c, ath_rollback(c));
        CHECK_INT(shelves(c), status == ATH_OK ? 1 : 0);
    }
    end();
}

TEST(ddl_rolls_back) {
    if (begin()) {
        suite_sql(c, "CREATE TABLE brief (id INTEGER)");
        suite_sql(c, "INSERT INTO brief (id) VALUES (1)");
        CHECK_OK(c, ath_rollback(c));
        CHECK_STATUS(c, suite_try(c, "SELECT id FROM brief"), ATH_PROGRAMMING);
        CHECK_OK(c, ath_rollback(c));
    }
    end();
}

/* SQL text that begins or ends a transaction behind the library's back is noticed. */
TEST(text_that_ends_a_transaction) {
    if (begin()) {
        shelf(1, "a");
        suite_sql(c, "COMMIT");
        CHECK_INT(shelves(other), 1);
        shelf(2, "b");
        CHECK_OK(c, ath_rollback(c));
        CHECK_INT(shelves(other), 1);
        shelf(2, "b");
        suite_sql(c, "ROLLBACK");
        shelf(3, "c");
        CHECK_OK(c, ath_commit(c));
        CHECK_INT(shelves(other), 2);
    }
    end();
}

TEST(blocks) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        ATH_TRANSACTION(s) {
            ath_new(s, Shelf, .label = "kept");
        }
        CHECK_OK(s, ath_error(s)->status);
        ATH_TRANSACTION(s) {
            ath_new(s, Shelf, .label = "dropped");
            CHECK_OK(s, ath_flush(s));
            break;
        }
        CHECK_INT(ath_count(s, Shelf), 1);
        ath_session_close(s);
        CHECK_INT(shelves(other), 1);
    }
    end();
}

static const suite_case cases[] = {
    {"begin_by_themselves", begin_by_themselves, 0},
    {"closing_rolls_back", closing_rolls_back, 0},
    {"savepoints_nest", savepoints_nest, 0},
    {"a_commit_ends_savepoints", a_commit_ends_savepoints, 0},
    {"a_savepoint_saves_from_errors", a_savepoint_saves_from_errors, 0},
    {"an_error_leaves_the_rest", an_error_leaves_the_rest, NEEDS_NOT_ABORTED},
    {"a_rollback_heals", a_rollback_heals, 0},
    {"ddl_rolls_back", ddl_rolls_back, NEEDS_TRANSACTIONAL_DDL},
    {"text_that_ends_a_transaction", text_that_ends_a_transaction, 0},
    {"blocks", blocks, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
