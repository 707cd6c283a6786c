/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions on relations, by the rows that meet them, on every database.
 */
#include "blog.h"

static ath_engine *db;

#define COUNT(M, ...) ath_count(s, M, .where = __VA_ARGS__)

TEST(any_has_contains) {
    ath_session *s = blog_filled(&db, 4);
    if (!s)
        return;
    const ath_expr *tagged_odd = ath_rel_any(Article, tags, ath_eq(ath_col(Tag, name), "odd"));
    Article *third = ath_get(s, Article, 3);
    Tag *odd = ath_get(s, Tag, "odd");
    CHECK_INT(COUNT(Author, ath_rel_any(Author, articles)), 4);
    CHECK_INT(COUNT(Author, ath_not(ath_rel_any(Author, articles))), 1);
    CHECK_INT(COUNT(Author, ath_rel_any(Author, articles, ath_eq(ath_col(Article, title), "a2.7"))), 1);
    CHECK_INT(COUNT(Author, ath_rel_any(Author, reviewed, tagged_odd)), 2);
    CHECK_INT(COUNT(Article, tagged_odd), 20);
    CHECK_INT(COUNT(Article, ath_and(tagged_odd, ath_rel_has(Article, reviewer))), 10);
    CHECK_INT(COUNT(Author, ath_rel_has(Author, profile)), 2);
    CHECK_INT(COUNT(Author, ath_rel_contains(Author, articles, third)), 1);
    CHECK_INT(COUNT(Article, ath_rel_contains(Article, tags, odd)), 20);
    CHECK_INT(COUNT(Tag, ath_rel_contains(Tag, articles, third)), 2);
    CHECK_INT(COUNT(Author, ath_rel_contains(Author, articles, &(const Article){.id = 3})), 0);
    CHECK_STR(ath_error(s)->message, "");
    blog_close(s, db);
}

TEST(one_object_or_none) {
    ath_session *s = blog_filled(&db, 4);
    if (!s)
        return;
    Author *second = ath_get(s, Author, 2);
    CHECK_INT(COUNT(Article, ath_rel_is(Article, author, second)), 10);
    CHECK_INT(COUNT(Article, ath_rel_is_not(Article, author, second)), 30);
    CHECK_INT(COUNT(Article, ath_rel_is(Article, reviewer, second)), 10);
    CHECK_INT(COUNT(Article, ath_rel_is_not(Article, reviewer, second)), 30);
    CHECK_INT(COUNT(Article, ath_rel_is(Article, reviewer, NULL)), 20);
    CHECK_INT(COUNT(Article, ath_rel_is_not(Article, reviewer, NULL)), 20);
    CHECK_INT(COUNT(Author, ath_rel_is(Author, profile, NULL)), 3);
    CHECK_INT(COUNT(Author, ath_rel_is_not(Author, profile, NULL)), 2);
    Profile *profile = ath_get(s, Profile, 2);
    CHECK_INT(COUNT(Author, ath_rel_is(Author, profile, profile)), 1);
    CHECK_INT(COUNT(Author, ath_rel_is_not(Author, profile, profile)), 4);
    Author *fresh = ath_new(s, Author, .id = 100, .name = "fresh");
    CHECK_INT(COUNT(Article, ath_rel_is(Article, author, fresh)), 0);
    CHECK_INT(ath_update(s, Article, .set = ath_set(ath_to(Article, author_id, 100)),
                         .where = ath_and(ath_rel_is(Article, author, second), ath_le(ath_col(Article, id), 13))),
              3);
    CHECK_INT(COUNT(Article, ath_rel_is(Article, author, fresh)), 3);
    CHECK_INT(ath_delete_where(s, Remark, .where = ath_rel_has(Remark, article, ath_rel_is(Article, author, fresh))),
              6);
    CHECK_STR(ath_error(s)->message, "");
    blog_close(s, db);
}

TEST(trees_and_keys_of_two_columns) {
    ath_session *s = blog_filled(&db, 0);
    if (!s)
        return;
    for (int i = 1; i <= 15; i++)
        ath_new(s, Topic, .id = i, .name = i % 2 ? "odd" : "even", .parent_id = {.has = i > 1, .value = i / 2});
    ath_new(s, Place, .country = 1, .number = 2, .name = "p");
    ath_new(s, Place, .country = 1, .number = 3, .name = "q");
    ath_new(s, Visit, .country = ath_some(1), .number = ath_some(2), .who = "w");
    ath_new(s, Visit, .who = "nowhere");
    CHECK_INT(ath_flush(s), ATH_OK);
    const ath_expr *even = ath_eq(ath_col(Topic, name), "even");
    CHECK_INT(COUNT(Topic, ath_rel_any(Topic, children)), 7);
    CHECK_INT(COUNT(Topic, ath_rel_any(Topic, children, ath_rel_any(Topic, children))), 3);
    CHECK_INT(COUNT(Topic, ath_rel_has(Topic, parent, even)), 6);
    CHECK_INT(COUNT(Topic, ath_rel_has(Topic, parent, ath_rel_has(Topic, parent, even))), 4);
    CHECK_INT(COUNT(Topic, ath_rel_is(Topic, parent, ath_get(s, Topic, 3))), 2);
    Place *p = ath_get(s, Place, 1, 2);
    CHECK_INT(COUNT(Visit, ath_rel_is(Visit, place, p)), 1);
    CHECK_INT(COUNT(Visit, ath_rel_is_not(Visit, place, p)), 1);
    CHECK_INT(COUNT(Visit, ath_rel_is(Visit, place, NULL)), 1);
    CHECK_INT(COUNT(Place, ath_rel_any(Place, visits, ath_eq(ath_col(Visit, who), "w"))), 1);
    CHECK_INT(COUNT(Place, ath_not(ath_rel_any(Place, visits))), 1);
    /* in an alias, and beside a relation that is loaded into an alias of the same table */
    Topic **v = ath_all(s, Topic, .where = ath_rel_any(Topic, children, even), .order_by = ath_by(ath_col(Topic, id)),
                        .load = ath_load(ath_joined(Topic, children, .where = ath_not(ath_rel_any(Topic, children)))));
    CHECK_INT(ath_len(v), 7);
    CHECK(v && ath_len(v[0]->children) == 0 && ath_len(v[3]->children) == 2);
    CHECK_STR(ath_error(s)->message, "");
    blog_close(s, db);
}

TEST(in_queries_that_are_built_and_written_plainly) {
    ath_session *s = blog_filled(&db, 2);
    if (!s)
        return;
    Author *first = ath_get(s, Author, 1);
    ath_query *q = ath_query_new(.order_by = ath_by(ath_col(Article, id)));
    ath_query_where(q, ath_rel_is(Article, author, first));
    ath_query_where(q, ath_rel_any(Article, tags, ath_eq(ath_col(Tag, name), "even")));
    Article **v = ath_query_all(s, Article, q);
    CHECK(ath_len(v) == 5 && v[0]->id == 2);
    ath_query_free(q);
    const ath_value *n = ath_scalar(
        s, ath_select(.columns = ath_cols(ath_count(ath_star())), .from = ath_from(ath_model_as(Article, "a")),
                      .where = ath_and(ath_rel_is_of("a", Article, author, first),
                                       ath_rel_any_of("a", Article, remarks, ath_eq(ath_col(Remark, text), "first")))));
    CHECK(n && n->as.i == 10);
    CHECK_STR(ath_error(s)->message, "");
    blog_close(s, db);
}

TEST(a_relation_as_a_query) {
    ath_session *s = blog_filled(&db, 3);
    if (!s)
        return;
    Author *first = ath_get(s, Author, 1), *last = ath_get(s, Author, 4);
    Article **v = ath_rel_query(s, first, articles, .where = ath_gt(ath_col(Article, stars), 1), .limit = 3);
    CHECK(ath_len(v) == 3 && v[0]->id == 2 && v[2]->id == 4);
    CHECK(first && first->articles == NULL && !ath_is_loaded(s, first, articles));
    v = ath_rel_query(s, first, articles, .order_by = ath_by(ath_desc(ath_col(Article, id))), .offset = 2, .limit = 2,
                      .load = ath_load(ath_selectin(Article, tags)));
    CHECK(ath_len(v) == 2 && v[0]->id == 8 && ath_len(v[0]->tags) == 2);
    CHECK_INT(ath_rel_count(s, first, articles), 10);
    CHECK_INT(ath_rel_count(s, last, articles), 0);
    CHECK_INT(ath_rel_count(s, last, reviewed), 10);
    CHECK_INT(ath_rel_count(s, first, articles, .where = ath_rel_contains(Article, tags, ath_get(s, Tag, "odd"))), 5);
    Tag **tags = ath_rel_query(s, v ? v[0] : NULL, tags, .where = ath_ne(ath_col(Tag, name), "all"));
    CHECK(ath_len(tags) == 1 && strcmp(tags[0]->name, "even") == 0);
    Article **tagged = ath_rel_query(s, tags ? tags[0] : NULL, articles, .read_only = true,
                                     .where = ath_gt(ath_col(ArticleTag, article_id), 20));
    CHECK_INT(ath_len(tagged), 5);
    CHECK_STR(ath_error(s)->message, "");
    ath_new(s, Article, .id = 900, .author_id = ath_some(1), .title = "new", .stars = 1);
    CHECK_INT(ath_rel_count(s, first, articles), 11); /* flushed first */
    Author *fresh = ath_new(s, Author, .id = 50, .name = "fresh");
    CHECK_INT(ath_rel_count(s, fresh, articles), 0);
    ath_delete(s, fresh);
    CHECK_INT(ath_rel_count(s, fresh, articles), -1);
    CHECK_INT(ath_error(s)->status, ATH_STATE);
    CHECK(!ath_session_rel_query(s, first, offsetof(Author, profile), ath_select()));
    CHECK_STR(ath_error(s)->message, "relation Author.profile is of one object; use ath_load_rel");
    CHECK(!ath_session_rel_query(s, first, offsetof(Author, name), ath_select()));
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"any_has_contains", any_has_contains},
    {"one_object_or_none", one_object_or_none},
    {"trees_and_keys_of_two_columns", trees_and_keys_of_two_columns},
    {"a_relation_as_a_query", a_relation_as_a_query},
    {"in_queries_that_are_built_and_written_plainly", in_queries_that_are_built_and_written_plainly},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
