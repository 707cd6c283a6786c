/* SPDX-License-Identifier: Apache-2.0
 *
 * The structural key: the same for statements that differ in values only, another for every other difference; values in
 * the order of the walk; growth, limits, and allocations that fail.
 */
#include "../base/counting.h"
#include "compiling.h"

#define SELECT(...) ath_stmt_of(ath_select(__VA_ARGS__))
#define WHERE(condition) SELECT(.columns = ath_cols(UID), .where = (condition))
#define ONLY(column) SELECT(.columns = ath_cols(column))
#define UID ath_col(User, id)
#define AGE ath_col(User, age)
#define NAME ath_col(User, name)

static bool same_key(ath_stmt a, ath_stmt b) {
    ath__key x, y;
    ath__key_init(&x, &ath__malloc_allocator);
    ath__key_init(&y, &ath__malloc_allocator);
    CHECK_INT(ath__key_stmt(&x, a, NULL), ATH_OK);
    CHECK_INT(ath__key_stmt(&y, b, NULL), ATH_OK);
    bool same = x.word_count == y.word_count && memcmp(x.words, y.words, x.word_count * sizeof *x.words) == 0;
    CHECK(!same || x.value_count == y.value_count);
    ath__key_done(&x);
    ath__key_done(&y);
    return same;
}

typedef struct pair_row {
    ath_stmt a, b;
} pair_row;

static void check_pairs(const pair_row *rows, size_t count, bool same) {
    for (size_t i = 0; i < count; i++) {
        test_context("row %zu", i);
        CHECK_INT(same_key(rows[i].a, rows[i].b), same);
        CHECK(same_key(rows[i].a, rows[i].a) && same_key(rows[i].b, rows[i].b));
    }
    test_context("%s", "");
}

#define CHECK_PAIRS(same, ...)                                                                                         \
    do {                                                                                                               \
        const pair_row pair_rows_[] = {__VA_ARGS__};                                                                   \
        check_pairs(pair_rows_, TEST_COUNT(pair_rows_), same);                                                         \
    } while (0)

TEST(values_do_not_matter) {
    int32_t few[] = {1, 2, 3}, more[] = {4, 5, 6, 7};
    char alias[] = "u", other[] = "u";
    CHECK_PAIRS(true, {WHERE(ath_eq(UID, 1)), WHERE(ath_eq(UID, 2))},
                {WHERE(ath_eq(NAME, "a")), WHERE(ath_eq(NAME, "bcd"))},
                {WHERE(ath_in_array(UID, few, 3)), WHERE(ath_in_array(UID, more, 4))},
                {WHERE(ath_in(UID, 1, 2)), WHERE(ath_in(UID, 3, 4))},
                {SELECT(.columns = ath_cols(UID), .limit = 1, .offset = 2),
                 SELECT(.columns = ath_cols(UID), .limit = 3, .offset = 4)},
                {WHERE(ath_text("a = :x", ath_bind("x", 1))), WHERE(ath_text("a = :x", ath_bind("x", 2)))},
                {ONLY(ath_col_of(alias, User, id)), ONLY(ath_col_of(other, User, id))}, /* names by their bytes */
                {ath_stmt_of(ath_update_of(.table = "t", .set = ath_set(ath_name_to("a", 1)), .all_rows = true)),
                 ath_stmt_of(ath_update_of(.table = "t", .set = ath_set(ath_name_to("a", 2)), .all_rows = true))},
                {SELECT(.columns = ath_cols(UID), .read_only = true), SELECT(.columns = ath_cols(UID))});
}

TEST(expressions_matter) {
    int32_t ids[] = {1, 2, 3, 4, 5};
    const char *none = NULL;
    CHECK_PAIRS(
        false, {WHERE(ath_eq(UID, 1)), WHERE(ath_ne(UID, 1))}, {WHERE(ath_eq(UID, 1)), WHERE(ath_eq(AGE, 1))},
        {WHERE(ath_eq(UID, 1)), WHERE(ath_eq(ath_col(Address, id), 1))},
        {WHERE(ath_eq(NAME, "a")), WHERE(ath_eq(NAME, none))}, {WHERE(ath_eq(UID, 1)), WHERE(ath_eq(UID, NULL))},
        {WHERE(ath_eq(UID, 1)), WHERE(ath_eq(UID, (bool)true))}, {WHERE(ath_eq(UID, 1)), WHERE(NULL)},
        {ONLY(UID), ONLY(ath_col_of("u", User, id))},
        {ONLY(ath_col_of("v", User, id)), ONLY(ath_col_of("u", User, id))}, {ONLY(UID), ONLY(ath_label(UID, "x"))},
        {ONLY(ath_label(UID, "y")), ONLY(ath_label(UID, "x"))}, {ONLY(ath_func("f", UID)), ONLY(ath_func("g", UID))},
        {ONLY(ath_func("f", UID)), ONLY(ath_func("f", UID, UID))},
        {ONLY(ath_count(UID)), ONLY(ath_count_distinct(UID))}, {ONLY(ath_count(UID)), ONLY(ath_count_all())},
        {ONLY(ath_name("a", "bc")), ONLY(ath_name("ab", "c"))}, {ONLY(ath_name(NULL, "b")), ONLY(ath_name("", "b"))},
        {ONLY(ath_text("a")), ONLY(ath_text("b"))}, {ONLY(ath_text("12345678a")), ONLY(ath_text("12345678b"))},
        {ONLY(ath_text("a :x", ath_bind("x", 1))), ONLY(ath_text("a :x", ath_bind("y", 1)))},
        {ONLY(ath_cast(UID, ATH_TEXT)), ONLY(ath_cast(UID, ATH_STRING(5)))},
        {ONLY(ath_cast(UID, ATH_STRING(6))), ONLY(ath_cast(UID, ATH_STRING(5)))},
        {ONLY(ath_cast(UID, ATH_NUMERIC(5, 2))), ONLY(ath_cast(UID, ATH_NUMERIC(5, 3)))},
        {ONLY(ath_cast(NAME, ATH_ENUM("a"))), ONLY(ath_cast(NAME, ATH_ENUM("abc")))},
        {WHERE(ath_in_array(UID, ids, 4)), WHERE(ath_in_array(UID, ids, 5))},
        {WHERE(ath_in_array(UID, ids, 0)), WHERE(ath_in_array(UID, ids, 1))},
        {WHERE(ath_in_array(UID, ids, 2)), WHERE(ath_in(UID, 1, 2))}, {WHERE(ath_in(UID, 1)), WHERE(ath_in(UID, 1, 2))},
        {WHERE(ath_and(ath_eq(UID, 1), NULL)), WHERE(ath_and(ath_eq(UID, 1)))},
        {ONLY(ath_case(ath_when(ath_eq(UID, 1), 2))), ONLY(ath_case(ath_when(ath_eq(UID, 1), 2), ath_else(3)))},
        {ONLY(ath_now()), ONLY(ath_null())},
        {ONLY(ath_subquery(ath_select(.columns = ath_cols(UID)))),
         ONLY(ath_subquery(ath_select(.columns = ath_cols(AGE))))});
}

TEST(clauses_matter) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(UID)), *ages = ath_select(.columns = ath_cols(AGE));
#define S(...) SELECT(.columns = ath_cols(UID), __VA_ARGS__)
    CHECK_PAIRS(
        false, {S(.limit = 1), S(.limit = 0)}, {S(.limit = 1), S(.offset = 1)}, {S(.offset = 1), S(.offset = 0)},
        {S(.distinct = true), S(.distinct = false)},
        {S(.order_by = ath_by(ath_asc(UID))), S(.order_by = ath_by(ath_desc(UID)))},
        {S(.order_by = ath_by(UID)), S(.group_by = ath_by(UID))},
        {S(.order_by = ath_by(UID)), S(.order_by = ath_by(UID, UID))},
        {S(.where = ath_eq(UID, 1)), S(.having = ath_eq(UID, 1))}, {S(.model = ath_model_of(User)), S(.limit = 0)},
        {S(.joins = ath_joins(ath_join(Address))), S(.joins = ath_joins(ath_outer_join(Address)))},
        {S(.joins = ath_joins(ath_join(Address))), S(.joins = ath_joins(ath_join(Order)))},
        {S(.joins = ath_joins(ath_join(Address))), S(.joins = ath_joins(ath_join(Address, .on = ath_eq(UID, 1))))},
        {S(.from = ath_from(ath_table_ref("a"))), S(.from = ath_from(ath_table_ref("b")))},
        {S(.from = ath_from(ath_table_ref("a"))), S(.from = ath_from(ath_table_as("a", "x")))},
        {S(.from = ath_from(ath_table_as("a", "y"))), S(.from = ath_from(ath_table_as("a", "x")))},
        {S(.from = ath_from(ath_select_as(ids, "x"))), S(.from = ath_from(ath_select_as(ages, "x")))},
        {S(.from = ath_from(ath_model_source(User))), S(.from = ath_from(ath_table_ref("users")))},
        {S(.with = ath_with(.name = "a", .query = ids)), S(.limit = 0)},
        {S(.with = ath_with(.name = "a", .query = ids)), S(.with = ath_with(.name = "b", .query = ids))},
        {S(.with = ath_with(.name = "a", .query = ids)), S(.with = ath_with(.name = "a", .query = ages))},
        {S(.with = ath_with(.name = "a", .query = ids)),
         S(.with = ath_with(.name = "a", .query = ids, .columns = ath_names("x")))},
        {S(.with = ath_with(.name = "a", .query = ids)),
         S(.with = ath_with(.name = "a", .query = ids, .recursive = ids))},
        {S(.with = ath_with(.name = "a", .query = ids, .recursive = ids)),
         S(.with = ath_with(.name = "a", .query = ids, .recursive = ids, .union_all = true))});
#undef S
}

#define I(...) ath_stmt_of(ath_insert(__VA_ARGS__))
#define U(...) ath_stmt_of(ath_update_of(__VA_ARGS__))
#define D(...) ath_stmt_of(ath_delete_of(__VA_ARGS__))
#define A1 .set = ath_set(ath_name_to("a", 1))

TEST(changes_matter) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(UID));
    CHECK_PAIRS(false, {U(.table = "t", A1, .all_rows = true), U(.table = "u", A1, .all_rows = true)},
                {U(.table = "t", A1, .all_rows = true), U(.table = "t", A1)},
                {U(.table = "t", A1), I(.table = "t", A1)}, {U(.table = "t", A1), U(.model = ath_model_of(User), A1)},
                {U(.table = "t", A1), U(.table = "t", .set = ath_set(ath_name_to("b", 1)))},
                {U(.table = "t", A1), U(.table = "t", A1, .where = ath_eq(UID, 1))},
                {U(.table = "t", A1), U(.table = "t", A1, .returning = ath_cols(UID))},
                {D(.table = "t"), D(.table = "t", .all_rows = true)}, {D(.table = "t"), D(.table = "u")},
                {D(.table = "t"), D(.table = "t", .where = ath_eq(UID, 1))},
                {D(.table = "t"), D(.table = "t", .returning = ath_cols(UID))},
                {I(.table = "t", A1), I(.table = "t", A1, .returning = ath_cols(UID))},
                {I(.table = "t", .select = ids), I(.table = "t")},
                {I(.table = "t", .select = ids), I(.table = "t", .select = ids, .columns = ath_names("a"))},
                {I(.table = "t", .select = ids, .columns = ath_names("b")),
                 I(.table = "t", .select = ids, .columns = ath_names("a"))},
                {ath_stmt_of(ath_text("a")), ath_stmt_of(ath_text("b"))},
                {ath_stmt_of(ath_text("a")), ONLY(ath_text("a"))});
}

TEST(values_in_order_of_the_walk) {
    int32_t ids[] = {3, 4, 5};
    ath__key key;
    ath__key_init(&key, &ath__malloc_allocator);
    CHECK_INT(
        ath__key_stmt(&key,
                      SELECT(.columns = ath_cols(ath_plus(UID, 1)),
                             .where = ath_and(ath_eq(UID, 2), ath_in_array(UID, ids, 3)), .having = ath_eq(UID, 6),
                             .order_by = ath_by(ath_plus(UID, 7)), .limit = 8, .offset = 9),
                      NULL),
        ATH_OK);
    static const int64_t expected[] = {1, 2, 3, 4, 5, 5, 6, 7, 8, 9}; /* the array is filled up with its last */
    CHECK_INT(key.value_count, TEST_COUNT(expected));
    for (size_t i = 0; i < key.value_count && i < TEST_COUNT(expected); i++)
        CHECK_INT(key.values[i].as.i, expected[i]);
    CHECK(key.words == key.word_space && key.values == key.value_space); /* no allocation for ordinary statements */
    ath__key_done(&key);
}

TEST(arrays_are_padded) {
    static const struct {
        size_t count, padded;
    } rows[] = {{0, 0}, {1, 1}, {2, 2}, {3, 4}, {4, 4}, {5, 8}, {1000, 1024}, {1025, 2048}};
    static int64_t ids[1025];
    for (size_t i = 0; i < TEST_COUNT(ids); i++)
        ids[i] = (int64_t)i;
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        ath__key key;
        ath__key_init(&key, &ath__malloc_allocator);
        test_context("%zu elements", rows[i].count);
        CHECK_INT(ath__key_stmt(&key, WHERE(ath_in_array(UID, ids, rows[i].count)), NULL), ATH_OK);
        CHECK_INT(key.value_count, rows[i].padded);
        for (size_t k = 0; k < key.value_count; k++)
            CHECK_INT(key.values[k].as.i, k < rows[i].count ? k : rows[i].count - 1);
        ath__key_done(&key);
    }
}

static ath_status key_status(ath_stmt stmt, const ath_allocator *a, ath_error *error) {
    ath__key key;
    ath_error_clear(error);
    ath__key_init(&key, a);
    ath_status status = ath__key_stmt(&key, stmt, error);
    ath__key_done(&key);
    return status;
}

TEST(refusals) {
    static const ath_expr strange = {.node = ATH_NODE_ARRAY, .kind = ATH_C_CHARS, .count = 1, .u.array = "x"};
    ath_error error;
    const ath_stmt rows[] = {ONLY(ath_subquery(NULL)), SELECT(.with = ath_with(.name = "a")),
                             WHERE(ath_in_query(UID, NULL)), WHERE(&strange)};
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("row %zu", i);
        CHECK_INT(key_status(rows[i], &ath__malloc_allocator, &error), ATH_ARGUMENT);
        CHECK(strstr(error.message, "a subquery is missing") != NULL);
    }
    CHECK_INT(key_status((ath_stmt){ATH_STMT_SELECT, NULL}, &ath__malloc_allocator, &error), ATH_ARGUMENT);
    CHECK_STR(error.message, "there is no statement");
}

TEST(deep_nesting_is_refused) {
    static ath_select_stmt nested[300];
    static ath_expr nodes[300];
    static const ath_expr *items[300];
    ath_error error;
    for (size_t i = 0; i < 300; i++) {
        nodes[i] =
            i ? (ath_expr){.node = ATH_NODE_SUBQUERY, .u.select = &nested[i - 1]} : (ath_expr){.node = ATH_NODE_STAR};
        items[i] = &nodes[i];
        nested[i] = (ath_select_stmt){.struct_size = sizeof nested[i], .columns = {1, &items[i]}};
    }
    CHECK_INT(key_status((ath_stmt){ATH_STMT_SELECT, &nested[199]}, &ath__malloc_allocator, &error), ATH_OK);
    CHECK_INT(key_status((ath_stmt){ATH_STMT_SELECT, &nested[299]}, &ath__malloc_allocator, &error), ATH_ARGUMENT);
}

TEST(every_allocation_fails_once) {
    static int64_t ids[300];
    static char long_name[5000];
    ath_error error;
    counting a;
    memset(long_name, 'n', sizeof long_name - 1);
    ath_stmt stmt = SELECT(.columns = ath_cols(ath_name(long_name, "x")), .where = ath_in_array(UID, ids, 300));
    counting_init(&a, 0);
    CHECK_INT(key_status(stmt, &a.allocator, &error), ATH_OK);
    CHECK_RELEASED(&a);
    size_t requests = a.requests;
    CHECK(requests >= 10); /* words twice, values and owners five times each */
    for (size_t n = 1; n <= requests; n++) {
        counting_init(&a, n);
        test_context("allocation %zu", n);
        CHECK_INT(key_status(stmt, &a.allocator, &error), ATH_NO_MEMORY);
        CHECK_INT(error.status, ATH_NO_MEMORY);
        CHECK_RELEASED(&a);
    }
}

static const test_case cases[] = {
    {"values_do_not_matter", values_do_not_matter},
    {"expressions_matter", expressions_matter},
    {"clauses_matter", clauses_matter},
    {"changes_matter", changes_matter},
    {"values_in_order_of_the_walk", values_in_order_of_the_walk},
    {"arrays_are_padded", arrays_are_padded},
    {"refusals", refusals},
    {"deep_nesting_is_refused", deep_nesting_is_refused},
    {"every_allocation_fails_once", every_allocation_fails_once},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
