/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: structured errors: status, SQLSTATE, and which constraint, table and column.
 */
#include "pging.h"

typedef struct failure {
    const char *sql;
    ath_status status;
    const char *sqlstate, *constraint, *table, *column;
    ath_integrity_kind kind;
} failure;

static const failure failures[] = {
    {"INSERT INTO parts (id, code) VALUES (1, 'x')", ATH_INTEGRITY, "23505", "parts_pkey", "parts", "id",
     ATH_INTEGRITY_PRIMARY_KEY},
    {"INSERT INTO parts (code) VALUES ('a')", ATH_INTEGRITY, "23505", "uq_code", "parts", "code", ATH_INTEGRITY_UNIQUE},
    {"INSERT INTO parts (code, \"Odd, name\", n) VALUES ('q', 1, 1)", ATH_INTEGRITY, "23505", "uq_odd", "parts",
     "Odd, name", ATH_INTEGRITY_UNIQUE},
    {"INSERT INTO parts (code) VALUES ('LOW')", ATH_INTEGRITY, "23505", "uq_lower", "parts", "", ATH_INTEGRITY_UNIQUE},
    {"INSERT INTO parts (code) VALUES (NULL)", ATH_INTEGRITY, "23502", "", "parts", "code", ATH_INTEGRITY_NOT_NULL},
    {"INSERT INTO parts (code, whole) VALUES ('f', 99)", ATH_INTEGRITY, "23503", "fk_whole", "parts", "whole",
     ATH_INTEGRITY_FOREIGN_KEY},
    {"DELETE FROM parts WHERE id = 1", ATH_INTEGRITY, "23503", "fk_whole", "parts", "", ATH_INTEGRITY_FOREIGN_KEY},
    {"INSERT INTO parts (code, n) VALUES ('c', -1)", ATH_INTEGRITY, "23514", "ck_n", "parts", "", ATH_INTEGRITY_CHECK},
    {"INSERT INTO parts (code, during) VALUES ('e', '[1,5)')", ATH_INTEGRITY, "23P01", "ex_during", "parts", "during",
     ATH_INTEGRITY_OTHER},
    {"INSERT INTO parts (code) VALUES (repeat('x', 30))", ATH_DATA, "22001", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT 1 / 0", ATH_DATA, "22012", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT 2147483647 + 1", ATH_DATA, "22003", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT 'x'::int", ATH_DATA, "22P02", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT (SELECT 1 UNION SELECT 2)", ATH_PROGRAMMING, "21000", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT nothing FROM parts", ATH_PROGRAMMING, "42703", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT 1 FROM nowhere", ATH_PROGRAMMING, "42P01", "", "", "", ATH_INTEGRITY_NONE},
    {"SELEC 1", ATH_PROGRAMMING, "42601", "", "", "", ATH_INTEGRITY_NONE},
    {"CREATE TABLE parts (a int)", ATH_PROGRAMMING, "42P07", "", "", "", ATH_INTEGRITY_NONE},
    {"VACUUM", ATH_OPERATIONAL, "25001", "", "", "", ATH_INTEGRITY_NONE},
    {"SELECT set_config('statement_timeout', '5', true), pg_sleep(0)", ATH_OK, "", "", "", "", ATH_INTEGRITY_NONE},
    {"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$", ATH_OPERATIONAL, "40001", "", "", "",
     ATH_INTEGRITY_NONE},
    {"DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", ATH_OPERATIONAL, "P0001", "", "", "", ATH_INTEGRITY_NONE},
    {"DO $$ BEGIN RAISE NOTICE 'into nowhere'; END $$", ATH_OK, "", "", "", "", ATH_INTEGRITY_NONE},
};

TEST(of_statements) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pg_run(c,
           "CREATE TABLE parts (id serial PRIMARY KEY, code varchar(20) NOT NULL CONSTRAINT uq_code UNIQUE,"
           " \"Odd, name\" int, n int CONSTRAINT ck_n CHECK (n >= 0), whole int CONSTRAINT fk_whole REFERENCES parts,"
           " during int4range, CONSTRAINT uq_odd UNIQUE (\"Odd, name\", n),"
           " CONSTRAINT ex_during EXCLUDE USING gist (during WITH &&))");
    pg_run(c, "CREATE UNIQUE INDEX uq_lower ON parts (lower(code))");
    pg_run(c, "INSERT INTO parts (code, \"Odd, name\", n, during) VALUES ('a', 1, 1, '[3,9)'), ('low', 2, 2, NULL)");
    pg_run(c, "UPDATE parts SET whole = 1 WHERE id = 2");
    CHECK_INT(ath_commit(c), ATH_OK);
    for (size_t i = 0; i < TEST_COUNT(failures); i++) {
        const failure *f = &failures[i];
        test_context("%s", f->sql);
        CHECK_INT(pg_try(c, f->sql), f->status);
        const ath_error *e = ath_connection_error(c);
        if (f->status != ATH_OK) {
            CHECK_STR(e->sqlstate, f->sqlstate);
            CHECK_STR(e->constraint, f->constraint);
            CHECK_STR(e->table, f->table);
            CHECK_STR(e->column, f->column);
            CHECK_INT(e->integrity, f->kind);
            CHECK(e->message[0] && !strchr(e->message, '\n'));
            CHECK(strstr(e->statement, f->sql) == e->statement);
        }
        CHECK_INT(ath_rollback(c), ATH_OK);
    }
    end();
}

/* A deferred constraint speaks up at the end of the transaction, which is over then. */
TEST(of_commits) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pg_run(c, "CREATE TABLE late (id int PRIMARY KEY, up int CONSTRAINT fk_up REFERENCES late DEFERRABLE)");
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(c->driver->exec(c->handle, "BEGIN", &pg_error), ATH_OK);
    CHECK_INT(c->driver->defer_foreign_keys(c->handle, &pg_error), ATH_OK);
    CHECK_INT(c->driver->exec(c->handle, "INSERT INTO late VALUES (1, 2)", &pg_error), ATH_OK);
    CHECK_INT(c->driver->rows_changed(c->handle), 1);
    CHECK_INT(c->driver->exec(c->handle, "COMMIT", &pg_error), ATH_INTEGRITY);
    CHECK_STR(pg_error.constraint, "fk_up");
    CHECK(!c->driver->in_transaction(c->handle));
    bool there = false;
    CHECK_INT(c->driver->has_table(c->handle, "late", &there, &pg_error), ATH_OK);
    CHECK(there);
    CHECK_INT(c->driver->has_table(c->handle, "la'te", &there, &pg_error), ATH_OK);
    CHECK(!there);
    end();
}

TEST(of_connecting) {
    TEST_ON(TEST_POSTGRESQL);
    ath_url *url = ath_url_parse(test_url(TEST_POSTGRESQL), &pg_error);
    for (int i = 0; i < 2; i++) { /* a wrong password, a database that is not there */
        char text[300];
        if (i == 0)
            snprintf(text, sizeof text, "postgresql://%s:a-secret@%s:%d/%s", url->user, url->host, url->port,
                     url->database);
        else
            snprintf(text, sizeof text, "postgresql://%s:%s@%s:%d/not_%s", url->user, url->password, url->host,
                     url->port, url->database);
        ath_engine *e = ath_engine_open(text);
        CHECK(ath_connect(e, &pg_error) == NULL);
        CHECK_INT(pg_error.status, ATH_OPERATIONAL);
        CHECK(strstr(pg_error.message, "a-secret") == NULL);
        CHECK(strstr(pg_error.message, i ? "does not exist" : "password") != NULL);
        ath_engine_close(e);
    }
    ath_url_free(url);
}

static const test_case cases[] = {
    {"of_statements", of_statements},
    {"of_commits", of_commits},
    {"of_connecting", of_connecting},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
