/* SPDX-License-Identifier: Apache-2.0
 *
 * Values: groups arith, expr and window.
 */
#include "goldens.h"

#define BY_ID .order_by = ath_by(U(id))
#define X(e) SELECT(.columns = ath_cols(ath_label(e, "x")), BY_ID)
#define BEHIND " AS x FROM users ORDER BY users.id"
#define FIRST(...) SELECT(.columns = ath_cols(__VA_ARGS__), .where = ath_eq(U(id), 1))
#define OF_FIRST " FROM users WHERE users.id = ?"

static void arith(golden_visit visit, void *context) {
    const ath_int_expr *double_id = ath_times(U(id), 2);
    VISIT({"arith_mul",
           SELECT(.columns = ath_cols(ath_label(ath_times(I(qty), ath_value_of(I(unit_price))), "line")),
                  .order_by = ath_by(I(order_id), I(product_id))),
           .text = "SELECT order_items.qty * order_items.unit_price AS line FROM order_items ORDER BY "
                   "order_items.order_id, order_items.product_id"},
          {"arith_div_numeric", X(ath_divide(U(balance), 4)), .sqlite = "SELECT users.balance / (? + 0.0)" BEHIND,
           .sqlite_rows = "[[25.125],[0],[-1.8125],[null],[2499999.9975]]",
           .postgresql = "SELECT users.balance / CAST($1 AS NUMERIC)" BEHIND,
           .mysql = "SELECT users.balance / ?" BEHIND},
          {"arith_floordiv", X(ath_floor_divide(U(age), 7)), .text = "SELECT users.age / ?" BEHIND,
           .sqlite = "SELECT (users.age / ? - CASE WHEN (users.age % ? != 0 AND (users.age < 0) != (? < 0)) THEN 1 "
                     "ELSE 0 END) AS x FROM users ORDER BY users.id",
           .postgresql = "SELECT (users.age / $1 - CASE WHEN (users.age % $2 != 0 AND (users.age < 0) != ($3 < 0)) "
                         "THEN 1 ELSE 0 END) AS x FROM users ORDER BY users.id",
           .mysql = "SELECT (users.age DIV ? - CASE WHEN (users.age % ? != 0 AND (users.age < 0) != (? < 0)) THEN 1 "
                    "ELSE 0 END) AS x FROM users ORDER BY users.id",
           .reason = "alike"},
          {"arith_prec_mul_add", X(ath_plus(U(age), double_id)), .text = "SELECT users.age + users.id * ?" BEHIND},
          {"arith_prec_add_sub",
           SELECT(.columns = ath_cols(ath_label(ath_plus(ath_minus(U(age), U(id)), 1), "x"),
                                      ath_label(ath_minus(U(age), ath_plus(U(id), 1)), "y")),
                  BY_ID),
           .text = "SELECT (users.age - users.id) + ? AS x, users.age - (users.id + ?) AS y FROM users ORDER BY "
                   "users.id"},
          {"arith_prec_div_mul", X(ath_divide(U(balance), double_id)),
           .sqlite = "SELECT users.balance / ((users.id * ?) + 0.0)" BEHIND,
           .sqlite_rows = "[[50.25],[0],[-1.20833333333333],[null],[999999.999]]",
           .postgresql = "SELECT users.balance / CAST((users.id * $1) AS NUMERIC)" BEHIND,
           .mysql = "SELECT users.balance / (users.id * ?)" BEHIND},
          {"arith_cmp", SELECT(.columns = ath_cols(U(id)), .where = ath_gt(ath_plus(U(age), 5), ath_times(U(id), 10))),
           .text = "SELECT users.id FROM users WHERE users.age + ? > users.id * ?"},
          {"arith_custom_op", SELECT(.columns = ath_cols(U(id)), .where = ath_op(U(age), "<>", 25)),
           .text = "SELECT users.id FROM users WHERE users.age <> ?"});
}

static void casts(golden_visit visit, void *context) {
    VISIT(
        {"expr_case_value",
         SELECT(.columns = ath_cols(ath_label(
                    ath_case_of(U(status), ath_is_value("gold", 3), ath_is_value("silver", 2), ath_else(0)), "rank")),
                BY_ID),
         .text = "SELECT CASE users.status WHEN ? THEN ? WHEN ? THEN ? ELSE ? END AS rank FROM users ORDER BY "
                 "users.id",
         .mysql = "SELECT CASE users.status WHEN ? THEN ? WHEN ? THEN ? ELSE ? END AS `rank` FROM users ORDER BY "
                  "users.id",
         .mariadb = "SELECT CASE users.status WHEN ? THEN ? WHEN ? THEN ? ELSE ? END AS rank FROM users ORDER BY "
                    "users.id"},
        {"expr_cast_str_len", SELECT(.columns = ath_cols(ath_label(ath_cast(U(age), ATH_STRING(10)), "a")), BY_ID),
         .text = "SELECT CAST(users.age AS VARCHAR(10)) AS a FROM users ORDER BY users.id",
         .mysql = "SELECT CAST(users.age AS CHAR(10)) AS a FROM users ORDER BY users.id",
         .sqlite =
             "SELECT CAST(SUBSTR(CAST(users.age AS TEXT), 1, 10) AS VARCHAR(10)) AS a FROM users ORDER BY users.id",
         .reason = "alike"},
        {"expr_cast_numeric", FIRST(ath_cast(U(age), ATH_NUMERIC(10, 2))),
         .text = "SELECT CAST(users.age AS NUMERIC(10, 2)) AS age" OF_FIRST,
         .mysql = "SELECT CAST(users.age AS DECIMAL(10, 2)) AS age" OF_FIRST,
         .sqlite = "SELECT CAST(ath_numeric(users.age, 10, 2) AS NUMERIC(10, 2)) AS age FROM users WHERE users.id = ?",
         .reason = "alike"},
        {"expr_cast_bool", FIRST(ath_cast(U(id), ATH_BOOLEAN)),
         .text = "SELECT CAST(users.id AS BOOLEAN) AS id" OF_FIRST, .mysql = "SELECT (users.id != 0) AS id" OF_FIRST,
         .reason = "casts", .sqlite = "SELECT (users.id != 0) AS id FROM users WHERE users.id = ?"},
        {"expr_cast_text", FIRST(ath_cast(U(id), ATH_TEXT)), .text = "SELECT CAST(users.id AS TEXT) AS id" OF_FIRST,
         .mysql = "SELECT CAST(users.id AS CHAR) AS id" OF_FIRST},
        {"expr_cast_binary", FIRST(ath_cast(U(name), ATH_BINARY)),
         .sqlite = "SELECT CAST(users.name AS BLOB) AS name" OF_FIRST,
         .postgresql = "SELECT CAST(users.name AS BYTEA) AS name FROM users WHERE users.id = $1",
         .mysql = "SELECT CAST(users.name AS BINARY) AS name" OF_FIRST},
        {"expr_cast_where", SELECT(.columns = ath_cols(U(id)), .where = ath_eq(ath_cast(U(age), ATH_STRING(0)), "25")),
         .text = "SELECT users.id FROM users WHERE CAST(users.age AS VARCHAR) = ?",
         .mysql = "SELECT users.id FROM users WHERE CAST(users.age AS CHAR) = ?"});
}

static void functions(golden_visit visit, void *context) {
    const ath_datetime_expr *at = U(created_at);
    VISIT(
        {"expr_agg", SELECT(.columns = ath_cols(ath_sum(O(total)), ath_min(O(total)), ath_max(O(total)))),
         .text = "SELECT sum(orders.total) AS sum_1, min(orders.total) AS min_1, max(orders.total) AS max_1 FROM "
                 "orders"},
        {"expr_agg_string_agg", SELECT(.columns = ath_cols(ath_string_agg_by(U(name), ",", ath_desc(U(name))))),
         .sqlite = "not-supported: SQLite 3.40.1 has no ORDER BY inside an aggregate",
         .postgresql = "SELECT string_agg(users.name, ',' ORDER BY users.name DESC) AS string_agg_1 FROM users",
         .mysql = "SELECT group_concat(users.name ORDER BY users.name DESC SEPARATOR ',') AS string_agg_1 FROM "
                  "users"},
        {"expr_extract_year", FIRST(ath_extract("year", at)),
         .sqlite = "SELECT CAST(STRFTIME('%Y', users.created_at) AS INTEGER) AS anon_1" OF_FIRST,
         .text = "SELECT EXTRACT(year FROM users.created_at) AS anon_1" OF_FIRST},
        {"expr_extract_many",
         FIRST(ath_extract("month", at), ath_extract("day", at), ath_extract("dow", at), ath_extract("epoch", at)),
         .reason = "artifact, alike",
         .sqlite =
             "SELECT CAST(STRFTIME('%m', users.created_at) AS INTEGER) AS anon_1, CAST(STRFTIME('%d', "
             "users.created_at) AS INTEGER) AS anon_2, CAST(STRFTIME('%w', users.created_at) AS INTEGER) AS anon_3, "
             "CAST(STRFTIME('%s', SUBSTR(users.created_at, 1, 19)) AS INTEGER) AS anon_4 FROM users WHERE users.id = ?",
         .postgresql = "SELECT EXTRACT(month FROM users.created_at) AS anon_1, EXTRACT(day FROM users.created_at) AS "
                       "anon_2, EXTRACT(dow FROM users.created_at) AS anon_3, FLOOR(EXTRACT(epoch FROM "
                       "users.created_at)) AS anon_4 FROM users WHERE users.id = $1",
         .mysql = "SELECT EXTRACT(month FROM users.created_at) AS anon_1, EXTRACT(day FROM users.created_at) AS "
                  "anon_2, (DAYOFWEEK(users.created_at) - 1) AS anon_3, FLOOR(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', "
                  "users.created_at) * 0.000001) AS anon_4 FROM users WHERE users.id = ?"},
        {"expr_collate", SELECT(.columns = ath_cols(U(id)), .where = ath_eq(ath_collate(U(name), "NOCASE"), "EVE_X")),
         .sqlite = "SELECT users.id FROM users WHERE (users.name COLLATE \"NOCASE\") = ?"},
        {"expr_tuple", SELECT(.columns = ath_cols(ath_gt(ath_tuple(U(id), U(age)), ath_tuple(2, 20))), BY_ID),
         .text = "SELECT (users.id, users.age) > (?, ?) AS anon_1 FROM users ORDER BY users.id"});
}

#define DATA ath_col(Doc, data)
#define OF_DOC " FROM docs WHERE docs.id = ?"

static void json(golden_visit visit, void *context) {
    const ath_expr *one = ath_eq(ath_col(Doc, id), 1);
    VISIT({"expr_json_index", SELECT(.columns = ath_cols(ath_json_get(DATA, "k")), .where = one), .reason = "arrow",
           .sqlite = "SELECT docs.data -> ? AS anon_1" OF_DOC,
           .postgresql = "SELECT docs.data -> $1 AS anon_1 FROM docs WHERE docs.id = $2",
           .mysql = "SELECT JSON_EXTRACT(docs.data, ?) AS anon_1" OF_DOC},
          {"expr_json_as_integer",
           SELECT(.columns = ath_cols(ath_col(Doc, id)), .where = ath_eq(ath_json_int(DATA, "k"), 1)),
           .postgresql = "SELECT docs.id FROM docs WHERE CAST((docs.data ->> $1) AS BIGINT) = $2",
           .reason = "wide, alike",
           .sqlite = "SELECT docs.id FROM docs WHERE ath_json(JSON_TYPE(docs.data, ?), JSON_EXTRACT(docs.data, ?), "
                     "'integer') = ?",
           .mysql = "SELECT docs.id FROM docs WHERE CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL "
                    "WHEN JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) REGEXP '^[-+]?[0-9]+$' THEN "
                    "CAST(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) AS DECIMAL(65, 0)) WHEN "
                    "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) >= 0 THEN 9223372036854775807 + (1 + "
                    "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END = ?"},
          {"expr_json_array_index", SELECT(.columns = ath_cols(ath_json_text(DATA, "tags", 1)), .where = one),
           .reason = "path, text, alike",
           .postgresql = "SELECT (docs.data -> $1) ->> $2::INTEGER AS anon_1 FROM docs WHERE docs.id = $3",
           .sqlite = "SELECT CASE JSON_TYPE(docs.data, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                     "CAST(JSON_EXTRACT(docs.data, ?) AS TEXT) END AS anon_1 FROM docs WHERE docs.id = ?",
           .mysql = "SELECT CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL ELSE "
                    "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END AS anon_1 FROM docs WHERE docs.id = ?"},
          {"expr_json_path", SELECT(.columns = ath_cols(ath_json_text(DATA, "o", "p")), .where = one),
           .reason = "path, text, alike",
           .postgresql = "SELECT (docs.data -> $1) ->> $2 AS anon_1 FROM docs WHERE docs.id = $3",
           .sqlite = "SELECT CASE JSON_TYPE(docs.data, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                     "CAST(JSON_EXTRACT(docs.data, ?) AS TEXT) END AS anon_1 FROM docs WHERE docs.id = ?",
           .mysql = "SELECT CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL ELSE "
                    "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END AS anon_1 FROM docs WHERE docs.id = ?"},
          {"expr_jsonb_contains",
           SELECT(.columns = ath_cols(ath_name("d", "j")),
                  .where = ath_op(ath_name("d", "j"), "@>", (ath_json){"{\"a\": 1}"})),
           .postgresql = "SELECT d.j FROM d WHERE d.j @> $1"});
}

static void windows(golden_visit visit, void *context) {
    VISIT(
        {"win_empty", SELECT(.columns = ath_cols(U(id), ath_label(ath_over(ath_count_all()), "total"))),
         .text = "SELECT users.id, count(*) OVER () AS total FROM users"},
        {"win_sum",
         SELECT(.columns = ath_cols(O(id), ath_label(ath_over(ath_sum(O(total)), .order_by = ath_by(O(id))), "run")),
                .order_by = ath_by(O(id))),
         .text = "SELECT orders.id, sum(orders.total) OVER (ORDER BY orders.id) AS run FROM orders ORDER BY "
                 "orders.id"},
        {"win_lag_plain",
         SELECT(.columns = ath_cols(U(id), ath_label(ath_over(ath_lag(U(age), 1), .order_by = ath_by(U(id))), "p"),
                                    ath_label(ath_over(ath_func("lead", U(age)), .order_by = ath_by(U(id))), "n")),
                BY_ID),
         .text = "SELECT users.id, lag(users.age, ?) OVER (ORDER BY users.id) AS p, lead(users.age) OVER (ORDER BY "
                 "users.id) AS n FROM users ORDER BY users.id"},
        {"win_rows_unbounded",
         SELECT(.columns = ath_cols(ath_label(
                    ath_over(ath_sum(O(total)), .order_by = ath_by(O(id)), ATH_ROWS(ATH_UNBOUNDED_PRECEDING, 0)), "s")),
                .order_by = ath_by(O(id))),
         .text = "SELECT sum(orders.total) OVER (ORDER BY orders.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT "
                 "ROW) AS s FROM orders ORDER BY orders.id"},
        {"win_rows_following",
         SELECT(.columns = ath_cols(ath_label(
                    ath_over(ath_sum(O(total)), .order_by = ath_by(O(id)), ATH_ROWS(1, ATH_UNBOUNDED_FOLLOWING)), "s")),
                .order_by = ath_by(O(id))),
         .text = "SELECT sum(orders.total) OVER (ORDER BY orders.id ROWS BETWEEN ? FOLLOWING AND UNBOUNDED "
                 "FOLLOWING) AS s FROM orders ORDER BY orders.id",
         .mariadb = "SELECT sum(orders.total) OVER (ORDER BY orders.id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED "
                    "FOLLOWING) AS s FROM orders ORDER BY orders.id"},
        {"win_range",
         SELECT(.columns = ath_cols(ath_label(
                    ath_over(ath_count_all(), .order_by = ath_by(U(age)), ATH_RANGE(ATH_UNBOUNDED_PRECEDING, 0)), "s")),
                BY_ID),
         .text = "SELECT count(*) OVER (ORDER BY users.age RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS s "
                 "FROM users ORDER BY users.id"});
}

void goldens_expr(golden_visit visit, void *context) {
    arith(visit, context);
    casts(visit, context);
    functions(visit, context);
    json(visit, context);
    windows(visit, context);
}
