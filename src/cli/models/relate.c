/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: relations, named from foreign keys.
 *
 * A foreign key gives its table a belongs_to, named after the column, and the table that it refers to a has_many named
 * after the plural (has_one after the singular, when the key is unique).  A table of two foreign keys and nothing else is
 * an association: both sides get a has_many through it.  docs/models.md has the rules in full.
 */
#include "cli/models/models.h"

enum { MOST_RELATIONS = 64 }; /* of a model, the library's limit */

/* One foreign key between two models. */
typedef struct edge {
    models_model *child, *parent;
    const ath_reflected_foreign_key *key;
    size_t siblings; /* foreign keys of the child to this parent, this one among them */
    bool has_twin;   /* another one over the same columns */
    const char *one; /* the child's relation; NULL: it has none */
    size_t place;    /* among the child's */
} edge;

typedef struct relating {
    models_plan *plan;
    edge *edges;
    size_t count;
} relating;

static bool is_keyed(const models_model *m) {
    return m && !m->is_view && m->table->primary_key.columns.count;
}

/* ---- sets of names ---- */

static bool has_name(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.names[i], name) == 0)
            return true;
    return false;
}

static bool is_within(ath_name_list some, ath_name_list all) {
    for (size_t i = 0; i < some.count; i++)
        if (!has_name(all, some.names[i]))
            return false;
    return some.count != 0;
}

/* Whether an index keeps its columns unique, for all rows. */
static bool is_unique_within(const ath_reflected_index *x, ath_name_list columns) {
    if (!x->unique || x->where || x->invalid)
        return false;
    for (size_t i = 0; i < x->parts.count; i++) {
        const ath_index_part *p = &x->parts.parts[i];
        if (!p->column || p->mysql_length || !has_name(columns, p->column))
            return false;
    }
    return x->parts.count != 0;
}

/* Whether no two rows of the table can refer to the same. */
static bool is_unique(const ath_reflected_table *t, ath_name_list columns) {
    if (is_within(t->primary_key.columns, columns))
        return true;
    for (size_t i = 0; i < t->unique_count; i++)
        if (!t->uniques[i].duplicates_index && is_within(t->uniques[i].columns, columns))
            return true;
    for (size_t i = 0; i < t->index_count; i++)
        if (is_unique_within(&t->indexes[i], columns))
            return true;
    return false;
}

/* ---- adding ---- */

static models_relation *add(models_plan *plan, models_model *m) {
    if (m->relation_count == m->relation_capacity) {
        size_t capacity = m->relation_capacity ? m->relation_capacity * 2 : 8;
        models_relation *larger = ath__arena_zero(&plan->arena, capacity * sizeof *larger);
        if (!larger) {
            models_no_memory(plan);
            return NULL;
        }
        if (m->relation_count)
            memcpy(larger, m->relations, m->relation_count * sizeof *larger);
        m->relations = larger;
        m->relation_capacity = capacity;
    }
    return &m->relations[m->relation_count++];
}

/* The first of the names that is free in the model, else the last with a number. */
static const char *choose(models_plan *plan, const models_model *m, const char *const *names, size_t count) {
    const char *last = "relation";
    for (size_t i = 0; i < count; i++) {
        const char *name = names[i] ? models_safe(plan, names[i], "relation") : NULL;
        if (name && !models_has_field(m, name))
            return name;
        last = name ? name : last;
    }
    const char *name = last;
    for (int n = 2; models_has_field(m, name) && plan->error.status == ATH_OK; n++)
        name = models_text(plan, "%s_%d", last, n);
    return name;
}

/* ---- names ---- */

static const char *snake_of(models_plan *plan, const models_model *m) {
    return models_snake(plan, m->table->name);
}

static bool take_end(models_plan *plan, const char *name, const char *end, const char **rest) {
    size_t size = strlen(name), tail = strlen(end);
    if (size <= tail || strcmp(name + size - tail, end) != 0)
        return false;
    *rest = models_text(plan, "%.*s", (int)(size - tail), name);
    return true;
}

/* "author_id" -> "author"; NULL when nothing in the name says that it refers to something. */
static const char *stem(models_plan *plan, const char *column) {
    static const char *const tails[] = {"_id", "_fk", "_uuid", "_guid", "_code", "_key"};
    static const char *const heads[] = {"id_", "fk_"};
    const char *name = models_snake(plan, column), *rest;
    for (size_t i = 0; i < ATH_COUNT_OF(tails); i++)
        if (take_end(plan, name, tails[i], &rest))
            return rest;
    for (size_t i = 0; i < ATH_COUNT_OF(heads); i++)
        if (strncmp(name, heads[i], 3) == 0 && name[3])
            return name + 3;
    return NULL;
}

/* The column that a foreign key is named after: its own, or of several the one that is called otherwise than what it
 * refers to (tenant_id -> tenant_id, author_id -> id). */
static const char *telling_column(const ath_reflected_foreign_key *key) {
    const char *found = NULL;
    if (key->columns.count == 1)
        return key->columns.names[0];
    for (size_t i = 0; i < key->columns.count; i++) {
        if (strcmp(key->columns.names[i], key->referred_columns.names[i]) == 0)
            continue;
        if (found)
            return NULL;
        found = key->columns.names[i];
    }
    return found;
}

static const char *joined(models_plan *plan, const ath_reflected_foreign_key *key) {
    const char *text = NULL;
    for (size_t i = 0; i < key->columns.count; i++)
        text =
            models_text(plan, "%s%s%s", text ? text : "", text ? "_" : "", models_snake(plan, key->columns.names[i]));
    return text ? text : "";
}

static const char *name_of_one(models_plan *plan, const edge *e) {
    const char *column = telling_column(e->key), *target = models_singular(plan, snake_of(plan, e->parent));
    const char *by_stem = column ? stem(plan, column) : NULL;
    const char *whole = models_text(plan, "%s_%s", column ? models_snake(plan, column) : joined(plan, e->key), target);
    bool only = e->siblings == 1 && e->child != e->parent;
    const char *stemmed = by_stem ? models_text(plan, "%s_%s", by_stem, target) : NULL;
    const char *names[] = {by_stem, only ? target : NULL, stemmed, whole};
    return choose(plan, e->child, names, ATH_COUNT_OF(names));
}

static const char *name_of_many(models_plan *plan, const edge *e, bool one) {
    const char *table = snake_of(plan, e->child);
    const char *plain = one ? models_singular(plan, table) : models_plural(plan, table);
    const char *by = models_text(plan, "%s_by_%s", plain, e->one);
    bool tree = e->child == e->parent && !one && strncmp(e->one, "parent", 6) == 0;
    const char *names[] = {tree && e->siblings == 1 ? "children" : NULL, e->siblings == 1 ? plain : NULL, by};
    return choose(plan, e->parent, names, ATH_COUNT_OF(names));
}

/* ---- foreign keys ---- */

static void find_edges(relating *r, models_model *m) {
    const char *why;
    for (size_t i = 0; i < m->table->foreign_key_count; i++) {
        const ath_reflected_foreign_key *key = &m->table->foreign_keys[i];
        models_model *parent = models_of(r->plan, ath__describe_target(&r->plan->d, m->table, key, &why));
        if (is_keyed(m) && is_keyed(parent))
            r->edges[r->count++] = (edge){.child = m, .parent = parent, .key = key};
    }
}

static size_t position(const ath_reflected_table *t, const char *column) {
    size_t i = 0;
    while (i < t->column_count && strcmp(t->columns[i].name, column) != 0)
        i++;
    return i;
}

/* By the places of their columns: the order in which a database tells its constraints means nothing. */
static bool comes_before(const edge *a, const edge *b) {
    size_t shared = a->key->columns.count < b->key->columns.count ? a->key->columns.count : b->key->columns.count;
    for (size_t i = 0; i < shared; i++) {
        size_t x = position(a->child->table, a->key->columns.names[i]);
        size_t y = position(b->child->table, b->key->columns.names[i]);
        if (x != y)
            return x < y;
    }
    if (a->key->columns.count != b->key->columns.count)
        return a->key->columns.count < b->key->columns.count;
    return strcmp(a->key->referred_table, b->key->referred_table) < 0;
}

/* Those of one child stand together, and are few. */
static void sort_edges(relating *r) {
    for (size_t i = 1; i < r->count; i++) {
        edge moving = r->edges[i];
        size_t to = i;
        for (; to > 0 && r->edges[to - 1].child == moving.child && comes_before(&moving, &r->edges[to - 1]); to--)
            r->edges[to] = r->edges[to - 1];
        r->edges[to] = moving;
    }
}

static void count_siblings(relating *r) {
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < r->count; k++) {
            const edge *other = &r->edges[k];
            if (other->child != r->edges[i].child || other->parent != r->edges[i].parent)
                continue;
            r->edges[i].siblings++;
            if (k != i && is_within(other->key->columns, r->edges[i].key->columns) &&
                other->key->columns.count == r->edges[i].key->columns.count)
                r->edges[i].has_twin = true;
        }
}

static void set_columns(models_relation *to, const edge *e) {
    to->foreign_key = e->siblings > 1 ? e->key->columns : (ath_name_list){0};
    to->references = e->has_twin ? e->key->referred_columns : (ath_name_list){0};
}

static bool has_room(const models_model *m) {
    return m->relation_count < MOST_RELATIONS;
}

static void relate_up(models_plan *plan, edge *e) {
    models_relation *up = has_room(e->child) ? add(plan, e->child) : NULL;
    if (!up)
        return;
    *up = (models_relation){.side = ATH_BELONGS_TO, .target = e->parent, .field = ""};
    e->place = e->child->relation_count - 1;
    e->one = name_of_one(plan, e);
    e->child->relations[e->place].field = e->one;
    set_columns(&e->child->relations[e->place], e);
}

static void relate_down(models_plan *plan, const edge *e) {
    bool one = is_unique(e->child->table, e->key->columns);
    const char *name = e->one ? name_of_many(plan, e, one) : NULL;
    models_relation *down = name && has_room(e->parent) ? add(plan, e->parent) : NULL;
    if (!down)
        return;
    *down = (models_relation){.field = name,
                              .back = e->one,
                              .side = one ? ATH_HAS_ONE : ATH_HAS_MANY,
                              .target = e->child,
                              .ondelete = e->key->ondelete};
    set_columns(down, e);
    e->child->relations[e->place].back = name;
}

/* ---- associations ---- */

/* The two foreign keys of a table that has nothing else, and that nothing refers to. */
static bool is_association(const relating *r, models_model *m, edge ends[2]) {
    const ath_reflected_table *t = m->table;
    const char *why;
    size_t columns = 0;
    if (m->is_view || t->foreign_key_count != 2)
        return false;
    for (int i = 0; i < 2; i++) {
        const ath_reflected_foreign_key *key = &t->foreign_keys[i];
        models_model *parent = models_of(r->plan, ath__describe_target(&r->plan->d, t, key, &why));
        if (!is_keyed(parent) || parent == m || is_unique(t, key->columns))
            return false;
        ends[i] = (edge){.child = m, .parent = parent, .key = key};
        columns += key->columns.count;
    }
    for (size_t i = 0; i < t->column_count; i++)
        if (!has_name(ends[0].key->columns, t->columns[i].name) && !has_name(ends[1].key->columns, t->columns[i].name))
            return false;
    if (columns != t->column_count)
        return false;
    for (size_t i = 0; i < r->count; i++)
        if (r->edges[i].parent == m)
            return false;
    return true;
}

static const char *name_through(models_plan *plan, const edge *near, const edge *far) {
    const char *column = telling_column(far->key), *by_column = column ? stem(plan, column) : NULL;
    const char *target = models_plural(plan, snake_of(plan, far->parent));
    const char *by = models_text(plan, "%s_by_%s", target, models_singular(plan, snake_of(plan, near->child)));
    bool same = near->parent == far->parent;
    const char *own = by_column ? models_plural(plan, by_column) : NULL;
    const char *names[] = {same ? own : target, same ? NULL : by,
                           own ? models_text(plan, "%s_by_%s", own, models_singular(plan, snake_of(plan, near->child)))
                               : by};
    return choose(plan, near->parent, names, ATH_COUNT_OF(names));
}

static void relate_through(models_plan *plan, models_model *m, const edge ends[2]) {
    models_relation *made[2];
    size_t places[2];
    bool same = ends[0].parent == ends[1].parent;
    for (int i = 0; i < 2; i++)
        if (ends[i].parent->relation_count + 1 + same > MOST_RELATIONS)
            return;
    for (int i = 0; i < 2; i++) {
        const edge *near = &ends[i], *far = &ends[1 - i];
        const char *name = name_through(plan, near, far);
        if (!add(plan, near->parent))
            return;
        places[i] = near->parent->relation_count - 1;
        near->parent->relations[places[i]] =
            (models_relation){.field = name, .side = ATH_HAS_MANY, .target = far->parent, .secondary = m};
        if (same) {
            near->parent->relations[places[i]].foreign_key = near->key->columns;
            near->parent->relations[places[i]].target_key = far->key->columns;
        }
    }
    for (int i = 0; i < 2; i++)
        made[i] = &ends[i].parent->relations[places[i]];
    made[0]->back = made[1]->field;
    made[1]->back = made[0]->field;
}

/* ---- all ---- */

static size_t foreign_keys_in_all(const models_plan *plan) {
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++)
        count += plan->models[i].table->foreign_key_count;
    return count;
}

/* What a table belongs to is named first, of all tables: those names come from columns, the others give way. */
ath_status models_relate(models_plan *plan) {
    relating r = {.plan = plan};
    edge(*ends)[2] = ath__arena_zero(&plan->arena, (plan->count + 1) * sizeof *ends);
    r.edges = ath__arena_zero(&plan->arena, (foreign_keys_in_all(plan) + 1) * sizeof *r.edges);
    if (!ends || !r.edges)
        return models_no_memory(plan);
    for (size_t i = 0; i < plan->count; i++)
        find_edges(&r, &plan->models[i]);
    sort_edges(&r);
    count_siblings(&r);
    for (size_t i = 0; i < plan->count; i++)
        plan->models[i].is_association = is_association(&r, &plan->models[i], ends[i]);
    for (size_t i = 0; i < r.count; i++)
        if (!r.edges[i].child->is_association)
            relate_up(plan, &r.edges[i]);
    for (size_t i = 0; i < r.count; i++)
        if (!r.edges[i].child->is_association)
            relate_down(plan, &r.edges[i]);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->models[i].is_association)
            relate_through(plan, &plan->models[i], ends[i]);
    return plan->error.status;
}
