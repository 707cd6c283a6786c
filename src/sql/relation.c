/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: relations between models: what a body says of them, and what joins them.
 *
 * The join comes from the one foreign key between the tables; direction from the word that was used (has or belongs to).
 * A foreign key that is missing, in the other direction, or one of several is a mistake, and the message says what to
 * write instead.
 */
#include "sql/relation.h"
#include "sql/copy.h"
#include "sql/inherit.h"
#include "sql/table_build.h"

#include <string.h>

/* ---- what a body says ---- */

static void keep_options(ath_mapper *m, ath__relation *r, const ath_relation_opts *o) {
    r->opts = *o;
    r->opts.back_populates = ath__mapper_keep(m, o->back_populates);
    r->opts.foreign_key = ath__mapper_names(m, o->foreign_key);
    r->opts.references = ath__mapper_names(m, o->references);
    r->opts.target_key = ath__mapper_names(m, o->target_key);
    r->opts.where_ = ath__expr_copy(o->where_, &m->table->arena);
    if ((o->where_ && !r->opts.where_) || !ath__expr_list_copy(&r->opts.order_by, &m->table->arena))
        ath__mapper_no_memory(m);
}

void ath_mapper_relation(ath_mapper *m, const char *field, size_t offset, ath_relation_side kind,
                         const ath_model *target, const ath_relation_opts *opts) {
    bool kept = !m->own_only && (kind == ATH_BELONGS_TO || !ath__said_of_parent(m));
    ath__relation *r = kept ? ath__mapper_add_relation(m) : NULL;
    if (!r)
        return;
    r->field = ath__arena_printf(&m->table->arena, "%s%s", m->path, field);
    r->offset = (uint32_t)(m->base + offset);
    r->kind = kind;
    r->target = target;
    if (!r->field)
        ath__mapper_no_memory(m);
    keep_options(m, r, opts);
    if (ath__said_of_parent(m)) /* the other side is of the parent's table */
        r->opts.back_populates = NULL;
    if (opts->secondary && kind != ATH_HAS_MANY)
        MISTAKE(m, "relation %s: .secondary is for ath_has_many", field);
    if (kind == ATH_BELONGS_TO && ath__deletes_orphans(r))
        MISTAKE(m, "relation %s: orphans are deleted from the other side; say so on its ath_has_many", field);
    if (opts->references.count && opts->references.count != opts->foreign_key.count)
        MISTAKE(m, "relation %s: .references needs as many columns as .foreign_key", field);
}

const ath__relation *ath__table_relation_at(const ath_table *t, size_t offset) {
    for (size_t i = 0; i < t->relation_count; i++)
        if (t->relations[i].offset == offset)
            return &t->relations[i];
    return NULL;
}

/* ---- the foreign key between two tables ---- */

typedef struct joining {
    const ath__relation *relation;
    const ath_table *owner;
    ath__arena *arena;
    ath_error *error;
} joining;

#define WRONG(j, format, ...)                                                                                          \
    ath__fail((j)->error, ATH_ARGUMENT, "relation %s.%s: " format, (j)->owner->model->name, (j)->relation->field,      \
              __VA_ARGS__)

static bool same_names(ath_name_list a, ath_name_list b) {
    for (size_t i = 0; i < a.count; i++) {
        size_t k = 0;
        while (k < b.count && strcmp(a.names[i], b.names[k]) != 0)
            k++;
        if (k == b.count)
            return false;
    }
    return a.count == b.count;
}

/* A key that refers to the table, or to one that it inherits from. */
static bool is_target(const ath__constraint *key, const ath_table *t) {
    while (t && !ath__same_table(key->target_schema, key->target, t))
        t = ath__table_super(t);
    return t != NULL;
}

/* Foreign keys of `child` that refer to `parent`, by those columns if any are named.  Returns how many. */
static size_t find_keys(const ath_table *child, const ath_table *parent, ath_name_list columns,
                        const ath__constraint **found) {
    size_t count = 0;
    for (size_t i = 0; i < child->constraint_count; i++) {
        const ath__constraint *c = &child->constraints[i];
        if (c->kind != ATH__FOREIGN_KEY || !is_target(c, parent) || (columns.count && !same_names(columns, c->columns)))
            continue;
        *found = c;
        count++;
    }
    return count;
}

static ath_status no_key(const joining *j, const ath_table *child, const ath_table *parent) {
    const ath__constraint *reversed;
    ath_name_list any = {0};
    if (j->relation->opts.foreign_key.count)
        return WRONG(j,
                     "no foreign key of %s to %s has the columns that .foreign_key names; say what they refer to "
                     "with .references",
                     child->name, parent->name);
    if (!j->relation->opts.secondary && child != parent && find_keys(parent, child, any, &reversed))
        return WRONG(j, "the foreign key is on %s: use %s", parent->name,
                     j->relation->kind == ATH_BELONGS_TO ? "ath_has_many or ath_has_one" : "ath_belongs_to");
    return WRONG(j,
                 "could not determine the join condition: there are no foreign keys of table %s that refer to %s; "
                 "give a column a .foreign_key, or name columns with .foreign_key and .references",
                 child->name, parent->name);
}

/* By its name in the model's table, or in the part that a joined-table class has. */
static const ath__column *column_named(const ath_table *t, const char *name) {
    const ath__column *c = ath__table_column_named(ath__table_part(t), name);
    return c ? &t->columns[c->mapped] : ath__table_column_named(t, name);
}

static const ath__column **columns_of(const joining *j, const ath_table *t, ath_name_list names) {
    const ath__column **columns = ath__arena_alloc(j->arena, (names.count + 1) * sizeof *columns);
    if (!columns) {
        ath__fail_memory(j->error);
        return NULL;
    }
    for (size_t i = 0; i < names.count; i++) {
        columns[i] = column_named(t, names.names[i]);
        if (!columns[i]) {
            WRONG(j, "table %s has no column %s", t->name, names.names[i]);
            return NULL;
        }
    }
    return columns;
}

/* The columns of a foreign key of `child` and those of `parent` it refers to. */
static ath_status join_tables(const joining *j, const ath_table *child, const ath_table *parent, ath_name_list columns,
                              ath_name_list references, size_t *count, const ath__column ***from,
                              const ath__column ***to) {
    const ath__constraint *key = NULL;
    size_t found = references.count ? 0 : find_keys(child, parent, columns, &key);
    if (found > 1)
        return WRONG(j,
                     "could not determine the join condition: there are several foreign keys of table %s that refer to "
                     "%s; say which one by its columns, .%s = ath_names(\"...\")",
                     child->name, parent->name,
                     j->relation->opts.secondary && parent != j->owner ? "target_key" : "foreign_key");
    if (!found && !references.count)
        return no_key(j, child, parent);
    ath_name_list near = found ? key->columns : columns, far = found ? key->target_columns : references;
    *count = near.count;
    *from = columns_of(j, child, near);
    *to = *from ? columns_of(j, parent, far) : NULL;
    return *to ? ATH_OK : j->error->status;
}

/* ---- one relation ---- */

static ath_status join_through(const joining *j, ath__link *l) {
    const ath_relation_opts *o = &j->relation->opts;
    l->secondary = ath_model_table(o->secondary, j->error);
    if (!l->secondary)
        return j->error->status;
    if (l->owner == l->target && (!o->foreign_key.count || !o->target_key.count))
        return WRONG(j, "both sides are %s: name the columns of table %s with .foreign_key and .target_key",
                     l->owner->name, l->secondary->name);
    ATH_TRY(join_tables(j, l->secondary, l->owner, o->foreign_key, o->references, &l->count, &l->near, &l->local));
    return join_tables(j, l->secondary, l->target, o->target_key, (ath_name_list){0}, &l->far_count, &l->far,
                       &l->remote);
}

static ath_status join_one(const joining *j, ath__link *l) {
    const ath_relation_opts *o = &j->relation->opts;
    *l = (ath__link){.relation = j->relation, .owner = j->owner};
    l->target = ath_model_table(j->relation->target, j->error);
    if (!l->target)
        return ath__failed(j->error);
    if (!l->target->name)
        return WRONG(j, "%s is a projection, not a model", j->relation->target->name);
    if (o->secondary)
        return join_through(j, l);
    if (j->relation->kind == ATH_BELONGS_TO)
        return join_tables(j, l->owner, l->target, o->foreign_key, o->references, &l->count, &l->local, &l->remote);
    return join_tables(j, l->target, l->owner, o->foreign_key, o->references, &l->count, &l->remote, &l->local);
}

/* ---- the other side ---- */

static const ath__relation *relation_named(const ath_table *t, const char *field) {
    for (size_t i = 0; i < t->relation_count; i++)
        if (strcmp(t->relations[i].field, field) == 0)
            return &t->relations[i];
    return NULL;
}

/* The target's relation that names this one. */
static const ath__relation *named_by(const ath__link *l) {
    for (size_t i = 0; i < l->target->relation_count; i++) {
        const ath__relation *r = &l->target->relations[i];
        if (r->opts.back_populates && r->target == l->owner->model &&
            strcmp(r->opts.back_populates, l->relation->field) == 0)
            return r;
    }
    return NULL;
}

static bool same_columns(const ath__column *const *a, size_t a_count, const ath__column *const *b, size_t b_count) {
    if (!a || !b || a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Whether two links are the same join, seen from both ends. */
static bool mirrored(const ath__link *a, const ath__link *b) {
    if (a->target != b->owner || b->target != a->owner || a->secondary != b->secondary)
        return false;
    if (a->secondary)
        return same_columns(a->near, a->count, b->far, b->far_count) &&
               same_columns(a->far, a->far_count, b->near, b->count);
    return (a->relation->kind == ATH_BELONGS_TO) != (b->relation->kind == ATH_BELONGS_TO) &&
           same_columns(a->local, a->count, b->remote, b->count);
}

static ath_status find_inverse(const joining *j, ath__link *l) {
    const char *back = j->relation->opts.back_populates;
    l->inverse = back ? relation_named(l->target, back) : named_by(l);
    if (back && !l->inverse)
        return WRONG(j, "model %s has no relation '%s', which .back_populates names", l->target->model->name, back);
    if (!l->inverse)
        return ATH_OK;
    const char *named = l->inverse->opts.back_populates;
    if (named && strcmp(named, j->relation->field) != 0)
        return WRONG(j, "%s.%s, which .back_populates names, goes back to '%s'", l->target->model->name,
                     l->inverse->field, named);
    joining other = {l->inverse, l->target, j->arena, j->error};
    ath__link mirror;
    ATH_TRY(join_one(&other, &mirror));
    if (!mirrored(l, &mirror))
        return WRONG(j, "%s.%s is not its other side: one belongs to what the other has, by the same columns",
                     l->target->model->name, l->inverse->field);
    return ATH_OK;
}

/* ---- conditions on relations ---- */

const ath__link *ath__link_of(const ath_expr *e, ath_error *error) {
    ath_error local;
    const ath_model *model = e->u.relation.model;
    error = error ? error : &local;
    const ath_table *t = ath_model_table(model, error);
    const ath__relation *r = t ? ath__table_relation_at(t, e->u.relation.offset) : NULL;
    if (t && !r)
        ath__fail(error, ATH_ARGUMENT, "the field of %s at offset %zu is no relation", model->name,
                  e->u.relation.offset);
    const ath__link *links = r ? ath__table_links(t, error) : NULL;
    return links ? &links[r->position] : NULL;
}

/* NOT over a comparison with NULL is not true: what refers to nothing is not that object only if EXISTS says so. */
bool ath__link_decides(const ath__link *link, const ath_expr *e) {
    if (link->secondary || link->relation->opts.where_)
        return false;
    return link->relation->kind == ATH_BELONGS_TO || (e->u.relation.object && e->op != ATH_RELATION_IS_NOT);
}

/* By what the two are joined, or its primary key when it must be found first. */
static bool known_by_join(const ath__link *link, const ath_expr *e) {
    return ath__link_decides(link, e) || (link->secondary && !link->relation->opts.where_);
}

size_t ath__link_object_columns(const ath__link *link, const ath_expr *e) {
    if (known_by_join(link, e))
        return link->secondary ? link->far_count : link->count;
    return link->target->key_count;
}

const ath__column *ath__link_object_column(const ath__link *link, const ath_expr *e, size_t i) {
    return known_by_join(link, e) ? link->remote[i] : &link->target->columns[link->target->key[i]];
}

/* ---- all of a table ---- */

void ath__links_free(struct ath__links *links, size_t count) {
    if (!links)
        return;
    ath__arena_done(&links->arena);
    ath__free(ath__process_allocator, links, sizeof *links + count * sizeof links->items[0]);
}

/* A class has its parent's relations. */
static ath_status inherit_all(const ath_table *t, struct ath__links *links, ath_error *error) {
    const ath__link *theirs = ath__table_links(t->lineage->parent, error);
    if (!theirs)
        return ath__failed(error);
    for (size_t i = 0; i < t->lineage->inherited_relations; i++) {
        links->items[i] = theirs[i];
        links->items[i].relation = &t->relations[i];
        links->items[i].owner = t;
    }
    return ATH_OK;
}

static ath_status join_all(const ath_table *t, struct ath__links *links, ath_error *error) {
    size_t inherited = ath__table_super(t) ? t->lineage->inherited_relations : 0;
    if (inherited)
        ATH_TRY(inherit_all(t, links, error));
    for (size_t i = inherited; i < t->relation_count; i++) {
        joining j = {&t->relations[i], t, &links->arena, error};
        ATH_TRY(join_one(&j, &links->items[i]));
        links->items[i].origin = &links->items[i];
        ATH_TRY(find_inverse(&j, &links->items[i]));
    }
    return ATH_OK;
}

const ath__link *ath__table_links(const ath_table *t, ath_error *error) {
    ath_error local;
    if (!t->relation_count)
        return NULL;
    struct ath__links *links = __atomic_load_n(t->links, __ATOMIC_ACQUIRE), *before = NULL;
    if (links)
        return links->items;
    links = ath__alloc_zero(ath__process_allocator, 1, sizeof *links + t->relation_count * sizeof links->items[0]);
    if (!links) {
        ath__fail_memory(error);
        return NULL;
    }
    ath__arena_init(&links->arena, ath__process_allocator);
    if (join_all(t, links, error ? error : &local) != ATH_OK) {
        ath__links_free(links, t->relation_count);
        return NULL;
    }
    if (__atomic_compare_exchange_n(t->links, &before, links, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return links->items;
    ath__links_free(links, t->relation_count);
    return before->items;
}
