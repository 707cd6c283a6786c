/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: when all has been said of a table: the primary key, who numbers it, the constraints and indexes that
 * columns ask for, their order, and the checks.
 */
#include "sql/table_build.h"

#include <string.h>

static ath_name_list one_name(ath_mapper *m, const char *name) {
    return ath__mapper_names(m, (ath_name_list){1, &name});
}

static const char *what_it_is(const ath_mapper *m) {
    return m->model ? "model" : "table";
}

/* ---- the primary key ---- */

static bool is_foreign_key(const ath_table *t, const ath__column *c) {
    for (size_t i = 0; i < t->constraint_count; i++)
        for (size_t k = 0; t->constraints[i].kind == ATH__FOREIGN_KEY && k < t->constraints[i].columns.count; k++)
            if (strcmp(t->constraints[i].columns.names[k], c->name) == 0)
                return true;
    return c->fk_table != NULL;
}

/* The key column that the database numbers: SQLAlchemy's rule for autoincrement="auto". */
static void decide_autoincrement(ath_table *t) {
    int asked = -1;
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].autoincrement)
            asked = (int)i;
    bool forbidden = t->autoincrement == -2;
    t->autoincrement = asked;
    if (asked < 0 && !forbidden && t->key_count == 1) {
        const ath__column *c = &t->columns[t->key[0]];
        if (ath__sql_is_integer(c->type.sql) && !is_foreign_key(t, c) && !c->default_value && !c->server_default &&
            !c->computed)
            t->autoincrement = t->key[0];
    }
    for (size_t i = 0; i < t->column_count; i++)
        t->columns[i].autoincrement = (int)i == t->autoincrement;
}

/* The columns that the primary key's own description names, in its order. */
static void key_as_described(ath_mapper *m) {
    ath_table *t = m->table;
    ath_name_list names = t->primary->columns;
    for (size_t i = 0; i < t->column_count; i++)
        t->columns[i].primary_key = false;
    for (size_t i = 0; i < names.count; i++) {
        const ath__column *named = ath__table_column_named(t, names.names[i]);
        ath__column *c = named ? &t->columns[named->position] : NULL;
        if (!c || c->primary_key) {
            MISTAKE(m, "the primary key names column %s, which the %s does not have once", names.names[i],
                    what_it_is(m));
            return;
        }
        c->primary_key = true;
        if (!m->model)
            c->nullable = false;
        t->key[t->key_count++] = c->position;
    }
}

static void gather_key(ath_mapper *m) {
    ath_table *t = m->table;
    t->key = ath__arena_zero(&t->arena, (t->column_count + 1) * sizeof *t->key);
    if (!t->key) {
        ath__mapper_no_memory(m);
        return;
    }
    if (t->primary && t->primary->columns.count)
        key_as_described(m);
    else
        for (size_t i = 0; i < t->column_count; i++)
            if (t->columns[i].primary_key)
                t->key[t->key_count++] = (uint16_t)i;
    decide_autoincrement(t);
}

/* ---- what columns ask for ---- */

static void add_unique(ath_mapper *m, const ath__column *column) {
    ath__constraint *c = ath__mapper_add_constraint(m, ATH_CONSTRAINT_UNIQUE, NULL);
    if (!c)
        return;
    c->columns = one_name(m, column->name);
    c->conflict = column->conflict_unique;
}

static void add_foreign_key(ath_mapper *m, const ath__column *column) {
    ath__constraint *c = ath__mapper_add_constraint(m, ATH_CONSTRAINT_FOREIGN_KEY, NULL);
    if (!c)
        return;
    *c = *column->fk;
    c->columns = one_name(m, column->name);
    c->target_schema = column->fk_schema;
    c->target = column->fk_table;
    c->target_columns = one_name(m, column->fk_column);
    c->ondelete = column->ondelete;
    c->onupdate = column->onupdate_action;
}

/* CHECK (a IN ('x', 'y')), for databases whose type does not do so. */
static void add_type_check(ath_mapper *m, const ath__column *column) {
    const ath_type_details *details = column->type.details;
    ath__constraint *c = ath__mapper_add_constraint(m, ATH_CONSTRAINT_CHECK, details->name);
    if (!c)
        return;
    c->of_type = (int16_t)column->position;
    c->columns = one_name(m, column->name);
}

static void constrain_column(ath_mapper *m, const ath__column *column) {
    if (column->expression)
        return;
    if (column->unique && !column->index)
        add_unique(m, column);
    if (column->type.details && column->type.details->check)
        add_type_check(m, column);
    if (column->fk_table)
        add_foreign_key(m, column);
}

static void index_column(ath_mapper *m, const ath__column *column) {
    const char *schema = m->table->opts.schema;
    const char *name = ath__arena_printf(&m->table->arena, "ix_%s%s%s_%s", schema ? schema : "", schema ? "_" : "",
                                         m->table->name, column->name);
    ath__index *index = name ? ath__mapper_add_index(m, name) : NULL;
    ath_index_part *part = index ? ath__arena_zero(&m->table->arena, sizeof *part) : NULL;
    if (!part) {
        ath__mapper_no_memory(m);
        return;
    }
    part->column = column->name;
    index->unique = index->opts.unique = column->unique;
    index->generated = true;
    index->columns = one_name(m, column->name);
    index->parts = (ath_part_list){1, part};
}

/* What the table says comes before what its columns say, as in SQLAlchemy's CREATE TABLE. */
static void add_from_columns(ath_mapper *m) {
    ath_table *t = m->table;
    for (size_t i = 0; i < t->column_count && m->error.status == ATH_OK; i++) {
        constrain_column(m, &t->columns[i]);
        if (t->name && t->columns[i].index)
            index_column(m, &t->columns[i]);
    }
}

/* ---- checks ---- */

static void check_field(ath_mapper *m, const ath__column *c) {
    if (!ath__ctype_holds(c->ctype, c->size, &c->type))
        MISTAKE(m, "field %s (%s, %u bytes) cannot hold a column of type %s(%u)", c->field, ath__ctype_name(c->ctype),
                c->size, ath__sql_type_name(c->type.sql), c->type.length);
}

static void check_expression(ath_mapper *m, const ath__column *c) {
    if (!m->model)
        MISTAKE(m, "column %s: an expression fills the field of a struct; this table has none", c->name);
    if (c->primary_key || c->unique || c->index || c->fk_table || c->default_value || c->server_default ||
        c->onupdate || c->computed || c->identity || c->version || c->check || c->comment)
        MISTAKE(m, "column %s is an expression, and can be no more than that", c->name);
}

static void check_version(ath_mapper *m, const ath__column *c) {
    if (!ath__sql_is_integer(c->type.sql) || c->nullable || c->primary_key || c->computed || c->identity ||
        c->default_value || c->onupdate)
        MISTAKE(m,
                "version column %s must be a plain integer that is not NULL: no key, not computed, without a default "
                "of its own",
                c->name);
    if (m->table->version >= 0)
        MISTAKE(m, "columns %s and %s are both said to be the version", m->table->columns[m->table->version].name,
                c->name);
    m->table->version = c->position;
}

static void check_column(ath_mapper *m, const ath__column *c) {
    if (!c->name[0])
        MISTAKE(m, "the column of field %s has an empty name", c->field);
    if (m->model)
        check_field(m, c);
    else if (c->type.sql == ATH_SQL_INFER)
        MISTAKE(m, "column %s has no type", c->name);
    if (c->autoincrement && (!c->primary_key || !ath__sql_is_integer(c->type.sql)))
        MISTAKE(m, "column %s: only an integer column of the primary key can be numbered by the database", c->name);
    if (c->primary_key && c->nullable)
        MISTAKE(m, "primary key column %s cannot be nullable", c->name);
    if (c->computed && (c->server_default || c->identity))
        MISTAKE(m, "column %s is computed and cannot have a default or an identity", c->name);
    if (c->identity && c->server_default)
        MISTAKE(m, "column %s is an identity and cannot have a default", c->name);
    if (c->version)
        check_version(m, c);
    if (c->expression)
        check_expression(m, c);
    for (const ath__column *other = m->table->columns; other < c; other++)
        if (strcmp(other->name, c->name) == 0)
            MISTAKE(m, "column %s is described twice", c->name);
}

static void check_names(ath_mapper *m, ath_name_list list, const char *what) {
    for (size_t i = 0; i < list.count; i++)
        if (!ath__table_column_named(m->table, list.names[i]))
            MISTAKE(m, "%s names column %s, which the %s does not have", what, list.names[i], what_it_is(m));
}

static void check_parts(ath_mapper *m, ath_part_list list, const char *what) {
    for (size_t i = 0; i < list.count; i++)
        if (list.parts[i].column)
            check_names(m, (ath_name_list){1, &list.parts[i].column}, what);
}

static void check_table(ath_mapper *m) {
    ath_table *t = m->table;
    if (!t->column_count && (t->name || (!t->relation_count && !t->input)))
        MISTAKE(m, "it describes no column%s", "");
    for (size_t i = 0; i < t->column_count; i++)
        check_column(m, &t->columns[i]);
    if (m->model && t->name && !t->key_count && !t->opts.no_primary_key)
        MISTAKE(m, "could not find a primary key for table %s; mark a column with .primary_key = true", t->name);
    if (t->key_count && t->opts.no_primary_key)
        MISTAKE(m, "it is said to have no primary key, and column %s to be in it", t->columns[t->key[0]].name);
    for (size_t i = 0; i < t->constraint_count; i++) {
        const ath__constraint *c = &t->constraints[i];
        const char *called = c->name ? c->name : "a constraint";
        check_names(m, c->columns, called);
        check_names(m, c->include, called);
        check_parts(m, c->parts, called);
    }
    for (size_t i = 0; i < t->index_count; i++) {
        const char *called = t->indexes[i].name ? t->indexes[i].name : "an index";
        check_names(m, t->indexes[i].columns, called);
        check_names(m, t->indexes[i].opts.include, called);
    }
}

void ath__mapper_finish(ath_mapper *m) {
    if (m->error.status == ATH_OK)
        gather_key(m);
    if (m->error.status == ATH_OK)
        add_from_columns(m);
    if (m->error.status == ATH_OK)
        check_table(m);
}
