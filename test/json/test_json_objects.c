/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects as JSON: what is written, what is left out, what it is called, and how it looks.
 */
#include "test.h"

#include "../servers.h"
#include "json/writers.h"

static ath_session *open_filled(ath_engine **db) {
    *db = writing_open("sqlite://");
    ath_session *s = *db ? ath_session_open(*db) : NULL;
    if (s)
        writing_fill(s);
    ath_session_close(s);
    return *db ? ath_session_open(*db) : NULL;
}

static void close_all(ath_session *s, ath_engine *db) {
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(writes_columns_in_order) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    CHECK_JSON(ath_to_json(s, Writer, ath_get(s, Writer, 1)),
               "{\"id\":1,\"name\":\"ann\",\"age\":40,\"created_at\":\"2024-01-01T12:30:00\",\"seen_at\":null}");
    CHECK_JSON(ath_list_to_json(s, Essay, ath_all(s, Essay, .order_by = ath_by(ath_col(Essay, id)), .limit = 2)),
               "[{\"id\":1,\"writer_id\":1,\"title\":\"On Rain\",\"price\":\"12.50\"},"
               "{\"id\":2,\"writer_id\":1,\"title\":\"Über Öl\\n\",\"price\":\"0.05\"}]");
    CHECK_JSON(ath_list_to_json(s, Essay, ath_all(s, Essay, .where = ath_eq(ath_col(Essay, id), 99))), "[]");
    close_all(s, db);
}

TEST(writes_what_is_loaded) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Writer *w = ath_first(
        s, Writer, .where = ath_eq(ath_col(Writer, name), "ann"),
        .load = ath_load(
            ath_selectin(Writer, essays, .then = ath_load(ath_selectin(Essay, topics), ath_selectin(Essay, remarks))),
            ath_joined(Writer, card)));
    uint64_t before = ath_session_statements(s);
    CHECK_JSON(
        ath_to_json(s, Writer, w, .exclude = ath_names("ts.created_at", "seen_at", "essays.price", "essays.writer_id")),
        "{\"id\":1,\"name\":\"ann\",\"age\":40,\"essays\":["
        "{\"id\":1,\"title\":\"On Rain\",\"remarks\":[{\"id\":1,\"essay_id\":1,\"critic_id\":2,\"body\":\"wet\"},"
        "{\"id\":2,\"essay_id\":1,\"critic_id\":null,\"body\":\"anonymous\"}],"
        "\"topics\":[{\"id\":2,\"label\":\"art\"},{\"id\":1,\"label\":\"weather\"}]},"
        "{\"id\":2,\"title\":\"Über Öl\\n\",\"remarks\":[{\"id\":3,\"essay_id\":2,\"critic_id\":1,\"body\":\"mine\"}],"
        "\"topics\":[]}],"
        "\"card\":{\"id\":1,\"writer_id\":1,\"motto\":\"ink \\\"and\\\" paper\"}}");
    CHECK_JSON(ath_to_json(s, Writer, w, .no_relations = true, .include = ath_names("id", "essays")), "{\"id\":1}");
    CHECK_INT(ath_session_statements(s), before);
    close_all(s, db);
}

TEST(chooses_and_renames) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Essay *e = ath_first(s, Essay, .load = ath_load(ath_joined(Essay, writer), ath_selectin(Essay, topics)),
                         .order_by = ath_by(ath_col(Essay, id)));
    CHECK_JSON(ath_to_json(s, Essay, e, .include = ath_names("title", "writer.name", "topics.label")),
               "{\"title\":\"On Rain\",\"writer\":{\"name\":\"ann\"},"
               "\"topics\":[{\"label\":\"art\"},{\"label\":\"weather\"}]}");
    CHECK_JSON(ath_to_json(s, Essay, e, .include = ath_names("id", "writer", "writer.name"),
                           .exclude = ath_names("writer.age", "writer.created_at"),
                           .rename = ath_renames({"writer", "by"}, {"writer.name", "fullName"}, {"id", "essay\"Id"})),
               "{\"essay\\\"Id\":1,\"by\":{\"id\":1,\"fullName\":\"ann\",\"seen_at\":null}}");
    CHECK_JSON(
        ath_to_json(s, Essay, e, .include = ath_names("id", "writer.seen_at", "writer.id"), .exclude_null = true),
        "{\"id\":1,\"writer\":{\"id\":1}}");
    CHECK_JSON(ath_to_json(s, Essay, e, .include = ath_names("id", "topics.label", "writer.name"), .indent = 2),
               "{\n  \"id\": 1,\n  \"writer\": {\n    \"name\": \"ann\"\n  },\n  \"topics\": [\n    {\n"
               "      \"label\": \"art\"\n    },\n    {\n      \"label\": \"weather\"\n    }\n  ]\n}");
    close_all(s, db);
}

TEST(refuses_unknown_names) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Essay *e = ath_get(s, Essay, 1);
    CHECK(!ath_to_json(s, Essay, e, .include = ath_names("titel")));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_CONTAINS(ath_error(s)->message, "did you mean 'title'");
    CHECK(!ath_to_json(s, Essay, e, .exclude = ath_names("writer.essays.nothing")));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK(!ath_to_json(s, Essay, e, .rename = ath_renames({"title.x", "y"})));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK(!ath_to_json(s, Essay, e, .rename = ath_renames({"title", "id"})));
    CHECK_CONTAINS(ath_error(s)->message, "two fields of Essay would be called \"id\"");
    CHECK_JSON(ath_to_json(s, Essay, e, .include = ath_names("writer.essays.id", "id")), "{\"id\":1}");
    CHECK_INT(ath_error(s)->status, ATH_OK);
    close_all(s, db);
}

/* A way back to what is being written is no member. */
TEST(ends_cycles) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Writer *w = ath_get(s, Writer, 1);
    CHECK_INT(ath_load_rel(s, w, essays), ATH_OK);
    CHECK_INT(ath_load_rel(s, w->essays[0], writer), ATH_OK);
    CHECK(w->essays[0]->writer == w);
    CHECK_JSON(ath_to_json(s, Writer, w, .include = ath_names("id", "essays.id", "essays.writer")),
               "{\"id\":1,\"essays\":[{\"id\":1},{\"id\":2}]}");
    CHECK_JSON(ath_to_json(s, Essay, w->essays[1], .include = ath_names("id", "writer.id", "writer.essays.id")),
               "{\"id\":2,\"writer\":{\"id\":1,\"essays\":[{\"id\":1}]}}");
    close_all(s, db);
}

TEST(leaves_out_what_was_not_loaded) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Essay **all = ath_all(s, Essay, .order_by = ath_by(ath_col(Essay, id)), .limit = 1,
                          .load_only = ath_cols(ath_col(Essay, title)));
    CHECK_JSON(ath_list_to_json(s, Essay, all), "[{\"id\":1,\"title\":\"On Rain\"}]");
    CHECK_INT(ath_undefer(s, all[0]), ATH_OK);
    CHECK_JSON(ath_to_json(s, Essay, all[0], .exclude = ath_names("title")),
               "{\"id\":1,\"writer_id\":1,\"price\":\"12.50\"}");
    Remark *r = ath_get(s, Remark, 2);
    CHECK_JSON(ath_to_json(s, Remark, r, .include = ath_names("id", "critic", "essay")), "{\"id\":2}");
    CHECK_INT(ath_load_rel(s, r, critic), ATH_OK);
    CHECK_JSON(ath_to_json(s, Remark, r, .include = ath_names("id", "critic")), "{\"id\":2,\"critic\":null}");
    CHECK_JSON(ath_to_json(s, Remark, r, .include = ath_names("id", "critic"), .exclude_null = true), "{\"id\":2}");
    Writer *partly =
        ath_first(s, Writer, .load = ath_load(ath_selectin(Writer, essays, .where = ath_eq(ath_col(Essay, id), 2))));
    CHECK_JSON(ath_to_json(s, Writer, partly, .include = ath_names("essays.id")), "{\"essays\":[{\"id\":2}]}");
    close_all(s, db);
}

TEST(writes_new_and_plain_objects) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    Topic *fresh = ath_new(s, Topic, .label = "new");
    CHECK_JSON(ath_to_json(s, Topic, fresh), "{\"id\":0,\"label\":\"new\",\"essays\":[]}");
    Writer w = {.id = 7, .name = "plain"};
    Essay a = {.id = 1, .title = "a"}, *both[] = {&a, NULL};
    w.essays = both;
    CHECK_JSON(
        ath_to_json(NULL, Writer, &w, .exclude = ath_names("created_at", "seen_at"), .exclude_null = true),
        "{\"id\":7,\"name\":\"plain\",\"essays\":[{\"id\":1,\"writer_id\":0,\"title\":\"a\",\"price\":\"0.00\"}]}");
    CHECK_JSON(ath_to_json(s, Topic, NULL), "null");
    CHECK_JSON(ath_list_to_json(s, Topic, NULL), "[]");
    CHECK_JSON(ath_to_json(s, Topic, ath_get(s, Topic, 99)), "null");
    WriterOut **rows = ath_into(
        s, WriterOut,
        ath_select(.model = ath_model_of(Writer), .order_by = ath_by(ath_col(Writer, id)),
                   .columns = ath_cols(ath_col(Writer, id), ath_col(Writer, name), ath_label(ath_int(3), "essays"))));
    CHECK_JSON(ath_list_to_json(s, WriterOut, rows),
               "[{\"id\":1,\"name\":\"ann\",\"essays\":3},{\"id\":2,\"name\":\"bob\",\"essays\":3}]");
    ath_stream *stream = ath_stream_open(s, Topic, .order_by = ath_by(ath_col(Topic, id)));
    CHECK_JSON(ath_to_json(s, Topic, ath_stream_next(stream)), "{\"id\":1,\"label\":\"weather\"}");
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    close_all(s, db);
}

/* A failure of the query is the failure of the call around it. */
TEST(passes_failures_on) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    ath_error error = {0};
    CHECK(!ath_list_to_json(s, Essay, ath_all(s, Essay, .columns = ath_cols(ath_col(Essay, id))), .error = &error));
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    Writer bad = {.name = "\xff"};
    CHECK(!ath_to_json(NULL, Writer, &bad, .error = &error));
    CHECK_INT(error.status, ATH_DATA);
    CHECK_CONTAINS(error.message, "Writer.name");
    CHECK_STR(error.column, "name");
    CHECK_JSON(ath_to_json(NULL, Topic, &(Topic){.label = "x"}, .error = &error), "{\"id\":0,\"label\":\"x\"}");
    CHECK_INT(error.status, ATH_OK);
    close_all(s, db);
}

TEST(writes_the_real_class) {
    ath_engine *db;
    ath_session *s = open_filled(&db);
    ath_new(s, Circle, .shape.label = "round", .radius = ath_some(1.5));
    ath_new(s, Square, .shape.label = "even", .side = ath_some(2));
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_JSON(ath_list_to_json(s, Shape, ath_all(s, Shape, .order_by = ath_by(ath_col(Shape, id)))),
               "[{\"id\":1,\"kind\":\"circle\",\"label\":\"round\",\"radius\":1.5},"
               "{\"id\":2,\"kind\":\"square\",\"label\":\"even\",\"side\":2}]");
    CHECK_JSON(ath_list_to_json(s, Shape, ath_all(s, Shape, .order_by = ath_by(ath_col(Shape, id))),
                                .include = ath_names("side", "shape.id")),
               "[{\"id\":1},{\"id\":2,\"side\":2}]");
    Shape **loose = ath_all(s, Shape, .read_only = true, .order_by = ath_by(ath_col(Shape, id)));
    CHECK_JSON(ath_list_to_json(s, Shape, loose, .include = ath_names("radius", "side")),
               "[{\"radius\":1.5},{\"side\":2}]");
    close_all(s, db);
}

static const test_case cases[] = {
    {"writes_columns_in_order", writes_columns_in_order},
    {"writes_what_is_loaded", writes_what_is_loaded},
    {"chooses_and_renames", chooses_and_renames},
    {"refuses_unknown_names", refuses_unknown_names},
    {"ends_cycles", ends_cycles},
    {"leaves_out_what_was_not_loaded", leaves_out_what_was_not_loaded},
    {"writes_new_and_plain_objects", writes_new_and_plain_objects},
    {"passes_failures_on", passes_failures_on},
    {"writes_the_real_class", writes_the_real_class},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
