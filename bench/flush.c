/* SPDX-License-Identifier: Apache-2.0
 *
 * The flush of a mixed graph on SQLite, in a file in memory: see common/flush.c.
 */
#include "common/flush.h"

int main(int argc, char **argv) {
    return flush_main(argc, argv, NULL);
}
