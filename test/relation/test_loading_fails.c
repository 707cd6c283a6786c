/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading when it cannot go on: every allocation fails in turn, and connections are lost between the SELECTs of one load.
 * Nothing leaks, and the same session then loads all as if nothing had been.
 */
#include "blog.h"

#include "../failing.h"

/* ---- memory ---- */

#define STOP_UNLESS(condition)                                                                                         \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return ath_error(s)->status != ATH_OK ? ath_error(s)->status : ATH_INTERNAL;                               \
    } while (0)
#define IN_ORDER .order_by = ath_by(ath_col(Author, id))

static bool are_whole(Author **v, size_t count) {
    bool whole = ath_len(v) == count;
    for (size_t i = 0; whole && i < 2; i++) {
        whole = ath_len(v[i]->articles) == 10;
        for (size_t k = 0; whole && k < 10; k++)
            whole = ath_len(v[i]->articles[k]->remarks) == 2 && ath_len(v[i]->articles[k]->tags) == 2 &&
                    v[i]->articles[k]->author_id.value == v[i]->id;
    }
    return whole;
}

static ath_status by_queries(ath_session *s) {
    Author **v = ath_all(s, Author, IN_ORDER, .defer = ath_cols(ath_col(Author, name)),
                         .load = ath_load(ath_selectin(
                             Author, articles, .load_only = ath_cols(ath_col(Article, title)),
                             .then = ath_load(ath_joined(Article, remarks), ath_subquery_load(Article, tags)))));
    STOP_UNLESS(v);
    CHECK(are_whole(v, 3));
    /* those that came before a failure are no peers of those that came after it */
    STOP_UNLESS(ath_undefer(s, v[0]) == ATH_OK && ath_undefer(s, v[1]) == ATH_OK &&
                ath_load_columns(s, v[1]->articles[0], stars) == ATH_OK);
    CHECK(v[1]->name && strcmp(v[1]->name, "author 2") == 0 && v[1]->articles[0]->stars == 1);
    STOP_UNLESS(ath_load_rel(s, v[1], reviewed) == ATH_OK && ath_load_rel(s, v[0], profile) == ATH_OK &&
                ath_load_rel(s, v[1], profile) == ATH_OK);
    CHECK(ath_len(v[1]->reviewed) == 10 && v[1]->profile && !v[0]->profile);
    Article **few = ath_rel_query(s, v[0], articles, .limit = 3,
                                  .where = ath_rel_any(Article, tags, ath_eq(ath_col(Tag, name), "odd")));
    STOP_UNLESS(few && ath_rel_count(s, v[1], articles) == 10);
    CHECK(ath_len(few) == 3 && few[1]->id == 3);
    return ATH_OK;
}

static ath_status read_only(ath_session *s) {
    Author **v = ath_all(
        s, Author, IN_ORDER, .limit = 2, .read_only = true,
        .load = ath_load(
            ath_joined(Author, articles, .then = ath_load(ath_selectin(Article, remarks), ath_joined(Article, tags))),
            ath_no_load(Author, reviewed)));
    STOP_UNLESS(v);
    CHECK(are_whole(v, 2));
    int rows = 0;
    ath_stream *stream =
        ath_stream_open(s, Article, .load = ath_load(ath_selectin(Article, tags), ath_joined(Article, author)));
    STOP_UNLESS(stream);
    for (Article *a; (a = ath_stream_next(stream)) != NULL; rows++)
        CHECK(ath_len(a->tags) == 2 && a->author);
    ath_status status = ath_stream_close(stream);
    CHECK(status != ATH_OK || rows == 20);
    return status;
}

static ath_status refused(ath_session *s) {
    Tag **v = ath_all(s, Tag, .load = ath_load(ath_raise_load(Tag, articles)));
    STOP_UNLESS(v);
    CHECK_INT(ath_load_rel(s, v[0], articles), ATH_STATE);
    return ATH_OK;
}

static ath_status load_all(ath_session *s) {
    ath_status status = read_only(s);
    if (status == ATH_OK)
        status = by_queries(s);
    if (status == ATH_OK)
        status = refused(s);
    return status == ATH_OK ? ath_flush(s) : status;
}

/* What fails does so once; then the session is asked again, and must have all. */
static ath_status journey(failing *f) {
    ath_allocator allocator = FAILING(f);
    ath_error error = {0};
    ath_engine *db = ath_engine_open("sqlite:///loading.db", .allocator = &allocator, .error = &error);
    if (!db)
        return error.status;
    ath_session *s = ath_session_open(db, .error = &error, .on_repeated_load = ATH_REPEATED_LOAD_WARNED);
    ath_status status = s ? load_all(s) : error.status;
    if (s && status != ATH_OK) {
        CHECK_INT(status, ATH_NO_MEMORY);
        CHECK_INT(ath_rollback(s), ATH_OK); /* a flush may have failed */
        CHECK_INT(load_all(s), ATH_OK);
    }
    ath_session_close(s);
    ath_engine_close(db);
    return status;
}

TEST(every_allocation_fails_in_turn) {
    ath_engine *db;
    if (test_on != TEST_SQLITE)
        TEST_SKIP("memory is the same everywhere");
    ath_session *s = blog_open("sqlite:///loading.db", &db);
    if (!s || !blog_fill(db, 2))
        return;
    blog_close(s, db);
    failing count = {0};
    CHECK_INT(journey(&count), ATH_OK);
    CHECK_INT(count.held, 0);
    CHECK(count.requests > 100);
    for (long n = 1; n <= count.requests && !test_failures_; n++) {
        failing f = {.fail_at = n};
        test_context("allocation %ld of %ld", n, count.requests);
        ath_status status = journey(&f);
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        CHECK_INT(f.held, 0);
    }
    test_context("%s", "");
}

/* ---- connections ---- */

typedef struct killer {
    long long connection; /* whose; 0: none any more */
    const char *before;   /* it is killed before the statement that has this in it */
} killer;

static void kill_before(void *context, ath_log_level level, const char *line) {
    killer *k = context;
    char sql[80];
    if (level != ATH_LOG_INFO || !k->connection || !strstr(line, k->before))
        return;
    snprintf(sql, sizeof sql, test_on == TEST_POSTGRESQL ? "SELECT pg_terminate_backend(%lld)" : "KILL CONNECTION %lld",
             k->connection);
    k->connection = 0;
    CHECK(test_client(test_on, sql, NULL, 0));
}

static long long number_of(ath_session *s) {
    ath_result *r =
        ath_execute(s, ath_text(test_on == TEST_POSTGRESQL ? "SELECT pg_backend_pid()" : "SELECT connection_id()"));
    const ath_value *v = ath_result_scalar(r);
    long long number = v ? v->as.i : 0;
    ath_result_close(r);
    return number;
}

TEST(the_connection_is_lost_between_two_selects) {
    static const char *const moments[] = {"FROM articles", "FROM remarks", "FROM tags"};
    ath_engine *db;
    if (test_on == TEST_SQLITE)
        TEST_SKIP("nothing can be lost");
    ath_session *filled = blog_begin(&db);
    if (!filled || !blog_fill(db, 3))
        return;
    for (size_t i = 0; i < TEST_COUNT(moments); i++) {
        killer k = {.before = moments[i]};
        ath_engine *watched = ath_engine_open(test_url(test_on), .echo = true, .log = kill_before, .log_context = &k);
        ath_session *s = ath_session_open(watched);
        test_context("before %s", moments[i]);
        for (int turn = 0; turn < 2; turn++) {
            k.connection = turn ? 0 : number_of(s);
            Author **v = ath_all(
                s, Author, IN_ORDER,
                .load = ath_load(ath_selectin(
                    Author, articles, .then = ath_load(ath_selectin(Article, remarks), ath_selectin(Article, tags)))));
            CHECK_INT(ath_error(s)->status, turn ? ATH_OK : ATH_DISCONNECT);
            CHECK(turn ? are_whole(v, 4) : v == NULL);
            CHECK_INT(ath_rollback(s), ATH_OK);
        }
        ath_session_close(s);
        ath_engine_close(watched);
    }
    test_context("%s", "");
    blog_close(filled, db);
}

static const test_case cases[] = {
    {"every_allocation_fails_in_turn", every_allocation_fails_in_turn},
    {"the_connection_is_lost_between_two_selects", the_connection_is_lost_between_two_selects},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
