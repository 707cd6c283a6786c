/* SPDX-License-Identifier: Apache-2.0
 *
 * The schema's objects as the library sees them: what a model's body has said, checked and put in order.
 *
 * A table is built once, is immutable afterwards, and owns an arena that holds all that it points to.
 */
#ifndef ATH_SQL_SCHEMA_H
#define ATH_SQL_SCHEMA_H

#include "type/type.h"

#include <athanor/sql.h>

typedef struct ath__column {
    const char *name;  /* in the database */
    const char *field; /* in the struct, with its path: "ts.created_at" */
    ath_type type;
    ath_ctype ctype;
    uint32_t offset, size; /* of the field */
    uint16_t position;     /* among the table's columns */
    bool primary_key, unique, index, nullable;
    bool autoincrement; /* the database numbers this key */
    const ath_expr *default_value, *server_default, *onupdate;
    const char *fk_table, *fk_column, *ondelete, *onupdate_action;
    const char *check, *comment;
} ath__column;

typedef enum ath__constraint_kind { ATH__UNIQUE = 1, ATH__CHECK, ATH__FOREIGN_KEY } ath__constraint_kind;

typedef struct ath__constraint {
    ath__constraint_kind kind;
    const char *name;
    ath_name_list columns;
    const char *check;
    const char *target;
    ath_name_list target_columns;
    const char *ondelete, *onupdate;
} ath__constraint;

typedef struct ath__index {
    const char *name;
    bool unique;
    ath_name_list columns;
} ath__index;

struct ath_table {
    const char *name;
    const char *comment;
    const ath_model *model; /* NULL: described without a struct */
    size_t column_count, key_count, constraint_count, index_count;
    ath__column *columns;
    uint16_t *key;                /* positions of the primary key's columns */
    ath__constraint *constraints; /* column-level uniques, checks and foreign keys included, in order */
    ath__index *indexes;
    int autoincrement; /* position of the column that the database numbers, or -1 */
    bool sqlite_autoincrement;
    ath__arena arena;
};

/* The schema that the table's name is qualified with, or NULL. */
const char *ath__table_schema(const ath_table *table);
/* The column whose field lies at this offset, or NULL. */
const ath__column *ath__table_column_at(const ath_table *table, size_t offset);
/* The column of that name in the database, or NULL. */
const ath__column *ath__table_column_named(const ath_table *table, const char *name);
/* The metadata's table of that name, or NULL. */
const ath_table *ath__metadata_table(const ath_metadata *metadata, const char *name);
/* The tables of a metadata so that referenced tables come first: pointers in `order`, which has room for model_count.
 * Tables of a cycle of foreign keys come last, in the metadata's order. */
ath_status ath__metadata_order(const ath_metadata *metadata, const ath_allocator *a, const ath_table **order,
                               ath_error *error);

/* A deep copy of an expression into an arena: literals' text too.  NULL when memory ran out; NULL of NULL is NULL. */
const ath_expr *ath__expr_copy(const ath_expr *expr, ath__arena *arena);

#endif
