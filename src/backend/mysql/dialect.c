/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: the facts the compiler asks for.
 *
 * Without a connection, SQL is compiled for MySQL 8.0 as it stands since 8.0.31, and for MariaDB 10.5.  What single
 * releases can or cannot yet is added or taken away by version.  Neither has FILTER, NULLS FIRST, GROUPING SETS, FULL
 * JOIN, DISTINCT ON, deferrable constraints or DDL that rolls back.
 */
#include "backend/mysql/mysql.h"

#define BOTH_CAN                                                                                                       \
    (ATH__CAN_MULTI_VALUES | ATH__CAN_QUANTIFIED | ATH__INSERT_ID_IS_KEY | ATH__CAN_RIGHT_JOIN | ATH__CAN_INTERSECT |  \
     ATH__CAN_INTERSECT_ALL | ATH__CAN_NESTED_SETS | ATH__CAN_WITH_ROLLUP | ATH__CAN_FOR_UPDATE | ATH__CAN_FOR_SHARE | \
     ATH__CAN_NOWAIT | ATH__CAN_TUPLES | ATH__CAN_UPDATE_JOIN | ATH__CAN_DELETE_JOIN | ATH__CAN_UPDATE_LIMIT |         \
     ATH__CAN_ON_DUPLICATE_KEY | ATH__CAN_REGEXP | ATH__CAN_SCHEMAS | ATH__CAN_INLINE_COMMENTS |                       \
     ATH__CAN_ADD_CONSTRAINT | ATH__CAN_COMPUTED_STORED | ATH__CAN_COMPUTED_VIRTUAL | ATH__LITERAL_BACKSLASH)

#define MYSQL_CAN                                                                                                      \
    (BOTH_CAN | ATH__CAN_LATERAL | ATH__CAN_CTE_BEFORE_UPDATE | ATH__CAN_LOCK_OF | ATH__CAN_SKIP_LOCKED |              \
     ATH__CAN_EXPRESSION_INDEX)

#define MARIADB_CAN                                                                                                    \
    (BOTH_CAN | ATH__CAN_INSERT_RETURNING | ATH__CAN_DELETE_RETURNING | ATH__CAN_SEQUENCES | ATH__CAN_ROW_ARRAYS)

static const ath__function_name functions[] = {{"random", "rand"}};

/* What both have in common. */
#define COMMON                                                                                                         \
    .name = "mysql", .max_name = 64, .quote = '`', .placeholder = ATH__PLACEHOLDER_QUESTION, .max_binds = 65535,       \
    .now = "now(6)", .true_sql = "true", .false_sql = "false", .inner_join = "INNER JOIN", .limit_comma = true,        \
    .concat_function = true, .null_written = true, .limited_list_wrapped = true, .excluded_open = "VALUES(",           \
    .excluded_close = ")", .functions = functions, .function_count = ATH_COUNT_OF(functions),                          \
    .limit_none = "18446744073709551615",                                                                              \
    .type_sql =                                                                                                        \
        {[ATH_SQL_BOOLEAN] = "BOOL",          [ATH_SQL_TIME] = "TIME(6)",         [ATH_SQL_DATETIME] = "DATETIME(6)",  \
         [ATH_SQL_TIMESTAMP] = "DATETIME(6)", [ATH_SQL_INTERVAL] = "VARCHAR(80)", [ATH_SQL_UUID] = "CHAR(32)"},        \
    .form_sql = {[ATH_FORM_NCHAR] = "NATIONAL CHAR",                                                                   \
                 [ATH_FORM_NVARCHAR] = "NATIONAL VARCHAR",                                                             \
                 [ATH_FORM_CLOB] = "LONGTEXT",                                                                         \
                 [ATH_FORM_JSONB] = "JSON"},                                                                           \
    .column_order = "gncad", .autoincrement_word = "AUTO_INCREMENT", .uuid_digits = true,                              \
    .render_exists = ath__mysql_exists, .render_type = ath__mysql_type, .render_node = ath__mysql_render

#define BOTH_WRITE                                                                                                     \
    (ATH__DDL_MYSQL_OPTIONS | ATH__DDL_DEFAULT_PARENTHESES | ATH__DDL_INDEX_ON_TABLE | ATH__DDL_ENUM_INLINE |          \
     ATH__DDL_NEEDS_LENGTH | ATH__DDL_UNSIGNED | ATH__DDL_PRECISION | ATH__DDL_CHARSET | ATH__DDL_INDEX_PARENTHESES |  \
     ATH__DDL_DROP_BY_KIND | ATH__DDL_NULL_TIMESTAMP | ATH__DDL_NAME_CHARACTERS | ATH__DDL_BMP_COMMENTS |              \
     ATH__DDL_COLUMN_PLACE | ATH__DDL_RENAME_IN_SCHEMA | ATH__DDL_MODIFY_COLUMN)

const ath_dialect ath__mysql_dialect = {
    COMMON,
    .ddl = BOTH_WRITE | ATH__DDL_DROP_CHECK | ATH__DDL_DROP_ANY_CONSTRAINT | ATH__DDL_LARGE_DEFAULTS,
    .title = "MySQL",
    .version = 80031,
    .can = MYSQL_CAN,
    .reserved = ath__mysql_reserved,
    .reserved_count = ATH__MYSQL_RESERVED,
    .render_cast_type = ath__mysql_cast_type,
};

/* MySQL's aggregate takes no order. */
static const ath__nesting nesting = {.row = "json_array",
                                     .rows = "json_arrayagg",
                                     .orders_inside = true,
                                     .most = 100,
                                     .bytes = "hex",
                                     .float_widened = true};

const ath_dialect ath__mariadb_dialect = {
    COMMON,
    .ddl = BOTH_WRITE | ATH__DDL_COMPUTED_NULLABLE | ATH__DDL_COLUMN_CHECK_UNNAMED | ATH__DDL_NOCYCLE |
           ATH__DDL_INDEX_IF_EXISTS | ATH__DDL_COLUMN_IF_EXISTS | ATH__DDL_CONSTRAINT_IF_EXISTS |
           ATH__DDL_DROP_ANY_CONSTRAINT,
    .title = "MariaDB",
    .nesting = &nesting,
    .returning_qualified = true,
    .frame_written = true,
    .member_with_wrapped = true,
    .rollup_unordered = true,
    .share_lock = " LOCK IN SHARE MODE",
    .version = 100500,
    .can = MARIADB_CAN,
    .reserved = ath__mariadb_reserved,
    .reserved_count = ATH__MARIADB_RESERVED,
    .render_cast_type = ath__mariadb_cast_type,
};

/* What came with a release, or is not there before it. */
static const struct {
    bool is_mariadb;
    int since;
    uint64_t can;
} releases[] = {
    {false, 80013, ATH__CAN_EXPRESSION_INDEX},
    {false, 80014, ATH__CAN_LATERAL},
    {false, 80031, ATH__CAN_INTERSECT | ATH__CAN_INTERSECT_ALL},
    {false, 80022, ATH__CAN_NESTED_SETS},
    {true, 100600, ATH__CAN_SKIP_LOCKED},
    {true, 120000, ATH__CAN_CTE_BEFORE_UPDATE},
};

void ath__mysql_dialect_for(bool is_mariadb, int version, ath_dialect *out) {
    *out = is_mariadb ? ath__mariadb_dialect : ath__mysql_dialect;
    out->version = version;
    out->kept_row_told = true;
    for (size_t i = 0; i < ATH_COUNT_OF(releases); i++)
        if (releases[i].is_mariadb == is_mariadb) {
            bool can = version >= releases[i].since;
            out->can = can ? out->can | releases[i].can : out->can & ~releases[i].can;
        }
}

const ath_dialect *ath__mysql_dialect_called(const char *name) {
    return strcmp(name, "mariadb") == 0 ? &ath__mariadb_dialect : &ath__mysql_dialect;
}
