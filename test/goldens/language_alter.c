/* SPDX-License-Identifier: Apache-2.0
 *
 * The language, changes: INSERT, UPDATE, DELETE, upserts.  Beyond what the goldens ask; every statement is run on the databases too.
 */
#include "goldens.h"

#define X(e) SELECT(.columns = ath_cols(ath_label(e, "x")))
#define C(f) ath_col(Counter, f)
#define COUNTERS .model = ath_model_of(Counter)
#define USERS .model = ath_model_of(User)
#define NODES .model = ath_model_of(Node)
#define ADDRESSES .model = ath_model_of(Address)
#define HITS(n_) .set = ath_set(ath_to(Counter, key, "hits"), ath_to(Counter, n, n_))

static void inserts(golden_visit visit, void *context) {
    VISIT({"expression",
           INSERT(USERS, .set = ath_set(ath_to(User, name, ath_lower("X")),
                                        ath_to(User, age, ath_plus(ath_length("abc"), 1)))),
           .text = "INSERT INTO users (name, age) VALUES (lower(?), (length(?) + ?))",
           .postgresql = "INSERT INTO users (name, age) VALUES (lower($1), (length($2) + $3)) RETURNING users.id"},
          {"many",
           INSERT(USERS, .columns = ath_names("name", "age"),
                  .values = ath_rows(ath_vals("a", 1), ath_vals("b", ath_plus(1, 1)), ath_vals("c", NULL))),
           .text = "INSERT INTO users (name, age) VALUES (?, ?), (?, (? + ?)), (?, ?)"},
          {"from_select",
           INSERT(USERS, .columns = ath_names("name", "age"),
                  .select = ath_select(.columns = ath_cols(U(name), U(age)), .where = ath_gt(U(id), 1))),
           .text = "INSERT INTO users (name, age) SELECT users.name, users.age FROM users WHERE users.id > ?"},
          {"from_union",
           INSERT(USERS, .columns = ath_names("name"),
                  .select = ath_union(ath_queries(ath_select(.columns = ath_cols(U(name))),
                                                  ath_select(.columns = ath_cols(A(email_address)))))),
           .text = "INSERT INTO users (name) SELECT users.name FROM users UNION SELECT addresses.email_address FROM "
                   "addresses"},
          {"from_values",
           INSERT(USERS, .columns = ath_names("name", "age"), .select = ath_values(ath_vals("a", 1), ath_vals("b", 2))),
           .text = "INSERT INTO users (name, age) VALUES (?, ?), (?, ?)",
           .mysql = "INSERT INTO users (name, age) SELECT ?, ? UNION ALL SELECT ?, ?"},
          {"subquery",
           INSERT(COUNTERS,
                  .set = ath_set(ath_to(Counter, key, "k"),
                                 ath_to(Counter, n, ath_subquery(ath_select(.columns = ath_cols(ath_max(U(id)))))))),
           .text = "INSERT INTO counters (`key`, n) VALUES (?, (SELECT max(users.id) AS max_1 FROM users))",
           .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, (SELECT max(users.id) AS max_1 FROM users))",
           .postgresql = "INSERT INTO counters (key, n) VALUES ($1, (SELECT max(users.id) AS max_1 FROM users))"},
          {"null_word",
           INSERT(COUNTERS, .set = ath_set(ath_to(Counter, key, "k"), ath_to(Counter, n, 1),
                                           ath_to(Counter, note, ath_sql_null()))),
           .text = "INSERT INTO counters (`key`, n, note) VALUES (?, ?, NULL)",
           .sqlite = "INSERT INTO counters (\"key\", n, note) VALUES (?, ?, NULL)",
           .postgresql = "INSERT INTO counters (key, n, note) VALUES ($1, $2, NULL)"});
}

static void inserts_2(golden_visit visit, void *context) {
    VISIT(
        {"returning_expressions",
         INSERT(USERS, .set = ath_set(ath_to(User, name, "x")),
                .returning =
                    ath_cols(U(id), ath_label(U(name), "n"), ath_label(ath_plus(U(age), 1), "x"), ath_lower(U(name)))),
         .text = "INSERT INTO users (name) VALUES (?) RETURNING users.id, users.name AS n, users.age + ? AS x, "
                 "lower(users.name) AS lower_1",
         .sqlite = "INSERT INTO users (name) VALUES (?) RETURNING id, name AS n, age + ? AS x, lower(name) AS lower_1",
         .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
         .mariadb = "INSERT INTO users (name) VALUES (?) RETURNING users.id, users.name AS n, users.age + ? AS x, "
                    "lower(users.name) AS lower_1"},
        {"odd_columns",
         INSERT(.model = ath_model_of(Weird),
                .set = ath_set(ath_to(Weird, select, "x"), ath_to(Weird, from, 1), ath_to(Weird, id, 1),
                               ath_to(Weird, mixed, 1), ath_to(Weird, pct, 1), ath_to(Weird, percent, 1),
                               ath_to(Weird, said, ""), ath_to(Weird, tick, ""), ath_to(Weird, user, ""))),
         .text = "INSERT INTO `Order Details` (`select`, `from`, `Id`, `mixedCase`, `100pct`, `per%cent`, `say "
                 "\"hi\"`, `back``tick`, user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
         .sqlite = "INSERT INTO \"Order Details\" (\"select\", \"from\", \"Id\", \"mixedCase\", \"100pct\", "
                   "\"per%cent\", \"say \"\"hi\"\"\", \"back`tick\", user) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
         .postgresql =
             "INSERT INTO \"Order Details\" (\"select\", \"from\", \"Id\", \"mixedCase\", \"100pct\", \"per%cent\", "
             "\"say \"\"hi\"\"\", \"back`tick\", \"user\") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"},
        {"table_by_name",
         INSERT(.table = "counters", .set = ath_set(ath_name_to("key", "k"), ath_name_to("n", 1)),
                .returning = ath_cols(ath_name(NULL, "n"))),
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) RETURNING n",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) RETURNING n",
         .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
         .mariadb = "INSERT INTO counters (`key`, n) VALUES (?, ?) RETURNING n"},
        {"table_in_schema", INSERT(.table = "audit", .schema = "log", .set = ath_set(ath_name_to("what", "x"))),
         .text = "INSERT INTO log.audit (what) VALUES (?)"},
        {"default_row_returning", INSERT(NODES, .returning = ath_cols(ath_columns(Node))),
         .sqlite = "INSERT INTO nodes DEFAULT VALUES RETURNING id, parent_id, label",
         .postgresql = "INSERT INTO nodes DEFAULT VALUES RETURNING nodes.id, nodes.parent_id, nodes.label",
         .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
         .mariadb = "INSERT INTO nodes () VALUES () RETURNING nodes.id, nodes.parent_id, nodes.label"});
}

static void updates(golden_visit visit, void *context) {
    const ath_select_stmt *owners = ath_select(.columns = ath_cols(A(user_id)));
    VISIT(
        {"functions",
         UPDATE(USERS, .set = ath_set(ath_to(User, name, ath_upper(U(name))), ath_to(User, age, U(id))),
                .where = ath_eq(U(id), 1)),
         .text = "UPDATE users SET name=upper(users.name), age=users.id WHERE users.id = ?"},
        {"correlated",
         UPDATE(USERS,
                .set = ath_set(ath_to(
                    User, age,
                    ath_subquery(ath_select(.columns = ath_cols(ath_max(A(id))), .where = ath_eq(A(user_id), U(id)))))),
                .where = ath_eq(U(id), 1)),
         .text = "UPDATE users SET age=(SELECT max(addresses.id) AS max_1 FROM addresses WHERE addresses.user_id = "
                 "users.id) WHERE users.id = ?"},
        {"from_table",
         UPDATE(USERS, .set = ath_set(ath_to(User, status, ath_substr(A(city), 1, 5))),
                .from = ath_from(ath_model_source(Address)), .where = ath_eq(U(id), A(user_id))),
         .text =
             "UPDATE users SET status=substr(addresses.city, ?, ?) FROM addresses WHERE users.id = addresses.user_id",
         .mysql = "UPDATE users, addresses SET users.status=substr(addresses.city, ?, ?) WHERE users.id = "
                  "addresses.user_id"},
        {"from_two",
         UPDATE(USERS, .set = ath_set(ath_to(User, age, 5), ath_to(User, status, O(state))),
                .from = ath_from(ath_model_source(Address), ath_model_source(Order)),
                .where = ath_and(ath_eq(U(id), A(user_id)), ath_eq(U(id), O(user_id)))),
         .text = "UPDATE users SET age=?, status=orders.state FROM addresses, orders WHERE users.id = "
                 "addresses.user_id AND users.id = orders.user_id",
         .mysql = "UPDATE users, addresses, orders SET users.age=?, users.status=orders.state WHERE users.id = "
                  "addresses.user_id AND users.id = orders.user_id"},
        {"from_alias",
         UPDATE(USERS, .set = ath_set(ath_to(User, age, ath_col_of("m", User, age))),
                .from = ath_from(ath_model_as(User, "m")), .where = ath_eq(U(manager_id), ath_col_of("m", User, id))),
         .text = "UPDATE users SET age=m.age FROM users AS m WHERE users.manager_id = m.id",
         .mysql = "UPDATE users, users AS m SET users.age=m.age WHERE users.manager_id = m.id"},
        {"with_case",
         UPDATE(USERS, .set = ath_set(ath_to(User, status, ath_case(ath_when(ath_gt(U(age), 26), "a"), ath_else("b")))),
                .where = ath_in_query(U(id), owners)),
         .text = "UPDATE users SET status=CASE WHEN (users.age > ?) THEN ? ELSE ? END WHERE users.id IN (SELECT "
                 "addresses.user_id FROM addresses)"},
        {"returning",
         UPDATE(USERS, .set = ath_set(ath_to(User, age, 5)), .where = ath_eq(U(id), 1),
                .returning = ath_cols(U(id), U(age))),
         .sqlite = "UPDATE users SET age=? WHERE users.id = ? RETURNING id, age",
         .postgresql = "UPDATE users SET age=$1 WHERE users.id = $2 RETURNING users.id, users.age",
         .mysql = "not-supported: MySQL has no UPDATE ... RETURNING",
         .mariadb = "not-supported: MariaDB has no UPDATE ... RETURNING"});
}

static void updates_2(golden_visit visit, void *context) {
    VISIT({"decimals",
           UPDATE(USERS, .set = ath_set(ath_to(User, age, NULL), ath_to(User, balance, ath_times(U(balance), 2))),
                  .all_rows = true),
           .text = "UPDATE users SET age=?, balance=(users.balance * ?)"},
          {"negative_and_false",
           UPDATE(USERS, .set = ath_set(ath_to(User, age, ath_negate(U(age))), ath_to(User, is_active, false)),
                  .all_rows = true),
           .text = "UPDATE users SET age=(-users.age), is_active=?"},
          {"concatenated",
           UPDATE(USERS,
                  .set = ath_set(ath_to(User, age, ath_minus(U(age), 1)),
                                 ath_to(User, status, ath_concat("x", U(status)))),
                  .all_rows = true),
           .text = "UPDATE users SET age=(users.age - ?), status=(? || users.status)",
           .mysql = "UPDATE users SET age=(users.age - ?), status=(concat(?, users.status))"},
          {"ordered_and_limited",
           UPDATE(USERS, .set = ath_set(ath_to(User, age, 1)), .all_rows = true, .order_by = ath_by(ath_desc(U(id))),
                  .limit = 2),
           .text = "UPDATE users SET age=? ORDER BY users.id DESC LIMIT ?",
           .sqlite = "not-supported: SQLite 3.40.1 has no ORDER BY and LIMIT in UPDATE and DELETE",
           .postgresql = "not-supported: PostgreSQL has no ORDER BY and LIMIT in UPDATE and DELETE"},
          {"update_by_name",
           UPDATE(.table = "users",
                  .set = ath_set(ath_name_to("age", ath_plus(ath_typed(ath_name("users", "age"), ATH_INTEGER), 1))),
                  .where = ath_eq(ath_name("users", "id"), 1)),
           .text = "UPDATE users SET age=(users.age + ?) WHERE users.id = ?"},
          {"update_in_schema",
           UPDATE(.table = "audit", .schema = "log", .set = ath_set(ath_name_to("what", "x")),
                  .where = ath_eq(ath_name(NULL, "id"), 1)),
           .text = "UPDATE log.audit SET what=? WHERE id = ?"},
          {"update_all_refused", UPDATE(USERS, .set = ath_set(ath_to(User, age, 1))),
           .sqlite = "argument: UPDATE without .where changes every row; say .all_rows = true if that is meant",
           .postgresql = "argument: UPDATE without .where changes every row; say .all_rows = true if that is meant",
           .mysql = "argument: UPDATE without .where changes every row; say .all_rows = true if that is meant"});
}

static void deletes(golden_visit visit, void *context) {
    VISIT({"all_rows", DELETE(ADDRESSES, .all_rows = true), .text = "DELETE FROM addresses"},
          {"delete_returning", DELETE(ADDRESSES, .where = ath_eq(A(id), 1), .returning = ath_cols(A(id), A(city))),
           .text = "DELETE FROM addresses WHERE addresses.id = ? RETURNING addresses.id, addresses.city",
           .sqlite = "DELETE FROM addresses WHERE addresses.id = ? RETURNING id, city",
           .mysql = "not-supported: MySQL has no DELETE ... RETURNING",
           .mariadb = "DELETE FROM addresses WHERE addresses.id = ? RETURNING addresses.id, addresses.city"},
          {"not_exists_in_delete",
           DELETE(ADDRESSES, .where = ath_not(ath_exists(
                                 ath_select(.columns = ath_cols(U(id)), .where = ath_eq(A(user_id), U(id)))))),
           .text = "DELETE FROM addresses WHERE NOT (EXISTS (SELECT users.id FROM users WHERE addresses.user_id = "
                   "users.id))"},
          {"in_list", DELETE(ADDRESSES, .where = ath_in(A(id), 1, 2)),
           .text = "DELETE FROM addresses WHERE addresses.id IN (?, ?)"},
          {"delete_using_two",
           DELETE(ADDRESSES, .from = ath_from(ath_model_source(User), ath_model_as(Order, "o")),
                  .where = ath_and(ath_eq(A(user_id), U(id)), ath_eq(ath_col_of("o", Order, user_id), U(id)))),
           .text = "DELETE FROM addresses USING addresses, users, orders AS o WHERE addresses.user_id = users.id AND "
                   "o.user_id = users.id",
           .sqlite = "not-supported: SQLite 3.40.1 has no DELETE from one table by others (use a subquery)",
           .postgresql = "DELETE FROM addresses USING users, orders AS o WHERE addresses.user_id = users.id AND "
                         "o.user_id = users.id"},
          {"delete_limited", DELETE(ADDRESSES, .all_rows = true, .order_by = ath_by(A(id)), .limit = 1),
           .text = "DELETE FROM addresses ORDER BY addresses.id LIMIT ?",
           .sqlite = "not-supported: SQLite 3.40.1 has no ORDER BY and LIMIT in UPDATE and DELETE",
           .postgresql = "not-supported: PostgreSQL has no ORDER BY and LIMIT in UPDATE and DELETE"},
          {"delete_by_name", DELETE(.table = "addresses", .where = ath_eq(ath_name("addresses", "id"), 1)),
           .text = "DELETE FROM addresses WHERE addresses.id = ?"});
}

static void deletes_2(golden_visit visit, void *context) {
    VISIT({"delete_all_refused", DELETE(ADDRESSES, .where = ath_and(NULL, NULL)),
           .sqlite = "argument: DELETE without .where changes every row; say .all_rows = true if that is meant",
           .postgresql = "argument: DELETE without .where changes every row; say .all_rows = true if that is meant",
           .mysql = "argument: DELETE without .where changes every row; say .all_rows = true if that is meant"});
}

static void upserts(golden_visit visit, void *context) {
    VISIT(
        {"do_nothing", INSERT(COUNTERS, HITS(1), .on_conflict = ath_on_conflict(.columns = ath_names("key"))),
         .text = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE `key` = counters.`key`",
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO NOTHING",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING"},
        {"add_up",
         INSERT(COUNTERS, HITS(1),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"),
                                               .set = ath_set(ath_to(Counter, n, ath_plus(C(n), 1))))),
         .text = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = (counters.n + ?)",
         .sqlite =
             "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = (counters.n + ?)",
         .postgresql =
             "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET n = (counters.n + $3)"},
        {"excluded_and_own",
         INSERT(COUNTERS, HITS(1),
                .on_conflict =
                    ath_on_conflict(.columns = ath_names("key"),
                                    .set = ath_set(ath_to(Counter, n, ath_plus(ath_excluded(Counter, n), C(n))),
                                                   ath_to(Counter, note, "x")))),
         .text = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = (VALUES(n) + counters.n), "
                 "note = ?",
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = "
                   "(excluded.n + counters.n), note = ?",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET n = (excluded.n "
                       "+ counters.n), note = $3"},
        {"excluded_where",
         INSERT(COUNTERS, HITS(1),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"),
                                               .set = ath_set(ath_to(Counter, n, ath_excluded(Counter, n))),
                                               .update_where = ath_lt(C(n), ath_excluded(Counter, n))),
                .returning = ath_cols(C(n))),
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = excluded.n "
                   "WHERE counters.n < excluded.n RETURNING n",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET n = excluded.n "
                       "WHERE counters.n < excluded.n RETURNING counters.n",
         .mysql = "not-supported: MySQL has no upsert with a condition",
         .mariadb = "not-supported: MariaDB has no upsert with a condition"},
        {"upsert_from_select",
         INSERT(COUNTERS, .columns = ath_names("key", "n"), .select = ath_select(.columns = ath_cols(U(name), U(id))),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"),
                                               .set = ath_set(ath_to(Counter, n, ath_excluded(Counter, n))))),
         .text = "INSERT INTO counters (`key`, n) SELECT users.name, users.id FROM users ON DUPLICATE KEY UPDATE n = "
                 "VALUES(n)",
         .sqlite = "INSERT INTO counters (\"key\", n) SELECT users.name, users.id FROM users WHERE 1 = 1 ON CONFLICT "
                   "(\"key\") DO UPDATE SET n = excluded.n",
         .postgresql = "INSERT INTO counters (key, n) SELECT users.name, users.id FROM users ON CONFLICT (key) DO "
                       "UPDATE SET n = excluded.n"},
        {"upsert_by_name",
         INSERT(.table = "counters", .set = ath_set(ath_name_to("key", "hits"), ath_name_to("n", 1)),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"),
                                               .set = ath_set(ath_name_to("n", ath_excluded_name("n"))))),
         .text = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = VALUES(n)",
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = excluded.n",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET n = excluded.n"},
        {"upsert_returning",
         INSERT(COUNTERS, HITS(1),
                .on_conflict = ath_on_conflict(.columns = ath_names("key"), .set = ath_set(ath_to(Counter, n, 5))),
                .returning = ath_cols(C(key), C(n))),
         .sqlite = "INSERT INTO counters (\"key\", n) VALUES (?, ?) ON CONFLICT (\"key\") DO UPDATE SET n = ? "
                   "RETURNING \"key\", n",
         .postgresql = "INSERT INTO counters (key, n) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET n = $3 RETURNING "
                       "counters.key, counters.n",
         .mysql = "not-supported: MySQL has no INSERT ... RETURNING",
         .mariadb = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = ? RETURNING "
                    "counters.`key`, counters.n"});
}

static void upserts_2(golden_visit visit, void *context) {
    VISIT({"no_key_named",
           INSERT(COUNTERS, HITS(1), .on_conflict = ath_on_conflict(.set = ath_set(ath_to(Counter, n, 5)))),
           .text = "INSERT INTO counters (`key`, n) VALUES (?, ?) ON DUPLICATE KEY UPDATE n = ?",
           .sqlite = "argument: an upsert that updates must name the key: .columns or .constraint",
           .postgresql = "argument: an upsert that updates must name the key: .columns or .constraint"},
          {"ignore", INSERT(COUNTERS, .prefix = "OR REPLACE", HITS(1)),
           .sqlite = "INSERT OR REPLACE INTO counters (\"key\", n) VALUES (?, ?)"});
}

void language_alter(golden_visit visit, void *context) {
    inserts(visit, context);
    inserts_2(visit, context);
    updates(visit, context);
    updates_2(visit, context);
    deletes(visit, context);
    deletes_2(visit, context);
    upserts(visit, context);
    upserts_2(visit, context);
}
