/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's reflector: what its files share.
 */
#ifndef ATH_BACKEND_SQLITE_REFLECT_H
#define ATH_BACKEND_SQLITE_REFLECT_H

#include "engine/reflect.h"

/* ---- reflect_type.c ---- */

/* Fills the type of a column from what it was declared as. */
void ath__sqlite_reflect_type(ath__reflect *r, const char *declared, ath_reflected_column *column);

/* ---- reflect_sql.c ---- */

/* Takes from CREATE TABLE what the pragmas do not tell: names of constraints, CHECKs, generated columns, collations,
 * when foreign keys are checked, the table's options.  Columns, keys and foreign keys are there already. */
ath_status ath__sqlite_reflect_table_sql(ath__reflect *r, ath__reflected *t, const char *sql);
/* Takes from CREATE INDEX the expressions of those parts that have no column, and the condition. */
ath_status ath__sqlite_reflect_index_sql(ath__reflect *r, ath_reflected_index *index, ath_index_part *parts,
                                         const char *sql);

#endif
