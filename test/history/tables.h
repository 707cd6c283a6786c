/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of random histories.
 */
#ifndef ATH_TEST_HISTORY_TABLES_H
#define ATH_TEST_HISTORY_TABLES_H

#include "play.h"

/* An engine with the tables made; NULL after a failure, which is recorded.  `allocator` may be NULL. */
ath_engine *tables_open(test_database on, const ath_allocator *allocator);
/* The tables of kinds that a history used are emptied. */
void tables_empty(ath_engine *db, const world *w);

#endif
