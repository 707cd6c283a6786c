/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: expressions that are written in its own way.
 */
#include "backend/sqlite/sqlite.h"
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

/* ---- JSON ---- */

enum { ARROW_VERSION = 3038000 }; /* doc -> path: NULL where the path leads nowhere */

static void json_extract(ath__compiler *c, const ath_expr *e) {
    str(c, "JSON_EXTRACT(");
    ath__render(c, e->args[0], NULL);
    str(c, ", ");
    ath__render_json_path(c, e);
    str(c, ")");
}

static void json(ath__compiler *c, const ath_expr *e) {
    const char *cast = e->u.type.sql == ATH_SQL_TEXT     ? " AS TEXT)"
                       : e->u.type.sql == ATH_SQL_DOUBLE ? " AS REAL)"
                       : e->u.type.sql == ATH_SQL_JSON   ? NULL
                                                         : " AS INTEGER)";
    if (cast) {
        str(c, "CAST(");
        json_extract(c, e);
        str(c, cast);
    } else if (c->dialect->version >= ARROW_VERSION) {
        ath__render_operand(c, e->args[0], ATH_OP_ANY, NULL);
        str(c, " -> ");
        ath__render_json_path(c, e);
    } else {
        str(c, "JSON_QUOTE(");
        json_extract(c, e);
        str(c, ")");
    }
}

/* ---- dates ---- */

static void extract(ath__compiler *c, const ath_expr *e) {
    static const struct {
        const char *part, *format;
    } parts[] = {{"year", "%Y"},   {"month", "%m"}, {"day", "%d"}, {"hour", "%H"}, {"minute", "%M"},
                 {"second", "%S"}, {"dow", "%w"},   {"doy", "%j"}, {"epoch", "%s"}};
    for (size_t i = 0; e->u.text && i < ATH_COUNT_OF(parts); i++) {
        if (strcmp(parts[i].part, e->u.text) != 0)
            continue;
        ath__buf_printf(&c->out, "CAST(STRFTIME('%s', ", parts[i].format);
        ath__render(c, e->args[0], NULL);
        str(c, ") AS INTEGER)");
        return;
    }
    const char *construct = ath__arena_printf(c->arena, "'%s' in ath_extract", e->u.text ? e->u.text : "");
    if (construct)
        ath__cannot(c, construct);
    else
        c->out.failed = true;
}

/* ---- operators and functions ---- */

/* There is no exclusive or: it is what either has, less what both have. */
static void exclusive_or(ath__compiler *c, const ath_expr *e) {
    for (int i = 0; i < 2; i++) {
        str(c, i ? " - (" : "((");
        ath__render_operand(c, e->args[0], ATH_OP_BIT_AND, NULL);
        str(c, i ? " & " : " | ");
        ath__render_operand(c, e->args[1], ATH_OP_BIT_AND, NULL);
        str(c, i ? "))" : ")");
    }
}

/* Only newer versions have an order inside aggregates. */
enum { AGGREGATE_ORDER_VERSION = 3044000 };

bool ath__sqlite_render(ath__compiler *c, const ath_expr *e) {
    switch (e->node) {
    case ATH_NODE_JSON:
        json(c, e);
        return true;
    case ATH_NODE_EXTRACT:
        extract(c, e);
        return true;
    case ATH_NODE_ORDERED:
        if (c->dialect->version < AGGREGATE_ORDER_VERSION)
            ath__cannot(c, "ORDER BY inside an aggregate");
        return false;
    case ATH_NODE_OPERATOR:
        if (e->op != ATH_OP_BIT_XOR)
            return false;
        exclusive_or(c, e);
        return true;
    default:
        return false;
    }
}
