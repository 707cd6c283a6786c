/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, statements: SELECT, INSERT, UPDATE, DELETE as option structs that the macros here fill.
 *
 * A statement is a compound literal on the caller's stack, as its expressions are; keyword arguments are designated
 * initialisers, and what is not named is zero, the default.
 */
#ifndef ATHANOR_STATEMENT_H
#define ATHANOR_STATEMENT_H

#include <athanor/expr.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_select_stmt ath_select_stmt;

/* What rows are taken from: a model, a table (or common table expression) by name, or a subquery; with an alias. */
typedef struct ath_source {
    const ath_model *model;
    const char *table;             /* by name, when there is no model */
    const ath_select_stmt *select; /* a subquery; needs an alias */
    const char *alias;
} ath_source;

typedef struct ath_source_list {
    size_t count;
    const ath_source *items;
} ath_source_list;

/* How many elements an array of that type has.  The type's elements are structs, so a comma in one is no separator. */
#define ATH_COUNT_(type, ...) (sizeof((const type[]){__VA_ARGS__}) / sizeof(type))
#define ath_from(...)                                                                                                  \
    ((ath_source_list){.count = ATH_COUNT_(ath_source, __VA_ARGS__), .items = (const ath_source[]){__VA_ARGS__}})
/* ath_from(ath_model_source(User), ath_table_ref("posts"), ath_select_as(query, "q")) */
#define ath_model_source(M) ((ath_source){.model = &ath_model_##M})
#define ath_model_as(M, alias_name) ((ath_source){.model = &ath_model_##M, .alias = (alias_name)})
#define ath_table_ref(table_name) ((ath_source){.table = (table_name)})
#define ath_table_as(table_name, alias_name) ((ath_source){.table = (table_name), .alias = (alias_name)})
#define ath_select_as(query, alias_name) ((ath_source){.select = (query), .alias = (alias_name)})

typedef enum ath_join_kind { ATH_JOIN_INNER = 0, ATH_JOIN_LEFT, ATH_JOIN_CROSS } ath_join_kind;

/* A join.  Without `.on` the condition is derived from the one foreign key between the tables. */
typedef struct ath_join_clause {
    ath_source source;
    ath_join_kind kind;
    const ath_expr *on;
} ath_join_clause;

typedef struct ath_join_list {
    size_t count;
    const ath_join_clause *items;
} ath_join_list;

#define ath_joins(...)                                                                                                 \
    ((ath_join_list){.count = ATH_COUNT_(ath_join_clause, __VA_ARGS__),                                                \
                     .items = (const ath_join_clause[]){__VA_ARGS__}})
#define ath_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_INNER)
#define ath_outer_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_LEFT)
#define ath_cross_join(M) ATH_JOIN_(M, .kind = ATH_JOIN_CROSS)
#define ATH_JOIN_(M, ...) ((ath_join_clause){.source = {.model = &ath_model_##M}, __VA_ARGS__})
/* Joins with any source: ath_join_to(ath_table_ref("t"), .on = ...). */
#define ath_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_INNER)
#define ath_outer_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_LEFT)
#define ATH_JOIN_TO_(the_source, ...) ((ath_join_clause){.source = the_source, __VA_ARGS__})

/* A common table expression: WITH name(columns) AS (query), or with `recursive` the union of both. */
typedef struct ath_cte {
    const char *name;
    ath_name_list columns;
    const ath_select_stmt *query;
    const ath_select_stmt
        *recursive; /* joined by UNION, or UNION ALL with .union_all; may name the expression itself */
    bool union_all;
} ath_cte;

typedef struct ath_cte_list {
    size_t count;
    const ath_cte *items;
} ath_cte_list;

/* One expression: ath_with("name", ath_names("column"), ath_select(...), .recursive = ...); several:
 * ath_ctes(ath_cte_of("a", ...), ath_cte_of("b", ...)), each seeing those before it. */
#define ath_with(...) ((ath_cte_list){.count = 1, .items = (const ath_cte[]){{__VA_ARGS__}}})
#define ath_cte_of(...) ((ath_cte){__VA_ARGS__})
#define ath_ctes(...)                                                                                                  \
    ((ath_cte_list){.count = ATH_COUNT_(ath_cte, __VA_ARGS__), .items = (const ath_cte[]){__VA_ARGS__}})

typedef struct ath_load_list {
    size_t count;
    const struct ath_load_clause *items; /* how relations are loaded */
} ath_load_list;

/* A SELECT.  Where `model` is given and `columns` is not, all its columns are selected.  Without `from` and `model`
 * the tables named by the columns and the condition are it, less those that are joined. */
struct ath_select_stmt {
    size_t struct_size;
    const ath_model *model;
    ath_expr_list columns;
    ath_source_list from;
    ath_join_list joins;
    const ath_expr *where;
    ath_expr_list group_by;
    const ath_expr *having;
    ath_expr_list order_by;
    int64_t limit;  /* 0: no limit */
    int64_t offset; /* 0: from the first row */
    bool distinct;
    ath_cte_list with;
    /* The session's, ignored elsewhere. */
    ath_load_list load;
    bool read_only;         /* objects are not tracked: no identity map, no image; changes to them are never written */
    bool populate_existing; /* overwrite the objects the session already has with what the rows say */
};
#define ath_select(...) (&(const ath_select_stmt){.struct_size = sizeof(ath_select_stmt), __VA_ARGS__})

/* column = value, for INSERT and UPDATE. */
typedef struct ath_assignment {
    const ath_expr *column;
    const ath_expr *value;
} ath_assignment;

typedef struct ath_assignment_list {
    size_t count;
    const ath_assignment *items;
} ath_assignment_list;

#define ath_set(...)                                                                                                   \
    ((ath_assignment_list){.count = ATH_COUNT_(ath_assignment, __VA_ARGS__),                                           \
                           .items = (const ath_assignment[]){__VA_ARGS__}})
/* Field f of model M becomes v, a value or an expression of the field's family. */
#define ath_to(M, f, v) ((ath_assignment){ATH_X_(ath_col(M, f)), ATH_FIT_(ath_col(M, f), v)})
/* The same by the column's name. */
#define ath_name_to(column_name, v) ((ath_assignment){ath_name(NULL, column_name), ATH_X_(v)})

typedef struct ath_insert_stmt {
    size_t struct_size;
    const ath_model *model;
    const char *table; /* by name, when there is no model */
    ath_assignment_list set;
    const ath_select_stmt *select; /* INSERT ... SELECT into the columns of `columns` */
    ath_name_list columns;
    ath_expr_list returning;
} ath_insert_stmt;
#define ath_insert(...) (&(const ath_insert_stmt){.struct_size = sizeof(ath_insert_stmt), __VA_ARGS__})

typedef struct ath_update_stmt {
    size_t struct_size;
    const ath_model *model;
    const char *table;
    ath_assignment_list set;
    const ath_expr *where;
    bool all_rows; /* without .where, an UPDATE or DELETE is refused unless this is set */
    ath_expr_list returning;
} ath_update_stmt;

typedef struct ath_delete_stmt {
    size_t struct_size;
    const ath_model *model;
    const char *table;
    const ath_expr *where;
    bool all_rows;
    ath_expr_list returning;
} ath_delete_stmt;

/* Statements for ath_execute; the session's ath_update(s, M, ...) is in orm.h. */
#define ath_update_of(...) (&(const ath_update_stmt){.struct_size = sizeof(ath_update_stmt), __VA_ARGS__})
#define ath_delete_of(...) (&(const ath_delete_stmt){.struct_size = sizeof(ath_delete_stmt), __VA_ARGS__})
/* `.model = ath_model_of(User)` */
#define ath_model_of(M) (&ath_model_##M)

typedef enum ath_stmt_kind {
    ATH_STMT_SELECT = 1,
    ATH_STMT_INSERT,
    ATH_STMT_UPDATE,
    ATH_STMT_DELETE,
    ATH_STMT_TEXT
} ath_stmt_kind;

/* Any statement. */
typedef struct ath_stmt {
    ath_stmt_kind kind;
    const void *of;
} ath_stmt;

#define ath_stmt_of(s)                                                                                                 \
    ((ath_stmt){.kind = _Generic((s),                                                                                \
                    const ath_select_stmt *: ATH_STMT_SELECT,                                                        \
                    const ath_insert_stmt *: ATH_STMT_INSERT,                                                        \
                    const ath_update_stmt *: ATH_STMT_UPDATE,                                                        \
                    const ath_delete_stmt *: ATH_STMT_DELETE,                                                        \
                    const ath_expr *: ATH_STMT_TEXT),                                                                \
                .of = (s)})

#ifdef __cplusplus
}
#endif

#endif
