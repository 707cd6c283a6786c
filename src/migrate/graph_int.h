/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph from inside: what graph*.c share.  A revision is a `spot`, its place in order of addition.
 */
#ifndef ATH_MIGRATE_GRAPH_INT_H
#define ATH_MIGRATE_GRAPH_INT_H

#include "migrate/graph.h"

#define ATH__NOWHERE UINT32_MAX       /* no revision: before everything, or a walk that left the graph */
#define ATH__AT_BASE (UINT32_MAX - 1) /* a walk down that ended before the first revision */
#define ATH__IS_SPOT(s) ((s) < ATH__AT_BASE)

typedef struct ath__spots {
    uint32_t count;
    uint32_t *at;
} ath__spots;

typedef struct ath__vertex {
    ath__node node;
    ath__spots down;           /* parents */
    ath__spots deps;           /* dependencies, resolved */
    ath__spots needs;          /* parents and those dependencies that no ancestor has */
    ath__spots next, all_next; /* children; with those that depend on this */
    ath__spots all_down;       /* parents and dependencies */
    ath_name_list more_labels;
} ath__vertex;

/* An id or a label, for search. */
typedef struct ath__graph_key {
    const char *name;
    uint32_t spot;
    bool is_label;
} ath__graph_key;

struct ath__graph {
    ath__arena *arena;
    ath__vertex **at;
    uint32_t count, room;
    ath__graph_key *keys; /* sorted by name */
    uint32_t key_count;
    ath__spots heads, real_heads, bases; /* real: nobody depends on it either */
    ath__spots order;                    /* newest first */
    uint32_t *stack;                     /* scratch of a walk, one place for each revision */
};

typedef enum ath__kin { ATH__DOWN, ATH__NEEDS, ATH__NEXT, ATH__ALL_NEXT, ATH__ALL_DOWN } ath__kin;

/* ---- graph_walk.c ---- */

/* A set of revisions, one bit each. */
static inline bool ath__in(const uint64_t *set, uint32_t spot) {
    return (set[spot / 64] >> (spot % 64)) & 1;
}
static inline void ath__put(uint64_t *set, uint32_t spot) {
    set[spot / 64] |= UINT64_C(1) << (spot % 64);
}
static inline void ath__take(uint64_t *set, uint32_t spot) {
    set[spot / 64] &= ~(UINT64_C(1) << (spot % 64));
}
static inline size_t ath__set_words(const ath__graph *g) {
    return g->count / 64 + 1;
}
uint64_t *ath__set_new(const ath__graph *g); /* empty; NULL: no memory */
bool ath__spots_new(const ath__graph *g, uint32_t room, ath__spots *out);

const ath__spots *ath__kin_of(const ath__vertex *v, ath__kin which);
/* Adds what is reached from these, themselves included; stops at what is in the set already. */
void ath__reach(const ath__graph *g, ath__kin which, const ath__spots *from, uint64_t *set);
/* The revisions of `todo` (which is emptied), children first, in the order in which Alembic walks down from heads. */
ath_status ath__walk_order(ath__graph *g, uint64_t *todo, const ath__spots *heads, ath__spots *out, ath_error *error);
ath_status ath__nodes_of(ath__graph *g, const ath__spots *spots, ath__nodes *out, ath_error *error);
/* The ids; NULL names: no memory. */
bool ath__names_of(const ath__graph *g, const ath__spots *spots, ath_name_list *out);

/* ---- graph_check.c ---- */

ath_status ath__graph_check_keys(ath__graph *g, ath_error *error);
ath_status ath__graph_check_replaced(ath__graph *graph, ath_error *error);
ath_status ath__graph_check_cycles(ath__graph *g, ath_error *error);

/* ---- graph_find.c ---- */

/* Who asks: it decides the words of an error. */
typedef enum ath__asker {
    ATH__ASK_SHOW,
    ATH__ASK_UPGRADE,
    ATH__ASK_DOWNGRADE,
    ATH__ASK_RANGE,
    ATH__ASK_STAMP,
    ATH__ASK_NEW
} ath__asker;

typedef struct ath__ask {
    ath__graph *graph;
    ath_error *error;
    ath__asker asker;
    const char *start, *end; /* of a range; end is the target of an upgrade or downgrade */
    ath_name_list current;
    const ath__spots *lower; /* from where "+2" counts, if not from the rows */
} ath__ask;

typedef struct ath__relative {
    const char *label, *symbol; /* NULL: none */
    const char *number;         /* as written: "+2" */
    long steps;
} ath__relative;

/* A full id or a label; ATH__NOWHERE: none. */
uint32_t ath__spot_of(const ath__graph *g, const char *name);
/* Whether the text is of the form [LABEL@][ID]+N. */
ath_status ath__relative_read(const ath__ask *ask, const char *text, bool *is, ath__relative *out);
/* Several revisions; a walk may leave ATH__NOWHERE or ATH__AT_BASE among them. */
ath_status ath__find_all(const ath__ask *ask, const char *symbol, ath__spots *out);
/* One revision, or ATH__NOWHERE for base. */
ath_status ath__find_one(const ath__ask *ask, const char *symbol, uint32_t *out);
/* A label, or a revision that stands for its branch. */
ath_status ath__find_branch(const ath__ask *ask, const char *label, uint32_t *out);
/* The rows of the version table; these are full ids. */
ath_status ath__find_current(const ath__ask *ask, ath__spots *out);
/* Keeps those that are of the line of `check`. */
ath_status ath__keep_lineage(const ath__ask *ask, ath__spots *spots, const char *check, bool dependencies);
/* `far`: a walk may end at the graph's border. */
ath_status ath__walk(const ath__ask *ask, uint32_t from, long steps, const char *label, bool far, uint32_t *out);

/* ---- graph_say.c: refusals ---- */

ath_status ath__say_multiple(const ath__ask *ask, const char *argument, const ath__spots *heads);
ath_status ath__say_unknown(const ath__ask *ask, const char *name, const char *why);
ath_status ath__say_ambiguous(const ath__ask *ask, const char *name, const ath__graph_key *keys, uint32_t count);
ath_status ath__say_relative(const ath__ask *ask, const char *number, long steps);
ath_status ath__say_not_on_the_way(const ath__ask *ask);
ath_status ath__say_too_far(const ath__ask *ask, const char *symbol);

/* ---- graph_collect.c: which revisions ---- */

ath_status ath__collect_upgrade(const ath__ask *ask, const char *target, uint64_t **todo, ath__spots *heads);
ath_status ath__collect_downgrade(const ath__ask *ask, const char *target, uint64_t **todo, ath__spots *heads);
ath_status ath__downgrade_target(const ath__ask *ask, const char *target, bool far, const char **label, uint32_t *spot);
/* Where "+2" and "label@+2" lead to from the rows of the version table. */
ath_status ath__upgrade_targets(const ath__ask *ask, const char *target, bool far, ath__spots *out);
ath_status ath__check_overlap(const ath__ask *ask, const ath__spots *spots, ath__kin which);

#endif
