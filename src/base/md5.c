/* SPDX-License-Identifier: Apache-2.0
 *
 * MD5 (RFC 1321), for one purpose: names that are too long for a database end in four digits of it, as SQLAlchemy's do,
 * so that both call the same index the same.  Nothing here is meant to be secure.
 */
#include <string.h>

#include "base/base.h"

/* floor(2^32 * abs(sin(i + 1))). */
static const uint32_t sines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

/* One of the 64 steps; which word and which mix, each of the four rounds says.  The letters change places, not their values. */
#define STEP(a, b, mix, index, at, turn)                                                                               \
    do {                                                                                                               \
        a += (mix) + word[(index)&15] + sines[at];                                                                     \
        a = (a << (turn) | a >> (32 - (turn))) + (b);                                                                  \
    } while (0)
#define ROUND(MIX, first, factor, start, t1, t2, t3, t4)                                                               \
    for (unsigned i = 0; i < 16; i += 4) {                                                                             \
        STEP(a, b, MIX(b, c, d), (factor)*i + (start), (first) + i, t1);                                               \
        STEP(d, a, MIX(a, b, c), (factor) * (i + 1) + (start), (first) + i + 1, t2);                                   \
        STEP(c, d, MIX(d, a, b), (factor) * (i + 2) + (start), (first) + i + 2, t3);                                   \
        STEP(b, c, MIX(c, d, a), (factor) * (i + 3) + (start), (first) + i + 3, t4);                                   \
    }
#define CHOICE(x, y, z) (((x) & (y)) | (~(x) & (z)))
#define CHOICE_OF_LAST(x, y, z) CHOICE(z, x, y)
#define PARITY(x, y, z) ((x) ^ (y) ^ (z))
#define FOURTH(x, y, z) ((y) ^ ((x) | ~(z)))

static void block(uint32_t state[4], const uint8_t bytes[64]) {
    uint32_t word[16], a = state[0], b = state[1], c = state[2], d = state[3];
    for (size_t i = 0; i < 16; i++)
        word[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 | (uint32_t)bytes[4 * i + 2] << 16 |
                  (uint32_t)bytes[4 * i + 3] << 24;
    ROUND(CHOICE, 0, 1, 0, 7, 12, 17, 22)
    ROUND(CHOICE_OF_LAST, 16, 5, 1, 5, 9, 14, 20)
    ROUND(PARITY, 32, 3, 5, 4, 11, 16, 23)
    ROUND(FOURTH, 48, 7, 0, 6, 10, 15, 21)
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
}

void ath__md5(const void *data, size_t size, uint8_t out[16]) {
    uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const uint8_t *at = data;
    size_t left = size;
    for (; left >= 64; left -= 64, at += 64)
        block(state, at);
    uint8_t tail[128] = {0};
    if (left)
        memcpy(tail, at, left);
    tail[left] = 0x80;
    size_t end = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)size * 8;
    for (unsigned i = 0; i < 8; i++)
        tail[end - 8 + i] = (uint8_t)(bits >> (8 * i));
    for (size_t i = 0; i < end; i += 64)
        block(state, tail + i);
    for (unsigned i = 0; i < 16; i++)
        out[i] = (uint8_t)(state[i / 4] >> (8 * (i % 4)));
}
