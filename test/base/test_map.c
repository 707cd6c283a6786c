/* SPDX-License-Identifier: Apache-2.0
 *
 * The hash map, against ten thousand keys, removals, and allocations that fail.
 */
#include "counting.h"

#include "base/base.h"

enum { KEYS = 10000 };

static int values[KEYS];

static void *put_number(ath__map *map, int key, int *value) {
    return ath__map_put(map, &key, sizeof key, value) == ATH_OK ? value : NULL;
}

static void *get_number(const ath__map *map, int key) {
    return ath__map_get(map, &key, sizeof key);
}

static void *remove_number(ath__map *map, int key) {
    return ath__map_remove(map, &key, sizeof key);
}

TEST(empty) {
    ath__map map;
    ath__map_init(&map, &ath__malloc_allocator);
    size_t at = 0;
    CHECK(ath__map_get(&map, "a", 1) == NULL);
    CHECK(ath__map_remove(&map, "a", 1) == NULL);
    CHECK(ath__map_next(&map, &at) == NULL);
    ath__map_done(&map);
    memset(&map, 0, sizeof map);
    ath__map_done(&map);
    CHECK_INT(map.live, 0);
}

TEST(keys_are_bytes_and_copied) {
    ath__map map;
    ath__map_init(&map, &ath__malloc_allocator);
    char key[] = "a\0b";
    int x = 1, y = 2, z = 3;
    CHECK_INT(ath__map_put(&map, key, 3, &x), ATH_OK);
    CHECK_INT(ath__map_put(&map, key, 1, &y), ATH_OK);
    CHECK_INT(ath__map_put(&map, key, 0, &z), ATH_OK);
    key[0] = 'z';
    CHECK(ath__map_get(&map, "a\0b", 3) == &x);
    CHECK(ath__map_get(&map, "a", 1) == &y);
    CHECK(ath__map_get(&map, "", 0) == &z);
    CHECK(ath__map_get(&map, "a\0", 2) == NULL);
    CHECK(ath__map_get(&map, "z", 1) == NULL);
    CHECK(ath__map_remove(&map, "", 0) == &z);
    CHECK(ath__map_get(&map, "", 0) == NULL);
    ath__map_done(&map);
}

TEST(replacing_keeps_the_place) {
    ath__map map;
    ath__map_init(&map, &ath__malloc_allocator);
    for (int i = 0; i < 3; i++)
        put_number(&map, i, &values[i]);
    put_number(&map, 0, &values[9]);
    CHECK_INT(map.live, 3);
    size_t at = 0;
    const ath__map_entry *entry = ath__map_next(&map, &at);
    CHECK(entry != NULL && entry->value == &values[9]);
    CHECK_INT(entry->key_size, sizeof(int));
    ath__map_done(&map);
}

/* Every third key goes; then all must be found or not found, and the walk must show the rest in order. */
TEST(ten_thousand_keys_and_removals) {
    counting c;
    ath__map map;
    counting_init(&c, 0);
    ath__map_init(&map, &c.allocator);
    for (int i = 0; i < KEYS; i++)
        CHECK(put_number(&map, i, &values[i]) != NULL);
    CHECK_INT(map.live, KEYS);
    for (int i = 0; i < KEYS; i += 3)
        CHECK(remove_number(&map, i) == &values[i]);
    CHECK(remove_number(&map, 0) == NULL);
    for (int i = 0; i < KEYS; i++)
        CHECK(get_number(&map, i) == (i % 3 == 0 ? NULL : &values[i]));
    size_t at = 0;
    const ath__map_entry *entry;
    int last = 0, seen = 0;
    for (; (entry = ath__map_next(&map, &at)) != NULL; seen++) {
        int key;
        memcpy(&key, entry->key, sizeof key);
        CHECK(key > last && key % 3 != 0 && entry->value == &values[key]);
        last = key;
    }
    CHECK_INT(seen, KEYS - (KEYS + 2) / 3);
    ath__map_done(&map);
    CHECK_RELEASED(&c);
}

/* Putting and removing for ever must not grow the map for ever. */
TEST(churn_is_bounded) {
    ath__map map;
    ath__map_init(&map, &ath__malloc_allocator);
    for (int i = 0; i < 100000; i++) {
        put_number(&map, i, &values[i % KEYS]);
        if (i >= 20)
            CHECK(remove_number(&map, i - 20) == &values[(i - 20) % KEYS]);
    }
    CHECK_INT(map.live, 20);
    CHECK(map.capacity <= 128);
    for (int i = 100000 - 20; i < 100000; i++)
        CHECK(get_number(&map, i) == &values[i % KEYS]);
    ath__map_done(&map);
}

TEST(removing_while_walking) {
    ath__map map;
    ath__map_init(&map, &ath__malloc_allocator);
    for (int i = 0; i < 100; i++)
        put_number(&map, i, &values[i]);
    size_t at = 0;
    const ath__map_entry *entry;
    int removed = 0;
    while ((entry = ath__map_next(&map, &at)) != NULL)
        removed += ath__map_remove(&map, entry->key, entry->key_size) != NULL;
    CHECK_INT(removed, 100);
    CHECK_INT(map.live, 0);
    put_number(&map, 5, &values[5]);
    CHECK(get_number(&map, 5) == &values[5]);
    ath__map_done(&map);
}

TEST(fails_at_every_allocation) {
    size_t requests = 1;
    for (size_t n = 1; n <= requests; n++) {
        counting c;
        ath__map map;
        counting_init(&c, n);
        ath__map_init(&map, &c.allocator);
        int failures = 0;
        for (int i = 0; i < 60; i++) {
            size_t live = map.live;
            if (put_number(&map, i, &values[i]) == NULL) {
                failures++;
                CHECK_INT(map.live, live);
                CHECK(get_number(&map, i) == NULL);
                CHECK(put_number(&map, i, &values[i]) != NULL);
            }
        }
        test_context("request %zu", n);
        CHECK_INT(failures, 1);
        for (int i = 0; i < 60; i++)
            CHECK(get_number(&map, i) == &values[i]);
        requests = c.requests - 3; /* what failed was asked for again: a key, and two arrays at most */
        ath__map_done(&map);
        CHECK_RELEASED(&c);
    }
    CHECK(requests > 60);
}

TEST(hash_spreads) {
    /* Sequential keys must fill the low bits evenly: 4,096 keys into 256 buckets, 16 each on average. */
    int low[256] = {0}, high[256] = {0};
    for (uint64_t i = 0; i < 4096; i++) {
        uint64_t hash = ath__hash_bytes(&i, sizeof i);
        low[hash & 255]++;
        high[hash >> 56]++;
    }
    for (int i = 0; i < 256; i++)
        CHECK(low[i] > 1 && low[i] < 48 && high[i] > 1 && high[i] < 48);
    CHECK(ath__hash_bytes("abc", 3) == ath__hash_bytes("abcd", 3));
    CHECK(ath__hash_bytes("abc", 3) != ath__hash_bytes("abc\0", 4));
    CHECK(ath__hash_bytes("12345678a", 9) != ath__hash_bytes("12345678b", 9));
    CHECK(ath__hash_bytes("a12345678", 9) != ath__hash_bytes("b12345678", 9));
    CHECK(ath__hash_mix(1, 2) != ath__hash_mix(2, 2));
    CHECK(ath__hash_mix(1, 2) != ath__hash_mix(1, 3));
}

static const test_case cases[] = {
    {"empty", empty},
    {"keys_are_bytes_and_copied", keys_are_bytes_and_copied},
    {"replacing_keeps_the_place", replacing_keeps_the_place},
    {"ten_thousand_keys_and_removals", ten_thousand_keys_and_removals},
    {"churn_is_bounded", churn_is_bounded},
    {"removing_while_walking", removing_while_walking},
    {"fails_at_every_allocation", fails_at_every_allocation},
    {"hash_spreads", hash_spreads},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
