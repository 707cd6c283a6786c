/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes: groups insert, update, delete, upsert.
 */
#include "goldens.h"

#define C(f) ath_col(Counter, f)
#define P(f) ath_col(Product, f)
#define COUNTERS .model = ath_model_of(Counter)
#define USERS .model = ath_model_of(User)
#define NODES .model = ath_model_of(Node)
#define ADDRESSES .model = ath_model_of(Address)

static void inserts(golden_visit visit, void *context) {
    VISIT({"ins_values", INSERT(COUNTERS, .set = ath_set(ath_to(Counter, key, "k"), ath_to(Counter, n, 5))),
           .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?)",
           .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2)",
           .mysql = "INSERT INTO counters (`key`, n) VALUES (?, ?)"},
          {"ins_all_cols",
           INSERT(COUNTERS,
                  .set = ath_set(ath_to(Counter, key, NULL), ath_to(Counter, n, NULL), ath_to(Counter, note, NULL))),
           .sqlite = "INSERT INTO counters (\"key\", n, note) VALUES (?, ?, ?)",
           .postgresql = "INSERT INTO counters (key, n, note) VALUES ($1, $2, $3)",
           .mysql = "INSERT INTO counters (`key`, n, note) VALUES (?, ?, ?)"},
          {"ins_default_values", INSERT(NODES), .text = "INSERT INTO nodes DEFAULT VALUES",
           .postgresql = "INSERT INTO nodes DEFAULT VALUES RETURNING nodes.id",
           .mysql = "INSERT INTO nodes () VALUES ()"},
          {"ins_from_select_default",
           INSERT(.model = ath_model_of(Seven), .columns = ath_names("id"),
                  .select = ath_select(.columns = ath_cols(U(id)))),
           .reason = "default", .text = "INSERT INTO t (id, n) SELECT users.id, ? AS anon_1 FROM users"},
          {"ins_returning",
           INSERT(NODES, .set = ath_set(ath_to(Node, parent_id, 1), ath_to(Node, label, "new")),
                  .returning = ath_cols(ath_col(Node, id), ath_col(Node, label))),
           .sqlite = "INSERT INTO nodes (parent_id, label) VALUES (?, ?) RETURNING id, label",
           .text = "INSERT INTO nodes (parent_id, label) VALUES (?, ?) RETURNING nodes.id, nodes.label",
           .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
           .mariadb = "INSERT INTO nodes (parent_id, label) VALUES (?, ?) RETURNING nodes.id, nodes.label"},
          {"ins_returning_all",
           INSERT(NODES, .set = ath_set(ath_to(Node, label, "new")), .returning = ath_cols(ath_columns(Node))),
           .sqlite = "INSERT INTO nodes (label) VALUES (?) RETURNING id, parent_id, label",
           .text = "INSERT INTO nodes (label) VALUES (?) RETURNING nodes.id, nodes.parent_id, nodes.label",
           .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
           .mariadb = "INSERT INTO nodes (label) VALUES (?) RETURNING nodes.id, nodes.parent_id, nodes.label"},
          {"ins_text_value",
           INSERT(COUNTERS, .set = ath_set(ath_to(Counter, key, "t"), ath_to(Counter, n, ath_text("40 + 2")))),
           .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, 40 + 2)",
           .postgresql = "INSERT INTO counters (key, n) VALUES ($1, 40 + 2)",
           .mysql = "INSERT INTO counters (`key`, n) VALUES (?, 40 + 2)"});
}

static void updates(golden_visit visit, void *context) {
    VISIT({"upd_all", UPDATE(USERS, .set = ath_set(ath_to(User, status, "x")), .all_rows = true),
           .text = "UPDATE users SET status=?"},
          {"upd_two",
           UPDATE(USERS, .set = ath_set(ath_to(User, name, "Robert"), ath_to(User, age, 26)),
                  .where = ath_eq(U(name), "bob")),
           .text = "UPDATE users SET name=?, age=? WHERE users.name = ?"},
          {"upd_expr", UPDATE(USERS, .set = ath_set(ath_to(User, age, ath_plus(U(age), 1))), .where = ath_eq(U(id), 1)),
           .text = "UPDATE users SET age=(users.age + ?) WHERE users.id = ?"},
          {"upd_null", UPDATE(USERS, .set = ath_set(ath_to(User, email, NULL)), .where = ath_eq(U(id), 1)),
           .text = "UPDATE users SET email=? WHERE users.id = ?"},
          {"upd_ordered",
           UPDATE(USERS, .set = ath_set(ath_to(User, age, 5), ath_to(User, name, "x")), .where = ath_eq(U(id), 1)),
           .text = "UPDATE users SET age=?, name=? WHERE users.id = ?"},
          {"upd_json",
           UPDATE(.model = ath_model_of(Doc), .set = ath_set(ath_to(Doc, data, (ath_json){"{\"z\": 1}"})),
                  .where = ath_eq(ath_col(Doc, id), 1)),
           .text = "UPDATE docs SET data=? WHERE docs.id = ?"},
          {"upd_cte_alias",
           UPDATE(.model = ath_model_of(Product), .set = ath_set(ath_to(Product, qty, ath_plus(P(qty), 10))),
                  .where = ath_not_in(P(sku), "A-1", "B_2")),
           .text = "UPDATE products SET qty=(products.qty + ?) WHERE (products.sku NOT IN (?, ?))"});
}

static void deletes(golden_visit visit, void *context) {
    VISIT(
        {"del_and", DELETE(ADDRESSES, .where = ath_and(ath_eq(A(user_id), 1), ath_ne(A(city), "Oxford"))),
         .text = "DELETE FROM addresses WHERE addresses.user_id = ? AND addresses.city != ?"},
        {"del_in_sub",
         DELETE(ADDRESSES,
                .where = ath_in_query(A(user_id), ath_select(.columns = ath_cols(U(id)), .where = ath_lt(U(age), 26)))),
         .text = "DELETE FROM addresses WHERE addresses.user_id IN (SELECT users.id FROM users WHERE users.age < ?)"},
        {"del_multi_table",
         DELETE(ADDRESSES, .from = ath_from(ath_model_source(User)),
                .where = ath_and(ath_eq(A(user_id), U(id)), ath_eq(U(name), "bob"))),
         .sqlite = "not-supported: SQLite 3.40.1 has no DELETE from one table by others (use a subquery)",
         .postgresql = "DELETE FROM addresses USING users WHERE addresses.user_id = users.id AND users.name = $1",
         .mysql = "DELETE FROM addresses USING addresses, users WHERE addresses.user_id = users.id AND users.name = ?"},
        {"del_returning_maria", DELETE(ADDRESSES, .where = ath_eq(A(city), "Oxford"), .returning = ath_cols(A(id))),
         .sqlite = "DELETE FROM addresses WHERE addresses.city = ? RETURNING id",
         .text = "DELETE FROM addresses WHERE addresses.city = ? RETURNING addresses.id",
         .mysql = "not-supported: MySQL has no DELETE ... RETURNING",
         .mariadb = "DELETE FROM addresses WHERE addresses.city = ? RETURNING addresses.id"});
}

#define HITS(n_) .set = ath_set(ath_to(Counter, key, "hits"), ath_to(Counter, n, n_))

static void upserts(golden_visit visit, void *context) {
    VISIT(
        {"ups_sl_nothing", INSERT(COUNTERS, HITS(1), .on_conflict = ath_on_conflict()),
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT DO NOTHING",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT DO NOTHING",
         .mysql = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE `key` = counters.`key`"},
        {"ups_sl_multi",
         INSERT(COUNTERS, .columns = ath_names("key", "n"), .values = ath_rows(ath_vals("hits", 5), ath_vals("new", 6)),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"),
                                               .set = ath_set(ath_to(Counter, n, ath_excluded(Counter, n))))),
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?), (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = "
                   "excluded.n",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2), ($3, $4) ON CONFLICT (key) DO UPDATE SET n = "
                       "excluded.n",
         .mysql = "INSERT INTO counters (`key`, n) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE n = VALUES(n)"},
        {"ups_pg_nothing", INSERT(COUNTERS, HITS(1), .on_conflict = ath_on_conflict()),
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT DO NOTHING"},
        {"ups_pg_constraint", INSERT(COUNTERS, HITS(1), .on_conflict = ath_on_conflict(.constraint = "counters_pkey")),
         .sqlite = "not-supported: SQLite 3.40.1 has no ON CONFLICT ON CONSTRAINT (name the columns)",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT counters_pkey DO "
                       "NOTHING"},
        {"ups_pg_update_constraint",
         INSERT(COUNTERS, HITS(10),
                .on_conflict = ath_on_conflict(.constraint = "counters_pkey",
                                               .set = ath_set(ath_to(Counter, n, ath_excluded(Counter, n)),
                                                              ath_to(Counter, note, NULL)))),
         .sqlite = "not-supported: SQLite 3.40.1 has no ON CONFLICT ON CONSTRAINT (name the columns)",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT counters_pkey DO "
                       "UPDATE SET n = excluded.n, note = $3"},
        {"ups_pg_index_where",
         INSERT(USERS,
                .set = ath_set(ath_to(User, id, 1), ath_to(User, name, "x"), ath_to(User, email, "alice@example.com")),
                .on_conflict = ath_on_conflict(.columns = ath_names("email"), .where = ath_like(U(email), "%@%"),
                                               .set = ath_set(ath_to(User, name, ath_excluded(User, name))))),
         .sqlite = "INSERT INTO users (id, name, email) VALUES (?, ?, ?) ON CONFLICT (email) WHERE email LIKE '%@%' DO "
                   "UPDATE SET name = excluded.name",
         .postgresql = "INSERT INTO users (id, name, email) VALUES ($1, $2, $3) ON CONFLICT (email) WHERE email LIKE "
                       "'%@%' DO UPDATE SET name = excluded.name",
         .mysql = "not-supported: MySQL has no upsert with a condition", .reason = "predicate",
         .mariadb = "not-supported: MariaDB has no upsert with a condition"});
}

void goldens_change(golden_visit visit, void *context) {
    inserts(visit, context);
    updates(visit, context);
    deletes(visit, context);
    upserts(visit, context);
}
