/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, the one compiler: a statement's tree and a dialect become SQL text, a bind plan and a result plan, once per
 * shape.  The shape is the statement's structural key; its values are gathered by the same walk.
 */
#ifndef ATH_SQL_COMPILE_H
#define ATH_SQL_COMPILE_H

#include "sql/dialect.h"
#include "sql/schema.h"

/* ---- key.c: the structural key ---- */

/* The key of a statement and its values in the order of the walk.  Two statements with equal keys compile to the same
 * text and plans.  Embedded, large; lives on the stack of the call that runs the statement. */
typedef struct ath__key {
    const ath_allocator *allocator;
    uint64_t *words;
    size_t word_count, word_capacity;
    ath_value *values;   /* text sizes are not measured yet (SIZE_MAX) */
    const void **owners; /* for each value: the node it came from (arrays: the same node for all their elements) */
    size_t value_count, value_capacity;
    bool whole_arrays;         /* the caller's: an array beside IN is one value (dialects with ATH__CAN_ARRAYS) */
    bool shares;               /* the caller's: placeholders have numbers, so that one may stand in several places */
    size_t shared_from;        /* inside a SELECT that groups: 1 + its first value */
    bool written;              /* inside an expression whose values are written into the text */
    bool no_memory, malformed; /* why the walk stopped: memory ran out, or the tree is at fault */
    uint64_t word_space[192];
    ath_value value_space[24];
    const void *owner_space[24];
} ath__key;

void ath__key_init(ath__key *key, const ath_allocator *allocator);
void ath__key_done(ath__key *key);
/* How many values an array beside IN is written with: the next power of two, so that lists of many lengths make few
 * shapes; from 16,384 on exactly as many as it has. */
uint32_t ath__array_padded(uint32_t count);
/* Element i of an ARRAY node; false when its elements are of no known type. */
bool ath__array_element(const ath_expr *array, uint32_t i, ath_value *out);
/* Whether two values are the same to the last digit; their owners as in a key (needed for arrays). */
bool ath__same_value(const ath_value *a, const void *a_owner, const ath_value *b, const void *b_owner);
/* The key of an expression by itself; false when it could not be walked. */
bool ath__key_expr(ath__key *key, const ath_expr *e);
ath_status ath__key_stmt(ath__key *key, ath_stmt stmt, ath_error *error);

/* ---- the product ---- */

typedef enum ath__bind_how {
    ATH__BIND_AS_IS = 0,
    ATH__BIND_LIKE_ESCAPED, /* %, _ and / are escaped with / */
    ATH__BIND_ARRAY,        /* the elements of the ARRAY node that owns the value, as ATH_KIND_ARRAY */
    ATH__BIND_ROWS,         /* an array, one element a row: of the unit of work, given by the driver's bind_rows */
    ATH__BIND_MONTHS,       /* of an interval, where the database has none */
    ATH__BIND_DAYS,
    ATH__BIND_MICROSECONDS,
    ATH__BIND_JSON_PATH /* `span` values, keys and positions, as one path: $."a"[0] */
} ath__bind_how;

/* One placeholder, in the order of the text (for numbered placeholders: of their numbers). */
typedef struct ath__bind {
    uint32_t value;            /* index into the key's values */
    uint8_t how;               /* ath__bind_how */
    uint8_t span;              /* values that make up a path */
    uint8_t kind;              /* ath_kind of the value when the shape was met; a NULL says nothing */
    ath_type type;             /* what the value must fit; ATH_SQL_INFER: nothing is known */
    const ath_value *constant; /* not NULL: this instead of a value of the key (a model's default) */
} ath__bind;

/* One column of the rows. */
typedef struct ath__result_column {
    const char *name;
    ath_type type;             /* ATH_SQL_INFER when unknown */
    const ath__column *column; /* the table's column it is, if it is one */
} ath__result_column;

/* What an INSERT does with a row that is there already. */
typedef enum ath__upsert {
    ATH__UPSERT_NONE = 0,
    ATH__UPSERT_KEEPS,
    ATH__UPSERT_KEEPS_FROM_SELECT, /* INSERT ... SELECT */
    ATH__UPSERT_SETS
} ath__upsert;

/* Text and plans; owns its memory through `arena`. */
typedef struct ath__compiled {
    ath_stmt_kind kind;
    const char *sql;
    size_t sql_size;
    ath__bind *binds;
    size_t bind_count;
    ath__result_column *columns;
    size_t column_count; /* 0: no rows come back (for text: unknown until it is prepared) */
    const char *target;  /* the table an INSERT, UPDATE or DELETE changes; NULL for other statements */
    ath__upsert upsert;
    bool returns_key; /* one row, the key the database gave to the row that was inserted: nobody asked for it by name */
    const ath_table *target_table; /* NULL when it is known by name only */
    ath__arena arena;
} ath__compiled;

void ath__compiled_done(ath__compiled *compiled);

/* ---- compile.c ---- */

/* Compiles a statement whose key has been walked; without one (NULL) its values are written into the text, for scripts.  ATH_ARGUMENT for a malformed tree or an unknown column, saying which;
 * ATH_NOT_SUPPORTED when the dialect cannot.  On failure *out needs no ath__compiled_done. */
ath_status ath__compile(const ath_dialect *dialect, const ath_allocator *a, ath_stmt stmt, const ath__key *key,
                        ath__compiled *out, ath_error *error);

/* ---- compile_unit.c: the statements of the unit of work, from columns instead of trees ---- */

/* Of their bind plan only the types count: the caller binds in the order said here.
 *
 * `rows` says how many rows one run is for.  ATH__ANY_ROWS (dialects with ATH__CAN_UNNEST): one text for any number; each
 * placeholder takes an array, one element a row (ATH__BIND_ROWS), given by the driver's bind_rows.  With
 * ATH__CAN_ROW_ARRAYS the text of one row is what bind_rows fills. */
enum { ATH__ANY_ROWS = 0 };

/* SELECT all columns FROM table WHERE key = ?: one placeholder per key column, in key order. */
ath_status ath__compile_get(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                            ath__compiled *out, ath_error *error);
/* SELECT the key's columns and those listed, of several rows: a placeholder per key column and row, row by row. */
ath_status ath__compile_read(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                             const uint16_t *columns, size_t count, size_t rows, ath__compiled *out, ath_error *error);
/* INSERT of `rows` rows.  For each of the `count` columns listed, a placeholder per row (row by row), or with an
 * expression in exprs[i] (may be NULL altogether) that expression instead, in each row.  Columns not listed are left to
 * the database.  With `returning_count`, RETURNING those columns.  count 0 gives DEFAULT VALUES, or with rows > 1 as many
 * rows of DEFAULT; never with ATH__ANY_ROWS, which needs a placeholder. */
ath_status ath__compile_insert(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count, size_t rows,
                               const uint16_t *returning, size_t returning_count, ath__compiled *out, ath_error *error);
/* UPDATE table SET columns WHERE key columns: placeholders for the columns (but those with an expression), then the
 * key, and the version if the table counts one; rows is 1 or ATH__ANY_ROWS.  With returning, RETURNING those columns; of any rows before them the row's number
 * from 1, because they come in no order. */
ath_status ath__compile_update(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table,
                               const uint16_t *columns, const ath_expr *const *exprs, size_t count, size_t rows,
                               const uint16_t *returning, size_t returning_count, ath__compiled *out, ath_error *error);
/* DELETE FROM table WHERE key = ?, or one of `rows` keys: a placeholder per key column (and for the version, if the table
 * counts one) and row, row by row. */
ath_status ath__compile_delete(const ath_dialect *dialect, const ath_allocator *a, const ath_table *table, size_t rows,
                               ath__compiled *out, ath_error *error);

#endif
