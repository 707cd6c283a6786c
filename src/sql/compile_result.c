/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, result columns: what a SELECT or RETURNING gives, how each column is called in the SQL and in the result plan.
 *
 * Names are SQLAlchemy's: a column by its own name, id_1 when the name is taken, a function as count_1, other
 * expressions as anon_1.
 */
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

void ath__add_result(ath__compiler *c, const char *name, ath_type type, const ath__column *column) {
    if (!name) {
        c->out.failed = true;
        return;
    }
    if (c->column_count == c->column_capacity) {
        size_t capacity = c->column_capacity ? c->column_capacity * 2 : 16;
        ath__result_column *larger = ath__arena_alloc(c->arena, capacity * sizeof *larger);
        if (!larger) {
            c->out.failed = true;
            return;
        }
        if (c->column_count)
            memcpy(larger, c->columns, c->column_count * sizeof *larger);
        c->columns = larger;
        c->column_capacity = capacity;
    }
    c->columns[c->column_count++] = (ath__result_column){name, type, column};
}

static bool name_taken(const ath__compiler *c, size_t first, const char *name) {
    for (size_t i = first; i < c->column_count; i++)
        if (strcmp(c->columns[i].name, name) == 0)
            return true;
    return false;
}

/* name, or name_1, name_2 ... when columns before it have it already. */
static const char *free_name(ath__compiler *c, size_t first, const char *name) {
    const char *candidate = name;
    for (int n = 1; candidate && name_taken(c, first, candidate); n++)
        candidate = ath__arena_printf(c->arena, "%s_%d", name, n);
    if (!candidate)
        c->out.failed = true;
    return candidate ? candidate : "";
}

/* What a column of the list is called when it has no label. */
static const char *default_name(ath__compiler *c, const ath_expr *e, const ath__column *column) {
    if (column)
        return column->name;
    if (e->node == ATH_NODE_NAME)
        return e->u.name.name;
    if (e->node == ATH_NODE_CAST || e->node == ATH_NODE_TYPED || e->node == ATH_NODE_EXCLUDED) {
        const ath_expr *inner = e->args[0];
        if (inner && (inner->node == ATH_NODE_COLUMN || inner->node == ATH_NODE_NAME))
            return default_name(c, inner, inner->node == ATH_NODE_COLUMN ? ath__resolve(c, inner) : NULL);
    }
    const char *made = ath__arena_printf(c->arena, "anon_%u", ++c->anonymous);
    if (!made)
        c->out.failed = true;
    return made ? made : "";
}

static void write_as(ath__compiler *c, const char *name) {
    str(c, " AS ");
    ath__dialect_name(c->dialect, &c->out, name);
}

/* Function results are numbered per function: count_1, count_2. */
static const char *function_name(ath__compiler *c, size_t first, const ath_expr *e) {
    const char *point = strrchr(e->u.text, '.');
    for (unsigned n = 1;; n++) {
        const char *name = ath__arena_printf(c->arena, "%s_%u", point ? point + 1 : e->u.text, n);
        if (!name)
            c->out.failed = true;
        if (!name || !name_taken(c, first, name))
            return name ? name : "";
    }
}

/* users_id: the table before the column's name. */
static const char *table_label(ath__compiler *c, const ath_expr *e, const ath__column *column) {
    const char *table = e->u.column.alias ? e->u.column.alias : e->u.column.model->table;
    const char *made = ath__arena_printf(c->arena, "%s_%s", table ? table : "", column->name);
    c->out.failed = c->out.failed || !made;
    return made ? made : "";
}

/* What an item without a label is called; *written: whether the SQL must say so. */
static const char *item_name(ath__compiler *c, size_t first, const ath_expr *e, const ath__column *column,
                             bool *written) {
    *written = true;
    if (e->node == ATH_NODE_FUNCTION)
        return function_name(c, first, e);
    if (column && c->table_labels)
        return table_label(c, e, column);
    const char *plain = ath__arena_str(c->arena, default_name(c, e, column));
    const char *name = plain ? free_name(c, first, plain) : "";
    c->out.failed = c->out.failed || !plain;
    bool named = (e->node == ATH_NODE_COLUMN && !(column && column->expression)) || e->node == ATH_NODE_NAME ||
                 (e->node == ATH_NODE_CONSTANT && e->u.value.kind != ATH_KIND_NULL && e->u.value.kind != ATH_KIND_BOOL);
    *written = !named || name != plain || c->label_all;
    return name;
}

static void labelled_item(ath__compiler *c, const ath_expr *e, ath_type type) {
    if (!e->u.text) {
        fail(c, ATH_ARGUMENT, "a label has no name");
        return;
    }
    write_as(c, e->u.text);
    ath__add_result(c, ath__arena_str(c->arena, e->u.text), type, NULL);
}

static void result_item(ath__compiler *c, size_t first, const ath_expr *e) {
    if (e->node == ATH_NODE_STAR || e->node == ATH_NODE_TEXT) {
        c->open_columns = true;
        ath__render(c, e, NULL);
        return;
    }
    ath_type type = ath__expr_type(c, e);
    const ath__column *column = e->node == ATH_NODE_COLUMN ? ath__resolve(c, e) : NULL;
    bool label_all = c->label_all, written;
    c->label_all = false;
    ath__render(c, e, NULL);
    c->label_all = label_all;
    if (c->error->status != ATH_OK)
        return;
    if (e->node == ATH_NODE_LABEL) {
        labelled_item(c, e, type);
        return;
    }
    const char *name = item_name(c, first, e, column, &written);
    if (written)
        write_as(c, name);
    ath__add_result(c, name, type, column);
}

static void model_columns(ath__compiler *c, size_t first, const ath_model *model, const char *alias) {
    const ath_table *table = c->error->status == ATH_OK ? ath_model_table(model, c->error) : NULL;
    for (size_t i = 0; table && i < table->column_count; i++) {
        ath_expr column = {.node = ATH_NODE_COLUMN, .u.column = {model, table->columns[i].offset, alias}};
        str(c, i ? ", " : "");
        result_item(c, first, &column);
    }
}

void ath__render_model_columns(ath__compiler *c, const ath_model *model) {
    model_columns(c, c->column_count, model, NULL);
}

void ath__render_results(ath__compiler *c, ath_expr_list list) {
    size_t first = c->column_count;
    for (size_t i = 0; i < list.count && c->error->status == ATH_OK; i++) {
        str(c, i ? ", " : "");
        const ath_expr *e = list.items[i];
        if (e && e->node == ATH_NODE_STAR && e->u.column.model)
            model_columns(c, first, e->u.column.model, e->u.column.alias);
        else if (e)
            result_item(c, first, e);
        else
            fail(c, ATH_ARGUMENT, "a column of the list is missing");
    }
}
