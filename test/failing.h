/* SPDX-License-Identifier: Apache-2.0
 *
 * An allocator that counts, fails the n-th request, and knows how much is still held:
 *
 *     failing f = {.fail_at = n};
 *     ath_engine *db = ath_engine_open(url, .allocator = &FAILING(&f));
 *     ...
 *     CHECK_INT(f.held, 0);
 */
#ifndef ATH_TEST_FAILING_H
#define ATH_TEST_FAILING_H

#include "test.h"

#include <athanor/base.h>

typedef struct failing {
    long requests, fail_at, held; /* fail_at: from 1; 0: none.  Later ones succeed again. */
    bool paused;                  /* requests are neither counted nor failed */
} failing;

static inline bool failing_now_(failing *f) {
    return !f->paused && ++f->requests == f->fail_at;
}

static inline void *failing_allocate_(void *context, size_t size) {
    failing *f = context;
    void *memory = failing_now_(f) ? NULL : malloc(size);
    f->held += memory ? (long)size : 0;
    return memory;
}

static inline void *failing_reallocate_(void *context, void *memory, size_t old_size, size_t new_size) {
    failing *f = context;
    void *moved = failing_now_(f) ? NULL : realloc(memory, new_size);
    f->held += moved ? (long)new_size - (long)old_size : 0;
    return moved;
}

static inline void failing_release_(void *context, void *memory, size_t size) {
    failing *f = context;
    f->held -= memory ? (long)size : 0;
    free(memory);
}

#define FAILING(f) ((const ath_allocator){failing_allocate_, failing_reallocate_, failing_release_, (f)})

#endif
