/* SPDX-License-Identifier: Apache-2.0
 *
 * The benchmark of the unit of work's flush, which is the same on every database.
 */
#ifndef BENCH_FLUSH_H
#define BENCH_FLUSH_H

#include "bench.h"

/* NULL: SQLite. */
int flush_main(int argc, char **argv, const bench_server *server);

#endif
