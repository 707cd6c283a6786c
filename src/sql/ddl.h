/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: what the files compile_ddl*.c share, and what the engine, reflection and migrations ask of them.
 */
#ifndef ATH_SQL_DDL_H
#define ATH_SQL_DDL_H

#include "sql/compiler.h"

/* Where DDL is written, for which database, with which names.  One statement each, without a semicolon, appended to `out`;
 * a failure leaves half a statement there. */
typedef struct ath__ddl {
    const ath_dialect *dialect;
    const ath_naming *naming;     /* NULL: names as they were given */
    const ath_metadata *metadata; /* where foreign keys lead; NULL: not known */
    ath__buf *out;
    ath_error *error; /* never NULL */
} ath__ddl;

/* ---- naming.c ---- */

/* Appends the name of a constraint or an index: the given one, or the naming convention's, cut to what the database holds.
 * Appends nothing when it has none.  ATH_ARGUMENT for a given name that is too long, or a convention that does not fit. */
ath_status ath__ddl_constraint_name(ath__ddl *w, const ath_table *table, const ath__constraint *c, ath__buf *name);
ath_status ath__ddl_index_name(ath__ddl *w, const ath_table *table, const ath__index *index, ath__buf *name);
/* ATH_ARGUMENT when the database does not hold a name of that length. */
ath_status ath__ddl_check_name(ath__ddl *w, const char *name);
/* Whether the constraint has a name, given or made. */
bool ath__ddl_is_named(const ath_naming *naming, const ath__constraint *c);

/* ---- compile_ddl.c: tables and their columns ---- */

/* `left_out` says which of the table's constraints are written elsewhere; NULL: none. */
ath_status ath__ddl_create_table(ath__ddl *w, const ath_table *table, const bool *left_out, bool if_not_exists);
ath_status ath__ddl_drop_table(ath__ddl *w, const ath_table *table, bool if_exists, bool cascade);
/* The line of CREATE TABLE, which is also what ADD COLUMN takes. */
ath_status ath__ddl_column(ath__ddl *w, const ath_table *table, const ath__column *column);
/* What stands behind the last parenthesis of CREATE TABLE. */
ath_status ath__ddl_table_options(ath__ddl *w, const ath_table *table);
/* What stands behind DEFAULT. */
ath_status ath__ddl_default(ath__ddl *w, const ath__column *column);

/* ON CONFLICT ..., where the database has it. */
ath_status ath__ddl_conflict(ath__ddl *w, const char *what);

/* ---- compile_ddl_constraint.c ---- */

/* CONSTRAINT name ..., as in CREATE TABLE and behind ADD. */
ath_status ath__ddl_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c);
/* Whether this database wants the constraint in its CREATE TABLE at all. */
bool ath__ddl_wants(const ath_dialect *dialect, const ath_table *table, const ath__constraint *c);
/* PRIMARY KEY (...), named if it has a name; nothing when the table has none, or says so in the column. */
ath_status ath__ddl_primary_key(ath__ddl *w, const ath_table *table);
bool ath__ddl_key_in_column(const ath_dialect *dialect, const ath_table *table);
/* [CONSTRAINT name] CHECK (...) behind a column. */
ath_status ath__ddl_column_check(ath__ddl *w, const ath_table *table, const ath__column *column);
ath_status ath__ddl_add_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c);
ath_status ath__ddl_drop_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c, bool if_exists,
                                    bool cascade);

/* ---- compile_ddl_index.c ---- */

ath_status ath__ddl_create_index(ath__ddl *w, const ath_table *table, const ath__index *index, bool if_not_exists);
ath_status ath__ddl_drop_index(ath__ddl *w, const ath_table *table, const ath__index *index, bool if_exists);
/* (a DESC, lower(b)) of an index, or (a WITH =) of an exclude constraint when there are operators. */
ath_status ath__ddl_parts(ath__ddl *w, ath_part_list parts, ath_name_list operators);

/* ---- compile_ddl_object.c: sequences, types, schemas, comments ---- */

ath_status ath__ddl_create_sequence(ath__ddl *w, const ath_sequence *sequence, bool if_not_exists);
ath_status ath__ddl_drop_sequence(ath__ddl *w, const ath_sequence *sequence, bool if_exists, bool cascade);
/* "START WITH 1 INCREMENT BY 2": all that was said, with a blank between. */
void ath__ddl_counting(ath__ddl *w, const ath_count_opts *counting);
void ath__ddl_set_counting(ath__ddl *w, const ath_count_opts *counting); /* with " SET " in front of each */
bool ath__ddl_counting_is_unsaid(const ath_count_opts *counting);        /* nothing at all */
bool ath__ddl_counting_is_empty(const ath_count_opts *counting);
ath_status ath__ddl_create_type(ath__ddl *w, const ath_type *type);
ath_status ath__ddl_drop_type(ath__ddl *w, const ath_type *type, bool if_exists, bool cascade);
ath_status ath__ddl_create_schema(ath__ddl *w, const char *name, bool if_not_exists);
ath_status ath__ddl_drop_schema(ath__ddl *w, const char *name, bool if_exists, bool cascade);
ath_status ath__ddl_create_view(ath__ddl *w, const char *schema, const char *name, bool materialized,
                                const char *select);
ath_status ath__ddl_drop_view(ath__ddl *w, const char *schema, const char *name, bool materialized);
/* With `drop` the comment is taken away. */
/* A comment as a literal, or `none` where there is no text. */
ath_status ath__ddl_comment_text(ath__ddl *w, const char *text, const char *none);
ath_status ath__ddl_table_comment(ath__ddl *w, const ath_table *table, bool drop);
ath_status ath__ddl_column_comment(ath__ddl *w, const ath_table *table, const ath__column *column, bool drop);
ath_status ath__ddl_constraint_comment(ath__ddl *w, const ath_table *table, const ath__constraint *c, bool drop);

/* ---- ddl_plan.c: all of a metadata, in order ---- */

typedef enum ath__ddl_action {
    ATH__DDL_DO_TYPE = 1,
    ATH__DDL_DO_SEQUENCE,
    ATH__DDL_DO_TABLE,
    ATH__DDL_DO_INDEX,
    ATH__DDL_DO_TABLE_COMMENT,
    ATH__DDL_DO_COLUMN_COMMENT,
    ATH__DDL_DO_CONSTRAINT_COMMENT,
    ATH__DDL_DO_CONSTRAINT
} ath__ddl_action;

typedef struct ath__ddl_step {
    ath__ddl_action action;
    const ath_type *type;
    const ath_sequence *sequence;
    const ath_table *table;
    const bool *left_out;
    const ath__index *index;
    const ath__column *column;
    const ath__constraint *constraint;
} ath__ddl_step;

typedef struct ath__ddl_plan {
    ath__arena arena;
    bool drop;
    ath__ddl_step *steps;
    size_t count, capacity;
} ath__ddl_plan;

/* Whether an object (ATH__OBJECT_TABLE ...) is there already. */
typedef ath_status (*ath__ddl_exists_fn)(void *context, int object, const char *schema, const char *name, bool *there);

/* What creating or dropping all of a metadata takes, in order.  `exists` NULL: nothing is there when creating, all when
 * dropping.  Release with ath__ddl_plan_done, also after a failure. */
ath_status ath__ddl_plan_make(ath__ddl_plan *plan, const ath_allocator *a, const ath_metadata *md,
                              const ath_dialect *dialect, bool drop, ath__ddl_exists_fn exists, void *context,
                              ath_error *error);
void ath__ddl_plan_done(ath__ddl_plan *plan);
ath_status ath__ddl_step_write(ath__ddl *w, const ath__ddl_step *step, bool drop);

/* One statement that a caller asks for by itself (any kind but CREATE_ALL and DROP_ALL). */
ath_status ath__ddl_write(ath__ddl *w, const ath_ddl *ddl);

#endif
