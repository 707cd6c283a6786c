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

/* What rows are taken from: a model, a table (or common table expression) by name, a subquery, a list of values, or a
 * function that gives rows; with an alias. */
typedef struct ath_source {
    const ath_model *model;
    const ath_table *described;    /* a table without a struct: its columns by ath_name, with the types it says */
    const char *table;             /* by name, when there is neither */
    const char *schema;            /* of a table by name */
    const ath_select_stmt *select; /* a subquery; needs an alias */
    const ath_expr *function;      /* that gives rows; needs an alias */
    const char *alias;
    ath_name_list columns;               /* names for the columns: AS alias (a, b) */
    bool lateral;                        /* the subquery or function sees the sources before it */
    const ath_expr *sample, *seed;       /* TABLESAMPLE sample REPEATABLE (seed) */
    const struct ath_join_clause *joins; /* a join in parentheses: this source with these joins; see ath_nested_join */
    size_t join_count;
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
#define ath_described(plain_table) ((ath_source){.described = (plain_table)})
#define ath_described_as(plain_table, alias_name) ((ath_source){.described = (plain_table), .alias = (alias_name)})
#define ath_table_in(schema_name, table_name) ((ath_source){.schema = (schema_name), .table = (table_name)})
#define ath_select_as(query, alias_name) ((ath_source){.select = (query), .alias = (alias_name)})
#define ath_lateral(query, alias_name) ((ath_source){.select = (query), .alias = (alias_name), .lateral = true})
/* A function that gives rows: ath_function_as(ath_func("generate_series", 1, 9), "n"). */
#define ath_function_as(fn, alias_name) ((ath_source){.function = (fn), .alias = (alias_name)})
/* (VALUES (1, 'a'), (2, 'b')) AS alias (names): ath_values_as("v", ath_names("id", "name"), ath_vals(1, "a"), ...). */
#define ath_values_as(alias_name, names, ...)                                                                          \
    ((ath_source){.select = ath_values(__VA_ARGS__), .alias = (alias_name), .columns = names})
/* A join as one source, in parentheses: ath_nested_join(ath_model_source(Order), ath_join(Item)). */
#define ath_nested_join(source, ...)                                                                                   \
    ath_nested_join_(source, ATH_COUNT_(ath_join_clause, __VA_ARGS__), (const ath_join_clause[]){__VA_ARGS__})

typedef enum ath_join_kind {
    ATH_JOIN_INNER = 0,
    ATH_JOIN_LEFT,
    ATH_JOIN_CROSS,
    ATH_JOIN_RIGHT, /* written as a left join, swapped, where the database has none */
    ATH_JOIN_FULL
} ath_join_kind;

/* A join.  Without `.on` the condition is derived from the one foreign key between the tables. */
typedef struct ath_join_clause {
    ath_source source;
    ath_join_kind kind;
    ATH_CONDITION_(on);
    const ath_expr *filter_; /* the session's: a further condition, besides one that is derived, too */
} ath_join_clause;

typedef struct ath_join_list {
    size_t count;
    const ath_join_clause *items;
} ath_join_list;

static inline ath_source ath_nested_join_(ath_source source, size_t count, const ath_join_clause *joins) {
    source.joins = joins;
    source.join_count = count;
    return source;
}

#define ath_joins(...)                                                                                                 \
    ((ath_join_list){.count = ATH_COUNT_(ath_join_clause, __VA_ARGS__),                                                \
                     .items = (const ath_join_clause[]){__VA_ARGS__}})
#define ath_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_INNER)
#define ath_outer_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_LEFT)
#define ath_right_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_RIGHT)
#define ath_full_join(...) ATH_JOIN_(__VA_ARGS__, .kind = ATH_JOIN_FULL)
#define ath_cross_join(M) ATH_JOIN_(M, .kind = ATH_JOIN_CROSS)
#define ATH_JOIN_(M, ...) ((ath_join_clause){.source = {.model = &ath_model_##M}, __VA_ARGS__})
/* Joins with any source: ath_join_to(ath_table_ref("t"), .on = ...). */
#define ath_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_INNER)
#define ath_outer_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_LEFT)
#define ath_right_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_RIGHT)
#define ath_full_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_FULL)
#define ath_cross_join_to(...) ATH_JOIN_TO_(__VA_ARGS__, .kind = ATH_JOIN_CROSS)
#define ATH_JOIN_TO_(the_source, ...) ((ath_join_clause){.source = the_source, __VA_ARGS__})

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

typedef enum ath_materialized { ATH_MATERIALIZED_AUTO = 0, ATH_MATERIALIZED, ATH_NOT_MATERIALIZED } ath_materialized;

/* A common table expression: WITH name(columns) AS (query), or with `recursive` the union of both; or a statement that
 * changes rows and returns them (PostgreSQL). */
typedef struct ath_cte {
    const char *name;
    ath_name_list columns;
    const ath_select_stmt *query;
    const ath_select_stmt
        *recursive; /* joined by UNION, or UNION ALL with .union_all; may name the expression itself */
    bool union_all;
    ath_materialized materialized;
    ath_stmt statement; /* instead of a query: .statement = ath_stmt_of(ath_insert(..., .returning = ...)) */
    bool made_by_macro; /* says nothing; keeps compilers quiet about members that are not named */
} ath_cte;

typedef struct ath_cte_list {
    size_t count;
    const ath_cte *items;
} ath_cte_list;

/* One expression: ath_with("name", ath_names("column"), ath_select(...), .recursive = ...); several:
 * ath_ctes(ath_cte_of("a", ...), ath_cte_of("b", ...)), each seeing those before it. */
#define ath_with(...) ((ath_cte_list){.count = 1, .items = (const ath_cte[]){ath_cte_of(__VA_ARGS__)}})
#define ath_cte_of(...) ((ath_cte){__VA_ARGS__, .made_by_macro = true})
#define ath_ctes(...)                                                                                                  \
    ((ath_cte_list){.count = ATH_COUNT_(ath_cte, __VA_ARGS__), .items = (const ath_cte[]){__VA_ARGS__}})

typedef struct ath_load_list {
    size_t count;
    const struct ath_load_clause *items; /* how relations are loaded */
} ath_load_list;

/* Which rows are locked until the transaction ends.  SQLite locks whole databases: there a plain ath_for_update adds
 * nothing to the SQL, and the other forms are refused. */
typedef enum ath_lock_strength {
    ATH_LOCK_NONE = 0,
    ATH_LOCK_UPDATE,
    ATH_LOCK_SHARE,
    ATH_LOCK_NO_KEY_UPDATE,
    ATH_LOCK_KEY_SHARE
} ath_lock_strength;

typedef struct ath_lock {
    ath_lock_strength strength;
    bool nowait, skip_locked; /* rows locked by others: fail at once, or leave them out */
    ath_source_list of;       /* rows of these tables alone; MariaDB, which cannot, locks those of all */
} ath_lock;
#define ath_for_update(...) ((ath_lock){.strength = ATH_LOCK_UPDATE, __VA_ARGS__})
#define ath_for_share(...) ((ath_lock){.strength = ATH_LOCK_SHARE, __VA_ARGS__})
#define ath_for_no_key_update(...) ((ath_lock){.strength = ATH_LOCK_NO_KEY_UPDATE, __VA_ARGS__})
#define ath_for_key_share(...) ((ath_lock){.strength = ATH_LOCK_KEY_SHARE, __VA_ARGS__})

/* How the members of a compound SELECT are put together. */
typedef enum ath_set_kind {
    ATH_SET_NONE = 0,
    ATH_SET_UNION,
    ATH_SET_UNION_ALL,
    ATH_SET_INTERSECT,
    ATH_SET_INTERSECT_ALL,
    ATH_SET_EXCEPT,
    ATH_SET_EXCEPT_ALL
} ath_set_kind;

/* Rows of values: each an ath_expr_list of the same length. */
typedef struct ath_row_list {
    size_t count;
    const ath_expr_list *items;
} ath_row_list;
#define ath_vals(...) ath_cols(__VA_ARGS__)
#define ath_rows(...)                                                                                                  \
    ((ath_row_list){.count = ATH_COUNT_(ath_expr_list, __VA_ARGS__), .items = (const ath_expr_list[]){__VA_ARGS__}})

/* A SELECT.  Where `model` is given and `columns` is not, all its columns are selected.  Without `from` and `model`
 * the tables named by the columns and the condition are it, less those that are joined. */
struct ath_select_stmt {
    size_t struct_size;
    const ath_model *model;
    ath_expr_list columns;
    ath_source_list from;
    ath_join_list joins;
    ATH_CONDITION_(where);
    ath_expr_list group_by;
    ATH_CONDITION_(having);
    ath_expr_list order_by;
    int64_t limit;  /* 0: no limit */
    int64_t offset; /* 0: from the first row */
    bool distinct;
    bool with_ties;            /* the limit takes in rows that equal the last in order (PostgreSQL) */
    bool table_labels;         /* columns without a label are called table_column */
    ath_expr_list distinct_on; /* the first row of each group (PostgreSQL) */
    ath_cte_list with;
    ath_lock lock;
    const char *prefix, *suffix; /* SQL behind SELECT and at the very end; never from input */
    /* A compound: instead of columns and sources, other SELECTs; order_by, limit and offset are the whole's. */
    ath_set_kind set;
    size_t member_count;
    const ath_select_stmt *const *members;
    ath_row_list values; /* VALUES (...), (...): instead of all else */
    /* The session's, ignored elsewhere. */
    ath_load_list load;
    ath_expr_list load_only, defer; /* these columns alone are loaded (and keys); all but these: see relation.h */
    bool read_only;         /* objects are not tracked: no identity map, no image; changes to them are never written */
    bool populate_existing; /* overwrite the objects the session already has with what the rows say */
    bool unfiltered;        /* without the default filters of models and of the session; see hooks.h */
    bool only_class;        /* objects of the model itself, none of a class that inherits from it; see inherit.h */
};
#define ath_select(...) (&(const ath_select_stmt){.struct_size = sizeof(ath_select_stmt), __VA_ARGS__})

/* ath_union(ath_queries(a, b), .order_by = ..., .limit = ...): members with an ORDER BY or LIMIT of their own are put in
 * parentheses where the database has that, and become subqueries elsewhere.  Columns of the whole are ordered by their
 * names: ath_by(ath_name(NULL, "id")). */
#define ath_queries(...)                                                                                               \
    .member_count = ATH_NARGS(__VA_ARGS__), .members = (const ath_select_stmt *const[]) {                              \
        __VA_ARGS__                                                                                                    \
    }
#define ath_union(...) ath_select(.set = ATH_SET_UNION, __VA_ARGS__)
#define ath_union_all(...) ath_select(.set = ATH_SET_UNION_ALL, __VA_ARGS__)
#define ath_intersect(...) ath_select(.set = ATH_SET_INTERSECT, __VA_ARGS__)
#define ath_intersect_all(...) ath_select(.set = ATH_SET_INTERSECT_ALL, __VA_ARGS__)
#define ath_except(...) ath_select(.set = ATH_SET_EXCEPT, __VA_ARGS__)
#define ath_except_all(...) ath_select(.set = ATH_SET_EXCEPT_ALL, __VA_ARGS__)
/* VALUES as a query: ath_values(ath_vals(1, "a"), ath_vals(2, "b")). */
#define ath_values(...) ath_select(.values = ath_rows(__VA_ARGS__))

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

/* What happens when a row to insert meets one with the same key.  The key: `columns`, or `constraint` by name
 * (PostgreSQL); MySQL and MariaDB watch every unique key, whatever is named.  Then: with `set`, that row is updated
 * (values that were to be inserted: ath_excluded); without, it stays as it is. */
typedef struct ath_conflict {
    bool is_set; /* made true by ath_on_conflict */
    ath_name_list columns;
    const char *constraint;
    ATH_CONDITION_(where); /* of the partial unique index */
    ath_assignment_list set;
    ATH_CONDITION_(update_where); /* rows that do not meet it stay as they are */
} ath_conflict;
#define ath_on_conflict(...) ((ath_conflict){.is_set = true, __VA_ARGS__})

/* One row (.set), many (.columns and .values), those of a SELECT (.columns and .select), or, with none of these, one of
 * defaults.  With a model, columns that are not named get the model's defaults. */
typedef struct ath_insert_stmt {
    size_t struct_size;
    const ath_model *model;
    const ath_table *described; /* a table without a struct */
    const char *table;          /* by name, when there is neither */
    const char *schema;
    ath_cte_list with;
    ath_assignment_list set;
    const char *prefix; /* SQL behind INSERT: "IGNORE", "OR REPLACE"; never from input */
    ath_name_list columns;
    ath_row_list values;
    const ath_select_stmt *select; /* INSERT ... SELECT into the columns of `columns` */
    ath_conflict on_conflict;
    ath_expr_list returning;
} ath_insert_stmt;
#define ath_insert(...) (&(const ath_insert_stmt){.struct_size = sizeof(ath_insert_stmt), __VA_ARGS__})

/* UPDATE and DELETE; other tables that the condition speaks of stand in `from`. */
typedef struct ath_update_stmt {
    size_t struct_size;
    const ath_model *model;
    const ath_table *described;
    const char *table;
    const char *schema;
    ath_cte_list with;
    ath_assignment_list set;
    ath_source_list from;
    ATH_CONDITION_(where);
    bool all_rows; /* without .where, an UPDATE or DELETE is refused unless this is set */
    ath_expr_list order_by;
    int64_t limit; /* of rows changed (MySQL, MariaDB); 0: none */
    ath_expr_list returning;
    bool unfiltered; /* as of a SELECT */
} ath_update_stmt;

typedef struct ath_delete_stmt {
    size_t struct_size;
    const ath_model *model;
    const ath_table *described;
    const char *table;
    const char *schema;
    ath_cte_list with;
    ath_source_list from;
    ATH_CONDITION_(where);
    bool all_rows;
    ath_expr_list order_by;
    int64_t limit;
    ath_expr_list returning;
    bool unfiltered; /* as of a SELECT */
} ath_delete_stmt;

/* Statements for ath_execute; the session's ath_update(s, M, ...) is in orm.h. */
#define ath_update_of(...) (&(const ath_update_stmt){.struct_size = sizeof(ath_update_stmt), __VA_ARGS__})
#define ath_delete_of(...) (&(const ath_delete_stmt){.struct_size = sizeof(ath_delete_stmt), __VA_ARGS__})
/* `.model = ath_model_of(User)` */
#define ath_model_of(M) (&ath_model_##M)

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
