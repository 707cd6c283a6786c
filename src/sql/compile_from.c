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
        return a->model == b->model || (a->table && b->table && ath__share_rows(a->table, b->table));
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

static bool stands_for(const ath__scope *scope, const ath__from *from) {
    for (size_t i = 0; i < scope->count; i++)
        if (scope->items[i].stands && !from->aliased && scope->items[i].model == from->model)
            return true;
    return false;
}

static bool outer_contains(const ath__scope *scope, const ath__from *from) {
    for (const ath__scope *outer = scope->outer; outer; outer = outer->outer)
        if (contains(outer, from) || names_alias(outer, from) || stands_for(outer, from))
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

static const ath_table *usable(ath__compiler *c, const ath_table *table) {
    const char *mistake = ath_table_mistake(table);
    if (mistake && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "%s", mistake);
    return mistake ? NULL : table;
}

/* What a source is called; a subquery without an alias is an error. */
bool ath__from_of_source(ath__compiler *c, const ath_source *s, ath__from *out) {
    *out = (ath__from){.model = s->model, .name = s->alias, .schema = s->schema, .aliased = s->alias != NULL};
    if (s->model) {
        out->table = c->error->status == ATH_OK ? ath_model_table(s->model, c->error) : NULL;
        if (!out->name)
            out->name = s->model->table;
        out->schema = out->table ? ath__table_schema(out->table) : NULL;
    } else if (s->described) {
        out->table = usable(c, s->described);
        out->schema = ath__table_schema(s->described);
        if (!out->name)
            out->name = s->described->name;
    } else if (!out->name) {
        out->name = s->table;
    }
    ath__from_fill(out, s->alias);
    if (out->name || c->error->status != ATH_OK)
        return out->name != NULL;
    ath__fail(c->error, ATH_ARGUMENT,
              s->select || s->function ? "a subquery or function in FROM needs an alias"
                                       : "a source of rows names neither model nor table");
    return false;
}

/* ---- derivation from columns ---- */

static void from_expr(ath__compiler *c, const ath_expr *e, ath__scope *found, int depth);

static void from_list(ath__compiler *c, ath_expr_list list, ath__scope *found, int depth) {
    for (size_t i = 0; i < list.count; i++)
        from_expr(c, list.items[i], found, depth);
}

static void from_expr(ath__compiler *c, const ath_expr *e, ath__scope *found, int depth) {
    if (!e || depth > ATH__COMPILE_DEPTH)
        return;
    ath__from from = {0};
    bool relation = e->node == ATH_NODE_RELATION; /* its target is within */
    bool column = e->node == ATH_NODE_COLUMN || relation || (e->node == ATH_NODE_STAR && e->u.column.model);
    if (column && !e->u.column.alias) {
        from = (ath__from){.model = e->u.column.model, .name = e->u.column.model->table};
        from.table = c->error->status == ATH_OK ? ath_model_table(from.model, c->error) : NULL;
        from.schema = from.table ? ath__table_schema(from.table) : NULL;
        ath__from_fill(&from, NULL);
    } else if (e->node == ATH_NODE_NAME && e->u.name.table) {
        from.name = e->u.name.table;
    }
    if (from.name)
        add(c, found, &from);
    if (e->node != ATH_NODE_ARRAY && !relation)
        for (uint32_t i = 0; i < e->count; i++)
            from_expr(c, e->args[i], found, depth + 1);
    if (e->node == ATH_NODE_OVER || e->node == ATH_NODE_WITHIN) {
        from_list(c, e->u.window->partition_by, found, depth + 1);
        from_list(c, e->u.window->order_by, found, depth + 1);
    }
}

/* An ancestor of a joined-table class that is there, too. */
static bool comes_with(const ath__scope *scope, const ath__from *from) {
    for (size_t i = 0; i < scope->count; i++)
        if (&scope->items[i] != from && scope->items[i].leaf && from->table &&
            ath__table_is(scope->items[i].table, from->table))
            return true;
    return false;
}

static void derive(ath__compiler *c, const ath_select_stmt *s, const ath__scope *joined, ath__scope *scope) {
    ath__from space[FROM_LIMIT];
    ath__scope found = {.items = space};
    from_list(c, s->columns, &found, 0);
    from_expr(c, s->where_, &found, 0);
    size_t local = 0;
    for (size_t i = 0; i < found.count; i++)
        local += !contains(joined, &found.items[i]) && !names_alias(joined, &found.items[i]) &&
                 !outer_contains(scope, &found.items[i]);
    for (size_t i = 0; i < found.count; i++) {
        const ath__from *from = &found.items[i];
        if (contains(joined, from) || names_alias(joined, from))
            continue;
        if ((local && outer_contains(scope, from)) || comes_with(&found, from))
            continue;
        add(c, scope, from);
        ath__scope_imply(c, scope, from);
    }
}

/* A source and, when it is a join in parentheses, those joined to it. */
static void add_source(ath__compiler *c, ath__scope *scope, const ath_source *s, int depth) {
    ath__from from;
    if (depth > ATH__COMPILE_DEPTH || !ath__from_of_source(c, s, &from))
        return;
    add_once(c, scope, &from);
    ath__scope_imply(c, scope, &from);
    for (size_t i = 0; i < s->join_count; i++)
        add_source(c, scope, &s->joins[i].source, depth + 1);
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
        add_source(c, &joined, &s->joins.items[i].source, 0);
    ath_source model = {.model = s->model};
    for (size_t i = 0; i < s->from.count; i++)
        add_source(c, scope, &s->from.items[i], 0);
    if (s->model && ath__from_of_source(c, &model, &from) && !contains(scope, &from)) {
        add_first(c, scope, &from);
        ath__scope_imply(c, scope, &from);
    }
    if (!scope->count)
        derive(c, s, &joined, scope);
    scope->plain = scope->count;
    for (size_t i = 0; i < joined.count; i++)
        add_once(c, scope, &joined.items[i]);
}

/* ---- joined-table classes ---- */

void ath__from_fill(ath__from *from, const char *alias) {
    if (!from->table || !ath__table_is_joined(from->table))
        return;
    from->leaf = ath__table_part(from->table);
    from->alias = alias;
}

const char *ath__from_name(ath__compiler *c, const ath__from *from, const ath_table *home) {
    if (!from->leaf || !home)
        return from->name;
    if (home == from->leaf || !from->alias)
        return home == from->leaf && from->alias ? from->alias : home->name;
    const char *name = ath__arena_printf(c->arena, "%s_%s", from->alias, home->name);
    c->out.failed = c->out.failed || !name;
    return name ? name : "";
}

void ath__scope_imply(ath__compiler *c, ath__scope *scope, const ath__from *from) {
    const ath__from owner = *from; /* which may be in the scope, and move */
    if (!owner.leaf || owner.implied)
        return;
    for (const ath_table *t = ath__table_super(owner.table); t; t = ath__table_super(t)) {
        ath__from ancestor = owner;
        ancestor.table = t;
        ancestor.model = t->model;
        ancestor.name = ath__from_name(c, &owner, ath__table_part(t));
        ancestor.schema = ath__table_schema(ath__table_part(t));
        ancestor.implied = true;
        add_once(c, scope, &ancestor);
    }
}

static void write_alias(ath__compiler *c, const char *alias);

/* parent.id = child.id */
static void write_kinship(ath__compiler *c, const ath__from *from, const ath_table *parent, const ath_table *child) {
    const ath_table *parts[] = {parent, child};
    for (size_t i = 0; i < child->key_count; i++) {
        ath__buf_str(&c->out, i ? " AND " : " ON ");
        for (size_t k = 0; k < 2; k++) {
            ath__buf_str(&c->out, k ? " = " : "");
            ath__render_table(c, NULL, from->alias ? NULL : ath__table_schema(parts[k]),
                              ath__from_name(c, from, parts[k]));
            ath__buf_char(&c->out, '.');
            ath__dialect_name(c->dialect, &c->out, parts[k]->columns[parts[k]->key[i]].name);
        }
    }
}

static void write_parts(ath__compiler *c, const ath__from *from, const ath_table *t, int depth) {
    const ath_table *parent = ath__table_super(t), *part = ath__table_part(t);
    if (parent && depth < ATH__COMPILE_DEPTH) {
        write_parts(c, from, parent, depth + 1);
        ath__buf_printf(&c->out, " %s ", c->dialect->inner_join ? c->dialect->inner_join : "JOIN");
    }
    ath__render_table(c, part, NULL, part->name);
    if (from->alias)
        write_alias(c, ath__from_name(c, from, part));
    if (parent)
        write_kinship(c, from, ath__table_part(parent), part);
}

void ath__render_class(ath__compiler *c, const ath__from *from) {
    write_parts(c, from, from->table, 0);
}

/* ---- writing ---- */

static void write_alias(ath__compiler *c, const char *alias) {
    ath__buf_str(&c->out, " AS ");
    ath__dialect_name(c->dialect, &c->out, alias);
}

void ath__render_table(ath__compiler *c, const ath_table *table, const char *schema, const char *name) {
    if (table)
        schema = ath__table_schema(table);
    if (schema) {
        ath__dialect_name(c->dialect, &c->out, schema);
        ath__buf_char(&c->out, '.');
    }
    ath__dialect_name(c->dialect, &c->out, name);
}

static void write_joins(ath__compiler *c, const ath_join_clause *joins, size_t count, const ath__scope *scope);

/* AS v (a, b); where a list of names is not known, the names stand inside the subquery. */
static void write_source_alias(ath__compiler *c, const ath_source *s, bool renamed) {
    if (s->alias)
        write_alias(c, s->alias);
    if (s->columns.count && !renamed) {
        ath__buf_char(&c->out, ' ');
        ath__render_names(c, s->columns);
    }
}

/* VALUES with names, without VALUES: SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'. */
static void values_by_select(ath__compiler *c, ath_row_list rows, ath_name_list names) {
    for (size_t r = 0; r < rows.count; r++) {
        ath__buf_str(&c->out, r ? " UNION ALL SELECT " : "SELECT ");
        for (size_t i = 0; i < rows.items[r].count; i++) {
            ath__buf_str(&c->out, i ? ", " : "");
            const ath_expr *value = rows.items[r].items[i];
            if (ath__is_literal(value))
                ath__render_value(c, value, NULL);
            else
                ath__render_grouped(c, value, NULL);
            if (r == 0 && i < names.count)
                write_alias(c, names.names[i]);
        }
    }
}

/* What such a SELECT has besides its rows. */
static bool is_more_than_rows(const ath_select_stmt *s) {
    return s->order_by.count || s->limit || s->offset || s->with.count || s->set != ATH_SET_NONE;
}

/* A subquery in FROM does not see its neighbours, unless it is lateral. */
static bool write_subquery(ath__compiler *c, const ath_source *s) {
    const ath__scope *scope = c->scope;
    bool labelled = c->label_all;
    bool renamed = s->select->values.count && s->columns.count && !ath__dialect_can(c->dialect, ATH__CAN_VALUES_FROM);
    if (renamed && is_more_than_rows(s->select)) {
        ath__cannot(
            c,
            "VALUES with names and an ORDER BY, LIMIT or OFFSET of their own in FROM (select from it, and limit that)");
        return false;
    }
    if (s->lateral && !ath__dialect_can(c->dialect, ATH__CAN_LATERAL)) {
        ath__cannot(c, "LATERAL");
        return false;
    }
    ath__buf_str(&c->out, s->lateral ? "LATERAL (" : "(");
    c->scope = scope && !s->lateral ? scope->outer : scope;
    c->label_all = true;
    if (renamed)
        values_by_select(c, s->select->values, s->columns);
    else
        ath__render_select(c, s->select);
    c->label_all = labelled;
    c->scope = scope;
    ath__buf_char(&c->out, ')');
    return renamed;
}

static void write_sample(ath__compiler *c, const ath_source *s) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_ARRAYS)) { /* PostgreSQL alone has either */
        ath__cannot(c, "TABLESAMPLE");
        return;
    }
    ath__buf_str(&c->out, " TABLESAMPLE ");
    ath__render(c, s->sample, NULL);
    if (!s->seed)
        return;
    ath__buf_str(&c->out, " REPEATABLE (");
    ath__render(c, s->seed, NULL);
    ath__buf_char(&c->out, ')');
}

/* In parentheses where others are joined to it there. */
static void write_class(ath__compiler *c, const ath_source *s, const ath_table *table, const ath__scope *scope) {
    ath__from from = {.table = table};
    ath__from_fill(&from, s->alias);
    ath__render_class(c, &from);
    write_joins(c, s->joins, s->join_count, scope);
    ath__buf_str(&c->out, s->join_count ? ")" : "");
}

static void write_source(ath__compiler *c, const ath_source *s, const ath__scope *scope) {
    bool renamed = false;
    ath__buf_str(&c->out, s->join_count ? "(" : "");
    if (s->select) {
        renamed = write_subquery(c, s);
    } else if (s->function && !ath__dialect_can(c->dialect, ATH__CAN_ARRAYS) &&
               !ath__dialect_can(c->dialect, ATH__CAN_JSON_EACH)) {
        ath__cannot(c, "functions in FROM");
    } else if (s->function) {
        ath__buf_str(&c->out, s->lateral ? "LATERAL " : "");
        ath__render(c, s->function, NULL);
    } else if (s->model) {
        const ath_table *table = c->error->status == ATH_OK ? ath_model_table(s->model, c->error) : NULL;
        if (table && ath__table_is_joined(table)) {
            write_class(c, s, table, scope);
            return;
        }
        ath__render_table(c, table, NULL, s->model->table ? s->model->table : s->model->name);
    } else if (s->described) {
        ath__render_table(c, s->described, NULL, s->described->name);
    } else if (s->table) {
        ath__render_table(c, NULL, s->schema, s->table);
    }
    write_source_alias(c, s, renamed);
    if (s->sample)
        write_sample(c, s);
    write_joins(c, s->joins, s->join_count, scope);
    ath__buf_str(&c->out, s->join_count ? ")" : "");
}

void ath__render_sources(ath__compiler *c, ath_source_list list) {
    for (size_t i = 0; i < list.count; i++) {
        ath__buf_str(&c->out, i ? ", " : "");
        write_source(c, &list.items[i], c->scope);
    }
}

/* The table itself, or a class that it inherits from. */
static bool is_target(const ath__constraint *key, const ath_table *t) {
    while (t && !ath__same_table(key->target_schema, key->target, t))
        t = ath__table_super(t);
    return t != NULL;
}

/* The foreign keys of `child` that point to `parent`. */
static const ath__constraint *only_key(const ath_table *child, const ath_table *parent, int *found) {
    const ath__constraint *key = NULL;
    for (size_t i = 0; child && parent && i < child->constraint_count; i++) {
        const ath__constraint *k = &child->constraints[i];
        if (k->kind != ATH__FOREIGN_KEY || !is_target(k, parent))
            continue;
        key = k;
        ++*found;
    }
    return key;
}

static void write_column(ath__compiler *c, const ath__from *from, const char *column) {
    const ath__column *there = from->leaf ? ath__table_column_named(from->table, column) : NULL;
    const ath_table *home = there ? there->home : from->leaf;
    const char *schema = home ? ath__table_schema(home) : from->schema;
    ath__render_table(c, NULL, from->aliased ? NULL : schema, ath__from_name(c, from, home));
    ath__buf_char(&c->out, '.');
    ath__dialect_name(c->dialect, &c->out, column);
}

/* The columns that are referred to come first, as SQLAlchemy has them. */
static void write_key(ath__compiler *c, const ath__constraint *key, const ath__from *child, const ath__from *parent) {
    for (size_t i = 0; i < key->columns.count; i++) {
        ath__buf_str(&c->out, i ? " AND " : "");
        write_column(c, parent, key->target_columns.names[i]);
        ath__buf_str(&c->out, " = ");
        write_column(c, child, key->columns.names[i]);
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
        write_key(c, key, child, parent);
    else if (c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "join to %s without .on: %s foreign key links it to the tables before it",
                  joined->name, found ? "more than one" : "no");
}

static void write_on(ath__compiler *c, const ath_join_clause *join, const ath__scope *scope) {
    ath__from from;
    if (join->kind == ATH_JOIN_CROSS)
        return;
    if (join->source.lateral && !join->on_) {
        ath__buf_str(&c->out, " ON true");
        return;
    }
    ath__buf_str(&c->out, " ON ");
    if (join->on_)
        ath__render_condition(c, join->on_);
    else if (ath__from_of_source(c, &join->source, &from))
        derive_on(c, scope, &from);
    if (!join->filter_)
        return;
    ath__buf_str(&c->out, " AND ");
    ath__render_grouped(c, join->filter_, NULL);
}

static const char *join_word(ath__compiler *c, ath_join_kind kind) {
    switch (kind) {
    case ATH_JOIN_LEFT:
        return "LEFT OUTER JOIN";
    case ATH_JOIN_CROSS:
        return "CROSS JOIN";
    case ATH_JOIN_RIGHT:
        if (!ath__dialect_can(c->dialect, ATH__CAN_RIGHT_JOIN))
            ath__cannot(c, "RIGHT JOIN behind other joins (put its table first and join the others to it)");
        return "RIGHT OUTER JOIN";
    case ATH_JOIN_FULL:
        if (!ath__dialect_can(c->dialect, ATH__CAN_FULL_JOIN))
            ath__cannot(c, "FULL JOIN");
        return "FULL OUTER JOIN";
    default:
        return c->dialect->inner_join ? c->dialect->inner_join : "JOIN";
    }
}

static bool is_joined_class(const ath_model *model) {
    const ath_table *t = ath_model_table(model, NULL);
    return t && ath__table_is_joined(t);
}

static void write_join(ath__compiler *c, const ath_join_clause *join, const ath__scope *scope) {
    const ath_source *s = &join->source;
    bool grouped = s->model && !s->join_count && c->error->status == ATH_OK && is_joined_class(s->model);
    ath__buf_printf(&c->out, grouped ? " %s (" : " %s ", join_word(c, join->kind));
    write_source(c, s, scope);
    ath__buf_str(&c->out, grouped ? ")" : "");
    write_on(c, join, scope);
}

static void write_joins(ath__compiler *c, const ath_join_clause *joins, size_t count, const ath__scope *scope) {
    for (size_t i = 0; i < count && c->error->status == ATH_OK; i++)
        write_join(c, &joins[i], scope);
}

/* The source behind an entry of the scope: the caller's, or the table that was derived. */
static void write_from(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope, const ath__from *from) {
    for (size_t i = 0; i < s->from.count; i++) {
        ath__from other;
        if (ath__from_of_source(c, &s->from.items[i], &other) && same_from(&other, from)) {
            write_source(c, &s->from.items[i], scope);
            return;
        }
    }
    if (from->leaf)
        ath__render_class(c, from);
    else
        ath__render_table(c, NULL, from->schema, from->name);
}

/* ---- which of the plain sources a join belongs to ---- */

static bool is_of(const ath__from *item, const ath_model *model) {
    const ath_table *t = item->model && item->model != model && item->table ? ath_model_table(model, NULL) : NULL;
    return item->model == model || (t && ath__share_rows(item->table, t));
}

/* The class that an ancestor came with. */
static const ath__from *owner_of(const ath__scope *scope, const ath__from *implied) {
    for (size_t i = 0; i < scope->count; i++) {
        const ath__from *item = &scope->items[i];
        bool same_alias =
            implied->alias && item->alias ? strcmp(implied->alias, item->alias) == 0 : implied->alias == item->alias;
        if (!item->implied && item->leaf == implied->leaf && same_alias)
            return item;
    }
    return implied;
}

/* The entry of the scope that an expression speaks of first, other than `but`. */
static const ath__from *spoken_of(const ath__scope *scope, const ath_expr *e, const ath__from *but, int depth) {
    if (!e || depth > ATH__COMPILE_DEPTH || e->node == ATH_NODE_ARRAY)
        return NULL;
    for (size_t i = 0; i < scope->count; i++) {
        const ath__from *item = &scope->items[i];
        bool named = e->node == ATH_NODE_NAME && e->u.name.table && strcmp(e->u.name.table, item->name) == 0;
        if (e->node == ATH_NODE_COLUMN)
            named = e->u.column.alias ? item->aliased && strcmp(item->name, e->u.column.alias) == 0
                                      : !item->aliased && is_of(item, e->u.column.model);
        if (named && !same_from(item, but))
            return item->implied ? owner_of(scope, item) : item;
    }
    for (uint32_t i = 0; i < e->count; i++) {
        const ath__from *found = spoken_of(scope, e->args[i], but, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

/* For a join without .on: the plain source, or joined one, that a foreign key links it to. */
static const ath__from *linked_to(const ath__scope *scope, const ath__from *joined) {
    int found = 0;
    for (size_t i = 0; i < scope->count && !same_from(&scope->items[i], joined); i++)
        if (only_key(joined->table, scope->items[i].table, &found) ||
            only_key(scope->items[i].table, joined->table, &found))
            return &scope->items[i];
    return NULL;
}

/* groups[i]: the plain source that join i hangs on. */
static void group_joins(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope, uint8_t *groups) {
    uint8_t of_item[FROM_LIMIT] = {0};
    for (size_t i = 0; i < scope->plain; i++)
        of_item[i] = (uint8_t)i;
    for (size_t i = 0; i < s->joins.count && i < FROM_LIMIT; i++) {
        const ath_join_clause *join = &s->joins.items[i];
        ath__from from;
        groups[i] = 0;
        if (!ath__from_of_source(c, &join->source, &from))
            return;
        const ath__from *left = join->on_ ? spoken_of(scope, join->on_, &from, 0) : linked_to(scope, &from);
        const ath__from *own = find(scope, &from);
        groups[i] = left ? of_item[left - scope->items] : 0;
        if (own)
            of_item[own - scope->items] = groups[i];
    }
}

/* A RIGHT JOIN that comes first is a LEFT JOIN with its sides swapped. */
static bool swaps(const ath__compiler *c, const ath_join_clause *join) {
    return join->kind == ATH_JOIN_RIGHT && !ath__dialect_can(c->dialect, ATH__CAN_RIGHT_JOIN);
}

static void write_group(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope, const uint8_t *groups,
                        size_t group) {
    bool first = true, written = false;
    for (size_t i = 0; i < s->joins.count && c->error->status == ATH_OK; i++) {
        const ath_join_clause *join = &s->joins.items[i];
        if (groups[i] != group)
            continue;
        if (first && swaps(c, join)) {
            write_source(c, &join->source, scope);
            ath__buf_str(&c->out, " LEFT OUTER JOIN ");
            write_from(c, s, scope, &scope->items[group]);
            write_on(c, join, scope);
        } else {
            if (first)
                write_from(c, s, scope, &scope->items[group]);
            write_join(c, join, scope);
        }
        first = false;
        written = true;
    }
    if (!written)
        write_from(c, s, scope, &scope->items[group]);
}

/* Entries of the scope that a join in parentheses has written already. */
static bool is_nested(ath__compiler *c, const ath_select_stmt *s, const ath__from *item) {
    for (size_t i = 0; i < s->from.count; i++)
        for (size_t j = 0; j < s->from.items[i].join_count; j++) {
            ath__from inner;
            if (ath__from_of_source(c, &s->from.items[i].joins[j].source, &inner) && same_from(&inner, item))
                return true;
        }
    return false;
}

void ath__render_from(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope) {
    uint8_t groups[FROM_LIMIT] = {0};
    group_joins(c, s, scope, groups);
    for (size_t i = 0, written = 0; i < scope->plain && c->error->status == ATH_OK; i++) {
        if (scope->items[i].implied || is_nested(c, s, &scope->items[i]))
            continue;
        ath__buf_str(&c->out, written++ ? ", " : " FROM ");
        write_group(c, s, scope, groups, i);
    }
    if (!scope->plain && s->joins.count && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_ARGUMENT, "there is a join, but nothing to join to: name a .model or .from");
}
