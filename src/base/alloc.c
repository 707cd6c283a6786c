/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocation through the allocator a caller supplied.  Keeps the promises that header makes to it: no NULL pointer,
 * never a size of zero, and the same size at release as at allocation.
 */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

static void *malloc_allocate(void *context, size_t size) {
    (void)context;
    return malloc(size);
}

static void *malloc_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    (void)context;
    (void)old_size;
    return realloc(memory, new_size);
}

static void malloc_release(void *context, void *memory, size_t size) {
    (void)context;
    (void)size;
    free(memory);
}

const ath_allocator ath__malloc_allocator = {
    .allocate = malloc_allocate,
    .reallocate = malloc_reallocate,
    .release = malloc_release,
    .context = NULL,
};

const ath_allocator *ath__process_allocator = &ath__malloc_allocator;

/* malloc(0) may answer NULL, which our callers would take for failure. */
static size_t at_least_one(size_t size) {
    return size == 0 ? 1 : size;
}

void *ath__alloc(const ath_allocator *a, size_t size) {
    return a->allocate(a->context, at_least_one(size));
}

void *ath__alloc_zero(const ath_allocator *a, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    void *memory = ath__alloc(a, total);
    if (memory != NULL)
        memset(memory, 0, total);
    return memory;
}

void *ath__realloc(const ath_allocator *a, void *memory, size_t old_size, size_t new_size) {
    if (memory == NULL)
        return ath__alloc(a, new_size);
    return a->reallocate(a->context, memory, at_least_one(old_size), at_least_one(new_size));
}

void ath__free(const ath_allocator *a, void *memory, size_t size) {
    if (memory != NULL)
        a->release(a->context, memory, at_least_one(size));
}
