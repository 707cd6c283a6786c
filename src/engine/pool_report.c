/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: what the pool tells: its numbers, and who holds its connections.
 */
#include "engine/engine.h"

/* ---- notes ---- */

void ath__note_write(ath__note *note, const char *text, size_t size) {
    uint64_t words[ATH__NOTE_WORDS] = {0};
    memcpy(words, text, size < sizeof words ? size : sizeof words);
    for (size_t i = 0; i < ATH__NOTE_WORDS; i++)
        atomic_store_explicit(&note->words[i], words[i], memory_order_relaxed);
}

void ath__note_read(const ath__note *note, char out[ATH__NOTE_WORDS * 8 + 1]) {
    for (size_t i = 0; i < ATH__NOTE_WORDS; i++) {
        uint64_t word = atomic_load_explicit(&note->words[i], memory_order_relaxed);
        memcpy(out + i * sizeof word, &word, sizeof word);
    }
    out[ATH__NOTE_WORDS * 8] = '\0';
    for (char *at = out; *at; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
}

/* ---- holders ---- */

static void append(char *out, size_t size, size_t *used, const char *text) {
    size_t length = strlen(text), room = size - 1 - *used;
    memcpy(out + *used, text, length < room ? length : room);
    *used += length < room ? length : room;
    out[*used] = '\0';
}

void ath__pool_holders(const ath_engine *e, char *out, size_t size) {
    char line[160], last[ATH__NOTE_WORDS * 8 + 1];
    int64_t now = ath__clock_us();
    size_t used = 0;
    out[0] = '\0';
    append(out, size, &used, "held by ");
    for (const ath_connection *c = e->pool.lent; c && used + 1 < size; c = c->lease.next) {
        const char *slash = strrchr(c->lease.file, '/');
        ath__note_read(&c->lease.last, last);
        snprintf(line, sizeof line, "%s%.40s:%d (%lld ms%s%.60s)", used > 8 ? ", " : "",
                 slash ? slash + 1 : c->lease.file, c->lease.line, (long long)((now - c->lease.since_us) / 1000),
                 last[0] ? ": " : "", last);
        append(out, size, &used, line);
    }
}

/* ---- numbers ---- */

ath_engine_stats ath_engine_statistics(const ath_engine *engine) {
    ath_engine *e = (ath_engine *)(uintptr_t)engine; /* the lock is no part of what it says */
    ath__pool *pool = &e->pool;
    pthread_mutex_lock(&pool->mutex);
    ath_engine_stats stats = {.statements = e->statements,
                              .compiled = e->compiled,
                              .prepared = e->prepared,
                              .connections = e->connections,
                              .checked_out = pool->out,
                              .idle = pool->idle,
                              .waiting = pool->waiting,
                              .checkouts = pool->checkouts,
                              .waits = pool->waits,
                              .timeouts = pool->timeouts,
                              .recycled = pool->recycled,
                              .invalidated = pool->invalidated,
                              .longest_wait_us = pool->longest_wait_us};
    pthread_mutex_unlock(&pool->mutex);
    return stats;
}
