/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: the vectors that queries return.
 *
 * A vector grows in place while rows arrive and is then handed to the caller as it is, without a copy: its length stands
 * right in front of the first pointer, a NULL behind the last.  The session links all it has given and frees them when it
 * closes.
 */
#include "orm/session.h"

static size_t bytes_for(size_t count) {
    return sizeof(ath__vector) + (count + 1) * sizeof(void *);
}

bool ath__gather_more(ath_session *s, ath__gathered *g) {
    size_t capacity = g->capacity ? g->capacity * 2 : 62;
    ath__vector *larger =
        ath__realloc(s->allocator, g->vector, g->vector ? bytes_for(g->capacity) : 0, bytes_for(capacity));
    if (!larger) {
        ath__session_no_memory(s);
        return false;
    }
    g->vector = larger;
    g->capacity = capacity;
    return true;
}

void **ath__gathered_finish(ath_session *s, ath__gathered *g) {
    if (s->error.status != ATH_OK) {
        ath__free(s->allocator, g->vector, bytes_for(g->capacity));
        return NULL;
    }
    size_t before = g->vector ? bytes_for(g->capacity) : 0, bytes = bytes_for(g->count);
    ath__vector *exact = ath__realloc(s->allocator, g->vector, before, bytes);
    if (!exact && !g->vector) {
        ath__session_no_memory(s);
        return NULL;
    }
    ath__vector *v = exact ? exact : g->vector; /* what could not shrink is merely larger */
    v->bytes = exact ? bytes : before;
    v->length = g->count;
    v->capacity = 0;
    v->items[g->count] = NULL;
    v->next = s->vectors;
    s->vectors = v;
    return v->items;
}

void ath__gathered_drop(const ath_session *s, ath__gathered *g) {
    ath__free(s->allocator, g->vector, g->vector ? bytes_for(g->capacity) : 0);
    *g = (ath__gathered){0};
}

void ath__vectors_free(ath_session *s) {
    while (s->vectors) {
        ath__vector *next = s->vectors->next;
        ath__free(s->allocator, s->vectors, s->vectors->bytes);
        s->vectors = next;
    }
}
