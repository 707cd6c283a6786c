/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole files in memory, texts that live as long as their pool, and arrays that grow.  An example may give up when memory
 * runs out; a library may not.
 */
#ifndef PACKAGES_TEXT_H
#define PACKAGES_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Owns texts; { 0 } is an empty one. */
typedef struct Pool {
    struct PoolBlock *blocks;
    size_t left; /* free bytes at the end of the newest block */
} Pool;

/* `size` bytes that live until pool_free. */
char *pool_bytes(Pool *pool, size_t size);
/* A copy, NUL-terminated. */
const char *pool_text(Pool *pool, const char *text, size_t size);
/* The whole file, NUL-terminated, as valid UTF-8; NULL with errno set when it cannot be read. */
char *pool_file(Pool *pool, const char *path);
void pool_free(Pool *pool);

/* Cuts the next line off: returns it NUL-terminated and moves *at behind it; NULL at the end. */
char *next_line(char **at);
/* Without spaces before and behind, in place. */
char *trim(char *text);
/* 1234567 as "1,234,567", in one of a few static buffers. */
const char *thousands(long long number);

/* Makes room for one more element: list = grow(list, count, sizeof *list). */
void *grow(void *array, size_t count, size_t size);

#endif
