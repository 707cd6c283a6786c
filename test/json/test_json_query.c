/* SPDX-License-Identifier: Apache-2.0
 *
 * Nested queries that the database answers in one statement: the text is that of the same query's objects, on every
 * database, and where one statement cannot say it, it is that text all the same.
 */
#include "test.h"

#include "../servers.h"
#include "json/writers.h"

static ath_engine *db;

static void open_filled(void) {
    db = writing_open(test_fresh_url(test_on));
    ath_session *s = db ? ath_session_open(db) : NULL;
    if (s)
        writing_fill(s);
    ath_session_close(s);
}

static void done(void) {
    ath_engine_close(db);
    db = NULL;
}

/* The objects' text, and the database's, each from a session of its own; `statements`: how many the latter took. */
static void check_same(const ath_select_stmt *query, const ath_json_opts *opts, int statements, int line) {
    ath_session *s = ath_session_open(db), *t = ath_session_open(db);
    char *expected = ath_session_list_to_json(s, query->model, ath_session_all(s, query), opts);
    char *text = ath_session_query_json(t, query, opts);
    test_check_(expected != NULL, __FILE__, line, ath_error(s)->message);
    test_check_(text != NULL, __FILE__, line, ath_error(t)->message);
    test_check_str_(text, expected, __FILE__, line, "the database's JSON");
    if (statements)
        test_check_int_((long long)ath_session_statements(t), statements, __FILE__, line, "statements");
    ath_json_free(text);
    ath_json_free(expected);
    ath_session_close(t);
    ath_session_close(s);
}
#define SAME(count, M, ...) check_same(ath_select(.model = ath_model_of(M), __VA_ARGS__), NULL, count, __LINE__)
#define BY_ID(M) .order_by = ath_by(ath_col(M, id))

TEST(nests_relations) {
    open_filled();
    SAME(1, Writer, BY_ID(Writer));
    SAME(1, Writer, BY_ID(Writer), .load = ath_load(ath_selectin(Writer, essays)));
    SAME(1, Essay, BY_ID(Essay), .load = ath_load(ath_joined(Essay, writer)));
    SAME(1, Essay, BY_ID(Essay), .load = ath_load(ath_selectin(Essay, topics), ath_selectin(Essay, remarks)));
    SAME(1, Writer, BY_ID(Writer), .load = ath_load(ath_selectin(Writer, card)));
    SAME(1, Remark, BY_ID(Remark), .load = ath_load(ath_selectin(Remark, critic)));
    SAME(1, Writer, BY_ID(Writer),
         .load = ath_load(
             ath_selectin(Writer, essays, .then = ath_load(ath_selectin(Essay, topics), ath_joined(Essay, remarks))),
             ath_joined(Writer, card)));
    SAME(1, Topic, BY_ID(Topic),
         .load = ath_load(ath_subquery_load(
             Topic, essays,
             .then = ath_load(ath_selectin(Essay, remarks, .then = ath_load(ath_joined(Remark, critic)))))));
    done();
}

TEST(keeps_the_query) {
    open_filled();
    SAME(1, Essay, .order_by = ath_by(ath_desc(ath_col(Essay, price))), .limit = 2, .offset = 1,
         .load = ath_load(ath_selectin(Essay, topics, .order_by = ath_by(ath_desc(ath_col(Topic, id))))));
    SAME(1, Essay, .where = ath_eq(ath_col(Essay, id), 99), .load = ath_load(ath_selectin(Essay, topics)));
    SAME(1, Writer, BY_ID(Writer),
         .load = ath_load(ath_selectin(Writer, essays, .where = ath_like(ath_col(Essay, title), "On%"),
                                       .load_only = ath_cols(ath_col(Essay, title)))));
    SAME(1, Remark, BY_ID(Remark),
         .load = ath_load(ath_selectin(Remark, critic, .where = ath_eq(ath_col(Writer, name), "ann"))));
    SAME(1, Essay, BY_ID(Essay), .joins = ath_joins(ath_join(Writer)), .where = ath_eq(ath_col(Writer, name), "ann"),
         .load_only = ath_cols(ath_col(Essay, price)), .load = ath_load(ath_selectin(Essay, remarks)));
    SAME(1, Writer, BY_ID(Writer), .load = ath_load(ath_raise_load(Writer, essays), ath_no_load(Writer, card)));
    SAME(1, Writer, BY_ID(Writer), .load = ath_load(ath_no_load(Writer, essays)));
    SAME(1, Essay, BY_ID(Essay), .where = ath_rel_any(Essay, topics, ath_eq(ath_col(Topic, label), "art")),
         .load = ath_load(ath_selectin(Essay, topics)));
    done();
}

TEST(takes_options) {
    open_filled();
    const ath_select_stmt *q =
        ath_select(.model = ath_model_of(Writer), BY_ID(Writer),
                   .load = ath_load(ath_selectin(Writer, essays, .then = ath_load(ath_selectin(Essay, topics))),
                                    ath_selectin(Writer, card)));
    check_same(q, ath_json_options(.indent = 2), 1, __LINE__);
    check_same(q, ath_json_options(.exclude_null = true), 1, __LINE__);
    check_same(q, ath_json_options(.no_relations = true), 1, __LINE__);
    check_same(q, ath_json_options(.include = ath_names("essays.topics.label")), 1, __LINE__);
    check_same(q,
               ath_json_options(.include = ath_names("name", "essays.title"), .exclude = ath_names("card"),
                                .rename = ath_renames({"essays.title", "t"}, {"essays", "all \"essays\""})),
               1, __LINE__);
    ath_session *s = ath_session_open(db);
    ath_error error;
    CHECK(!ath_query_json_with(s, Writer, ath_json_options(.include = ath_names("nome"), .error = &error)));
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK_CONTAINS(ath_error(s)->message, "did you mean 'name'");
    CHECK_JSON(ath_query_json(s, Topic, BY_ID(Topic), .limit = 1), "[{\"id\":1,\"label\":\"weather\"}]");
    ath_new(s, Topic, .label = "zeal");
    CHECK_JSON(ath_query_json_with(s, Topic, ath_json_options(.include = ath_names("label")),
                                   .where = ath_eq(ath_col(Topic, label), "zeal")),
               "[{\"label\":\"zeal\"}]");
    ath_session_close(s);
    done();
}

/* Two statements or more: what one cannot say. */
TEST(falls_back) {
    open_filled();
    ath_session *s = ath_session_open(db);
    ath_new(s, Circle, .shape.label = "round", .radius = ath_some(1.5));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    SAME(0, Shape, BY_ID(Shape));
    SAME(3, Writer, BY_ID(Writer),
         .load = ath_load(ath_selectin(
             Writer, essays,
             .then = ath_load(ath_selectin(Essay, writer, .then = ath_load(ath_selectin(Writer, card)))))));
    SAME(0, Essay, BY_ID(Essay), .distinct = true, .load = ath_load(ath_selectin(Essay, topics)));
    SAME(0, Essay, BY_ID(Essay), .joins = ath_joins(ath_join(Remark)), .load = ath_load(ath_joined(Essay, topics)));
    SAME(0, Essay, BY_ID(Essay), .joins = ath_joins(ath_join(Writer)),
         .load = ath_load(ath_contains_eager(Essay, writer)));
    done();
}

static ath_status count_loaded(const ath_event_info *info, void *context) {
    (void)info;
    ++*(int *)context;
    return ATH_OK;
}

/* Filters reach into it as into any query, and who listens for objects gets them. */
TEST(honours_the_session) {
    open_filled();
    ath_session *s = ath_session_open(db);
    CHECK_INT(ath_session_filter(s, Essay, ath_ne(ath_col(Essay, id), 2)), ATH_OK);
    CHECK_JSON(ath_query_json_with(s, Writer, ath_json_options(.include = ath_names("id", "essays.id")),
                                   .load = ath_load(ath_selectin(Writer, essays)), BY_ID(Writer)),
               "[{\"id\":1,\"essays\":[{\"id\":1}]},{\"id\":2,\"essays\":[{\"id\":3}]}]");
    CHECK_JSON(ath_query_json_with(s, Writer, ath_json_options(.include = ath_names("id", "essays.id")),
                                   .load = ath_load(ath_selectin(Writer, essays)), .unfiltered = true, .limit = 1,
                                   BY_ID(Writer)),
               "[{\"id\":1,\"essays\":[{\"id\":1},{\"id\":2}]}]");
    int loaded = 0;
    CHECK_INT(ath_on(s, ATH_LOADED, count_loaded, .model = ath_model_of(Topic), .context = &loaded), ATH_OK);
    ath_json_free(ath_query_json(s, Topic));
    CHECK_INT(loaded, 2);
    ath_session_close(s);
    done();
}

/* ---- every kind of value ---- */

static uint64_t seed;

static uint64_t any(void) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static const char *any_text(char *out, size_t most) {
    static const char *const parts[] = {"a", "Z",  "\"", "\\",           "/", "\n", "\t",  "\x01", "\x7f", "é",
                                        "ß", "漢", "😀",  "\xe2\x80\xa8", "'", "%s", "<b>", "NULL", "null", "\r"};
    size_t size = 0, count = any() % 8;
    while (count--) {
        const char *part = parts[any() % TEST_COUNT(parts)];
        if (size + strlen(part) < most)
            memcpy(out + size, part, strlen(part)), size += strlen(part);
    }
    out[size] = '\0';
    return out;
}

static double any_real(void) {
    const uint64_t bits = any();
    double d;
    memcpy(&d, &bits, sizeof d);
    switch (any() % 4) {
    case 0:
        return (double)((int64_t)bits % 100000) / 100;
    case 1:
        return (double)(int32_t)bits;
    case 2:
        return ldexp((double)(bits >> 11), -40);
    default:
        return isfinite(d) && (d >= 1e-300 || d <= -1e-300) ? d : 0.5;
    }
}

static int64_t any_us(void) {
    int64_t seconds = (int64_t)(any() % 4000000000u);
    return seconds * 1000000 + (any() % 2 ? 0 : (int64_t)(any() % 1000000));
}

static void any_kinds(Kinds *k, char *text, char *bytes) {
    static const char *const documents[] = {"{\"a\": [1, 2.50, null], \"b\": \"\\u00e9\\\"\"}",
                                            "[]",
                                            "\"text\"",
                                            "true",
                                            "{\"deep\": {\"er\": [[], {}]}}",
                                            "null",
                                            "17"};
    *k = (Kinds){.mood = any() % 2 ? SAD : GLAD};
    k->flag = (ath_opt_bool){any() % 2 == 0, any() % 4 != 0};
    k->small = (ath_opt_i16){(int16_t)any(), any() % 4 != 0};
    k->big = (ath_opt_i64){any() % 5 ? (int64_t)any() : INT64_MIN, any() % 4 != 0};
    k->huge = (ath_opt_u64){any() >> 1, any() % 4 != 0};
    k->real = (ath_opt_f64){any_real(), any() % 4 != 0};
    k->single = (ath_opt_f32){(float)((int32_t)any() % 1000000) / 7, any() % 4 != 0};
    k->money =
        (ath_opt_decimal){{.low = any() % 1000000000000, .scale = 2, .negative = any() % 3 == 0}, any() % 4 != 0};
    if (!k->money.value.low)
        k->money.value.negative = false;
    k->exact = (ath_opt_decimal){{.low = any(), .scale = 10, .negative = any() % 3 == 0}, any() % 4 != 0};
    k->text = any() % 4 ? any_text(text, 100) : NULL;
    any_text(k->fixed, 12);
    memcpy(bytes, &seed, sizeof seed);
    if (any() % 4)
        k->bytes = (ath_bytes){bytes, any() % 9};
    k->day = (ath_opt_date){{(int32_t)(any() % 40000)}, any() % 4 != 0};
    k->hour = (ath_opt_time){{any_us() % 86400000000}, any() % 4 != 0};
    k->naive = (ath_opt_datetime){{any_us()}, any() % 4 != 0};
    k->moment = (ath_opt_timestamp){{any_us()}, any() % 4 != 0};
    k->span = (ath_opt_interval){{(int32_t)(any() % 30), (int32_t)(any() % 30), any_us() % 1000000000}, any() % 4 != 0};
    k->uuid.has = any() % 4 != 0;
    const uint64_t halves[2] = {any(), any()};
    memcpy(k->uuid.value.bytes, halves, sizeof halves);
    if (any() % 4)
        k->doc.text = documents[any() % TEST_COUNT(documents)];
}

TEST(writes_every_value) {
    enum { ROWS = 150 };
    db = writing_open(test_fresh_url(test_on));
    ath_session *s = ath_session_open(db);
    seed = UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < ROWS; i++) {
        Kinds k;
        char text[128], bytes[8];
        any_kinds(&k, text, bytes);
        CHECK(ath_add(s, Kinds, &k));
        CHECK_INT(ath_flush(s), ATH_OK);
    }
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    const ath_json_opts *but_spans = ath_json_options(.exclude = ath_names("span"));
    for (int i = 1; i <= ROWS; i++) {
        test_context("row %d", i);
        check_same(ath_select(.model = ath_model_of(Kinds), .where = ath_eq(ath_col(Kinds, id), i)), but_spans, 1,
                   __LINE__);
    }
    test_context("%s", "");
    SAME(1, Kinds, BY_ID(Kinds)); /* PostgreSQL by objects, which take one statement, too */
    done();
}

static void set_kind(const char *set) {
    char sql[120];
    snprintf(sql, sizeof sql, "UPDATE kinds SET %s", set);
    ath_session *s = ath_session_open(db);
    ath_result_close(ath_execute(s, ath_text(sql)));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
}

/* What a column holds that is none of its own kind, or has a text of the database's own, is what objects make of it. */
TEST(leaves_odd_values_to_objects) {
    static const char *const fine[] = {"bytes = 'te\"xt'", "bytes = '41'", "bytes = 'NULL'", "bytes = 'it''s'"};
    static const char *const wrong[] = {"bytes = 1.5", "\"real\" = 'abc'", "\"real\" = ''", "\"real\" = x'3132'"};
    static const char *const far[] = {"day = '4000-01-01 BC'", "naive = '12000-01-01'"};
    db = writing_open(test_fresh_url(test_on));
    ath_session *s = ath_session_open(db);
    CHECK(ath_new(s, Kinds, .mood = SAD));
    CHECK_INT(ath_commit(s), ATH_OK);
    for (size_t i = 0; test_on == TEST_SQLITE && i < TEST_COUNT(fine); i++) {
        set_kind(fine[i]);
        SAME(0, Kinds, BY_ID(Kinds));
    }
    for (size_t i = 0; test_on == TEST_SQLITE && i < TEST_COUNT(wrong); i++) {
        set_kind(wrong[i]);
        ath_session *fresh = ath_session_open(db);
        CHECK(ath_query_json(fresh, Kinds, BY_ID(Kinds)) == NULL);
        CHECK_INT(ath_error(fresh)->status, ATH_DATA);
        ath_session_close(fresh);
        set_kind("bytes = NULL, \"real\" = NULL");
    }
    for (size_t i = 0; test_on == TEST_POSTGRESQL && i < TEST_COUNT(far); i++) {
        set_kind(far[i]);
        check_same(ath_select(.model = ath_model_of(Kinds)), ath_json_options(.exclude = ath_names("span")), 0,
                   __LINE__);
    }
    ath_session_close(s);
    done();
}

/* What a database would cut off is whole. */
TEST(nests_much) {
    enum { ESSAYS = 3000 };
    open_filled();
    ath_session *s = ath_session_open(db);
    static char title[] =
        "a title that is long enough for three thousand of its kind to be more than a megabyte of text";
    for (int i = 0; i < ESSAYS; i++)
        CHECK(ath_new(s, Essay, .writer_id = 2, .title = title));
    CHECK_INT(ath_commit(s), ATH_OK);
    for (int i = 0; i < ESSAYS; i++)
        CHECK(ath_new(s, Remark, .essay_id = 3, .body = title));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    SAME(1, Writer, BY_ID(Writer),
         .load = ath_load(ath_selectin(Writer, essays, .then = ath_load(ath_selectin(Essay, remarks)))));
    done();
}

static const test_case cases[] = {
    {"nests_relations", nests_relations},
    {"keeps_the_query", keeps_the_query},
    {"takes_options", takes_options},
    {"falls_back", falls_back},
    {"honours_the_session", honours_the_session},
    {"writes_every_value", writes_every_value},
    {"leaves_odd_values_to_objects", leaves_odd_values_to_objects},
    {"nests_much", nests_much},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
