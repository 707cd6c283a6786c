/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, conditions on relations: any, has, contains, is.
 *
 * EXISTS (SELECT 1 FROM target WHERE join AND condition), or, where the row's own columns decide, a comparison of these.
 * Inside, the target's model means the table of the EXISTS; it has an alias when the owner's name would be hidden by it
 * (a relation to the same model).
 */
#include "sql/compiler.h"
#include "sql/relation.h"

typedef struct rendering {
    ath__compiler *c;
    const ath_expr *e;
    const ath__link *link;
    const ath__scope *outer;
    ath__scope inner;
    size_t terms; /* written so far, in the condition at hand */
} rendering;

static void str(rendering *r, const char *text) {
    ath__buf_str(&r->c->out, text);
}

/* ---- columns ---- */

static ath_expr column_node(const ath_model *model, const ath__column *column, const char *alias) {
    return (ath_expr){.node = ATH_NODE_COLUMN, .u.column = {.model = model, .offset = column->offset, .alias = alias}};
}

/* A column of the owner stands outside, whatever the tables inside are called. */
static void owner_column(rendering *r, size_t i) {
    const ath__scope *scope = r->c->scope;
    ath_expr e = column_node(r->e->u.relation.model, r->link->local[i], r->e->u.relation.alias);
    r->c->scope = r->outer;
    ath__render(r->c, &e, NULL);
    r->c->scope = scope;
}

static void inner_column(rendering *r, const ath_table *t, const ath__column *column) {
    ath_expr e = column_node(t ? t->model : NULL, column, NULL);
    ath__render(r->c, &e, NULL);
}

/* Value i of the object. */
static void object_value(rendering *r, size_t i, const ath_model *beside, const ath__column *column) {
    const ath__key *key = r->c->key;
    ath_expr e = column_node(beside, column, NULL);
    ath_type type = ath__comparison_type(r->c, &e);
    size_t at = 0;
    while (at < key->value_count && key->owners[at] != r->e)
        at++;
    if (at + i < key->value_count)
        ath__render_bind(r->c, at + i, &type, ATH__BIND_AS_IS);
    else if (r->c->error->status == ATH_OK)
        ath__fail(r->c->error, ATH_INTERNAL, "an object's key was not found among the statement's values");
}

static void next_term(rendering *r, const char *word) {
    if (r->terms++)
        str(r, word);
}

/* ---- EXISTS ---- */

static bool is_name_taken(const ath__scope *scope, const char *name) {
    for (; scope; scope = scope->outer)
        for (size_t i = 0; i < scope->count; i++)
            if (strcmp(scope->items[i].name, name) == 0)
                return true;
    return false;
}

static const char *free_alias(rendering *r, const char *table) {
    for (unsigned number = 1;; number++) {
        const char *name = ath__arena_printf(r->c->arena, "%s_%u", table, number);
        if (!name || !is_name_taken(r->outer, name))
            return name;
    }
}

/* The ancestors of a joined-table class stand for themselves as it does. */
static void imply(rendering *r, size_t at) {
    size_t first = r->inner.count;
    ath__scope_imply(r->c, &r->inner, &r->inner.items[at]);
    for (size_t i = first; i < r->inner.count; i++)
        r->inner.items[i].stands = r->inner.items[at].stands;
}

/* Whether the owner's name, or that of a table that comes with it, would be hidden. */
static bool hides(const rendering *r, const ath_table *t, const ath__from *owner) {
    if (!owner->leaf && !ath__table_is_joined(t))
        return strcmp(owner->name, t->name) == 0;
    for (; t; t = ath__table_super(t))
        if (is_name_taken(r->outer, ath__table_part(t)->name))
            return true;
    return false;
}

/* A table of the EXISTS; its name must not hide the owner's. */
static void add_table(rendering *r, const ath_table *t, const ath__from *owner) {
    ath__from *from = &r->inner.items[r->inner.count++];
    *from = (ath__from){.table = t, .model = t->model, .name = t->name, .schema = ath__table_schema(t)};
    if (hides(r, t, owner)) {
        from->aliased = from->stands = true;
        from->name = free_alias(r, t->name);
        r->c->out.failed = r->c->out.failed || !from->name;
        from->name = from->name ? from->name : "";
    }
    ath__from_fill(from, from->aliased ? from->name : NULL);
    imply(r, r->inner.count - 1);
}

static void write_tables(rendering *r) {
    for (size_t i = 0; i < r->inner.count; i++) {
        const ath__from *from = &r->inner.items[i];
        if (from->implied)
            continue;
        str(r, i ? ", " : "");
        if (from->leaf) {
            ath__render_class(r->c, from);
            continue;
        }
        ath__render_table(r->c, from->table, NULL, from->table->name);
        if (from->aliased) {
            str(r, " AS ");
            ath__dialect_name(r->c->dialect, &r->c->out, from->name);
        }
    }
}

/* What the row is joined by: what is referred to stands first, as SQLAlchemy writes it. */
static void write_join(rendering *r, bool with_target) {
    const ath__link *k = r->link;
    bool belongs = k->relation->kind == ATH_BELONGS_TO;
    const ath_table *beside = k->secondary ? k->secondary : k->target;
    for (size_t i = 0; i < k->count; i++) {
        next_term(r, " AND ");
        if (!belongs)
            owner_column(r, i);
        else
            inner_column(r, beside, k->remote[i]);
        str(r, " = ");
        if (belongs)
            owner_column(r, i);
        else
            inner_column(r, beside, k->secondary ? k->near[i] : k->remote[i]);
    }
    for (size_t i = 0; with_target && i < k->far_count; i++) {
        next_term(r, " AND ");
        inner_column(r, k->target, k->remote[i]);
        str(r, " = ");
        inner_column(r, k->secondary, k->far[i]);
    }
}

/* Of a table that several classes share, only the target's rows count. */
static void write_class(rendering *r) {
    const ath_expr *condition = ath__class_condition(r->link->target, false, r->c->error);
    if (!condition)
        return;
    const ath__key *key = r->c->key;
    next_term(r, " AND ");
    r->c->key = NULL; /* its values are no values of the statement: they are written */
    ath__render_operand(r->c, condition, ATH_OP_AND, NULL);
    r->c->key = key;
}

/* The relation's own condition and the program's. */
static void write_conditions(rendering *r, bool with_target) {
    const ath_expr *const parts[] = {r->link->relation->opts.where_, r->e->count ? r->e->args[0] : NULL};
    const ath_expr both = {.node = ATH_NODE_OPERATOR, .op = ATH_OP_AND, .count = 2, .args = parts};
    if (with_target && ath__kinship_of(r->link->target) == ATH__SINGLE_TABLE)
        write_class(r);
    if (ath__condition_is_empty(&both))
        return;
    next_term(r, " AND ");
    ath__render_operand(r->c, &both, ATH_OP_AND, NULL);
}

/* key = ? of the object, in the table between where that is enough. */
static void write_object(rendering *r, bool with_target) {
    const ath_table *t = with_target ? r->link->target : r->link->secondary;
    size_t count = r->e->u.relation.object ? ath__link_object_columns(r->link, r->e) : 0;
    for (size_t i = 0; i < count; i++) {
        const ath__column *column = with_target ? ath__link_object_column(r->link, r->e, i) : r->link->far[i];
        next_term(r, " AND ");
        inner_column(r, t, column);
        str(r, " = ");
        object_value(r, i, t->model, column);
    }
}

static void write_exists(rendering *r, const ath__from *owner) {
    const ath__link *k = r->link;
    ath__compiler *c = r->c;
    bool with_target = !k->secondary || k->relation->opts.where_ || !r->e->u.relation.object;
    if (k->secondary)
        add_table(r, k->secondary, owner);
    if (with_target)
        add_table(r, k->target, owner);
    str(r, "EXISTS (SELECT 1 FROM ");
    write_tables(r);
    str(r, " WHERE ");
    c->scope = &r->inner;
    write_join(r, with_target);
    write_conditions(r, with_target);
    write_object(r, with_target);
    c->scope = r->outer;
    str(r, ")");
}

static void exists(rendering *r, bool negated) {
    ath__from items[64]; /* a table between, the target, and what it inherits from: 32 deep */
    ath__compiler *c = r->c;
    bool unqualified = c->unqualified, labelled = c->label_all;
    const ath__from *owner = ath__find_from(c, r->e);
    if (!owner) {
        const char *name = r->e->u.relation.alias ? r->e->u.relation.alias : r->link->owner->name;
        ath__fail(c->error, ATH_ARGUMENT, "relation %s.%s is used, but %s is not part of the statement",
                  r->link->owner->model->name, r->link->relation->field, name);
        return;
    }
    r->inner = (ath__scope){.outer = r->outer, .items = items};
    c->unqualified = c->label_all = false;
    str(r, negated ? "NOT (" : "");
    write_exists(r, owner);
    str(r, negated ? ")" : "");
    c->unqualified = unqualified;
    c->label_all = labelled;
}

/* ---- by the row's own columns ---- */

/* local IS NULL: it refers to nothing. */
static void refers_to_none(rendering *r, bool none) {
    size_t count = r->link->count;
    str(r, count > 1 ? "(" : "");
    for (size_t i = 0; i < count; i++) {
        next_term(r, none ? " OR " : " AND ");
        owner_column(r, i);
        str(r, none ? " IS NULL" : " IS NOT NULL");
    }
    str(r, count > 1 ? ")" : "");
}

/* local = ?; or (local != ? OR local IS NULL). */
static void refers_to(rendering *r, bool is) {
    size_t count = r->link->count;
    bool parentheses = count > 1 || !is;
    str(r, parentheses ? "(" : "");
    for (size_t i = 0; i < count; i++) {
        next_term(r, is ? " AND " : " OR ");
        owner_column(r, i);
        str(r, is ? " = " : " != ");
        object_value(r, i, r->e->u.relation.model, r->link->local[i]);
    }
    for (size_t i = 0; !is && i < count; i++) {
        next_term(r, " OR ");
        owner_column(r, i);
        str(r, " IS NULL");
    }
    str(r, parentheses ? ")" : "");
}

/* ---- any of them ---- */

static void wrong(rendering *r, const char *message, const char *macro) {
    ath__fail(r->c->error, ATH_ARGUMENT, "relation %s.%s %s; use %s", r->link->owner->model->name,
              r->link->relation->field, message, macro);
}

static bool check(rendering *r) {
    const ath_expr *e = r->e;
    bool many = ath__relation_is_many(r->link->relation);
    bool for_many = e->op == ATH_RELATION_ANY || e->op == ATH_RELATION_CONTAINS;
    bool bare = e->op == ATH_RELATION_ANY || e->op == ATH_RELATION_HAS;
    if (!r->c->key)
        ath__fail(r->c->error, ATH_ARGUMENT, "a condition on a relation needs a statement to stand in");
    else if (for_many && !many)
        wrong(r, "is of one object", bare ? "ath_rel_has" : "ath_rel_is");
    else if (!for_many && many)
        wrong(r, "is of many objects", bare ? "ath_rel_any" : "ath_rel_contains");
    else if (e->op == ATH_RELATION_CONTAINS && !e->u.relation.object)
        wrong(r, "is asked for no object: NULL", "ath_not(ath_rel_any(...)) for none");
    return r->c->error->status == ATH_OK;
}

void ath__render_relation(ath__compiler *c, const ath_expr *e) {
    rendering r = {.c = c, .e = e, .outer = c->scope};
    r.link = c->error->status == ATH_OK ? ath__link_of(e, c->error) : NULL;
    if (!r.link || !check(&r))
        return;
    bool bare = e->op == ATH_RELATION_ANY || e->op == ATH_RELATION_HAS, is_not = e->op == ATH_RELATION_IS_NOT;
    if (bare || !ath__link_decides(r.link, e))
        exists(&r, bare ? false : is_not == (e->u.relation.object != NULL));
    else if (e->u.relation.object)
        refers_to(&r, !is_not);
    else
        refers_to_none(&r, !is_not);
}
