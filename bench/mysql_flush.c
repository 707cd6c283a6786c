/* SPDX-License-Identifier: Apache-2.0
 *
 * The flush of a mixed graph on MariaDB: see common/flush.c.
 */
#include "common/flush.h"
#include "common/maria.h"

int main(int argc, char **argv) {
    return flush_main(argc, argv, &maria_server);
}
