/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, FROM: which tables a SELECT takes rows from, and how they are joined.
 *
 * What the caller names in .model and .from comes first.  Without either, the tables of the columns and the condition
 * are it, less those that are joined and those of an enclosing SELECT (correlation), as SQLAlchemy does.  A join without
 * .on takes the one foreign key between the joined table and those before it.
 */
#include "sql/compiler.h"

/* Room for every table a statement may name: more is refused. */
enum { FROM_LIMIT = 64 };

static bool same_from(const ath__from *a, const ath__from *b) {
    if (a->aliased || b->aliased)
        return a->aliased && b->aliased && strcmp(a->name, b->name) == 0;
    if (a->model && b->model)
        return a->model == b->model;
    return strcmp(a->name, b->name) == 0;
}

static ath__from *find(const ath__scope *scope, const ath__from *from) {
    for (size_t i = 0; i < scope->count; i++)
        if (same_from(&scope->items[i], from))
            return &scope->items[i];
    return NULL;
}

static bool contains(const ath__scope *scope, const ath__from *from) {
    return find(scope, from) != NULL;
}

/* A name that is the alias of something is no table of its own. */
static bool names_alias(const ath__scope *scope, const ath__from *from) {
    for (size_t i = 0; i < scope->count; i++)
        if (!from->model && strcmp(scope->items[i].name, from->name) == 0)
            return true;
    return false;
}

static bool outer_contains(const ath__scope *scope, const ath__from *from) {
    for (const ath__scope *outer = scope->outer; outer; outer = outer->outer)
        if (contains(outer, from) || names_alias(outer, from))
            return true;
    return false;
}

static void add(ath__compiler *c, ath__scope *scope, const ath__from *from) {
    ath__from *there = find(scope, from);
    if (there) {
        if (!there->model) /* known by name until now */
            *there = *from;
        return;
    }
    if (scope->count == FROM_LIMIT) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "a SELECT may name %d tables; this one has more", FROM_LIMIT);
        return;
    }
    scope->items[scope->count++] = *from;
}

/* For what the caller names: the same name twice would leave one of both out. */
static void add_once(ath__compiler *c, ath__scope *scope, const ath__from *from) {
    if (contains(scope, from) && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "%s is named twice in FROM and the joins; give one of them an alias",
                  from->name);
    add(c, scope, from);
}

static void add_first(ath__compiler *c, ath__scope *scope, const ath__from *from) {
    size_t before = scope->count;
    add(c, scope, from);
    if (scope->count == before)
        return;
    memmove(scope->items + 1, scope->items, before * sizeof *scope->items);
    scope->items[0] = *from;
}

/* What a source is called; a subquery without an alias is an error. */
static bool from_of_source(ath__compiler *c, const ath_source *s, ath__from *out) {
    *out = (ath__from){.model = s->model, .name = s->alias, .aliased = s->alias != NULL};
    if (s->model) {
        out->table = c->error->status == ATH_OK ? ath_model_table(s->model, c->error) : NULL;
        if (!out->name)
            out->name = s->model->table;
    } else if (!out->name) {
        out->name = s->table;
    }
    if (out->name || c->error->status != ATH_OK)
        return out->name != NULL;
    ath__fail(c->error, ATH_ARGUMENT,
              s->select ? "a subquery in FROM needs an alias" : "a source of rows names neither model nor table");
    return false;
}

/* ---- derivation from columns ---- */

static void from_expr(ath__compiler *c, const ath_expr *e, ath__scope *found, int depth) {
    if (!e || depth > ATH__COMPILE_DEPTH)
        return;
    ath__from from = {0};
    if (e->node == ATH_NODE_COLUMN && !e->u.column.alias) {
        from = (ath__from){.model = e->u.column.model, .name = e->u.column.model->table};
        from.table = c->error->status == ATH_OK ? ath_model_table(from.model, c->error) : NULL;
    } else if (e->node == ATH_NODE_NAME && e->u.name.table) {
        from.name = e->u.name.table;
    }
    if (from.name)
        add(c, found, &from);
    if (e->node != ATH_NODE_ARRAY)
        for (uint32_t i = 0; i < e->count; i++)
            from_expr(c, e->args[i], found, depth + 1);
}

static void from_list(ath__compiler *c, ath_expr_list list, ath__scope *found) {
    for (size_t i = 0; i < list.count; i++)
        from_expr(c, list.items[i], found, 0);
}

static void derive(ath__compiler *c, const ath_select_stmt *s, const ath__scope *joined, ath__scope *scope) {
    ath__from space[FROM_LIMIT];
    ath__scope found = {.items = space};
    from_list(c, s->columns, &found);
    from_expr(c, s->where, &found, 0);
    size_t local = 0;
    for (size_t i = 0; i < found.count; i++)
        local += !contains(joined, &found.items[i]) && !names_alias(joined, &found.items[i]) &&
                 !outer_contains(scope, &found.items[i]);
    for (size_t i = 0; i < found.count; i++) {
        const ath__from *from = &found.items[i];
        if (contains(joined, from) || names_alias(joined, from))
            continue;
        if (local && outer_contains(scope, from))
            continue;
        add(c, scope, from);
    }
}

void ath__scope_of_select(ath__compiler *c, const ath_select_stmt *s, ath__scope *scope) {
    scope->items = ath__arena_alloc(c->arena, FROM_LIMIT * sizeof *scope->items);
    ath__from space[FROM_LIMIT], from;
    ath__scope joined = {.items = space};
    if (!scope->items) {
        c->out.failed = true;
        return;
    }
    for (size_t i = 0; i < s->joins.count; i++)
        if (from_of_source(c, &s->joins.items[i].source, &from))
            add_once(c, &joined, &from);
    ath_source model = {.model = s->model};
    for (size_t i = 0; i < s->from.count; i++)
        if (from_of_source(c, &s->from.items[i], &from))
            add_once(c, scope, &from);
    if (s->model && from_of_source(c, &model, &from) && !contains(scope, &from))
        add_first(c, scope, &from);
    if (!scope->count)
        derive(c, s, &joined, scope);
    for (size_t i = 0; i < joined.count; i++)
        add_once(c, scope, &joined.items[i]);
}

/* ---- writing ---- */

static void write_alias(ath__compiler *c, const char *alias) {
    ath__buf_str(&c->out, " AS ");
    ath__dialect_name(c->dialect, &c->out, alias);
}

static void write_source(ath__compiler *c, const ath_source *s) {
    if (s->select) {
        const ath__scope *scope = c->scope; /* a subquery in FROM does not see its neighbours */
        c->scope = scope ? scope->outer : NULL;
        ath__buf_char(&c->out, '(');
        ath__render_select(c, s->select);
        ath__buf_char(&c->out, ')');
        c->scope = scope;
    } else if (s->model) {
        ath__dialect_name(c->dialect, &c->out, s->model->table ? s->model->table : s->model->name);
    } else if (s->table) {
        ath__dialect_name(c->dialect, &c->out, s->table);
    }
    if (s->alias)
        write_alias(c, s->alias);
}

/* The foreign keys of `child` that point to `parent`. */
static const ath__constraint *only_key(const ath_table *child, const ath_table *parent, int *found) {
    const ath__constraint *key = NULL;
    for (size_t i = 0; child && parent && i < child->constraint_count; i++) {
        const ath__constraint *k = &child->constraints[i];
        if (k->kind != ATH__FOREIGN_KEY || strcmp(k->target, parent->name) != 0)
            continue;
        key = k;
        ++*found;
    }
    return key;
}

static void write_pair(ath__compiler *c, const ath__from *child, const char *column, const ath__from *parent,
                       const char *target, bool parent_first) {
    const ath__from *left = parent_first ? parent : child, *right = parent_first ? child : parent;
    ath__dialect_name(c->dialect, &c->out, left->name);
    ath__buf_char(&c->out, '.');
    ath__dialect_name(c->dialect, &c->out, parent_first ? target : column);
    ath__buf_str(&c->out, " = ");
    ath__dialect_name(c->dialect, &c->out, right->name);
    ath__buf_char(&c->out, '.');
    ath__dialect_name(c->dialect, &c->out, parent_first ? column : target);
}

static void write_key(ath__compiler *c, const ath__constraint *key, const ath__from *child, const ath__from *parent,
                      bool parent_first) {
    for (size_t i = 0; i < key->columns.count; i++) {
        ath__buf_str(&c->out, i ? " AND " : "");
        write_pair(c, child, key->columns.names[i], parent, key->target_columns.names[i], parent_first);
    }
}

/* ON from the foreign key between the joined table and those before it; none or several are an error. */
static void derive_on(ath__compiler *c, const ath__scope *scope, const ath__from *joined) {
    const ath__constraint *key = NULL;
    const ath__from *child = NULL, *parent = NULL;
    int found = 0;
    for (size_t i = 0; i < scope->count && !same_from(&scope->items[i], joined); i++) {
        const ath__from *left = &scope->items[i];
        const ath__constraint *to_left = only_key(joined->table, left->table, &found);
        const ath__constraint *from_left = only_key(left->table, joined->table, &found);
        if (!to_left && !from_left)
            continue;
        key = to_left ? to_left : from_left;
        child = to_left ? joined : left;
        parent = to_left ? left : joined;
    }
    if (found == 1)
        write_key(c, key, child, parent, parent != joined);
    else if (c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "join to %s without .on: %s foreign key links it to the tables before it",
                  joined->name, found ? "more than one" : "no");
}

static void write_join(ath__compiler *c, const ath_join_clause *join, const ath__scope *scope) {
    static const char *const words[] = {" JOIN ", " LEFT OUTER JOIN ", " CROSS JOIN "};
    ath__buf_str(&c->out, words[join->kind]);
    write_source(c, &join->source);
    if (join->kind == ATH_JOIN_CROSS)
        return;
    ath__buf_str(&c->out, " ON ");
    ath__from from;
    if (join->on)
        ath__render_condition(c, join->on);
    else if (from_of_source(c, &join->source, &from))
        derive_on(c, scope, &from);
}

/* The source behind an entry of the scope: the caller's, or the table that was derived. */
static void write_from(ath__compiler *c, const ath_select_stmt *s, const ath__from *from) {
    for (size_t i = 0; i < s->from.count; i++) {
        ath__from other;
        if (from_of_source(c, &s->from.items[i], &other) && same_from(&other, from)) {
            write_source(c, &s->from.items[i]);
            return;
        }
    }
    ath__dialect_name(c->dialect, &c->out, from->name);
}

void ath__render_from(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope) {
    size_t plain = scope->count - (s->joins.count < scope->count ? s->joins.count : scope->count);
    for (size_t i = 0; i < plain; i++) {
        ath__buf_str(&c->out, i ? ", " : " FROM ");
        write_from(c, s, &scope->items[i]);
    }
    if (!plain && s->joins.count && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "there is a join, but nothing to join to: name a .model or .from");
    for (size_t i = 0; i < s->joins.count && c->error->status == ATH_OK; i++)
        write_join(c, &s->joins.items[i], scope);
}
