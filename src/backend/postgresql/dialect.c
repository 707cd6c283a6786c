/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: the facts the compiler asks for, of the least version that is supported and of the very server.
 */
#include "backend/postgresql/postgresql.h"

#include "sql/schema.h"

/* SQLAlchemy's list, and what PostgreSQL has reserved beside it, sorted for binary search. */
static const char *const reserved[] = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "new",
    "not",
    "notnull",
    "null",
    "of",
    "off",
    "offset",
    "old",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "over",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
};

/* ---- types ---- */

/* There are no unsigned integers: the next larger type holds them. */
static const char *unsigned_type(ath_sql_type sql) {
    switch (sql) {
    case ATH_SQL_SMALLINT:
        return "INTEGER";
    case ATH_SQL_INTEGER:
        return "BIGINT";
    case ATH_SQL_BIGINT:
        return "NUMERIC(20)";
    default:
        return NULL;
    }
}

static ath_status render_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error) {
    const char *name = type->is_unsigned ? unsigned_type(type->sql) : NULL;
    if (!name)
        return ath__dialect_default_type(dialect, type, out, error);
    ath__buf_str(out, name);
    return ATH_OK;
}

static const char *serial_type(const ath_type *type) {
    switch (type->sql) {
    case ATH_SQL_SMALLINT:
        return type->is_unsigned ? "SERIAL" : "SMALLSERIAL";
    case ATH_SQL_INTEGER:
        return type->is_unsigned ? "BIGSERIAL" : "SERIAL";
    case ATH_SQL_BIGINT:
        return "BIGSERIAL";
    default:
        return NULL;
    }
}

static ath_status render_autoincrement(const ath_dialect *dialect, const ath_table *table, const ath__column *column,
                                       ath__buf *out, ath_error *error) {
    (void)dialect;
    const char *name = serial_type(&column->type);
    if (!name)
        return ath__fail(error, ATH_NOT_SUPPORTED, "postgresql numbers only integers, not %s.%s, which is %s",
                         table->name, column->name, ath__sql_type_name(column->type.sql));
    ath__buf_str(out, name);
    return ATH_OK;
}

/* ---- the dialect ---- */

#define QUERIES                                                                                                        \
    (ATH__CAN_ILIKE | ATH__CAN_BOOLEAN | ATH__CAN_NULLS_ORDER | ATH__CAN_ORDER_INTERVALS | ATH__CAN_DISTINCT_ON |      \
     ATH__CAN_RIGHT_JOIN | ATH__CAN_FULL_JOIN | ATH__CAN_LATERAL | ATH__CAN_INTERSECT | ATH__CAN_INTERSECT_ALL |       \
     ATH__CAN_NESTED_SETS | ATH__CAN_MATERIALIZED | ATH__CAN_FILTER | ATH__CAN_FRAME_GROUPS | ATH__CAN_GROUPING_SETS | \
     ATH__CAN_TUPLES | ATH__CAN_VALUES_FROM | ATH__CAN_ARRAYS | ATH__CAN_REGEXP | ATH__CAN_TIES | ATH__CAN_VALUES |    \
     ATH__CAN_QUANTIFIED | ATH__CAN_WITHIN_GROUP)
#define LOCKS                                                                                                          \
    (ATH__CAN_FOR_UPDATE | ATH__CAN_FOR_SHARE | ATH__CAN_FOR_KEY | ATH__CAN_LOCK_OF | ATH__CAN_NOWAIT |                \
     ATH__CAN_SKIP_LOCKED)
#define CHANGES                                                                                                        \
    (ATH__CAN_RETURNING | ATH__CAN_MULTI_VALUES | ATH__CAN_DEFAULT_VALUES | ATH__CAN_CTE_DML |                         \
     ATH__CAN_CTE_BEFORE_INSERT | ATH__CAN_CTE_BEFORE_UPDATE | ATH__CAN_UPDATE_FROM | ATH__CAN_DELETE_USING |          \
     ATH__CAN_ON_CONFLICT | ATH__CAN_UNNEST)
#define DEFINITIONS                                                                                                    \
    (ATH__CAN_TRANSACTIONAL_DDL | ATH__CAN_SEQUENCES | ATH__CAN_SCHEMAS | ATH__CAN_ENUM_TYPES | ATH__CAN_COMMENT_ON |  \
     ATH__CAN_ADD_CONSTRAINT | ATH__CAN_PARTIAL_INDEX | ATH__CAN_EXPRESSION_INDEX | ATH__CAN_INCLUDE |                 \
     ATH__CAN_DEFERRABLE | ATH__CAN_IDENTITY | ATH__CAN_COMPUTED_STORED)

static const ath__nesting nesting = {.row = "json_build_array",
                                     .rows = "json_agg",
                                     .orders_inside = true,
                                     .most = 100,
                                     .bytes = "encode",
                                     .bytes_as = "'hex'",
                                     .interval_lost = true};

const ath_dialect ath__postgresql_dialect = {
    .name = "postgresql",
    .title = "PostgreSQL",
    .nesting = &nesting,
    .version = ATH__POSTGRESQL_LEAST,
    .max_name = 63,
    .can = QUERIES | LOCKS | CHANGES | DEFINITIONS,
    .ddl = ATH__DDL_POSTGRESQL_OPTIONS | ATH__DDL_PRECISION | ATH__DDL_DEFERRABLE_KEYS | ATH__DDL_MATCH |
           ATH__DDL_NULLS_DISTINCT | ATH__DDL_INDEX_NULLS | ATH__DDL_INDEX_IF_EXISTS | ATH__DDL_CASCADE |
           ATH__DDL_BOOLEAN_TYPE | ATH__DDL_SIGNED_NUMBERS | ATH__DDL_COLUMN_IF_EXISTS | ATH__DDL_CONSTRAINT_IF_EXISTS |
           ATH__DDL_RENAME_BARE | ATH__DDL_RENAME_CONSTRAINT | ATH__DDL_DROP_EXPRESSION,
    .placeholder = ATH__PLACEHOLDER_DOLLAR,
    .max_binds = 65535,
    .reserved = reserved,
    .reserved_count = ATH_COUNT_OF(reserved),
    .now = "now()",
    .limit_none = "ALL",
    .division = ATH__DIVISION_CAST,
    .returning_qualified = true,
    .lock_plain_rows = true,
    .op_sql = {[ATH_OP_REGEXP] = "~", [ATH_OP_NOT_REGEXP] = "!~", [ATH_OP_BIT_XOR] = "#"},
    .type_sql = {[ATH_SQL_DOUBLE] = "DOUBLE PRECISION",
                 [ATH_SQL_BINARY] = "BYTEA",
                 [ATH_SQL_TIME] = "TIME WITHOUT TIME ZONE",
                 [ATH_SQL_DATETIME] = "TIMESTAMP WITHOUT TIME ZONE",
                 [ATH_SQL_TIMESTAMP] = "TIMESTAMP WITH TIME ZONE"},
    .form_sql = {[ATH_FORM_NCHAR] = "CHAR",
                 [ATH_FORM_NVARCHAR] = "VARCHAR",
                 [ATH_FORM_CLOB] = "TEXT",
                 [ATH_FORM_FIXED_BINARY] = "BYTEA",
                 [ATH_FORM_VARBINARY] = "BYTEA"},
    .bytes_prefix = "'\\x",
    .timestamp_zone = "+00",
    .render_exists = ath__postgresql_exists,
    .render_type = render_type,
    .render_autoincrement = render_autoincrement,
    .render_literal = ath__postgresql_literal,
    .render_node = ath__postgresql_render,
};

void ath__postgresql_dialect_for(int version, ath_dialect *out) {
    *out = ath__postgresql_dialect;
    out->version = version;
    if (version < 130000)
        out->can &= ~ATH__CAN_TIES;
    if (version < 150000)
        out->ddl &= ~ATH__DDL_NULLS_DISTINCT;
    if (version < 130000)
        out->ddl &= ~ATH__DDL_DROP_EXPRESSION;
    if (version >= 170000)
        out->ddl |= ATH__DDL_SET_EXPRESSION;
    if (version >= 180000)
        out->can |= ATH__CAN_COMPUTED_VIRTUAL;
}
