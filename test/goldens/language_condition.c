/* SPDX-License-Identifier: Apache-2.0
 *
 * The language, conditions: comparisons, lists, texts, logic.  Beyond what the goldens ask; every statement is run on the databases too.
 */
#include "goldens.h"

#define IDS(...) SELECT(.columns = ath_cols(U(id)), .where = (__VA_ARGS__))

static void comparison(golden_visit visit, void *context) {
    VISIT(
        {"eq", IDS(ath_eq(U(name), "a")), .text = "SELECT users.id FROM users WHERE users.name = ?"},
        {"eq_none", IDS(ath_eq(U(age), NULL)), .text = "SELECT users.id FROM users WHERE users.age IS NULL"},
        {"none_eq", IDS(ath_ne(ath_null(), U(age))), .text = "SELECT users.id FROM users WHERE users.age IS NOT NULL"},
        {"two_columns", IDS(ath_gt(U(name), U(status))),
         .text = "SELECT users.id FROM users WHERE users.name > users.status"},
        {"comparison_of_conditions", IDS(ath_eq(ath_eq(U(id), 1), ath_eq(U(age), 2))),
         .text = "SELECT users.id FROM users WHERE (users.id = ?) = (users.age = ?)"},
        {"condition_is_true", IDS(ath_eq(ath_eq(U(id), 1), ath_true())),
         .text = "SELECT users.id FROM users WHERE (users.id = ?) = true",
         .sqlite = "SELECT users.id FROM users WHERE (users.id = ?) = 1"},
        {"is_active", IDS(ath_is(U(is_active))), .text = "SELECT users.id FROM users WHERE users.is_active = 1",
         .postgresql = "SELECT users.id FROM users WHERE users.is_active"});
}

static void comparison_2(golden_visit visit, void *context) {
    VISIT({"not_active", IDS(ath_not(U(is_active))), .text = "SELECT users.id FROM users WHERE users.is_active = 0",
           .postgresql = "SELECT users.id FROM users WHERE NOT users.is_active"},
          {"active_bound", IDS(ath_eq(U(is_active), true)),
           .text = "SELECT users.id FROM users WHERE users.is_active = ?"},
          {"active_ne_true", IDS(ath_ne(U(is_active), ath_true())),
           .text = "SELECT users.id FROM users WHERE users.is_active != true",
           .sqlite = "SELECT users.id FROM users WHERE users.is_active != 1"},
          {"false_alone", IDS(ath_is(ath_false())), .text = "SELECT users.id FROM users WHERE false = 1",
           .sqlite = "SELECT users.id FROM users WHERE 0 = 1", .postgresql = "SELECT users.id FROM users WHERE false"},
          {"true_in_and", IDS(ath_and(ath_true(), ath_gt(U(age), 5))),
           .text = "SELECT users.id FROM users WHERE users.age > ?"},
          {"false_in_and", IDS(ath_and(ath_false(), ath_gt(U(age), 5))),
           .text = "SELECT users.id FROM users WHERE false = 1", .sqlite = "SELECT users.id FROM users WHERE 0 = 1",
           .postgresql = "SELECT users.id FROM users WHERE false"},
          {"true_in_or", IDS(ath_or(ath_true(), ath_gt(U(age), 5))),
           .text = "SELECT users.id FROM users WHERE true = 1", .sqlite = "SELECT users.id FROM users WHERE 1 = 1",
           .postgresql = "SELECT users.id FROM users WHERE true"});
}

static void comparison_3(golden_visit visit, void *context) {
    VISIT({"not_true", IDS(ath_not(ath_true())), .text = "SELECT users.id FROM users WHERE false = 1",
           .sqlite = "SELECT users.id FROM users WHERE 0 = 1", .postgresql = "SELECT users.id FROM users WHERE false"},
          {"distinct_from", IDS(ath_is_distinct_from(U(age), 25)),
           .text = "SELECT users.id FROM users WHERE NOT (users.age <=> ?)",
           .sqlite = "SELECT users.id FROM users WHERE users.age IS NOT ?",
           .postgresql = "SELECT users.id FROM users WHERE users.age IS DISTINCT FROM $1"},
          {"distinct_from_null", IDS(ath_is_distinct_from(U(age), NULL)),
           .text = "SELECT users.id FROM users WHERE NOT (users.age <=> NULL)",
           .sqlite = "SELECT users.id FROM users WHERE users.age IS NOT NULL",
           .postgresql = "SELECT users.id FROM users WHERE users.age IS DISTINCT FROM NULL"},
          {"not_distinct_from", IDS(ath_not(ath_is_distinct_from(U(age), 25))),
           .text = "SELECT users.id FROM users WHERE users.age <=> ?",
           .sqlite = "SELECT users.id FROM users WHERE users.age IS ?",
           .postgresql = "SELECT users.id FROM users WHERE users.age IS NOT DISTINCT FROM $1"},
          {"between", IDS(ath_between(U(age), 1, 2)),
           .text = "SELECT users.id FROM users WHERE users.age BETWEEN ? AND ?"},
          {"not_between", IDS(ath_not(ath_between(U(age), 1, 2))),
           .text = "SELECT users.id FROM users WHERE users.age NOT BETWEEN ? AND ?"},
          {"between_symmetric", IDS(ath_between_symmetric(U(age), 1, 2)),
           .text = "SELECT users.id FROM users WHERE (users.age BETWEEN ? AND ? OR users.age BETWEEN ? AND ?)",
           .postgresql = "SELECT users.id FROM users WHERE users.age BETWEEN SYMMETRIC $1 AND $2"});
}

static void comparison_4(golden_visit visit, void *context) {
    VISIT({"not_between_symmetric", IDS(ath_not(ath_between_symmetric(U(age), 1, 2))),
           .text = "SELECT users.id FROM users WHERE (users.age NOT BETWEEN ? AND ? AND users.age NOT BETWEEN ? AND ?)",
           .postgresql = "SELECT users.id FROM users WHERE users.age NOT BETWEEN SYMMETRIC $1 AND $2"},
          {"decimal", IDS(ath_eq(U(balance), ath_decimal_from_int(2))),
           .text = "SELECT users.id FROM users WHERE users.balance = ?"},
          {"text_with_or", IDS(ath_and(ath_text("age > 5 OR id = 1"), ath_eq(U(id), 2))),
           .text = "SELECT users.id FROM users WHERE (age > 5 OR id = 1) AND users.id = ?"},
          {"text_bound", IDS(ath_text("age > :x AND id < :x", ath_bind("x", 5))),
           .text = "SELECT users.id FROM users WHERE age > ? AND id < ?"});
}

static void lists(golden_visit visit, void *context) {
    const int32_t three[] = {1, 2, 3};
    VISIT({"in_none", IDS(ath_in(U(age), NULL, 1)), .text = "SELECT users.id FROM users WHERE users.age IN (?, ?)"},
          {"not_in", IDS(ath_not_in(U(id), 1, 2)), .text = "SELECT users.id FROM users WHERE (users.id NOT IN (?, ?))"},
          {"not_of_in", IDS(ath_not(ath_in(U(id), 1, 2))),
           .text = "SELECT users.id FROM users WHERE (users.id NOT IN (?, ?))"},
          {"in_expressions", IDS(ath_in(U(id), ath_plus(U(age), 1), U(manager_id))),
           .text = "SELECT users.id FROM users WHERE users.id IN (users.age + ?, users.manager_id)"},
          {"in_array_of_three", IDS(ath_in_array(U(id), three, 3)),
           .text = "SELECT users.id FROM users WHERE users.id IN (?, ?, ?, ?)"},
          {"in_array_of_none", IDS(ath_in_array(U(id), three, 0)),
           .text = "SELECT users.id FROM users WHERE (users.id IN (NULL) AND (1 != 1))"},
          {"not_in_array_of_none", IDS(ath_not_in_array(U(id), three, 0)),
           .text = "SELECT users.id FROM users WHERE (users.id NOT IN (NULL) OR (1 = 1))"});
}

static void lists_2(golden_visit visit, void *context) {
    const char *names[] = {"a", "b"};
    const ath_expr *pair = ath_tuple(U(id), U(age));
    const ath_select_stmt *owners = ath_select(.columns = ath_cols(A(user_id)));
    VISIT({"not_in_array", IDS(ath_not_in_array(U(name), names, 2)),
           .text = "SELECT users.id FROM users WHERE (users.name NOT IN (?, ?))"},
          {"in_query", IDS(ath_in_query(U(id), owners)),
           .text = "SELECT users.id FROM users WHERE users.id IN (SELECT addresses.user_id FROM addresses)"},
          {"not_in_query", IDS(ath_not_in_query(U(id), owners)),
           .text = "SELECT users.id FROM users WHERE (users.id NOT IN (SELECT addresses.user_id FROM addresses))"},
          {"in_union", IDS(ath_in_query(U(id), ath_union(ath_queries(owners, owners)))),
           .text = "SELECT users.id FROM users WHERE users.id IN (SELECT addresses.user_id FROM addresses UNION SELECT "
                   "addresses.user_id FROM addresses)"},
          {"tuple_not_in", IDS(ath_not_in(pair, ath_tuple(1, 2))),
           .text = "SELECT users.id FROM users WHERE ((users.id, users.age) NOT IN ((?, ?)))",
           .sqlite = "SELECT users.id FROM users WHERE ((users.id, users.age) NOT IN (VALUES (?, ?)))"},
          {"tuple_in_query", IDS(ath_in_query(pair, ath_select(.columns = ath_cols(A(user_id), A(id))))),
           .text = "SELECT users.id FROM users WHERE (users.id, users.age) IN (SELECT addresses.user_id, addresses.id "
                   "FROM addresses)"},
          {"tuple_less", IDS(ath_lt(pair, ath_tuple(1, 2))),
           .text = "SELECT users.id FROM users WHERE (users.id, users.age) < (?, ?)"});
}

static void lists_3(golden_visit visit, void *context) {
    const ath_select_stmt *owners = ath_select(.columns = ath_cols(A(user_id)));
    VISIT({"any_of", IDS(ath_eq(U(id), ath_any_of(owners))),
           .text = "SELECT users.id FROM users WHERE users.id = ANY (SELECT addresses.user_id FROM addresses)",
           .sqlite = "not-supported: SQLite 3.40.1 has no ANY and ALL"},
          {"all_of", IDS(ath_ne(U(id), ath_all_of(owners))),
           .text = "SELECT users.id FROM users WHERE users.id != ALL (SELECT addresses.user_id FROM addresses)",
           .sqlite = "not-supported: SQLite 3.40.1 has no ANY and ALL"},
          {"exists_star",
           IDS(ath_exists(ath_select(.columns = ath_cols(ath_star()), .from = ath_from(ath_model_source(Address)),
                                     .where = ath_eq(A(user_id), U(id))))),
           .text =
               "SELECT users.id FROM users WHERE EXISTS (SELECT * FROM addresses WHERE addresses.user_id = users.id)"},
          {"not_exists",
           IDS(ath_not(ath_exists(ath_select(.columns = ath_cols(A(id)), .where = ath_eq(A(user_id), U(id)))))),
           .text = "SELECT users.id FROM users WHERE NOT (EXISTS (SELECT addresses.id FROM addresses WHERE "
                   "addresses.user_id = users.id))"});
}

static void texts(golden_visit visit, void *context) {
    VISIT({"like", IDS(ath_like(U(name), "a%")), .text = "SELECT users.id FROM users WHERE users.name LIKE ?"},
          {"not_of_like", IDS(ath_not(ath_like(U(name), "a%"))),
           .text = "SELECT users.id FROM users WHERE users.name NOT LIKE ?"},
          {"like_escape", IDS(ath_like_escape(U(name), "a/%", "/")),
           .text = "SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '/'"},
          {"not_like_escape", IDS(ath_not(ath_like_escape(U(name), "a/%", "/"))),
           .text = "SELECT users.id FROM users WHERE users.name NOT LIKE ? ESCAPE '/'"},
          {"like_escape_backslash", IDS(ath_like_escape(U(name), "a\\%", "\\")),
           .text = "SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '\\'",
           .mysql = "SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '\\\\'"},
          {"ilike_escape", IDS(ath_ilike_escape(U(name), "a/%", "/")),
           .text = "SELECT users.id FROM users WHERE lower(users.name) LIKE lower(?) ESCAPE '/'",
           .postgresql = "SELECT users.id FROM users WHERE users.name ILIKE $1 ESCAPE '/'"},
          {"contains_column", IDS(ath_contains(U(name), U(status))),
           .text = "SELECT users.id FROM users WHERE (users.name LIKE '%' || users.status || '%')",
           .mysql = "SELECT users.id FROM users WHERE (users.name LIKE concat('%', users.status, '%'))"});
}

static void texts_2(golden_visit visit, void *context) {
    VISIT(
        {"not_contains", IDS(ath_not(ath_contains(U(name), "x"))),
         .text = "SELECT users.id FROM users WHERE (users.name NOT LIKE '%' || ? || '%' ESCAPE '/')",
         .mysql = "SELECT users.id FROM users WHERE (users.name NOT LIKE concat('%', ?, '%') ESCAPE '/')"},
        {"startswith", IDS(ath_startswith(U(name), "x")),
         .text = "SELECT users.id FROM users WHERE (users.name LIKE ? || '%' ESCAPE '/')",
         .mysql = "SELECT users.id FROM users WHERE (users.name LIKE concat(?, '%') ESCAPE '/')"},
        {"istartswith", IDS(ath_istartswith(U(name), "x")),
         .text = "SELECT users.id FROM users WHERE (lower(users.name) LIKE concat(lower(?), '%') ESCAPE '/')",
         .sqlite = "SELECT users.id FROM users WHERE (lower(users.name) LIKE lower(?) || '%' ESCAPE '/')",
         .postgresql = "SELECT users.id FROM users WHERE (users.name ILIKE $1 || '%' ESCAPE '/')"},
        {"not_icontains", IDS(ath_not(ath_icontains(U(name), "x"))),
         .text = "SELECT users.id FROM users WHERE (lower(users.name) NOT LIKE concat('%', lower(?), '%') ESCAPE '/')",
         .sqlite = "SELECT users.id FROM users WHERE (lower(users.name) NOT LIKE '%' || lower(?) || '%' ESCAPE '/')",
         .postgresql = "SELECT users.id FROM users WHERE (users.name NOT ILIKE '%' || $1 || '%' ESCAPE '/')"},
        {"contains_in_and", IDS(ath_and(ath_contains(U(name), "x"), ath_eq(U(id), 1))),
         .text = "SELECT users.id FROM users WHERE (users.name LIKE '%' || ? || '%' ESCAPE '/') AND users.id = ?",
         .mysql = "SELECT users.id FROM users WHERE (users.name LIKE concat('%', ?, '%') ESCAPE '/') AND users.id = ?"},
        {"regexp", IDS(ath_regexp(U(name), "^a")), .text = "SELECT users.id FROM users WHERE users.name REGEXP ?",
         .postgresql = "SELECT users.id FROM users WHERE users.name ~ $1"},
        {"not_regexp", IDS(ath_not_regexp(U(name), "^a")),
         .text = "SELECT users.id FROM users WHERE users.name NOT REGEXP ?",
         .postgresql = "SELECT users.id FROM users WHERE users.name !~ $1"});
}

static void texts_3(golden_visit visit, void *context) {
    VISIT({"not_of_regexp_flags", IDS(ath_not(ath_regexp_flags(U(name), "^a", "i"))),
           .sqlite = "not-supported: SQLite 3.40.1 has no flags of regular expressions",
           .postgresql = "SELECT users.id FROM users WHERE users.name !~* $1",
           .mysql = "SELECT users.id FROM users WHERE NOT REGEXP_LIKE(users.name, ?, 'i')",
           .mariadb = "SELECT users.id FROM users WHERE users.name NOT REGEXP CONCAT('(?', 'i', ')', ?)"},
          {"regexp_more_flags", IDS(ath_regexp_flags(U(name), "^a", "ix")),
           .sqlite = "not-supported: SQLite 3.40.1 has no flags of regular expressions",
           .postgresql = "SELECT users.id FROM users WHERE users.name ~ CONCAT('(?', 'ix', ')', $1::TEXT)",
           .mysql = "SELECT users.id FROM users WHERE REGEXP_LIKE(users.name, ?, 'ix')",
           .mariadb = "SELECT users.id FROM users WHERE users.name REGEXP CONCAT('(?', 'ix', ')', ?)"},
          {"concat", IDS(ath_eq(ath_concat(ath_concat(U(name), "-"), U(status)), "x")),
           .text = "SELECT users.id FROM users WHERE (users.name || ? || users.status) = ?",
           .mysql = "SELECT users.id FROM users WHERE (concat(users.name, ?, users.status)) = ?"},
          {"concat_in_like", IDS(ath_like(ath_concat(U(name), "x"), ath_concat("a", U(status)))),
           .text = "SELECT users.id FROM users WHERE (users.name || ?) LIKE (? || users.status)",
           .mysql = "SELECT users.id FROM users WHERE (concat(users.name, ?)) LIKE (concat(?, users.status))"},
          {"collate_like", IDS(ath_like(ath_collate(U(name), "NOCASE"), "a%")),
           .sqlite = "SELECT users.id FROM users WHERE (users.name COLLATE \"NOCASE\") LIKE ?"});
}

static void logic(golden_visit visit, void *context) {
    VISIT({"not_or", IDS(ath_not(ath_or(ath_eq(U(id), 1), ath_eq(U(id), 2)))),
           .text = "SELECT users.id FROM users WHERE NOT (users.id = ? OR users.id = ?)"},
          {"not_not", IDS(ath_not(ath_not(ath_eq(U(id), 1)))), .text = "SELECT users.id FROM users WHERE users.id = ?"},
          {"not_not_not", IDS(ath_not(ath_not(ath_not(ath_and(ath_eq(U(id), 1), ath_eq(U(age), 2)))))),
           .text = "SELECT users.id FROM users WHERE NOT (users.id = ? AND users.age = ?)"},
          {"not_in_and", IDS(ath_and(ath_not(ath_and(ath_eq(U(id), 1), ath_eq(U(age), 2))), ath_eq(U(id), 3))),
           .text = "SELECT users.id FROM users WHERE NOT (users.id = ? AND users.age = ?) AND users.id = ?"},
          {"not_is_null", IDS(ath_not(ath_is_null(U(age)))),
           .text = "SELECT users.id FROM users WHERE users.age IS NOT NULL"},
          {"not_text", IDS(ath_not(ath_text("age > 5"))), .text = "SELECT users.id FROM users WHERE NOT (age > 5)"},
          {"not_function", IDS(ath_not(ath_eq(ath_func("coalesce", U(is_active), false), true))),
           .text = "SELECT users.id FROM users WHERE coalesce(users.is_active, ?) != ?"});
}

static void logic_2(golden_visit visit, void *context) {
    VISIT({"eq_not", IDS(ath_eq(ath_not(ath_and(ath_eq(U(id), 1), ath_eq(U(age), 2))), ath_true())),
           .text = "SELECT users.id FROM users WHERE (NOT (users.id = ? AND users.age = ?)) = true",
           .sqlite = "SELECT users.id FROM users WHERE (NOT (users.id = ? AND users.age = ?)) = 1"},
          {"or_of_ands", IDS(ath_or(ath_and(ath_eq(U(id), 1), ath_eq(U(age), 2)), ath_eq(U(id), 3))),
           .text = "SELECT users.id FROM users WHERE users.id = ? AND users.age = ? OR users.id = ?"},
          {"one_in_or", IDS(ath_and(ath_or(ath_eq(U(id), 1)), ath_eq(U(age), 2))),
           .text = "SELECT users.id FROM users WHERE users.id = ? AND users.age = ?"},
          {"or_of_or_in_and",
           IDS(ath_and(ath_or(ath_or(ath_eq(U(id), 1), ath_eq(U(id), 2)), ath_eq(U(id), 3)), ath_eq(U(age), 2))),
           .text = "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ? OR users.id = ?) AND users.age = ?"},
          {"one_or_in_or_in_and", IDS(ath_and(ath_or(ath_or(ath_eq(U(id), 1), ath_eq(U(id), 2))), ath_eq(U(age), 2))),
           .text = "SELECT users.id FROM users WHERE (users.id = ? OR users.id = ?) AND users.age = ?"},
          {"nothing", IDS(ath_and(NULL, NULL)), .text = "SELECT users.id FROM users"});
}

void language_condition(golden_visit visit, void *context) {
    comparison(visit, context);
    comparison_2(visit, context);
    comparison_3(visit, context);
    comparison_4(visit, context);
    lists(visit, context);
    lists_2(visit, context);
    lists_3(visit, context);
    texts(visit, context);
    texts_2(visit, context);
    texts_3(visit, context);
    logic(visit, context);
    logic_2(visit, context);
}
