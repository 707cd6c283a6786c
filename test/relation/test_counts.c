/* SPDX-License-Identifier: Apache-2.0
 *
 * How many SELECTs every way of loading takes, for one parent and for a thousand: what docs/relations.md says.  And what
 * notices that there are more than need be.  On every database.
 */
#include "blog.h"

static ath_engine *db;

/* `n` authors, each with an article, a profile, a remark on the article and two tags; a tree and a table of places, `n` of
 * each. */
static ath_session *begin(int n) {
    ath_session *s = blog_begin(&db);
    if (!s)
        return NULL;
    ath_new(s, Tag, .name = "all");
    ath_new(s, Tag, .name = "some");
    for (int i = 1; i <= n; i++) {
        ath_new(s, Author, .id = i, .name = "a");
        ath_new(s, Profile, .id = i, .author_id = ath_some(i), .text = "p");
        ath_new(s, Article, .id = i, .author_id = ath_some(i), .reviewer_id = ath_some(n + 1 - i), .title = "t",
                .stars = i);
        ath_new(s, Remark, .id = i, .article_id = i, .text = "r");
        ath_new(s, ArticleTag, .article_id = i, .tag = "all");
        ath_new(s, ArticleTag, .article_id = i, .tag = "some");
        ath_new(s, Topic, .id = i, .name = "x");
        ath_new(s, Place, .country = i % 7, .number = i, .name = "p");
    }
    for (int i = 1; i <= n; i++) {
        ath_new(s, Topic, .id = n + i, .parent_id = ath_some(i), .name = "y");
        ath_new(s, Visit, .id = i, .country = ath_some(i % 7), .number = ath_some(i), .who = "v");
    }
    if (ath_commit(s) == ATH_OK)
        return s;
    test_failed_(__FILE__, __LINE__, "%s", ath_error(s)->message);
    blog_close(s, db);
    return NULL;
}

/* ---- the table ---- */

typedef struct count_row {
    const char *what;
    uint64_t one, thousand; /* statements for so many parents */
    void **(*run)(ath_session *s);
    size_t per_parent; /* objects of the relation */
    size_t offset;     /* of the vector or pointer */
    bool many;
} count_row;

#define QUERY(name, ...)                                                                                               \
    static void **name(ath_session *s) {                                                                               \
        return (void **)ath_all(s, __VA_ARGS__);                                                                       \
    }
#define ROOTS .where = ath_is_null(ath_col(Topic, parent_id))
#define REMARKS(how) .then = ath_load(how(Article, remarks))
#define OWN_JOIN .joins = ath_joins(ath_join(Article, .on = ath_eq(ath_col(Article, author_id), ath_col(Author, id))))

QUERY(selectin_many, Author, .load = ath_load(ath_selectin(Author, articles)))
QUERY(selectin_nested, Author, .load = ath_load(ath_selectin(Author, articles, REMARKS(ath_selectin))))
QUERY(selectin_one, Article, .load = ath_load(ath_selectin(Article, author)))
QUERY(selectin_has_one, Author, .load = ath_load(ath_selectin(Author, profile)))
QUERY(selectin_two, Author, .load = ath_load(ath_selectin(Author, articles), ath_selectin(Author, profile)))
QUERY(selectin_between, Article, .load = ath_load(ath_selectin(Article, tags)))
QUERY(selectin_tree, Topic, ROOTS, .load = ath_load(ath_selectin(Topic, children)))
QUERY(selectin_two_columns, Place, .load = ath_load(ath_selectin(Place, visits)))
QUERY(selectin_joined, Author, .load = ath_load(ath_selectin(Author, articles, REMARKS(ath_joined))))
QUERY(selectin_subset, Author, .load_only = ath_cols(ath_col(Author, id)),
      .load = ath_load(ath_selectin(Author, articles, .load_only = ath_cols(ath_col(Article, id)))))
QUERY(joined_many, Author, .load = ath_load(ath_joined(Author, articles)))
QUERY(joined_nested, Author, .load = ath_load(ath_joined(Author, articles, REMARKS(ath_joined))))
QUERY(joined_limit, Author, .limit = 5000, .load = ath_load(ath_joined(Author, articles)))
QUERY(joined_one, Article, .load = ath_load(ath_joined(Article, author, .inner = true)))
QUERY(joined_between, Article, .load = ath_load(ath_joined(Article, tags)))
QUERY(joined_tree, Topic, ROOTS, .load = ath_load(ath_joined(Topic, children)))
QUERY(joined_two_columns, Place, .load = ath_load(ath_joined(Place, visits)))
QUERY(joined_selectin, Author, .load = ath_load(ath_joined(Author, articles, REMARKS(ath_selectin))))
QUERY(subquery_many, Author, .load = ath_load(ath_subquery_load(Author, articles)))
QUERY(subquery_nested, Author, .load = ath_load(ath_subquery_load(Author, articles, REMARKS(ath_subquery_load))))
QUERY(subquery_limit, Author, .order_by = ath_by(ath_col(Author, id)), .limit = 5000,
      .load = ath_load(ath_subquery_load(Author, articles)))
QUERY(subquery_between, Article, .load = ath_load(ath_subquery_load(Article, tags)))
QUERY(contained, Author, OWN_JOIN, .load = ath_load(ath_contains_eager(Author, articles)))
QUERY(refused, Author, .load = ath_load(ath_raise_load(Author, articles)))
QUERY(none, Author, .load = ath_load(ath_no_load(Author, articles)))
QUERY(nothing, Author)
QUERY(read_only, Author, .read_only = true, .load = ath_load(ath_selectin(Author, articles)))

/* When asked for, for all that came together. */
static void **peers(ath_session *s) {
    Author **v = ath_all(s, Author);
    ath_each(Author, a, v)
        if (ath_load_rel(s, a, articles) != ATH_OK)
            return NULL;
    return (void **)v;
}

static void **peers_between(ath_session *s) {
    Article **v = ath_all(s, Article);
    ath_each(Article, a, v)
        if (ath_load_rel(s, a, tags) != ATH_OK)
            return NULL;
    return (void **)v;
}

#define MANY(M, f) offsetof(M, f), true
#define ONE(M, f) offsetof(M, f), false

static const count_row table[] = {
    {"select-in, many", 2, 2, selectin_many, 1, MANY(Author, articles)},
    {"select-in, nested", 3, 3, selectin_nested, 1, MANY(Author, articles)},
    {"select-in, one", 2, 2, selectin_one, 1, ONE(Article, author)},
    {"select-in, one to one", 2, 2, selectin_has_one, 1, ONE(Author, profile)},
    {"select-in, two relations", 3, 3, selectin_two, 1, MANY(Author, articles)},
    {"select-in, many to many", 2, 2, selectin_between, 2, MANY(Article, tags)},
    {"select-in, tree", 2, 2, selectin_tree, 1, MANY(Topic, children)},
    {"select-in, key of two columns", 2, 2, selectin_two_columns, 1, MANY(Place, visits)},
    {"select-in, then joined", 2, 2, selectin_joined, 1, MANY(Author, articles)},
    {"select-in, some columns", 2, 2, selectin_subset, 1, MANY(Author, articles)},
    {"select-in, read-only", 2, 2, read_only, 1, MANY(Author, articles)},
    {"joined, many", 1, 1, joined_many, 1, MANY(Author, articles)},
    {"joined, nested", 1, 1, joined_nested, 1, MANY(Author, articles)},
    {"joined, limited", 1, 1, joined_limit, 1, MANY(Author, articles)},
    {"joined, one, inner", 1, 1, joined_one, 1, ONE(Article, author)},
    {"joined, many to many", 1, 1, joined_between, 2, MANY(Article, tags)},
    {"joined, tree", 1, 1, joined_tree, 1, MANY(Topic, children)},
    {"joined, key of two columns", 1, 1, joined_two_columns, 1, MANY(Place, visits)},
    {"joined, then select-in", 2, 2, joined_selectin, 1, MANY(Author, articles)},
    {"subquery, many", 2, 2, subquery_many, 1, MANY(Author, articles)},
    {"subquery, nested", 3, 3, subquery_nested, 1, MANY(Author, articles)},
    {"subquery, limited", 2, 2, subquery_limit, 1, MANY(Author, articles)},
    {"subquery, many to many", 2, 2, subquery_between, 2, MANY(Article, tags)},
    {"contains eager", 1, 1, contained, 1, MANY(Author, articles)},
    {"raise", 1, 1, refused, SIZE_MAX, MANY(Author, articles)},
    {"none", 1, 1, none, 0, MANY(Author, articles)},
    {"nothing said", 1, 1, nothing, SIZE_MAX, MANY(Author, articles)},
    {"when asked for, peers", 2, 2, peers, 1, MANY(Author, articles)},
    {"when asked for, many to many", 2, 2, peers_between, 2, MANY(Article, tags)},
};

static int wrong_objects(const count_row *row, void **objects) {
    int wrong = 0;
    for (size_t i = 0; i < ath_len(objects); i++) {
        void *value;
        memcpy(&value, (char *)objects[i] + row->offset, sizeof value);
        if (row->per_parent == SIZE_MAX || !row->many)
            wrong += (value != NULL) != (row->per_parent != SIZE_MAX);
        else
            wrong += !value || ath_len(value) != row->per_parent;
    }
    return wrong;
}

static void count_all(int n) {
    ath_session *filled = begin(n);
    if (!filled)
        return;
    for (size_t i = 0; i < TEST_COUNT(table); i++) {
        const count_row *row = &table[i];
        ath_session *s = ath_session_open(db);
        void **objects = row->run(s);
        test_context("%s, %d parents: %s", row->what, n, ath_error(s)->message);
        CHECK_INT(ath_len(objects), n);
        CHECK_INT(ath_session_statements(s), n == 1 ? row->one : row->thousand);
        CHECK_INT(wrong_objects(row, objects), 0);
        ath_session_close(s);
    }
    test_context("%s", "");
    blog_close(filled, db);
}

TEST(one_parent) {
    count_all(1);
}

TEST(a_thousand_parents) {
    count_all(1000);
}

/* A thousand keys go into one statement: 2,500 parents take three. */
TEST(more_than_fit_into_one) {
    ath_session *s = begin(2500);
    if (!s)
        return;
    uint64_t before = ath_session_statements(s);
    Author **v = ath_all(s, Author, .read_only = true,
                         .load = ath_load(ath_selectin(Author, articles, .then = ath_load(ath_selectin(Article, tags))),
                                          ath_subquery_load(Author, profile)));
    CHECK_INT(ath_session_statements(s) - before, 1 + 3 + 3 + 1);
    int wrong = ath_len(v) != 2500;
    ath_each(Author, a, v)
        wrong += ath_len(a->articles) != 1 || ath_len(a->articles[0]->tags) != 2 || !a->profile;
    CHECK_INT(wrong, 0);
    /* joined below a relation that comes in chunks: a tag that several chunks share has each article once */
    ath_new(s, Tag, .name = "few");
    ath_new(s, ArticleTag, .article_id = 1, .tag = "few");
    ath_new(s, ArticleTag, .article_id = 2500, .tag = "few");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session *other = ath_session_open(db);
    Article **articles =
        ath_all(other, Article, .order_by = ath_by(ath_col(Article, id)),
                .load = ath_load(ath_selectin(Article, tags, .where = ath_eq(ath_col(Tag, name), "few"),
                                              .then = ath_load(ath_joined(Tag, articles)))));
    CHECK_INT(ath_session_statements(other), 1 + 3);
    CHECK_INT(ath_len(articles), 2500);
    CHECK_INT(articles ? ath_len(articles[0]->tags) : 0, 1);
    CHECK_INT(articles ? ath_len(articles[1]->tags) : 9, 0);
    CHECK(articles && articles[0]->tags[0] == articles[2499]->tags[0]);
    CHECK_INT(articles ? ath_len(articles[0]->tags[0]->articles) : 0, 2);
    ath_session_close(other);
    blog_close(s, db);
}

/* ---- what must not be loaded ---- */

TEST(refused_and_none) {
    ath_session *s = begin(3);
    if (!s)
        return;
    ath_session *other = ath_session_open(db);
    Author **v = ath_all(other, Author, .load = ath_load(ath_raise_load(Author, articles)));
    CHECK_INT(ath_load_rel(other, v ? v[1] : NULL, articles), ATH_STATE);
    CHECK_STR(ath_error(other)->message, "relation Author.articles is not loaded by itself: the query said "
                                         "ath_raise_load; load it with the query, .load = "
                                         "ath_load(ath_selectin(Author, articles))");
    CHECK_INT(ath_load_rel(other, v ? v[1] : NULL, profile), ATH_OK);
    ath_all(other, Author, .load = ath_load(ath_selectin(Author, articles)));
    CHECK_INT(ath_load_rel(other, v ? v[1] : NULL, articles), ATH_OK); /* it is there */
    Author **w = ath_all(other, Author, .load = ath_load(ath_no_load(Author, reviewed)));
    CHECK(w && w[0]->reviewed && ath_len(w[0]->reviewed) == 0 && !ath_is_loaded(other, w[0], reviewed));
    CHECK_INT(ath_load_rel(other, w ? w[0] : NULL, reviewed), ATH_OK);
    CHECK_INT(ath_len(w[0]->reviewed), 1);
    ath_session_close(other);
    blog_close(s, db);
}

/* ---- one after the other ---- */

typedef struct lines {
    int warnings;
    char last[400];
} lines;

static void take_line(void *context, ath_log_level level, const char *line) {
    lines *log = context;
    if (level != ATH_LOG_WARNING || !strstr(line, "one object after the other"))
        return;
    log->warnings++;
    snprintf(log->last, sizeof log->last, "%s", line);
}

static int load_one_by_one(ath_session *s, int count) {
    for (int i = 1; i <= count; i++) {
        Author *a = ath_get(s, Author, i);
        if (!a || ath_load_rel(s, a, articles) != ATH_OK)
            return i - 1;
    }
    return count;
}

TEST(repeated_loads_are_noticed) {
    ath_session *s = begin(20);
    if (!s)
        return;
    lines log = {0};
    ath_engine *noisy = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .log = take_line,
                                        .log_context = &log);
    ath_session *watched =
        ath_session_open(test_on == TEST_SQLITE ? db : noisy, .on_repeated_load = ATH_REPEATED_LOAD_WARNED);
    CHECK_INT(load_one_by_one(watched, 20), 20);
    CHECK_INT(log.warnings, test_on == TEST_SQLITE ? 0 : 1); /* a database in memory is one engine's alone */
    CHECK(test_on == TEST_SQLITE || strstr(log.last, "test_counts.c:"));
    CHECK(
        test_on == TEST_SQLITE ||
        strstr(log.last, "relation Author.articles is loaded for one object after the other; load it with the query"));
    ath_session_close(watched);

    ath_session *strict =
        ath_session_open(db, .on_repeated_load = ATH_REPEATED_LOAD_REFUSED, .repeated_load_threshold = 3);
    CHECK_INT(load_one_by_one(strict, 20), 3);
    CHECK_INT(ath_error(strict)->status, ATH_STATE);
    CHECK(strstr(ath_error(strict)->message, "relation Author.articles was loaded for 3 single objects"));
    CHECK_INT(ath_commit(strict), ATH_OK); /* the next transaction counts anew */
    CHECK_INT(load_one_by_one(strict, 7), 6);
    Author **v = ath_all(strict, Author, .where = ath_gt(ath_col(Author, id), 10));
    ath_each(Author, a, v)
        CHECK_INT(ath_load_rel(strict, a, profile), ATH_OK); /* together: one SELECT */
    ath_session_close(strict);
    ath_session *careless = ath_session_open(db);
    CHECK_INT(load_one_by_one(careless, 20), 20);
    ath_session_close(careless);
    ath_engine_close(noisy);
    blog_close(s, db);
}

/* ---- ranges of keys ---- */

static int64_t statements_to_get(ath_session *s, int64_t article) {
    uint64_t before = ath_session_statements(s);
    CHECK(ath_get(s, Article, article) != NULL);
    return (int64_t)(ath_session_statements(s) - before);
}

/* Many keys without a gap are asked for as a range; nothing comes that was not asked for. */
TEST(ranges_of_keys) {
    static const int64_t left_out[] = {100, 50, 1};
    ath_session *s = begin(100);
    if (!s)
        return;
    for (size_t i = 0; i < TEST_COUNT(left_out); i++) {
        ath_session *other = ath_session_open(db);
        Author **v =
            ath_all(other, Author, .where = ath_ne(ath_col(Author, id), left_out[i]),
                    .order_by = ath_by(ath_desc(ath_col(Author, id))),
                    .load = ath_load(ath_selectin(Author, articles, .then = ath_load(ath_selectin(Article, tags)))));
        CHECK_INT(ath_session_statements(other), 3);
        CHECK_INT(ath_len(v), 99);
        ath_each(Author, a, v)
            CHECK(ath_len(a->articles) == 1 && a->articles[0]->id == a->id && ath_len(a->articles[0]->tags) == 2);
        CHECK_INT(statements_to_get(other, 51), 0);
        CHECK_INT(statements_to_get(other, left_out[i]), 1);
        ath_session_close(other);
    }
    blog_close(s, db);
}

/* ---- streams ---- */

TEST(streams_load_by_chunks) {
    ath_session *s = begin(2500);
    if (!s)
        return;
    uint64_t before = ath_session_statements(s);
    size_t rows = 0, wrong = 0;
    ath_stream *stream = ath_stream_open(
        s, Article, .order_by = ath_by(ath_col(Article, id)), .defer = ath_cols(ath_col(Article, title)),
        .load = ath_load(ath_joined(Article, reviewer), ath_selectin(Article, tags),
                         ath_selectin(Article, author, .then = ath_load(ath_selectin(Author, profile)))));
    for (Article *a; (a = ath_stream_next(stream)) != NULL; rows++)
        wrong += a->id != (int64_t)rows + 1 || ath_len(a->tags) != 2 || !a->author || a->author->id != a->id ||
                 !a->author->profile || !a->reviewer || a->reviewer->id != 2501 - a->id || a->title != NULL;
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    CHECK_INT(rows, 2500);
    CHECK_INT(wrong, 0);
    CHECK_INT(ath_session_statements(s) - before, 1 + 3 * 3);
    CHECK_INT(ath_session_state(s, NULL), ATH_STATE_NONE);
    stream = ath_stream_open(s, Article, .limit = 1500, .load = ath_load(ath_selectin(Article, tags)));
    for (int i = 0; i < 700; i++)
        CHECK(ath_stream_next(stream) != NULL);
    CHECK_INT(ath_commit(s), ATH_OK); /* ends it */
    CHECK(ath_stream_next(stream) == NULL);
    CHECK_INT(ath_stream_close(stream), ATH_STATE);
    CHECK(!ath_stream_open(s, Author, .load = ath_load(ath_joined(Author, articles))));
    CHECK_STR(ath_error(s)->message, "a stream does not join relation Author.articles, of many objects; use "
                                     "ath_selectin");
    stream = ath_stream_open(s, Author, .where = ath_eq(ath_col(Author, id), -1),
                             .load = ath_load(ath_selectin(Author, articles)));
    CHECK(stream && ath_stream_next(stream) == NULL && ath_stream_next(stream) == NULL);
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"one_parent", one_parent},
    {"a_thousand_parents", a_thousand_parents},
    {"more_than_fit_into_one", more_than_fit_into_one},
    {"refused_and_none", refused_and_none},
    {"repeated_loads_are_noticed", repeated_loads_are_noticed},
    {"ranges_of_keys", ranges_of_keys},
    {"streams_load_by_chunks", streams_load_by_chunks},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
