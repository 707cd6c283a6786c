/* SPDX-License-Identifier: Apache-2.0
 *
 * The flush of a mixed graph on PostgreSQL: see common/flush.c.
 */
#include "common/flush.h"
#include "common/pg.h"

int main(int argc, char **argv) {
    return flush_main(argc, argv, &pg_server);
}
