/* SPDX-License-Identifier: Apache-2.0
 *
 * Inheritance as the library sees it.
 *
 * A child's table begins with the columns and relations of its parent's, at the same positions and offsets: what is done
 * with an object by its parent's table is right.  Of a joined-table class it is what the model maps, not a table of the
 * database: each column has a home, which is the part (`part`, with the parent's key) or one of an ancestor's.
 *
 * Who the classes are is worked out when it is first asked for, and published with the root's table, as relations are.
 */
#ifndef ATH_SQL_INHERIT_H
#define ATH_SQL_INHERIT_H

#include "sql/schema.h"

#include <athanor/inherit.h>

typedef enum ath__kinship {
    ATH__NO_KINSHIP = 0, /* a root */
    ATH__SINGLE_TABLE,
    ATH__JOINED_TABLE,
    ATH__CONCRETE_TABLE
} ath__kinship;

/* What a table's body says of inheritance. */
typedef struct ath__lineage {
    ath__kinship kinship;    /* with the parent */
    const ath_table *parent; /* NULL: none */
    const ath_table *root;   /* the uppermost */
    bool polymorphic;        /* there is a discriminator */
    size_t discriminator_at; /* its field's offset */
    int discriminator;       /* its position, -1: none */
    ath_value identity;      /* of this class; NULL: abstract */
    ath_class_opts opts;
    size_t inherited_columns, inherited_relations; /* the first ones are the parent's */
    const ath_model **subclasses;
    size_t subclass_count;
    ath_table *part;                   /* of a joined-table child: the database's table */
    struct ath__hierarchy **hierarchy; /* of a root: where it is published */
} ath__lineage;

/* A class of a hierarchy. */
typedef struct ath__class {
    const ath_table *table;
    size_t end;                /* its descendants stand behind it, up to (not with) here */
    const uint16_t *row_of;    /* single-table: the place of each of its columns in `whole`; NULL: elsewhere */
    const ath_expr *condition; /* single-table: which rows are of it or its descendants; NULL: all */
    const ath_expr *alone;     /* which rows are of this class itself; NULL: there is no discriminator */
} ath__class;

typedef struct ath__hierarchy {
    ath__arena arena;
    ath__kinship kinship;
    size_t count;
    ath__class *classes; /* the root, then its first child with its descendants, then the next */
    ath_table *whole;    /* single-table: the table with all classes' columns; NULL: elsewhere */
} ath__hierarchy;

/* ---- inherit.c ---- */

/* When the body has been run, before the table is finished: the class's own part in it. */
void ath__inherit_finish(ath_mapper *mapper);
/* When it is finished: homes of columns, and the part.  `blank` as for the body. */
void ath__inherit_complete(ath_mapper *mapper, void *blank);
void ath__inherit_free(ath_table *table);

/* ---- hierarchy.c ---- */

/* The hierarchy that a table with a lineage belongs to; NULL and *error (may be NULL) when something is wrong with it. */
const ath__hierarchy *ath__table_hierarchy(const ath_table *table, ath_error *error);
/* The class's place in it. */
const ath__class *ath__hierarchy_class(const ath__hierarchy *hierarchy, const ath_table *table);
/* The database's table of a model; *shared: it is the parent's, which describes it.  NULL and *error. */
const ath_table *ath__table_in_database(const ath_table *table, bool *shared, ath_error *error);
/* The condition that a query for the class has by itself, or NULL. */
const ath_expr *ath__class_condition(const ath_table *table, bool alone, ath_error *error);

/* ---- questions ---- */

static inline ath__kinship ath__kinship_of(const ath_table *t) {
    return t->lineage ? t->lineage->kinship : ATH__NO_KINSHIP;
}
/* Whether what is being said is said of a table that a concrete class does not have: names in a schema are given once, and
 * other tables refer to one table. */
static inline bool ath__said_of_parent(const ath_mapper *m) {
    return m->inherited && ath__kinship_of(m->table) == ATH__CONCRETE_TABLE;
}
/* The parent, if its rows are the child's too. */
static inline const ath_table *ath__table_super(const ath_table *t) {
    return ath__kinship_of(t) == ATH__CONCRETE_TABLE || !t->lineage ? NULL : t->lineage->parent;
}
/* Whether objects of `t` are objects of `ancestor`. */
static inline bool ath__table_is(const ath_table *t, const ath_table *ancestor) {
    while (t && t != ancestor)
        t = ath__table_super(t);
    return t != NULL;
}
/* Whether two classes have their rows in one table. */
static inline bool ath__share_rows(const ath_table *a, const ath_table *b) {
    if (a == b)
        return true;
    bool single = ath__kinship_of(a) == ATH__SINGLE_TABLE || ath__kinship_of(b) == ATH__SINGLE_TABLE;
    return single && a->lineage && b->lineage && a->lineage->root == b->lineage->root;
}
/* The table of the database that has a column of a model's table. */
static inline const ath_table *ath__column_home(const ath_table *t, const ath__column *c) {
    return c->home ? c->home : t;
}
/* The part of a class that has its own columns. */
static inline const ath_table *ath__table_part(const ath_table *t) {
    return ath__kinship_of(t) == ATH__JOINED_TABLE ? t->lineage->part : t;
}
/* The tables of the database that a row of a model is in, the root's first; how many. */
enum { ATH__PARTS = 32 };
static inline size_t ath__table_parts(const ath_table *t, const ath_table *out[ATH__PARTS]) {
    size_t count = 0;
    for (const ath_table *at = t; at; at = ath__kinship_of(at) == ATH__JOINED_TABLE ? at->lineage->parent : NULL)
        out[count++] = ath__table_part(at);
    for (size_t i = 0; i < count / 2; i++) {
        const ath_table *nearer = out[i];
        out[i] = out[count - 1 - i];
        out[count - 1 - i] = nearer;
    }
    return count;
}
static inline bool ath__table_is_joined(const ath_table *t) {
    return ath__kinship_of(t) == ATH__JOINED_TABLE;
}
static inline int ath__discriminator_of(const ath_table *t) {
    return t->lineage ? t->lineage->discriminator : -1;
}

#endif
