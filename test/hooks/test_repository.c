/* SPDX-License-Identifier: Apache-2.0
 *
 * The generic repository: what each call sends and commits, and that failures are rolled back.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Paper {
    int64_t id;
    const char *title;
    ath_opt_i64 pages;
    bool gone;
    ath_opt_datetime gone_at;
    ath_opt_timestamp gone_since;
} Paper;
ATH_MODEL(Paper, "papers") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(20), .unique = true);
    ath_column(pages, .nullable = true);
    ath_column(gone);
    ath_column(gone_at, .nullable = true);
    ath_column(gone_since, .nullable = true);
    ath_default_filter(ath_eq(ath_col(Paper, gone), false));
}
ATH_METADATA(Office, Paper);

static ath_engine *db;

static ath_session *office_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_url(test_on), .error = &error);
    if (db && ath_drop_all(db, &Office, &error) == ATH_OK && ath_create_all(db, &Office, &error) == ATH_OK)
        return ath_session_open(db);
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return NULL;
}

/* As another session sees it. */
static int64_t count_now(void) {
    ath_session *s = ath_session_open(db);
    int64_t n = ath_repository_count(s, Paper, .unfiltered = true);
    ath_session_close(s);
    return n;
}

TEST(creates_and_reads) {
    ath_session *s = office_open();
    char title[16];
    for (int i = 0; i < 25; i++) {
        snprintf(title, sizeof title, "paper %02d", i);
        Paper *p = ath_repository_create(s, Paper, .title = title);
        CHECK(p && p->id == i + 1);
    }
    CHECK_INT(count_now(), 25);
    CHECK_STR(((Paper *)ath_repository_get(s, Paper, 3))->title, "paper 02");
    Paper **page = ath_repository_get_multi(s, Paper, 20, 10);
    CHECK_INT(ath_len(page), 5);
    CHECK_INT(page ? page[0]->id : 0, 21);
    page = ath_repository_get_multi(s, Paper, 0, 2, .order_by = ath_by(ath_desc(ath_col(Paper, id))));
    CHECK_INT(page ? page[0]->id : 0, 25);
    CHECK_INT(ath_len(ath_repository_get_multi(s, Paper, 0, 0, .where = ath_gt(ath_col(Paper, id), 5))), 20);
    CHECK_INT(ath_repository_count(s, Paper), 25);
    CHECK_INT(ath_repository_count(s, Paper, .where = ath_le(ath_col(Paper, id), 5)), 5);
    CHECK(!ath_repository_create(s, Paper, .title = "paper 00"));
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY);
    CHECK(ath_repository_create(s, Paper, .title = "another")); /* it goes on */
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(updates_what_is_named) {
    ath_session *s = office_open();
    Paper *p = ath_repository_create(s, Paper, .title = "one", .pages = ath_some(3));
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_repository_update(s, Paper, p, .pages = {0}), ATH_OK); /* NULL, because it is named */
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK(!p->pages.has);
    CHECK_STR(p->title, "one");
    CHECK_INT(ath_repository_update(s, Paper, p, .title = "one"), ATH_OK);
    CHECK_INT(ath_session_statements(s) - before, 1); /* nothing has changed */
    Paper *two = ath_repository_create(s, Paper, .title = "two");
    CHECK_INT(ath_repository_update(s, Paper, two, .title = "one"), ATH_INTEGRITY);
    CHECK_STR(two->title, "two");
    CHECK_INT(ath_repository_update(s, Paper, ath_get(s, Paper, 99), .title = "x"), ATH_NO_RESULT);
    Paper stranger = {.id = 1};
    CHECK_INT(ath_repository_update(s, Paper, &stranger, .title = "x"), ATH_ARGUMENT);
    CHECK_INT(ath_repository_delete(s, two), ATH_OK);
    CHECK_INT(count_now(), 1);
    CHECK_INT(ath_repository_delete(s, NULL), ATH_NO_RESULT);
    CHECK_INT(ath_repository_delete(s, two), ATH_STATE);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(marks_instead_of_deleting) {
    ath_session *s = office_open();
    Paper *p = ath_repository_create(s, Paper, .title = "one");
    CHECK_INT(ath_repository_soft_delete(s, p, gone_at), ATH_OK);
    CHECK(p->gone_at.has && p->gone_at.value.us > 0);
    CHECK_INT(ath_repository_soft_delete(s, p, gone_since), ATH_OK);
    CHECK(p->gone_since.has);
    CHECK_INT(ath_repository_restore(s, p, gone_since), ATH_OK);
    CHECK(!p->gone_since.has);
    CHECK_INT(ath_repository_soft_delete(s, p, gone), ATH_OK);
    CHECK(!ath_repository_get(s, Paper, p->id)); /* the model's filter */
    CHECK_INT(ath_repository_count(s, Paper), 0);
    CHECK_INT(count_now(), 1);
    CHECK_INT(ath_repository_restore(s, p, gone), ATH_OK);
    CHECK(ath_repository_get(s, Paper, p->id) == p);
    CHECK_INT(ath_repository_soft_delete(s, p, title), ATH_ARGUMENT);
    CHECK_INT(ath_repository_mark(s, NULL, 0, true), ATH_NO_RESULT);
    ath_session_close(s);
    ath_engine_close(db);
}

static ath_status two_papers(ath_session *s, void *arg) {
    (void)arg;
    if (!ath_repository_create(s, Paper, .title = "one") || !ath_repository_create(s, Paper, .title = "two"))
        return ath_error(s)->status;
    return ath_repository_create(s, Paper, .title = "one") ? ATH_OK : ath_error(s)->status;
}

TEST(takes_part_in_transact) {
    ath_error error;
    ath_session_close(office_open());
    CHECK_INT(ath_transact(db, two_papers, NULL, .error = &error), ATH_INTEGRITY);
    CHECK_INT(count_now(), 0);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"creates_and_reads", creates_and_reads},
    {"updates_what_is_named", updates_what_is_named},
    {"marks_instead_of_deleting", marks_instead_of_deleting},
    {"takes_part_in_transact", takes_part_in_transact},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
