/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files op*.c share: the context of a run, and how an operation becomes statements.
 */
#ifndef ATH_MIGRATE_OP_INT_H
#define ATH_MIGRATE_OP_INT_H

#include "migrate/ops.h"

/* A block of ATH_OP_BATCH that is open. */
typedef struct ath__batch {
    bool open;
    const char *schema, *table, *recreate;
    ath__edit *items;
    size_t count, capacity;
} ath__batch;

struct ath_ops {
    ath__ops_opts opts;
    const ath_dialect *dialect;
    const ath__alterer *alterer; /* NULL: none */
    const char *called;
    ath_error error; /* the first failure of the revision */
    bool autocommit;
    ath__arena arena; /* of the operation at hand, or of the block */
    ath__buf text;    /* the statement that is being written */
    ath__ddl w;       /* writes into it */
    const ath_operation *operation;
    ath_table *built; /* from the operation's items; freed behind it */
    ath__op_statement *statements;
    size_t count, capacity;
    ath__batch batch;
    /* scripts: what its own operations have made */
    ath__arena lasting;
    ath_engine *shadow_engine;
    ath_connection *shadow;
    ath_name_list types; /* enum types */
};

/* What a statement is besides its text. */
enum { ATH__OP_DATA = 1, ATH__OP_OUTSIDE = 2 };

/* Takes the text that was written as the operation's next statement. */
ath_status ath__op_take(ath_ops *op, int flags);
/* The text that was written, copied into the arena, as a piece of another; NULL: memory ran out (the error is set). */
const char *ath__op_piece(ath_ops *op);
ath_status ath__op_no_memory(ath_ops *op);
bool ath__op_writes(const ath_ops *op, uint64_t bit);
/* A copy that lasts as long as the operation (or the block); NULL of NULL. */
const char *ath__op_keep(ath_ops *op, const char *text);
/* The table that the operation's items describe.  For a part of a table (a constraint, an index) columns are made up. */
ath_status ath__op_build(ath_ops *op, const ath_operation *o);
/* The naming convention for the operation. */
const ath_naming *ath__op_naming(const ath_ops *op, const ath_operation *o);
/* Whether an object is there; offline never known: false. */
ath_status ath__op_exists(ath_ops *op, int object, const char *schema, const char *name, bool *there);
/* A table of the database, read now.  *inspector is NULL when there is none (offline: too); free it. */
ath_status ath__op_inspect(ath_ops *op, const char *schema, const char *table, ath_inspector **inspector,
                           const ath_reflected_table **out);

/* ---- op_table.c ---- */

ath_status ath__op_create_table(ath_ops *op, const ath_operation *o);
ath_status ath__op_drop_table(ath_ops *op, const ath_operation *o);
ath_status ath__op_rename_table(ath_ops *op, const ath_operation *o);
ath_status ath__op_table_comment(ath_ops *op, const ath_operation *o);
ath_status ath__op_table_options(ath_ops *op, const ath_operation *o);

/* ---- op_column.c, op_alter.c ---- */

ath_status ath__op_add_column(ath_ops *op, const ath_operation *o);
ath_status ath__op_drop_column(ath_ops *op, const ath_operation *o);
ath_status ath__op_alter_column(ath_ops *op, const ath_operation *o);
/* The column as it is in the database; where there is `alterer->column`. */
ath_status ath__op_known_column(ath_ops *op, const ath_operation *o, const char *column, ath__known_column *known);
/* What an operation says of a column, for the compiler. */
void ath__op_change(const ath_alter_opts *a, ath__column_change *out);

/* ---- op_constraint.c, op_index.c ---- */

ath_status ath__op_add_constraint(ath_ops *op, const ath_operation *o);
ath_status ath__op_drop_constraint(ath_ops *op, const ath_operation *o);
ath_status ath__op_rename_constraint(ath_ops *op, const ath_operation *o);
ath_status ath__op_create_index(ath_ops *op, const ath_operation *o);
ath_status ath__op_drop_index(ath_ops *op, const ath_operation *o);
ath_status ath__op_rename_index(ath_ops *op, const ath_operation *o);

/* ---- op_object.c ---- */

/* CREATE TYPE for the enums among the table's columns that are not there yet.  `guarded`: a script cannot know, and asks. */
ath_status ath__op_create_types(ath_ops *op, const ath_table *table, bool guarded);
ath_status ath__op_create_type(ath_ops *op, const ath_type *type, bool guarded);
ath_status ath__op_enum(ath_ops *op, const ath_operation *o);
ath_status ath__op_sequence(ath_ops *op, const ath_operation *o);
ath_status ath__op_schema(ath_ops *op, const ath_operation *o);

/* ---- op_data.c ---- */

ath_status ath__op_execute(ath_ops *op, const ath_operation *o);
ath_status ath__op_bulk_insert(ath_ops *op, const ath_operation *o);

/* ---- op_rebuild.c: databases that change tables by rebuilding them ---- */

/* Whether the operation is one that goes there. */
bool ath__op_rebuilds(const ath_ops *op, const ath_operation *o);
ath_status ath__op_rebuild(ath_ops *op, const ath_operation *o);
/* Does what the open block has gathered. */
ath_status ath__op_batch_flush(ath_ops *op);
/* Offline: the table as the block says it is. */
void ath__op_copy_from(ath_ops *op, const ath_batch_opts *opts);
/* Takes note of a script's statement: runs it in the shadow, if there is one. */
void ath__op_shadow(ath_ops *op, const char *sql);

#endif
