/* SPDX-License-Identifier: Apache-2.0
 *
 * Expressions as two made-up dialects write them: every operator and node, parentheses, NULL, lists, text.  The second
 * dialect overrides what a dialect can, which shows that the compiler is driven by its table.
 */
#include "compiling.h"

typedef struct condition_row {
    const ath_expr *condition;
    const char *plain, *rich;
} condition_row;

static void check_conditions(const condition_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        test_context("row %zu", i);
        CHECK_STR(where_of(&dialect_plain, rows[i].condition), rows[i].plain);
        if (rows[i].rich)
            CHECK_STR(where_of(&dialect_rich, rows[i].condition), rows[i].rich);
    }
    test_context("%s", "");
}

#define CHECK_CONDITIONS(...)                                                                                          \
    do {                                                                                                               \
        const condition_row condition_rows_[] = {__VA_ARGS__};                                                         \
        check_conditions(condition_rows_, TEST_COUNT(condition_rows_));                                                \
    } while (0)

#define AGE ath_col(User, age)
#define ID ath_col(User, id)
#define NAME ath_col(User, name)
#define ACTIVE ath_col(User, is_active)

TEST(comparisons) {
    CHECK_CONDITIONS(
        {ath_eq(AGE, 5), "users.age = ?", "users.age = $1"}, {ath_ne(AGE, 5), "users.age != ?", "users.age <> $1"},
        {ath_lt(AGE, 5), "users.age < ?", "users.age < $1"}, {ath_le(AGE, 5), "users.age <= ?", "users.age <= $1"},
        {ath_gt(AGE, 5), "users.age > ?", "users.age > $1"}, {ath_ge(AGE, 5), "users.age >= ?", "users.age >= $1"},
        {ath_eq(AGE, ID), "users.age = users.id", "users.age = users.id"},
        {ath_between(AGE, 1, 2), "users.age BETWEEN ? AND ?", "users.age BETWEEN $1 AND $2"},
        {ath_is_null(AGE), "users.age IS NULL", "users.age IS NULL"},
        {ath_is_not_null(AGE), "users.age IS NOT NULL", "users.age IS NOT NULL"});
}

/* Beside NULL, on either side, = is IS NULL. */
TEST(null_is_not_compared) {
    const char *nothing = NULL;
    CHECK_CONDITIONS(
        {ath_eq(AGE, NULL), "users.age IS NULL", "users.age IS NULL"},
        {ath_ne(AGE, NULL), "users.age IS NOT NULL", NULL}, {ath_eq(NAME, nothing), "users.name IS NULL", NULL},
        {ath_eq(AGE, ath_null()), "users.age IS NULL", NULL}, {ath_ne(ath_null(), AGE), "users.age IS NOT NULL", NULL},
        {ath_eq(ath_null(), ath_null()), "? IS NULL", NULL},
        {ath_eq(ath_plus(AGE, 1), NULL), "users.age + ? IS NULL", NULL},
        {ath_eq(ath_and(ath_eq(ID, 1), ath_eq(ID, 2)), NULL), "(users.id = ? AND users.id = ?) IS NULL", NULL},
        {ath_lt(AGE, NULL), "users.age < ?", NULL});
}

TEST(junctions) {
    const ath_expr *a = ath_eq(ID, 1), *b = ath_eq(ID, 2), *c = ath_eq(ID, 3);
    CHECK_CONDITIONS(
        {ath_and(a, b), "users.id = ? AND users.id = ?", "users.id = $1 && users.id = $2"},
        {ath_or(a, b), "users.id = ? OR users.id = ?", "users.id = $1 OR users.id = $2"},
        {ath_and(a, ath_or(b, c)), "users.id = ? AND (users.id = ? OR users.id = ?)", NULL},
        {ath_or(ath_and(a, b), c), "users.id = ? AND users.id = ? OR users.id = ?", NULL},
        {ath_and(ath_and(a, b), c), "users.id = ? AND users.id = ? AND users.id = ?", NULL},
        {ath_or(a, ath_or(b, c)), "users.id = ? OR users.id = ? OR users.id = ?", NULL},
        {ath_not(a), "users.id != ?", NULL}, {ath_not(ath_and(a, b)), "NOT (users.id = ? AND users.id = ?)", NULL},
        {ath_not(ath_not(a)), "users.id = ?", NULL}, {ath_and(ath_not(a), b), "users.id != ? AND users.id = ?", NULL},
        {ath_eq(ath_not(a), ath_not(b)), "(users.id != ?) = (users.id != ?)", NULL});
}

/* NULL among the conditions is left out; of none left AND is true, OR is false. */
TEST(absent_conditions) {
    const ath_expr *a = ath_eq(ID, 1), *none = NULL;
    CHECK_CONDITIONS(
        {ath_and(none, a, NULL), "users.id = ?", NULL}, {ath_or(none, a), "users.id = ?", NULL},
        {ath_and(a, ath_and(none, none)), "users.id = ?", NULL}, {ath_or(a, ath_and(none)), "users.id = ?", NULL},
        {ath_or(none, none), "1 = 0", NULL}, {ath_and(a, ath_or(none)), "users.id = ? AND (1 = 0)", NULL},
        {ath_not(ath_and(none)), "NOT (1 = 1)", NULL}, {ath_and(none, none), "SELECT users.id FROM users", NULL},
        {ath_and(ath_and(none), ath_and(none)), "SELECT users.id FROM users", NULL},
        {none, "SELECT users.id FROM users", NULL}, {ath_not(none), "argument: an operand is missing", NULL},
        {ath_eq(ID, none), "argument: an operand is missing", NULL});
}

TEST(booleans) {
    CHECK_CONDITIONS(
        {ath_is(ACTIVE), "users.is_active = 1", "users.is_active"},
        {ath_not(ACTIVE), "users.is_active = 0", "NOT users.is_active"},
        {ath_and(ACTIVE, ath_eq(ID, 1)), "users.is_active = 1 AND users.id = ?", "users.is_active && users.id = $1"},
        {ath_or(ath_eq(ID, 1), ACTIVE), "users.id = ? OR users.is_active = 1", NULL},
        {ath_eq(ACTIVE, true), "users.is_active = ?", "users.is_active = $1"},
        {ath_eq(ath_case(ath_when(ACTIVE, 1), ath_else(0)), 1), "CASE WHEN users.is_active THEN ? ELSE ? END = ?",
         "CASE WHEN users.is_active THEN $1 ELSE $2 END = $3"});
}

TEST(patterns) {
    CHECK_CONDITIONS(
        {ath_like(NAME, "a%"), "users.name LIKE ?", "users.name LIKE $1"},
        {ath_not_like(NAME, "a%"), "users.name NOT LIKE ?", NULL},
        {ath_ilike(NAME, "a%"), "lower(users.name) LIKE lower(?)", "users.name ~~* $1"},
        {ath_not_ilike(NAME, "a%"), "lower(users.name) NOT LIKE lower(?)", "users.name NOT ILIKE $1"},
        {ath_contains(NAME, "a"), "(users.name LIKE '%' || ? || '%' ESCAPE '/')",
         "(users.name LIKE '%' || $1 || '%' ESCAPE '/')"},
        {ath_startswith(NAME, "a"), "(users.name LIKE ? || '%' ESCAPE '/')", "starts_with(users.name, $1)"},
        {ath_endswith(NAME, "a"), "(users.name LIKE '%' || ? ESCAPE '/')", NULL},
        {ath_contains(NAME, ath_col(User, status)), "(users.name LIKE '%' || users.status || '%')", NULL},
        {ath_startswith(ath_concat(NAME, "x"), "a"), "((users.name || ?) LIKE ? || '%' ESCAPE '/')",
         "starts_with(users.name || $1, $2)"});
}

TEST(lists) {
    int32_t ids[] = {1, 2, 3};
    const char *names[] = {"a", "b"};
    CHECK_CONDITIONS(
        {ath_in(ID, 1), "users.id IN (?)", "users.id IN ($1)"},
        {ath_in(ID, 1, 2, 3), "users.id IN (?, ?, ?)", "users.id IN ($1, $2, $3)"},
        {ath_not_in(ID, 1, 2), "(users.id NOT IN (?, ?))", NULL},
        {ath_in_array(ID, ids, 3), "users.id IN (?, ?, ?, ?)", "users.id IN ($1, $2, $3, $4)"},
        {ath_not_in_array(ID, ids, 1), "(users.id NOT IN (?))", NULL},
        {ath_in_array(NAME, names, 2), "users.name IN (?, ?)", NULL},
        {ath_in_array(ID, ids, 0), "(users.id IN (NULL) AND (1 != 1))", NULL},
        {ath_not_in_array(ID, ids, 0), "(users.id NOT IN (NULL) OR (1 = 1))", NULL},
        {ath_or(ath_in_array(ID, ids, 0), ath_eq(ID, 1)), "(users.id IN (NULL) AND (1 != 1)) OR users.id = ?", NULL},
        {ath_in(ath_plus(ID, 1), 2), "users.id + ? IN (?)", NULL},
        {ath_in_query(ID, ath_select(.columns = ath_cols(ath_col(Address, user_id)))),
         "users.id IN (SELECT addresses.user_id FROM addresses)", NULL},
        {ath_not_in_query(ID, ath_select(.columns = ath_cols(ath_col(Address, user_id)))),
         "(users.id NOT IN (SELECT addresses.user_id FROM addresses))", NULL});
}

TEST(arithmetic) {
    CHECK_CONDITIONS(
        {ath_eq(ath_plus(AGE, 1), 2), "users.age + ? = ?", "users.age + $1 = $2"},
        {ath_eq(ath_minus(AGE, ath_minus(ID, 1)), 2), "users.age - (users.id - ?) = ?", NULL},
        {ath_eq(ath_minus(ath_minus(AGE, ID), 1), 2), "(users.age - users.id) - ? = ?", NULL},
        {ath_eq(ath_plus(ath_plus(AGE, ID), 1), 2), "users.age + users.id + ? = ?", NULL},
        {ath_eq(ath_times(ath_plus(AGE, 1), 2), 3), "(users.age + ?) * ? = ?", NULL},
        {ath_eq(ath_plus(ath_times(AGE, 1), 2), 3), "users.age * ? + ? = ?", NULL},
        {ath_eq(ath_floor_divide(AGE, 2), 3),
         "(users.age DIV ? - CASE WHEN (users.age % ? != 0 AND (users.age < 0) != (? < 0)) THEN 1 ELSE 0 END) = ?",
         NULL},
        {ath_eq(ath_modulo(AGE, ath_times(ID, 2)), 3), "users.age % (users.id * ?) = ?", NULL},
        {ath_eq(ath_negate(AGE), 3), "-users.age = ?", NULL},
        {ath_eq(ath_negate(ath_plus(AGE, 1)), 3), "-(users.age + ?) = ?", NULL},
        {ath_eq(ath_negate(ath_negate(AGE)), 3), "-(-users.age) = ?", NULL}, /* not a comment */
        {ath_eq(ath_concat(NAME, ath_concat(ath_str("-"), NAME)), "x"), "(users.name || ? || users.name) = ?", NULL},
        {ath_gt(ath_plus(AGE, ath_lt(ID, 1)), 3), "users.age + (users.id < ?) > ?", NULL});
}

/* A label or a parameter inside an expression is its content, which keeps its parentheses. */
TEST(wrapped_operands) {
    CHECK_CONDITIONS({ath_eq(ath_times(ath_label(ath_plus(AGE, 1), "a"), 2), 3), "(users.age + ?) * ? = ?", NULL},
                     {ath_not(ath_label(ath_eq(ID, 1), "a")), "users.id != ?", NULL},
                     {ath_and(ath_text("a OR b"), ath_eq(ID, 1)), "(a OR b) AND users.id = ?", NULL},
                     {ath_not(ath_text("a OR b")), "NOT (a OR b)", NULL},
                     {ath_text("2 * :x", ath_bind("x", ath_plus(ID, 1))), "2 * (users.id + ?)", "2 * (users.id + $1)"});
}

TEST(functions_and_casts) {
    CHECK_CONDITIONS(
        {ath_eq(ath_lower(NAME), "x"), "lower(users.name) = ?", NULL},
        {ath_eq(ath_upper(NAME), ath_lower(ath_str("X"))), "upper(users.name) = lower(?)", NULL},
        {ath_gt(ath_length(NAME), 3), "length(users.name) > ?", NULL},
        {ath_eq(ath_coalesce(AGE, 3), 4), "coalesce(users.age, ?) = ?", NULL},
        {ath_eq(ath_func("substr", NAME, 1, 2), "x"), "substr(users.name, ?, ?) = ?", NULL},
        {ath_eq(ath_func("pg_catalog.now", ath_null()), NULL), "pg_catalog.now(?) IS NULL", NULL},
        {ath_lt(ath_col(User, created_at), ath_now()), "users.created_at < CURRENT_TIMESTAMP",
         "users.created_at < sysdate()"},
        {ath_eq(ath_cast(AGE, ATH_STRING(10)), "x"), "CAST(users.age AS VARCHAR(10)) = ?",
         "CAST(users.age AS NVARCHAR(10)) = $1"},
        {ath_eq(ath_cast(ath_plus(AGE, 1), ATH_INTEGER), 1), "CAST(users.age + ? AS INTEGER) = ?",
         "CAST(users.age + $1 AS INT4) = $2"},
        {ath_eq(ath_cast(NAME, ATH_ENUM("ab", "abc")), "x"), "CAST(users.name AS VARCHAR(3)) = ?", NULL},
        {ath_eq(ath_case(ath_when(ath_eq(ID, 1), "a"), ath_when(ath_or(ath_eq(ID, 2), ath_eq(ID, 3)), "b")), "c"),
         "CASE WHEN (users.id = ?) THEN ? WHEN (users.id = ? OR users.id = ?) THEN ? END = ?", NULL},
        {ath_exists(ath_select(.columns = ath_cols(ath_count_all()), .from = ath_from(ath_table_ref("t")))),
         "EXISTS (SELECT count(*) AS count_1 FROM t)", NULL});
}

TEST(function_names_are_checked) {
    const char *const bad[] = {"", "lower(1); --", "a b", "1a", "a'", "a\"b", "f(", NULL};
    for (size_t i = 0; i < TEST_COUNT(bad); i++) {
        char expected[100];
        snprintf(expected, sizeof expected, "argument: '%s' is not a function's name", bad[i] ? bad[i] : "");
        CHECK_STR(where_of(&dialect_plain, ath_eq(ath_func(bad[i], ID), 1)), expected);
    }
}

TEST(text_with_parameters) {
#define X ath_bind("x", 1)
    CHECK_CONDITIONS(
        {ath_text("age > 5"), "age > 5", "age > 5"}, {ath_text("age > :x", X), "age > ?", "age > $1"},
        {ath_text(":x < :y_2 AND :x > 0", X, ath_bind("y_2", 2)), "? < ? AND ? > 0", "$1 < $2 AND $3 > 0"},
        {ath_text("a = ':x' AND b = \":x\" AND `:x` = :x", X), "a = ':x' AND b = \":x\" AND `:x` = ?", NULL},
        {ath_text("a = 'it''s :x' AND b = :x", X), "a = 'it''s :x' AND b = ?", NULL},
        {ath_text("a = :x -- :no\n /* :no */", X), "a = ? -- :no\n /* :no */", "a = $1 -- :no\n /* :no */"},
        {ath_text("a::int = :x::text", X), "a::int = ?::text", "a::int = $1::text"},
        {ath_text("a = '\\:x' OR \\:x = 1"), "a = '\\:x' OR :x = 1", NULL},
        {ath_text("a[1:2] = b : c"), "a[1:2] = b : c", NULL},
        {ath_text("a = 'unfinished :x"), "a = 'unfinished :x", NULL},
        {ath_text("a = :nothing"), "argument: a value is required for bind parameter 'nothing'", NULL},
        {ath_text("a = :xy", X), "argument: a value is required for bind parameter 'xy'", NULL},
        {ath_text("a = 1", X), "argument: the text has no parameter named 'x'", NULL},
        {ath_text("a = :x", X, ath_eq(ID, 1)), "argument: the text has no parameter named '(no ath_bind)'", NULL},
        {ath_text("a = :x", ath_bind(NULL, 1)), "argument: a value is required for bind parameter 'x'", NULL});
#undef X
}

TEST(malformed_nodes) {
    const ath_expr unknown_operator = {.node = ATH_NODE_OPERATOR, .op = ATH_OP_COUNT};
    const ath_expr unknown_node = {.node = ATH_NODE_COUNT}, list = {.node = ATH_NODE_LIST};
    CHECK_CONDITIONS({&unknown_operator, "argument: an operator of the statement is unknown", NULL},
                     {&unknown_node, "argument: a node of the statement cannot stand where it is", NULL},
                     {&list, "argument: a node of the statement cannot stand where it is", NULL},
                     {ath_eq(ath_name(NULL, NULL), 1), "argument: a column's name is missing", NULL});
}

TEST(unknown_columns) {
    const char *said = where_of(&dialect_plain, ath_eq(ath_col(User, not_described), 1));
    CHECK(strstr(said, "argument: model User: the field at offset") == said);
    CHECK_STR(where_of(&dialect_plain, ath_eq(ath_col(Broken, id), 1)),
              "argument: model Broken: could not find a primary key for table broken; mark a column with "
              ".primary_key = true");
    CHECK_STR(where_of(&dialect_plain, ath_eq(ath_col_of("u", User, id), 1)),
              "argument: column u.id is used, but u is not part of the statement");
}

TEST(nesting_has_an_end) {
    ath_expr nodes[300];
    const ath_expr *args[300];
    const ath_expr *inner = ath_eq(ID, 1);
    for (size_t i = 0; i < 300; i++) {
        args[i] = inner;
        nodes[i] = (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_BIT_NOT, .count = 1, .args = &args[i]};
        inner = &nodes[i];
    }
    const char *said = where_of(&dialect_plain, inner);
    CHECK(strstr(said, "argument: ") == said && strstr(said, "nested more than 200 deep") != NULL);
    CHECK(strstr(where_of(&dialect_plain, &nodes[150]), "~(~(") != NULL);
}

TEST(too_many_values) {
    int32_t ids[64] = {0};
    CHECK_STR(where_of(&dialect_plain, ath_in_array(ID, ids, 17)),
              "not-supported: plain allows 20 values in a statement; this one has more");
    CHECK(strstr(where_of(&dialect_plain, ath_in_array(ID, ids, 16)), "users.id IN (?, ?") != NULL);
    CHECK(strstr(where_of(&dialect_rich, ath_in_array(ID, ids, 64)), "$63, $64)") != NULL);
}

#define BINDS(e) binds_of(&dialect_plain, ath_stmt_of(ath_select(.columns = ath_cols(ID), .where = (e))))

TEST(bind_plan) {
    int32_t ids[] = {7, 8, 9};
    CHECK_STR(BINDS(ath_and(ath_eq(AGE, 5), ath_lt(ath_col(User, balance), 3))), "INTEGER 5, NUMERIC 3");
    CHECK_STR(BINDS(ath_eq(5, AGE)), "INTEGER 5");
    CHECK_STR(BINDS(ath_eq(NAME, "x")), "VARCHAR 'x'"); /* of any length: what is longer does not match */
    CHECK_STR(BINDS(ath_eq(ath_col(User, status), "x")), "VARCHAR 'x'");
    CHECK_STR(BINDS(ath_contains(NAME, "50%")), "TEXT like '50%'");
    CHECK_STR(BINDS(ath_startswith(NAME, "a")), "TEXT like 'a'");
    CHECK_STR(BINDS(ath_like(NAME, "a%")), "TEXT 'a%'");
    CHECK_STR(BINDS(ath_ilike(NAME, "a%")), "TEXT 'a%'");
    CHECK_STR(BINDS(ath_eq(ath_plus(AGE, 1), 2)), "? 1, BIGINT 2");
    CHECK_STR(BINDS(ath_between(AGE, 1, 2)), "INTEGER 1, INTEGER 2");
    CHECK_STR(BINDS(ath_in(AGE, 1, 2)), "INTEGER 1, INTEGER 2");
    CHECK_STR(BINDS(ath_in_array(AGE, ids, 3)), "INTEGER 7, INTEGER 8, INTEGER 9, INTEGER 9");
    CHECK_STR(BINDS(ath_eq(ath_coalesce(AGE, 1), 2)), "INTEGER 1, INTEGER 2");
    CHECK_STR(BINDS(ath_text(":b :a :b", ath_bind("a", 1), ath_bind("b", "x"))), "? 'x', ? 1, ? 'x'");
    CHECK_STR(BINDS(ath_eq(ath_cast(ID, ATH_TEXT), "x")), "TEXT 'x'");
    CHECK_STR(BINDS(ath_eq(AGE, NULL)), "");
    CHECK_STR(BINDS(ath_lt(AGE, NULL)), "INTEGER NULL");
}

static const test_case cases[] = {
    {"comparisons", comparisons},
    {"null_is_not_compared", null_is_not_compared},
    {"junctions", junctions},
    {"absent_conditions", absent_conditions},
    {"booleans", booleans},
    {"patterns", patterns},
    {"lists", lists},
    {"arithmetic", arithmetic},
    {"wrapped_operands", wrapped_operands},
    {"functions_and_casts", functions_and_casts},
    {"function_names_are_checked", function_names_are_checked},
    {"text_with_parameters", text_with_parameters},
    {"malformed_nodes", malformed_nodes},
    {"unknown_columns", unknown_columns},
    {"nesting_has_an_end", nesting_has_an_end},
    {"too_many_values", too_many_values},
    {"bind_plan", bind_plan},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
