/* SPDX-License-Identifier: Apache-2.0
 *
 * Every C type through a struct into SQLite and back: the borders of its range, and random values.
 */
#include "library.h"

static ath_engine *db;
static ath_session *s;

static void begin(void) {
    db = library_fresh();
    s = db ? ath_session_open(db) : NULL;
    CHECK(s != NULL);
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
}

static bool same_text(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_scalars(const Everything *a, const Everything *b) {
    return a->b == b->b && a->i16 == b->i16 && a->i32 == b->i32 && a->i64 == b->i64 && a->u16 == b->u16 &&
           a->u32 == b->u32 && a->u64 == b->u64 && memcmp(&a->f32, &b->f32, sizeof a->f32) == 0 &&
           memcmp(&a->f64, &b->f64, sizeof a->f64) == 0 && a->color == b->color;
}

static bool same_times(const Everything *a, const Everything *b) {
    return a->date.days == b->date.days && a->time.us == b->time.us && a->datetime.us == b->datetime.us &&
           a->timestamp.us == b->timestamp.us && a->interval.months == b->interval.months &&
           a->interval.days == b->interval.days && a->interval.us == b->interval.us;
}

static bool same_rest(const Everything *a, const Everything *b) {
    return same_text(a->text, b->text) && strcmp(a->inline_text, b->inline_text) == 0 &&
           a->bytes.size == b->bytes.size && (a->bytes.data == NULL) == (b->bytes.data == NULL) &&
           (a->bytes.size == 0 || memcmp(a->bytes.data, b->bytes.data, a->bytes.size) == 0) &&
           ath_decimal_compare(a->decimal, b->decimal) == 0 && memcmp(&a->uuid, &b->uuid, sizeof a->uuid) == 0 &&
           same_text(a->json.text, b->json.text);
}

static bool same_optionals(const Everything *a, const Everything *b) {
    return a->ob.has == b->ob.has && a->ob.value == b->ob.value && a->oi64.has == b->oi64.has &&
           a->oi64.value == b->oi64.value && a->of64.has == b->of64.has &&
           memcmp(&a->of64.value, &b->of64.value, sizeof(double)) == 0 && a->odatetime.has == b->odatetime.has &&
           a->odatetime.value.us == b->odatetime.value.us && a->odecimal.has == b->odecimal.has &&
           ath_decimal_compare(a->odecimal.value, b->odecimal.value) == 0 && a->ouuid.has == b->ouuid.has &&
           memcmp(&a->ouuid.value, &b->ouuid.value, sizeof a->ouuid.value) == 0;
}

/* Written by one session, read by another through `read_only` and tracked. */
static void round_trip(const Everything *e) {
    Everything *written = ath_add(s, Everything, e);
    CHECK(written != NULL);
    CHECK_INT(ath_commit(s), ATH_OK);
    if (ath_error(s)->status != ATH_OK) {
        test_failed_(__FILE__, __LINE__, "%s", ath_error(s)->message);
        ath_rollback(s);
        return;
    }
    ath_session *other = ath_session_open(db);
    Everything *read = ath_get(other, Everything, written->id);
    CHECK(read != NULL);
    if (read) {
        CHECK(same_scalars(read, e));
        CHECK(same_times(read, e));
        CHECK(same_rest(read, e));
        CHECK(same_optionals(read, e));
        uint64_t before = statements_of(db);
        CHECK_INT(ath_commit(other), ATH_OK);
        CHECK_INT(statements_of(db) - before, 1); /* COMMIT alone: what was read is not dirty */
    }
    ath_session_close(other);
}

static ath_decimal decimal(const char *text) {
    ath_decimal d = {0};
    CHECK_INT(ath_decimal_parse(text, strlen(text), &d), ATH_OK);
    return d;
}

TEST(borders) {
    begin();
    static const char blob[] = {0, 1, (char)0xff, 0};
    Everything low = {.i16 = INT16_MIN,
                      .i32 = INT32_MIN,
                      .i64 = INT64_MIN,
                      .f32 = -3.4028235e38f,
                      .f64 = -1.7976931348623157e308,
                      .inline_text = "",
                      .text = "",
                      .bytes = {"", 0},
                      .date = {-719528},
                      .datetime = {-62167219200000000},
                      .timestamp = {-62167219200000000},
                      .interval = {INT32_MIN, INT32_MIN, INT64_MIN},
                      .decimal = decimal("-9999999999999999999999999999.9999999999"),
                      .json = {"null"}};
    Everything high = {.b = true,
                       .i16 = INT16_MAX,
                       .i32 = INT32_MAX,
                       .i64 = INT64_MAX,
                       .u16 = UINT16_MAX,
                       .u32 = UINT32_MAX,
                       .u64 = INT64_MAX,
                       .f32 = 3.4028235e38f,
                       .f64 = 4.9e-324,
                       .inline_text = "fifteen bytes!!",
                       .text = "\xf0\x9f\x98\x80 'quotes' \"and\" \\ % _ --",
                       .bytes = {blob, sizeof blob},
                       .date = {2932896},
                       .time = {86399999999},
                       .datetime = {253402300799999999},
                       .timestamp = {253402300799999999},
                       .interval = {INT32_MAX, INT32_MAX, INT64_MAX},
                       .decimal = decimal("9999999999999999999999999999.9999999999"),
                       .json = {"{\"k\": [1, null]}"},
                       .color = BLUE,
                       .ob = ath_some(false),
                       .oi64 = ath_some(0),
                       .of64 = ath_some(0.1),
                       .odatetime = {.value = {1}, .has = true},
                       .odecimal = ath_some(decimal("-0.0001")),
                       .ouuid = {.value = {.bytes = {0}}, .has = true}};
    round_trip(&low);
    round_trip(&high);
    end();
}

TEST(nulls_are_not_zeros) {
    begin();
    Everything e = {.text = NULL, .bytes = {NULL, 0}, .json = {NULL}};
    round_trip(&e);
    CHECK_INT(ath_count(s, Everything, .where = ath_is_null(ath_col(Everything, text))), 1);
    CHECK_INT(ath_count(s, Everything, .where = ath_is_null(ath_col(Everything, oi64))), 1);
    CHECK_INT(ath_count(s, Everything, .where = ath_eq(ath_col(Everything, text), "")), 0);
    end();
}

/* Numbers by themselves are JSON documents too, and keep every digit. */
TEST(bare_json_numbers) {
    static const char *const documents[] = {"1.50", "-12345678901234567890123.0", " 7 ", "true", "\"text\"", "1e400"};
    begin();
    for (size_t i = 0; i < TEST_COUNT(documents); i++) {
        Everything e = {.json = {documents[i]}};
        test_context("%s", documents[i]);
        round_trip(&e);
    }
    test_context("%s", "");
    end();
}

/* More digits than a double has are still compared as numbers. */
TEST(long_decimals_are_in_order) {
    static const char *const texts[] = {"9.5", "10.0", "-3", "10.00000", "2", "1234567890123456789012345678.5"};
    begin();
    for (size_t i = 0; i < TEST_COUNT(texts); i++) {
        Everything e = {.i32 = (int32_t)i, .decimal = decimal(texts[i])};
        CHECK(ath_add(s, Everything, &e) != NULL);
    }
    CHECK_INT(ath_commit(s), ATH_OK);
    Everything **all =
        ath_all(s, Everything, .order_by = ath_by(ath_col(Everything, decimal), ath_col(Everything, id)));
    static const int32_t order[] = {2, 4, 0, 1, 3, 5};
    for (size_t i = 0; i < TEST_COUNT(order); i++)
        CHECK_INT(all[i]->i32, order[i]);
    CHECK_INT(ath_count(s, Everything, .where = ath_gt(ath_col(Everything, decimal), decimal("9.75"))), 3);
    CHECK_INT(ath_count(s, Everything, .where = ath_eq(ath_col(Everything, decimal), 10)), 2);
    end();
}

/* SplitMix64: the same values in every run. */
static uint64_t state = 20261121;
static uint64_t next_random(void) {
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static int64_t between(int64_t low, int64_t high) {
    return low + (int64_t)(next_random() % (uint64_t)(high - low));
}

static double random_double(void) {
    double d;
    do {
        uint64_t bits = next_random();
        memcpy(&d, &bits, sizeof d);
    } while (d != d || d - d != 0);
    return d;
}

static void fill(Everything *e, char *text, uint8_t *blob) {
    for (int i = 0; i < 20; i++)
        text[i] = (char)between(1, 128);
    text[20] = '\0';
    for (int i = 0; i < 20; i++)
        blob[i] = (uint8_t)next_random();
    *e = (Everything){.b = next_random() & 1,
                      .i16 = (int16_t)next_random(),
                      .i32 = (int32_t)next_random(),
                      .i64 = (int64_t)next_random(),
                      .u16 = (uint16_t)next_random(),
                      .u32 = (uint32_t)next_random(),
                      .u64 = next_random() >> 1,
                      .f32 = (float)between(-1000000, 1000000) / 7,
                      .f64 = random_double(),
                      .text = text,
                      .bytes = {blob, 20},
                      .date = {(int32_t)between(-719528, 2932896)},
                      .time = {between(0, 86400000000)},
                      .datetime = {between(-62167219200000000, 253402300800000000)},
                      .timestamp = {between(-62167219200000000, 253402300800000000)},
                      .interval = {(int32_t)next_random(), (int32_t)next_random(), (int64_t)next_random()},
                      .json = {"[]"},
                      .color = (Color)(next_random() % 3)};
    e->decimal = (ath_decimal){.low = next_random(), .high = 0, .scale = 10, .negative = next_random() & 1};
    memcpy(e->inline_text, text, 15);
    memcpy(e->uuid.bytes, blob, 16);
    if (next_random() & 1) {
        e->oi64 = (ath_opt_i64)ath_some((int64_t)next_random());
        e->of64 = (ath_opt_f64)ath_some(random_double());
        e->odatetime = (ath_opt_datetime){{between(-62167219200000000, 253402300800000000)}, true};
        e->odecimal = (ath_opt_decimal)ath_some(ath_decimal_from_int(between(-99999999, 99999999)));
    }
}

TEST(random_values) {
    begin();
    char text[24];
    uint8_t blob[20];
    for (int i = 0; i < 300; i++) {
        Everything e;
        test_context("random value %d", i);
        fill(&e, text, blob);
        round_trip(&e);
    }
    test_context("%s", "");
    end();
}

/* Each is refused as a data error that names the column, and nothing is written. */
static void refuse(const Everything *e, const char *column) {
    test_context("%s", column);
    CHECK(ath_add(s, Everything, e) != NULL);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK(strstr(ath_error(s)->message, column) != NULL || strcmp(column, "u64") == 0 || strcmp(column, "f64") == 0 ||
          strstr(ath_error(s)->message, "years") != NULL);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Everything), 0);
    test_context("%s", "");
}

TEST(what_cannot_be_kept_is_refused) {
    SQLITE_ONLY("servers have other limits");
    begin();
    Everything e = {.u64 = UINT64_MAX};
    refuse(&e, "u64");
    e = (Everything){.f64 = (double)NAN};
    refuse(&e, "f64");
    e = (Everything){.color = (Color)7};
    refuse(&e, "color");
    e = (Everything){.text = "bad \xc3("};
    refuse(&e, "text");
    e = (Everything){.date = {2932897}};
    refuse(&e, "date");
    e = (Everything){.datetime = {253402300800000000}};
    refuse(&e, "datetime");
    e = (Everything){.time = {86400000000}};
    refuse(&e, "time");
    e = (Everything){.odecimal = ath_some(decimal("123456789.1"))};
    refuse(&e, "odecimal");
    e = (Everything){.odecimal = ath_some(decimal("0.00001"))};
    refuse(&e, "odecimal");
    memset(e.inline_text, 'x', sizeof e.inline_text);
    e.odecimal.has = false;
    refuse(&e, "inline_text");
    end();
}

/* What SQLite would get wrong without a word is refused before it is sent. */
TEST(what_cannot_be_computed_is_refused) {
    SQLITE_ONLY("servers compute it");
    begin();
    Everything e = {.decimal = decimal("1234567890123456.1234")};
    CHECK(ath_add(s, Everything, &e) != NULL);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_update(s, Everything,
                         .set = ath_set(ath_to(Everything, decimal, ath_plus(ath_col(Everything, decimal), 1))),
                         .all_rows = true),
              -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK(ath_scalar(s, ath_select(.columns = ath_cols(ath_sum(ath_col(Everything, decimal))))) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_count(s, Everything, .where = ath_gt(ath_col(Everything, interval), ((ath_interval){.days = 1}))),
              -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK(ath_all(s, Everything, .order_by = ath_by(ath_col(Everything, interval))) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_count(s, Everything, .where = ath_eq(ath_col(Everything, interval), ((ath_interval){.days = 0}))), 1);
    CHECK_INT(ath_count(s, Everything, .where = ath_lt(ath_col(Everything, odecimal), decimal("0.123456789"))), 0);
    end();
}

/* What another program wrote and a field cannot hold is refused on the way in, and named. */
TEST(what_does_not_fit_the_field_is_refused) {
    SQLITE_ONLY("the columns of servers take no such values");
    static const struct {
        const char *sql, *column;
    } rows[] = {
        {"UPDATE everything SET i16 = 40000", "i16"},
        {"UPDATE everything SET i32 = 'abc'", "i32"},
        {"UPDATE everything SET u16 = -1", "u16"},
        {"UPDATE everything SET inline_text = 'longer than fifteen'", "inline_text"},
        {"UPDATE everything SET datetime = '2024-02-30 00:00:00'", "datetime"},
        {"UPDATE everything SET uuid = 'zz'", "uuid"},
        {"UPDATE everything SET color = 'purple'", "color"},
        {"UPDATE everything SET b = 2", "b"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        begin();
        test_context("%s", rows[i].sql);
        Everything e = {.i16 = 1};
        ath_add(s, Everything, &e);
        CHECK_INT(ath_commit(s), ATH_OK);
        ath_result_close(ath_execute(s, ath_text(rows[i].sql)));
        CHECK_INT(ath_commit(s), ATH_OK);
        CHECK(ath_all(s, Everything, .populate_existing = true) == NULL);
        CHECK_INT(ath_error(s)->status, ATH_DATA);
        CHECK_STR(ath_error(s)->column, rows[i].column);
        CHECK_STR(ath_error(s)->table, "everything");
        end();
    }
    test_context("%s", "");
}

static const test_case cases[] = {
    {"borders", borders},
    {"nulls_are_not_zeros", nulls_are_not_zeros},
    {"bare_json_numbers", bare_json_numbers},
    {"long_decimals_are_in_order", long_decimals_are_in_order},
    {"random_values", random_values},
    {"what_cannot_be_kept_is_refused", what_cannot_be_kept_is_refused},
    {"what_cannot_be_computed_is_refused", what_cannot_be_computed_is_refused},
    {"what_does_not_fit_the_field_is_refused", what_does_not_fit_the_field_is_refused},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
