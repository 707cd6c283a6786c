/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: until when statements may wait, and what a failure says of the connection.
 */
#include "engine/engine.h"

static void set(ath_connection *c, int64_t deadline_us) {
    if (deadline_us == c->deadline_us || !c->driver->set_deadline)
        return;
    c->driver->set_deadline(c->handle, deadline_us);
    c->deadline_us = deadline_us;
}

void ath__deadline_set(ath_connection *c, int64_t microseconds) {
    set(c, ath__clock_us() + microseconds);
}

void ath__deadline_arm(ath_connection *c) {
    if (c->timeout_us || c->deadline_us != INT64_MAX)
        set(c, c->timeout_us ? ath__clock_us() + c->timeout_us : INT64_MAX);
}

void ath_connection_set_timeout(ath_connection *c, int64_t milliseconds) {
    if (c)
        c->timeout_us = milliseconds <= 0 ? 0 : milliseconds > INT64_MAX / 2000 ? INT64_MAX / 2 : milliseconds * 1000;
}

/* A connection of another generation tells nothing new of the others. */
void ath__after_error(ath_connection *c) {
    bool told = c->error.status == ATH_DISCONNECT;
    if (c->broken || !(told || (c->handle && c->driver->is_lost && c->driver->is_lost(c->handle))))
        return;
    c->broken = true;
    if (told)
        ath__pool_invalidate(c->engine, c->slot.generation);
}
