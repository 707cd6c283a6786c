/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: a nested query that the database answers in one statement.
 *
 * Each row of the query is one JSON array: a cell per column, and a cell per relation with an array for the related row, or
 * an array of such.  The database nests them (a subquery per relation, by ath__nesting of its dialect); names, dates,
 * decimals and bytes are put in when the row is read, by the same code that writes objects, so the text is the same.
 */
#ifndef ATH_JSON_NEST_H
#define ATH_JSON_NEST_H

#include "orm/loading.h"
#include "json/json.h"

/* What becomes of a member. */
typedef enum ath__nest_how {
    ATH__NEST_COLUMN = 1,
    ATH__NEST_ONE,
    ATH__NEST_MAYBE, /* one that a condition of the query may hide: then the member is left out */
    ATH__NEST_MANY,
    ATH__NEST_EMPTY /* many that nobody asks for: [] */
} ath__nest_how;

typedef struct ath__nest ath__nest;

typedef struct ath__nest_member {
    const ath__json_prop *prop;
    ath__nest_how how;
    ath__nest *below; /* of a relation */
} ath__nest_member;

/* A node of the tree of relations: whose rows these are, and which of their members are written. */
struct ath__nest {
    const ath__node *node;
    const ath_table *table;
    ath__nest_member *members;
    size_t count;
    void *probe; /* a struct that a row's columns are read into */
};

/* The tree for a plan of loads; *out NULL (and ATH_OK) when it cannot be said in one statement. */
ath_status ath__nest_plan(ath__json_writer *w, ath__json_place *place, const ath__node *node, ath__nest **out);
/* The statement: the query with one column; NULL when memory ran out. */
const ath_select_stmt *ath__nest_statement(ath__loading *l, const ath__nesting *how, const ath__nest *n,
                                           const ath_select_stmt *query);
/* Whether the dialect can. */
bool ath__nest_fits(const ath__nesting *how, const ath__nest *n);

/* ---- nest_row.c ---- */

/* One row as an object.  *broken: it is none that the statement can have given, the database has lost some of it. */
ath_status ath__nest_row(ath__json_writer *w, const ath__nest *n, const char *text, size_t size, ath__arena *scratch,
                         bool *broken);

#endif
