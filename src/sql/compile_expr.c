/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, expressions: a node becomes text and bind plan entries.
 *
 * Which symbol an operator has, how tightly it binds and what shape it takes is data (op.def); a function here exists
 * only for the shapes that are not "a symbol b".  A literal takes the type of the column beside it: the type travels down
 * as a hint and ends in the bind plan, where the engine coerces and checks.
 */
#include "sql/compiler.h"

typedef enum { BINARY, PREFIX, POSTFIX, SPECIAL } op_shape;

static const struct {
    const char *symbol;
    int precedence;
    op_shape shape;
    bool associative;
} ops[ATH_OP_COUNT] = {
#define OP(which, symbol, precedence, shape, associative) [which] = {symbol, precedence, shape, associative},
#include "sql/op.def"
#undef OP
};

static const ath_type unknown = {.sql = ATH_SQL_INFER};
static const ath_type any_text = {.sql = ATH_SQL_TEXT};

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static const char *symbol(const ath__compiler *c, uint8_t op) {
    return c->dialect->op_sql[op] ? c->dialect->op_sql[op] : ops[op].symbol;
}

/* ---- binds ---- */

/* What the value of the key is, for a database that wants to know before it has a type. */
static uint8_t kind_of_value(const ath__compiler *c, size_t value) {
    return (uint8_t)(c->key && value < c->key->value_count ? c->key->values[value].kind : ATH_KIND_NULL);
}

void ath__render_bind(ath__compiler *c, size_t value, const ath_type *type, ath__bind_how how) {
    if (c->bind_count == c->bind_capacity) {
        size_t capacity = c->bind_capacity ? c->bind_capacity * 2 : 16;
        ath__bind *larger = ath__arena_alloc(c->arena, capacity * sizeof *larger);
        if (!larger) {
            c->out.failed = true;
            return;
        }
        if (c->bind_count)
            memcpy(larger, c->binds, c->bind_count * sizeof *larger);
        c->binds = larger;
        c->bind_capacity = capacity;
    }
    c->binds[c->bind_count++] =
        (ath__bind){.value = (uint32_t)value, .how = (uint8_t)how, .kind = kind_of_value(c, value), .type = *type};
    if (c->dialect->placeholder == ATH__PLACEHOLDER_DOLLAR)
        ath__buf_printf(&c->out, "$%zu", c->bind_count);
    else
        ath__buf_char(&c->out, '?');
    if (c->dialect->max_binds && c->bind_count == c->dialect->max_binds + 1 && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_NOT_SUPPORTED, "%s allows %u values in a statement; this one has more",
                  c->dialect->name, c->dialect->max_binds);
}

void ath__render_constant(ath__compiler *c, const ath_value *value, const ath_type *type) {
    ath__render_bind(c, 0, type, ATH__BIND_AS_IS);
    if (c->bind_count)
        c->binds[c->bind_count - 1].constant = value;
}

size_t ath__value_of(ath__compiler *c, const void *owner) {
    const ath__key *key = c->key;
    if (!key)
        return c->bind_count;
    for (size_t tried = 0, at = c->next_value; tried < key->value_count; tried++, at++) {
        if (at >= key->value_count)
            at = 0;
        if (key->owners[at] == owner) {
            c->next_value = at + 1;
            return at;
        }
    }
    fail(c, ATH_INTERNAL, "a value of the statement was not found in its key");
    return 0;
}

/* Without a key the literal is part of an expression that a model keeps: nobody binds it, so it is written. */
static void literal(ath__compiler *c, const ath_expr *e, const ath_type *hint, ath__bind_how how) {
    if (!c->key) {
        if (how != ATH__BIND_AS_IS)
            fail(c, ATH_ARGUMENT, "contains, startswith and endswith need a statement; a model's expression is none");
        else if (c->error->status == ATH_OK)
            ath__dialect_literal(c->dialect, &c->out, &e->u.value, c->error);
        return;
    }
    ath__render_bind(c, ath__value_of(c, e), hint ? hint : &unknown, how);
}

static bool is_null_literal(const ath_expr *e) {
    return e && e->node == ATH_NODE_LITERAL && e->u.value.kind == ATH_KIND_NULL;
}

/* ---- columns ---- */

const ath__column *ath__resolve(ath__compiler *c, const ath_expr *e) {
    if (c->error->status != ATH_OK)
        return NULL;
    const ath_table *table = ath_model_table(e->u.column.model, c->error);
    if (!table)
        return NULL;
    const ath__column *column = ath__table_column_at(table, e->u.column.offset);
    if (!column)
        ath__fail(c->error, ATH_ARGUMENT, "model %s: the field at offset %zu is not described as a column",
                  e->u.column.model->name, e->u.column.offset);
    return column;
}

/* A table given by name stands for each model of it. */
static bool is_table_of(const ath__from *from, const ath_model *model) {
    return from->model ? from->model == model : model->table && strcmp(from->name, model->table) == 0;
}

/* The entry of FROM that a column belongs to, from the innermost SELECT outwards. */
static const ath__from *find_from(const ath__compiler *c, const ath_expr *e) {
    for (const ath__scope *scope = c->scope; scope; scope = scope->outer)
        for (size_t i = 0; i < scope->count; i++) {
            const ath__from *from = &scope->items[i];
            if (e->u.column.alias ? from->aliased && strcmp(from->name, e->u.column.alias) == 0
                                  : !from->aliased && is_table_of(from, e->u.column.model))
                return from;
        }
    return NULL;
}

void ath__render_column_name(ath__compiler *c, const ath_expr *e) {
    if (e->node == ATH_NODE_NAME && e->u.name.name) {
        ath__dialect_name(c->dialect, &c->out, e->u.name.name);
        return;
    }
    const ath__column *column = e->node == ATH_NODE_COLUMN ? ath__resolve(c, e) : NULL;
    if (column)
        ath__dialect_name(c->dialect, &c->out, column->name);
    else
        fail(c, ATH_ARGUMENT, "a column is needed here");
}

static void column(ath__compiler *c, const ath_expr *e) {
    const ath__column *col = ath__resolve(c, e);
    if (!col)
        return;
    if (!c->unqualified || c->scope) {
        const ath__from *from = find_from(c, e);
        if (!from) {
            ath__fail(c->error, ATH_ARGUMENT, "column %s.%s is used, but %s is not part of the statement",
                      e->u.column.alias ? e->u.column.alias : e->u.column.model->table, col->name,
                      e->u.column.alias ? e->u.column.alias : e->u.column.model->table);
            return;
        }
        if (!c->unqualified) {
            ath__dialect_name(c->dialect, &c->out, from->name);
            ath__buf_char(&c->out, '.');
        }
    }
    ath__dialect_name(c->dialect, &c->out, col->name);
}

static void name(ath__compiler *c, const ath_expr *e) {
    if (!e->u.name.name) {
        fail(c, ATH_ARGUMENT, "a column's name is missing");
        return;
    }
    if (e->u.name.table && !c->unqualified) {
        ath__dialect_name(c->dialect, &c->out, e->u.name.table);
        ath__buf_char(&c->out, '.');
    }
    ath__dialect_name(c->dialect, &c->out, e->u.name.name);
}

/* ---- types ---- */

static bool result_is_argument(const char *function) {
    static const char *const same[] = {"min", "max", "sum", "lower", "upper", "coalesce"};
    for (size_t i = 0; i < ATH_COUNT_OF(same); i++)
        if (strcmp(function, same[i]) == 0)
            return true;
    return false;
}

static ath_type function_type(ath__compiler *c, const ath_expr *e) {
    if (!e->u.text)
        return unknown;
    if (strcmp(e->u.text, "count") == 0 || strcmp(e->u.text, "length") == 0)
        return ATH_BIGINT;
    if (strcmp(e->u.text, "avg") == 0)
        return ATH_DOUBLE;
    if (!result_is_argument(e->u.text) || !e->count)
        return unknown;
    ath_type type = ath__expr_type(c, e->args[0]);
    if (strcmp(e->u.text, "sum") == 0) /* a sum may outgrow its column */
        return type.sql == ATH_SQL_SMALLINT || type.sql == ATH_SQL_INTEGER ? ATH_BIGINT : type;
    return type;
}

/* The labels of an enum are copied: the plans outlive the block that wrote the cast. */
static ath_type cast_type(ath__compiler *c, const ath_expr *e) {
    ath_type type = e->u.type;
    if (!type.name_count)
        return type;
    const char **names = ath__arena_zero(c->arena, type.name_count * sizeof *names);
    for (uint32_t i = 0; names && i < type.name_count; i++)
        if (!(names[i] = ath__arena_str(c->arena, type.names[i])))
            c->out.failed = true;
    type.names = names;
    c->out.failed = c->out.failed || !names;
    return names ? type : unknown;
}

static ath_type operator_type(ath__compiler *c, const ath_expr *e) {
    if (e->op >= ATH_OP_ASC)
        return ath__expr_type(c, e->args[0]);
    if (e->op == ATH_OP_CONCAT)
        return any_text;
    if (e->op < ATH_OP_ADD)
        return ATH_BOOLEAN;
    ath_type type = ath__expr_type(c, e->args[0]);
    return type.sql == ATH_SQL_SMALLINT || type.sql == ATH_SQL_INTEGER ? ATH_BIGINT : type;
}

ath_type ath__expr_type(ath__compiler *c, const ath_expr *e) {
    switch (e ? e->node : ATH_NODE_NONE) {
    case ATH_NODE_COLUMN: {
        const ath__column *col = ath__resolve(c, e);
        return col ? col->type : unknown;
    }
    case ATH_NODE_LABEL:
        return ath__expr_type(c, e->args[0]);
    case ATH_NODE_CAST:
        return cast_type(c, e);
    case ATH_NODE_FUNCTION:
        return function_type(c, e);
    case ATH_NODE_OPERATOR:
        return operator_type(c, e);
    case ATH_NODE_SUBQUERY:
        return e->u.select->columns.count == 1 ? ath__expr_type(c, e->u.select->columns.items[0]) : unknown;
    case ATH_NODE_CASE:
        return e->count > 1 ? ath__expr_type(c, e->args[1]) : unknown;
    default:
        return unknown;
    }
}

/* The type a value beside `e` must fit.  Text is compared at any length: what is longer just does not match. */
static ath_type comparison_type(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    if (type.sql == ATH_SQL_STRING || type.sql == ATH_SQL_BINARY)
        type.length = 0;
    if (type.sql == ATH_SQL_NUMERIC) /* a finer number may be compared with, it is just never equal */
        type.precision = type.scale = 0;
    return type;
}

/* What the database would get wrong without a word is refused: sums beyond the digits it computes with. */
static void check_digits(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    uint32_t digits = c->dialect->decimal_digits;
    if (type.sql == ATH_SQL_NUMERIC && digits && (!type.precision || type.precision > digits) &&
        c->error->status == ATH_OK)
        ath__fail(
            c->error, ATH_NOT_SUPPORTED,
            "%s computes with at most %u digits; a NUMERIC of more (or of unknown precision) can be kept and compared, "
            "but not added, multiplied, summed or averaged",
            c->dialect->name, digits);
}

/* And an order of intervals that is none. */
void ath__check_order(ath__compiler *c, const ath_expr *e) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_ORDER_INTERVALS) && ath__expr_type(c, e).sql == ATH_SQL_INTERVAL &&
        c->error->status == ATH_OK)
        ath__fail(c->error, ATH_NOT_SUPPORTED, "%s keeps intervals as text: they can be equal, but have no order",
                  c->dialect->name);
}

/* ---- operators ---- */

static bool has_operator(const ath_expr *e) {
    return e && e->node == ATH_NODE_OPERATOR;
}

/* A label or parameter inside an expression is written as what it names. */
static const ath_expr *unwrapped(const ath_expr *e) {
    while (e && (e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND))
        e = e->args[0];
    return e;
}

/* Whether an operand needs parentheses inside `op`. */
static bool needs_parentheses(const ath_expr *operand, uint8_t op) {
    operand = unwrapped(operand);
    if (operand && operand->node == ATH_NODE_TEXT)
        return ops[op].precedence > 0;
    if (!has_operator(operand))
        return false;
    if (operand->op == op && ops[op].associative)
        return false;
    return ops[operand->op].precedence <= ops[op].precedence;
}

static void operand(ath__compiler *c, const ath_expr *e, uint8_t op, const ath_type *hint) {
    bool parentheses = needs_parentheses(e, op);
    if (parentheses)
        str(c, "(");
    ath__render(c, e, hint);
    if (parentheses)
        str(c, ")");
}

static void binary(ath__compiler *c, const ath_expr *e) {
    bool arithmetic = e->op >= ATH_OP_ADD && e->op <= ATH_OP_MOD;
    bool like = e->op == ATH_OP_LIKE || e->op == ATH_OP_NOT_LIKE || e->op == ATH_OP_CONCAT;
    bool order = e->op >= ATH_OP_LT && e->op <= ATH_OP_GE;
    for (int i = 0; i < 2 && (arithmetic || order); i++) {
        if (arithmetic)
            check_digits(c, e->args[i]);
        else
            ath__check_order(c, e->args[i]);
    }
    ath_type left = arithmetic ? unknown : like ? any_text : comparison_type(c, e->args[1]);
    ath_type right = arithmetic ? unknown : like ? any_text : comparison_type(c, e->args[0]);
    operand(c, e->args[0], e->op, &left);
    ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
    operand(c, e->args[1], e->op, &right);
}

/* = NULL is IS NULL, on whichever side it stands. */
static bool null_test(ath__compiler *c, const ath_expr *e) {
    if (e->op != ATH_OP_EQ && e->op != ATH_OP_NE)
        return false;
    bool right = is_null_literal(e->args[1]);
    if (!right && !is_null_literal(e->args[0]))
        return false;
    operand(c, e->args[right ? 0 : 1], e->op, NULL);
    str(c, e->op == ATH_OP_EQ ? " IS NULL" : " IS NOT NULL");
    return true;
}

static void ilike(ath__compiler *c, const ath_expr *e) {
    bool native = ath__dialect_can(c->dialect, ATH__CAN_ILIKE);
    uint8_t like = e->op == ATH_OP_ILIKE ? ATH_OP_LIKE : ATH_OP_NOT_LIKE;
    str(c, native ? "" : "lower(");
    operand(c, e->args[0], e->op, &any_text);
    ath__buf_printf(&c->out, native ? " %s " : ") %s lower(", symbol(c, native ? e->op : like));
    operand(c, e->args[1], e->op, &any_text);
    str(c, native ? "" : ")");
}

/* contains, startswith, endswith: the value's own wildcards are escaped when it is bound. */
static void part_of_text(ath__compiler *c, const ath_expr *e) {
    operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
    if (e->op != ATH_OP_STARTS_WITH)
        str(c, "'%' || ");
    if (e->args[1]->node == ATH_NODE_LITERAL)
        literal(c, e->args[1], &any_text, ATH__BIND_LIKE_ESCAPED);
    else
        operand(c, e->args[1], ATH_OP_CONCAT, &any_text);
    if (e->op != ATH_OP_ENDS_WITH)
        str(c, " || '%'");
    if (e->args[1]->node == ATH_NODE_LITERAL)
        str(c, " ESCAPE '/'");
}

static void junction(ath__compiler *c, const ath_expr *e) {
    size_t written = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        if (ath__condition_is_empty(e->args[i]))
            continue;
        if (written++)
            ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
        if (e->args[i]->node == ATH_NODE_COLUMN)
            ath__render_condition(c, e->args[i]);
        else
            operand(c, e->args[i], e->op, NULL);
    }
    if (!written)
        str(c, e->op == ATH_OP_AND ? "1 = 1" : "1 = 0");
}

static void array(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    size_t first = ath__value_of(c, e), n = ath__array_padded(e->count);
    for (size_t i = 0; i < n; i++) {
        if (i)
            str(c, ", ");
        ath__render_bind(c, first + i, hint ? hint : &unknown, ATH__BIND_AS_IS);
    }
    c->next_value = first + n;
}

/* An empty list is written so that every database takes it and no row (or, with NOT, each) is in it. */
static void membership(ath__compiler *c, const ath_expr *e) {
    const ath_expr *set = e->args[1];
    ath_type hint = comparison_type(c, e->args[0]);
    bool empty = set->node == ATH_NODE_ARRAY && set->count == 0;
    if (empty)
        str(c, "(");
    operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
    if (set->node == ATH_NODE_SUBQUERY) {
        ath__render(c, set, NULL);
        return;
    }
    str(c, "(");
    if (empty)
        str(c, e->op == ATH_OP_IN ? "NULL) AND (1 != 1)" : "NULL) OR (1 = 1)");
    else if (set->node == ATH_NODE_ARRAY)
        array(c, set, &hint);
    else
        for (uint32_t i = 0; i < set->count; i++) {
            str(c, i ? ", " : "");
            ath__render(c, set->args[i], &hint);
        }
    str(c, ")");
}

static void between(ath__compiler *c, const ath_expr *e) {
    ath__check_order(c, e->args[0]);
    ath_type hint = comparison_type(c, e->args[0]);
    operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
    operand(c, e->args[1], e->op, &hint);
    str(c, " AND ");
    operand(c, e->args[2], e->op, &hint);
}

static void special(ath__compiler *c, const ath_expr *e) {
    switch (e->op) {
    case ATH_OP_AND:
    case ATH_OP_OR:
        junction(c, e);
        break;
    case ATH_OP_ILIKE:
    case ATH_OP_NOT_ILIKE:
        ilike(c, e);
        break;
    case ATH_OP_CONTAINS:
    case ATH_OP_STARTS_WITH:
    case ATH_OP_ENDS_WITH:
        part_of_text(c, e);
        break;
    case ATH_OP_IN:
    case ATH_OP_NOT_IN:
        membership(c, e);
        break;
    case ATH_OP_NEG:
        check_digits(c, e->args[0]);
        str(c, "-");
        operand(c, e->args[0], e->op, NULL);
        break;
    default:
        between(c, e);
        break;
    }
}

/* NOT is never taken from a condition that is a bare column: databases without booleans need the comparison. */
static void prefix(ath__compiler *c, const ath_expr *e) {
    bool exists = e->op == ATH_OP_EXISTS;
    ath__buf_printf(&c->out, "%s ", symbol(c, e->op));
    const ath_expr *inner = unwrapped(e->args[0]);
    bool parentheses = !exists && (has_operator(inner) || (inner && inner->node == ATH_NODE_TEXT));
    str(c, parentheses ? "(" : "");
    if (exists)
        ath__render(c, e->args[0], NULL);
    else
        ath__render_condition(c, e->args[0]);
    str(c, parentheses ? ")" : "");
}

static void operator(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_NONE || e->op >= ATH_OP_COUNT) {
        fail(c, ATH_ARGUMENT, "an operator of the statement is unknown");
        return;
    }
    bool nulls = e->op == ATH_OP_NULLS_FIRST || e->op == ATH_OP_NULLS_LAST;
    if (nulls && !ath__dialect_can(c->dialect, ATH__CAN_NULLS_ORDER)) {
        fail(c, ATH_NOT_SUPPORTED, "NULLS FIRST and NULLS LAST are not known to this database");
        return;
    }
    if (null_test(c, e))
        return;
    switch (ops[e->op].shape) {
    case BINARY:
        binary(c, e);
        break;
    case PREFIX:
        prefix(c, e);
        break;
    case POSTFIX:
        if (e->op == ATH_OP_ASC || e->op == ATH_OP_DESC)
            ath__check_order(c, e->args[0]);
        operand(c, e->args[0], e->op, NULL);
        ath__buf_printf(&c->out, " %s", symbol(c, e->op));
        break;
    default:
        special(c, e);
        break;
    }
}

/* ---- the other nodes ---- */

static bool is_function_name(const char *text) {
    if (!text || !*text)
        return false;
    for (const char *at = text; *at; at++)
        if (!(*at == '_' || *at == '.' || (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
              (*at >= '0' && *at <= '9' && at > text)))
            return false;
    return true;
}

static void function(ath__compiler *c, const ath_expr *e) {
    if (!is_function_name(e->u.text)) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "'%.60s' is not a function's name", e->u.text ? e->u.text : "");
        return;
    }
    if (e->count && (strcmp(e->u.text, "sum") == 0 || strcmp(e->u.text, "avg") == 0))
        check_digits(c, e->args[0]);
    if (e->count && (strcmp(e->u.text, "min") == 0 || strcmp(e->u.text, "max") == 0))
        ath__check_order(c, e->args[0]);
    ath__buf_printf(&c->out, "%s(%s", e->u.text, e->distinct ? "DISTINCT " : "");
    ath_type hint = e->count ? comparison_type(c, e->args[0]) : unknown;
    for (uint32_t i = 0; i < e->count; i++) {
        str(c, i ? ", " : "");
        ath__render(c, e->args[i], strcmp(e->u.text, "coalesce") == 0 ? &hint : NULL);
    }
    str(c, ")");
}

static void case_of(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    str(c, "CASE");
    for (uint32_t i = 0; i + 1 < e->count; i += 2) {
        str(c, " WHEN (");
        ath__render_condition(c, e->args[i]);
        str(c, ") THEN ");
        ath__render(c, e->args[i + 1], hint);
    }
    if (e->count % 2) {
        str(c, " ELSE ");
        ath__render(c, e->args[e->count - 1], hint);
    }
    str(c, " END");
}

static void cast(ath__compiler *c, const ath_expr *e) {
    str(c, "CAST(");
    ath__render(c, e->args[0], NULL);
    str(c, " AS ");
    if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, &e->u.type, &c->out, c->error);
    str(c, ")");
}

/* ---- SQL text with :name parameters ---- */

static bool name_char(char ch, bool first) {
    return ch == '_' || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (!first && ch >= '0' && ch <= '9');
}

static const ath_expr *find_bind(const ath_expr *e, const char *bind_name, size_t size) {
    for (uint32_t i = 0; i < e->count; i++) {
        const ath_expr *bind = e->args[i];
        if (bind && bind->node == ATH_NODE_BIND && bind->u.text && strlen(bind->u.text) == size &&
            memcmp(bind->u.text, bind_name, size) == 0)
            return bind;
    }
    return NULL;
}

/* Copies a quoted part of the text, up to and with its closing quote. */
static const char *copy_quoted(ath__compiler *c, const char *at) {
    char quote = *at;
    do
        ath__buf_char(&c->out, *at++);
    while (*at && *at != quote);
    if (*at)
        ath__buf_char(&c->out, *at++);
    return at;
}

/* Copies a comment, in which a colon means nothing; NULL when there is none. */
static const char *copy_comment(ath__compiler *c, const char *at) {
    const char *end = NULL;
    if (at[0] == '-' && at[1] == '-') {
        end = at + strcspn(at, "\n");
    } else if (at[0] == '/' && at[1] == '*') {
        const char *close = strstr(at + 2, "*/");
        end = close ? close + 2 : at + strlen(at);
    }
    if (end)
        ath__buf_add(&c->out, at, (size_t)(end - at));
    return end;
}

static const char *named_bind(ath__compiler *c, const ath_expr *e, const char *at, uint64_t *used) {
    const char *end = at + 1;
    while (name_char(*end, end == at + 1))
        end++;
    const ath_expr *bind = find_bind(e, at + 1, (size_t)(end - at - 1));
    if (!bind) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "a value is required for bind parameter '%.*s'", (int)(end - at - 1),
                      at + 1);
        return end;
    }
    for (uint32_t i = 0; i < e->count && i < 64; i++)
        if (e->args[i] == bind)
            *used |= 1ull << i;
    bool parentheses = has_operator(unwrapped(bind));
    str(c, parentheses ? "(" : "");
    ath__render(c, bind->args[0], NULL);
    str(c, parentheses ? ")" : "");
    return end;
}

static void check_binds_used(ath__compiler *c, const ath_expr *e, uint64_t used) {
    for (uint32_t i = 0; i < e->count && i < 64; i++) {
        if (used & 1ull << i || c->error->status != ATH_OK)
            continue;
        bool named = e->args[i] && e->args[i]->node == ATH_NODE_BIND && e->args[i]->u.text;
        ath__fail(c->error, ATH_ARGUMENT, "the text has no parameter named '%s'",
                  named ? e->args[i]->u.text : "(no ath_bind)");
    }
}

static void text(ath__compiler *c, const ath_expr *e) {
    uint64_t used = 0;
    for (const char *at = e->u.text ? e->u.text : ""; *at;) {
        const char *behind = copy_comment(c, at);
        if (behind) {
            at = behind;
        } else if (*at == '\'' || *at == '"' || *at == '`') {
            at = copy_quoted(c, at);
        } else if (*at == '\\' && at[1] == ':') {
            ath__buf_char(&c->out, ':');
            at += 2;
        } else if (*at == ':' && at[1] == ':') {
            str(c, "::");
            at += 2;
        } else if (*at == ':' && name_char(at[1], true)) {
            at = named_bind(c, e, at, &used);
        } else {
            ath__buf_char(&c->out, *at++);
        }
    }
    check_binds_used(c, e, used);
}

/* ---- any node ---- */

static void subquery(ath__compiler *c, const ath_expr *e) {
    if (!e->u.select) {
        fail(c, ATH_ARGUMENT, "a subquery is missing");
        return;
    }
    str(c, "(");
    ath__render_select(c, e->u.select);
    str(c, ")");
}

static void render_node(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    switch (e->node) {
    case ATH_NODE_COLUMN:
        column(c, e);
        break;
    case ATH_NODE_NAME:
        name(c, e);
        break;
    case ATH_NODE_LITERAL:
        literal(c, e, hint, ATH__BIND_AS_IS);
        break;
    case ATH_NODE_OPERATOR:
        operator(c, e);
        break;
    case ATH_NODE_FUNCTION:
        function(c, e);
        break;
    case ATH_NODE_LABEL:
    case ATH_NODE_BIND:
        ath__render(c, e->args[0], hint);
        break;
    case ATH_NODE_TEXT:
        text(c, e);
        break;
    case ATH_NODE_SUBQUERY:
        subquery(c, e);
        break;
    case ATH_NODE_CAST:
        cast(c, e);
        break;
    case ATH_NODE_CASE:
        case_of(c, e, hint);
        break;
    case ATH_NODE_STAR:
        str(c, "*");
        break;
    case ATH_NODE_NOW:
        str(c, c->dialect->now ? c->dialect->now : "CURRENT_TIMESTAMP");
        break;
    default:
        fail(c, ATH_ARGUMENT, "a node of the statement cannot stand where it is");
        break;
    }
}

void ath__render(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    if (c->error->status != ATH_OK)
        return;
    if (!e || c->depth >= ATH__COMPILE_DEPTH) {
        fail(c, ATH_ARGUMENT, e ? "the statement is nested too deep" : "an operand is missing");
        return;
    }
    c->depth++;
    if (!c->dialect->render_node || !c->dialect->render_node(c, e))
        render_node(c, e, hint);
    c->depth--;
}

void ath__render_list(ath__compiler *c, ath_expr_list list, const char *separator) {
    for (size_t i = 0; i < list.count; i++) {
        str(c, i ? separator : "");
        ath__render(c, list.items[i], NULL);
    }
}

bool ath__condition_is_empty(const ath_expr *e) {
    if (!e)
        return true;
    if (e->node != ATH_NODE_OPERATOR || e->op != ATH_OP_AND)
        return false;
    for (uint32_t i = 0; i < e->count; i++)
        if (!ath__condition_is_empty(e->args[i]))
            return false;
    return true;
}

/* A boolean column by itself needs "= 1" where the database has no booleans. */
void ath__render_condition(ath__compiler *c, const ath_expr *e) {
    ath__render(c, e, NULL);
    if (e && e->node == ATH_NODE_COLUMN && !ath__dialect_can(c->dialect, ATH__CAN_BOOLEAN))
        str(c, " = 1");
}
