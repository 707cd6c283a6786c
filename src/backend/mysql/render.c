/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: expressions that are written in their own way.
 */
#include "backend/mysql/mysql.h"
#include "sql/compiler.h"

static const ath_type text_type = {.sql = ATH_SQL_TEXT};

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

/* ---- JSON ---- */

static void json_extract(ath__compiler *c, const ath_expr *e) {
    str(c, "JSON_EXTRACT(");
    ath__render(c, e->args[0], NULL);
    str(c, ", ");
    ath__render_json_path(c, e);
    str(c, ")");
}

/* The words for true and false, in a text or a part of a JSON document. */
static const char truths[] = " IN ('true', 't', 'yes', 'y', 'on', '1')",
                  lies[] = " IN ('false', 'f', 'no', 'n', 'off', '0')";

static void json_text(ath__compiler *c, const ath_expr *e, const char *before, const char *behind) {
    str(c, before);
    str(c, "JSON_UNQUOTE(");
    json_extract(c, e);
    str(c, ")");
    str(c, behind);
}

/* What is none of the type is an error: 2^63 - 1 and something do not fit. */
static void json_error(ath__compiler *c, const ath_expr *e) {
    json_text(c, e, " WHEN CHAR_LENGTH(", ") >= 0 THEN 9223372036854775807 + ");
    json_text(c, e, "(1 + CHAR_LENGTH(", ")) END");
}

static void json_number(ath__compiler *c, const ath_expr *e) {
    bool whole = e->u.type.sql == ATH_SQL_BIGINT;
    json_text(c, e, " WHEN ",
              whole ? " REGEXP '^[-+]?[0-9]+$' THEN "
                    : " REGEXP '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$' THEN ");
    json_text(c, e, whole ? "CAST(" : "(", whole ? " AS DECIMAL(65, 0))" : " + 0e0)");
    json_error(c, e);
}

static void json_boolean(ath__compiler *c, const ath_expr *e) {
    json_text(c, e, " WHEN LOWER(", ")");
    ath__buf_printf(&c->out, "%s THEN TRUE", truths);
    json_text(c, e, " WHEN LOWER(", ")");
    ath__buf_printf(&c->out, "%s THEN FALSE", lies);
    json_error(c, e);
}

/* A JSON null is NULL; anything else becomes a value of the type. */
static void json(ath__compiler *c, const ath_expr *e) {
    if (e->u.type.sql == ATH_SQL_JSON) {
        json_extract(c, e);
        return;
    }
    str(c, "CASE WHEN JSON_TYPE(");
    json_extract(c, e);
    str(c, ") = 'NULL' THEN NULL");
    switch (e->u.type.sql) {
    case ATH_SQL_TEXT:
        json_text(c, e, " ELSE ", " END");
        break;
    case ATH_SQL_BIGINT:
    case ATH_SQL_DOUBLE:
        json_number(c, e);
        break;
    case ATH_SQL_BOOLEAN:
        json_boolean(c, e);
        break;
    default:
        ath__cannot(c, "conversion of a part of a JSON document to that type");
    }
}

static bool is_maria(const ath__compiler *c) {
    return ath__dialect_can(c->dialect, ATH__CAN_ROW_ARRAYS);
}

/* Documents are equal by what they say, not by how they are written; false: these are none. */
static bool json_equal(ath__compiler *c, const ath_expr *e) {
    static const ath_type type = {.sql = ATH_SQL_JSON};
    bool maria = is_maria(c);
    if ((e->op != ATH_OP_EQ && e->op != ATH_OP_NE) || ath__is_null(e->args[0]) || ath__is_null(e->args[1]))
        return false;
    if (ath__expr_type(c, e->args[0]).sql != ATH_SQL_JSON && ath__expr_type(c, e->args[1]).sql != ATH_SQL_JSON)
        return false;
    if (maria && c->dialect->version < 100700)
        ath__cannot(c, "equality of JSON documents");
    str(c, maria ? e->op == ATH_OP_NE ? "NOT JSON_EQUALS(" : "JSON_EQUALS(" : "CAST(");
    ath__render(c, e->args[0], &type);
    str(c, maria ? ", " : e->op == ATH_OP_NE ? " AS JSON) != CAST(" : " AS JSON) = CAST(");
    ath__render(c, e->args[1], &type);
    str(c, maria ? ")" : " AS JSON)");
    return true;
}

/* ---- operators ---- */

/* a <=> b is equality in which NULL equals NULL. */
static void distinct(ath__compiler *c, const ath_expr *e) {
    bool negated = e->op == ATH_OP_IS_DISTINCT;
    str(c, negated ? "NOT (" : "");
    for (int i = 0; i < 2; i++) {
        const ath_expr *operand = e->args[i], *other = e->args[1 - i];
        ath_type hint = ath__comparison_type(c, other);
        bool null = operand->node == ATH_NODE_LITERAL && operand->u.value.kind == ATH_KIND_NULL;
        str(c, i ? " <=> " : "");
        if (null)
            str(c, "NULL");
        else
            ath__render_operand(c, operand, ATH_OP_EQ, &hint);
    }
    str(c, negated ? ")" : "");
}

/* MariaDB takes flags in front of the pattern, MySQL as an argument. */
static void regexp_with_flags(ath__compiler *c, const ath_expr *e) {
    bool negated = e->op == ATH_OP_NOT_REGEXP, maria = is_maria(c);
    if (!ath__check_flags(c, e->u.text))
        return;
    str(c, maria ? "" : negated ? "NOT REGEXP_LIKE(" : "REGEXP_LIKE(");
    ath__render_operand(c, e->args[0], maria ? e->op : ATH_OP_NONE, &text_type);
    if (maria)
        ath__buf_printf(&c->out, " %sREGEXP CONCAT('(?', '%s', ')', ", negated ? "NOT " : "", e->u.text);
    else
        str(c, ", ");
    ath__render(c, e->args[1], &text_type);
    if (!maria)
        ath__buf_printf(&c->out, ", '%s'", e->u.text);
    str(c, ")");
}

/* ---- bits ---- */

static void infix(ath__compiler *c, const ath_expr *e, const char *symbol) {
    ath__render_operand(c, e->args[0], e->op, NULL);
    str(c, symbol);
    ath__render_operand(c, e->args[1], e->op, NULL);
}

/* A shift to the right brings zeros in from the left: of a negative number the zeros of its complement are shifted. */
static void shift_right(ath__compiler *c, const ath_expr *e) {
    str(c, "CASE WHEN ");
    ath__render_operand(c, e->args[0], ATH_OP_LT, NULL);
    str(c, " < 0 THEN ~(~(");
    ath__render(c, e->args[0], NULL);
    str(c, ") >> ");
    ath__render_operand(c, e->args[1], e->op, NULL);
    str(c, ") ELSE ");
    infix(c, e, " >> ");
    str(c, " END");
}

/* Bits are of unsigned numbers here, whatever goes in. */
static bool bits(ath__compiler *c, const ath_expr *e) {
    static const char *const symbols[] = {
        [ATH_OP_BIT_AND] = " & ",     [ATH_OP_BIT_OR] = " | ",       [ATH_OP_BIT_XOR] = " ^ ",
        [ATH_OP_SHIFT_LEFT] = " << ", [ATH_OP_SHIFT_RIGHT] = " >> ", [ATH_OP_BIT_NOT] = "~",
    };
    if (ath__expr_type(c, e->args[0]).is_unsigned)
        return false;
    str(c, "CAST(");
    if (e->op == ATH_OP_SHIFT_RIGHT) {
        shift_right(c, e);
    } else if (e->op == ATH_OP_BIT_NOT) {
        str(c, "~");
        ath__render_operand(c, e->args[0], e->op, NULL);
    } else {
        infix(c, e, symbols[e->op]);
    }
    str(c, " AS SIGNED)");
    return true;
}

/* ---- dates ---- */

/* A literal has its type only once it is bound; here it has to have it before. */
static void moment(ath__compiler *c, const ath_expr *e, const ath_type *type) {
    bool literal = ath__is_literal(e);
    str(c, literal ? "CAST(" : "");
    ath__render(c, e, type);
    str(c, literal ? type->sql == ATH_SQL_DATE ? " AS DATE)" : " AS DATETIME(6))" : "");
}

static void microseconds(ath__compiler *c, const ath_expr *e, const ath_type *types, const char *behind) {
    str(c, "TIMESTAMPDIFF(MICROSECOND, ");
    moment(c, e->args[1], &types[1]);
    str(c, ", ");
    moment(c, e->args[0], &types[0]);
    ath__buf_printf(&c->out, ")%s", behind);
}

/* An interval as it is kept: P1DT2.500000S, of what is zero nothing but P and T0.000000S. */
static void time_between(ath__compiler *c, const ath_expr *e, const ath_type *types) {
    str(c, "CONCAT('P', CASE WHEN ");
    microseconds(c, e, types, " DIV 86400000000 != 0 THEN CONCAT(");
    microseconds(c, e, types, " DIV 86400000000, 'D') ELSE '' END, CASE WHEN ");
    microseconds(c, e, types, " % 86400000000 != 0 OR ");
    microseconds(c, e, types, " = 0 THEN CONCAT('T', ");
    microseconds(c, e, types, " % 86400000000 * 0.000001, 'S') ELSE '' END)");
}

/* The parts of an interval one after the other, as PostgreSQL adds them. */
static void later(ath__compiler *c, const ath_expr *e, const ath_type *types, bool swapped) {
    static const char *const parts[] = {"MONTH", "DAY", "MICROSECOND"};
    static const ath_type interval = {.sql = ATH_SQL_INTERVAL};
    const ath_expr *span = e->args[!swapped];
    while (span && (span->node == ATH_NODE_LABEL || span->node == ATH_NODE_BIND || span->node == ATH_NODE_TYPED))
        span = span->args[0];
    if (!c->key || !span || span->node != ATH_NODE_LITERAL) {
        ath__cannot(c, "arithmetic with an interval that is not a value of the program");
        return;
    }
    for (int i = 0; i < 3; i++)
        str(c, e->op == ATH_OP_SUB ? "DATE_SUB(" : "DATE_ADD(");
    moment(c, e->args[swapped], &types[swapped]);
    for (int i = 0; i < 3; i++) {
        str(c, ", INTERVAL ");
        ath__render_literal(c, span, &interval, (ath__bind_how)(ATH__BIND_MONTHS + i));
        ath__buf_printf(&c->out, " %s)", parts[i]);
    }
}

static void days(ath__compiler *c, const ath_expr *e, const ath_type *types, bool swapped) {
    str(c, e->op == ATH_OP_SUB ? "DATE_SUB(" : "DATE_ADD(");
    moment(c, e->args[swapped], &types[swapped]);
    str(c, ", INTERVAL ");
    ath__render_grouped(c, e->args[!swapped], NULL);
    str(c, " DAY)");
}

/* Dates in arithmetic are numbers like 20240301 here; false: there are none. */
static bool temporal(ath__compiler *c, const ath_expr *e) {
    ath_type types[2];
    bool swapped;
    switch (ath__temporal_of(c, e, types, &swapped)) {
    case ATH__NOT_TEMPORAL:
        return false;
    case ATH__DAYS_BETWEEN:
        str(c, "DATEDIFF(");
        moment(c, e->args[0], &types[0]);
        str(c, ", ");
        moment(c, e->args[1], &types[1]);
        str(c, ")");
        return true;
    case ATH__TIME_BETWEEN:
        time_between(c, e, types);
        return true;
    case ATH__LATER:
        later(c, e, types, swapped);
        return true;
    case ATH__DAYS_LATER:
        days(c, e, types, swapped);
        return true;
    default:
        ath__cannot(c, "such arithmetic of dates, times or intervals");
        return true;
    }
}

static void signed_operand(ath__compiler *c, const ath_expr *e, uint8_t op) {
    ath_type type = ath__expr_type(c, e);
    bool is_unsigned = type.is_unsigned && !ath__is_literal(e);
    if (!is_unsigned) {
        ath__render_operand(c, e, op, NULL);
        return;
    }
    str(c, "CAST(");
    ath__render(c, e, NULL);
    str(c, type.sql == ATH_SQL_BIGINT ? " AS DECIMAL(20, 0))" : " AS SIGNED)");
}

/* 5 - 10 is an error where one of them is unsigned. */
static bool of_unsigned(ath__compiler *c, const ath_expr *e) {
    static const char *const symbols[] = {[ATH_OP_ADD] = " + ", [ATH_OP_SUB] = " - ", [ATH_OP_MUL] = " * "};
    bool left = ath__expr_type(c, e->args[0]).is_unsigned, right = ath__expr_type(c, e->args[1]).is_unsigned;
    bool may_fail = e->op == ATH_OP_SUB ? left || right : left != right;
    if (!may_fail || ath__expr_type(c, e).sql != ATH_SQL_BIGINT)
        return false;
    signed_operand(c, e->args[0], e->op);
    str(c, symbols[e->op]);
    signed_operand(c, e->args[1], e->op);
    return true;
}

static bool operator(ath__compiler *c, const ath_expr *e) {
    if (e->op >= ATH_OP_BIT_AND && e->op <= ATH_OP_BIT_NOT && e->op != ATH_OP_NEG)
        return bits(c, e);
    if (e->op >= ATH_OP_ADD && e->op <= ATH_OP_NEG && temporal(c, e))
        return true;
    if (e->op >= ATH_OP_ADD && e->op <= ATH_OP_MUL && of_unsigned(c, e))
        return true;
    if (json_equal(c, e))
        return true;
    switch (e->op) {
    case ATH_OP_IS_DISTINCT:
    case ATH_OP_IS_NOT_DISTINCT:
        distinct(c, e);
        return true;
    case ATH_OP_REGEXP:
    case ATH_OP_NOT_REGEXP:
        if (!e->u.text)
            return false;
        regexp_with_flags(c, e);
        return true;
    default:
        return false;
    }
}

/* ---- functions ---- */

/* group_concat(name ORDER BY name SEPARATOR ', '). */
static void string_agg(ath__compiler *c, const ath_expr *e) {
    const ath_expr *last = e->args[1];
    bool ordered = last->node == ATH_NODE_ORDERED;
    ath__buf_printf(&c->out, "group_concat(%s", e->distinct ? "DISTINCT " : "");
    ath__render(c, e->args[0], NULL);
    if (ordered) {
        str(c, " ORDER BY ");
        ath__render_list(c, (ath_expr_list){last->count - 1, last->args + 1}, ", ");
    }
    const ath_expr *separator = ordered ? last->args[0] : last;
    if (separator->node != ATH_NODE_CONSTANT) {
        ath__cannot(c, "separator of group_concat that is not written out (ath_written)");
        return;
    }
    str(c, " SEPARATOR ");
    ath__render(c, separator, NULL);
    str(c, ")");
}

static bool is_text(ath_type type) {
    return type.sql == ATH_SQL_STRING || type.sql == ATH_SQL_TEXT || type.sql == ATH_SQL_ENUM;
}

static void text_to_boolean(ath__compiler *c, const ath_expr *e) {
    str(c, "CASE WHEN LOWER(");
    ath__render(c, e->args[0], &text_type);
    ath__buf_printf(&c->out, ")%s THEN TRUE WHEN LOWER(", truths);
    ath__render(c, e->args[0], &text_type);
    ath__buf_printf(&c->out, ")%s THEN FALSE WHEN CHAR_LENGTH(", lies);
    ath__render(c, e->args[0], &text_type);
    str(c, ") >= 0 THEN 9223372036854775807 + (1 + CHAR_LENGTH("); /* an error */
    ath__render(c, e->args[0], &text_type);
    str(c, ")) END");
}

/* A uuid is kept as 32 digits. */
static void cast_to_uuid(ath__compiler *c, const ath_expr *e) {
    str(c, "REPLACE(LOWER(CAST(");
    ath__render(c, e->args[0], NULL);
    str(c, " AS CHAR)), '-', '')");
}

/* CAST knows no BOOLEAN: what is not zero is true. */
static void cast_to_boolean(ath__compiler *c, const ath_expr *e) {
    if (is_text(ath__expr_type(c, e->args[0]))) {
        text_to_boolean(c, e);
        return;
    }
    str(c, "(");
    ath__render_operand(c, e->args[0], ATH_OP_NE, NULL);
    str(c, " != 0)");
}

static bool cast(ath__compiler *c, const ath_expr *e) {
    if (e->u.type.sql == ATH_SQL_BOOLEAN)
        cast_to_boolean(c, e);
    else if (e->u.type.sql == ATH_SQL_UUID)
        cast_to_uuid(c, e);
    return e->u.type.sql == ATH_SQL_BOOLEAN || e->u.type.sql == ATH_SQL_UUID;
}

static bool function(ath__compiler *c, const ath_expr *e) {
    if (e->u.text && strcmp(e->u.text, "string_agg") == 0 && e->count == 2 && e->args[1]) {
        string_agg(c, e);
        return true;
    }
    return false;
}

/* ---- dates ---- */

static void extract(ath__compiler *c, const ath_expr *e) {
    static const struct {
        const char *part, *before, *behind;
    } parts[] = {
        {"dow", "(DAYOFWEEK(", ") - 1)"},
        {"doy", "DAYOFYEAR(", ")"},
        {"week", "WEEK(", ", 3)"},
        {"epoch", "FLOOR(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ", ") * 0.000001)"},
    };
    for (size_t i = 0; e->u.text && i < ATH_COUNT_OF(parts); i++) {
        if (strcmp(parts[i].part, e->u.text) != 0)
            continue;
        str(c, parts[i].before);
        ath__render(c, e->args[0], NULL);
        str(c, parts[i].behind);
        return;
    }
    ath__render_extract(c, e);
}

bool ath__mysql_render(ath__compiler *c, const ath_expr *e) {
    switch (e->node) {
    case ATH_NODE_OPERATOR:
        return operator(c, e);
    case ATH_NODE_FUNCTION:
        return function(c, e);
    case ATH_NODE_JSON:
        json(c, e);
        return true;
    case ATH_NODE_EXTRACT:
        extract(c, e);
        return true;
    case ATH_NODE_NOW: /* UTC, whatever the session's zone; a column's DEFAULT knows only now() */
        str(c, c->key ? "utc_timestamp(6)" : c->dialect->now);
        return true;
    case ATH_NODE_CAST:
        return cast(c, e);
    default:
        return false;
    }
}
