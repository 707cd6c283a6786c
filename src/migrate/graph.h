/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: which revisions there are, which stands on which, and what lies between a database and a target.
 * Knows neither files nor databases.
 *
 * Symbols (docs/migrations.md): a full id, a unique prefix, head, heads, base, current, label, label@head, +2, -1,
 * id+2, label@-1, and ranges a:b.
 */
#ifndef ATH_MIGRATE_GRAPH_H
#define ATH_MIGRATE_GRAPH_H

#include "base/base.h"

#include <athanor/migrate.h>

typedef struct ath__graph ath__graph;
typedef struct ath__node ath__node; /* a revision in the graph */

struct ath__node {
    const char *id;
    ath_name_list down, depends_on, labels; /* as they were written, taken apart at the commas */
    ath_name_list replaces;                 /* squashed: ids that are no revisions any more, and perhaps its own */
    const char *message, *doc, *create_date;
    const char *path; /* for people; NULL: not known */
    void *owner;      /* the caller's: what was given to ath__graph_add */
    /* filled in by ath__graph_finish */
    size_t place;             /* in order of addition */
    ath_name_list next;       /* those that stand on this one */
    ath_name_list needs;      /* down, and the dependencies that no ancestor has already */
    ath_name_list all_labels; /* of the branch it is on */
    bool is_head, is_base, is_branch_point, is_merge_point;
    bool is_effective_head; /* a head that no other depends on */
};

/* Lives in the arena, which must outlive it. */
ath__graph *ath__graph_new(ath__arena *arena, ath_error *error);
/* Takes a copy of what the revision says.  A forbidden character, a loop to itself: ATH_ARGUMENT.  Equal input in equal
 * order gives equal answers; in the order of file names, Alembic's. */
ath_status ath__graph_add(ath__graph *graph, const ath_revision *revision, const char *path, void *owner,
                          ath_error *error);
/* Ties it together.  A duplicate id (both files are named), a missing parent or dependency, a cycle (the loop is
 * printed), a label used twice: ATH_ARGUMENT. */
ath_status ath__graph_finish(ath__graph *graph, ath_error *error);

size_t ath__graph_count(const ath__graph *graph);
const ath__node *ath__graph_at(const ath__graph *graph, size_t i);         /* newest first: children before parents */
const ath__node *ath__graph_node(const ath__graph *graph, const char *id); /* a full id; NULL: none */
/* The revision that another was squashed into; NULL: none. */
const ath__node *ath__graph_replacing(const ath__graph *graph, const char *id);

/* A counted list of revisions, in the graph's arena. */
typedef struct ath__nodes {
    size_t count;
    const ath__node *const *at;
} ath__nodes;

/* Errors are ATH_ARGUMENT with Alembic's words; what it leaves unsaid (the candidates, the nearest ids, what to type)
 * stands behind ATH__HINT. */
#define ATH__HINT " -- hint: "

/* What a symbol stands for; `current` are the ids in the database's version table.  None for "base". */
ath_status ath__graph_resolve(ath__graph *graph, const char *symbol, ath_name_list current, ath__nodes *out,
                              ath_error *error);
/* In order of addition.  Effective: those that no other revision depends on either. */
ath_status ath__graph_heads(ath__graph *graph, bool effective, ath__nodes *out, ath_error *error);
ath_status ath__graph_bases(ath__graph *graph, ath__nodes *out, ath_error *error);
/* What the rows of the version table stand for: themselves, and the tips of branches that others imply. */
ath_status ath__graph_current(ath__graph *graph, ath_name_list current, ath__nodes *out, ath_error *error);
/* "a:b" for history: newest first.  NULL: all. */
ath_status ath__graph_range(ath__graph *graph, const char *range, ath_name_list current, ath__nodes *out,
                            ath_error *error);

/* What becomes of the version table's rows in one step: delete `from` where `to` is NULL, insert `to` where `from` is. */
typedef struct ath__row_change {
    const char *from, *to;
} ath__row_change;

typedef enum ath__way { ATH__WAY_UP = 1, ATH__WAY_DOWN = -1, ATH__WAY_STAMP = 0 } ath__way;

typedef struct ath__graph_step {
    ath__way way;
    const ath__node *node;  /* NULL for a stamp */
    ath_name_list from, to; /* what "Running upgrade a -> b" names: without dependencies */
    const ath__row_change *rows;
    size_t row_count;
    ath_name_list heads_after;
} ath__graph_step;

typedef struct ath__graph_plan {
    size_t count;
    const ath__graph_step *steps;
} ath__graph_plan;

/* The steps from `current` to the target.  An empty plan: there is nothing to do. */
ath_status ath__graph_upgrade(ath__graph *graph, ath_name_list current, const char *target, ath__graph_plan *plan,
                              ath_error *error);
ath_status ath__graph_downgrade(ath__graph *graph, ath_name_list current, const char *target, ath__graph_plan *plan,
                                ath_error *error);
ath_status ath__graph_stamp(ath__graph *graph, ath_name_list current, ath_name_list targets, ath__graph_plan *plan,
                            ath_error *error);

/* ---- a new revision ---- */

typedef struct ath__graph_request {
    const char *id;
    ath_name_list heads; /* symbols that it shall stand on; none: "head" */
    bool splice;         /* on what is no head too */
    ath_name_list depends_on, labels;
} ath__graph_request;

typedef struct ath__graph_place {
    ath__nodes down;          /* none: a base */
    ath_name_list depends_on; /* full ids; labels stay labels */
} ath__graph_place;

/* Where a new revision stands; the graph stays as it is. */
ath_status ath__graph_place_new(ath__graph *graph, const ath__graph_request *request, ath__graph_place *out,
                                ath_error *error);

#endif
