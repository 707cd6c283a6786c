/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: column IN (keys), (a, b) IN ((1, 2), (3, 4)).
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
