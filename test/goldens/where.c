/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions: groups where and logic.
 */
#include "goldens.h"

#define IDS(...) SELECT(.columns = ath_cols(U(id)), .where = (__VA_ARGS__))
#define FROM_USERS "SELECT users.id FROM users WHERE "
#define FROM_ITEMS "SELECT order_items.qty FROM order_items WHERE (order_items.order_id, order_items.product_id) "

static void comparisons(golden_visit visit, void *context) {
    const ath_expr *key = ath_tuple(I(order_id), I(product_id));
    const ath_datetime moment = {INT64_C(1706790615000000)};
    VISIT(
        {"where_ne", IDS(ath_ne(U(name), "alice")), .text = FROM_USERS "users.name != ?"},
        {"where_ne_none", IDS(ath_ne(U(age), NULL)), .text = FROM_USERS "users.age IS NOT NULL"},
        {"where_true", IDS(ath_is(ath_true())), .sqlite = FROM_USERS "1 = 1", .postgresql = FROM_USERS "true",
         .mysql = FROM_USERS "true = 1"},
        {"where_false_or", IDS(ath_or(ath_false(), ath_gt(U(age), 5))), .text = FROM_USERS "users.age > ?"},
        {"where_is_not_distinct", IDS(ath_is_not_distinct_from(U(age), NULL)), .sqlite = FROM_USERS "users.age IS NULL",
         .postgresql = FROM_USERS "users.age IS NOT DISTINCT FROM NULL", .mysql = FROM_USERS "users.age <=> NULL"},
        {"where_in_tuple", SELECT(.columns = ath_cols(I(qty)), .where = ath_in(key, ath_tuple(1, 1), ath_tuple(3, 3))),
         .sqlite = FROM_ITEMS "IN (VALUES (?, ?), (?, ?))", .text = FROM_ITEMS "IN ((?, ?), (?, ?))"},
        {"where_tuple_eq", SELECT(.columns = ath_cols(I(qty)), .where = ath_eq(key, ath_tuple(3, 1))),
         .text = FROM_ITEMS "= (?, ?)"},
        {"where_in_bindparam", IDS(ath_in(U(id), 4, 5)), .text = FROM_USERS "users.id IN (?, ?)"},
        {"where_bind_literal_execute", IDS(ath_eq(U(age), ath_written(25))), .text = FROM_USERS "users.age = 25"},
        {"where_datetime", IDS(ath_lt(U(created_at), moment)), .text = FROM_USERS "users.created_at < ?"},
        {"where_string_quote", IDS(ath_eq(U(fullname), "O'Neil \\ \"Eve\"")), .text = FROM_USERS "users.fullname = ?"},
        {"where_all_sub",
         IDS(ath_gt(U(id),
                    ath_all_of(ath_select(.columns = ath_cols(A(user_id)), .where = ath_eq(A(city), "Oxford"))))),
         .sqlite = "not-supported: SQLite 3.40.1 has no ANY and ALL",
         .text = FROM_USERS "users.id > ALL (SELECT addresses.user_id FROM addresses WHERE addresses.city = ?)"});
}

static void texts(golden_visit visit, void *context) {
    VISIT({"where_ilike", IDS(ath_ilike(U(name), "AL%")), .text = FROM_USERS "lower(users.name) LIKE lower(?)",
           .postgresql = FROM_USERS "users.name ILIKE $1"},
          {"where_not_ilike", IDS(ath_not_ilike(U(name), "AL%")),
           .text = FROM_USERS "lower(users.name) NOT LIKE lower(?)",
           .postgresql = FROM_USERS "users.name NOT ILIKE $1"},
          {"where_contains", IDS(ath_contains(U(name), "li")), .reason = "escaped",
           .text = FROM_USERS "(users.name LIKE '%' || ? || '%' ESCAPE '/')",
           .mysql = FROM_USERS "(users.name LIKE concat('%', ?, '%') ESCAPE '/')"},
          {"where_endswith", IDS(ath_endswith(U(name), "ce")), .reason = "escaped",
           .text = FROM_USERS "(users.name LIKE '%' || ? ESCAPE '/')",
           .mysql = FROM_USERS "(users.name LIKE concat('%', ?) ESCAPE '/')"},
          {"where_startswith_autoescape", IDS(ath_startswith(U(name), "Eve_")), .reason = "escaped",
           .text = FROM_USERS "(users.name LIKE ? || '%' ESCAPE '/')",
           .mysql = FROM_USERS "(users.name LIKE concat(?, '%') ESCAPE '/')"},
          {"where_icontains", IDS(ath_icontains(U(name), "LI")), .reason = "escaped",
           .sqlite = FROM_USERS "(lower(users.name) LIKE '%' || lower(?) || '%' ESCAPE '/')",
           .postgresql = FROM_USERS "(users.name ILIKE '%' || $1 || '%' ESCAPE '/')",
           .mysql = FROM_USERS "(lower(users.name) LIKE concat('%', lower(?), '%') ESCAPE '/')"},
          {"where_iendswith_autoescape", IDS(ath_iendswith(U(name), "_X")),
           .sqlite = FROM_USERS "(lower(users.name) LIKE '%' || lower(?) ESCAPE '/')",
           .postgresql = FROM_USERS "(users.name ILIKE '%' || $1 ESCAPE '/')",
           .mysql = FROM_USERS "(lower(users.name) LIKE concat('%', lower(?)) ESCAPE '/')"},
          {"where_regexp_flags", IDS(ath_regexp_flags(U(name), "^EVE", "i")),
           .sqlite = "not-supported: SQLite 3.40.1 has no flags of regular expressions",
           .postgresql = FROM_USERS "users.name ~* $1", .mysql = FROM_USERS "REGEXP_LIKE(users.name, ?, 'i')",
           .mariadb = FROM_USERS "users.name REGEXP CONCAT('(?', 'i', ')', ?)"},
          {"where_regexp_replace",
           SELECT(.columns = ath_cols(ath_regexp_replace(U(name), "[aeiou]", "*")), .order_by = ath_by(U(id))),
           .sqlite = "not-supported: SQLite 3.40.1 has no regexp_replace", .reason = "function",
           .text = "SELECT regexp_replace(users.name, ?, ?) AS regexp_replace_1 FROM users ORDER BY users.id"});
}

static void logic(golden_visit visit, void *context) {
    const ath_expr *hit = ath_or(ath_gt(U(age), 40), ath_eq(U(id), 1));
    const ath_expr *both = ath_and(ath_gt(U(age), 20), ath_gt(U(id), 2));
    const ath_expr *in_25 = ath_and(ath_eq(U(age), 25), ath_eq(U(status), NULL));
    VISIT({"logic_or_where_and", IDS(ath_and(ath_or(ath_gt(U(age), 40), ath_lt(U(age), 26)), ath_ne(U(id), 5))),
           .text = FROM_USERS "(users.age > ? OR users.age < ?) AND users.id != ?"},
          {"logic_nested_same", IDS(ath_and(ath_and(ath_gt(U(id), 0), ath_lt(U(id), 9)), ath_gt(U(age), 1))),
           .text = FROM_USERS "users.id > ? AND users.id < ? AND users.age > ?"},
          {"logic_not_lt", IDS(ath_not(ath_lt(U(age), 30))), .text = FROM_USERS "users.age >= ?"},
          {"logic_deep",
           IDS(ath_or(ath_and(ath_eq(U(id), 1), ath_or(ath_eq(U(age), 30), in_25)),
                      ath_not(ath_and(ath_lt(U(id), 5), ath_gt(U(id), 1))))),
           .text = FROM_USERS "users.id = ? AND (users.age = ? OR users.age = ? AND users.status IS NULL) OR NOT "
                              "(users.id < ? AND users.id > ?)"},
          {"logic_and_select", SELECT(.columns = ath_cols(U(id), ath_label(both, "b")), .order_by = ath_by(U(id))),
           .text = "SELECT users.id, users.age > ? AND users.id > ? AS b FROM users ORDER BY users.id"},
          {"logic_or_label", SELECT(.columns = ath_cols(ath_label(hit, "hit")), .order_by = ath_by(U(id))),
           .text = "SELECT users.age > ? OR users.id = ? AS hit FROM users ORDER BY users.id"});
}

void goldens_where(golden_visit visit, void *context) {
    comparisons(visit, context);
    texts(visit, context);
    logic(visit, context);
}
