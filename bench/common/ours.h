/* SPDX-License-Identifier: Apache-2.0
 *
 * Athanor's side of the benchmarks: the same code for every database.  `place` is a file of SQLite's, or a URL.
 */
#ifndef BENCH_OURS_H
#define BENCH_OURS_H

#include "data.h"

#include <athanor/athanor.h>

/* An engine with a connection that is open already. */
ath_engine *ours_open(const char *place);
/* Athanor makes the tables, so that all sides have the same. */
void ours_make_tables(const char *place);

/* n objects are made and written by one commit; n objects are loaded, tracked or not; n are got by scattered keys in a cold
 * session; one column of n loaded objects is assigned to and written by one commit. */
extern const bench_side ours_insert, ours_load, ours_load_read_only, ours_get, ours_update;

/* The key of get i among `rows` rows: scattered, and none twice. */
int64_t get_key(size_t i, size_t rows);
enum { GET_ROWS = 100000 };
/* What the update gives row i; `before` is what row 0 had, so that each run changes every row. */
double update_balance(size_t i, double before);

#endif
