/* SPDX-License-Identifier: Apache-2.0
 *
 * Models of tables without a primary key: read untracked, changed by conditions, and a table between two others.
 */
#include "test.h"

#include <athanor/athanor.h>

typedef struct Line {
    const char *text;
    ath_opt_i32 level;
} Line;
typedef struct Label Label;
typedef struct Page {
    int64_t id;
    Label **labels;
} Page;
struct Label {
    int64_t id;
    Page **pages;
};
typedef struct PageLabel {
    int64_t page_id, label_id;
} PageLabel;
typedef struct Both {
    int64_t id;
} Both;

ATH_DECLARE(Label);
ATH_DECLARE(PageLabel);
ATH_MODEL(Line, "lines") {
    ath_column(text);
    ath_column(level, .nullable = true);
    ath_table_options(.no_primary_key = true);
}
ATH_MODEL(Page, "pages") {
    ath_column(id, .primary_key = true);
    ath_has_many(labels, Label, .secondary = ath_model_of(PageLabel), .back_populates = "pages");
}
ATH_MODEL(Label, "labels") {
    ath_column(id, .primary_key = true);
    ath_has_many(pages, Page, .secondary = ath_model_of(PageLabel), .back_populates = "labels");
}
ATH_MODEL(PageLabel, "page_labels") {
    ath_column(page_id, .foreign_key = "pages.id");
    ath_column(label_id, .foreign_key = "labels.id");
    ath_table_options(.no_primary_key = true);
}
ATH_MODEL(Both, "both") {
    ath_column(id, .primary_key = true);
    ath_table_options(.no_primary_key = true);
}
ATH_METADATA(Notes, Line, Page, Label, PageLabel);

static ath_engine *filled(void) {
    static const char *const rows[] = {"INSERT INTO lines VALUES ('a', 1), ('a', 1), ('b', NULL)",
                                       "INSERT INTO pages VALUES (1), (2)", "INSERT INTO labels VALUES (7), (8)",
                                       "INSERT INTO page_labels VALUES (1, 7), (1, 8), (2, 7)"};
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK(ath_create_all(db, &Notes) == ATH_OK);
    ath_connection *c = ath_connect(db, NULL);
    for (size_t i = 0; i < TEST_COUNT(rows); i++)
        ath_result_close(ath_execute(c, ath_text(rows[i])));
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    return db;
}

TEST(rows_are_read_untracked) {
    ath_engine *db = filled();
    ath_session *s = ath_session_open(db);
    Line **lines = ath_all(s, Line, .order_by = ath_by(ath_col(Line, text)), .read_only = true);
    CHECK_INT(ath_len(lines), 3);
    if (lines) {
        CHECK_STR(lines[1]->text, "a");
        CHECK(lines[0] != lines[1] && !lines[2]->level.has);
    }
    CHECK_INT(ath_count(s, Line, .where = ath_eq(ath_col(Line, text), "a")), 2);
    int streamed = 0;
    ath_stream *rows = ath_stream_open(s, Line);
    while (ath_stream_next(rows))
        streamed++;
    CHECK_INT(ath_stream_close(rows), ATH_OK);
    CHECK_INT(streamed, 3);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(rows_are_changed_by_conditions) {
    ath_engine *db = filled();
    ath_session *s = ath_session_open(db);
    CHECK_INT(ath_update(s, Line, .set = ath_set(ath_to(Line, level, 5)), .where = ath_eq(ath_col(Line, text), "a")),
              2);
    CHECK_INT(ath_delete_where(s, Line, .where = ath_is_null(ath_col(Line, level))), 1);
    ath_result_close(ath_execute(
        s, ath_insert(.model = ath_model_of(Line), .set = ath_set(ath_to(Line, text, "c"), ath_to(Line, level, 1)))));
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Line), 3);
    CHECK_INT(ath_count(s, Line, .where = ath_eq(ath_col(Line, level), 5)), 2);
    ath_session_close(s);
    ath_engine_close(db);
}

static void refused(ath_session *s, const char *why) {
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_STR(ath_error(s)->message, why);
    ath_rollback(s);
}

TEST(tracking_is_refused) {
    ath_engine *db = filled();
    ath_session *s = ath_session_open(db);
    CHECK(ath_all(s, Line) == NULL);
    refused(s, "the table of Line has no primary key: load it with .read_only = true");
    CHECK(ath_first(s, Line) == NULL);
    refused(s, "the table of Line has no primary key: load it with .read_only = true");
    CHECK(ath_new(s, Line, .text = "x") == NULL);
    refused(s, "the table of Line has no primary key: insert its rows by ath_insert");
    ath_error error;
    CHECK(ath_model_table(&ath_model_Both, &error) == NULL);
    CHECK_STR(error.message, "model Both: it is said to have no primary key, and column id to be in it");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(it_may_stand_between_two_others) {
    ath_engine *db = filled();
    ath_session *s = ath_session_open(db);
    Page **pages =
        ath_all(s, Page, .order_by = ath_by(ath_col(Page, id)), .load = ath_load(ath_selectin(Page, labels)));
    CHECK_INT(ath_len(pages), 2);
    if (pages && pages[0])
        CHECK_INT(ath_len(pages[0]->labels), 2);
    Label *fresh = ath_new(s, Label, .id = 9);
    if (pages && pages[1] && fresh) {
        CHECK_INT(ath_append(s, pages[1], labels, fresh), ATH_OK);
        CHECK_INT(ath_remove(s, pages[0], labels, pages[0]->labels[0]), ATH_OK);
    }
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, PageLabel, .where = ath_eq(ath_col(PageLabel, label_id), 9)), 1);
    CHECK_INT(ath_count(s, PageLabel, .where = ath_eq(ath_col(PageLabel, page_id), 1)), 1);
    ath_session_close(s);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"rows_are_read_untracked", rows_are_read_untracked},
    {"rows_are_changed_by_conditions", rows_are_changed_by_conditions},
    {"tracking_is_refused", tracking_is_refused},
    {"it_may_stand_between_two_others", it_may_stand_between_two_others},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
