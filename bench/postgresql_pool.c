/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool on PostgreSQL: see common/pool.c.
 */
#include "common/pg.h"
#include "common/pool.h"

int main(int argc, char **argv) {
    return pool_main(argc, argv, &pg_server);
}
