/* SPDX-License-Identifier: Apache-2.0
 *
 * Expressions give the same value, of the same kind, everywhere: arithmetic, CASE and its like, casts, parts of dates and
 * of JSON documents.  What one database cannot do it refuses by name.
 */
#include "test.h"

#include "suite.h"

typedef struct Thing {
    int64_t id;
    int32_t n, m;
    ath_decimal d;
    double r;
    uint32_t u;
    uint64_t large;
    bool flag;
    ath_date day;
    ath_datetime at;
    ath_timestamp moment;
    ath_interval span;
    ath_uuid key;
    const char *s;
    ath_json j;
} Thing;

/* clang-format off */
ATH_MODEL(Thing, "things") {
    ath_column(id, .primary_key = true);
    ath_column(n);
    ath_column(m);
    ath_column(d, .type = ATH_NUMERIC(12, 4));
    ath_column(r);
    ath_column(u);
    ath_column(large);
    ath_column(flag);
    ath_column(day);
    ath_column(at);
    ath_column(moment);
    ath_column(span);
    ath_column(key);
    ath_column(s, .type = ATH_STRING(60));
    ath_column(j, .type = ATH_JSONB);
}
/* clang-format on */
ATH_METADATA(Things, Thing);

static ath_engine *db;
static ath_connection *c;

static ath_decimal decimal(const char *text) {
    ath_decimal d = {.low = 0};
    CHECK(ath_decimal_parse(text, strlen(text), &d) == ATH_OK);
    return d;
}

static ath_datetime datetime(const char *text) {
    ath_datetime d = {0};
    CHECK(ath_datetime_parse(text, strlen(text), &d) == ATH_OK);
    return d;
}

static ath_date date(const char *text) {
    ath_date d = {0};
    CHECK(ath_date_parse(text, strlen(text), &d) == ATH_OK);
    return d;
}

static const char document[] =
    "{\"ten\": \"10\", \"one\": 1, \"half\": 1.5, \"yes\": true, \"no\": false, \"nil\": null, "
    "\"word\": \"abc\", \"list\": [1, 2, 3], \"big\": 9007199254740993, \"a b\": 4, "
    "\"a.b\": 5, \"$\": 6}";

/* n -7, m 2, d -7.5, r -7.5, u 5, the 1st of March 2024 half an hour behind midnight. */
static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Things) ? suite_connect(db) : NULL;
    ath_session *s = c ? ath_session_open(db) : NULL;
    if (!s)
        return false;
    ath_datetime at = datetime("2024-03-01 00:30:15.678901");
    ath_new(s, Thing, .id = 1, .n = -7, .m = 2, .d = decimal("-7.5"), .r = -7.5, .u = 5, .large = 5, .flag = true,
            .day = date("2024-03-01"), .at = at, .moment = ath_datetime_as_utc(at), .span = {1, 2, 3000000},
            .key = {{0x12, 0x34}}, .s = "abcdef", .j = {document});
    CHECK_OK(s, ath_commit(s));
    ath_session_close(s);
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

/* Decimals without the zeros at their end: how many there are is each database's own affair. */
static void print_decimal(ath_decimal d, char *out) {
    ath_decimal_format(d, out);
    size_t size = strlen(out);
    while (strchr(out, '.') && (out[size - 1] == '0' || out[size - 1] == '.')) {
        bool point = out[size - 1] == '.';
        out[--size] = '\0';
        if (point)
            break;
    }
}

/* "int -7", "decimal 2.5", "text abc"; NULL is "null". */
static void print(const ath_value *v, char out[200]) {
    char text[120] = "";
    switch (v->kind) {
    case ATH_KIND_BOOL:
        snprintf(text, sizeof text, "%s", v->as.b ? "true" : "false");
        break;
    case ATH_KIND_INT:
        snprintf(text, sizeof text, "%lld", (long long)v->as.i);
        break;
    case ATH_KIND_UINT:
        snprintf(text, sizeof text, "%llu", (unsigned long long)v->as.u);
        break;
    case ATH_KIND_REAL:
        snprintf(text, sizeof text, "%.15g", v->as.d);
        break;
    case ATH_KIND_DECIMAL:
        print_decimal(v->as.decimal, text);
        break;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        snprintf(text, sizeof text, "%.*s", (int)v->as.text.size, v->as.text.data);
        break;
    case ATH_KIND_BYTES:
        snprintf(text, sizeof text, "%.*s", (int)v->as.bytes.size, (const char *)v->as.bytes.data);
        break;
    case ATH_KIND_DATE:
        ath_date_format(v->as.date, text);
        break;
    case ATH_KIND_TIME:
        ath_time_format(v->as.time, text);
        break;
    case ATH_KIND_DATETIME:
        ath_datetime_format(v->as.datetime, text);
        break;
    case ATH_KIND_TIMESTAMP:
        ath_timestamp_format(v->as.timestamp, text);
        break;
    case ATH_KIND_INTERVAL:
        ath_interval_format(v->as.interval, text);
        break;
    case ATH_KIND_UUID:
        ath_uuid_format(v->as.uuid, text);
        break;
    default:
        break;
    }
    static const char *const kinds[] = {"null", "bool", "int",      "int",       "real",     "decimal", "text", "bytes",
                                        "date", "time", "datetime", "timestamp", "interval", "uuid",    "json"};
    bool null = v->kind == ATH_KIND_NULL;
    snprintf(out, 200, "%s%s%s", kinds[v->kind], null ? "" : " ", text);
}

/* The columns of the one row, with "; " between; or "status: message" of what went wrong. */
static void answer(ath_result *r, char *out, size_t size) {
    const ath_row *row = r ? ath_fetch(r) : NULL;
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; row && i < ath_result_column_count(r); i++) {
        char one[200];
        print(ath_row_at(row, i), one);
        used += (size_t)snprintf(out + used, used < size ? size - used : 0, "%s%s", i ? "; " : "", one);
    }
    const ath_error *e = r ? ath_result_error(r) : ath_error(c);
    if (!row)
        snprintf(out, size, "%s: %s", ath_status_name(e->status), e->message);
    ath_result_close(r);
    if (!row && ath_connection_in_transaction(c))
        ath_rollback(c);
}

static void check(ath_result *r, const char *want, int line) {
    char got[1000];
    answer(r, got, sizeof got);
    test_check_str_(got, want, __FILE__, line, "the values");
}

/* What cannot be: the statement fails, at the latest when its row is read. */
static void check_fails(ath_result *r, const char *part, int line) {
    char got[1000];
    answer(r, got, sizeof got);
    if (!strstr(got, part) || !strstr(got, ": "))
        test_failed_(__FILE__, line, "not an error with '%s': %s", part, got);
}

#define T(f) ath_col(Thing, f)
#define ANY(f) ath_value_of(ath_col(Thing, f))
#define VALUES_ARE(want, ...)                                                                                          \
    check(ath_execute(c, ath_select(.columns = ath_cols(__VA_ARGS__), .model = ath_model_of(Thing))), want, __LINE__)
#define FAILS(part, ...)                                                                                               \
    check_fails(ath_execute(c, ath_select(.columns = ath_cols(__VA_ARGS__), .model = ath_model_of(Thing))), part,      \
                __LINE__)

/* ---- types ---- */

TEST(common_types) {
    if (begin()) {
        const ath_expr *odd = ath_eq(T(m), 2), *never = ath_eq(T(m), 3);
        VALUES_ARE("real -7.5", ath_case(ath_when(never, T(n)), ath_else(T(r))));
        VALUES_ARE("decimal -7.5", ath_case(ath_when(odd, T(d)), ath_else(T(n))));
        VALUES_ARE("timestamp 2024-03-01 00:30:15.678901", ath_case(ath_when(never, NULL), ath_else(T(moment))));
        VALUES_ARE("date 2024-03-01", ath_case(ath_when(never, NULL), ath_else(T(day))));
        VALUES_ARE("real 2.5", ath_case(ath_when(never, T(n)), ath_else(2.5)));
        VALUES_ARE("real 2.5", ath_case(ath_when(odd, 2.5), ath_else(1)));
        VALUES_ARE("int 1", ath_case(ath_when(odd, 1), ath_else(2)));
        VALUES_ARE("text a", ath_case(ath_when(odd, "a"), ath_else(T(s))));
        VALUES_ARE("datetime 2024-03-01 00:30:15.678901", ath_case(ath_when(never, T(day)), ath_else(T(at))));
        VALUES_ARE("decimal 2", ath_func("greatest", T(n), T(d), 2));
        VALUES_ARE("real -7.5", ath_func("least", T(m), T(r)));
        VALUES_ARE("int -7; int 3; int 3", ath_func("coalesce", T(n), 2.5 > 2 ? 1 : 0), ath_func("coalesce", NULL, 3),
                   ath_func("coalesce", NULL, NULL, 3));
        VALUES_ARE("real -7", ath_func("coalesce", T(n), 2.5));
        VALUES_ARE("decimal -7.5", ath_func("coalesce", NULL, T(d)));
        VALUES_ARE("int -7", ath_func("nullif", T(n), 2.5));
    }
    end();
}

TEST(arithmetic_types) {
    if (begin()) {
        VALUES_ARE("real -4.5", ath_plus(ANY(n), ath_value_of(2.5)));
        VALUES_ARE("decimal -4.5", ath_plus(ANY(n), ath_value_of(decimal("2.5"))));
        VALUES_ARE("decimal -15", ath_times(ANY(m), ANY(d)));
        VALUES_ARE("int 10", ath_times(T(m), 5));
        VALUES_ARE("int 3; real 5; real 3.5", ath_plus(1, 2), ath_times(2.5, 2.0), ath_divide(7, 2));
        VALUES_ARE("real -3.75", ath_divide(T(r), 2));
        VALUES_ARE("decimal -3.75", ath_divide(T(d), 2));
    }
    end();
}

TEST(literal_types) {
    if (begin()) {
        ath_datetime at = datetime("2024-03-01 00:30:15.678901");
        VALUES_ARE("bool true; bool false; bool true", ath_bool(true), ath_bool(false), ath_true());
        VALUES_ARE("int 5; real 2.5; text x; decimal 2.5", 5, 2.5, "x", decimal("2.5"));
        VALUES_ARE("date 2024-03-01; datetime 2024-03-01 00:30:15.678901", date("2024-03-01"), at);
        VALUES_ARE("interval P1M2DT3.000000S; uuid 12340000-0000-0000-0000-000000000000",
                   ((ath_interval){1, 2, 3000000}), ((ath_uuid){{0x12, 0x34}}));
        VALUES_ARE("json {\"a\": 1}", ((ath_json){"{\"a\": 1}"}));
    }
    end();
}

/* ---- numbers ---- */

TEST(modulo) {
    if (begin()) {
        VALUES_ARE("int -1; int 1", ath_modulo(T(n), 2), ath_modulo(7, T(m)));
        VALUES_ARE("decimal -1.5; decimal -7.5", ath_modulo(T(d), 2), ath_modulo(T(d), 10));
        VALUES_ARE("decimal 0; decimal 0.3", ath_modulo(decimal("5.5"), decimal("1.1")),
                   ath_modulo(decimal("2.7"), decimal("0.4")));
        VALUES_ARE("real -1.5; real 1.5", ath_modulo(T(r), 2), ath_modulo(7.5, T(m)));
    }
    end();
}

TEST(floor_division) {
    if (begin()) {
        VALUES_ARE("int -4; int 3; int -4; int 3; int -3", ath_floor_divide(T(n), 2), ath_floor_divide(7, T(m)),
                   ath_floor_divide(7, -2), ath_floor_divide(T(n), -2), ath_floor_divide(6, -2));
        VALUES_ARE("int -1; int 0; int 0", ath_floor_divide(-1, 1000000), ath_floor_divide(999999, 1000000),
                   ath_floor_divide(T(m), T(u)));
        VALUES_ARE("decimal -4; decimal 3", ath_floor_divide(T(d), 2),
                   ath_floor_divide(decimal("0.3"), decimal("0.1")));
        VALUES_ARE("decimal 0", ath_floor_divide(ath_cast(decimal("9999999"), ATH_NUMERIC(12, 2)), 10000000));
        VALUES_ARE("real -4; real -3", ath_floor_divide(T(r), 2), ath_floor_divide(T(r), 2.5));
        VALUES_ARE("int -3", ath_plus(ath_floor_divide(T(n), 2), 1));
    }
    end();
}

TEST(bits) {
    if (begin()) {
        VALUES_ARE("int 1; int -3; int -4; int -8; int 6", ath_bit_and(T(n), 5), ath_bit_or(T(n), 4),
                   ath_bit_xor(T(n), 5), ath_bit_not(7), ath_bit_not(T(n)));
        VALUES_ARE("int -28; int -4; int 8; int 1", ath_shift_left(T(n), 2), ath_shift_right(T(n), 1),
                   ath_shift_left(T(m), 2), ath_shift_right(T(m), 1));
        VALUES_ARE("int 4; int 20; int -6", ath_bit_and(T(u), 6), ath_shift_left(T(u), 2),
                   ath_bit_xor(ath_bit_xor(T(n), 5), 6));
    }
    end();
}

TEST(unsigned_numbers) {
    if (begin()) {
        VALUES_ARE("int -5; int -5; int 5", ath_minus(T(u), 10), ath_minus(T(large), 10), ath_minus(10, T(large)));
        VALUES_ARE("int 15; int -5; int -2", ath_plus(T(large), 10), ath_negate(T(u)), ath_plus(ANY(n), ANY(u)));
    }
    end();
}

/* ---- dates ---- */

TEST(parts_of_dates) {
    if (begin()) {
        VALUES_ARE("int 15; int 1709253015; int 2024; int 3; int 0", ath_extract("second", T(at)),
                   ath_extract("epoch", T(moment)), ath_extract("year", T(day)), ath_extract("month", T(at)),
                   ath_extract("hour", T(at)));
        ath_datetime early = datetime("1969-12-31 23:59:58.999999");
        VALUES_ARE("int -2; int 58", ath_extract("epoch", ath_typed(early, ATH_DATETIME)),
                   ath_extract("second", ath_typed(early, ATH_DATETIME)));
        check(ath_execute(c, ath_select(.columns = ath_cols(T(id)), .model = ath_model_of(Thing),
                                        .where = ath_eq(ath_extract("second", T(at)), 15))),
              "int 1", __LINE__);
    }
    end();
}

TEST(arithmetic_of_dates) {
    if (begin()) {
        ath_datetime other = datetime("2024-02-29 23:00:00.5");
        ath_interval month = {1, 2, -1};
        VALUES_ARE("interval PT5415.178901S; interval P-1DT-64415.178901S", ath_minus(T(at), other),
                   ath_minus(datetime("2024-02-28 06:36:40.5"), T(at)));
        VALUES_ARE("interval PT0.000000S; interval P1D", ath_minus(T(moment), T(moment)),
                   ath_minus(ath_cast(T(day), ATH_DATETIME), datetime("2024-02-29 00:00:00")));
        VALUES_ARE("int 60; int -31", ath_minus(T(day), date("2024-01-01")), ath_minus(date("2024-01-30"), T(day)));
        VALUES_ARE("datetime 2024-04-03 00:30:15.678900; datetime 2024-01-30 00:30:15.678902",
                   ath_plus((const ath_expr *)T(at), month), ath_minus((const ath_expr *)T(at), month));
        VALUES_ARE(
            "datetime 2024-02-29 12:00:00.000000",
            ath_plus((const ath_expr *)ath_value_of(datetime("2024-01-31 12:00:00")), ((ath_interval){1, 0, 0})));
        VALUES_ARE("timestamp 2024-03-03 00:30:15.678901; datetime 2024-03-01 00:00:01.000000",
                   ath_plus((const ath_expr *)T(moment), ((ath_interval){0, 2, 0})),
                   ath_plus((const ath_expr *)T(day), ((ath_interval){0, 0, 1000000})));
        VALUES_ARE("date 2024-03-11; date 2024-02-29", ath_plus((const ath_expr *)T(day), ath_value_of(10)),
                   ath_minus((const ath_expr *)T(day), ath_value_of(1)));
        VALUES_ARE("datetime 2024-03-01 00:00:01.000000",
                   ath_plus((const ath_expr *)ath_value_of(((ath_interval){0, 0, 1000000})), ath_value_of(T(day))));
    }
    end();
}

/* What SQLite and MariaDB would make garbage of. */
TEST(refused_arithmetic) {
    if (begin() && test_on != TEST_POSTGRESQL) {
        FAILS("no such arithmetic of dates", ath_times((const ath_expr *)T(span), ath_value_of(2)));
        FAILS("no such arithmetic of dates", ath_plus((const ath_expr *)T(at), ath_value_of(1)));
        FAILS("no such arithmetic of dates", ath_negate(T(span)));
        FAILS("no sums of dates", ath_sum(T(span)));
        if (test_on == TEST_MYSQL)
            FAILS("not a value of the program", ath_plus((const ath_expr *)T(at), ath_value_of(T(span))));
        else
            VALUES_ARE("datetime 2024-04-03 00:30:18.678901", ath_plus((const ath_expr *)T(at), ath_value_of(T(span))));
    }
    end();
}

/* ---- casts ---- */

TEST(casts) {
    if (begin()) {
        VALUES_ARE("date 2024-03-01; datetime 2024-03-01 00:00:00.000000; time 00:30:15.678901",
                   ath_cast(T(at), ATH_DATE), ath_cast(T(day), ATH_DATETIME), ath_cast(T(at), ATH_TIME));
        VALUES_ARE("date 2024-02-29; datetime 2024-02-29 10:00:00.250000; time 10:11:12.000000",
                   ath_cast("2024-02-29", ATH_DATE), ath_cast("2024-02-29 10:00:00.25", ATH_DATETIME),
                   ath_cast("10:11:12", ATH_TIME));
        VALUES_ARE("timestamp 2024-02-29 10:00:00.250000", ath_cast("2024-02-29 10:00:00.25", ATH_TIMESTAMP));
        VALUES_ARE("interval P1DT2.500000S; uuid 12340000-0000-0000-0000-00000000abcd",
                   ath_cast("P1DT2.5S", ATH_INTERVAL), ath_cast("12340000-0000-0000-0000-00000000ABCD", ATH_UUID));
        VALUES_ARE("json {\"b\":1}", ath_cast("{\"b\":1}", ATH_JSON));
        VALUES_ARE("bool true; bool false; bool true; bool false", ath_cast(T(m), ATH_BOOLEAN),
                   ath_cast(0, ATH_BOOLEAN), ath_cast("yes", ATH_BOOLEAN), ath_cast("False", ATH_BOOLEAN));
        VALUES_ARE("decimal 12.3; decimal -12.4; decimal 12", ath_cast("12.34", ATH_NUMERIC(10, 1)),
                   ath_cast(decimal("-12.35"), ATH_NUMERIC(10, 1)), ath_cast(12, ATH_NUMERIC(10, 2)));
        VALUES_ARE("text abc; text -7; int 3; int -8", ath_cast(T(s), ATH_STRING(3)), ath_cast(T(n), ATH_STRING(5)),
                   ath_cast(decimal("2.5"), ATH_INTEGER), ath_cast(T(d), ATH_BIGINT));
        check(ath_execute(c, ath_select(.columns = ath_cols(T(id)), .model = ath_model_of(Thing),
                                        .where = ath_and(ath_eq(ath_cast(T(d), ATH_NUMERIC(10, 1)), decimal("-7.5")),
                                                         ath_eq(ath_cast(T(at), ATH_DATE), date("2024-03-01")),
                                                         ath_eq(ath_cast(T(key), ATH_UUID), ((ath_uuid){{0x12, 0x34}})),
                                                         ath_eq(ath_cast(T(s), ATH_STRING(2)), "ab")))),
              "int 1", __LINE__);
        if (test_on != TEST_MYSQL) {
            FAILS("data", ath_cast("abc", ATH_DATE));
            FAILS("data", ath_cast("1234567.5", ATH_NUMERIC(4, 1)));
        }
        FAILS("data", ath_cast("maybe", ATH_BOOLEAN));
        FAILS("data", ath_cast("xyz", ATH_UUID));
        if (test_on == TEST_SQLITE) {
            FAILS("no CAST to an unsigned BIGINT",
                  ath_cast("1", ((ath_type){.sql = ATH_SQL_BIGINT, .is_unsigned = 1})));
            FAILS("no CAST to a NUMERIC of more than 15 digits", ath_cast("1", ATH_NUMERIC(20, 2)));
            FAILS("no CAST to a number of digits of a second", ath_cast(T(at), ATH_DATETIME_OF(0)));
        }
    }
    end();
}

/* ---- JSON ---- */

#define J(f, ...) ath_json_##f(T(j), __VA_ARGS__)
#define FINDS(condition)                                                                                               \
    check(ath_execute(                                                                                                 \
              c, ath_select(.columns = ath_cols(ath_count_all()), .model = ath_model_of(Thing), .where = condition)),  \
          "int 1", __LINE__)

TEST(json_values) {
    if (begin()) {
        VALUES_ARE("int 10; int 1; int 9007199254740993; null; null", J(int, "ten"), J(int, "one"), J(int, "big"),
                   J(int, "nil"), J(int, "none"));
        VALUES_ARE("real 10; real 1.5; real 1; null", J(real, "ten"), J(real, "half"), J(real, "one"), J(real, "nil"));
        VALUES_ARE("bool true; bool true; bool false; null", J(bool, "one"), J(bool, "yes"), J(bool, "no"),
                   J(bool, "nil"));
        VALUES_ARE("text true; text false; text 10; text 1.5; text abc; null", J(text, "yes"), J(text, "no"),
                   J(text, "ten"), J(text, "half"), J(text, "word"), J(text, "nil"));
        VALUES_ARE("int 3; int 2; int 1; null", J(int, "list", -1), J(int, "list", -2), J(int, "list", 0),
                   J(int, "list", 3));
        VALUES_ARE("int 4; int 5; int 6", J(int, "a b"), J(int, "a.b"), J(int, "$"));
    }
    end();
}

TEST(json_misfits) {
    if (begin()) {
        FAILS("data", J(int, "half"));
        FAILS("data", J(int, "yes"));
        FAILS("data", J(int, "word"));
        FAILS("data", J(int, "list"));
        FAILS("data", J(real, "word"));
        FAILS("data", J(real, "yes"));
        FAILS("data", J(bool, "word"));
        FAILS("data", J(bool, "ten"));
    }
    end();
}

TEST(json_keys) {
    if (begin()) {
        ath_json quoted = {"{\"x\\\"y\": 2, \"b\\\\c\": 3}"};
        VALUES_ARE("int 3", ath_json_int(ath_cast(quoted, ATH_JSON), "b\\c"));
        if (test_on == TEST_SQLITE)
            FAILS("double quote", ath_json_int(ath_cast(quoted, ATH_JSON), "x\"y"));
        else
            VALUES_ARE("int 2", ath_json_int(ath_cast(quoted, ATH_JSON), "x\"y"));
    }
    end();
}

TEST(json_equality) {
    if (begin()) {
        FINDS(ath_eq(J(get, "ten"), ((ath_json){"\"10\""})));
        FINDS(ath_eq(J(get, "one"), ((ath_json){"1"})));
        FINDS(ath_eq(J(get, "list"), ((ath_json){"[1,2,  3]"})));
        FINDS(ath_ne(J(get, "list"), ((ath_json){"[1,3,2]"})));
        FINDS(ath_ne(J(get, "ten"), ((ath_json){"10"})));
        FINDS(ath_eq(ath_cast("{\"a\": {\"b\": 1, \"c\": null}, \"d\": []}", ATH_JSON),
                     ((ath_json){"{\"d\": [], \"a\": {\"c\": null, \"b\": 1.0}}"})));
        FINDS(ath_eq(T(j), ((ath_json){document})));
        FINDS(ath_eq(J(get, "none"), NULL));
    }
    end();
}

#define VALUES_OF(...)                                                                                                 \
    ath_select(.columns = ath_cols(ath_star()),                                                                        \
               .from = ath_from(ath_values_as("v", ath_names("a", "b", "c", "d"), __VA_ARGS__)))

/* What a list of values is made of comes back whole; SQLite's columns have no type, and give what was kept. */
TEST(values_lists) {
    if (begin()) {
        ath_decimal d = decimal("-7.5");
        ath_datetime at = datetime("2024-03-01 00:30:15.678901");
        bool lite = test_on == TEST_SQLITE;
        ath_result_close(ath_execute(c, VALUES_OF(ath_vals(0, "", decimal("1"), datetime("2024-03-01 00:00:00")),
                                                  ath_vals(NULL, NULL, NULL, NULL)))); /* of the same shape */
        check(ath_execute(c, VALUES_OF(ath_vals(1, "x", d, at), ath_vals(NULL, NULL, NULL, NULL))),
              lite ? "int 1; text x; text -7.5; text 2024-03-01 00:30:15.678901"
                   : "int 1; text x; decimal -7.5; datetime 2024-03-01 00:30:15.678901",
              __LINE__);
        check(ath_execute(c, VALUES_OF(ath_vals(NULL, NULL, 2.5, d), ath_vals(1, at, NULL, 2))),
              lite ? "null; null; real 2.5; text -7.5" : "null; null; real 2.5; decimal -7.5", __LINE__);
        check(ath_execute(c, ath_select(.columns = ath_cols(ath_name("v", "a"), ath_name("v", "b")),
                                        .from = ath_from(ath_values_as("v", ath_names("a", "b"), ath_vals(NULL, NULL),
                                                                       ath_vals(2, at))),
                                        .where = ath_is_not_null(ath_name("v", "a")))),
              lite ? "int 2; text 2024-03-01 00:30:15.678901" : "int 2; datetime 2024-03-01 00:30:15.678901", __LINE__);
    }
    end();
}

/* What a list of values has besides its rows is not lost: it counts, or is refused by name. */
TEST(values_lists_with_a_limit) {
    if (begin()) {
        const ath_source few = {.select =
                                    ath_select(.values = ath_rows(ath_vals(3), ath_vals(1), ath_vals(2)), .limit = 2),
                                .alias = "v",
                                .columns = ath_names("a")};
        ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_count(ath_star())), .from = ath_from(few)));
        if (test_on == TEST_POSTGRESQL)
            check(r, "int 2", __LINE__);
        else
            CHECK(!r && ath_error(c)->status == ATH_NOT_SUPPORTED &&
                  strstr(ath_error(c)->message, "VALUES with names"));
    }
    end();
}

/* The columns of a set operation are what all its members are together. */
TEST(members_of_sets) {
    if (begin()) {
        const ath_select_stmt *whole = ath_select(.columns = ath_cols(T(m)), .model = ath_model_of(Thing));
        const ath_select_stmt *real = ath_select(.columns = ath_cols(T(r)), .model = ath_model_of(Thing));
        ath_result *r = ath_execute(c, ath_union_all(ath_queries(whole, real)));
        CHECK(r != NULL);
        const ath_row *row = r ? ath_fetch(r) : NULL;
        CHECK(row && ath_row_at(row, 0)->kind == ATH_KIND_REAL);
        row = r ? ath_fetch(r) : NULL;
        CHECK(row && ath_row_at(row, 0)->kind == ATH_KIND_REAL);
        ath_result_close(r);
    }
    end();
}

static const suite_case cases[] = {
    {"members_of_sets", members_of_sets, 0},
    {"values_lists", values_lists, 0},
    {"values_lists_with_a_limit", values_lists_with_a_limit, 0},
    {"json_values", json_values, 0},
    {"json_misfits", json_misfits, 0},
    {"json_keys", json_keys, 0},
    {"json_equality", json_equality, 0},
    {"modulo", modulo, 0},
    {"floor_division", floor_division, 0},
    {"bits", bits, 0},
    {"unsigned_numbers", unsigned_numbers, 0},
    {"parts_of_dates", parts_of_dates, 0},
    {"arithmetic_of_dates", arithmetic_of_dates, 0},
    {"refused_arithmetic", refused_arithmetic, 0},
    {"casts", casts, 0},
    {"common_types", common_types, 0},
    {"arithmetic_types", arithmetic_types, 0},
    {"literal_types", literal_types, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
