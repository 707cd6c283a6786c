/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: a connection's prepared statements, found by structural key, the least used dropped first when their
 * bytes exceed the limit.
 *
 * Looking one up is on the road of every statement: a hash over the key's words, a probe, one comparison.  An entry that a
 * result is walking is never dropped and never lent twice.
 */
#include "engine/stmt_cache.h"

/* Two words a turn; keys are compared in full behind it, so speed matters more than strength. */
static uint64_t hash_words(const uint64_t *words, size_t count) {
    const uint64_t a = UINT64_C(0x9e3779b97f4a7c15), b = UINT64_C(0xc2b2ae3d27d4eb4f);
    uint64_t hash = count;
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        hash = (hash ^ (words[i] + words[i + 1] * b)) * a;
        hash ^= hash >> 32;
    }
    if (i < count)
        hash = (hash ^ words[i]) * a;
    return (hash ^ hash >> 29) | 1;
}

/* ---- order of use ---- */

static void unlink_entry(ath__stmt_cache *cache, ath__prepared *p) {
    if (p->newer)
        p->newer->older = p->older;
    else
        cache->newest = p->older;
    if (p->older)
        p->older->newer = p->newer;
    else
        cache->oldest = p->newer;
}

static void link_newest(ath__stmt_cache *cache, ath__prepared *p) {
    p->newer = NULL;
    p->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = p;
    else
        cache->oldest = p;
    cache->newest = p;
}

/* ---- slots ---- */

ath__prepared *ath__stmt_cache_find(ath__stmt_cache *cache, const uint64_t *words, size_t count, uint64_t *hash) {
    *hash = hash_words(words, count);
    if (!cache->slot_count)
        return NULL;
    size_t mask = cache->slot_count - 1;
    for (size_t i = *hash & mask; cache->slots[i]; i = (i + 1) & mask) {
        ath__prepared *p = cache->slots[i];
        if (p->hash != *hash || p->word_count != count || memcmp(p->words, words, count * sizeof *words) != 0)
            continue;
        if (cache->newest != p) {
            unlink_entry(cache, p);
            link_newest(cache, p);
        }
        return p;
    }
    return NULL;
}

static void place(ath__stmt_cache *cache, ath__prepared *p) {
    size_t mask = cache->slot_count - 1, i = p->hash & mask;
    while (cache->slots[i])
        i = (i + 1) & mask;
    cache->slots[i] = p;
}

static bool grow(const ath_allocator *a, ath__stmt_cache *cache) {
    size_t count = cache->slot_count ? cache->slot_count * 2 : 32, before = cache->slot_count;
    ath__prepared **slots = ath__alloc_zero(a, count, sizeof *slots), **old = cache->slots;
    if (!slots)
        return false;
    cache->slots = slots;
    cache->slot_count = count;
    for (size_t i = 0; i < before; i++)
        if (old[i])
            place(cache, old[i]);
    ath__free(a, old, before * sizeof *old);
    return true;
}

/* Takes the entry out; those behind it in the probe run move up, so that no gap breaks the run. */
static void take_out(ath__stmt_cache *cache, ath__prepared *p) {
    size_t mask = cache->slot_count - 1, i = p->hash & mask;
    while (cache->slots[i] != p)
        i = (i + 1) & mask;
    cache->slots[i] = NULL;
    for (size_t k = (i + 1) & mask; cache->slots[k]; k = (k + 1) & mask) {
        ath__prepared *moved = cache->slots[k];
        cache->slots[k] = NULL;
        place(cache, moved);
    }
    unlink_entry(cache, p);
    cache->count--;
    cache->bytes -= p->bytes;
}

/* ---- keeping within the limit ---- */

static void shrink(ath_connection *c, const ath__prepared *keep) {
    ath__stmt_cache *cache = &c->cache;
    for (ath__prepared *p = cache->oldest; p && cache->bytes > cache->limit;) {
        ath__prepared *newer = p->newer;
        if (!p->busy && p != keep) {
            take_out(cache, p);
            ath__prepared_free(c, p);
        }
        p = newer;
    }
}

bool ath__stmt_cache_add(ath_connection *c, ath__prepared *p) {
    ath__stmt_cache *cache = &c->cache;
    if (cache->count + 1 > cache->slot_count / 2 && !grow(&c->engine->allocator, cache))
        return false;
    place(cache, p);
    link_newest(cache, p);
    cache->count++;
    cache->bytes += p->bytes;
    shrink(c, p);
    return true;
}

/* Those that are being walked leave when they are given back. */
void ath__stmt_cache_forget(ath_connection *c) {
    ath__stmt_cache *cache = &c->cache;
    for (ath__prepared *p = cache->oldest; p;) {
        ath__prepared *newer = p->newer;
        take_out(cache, p);
        if (p->busy)
            p->uncached = true;
        else
            ath__prepared_free(c, p);
        p = newer;
    }
}

void ath__stmt_cache_done(ath_connection *c) {
    for (ath__prepared *p = c->cache.newest; p;) {
        ath__prepared *older = p->older;
        ath__prepared_free(c, p);
        p = older;
    }
    ath__free(&c->engine->allocator, c->cache.slots, c->cache.slot_count * sizeof *c->cache.slots);
    c->cache = (ath__stmt_cache){.limit = c->cache.limit, .plans = c->cache.plans};
}
