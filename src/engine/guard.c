/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: a connection is used by one thread or fiber at a time, and what it runs can be read by others.
 *
 * Whoever uses a connection leaves its mark in it for as long as the call takes.  A thread that finds the mark of another
 * is refused without touching anything; why is kept apart from the connection's own error, which is the other's.
 */
#include "engine/engine.h"

static ath_status is_the_parents(ath_connection *c) {
    const ath__lease *l = &c->slot.lease;
    return ath__fail(&c->error, ATH_STATE,
                     "the process has forked: this connection, checked out at %s:%d, is its parent's; close it and "
                     "check out another",
                     l->file ? l->file : "?", l->line);
}

enum { SHOWN = 128 };

static const char *kinds(uintptr_t one, uintptr_t other) {
    return !(one & 1) && !(other & 1) ? "threads" : one & other & 1 ? "fibers" : "threads or fibers";
}

/* Who is in it, and who runs here. */
static void print_both(const ath__guard *g, uintptr_t other, uintptr_t self, char out[2][SHOWN]) {
    const ath__host *h = ath__here;
    ath__self_print(other, atomic_load_explicit(&g->fiber_file, memory_order_relaxed),
                    atomic_load_explicit(&g->fiber_line, memory_order_relaxed), out[0], SHOWN);
    ath__self_print(self, h ? h->file : NULL, h ? h->line : 0, out[1], SHOWN);
}

void ath__enter_fiber(ath_connection *c) {
    atomic_store_explicit(&c->guard.fiber_file, ath__here->file, memory_order_relaxed);
    atomic_store_explicit(&c->guard.fiber_line, ath__here->line, memory_order_relaxed);
}

ath_status ath__enter_refused(ath_connection *c, uintptr_t other, const char *what) {
    if (!other)
        return is_the_parents(c);
    ath__guard *g = &c->guard;
    uintptr_t none = 0, self = ath__self();
    const char *where = atomic_load_explicit(&g->where, memory_order_relaxed);
    char statement[ATH__NOTED], users[2][SHOWN];
    ath_error error;
    ath__noted_statement(c, statement);
    print_both(g, other, self, users);
    ath__fail(&error, ATH_STATE,
              "one connection, checked out at %s:%d, is used by two %s at once: %s is in %s (%s), %s called %s",
              c->slot.lease.file ? c->slot.lease.file : "?", c->slot.lease.line, kinds(other, self), users[0],
              where ? where : "?", statement, users[1], what);
    ath__log_line(&c->engine->log, ATH_LOG_ERROR, "%s", error.message);
    if (atomic_compare_exchange_strong(&g->offender, &none, self) || none == self)
        g->misuse = error;
    return ATH_STATE;
}

void ath__enter_cleared(ath_connection *c) {
    atomic_store_explicit(&c->guard.offender, 0, memory_order_release);
}

const ath_error *ath_connection_error(const ath_connection *c) {
    static const ath_error none = {.status = ATH_ARGUMENT,
                                   .message = "there is no connection: none could be checked out"};
    if (!c)
        return &none;
    uintptr_t offender = atomic_load_explicit(&c->guard.offender, memory_order_acquire);
    return offender && offender == ath__self() ? &c->guard.misuse : &c->error;
}

/* ---- what it runs ---- */

/* Written by the user and read by anybody: words that are stored one by one, and a count that is odd meanwhile.  Each
 * word is released, so that who reads a new one also reads the count that was raised before it. */
void ath__note_statement(ath_connection *c, const void *what, const char *sql, size_t size) {
    ath__guard *g = &c->guard;
    union {
        char text[ATH__NOTED];
        uint64_t words[ATH__NOTED / 8];
    } note;
    if (!atomic_load_explicit(&g->noted, memory_order_relaxed))
        atomic_store_explicit(&g->noted, true, memory_order_relaxed);
    if (what && what == g->noted_what)
        return;
    g->noted_what = what;
    memset(&note, 0, sizeof note);
    ath__copy_text(note.text, sizeof note.text, sql, size);
    unsigned turn = atomic_load_explicit(&g->note_turn, memory_order_relaxed);
    atomic_store_explicit(&g->note_turn, turn + 1, memory_order_relaxed);
    for (size_t i = 0; i < ATH_COUNT_OF(note.words); i++)
        atomic_store_explicit(&g->note[i], note.words[i], memory_order_release);
    atomic_store_explicit(&g->note_turn, turn + 2, memory_order_release);
}

void ath__noted_statement(const ath_connection *c, char out[ATH__NOTED]) {
    const ath__guard *g = &c->guard;
    uint64_t words[ATH__NOTED / 8];
    int most = atomic_load_explicit(&g->noted, memory_order_relaxed) ? 100 : 0;
    for (int tries = 0; tries < most; tries++) {
        unsigned turn = atomic_load_explicit(&g->note_turn, memory_order_acquire);
        for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
            words[i] = atomic_load_explicit(&g->note[i], memory_order_acquire);
        if (turn % 2 == 0 && turn == atomic_load_explicit(&g->note_turn, memory_order_relaxed)) {
            memcpy(out, words, sizeof words);
            return;
        }
    }
    out[0] = '\0';
}
