/* SPDX-License-Identifier: Apache-2.0
 *
 * A dialect: what the compiler must know of one database.  Facts and sparse overrides over the compiler's defaults; a
 * zero member means "as the default".  Declared here, on the floor that calls it; filled in by backend/<db>/.
 */
#ifndef ATH_SQL_DIALECT_H
#define ATH_SQL_DIALECT_H

#include "type/type.h"

#include <athanor/sql.h>

typedef struct ath__compiler ath__compiler; /* compiler.h: for overrides */
typedef struct ath__column ath__column;

typedef enum ath__placeholder { ATH__PLACEHOLDER_QUESTION = 0, ATH__PLACEHOLDER_DOLLAR } ath__placeholder;

/* What a database can. */
enum {
    ATH__CAN_RETURNING = 1u << 0,    /* INSERT, UPDATE, DELETE ... RETURNING */
    ATH__CAN_MULTI_VALUES = 1u << 1, /* INSERT ... VALUES (...), (...) */
    ATH__CAN_ILIKE = 1u << 2,        /* otherwise lower() LIKE lower() */
    ATH__CAN_BOOLEAN = 1u << 3,      /* true and false; otherwise 1 and 0 */
    ATH__CAN_TRANSACTIONAL_DDL = 1u << 4,
    ATH__CAN_NULLS_ORDER = 1u << 5, /* NULLS FIRST, NULLS LAST */
    ATH__CAN_COMMENTS = 1u << 6,
    ATH__CAN_DEFAULT_VALUES = 1u << 7, /* INSERT INTO t DEFAULT VALUES */
    ATH__INSERT_ID_IS_KEY = 1u << 8,   /* after one row is inserted the driver knows its generated key */
    ATH__CAN_ORDER_INTERVALS = 1u << 9 /* intervals compare by length */
};

typedef struct ath_dialect {
    const char *name;
    int version; /* of the database, or the least that is supported: 3035000 */
    uint32_t can;
    char quote; /* around identifiers; default " */
    ath__placeholder placeholder;
    uint32_t max_binds;          /* placeholders per statement; 0: no limit */
    uint32_t decimal_digits;     /* arithmetic on decimals is exact to as many; 0: exact */
    const char *const *reserved; /* words that must be quoted, sorted, lower case */
    size_t reserved_count;
    const char *now;                  /* default CURRENT_TIMESTAMP */
    const char *limit_none;           /* what LIMIT says when there is only an OFFSET; default "ALL"; SQLite "-1" */
    bool limit_needs_offset;          /* an OFFSET is always written, as SQLAlchemy does for SQLite */
    const char *op_sql[ATH_OP_COUNT]; /* symbols that differ from op.def */
    const char *type_sql[ATH_SQL_TYPE_COUNT]; /* names that differ from the default; without parameters */
    /* Writes the type of a column; default: type_sql with its parameters.  ATH_NOT_SUPPORTED when there is none. */
    ath_status (*render_type)(const struct ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
    /* Writes a column's type and its numbering, for a key that the database numbers; default: the type alone. */
    ath_status (*render_autoincrement)(const struct ath_dialect *dialect, const struct ath_table *table,
                                       const ath__column *column, ath__buf *out, ath_error *error);
    /* Writes what stands between a column's type and its DEFAULT: a collation that the type needs; default: nothing. */
    void (*render_collation)(const struct ath_dialect *dialect, const ath_type *type, ath__buf *out);
    /* Writes a node in the dialect's own way and returns true, or returns false for the default. */
    bool (*render_node)(ath__compiler *compiler, const ath_expr *node);
} ath_dialect;

/* Appends a name, quoted when the dialect needs it: reserved, upper case, or other than [a-z_][a-z0-9_$]*. */
void ath__dialect_name(const ath_dialect *dialect, ath__buf *out, const char *name);
/* Appends a value as a literal, for DDL defaults and scripts only.  ATH_ARGUMENT when it cannot be written. */
ath_status ath__dialect_literal(const ath_dialect *dialect, ath__buf *out, const ath_value *value, ath_error *error);
/* Appends a type's name with its parameters: as the dialect renders it, or by type_sql and the defaults alone (for a
 * dialect that renders only some types itself). */
ath_status ath__dialect_default_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
ath_status ath__dialect_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
bool ath__dialect_can(const ath_dialect *dialect, uint32_t ability);

#endif
