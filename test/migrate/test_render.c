/* SPDX-License-Identifier: Apache-2.0
 *
 * Operations as text: C that compiles without a warning and says the same again and again; SQL; what is held back is a
 * comment in both.
 */
#include "comparing.h"
#include "servers.h"

#include "migrate/render.h"

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_fresh_url(test_on));
    c = db ? ath_connect(db) : NULL;
    CHECK(c != NULL);
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

#define C(...) ath_column_def(__VA_ARGS__)

static ath_table *old_table(void) {
    return ath_table_new(
        "t", C("id", ATH_INTEGER, .primary_key = true), C("a", ATH_STRING(20), .server_default = ath_str("it's")),
        C("b", ATH_INTEGER, .index = true), C("c", ATH_NUMERIC(10, 2)), C("gone", ATH_TEXT),
        ath_unique_def(.name = "uq_a", .columns = ath_names("a")), ath_check_def(.name = "ck_b", .check = "b > 0"));
}

static ath_table *new_table(void) {
    return ath_table_new(
        "t", C("id", ATH_INTEGER, .primary_key = true),
        C("a", ATH_STRING(40), .not_null = true, .server_default = ath_text("'x'")), C("b", ATH_BIGINT),
        C("c", ATH_NUMERIC(12, 4), .unique = true), C("d", ATH_DATE, .comment = "a \"day\""),
        ath_check_def(.name = "ck_b", .check = "b > 1"),
        ath_index_def("ix_two", ath_parts(ath_part("a", .desc = true), ath_part("b")), .unique = true));
}

static ath_table *child_table(void) {
    return ath_table_new("u", C("id", ATH_INTEGER, .primary_key = true),
                         C("t", ATH_INTEGER, .foreign_key = "t.id", .ondelete = "CASCADE"),
                         C("mood", ATH_ENUM_TYPE("mood", "sad", "it's ok"), .server_default = ath_str("sad")),
                         C("at", ATH_DATETIME, .server_default = ath_now(), .not_null = true),
                         ath_options_def(.comment = "children"));
}

static void write_file(const char *path, const char *up, const char *down) {
    FILE *file = fopen(path, "w");
    CHECK(file != NULL);
    if (!file)
        return;
    fprintf(file,
            "#include <athanor/migrate.h>\n\nATH_REVISION(\"1975ea83b712\", .message = \"x\");\n\nATH_UPGRADE(op) "
            "{\n%s}\n\nATH_DOWNGRADE(op) {\n%s}\n",
            up, down);
    fclose(file);
}

static void compiles(const char *path) {
    char command[1500];
    const char *source = getenv("ATHANOR_SOURCE");
    snprintf(command, sizeof command,
             "cc -std=c11 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -I%s/include %s >cc.log 2>&1",
             source ? source : ".", path);
    int code = system(command);
    CHECK_INT(code, 0);
    if (code != 0)
        code = system("sed 's/^/# /' cc.log | head -20");
}

TEST(c_text_compiles) {
    begin();
    ath_table *from = old_table(), *to = new_table(), *child = child_table();
    const ath_metadata before = ath_metadata_of(ath_tables(from)), after = ath_metadata_of(ath_tables(to, child));
    ath__changes changes;
    ath__change *inverse;
    ath__buf up, again, down, sql;
    ath_error error = {0};
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    c = ath_connect(db);
    ath__buf_init(&up, &ath__malloc_allocator);
    ath__buf_init(&again, &ath__malloc_allocator);
    ath__buf_init(&down, &ath__malloc_allocator);
    ath__buf_init(&sql, &ath__malloc_allocator);
    CHECK_INT(ath__compare(c, &after, NULL, &changes, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK(changes.count > 8);
    CHECK_INT(ath__changes_inverse(changes.items, changes.count, &changes.arena, &inverse, &error), ATH_OK);
    ath__render_c(&up, changes.items, changes.count);
    ath__render_c(&again, changes.items, changes.count);
    ath__render_c(&down, inverse, changes.count);
    CHECK_STR(ath__buf_text(&up), ath__buf_text(&again));
    CHECK(strstr(ath__buf_text(&up), "    // ath_op_drop_column(op, \"t\", \"gone\");\n") != NULL);
    write_file("revision.c", ath__buf_text(&up), ath__buf_text(&down));
    compiles("revision.c");
    CHECK_INT(ath__render_sql(&sql, changes.items, changes.count, NULL, c, NULL, &error), ATH_OK);
    CHECK_STR(error.message, "");
    CHECK(strstr(ath__buf_text(&sql), "-- held back") != NULL);
    CHECK(strstr(ath__buf_text(&sql), "CREATE TABLE u (") != NULL);
    CHECK(*compared(c, &after, (ath__compare_opts){0}) != '\0'); /* nothing was done */
    ath__buf_done(&up);
    ath__buf_done(&again);
    ath__buf_done(&down);
    ath__buf_done(&sql);
    ath__changes_done(&changes);
    ath_table_free(from);
    ath_table_free(to);
    ath_table_free(child);
    end();
}

/* Names are final where a convention would be applied to them once more when the revision runs; what had none gets none. */
TEST(names_under_a_convention) {
    begin();
    ath_table *from = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true),
                                    C("a", ATH_INTEGER, .check = "a > 5", .check_name = "a"), C("n", ATH_INTEGER),
                                    ath_check_def(.name = "b", .check = "n > 0")),
              *to = ath_table_new("t", C("id", ATH_INTEGER, .primary_key = true), C("a", ATH_INTEGER),
                                  C("n", ATH_INTEGER));
    const ath_naming naming = {.ck = "ck_%(table_name)s_%(constraint_name)s"};
    const ath_metadata before = ath_metadata_of(ath_tables(from), .naming = &naming),
                       after = ath_metadata_of(ath_tables(to), .naming = &naming);
    ath__changes changes;
    ath__change *inverse;
    ath__buf up, down;
    ath_error error = {0};
    ath_connection_close(c);
    CHECK_INT(ath_create_all(db, &before, &error), ATH_OK);
    CHECK_STR(error.message, "");
    c = ath_connect(db);
    ath__buf_init(&up, &ath__malloc_allocator);
    ath__buf_init(&down, &ath__malloc_allocator);
    CHECK_INT(ath__compare(c, &after, &(ath__compare_opts){.allow_drop = true}, &changes, &error), ATH_OK);
    CHECK_INT(ath__changes_inverse(changes.items, changes.count, &changes.arena, &inverse, &error), ATH_OK);
    ath__render_c(&up, changes.items, changes.count);
    ath__render_c(&down, inverse, changes.count);
    CHECK(strstr(ath__buf_text(&up), "ath_op_drop_constraint(op, \"ck_t_b\", \"t\", .constraint = "
                                     "ATH_CONSTRAINT_CHECK, .exact_name = true);\n") != NULL);
    if (test_on == TEST_MYSQL)
        CHECK(strstr(ath__buf_text(&down),
                     "create_check_constraint(op, NULL, \"t\", \"`a` > 5\", .exact_name = true);\n") != NULL);
    else
        CHECK(strstr(ath__buf_text(&up), "drop_constraint(op, \"ck_t_a\", \"t\"") != NULL);
    ath__buf_done(&up);
    ath__buf_done(&down);
    CHECK(changes_done(c, &naming, changes.items, changes.count));
    CHECK_STR(compared(c, &after, (ath__compare_opts){0}), "");
    CHECK(changes_done(c, &naming, inverse, changes.count));
    CHECK_STR(compared(c, &before, (ath__compare_opts){0}), "");
    ath__changes_done(&changes);
    ath_table_free(from);
    ath_table_free(to);
    end();
}

static const test_case cases[] = {{"c_text_compiles", c_text_compiles},
                                  {"names_under_a_convention", names_under_a_convention}};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
