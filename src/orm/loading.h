/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: relations are loaded.
 *
 * What a query says of them becomes a tree of nodes, one per relation.  A node is loaded in the statement of the node
 * above it (joined), or by one of its own for all objects of that node at once (select-in).  Either way it ends as pairs:
 * this parent, that child; and pairs become pointers and vectors.
 */
#ifndef ATH_ORM_LOADING_H
#define ATH_ORM_LOADING_H

#include "orm/session.h"
#include "sql/relation.h"

enum {
    ATH__KEY_COLUMNS = 16, /* of one foreign key */
    ATH__LOAD_DEPTH = 32,  /* of relations of relations */
    ATH__LOAD_KEYS = 1000  /* in one select-in */
};

/* ---- keymap.c ---- */

/* Keys, numbered in the order in which they came, each once.  Values are borrowed. */
typedef struct ath__keymap {
    const ath_allocator *allocator;
    size_t width; /* values per key */
    ath_value *values;
    size_t count, capacity;
    ath__identity_slot *slots;
    size_t slot_count;
} ath__keymap;

#define ATH__NO_KEY SIZE_MAX

void ath__keymap_init(ath__keymap *map, const ath_allocator *allocator, size_t width);
void ath__keymap_done(ath__keymap *map);
/* The key's number, a new one if need be; ATH__NO_KEY when memory ran out. */
size_t ath__keymap_add(ath__keymap *map, const ath_value *key);
size_t ath__keymap_find(const ath__keymap *map, const ath_value *key);
/* A struct's fields as a key; false when one of them is NULL. */
bool ath__key_of(const ath__column *const *columns, size_t count, const void *object, ath_value *out);

/* ---- load_plan.c ---- */

/* Children of one parent that came one after the other: `count` objects of their node from `child` on. */
typedef struct ath__pair {
    uint32_t parent, child, count; /* parent: the number of its key */
} ath__pair;

typedef struct ath__node ath__node;
struct ath__node {
    ath__node *parent, *first, *next;
    ath__mapper *m;
    const ath__link *link;         /* NULL: what the query itself is for */
    const ath_load_clause *clause; /* NULL: by the model's default */
    ath_load_strategy strategy;
    const ath_select_stmt *stmt; /* that the node's rows come from; NULL in a joined one */
    const char *alias;           /* in that statement */
    size_t first_cell;           /* of a row */
    uint64_t *missing;           /* the columns that are left out; NULL: none */
    const uint16_t *cell_of;     /* where each cell of the statement's rows belongs; NULL: where it is */
    size_t row_cells;            /* of a row, what is left out too */
    bool once;                   /* rows may repeat an object */
    ath__keymap known;           /* with `once`: the objects by their keys */
    ath__gathered objects;
    ath__keymap pair_set;   /* of a joined node: its pairs; else the keys of the parents */
    bool repeats;           /* what is joined below it repeats its rows */
    bool repeats_key;       /* and its key is one column of rows of its own: mostly that of the row before */
    ath__keymap seen;       /* with `repeats`: its pairs */
    bool sorts, sorts_down; /* the session orders the children itself: by a whole number */
    size_t sort_cell;
    int64_t sort_key; /* of the row at hand */
    ath__pair *pairs;
    size_t pair_count, pair_capacity;
    int64_t *sort_keys; /* in a node that sorts its children: what each of them is ordered by */
    size_t paired, sort_capacity;
    bool disordered;                /* they did not come in that order, or not parent by parent */
    uint32_t *keys;                 /* of each parent the number that pairs call it by; NULL: its own */
    size_t key_count, parent_count; /* of keys, and of the parents that `keys` has room for */
    size_t completed;               /* of its objects; see family.c */
    uint32_t fresh;                 /* objects from this index on came with this load; see ath__node_is_fresh */
    size_t key_cell;                /* of select-in's rows: the first column of the key that they were asked for by */
    int64_t last_key;               /* that a row was found by, and 1 + its number: rows of one parent come together */
    uint32_t last_number;
    uint32_t *numbers; /* with `once`: 1 + the number of each tracked object, by its code; 0: not here */
    size_t number_count;
    bool single;  /* joined: a child has one parent, or a parent one child: what is new is a new pair */
    bool is_new;  /* the object of the row at hand came with it */
    uint32_t row; /* the object of the row at hand, when there is one */
    bool in_row, has_row_key;
    int64_t row_key; /* of that object, when its key is one integer */
};

typedef struct ath__loading {
    ath_session *s;
    ath__arena arena;             /* nodes and statements; gone when all is loaded */
    ath__arena *memory;           /* of read-only objects, and of vectors */
    const ath_select_stmt *query; /* what the program asks */
    bool read_only, overwrite, unfiltered;
    bool within;  /* we are in the connection until the last row */
    void *unread; /* the statement whose row is read piece by piece; NULL: the row has been read */
    size_t aliases;
} ath__loading;

/* Whether the query's objects come with relations, or without some columns. */
bool ath__load_is_asked(ath_session *s, const ath_select_stmt *query);
void ath__loading_init(ath__loading *l, ath_session *s, const ath_select_stmt *query);
/* Frees the arena and what the tree has gathered. */
void ath__loading_done(ath__loading *l, ath__node *root);
/* The tree for a query: what its .load says, and what the models load by themselves.  NULL on failure. */
ath__node *ath__load_plan(ath__loading *l, ath__mapper *m, const ath_select_stmt *query);
static inline bool ath__node_is_joined(const ath__node *n) {
    return n->strategy == ATH_LOAD_JOINED || n->strategy == ATH_LOAD_CONTAINS_EAGER;
}

/* Whether the object came with this load and nobody but the loader has seen it: it is as its image is. */
static inline bool ath__node_is_fresh(const ath__node *n, const void *object) {
    return ath__head_of(object)->index >= n->fresh;
}

/* ---- load_expr.c ---- */

ath_expr *ath__load_expr(ath__loading *l, ath_expr value);
const ath_expr *ath__load_column(ath__loading *l, const ath_model *model, const ath__column *column, const char *alias);
const ath_expr *ath__load_operation(ath__loading *l, ath_op op, const ath_expr *a, const ath_expr *b);
/* a[0] = b[0] AND a[1] = b[1] ... */
const ath_expr *ath__load_equal(ath__loading *l, const ath_model *a_model, const ath__column *const *a,
                                const char *a_alias, const ath_model *b_model, const ath__column *const *b,
                                const char *b_alias, size_t count);
/* The relation's own condition and the query's, by the target's alias, after `condition`. */
const ath_expr *ath__load_narrow(ath__loading *l, const ath__node *n, const ath_expr *condition);
/* How its rows are to be ordered; nothing, when the session does it: see load_sort.c. */
ath_expr_list ath__load_order(ath__node *n);

/* ---- load_joined.c ---- */

/* The statement of a node with its joined relations; numbers their cells.  `extra` expressions come last.  NULL on
 * failure; the query itself when there is nothing to add. */
const ath_select_stmt *ath__load_join(ath__loading *l, ath__node *n, const ath_select_stmt *query,
                                      const ath_expr_list *extra, size_t *cells);

/* ---- load_run.c ---- */

/* Runs the node's query and loads all relations below it. */
ath_status ath__load_run(ath__loading *l, ath__node *root, const ath_select_stmt *query);
/* Loads what hangs below a node whose objects are there already. */
ath_status ath__load_below(ath__loading *l, ath__node *n);
/* The root of a tree that is built by hand, and a node of it: one relation of the objects of `parent`. */
ath__node *ath__load_plan_empty(ath__loading *l, ath__mapper *m);
ath__node *ath__load_node(ath__loading *l, ath__node *parent, const ath__relation *r, ath_load_strategy strategy);
typedef ath_status (*ath__row_fn)(ath__loading *l, ath__node *n, const ath_value *cells);
/* Runs a statement whose rows are the node's and those of what is joined to it; `also` sees each row. */
ath_status ath__load_rows(ath__loading *l, ath__node *n, const ath_select_stmt *stmt, size_t cell_count,
                          ath__row_fn also);
/* One row of the statement: the node's object and those joined to it.  ATH__STEP_ERROR with the session's error. */
ath__step ath__load_step(ath__loading *l, ath__node *n, ath__prepared *p, ath_value *cells, size_t count,
                         ath__row_fn also);
/* Room for the `count` cells of a row, and for what is left out; NULL, with the session's error. */
ath_value *ath__load_cells(ath__loading *l, const ath__node *n, size_t count);
ath_status ath__node_add(ath__loading *l, ath__node *n, void *object, uint32_t *number);

/* ---- relation.c ---- */

/* Loads a relation of an object and of its peers, without an autoflush. */
ath_status ath__load_relation(ath_session *s, ath__mapper *m, const ath__relation *r, void *object);
/* Of these objects, whose states may be anything. */
ath_status ath__load_relation_of(ath_session *s, ath__mapper *m, const ath__relation *r, const uint32_t *objects,
                                 size_t count);

/* ---- load_keys.c ---- */

/* keys as the right side of IN: `width` values each. */
const ath_expr *ath__load_keys(ath__loading *l, const ath_value *keys, size_t count, size_t width);
/* Whether the columns are one of the keys, of `width` values each. */
const ath_expr *ath__load_among(ath__loading *l, const ath_model *model, const ath__column *const *columns,
                                const ath_value *keys, size_t count, size_t width);
/* Columns of a table: one, or a tuple.  NULL when memory ran out. */
const ath_expr *ath__load_tuple(ath__loading *l, const ath_model *model, const ath__column *const *columns,
                                size_t count);

/* ---- load_selectin.c ---- */

ath_status ath__load_selectin(ath__loading *l, ath__node *n);

/* ---- load_sort.c ---- */

/* Whether children in this order are sorted here; then the node says how. */
bool ath__load_sorts(ath__node *n, ath_expr_list order);
/* The next child of this parent is ordered by the node's sort_key; false when memory ran out. */
bool ath__load_sort_note(ath__loading *l, ath__node *n, uint32_t parent);
/* Pairs into the order of their children. */
ath_status ath__load_sort(ath__loading *l, ath__node *n);

/* ---- load_attach.c ---- */

ath_status ath__pair_add(ath__loading *l, ath__node *n, uint32_t parent, uint32_t child);
/* Whether the relation of this object is to be written: not when the program has changed it, or it is there already. */
bool ath__load_is_open(const ath__loading *l, const ath__node *n, void *parent);
/* Pairs become pointers and vectors of the parents. */
ath_status ath__load_attach(ath__loading *l, ath__node *n);

#endif
