/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool on MariaDB: see common/pool.c.
 */
#include "common/maria.h"
#include "common/pool.h"

int main(int argc, char **argv) {
    return pool_main(argc, argv, &maria_server);
}
