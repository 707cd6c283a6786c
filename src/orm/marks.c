/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: what few objects have: columns that a query left out, relations that may not be loaded.
 *
 * A mapper has no marks until a query asks for such a thing; then each object has a word of relations and two masks of
 * columns: those it lacks now, and those it came without.  After a rollback the second counts again: the image that is
 * put back may be from before they were read.
 */
#include "orm/session.h"

static size_t words_of(const ath__mapper *m) {
    return 1 + 2 * (size_t)m->mask_words;
}

static uint64_t *find(const ath__mapper *m, uint32_t index) {
    return index < m->marked ? m->marks + index * words_of(m) : NULL;
}

static uint64_t *marks_of(const ath__mapper *m, const void *object) {
    m = ath__mapper_of(m, object);
    return m->marks ? find(m, ath__head_of(object)->index) : NULL;
}

/* The object's marks, to be written; NULL when memory ran out. */
static uint64_t *reserve(ath_session *s, ath__mapper *m, const void *object) {
    m = ath__mapper_of(m, object);
    uint32_t index = ath__head_of(object)->index, count = m->marked ? m->marked : 64;
    size_t size = words_of(m) * sizeof *m->marks;
    if (index < m->marked)
        return find(m, index);
    while (count <= index)
        count = count > UINT32_MAX / 2 ? UINT32_MAX : count * 2;
    uint64_t *larger = ath__realloc(s->allocator, m->marks, m->marked * size, count * size);
    if (!larger) {
        ath__session_no_memory(s);
        return NULL;
    }
    memset(larger + m->marked * words_of(m), 0, (count - m->marked) * size);
    m->marks = larger;
    m->marked = count;
    return find(m, index);
}

void ath__marks_clear(const ath__mapper *m, uint32_t index) {
    uint64_t *marks = find(m, index);
    if (marks)
        memset(marks, 0, words_of(m) * sizeof *marks);
}

/* ---- columns ---- */

const uint64_t *ath__missing_columns(const ath__mapper *m, const void *object) {
    const uint64_t *marks = marks_of(m, object);
    m = ath__mapper_of(m, object);
    for (size_t i = 0; marks && i < m->mask_words; i++)
        if (marks[1 + i])
            return marks + 1;
    return NULL;
}

ath_status ath__mark_missing(ath_session *s, ath__mapper *m, const void *object, const uint64_t *missing) {
    uint64_t *marks = reserve(s, m, object);
    if (!marks)
        return s->error.status;
    m = ath__mapper_of(m, object);
    memcpy(marks + 1, missing, m->mask_words * sizeof *marks);
    memcpy(marks + 1 + m->mask_words, missing, m->mask_words * sizeof *marks);
    return ATH_OK;
}

void ath__mark_present(const ath__mapper *m, const void *object, const uint64_t *missing) {
    uint64_t *marks = marks_of(m, object);
    m = ath__mapper_of(m, object);
    for (size_t i = 0; marks && i < m->mask_words; i++)
        marks[1 + i] &= missing ? missing[i] : 0;
}

void ath__mark_rolled_back(const ath__mapper *m, const void *object) {
    uint64_t *marks = marks_of(m, object);
    m = ath__mapper_of(m, object);
    if (marks)
        memcpy(marks + 1, marks + 1 + m->mask_words, m->mask_words * sizeof *marks);
}

/* ---- relations ---- */

ath_status ath__mark_refused(ath_session *s, ath__mapper *m, const void *object, const ath__relation *r) {
    uint64_t *marks = reserve(s, m, object);
    if (!marks)
        return s->error.status;
    marks[0] |= 1ull << r->position;
    return ATH_OK;
}

bool ath__is_refused(const ath__mapper *m, const void *object, const ath__relation *r) {
    const uint64_t *marks = marks_of(m, object);
    return marks && (marks[0] >> r->position & 1);
}
