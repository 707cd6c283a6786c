/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: runs a model's body and builds the table it describes.
 *
 * The body calls ath_mapper_column and its kin, which only gather; table_finish checks the whole and puts it in order.
 * A mistake is kept in the mapper (the first wins) and reported when the body has ended.  The table owns an arena that
 * holds all it points to; it is published in the model's slot with one compare-and-swap, so that threads that race build
 * it twice and one copy is dropped.
 */
#include "sql/schema.h"

#include <string.h>

struct ath_mapper {
    const ath_model *model;
    ath_table *table;
    const char *blank; /* where the instance would lie: offsets of mixins are taken from it */
    size_t base;       /* offset of the mixin whose body runs */
    const char *path;  /* the field it is embedded as, with a dot behind; "" outside of mixins */
    size_t column_capacity, constraint_capacity, index_capacity;
    int depth;
    ath_error error; /* the first mistake */
};

/* Keeps the first mistake; the message begins with the model's name. */
#define MISTAKE(m, format, ...)                                                                                        \
    ((m)->error.status == ATH_OK                                                                                       \
         ? (void)ath__fail(&(m)->error, ATH_ARGUMENT, "model %s: " format, (m)->model->name, __VA_ARGS__)              \
         : (void)0)

static void out_of_memory(ath_mapper *m) {
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
        out_of_memory(m);
        return NULL;
    }
    if (count)
        memcpy(larger, array, count * size);
    *capacity = wanted;
    return larger;
}

static const char *keep(ath_mapper *m, const char *text) {
    if (!text)
        return NULL;
    const char *copy = ath__arena_str(&m->table->arena, text);
    if (!copy)
        out_of_memory(m);
    return copy;
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
        out_of_memory(m);
    return copy;
}

static ath_name_list keep_names(ath_mapper *m, ath_name_list list) {
    const char **names = ath__arena_zero(&m->table->arena, list.count * sizeof *names);
    if (!names) {
        out_of_memory(m);
        return (ath_name_list){0};
    }
    for (size_t i = 0; i < list.count; i++)
        names[i] = keep(m, list.names[i] ? list.names[i] : "");
    return (ath_name_list){list.count, names};
}

static ath_name_list one_name(ath_mapper *m, const char *name) {
    return keep_names(m, (ath_name_list){1, &name});
}

static ath__constraint *add_constraint(ath_mapper *m, ath__constraint_kind kind, const char *name) {
    ath_table *t = m->table;
    ath__constraint *list =
        grow(m, t->constraints, t->constraint_count, &m->constraint_capacity, sizeof *t->constraints);
    if (!list)
        return NULL;
    t->constraints = list;
    ath__constraint *c = &list[t->constraint_count++];
    c->kind = kind;
    c->name = keep(m, name);
    return c;
}

static ath__index *add_index(ath_mapper *m, const char *name) {
    ath_table *t = m->table;
    ath__index *list = grow(m, t->indexes, t->index_count, &m->index_capacity, sizeof *t->indexes);
    if (!list)
        return NULL;
    t->indexes = list;
    ath__index *index = &list[t->index_count++];
    index->name = keep(m, name);
    return index;
}

/* ---- what bodies call ---- */

static void split_foreign_key(ath_mapper *m, ath__column *c, const char *target) {
    const char *dot = strrchr(target, '.');
    if (!dot || dot == target || !dot[1]) {
        MISTAKE(m, "column %s: a foreign key is written \"table.column\", not \"%s\"", c->name, target);
        return;
    }
    c->fk_table = ath__arena_strn(&m->table->arena, target, (size_t)(dot - target));
    c->fk_column = keep(m, dot + 1);
    if (!c->fk_table)
        out_of_memory(m);
}

static void keep_type(ath_mapper *m, ath__column *c, const ath_type *type) {
    c->type = *type;
    if (type->sql == ATH_SQL_INFER)
        c->type = ath__ctype_infer(c->ctype, c->size);
    if (type->name_count)
        c->type.names = keep_names(m, (ath_name_list){type->name_count, type->names}).names;
}

static void fill_column(ath_mapper *m, ath__column *c, const ath_column_opts *o) {
    keep_type(m, c, &o->type);
    c->primary_key = o->primary_key;
    c->unique = o->unique;
    c->index = o->index;
    c->nullable = o->nullable;
    c->autoincrement = o->autoincrement == ATH_AUTOINCREMENT_YES;
    c->default_value = keep_expr(m, c, o->default_value);
    c->server_default = keep_expr(m, c, o->server_default);
    c->onupdate = keep_expr(m, c, o->onupdate);
    c->ondelete = keep(m, o->ondelete);
    c->onupdate_action = keep(m, o->onupdate_action);
    c->check = keep(m, o->check);
    c->comment = keep(m, o->comment);
    if (o->foreign_key)
        split_foreign_key(m, c, o->foreign_key);
    if (m->table->autoincrement == -1 && o->autoincrement == ATH_AUTOINCREMENT_NO && o->primary_key)
        m->table->autoincrement = -2; /* decided: none */
}

static const char *last_part(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

void ath_mapper_column(ath_mapper *m, const char *field, size_t offset, size_t size, int ctype,
                       const ath_column_opts *opts) {
    ath_table *t = m->table;
    ath__column *list = grow(m, t->columns, t->column_count, &m->column_capacity, sizeof *t->columns);
    if (!list)
        return;
    t->columns = list;
    ath__column *c = &list[t->column_count];
    c->field = ath__arena_printf(&t->arena, "%s%s", m->path, field);
    c->name = keep(m, opts->name ? opts->name : last_part(field));
    c->ctype = (ath_ctype)ctype;
    c->offset = (uint32_t)(m->base + offset);
    c->size = (uint32_t)size;
    c->position = (uint16_t)t->column_count++;
    if (c->field && c->name)
        fill_column(m, c, opts);
    else
        out_of_memory(m);
}

void ath_mapper_mixin(ath_mapper *m, const char *field, size_t offset, ath_define_fn define, void *blank) {
    if (m->depth >= 8) {
        MISTAKE(m, "mixins are nested more than %d deep", 8);
        return;
    }
    size_t outer = m->base;
    const char *outer_path = m->path, *path = ath__arena_printf(&m->table->arena, "%s%s.", outer_path, field);
    if (!path) {
        out_of_memory(m);
        return;
    }
    m->base += offset;
    m->path = path;
    m->depth++;
    define(m, blank);
    m->depth--;
    m->path = outer_path;
    m->base = outer;
}

void ath_mapper_index(ath_mapper *m, const char *name, ath_name_list columns, const ath_index_opts *opts) {
    if (!name) {
        MISTAKE(m, "an index over %s needs a name", columns.count ? columns.names[0] : "(no column)");
        return;
    }
    if (!columns.count) {
        MISTAKE(m, "index %s names no column", name);
        return;
    }
    ath__index *index = add_index(m, name);
    if (!index)
        return;
    index->unique = opts->unique;
    index->columns = keep_names(m, columns);
}

void ath_mapper_unique(ath_mapper *m, const char *name, ath_name_list columns) {
    if (!columns.count) {
        MISTAKE(m, "unique constraint %s names no column", name ? name : "(without a name)");
        return;
    }
    ath__constraint *c = add_constraint(m, ATH__UNIQUE, name);
    if (c)
        c->columns = keep_names(m, columns);
}

void ath_mapper_check(ath_mapper *m, const char *name, const char *sql) {
    ath__constraint *c = add_constraint(m, ATH__CHECK, name);
    if (c)
        c->check = keep(m, sql ? sql : "");
}

void ath_mapper_foreign_key(ath_mapper *m, const ath_foreign_key_opts *o) {
    if (!o->target || o->columns.count != o->target_columns.count || !o->columns.count) {
        MISTAKE(m, "a foreign key to %s needs as many columns as target columns", o->target ? o->target : "(no table)");
        return;
    }
    ath__constraint *c = add_constraint(m, ATH__FOREIGN_KEY, o->name);
    if (!c)
        return;
    c->columns = keep_names(m, o->columns);
    c->target = keep(m, o->target);
    c->target_columns = keep_names(m, o->target_columns);
    c->ondelete = keep(m, o->ondelete);
    c->onupdate = keep(m, o->onupdate);
}

void ath_mapper_comment(ath_mapper *m, const char *comment) {
    m->table->comment = keep(m, comment);
}

void ath_mapper_sqlite_autoincrement(ath_mapper *m) {
    m->table->sqlite_autoincrement = true;
}

/* ---- checks ---- */

static void check_column(ath_mapper *m, const ath__column *c) {
    if (!c->name[0])
        MISTAKE(m, "the column of field %s has an empty name", c->field);
    if (!ath__ctype_holds(c->ctype, c->size, &c->type))
        MISTAKE(m, "field %s (%s, %u bytes) cannot hold a column of type %s(%u)", c->field, ath__ctype_name(c->ctype),
                c->size, ath__sql_type_name(c->type.sql), c->type.length);
    if (c->autoincrement && (!c->primary_key || !ath__sql_is_integer(c->type.sql)))
        MISTAKE(m, "column %s: only an integer column of the primary key can be numbered by the database", c->name);
    if (c->primary_key && c->nullable)
        MISTAKE(m, "primary key column %s cannot be nullable", c->name);
    for (const ath__column *other = m->table->columns; other < c; other++)
        if (strcmp(other->name, c->name) == 0)
            MISTAKE(m, "column %s is described twice", c->name);
}

static void check_names(ath_mapper *m, ath_name_list list, const char *what) {
    for (size_t i = 0; i < list.count; i++)
        if (!ath__table_column_named(m->table, list.names[i]))
            MISTAKE(m, "%s names column %s, which the model does not have", what, list.names[i]);
}

static void check_table(ath_mapper *m) {
    ath_table *t = m->table;
    if (!t->column_count)
        MISTAKE(m, "it describes no column%s", "");
    for (size_t i = 0; i < t->column_count; i++)
        check_column(m, &t->columns[i]);
    if (t->name && !t->key_count)
        MISTAKE(m, "could not find a primary key for table %s; mark a column with .primary_key = true", t->name);
    for (size_t i = 0; i < t->constraint_count; i++)
        check_names(m, t->constraints[i].columns, t->constraints[i].name ? t->constraints[i].name : "a constraint");
    for (size_t i = 0; i < t->index_count; i++)
        check_names(m, t->indexes[i].columns, t->indexes[i].name);
}

/* ---- putting in order ---- */

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
        if (ath__sql_is_integer(c->type.sql) && !is_foreign_key(t, c) && !c->default_value && !c->server_default)
            t->autoincrement = t->key[0];
    }
    for (size_t i = 0; i < t->column_count; i++)
        t->columns[i].autoincrement = (int)i == t->autoincrement;
}

static void gather_key(ath_mapper *m) {
    ath_table *t = m->table;
    t->key = ath__arena_zero(&t->arena, (t->column_count + 1) * sizeof *t->key);
    if (!t->key) {
        out_of_memory(m);
        return;
    }
    for (size_t i = 0; i < t->column_count; i++)
        if (t->columns[i].primary_key)
            t->key[t->key_count++] = (uint16_t)i;
    decide_autoincrement(t);
}

static void constrain_column(ath_mapper *m, const ath__column *column) {
    if (column->unique && !column->index) {
        ath__constraint *c = add_constraint(m, ATH__UNIQUE, NULL);
        if (c)
            c->columns = one_name(m, column->name);
    }
    if (column->fk_table) {
        ath__constraint *c = add_constraint(m, ATH__FOREIGN_KEY, NULL);
        if (!c)
            return;
        c->columns = one_name(m, column->name);
        c->target = column->fk_table;
        c->target_columns = one_name(m, column->fk_column);
        c->ondelete = column->ondelete;
        c->onupdate = column->onupdate_action;
    }
    if (column->check) {
        ath__constraint *c = add_constraint(m, ATH__CHECK, NULL);
        if (c)
            c->check = column->check;
    }
}

static void index_column(ath_mapper *m, const ath__column *column) {
    if (!column->index)
        return;
    const char *name = ath__arena_printf(&m->table->arena, "ix_%s_%s", m->table->name, column->name);
    ath__index *index = name ? add_index(m, name) : NULL;
    if (!index) {
        out_of_memory(m);
        return;
    }
    index->unique = column->unique;
    index->columns = one_name(m, column->name);
}

/* Column-level constraints come before the table-level ones, as in SQLAlchemy's CREATE TABLE. */
static void order_constraints(ath_mapper *m) {
    ath_table *t = m->table;
    size_t from_body = t->constraint_count;
    for (size_t i = 0; i < t->column_count && m->error.status == ATH_OK; i++) {
        constrain_column(m, &t->columns[i]);
        if (t->name)
            index_column(m, &t->columns[i]);
    }
    size_t from_columns = t->constraint_count - from_body;
    if (!from_body || !from_columns || m->error.status != ATH_OK)
        return;
    ath__constraint *sorted = ath__arena_alloc(&t->arena, t->constraint_count * sizeof *sorted);
    if (!sorted) {
        out_of_memory(m);
        return;
    }
    memcpy(sorted, t->constraints + from_body, from_columns * sizeof *sorted);
    memcpy(sorted + from_columns, t->constraints, from_body * sizeof *sorted);
    t->constraints = sorted;
}

/* ---- building and publishing ---- */

static void table_free(ath_table *table) {
    const ath_allocator *a = table->arena.allocator;
    ath__arena_done(&table->arena);
    ath__free(a, table, sizeof *table);
}

static ath_table *table_build(const ath_model *model, ath_error *error) {
    const ath_allocator *a = ath__process_allocator;
    ath_table *t = ath__alloc_zero(a, 1, sizeof *t);
    void *blank = ath__alloc_zero(a, 1, model->size ? model->size : 1);
    ath_mapper m = {.model = model, .table = t, .blank = blank, .path = ""};
    if (t)
        ath__arena_init(&t->arena, a);
    if (!t || !blank) {
        ath__fail_memory(&m.error);
    } else {
        t->model = model;
        t->autoincrement = -1;
        t->name = keep(&m, model->table);
        model->define(&m, blank);
        if (m.error.status == ATH_OK)
            gather_key(&m);
        if (m.error.status == ATH_OK)
            order_constraints(&m);
        if (m.error.status == ATH_OK)
            check_table(&m);
    }
    ath__free(a, blank, model->size ? model->size : 1);
    if (m.error.status == ATH_OK)
        return t;
    if (error)
        *error = m.error;
    if (t)
        table_free(t);
    return NULL;
}

const ath_table *ath_model_table(const ath_model *model, ath_error *error) {
    ath_table *table = __atomic_load_n(model->slot, __ATOMIC_ACQUIRE);
    if (table)
        return table;
    table = table_build(model, error);
    if (!table)
        return NULL;
    void *before = NULL;
    if (__atomic_compare_exchange_n(model->slot, &before, table, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return table;
    table_free(table);
    return before;
}
