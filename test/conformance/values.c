/* SPDX-License-Identifier: Apache-2.0
 *
 * See values.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

#include "sql/schema.h"

ATH_MODEL(Values, "every_value") {
    ath_column(id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO);
    ath_column(b, .nullable = true);
    ath_column(i16, .nullable = true);
    ath_column(i32, .nullable = true);
    ath_column(i64, .nullable = true);
    ath_column(u16, .nullable = true);
    ath_column(u32, .nullable = true);
    ath_column(u64, .nullable = true);
    ath_column(f32, .nullable = true);
    ath_column(f64, .nullable = true);
    ath_column(wide, .nullable = true, .type = ATH_NUMERIC(38, 10));
    ath_column(whole, .nullable = true, .type = ATH_NUMERIC(5, 0));
    ath_column(money, .nullable = true, .type = ATH_NUMERIC(12, 4));
    ath_column(word, .nullable = true, .type = ATH_STRING(40));
    ath_column(text, .nullable = true, .type = ATH_TEXT);
    ath_column(bytes, .nullable = true);
    ath_column(date, .nullable = true);
    ath_column(time, .nullable = true);
    ath_column(datetime, .nullable = true);
    ath_column(timestamp, .nullable = true);
    ath_column(span, .nullable = true);
    ath_column(uuid, .nullable = true);
    ath_column(json, .nullable = true);
    ath_column(mood, .type = ATH_ENUM("calm", "ANGRY", "it's fine", "with spaces \xc3\xa9"));
    ath_column(chars);
}

ATH_METADATA(ValueTables, Values);

static const ath__column *column_of(size_t column) {
    return &ath_model_table(&ath_model_Values, NULL)->columns[column + 1];
}

size_t values_columns(void) {
    return ath_table_column_count(ath_model_table(&ath_model_Values, NULL)) - 1;
}

const char *values_column_name(size_t column) {
    return column_of(column)->name;
}

ath_type values_column_type(size_t column) {
    return column_of(column)->type;
}

void values_define(ath_mapper *mapper, size_t column, const ath_column_opts *opts) {
    const ath__column *c = column_of(column);
    ath_mapper_column(mapper, c->field, c->offset, c->size, (int)c->ctype, opts);
}

ath_expr values_column(size_t column) {
    return (ath_expr){.node = ATH_NODE_COLUMN,
                      .u.column = {.model = &ath_model_Values, .offset = column_of(column)->offset}};
}

/* ---- values ---- */

static ath_value of_int(int64_t i) {
    return (ath_value){.kind = ATH_KIND_INT, .as.i = i};
}

static ath_value of_uint(uint64_t u) {
    return u <= INT64_MAX ? of_int((int64_t)u) : (ath_value){.kind = ATH_KIND_UINT, .as.u = u};
}

static ath_value of_text(const char *text) {
    return (ath_value){.kind = ATH_KIND_TEXT, .as.text = {text, strlen(text)}};
}

static ath_value of_decimal(const char *text) {
    ath_value v = {.kind = ATH_KIND_DECIMAL};
    if (ath_decimal_parse(text, strlen(text), &v.as.decimal) != ATH_OK)
        abort(); /* a table below is wrong */
    return v;
}

#define PICK(array, at, out, make)                                                                                     \
    do {                                                                                                               \
        if ((at) >= sizeof(array) / sizeof((array)[0]))                                                                \
            return false;                                                                                              \
        *(out) = make((array)[at]);                                                                                    \
        return true;                                                                                                   \
    } while (0)

static bool edge_integer(const ath_type *type, size_t at, ath_value *out) {
    int bits = type->sql == ATH_SQL_SMALLINT ? 16 : type->sql == ATH_SQL_INTEGER ? 32 : 64;
    if (type->is_unsigned) {
        const uint64_t most = UINT64_MAX >> (64 - bits), edges[] = {0, 1, most / 2, most / 2 + 1, most - 1, most};
        PICK(edges, at, out, of_uint);
    }
    const int64_t most = INT64_MAX >> (64 - bits), edges[] = {0, 1, -1, most, most - 1, -most, -most - 1};
    PICK(edges, at, out, of_int);
}

static ath_value of_real(double d) {
    return (ath_value){.kind = ATH_KIND_REAL, .as.d = d};
}

static bool edge_real(bool is_float, size_t at, ath_value *out) {
    static const double floats[] = {0,
                                    1,
                                    -1,
                                    0.5,
                                    0.1f,
                                    16777217.0f,
                                    3.4028234663852886e38,
                                    -3.4028234663852886e38,
                                    1.1754943508222875e-38,
                                    0x1p-149,
                                    123456.789f,
                                    -0.0,
                                    INFINITY,
                                    -INFINITY,
                                    NAN};
    static const double doubles[] = {0,
                                     1,
                                     -1,
                                     0.1,
                                     -0.1,
                                     1e15 + 0.3,
                                     9007199254740993.0,
                                     1.7976931348623157e308,
                                     -1.7976931348623157e308,
                                     2.2250738585072014e-308,
                                     0x1p-1074,
                                     123456789.123456789,
                                     1e-7,
                                     1e22,
                                     1e23,
                                     5e-324,
                                     -0.0,
                                     INFINITY,
                                     -INFINITY,
                                     NAN};
    if (is_float)
        PICK(floats, at, out, of_real);
    PICK(doubles, at, out, of_real);
}

static bool edge_decimal(const ath_type *type, size_t at, ath_value *out) {
    static const char *const wide[] = {"0",
                                       "0.0000000001",
                                       "-0.0000000001",
                                       "1.5",
                                       "-1.5",
                                       "9999999999999999999999999999.9999999999",
                                       "-9999999999999999999999999999.9999999999",
                                       "1234567890123456.7890123456",
                                       "9007199254740993",
                                       "0.1"};
    static const char *const whole[] = {"0", "1", "-1", "99999", "-99999", "10000"};
    static const char *const money[] = {"0", "0.0001", "-0.0001", "99999999.9999", "-99999999.9999", "19.9900", "0.1"};
    if (type->precision == 38)
        PICK(wide, at, out, of_decimal);
    if (type->precision == 5)
        PICK(whole, at, out, of_decimal);
    PICK(money, at, out, of_decimal);
}

static const char *const words[] = {"",
                                    " ",
                                    "trailing  ",
                                    "  leading",
                                    "a",
                                    "NULL",
                                    "null",
                                    "0",
                                    "'",
                                    "''",
                                    "\"",
                                    "`",
                                    "\\",
                                    "\\\\",
                                    "\\'",
                                    "%",
                                    "_",
                                    "\\%",
                                    "?",
                                    "$1",
                                    ":name",
                                    "::text",
                                    "@x",
                                    ";",
                                    "--",
                                    "/*",
                                    "*/",
                                    "#",
                                    "\n",
                                    "\r\n",
                                    "\t",
                                    "\x01",
                                    "\x1a",
                                    "\x7f",
                                    "\\0",
                                    "{}",
                                    "[1]",
                                    "\xc3\xa9",
                                    "e\xcc\x81",
                                    "\xe6\xbc\xa2\xe5\xad\x97",
                                    "\xf0\x9f\x98\x80",
                                    "\xf4\x8f\xbf\xbf",
                                    "\xef\xbf\xbf",
                                    "\xe2\x80\xa8",
                                    "\xef\xbb\xbfmark",
                                    "\xd7\x90\xe2\x80\xae",
                                    "\xc3\x9f",
                                    "\xc4\xb0",
                                    "it's \"x\" `y` \\z",
                                    "0123456789012345678901234567890123456789",
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
                                    "\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"};

static const size_t sizes[] = {255, 256, 65535, 65536, 300000};

/* Text and bytes of the sizes where length prefixes grow. */
static const char *long_text(size_t at) {
    static char *made[sizeof sizes / sizeof sizes[0]];
    if (!made[at]) {
        made[at] = malloc(sizes[at] + 1);
        if (!made[at])
            abort();
        for (size_t i = 0; i < sizes[at]; i++)
            made[at][i] = (char)('a' + i % 23);
        made[at][sizes[at]] = '\0';
    }
    return made[at];
}

static bool edge_text(const ath_type *type, size_t at, ath_value *out) {
    size_t count = sizeof words / sizeof words[0], longs = sizeof sizes / sizeof sizes[0];
    if (at < count) {
        *out = of_text(words[at]);
        return type->length == 0 || type->length >= 40;
    }
    if (type->sql != ATH_SQL_TEXT || at >= count + longs)
        return false;
    *out = of_text(long_text(at - count));
    return true;
}

static bool edge_short_text(size_t at, ath_value *out) {
    static const char *const shorts[] = {"", "fifteen bytes!!", "'\\\"`%_;--", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", " "};
    PICK(shorts, at, out, of_text);
}

static ath_value of_bytes(ath_bytes bytes) {
    return (ath_value){.kind = ATH_KIND_BYTES, .as.bytes = bytes};
}

static bool edge_bytes(size_t at, ath_value *out) {
    static unsigned char all[256];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (unsigned char)i;
    const ath_bytes edges[] = {{"", 0},         {"\0", 1},    {"\0\0\0", 3},    {"'\\\"\0x", 5},
                               {"\xff\xfe", 2}, {"\\x41", 4}, {all, sizeof all}};
    size_t count = sizeof edges / sizeof edges[0];
    if (at < count) {
        *out = of_bytes(edges[at]);
        return true;
    }
    if (at >= count + sizeof sizes / sizeof sizes[0])
        return false;
    *out = of_bytes((ath_bytes){long_text(at - count), sizes[at - count]});
    return true;
}

static ath_value of_date(int64_t days) {
    return (ath_value){.kind = ATH_KIND_DATE, .as.date = {(int32_t)days}};
}

static ath_value of_time(int64_t us) {
    return (ath_value){.kind = ATH_KIND_TIME, .as.time = {us}};
}

static ath_value of_datetime(int64_t us) {
    return (ath_value){.kind = ATH_KIND_DATETIME, .as.datetime = {us}};
}

static ath_value of_timestamp(int64_t us) {
    return (ath_value){.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {us}};
}

enum { DAY_1 = -719162 /* 0001-01-01 */, DAY_LAST = 2932896 /* 9999-12-31 */, DAY_0 = -719528 /* 0000-01-01 */ };
#define DAY_US INT64_C(86400000000)

static bool edge_date(size_t at, ath_value *out) {
    static const int64_t edges[] = {0,
                                    -1,
                                    1,
                                    DAY_1,
                                    DAY_LAST,
                                    10956,
                                    10957,
                                    11016,
                                    19782 /* 2024-02-29 */,
                                    24855,
                                    -25508,
                                    -141428 /* 1582 */,
                                    DAY_0,
                                    DAY_1 - 1,
                                    DAY_LAST + 1,
                                    -2440588 /* 4714 BC */,
                                    2145031948,
                                    INT32_MAX,
                                    INT32_MIN};
    PICK(edges, at, out, of_date);
}

static bool edge_time(size_t at, ath_value *out) {
    static const int64_t edges[] = {0, 1, 999999, 1000000, 3599999999, 43200000000, 86399000000, 86399999999};
    PICK(edges, at, out, of_time);
}

static bool edge_moment(bool zoned, size_t at, ath_value *out) {
    static const int64_t edges[] = {0,
                                    1,
                                    -1,
                                    999999,
                                    -999999,
                                    DAY_1 * DAY_US,
                                    DAY_LAST * DAY_US + DAY_US - 1,
                                    1709164799999999,
                                    1709164800000000,
                                    2147483647000000,
                                    2147483648000000,
                                    -2147483649000000,
                                    4294967296000000,
                                    1711846800000000 /* summer time begins in Europe */,
                                    1711845000000000,
                                    1729990800000000,
                                    946684800000000,
                                    946684799999999,
                                    DAY_0 * DAY_US,
                                    DAY_1 * DAY_US - 1,
                                    (DAY_LAST + 1) * DAY_US,
                                    INT64_MAX,
                                    INT64_MIN};
    if (zoned)
        PICK(edges, at, out, of_timestamp);
    PICK(edges, at, out, of_datetime);
}

static ath_value of_interval(ath_interval span) {
    return (ath_value){.kind = ATH_KIND_INTERVAL, .as.interval = span};
}

static bool edge_interval(size_t at, ath_value *out) {
    static const ath_interval edges[] = {{0, 0, 0},
                                         {1, 0, 0},
                                         {0, 1, 0},
                                         {0, 0, 1},
                                         {-1, -1, -1},
                                         {1, -1, 1},
                                         {14, 3, 14706000007},
                                         {0, 0, 86400000000},
                                         {0, 40, -1},
                                         {INT32_MAX, INT32_MAX, INT64_MAX},
                                         {INT32_MIN, INT32_MIN, INT64_MIN},
                                         {0, 0, INT64_MIN}};
    PICK(edges, at, out, of_interval);
}

static ath_value of_uuid(ath_uuid uuid) {
    return (ath_value){.kind = ATH_KIND_UUID, .as.uuid = uuid};
}

static bool edge_uuid(size_t at, ath_value *out) {
    static const ath_uuid edges[] = {
        {{0}},
        {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
        {{0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x00}},
        {{'\'', '\\', 0, '"', '%'}}};
    PICK(edges, at, out, of_uuid);
}

static ath_value of_json(const char *text) {
    return (ath_value){.kind = ATH_KIND_JSON, .as.text = {text, strlen(text)}};
}

static bool edge_json(size_t at, ath_value *out) {
    static const char *const edges[] = {"null",
                                        "{}",
                                        "[]",
                                        "{\"k\": [1, null, \"it's \\\"x\\\"\"]}",
                                        "\"text\"",
                                        "1",
                                        "-1.50",
                                        "12345678901234567890.123456789",
                                        "true",
                                        "[\"\xf0\x9f\x98\x80\", \"\\u00e9\"]",
                                        "{\"b\":1, \"a\" : 2}",
                                        " 7 "};
    PICK(edges, at, out, of_json);
}

bool values_edge(size_t column, size_t at, ath_value *out) {
    const ath__column *c = column_of(column);
    switch (c->type.sql) {
    case ATH_SQL_BOOLEAN:
        *out = (ath_value){.kind = ATH_KIND_BOOL, .as.b = at == 1};
        return at < 2;
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        return edge_integer(&c->type, at, out);
    case ATH_SQL_FLOAT:
    case ATH_SQL_DOUBLE:
        return edge_real(c->type.sql == ATH_SQL_FLOAT, at, out);
    case ATH_SQL_NUMERIC:
        return edge_decimal(&c->type, at, out);
    case ATH_SQL_STRING:
    case ATH_SQL_TEXT:
        return c->ctype == ATH_C_CHARS ? edge_short_text(at, out) : edge_text(&c->type, at, out);
    case ATH_SQL_BINARY:
        return edge_bytes(at, out);
    case ATH_SQL_DATE:
        return edge_date(at, out);
    case ATH_SQL_TIME:
        return edge_time(at, out);
    case ATH_SQL_DATETIME:
    case ATH_SQL_TIMESTAMP:
        return edge_moment(c->type.sql == ATH_SQL_TIMESTAMP, at, out);
    case ATH_SQL_INTERVAL:
        return edge_interval(at, out);
    case ATH_SQL_UUID:
        return edge_uuid(at, out);
    case ATH_SQL_JSON:
        return edge_json(at, out);
    case ATH_SQL_ENUM:
        if (at < c->type.name_count)
            *out = of_text(c->type.names[at]);
        return at < c->type.name_count;
    default:
        return false;
    }
}

/* ---- random ones ---- */

/* Small and large numbers alike: a random number of random bits. */
static uint64_t spread(uint64_t (*random)(void)) {
    uint64_t bits = random() % 65;
    return bits == 0 ? 0 : random() >> (64 - bits);
}

static ath_value random_integer(const ath_type *type, uint64_t (*random)(void)) {
    int bits = type->sql == ATH_SQL_SMALLINT ? 16 : type->sql == ATH_SQL_INTEGER ? 32 : 64;
    uint64_t u = spread(random) & UINT64_MAX >> (64 - bits + (type->is_unsigned ? 0 : 1));
    if (type->is_unsigned)
        return of_uint(u);
    return of_int(random() & 1 ? (int64_t)u : -(int64_t)u - 1);
}

static ath_value random_real(bool is_float, uint64_t (*random)(void)) {
    for (;;) {
        uint64_t bits = random();
        double d;
        float f;
        memcpy(&d, &bits, sizeof d);
        memcpy(&f, &bits, sizeof f);
        if (is_float ? isfinite(f) : isfinite(d))
            return of_real(is_float ? (double)f : d);
    }
}

static ath_value random_decimal(const ath_type *type, uint64_t (*random)(void)) {
    char text[64];
    size_t at = 0, digits = random() % type->precision + 1u;
    if (random() & 1)
        text[at++] = '-';
    for (size_t i = 0; i < digits; i++)
        text[at++] = (char)('0' + random() % 10);
    ath_value v;
    text[at] = '\0';
    v = of_decimal(text);
    v.as.decimal.scale = type->scale;
    return v;
}

/* UTF-8 of code points from all planes, quotes and escapes more often than they deserve. */
static ath_value random_text(size_t most, uint64_t (*random)(void)) {
    static char turns[64][256];
    static size_t turn;
    static const char often[] = "'\"\\`%_;-?$: \n";
    char *text = turns[turn++ % 64];
    size_t at = 0;
    for (size_t n = random() % (most + 1); n > 0 && at + 5 < sizeof turns[0]; n--) {
        uint32_t point = (uint32_t)random() % (random() & 1   ? 0x80
                                               : random() & 1 ? 0x800
                                               : random() & 1 ? 0xd800
                                                              : 0x110000);
        if (random() % 4 == 0)
            point = (uint32_t)often[random() % (sizeof often - 1)];
        if (point == 0 || (point >= 0xd800 && point < 0xe000))
            point = 'x';
        if (point < 0x80) {
            text[at++] = (char)point;
        } else if (point < 0x800) {
            text[at++] = (char)(0xc0 | point >> 6);
            text[at++] = (char)(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            text[at++] = (char)(0xe0 | point >> 12);
            text[at++] = (char)(0x80 | (point >> 6 & 0x3f));
            text[at++] = (char)(0x80 | (point & 0x3f));
        } else {
            text[at++] = (char)(0xf0 | point >> 18);
            text[at++] = (char)(0x80 | (point >> 12 & 0x3f));
            text[at++] = (char)(0x80 | (point >> 6 & 0x3f));
            text[at++] = (char)(0x80 | (point & 0x3f));
        }
    }
    text[at] = '\0';
    return of_text(text);
}

static ath_value random_bytes(uint64_t (*random)(void)) {
    static unsigned char turns[64][64];
    static size_t turn;
    unsigned char *data = turns[turn++ % 64];
    size_t size = random() % 64;
    for (size_t i = 0; i < size; i++)
        data[i] = (unsigned char)random();
    return of_bytes((ath_bytes){data, size});
}

static int64_t between(int64_t low, int64_t high, uint64_t (*random)(void)) {
    return low + (int64_t)(random() % ((uint64_t)high - (uint64_t)low + 1));
}

ath_value values_random(size_t column, uint64_t (*random)(void)) {
    const ath__column *c = column_of(column);
    ath_value v = {.kind = ATH_KIND_NULL};
    switch (c->type.sql) {
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        return random_integer(&c->type, random);
    case ATH_SQL_FLOAT:
    case ATH_SQL_DOUBLE:
        return random_real(c->type.sql == ATH_SQL_FLOAT, random);
    case ATH_SQL_NUMERIC:
        return random_decimal(&c->type, random);
    case ATH_SQL_STRING:
    case ATH_SQL_TEXT:
        return c->ctype == ATH_C_CHARS ? random_text(3, random) : random_text(40, random);
    case ATH_SQL_BINARY:
        return random_bytes(random);
    case ATH_SQL_DATE:
        return of_date(between(DAY_1, DAY_LAST, random));
    case ATH_SQL_TIME:
        return of_time(between(0, DAY_US - 1, random));
    case ATH_SQL_DATETIME:
        return of_datetime(between(DAY_1 * DAY_US, DAY_LAST * DAY_US, random));
    case ATH_SQL_TIMESTAMP:
        return of_timestamp(between(DAY_1 * DAY_US, DAY_LAST * DAY_US, random));
    case ATH_SQL_INTERVAL:
        return of_interval(
            (ath_interval){(int32_t)random(), (int32_t)random(), (int64_t)(random() >> 1) - INT64_MAX / 2});
    case ATH_SQL_UUID:
        v = of_uuid((ath_uuid){{0}});
        for (size_t i = 0; i < sizeof v.as.uuid.bytes; i++)
            v.as.uuid.bytes[i] = (uint8_t)random();
        return v;
    default:
        for (size_t n = 0; values_edge(column, n, &v);)
            n++;
        size_t count = 0;
        while (values_edge(column, count, &v))
            count++;
        values_edge(column, random() % count, &v);
        return v;
    }
}

/* ---- what a database may refuse ---- */

static bool beyond_four_digits(const ath_value *v) {
    if (v->kind == ATH_KIND_DATE)
        return v->as.date.days < DAY_1 || v->as.date.days > DAY_LAST;
    int64_t us = v->kind == ATH_KIND_DATETIME ? v->as.datetime.us : v->as.timestamp.us;
    return us < DAY_1 * DAY_US || us >= (DAY_LAST + 1) * DAY_US;
}

bool values_may_refuse(const char *database, size_t column, const ath_value *v) {
    bool sqlite = strcmp(database, "sqlite") == 0, mysql = strcmp(database, "mysql") == 0;
    (void)column;
    switch (v->kind) {
    case ATH_KIND_UINT:
        return sqlite; /* no integers beyond 2^63 */
    case ATH_KIND_REAL:
        return !isfinite(v->as.d) && (mysql || (sqlite && isnan(v->as.d)));
    case ATH_KIND_TEXT:
        return mysql && v->as.text.size > 65535;
    case ATH_KIND_BYTES:
        return mysql && v->as.bytes.size > 65535;
    case ATH_KIND_INTERVAL: /* PostgreSQL 17 and later call the two ends infinite */
        return strcmp(database, "postgresql") == 0 &&
               (v->as.interval.us == INT64_MAX || v->as.interval.us == INT64_MIN) &&
               (v->as.interval.months == INT32_MAX || v->as.interval.months == INT32_MIN);
    case ATH_KIND_DATE:
        return beyond_four_digits(v) &&
               (!(v->as.date.days > -2440588 && v->as.date.days < 2145031948) || sqlite || mysql);
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
        return beyond_four_digits(v) &&
               (sqlite || mysql || v->as.datetime.us == INT64_MAX || v->as.datetime.us == INT64_MIN);
    default:
        return false;
    }
}

ath_value values_turn(size_t column, size_t row, const char *database) {
    ath_value value, last = {.kind = ATH_KIND_NULL};
    for (size_t seen = 0, at = 0;; at++) {
        if (!values_edge(column, at, &value)) {
            if (seen == 0)
                return last;
            at = (size_t)-1;
            continue;
        }
        if (values_may_refuse(database, column, &value))
            continue;
        if (seen++ == row)
            return value;
    }
}

bool values_can_be_sought(size_t column, const ath_value *v) {
    ath_sql_type sql = column_of(column)->type.sql;
    return sql != ATH_SQL_JSON && sql != ATH_SQL_FLOAT && !(v->kind == ATH_KIND_REAL && isnan(v->as.d));
}

bool values_same(const ath_value *a, const ath_value *b) {
    return a->kind == b->kind && ath__value_equal(a, b);
}

const char *values_print(const ath_value *value) {
    static char turns[4][128];
    static size_t turn;
    char *text = turns[turn++ % 4];
    ath__buf buf;
    ath__buf_init(&buf, &ath__malloc_allocator);
    ath__value_print(&buf, value, 80);
    snprintf(text, sizeof turns[0], "%s %s", ath__kind_name(value->kind), ath__buf_text(&buf));
    ath__buf_done(&buf);
    return text;
}

/* ---- through the struct ---- */

static ath__arena arena;

ath_status values_into(size_t column, Values *object, const ath_value *value) {
    const ath__column *c = column_of(column);
    if (!arena.allocator)
        ath__arena_init(&arena, &ath__malloc_allocator);
    return ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, value, &arena, NULL);
}

ath_status values_out_of(size_t column, const Values *object, ath_value *out) {
    const ath__column *c = column_of(column);
    ath_status status = ath__field_get(c->ctype, c->size, &c->type, (const char *)object + c->offset, out, NULL);
    ath__value_measure(out);
    return status;
}

void values_forget(void) {
    ath__arena_done(&arena);
    memset(&arena, 0, sizeof arena);
}
