/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: from one stack to another, and what the sanitizers and valgrind are told of it.
 */
#ifndef ATH_FIBER_SWITCH_H
#define ATH_FIBER_SWITCH_H

#include "base/base.h"

/* A stack that is left, or that was never entered. */
typedef struct ath__context {
    void *at;     /* its stack pointer, where its registers lie; a ucontext_t elsewhere */
    void *bottom; /* of its memory; NULL for the thread's own */
    size_t size;
    void *fake;          /* AddressSanitizer's */
    void *sanitized;     /* ThreadSanitizer's fiber */
    unsigned registered; /* valgrind's number */
} ath__context;

/* The thread's own stack. */
void ath__context_of_thread(ath__context *context);
/* One that begins with entry(argument), which never returns, on the memory [bottom, bottom + size). */
void ath__context_make(ath__context *context, void *bottom, size_t size, void (*entry)(void *), void *argument);
void ath__context_done(ath__context *context);
/* Leaves the one and goes on with the other; `over`: for good. */
void ath__context_switch(ath__context *from, ath__context *to, bool over);
/* The first call on a new stack. */
void ath__context_entered(void);

#endif
