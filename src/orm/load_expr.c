/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: expressions that loading makes, in its arena.  NULL operands give NULL: what ran out of memory is asked
 * once, at the end.
 */
#include "orm/loading.h"

#include "sql/copy.h"

ath_expr *ath__load_expr(ath__loading *l, ath_expr value) {
    return ath__arena_copy(&l->arena, &value, sizeof value);
}

const ath_expr *ath__load_column(ath__loading *l, const ath_model *model, const ath__column *column,
                                 const char *alias) {
    const ath_expr e = {.node = ATH_NODE_COLUMN,
                        .u.column = {.model = model, .offset = column->offset, .alias = alias}};
    return ath__arena_copy(&l->arena, &e, sizeof e);
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
                                            ath__expr_copy_as(more[i], &l->arena, n->m->model, n->alias));
    return condition;
}

ath_expr_list ath__load_order(ath__node *n) {
    const ath_expr_list order =
        n->clause && n->clause->order_by.count ? n->clause->order_by : n->link->relation->opts.order_by;
    return ath__load_sorts(n, order) ? (ath_expr_list){0} : order;
}
