/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields to values and back: every C type, every boundary, what a database may offer, and that a refused value leaves
 * its field alone.
 */
#include "../test.h"

#include "../base/counting.h"
#include "type/type.h"
#include "values.h"

/* One field of each C type; the tests address it by its code. */
typedef struct everything {
    bool b;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    float f32;
    double f64;
    ath_decimal decimal;
    ath_date date;
    ath_time time;
    ath_datetime datetime;
    ath_timestamp timestamp;
    ath_interval interval;
    ath_uuid uuid;
    const char *text;
    char chars[6];
    ath_bytes bytes;
    ath_json json;
    ath_opt_bool opt_b;
    ath_opt_i16 opt_i16;
    ath_opt_i32 opt_i32;
    ath_opt_i64 opt_i64;
    ath_opt_u16 opt_u16;
    ath_opt_u32 opt_u32;
    ath_opt_u64 opt_u64;
    ath_opt_f32 opt_f32;
    ath_opt_f64 opt_f64;
    ath_opt_decimal opt_decimal;
    ath_opt_date opt_date;
    ath_opt_time opt_time;
    ath_opt_datetime opt_datetime;
    ath_opt_timestamp opt_timestamp;
    ath_opt_interval opt_interval;
    ath_opt_uuid opt_uuid;
} everything;

typedef struct field {
    int ctype;
    size_t offset, size;
} field;

#define MEMBER(name) (((everything *)NULL)->name) /* never evaluated */
#define FIELD(name)                                                                                                    \
    { ATH_CTYPE(MEMBER(name)), offsetof(everything, name), sizeof MEMBER(name) }

static const field fields[] = {
    FIELD(b),        FIELD(i16),      FIELD(i32),          FIELD(i64),           FIELD(u16),
    FIELD(u32),      FIELD(u64),      FIELD(f32),          FIELD(f64),           FIELD(decimal),
    FIELD(date),     FIELD(time),     FIELD(datetime),     FIELD(timestamp),     FIELD(interval),
    FIELD(uuid),     FIELD(text),     FIELD(chars),        FIELD(bytes),         FIELD(json),
    FIELD(opt_b),    FIELD(opt_i16),  FIELD(opt_i32),      FIELD(opt_i64),       FIELD(opt_u16),
    FIELD(opt_u32),  FIELD(opt_u64),  FIELD(opt_f32),      FIELD(opt_f64),       FIELD(opt_decimal),
    FIELD(opt_date), FIELD(opt_time), FIELD(opt_datetime), FIELD(opt_timestamp), FIELD(opt_interval),
    FIELD(opt_uuid),
};

static const field *field_of(int ctype) {
    for (size_t i = 0; i < TEST_COUNT(fields); i++) {
        if (fields[i].ctype == ctype)
            return &fields[i];
    }
    CHECK_INT(ctype, -1);
    return &fields[0];
}

static void *at(everything *row, const field *f) {
    return (char *)row + f->offset;
}

static const char *const labels[] = {"draft", "published"};
#define LABELS                                                                                                         \
    { .sql = ATH_SQL_ENUM, .names = labels, .name_count = 2 }
#define INFER                                                                                                          \
    { .sql = ATH_SQL_INFER }

/* A value that a database offers for a field, and what the field then says; NULL where it is refused. */
static const struct {
    int ctype;
    ath_value value;
    const char *text;
    ath_type type;
} rows[] = {
    {ATH_C_BOOL, V_BOOL(true), "true", INFER},
    {ATH_C_BOOL, V_INT(1), "true", INFER},
    {ATH_C_BOOL, V_INT(0), "false", INFER},
    {ATH_C_BOOL, V_INT(2), NULL, INFER},
    {ATH_C_BOOL, V_TEXT("true"), NULL, INFER},
    {ATH_C_BOOL, V_NULL, NULL, INFER},

    {ATH_C_I16, V_INT(INT16_MAX), "32767", INFER},
    {ATH_C_I16, V_INT(INT16_MIN), "-32768", INFER},
    {ATH_C_I16, V_INT(INT16_MAX + 1), NULL, INFER},
    {ATH_C_I16, V_INT(INT16_MIN - 1), NULL, INFER},
    {ATH_C_I32, V_INT(INT32_MAX), "2147483647", INFER},
    {ATH_C_I32, V_INT(INT32_MIN), "-2147483648", INFER},
    {ATH_C_I32, V_INT(INT32_MAX + INT64_C(1)), NULL, INFER},
    {ATH_C_I32, V_INT(INT32_MIN - INT64_C(1)), NULL, INFER},
    {ATH_C_I32, V_UINT(UINT64_MAX), NULL, INFER},
    {ATH_C_I64, V_INT(INT64_MAX), "9223372036854775807", INFER},
    {ATH_C_I64, V_INT(INT64_MIN), "-9223372036854775808", INFER},
    {ATH_C_I64, V_UINT(UINT64_C(1) << 63), NULL, INFER},
    {ATH_C_I64, V_REAL(0x1p63), NULL, INFER},
    {ATH_C_I64, V_UINT(7), "7", INFER},
    {ATH_C_U16, V_INT(UINT16_MAX), "65535", INFER},
    {ATH_C_U16, V_INT(UINT16_MAX + 1), NULL, INFER},
    {ATH_C_U16, V_INT(-1), NULL, INFER},
    {ATH_C_U32, V_INT(UINT32_MAX), "4294967295", INFER},
    {ATH_C_U32, V_INT(UINT32_MAX + INT64_C(1)), NULL, INFER},
    {ATH_C_U32, V_INT(-1), NULL, INFER},
    {ATH_C_U64, V_UINT(UINT64_MAX), "18446744073709551615", INFER},
    {ATH_C_U64, V_INT(INT64_MAX), "9223372036854775807", INFER},
    {ATH_C_U64, V_INT(-1), NULL, INFER},
    {ATH_C_I32, V_BOOL(true), "1", INFER},
    {ATH_C_I32, V_REAL(3.0), "3", INFER},
    {ATH_C_I32, V_REAL(3.5), NULL, INFER},
    {ATH_C_I32, V_REAL(1e300), NULL, INFER},
    {ATH_C_I64, V_DECIMAL(false, 4200, 2), "42", INFER},
    {ATH_C_I64, V_DECIMAL(false, 4201, 2), NULL, INFER},
    {ATH_C_I32, V_TEXT("3"), NULL, INFER},
    {ATH_C_I32, V_NULL, NULL, INFER},

    {ATH_C_F64, V_REAL(0.1), "0.1", INFER},
    {ATH_C_F64, V_INT(-3), "-3", INFER},
    {ATH_C_F64, V_UINT(UINT64_C(1) << 63), "9.223372036854776e+18", INFER},
    {ATH_C_F64, V_DECIMAL(false, 15, 1), "1.5", INFER},
    {ATH_C_F64, V_TEXT("1.5"), NULL, INFER},
    {ATH_C_F32, V_REAL(0.5), "0.5", INFER},
    {ATH_C_F32, V_REAL(1e39), NULL, INFER},
    {ATH_C_F32, V_REAL(-1e39), NULL, INFER},
    {ATH_C_F32, V_REAL((double)INFINITY), "inf", INFER},
    {ATH_C_F32, V_REAL((double)NAN), "nan", INFER},
    {ATH_C_F64, V_NULL, NULL, INFER},

    {ATH_C_DECIMAL, V_DECIMAL(true, 1234, 2), "-12.34", INFER},
    {ATH_C_DECIMAL, V_INT(5), "5", INFER},
    {ATH_C_DECIMAL, V_INT(5), "5.00", {.sql = ATH_SQL_NUMERIC, .precision = 10, .scale = 2}},
    {ATH_C_DECIMAL, V_REAL(12.5), "12.50", {.sql = ATH_SQL_NUMERIC, .precision = 10, .scale = 2}},
    {ATH_C_DECIMAL, V_REAL(0.125), "0.125", {.sql = ATH_SQL_NUMERIC, .precision = 10, .scale = 2}},
    {ATH_C_DECIMAL, V_REAL(0.1 + 0.2), "0.3", INFER},
    {ATH_C_DECIMAL, V_TEXT("12.340"), "12.340", INFER},
    {ATH_C_DECIMAL, V_TEXT("99999999999999999999999999999999999999"), "99999999999999999999999999999999999999", INFER},
    {ATH_C_DECIMAL, V_TEXT("999999999999999999999999999999999999999"), NULL, INFER},
    {ATH_C_DECIMAL, V_TEXT("x"), NULL, INFER},
    {ATH_C_DECIMAL, V_BOOL(true), NULL, INFER},
    {ATH_C_DECIMAL, V_UINT(UINT64_MAX), "18446744073709551615", INFER},
    {ATH_C_DECIMAL, V_REAL((double)NAN), NULL, INFER},
    {ATH_C_DECIMAL, V_NULL, NULL, INFER},

    {ATH_C_DATE, V_DATE(INT32_MIN), "'-5877641-06-23'", INFER},
    {ATH_C_DATE, V_TEXT("2024-02-29"), "'2024-02-29'", INFER},
    {ATH_C_DATE, V_TEXT("2023-02-29"), NULL, INFER},
    {ATH_C_DATE, V_INT(5), NULL, INFER},
    {ATH_C_TIME, V_TIME(INT64_C(86399999999)), "'23:59:59.999999'", INFER},
    {ATH_C_TIME, V_TIME(INT64_C(86400000000)), NULL, INFER},
    {ATH_C_TIME, V_TIME(-1), NULL, INFER},
    {ATH_C_TIME, V_TEXT("13:05"), "'13:05:00.000000'", INFER},
    {ATH_C_DATETIME, V_DATETIME(INT64_MIN), "'-290308-12-21 19:59:05.224192'", INFER},
    {ATH_C_DATETIME, V_TEXT("2024-02-29 13:05:00.123456"), "'2024-02-29 13:05:00.123456'", INFER},
    {ATH_C_DATETIME, V_TEXT("2024-02-29 13:05:00Z"), NULL, INFER},
    {ATH_C_DATETIME, V_TIMESTAMP(5), NULL, INFER},
    {ATH_C_TIMESTAMP, V_TIMESTAMP(5), "'1970-01-01 00:00:00.000005'", INFER},
    {ATH_C_TIMESTAMP, V_DATETIME(5), "'1970-01-01 00:00:00.000005'", INFER},
    {ATH_C_TIMESTAMP, V_TEXT("1970-01-01 01:00:00+01"), "'1970-01-01 00:00:00.000000'", INFER},
    {ATH_C_INTERVAL, V_INTERVAL(1, 2, 3), "'P1M2DT0.000003S'", INFER},
    {ATH_C_INTERVAL, V_TEXT("P1Y"), "'P12M'", INFER},
    {ATH_C_INTERVAL, V_TEXT("1 year"), NULL, INFER},

    {ATH_C_UUID, V_UUID(1), "'01000000-0000-0000-0000-000000000000'", INFER},
    {ATH_C_UUID, V_TEXT("01000000000000000000000000000000"), "'01000000-0000-0000-0000-000000000000'", INFER},
    {ATH_C_UUID, V_TEXT("01000000-0000-0000-0000-000000000000"), "'01000000-0000-0000-0000-000000000000'", INFER},
    {ATH_C_UUID, V_BYTES("0123456789abcdef"), "'30313233-3435-3637-3839-616263646566'", INFER},
    {ATH_C_UUID, V_BYTES("0123456789abcdefg"), NULL, INFER},
    {ATH_C_UUID, V_INT(1), NULL, INFER},

    {ATH_C_TEXT, V_TEXT("abc"), "'abc'", INFER},
    {ATH_C_TEXT, V_TEXT(""), "''", INFER},
    {ATH_C_TEXT, V_NULL, "NULL", INFER},
    {ATH_C_TEXT, V_TEXT("a\0b"), NULL, INFER},
    {ATH_C_TEXT, V_TEXT("abcdefgh\xff"), NULL, INFER},
    {ATH_C_TEXT, V_TEXT("\xed\xa0\x80"), NULL, INFER},
    {ATH_C_TEXT, V_JSON("[1]"), "'[1]'", {.sql = ATH_SQL_JSON}},
    {ATH_C_TEXT, V_INT(5), "'5'", {.sql = ATH_SQL_JSON}},
    {ATH_C_TEXT, V_INT(5), NULL, {.sql = ATH_SQL_TEXT}},
    {ATH_C_TEXT, V_BYTES("abc"), NULL, INFER},
    {ATH_C_CHARS, V_TEXT("abcde"), "'abcde'", INFER},
    {ATH_C_CHARS, V_TEXT("abcdef"), NULL, INFER},
    {ATH_C_CHARS, V_TEXT(""), "''", INFER},
    {ATH_C_CHARS, V_TEXT("\xc3\xa9\xc3\xa9"), "'\xc3\xa9\xc3\xa9'", INFER},
    {ATH_C_CHARS, V_TEXT("\xc3\xa9\xc3\xa9\xc3\xa9"), NULL, INFER},
    {ATH_C_CHARS, V_NULL, NULL, INFER},
    {ATH_C_BYTES, V_BYTES("\0\xff"), "<2 bytes>", INFER},
    {ATH_C_BYTES, V_BYTES(""), "<0 bytes>", INFER},
    {ATH_C_BYTES, V_TEXT("abc"), "<3 bytes>", INFER},
    {ATH_C_BYTES, V_NULL, "NULL", INFER},
    {ATH_C_BYTES, V_INT(1), NULL, INFER},
    {ATH_C_JSON, V_JSON("{}"), "'{}'", INFER},
    {ATH_C_JSON, V_TEXT("{}"), "'{}'", INFER},
    {ATH_C_JSON, V_INT(-5), "'-5'", INFER},
    {ATH_C_JSON, V_REAL(0.1), "'0.1'", INFER},
    {ATH_C_JSON, V_REAL((double)INFINITY), NULL, INFER},
    {ATH_C_JSON, V_NULL, "NULL", INFER},
    {ATH_C_JSON, V_BYTES("{}"), "'{}'", INFER},

    {ATH_C_I32, V_TEXT("published"), "'published'", LABELS},
    {ATH_C_I32, V_INT(1), "'published'", LABELS},
    {ATH_C_U32, V_TEXT("draft"), "'draft'", LABELS},
    {ATH_C_I32, V_INT(2), NULL, LABELS},
    {ATH_C_I32, V_TEXT("unknown"), NULL, LABELS},
    {ATH_C_I32, V_NULL, NULL, LABELS},
    {ATH_C_I32, V_TEXT("any"), NULL, {.sql = ATH_SQL_ENUM}},
    {ATH_C_TEXT, V_TEXT("published"), "'published'", LABELS},
    {ATH_C_TEXT, V_INT(0), "'draft'", LABELS},
    {ATH_C_TEXT, V_TEXT("unknown"), NULL, LABELS},
    {ATH_C_CHARS, V_TEXT("draft"), "'draft'", LABELS},
    {ATH_C_CHARS, V_TEXT("published"), NULL, LABELS},
};

static void check_printed(const ath_value *value, const char *text) {
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__value_print(&buf, value, 100);
    CHECK_STR(ath__buf_text(&buf), text);
    ath__buf_done(&buf);
}

/* Sets the field, reads it back, and looks that nothing beside it was touched. */
static void check_row(size_t i, int ctype, const char *text, ath__arena *arena) {
    everything row, before;
    const field *f = field_of(ctype);
    ath_error error;
    ath_value back = V_NULL;
    memset(&row, 0x5a, sizeof row);
    before = row;
    ath_error_clear(&error);
    test_context("row %zu: %s", i, ath__ctype_name((ath_ctype)ctype));
    ath_status status =
        ath__field_set((ath_ctype)ctype, f->size, &rows[i].type, at(&row, f), &rows[i].value, arena, &error);
    CHECK_INT(status, text != NULL ? ATH_OK : ATH_DATA);
    CHECK_INT(error.status, status);
    if (text == NULL) {
        CHECK(memcmp(&row, &before, sizeof row) == 0);
        CHECK(error.message[0] != '\0');
        return;
    }
    CHECK(memcmp(&row, &before, f->offset) == 0);
    CHECK(memcmp((char *)&row + f->offset + f->size, (char *)&before + f->offset + f->size,
                 sizeof row - f->offset - f->size) == 0);
    CHECK_INT(ath__field_get((ath_ctype)ctype, f->size, &rows[i].type, at(&row, f), &back, &error), ATH_OK);
    check_printed(&back, text);
    CHECK(ath__field_equal((ath_ctype)ctype, f->size, at(&row, f), at(&row, f)));
}

TEST(set_and_get) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    for (size_t i = 0; i < TEST_COUNT(rows); i++)
        check_row(i, rows[i].ctype, rows[i].text, &arena);
    ath__arena_done(&arena);
}

/* The same table for the optional scalars, which take NULL in addition. */
TEST(set_and_get_optional) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        if (rows[i].ctype <= ATH_C_UUID)
            check_row(i, rows[i].ctype + ATH_C_OPTIONAL, rows[i].value.kind == ATH_KIND_NULL ? "NULL" : rows[i].text,
                      &arena);
    }
    ath__arena_done(&arena);
}

TEST(sizes_and_null) {
    for (size_t i = 0; i < TEST_COUNT(fields); i++) {
        ath_ctype ctype = (ath_ctype)fields[i].ctype;
        bool nullable =
            fields[i].ctype > ATH_C_OPTIONAL || ctype == ATH_C_TEXT || ctype == ATH_C_BYTES || ctype == ATH_C_JSON;
        test_context("%s", ath__ctype_name(ctype));
        CHECK_INT(ath__ctype_size(ctype), ctype == ATH_C_CHARS ? 0 : fields[i].size);
        CHECK_INT(ath__ctype_nullable(ctype), nullable);
    }
}

TEST(inferred_types) {
    static const struct {
        int ctype;
        size_t size;
        ath_sql_type sql;
        uint32_t length;
        bool is_unsigned;
    } inferred[] = {
        {ATH_C_BOOL, 1, ATH_SQL_BOOLEAN, 0, false},       {ATH_C_I16, 2, ATH_SQL_SMALLINT, 0, false},
        {ATH_C_I32, 4, ATH_SQL_INTEGER, 0, false},        {ATH_C_I64, 8, ATH_SQL_BIGINT, 0, false},
        {ATH_C_U16, 2, ATH_SQL_SMALLINT, 0, true},        {ATH_C_U32, 4, ATH_SQL_INTEGER, 0, true},
        {ATH_C_U64, 8, ATH_SQL_BIGINT, 0, true},          {ATH_C_F32, 4, ATH_SQL_FLOAT, 0, false},
        {ATH_C_F64, 8, ATH_SQL_DOUBLE, 0, false},         {ATH_C_DECIMAL, 24, ATH_SQL_NUMERIC, 0, false},
        {ATH_C_DATE, 4, ATH_SQL_DATE, 0, false},          {ATH_C_TIME, 8, ATH_SQL_TIME, 0, false},
        {ATH_C_DATETIME, 8, ATH_SQL_DATETIME, 0, false},  {ATH_C_TIMESTAMP, 8, ATH_SQL_TIMESTAMP, 0, false},
        {ATH_C_INTERVAL, 16, ATH_SQL_INTERVAL, 0, false}, {ATH_C_UUID, 16, ATH_SQL_UUID, 0, false},
        {ATH_C_TEXT, 8, ATH_SQL_STRING, 0, false},        {ATH_C_CHARS, 51, ATH_SQL_STRING, 50, false},
        {ATH_C_BYTES, 16, ATH_SQL_BINARY, 0, false},      {ATH_C_JSON, 8, ATH_SQL_JSON, 0, false},
    };
    for (size_t i = 0; i < TEST_COUNT(inferred); i++) {
        ath_type type = ath__ctype_infer((ath_ctype)inferred[i].ctype, inferred[i].size);
        test_context("%s", ath__ctype_name((ath_ctype)inferred[i].ctype));
        CHECK_INT(type.sql, inferred[i].sql);
        CHECK_INT(type.length, inferred[i].length);
        CHECK_INT(type.is_unsigned, inferred[i].is_unsigned);
        CHECK(ath__ctype_holds((ath_ctype)inferred[i].ctype, inferred[i].size, &type));
        if (inferred[i].ctype <= ATH_C_UUID) {
            ath_type optional = ath__ctype_infer((ath_ctype)(inferred[i].ctype + ATH_C_OPTIONAL), 40);
            CHECK_INT(optional.sql, inferred[i].sql);
        }
    }
}

/* Per C type, the SQL types it holds; char[6] stands for all sizes here. */
TEST(held_types) {
#define B(name) (1U << ATH_SQL_##name)
    static const uint32_t integers = B(BOOLEAN) | B(SMALLINT) | B(INTEGER) | B(BIGINT);
    static const uint32_t reals = B(FLOAT) | B(DOUBLE) | B(NUMERIC);
    const struct {
        int ctype;
        uint32_t held;
    } held[] = {
        {ATH_C_BOOL, integers},
        {ATH_C_I16, integers | B(ENUM)},
        {ATH_C_I32, integers | B(ENUM)},
        {ATH_C_I64, integers | B(ENUM)},
        {ATH_C_U16, integers | B(ENUM)},
        {ATH_C_U32, integers | B(ENUM)},
        {ATH_C_U64, integers | B(ENUM)},
        {ATH_C_F32, reals},
        {ATH_C_F64, reals},
        {ATH_C_DECIMAL, B(NUMERIC)},
        {ATH_C_DATE, B(DATE)},
        {ATH_C_TIME, B(TIME)},
        {ATH_C_DATETIME, B(DATETIME)},
        {ATH_C_TIMESTAMP, B(TIMESTAMP)},
        {ATH_C_INTERVAL, B(INTERVAL)},
        {ATH_C_UUID, B(UUID)},
        {ATH_C_TEXT, B(STRING) | B(TEXT) | B(ENUM) | B(JSON) | B(ARRAY) | B(NAMED)},
        {ATH_C_CHARS, B(STRING) | B(TEXT) | B(ENUM) | B(ARRAY) | B(NAMED)},
        {ATH_C_BYTES, B(BINARY)},
        {ATH_C_JSON, B(JSON)},
    };
#undef B
    for (size_t i = 0; i < TEST_COUNT(held); i++) {
        for (int sql = 0; sql < ATH_SQL_TYPE_COUNT; sql++) {
            const ath_type type = {.sql = (ath_sql_type)sql};
            test_context("%s, %s", ath__ctype_name((ath_ctype)held[i].ctype), ath__sql_type_name(type.sql));
            CHECK_INT(ath__ctype_holds((ath_ctype)held[i].ctype, 6, &type), held[i].held >> sql & 1);
        }
    }
    test_context("%s", "");
    CHECK(ath__ctype_holds(ATH_C_CHARS, 51, &ATH_STRING(50)));
    CHECK(!ath__ctype_holds(ATH_C_CHARS, 50, &ATH_STRING(50)));
    const ath_type named = LABELS;
    CHECK(ath__ctype_holds(ATH_C_CHARS, 10, &named));
    CHECK(!ath__ctype_holds(ATH_C_CHARS, 9, &named));
    CHECK(ath__ctype_holds((ath_ctype)(ATH_C_I32 + ATH_C_OPTIONAL), 8, &ATH_BIGINT));
}

TEST(fields_that_say_nothing_sensible) {
    everything row;
    ath_value out = V_INT(77);
    ath_error error;
    const ath_type named = LABELS;
    memset(&row, 0, sizeof row);
    memset(row.chars, 'x', sizeof row.chars);
    CHECK_INT(ath__field_get(ATH_C_CHARS, sizeof row.chars, &ATH_TEXT, row.chars, &out, &error), ATH_DATA);
    CHECK(strstr(error.message, "NUL") != NULL);
    row.time.us = -1;
    CHECK_INT(ath__field_get(ATH_C_TIME, 8, &ATH_TIME, &row.time, &out, &error), ATH_DATA);
    row.time.us = INT64_C(86400000000);
    CHECK_INT(ath__field_get(ATH_C_TIME, 8, &ATH_TIME, &row.time, &out, &error), ATH_DATA);
    row.opt_time = (ath_opt_time)ath_some(row.time);
    CHECK_INT(ath__field_get((ath_ctype)(ATH_C_TIME + ATH_C_OPTIONAL), 16, &ATH_TIME, &row.opt_time, &out, &error),
              ATH_DATA);
    row.decimal.scale = 39;
    CHECK_INT(ath__field_get(ATH_C_DECIMAL, 24, &ATH_NUMERIC(10, 2), &row.decimal, &out, &error), ATH_DATA);
    row.decimal = (ath_decimal){.high = UINT64_MAX};
    CHECK_INT(ath__field_get(ATH_C_DECIMAL, 24, &ATH_NUMERIC(10, 2), &row.decimal, &out, &error), ATH_DATA);
    row.i32 = 2;
    CHECK_INT(ath__field_get(ATH_C_I32, 4, &named, &row.i32, &out, &error), ATH_DATA);
    CHECK(strstr(error.message, "label") != NULL);
    row.i32 = -1;
    CHECK_INT(ath__field_get(ATH_C_I32, 4, &named, &row.i32, &out, NULL), ATH_DATA);
    CHECK_INT(out.as.i, 77);
}

TEST(text_is_borrowed_when_read_and_copied_when_written) {
    ath__arena arena;
    everything row;
    char text[] = "abc";
    ath_value value = V_TEXT("abc"), out;
    value.as.text.data = text;
    ath__arena_init(&arena, &ath__malloc_allocator);
    CHECK_INT(ath__field_set(ATH_C_TEXT, 8, &ATH_TEXT, &row.text, &value, &arena, NULL), ATH_OK);
    value.kind = ATH_KIND_BYTES;
    value.as.bytes = (ath_bytes){text, 3};
    CHECK_INT(ath__field_set(ATH_C_BYTES, 16, &ATH_BINARY, &row.bytes, &value, &arena, NULL), ATH_OK);
    memset(text, 'x', 3);
    CHECK_STR(row.text, "abc");
    CHECK(memcmp(row.bytes.data, "abc", 4) == 0); /* with a NUL behind it */
    CHECK_INT(ath__field_get(ATH_C_TEXT, 8, &ATH_TEXT, &row.text, &out, NULL), ATH_OK);
    CHECK(out.as.text.data == row.text);
    ath__arena_done(&arena);
}

TEST(out_of_memory) {
    static const struct {
        int ctype;
        ath_value value;
    } copied[] = {
        {ATH_C_TEXT, V_TEXT("abc")}, {ATH_C_BYTES, V_BYTES("abc")}, {ATH_C_JSON, V_JSON("[]")}, {ATH_C_JSON, V_INT(1)}};
    for (size_t i = 0; i < TEST_COUNT(copied); i++) {
        counting c;
        ath__arena arena;
        everything row, before;
        ath_error error;
        const field *f = field_of(copied[i].ctype);
        counting_init(&c, 1);
        ath__arena_init(&arena, &c.allocator);
        memset(&row, 0x5a, sizeof row);
        before = row;
        test_context("row %zu", i);
        CHECK_INT(
            ath__field_set((ath_ctype)copied[i].ctype, f->size, NULL, at(&row, f), &copied[i].value, &arena, &error),
            ATH_NO_MEMORY);
        CHECK_INT(error.status, ATH_NO_MEMORY);
        CHECK(memcmp(&row, &before, sizeof row) == 0);
        ath__arena_done(&arena);
        CHECK_RELEASED(&c);
    }
}

#define EQUAL(name, a, b)                                                                                              \
    ath__field_equal((ath_ctype)ATH_CTYPE(MEMBER(name)), sizeof MEMBER(name), &(a).name, &(b).name)

TEST(equal_by_content) {
    everything a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0, sizeof b);
    char one[] = "text", two[] = "text";
    a.text = one;
    b.text = two;
    CHECK(EQUAL(text, a, b));
    two[0] = 'T';
    CHECK(!EQUAL(text, a, b));
    b.text = NULL;
    CHECK(!EQUAL(text, a, b) && !EQUAL(text, b, a));
    CHECK(EQUAL(json, a, b));
    b.json.text = "null";
    CHECK(!EQUAL(json, a, b));
    memcpy(a.chars, "ab\0xx", 6);
    memcpy(b.chars, "ab\0yy", 6);
    CHECK(EQUAL(chars, a, b));
    b.chars[2] = 'c';
    CHECK(!EQUAL(chars, a, b));
    CHECK(EQUAL(bytes, a, b));
    a.bytes = (ath_bytes){"x", 0};
    CHECK(!EQUAL(bytes, a, b));
    b.bytes = (ath_bytes){"y", 0};
    CHECK(EQUAL(bytes, a, b));
    a.bytes.size = b.bytes.size = 1;
    CHECK(!EQUAL(bytes, a, b));
    a.bytes.size = 0;
    CHECK(!EQUAL(bytes, a, b));
}

TEST(equal_numbers_and_optionals) {
    everything a, b;
    memset(&a, 0, sizeof a);
    memset(&b, 0xff, sizeof b);
    a.f64 = b.f64 = (double)NAN;
    a.f32 = b.f32 = NAN;
    CHECK(EQUAL(f64, a, b) && EQUAL(f32, a, b));
    b.f64 = 1;
    b.f32 = 1;
    CHECK(!EQUAL(f64, a, b) && !EQUAL(f32, b, a));
    a.decimal = (ath_decimal){.low = 10, .scale = 1};
    b.decimal = (ath_decimal){.low = 100, .scale = 2};
    CHECK(EQUAL(decimal, a, b));
    b.decimal.negative = true;
    CHECK(!EQUAL(decimal, a, b));
    /* b's padding is full of ones, and without a value the rest does not count */
    b.opt_i16.has = false;
    CHECK(EQUAL(opt_i16, a, b));
    b.opt_i16.has = true;
    CHECK(!EQUAL(opt_i16, a, b) && !EQUAL(opt_i16, b, a));
    a.opt_i16.has = true;
    CHECK(!EQUAL(opt_i16, a, b));
    a.opt_i16.value = -1;
    CHECK(EQUAL(opt_i16, a, b));
    a.interval = (ath_interval){1, 2, 3};
    b.interval = (ath_interval){1, 2, 3};
    CHECK(EQUAL(interval, a, b));
    b.interval.us = 4;
    CHECK(!EQUAL(interval, a, b));
    a.u64 = UINT64_MAX;
    CHECK(EQUAL(u64, a, b) && !EQUAL(i64, a, b));
}

/* The runs hold the whole value: whatever byte outside of them changes, the field stays equal. */
TEST(padding_is_no_value) {
    static const struct {
        ath_ctype ctype;
        size_t size, runs;
    } kinds[] = {
        {ATH_C_BOOL, sizeof(bool), 1},
        {ATH_C_I64, sizeof(int64_t), 1},
        {ATH_C_INTERVAL, sizeof(ath_interval), 1},
        {ATH_C_UUID, sizeof(ath_uuid), 1},
        {ATH_C_CHARS, 24, 1},
        {ATH_C_DECIMAL, sizeof(ath_decimal), 1},
        {(ath_ctype)(ATH_C_I16 | ATH_C_OPTIONAL), sizeof(ath_opt_i16), 2},
        {(ath_ctype)(ATH_C_I64 | ATH_C_OPTIONAL), sizeof(ath_opt_i64), 2},
        {(ath_ctype)(ATH_C_DECIMAL | ATH_C_OPTIONAL), sizeof(ath_opt_decimal), 2},
    };
    for (size_t i = 0; i < TEST_COUNT(kinds); i++) {
        union {
            char bytes[64];
            int64_t aligned;
        } a = {{0}}, b = {{0}};
        ath__span runs[2];
        size_t covered = 0;
        test_context("row %zu", i);
        CHECK_INT(ath__field_spans(kinds[i].ctype, kinds[i].size, runs), kinds[i].runs);
        if (kinds[i].runs == 2)
            a.bytes[runs[1].offset] = b.bytes[runs[1].offset] = true;
        for (size_t k = 0; k < kinds[i].size; k++) {
            bool inside = false;
            for (size_t r = 0; r < kinds[i].runs; r++)
                inside = inside || (k >= runs[r].offset && k < runs[r].offset + runs[r].size);
            covered += inside;
            if (!inside)
                b.bytes[k] = 0x55;
        }
        CHECK(ath__field_equal(kinds[i].ctype, kinds[i].size, a.bytes, b.bytes));
        CHECK(runs[0].is_text == (kinds[i].ctype == ATH_C_CHARS));
        CHECK(covered <= kinds[i].size && covered >= 1);
        b.bytes[0] ^= 1; /* the first is a value's */
        CHECK(!ath__field_equal(kinds[i].ctype, kinds[i].size, a.bytes, b.bytes));
    }
    test_context("%s", "");
    ath__span decimal[2];
    ath__field_spans(ATH_C_DECIMAL, sizeof(ath_decimal), decimal);
    CHECK_INT(decimal[0].size, offsetof(ath_decimal, negative) + 1);
}

static const test_case cases[] = {
    {"padding_is_no_value", padding_is_no_value},
    {"set_and_get", set_and_get},
    {"set_and_get_optional", set_and_get_optional},
    {"sizes_and_null", sizes_and_null},
    {"inferred_types", inferred_types},
    {"held_types", held_types},
    {"fields_that_say_nothing_sensible", fields_that_say_nothing_sensible},
    {"text_is_borrowed_when_read_and_copied_when_written", text_is_borrowed_when_read_and_copied_when_written},
    {"out_of_memory", out_of_memory},
    {"equal_by_content", equal_by_content},
    {"equal_numbers_and_optionals", equal_numbers_and_optionals},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
