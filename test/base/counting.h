/* SPDX-License-Identifier: Apache-2.0
 *
 * An allocator that counts, holds its caller to the sizes it was told, and fails at the n-th request.
 */
#ifndef ATH_TEST_COUNTING_H
#define ATH_TEST_COUNTING_H

#include "../test.h"

#include <athanor/base.h>

typedef struct counting {
    ath_allocator allocator;
    size_t requests; /* allocations and reallocations asked for */
    size_t fail_at;  /* the request that fails, from 1; 0: none.  Later ones succeed again. */
    size_t live;     /* bytes not yet released */
    size_t wrong;    /* releases of a size other than the allocated one */
} counting;

/* The size stands before the memory, which keeps its alignment of 16. */
enum { COUNTING_HEAD = 16 };

static inline void *counting_allocate(void *context, size_t size) {
    counting *c = context;
    if (++c->requests == c->fail_at)
        return NULL;
    char *block = malloc(size + COUNTING_HEAD);
    if (block == NULL)
        return NULL;
    memcpy(block, &size, sizeof size);
    c->live += size;
    return block + COUNTING_HEAD;
}

static inline void counting_release(void *context, void *memory, size_t size) {
    counting *c = context;
    char *block = (char *)memory - COUNTING_HEAD;
    size_t allocated;
    memcpy(&allocated, block, sizeof allocated);
    c->wrong += allocated != size;
    c->live -= allocated;
    free(block);
}

static inline void *counting_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    void *larger = counting_allocate(context, new_size);
    if (larger == NULL)
        return NULL;
    memcpy(larger, memory, old_size < new_size ? old_size : new_size);
    counting_release(context, memory, old_size);
    return larger;
}

static inline void counting_init(counting *c, size_t fail_at) {
    *c = (counting){.fail_at = fail_at};
    c->allocator = (ath_allocator){counting_allocate, counting_reallocate, counting_release, c};
}

/* To be called when everything should have been released. */
#define CHECK_RELEASED(c)                                                                                              \
    do {                                                                                                               \
        CHECK_INT((c)->live, 0);                                                                                       \
        CHECK_INT((c)->wrong, 0);                                                                                      \
    } while (0)

#endif
