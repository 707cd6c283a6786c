/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that the program does not write: computed ones, read-only ones, and fields that an SQL expression fills; enums
 * and types of the program's own beside them.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef enum Mood { MOOD_CALM, MOOD_GLAD, MOOD_ANGRY } Mood;

typedef struct Poet {
    int64_t id;
    const char *first, *last, *full;
    int64_t poems, letters;
    const char *origin;
    Mood mood;
} Poet;
typedef struct Poem {
    int64_t id, poet_id;
    const char *title;
    Poet *poet;
} Poem;

ATH_DECLARE(Poet);
ATH_DECLARE(Poem);

ATH_MODEL(Poet, "poets") {
    ath_column(id, .primary_key = true);
    ath_column(first, .name = "first_name", .type = ATH_STRING(20));
    ath_column(last, .name = "last_name", .type = ATH_STRING(20));
    ath_column(full, .expression = ath_concat(ath_concat(ath_col(Poet, first), " "), ath_col(Poet, last)));
    ath_column(poems,
               .expression = ath_subquery(ath_select(.columns = ath_cols(ath_count(ath_col(Poem, id))),
                                                     .from = ath_from(ath_model_source(Poem)),
                                                     .where = ath_eq(ath_col(Poem, poet_id), ath_col(Poet, id)))));
    ath_column(letters, .computed = "length(last_name)", .persisted = ATH_STORED);
    ath_column(origin, .type = ATH_STRING(20), .server_default = ath_str("unknown"), .read_only = true);
    ath_column(mood, .type = ATH_ENUM("calm", "glad", "angry"));
}
ATH_MODEL(Poem, "poems") {
    ath_column(id, .primary_key = true);
    ath_column(poet_id, .foreign_key = "poets.id");
    ath_column(title, .type = ATH_STRING(20));
    ath_belongs_to(poet, Poet);
}
ATH_METADATA(Anthology, Poet, Poem);

static ath_engine *db;

static ath_session *anthology_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (!db || ath_drop_all(db, &Anthology, &error) != ATH_OK || ath_create_all(db, &Anthology, &error) != ATH_OK) {
        test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
        return NULL;
    }
    ath_session *s = ath_session_open(db);
    ath_new(s, Poet, .id = 3, .first = "Emily", .last = "Dickinson", .mood = MOOD_GLAD);
    ath_new(s, Poet, .id = 4, .first = "John", .last = "Keats", .origin = "not written", .mood = MOOD_ANGRY);
    CHECK_INT(ath_flush(s), ATH_OK);
    for (int i = 0; i < 3; i++)
        ath_new(s, Poem, .poet_id = 3, .title = "a poem");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(ath_error(s)->message, "");
    ath_session_close(s);
    return ath_session_open(db);
}

static void anthology_close(ath_session *s) {
    ath_session_close(s);
    ath_engine_close(db);
}

static void check_emily(const Poet *p, const char *how) {
    test_context("%s", how);
    CHECK(p != NULL);
    if (p) {
        CHECK_STR(p->full, "Emily Dickinson");
        CHECK_INT(p->poems, 3);
        CHECK_INT(p->letters, 9);
        CHECK_STR(p->origin, "unknown");
        CHECK_INT(p->mood, MOOD_GLAD);
    }
    test_context("%s", "");
}

TEST(expressions_fill_fields) {
    ath_session *s = anthology_open();
    Poet *emily = ath_get(s, Poet, 3);
    CHECK_STR(ath_error(s)->message, "");
    check_emily(emily, "get");
    CHECK_INT(ath_refresh(s, emily), ATH_OK);
    check_emily(emily, "refresh");
    check_emily(ath_first(s, Poet, .where = ath_eq(ath_col(Poet, full), "Emily Dickinson"), .read_only = true),
                "condition");
    Poet **all = ath_all(s, Poet, .order_by = ath_by(ath_col(Poet, poems)), .read_only = true);
    CHECK_INT(ath_len(all), 2);
    check_emily(all ? all[1] : NULL, "order");
    Poem **poems = ath_all(s, Poem, .load = ath_load(ath_joined(Poem, poet)), .limit = 1, .read_only = true);
    CHECK_STR(ath_error(s)->message, "");
    check_emily(poems && poems[0] ? poems[0]->poet : NULL, "joined");
    poems = ath_all(s, Poem, .load = ath_load(ath_selectin(Poem, poet)), .limit = 1, .read_only = true);
    check_emily(poems && poems[0] ? poems[0]->poet : NULL, "select-in");
    ath_result *r = ath_execute(s, ath_select(.columns = ath_cols(ath_col(Poet, full), ath_col(Poet, poems)),
                                              .where = ath_gt(ath_col(Poet, poems), 1)));
    const ath_row *row = ath_fetch(r);
    CHECK_STR(row ? ath_row_text(row, 0) : "", "Emily Dickinson");
    CHECK_STR(ath_result_column_name(r, 1), "poems");
    ath_result_close(r);
    anthology_close(s);
}

TEST(nobody_writes_them) {
    ath_session *s = anthology_open();
    Poet *john = ath_get(s, Poet, 4);
    CHECK_STR(john->origin, "unknown");
    uint64_t before = ath_session_statements(s);
    john->full = "Jack";
    john->poems = 12;
    john->origin = "London";
    john->letters = 1;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_session_statements(s) - before, 0);
    CHECK_STR(john->full, "John Keats");
    CHECK_INT(john->poems, 0);
    CHECK_STR(john->origin, "unknown");
    CHECK_INT(john->letters, 5);
    john->first = "Jack";
    john->origin = "London";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(john->origin, "unknown");
    CHECK_STR(john->full, "John Keats"); /* as it was loaded */
    CHECK_INT(ath_refresh(s, john), ATH_OK);
    CHECK_STR(john->full, "Jack Keats");
    Poet *new_one = ath_new(s, Poet, .first = "Walt", .last = "Whitman", .full = "?", .origin = "x", .poems = 5);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(new_one->origin, "unknown"); /* read back */
    CHECK_INT(new_one->letters, 7);
    CHECK_INT(ath_refresh(s, new_one), ATH_OK);
    CHECK_STR(new_one->full, "Walt Whitman");
    CHECK_INT(new_one->poems, 0);
    const Poet many[] = {{.first = "A", .last = "B", .full = "?", .origin = "x"}};
    CHECK_INT(ath_insert_many(s, Poet, many, 1), 1);
    CHECK_INT(ath_count(s, Poet, .where = ath_eq(ath_col(Poet, origin), "unknown")), 4);
    anthology_close(s);
}

TEST(changes_by_condition_keep_step) {
    ath_session *s = anthology_open();
    Poet *john = ath_get(s, Poet, 4);
    CHECK_INT(ath_update(s, Poet, .set = ath_set(ath_to(Poet, last, "Milton")), .where = ath_eq(ath_col(Poet, id), 4)),
              1);
    CHECK_STR(ath_error(s)->message, "");
    CHECK_STR(john->full, "John Milton");
    CHECK_INT(ath_update(s, Poet, .set = ath_set(ath_to(Poet, full, "x")), .all_rows = true), -1);
    CHECK_STR(ath_error(s)->message, "a column that is an expression cannot be set");
    CHECK_INT(ath_rollback(s), ATH_OK);
    anthology_close(s);
}

TEST(enums_are_checked) {
    ath_session *s = anthology_open();
    CHECK_INT(ath_count(s, Poet, .where = ath_eq(ath_col(Poet, mood), MOOD_ANGRY)), 1);
    ath_new(s, Poet, .first = "A", .last = "B", .mood = (Mood)7);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_STR(ath_error(s)->column, "mood");
    CHECK_INT(ath_rollback(s), ATH_OK);
    anthology_close(s);
}

typedef struct Wrong {
    int64_t id;
    const char *name;
} Wrong;
ATH_MODEL(Wrong, "wrong") {
    ath_column(id, .primary_key = true);
    ath_column(name, .expression = ath_lower(ath_str("X")), .unique = true);
}

TEST(mistakes_are_told) {
    ath_error error;
    CHECK(!ath_model_table(ath_model_of(Wrong), &error));
    CHECK_STR(error.message, "model Wrong: column name is an expression, and can be no more than that");
}

static const test_case cases[] = {
    {"expressions_fill_fields", expressions_fill_fields},
    {"nobody_writes_them", nobody_writes_them},
    {"changes_by_condition_keep_step", changes_by_condition_keep_step},
    {"enums_are_checked", enums_are_checked},
    {"mistakes_are_told", mistakes_are_told},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
