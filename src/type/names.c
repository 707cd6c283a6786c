/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of SQL types, C types and value kinds, for messages.  All are static and never NULL: a number that is no member
 * of its enum gets "?", because a message about a broken value must not break itself.
 */
#include "type/type.h"

static const char *const sql_names[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_INFER] = "INFER",       [ATH_SQL_BOOLEAN] = "BOOLEAN",   [ATH_SQL_SMALLINT] = "SMALLINT",
    [ATH_SQL_INTEGER] = "INTEGER",   [ATH_SQL_BIGINT] = "BIGINT",     [ATH_SQL_FLOAT] = "FLOAT",
    [ATH_SQL_DOUBLE] = "DOUBLE",     [ATH_SQL_NUMERIC] = "NUMERIC",   [ATH_SQL_STRING] = "VARCHAR",
    [ATH_SQL_TEXT] = "TEXT",         [ATH_SQL_BINARY] = "BINARY",     [ATH_SQL_DATE] = "DATE",
    [ATH_SQL_TIME] = "TIME",         [ATH_SQL_DATETIME] = "DATETIME", [ATH_SQL_TIMESTAMP] = "TIMESTAMP",
    [ATH_SQL_INTERVAL] = "INTERVAL", [ATH_SQL_UUID] = "UUID",         [ATH_SQL_JSON] = "JSON",
    [ATH_SQL_ENUM] = "ENUM",         [ATH_SQL_ARRAY] = "ARRAY",       [ATH_SQL_NAMED] = "NAMED",
};

static const char *const ctype_names[] = {
    [ATH_C_NONE] = "none",
    [ATH_C_BOOL] = "bool",
    [ATH_C_I16] = "int16_t",
    [ATH_C_I32] = "int32_t",
    [ATH_C_I64] = "int64_t",
    [ATH_C_U16] = "uint16_t",
    [ATH_C_U32] = "uint32_t",
    [ATH_C_U64] = "uint64_t",
    [ATH_C_F32] = "float",
    [ATH_C_F64] = "double",
    [ATH_C_DECIMAL] = "ath_decimal",
    [ATH_C_DATE] = "ath_date",
    [ATH_C_TIME] = "ath_time",
    [ATH_C_DATETIME] = "ath_datetime",
    [ATH_C_TIMESTAMP] = "ath_timestamp",
    [ATH_C_INTERVAL] = "ath_interval",
    [ATH_C_UUID] = "ath_uuid",
    [ATH_C_TEXT] = "const char *",
    [ATH_C_CHARS] = "char[]",
    [ATH_C_BYTES] = "ath_bytes",
    [ATH_C_JSON] = "ath_json",
    [ATH_C_OPTIONAL + ATH_C_BOOL] = "ath_opt_bool",
    [ATH_C_OPTIONAL + ATH_C_I16] = "ath_opt_i16",
    [ATH_C_OPTIONAL + ATH_C_I32] = "ath_opt_i32",
    [ATH_C_OPTIONAL + ATH_C_I64] = "ath_opt_i64",
    [ATH_C_OPTIONAL + ATH_C_U16] = "ath_opt_u16",
    [ATH_C_OPTIONAL + ATH_C_U32] = "ath_opt_u32",
    [ATH_C_OPTIONAL + ATH_C_U64] = "ath_opt_u64",
    [ATH_C_OPTIONAL + ATH_C_F32] = "ath_opt_f32",
    [ATH_C_OPTIONAL + ATH_C_F64] = "ath_opt_f64",
    [ATH_C_OPTIONAL + ATH_C_DECIMAL] = "ath_opt_decimal",
    [ATH_C_OPTIONAL + ATH_C_DATE] = "ath_opt_date",
    [ATH_C_OPTIONAL + ATH_C_TIME] = "ath_opt_time",
    [ATH_C_OPTIONAL + ATH_C_DATETIME] = "ath_opt_datetime",
    [ATH_C_OPTIONAL + ATH_C_TIMESTAMP] = "ath_opt_timestamp",
    [ATH_C_OPTIONAL + ATH_C_INTERVAL] = "ath_opt_interval",
    [ATH_C_OPTIONAL + ATH_C_UUID] = "ath_opt_uuid",
};

static const char *const kind_names[] = {
    [ATH_KIND_NULL] = "NULL",         [ATH_KIND_BOOL] = "boolean",      [ATH_KIND_INT] = "integer",
    [ATH_KIND_UINT] = "integer",      [ATH_KIND_REAL] = "real",         [ATH_KIND_DECIMAL] = "decimal",
    [ATH_KIND_TEXT] = "text",         [ATH_KIND_BYTES] = "bytes",       [ATH_KIND_DATE] = "date",
    [ATH_KIND_TIME] = "time",         [ATH_KIND_DATETIME] = "datetime", [ATH_KIND_TIMESTAMP] = "timestamp",
    [ATH_KIND_INTERVAL] = "interval", [ATH_KIND_UUID] = "uuid",         [ATH_KIND_JSON] = "json",
};

static const char *name_at(const char *const *names, size_t count, size_t i) {
    return i < count && names[i] != NULL ? names[i] : "?";
}

const char *ath__sql_type_name(ath_sql_type sql) {
    return name_at(sql_names, ATH_COUNT_OF(sql_names), (size_t)sql);
}

const char *ath__ctype_name(ath_ctype ctype) {
    return name_at(ctype_names, ATH_COUNT_OF(ctype_names), (size_t)ctype);
}

const char *ath__kind_name(ath_kind kind) {
    return name_at(kind_names, ATH_COUNT_OF(kind_names), (size_t)kind);
}
