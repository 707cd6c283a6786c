/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: forks are noticed.
 *
 * A child has its parent's memory and its open sockets.  One word on such a socket, be it the polite goodbye of closing,
 * would land in the middle of the parent's conversation.  So the child forgets all connections it came with: memory is
 * freed, sockets are closed as they are.  What the program still holds it is to close; until then its memory stays.
 */
#include "engine/engine.h"

#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

void ath__fork_init(ath_engine *e) {
    e->fork.pid = getpid();
#ifdef MADV_WIPEONFORK
    void *page = mmap(NULL, sizeof *e->fork.mark, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return;
    if (madvise(page, sizeof *e->fork.mark, MADV_WIPEONFORK) != 0) {
        munmap(page, sizeof *e->fork.mark);
        return;
    }
    e->fork.mark = page;
    atomic_store(e->fork.mark, ATH__FORK_OURS);
#endif
}

void ath__fork_done(ath_engine *e) {
    if (e->fork.mark)
        munmap(e->fork.mark, sizeof *e->fork.mark);
}

bool ath__fork_same_pid(const ath__fork *f) {
    return atomic_load(&f->pid) == getpid();
}

void ath__connection_abandon(ath_connection *c) {
    ath_engine *e = c->engine;
    bool known = c->slot.epoch != atomic_load(&e->fork.epoch); /* by the program, and holds the engine */
    c->slot.epoch = atomic_load(&e->fork.epoch) - 1;           /* no call of the driver from here on but one */
    ath__results_detach(c);
    ath__stmt_cache_done(c);
    if (c->handle && c->driver->abandon)
        c->driver->abandon(c->handle);
    ath__arena_done(&c->scratch);
    ath__free(&e->allocator, c, sizeof *c);
    if (known)
        ath__engine_unhold(e);
}

/* The mutex may be held, and the lists half written, by a thread that does not exist here. */
static void begin_anew(ath_engine *e) {
    ath__pool *p = &e->pool;
    bool whole = pthread_mutex_trylock(&p->mutex) == 0;
    ath_connection *idle = whole ? p->newest : NULL;
    if (whole)
        pthread_mutex_unlock(&p->mutex);
    else
        pthread_mutex_init(&p->mutex, NULL);
    ath__cond_init(&p->calm);
    p->head = p->tail = NULL;
    p->waiting = 0;
    if (p->private && whole)
        return;
    p->holds += p->out;
    p->newest = p->oldest = p->first = p->last = NULL;
    p->open = p->idle = p->out = 0;
    while (idle) {
        ath_connection *older = idle->slot.older;
        ath__connection_abandon(idle);
        idle = older;
    }
    atomic_fetch_add(&e->fork.epoch, 1);
}

/* Of the child's threads one does it, the others wait. */
void ath__fork_notice(ath_engine *e) {
    ath__fork *f = &e->fork;
    int64_t pid = getpid(), parent = atomic_load(&f->pid);
    int unknown = ATH__FORK_UNKNOWN;
    bool mine = f->mark ? atomic_compare_exchange_strong(f->mark, &unknown, ATH__FORK_BEING_NOTICED)
                        : parent > 0 && parent != pid && atomic_compare_exchange_strong(&f->pid, &parent, -1);
    if (mine) {
        begin_anew(e);
        atomic_store(&f->pid, pid);
        if (f->mark)
            atomic_store(f->mark, ATH__FORK_OURS);
    }
    while (!ath__fork_is_ours(f))
        sched_yield();
}
