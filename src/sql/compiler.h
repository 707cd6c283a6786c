/* SPDX-License-Identifier: Apache-2.0
 *
 * The compiler at work, shared by the files compile*.c and by a dialect's overrides.
 *
 * Text grows in `out`; the first error sticks in *error and everything after it is idle, so that rendering code is
 * written without checks and asked once at the end.
 */
#ifndef ATH_SQL_COMPILER_H
#define ATH_SQL_COMPILER_H

#include "sql/compile.h"

/* A table or alias that columns may belong to. */
typedef struct ath__from {
    const ath_table *table; /* NULL for tables known by name only */
    const ath_model *model;
    const char *name; /* the alias, or the table's name */
    bool aliased;
} ath__from;

/* The FROM of one SELECT; inner ones see the outer ones. */
typedef struct ath__scope {
    const struct ath__scope *outer;
    ath__from *items;
    size_t count;
} ath__scope;

struct ath__compiler {
    const ath_dialect *dialect;
    const ath__key *key; /* NULL when compiling without values (unit of work) */
    size_t next_value;   /* where the next literal's value probably is */
    ath__buf out;
    ath__arena *arena; /* the product's */
    ath_error *error;  /* never NULL here; status ATH_OK while all is well */
    const ath__scope *scope;
    bool unqualified; /* columns without their table: INSERT, DDL */
    int depth;
    uint32_t anonymous; /* anon_1, anon_2 ... */
    ath__bind *binds;
    size_t bind_count, bind_capacity;
    ath__result_column *columns;
    size_t column_count, column_capacity;
    bool open_columns; /* a star or text among them: how many is the database's to say */
};

enum { ATH__COMPILE_DEPTH = 200 };

void ath__compiler_init(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                        ath_error *error);
/* Moves the text into the product, or frees it on failure. */
ath_status ath__compiler_finish(ath__compiler *c, ath_stmt_kind kind, ath__compiled *out);
bool ath__compiler_failed(const ath__compiler *c);

/* ---- compile_expr.c ---- */

/* An operand inside an operator of the given precedence; `hint` is the type of what stands beside it (may be NULL). */
void ath__render(ath__compiler *c, const ath_expr *e, const ath_type *hint);
void ath__render_list(ath__compiler *c, ath_expr_list list, const char *separator);
void ath__render_column_name(ath__compiler *c, const ath_expr *column);
/* A condition at the top of WHERE, ON or HAVING. */
void ath__render_condition(ath__compiler *c, const ath_expr *e);
/* A placeholder for a value of the key (or, without a key, the next one) that must fit the type. */
void ath__render_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how);
/* A placeholder for a literal that a model keeps. */
void ath__render_constant(ath__compiler *c, const ath_value *value, const ath_type *type);
/* The index of the value that a node (or a LIMIT's number) gave to the key. */
size_t ath__value_of(ath__compiler *c, const void *owner);
/* What type an expression has; ATH_SQL_INFER when unknown. */
ath_type ath__expr_type(ath__compiler *c, const ath_expr *e);
/* The column a COLUMN node means; NULL (with an error) when the model has none there. */
const ath__column *ath__resolve(ath__compiler *c, const ath_expr *e);
/* Refuses an order by something that the database cannot order. */
void ath__check_order(ath__compiler *c, const ath_expr *e);
/* Whether nothing is left of a condition: NULL, or AND over nothing.  (OR over nothing is false, and is written.) */
bool ath__condition_is_empty(const ath_expr *e);

/* ---- compile_select.c ---- */

void ath__render_select(ath__compiler *c, const ath_select_stmt *s);
void ath__render_returning(ath__compiler *c, ath_expr_list list);
void ath__add_result(ath__compiler *c, const char *name, ath_type type, const ath__column *column);

/* ---- compile_from.c ---- */

/* Works out the FROM of a SELECT into scope->items (arena memory). */
void ath__scope_of_select(ath__compiler *c, const ath_select_stmt *s, ath__scope *scope);
/* Writes FROM and the joins. */
void ath__render_from(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope);

#endif
