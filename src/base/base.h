/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `base`, for the floors above: memory, text, maps, ordering, errors.  Knows no SQL and no database.
 *
 * Memory has three lives: the statement's (a scratch arena), the result's, and the session's.  An arena is how each is
 * kept: allocate, never free singly, drop the whole.  Every allocation may fail; each function here says how it tells.
 */
#ifndef ATH_BASE_BASE_H
#define ATH_BASE_BASE_H

#include <athanor/base.h>
#include <stdarg.h>
#include <stdio.h> /* before the poison below: the headers name what is forbidden */
#include <stdlib.h>
#include <string.h>

/* Library code never prints, exits, or uses calls that cannot be bounded.  A header of the C library that is included
 * after this one would trip over it: include those first. */
#if defined(__GNUC__) && !defined(ATH_NO_POISON)
#undef alloca
#pragma GCC poison sprintf vsprintf strcpy strcat strtok atoi atol atof gets alloca
#endif

#define ATH_COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Returns the status of `call` from the enclosing function unless it is ATH_OK. */
#define ATH_TRY(call)                                                                                                  \
    do {                                                                                                               \
        ath_status try_status_ = (call);                                                                               \
        if (try_status_ != ATH_OK)                                                                                     \
            return try_status_;                                                                                        \
    } while (0)

/* ---- alloc.c: the allocator ---- */

/* The C library's malloc, realloc and free. */
extern const ath_allocator ath__malloc_allocator;

/* The allocator of what lives as long as the process (tables of static models): malloc, unless a test has put its own
 * here.  Set it before the library's first use only. */
extern const ath_allocator *ath__process_allocator;

/* NULL on failure or when count * size overflows. */
void *ath__alloc(const ath_allocator *a, size_t size);
void *ath__alloc_zero(const ath_allocator *a, size_t count, size_t size);
void *ath__realloc(const ath_allocator *a, void *memory, size_t old_size, size_t new_size);
/* NULL is fine to free; `size` is what was asked for. */
void ath__free(const ath_allocator *a, void *memory, size_t size);

/* ---- arena.c: allocate, never free singly ---- */

typedef struct ath__chunk ath__chunk;

/* Grows by chunks of at most 64 KiB (above 128 KiB glibc would map each, and give it back, which costs more than it
 * saves); what is larger gets a chunk of its own.  Embedded: ath__arena_init, ath__arena_done. */
typedef struct ath__arena {
    const ath_allocator *allocator;
    ath__chunk *chunks; /* newest first */
    char *at, *end;     /* the free part of the newest chunk */
    size_t chunk_size;  /* of the next chunk; doubles up to the cap */
    size_t bytes;       /* held in all */
} ath__arena;

void ath__arena_init(ath__arena *arena, const ath_allocator *allocator);
void ath__arena_done(ath__arena *arena); /* an arena of zeros is fine */
/* Forgets the content and keeps one chunk for the next use. */
void ath__arena_reset(ath__arena *arena);
/* `size` bytes aligned for any type (16); not cleared.  NULL when out of memory. */
void *ath__arena_alloc(ath__arena *arena, size_t size);
void *ath__arena_zero(ath__arena *arena, size_t size);
/* Bytes without alignment: for text. */
char *ath__arena_bytes(ath__arena *arena, size_t size);
/* A NUL-terminated copy. */
char *ath__arena_strn(ath__arena *arena, const char *text, size_t size);
char *ath__arena_str(ath__arena *arena, const char *text);
void *ath__arena_copy(ath__arena *arena, const void *data, size_t size); /* aligned */
/* An array of `count` items with room for one more: the same, or a copy of twice the size; *capacity is what it holds.  NULL
 * when out of memory. */
void *ath__arena_room(ath__arena *arena, const void *items, size_t count, size_t *capacity, size_t item_size);
/* printf into the arena; NULL when out of memory. */
char *ath__arena_printf(ath__arena *arena, const char *format, ...) ATH_PRINTF(2, 3);

/* ---- buf.c: a string builder that remembers failure ---- */

/* `failed` is sticky: after an allocation failed, appends do nothing, and the reader checks once at the end. */
typedef struct ath__buf {
    const ath_allocator *allocator;
    char *data; /* NUL-terminated once anything was appended */
    size_t size, capacity;
    bool failed;
} ath__buf;

void ath__buf_init(ath__buf *buf, const ath_allocator *allocator);
void ath__buf_done(ath__buf *buf);
void ath__buf_clear(ath__buf *buf); /* keeps the memory and clears `failed` */
void ath__buf_add(ath__buf *buf, const char *data, size_t size);
/* Appends `size` bytes that the caller writes; NULL when memory ran out. */
char *ath__buf_room(ath__buf *buf, size_t size);
void ath__buf_str(ath__buf *buf, const char *text);
void ath__buf_char(ath__buf *buf, char c);
void ath__buf_printf(ath__buf *buf, const char *format, ...) ATH_PRINTF(2, 3);
void ath__buf_vprintf(ath__buf *buf, const char *format, va_list args) ATH_PRINTF(2, 0);
/* The text, or "" when nothing was appended; valid until the next append. */
const char *ath__buf_text(const ath__buf *buf);

/* ---- map.c: a hash map from bytes to a pointer ---- */

/* Open addressing; keys are copied unless inserted as borrowed.  Iteration order is insertion order. */
typedef struct ath__map_entry {
    uint64_t hash;
    const void *key; /* NULL: removed */
    size_t key_size;
    void *value;
} ath__map_entry;

typedef struct ath__map {
    const ath_allocator *allocator;
    ath__map_entry *entries; /* in order of insertion, removed ones included until the next growth */
    size_t used, live, capacity;
    uint32_t *slots; /* index + 1 into entries; 0 = empty */
    size_t slot_count;
} ath__map;

void ath__map_init(ath__map *map, const ath_allocator *allocator);
void ath__map_done(ath__map *map); /* frees the copied keys, not the values */
/* The value, or NULL when the key is not there. */
void *ath__map_get(const ath__map *map, const void *key, size_t key_size);
/* Inserts or replaces.  `value` must not be NULL.  ATH_NO_MEMORY leaves the map as it was. */
ath_status ath__map_put(ath__map *map, const void *key, size_t key_size, void *value);
/* Takes the key out and returns its value, or NULL. */
void *ath__map_remove(ath__map *map, const void *key, size_t key_size);
/* Walks the live entries in order of insertion: start with *at = 0; NULL at the end. */
const ath__map_entry *ath__map_next(const ath__map *map, size_t *at);
/* 64-bit hash of bytes (seedless, stable within a process). */
uint64_t ath__hash_bytes(const void *data, size_t size);
/* Mixes a word into a hash, good enough for power-of-two tables: the finaliser of SplitMix64, by which every bit of the
 * word reaches every bit of the result. */
static inline uint64_t ath__hash_mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

/* ---- topo.c: a deterministic topological sort ---- */

typedef struct ath__edge {
    uint32_t before, after;
} ath__edge;

/* Orders the nodes 0 .. n-1 so that `before` of every edge comes first; among the free, the smallest index goes first,
 * so that equal input gives equal output.  Edges from a node to itself are ignored.  On a cycle the nodes of cycles
 * (and those behind them) are appended in index order and *cycle_from is set to the position of the first, else to n.
 * `order` has room for n.  Only ATH_NO_MEMORY can fail. */
ath_status ath__topo_sort(const ath_allocator *a, uint32_t n, const ath__edge *edges, size_t edge_count,
                          uint32_t *order, uint32_t *cycle_from);

/* ---- error.c ---- */

/* Fills *error (NULL allowed) and returns `status`, so that `return ath__fail(e, ATH_DATA, "...")` reads well. */
ath_status ath__fail(ath_error *error, ath_status status, const char *format, ...) ATH_PRINTF(3, 4);
/* The out-of-memory error; needs no memory. */
ath_status ath__fail_memory(ath_error *error);
/* The status of a failure that another function has reported: never ATH_OK. */
/* A connection was lost: ATH_DISCONNECT, retryable. */
ath_status ath__fail_lost(ath_error *error, const char *message);
static inline ath_status ath__failed(const ath_error *error) {
    return error->status != ATH_OK ? error->status : ATH_INTERNAL;
}
/* Copies text into a fixed field of `size` bytes, cut at a UTF-8 border. */
void ath__copy_text(char *field, size_t size, const char *text, size_t text_size);

/* ---- log.c ---- */

typedef struct ath__log {
    ath_log_fn fn; /* NULL: silent */
    void *context;
    ath_log_level level; /* the least that is passed on */
} ath__log;

void ath__log_line(const ath__log *log, ath_log_level level, const char *format, ...) ATH_PRINTF(3, 4);

/* ---- md5.c ---- */

void ath__md5(const void *data, size_t size, uint8_t out[16]);

/* ---- clock.c ---- */

/* Microseconds of the monotonic clock. */
int64_t ath__clock_us(void);

/* ---- utf8.c ---- */

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). */
bool ath__utf8_valid(const char *text, size_t size);
/* Code points of well-formed text. */
size_t ath__utf8_length(const char *text, size_t size);

#endif
