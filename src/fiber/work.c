/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: worker threads.  There are as many as were ever needed at once: a job that waits for another (a locked
 * SQLite file, whose holder's COMMIT is a job as well) must never keep that one from running.
 */
#include <signal.h>

#include "fiber/fiber.h"

void ath__workers_init(ath__workers *w, const ath_allocator *allocator, size_t most) {
    *w = (ath__workers){.allocator = *allocator, .most = most ? most : SIZE_MAX};
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->wanted, NULL);
}

void ath__workers_done(ath__workers *w) {
    pthread_mutex_lock(&w->mutex);
    w->over = true;
    pthread_cond_broadcast(&w->wanted);
    pthread_mutex_unlock(&w->mutex);
    for (size_t i = 0; i < w->count; i++)
        pthread_join(w->threads[i], NULL);
    ath__free(&w->allocator, w->threads, w->capacity * sizeof *w->threads);
    pthread_cond_destroy(&w->wanted);
    pthread_mutex_destroy(&w->mutex);
}

/* The fiber may go on, and end, as soon as `done` is seen; the mutex keeps it until it is sent. */
static void finish(ath__job *job) {
    ath_fiber *f = (ath_fiber *)job->host;
    ath_loop *l = f->loop;
    pthread_mutex_lock(&l->outside);
    atomic_store(&job->done, true);
    ath__fiber_send_locked(f);
    pthread_mutex_unlock(&l->outside);
}

static void *work(void *argument) {
    ath__workers *w = argument;
    pthread_mutex_lock(&w->mutex);
    while (!w->over) {
        ath__job *job = w->head;
        if (!job) {
            w->idle++;
            pthread_cond_wait(&w->wanted, &w->mutex);
            w->idle--;
            continue;
        }
        w->head = job->next;
        w->queued--;
        pthread_mutex_unlock(&w->mutex);
        ath__working = job;
        job->run(job);
        ath__working = NULL;
        finish(job);
        pthread_mutex_lock(&w->mutex);
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

static bool has_room(ath__workers *w) {
    if (w->count < w->capacity)
        return true;
    size_t wanted = w->capacity ? w->capacity * 2 : 8, item = sizeof *w->threads;
    pthread_t *more = ath__realloc(&w->allocator, w->threads, w->capacity * item, wanted * item);
    if (!more)
        return false;
    w->threads = more;
    w->capacity = wanted;
    return true;
}

/* Its signals go to the program's threads, not to this one. */
static bool start(ath__workers *w) {
    sigset_t all, before;
    if (w->count >= w->most || !has_room(w))
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&w->threads[w->count], NULL, work, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    w->count += started;
    return started;
}

bool ath__workers_add(ath__workers *w, ath__job *job) {
    pthread_mutex_lock(&w->mutex);
    bool some = w->queued < w->idle || start(w) || w->count > 0;
    if (some) {
        job->next = NULL;
        if (w->head)
            w->tail->next = job;
        else
            w->head = job;
        w->tail = job;
        w->queued++;
        pthread_cond_signal(&w->wanted);
    }
    pthread_mutex_unlock(&w->mutex);
    return some;
}
