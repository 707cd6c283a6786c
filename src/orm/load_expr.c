/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: expressions that loading makes, in its arena.  NULL operands give NULL: what ran out of memory is asked
 * once, at the end.
 */
#include "orm/loading.h"

ath_expr *ath__load_expr(ath__loading *l, ath_expr value) {
    return ath__arena_copy(&l->arena, &value, sizeof value);
}

const ath_expr *ath__load_column(ath__loading *l, const ath_model *model, const ath__column *column,
                                 const char *alias) {
    const ath_expr e = {.node = ATH_NODE_COLUMN,
                        .u.column = {.model = model, .offset = column->offset, .alias = alias}};
    return ath__arena_copy(&l->arena, &e, sizeof e);
}

const ath_expr *ath__expr_realias(ath__arena *arena, const ath_expr *e, const ath_model *model, const char *alias) {
    ath_expr *copy = ath__arena_copy(arena, e, sizeof *e);
    if (!copy)
        return NULL;
    if (copy->node == ATH_NODE_COLUMN && copy->u.column.model == model && !copy->u.column.alias)
        copy->u.column.alias = alias;
    if (copy->node == ATH_NODE_ARRAY || !copy->count)
        return copy;
    const ath_expr **args = ath__arena_alloc(arena, copy->count * sizeof *args);
    for (uint32_t i = 0; args && i < copy->count; i++)
        if (!(args[i] = ath__expr_realias(arena, e->args[i], model, alias)))
            return NULL;
    copy->args = args;
    return args ? copy : NULL;
}

const ath_expr *ath__load_operation(ath__loading *l, ath_op op, const ath_expr *a, const ath_expr *b) {
    const ath_expr *const both[] = {a, b};
    const ath_expr *const *args = a && b ? ath__arena_copy(&l->arena, both, sizeof both) : NULL;
    return args ? ath__load_expr(l, (ath_expr){.node = ATH_NODE_OPERATOR, .op = (uint8_t)op, .count = 2, .args = args})
                : NULL;
}

/* a[0] = b[0] AND a[1] = b[1] ... */
const ath_expr *ath__load_equal(ath__loading *l, const ath_model *a_model, const ath__column *const *a,
                                const char *a_alias, const ath_model *b_model, const ath__column *const *b,
                                const char *b_alias, size_t count) {
    const ath_expr *all = NULL;
    for (size_t i = 0; i < count; i++) {
        const ath_expr *equal = ath__load_operation(l, ATH_OP_EQ, ath__load_column(l, a_model, a[i], a_alias),
                                                    ath__load_column(l, b_model, b[i], b_alias));
        all = i ? ath__load_operation(l, ATH_OP_AND, all, equal) : equal;
        if (!all)
            return NULL;
    }
    return all;
}

/* The relation's own condition and the query's, by the target's alias, after `condition`. */
const ath_expr *ath__load_narrow(ath__loading *l, const ath__node *n, const ath_expr *condition) {
    const ath_expr *more[] = {n->link->relation->opts.where_, n->clause ? n->clause->where_ : NULL};
    for (size_t i = 0; i < ATH_COUNT_OF(more); i++)
        if (more[i] && condition)
            condition = ath__load_operation(l, ATH_OP_AND, condition,
                                            ath__expr_realias(&l->arena, more[i], n->m->model, n->alias));
    return condition;
}

ath_expr_list ath__load_order(const ath__node *n) {
    return n->clause && n->clause->order_by.count ? n->clause->order_by : n->link->relation->opts.order_by;
}

/* ---- keys ---- */

const ath_expr *ath__load_tuple(ath__loading *l, const ath_model *model, const ath__column *const *keys, size_t count) {
    const ath_expr **columns = ath__arena_alloc(&l->arena, count * sizeof *columns);
    for (size_t i = 0; columns && i < count; i++)
        if (!(columns[i] = ath__load_column(l, model, keys[i], NULL)))
            return NULL;
    if (!columns || count == 1)
        return columns ? columns[0] : NULL;
    return ath__load_expr(l, (ath_expr){.node = ATH_NODE_TUPLE, .count = (uint32_t)count, .args = columns});
}

static const ath_expr *literal_key(ath__loading *l, const ath_value *key, size_t width) {
    const ath_expr **items = ath__arena_alloc(&l->arena, width * sizeof *items);
    for (size_t i = 0; items && i < width; i++)
        if (!(items[i] = ath__load_expr(l, (ath_expr){.node = ATH_NODE_LITERAL, .u.value = key[i]})))
            return NULL;
    if (!items || width == 1)
        return items ? items[0] : NULL;
    return ath__load_expr(l, (ath_expr){.node = ATH_NODE_TUPLE, .count = (uint32_t)width, .args = items});
}

/* A C array where the keys are integers: databases that take arrays then have one text for all numbers of keys. */
static const ath_expr *integer_keys(ath__loading *l, const ath_value *keys, size_t count) {
    int64_t *items = ath__arena_alloc(&l->arena, count * sizeof *items);
    if (!items)
        return NULL;
    for (size_t i = 0; i < count; i++)
        items[i] = keys[i].as.i;
    return ath__load_expr(
        l, (ath_expr){.node = ATH_NODE_ARRAY, .kind = ATH_C_I64, .count = (uint32_t)count, .u.array = items});
}

const ath_expr *ath__load_keys(ath__loading *l, const ath_value *keys, size_t count, size_t width) {
    bool integers = width == 1;
    for (size_t i = 0; integers && i < count; i++)
        integers = keys[i].kind == ATH_KIND_INT;
    if (integers)
        return integer_keys(l, keys, count);
    const ath_expr **items = ath__arena_alloc(&l->arena, count * sizeof *items);
    for (size_t i = 0; items && i < count; i++)
        if (!(items[i] = literal_key(l, keys + i * width, width)))
            return NULL;
    return items ? ath__load_expr(l, (ath_expr){.node = ATH_NODE_LIST, .count = (uint32_t)count, .args = items}) : NULL;
}
