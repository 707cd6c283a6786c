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
#include "sql/inherit.h"

/* A table or alias that columns may belong to. */
typedef struct ath__from {
    const ath_table *table; /* NULL for tables known by name only */
    const ath_model *model;
    const char *name;   /* the alias, or the table's name */
    const char *schema; /* before the table's name; NULL: none */
    bool aliased;
    bool stands;           /* aliased, but columns of the model without an alias mean it: inside a relation's EXISTS */
    const ath_table *leaf; /* the part of a joined-table class, whose ancestors' parts come with it; NULL: one table */
    const char *alias;     /* ... its alias, if it has one */
    bool implied;          /* an ancestor of such a class: it is written together with it */
} ath__from;

/* The FROM of one SELECT; inner ones see the outer ones. */
typedef struct ath__scope {
    const struct ath__scope *outer;
    ath__from *items;
    size_t count, plain; /* the first `plain` of them are not joined */
} ath__scope;

/* Defaults of a model's columns, for INSERT ... SELECT: those of the table that are not among the names. */
typedef struct ath__appended {
    const ath_table *table;
    ath_name_list named;
} ath__appended;

/* An expression that groups, or that DISTINCT looks at: its equals are written with the same placeholders. */
typedef struct ath__anchor {
    const ath_expr *e;
    const uint64_t *words; /* its key */
    size_t word_count;
    const uint32_t *values; /* which values of the statement are its own */
    size_t value_count;
} ath__anchor;

/* Those of one SELECT; inner ones go on with the outer ones. */
typedef struct ath__anchors {
    const struct ath__anchors *outer;
    ath__anchor *items;
    size_t count, capacity;
} ath__anchors;

struct ath__compiler {
    const ath_dialect *dialect;
    const ath__key *key; /* NULL when compiling without values (unit of work) */
    size_t next_value;   /* where the next literal's value probably is */
    ath__buf out;
    ath__arena *arena; /* the product's */
    ath_error *error;  /* never NULL here; status ATH_OK while all is well */
    const ath__scope *scope;
    bool label_all;                       /* inside FROM and WITH each column is given its name: AS id */
    bool table_labels;                    /* columns are called table_column */
    bool needs_where;                     /* the SELECT to come must have a WHERE (SQLite's upsert from a SELECT) */
    const struct ath__appended *appended; /* values the SELECT to come gives behind its columns (INSERT's defaults) */
    bool unqualified;                     /* columns without their table: INSERT, DDL */
    bool returns_key;
    ath__upsert upsert;
    const char *target; /* the table that is changed */
    const ath_table *target_table;
    int depth;
    uint32_t anonymous; /* anon_1, anon_2 ... */
    ath__bind *binds;
    size_t bind_count, bind_capacity;
    ath__result_column *columns;
    size_t column_count, column_capacity;
    const ath__anchors *anchors;
    uint32_t
        *shared; /* for each value of the key: 1 + the value whose placeholder it shares, or 0; NULL: none shares */
    uint32_t *placed;             /* ... 1 + its bind, or 0 */
    const ath_model *alias_model; /* inside a column that is an expression: columns of its model ... */
    const char *alias;            /* ... have this alias; NULL: none */
    bool values_written; /* of a statement without a key, a script's: they take the type of what is beside them */
    bool open_columns;   /* a star or text among them: how many is the database's to say */
};

enum { ATH__COMPILE_DEPTH = 200 };

void ath__compiler_init(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                        ath_error *error);
/* Moves the text into the product, or frees it on failure. */
ath_status ath__compiler_finish(ath__compiler *c, ath_stmt_kind kind, ath__compiled *out);
bool ath__compiler_failed(const ath__compiler *c);

/* Fails the compilation with ATH_NOT_SUPPORTED: "MariaDB 10.11.6 has no <construct>". */
void ath__cannot(ath__compiler *c, const char *construct);

/* ---- compile_expr.c ---- */

/* An operand inside an operator of the given precedence; `hint` is the type of what stands beside it (may be NULL). */
void ath__render(ath__compiler *c, const ath_expr *e, const ath_type *hint);
/* One of several values that make up one: a NULL among them must leave the type to the others. */
void ath__render_value(ath__compiler *c, const ath_expr *e, const ath_type *hint);
void ath__render_list(ath__compiler *c, ath_expr_list list, const char *separator);
/* A column that is an expression, for its model by that alias (NULL: none). */
void ath__render_expression(ath__compiler *c, const ath_model *model, const char *alias, const ath__column *column);
void ath__render_column_name(ath__compiler *c, const ath_expr *column);
/* A condition at the top of WHERE, ON or HAVING. */
void ath__render_condition(ath__compiler *c, const ath_expr *e);
/* A placeholder for a value of the key (or, without a key, the next one) that must fit the type. */
void ath__render_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how);
/* A placeholder for a literal that a model keeps. */
void ath__render_constant(ath__compiler *c, const ath_value *value, const ath_type *type);
/* A placeholder for a literal node. */
void ath__render_literal(ath__compiler *c, const ath_expr *e, const ath_type *hint, ath__bind_how how);
/* A placeholder for the path of a JSON node, in the form $."key"[0]. */
void ath__render_json_path(ath__compiler *c, const ath_expr *e);
/* The index of the value that a node (or a LIMIT's number) gave to the key. */
size_t ath__value_of(ath__compiler *c, const void *owner);
/* The column a COLUMN node means; NULL (with an error) when the model has none there. */
const ath__column *ath__resolve(ath__compiler *c, const ath_expr *e);
/* The entry of FROM that a COLUMN or RELATION node belongs to, from the innermost SELECT outwards; NULL: none. */
const ath__from *ath__find_from(const ath__compiler *c, const ath_expr *e);
/* Whether nothing is left of a condition: NULL, or AND over nothing.  (OR over nothing is false, and is written.) */
bool ath__condition_is_empty(const ath_expr *e);

/* ---- compile_share.c ---- */

/* The anchors of a SELECT into *out, which then lie over c->anchors; they hold while c->anchors says so. */
const ath__anchors *ath__share_anchors(ath__compiler *c, const ath_select_stmt *s, ath__anchors *out);
/* Takes note of an expression that is about to be written. */
void ath__share_note(ath__compiler *c, const ath_expr *e);
/* The bind whose placeholder a value is to be written with; or SIZE_MAX, and the next one that is added will be it. */
size_t ath__share_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how);
/* Whether two expressions are the same, values and all. */
bool ath__same_expr(ath__compiler *c, const ath_expr *a, const ath_expr *b);

/* ---- compile_type.c ---- */

/* What type an expression has; ATH_SQL_INFER when unknown. */
ath_type ath__expr_type(ath__compiler *c, const ath_expr *e);
/* The type a value beside `e` must fit.  Text is compared at any length: what is longer just does not match. */
ath_type ath__comparison_type(ath__compiler *c, const ath_expr *e);
/* Whether it is a value of the program, under a label or not. */
bool ath__is_literal(const ath_expr *e);
bool ath__is_null(const ath_expr *e);
/* What several values are together, as SQL has it: integer < bigint < numeric < double, date < datetime < timestamp, texts;
 * NULL has no say, and a literal takes the type of the others where it can.  ATH_SQL_INFER: they do not go together. */
ath_type ath__common_type(ath__compiler *c, const ath_expr *const *values, size_t count);
/* The same of two types; ATH_SQL_INFER (a NULL, something unknown) has no say. */
ath_type ath__united_type(ath__compiler *c, ath_type a, ath_type b);
/* The type a literal among the values must fit, whose common type is `type`. */
ath_type ath__value_hint(ath__compiler *c, ath_type type, const ath_expr *const *values, size_t count);
/* The types of an operator's two operands, a text beside a date read as one. */
void ath__operand_types(ath__compiler *c, const ath_expr *e, ath_type types[2]);
/* What an operator over dates, times and intervals is. */
typedef enum ath__temporal {
    ATH__NOT_TEMPORAL = 0,
    ATH__DAYS_BETWEEN, /* date - date */
    ATH__TIME_BETWEEN, /* moment - moment: an interval */
    ATH__LATER,        /* moment +- interval, in types[1] */
    ATH__DAYS_LATER,   /* date +- a number of days */
    ATH__TEMPORAL      /* anything else */
} ath__temporal;
/* swapped: the moment is the second operand. */
ath__temporal ath__temporal_of(ath__compiler *c, const ath_expr *e, ath_type types[2], bool *swapped);
/* The type of a value that takes part in a computation of that type: where decimals are computed as doubles (SQLite), a
 * decimal would be a text that compares with no number. */
ath_type ath__computed_type(ath__compiler *c, ath_type type);

/* ---- compile_operator.c ---- */

void ath__render_operator(ath__compiler *c, const ath_expr *e);
/* An operand of `op`, in parentheses where precedence asks for them; always, when it is an operator at all. */
void ath__render_operand(ath__compiler *c, const ath_expr *e, uint8_t op, const ath_type *hint);
void ath__render_grouped(ath__compiler *c, const ath_expr *e, const ath_type *hint);
/* Refuses what the database would get wrong without a word: sums beyond the digits it computes with, an order of
 * intervals that is none. */
void ath__check_digits(ath__compiler *c, const ath_expr *e);
void ath__check_order(ath__compiler *c, const ath_expr *e);
void ath__check_sum(ath__compiler *c, const ath_expr *e);

/* Whether the flags of a regular expression are letters; they are written into the SQL. */
bool ath__check_flags(ath__compiler *c, const char *flags);

/* ---- compile_function.c ---- */

void ath__render_function(ath__compiler *c, const ath_expr *e);
void ath__render_case(ath__compiler *c, const ath_expr *e, const ath_type *hint);
void ath__render_cast(ath__compiler *c, const ath_expr *e);
void ath__render_extract(ath__compiler *c, const ath_expr *e);
void ath__render_ordered(ath__compiler *c, const ath_expr *e, const ath_type *hint);
void ath__render_filter(ath__compiler *c, const ath_expr *e);
void ath__render_over(ath__compiler *c, const ath_expr *e);
void ath__render_within(ath__compiler *c, const ath_expr *e);
void ath__render_grouping(ath__compiler *c, const ath_expr *e);

/* ---- compile_relation.c ---- */

void ath__render_relation(ath__compiler *c, const ath_expr *e);

/* ---- compile_text.c ---- */

void ath__render_text(ath__compiler *c, const ath_expr *e);

/* ---- compile_result.c ---- */

/* A list of result columns, each with its name in the result plan. */
void ath__render_results(ath__compiler *c, ath_expr_list list);
void ath__render_model_columns(ath__compiler *c, const ath_model *model);
void ath__add_result(ath__compiler *c, const char *name, ath_type type, const ath__column *column);

/* ---- compile_select.c ---- */

void ath__render_select(ath__compiler *c, const ath_select_stmt *s);
/* WITH ... and a space, or nothing. */
void ath__render_with(ath__compiler *c, ath_cte_list list);
void ath__render_names(ath__compiler *c, ath_name_list list);
/* keyword and condition, or nothing when the condition is empty. */
void ath__render_where(ath__compiler *c, const char *keyword, const ath_expr *condition);
void ath__render_order_by(ath__compiler *c, ath_expr_list order);
/* A number that is bound: LIMIT's. */
void ath__render_number(ath__compiler *c, const int64_t *number);

/* ---- compile_lock.c ---- */

/* FOR UPDATE and its kin, or nothing. */
void ath__render_lock(ath__compiler *c, const ath_select_stmt *s);

/* ---- compile_change.c ---- */

/* The defaults of columns that are not named: their names, or their values; each with `separator` before it. */
void ath__render_default_names(ath__compiler *c, const ath__appended *defaults);
void ath__render_default_values(ath__compiler *c, const ath__appended *defaults, bool labelled);

void ath__render_change(ath__compiler *c, ath_stmt stmt);
void ath__render_returning(ath__compiler *c, ath_expr_list list, uint64_t ability, const char *verb);
void ath__render_conflict(ath__compiler *c, const ath_insert_stmt *s, const ath__from *target);
/* column = value, ... of SET; `qualified` writes the table before the column (MySQL, several tables). */
void ath__render_assignments(ath__compiler *c, const ath__from *target, ath_assignment_list set, const char *equals,
                             bool qualified);

/* ---- compile_from.c ---- */

/* Works out the FROM of a SELECT into scope->items (arena memory). */
void ath__scope_of_select(ath__compiler *c, const ath_select_stmt *s, ath__scope *scope);
/* Writes FROM and the joins. */
void ath__render_from(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope);
/* A joined-table class: its parts, from the root's on, joined by their keys. */
void ath__render_class(ath__compiler *c, const ath__from *from);
/* What the table of the database is called that has a column, where the column's table is `from`. */
const char *ath__from_name(ath__compiler *c, const ath__from *from, const ath_table *home);
/* Notes what a class brings along: the ancestors, of which columns may be asked for too. */
void ath__from_fill(ath__from *from, const char *alias);
void ath__scope_imply(ath__compiler *c, ath__scope *scope, const ath__from *from);
/* A table's name, with its schema and quotes. */
void ath__render_table(ath__compiler *c, const ath_table *table, const char *schema, const char *name);
/* A list of sources by themselves, as USING and UPDATE's FROM have them; they join the scope. */
void ath__render_sources(ath__compiler *c, ath_source_list list);
bool ath__from_of_source(ath__compiler *c, const ath_source *source, ath__from *out);

#endif
