/* SPDX-License-Identifier: Apache-2.0
 *
 * A hash map in two arrays: entries in order of insertion, and slots that point into them, found by linear probing.
 * The map owns the arrays and its copies of the keys; values are the caller's.
 *
 * The one idea: removing only marks the entry (key NULL) and leaves its slot, so probing needs no tombstones of its
 * own and a walk may remove what it stands on.  The next growth leaves the marked ones behind.
 */
#include <assert.h>
#include <string.h>

#include "base/base.h"

enum { FIRST_SLOTS = 16 };

static const uint64_t hash_seed = UINT64_C(0x9e3779b97f4a7c15);

uint64_t ath__hash_bytes(const void *data, size_t size) {
    const char *at = data;
    uint64_t hash = hash_seed ^ size;
    uint64_t word;
    for (; size >= sizeof word; at += sizeof word, size -= sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = ath__hash_mix(hash, word);
    }
    if (size > 0) {
        word = 0;
        memcpy(&word, at, size);
        hash = ath__hash_mix(hash, word);
    }
    return hash;
}

void ath__map_init(ath__map *map, const ath_allocator *allocator) {
    assert(allocator != NULL);
    *map = (ath__map){.allocator = allocator};
}

static void free_key(const ath__map *map, const ath__map_entry *entry) {
    /* memcpy takes the const off without a cast: the copy was made by ath__map_put. */
    void *key;
    memcpy(&key, &entry->key, sizeof key);
    ath__free(map->allocator, key, entry->key_size);
}

static void free_arrays(const ath__map *map) {
    ath__free(map->allocator, map->entries, map->capacity * sizeof *map->entries);
    ath__free(map->allocator, map->slots, map->slot_count * sizeof *map->slots);
}

void ath__map_done(ath__map *map) {
    for (size_t i = 0; i < map->used; i++) {
        if (map->entries[i].key != NULL)
            free_key(map, &map->entries[i]);
    }
    if (map->allocator != NULL)
        free_arrays(map);
    *map = (ath__map){.allocator = map->allocator};
}

static ath__map_entry *find(const ath__map *map, const void *key, size_t key_size, uint64_t hash) {
    if (map->live == 0)
        return NULL;
    size_t mask = map->slot_count - 1;
    for (size_t i = (size_t)hash & mask; map->slots[i] != 0; i = (i + 1) & mask) {
        ath__map_entry *entry = &map->entries[map->slots[i] - 1];
        if (entry->hash == hash && entry->key != NULL && entry->key_size == key_size &&
            (key_size == 0 || memcmp(entry->key, key, key_size) == 0))
            return entry;
    }
    return NULL;
}

void *ath__map_get(const ath__map *map, const void *key, size_t key_size) {
    const ath__map_entry *entry = find(map, key, key_size, ath__hash_bytes(key, key_size));
    return entry == NULL ? NULL : entry->value;
}

/* Appends to the entries; there is room. */
static void place(ath__map *map, const ath__map_entry *entry) {
    size_t mask = map->slot_count - 1;
    size_t i = (size_t)entry->hash & mask;
    while (map->slots[i] != 0)
        i = (i + 1) & mask;
    map->entries[map->used] = *entry;
    map->slots[i] = (uint32_t)++map->used;
    map->live++;
}

/* Moves the live entries into new arrays; larger ones, unless half of the old was removed ones. */
static bool grow(ath__map *map) {
    size_t slot_count = map->slot_count == 0 ? FIRST_SLOTS : map->slot_count;
    if (map->live > map->capacity / 2)
        slot_count *= 2;
    size_t capacity = slot_count / 4 * 3;
    if (capacity >= UINT32_MAX)
        return false;
    ath__map larger = {.allocator = map->allocator, .capacity = capacity, .slot_count = slot_count};
    larger.entries = ath__alloc_zero(map->allocator, capacity, sizeof *larger.entries);
    larger.slots = ath__alloc_zero(map->allocator, slot_count, sizeof *larger.slots);
    if (larger.entries == NULL || larger.slots == NULL) {
        free_arrays(&larger);
        return false;
    }
    for (size_t i = 0; i < map->used; i++) {
        if (map->entries[i].key != NULL)
            place(&larger, &map->entries[i]);
    }
    free_arrays(map);
    *map = larger;
    return true;
}

ath_status ath__map_put(ath__map *map, const void *key, size_t key_size, void *value) {
    assert(value != NULL);
    uint64_t hash = ath__hash_bytes(key, key_size);
    ath__map_entry *entry = find(map, key, key_size, hash);
    if (entry != NULL) {
        entry->value = value;
        return ATH_OK;
    }
    void *copy = ath__alloc(map->allocator, key_size);
    if (copy == NULL)
        return ATH_NO_MEMORY;
    if (map->used == map->capacity && !grow(map)) {
        ath__free(map->allocator, copy, key_size);
        return ATH_NO_MEMORY;
    }
    if (key_size > 0)
        memcpy(copy, key, key_size);
    place(map, &(ath__map_entry){.hash = hash, .key = copy, .key_size = key_size, .value = value});
    return ATH_OK;
}

void *ath__map_remove(ath__map *map, const void *key, size_t key_size) {
    ath__map_entry *entry = find(map, key, key_size, ath__hash_bytes(key, key_size));
    if (entry == NULL)
        return NULL;
    void *value = entry->value;
    free_key(map, entry);
    entry->key = NULL;
    entry->value = NULL;
    map->live--;
    return value;
}

const ath__map_entry *ath__map_next(const ath__map *map, size_t *at) {
    while (*at < map->used) {
        const ath__map_entry *entry = &map->entries[(*at)++];
        if (entry->key != NULL)
            return entry;
    }
    return NULL;
}
