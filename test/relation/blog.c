/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of the tests of relations, and rows for them.
 */
#include "blog.h"

ATH_MODEL(Author, "authors") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_has_many(articles, Article, .back_populates = "author", .foreign_key = ath_names("author_id"),
                 .order_by = ath_by(ath_col(Article, id)));
    ath_has_many(reviewed, Article, .back_populates = "reviewer", .foreign_key = ath_names("reviewer_id"),
                 .order_by = ath_by(ath_col(Article, id)));
    ath_has_one(profile, Profile, .back_populates = "author", .cascade = ATH_CASCADE_ALL);
}
ATH_MODEL(Profile, "profiles") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .nullable = true, .foreign_key = "authors.id");
    ath_column(text, .type = ATH_STRING(40));
    ath_belongs_to(author, Author, .back_populates = "profile");
}
ATH_MODEL(Topic, "topics") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "topics.id");
    ath_column(name, .type = ATH_STRING(40));
    ath_belongs_to(parent, Topic, .back_populates = "children");
    ath_has_many(children, Topic, .back_populates = "parent", .order_by = ath_by(ath_col(Topic, id)),
                 .cascade = ATH_CASCADE_ALL);
}
ATH_MODEL(Article, "articles") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .nullable = true, .foreign_key = "authors.id");
    ath_column(reviewer_id, .nullable = true, .foreign_key = "authors.id");
    ath_column(title, .type = ATH_STRING(40));
    ath_column(stars);
    ath_belongs_to(author, Author, .foreign_key = ath_names("author_id"));
    ath_belongs_to(reviewer, Author, .foreign_key = ath_names("reviewer_id"));
    ath_has_many(remarks, Remark, .back_populates = "article", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN,
                 .order_by = ath_by(ath_col(Remark, id)));
    ath_has_many(tags, Tag, .secondary = ath_model_of(ArticleTag), .back_populates = "articles",
                 .order_by = ath_by(ath_col(Tag, name)));
}
ATH_MODEL(Remark, "remarks") {
    ath_column(id, .primary_key = true);
    ath_column(article_id, .foreign_key = "articles.id");
    ath_column(text, .type = ATH_STRING(40));
    ath_belongs_to(article, Article, .back_populates = "remarks");
}
ATH_MODEL(Tag, "tags") {
    ath_column(name, .type = ATH_STRING(20), .primary_key = true);
    ath_has_many(articles, Article, .secondary = ath_model_of(ArticleTag), .back_populates = "tags",
                 .order_by = ath_by(ath_col(Article, id)));
}
ATH_MODEL(ArticleTag, "article_tags") {
    ath_column(article_id, .primary_key = true, .foreign_key = "articles.id");
    ath_column(tag, .type = ATH_STRING(20), .primary_key = true, .foreign_key = "tags.name");
}
ATH_MODEL(Place, "places") {
    ath_column(country, .primary_key = true);
    ath_column(number, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_has_many(visits, Visit, .back_populates = "place", .order_by = ath_by(ath_col(Visit, id)));
}
ATH_MODEL(Visit, "visits") {
    ath_column(id, .primary_key = true);
    ath_column(country, .nullable = true);
    ath_column(number, .nullable = true);
    ath_column(who, .type = ATH_STRING(40));
    ath_foreign_key(.columns = ath_names("country", "number"), .target = "places",
                    .target_columns = ath_names("country", "number"));
    ath_belongs_to(place, Place, .back_populates = "visits");
}
ATH_METADATA(BlogTables, Author, Profile, Topic, Article, Remark, Tag, ArticleTag, Place, Visit);

ath_session *blog_open(const char *url, ath_engine **db) {
    ath_error error = {0};
    *db = ath_engine_open(url, .error = &error);
    if (*db && ath_drop_all(*db, &BlogTables, &error) == ATH_OK && ath_create_all(*db, &BlogTables, &error) == ATH_OK)
        return ath_session_open(*db);
    test_failed_(__FILE__, __LINE__, "%s: %s [%s]", url, error.message, error.statement);
    ath_engine_close(*db);
    return NULL;
}

void blog_close(ath_session *s, ath_engine *db) {
    ath_session_close(s);
    ath_engine_close(db);
}

/* By foreign keys alone: what relations are tested against. */
static void fill_article(ath_session *s, int author, int number) {
    char title[40];
    int64_t id = (author - 1) * 10 + number;
    snprintf(title, sizeof title, "a%d.%d", author, number);
    Article *a = ath_new(s, Article, .id = id, .author_id = ath_some(author), .title = title, .stars = number % 5);
    if (a && author % 2)
        a->reviewer_id = (ath_opt_i64)ath_some(author + 1);
    ath_flush(s); /* takes the title over */
    ath_new(s, Remark, .id = id * 2 - 1, .article_id = id, .text = "first");
    ath_new(s, Remark, .id = id * 2, .article_id = id, .text = "second");
    ath_new(s, ArticleTag, .article_id = id, .tag = "all");
    ath_new(s, ArticleTag, .article_id = id, .tag = id % 2 ? "odd" : "even");
}

bool blog_fill(ath_engine *db, int authors) {
    ath_session *s = ath_session_open(db);
    ath_new(s, Tag, .name = "all");
    ath_new(s, Tag, .name = "odd");
    ath_new(s, Tag, .name = "even");
    for (int i = 1; i <= authors + 1; i++) {
        char name[40];
        snprintf(name, sizeof name, "author %d", i);
        ath_new(s, Author, .id = i, .name = name);
        if (i % 2 == 0)
            ath_new(s, Profile, .id = i, .author_id = ath_some(i), .text = "about");
        ath_flush(s);
    }
    for (int i = 1; i <= authors; i++)
        for (int k = 1; k <= 10; k++)
            fill_article(s, i, k);
    bool ok = ath_commit(s) == ATH_OK;
    if (!ok)
        test_failed_(__FILE__, __LINE__, "%s", ath_error(s)->message);
    ath_session_close(s);
    return ok;
}

ath_session *blog_filled(ath_engine **db, int authors) {
    ath_session *s = blog_begin(db);
    if (s && authors && !blog_fill(*db, authors)) {
        blog_close(s, *db);
        s = NULL;
    }
    return s;
}
