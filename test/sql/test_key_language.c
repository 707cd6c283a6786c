/* SPDX-License-Identifier: Apache-2.0
 *
 * The structural key, what statements have besides the plain clauses: each member that changes the text changes the key, and
 * values do not, but where they are written into the text.
 */
#include "compiling.h"

#include "engine/driver.h"

#define SELECT(...) ath_stmt_of(ath_select(.columns = ath_cols(UID), __VA_ARGS__))
#define WHERE(condition) SELECT(.where = (condition))
#define ONLY(column) ath_stmt_of(ath_select(.columns = ath_cols(column)))
#define INSERT(...) ath_stmt_of(ath_insert(.table = "t", .set = ath_set(ath_name_to("a", 1)), __VA_ARGS__))
#define UID ath_col(User, id)
#define AGE ath_col(User, age)
#define NAME ath_col(User, name)

typedef struct pair_row {
    ath_stmt a, b;
} pair_row;

static bool same_key(ath_stmt a, ath_stmt b, bool whole_arrays) {
    ath__key x, y;
    ath__key_init(&x, &ath__malloc_allocator);
    ath__key_init(&y, &ath__malloc_allocator);
    x.whole_arrays = y.whole_arrays = whole_arrays;
    CHECK_INT(ath__key_stmt(&x, a, NULL), ATH_OK);
    CHECK_INT(ath__key_stmt(&y, b, NULL), ATH_OK);
    bool same = x.word_count == y.word_count && memcmp(x.words, y.words, x.word_count * sizeof *x.words) == 0;
    CHECK(!same || x.value_count == y.value_count);
    ath__key_done(&x);
    ath__key_done(&y);
    return same;
}

static void check_pairs(const pair_row *rows, size_t count, bool same) {
    for (size_t i = 0; i < count; i++) {
        test_context("row %zu", i);
        CHECK_INT(same_key(rows[i].a, rows[i].b, false), same);
        CHECK(same_key(rows[i].a, rows[i].a, false) && same_key(rows[i].b, rows[i].b, true));
    }
    test_context("%s", "");
}

#define CHECK_PAIRS(same, ...)                                                                                         \
    do {                                                                                                               \
        const pair_row pair_rows_[] = {__VA_ARGS__};                                                                   \
        check_pairs(pair_rows_, TEST_COUNT(pair_rows_), same);                                                         \
    } while (0)

#define OVER(...) ONLY(ath_over(ath_sum(AGE), __VA_ARGS__))

TEST(windows) {
    CHECK_PAIRS(
        false, {ONLY(ath_sum(AGE)), ONLY(ath_over(ath_sum(AGE)))},
        {OVER(.order_by = ath_by(UID)), OVER(.partition_by = ath_by(UID))},
        {OVER(.order_by = ath_by(UID)), OVER(.order_by = ath_by(AGE))}, {OVER(ATH_ROWS(-1, 0)), OVER(ATH_RANGE(-1, 0))},
        {OVER(ATH_ROWS(-1, 0)), OVER(ATH_GROUPS(-1, 0))},
        {OVER(ATH_ROWS(-1, 0)), OVER(ATH_ROWS(-2, 0))}, /* written on MariaDB */
        {OVER(ATH_ROWS(-1, 0)), OVER(ATH_ROWS(-1, 1))},
        {OVER(ATH_ROWS(ATH_UNBOUNDED_PRECEDING, 0)), OVER(ATH_ROWS(-1, 0))},
        {OVER(ATH_ROWS(0, ATH_UNBOUNDED_FOLLOWING)), OVER(ATH_ROWS(0, 1))},
        {OVER(ATH_ROWS(-1, 1)), OVER(ATH_ROWS(-1, 1), .exclude = "TIES")},
        {OVER(ATH_ROWS(-1, 1), .exclude = "GROUP"), OVER(ATH_ROWS(-1, 1), .exclude = "TIES")},
        {ONLY(ath_filter(ath_sum(AGE), ath_gt(AGE, 1))), ONLY(ath_sum(AGE))},
        {ONLY(ath_filter(ath_sum(AGE), ath_gt(AGE, 1))), ONLY(ath_filter(ath_sum(AGE), ath_lt(AGE, 1)))},
        {ONLY(ath_within_group(ath_call("f"), ath_by(AGE))), ONLY(ath_within_group(ath_call("f"), ath_by(UID)))});
    CHECK_PAIRS(true, {ONLY(ath_filter(ath_sum(AGE), ath_gt(AGE, 1))), ONLY(ath_filter(ath_sum(AGE), ath_gt(AGE, 2)))});
}

TEST(nodes) {
    CHECK_PAIRS(
        false, {WHERE(ath_like(NAME, "a")), WHERE(ath_like_escape(NAME, "a", "/"))},
        {WHERE(ath_like_escape(NAME, "a", "#")), WHERE(ath_like_escape(NAME, "a", "/"))},
        {WHERE(ath_regexp(NAME, "a")), WHERE(ath_regexp_flags(NAME, "a", "i"))},
        {WHERE(ath_regexp_flags(NAME, "a", "x")), WHERE(ath_regexp_flags(NAME, "a", "i"))},
        {WHERE(ath_between(AGE, 1, 2)), WHERE(ath_between_symmetric(AGE, 1, 2))},
        {WHERE(ath_op(AGE, "@", 1)), WHERE(ath_op(AGE, "#", 1))}, {ONLY(ath_true()), ONLY(ath_false())},
        {ONLY(ath_true()), ONLY(ath_sql_null())}, {ONLY(ath_written(1)), ONLY(ath_written(2))},
        {ONLY(ath_written("a")), ONLY(ath_written("b"))}, {ONLY(ath_written(1)), ONLY(ath_int(1))},
        {ONLY(ath_collate(NAME, "a")), ONLY(ath_collate(NAME, "b"))}, {ONLY(ath_collate(NAME, "a")), ONLY(NAME)},
        {ONLY(ath_extract("year", ath_col(User, created_at))), ONLY(ath_extract("day", ath_col(User, created_at)))},
        {ONLY(ath_typed(1, ATH_BIGINT)), ONLY(ath_typed(1, ATH_INTEGER))}, {ONLY(ath_typed(1, ATH_BIGINT)), ONLY(1)},
        {ONLY(ath_json_text(NAME, "a")), ONLY(ath_json_int(NAME, "a"))},
        {ONLY(ath_json_get(NAME, "a")), ONLY(ath_json_get(NAME, 1))},
        {ONLY(ath_json_get(NAME, "a")), ONLY(ath_json_get(NAME, "a", "b"))}, {ONLY(ath_excluded(User, age)), ONLY(AGE)},
        {ONLY(ath_tuple(UID, AGE)), ONLY(ath_tuple(AGE, UID))}, {ONLY(ath_star()), ONLY(ath_columns(User))},
        {ONLY(ath_columns(User)), ONLY(ath_columns(Address))},
        {ONLY(ath_columns(User)), ONLY(ath_columns_of("u", User))},
        {ONLY(ath_string_agg(NAME, ",")), ONLY(ath_string_agg(NAME, ";"))},
        {ONLY(ath_string_agg(NAME, ",")), ONLY(ath_string_agg_by(NAME, ",", UID))},
        {ONLY(ath_case_of(AGE, ath_is_value(1, 2))), ONLY(ath_case_of(AGE, ath_is_value(1, 2), ath_else(3)))},
        {SELECT(.group_by = ath_by(ath_rollup(UID))), SELECT(.group_by = ath_by(ath_cube(UID)))},
        {WHERE(ath_gt(UID, ath_any_of(ath_select(.columns = ath_cols(UID))))),
         WHERE(ath_gt(UID, ath_all_of(ath_select(.columns = ath_cols(UID)))))});
    CHECK_PAIRS(true, {WHERE(ath_like_escape(NAME, "a", "/")), WHERE(ath_like_escape(NAME, "b", "/"))},
                {ONLY(ath_json_get(NAME, "a", 1)), ONLY(ath_json_get(NAME, "b", 2))},
                {ONLY(ath_typed(1, ATH_BIGINT)), ONLY(ath_typed(2, ATH_BIGINT))},
                {WHERE(ath_between_symmetric(AGE, 1, 2)), WHERE(ath_between_symmetric(AGE, 3, 4))});
}

TEST(selects) {
    const ath_select_stmt *a = ath_select(.columns = ath_cols(UID)), *b = ath_select(.columns = ath_cols(AGE));
    CHECK_PAIRS(
        false, {SELECT(.limit = 1), SELECT(.limit = 1, .with_ties = true)},
        {SELECT(.table_labels = true), SELECT(.table_labels = false)},
        {SELECT(.distinct_on = ath_by(AGE)), SELECT(.distinct = true)}, {SELECT(.prefix = "x"), SELECT(.suffix = "x")},
        {SELECT(.prefix = "x"), SELECT(.prefix = "y")},
        {SELECT(.lock = ath_for_update()), SELECT(.lock = ath_for_share())},
        {SELECT(.lock = ath_for_update()), SELECT(.lock = ath_for_update(.nowait = true))},
        {SELECT(.lock = ath_for_update(.skip_locked = true)), SELECT(.lock = ath_for_update(.nowait = true))},
        {SELECT(.lock = ath_for_update()), SELECT(.lock = ath_for_update(.of = ath_from(ath_model_source(User))))},
        {SELECT(.lock = ath_for_no_key_update()), SELECT(.lock = ath_for_key_share())},
        {ath_stmt_of(ath_union(ath_queries(a, b))), ath_stmt_of(ath_union_all(ath_queries(a, b)))},
        {ath_stmt_of(ath_intersect(ath_queries(a, b))), ath_stmt_of(ath_except(ath_queries(a, b)))},
        {ath_stmt_of(ath_intersect_all(ath_queries(a, b))), ath_stmt_of(ath_except_all(ath_queries(a, b)))},
        {ath_stmt_of(ath_union(ath_queries(a, b))), ath_stmt_of(ath_union(ath_queries(b, a)))},
        {ath_stmt_of(ath_union(ath_queries(a))), ath_stmt_of(ath_union(ath_queries(a, a)))},
        {ath_stmt_of(ath_values(ath_vals(1))), ath_stmt_of(ath_values(ath_vals(1), ath_vals(2)))},
        {ath_stmt_of(ath_values(ath_vals(1, 2))), ath_stmt_of(ath_values(ath_vals(1), ath_vals(2)))},
        {SELECT(.with = ath_with("c", .query = a)),
         SELECT(.with = ath_with("c", .query = a, .materialized = ATH_MATERIALIZED))},
        {SELECT(.with = ath_with("c", .query = a, .materialized = ATH_NOT_MATERIALIZED)),
         SELECT(.with = ath_with("c", .query = a, .materialized = ATH_MATERIALIZED))},
        {SELECT(.with = ath_with("c", .statement = INSERT(.returning = ath_cols(UID)))),
         SELECT(.with = ath_with("c", .statement = INSERT(.returning = ath_cols(AGE))))});
    CHECK_PAIRS(true, {ath_stmt_of(ath_values(ath_vals(1, "a"))), ath_stmt_of(ath_values(ath_vals(2, "b")))});
}

TEST(sources) {
    const ath_select_stmt *q = ath_select(.columns = ath_cols(UID));
    const ath_source table = ath_table_ref("t"), model = ath_model_source(User);
#define FROM(source) SELECT(.from = ath_from(source))
#define JOIN(join) SELECT(.joins = ath_joins(join))
    CHECK_PAIRS(
        false, {FROM(ath_select_as(q, "x")), FROM(ath_lateral(q, "x"))}, {FROM(table), FROM(ath_table_in("s", "t"))},
        {FROM(ath_table_in("r", "t")), FROM(ath_table_in("s", "t"))},
        {FROM(ath_function_as(ath_call("f"), "x")), FROM(ath_function_as(ath_call("g"), "x"))},
        {FROM(ath_values_as("v", ath_names("a"), ath_vals(1))), FROM(ath_values_as("v", ath_names("b"), ath_vals(1)))},
        {FROM(((ath_source){.table = "t", .sample = ath_call("f")})), FROM(table)},
        {FROM(((ath_source){.table = "t", .sample = ath_call("f"), .seed = ath_call("g")})),
         FROM(((ath_source){.table = "t", .sample = ath_call("f")}))},
        {FROM(model), FROM(ath_nested_join(model, ath_join(Address)))},
        {FROM(ath_nested_join(model, ath_outer_join(Address))), FROM(ath_nested_join(model, ath_join(Address)))},
        {JOIN(ath_right_join(Address)), JOIN(ath_full_join(Address))},
        {JOIN(ath_cross_join(Address)), JOIN(ath_join(Address))},
        {JOIN(ath_join_to(ath_lateral(q, "x"))), JOIN(ath_join_to(ath_select_as(q, "x")))});
    CHECK_PAIRS(true, {FROM(ath_values_as("v", ath_names("a"), ath_vals(1))),
                       FROM(ath_values_as("v", ath_names("a"), ath_vals(2)))});
#undef FROM
#undef JOIN
}

#define CONFLICT(...) INSERT(.on_conflict = ath_on_conflict(__VA_ARGS__))

TEST(changes) {
    const ath_assignment_list one = ath_set(ath_name_to("a", 1)), two = ath_set(ath_name_to("b", 1));
    const ath_select_stmt *q = ath_select(.columns = ath_cols(UID));
    CHECK_PAIRS(
        false, {INSERT(.prefix = "IGNORE"), INSERT(.schema = NULL)}, {INSERT(.schema = "s"), INSERT(.schema = NULL)},
        {INSERT(.with = ath_with("c", .query = q)), INSERT(.schema = NULL)},
        {CONFLICT(.constraint = NULL), INSERT(.schema = NULL)},
        {CONFLICT(.columns = ath_names("a")), CONFLICT(.columns = ath_names("b"))},
        {CONFLICT(.columns = ath_names("a")), CONFLICT(.constraint = "a")},
        {CONFLICT(.columns = ath_names("a"), .set = one), CONFLICT(.columns = ath_names("a"), .set = two)},
        {CONFLICT(.columns = ath_names("a"), .set = one),
         CONFLICT(.columns = ath_names("a"), .set = one, .update_where = ath_gt(AGE, 1))},
        {CONFLICT(.columns = ath_names("a"), .where = ath_gt(AGE, 1)), CONFLICT(.columns = ath_names("a"))},
        {CONFLICT(.columns = ath_names("a"), .where = ath_gt(AGE, 1)),
         CONFLICT(.columns = ath_names("a"), .where = ath_gt(AGE, 2))}, /* written */
        {CONFLICT(.columns = ath_names("a"), .where = ath_eq(NAME, "a")),
         CONFLICT(.columns = ath_names("a"), .where = ath_eq(NAME, "b"))},
        {ath_stmt_of(ath_insert(.table = "t", .columns = ath_names("a"), .values = ath_rows(ath_vals(1)))),
         ath_stmt_of(
             ath_insert(.table = "t", .columns = ath_names("a"), .values = ath_rows(ath_vals(1), ath_vals(2))))},
        {ath_stmt_of(ath_update_of(.table = "t", .set = one, .from = ath_from(ath_table_ref("u")))),
         ath_stmt_of(ath_update_of(.table = "t", .set = one))},
        {ath_stmt_of(ath_update_of(.table = "t", .set = one, .limit = 1)),
         ath_stmt_of(ath_update_of(.table = "t", .set = one))},
        {ath_stmt_of(ath_delete_of(.table = "t", .from = ath_from(ath_table_ref("u")))),
         ath_stmt_of(ath_delete_of(.table = "t"))},
        {ath_stmt_of(ath_delete_of(.table = "t", .order_by = ath_by(UID))), ath_stmt_of(ath_delete_of(.table = "t"))});
    CHECK_PAIRS(true,
                {CONFLICT(.columns = ath_names("a"), .set = one, .update_where = ath_gt(AGE, 1)),
                 CONFLICT(.columns = ath_names("a"), .set = one, .update_where = ath_gt(AGE, 2))},
                {ath_stmt_of(ath_update_of(.table = "t", .set = one, .limit = 1)),
                 ath_stmt_of(ath_update_of(.table = "t", .set = one, .limit = 2))});
}

TEST(arrays_of_any_length) {
    static const int32_t ids[] = {1, 2, 3, 4, 5};
    static const int64_t large[] = {1};
    const ath_stmt none = WHERE(ath_in_array(UID, ids, 0)), one = WHERE(ath_in_array(UID, ids, 1));
    const ath_stmt five = WHERE(ath_in_array(UID, ids, 5)), not_in = WHERE(ath_not_in_array(UID, ids, 5));
    const ath_dialect *postgresql = ath__backend_find("postgresql")->dialect;
    CHECK(same_key(none, five, true) && same_key(one, five, true));
    CHECK(!same_key(one, five, false) && !same_key(not_in, five, true));
    CHECK(!same_key(one, WHERE(ath_in_array(UID, large, 1)), true)); /* its elements are bound otherwise */
    for (int i = 0; i < 3; i++) {
        const ath_dialect *d = i == 2 ? ath__backend_find("mysql")->dialect
                               : i    ? ath__backend_find("sqlite")->dialect
                                      : postgresql;
        static const char *const expected[] = {
            "SELECT users.id FROM users WHERE users.id = ANY ($1)",
            "SELECT users.id FROM users WHERE users.id IN (SELECT value FROM json_each(?))",
            "SELECT users.id FROM users WHERE users.id IN (?, ?, ?, ?, ?, ?, ?, ?)"};
        ath__key key;
        ath__compiled compiled;
        ath__key_init(&key, &ath__malloc_allocator);
        key.whole_arrays = ath__dialect_takes_arrays(d);
        CHECK_INT(ath__key_stmt(&key, five, NULL), ATH_OK);
        CHECK_INT(ath__compile(d, &ath__malloc_allocator, five, &key, &compiled, NULL), ATH_OK);
        CHECK_STR(compiled.sql, expected[i]);
        ath__compiled_done(&compiled);
        ath__key_done(&key);
    }
}

static const test_case cases[] = {
    {"windows", windows}, {"nodes", nodes},     {"selects", selects},
    {"sources", sources}, {"changes", changes}, {"arrays_of_any_length", arrays_of_any_length},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
