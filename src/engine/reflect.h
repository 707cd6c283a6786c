/* SPDX-License-Identifier: Apache-2.0
 *
 * A reflector: how one database is asked what stands in it.  Declared here, on the floor that calls it; implemented by
 * backend/<db>/reflect.c with the functions of inspect.c.  A reflector runs a fixed number of queries and hands the rows
 * over to a function each; rows of one table, and of one constraint, come one after the other.
 *
 * Failure is sticky: once r->status is not ATH_OK nothing more is asked, texts are NULL, and what grows gives NULL.
 */
#ifndef ATH_ENGINE_REFLECT_H
#define ATH_ENGINE_REFLECT_H

#include "engine/engine.h"

#include <athanor/inspect.h>

/* An array in the making, in the inspector's arena.  An item's address changes when the next is added. */
typedef struct ath__grown {
    void *items;
    size_t count, capacity;
} ath__grown;

/* A table in the making. */
typedef struct ath__reflected {
    ath_reflected_table table;
    ath__grown columns, foreign_keys, indexes, uniques, checks, exclusions, options;
    ath__grown names, more_names, parts, item_options; /* of the constraint or index that was begun last */
    const char *last;                                  /* which that is */
    int64_t mark;                                      /* the reflector's own */
} ath__reflected;

typedef struct ath__reflect {
    ath_connection *connection;
    ath_error *error; /* the connection's */
    const ath_inspect_opts *opts;
    ath__arena *arena; /* the inspector's: of all that stays */
    ath_status status;
    bool fold_case;     /* names of tables and columns are compared without regard to case */
    bool filter_here;   /* more names were asked for than a statement takes: rows of others are dropped here */
    ath__map by_name;   /* ath__reflected *, by (folded) name */
    ath__map wanted;    /* the names that were asked for, with filter_here */
    ath__grown schemas; /* const char * */
    ath__grown tables;  /* ath__reflected * */
    ath__grown sequences, enums, domains;
    const char *default_schema;
    void *own; /* the reflector's */
} ath__reflect;

struct ath__reflector {
    size_t struct_size;
    bool fold_case;
    ath_status (*read)(ath__reflect *r);
};

typedef ath_status (*ath__reflect_row)(ath__reflect *r, const ath_row *row);

/* Runs a query, whose text may hold :scope, and hands each row over. */
ath_status ath__reflect_query(ath__reflect *r, const char *sql, const ath_expr *scope, ath__reflect_row take);

/* What limits a statement to the tables that were asked for, where `column` is their name; NULL: nothing does. */
#define ath__reflect_only(r, column)                                                                                   \
    ((r)->opts->tables.count && !(r)->filter_here                                                                      \
         ? ath_in_array(ath_text(column), (r)->opts->tables.names, (r)->opts->tables.count)                            \
         : NULL)

/* The text of a cell, kept; NULL when it is NULL. */
const char *ath__reflect_text(ath__reflect *r, const ath_row *row, size_t i);
const char *ath__reflect_keep(ath__reflect *r, const char *text, size_t size);
const char *ath__reflect_printf(ath__reflect *r, const char *format, ...) ATH_PRINTF(2, 3);

/* A new item of zeros; NULL (and r->status) when memory ran out. */
void *ath__reflect_grow(ath__reflect *r, ath__grown *grown, size_t size);
/* The last item, or NULL. */
void *ath__reflect_last(const ath__grown *grown, size_t size);
/* Adds a name (kept already) to a list. */
ath_status ath__reflect_name(ath__reflect *r, ath__grown *grown, ath_name_list *list, const char *name);
ath_status ath__reflect_option(ath__reflect *r, ath__grown *options, const char *name, const char *value);

/* Adds a table.  NULL when it was not asked for, or on failure. */
ath__reflected *ath__reflect_table(ath__reflect *r, const char *name, ath_relation_kind kind);
/* The table that a row is about; NULL when there is none of that name. */
ath__reflected *ath__reflect_find(ath__reflect *r, const char *name);
ath_reflected_column *ath__reflect_column(ath__reflect *r, ath__reflected *t, const char *name);

/* The constraint or index that a row is a part of: the last, when the row's `id` is that of the row before, else a new
 * one with lists of its own. */
void *ath__reflect_part_of(ath__reflect *r, ath__reflected *t, ath__grown *items, size_t size, const char *id);

/* Sets a type: its family and, where no family is near enough, its spelling. */
void ath__reflect_named_type(ath__reflect *r, ath_type *type, const char *spelling);
const ath_type_details *ath__reflect_details(ath__reflect *r, ath_type_details details);

#endif
