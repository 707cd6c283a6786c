/* SPDX-License-Identifier: Apache-2.0
 *
 * Indexes, uniques, checks and exclusions.  Each has a definition as text, written by the one compiler without its name:
 * so what a database does not keep, or keeps in another way, is out of the comparison by itself.
 */
#include "migrate/comparing.h"

/* ---- definitions ---- */

static const char *keep_text(ath__comparing *c, ath__buf *text) {
    const char *kept = text->failed ? NULL : ath__arena_str(c->arena, ath__buf_text(text));
    if (!kept)
        ath__fail_memory(c->error);
    return kept;
}

static ath_status constraint_text(ath__comparing *c, const ath_table *t, const ath__constraint *of, const char **text) {
    ath__constraint bare = *of;
    ath__buf out;
    ath__buf_init(&out, c->arena->allocator);
    ath__ddl w = {.dialect = c->dialect, .out = &out, .error = c->error};
    bare.name = NULL;
    bare.not_valid = false;
    ath_status status = ath__ddl_constraint(&w, t, &bare);
    if (of->kind == ATH__CHECK && !out.failed && out.size > sizeof "CHECK (" && out.data[out.size - 1] == ')') {
        out.size -= sizeof "CHECK ("; /* the condition alone */
        memmove(out.data, out.data + sizeof "CHECK (" - 1, out.size);
        out.data[out.size] = '\0';
    }
    *text = status == ATH_OK ? keep_text(c, &out) : NULL;
    ath__buf_done(&out);
    return *text ? ATH_OK : ath__failed(c->error);
}

/* Columns alone, without anything else said. */
static bool is_plain(const ath__index *x) {
    const ath_index_opts *o = &x->opts;
    for (size_t i = 0; i < x->parts.count; i++) {
        const ath_index_part *p = &x->parts.parts[i];
        if (!p->column || p->desc || p->nulls_first || p->nulls_last || p->collation || p->mysql_length)
            return false;
    }
    return !o->where && !o->include.count && !o->mysql_using && !o->mysql_prefix && !o->mysql_with_parser;
}

static ath_status index_text(ath__comparing *c, const ath_table *t, const ath__index *of, const char **text) {
    ath__index bare = *of;
    ath_table place = {.name = "t", .columns = t->columns, .column_count = t->column_count};
    ath__buf out;
    ath__buf_init(&out, c->arena->allocator);
    ath__ddl w = {.dialect = c->dialect, .out = &out, .error = c->error};
    bare.name = "x";
    bare.generated = false;
    bare.opts.postgresql_concurrently = false;
    ath_status status = ath__ddl_create_index(&w, &place, &bare, false);
    *text = status == ATH_OK ? keep_text(c, &out) : NULL;
    ath__buf_done(&out);
    return *text ? ATH_OK : ath__failed(c->error);
}

/* Where a unique index and a UNIQUE are one thing. */
static bool is_unique_either_way(const ath__comparing *c, const ath__index *x) {
    return x->unique && ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) && is_plain(x);
}

/* ---- gathering ---- */

static ath_status add_index(ath__comparing *c, const ath__itemizer *w, const ath_table *t, const ath__index *x,
                            ath__piece *part) {
    *part = (ath__piece){.kind = ATH_ITEM_INDEX, .match = ATH_ITEM_INDEX, .index = x};
    ATH_TRY(ath__final_index_name(w, t, x, &part->name));
    part->label = part->name;
    if (!is_unique_either_way(c, x))
        return index_text(c, t, x, &part->text);
    const ath__constraint same = {.kind = ATH__UNIQUE, .of_type = -1, .columns = x->columns};
    part->match = ATH_CONSTRAINT_UNIQUE;
    return constraint_text(c, t, &same, &part->text);
}

static ath_status add_constraint(ath__comparing *c, const ath__itemizer *w, const ath_table *t,
                                 const ath__constraint *of, ath__piece *part) {
    *part = (ath__piece){.kind = (int)of->kind, .match = (int)of->kind, .constraint = of};
    part->number = (unsigned)(of - t->constraints) + 1;
    ATH_TRY(ath__final_name(w, t, of, &part->name));
    part->label = part->name;
    if (!part->label &&
        !(part->label = ath__text_of(c, "athanor_%llu_%u", (unsigned long long)t->serial, part->number)))
        return ATH_NO_MEMORY;
    return constraint_text(c, t, of, &part->text);
}

/* A check that is said behind a column, as the constraint that it is. */
static ath_status add_column_check(ath__comparing *c, const ath__itemizer *w, const ath_table *t,
                                   const ath__column *column, ath__piece *part) {
    ath__constraint of = {.kind = ATH__CHECK, .of_type = -1, .name = column->check_name, .check = column->check};
    const ath__constraint *kept = ath__arena_copy(c->arena, &of, sizeof of);
    if (!kept)
        return ath__fail_memory(c->error);
    *part = (ath__piece){.kind = ATH__CHECK, .match = ATH__CHECK, .constraint = kept};
    ATH_TRY(ath__final_name(w, t, kept, &part->given));
    if (ath__compares_ddl(c, ATH__DDL_COLUMN_CHECK_UNNAMED))
        part->column = column->name;
    else
        part->name = part->given;
    part->label = part->name;
    part->number = (unsigned)column->position + 1;
    if (!part->label &&
        !(part->label = ath__text_of(c, "athanor_%llu_c%u", (unsigned long long)t->serial, part->number)))
        return ATH_NO_MEMORY;
    return constraint_text(c, t, kept, &part->text);
}

ath_status ath__pieces_of(ath__comparing *c, const ath__itemizer *w, const ath_table *t, ath__pieces *out) {
    size_t room = t->constraint_count + t->index_count + t->column_count + 1;
    *out = (ath__pieces){.items = ath__arena_zero(c->arena, room * sizeof *out->items)};
    if (!out->items)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *of = &t->constraints[i];
        if (of->kind != ATH__FOREIGN_KEY && of->kind != ATH__PRIMARY_KEY && ath__ddl_wants(c->dialect, t, of))
            ATH_TRY(add_constraint(c, w, t, of, &out->items[out->count++]));
    }
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].check && !t->columns[i].expression)
            ATH_TRY(add_column_check(c, w, t, &t->columns[i], &out->items[out->count++]));
    for (size_t i = 0; i < t->index_count; i++)
        ATH_TRY(add_index(c, w, t, &t->indexes[i], &out->items[out->count++]));
    return ATH_OK;
}

/* ---- matching ---- */

static const char *kept_text(const ath__pieces *kept, const ath__piece *part) {
    for (size_t i = 0; i < kept->count; i++) {
        const ath__piece *k = &kept->items[i];
        bool same = part->column ? ath__same_text(k->column, part->column) : ath__same_text(k->name, part->label);
        if (k->match == part->match && same)
            return k->text;
    }
    return NULL;
}

typedef struct matching {
    ath__pieces wanted, kept, again, found;
} matching;

static ath_status same_part(ath__comparing *c, const matching *m, const ath__piece *a, const ath__piece *b,
                            bool *same) {
    *same = false;
    if (a->match != b->match)
        return ATH_OK;
    ATH_TRY(ath__alike_kept(c, a->text, kept_text(&m->kept, a), b->text, same));
    const char *again = *same ? NULL : kept_text(&m->again, a);
    *same = *same || (again && strcmp(again, b->text) == 0);
    return ATH_OK;
}

/* A check behind a column that was changed stands behind no column any more: it is the table's, by its name or words. */
static ath_status counterpart_of_table(ath__comparing *c, const matching *m, const ath__piece *part, ath__piece **other,
                                       bool *changed) {
    for (size_t i = 0; i < m->found.count; i++) {
        ath__piece *f = &m->found.items[i];
        bool same, named = part->given && ath__same_text(f->name, part->given);
        if (f->seen || f->match != part->match || f->column)
            continue;
        ATH_TRY(same_part(c, m, part, f, &same));
        if (!same && !named)
            continue;
        *other = f;
        *changed = !same;
        if (named)
            break;
    }
    return ATH_OK;
}

/* The database's counterpart: by name; for what has no name of its own by what it says.  *changed when it says another
 * thing. */
static ath_status counterpart(ath__comparing *c, const matching *m, const ath__piece *part, ath__piece **other,
                              bool *changed) {
    bool same;
    *other = NULL;
    *changed = false;
    for (size_t i = 0; part->name && i < m->found.count; i++) {
        ath__piece *f = &m->found.items[i];
        if (f->seen || f->match != part->match || !ath__same_text(f->name, part->name))
            continue;
        *other = f;
        ATH_TRY(same_part(c, m, part, f, &same));
        *changed = !same;
        return ATH_OK;
    }
    for (size_t i = 0; !part->name && i < m->found.count; i++) {
        if (m->found.items[i].seen || !ath__same_text(part->column, m->found.items[i].column))
            continue;
        ATH_TRY(same_part(c, m, part, &m->found.items[i], &same));
        if (same) {
            *other = &m->found.items[i];
            return ATH_OK;
        }
    }
    return part->column ? counterpart_of_table(c, m, part, other, changed) : ATH_OK;
}

/* ---- operations ---- */

/* Under which name the database knows a UNIQUE that was not given one. */
static const char *real_name(const ath__pair *p, const ath__piece *part) {
    const ath_reflected_table *t = p->live->read;
    for (size_t i = 0; !part->name && part->kind == ATH__UNIQUE && i < t->unique_count; i++)
        if (ath__same_names(t->uniques[i].columns, part->constraint->columns))
            return t->uniques[i].name;
    return part->name;
}

static const char *kind_word(const ath__piece *part) {
    return part->kind == ATH__UNIQUE  ? "unique constraint"
           : part->kind == ATH__CHECK ? "check constraint"
                                      : "exclude constraint";
}

static ath_status drop(ath__comparing *c, ath__pair *p, const ath__piece *part) {
    bool index = part->kind == ATH_ITEM_INDEX;
    const char *name = real_name(p, part);
    const ath_table_item *item = index ? ath__item_of_index(&c->found, p->found, part->index)
                                       : ath__item_of_constraint(&c->found, p->found, part->constraint);
    return item ? ath__add_change(
                      c, (ath_operation){.kind = index ? ATH_OPERATION_DROP_INDEX : ATH_OPERATION_DROP_CONSTRAINT,
                                         .schema = p->wanted->opts.schema,
                                         .table = p->wanted->name,
                                         .name = name,
                                         .constraint = index ? (ath_constraint_kind)0 : (ath_constraint_kind)part->kind,
                                         .items = item,
                                         .item_count = 1,
                                         .exact_name = true})
                : ath__failed(c->error);
}

/* What is added gets a name in any case, so that it can be dropped again: "uq_t_a_b", "ck_t_1". */
static ath_status named(ath__comparing *c, const ath__pair *p, const ath__piece *part, ath__constraint *out) {
    const ath_table *t = p->wanted;
    *out = *part->constraint;
    if (part->name || part->column)
        return ATH_OK;
    const char *name = ath__text_of(c, "%s_%s",
                                    part->kind == ATH__UNIQUE  ? "uq"
                                    : part->kind == ATH__CHECK ? "ck"
                                                               : "ex",
                                    t->name);
    for (size_t i = 0; name && part->kind == ATH__UNIQUE && i < out->columns.count; i++)
        name = ath__text_of(c, "%s_%s", name, out->columns.names[i]);
    if (name && part->kind != ATH__UNIQUE)
        name = ath__text_of(c, "%s_%u", name, part->number);
    if (!name)
        return ATH_NO_MEMORY;
    out->exact_name = true;
    out->name = c->dialect->max_name && strlen(name) > c->dialect->max_name ? NULL : name;
    return ATH_OK;
}

static ath_status create(ath__comparing *c, ath__pair *p, const ath__piece *part) {
    bool index = part->kind == ATH_ITEM_INDEX;
    ath__constraint with_name;
    if (!index)
        ATH_TRY(named(c, p, part, &with_name));
    const ath_table_item *item = index ? ath__item_of_index(&c->model, p->wanted, part->index)
                                       : ath__item_of_constraint(&c->model, p->wanted, &with_name);
    return item ? ath__add_change(
                      c, (ath_operation){.kind = index ? ATH_OPERATION_CREATE_INDEX : ATH_OPERATION_ADD_CONSTRAINT,
                                         .schema = p->wanted->opts.schema,
                                         .table = p->wanted->name,
                                         .name = index ? item->name : item->constraint->name,
                                         .constraint = index ? (ath_constraint_kind)0 : (ath_constraint_kind)part->kind,
                                         .items = item,
                                         .item_count = 1,
                                         .exact_name = true})
                : ath__failed(c->error);
}

static void tell(ath__comparing *c, const ath__pair *p, const char *what, const ath__piece *part) {
    const char *name = part->name ? part->name : "(without a name)", *table = p->wanted->name;
    if (part->kind == ATH_ITEM_INDEX && strcmp(what, "added") == 0) {
        const char *open = strchr(part->text, '(');
        ath__detected(c, "added index '%s' on '%s'", name, open ? open : part->text);
    } else if (part->kind == ATH_ITEM_INDEX) {
        ath__detected(c, "%s index '%s' on '%s'", what, name, table);
    } else {
        ath__detected(c, "%s %s '%s' on table '%s'", what, kind_word(part), name, table);
    }
}

/* ---- comparing ---- */

typedef bool (*concerns_fn)(const ath__piece *part);

static bool is_index(const ath__piece *part) {
    return part->kind == ATH_ITEM_INDEX || part->kind == ATH__UNIQUE;
}

static bool is_check(const ath__piece *part) {
    return !is_index(part);
}

static bool included(const ath__comparing *c, const ath__pair *p, const ath__piece *part, bool in_database) {
    return ath__included(c, part->kind == ATH_ITEM_INDEX ? ATH__COMPARED_INDEX : ATH__COMPARED_CONSTRAINT,
                         p->wanted->opts.schema, p->wanted->name, part->name, in_database);
}

static int by_name(const void *a, const void *b) {
    const char *x = (*(const ath__piece *const *)a)->name, *y = (*(const ath__piece *const *)b)->name;
    return x && y ? strcmp(x, y) : !x - !y;
}

/* Those that are added come in the order of their names. */
static ath_status create_all(ath__comparing *c, ath__pair *p, const ath__piece **list, size_t count) {
    qsort(list, count, sizeof(void *), by_name);
    for (size_t i = 0; i < count; i++) {
        tell(c, p, "added", list[i]);
        ATH_TRY(create(c, p, list[i]));
    }
    return ATH_OK;
}

/* Those that go, in the order of their names. */
static ath_status drop_gone(ath__comparing *c, ath__pair *p, matching *m, concerns_fn concerns) {
    const ath__piece **gone = ath__arena_zero(c->arena, (m->found.count + 1) * sizeof *gone);
    size_t count = 0;
    if (!gone)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < m->found.count; i++) {
        const ath__piece *part = &m->found.items[i];
        if (!part->seen && concerns(part) && included(c, p, part, true) &&
            !(part->index && ath__index_serves_key(c, p, part->index)))
            gone[count++] = part;
    }
    qsort(gone, count, sizeof(void *), by_name);
    for (size_t i = 0; i < count; i++) {
        tell(c, p, "removed", gone[i]);
        ATH_TRY(drop(c, p, gone[i]));
    }
    return ATH_OK;
}

/* What came of the matching: new ones, and those that say another thing, each behind what it replaces. */
typedef struct outcome {
    const ath__piece **added, **from, **to;
    size_t added_count, changed_count;
} outcome;

static ath_status match_one(ath__comparing *c, const matching *m, const ath__piece *part, outcome *o) {
    ath__piece *other;
    bool changed;
    ATH_TRY(counterpart(c, m, part, &other, &changed));
    if (other)
        other->seen = true;
    if (!other) {
        o->added[o->added_count++] = part;
    } else if (changed) {
        o->from[o->changed_count] = other;
        o->to[o->changed_count++] = part;
    }
    return ATH_OK;
}

static ath_status match_all(ath__comparing *c, const ath__pair *p, const matching *m, concerns_fn concerns,
                            outcome *o) {
    size_t room = (m->wanted.count + 1) * sizeof(void *);
    o->added = ath__arena_zero(c->arena, room);
    o->from = ath__arena_zero(c->arena, room);
    o->to = ath__arena_zero(c->arena, room);
    if (!o->added || !o->from || !o->to)
        return ath__fail_memory(c->error);
    for (int unnamed = 0; unnamed < 2; unnamed++) /* what has a name finds its namesake first */
        for (size_t i = 0; i < m->wanted.count; i++) {
            const ath__piece *part = &m->wanted.items[i];
            if (concerns(part) && (part->name == NULL) == (unnamed == 1) && included(c, p, part, false))
                ATH_TRY(match_one(c, m, part, o));
        }
    return ATH_OK;
}

static ath_status compare(ath__comparing *c, ath__pair *p, matching *m, concerns_fn concerns) {
    outcome o = {0};
    ATH_TRY(match_all(c, p, m, concerns, &o));
    ATH_TRY(drop_gone(c, p, m, concerns));
    for (size_t i = 0; i < o.changed_count; i++) {
        tell(c, p, "changed", o.to[i]);
        ATH_TRY(drop(c, p, o.from[i]));
        ATH_TRY(create(c, p, o.to[i]));
    }
    return create_all(c, p, o.added, o.added_count);
}

static ath_status compare_those(ath__comparing *c, ath__pair *p, concerns_fn concerns) {
    matching m = {0};
    ATH_TRY(ath__pieces_of(c, &c->model, p->wanted, &m.wanted));
    ATH_TRY(ath__pieces_of(c, &c->found, p->found, &m.found));
    if (p->kept)
        ATH_TRY(ath__pieces_of(c, &c->found, p->kept, &m.kept));
    if (p->again)
        ATH_TRY(ath__pieces_of(c, &c->found, p->again, &m.again));
    return compare(c, p, &m, concerns);
}

ath_status ath__compare_indexes(ath__comparing *c, ath__pair *p) {
    return compare_those(c, p, is_index);
}

ath_status ath__compare_checks(ath__comparing *c, ath__pair *p) {
    return compare_those(c, p, is_check);
}
