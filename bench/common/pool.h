/* SPDX-License-Identifier: Apache-2.0
 *
 * The benchmark of the pool, which is the same on every database.
 */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#include "bench.h"

/* NULL: SQLite. */
int pool_main(int argc, char **argv, const bench_server *server);

#endif
