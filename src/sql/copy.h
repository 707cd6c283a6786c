/* SPDX-License-Identifier: Apache-2.0
 *
 * Deep copies of expressions and statements, with all text and arrays they point to, into an arena.
 */
#ifndef ATH_SQL_COPY_H
#define ATH_SQL_COPY_H

#include "sql/schema.h"

/* NULL when memory ran out, an array's elements are of no known type, or it is nested more than 200 deep; NULL of NULL is
 * NULL. */
const ath_select_stmt *ath__select_copy(const ath_select_stmt *select, ath__arena *arena);
/* A copy in which the columns of a model, where they have no alias, get one. */
const ath_expr *ath__expr_copy_as(const ath_expr *expr, ath__arena *arena, const ath_model *model, const char *alias);
/* A copy in which the columns of a class, and of those it inherits from, are those of one that inherits from it; a NULL
 * class: a plain copy. */
const ath_expr *ath__expr_copy_for(const ath_expr *expr, ath__arena *arena, const ath_table *from,
                                   const ath_model *heir);
bool ath__stmt_copy(ath_stmt *stmt, ath__arena *arena);
/* In place: the struct keeps its plain members and points to copies of the rest; false as above. */
bool ath__expr_list_copy(ath_expr_list *list, ath__arena *arena);
bool ath__source_copy(ath_source *source, ath__arena *arena);
bool ath__join_copy(ath_join_clause *join, ath__arena *arena);
bool ath__cte_copy(ath_cte *cte, ath__arena *arena);
bool ath__load_copy(ath_load_clause *clause, ath__arena *arena);

#endif
