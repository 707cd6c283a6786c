/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `type`, for the floors above: between a C field and an ath_value, and between an ath_value and an SQL type.
 */
#ifndef ATH_TYPE_TYPE_H
#define ATH_TYPE_TYPE_H

#include "base/base.h"

#include <athanor/type.h>

/* ---- names.c ---- */

/* "INTEGER", "VARCHAR" ...: the neutral name, for messages. */
const char *ath__sql_type_name(ath_sql_type sql);
/* SMALLINT, INTEGER or BIGINT. */
static inline bool ath__sql_is_integer(ath_sql_type sql) {
    return sql == ATH_SQL_SMALLINT || sql == ATH_SQL_INTEGER || sql == ATH_SQL_BIGINT;
}
/* "int64_t", "ath_opt_i32", "char[]" ... */
const char *ath__ctype_name(ath_ctype ctype);
/* "text", "integer" ... */
const char *ath__kind_name(ath_kind kind);

/* ---- copy.c ---- */

/* Copies all that the type points to into the arena.  False when memory ran out; the type is then half a copy. */
bool ath__type_copy(ath_type *type, ath__arena *arena);

/* ---- codec.c: hops 6/7 and 3 for one field ---- */

/* Whether the double becomes a finite float.  The greatest, printed with as few digits as name it, is a little above it. */
static inline bool ath__is_float(double d) {
    return d < 0x1.ffffffp127 && d > -0x1.ffffffp127;
}

/* Size of a field of that C type; 0 for ATH_C_CHARS, whose size the model knows. */
size_t ath__ctype_size(ath_ctype ctype);
/* Whether a field can say NULL at all. */
bool ath__ctype_nullable(ath_ctype ctype);
/* The SQL type that a C type stands for when the model names none.  char[N] gives VARCHAR(N-1). */
ath_type ath__ctype_infer(ath_ctype ctype, size_t field_size);
/* Whether a column of that SQL type can be kept in a field of that C type (an integer column in an integer or bool
 * field of any width: range is checked per value; VARCHAR(n) in char[N] only when N > n). */
bool ath__ctype_holds(ath_ctype ctype, size_t field_size, const ath_type *type);

/* Reads the field into *out; text and bytes are borrowed from it.  An enum column (type->sql == ATH_SQL_ENUM) gives the
 * label.  ATH_DATA, saying why, when an enum value has no label, a decimal or a time of day is out of range, or char[N]
 * has no NUL. */
ath_status ath__field_get(ath_ctype ctype, size_t field_size, const ath_type *type, const void *field, ath_value *out,
                          ath_error *error);
/* Writes a value that came from a database into the field.  The value may have any kind the database offers: text is
 * parsed for dates, decimals, uuids; integers stand for booleans; labels for enums.  Text and bytes are copied into
 * the arena, NUL-terminated.  ATH_DATA, leaving the field alone, when it does not fit: NULL into a field that cannot
 * say NULL, 300 into int8, 100 characters into char[50], invalid UTF-8, a NUL inside `const char *` text. */
ath_status ath__field_set(ath_ctype ctype, size_t field_size, const ath_type *type, void *field, const ath_value *in,
                          ath__arena *arena, ath_error *error);
/* ---- fields.c: hop 7 for a whole row ---- */

/* Where one cell goes.  `step` is fields.c's own. */
typedef struct ath__field {
    uint32_t offset, size;
    ath_ctype ctype;
    uint8_t step;
    bool whole;           /* every value of the C type fits the SQL type */
    const ath_type *type; /* never NULL; borrowed */
} ath__field;

void ath__field_init(ath__field *field, uint32_t offset, uint32_t size, ath_ctype ctype, const ath_type *type);
/* The way back, for values that need no looking at: true when *out is what ath__field_get and ath__value_coerce would give.
 * Text is copied into the arena and the field then points to the copy.  False: ask those two. */
bool ath__field_take(const ath__field *field, void *object, ath__arena *arena, ath_value *out);
/* Writes cells[i] into fields[i] of the object, each as ath__field_set does.  Returns `count`, or the index of the field
 * that failed, with *error filled in; the object's fields are then undefined. */
size_t ath__fields_set(const ath__field *fields, size_t count, void *object, const ath_value *cells, ath__arena *arena,
                       ath_error *error);

/* Whether two fields hold the same value (text by content, padding ignored, NaN equal to itself). */
bool ath__field_equal(ath_ctype ctype, size_t field_size, const void *a, const void *b);
/* The bytes of a field that are its value: without padding, whose bytes are anybody's.  How many runs of them. */
typedef struct ath__span {
    uint32_t offset, size;
    bool is_text; /* up to a NUL alone */
} ath__span;
size_t ath__field_spans(ath_ctype ctype, size_t field_size, ath__span out[2]);

/* Measures text that a program gave by pointer alone (its size is SIZE_MAX until now). */
static inline void ath__value_measure(ath_value *value) {
    if ((value->kind == ATH_KIND_TEXT || value->kind == ATH_KIND_JSON) && value->as.text.size == SIZE_MAX)
        value->as.text.size = strlen(value->as.text.data);
}

/* ---- coerce.c ---- */

/* Makes *value fit the column type it stands beside (rule 6): integers widen or are range-checked against the SQL type
 * and its signedness, reals take integers, decimals take integers and text and are checked for precision and scale,
 * text is checked for UTF-8 and length (in characters), labels are checked, dates and times and uuids take ISO text.
 * NULL always fits.  What needs memory takes it from `arena`.  ATH_DATA says the value's kind and why. */
ath_status ath__value_coerce(ath_value *value, const ath_type *type, ath__arena *arena, ath_error *error);

/* The value as `kind`, where nothing is lost by it; what a database offers for a column of that kind is understood:
 * 0 and 1 for booleans, integral reals and decimals for integers (ATH_KIND_INT may give ATH_KIND_UINT), reals for
 * decimals by their 15 digits, ISO text for dates and times, 16 bytes or text for uuids.  Text and bytes stay borrowed.
 * ATH_DATA otherwise; *out is then left alone.  `out` may be `in`. */
ath_status ath__value_convert(const ath_value *in, ath_kind kind, ath_value *out, ath_error *error);

/* ---- print.c ---- */

enum { ATH__REAL_TEXT = 32 };

/* The shortest text that reads back as the same double, with a point whatever the locale is; "inf", "-inf", "nan".
 * With `digits` above 0, that many significant digits at most.  Returns the length. */
size_t ath__real_format(double value, int digits, char out[ATH__REAL_TEXT]);

/* The text of a number with a point, a date or time, an interval or a uuid, as the public formatters write it; returns
 * its length, 0 for other kinds. */
size_t ath__value_format(const ath_value *value, char out[ATH_INTERVAL_TEXT]);
/* Appends the value for people: 'text' quoted and cut at `max` characters, bytes as <n bytes>, NULL.  For echo. */
void ath__value_print(ath__buf *buf, const ath_value *value, size_t max);

/* Values of any kinds compare equal when they are the same value (1 and 1u too). */
bool ath__value_equal(const ath_value *a, const ath_value *b);

#endif
