/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 8, recognise: the identity map of one mapper, from a primary key to the one struct that stands for the row.
 *
 * Keys are not stored: a slot names an object, whose key fields are compared.  A tag of 32 hash bits keeps most
 * comparisons from touching the object, and lets the table grow without reading the objects again.
 */
#include "orm/session.h"

#define SLOT_GONE UINT32_MAX

static uint64_t hash_field(const ath__column *c, const void *object, uint64_t hash) {
    const char *field = (const char *)object + c->offset;
    switch (c->ctype) {
    case ATH_C_TEXT: {
        const char *text = *(const char *const *)(const void *)field;
        return text ? ath__hash_mix(hash, ath__hash_bytes(text, strlen(text))) : hash;
    }
    case ATH_C_CHARS:
        return ath__hash_mix(hash, ath__hash_bytes(field, strnlen(field, c->size)));
    case ATH_C_BYTES: {
        const ath_bytes *bytes = (const void *)field;
        return bytes->data ? ath__hash_mix(hash, ath__hash_bytes(bytes->data, bytes->size)) : hash;
    }
    case ATH_C_DECIMAL: { /* 1.0 and 1.00 are equal */
        double d = ath_decimal_to_double(*(const ath_decimal *)(const void *)field);
        return ath__hash_mix(hash, ath__hash_bytes(&d, sizeof d));
    }
    default:
        return ath__hash_mix(hash, ath__hash_bytes(field, ath__ctype_size(c->ctype)));
    }
}

uint32_t ath__field_hash(const ath__column *c, const void *object) {
    return (uint32_t)(hash_field(c, object, 0) >> 32);
}

uint32_t ath__identity_hash(const ath__mapper *m, const void *object) {
    uint64_t hash = 0;
    if (m->key_i64 >= 0) {
        uint64_t key;
        memcpy(&key, (const char *)object + m->key_i64, sizeof key);
        hash = ath__hash_mix(0, key);
    } else {
        for (size_t i = 0; i < m->table->key_count; i++)
            hash = hash_field(&m->table->columns[m->table->key[i]], object, hash);
    }
    return (uint32_t)(hash >> 32);
}

static bool same_key(const ath__mapper *m, const void *a, const void *b) {
    if (m->key_i64 >= 0)
        return memcmp((const char *)a + m->key_i64, (const char *)b + m->key_i64, sizeof(int64_t)) == 0;
    for (size_t i = 0; i < m->table->key_count; i++) {
        const ath__column *c = &m->table->columns[m->table->key[i]];
        if (!ath__field_equal(c->ctype, c->size, (const char *)a + c->offset, (const char *)b + c->offset))
            return false;
    }
    return true;
}

/* Persistent objects are filed under the key of their image: the program may have assigned another to the field. */
static const void *filed_key(const ath__mapper *m, void *object) {
    return ath__image_of(m, object);
}

/* A family's identities are kept by its root. */
static ath__mapper *keeper(const ath__mapper *m) {
    return m->family ? m->family->members[0] : (ath__mapper *)(uintptr_t)m;
}

static void *object_of(const ath__mapper *m, uint32_t code) {
    const ath__family *f = m->family;
    return f ? ath__mapper_object(f->members[code & ((1u << f->bits) - 1)], code >> f->bits)
             : ath__mapper_object(m, code);
}

void *ath__identity_find(const ath__mapper *m, const void *object, uint32_t hash) {
    void *found = ath__identity_find_any(m, object, hash);
    return found && m->family && !ath__mapper_is(ath__mapper_of(m, found), m) ? NULL : found;
}

void *ath__identity_find_any(const ath__mapper *m, const void *object, uint32_t hash) {
    const ath__identity *map = &keeper(m)->identity;
    if (!map->slot_count)
        return NULL;
    size_t mask = map->slot_count - 1;
    for (size_t i = hash & mask; map->slots[i].index; i = (i + 1) & mask) {
        if (map->slots[i].tag != hash || map->slots[i].index == SLOT_GONE)
            continue;
        void *candidate = object_of(m, map->slots[i].index - 1);
        if (same_key(m, filed_key(m, candidate), object))
            return candidate;
    }
    return NULL;
}

static void place(ath__identity *map, ath__identity_slot slot) {
    size_t mask = map->slot_count - 1, i = slot.tag & mask;
    while (map->slots[i].index)
        i = (i + 1) & mask;
    map->slots[i] = slot;
    map->used++;
}

enum { FAST_GROWTH = 1 << 15 };

/* By four while it is small: each growth places all of them anew. */
static ath_status grow(ath_session *s, ath__identity *map) {
    size_t count = map->slot_count ? map->slot_count * (map->slot_count < FAST_GROWTH ? 4 : 2) : 16;
    ath__identity larger = {ath__alloc_zero(s->allocator, count, sizeof *larger.slots), count, 0};
    if (!larger.slots)
        return ath__session_no_memory(s);
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->slots[i].index && map->slots[i].index != SLOT_GONE)
            place(&larger, map->slots[i]);
    ath__free(s->allocator, map->slots, map->slot_count * sizeof *map->slots);
    *map = larger;
    return ATH_OK;
}

ath_status ath__identity_seek_i64(ath_session *s, ath__mapper *m, int64_t key, ath__sought *out) {
    ath__identity *map = &m->identity;
    if (map->used + 1 > map->slot_count / 5 * 4)
        ATH_TRY(grow(s, map));
    uint32_t hash = (uint32_t)(ath__hash_mix(0, (uint64_t)key) >> 32), at;
    size_t mask = map->slot_count - 1, i = hash & mask, image_key = m->image_at + (size_t)m->key_i64;
    *out = (ath__sought){NULL, NULL, hash};
    for (; (at = map->slots[i].index) != 0; i = (i + 1) & mask) {
        if (map->slots[i].tag != hash || at == SLOT_GONE)
            continue;
        char *candidate = ath__mapper_object(m, at - 1);
        if (memcmp(candidate + image_key, &key, sizeof key) != 0)
            continue;
        out->found = candidate;
        return ATH_OK;
    }
    out->free = &map->slots[i];
    return ATH_OK;
}

ath_status ath__identity_take(ath_session *s, ath__mapper *m, const void *object, const ath__sought *sought) {
    if (!sought->free)
        return ath__identity_add(s, m, object, sought->hash);
    *sought->free = (ath__identity_slot){sought->hash, ath__head_of(object)->index + 1};
    m->identity.used++;
    return ATH_OK;
}

ath_status ath__identity_add(ath_session *s, ath__mapper *m, const void *object, uint32_t hash) {
    ath__identity *map = &keeper(m)->identity;
    if (m->family && ath__head_of(object)->index >= UINT32_MAX >> m->family->bits)
        return ath__fail(&s->error, ATH_NO_MEMORY, "a session holds too many objects of %s", m->model->name);
    if (map->used + 1 > map->slot_count / 5 * 4)
        ATH_TRY(grow(s, map));
    place(map, (ath__identity_slot){hash, ath__object_code(m, object) + 1});
    return ATH_OK;
}

void ath__identity_remove(ath__mapper *m, const void *object, const void *key) {
    ath__identity *map = &keeper(m)->identity;
    if (!map->slot_count)
        return;
    uint32_t hash = ath__identity_hash(m, key), wanted = ath__object_code(m, object) + 1;
    size_t mask = map->slot_count - 1;
    for (size_t i = hash & mask; map->slots[i].index; i = (i + 1) & mask)
        if (map->slots[i].index == wanted) {
            map->slots[i].index = SLOT_GONE;
            return;
        }
}

bool ath__identity_has(const ath__mapper *m, void *object) {
    const void *key = filed_key(m, object);
    return ath__identity_find(m, key, ath__identity_hash(m, key)) == object;
}
