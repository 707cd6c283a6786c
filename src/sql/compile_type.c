/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, types: what an expression's values are, so that literals beside it fit and results are read as they are meant.
 *
 * ATH_SQL_INFER stands for "the database knows": the value then comes as it is sent.
 */
#include "sql/compiler.h"

static const ath_type unknown = {.sql = ATH_SQL_INFER};

/* ---- functions ---- */

/* What a function gives: a type of its own, or that of its first argument. */
static const struct {
    const char *name;
    ath_sql_type sql; /* INFER: the argument's */
} functions[] = {
    {"abs", ATH_SQL_INFER},         {"avg", ATH_SQL_DOUBLE},          {"char_length", ATH_SQL_BIGINT},
    {"coalesce", ATH_SQL_INFER},    {"count", ATH_SQL_BIGINT},        {"cume_dist", ATH_SQL_DOUBLE},
    {"dense_rank", ATH_SQL_BIGINT}, {"first_value", ATH_SQL_INFER},   {"greatest", ATH_SQL_INFER},
    {"lag", ATH_SQL_INFER},         {"last_value", ATH_SQL_INFER},    {"lead", ATH_SQL_INFER},
    {"least", ATH_SQL_INFER},       {"length", ATH_SQL_BIGINT},       {"lower", ATH_SQL_INFER},
    {"max", ATH_SQL_INFER},         {"min", ATH_SQL_INFER},           {"nth_value", ATH_SQL_INFER},
    {"ntile", ATH_SQL_BIGINT},      {"nullif", ATH_SQL_INFER},        {"percent_rank", ATH_SQL_DOUBLE},
    {"rank", ATH_SQL_BIGINT},       {"regexp_replace", ATH_SQL_TEXT}, {"replace", ATH_SQL_TEXT},
    {"row_number", ATH_SQL_BIGINT}, {"string_agg", ATH_SQL_TEXT},     {"substr", ATH_SQL_TEXT},
    {"sum", ATH_SQL_INFER},         {"trim", ATH_SQL_TEXT},           {"upper", ATH_SQL_INFER},
};

static bool is_integer(ath_type type) {
    return type.sql == ATH_SQL_SMALLINT || type.sql == ATH_SQL_INTEGER || type.sql == ATH_SQL_BIGINT;
}

/* A sum or an arithmetic result may outgrow its column. */
static ath_type widened(ath_type type) {
    if (is_integer(type))
        return ATH_BIGINT;
    if (type.sql == ATH_SQL_NUMERIC)
        type.precision = type.scale = 0;
    return type;
}

static ath_type function_type(ath__compiler *c, const ath_expr *e) {
    for (size_t i = 0; e->u.text && i < ATH_COUNT_OF(functions); i++) {
        if (strcmp(functions[i].name, e->u.text) != 0)
            continue;
        if (functions[i].sql != ATH_SQL_INFER)
            return (ath_type){.sql = functions[i].sql};
        ath_type type = e->count ? ath__expr_type(c, e->args[0]) : unknown;
        return strcmp(e->u.text, "sum") == 0 ? widened(type) : type;
    }
    return unknown;
}

/* ---- operators ---- */

static ath_type arithmetic_type(ath__compiler *c, const ath_expr *e) {
    ath_type left = ath__expr_type(c, e->args[0]);
    ath_type right = e->count > 1 ? ath__expr_type(c, e->args[1]) : left;
    /* the wider of both: 2 * price is a price */
    ath_type type = is_integer(left) && right.sql != ATH_SQL_INFER && !is_integer(right) ? right : left;
    if (e->op == ATH_OP_DIV && is_integer(type))
        return ATH_DOUBLE;
    bool dates = type.sql >= ATH_SQL_DATE && type.sql <= ATH_SQL_INTERVAL; /* a difference of dates is no date */
    return dates ? unknown : widened(type);
}

static ath_type operator_type(ath__compiler *c, const ath_expr *e) {
    if (e->op >= ATH_OP_ASC)
        return ath__expr_type(c, e->args[0]);
    if (e->op == ATH_OP_CUSTOM)
        return unknown;
    if (e->op == ATH_OP_ANY || e->op == ATH_OP_ALL)
        return ath__expr_type(c, e->args[0]);
    if (e->op == ATH_OP_CONCAT)
        return ATH_TEXT;
    return e->op < ATH_OP_ADD ? ATH_BOOLEAN : arithmetic_type(c, e);
}

/* Labels and details are copied: the plans outlive the block that wrote the cast. */
static ath_type kept_type(ath__compiler *c, const ath_expr *e) {
    ath_type type = e->u.type;
    if (ath__type_copy(&type, c->arena))
        return type;
    c->out.failed = true;
    return unknown;
}

static ath_type constant_type(const ath_expr *e) {
    return e->u.value.kind == ATH_KIND_BOOL ? ATH_BOOLEAN : unknown;
}

static ath_type case_type(ath__compiler *c, const ath_expr *e, uint32_t first) {
    for (uint32_t i = first; i < e->count; i += 2) {
        ath_type type = ath__expr_type(c, e->args[i]);
        if (type.sql != ATH_SQL_INFER)
            return type;
    }
    return unknown;
}

static ath_type column_type(ath__compiler *c, const ath_expr *e) {
    const ath__column *column = ath__resolve(c, e);
    return column ? column->type : unknown;
}

/* A column by name is of the type that its table says, when the table is known. */
static ath_type name_type(const ath__compiler *c, const ath_expr *e) {
    for (const ath__scope *scope = c->scope; scope && e->u.name.name; scope = scope->outer)
        for (size_t i = 0; i < scope->count; i++) {
            const ath__from *from = &scope->items[i];
            if (!from->table || (e->u.name.table ? strcmp(e->u.name.table, from->name) != 0 : scope->count > 1))
                continue;
            const ath__column *column = ath__table_column_named(from->table, e->u.name.name);
            if (column)
                return column->type;
        }
    return unknown;
}

ath_type ath__expr_type(ath__compiler *c, const ath_expr *e) {
    switch (e ? e->node : ATH_NODE_NONE) {
    case ATH_NODE_COLUMN:
        return column_type(c, e);
    case ATH_NODE_NAME:
        return name_type(c, e);
    case ATH_NODE_LABEL:
    case ATH_NODE_COLLATE:
    case ATH_NODE_FILTER:
    case ATH_NODE_OVER:
    case ATH_NODE_EXCLUDED:
        return ath__expr_type(c, e->args[0]);
    case ATH_NODE_CAST:
    case ATH_NODE_TYPED:
    case ATH_NODE_JSON:
        return kept_type(c, e);
    case ATH_NODE_FUNCTION:
        return function_type(c, e);
    case ATH_NODE_OPERATOR:
        return operator_type(c, e);
    case ATH_NODE_SUBQUERY:
        return e->u.select && e->u.select->columns.count == 1 ? ath__expr_type(c, e->u.select->columns.items[0])
                                                              : unknown;
    case ATH_NODE_CASE:
        return case_type(c, e, 1);
    case ATH_NODE_CASE_OF:
        return case_type(c, e, 2);
    case ATH_NODE_CONSTANT:
        return constant_type(e);
    case ATH_NODE_EXTRACT:
        return ATH_BIGINT;
    default:
        return unknown;
    }
}

/* A column, or what has a column's type: the database knows what it compares. */
static bool is_stored(const ath_expr *e) {
    for (;;) {
        if (!e)
            return false;
        if (e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND || e->node == ATH_NODE_TYPED ||
            e->node == ATH_NODE_COLLATE)
            e = e->args[0];
        else if (e->node == ATH_NODE_SUBQUERY && e->u.select && e->u.select->columns.count == 1)
            e = e->u.select->columns.items[0];
        else
            return e->node == ATH_NODE_COLUMN || e->node == ATH_NODE_CAST || e->node == ATH_NODE_EXCLUDED;
    }
}

ath_type ath__computed_type(ath__compiler *c, ath_type type) {
    bool exact = type.sql == ATH_SQL_NUMERIC && type.precision && type.precision <= c->dialect->decimal_digits;
    return exact ? ATH_DOUBLE : type;
}

ath_type ath__comparison_type(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    if (type.sql == ATH_SQL_NUMERIC && c->dialect->decimal_digits && !is_stored(e)) {
        ath__check_digits(c, e);
        return ATH_DOUBLE;
    }
    if (type.sql == ATH_SQL_STRING || type.sql == ATH_SQL_BINARY)
        type.length = 0;
    if (type.sql == ATH_SQL_NUMERIC) /* a finer number may be compared with, it is just never equal */
        type.precision = type.scale = 0;
    return type;
}
