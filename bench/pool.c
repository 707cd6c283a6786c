/* SPDX-License-Identifier: Apache-2.0
 *
 * The pool on SQLite, in a file in memory: see common/pool.c.
 */
#include "common/pool.h"

int main(int argc, char **argv) {
    return pool_main(argc, argv, NULL);
}
