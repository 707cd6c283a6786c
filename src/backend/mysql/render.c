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

/* A JSON null is NULL; anything else becomes a value of the type. */
static void json(ath__compiler *c, const ath_expr *e) {
    static const struct {
        ath_sql_type sql;
        const char *before, *behind;
    } conversions[] = {
        {ATH_SQL_TEXT, "JSON_UNQUOTE(", ")"},
        {ATH_SQL_BIGINT, "CAST(", " AS SIGNED INTEGER)"},
        {ATH_SQL_DOUBLE, "(", " + 0e0)"},
        {ATH_SQL_BOOLEAN, "(JSON_UNQUOTE(", ") = 'true')"},
    };
    if (e->u.type.sql == ATH_SQL_JSON) {
        json_extract(c, e);
        return;
    }
    for (size_t i = 0; i < ATH_COUNT_OF(conversions); i++) {
        if (conversions[i].sql != e->u.type.sql)
            continue;
        str(c, "CASE ");
        json_extract(c, e);
        ath__buf_printf(&c->out, " WHEN 'null' THEN NULL ELSE %s", conversions[i].before);
        json_extract(c, e);
        ath__buf_printf(&c->out, "%s END", conversions[i].behind);
        return;
    }
    ath__cannot(c, "conversion of a part of a JSON document to that type");
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
    bool negated = e->op == ATH_OP_NOT_REGEXP, maria = ath__dialect_can(c->dialect, ATH__CAN_ROW_ARRAYS);
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

static bool operator(ath__compiler *c, const ath_expr *e) {
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

/* CAST knows no BOOLEAN: what is not zero is true. */
static void cast_to_boolean(ath__compiler *c, const ath_expr *e) {
    str(c, "(");
    ath__render_operand(c, e->args[0], ATH_OP_NE, NULL);
    str(c, " != 0)");
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
        {"epoch", "TIMESTAMPDIFF(SECOND, '1970-01-01', ", ")"},
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
        if (e->u.type.sql != ATH_SQL_BOOLEAN)
            return false;
        cast_to_boolean(c, e);
        return true;
    default:
        return false;
    }
}
