/* SPDX-License-Identifier: Apache-2.0
 *
 * An arena: a list of chunks, and a pointer that moves through the newest.  Allocating is an addition and a compare;
 * only a full chunk costs a call.  The arena owns its chunks; nothing in them is freed before the arena is.
 *
 * The one idea: the hot test is `size < left`, not `<=`.  It loses one byte per chunk, and in return an arena without
 * any chunk (at == end == NULL) needs no case of its own, even for a size of zero.
 */
#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { ALIGNMENT = 16, CHUNK_MIN = 1024, CHUNK_MAX = 64 * 1024 };

struct ath__chunk {
    ath__chunk *next;
    size_t size; /* with this head */
    alignas(ALIGNMENT) char data[];
};

void ath__arena_init(ath__arena *arena, const ath_allocator *allocator) {
    assert(allocator != NULL);
    *arena = (ath__arena){.allocator = allocator, .chunk_size = CHUNK_MIN};
}

static void free_chunks(ath__arena *arena, ath__chunk *chunk) {
    while (chunk != NULL) {
        ath__chunk *next = chunk->next;
        arena->bytes -= chunk->size;
        ath__free(arena->allocator, chunk, chunk->size);
        chunk = next;
    }
}

void ath__arena_done(ath__arena *arena) {
    free_chunks(arena, arena->chunks);
    *arena = (ath__arena){.allocator = arena->allocator, .chunk_size = CHUNK_MIN};
}

void ath__arena_reset(ath__arena *arena) {
    ath__chunk *kept = arena->chunks;
    if (kept == NULL)
        return;
    if (kept->size > CHUNK_MAX) {
        ath__arena_done(arena);
        return;
    }
    free_chunks(arena, kept->next);
    kept->next = NULL;
    arena->at = kept->data;
    arena->end = (char *)kept + kept->size;
}

static ath__chunk *new_chunk(ath__arena *arena, size_t size) {
    ath__chunk *chunk = ath__alloc(arena->allocator, size);
    if (chunk == NULL)
        return NULL;
    assert(((uintptr_t)chunk & (ALIGNMENT - 1)) == 0);
    chunk->size = size;
    arena->bytes += size;
    return chunk;
}

/* Behind the newest chunk, whose free part stays in use. */
static char *alloc_own_chunk(ath__arena *arena, size_t size) {
    ath__chunk *chunk = new_chunk(arena, size);
    if (chunk == NULL)
        return NULL;
    if (arena->chunks != NULL) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = NULL;
        arena->chunks = chunk;
    }
    return chunk->data;
}

/* Out of line, so that the callers stay small enough to be fast. */
static __attribute__((noinline)) char *alloc_slow(ath__arena *arena, size_t size) {
    if (size > PTRDIFF_MAX - sizeof(ath__chunk) - 1)
        return NULL;
    size_t need = sizeof(ath__chunk) + size + 1;
    if (need > CHUNK_MAX)
        return alloc_own_chunk(arena, need);
    size_t chunk_size = arena->chunk_size;
    while (chunk_size < need)
        chunk_size *= 2;
    ath__chunk *chunk = new_chunk(arena, chunk_size);
    if (chunk == NULL)
        return NULL;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->chunk_size = chunk_size < CHUNK_MAX ? chunk_size * 2 : CHUNK_MAX;
    arena->at = chunk->data + size;
    arena->end = (char *)chunk + chunk_size;
    return chunk->data;
}

void *ath__arena_alloc(ath__arena *arena, size_t size) {
    size_t skip = -(uintptr_t)arena->at & (ALIGNMENT - 1);
    size_t left = (size_t)(arena->end - arena->at);
    if (skip >= left || size >= left - skip)
        return alloc_slow(arena, size);
    char *memory = arena->at + skip;
    arena->at = memory + size;
    return memory;
}

void *ath__arena_zero(ath__arena *arena, size_t size) {
    void *memory = ath__arena_alloc(arena, size);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

char *ath__arena_bytes(ath__arena *arena, size_t size) {
    char *memory = arena->at;
    if (size >= (size_t)(arena->end - memory))
        return alloc_slow(arena, size);
    arena->at = memory + size;
    return memory;
}

char *ath__arena_strn(ath__arena *arena, const char *text, size_t size) {
    char *copy = ath__arena_bytes(arena, size + 1);
    if (copy == NULL)
        return NULL;
    if (size > 0)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *ath__arena_str(ath__arena *arena, const char *text) {
    return ath__arena_strn(arena, text, strlen(text));
}

void *ath__arena_copy(ath__arena *arena, const void *data, size_t size) {
    void *copy = ath__arena_alloc(arena, size);
    if (copy != NULL && size > 0)
        memcpy(copy, data, size);
    return copy;
}

void *ath__arena_room(ath__arena *arena, const void *items, size_t count, size_t *capacity, size_t item_size) {
    if (count < *capacity)
        return (void *)(uintptr_t)items;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    void *more = ath__arena_alloc(arena, wanted * item_size);
    if (more == NULL)
        return NULL;
    if (count > 0)
        memcpy(more, items, count * item_size);
    *capacity = wanted;
    return more;
}

char *ath__arena_printf(ath__arena *arena, const char *format, ...) {
    size_t left = (size_t)(arena->end - arena->at);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(arena->at, left, format, args);
    va_end(args);
    if (length < 0)
        return NULL;
    size_t size = (size_t)length + 1;
    char *text = ath__arena_bytes(arena, size);
    if (text == NULL || size < left)
        return text;
    va_start(args, format);
    vsnprintf(text, size, format, args);
    va_end(args);
    return text;
}
