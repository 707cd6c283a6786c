/* SPDX-License-Identifier: Apache-2.0
 *
 * The query language without its prefix, for those who want queries to read like SQL:
 *
 *     ath_all(s, User, .where = and_(eq(col(User, is_active), true), ilike(col(User, name), "%ali%")));
 *
 * Names that C, POSIX or everyday code already uses end in an underscore, as SQLAlchemy's and_ does.  Opt-in: include it
 * in a .c file, behind every other header.
 */
#ifndef ATHANOR_SHORT_H
#define ATHANOR_SHORT_H

#include <athanor/athanor.h>

#define col ath_col
#define col_of ath_col_of
#define name_ ath_name
#define label ath_label
#define text_ ath_text
#define bind_ ath_bind
#define null_ ath_null
#define now_ ath_now

#define eq ath_eq
#define ne ath_ne
#define lt ath_lt
#define le ath_le
#define gt ath_gt
#define ge ath_ge
#define is_ ath_is
#define is_null ath_is_null
#define is_not_null ath_is_not_null
#define between ath_between
#define and_ ath_and
#define or_ ath_or
#define not_ ath_not
#define like ath_like
#define not_like ath_not_like
#define ilike ath_ilike
#define not_ilike ath_not_ilike
#define contains ath_contains
#define startswith ath_startswith
#define endswith ath_endswith
#define in_ ath_in
#define not_in ath_not_in
#define in_array ath_in_array
#define not_in_array ath_not_in_array
#define in_query ath_in_query
#define not_in_query ath_not_in_query
#define exists_ ath_exists
#define subquery ath_subquery

#define plus_ ath_plus
#define minus_ ath_minus
#define times_ ath_times
#define divide_ ath_divide
#define modulo_ ath_modulo
#define concat ath_concat

#define count_ ath_count
#define count_distinct ath_count_distinct
#define count_all ath_count_all
#define sum_ ath_sum
#define avg_ ath_avg
#define min_ ath_min
#define max_ ath_max
#define lower_ ath_lower
#define upper_ ath_upper
#define length_ ath_length
#define coalesce ath_coalesce
#define func_ ath_func
#define cast_ ath_cast
#define case_ ath_case
#define when_ ath_when
#define else_ ath_else

#define cols ath_cols
#define by ath_by
#define asc ath_asc
#define desc ath_desc
#define nulls_first ath_nulls_first
#define nulls_last ath_nulls_last

#define select_ ath_select
#define insert_ ath_insert
#define from_ ath_from
#define joins ath_joins
#define join_ ath_join
#define outer_join ath_outer_join
#define with_ ath_with
#define set_ ath_set
#define to_ ath_to

#endif
