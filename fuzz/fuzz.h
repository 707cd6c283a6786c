/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets share.  A target is LLVMFuzzerTestOneInput; libFuzzer calls it with inputs of its own making
 * (`make fuzz`), replay.c with those of corpus/NAME (`make test`).  Whatever comes in, nothing may crash, leak or read too
 * far, and what is true of every input must hold: FUZZ_CHECK.
 */
#ifndef ATH_FUZZ_FUZZ_H
#define ATH_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* The input, taken piece by piece from its front; zeros when it has run out. */
typedef struct fuzz_input {
    const uint8_t *data;
    size_t size;
} fuzz_input;

static inline uint8_t fuzz_byte(fuzz_input *in) {
    uint8_t byte = in->size > 0 ? in->data[0] : 0;
    in->data += in->size > 0;
    in->size -= in->size > 0;
    return byte;
}

static inline void fuzz_take(fuzz_input *in, void *out, size_t size) {
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)out)[i] = fuzz_byte(in);
}

/* The rest in memory of its own and of its very size, so that reading one byte too far is seen; with a NUL behind, when
 * asked for.  The caller frees it. */
static inline char *fuzz_rest(const fuzz_input *in, bool nul) {
    char *copy = malloc(in->size + (nul || in->size == 0));
    if (copy == NULL)
        exit(1);
    if (in->size > 0)
        memcpy(copy, in->data, in->size);
    if (nul)
        copy[in->size] = '\0';
    return copy;
}

#endif
