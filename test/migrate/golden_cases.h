/* SPDX-License-Identifier: Apache-2.0
 *
 * How cases are written.
 */
#ifndef ATH_TEST_MIGRATE_GOLDEN_CASES_H
#define ATH_TEST_MIGRATE_GOLDEN_CASES_H

#define CASE(name) static void name(ath_ops *op)
#define ROW(name, ...)                                                                                                 \
    { .id = #name, .fn = name, __VA_ARGS__ }
/* Alembic's SQL does not work there: ours is run, not compared. */
#define RUNS "*"

#endif
