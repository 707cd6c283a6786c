/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, operators: comparison, logic, arithmetic, and where their operands need parentheses.
 *
 * Which symbol an operator has, how tightly it binds, what shape it takes and what its negation is, is data (op.def); a
 * function here exists only for the shapes that are not "a symbol b".  A literal takes the type of what stands beside
 * it: the type travels down as a hint and ends in the bind plan, where the engine coerces and checks.
 */
#include "sql/compiler.h"

typedef enum { BINARY, PREFIX, POSTFIX, SPECIAL } op_shape;

static const struct {
    const char *symbol;
    int precedence;
    op_shape shape;
    bool associative;
    ath_op negation;
} ops[ATH_OP_COUNT] = {
#define OP(which, symbol, precedence, shape, associative, negation)                                                    \
    [which] = {symbol, precedence, shape, associative, negation},
#include "sql/op.def"
#undef OP
};

enum { COLLATE_PRECEDENCE = 4, FILTER_PRECEDENCE = 6 };

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

static bool can(const ath__compiler *c, uint64_t ability) {
    return ath__dialect_can(c->dialect, ability);
}

/* ---- what a database computes wrong ---- */

/* A sum or product: what it is made of was looked at when that was written. */
static bool is_computed(const ath_expr *e) {
    for (int depth = 0; e && depth < ATH__COMPILE_DEPTH; depth++) {
        bool call = e->node == ATH_NODE_FUNCTION && e->u.text;
        if (e->node == ATH_NODE_OPERATOR || (call && (strcmp(e->u.text, "sum") == 0 || strcmp(e->u.text, "avg") == 0)))
            return true;
        bool wraps = call || e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND || e->node == ATH_NODE_TYPED ||
                     e->node == ATH_NODE_FILTER || e->node == ATH_NODE_OVER;
        uint32_t value = e->node == ATH_NODE_CASE ? 1 : e->node == ATH_NODE_CASE_OF ? 2 : 0;
        if (e->node == ATH_NODE_SUBQUERY && e->u.select && e->u.select->columns.count == 1)
            e = e->u.select->columns.items[0];
        else
            e = (wraps || value) && e->count > value ? e->args[value] : NULL;
    }
    return false;
}

void ath__check_digits(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    uint32_t digits = c->dialect->decimal_digits;
    if (type.sql == ATH_SQL_NUMERIC && digits && (!type.precision || type.precision > digits) && !is_computed(e) &&
        !ath__is_literal(e) && c->error->status == ATH_OK)
        ath__fail(
            c->error, ATH_NOT_SUPPORTED,
            "%s computes with at most %u digits; a NUMERIC of more (or of unknown precision) can be kept and compared, "
            "but not added, multiplied, summed or averaged",
            c->dialect->name, digits);
}

void ath__check_sum(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    ath__check_digits(c, e);
    if (!can(c, ATH__CAN_ORDER_INTERVALS) && type.sql >= ATH_SQL_DATE && type.sql <= ATH_SQL_INTERVAL)
        ath__cannot(c, "sums of dates, times or intervals");
}

void ath__check_order(ath__compiler *c, const ath_expr *e) {
    if (!can(c, ATH__CAN_ORDER_INTERVALS) && ath__expr_type(c, e).sql == ATH_SQL_INTERVAL && c->error->status == ATH_OK)
        ath__fail(c->error, ATH_NOT_SUPPORTED, "%s keeps intervals as text: they can be equal, but have no order",
                  c->dialect->name);
}

/* ---- parentheses ---- */

static bool has_operator(const ath_expr *e) {
    return e && e->node == ATH_NODE_OPERATOR;
}

static bool is_constant(const ath_expr *e, bool value) {
    return e && e->node == ATH_NODE_CONSTANT && e->u.value.kind == ATH_KIND_BOOL && e->u.value.as.b == value;
}

/* The operand of an AND or OR that counts, when it is one alone. */
static const ath_expr *only_operand(const ath_expr *e) {
    const ath_expr *only = NULL;
    for (uint32_t i = 0; i < e->count; i++) {
        if (ath__condition_is_empty(e->args[i]) || is_constant(e->args[i], e->op == ATH_OP_AND))
            continue;
        if (only || is_constant(e->args[i], e->op == ATH_OP_OR))
            return NULL;
        only = e->args[i];
    }
    return only;
}

/* A label or parameter inside an expression is written as what it names, an AND or OR of one as that. */
static const ath_expr *unwrapped(const ath_expr *e) {
    while (e) {
        const ath_expr *inner = NULL;
        if (e->node == ATH_NODE_LABEL || e->node == ATH_NODE_BIND || e->node == ATH_NODE_TYPED)
            inner = e->args[0];
        else if (e->node == ATH_NODE_OPERATOR && (e->op == ATH_OP_AND || e->op == ATH_OP_OR))
            inner = only_operand(e);
        if (!inner)
            break;
        e = inner;
    }
    return e;
}

static bool is_null_literal(const ath_expr *e) {
    return e && ((e->node == ATH_NODE_LITERAL && e->u.value.kind == ATH_KIND_NULL) ||
                 (e->node == ATH_NODE_CONSTANT && e->u.value.kind == ATH_KIND_NULL));
}

/* doc -> 'a' is an operator too where it is written so. */
static bool is_arrow(const ath__compiler *c, const ath_expr *e) {
    bool json = e->u.type.sql == ATH_SQL_JSON;
    return e->node == ATH_NODE_JSON &&
           (can(c, ATH__CAN_ARRAYS) ? json || e->u.type.sql == ATH_SQL_TEXT : json && can(c, ATH__CAN_JSON_EACH));
}

static bool needs_parentheses(const ath__compiler *c, const ath_expr *operand, uint8_t op) {
    operand = unwrapped(operand);
    if (!operand)
        return false;
    if (operand->node == ATH_NODE_TEXT)
        return ops[op].precedence > 0;
    if (is_arrow(c, operand))
        return ops[op].precedence > 1;
    if (operand->node == ATH_NODE_RELATION)
        return ops[ATH_OP_EQ].precedence <= ops[op].precedence;
    if (operand->node == ATH_NODE_COLLATE)
        return COLLATE_PRECEDENCE <= ops[op].precedence;
    if (operand->node == ATH_NODE_FILTER)
        return FILTER_PRECEDENCE <= ops[op].precedence;
    if (!has_operator(operand))
        return false;
    if (ops[operand->op].precedence == 0 && ops[operand->op].shape == SPECIAL) /* writes its own */
        return false;
    if (operand->op == op && ops[op].associative)
        return false;
    if (op == ATH_OP_CONCAT) /* || binds tighter than + on SQLite, and looser on PostgreSQL */
        return true;
    return ops[operand->op].precedence <= ops[op].precedence;
}

void ath__render_operand(ath__compiler *c, const ath_expr *e, uint8_t op, const ath_type *hint) {
    bool parentheses = needs_parentheses(c, e, op);
    str(c, parentheses ? "(" : "");
    ath__render(c, e, hint);
    str(c, parentheses ? ")" : "");
}

void ath__render_grouped(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    const ath_expr *inner = unwrapped(e);
    bool parentheses =
        (has_operator(inner) && ops[inner->op].precedence != 0) || (inner && inner->node == ATH_NODE_RELATION);
    str(c, parentheses ? "(" : "");
    ath__render(c, e, hint);
    str(c, parentheses ? ")" : "");
}

/* ---- a symbol b ---- */

/* (1, 2) beside (a, b): each value takes the type of its column. */
static void tuple_beside(ath__compiler *c, const ath_expr *e, const ath_expr *other) {
    str(c, "(");
    for (uint32_t i = 0; i < e->count; i++) {
        ath_type hint = ath__comparison_type(c, other && i < other->count ? other->args[i] : NULL);
        str(c, i ? ", " : "");
        ath__render(c, e->args[i], &hint);
    }
    str(c, ")");
}

/* One side of a comparison; `other` stands on the other side. */
static void compared(ath__compiler *c, const ath_expr *e, const ath_expr *other, uint8_t op) {
    if (e && e->node == ATH_NODE_TUPLE) {
        tuple_beside(c, e, other && other->node == ATH_NODE_TUPLE ? other : NULL);
        return;
    }
    ath_type hint = ath__comparison_type(c, other);
    ath__render_operand(c, e, op, &hint);
}

/* ESCAPE 'x' behind LIKE: one character. */
static void escape(ath__compiler *c, const ath_expr *e) {
    if (!e->u.text)
        return;
    ath_value v = {.kind = ATH_KIND_TEXT, .as.text = {e->u.text, strlen(e->u.text)}};
    if (ath__utf8_length(e->u.text, v.as.text.size) != 1)
        fail(c, ATH_ARGUMENT, "the ESCAPE of LIKE is one character");
    str(c, " ESCAPE ");
    if (c->error->status == ATH_OK)
        ath__dialect_literal(c->dialect, &c->out, &v, c->error);
}

static void binary(ath__compiler *c, const ath_expr *e) {
    bool arithmetic = e->op >= ATH_OP_ADD && e->op <= ATH_OP_MOD, bits = e->op > ATH_OP_MOD && e->op < ATH_OP_NEG;
    bool texts = e->op == ATH_OP_LIKE || e->op == ATH_OP_NOT_LIKE || e->op == ATH_OP_CONCAT;
    for (int i = 0; i < 2; i++) {
        if (arithmetic)
            ath__check_digits(c, e->args[i]);
        else if (e->op >= ATH_OP_LT && e->op <= ATH_OP_GE)
            ath__check_order(c, e->args[i]);
    }
    for (int i = 0; i < 2; i++) {
        if (i)
            ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
        if (arithmetic || bits || texts)
            ath__render_operand(c, e->args[i], e->op, texts ? &any_text : NULL);
        else
            compared(c, e->args[i], e->args[1 - i], e->op);
    }
    if (e->op == ATH_OP_LIKE || e->op == ATH_OP_NOT_LIKE)
        escape(c, e);
}

/* concat(a, b, c) of a || b || c. */
static void concat_items(ath__compiler *c, const ath_expr *e, int depth) {
    const ath_expr *inner = unwrapped(e);
    if (!has_operator(inner) || inner->op != ATH_OP_CONCAT || depth > ATH__COMPILE_DEPTH) {
        ath__render(c, e, &any_text);
        return;
    }
    concat_items(c, inner->args[0], depth + 1);
    str(c, ", ");
    concat_items(c, inner->args[1], depth + 1);
}

static void concat(ath__compiler *c, const ath_expr *e) {
    str(c, "concat(");
    concat_items(c, e, 0);
    str(c, ")");
}

static void custom(ath__compiler *c, const ath_expr *e) {
    ath__render_operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s ", e->u.text ? e->u.text : "");
    ath_type hint = ath__comparison_type(c, e->args[0]);
    ath__render_operand(c, e->args[1], e->op, &hint);
}

/* = NULL is IS NULL, on whichever side it stands. */
static bool null_test(ath__compiler *c, const ath_expr *e) {
    if (e->op != ATH_OP_EQ && e->op != ATH_OP_NE)
        return false;
    bool right = is_null_literal(e->args[1]);
    if (!right && !is_null_literal(e->args[0]))
        return false;
    ath__render_operand(c, e->args[right ? 0 : 1], e->op, NULL);
    str(c, e->op == ATH_OP_EQ ? " IS NULL" : " IS NOT NULL");
    return true;
}

/* IS [NOT] DISTINCT FROM, or the symbol of a database that has a null-safe comparison by another name. */
static void distinct(ath__compiler *c, const ath_expr *e) {
    for (int i = 0; i < 2; i++) {
        if (i)
            ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
        if (is_null_literal(e->args[i]))
            str(c, "NULL");
        else
            compared(c, e->args[i], e->args[1 - i], e->op);
    }
}

/* ---- arithmetic ---- */

static bool is_whole(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    return type.sql == ATH_SQL_SMALLINT || type.sql == ATH_SQL_INTEGER || type.sql == ATH_SQL_BIGINT;
}

static void divisor_as_number(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e), numeric = {.sql = ATH_SQL_NUMERIC};
    bool number = type.sql == ATH_SQL_NUMERIC || type.sql == ATH_SQL_FLOAT || type.sql == ATH_SQL_DOUBLE;
    bool fits = number && !ath__is_literal(e); /* a price / 2.5 is exact */
    str(c, "CAST(");
    ath__render_grouped(c, e, NULL);
    str(c, " AS ");
    if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, fits ? &type : &numeric, &c->out, c->error);
    str(c, ")");
}

/* a / b with its fraction, whatever the database's own / does to integers. */
static void divide(ath__compiler *c, const ath_expr *e) {
    ath__check_digits(c, e->args[0]);
    ath__check_digits(c, e->args[1]);
    ath__render_operand(c, e->args[0], e->op, NULL);
    str(c, " / ");
    switch (c->dialect->division) {
    case ATH__DIVISION_CAST:
        divisor_as_number(c, e->args[1]);
        break;
    case ATH__DIVISION_ADD:
        str(c, "(");
        ath__render_grouped(c, e->args[1], NULL);
        str(c, " + 0.0)");
        break;
    default:
        ath__render_operand(c, e->args[1], e->op, NULL);
        break;
    }
}

/* The quotient is cut towards zero; where one side is negative and there is a rest, it is one less. */
static void floor_of_cut(ath__compiler *c, const ath_expr *e) {
    const char *divide = c->dialect->division == ATH__DIVISION_PLAIN ? " DIV " : " / ";
    str(c, "(");
    ath__render_operand(c, e->args[0], ATH_OP_FLOOR_DIV, NULL);
    str(c, divide);
    ath__render_operand(c, e->args[1], ATH_OP_FLOOR_DIV, NULL);
    str(c, " - CASE WHEN (");
    ath__render_operand(c, e->args[0], ATH_OP_MOD, NULL);
    str(c, " % ");
    ath__render_operand(c, e->args[1], ATH_OP_MOD, NULL);
    str(c, " != 0 AND (");
    ath__render_operand(c, e->args[0], ATH_OP_LT, NULL);
    str(c, " < 0) != (");
    ath__render_operand(c, e->args[1], ATH_OP_LT, NULL);
    str(c, " < 0)) THEN 1 ELSE 0 END)");
}

static void floor_divide(ath__compiler *c, const ath_expr *e) {
    bool whole = is_whole(c, e->args[0]) && is_whole(c, e->args[1]);
    bool exact = c->dialect->division == ATH__DIVISION_PLAIN && ath__expr_type(c, e).sql == ATH_SQL_NUMERIC;
    ath__check_digits(c, e->args[0]);
    ath__check_digits(c, e->args[1]);
    if (whole || exact) {
        floor_of_cut(c, e);
        return;
    }
    str(c, "FLOOR(");
    ath__render_operand(c, e->args[0], e->op, NULL);
    str(c, " / ");
    ath__render_operand(c, e->args[1], e->op, NULL);
    str(c, ")");
}

/* ---- texts ---- */

static void ilike(ath__compiler *c, const ath_expr *e) {
    bool native = can(c, ATH__CAN_ILIKE);
    uint8_t like = e->op == ATH_OP_ILIKE ? ATH_OP_LIKE : ATH_OP_NOT_LIKE;
    str(c, native ? "" : "lower(");
    ath__render_operand(c, e->args[0], native ? e->op : ATH_OP_NONE, &any_text);
    ath__buf_printf(&c->out, native ? " %s " : ") %s lower(", symbol(c, native ? e->op : like));
    ath__render_operand(c, e->args[1], native ? e->op : ATH_OP_NONE, &any_text);
    str(c, native ? "" : ")");
    escape(c, e);
}

/* contains, startswith and endswith, by what they are made of. */
static const struct part {
    uint8_t op;
    bool any_before, any_behind, ignore_case, negated;
} parts[] = {
    {ATH_OP_CONTAINS, true, true, false, false},     {ATH_OP_NOT_CONTAINS, true, true, false, true},
    {ATH_OP_STARTS_WITH, false, true, false, false}, {ATH_OP_NOT_STARTS_WITH, false, true, false, true},
    {ATH_OP_ENDS_WITH, true, false, false, false},   {ATH_OP_NOT_ENDS_WITH, true, false, false, true},
    {ATH_OP_ICONTAINS, true, true, true, false},     {ATH_OP_NOT_ICONTAINS, true, true, true, true},
    {ATH_OP_ISTARTS_WITH, false, true, true, false}, {ATH_OP_NOT_ISTARTS_WITH, false, true, true, true},
    {ATH_OP_IENDS_WITH, true, false, true, false},   {ATH_OP_NOT_IENDS_WITH, true, false, true, true},
};

static const struct part *part_of(uint8_t op) {
    size_t i = 0;
    while (parts[i].op != op)
        i++;
    return &parts[i];
}

/* '%' || value || '%', or concat('%', value, '%'). */
static void pattern(ath__compiler *c, const struct part *p, const ath_expr *value, bool lower) {
    bool concat_call = c->dialect->concat_function;
    const char *glue = concat_call ? ", " : " || ";
    str(c, concat_call ? "concat(" : "");
    ath__buf_printf(&c->out, "%s%s%s", p->any_before ? "'%'" : "", p->any_before ? glue : "", lower ? "lower(" : "");
    if (value->node == ATH_NODE_LITERAL)
        ath__render_literal(c, value, &any_text, ATH__BIND_LIKE_ESCAPED);
    else
        ath__render_operand(c, value, ATH_OP_CONCAT, &any_text);
    ath__buf_printf(&c->out, "%s%s%s", lower ? ")" : "", p->any_behind ? glue : "", p->any_behind ? "'%'" : "");
    str(c, concat_call ? ")" : "");
}

/* The value's own wildcards are escaped when it is bound. */
static void part_of_text(ath__compiler *c, const ath_expr *e) {
    const struct part *p = part_of(e->op);
    bool lower = p->ignore_case && !can(c, ATH__CAN_ILIKE);
    uint8_t like = p->ignore_case && !lower ? ATH_OP_ILIKE : ATH_OP_LIKE;
    str(c, lower ? "(lower(" : "(");
    ath__render_operand(c, e->args[0], lower ? ATH_OP_NONE : ATH_OP_LIKE, NULL);
    ath__buf_printf(&c->out, "%s %s ", lower ? ")" : "", symbol(c, (uint8_t)(p->negated ? ops[like].negation : like)));
    pattern(c, p, e->args[1], lower);
    str(c, e->args[1]->node == ATH_NODE_LITERAL ? " ESCAPE '/')" : ")");
}

bool ath__check_flags(ath__compiler *c, const char *flags) {
    for (const char *at = flags; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z'))) {
            fail(c, ATH_ARGUMENT, "the flags of a regular expression are letters");
            return false;
        }
    return true;
}

static void regexp(ath__compiler *c, const ath_expr *e) {
    if (!can(c, ATH__CAN_REGEXP) || e->u.text) { /* flags are written by the dialects that have them */
        ath__cannot(c, e->u.text ? "flags of regular expressions" : "regular expressions");
        return;
    }
    ath__render_operand(c, e->args[0], e->op, &any_text);
    ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
    ath__render_operand(c, e->args[1], e->op, &any_text);
}

/* ---- logic ---- */

/* true among the operands of OR, false among those of AND: the rest does not matter. */
static const ath_expr *deciding(const ath_expr *e) {
    for (uint32_t i = 0; i < e->count; i++)
        if (is_constant(e->args[i], e->op == ATH_OP_OR))
            return e->args[i];
    return NULL;
}

static void junction(ath__compiler *c, const ath_expr *e) {
    const ath_expr *decided = deciding(e), *last = NULL;
    if (decided) {
        ath__render_condition(c, decided);
        return;
    }
    size_t written = 0;
    for (uint32_t i = 0; i < e->count; i++) {
        const ath_expr *item = e->args[i];
        if (ath__condition_is_empty(item))
            continue;
        last = item;
        if (is_constant(item, e->op == ATH_OP_AND))
            continue;
        if (written++)
            ath__buf_printf(&c->out, " %s ", symbol(c, e->op));
        if (item->node == ATH_NODE_COLUMN)
            ath__render_condition(c, item);
        else
            ath__render_operand(c, item, e->op, NULL);
    }
    if (!written && last)
        ath__render_condition(c, last);
    else if (!written)
        str(c, e->op == ATH_OP_AND ? "1 = 1" : "1 = 0");
}

/* NOT turns an operator round where it can; before anything else it is written. */
static void not_of(ath__compiler *c, const ath_expr *e) {
    const ath_expr *inner = unwrapped(e->args[0]);
    if (has_operator(inner) && inner->op == ATH_OP_NOT) {
        ath__render_condition(c, inner->args[0]);
        return;
    }
    if (has_operator(inner) && inner->op < ATH_OP_COUNT && ops[inner->op].negation) {
        ath_expr turned = *inner;
        turned.op = (uint8_t)ops[inner->op].negation;
        ath__render(c, &turned, NULL);
        return;
    }
    if (inner && inner->node == ATH_NODE_CONSTANT && inner->u.value.kind == ATH_KIND_BOOL) {
        ath_expr turned = *inner;
        turned.u.value.as.b = !turned.u.value.as.b;
        ath__render_condition(c, &turned);
        return;
    }
    if (inner && inner->node == ATH_NODE_COLUMN && !can(c, ATH__CAN_BOOLEAN)) {
        ath__render(c, inner, NULL);
        str(c, " = 0");
        return;
    }
    bool parentheses =
        has_operator(inner) || (inner && (inner->node == ATH_NODE_TEXT || inner->node == ATH_NODE_RELATION));
    str(c, parentheses ? "NOT (" : "NOT ");
    ath__render_condition(c, e->args[0]);
    str(c, parentheses ? ")" : "");
}

/* ---- membership ---- */

static void padded_array(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    size_t first = ath__value_of(c, e), n = ath__array_padded(e->count);
    for (size_t i = 0; i < n; i++) {
        str(c, i ? ", " : "");
        ath__render_bind(c, first + i, hint, ATH__BIND_AS_IS);
    }
    c->next_value = first + n;
}

/* A whole array as one value: = ANY ($1), or IN (SELECT value FROM json_each(?)). */
static void whole_array(ath__compiler *c, const ath_expr *e, const ath_type *hint) {
    bool in = e->op == ATH_OP_IN, arrays = can(c, ATH__CAN_ARRAYS);
    str(c, in ? "" : "(");
    ath__render_operand(c, e->args[0], e->op, NULL);
    if (arrays)
        str(c, in ? " = ANY (" : " != ALL (");
    else
        ath__buf_printf(&c->out, " %s (SELECT value FROM json_each(", symbol(c, e->op));
    ath__render_bind(c, ath__value_of(c, e->args[1]), hint, ATH__BIND_ARRAY);
    str(c, arrays ? ")" : "))");
    str(c, in ? "" : ")");
}

static void list_items(ath__compiler *c, const ath_expr *set, const ath_expr *left, const ath_type *hint) {
    for (uint32_t i = 0; i < set->count; i++) {
        const ath_expr *item = set->args[i];
        str(c, i ? ", " : "");
        if (item && item->node == ATH_NODE_TUPLE)
            tuple_beside(c, item, left->node == ATH_NODE_TUPLE ? left : NULL);
        else
            ath__render(c, item, hint);
    }
}

/* Whether a LIMIT is the SELECT's own, or that of a member of it. */
static bool is_limited(const ath_select_stmt *s, int depth) {
    bool limited = s && (s->limit || s->offset);
    for (size_t i = 0; s && i < s->member_count && !limited && depth < ATH__COMPILE_DEPTH; i++)
        limited = is_limited(s->members[i], depth + 1);
    return limited;
}

/* The subquery beside IN, ANY, ALL. */
static void list_query(ath__compiler *c, const ath_expr *set) {
    const ath_select_stmt *s = set->node == ATH_NODE_SUBQUERY ? set->u.select : NULL;
    bool wrapped = c->dialect->limited_list_wrapped && is_limited(s, 0);
    str(c, wrapped ? "(SELECT * FROM " : "");
    ath__render(c, set, NULL);
    if (wrapped)
        ath__buf_printf(&c->out, " AS anon_%u)", ++c->anonymous);
}

/* An empty list is written so that every database takes it and no row (or, with NOT, each) is in it. */
static void membership(ath__compiler *c, const ath_expr *e) {
    const ath_expr *set = e->args[1];
    ath_type hint = ath__comparison_type(c, e->args[0]);
    if (set->node == ATH_NODE_ARRAY && !c->key) {
        fail(c, ATH_ARGUMENT, "an array beside IN needs values that are bound; here they are written");
        return;
    }
    if (set->node == ATH_NODE_ARRAY && c->key->whole_arrays) {
        whole_array(c, e, &hint);
        return;
    }
    bool empty = set->node == ATH_NODE_ARRAY && set->count == 0;
    bool query = set->node == ATH_NODE_SUBQUERY, group = empty || e->op == ATH_OP_NOT_IN;
    str(c, group ? "(" : "");
    ath__render_operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, query ? " %s " : " %s (", symbol(c, e->op));
    if (query)
        list_query(c, set);
    else if (empty)
        str(c, e->op == ATH_OP_IN ? "NULL) AND (1 != 1" : "NULL) OR (1 = 1");
    else if (set->node == ATH_NODE_ARRAY)
        padded_array(c, set, &hint);
    else {
        bool tuples = set->count && set->args[0] && set->args[0]->node == ATH_NODE_TUPLE;
        str(c, tuples && c->dialect->tuples_in_values ? "VALUES " : "");
        list_items(c, set, e->args[0], &hint);
    }
    str(c, query ? "" : ")");
    str(c, group ? ")" : "");
}

/* SYMMETRIC is PostgreSQL's; elsewhere both orders are tried. */
static void between(ath__compiler *c, const ath_expr *e) {
    bool twice = e->distinct && !can(c, ATH__CAN_ARRAYS);
    ath__check_order(c, e->args[0]);
    ath_type hint = ath__comparison_type(c, e->args[0]);
    for (int turn = 0; turn < 1 + twice; turn++) {
        str(c, turn ? e->op == ATH_OP_BETWEEN ? " OR " : " AND " : twice ? "(" : "");
        ath__render_operand(c, e->args[0], e->op, NULL);
        ath__buf_printf(&c->out, " %s %s", symbol(c, e->op), e->distinct && !twice ? "SYMMETRIC " : "");
        ath__render_operand(c, e->args[turn ? 2 : 1], e->op, &hint);
        str(c, " AND ");
        ath__render_operand(c, e->args[turn ? 1 : 2], e->op, &hint);
    }
    str(c, twice ? ")" : "");
}

/* ---- order ---- */

/* Where there is no NULLS FIRST, a first key that says which is NULL does the same. */
static void nulls_order(ath__compiler *c, const ath_expr *e) {
    const ath_expr *key = unwrapped(e->args[0]);
    if (!can(c, ATH__CAN_NULLS_ORDER)) {
        const ath_expr *bare =
            has_operator(key) && (key->op == ATH_OP_ASC || key->op == ATH_OP_DESC) ? key->args[0] : key;
        ath__render_operand(c, bare, ATH_OP_IS_NULL, NULL);
        str(c, e->op == ATH_OP_NULLS_FIRST ? " IS NULL DESC, " : " IS NULL, ");
        ath__render(c, key, NULL);
        return;
    }
    ath__render_operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s", symbol(c, e->op));
}

/* ---- any operator ---- */

static void prefix(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_NOT) {
        not_of(c, e);
        return;
    }
    bool quantified = e->op == ATH_OP_ANY || e->op == ATH_OP_ALL;
    if (quantified && !can(c, ATH__CAN_QUANTIFIED)) {
        ath__cannot(c, "ANY and ALL");
        return;
    }
    ath__buf_printf(&c->out, "%s ", symbol(c, e->op));
    if (quantified)
        list_query(c, e->args[0]);
    else
        ath__render(c, e->args[0], NULL);
}

static void unary(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_NEG)
        ath__check_digits(c, e->args[0]);
    str(c, symbol(c, e->op));
    ath__render_operand(c, e->args[0], e->op, NULL);
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
    case ATH_OP_REGEXP:
    case ATH_OP_NOT_REGEXP:
        regexp(c, e);
        break;
    case ATH_OP_IN:
    case ATH_OP_NOT_IN:
        membership(c, e);
        break;
    case ATH_OP_BETWEEN:
    case ATH_OP_NOT_BETWEEN:
        between(c, e);
        break;
    case ATH_OP_IS_DISTINCT:
    case ATH_OP_IS_NOT_DISTINCT:
        distinct(c, e);
        break;
    case ATH_OP_DIV:
        divide(c, e);
        break;
    case ATH_OP_FLOOR_DIV:
        floor_divide(c, e);
        break;
    case ATH_OP_NEG:
    case ATH_OP_BIT_NOT:
        unary(c, e);
        break;
    case ATH_OP_CUSTOM:
        custom(c, e);
        break;
    default:
        part_of_text(c, e);
        break;
    }
}

static void postfix(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_NULLS_FIRST || e->op == ATH_OP_NULLS_LAST) {
        nulls_order(c, e);
        return;
    }
    if (e->op == ATH_OP_ASC || e->op == ATH_OP_DESC)
        ath__check_order(c, e->args[0]);
    ath__render_operand(c, e->args[0], e->op, NULL);
    ath__buf_printf(&c->out, " %s", symbol(c, e->op));
}

void ath__render_operator(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_NONE || e->op >= ATH_OP_COUNT) {
        fail(c, ATH_ARGUMENT, "an operator of the statement is unknown");
        return;
    }
    if (null_test(c, e))
        return;
    if (e->op == ATH_OP_CONCAT && c->dialect->concat_function) {
        concat(c, e);
        return;
    }
    switch (ops[e->op].shape) {
    case BINARY:
        binary(c, e);
        break;
    case PREFIX:
        prefix(c, e);
        break;
    case POSTFIX:
        postfix(c, e);
        break;
    default:
        special(c, e);
        break;
    }
}
