/* SPDX-License-Identifier: Apache-2.0
 *
 * The language, values: arithmetic, functions, windows.  Beyond what the goldens ask; every statement is run on the databases too.
 */
#include "goldens.h"

#define IDS(...) SELECT(.columns = ath_cols(U(id)), .where = (__VA_ARGS__))
#define X(e) SELECT(.columns = ath_cols(ath_label(e, "x")))
#define NONE(e) SELECT(.columns = ath_cols(ath_label(e, "x")), .where = ath_is(ath_false()))
#define OVER(e) SELECT(.columns = ath_cols(ath_label(e, "w")))
#define DATA ath_col(Doc, data)

static void arithmetic(golden_visit visit, void *context) {
    VISIT({"true_division", X(ath_divide(U(age), U(id))), .text = "SELECT users.age / users.id AS x FROM users",
           .sqlite = "SELECT users.age / (users.id + 0.0) AS x FROM users",
           .postgresql = "SELECT users.age / CAST(users.id AS NUMERIC) AS x FROM users"},
          {"true_division_by_number", X(ath_divide(U(age), 7)), .text = "SELECT users.age / ? AS x FROM users",
           .sqlite = "SELECT users.age / (? + 0.0) AS x FROM users",
           .postgresql = "SELECT users.age / CAST($1 AS NUMERIC) AS x FROM users"},
          {"floor_division_by_real", X(ath_floor_divide(ath_cast(U(age), ATH_DOUBLE), 2.5)),
           .text = "SELECT FLOOR(CAST(users.age AS DOUBLE) / ?) AS x FROM users",
           .postgresql = "SELECT FLOOR(CAST(users.age AS DOUBLE PRECISION) / $1) AS x FROM users"},
          {"floor_division_of_decimal", X(ath_floor_divide(U(balance), 2)),
           .text = "SELECT FLOOR(users.balance / ?) AS x FROM users",
           .sqlite = "SELECT ath_floor_divide(users.balance, ?) AS x FROM users",
           .mysql = "SELECT (users.balance DIV ? - CASE WHEN (users.balance % ? != 0 AND (users.balance < 0) != (? < "
                    "0)) THEN 1 ELSE 0 END) AS x FROM users"},
          {"times_plus", X(ath_plus(ath_times(U(balance), 2), 1)),
           .text = "SELECT users.balance * ? + ? AS x FROM users"},
          {"plus_times", X(ath_times(ath_plus(U(balance), 1), 2)),
           .text = "SELECT (users.balance + ?) * ? AS x FROM users"},
          {"minus_minus", X(ath_minus(U(age), ath_minus(U(id), 1))),
           .text = "SELECT users.age - (users.id - ?) AS x FROM users"});
}

static void arithmetic_2(golden_visit visit, void *context) {
    VISIT(
        {"times_times", X(ath_times(U(age), ath_times(U(id), 2))),
         .text = "SELECT users.age * users.id * ? AS x FROM users"},
        {"divide_divide", X(ath_divide(U(age), ath_value_of(ath_divide(U(id), 2)))),
         .text = "SELECT users.age / (users.id / ?) AS x FROM users",
         .sqlite = "SELECT users.age / ((users.id / (? + 0.0)) + 0.0) AS x FROM users",
         .postgresql = "SELECT users.age / CAST((users.id / CAST($1 AS NUMERIC)) AS DOUBLE PRECISION) AS x FROM users"},
        {"modulo_modulo", NONE(ath_modulo(U(age), ath_modulo(U(id), 2))),
         .text = "SELECT users.age % (users.id % ?) AS x FROM users WHERE false = 1",
         .sqlite = "SELECT users.age % (users.id % ?) AS x FROM users WHERE 0 = 1",
         .postgresql = "SELECT users.age % (users.id % $1) AS x FROM users WHERE false"},
        {"times_of_quotient", X(ath_times(ath_divide(U(age), 2), 3)),
         .text = "SELECT (users.age / ?) * ? AS x FROM users",
         .sqlite = "SELECT (users.age / (? + 0.0)) * ? AS x FROM users",
         .postgresql = "SELECT (users.age / CAST($1 AS NUMERIC)) * $2 AS x FROM users"},
        {"negate_sum", X(ath_negate(ath_plus(U(age), 1))), .text = "SELECT -(users.age + ?) AS x FROM users"},
        {"negate_negate", X(ath_negate(ath_negate(U(age)))), .text = "SELECT -(-users.age) AS x FROM users"},
        {"negate_times", X(ath_times(ath_negate(U(age)), 2)), .text = "SELECT (-users.age) * ? AS x FROM users"});
}

static void arithmetic_3(golden_visit visit, void *context) {
    VISIT({"minus_negative", X(ath_minus(U(age), ath_negate(U(id)))),
           .text = "SELECT users.age - -users.id AS x FROM users"},
          {"plus_concat", X(ath_concat("a", U(name))), .text = "SELECT ? || users.name AS x FROM users",
           .mysql = "SELECT concat(?, users.name) AS x FROM users"},
          {"concat_concat", X(ath_concat(U(name), ath_concat("x", U(status)))),
           .text = "SELECT users.name || ? || users.status AS x FROM users",
           .mysql = "SELECT concat(users.name, ?, users.status) AS x FROM users"},
          {"bits",
           SELECT(.columns = ath_cols(ath_label(ath_bit_and(U(age), 3), "a"), ath_label(ath_bit_or(U(age), 3), "o"),
                                      ath_label(ath_bit_not(U(age)), "n"), ath_label(ath_shift_left(U(age), 2), "l"),
                                      ath_label(ath_shift_right(U(age), 2), "r"))),
           .text = "SELECT users.age & ? AS a, users.age | ? AS o, ~users.age AS n, users.age << ? AS l, users.age >> "
                   "? AS r FROM users",
           .mysql = "SELECT CAST(users.age & ? AS SIGNED) AS a, CAST(users.age | ? AS SIGNED) AS o, CAST(~users.age AS "
                    "SIGNED) AS n, CAST(users.age << ? AS SIGNED) AS l, CAST(CASE WHEN users.age < 0 THEN "
                    "~(~(users.age) >> ?) ELSE users.age >> ? END AS SIGNED) AS r FROM users"},
          {"bit_xor", X(ath_bit_xor(U(age), 3)), .text = "SELECT users.age ^ ? AS x FROM users",
           .sqlite = "SELECT ((users.age | ?) - (users.age & ?)) AS x FROM users",
           .postgresql = "SELECT users.age # $1 AS x FROM users",
           .mysql = "SELECT CAST(users.age ^ ? AS SIGNED) AS x FROM users"},
          {"bit_xor_nested", X(ath_bit_xor(ath_bit_xor(U(age), 3), ath_plus(U(id), 1))),
           .text = "SELECT (users.age ^ ?) ^ (users.id + ?) AS x FROM users",
           .sqlite = "SELECT (((((users.age | ?) - (users.age & ?))) | (users.id + ?)) - ((((users.age | ?) - "
                     "(users.age & ?))) & (users.id + ?))) AS x FROM users",
           .postgresql = "SELECT (users.age # $1) # (users.id + $2) AS x FROM users",
           .mysql = "SELECT CAST((CAST(users.age ^ ? AS SIGNED)) ^ (users.id + ?) AS SIGNED) AS x FROM users"},
          {"and_of_or", X(ath_bit_and(U(age), ath_bit_or(U(id), 3))),
           .text = "SELECT users.age & (users.id | ?) AS x FROM users",
           .mysql = "SELECT CAST(users.age & (CAST(users.id | ? AS SIGNED)) AS SIGNED) AS x FROM users"});
}

static void arithmetic_4(golden_visit visit, void *context) {
    VISIT({"plus_of_and", X(ath_plus(U(age), ath_bit_and(U(id), 3))),
           .text = "SELECT users.age + (users.id & ?) AS x FROM users",
           .mysql = "SELECT users.age + (CAST(users.id & ? AS SIGNED)) AS x FROM users"},
          {"and_plus", X(ath_plus(ath_bit_and(U(age), 3), 1)), .text = "SELECT (users.age & ?) + ? AS x FROM users",
           .mysql = "SELECT (CAST(users.age & ? AS SIGNED)) + ? AS x FROM users"},
          {"where_bits", IDS(ath_eq(ath_bit_and(U(age), 1), 1)),
           .text = "SELECT users.id FROM users WHERE users.age & ? = ?",
           .mysql = "SELECT users.id FROM users WHERE CAST(users.age & ? AS SIGNED) = ?"},
          {"where_modulo", IDS(ath_eq(ath_modulo(U(age), 2), 0)),
           .text = "SELECT users.id FROM users WHERE users.age % ? = ?"},
          {"where_negative", IDS(ath_lt(ath_negate(U(age)), -5)),
           .text = "SELECT users.id FROM users WHERE -users.age < ?"},
          {"both_sides", IDS(ath_eq(ath_plus(U(age), 1), ath_minus(U(id), 1))),
           .text = "SELECT users.id FROM users WHERE users.age + ? = users.id - ?"},
          {"custom_in_comparison", IDS(ath_eq(ath_op(U(age), "%", 3), 1)),
           .text = "SELECT users.id FROM users WHERE (users.age % ?) = ?"});
}

static void arithmetic_5(golden_visit visit, void *context) {
    VISIT(
        {"custom_of_sum", IDS(ath_op(ath_plus(U(age), 1), "<>", ath_plus(U(id), 1))),
         .text = "SELECT users.id FROM users WHERE users.age + ? <> users.id + ?"},
        {"comparison_as_value", X(ath_gt(ath_plus(U(age), 1), 5)), .text = "SELECT users.age + ? > ? AS x FROM users"},
        {"decimals_compared",
         SELECT(.columns = ath_cols(ath_label(ath_gt(ath_times(U(balance), 2), 50), "x")), .order_by = ath_by(U(id))),
         .text = "SELECT users.balance * ? > ? AS x FROM users ORDER BY users.id"},
        {"decimals_coalesced", IDS(ath_gt(ath_coalesce(U(balance), 0), ath_decimal_from_int(50))),
         .text = "SELECT users.id FROM users WHERE coalesce(users.balance, ?) > ?"},
        {"decimals_in_case",
         IDS(ath_eq(ath_case(ath_when(ath_gt(U(balance), 0), U(balance)), ath_else(ath_decimal_from_int(0))),
                    ath_decimal_from_int(0))),
         .text = "SELECT users.id FROM users WHERE CASE WHEN (users.balance > ?) THEN users.balance ELSE ? END = ?"},
        {"decimals_having",
         SELECT(.columns = ath_cols(O(user_id)), .group_by = ath_by(O(user_id)),
                .having = ath_between(ath_max(O(total)), 1, 50)),
         .text = "SELECT orders.user_id FROM orders GROUP BY orders.user_id HAVING max(orders.total) BETWEEN ? AND ?"});
}

static void functions(golden_visit visit, void *context) {
    VISIT({"named",
           SELECT(.columns = ath_cols(ath_coalesce(U(age), 0), ath_nullif(U(age), 0), ath_lower(U(name)),
                                      ath_upper(U(name)), ath_abs(U(age)), ath_trim(U(name)), ath_length(U(name)))),
           .text = "SELECT coalesce(users.age, ?) AS coalesce_1, nullif(users.age, ?) AS nullif_1, lower(users.name) "
                   "AS lower_1, upper(users.name) AS upper_1, abs(users.age) AS abs_1, trim(users.name) AS trim_1, "
                   "length(users.name) AS length_1 FROM users"},
          {"round_and_parts",
           SELECT(.columns =
                      ath_cols(ath_round(U(balance), 1), ath_substr(U(name), 1, 2), ath_replace(U(name), "a", "b"))),
           .text = "SELECT round(users.balance, ?) AS round_1, substr(users.name, ?, ?) AS substr_1, "
                   "replace(users.name, ?, ?) AS replace_1 FROM users"},
          {"char_length", SELECT(.columns = ath_cols(ath_char_length(U(name)))),
           .text = "SELECT char_length(users.name) AS char_length_1 FROM users",
           .sqlite = "SELECT length(users.name) AS char_length_1 FROM users"},
          {"greatest_and_least", SELECT(.columns = ath_cols(ath_greatest(U(age), 5), ath_least(U(age), U(id)))),
           .text = "SELECT greatest(users.age, ?) AS greatest_1, least(users.age, users.id) AS least_1 FROM users",
           .sqlite = "SELECT max(users.age, ?) AS greatest_1, min(users.age, users.id) AS least_1 FROM users"},
          {"random", SELECT(.columns = ath_cols(ath_random())), .text = "SELECT random() AS random_1",
           .mysql = "SELECT rand() AS random_1"},
          {"counts",
           SELECT(.columns = ath_cols(ath_count_all(), ath_count(U(id)), ath_max(U(id)), ath_max(U(age)),
                                      ath_count_distinct(U(age))),
                  .from = ath_from(ath_model_source(User))),
           .text = "SELECT count(*) AS count_1, count(users.id) AS count_2, max(users.id) AS max_1, max(users.age) AS "
                   "max_2, count(DISTINCT users.age) AS count_3 FROM users"},
          {"sum_plus", SELECT(.columns = ath_cols(ath_plus(ath_sum(U(age)), 1), ath_avg(U(age)), ath_min(U(age)))),
           .text = "SELECT sum(users.age) + ? AS anon_1, avg(users.age) AS avg_1, min(users.age) AS min_1 FROM users"});
}

static void functions_2(golden_visit visit, void *context) {
    VISIT({"called_with_schema", SELECT(.columns = ath_cols(ath_func("pg_catalog.lower", U(name)))),
           .postgresql = "SELECT pg_catalog.lower(users.name) AS lower_1 FROM users"},
          {"upper_case_name", SELECT(.columns = ath_cols(ath_func("Lower", U(name)))),
           .text = "SELECT Lower(users.name) AS \"Lower_1\" FROM users",
           .mysql = "SELECT Lower(users.name) AS `Lower_1` FROM users"},
          {"by_name", SELECT(.columns = ath_cols(ath_func("concat", U(name), "-", U(status)))),
           .postgresql = "SELECT concat(users.name, $1, users.status) AS concat_1 FROM users",
           .mysql = "SELECT concat(users.name, ?, users.status) AS concat_1 FROM users"},
          {"now", SELECT(.columns = ath_cols(ath_label(ath_now(), "n"))), .text = "SELECT utc_timestamp(6) AS n",
           .sqlite = "SELECT CURRENT_TIMESTAMP AS n", .postgresql = "SELECT now() AS n"},
          {"string_agg", SELECT(.columns = ath_cols(ath_string_agg(U(name), ", "))),
           .text = "SELECT group_concat(users.name SEPARATOR ', ') AS string_agg_1 FROM users",
           .sqlite = "SELECT group_concat(users.name, ', ') AS string_agg_1 FROM users",
           .postgresql = "SELECT string_agg(users.name, ', ') AS string_agg_1 FROM users"},
          {"string_agg_quoted", SELECT(.columns = ath_cols(ath_string_agg(U(name), "'\\"))),
           .text = "SELECT group_concat(users.name SEPARATOR '''\\\\') AS string_agg_1 FROM users",
           .sqlite = "SELECT group_concat(users.name, '''\\') AS string_agg_1 FROM users",
           .postgresql = "SELECT string_agg(users.name, '''\\') AS string_agg_1 FROM users"},
          {"regexp_replace", SELECT(.columns = ath_cols(ath_label(ath_regexp_replace(U(name), "a", "b"), "r"))),
           .text = "SELECT regexp_replace(users.name, ?, ?) AS r FROM users",
           .sqlite = "not-supported: SQLite 3.40.1 has no regexp_replace"});
}

static void functions_3(golden_visit visit, void *context) {
    VISIT({"searched_case",
           X(ath_case(ath_when(ath_gt(U(age), 5), "a"), ath_when(ath_gt(U(age), 3), "b"), ath_else("c"))),
           .text = "SELECT CASE WHEN (users.age > ?) THEN ? WHEN (users.age > ?) THEN ? ELSE ? END AS x FROM users"},
          {"case_without_else", X(ath_case(ath_when(ath_gt(U(age), 5), U(id)))),
           .text = "SELECT CASE WHEN (users.age > ?) THEN users.id END AS x FROM users"},
          {"case_of_boolean", X(ath_case(ath_when(U(is_active), 1), ath_else(0))),
           .text = "SELECT CASE WHEN users.is_active THEN ? ELSE ? END AS x FROM users"},
          {"case_of_and",
           X(ath_case(ath_when(ath_and(ath_gt(U(age), 1), ath_lt(U(age), 2)), ath_sql_null()), ath_else(1))),
           .text = "SELECT CASE WHEN (users.age > ? AND users.age < ?) THEN NULL ELSE ? END AS x FROM users"},
          {"case_compared", IDS(ath_eq(ath_case(ath_when(ath_gt(U(age), 5), "a"), ath_else("b")), "a")),
           .text = "SELECT users.id FROM users WHERE CASE WHEN (users.age > ?) THEN ? ELSE ? END = ?"},
          {"casts",
           SELECT(.columns = ath_cols(
                      ath_label(ath_cast(U(name), ATH_DATETIME), "a"), ath_label(ath_cast(U(name), ATH_DATE), "b"),
                      ath_label(ath_cast(U(age), ATH_BIGINT), "c"), ath_label(ath_cast(U(age), ATH_SMALLINT), "d"),
                      ath_label(ath_cast(U(age), ATH_DOUBLE), "e")),
                  .where = ath_is(ath_false())),
           .text =
               "SELECT CAST(users.name AS DATETIME(6)) AS a, CAST(users.name AS DATE) AS b, CAST(users.age AS SIGNED "
               "INTEGER) AS c, CAST(users.age AS SIGNED INTEGER) AS d, CAST(users.age AS DOUBLE) AS e FROM users "
               "WHERE false = 1",
           .postgresql = "SELECT CAST(users.name AS TIMESTAMP WITHOUT TIME ZONE) AS a, CAST(users.name AS DATE) AS b, "
                         "CAST(users.age AS BIGINT) AS c, CAST(users.age AS SMALLINT) AS d, CAST(users.age AS DOUBLE "
                         "PRECISION) AS e FROM users WHERE false",
           .sqlite =
               "SELECT ath_cast(users.name, 'datetime') AS a, ath_cast(users.name, 'date') AS b, CAST(users.age AS "
               "BIGINT) AS c, CAST(users.age AS SMALLINT) AS d, CAST(users.age AS DOUBLE) AS e FROM users WHERE 0 = 1"},
          {"cast_of_sum", X(ath_cast(ath_plus(U(age), 1), ATH_STRING(0))),
           .text = "SELECT CAST(users.age + ? AS VARCHAR) AS x FROM users",
           .mysql = "SELECT CAST(users.age + ? AS CHAR) AS x FROM users"});
}

static void functions_4(golden_visit visit, void *context) {
    VISIT(
        {"cast_of_value",
         SELECT(.columns = ath_cols(ath_cast(5, ATH_INTEGER), ath_cast("x", ATH_STRING(5)),
                                    ath_cast(ath_sql_null(), ATH_INTEGER))),
         .text =
             "SELECT CAST(? AS INTEGER) AS anon_1, CAST(? AS VARCHAR(5)) AS anon_2, CAST(NULL AS INTEGER) AS anon_3",
         .mysql = "SELECT CAST(? AS SIGNED INTEGER) AS anon_1, CAST(? AS CHAR(5)) AS anon_2, CAST(NULL AS SIGNED "
                  "INTEGER) AS anon_3",
         .sqlite = "SELECT CAST(? AS INTEGER) AS anon_1, CAST(SUBSTR(CAST(? AS TEXT), 1, 5) AS VARCHAR(5)) AS anon_2, "
                   "CAST(NULL AS INTEGER) AS anon_3"},
        {"typed", SELECT(.columns = ath_cols(ath_typed(U(age), ATH_BIGINT), ath_typed("5", ATH_STRING(0)))),
         .text = "SELECT users.age AS age, ? AS anon_1 FROM users"},
        {"extract_parts",
         SELECT(.columns = ath_cols(ath_extract("hour", U(created_at)), ath_extract("minute", U(created_at)),
                                    ath_extract("second", U(created_at)), ath_extract("doy", U(created_at)))),
         .text =
             "SELECT EXTRACT(hour FROM users.created_at) AS anon_1, EXTRACT(minute FROM users.created_at) AS anon_2, "
             "EXTRACT(second FROM users.created_at) AS anon_3, DAYOFYEAR(users.created_at) AS anon_4 FROM users",
         .sqlite = "SELECT CAST(STRFTIME('%H', users.created_at) AS INTEGER) AS anon_1, CAST(STRFTIME('%M', "
                   "users.created_at) AS INTEGER) AS anon_2, CAST(STRFTIME('%S', SUBSTR(users.created_at, 1, 19)) AS "
                   "INTEGER) AS anon_3, CAST(STRFTIME('%j', users.created_at) AS INTEGER) AS anon_4 FROM users",
         .postgresql = "SELECT EXTRACT(hour FROM users.created_at) AS anon_1, EXTRACT(minute FROM users.created_at) AS "
                       "anon_2, FLOOR(EXTRACT(second FROM users.created_at)) AS anon_3, EXTRACT(doy FROM "
                       "users.created_at) AS anon_4 FROM users"},
        {"extract_week",
         SELECT(.columns = ath_cols(ath_extract("week", U(created_at)), ath_extract("quarter", U(created_at)))),
         .text =
             "SELECT WEEK(users.created_at, 3) AS anon_1, EXTRACT(quarter FROM users.created_at) AS anon_2 FROM users",
         .sqlite = "not-supported: SQLite 3.40.1 has no 'week' in ath_extract",
         .postgresql = "SELECT EXTRACT(week FROM users.created_at) AS anon_1, EXTRACT(quarter FROM users.created_at) "
                       "AS anon_2 FROM users"});
}

static void json_reads(golden_visit visit, void *context) {
    VISIT(
        {"json_values",
         SELECT(.columns = ath_cols(ath_json_text(DATA, "k"), ath_json_int(DATA, "k"), ath_json_real(DATA, "k"),
                                    ath_json_bool(DATA, "k"))),
         .text =
             "SELECT CASE JSON_EXTRACT(docs.data, ?) WHEN 'null' THEN NULL ELSE JSON_UNQUOTE(JSON_EXTRACT(docs.data, "
             "?)) END AS anon_1, CASE JSON_EXTRACT(docs.data, ?) WHEN 'null' THEN NULL ELSE "
             "CAST(JSON_EXTRACT(docs.data, ?) AS SIGNED INTEGER) END AS anon_2, CASE JSON_EXTRACT(docs.data, ?) WHEN "
             "'null' THEN NULL ELSE (JSON_EXTRACT(docs.data, ?) + 0e0) END AS anon_3, CASE JSON_EXTRACT(docs.data, ?) "
             "WHEN 'null' THEN NULL ELSE (JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) = 'true') END AS anon_4 FROM docs",
         .postgresql =
             "SELECT docs.data ->> $1 AS anon_1, CAST((docs.data ->> $2) AS BIGINT) AS anon_2, CAST((docs.data ->> $3) "
             "AS DOUBLE PRECISION) AS anon_3, CAST((docs.data ->> $4) AS BOOLEAN) AS anon_4 FROM docs",
         .sqlite = "SELECT CASE JSON_TYPE(docs.data, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                   "CAST(JSON_EXTRACT(docs.data, ?) AS TEXT) END AS anon_1, ath_json(JSON_TYPE(docs.data, ?), "
                   "JSON_EXTRACT(docs.data, ?), 'integer') AS anon_2, ath_json(JSON_TYPE(docs.data, ?), "
                   "JSON_EXTRACT(docs.data, ?), 'real') AS anon_3, ath_json(JSON_TYPE(docs.data, ?), "
                   "JSON_EXTRACT(docs.data, ?), 'boolean') AS anon_4 FROM docs",
         .mysql =
             "SELECT CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL ELSE "
             "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END AS anon_1, CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) "
             "= 'NULL' THEN NULL WHEN JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) REGEXP '^[-+]?[0-9]+$' THEN "
             "CAST(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) AS DECIMAL(65, 0)) WHEN "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) >= 0 THEN 9223372036854775807 + (1 + "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END AS anon_2, CASE WHEN "
             "JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL WHEN JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) "
             "REGEXP '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$' THEN "
             "(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) + 0e0) WHEN CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, "
             "?))) >= 0 THEN 9223372036854775807 + (1 + CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END AS "
             "anon_3, CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL WHEN "
             "LOWER(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE WHEN "
             "LOWER(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) IN ('false', 'f', 'no', 'n', 'off', '0') THEN FALSE WHEN "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) >= 0 THEN 9223372036854775807 + (1 + "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END AS anon_4 FROM docs"},
        {"json_parts",
         SELECT(.columns = ath_cols(ath_json_get(DATA, 0), ath_json_get(DATA, "a", "b"), ath_json_get(DATA, "a", 1))),
         .text = "SELECT JSON_EXTRACT(docs.data, ?) AS anon_1, JSON_EXTRACT(docs.data, ?) AS anon_2, "
                 "JSON_EXTRACT(docs.data, ?) AS anon_3 FROM docs",
         .sqlite = "SELECT docs.data -> ? AS anon_1, docs.data -> ? AS anon_2, docs.data -> ? AS anon_3 FROM docs",
         .postgresql = "SELECT docs.data -> $1::INTEGER AS anon_1, (docs.data -> $2) -> $3 AS anon_2, (docs.data -> "
                       "$4) -> $5::INTEGER AS anon_3 FROM docs"},
        {"json_compared",
         SELECT(.columns = ath_cols(ath_col(Doc, id)),
                .where = ath_and(ath_eq(ath_json_text(DATA, "k"), "x"), ath_gt(ath_json_real(DATA, "k"), 1.5),
                                 ath_eq(ath_json_bool(DATA, "k"), ath_true()))),
         .text = "SELECT docs.id FROM docs WHERE CASE JSON_EXTRACT(docs.data, ?) WHEN 'null' THEN NULL ELSE "
                 "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END = ? AND CASE JSON_EXTRACT(docs.data, ?) WHEN 'null' "
                 "THEN NULL ELSE (JSON_EXTRACT(docs.data, ?) + 0e0) END > ? AND CASE JSON_EXTRACT(docs.data, ?) WHEN "
                 "'null' THEN NULL ELSE (JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) = 'true') END = true",
         .postgresql = "SELECT docs.id FROM docs WHERE (docs.data ->> $1) = $2 AND CAST((docs.data ->> $3) AS DOUBLE "
                       "PRECISION) > $4 AND CAST((docs.data ->> $5) AS BOOLEAN) = true",
         .sqlite = "SELECT docs.id FROM docs WHERE CASE JSON_TYPE(docs.data, ?) WHEN 'true' THEN 'true' WHEN 'false' "
                   "THEN 'false' ELSE CAST(JSON_EXTRACT(docs.data, ?) AS TEXT) END = ? AND "
                   "ath_json(JSON_TYPE(docs.data, ?), JSON_EXTRACT(docs.data, ?), 'real') > ? AND "
                   "ath_json(JSON_TYPE(docs.data, ?), JSON_EXTRACT(docs.data, ?), 'boolean') = 1",
         .mysql =
             "SELECT docs.id FROM docs WHERE CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL ELSE "
             "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END = ? AND CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = "
             "'NULL' THEN NULL WHEN JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) REGEXP "
             "'^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$' THEN (JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) + "
             "0e0) WHEN CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) >= 0 THEN 9223372036854775807 + (1 + "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END > ? AND CASE WHEN "
             "JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL WHEN LOWER(JSON_UNQUOTE(JSON_EXTRACT(docs.data, "
             "?))) IN ('true', 't', 'yes', 'y', 'on', '1') THEN TRUE WHEN LOWER(JSON_UNQUOTE(JSON_EXTRACT(docs.data, "
             "?))) IN ('false', 'f', 'no', 'n', 'off', '0') THEN FALSE WHEN "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?))) >= 0 THEN 9223372036854775807 + (1 + "
             "CHAR_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)))) END = true"});
}

static void functions_5(golden_visit visit, void *context) {
    VISIT({"json_concat", SELECT(.columns = ath_cols(ath_concat("x", ath_json_text(DATA, "k")))),
           .text = "SELECT concat(?, CASE JSON_EXTRACT(docs.data, ?) WHEN 'null' THEN NULL ELSE "
                   "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END) AS anon_1 FROM docs",
           .postgresql = "SELECT $1 || (docs.data ->> $2) AS anon_1 FROM docs",
           .sqlite = "SELECT ? || CASE JSON_TYPE(docs.data, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE "
                     "CAST(JSON_EXTRACT(docs.data, ?) AS TEXT) END AS anon_1 FROM docs",
           .mysql = "SELECT concat(?, CASE WHEN JSON_TYPE(JSON_EXTRACT(docs.data, ?)) = 'NULL' THEN NULL ELSE "
                    "JSON_UNQUOTE(JSON_EXTRACT(docs.data, ?)) END) AS anon_1 FROM docs"},
          {"json_null", SELECT(.columns = ath_cols(ath_col(Doc, id)), .where = ath_eq(ath_json_get(DATA, "k"), NULL)),
           .text = "SELECT docs.id FROM docs WHERE (docs.data -> ?) IS NULL",
           .mysql = "SELECT docs.id FROM docs WHERE JSON_EXTRACT(docs.data, ?) IS NULL"});
}

static void windows(golden_visit visit, void *context) {
    VISIT(
        {"row_number",
         OVER(ath_over(ath_row_number(), .partition_by = ath_by(U(status)), .order_by = ath_by(ath_desc(U(age))))),
         .text = "SELECT row_number() OVER (PARTITION BY users.status ORDER BY users.age DESC) AS w FROM users"},
        {"ranks",
         SELECT(.columns = ath_cols(ath_over(ath_rank(), .order_by = ath_by(U(age), U(id))),
                                    ath_over(ath_dense_rank(), .order_by = ath_by(U(age))),
                                    ath_over(ath_ntile(4), .order_by = ath_by(U(id))))),
         .text = "SELECT rank() OVER (ORDER BY users.age, users.id) AS anon_1, dense_rank() OVER (ORDER BY users.age) "
                 "AS anon_2, ntile(?) OVER (ORDER BY users.id) AS anon_3 FROM users"},
        {"rank_shares",
         SELECT(.columns = ath_cols(ath_over(ath_percent_rank(), .order_by = ath_by(U(id))),
                                    ath_over(ath_cume_dist(), .order_by = ath_by(U(id))))),
         .text = "SELECT percent_rank() OVER (ORDER BY users.id) AS anon_1, cume_dist() OVER (ORDER BY users.id) AS "
                 "anon_2 FROM users"},
        {"values",
         SELECT(.columns = ath_cols(ath_over(ath_first_value(U(id)), .order_by = ath_by(U(id))),
                                    ath_over(ath_last_value(U(id)), .order_by = ath_by(U(id)),
                                             ATH_RANGE(ATH_UNBOUNDED_PRECEDING, ATH_UNBOUNDED_FOLLOWING)),
                                    ath_over(ath_nth_value(U(id), 2), .order_by = ath_by(U(id))))),
         .text = "SELECT first_value(users.id) OVER (ORDER BY users.id) AS anon_1, last_value(users.id) OVER (ORDER BY "
                 "users.id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS anon_2, nth_value(users.id, "
                 "?) OVER (ORDER BY users.id) AS anon_3 FROM users"},
        {"lag_and_lead",
         SELECT(.columns = ath_cols(ath_over(ath_lag(U(age), 1), .order_by = ath_by(U(id))),
                                    ath_over(ath_lead(U(age), 2), .order_by = ath_by(U(id))))),
         .text = "SELECT lag(users.age, ?) OVER (ORDER BY users.id) AS anon_1, lead(users.age, ?) OVER (ORDER BY "
                 "users.id) AS anon_2 FROM users"},
        {"rows_before", OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_ROWS(-2, 0))),
         .text =
             "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN ? PRECEDING AND CURRENT ROW) AS w FROM users",
         .mariadb =
             "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS w FROM users"},
        {"rows_around", OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_ROWS(-1, 1))),
         .text =
             "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN ? PRECEDING AND ? FOLLOWING) AS w FROM users",
         .mariadb = "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS w FROM "
                    "users"});
}

static void windows_2(golden_visit visit, void *context) {
    VISIT(
        {"rows_further", OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_ROWS(-3, -1))),
         .text =
             "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN ? PRECEDING AND ? PRECEDING) AS w FROM users",
         .mariadb =
             "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING) AS w FROM users"},
        {"groups_frame", OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_GROUPS(-1, 0))),
         .text = "SELECT sum(users.age) OVER (ORDER BY users.id GROUPS BETWEEN ? PRECEDING AND CURRENT ROW) AS w FROM "
                 "users",
         .mysql = "not-supported: MySQL has no window frames in GROUPS",
         .mariadb = "not-supported: MariaDB has no window frames in GROUPS"},
        {"exclude",
         OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_ROWS(-1, 1), .exclude = "CURRENT ROW")),
         .text = "SELECT sum(users.age) OVER (ORDER BY users.id ROWS BETWEEN ? PRECEDING AND ? FOLLOWING EXCLUDE "
                 "CURRENT ROW) AS w FROM users",
         .mysql = "not-supported: MySQL has no EXCLUDE in window frames",
         .mariadb = "not-supported: MariaDB has no EXCLUDE in window frames"},
        {"range_frame", OVER(ath_over(ath_sum(U(age)), .order_by = ath_by(U(id)), ATH_RANGE(-5, 5))),
         .text =
             "SELECT sum(users.age) OVER (ORDER BY users.id RANGE BETWEEN ? PRECEDING AND ? FOLLOWING) AS w FROM users",
         .mariadb = "SELECT sum(users.age) OVER (ORDER BY users.id RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING) AS w "
                    "FROM users"},
        {"frame_alone", OVER(ath_over(ath_sum(U(age)), ATH_ROWS(ATH_UNBOUNDED_PRECEDING, ATH_UNBOUNDED_FOLLOWING))),
         .text =
             "SELECT sum(users.age) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS w FROM users"},
        {"window_plus", OVER(ath_plus(ath_over(ath_sum(U(age))), 1)),
         .text = "SELECT sum(users.age) OVER () + ? AS w FROM users"},
        {"filter", SELECT(.columns = ath_cols(ath_label(ath_filter(ath_count(U(id)), ath_gt(U(age), 5)), "n"))),
         .text = "SELECT count(users.id) FILTER (WHERE users.age > ?) AS n FROM users",
         .mysql = "SELECT count(CASE WHEN (users.age > ?) THEN users.id END) AS n FROM users"});
}

static void windows_3(golden_visit visit, void *context) {
    VISIT(
        {"filter_star", SELECT(.columns = ath_cols(ath_label(ath_filter(ath_count_all(), ath_gt(U(age), 5)), "n"))),
         .text = "SELECT count(*) FILTER (WHERE users.age > ?) AS n FROM users",
         .mysql = "SELECT count(CASE WHEN (users.age > ?) THEN 1 END) AS n FROM users"},
        {"filter_distinct",
         SELECT(.columns = ath_cols(ath_label(ath_filter(ath_count_distinct(U(age)), U(is_active)), "n"))),
         .text = "SELECT count(DISTINCT CASE WHEN (users.is_active = 1) THEN users.age END) AS n FROM users",
         .sqlite = "SELECT count(DISTINCT users.age) FILTER (WHERE users.is_active = 1) AS n FROM users",
         .postgresql = "SELECT count(DISTINCT users.age) FILTER (WHERE users.is_active) AS n FROM users"},
        {"filter_over",
         SELECT(.columns = ath_cols(ath_label(
                    ath_over(ath_filter(ath_sum(U(age)), ath_gt(U(age), 5)), .partition_by = ath_by(U(status))), "n"))),
         .text = "SELECT sum(users.age) FILTER (WHERE users.age > ?) OVER (PARTITION BY users.status) AS n FROM users",
         .mysql = "SELECT sum(CASE WHEN (users.age > ?) THEN users.age END) OVER (PARTITION BY users.status) AS n FROM "
                  "users"},
        {"filter_compared",
         SELECT(.columns = ath_cols(U(status)), .group_by = ath_by(U(status)),
                .having = ath_gt(ath_filter(ath_count(U(id)), ath_gt(U(age), 5)), 1)),
         .text = "SELECT users.status FROM users GROUP BY users.status HAVING count(users.id) FILTER (WHERE users.age "
                 "> ?) > ?",
         .mysql = "SELECT users.status FROM users GROUP BY users.status HAVING count(CASE WHEN (users.age > ?) THEN "
                  "users.id END) > ?"},
        {"within_group",
         SELECT(.columns = ath_cols(ath_within_group(ath_func("percentile_cont", 0.5), ath_by(U(age))),
                                    ath_within_group(ath_call("mode"), ath_by(ath_desc(U(age)))))),
         .sqlite = "not-supported: SQLite 3.40.1 has no WITHIN GROUP",
         .postgresql = "SELECT percentile_cont($1) WITHIN GROUP (ORDER BY users.age) AS anon_1, mode() WITHIN GROUP "
                       "(ORDER BY users.age DESC) AS anon_2 FROM users",
         .mysql = "not-supported: MySQL has no WITHIN GROUP", .mariadb = "not-supported: MariaDB has no WITHIN GROUP"},
        {"string_agg_ordered", SELECT(.columns = ath_cols(ath_string_agg_by(U(name), ",", U(age), ath_desc(U(id))))),
         .text = "SELECT group_concat(users.name ORDER BY users.age, users.id DESC SEPARATOR ',') AS string_agg_1 FROM "
                 "users",
         .sqlite = "not-supported: SQLite 3.40.1 has no ORDER BY inside an aggregate",
         .postgresql =
             "SELECT string_agg(users.name, ',' ORDER BY users.age, users.id DESC) AS string_agg_1 FROM users"},
        {"nulls_last_in_window", OVER(ath_over(ath_count(U(id)), .order_by = ath_by(ath_nulls_last(ath_desc(U(age)))))),
         .text = "SELECT count(users.id) OVER (ORDER BY users.age DESC NULLS LAST) AS w FROM users",
         .mysql = "SELECT count(users.id) OVER (ORDER BY users.age IS NULL, users.age DESC) AS w FROM users"});
}

void language_value(golden_visit visit, void *context) {
    arithmetic(visit, context);
    arithmetic_2(visit, context);
    arithmetic_3(visit, context);
    arithmetic_4(visit, context);
    arithmetic_5(visit, context);
    functions(visit, context);
    functions_2(visit, context);
    functions_3(visit, context);
    functions_4(visit, context);
    json_reads(visit, context);
    functions_5(visit, context);
    windows(visit, context);
    windows_2(visit, context);
    windows_3(visit, context);
}
