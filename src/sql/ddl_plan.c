/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: all that creating or dropping a metadata takes, in order.
 *
 * Created: enum types, sequences, tables (each with its indexes and comments) so that referenced ones come first, and the
 * foreign keys of cycles when all tables stand.  Dropped: the same backwards.
 */
#include "sql/ddl.h"

typedef struct planning {
    ath__ddl_plan *plan;
    const ath_metadata *md;
    const ath_dialect *dialect;
    const ath_allocator *a;
    ath__ddl_exists_fn exists;
    void *context;
    ath_error *error;
    const ath_table **tables; /* those concerned, in order */
    const bool **left_out;    /* of each: constraints that are written by ALTER TABLE */
    size_t count;
    const bool *cyclic; /* used while sorting: by place in `tables` before */
} planning;

static ath_status add_step(planning *p, ath__ddl_step step) {
    ath__ddl_plan *plan = p->plan;
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity ? plan->capacity * 2 : 32;
        ath__ddl_step *larger = ath__arena_alloc(&plan->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(p->error);
        if (plan->count)
            memcpy(larger, plan->steps, plan->count * sizeof *larger);
        plan->steps = larger;
        plan->capacity = capacity;
    }
    plan->steps[plan->count++] = step;
    return ATH_OK;
}

/* Whether something is to be done: created when it is not there, dropped when it is. */
static ath_status concerned(planning *p, int object, const char *schema, const char *name, bool *yes) {
    bool there = p->plan->drop;
    if (p->exists)
        ATH_TRY(p->exists(p->context, object, schema, name, &there));
    *yes = there == p->plan->drop;
    return ATH_OK;
}

/* ---- which tables ---- */

static ath_status gather_tables(planning *p) {
    size_t all = ath__metadata_count(p->md);
    p->tables = ath__arena_alloc(&p->plan->arena, (all + 1) * sizeof *p->tables);
    p->left_out = ath__arena_zero(&p->plan->arena, (all + 1) * sizeof *p->left_out);
    if (!p->tables || !p->left_out)
        return ath__fail_memory(p->error);
    for (size_t i = 0; i < all; i++) {
        const ath_table *t = ath__metadata_at(p->md, i, p->error);
        bool yes;
        if (!t)
            return p->error->status;
        if (ath__metadata_shares(p->md, i))
            continue;
        ATH_TRY(concerned(p, ATH__OBJECT_TABLE, t->opts.schema, t->name, &yes));
        if (yes)
            p->tables[p->count++] = t;
    }
    return ATH_OK;
}

/* ---- cycles ---- */

static size_t place_of(const planning *p, const ath_table *table) {
    size_t i = 0;
    while (i < p->count && p->tables[i] != table)
        i++;
    return i;
}

static size_t target_of(const planning *p, const ath__constraint *c) {
    size_t i = 0;
    while (i < p->count && !ath__same_table(c->target_schema, c->target, p->tables[i]))
        i++;
    return i;
}

/* Marks what can be reached from a table by foreign keys; the table itself only when a way leads back to it. */
static void reach(const planning *p, size_t from, bool *seen, uint32_t *stack) {
    size_t depth = 0;
    memset(seen, 0, p->count);
    stack[depth++] = (uint32_t)from;
    while (depth) {
        const ath_table *t = p->tables[stack[--depth]];
        for (size_t k = 0; k < t->constraint_count; k++) {
            const ath__constraint *c = &t->constraints[k];
            if (c->kind != ATH__FOREIGN_KEY || c->use_alter)
                continue;
            size_t target = target_of(p, c);
            if (target == p->count || p->tables[target] == t || seen[target])
                continue;
            seen[target] = true;
            stack[depth++] = (uint32_t)target;
        }
    }
}

/* A foreign key of a cycle can be taken out when it can be written, or dropped, by itself. */
static bool is_removable(const planning *p, const ath__constraint *c) {
    return !p->plan->drop || ath__ddl_is_named(p->md->naming, c) ||
           !ath__dialect_can(p->dialect, ATH__CAN_ADD_CONSTRAINT);
}

static bool counts_without_cycles(void *context, const ath_table *table, const ath__constraint *c) {
    const planning *p = context;
    return !p->cyclic[place_of(p, table)] || !is_removable(p, c);
}

static ath_status no_way_out(planning *p, size_t from) {
    char names[300] = "";
    for (size_t i = from; i < p->count; i++) {
        size_t size = strlen(names);
        snprintf(names + size, sizeof names - size, "%s%s", i > from ? ", " : "", p->tables[i]->name);
    }
    return ath__fail(p->error, ATH_ARGUMENT,
                     "cannot sort tables for DROP: foreign keys form a cycle between %s; give them names, so that they "
                     "can be dropped first",
                     names);
}

/* The tables as they stood, sorted anew without the foreign keys of tables that are in a cycle. */
static ath_status sort_without_cycles(planning *p, size_t cycle_from) {
    ath__arena *arena = &p->plan->arena;
    bool *cyclic = ath__arena_zero(arena, p->count + 1), *seen = ath__arena_zero(arena, p->count + 1);
    uint32_t *stack = ath__arena_alloc(arena, (p->count + 1) * sizeof *stack);
    const ath_table **again = ath__arena_alloc(arena, (p->count + 1) * sizeof *again);
    if (!cyclic || !seen || !stack || !again)
        return ath__fail_memory(p->error);
    for (size_t i = cycle_from; i < p->count; i++) {
        reach(p, i, seen, stack);
        cyclic[i] = seen[i];
    }
    p->cyclic = cyclic;
    memcpy(again, p->tables, p->count * sizeof *again);
    size_t open_from;
    ATH_TRY(ath__tables_sort(p->a, again, p->count, counts_without_cycles, p, &open_from, p->error));
    const ath_table **before = p->tables;
    bool *moved = ath__arena_zero(arena, p->count + 1);
    if (!moved)
        return ath__fail_memory(p->error);
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; k < p->count; k++)
            if (before[k] == again[i])
                moved[i] = cyclic[k];
    p->tables = again;
    p->cyclic = moved;
    return open_from < p->count ? no_way_out(p, open_from) : ATH_OK;
}

/* Which constraints are written by ALTER TABLE. */
static ath_status mark_left_out(planning *p) {
    for (size_t i = 0; i < p->count; i++) {
        const ath_table *t = p->tables[i];
        bool *marks = ath__arena_zero(&p->plan->arena, t->constraint_count + 1);
        if (!marks)
            return ath__fail_memory(p->error);
        for (size_t k = 0; k < t->constraint_count; k++) {
            const ath__constraint *c = &t->constraints[k];
            bool of_cycle = p->cyclic && p->cyclic[i] && is_removable(p, c);
            marks[k] = c->kind == ATH__FOREIGN_KEY && (c->use_alter || of_cycle);
        }
        p->left_out[i] = marks;
    }
    return ATH_OK;
}

/* The order in which the metadata names them must not be lost by the first sort, which puts cycles last. */
static ath_status sort(planning *p) {
    size_t cycle_from, size = (p->count + 1) * sizeof *p->tables;
    const ath_table **sorted = ath__arena_copy(&p->plan->arena, p->tables, size);
    if (!sorted)
        return ath__fail_memory(p->error);
    ATH_TRY(ath__tables_sort(p->a, sorted, p->count, NULL, NULL, &cycle_from, p->error));
    if (cycle_from < p->count)
        ATH_TRY(sort_without_cycles(p, 0));
    else
        p->tables = sorted;
    return ath__dialect_can(p->dialect, ATH__CAN_ADD_CONSTRAINT) ? mark_left_out(p) : ATH_OK;
}

/* ---- steps ---- */

static bool same_text(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

static bool same_labels(const ath_type *a, const ath_type *b) {
    bool same = a->name_count == b->name_count;
    for (uint32_t i = 0; same && i < a->name_count; i++)
        same = strcmp(a->names[i], b->names[i]) == 0;
    return same;
}

static ath_status add_type(planning *p, const ath_type *type) {
    const ath_type_details *d = type->details;
    bool yes;
    for (size_t i = 0; i < p->plan->count; i++) {
        const ath_type *other = p->plan->steps[i].type;
        if (!other || !same_text(other->details->name, d->name) || !same_text(other->details->schema, d->schema))
            continue;
        if (same_labels(type, other))
            return ATH_OK;
        return ath__fail(p->error, ATH_ARGUMENT, "metadata %s: enum type %s is described twice, with other labels",
                         p->md->name, d->name);
    }
    ATH_TRY(concerned(p, ATH__OBJECT_TYPE, d->schema, d->name, &yes));
    return yes ? add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_TYPE, .type = type}) : ATH_OK;
}

/* Types belong to the metadata: those of tables that are there already too. */
static ath_status add_types(planning *p) {
    for (size_t i = 0; i < ath__metadata_count(p->md); i++) {
        const ath_table *t = ath__metadata_at(p->md, i, p->error);
        for (size_t k = 0; t && k < t->column_count; k++) {
            const ath_type *type = &t->columns[k].type;
            if (type->sql == ATH_SQL_ARRAY && type->details && type->details->item)
                type = type->details->item;
            if (!t->columns[k].expression && ath__dialect_enum_type(p->dialect, type))
                ATH_TRY(add_type(p, type));
        }
    }
    return ATH_OK;
}

/* A database that has no sequences does without those of the metadata, as it does in SQLAlchemy: it numbers keys itself. */
static ath_status add_sequences(planning *p) {
    for (size_t i = 0; i < p->md->sequence_count && ath__dialect_can(p->dialect, ATH__CAN_SEQUENCES); i++) {
        const ath_sequence *s = &p->md->sequences[i];
        bool yes;
        ATH_TRY(concerned(p, ATH__OBJECT_SEQUENCE, s->schema, s->name, &yes));
        if (yes)
            ATH_TRY(add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_SEQUENCE, .sequence = s}));
    }
    return ATH_OK;
}

/* The name that the index will have; NULL with an error. */
static const char *index_name(planning *p, const ath_table *t, const ath__index *index) {
    ath__buf text;
    ath__buf_init(&text, p->a);
    ath__ddl w = {.dialect = p->dialect, .naming = p->md->naming, .out = &text, .error = p->error};
    const char *name = NULL;
    if (ath__ddl_index_name(&w, t, index, &text) == ATH_OK) {
        name = text.failed ? NULL : ath__arena_str(&p->plan->arena, ath__buf_text(&text));
        if (!name)
            ath__fail_memory(p->error);
    }
    ath__buf_done(&text);
    return name;
}

/* In the order of their names, whatever order they were described in. */
static ath_status add_indexes(planning *p, const ath_table *t) {
    size_t first = p->plan->count;
    const char **names = ath__arena_alloc(&p->plan->arena, (t->index_count + 1) * sizeof *names);
    if (!names)
        return ath__fail_memory(p->error);
    for (size_t i = 0; i < t->index_count; i++) {
        const char *name = index_name(p, t, &t->indexes[i]);
        if (!name)
            return p->error->status;
        ATH_TRY(add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_INDEX, .table = t, .index = &t->indexes[i]}));
        ath__ddl_step *steps = &p->plan->steps[first], moving = steps[i];
        size_t k = i;
        for (; k > 0 && strcmp(names[k - 1], name) > 0; k--) {
            steps[k] = steps[k - 1];
            names[k] = names[k - 1];
        }
        steps[k] = moving;
        names[k] = name;
    }
    return ATH_OK;
}

static ath_status add_comments(planning *p, const ath_table *t) {
    if (!ath__dialect_can(p->dialect, ATH__CAN_COMMENT_ON))
        return ATH_OK; /* they stand in CREATE TABLE, or nowhere (SQLite) */
    if (t->comment)
        ATH_TRY(add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_TABLE_COMMENT, .table = t}));
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].comment)
            ATH_TRY(add_step(
                p, (ath__ddl_step){.action = ATH__DDL_DO_COLUMN_COMMENT, .table = t, .column = &t->columns[i]}));
    for (size_t i = 0; i <= t->constraint_count; i++) {
        const ath__constraint *c = i < t->constraint_count ? &t->constraints[i] : t->primary;
        if (c && c->comment)
            ATH_TRY(
                add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_CONSTRAINT_COMMENT, .table = t, .constraint = c}));
    }
    return ATH_OK;
}

static ath_status add_tables(planning *p) {
    for (size_t i = 0; i < p->count; i++) {
        const ath_table *t = p->tables[i];
        ATH_TRY(add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_TABLE, .table = t, .left_out = p->left_out[i]}));
        if (p->plan->drop)
            continue;
        ATH_TRY(add_indexes(p, t));
        ATH_TRY(add_comments(p, t));
    }
    return ATH_OK;
}

static ath_status add_left_out(planning *p) {
    for (size_t i = 0; i < p->count; i++)
        for (size_t k = 0; p->left_out[i] && k < p->tables[i]->constraint_count; k++)
            if (p->left_out[i][k])
                ATH_TRY(add_step(p, (ath__ddl_step){.action = ATH__DDL_DO_CONSTRAINT,
                                                    .table = p->tables[i],
                                                    .constraint = &p->tables[i]->constraints[k]}));
    return ATH_OK;
}

static void turn_round(ath__ddl_plan *plan) {
    for (size_t i = 0; i < plan->count / 2; i++) {
        ath__ddl_step other = plan->steps[i];
        plan->steps[i] = plan->steps[plan->count - 1 - i];
        plan->steps[plan->count - 1 - i] = other;
    }
}

ath_status ath__ddl_plan_make(ath__ddl_plan *plan, const ath_allocator *a, const ath_metadata *md,
                              const ath_dialect *dialect, bool drop, ath__ddl_exists_fn exists, void *context,
                              ath_error *error) {
    *plan = (ath__ddl_plan){.drop = drop};
    ath__arena_init(&plan->arena, a);
    planning p = {
        .plan = plan, .md = md, .dialect = dialect, .a = a, .exists = exists, .context = context, .error = error};
    ATH_TRY(ath_metadata_check(md, error));
    ATH_TRY(gather_tables(&p));
    ATH_TRY(sort(&p));
    ATH_TRY(add_types(&p));
    ATH_TRY(add_sequences(&p));
    ATH_TRY(add_tables(&p));
    ATH_TRY(add_left_out(&p));
    if (drop)
        turn_round(plan);
    return ATH_OK;
}

void ath__ddl_plan_done(ath__ddl_plan *plan) {
    ath__arena_done(&plan->arena);
}

ath_status ath__ddl_step_write(ath__ddl *w, const ath__ddl_step *s, bool drop) {
    switch (s->action) {
    case ATH__DDL_DO_TYPE:
        return drop ? ath__ddl_drop_type(w, s->type, false, false) : ath__ddl_create_type(w, s->type);
    case ATH__DDL_DO_SEQUENCE:
        return drop ? ath__ddl_drop_sequence(w, s->sequence, false, false)
                    : ath__ddl_create_sequence(w, s->sequence, false);
    case ATH__DDL_DO_TABLE:
        return drop ? ath__ddl_drop_table(w, s->table, false, false)
                    : ath__ddl_create_table(w, s->table, s->left_out, false);
    case ATH__DDL_DO_INDEX:
        return ath__ddl_create_index(w, s->table, s->index, false);
    case ATH__DDL_DO_TABLE_COMMENT:
        return ath__ddl_table_comment(w, s->table, false);
    case ATH__DDL_DO_COLUMN_COMMENT:
        return ath__ddl_column_comment(w, s->table, s->column, false);
    case ATH__DDL_DO_CONSTRAINT_COMMENT:
        return ath__ddl_constraint_comment(w, s->table, s->constraint, false);
    default:
        return drop ? ath__ddl_drop_constraint(w, s->table, s->constraint, false, false)
                    : ath__ddl_add_constraint(w, s->table, s->constraint);
    }
}
