/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that a query leaves out: they are zero, never written, read when asked for; and queries that read them over
 * again.  On every database.
 */
#include "blog.h"

static ath_engine *db;

#define TITLES .load_only = ath_cols(ath_col(Article, title))
#define IN_ORDER .order_by = ath_by(ath_col(Article, id))

TEST(what_is_left_out_is_zero_and_never_written) {
    ath_session *s = blog_filled(&db, 2);
    if (!s)
        return;
    Article **v = ath_all(s, Article, TITLES, IN_ORDER);
    CHECK_INT(ath_len(v), 20);
    Article *a = v ? v[1] : NULL;
    CHECK(a && a->id == 2 && strcmp(a->title, "a1.2") == 0 && a->stars == 0 && !a->author_id.has);
    CHECK(ath_is_loaded(s, a, title) && ath_is_loaded(s, a, id) && !ath_is_loaded(s, a, stars));
    CHECK_STATEMENTS(0, ath_flush(s));
    a->title = "new title";
    v[2]->stars = 77; /* assigned: written, though it was never read */
    CHECK(ath_is_loaded(s, v[2], stars));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session *other = ath_session_open(db);
    Article *again = ath_get(other, Article, 2), *third = ath_get(other, Article, 3);
    CHECK(again && strcmp(again->title, "new title") == 0 && again->stars == 2 && again->author_id.value == 1);
    CHECK(third && third->stars == 77 && third->author_id.value == 1 && strcmp(third->title, "a1.3") == 0);
    ath_session_close(other);
    blog_close(s, db);
}

TEST(all_but_some) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    Article **v = ath_all(s, Article, .defer = ath_cols(ath_col(Article, title), ath_col(Article, id)), IN_ORDER);
    CHECK(ath_len(v) == 10 && v[3]->id == 4 && v[3]->title == NULL && v[3]->stars == 4 && v[3]->author_id.value == 1);
    Article *one = ath_first(s, Article, .read_only = true, IN_ORDER, .defer = ath_cols(ath_col(Article, title)));
    CHECK(one && one->id == 1 && one->title == NULL && one->stars == 1);
    blog_close(s, db);
}

TEST(read_after_all_for_all_that_came) {
    ath_session *s = blog_filled(&db, 120);
    if (!s)
        return;
    Article **v = ath_all(s, Article, TITLES, IN_ORDER);
    CHECK_INT(ath_len(v), 1200);
    v[5]->stars = 99;
    v[6]->title = "changed";
    ath_session_flush(s);
    v[7]->stars = 98;
    CHECK_STATEMENTS(
        3, CHECK_INT(ath_load_columns(s, v[0], stars, author_id), ATH_OK)); /* an UPDATE, two chunks of keys */
    int wrong = 0;
    for (size_t i = 0; i < ath_len(v); i++)
        if (i < 5 || i > 7)
            wrong += v[i]->stars != (int)((i % 10 + 1) % 5) || v[i]->author_id.value != (int64_t)i / 10 + 1;
    CHECK_INT(wrong, 0);
    CHECK(v[5]->stars == 99 && v[7]->stars == 98 && strcmp(v[6]->title, "changed") == 0);
    CHECK(ath_is_loaded(s, v[0], stars) && !ath_is_loaded(s, v[0], reviewer_id));
    CHECK_STATEMENTS(0, ath_load_columns(s, v[9], stars));
    CHECK_STATEMENTS(2, ath_undefer(s, v[9]));
    CHECK(v[9]->reviewer_id.has && v[9]->reviewer_id.value == 2 && v[1199]->author_id.value == 120);
    CHECK_STATEMENTS(0, ath_flush(s)); /* reading is no change */
    blog_close(s, db);
}

TEST(what_was_read_stays_right_after_a_rollback) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    Article **v = ath_all(s, Article, TITLES, IN_ORDER);
    ath_commit(s);
    v[0]->title = "t";
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_INT(ath_load_columns(s, v[0], stars), ATH_OK);
    CHECK(v[0]->stars == 1 && v[1]->stars == 2);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_STR(v[0]->title, "a1.1");
    CHECK(v[1]->stars == 2 && ath_is_loaded(s, v[1], stars));
    CHECK(v[0]->stars == 1 || !ath_is_loaded(s, v[0], stars)); /* never a zero that counts as read */
    CHECK_INT(ath_load_columns(s, v[0], stars), ATH_OK);
    CHECK_INT(v[0]->stars, 1);
    CHECK_STATEMENTS(0, ath_flush(s));
    blog_close(s, db);
}

TEST(a_whole_query_fills_them) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    Article **v = ath_all(s, Article, TITLES, IN_ORDER);
    v[1]->stars = 50;
    v[2]->title = "mine";
    CHECK_STATEMENTS(3, CHECK_INT(ath_len(ath_all(s, Article, IN_ORDER)), 10)); /* two rows written first */
    CHECK(v[0]->stars == 1 && v[1]->stars == 50 && v[0]->author_id.value == 1 && ath_is_loaded(s, v[0], stars));
    CHECK_STR(v[2]->title, "mine");
    /* the other way round: what the session has stays */
    ath_all(s, Article, TITLES, IN_ORDER);
    CHECK(v[0]->stars == 1 && ath_is_loaded(s, v[0], stars));
    blog_close(s, db);
}

TEST(overwriting_takes_only_what_is_read) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    ath_session *other = ath_session_open(db);
    Article *a = ath_get(s, Article, 1);
    ath_commit(s);
    Article *theirs = ath_get(other, Article, 1);
    theirs->title = "theirs";
    theirs->stars = 40;
    CHECK_INT(ath_commit(other), ATH_OK);
    ath_first(s, Article, IN_ORDER);
    CHECK(strcmp(a->title, "a1.1") == 0 && a->stars == 1);
    ath_first(s, Article, TITLES, IN_ORDER, .populate_existing = true);
    CHECK(strcmp(a->title, "theirs") == 0 && a->stars == 1);
    CHECK_INT(ath_refresh(s, a), ATH_OK);
    CHECK_INT(a->stars, 40);
    ath_session_close(other);
    blog_close(s, db);
}

TEST(in_relations_and_beside_them) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Author **v = NULL;
    CHECK_STATEMENTS(2, v = ath_all(s, Author, .order_by = ath_by(ath_col(Author, id)),
                                    .load = ath_load(ath_selectin(Author, articles, TITLES))));
    CHECK(v && ath_len(v[0]->articles) == 10 && v[0]->articles[4]->stars == 0);
    CHECK_STR(v[0]->articles[4]->title, "a1.5");
    CHECK_INT(v[0]->articles[4]->author_id.value, 1); /* it joins them */
    CHECK(!ath_is_loaded(s, v[0]->articles[4], reviewer_id));
    CHECK_STATEMENTS(0, ath_load_rel(s, v[0]->articles[4], author)); /* all are there */
    blog_close(s, db);
}

TEST(joined_with_columns_left_out) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Author **v = NULL;
    CHECK_STATEMENTS(1, v = ath_all(s, Author, .order_by = ath_by(ath_desc(ath_col(Author, id))), .limit = 2,
                                    .offset = 1, .defer = ath_cols(ath_col(Author, name)),
                                    .load = ath_load(ath_joined(Author, profile),
                                                     ath_joined(Author, articles, TITLES,
                                                                .then = ath_load(ath_joined(Article, tags))))));
    CHECK(ath_len(v) == 2 && v[0]->id == 3 && v[0]->name == NULL && v[1]->profile &&
          v[1]->profile->author_id.value == 2);
    CHECK(v && ath_len(v[1]->articles) == 10 && v[1]->articles[0]->stars == 0 && ath_len(v[1]->articles[9]->tags) == 2);
    CHECK_STR(v[1]->articles[9]->title, "a2.10");
    blog_close(s, db);
}

TEST(relations_of_objects_without_their_keys) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Article **v = ath_all(s, Article, TITLES, IN_ORDER);
    CHECK(v && !ath_is_loaded(s, v[0], author_id));
    CHECK_STATEMENTS(2, ath_load_rel(s, v[0], author)); /* the foreign keys, then the authors */
    int wrong = 0;
    ath_each(Article, a, v)
        wrong += !a->author || a->author->id != (a->id + 9) / 10;
    CHECK_INT(wrong, 0);
    blog_close(s, db);
}

TEST(mistakes) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    CHECK(!ath_all(s, Article, .load_only = ath_cols(ath_col(Author, name))));
    CHECK_STR(ath_error(s)->message, ".load_only and .defer name columns of Article here");
    CHECK(!ath_all(s, Author,
                   .load = ath_load(ath_selectin(Author, articles, .defer = ath_cols(ath_col(Author, name))))));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    Article *a = ath_first(s, Article, TITLES, IN_ORDER);
    const size_t wrong = offsetof(Article, author);
    CHECK_INT(ath_session_load_columns(s, a, 1, &wrong), ATH_ARGUMENT);
    CHECK(a && ath_delete_where(s, Remark, .where = ath_eq(ath_col(Remark, article_id), a->id)) == 2);
    CHECK(a && ath_delete_where(s, ArticleTag, .where = ath_eq(ath_col(ArticleTag, article_id), a->id)) == 2);
    ath_result_close(
        ath_execute(s, ath_delete_of(.model = ath_model_of(Article), .where = ath_eq(ath_col(Article, id), 1))));
    CHECK_INT(ath_load_columns(s, a, stars), ATH_NO_RESULT);
    CHECK_INT(ath_load_columns(s, ath_new(s, Article, .title = "n", .stars = 3), stars), ATH_OK);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"what_is_left_out_is_zero_and_never_written", what_is_left_out_is_zero_and_never_written},
    {"all_but_some", all_but_some},
    {"read_after_all_for_all_that_came", read_after_all_for_all_that_came},
    {"what_was_read_stays_right_after_a_rollback", what_was_read_stays_right_after_a_rollback},
    {"a_whole_query_fills_them", a_whole_query_fills_them},
    {"overwriting_takes_only_what_is_read", overwriting_takes_only_what_is_read},
    {"in_relations_and_beside_them", in_relations_and_beside_them},
    {"joined_with_columns_left_out", joined_with_columns_left_out},
    {"relations_of_objects_without_their_keys", relations_of_objects_without_their_keys},
    {"mistakes", mistakes},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
