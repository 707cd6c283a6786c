/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations are loaded, by every strategy, on every database: what comes, in what order, and by how many statements, for
 * few parents and for many.
 */
#include "blog.h"

static ath_engine *db;

/* How much of what blog_fill made is wrong with one author's articles. */
static int wrong_articles(const Author *a, bool remarks) {
    int wrong = ath_len(a->articles) != 10;
    for (size_t i = 0; !wrong && i < 10; i++) {
        const Article *article = a->articles[i];
        wrong += article->id != (a->id - 1) * 10 + (int64_t)i + 1 || article->author_id.value != a->id;
        if (remarks)
            wrong += ath_len(article->remarks) != 2 || article->remarks[0]->id != article->id * 2 - 1 ||
                     article->remarks[1]->id != article->id * 2;
    }
    return wrong;
}

static int wrong_authors(Author **authors, size_t count, bool remarks) {
    int wrong = ath_len(authors) != count;
    ath_each(Author, a, authors)
        if (a->id <= (int64_t)count)
            wrong += wrong_articles(a, remarks);
    return wrong;
}

#define FIRST(n) .where = ath_le(ath_col(Author, id), n), .order_by = ath_by(ath_col(Author, id))

/* ---- many ---- */

static void many_by(ath_load_strategy strategy, int authors) {
    ath_session *s = blog_filled(&db, authors);
    if (!s)
        return;
    bool joined = strategy == ATH_LOAD_JOINED;
    const ath_load_clause remarks = {
        .model = &ath_model_Article, .offset = offsetof(Article, remarks), .strategy = strategy};
    const ath_load_clause articles = {
        .model = &ath_model_Author, .offset = offsetof(Author, articles), .strategy = strategy, .then = {1, &remarks}};
    Author **v = NULL;
    uint64_t chunks = joined ? 0 : strategy == ATH_LOAD_SUBQUERY ? 2 : 1 + ((unsigned)authors * 10 + 999) / 1000;
    CHECK_STATEMENTS(1 + chunks, v = ath_all(s, Author, FIRST(authors), .load = {1, &articles}));
    CHECK_INT(wrong_authors(v, (size_t)authors, true), 0);
    CHECK(v && v[0]->articles[0]->remarks[0]->article == v[0]->articles[0]); /* nobody asked for it */
    blog_close(s, db);
}

TEST(many_by_selectin) {
    many_by(ATH_LOAD_SELECTIN, 1);
    many_by(ATH_LOAD_SELECTIN, 120);
}

TEST(many_by_join) {
    many_by(ATH_LOAD_JOINED, 1);
    many_by(ATH_LOAD_JOINED, 30);
}

/* Rows that a joined relation repeats are one object in the vector above. */
TEST(joined_below_a_select_of_its_own) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Author **v = NULL;
    CHECK_STATEMENTS(2, v = ath_all(s, Author, FIRST(3),
                                    .load = ath_load(ath_selectin(
                                        Author, articles,
                                        .then = ath_load(ath_joined(Article, remarks), ath_joined(Article, tags))))));
    CHECK_INT(wrong_authors(v, 3, true), 0);
    CHECK(v && ath_len(v[2]->articles[9]->tags) == 2);
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session *other = ath_session_open(db);
    Tag **tags =
        ath_all(other, Tag, .order_by = ath_by(ath_col(Tag, name)),
                .load = ath_load(ath_subquery_load(Tag, articles, .then = ath_load(ath_joined(Article, remarks)))));
    CHECK(ath_len(tags) == 3 && ath_len(tags[0]->articles) == 30 && ath_len(tags[1]->articles) == 15);
    CHECK(tags && ath_len(tags[0]->articles[7]->remarks) == 2);
    ath_session_close(other);
    blog_close(s, db);
}

TEST(many_by_subquery) {
    many_by(ATH_LOAD_SUBQUERY, 1);
    many_by(ATH_LOAD_SUBQUERY, 30);
}

TEST(none_is_an_empty_vector) {
    ath_session *s = blog_filled(&db, 1);
    if (!s)
        return;
    Author *last = ath_one(s, Author, .where = ath_eq(ath_col(Author, id), 2),
                           .load = ath_load(ath_selectin(Author, articles), ath_joined(Author, reviewed)));
    CHECK(last && last->articles && ath_len(last->articles) == 0 && last->articles[0] == NULL);
    CHECK(last && ath_len(last->reviewed) == 10);
    CHECK(ath_is_loaded(s, last, articles) && !ath_is_loaded(s, last, profile));
    Author *first = ath_get(s, Author, 1);
    CHECK(first && first->articles == NULL && !ath_is_loaded(s, first, articles));
    blog_close(s, db);
}

/* ---- one ---- */

TEST(one_by_selectin_and_by_join) {
    ath_session *s = blog_filled(&db, 20);
    if (!s)
        return;
    Article **v = NULL;
    CHECK_STATEMENTS(2, v = ath_all(s, Article, .load = ath_load(ath_selectin(Article, author))));
    int wrong = ath_len(v) != 200;
    ath_each(Article, a, v)
        wrong += !a->author || a->author->id != a->author_id.value;
    CHECK_INT(wrong, 0);
    CHECK_STATEMENTS(
        1, v = ath_all(s, Article,
                       .load = ath_load(ath_joined(Article, reviewer, .then = ath_load(ath_joined(Author, profile))))));
    ath_each(Article, b, v) {
        wrong += (b->reviewer != NULL) != b->reviewer_id.has;
        wrong += b->reviewer && (b->reviewer->id != b->reviewer_id.value || !b->reviewer->profile);
    }
    CHECK_INT(wrong, 0);
    /* all of them are there: nothing is left to ask for */
    CHECK_STATEMENTS(
        1, v = ath_all(s, Article, .load = ath_load(ath_selectin(Article, author), ath_selectin(Article, reviewer))));
    blog_close(s, db);
}

TEST(what_the_session_has_is_not_asked_for) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    ath_all(s, Author);
    Article **v = NULL;
    CHECK_STATEMENTS(1, v = ath_all(s, Article, .load = ath_load(ath_selectin(Article, author))));
    int wrong = 0;
    ath_each(Article, a, v)
        wrong += !a->author || a->author->id != a->author_id.value;
    CHECK_INT(wrong, 0);
    blog_close(s, db);
}

/* ---- many to many ---- */

static void tags_by(ath_load_strategy strategy) {
    ath_session *s = blog_filled(&db, 12);
    if (!s)
        return;
    const ath_load_clause clause = {
        .model = &ath_model_Article, .offset = offsetof(Article, tags), .strategy = strategy};
    Article **v = NULL;
    CHECK_STATEMENTS(strategy == ATH_LOAD_JOINED ? 1u : 2u, v = ath_all(s, Article, .load = {1, &clause}));
    int wrong = ath_len(v) != 120;
    ath_each(Article, a, v) {
        wrong += ath_len(a->tags) != 2 || strcmp(a->tags[0]->name, "all") != 0 ||
                 strcmp(a->tags[1]->name, a->id % 2 ? "odd" : "even") != 0;
    }
    CHECK_INT(wrong, 0);
    CHECK(v && v[0]->tags[0] == v[1]->tags[0]);
    blog_close(s, db);
}

TEST(many_to_many) {
    tags_by(ATH_LOAD_SELECTIN);
    tags_by(ATH_LOAD_JOINED);
    tags_by(ATH_LOAD_SUBQUERY);
}

TEST(two_joined_collections_do_not_multiply) {
    ath_session *s = blog_filled(&db, 2);
    if (!s)
        return;
    Article **v = NULL;
    CHECK_STATEMENTS(1, v = ath_all(s, Article, .order_by = ath_by(ath_desc(ath_col(Article, id))),
                                    .load = ath_load(ath_joined(Article, tags), ath_joined(Article, remarks),
                                                     ath_joined(Article, author))));
    CHECK_INT(ath_len(v), 20);
    int wrong = 0;
    ath_each(Article, a, v)
        wrong += ath_len(a->tags) != 2 || ath_len(a->remarks) != 2 || !a->author;
    CHECK_INT(wrong, 0);
    CHECK(v && v[0]->id == 20 && v[0]->remarks[0]->id == 39);
    blog_close(s, db);
}

/* ---- limits ---- */

TEST(a_limit_is_of_objects) {
    ath_session *s = blog_filled(&db, 5);
    if (!s)
        return;
    Author **v = NULL;
    CHECK_STATEMENTS(1, v = ath_all(s, Author, .order_by = ath_by(ath_desc(ath_col(Author, name))), .limit = 3,
                                    .offset = 1, .load = ath_load(ath_joined(Author, articles))));
    CHECK_INT(ath_len(v), 3);
    CHECK(v && v[0]->id == 5 && v[1]->id == 4 && v[2]->id == 3);
    CHECK(v && ath_len(v[2]->articles) == 10 && v[2]->articles[9]->id == 30);
    Author *first = ath_first(s, Author, FIRST(9), .load = ath_load(ath_joined(Author, articles)));
    CHECK(first && first->id == 1 && ath_len(first->articles) == 10);
    Author *one =
        ath_one(s, Author, .where = ath_eq(ath_col(Author, id), 2), .load = ath_load(ath_joined(Author, articles)));
    CHECK(one && ath_len(one->articles) == 10);
    CHECK(ath_one(s, Author, .load = ath_load(ath_joined(Author, articles))) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_MULTIPLE_RESULTS);
    blog_close(s, db);
}

/* ---- a join of the query's own ---- */

TEST(contains_eager) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Author **v = NULL;
    CHECK_STATEMENTS(
        1, v = ath_all(s, Author,
                       .joins =
                           ath_joins(ath_join(Article, .on = ath_eq(ath_col(Article, author_id), ath_col(Author, id)))),
                       .where = ath_eq(ath_col(Article, stars), 3), .order_by = ath_by(ath_col(Article, id)),
                       .load = ath_load(ath_contains_eager(Author, articles))));
    CHECK_INT(ath_len(v), 3);
    CHECK(v && ath_len(v[1]->articles) == 2 && v[1]->articles[0]->id == 13 && v[1]->articles[1]->id == 18);
    blog_close(s, db);
}

/* ---- conditions and order ---- */

TEST(filters_and_order) {
    ath_session *s = blog_filled(&db, 2);
    if (!s)
        return;
    for (int joined = 0; joined < 2; joined++) {
        ath_session *fresh = ath_session_open(db);
        const ath_load_clause clause = {.model = &ath_model_Author,
                                        .offset = offsetof(Author, articles),
                                        .strategy = joined ? ATH_LOAD_JOINED : ATH_LOAD_SELECTIN,
                                        .where = ath_gt(ath_col(Article, stars), 2),
                                        .order_by = ath_by(ath_desc(ath_col(Article, title)))};
        Author **v = ath_all(fresh, Author, FIRST(2), .load = {1, &clause});
        test_context("joined %d: %s", joined, ath_error(fresh)->message);
        CHECK_INT(ath_len(v), 2);
        CHECK(v && ath_len(v[0]->articles) == 4 && strcmp(v[0]->articles[0]->title, "a1.9") == 0 &&
              strcmp(v[0]->articles[3]->title, "a1.3") == 0);
        CHECK(v && !ath_is_loaded(fresh, v[0], articles)); /* they are not all */
        ath_session_close(fresh);
    }
    blog_close(s, db);
}

/* ---- trees, keys of two columns ---- */

TEST(a_tree_to_any_depth) {
    ath_session *s = blog_filled(&db, 0);
    if (!s)
        return;
    for (int i = 1; i <= 15; i++)
        ath_new(s, Topic, .id = i, .name = "t", .parent_id = {.has = i > 1, .value = i / 2});
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    s = ath_session_open(db);
    Topic *root = NULL;
    CHECK_STATEMENTS(3, root = ath_one(s, Topic, .where = ath_eq(ath_col(Topic, id), 1),
                                       .load = ath_load(ath_selectin(
                                           Topic, children, .then = ath_load(ath_selectin(Topic, children))))));
    CHECK(root && ath_len(root->children) == 2 && ath_len(root->children[1]->children) == 2);
    CHECK(root && root->children[1]->children[1]->id == 7 && root->children[1]->children[1]->children == NULL);
    ath_session_close(s);
    s = ath_session_open(db);
    root = ath_one(s, Topic, .where = ath_eq(ath_col(Topic, id), 1),
                   .load = ath_load(ath_joined(
                       Topic, children,
                       .then = ath_load(ath_joined(Topic, children, .then = ath_load(ath_joined(Topic, parent)))))));
    CHECK(root && ath_len(root->children) == 2 && root->children[1]->children[1]->id == 7);
    CHECK(root && root->children[1]->children[1]->parent == root->children[1]);
    blog_close(s, db);
}

TEST(keys_of_two_columns) {
    ath_session *s = blog_filled(&db, 0);
    if (!s)
        return;
    for (int i = 0; i < 40; i++) {
        ath_new(s, Place, .country = i % 4, .number = i / 4, .name = "p");
        ath_flush(s);
        ath_new(s, Visit, .country = ath_some(i % 4), .number = ath_some(i / 4), .who = "w");
        ath_new(s, Visit, .country = ath_some(i % 4), .number = ath_some(i / 4), .who = "v");
    }
    ath_new(s, Visit, .who = "nowhere");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    s = ath_session_open(db);
    Place **places = NULL;
    CHECK_STATEMENTS(2, places = ath_all(s, Place, .load = ath_load(ath_selectin(Place, visits))));
    int wrong = ath_len(places) != 40;
    ath_each(Place, p, places)
        wrong += ath_len(p->visits) != 2 || p->visits[0]->number.value != p->number ||
                 p->visits[1]->country.value != p->country;
    CHECK_INT(wrong, 0);
    ath_session_close(s);
    s = ath_session_open(db);
    Visit **visits = NULL;
    CHECK_STATEMENTS(2, visits = ath_all(s, Visit, .load = ath_load(ath_selectin(Visit, place))));
    ath_each(Visit, v, visits)
        wrong += v->country.has
                     ? !v->place || v->place->country != v->country.value || v->place->number != v->number.value
                     : v->place != NULL;
    CHECK_INT(wrong, 0);
    blog_close(s, db);
}

/* ---- when asked for ---- */

TEST(peers_are_loaded_together) {
    ath_session *s = blog_filled(&db, 25);
    if (!s)
        return;
    Article **v = ath_all(s, Article, .order_by = ath_by(ath_col(Article, id)));
    CHECK_STATEMENTS(1, {
        for (size_t i = 0; i < ath_len(v); i++)
            if (ath_load_rel(s, v[i], author) != ATH_OK)
                break;
    });
    int wrong = 0;
    ath_each(Article, a, v)
        wrong += !a->author || a->author->id != a->author_id.value;
    CHECK_INT(wrong, 0);
    CHECK_STATEMENTS(1, ath_load_rel(s, v[3]->author, articles)); /* the authors that came together */
    CHECK(v[249]->author->articles && ath_len(v[249]->author->articles) == 10 && v[249]->author->articles[9] == v[249]);
    CHECK_STATEMENTS(1, ath_load_rel(s, v[0], tags));
    CHECK(v[249]->tags && ath_len(v[249]->tags) == 2);
    CHECK_STATEMENTS(0, ath_load_rel(s, v[249], tags));
    CHECK_STATEMENTS(0, ath_load_rel(s, ath_new(s, Article, .title = "new", .stars = 1), tags));
    blog_close(s, db);
}

TEST(read_only_objects_have_relations_too) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    for (int joined = 0; joined < 2; joined++) {
        const ath_load_clause remarks = {.model = &ath_model_Article,
                                         .offset = offsetof(Article, remarks),
                                         .strategy = joined ? ATH_LOAD_JOINED : ATH_LOAD_SELECTIN};
        const ath_load_clause articles = {.model = &ath_model_Author,
                                          .offset = offsetof(Author, articles),
                                          .strategy = remarks.strategy,
                                          .then = {1, &remarks}};
        Author **v = NULL;
        test_context("joined %d", joined);
        CHECK_STATEMENTS(joined ? 1u : 3u, v = ath_all(s, Author, FIRST(3), .read_only = true, .load = {1, &articles}));
        CHECK_INT(wrong_authors(v, 3, true), 0);
        CHECK_INT(ath_session_state(s, v ? v[0] : NULL), ATH_STATE_NONE);
        Article **a = ath_all(s, Article, .read_only = true,
                              .load = ath_load(ath_joined(Article, author), ath_selectin(Article, reviewer)));
        CHECK(a && ath_len(a) == 30 && a[0]->author && a[0]->author == a[1]->author && a[0]->reviewer &&
              a[0]->reviewer->id == 2);
    }
    blog_close(s, db);
}

/* ---- mistakes ---- */

TEST(mistakes) {
    ath_session *s = blog_filled(&db, 0);
    if (!s)
        return;
    CHECK(!ath_all(s, Author, .load = ath_load(ath_selectin(Article, author))));
    CHECK_STR(ath_error(s)->message, ".load: a relation of Article is loaded where objects of Author are");
    CHECK(!ath_all(s, Author, .load = ath_load(ath_selectin(Author, name))));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK(!ath_all(s, Author, .load = ath_load(ath_selectin(Author, articles), ath_joined(Author, articles))));
    CHECK_STR(ath_error(s)->message, ".load names Author.articles twice");
    CHECK(!ath_all(s, Author,
                   .load =
                       ath_load(ath_selectin(Author, articles, .then = ath_load(ath_contains_eager(Article, tags))))));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    Author stranger = {0};
    CHECK_INT(ath_load_rel(s, &stranger, articles), ATH_ARGUMENT);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"many_by_selectin", many_by_selectin},
    {"many_by_join", many_by_join},
    {"joined_below_a_select_of_its_own", joined_below_a_select_of_its_own},
    {"many_by_subquery", many_by_subquery},
    {"none_is_an_empty_vector", none_is_an_empty_vector},
    {"one_by_selectin_and_by_join", one_by_selectin_and_by_join},
    {"what_the_session_has_is_not_asked_for", what_the_session_has_is_not_asked_for},
    {"many_to_many", many_to_many},
    {"two_joined_collections_do_not_multiply", two_joined_collections_do_not_multiply},
    {"a_limit_is_of_objects", a_limit_is_of_objects},
    {"contains_eager", contains_eager},
    {"filters_and_order", filters_and_order},
    {"a_tree_to_any_depth", a_tree_to_any_depth},
    {"keys_of_two_columns", keys_of_two_columns},
    {"peers_are_loaded_together", peers_are_loaded_together},
    {"read_only_objects_have_relations_too", read_only_objects_have_relations_too},
    {"mistakes", mistakes},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
