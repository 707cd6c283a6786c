/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether two databases say the same to the inspector.
 */
#ifndef ATH_TEST_MODELS_ALIKE_H
#define ATH_TEST_MODELS_ALIKE_H

#include <athanor/athanor.h>

/* Prints each difference as "# ..." and returns how many there are.  Of `original`, tables alone count, and not those that
 * no model can say: partitions, virtual tables and what belongs to them. */
int differences(const ath_inspector *original, const ath_inspector *made);

#endif
