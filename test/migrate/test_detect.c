/* SPDX-License-Identifier: Apache-2.0
 *
 * What a comparison must see: a change of each sort, on each database, said as one line of operations.  After they are
 * done nothing differs any more, and their inverse leads back to where it began.
 */
#include "comparing.h"
#include "servers.h"

#include "migrate/render.h"

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

enum { ON_SQLITE = 1, ON_POSTGRESQL = 2, ON_MYSQL = 4, ON_SERVERS = 6, ON_ALL = 7 };

static bool is_on(int where) {
    return (where >> (int)test_on) & 1;
}

static void clear(const ath_metadata *a, const ath_metadata *b) {
    ath_error error = {0};
    ath_connection_close(c);
    ath_drop_all(db, b, &error);
    ath_drop_all(db, a, &error);
    c = ath_connect(db);
}

static const ath__compare_opts all = {.allow_drop = true};

/* From one to the other and back. */
static void there_and_back(const char *what, const ath_metadata *before, const ath_metadata *after,
                           const char *expected) {
    ath__changes changes;
    ath__change *inverse;
    ath_error error = {0};
    if (ath__compare(c, after, &all, &changes, &error) != ATH_OK) {
        test_failed_(__FILE__, __LINE__, "%s: %s", what, error.message);
        ath__changes_done(&changes);
        return;
    }
    const char *said = changes_words(&changes);
    if (strcmp(said, expected) != 0)
        test_failed_(__FILE__, __LINE__, "%s:\n#     %s, not\n#     %s", what, said, expected);
    if (changes.count && changes_done(c, after->naming, changes.items, changes.count)) {
        said = compared(c, after, all);
        if (*said)
            test_failed_(__FILE__, __LINE__, "%s: done, and still: %s", what, said);
        CHECK_INT(ath__changes_inverse(changes.items, changes.count, &changes.arena, &inverse, &error), ATH_OK);
        CHECK_STR(error.message, "");
        if (!changes_done(c, after->naming, inverse, changes.count))
            test_failed_(__FILE__, __LINE__, "%s: cannot be taken back", what);
        said = compared(c, before, all);
        if (*said && !strstr(expected, "add_enum_value"))
            test_failed_(__FILE__, __LINE__, "%s: taken back, and still: %s", what, said);
        /* the label is still there, and does not stop the same way up */
        if (strstr(expected, "add_enum_value") && !changes_done(c, after->naming, changes.items, changes.count))
            test_failed_(__FILE__, __LINE__, "%s: cannot be done once more", what);
    } else if (changes.count) {
        test_failed_(__FILE__, __LINE__, "%s: cannot be done", what);
    }
    ath__changes_done(&changes);
}

static void check(const char *what, ath_table *from, ath_table *to, const char *expected) {
    const ath_metadata before = ath_metadata_of(ath_tables(from)), after = ath_metadata_of(ath_tables(to));
    ath_error error = {0};
    if (ath_table_mistake(from) || ath_table_mistake(to))
        test_failed_(__FILE__, __LINE__, "%s: %s", what, ath_table_mistake(ath_table_mistake(from) ? from : to));
    ath_connection_close(c);
    ath_create_all(db, &before, &error);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    there_and_back(what, &before, &after, expected);
    clear(&before, &after);
    ath_table_free(from);
    ath_table_free(to);
}

#define C(...) ath_column_def(__VA_ARGS__)
#define T(...) ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), __VA_ARGS__)
#define SEES(where, from, to, expected)                                                                                \
    if (is_on(where))                                                                                                  \
    check(#from " -> " #to, T from, T to, expected)

#define A C("a", ATH_INTEGER)
#define B C("b", ATH_INTEGER)

TEST(columns) {
    begin();
    SEES(ON_ALL, (A), (A, B), "add_column t.b");
    SEES(ON_ALL, (A, B), (A), "drop_column t.b");
    SEES(ON_ALL, (A, B), (B, A), "");
    SEES(ON_ALL, (A), (C("a", ATH_INTEGER, .not_null = true)), "alter_column t.a not_null");
    SEES(ON_ALL, (C("a", ATH_STRING(50))), (C("a", ATH_STRING(100))), "alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_NUMERIC(10, 2))), (C("a", ATH_NUMERIC(12, 2))), "alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_NUMERIC(10, 2))), (C("a", ATH_NUMERIC(0, 0))), "alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_FLOAT)), (C("a", ATH_DOUBLE)), test_on == TEST_POSTGRESQL ? "" : "alter_column t.a type");
    SEES(ON_ALL, (A), (C("a", ATH_BIGINT)), "alter_column t.a type");
    SEES(ON_SQLITE, (C("a", ATH_INTEGER)), (C("a", ATH_INTEGER, .autoincrement = ATH_AUTOINCREMENT_NO)), "");
    SEES(ON_ALL, (A), (C("a", ATH_STRING(10))), "alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_STRING(9), .server_default = ath_str("x"))),
         (C("a", ATH_STRING(19), .not_null = true, .server_default = ath_str("y"))),
         "alter_column t.a type not_null default");
    SEES(ON_ALL, (A), (C("a", ATH_INTEGER, .server_default = ath_int(1))), "alter_column t.a default");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .server_default = ath_int(1))), (A), "alter_column t.a drop_default");
    SEES(ON_ALL, (A), (C("a", ATH_INTEGER, .default_value = ath_int(7))), "");
    SEES(ON_SERVERS, (A), (C("a", ATH_INTEGER, .comment = "it's")), "alter_column t.a comment");
    SEES(ON_SERVERS, (C("a", ATH_INTEGER, .comment = "x")), (A), "alter_column t.a drop_comment");
    SEES(ON_SQLITE, (A), (C("a", ATH_INTEGER, .comment = "it's")), "");
    end();
}

TEST(more_of_columns) {
    begin();
    SEES(ON_POSTGRESQL, (C("a", ATH_ENUM_TYPE("m", "x", "y"))), (C("a", ATH_ENUM_TYPE("m", "w", "x", "y", "z"))),
         "add_enum_value w; add_enum_value z");
    SEES(ON_MYSQL, (C("a", ATH_ENUM("x", "y"))), (C("a", ATH_ENUM("x", "y", "z"))), "alter_column t.a type");
    SEES(ON_SQLITE, (C("a", ATH_ENUM("x", "y"))), (C("a", ATH_ENUM("x", "y", "zz"))), "alter_column t.a type");
    SEES(ON_SQLITE | ON_POSTGRESQL,
         (C("a", ATH_WITH_DETAILS(ATH_ENUM("x", "y"), .plain = true, .check = true, .name = "ck"))),
         (C("a", ATH_WITH_DETAILS(ATH_ENUM("x", "z"), .plain = true, .check = true, .name = "ck"))),
         "drop_constraint check t.ck; add_constraint check t.ck");
    SEES(ON_SQLITE, (C("a", ATH_TEXT)), (C("a", ATH_TEXT, .collation = "NOCASE")), "alter_column t.a collation NOCASE");
    SEES(ON_POSTGRESQL, (C("a", ATH_TEXT)), (C("a", ATH_TEXT, .collation = "C")), "alter_column t.a collation C");
    SEES(ON_MYSQL, (C("a", ATH_STRING(9))), (C("a", ATH_STRING(9), .collation = "utf8mb4_bin")),
         "alter_column t.a collation utf8mb4_bin");
    SEES(ON_ALL, (A, C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED)),
         (A, C("b", ATH_INTEGER, .computed = "a * 3", .persisted = ATH_STORED)),
         test_on == TEST_POSTGRESQL ? "drop_column t.b; add_column t.b" : "alter_column t.b computed");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .check = "a > 0", .check_name = "ck", .server_default = ath_text("3"))),
         (C("a", ATH_INTEGER, .check = "a > 1", .check_name = "ck", .server_default = ath_text("3"))),
         test_on == TEST_MYSQL ? "drop_constraint check t.-; add_constraint check t.ck"
                               : "drop_constraint check t.ck; add_constraint check t.ck");
    SEES(ON_ALL, (C("a", ATH_STRING(20), .index = true)), (C("a", ATH_TEXT, .nullable = true)),
         "drop_index t.ix_t_a; alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_STRING(20)), ath_check_def(.name = "ck", .check = "a <> 'x'")), (C("a", ATH_INTEGER)),
         "drop_constraint check t.ck; alter_column t.a type");
    SEES(ON_ALL, (C("a", ATH_STRING(5))),
         (C("a", ATH_STRING(9)), C("b", ATH_STRING(9), .computed = "upper(a)", .persisted = ATH_STORED)),
         "alter_column t.a type; add_column t.b");
    SEES(ON_POSTGRESQL, (C("b", ATH_DATETIME)), (C("b", ATH_TIMESTAMP)), "alter_column t.b type");
    end();
}

#define MOOD(...) ATH_ENUM_TYPE("mood", __VA_ARGS__)
#define REMADE "create_enum mood__new; alter_column t.a type; drop_enum mood; rename_enum mood__new"
#define REMADE_WITH_DEFAULT                                                                                            \
    "alter_column t.a drop_default; create_enum mood__new; alter_column t.a type; drop_enum mood; "                    \
    "rename_enum mood__new; alter_column t.a default"

TEST(labels) {
    begin();
    SEES(ON_POSTGRESQL, (C("a", MOOD("x", "y", "z"))), (C("a", MOOD("x", "z"))), REMADE);
    SEES(ON_POSTGRESQL, (C("a", MOOD("x", "y", "z"))), (C("a", MOOD("z", "y", "x"))), REMADE);
    SEES(ON_POSTGRESQL, (C("a", MOOD("x", "y", "z"), .not_null = true, .server_default = ath_str("z"))),
         (C("a", MOOD("z", "new", "x"), .not_null = true, .server_default = ath_str("z"))), REMADE_WITH_DEFAULT);
    SEES(ON_POSTGRESQL, (C("a", MOOD("x", "y"), .server_default = ath_str("y"))),
         (C("a", MOOD("x", "n"), .server_default = ath_str("n"))), REMADE_WITH_DEFAULT);
    SEES(ON_POSTGRESQL, (C("a", ATH_ARRAY_OF(MOOD("x", "y", "z"), 1))), (C("a", ATH_ARRAY_OF(MOOD("z", "x"), 1))),
         REMADE);
    SEES(ON_POSTGRESQL,
         (C("a", MOOD("x", "y", "z")), C("b", MOOD("x", "y", "z")),
          ath_check_def(.name = "ck", .check = "a <> 'y' and b <> 'x'"),
          ath_index_def("ix", ath_parts(ath_part("id")), .where = "b = 'x'"),
          ath_index_def("ia", ath_parts(ath_part("a")))),
         (C("a", MOOD("x", "z")), C("b", MOOD("x", "z")), ath_check_def(.name = "ck", .check = "a <> 'z' and b <> 'x'"),
          ath_index_def("ix", ath_parts(ath_part("id")), .where = "b = 'x'"),
          ath_index_def("ia", ath_parts(ath_part("a")))),
         "drop_constraint check t.ck; drop_index t.ix; create_enum mood__new; alter_column t.a type; alter_column t.b "
         "type; "
         "drop_enum mood; rename_enum mood__new; add_constraint check t.ck; create_index t.ix");
    SEES(ON_MYSQL, (C("a", ATH_ENUM("x", "y", "z"), .not_null = true)), (C("a", ATH_ENUM("z", "x"), .not_null = true)),
         "alter_column t.a type");
    SEES(ON_MYSQL, (C("a", ATH_ENUM("x", "y"), .server_default = ath_str("y"))),
         (C("a", ATH_ENUM("y", "x"), .server_default = ath_str("y"))), "alter_column t.a type");
    SEES(ON_SQLITE, (C("a", ATH_WITH_DETAILS(ATH_ENUM("x", "y", "z"), .check = true, .name = "ck"))),
         (C("a", ATH_WITH_DETAILS(ATH_ENUM("z", "x"), .check = true, .name = "ck"))),
         "drop_constraint check t.ck; add_constraint check t.ck");
    end();
}

/* As the text of a revision: held back, in C; allowed, in SQL. */
TEST(labels_as_text) {
    if (test_on != TEST_POSTGRESQL)
        return;
    begin();
    ath_table *from = T(C("a", MOOD("x", "y"), .server_default = ath_str("x"))),
              *to = T(C("a", MOOD("x"), .server_default = ath_str("x")));
    const ath_metadata before = ath_metadata_of(ath_tables(from)), after = ath_metadata_of(ath_tables(to));
    ath_error error = {0};
    ath__changes changes;
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    ath_connection_close(c);
    ath_create_all(db, &before, &error);
    c = ath_connect(db);
    CHECK_INT(ath__compare(c, &after, NULL, &changes, &error), ATH_OK);
    ath__render_c(&text, changes.items, changes.count);
    CHECK_STR(
        ath__buf_text(&text),
        "    /* ### made by athanor from the models: please look it over ### */\n"
        "    /* Held back, as it loses data: enum mood loses 'y': rows that have it must have another label first */\n"
        "    // ath_op_alter_column(op, \"t\", \"a\", .drop_server_default = true, .existing_type = "
        "ATH_ENUM_TYPE(\"mood\", \"x\", \"y\"),\n"
        "    //                     .existing_nullable = ATH_YES, .existing_server_default = "
        "ath_text(\"'x'::mood\"));\n"
        "    // ath_op_create_enum(op, ATH_ENUM_TYPE(\"mood__new\", \"x\"));\n"
        "    // ath_op_alter_column(op, \"t\", \"a\", .type = ATH_ENUM_TYPE(\"mood__new\", \"x\"), .postgresql_using = "
        "\"a::TEXT::mood__new\",\n"
        "    //                     .existing_type = ATH_ENUM_TYPE(\"mood\", \"x\", \"y\"), .existing_nullable = "
        "ATH_YES);\n"
        "    // ath_op_drop_enum(op, \"mood\");\n"
        "    // ath_op_rename_enum(op, \"mood__new\", \"mood\");\n"
        "    // ath_op_alter_column(op, \"t\", \"a\", .server_default = ath_str(\"x\"), .existing_type = "
        "ATH_ENUM_TYPE(\"mood\", \"x\"),\n"
        "    //                     .existing_nullable = ATH_YES);\n"
        "    /* ### end ### */\n");
    ath__changes_done(&changes);
    ath__buf_clear(&text);
    CHECK_INT(ath__compare(c, &after, &all, &changes, &error), ATH_OK);
    CHECK_INT(ath__render_sql(&text, changes.items, changes.count, NULL, c, NULL, &error), ATH_OK);
    CHECK_STR(ath__buf_text(&text), "-- enum mood loses 'y': rows that have it must have another label first\n"
                                    "ALTER TABLE t ALTER COLUMN a DROP DEFAULT;\n"
                                    "CREATE TYPE mood__new AS ENUM ('x');\n"
                                    "ALTER TABLE t ALTER COLUMN a TYPE mood__new USING a::TEXT::mood__new;\n"
                                    "DROP TYPE mood;\n"
                                    "ALTER TYPE mood__new RENAME TO mood;\n"
                                    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x';\n");
    ath__changes_done(&changes);
    ath__buf_done(&text);
    clear(&before, &after);
    ath_table_free(from);
    ath_table_free(to);
    end();
}

/* A row that has a label which goes stops it, and nothing has happened; values that stay are what they were. */
TEST(labels_of_rows) {
    begin();
    ath_table *from = T(C("a", MOOD("x", "y", "z"))), *to = T(C("a", MOOD("z", "x"))),
              *turned = T(C("a", MOOD("z", "y", "x")));
    const ath_metadata before = ath_metadata_of(ath_tables(from)), after = ath_metadata_of(ath_tables(to)),
                       same = ath_metadata_of(ath_tables(turned));
    ath_error error = {0};
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'z'), (3, 'y')")));
    CHECK_INT(ath_commit(c), ATH_OK);
    ath__changes changes;
    CHECK_INT(ath__compare(c, &after, NULL, &changes, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK_INT(ath__changes_due(&changes), 0);
    ath__changes_done(&changes);
    if (test_on != TEST_SQLITE) {
        CHECK(!apply_changes(c, &after, all));
        CHECK_STR(compared(c, &before, all), "");
    }
    CHECK(apply_changes(c, &same, (ath__compare_opts){0}));
    ath_result *rows = ath_execute(c, ath_text("SELECT a FROM t ORDER BY id"));
    const char *const labels[] = {"x", "z", "y"};
    for (size_t i = 0; i < TEST_COUNT(labels); i++)
        CHECK_STR(ath_row_text(ath_fetch(rows), 0), labels[i]);
    ath_result_close(rows);
    ath_rollback(c);
    CHECK_STR(compared(c, &same, all), "");
    clear(&before, &same);
    ath_table_free(from);
    ath_table_free(to);
    ath_table_free(turned);
    end();
}

/* Metadata of two tables, by their models. */
static void check_two(const char *what, ath_table *const from[2], ath_table *const to[2], const char *expected) {
    const ath_metadata before = ath_metadata_of(ath_tables(from[0], from[1])),
                       after = to[1] ? ath_metadata_of(ath_tables(to[0], to[1])) : ath_metadata_of(ath_tables(to[0]));
    ath_error error = {0};
    ath_connection_close(c);
    ath_create_all(db, &before, &error);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    there_and_back(what, &before, &after, expected);
    clear(&before, &after);
    for (int i = 0; i < 2; i++) {
        ath_table_free(from[i]);
        ath_table_free(to[i]);
    }
}

#define P(type, ...)                                                                                                   \
    ath_table_new("p", C("id", type, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO), __VA_ARGS__)
#define K(type, ...)                                                                                                   \
    ath_table_new("k", C("id", ATH_INTEGER, .primary_key = true),                                                      \
                  C("p_id", type, .foreign_key = "p.id", .foreign_key_name = "fk_k_p", __VA_ARGS__))

TEST(foreign_keys_around_types) {
    static const char *const apart = "alter_column k.p_id type; alter_column p.id type",
                             *const around = "drop_constraint foreign_key k.fk_k_p; alter_column k.p_id type; "
                                             "alter_column p.id type; add_constraint foreign_key k.fk_k_p";
    begin();
    check_two("wider", (ath_table *[]){P(ATH_SMALLINT, A), K(ATH_SMALLINT, .ondelete = "CASCADE")},
              (ath_table *[]){P(ATH_BIGINT, A), K(ATH_BIGINT, .ondelete = "CASCADE")},
              test_on == TEST_MYSQL ? around : apart);
    check_two("numbers to text", (ath_table *[]){P(ATH_SMALLINT, A), K(ATH_SMALLINT, .ondelete = "CASCADE")},
              (ath_table *[]){P(ATH_STRING(9), A), K(ATH_STRING(9), .ondelete = "CASCADE")},
              test_on == TEST_SQLITE ? apart : around);
    check_two("another key", (ath_table *[]){P(ATH_SMALLINT, A), K(ATH_SMALLINT, .ondelete = "CASCADE", .index = true)},
              (ath_table *[]){P(ATH_STRING(9), A), K(ATH_STRING(9), .index = true)},
              test_on == TEST_SQLITE ? "alter_column k.p_id type; drop_constraint foreign_key k.fk_k_p; "
                                       "add_constraint foreign_key k.fk_k_p; alter_column p.id type"
                                     : around);
    check_two("a table that refers goes", (ath_table *[]){P(ATH_SMALLINT, A), K(ATH_SMALLINT, .index = true)},
              (ath_table *[]){P(ATH_SMALLINT, A), NULL},
              test_on == TEST_MYSQL ? "nothing k.ix_k_p_id; drop_table k" : "drop_index k.ix_k_p_id; drop_table k");
    end();
}

/* What "kids" refers to: two columns, under a key that changes. */
#define PAIRS(...)                                                                                                     \
    ath_table_new("pairs", C("k1", ATH_DATE, .not_null = true), C("k2", ATH_DATE, .not_null = true), __VA_ARGS__)
#define KIDS(...)                                                                                                      \
    ath_table_new("kids", C("id", ATH_INTEGER, .primary_key = true), C("k1", ATH_DATE), C("k2", ATH_DATE),             \
                  C("n", ATH_INTEGER), ath_index_def("ix_kids", ath_parts(ath_part("k1"), ath_part("k2"))),            \
                  __VA_ARGS__)
#define TIED                                                                                                           \
    ath_foreign_key_def(.name = "fk_kids", .columns = ath_names("k1", "k2"), .target = "pairs",                        \
                        .target_columns = ath_names("k1", "k2"))
#define KEY(...) ath_primary_key_def(.name = "pk_pairs", .columns = ath_names(__VA_ARGS__))
#define UNIQUE(...) ath_unique_def(.name = "uq_pairs", .columns = ath_names(__VA_ARGS__))

TEST(foreign_keys_around_keys) {
    bool ties = test_on != TEST_SQLITE;
    const char *name = test_on == TEST_MYSQL ? "-" : "pk_pairs";
    char around[300];
    snprintf(around, sizeof around,
             "%sdrop_constraint primary_key pairs.%s; add_constraint primary_key pairs.pk_pairs; "
             "add_constraint unique pairs.uq_pairs%s",
             ties ? "drop_constraint foreign_key kids.fk_kids; " : "", name,
             ties ? "; add_constraint foreign_key kids.fk_kids" : "");
    begin();
    check_two("the key becomes a unique one", (ath_table *[]){PAIRS(KEY("k1", "k2")), KIDS(TIED)},
              (ath_table *[]){PAIRS(KEY("k1"), UNIQUE("k1", "k2")), KIDS(TIED)}, around);
    check_two("a key for a new foreign key", (ath_table *[]){PAIRS(KEY("k1")), KIDS(A)},
              (ath_table *[]){PAIRS(KEY("k1"), UNIQUE("k1", "k2")), KIDS(TIED, A)},
              ties ? "add_constraint unique pairs.uq_pairs; add_constraint foreign_key kids.fk_kids"
                   : "add_constraint foreign_key kids.fk_kids; add_constraint unique pairs.uq_pairs");
    check_two("another key alone", (ath_table *[]){PAIRS(KEY("k1", "k2"), UNIQUE("k1")), KIDS(TIED)},
              (ath_table *[]){PAIRS(KEY("k1", "k2"), UNIQUE("k2")), KIDS(TIED)},
              "drop_constraint unique pairs.uq_pairs; add_constraint unique pairs.uq_pairs");
    end();
}

TEST(options) {
    begin();
    SEES(ON_MYSQL, (A), (A, ath_options_def(.mysql_engine = "innodb")), "");
    SEES(ON_MYSQL, (A), (A, ath_options_def(.mysql_engine = "MyISAM")), "alter_options t");
    SEES(ON_MYSQL, (A, ath_options_def(.mysql_engine = "MyISAM")), (A, ath_options_def(.mysql_engine = "InnoDB")),
         "alter_options t");
    SEES(ON_MYSQL, (A, ath_options_def(.mysql_charset = "latin1")),
         (A, ath_options_def(.mysql_charset = "utf8", .mysql_collate = "utf8_bin")), "alter_options t");
    SEES(ON_MYSQL, (A), (A, ath_options_def(.mysql_row_format = "COMPRESSED")), "alter_options t");
    SEES(ON_SQLITE, (C("a", ATH_TEXT)), (C("a", ATH_TEXT), ath_options_def(.sqlite_strict = true)), "alter_options t");
    SEES(ON_SQLITE, (C("a", ATH_STRING(9)), ath_options_def(.sqlite_without_rowid = true)),
         (C("a", ATH_TEXT), ath_options_def(.sqlite_strict = true)),
         "alter_options t; alter_column t.a type; alter_options t");
    SEES(ON_SQLITE, (C("a", ATH_TEXT), ath_options_def(.sqlite_strict = true, .sqlite_without_rowid = true)),
         (C("a", ATH_TEXT), ath_options_def(.sqlite_without_rowid = true)), "alter_options t");
    end();
}

static void check_sequence(ath_count_opts from, ath_count_opts to, const char *expected) {
    const ath_sequence a[] = {{.name = "s", .counting = from}}, b[] = {{.name = "s", .counting = to}};
    const ath_metadata before = {.name = "before", .sequences = a, .sequence_count = 1},
                       after = {.name = "after", .sequences = b, .sequence_count = 1};
    ath_error error = {0};
    ath_connection_close(c);
    ath_create_all(db, &before, &error);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    there_and_back(expected, &before, &after, expected);
    clear(&before, &after);
}

TEST(counting) {
    begin();
    const ath_count_opts plain = {.cycle = false}, tens = {.start = ath_some(100), .increment = ath_some(10)};
    const ath_count_opts down = {.increment = ath_some(-1)}, cycle = {.maxvalue = ath_some(9), .cycle = true};
    if (test_on != TEST_SQLITE) {
        check_sequence(plain, (ath_count_opts){.start = ath_some(1), .minvalue = ath_some(1), .no_cycle = true}, "");
        check_sequence(down, down, "");
        check_sequence(tens, tens, "");
        check_sequence(plain, tens, "alter_sequence s");
        check_sequence(cycle, plain, "alter_sequence s");
        check_sequence(plain, (ath_count_opts){.cache = ath_some(7)}, "alter_sequence s");
    }
    SEES(ON_POSTGRESQL, (C("b", ATH_INTEGER, .identity = ATH_IDENTITY_ALWAYS)),
         (C("b", ATH_INTEGER, .identity = ATH_IDENTITY_ALWAYS,
            .counting = {.increment = ath_some(1), .minvalue = ath_some(1)})),
         "");
    SEES(ON_POSTGRESQL, (C("b", ATH_INTEGER, .identity = ATH_IDENTITY_ALWAYS)),
         (C("b", ATH_INTEGER, .identity = ATH_IDENTITY_BY_DEFAULT,
            .counting = {.increment = ath_some(5), .cycle = true})),
         "alter_column t.b identity");
    end();
}

TEST(indexes) {
    begin();
    SEES(ON_ALL, (A, C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED, .index = true)),
         (A, C("b", ATH_INTEGER, .computed = "a * 3", .persisted = ATH_STORED, .index = true)),
         test_on == TEST_POSTGRESQL ? "drop_index t.ix_t_b; drop_column t.b; add_column t.b; create_index t.ix_t_b"
                                    : "alter_column t.b computed");
    SEES(ON_ALL, (A, C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED)),
         (C("a", ATH_BIGINT), C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED)),
         test_on == TEST_POSTGRESQL ? "drop_column t.b; alter_column t.a type; add_column t.b"
                                    : "alter_column t.a type");
    SEES(ON_ALL, (A, C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_STORED)), (C("a", ATH_BIGINT)),
         test_on == TEST_POSTGRESQL ? "drop_column t.b; alter_column t.a type"
                                    : "alter_column t.a type; drop_column t.b");
    SEES(ON_ALL, (A), (C("a", ATH_INTEGER, .index = true)), "create_index t.ix_t_a");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .index = true)), (A), "drop_index t.ix_t_a");
    SEES(ON_ALL, (A, B, ath_index_def("ix", ath_parts(ath_part("a")))),
         (A, B, ath_index_def("ix", ath_parts(ath_part("a"), ath_part("b")))), "drop_index t.ix; create_index t.ix");
    SEES(ON_ALL, (A, ath_index_def("ix", ath_parts(ath_part("a")))),
         (A, ath_index_def("ix", ath_parts(ath_part("a")), .unique = true)),
         test_on == TEST_MYSQL ? "drop_index t.ix; create_index t.ix" : "drop_index t.ix; create_index t.ix");
    SEES(ON_ALL, (A, ath_index_def("ix", ath_parts(ath_part("a")))),
         (A, ath_index_def("ix", ath_parts(ath_part("a", .desc = true)))), "drop_index t.ix; create_index t.ix");
    SEES(ON_SQLITE | ON_POSTGRESQL, (C("a", ATH_TEXT)),
         (C("a", ATH_TEXT), ath_index_def("ix", ath_parts(ath_part_of("lower(a)")))), "create_index t.ix");
    SEES(ON_SQLITE | ON_POSTGRESQL, (A, ath_index_def("ix", ath_parts(ath_part("a")), .where = "a > 1")),
         (A, ath_index_def("ix", ath_parts(ath_part("a")), .where = "a > 2")), "drop_index t.ix; create_index t.ix");
    SEES(ON_POSTGRESQL, (A, ath_index_def("ix", ath_parts(ath_part("a")))),
         (A, ath_index_def("ix", ath_parts(ath_part("a")), .postgresql_using = "hash")),
         "drop_index t.ix; create_index t.ix");
    SEES(ON_POSTGRESQL, (A, B, ath_index_def("ix", ath_parts(ath_part("a")))),
         (A, B, ath_index_def("ix", ath_parts(ath_part("a")), .include = ath_names("b"))),
         "drop_index t.ix; create_index t.ix");
    end();
}

TEST(constraints) {
    begin();
    SEES(ON_ALL, (A), (A, ath_unique_def(.name = "uq", .columns = ath_names("a"))), "add_constraint unique t.uq");
    SEES(ON_ALL, (A, ath_unique_def(.name = "uq", .columns = ath_names("a"))), (A), "drop_constraint unique t.uq");
    SEES(ON_SQLITE, (A), (C("a", ATH_INTEGER, .unique = true)), "add_constraint unique t.uq_t_a");
    SEES(ON_SQLITE, (C("a", ATH_INTEGER, .unique = true)), (A), "drop_constraint unique t.-");
    SEES(ON_MYSQL, (C("a", ATH_INTEGER, .unique = true)), (A), "drop_constraint unique t.a");
    SEES(ON_POSTGRESQL, (C("a", ATH_INTEGER, .unique = true)), (A), "drop_constraint unique t.t_a_key");
    SEES(ON_ALL, (A), (A, ath_check_def(.name = "ck", .check = "a > 0")), "add_constraint check t.ck");
    SEES(ON_ALL, (A, ath_check_def(.name = "ck", .check = "a > 0")), (A, ath_check_def(.name = "ck", .check = "a > 1")),
         "drop_constraint check t.ck; add_constraint check t.ck");
    SEES(ON_ALL, (A, ath_check_def(.name = "ck", .check = "a > 0")), (A, ath_check_def(.name = "ck", .check = "(a>0)")),
         "");
    SEES(ON_SQLITE, (A), (A, ath_check_def(.check = "a > 0")), "add_constraint check t.ck_t_1");
    SEES(ON_ALL, (A), (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk")),
         test_on == TEST_MYSQL ? "create_index t.fk; add_constraint foreign_key t.fk"
                               : "add_constraint foreign_key t.fk");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk")), (A),
         test_on == TEST_MYSQL ? "drop_constraint foreign_key t.fk; drop_index t.fk"
                               : "drop_constraint foreign_key t.fk");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk")),
         (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk", .ondelete = "CASCADE")),
         "drop_constraint foreign_key t.fk; add_constraint foreign_key t.fk");
    SEES(ON_ALL, (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk")),
         (C("a", ATH_INTEGER, .foreign_key = "t.id", .foreign_key_name = "fk2")), "");
    SEES(ON_SERVERS, (A), (A, ath_options_def(.comment = "what for")), "table_comment t");
    SEES(ON_SERVERS,
         (C("k", ATH_INTEGER, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO),
          C("l", ATH_INTEGER, .primary_key = true)),
         (C("k", ATH_INTEGER, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO),
          C("l", ATH_INTEGER, .not_null = true)),
         test_on == TEST_POSTGRESQL ? "drop_constraint primary_key t.t_pkey; add_constraint primary_key t.-"
                                    : "drop_constraint primary_key t.-; add_constraint primary_key t.-");
    end();
}

#define NUMBER(how, ...)                                                                                               \
    ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true, .autoincrement = how), __VA_ARGS__)

/* A column becomes numbered, and ceases to be. */
TEST(numbering) {
    bool texts = test_on == TEST_POSTGRESQL;
    const char *on = texts ? "execute -; execute -; execute -" : "alter_column t.id number";
    char expected[200];
    begin();
    if (test_on != TEST_SQLITE) {
        check("numbered", NUMBER(ATH_AUTOINCREMENT_NO, A), NUMBER(ATH_AUTOINCREMENT_YES, A), on);
        check("no longer numbered", NUMBER(ATH_AUTOINCREMENT_YES, A), NUMBER(ATH_AUTOINCREMENT_NO, A),
              texts ? "execute -" : "alter_column t.id no_number");
        snprintf(expected, sizeof expected, "drop_constraint primary_key t.%s; add_constraint primary_key t.-; %s",
                 texts ? "t_pkey" : "-", on);
        check("a key of two becomes one of one", NUMBER(ATH_AUTOINCREMENT_NO, C("a", ATH_INTEGER, .primary_key = true)),
              T(C("a", ATH_INTEGER, .not_null = true)), expected);
    }
    end();
}

static int64_t number(const char *sql) {
    ath_result *r = ath_execute(c, ath_text(sql));
    const ath_row *row = ath_fetch(r);
    int64_t out = row ? ath_row_int(row, 0) : -1;
    CHECK_STR(ath_connection_error(c)->message, "");
    ath_result_close(r);
    return out;
}

/* Rows that are there do not meet the numbers that come; names may be any. */
TEST(numbers_go_on) {
    static const char name[] = "it's \"a\" table whose name is rather long: 55 bytes ...";
    begin();
    ath_table *t = ath_table_new(name, C("its own \"number\"", ATH_SMALLINT, .primary_key = true), A);
    const ath_metadata md = ath_metadata_of(ath_tables(t));
    if (test_on == TEST_POSTGRESQL) {
        number(
            "CREATE TABLE \"it's \"\"a\"\" table whose name is rather long: 55 bytes ...\" (\"its own \"\"number\"\"\" "
            "SMALLINT PRIMARY KEY, a INTEGER)");
        number("INSERT INTO \"it's \"\"a\"\" table whose name is rather long: 55 bytes ...\" VALUES (41)");
        ath_connection_commit(c);
        ath__changes changes;
        CHECK_INT(ath__compare(c, &md, &all, &changes, NULL), ATH_OK);
        CHECK(changes_done(c, NULL, changes.items, changes.count));
        ath__changes_done(&changes);
        CHECK_STR(compared(c, &md, all), "");
        CHECK_INT(number("INSERT INTO \"it's \"\"a\"\" table whose name is rather long: 55 bytes ...\" (a) VALUES (1) "
                         "RETURNING \"its own \"\"number\"\"\""),
                  42);
        clear(&md, &md);
    }
    ath_table_free(t);
    end();
}

static bool yes(void *context, const char *table, const char *from, const char *to) {
    (void)context, (void)table, (void)from, (void)to;
    return true;
}

TEST(renames) {
    begin();
    ath_table *from =
        ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), C("old", ATH_STRING(30), .not_null = true),
                      C("n", ATH_INTEGER, .index = true), ath_check_def(.name = "ck", .check = "old <> 'old'"),
                      ath_index_def("ix", ath_parts(ath_part("old"))));
    ath_table *to =
        ath_table_new("t2", C("id", ATH_INTEGER, .primary_key = true), C("fresh", ATH_STRING(30), .not_null = true),
                      C("n", ATH_INTEGER, .index = true), ath_check_def(.name = "ck", .check = "fresh <> 'old'"),
                      ath_index_def("ix", ath_parts(ath_part("fresh"))));
    ath_table *child =
        ath_table_new("u", C("id", ATH_INTEGER, .primary_key = true), C("t", ATH_INTEGER, .foreign_key = "t.id"));
    ath_table *child2 =
        ath_table_new("u", C("id", ATH_INTEGER, .primary_key = true), C("t", ATH_INTEGER, .foreign_key = "t2.id"));
    const ath_metadata before = ath_metadata_of(ath_tables(from, child)),
                       after = ath_metadata_of(ath_tables(to, child2));
    const ath__compare_opts said = {.allow_drop = true, .renames = ath_names("t:t2", "t2.old:fresh")};
    ath_error error = {0};
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    c = ath_connect(db);
    CHECK_STR(compared(c, &after, said),
              "rename_table t to t2; alter_column t2.old to fresh; drop_index t2.ix_t_n; create_index t2.ix_t2_n");
    CHECK_STR(compared(c, &after, (ath__compare_opts){.is_renamed = yes}),
              "rename_table t to t2; alter_column t2.old to fresh; drop_index t2.ix_t_n; create_index t2.ix_t2_n");
    CHECK(apply_changes(c, &after, said));
    CHECK_STR(compared(c, &after, all), "");
    clear(&before, &after);
    ath_table_free(from);
    ath_table_free(to);
    ath_table_free(child);
    ath_table_free(child2);
    end();
}

TEST(what_loses_data_is_held_back) {
    begin();
    ath_table *from = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), A, B),
              *gone = ath_table_new("g", C("id", ATH_INTEGER, .primary_key = true));
    ath_table *to = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), A);
    const ath_metadata before = ath_metadata_of(ath_tables(from, gone)), after = ath_metadata_of(ath_tables(to));
    ath__changes changes;
    ath_error error = {0};
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    c = ath_connect(db);
    CHECK_INT(ath__compare(c, &after, NULL, &changes, &error), ATH_OK);
    CHECK_STR(changes_words(&changes), "# drop_column t.b");
    CHECK_INT(ath__changes_due(&changes), 0);
    CHECK_INT(changes.remark_count, 1);
    CHECK_STR(changes.remark_count ? changes.remarks[0] : "",
              "table 'g' is in the database and not in the metadata: left alone");
    ath__changes_done(&changes);
    clear(&before, &after);
    ath_table_free(from);
    ath_table_free(gone);
    ath_table_free(to);
    end();
}

static const test_case cases[] = {{"numbering", numbering},
                                  {"numbers_go_on", numbers_go_on},
                                  {"renames", renames},
                                  {"what_loses_data_is_held_back", what_loses_data_is_held_back},
                                  {"columns", columns},
                                  {"more_of_columns", more_of_columns},
                                  {"foreign_keys_around_types", foreign_keys_around_types},
                                  {"foreign_keys_around_keys", foreign_keys_around_keys},
                                  {"options", options},
                                  {"counting", counting},
                                  {"labels", labels},
                                  {"labels_as_text", labels_as_text},
                                  {"labels_of_rows", labels_of_rows},
                                  {"indexes", indexes},
                                  {"constraints", constraints}};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
