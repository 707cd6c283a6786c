/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, expressions: what stands in WHERE, in a column list, in SET.
 *
 * An expression is a tree of nodes that are compound literals on the caller's stack: nothing is allocated and nothing
 * is freed.  It lives until the block that wrote it ends; statements are run, or copied, before that.
 *
 * The pointer's type carries the family of the value (integer, text, datetime ...): ath_col(User, id) is an
 * `ath_int_expr *`, and ath_eq(ath_col(User, id), "bob") does not compile, nor does ath_col(User, no_such_field).
 * `ath_expr *` is an expression of any family: conditions, SQL text, functions called by name.  NULL (or ath_null())
 * beside any column is SQL NULL.
 *
 * Every value becomes a bind parameter; none is ever written into the SQL text.
 */
#ifndef ATHANOR_EXPR_H
#define ATHANOR_EXPR_H

#include <athanor/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- nodes ------------------------------------------------------------------------------------------------------- */

typedef enum ath_node {
    ATH_NODE_NONE = 0,
    ATH_NODE_COLUMN,   /* a model's field */
    ATH_NODE_NAME,     /* table.column by name */
    ATH_NODE_LITERAL,  /* a value, bound */
    ATH_NODE_BIND,     /* :name inside SQL text, with its value in args[0] */
    ATH_NODE_OPERATOR, /* op over args */
    ATH_NODE_FUNCTION, /* u.text(args) */
    ATH_NODE_LABEL,    /* args[0] AS u.text */
    ATH_NODE_TEXT,     /* SQL as it is, binds in args */
    ATH_NODE_SUBQUERY, /* (SELECT ...) as a value */
    ATH_NODE_CAST,     /* CAST(args[0] AS u.type) */
    ATH_NODE_LIST,     /* (args...), the right side of IN */
    ATH_NODE_ARRAY,    /* the same from a C array */
    ATH_NODE_CASE,     /* CASE: args are condition, value, ..., else last when their number is odd */
    ATH_NODE_STAR,     /* *, or with a model in u.column all its columns */
    ATH_NODE_NOW,      /* the database's CURRENT_TIMESTAMP */
    ATH_NODE_CASE_OF,  /* CASE args[0] WHEN args[1] THEN args[2] ... ELSE last */
    ATH_NODE_CONSTANT, /* NULL, true, false, written: u.value */
    ATH_NODE_TUPLE,    /* (args...) */
    ATH_NODE_TYPED,    /* args[0], known to be of u.type */
    ATH_NODE_COLLATE,  /* args[0] COLLATE u.text */
    ATH_NODE_EXTRACT,  /* EXTRACT(u.text FROM args[0]) */
    ATH_NODE_ORDERED,  /* inside an aggregate: args[0] ORDER BY args[1], ... */
    ATH_NODE_FILTER,   /* args[0] FILTER (WHERE args[1]) */
    ATH_NODE_OVER,     /* args[0] OVER (u.window) */
    ATH_NODE_WITHIN,   /* args[0] WITHIN GROUP (ORDER BY u.window->order_by) */
    ATH_NODE_GROUPING, /* u.text(args): ROLLUP, CUBE, GROUPING SETS */
    ATH_NODE_EXCLUDED, /* in an upsert: the value that was to be inserted into the column args[0] */
    ATH_NODE_JSON,     /* the element of args[0] at the path of the other args, as u.type (INFER: JSON) */
    ATH_NODE_RELATION, /* a condition on the relation u.relation, in op which (relation.h); in args[0] one on its target */
    ATH_NODE_COUNT
} ath_node;

typedef enum ath_op {
    ATH_OP_NONE = 0,
    /* conditions */
    ATH_OP_EQ,
    ATH_OP_NE,
    ATH_OP_LT,
    ATH_OP_LE,
    ATH_OP_GT,
    ATH_OP_GE,
    ATH_OP_IS_NULL,
    ATH_OP_IS_NOT_NULL,
    ATH_OP_AND,
    ATH_OP_OR,
    ATH_OP_NOT,
    ATH_OP_LIKE,
    ATH_OP_NOT_LIKE,
    ATH_OP_ILIKE,
    ATH_OP_NOT_ILIKE,
    ATH_OP_CONTAINS,
    ATH_OP_NOT_CONTAINS,
    ATH_OP_STARTS_WITH,
    ATH_OP_NOT_STARTS_WITH,
    ATH_OP_ENDS_WITH,
    ATH_OP_NOT_ENDS_WITH,
    ATH_OP_ICONTAINS,
    ATH_OP_NOT_ICONTAINS,
    ATH_OP_ISTARTS_WITH,
    ATH_OP_NOT_ISTARTS_WITH,
    ATH_OP_IENDS_WITH,
    ATH_OP_NOT_IENDS_WITH,
    ATH_OP_REGEXP,
    ATH_OP_NOT_REGEXP,
    ATH_OP_IN,
    ATH_OP_NOT_IN,
    ATH_OP_BETWEEN,
    ATH_OP_NOT_BETWEEN,
    ATH_OP_IS_DISTINCT,
    ATH_OP_IS_NOT_DISTINCT,
    ATH_OP_EXISTS,
    /* values */
    ATH_OP_ADD,
    ATH_OP_SUB,
    ATH_OP_MUL,
    ATH_OP_DIV,
    ATH_OP_FLOOR_DIV,
    ATH_OP_MOD,
    ATH_OP_BIT_AND,
    ATH_OP_BIT_OR,
    ATH_OP_BIT_XOR,
    ATH_OP_SHIFT_LEFT,
    ATH_OP_SHIFT_RIGHT,
    ATH_OP_NEG,
    ATH_OP_BIT_NOT,
    ATH_OP_CONCAT,
    ATH_OP_CUSTOM, /* u.text is the symbol */
    ATH_OP_ANY,
    ATH_OP_ALL,
    /* order */
    ATH_OP_ASC,
    ATH_OP_DESC,
    ATH_OP_NULLS_FIRST,
    ATH_OP_NULLS_LAST,
    ATH_OP_COUNT
} ath_op;

struct ath_select_stmt;

/* One node.  Made by the macros below; its layout is for bindings. */
struct ath_expr {
    uint8_t node; /* ath_node */
    uint8_t op;   /* ath_op */
    uint8_t distinct;
    uint8_t kind;   /* ATH_NODE_ARRAY: the ath_ctype of the elements */
    uint32_t count; /* operands, or elements of the array */
    const ath_expr *const *args;
    union {
        ath_value value;
        struct {
            const ath_model *model;
            size_t offset;
            const char *alias;
        } column;
        struct { /* begins as column does */
            const ath_model *model;
            size_t offset;
            const char *alias;
            const void *object;
        } relation;
        struct {
            const char *table;
            const char *name;
        } name;
        const char *text;
        const void *array;
        const struct ath_select_stmt *select;
        const struct ath_window *window;
        ath_type type;
    } u;
};

/* A member that takes any condition, a boolean column too; it is read as name_. */
#define ATH_CONDITION_(name)                                                                                           \
    union {                                                                                                            \
        const volatile ath_expr *name;                                                                                 \
        const ath_expr *name##_;                                                                                       \
    }

/* A counted list of expressions; made by ath_cols, ath_by. */
typedef struct ath_expr_list {
    size_t count;
    const ath_expr *const *items;
} ath_expr_list;

/* One bound of a window's frame: rows before (negative) or behind (positive), 0 the current row. */
#define ATH_UNBOUNDED_PRECEDING INT64_MIN
#define ATH_UNBOUNDED_FOLLOWING INT64_MAX

typedef enum ath_frame_unit { ATH_FRAME_NONE = 0, ATH_FRAME_ROWS, ATH_FRAME_RANGE, ATH_FRAME_GROUPS } ath_frame_unit;

/* What stands in OVER (...). */
typedef struct ath_window {
    bool made_by_macro; /* says nothing; keeps compilers quiet about members that are not named */
    ath_expr_list partition_by, order_by;
    ath_frame_unit frame;
    int64_t start, end;  /* of the frame */
    const char *exclude; /* "CURRENT ROW", "GROUP", "TIES", "NO OTHERS"; NULL: none */
} ath_window;

/* ---- families: what the compiler checks -------------------------------------------------------------------------- */

#if defined(__GNUC__)
#define ATH_ONE_OF_ __attribute__((transparent_union))
#else
#define ATH_ONE_OF_
#endif

/* One type per family, the same node behind each: an expression, and a literal. */
#define ATH_FAMILY_(family)                                                                                            \
    typedef struct ath_##family##_expr {                                                                               \
        ath_expr node;                                                                                                 \
    } ath_##family##_expr;                                                                                             \
    typedef struct ath_##family##_lit {                                                                                \
        ath_expr node;                                                                                                 \
    } ath_##family##_lit
ATH_FAMILY_(int);
ATH_FAMILY_(real);
ATH_FAMILY_(decimal);
ATH_FAMILY_(text);
ATH_FAMILY_(bytes);
/* A boolean expression is a condition by itself: a pointer to a node may stand where one to a volatile node is asked for, but
 * not the other way round, so .where takes both and the families stay apart.  Nothing is ever read through it. */
typedef volatile ath_expr ath_bool_expr;
typedef struct ath_bool_lit {
    ath_expr node;
} ath_bool_lit;
ATH_FAMILY_(date);
ATH_FAMILY_(time);
ATH_FAMILY_(datetime);
ATH_FAMILY_(timestamp);
ATH_FAMILY_(interval);
ATH_FAMILY_(uuid);
ATH_FAMILY_(json);

/* What may stand beside a column of each family.  A value of another family is refused by the compiler, which then
 * names the family that is needed. */
typedef union {
    const ath_expr *any;
    const ath_int_lit *int_literal;
    const ath_int_expr *int_expression;
    const ath_bool_lit *bool_literal;
} ath_needs_int ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_real_lit *real_literal;
    const ath_real_expr *real_expression;
    const ath_int_lit *int_literal;
    const ath_int_expr *int_expression;
} ath_needs_real ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_decimal_lit *decimal_literal;
    const ath_decimal_expr *decimal_expression;
    const ath_int_lit *int_literal;
    const ath_int_expr *int_expression;
} ath_needs_decimal ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_text_lit *text_literal;
    const ath_text_expr *text_expression;
} ath_needs_text ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_bytes_lit *bytes_literal;
    const ath_bytes_expr *bytes_expression;
} ath_needs_bytes ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_bool_lit *bool_literal;
    const ath_bool_expr *bool_expression;
    const ath_int_lit *int_literal;
} ath_needs_bool ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_date_lit *date_literal;
    const ath_date_expr *date_expression;
} ath_needs_date ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_time_lit *time_literal;
    const ath_time_expr *time_expression;
} ath_needs_time ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_datetime_lit *datetime_literal;
    const ath_datetime_expr *datetime_expression;
} ath_needs_datetime ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_timestamp_lit *timestamp_literal;
    const ath_timestamp_expr *timestamp_expression;
} ath_needs_timestamp ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_interval_lit *interval_literal;
    const ath_interval_expr *interval_expression;
} ath_needs_interval ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_uuid_lit *uuid_literal;
    const ath_uuid_expr *uuid_expression;
} ath_needs_uuid ATH_ONE_OF_;
typedef union {
    const ath_expr *any;
    const ath_json_lit *json_literal;
    const ath_json_expr *json_expression;
    const ath_text_lit *text_literal;
} ath_needs_json ATH_ONE_OF_;

static inline const ath_expr *ath_fit_int_(ath_needs_int operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_real_(ath_needs_real operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_decimal_(ath_needs_decimal operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_text_(ath_needs_text operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_bytes_(ath_needs_bytes operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_bool_(ath_needs_bool operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_date_(ath_needs_date operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_time_(ath_needs_time operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_datetime_(ath_needs_datetime operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_timestamp_(ath_needs_timestamp operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_interval_(ath_needs_interval operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_uuid_(ath_needs_uuid operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_json_(ath_needs_json operand) {
    return operand.any;
}
static inline const ath_expr *ath_fit_any_(const volatile void *operand) {
    return (const ath_expr *)(uintptr_t)operand;
}

static inline const ath_int_lit *ath_lit_int_(ath_expr *slot, int64_t v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_INT;
    slot->u.value.as.i = v;
    return (const ath_int_lit *)slot;
}
static inline const ath_real_lit *ath_lit_real_(ath_expr *slot, double v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_REAL;
    slot->u.value.as.d = v;
    return (const ath_real_lit *)slot;
}
static inline const ath_decimal_lit *ath_lit_decimal_(ath_expr *slot, ath_decimal v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_DECIMAL;
    slot->u.value.as.decimal = v;
    return (const ath_decimal_lit *)slot;
}
static inline const ath_bool_lit *ath_lit_bool_(ath_expr *slot, bool v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_BOOL;
    slot->u.value.as.b = v;
    return (const ath_bool_lit *)slot;
}
static inline const ath_date_lit *ath_lit_date_(ath_expr *slot, ath_date v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_DATE;
    slot->u.value.as.date = v;
    return (const ath_date_lit *)slot;
}
static inline const ath_time_lit *ath_lit_time_(ath_expr *slot, ath_time v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_TIME;
    slot->u.value.as.time = v;
    return (const ath_time_lit *)slot;
}
static inline const ath_datetime_lit *ath_lit_datetime_(ath_expr *slot, ath_datetime v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_DATETIME;
    slot->u.value.as.datetime = v;
    return (const ath_datetime_lit *)slot;
}
static inline const ath_timestamp_lit *ath_lit_timestamp_(ath_expr *slot, ath_timestamp v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_TIMESTAMP;
    slot->u.value.as.timestamp = v;
    return (const ath_timestamp_lit *)slot;
}
static inline const ath_interval_lit *ath_lit_interval_(ath_expr *slot, ath_interval v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_INTERVAL;
    slot->u.value.as.interval = v;
    return (const ath_interval_lit *)slot;
}
static inline const ath_uuid_lit *ath_lit_uuid_(ath_expr *slot, ath_uuid v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_UUID;
    slot->u.value.as.uuid = v;
    return (const ath_uuid_lit *)slot;
}
static inline const ath_int_expr *ath_ref_int_(const ath_expr *slot, const ath_int_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_real_expr *ath_ref_real_(const ath_expr *slot, const ath_real_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_decimal_expr *ath_ref_decimal_(const ath_expr *slot, const ath_decimal_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_text_expr *ath_ref_text_(const ath_expr *slot, const ath_text_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_bytes_expr *ath_ref_bytes_(const ath_expr *slot, const ath_bytes_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_bool_expr *ath_ref_bool_(const ath_expr *slot, const ath_bool_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_date_expr *ath_ref_date_(const ath_expr *slot, const ath_date_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_time_expr *ath_ref_time_(const ath_expr *slot, const ath_time_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_datetime_expr *ath_ref_datetime_(const ath_expr *slot, const ath_datetime_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_timestamp_expr *ath_ref_timestamp_(const ath_expr *slot, const ath_timestamp_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_interval_expr *ath_ref_interval_(const ath_expr *slot, const ath_interval_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_uuid_expr *ath_ref_uuid_(const ath_expr *slot, const ath_uuid_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_json_expr *ath_ref_json_(const ath_expr *slot, const ath_json_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_int_expr *ath_as_int_(const ath_expr *e) {
    return (const ath_int_expr *)e;
}
static inline const ath_real_expr *ath_as_real_(const ath_expr *e) {
    return (const ath_real_expr *)e;
}
static inline const ath_decimal_expr *ath_as_decimal_(const ath_expr *e) {
    return (const ath_decimal_expr *)e;
}
static inline const ath_text_expr *ath_as_text_(const ath_expr *e) {
    return (const ath_text_expr *)e;
}
static inline const ath_bytes_expr *ath_as_bytes_(const ath_expr *e) {
    return (const ath_bytes_expr *)e;
}
static inline const ath_bool_expr *ath_as_bool_(const ath_expr *e) {
    return (const ath_bool_expr *)e;
}
static inline const ath_date_expr *ath_as_date_(const ath_expr *e) {
    return (const ath_date_expr *)e;
}
static inline const ath_time_expr *ath_as_time_(const ath_expr *e) {
    return (const ath_time_expr *)e;
}
static inline const ath_datetime_expr *ath_as_datetime_(const ath_expr *e) {
    return (const ath_datetime_expr *)e;
}
static inline const ath_timestamp_expr *ath_as_timestamp_(const ath_expr *e) {
    return (const ath_timestamp_expr *)e;
}
static inline const ath_interval_expr *ath_as_interval_(const ath_expr *e) {
    return (const ath_interval_expr *)e;
}
static inline const ath_uuid_expr *ath_as_uuid_(const ath_expr *e) {
    return (const ath_uuid_expr *)e;
}
static inline const ath_json_expr *ath_as_json_(const ath_expr *e) {
    return (const ath_json_expr *)e;
}
static inline const ath_int_lit *ath_lit_uint_(ath_expr *slot, uint64_t v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = v > INT64_MAX ? ATH_KIND_UINT : ATH_KIND_INT;
    slot->u.value.as.u = v;
    return (const ath_int_lit *)slot;
}
/* A NULL pointer is SQL NULL; text is measured when it is bound. */
static inline const ath_text_lit *ath_lit_text_(ath_expr *slot, const char *v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = v ? ATH_KIND_TEXT : ATH_KIND_NULL;
    slot->u.value.as.text.data = v;
    slot->u.value.as.text.size = SIZE_MAX;
    return (const ath_text_lit *)slot;
}
static inline const ath_bytes_lit *ath_lit_bytes_(ath_expr *slot, ath_bytes v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = v.data ? ATH_KIND_BYTES : ATH_KIND_NULL;
    slot->u.value.as.bytes = v;
    return (const ath_bytes_lit *)slot;
}
static inline const ath_json_lit *ath_lit_json_(ath_expr *slot, ath_json v) {
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = v.text ? ATH_KIND_JSON : ATH_KIND_NULL;
    slot->u.value.as.text.data = v.text;
    slot->u.value.as.text.size = SIZE_MAX;
    return (const ath_json_lit *)slot;
}
static inline const ath_expr *ath_ref_any_(const ath_expr *slot, const ath_expr *e) {
    (void)slot;
    return e;
}
static inline const ath_expr *ath_ref_null_(ath_expr *slot, const void *null) {
    (void)null;
    slot->node = ATH_NODE_LITERAL;
    slot->u.value.kind = ATH_KIND_NULL;
    return slot;
}

/* A fresh node; a compound literal of the enclosing block. */
#define ATH_SLOT_ (&(ath_expr){.node = ATH_NODE_NONE})

/* A C value or an expression, as a node whose pointer type tells the family. */
#define ATH_TO_NODE_(v)                                                                                                \
    _Generic((v),                                                                                                    \
        int: ath_lit_int_,                                                                                           \
        short: ath_lit_int_,                                                                                         \
        signed char: ath_lit_int_,                                                                                   \
        long: ath_lit_int_,                                                                                          \
        long long: ath_lit_int_,                                                                                     \
        unsigned short: ath_lit_int_,                                                                                \
        unsigned char: ath_lit_int_,                                                                                 \
        unsigned int: ath_lit_uint_,                                                                                 \
        unsigned long: ath_lit_uint_,                                                                                \
        unsigned long long: ath_lit_uint_,                                                                           \
        bool: ath_lit_bool_,                                                                                         \
        float: ath_lit_real_,                                                                                        \
        double: ath_lit_real_,                                                                                       \
        char *: ath_lit_text_,                                                                                       \
        const char *: ath_lit_text_,                                                                                 \
        ath_bytes: ath_lit_bytes_,                                                                                   \
        ath_decimal: ath_lit_decimal_,                                                                               \
        ath_date: ath_lit_date_,                                                                                     \
        ath_time: ath_lit_time_,                                                                                     \
        ath_datetime: ath_lit_datetime_,                                                                             \
        ath_timestamp: ath_lit_timestamp_,                                                                           \
        ath_interval: ath_lit_interval_,                                                                             \
        ath_uuid: ath_lit_uuid_,                                                                                     \
        ath_json: ath_lit_json_,                                                                                     \
        const ath_int_expr *: ath_ref_int_,                                                                          \
        const ath_real_expr *: ath_ref_real_,                                                                        \
        const ath_decimal_expr *: ath_ref_decimal_,                                                                  \
        const ath_text_expr *: ath_ref_text_,                                                                        \
        const ath_bytes_expr *: ath_ref_bytes_,                                                                      \
        const ath_bool_expr *: ath_ref_bool_,                                                                        \
        const ath_date_expr *: ath_ref_date_,                                                                        \
        const ath_time_expr *: ath_ref_time_,                                                                        \
        const ath_datetime_expr *: ath_ref_datetime_,                                                                \
        const ath_timestamp_expr *: ath_ref_timestamp_,                                                              \
        const ath_interval_expr *: ath_ref_interval_,                                                                \
        const ath_uuid_expr *: ath_ref_uuid_,                                                                        \
        const ath_json_expr *: ath_ref_json_,                                                                        \
        void *: ath_ref_null_,                                                                                       \
        const ath_expr *: ath_ref_any_,                                                                              \
        ath_expr *: ath_ref_any_)
#define ATH_TYPED_(v) (ATH_TO_NODE_(v)(ATH_SLOT_, (v)))

/* The function that accepts what may stand beside a. */
#define ATH_FITS_(a)                                                                                                   \
    _Generic((a),                                                                                                    \
        const ath_int_expr *: ath_fit_int_,                                                                          \
        const ath_real_expr *: ath_fit_real_,                                                                        \
        const ath_decimal_expr *: ath_fit_decimal_,                                                                  \
        const ath_text_expr *: ath_fit_text_,                                                                        \
        const ath_bytes_expr *: ath_fit_bytes_,                                                                      \
        const ath_bool_expr *: ath_fit_bool_,                                                                        \
        const ath_date_expr *: ath_fit_date_,                                                                        \
        const ath_time_expr *: ath_fit_time_,                                                                        \
        const ath_datetime_expr *: ath_fit_datetime_,                                                                \
        const ath_timestamp_expr *: ath_fit_timestamp_,                                                              \
        const ath_interval_expr *: ath_fit_interval_,                                                                \
        const ath_uuid_expr *: ath_fit_uuid_,                                                                        \
        const ath_json_expr *: ath_fit_json_,                                                                        \
        default: ath_fit_any_)

/* v as a node, refused by the compiler unless its family fits beside a. */
#define ATH_FIT_(a, v) (__extension__ ATH_FITS_(a)(ATH_TYPED_(v)))

/* Any value or expression as a plain node. */
#define ATH_X_(v) ((const ath_expr *)(uintptr_t)ATH_TYPED_(v))

/* A condition: an expression of any family or a boolean column; NULL stands for "left out". */
static inline const ath_expr *ath_condition_(const ath_expr *e) {
    return e;
}
static inline const ath_expr *ath_condition_bool_(const ath_bool_expr *e) {
    return (const ath_expr *)(uintptr_t)e;
}
static inline const ath_expr *ath_condition_null_(const void *null) {
    (void)null;
    return NULL;
}
#define ATH_COND_(v)                                                                                                   \
    _Generic((v),                                                                                                    \
        const ath_expr *: ath_condition_,                                                                            \
        ath_expr *: ath_condition_,                                                                                  \
        const ath_bool_expr *: ath_condition_bool_,                                                                  \
        void *: ath_condition_null_)(v)

#define ATH_AS_FAMILY_OF_(field)                                                                                       \
    _Generic((field),                                                                                                \
        short: ath_as_int_,                                                                                          \
        int: ath_as_int_,                                                                                            \
        long: ath_as_int_,                                                                                           \
        long long: ath_as_int_,                                                                                      \
        unsigned short: ath_as_int_,                                                                                 \
        unsigned int: ath_as_int_,                                                                                   \
        unsigned long: ath_as_int_,                                                                                  \
        unsigned long long: ath_as_int_,                                                                             \
        ath_opt_i16: ath_as_int_,                                                                                    \
        ath_opt_i32: ath_as_int_,                                                                                    \
        ath_opt_i64: ath_as_int_,                                                                                    \
        ath_opt_u16: ath_as_int_,                                                                                    \
        ath_opt_u32: ath_as_int_,                                                                                    \
        ath_opt_u64: ath_as_int_,                                                                                    \
        float: ath_as_real_,                                                                                         \
        double: ath_as_real_,                                                                                        \
        ath_opt_f32: ath_as_real_,                                                                                   \
        ath_opt_f64: ath_as_real_,                                                                                   \
        ath_decimal: ath_as_decimal_,                                                                                \
        ath_opt_decimal: ath_as_decimal_,                                                                            \
        char *: ath_as_text_,                                                                                        \
        const char *: ath_as_text_,                                                                                  \
        ath_bytes: ath_as_bytes_,                                                                                    \
        bool: ath_as_bool_,                                                                                          \
        ath_opt_bool: ath_as_bool_,                                                                                  \
        ath_date: ath_as_date_,                                                                                      \
        ath_opt_date: ath_as_date_,                                                                                  \
        ath_time: ath_as_time_,                                                                                      \
        ath_opt_time: ath_as_time_,                                                                                  \
        ath_datetime: ath_as_datetime_,                                                                              \
        ath_opt_datetime: ath_as_datetime_,                                                                          \
        ath_timestamp: ath_as_timestamp_,                                                                            \
        ath_opt_timestamp: ath_as_timestamp_,                                                                        \
        ath_interval: ath_as_interval_,                                                                              \
        ath_opt_interval: ath_as_interval_,                                                                          \
        ath_uuid: ath_as_uuid_,                                                                                      \
        ath_opt_uuid: ath_as_uuid_,                                                                                  \
        ath_json: ath_as_json_)

#define ATH_ARGS_(...)                                                                                                 \
    (const ath_expr *const[]) {                                                                                        \
        __VA_ARGS__                                                                                                    \
    }
#define ATH_NODE_OF_(...) (&(const ath_expr){__VA_ARGS__})
#define ATH_OP1_(which, a)                                                                                             \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = which, .count = 1, .args = ATH_ARGS_(ATH_X_(a)))
#define ATH_OP2_(which, a, b)                                                                                          \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = which, .count = 2, .args = ATH_ARGS_(ATH_X_(a), ATH_FIT_(a, b)))
#define ATH_FUNCTION_(sql_name, ...)                                                                                   \
    ATH_NODE_OF_(.node = ATH_NODE_FUNCTION, .count = ATH_NARGS(__VA_ARGS__), .args = ATH_ARGS_(__VA_ARGS__),           \
                 .u.text = (sql_name))
/* An expression of the same family as a, which may be a C value. */
static inline const ath_expr *ath_as_any_(const ath_expr *e) {
    return e;
}
#define ATH_LIKE_(a, node)                                                                                             \
    _Generic((a),                                                                                                    \
        int: ath_as_int_,                                                                                            \
        short: ath_as_int_,                                                                                          \
        long: ath_as_int_,                                                                                           \
        long long: ath_as_int_,                                                                                      \
        unsigned int: ath_as_int_,                                                                                   \
        unsigned long: ath_as_int_,                                                                                  \
        unsigned long long: ath_as_int_,                                                                             \
        float: ath_as_real_,                                                                                         \
        double: ath_as_real_,                                                                                        \
        char *: ath_as_text_,                                                                                        \
        const char *: ath_as_text_,                                                                                  \
        ath_decimal: ath_as_decimal_,                                                                                \
        const ath_int_expr *: ath_as_int_,                                                                           \
        const ath_real_expr *: ath_as_real_,                                                                         \
        const ath_decimal_expr *: ath_as_decimal_,                                                                   \
        const ath_text_expr *: ath_as_text_,                                                                         \
        const ath_bytes_expr *: ath_as_bytes_,                                                                       \
        const ath_bool_expr *: ath_as_bool_,                                                                         \
        const ath_date_expr *: ath_as_date_,                                                                         \
        const ath_time_expr *: ath_as_time_,                                                                         \
        const ath_datetime_expr *: ath_as_datetime_,                                                                 \
        const ath_timestamp_expr *: ath_as_timestamp_,                                                               \
        const ath_interval_expr *: ath_as_interval_,                                                                 \
        const ath_uuid_expr *: ath_as_uuid_,                                                                         \
        const ath_json_expr *: ath_as_json_,                                                                         \
        default: ath_as_any_)((const ath_expr *)(const void *)(node))

/* ---- columns and values ------------------------------------------------------------------------------------------ */

/* The column of model M that field f describes; f may be a path into a mixin (ts.created_at). */
#define ath_col(M, f) ath_col_of(NULL, M, f)
/* The same column seen through an alias given in .from or .joins. */
#define ath_col_of(alias_name, M, f)                                                                                   \
    ATH_AS_FAMILY_OF_(((M *)0)->f)                                                                                     \
    (ATH_NODE_OF_(.node = ATH_NODE_COLUMN,                                                                             \
                  .u.column = {.model = &ath_model_##M, .offset = offsetof(M, f), .alias = alias_name}))
/* In a list of columns: all those of a model, by name; the same seen through an alias. */
#define ath_columns(M) ath_columns_of(NULL, M)
#define ath_columns_of(alias_name, M)                                                                                  \
    ATH_NODE_OF_(.node = ATH_NODE_STAR, .u.column = {.model = &ath_model_##M, .alias = alias_name})
/* All columns of all tables, whatever they are: SELECT *. */
#define ath_star() ATH_NODE_OF_(.node = ATH_NODE_STAR)
/* A column by name, of a table, alias or common table expression by name; NULL for the table leaves it out. */
#define ath_name(table_name, column_name)                                                                              \
    ATH_NODE_OF_(.node = ATH_NODE_NAME, .u.name = {.table = (table_name), .name = (column_name)})
/* Literals of any family, for defaults and wherever a plain value cannot stand. */
#define ath_bool(v) ATH_X_((bool)(v))
#define ath_int(v) ATH_X_((int64_t)(v))
#define ath_real(v) ATH_X_((double)(v))
#define ath_str(v) ATH_X_((const char *)(v))
#define ath_value_of(v) ATH_X_(v)
/* NULL, true and false as words of the SQL, not as parameters. */
#define ath_sql_null() ATH_NODE_OF_(.node = ATH_NODE_CONSTANT)
#define ath_true()                                                                                                     \
    ath_as_bool_(ATH_NODE_OF_(.node = ATH_NODE_CONSTANT, .u.value = {.kind = ATH_KIND_BOOL, .as.b = true}))
#define ath_false() ath_as_bool_(ATH_NODE_OF_(.node = ATH_NODE_CONSTANT, .u.value = {.kind = ATH_KIND_BOOL}))
/* A whole number or a text written into the SQL, escaped, not bound: for what must be a constant there.  Never from
 * input: every value makes a statement of its own. */
#define ath_written(v)                                                                                                 \
    _Generic((v), char *: ath_written_text_, const char *: ath_written_text_, default: ath_written_int_)(               \
        ATH_SLOT_, ATH_WRITTEN_INT_(v), ATH_WRITTEN_TEXT_(v))
#define ATH_WRITTEN_INT_(v) _Generic((v), char * : 0, const char * : 0, default : (v))
#define ATH_WRITTEN_TEXT_(v) _Generic((v), char * : (v), const char * : (v), default : NULL)
static inline const ath_expr *ath_written_int_(ath_expr *slot, int64_t v, const char *text) {
    (void)text;
    slot->node = ATH_NODE_CONSTANT;
    slot->u.value.kind = ATH_KIND_INT;
    slot->u.value.as.i = v;
    return slot;
}
static inline const ath_expr *ath_written_text_(ath_expr *slot, int64_t v, const char *text) {
    (void)v;
    slot->node = ATH_NODE_CONSTANT;
    slot->u.value.kind = text ? ATH_KIND_TEXT : ATH_KIND_NULL;
    slot->u.value.as.text.data = text;
    slot->u.value.as.text.size = SIZE_MAX;
    return slot;
}
/* A value or expression known to be of an SQL type: a typed bind parameter, or what a function by name gives. */
#define ath_typed(v, sql_type)                                                                                         \
    ATH_NODE_OF_(.node = ATH_NODE_TYPED, .count = 1, .u.type = sql_type, .args = ATH_ARGS_(ATH_X_(v)))
#define ath_null() ATH_NODE_OF_(.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_NULL})
/* CURRENT_TIMESTAMP of the database: UTC on SQLite, the session's time elsewhere. */
#define ath_now() ATH_NODE_OF_(.node = ATH_NODE_NOW)
/* SQL as it is, for what the language lacks.  `:name` is a bind parameter given by ath_bind("name", value) behind the
 * text; "\\:" is a colon.  Never put a value into the text. */
#define ath_text(...) ATH_SQL_TEXT_((ATH_NARGS(__VA_ARGS__) - 1), __VA_ARGS__, NULL)
#define ATH_SQL_TEXT_(n, sql, ...)                                                                                     \
    ATH_NODE_OF_(.node = ATH_NODE_TEXT, .count = (uint32_t)(n), .args = ATH_ARGS_(__VA_ARGS__), .u.text = (sql))
#define ath_bind(bind_name, v)                                                                                         \
    ATH_NODE_OF_(.node = ATH_NODE_BIND, .count = 1, .args = ATH_ARGS_(ATH_X_(v)), .u.text = (bind_name))
/* expression AS "name" */
#define ath_label(a, label_name)                                                                                       \
    ATH_NODE_OF_(.node = ATH_NODE_LABEL, .count = 1, .args = ATH_ARGS_(ATH_X_(a)), .u.text = (label_name))

/* ---- operators --------------------------------------------------------------------------------------------------- */

/* Comparison.  Beside NULL, eq is IS NULL and ne is IS NOT NULL. */
#define ath_eq(a, b) ATH_OP2_(ATH_OP_EQ, a, b)
#define ath_ne(a, b) ATH_OP2_(ATH_OP_NE, a, b)
#define ath_lt(a, b) ATH_OP2_(ATH_OP_LT, a, b)
#define ath_le(a, b) ATH_OP2_(ATH_OP_LE, a, b)
#define ath_gt(a, b) ATH_OP2_(ATH_OP_GT, a, b)
#define ath_ge(a, b) ATH_OP2_(ATH_OP_GE, a, b)
#define ath_is_null(a) ATH_OP1_(ATH_OP_IS_NULL, a)
#define ath_is_not_null(a) ATH_OP1_(ATH_OP_IS_NOT_NULL, a)
#define ath_between(a, low, high)                                                                                      \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_BETWEEN, .count = 3,                                          \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_FIT_(a, low), ATH_FIT_(a, high)))
/* The same whichever of both is the lower one. */
#define ath_between_symmetric(a, one, other)                                                                           \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_BETWEEN, .count = 3, .distinct = 1,                           \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_FIT_(a, one), ATH_FIT_(a, other)))
/* A boolean column as a condition, where a plain expression is asked for; `.where = ath_col(User, is_active)` needs none. */
#define ath_is(a) ATH_COND_(a)
/* AND, OR over any number of conditions; a NULL among them is left out.  With none left, AND is true and OR is false. */
#define ath_and(...) ATH_JUNCTION_(ATH_OP_AND, __VA_ARGS__)
#define ath_or(...) ATH_JUNCTION_(ATH_OP_OR, __VA_ARGS__)
#define ATH_JUNCTION_(which, ...)                                                                                      \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = which, .count = ATH_NARGS(__VA_ARGS__),                              \
                 .args = ATH_ARGS_(ATH_FOR_EACH(ATH_COND_, __VA_ARGS__)))
#define ath_not(a)                                                                                                     \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_NOT, .count = 1, .args = ATH_ARGS_(ATH_COND_(a)))
/* LIKE with the caller's wildcards; ilike ignores case (lower() on both sides where the database lacks ILIKE). */
#define ath_like(a, pattern) ATH_OP2_(ATH_OP_LIKE, a, pattern)
#define ath_not_like(a, pattern) ATH_OP2_(ATH_OP_NOT_LIKE, a, pattern)
#define ath_ilike(a, pattern) ATH_OP2_(ATH_OP_ILIKE, a, pattern)
#define ath_not_ilike(a, pattern) ATH_OP2_(ATH_OP_NOT_ILIKE, a, pattern)
/* The same with a character, given as a text, before which a wildcard stands for itself: ath_like_escape(a, "100/%", "/"). */
#define ath_like_escape(a, pattern, escape) ATH_LIKE_ESCAPE_(ATH_OP_LIKE, a, pattern, escape)
#define ath_ilike_escape(a, pattern, escape) ATH_LIKE_ESCAPE_(ATH_OP_ILIKE, a, pattern, escape)
#define ATH_LIKE_ESCAPE_(which, a, pattern, escape)                                                                    \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = which, .count = 2, .u.text = (escape),                               \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_FIT_(a, pattern)))
/* Text that contains, begins or ends with this: % and _ in a value are not wildcards.  Where the database's LIKE ignores
 * case (SQLite's does for ASCII), so do these. */
#define ath_contains(a, part) ATH_OP2_(ATH_OP_CONTAINS, a, part)
#define ath_startswith(a, part) ATH_OP2_(ATH_OP_STARTS_WITH, a, part)
#define ath_endswith(a, part) ATH_OP2_(ATH_OP_ENDS_WITH, a, part)
/* The same without regard to case. */
#define ath_icontains(a, part) ATH_OP2_(ATH_OP_ICONTAINS, a, part)
#define ath_istartswith(a, part) ATH_OP2_(ATH_OP_ISTARTS_WITH, a, part)
#define ath_iendswith(a, part) ATH_OP2_(ATH_OP_IENDS_WITH, a, part)
/* Text that matches a regular expression, in the database's own dialect of them (SQLite: POSIX extended, where the
 * library opened the connection); `flags` is "i" and what else the database knows. */
#define ath_regexp(a, pattern) ATH_OP2_(ATH_OP_REGEXP, a, pattern)
#define ath_not_regexp(a, pattern) ATH_OP2_(ATH_OP_NOT_REGEXP, a, pattern)
#define ath_regexp_flags(a, pattern, flags)                                                                            \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_REGEXP, .count = 2, .u.text = (flags),                        \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_FIT_(a, pattern)))
/* Unequal, equal, where NULL is a value like others. */
#define ath_is_distinct_from(a, b) ATH_OP2_(ATH_OP_IS_DISTINCT, a, b)
#define ath_is_not_distinct_from(a, b) ATH_OP2_(ATH_OP_IS_NOT_DISTINCT, a, b)
/* a <symbol> b, for operators the language does not know: ath_op(a, "@>", b).  The symbol must not come from input. */
#define ath_op(a, symbol, b)                                                                                           \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_CUSTOM, .count = 2, .u.text = (symbol),                       \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_X_(b)))
/* Beside a comparison: ath_gt(a, ath_all_of(query)), ath_eq(a, ath_any_of(query)). */
#define ath_any_of(query) ATH_OP1_(ATH_OP_ANY, ath_subquery(query))
#define ath_all_of(query) ATH_OP1_(ATH_OP_ALL, ath_subquery(query))
/* (a, b): compared with another, or ath_in(ath_tuple(a, b), ath_tuple(1, 2), ath_tuple(3, 4)). */
#define ath_tuple(...)                                                                                                 \
    ATH_NODE_OF_(.node = ATH_NODE_TUPLE, .count = ATH_NARGS(__VA_ARGS__),                                              \
                 .args = ATH_ARGS_(ATH_FOR_EACH(ATH_X_, __VA_ARGS__)))
/* a COLLATE "name". */
#define ath_collate(a, collation)                                                                                      \
    ATH_LIKE_(a,                                                                                                       \
              ATH_NODE_OF_(.node = ATH_NODE_COLLATE, .count = 1, .u.text = (collation), .args = ATH_ARGS_(ATH_X_(a))))
/* a IN (v, ...) with up to 63 values; ath_in_array takes a C array, of as many elements as the
 * database allows values in a statement (0: nothing is in it). */
#define ath_in(a, ...) ATH_IN_(ATH_OP_IN, a, __VA_ARGS__)
#define ath_not_in(a, ...) ATH_IN_(ATH_OP_NOT_IN, a, __VA_ARGS__)
#define ATH_IN_(which, a, ...)                                                                                         \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = which, .count = 2,                                                   \
                 .args =                                                                                               \
                     ATH_ARGS_(ATH_X_(a), ATH_NODE_OF_(.node = ATH_NODE_LIST, .count = ATH_NARGS(__VA_ARGS__),         \
                                                       .args = ATH_ARGS_(ATH_FOR_EACH_OF(ATH_FIT_, a, __VA_ARGS__)))))
#define ath_in_array(a, elements, n)                                                                                   \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_IN, .count = 2,                                               \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_ARRAY_(elements, n)))
#define ath_not_in_array(a, elements, n)                                                                               \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_NOT_IN, .count = 2,                                           \
                 .args = ATH_ARGS_(ATH_X_(a), ATH_ARRAY_(elements, n)))
#define ATH_ARRAY_(elements, n)                                                                                        \
    ATH_NODE_OF_(.node = ATH_NODE_ARRAY, .kind = ATH_ELEMENT_CTYPE_(*(elements)), .count = (uint32_t)(n),              \
                 .u.array = (elements))
#define ATH_ELEMENT_CTYPE_(element)                                                                                    \
    _Generic((element),                                                                                              \
        bool: ATH_C_BOOL,                                                                                            \
        short: ATH_C_I16,                                                                                            \
        int: ATH_C_I32,                                                                                              \
        long: ATH_C_I64,                                                                                             \
        long long: ATH_C_I64,                                                                                        \
        unsigned short: ATH_C_U16,                                                                                   \
        unsigned int: ATH_C_U32,                                                                                     \
        unsigned long: ATH_C_U64,                                                                                    \
        unsigned long long: ATH_C_U64,                                                                               \
        float: ATH_C_F32,                                                                                            \
        double: ATH_C_F64,                                                                                           \
        char *: ATH_C_TEXT,                                                                                          \
        const char *: ATH_C_TEXT,                                                                                    \
        ath_decimal: ATH_C_DECIMAL,                                                                                  \
        ath_date: ATH_C_DATE,                                                                                        \
        ath_datetime: ATH_C_DATETIME,                                                                                \
        ath_timestamp: ATH_C_TIMESTAMP,                                                                              \
        ath_uuid: ATH_C_UUID)
/* a IN (SELECT ...), EXISTS (SELECT ...), and (SELECT ...) as a value. */
#define ath_in_query(a, query)                                                                                         \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_IN, .count = 2,                                               \
                 .args = ATH_ARGS_(ATH_X_(a), ath_subquery(query)))
#define ath_not_in_query(a, query)                                                                                     \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_NOT_IN, .count = 2,                                           \
                 .args = ATH_ARGS_(ATH_X_(a), ath_subquery(query)))
#define ath_exists(query)                                                                                              \
    ATH_NODE_OF_(.node = ATH_NODE_OPERATOR, .op = ATH_OP_EXISTS, .count = 1, .args = ATH_ARGS_(ath_subquery(query)))
#define ath_subquery(query) ATH_NODE_OF_(.node = ATH_NODE_SUBQUERY, .u.select = (query))

/* Arithmetic; the family of the result is that of a. */
#define ath_plus(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_ADD, a, b))
#define ath_minus(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_SUB, a, b))
#define ath_times(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_MUL, a, b))
#define ath_modulo(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_MOD, a, b))
#define ath_negate(a) ATH_LIKE_(a, ATH_OP1_(ATH_OP_NEG, a))
/* The quotient with its fraction, of integers too (3 / 2 is 1.5); floor_divide rounds down: -7 and 2
 * give -4. */
#define ath_divide(a, b) ATH_QUOTIENT_(a, ATH_OP2_(ATH_OP_DIV, a, b))
#define ath_floor_divide(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_FLOOR_DIV, a, b))
#define ATH_QUOTIENT_(a, node) _Generic((a), const ath_int_expr * : ath_as_real_(node), default : ATH_LIKE_(a, node))
/* Bits of integers. */
#define ath_bit_and(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_BIT_AND, a, b))
#define ath_bit_or(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_BIT_OR, a, b))
#define ath_bit_xor(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_BIT_XOR, a, b))
#define ath_bit_not(a) ATH_LIKE_(a, ATH_OP1_(ATH_OP_BIT_NOT, a))
#define ath_shift_left(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_SHIFT_LEFT, a, b))
#define ath_shift_right(a, b) ATH_LIKE_(a, ATH_OP2_(ATH_OP_SHIFT_RIGHT, a, b))
#define ath_concat(a, b) ath_as_text_(ATH_OP2_(ATH_OP_CONCAT, a, b))

/* ---- lists and order --------------------------------------------------------------------------------------------- */

#define ath_cols(...)                                                                                                  \
    ((ath_expr_list){.count = ATH_NARGS(__VA_ARGS__), .items = ATH_ARGS_(ATH_FOR_EACH(ATH_X_, __VA_ARGS__))})
#define ath_by(...) ath_cols(__VA_ARGS__)
#define ath_asc(a) ATH_OP1_(ATH_OP_ASC, a)
#define ath_desc(a) ATH_OP1_(ATH_OP_DESC, a)
#define ath_nulls_first(a) ATH_OP1_(ATH_OP_NULLS_FIRST, a)
#define ath_nulls_last(a) ATH_OP1_(ATH_OP_NULLS_LAST, a)

#ifdef __cplusplus
}
#endif

#endif
