/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, queries built step by step: for filters that are there or not, and for queries that outlive the block
 * that wrote them.
 *
 *     ath_query *q = ath_query_new(.model = ath_model_of(User), .order_by = ath_by(ath_col(User, id)));
 *     if (keyword) ath_query_where(q, ath_icontains(ath_col(User, name), keyword));
 *     if (min_age) ath_query_where(q, ath_ge(ath_col(User, age), min_age));
 *     User **users = ath_query_all(s, User, q);
 *     ath_query_free(q);
 *
 * Every piece is copied as it is attached: expressions, texts, arrays.  A call that fails (memory ran out) makes the
 * query fail: it gives NULL from then on, and running NULL is an error, so that a run of calls is checked once.
 * A query belongs to one thread at a time.
 */
#ifndef ATHANOR_QUERY_H
#define ATHANOR_QUERY_H

#include <athanor/relation.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_query ath_query;

/* A query that begins as the SELECT of these keyword arguments (those of ath_select; none is fine).  NULL when memory
 * ran out.  Free it with ath_query_free. */
#define ath_query_new(...) ath_query_create(ath_select(__VA_ARGS__), NULL)
/* The same from any SELECT; `allocator` (copied; NULL: malloc) is where its memory comes from. */
ATH_API ath_query *ath_query_create(const ath_select_stmt *start, const ath_allocator *allocator);
ATH_API void ath_query_free(ath_query *query); /* NULL is fine */

/* Adds columns, a source, a join, expressions to group or order by: behind those that are there. */
ATH_API void ath_query_columns(ath_query *query, ath_expr_list columns);
ATH_API void ath_query_from(ath_query *query, ath_source source);
ATH_API void ath_query_join(ath_query *query, ath_join_clause join);
ATH_API void ath_query_group_by(ath_query *query, ath_expr_list by);
ATH_API void ath_query_order_by(ath_query *query, ath_expr_list by);
/* WITH: a common table expression more. */
ATH_API void ath_query_with(ath_query *query, ath_cte cte);
/* A relation more that is loaded: ath_query_load(q, ath_selectin(User, posts)). */
ATH_API void ath_query_load(ath_query *query, ath_load_clause clause);
/* One more condition: all must hold.  NULL adds none. */
ATH_API void ath_query_where(ath_query *query, const ath_expr *condition);
ATH_API void ath_query_having(ath_query *query, const ath_expr *condition);
/* These replace what was set; 0 is no limit. */
ATH_API void ath_query_limit(ath_query *query, int64_t limit);
ATH_API void ath_query_offset(ath_query *query, int64_t offset);
ATH_API void ath_query_distinct(ath_query *query, bool distinct);
ATH_API void ath_query_lock(ath_query *query, ath_lock lock);

/* The SELECT, for ath_execute, ath_into, ath_scalar, ath_subquery ...: valid until the query is changed or freed.  NULL
 * of NULL, or when a call on the query failed. */
ATH_API const ath_select_stmt *ath_query_stmt(const ath_query *query);

#ifdef __cplusplus
}
#endif

#endif
