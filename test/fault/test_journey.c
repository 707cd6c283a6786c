/* SPDX-License-Identifier: Apache-2.0
 *
 * A session's whole journey with every allocation failing in turn: a status each time, nothing leaked, nothing
 * half-written.
 */
#include "test.h"

#include "../failing.h"
#include "../models.h"

/* The first failure's status; the journey stops there, closes what is open, and reports it. */
static ath_status use_session(ath_session *s) {
    Author *a = ath_new(s, Author, .name = "alice", .email = "a@b", .age = ath_some(3));
    Author *b = ath_new(s, Author, .name = "bob", .balance = 2);
    if (!a || !b)
        return ath_error(s)->status;
    for (int i = 0; i < 25; i++)
        if (!ath_new(s, Book, .author_id = 1, .title = "a title that is not short"))
            return ath_error(s)->status;
    if (ath_commit(s) != ATH_OK)
        return ath_error(s)->status;
    Author **all =
        ath_all(s, Author, .where = ath_or(ath_eq(ath_col(Author, id), 1), ath_ilike(ath_col(Author, name), "B%")),
                .order_by = ath_by(ath_desc(ath_col(Author, id))));
    if (!all)
        return ath_error(s)->status;
    a->balance = 7;
    b->name = "robert";
    if (ath_flush(s) != ATH_OK || ath_count(s, Book) < 0 || ath_delete(s, b) != ATH_OK || ath_flush(s) != ATH_OK)
        return ath_error(s)->status;
    if (ath_update(s, Author, .set = ath_set(ath_to(Author, balance, 9)), .where = ath_eq(ath_col(Author, id), 1)) < 0)
        return ath_error(s)->status;
    AuthorBooks **stats = ath_into(s, AuthorBooks,
                                   ath_select(.columns = ath_cols(ath_col(Author, id), ath_col(Author, name),
                                                                  ath_label(ath_count(ath_col(Book, id)), "books")),
                                              .joins = ath_joins(ath_join(Book)),
                                              .group_by = ath_by(ath_col(Author, id), ath_col(Author, name))));
    return stats ? ath_rollback(s) : ath_error(s)->status;
}

static ath_status walk_stream(ath_session *s) {
    ath_stream *stream = ath_stream_open(s, Book);
    if (!stream)
        return ath_error(s)->status;
    while (ath_stream_next(stream))
        continue;
    return ath_stream_close(stream);
}

static ath_status read_rows(ath_session *s) {
    ath_result *r = ath_execute(s, ath_text("SELECT id, title, price FROM books WHERE id > :low", ath_bind("low", 3)));
    if (!r)
        return ath_error(s)->status;
    const ath_row **rows = ath_result_all(r);
    ath_status status = rows ? ATH_OK : ath_error(r)->status;
    ath_result_close(r);
    return status;
}

static ath_status in_database(ath_engine *db) {
    ath_error error = {0};
    if (ath_create_all(db, &Library, &error) != ATH_OK)
        return error.status;
    ath_session *s = ath_session_open(db, .error = &error);
    if (!s)
        return error.status;
    ath_status status = use_session(s);
    if (status == ATH_OK)
        status = walk_stream(s);
    if (status == ATH_OK)
        status = read_rows(s);
    /* Whatever failed, a rollback makes the session usable again (it may itself run out of memory: then it says so). */
    ath_status rolled = ath_rollback(s);
    CHECK(rolled == ATH_OK || rolled == ATH_NO_MEMORY);
    ath_session_close(s);
    return status;
}

static ath_status journey(failing *f) {
    ath_allocator allocator = FAILING(f);
    ath_error error = {0};
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &allocator, .error = &error);
    if (!db)
        return error.status;
    ath_status status = in_database(db);
    ath_engine_close(db);
    return status;
}

TEST(every_allocation_fails_in_turn) {
    failing count = {0};
    CHECK_INT(journey(&count), ATH_OK);
    CHECK_INT(count.held, 0);
    CHECK(count.requests > 50);
    for (long n = 1; n <= count.requests; n++) {
        failing f = {.fail_at = n};
        test_context("allocation %ld of %ld", n, count.requests);
        ath_status status = journey(&f);
        /* A failure that only costs comfort (a cache entry, a log line) may go unnoticed. */
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        CHECK_INT(f.held, 0);
    }
    test_context("%s", "");
}

static const test_case cases[] = {
    {"every_allocation_fails_in_turn", every_allocation_fails_in_turn},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
