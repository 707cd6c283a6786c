/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: the facts the compiler asks for, of the least version that is supported and of the library that is linked.
 */
#include "backend/sqlite/sqlite.h"

/* Words that SQLite's parser does not take as a bare name, sorted for binary search. */
static const char *const reserved[] = {
    "abort",
    "action",
    "add",
    "after",
    "all",
    "alter",
    "always",
    "analyze",
    "and",
    "as",
    "asc",
    "attach",
    "autoincrement",
    "before",
    "begin",
    "between",
    "by",
    "cascade",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "commit",
    "conflict",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_time",
    "current_timestamp",
    "database",
    "default",
    "deferrable",
    "deferred",
    "delete",
    "desc",
    "detach",
    "distinct",
    "drop",
    "each",
    "else",
    "end",
    "escape",
    "except",
    "exclusive",
    "exists",
    "explain",
    "fail",
    "for",
    "foreign",
    "from",
    "full",
    "generated",
    "glob",
    "group",
    "having",
    "if",
    "ignore",
    "immediate",
    "in",
    "index",
    "indexed",
    "initially",
    "inner",
    "insert",
    "instead",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "left",
    "like",
    "limit",
    "match",
    "materialized",
    "natural",
    "no",
    "not",
    "nothing",
    "notnull",
    "null",
    "of",
    "offset",
    "on",
    "or",
    "order",
    "outer",
    "over",
    "partition",
    "plan",
    "pragma",
    "primary",
    "query",
    "raise",
    "recursive",
    "references",
    "regexp",
    "reindex",
    "release",
    "rename",
    "replace",
    "restrict",
    "returning",
    "right",
    "rollback",
    "row",
    "rows",
    "savepoint",
    "select",
    "set",
    "table",
    "temp",
    "temporary",
    "then",
    "to",
    "transaction",
    "trigger",
    "union",
    "unique",
    "update",
    "using",
    "vacuum",
    "values",
    "view",
    "virtual",
    "when",
    "where",
    "window",
    "with",
    "without",
};

static const ath__function_name functions[] = {
    {"char_length", "length"},      {"greatest", "max"},      {"least", "min"},
    {"string_agg", "group_concat"}, {"regexp_replace", NULL},
};

/* Left to itself JSON keeps 15 digits of a double. */
static const ath__nesting nesting = {
    .row = "json_array", .rows = "json_group_array", .nested = "json", .most = 100, .bytes = "quote", .real = "quote"};

#define DEFINITIONS                                                                                                    \
    (ATH__CAN_SCHEMAS | ATH__CAN_PARTIAL_INDEX | ATH__CAN_EXPRESSION_INDEX | ATH__CAN_DEFERRABLE |                     \
     ATH__CAN_COMPUTED_STORED | ATH__CAN_COMPUTED_VIRTUAL)

const ath_dialect ath__sqlite_dialect = {
    .name = "sqlite",
    .title = "SQLite",
    .version = 3035000,
    .can = ATH__CAN_RETURNING | ATH__CAN_MULTI_VALUES | ATH__CAN_TRANSACTIONAL_DDL | ATH__CAN_NULLS_ORDER |
           ATH__CAN_DEFAULT_VALUES | ATH__INSERT_ID_IS_KEY | ATH__CAN_INTERSECT | ATH__CAN_CTE_BEFORE_INSERT |
           ATH__CAN_CTE_BEFORE_UPDATE | ATH__CAN_MATERIALIZED | ATH__CAN_FILTER | ATH__CAN_FRAME_GROUPS |
           ATH__CAN_TUPLES | ATH__CAN_UPDATE_FROM | ATH__CAN_ON_CONFLICT | ATH__CAN_REGEXP | ATH__CAN_JSON_EACH |
           ATH__CAN_VALUES | DEFINITIONS,
    .ddl = ATH__DDL_SQLITE_OPTIONS | ATH__DDL_DEFAULT_PARENTHESES | ATH__DDL_ATTACHED | ATH__DDL_MATCH |
           ATH__DDL_INDEX_IF_EXISTS,
    .column_order = "dnkg",
    .uuid_digits = true,
    .max_binds = 32766,
    .decimal_digits = 15,
    .reserved = reserved,
    .reserved_count = ATH_COUNT_OF(reserved),
    .limit_none = "-1",
    .limit_needs_offset = true,
    .division = ATH__DIVISION_ADD,
    .tuples_in_values = true,
    .conflict_needs_where = true,
    .values_bare = true,
    .functions = functions,
    .function_count = ATH_COUNT_OF(functions),
    .op_sql = {[ATH_OP_IS_DISTINCT] = "IS NOT", [ATH_OP_IS_NOT_DISTINCT] = "IS"},
    .render_node = ath__sqlite_render,
    .nesting = &nesting,
    .type_sql = {[ATH_SQL_TIMESTAMP] = "TIMESTAMP", [ATH_SQL_UUID] = "CHAR(32)"},
    .form_sql = {[ATH_FORM_JSONB] = "JSON"},
    .render_exists = ath__sqlite_exists,
    .render_type = ath__sqlite_type,
    .render_cast_type = ath__sqlite_cast_type,
    .render_collation = ath__sqlite_collation,
    .render_literal = ath__sqlite_literal,
    .render_autoincrement = ath__sqlite_autoincrement,
};

/* What came with a later release. */
static const struct {
    int since;
    uint64_t can;
} releases[] = {
    {3039000, ATH__CAN_RIGHT_JOIN | ATH__CAN_FULL_JOIN},
};

void ath__sqlite_dialect_for(int version, ath_dialect *out) {
    *out = ath__sqlite_dialect;
    out->version = version;
    for (size_t i = 0; i < ATH_COUNT_OF(releases); i++)
        if (version >= releases[i].since)
            out->can |= releases[i].can;
}
