/* SPDX-License-Identifier: Apache-2.0
 *
 * Text and memory for the example's reader.
 */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64 * 1024 };

struct PoolBlock {
    struct PoolBlock *next;
    char *end;
    char bytes[];
};

static void *must(void *memory) {
    if (memory)
        return memory;
    fputs("packages: out of memory\n", stderr);
    exit(1);
}

/* ---- pool ---- */

char *pool_bytes(Pool *pool, size_t size) {
    if (size > pool->left) {
        size_t room = size > BLOCK / 4 ? size : BLOCK;
        struct PoolBlock *block = must(malloc(sizeof *block + room));
        block->next = pool->blocks;
        block->end = block->bytes + room;
        pool->blocks = block;
        pool->left = room;
    }
    char *memory = pool->blocks->end - pool->left;
    pool->left -= size;
    return memory;
}

const char *pool_text(Pool *pool, const char *text, size_t size) {
    char *copy = pool_bytes(pool, size + 1);
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

void pool_free(Pool *pool) {
    while (pool->blocks) {
        struct PoolBlock *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
    *pool = (Pool){0};
}

/* ---- files ---- */

/* The length of the UTF-8 character at `at`, 0 when it is none.  (Overlong forms and surrogates do not occur here.) */
static size_t character(const unsigned char *at) {
    size_t size = *at < 0x80 ? 1 : *at < 0xC2 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : *at < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

/* File names may hold any byte; a database wants UTF-8. */
static void make_utf8(char *text) {
    for (unsigned char *at = (unsigned char *)text; *at;) {
        size_t size = character(at);
        if (size == 0)
            *at = '?';
        at += size ? size : 1;
    }
}

char *pool_file(Pool *pool, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        text = pool_bytes(pool, (size_t)size + 1);
        text[fread(text, 1, (size_t)size, file)] = '\0';
        make_utf8(text);
    }
    if (ferror(file))
        text = NULL;
    int why = errno;
    fclose(file);
    errno = why;
    return text;
}

/* ---- lines ---- */

char *next_line(char **at) {
    char *line = *at;
    if (!*line)
        return NULL;
    char *end = strchr(line, '\n');
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

char *trim(char *text) {
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size && (text[size - 1] == ' ' || text[size - 1] == '\t'))
        text[--size] = '\0';
    return text;
}

const char *thousands(long long number) {
    static char buffers[8][32];
    static unsigned turn;
    char *out = buffers[turn++ % 8], digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", number);
    size_t n = 0;
    for (int i = 0; i < size; i++) {
        if (i && digits[i - 1] != '-' && (size - i) % 3 == 0)
            out[n++] = ',';
        out[n++] = digits[i];
    }
    out[n] = '\0';
    return out;
}

/* ---- arrays ---- */

void *grow(void *array, size_t count, size_t size) {
    if (count & (count - 1)) /* grows at 0, 1, 2, 4, 8 ... */
        return array;
    return must(realloc(array, (count ? count * 2 : 1) * size));
}
