/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that gather and finish a table share.
 */
#ifndef ATH_SQL_TABLE_BUILD_H
#define ATH_SQL_TABLE_BUILD_H

#include "sql/schema.h"

/* Keeps the first mistake; the message begins with what is being described. */
#define MISTAKE(m, format, ...)                                                                                        \
    ((m)->error.status == ATH_OK ? (void)ath__fail(&(m)->error, ATH_ARGUMENT, "%s: " format, (m)->called, __VA_ARGS__) \
                                 : (void)0)

ath_name_list ath__mapper_names(ath_mapper *m, ath_name_list list);
ath__constraint *ath__mapper_add_constraint(ath_mapper *m, ath_constraint_kind kind, const char *name);
ath__index *ath__mapper_add_index(ath_mapper *m, const char *name);
/* Room for one more relation, zeroed but for its position; NULL when memory ran out. */
ath__relation *ath__mapper_add_relation(ath_mapper *m);

#endif
