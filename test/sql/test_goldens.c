/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements of the goldens (SQLAlchemy 2.1 for SQLite, case names as there) in our language.  The text is SQLAlchemy's
 * with whitespace folded, except where the row says `ours`.  We differ on purpose:
 *   bound     every value is bound, true and false and NULL too, where SQLAlchemy writes some into the text;
 *   escaped   contains, startswith and endswith escape wildcards (ESCAPE '/'), and stand without outer parentheses;
 *   limit     LIMIT stands without OFFSET 0, and only an OFFSET says LIMIT -1 instead of binding -1;
 *   plain     no parentheses where precedence needs none: around NOT IN, around the value of SET, around a bound case;
 *   names     a subquery's columns are not repeated as AS name; CAST has no name of its column, but anon_1;
 *   not       NOT is written as NOT (...), it does not turn the operator round;
 *   division  a / b is written as it is: integers divide as the database divides them.
 */
#include "compiling.h"

typedef struct golden_row {
    const char *id;
    ath_stmt stmt;
    const char *theirs, *ours; /* ours: NULL when the same */
} golden_row;

static void check_goldens(const golden_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        test_context("%s", rows[i].id);
        CHECK_STR(sql_of(&dialect_golden, rows[i].stmt), rows[i].ours ? rows[i].ours : rows[i].theirs);
        CHECK(!rows[i].ours || strcmp(rows[i].ours, rows[i].theirs) != 0);
    }
    test_context("%s", "");
}

#define CHECK_GOLDENS(...)                                                                                             \
    do {                                                                                                               \
        const golden_row golden_rows_[] = {__VA_ARGS__};                                                               \
        check_goldens(golden_rows_, TEST_COUNT(golden_rows_));                                                         \
    } while (0)

#define SELECT(...) ath_stmt_of(ath_select(__VA_ARGS__))
#define IDS(...) SELECT(.columns = ath_cols(UID), .where = (__VA_ARGS__))
#define UID ath_col(User, id)
#define NAME ath_col(User, name)
#define AGE ath_col(User, age)
#define U_(f) ath_col(User, f)
#define FROM_USERS "SELECT users.id FROM users WHERE "

TEST(where) {
    const ath_datetime moment = {0};
    int32_t ids[] = {4, 5};
    CHECK_GOLDENS(
        {"where_ne", IDS(ath_ne(NAME, "alice")), FROM_USERS "users.name != ?", NULL},
        {"where_ne_none", IDS(ath_ne(AGE, NULL)), FROM_USERS "users.age IS NOT NULL", NULL},
        {"where_false_or", IDS(ath_or(NULL, ath_gt(AGE, 5))), FROM_USERS "users.age > ?", NULL},
        {"where_in_bindparam", IDS(ath_in_array(UID, ids, 2)), FROM_USERS "users.id IN (?, ?)", NULL},
        {"where_ilike", IDS(ath_ilike(NAME, "AL%")), FROM_USERS "lower(users.name) LIKE lower(?)", NULL},
        {"where_not_ilike", IDS(ath_not_ilike(NAME, "AL%")), FROM_USERS "lower(users.name) NOT LIKE lower(?)", NULL},
        {"where_contains", IDS(ath_contains(NAME, "li")), FROM_USERS "(users.name LIKE '%' || ? || '%')",
         FROM_USERS "users.name LIKE '%' || ? || '%' ESCAPE '/'"},
        {"where_endswith", IDS(ath_endswith(NAME, "ce")), FROM_USERS "(users.name LIKE '%' || ?)",
         FROM_USERS "users.name LIKE '%' || ? ESCAPE '/'"},
        {"where_startswith_autoescape", IDS(ath_startswith(NAME, "Eve_")),
         FROM_USERS "(users.name LIKE ? || '%' ESCAPE '#')", FROM_USERS "users.name LIKE ? || '%' ESCAPE '/'"},
        {"where_datetime", IDS(ath_lt(U_(created_at), moment)), FROM_USERS "users.created_at < ?", NULL},
        {"where_string_quote", IDS(ath_eq(U_(fullname), "O'Neil \\ \"Eve\"")), FROM_USERS "users.fullname = ?", NULL});
}

TEST(logic) {
    const ath_expr *hit = ath_or(ath_gt(AGE, 40), ath_eq(UID, 1)), *both = ath_and(ath_gt(AGE, 20), ath_gt(UID, 2));
    CHECK_GOLDENS(
        {"logic_or_where_and", IDS(ath_and(ath_or(ath_gt(AGE, 40), ath_lt(AGE, 26)), ath_ne(UID, 5))),
         FROM_USERS "(users.age > ? OR users.age < ?) AND users.id != ?", NULL},
        {"logic_nested_same", IDS(ath_and(ath_and(ath_gt(UID, 0), ath_lt(UID, 9)), ath_gt(AGE, 1))),
         FROM_USERS "users.id > ? AND users.id < ? AND users.age > ?", NULL},
        {"logic_not_lt", IDS(ath_not(ath_lt(AGE, 30))), FROM_USERS "users.age >= ?", FROM_USERS "NOT (users.age < ?)"},
        {"logic_deep",
         IDS(ath_or(
             ath_and(ath_eq(UID, 1), ath_or(ath_eq(AGE, 30), ath_and(ath_eq(AGE, 25), ath_eq(U_(status), NULL)))),
             ath_not(ath_and(ath_lt(UID, 5), ath_gt(UID, 1))))),
         FROM_USERS
         "users.id = ? AND (users.age = ? OR users.age = ? AND users.status IS NULL) OR NOT (users.id < ? AND "
         "users.id > ?)",
         NULL},
        {"logic_and_select", SELECT(.columns = ath_cols(UID, ath_label(both, "b")), .order_by = ath_by(UID)),
         "SELECT users.id, users.age > ? AND users.id > ? AS b FROM users ORDER BY users.id", NULL},
        {"logic_or_label", SELECT(.columns = ath_cols(ath_label(hit, "hit")), .order_by = ath_by(UID)),
         "SELECT users.age > ? OR users.id = ? AS hit FROM users ORDER BY users.id", NULL});
}

#define I_(f) ath_col(Item, f)

TEST(arith) {
    CHECK_GOLDENS(
        {"arith_mul",
         SELECT(.columns = ath_cols(ath_label(ath_times(I_(qty), ath_value_of(I_(unit_price))), "line")),
                .order_by = ath_by(I_(order_id), I_(product_id))),
         "SELECT order_items.qty * order_items.unit_price AS line FROM order_items ORDER BY order_items.order_id, "
         "order_items.product_id",
         NULL},
        {"arith_div_numeric",
         SELECT(.columns = ath_cols(ath_label(ath_divide(U_(balance), 4), "x")), .order_by = ath_by(UID)),
         "SELECT users.balance / (? + 0.0) AS x FROM users ORDER BY users.id",
         "SELECT users.balance / ? AS x FROM users ORDER BY users.id"},
        {"arith_floordiv", SELECT(.columns = ath_cols(ath_label(ath_divide(AGE, 7), "x")), .order_by = ath_by(UID)),
         "SELECT users.age / ? AS x FROM users ORDER BY users.id", NULL},
        {"arith_prec_mul_add",
         SELECT(.columns = ath_cols(ath_label(ath_plus(AGE, ath_times(UID, 2)), "x")), .order_by = ath_by(UID)),
         "SELECT users.age + users.id * ? AS x FROM users ORDER BY users.id", NULL},
        {"arith_prec_add_sub",
         SELECT(.columns = ath_cols(ath_label(ath_plus(ath_minus(AGE, UID), 1), "x"),
                                    ath_label(ath_minus(AGE, ath_plus(UID, 1)), "y")),
                .order_by = ath_by(UID)),
         "SELECT (users.age - users.id) + ? AS x, users.age - (users.id + ?) AS y FROM users ORDER BY users.id", NULL},
        {"arith_cmp", IDS(ath_gt(ath_plus(AGE, 5), ath_times(UID, 10))), FROM_USERS "users.age + ? > users.id * ?",
         NULL});
}

TEST(expr) {
    CHECK_GOLDENS(
        {"expr_cast_str_len",
         SELECT(.columns = ath_cols(ath_label(ath_cast(AGE, ATH_STRING(10)), "a")), .order_by = ath_by(UID)),
         "SELECT CAST(users.age AS VARCHAR(10)) AS a FROM users ORDER BY users.id", NULL},
        {"expr_cast_numeric", SELECT(.columns = ath_cols(ath_cast(AGE, ATH_NUMERIC(10, 2))), .where = ath_eq(UID, 1)),
         "SELECT CAST(users.age AS NUMERIC(10, 2)) AS age FROM users WHERE users.id = ?",
         "SELECT CAST(users.age AS NUMERIC(10, 2)) AS anon_1 FROM users WHERE users.id = ?"},
        {"expr_cast_binary", SELECT(.columns = ath_cols(ath_label(ath_cast(NAME, ATH_BINARY), "name"))),
         "SELECT CAST(users.name AS BLOB) AS name FROM users", NULL},
        {"expr_cast_where", IDS(ath_eq(ath_cast(AGE, ATH_STRING(0)), "25")),
         FROM_USERS "CAST(users.age AS VARCHAR) = ?", NULL},
        {"expr_agg",
         SELECT(.columns = ath_cols(ath_sum(ath_col(Order, total)), ath_min(ath_col(Order, total)),
                                    ath_max(ath_col(Order, total)))),
         "SELECT sum(orders.total) AS sum_1, min(orders.total) AS min_1, max(orders.total) AS max_1 FROM orders", NULL},
        {"select_literal", SELECT(.columns = ath_cols(ath_int(5), ath_label(ath_str("x"), "s"))),
         "SELECT ? AS anon_1, ? AS s", NULL},
        {"select_null", SELECT(.columns = ath_cols(ath_label(ath_null(), "n"), ath_label(ath_bool(true), "t"))),
         "SELECT NULL AS n, 1 AS t", "SELECT ? AS n, ? AS t"},
        {"select_no_from", SELECT(.columns = ath_cols(ath_label(ath_func("abs", -3), "a"))), "SELECT abs(?) AS a",
         NULL});
}

TEST(selects) {
    const ath_select_stmt *sq = ath_select(.columns = ath_cols(UID, NAME), .where = ath_gt(AGE, 20));
    const ath_select_stmt *counts =
        ath_select(.columns = ath_cols(ath_label(UID, "uid"), ath_label(ath_count(ath_col(Address, id)), "n")),
                   .joins = ath_joins(ath_join(Address)), .group_by = ath_by(UID));
    CHECK_GOLDENS(
        {"select_distinct", SELECT(.columns = ath_cols(AGE), .distinct = true), "SELECT DISTINCT users.age FROM users",
         NULL},
        {"select_count_col", SELECT(.columns = ath_cols(ath_count(UID))),
         "SELECT count(users.id) AS count_1 FROM users", NULL},
        {"select_count_distinct", SELECT(.columns = ath_cols(ath_count_distinct(AGE))),
         "SELECT count(DISTINCT users.age) AS count_1 FROM users", NULL},
        {"select_same_name_cols",
         SELECT(.columns = ath_cols(UID, ath_col(Address, id), ath_col(Address, user_id)),
                .where = ath_eq(UID, ath_col(Address, user_id))),
         "SELECT users.id, addresses.id AS id_1, addresses.user_id FROM users, addresses WHERE users.id = "
         "addresses.user_id",
         NULL},
        {"select_subquery_from",
         SELECT(.columns = ath_cols(ath_name("sq", "name")), .from = ath_from(ath_select_as(sq, "sq")),
                .where = ath_lt(ath_name("sq", "id"), 5)),
         "SELECT sq.name FROM (SELECT users.id AS id, users.name AS name FROM users WHERE users.age > ?) AS sq WHERE "
         "sq.id < ?",
         "SELECT sq.name FROM (SELECT users.id, users.name FROM users WHERE users.age > ?) AS sq WHERE sq.id < ?"},
        {"select_subquery_renamed",
         SELECT(.columns = ath_cols(NAME, ath_name("counts", "n")),
                .joins = ath_joins(
                    ath_join_to(ath_select_as(counts, "counts"), .on = ath_eq(ath_name("counts", "uid"), UID)))),
         "SELECT users.name, counts.n FROM users JOIN (SELECT users.id AS uid, count(addresses.id) AS n FROM users "
         "JOIN "
         "addresses ON users.id = addresses.user_id GROUP BY users.id) AS counts ON counts.uid = users.id",
         NULL},
        {"select_limit", SELECT(.columns = ath_cols(UID), .order_by = ath_by(UID), .limit = 2),
         "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?",
         "SELECT users.id FROM users ORDER BY users.id LIMIT ?"},
        {"select_offset", SELECT(.columns = ath_cols(UID), .order_by = ath_by(UID), .offset = 2),
         "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?",
         "SELECT users.id FROM users ORDER BY users.id LIMIT -1 OFFSET ?"},
        {"select_slice", SELECT(.columns = ath_cols(UID), .order_by = ath_by(UID), .offset = 2, .limit = 2),
         "SELECT users.id FROM users ORDER BY users.id LIMIT ? OFFSET ?", NULL});
}

TEST(join) {
    const ath_expr *owner = ath_eq(ath_col(Order, user_id), UID);
    const ath_expr *line = ath_eq(I_(order_id), ath_col(Order, id));
    CHECK_GOLDENS(
        {"join_left",
         SELECT(.columns = ath_cols(NAME, ath_col(Address, city)), .joins = ath_joins(ath_outer_join(Address))),
         "SELECT users.name, addresses.city FROM users LEFT OUTER JOIN addresses ON users.id = addresses.user_id",
         NULL},
        {"join_chain",
         SELECT(.columns = ath_cols(NAME, I_(qty)),
                .joins = ath_joins(ath_join(Order, .on = owner), ath_join(Item, .on = line))),
         "SELECT users.name, order_items.qty FROM users JOIN orders ON orders.user_id = users.id JOIN order_items ON "
         "order_items.order_id = orders.id",
         NULL},
        {"join_group",
         SELECT(.columns = ath_cols(NAME, ath_label(ath_count(ath_col(Address, id)), "n")),
                .joins = ath_joins(ath_outer_join(Address)), .group_by = ath_by(NAME), .order_by = ath_by(NAME)),
         "SELECT users.name, count(addresses.id) AS n FROM users LEFT OUTER JOIN addresses ON users.id = "
         "addresses.user_id GROUP BY users.name ORDER BY users.name",
         NULL},
        {"join_right_emulated",
         SELECT(.columns = ath_cols(ath_col(Order, id), NAME), .from = ath_from(ath_model_source(Order)),
                .joins = ath_joins(ath_outer_join(User, .on = owner)), .order_by = ath_by(ath_col(Order, id))),
         "SELECT orders.id, users.name FROM orders LEFT OUTER JOIN users ON orders.user_id = users.id ORDER BY "
         "orders.id",
         NULL});
}

TEST(subq) {
    const ath_expr *mine = ath_eq(ath_col(Address, user_id), UID);
    const ath_select_stmt *n = ath_select(.columns = ath_cols(ath_count(ath_col(Address, id))), .where = mine);
    const ath_select_stmt *average = ath_select(.columns = ath_cols(ath_avg(ath_col_of("u2", User, age))),
                                                .from = ath_from(ath_model_as(User, "u2")),
                                                .where = ath_eq(ath_col_of("u2", User, status), U_(status)));
    CHECK_GOLDENS(
        {"subq_scalar", SELECT(.columns = ath_cols(NAME, ath_label(ath_subquery(n), "n")), .order_by = ath_by(UID)),
         "SELECT users.name, (SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = users.id) "
         "AS n FROM users ORDER BY users.id",
         NULL},
        {"subq_correlated", IDS(ath_gt(AGE, ath_subquery(average))),
         FROM_USERS "users.age > (SELECT avg(u2.age) AS avg_1 FROM users AS u2 WHERE u2.status = users.status)", NULL},
        {"subq_exists_select",
         IDS(ath_exists(ath_select(.columns = ath_cols(ath_col(Address, id)),
                                   .where = ath_and(mine, ath_eq(ath_col(Address, city), "Oxford"))))),
         FROM_USERS
         "EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id AND addresses.city = "
         "?)",
         NULL},
        {"subq_in_correlated",
         IDS(ath_in_query(UID, ath_select(.columns = ath_cols(ath_col(Order, user_id)),
                                          .where = ath_and(ath_eq(ath_col(Order, user_id), UID),
                                                           ath_gt(ath_col(Order, total), 20))))),
         FROM_USERS "users.id IN (SELECT orders.user_id FROM orders WHERE orders.user_id = users.id AND orders.total > "
                    "?)",
         NULL});
}

TEST(group_and_cte) {
    const ath_select_stmt *a = ath_select(.columns = ath_cols(UID, AGE));
    const ath_select_stmt *b =
        ath_select(.columns = ath_cols(ath_name("a", "id")), .where = ath_gt(ath_name("a", "age"), 26));
    const ath_cte chain[] = {{.name = "a", .query = a}, {.name = "b", .query = b}};
    CHECK_GOLDENS(
        {"group_by_label",
         SELECT(.columns = ath_cols(ath_label(ath_length(NAME), "ln"), ath_label(ath_count_all(), "n")),
                .group_by = ath_by(ath_name(NULL, "ln")), .order_by = ath_by(ath_name(NULL, "ln"))),
         "SELECT length(users.name) AS ln, count(*) AS n FROM users GROUP BY ln ORDER BY ln", NULL},
        {"group_having_bind",
         SELECT(.columns = ath_cols(ath_col(Order, user_id), ath_sum(ath_col(Order, total))),
                .group_by = ath_by(ath_col(Order, user_id)),
                .having = ath_gt(ath_times(ath_sum(ath_col(Order, total)), 2), 50)),
         "SELECT orders.user_id, sum(orders.total) AS sum_1 FROM orders GROUP BY orders.user_id HAVING "
         "sum(orders.total) * ? > ?",
         NULL},
        {"group_full",
         SELECT(.columns = ath_cols(AGE, ath_label(ath_count_all(), "n")), .where = ath_gt(UID, 0),
                .group_by = ath_by(AGE), .having = ath_ge(ath_count_all(), 1), .order_by = ath_by(ath_desc(AGE)),
                .limit = 2, .offset = 1),
         "SELECT users.age, count(*) AS n FROM users WHERE users.id > ? GROUP BY users.age HAVING count(*) >= ? ORDER "
         "BY users.age DESC LIMIT ? OFFSET ?",
         NULL},
        {"cte_chain", SELECT(.with = (ath_cte_list){2, chain}, .columns = ath_cols(ath_name("b", "id"))),
         "WITH a AS (SELECT users.id AS id, users.age AS age FROM users), b AS (SELECT a.id AS id FROM a WHERE a.age > "
         "?) SELECT b.id FROM b",
         "WITH a AS (SELECT users.id, users.age FROM users), b AS (SELECT a.id FROM a WHERE a.age > ?) SELECT b.id "
         "FROM "
         "b"},
        {"cte_alias",
         SELECT(.with = ath_with(.name = "c", .query = ath_select(.columns = ath_cols(UID, U_(manager_id)))),
                .columns = ath_cols(ath_name("c", "id"), ath_name("x", "id")),
                .from = ath_from(ath_table_ref("c"), ath_table_as("c", "x")),
                .where = ath_eq(ath_name("c", "manager_id"), ath_name("x", "id")),
                .order_by = ath_by(ath_name("c", "id"))),
         "WITH c AS (SELECT users.id AS id, users.manager_id AS manager_id FROM users) SELECT c.id, x.id AS id_1 FROM "
         "c, c AS x WHERE c.manager_id = x.id ORDER BY c.id",
         "WITH c AS (SELECT users.id, users.manager_id FROM users) SELECT c.id, x.id AS id_1 FROM c, c AS x WHERE "
         "c.manager_id = x.id ORDER BY c.id"});
}

#define INSERT(M, ...) ath_stmt_of(ath_insert(.model = ath_model_of(M), __VA_ARGS__))
#define UPDATE(M, ...) ath_stmt_of(ath_update_of(.model = ath_model_of(M), __VA_ARGS__))
#define DELETE(M, ...) ath_stmt_of(ath_delete_of(.model = ath_model_of(M), __VA_ARGS__))

TEST(insert_and_delete) {
    const ath_expr *user_id = ath_value_of(ath_col(Address, user_id));
    CHECK_GOLDENS(
        {"ins_values", INSERT(Counter, .set = ath_set(ath_to(Counter, key, "k"), ath_to(Counter, n, 5))),
         "INSERT INTO counters (\"key\", n) VALUES (?, ?)", NULL},
        {"ins_default_values", INSERT(Node, .set = {0}), "INSERT INTO nodes DEFAULT VALUES", NULL},
        {"ins_returning",
         INSERT(Node, .set = ath_set(ath_to(Node, parent_id, 1), ath_to(Node, label, "new")),
                .returning = ath_cols(ath_col(Node, id), ath_col(Node, label))),
         "INSERT INTO nodes (parent_id, label) VALUES (?, ?) RETURNING id, label", NULL},
        {"ins_text_value",
         INSERT(Counter, .set = ath_set(ath_to(Counter, key, "t"), ath_to(Counter, n, ath_text("40 + 2")))),
         "INSERT INTO counters (\"key\", n) VALUES (?, 40 + 2)", NULL},
        {"del_and", DELETE(Address, .where = ath_and(ath_eq(user_id, 1), ath_ne(ath_col(Address, city), "Oxford"))),
         "DELETE FROM addresses WHERE addresses.user_id = ? AND addresses.city != ?", NULL},
        {"del_in_sub",
         DELETE(Address,
                .where = ath_in_query(user_id, ath_select(.columns = ath_cols(UID), .where = ath_lt(AGE, 26)))),
         "DELETE FROM addresses WHERE addresses.user_id IN (SELECT users.id FROM users WHERE users.age < ?)", NULL});
}

TEST(update) {
    const ath_expr *first = ath_eq(UID, 1);
    CHECK_GOLDENS({"upd_all", UPDATE(User, .set = ath_set(ath_to(User, status, "x")), .all_rows = true),
                   "UPDATE users SET status=?", NULL},
                  {"upd_two",
                   UPDATE(User, .set = ath_set(ath_to(User, name, "Robert"), ath_to(User, age, 26)),
                          .where = ath_eq(NAME, "bob")),
                   "UPDATE users SET name=?, age=? WHERE users.name = ?", NULL},
                  {"upd_expr", UPDATE(User, .set = ath_set(ath_to(User, age, ath_plus(AGE, 1))), .where = first),
                   "UPDATE users SET age=(users.age + ?) WHERE users.id = ?",
                   "UPDATE users SET age=users.age + ? WHERE users.id = ?"},
                  {"upd_null", UPDATE(User, .set = ath_set(ath_to(User, email, NULL)), .where = first),
                   "UPDATE users SET email=? WHERE users.id = ?", NULL},
                  {"upd_ordered",
                   UPDATE(User, .set = ath_set(ath_to(User, age, 5), ath_to(User, name, "x")), .where = first),
                   "UPDATE users SET age=?, name=? WHERE users.id = ?", NULL},
                  {"upd_cte_alias",
                   UPDATE(Product, .set = ath_set(ath_to(Product, qty, ath_plus(ath_col(Product, qty), 10))),
                          .where = ath_not_in(ath_col(Product, sku), "A-1", "B_2")),
                   "UPDATE products SET qty=(products.qty + ?) WHERE (products.sku NOT IN (?, ?))",
                   "UPDATE products SET qty=products.qty + ? WHERE products.sku NOT IN (?, ?)"});
}

TEST(quoting) {
    CHECK_GOLDENS({"q_reserved",
                   SELECT(.columns = ath_cols(ath_col(Weird, select), ath_col(Weird, from), ath_col(Weird, user))),
                   "SELECT \"Order Details\".\"select\", \"Order Details\".\"from\", \"Order Details\".user FROM "
                   "\"Order Details\"",
                   NULL},
                  {"q_mixed", SELECT(.columns = ath_cols(ath_col(Weird, mixed), ath_col(Weird, id))),
                   "SELECT \"Order Details\".\"mixedCase\", \"Order Details\".\"Id\" FROM \"Order Details\"", NULL},
                  {"q_label_percent", SELECT(.columns = ath_cols(ath_label(UID, "a%b"), ath_label(UID, "c:d"))),
                   "SELECT users.id AS \"a%b\", users.id AS \"c:d\" FROM users", NULL});
}

TEST(seeds) {
    CHECK_GOLDENS({"seed_raw_select", ath_stmt_of(ath_text("SELECT * FROM users WHERE id = 1")),
                   "SELECT * FROM users WHERE id = 1", NULL},
                  {"seed_raw_update",
                   ath_stmt_of(ath_text("UPDATE users SET new_column = 'default' WHERE new_column IS NULL")),
                   "UPDATE users SET new_column = 'default' WHERE new_column IS NULL", NULL},
                  {"seed_update_bulk",
                   UPDATE(User, .set = ath_set(ath_to(User, status, "active")), .where = ath_is(U_(is_active))),
                   "UPDATE users SET status=? WHERE users.is_active = 1", NULL},
                  {"seed_op_execute_update",
                   ath_stmt_of(ath_update_of(.table = "posts", .set = ath_set(ath_name_to("status", "published")),
                                             .where = ath_eq(ath_name("posts", "status"), NULL))),
                   "UPDATE posts SET status=? WHERE posts.status IS NULL", NULL},
                  {"seed_delete_bulk", DELETE(User, .where = ath_eq(U_(is_active), false)),
                   "DELETE FROM users WHERE users.is_active = 0", "DELETE FROM users WHERE users.is_active = ?"});
}

static const test_case cases[] = {
    {"where", where},
    {"logic", logic},
    {"arith", arith},
    {"expr", expr},
    {"select", selects},
    {"join", join},
    {"subq", subq},
    {"group_and_cte", group_and_cte},
    {"insert_and_delete", insert_and_delete},
    {"update", update},
    {"quoting", quoting},
    {"seeds", seeds},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
