/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of the tests of relations: every kind of relation once.
 */
#ifndef ATH_TEST_RELATION_BLOG_H
#define ATH_TEST_RELATION_BLOG_H

#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Author Author;
typedef struct Profile Profile;
typedef struct Topic Topic;
typedef struct Article Article;
typedef struct Remark Remark;
typedef struct Tag Tag;
typedef struct ArticleTag ArticleTag;
typedef struct Place Place;
typedef struct Visit Visit;

struct Author {
    int64_t id;
    const char *name;
    Article **articles, **reviewed;
    Profile *profile;
};
struct Profile { /* one to one */
    int64_t id;
    ath_opt_i64 author_id;
    const char *text;
    Author *author;
};
struct Topic { /* a tree */
    int32_t id;
    ath_opt_i32 parent_id;
    const char *name;
    Topic *parent, **children;
};
struct Article { /* two relations to the same model */
    int64_t id;
    ath_opt_i64 author_id, reviewer_id;
    const char *title;
    int32_t stars;
    Author *author, *reviewer;
    Remark **remarks;
    Tag **tags;
};
struct Remark { /* orphans are deleted */
    int64_t id, article_id;
    const char *text;
    Article *article;
};
struct Tag { /* many to many */
    const char *name;
    Article **articles;
};
struct ArticleTag {
    int64_t article_id;
    const char *tag;
};
struct Place { /* a key of two columns */
    int32_t country, number;
    const char *name;
    Visit **visits;
};
struct Visit {
    int64_t id;
    ath_opt_i32 country, number;
    const char *who;
    Place *place;
};

ATH_DECLARE(Author);
ATH_DECLARE(Profile);
ATH_DECLARE(Topic);
ATH_DECLARE(Article);
ATH_DECLARE(Remark);
ATH_DECLARE(Tag);
ATH_DECLARE(ArticleTag);
ATH_DECLARE(Place);
ATH_DECLARE(Visit);
ATH_DECLARE_METADATA(BlogTables);

/* A session on that database, with empty tables; NULL when they could not be made. */
ath_session *blog_open(const char *url, ath_engine **db);
#define blog_begin(db) blog_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), db)
void blog_close(ath_session *s, ath_engine *db);
/* `authors` with ten articles each ("a1.1" ...), each article with two remarks and the tags "odd" or "even", and "all";
 * authors with an even number have a profile and review the articles of the one before.  Committed. */
bool blog_fill(ath_engine *db, int authors);
/* A session on a database with so many authors; NULL when it could not be made. */
ath_session *blog_filled(ath_engine **db, int authors);

/* Runs `call` in the session `s`; fails unless it went well and took so many statements. */
#define CHECK_STATEMENTS(expected, call)                                                                               \
    do {                                                                                                               \
        uint64_t before_ = ath_session_statements(s);                                                                  \
        call;                                                                                                          \
        CHECK_STR(ath_error(s)->message, "");                                                                          \
        CHECK_INT(ath_session_statements(s) - before_, expected);                                                      \
    } while (0)

#endif
