/* SPDX-License-Identifier: Apache-2.0
 *
 * Directives on every database: each form runs, and leaves what it says.  What is not named in a change stays.
 */
#include "op_world.h"

#include "failing.h"

/* ---- every form ---- */

#define FORM(name) static void name(ath_ops *op)

FORM(create_table) {
    ath_op_create_table(
        op, "acc", ath_op_column("id", ATH_INTEGER, .primary_key = true),
        ath_op_column("name", ATH_STRING(50), .not_null = true, .server_default = ath_str("it's")),
        ath_op_column("u", ATH_STRING(20), .unique = true),
        ath_op_column("ts", ATH_DATETIME, .server_default = ath_now()),
        ath_op_column("b", ATH_BOOLEAN, .server_default = ath_bool(true)),
        ath_op_column("e", ATH_ENUM_TYPE("en", "a", "b")), ath_op_column("j", ATH_JSON),
        ath_op_column("n", ATH_NUMERIC(10, 2)), ath_op_column("pid", ATH_INTEGER),
        ath_check_def(.name = "ck", .check = "n > 0"),
        ath_op_foreign_key(ath_names("pid"), "p", ath_names("id"), .name = "fk1", .ondelete = "CASCADE"),
        ath_options_def(.comment = "tc"));
}
FORM(create_table_if_not_exists) {
    ath_op_create_table(op, "t", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("x", ATH_INTEGER, .index = true, .comment = "cc"),
                        ath_options_def(.if_not_exists = true));
}
FORM(drop_table_if_exists) {
    ath_op_drop_table(op, "nowhere", .if_exists = true);
    ath_op_drop_table(op, "lone", .if_exists = true);
}
FORM(rename_table) {
    ath_op_rename_table(op, "t", "t2");
}
FORM(add_column) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .server_default = ath_str("5"), .not_null = true));
}
FORM(add_column_fk) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .foreign_key = "p.id", .foreign_key_name = "fkz"));
}
FORM(add_column_inline) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .foreign_key = "p.id"), .inline_references = true);
}
FORM(add_column_if_not_exists) {
    ath_op_add_column(op, "t", ath_op_column("c", ATH_STRING(50)), .if_exists = true);
    ath_op_add_column(op, "t", ath_op_column("z", ATH_STRING(50)), .if_exists = true);
}
FORM(add_column_unique_index) {
    ath_op_add_column(op, "t", ath_op_column("y", ATH_INTEGER, .unique = true, .index = true));
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .unique = true));
}
FORM(add_column_key) {
    ath_op_add_column(op, "lone", ath_op_column("z", ATH_INTEGER, .primary_key = true), .inline_primary_key = true);
}
FORM(add_column_comment) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .comment = "hi"), .after = "a");
}
FORM(add_column_enum) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_ENUM_TYPE("en", "a", "b")));
    ath_op_add_column(op, "t", ath_op_column("y", ATH_ENUM_TYPE("en", "a", "b")));
}
FORM(add_column_computed) {
    ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER, .computed = "a * 2"));
}
FORM(drop_column) {
    ath_op_drop_column(op, "t", "d");
}
FORM(drop_column_if_exists) {
    ath_op_drop_column(op, "t", "nowhere", .if_exists = true);
    ath_op_drop_column(op, "t", "d", .if_exists = true);
}
FORM(alter_type) {
    ath_op_alter_column(op, "t", "c", .type = ATH_STRING(100));
}
FORM(alter_type_using) {
    ath_op_alter_column(op, "t", "c", .type = ATH_INTEGER, .postgresql_using = "c::integer",
                        .drop_server_default = true);
}
FORM(alter_nullable) {
    ath_op_alter_column(op, "t", "c", .nullable = ATH_NO);
    ath_op_alter_column(op, "t", "c", .nullable = ATH_YES);
}
FORM(alter_default) {
    ath_op_alter_column(op, "t", "c", .server_default = ath_str("x"));
    ath_op_alter_column(op, "t", "c", .drop_server_default = true);
    ath_op_alter_column(op, "t", "at", .server_default = ath_now());
}
FORM(alter_rename) {
    ath_op_alter_column(op, "t", "c", .new_name = "z");
    ath_op_rename_column(op, "t", "z", "c");
}
FORM(alter_many) {
    ath_op_alter_column(op, "t", "a", .new_name = "z", .type = ATH_BIGINT, .nullable = ATH_NO,
                        .server_default = ath_str("5"), .comment = "k");
}
FORM(alter_comment) {
    ath_op_alter_column(op, "t", "c", .comment = "k");
    ath_op_alter_column(op, "t", "c", .drop_comment = true);
}
FORM(create_index) {
    ath_op_create_index(op, "ix", "t", ath_names("a", "c"), .unique = true);
    ath_op_create_index(op, "ix2", "t", ath_parts(ath_part("a", .desc = true)));
    ath_op_create_index(op, NULL, "t", ath_names("d"));
    ath_op_rename_index(op, "ix2", "ix3", .table = "t");
    ath_op_drop_index(op, "ix", .table = "t");
    ath_op_drop_index(op, "ix3");
    ath_op_drop_index(op, "nowhere", .table = "t", .if_exists = true);
}
FORM(create_index_if_not_exists) {
    ath_op_create_index(op, "ix", "t", ath_names("a"), .if_not_exists = true);
    ath_op_create_index(op, "ix", "t", ath_names("a"), .if_not_exists = true);
}
FORM(unique_constraint) {
    ath_op_create_unique_constraint(op, "uq", "t", ath_names("a"));
    ath_op_rename_constraint(op, "t", "uq", "uq2");
    ath_op_drop_constraint(op, "uq2", "t", .constraint = ATH_CONSTRAINT_UNIQUE);
}
FORM(check_constraint) {
    ath_op_create_check_constraint(op, "ck", "t", "a > 0");
    ath_op_rename_constraint(op, "t", "ck", "ck2");
    ath_op_drop_constraint(op, "ck2", "t");
}
FORM(foreign_key) {
    ath_op_create_foreign_key(op, "fk", "t", "p", ath_names("a"), ath_names("id"), .ondelete = "CASCADE");
    ath_op_rename_constraint(op, "t", "fk", "fk2");
    ath_op_drop_constraint(op, "fk2", "t", .constraint = ATH_CONSTRAINT_FOREIGN_KEY);
    ath_op_drop_constraint(op, "fk2", "t", .constraint = ATH_CONSTRAINT_FOREIGN_KEY, .if_exists = true);
}
FORM(primary_key) {
    ath_op_create_primary_key(op, "pk", "lone", ath_names("a", "b"));
    ath_op_drop_constraint(op, "pk", "lone", .constraint = ATH_CONSTRAINT_PRIMARY_KEY);
}
FORM(comments) {
    ath_op_create_table_comment(op, "t", "hi");
    ath_op_drop_table_comment(op, "t");
}
FORM(bulk_insert) {
    ath_op_bulk_insert(op, "t", ath_names("id", "c"), ath_rows(ath_vals(11, "J'S"), ath_vals(12, ath_null())));
}
FORM(execute) {
    ath_op_execute(op, "UPDATE t SET c = ':b' WHERE c = 'it''s 100%'");
    ath_op_execute(op, ath_update_of(.table = "t", .set = ath_set(ath_name_to("c", "y")),
                                     .where = ath_eq(ath_name("t", "c"), "x")));
    ath_op_execute(op, "SELECT 1");
}
FORM(quoted_names) {
    ath_op_create_table(op, "Order", ath_op_column("group", ATH_INTEGER));
    ath_op_add_column(op, "Order", ath_op_column("a:b", ATH_INTEGER));
    ath_op_alter_column(op, "Order", "a:b", .type = ATH_BIGINT, .nullable = ATH_NO);
}
FORM(enums) {
    ath_op_create_enum(op, ATH_ENUM_TYPE("mood", "sad", "happy"));
    ath_op_add_enum_value(op, "mood", "ok", .before = "happy");
    ath_op_drop_enum(op, "mood");
}
FORM(rename_enum) {
    ath_op_create_enum(op, ATH_ENUM_TYPE("en", "a", "b"));
    ath_op_rename_enum(op, "en", "en_new");
    ath_op_drop_enum(op, "en_new");
}
FORM(alter_options) {
    ath_op_alter_options(op, "lone", ath_options_def(.mysql_engine = "MyISAM", .mysql_charset = "latin1"));
    ath_op_alter_options(op, "lone", ath_options_def(.mysql_row_format = "DYNAMIC", .sqlite_strict = true));
    ath_op_alter_options(op, "lone", ath_options_def(.mysql_engine = "InnoDB"), ath_options_def(.sqlite_strict = true));
    ATH_OP_BATCH(op, "p") {
        ath_op_add_column(op, "p", ath_op_column("more", ATH_TEXT));
        ath_op_alter_options(op, "p", ath_options_def(.sqlite_without_rowid = true));
    }
}
FORM(alter_sequence) {
    if (strcmp(ath_op_dialect(op), "sqlite") == 0)
        return;
    ath_op_create_sequence(op, "sq", .if_not_exists = true);
    ath_op_alter_sequence(op, "sq", .counting = {.increment = ath_some(5), .cycle = true});
    ath_op_alter_sequence(op, "sq", .counting = {.no_cycle = true});
    ath_op_alter_sequence(op, "sq");
    ath_op_drop_sequence(op, "sq");
}
FORM(batch) {
    ATH_OP_BATCH(op, "t") {
        ath_op_alter_column(op, "t", "c", .type = ATH_TEXT, .drop_server_default = true);
        ath_op_drop_column(op, "t", "d");
        ath_op_add_column(op, "t", ath_op_column("z", ATH_INTEGER));
        ath_op_create_unique_constraint(op, "uqz", "t", ath_names("z"));
    }
}
FORM(concurrently) {
    ATH_OP_AUTOCOMMIT(op) {
        ath_op_create_index(op, "ix", "t", ath_names("a"), .postgresql_concurrently = true);
    }
}

#define ROW(name)                                                                                                      \
    { #name, name }
static const struct {
    const char *name;
    void (*fn)(ath_ops *op);
} forms[] = {
    ROW(create_table),
    ROW(create_table_if_not_exists),
    ROW(drop_table_if_exists),
    ROW(rename_table),
    ROW(add_column),
    ROW(add_column_fk),
    ROW(add_column_inline),
    ROW(add_column_if_not_exists),
    ROW(add_column_unique_index),
    ROW(add_column_key),
    ROW(add_column_comment),
    ROW(add_column_enum),
    ROW(add_column_computed),
    ROW(drop_column),
    ROW(drop_column_if_exists),
    ROW(alter_type),
    ROW(alter_type_using),
    ROW(alter_nullable),
    ROW(alter_default),
    ROW(alter_rename),
    ROW(alter_many),
    ROW(alter_comment),
    ROW(create_index),
    ROW(create_index_if_not_exists),
    ROW(unique_constraint),
    ROW(check_constraint),
    ROW(foreign_key),
    ROW(primary_key),
    ROW(comments),
    ROW(bulk_insert),
    ROW(execute),
    ROW(quoted_names),
    ROW(enums),
    ROW(rename_enum),
    ROW(alter_options),
    ROW(alter_sequence),
    ROW(batch),
    ROW(concurrently),
};

/* The tables that the forms speak of, with a row each that the changes must fit. */
static void set_up(world *w) {
    ath_ops *op = w->op;
    if (test_on == TEST_POSTGRESQL)
        world_sql(w, "DROP TYPE IF EXISTS en CASCADE");
    ath_op_create_table(op, "p", ath_op_column("id", ATH_INTEGER, .primary_key = true));
    ath_op_create_table(op, "t", ath_op_column("id", ATH_INTEGER, .primary_key = true), ath_op_column("a", ATH_INTEGER),
                        ath_op_column("c", ATH_STRING(50), .server_default = ath_str("1")),
                        ath_op_column("d", ATH_INTEGER), ath_op_column("at", ATH_DATETIME));
    ath_op_create_table(op, "lone", ath_op_column("a", ATH_INTEGER, .not_null = true),
                        ath_op_column("b", ATH_INTEGER, .not_null = true));
    ath_op_bulk_insert(op, "p", ath_names("id"), ath_rows(ath_vals(1)));
    ath_op_bulk_insert(op, "t", ath_names("id", "a", "c"), ath_rows(ath_vals(1, 1, "7")));
    CHECK_INT(world_finish(w), ATH_OK);
    CHECK_STR(w->error.message, "");
    world_again(w);
}

TEST(every_form_runs) {
    for (size_t i = 0; i < TEST_COUNT(forms); i++) {
        world w;
        test_context("%s on %s", forms[i].name, test_database_name(test_on));
        world_online(&w, test_on, NULL);
        set_up(&w);
        forms[i].fn(w.op);
        CHECK_INT(world_finish(&w), ATH_OK);
        CHECK_STR(w.error.message, "");
        char *rows = world_rows(&w, "SELECT count(*) FROM p");
        CHECK_STR(rows, "1");
        free(rows);
        world_close(&w);
    }
    test_context("%s", "");
}

/* ---- what stays ---- */

/* MySQL's MODIFY says all of a column again; nothing of it may be lost. */
TEST(mysql_keeps_what_is_not_named) {
    if (test_on != TEST_MYSQL)
        TEST_SKIP("MODIFY is MySQL's");
    world w;
    world_online(&w, test_on, NULL);
    world_sql(&w, "CREATE TABLE k (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the, (key)', "
                  "c VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'a''b,' COMMENT 'it''s', "
                  "ts TIMESTAMP NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(), "
                  "n INT UNSIGNED DEFAULT 3 CHECK (n > 0), g INT GENERATED ALWAYS AS (n * 2) STORED)");
    world_again(&w);
    ath_op_alter_column(w.op, "k", "c", .type = ATH_STRING(40));
    ath_op_alter_column(w.op, "k", "ts", .comment = "when");
    ath_op_alter_column(w.op, "k", "n", .new_name = "m", .nullable = ATH_YES, .comment = "number");
    ath_op_alter_column(w.op, "k", "id", .type = ATH_BIGINT);
    ath_op_alter_column(w.op, "k", "c", .new_name = "d");
    ath_op_alter_column(w.op, "k", "nowhere", .type = ATH_TEXT);
    CHECK(world_finish(&w) != ATH_OK);
    CHECK(strstr(w.error.message, "no column 'nowhere'"));
    if (!strstr(w.error.message, "nowhere"))
        printf("# %s\n", w.error.message);
    ath_result *r = ath_connection_execute(w.c, ath_stmt_of(ath_text("SHOW CREATE TABLE k")));
    const char *sql = ath_row_text(ath_result_first(r), 1);
    CHECK(strstr(sql, "`id` bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'the, (key)'"));
    CHECK(strstr(sql,
                 "`d` varchar(40) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'a''b,' COMMENT 'it''s'"));
    CHECK(strstr(sql,
                 "`ts` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp() COMMENT 'when'"));
    CHECK(strstr(sql, "`m` int(10) unsigned DEFAULT 3 COMMENT 'number' CHECK (`m` > 0)"));
    CHECK(strstr(sql, "(`m` * 2) STORED"));
    if (test_failures_)
        printf("# %s\n", sql);
    ath_result_close(r);
    world_close(&w);
}

/* ---- the run ---- */

TEST(says_what_the_run_is) {
    world w;
    world_online(&w, test_on, NULL);
    CHECK(ath_op_connection(w.op) == w.c);
    CHECK(!ath_op_is_offline(w.op));
    CHECK_STR(ath_op_dialect(w.op), test_database_name(test_on));
    CHECK_STR(ath_op_get_x(w.op, "tenant"), "blue");
    CHECK_STR(ath_op_get_x(w.op, "verbose"), "");
    CHECK(ath_op_get_x(w.op, "ten") == NULL);
    CHECK_INT(ath_op_irreversible(w.op, "rows were deleted"), ATH_STATE);
    CHECK_INT(ath_op_execute(w.op, "DROP TABLE nowhere"), ATH_STATE);
    CHECK_INT(ath_op_status(w.op), ATH_STATE);
    CHECK_INT(world_finish(&w), ATH_STATE);
    CHECK(strstr(w.error.message, "rows were deleted"));
    CHECK_INT(w.count, 0);
    world_close(&w);
}

TEST(a_block_that_is_left_is_an_error) {
    world w;
    world_offline(&w, test_database_name(test_on), NULL);
    ATH_OP_BATCH(w.op, "t") {
        break;
    }
    CHECK_INT(world_finish(&w), ATH_STATE);
    CHECK(strstr(w.error.message, "ATH_OP_BATCH for table t"));
    ATH_OP_BATCH(w.op, "t") {
        ATH_OP_BATCH(w.op, "u") {
            ath_op_drop_column(w.op, "u", "x");
        }
    }
    CHECK_INT(world_finish(&w), ATH_STATE);
    world_close(&w);
}

/* ---- memory ---- */

static ath_status swallow(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    (void)context;
    (void)statements;
    (void)count;
    (void)error;
    return ATH_OK;
}

static ath_status write_script(failing *f, const ath__backend *backend, size_t form) {
    const ath_allocator *before = ath__process_allocator, allocator = FAILING(f);
    ath_error error = {0};
    ath__process_allocator = &allocator;
    const ath__ops_opts opts = {.allocator = &allocator, .backend = backend, .sink = {.run = swallow}};
    ath_ops *op = ath__ops_new(&opts, &error);
    ath_status status = op ? ATH_OK : error.status;
    if (op) {
        forms[form].fn(op);
        status = ath__ops_finish(op, &error);
    }
    ath__ops_free(op);
    ath__process_allocator = before;
    return status;
}

/* Every allocation of a script's writing fails once: the run says so, and nothing is leaked. */
TEST(memory_may_run_out) {
    const ath__backend *backend = ath__backend_find(test_database_name(test_on));
    for (size_t i = 0; i < TEST_COUNT(forms); i++) {
        bool done = false;
        test_context("%s", forms[i].name);
        for (long at = 1; !done && at < 3000; at++) {
            failing f = {.fail_at = at};
            ath_status status = write_script(&f, backend, i);
            done = f.requests < at;
            CHECK(status == ATH_NO_MEMORY || done || status == ATH_OK);
            CHECK_INT(f.held, 0);
        }
        CHECK(done);
    }
    test_context("%s", "");
}

static const test_case all[] = {
    {"every_form_runs", every_form_runs},
    {"mysql_keeps_what_is_not_named", mysql_keeps_what_is_not_named},
    {"says_what_the_run_is", says_what_the_run_is},
    {"a_block_that_is_left_is_an_error", a_block_that_is_left_is_an_error},
    {"memory_may_run_out", memory_may_run_out},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, all, TEST_COUNT(all));
}
