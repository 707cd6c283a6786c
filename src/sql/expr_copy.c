/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: a deep copy of an expression into an arena, so that it outlives the block that wrote it.  Used for a
 * model's defaults.  Subqueries are refused (NULL): a default cannot hold one.
 */
#include "sql/schema.h"

#include <string.h>

enum { DEPTH_LIMIT = 64 };

static const ath_expr *copy(const ath_expr *expr, ath__arena *arena, int depth);

static bool copy_text(const char **text, ath__arena *arena) {
    if (!*text)
        return true;
    *text = ath__arena_str(arena, *text);
    return *text != NULL;
}

static bool copy_value(ath_value *v, ath__arena *arena) {
    if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON) {
        size_t size = v->as.text.size == SIZE_MAX ? strlen(v->as.text.data) : v->as.text.size;
        v->as.text.data = ath__arena_strn(arena, v->as.text.data, size);
        v->as.text.size = size;
        return v->as.text.data != NULL;
    }
    if (v->kind == ATH_KIND_BYTES && v->as.bytes.size) {
        v->as.bytes.data = ath__arena_copy(arena, v->as.bytes.data, v->as.bytes.size);
        return v->as.bytes.data != NULL;
    }
    return true;
}

static bool copy_labels(ath_type *type, ath__arena *arena) {
    if (!type->name_count)
        return true;
    const char **names = ath__arena_zero(arena, type->name_count * sizeof *names);
    if (!names)
        return false;
    for (uint32_t i = 0; i < type->name_count; i++) {
        names[i] = type->names[i];
        if (!copy_text(&names[i], arena))
            return false;
    }
    type->names = names;
    return true;
}

/* What a node points to besides its operands. */
static bool copy_payload(ath_expr *node, ath__arena *arena) {
    switch (node->node) {
    case ATH_NODE_LITERAL:
        return copy_value(&node->u.value, arena);
    case ATH_NODE_COLUMN:
        return copy_text(&node->u.column.alias, arena);
    case ATH_NODE_NAME:
        return copy_text(&node->u.name.table, arena) && copy_text(&node->u.name.name, arena);
    case ATH_NODE_FUNCTION:
    case ATH_NODE_LABEL:
    case ATH_NODE_TEXT:
    case ATH_NODE_BIND:
        return copy_text(&node->u.text, arena);
    case ATH_NODE_CAST:
        return copy_labels(&node->u.type, arena);
    case ATH_NODE_SUBQUERY:
    case ATH_NODE_ARRAY:
        return false;
    default:
        return true;
    }
}

static bool copy_operands(ath_expr *node, ath__arena *arena, int depth) {
    size_t count = node->count;
    if (!count || !node->args)
        return true;
    const ath_expr **args = ath__arena_zero(arena, count * sizeof *args);
    if (!args)
        return false;
    for (size_t i = 0; i < count; i++) {
        args[i] = copy(node->args[i], arena, depth + 1);
        if (node->args[i] && !args[i])
            return false;
    }
    node->args = args;
    return true;
}

static const ath_expr *copy(const ath_expr *expr, ath__arena *arena, int depth) {
    if (!expr || depth > DEPTH_LIMIT)
        return NULL;
    ath_expr *node = ath__arena_copy(arena, expr, sizeof *expr);
    if (!node || !copy_payload(node, arena) || !copy_operands(node, arena, depth))
        return NULL;
    return node;
}

const ath_expr *ath__expr_copy(const ath_expr *expr, ath__arena *arena) {
    return copy(expr, arena, 0);
}
