/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: expressions that are written in its own way.
 */
#include "backend/postgresql/postgresql.h"
#include "sql/compiler.h"

/* ---- max and min ---- */

/* The call in its FILTER and OVER, when it is max or min of booleans or uuids, which PostgreSQL does not have. */
static const ath_expr *odd_extreme(ath__compiler *c, const ath_expr *e, ath_sql_type *type) {
    while (e && (e->node == ATH_NODE_FILTER || e->node == ATH_NODE_OVER) && e->count)
        e = e->args[0];
    bool call = e && e->node == ATH_NODE_FUNCTION && e->count == 1 && e->args[0] && e->u.text;
    if (!call || (strcmp(e->u.text, "max") != 0 && strcmp(e->u.text, "min") != 0))
        return NULL;
    *type = ath__expr_type(c, e->args[0]).sql;
    return *type == ATH_SQL_BOOLEAN || *type == ATH_SQL_UUID ? e : NULL;
}

enum { AROUND_CALL = 4 };

/* The same FILTER and OVER around another call. */
static void around(ath__compiler *c, const ath_expr *e, const ath_expr *call, const ath_expr *other) {
    ath_expr nodes[AROUND_CALL];
    const ath_expr *args[AROUND_CALL][2];
    int count = 0;
    for (; e != call && count < AROUND_CALL; e = e->args[0])
        nodes[count++] = *e;
    if (e != call || c->error->status != ATH_OK) {
        ath__cannot(c, "max and min in so many clauses");
        return;
    }
    for (int i = 0; i < count; i++) {
        args[i][0] = i + 1 < count ? &nodes[i + 1] : other;
        args[i][1] = nodes[i].count > 1 ? nodes[i].args[1] : NULL;
        nodes[i].args = args[i];
    }
    ath__render(c, count ? nodes : other, NULL);
}

/* bool_or(b), bool_and(b); uuids by way of their texts, which have the same order. */
static void extreme(ath__compiler *c, const ath_expr *e, const ath_expr *call, ath_sql_type type) {
    bool max = strcmp(call->u.text, "max") == 0, uuid = type == ATH_SQL_UUID;
    ath_expr text = {.node = ATH_NODE_CAST, .count = 1, .args = call->args, .u.type = ATH_TEXT};
    const ath_expr *const texts[] = {&text};
    ath_expr plain = {.node = ATH_NODE_COLLATE, .count = 1, .args = texts, .u.text = "C"};
    const ath_expr *const plains[] = {&plain};
    ath_expr other = *call;
    if (uuid)
        other.args = plains;
    else
        other.u.text = max ? "bool_or" : "bool_and";
    ath__buf_str(&c->out, uuid ? "CAST(" : "");
    around(c, e, call, &other);
    ath__buf_str(&c->out, uuid ? " AS UUID)" : "");
}

/* ---- JSON and regular expressions ---- */

/* doc -> 'a' -> 0, the last step as text where a value is wanted, which is then cast. */
static void json(ath__compiler *c, const ath_expr *e) {
    static const ath_type text = {.sql = ATH_SQL_TEXT}, number = {.sql = ATH_SQL_INTEGER};
    bool is_json = e->u.type.sql == ATH_SQL_JSON, cast = !is_json && e->u.type.sql != ATH_SQL_TEXT;
    ath__buf_str(&c->out, cast ? "CAST((" : "");
    for (uint32_t i = 2; i < e->count; i++)
        ath__buf_str(&c->out, "(");
    ath__render_operand(c, e->args[0], ATH_OP_ANY, NULL);
    for (uint32_t i = 1; i < e->count; i++) {
        const ath_expr *step = e->args[i];
        bool position = step && step->node == ATH_NODE_LITERAL && step->u.value.kind == ATH_KIND_INT;
        ath__buf_str(&c->out, i > 1 ? ")" : "");
        ath__buf_str(&c->out, i + 1 == e->count && !is_json ? " ->> " : " -> ");
        ath__render(c, step, position ? &number : &text);
        ath__buf_str(&c->out, position ? "::INTEGER" : "");
    }
    if (!cast)
        return;
    ath__buf_str(&c->out, ") AS ");
    if (c->error->status == ATH_OK)
        ath__dialect_type(c->dialect, &e->u.type, &c->out, c->error);
    ath__buf_str(&c->out, ")");
}

/* a ~* b for the flag i; other flags stand in front of the pattern: (?flags). */
static void regexp_with_flags(ath__compiler *c, const ath_expr *e) {
    static const ath_type text = {.sql = ATH_SQL_TEXT};
    bool negated = e->op == ATH_OP_NOT_REGEXP, ignore_case = strcmp(e->u.text, "i") == 0;
    ath__render_operand(c, e->args[0], e->op, &text);
    ath__buf_printf(&c->out, " %s~%s ", negated ? "!" : "", ignore_case ? "*" : "");
    if (!ignore_case)
        ath__buf_printf(&c->out, "CONCAT('(?', '%s', ')', ", e->u.text);
    ath__render_operand(c, e->args[1], e->op, &text);
    ath__buf_str(&c->out, ignore_case ? "" : "::TEXT)");
}

/* % is of integers and numerics. */
static bool modulo(ath__compiler *c, const ath_expr *e) {
    ath_sql_type sql = ath__expr_type(c, e).sql;
    if (sql != ATH_SQL_FLOAT && sql != ATH_SQL_DOUBLE)
        return false;
    for (int i = 0; i < 2; i++) {
        ath__buf_str(&c->out, i ? " % CAST(" : "CAST(CAST(");
        ath__render(c, e->args[i], NULL);
        ath__buf_str(&c->out, " AS NUMERIC)");
    }
    ath__buf_str(&c->out, " AS DOUBLE PRECISION)");
    return true;
}

/* Whole seconds, as the other databases give. */
static bool seconds(ath__compiler *c, const ath_expr *e) {
    if (!e->u.text || (strcmp(e->u.text, "second") != 0 && strcmp(e->u.text, "epoch") != 0))
        return false;
    ath__buf_str(&c->out, "FLOOR(");
    ath__render_extract(c, e);
    ath__buf_str(&c->out, ")");
    return true;
}

/* Only jsonb can be compared. */
static bool json_equal(ath__compiler *c, const ath_expr *e) {
    static const ath_type type = {.sql = ATH_SQL_JSON};
    ath_type types[2] = {ath__expr_type(c, e->args[0]), ath__expr_type(c, e->args[1])};
    if ((e->op != ATH_OP_EQ && e->op != ATH_OP_NE) || (types[0].sql != ATH_SQL_JSON && types[1].sql != ATH_SQL_JSON) ||
        ath__is_null(e->args[0]) || ath__is_null(e->args[1]))
        return false;
    for (int i = 0; i < 2; i++) {
        bool binary = types[i].form == ATH_FORM_JSONB && e->args[i]->node == ATH_NODE_COLUMN;
        ath__buf_str(&c->out, i ? e->op == ATH_OP_EQ ? " = " : " != " : "");
        ath__buf_str(&c->out, binary ? "" : "CAST(");
        ath__render(c, e->args[i], &type);
        ath__buf_str(&c->out, binary ? "" : " AS JSONB)");
    }
    return true;
}

static bool operator(ath__compiler *c, const ath_expr *e) {
    return e->op == ATH_OP_MOD ? modulo(c, e) : json_equal(c, e);
}

bool ath__postgresql_render(ath__compiler *c, const ath_expr *e) {
    if (e->node == ATH_NODE_OPERATOR && e->count == 2 && operator(c, e))
        return true;
    if (e->node == ATH_NODE_EXTRACT)
        return seconds(c, e);
    bool regexp = e->node == ATH_NODE_OPERATOR && (e->op == ATH_OP_REGEXP || e->op == ATH_OP_NOT_REGEXP);
    bool call = e->node == ATH_NODE_FUNCTION || e->node == ATH_NODE_FILTER || e->node == ATH_NODE_OVER;
    ath_sql_type type = ATH_SQL_INFER;
    const ath_expr *odd = call ? odd_extreme(c, e, &type) : NULL;
    if (odd) {
        extreme(c, e, odd, type);
        return true;
    }
    if (e->node == ATH_NODE_JSON) {
        json(c, e);
        return true;
    }
    if (regexp && e->u.text && ath__check_flags(c, e->u.text)) {
        regexp_with_flags(c, e);
        return true;
    }
    return regexp && e->u.text;
}
