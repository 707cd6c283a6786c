/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections without the ORM: transactions, savepoints, results, the statement cache, the log.
 */
#include "test.h"

#include "../models.h"
#include "engine/engine.h"

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    db = library_open();
    c = db ? ath_connect(db) : NULL;
    CHECK(c != NULL);
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static void run(const char *sql) {
    ath_result *r = ath_execute(c, ath_text(sql));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s: %s", sql, ath_error(c)->message);
    ath_result_close(r);
}

static int64_t count_nodes(void) {
    ath_result *r = ath_execute(c, ath_text("SELECT count(*) FROM nodes"));
    const ath_value *v = ath_result_scalar(r);
    int64_t n = v ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

TEST(a_transaction_begins_by_itself) {
    begin();
    CHECK(!ath_connection_in_transaction(c));
    run("INSERT INTO nodes (id, label) VALUES (1, 'a')");
    CHECK(ath_connection_in_transaction(c));
    CHECK_INT(ath_begin(c), ATH_STATE);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(count_nodes(), 0);
    run("INSERT INTO nodes (id, label) VALUES (1, 'a')");
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(ath_commit(c), ATH_OK);
    run("INSERT INTO nodes (id, label) VALUES (2, 'b')");
    ath_connection_close(c); /* rolls back */
    c = ath_connect(db);
    CHECK_INT(count_nodes(), 1);
    end();
}

TEST(savepoints_nest) {
    begin();
    run("INSERT INTO nodes (id, label) VALUES (1, 'a')");
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    run("INSERT INTO nodes (id, label) VALUES (2, 'b')");
    CHECK_INT(ath_connection_savepoint(c), ATH_OK);
    run("INSERT INTO nodes (id, label) VALUES (3, 'c')");
    CHECK_INT(ath_connection_rollback_to(c), ATH_OK);
    CHECK_INT(count_nodes(), 2);
    CHECK_INT(ath_connection_release(c), ATH_OK);
    CHECK_INT(ath_connection_release(c), ATH_STATE);
    CHECK_INT(ath_connection_rollback_to(c), ATH_STATE);
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK_INT(count_nodes(), 2);
    end();
}

TEST(rows_by_index_and_name) {
    begin();
    run("INSERT INTO nodes (id, parent_id, label) VALUES (1, NULL, 'a'), (2, 1, 'b'), (3, 1, 'c')");
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Node), .order_by = ath_by(ath_col(Node, id))));
    CHECK_INT(ath_result_column_count(r), 3);
    CHECK_STR(ath_result_column_name(r, 2), "label");
    const ath_row *row = ath_fetch(r);
    CHECK(row != NULL && ath_row_int(row, 0) == 1 && ath_row_is_null(row, 1));
    CHECK_STR(ath_row_text(row, 2), "a");
    CHECK_STR(ath_row_text(row, 0), "1");
    CHECK(ath_row_get(row, "label")->kind == ATH_KIND_TEXT);
    CHECK(ath_row_get(row, "nope") == NULL && ath_row_at(row, 9) == NULL && ath_row_text(row, 9) == NULL);
    const ath_row **rest = ath_result_all(r);
    CHECK_INT(ath_len(rest), 2);
    CHECK_INT(ath_row_int(rest[1], 0), 3);
    CHECK_STR(ath_row_text(rest[0], 2), "b");
    CHECK_INT(ath_row_get(rest[0], "parent_id")->as.i, 1);
    CHECK(ath_fetch(r) == NULL);
    CHECK_INT(ath_result_rowcount(r), -1);
    ath_result_close(r);
    end();
}

TEST(first_one_scalar) {
    begin();
    run("INSERT INTO nodes (id, label) VALUES (1, 'a'), (2, 'b')");
    ath_result *r = ath_execute(c, ath_text("SELECT label FROM nodes ORDER BY id"));
    CHECK_STR(ath_row_text(ath_result_first(r), 0), "a");
    CHECK(ath_fetch(r) == NULL);
    ath_result_close(r);
    r = ath_execute(c, ath_text("SELECT label FROM nodes"));
    CHECK(ath_result_one(r) == NULL && ath_error(r)->status == ATH_MULTIPLE_RESULTS);
    ath_result_close(r);
    r = ath_execute(c, ath_text("SELECT label FROM nodes WHERE id = :id", ath_bind("id", 2)));
    CHECK_STR(ath_row_text(ath_result_one(r), 0), "b");
    ath_result_close(r);
    r = ath_execute(c, ath_text("SELECT label FROM nodes WHERE id = 7"));
    CHECK(ath_result_one_or_none(r) == NULL && ath_error(r)->status == ATH_OK);
    ath_result_close(r);
    r = ath_execute(c, ath_text("SELECT label FROM nodes WHERE id = 7"));
    CHECK(ath_result_one(r) == NULL && ath_error(r)->status == ATH_NO_RESULT);
    ath_result_close(r);
    r = ath_execute(c, ath_text("DELETE FROM nodes"));
    CHECK_INT(ath_result_rowcount(r), 2);
    CHECK(ath_result_all(r) == NULL && ath_error(r)->status == ATH_STATE);
    ath_result_close(r);
    ath_result_close(NULL);
    end();
}

TEST(insert_update_delete_returning) {
    begin();
    ath_result *r = ath_execute(
        c, ath_insert(.model = ath_model_of(Author),
                      .set = ath_set(ath_to(Author, name, "x"), ath_to(Author, email, ""), ath_to(Author, balance, 1)),
                      .returning = ath_cols(ath_col(Author, id), ath_col(Author, is_active))));
    const ath_row *row = ath_result_one(r);
    CHECK(row != NULL && ath_row_int(row, 0) == 1 && ath_row_at(row, 1)->kind == ATH_KIND_BOOL &&
          ath_row_at(row, 1)->as.b);
    ath_result_close(r);
    r = ath_execute(c, ath_update_of(.model = ath_model_of(Author),
                                     .set = ath_set(ath_to(Author, balance, ath_plus(ath_col(Author, balance), 1))),
                                     .where = ath_eq(ath_col(Author, name), "x")));
    CHECK_INT(ath_result_rowcount(r), 1);
    ath_result_close(r);
    r = ath_execute(c, ath_insert(.table = "nodes", .set = ath_set(ath_name_to("label", "by name"))));
    CHECK_INT(ath_result_inserted_id(r), 1);
    ath_result_close(r);
    r = ath_execute(c, ath_delete_of(.model = ath_model_of(Author)));
    CHECK(r == NULL && ath_error(c)->status == ATH_ARGUMENT);
    r = ath_execute(c, ath_delete_of(.model = ath_model_of(Author), .all_rows = true,
                                     .returning = ath_cols(ath_col(Author, balance))));
    CHECK(ath_row_real(ath_result_one(r), 0) == 2);
    ath_result_close(r);
    end();
}

TEST(wrong_statements) {
    begin();
    static const struct {
        const char *sql;
        ath_status status;
        const char *says;
    } rows[] = {
        {"SELECT * FROM nowhere", ATH_PROGRAMMING, "nowhere"},
        {"SELECT nothing FROM nodes", ATH_PROGRAMMING, "nothing"},
        {"SELEC 1", ATH_PROGRAMMING, "SELEC"},
        {"", ATH_PROGRAMMING, "empty"},
        {"SELECT 1; DROP TABLE nodes", ATH_PROGRAMMING, "more than one"},
        {"SELECT :missing", ATH_ARGUMENT, "missing"},
        {"SELECT ?", ATH_ARGUMENT, "placeholder"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].sql);
        CHECK(ath_execute(c, ath_text(rows[i].sql)) == NULL);
        CHECK_INT(ath_error(c)->status, rows[i].status);
        CHECK(strstr(ath_error(c)->message, rows[i].says) != NULL);
    }
    test_context("%s", "");
    CHECK(ath_execute(c, ath_text("SELECT * FROM nowhere")) == NULL);
    CHECK_STR(ath_error(c)->table, "nowhere");
    CHECK_STR(ath_error(c)->statement, "SELECT * FROM nowhere");
    CHECK_INT(count_nodes(), 0);
    end();
}

TEST(integrity_errors_say_what_broke) {
    begin();
    run("INSERT INTO authors (name, email, is_active, balance, created_at) VALUES ('a', '', 1, 0, '2024-01-01 "
        "00:00:00')");
    static const struct {
        const char *sql;
        ath_integrity_kind kind;
        const char *sqlstate, *table, *column, *constraint;
    } rows[] = {
        {"INSERT INTO authors (name, email, is_active, balance, created_at) VALUES ('a', '', 1, 0, '2024')",
         ATH_INTEGRITY_UNIQUE, "23505", "authors", "name", ""},
        {"INSERT INTO authors (id, name, email, is_active, balance, created_at) VALUES (1, 'b', '', 1, 0, '2024')",
         ATH_INTEGRITY_PRIMARY_KEY, "23505", "authors", "id", ""},
        {"INSERT INTO authors (name) VALUES ('z')", ATH_INTEGRITY_NOT_NULL, "23502", "authors", "email", ""},
        {"UPDATE authors SET age = -1", ATH_INTEGRITY_CHECK, "23514", "", "", "age >= 0"},
        {"INSERT INTO books (author_id, title, price) VALUES (77, 't', 0)", ATH_INTEGRITY_FOREIGN_KEY, "23503", "", "",
         ""},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].sql);
        CHECK(ath_execute(c, ath_text(rows[i].sql)) == NULL);
        const ath_error *e = ath_error(c);
        CHECK_INT(e->status, ATH_INTEGRITY);
        CHECK_INT(e->integrity, rows[i].kind);
        CHECK_STR(e->sqlstate, rows[i].sqlstate);
        CHECK_STR(e->table, rows[i].table);
        CHECK_STR(e->column, rows[i].column);
        CHECK_STR(e->constraint, rows[i].constraint);
    }
    test_context("%s", "");
    end();
}

/* ---- the statement cache ---- */

TEST(a_statement_being_walked_is_lent_twice) {
    begin();
    run("INSERT INTO nodes (id, label) VALUES (1, 'a'), (2, 'b')");
    ath_result *outer = ath_execute(c, ath_text("SELECT id FROM nodes ORDER BY id"));
    int rows = 0;
    for (const ath_row *row; (row = ath_fetch(outer)) != NULL; rows++) {
        ath_result *inner = ath_execute(c, ath_text("SELECT id FROM nodes ORDER BY id"));
        CHECK_INT(ath_len(ath_result_all(inner)), 2);
        ath_result_close(inner);
    }
    CHECK_INT(rows, 2);
    ath_result_close(outer);
    end();
}

TEST(the_cache_is_bounded_in_bytes) {
    db = ath_engine_open("sqlite://", .statement_cache_bytes = 20000);
    c = ath_connect(db);
    char sql[64];
    for (int i = 0; i < 200; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        run(sql);
        CHECK(c->cache.bytes <= 20000 + 8000);
    }
    CHECK(c->cache.count < 50);
    uint64_t before = ath_engine_statistics(db).prepared;
    run("SELECT 199");
    CHECK_INT(ath_engine_statistics(db).prepared - before, 0);
    run("SELECT 0");
    CHECK_INT(ath_engine_statistics(db).prepared - before, 1);
    end();
}

TEST(a_changed_schema_is_survived) {
    begin();
    run("INSERT INTO nodes (id, label) VALUES (1, 'a')");
    run("SELECT * FROM nodes");
    run("ALTER TABLE nodes ADD COLUMN extra TEXT DEFAULT 'new'");
    ath_result *r = ath_execute(c, ath_text("SELECT * FROM nodes"));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    CHECK(row != NULL && ath_row_int(row, 0) == 1);
    ath_result_close(r);
    end();
}

/* ---- engine ---- */

TEST(the_only_connection_of_a_memory_database) {
    begin();
    ath_error error;
    CHECK(ath_connect(db, &error) == NULL);
    CHECK_INT(error.status, ATH_TIMEOUT);
    CHECK(strstr(error.message, "in use") != NULL);
    end();
}

static char logged[8000];
static void take_line(void *context, ath_log_level level, const char *line) {
    (void)context;
    (void)level;
    strncat(logged, line, sizeof logged - strlen(logged) - 2);
    strncat(logged, "\n", sizeof logged - strlen(logged) - 1);
}

TEST(echo_tells_statements_and_values) {
    logged[0] = '\0';
    db = ath_engine_open("sqlite://", .echo = true, .log = take_line);
    c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("SELECT :a, :b", ath_bind("a", 1), ath_bind("b", "it's"))));
    ath_result_close(ath_execute(c, ath_text("SELECT :a, :b", ath_bind("a", 2), ath_bind("b", "x"))));
    CHECK_INT(ath_commit(c), ATH_OK);
    CHECK(strstr(logged,
                 "BEGIN (implicit)\nSELECT ?, ?\n[generated] (1, 'it''s')\nSELECT ?, ?\n[cached] (2, 'x')\nCOMMIT\n"));
    end();
    logged[0] = '\0';
    db = ath_engine_open("sqlite://", .echo = true, .log = take_line, .hide_parameters = true);
    c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("SELECT :a", ath_bind("a", "secret"))));
    CHECK(strstr(logged, "SELECT ?") && !strstr(logged, "secret"));
    end();
}

TEST(sql_without_running_it) {
    begin();
    char sql[200];
    size_t length;
    CHECK_INT(ath_engine_sql(db, ath_stmt_of(ath_select(.model = ath_model_of(Node), .limit = 3)), sql, sizeof sql,
                             &length, NULL),
              ATH_OK);
    CHECK_STR(sql, "SELECT nodes.id, nodes.parent_id, nodes.label FROM nodes LIMIT ? OFFSET ?");
    CHECK_INT(length, strlen(sql));
    end();
}

static const test_case cases[] = {
    {"a_transaction_begins_by_itself", a_transaction_begins_by_itself},
    {"savepoints_nest", savepoints_nest},
    {"rows_by_index_and_name", rows_by_index_and_name},
    {"first_one_scalar", first_one_scalar},
    {"insert_update_delete_returning", insert_update_delete_returning},
    {"wrong_statements", wrong_statements},
    {"integrity_errors_say_what_broke", integrity_errors_say_what_broke},
    {"a_statement_being_walked_is_lent_twice", a_statement_being_walked_is_lent_twice},
    {"the_cache_is_bounded_in_bytes", the_cache_is_bounded_in_bytes},
    {"a_changed_schema_is_survived", a_changed_schema_is_survived},
    {"the_only_connection_of_a_memory_database", the_only_connection_of_a_memory_database},
    {"echo_tells_statements_and_values", echo_tells_statements_and_values},
    {"sql_without_running_it", sql_without_running_it},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
