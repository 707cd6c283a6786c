/* SPDX-License-Identifier: Apache-2.0
 *
 * The query language without its prefix, for those who want queries to read like SQL:
 *
 *     ath_all(s, User, .where = and_(eq(col(User, is_active), true), ilike(col(User, name), "%ali%")));
 *
 * Names that C, POSIX or everyday code already uses end in an underscore, as SQLAlchemy's and_ does.  Opt-in: include it
 * in a .c file, behind every other header.  All are macros with arguments, so members of the same name stay usable.
 */
#ifndef ATHANOR_SHORT_H
#define ATHANOR_SHORT_H

#include <athanor/athanor.h>

#define col(...) ath_col(__VA_ARGS__)
#define col_of(...) ath_col_of(__VA_ARGS__)
#define name_(...) ath_name(__VA_ARGS__)
#define label(...) ath_label(__VA_ARGS__)
#define text_(...) ath_text(__VA_ARGS__)
#define bind_(...) ath_bind(__VA_ARGS__)
#define null_(...) ath_null(__VA_ARGS__)
#define now_(...) ath_now(__VA_ARGS__)

#define eq(...) ath_eq(__VA_ARGS__)
#define ne(...) ath_ne(__VA_ARGS__)
#define lt(...) ath_lt(__VA_ARGS__)
#define le(...) ath_le(__VA_ARGS__)
#define gt(...) ath_gt(__VA_ARGS__)
#define ge(...) ath_ge(__VA_ARGS__)
#define is_(...) ath_is(__VA_ARGS__)
#define is_null(...) ath_is_null(__VA_ARGS__)
#define is_not_null(...) ath_is_not_null(__VA_ARGS__)
#define between(...) ath_between(__VA_ARGS__)
#define and_(...) ath_and(__VA_ARGS__)
#define or_(...) ath_or(__VA_ARGS__)
#define not_(...) ath_not(__VA_ARGS__)
#define like(...) ath_like(__VA_ARGS__)
#define not_like(...) ath_not_like(__VA_ARGS__)
#define ilike(...) ath_ilike(__VA_ARGS__)
#define not_ilike(...) ath_not_ilike(__VA_ARGS__)
#define contains(...) ath_contains(__VA_ARGS__)
#define startswith(...) ath_startswith(__VA_ARGS__)
#define endswith(...) ath_endswith(__VA_ARGS__)
#define in_(...) ath_in(__VA_ARGS__)
#define not_in(...) ath_not_in(__VA_ARGS__)
#define in_array(...) ath_in_array(__VA_ARGS__)
#define not_in_array(...) ath_not_in_array(__VA_ARGS__)
#define in_query(...) ath_in_query(__VA_ARGS__)
#define not_in_query(...) ath_not_in_query(__VA_ARGS__)
#define exists_(...) ath_exists(__VA_ARGS__)
#define subquery(...) ath_subquery(__VA_ARGS__)

#define plus_(...) ath_plus(__VA_ARGS__)
#define minus_(...) ath_minus(__VA_ARGS__)
#define times_(...) ath_times(__VA_ARGS__)
#define divide_(...) ath_divide(__VA_ARGS__)
#define modulo_(...) ath_modulo(__VA_ARGS__)
#define concat(...) ath_concat(__VA_ARGS__)

#define count_(...) ath_count(__VA_ARGS__)
#define count_distinct(...) ath_count_distinct(__VA_ARGS__)
#define count_all(...) ath_count_all(__VA_ARGS__)
#define sum_(...) ath_sum(__VA_ARGS__)
#define avg_(...) ath_avg(__VA_ARGS__)
#define min_(...) ath_min(__VA_ARGS__)
#define max_(...) ath_max(__VA_ARGS__)
#define lower_(...) ath_lower(__VA_ARGS__)
#define upper_(...) ath_upper(__VA_ARGS__)
#define length_(...) ath_length(__VA_ARGS__)
#define coalesce(...) ath_coalesce(__VA_ARGS__)
#define func_(...) ath_func(__VA_ARGS__)
#define cast_(...) ath_cast(__VA_ARGS__)
#define case_(...) ath_case(__VA_ARGS__)
#define when_(...) ath_when(__VA_ARGS__)
#define else_(...) ath_else(__VA_ARGS__)

#define cols(...) ath_cols(__VA_ARGS__)
#define by(...) ath_by(__VA_ARGS__)
#define asc(...) ath_asc(__VA_ARGS__)
#define desc(...) ath_desc(__VA_ARGS__)
#define nulls_first(...) ath_nulls_first(__VA_ARGS__)
#define nulls_last(...) ath_nulls_last(__VA_ARGS__)

#define select_(...) ath_select(__VA_ARGS__)
#define insert_(...) ath_insert(__VA_ARGS__)
#define from_(...) ath_from(__VA_ARGS__)
#define joins(...) ath_joins(__VA_ARGS__)
#define join_(...) ath_join(__VA_ARGS__)
#define outer_join(...) ath_outer_join(__VA_ARGS__)
#define with_(...) ath_with(__VA_ARGS__)
#define set_(...) ath_set(__VA_ARGS__)
#define to_(...) ath_to(__VA_ARGS__)

#endif
