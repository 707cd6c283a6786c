/* SPDX-License-Identifier: Apache-2.0
 *
 * The language, queries: joins, groups, compounds, common table expressions, locks, names.  Beyond what the goldens ask; every statement is run on the databases too.
 */
#include "goldens.h"

#define IDS(...) SELECT(.columns = ath_cols(U(id)), .where = (__VA_ARGS__))
#define USERS .model = ath_model_of(User)
#define NODES .model = ath_model_of(Node)

static void selects(golden_visit visit, void *context) {
    VISIT({"star", SELECT(.columns = ath_cols(ath_star()), .from = ath_from(ath_model_source(User))),
           .text = "SELECT * FROM users"},
          {"texts_as_columns",
           SELECT(.columns = ath_cols(ath_text("id, name")), .from = ath_from(ath_model_source(User)),
                  .where = ath_text("id > 1")),
           .text = "SELECT id, name FROM users WHERE id > 1"},
          {"label_over_name", SELECT(.columns = ath_cols(U(id), ath_label(U(name), "id"))),
           .text = "SELECT users.id, users.name AS id FROM users"},
          {"order_by_label",
           SELECT(.columns = ath_cols(ath_label(U(id), "i")), .order_by = ath_by(ath_desc(ath_name(NULL, "i")))),
           .text = "SELECT users.id AS i FROM users ORDER BY i DESC"},
          {"group_by_label_having",
           SELECT(.columns = ath_cols(ath_label(U(id), "i")), .group_by = ath_by(ath_name(NULL, "i")),
                  .having = ath_gt(ath_count_all(), 1)),
           .text = "SELECT users.id AS i FROM users GROUP BY i HAVING count(*) > ?"},
          {"order_by_expressions",
           SELECT(.columns = ath_cols(U(id)), .order_by = ath_by(ath_plus(U(id), 1), ath_lower(U(name)))),
           .text = "SELECT users.id FROM users ORDER BY users.id + ?, lower(users.name)"},
          {"order_by_sum_desc", SELECT(.columns = ath_cols(U(id)), .order_by = ath_by(ath_desc(ath_plus(U(age), 1)))),
           .text = "SELECT users.id FROM users ORDER BY users.age + ? DESC"});
}

static void selects_2(golden_visit visit, void *context) {
    VISIT(
        {"nulls_first",
         SELECT(.columns = ath_cols(U(id)),
                .order_by = ath_by(ath_nulls_first(ath_desc(U(age))), ath_asc(U(id)), ath_nulls_last(U(name)))),
         .text = "SELECT users.id FROM users ORDER BY users.age DESC NULLS FIRST, users.id ASC, users.name NULLS LAST",
         .mysql = "SELECT users.id FROM users ORDER BY users.age IS NULL DESC, users.age DESC, users.id ASC, "
                  "users.name IS NULL, users.name"},
        {"distinct_on",
         SELECT(.columns = ath_cols(U(id)), .distinct_on = ath_by(U(status)), .order_by = ath_by(U(status))),
         .sqlite = "not-supported: SQLite 3.40.1 has no DISTINCT ON",
         .postgresql = "SELECT DISTINCT ON (users.status) users.id FROM users ORDER BY users.status",
         .mysql = "not-supported: MySQL has no DISTINCT ON", .mariadb = "not-supported: MariaDB has no DISTINCT ON"},
        {"prefix", SELECT(.columns = ath_cols(U(id)), .prefix = "/*+ hint */", .distinct = true),
         .text = "SELECT /*+ hint */ DISTINCT users.id FROM users"},
        {"with_ties",
         SELECT(.columns = ath_cols(U(id)), .order_by = ath_by(U(id)), .limit = 3, .offset = 1, .with_ties = true),
         .sqlite = "not-supported: SQLite 3.40.1 has no FETCH ... WITH TIES",
         .postgresql = "SELECT users.id FROM users ORDER BY users.id OFFSET $1 ROWS FETCH FIRST $2 ROWS WITH TIES",
         .mysql = "not-supported: MySQL has no FETCH ... WITH TIES",
         .mariadb = "not-supported: MariaDB has no FETCH ... WITH TIES"},
        {"two_limits",
         SELECT(.columns = ath_cols(U(id)),
                .where = ath_in_query(
                    U(id), ath_select(.columns = ath_cols(A(user_id)), .order_by = ath_by(A(id)), .offset = 1)),
                .limit = 2),
         .text = "SELECT users.id FROM users WHERE users.id IN (SELECT * FROM (SELECT addresses.user_id FROM addresses "
                 "ORDER BY addresses.id LIMIT ?, 18446744073709551615) AS anon_1) LIMIT ?",
         .sqlite = "SELECT users.id FROM users WHERE users.id IN (SELECT addresses.user_id FROM addresses ORDER BY "
                   "addresses.id LIMIT ? OFFSET ?) LIMIT ? OFFSET ?",
         .postgresql = "SELECT users.id FROM users WHERE users.id IN (SELECT addresses.user_id FROM addresses ORDER BY "
                       "addresses.id LIMIT ALL OFFSET $1) LIMIT $2"},
        {"columns_of_model",
         SELECT(.columns = ath_cols(ath_columns(Address), U(name)), .joins = ath_joins(ath_join(User))),
         .text = "SELECT addresses.id, addresses.user_id, addresses.email_address, addresses.city, users.name FROM "
                 "addresses JOIN users ON users.id = addresses.user_id"},
        {"columns_of_alias",
         SELECT(.columns = ath_cols(ath_columns_of("a", Address)), .from = ath_from(ath_model_as(Address, "a"))),
         .text = "SELECT a.id, a.user_id, a.email_address, a.city FROM addresses AS a"});
}

static void selects_3(golden_visit visit, void *context) {
    VISIT(
        {"in_schema",
         SELECT(.columns = ath_cols(ath_name("audit", "id")), .from = ath_from(ath_table_in("log", "audit"))),
         .text = "SELECT audit.id FROM log.audit"},
        {"values_source",
         SELECT(.columns = ath_cols(ath_name("v", "a"), ath_name("v", "b")),
                .from = ath_from(ath_values_as("v", ath_names("a", "b"), ath_vals(1, "x"), ath_vals(2, "y")))),
         .text = "SELECT v.a, v.b FROM (SELECT ? AS a, ? AS b UNION ALL SELECT ?, ?) AS v",
         .postgresql = "SELECT v.a, v.b FROM (VALUES ($1, $2), ($3, $4)) AS v (a, b)"},
        {"values_alone", ath_stmt_of(ath_values(ath_vals(1, "x"), ath_vals(2, "y"))), .sqlite = "VALUES (?, ?), (?, ?)",
         .postgresql = "VALUES ($1, $2), ($3, $4)", .mysql = "SELECT ?, ? UNION ALL SELECT ?, ?"},
        {"function_source",
         SELECT(.columns = ath_cols(ath_name("g", "value")),
                .from = ath_from(ath_function_as(ath_func("json_each", "[1, 2]"), "g"))),
         .sqlite = "SELECT g.value FROM json_each(?) AS g"},
        {"series",
         SELECT(.columns = ath_cols(ath_name("g", "g")),
                .from = ath_from(ath_function_as(ath_func("generate_series", 1, 3), "g"))),
         .postgresql = "SELECT g.g FROM generate_series($1, $2) AS g"},
        {"lateral",
         SELECT(.columns = ath_cols(U(name), ath_name("l", "city")),
                .joins = ath_joins(ath_join_to(
                    ath_lateral(
                        ath_select(.columns = ath_cols(A(city)), .where = ath_eq(A(user_id), U(id)), .limit = 1), "l"),
                    .on = ath_is(ath_true())))),
         .sqlite = "not-supported: SQLite 3.40.1 has no LATERAL",
         .postgresql = "SELECT users.name, l.city FROM users JOIN LATERAL (SELECT addresses.city AS city FROM "
                       "addresses WHERE addresses.user_id = users.id LIMIT $1) AS l ON true",
         .mysql = "SELECT users.name, l.city FROM users INNER JOIN LATERAL (SELECT addresses.city AS city FROM "
                  "addresses WHERE addresses.user_id = users.id LIMIT ?) AS l ON true = 1",
         .mariadb = "not-supported: MariaDB has no LATERAL"},
        {"lateral_from",
         SELECT(.columns = ath_cols(U(name), ath_name("l", "city")),
                .from = ath_from(
                    ath_model_source(User),
                    ath_lateral(ath_select(.columns = ath_cols(A(city)), .where = ath_eq(A(user_id), U(id))), "l"))),
         .text = "SELECT users.name, l.city FROM users, LATERAL (SELECT addresses.city AS city FROM addresses WHERE "
                 "addresses.user_id = users.id) AS l",
         .sqlite = "not-supported: SQLite 3.40.1 has no LATERAL", .mariadb = "not-supported: MariaDB has no LATERAL"});
}

static void selects_4(golden_visit visit, void *context) {
    VISIT(
        {"left_lateral",
         SELECT(.columns = ath_cols(U(name)),
                .joins = ath_joins(ath_outer_join_to(
                    ath_lateral(ath_select(.columns = ath_cols(A(city)), .where = ath_eq(A(user_id), U(id))), "l")))),
         .text = "SELECT users.name FROM users LEFT OUTER JOIN LATERAL (SELECT addresses.city AS city FROM addresses "
                 "WHERE addresses.user_id = users.id) AS l ON true",
         .sqlite = "not-supported: SQLite 3.40.1 has no LATERAL", .mariadb = "not-supported: MariaDB has no LATERAL"},
        {"scalar_in_order",
         SELECT(.columns = ath_cols(U(id)),
                .order_by = ath_by(ath_subquery(
                    ath_select(.columns = ath_cols(ath_count(A(id))), .where = ath_eq(A(user_id), U(id)))))),
         .text = "SELECT users.id FROM users ORDER BY (SELECT count(addresses.id) AS count_1 FROM addresses WHERE "
                 "addresses.user_id = users.id)"},
        {"scalar_compared", IDS(ath_eq(U(id), ath_subquery(ath_select(.columns = ath_cols(ath_max(A(user_id))))))),
         .text = "SELECT users.id FROM users WHERE users.id = (SELECT max(addresses.user_id) AS max_1 FROM addresses)"},
        {"cte_inside",
         SELECT(.columns = ath_cols(ath_label(
                    ath_subquery(ath_select(.with = ath_with("c", .query = ath_select(.columns = ath_cols(U(id)))),
                                            .columns = ath_cols(ath_name("c", "id")), .limit = 1)),
                    "x"))),
         .text = "SELECT (WITH c AS (SELECT users.id AS id FROM users) SELECT c.id FROM c LIMIT ?) AS x"});
}

static void joins(golden_visit visit, void *context) {
    VISIT(
        {"two_joins",
         SELECT(.columns = ath_cols(U(name)),
                .joins = ath_joins(ath_outer_join(Address), ath_join(Order, .on = ath_eq(U(id), O(user_id))))),
         .text = "SELECT users.name FROM users LEFT OUTER JOIN addresses ON users.id = addresses.user_id JOIN orders "
                 "ON users.id = orders.user_id"},
        {"join_on_true",
         SELECT(.columns = ath_cols(U(name), ath_col(Product, title)),
                .joins = ath_joins(ath_join(Product, .on = ath_is(ath_true())))),
         .text = "SELECT users.name, products.title FROM users JOIN products ON true = 1",
         .sqlite = "SELECT users.name, products.title FROM users JOIN products ON 1 = 1",
         .postgresql = "SELECT users.name, products.title FROM users JOIN products ON true"},
        {"cross_join",
         SELECT(.columns = ath_cols(U(name), ath_col(Product, title)), .joins = ath_joins(ath_cross_join(Product))),
         .text = "SELECT users.name, products.title FROM users CROSS JOIN products"},
        {"self_join",
         SELECT(.columns = ath_cols(U(name), ath_label(ath_col_of("m", User, name), "boss")),
                .joins = ath_joins(
                    ath_outer_join_to(ath_model_as(User, "m"), .on = ath_eq(U(manager_id), ath_col_of("m", User, id)))),
                .order_by = ath_by(ath_nulls_last(ath_desc(ath_col_of("m", User, name))))),
         .text = "SELECT users.name, m.name AS boss FROM users LEFT OUTER JOIN users AS m ON users.manager_id = m.id "
                 "ORDER BY m.name DESC NULLS LAST",
         .mysql = "SELECT users.name, m.name AS boss FROM users LEFT OUTER JOIN users AS m ON users.manager_id = m.id "
                  "ORDER BY m.name IS NULL, m.name DESC"},
        {"two_chains",
         SELECT(.columns = ath_cols(U(name), I(qty)), .from = ath_from(ath_model_source(User), ath_model_source(Order)),
                .joins = ath_joins(ath_join(Address, .on = ath_eq(U(id), A(user_id))),
                                   ath_join(Item, .on = ath_eq(O(id), I(order_id)))),
                .where = ath_eq(O(user_id), U(id))),
         .text = "SELECT users.name, order_items.qty FROM users JOIN addresses ON users.id = addresses.user_id, orders "
                 "JOIN order_items ON orders.id = order_items.order_id WHERE orders.user_id = users.id"},
        {"right_join", SELECT(.columns = ath_cols(U(name), A(city)), .joins = ath_joins(ath_right_join(Address))),
         .text =
             "SELECT users.name, addresses.city FROM users RIGHT OUTER JOIN addresses ON users.id = addresses.user_id"},
        {"right_join_second",
         SELECT(.columns = ath_cols(U(name), A(city)), .from = ath_from(ath_model_source(User)),
                .joins = ath_joins(ath_join(Order), ath_right_join(Address, .on = ath_eq(U(id), A(user_id))))),
         .text = "SELECT users.name, addresses.city FROM users JOIN orders ON users.id = orders.user_id RIGHT OUTER "
                 "JOIN addresses ON users.id = addresses.user_id"});
}

static void joins_2(golden_visit visit, void *context) {
    VISIT({"joined_first",
           SELECT(.columns = ath_cols(U(name)),
                  .from = ath_from(ath_nested_join(ath_model_source(Order), ath_join(Item))),
                  .joins = ath_joins(ath_join(User, .on = ath_eq(O(user_id), U(id))))),
           .text = "SELECT users.name FROM (orders JOIN order_items ON orders.id = order_items.order_id) JOIN users ON "
                   "orders.user_id = users.id"},
          {"full_join_of_table",
           SELECT(.columns = ath_cols(U(name), ath_name("addresses", "city")),
                  .joins = ath_joins(ath_full_join_to(ath_table_ref("addresses"),
                                                      .on = ath_eq(ath_name("addresses", "user_id"), U(id))))),
           .text =
               "SELECT users.name, addresses.city FROM users FULL OUTER JOIN addresses ON addresses.user_id = users.id",
           .mysql = "not-supported: MySQL has no FULL JOIN", .mariadb = "not-supported: MariaDB has no FULL JOIN"},
          {"cross_join_to",
           SELECT(.columns = ath_cols(U(name)), .joins = ath_joins(ath_cross_join_to(ath_table_as("addresses", "x")))),
           .text = "SELECT users.name FROM users CROSS JOIN addresses AS x"},
          {"right_join_to",
           SELECT(.columns = ath_cols(U(name), ath_name("x", "city")),
                  .joins = ath_joins(ath_right_join_to(ath_table_as("addresses", "x"),
                                                       .on = ath_eq(ath_name("x", "user_id"), U(id))))),
           .text = "SELECT users.name, x.city FROM users RIGHT OUTER JOIN addresses AS x ON x.user_id = users.id"},
          {"join_of_group",
           SELECT(.columns = ath_cols(U(name), ath_name("t", "n")),
                  .joins = ath_joins(ath_join_to(
                      ath_select_as(ath_select(.columns = ath_cols(A(user_id), ath_label(ath_count_all(), "n")),
                                               .group_by = ath_by(A(user_id))),
                                    "t"),
                      .on = ath_eq(ath_name("t", "user_id"), U(id))))),
           .text = "SELECT users.name, t.n FROM users JOIN (SELECT addresses.user_id AS user_id, count(*) AS n FROM "
                   "addresses GROUP BY addresses.user_id) AS t ON t.user_id = users.id"});
}

static void groups(golden_visit visit, void *context) {
    VISIT(
        {"rollup",
         SELECT(.columns = ath_cols(ath_count_all(), U(status), U(age)),
                .group_by = ath_by(ath_rollup(U(status), U(age)))),
         .text = "SELECT count(*) AS count_1, users.status, users.age FROM users GROUP BY users.status, users.age WITH "
                 "ROLLUP",
         .sqlite = "not-supported: SQLite 3.40.1 has no ROLLUP",
         .postgresql =
             "SELECT count(*) AS count_1, users.status, users.age FROM users GROUP BY ROLLUP(users.status, users.age)"},
        {"rollup_and_more",
         SELECT(.columns = ath_cols(ath_count_all(), U(status)), .group_by = ath_by(ath_rollup(U(status)), U(age))),
         .sqlite = "not-supported: SQLite 3.40.1 has no ROLLUP beside other grouping",
         .postgresql = "SELECT count(*) AS count_1, users.status FROM users GROUP BY ROLLUP(users.status), users.age",
         .mysql = "not-supported: MySQL has no ROLLUP beside other grouping",
         .mariadb = "not-supported: MariaDB has no ROLLUP beside other grouping"},
        {"cube",
         SELECT(.columns = ath_cols(ath_count_all(), U(status)), .group_by = ath_by(ath_cube(U(status), U(age)))),
         .sqlite = "not-supported: SQLite 3.40.1 has no CUBE",
         .postgresql = "SELECT count(*) AS count_1, users.status FROM users GROUP BY CUBE(users.status, users.age)",
         .mysql = "not-supported: MySQL has no CUBE", .mariadb = "not-supported: MariaDB has no CUBE"},
        {"grouping_sets",
         SELECT(.columns = ath_cols(ath_count_all(), U(status)),
                .group_by = ath_by(ath_grouping_sets(ath_tuple(U(status), U(age)), ath_tuple(U(status))))),
         .sqlite = "not-supported: SQLite 3.40.1 has no GROUPING SETS",
         .postgresql = "SELECT count(*) AS count_1, users.status FROM users GROUP BY GROUPING SETS((users.status, "
                       "users.age), (users.status))",
         .mysql = "not-supported: MySQL has no GROUPING SETS",
         .mariadb = "not-supported: MariaDB has no GROUPING SETS"},
        {"having_and_order",
         SELECT(.columns = ath_cols(U(status), ath_count_all()), .group_by = ath_by(U(status)),
                .having = ath_and(ath_gt(ath_count_all(), 1), ath_ne(U(status), NULL)),
                .order_by = ath_by(ath_desc(ath_count_all()))),
         .text = "SELECT users.status, count(*) AS count_1 FROM users GROUP BY users.status HAVING count(*) > ? AND "
                 "users.status IS NOT NULL ORDER BY count(*) DESC"});
}

static void sets(golden_visit visit, void *context) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(U(id)));
    const ath_select_stmt *owners = ath_select(.columns = ath_cols(A(user_id)));
    const ath_select_stmt *buyers = ath_select(.columns = ath_cols(O(user_id)));
    VISIT({"union_ordered",
           ath_stmt_of(ath_union(ath_queries(ids, owners), .order_by = ath_by(ath_name(NULL, "id")), .limit = 3)),
           .text = "SELECT users.id FROM users UNION SELECT addresses.user_id FROM addresses ORDER BY id LIMIT ?"},
          {"union_of_three", ath_stmt_of(ath_union(ath_queries(ids, owners, buyers))),
           .text = "SELECT users.id FROM users UNION SELECT addresses.user_id FROM addresses UNION SELECT "
                   "orders.user_id FROM orders"},
          {"union_in_union_all", ath_stmt_of(ath_union_all(ath_queries(ids, ath_union(ath_queries(owners, buyers))))),
           .text = "SELECT users.id FROM users UNION ALL (SELECT addresses.user_id FROM addresses UNION SELECT "
                   "orders.user_id FROM orders)",
           .sqlite = "SELECT users.id FROM users UNION ALL SELECT * FROM (SELECT addresses.user_id FROM addresses "
                     "UNION SELECT orders.user_id FROM orders)"},
          {"except_intersect", ath_stmt_of(ath_except(ath_queries(ids, ath_intersect(ath_queries(owners, buyers))))),
           .text = "SELECT users.id FROM users EXCEPT (SELECT addresses.user_id FROM addresses INTERSECT SELECT "
                   "orders.user_id FROM orders)",
           .sqlite = "SELECT users.id FROM users EXCEPT SELECT * FROM (SELECT addresses.user_id FROM addresses "
                     "INTERSECT SELECT orders.user_id FROM orders)"},
          {"limited_members",
           ath_stmt_of(
               ath_union(ath_queries(ath_select(.columns = ath_cols(U(id)), .order_by = ath_by(U(id)), .limit = 1),
                                     ath_select(.columns = ath_cols(A(id)), .limit = 2)))),
           .text = "(SELECT users.id FROM users ORDER BY users.id LIMIT ?) UNION (SELECT addresses.id FROM addresses "
                   "LIMIT ?)",
           .sqlite = "SELECT * FROM (SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?) UNION SELECT * "
                     "FROM (SELECT addresses.id FROM addresses LIMIT ? OFFSET ?)"},
          {"union_as_source",
           SELECT(.columns = ath_cols(ath_name("u", "i")),
                  .from = ath_from(ath_select_as(
                      ath_union(ath_queries(ath_select(.columns = ath_cols(ath_label(U(id), "i"))), owners)), "u"))),
           .text = "SELECT u.i FROM (SELECT users.id AS i FROM users UNION SELECT addresses.user_id AS user_id FROM "
                   "addresses) AS u"},
          {"intersect_all", ath_stmt_of(ath_intersect_all(ath_queries(ids, owners))),
           .text = "SELECT users.id FROM users INTERSECT ALL SELECT addresses.user_id FROM addresses",
           .sqlite = "not-supported: SQLite 3.40.1 has no INTERSECT ALL and EXCEPT ALL"});
}

static void sets_2(golden_visit visit, void *context) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(U(id)));
    const ath_select_stmt *owners_as_id = ath_select(.columns = ath_cols(ath_label(A(user_id), "id")));
    VISIT({"union_of_values", ath_stmt_of(ath_union_all(ath_queries(ids, ath_values(ath_vals(7), ath_vals(8))))),
           .text = "SELECT users.id FROM users UNION ALL VALUES (?), (?)",
           .mysql = "SELECT users.id FROM users UNION ALL SELECT ? UNION ALL SELECT ?"},
          {"union_with_cte",
           ath_stmt_of(ath_union(ath_queries(ath_select(.columns = ath_cols(ath_name("c", "id"))), ids),
                                 .with = ath_with("c", .query = owners_as_id))),
           .text = "WITH c AS (SELECT addresses.user_id AS id FROM addresses) SELECT c.id FROM c UNION SELECT users.id "
                   "FROM users"});
}

static void expressions(golden_visit visit, void *context) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(U(id)));
    const ath_select_stmt *roots = ath_select(.columns = ath_cols(ath_col(Node, id), ath_col(Node, parent_id)),
                                              .where = ath_eq(ath_col(Node, parent_id), NULL));
    const ath_select_stmt *children =
        ath_select(.columns = ath_cols(ath_col_of("n", Node, id), ath_col_of("n", Node, parent_id)),
                   .from = ath_from(ath_model_as(Node, "n")),
                   .joins = ath_joins(ath_join_to(
                       ath_table_ref("t"), .on = ath_eq(ath_col_of("n", Node, parent_id), ath_name("t", "id")))));
    VISIT({"recursive",
           SELECT(.with = ath_with("t", ath_names("id", "parent_id"), roots, .recursive = children, .union_all = true),
                  .columns = ath_cols(ath_name("t", "id")), .order_by = ath_by(ath_name("t", "id"))),
           .text = "WITH RECURSIVE t(id, parent_id) AS (SELECT nodes.id AS id, nodes.parent_id AS parent_id FROM nodes "
                   "WHERE nodes.parent_id IS NULL UNION ALL SELECT n.id AS id, n.parent_id AS parent_id FROM nodes AS "
                   "n JOIN t ON n.parent_id = t.id) SELECT t.id FROM t ORDER BY t.id"},
          {"joined_cte",
           SELECT(.with = ath_with("c", .query = ids), .columns = ath_cols(U(name)),
                  .joins = ath_joins(ath_join_to(ath_table_ref("c"), .on = ath_eq(ath_name("c", "id"), U(id)))),
                  .where = ath_gt(ath_name("c", "id"), 1)),
           .text = "WITH c AS (SELECT users.id AS id FROM users) SELECT users.name FROM users JOIN c ON c.id = "
                   "users.id WHERE c.id > ?"},
          {"unused_cte",
           SELECT(.with = ath_with("unused", .query = ath_select(.columns = ath_cols(A(id)))),
                  .columns = ath_cols(U(id))),
           .text = "WITH unused AS (SELECT addresses.id AS id FROM addresses) SELECT users.id FROM users"},
          {"not_materialized",
           SELECT(.with = ath_with("c", .query = ids, .materialized = ATH_NOT_MATERIALIZED),
                  .columns = ath_cols(ath_name("c", "id"))),
           .text = "WITH c AS NOT MATERIALIZED (SELECT users.id AS id FROM users) SELECT c.id FROM c",
           .mysql = "not-supported: MySQL has no [NOT] MATERIALIZED for common table expressions",
           .mariadb = "not-supported: MariaDB has no [NOT] MATERIALIZED for common table expressions"},
          {"insert_in_cte",
           SELECT(.with = ath_with("c", .statement = INSERT(NODES, .set = ath_set(ath_to(Node, label, "x")),
                                                            .returning = ath_cols(ath_col(Node, id)))),
                  .columns = ath_cols(ath_name("c", "id"))),
           .sqlite = "not-supported: SQLite 3.40.1 has no common table expressions that change rows",
           .postgresql = "WITH c AS (INSERT INTO nodes (label) VALUES ($1) RETURNING nodes.id) SELECT c.id FROM c",
           .mysql = "not-supported: MySQL has no common table expressions that change rows",
           .mariadb = "not-supported: MariaDB has no common table expressions that change rows"},
          {"delete_then_insert",
           INSERT(NODES,
                  .with = ath_with("d", .statement = DELETE(NODES, .where = ath_gt(ath_col(Node, id), 4),
                                                            .returning = ath_cols(ath_col(Node, label)))),
                  .columns = ath_names("label"), .select = ath_select(.columns = ath_cols(ath_name("d", "label")))),
           .sqlite = "not-supported: SQLite 3.40.1 has no common table expressions that change rows",
           .postgresql = "WITH d AS (DELETE FROM nodes WHERE nodes.id > $1 RETURNING nodes.label) INSERT INTO nodes "
                         "(label) SELECT d.label FROM d",
           .mysql = "not-supported: MySQL has no common table expressions that change rows",
           .mariadb = "not-supported: MariaDB has no common table expressions that change rows"},
          {"cte_before_insert",
           INSERT(NODES, .with = ath_with("c", .query = ids), .columns = ath_names("parent_id"),
                  .select = ath_select(.columns = ath_cols(ath_name("c", "id")))),
           .text = "WITH c AS (SELECT users.id AS id FROM users) INSERT INTO nodes (parent_id) SELECT c.id FROM c",
           .mysql = "INSERT INTO nodes (parent_id) WITH c AS (SELECT users.id AS id FROM users) SELECT c.id FROM c"});
}

static void expressions_2(golden_visit visit, void *context) {
    VISIT({"cte_before_update",
           UPDATE(USERS,
                  .with =
                      ath_with("c", .query = ath_select(.columns = ath_cols(A(user_id), ath_label(ath_max(A(id)), "m")),
                                                        .group_by = ath_by(A(user_id)))),
                  .set = ath_set(ath_to(User, age, ath_name("c", "m"))), .from = ath_from(ath_table_ref("c")),
                  .where = ath_eq(U(id), ath_name("c", "user_id"))),
           .text = "WITH c AS (SELECT addresses.user_id AS user_id, max(addresses.id) AS m FROM addresses GROUP BY "
                   "addresses.user_id) UPDATE users SET age=c.m FROM c WHERE users.id = c.user_id",
           .mysql = "WITH c AS (SELECT addresses.user_id AS user_id, max(addresses.id) AS m FROM addresses GROUP BY "
                    "addresses.user_id) UPDATE users, c SET users.age=c.m WHERE users.id = c.user_id",
           .mariadb = "not-supported: MariaDB has no WITH before UPDATE"});
}

static void locks(golden_visit visit, void *context) {
    VISIT(
        {"share", SELECT(.columns = ath_cols(U(id)), .lock = ath_for_share()),
         .text = "SELECT users.id FROM users FOR SHARE", .sqlite = "not-supported: SQLite 3.40.1 has no FOR SHARE",
         .mariadb = "SELECT users.id FROM users LOCK IN SHARE MODE"},
        {"nowait", SELECT(.columns = ath_cols(U(id)), .lock = ath_for_update(.nowait = true)),
         .text = "SELECT users.id FROM users FOR UPDATE NOWAIT",
         .sqlite = "not-supported: SQLite 3.40.1 has no FOR UPDATE"},
        {"skip_locked", SELECT(.columns = ath_cols(U(id)), .lock = ath_for_update(.skip_locked = true)),
         .text = "SELECT users.id FROM users FOR UPDATE SKIP LOCKED",
         .sqlite = "not-supported: SQLite 3.40.1 has no FOR UPDATE",
         .mariadb = "not-supported: MariaDB has no SKIP LOCKED"},
        {"key_share", SELECT(.columns = ath_cols(U(id)), .lock = ath_for_key_share()),
         .sqlite = "not-supported: SQLite 3.40.1 has no FOR KEY SHARE",
         .postgresql = "SELECT users.id FROM users FOR KEY SHARE", .mysql = "not-supported: MySQL has no FOR KEY SHARE",
         .mariadb = "not-supported: MariaDB has no FOR KEY SHARE"},
        {"no_key_update", SELECT(.columns = ath_cols(U(id)), .lock = ath_for_no_key_update()),
         .sqlite = "not-supported: SQLite 3.40.1 has no FOR NO KEY UPDATE",
         .postgresql = "SELECT users.id FROM users FOR NO KEY UPDATE",
         .mysql = "not-supported: MySQL has no FOR NO KEY UPDATE",
         .mariadb = "not-supported: MariaDB has no FOR NO KEY UPDATE"},
        {"lock_of_two",
         SELECT(.columns = ath_cols(U(id), A(id)), .joins = ath_joins(ath_join(Address)),
                .lock =
                    ath_for_update(.of = ath_from(ath_model_source(User), ath_model_source(Address)), .nowait = true)),
         .text = "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON users.id = addresses.user_id FOR "
                 "UPDATE OF users, addresses NOWAIT",
         .sqlite = "not-supported: SQLite 3.40.1 has no FOR UPDATE",
         .mariadb = "SELECT users.id, addresses.id AS id_1 FROM users INNER JOIN addresses ON users.id = "
                    "addresses.user_id FOR UPDATE NOWAIT"},
        {"lock_limited",
         SELECT(.columns = ath_cols(U(id)), .order_by = ath_by(U(id)), .limit = 1, .lock = ath_for_update()),
         .text = "SELECT users.id FROM users ORDER BY users.id LIMIT ? FOR UPDATE",
         .sqlite = "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?"});
}

static void names(golden_visit visit, void *context) {
    VISIT({"odd_names",
           SELECT(.columns = ath_cols(ath_col(Weird, said), ath_col(Weird, tick), ath_col(Weird, pct),
                                      ath_col(Weird, percent))),
           .text = "SELECT \"Order Details\".\"say \"\"hi\"\"\", \"Order Details\".\"back`tick\", \"Order "
                   "Details\".\"100pct\", \"Order Details\".\"per%cent\" FROM \"Order Details\"",
           .mysql = "SELECT `Order Details`.`say \"hi\"`, `Order Details`.`back``tick`, `Order Details`.`100pct`, "
                    "`Order Details`.`per%cent` FROM `Order Details`"},
          {"odd_labels",
           SELECT(.columns = ath_cols(ath_label(U(id), "select"), ath_label(U(name), "with space"),
                                      ath_label(U(age), "UPPER"))),
           .text = "SELECT users.id AS \"select\", users.name AS \"with space\", users.age AS \"UPPER\" FROM users",
           .mysql = "SELECT users.id AS `select`, users.name AS `with space`, users.age AS `UPPER` FROM users"},
          {"odd_alias",
           SELECT(.columns = ath_cols(ath_col_of("W", Weird, id)), .from = ath_from(ath_model_as(Weird, "W"))),
           .text = "SELECT \"W\".\"Id\" FROM \"Order Details\" AS \"W\"",
           .mysql = "SELECT `W`.`Id` FROM `Order Details` AS `W`"});
}

void language_query(golden_visit visit, void *context) {
    selects(visit, context);
    selects_2(visit, context);
    selects_3(visit, context);
    selects_4(visit, context);
    joins(visit, context);
    joins_2(visit, context);
    groups(visit, context);
    sets(visit, context);
    sets_2(visit, context);
    expressions(visit, context);
    expressions_2(visit, context);
    locks(visit, context);
    names(visit, context);
}
