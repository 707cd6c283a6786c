/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables taken apart again: the items that would build them, for operations to carry.
 */
#ifndef ATH_MIGRATE_ITEMS_H
#define ATH_MIGRATE_ITEMS_H

#include "sql/ddl.h"

/* Where items are made.  Names come out final: as the naming convention makes them. */
typedef struct ath__itemizer {
    ath__arena *arena;
    const ath_dialect *dialect;
    const ath_naming *naming; /* NULL: names are what they are */
    bool exact;               /* names are said to be final: a convention would be applied to them again */
    ath_error *error;         /* never NULL */
} ath__itemizer;

/* Each NULL and the error on failure.  `with_checks`: also those of the column and of its type, which are constraints by
 * themselves. */
const ath_table_item *ath__item_of_column(const ath__itemizer *w, const ath_table *table, const ath__column *column,
                                          bool with_checks);
const ath_table_item *ath__item_of_constraint(const ath__itemizer *w, const ath_table *table,
                                              const ath__constraint *constraint);
const ath_table_item *ath__item_of_index(const ath__itemizer *w, const ath_table *table, const ath__index *index);
const ath_table_item *ath__item_of_key(const ath__itemizer *w, const ath_table *table); /* its primary key */
/* A whole table: columns, constraints but those `left_out` says (may be NULL), options; no indexes. */
ath_status ath__items_of_table(const ath__itemizer *w, const ath_table *table, const bool *left_out,
                               const ath_table_item **items, size_t *count);

/* The final name, in the arena; *name is NULL when it has none. */
ath_status ath__final_name(const ath__itemizer *w, const ath_table *table, const ath__constraint *constraint,
                           const char **name);
ath_status ath__final_index_name(const ath__itemizer *w, const ath_table *table, const ath__index *index,
                                 const char **name);
/* The key's columns, in its order. */
ath_status ath__key_columns(const ath__itemizer *w, const ath_table *table, ath_name_list *columns);

#endif
