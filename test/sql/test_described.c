/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements over tables without a struct (ath_table_new): their columns go by name and have the types the table says, so
 * that values are checked, joins find their foreign keys, defaults are filled in, and no cached text is taken for a table
 * that stands where another was freed.
 */
#include "compiling.h"

static ath_table *parents(void) {
    return ath_table_new("parents", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                         ath_column_def("price", ATH_NUMERIC(10, 2)), ath_column_def("label", ATH_STRING(5)));
}

static ath_table *children(void) {
    return ath_table_new("children", ath_column_def("id", ATH_INTEGER, .primary_key = true),
                         ath_column_def("parent_id", ATH_INTEGER, .foreign_key = "parents.id"),
                         ath_column_def("state", ATH_STRING(9), .default_value = ath_str("new")));
}

TEST(values_take_the_types_of_columns) {
    ath_table *p = parents();
    CHECK_STR(binds_of(&dialect_plain, ath_stmt_of(ath_select(.columns = ath_cols(ath_name("parents", "id")),
                                                              .from = ath_from(ath_described(p)),
                                                              .where = ath_eq(ath_name("parents", "price"), 3)))),
              "NUMERIC 3");
    CHECK_STR(binds_of(&dialect_plain, ath_stmt_of(ath_insert(.described = p, .columns = ath_names("id", "label"),
                                                              .values = ath_rows(ath_vals(1, "a"))))),
              "INTEGER 1, VARCHAR(n) 'a'");
    CHECK_STR(
        binds_of(&dialect_plain, ath_stmt_of(ath_update_of(.described = p, .set = ath_set(ath_name_to("label", "b")),
                                                           .where = ath_eq(ath_name("parents", "id"), 1)))),
        "VARCHAR(n) 'b', INTEGER 1");
    ath_table_free(p);
}

TEST(joins_and_defaults) {
    ath_table *p = parents(), *c = children();
    CHECK_STR(sql_of(&dialect_plain, ath_stmt_of(ath_select(.columns = ath_cols(ath_name("parents", "label"),
                                                                                ath_name("children", "id")),
                                                            .from = ath_from(ath_described(p)),
                                                            .joins = ath_joins(ath_join_to(ath_described(c)))))),
              "SELECT parents.label, children.id FROM parents JOIN children ON parents.id = children.parent_id");
    CHECK_STR(
        sql_of(&dialect_plain, ath_stmt_of(ath_insert(.described = c, .set = ath_set(ath_name_to("parent_id", 1))))),
        "INSERT INTO children (parent_id, state) VALUES (?, ?)");
    CHECK_STR(sql_of(&dialect_plain,
                     ath_stmt_of(ath_delete_of(.described = c, .where = ath_eq(ath_name("children", "id"), 1)))),
              "DELETE FROM children WHERE children.id = ?");
    ath_table_free(p);
    ath_table_free(c);
}

TEST(mistakes_are_told) {
    ath_table *t = ath_table_new("t", ath_column_def("a", ATH_INTEGER), ath_column_def("a", ATH_TEXT));
    const char *said =
        sql_of(&dialect_plain,
               ath_stmt_of(ath_select(.columns = ath_cols(ath_name("t", "a")), .from = ath_from(ath_described(t)))));
    CHECK(strstr(said, "argument: ") == said);
    ath_table_free(t);
}

TEST(another_table_is_another_key) {
    uint64_t last = 0;
    for (int i = 0; i < 3; i++) {
        ath_table *p = parents(); /* often where the last one was */
        ath__key key;
        ath__key_init(&key, &ath__malloc_allocator);
        CHECK_INT(ath__key_stmt(&key,
                                ath_stmt_of(ath_select(.columns = ath_cols(ath_name("parents", "id")),
                                                       .from = ath_from(ath_described(p)))),
                                NULL),
                  ATH_OK);
        uint64_t sum = 0;
        for (size_t w = 0; w < key.word_count; w++)
            sum = sum * 31 + key.words[w];
        CHECK(sum != last);
        last = sum;
        ath__key_done(&key);
        ath_table_free(p);
    }
}

static const test_case cases[] = {
    {"values_take_the_types_of_columns", values_take_the_types_of_columns},
    {"joins_and_defaults", joins_and_defaults},
    {"mistakes_are_told", mistakes_are_told},
    {"another_table_is_another_key", another_table_is_another_key},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
