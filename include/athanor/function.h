/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, functions: aggregates, windows, CASE, CAST, dates, JSON, and any function by name.
 *
 * A function that databases spell differently is written as each has it (ath_random: random(), rand()); where one has
 * no such thing, compiling fails with ATH_NOT_SUPPORTED and says so.
 */
#ifndef ATHANOR_FUNCTION_H
#define ATHANOR_FUNCTION_H

#include <athanor/expr.h>

/* ---- functions --------------------------------------------------------------------------------------------------- */

#define ath_count(a) ATH_COUNT_OF_(a)
#define ATH_COUNT_OF_(a) ath_as_int_(ATH_FUNCTION_("count", ATH_X_(a)))
#define ath_count_distinct(a)                                                                                          \
    ath_as_int_(ATH_NODE_OF_(.node = ATH_NODE_FUNCTION, .distinct = 1, .count = 1, .args = ATH_ARGS_(ATH_X_(a)),       \
                             .u.text = "count"))
#define ath_count_all() ath_as_int_(ATH_FUNCTION_("count", ATH_NODE_OF_(.node = ATH_NODE_STAR)))
#define ath_sum(a) ATH_LIKE_(a, ATH_FUNCTION_("sum", ATH_X_(a)))
#define ath_avg(a) ath_as_real_(ATH_FUNCTION_("avg", ATH_X_(a)))
#define ath_min(a) ATH_LIKE_(a, ATH_FUNCTION_("min", ATH_X_(a)))
#define ath_max(a) ATH_LIKE_(a, ATH_FUNCTION_("max", ATH_X_(a)))
#define ath_lower(a) ATH_LIKE_(a, ATH_FUNCTION_("lower", ATH_X_(a)))
#define ath_upper(a) ATH_LIKE_(a, ATH_FUNCTION_("upper", ATH_X_(a)))
#define ath_length(a) ath_as_int_(ATH_FUNCTION_("length", ATH_X_(a)))
#define ath_coalesce(a, b) ATH_LIKE_(a, ATH_FUNCTION_("coalesce", ATH_X_(a), ATH_FIT_(a, b)))
#define ath_nullif(a, b) ATH_LIKE_(a, ATH_FUNCTION_("nullif", ATH_X_(a), ATH_FIT_(a, b)))
/* Characters of a text (length counts bytes on MySQL). */
#define ath_char_length(a) ath_as_int_(ATH_FUNCTION_("char_length", ATH_X_(a)))
#define ath_abs(a) ATH_LIKE_(a, ATH_FUNCTION_("abs", ATH_X_(a)))
#define ath_round(a, digits) ATH_LIKE_(a, ATH_FUNCTION_("round", ATH_X_(a), ATH_X_(digits)))
#define ath_trim(a) ATH_LIKE_(a, ATH_FUNCTION_("trim", ATH_X_(a)))
/* Positions count from 1. */
#define ath_substr(a, first, count) ATH_LIKE_(a, ATH_FUNCTION_("substr", ATH_X_(a), ATH_X_(first), ATH_X_(count)))
#define ath_replace(a, from, to) ATH_LIKE_(a, ATH_FUNCTION_("replace", ATH_X_(a), ATH_FIT_(a, from), ATH_FIT_(a, to)))
#define ath_regexp_replace(a, pattern, to)                                                                             \
    ATH_LIKE_(a, ATH_FUNCTION_("regexp_replace", ATH_X_(a), ATH_FIT_(a, pattern), ATH_FIT_(a, to)))
/* The largest, the smallest of several values of one row. */
#define ath_greatest(a, b) ATH_LIKE_(a, ATH_FUNCTION_("greatest", ATH_X_(a), ATH_FIT_(a, b)))
#define ath_least(a, b) ATH_LIKE_(a, ATH_FUNCTION_("least", ATH_X_(a), ATH_FIT_(a, b)))
/* A random number, in the database's own range: -2^63 to 2^63-1 on SQLite, 0 to 1 elsewhere. */
#define ath_random() ATH_NODE_OF_(.node = ATH_NODE_FUNCTION, .u.text = "random")
/* The texts of a group as one, with a separator (a constant of the program: it is written into the SQL, as MySQL asks);
 * ath_string_agg_by in an order. */
#define ath_string_agg(a, separator) ath_as_text_(ATH_FUNCTION_("string_agg", ATH_X_(a), ath_written(separator)))
#define ath_string_agg_by(a, separator, ...)                                                                           \
    ath_as_text_(ATH_FUNCTION_("string_agg", ATH_X_(a), ath_ordered(ath_written(separator), __VA_ARGS__)))
/* Inside an aggregate: its last argument, with the order the rows are taken in. */
#define ath_ordered(a, ...)                                                                                            \
    ATH_NODE_OF_(.node = ATH_NODE_ORDERED, .count = 1 + ATH_NARGS(__VA_ARGS__),                                        \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_FOR_EACH(ATH_X_, __VA_ARGS__)))
/* Any function by name; the name is written as it is and must not come from input. */
#define ath_func(function_name, ...) ATH_FUNCTION_(function_name, ATH_FOR_EACH(ATH_X_, __VA_ARGS__))
/* The same without arguments. */
#define ath_call(function_name) ATH_CALL_(function_name)
#define ath_cast(a, sql_type)                                                                                          \
    ATH_NODE_OF_(.node = ATH_NODE_CAST, .count = 1, .u.type = sql_type, .args = ATH_ARGS_(ATH_X_(a)))
/* CASE WHEN condition THEN value ... ELSE value END: ath_case(ath_when(c, v), ath_when(c2, v2), ath_else(v3)). */
#define ath_case(...)                                                                                                  \
    ATH_NODE_OF_(.node = ATH_NODE_CASE, .count = sizeof(ATH_ARGS_(__VA_ARGS__)) / sizeof(void *),                      \
                 .args = ATH_ARGS_(__VA_ARGS__))
#define ath_when(condition, v) ATH_COND_(condition), ATH_X_(v)
#define ath_else(v) ATH_X_(v)
/* CASE a WHEN value THEN ... : ath_case_of(a, ath_is_value("gold", 3), ath_is_value("silver", 2), ath_else(0)). */
#define ath_case_of(a, ...)                                                                                            \
    ATH_NODE_OF_(.node = ATH_NODE_CASE_OF, .count = sizeof(ATH_ARGS_(ATH_X_(a), __VA_ARGS__)) / sizeof(void *),        \
                 .args = ATH_ARGS_(ATH_X_(a), __VA_ARGS__))
#define ath_is_value(value, v) ATH_X_(value), ATH_X_(v)

/* ---- dates ------------------------------------------------------------------------------------------------------- */

/* A part of a date as a number: "year", "month", "day", "hour", "minute", "second", "dow" (Sunday is 0), "doy",
 * "week" (ISO), "quarter", "epoch" (seconds since 1970); whole, rounded down.  A part that a database cannot give is refused. */
#define ath_extract(part, a)                                                                                           \
    ath_as_int_(ATH_NODE_OF_(.node = ATH_NODE_EXTRACT, .count = 1, .u.text = (part), .args = ATH_ARGS_(ATH_X_(a))))

/* ---- windows ----------------------------------------------------------------------------------------------------- */

/* fn OVER (...): ath_over(ath_sum(x), .partition_by = ath_by(a), .order_by = ath_by(b), ATH_ROWS(-1, 1)). */
#define ath_over(fn, ...)                                                                                              \
    ATH_LIKE_(fn, ATH_NODE_OF_(.node = ATH_NODE_OVER, .count = 1, .args = ATH_ARGS_(ATH_X_(fn)),                       \
                               .u.window = &(const ath_window){.made_by_macro = true, __VA_ARGS__}))
/* The frame: from so many rows before (negative) to so many behind; ATH_UNBOUNDED_PRECEDING and _FOLLOWING. */
#define ATH_ROWS(from, to) .frame = ATH_FRAME_ROWS, .start = (from), .end = (to)
#define ATH_RANGE(from, to) .frame = ATH_FRAME_RANGE, .start = (from), .end = (to)
#define ATH_GROUPS(from, to) .frame = ATH_FRAME_GROUPS, .start = (from), .end = (to)
/* The aggregate over the rows that meet a condition; written with CASE where there is no FILTER. */
#define ath_filter(fn, condition)                                                                                      \
    ATH_LIKE_(fn,                                                                                                      \
              ATH_NODE_OF_(.node = ATH_NODE_FILTER, .count = 2, .args = ATH_ARGS_(ATH_X_(fn), ATH_COND_(condition))))
/* percentile_cont(0.5) WITHIN GROUP (ORDER BY x): ath_within_group(ath_func("percentile_cont", 0.5), ath_by(x)). */
#define ath_within_group(fn, order)                                                                                    \
    ATH_NODE_OF_(.node = ATH_NODE_WITHIN, .count = 1, .args = ATH_ARGS_(ATH_X_(fn)),                                   \
                 .u.window = &(const ath_window){.order_by = order})
#define ATH_CALL_(sql_name) ATH_NODE_OF_(.node = ATH_NODE_FUNCTION, .u.text = (sql_name))
#define ath_row_number() ath_as_int_(ATH_CALL_("row_number"))
#define ath_rank() ath_as_int_(ATH_CALL_("rank"))
#define ath_dense_rank() ath_as_int_(ATH_CALL_("dense_rank"))
#define ath_percent_rank() ath_as_real_(ATH_CALL_("percent_rank"))
#define ath_cume_dist() ath_as_real_(ATH_CALL_("cume_dist"))
#define ath_ntile(n) ath_as_int_(ATH_FUNCTION_("ntile", ATH_X_(n)))
#define ath_lag(a, n) ATH_LIKE_(a, ATH_FUNCTION_("lag", ATH_X_(a), ATH_X_(n)))
#define ath_lead(a, n) ATH_LIKE_(a, ATH_FUNCTION_("lead", ATH_X_(a), ATH_X_(n)))
#define ath_first_value(a) ATH_LIKE_(a, ATH_FUNCTION_("first_value", ATH_X_(a)))
#define ath_last_value(a) ATH_LIKE_(a, ATH_FUNCTION_("last_value", ATH_X_(a)))
#define ath_nth_value(a, n) ATH_LIKE_(a, ATH_FUNCTION_("nth_value", ATH_X_(a), ATH_X_(n)))

/* ---- grouping sets ----------------------------------------------------------------------------------------------- */

/* In .group_by: ath_rollup(a, b), ath_cube(a, b), ath_grouping_sets(ath_tuple(a, b), ath_tuple(a)). */
#define ATH_GROUPING_(sql_name, ...)                                                                                   \
    ATH_NODE_OF_(.node = ATH_NODE_GROUPING, .u.text = (sql_name), .count = ATH_NARGS(__VA_ARGS__),                     \
                 .args = ATH_ARGS_(ATH_FOR_EACH(ATH_X_, __VA_ARGS__)))
#define ath_rollup(...) ATH_GROUPING_("ROLLUP", __VA_ARGS__)
#define ath_cube(...) ATH_GROUPING_("CUBE", __VA_ARGS__)
#define ath_grouping_sets(...) ATH_GROUPING_("GROUPING SETS", __VA_ARGS__)

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* The element of a JSON document at a path of keys and positions (from 0): ath_json_get(doc, "tags", 0).  A path that
 * leads nowhere is NULL.  ath_json_get gives JSON; the others a value of that type (a JSON null is NULL; what cannot be
 * one is an error).  A negative position counts from the end. */
#define ATH_JSON_AT_(sql_type, ...)                                                                                    \
    ATH_NODE_OF_(.node = ATH_NODE_JSON, .u.type = sql_type, .count = ATH_NARGS(__VA_ARGS__),                           \
                 .args = ATH_ARGS_(ATH_FOR_EACH(ATH_X_, __VA_ARGS__)))
#define ath_json_get(...) ath_as_json_(ATH_JSON_AT_(ATH_JSON, __VA_ARGS__))
#define ath_json_text(...) ath_as_text_(ATH_JSON_AT_(ATH_TEXT, __VA_ARGS__))
#define ath_json_int(...) ath_as_int_(ATH_JSON_AT_(ATH_BIGINT, __VA_ARGS__))
#define ath_json_real(...) ath_as_real_(ATH_JSON_AT_(ATH_DOUBLE, __VA_ARGS__))
#define ath_json_bool(...) ath_as_bool_(ATH_JSON_AT_(ATH_BOOLEAN, __VA_ARGS__))

/* ---- upserts ----------------------------------------------------------------------------------------------------- */

/* In .set of .on_conflict: the value that was to be inserted into field f. */
#define ath_excluded(M, f)                                                                                             \
    ATH_LIKE_(ath_col(M, f),                                                                                           \
              ATH_NODE_OF_(.node = ATH_NODE_EXCLUDED, .count = 1, .args = ATH_ARGS_(ATH_X_(ath_col(M, f)))))
#define ath_excluded_name(column_name)                                                                                 \
    ATH_NODE_OF_(.node = ATH_NODE_EXCLUDED, .count = 1, .args = ATH_ARGS_(ath_name(NULL, column_name)))

#endif
