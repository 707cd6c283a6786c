/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations as the library sees them: which columns join two models, and which relation is the other side.
 *
 * A body says relations one model at a time, and models refer to each other; so what joins them is worked out when it is
 * first asked for, and then published with the table, for all threads and for as long as the process lives.
 */
#ifndef ATH_SQL_RELATION_H
#define ATH_SQL_RELATION_H

#include "sql/schema.h"

/* One relation, joined.  Direct ones: local[i] = remote[i].  Through a table between: local[i] = near[i] and
 * far[i] = remote[i], where near and far are columns of `secondary`. */
typedef struct ath__link {
    const ath__relation *relation;
    const ath_table *owner, *target, *secondary; /* secondary: NULL for a direct one */
    size_t count, far_count;                     /* of local and near (or remote); of far and remote */
    const ath__column **local, **remote, **near, **far;
    const ath__relation *inverse;   /* the target's relation that goes back; NULL: none */
    const struct ath__link *origin; /* of an inherited one: that of the class that describes it; else itself */
} ath__link;

struct ath__links {
    ath__arena arena;
    ath__link items[];
};

/* The links of a model's table, one for each relation in their order; NULL and *error (may be NULL) when one of them is
 * wrong or memory ran out.  Thread-safe. */
const ath__link *ath__table_links(const ath_table *table, ath_error *error);
void ath__links_free(struct ath__links *links, size_t count);
/* The relation whose field lies at this offset, or NULL. */
const ath__relation *ath__table_relation_at(const ath_table *table, size_t offset);

/* The link of the relation that a RELATION node is about; NULL and *error (may be NULL) when there is none. */
const ath__link *ath__link_of(const ath_expr *e, ath_error *error);
/* Whether the columns of the owner's own row decide what the node asks of its object. */
bool ath__link_decides(const ath__link *link, const ath_expr *e);
/* The object's columns that its object is known by, and how many they are. */
size_t ath__link_object_columns(const ath__link *link, const ath_expr *e);
const ath__column *ath__link_object_column(const ath__link *link, const ath_expr *e, size_t i);

static inline bool ath__relation_is_many(const ath__relation *r) {
    return r->kind == ATH_HAS_MANY;
}
static inline unsigned ath__relation_cascade(const ath__relation *r) {
    return r->opts.cascade ? r->opts.cascade : ATH_CASCADE_DEFAULT;
}
static inline bool ath__deletes_orphans(const ath__relation *r) {
    return (ath__relation_cascade(r) & ATH_CASCADE_DELETE_ORPHAN) == ATH_CASCADE_DELETE_ORPHAN;
}

#endif
