/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: the default wait hook: a fiber lets others run, a thread waits in poll(2).
 */
#include "engine/engine.h"

static ath_status wait(void *context, int fd, short events, int64_t deadline_us) {
    (void)context;
    return ath__here_wait(fd, events, deadline_us);
}

const ath_wait_hook ath__poll_wait = {wait, NULL};
