/* SPDX-License-Identifier: Apache-2.0
 *
 * Skeleton: expressions that are written in its own way.
 */
#include "backend/skeleton/skeleton.h"
#include "sql/compiler.h"

/* Writes a node and returns true, or returns false for the default.  Here as an example: a function that the database
 * calls as an operator.  Names that merely differ belong into ath_dialect.functions, symbols into .op_sql. */
bool ath__skeleton_render(ath__compiler *c, const ath_expr *e) {
    if (e->node != ATH_NODE_FUNCTION || !e->u.text || strcmp(e->u.text, "lower") != 0 || e->count != 1)
        return false;
    ath__buf_str(&c->out, "LOWERCASE ");
    ath__render_operand(c, e->args[0], ATH_OP_NEG, NULL);
    return true;
}
