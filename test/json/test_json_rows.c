/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of statements as JSON, on every database: the type of a column decides how its values look.
 */
#include "test.h"

#include "../servers.h"
#include "json/writers.h"

static ath_engine *open_filled(void) {
    ath_engine *db = writing_open(test_fresh_url(test_on));
    ath_session *s = db ? ath_session_open(db) : NULL;
    if (s)
        writing_fill(s);
    ath_session_close(s);
    return db;
}

TEST(writes_rows) {
    ath_engine *db = open_filled();
    ath_session *s = ath_session_open(db);
    uint64_t before = ath_session_statements(s);
    CHECK_JSON(ath_rows_to_json(
                   s, ath_select(.model = ath_model_of(Essay), .order_by = ath_by(ath_col(Essay, id)), .limit = 2)),
               "[{\"id\":1,\"writer_id\":1,\"title\":\"On Rain\",\"price\":\"12.50\"},"
               "{\"id\":2,\"writer_id\":1,\"title\":\"Über Öl\\n\",\"price\":\"0.05\"}]");
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK_JSON(ath_rows_to_json(s, ath_select(.model = ath_model_of(Essay), .where = ath_eq(ath_col(Essay, id), 99))),
               "[]");
    CHECK_JSON(ath_rows_to_json(s,
                                ath_select(.columns = ath_cols(ath_col(Writer, name), ath_col(Essay, title)),
                                           .joins = ath_joins(ath_join(Essay)), .order_by = ath_by(ath_col(Essay, id))),
                                .stream_results = true),
               "[{\"name\":\"ann\",\"title\":\"On Rain\"},{\"name\":\"ann\",\"title\":\"Über Öl\\n\"},"
               "{\"name\":\"bob\",\"title\":\"\\\\\"}]");
    ath_session_close(s);
    ath_connection *c = ath_connect(db);
    CHECK_JSON(ath_rows_to_json(c, ath_text("SELECT id, label FROM topics ORDER BY id")),
               "[{\"id\":1,\"label\":\"weather\"},{\"id\":2,\"label\":\"art\"}]");
    ath_connection_close(c);
    ath_engine_close(db);
}

TEST(numbers_equal_names) {
    ath_engine *db = open_filled();
    ath_session *s = ath_session_open(db);
    const ath_select_stmt *both =
        ath_select(.columns = ath_cols(ath_col(Writer, id), ath_col(Essay, id), ath_label(ath_int(5), "id_2")),
                   .joins = ath_joins(ath_join(Essay)), .where = ath_eq(ath_col(Essay, id), 3));
    CHECK_JSON(ath_rows_to_json(s, both), "[{\"id\":2,\"id_1\":3,\"id_2\":5}]");
    CHECK_JSON(ath_rows_to_json(s, both, .rename = ath_renames({"id_1", "essay"}), .exclude = ath_names("id_2")),
               "[{\"id\":2,\"essay\":3}]");
    CHECK(!ath_rows_to_json(s, both, .include = ath_names("nothing")));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK(!ath_rows_to_json(s, both, .rename = ath_renames({"id_2", "id"})));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_JSON(ath_rows_to_json(s, ath_select(.model = ath_model_of(Writer), .where = ath_eq(ath_col(Writer, id), 2)),
                                .exclude_null = true, .indent = 1),
               "[\n {\n  \"id\": 2,\n  \"name\": \"bob\",\n  \"created_at\": \"2024-01-02T12:30:00.000500\"\n }\n]");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(says_what_goes_wrong) {
    ath_engine *db = open_filled();
    ath_session *s = ath_session_open(db);
    ath_error error;
    CHECK(!ath_rows_to_json(s, ath_text("SELECT nothing FROM nowhere"), .error = &error));
    CHECK_INT(error.status, ATH_PROGRAMMING);
    CHECK_INT(ath_error(s)->status, ATH_PROGRAMMING);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(!ath_rows_to_json(s, ath_insert(.model = ath_model_of(Topic), .set = ath_set(ath_to(Topic, label, "x")))));
    CHECK_INT(ath_error(s)->status, ATH_STATE);
    CHECK_INT(ath_count(s, Topic), 2);
    CHECK(!ath_rows_to_json(s, ath_text("UPDATE topics SET label = 'y' WHERE id = 1")));
    CHECK_INT(ath_error(s)->status, ATH_STATE);
    ath_session_close(s);
    ath_engine_close(db);
}

/* Changes that return rows give them, too. */
TEST(writes_returned_rows) {
    ath_engine *db = open_filled();
    ath_session *s = ath_session_open(db);
    ath_connection *c = ath_connect(db);
    char *text = ath_rows_to_json(c, ath_insert(.model = ath_model_of(Topic), .set = ath_set(ath_to(Topic, label, "x")),
                                                .returning = ath_cols(ath_col(Topic, label))));
    CHECK_JSON(text, "[{\"label\":\"x\"}]");
    CHECK_JSON(ath_rows_to_json(c, ath_text("SELECT 1 AS a, 2 AS a, 3 AS a_1")), "[{\"a\":1,\"a_1\":2,\"a_1_1\":3}]");
    ath_connection_close(c);
    ath_session_close(s);
    ath_engine_close(db);
}

static void fill_kinds(ath_session *s) {
    Kinds full = {.id = 1,
                  .flag = ath_some(true),
                  .small = ath_some(-32768),
                  .big = ath_some(INT64_MAX),
                  .huge = ath_some(9007199254740993),
                  .real = ath_some(0.1),
                  .single = ath_some(0.1F),
                  .money = {{.low = 1250, .scale = 2}, true},
                  .exact = {{.low = 12345678901234567890U, .scale = 10, .negative = true}, true},
                  .text = "\x01 \"q\" \\ / é 😀\t",
                  .fixed = "fixed",
                  .bytes = {"\x00\xff\x10\x80", 4},
                  .doc = {"{\"a\": [1, null]}"},
                  .mood = SAD};
    full.day.has = full.hour.has = full.naive.has = full.moment.has = full.span.has = full.uuid.has = true;
    ath_date_make(2024, 2, 29, &full.day.value);
    ath_time_make(1, 2, 3, 4, &full.hour.value);
    ath_datetime_make(1999, 12, 31, 23, 59, 59, 999999, &full.naive.value);
    ath_timestamp_parse("2024-01-31T12:34:56+02:00", 25, &full.moment.value);
    full.span.value = (ath_interval){14, 3, 4500000};
    ath_uuid_parse("123e4567-e89b-12d3-a456-426614174000", 36, &full.uuid.value);
    CHECK(ath_add(s, Kinds, &full));
    Kinds empty = {.id = 2, .fixed = ""};
    CHECK(ath_add(s, Kinds, &empty));
    CHECK_INT(ath_commit(s), ATH_OK);
}

TEST(writes_every_kind) {
    ath_engine *db = writing_open(test_fresh_url(test_on));
    ath_session *s = ath_session_open(db);
    fill_kinds(s);
    ath_session_close(s);
    s = ath_session_open(db);
    static const char expected[] =
        "[{\"id\":1,\"flag\":true,\"small\":-32768,\"big\":9223372036854775807,\"huge\":9007199254740993,"
        "\"real\":0.1,\"single\":0.1,\"money\":\"12.50\",\"exact\":\"-1234567890.1234567890\","
        "\"text\":\"\\u0001 \\\"q\\\" \\\\ / é 😀\\t\",\"fixed\":\"fixed\",\"bytes\":\"AP8QgA==\","
        "\"day\":\"2024-02-29\",\"hour\":\"01:02:03.000004\",\"naive\":\"1999-12-31T23:59:59.999999\","
        "\"moment\":\"2024-01-31T10:34:56Z\",\"span\":\"P14M3DT4.500000S\","
        "\"uuid\":\"123e4567-e89b-12d3-a456-426614174000\",\"doc\":{\"a\": [1, null]},\"mood\":\"sad\"},"
        "{\"id\":2,\"flag\":null,\"small\":null,\"big\":null,\"huge\":null,\"real\":null,\"single\":null,"
        "\"money\":null,\"exact\":null,\"text\":null,\"fixed\":\"\",\"bytes\":null,\"day\":null,\"hour\":null,"
        "\"naive\":null,\"moment\":null,\"span\":null,\"uuid\":null,\"doc\":null,\"mood\":\"glad\"}]";
    CHECK_JSON(ath_list_to_json(s, Kinds, ath_all(s, Kinds, .order_by = ath_by(ath_col(Kinds, id)))), expected);
    CHECK_JSON(ath_rows_to_json(s, ath_select(.model = ath_model_of(Kinds), .order_by = ath_by(ath_col(Kinds, id)))),
               expected);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(refuses_what_is_no_number) {
    Kinds nan = {.real = ath_some(NAN), .fixed = ""}, bad = {.doc = {"{nothing"}, .fixed = ""};
    ath_error error;
    CHECK(!ath_to_json(NULL, Kinds, &nan, .error = &error));
    CHECK_INT(error.status, ATH_DATA);
    CHECK_STR(error.message, "Kinds.real: NaN is no number in JSON");
    CHECK(!ath_to_json(NULL, Kinds, &bad, .error = &error));
    CHECK_STR(error.message, "Kinds.doc: the text is no JSON document");
    if (test_on != TEST_POSTGRESQL)
        return;
    ath_engine *db = ath_engine_open(test_url(test_on));
    ath_connection *c = ath_connect(db);
    CHECK(!ath_rows_to_json(c, ath_text("SELECT 1 AS one, 'infinity'::float8 AS big")));
    CHECK_INT(ath_error(c)->status, ATH_DATA);
    CHECK_CONTAINS(ath_error(c)->message, "column.big");
    ath_connection_close(c);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"writes_rows", writes_rows},
    {"numbers_equal_names", numbers_equal_names},
    {"says_what_goes_wrong", says_what_goes_wrong},
    {"writes_returned_rows", writes_returned_rows},
    {"writes_every_kind", writes_every_kind},
    {"refuses_what_is_no_number", refuses_what_is_no_number},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
