/* SPDX-License-Identifier: Apache-2.0
 *
 * Autogenerate: what has to be done to a database so that it is as a metadata says.
 *
 * Both sides are tables of the library: the metadata's as they are, the database's as the inspector read them.  Texts that
 * a database rewrites (defaults, conditions, expressions) and types are compared as the database itself would keep them: a
 * table that seems to differ is created once more in a scratch place, read back, and that is compared.  The scratch place
 * is a temporary table in a transaction that is rolled back, or a database of its own that is dropped again.
 */
#ifndef ATH_MIGRATE_COMPARE_H
#define ATH_MIGRATE_COMPARE_H

#include "migrate/live.h"

#include <athanor/op.h>

/* What a filter is asked about. */
typedef enum ath__compared {
    ATH__COMPARED_TABLE = 1,
    ATH__COMPARED_COLUMN,
    ATH__COMPARED_INDEX,
    ATH__COMPARED_CONSTRAINT,
    ATH__COMPARED_SEQUENCE,
    ATH__COMPARED_ENUM
} ath__compared;

/* One object: `schema` and `name` may be NULL; `table` is the object's own name for tables. */
typedef struct ath__object {
    ath__compared what;
    const char *schema, *table, *name;
    bool in_database; /* read there; else said by the metadata */
} ath__object;

typedef struct ath__compare_opts {
    ath_name_list schemas; /* these too; schemas that the metadata names are looked into anyway */
    ath_name_list renames; /* "old:new": a table; "table.old:new": a column, of the table as it is called afterwards */
    /* Whether what goes and what comes is the same under another name; `table` NULL: tables.  NULL: never. */
    bool (*is_renamed)(void *context, const char *table, const char *old_name, const char *new_name);
    bool allow_drop;   /* tables, columns, enums and sequences that are not in the metadata go; else only said so */
    bool keep_unknown; /* even so: tables, enums and sequences that are not in the metadata are only told of */
    bool no_types;     /* types are not compared */
    bool no_defaults;  /* server defaults neither */
    bool no_scratch;   /* nothing is created, not even for a moment */
    const char *version_table; /* left out, as the others of the library's own are */
    /* Whether an object is looked at; NULL: all are. */
    bool (*include)(void *context, const ath__object *object);
    /* Decide for themselves: 1: differs, 0: does not, -1: as without. */
    int (*compare_type)(void *context, const ath_reflected_column *found, const ath_type *wanted);
    int (*compare_default)(void *context, const ath_reflected_column *found, const ath_expr *wanted);
    void *context;
    /* "Detected added table 'users'" */
    ath_log_fn log;
    void *log_context;
} ath__compare_opts;

/* One operation, and what is to be said with it. */
typedef struct ath__change {
    ath_operation operation;
    bool held;                   /* loses data and was not allowed: written as a comment, not done */
    const char *note;            /* a comment above it; NULL: none */
    ath_operation_kind way_back; /* of an operation that is nothing by itself: what takes back that it came about */
    const char *text_back;       /* of SQL text: what takes it back; "": nothing need; NULL: it has no way back */
    const char *using_back;      /* of a changed type: how its values become what they were; NULL: by themselves */
} ath__change;

/* Valid until ath__changes_done, as long as the metadata is. */
typedef struct ath__changes {
    ath__arena arena;
    ath__change *items;
    size_t count, capacity;
    const char **remarks; /* what is in the database alone and was left, and what could not be compared */
    size_t remark_count, remark_capacity;
    ath__live live;
    ath__live *scratch; /* what was read back from scratch places, linked */
} ath__changes;

/* A zeroed `out` is fine for ath__changes_done, which is due after a failure too.  On a database whose DDL does not roll
 * back no transaction may be open.  Reads and changes nothing. */
ath_status ath__compare(ath_connection *connection, const ath_metadata *metadata, const ath__compare_opts *opts,
                        ath__changes *out, ath_error *error);
void ath__changes_done(ath__changes *changes);
/* How many would really be done. */
size_t ath__changes_due(const ath__changes *changes);

/* ---- inverse.c ---- */

/* The mirrored list: what takes all of it back, the last first.  ATH_NOT_SUPPORTED names an operation that does not carry
 * what it drops.  Its items live in `arena` and in what the list points to. */
ath_status ath__changes_inverse(const ath__change *items, size_t count, ath__arena *arena, ath__change **out,
                                ath_error *error);

#endif
