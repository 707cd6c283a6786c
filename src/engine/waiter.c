/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: waiting one's turn at the pool.
 *
 * Whoever gives a connection back picks the first in the queue, hands it over and wakes it: nobody overtakes, and a wakened
 * waiter never finds that it was too late.  A thread blocks until then; a fiber lets others of its loop run.
 */
#include "engine/pool.h"

void ath__waiter_init(ath__waiter *w, const ath__lease *lease) {
    *w = (ath__waiter){.lease = *lease};
    ath__cond_init(&w->wakened);
}

void ath__waiter_done(ath__waiter *w) {
    ath__cond_done(&w->wakened);
}

ath_status ath__waiter_sleep(ath__waiter *w, pthread_mutex_t *mutex, int64_t deadline_us) {
    return ath__cond_wait(&w->wakened, mutex, deadline_us);
}

void ath__waiter_wake(ath__waiter *w) {
    ath__cond_wake(&w->wakened);
}
