/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB: every kind of value over its whole range, as a parameter, through a column, and in bulk; what the wire cannot
 * carry is refused.
 */
#include "mysqling.h"

#include "type/type.h"

#include <math.h>

static ath_engine *db;
static ath_connection *c;

static void begin(void) {
    db = my_engine("");
    c = ath_connect(db, &my_error);
    CHECK_STR(c ? "" : my_error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

#define INT(n)                                                                                                         \
    { .kind = ATH_KIND_INT, .as.i = (n) }
#define UINT(n)                                                                                                        \
    { .kind = ATH_KIND_UINT, .as.u = (n) }
#define REAL(n)                                                                                                        \
    { .kind = ATH_KIND_REAL, .as.d = (n) }
#define TEXT(t)                                                                                                        \
    {                                                                                                                  \
        .kind = ATH_KIND_TEXT, .as.text = {(t), sizeof(t) - 1 }                                                        \
    }
#define BYTES(t)                                                                                                       \
    {                                                                                                                  \
        .kind = ATH_KIND_BYTES, .as.bytes = {(t), sizeof(t) - 1 }                                                      \
    }
#define DATE(n)                                                                                                        \
    {                                                                                                                  \
        .kind = ATH_KIND_DATE, .as.date = { n }                                                                        \
    }
#define TIME(n)                                                                                                        \
    {                                                                                                                  \
        .kind = ATH_KIND_TIME, .as.time = { n }                                                                        \
    }
#define MOMENT(n)                                                                                                      \
    {                                                                                                                  \
        .kind = ATH_KIND_DATETIME, .as.datetime = { n }                                                                \
    }
#define DECIMAL(h, l, s, n)                                                                                            \
    {                                                                                                                  \
        .kind = ATH_KIND_DECIMAL, .as.decimal = {.high = (h), .low = (l), .scale = (s), .negative = (n) }              \
    }
#define NONE                                                                                                           \
    { .kind = ATH_KIND_NULL }

#define DAY INT64_C(86400000000)

/* A column's type, and values that come back as they went; up to the first with .kind ATH_KIND_NULL. */
static const struct {
    const char *type;
    ath_value values[7];
} columns[] = {
    {"BOOL", {INT(0), INT(1)}},
    {"TINYINT", {INT(-128), INT(127), INT(0)}},
    {"TINYINT UNSIGNED", {INT(0), INT(255), INT(128)}},
    {"SMALLINT", {INT(INT16_MIN), INT(INT16_MAX), INT(-1)}},
    {"SMALLINT UNSIGNED", {INT(0), INT(UINT16_MAX)}},
    {"MEDIUMINT", {INT(-8388608), INT(8388607), INT(-1)}},
    {"MEDIUMINT UNSIGNED", {INT(16777215)}},
    {"INTEGER", {INT(INT32_MIN), INT(INT32_MAX), INT(-1)}},
    {"INTEGER UNSIGNED", {INT(0), INT(UINT32_MAX)}},
    {"BIGINT", {INT(INT64_MIN), INT(INT64_MAX), INT(0)}},
    {"BIGINT UNSIGNED", {INT(0), INT(INT64_MAX), UINT(UINT64_MAX), UINT(UINT64_C(1) << 63)}},
    {"YEAR", {INT(1901), INT(2155)}},
    {"FLOAT", {REAL(0), REAL(-1.5), REAL(16777216)}},
    {"DOUBLE", {REAL(0), REAL(0.1), REAL(1.7976931348623157e308), REAL(-2.2250738585072014e-308), REAL(1e-300)}},
    {"NUMERIC(38, 10)",
     {DECIMAL(0, 12345, 10, true), DECIMAL(UINT64_C(5421010862427522170), UINT64_C(687399551400673279), 10, false)}},
    {"NUMERIC(38, 0)",
     {DECIMAL(UINT64_C(5421010862427522170), UINT64_C(687399551400673279), 0, true), DECIMAL(0, 0, 0, false)}},
    {"NUMERIC(30, 30)", {DECIMAL(0, 1, 30, true)}},
    {"VARCHAR(50)",
     {TEXT(""), TEXT("a\\b'c\"d`e%_"), TEXT("trailing  "), TEXT("Grüße 😀 \xf4\x8f\xbf\xbf"), TEXT("nul\0inside")}},
    {"TEXT", {TEXT(""), TEXT("x")}},
    {"LONGBLOB", {BYTES(""), BYTES("\0\1\2\xff\xfe'\\"), BYTES("x")}},
    {"VARBINARY(10)", {BYTES("\0\0"), BYTES("  ")}},
    {"DATE", {DATE(-719528), DATE(2932896), DATE(0), DATE(-1), DATE(11016)}},
    {"TIME(6)", {TIME(0), TIME(DAY - 1), TIME(1), TIME(1000000)}},
    {"DATETIME(6)",
     {MOMENT(-719528 * DAY), MOMENT(2932897 * DAY - 1), MOMENT(0), MOMENT(-1), MOMENT(1700000000123456)}},
};

static bool is_value(const ath_value *v) {
    return v->kind != ATH_KIND_NULL;
}

static void *prepared(const char *sql) {
    void *statement = NULL;
    CHECK_INT(c->driver->prepare(c->handle, sql, strlen(sql), NULL, 0, &statement, &my_error), ATH_OK);
    return statement;
}

/* The only cell of the only row. */
static ath_value only(void *statement) {
    static char text[128];
    ath_value cell = {.kind = ATH_KIND_UUID};
    CHECK_INT(c->driver->step(statement, &my_error), ATH__STEP_ROW);
    CHECK_INT(c->driver->row(statement, &cell, 1, &my_error), ATH_OK);
    if (cell.kind == ATH_KIND_TEXT && cell.as.text.size < sizeof text) {
        memcpy(text, cell.as.text.data, cell.as.text.size + 1);
        CHECK(text[cell.as.text.size] == '\0');
        cell.as.text.data = text;
    } else if (cell.kind == ATH_KIND_BYTES && cell.as.bytes.size < sizeof text) {
        memcpy(text, cell.as.bytes.data, cell.as.bytes.size);
        cell.as.bytes.data = text;
    }
    CHECK_INT(c->driver->step(statement, &my_error), ATH__STEP_DONE);
    c->driver->reset(statement);
    return cell;
}

TEST(through_columns) {
    TEST_ON(TEST_MYSQL);
    begin();
    char sql[120];
    for (size_t i = 0; i < TEST_COUNT(columns); i++) {
        snprintf(sql, sizeof sql, "CREATE OR REPLACE TABLE one (v %s)", columns[i].type);
        my_run(c, sql);
        void *insert = prepared("INSERT INTO one VALUES (?)"), *select = prepared("SELECT v FROM one");
        void *clear = prepared("DELETE FROM one");
        for (size_t k = 0; k <= TEST_COUNT(columns[i].values); k++) {
            const ath_value null = NONE, *v = k < TEST_COUNT(columns[i].values) ? &columns[i].values[k] : &null;
            test_context("%s %zu", columns[i].type, k);
            CHECK_INT(c->driver->bind(insert, 0, v, 1, k % 2, &my_error), ATH_OK);
            CHECK_INT(c->driver->step(insert, &my_error), ATH__STEP_DONE);
            CHECK_INT(c->driver->rows_changed(c->handle), 1);
            c->driver->reset(insert);
            ath_value back = only(select);
            CHECK(ath__value_equal(&back, v));
            CHECK_INT(back.kind, v->kind);
            c->driver->step(clear, &my_error);
            c->driver->reset(clear);
        }
        c->driver->finalize(insert);
        c->driver->finalize(select);
        c->driver->finalize(clear);
    }
    test_context("%s", "");
    end();
}

/* The same values as rows in bulk: all of a column at once, with NULL between them. */
TEST(in_bulk) {
    TEST_ON(TEST_MYSQL);
    begin();
    char sql[140];
    for (size_t i = 0; i < TEST_COUNT(columns); i++) {
        ath_value values[TEST_COUNT(columns[i].values) * 2];
        size_t rows = 0;
        test_context("%s", columns[i].type);
        snprintf(sql, sizeof sql, "CREATE OR REPLACE TABLE many (id INTEGER PRIMARY KEY AUTO_INCREMENT, v %s)",
                 columns[i].type);
        my_run(c, sql);
        for (size_t k = 0; k < TEST_COUNT(columns[i].values) && is_value(&columns[i].values[k]); k++) {
            values[rows++] = columns[i].values[k];
            values[rows++] = (ath_value)NONE;
        }
        void *insert = prepared("INSERT INTO many (v) VALUES (?) RETURNING v");
        CHECK_INT(c->driver->bind_rows(insert, values, rows, 1, &my_error), ATH_OK);
        for (size_t r = 0; r < rows; r++) {
            ath_value cell = {0};
            CHECK_INT(c->driver->step(insert, &my_error), ATH__STEP_ROW);
            CHECK_INT(c->driver->row(insert, &cell, 1, &my_error), ATH_OK);
            if (!ath__value_equal(&cell, &values[r]))
                CHECK_INT((int)r, -1);
        }
        CHECK_INT(c->driver->step(insert, &my_error), ATH__STEP_DONE);
        CHECK_INT(c->driver->rows_changed(c->handle), (int64_t)rows);
        c->driver->finalize(insert);
    }
    test_context("%s", "");
    end();
}

/* Kinds that travel as text, or as another kind. */
TEST(other_forms) {
    TEST_ON(TEST_MYSQL);
    begin();
    void *select = prepared("SELECT ?");
    const ath_value uuid = {.kind = ATH_KIND_UUID,
                            .as.uuid = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255}}};
    const ath_value interval = {.kind = ATH_KIND_INTERVAL, .as.interval = {-14, 3, -1}};
    const ath_value json = {.kind = ATH_KIND_JSON, .as.text = {"{\"a\": 1}", 8}};
    const ath_value truth = {.kind = ATH_KIND_BOOL, .as.b = true};
    const ath_value moment = {.kind = ATH_KIND_TIMESTAMP, .as.timestamp = {1}};
    c->driver->bind(select, 0, &uuid, 1, true, &my_error);
    CHECK_STR(only(select).as.text.data, "000102030405060708090a0b0c0d0eff");
    c->driver->bind(select, 0, &interval, 1, true, &my_error);
    ath_value back = only(select), parsed;
    CHECK_INT(ath__value_convert(&back, ATH_KIND_INTERVAL, &parsed, &my_error), ATH_OK);
    CHECK(ath__value_equal(&parsed, &interval));
    c->driver->bind(select, 0, &json, 1, true, &my_error);
    CHECK_STR(only(select).as.text.data, "{\"a\": 1}");
    c->driver->bind(select, 0, &truth, 1, true, &my_error);
    CHECK_INT(only(select).as.i, 1);
    c->driver->bind(select, 0, &moment, 1, true, &my_error);
    CHECK_INT(only(select).as.datetime.us, 1);
    c->driver->finalize(select);
    end();
}

TEST(what_servers_say) {
    TEST_ON(TEST_MYSQL);
    static const struct {
        const char *sql;
        ath_value v;
    } rows[] = {
        {"SELECT TIMEDIFF('10:00:00', '12:00:00')",
         {.kind = ATH_KIND_INTERVAL, .as.interval = {.us = -2 * INT64_C(3600000000)}}},
        {"SELECT CAST('838:59:59' AS TIME)",
         {.kind = ATH_KIND_INTERVAL, .as.interval = {.us = INT64_C(3020399000000)}}},
        {"SELECT b'1000000000000000000000000000000000000000000000000000000000000001' + 0",
         UINT((UINT64_C(1) << 63) + 1)},
        {"SELECT CAST('1970-01-01' AS DATE)", DATE(0)},
        {"SELECT NULL", NONE},
        {"SELECT 1.50", DECIMAL(0, 150, 2, false)},
        {"SELECT 2 / 3", DECIMAL(0, 6667, 4, false)},
        {"SELECT CAST(1 AS DECIMAL(65, 30))", DECIMAL(UINT64_C(54210108624), UINT64_C(5076944270305263616), 30, false)},
        {"SELECT 'x' = 'x'", INT(1)},
        {"SELECT UNHEX('00FF')", BYTES("\0\xff")},
    };
    begin();
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%s", rows[i].sql);
        void *select = prepared(rows[i].sql);
        ath_value cell = only(select);
        CHECK_INT(cell.kind, rows[i].v.kind);
        CHECK(ath__value_equal(&cell, &rows[i].v));
        c->driver->finalize(select);
    }
    test_context("%s", "");
    end();
}

/* Other programs may have written such dates; there is no such day. */
TEST(zero_dates) {
    TEST_ON(TEST_MYSQL);
    static const char *const dates[] = {"0000-00-00", "2024-00-10", "2024-10-00"};
    begin();
    my_run(c, "SET sql_mode = ''");
    my_run(c, "CREATE OR REPLACE TABLE zero (a DATE, b DATETIME)");
    for (size_t i = 0; i < TEST_COUNT(dates); i++) {
        char sql[120];
        test_context("%s", dates[i]);
        my_run(c, "DELETE FROM zero");
        snprintf(sql, sizeof sql, "INSERT INTO zero VALUES ('%s', '%s')", dates[i], dates[i]);
        my_run(c, sql);
        for (int column = 0; column < 2; column++) {
            ath_result *r =
                ath_connection_execute(c, ath_stmt_of(ath_text(column ? "SELECT b FROM zero" : "SELECT a FROM zero")));
            CHECK(ath_fetch(r) == NULL);
            CHECK_INT(ath_result_error(r)->status, ATH_DATA);
            CHECK(strstr(ath_result_error(r)->message, dates[i]) != NULL);
            ath_result_close(r);
        }
    }
    test_context("%s", "");
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    end();
}

TEST(what_cannot_travel) {
    TEST_ON(TEST_MYSQL);
    static const ath_value refused[] = {REAL(NAN),
                                        REAL(INFINITY),
                                        REAL(-INFINITY),
                                        DATE(2932897),
                                        DATE(-719529),
                                        TIME(DAY),
                                        TIME(-1),
                                        MOMENT(INT64_MAX),
                                        MOMENT(INT64_MIN),
                                        MOMENT(-719528 * DAY - 1),
                                        MOMENT(2932897 * DAY)};
    begin();
    void *select = prepared("SELECT ?"), *insert;
    my_run(c, "CREATE OR REPLACE TABLE many (v DOUBLE)");
    insert = prepared("INSERT INTO many VALUES (?)");
    for (size_t i = 0; i < TEST_COUNT(refused); i++) {
        test_context("%zu", i);
        CHECK_INT(c->driver->bind(select, 0, &refused[i], 1, true, &my_error), ATH_DATA);
        c->driver->reset(select);
        CHECK_INT(c->driver->bind_rows(insert, &refused[i], 1, 1, &my_error), ATH_OK);
        CHECK_INT(c->driver->step(insert, &my_error), ATH__STEP_ERROR);
        CHECK_INT(my_error.status, ATH_DATA);
        c->driver->reset(insert);
    }
    test_context("%s", "");
    c->driver->finalize(select);
    c->driver->finalize(insert);
    CHECK_INT(my_int(c, "SELECT count(*) FROM many"), 0);
    end();
}

/* ---- what no server should send ---- */

enum { TRIED = 20000, MOST_BYTES = 64, MOST_COLUMNS = 6 };

static uint32_t random_state = 20240229;

static uint32_t next_random(void) {
    random_state = random_state * 1664525 + 1013904223;
    return random_state >> 8;
}

/* Bytes at random as rows of columns at random: refused, or values that lie within what was read. */
TEST(rows_of_nonsense) {
    static const uint8_t types[] = {MYSQL_TYPE_TINY,  MYSQL_TYPE_SHORT,     MYSQL_TYPE_LONG,       MYSQL_TYPE_LONGLONG,
                                    MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE,    MYSQL_TYPE_DATE,       MYSQL_TYPE_DATETIME,
                                    MYSQL_TYPE_TIME,  MYSQL_TYPE_TIMESTAMP, MYSQL_TYPE_NEWDECIMAL, MYSQL_TYPE_BIT,
                                    MYSQL_TYPE_YEAR,  MYSQL_TYPE_STRING,    MYSQL_TYPE_BLOB,       MYSQL_TYPE_JSON};
    ath__mysql connection = {.allocator = ath__malloc_allocator};
    ath__mysql_column columns_of[MOST_COLUMNS];
    ath_value cells[MOST_COLUMNS];
    int refused = 0, taken = 0;
    for (int i = 0; i < TRIED; i++) {
        size_t size = next_random() % MOST_BYTES, count = 1 + next_random() % MOST_COLUMNS;
        unsigned char *bytes = malloc(size + 1), *at = bytes; /* of exactly that size: a tool sees what reads beyond */
        for (size_t k = 0; k < size; k++)
            bytes[k] = (unsigned char)(next_random() % 3 ? next_random() % 13 : next_random());
        ath__mysql_stmt s = {.connection = &connection, .columns = columns_of, .own_cells = cells, .cells = cells};
        for (size_t k = 0; k < count; k++) {
            uint8_t type = types[next_random() % TEST_COUNT(types)];
            columns_of[k] =
                (ath__mysql_column){.type = type, .is_unsigned = next_random() % 2, .is_binary = next_random() % 2};
            ath__mysql_shape(&columns_of[k]);
            ath__mysql_take_cell(&s, k, &at, bytes + size);
        }
        CHECK(at <= bytes + size);
        ath_value values[MOST_COLUMNS];
        if (s.malformed || ath__mysql_row(&s, values, count, NULL) != ATH_OK)
            refused++;
        else
            taken++;
        for (size_t k = 0; k < count && !s.malformed; k++) /* the bytes are where they grew to */
            CHECK(cells[k].kind != ATH_KIND_TEXT || cells[k].as.text.data[cells[k].as.text.size] == '\0');
        free(bytes);
        ath__free(&connection.allocator, s.own_bytes, s.own_size);
    }
    CHECK(refused > TRIED / 10 && taken > TRIED / 10);
}

static const test_case cases[] = {
    {"rows_of_nonsense", rows_of_nonsense},
    {"through_columns", through_columns},
    {"in_bulk", in_bulk},
    {"other_forms", other_forms},
    {"what_servers_say", what_servers_say},
    {"zero_dates", zero_dates},
    {"what_cannot_travel", what_cannot_travel},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
