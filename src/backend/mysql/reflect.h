/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL's and MariaDB's reflector: what its files share.
 */
#ifndef ATH_BACKEND_MYSQL_REFLECT_H
#define ATH_BACKEND_MYSQL_REFLECT_H

#include "engine/reflect.h"

typedef struct ath__mysql_reflect {
    const char *schema; /* that is read */
    bool is_mariadb, partitioned;
    ath__grown sequences; /* const char *: the names */
} ath__mysql_reflect;

static inline const ath__mysql_reflect *ath__mysql_reflect_of(const ath__reflect *r) {
    return r->own;
}

/* "alias.TABLE_SCHEMA = 'schema'", and the names that were asked for. */
#define ath__mysql_scope(r, alias)                                                                                     \
    ath_and(ath_eq(ath_text(alias ".TABLE_SCHEMA"), ath__mysql_reflect_of(r)->schema),                                 \
            ath__reflect_only(r, alias ".TABLE_NAME"))

/* ---- reflect_type.c ---- */

/* Fills the type of a column from COLUMN_TYPE; charset and collation are NULL where they are the table's. */
void ath__mysql_reflect_type(ath__reflect *r, const char *column_type, const char *charset, const char *collation,
                             ath_reflected_column *column);

/* ---- reflect_table.c ---- */

/* Tables, their options and partitions, views, sequences. */
ath_status ath__mysql_reflect_relations(ath__reflect *r);
ath_status ath__mysql_reflect_partitions(ath__reflect *r);
ath_status ath__mysql_reflect_sequences(ath__reflect *r);
ath_status ath__mysql_reflect_views(ath__reflect *r);

/* ---- reflect_constraint.c ---- */

/* Indexes, primary keys, UNIQUE, foreign keys, CHECK. */
ath_status ath__mysql_reflect_constraints(ath__reflect *r);

#endif
