/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: queries built step by step.
 *
 * The pieces live in an arena; lists that grow are kept with room to spare and doubled.  What a list outgrows stays in
 * the arena until the query is freed: queries are small and short-lived.
 */
#include "sql/copy.h"

struct ath_query {
    ath_allocator allocator;
    ath__arena arena;
    bool failed;
    ath_select_stmt stmt;
};

ath_query *ath_query_create(const ath_select_stmt *start, const ath_allocator *allocator) {
    const ath_allocator *a = allocator ? allocator : &ath__malloc_allocator;
    ath_query *q = ath__alloc_zero(a, 1, sizeof *q);
    if (!q)
        return NULL;
    q->allocator = *a;
    ath__arena_init(&q->arena, &q->allocator);
    const ath_select_stmt *copy = start ? ath__select_copy(start, &q->arena) : NULL;
    if (start && !copy) {
        ath_query_free(q);
        return NULL;
    }
    if (copy)
        q->stmt = *copy;
    q->stmt.struct_size = sizeof q->stmt;
    return q;
}

void ath_query_free(ath_query *q) {
    if (!q)
        return;
    ath_allocator a = q->allocator;
    ath__arena_done(&q->arena);
    ath__free(&a, q, sizeof *q);
}

const ath_select_stmt *ath_query_stmt(const ath_query *q) {
    return q && !q->failed ? &q->stmt : NULL;
}

/* ---- lists ---- */

/* The list with room for `more` items behind its `count`: at every power of two it moves. */
static void *grown(ath_query *q, const void *items, size_t count, size_t more, size_t size) {
    size_t capacity = 4;
    while (capacity < count + more)
        capacity *= 2;
    void *larger = ath__arena_alloc(&q->arena, capacity * size);
    if (!larger)
        q->failed = true;
    else if (count)
        memcpy(larger, items, count * size);
    return larger;
}

static void append(ath_query *q, ath_expr_list *list, ath_expr_list more) {
    if (!q || q->failed || !more.count)
        return;
    const ath_expr **items = grown(q, list->items, list->count, more.count, sizeof *items);
    if (!items || !ath__expr_list_copy(&more, &q->arena)) {
        q->failed = true;
        return;
    }
    memcpy(items + list->count, more.items, more.count * sizeof *items);
    *list = (ath_expr_list){list->count + more.count, items};
}

void ath_query_columns(ath_query *q, ath_expr_list columns) {
    append(q, q ? &q->stmt.columns : NULL, columns);
}

void ath_query_group_by(ath_query *q, ath_expr_list by) {
    append(q, q ? &q->stmt.group_by : NULL, by);
}

void ath_query_order_by(ath_query *q, ath_expr_list by) {
    append(q, q ? &q->stmt.order_by : NULL, by);
}

void ath_query_from(ath_query *q, ath_source source) {
    if (!q || q->failed)
        return;
    ath_source *items = grown(q, q->stmt.from.items, q->stmt.from.count, 1, sizeof *items);
    if (!items || !ath__source_copy(&source, &q->arena)) {
        q->failed = true;
        return;
    }
    items[q->stmt.from.count] = source;
    q->stmt.from = (ath_source_list){q->stmt.from.count + 1, items};
}

void ath_query_join(ath_query *q, ath_join_clause join) {
    if (!q || q->failed)
        return;
    ath_join_clause *items = grown(q, q->stmt.joins.items, q->stmt.joins.count, 1, sizeof *items);
    if (!items || !ath__join_copy(&join, &q->arena)) {
        q->failed = true;
        return;
    }
    items[q->stmt.joins.count] = join;
    q->stmt.joins = (ath_join_list){q->stmt.joins.count + 1, items};
}

void ath_query_with(ath_query *q, ath_cte cte) {
    if (!q || q->failed)
        return;
    ath_cte *items = grown(q, q->stmt.with.items, q->stmt.with.count, 1, sizeof *items);
    if (!items || !ath__cte_copy(&cte, &q->arena)) {
        q->failed = true;
        return;
    }
    items[q->stmt.with.count] = cte;
    q->stmt.with = (ath_cte_list){q->stmt.with.count + 1, items};
}

void ath_query_load(ath_query *q, ath_load_clause clause) {
    if (!q || q->failed)
        return;
    ath_load_clause *items = grown(q, q->stmt.load.items, q->stmt.load.count, 1, sizeof *items);
    if (!items || !ath__load_copy(&clause, &q->arena)) {
        q->failed = true;
        return;
    }
    items[q->stmt.load.count] = clause;
    q->stmt.load = (ath_load_list){q->stmt.load.count + 1, items};
}

/* ---- conditions ---- */

/* Conditions are gathered in one flat AND, whose operands grow. */
static void and_also(ath_query *q, const ath_expr **where, const ath_expr *condition) {
    if (!q || q->failed || !condition)
        return;
    const ath_expr *copy = ath__expr_copy(condition, &q->arena), *before = *where;
    bool flat = before && before->node == ATH_NODE_OPERATOR && before->op == ATH_OP_AND;
    uint32_t count = !before ? 0 : flat ? before->count : 1;
    const ath_expr **args = grown(q, flat ? (const void *)before->args : &before, count, 1, sizeof *args);
    ath_expr *all = ath__arena_zero(&q->arena, sizeof *all);
    if (!copy || !args || !all) {
        q->failed = true;
        return;
    }
    args[count] = copy;
    *all = (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_AND, .count = count + 1, .args = args};
    *where = all;
}

void ath_query_where(ath_query *q, const ath_expr *condition) {
    and_also(q, q ? &q->stmt.where_ : NULL, condition);
}

void ath_query_having(ath_query *q, const ath_expr *condition) {
    and_also(q, q ? &q->stmt.having_ : NULL, condition);
}

/* ---- the rest ---- */

void ath_query_limit(ath_query *q, int64_t limit) {
    if (q)
        q->stmt.limit = limit;
}

void ath_query_offset(ath_query *q, int64_t offset) {
    if (q)
        q->stmt.offset = offset;
}

void ath_query_distinct(ath_query *q, bool distinct) {
    if (q)
        q->stmt.distinct = distinct;
}

void ath_query_lock(ath_query *q, ath_lock lock) {
    if (!q || q->failed)
        return;
    ath_select_stmt holder = {.lock = lock};
    const ath_select_stmt *copy = ath__select_copy(&holder, &q->arena);
    if (copy)
        q->stmt.lock = copy->lock;
    else
        q->failed = true;
}
