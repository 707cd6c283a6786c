/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables taken apart: options of columns, constraints, indexes and tables, as ath_table_build would take them.
 *
 * Only what the database keeps is said: a default of the program's own, validation and the like are no schema.
 */
#include "migrate/items.h"

static void *no_memory(const ath__itemizer *w) {
    ath__fail_memory(w->error);
    return NULL;
}

static void *keep(const ath__itemizer *w, const void *what, size_t size) {
    void *kept = ath__arena_copy(w->arena, what, size);
    return kept ? kept : no_memory(w);
}

/* ---- names ---- */

typedef ath_status (*name_fn)(ath__ddl *ddl, const ath_table *table, const void *of, ath__buf *name);

static ath_status name_constraint(ath__ddl *ddl, const ath_table *table, const void *of, ath__buf *name) {
    return ath__ddl_constraint_name(ddl, table, of, name);
}

static ath_status name_index(ath__ddl *ddl, const ath_table *table, const void *of, ath__buf *name) {
    return ath__ddl_index_name(ddl, table, of, name);
}

static ath_status final_name(const ath__itemizer *w, const ath_table *table, name_fn fn, const void *of,
                             const char **name) {
    ath__buf text;
    ath__buf_init(&text, w->arena->allocator);
    ath__ddl ddl = {.dialect = w->dialect, .naming = w->naming, .out = &text, .error = w->error};
    ath_status status = fn(&ddl, table, of, &text);
    *name = NULL;
    if (status == ATH_OK && text.size)
        *name = ath__arena_str(w->arena, ath__buf_text(&text));
    if (status == ATH_OK && (text.failed || (text.size && !*name)))
        status = ath__fail_memory(w->error);
    ath__buf_done(&text);
    return status;
}

ath_status ath__final_name(const ath__itemizer *w, const ath_table *table, const ath__constraint *c,
                           const char **name) {
    return final_name(w, table, name_constraint, c, name);
}

ath_status ath__final_index_name(const ath__itemizer *w, const ath_table *table, const ath__index *index,
                                 const char **name) {
    return final_name(w, table, name_index, index, name);
}

/* The column that the database numbers comes first, unless the order was said. */
ath_status ath__key_columns(const ath__itemizer *w, const ath_table *t, ath_name_list *columns) {
    const char **names = ath__arena_zero(w->arena, (t->key_count + 1) * sizeof *names);
    bool said = t->primary && t->primary->columns.count;
    size_t count = 0;
    if (!names)
        return ath__fail_memory(w->error);
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < t->key_count; i++)
            if ((!said && t->autoincrement == t->key[i]) == (first == 1))
                names[count++] = t->columns[t->key[i]].name;
    *columns = (ath_name_list){count, names};
    return ATH_OK;
}

/* ---- columns ---- */

static bool is_foreign_key(const ath_table *t, const ath__column *c) {
    for (size_t i = 0; i < t->constraint_count; i++)
        for (size_t k = 0; t->constraints[i].kind == ATH__FOREIGN_KEY && k < t->constraints[i].columns.count; k++)
            if (strcmp(t->constraints[i].columns.names[k], c->name) == 0)
                return true;
    return false;
}

/* What has to be said so that the rule comes to what is; see decide_autoincrement of table_finish.c. */
static ath_autoincrement numbering(const ath_table *t, const ath__column *c) {
    bool rule = t->key_count == 1 && c->primary_key && ath__sql_is_integer(c->type.sql) && !is_foreign_key(t, c) &&
                !c->server_default && !c->computed;
    if (rule == c->autoincrement)
        return ATH_AUTOINCREMENT_AUTO;
    return c->autoincrement ? ATH_AUTOINCREMENT_YES : ATH_AUTOINCREMENT_NO;
}

/* Collation and character set are the column's to say. */
static bool split_type(const ath__itemizer *w, const ath__column *c, ath_column_opts *o) {
    const ath_type_details *d = c->type.details;
    o->type = c->type;
    if (!d || (!d->collation && !d->charset))
        return true;
    ath_type_details *rest = keep(w, d, sizeof *d);
    if (!rest)
        return false;
    o->collation = d->collation;
    o->charset = d->charset;
    rest->collation = rest->charset = NULL;
    bool any = rest->spelling || rest->name || rest->schema || rest->plain || rest->check || rest->dimensions ||
               rest->item || rest->fields;
    o->type.details = any ? rest : NULL;
    return true;
}

/* Without the check that an enum or a boolean asks for. */
static bool without_check(const ath__itemizer *w, ath_type *type) {
    if (!type->details || !type->details->check)
        return true;
    ath_type_details *rest = keep(w, type->details, sizeof *rest);
    if (!rest)
        return false;
    rest->check = false;
    bool any =
        rest->spelling || rest->name || rest->schema || rest->plain || rest->dimensions || rest->item || rest->fields;
    type->details = any ? rest : NULL;
    return true;
}

/* A default as a revision can say it: a plain literal, now(), or text. */
static bool plain_default(const ath__itemizer *w, const ath__column *c, const ath_expr **out) {
    const ath_expr *e = c->server_default;
    *out = e;
    if (!e || e->node == ATH_NODE_NOW || (e->node == ATH_NODE_TEXT && !e->count))
        return true;
    if (e->node == ATH_NODE_LITERAL &&
        (e->u.value.kind == ATH_KIND_BOOL || e->u.value.kind == ATH_KIND_INT || e->u.value.kind == ATH_KIND_TEXT))
        return true;
    ath__buf text;
    ath__buf_init(&text, w->arena->allocator);
    ath__ddl ddl = {.dialect = w->dialect, .out = &text, .error = w->error};
    bool done = ath__ddl_default(&ddl, c) == ATH_OK;
    const ath_expr as_text = {.node = ATH_NODE_TEXT, .u.text = ath__arena_str(w->arena, ath__buf_text(&text))};
    *out = done && !text.failed && as_text.u.text ? keep(w, &as_text, sizeof as_text) : NULL;
    if (done && !*out)
        ath__fail_memory(w->error);
    ath__buf_done(&text);
    return *out != NULL;
}

const ath_table_item *ath__item_of_column(const ath__itemizer *w, const ath_table *t, const ath__column *c,
                                          bool with_checks) {
    ath_column_opts o = {.struct_size = sizeof o,
                         .primary_key = c->primary_key,
                         .not_null = !c->nullable && !c->primary_key && !c->identity,
                         .autoincrement = numbering(t, c),
                         .server_default = c->server_default,
                         .check = with_checks ? c->check : NULL,
                         .check_name = with_checks ? c->check_name : NULL,
                         .computed = c->computed,
                         .persisted = c->persisted,
                         .identity = c->identity,
                         .counting = c->counting,
                         .comment = c->comment,
                         .sqlite_on_conflict_primary_key = c->conflict_key,
                         .sqlite_on_conflict_not_null = c->conflict_null};
    if (!plain_default(w, c, &o.server_default) || !split_type(w, c, &o) ||
        (!with_checks && !without_check(w, &o.type)))
        return NULL;
    ath_table_item item = {.name = c->name, .column = keep(w, &o, sizeof o)};
    return item.column ? keep(w, &item, sizeof item) : NULL;
}

/* ---- constraints ---- */

/* a IN ('x', 'y'), as the dialect writes it. */
static const char *type_check(const ath__itemizer *w, const ath_table *t, const ath__constraint *c) {
    ath__buf text;
    ath__buf_init(&text, w->arena->allocator);
    ath__ddl ddl = {.dialect = w->dialect, .out = &text, .error = w->error};
    ath__constraint bare = *c;
    bare.name = NULL;
    const char *made = NULL;
    if (ath__ddl_constraint(&ddl, t, &bare) == ATH_OK) {
        const char *written = ath__buf_text(&text), *open = strchr(written, '(');
        made = text.failed || !open ? no_memory(w) : ath__arena_strn(w->arena, open + 1, strlen(open + 1) - 1);
        if (!made)
            no_memory(w);
    }
    ath__buf_done(&text);
    return made;
}

static const ath_table_item *foreign_key(const ath__itemizer *w, const ath__constraint *c, const char *name) {
    ath_foreign_key_opts o = {.struct_size = sizeof o,
                              .name = name,
                              .columns = c->columns,
                              .target_columns = c->target_columns,
                              .target = c->target,
                              .target_schema = c->target_schema,
                              .ondelete = c->ondelete,
                              .onupdate = c->onupdate,
                              .deferrable = c->deferrable,
                              .initially = c->initially,
                              .match = c->match,
                              .comment = c->comment,
                              .postgresql_not_valid = c->not_valid,
                              .exact_name = w->exact && (name || !w->naming)};
    ath_table_item item = {.kind = ATH_CONSTRAINT_FOREIGN_KEY, .foreign_key = keep(w, &o, sizeof o)};
    return item.foreign_key ? keep(w, &item, sizeof item) : NULL;
}

static const ath_table_item *constraint(const ath__itemizer *w, const ath__constraint *c, ath_constraint_opts o) {
    o.struct_size = sizeof o;
    o.exact_name = w->exact && (o.name || !w->naming); /* what was found without a name stays so */
    o.deferrable = c->deferrable;
    o.initially = c->initially;
    o.nulls_not_distinct = c->nulls_not_distinct;
    o.comment = c->comment;
    o.sqlite_on_conflict = c->conflict;
    o.postgresql_not_valid = c->not_valid;
    o.postgresql_include = c->include;
    if (c->kind == ATH__PRIMARY_KEY)
        o.mysql_using = c->using;
    else
        o.using = c->using;
    o.where = c->where;
    o.parts = c->parts;
    o.operators = c->operators;
    ath_table_item item = {.kind = (int)c->kind, .constraint = keep(w, &o, sizeof o)};
    return item.constraint ? keep(w, &item, sizeof item) : NULL;
}

const ath_table_item *ath__item_of_constraint(const ath__itemizer *w, const ath_table *t, const ath__constraint *c) {
    ath_constraint_opts o = {.columns = c->of_type >= 0 ? (ath_name_list){0} : c->columns, .check = c->check};
    if (ath__final_name(w, t, c, &o.name) != ATH_OK)
        return NULL;
    if (c->kind == ATH__FOREIGN_KEY)
        return foreign_key(w, c, o.name);
    if (c->of_type >= 0 && !(o.check = type_check(w, t, c)))
        return NULL;
    return constraint(w, c, o);
}

const ath_table_item *ath__item_of_key(const ath__itemizer *w, const ath_table *t) {
    ath__constraint key = {.kind = ATH__PRIMARY_KEY, .of_type = -1};
    ath_constraint_opts o = {0};
    if (t->primary)
        key = *t->primary;
    if (ath__key_columns(w, t, &o.columns) != ATH_OK)
        return NULL;
    key.columns = o.columns;
    if (ath__final_name(w, t, &key, &o.name) != ATH_OK)
        return NULL;
    return constraint(w, &key, o);
}

/* ---- indexes ---- */

const ath_table_item *ath__item_of_index(const ath__itemizer *w, const ath_table *t, const ath__index *x) {
    ath_index_opts o = x->opts;
    o.struct_size = sizeof o;
    o.unique = x->unique;
    ath_table_item item = {.kind = ATH_ITEM_INDEX, .parts = x->parts};
    if (ath__final_index_name(w, t, x, &item.name) != ATH_OK)
        return NULL;
    item.index = keep(w, &o, sizeof o);
    return item.index ? keep(w, &item, sizeof item) : NULL;
}

/* ---- whole tables ---- */

static bool says_anything(const ath_table_opts *o) {
    const char *const texts[] = {o->schema,
                                 o->comment,
                                 o->postgresql_partition_by,
                                 o->postgresql_using,
                                 o->postgresql_with,
                                 o->postgresql_on_commit,
                                 o->postgresql_tablespace,
                                 o->mysql_engine,
                                 o->mysql_charset,
                                 o->mysql_collate,
                                 o->mysql_row_format,
                                 o->mysql_auto_increment,
                                 o->mysql_partition_by,
                                 o->mysql_partitions,
                                 o->mysql_more};
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++)
        if (texts[i])
            return true;
    return o->prefixes.count || o->sqlite_autoincrement || o->sqlite_without_rowid || o->sqlite_strict ||
           o->postgresql_inherits.count;
}

static const ath_table_item *options(const ath__itemizer *w, const ath_table *t, bool *any) {
    ath_table_opts o = t->opts;
    o.struct_size = sizeof o;
    o.comment = t->comment;
    o.sqlite_autoincrement = t->sqlite_autoincrement;
    o.no_primary_key = false;
    *any = says_anything(&o);
    ath_table_item item = {.kind = ATH_ITEM_OPTIONS};
    if (!*any)
        return NULL;
    item.options = keep(w, &o, sizeof o);
    return item.options ? keep(w, &item, sizeof item) : NULL;
}

/* Whether the columns do not say all of the key. */
static ath_status key_needs_item(const ath__itemizer *w, const ath_table *t, bool *yes) {
    ath__constraint key = {.kind = ATH__PRIMARY_KEY, .of_type = -1};
    const char *name = NULL;
    if (t->primary)
        key = *t->primary;
    ATH_TRY(ath__key_columns(w, t, &key.columns));
    ATH_TRY(ath__final_name(w, t, &key, &name));
    *yes = t->key_count && (t->primary || name);
    return ATH_OK;
}

/* A failure (item NULL) leaves its status in the error. */
static ath_status add(const ath__itemizer *w, ath_table_item *list, size_t *count, const ath_table_item *item) {
    if (!item)
        return ath__failed(w->error);
    list[(*count)++] = *item;
    return ATH_OK;
}

ath_status ath__items_of_table(const ath__itemizer *w, const ath_table *t, const bool *left_out,
                               const ath_table_item **items, size_t *count) {
    size_t room = t->column_count + t->constraint_count + 2;
    ath_table_item *list = ath__arena_zero(w->arena, room * sizeof *list);
    bool key, any;
    *items = list;
    *count = 0;
    if (!list)
        return ath__fail_memory(w->error);
    for (size_t i = 0; i < t->column_count; i++)
        if (!t->columns[i].expression)
            ATH_TRY(add(w, list, count, ath__item_of_column(w, t, &t->columns[i], true)));
    ATH_TRY(key_needs_item(w, t, &key));
    if (key)
        ATH_TRY(add(w, list, count, ath__item_of_key(w, t)));
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *c = &t->constraints[i];
        if (!(left_out && left_out[i]) && c->of_type < 0 && ath__ddl_wants(w->dialect, t, c))
            ATH_TRY(add(w, list, count, ath__item_of_constraint(w, t, c)));
    }
    const ath_table_item *said = options(w, t, &any);
    return any ? add(w, list, count, said) : ATH_OK;
}
