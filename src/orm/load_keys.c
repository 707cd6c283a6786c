/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: column IN (keys), (a, b) IN ((1, 2), (3, 4)); and column BETWEEN 1 AND 1000, where many keys are all whole
 * numbers from one to another, as those of a whole table mostly are: databases answer that by one walk, and the text is
 * the same for all of them.  Of many keys of several columns the first is asked for by itself too: SQLite finds rows by
 * no index for a list of tuples, and would read the whole table for each of them.
 */
#include "orm/loading.h"

const ath_expr *ath__load_tuple(ath__loading *l, const ath_model *model, const ath__column *const *from, size_t count) {
    const ath_expr **columns = ath__arena_alloc(&l->arena, count * sizeof *columns);
    for (size_t i = 0; columns && i < count; i++)
        if (!(columns[i] = ath__load_column(l, model, from[i], NULL)))
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

/* ---- ranges ---- */

enum { RANGE_KEYS = 32 }; /* from so many on: for fewer a list is as good */

/* Such a column has no values between two whole numbers. */
static bool is_whole(const ath__column *c) {
    const int ctype = (int)c->ctype % ATH_C_OPTIONAL;
    bool field = ctype == ATH_C_I16 || ctype == ATH_C_I32 || ctype == ATH_C_I64;
    bool column = c->type.sql == ATH_SQL_SMALLINT || c->type.sql == ATH_SQL_INTEGER || c->type.sql == ATH_SQL_BIGINT;
    return field && column && !c->expression;
}

static bool limits(const ath_value *keys, size_t count, int64_t *least, int64_t *most) {
    *least = INT64_MAX;
    *most = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        if (keys[i].kind != ATH_KIND_INT)
            return false;
        *least = keys[i].as.i < *least ? keys[i].as.i : *least;
        *most = keys[i].as.i > *most ? keys[i].as.i : *most;
    }
    return true;
}

/* Every number from the least to the most is there, and, as they are no more than that, once. */
static bool is_range(ath__loading *l, const ath_value *keys, size_t count, int64_t *least, int64_t *most) {
    if (count < RANGE_KEYS || !limits(keys, count, least, most) || (uint64_t)*most - (uint64_t)*least != count - 1)
        return false;
    uint64_t *there = ath__arena_zero(&l->arena, (count / 64 + 1) * sizeof *there);
    for (size_t i = 0; there && i < count; i++) {
        size_t bit = (size_t)(keys[i].as.i - *least);
        if (ath__mask_has(there, bit))
            return false;
        ath__mask_set(there, bit);
    }
    return there != NULL;
}

static const ath_expr *whole_number(ath__loading *l, int64_t i) {
    return ath__load_expr(
        l, (ath_expr){.node = ATH_NODE_LITERAL, .u.value = (ath_value){.kind = ATH_KIND_INT, .as.i = i}});
}

static const ath_expr *among_numbers(ath__loading *l, const ath_expr *column, const ath__column *c,
                                     const ath_value *keys, size_t count) {
    int64_t least, most;
    if (!is_whole(c) || !is_range(l, keys, count, &least, &most))
        return ath__load_operation(l, ATH_OP_IN, column, ath__load_keys(l, keys, count, 1));
    return ath__load_operation(l, ATH_OP_AND, ath__load_operation(l, ATH_OP_GE, column, whole_number(l, least)),
                               ath__load_operation(l, ATH_OP_LE, column, whole_number(l, most)));
}

/* The first numbers of keys of several columns; NULL: they are not all numbers, or memory ran out. */
static ath_value *firsts_of(ath__loading *l, const ath_value *keys, size_t count, size_t width) {
    ath_value *firsts = ath__arena_alloc(&l->arena, count * sizeof *firsts);
    for (size_t i = 0; firsts && i < count; i++) {
        if (keys[i * width].kind != ATH_KIND_INT)
            return NULL;
        firsts[i] = keys[i * width];
    }
    return firsts;
}

const ath_expr *ath__load_among(ath__loading *l, const ath_model *model, const ath__column *const *columns,
                                const ath_value *keys, size_t count, size_t width) {
    const ath_expr *tuple = ath__load_tuple(l, model, columns, width);
    if (width == 1)
        return tuple ? among_numbers(l, tuple, columns[0], keys, count) : NULL;
    const ath_expr *all = ath__load_operation(l, ATH_OP_IN, tuple, ath__load_keys(l, keys, count, width));
    const ath_value *firsts = count < RANGE_KEYS ? NULL : firsts_of(l, keys, count, width);
    const ath_expr *first = firsts ? ath__load_column(l, model, columns[0], NULL) : NULL;
    return first ? ath__load_operation(l, ATH_OP_AND, among_numbers(l, first, columns[0], firsts, count), all) : all;
}
