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

/* How a / b keeps its fraction when both are integers. */
typedef enum ath__division {
    ATH__DIVISION_PLAIN = 0, /* a / b does so by itself (MySQL) */
    ATH__DIVISION_CAST,      /* a / CAST(b AS NUMERIC) (PostgreSQL) */
    ATH__DIVISION_ADD        /* a / (b + 0.0) (SQLite) */
} ath__division;

/* What a function of the language is called here; NULL: it has none. */
typedef struct ath__function_name {
    const char *ours, *theirs;
} ath__function_name;

/* How the rows of a query are put into those of another, as JSON.  Functions by their names here. */
typedef struct ath__nesting {
    const char *row;    /* its arguments as an array */
    const char *rows;   /* an aggregate: rows as an array */
    const char *nested; /* around what is JSON already and would be quoted as text otherwise; NULL: none is needed */
    bool orders_inside; /* the aggregate takes ORDER BY; otherwise its rows come from a subquery that has one */
    unsigned most;      /* arguments of a function */
    const char *bytes, *bytes_as; /* bytes as digits, with a second argument as it is written; NULL: none */
    const char *real;             /* a double as text that keeps it exactly; NULL: JSON does */
    bool float_widened;           /* a FLOAT must be cast to DOUBLE for that */
    bool interval_lost;           /* there is no text of intervals that reads back */
} ath__nesting;

typedef enum ath__placeholder { ATH__PLACEHOLDER_QUESTION = 0, ATH__PLACEHOLDER_DOLLAR } ath__placeholder;

/* What a database can: bits of ath_dialect.can.  A driver may give a connection a dialect of its own, with the bits
 * of the very server it speaks to. */
#define ATH__CAN(n) (UINT64_C(1) << (n))
#define ATH__CAN_INSERT_RETURNING ATH__CAN(0)
#define ATH__CAN_UPDATE_RETURNING ATH__CAN(1)
#define ATH__CAN_DELETE_RETURNING ATH__CAN(2)
#define ATH__CAN_RETURNING (ATH__CAN_INSERT_RETURNING | ATH__CAN_UPDATE_RETURNING | ATH__CAN_DELETE_RETURNING)
#define ATH__CAN_MULTI_VALUES ATH__CAN(3)      /* INSERT ... VALUES (...), (...) */
#define ATH__CAN_ILIKE ATH__CAN(4)             /* otherwise lower() LIKE lower() */
#define ATH__CAN_BOOLEAN ATH__CAN(5)           /* true and false; otherwise 1 and 0 */
#define ATH__CAN_TRANSACTIONAL_DDL ATH__CAN(6) /* DDL rolls back */
#define ATH__CAN_NULLS_ORDER ATH__CAN(7)       /* NULLS FIRST, NULLS LAST; otherwise a sort by IS NULL before it */
#define ATH__CAN_DEFAULT_VALUES ATH__CAN(8)    /* INSERT INTO t DEFAULT VALUES; otherwise () VALUES () */
#define ATH__INSERT_ID_IS_KEY ATH__CAN(9)      /* after one row is inserted the driver knows its generated key */
#define ATH__CAN_ORDER_INTERVALS ATH__CAN(10)  /* intervals compare by length */
#define ATH__CAN_DISTINCT_ON ATH__CAN(11)
#define ATH__CAN_RIGHT_JOIN ATH__CAN(12) /* otherwise written as a left join, swapped, where that is possible */
#define ATH__CAN_FULL_JOIN ATH__CAN(13)
#define ATH__CAN_LATERAL ATH__CAN(14)
#define ATH__CAN_INTERSECT ATH__CAN(15)     /* INTERSECT, EXCEPT */
#define ATH__CAN_INTERSECT_ALL ATH__CAN(16) /* INTERSECT ALL, EXCEPT ALL */
#define ATH__CAN_NESTED_SETS ATH__CAN(17)   /* (SELECT ... LIMIT 1) UNION (...) */
#define ATH__CAN_CTE_DML ATH__CAN(18)       /* WITH x AS (INSERT ... RETURNING ...) */
#define ATH__CAN_CTE_BEFORE_INSERT ATH__CAN(19)
#define ATH__CAN_CTE_BEFORE_UPDATE ATH__CAN(20) /* and DELETE */
#define ATH__CAN_MATERIALIZED ATH__CAN(21)      /* AS [NOT] MATERIALIZED */
#define ATH__CAN_FILTER ATH__CAN(22)            /* count(x) FILTER (WHERE c); otherwise count(CASE WHEN c THEN x END) */
#define ATH__CAN_FRAME_GROUPS ATH__CAN(23)      /* GROUPS frames, EXCLUDE */
#define ATH__CAN_GROUPING_SETS ATH__CAN(24)     /* GROUPING SETS, CUBE, ROLLUP (...) */
#define ATH__CAN_WITH_ROLLUP ATH__CAN(25)       /* GROUP BY a, b WITH ROLLUP */
#define ATH__CAN_FOR_UPDATE ATH__CAN(26)        /* otherwise left out: the database locks whole (SQLite) */
#define ATH__CAN_FOR_SHARE ATH__CAN(27)
#define ATH__CAN_FOR_KEY ATH__CAN(28) /* FOR NO KEY UPDATE, FOR KEY SHARE */
#define ATH__CAN_LOCK_OF ATH__CAN(29)
#define ATH__CAN_NOWAIT ATH__CAN(30)
#define ATH__CAN_SKIP_LOCKED ATH__CAN(31)
#define ATH__CAN_TUPLES ATH__CAN(32)           /* (a, b) IN ((1, 2), (3, 4)); (a, b) = (1, 2) */
#define ATH__CAN_VALUES_FROM ATH__CAN(33)      /* FROM (VALUES (1, 'a')) AS v (id, name) */
#define ATH__CAN_UPDATE_FROM ATH__CAN(34)      /* UPDATE t SET ... FROM u WHERE */
#define ATH__CAN_UPDATE_JOIN ATH__CAN(35)      /* UPDATE t, u SET ... WHERE; UPDATE t INNER JOIN u ... */
#define ATH__CAN_DELETE_USING ATH__CAN(36)     /* DELETE FROM t USING u WHERE */
#define ATH__CAN_DELETE_JOIN ATH__CAN(37)      /* DELETE FROM t USING t, u WHERE: the target named again (MySQL) */
#define ATH__CAN_UPDATE_LIMIT ATH__CAN(38)     /* UPDATE ... ORDER BY ... LIMIT */
#define ATH__CAN_ON_CONFLICT ATH__CAN(39)      /* INSERT ... ON CONFLICT (...) DO ... */
#define ATH__CAN_ON_DUPLICATE_KEY ATH__CAN(40) /* INSERT ... ON DUPLICATE KEY UPDATE */
#define ATH__CAN_ARRAYS ATH__CAN(41)           /* = ANY ($1), array types */
#define ATH__CAN_REGEXP ATH__CAN(42)
#define ATH__CAN_TIES ATH__CAN(43) /* FETCH FIRST n ROWS WITH TIES */
#define ATH__CAN_SEQUENCES ATH__CAN(44)
#define ATH__CAN_SCHEMAS ATH__CAN(45)
#define ATH__CAN_ENUM_TYPES ATH__CAN(46)      /* CREATE TYPE ... AS ENUM; otherwise inline ENUM or VARCHAR and CHECK */
#define ATH__CAN_INLINE_COMMENTS ATH__CAN(47) /* COMMENT 'text' in CREATE TABLE (MySQL) */
#define ATH__CAN_COMMENT_ON ATH__CAN(48)      /* COMMENT ON TABLE ... IS 'text' (PostgreSQL) */
#define ATH__CAN_ADD_CONSTRAINT ATH__CAN(49)  /* ALTER TABLE ... ADD CONSTRAINT */
#define ATH__CAN_PARTIAL_INDEX ATH__CAN(50)
#define ATH__CAN_EXPRESSION_INDEX ATH__CAN(51)
#define ATH__CAN_INCLUDE ATH__CAN(52)    /* covering indexes */
#define ATH__CAN_DEFERRABLE ATH__CAN(53) /* DEFERRABLE, INITIALLY DEFERRED */
#define ATH__CAN_IDENTITY ATH__CAN(54)   /* GENERATED ... AS IDENTITY */
#define ATH__CAN_COMPUTED_STORED ATH__CAN(55)
#define ATH__CAN_COMPUTED_VIRTUAL ATH__CAN(56)
#define ATH__CAN_ROW_ARRAYS                                                                                            \
    ATH__CAN(57) /* a statement of one row takes arrays of rows (MariaDB's bulk): driver bind_rows */
#define ATH__CAN_UNNEST ATH__CAN(58)        /* rows come as one array per column, FROM unnest(...): driver bind_rows */
#define ATH__CAN_JSON_EACH ATH__CAN(60)     /* IN (SELECT value FROM json_each(?)) */
#define ATH__CAN_QUANTIFIED ATH__CAN(61)    /* > ALL (SELECT ...), = ANY (SELECT ...) */
#define ATH__CAN_WITHIN_GROUP ATH__CAN(62)  /* percentile_cont(...) WITHIN GROUP (ORDER BY ...) */
#define ATH__CAN_VALUES ATH__CAN(63)        /* VALUES (1, 'a'), (2, 'b') as a query by itself */
#define ATH__LITERAL_BACKSLASH ATH__CAN(59) /* a backslash escapes inside '...' (MySQL) */

/* How a database writes DDL: bits of ath_dialect.ddl. */
#define ATH__DDL_SQLITE_OPTIONS ATH__CAN(0) /* the options whose names begin with sqlite_ are meant for it ... */
#define ATH__DDL_POSTGRESQL_OPTIONS ATH__CAN(1)
#define ATH__DDL_MYSQL_OPTIONS ATH__CAN(2)
#define ATH__DDL_DEFAULT_PARENTHESES ATH__CAN(3) /* DEFAULT (expression); words and quoted text stand without */
#define ATH__DDL_ATTACHED ATH__CAN(4) /* a schema is an attached file: CREATE INDEX file.i ON t; no keys across files */
#define ATH__DDL_INDEX_ON_TABLE ATH__CAN(5)        /* DROP INDEX i ON t */
#define ATH__DDL_ENUM_INLINE ATH__CAN(6)           /* ENUM('a', 'b') */
#define ATH__DDL_NEEDS_LENGTH ATH__CAN(7)          /* VARCHAR and VARBINARY must say their length */
#define ATH__DDL_UNSIGNED ATH__CAN(8)              /* INTEGER UNSIGNED */
#define ATH__DDL_PRECISION ATH__CAN(9)             /* FLOAT(p), TIME(p), INTERVAL fields; otherwise left out */
#define ATH__DDL_CHARSET ATH__CAN(10)              /* VARCHAR(5) CHARACTER SET x */
#define ATH__DDL_DEFERRABLE_KEYS ATH__CAN(11)      /* UNIQUE and PRIMARY KEY too, not only FOREIGN KEY */
#define ATH__DDL_MATCH ATH__CAN(12)                /* FOREIGN KEY ... MATCH FULL */
#define ATH__DDL_NULLS_DISTINCT ATH__CAN(13)       /* UNIQUE NULLS NOT DISTINCT */
#define ATH__DDL_INDEX_NULLS ATH__CAN(14)          /* CREATE INDEX ... (a NULLS FIRST) */
#define ATH__DDL_INDEX_PARENTHESES ATH__CAN(15)    /* CREATE INDEX ... ((lower(a))) */
#define ATH__DDL_INDEX_IF_EXISTS ATH__CAN(16)      /* CREATE INDEX IF NOT EXISTS, DROP INDEX IF EXISTS */
#define ATH__DDL_DROP_BY_KIND ATH__CAN(17)         /* DROP FOREIGN KEY f, DROP INDEX u, DROP PRIMARY KEY */
#define ATH__DDL_DROP_CHECK ATH__CAN(18)           /* DROP CHECK c */
#define ATH__DDL_NULL_TIMESTAMP ATH__CAN(19)       /* a TIMESTAMP that may be NULL must say so */
#define ATH__DDL_COMPUTED_NULLABLE ATH__CAN(20)    /* a computed column cannot say NOT NULL */
#define ATH__DDL_NAME_CHARACTERS ATH__CAN(21)      /* max_name counts characters */
#define ATH__DDL_CASCADE ATH__CAN(22)              /* DROP ... CASCADE */
#define ATH__DDL_NOCYCLE ATH__CAN(23)              /* NOCYCLE in one word */
#define ATH__DDL_COLUMN_CHECK_UNNAMED ATH__CAN(24) /* a CHECK behind a column has no name */
#define ATH__DDL_BMP_COMMENTS ATH__CAN(26)         /* comments keep no character beyond U+FFFF */
#define ATH__DDL_LARGE_DEFAULTS ATH__CAN(27)       /* TEXT, BLOB and JSON take no DEFAULT but an expression: ('x') */
#define ATH__DDL_SIGNED_NUMBERS ATH__CAN(28) /* a numbered key is BIGINT at most, signed, whatever its column says */
#define ATH__DDL_BOOLEAN_TYPE ATH__CAN(25)   /* BOOLEAN holds nothing but true and false */
/* ... and ALTER. */
#define ATH__DDL_COLUMN_IF_EXISTS ATH__CAN(29)     /* ADD COLUMN IF NOT EXISTS, DROP COLUMN IF EXISTS */
#define ATH__DDL_CONSTRAINT_IF_EXISTS ATH__CAN(30) /* DROP CONSTRAINT IF EXISTS, whatever its kind */
#define ATH__DDL_COLUMN_PLACE ATH__CAN(31)         /* ADD COLUMN ... FIRST, AFTER c */
#define ATH__DDL_RENAME_BARE ATH__CAN(32)          /* RENAME a TO b, without COLUMN */
#define ATH__DDL_RENAME_IN_SCHEMA ATH__CAN(33)     /* ALTER TABLE s.a RENAME TO s.b */
#define ATH__DDL_RENAME_CONSTRAINT ATH__CAN(34)    /* RENAME CONSTRAINT a TO b */
#define ATH__DDL_MODIFY_COLUMN ATH__CAN(35)        /* a column is changed by saying all of it: MODIFY, CHANGE */
#define ATH__DDL_DROP_ANY_CONSTRAINT ATH__CAN(36)  /* DROP CONSTRAINT c, whatever its kind, but for primary keys */
#define ATH__DDL_DROP_EXPRESSION ATH__CAN(37)      /* ALTER COLUMN c DROP EXPRESSION */
#define ATH__DDL_SET_EXPRESSION ATH__CAN(38)       /* ALTER COLUMN c SET EXPRESSION AS (...) */

typedef struct ath_dialect {
    const char *name;
    const char *title; /* for people: "PostgreSQL", "MariaDB" */
    int version;       /* of the server, or the least that is supported: 3035000, 150020, 101119 (major minor patch) */
    uint32_t max_name; /* bytes of an identifier (PostgreSQL 63, MySQL 64 characters); 0: no limit */
    const char *version_text; /* the same for people: "10.11.6"; NULL: not known */
    uint64_t can;
    char quote; /* around identifiers; default " */
    ath__placeholder placeholder;
    uint32_t max_binds;          /* placeholders per statement; 0: no limit */
    uint32_t decimal_digits;     /* arithmetic on decimals is exact to as many; 0: exact */
    const char *const *reserved; /* words that must be quoted, sorted, lower case */
    size_t reserved_count;
    const char *now;           /* default CURRENT_TIMESTAMP */
    const char *limit_none;    /* what LIMIT says when there is only an OFFSET; default "ALL"; SQLite "-1" */
    bool limit_needs_offset;   /* an OFFSET is always written, as SQLAlchemy does for SQLite */
    bool limit_comma;          /* LIMIT offset, count */
    bool returning_qualified;  /* RETURNING table.column */
    bool tuples_in_values;     /* (a, b) IN (VALUES (?, ?), ...) */
    bool concat_function;      /* concat(a, b) instead of a || b */
    bool limited_list_wrapped; /* IN takes no subquery with a LIMIT: it becomes IN (SELECT * FROM (...) AS a) */
    bool null_written;         /* a bound NULL is a text, and makes one of the values beside it (MySQL) */
    bool frame_written;        /* ROWS 1 PRECEDING takes no placeholder */
    bool conflict_needs_where; /* INSERT ... SELECT ... ON CONFLICT is read only with a WHERE in the SELECT */
    bool values_bare;          /* VALUES takes neither ORDER BY nor LIMIT: SELECT * FROM (VALUES ...) does */
    bool member_with_wrapped;  /* a member of a compound takes no WITH: SELECT * FROM (WITH ...) AS a does */
    bool rollup_unordered;     /* WITH ROLLUP takes no ORDER BY: SELECT * FROM (...) AS a does */
    bool kept_row_told; /* a row that ON DUPLICATE KEY keeps sets LAST_INSERT_ID to UINT64_MAX, for the driver to see */
    bool lock_plain_rows; /* FOR UPDATE is for rows of tables alone: no DISTINCT, groups, aggregates, compounds */
    bool uuid_digits;     /* uuids are 32 digits without hyphens */
    ath__division division;
    const char *true_sql, *false_sql;           /* default: true and false, or 1 and 0 without ATH__CAN_BOOLEAN */
    const char *inner_join;                     /* default "JOIN" */
    const char *share_lock;                     /* default " FOR SHARE" */
    const char *excluded_open, *excluded_close; /* around a column's name in an upsert; default: excluded. */
    const ath__function_name *functions;        /* names that differ */
    size_t function_count;
    const char *op_sql[ATH_OP_COUNT];         /* symbols that differ from op.def */
    const char *type_sql[ATH_SQL_TYPE_COUNT]; /* names that differ from the default; without parameters */
    const char *bytes_prefix;                 /* before the digits of bytes; default X', PostgreSQL '\\x */
    const char *timestamp_zone;               /* behind a TIMESTAMP literal, which is UTC: "+00"; default: nothing */
    const char *form_sql[ATH_FORM_COUNT];     /* the same, for the forms of a type */
    uint64_t ddl;                             /* bits of ATH__DDL_ */
    /* What follows a column's type, in order: d DEFAULT, g GENERATED ALWAYS AS, i IDENTITY, n NOT NULL, k PRIMARY KEY in the
     * column, c COMMENT, a the numbering; default "dgin". */
    const char *column_order;
    const char *autoincrement_word; /* what `a` writes: "AUTO_INCREMENT"; then there is no DEFAULT */
    /* Writes a SELECT that has a row when the object is there: kind is one of the ATH__OBJECT_ below, `schema` may be NULL.
     * NULL: the driver's has_table must do. */
    ath_status (*render_exists)(const struct ath_dialect *dialect, int kind, const char *schema, const char *name,
                                ath__buf *out, ath_error *error);
    /* Writes the type of a column; default: type_sql with its parameters.  ATH_NOT_SUPPORTED when there is none. */
    ath_status (*render_type)(const struct ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
    /* Writes the type of a key that the database numbers (SERIAL); default: as of any column. */
    ath_status (*render_autoincrement)(const struct ath_dialect *dialect, const struct ath_table *table,
                                       const ath__column *column, ath__buf *out, ath_error *error);
    /* Writes a literal that needs another form in a column of that type, and returns true; or returns false. */
    bool (*render_literal)(const struct ath_dialect *dialect, const ath_type *type, const ath_value *value,
                           ath__buf *out);
    /* Writes what stands between a column's type and its DEFAULT: a collation that the type needs; default: nothing. */
    void (*render_collation)(const struct ath_dialect *dialect, const ath_type *type, ath__buf *out);
    /* Writes the type that CAST knows; default: as a column's (MySQL has SIGNED, CHAR ...). */
    ath_status (*render_cast_type)(const struct ath_dialect *dialect, const ath_type *type, ath__buf *out,
                                   ath_error *error);
    const ath__nesting *nesting; /* NULL: it cannot nest rows */
    /* Writes a node in the dialect's own way and returns true, or returns false for the default. */
    bool (*render_node)(ath__compiler *compiler, const ath_expr *node);
} ath_dialect;

enum { ATH__OBJECT_TABLE = 1, ATH__OBJECT_INDEX, ATH__OBJECT_SEQUENCE, ATH__OBJECT_TYPE };

/* Appends a name, quoted when the dialect needs it: reserved, upper case, or other than [a-z_][a-z0-9_$]*. */
void ath__dialect_name(const ath_dialect *dialect, ath__buf *out, const char *name);
/* The same behind its schema, which may be NULL: other.t */
void ath__dialect_qualified(const ath_dialect *dialect, ath__buf *out, const char *schema, const char *name);
/* ATH_NOT_SUPPORTED: "PostgreSQL 15.2 has no <construct>". */
ath_status ath__dialect_cannot(const ath_dialect *dialect, const char *construct, ath_error *error);
/* Appends a value as a literal, for DDL defaults and scripts only.  ATH_ARGUMENT when it cannot be written. */
ath_status ath__dialect_literal(const ath_dialect *dialect, ath__buf *out, const ath_value *value, ath_error *error);
/* The same for a value kept in a column of that type (may be NULL: of none). */
ath_status ath__dialect_typed_literal(const ath_dialect *dialect, ath__buf *out, const ath_type *type,
                                      const ath_value *value, ath_error *error);
/* Appends a type's name with its parameters: as the dialect renders it, or by type_sql and the defaults alone (for a
 * dialect that renders only some types itself). */
ath_status ath__dialect_default_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
ath_status ath__dialect_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
/* The same as a column declares it: with CHARACTER SET and COLLATE. */
ath_status ath__dialect_column_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
/* Whether the type is an enum that the database keeps as a type of its own, made by CREATE TYPE. */
bool ath__dialect_enum_type(const ath_dialect *dialect, const ath_type *type);
/* ('a', 'b') */
ath_status ath__dialect_labels(const ath_dialect *dialect, const ath_type *type, const char *separator, ath__buf *out,
                               ath_error *error);
bool ath__dialect_can(const ath_dialect *dialect, uint64_t ability);
/* Whether an array beside IN is bound as one value: ath__key.whole_arrays. */
bool ath__dialect_takes_arrays(const ath_dialect *dialect);
/* Whether placeholders have numbers: ath__key.shares. */
bool ath__dialect_shares(const ath_dialect *dialect);
/* Whether a bit of ATH__DDL_ is set. */
bool ath__dialect_ddl(const ath_dialect *dialect, uint64_t bit);

#endif
