/* SPDX-License-Identifier: Apache-2.0
 *
 * Savepoints of a session, and objects that leave it and come back.
 */
#include "blog.h"

static ath_engine *db;

static ath_session *begin(void) {
    return blog_begin(&db);
}

static int64_t number(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    const ath_value *v = r ? ath_result_scalar(r) : NULL;
    int64_t n = v && v->kind == ATH_KIND_INT ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

#define CHECK_COMMIT(s)                                                                                                \
    do {                                                                                                               \
        ath_commit(s);                                                                                                 \
        CHECK_STR(ath_error(s)->message, "");                                                                          \
    } while (0)

/* ---- savepoints ---- */

TEST(a_savepoint_is_undone) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "a", .author = ann), *b = ath_new(s, Article, .title = "b");
    CHECK_COMMIT(s);
    ann->name = "anne"; /* before it: stays */
    CHECK_INT(ath_begin_nested(s), ATH_OK);
    ann->name = "anna";
    ath_set_rel(s, a, author, bob);
    Article *c = ath_new(s, Article, .title = "c");
    ath_delete(s, b);
    CHECK_INT(ath_flush(s), ATH_OK);
    bob->name = "rob"; /* not written */
    CHECK_INT(ath_rollback_nested(s), ATH_OK);
    CHECK_STR(ann->name, "anne");
    CHECK_STR(bob->name, "bob");
    CHECK(a->author == ann && a->author_id.value == ann->id);
    CHECK_INT(ath_session_state(s, b), ATH_STATE_PERSISTENT);
    CHECK_INT(ath_session_state(s, c), ATH_STATE_NONE);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM articles"), 2);
    CHECK_INT(number(s, "SELECT count(*) FROM authors WHERE name = 'anne'"), 1);
    CHECK_INT(ath_rollback_nested(s), ATH_STATE);
    blog_close(s, db);
}

TEST(a_released_savepoint_is_undone_with_all) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    CHECK_COMMIT(s);
    ath_begin_nested(s);
    ann->name = "one";
    ath_begin_nested(s);
    ann->name = "two";
    Author *bob = ath_new(s, Author, .name = "bob");
    CHECK_INT(ath_commit_nested(s), ATH_OK);
    CHECK_INT(ath_rollback_nested(s), ATH_OK);
    CHECK_STR(ann->name, "ann");
    CHECK_INT(ath_session_state(s, bob), ATH_STATE_NONE);
    ath_begin_nested(s);
    ann->name = "three";
    CHECK_INT(ath_commit_nested(s), ATH_OK);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_STR(ann->name, "ann");
    blog_close(s, db);
}

TEST(a_failure_goes_back_to_the_savepoint) {
    ath_session *s = begin();
    ath_new(s, Tag, .name = "c");
    CHECK_COMMIT(s);
    Author *ann = ath_new(s, Author, .name = "ann");
    int rounds = 0;
    ATH_NESTED(s) {
        ath_new(s, Tag, .name = "d");
        rounds++;
    }
    ATH_NESTED(s) {
        ath_new(s, Tag, .name = "c"); /* there is one */
        rounds++;
    }
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY);
    CHECK_INT(rounds, 2);
    CHECK_COMMIT(s);
    CHECK(ann->id > 0);
    CHECK_INT(number(s, "SELECT count(*) FROM tags"), 2);
    ath_begin_nested(s);
    ath_new(s, Tag, .name = "c");
    CHECK_INT(ath_flush(s), ATH_INTEGRITY);
    CHECK_INT(ath_commit_nested(s), ATH_INTEGRITY); /* it stands still */
    CHECK_INT(ath_rollback_nested(s), ATH_OK);
    CHECK_INT(number(s, "SELECT count(*) FROM tags"), 2);
    CHECK_COMMIT(s);
    blog_close(s, db);
}

/* ---- leaving and coming back ---- */

TEST(expunged) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    ath_append(s, ann, articles, ath_new(s, Article, .title = "a"));
    ath_set_rel(s, ann, profile, ath_new(s, Profile, .text = "p"));
    CHECK_COMMIT(s);
    int64_t id = ann->id;
    Profile *profile = ann->profile;
    ann->name = "changed";
    CHECK_INT(ath_expunge(s, ann), ATH_OK);
    CHECK_INT(ath_session_state(s, ann), ATH_STATE_NONE);
    CHECK_INT(ath_session_state(s, profile), ATH_STATE_NONE); /* cascade */
    CHECK_INT(ath_session_state(s, ann->articles[0]), ATH_STATE_PERSISTENT);
    CHECK_COMMIT(s);
    Author *again = ath_get(s, Author, id);
    CHECK(again && again != ann);
    CHECK_STR(again ? again->name : NULL, "ann");
    CHECK_INT(ath_expunge(s, ann), ATH_STATE);
    Author *pending = ath_new(s, Author, .name = "nobody");
    CHECK_INT(ath_expunge(s, pending), ATH_OK);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM authors"), 1);
    blog_close(s, db);
}

TEST(detached_and_merged) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    ath_append(s, ann, articles, ath_new(s, Article, .title = "a"));
    CHECK_COMMIT(s);
    Author *copy = ath_detach(s, ann);
    ath_session_close(s);
    CHECK(copy && !copy->articles && !copy->profile);
    CHECK_STR(copy ? copy->name : NULL, "ann");
    copy->name = "anne";
    s = ath_session_open(db);
    Author *merged = ath_merge(s, Author, copy);
    CHECK(merged && merged != copy && merged->id == copy->id);
    CHECK(ath_merge(s, Author, copy) == merged);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM authors WHERE name = 'anne'"), 1);
    copy->id = 0; /* a new one */
    CHECK(ath_merge(s, Author, copy) != merged);
    copy->id = 77; /* no such row: new, too */
    Author *other = ath_merge(s, Author, copy);
    CHECK_INT(ath_session_state(s, other), ATH_STATE_PENDING);
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM authors"), 3);
    ath_detached_free(copy);
    blog_close(s, db);
}

/* What the query left out is not lost by a copy that comes back. */
TEST(detached_in_part) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann");
    int64_t ids[2];
    for (int i = 0; i < 2; i++) {
        Article *article = ath_new(s, Article, .title = "whole", .stars = 4, .author = ann);
        CHECK_COMMIT(s);
        ids[i] = article->id;
    }
    ath_session_close(s);
    s = ath_session_open(db);
    Article **some =
        ath_all(s, Article, .load_only = ath_cols(ath_col(Article, title)), .order_by = ath_by(ath_col(Article, id)));
    CHECK_INT(some[0]->stars, 0);
    uint64_t before = ath_session_statements(s);
    Article *first = ath_detach(s, some[0]), *second = ath_detach(s, some[1]);
    CHECK_INT(ath_session_statements(s) - before, 1); /* for both, as ath_undefer */
    ath_session_close(s);
    s = ath_session_open(db);
    CHECK(first && second && first->id == ids[0] && first->stars == 4 && second->author_id.has);
    CHECK(ath_merge(s, Article, first) && ath_merge(s, Article, second));
    CHECK_COMMIT(s);
    CHECK_INT(number(s, "SELECT count(*) FROM articles WHERE stars = 4 AND author_id IS NOT NULL"), 2);
    ath_detached_free(first);
    ath_detached_free(second);
    blog_close(s, db);
}

TEST(expired_and_refreshed) {
    ath_session *s = begin();
    Author *ann = ath_new(s, Author, .name = "ann"), *bob = ath_new(s, Author, .name = "bob");
    Article *a = ath_new(s, Article, .title = "a", .author = ann);
    CHECK_COMMIT(s);
    ath_session *other = ath_session_open(db);
    if (test_on != TEST_SQLITE) { /* another connection sees the same database */
        Article *theirs = ath_get(other, Article, a->id);
        theirs->title = "b";
        theirs->author_id.value = bob->id;
        CHECK_COMMIT(other);
        a->title = "lost";
        CHECK_INT(ath_expire(s, a), ATH_OK);
        CHECK_STR(a->title, "a"); /* readable still */
        CHECK(!a->author);
        CHECK(ath_get(s, Article, a->id) == a);
        CHECK_STR(a->title, "b");
        CHECK_INT(ath_load_rel(s, a, author), ATH_OK);
        CHECK(a->author == bob);
        CHECK_COMMIT(s);
        theirs->author_id.value = ann->id;
        CHECK_COMMIT(other);
        CHECK_INT(ath_refresh(s, a, .lock = ath_for_update()), ATH_OK);
        CHECK_INT(a->author_id.value, ann->id);
        CHECK(!a->author && !ath_is_loaded(s, a, author));
        CHECK_COMMIT(s);
    }
    CHECK_INT(ath_expire(s, NULL), ATH_ARGUMENT);
    ath_session_close(other);
    blog_close(s, db);
}

static const test_case cases[] = {
    {"a_savepoint_is_undone", a_savepoint_is_undone},
    {"a_released_savepoint_is_undone_with_all", a_released_savepoint_is_undone_with_all},
    {"a_failure_goes_back_to_the_savepoint", a_failure_goes_back_to_the_savepoint},
    {"expunged", expunged},
    {"detached_and_merged", detached_and_merged},
    {"detached_in_part", detached_in_part},
    {"expired_and_refreshed", expired_and_refreshed},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
