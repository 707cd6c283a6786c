/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocation through a caller's allocator.
 */
#include "counting.h"

#include "base/base.h"

TEST(zero_size_is_no_failure) {
    counting c;
    counting_init(&c, 0);
    void *memory = ath__alloc(&c.allocator, 0);
    CHECK(memory != NULL);
    memory = ath__realloc(&c.allocator, memory, 0, 100);
    CHECK(memory != NULL);
    memory = ath__realloc(&c.allocator, memory, 100, 0);
    CHECK(memory != NULL);
    ath__free(&c.allocator, memory, 0);
    CHECK_RELEASED(&c);
}

TEST(zeroed_and_overflow) {
    counting c;
    counting_init(&c, 0);
    unsigned char *memory = ath__alloc_zero(&c.allocator, 100, 3);
    int sum = 0;
    for (int i = 0; i < 300; i++)
        sum += memory[i];
    CHECK_INT(sum, 0);
    ath__free(&c.allocator, memory, 300);
    CHECK(ath__alloc_zero(&c.allocator, SIZE_MAX / 2, 3) == NULL);
    CHECK(ath__alloc_zero(&c.allocator, 3, SIZE_MAX / 2) == NULL);
    CHECK_INT(c.requests, 1);
    CHECK_RELEASED(&c);
}

TEST(realloc_keeps_content) {
    counting c;
    counting_init(&c, 3);
    char *memory = ath__realloc(&c.allocator, NULL, 0, 4);
    memcpy(memory, "abc", 4);
    memory = ath__realloc(&c.allocator, memory, 4, 5000);
    CHECK_STR(memory, "abc");
    CHECK(ath__realloc(&c.allocator, memory, 5000, 10000) == NULL);
    CHECK_STR(memory, "abc");
    ath__free(&c.allocator, memory, 5000);
    CHECK_RELEASED(&c);
}

TEST(free_of_null) {
    counting c;
    counting_init(&c, 0);
    ath__free(&c.allocator, NULL, 10);
    CHECK_RELEASED(&c);
}

TEST(malloc_allocator_works) {
    CHECK(ath__process_allocator == &ath__malloc_allocator);
    char *memory = ath__alloc(&ath__malloc_allocator, 2);
    memcpy(memory, "a", 2);
    memory = ath__realloc(&ath__malloc_allocator, memory, 2, 100000);
    CHECK_STR(memory, "a");
    ath__free(&ath__malloc_allocator, memory, 100000);
}

static const test_case cases[] = {
    {"zero_size_is_no_failure", zero_size_is_no_failure}, {"zeroed_and_overflow", zeroed_and_overflow},
    {"realloc_keeps_content", realloc_keeps_content},     {"free_of_null", free_of_null},
    {"malloc_allocator_works", malloc_allocator_works},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
