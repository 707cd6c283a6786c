/* SPDX-License-Identifier: Apache-2.0
 *
 * Whole tables: those that come, those that go, and what of a table differs, in the order in which it is done.
 */
#include "migrate/comparing.h"

#include <strings.h>

/* ---- tables that come ---- */

static size_t place_of(const ath__comparing *c, const ath__constraint *key) {
    size_t i = 0;
    while (i < c->created_count && !ath__same_table(key->target_schema, key->target, c->created[i]))
        i++;
    return i;
}

/* Whether the database has the columns that a key refers to, as a key. */
static bool is_there(const ath__comparing *c, const ath__constraint *key) {
    const ath__live_table *live = ath__live_find(&c->out->live, key->target_schema, key->target);
    if (!live)
        return false;
    for (size_t i = 0; i < key->target_columns.count; i++)
        if (!ath__column_of(c, live->table, key->target_columns.names[i]))
            return false;
    const ath_reflected_table *t = live->read;
    bool is_key = t->primary_key.columns.count >= key->target_columns.count && key->target_columns.count;
    for (size_t i = 0; is_key && i < key->target_columns.count; i++)
        is_key = ath__same_text(t->primary_key.columns.names[i], key->target_columns.names[i]);
    for (size_t i = 0; !is_key && i < t->unique_count; i++)
        is_key = ath__same_names(t->uniques[i].columns, key->target_columns);
    return is_key;
}

/* A key that refers to what does not stand yet is added when it does, where keys can be added. */
static ath_status waits(ath__comparing *c, size_t place, const ath__constraint *key, bool *out) {
    *out = false;
    if (key->kind != ATH__FOREIGN_KEY || !ath__dialect_can(c->dialect, ATH__CAN_ADD_CONSTRAINT))
        return ATH_OK;
    size_t target = place_of(c, key);
    if (target < c->created_count)
        *out = target > place || (key->use_alter && target != place);
    else if (is_there(c, key))
        return ath__key_is_unsettled(c, NULL, key, out);
    else
        *out = true;
    return ATH_OK;
}

static ath_status create_indexes(ath__comparing *c, const ath_table *t) {
    const ath_table_item **items = ath__arena_zero(c->arena, (t->index_count + 1) * sizeof *items);
    if (!items)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < t->index_count; i++) {
        const ath_table_item *item = ath__item_of_index(&c->model, t, &t->indexes[i]);
        if (!item)
            return ath__failed(c->error);
        size_t k = i;
        for (; k && strcmp(items[k - 1]->name, item->name) > 0; k--)
            items[k] = items[k - 1];
        items[k] = item;
    }
    for (size_t i = 0; i < t->index_count; i++) {
        ath__detected(c, "added index '%s' on '%s'", items[i]->name, t->name);
        ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_CREATE_INDEX,
                                                   .schema = t->opts.schema,
                                                   .table = t->name,
                                                   .name = items[i]->name,
                                                   .items = items[i],
                                                   .item_count = 1,
                                                   .exact_name = true}));
    }
    return ATH_OK;
}

static ath_status create(ath__comparing *c, size_t place) {
    const ath_table *t = c->created[place];
    bool *left_out = ath__arena_zero(c->arena, t->constraint_count + 1);
    const ath_table_item *items;
    size_t count;
    if (!left_out)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < t->constraint_count; i++)
        ATH_TRY(waits(c, place, &t->constraints[i], &left_out[i]));
    ath__detected(c, "added table '%s'", t->name);
    ATH_TRY(ath__items_of_table(&c->model, t, left_out, &items, &count));
    ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_CREATE_TABLE,
                                               .schema = t->opts.schema,
                                               .table = t->name,
                                               .items = items,
                                               .item_count = count}));
    return create_indexes(c, t);
}

ath_status ath__create_tables(ath__comparing *c) {
    for (size_t i = 0; i < c->created_count; i++)
        ATH_TRY(create(c, i));
    return ATH_OK;
}

ath_status ath__create_late_keys(ath__comparing *c) {
    for (size_t i = 0; i < c->created_count; i++) {
        const ath_table *t = c->created[i];
        for (size_t k = 0; k < t->constraint_count; k++) {
            bool late;
            ATH_TRY(waits(c, i, &t->constraints[k], &late));
            if (!late)
                continue;
            const ath_table_item *item = ath__item_of_constraint(&c->model, t, &t->constraints[k]);
            if (!item)
                return ath__failed(c->error);
            ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_ADD_CONSTRAINT,
                                                       .schema = t->opts.schema,
                                                       .table = t->name,
                                                       .name = item->foreign_key->name,
                                                       .constraint = ATH_CONSTRAINT_FOREIGN_KEY,
                                                       .items = item,
                                                       .item_count = 1,
                                                       .exact_name = true}));
        }
    }
    return ATH_OK;
}

/* ---- tables that go ---- */

/* Those that refer to others go first; keys of a cycle before all of them. */
static ath_status order_dropped(ath__comparing *c, const ath_table **order) {
    size_t cycle_from;
    for (size_t i = 0; i < c->dropped_count; i++)
        order[i] = c->dropped[i]->table;
    ATH_TRY(ath__tables_sort(c->arena->allocator, order, c->dropped_count, NULL, NULL, &cycle_from, c->error));
    for (size_t i = 0; i < c->dropped_count / 2; i++) {
        const ath_table *t = order[i];
        order[i] = order[c->dropped_count - 1 - i];
        order[c->dropped_count - 1 - i] = t;
    }
    return ATH_OK;
}

/* Whether the key's target goes before its own table. */
static bool is_late(const ath__comparing *c, const ath_table **order, size_t place, const ath__constraint *key) {
    for (size_t i = 0; key->kind == ATH__FOREIGN_KEY && i < place; i++)
        if (ath__same_table(key->target_schema, key->target, order[i]))
            return ath__dialect_can(c->dialect, ATH__CAN_ADD_CONSTRAINT);
    return false;
}

static ath_status drop_cyclic_keys(ath__comparing *c, const ath_table **order) {
    for (size_t i = 0; i < c->dropped_count; i++)
        for (size_t k = 0; k < order[i]->constraint_count; k++) {
            const ath__constraint *key = &order[i]->constraints[k];
            if (!is_late(c, order, i, key))
                continue;
            const ath_table_item *item = ath__item_of_constraint(&c->found, order[i], key);
            if (!item)
                return ath__failed(c->error);
            ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_DROP_CONSTRAINT,
                                                       .schema = order[i]->opts.schema,
                                                       .table = order[i]->name,
                                                       .name = item->foreign_key->name,
                                                       .constraint = ATH_CONSTRAINT_FOREIGN_KEY,
                                                       .items = item,
                                                       .item_count = 1,
                                                       .exact_name = true}));
        }
    return ATH_OK;
}

/* Where a foreign key of the table needs an index, it goes with the table; the way back makes it by itself. */
static bool goes_with_table(const ath__comparing *c, const ath_table *t) {
    for (size_t i = 0; ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) && i < t->constraint_count; i++)
        if (t->constraints[i].kind == ATH__FOREIGN_KEY)
            return true;
    return false;
}

static ath_status drop_indexes(ath__comparing *c, const ath_table *t) {
    for (size_t i = 0; i < t->index_count; i++) {
        const ath_table_item *index = ath__item_of_index(&c->found, t, &t->indexes[i]);
        if (!index)
            return ath__failed(c->error);
        ath__detected(c, "removed index '%s' on '%s'", index->name, t->name);
        ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_DROP_INDEX,
                                                   .schema = t->opts.schema,
                                                   .table = t->name,
                                                   .name = index->name,
                                                   .items = index,
                                                   .item_count = 1,
                                                   .exact_name = true}));
        ath__change *last = &c->out->items[c->out->count - 1];
        if (goes_with_table(c, t)) {
            last->way_back = ATH_OPERATION_CREATE_INDEX;
            last->operation.kind = ATH_OPERATION_NOTHING;
        }
    }
    return ATH_OK;
}

static ath_status drop(ath__comparing *c, const ath_table **order, size_t place) {
    const ath_table *t = order[place];
    bool *left_out = ath__arena_zero(c->arena, t->constraint_count + 1);
    const ath_table_item *items;
    size_t count;
    if (!left_out)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < t->constraint_count; i++)
        left_out[i] = is_late(c, order, place, &t->constraints[i]);
    ATH_TRY(drop_indexes(c, t));
    ath__detected(c, "removed table '%s'", t->name);
    ATH_TRY(ath__items_of_table(&c->found, t, left_out, &items, &count));
    return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_DROP_TABLE,
                                              .schema = t->opts.schema,
                                              .table = t->name,
                                              .items = items,
                                              .item_count = count});
}

/* What is not known is another's, until it is said that it may go. */
static ath_status report(ath__comparing *c) {
    for (size_t i = 0; i < c->dropped_count; i++) {
        const ath_table *t = c->dropped[i]->table;
        ATH_TRY(ath__remark(c, "table '%s%s%s' is in the database and not in the metadata: left alone",
                            t->opts.schema ? t->opts.schema : "", t->opts.schema ? "." : "", t->name));
    }
    return ATH_OK;
}

ath_status ath__drop_tables(ath__comparing *c) {
    if (!c->opts->allow_drop || c->opts->keep_unknown)
        return report(c);
    const ath_table **order = ath__arena_zero(c->arena, (c->dropped_count + 1) * sizeof *order);
    if (!order)
        return ath__fail_memory(c->error);
    ATH_TRY(order_dropped(c, order));
    ATH_TRY(drop_cyclic_keys(c, order));
    for (size_t i = 0; i < c->dropped_count; i++)
        ATH_TRY(drop(c, order, i));
    return ATH_OK;
}

/* ---- tables that stay ---- */

static ath_status compare_comment(ath__comparing *c, const ath__pair *p) {
    const char *wanted = p->wanted->comment && *p->wanted->comment ? p->wanted->comment : NULL;
    if (!ath__dialect_can(c->dialect, ATH__CAN_INLINE_COMMENTS) && !ath__dialect_can(c->dialect, ATH__CAN_COMMENT_ON))
        return ATH_OK;
    const char *found = p->found->comment && *p->found->comment ? p->found->comment : NULL;
    if (ath__same_text(wanted, found) ||
        (p->kept && wanted && p->kept->comment && ath__same_text(p->kept->comment, found)))
        return ATH_OK;
    ath__detected(c, "table comment on '%s'", p->wanted->name);
    return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_TABLE_COMMENT,
                                              .schema = p->wanted->opts.schema,
                                              .table = p->wanted->name,
                                              .text = wanted,
                                              .existing = found});
}

/* ---- options ---- */

/* What the model says and the database has not, as far as that can be changed; what a model does not say is left to the
 * database.  `kept`: in the database's own words. */
static bool wants(const char *wanted, const char *kept, const char *found) {
    return wanted && (!found || strcasecmp(wanted, found) != 0) && (!kept || !found || strcasecmp(kept, found) != 0);
}

static bool mysql_options(const ath_table_opts *w, const ath_table_opts *k, const ath_table_opts *f, ath_table_opts *to,
                          ath_table_opts *from) {
    const char *usual = "InnoDB"; /* which is not told of a table */
    if (wants(w->mysql_engine, k->mysql_engine ? k->mysql_engine : usual, f->mysql_engine ? f->mysql_engine : usual)) {
        to->mysql_engine = w->mysql_engine;
        from->mysql_engine = f->mysql_engine ? f->mysql_engine : usual;
    }
    if (wants(w->mysql_row_format, k->mysql_row_format, f->mysql_row_format)) {
        to->mysql_row_format = w->mysql_row_format;
        from->mysql_row_format = f->mysql_row_format ? f->mysql_row_format : "DEFAULT";
    }
    if (wants(w->mysql_charset, k->mysql_charset, f->mysql_charset) ||
        wants(w->mysql_collate, k->mysql_collate, f->mysql_collate)) {
        to->mysql_charset = w->mysql_charset ? w->mysql_charset : k->mysql_charset;
        to->mysql_collate = w->mysql_collate;
        from->mysql_charset = f->mysql_charset;
        from->mysql_collate = f->mysql_collate;
    }
    return to->mysql_engine || to->mysql_row_format || to->mysql_charset || to->mysql_collate;
}

static bool sqlite_options(const ath_table_opts *w, const ath_table_opts *f, bool on, ath_table_opts *to,
                           ath_table_opts *from) {
    bool strict = w->sqlite_strict != f->sqlite_strict && w->sqlite_strict == on;
    bool without = w->sqlite_without_rowid != f->sqlite_without_rowid && w->sqlite_without_rowid == on;
    to->sqlite_strict = strict && on;
    from->sqlite_strict = strict && !on;
    to->sqlite_without_rowid = without && on;
    from->sqlite_without_rowid = without && !on;
    return strict || without;
}

/* What restricts goes before the columns change and comes behind them. */
static ath_status compare_options(ath__comparing *c, const ath__pair *p, bool on) {
    const ath_table_opts *w = &p->wanted->opts, *f = &p->found->opts, *k = p->kept ? &p->kept->opts : w;
    ath_table_opts to = {.struct_size = sizeof to, .schema = w->schema}, from = to;
    bool differs = ath__compares_ddl(c, ATH__DDL_SQLITE_OPTIONS)  ? sqlite_options(w, f, on, &to, &from)
                   : ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) ? on && mysql_options(w, k, f, &to, &from)
                                                                  : false;
    if (!differs)
        return ATH_OK;
    ath_table_item *items = ath__arena_zero(c->arena, 2 * sizeof *items);
    if (items) {
        items[0] = (ath_table_item){.kind = ATH_ITEM_OPTIONS, .options = ath__arena_copy(c->arena, &to, sizeof to)};
        items[1] = (ath_table_item){.kind = ATH_ITEM_OPTIONS, .options = ath__arena_copy(c->arena, &from, sizeof from)};
    }
    if (!items || !items[0].options || !items[1].options)
        return ath__fail_memory(c->error);
    ath__detected(c, "options of table '%s'", p->wanted->name);
    return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_TABLE_OPTIONS,
                                              .schema = w->schema,
                                              .table = p->wanted->name,
                                              .items = items,
                                              .item_count = 2});
}

/* ---- the order ---- */

static bool is_drop(const ath_operation *o) {
    return o->kind == ATH_OPERATION_DROP_INDEX ||
           (o->kind == ATH_OPERATION_DROP_CONSTRAINT &&
            (o->constraint == ATH_CONSTRAINT_UNIQUE || o->constraint == ATH_CONSTRAINT_CHECK));
}

/* Indexes and constraints that go do so before types change: the new type may be one that they cannot be over.  Not where a
 * column ceases to be numbered, which needs its key until then. */
static void drops_first(ath__changes *list, size_t from) {
    bool types = false;
    size_t first = list->count;
    for (size_t i = list->count; i-- > from;) {
        const ath_operation *o = &list->items[i].operation;
        if (o->kind != ATH_OPERATION_ALTER_COLUMN)
            continue;
        if (o->alter->autoincrement)
            return;
        types = types || o->alter->type.sql != ATH_SQL_INFER;
        first = i;
    }
    for (size_t i = first; types && i < list->count; i++) {
        const ath__change one = list->items[i];
        if (!is_drop(&one.operation))
            continue;
        memmove(&list->items[first + 1], &list->items[first], (i - first) * sizeof one);
        list->items[first++] = one;
    }
}

ath_status ath__compare_table(ath__comparing *c, ath__pair *p) {
    size_t before = c->out->count;
    c->lenient = !c->dry && !p->kept;
    ATH_TRY(compare_options(c, p, false));
    ATH_TRY(ath__withdraw_computed(c, p));
    ATH_TRY(ath__compare_columns_new(c, p, false));
    ATH_TRY(ath__compare_key(c, p));
    ATH_TRY(ath__compare_columns(c, p));
    /* behind the changes of what they are computed from, which PostgreSQL refuses once they stand */
    ATH_TRY(ath__compare_columns_new(c, p, true));
    ATH_TRY(ath__compare_indexes(c, p));
    ATH_TRY(ath__compare_foreign_keys(c, p));
    ATH_TRY(compare_comment(c, p));
    ATH_TRY(ath__compare_checks(c, p));
    drops_first(c->out, before);
    ATH_TRY(ath__compare_columns_gone(c, p));
    return compare_options(c, p, true);
}
