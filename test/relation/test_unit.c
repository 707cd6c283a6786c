/* SPDX-License-Identifier: Apache-2.0
 *
 * The unit of work over relations: what is written, in which order, and what memory says then.
 */
#include "blog.h"

static ath_engine *db;

static ath_session *begin(void) {
    return blog_begin(&db);
}

/* The first column of the first row as a number; -1 when there is none, or it is NULL. */
static int64_t number(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    const ath_value *v = r ? ath_result_scalar(r) : NULL;
    int64_t n = v && v->kind == ATH_KIND_INT ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

#define CHECK_OK(s) CHECK_STR(ath_error(s)->message, "")
#define CHECK_COMMIT(s)                                                                                                \
    do {                                                                                                               \
        ath_commit(s);                                                                                                 \
        CHECK_OK(s);                                                                                                   \
    } while (0)

/* ---- both sides ---- */

TEST(a_graph_is_saved) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    Article *first = ath_new(s, Article, .title = "first");
    ath_append(s, ann, articles, first);
    ath_append(s, ann, articles, ath_new(s, Article, .title = "second"));
    ath_append(s, first, remarks, ath_new(s, Remark, .text = "well"));
    ath_append(s, first, tags, ath_new(s, Tag, .name = "c"));
    ath_set_rel(s, ann, profile, ath_new(s, Profile, .text = "she"));
    CHECK(first->author == ann && ath_len(ann->articles) == 2 && ann->profile->author == ann);
    CHECK_COMMIT(s);
    CHECK_INT(first->author_id.value, ann->id);
    CHECK_INT(first->remarks[0]->article_id, first->id);
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags WHERE tag = 'c'"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id IS NOT NULL"), 2);
    CHECK_INT(number(s, "SELECT count(*) FROM profiles WHERE author_id IS NOT NULL"), 1);
    uint64_t before = ath_session_statements(s);
    CHECK_COMMIT(s);
    CHECK_INT(ath_session_statements(s) - before, 0); /* nothing is left to be written */
    blog_close(s, db);
}

TEST(a_pointer_is_assigned) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "one", .author = ann);
    Article *b = ath_new(s, Article, .title = "two", .author = ann);
    CHECK_COMMIT(s);
    CHECK_INT(a->author_id.value, ann->id);
    CHECK_INT(ath_load_rel(s, ann, articles), ATH_OK);
    CHECK_INT(ath_load_rel(s, bob, articles), ATH_OK);
    CHECK_INT(ath_len(ann->articles), 2);
    a->author = bob;
    CHECK_COMMIT(s);
    CHECK_INT(a->author_id.value, bob->id);
    CHECK(ath_len(ann->articles) == 1 && ann->articles[0] == b);
    CHECK(ath_len(bob->articles) == 1 && bob->articles[0] == a);
    a->author = NULL;
    CHECK_COMMIT(s);
    CHECK(!a->author_id.has && ath_len(bob->articles) == 0);
    blog_close(s, db);
}

TEST(a_foreign_key_is_assigned) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "one", .author = ann);
    CHECK_COMMIT(s);
    ath_load_rel(s, ann, articles);
    ath_load_rel(s, bob, articles);
    a->author_id.value = bob->id;
    CHECK_COMMIT(s);
    CHECK(a->author == bob && ath_len(ann->articles) == 0 && ath_len(bob->articles) == 1);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id = 2"), 1);
    blog_close(s, db);
}

TEST(both_sides_follow) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "one");
    ath_append(s, ann, articles, a);
    ath_append(s, bob, articles, a);
    CHECK(a->author == bob && ath_len(ann->articles) == 0 && ath_len(bob->articles) == 1);
    ath_append(s, bob, articles, a);
    CHECK_INT(ath_len(bob->articles), 1);
    ath_set_rel(s, a, author, ann);
    CHECK(ath_len(bob->articles) == 0);
    CHECK_INT(ath_remove(s, bob, articles, a), ATH_ARGUMENT);
    CHECK_COMMIT(s);
    Tag *tag = ath_new(s, Tag, .name = "c");
    ath_append(s, tag, articles, a);
    CHECK_COMMIT(s);
    CHECK_INT(ath_load_rel(s, a, tags), ATH_OK);
    CHECK(ath_len(a->tags) == 1 && a->tags[0] == tag);
    ath_remove(s, a, tags, tag);
    CHECK(ath_len(tag->articles) == 0);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags"), 0);
    blog_close(s, db);
}

TEST(appending_reads_nothing) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .id = 7, .name = "ann");
    ath_new(s, Article, .title = "zero", .author = ann);
    ath_commit(s);
    ath_session_close(s);
    s = ath_session_open(db);
    ann = ath_get(s, Author, 7);
    ath_first(s, Article);
    uint64_t before = ath_session_statements(s);
    for (int i = 0; i < 20; i++)
        ath_append(s, ann, articles, ath_new(s, Article, .title = "more"));
    CHECK_INT(ath_session_statements(s) - before, 0);
    CHECK(!ath_is_loaded(s, ann, articles));
    CHECK_COMMIT(s);
    CHECK_INT(ath_load_rel(s, ann, articles), ATH_OK);
    CHECK_INT(ath_len(ann->articles), 21);
    blog_close(s, db);
}

/* ---- deleting ---- */

TEST(children_are_parted) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    for (int i = 0; i < 3; i++)
        ath_append(s, ann, articles, ath_new(s, Article, .title = "t"));
    ath_set_rel(s, ann, profile, ath_new(s, Profile, .text = "p"));
    CHECK_COMMIT(s);
    Article *a = ann->articles[0];
    ath_delete(s, ann);
    CHECK_COMMIT(s);
    CHECK(!a->author && !a->author_id.has);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id IS NULL"), 3);
    CHECK_INT(number(s, "SELECT count(*) FROM profiles"), 0); /* cascade */
    blog_close(s, db);
}

TEST(children_that_are_not_loaded) {
    ath_session *s = begin();
    ath_session_close(s);
    CHECK(blog_fill(db, 3));
    s = ath_session_open(db);
    Article **articles = ath_all(s, Article, .where = ath_le(ath_col(Article, id), 10));
    CHECK_INT(ath_len(articles), 10);
    uint64_t before = ath_session_statements(s);
    ath_each(Article, a, articles)
        ath_delete(s, a);
    CHECK_INT(ath_flush(s), ATH_OK);
    /* one SELECT of the remarks, a DELETE of them, of the rows between, and of the articles */
    CHECK_INT(ath_session_statements(s) - before, 4);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM articles"), 20);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks"), 40);
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags"), 40);
    blog_close(s, db);
}

TEST(orphans) {
    ath_session *s = begin();
    Article *a = ath_new(s, Article, .title = "a"), *b = ath_new(s, Article, .title = "b");
    Remark *one = ath_new(s, Remark, .text = "1"), *two = ath_new(s, Remark, .text = "2");
    Remark *three = ath_new(s, Remark, .text = "3");
    ath_append(s, a, remarks, one);
    ath_append(s, a, remarks, two);
    ath_append(s, a, remarks, three);
    ath_remove(s, a, remarks, three); /* never written */
    CHECK_COMMIT(s);
    CHECK_INT(ath_session_state(s, three), ATH_STATE_NONE);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks"), 2);
    ath_append(s, b, remarks, one); /* moved: no orphan */
    ath_remove(s, a, remarks, two);
    CHECK_COMMIT(s);
    CHECK_INT(one->article_id, b->id);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks"), 1);
    CHECK(ath_len(a->remarks) == 0);
    ath_delete(s, one);
    CHECK_COMMIT(s);
    CHECK_INT(ath_len(b->remarks), 0); /* no collection holds what was deleted */
    blog_close(s, db);
}

/* ---- trees and cycles ---- */

TEST(trees) {
    ath_session *s = begin();
    Topic *leaf = ath_new(s, Topic, .name = "leaf"), *root = ath_new(s, Topic, .name = "root");
    Topic *middle = ath_new(s, Topic, .name = "middle");
    leaf->parent = middle;
    middle->parent = root;
    CHECK_COMMIT(s);
    CHECK(leaf->parent_id.value == middle->id && middle->parent_id.value == root->id && !root->parent_id.has);
    ath_delete(s, root); /* all of it */
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM topics"), 0);
    blog_close(s, db);
}

TEST(cycles) {
    ath_session *s = begin();
    Topic *a = ath_new(s, Topic, .name = "a"), *b = ath_new(s, Topic, .name = "b"), *c = ath_new(s, Topic, .name = "c");
    a->parent = b;
    b->parent = a;
    c->parent = c;
    CHECK_COMMIT(s);
    CHECK(a->parent_id.value == b->id && b->parent_id.value == a->id && c->parent_id.value == c->id);
    ath_delete(s, a);
    ath_delete(s, b);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM topics"), 1);
    blog_close(s, db);
}

/* ---- keys ---- */

TEST(a_row_is_switched) {
    ath_session *s = begin();
    Tag *c = ath_new(s, Tag, .name = "c");
    Article *a = ath_new(s, Article, .title = "a");
    Author *ann = ath_new(s, Author, .id = 1, .name = "ann");
    ath_append(s, a, tags, c);
    ath_append(s, ann, articles, a);
    CHECK_COMMIT(s);
    ath_delete(s, ann);
    Author *again = ath_new(s, Author, .id = 1, .name = "anne");
    CHECK_COMMIT(s);
    CHECK_INT(ath_session_state(s, ann), ATH_STATE_NONE);
    CHECK(ath_get(s, Author, 1) == again && !a->author_id.has);
    CHECK_INT(number(s, "SELECT count(*) FROM authors WHERE name = 'anne'"), 1);
    ath_delete(s, c); /* a key that others refer to */
    ath_append(s, a, tags, ath_new(s, Tag, .name = "c"));
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags"), 1);
    CHECK_INT(ath_len(a->tags), 1);
    blog_close(s, db);
}

TEST(rollback_restores_relations) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "a"), *b = ath_new(s, Article, .title = "b");
    ath_append(s, ann, articles, a);
    ath_append(s, ann, articles, b);
    CHECK_COMMIT(s);
    ath_set_rel(s, a, author, bob);
    ath_flush(s);
    Article *c = ath_new(s, Article, .title = "c", .author = ann);
    ath_delete(s, b);
    ath_flush(s);
    CHECK_INT(ath_len(ann->articles), 1);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(ath_len(ann->articles) == 2 && ann->articles[0] == a && ann->articles[1] == b && a->author == ann);
    CHECK(a->author_id.value == ann->id && ath_session_state(s, b) == ATH_STATE_PERSISTENT);
    CHECK_INT(ath_session_state(s, c), ATH_STATE_NONE);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id = 1"), 2);
    blog_close(s, db);
}

/* ---- mistakes ---- */

TEST(what_is_refused) {
    ath_session *s = begin();
    Article *a = ath_new(s, Article, .title = "a");
    Remark *r = ath_new(s, Remark, .text = "r", .article = a);
    CHECK_COMMIT(s);
    CHECK_INT(ath_session_append(s, a, offsetof(Article, title), r), ATH_ARGUMENT);
    CHECK_INT(ath_session_append(s, a, offsetof(Article, tags), r), ATH_ARGUMENT);
    CHECK_INT(ath_session_append(s, a, offsetof(Article, author), r), ATH_ARGUMENT);
    CHECK_INT(ath_append(s, a, tags, NULL), ATH_ARGUMENT);
    Author *ann = ath_new(s, Author, .name = "ann");
    CHECK_COMMIT(s);
    ath_delete(s, ann);
    CHECK_COMMIT(s);
    a->author = ann;
    CHECK_INT(ath_flush(s), ATH_STATE);
    CHECK_STR(ath_error(s)->message, "Article.author: the Author that it points to was deleted or rolled back");
    ath_rollback(s);
    CHECK(!a->author);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"a_graph_is_saved", a_graph_is_saved},
    {"a_pointer_is_assigned", a_pointer_is_assigned},
    {"a_foreign_key_is_assigned", a_foreign_key_is_assigned},
    {"both_sides_follow", both_sides_follow},
    {"appending_reads_nothing", appending_reads_nothing},
    {"children_are_parted", children_are_parted},
    {"children_that_are_not_loaded", children_that_are_not_loaded},
    {"orphans", orphans},
    {"trees", trees},
    {"cycles", cycles},
    {"a_row_is_switched", a_row_is_switched},
    {"rollback_restores_relations", rollback_restores_relations},
    {"what_is_refused", what_is_refused},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
