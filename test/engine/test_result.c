/* SPDX-License-Identifier: Apache-2.0
 *
 * Results: fetching, first, one, scalar, all; values by position and name, with the kinds that the model names.
 */
#include "engine/temp.h"

typedef struct Thing {
    int64_t id;
    const char *name;
    bool on;
    double real;
    ath_decimal price;
    ath_bytes data;
    ath_date day;
    ath_time clock;
    ath_datetime made;
    ath_timestamp seen;
    ath_interval span;
    ath_uuid key;
    ath_json doc;
    int32_t state;
} Thing;

ATH_MODEL(Thing, "things") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(on, .nullable = false);
    ath_column(real);
    ath_column(price, .type = ATH_NUMERIC(10, 3));
    ath_column(data);
    ath_column(day);
    ath_column(clock);
    ath_column(made);
    ath_column(seen);
    ath_column(span);
    ath_column(key);
    ath_column(doc);
    ath_column(state, .type = ATH_ENUM("draft", "published"));
}
ATH_METADATA(Things, Thing);

static ath_engine *db;
static ath_connection *c;

static void open_db(void) {
    db = ath_engine_open("sqlite://");
    c = ath_connect(db);
    run_sql(c, "CREATE TABLE t (n INTEGER, s TEXT)");
    run_sql(c, "INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, NULL)");
    ath_commit(c);
}

static void close_db(void) {
    ath_connection_close(c);
    ath_engine_close(db);
}

static ath_result *all_rows(void) {
    return ath_execute(c, ath_text("SELECT n, s FROM t ORDER BY n"));
}

TEST(fetch_walks_the_rows) {
    open_db();
    ath_result *r = all_rows();
    CHECK_INT(ath_result_column_count(r), 2);
    CHECK_STR(ath_result_column_name(r, 1), "s");
    CHECK_STR(ath_result_column_name(r, 2), NULL);
    int n = 0;
    for (const ath_row *row; (row = ath_fetch(r)) != NULL;) {
        CHECK_INT(ath_row_int(row, 0), ++n);
        CHECK_INT(ath_row_is_null(row, 1), n == 3);
        CHECK(ath_row_at(row, 0) == ath_row_get(row, "n"));
        CHECK(ath_row_at(row, 2) == NULL);
        CHECK(ath_row_get(row, "nothing") == NULL);
        CHECK_STR(ath_row_text(row, 1), n == 1 ? "one" : n == 2 ? "two" : NULL);
        CHECK_STR(ath_row_text(row, 0), n == 1 ? "1" : n == 2 ? "2" : "3");
    }
    CHECK_INT(n, 3);
    CHECK(ath_fetch(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_OK);
    CHECK_INT(ath_result_rowcount(r), -1);
    CHECK_STR(ath_result_column_name(r, 0), "n"); /* known after the end, too */
    ath_result_close(r);
    ath_result_close(NULL);
    close_db();
}

TEST(all_gives_a_vector_that_stays) {
    open_db();
    ath_result *r = all_rows();
    const ath_row **rows = ath_result_all(r);
    CHECK_INT(ath_len(rows), 3);
    CHECK_INT((uintptr_t)rows % 16, 0);
    run_sql(c, "UPDATE t SET s = 'changed'");
    ath_commit(c);
    CHECK_STR(ath_row_text(rows[0], 1), "one");
    CHECK_STR(ath_row_text(rows[1], 0), "2");
    CHECK(ath_row_get(rows[2], "s")->kind == ATH_KIND_NULL);
    CHECK(rows[3] == NULL);
    const ath_row **again = ath_result_all(r);
    CHECK_INT(ath_len(again), 0);
    CHECK(again != NULL && again[0] == NULL);
    ath_result_close(r);
    close_db();
}

TEST(all_of_many) {
    open_db();
    ath_result *r = ath_execute(c, ath_text("WITH RECURSIVE g(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < "
                                            "20000) SELECT i, 'text of row ' || i FROM g"));
    const ath_row **rows = ath_result_all(r);
    CHECK_INT(ath_len(rows), 20000);
    for (size_t i = 0; i < ath_len(rows); i += 997) {
        char text[40];
        snprintf(text, sizeof text, "text of row %zu", i + 1);
        CHECK_STR(ath_row_text(rows[i], 1), text);
    }
    ath_result_close(r);
    close_db();
}

TEST(first_one_and_scalar) {
    open_db();
    ath_result *r = all_rows();
    const ath_row *row = ath_result_first(r);
    CHECK_STR(ath_row_text(row, 1), "one"); /* although the statement is given back */
    CHECK(ath_fetch(r) == NULL);
    ath_result_close(r);

    r = ath_execute(c, ath_text("SELECT s FROM t WHERE n = 2"));
    CHECK_STR(ath_row_text(ath_result_one(r), 0), "two");
    ath_result_close(r);

    r = all_rows();
    CHECK(ath_result_one(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_MULTIPLE_RESULTS);
    ath_result_close(r);

    r = all_rows();
    CHECK(ath_result_one_or_none(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_MULTIPLE_RESULTS);
    ath_result_close(r);

    r = ath_execute(c, ath_text("SELECT n FROM t WHERE n = 3"));
    const ath_value *value = ath_result_scalar(r);
    CHECK(value && value->kind == ATH_KIND_INT && value->as.i == 3);
    ath_result_close(r);
    close_db();
}

TEST(no_rows) {
    open_db();
    for (int i = 0; i < 5; i++) {
        ath_result *r = ath_execute(c, ath_text("SELECT n FROM t WHERE n > 100"));
        ath_status expected = ATH_OK;
        if (i == 0)
            CHECK(ath_result_first(r) == NULL);
        else if (i == 1)
            CHECK(ath_result_one_or_none(r) == NULL);
        else if (i == 2)
            CHECK(ath_result_scalar(r) == NULL);
        else if (i == 3)
            CHECK_INT(ath_len(ath_result_all(r)), 0);
        else {
            CHECK(ath_result_one(r) == NULL);
            expected = ATH_NO_RESULT;
        }
        CHECK_INT(ath_result_error(r)->status, expected);
        ath_result_close(r);
    }
    close_db();
}

TEST(statements_without_rows) {
    open_db();
    ath_result *r = ath_execute(c, ath_text("UPDATE t SET s = 'x' WHERE n < :n", ath_bind("n", 3)));
    CHECK_INT(ath_result_rowcount(r), 2);
    CHECK_INT(ath_result_column_count(r), 0);
    CHECK(ath_fetch(r) == NULL);
    CHECK(ath_result_all(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_STATE);
    ath_result_close(r);
    r = ath_execute(c, ath_text("INSERT INTO t VALUES (4, 'four')"));
    CHECK_INT(ath_result_rowcount(r), 1);
    CHECK_INT(ath_result_inserted_id(r), 4);
    ath_result_close(r);
    r = ath_execute(c, ath_text("DELETE FROM t WHERE n = 99"));
    CHECK_INT(ath_result_rowcount(r), 0);
    ath_result_close(r);
    r = ath_execute(c, ath_text("DELETE FROM t RETURNING n"));
    CHECK_INT(ath_len(ath_result_all(r)), 4);
    ath_result_close(r);
    close_db();
}

/* The statement's values live on the caller's stack; a result may be walked after they are gone. */
TEST(values_outlive_their_block) {
    open_db();
    ath_result *r;
    {
        char wanted[8] = "two";
        r = ath_execute(c, ath_text("SELECT n, :w FROM t WHERE s IS NOT :w ORDER BY n", ath_bind("w", wanted)));
        CHECK_STR(ath_row_text(ath_fetch(r), 1), "two");
        memset(wanted, 'z', sizeof wanted - 1);
    }
    CHECK_INT(ask_int(c, "SELECT 7"), 7);
    const ath_row *row = ath_fetch(r);
    CHECK_INT(ath_row_int(row, 0), 3);
    CHECK_STR(ath_row_text(row, 1), "two");
    CHECK(ath_fetch(r) == NULL);
    ath_result_close(r);
    close_db();
}

/* What a failed statement gives may be passed on: the failure shows at the end. */
TEST(a_missing_result_is_survived) {
    open_db();
    ath_result *r = ath_execute(c, ath_text("SELECT nothing"));
    CHECK(r == NULL);
    CHECK(ath_fetch(r) == NULL && ath_result_first(r) == NULL && ath_result_one(r) == NULL);
    CHECK(ath_result_scalar(r) == NULL && ath_result_all(r) == NULL);
    CHECK_INT(ath_row_int(ath_fetch(r), 0), 0);
    CHECK_STR(ath_row_text(ath_fetch(r), 0), NULL);
    CHECK(ath_result_error(r)->status != ATH_OK);
    CHECK_INT(ath_error(c)->status, ATH_PROGRAMMING);
    ath_result_close(r);
    close_db();
}

TEST(results_may_overlap) {
    open_db();
    ath_result *a = all_rows(), *b = all_rows();
    CHECK_INT(ath_row_int(ath_fetch(a), 0), 1);
    CHECK_INT(ath_row_int(ath_fetch(b), 0), 1);
    CHECK_INT(ath_row_int(ath_fetch(a), 0), 2);
    ath_result_close(a);
    CHECK_INT(ath_row_int(ath_fetch(b), 0), 2);
    ath_result_close(b);
    close_db();
}

TEST(a_failure_in_the_middle) {
    open_db();
    ath_result *r = ath_execute(c, ath_text("SELECT abs(CASE n WHEN 3 THEN -9223372036854775807 - 1 ELSE n END) FROM t "
                                            "ORDER BY rowid"));
    CHECK(ath_fetch(r) != NULL);
    CHECK(ath_fetch(r) != NULL);
    CHECK(ath_fetch(r) == NULL);
    CHECK(ath_result_error(r)->status != ATH_OK);
    CHECK_HAS(ath_result_error(r)->message, "overflow");
    CHECK_INT(ath_connection_error(c)->status, ath_result_error(r)->status);
    ath_result_close(r);
    r = ath_execute(c, ath_text("SELECT abs(CASE n WHEN 3 THEN -9223372036854775807 - 1 ELSE n END) FROM t"));
    CHECK(ath_result_all(r) == NULL);
    CHECK(ath_result_error(r)->status != ATH_OK);
    ath_result_close(r);
    close_db();
}

/* ---- kinds ---- */

static const uint8_t blob[] = {0, 1, 0, 255};

static ath_result *insert_thing(const char *doc) {
    ath_uuid key;
    ath_decimal price;
    ath_date day;
    ath_uuid_parse("00112233445566778899aabbccddeeff", 32, &key);
    ath_decimal_parse("12.340", 6, &price);
    ath_date_make(2024, 2, 29, &day);
    return ath_execute(
        c, ath_insert(.model = ath_model_of(Thing),
                      .set = ath_set(ath_to(Thing, name, "n\xC3\xA4me"), ath_to(Thing, on, true),
                                     ath_to(Thing, real, 2), ath_to(Thing, price, price),
                                     ath_to(Thing, data, ((ath_bytes){blob, sizeof blob})), ath_to(Thing, day, day),
                                     ath_to(Thing, clock, ((ath_time){1})), ath_to(Thing, made, ((ath_datetime){-1})),
                                     ath_to(Thing, seen, ((ath_timestamp){1234567})),
                                     ath_to(Thing, span, ((ath_interval){1, -2, 3})), ath_to(Thing, key, key),
                                     ath_to(Thing, doc, ((ath_json){doc})), ath_name_to("state", "published"))));
}

TEST(kinds_follow_the_model) {
    static const ath_kind kinds[] = {ATH_KIND_INT,      ATH_KIND_TEXT,      ATH_KIND_BOOL,     ATH_KIND_REAL,
                                     ATH_KIND_DECIMAL,  ATH_KIND_BYTES,     ATH_KIND_DATE,     ATH_KIND_TIME,
                                     ATH_KIND_DATETIME, ATH_KIND_TIMESTAMP, ATH_KIND_INTERVAL, ATH_KIND_UUID,
                                     ATH_KIND_JSON,     ATH_KIND_TEXT};
    open_db();
    ath_connection_close(c);
    ath_error error;
    CHECK_INT(ath_create_all(db, &Things, &error), ATH_OK);
    c = ath_connect(db);
    ath_result *r = insert_thing("{\"a\": 1}");
    CHECK(r != NULL);
    if (!r)
        CHECK_STR(ath_error(c)->message, "");
    CHECK_INT(r ? ath_result_inserted_id(r) : 0, 1);
    ath_result_close(r);
    r = ath_execute(c, ath_select(.model = ath_model_of(Thing)));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    CHECK(row != NULL);
    for (size_t i = 0; row && i < TEST_COUNT(kinds); i++) {
        test_context("column %s", ath_result_column_name(r, i));
        CHECK_INT(ath_row_at(row, i)->kind, kinds[i]);
    }
    if (row) {
        test_context("%s", "values");
        char text[ATH_DECIMAL_TEXT];
        CHECK_STR(ath_row_text(row, 1), "n\xC3\xA4me");
        CHECK(ath_row_at(row, 2)->as.b);
        CHECK(ath_row_real(row, 3) == 2.0);
        text[ath_decimal_format(ath_row_get(row, "price")->as.decimal, text)] = '\0';
        CHECK_STR(text, "12.340");
        CHECK(ath_row_at(row, 5)->as.bytes.size == 4 && memcmp(ath_row_at(row, 5)->as.bytes.data, blob, 4) == 0);
        CHECK_STR(ath_row_text(row, 6), "2024-02-29");
        CHECK_INT(ath_row_at(row, 8)->as.datetime.us, -1);
        CHECK_INT(ath_row_at(row, 9)->as.timestamp.us, 1234567);
        CHECK_INT(ath_row_at(row, 10)->as.interval.days, -2);
        CHECK_STR(ath_row_text(row, 11), "00112233-4455-6677-8899-aabbccddeeff");
        CHECK_STR(ath_row_text(row, 12), "{\"a\": 1}");
        CHECK_STR(ath_row_text(row, 13), "published");
    }
    if (r)
        ath_result_close(r);
    close_db();
}

/* A JSON document may be a bare number, which a column of type JSON turns into one. */
TEST(json_documents_come_back) {
    static const char *const documents[] = {"123",  "1.5",      "-9223372036854775808", "\"text\"", "null",
                                            "true", "[1, 2.50]"};
    for (size_t i = 0; i < TEST_COUNT(documents); i++) {
        test_context("%s", documents[i]);
        open_db();
        ath_connection_close(c);
        ath_create_all(db, &Things);
        c = ath_connect(db);
        ath_result_close(insert_thing(documents[i]));
        ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_col(Thing, doc))));
        const ath_row *row = ath_result_first(r);
        CHECK_STR(row ? ath_row_text(row, 0) : ath_result_error(r)->message, documents[i]);
        ath_result_close(r);
        close_db();
    }
}

TEST(a_value_that_does_not_convert_names_its_column) {
    open_db();
    ath_connection_close(c);
    ath_create_all(db, &Things);
    c = ath_connect(db);
    ath_result_close(insert_thing("1.5"));
    CHECK_INT(run_sql(c, "UPDATE things SET made = 'yesterday'"), ATH_OK);
    ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_col(Thing, id), ath_col(Thing, made))));
    CHECK(ath_fetch(r) == NULL);
    CHECK_INT(ath_result_error(r)->status, ATH_DATA);
    CHECK_HAS(ath_result_error(r)->message, "made");
    ath_result_close(r);
    close_db();
}

TEST(values_that_do_not_fit_are_refused) {
    open_db();
    ath_connection_close(c);
    ath_create_all(db, &Things);
    c = ath_connect(db);
    char longer[60];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    const char *const wrong[] = {longer, "\xff\xfe"};
    for (size_t i = 0; i < TEST_COUNT(wrong); i++) {
        ath_result *r = ath_execute(c, ath_update_of(.model = ath_model_of(Thing), .all_rows = true,
                                                     .set = ath_set(ath_to(Thing, name, wrong[i]))));
        CHECK(r == NULL);
        CHECK_INT(ath_error(c)->status, ATH_DATA);
        CHECK_HAS(ath_error(c)->statement, "UPDATE things");
        CHECK(strstr(ath_error(c)->message, "xxxxxxxx") == NULL); /* values stay out of messages */
    }
    close_db();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"fetch_walks_the_rows", fetch_walks_the_rows},
        {"all_gives_a_vector_that_stays", all_gives_a_vector_that_stays},
        {"all_of_many", all_of_many},
        {"first_one_and_scalar", first_one_and_scalar},
        {"no_rows", no_rows},
        {"statements_without_rows", statements_without_rows},
        {"values_outlive_their_block", values_outlive_their_block},
        {"a_missing_result_is_survived", a_missing_result_is_survived},
        {"results_may_overlap", results_may_overlap},
        {"a_failure_in_the_middle", a_failure_in_the_middle},
        {"kinds_follow_the_model", kinds_follow_the_model},
        {"json_documents_come_back", json_documents_come_back},
        {"a_value_that_does_not_convert_names_its_column", a_value_that_does_not_convert_names_its_column},
        {"values_that_do_not_fit_are_refused", values_that_do_not_fit_are_refused},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
