/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: cells.  Every known type in binary and, beside a type that is not known, in text; numerics of all lengths;
 * and what PostgreSQL can say but the values here cannot.
 */
#include "pging.h"

/* The same expression alone (binary) and beside an array, which makes the row come as text. */
static void read_both(const char *expression, ath_value cells[2], ath_status statuses[2]) {
    static char texts[2][2000];
    for (int as_text = 0; as_text < 2; as_text++) {
        char sql[400];
        ath_error error;
        snprintf(sql, sizeof sql, "SELECT %s%s", expression, as_text ? ", ARRAY[1]" : "");
        ath__pg_stmt *s = pg_prepared(c->handle, sql);
        cells[as_text] = (ath_value){.kind = ATH_KIND_NULL};
        statuses[as_text] = ATH_INTERNAL;
        if (!s)
            continue;
        CHECK_INT(s->binary, !as_text);
        if (c->driver->step(s, &error) == ATH__STEP_ROW)
            statuses[as_text] = c->driver->row(s, &cells[as_text], 1, &error);
        else
            CHECK_STR(error.message, "");
        ath_value *v = &cells[as_text];
        if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON || v->kind == ATH_KIND_BYTES) {
            size_t size = v->as.text.size < sizeof texts[0] ? v->as.text.size : sizeof texts[0] - 1;
            memcpy(texts[as_text], v->as.text.data, size + (v->kind != ATH_KIND_BYTES));
            v->as.text.data = texts[as_text];
        }
        c->driver->finalize(s);
    }
}

/* ---- known types ---- */

typedef struct known {
    const char *expression;
    ath_value v;
} known;

#define TEXT_OF(kind_, t)                                                                                              \
    {                                                                                                                  \
        .kind = (kind_), .as.text = {(t), sizeof(t) - 1 }                                                              \
    }

static const known all_known[] = {
    {"NULL::int", {.kind = ATH_KIND_NULL}},
    {"NULL::text", {.kind = ATH_KIND_NULL}},
    {"true", {.kind = ATH_KIND_BOOL, .as.b = true}},
    {"false", {.kind = ATH_KIND_BOOL, .as.b = false}},
    {"'-32768'::smallint", {.kind = ATH_KIND_INT, .as.i = INT16_MIN}},
    {"'-2147483648'::integer", {.kind = ATH_KIND_INT, .as.i = INT32_MIN}},
    {"2147483647", {.kind = ATH_KIND_INT, .as.i = INT32_MAX}},
    {"'-9223372036854775808'::bigint", {.kind = ATH_KIND_INT, .as.i = INT64_MIN}},
    {"9223372036854775807", {.kind = ATH_KIND_INT, .as.i = INT64_MAX}},
    {"4294967295::oid", {.kind = ATH_KIND_INT, .as.i = UINT32_MAX}},
    {"0.1::real", {.kind = ATH_KIND_REAL, .as.d = (double)0.1f}},
    {"'-3.4028235e38'::real", {.kind = ATH_KIND_REAL, .as.d = -(double)3.4028235e38f}},
    {"0.1::double precision", {.kind = ATH_KIND_REAL, .as.d = 0.1}},
    {"'-0'::double precision", {.kind = ATH_KIND_REAL, .as.d = -0.0}},
    {"5e-324::double precision", {.kind = ATH_KIND_REAL, .as.d = 5e-324}},
    {"1.7976931348623157e308::double precision", {.kind = ATH_KIND_REAL, .as.d = 1.7976931348623157e308}},
    {"123456789012345680000::double precision", {.kind = ATH_KIND_REAL, .as.d = 123456789012345680000.0}},
    {"'infinity'::double precision", {.kind = ATH_KIND_REAL, .as.d = INFINITY}},
    {"'-infinity'::real", {.kind = ATH_KIND_REAL, .as.d = -INFINITY}},
    {"'nan'::double precision", {.kind = ATH_KIND_REAL, .as.d = NAN}},
    {"''::text", TEXT_OF(ATH_KIND_TEXT, "")},
    {"'h\u00e9\U0001f600'::varchar", TEXT_OF(ATH_KIND_TEXT, "h\u00e9\U0001f600")},
    {"'a'::char(3)", TEXT_OF(ATH_KIND_TEXT, "a  ")},
    {"'n'::name", TEXT_OF(ATH_KIND_TEXT, "n")},
    {"'\\x'::bytea", {.kind = ATH_KIND_BYTES, .as.bytes = {"", 0}}},
    {"'\\x00ff61'::bytea", {.kind = ATH_KIND_BYTES, .as.bytes = {"\0\377a", 3}}},
    {"'1970-01-01'::date", {.kind = ATH_KIND_DATE, .as.date = {0}}},
    {"'4714-11-24 BC'::date", {.kind = ATH_KIND_DATE, .as.date = {-2440588}}},
    {"'0001-12-31 BC'::date", {.kind = ATH_KIND_DATE, .as.date = {-719163}}},
    {"'10000-01-01'::date", {.kind = ATH_KIND_DATE, .as.date = {2932897}}},
    {"'23:59:59.999999'::time", {.kind = ATH_KIND_TIME, .as.time = {INT64_C(86399999999)}}},
    {"'2024-02-29 13:05:00.000001'::timestamp",
     {.kind = ATH_KIND_DATETIME, .as.datetime = {INT64_C(1709211900000001)}}},
    {"'0044-03-15 10:00:00 BC'::timestamp", {.kind = ATH_KIND_DATETIME, .as.datetime = {INT64_C(-63517788000000000)}}},
    {"'2024-02-29 13:05:00+02'::timestamptz",
     {.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {INT64_C(1709204700000000)}}},
    {"'1 year 2 mons -3 days 04:05:06.789'::interval",
     {.kind = ATH_KIND_INTERVAL, .as.interval = {14, -3, INT64_C(14706789000)}}},
    {"'-1 mon 1 day -00:00:00.000001'::interval", {.kind = ATH_KIND_INTERVAL, .as.interval = {-1, 1, -1}}},
    {"'0'::interval", {.kind = ATH_KIND_INTERVAL, .as.interval = {0, 0, 0}}},
    {"'00010203-0405-0607-0809-0a0b0c0d0e0f'::uuid",
     {.kind = ATH_KIND_UUID, .as.uuid = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}}}},
    {"'{\"a\":  1}'::json", TEXT_OF(ATH_KIND_JSON, "{\"a\":  1}")},
    {"'{\"a\":  1}'::jsonb", TEXT_OF(ATH_KIND_JSON, "{\"a\": 1}")},
    {"'null'::jsonb", TEXT_OF(ATH_KIND_JSON, "null")},
};

TEST(known_types) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    for (size_t i = 0; i < TEST_COUNT(all_known); i++) {
        ath_value cells[2];
        ath_status statuses[2];
        test_context("%s", all_known[i].expression);
        read_both(all_known[i].expression, cells, statuses);
        for (int k = 0; k < 2; k++) {
            CHECK_INT(statuses[k], ATH_OK);
            CHECK_INT(cells[k].kind, all_known[i].v.kind);
            CHECK(cells[k].kind == ATH_KIND_NULL || ath__value_equal(&cells[k], &all_known[i].v));
        }
    }
    end();
}

/* ---- numerics ---- */

static void check_numeric(const char *text) {
    char expression[120], again[ATH_DECIMAL_TEXT];
    ath_value cells[2];
    ath_status statuses[2];
    ath_decimal expected;
    test_context("%s", text);
    CHECK_INT(ath_decimal_parse(text, strlen(text), &expected), ATH_OK);
    snprintf(expression, sizeof expression, "'%s'::numeric", text);
    read_both(expression, cells, statuses);
    for (int k = 0; k < 2; k++) {
        CHECK_INT(statuses[k], ATH_OK);
        CHECK_INT(cells[k].kind, ATH_KIND_DECIMAL);
        ath_decimal_format(cells[k].as.decimal, again);
        CHECK_STR(again, text);
    }
    /* and the way there: the server reads what was encoded as the same number, with its scale */
    void *statement = pg_prepared(c->handle, "SELECT $1::numeric::text");
    const ath_value v = {.kind = ATH_KIND_DECIMAL, .as.decimal = expected};
    ath_value cell = {0};
    CHECK_INT(c->driver->bind(statement, 0, &v, 1, false, &pg_error), ATH_OK);
    CHECK_INT(c->driver->step(statement, &pg_error), ATH__STEP_ROW);
    CHECK_INT(c->driver->row(statement, &cell, 1, &pg_error), ATH_OK);
    CHECK_STR(cell.kind == ATH_KIND_TEXT ? cell.as.text.data : "no text", text);
    c->driver->finalize(statement);
}

TEST(numerics) {
    TEST_ON(TEST_POSTGRESQL);
    static const char *const texts[] = {
        "0",
        "0.00",
        "1",
        "-1",
        "10000",
        "100000000",
        "0.1",
        "0.0001",
        "0.00001",
        "12.50",
        "-0.000000000000000000000000000000000001",
        "99999999999999999999999999999999999999",
        "-9999999999999999999.9999999999999999999",
        "0.99999999999999999999999999999999999999",
        "10000000000000000000000000000000000000",
        "123456789.123",
        "1000000.0001000",
    };
    begin();
    for (size_t i = 0; i < TEST_COUNT(texts); i++)
        check_numeric(texts[i]);
    uint64_t seed = 7;
    for (int i = 0; i < 150; i++) { /* of every length and scale */
        char text[60];
        size_t at = 0, digits = 1 + (size_t)i % 38, scale;
        seed = ath__hash_mix(seed, (uint64_t)i);
        scale = seed % (digits + 1);
        if (seed & 1024)
            text[at++] = '-';
        if (scale == digits)
            text[at++] = '0';
        for (size_t k = 0; k < digits; k++) {
            if (k == digits - scale)
                text[at++] = '.';
            seed = ath__hash_mix(seed, k);
            text[at++] = k == 0 ? (char)('1' + seed % 9) : seed % 3 ? (char)('0' + seed / 7 % 10) : '0';
        }
        text[at] = '\0';
        check_numeric(text);
    }
    end();
}

/* ---- what cannot be kept ---- */

TEST(refused_cells) {
    TEST_ON(TEST_POSTGRESQL);
    static const char *const expressions[] = {
        "'NaN'::numeric",
        "1e38::numeric",
        "'123456789012345678901234567890123456789'::numeric",
        "'0.123456789012345678901234567890123456789'::numeric",
        "1e100::numeric",
        "'infinity'::date",
        "'-infinity'::date",
        "'infinity'::timestamp",
        "'-infinity'::timestamptz",
        "'294276-12-31'::timestamp",
        "'24:00:00'::time",
    };
    begin();
    for (size_t i = 0; i < TEST_COUNT(expressions); i++) {
        ath_value cells[2];
        ath_status statuses[2];
        test_context("%s", expressions[i]);
        read_both(expressions[i], cells, statuses);
        CHECK_INT(statuses[0], ATH_DATA);
        CHECK_INT(statuses[1], ATH_DATA);
    }
    end();
}

/* ---- types that are not known, and the database's own ---- */

TEST(other_types) {
    TEST_ON(TEST_POSTGRESQL);
    static const char *const rows[][3] = {
        /* expression, text, whether it comes in binary */
        {"'10.0.0.0/8'::cidr", "10.0.0.0/8", ""},
        {"ARRAY['a', 'b c']", "{a,\"b c\"}", ""},
        {"'[1,5)'::int4range", "[1,5)", ""},
        {"'12:00:00+02'::timetz", "12:00:00+02", ""},
        {"'1'::xid", "1", ""},
        {"pg_typeof(1)", "integer", ""},
        {"ROW(1, 'x')", "(1,x)", ""},
        {"'red'::own.colors", "red", "binary"},
        {"'x'::own.names", "x", "binary"},
        {"ARRAY['red']::own.colors[]", "{red}", ""},
        {"ROW(5)::own.pairs", "(5)", ""},
        {"set_config('application_name', 'y', false)", "y", "binary"},
    };
    begin();
    pg_run(c, "DROP SCHEMA IF EXISTS own CASCADE");
    pg_run(c, "CREATE SCHEMA own");
    pg_run(c, "CREATE TYPE own.colors AS ENUM ('red', 'green')");
    pg_run(c, "CREATE DOMAIN own.names AS varchar(5)");
    pg_run(c, "CREATE TYPE own.pairs AS (a int)");
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        char sql[120];
        ath_value cells[2] = {{0}};
        test_context("%s", rows[i][0]);
        snprintf(sql, sizeof sql, "SELECT %s, 7", rows[i][0]);
        ath__pg_stmt *s = pg_prepared(c->handle, sql);
        CHECK_INT(s->binary, rows[i][2][0] != '\0');
        CHECK_INT(c->driver->step(s, &pg_error), ATH__STEP_ROW);
        CHECK_INT(c->driver->row(s, cells, 2, &pg_error), ATH_OK);
        CHECK_INT(cells[0].kind, ATH_KIND_TEXT);
        CHECK_STR(cells[0].as.text.data, rows[i][1]);
        CHECK_INT(cells[1].as.i, 7);
        c->driver->finalize(s);
    }
    end();
}

/* ---- sessions ---- */

/* Whatever a role's settings are, text and moments mean the same. */
TEST(settings_of_sessions) {
    TEST_ON(TEST_POSTGRESQL);
    static const char *const queries[] = {"", "?options=-c%20DateStyle%3DGerman%20-c%20IntervalStyle%3Diso_8601",
                                          "?options=-c%20standard_conforming_strings%3Doff"};
    for (size_t i = 0; i < TEST_COUNT(queries); i++) {
        test_context("%s", queries[i]);
        db = pg_engine(queries[i]);
        c = ath_connect(db, &pg_error);
        ath_result *r =
            ath_execute(c, ath_text("SELECT current_setting('TimeZone') || ' ' || current_setting('IntervalStyle')"
                                    " || ' ' || (DATE '2024-02-01')::text || ' \\'"));
        const ath_row *row = ath_fetch(r);
        CHECK_STR(ath_row_text(row, 0), "UTC postgres 2024-02-01 \\");
        ath_result_close(r);
        ath_connection_close(c);
        ath_engine_close(db);
    }
    static const char *const zones[][2] = {{"?timezone=Asia/Kolkata", "Asia/Kolkata"},
                                           {"?options=-c%20TimeZone%3DAsia/Tokyo", "Asia/Tokyo"}};
    for (size_t i = 0; i < TEST_COUNT(zones); i++) {
        db = pg_engine(zones[i][0]);
        c = ath_connect(db, &pg_error);
        ath_result *r = ath_execute(c, ath_text("SHOW TimeZone"));
        CHECK_STR(ath_row_text(ath_fetch(r), 0), zones[i][1]);
        ath_result_close(r);
        ath_connection_close(c);
        ath_engine_close(db);
    }
}

static const test_case cases[] = {
    {"known_types", known_types},
    {"numerics", numerics},
    {"refused_cells", refused_cells},
    {"other_types", other_types},
    {"settings_of_sessions", settings_of_sessions},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
