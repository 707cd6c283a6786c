/* SPDX-License-Identifier: Apache-2.0
 *
 * Primary keys and foreign keys, which are compared by what they say; their names decide nothing.
 */
#include "migrate/comparing.h"

#include <strings.h>

/* ---- the primary key ---- */

static ath_status key_text(ath__comparing *c, const ath_table *t, const char **text) {
    ath_table bare = *t;
    ath__constraint unnamed;
    ath__buf out;
    ath__buf_init(&out, c->arena->allocator);
    ath__ddl w = {.dialect = c->dialect, .out = &out, .error = c->error};
    if (t->primary) {
        unnamed = *t->primary;
        unnamed.name = NULL;
        bare.primary = &unnamed;
    }
    ath_status status = ath__ddl_primary_key(&w, &bare);
    *text = status == ATH_OK && !out.failed ? ath__arena_str(c->arena, ath__buf_text(&out)) : NULL;
    if (status == ATH_OK && !*text)
        status = ath__fail_memory(c->error);
    ath__buf_done(&out);
    return status;
}

static ath_status change_key(ath__comparing *c, const ath__pair *p, const ath__itemizer *w, const ath_table *t,
                             ath_operation_kind kind) {
    if (!t->key_count)
        return ATH_OK;
    const ath_table_item *item = ath__item_of_key(w, t);
    if (!item)
        return ath__failed(c->error);
    const char *name = w == &c->found ? p->live->read->primary_key.name : item->constraint->name;
    return ath__add_change(c, (ath_operation){.kind = kind,
                                              .schema = p->wanted->opts.schema,
                                              .table = p->wanted->name,
                                              .name = name,
                                              .constraint = ATH_CONSTRAINT_PRIMARY_KEY,
                                              .items = item,
                                              .item_count = 1,
                                              .exact_name = true});
}

ath_status ath__compare_key(ath__comparing *c, ath__pair *p) {
    const char *wanted, *found, *kept = NULL;
    ATH_TRY(key_text(c, p->wanted, &wanted));
    ATH_TRY(key_text(c, p->found, &found));
    if (p->kept)
        ATH_TRY(key_text(c, p->kept, &kept));
    if (strcmp(wanted, found) == 0 || (kept && strcmp(kept, found) == 0))
        return ATH_OK;
    ath__detected(c, "changed primary key of table '%s': %s", p->wanted->name, *wanted ? wanted : "none");
    ATH_TRY(change_key(c, p, &c->found, p->found, ATH_OPERATION_DROP_CONSTRAINT));
    return change_key(c, p, &c->model, p->wanted, ATH_OPERATION_ADD_CONSTRAINT);
}

/* ---- foreign keys: what they say ---- */

/* "NO ACTION" is what happens without a word; RESTRICT too, where there is no difference. */
static const char *action(const ath__comparing *c, const char *what) {
    if (!what || strcasecmp(what, "NO ACTION") == 0)
        return "";
    return strcasecmp(what, "RESTRICT") == 0 && ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) ? "" : what;
}

static bool same_names(const ath__comparing *c, ath_name_list a, ath_name_list b) {
    bool fold = ath__compares_ddl(c, ATH__DDL_SQLITE_OPTIONS), same = a.count == b.count;
    for (size_t i = 0; same && i < a.count; i++)
        same = fold ? strcasecmp(a.names[i], b.names[i]) == 0 : strcmp(a.names[i], b.names[i]) == 0;
    return same;
}

static bool same_schema(const ath__comparing *c, const char *a, const char *b) {
    const char *usual = c->out->live.default_schema;
    a = a ? a : usual;
    b = b ? b : usual;
    return ath__same_text(a, b) || ath__compares_ddl(c, ATH__DDL_ATTACHED);
}

static bool is_deferred(const ath__constraint *k) {
    return k->initially && strcasecmp(k->initially, "DEFERRED") == 0;
}

static bool same_key(const ath__comparing *c, const ath__constraint *a, const ath__constraint *b) {
    bool deferrable_a = a->deferrable == ATH_DEFERRABLE || is_deferred(a);
    bool deferrable_b = b->deferrable == ATH_DEFERRABLE || is_deferred(b);
    bool full_a = a->match && strcasecmp(a->match, "SIMPLE") != 0,
         full_b = b->match && strcasecmp(b->match, "SIMPLE") != 0;
    return same_names(c, a->columns, b->columns) && same_names(c, a->target_columns, b->target_columns) &&
           (strcmp(a->target, b->target) == 0 ||
            (ath__compares_ddl(c, ATH__DDL_SQLITE_OPTIONS) && strcasecmp(a->target, b->target) == 0)) &&
           same_schema(c, a->target_schema, b->target_schema) &&
           strcasecmp(action(c, a->ondelete), action(c, b->ondelete)) == 0 &&
           strcasecmp(action(c, a->onupdate), action(c, b->onupdate)) == 0 && deferrable_a == deferrable_b &&
           is_deferred(a) == is_deferred(b) && full_a == full_b && (!full_a || strcasecmp(a->match, b->match) == 0);
}

static bool has_key(const ath__comparing *c, const ath_table *t, const ath__constraint *key) {
    for (size_t i = 0; i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY && ath__ddl_wants(c->dialect, t, &t->constraints[i]) &&
            same_key(c, &t->constraints[i], key))
            return true;
    return false;
}

/* ---- foreign keys: operations ---- */

static const char *joined(ath__comparing *c, ath_name_list list) {
    const char *text = "";
    for (size_t i = 0; text && i < list.count; i++)
        text = ath__text_of(c, "%s%s%s", text, i ? ", " : "", list.names[i]);
    return text;
}

static ath_status tell(ath__comparing *c, const ath__pair *p, const char *what, const ath__constraint *key) {
    if (c->dry)
        return ATH_OK;
    const char *from = joined(c, key->columns), *to = joined(c, key->target_columns);
    if (!from || !to)
        return ATH_NO_MEMORY;
    ath__detected(c, "%s foreign key (%s)(%s) on table %s", what, from, to, p->wanted->name);
    return ATH_OK;
}

/* A key that is added gets a name, so that it can be dropped again: "fk_t_a". */
static ath_status named(ath__comparing *c, const ath__itemizer *w, const ath_table *t, const ath__constraint *key,
                        ath__constraint *out) {
    const char *name;
    *out = *key;
    ATH_TRY(ath__final_name(w, t, key, &name));
    if (name)
        return ATH_OK;
    name = ath__text_of(c, "fk_%s", t->name);
    for (size_t i = 0; name && i < key->columns.count; i++)
        name = ath__text_of(c, "%s_%s", name, key->columns.names[i]);
    if (!name)
        return ATH_NO_MEMORY;
    out->exact_name = true;
    out->name = c->dialect->max_name && strlen(name) > c->dialect->max_name ? NULL : name;
    return ATH_OK;
}

static ath_status change(ath__comparing *c, const ath__pair *p, const ath__itemizer *w, const ath_table *t,
                         const ath__constraint *key, ath_operation_kind kind) {
    const ath_table_item *item = ath__item_of_constraint(w, t, key);
    return item ? ath__add_change(c, (ath_operation){.kind = kind,
                                                     .schema = p->wanted->opts.schema,
                                                     .table = p->wanted->name,
                                                     .name = item->foreign_key->name,
                                                     .constraint = ATH_CONSTRAINT_FOREIGN_KEY,
                                                     .items = item,
                                                     .item_count = 1,
                                                     .exact_name = true})
                : ath__failed(c->error);
}

static bool included(const ath__comparing *c, const ath__pair *p, const ath__constraint *key, bool in_database) {
    return ath__included(c, ATH__COMPARED_CONSTRAINT, p->wanted->opts.schema, p->wanted->name, key->name, in_database);
}

static bool goes(const ath__comparing *c, const ath__pair *p, const ath__constraint *key) {
    return key->kind == ATH__FOREIGN_KEY && !has_key(c, p->wanted, key) && included(c, p, key, true);
}

/* An index that was made for a key that goes would stay behind. */
static ath_status drop_its_index(ath__comparing *c, const ath__pair *p, const ath__constraint *key) {
    const ath_reflected_table *t = p->live->read;
    for (size_t i = 0; ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) && key->name && i < t->index_count; i++) {
        const ath_reflected_index *x = &t->indexes[i];
        bool same = strcmp(x->name, key->name) == 0 && x->parts.count == key->columns.count && !x->unique;
        for (size_t k = 0; same && k < key->columns.count; k++)
            same = x->parts.parts[k].column && strcmp(x->parts.parts[k].column, key->columns.names[k]) == 0;
        for (size_t k = 0; same && k < p->wanted->index_count; k++)
            same = !ath__same_text(p->wanted->indexes[k].name, x->name);
        for (size_t k = 0; same && k < p->wanted->constraint_count; k++) /* another key over them needs it as well */
            same = p->wanted->constraints[k].kind != ATH__FOREIGN_KEY ||
                   !ath__same_names(p->wanted->constraints[k].columns, key->columns);
        if (!same)
            continue;
        const ath__index index = {.name = x->name, .columns = key->columns, .parts = x->parts};
        const ath_table_item *item = ath__item_of_index(&c->found, p->found, &index);
        if (!item)
            return ath__failed(c->error);
        return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_DROP_INDEX,
                                                  .schema = p->wanted->opts.schema,
                                                  .table = p->wanted->name,
                                                  .name = x->name,
                                                  .items = item,
                                                  .item_count = 1,
                                                  .exact_name = true});
    }
    return ATH_OK;
}

static bool begins_with(ath_name_list list, ath_name_list columns) {
    bool same = list.count >= columns.count;
    for (size_t i = 0; same && i < columns.count; i++)
        same = strcmp(list.names[i], columns.names[i]) == 0;
    return same;
}

static bool has_index_over(const ath_table *t, ath_name_list columns, const char *name) {
    for (size_t i = 0; i < t->index_count; i++)
        if (begins_with(t->indexes[i].columns, columns) && ath__same_text(t->indexes[i].name, name))
            return true;
    return false;
}

bool ath__goes(const ath__comparing *c, const char *schema, const char *name) {
    for (size_t i = 0; i < c->dropped_count; i++)
        if (strcmp(c->dropped[i]->table->name, name) == 0 && same_schema(c, c->dropped[i]->table->opts.schema, schema))
            return true;
    return false;
}

/* Dropped before its table is, and before its index, where the database wants one behind a foreign key. */
static bool stands_in_the_way(const ath__comparing *c, const ath__pair *p, const ath__constraint *key) {
    if (ath__goes(c, key->target_schema, key->target))
        return true;
    if (!ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS))
        return false;
    for (size_t i = 0; i < p->found->index_count; i++) {
        const ath__index *x = &p->found->indexes[i];
        if (begins_with(x->columns, key->columns) && !has_index_over(p->wanted, key->columns, x->name))
            return true;
    }
    return false;
}

static ath_status drop_keys(ath__comparing *c, ath__pair *p, bool early) {
    for (size_t i = 0; i < p->found->constraint_count; i++) {
        const ath__constraint *key = &p->found->constraints[i];
        bool unsettled;
        if (!goes(c, p, key))
            continue;
        ATH_TRY(ath__key_is_unsettled(c, p, key, &unsettled));
        if ((unsettled || stands_in_the_way(c, p, key)) != early)
            continue;
        ATH_TRY(tell(c, p, "removed", key));
        ATH_TRY(change(c, p, &c->found, p->found, key, ATH_OPERATION_DROP_CONSTRAINT));
        ATH_TRY(drop_its_index(c, p, key));
    }
    return ATH_OK;
}

ath_status ath__drop_foreign_keys_early(ath__comparing *c, ath__pair *p) {
    return drop_keys(c, p, true);
}

/* Whether a list of columns begins with the key's, on either side. */
static bool is_indexed(const ath__pair *p, const ath__constraint *key) {
    const ath_reflected_table *t = p->live->read;
    for (size_t i = 0; i < p->wanted->index_count; i++)
        if (begins_with(p->wanted->indexes[i].columns, key->columns))
            return true;
    for (size_t i = 0; i < p->wanted->constraint_count; i++)
        if (p->wanted->constraints[i].kind == ATH__UNIQUE &&
            begins_with(p->wanted->constraints[i].columns, key->columns))
            return true;
    for (size_t i = 0; i < p->found->constraint_count; i++)
        if (p->found->constraints[i].kind == ATH__FOREIGN_KEY &&
            begins_with(p->found->constraints[i].columns, key->columns))
            return true;
    return begins_with(t->primary_key.columns, key->columns);
}

/* The index that the database would make behind the key, and would leave behind when the key goes: made by name, so that
 * the way back drops it. */
static ath_status add_its_index(ath__comparing *c, const ath__pair *p, const ath__constraint *key) {
    if (!ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) || !key->name || is_indexed(p, key))
        return ATH_OK;
    ath_index_part *parts = ath__arena_zero(c->arena, key->columns.count * sizeof *parts);
    for (size_t i = 0; parts && i < key->columns.count; i++)
        parts[i].column = key->columns.names[i];
    if (!parts)
        return ath__fail_memory(c->error);
    const ath__index index = {.name = key->name, .columns = key->columns, .parts = {key->columns.count, parts}};
    const ath_table_item *item = ath__item_of_index(&c->found, p->wanted, &index);
    if (!item)
        return ath__failed(c->error);
    return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_CREATE_INDEX,
                                              .schema = p->wanted->opts.schema,
                                              .table = p->wanted->name,
                                              .name = key->name,
                                              .items = item,
                                              .item_count = 1,
                                              .exact_name = true});
}

static ath_status add_key(ath__comparing *c, const ath__pair *p, const ath__constraint *key) {
    ath__constraint with_name;
    ATH_TRY(named(c, &c->model, p->wanted, key, &with_name));
    ATH_TRY(tell(c, p, "added", key));
    ATH_TRY(add_its_index(c, p, &with_name));
    return change(c, p, &c->model, p->wanted, &with_name, ATH_OPERATION_ADD_CONSTRAINT);
}

/* Those that come; `unsettled`: those that had to wait for other changes. */
static ath_status add_keys(ath__comparing *c, const ath__pair *p, bool unsettled) {
    const ath_table *t = p->wanted;
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *key = &t->constraints[i];
        bool is_unsettled;
        if (key->kind != ATH__FOREIGN_KEY || !ath__ddl_wants(c->dialect, t, key) || has_key(c, p->found, key) ||
            !included(c, p, key, false))
            continue;
        ATH_TRY(ath__key_is_unsettled(c, p, key, &is_unsettled));
        if (is_unsettled == unsettled)
            ATH_TRY(add_key(c, p, key));
    }
    return ATH_OK;
}

ath_status ath__compare_foreign_keys(ath__comparing *c, ath__pair *p) {
    ATH_TRY(drop_keys(c, p, false));
    return add_keys(c, p, false);
}

/* ---- keys over columns that change their type, and on keys that change ---- */

static ath_status is_retyped(ath__comparing *c, const ath__pair *p, const char *name, bool *is) {
    const ath__column *wanted = ath__column_of(c, p->wanted, name), *found = ath__column_of(c, p->found, name);
    bool lenient = c->lenient;
    unsigned differs;
    if (!wanted || !found ||
        !ath__included(c, ATH__COMPARED_COLUMN, p->wanted->opts.schema, p->wanted->name, name, false))
        return ATH_OK;
    c->lenient = !p->kept;
    ATH_TRY(ath__column_differs(c, p, wanted, found, &differs));
    c->lenient = lenient;
    *is = *is || (differs & (ATH__DIFFERS_TYPE | ATH__DIFFERS_COLLATION) &&
                  (ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) || !ath__same_family(&wanted->type, &found->type)));
    return ATH_OK;
}

/* Whether a change is of a key over exactly these columns, in any order. */
static bool is_over(const ath_operation *o, ath_name_list columns) {
    const ath_table_item *item = o->items;
    ath_name_list own = item->constraint ? item->constraint->columns : item->columns;
    size_t count = own.count ? own.count : item->parts.count, met = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = own.count ? own.names[i] : item->parts.parts[i].column;
        for (size_t k = 0; name && k < columns.count; k++)
            met += strcmp(name, columns.names[k]) == 0;
    }
    return count == columns.count && met == count;
}

static bool rests_on_change(const ath__pair *target, ath_name_list columns) {
    for (size_t i = 0; i < target->rest_count; i++)
        if (is_over(&target->rests[i].operation, columns))
            return true;
    return false;
}

static bool may_carry(const ath_operation *o) {
    return o->item_count && (o->constraint == ATH_CONSTRAINT_PRIMARY_KEY || o->constraint == ATH_CONSTRAINT_UNIQUE ||
                             (o->items->index && o->items->index->unique));
}

/* The pair is compared for this alone; what that adds to the list is taken off again. */
static ath_status foresee(ath__comparing *c, ath__pair *p) {
    ath__changes *list = c->out;
    size_t before = list->count, kept = before;
    ath_status status = ath__compare_key(c, p);
    if (status == ATH_OK)
        status = ath__compare_indexes(c, p);
    for (size_t i = before; i < list->count; i++)
        if (may_carry(&list->items[i].operation))
            list->items[kept++] = list->items[i];
    if (status == ATH_OK && kept > before) {
        p->rests = ath__arena_copy(c->arena, &list->items[before], (kept - before) * sizeof *list->items);
        p->rest_count = p->rests ? kept - before : 0;
        status = p->rests ? ATH_OK : ath__fail_memory(c->error);
    }
    list->count = before;
    return status;
}

ath_status ath__foresee_rests(ath__comparing *c) {
    const ath__compare_opts *opts = c->opts;
    ath__compare_opts silent = *opts;
    size_t differences = c->differences, remarks = c->out->remark_count;
    ath_status status = ATH_OK;
    if (!ath__dialect_can(c->dialect, ATH__CAN_ADD_CONSTRAINT))
        return ATH_OK;
    silent.log = NULL;
    c->opts = &silent;
    for (size_t i = 0; status == ATH_OK && i < c->pair_count; i++) {
        c->lenient = !c->pairs[i].kept;
        if (c->pairs[i].suspect)
            status = foresee(c, &c->pairs[i]);
    }
    c->opts = opts;
    c->differences = differences;
    c->out->remark_count = remarks;
    return status;
}

ath_status ath__key_is_unsettled(ath__comparing *c, const ath__pair *p, const ath__constraint *key, bool *is) {
    *is = false;
    if (c->dry || !ath__dialect_can(c->dialect, ATH__CAN_ADD_CONSTRAINT) || key->kind != ATH__FOREIGN_KEY)
        return ATH_OK;
    for (size_t i = 0; p && p->suspect && i < key->columns.count; i++)
        ATH_TRY(is_retyped(c, p, key->columns.names[i], is));
    for (size_t k = 0; k < c->pair_count; k++)
        if (c->pairs[k].suspect && ath__same_table(key->target_schema, key->target, c->pairs[k].wanted)) {
            *is = *is || rests_on_change(&c->pairs[k], key->target_columns);
            for (size_t i = 0; i < key->target_columns.count; i++)
                ATH_TRY(is_retyped(c, &c->pairs[k], key->target_columns.names[i], is));
        }
    return ATH_OK;
}

/* Those that stay, and stand in the way of a change: dropped, or added again. */
static ath_status change_staying(ath__comparing *c, const ath__pair *p, ath_operation_kind kind) {
    for (size_t i = 0; i < p->found->constraint_count; i++) {
        const ath__constraint *key = &p->found->constraints[i];
        bool unsettled;
        ATH_TRY(ath__key_is_unsettled(c, p, key, &unsettled));
        if (unsettled && !goes(c, p, key))
            ATH_TRY(change(c, p, &c->found, p->found, key, kind));
    }
    return ATH_OK;
}

ath_status ath__untie_keys(ath__comparing *c) {
    for (size_t i = 0; i < c->pair_count; i++)
        ATH_TRY(change_staying(c, &c->pairs[i], ATH_OPERATION_DROP_CONSTRAINT));
    return ATH_OK;
}

ath_status ath__tie_keys(ath__comparing *c) {
    for (size_t i = 0; i < c->pair_count; i++) {
        ATH_TRY(change_staying(c, &c->pairs[i], ATH_OPERATION_ADD_CONSTRAINT));
        ATH_TRY(add_keys(c, &c->pairs[i], true));
    }
    return ATH_OK;
}

bool ath__index_serves_key(const ath__comparing *c, const ath__pair *p, const ath__index *index) {
    if (!ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) || index->unique || index->columns.count != index->parts.count)
        return false;
    for (size_t i = 0; i < p->wanted->constraint_count; i++) {
        const ath__constraint *key = &p->wanted->constraints[i];
        if (key->kind == ATH__FOREIGN_KEY && ath__same_names(key->columns, index->columns) &&
            strncmp(index->name, key->columns.names[0], strlen(key->columns.names[0])) == 0)
            return true;
    }
    return false;
}
