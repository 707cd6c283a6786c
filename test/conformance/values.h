/* SPDX-License-Identifier: Apache-2.0
 *
 * One table with a column of every type, and values for each: the edges of its range, and random ones.
 */
#ifndef ATH_TEST_CONFORMANCE_VALUES_H
#define ATH_TEST_CONFORMANCE_VALUES_H

#include <athanor/athanor.h>
#include <stdbool.h>

typedef enum Mood { CALM, ANGRY, ITS_FINE, SPACED } Mood;

/* Every field but the key can be NULL, bar the last two. */
typedef struct Values {
    int64_t id;
    ath_opt_bool b;
    ath_opt_i16 i16;
    ath_opt_i32 i32;
    ath_opt_i64 i64;
    ath_opt_u16 u16;
    ath_opt_u32 u32;
    ath_opt_u64 u64;
    ath_opt_f32 f32;
    ath_opt_f64 f64;
    ath_opt_decimal wide, whole, money;
    const char *word, *text;
    ath_bytes bytes;
    ath_opt_date date;
    ath_opt_time time;
    ath_opt_datetime datetime;
    ath_opt_timestamp timestamp;
    ath_opt_interval span;
    ath_opt_uuid uuid;
    ath_json json;
    Mood mood;
    char chars[16];
} Values;

ATH_DECLARE(Values);
ATH_DECLARE_METADATA(ValueTables);

/* The columns behind the key, by index. */
size_t values_columns(void);
const char *values_column_name(size_t column);
ath_type values_column_type(size_t column);
/* Says the column again in another model's body, with other options. */
void values_define(ath_mapper *mapper, size_t column, const ath_column_opts *opts);
/* An expression for the column. */
ath_expr values_column(size_t column);

/* Edge value `at` of the column; false behind the last.  Text lives as long as the process. */
bool values_edge(size_t column, size_t at, ath_value *out);
/* A random value; text lives until the call after the 64th. */
ath_value values_random(size_t column, uint64_t (*random)(void));
/* Whether a database of that name may refuse the value, because it has no room for it; it must not change it. */
bool values_may_refuse(const char *database, size_t column, const ath_value *value);
/* Edge values in turn, without those that the database may refuse. */
ath_value values_turn(size_t column, size_t row, const char *database);
/* Whether equality in SQL finds it: not for JSON, NaN and FLOAT. */
bool values_can_be_sought(size_t column, const ath_value *value);
bool values_same(const ath_value *a, const ath_value *b);
/* The value for messages; one of four turning buffers. */
const char *values_print(const ath_value *value);

/* Through the struct: the field, as a value, and back.  ATH_DATA when the field cannot hold it. */
ath_status values_into(size_t column, Values *object, const ath_value *value);
ath_status values_out_of(size_t column, const Values *object, ath_value *out);
void values_forget(void); /* frees what values_into took */

#endif
