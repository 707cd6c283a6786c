/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors tell what happened: a status, the kind of constraint, SQLSTATE, and the constraint, table and column concerned as
 * far as the database says them.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

#include <pthread.h>

static ath_engine *db;
static ath_connection *c;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "INSERT INTO shelves (label) VALUES ('top'), ('low')");
    suite_sql(c, "INSERT INTO items (shelf_id, name, amount, price) VALUES (1, 'cup', 3, 1.50)");
    suite_sql(c, "INSERT INTO stock (shop, sku, amount) VALUES (1, 'a', 5)");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

typedef struct failure {
    const char *sql;
    ath_status status;
    ath_integrity_kind kind;
    const char *sqlstate[TEST_DATABASES]; /* NULL: not looked at; of constraints the standard's, on every database */
    const char *constraint;               /* "" when there is none, NULL: each database's own name */
    const char *table, *column;           /* column: NULL when not every database knows it */
    unsigned needs;
} failure;

static const failure failures[] = {
    {"INSERT INTO shelves (id, label) VALUES (3, 'top')",
     ATH_INTEGRITY,
     ATH_INTEGRITY_UNIQUE,
     {NULL, "23505", "23505"},
     "uq_shelves_label",
     "shelves",
     NULL,
     0},
    {"UPDATE shelves SET label = 'top' WHERE id = 2",
     ATH_INTEGRITY,
     ATH_INTEGRITY_UNIQUE,
     {NULL, "23505", "23505"},
     "uq_shelves_label",
     "shelves",
     NULL,
     0},
    {"INSERT INTO shelves (id, label) VALUES (1, 'x')",
     ATH_INTEGRITY,
     ATH_INTEGRITY_PRIMARY_KEY,
     {NULL, "23505", "23505"},
     NULL,
     "shelves",
     NULL,
     0},
    {"INSERT INTO stock (shop, sku, amount) VALUES (1, 'a', 1)",
     ATH_INTEGRITY,
     ATH_INTEGRITY_PRIMARY_KEY,
     {NULL, "23505", "23505"},
     NULL,
     "stock",
     NULL,
     0},
    {"INSERT INTO shelves (id, label) VALUES (3, NULL)",
     ATH_INTEGRITY,
     ATH_INTEGRITY_NOT_NULL,
     {NULL, "23502", "23502"},
     "",
     "shelves",
     "label",
     0},
    {"UPDATE items SET name = NULL WHERE id = 1",
     ATH_INTEGRITY,
     ATH_INTEGRITY_NOT_NULL,
     {NULL, "23502", "23502"},
     "",
     "items",
     "name",
     0},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 99, 'x', 1, 0)",
     ATH_INTEGRITY,
     ATH_INTEGRITY_FOREIGN_KEY,
     {NULL, "23503", "23503"},
     "fk_items_shelf",
     "items",
     NULL,
     NEEDS_FOREIGN_KEY_NAMES},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 99, 'x', 1, 0)",
     ATH_INTEGRITY,
     ATH_INTEGRITY_FOREIGN_KEY,
     {NULL, "23503", "23503"},
     NULL,
     NULL,
     NULL,
     0},
    {"DELETE FROM shelves WHERE id = 1",
     ATH_INTEGRITY,
     ATH_INTEGRITY_FOREIGN_KEY,
     {NULL, "23503", "23503"},
     NULL,
     NULL,
     NULL,
     0},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 1, 'x', -1, 0)",
     ATH_INTEGRITY,
     ATH_INTEGRITY_CHECK,
     {NULL, "23514", "23514"},
     "ck_items_amount",
     "items",
     NULL,
     0},
    {"UPDATE items SET amount = -5 WHERE id = 1",
     ATH_INTEGRITY,
     ATH_INTEGRITY_CHECK,
     {NULL, "23514", "23514"},
     "ck_items_amount",
     "items",
     NULL,
     0},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 1, 'eleven char', 1, 0)",
     ATH_DATA,
     0,
     {NULL, "22001", "22001"},
     "",
     NULL,
     NULL,
     NEEDS_LENGTH_CHECK},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 1, 'x', 40000, 0)",
     ATH_DATA,
     0,
     {NULL, "22003", "22003"},
     "",
     NULL,
     NULL,
     NEEDS_RANGE_CHECK},
    {"INSERT INTO items (id, shelf_id, name, amount, price) VALUES (2, 1, 'x', 1, 123456789012)",
     ATH_DATA,
     0,
     {NULL, "22003", "22003"},
     "",
     NULL,
     NULL,
     NEEDS_RANGE_CHECK},
    {"SELEC 1", ATH_PROGRAMMING, 0, {NULL, "42601", "42000"}, "", "", "", 0},
    {"SELECT (1", ATH_PROGRAMMING, 0, {NULL, "42601", "42000"}, "", "", "", 0},
    {"SELECT 1; SELECT 2", ATH_PROGRAMMING, 0, {NULL, NULL, NULL}, "", "", "", 0},
    {"SELECT id FROM nowhere", ATH_PROGRAMMING, 0, {NULL, "42P01", "42S02"}, "", NULL, NULL, 0},
    {"SELECT no_column FROM shelves", ATH_PROGRAMMING, 0, {NULL, "42703", "42S22"}, "", NULL, NULL, 0},
    {"INSERT INTO shelves (id, no_column) VALUES (3, 'x')",
     ATH_PROGRAMMING,
     0,
     {NULL, "42703", "42S22"},
     "",
     NULL,
     NULL,
     0},
    {"SELECT no_function(1)", ATH_PROGRAMMING, 0, {NULL, "42883", NULL}, "", NULL, NULL, 0},
    {"", ATH_PROGRAMMING, 0, {NULL, NULL, NULL}, "", "", "", 0},
};

/* Of SQL text the library knows no table by itself; not every database says it. */
static bool says_table(const failure *f, bool is_text) {
    if (!is_text)
        return true;
    if (test_on == TEST_SQLITE)
        return f->kind != ATH_INTEGRITY_CHECK;
    return test_on == TEST_POSTGRESQL || f->kind == ATH_INTEGRITY_FOREIGN_KEY || f->kind == ATH_INTEGRITY_CHECK;
}

static void check_failure(const failure *f, const ath_error *e, bool is_text) {
    CHECK_INT(e->status, f->status);
    CHECK_INT(e->integrity, f->kind);
    CHECK(e->message[0] != '\0');
    if (f->sqlstate[test_on] && !suite_lacks(NEEDS_SQLSTATE))
        CHECK_STR(e->sqlstate, f->sqlstate[test_on]);
    if (f->constraint &&
        !(test_on == TEST_SQLITE && f->kind == ATH_INTEGRITY_UNIQUE)) /* SQLite names the columns instead */
        CHECK_STR(e->constraint, f->constraint);
    if (f->table && says_table(f, is_text))
        CHECK_STR(e->table, f->table);
    if (f->column)
        CHECK_STR(e->column, f->column);
}

TEST(tell_what_was_broken) {
    if (begin())
        for (size_t i = 0; i < TEST_COUNT(failures); i++) {
            const failure *f = &failures[i];
            if (suite_lacks(f->needs))
                continue;
            test_context("%s", f->sql);
            CHECK(suite_try(c, f->sql) != ATH_OK);
            ath_error e = *ath_error(c);
            check_failure(f, &e, true);
            if (e.message[0])
                test_context("%s: %s", f->sql, e.message);
            CHECK_OK(c, ath_rollback(c));
            CHECK_INT(suite_int(c, "SELECT count(*) FROM items"), 1);
        }
    test_context("%s", "");
    end();
}

/* The same through values that are bound, which the statement's text does not show. */
TEST(tell_it_of_bound_values) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_insert(.model = ath_model_of(Shelf),
                                                  .set = ath_set(ath_to(Shelf, id, 3), ath_to(Shelf, label, "top"))));
        CHECK(r == NULL);
        ath_result_close(r);
        ath_error e = *ath_error(c);
        check_failure(&failures[0], &e, false);
        CHECK(strstr(e.statement, "INSERT INTO shelves") != NULL);
        CHECK(strstr(e.statement, "top") == NULL); /* values stay out of it */
        CHECK_OK(c, ath_rollback(c));
        r = ath_execute(c, ath_text("SELECT id FROM shelves WHERE id = :id AND label = :l", ath_bind("id", 1)));
        CHECK(r == NULL);
        CHECK(ath_error(c)->status == ATH_PROGRAMMING || ath_error(c)->status == ATH_ARGUMENT); /* :l has no value */
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
        r = ath_execute(c, ath_insert(.model = ath_model_of(Item),
                                      .set = ath_set(ath_to(Item, name, "eleven char"), ath_to(Item, amount, 1))));
        CHECK(r == NULL); /* refused before it is sent, on every database alike */
        CHECK_INT(ath_error(c)->status, ATH_DATA);
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
    }
    end();
}

/* A session says the same, and stands still until its rollback. */
TEST(through_sessions) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        ath_new(s, Shelf, .label = "top");
        CHECK_STATUS(s, ath_commit(s), ATH_INTEGRITY);
        check_failure(&failures[0], ath_error(s), false);
        CHECK_STATUS(s, ath_commit(s), ATH_INTEGRITY);
        CHECK_OK(s, ath_rollback(s));
        ath_new(s, Shelf, .label = "mid");
        CHECK_OK(s, ath_commit(s));
        Shelf *top = ath_get(s, Shelf, 1);
        CHECK(top && ath_delete(s, top) == ATH_OK);
        CHECK_STATUS(s, ath_commit(s), ATH_INTEGRITY);
        CHECK_INT(ath_error(s)->integrity, ATH_INTEGRITY_FOREIGN_KEY);
        CHECK_OK(s, ath_rollback(s));
        CHECK_INT(ath_session_state(s, top), ATH_STATE_PERSISTENT);
        ath_session_close(s);
    }
    end();
}

/* An error among the rows of one statement: none of them is written. */
TEST(of_many_rows) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        char labels[40][16];
        for (int i = 0; i < 40; i++) {
            snprintf(labels[i], sizeof labels[i], "row %d", i == 39 ? 7 : i);
            ath_new(s, Shelf, .label = labels[i]);
        }
        CHECK_STATUS(s, ath_commit(s), ATH_INTEGRITY);
        check_failure(&failures[0], ath_error(s), false);
        CHECK_OK(s, ath_rollback(s));
        CHECK_INT(ath_count(s, Shelf), 2);
        ath_session_close(s);
    }
    end();
}

/* ---- locks ---- */

TEST(a_lock_is_not_waited_for_ever) {
    if (begin()) {
        ath_connection *other = suite_connect(db);
        suite_sql(other, suite_backends[test_on].lock_timeout);
        CHECK_OK(other, ath_commit(other));
        suite_sql(c, "UPDATE shelves SET label = 'mine' WHERE id = 1");
        ath_status status = suite_try(other, "UPDATE shelves SET label = 'yours' WHERE id = 1");
        if (status != ATH_OPERATIONAL && status != ATH_TIMEOUT)
            test_failed_(__FILE__, __LINE__, "%s: %s", ath_status_name(status), ath_error(other)->message);
        CHECK_STR(ath_error(other)->sqlstate, test_on == TEST_POSTGRESQL ? "55P03" : "HY000");
        CHECK_OK(other, ath_rollback(other));
        CHECK_OK(c, ath_commit(c));
        suite_sql(other, "UPDATE shelves SET label = 'yours' WHERE id = 1");
        CHECK_OK(other, ath_commit(other));
        ath_connection_close(other);
    }
    end();
}

static ath_connection *second;
static ath_status second_status;

static void *update_first(void *unused) {
    (void)unused;
    second_status = suite_try(second, "UPDATE shelves SET label = 'b1' WHERE id = 1");
    return NULL;
}

/* Two that wait for each other: one is chosen to fail, the other goes on. */
TEST(a_deadlock_has_one_victim) {
    pthread_t thread;
    if (begin()) {
        second = suite_connect(db);
        suite_sql(c, "UPDATE shelves SET label = 'a1' WHERE id = 1");
        suite_sql(second, "UPDATE shelves SET label = 'b2' WHERE id = 2");
        CHECK_INT(pthread_create(&thread, NULL, update_first, NULL), 0);
        ath_status first_status = suite_try(c, "UPDATE shelves SET label = 'a2' WHERE id = 2");
        if (first_status != ATH_OK)
            CHECK_OK(c, ath_rollback(c));
        else
            CHECK_OK(c, ath_commit(c));
        pthread_join(thread, NULL);
        CHECK((first_status == ATH_OK) != (second_status == ATH_OK));
        CHECK_INT(first_status == ATH_OK ? second_status : first_status, ATH_OPERATIONAL);
        ath_connection *victim = first_status == ATH_OK ? second : c;
        if (second_status != ATH_OK) {
            CHECK_STR(ath_error(victim)->sqlstate, test_on == TEST_POSTGRESQL ? "40P01" : "40001");
            CHECK_OK(second, ath_rollback(second));
        }
        CHECK_OK(second, ath_commit(second));
        ath_connection_close(second);
    }
    end();
}

/* ---- connecting ---- */

TEST(of_connecting) {
    char url[400];
    ath_error e;
    const char *mine = test_url(test_on), *at = strrchr(mine, '@');
    if (test_on == TEST_SQLITE || !at)
        TEST_SKIP("no server to refuse anybody");
    snprintf(url, sizeof url, "%s://athanor:wrong-secret%s", test_database_name(test_on), at);
    ath_engine *engine = ath_engine_open(url, .error = &e);
    CHECK(ath_connect(engine, &e) == NULL);
    CHECK_INT(e.status, ATH_OPERATIONAL);
    CHECK(strstr(e.message, "wrong-secret") == NULL);
    ath_engine_close(engine);
    snprintf(url, sizeof url, "%s_missing", mine);
    engine = ath_engine_open(url, .error = &e);
    CHECK(ath_connect(engine, &e) == NULL);
    CHECK(e.status == ATH_OPERATIONAL || e.status == ATH_PROGRAMMING);
    ath_engine_close(engine);
    snprintf(url, sizeof url, "%s://athanor:athanor@127.0.0.1:1/x", test_database_name(test_on));
    engine = ath_engine_open(url, .error = &e);
    CHECK(ath_connect(engine, &e) == NULL);
    CHECK(e.status == ATH_OPERATIONAL || e.status == ATH_DISCONNECT);
    CHECK(strstr(e.message, "athanor:athanor") == NULL);
    ath_engine_close(engine);
}

static const suite_case cases[] = {
    {"tell_what_was_broken", tell_what_was_broken, 0},
    {"tell_it_of_bound_values", tell_it_of_bound_values, 0},
    {"through_sessions", through_sessions, 0},
    {"of_many_rows", of_many_rows, 0},
    {"a_lock_is_not_waited_for_ever", a_lock_is_not_waited_for_ever, NEEDS_LOCK_TIMEOUT_SETTING},
    {"a_deadlock_has_one_victim", a_deadlock_has_one_victim, NEEDS_ROW_LOCKS},
    {"of_connecting", of_connecting, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
