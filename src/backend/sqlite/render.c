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

static void json_type(ath__compiler *c, const ath_expr *e) {
    str(c, "JSON_TYPE(");
    ath__render(c, e->args[0], NULL);
    str(c, ", ");
    ath__render_json_path(c, e);
    str(c, ")");
}

/* Of its own accord SQLite makes '1' of true, and 0 of a word. */
static void json_value(ath__compiler *c, const ath_expr *e) {
    bool text = e->u.type.sql == ATH_SQL_TEXT;
    str(c, text ? "CASE " : "ath_json(");
    json_type(c, e);
    str(c, text ? " WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(" : ", ");
    json_extract(c, e);
    str(c, text                              ? " AS TEXT) END"
           : e->u.type.sql == ATH_SQL_DOUBLE ? ", 'real')"
           : e->u.type.sql == ATH_SQL_BIGINT ? ", 'integer')"
                                             : ", 'boolean')");
}

static void json(ath__compiler *c, const ath_expr *e) {
    if (e->u.type.sql != ATH_SQL_JSON) {
        json_value(c, e);
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

/* A document by what it says: each member with its value, in the order of their names. */
static void json_members(ath__compiler *c, const ath_expr *e) {
    static const ath_type type = {.sql = ATH_SQL_JSON};
    str(c,
        "(SELECT group_concat(m) FROM (SELECT quote(fullkey) || CASE WHEN type NOT IN ('integer', 'real') THEN type || "
        "ifnull(quote(atom), '') WHEN atom = CAST(atom AS INTEGER) THEN CAST(atom AS INTEGER) ELSE atom END AS m FROM "
        "json_tree(CAST(");
    ath__render(c, e, &type);
    str(c, " AS TEXT)) ORDER BY fullkey))");
}

static bool json_equal(ath__compiler *c, const ath_expr *e) {
    if (ath__is_null(e->args[0]) || ath__is_null(e->args[1]) ||
        (ath__expr_type(c, e->args[0]).sql != ATH_SQL_JSON && ath__expr_type(c, e->args[1]).sql != ATH_SQL_JSON))
        return false;
    json_members(c, e->args[0]);
    str(c, e->op == ATH_OP_EQ ? " = " : " != ");
    json_members(c, e->args[1]);
    return true;
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
        bool seconds = strcmp(parts[i].format, "%S") == 0 || strcmp(parts[i].format, "%s") == 0;
        ath__buf_printf(&c->out, "CAST(STRFTIME('%s', %s", parts[i].format, seconds ? "SUBSTR(" : "");
        ath__render(c, e->args[0], NULL);
        str(c, seconds ? ", 1, 19)) AS INTEGER)" : ") AS INTEGER)"); /* a fraction would be rounded */
        return;
    }
    const char *construct = ath__arena_printf(c->arena, "'%s' in ath_extract", e->u.text ? e->u.text : "");
    if (construct)
        ath__cannot(c, construct);
    else
        c->out.failed = true;
}

/* ---- operators and functions ---- */

static void call(ath__compiler *c, const char *name, const ath_expr *a, const ath_type *type, const ath_expr *b,
                 const ath_type *other) {
    ath__buf_printf(&c->out, "%s(", name);
    ath__render(c, a, type);
    str(c, ", ");
    ath__render(c, b, other);
}

/* Dates are text here, and text is no number; false: there are none. */
static bool temporal(ath__compiler *c, const ath_expr *e) {
    static const char *const names[] = {
        [ATH__DAYS_BETWEEN] = "ath_days",
        [ATH__TIME_BETWEEN] = "ath_between",
        [ATH__LATER] = "ath_later",
        [ATH__DAYS_LATER] = "ath_days_later",
    };
    ath_type types[2];
    bool swapped;
    ath__temporal what = ath__temporal_of(c, e, types, &swapped);
    if (what == ATH__NOT_TEMPORAL)
        return false;
    if (what == ATH__TEMPORAL) {
        ath__cannot(c, "such arithmetic of dates, times or intervals");
        return true;
    }
    call(c, names[what], e->args[swapped], &types[swapped], e->args[!swapped], &types[!swapped]);
    bool moves = what == ATH__LATER || what == ATH__DAYS_LATER;
    str(c, !moves ? ")" : e->op == ATH_OP_SUB ? ", -1)" : ", 1)");
    return true;
}

/* % is of integers alone, and doubles are no decimals: 5.5 modulo 1.1 is 0. */
static bool exact(ath__compiler *c, const ath_expr *e) {
    ath_type type = ath__expr_type(c, e);
    bool modulo = e->op == ATH_OP_MOD;
    bool real = type.sql == ATH_SQL_FLOAT || type.sql == ATH_SQL_DOUBLE;
    if (type.sql != ATH_SQL_NUMERIC && !(real && modulo))
        return false;
    ath__check_digits(c, e->args[0]);
    ath__check_digits(c, e->args[1]);
    call(c, real ? "mod" : modulo ? "ath_modulo" : "ath_floor_divide", e->args[0], NULL, e->args[1], NULL);
    str(c, ")");
    return true;
}

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

static bool operator(ath__compiler *c, const ath_expr *e) {
    if (e->op == ATH_OP_BIT_XOR) {
        exclusive_or(c, e);
        return true;
    }
    if (e->op == ATH_OP_EQ || e->op == ATH_OP_NE)
        return json_equal(c, e);
    if (e->op < ATH_OP_ADD || e->op > ATH_OP_NEG || e->count < 1)
        return false;
    if (temporal(c, e))
        return true;
    return (e->op == ATH_OP_MOD || e->op == ATH_OP_FLOOR_DIV) && exact(c, e);
}

/* ---- CAST ---- */

static bool is_number(ath_sql_type sql) {
    return sql >= ATH_SQL_BOOLEAN && sql <= ATH_SQL_NUMERIC;
}

/* CAST(inner AS type): what the type says of comparisons stays. */
static void cast_of(ath__compiler *c, const ath_expr *e, const char *before, const char *behind) {
    str(c, "CAST(");
    str(c, before);
    ath__render(c, e->args[0], NULL);
    str(c, behind);
    str(c, " AS ");
    if (c->error->status == ATH_OK)
        ath__sqlite_cast_type(c->dialect, &e->u.type, &c->out, c->error);
    str(c, ")");
}

static void cast_by(ath__compiler *c, const ath_expr *e, const char *type) {
    str(c, "ath_cast(");
    ath__render(c, e->args[0], NULL);
    ath__buf_printf(&c->out, ", '%s')", type);
}

static void cast_to_boolean(ath__compiler *c, const ath_expr *e) {
    if (!is_number(ath__expr_type(c, e->args[0]).sql)) {
        cast_by(c, e, "boolean");
        return;
    }
    str(c, "(");
    ath__render_operand(c, e->args[0], ATH_OP_NE, NULL);
    str(c, " != 0)");
}

/* CAST cuts a fraction off; elsewhere it rounds. */
static bool cast_to_integer(ath__compiler *c, const ath_expr *e) {
    ath_sql_type from = ath__expr_type(c, e->args[0]).sql;
    if (e->u.type.is_unsigned && e->u.type.sql == ATH_SQL_BIGINT)
        ath__cannot(c, "CAST to an unsigned BIGINT");
    if (from != ATH_SQL_NUMERIC && from != ATH_SQL_FLOAT && from != ATH_SQL_DOUBLE)
        return false;
    cast_of(c, e, "ROUND(", ")");
    return true;
}

static bool cast_to_text(ath__compiler *c, const ath_expr *e) {
    char behind[40];
    if (!e->u.type.length)
        return false;
    snprintf(behind, sizeof behind, " AS TEXT), 1, %u)", e->u.type.length);
    cast_of(c, e, "SUBSTR(CAST(", behind);
    return true;
}

static bool cast_to_numeric(ath__compiler *c, const ath_expr *e) {
    char behind[40];
    if (e->u.type.precision > c->dialect->decimal_digits)
        ath__cannot(c, "CAST to a NUMERIC of more than 15 digits");
    snprintf(behind, sizeof behind, ", %u, %u)", e->u.type.precision, e->u.type.scale);
    cast_of(c, e, "ath_numeric(", behind);
    return true;
}

static bool cast(ath__compiler *c, const ath_expr *e) {
    static const char *const names[ATH_SQL_TYPE_COUNT] = {
        [ATH_SQL_DATE] = "date",           [ATH_SQL_TIME] = "time",         [ATH_SQL_DATETIME] = "datetime",
        [ATH_SQL_TIMESTAMP] = "timestamp", [ATH_SQL_INTERVAL] = "interval", [ATH_SQL_UUID] = "uuid",
    };
    switch (e->u.type.sql) {
    case ATH_SQL_BOOLEAN:
        cast_to_boolean(c, e);
        return true;
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        return cast_to_integer(c, e);
    case ATH_SQL_NUMERIC:
        return cast_to_numeric(c, e);
    case ATH_SQL_STRING:
        return cast_to_text(c, e);
    case ATH_SQL_JSON:
        str(c, "JSON(");
        ath__render(c, e->args[0], NULL);
        str(c, ")");
        return true;
    default:
        if (!names[e->u.type.sql])
            return false;
        if (e->u.type.form == ATH_FORM_BARE || (e->u.type.precision && e->u.type.precision < 6))
            ath__cannot(c, "CAST to a number of digits of a second");
        cast_by(c, e, names[e->u.type.sql]);
        return true;
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
        return operator(c, e);
    case ATH_NODE_CAST:
        return cast(c, e);
    default:
        return false;
    }
}
