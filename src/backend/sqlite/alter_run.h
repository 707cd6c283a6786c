/* SPDX-License-Identifier: Apache-2.0
 *
 * What alter_table.c and alter_rebuild.c share: changes of one table under way.
 */
#ifndef ATH_BACKEND_SQLITE_ALTER_RUN_H
#define ATH_BACKEND_SQLITE_ALTER_RUN_H

#include "backend/sqlite/alter.h"

#include <stdarg.h>

/* The table itself, one of its indexes or triggers, or a view. */
typedef struct ath__object {
    bool is_table, is_index, is_view, worked;
    const char *name, *sql;
} ath__object;

typedef struct ath__altering {
    ath_connection *c;
    const ath__edits *edits;
    ath_error *error;
    ath__arena arena;
    const char *schema_name; /* quoted; "main" */
    const char *sql, *table; /* of the table as it is; NULL: it is not known */
    ath__create create;      /* the same, taken apart */
    ath__object *objects;
    size_t object_count, object_capacity;
    ath__edit *group; /* edits for the next rebuild */
    size_t group_count;
    const char **later; /* statements behind it */
    size_t later_count;
} ath__altering;

typedef ath_status (*ath__alter_row_fn)(void *context, const ath_row *row);
ath_status ath__alter_rows(ath__altering *x, const char *sql, ath__alter_row_fn fn, void *context);
/* Text in the arena; NULL with the error set. */
const char *ath__alter_printf(ath__altering *x, const char *format, ...) ATH_PRINTF(2, 3);
const char *ath__alter_quote(ath__altering *x, const char *name, char quote);
/* A name behind the schema of the table. */
const char *ath__alter_qualified(ath__altering *x, const char *name);
/* Hands a statement on; NULL: its text could not be made. */
ath_status ath__alter_emit(ath__altering *x, const char *sql);

/* ---- alter_rebuild.c ---- */

/* Applies the group by a rebuild. */
ath_status ath__alter_rebuild(ath__altering *x);
ath_status ath__alter_rename_an_index(ath__altering *x, const char *name, const char *new_name);

#endif
