/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries: groups select, subq, setops, cte, lock, quoting.
 */
#include "goldens.h"

#define BY_ID .order_by = ath_by(U(id))
#define OWN ath_eq(U(id), A(user_id))

static void columns(golden_visit visit, void *context) {
    VISIT({"select_literal", SELECT(.columns = ath_cols(5, ath_label("x", "s"))), .text = "SELECT ? AS anon_1, ? AS s"},
          {"select_null",
           SELECT(.columns = ath_cols(ath_label(ath_sql_null(), "n"), ath_label(ath_true(), "t"),
                                      ath_label(ath_false(), "f"))),
           .sqlite = "SELECT NULL AS n, 1 AS t, 0 AS f", .text = "SELECT NULL AS n, true AS t, false AS f"},
          {"select_no_from", SELECT(.columns = ath_cols(ath_label(ath_func("abs", -3), "a"))),
           .text = "SELECT abs(?) AS a"},
          {"select_distinct", SELECT(.columns = ath_cols(U(age)), .distinct = true),
           .text = "SELECT DISTINCT users.age FROM users"},
          {"select_count_col", SELECT(.columns = ath_cols(ath_count(U(id)))),
           .text = "SELECT count(users.id) AS count_1 FROM users"},
          {"select_count_distinct", SELECT(.columns = ath_cols(ath_count_distinct(U(age)))),
           .text = "SELECT count(DISTINCT users.age) AS count_1 FROM users"},
          {"select_anon_alias",
           SELECT(.columns = ath_cols(ath_col_of("users_1", User, id)), .from = ath_from(ath_model_as(User, "users_1")),
                  .where = ath_eq(ath_col_of("users_1", User, name), "bob")),
           .text = "SELECT users_1.id FROM users AS users_1 WHERE users_1.name = ?"},
          {"select_same_name_cols", SELECT(.columns = ath_cols(U(id), A(id), A(user_id)), .where = OWN),
           .text = "SELECT users.id, addresses.id AS id_1, addresses.user_id FROM users, addresses WHERE users.id = "
                   "addresses.user_id"},
          {"select_tablename_labels", SELECT(.columns = ath_cols(U(id), A(id)), .where = OWN, .table_labels = true),
           .text = "SELECT users.id AS users_id, addresses.id AS addresses_id FROM users, addresses WHERE users.id = "
                   "addresses.user_id"},
          {"select_with_suffix", SELECT(.columns = ath_cols(U(id)), .suffix = "/* tail */"),
           .text = "SELECT users.id FROM users /* tail */"},
          {"select_order_reset", SELECT(.columns = ath_cols(U(id))), .text = "SELECT users.id FROM users"},
          {"select_order_collate_pg", SELECT(.columns = ath_cols(U(id)), .order_by = ath_by(ath_collate(U(name), "C"))),
           .postgresql = "SELECT users.id FROM users ORDER BY users.name COLLATE \"C\""},
          {"select_tablesample",
           SELECT(.columns = ath_cols(ath_col_of("t", User, id)),
                  .from = ath_from((ath_source){.model = ath_model_of(User),
                                                .alias = "t",
                                                .sample = ath_func("bernoulli", 10),
                                                .seed = ath_random()})),
           .sqlite = "not-supported: SQLite 3.40.1 has no TABLESAMPLE",
           .postgresql = "SELECT t.id FROM users AS t TABLESAMPLE bernoulli($1) REPEATABLE (random())",
           .mysql = "not-supported: MySQL has no TABLESAMPLE", .mariadb = "not-supported: MariaDB has no TABLESAMPLE"});
}

static void limits(golden_visit visit, void *context) {
    VISIT({"select_limit", SELECT(.columns = ath_cols(U(id)), BY_ID, .limit = 2),
           .text = "SELECT users.id FROM users ORDER BY users.id LIMIT ?"},
          {"select_offset", SELECT(.columns = ath_cols(U(id)), BY_ID, .offset = 2),
           .sqlite = "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?",
           .postgresql = "SELECT users.id FROM users ORDER BY users.id LIMIT ALL OFFSET $1",
           .mysql = "SELECT users.id FROM users ORDER BY users.id LIMIT ?, 18446744073709551615"},
          {"select_slice", SELECT(.columns = ath_cols(U(id)), BY_ID, .limit = 2, .offset = 2),
           .text = "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?"});
}

static void subqueries(golden_visit visit, void *context) {
    const ath_select_stmt *sq = ath_select(.columns = ath_cols(U(id), U(name)), .where = ath_gt(U(age), 20));
    const ath_select_stmt *counts =
        ath_select(.columns = ath_cols(ath_label(U(id), "uid"), ath_label(ath_count(A(id)), "n")),
                   .joins = ath_joins(ath_join(Address)), .group_by = ath_by(U(id)));
    const ath_select_stmt *number =
        ath_select(.columns = ath_cols(ath_count(A(id))), .where = ath_eq(A(user_id), U(id)));
    const ath_select_stmt *average = ath_select(.columns = ath_cols(ath_avg(ath_col_of("u2", User, age))),
                                                .from = ath_from(ath_model_as(User, "u2")),
                                                .where = ath_eq(ath_col_of("u2", User, status), U(status)));
    VISIT({"select_subquery_from",
           SELECT(.columns = ath_cols(ath_name("sq", "name")), .from = ath_from(ath_select_as(sq, "sq")),
                  .where = ath_lt(ath_name("sq", "id"), 5)),
           .text = "SELECT sq.name FROM (SELECT users.id AS id, users.name AS name FROM users WHERE users.age > ?) AS "
                   "sq WHERE sq.id < ?"},
          {"select_subquery_renamed",
           SELECT(.columns = ath_cols(U(name), ath_name("counts", "n")),
                  .joins = ath_joins(
                      ath_join_to(ath_select_as(counts, "counts"), .on = ath_eq(ath_name("counts", "uid"), U(id))))),
           .text = "SELECT users.name, counts.n FROM users JOIN (SELECT users.id AS uid, count(addresses.id) AS n "
                   "FROM users JOIN addresses ON users.id = addresses.user_id GROUP BY users.id) AS counts ON "
                   "counts.uid = users.id"},
          {"subq_scalar", SELECT(.columns = ath_cols(U(name), ath_label(ath_subquery(number), "n")), BY_ID),
           .text = "SELECT users.name, (SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = "
                   "users.id) AS n FROM users ORDER BY users.id"},
          {"subq_correlated", SELECT(.columns = ath_cols(U(id)), .where = ath_gt(U(age), ath_subquery(average))),
           .text = "SELECT users.id FROM users WHERE users.age > (SELECT avg(u2.age) AS avg_1 FROM users AS u2 WHERE "
                   "u2.status = users.status)"},
          {"subq_exists_select",
           SELECT(.columns = ath_cols(U(id)),
                  .where =
                      ath_exists(ath_select(.columns = ath_cols(A(id)),
                                            .where = ath_and(ath_eq(A(user_id), U(id)), ath_eq(A(city), "Oxford"))))),
           .text = "SELECT users.id FROM users WHERE EXISTS (SELECT addresses.id FROM addresses WHERE "
                   "addresses.user_id = users.id AND addresses.city = ?)"},
          {"subq_in_correlated",
           SELECT(.columns = ath_cols(U(id)),
                  .where = ath_in_query(U(id),
                                        ath_select(.columns = ath_cols(O(user_id)),
                                                   .where = ath_and(ath_eq(O(user_id), U(id)), ath_gt(O(total), 20))))),
           .text = "SELECT users.id FROM users WHERE users.id IN (SELECT orders.user_id FROM orders WHERE "
                   "orders.user_id = users.id AND orders.total > ?)"});
}

static void sets(golden_visit visit, void *context) {
    const ath_select_stmt *ids = ath_select(.columns = ath_cols(U(id))),
                          *owners = ath_select(.columns = ath_cols(A(user_id)));
    const ath_select_stmt *first = ath_select(.columns = ath_cols(U(id)), BY_ID, .limit = 1);
    const ath_select_stmt *last =
        ath_select(.columns = ath_cols(U(id)), .order_by = ath_by(ath_desc(U(id))), .limit = 1);
    VISIT({"set_intersect", ath_stmt_of(ath_intersect(ath_queries(ids, owners))),
           .text = "SELECT users.id FROM users INTERSECT SELECT addresses.user_id FROM addresses"},
          {"set_except_all", ath_stmt_of(ath_except_all(ath_queries(ids, owners))),
           .sqlite = "not-supported: SQLite 3.40.1 has no INTERSECT ALL and EXCEPT ALL",
           .text = "SELECT users.id FROM users EXCEPT ALL SELECT addresses.user_id FROM addresses"},
          {"set_union_part_limit_sqlite",
           ath_stmt_of(ath_union_all(ath_queries(
               ath_select(.columns = ath_cols(ath_name("a", "id")), .from = ath_from(ath_select_as(first, "a"))),
               ath_select(.columns = ath_cols(ath_name("b", "id")), .from = ath_from(ath_select_as(last, "b")))))),
           .sqlite = "SELECT a.id FROM (SELECT users.id AS id FROM users ORDER BY users.id LIMIT ? OFFSET ?) AS a "
                     "UNION ALL SELECT b.id FROM (SELECT users.id AS id FROM users ORDER BY users.id DESC LIMIT ? "
                     "OFFSET ?) AS b"},
          {"set_union_join",
           ath_stmt_of(ath_union(
               ath_queries(ath_select(.columns = ath_cols(U(name), A(city)), .joins = ath_joins(ath_join(Address))),
                           ath_select(.columns = ath_cols(U(name), O(state)), .joins = ath_joins(ath_join(Order)))))),
           .text = "SELECT users.name, addresses.city FROM users JOIN addresses ON users.id = addresses.user_id UNION "
                   "SELECT users.name, orders.state FROM users JOIN orders ON users.id = orders.user_id"});
}

static void ctes(golden_visit visit, void *context) {
    const ath_select_stmt *rows = ath_values(ath_vals(1, "x"), ath_vals(2, "y"));
    const ath_select_stmt *young = ath_select(.columns = ath_cols(U(id)), .where = ath_lt(U(age), 26));
    VISIT({"cte_chain",
           SELECT(.with = ath_ctes(ath_cte_of("a", .query = ath_select(.columns = ath_cols(U(id), U(age)))),
                                   ath_cte_of("b", .query = ath_select(.columns = ath_cols(ath_name("a", "id")),
                                                                       .where = ath_gt(ath_name("a", "age"), 26)))),
                  .columns = ath_cols(ath_name("b", "id"))),
           .text = "WITH a AS (SELECT users.id AS id, users.age AS age FROM users), b AS (SELECT a.id AS id FROM a "
                   "WHERE a.age > ?) SELECT b.id FROM b"},
          {"cte_alias",
           SELECT(.with = ath_with("c", .query = ath_select(.columns = ath_cols(U(id), U(manager_id)))),
                  .columns = ath_cols(ath_name("c", "id"), ath_name("x", "id")),
                  .from = ath_from(ath_table_ref("c"), ath_table_as("c", "x")),
                  .where = ath_eq(ath_name("c", "manager_id"), ath_name("x", "id")),
                  .order_by = ath_by(ath_name("c", "id"))),
           .text = "WITH c AS (SELECT users.id AS id, users.manager_id AS manager_id FROM users) SELECT c.id, x.id AS "
                   "id_1 FROM c, c AS x WHERE c.manager_id = x.id ORDER BY c.id"},
          {"cte_materialized",
           SELECT(.with =
                      ath_with("c", .query = ath_select(.columns = ath_cols(U(id))), .materialized = ATH_MATERIALIZED),
                  .columns = ath_cols(ath_name("c", "id"))),
           .text = "WITH c AS MATERIALIZED (SELECT users.id AS id FROM users) SELECT c.id FROM c",
           .mysql = "not-supported: MySQL has no [NOT] MATERIALIZED for common table expressions",
           .mariadb = "not-supported: MariaDB has no [NOT] MATERIALIZED for common table expressions"},
          {"cte_delete",
           DELETE(.with = ath_with("young", .query = young), .model = ath_model_of(Address),
                  .where = ath_in_query(A(user_id), ath_select(.columns = ath_cols(ath_name("young", "id"))))),
           .text = "WITH young AS (SELECT users.id AS id FROM users WHERE users.age < ?) DELETE FROM addresses WHERE "
                   "addresses.user_id IN (SELECT young.id FROM young)",
           .mariadb = "not-supported: MariaDB has no WITH before DELETE"},
          {"cte_column_names",
           SELECT(.with = ath_with("vc", ath_names("a", "b"), rows), .columns = ath_cols(ath_name("vc", "b")),
                  .where = ath_eq(ath_name("vc", "a"), 2)),
           .text = "WITH vc(a, b) AS (VALUES (?, ?), (?, ?)) SELECT vc.b FROM vc WHERE vc.a = ?",
           .mysql = "WITH vc(a, b) AS (SELECT ?, ? UNION ALL SELECT ?, ?) SELECT vc.b FROM vc WHERE vc.a = ?"});
}

static void locks_and_quotes(golden_visit visit, void *context) {
    VISIT({"lock_for_update", SELECT(.columns = ath_cols(U(id)), .where = ath_eq(U(id), 1), .lock = ath_for_update()),
           .sqlite = "SELECT users.id FROM users WHERE users.id = ?",
           .text = "SELECT users.id FROM users WHERE users.id = ? FOR UPDATE"},
          {"lock_of",
           SELECT(.columns = ath_cols(U(id), A(id)), .joins = ath_joins(ath_join(Address)),
                  .lock = ath_for_update(.of = ath_from(ath_model_source(User)))),
           .sqlite = "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON users.id = addresses.user_id",
           .text = "SELECT users.id, addresses.id AS id_1 FROM users JOIN addresses ON users.id = addresses.user_id "
                   "FOR UPDATE OF users",
           .reason = "lock",
           .mariadb = "SELECT users.id, addresses.id AS id_1 FROM users INNER JOIN addresses ON users.id = "
                      "addresses.user_id FOR UPDATE"},
          {"q_reserved",
           SELECT(.columns = ath_cols(ath_col(Weird, select), ath_col(Weird, from), ath_col(Weird, user))),
           .sqlite = "SELECT \"Order Details\".\"select\", \"Order Details\".\"from\", \"Order Details\".user FROM "
                     "\"Order Details\"",
           .postgresql = "SELECT \"Order Details\".\"select\", \"Order Details\".\"from\", \"Order Details\".\"user\" "
                         "FROM \"Order Details\"",
           .mysql = "SELECT `Order Details`.`select`, `Order Details`.`from`, `Order Details`.user FROM `Order "
                    "Details`"},
          {"q_mixed", SELECT(.columns = ath_cols(ath_col(Weird, mixed), ath_col(Weird, id))),
           .text = "SELECT \"Order Details\".\"mixedCase\", \"Order Details\".\"Id\" FROM \"Order Details\"",
           .mysql = "SELECT `Order Details`.`mixedCase`, `Order Details`.`Id` FROM `Order Details`"},
          {"q_label_percent", SELECT(.columns = ath_cols(ath_label(U(id), "a%b"), ath_label(U(id), "c:d"))),
           .text = "SELECT users.id AS \"a%b\", users.id AS \"c:d\" FROM users",
           .mysql = "SELECT users.id AS `a%b`, users.id AS `c:d` FROM users"});
}

void goldens_select(golden_visit visit, void *context) {
    columns(visit, context);
    limits(visit, context);
    subqueries(visit, context);
    sets(visit, context);
    ctes(visit, context);
    locks_and_quotes(visit, context);
}
