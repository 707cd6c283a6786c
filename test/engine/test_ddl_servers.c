/* SPDX-License-Identifier: Apache-2.0
 *
 * DDL where it must prove itself: tables without structs, made and dropped on each database; what was declared is kept
 * by the server; names and literals of any sort arrive as they were sent.
 */
#include "engine/temp.h"
#include "servers.h"

#include "sql/dialect.h"

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    ath_error error;
    ath_error_clear(&error);
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_fresh_url(test_on));
    CHECK(db != NULL);
    c = db ? ath_connect(db, &error) : NULL;
    CHECK_STR(error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static bool is_server(void) {
    return test_on != TEST_SQLITE;
}

/* Whatever must be done on the one connection there is. */
static void create(const ath_metadata *md, bool drop) {
    ath_error error;
    ath_connection_close(c);
    ath_error_clear(&error);
    CHECK_INT(drop ? ath_drop_all(db, md, &error) : ath_create_all(db, md, &error), ATH_OK);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
}

/* The statement's status; what it did is kept. */
static ath_status run(const char *sql) {
    ath_status status = run_sql(c, sql);
    CHECK_INT(status == ATH_OK ? ath_commit(c) : ath_rollback(c), ATH_OK);
    return status;
}

static ath_status ddl(ath_ddl what) {
    ath_status status = ath_connection_run_ddl(c, what);
    if (status == ATH_OK)
        CHECK_STR(ath_connection_error(c)->message, "");
    CHECK_INT(status == ATH_OK ? ath_commit(c) : ath_rollback(c), ATH_OK);
    return status;
}

static int64_t ask(const char *sql) {
    int64_t answer = ask_int(c, sql);
    CHECK_INT(ath_commit(c), ATH_OK);
    return answer;
}

/* ---- all sorts of columns and constraints ---- */

static ath_table *teams(void) {
    return ath_table_new(
        "teams", ath_column_def("id", ATH_INTEGER, .primary_key = true),
        ath_column_def("name", ATH_STRING(20), .not_null = true, .unique = true, .comment = "it's"),
        ath_column_def("mood", ATH_ENUM_TYPE("mood", "sad", "it's ok"), .server_default = ath_str("it's ok")),
        ath_column_def("points", ATH_INTEGER, .check = "points >= 0", .server_default = ath_int(7)),
        ath_column_def("twice", ATH_INTEGER, .computed = "points * 2", .persisted = ATH_STORED),
        ath_column_def("since", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
        ath_column_def("ratio", ATH_NUMERIC(10, 2), .server_default = ath_text("1.5")),
        ath_column_def("active", ATH_BOOLEAN, .server_default = ath_bool(true), .index = true),
        ath_column_def("chief", ATH_INTEGER, .foreign_key = "members.id", .foreign_key_name = "fk_chief"),
        ath_check_def(.name = "ck_name", .check = "name <> 'nobody'"),
        ath_index_def("ix_points", ath_parts(ath_part("points", .desc = true), ath_part("name"))),
        ath_options_def(.comment = "teams and \\ \"chiefs\""));
}

static ath_table *members(void) {
    return ath_table_new("members", ath_column_def("number", ATH_INTEGER, .primary_key = true),
                         ath_column_def("id", ATH_INTEGER, .primary_key = true,
                                        .autoincrement = is_server() ? ATH_AUTOINCREMENT_YES : ATH_AUTOINCREMENT_AUTO),
                         ath_column_def("team_id", ATH_INTEGER, .foreign_key = "teams.id",
                                        .foreign_key_name = "fk_team", .ondelete = "SET NULL"),
                         ath_column_def("mood", ATH_ENUM_TYPE("mood", "sad", "it's ok")),
                         ath_unique_def(.name = "uq_id", .columns = ath_names("id")));
}

static void check_rules(void) {
    CHECK_INT(run("INSERT INTO teams (id, name) VALUES (1, 'a')"), ATH_OK);
    CHECK_INT(ask("SELECT points + twice FROM teams"), 21);
    CHECK_INT(ask("SELECT count(*) FROM teams WHERE mood = 'it''s ok' AND active AND ratio = 1.5"), 1);
    CHECK_INT(run("INSERT INTO teams (name) VALUES ('a')"), ATH_INTEGRITY);
    CHECK_INT(run("INSERT INTO teams (name) VALUES ('nobody')"), ATH_INTEGRITY);
    CHECK_INT(run("INSERT INTO teams (name, points) VALUES ('b', -1)"), ATH_INTEGRITY);
    CHECK_INT(run("INSERT INTO members (number, id, team_id) VALUES (1, 1, 99)"), ATH_INTEGRITY);
    CHECK_INT(run("INSERT INTO members (number, id, team_id) VALUES (1, 1, 1)"), ATH_OK);
    CHECK_INT(run("UPDATE teams SET chief = 1"), ATH_OK);
    CHECK_INT(run("UPDATE teams SET chief = 2"), ATH_INTEGRITY);
    CHECK_INT(run("UPDATE teams SET chief = NULL"), ATH_OK);
    CHECK_INT(run("DELETE FROM teams"), ATH_OK);
    CHECK_INT(ask("SELECT count(*) FROM members WHERE team_id IS NULL"), 1);
}

TEST(rules_are_kept) {
    begin();
    ath_table *a = teams(), *b = members();
    CHECK_STR(ath_table_mistake(a), NULL);
    CHECK_STR(ath_table_mistake(b), NULL);
    const ath_metadata md = ath_metadata_of(ath_tables(a, b));
    create(&md, false);
    create(&md, false); /* all is there: types, tables, indexes */
    check_rules();
    create(&md, true);
    create(&md, true);
    CHECK_INT(run("SELECT * FROM teams"), ATH_PROGRAMMING);
    create(&md, false); /* the type went too, or this would fail */
    create(&md, true);
    ath_table_free(a);
    ath_table_free(b);
    end();
}

/* ---- names and literals ---- */

static const char remark[] = "it's \\ \\' \"q\" `b` 100%s :x \xc3\xa9"; /* MariaDB's metadata ends at U+FFFF */
static const char nasty[] = "it's \\ \\' \"q\" `b` 100%s :x ?1 $2 -- /* \xf0\x9f\x90\x98 ; \n\t;";

TEST(names_and_literals_of_any_sort) {
    static const char *const name = "a\"b`c'd \\ e%s :f";
    begin();
    ath_table *t =
        ath_table_new(name, ath_column_def("id", ATH_INTEGER, .primary_key = true),
                      ath_column_def("x\"y`z'", ATH_STRING(100), .server_default = ath_str(nasty), .comment = remark),
                      ath_column_def("select", ATH_ENUM_TYPE("my \"type\"", "it's", "back\\slash", "b\"q"),
                                     .server_default = ath_str("back\\slash"), .index = true),
                      ath_index_def("ix \"`'", ath_parts(ath_part("x\"y`z'", .mysql_length = 20))),
                      ath_check_def(.name = "ck \"`'", .check = "1 = 1"), ath_options_def(.comment = remark));
    CHECK_STR(ath_table_mistake(t), NULL);
    const ath_metadata md = ath_metadata_of(ath_tables(t));
    create(&md, false);
    ath_result *r = NULL;
    const char *insert = test_on == TEST_MYSQL ? "INSERT INTO `a\"b``c'd \\ e%s :f` (id) VALUES (1)"
                                               : "INSERT INTO \"a\"\"b`c'd \\ e%s :f\" (id) VALUES (1)";
    const char *select =
        test_on == TEST_MYSQL ? "SELECT * FROM `a\"b``c'd \\ e%s :f`" : "SELECT * FROM \"a\"\"b`c'd \\ e%s :f\"";
    CHECK_INT(run(insert), ATH_OK);
    r = ath_connection_execute(c, ath_stmt_of(ath_text(select)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    CHECK_STR(row ? ath_row_text(row, 1) : NULL, nasty);
    CHECK_STR(row ? ath_row_text(row, 2) : NULL, "back\\slash");
    CHECK_STR(r ? ath_result_column_name(r, 1) : NULL, "x\"y`z'");
    ath_result_close(r);
    CHECK_INT(ath_commit(c), ATH_OK);
    create(&md, true);
    ath_table_free(t);
    end();
}

/* ---- piece by piece ---- */

static void alter(const ath_table *t) {
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = t)), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = t, .if_exists = true)), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_INDEX, .table = t, .name = "ix_a")), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_INDEX, .table = t, .name = "ix_a")), ATH_OK);
    ath_status can = is_server() ? ATH_OK : ATH_NOT_SUPPORTED;
    static const char *const names[] = {"uq", "ck", "fk"};
    for (size_t i = 0; i < TEST_COUNT(names); i++) {
        test_context("constraint %s", names[i]);
        CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_CONSTRAINT, .table = t, .name = names[i])), can);
        CHECK_INT(ddl(ath_ddl_of(ATH_DDL_ADD_CONSTRAINT, .table = t, .name = names[i])), can);
    }
    test_context("%s", "");
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_SET_TABLE_COMMENT, .table = t)), can);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_TABLE_COMMENT, .table = t)), can);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_SET_COLUMN_COMMENT, .table = t, .name = "a")), can);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_COLUMN_COMMENT, .table = t, .name = "a")), can);
}

TEST(piece_by_piece) {
    begin();
    ath_table *p = ath_table_new("p", ath_column_def("id", ATH_INTEGER, .primary_key = true));
    ath_table *t = ath_table_new(
        "t", ath_column_def("a", ATH_INTEGER, .comment = "why", .not_null = true), ath_column_def("b", ATH_STRING(9)),
        ath_unique_def(.name = "uq", .columns = ath_names("b")), ath_check_def(.name = "ck", .check = "a > 0"),
        ath_foreign_key_def(.name = "fk", .columns = ath_names("a"), .target = "p", .target_columns = ath_names("id")),
        ath_index_def("ix_a", ath_parts(ath_part("b"), ath_part("a"))), ath_options_def(.comment = "table"));
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = p)), ATH_OK);
    alter(t);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = t)), ATH_PROGRAMMING);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_TABLE, .table = t)), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_TABLE, .table = t, .if_exists = true)), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_INDEX, .table = t, .name = "nothing")), ATH_ARGUMENT);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_TABLE, .table = p)), ATH_OK);
    ath_table_free(p);
    ath_table_free(t);
    end();
}

/* ---- PostgreSQL ---- */

TEST(postgresql_has_more) {
    if (test_on != TEST_POSTGRESQL)
        TEST_SKIP("it is about PostgreSQL");
    begin();
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_SCHEMA, .name = "My Schema")), ATH_OK);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_CREATE_SCHEMA, .name = "My Schema", .if_exists = true)), ATH_OK);
    ath_table *p = ath_table_new(
        "p",
        ath_column_def("id", ATH_BIGINT, .primary_key = true, .identity = ATH_IDENTITY_ALWAYS,
                       .counting = {.start = ath_some(42), .increment = ath_some(3)}),
        ath_column_def("kind", ATH_WITH_DETAILS(ATH_ENUM("x", "y"), .name = "kind", .schema = "My Schema")),
        ath_column_def("tags", ATH_ARRAY_OF(ATH_STRING(10), 1)),
        ath_column_def("n", ATH_INTEGER, .server_default = ath_text("nextval('counter')")),
        ath_column_def("at", ATH_TYPE_NAMED("INET")), ath_column_def("doc", ATH_JSONB),
        ath_index_def("ix_low", ath_parts(ath_part_of("lower(doc ->> 'a')"), ath_part("n")), .where = "n > 0",
                      .include = ath_names("kind")),
        ath_unique_def(.name = "u", .columns = ath_names("n"), .nulls_not_distinct = true, .deferrable = ATH_DEFERRABLE,
                       .initially = "DEFERRED"),
        ath_options_def(.schema = "My Schema", .comment = "c"));
    ath_table *t = ath_table_new("t", ath_column_def("p_id", ATH_BIGINT, .foreign_key = "My Schema.p.id"));
    CHECK_STR(ath_table_mistake(p), NULL);
    const ath_metadata md =
        ath_metadata_of(ath_tables(t, p), ath_sequences({.name = "counter", .counting = {.start = ath_some(10)}}));
    create(&md, false);
    create(&md, false);
    CHECK_INT(run("INSERT INTO \"My Schema\".p (kind, tags, at) VALUES ('y', '{a,b}', '127.0.0.1')"), ATH_OK);
    CHECK_INT(ask("SELECT id + n FROM \"My Schema\".p"), 52);
    CHECK_INT(run("INSERT INTO \"My Schema\".p (id) VALUES (1)"), ATH_PROGRAMMING);
    CHECK_INT(run("INSERT INTO t VALUES (41)"), ATH_INTEGRITY);
    create(&md, true);
    create(&md, true);
    CHECK_INT(ask("SELECT count(*) FROM pg_class WHERE relname IN ('p', 't', 'counter')"), 0);
    CHECK_INT(ask("SELECT count(*) FROM pg_type WHERE typname = 'kind'"), 0);
    CHECK_INT(ddl(ath_ddl_of(ATH_DDL_DROP_SCHEMA, .name = "My Schema", .cascade = true)), ATH_OK);
    ath_table_free(p);
    ath_table_free(t);
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"rules_are_kept", rules_are_kept},
        {"names_and_literals_of_any_sort", names_and_literals_of_any_sort},
        {"piece_by_piece", piece_by_piece},
        {"postgresql_has_more", postgresql_has_more},
    };
    int code = test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
    temp_remove();
    return code;
}
