/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes on over relations: ath_refresh and ath_expire by ATH_CASCADE_REFRESH, ath_merge by ATH_CASCADE_MERGE; and
 * objects that were fetched one by one, which are no peers.
 */
#include "blog.h"

/* Nothing is gone on to from a box. */
typedef struct Box Box;
typedef struct Lid Lid;
struct Box {
    int64_t id;
    const char *name;
    Lid **lids;
};
struct Lid {
    int64_t id;
    ath_opt_i64 box_id;
    const char *name;
};
ATH_DECLARE(Lid);
ATH_MODEL(Box, "boxes") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_has_many(lids, Lid, .cascade = ATH_CASCADE_SAVE_UPDATE);
}
ATH_MODEL(Lid, "lids") {
    ath_column(id, .primary_key = true);
    ath_column(box_id, .nullable = true, .foreign_key = "boxes.id");
    ath_column(name, .type = ATH_STRING(40));
}
ATH_METADATA(BoxTables, Box, Lid);

static ath_engine *db;

/* By somebody else, for all that the session's memory knows. */
static void run(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    CHECK_STR(r ? "" : ath_error(s)->message, "");
    ath_result_close(r);
}

/* Rows came with their keys: the database is to number others behind them. */
static void number_on(ath_session *s) {
    if (test_on == TEST_POSTGRESQL)
        run(s,
            "SELECT setval(pg_get_serial_sequence(t, 'id'), 1000) FROM (VALUES ('articles'), ('authors'), ('remarks'), "
            "('profiles'), ('topics')) AS v (t)");
    CHECK_INT(ath_commit(s), ATH_OK);
}

static ath_session *begin(void) {
    ath_session *s = blog_begin(&db);
    if (s) {
        CHECK(blog_fill(db, 2));
        number_on(s);
    }
    return s;
}

static int64_t number(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    const ath_value *v = r ? ath_result_scalar(r) : NULL;
    int64_t n = v && v->kind == ATH_KIND_INT ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

#define CHECK_OK(s, call)                                                                                              \
    do {                                                                                                               \
        CHECK_INT(call, ATH_OK);                                                                                       \
        CHECK_STR(ath_error(s)->message, "");                                                                          \
    } while (0)

/* ---- refresh ---- */

TEST(refresh_reads_what_it_goes_on_to) {
    ath_session *s = begin();
    Article *a = ath_get(s, Article, 11);
    CHECK_OK(s, ath_load_rel(s, a, remarks));
    CHECK_OK(s, ath_load_rel(s, a, author));
    Remark *first = a->remarks[0], *second = a->remarks[1];
    run(s, "UPDATE remarks SET text = 'edited' WHERE article_id = 11");
    run(s, "UPDATE remarks SET article_id = 12 WHERE id = 22");
    run(s, "INSERT INTO remarks (id, article_id, text) VALUES (99, 11, 'late')");
    run(s, "UPDATE authors SET name = 'renamed'");
    run(s, "UPDATE articles SET title = 'new title' WHERE id = 11");
    uint64_t before = ath_session_statements(s);
    CHECK_OK(s, ath_refresh(s, a));
    CHECK_INT(ath_session_statements(s) - before, 3); /* the article, its remarks, the one that went elsewhere */
    CHECK_STR(a->title, "new title");
    CHECK_INT(ath_len(a->remarks), 2);
    CHECK(a->remarks[0] == first && a->remarks[1]->id == 99);
    CHECK_STR(first->text, "edited");
    CHECK_STR(second->text, "edited");
    CHECK(second->article_id == 12 && second->article != a);
    CHECK_STR(a->author->name, "author 2"); /* not by ATH_CASCADE_REFRESH */
    CHECK_OK(s, ath_commit(s));
    blog_close(s, db);
}

TEST(refresh_of_what_is_not_loaded_takes_one_select) {
    ath_session *s = begin();
    Article *a = ath_get(s, Article, 11);
    uint64_t before = ath_session_statements(s);
    CHECK_OK(s, ath_refresh(s, a));
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK(!a->remarks && !ath_is_loaded(s, a, remarks));
    blog_close(s, db);
}

static void fill_tree(ath_session *s) {
    run(s, "INSERT INTO topics (id, parent_id, name) VALUES (1, NULL, 'root')");
    run(s, "INSERT INTO topics (id, parent_id, name) VALUES (2, 1, 'a')");
    run(s, "INSERT INTO topics (id, parent_id, name) VALUES (3, 1, 'b')");
    run(s, "INSERT INTO topics (id, parent_id, name) VALUES (4, 2, 'c')");
    run(s, "INSERT INTO topics (id, parent_id, name) VALUES (5, 3, 'd')");
}

static Topic *load_tree(ath_session *s) {
    return ath_one(
        s, Topic, .where = ath_eq(ath_col(Topic, id), 1),
        .load = ath_load(ath_selectin(
            Topic, children,
            .then = ath_load(ath_selectin(Topic, children, .then = ath_load(ath_selectin(Topic, children)))))));
}

TEST(refresh_of_a_tree_takes_a_select_per_level) {
    ath_session *s = begin();
    fill_tree(s);
    Topic *root = load_tree(s);
    Topic *c = root->children[0]->children[0];
    run(s, "UPDATE topics SET name = 'other'");
    uint64_t before = ath_session_statements(s);
    CHECK_OK(s, ath_refresh(s, root));
    CHECK_INT(ath_session_statements(s) - before, 4); /* the root, and three levels of children: the last has none */
    CHECK_STR(root->name, "other");
    CHECK_STR(root->children[1]->name, "other");
    CHECK_STR(c->name, "other");
    run(s, "UPDATE topics SET parent_id = 4 WHERE id = 1"); /* a cycle */
    CHECK_OK(s, ath_refresh(s, root));
    CHECK_INT(ath_len(c->children), 1);
    CHECK(c->children[0] == root);
    before = ath_session_statements(s);
    CHECK_OK(s, ath_refresh(s, c));
    CHECK_INT(ath_session_statements(s) - before, 5); /* the levels from c to c: root, its children, theirs */
    ath_rollback(s);
    blog_close(s, db);
}

TEST(refresh_keeps_what_the_program_has_changed) {
    ath_session_close(begin());
    ath_session *s = ath_session_open(db, .no_autoflush = true);
    Article *a = ath_get(s, Article, 11);
    CHECK_OK(s, ath_load_rel(s, a, remarks));
    Remark *gone = a->remarks[1];
    CHECK_OK(s, ath_remove(s, a, remarks, gone));
    run(s, "UPDATE remarks SET text = 'edited'");
    CHECK_OK(s, ath_refresh(s, a));
    CHECK_INT(ath_len(a->remarks), 1); /* it is still to be written that one is gone */
    CHECK_STR(a->remarks[0]->text, "edited");
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE article_id = 11"), 1);
    blog_close(s, db);
}

TEST(refresh_passes_rows_that_are_gone) {
    ath_session *s = begin();
    Article *a = ath_get(s, Article, 11);
    CHECK_OK(s, ath_load_rel(s, a, remarks));
    Remark *first = a->remarks[0];
    run(s, "DELETE FROM remarks WHERE article_id = 11");
    CHECK_OK(s, ath_refresh(s, a));
    CHECK_INT(ath_len(a->remarks), 0);
    CHECK_STR(first->text, "first");
    run(s, "DELETE FROM article_tags WHERE article_id = 11");
    run(s, "DELETE FROM articles WHERE id = 11");
    CHECK_INT(ath_refresh(s, a), ATH_NO_RESULT);
    blog_close(s, db);
}

TEST(refresh_is_undone_with_the_transaction) {
    ath_session *s = begin();
    Article *a = ath_get(s, Article, 11);
    CHECK_OK(s, ath_load_rel(s, a, remarks));
    CHECK_OK(s, ath_commit(s));
    run(s, "INSERT INTO remarks (id, article_id, text) VALUES (99, 11, 'late')");
    run(s, "UPDATE remarks SET text = 'edited'");
    CHECK_OK(s, ath_refresh(s, a));
    CHECK_INT(ath_len(a->remarks), 3);
    CHECK_OK(s, ath_rollback(s));
    CHECK_INT(ath_len(a->remarks), 2);
    CHECK_STR(a->remarks[0]->text, "first");
    blog_close(s, db);
}

TEST(expire_goes_on) {
    ath_session *s = begin();
    fill_tree(s);
    Topic *root = load_tree(s), *b = root->children[1], *d = b->children[0];
    d->name = "not written";
    run(s, "UPDATE topics SET name = 'other'"); /* flushes d first */
    b->name = "lost";
    CHECK_OK(s, ath_expire(s, root));
    CHECK(!root->children && !b->children && !d->parent);
    CHECK_STR(b->name, "b");
    CHECK(ath_get(s, Topic, 5) == d && ath_get(s, Topic, 3) == b);
    CHECK_STR(b->name, "other");
    CHECK_STR(d->name, "other");
    blog_close(s, db);
}

/* ---- merge ---- */

TEST(merge_of_a_graph) {
    ath_session *s = begin();
    Author author = {.id = 1, .name = "merged"};
    Remark kept = {.id = 3, .article_id = 2, .text = "kept"}, added = {.article_id = 2, .text = "added"};
    Article known = {.id = 2, .author_id = ath_some(1), .title = "known", .author = &author},
            fresh = {.title = "fresh", .stars = 4, .author = &author};
    known.remarks = (Remark *[]){&kept, &added, NULL};
    kept.article = added.article = &known;
    author.articles = (Article *[]){&known, &fresh, NULL};
    Author *merged = ath_merge(s, Author, &author);
    CHECK_STR(ath_error(s)->message, "");
    CHECK(merged && merged != &author && merged == ath_get(s, Author, 1));
    CHECK_INT(ath_len(merged->articles), 2);
    CHECK(merged->articles[0]->author == merged && merged->articles[1]->author == merged);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id = 1"), 2);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE author_id IS NULL"), 9); /* those that it had are let go */
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE title = 'fresh' AND stars = 4 AND author_id = 1"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE article_id = 2"), 2);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE text = 'kept' AND id = 3"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE text = 'added'"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE id = 4"), 0); /* an orphan */
    CHECK_INT(number(s, "SELECT count(*) FROM authors WHERE name = 'merged'"), 1);
    uint64_t before = ath_session_statements(s);
    CHECK(ath_merge(s, Author, &author) == merged); /* `fresh` and `added` have no keys: others come in their place */
    CHECK_INT(ath_session_statements(s) - before, 0);
    blog_close(s, db);
}

/* Structs of a form mostly have no foreign keys: who belongs to whom is said by relations. */
TEST(merge_without_foreign_keys) {
    ath_session *s = begin();
    Remark kept = {.id = 3, .text = "kept"};
    Article known = {.id = 2, .title = "known", .remarks = (Remark *[]){&kept, NULL}};
    Author author = {.id = 1, .name = "merged", .articles = (Article *[]){&known, NULL}};
    Author *merged = ath_merge(s, Author, &author);
    CHECK(merged && merged == ath_get(s, Author, 1));
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE id = 2 AND author_id = 1 AND title = 'known'"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE id = 3 AND article_id = 2 AND text = 'kept'"), 1);
    CHECK(ath_len(merged->articles) == 1 && merged->articles[0]->author == merged);

    Author only = {.id = 1, .name = "from below"};
    Article below = {.id = 2, .title = "below", .author = &only};
    Article *article = ath_merge(s, Article, &below);
    CHECK_OK(s, ath_commit(s));
    CHECK(article && article->author == merged && article->author_id.has && article->author_id.value == 1);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE id = 2 AND author_id = 1 AND title = 'below'"), 1);
    blog_close(s, db);
}

TEST(merge_of_a_cycle) {
    ath_session *s = begin();
    Topic root = {.name = "root"}, a = {.name = "a", .parent = &root}, b = {.name = "b", .parent = &root};
    root.children = (Topic *[]){&a, &b, NULL};
    a.children = (Topic *[]){NULL};
    Topic *merged = ath_merge(s, Topic, &a); /* from anywhere in it */
    CHECK(merged && merged->parent && ath_len(merged->parent->children) == 2);
    CHECK(merged->parent->children[0] == merged || merged->parent->children[1] == merged);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM topics"), 3);
    CHECK_INT(number(s, "SELECT count(*) FROM topics WHERE parent_id IS NULL"), 1);
    blog_close(s, db);
}

TEST(merge_of_pairs) {
    ath_session *s = begin();
    Tag all = {.name = "all"}, fresh = {.name = "fresh"};
    Article a = {.id = 1, .author_id = ath_some(1), .title = "paired"};
    a.tags = (Tag *[]){&all, &fresh, &fresh, NULL};
    CHECK(ath_merge(s, Article, &a) != NULL);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags WHERE article_id = 1"), 2);
    CHECK_INT(number(s, "SELECT count(*) FROM article_tags WHERE article_id = 1 AND tag = 'fresh'"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM remarks WHERE article_id = 1"), 2); /* NULL says nothing */
    blog_close(s, db);
}

TEST(merge_of_one_to_one) {
    ath_session *s = begin();
    Author two = {.id = 2, .name = "two"};
    Profile other = {.text = "other"};
    two.profile = &other;
    Author *merged = ath_merge(s, Author, &two);
    CHECK(merged && merged->profile);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM profiles WHERE author_id = 2"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM profiles WHERE author_id = 2 AND text = 'other'"), 1);
    blog_close(s, db);
}

TEST(merge_with_objects_of_the_session) {
    ath_session *s = begin();
    Author *ann = ath_get(s, Author, 1);
    Article given = {.title = "given", .author = ann};
    Article *merged = ath_merge(s, Article, &given);
    CHECK(merged && merged->author == ann);
    CHECK(ath_merge(s, Author, ann) == ann);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE title = 'given' AND author_id = 1"), 1);
    /* a copy that has been moved to another author by its column, with the pointer left out */
    Article *copy = ath_detach(s, merged);
    copy->author_id = (ath_opt_i64)ath_some(2);
    CHECK(ath_merge(s, Article, copy) == merged);
    CHECK_OK(s, ath_commit(s));
    CHECK_OK(s, ath_load_rel(s, merged, author));
    CHECK(merged->author && merged->author->id == 2);
    ath_detached_free(copy);
    blog_close(s, db);
}

TEST(merge_stops_where_it_is_told) {
    ath_session *s = begin();
    ath_error error = {0};
    CHECK_INT(ath_drop_all(db, &BoxTables, &error), ATH_OK);
    CHECK_INT(ath_create_all(db, &BoxTables, &error), ATH_OK);
    Lid lid = {.name = "lid"};
    Box box = {.name = "box", .lids = (Lid *[]){&lid, NULL}};
    Box *merged = ath_merge(s, Box, &box);
    CHECK(merged && !merged->lids);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM boxes"), 1);
    CHECK_INT(number(s, "SELECT count(*) FROM lids"), 0);
    CHECK_OK(s, ath_append(s, merged, lids, ath_new(s, Lid, .name = "own")));
    CHECK_OK(s, ath_commit(s));
    run(s, "UPDATE lids SET name = 'edited'");
    CHECK_OK(s, ath_load_rel(s, merged, lids));
    CHECK_OK(s, ath_refresh(s, merged));
    CHECK_STR(merged->lids[0]->name, "own");
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(ath_drop_all(db, &BoxTables, &error), ATH_OK);
    blog_close(s, db);
}

TEST(merge_of_a_long_chain) {
    ath_session *s = begin();
    enum { LONG = 3000 };
    static Topic chain[LONG];
    for (int i = 0; i < LONG; i++)
        chain[i] = (Topic){.name = "link", .parent = i ? &chain[i - 1] : NULL};
    CHECK(ath_merge(s, Topic, &chain[LONG - 1]) != NULL);
    CHECK_OK(s, ath_commit(s));
    CHECK_INT(number(s, "SELECT count(*) FROM topics"), LONG);
    blog_close(s, db);
}

/* ---- one by one ---- */

TEST(what_is_got_alone_has_no_peers) {
    ath_session *s = begin();
    Author *one = ath_get(s, Author, 1), *two = ath_get(s, Author, 2);
    uint64_t before = ath_session_statements(s);
    CHECK_OK(s, ath_load_rel(s, one, articles));
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK(!ath_is_loaded(s, two, articles));
    Author **all = ath_all(s, Author, .order_by = ath_by(ath_col(Author, id)));
    CHECK_INT(ath_len(all), 3);
    CHECK_OK(s, ath_load_rel(s, all[2], articles)); /* it alone came with the query */
    CHECK(!ath_is_loaded(s, two, articles));
    blog_close(s, db);
}

TEST(got_with_relations) {
    ath_session *s = begin();
    Author *known = ath_get(s, Author, 1);
    Author *one = ath_get_with(s, Author, ath_cols(1), .load = ath_load(ath_selectin(Author, articles)));
    CHECK(one == known && ath_is_loaded(s, one, articles) && ath_len(one->articles) == 10);
    CHECK(ath_get_with(s, Author, ath_cols(99), .lock = ath_for_update()) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_OK);
    CHECK(ath_get_with(s, Author, ath_cols(1, 2), .load = ath_load(ath_selectin(Author, articles))) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"refresh_reads_what_it_goes_on_to", refresh_reads_what_it_goes_on_to},
    {"refresh_of_what_is_not_loaded_takes_one_select", refresh_of_what_is_not_loaded_takes_one_select},
    {"refresh_of_a_tree_takes_a_select_per_level", refresh_of_a_tree_takes_a_select_per_level},
    {"refresh_keeps_what_the_program_has_changed", refresh_keeps_what_the_program_has_changed},
    {"refresh_passes_rows_that_are_gone", refresh_passes_rows_that_are_gone},
    {"refresh_is_undone_with_the_transaction", refresh_is_undone_with_the_transaction},
    {"expire_goes_on", expire_goes_on},
    {"merge_of_a_graph", merge_of_a_graph},
    {"merge_without_foreign_keys", merge_without_foreign_keys},
    {"merge_of_a_cycle", merge_of_a_cycle},
    {"merge_of_pairs", merge_of_pairs},
    {"merge_of_one_to_one", merge_of_one_to_one},
    {"merge_with_objects_of_the_session", merge_with_objects_of_the_session},
    {"merge_stops_where_it_is_told", merge_stops_where_it_is_told},
    {"merge_of_a_long_chain", merge_of_a_long_chain},
    {"what_is_got_alone_has_no_peers", what_is_got_alone_has_no_peers},
    {"got_with_relations", got_with_relations},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
