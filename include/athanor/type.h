/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `type`: C values that have an SQL counterpart, the tagged value that travels between a program and a
 * database, and the description of an SQL type.
 *
 * | SQL                      | C field                         | NULL is                         |
 * |--------------------------|---------------------------------|---------------------------------|
 * | BOOLEAN                  | bool, ath_opt_bool              | ath_opt_bool without a value    |
 * | SMALLINT INTEGER BIGINT  | (u)int16_t .. (u)int64_t, enums | ath_opt_i64 and its kin         |
 * | FLOAT, DOUBLE            | float, double                   | ath_opt_f64 and its kin         |
 * | NUMERIC                  | ath_decimal                     | ath_opt_decimal                 |
 * | VARCHAR, TEXT            | const char *, char[N]           | the NULL pointer (not char[N])  |
 * | BLOB                     | ath_bytes                       | .data == NULL                   |
 * | DATE TIME DATETIME       | ath_date, ath_time, ath_datetime| ath_opt_date and its kin        |
 * | TIMESTAMP WITH TIME ZONE | ath_timestamp (UTC)             | ath_opt_timestamp               |
 * | INTERVAL, UUID           | ath_interval, ath_uuid          | ath_opt_interval, ath_opt_uuid  |
 * | JSON                     | ath_json                        | .text == NULL                   |
 * | arrays, a database's own | const char *, char[N]           | as text                         |
 *
 * All functions here are pure and thread-safe.
 */
#ifndef ATHANOR_TYPE_H
#define ATHANOR_TYPE_H

#include <athanor/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- C values --------------------------------------------------------------------------------------------------- */

/* Bytes with a length.  `data` NULL is SQL NULL; an empty value has a non-NULL `data` and `size` 0. */
typedef struct ath_bytes {
    const void *data;
    size_t size;
} ath_bytes;

/* A JSON document as text.  `text` NULL is SQL NULL (JSON null is "null"). */
typedef struct ath_json {
    const char *text;
} ath_json;

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
typedef struct ath_date {
    int32_t days;
} ath_date;

/* Microseconds since midnight, 0 .. 86,399,999,999. */
typedef struct ath_time {
    int64_t us;
} ath_time;

/* A date and time of day without a zone (naive): microseconds since 1970-01-01 00:00:00 of whichever clock. */
typedef struct ath_datetime {
    int64_t us;
} ath_datetime;

/* A moment: microseconds since 1970-01-01 00:00:00 UTC.  A type of its own, so that it is never mistaken for naive. */
typedef struct ath_timestamp {
    int64_t us;
} ath_timestamp;

/* A span as PostgreSQL keeps it: months, days and microseconds do not convert into each other. */
typedef struct ath_interval {
    int32_t months;
    int32_t days;
    int64_t us;
} ath_interval;

/* An exact decimal: (-1)^negative * (high * 2^64 + low) / 10^scale, at most 38 digits, scale 0 .. 38. */
typedef struct ath_decimal {
    uint64_t low, high;
    uint8_t scale;
    bool negative;
} ath_decimal;

typedef struct ath_uuid {
    uint8_t bytes[16]; /* in the order they are written */
} ath_uuid;

/* A scalar that may be NULL.  { 0 } is NULL. */
#define ATH_OPTIONAL(name, type)                                                                                       \
    typedef struct name {                                                                                              \
        type value;                                                                                                    \
        bool has;                                                                                                      \
    } name
ATH_OPTIONAL(ath_opt_bool, bool);
ATH_OPTIONAL(ath_opt_i16, int16_t);
ATH_OPTIONAL(ath_opt_i32, int32_t);
ATH_OPTIONAL(ath_opt_i64, int64_t);
ATH_OPTIONAL(ath_opt_u16, uint16_t);
ATH_OPTIONAL(ath_opt_u32, uint32_t);
ATH_OPTIONAL(ath_opt_u64, uint64_t);
ATH_OPTIONAL(ath_opt_f32, float);
ATH_OPTIONAL(ath_opt_f64, double);
ATH_OPTIONAL(ath_opt_decimal, ath_decimal);
ATH_OPTIONAL(ath_opt_date, ath_date);
ATH_OPTIONAL(ath_opt_time, ath_time);
ATH_OPTIONAL(ath_opt_datetime, ath_datetime);
ATH_OPTIONAL(ath_opt_timestamp, ath_timestamp);
ATH_OPTIONAL(ath_opt_interval, ath_interval);
ATH_OPTIONAL(ath_opt_uuid, ath_uuid);

/* An optional scalar that has the value v: `.age = ath_some(30)`. */
#define ath_some(v)                                                                                                    \
    { .value = (v), .has = true }

/* ---- the tagged value ------------------------------------------------------------------------------------------- */

typedef enum ath_kind {
    ATH_KIND_NULL = 0,
    ATH_KIND_BOOL,
    ATH_KIND_INT,  /* .i */
    ATH_KIND_UINT, /* .u, only for what does not fit int64_t */
    ATH_KIND_REAL,
    ATH_KIND_DECIMAL,
    ATH_KIND_TEXT,
    ATH_KIND_BYTES,
    ATH_KIND_DATE,
    ATH_KIND_TIME,
    ATH_KIND_DATETIME,
    ATH_KIND_TIMESTAMP,
    ATH_KIND_INTERVAL,
    ATH_KIND_UUID,
    ATH_KIND_JSON, /* .text */
    ATH_KIND_ARRAY /* .array: several values bound as one, where the database has arrays */
} ath_kind;

/* UTF-8 text with its length; not necessarily NUL-terminated. */
typedef struct ath_str {
    const char *data;
    size_t size;
} ath_str;

/* One value of any kind.  Text and bytes are borrowed. */
typedef struct ath_value {
    ath_kind kind;
    union {
        bool b;
        int64_t i;
        uint64_t u;
        double d;
        ath_decimal decimal;
        ath_str text;
        ath_bytes bytes;
        ath_date date;
        ath_time time;
        ath_datetime datetime;
        ath_timestamp timestamp;
        ath_interval interval;
        ath_uuid uuid;
        struct {
            const struct ath_value *items;
            size_t count;
        } array;
    } as;
} ath_value;

/* ---- SQL types -------------------------------------------------------------------------------------------------- */

typedef enum ath_sql_type {
    ATH_SQL_INFER = 0, /* from the C field */
    ATH_SQL_BOOLEAN,
    ATH_SQL_SMALLINT,
    ATH_SQL_INTEGER,
    ATH_SQL_BIGINT,
    ATH_SQL_FLOAT,
    ATH_SQL_DOUBLE,
    ATH_SQL_NUMERIC,
    ATH_SQL_STRING, /* VARCHAR */
    ATH_SQL_TEXT,
    ATH_SQL_BINARY,
    ATH_SQL_DATE,
    ATH_SQL_TIME,
    ATH_SQL_DATETIME,
    ATH_SQL_TIMESTAMP, /* with time zone */
    ATH_SQL_INTERVAL,
    ATH_SQL_UUID,
    ATH_SQL_JSON,
    ATH_SQL_ENUM,
    ATH_SQL_ARRAY, /* read and written as text */
    ATH_SQL_NAMED, /* a database's own type, by its name: read and written as text */
    ATH_SQL_TYPE_COUNT
} ath_sql_type;

/* Which of the names of a family a column is declared by.  What a value must fit is decided by the family alone. */
typedef enum ath_type_form {
    ATH_FORM_DEFAULT = 0,
    ATH_FORM_CHAR,             /* CHAR(n) */
    ATH_FORM_NCHAR,            /* NCHAR(n) */
    ATH_FORM_NVARCHAR,         /* NVARCHAR(n) */
    ATH_FORM_CLOB,             /* CLOB */
    ATH_FORM_FIXED_BINARY,     /* BINARY(n) */
    ATH_FORM_VARBINARY,        /* VARBINARY(n) */
    ATH_FORM_REAL,             /* REAL */
    ATH_FORM_DOUBLE_PRECISION, /* DOUBLE PRECISION */
    ATH_FORM_DECIMAL,          /* DECIMAL(p, s) */
    ATH_FORM_JSONB,            /* JSONB */
    ATH_FORM_BARE,             /* NUMERIC(p) without a scale; TIME(0), whose precision would read as "not given" */
    ATH_FORM_COUNT
} ath_type_form;

typedef struct ath_type ath_type;

/* What few types say.  Borrowed by the type that points to it. */
typedef struct ath_type_details {
    const char *spelling;  /* the type as it is written in every database, instead of the family's name */
    const char *name;      /* of an enum: the type that PostgreSQL creates; the name of its CHECK elsewhere */
    const char *schema;    /* of an enum: where PostgreSQL creates it */
    bool plain;            /* of an enum: VARCHAR everywhere, no type of the database's own */
    bool check;            /* of an enum or boolean: CHECK the values where the type does not do so by itself */
    uint8_t dimensions;    /* of an array; 0 counts as 1 */
    const ath_type *item;  /* of an array */
    const char *fields;    /* of an interval: "DAY TO SECOND" */
    const char *collation; /* of text */
    const char *charset;   /* of text, on MySQL */
} ath_type_details;

/* An SQL type with its parameters; zero fields mean "not given".  `names` of an enum and `details` are borrowed and must
 * outlive the column (literals at file scope or in a model's body do: models and tables keep copies). */
struct ath_type {
    ath_sql_type sql;
    uint32_t length;          /* VARCHAR(length), in characters; BINARY(length), in bytes */
    uint8_t precision, scale; /* NUMERIC(precision, scale); FLOAT(precision), TIME(precision) and its kin */
    bool is_unsigned;
    uint8_t form;                    /* ath_type_form */
    uint32_t name_count;             /* of an enum: how many labels */
    const char *const *names;        /* of an enum: its labels, by value from 0 */
    const ath_type_details *details; /* NULL: nothing */
};

#define ATH_BOOLEAN ((ath_type){.sql = ATH_SQL_BOOLEAN})
#define ATH_SMALLINT ((ath_type){.sql = ATH_SQL_SMALLINT})
#define ATH_INTEGER ((ath_type){.sql = ATH_SQL_INTEGER})
#define ATH_BIGINT ((ath_type){.sql = ATH_SQL_BIGINT})
#define ATH_FLOAT ((ath_type){.sql = ATH_SQL_FLOAT})
#define ATH_FLOAT_OF(digits) ((ath_type){.sql = ATH_SQL_FLOAT, .precision = (digits)})
#define ATH_REAL ((ath_type){.sql = ATH_SQL_FLOAT, .form = ATH_FORM_REAL})
#define ATH_DOUBLE ((ath_type){.sql = ATH_SQL_DOUBLE})
#define ATH_DOUBLE_PRECISION ((ath_type){.sql = ATH_SQL_DOUBLE, .form = ATH_FORM_DOUBLE_PRECISION})
#define ATH_NUMERIC(digits, after_point)                                                                               \
    ((ath_type){.sql = ATH_SQL_NUMERIC, .precision = (digits), .scale = (after_point)})
#define ATH_DECIMAL(digits, after_point)                                                                               \
    ((ath_type){.sql = ATH_SQL_NUMERIC, .precision = (digits), .scale = (after_point), .form = ATH_FORM_DECIMAL})
#define ATH_STRING(n) ((ath_type){.sql = ATH_SQL_STRING, .length = (n)})
#define ATH_CHAR(n) ((ath_type){.sql = ATH_SQL_STRING, .length = (n), .form = ATH_FORM_CHAR})
#define ATH_NCHAR(n) ((ath_type){.sql = ATH_SQL_STRING, .length = (n), .form = ATH_FORM_NCHAR})
#define ATH_NVARCHAR(n) ((ath_type){.sql = ATH_SQL_STRING, .length = (n), .form = ATH_FORM_NVARCHAR})
#define ATH_TEXT ((ath_type){.sql = ATH_SQL_TEXT})
#define ATH_CLOB ((ath_type){.sql = ATH_SQL_TEXT, .form = ATH_FORM_CLOB})
#define ATH_BINARY ((ath_type){.sql = ATH_SQL_BINARY})
#define ATH_FIXED_BINARY(n) ((ath_type){.sql = ATH_SQL_BINARY, .length = (n), .form = ATH_FORM_FIXED_BINARY})
#define ATH_VARBINARY(n) ((ath_type){.sql = ATH_SQL_BINARY, .length = (n), .form = ATH_FORM_VARBINARY})
#define ATH_DATE ((ath_type){.sql = ATH_SQL_DATE})
#define ATH_TIME ((ath_type){.sql = ATH_SQL_TIME})
#define ATH_DATETIME ((ath_type){.sql = ATH_SQL_DATETIME})
#define ATH_TIMESTAMP ((ath_type){.sql = ATH_SQL_TIMESTAMP})
#define ATH_INTERVAL ((ath_type){.sql = ATH_SQL_INTERVAL})
/* With `digits` of a second, 0 to 6. */
#define ATH_TIME_OF(digits) ATH_MOMENT_(ATH_SQL_TIME, digits)
#define ATH_DATETIME_OF(digits) ATH_MOMENT_(ATH_SQL_DATETIME, digits)
#define ATH_TIMESTAMP_OF(digits) ATH_MOMENT_(ATH_SQL_TIMESTAMP, digits)
#define ATH_MOMENT_(family, digits)                                                                                    \
    ((ath_type){.sql = (family), .precision = (digits), .form = (digits) ? ATH_FORM_DEFAULT : ATH_FORM_BARE})
/* ATH_INTERVAL_OF("DAY TO SECOND", 3): PostgreSQL's. */
#define ATH_INTERVAL_OF(between, digits)                                                                               \
    ((ath_type){.sql = ATH_SQL_INTERVAL, .precision = (digits), .details = &(ath_type_details){.fields = (between)}})
#define ATH_UUID ((ath_type){.sql = ATH_SQL_UUID})
#define ATH_JSON ((ath_type){.sql = ATH_SQL_JSON})
#define ATH_JSONB ((ath_type){.sql = ATH_SQL_JSON, .form = ATH_FORM_JSONB})
/* An enum kept in the database by label: ATH_ENUM("draft", "published") for a C enum that starts at 0.  Without a name it
 * is ENUM on MySQL and VARCHAR elsewhere. */
#define ATH_ENUM(...)                                                                                                  \
    ((ath_type){.sql = ATH_SQL_ENUM, .names = ATH_LABELS_(__VA_ARGS__), .name_count = ATH_LABEL_COUNT_(__VA_ARGS__)})
/* ATH_ENUM_TYPE("color", "red", "green"): a type of its own on PostgreSQL, created before its first table and dropped
 * behind its last. */
#define ATH_ENUM_TYPE(type_name, ...)                                                                                  \
    ((ath_type){.sql = ATH_SQL_ENUM,                                                                                   \
                .names = ATH_LABELS_(__VA_ARGS__),                                                                     \
                .name_count = ATH_LABEL_COUNT_(__VA_ARGS__),                                                           \
                .details = &(ath_type_details){.name = (type_name)}})
#define ATH_LABELS_(...) ((const char *const[]){__VA_ARGS__})
#define ATH_LABEL_COUNT_(...) ((uint32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))
/* ATH_ARRAY_OF(ATH_INTEGER, 1): an array of one dimension. */
#define ATH_ARRAY_OF(item_type, how_many)                                                                              \
    ((ath_type){.sql = ATH_SQL_ARRAY, .details = &(ath_type_details){.item = &(item_type), .dimensions = (how_many)}})
/* A database's own type, written as it stands: ATH_TYPE_NAMED("INET").  Its values travel as text. */
#define ATH_TYPE_NAMED(as_written)                                                                                     \
    ((ath_type){.sql = ATH_SQL_NAMED, .details = &(ath_type_details){.spelling = (as_written)}})
/* A family under another name: ATH_SPELLED(ATH_SQL_BINARY, "MEDIUMBLOB") holds bytes, ATH_SPELLED(ATH_SQL_SMALLINT,
 * "TINYINT(1)") small integers. */
#define ATH_SPELLED(family, as_written)                                                                                \
    ((ath_type){.sql = (family), .details = &(ath_type_details){.spelling = (as_written)}})
/* With more said: ATH_WITH_DETAILS(ATH_ENUM("a", "b"), .name = "two", .schema = "x", .check = true). */
#define ATH_WITH_DETAILS(type, ...) ath_type_with((type), &(ath_type_details){__VA_ARGS__})
static inline ath_type ath_type_with(ath_type type, const ath_type_details *details) {
    type.details = details;
    return type;
}

/* Which C type a field has.  An optional scalar is the code of its value plus ATH_C_OPTIONAL. */
typedef enum ath_ctype {
    ATH_C_NONE = 0,
    ATH_C_BOOL,
    ATH_C_I16,
    ATH_C_I32,
    ATH_C_I64,
    ATH_C_U16,
    ATH_C_U32,
    ATH_C_U64,
    ATH_C_F32,
    ATH_C_F64,
    ATH_C_DECIMAL,
    ATH_C_DATE,
    ATH_C_TIME,
    ATH_C_DATETIME,
    ATH_C_TIMESTAMP,
    ATH_C_INTERVAL,
    ATH_C_UUID,
    ATH_C_TEXT,  /* const char * */
    ATH_C_CHARS, /* char[N] */
    ATH_C_BYTES,
    ATH_C_JSON,
    ATH_C_OPTIONAL = 32
} ath_ctype;

/* The ath_ctype of an lvalue, decided by the compiler; a type that maps to no column does not compile. */
#define ATH_CTYPE(lvalue)                                                                                              \
    _Generic(&(lvalue),                                                                                              \
        char(*)[sizeof(lvalue)]: ATH_C_CHARS,                                                                        \
        bool *: ATH_C_BOOL,                                                                                          \
        short *: ATH_C_I16,                                                                                          \
        int *: ATH_C_I32,                                                                                            \
        long *: ATH_C_I64,                                                                                           \
        long long *: ATH_C_I64,                                                                                      \
        unsigned short *: ATH_C_U16,                                                                                 \
        unsigned int *: ATH_C_U32,                                                                                   \
        unsigned long *: ATH_C_U64,                                                                                  \
        unsigned long long *: ATH_C_U64,                                                                             \
        float *: ATH_C_F32,                                                                                          \
        double *: ATH_C_F64,                                                                                         \
        ath_decimal *: ATH_C_DECIMAL,                                                                                \
        ath_date *: ATH_C_DATE,                                                                                      \
        ath_time *: ATH_C_TIME,                                                                                      \
        ath_datetime *: ATH_C_DATETIME,                                                                              \
        ath_timestamp *: ATH_C_TIMESTAMP,                                                                            \
        ath_interval *: ATH_C_INTERVAL,                                                                              \
        ath_uuid *: ATH_C_UUID,                                                                                      \
        const char **: ATH_C_TEXT,                                                                                   \
        char **: ATH_C_TEXT,                                                                                         \
        ath_bytes *: ATH_C_BYTES,                                                                                    \
        ath_json *: ATH_C_JSON,                                                                                      \
        ath_opt_bool *: ATH_C_BOOL + ATH_C_OPTIONAL,                                                                 \
        ath_opt_i16 *: ATH_C_I16 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_i32 *: ATH_C_I32 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_i64 *: ATH_C_I64 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_u16 *: ATH_C_U16 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_u32 *: ATH_C_U32 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_u64 *: ATH_C_U64 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_f32 *: ATH_C_F32 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_f64 *: ATH_C_F64 + ATH_C_OPTIONAL,                                                                   \
        ath_opt_decimal *: ATH_C_DECIMAL + ATH_C_OPTIONAL,                                                           \
        ath_opt_date *: ATH_C_DATE + ATH_C_OPTIONAL,                                                                 \
        ath_opt_time *: ATH_C_TIME + ATH_C_OPTIONAL,                                                                 \
        ath_opt_datetime *: ATH_C_DATETIME + ATH_C_OPTIONAL,                                                         \
        ath_opt_timestamp *: ATH_C_TIMESTAMP + ATH_C_OPTIONAL,                                                       \
        ath_opt_interval *: ATH_C_INTERVAL + ATH_C_OPTIONAL,                                                         \
        ath_opt_uuid *: ATH_C_UUID + ATH_C_OPTIONAL)

/* ---- dates and times -------------------------------------------------------------------------------------------- */

/* The longest text the formatters below write, with its NUL. */
enum {
    ATH_DATE_TEXT = 16,
    ATH_TIME_TEXT = 16,
    ATH_DATETIME_TEXT = 40,
    ATH_INTERVAL_TEXT = 80,
    ATH_DECIMAL_TEXT = 44,
    ATH_UUID_TEXT = 37
};

/* Makers.  Month 1-12, day 1-31; a date that does not exist (30 February) gives ATH_DATA and leaves *out alone. */
ATH_API ath_status ath_date_make(int year, int month, int day, ath_date *out);
ATH_API ath_status ath_time_make(int hour, int minute, int second, int microsecond, ath_time *out);
ATH_API ath_status ath_datetime_make(int year, int month, int day, int hour, int minute, int second, int microsecond,
                                     ath_datetime *out);

/* The parts of a date; any out parameter may be NULL. */
ATH_API void ath_date_parts(ath_date date, int *year, int *month, int *day);

/* The present: naive datetime of the system's clock in UTC, and the moment.  Microsecond resolution. */
ATH_API ath_datetime ath_datetime_now(void);
ATH_API ath_timestamp ath_timestamp_now(void);

/* A naive datetime read as UTC, and back. */
static inline ath_timestamp ath_datetime_as_utc(ath_datetime t) {
    return (ath_timestamp){t.us};
}
static inline ath_datetime ath_timestamp_as_utc_datetime(ath_timestamp t) {
    return (ath_datetime){t.us};
}

/* ISO 8601 text: "2024-02-29", "13:05:00.000000", "2024-02-29 13:05:00.000000" (timestamps the same, in UTC),
 * intervals as "P1M2DT3.500000S".  `out` receives at most the sizes above; returns the length written.
 * Years before 0 or after 9999 are written with a sign. */
ATH_API size_t ath_date_format(ath_date date, char out[ATH_DATE_TEXT]);
ATH_API size_t ath_time_format(ath_time time, char out[ATH_TIME_TEXT]);
ATH_API size_t ath_datetime_format(ath_datetime t, char out[ATH_DATETIME_TEXT]);
ATH_API size_t ath_timestamp_format(ath_timestamp t, char out[ATH_DATETIME_TEXT]);
ATH_API size_t ath_interval_format(ath_interval interval, char out[ATH_INTERVAL_TEXT]);

/* Parse ISO 8601 text of `size` bytes: date and time separated by a space or T, fractions of up to 6 digits (more are
 * refused unless zero), seconds optional.  A timestamp may end in Z or +HH:MM, which is applied; without one it is UTC.
 * A naive datetime with a zone is refused.  ATH_DATA on anything else; *out is then left alone. */
ATH_API ath_status ath_date_parse(const char *text, size_t size, ath_date *out);
ATH_API ath_status ath_time_parse(const char *text, size_t size, ath_time *out);
ATH_API ath_status ath_datetime_parse(const char *text, size_t size, ath_datetime *out);
ATH_API ath_status ath_timestamp_parse(const char *text, size_t size, ath_timestamp *out);
ATH_API ath_status ath_interval_parse(const char *text, size_t size, ath_interval *out);

/* ---- decimals ---------------------------------------------------------------------------------------------------- */

/* "-12.340" -> -12340 with scale 3; an exponent ("1e3") is understood.  ATH_DATA when it is no number or has more than
 * 38 digits. */
ATH_API ath_status ath_decimal_parse(const char *text, size_t size, ath_decimal *out);
/* Writes all digits of the scale: 12.340.  Returns the length. */
ATH_API size_t ath_decimal_format(ath_decimal decimal, char out[ATH_DECIMAL_TEXT]);
ATH_API ath_decimal ath_decimal_from_int(int64_t value);
/* The same number with another scale.  ATH_DATA when digits would be lost or 38 digits do not hold it. */
ATH_API ath_status ath_decimal_rescale(ath_decimal decimal, uint8_t scale, ath_decimal *out);
/* <0, 0, >0 as memcmp; 1.0 equals 1.00. */
ATH_API int ath_decimal_compare(ath_decimal a, ath_decimal b);
/* The nearest double; loses digits beyond about 15. */
ATH_API double ath_decimal_to_double(ath_decimal decimal);

/* ---- uuids ------------------------------------------------------------------------------------------------------- */

/* With or without hyphens, any case.  ATH_DATA otherwise. */
ATH_API ath_status ath_uuid_parse(const char *text, size_t size, ath_uuid *out);
/* "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"; returns 36. */
ATH_API size_t ath_uuid_format(ath_uuid uuid, char out[ATH_UUID_TEXT]);
/* A random uuid (version 4, RFC 9562) from the kernel's generator.  ATH_OPERATIONAL when that fails. */
ATH_API ath_status ath_uuid_random(ath_uuid *out);

#ifdef __cplusplus
}
#endif

#endif
