/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: keys by value, for matching rows of one table with objects of another.
 *
 * A key and the foreign key that refers to it may be of different C types (int64_t, ath_opt_i32), so fields are compared
 * as values.
 */
#include "orm/loading.h"

void ath__keymap_init(ath__keymap *map, const ath_allocator *allocator, size_t width) {
    *map = (ath__keymap){.allocator = allocator, .width = width};
}

void ath__keymap_done(ath__keymap *map) {
    if (!map->allocator)
        return;
    ath__free(map->allocator, map->values, map->capacity * map->width * sizeof *map->values);
    ath__free(map->allocator, map->slots, map->slot_count * sizeof *map->slots);
    *map = (ath__keymap){0};
}

/* ---- hashing ---- */

static uint64_t hash_value(const ath_value *v, uint64_t hash) {
    switch (v->kind) {
    case ATH_KIND_INT:
        return ath__hash_mix(hash, (uint64_t)v->as.i);
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        return ath__hash_mix(hash, ath__hash_bytes(v->as.text.data, v->as.text.size));
    case ATH_KIND_BYTES:
        return ath__hash_mix(hash, ath__hash_bytes(v->as.bytes.data, v->as.bytes.size));
    case ATH_KIND_UUID:
        return ath__hash_mix(hash, ath__hash_bytes(&v->as.uuid, sizeof v->as.uuid));
    case ATH_KIND_DECIMAL: { /* 1.0 and 1.00 are equal */
        double d = ath_decimal_to_double(v->as.decimal);
        return ath__hash_mix(hash, ath__hash_bytes(&d, sizeof d));
    }
    case ATH_KIND_DATE:
        return ath__hash_mix(hash, (uint64_t)v->as.date.days);
    case ATH_KIND_TIME:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        return ath__hash_mix(hash, (uint64_t)v->as.datetime.us);
    default: /* rare as keys: their kinds' equality decides */
        return ath__hash_mix(hash, v->kind);
    }
}

static uint32_t hash_key(const ath__keymap *map, const ath_value *key) {
    uint64_t hash = 0;
    for (size_t i = 0; i < map->width; i++)
        hash = hash_value(&key[i], hash);
    return (uint32_t)(hash >> 32);
}

static bool same_key(const ath__keymap *map, size_t number, const ath_value *key) {
    const ath_value *mine = map->values + number * map->width;
    for (size_t i = 0; i < map->width; i++)
        if (!ath__value_equal(&mine[i], &key[i]))
            return false;
    return true;
}

/* ---- the table ---- */

static void place(ath__keymap *map, ath__identity_slot slot) {
    size_t mask = map->slot_count - 1, i = slot.tag & mask;
    while (map->slots[i].index)
        i = (i + 1) & mask;
    map->slots[i] = slot;
}

static bool grow_slots(ath__keymap *map) {
    size_t count = map->slot_count ? map->slot_count * 2 : 32, before = map->slot_count;
    ath__identity_slot *old = map->slots, *larger = ath__alloc_zero(map->allocator, count, sizeof *larger);
    if (!larger)
        return false;
    map->slots = larger;
    map->slot_count = count;
    for (size_t i = 0; i < before; i++)
        if (old[i].index)
            place(map, old[i]);
    ath__free(map->allocator, old, before * sizeof *old);
    return true;
}

static bool grow_values(ath__keymap *map) {
    size_t capacity = map->capacity ? map->capacity * 2 : 16, size = map->width * sizeof *map->values;
    ath_value *larger = ath__realloc(map->allocator, map->values, map->capacity * size, capacity * size);
    if (!larger)
        return false;
    map->values = larger;
    map->capacity = capacity;
    return true;
}

static size_t find(const ath__keymap *map, const ath_value *key, uint32_t tag) {
    if (!map->slot_count)
        return ATH__NO_KEY;
    size_t mask = map->slot_count - 1;
    for (size_t i = tag & mask; map->slots[i].index; i = (i + 1) & mask)
        if (map->slots[i].tag == tag && same_key(map, map->slots[i].index - 1, key))
            return map->slots[i].index - 1;
    return ATH__NO_KEY;
}

size_t ath__keymap_find(const ath__keymap *map, const ath_value *key) {
    return find(map, key, hash_key(map, key));
}

size_t ath__keymap_add(ath__keymap *map, const ath_value *key) {
    uint32_t tag = hash_key(map, key);
    size_t number = find(map, key, tag);
    if (number != ATH__NO_KEY)
        return number;
    if (map->count + 1 > map->slot_count / 4 * 3 && !grow_slots(map))
        return ATH__NO_KEY;
    if (map->count == map->capacity && !grow_values(map))
        return ATH__NO_KEY;
    memcpy(map->values + map->count * map->width, key, map->width * sizeof *key);
    place(map, (ath__identity_slot){tag, (uint32_t)map->count + 1});
    return map->count++;
}

/* ---- fields as keys ---- */

static bool field_value(const ath__column *c, const void *object, ath_value *out) {
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    const char *field = (const char *)object + c->offset;
    if (c->ctype == ATH_C_I64) {
        out->kind = ATH_KIND_INT;
        memcpy(&out->as.i, field, sizeof out->as.i);
        return true;
    }
    if (ath__field_get(c->ctype, c->size, &plain, field, out, NULL) != ATH_OK || out->kind == ATH_KIND_NULL)
        return false;
    if (out->kind == ATH_KIND_UINT && out->as.u <= INT64_MAX)
        *out = (ath_value){.kind = ATH_KIND_INT, .as.i = (int64_t)out->as.u};
    return true;
}

bool ath__key_of(const ath__column *const *columns, size_t count, const void *object, ath_value *out) {
    for (size_t i = 0; i < count; i++)
        if (!field_value(columns[i], object, &out[i]))
            return false;
    return true;
}
