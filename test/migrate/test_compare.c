/* SPDX-License-Identifier: Apache-2.0
 *
 * A metadata compared with a database: what was just created differs in nothing, whatever it says; what was changed is seen.
 */
#include "comparing.h"
#include "servers.h"

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_fresh_url(test_on));
    CHECK(db != NULL);
    c = db ? ath_connect(db, &error) : NULL;
    CHECK_STR(error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static bool create(const ath_metadata *md) {
    ath_error error = {0};
    ath_connection_close(c);
    ath_status status = ath_create_all(db, md, &error);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    return status == ATH_OK;
}

static bool drop(const ath_metadata *md) {
    ath_error error = {0};
    ath_connection_close(c);
    ath_status status = ath_drop_all(db, md, &error);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    return status == ATH_OK;
}

/* Made by create_all, compared, gone again; the line names the table that failed. */
static void check_same(const ath_metadata *md, const char *what) {
    if (create(md)) {
        const char *said = compared(c, md, (ath__compare_opts){.allow_drop = true});
        if (*said)
            test_failed_(__FILE__, __LINE__, "%s: %s", what, said);
        drop(md);
    }
}

#define SAME(...)                                                                                                      \
    do {                                                                                                               \
        ath_table *t_ = ath_table_new("t", ath_column_def("id", ATH_INTEGER, .primary_key = true), __VA_ARGS__);       \
        if (ath_table_mistake(t_) != NULL)                                                                             \
            test_failed_(__FILE__, __LINE__, "%s", ath_table_mistake(t_));                                             \
        const ath_metadata md_ = ath_metadata_of(ath_tables(t_));                                                      \
        check_same(&md_, #__VA_ARGS__);                                                                                \
        ath_table_free(t_);                                                                                            \
    } while (0)

TEST(types_are_the_same) {
    begin();
    const struct {
        const char *name;
        ath_type type;
    } types[] = {{"boolean", ATH_BOOLEAN},
                 {"smallint", ATH_SMALLINT},
                 {"integer", ATH_INTEGER},
                 {"bigint", ATH_BIGINT},
                 {"float", ATH_FLOAT},
                 {"float(30)", ATH_FLOAT_OF(30)},
                 {"real", ATH_REAL},
                 {"double", ATH_DOUBLE},
                 {"double precision", ATH_DOUBLE_PRECISION},
                 {"numeric", ATH_NUMERIC(0, 0)},
                 {"numeric(10,2)", ATH_NUMERIC(10, 2)},
                 {"numeric(10)", ATH_NUMERIC(10, 0)},
                 {"decimal(8,3)", ATH_DECIMAL(8, 3)},
                 {"string(50)", ATH_STRING(50)},
                 {"char(3)", ATH_CHAR(3)},
                 {"nchar(3)", ATH_NCHAR(3)},
                 {"nvarchar(9)", ATH_NVARCHAR(9)},
                 {"text", ATH_TEXT},
                 {"clob", ATH_CLOB},
                 {"binary", ATH_BINARY},
                 {"fixed binary", ATH_FIXED_BINARY(16)},
                 {"varbinary", ATH_VARBINARY(20)},
                 {"date", ATH_DATE},
                 {"time", ATH_TIME},
                 {"datetime", ATH_DATETIME},
                 {"timestamp", ATH_TIMESTAMP},
                 {"interval", ATH_INTERVAL},
                 {"uuid", ATH_UUID},
                 {"json", ATH_JSON},
                 {"jsonb", ATH_JSONB},
                 {"enum", ATH_ENUM("a", "it's")},
                 {"enum type", ATH_ENUM_TYPE("mood", "sad", "ok")},
                 {"enum with a check", ATH_WITH_DETAILS(ATH_ENUM("x", "y"), .check = true, .name = "xy")},
                 {"plain enum", ATH_WITH_DETAILS(ATH_ENUM("x", "y"), .check = true, .plain = true)},
                 {"checked boolean", ATH_WITH_DETAILS(ATH_BOOLEAN, .check = true)}};
    for (size_t i = 0; i < TEST_COUNT(types); i++) {
        ath_table *t =
            ath_table_new("t", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                          ath_column_def("a", types[i].type), ath_column_def("b", types[i].type, .not_null = true));
        const ath_metadata md = ath_metadata_of(ath_tables(t));
        check_same(&md, types[i].name);
        ath_table_free(t);
    }
    end();
}

TEST(options_are_the_same) {
    begin();
    SAME(ath_column_def("a", ATH_STRING(20), .server_default = ath_str("it's")));
    SAME(ath_column_def("a", ATH_INTEGER, .server_default = ath_int(-7)));
    SAME(ath_column_def("a", ATH_INTEGER, .server_default = ath_str("18")));
    SAME(ath_column_def("a", ATH_BOOLEAN, .server_default = ath_bool(true)));
    SAME(ath_column_def("a", ATH_NUMERIC(10, 2), .server_default = ath_text("1.50")));
    SAME(ath_column_def("a", ATH_DATETIME, .server_default = ath_now(), .not_null = true));
    SAME(ath_column_def("a", ATH_DATETIME, .server_default = ath_text("CURRENT_TIMESTAMP")));
    SAME(ath_column_def("a", ATH_STRING(20), .server_default = ath_text("'x'")));
    SAME(ath_column_def("a", ATH_STRING(20), .server_default = ath_text("(lower('X'))")));
    SAME(ath_column_def("a", ATH_STRING(20), .unique = true));
    SAME(ath_column_def("a", ATH_STRING(20), .index = true));
    SAME(ath_column_def("a", ATH_STRING(20), .index = true, .unique = true));
    SAME(ath_column_def("a", ATH_STRING(20), .comment = "it's \\ \"quoted\""));
    SAME(ath_column_def("a", ATH_INTEGER, .check = "a > 0 AND a IN (1, 2, 3)"));
    SAME(ath_column_def("a", ATH_INTEGER, .check = "a > 0", .check_name = "ck_a"));
    SAME(ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER, .computed = "a * 2"));
    SAME(ath_column_def("a", ATH_INTEGER),
         ath_column_def("b", ATH_INTEGER, .computed = "a+2", .persisted = ATH_STORED));
    SAME(ath_column_def("a", ATH_INTEGER), ath_check_def(.name = "ck", .check = "a BETWEEN 1 AND 9 or a is null"));
    SAME(ath_column_def("a", ATH_INTEGER), ath_check_def(.check = "a != 4"), ath_check_def(.check = "a <> 5"));
    SAME(ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER),
         ath_unique_def(.name = "uq_ab", .columns = ath_names("a", "b")));
    SAME(ath_column_def("a", ATH_INTEGER), ath_column_def("b", ATH_INTEGER),
         ath_unique_def(.columns = ath_names("b", "a")));
    SAME(ath_column_def("a", ATH_INTEGER),
         ath_index_def("ix_d", ath_parts(ath_part("a", .desc = true), ath_part("id"))));
    SAME(ath_column_def("a", ATH_INTEGER), ath_options_def(.comment = "what it is for"));
    SAME(ath_column_def("p", ATH_INTEGER, .foreign_key = "t.id", .ondelete = "CASCADE", .onupdate_action = "RESTRICT"));
    SAME(ath_column_def("p", ATH_INTEGER, .foreign_key = "t.id", .ondelete = "NO ACTION", .index = true));
    SAME(ath_column_def("p", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk_p"));
    end();
}

TEST(options_of_some_databases_are_the_same) {
    begin();
    if (test_on != TEST_MYSQL) {
        SAME(ath_column_def("a", ATH_STRING(9)), ath_index_def("ix_e", ath_parts(ath_part_of("lower(a)"))));
        SAME(ath_column_def("a", ATH_INTEGER),
             ath_index_def("ix_w", ath_parts(ath_part("a")), .where = "a > 5 and id < 3"));
        SAME(ath_column_def("p", ATH_INTEGER, .foreign_key = "t.id", .deferrable = ATH_DEFERRABLE,
                            .initially = "DEFERRED"));
        SAME(ath_column_def("a", ATH_INTEGER), ath_options_def(.sqlite_autoincrement = true));
    }
    if (test_on == TEST_SQLITE) {
        SAME(ath_column_def("a", ATH_TEXT, .collation = "NOCASE"));
        SAME(ath_column_def("a", ATH_TEXT), ath_options_def(.sqlite_strict = true));
        SAME(ath_column_def("a", ATH_TEXT), ath_options_def(.sqlite_without_rowid = true));
    }
    if (test_on == TEST_POSTGRESQL) {
        SAME(ath_column_def("a", ATH_TEXT, .collation = "C"));
        SAME(ath_column_def("a", ATH_INTEGER),
             ath_index_def("ix_h", ath_parts(ath_part("a")), .postgresql_using = "hash"));
        SAME(ath_column_def("a", ATH_INTEGER),
             ath_index_def("ix_b", ath_parts(ath_part("a")), .postgresql_using = "btree"));
        SAME(ath_column_def("a", ATH_INTEGER),
             ath_index_def("ix_i", ath_parts(ath_part("a")), .include = ath_names("id"), .unique = true));
        SAME(ath_column_def("a", ATH_ARRAY_OF(ATH_INTEGER, 1)));
        SAME(ath_column_def("a", ATH_TYPE_NAMED("INET")));
        SAME(ath_column_def("a", ATH_STRING(9)),
             ath_index_def("ix_e",
                           ath_parts(ath_part_of("a || 'x'"), ath_part("id", .nulls_first = true, .desc = true))));
        SAME(ath_column_def("a", ATH_INTEGER), ath_exclude_def(.name = "ex", .parts = ath_parts(ath_part("a")),
                                                               .operators = ath_names("="), .using = "btree"));
    }
    if (test_on == TEST_MYSQL) {
        SAME(ath_column_def("a", ATH_STRING(99)), ath_index_def("ix_p", ath_parts(ath_part("a", .mysql_length = 10))));
        SAME(ath_column_def("a", ATH_SPELLED(ATH_SQL_TEXT, "MEDIUMTEXT")));
        SAME(ath_column_def("a", ATH_TEXT), ath_options_def(.mysql_engine = "MyISAM", .mysql_charset = "latin1"));
        SAME(ath_column_def("a", ATH_STRING(9), .collation = "utf8mb4_bin"));
    }
    end();
}

static const test_case cases[] = {
    {"types_are_the_same", types_are_the_same},
    {"options_are_the_same", options_are_the_same},
    {"options_of_some_databases_are_the_same", options_of_some_databases_are_the_same},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
