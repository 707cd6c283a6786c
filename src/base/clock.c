/* SPDX-License-Identifier: Apache-2.0
 *
 * The clock that deadlines and pool timeouts are measured by: it never goes back.
 */
#include <time.h>

#include "base/base.h"

int64_t ath__clock_us(void) {
    struct timespec now;
    /* Cannot fail: the clock exists on every system this builds for, and the pointer is good. */
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
