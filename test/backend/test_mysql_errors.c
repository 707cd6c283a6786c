/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB's and MySQL's errors become statuses, kinds and names: those a server sends, and messages of both as they stand in
 * their sources, for what no test server can be brought to say.
 */
#include "mysqling.h"

typedef struct expected {
    const char *sql;
    ath_status status;
    ath_integrity_kind kind;
    const char *sqlstate, *constraint, *table, *column;
} expected;

static void check_error(const ath_error *e, const expected *x) {
    CHECK_INT(e->status, x->status);
    CHECK_INT(e->integrity, x->kind);
    CHECK_STR(e->sqlstate, x->sqlstate);
    CHECK_STR(e->constraint, x->constraint);
    CHECK_STR(e->table, x->table);
    CHECK_STR(e->column, x->column);
}

static const char *const schema[] = {
    "CREATE OR REPLACE TABLE parent (id INTEGER PRIMARY KEY)",
    "CREATE OR REPLACE TABLE child (id INTEGER PRIMARY KEY, email VARCHAR(10) UNIQUE, n TINYINT NOT NULL DEFAULT 0,"
    " must INTEGER NOT NULL, small INTEGER CHECK (small < 10), a DATE, e ENUM('x', 'y'), j JSON, parent_id INTEGER,"
    " CONSTRAINT ck_n CHECK (n <> 5), CONSTRAINT fk_p FOREIGN KEY (parent_id) REFERENCES parent (id))",
    "INSERT INTO parent VALUES (1)",
    "INSERT INTO child (id, email, must, parent_id) VALUES (1, 'a''b', 1, 1)",
};

TEST(of_the_server) {
    TEST_ON(TEST_MYSQL);
    static const expected rows[] = {
        {"INSERT INTO child (id, must) VALUES (1, 1)", ATH_INTEGRITY, ATH_INTEGRITY_PRIMARY_KEY, "23505", "PRIMARY",
         "child", ""},
        {"INSERT INTO child (id, email, must) VALUES (2, 'a''b', 1)", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505",
         "email", "child", ""},
        {"INSERT INTO child (id, must, parent_id) VALUES (2, 1, 7)", ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503",
         "fk_p", "child", "parent_id"},
        {"DELETE FROM parent WHERE id = 1", ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503", "fk_p", "child",
         "parent_id"},
        {"INSERT INTO child (id, must) VALUES (2, NULL)", ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502", "", "child",
         "must"},
        {"INSERT INTO child (id) VALUES (2)", ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502", "", "child", "must"},
        {"UPDATE child SET n = 5", ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514", "ck_n", "child", ""},
        {"UPDATE child SET small = 11", ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514", "", "child", "small"},
        {"UPDATE child SET n = 1000", ATH_DATA, 0, "22003", "", "child", "n"},
        {"UPDATE child SET email = 'longer than ten'", ATH_DATA, 0, "22001", "", "child", "email"},
        {"UPDATE child SET a = '2024-02-30'", ATH_DATA, 0, "22007", "", "child", "a"},
        {"UPDATE child SET a = '0000-00-00'", ATH_DATA, 0, "22007", "", "child", "a"},
        {"UPDATE child SET e = 'z'", ATH_DATA, 0, "01000", "", "child", "e"},
        {"UPDATE child SET n = 'abc'", ATH_DATA, 0, "22007", "", "child", "n"},
        {"UPDATE child SET n = 1 / 0", ATH_DATA, 0, "22012", "", "child", ""},
        {"UPDATE child SET n = 9223372036854775807 + 1", ATH_DATA, 0, "22003", "", "child", ""},
        {"SELECT nothing FROM child", ATH_PROGRAMMING, 0, "42S22", "", "", "nothing"},
        {"SELECT c.nothing FROM child c", ATH_PROGRAMMING, 0, "42S22", "", "c", "nothing"},
        {"SELECT 1 FROM nowhere", ATH_PROGRAMMING, 0, "42S02", "", "nowhere", ""},
        {"SELEKT 1", ATH_PROGRAMMING, 0, "42000", "", "", ""},
        {"SELECT nothing(1)", ATH_PROGRAMMING, 0, "42000", "", "", ""},
        {"CREATE TABLE child (id INTEGER)", ATH_PROGRAMMING, 0, "42S01", "", "child", ""},
    };
    ath_engine *db = my_engine("");
    ath_connection *c = ath_connect(db, &my_error);
    for (size_t i = 0; i < TEST_COUNT(schema); i++)
        my_run(c, schema[i]);
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].sql);
        CHECK_INT(my_try(c, rows[i].sql), rows[i].status);
        check_error(ath_connection_error(c), &rows[i]);
        CHECK(ath_connection_error(c)->native_code != 0);
        CHECK_STR(ath_connection_error(c)->statement, rows[i].sql);
    }
    test_context("%s", "");
    ath_connection_close(c);
    ath_engine_close(db);
}

/* Messages of other versions, and such that try to mislead. */
TEST(of_messages) {
    static const struct {
        unsigned number;
        const char *sqlstate;
        expected x; /* .sql: the message */
    } rows[] = {
        {1062,
         "23000",
         {"Duplicate entry 'a' for key 'users.email'", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505", "email", "users",
          ""}},
        {1062,
         "23000",
         {"Duplicate entry '1' for key 'users.PRIMARY'", ATH_INTEGRITY, ATH_INTEGRITY_PRIMARY_KEY, "23505", "PRIMARY",
          "users", ""}},
        {1062,
         "23000",
         {"Duplicate entry 'x' for key 'evil'' for key 'uq_name'", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505",
          "uq_name", "", ""}},
        {1062, "23000", {"Duplicate entry", ATH_INTEGRITY, ATH_INTEGRITY_UNIQUE, "23505", "", "", ""}},
        {1451,
         "23000",
         {"Cannot delete or update a parent row: a foreign key constraint fails", ATH_INTEGRITY,
          ATH_INTEGRITY_FOREIGN_KEY, "23503", "", "", ""}},
        {1452, "23000", {"... fails (`db`.`t`", ATH_INTEGRITY, ATH_INTEGRITY_FOREIGN_KEY, "23503", "", "t", ""}},
        {1048, "23000", {"Column cannot be null", ATH_INTEGRITY, ATH_INTEGRITY_NOT_NULL, "23502", "", "", ""}},
        {3819,
         "HY000",
         {"Check constraint 'ck_age' is violated.", ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514", "ck_age", "", ""}},
        {4025,
         "23000",
         {"CONSTRAINT `ck` failed for `db`.`t`", ATH_INTEGRITY, ATH_INTEGRITY_CHECK, "23514", "ck", "t", ""}},
        {1213,
         "40001",
         {"Deadlock found when trying to get lock; try restarting transaction", ATH_OPERATIONAL, 0, "40001", "", "",
          ""}},
        {1205,
         "HY000",
         {"Lock wait timeout exceeded; try restarting transaction", ATH_OPERATIONAL, 0, "HY000", "", "", ""}},
        {1317, "70100", {"Query execution was interrupted", ATH_OPERATIONAL, 0, "57014", "", "", ""}},
        {2006, "HY000", {"Server has gone away", ATH_DISCONNECT, 0, "HY000", "", "", ""}},
        {4031,
         "HY000",
         {"The client was disconnected by the server because of inactivity", ATH_DISCONNECT, 0, "HY000", "", "", ""}},
        {1461,
         "42000",
         {"Can't create more than max_prepared_stmt_count statements", ATH_OPERATIONAL, 0, "42000", "", "", ""}},
        {9999, "22001", {"something new about data", ATH_DATA, 0, "22001", "", "", ""}},
        {9999, "23000", {"something new about constraints", ATH_INTEGRITY, ATH_INTEGRITY_OTHER, "23000", "", "", ""}},
        {9999, "42000", {"something new about syntax", ATH_PROGRAMMING, 0, "42000", "", "", ""}},
        {9999, "HY000", {"something new", ATH_OPERATIONAL, 0, "HY000", "", "", ""}},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error e = {0};
        test_context("%s", rows[i].x.sql);
        CHECK_INT(ath__mysql_error(rows[i].number, rows[i].sqlstate, rows[i].x.sql, &e), rows[i].x.status);
        check_error(&e, &rows[i].x);
        CHECK_INT(e.native_code, rows[i].number);
        CHECK_STR(e.message, rows[i].x.sql);
    }
    test_context("%s", "");
    CHECK_INT(ath__mysql_error(1062, "23000", "Duplicate entry", NULL), ATH_INTEGRITY);
}

TEST(tables_from_statements) {
    static const struct {
        const char *sql, *table;
    } rows[] = {
        {"INSERT INTO users (a) VALUES (?)", "users"},
        {"insert ignore into `My ``Users` values (1)", "My `Users"},
        {"INSERT INTO shop.users(a) VALUES (?)", "users"},
        {"INSERT INTO `shop`.`users` (a) VALUES (?)", "users"},
        {"UPDATE users SET a = 1", "users"},
        {"UPDATE", ""},
        {"INSERT users VALUES (1)", ""},
        {"SELECT 1 FROM users", ""},
        {"INSERT INTO `never ended", "never ended"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath_error e = {.status = ATH_INTEGRITY};
        test_context("%s", rows[i].sql);
        ath__mysql_name_table(rows[i].sql, &e);
        CHECK_STR(e.table, rows[i].table);
    }
    test_context("%s", "");
}

static const test_case cases[] = {
    {"of_the_server", of_the_server},
    {"of_messages", of_messages},
    {"tables_from_statements", tables_from_statements},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
