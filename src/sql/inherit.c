/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: what a body says of inheritance.
 *
 * A child's table is gathered by running its parent's body first, as that of a mixin at the struct's beginning.  A
 * joined-table child is gathered once more without what it inherits: that is its part.
 */
#include "sql/inherit.h"
#include "sql/table_build.h"

#include <string.h>

/* ---- the lineage ---- */

static ath__lineage *lineage_of(ath_mapper *m) {
    ath_table *t = m->table;
    if (t->lineage)
        return t->lineage;
    ath__lineage *l = ath__arena_zero(&t->arena, sizeof *l);
    if (l)
        l->hierarchy = ath__arena_zero(&t->arena, sizeof *l->hierarchy);
    if (!l || !l->hierarchy) {
        ath__mapper_no_memory(m);
        return NULL;
    }
    l->root = t;
    l->discriminator = -1;
    return t->lineage = l;
}

static void keep_class(ath_mapper *m, ath__lineage *l, const ath_class_opts *o) {
    l->opts = *o;
    l->opts.identity = ath__mapper_keep(m, o->identity);
    l->opts.ondelete = ath__mapper_keep(m, o->ondelete);
    l->opts.key = ath__mapper_names(m, o->key);
    if (l->opts.identity)
        l->identity =
            (ath_value){.kind = ATH_KIND_TEXT, .as.text = {.data = l->opts.identity, .size = strlen(l->opts.identity)}};
    else if (o->number.has)
        l->identity = (ath_value){.kind = ATH_KIND_INT, .as.i = o->number.value};
    if (o->identity && o->number.has)
        MISTAKE(m, "a class has an .identity or a .number, not both%s", "");
}

void ath_mapper_polymorphic_on(ath_mapper *m, const char *field, size_t offset, const ath_class_opts *o) {
    ath__lineage *l = m->own_only ? NULL : lineage_of(m);
    if (!l)
        return;
    if (l->polymorphic || (l->parent && !m->inherited))
        MISTAKE(m, "%s: a hierarchy has one discriminator, which its root describes", field);
    l->polymorphic = true;
    l->discriminator_at = m->base + offset;
    if (!m->inherited)
        keep_class(m, l, o);
}

void ath_mapper_subclasses(ath_mapper *m, size_t count, const ath_model *const *models) {
    ath__lineage *l = m->own_only || m->inherited ? NULL : lineage_of(m);
    if (!l)
        return;
    l->subclasses = ath__arena_copy(&m->table->arena, models, count * sizeof *models);
    l->subclass_count = l->subclasses ? count : 0;
    if (!l->subclasses)
        ath__mapper_no_memory(m);
}

/* ---- the parent ---- */

/* What the parent says of its table is not said of another one. */
static void run_parent(ath_mapper *m, const char *field, const ath_model *parent, void *blank, bool same_table) {
    ath_table *t = m->table;
    const ath_table_opts opts = t->opts;
    const char *comment = t->comment, *outer = m->path;
    m->path = ath__arena_printf(&t->arena, "%s%s.", outer, field);
    m->inherited++;
    if (m->path)
        parent->define(m, blank);
    else
        ath__mapper_no_memory(m);
    m->inherited--;
    m->path = outer;
    if (same_table)
        return;
    t->opts = opts;
    t->comment = comment;
    t->sqlite_autoincrement = false;
}

static ath__kinship kinship(const ath_mapper *m, const ath_table *parent, const ath_class_opts *o) {
    if (o->concrete)
        return ATH__CONCRETE_TABLE;
    return strcmp(parent->name, m->table->name) == 0 ? ATH__SINGLE_TABLE : ATH__JOINED_TABLE;
}

static bool may_inherit(ath_mapper *m, const char *field, size_t offset, const ath_model *parent) {
    if (!m->model || !m->table->name || !parent->table)
        MISTAKE(m, "%s: only models inherit, from models", field);
    else if (offset || m->base)
        MISTAKE(m, "%s: a struct begins with the one that it inherits from", field);
    else if (m->table->column_count || m->table->relation_count || m->table->lineage)
        MISTAKE(m, "%s: ath_inherits comes first in a body, and once", field);
    return m->error.status == ATH_OK;
}

static void inherit(ath_mapper *m, const char *field, const ath_model *model, void *blank, const ath_class_opts *o) {
    const ath_table *parent = ath_model_table(model, &m->error);
    ath__lineage *l = parent ? lineage_of(m) : NULL;
    if (!l)
        return;
    if (!parent->lineage) {
        MISTAKE(m, "%s: %s does not say that it has subclasses: ath_subclasses(%s)", field, model->name,
                m->model->name);
        return;
    }
    l->parent = parent;
    l->root = parent->lineage->root;
    l->kinship = kinship(m, parent, o);
    keep_class(m, l, o);
    run_parent(m, field, model, blank, l->kinship == ATH__SINGLE_TABLE);
    l->inherited_columns = m->table->column_count;
    l->inherited_relations = m->table->relation_count;
}

/* The key of a part: columns that refer to the parent's. */
static void add_key(ath_mapper *m, const ath_table *of) {
    const ath__lineage *l = of->lineage;
    const ath_table *parent = ath__table_part(l->parent);
    const ath_name_list *names = &l->opts.key;
    ath_name_list targets = {0};
    const char **list = ath__arena_zero(&m->table->arena, (parent->key_count + 1) * 2 * sizeof *list);
    if (names->count && names->count != parent->key_count)
        MISTAKE(m, ".key names %zu columns, the key of %s has %zu", names->count, parent->name, parent->key_count);
    for (size_t i = 0; list && i < parent->key_count && m->error.status == ATH_OK; i++) {
        const ath__column *from = &parent->columns[parent->key[i]];
        ath__column *c = ath__mapper_add_column(m);
        if (!c)
            return;
        uint16_t position = c->position;
        *c = (ath__column){.field = from->field, .type = from->type, .ctype = from->ctype};
        c->position = c->mapped = position;
        c->name = names->count ? names->names[i] : from->name;
        c->offset = from->offset;
        c->size = from->size;
        c->primary_key = true;
        list[i] = c->name;
        list[parent->key_count + 1 + i] = from->name;
        targets.count++;
    }
    if (!list) {
        ath__mapper_no_memory(m);
        return;
    }
    targets.names = list + parent->key_count + 1;
    if (m->error.status == ATH_OK)
        ath_mapper_foreign_key(m, &(ath_foreign_key_opts){.columns = {targets.count, list},
                                                          .target = parent->name,
                                                          .target_schema = parent->opts.schema,
                                                          .target_columns = targets,
                                                          .ondelete = l->opts.ondelete});
}

void ath_mapper_inherits(ath_mapper *m, const char *field, size_t offset, const ath_model *parent, void *blank,
                         const ath_class_opts *o) {
    if (m->error.status != ATH_OK)
        return;
    if (m->own_only) {
        const ath_table *of = m->shared ? NULL : m->part_of;
        if (of)
            add_key(m, of);
    } else if (m->inherited) {
        run_parent(m, field, parent, blank, true);
    } else if (may_inherit(m, field, offset, parent)) {
        inherit(m, field, parent, blank, o);
    }
}

/* ---- finishing ---- */

/* New objects get the class's name, statements without a struct too. */
static void name_class(ath_mapper *m, ath__lineage *l) {
    static const ath_value null = {.kind = ATH_KIND_NULL};
    const ath__column *found = ath__table_column_at(m->table, l->discriminator_at);
    if (!found) {
        MISTAKE(m, "the discriminator is not described as a column%s", "");
        return;
    }
    ath__column *c = &m->table->columns[found->position];
    bool number = ath__sql_is_integer(c->type.sql);
    l->discriminator = c->position;
    if (l->identity.kind == null.kind)
        return;
    if (number != (l->identity.kind == ATH_KIND_INT))
        MISTAKE(m, "the discriminator %s is %s", c->name,
                number ? "a number: say .number = ath_some(...)" : "no number: say .identity = \"...\"");
    ath_expr *literal = ath__arena_zero(&m->table->arena, sizeof *literal);
    if (!literal) {
        ath__mapper_no_memory(m);
        return;
    }
    *literal = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = l->identity};
    c->default_value = literal;
}

static void check_own(ath_mapper *m, const ath__lineage *l) {
    for (size_t i = l->inherited_columns; l->kinship != ATH__CONCRETE_TABLE && i < m->table->column_count; i++)
        if (m->table->columns[i].primary_key || m->table->columns[i].version)
            MISTAKE(m, "column %s: the primary key and the version are the root's", m->table->columns[i].name);
}

void ath__inherit_finish(ath_mapper *m) {
    ath__lineage *l = m->table->lineage;
    if (!l || m->error.status != ATH_OK)
        return;
    if (l->polymorphic)
        name_class(m, l);
    else if (l->parent && l->kinship != ATH__CONCRETE_TABLE)
        MISTAKE(m, "%s has no discriminator: ath_polymorphic_on(...)", l->parent->model->name);
    if (l->parent)
        check_own(m, l);
}

/* ---- the part of a joined-table class ---- */

static ath_table *build_part(ath_mapper *m, void *blank) {
    ath_table *t = m->table, *part = ath__table_make(t->arena.allocator, t->name);
    if (!part) {
        ath__mapper_no_memory(m);
        return NULL;
    }
    ath_mapper own = {
        .model = m->model, .called = m->called, .table = part, .path = "", .own_only = true, .part_of = t};
    part->model = m->model;
    m->model->define(&own, blank);
    ath__mapper_finish(&own);
    part->filter = NULL;
    if (own.error.status == ATH_OK)
        return part;
    ath__table_free(part);
    m->error = own.error;
    return NULL;
}

/* Where the part's columns stand in the model's table, and that they live in the part. */
static void place_columns(ath_table *t, ath_table *part) {
    const ath__lineage *l = t->lineage;
    const ath_table *parent = l->parent;
    for (size_t i = 0; i < l->inherited_columns; i++)
        t->columns[i].home = ath__column_home(parent, &parent->columns[i]);
    for (size_t i = l->inherited_columns; i < t->column_count; i++)
        t->columns[i].home = part;
    for (size_t i = 0; i < part->column_count; i++)
        for (size_t k = 0; k < t->column_count; k++)
            if (t->columns[k].offset == part->columns[i].offset)
                part->columns[i].mapped = (uint16_t)k;
}

void ath__inherit_complete(ath_mapper *m, void *blank) {
    ath__lineage *l = m->table->lineage;
    if (!l || m->error.status != ATH_OK || l->kinship != ATH__JOINED_TABLE)
        return;
    l->part = build_part(m, blank);
    if (l->part)
        place_columns(m->table, l->part);
}

void ath__inherit_free(ath_table *t) {
    if (t->lineage && t->lineage->part)
        ath__table_free(t->lineage->part);
}

bool ath_model_inherits(const ath_model *model, const ath_model *ancestor) {
    const ath_table *t = model && ancestor ? ath_model_table(model, NULL) : NULL;
    while (t && t->model != ancestor)
        t = t->lineage ? t->lineage->parent : NULL;
    return t != NULL;
}
