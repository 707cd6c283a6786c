/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: gathers what is said of a table, by a model's body or by ath_table_new.
 *
 * What is said is copied into the table's arena; a mistake is kept in the mapper (the first wins) and reported when all
 * has been said.  table_finish.c checks the whole and puts it in order.
 */
#include "sql/table_build.h"
#include "sql/inherit.h"

#include <string.h>

void ath__mapper_no_memory(ath_mapper *m) {
    if (m->error.status == ATH_OK)
        ath__fail_memory(&m->error);
}

/* Room for one more element; arrays live in the table's arena and leave their old selves behind. */
static void *grow(ath_mapper *m, void *array, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return array;
    size_t wanted = *capacity ? *capacity * 2 : 8;
    void *larger = ath__arena_zero(&m->table->arena, wanted * size);
    if (!larger) {
        ath__mapper_no_memory(m);
        return NULL;
    }
    if (count)
        memcpy(larger, array, count * size);
    *capacity = wanted;
    return larger;
}

const char *ath__mapper_keep(ath_mapper *m, const char *text) {
    if (!text)
        return NULL;
    const char *copy = ath__arena_str(&m->table->arena, text);
    if (!copy)
        ath__mapper_no_memory(m);
    return copy;
}

static void keep(ath_mapper *m, const char **text) {
    *text = ath__mapper_keep(m, *text);
}

/* What ath__expr_copy refuses for other reasons than memory. */
static bool can_keep(const ath_expr *expr, int depth) {
    if (!expr)
        return true;
    if (depth > 64 || expr->node == ATH_NODE_SUBQUERY || expr->node == ATH_NODE_ARRAY)
        return false;
    for (uint32_t i = 0; i < expr->count; i++)
        if (!can_keep(expr->args[i], depth + 1))
            return false;
    return true;
}

static const ath_expr *keep_expr(ath_mapper *m, const ath__column *c, const ath_expr *expr) {
    if (!can_keep(expr, 0)) {
        MISTAKE(m, "column %s: a default cannot hold a subquery, an array, or more than 64 levels", c->name);
        return NULL;
    }
    const ath_expr *copy = ath__expr_copy(expr, &m->table->arena);
    if (expr && !copy)
        ath__mapper_no_memory(m);
    return copy;
}

ath_name_list ath__mapper_names(ath_mapper *m, ath_name_list list) {
    if (!list.count)
        return (ath_name_list){0};
    const char **names = ath__arena_zero(&m->table->arena, list.count * sizeof *names);
    if (!names) {
        ath__mapper_no_memory(m);
        return (ath_name_list){0};
    }
    for (size_t i = 0; i < list.count; i++)
        names[i] = ath__mapper_keep(m, list.names[i] ? list.names[i] : "");
    return (ath_name_list){list.count, names};
}

static ath_part_list keep_parts(ath_mapper *m, ath_part_list list) {
    if (!list.count)
        return (ath_part_list){0};
    ath_index_part *parts = ath__arena_copy(&m->table->arena, list.parts, list.count * sizeof *parts);
    if (!parts) {
        ath__mapper_no_memory(m);
        return (ath_part_list){0};
    }
    for (size_t i = 0; i < list.count; i++) {
        keep(m, &parts[i].column);
        keep(m, &parts[i].expression);
        keep(m, &parts[i].text);
        keep(m, &parts[i].collation);
        keep(m, &parts[i].postgresql_ops);
    }
    return (ath_part_list){list.count, parts};
}

ath__constraint *ath__mapper_add_constraint(ath_mapper *m, ath_constraint_kind kind, const char *name) {
    ath_table *t = m->table;
    ath__constraint *list =
        grow(m, t->constraints, t->constraint_count, &m->constraint_capacity, sizeof *t->constraints);
    if (!list)
        return NULL;
    t->constraints = list;
    ath__constraint *c = &list[t->constraint_count++];
    *c = (ath__constraint){.kind = (ath__constraint_kind)kind, .of_type = -1};
    c->name = ath__mapper_keep(m, name);
    return c;
}

ath__relation *ath__mapper_add_relation(ath_mapper *m) {
    ath_table *t = m->table;
    ath__relation *list = grow(m, t->relations, t->relation_count, &m->relation_capacity, sizeof *t->relations);
    if (!t->links)
        t->links = ath__arena_zero(&t->arena, sizeof *t->links);
    if (!list || !t->links) {
        ath__mapper_no_memory(m);
        return NULL;
    }
    t->relations = list;
    ath__relation *r = &list[t->relation_count];
    *r = (ath__relation){.position = (uint16_t)t->relation_count++};
    return r;
}

ath__index *ath__mapper_add_index(ath_mapper *m, const char *name) {
    ath_table *t = m->table;
    ath__index *list = grow(m, t->indexes, t->index_count, &m->index_capacity, sizeof *t->indexes);
    if (!list)
        return NULL;
    t->indexes = list;
    ath__index *index = &list[t->index_count++];
    index->name = ath__mapper_keep(m, name);
    return index;
}

ath__column *ath__mapper_add_column(ath_mapper *m) {
    ath_table *t = m->table;
    ath__column *list = grow(m, t->columns, t->column_count, &m->column_capacity, sizeof *t->columns);
    if (!list)
        return NULL;
    t->columns = list;
    ath__column *c = &list[t->column_count];
    c->position = c->mapped = (uint16_t)t->column_count++;
    return c;
}

/* ---- columns ---- */

/* "table.column" or "schema.table.column". */
static void split_foreign_key(ath_mapper *m, ath__column *c, const char *target) {
    const char *last = strrchr(target, '.'), *first = strchr(target, '.');
    const char *table = first == last ? target : first + 1;
    if (!last || last == table || !last[1] || first == target) {
        MISTAKE(m, "column %s: a foreign key is written \"table.column\", not \"%s\"", c->name, target);
        return;
    }
    c->fk_table = ath__arena_strn(&m->table->arena, table, (size_t)(last - table));
    c->fk_column = ath__mapper_keep(m, last + 1);
    if (table != target)
        c->fk_schema = ath__arena_strn(&m->table->arena, target, (size_t)(first - target));
    if (!c->fk_table || (table != target && !c->fk_schema))
        ath__mapper_no_memory(m);
}

static void keep_type(ath_mapper *m, ath__column *c, const ath_column_opts *o) {
    ath_type_details details = {0};
    c->type = o->type;
    if (o->type.sql == ATH_SQL_INFER && c->ctype != ATH_C_NONE)
        c->type = ath__ctype_infer(c->ctype, c->size);
    if (o->collation || o->charset) {
        if (c->type.details)
            details = *c->type.details;
        details.collation = o->collation ? o->collation : details.collation;
        details.charset = o->charset ? o->charset : details.charset;
        c->type.details = &details;
    }
    if (!ath__type_copy(&c->type, &m->table->arena))
        ath__mapper_no_memory(m);
}

static void fill_foreign_key(ath_mapper *m, ath__column *c, const ath_column_opts *o) {
    split_foreign_key(m, c, o->foreign_key);
    ath__constraint *fk = m->error.status ? NULL : ath__arena_zero(&m->table->arena, sizeof *fk);
    if (!fk) {
        ath__mapper_no_memory(m);
        return;
    }
    fk->kind = ATH__FOREIGN_KEY;
    fk->of_type = -1;
    fk->name = ath__said_of_parent(m) ? NULL : ath__mapper_keep(m, o->foreign_key_name);
    fk->match = ath__mapper_keep(m, o->match);
    fk->initially = ath__mapper_keep(m, o->initially);
    fk->deferrable = o->deferrable;
    fk->use_alter = o->use_alter;
    c->fk = fk;
}

void ath__mapper_fill(ath_mapper *m, ath__column *c, const ath_column_opts *o) {
    keep_type(m, c, o);
    c->primary_key = o->primary_key;
    c->unique = o->unique;
    c->index = o->index;
    c->autoincrement = o->autoincrement == ATH_AUTOINCREMENT_YES;
    c->default_value = keep_expr(m, c, o->default_value);
    c->server_default = keep_expr(m, c, o->server_default);
    c->onupdate = keep_expr(m, c, o->onupdate);
    c->ondelete = ath__mapper_keep(m, o->ondelete);
    c->onupdate_action = ath__mapper_keep(m, o->onupdate_action);
    c->check = ath__mapper_keep(m, o->check);
    c->check_name = ath__mapper_keep(m, o->check_name);
    c->comment = ath__mapper_keep(m, o->comment);
    c->computed = ath__mapper_keep(m, o->computed);
    c->version = o->version;
    c->read_only = o->read_only;
    c->expression = ath__expr_copy((const ath_expr *)(uintptr_t)o->expression, &m->table->arena);
    if (o->expression && !c->expression)
        ath__mapper_no_memory(m);
    ath__rules_make(m, c, o);
    c->persisted = o->persisted;
    c->identity = o->identity;
    c->counting = o->counting;
    c->conflict_key = ath__mapper_keep(m, o->sqlite_on_conflict_primary_key);
    c->conflict_null = ath__mapper_keep(m, o->sqlite_on_conflict_not_null);
    c->conflict_unique = ath__mapper_keep(m, o->sqlite_on_conflict_unique);
    if (o->foreign_key)
        fill_foreign_key(m, c, o);
    if (m->table->autoincrement == -1 && o->autoincrement == ATH_AUTOINCREMENT_NO && o->primary_key)
        m->table->autoincrement = -2; /* decided: none */
    if (o->nullable && o->identity)
        MISTAKE(m, "column %s is an identity and cannot be nullable", c->name);
    if (o->nullable && o->not_null && !m->shared)
        MISTAKE(m, "column %s is said to be both nullable and NOT NULL", c->name);
}

/* ---- indexes ---- */

/* The names of the parts that are columns. */
static void name_columns(ath_mapper *m, ath__index *index) {
    const char **names = ath__arena_zero(&m->table->arena, (index->parts.count + 1) * sizeof *names);
    if (!names) {
        ath__mapper_no_memory(m);
        return;
    }
    for (size_t i = 0; i < index->parts.count; i++)
        if (index->parts.parts[i].column)
            names[index->columns.count++] = index->parts.parts[i].column;
    index->columns.names = names;
}

static void check_part(ath_mapper *m, const char *name, const ath_index_part *p) {
    if (!p->column + !p->expression + !p->text != 2)
        MISTAKE(m, "index %s has a part that is not one of column, expression and text", name ? name : "(unnamed)");
    if (p->nulls_first && p->nulls_last)
        MISTAKE(m, "index %s has NULLs both first and last", name ? name : "(unnamed)");
}

void ath_mapper_index_on(ath_mapper *m, const char *name, ath_part_list parts, const ath_index_opts *opts) {
    if (ath__said_of_parent(m))
        return;
    if (!parts.count) {
        MISTAKE(m, "index %s names no column", name ? name : "(unnamed)");
        return;
    }
    for (size_t i = 0; i < parts.count; i++)
        check_part(m, name, &parts.parts[i]);
    if (!name && m->model) {
        MISTAKE(m, "an index over %s needs a name", parts.parts[0].column ? parts.parts[0].column : "an expression");
        return;
    }
    ath__index *index = ath__mapper_add_index(m, name);
    if (!index)
        return;
    ath_index_opts *o = &index->opts;
    *o = *opts;
    index->unique = opts->unique;
    index->parts = keep_parts(m, parts);
    index->generated = !name;
    o->include = ath__mapper_names(m, o->include);
    const char **texts[] = {&o->where,       &o->postgresql_using, &o->postgresql_with,  &o->postgresql_tablespace,
                            &o->mysql_using, &o->mysql_prefix,     &o->mysql_with_parser};
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++)
        keep(m, texts[i]);
    name_columns(m, index);
}

void ath_mapper_index(ath_mapper *m, const char *name, ath_name_list columns, const ath_index_opts *opts) {
    ath_index_part *parts = ath__arena_zero(&m->table->arena, (columns.count + 1) * sizeof *parts);
    if (!parts) {
        ath__mapper_no_memory(m);
        return;
    }
    for (size_t i = 0; i < columns.count; i++)
        parts[i].column = columns.names[i] ? columns.names[i] : "";
    ath_mapper_index_on(m, name, (ath_part_list){columns.count, parts}, opts);
}

/* ---- constraints ---- */

static void fill_constraint(ath_mapper *m, ath__constraint *c, const ath_constraint_opts *o) {
    c->columns = ath__mapper_names(m, o->columns);
    c->check = ath__mapper_keep(m, o->check);
    c->deferrable = o->deferrable;
    c->initially = ath__mapper_keep(m, o->initially);
    c->nulls_not_distinct = o->nulls_not_distinct;
    c->comment = ath__mapper_keep(m, o->comment);
    c->conflict = ath__mapper_keep(m, o->sqlite_on_conflict);
    c->not_valid = o->postgresql_not_valid;
    c->exact_name = o->exact_name;
    c->include = ath__mapper_names(m, o->postgresql_include);
    c->using = ath__mapper_keep(m, c->kind == ATH__PRIMARY_KEY ? o->mysql_using : o->using);
    c->where = ath__mapper_keep(m, o->where);
    c->parts = keep_parts(m, o->parts);
    c->operators = ath__mapper_names(m, o->operators);
}

static void add_primary(ath_mapper *m, const ath_constraint_opts *o) {
    ath__constraint *c = ath__arena_zero(&m->table->arena, sizeof *c);
    if (!c) {
        ath__mapper_no_memory(m);
        return;
    }
    if (m->table->primary)
        MISTAKE(m, "the primary key is described twice%s", "");
    c->kind = ATH__PRIMARY_KEY;
    c->of_type = -1;
    c->name = ath__mapper_keep(m, o->name);
    fill_constraint(m, c, o);
    m->table->primary = c;
}

void ath_mapper_constraint(ath_mapper *m, ath_constraint_kind kind, const ath_constraint_opts *o) {
    const char *called = o->name ? o->name : "(without a name)";
    if (kind == ATH_CONSTRAINT_PRIMARY_KEY) {
        add_primary(m, o);
        return;
    }
    if (kind == ATH_CONSTRAINT_UNIQUE && !o->columns.count) {
        MISTAKE(m, "unique constraint %s names no column", called);
        return;
    }
    if (kind == ATH_CONSTRAINT_EXCLUDE && (!o->parts.count || o->parts.count != o->operators.count)) {
        MISTAKE(m, "exclude constraint %s needs one operator for each of its parts", called);
        return;
    }
    for (size_t i = 0; i < o->parts.count; i++)
        check_part(m, called, &o->parts.parts[i]);
    ath__constraint *c = ath__mapper_add_constraint(m, kind, ath__said_of_parent(m) ? NULL : o->name);
    if (c)
        fill_constraint(m, c, o);
    if (c && kind == ATH_CONSTRAINT_CHECK && !c->check)
        c->check = "";
}

void ath_mapper_unique(ath_mapper *m, const char *name, ath_name_list columns) {
    ath_mapper_constraint(m, ATH_CONSTRAINT_UNIQUE, &(ath_constraint_opts){.name = name, .columns = columns});
}

void ath_mapper_check(ath_mapper *m, const char *name, const char *sql) {
    ath_mapper_constraint(m, ATH_CONSTRAINT_CHECK, &(ath_constraint_opts){.name = name, .check = sql ? sql : ""});
}

void ath_mapper_foreign_key(ath_mapper *m, const ath_foreign_key_opts *o) {
    if (!o->target || o->columns.count != o->target_columns.count || !o->columns.count) {
        MISTAKE(m, "a foreign key to %s needs as many columns as target columns", o->target ? o->target : "(no table)");
        return;
    }
    ath__constraint *c =
        ath__mapper_add_constraint(m, ATH_CONSTRAINT_FOREIGN_KEY, ath__said_of_parent(m) ? NULL : o->name);
    if (!c)
        return;
    c->columns = ath__mapper_names(m, o->columns);
    c->target = ath__mapper_keep(m, o->target);
    c->target_schema = ath__mapper_keep(m, o->target_schema);
    c->target_columns = ath__mapper_names(m, o->target_columns);
    c->ondelete = ath__mapper_keep(m, o->ondelete);
    c->onupdate = ath__mapper_keep(m, o->onupdate);
    c->deferrable = o->deferrable;
    c->initially = ath__mapper_keep(m, o->initially);
    c->match = ath__mapper_keep(m, o->match);
    c->comment = ath__mapper_keep(m, o->comment);
    c->use_alter = o->use_alter;
    c->not_valid = o->postgresql_not_valid;
    c->exact_name = o->exact_name;
}

/* ---- the table ---- */

void ath_mapper_comment(ath_mapper *m, const char *comment) {
    m->table->comment = ath__mapper_keep(m, comment);
}

void ath_mapper_sqlite_autoincrement(ath_mapper *m) {
    m->table->sqlite_autoincrement = true;
}

void ath_mapper_table_options(ath_mapper *m, const ath_table_opts *given) {
    ath_table *t = m->table;
    ath_table_opts *o = &t->opts;
    const char *comment = t->comment;
    *o = *given;
    const char **texts[] = {&o->schema,
                            &o->comment,
                            &o->postgresql_partition_by,
                            &o->postgresql_using,
                            &o->postgresql_with,
                            &o->postgresql_on_commit,
                            &o->postgresql_tablespace,
                            &o->mysql_engine,
                            &o->mysql_charset,
                            &o->mysql_collate,
                            &o->mysql_row_format,
                            &o->mysql_auto_increment,
                            &o->mysql_partition_by,
                            &o->mysql_partitions,
                            &o->mysql_more};
    for (size_t i = 0; i < ATH_COUNT_OF(texts); i++)
        keep(m, texts[i]);
    o->prefixes = ath__mapper_names(m, o->prefixes);
    o->postgresql_inherits = ath__mapper_names(m, o->postgresql_inherits);
    t->comment = o->comment ? o->comment : comment;
    t->sqlite_autoincrement |= o->sqlite_autoincrement;
}

ath_table *ath__table_make(const ath_allocator *a, const char *name) {
    ath_table *t = ath__alloc_zero(a, 1, sizeof *t);
    if (!t)
        return NULL;
    static _Atomic uint64_t serial;
    ath__arena_init(&t->arena, a);
    t->serial = ++serial;
    t->autoincrement = t->version = -1;
    t->name = name ? ath__arena_str(&t->arena, name) : NULL;
    if (!name || t->name)
        return t;
    ath__table_free(t);
    return NULL;
}

void ath__table_free(ath_table *table) {
    const ath_allocator *a = table->arena.allocator;
    ath__rules_done(table);
    ath__inherit_free(table);
    ath__arena_done(&table->arena);
    ath__free(a, table, sizeof *table);
}

/* ---- tables without a struct ---- */

static void add_item(ath_mapper *m, const ath_table_item *item) {
    if (item->kind == ATH_ITEM_INDEX && item->columns.count) {
        ath_mapper_index(m, item->name, item->columns, item->index);
    } else if (item->kind == ATH_ITEM_INDEX) {
        ath_mapper_index_on(m, item->name, item->parts, item->index);
    } else if (item->kind == ATH_ITEM_OPTIONS) {
        ath_mapper_table_options(m, item->options);
    } else if (item->foreign_key) {
        ath_mapper_foreign_key(m, item->foreign_key);
    } else if (item->constraint) {
        ath_mapper_constraint(m, (ath_constraint_kind)item->kind, item->constraint);
    } else if (item->column) {
        ath__column *c = ath__mapper_add_column(m);
        if (!c)
            return;
        c->name = ath__mapper_keep(m, item->name ? item->name : "");
        c->field = c->name;
        c->nullable = !item->column->not_null && !item->column->primary_key && !item->column->identity;
        c->said_not_null = item->column->not_null;
        if (c->name)
            ath__mapper_fill(m, c, item->column);
    }
}

ath_table *ath_table_build(const char *name, const ath_table_item *items, size_t count) {
    ath_table *t = ath__table_make(ath__process_allocator, name ? name : "");
    if (!t)
        return NULL;
    ath_mapper m = {.table = t, .path = "", .called = ath__arena_printf(&t->arena, "table %s", t->name)};
    if (m.called) {
        for (size_t i = 0; i < count; i++)
            add_item(&m, &items[i]);
        ath__mapper_finish(&m);
    }
    bool no_memory = !m.called || m.error.status == ATH_NO_MEMORY;
    if (!no_memory && m.error.status != ATH_OK) {
        t->mistake = ath__arena_copy(&t->arena, &m.error, sizeof m.error);
        no_memory = !t->mistake;
    }
    if (!no_memory)
        return t;
    ath__table_free(t);
    return NULL;
}

void ath_table_free(ath_table *table) {
    if (table)
        ath__table_free(table);
}

const char *ath_table_mistake(const ath_table *table) {
    return table->mistake ? table->mistake->message : NULL;
}
