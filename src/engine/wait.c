/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: the default wait hook: poll(2) until the deadline.
 */
#include "engine/engine.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>

static int milliseconds_left(int64_t deadline_us) {
    if (deadline_us == INT64_MAX)
        return -1;
    int64_t left = deadline_us - ath__clock_us();
    if (left <= 0)
        return 0;
    return left / 1000 >= INT_MAX ? INT_MAX : (int)((left + 999) / 1000);
}

static ath_status wait(void *context, int fd, short events, int64_t deadline_us) {
    (void)context;
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int ready = poll(&p, fd < 0 ? 0 : 1, milliseconds_left(deadline_us));
        if (ready > 0)
            return ATH_OK;
        if (ready < 0 && errno != EINTR)
            return ATH_OPERATIONAL;
        if (ath__clock_us() >= deadline_us)
            return fd < 0 ? ATH_OK : ATH_TIMEOUT;
    }
}

const ath_wait_hook ath__poll_wait = {wait, NULL};
