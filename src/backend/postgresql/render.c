/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: expressions that are written in its own way.
 */
#include "backend/postgresql/postgresql.h"
#include "sql/compiler.h"

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

bool ath__postgresql_render(ath__compiler *c, const ath_expr *e) {
    bool regexp = e->node == ATH_NODE_OPERATOR && (e->op == ATH_OP_REGEXP || e->op == ATH_OP_NOT_REGEXP);
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
