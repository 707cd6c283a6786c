/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: waiting one's turn at the pool.
 *
 * This is the one place where the library blocks a thread for another thread.  Whoever gives a connection back picks the
 * first in the queue, hands it over and wakes it: nobody overtakes, and a wakened waiter never finds that it was too late.
 * For fibers, `sleep` becomes a switch to the loop and `wake` makes the fiber ready, both through the engine's hook; what
 * they must keep is that the mutex is not held meanwhile and is held again afterwards.
 */
#include "engine/pool.h"

#include <errno.h>
#include <time.h>

void ath__waiter_init(ath__waiter *w, const ath__lease *lease) {
    pthread_condattr_t monotonic;
    *w = (ath__waiter){.lease = *lease};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&w->wakened, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void ath__waiter_done(ath__waiter *w) {
    pthread_cond_destroy(&w->wakened);
}

bool ath__waiter_sleep(ath__waiter *w, pthread_mutex_t *mutex, int64_t deadline_us) {
    if (deadline_us == INT64_MAX)
        return pthread_cond_wait(&w->wakened, mutex) == 0;
    struct timespec until = {.tv_sec = (time_t)(deadline_us / 1000000),
                             .tv_nsec = (long)(deadline_us % 1000000) * 1000};
    return pthread_cond_timedwait(&w->wakened, mutex, &until) != ETIMEDOUT;
}

void ath__waiter_wake(ath__waiter *w) {
    pthread_cond_signal(&w->wakened);
}
