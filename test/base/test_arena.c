/* SPDX-License-Identifier: Apache-2.0
 *
 * The arena: growth, alignment, large pieces, reset, and running out of memory at each allocation.
 */
#include "counting.h"

#include "base/base.h"

enum { CHUNK_MAX = 64 * 1024 };

static bool aligned(const void *memory) {
    return ((uintptr_t)memory & 15) == 0;
}

TEST(grows_by_doubling_chunks) {
    counting c;
    ath__arena arena;
    counting_init(&c, 0);
    ath__arena_init(&arena, &c.allocator);
    CHECK_INT(arena.bytes, 0);
    ath__arena_alloc(&arena, 1);
    CHECK_INT(arena.bytes, 1024);
    for (int i = 0; i < 20000; i++)
        memset(ath__arena_alloc(&arena, 16), i & 255, 16);
    /* 1 + 2 + ... + 64 KiB are seven chunks and 127 KiB; 320,016 bytes need three more of 64 KiB. */
    CHECK_INT(c.requests, 10);
    CHECK_INT(arena.bytes, 127 * 1024 + 3 * CHUNK_MAX);
    CHECK_INT(c.live, arena.bytes);
    ath__arena_done(&arena);
    CHECK_INT(arena.bytes, 0);
    CHECK_RELEASED(&c);
}

TEST(pieces_do_not_overlap) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    unsigned char *pieces[600];
    for (size_t i = 0; i < 600; i++) {
        pieces[i] = i % 3 == 0 ? (unsigned char *)ath__arena_bytes(&arena, i) : ath__arena_alloc(&arena, i);
        memset(pieces[i], (int)(i & 255), i);
    }
    for (size_t i = 0; i < 600; i++) {
        test_context("piece %zu", i);
        CHECK(i % 3 == 0 || aligned(pieces[i]));
        size_t changed = 0;
        for (size_t j = 0; j < i; j++)
            changed += pieces[i][j] != (i & 255);
        CHECK_INT(changed, 0);
    }
    ath__arena_done(&arena);
}

TEST(bytes_are_not_aligned) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    const char *first = ath__arena_bytes(&arena, 3);
    const char *second = ath__arena_bytes(&arena, 5);
    CHECK_INT(second - first, 3);
    CHECK_INT((char *)ath__arena_alloc(&arena, 1) - first, 16);
    ath__arena_done(&arena);
}

TEST(zero_sizes) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    CHECK(ath__arena_bytes(&arena, 0) != NULL);
    CHECK(ath__arena_alloc(&arena, 0) != NULL);
    CHECK_STR(ath__arena_strn(&arena, NULL, 0), "");
    CHECK(ath__arena_copy(&arena, NULL, 0) != NULL);
    ath__arena_done(&arena);
}

TEST(large_piece_gets_its_own_chunk) {
    counting c;
    ath__arena arena;
    counting_init(&c, 0);
    ath__arena_init(&arena, &c.allocator);
    const char *before = ath__arena_bytes(&arena, 8);
    char *large = ath__arena_alloc(&arena, 1000000);
    memset(large, 'x', 1000000);
    CHECK(aligned(large));
    CHECK(ath__arena_bytes(&arena, 8) == before + 8); /* the open chunk stays open */
    CHECK_INT(c.requests, 2);
    ath__arena_reset(&arena);
    CHECK_INT(arena.bytes, 1024);
    CHECK(ath__arena_bytes(&arena, 8) == before);
    ath__arena_done(&arena);
    CHECK_RELEASED(&c);
}

TEST(sizes_around_the_cap) {
    for (size_t size = CHUNK_MAX - 40; size < CHUNK_MAX + 40; size++) {
        counting c;
        ath__arena arena;
        counting_init(&c, 0);
        ath__arena_init(&arena, &c.allocator);
        test_context("size %zu", size);
        memset(ath__arena_bytes(&arena, size), 1, size);
        memset(ath__arena_alloc(&arena, size), 2, size);
        CHECK(arena.bytes <= 4 * CHUNK_MAX);
        ath__arena_done(&arena);
        CHECK_RELEASED(&c);
    }
}

TEST(reset_after_only_a_large_piece) {
    counting c;
    ath__arena arena;
    counting_init(&c, 0);
    ath__arena_init(&arena, &c.allocator);
    ath__arena_reset(&arena); /* of an empty one */
    ath__arena_alloc(&arena, 200000);
    ath__arena_reset(&arena);
    CHECK_INT(c.live, 0);
    CHECK_STR(ath__arena_str(&arena, "again"), "again");
    ath__arena_done(&arena);
    CHECK_RELEASED(&c);
}

TEST(reset_keeps_the_newest_chunk) {
    counting c;
    ath__arena arena;
    counting_init(&c, 0);
    ath__arena_init(&arena, &c.allocator);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 40; i++)
            ath__arena_alloc(&arena, 1000);
        ath__arena_reset(&arena);
    }
    CHECK(c.requests <= 8); /* once it has grown, a round needs no more memory */
    CHECK_INT(arena.bytes, CHUNK_MAX);
    ath__arena_done(&arena);
    CHECK_RELEASED(&c);
}

TEST(impossible_size) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    ath__arena_bytes(&arena, 10);
    CHECK(ath__arena_alloc(&arena, SIZE_MAX) == NULL);
    CHECK(ath__arena_alloc(&arena, SIZE_MAX - 15) == NULL);
    CHECK(ath__arena_bytes(&arena, SIZE_MAX) == NULL);
    CHECK(ath__arena_bytes(&arena, PTRDIFF_MAX) == NULL);
    CHECK_STR(ath__arena_str(&arena, "fine"), "fine");
    ath__arena_done(&arena);
}

TEST(copies_and_zeros) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    CHECK_STR(ath__arena_strn(&arena, "abcdef", 3), "abc");
    int64_t number = 42;
    const int64_t *copy = ath__arena_copy(&arena, &number, sizeof number);
    CHECK(aligned(copy) && copy != &number);
    CHECK_INT(*copy, 42);
    memset(ath__arena_bytes(&arena, 500), 255, 500);
    ath__arena_reset(&arena);
    const unsigned char *zero = ath__arena_zero(&arena, 500);
    size_t set = 0;
    for (size_t i = 0; i < 500; i++)
        set += zero[i] != 0;
    CHECK_INT(set, 0);
    ath__arena_done(&arena);
}

TEST(printf_of_any_length) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    for (int width = 1; width < 3000; width += 7) {
        const char *text = ath__arena_printf(&arena, "%*d", width, 7);
        test_context("width %d", width);
        CHECK_INT(strlen(text), width);
        CHECK(text[width - 1] == '7');
    }
    CHECK_STR(ath__arena_printf(&arena, "%s", ""), "");
    CHECK_STR(ath__arena_printf(&arena, "%d-%s", 1, "a"), "1-a");
    ath__arena_done(&arena);
}

/* The n-th request fails; what was handed out before stays good, and the arena goes on afterwards. */
TEST(fails_at_every_allocation) {
    for (size_t n = 1; n <= 12; n++) {
        counting c;
        ath__arena arena;
        counting_init(&c, n);
        ath__arena_init(&arena, &c.allocator);
        int failures = 0;
        const char *first = NULL;
        for (int i = 0; i < 200; i++) {
            char *text = ath__arena_printf(&arena, "%1000d", i);
            failures += text == NULL;
            failures += ath__arena_zero(&arena, 100) == NULL;
            failures += ath__arena_strn(&arena, "x", 1) == NULL;
            if (first == NULL)
                first = text;
        }
        test_context("request %zu", n);
        CHECK_INT(failures, c.requests >= n ? 1 : 0);
        CHECK_INT(strlen(first), 1000);
        ath__arena_done(&arena);
        CHECK_RELEASED(&c);
    }
    counting c;
    ath__arena arena;
    counting_init(&c, 1);
    ath__arena_init(&arena, &c.allocator);
    CHECK(ath__arena_alloc(&arena, 100000) == NULL);
    ath__arena_done(&arena);
    CHECK_RELEASED(&c);
}

TEST(done_of_zeros) {
    ath__arena arena;
    memset(&arena, 0, sizeof arena);
    ath__arena_done(&arena);
    CHECK_INT(arena.bytes, 0);
    CHECK(arena.chunks == NULL);
}

static const test_case cases[] = {
    {"grows_by_doubling_chunks", grows_by_doubling_chunks},
    {"pieces_do_not_overlap", pieces_do_not_overlap},
    {"bytes_are_not_aligned", bytes_are_not_aligned},
    {"zero_sizes", zero_sizes},
    {"large_piece_gets_its_own_chunk", large_piece_gets_its_own_chunk},
    {"sizes_around_the_cap", sizes_around_the_cap},
    {"reset_after_only_a_large_piece", reset_after_only_a_large_piece},
    {"reset_keeps_the_newest_chunk", reset_keeps_the_newest_chunk},
    {"impossible_size", impossible_size},
    {"copies_and_zeros", copies_and_zeros},
    {"printf_of_any_length", printf_of_any_length},
    {"fails_at_every_allocation", fails_at_every_allocation},
    {"done_of_zeros", done_of_zeros},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
