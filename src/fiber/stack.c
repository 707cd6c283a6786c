/* SPDX-License-Identifier: Apache-2.0
 *
 * Room `fiber`: stacks.  Address space is reserved whole, memory comes as pages are touched; the page below is a guard, so
 * that an overflow is a fault and not somebody else's data.  Stacks that are over are kept, warm, for the next.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "fiber/fiber.h"

static size_t page_size(void) {
    long size = sysconf(_SC_PAGESIZE);
    return size > 0 ? (size_t)size : 4096;
}

void ath__stacks_init(ath__stacks *s, size_t size, size_t most) {
    enum { USUAL = 256 * 1024, LEAST = 16 * 1024, SANITIZED = 512 * 1024 };
    size_t page = page_size();
    size = size ? size : USUAL;
    size = size < LEAST ? LEAST : size;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    size = size < SANITIZED ? SANITIZED : size; /* frames are several times as large */
#else
    (void)SANITIZED;
#endif
    *s = (ath__stacks){.size = (size + page - 1) / page * page, .most = most ? most : 64};
}

static void unmap(const ath__stack *stack) {
    size_t page = page_size();
    munmap((char *)stack->bottom - page, stack->size + page);
}

void ath__stacks_done(ath__stacks *s) {
    while (s->kept) {
        const ath__stack *stack = s->kept;
        s->kept = stack->next;
        unmap(stack);
    }
    s->count = 0;
}

static ath__stack *map(size_t size) {
    size_t page = page_size();
    char *memory = mmap(NULL, size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    if (mprotect(memory + page, size, PROT_READ | PROT_WRITE) != 0) {
        munmap(memory, size + page);
        return NULL;
    }
    ath__stack *stack = (ath__stack *)(void *)(memory + page + size - sizeof *stack);
    *stack = (ath__stack){.bottom = memory + page, .size = size};
    return stack;
}

ath__stack *ath__stack_take(ath__stacks *s) {
    ath__stack *stack = s->kept;
    if (!stack)
        return map(s->size);
    s->kept = stack->next;
    s->count--;
    return stack;
}

void ath__stack_give(ath__stacks *s, ath__stack *stack) {
    if (s->count >= s->most) {
        unmap(stack);
        return;
    }
    stack->next = s->kept;
    s->kept = stack;
    s->count++;
}
