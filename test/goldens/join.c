/* SPDX-License-Identifier: Apache-2.0
 *
 * Joins and groups: groups join and group.
 */
#include "goldens.h"

static void joins(golden_visit visit, void *context) {
    const ath_expr *owner = ath_eq(O(user_id), U(id)), *line = ath_eq(I(order_id), O(id));
    VISIT({"join_left", SELECT(.columns = ath_cols(U(name), A(city)), .joins = ath_joins(ath_outer_join(Address))),
           .text = "SELECT users.name, addresses.city FROM users LEFT OUTER JOIN addresses ON users.id = "
                   "addresses.user_id"},
          {"join_full_sqlite", SELECT(.columns = ath_cols(U(name), O(id)), .joins = ath_joins(ath_full_join(Order))),
           .text = "SELECT users.name, orders.id FROM users FULL OUTER JOIN orders ON users.id = orders.user_id",
           .mysql = "not-supported: MySQL has no FULL JOIN", .mariadb = "not-supported: MariaDB has no FULL JOIN"},
          {"join_chain",
           SELECT(.columns = ath_cols(U(name), I(qty)),
                  .joins = ath_joins(ath_join(Order, .on = owner), ath_join(Item, .on = line))),
           .text = "SELECT users.name, order_items.qty FROM users JOIN orders ON orders.user_id = users.id JOIN "
                   "order_items ON order_items.order_id = orders.id"},
          {"join_nested",
           SELECT(.columns = ath_cols(U(name), I(qty)),
                  .joins = ath_joins(ath_outer_join_to(
                      ath_nested_join(ath_model_source(Order), ath_join(Item, .on = ath_eq(O(id), I(order_id)))),
                      .on = ath_eq(U(id), O(user_id)))),
                  .order_by = ath_by(U(id), I(qty))),
           .text = "SELECT users.name, order_items.qty FROM users LEFT OUTER JOIN (orders JOIN order_items ON "
                   "orders.id = order_items.order_id) ON users.id = orders.user_id ORDER BY users.id, order_items.qty"},
          {"join_using_cartesian",
           SELECT(.columns = ath_cols(U(name), ath_col(Product, title)), .joins = ath_joins(ath_join(Address)),
                  .where = ath_eq(ath_col(Product, id), 1)),
           .text = "SELECT users.name, products.title FROM users JOIN addresses ON users.id = addresses.user_id, "
                   "products WHERE products.id = ?"},
          {"join_right_emulated",
           SELECT(.columns = ath_cols(O(id), U(name)), .joins = ath_joins(ath_outer_join(User, .on = owner)),
                  .order_by = ath_by(O(id))),
           .text = "SELECT orders.id, users.name FROM orders LEFT OUTER JOIN users ON orders.user_id = users.id ORDER "
                   "BY orders.id"});
}

static void groups(golden_visit visit, void *context) {
    const ath_expr *ln = ath_name(NULL, "ln");
    VISIT(
        {"join_group",
         SELECT(.columns = ath_cols(U(name), ath_label(ath_count(A(id)), "n")),
                .joins = ath_joins(ath_outer_join(Address)), .group_by = ath_by(U(name)), .order_by = ath_by(U(name))),
         .text = "SELECT users.name, count(addresses.id) AS n FROM users LEFT OUTER JOIN addresses ON users.id = "
                 "addresses.user_id GROUP BY users.name ORDER BY users.name"},
        {"group_by_label",
         SELECT(.columns = ath_cols(ath_label(ath_length(U(name)), "ln"), ath_label(ath_count_all(), "n")),
                .group_by = ath_by(ln), .order_by = ath_by(ln)),
         .text = "SELECT length(users.name) AS ln, count(*) AS n FROM users GROUP BY ln ORDER BY ln"},
        {"group_having_bind",
         SELECT(.columns = ath_cols(O(user_id), ath_sum(O(total))), .group_by = ath_by(O(user_id)),
                .having = ath_gt(ath_times(ath_sum(O(total)), 2), 50)),
         .text = "SELECT orders.user_id, sum(orders.total) AS sum_1 FROM orders GROUP BY orders.user_id HAVING "
                 "sum(orders.total) * ? > ?"},
        {"group_full",
         SELECT(.columns = ath_cols(U(age), ath_label(ath_count_all(), "n")), .where = ath_gt(U(id), 0),
                .group_by = ath_by(U(age)), .having = ath_ge(ath_count_all(), 1), .order_by = ath_by(ath_desc(U(age))),
                .limit = 2, .offset = 1),
         .text = "SELECT users.age, count(*) AS n FROM users WHERE users.id > ? GROUP BY users.age HAVING count(*) "
                 ">= ? ORDER BY users.age DESC LIMIT ? OFFSET ?"});
}

void goldens_join(golden_visit visit, void *context) {
    joins(visit, context);
    groups(visit, context);
}
