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

static bool is_real(ath_type type) {
    return type.sql == ATH_SQL_FLOAT || type.sql == ATH_SQL_DOUBLE;
}

static bool is_number(ath_type type) {
    return is_integer(type) || is_real(type) || type.sql == ATH_SQL_NUMERIC;
}

static bool is_text(ath_type type) {
    return type.sql == ATH_SQL_STRING || type.sql == ATH_SQL_TEXT || type.sql == ATH_SQL_ENUM;
}

/* ---- literals ---- */

static ath_type literal_type(const ath_expr *e) {
    static const ath_sql_type natural[] = {
        [ATH_KIND_BOOL] = ATH_SQL_BOOLEAN,        [ATH_KIND_INT] = ATH_SQL_BIGINT,
        [ATH_KIND_UINT] = ATH_SQL_BIGINT,         [ATH_KIND_REAL] = ATH_SQL_DOUBLE,
        [ATH_KIND_DECIMAL] = ATH_SQL_NUMERIC,     [ATH_KIND_TEXT] = ATH_SQL_TEXT,
        [ATH_KIND_BYTES] = ATH_SQL_BINARY,        [ATH_KIND_DATE] = ATH_SQL_DATE,
        [ATH_KIND_TIME] = ATH_SQL_TIME,           [ATH_KIND_DATETIME] = ATH_SQL_DATETIME,
        [ATH_KIND_TIMESTAMP] = ATH_SQL_TIMESTAMP, [ATH_KIND_INTERVAL] = ATH_SQL_INTERVAL,
        [ATH_KIND_UUID] = ATH_SQL_UUID,           [ATH_KIND_JSON] = ATH_SQL_JSON,
    };
    size_t kind = (size_t)e->u.value.kind;
    ath_type type = {.sql = kind < ATH_COUNT_OF(natural) ? natural[kind] : ATH_SQL_INFER};
    type.is_unsigned = kind == ATH_KIND_UINT;
    return type;
}

/* What a label, a parameter and the like stand for. */
static const ath_expr *bare(const ath_expr *e) {
    while (e && (e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND || e->node == ATH_NODE_COLLATE))
        e = e->args[0];
    return e;
}

bool ath__is_literal(const ath_expr *e) {
    e = bare(e);
    return e && (e->node == ATH_NODE_LITERAL || e->node == ATH_NODE_CONSTANT);
}

bool ath__is_null(const ath_expr *e) {
    e = bare(e);
    return e && ath__is_literal(e) && e->u.value.kind == ATH_KIND_NULL;
}

/* ---- the common type of several values ---- */

static ath_type wider_integer(ath_type a, ath_type b) {
    ath_type type = a.sql >= b.sql ? a : b;
    type.is_unsigned = a.is_unsigned && b.is_unsigned;
    if (a.is_unsigned != b.is_unsigned)
        type.sql = ATH_SQL_BIGINT;
    return type;
}

/* The digits of a number before its point and behind it; false: any. */
static bool digits_of(ath_type type, unsigned *before, unsigned *behind) {
    *before = type.sql == ATH_SQL_SMALLINT ? 5 : type.sql == ATH_SQL_INTEGER ? 10 : 20;
    *behind = 0;
    if (is_integer(type))
        return true;
    *before = type.precision > type.scale ? (unsigned)(type.precision - type.scale) : 0;
    *behind = type.scale;
    return type.precision != 0;
}

static ath_type wider_decimal(ath_type a, ath_type b) {
    ath_type type = {.sql = ATH_SQL_NUMERIC};
    unsigned before[2], behind[2];
    if (!digits_of(a, &before[0], &behind[0]) || !digits_of(b, &before[1], &behind[1]))
        return type;
    unsigned whole = before[0] > before[1] ? before[0] : before[1];
    unsigned scale = behind[0] > behind[1] ? behind[0] : behind[1];
    type.precision = (uint8_t)(whole + scale);
    type.scale = (uint8_t)scale;
    return type;
}

/* A decimal that is kept as text (more digits than the database computes with) is no number there. */
static bool is_text_decimal(const ath__compiler *c, ath_type type) {
    uint32_t digits = c->dialect->decimal_digits;
    return type.sql == ATH_SQL_NUMERIC && digits && (!type.precision || type.precision > digits);
}

static ath_type wider_number(const ath__compiler *c, ath_type a, ath_type b) {
    if (is_integer(a) && is_integer(b))
        return wider_integer(a, b);
    if (is_real(a) || is_real(b))
        return is_text_decimal(c, a) || is_text_decimal(c, b) ? unknown : a.sql == b.sql ? a : ATH_DOUBLE;
    return wider_decimal(a, b);
}

static bool is_moment(ath_type type) {
    return type.sql == ATH_SQL_DATE || type.sql == ATH_SQL_DATETIME || type.sql == ATH_SQL_TIMESTAMP;
}

/* integer < bigint < numeric < double; date < datetime < timestamp; texts; others only with themselves. */
static ath_type united(const ath__compiler *c, ath_type a, ath_type b) {
    if (is_number(a) && is_number(b))
        return wider_number(c, a, b);
    if (is_moment(a) && is_moment(b))
        return a.sql >= b.sql ? a : b;
    if (is_text(a) && is_text(b)) {
        bool alike = a.sql == b.sql && a.length == b.length && a.names == b.names && a.details == b.details;
        return alike ? a : ATH_TEXT;
    }
    return a.sql == b.sql && a.sql != ATH_SQL_ARRAY && a.sql != ATH_SQL_NAMED ? a : unknown;
}

ath_type ath__united_type(ath__compiler *c, ath_type a, ath_type b) {
    return a.sql == ATH_SQL_INFER ? b : b.sql == ATH_SQL_INFER ? a : united(c, a, b);
}

/* Whether a literal becomes a value of the type that stands beside it: 0 beside a price, 'gold' beside an enum. */
static bool adapts(const ath_expr *literal, ath_type type) {
    switch (bare(literal)->u.value.kind) {
    case ATH_KIND_BOOL:
        return is_integer(type);
    case ATH_KIND_INT:
        return type.sql == ATH_SQL_BOOLEAN || type.sql == ATH_SQL_NUMERIC || type.sql == ATH_SQL_ENUM ||
               (is_integer(type) && !type.is_unsigned);
    case ATH_KIND_REAL:
    case ATH_KIND_DECIMAL:
        return type.sql == ATH_SQL_NUMERIC || is_real(type);
    case ATH_KIND_TEXT:
        return (type.sql >= ATH_SQL_DATE && type.sql <= ATH_SQL_INTERVAL) || type.sql == ATH_SQL_UUID ||
               type.sql == ATH_SQL_JSON || type.sql == ATH_SQL_ENUM || type.sql == ATH_SQL_ARRAY ||
               type.sql == ATH_SQL_NAMED;
    default:
        return false;
    }
}

/* What has been seen of a list of values: first those that are no literals, then the literals. */
typedef struct seen {
    ath_type type;
    bool any, unlike, blind; /* some type; two that do not go together; one that nobody knows */
} seen;

/* Of the second turn are the literals, which adapt themselves to the others. */
static bool has_turn(const seen *all, const ath_expr *e, bool literals) {
    return e && !ath__is_null(e) && ath__is_literal(e) == literals && !all->unlike;
}

static void consider_type(ath__compiler *c, seen *all, const ath_expr *e, bool literals, ath_type type) {
    if (type.sql == ATH_SQL_INFER) {
        all->blind = true;
        return;
    }
    if (all->any && literals && adapts(e, all->type))
        return;
    all->type = all->any ? united(c, all->type, type) : type;
    all->unlike = all->type.sql == ATH_SQL_INFER;
    all->any = true;
}

static void consider(ath__compiler *c, seen *all, const ath_expr *e, bool literals) {
    if (has_turn(all, e, literals))
        consider_type(c, all, e, literals, ath__expr_type(c, e));
}

/* A whole number beside what nobody knows may have a fraction after all. */
static ath_type result_of(const seen *all) {
    return all->unlike || (all->blind && is_integer(all->type)) ? unknown : all->type;
}

ath_type ath__common_type(ath__compiler *c, const ath_expr *const *values, size_t count) {
    seen all = {.type = unknown};
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < count; i++)
            consider(c, &all, values[i], turn == 1);
    return result_of(&all);
}

/* ---- functions that know their type ---- */

/* A sum or an arithmetic result may outgrow its column. */
static ath_type widened(ath_type type) {
    if (type.sql == ATH_SQL_BOOLEAN)
        return ATH_BIGINT;
    if (is_integer(type))
        return (ath_type){.sql = ATH_SQL_BIGINT, .is_unsigned = type.is_unsigned};
    if (type.sql == ATH_SQL_NUMERIC)
        type.precision = type.scale = 0;
    return type;
}

/* The arguments that the value of a function may be. */
static ath_type argument_type(ath__compiler *c, const ath_expr *e) {
    static const char *const any[] = {"coalesce", "greatest", "least"};
    for (size_t i = 0; i < ATH_COUNT_OF(any); i++)
        if (strcmp(any[i], e->u.text) == 0)
            return ath__common_type(c, e->args, e->count);
    if (e->count == 3 && (strcmp(e->u.text, "lag") == 0 || strcmp(e->u.text, "lead") == 0))
        return ath__common_type(c, (const ath_expr *const[]){e->args[0], e->args[2]}, 2); /* the third is the default */
    return e->count ? ath__expr_type(c, e->args[0]) : unknown;
}

static ath_type function_type(ath__compiler *c, const ath_expr *e) {
    for (size_t i = 0; e->u.text && i < ATH_COUNT_OF(functions); i++) {
        if (strcmp(functions[i].name, e->u.text) != 0)
            continue;
        if (functions[i].sql != ATH_SQL_INFER)
            return (ath_type){.sql = functions[i].sql};
        ath_type type = argument_type(c, e);
        return strcmp(e->u.text, "sum") == 0 ? widened(type) : type;
    }
    return unknown;
}

/* ---- operators ---- */

static bool is_temporal(ath_type type) {
    return type.sql >= ATH_SQL_DATE && type.sql <= ATH_SQL_INTERVAL;
}

void ath__operand_types(ath__compiler *c, const ath_expr *e, ath_type types[2]) {
    for (uint32_t i = 0; i < 2; i++)
        types[i] = i < e->count ? ath__expr_type(c, e->args[i]) : types[0];
    for (uint32_t i = 0; i < 2 && i < e->count; i++)
        if (types[i].sql == ATH_SQL_TEXT && ath__is_literal(e->args[i]) && is_temporal(types[1 - i]))
            types[i] = types[1 - i]; /* as PostgreSQL takes a text beside a date */
}

static ath__temporal temporal_sum(ath_type left, ath_type right) {
    if (is_moment(left) && right.sql == ATH_SQL_INTERVAL)
        return ATH__LATER;
    return left.sql == ATH_SQL_DATE && is_integer(right) ? ATH__DAYS_LATER : ATH__TEMPORAL;
}

static ath__temporal temporal_of(const ath_expr *e, const ath_type types[2], bool *swapped) {
    *swapped = false;
    if (!is_temporal(types[0]) && !is_temporal(types[1]))
        return ATH__NOT_TEMPORAL;
    if (e->count != 2 || (e->op != ATH_OP_ADD && e->op != ATH_OP_SUB))
        return ATH__TEMPORAL;
    if (e->op == ATH_OP_SUB && types[0].sql == ATH_SQL_DATE && types[1].sql == ATH_SQL_DATE)
        return ATH__DAYS_BETWEEN;
    if (e->op == ATH_OP_SUB && is_moment(types[0]) && is_moment(types[1]))
        return ATH__TIME_BETWEEN;
    *swapped = e->op == ATH_OP_ADD && is_moment(types[1]);
    return *swapped ? temporal_sum(types[1], types[0]) : temporal_sum(types[0], types[1]);
}

ath__temporal ath__temporal_of(ath__compiler *c, const ath_expr *e, ath_type types[2], bool *swapped) {
    ath__operand_types(c, e, types);
    return temporal_of(e, types, swapped);
}

/* As on PostgreSQL. */
static ath_type temporal_type(const ath_expr *e, const ath_type types[2]) {
    bool swapped;
    ath__temporal temporal = temporal_of(e, types, &swapped);
    ath_type moment = types[swapped];
    switch (temporal) {
    case ATH__DAYS_BETWEEN:
        return ATH_INTEGER;
    case ATH__TIME_BETWEEN:
        return ATH_INTERVAL;
    case ATH__LATER:
        return moment.sql == ATH_SQL_DATE ? ATH_DATETIME : moment;
    case ATH__DAYS_LATER:
        return ATH_DATE;
    default: /* times, and intervals with their like */
        return types[0].sql == types[1].sql && types[0].sql == ATH_SQL_INTERVAL ? ATH_INTERVAL : unknown;
    }
}

static ath_type arithmetic_type(ath__compiler *c, const ath_expr *e) {
    ath_type types[2];
    ath__operand_types(c, e, types);
    if (is_temporal(types[0]) || is_temporal(types[1]))
        return temporal_type(e, types);
    seen all = {.type = unknown};
    for (uint32_t turn = 0; turn < 2; turn++)
        for (uint32_t i = 0; i < 2 && i < e->count; i++)
            if (has_turn(&all, e->args[i], turn == 1)) /* each is looked at once: they may be deep */
                consider_type(c, &all, e->args[i], turn == 1, types[i]);
    ath_type type = result_of(&all);
    if (e->op == ATH_OP_DIV && is_integer(type))
        return ATH_DOUBLE;
    type = widened(type);
    if (e->op == ATH_OP_SUB || e->op == ATH_OP_NEG) /* 5 - 10 of unsigned columns is -5 */
        type.is_unsigned = false;
    return is_number(type) ? type : unknown;
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

/* The values stand behind their conditions; an ELSE is the last. */
static ath_type case_type(ath__compiler *c, const ath_expr *e, uint32_t first) {
    seen all = {.type = unknown};
    bool has_else = e->count % 2 == first % 2;
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t i = first; i < e->count; i += 2)
            consider(c, &all, e->args[i], turn == 1);
        if (has_else)
            consider(c, &all, e->args[e->count - 1], turn == 1);
    }
    return result_of(&all);
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
    case ATH_NODE_BIND:
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
    case ATH_NODE_LITERAL:
    case ATH_NODE_CONSTANT:
        return literal_type(e);
    case ATH_NODE_EXTRACT:
        return ATH_BIGINT;
    case ATH_NODE_RELATION:
        return ATH_BOOLEAN;
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
    if (ath__is_literal(e)) /* 1 beside 2.5: neither says what the other has to be */
        return unknown;
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

ath_type ath__value_hint(ath__compiler *c, ath_type type, const ath_expr *const *values, size_t count) {
    ath_type computed = ath__computed_type(c, type);
    if (type.sql == ATH_SQL_NUMERIC && computed.sql == ATH_SQL_NUMERIC)
        for (size_t i = 0; i < count; i++)
            if (values[i] && !ath__is_literal(values[i]) && ath__expr_type(c, values[i]).sql == ATH_SQL_NUMERIC)
                return ath__comparison_type(c, values[i]);
    computed.length = computed.sql == ATH_SQL_STRING || computed.sql == ATH_SQL_BINARY ? 0 : computed.length;
    if (computed.sql == ATH_SQL_NUMERIC)
        computed.precision = computed.scale = 0;
    return computed;
}
