/* SPDX-License-Identifier: Apache-2.0
 *
 * The plain model that sessions are compared with: things in an array, and a few rules.  It knows nothing of the library.
 */
#ifndef ATH_TEST_HISTORY_PLAIN_H
#define ATH_TEST_HISTORY_PLAIN_H

#include "models.h"

enum { THINGS = 40, CODES = 12, NONE = -1 };

typedef enum standing {
    NEVER, /* it was new, and left */
    NEW,
    ROW,
    GOING, /* marked for deletion */
    GONE
} standing;

typedef struct key {
    int64_t number; /* KEY_NUMBER; 0: not yet known */
    int32_t a, b;   /* KEY_PAIR */
    int8_t code;    /* KEY_TEXT */
} key;

typedef struct thing {
    uint8_t kind, standing;
    bool parted;   /* new, and taken out of a relation that deletes orphans */
    bool replaced; /* its key or label is another's now: it cannot stay after all */
    bool passed;   /* its deletion has been passed on */
    int8_t name, label, row_label;
    key key, row_key;
    int8_t parent[EDGES], before[EDGES]; /* now, and as it was flushed */
    /* What the program has done about it since the flush: by a call, by the pointer, by the column. */
    bool called[EDGES], pointed[EDGES], pointed_at[EDGES], by_column[EDGES];
} thing;

typedef struct world {
    int count;
    thing things[THINGS];
    bool paired[WAYS][THINGS][THINGS], paired_before[WAYS][THINGS][THINGS];
} world;

static inline bool is_alive(const thing *t) {
    return t->standing == NEW || t->standing == ROW;
}
static inline bool is_marked_or_alive(const thing *t) {
    return is_alive(t) || t->standing == GOING;
}
/* A new thing without parents; NONE when there is no room. */
int plain_add(world *w, int kind);
/* The child of a parent that has one; NONE. */
int plain_child(const world *w, int e, int parent);
bool plain_has_children(const world *w, int e, int parent);
bool plain_same_key(const thing *t, key a, key b);
/* What the database and the session must be like after a flush. */
void plain_flush(world *w);

const char *plain_name(int number);
const char *plain_code(int number);
const char *plain_label(int number);
/* The rows, one text each, in the order in which strcmp puts them. */
enum { MOST_ROWS = THINGS * 8, ROW_TEXT = 96 };
typedef char row_text[ROW_TEXT];
size_t plain_rows(const world *w, row_text *out);

#endif
