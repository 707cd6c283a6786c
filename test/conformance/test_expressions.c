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

static const suite_case cases[] = {
    {"values_lists", values_lists, 0},
    {"common_types", common_types, 0},
    {"arithmetic_types", arithmetic_types, 0},
    {"literal_types", literal_types, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
