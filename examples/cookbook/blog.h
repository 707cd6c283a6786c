/* SPDX-License-Identifier: Apache-2.0
 *
 * What the recipes share: the models of a small blog, and a database in memory with a few rows in it.
 */
#ifndef COOKBOOK_BLOG_H
#define COOKBOOK_BLOG_H

#include "cookbook.h"

typedef struct User User;
typedef struct Post Post;
typedef struct Comment Comment;

struct User {
    int64_t id;
    const char *username, *email, *status;
    bool is_active;
    double balance;
    ath_opt_datetime deleted_at;
    Post **posts;
};

struct Post {
    int64_t id, user_id;
    const char *title, *content; /* content may be NULL */
    bool is_published;
    User *author;
    Comment **comments;
};

struct Comment {
    int64_t id, post_id, user_id;
    const char *content;
    Post *post;
    User *author;
};

ATH_DECLARE(User); /* models that are named before their bodies */
ATH_DECLARE(Post);
ATH_DECLARE(Comment);

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100));
    ath_column(status, .type = ATH_STRING(20), .default_value = ath_str("draft"));
    ath_column(is_active, .default_value = ath_bool(true));
    ath_column(balance);
    ath_column(deleted_at, .nullable = true);
    /* What ON DELETE CASCADE does, the session need not do: .passive_deletes. */
    ath_has_many(posts, Post, .back_populates = "author", .order_by = ath_by(ath_col(Post, id)),
                 .cascade = ATH_CASCADE_ALL, .passive_deletes = ATH_PASSIVE_DELETES);
}

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(title, .type = ATH_STRING(100));
    ath_column(content, .type = ATH_TEXT, .nullable = true);
    ath_column(is_published);
    ath_belongs_to(author, User, .back_populates = "posts");
    ath_has_many(comments, Comment, .back_populates = "post", .order_by = ath_by(ath_col(Comment, id)),
                 .cascade = ATH_CASCADE_ALL, .passive_deletes = ATH_PASSIVE_DELETES);
}

ATH_MODEL(Comment, "comments") {
    ath_column(id, .primary_key = true);
    ath_column(post_id, .foreign_key = "posts.id", .ondelete = "CASCADE");
    ath_column(user_id, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(content, .type = ATH_TEXT);
    ath_belongs_to(post, Post, .back_populates = "comments");
    ath_belongs_to(author, User);
}

ATH_METADATA(Blog, User, Post, Comment);

static inline void blog_fill(ath_session *s) {
    User *alice =
        ath_new(s, User, .username = "alice", .email = "alice@example.org", .balance = 100, .status = "active");
    User *bob = ath_new(s, User, .username = "bob", .email = "bob@example.com", .balance = 20, .status = "gold");
    User *mary = ath_new(s, User, .username = "mary", .email = "mary@example.org", .is_active = false);
    ath_new(s, User, .username = "john", .email = "john@example.com", .balance = 5.5);
    ath_flush(s); /* the keys are known now */
    Post *first = ath_new(s, Post, .user_id = alice->id, .title = "learning python", .is_published = true);
    ath_new(s, Post, .user_id = alice->id, .title = "learning C", .is_published = true);
    Post *draft = ath_new(s, Post, .user_id = bob->id, .title = "100% python");
    ath_flush(s);
    ath_new(s, Comment, .post_id = first->id, .user_id = bob->id, .content = "well said");
    ath_new(s, Comment, .post_id = draft->id, .user_id = mary->id, .content = "when will it be done?");
}

/* An engine on a filled database; a failure is printed, and leaves the tables empty. */
static inline ath_engine *blog_open(void) {
    ath_error error = {0};
    ath_engine *engine = ath_engine_open(cookbook_url(), .error = &error);
    ath_session *s = NULL;
    if (engine && ath_create_all(engine, &Blog, &error) == ATH_OK)
        s = ath_session_open(engine, .error = &error);
    if (s) {
        blog_fill(s);
        ath_commit(s);
        error = *ath_error(s);
    }
    if (error.status != ATH_OK)
        fprintf(stderr, "%s\n", error.message);
    ath_session_close(s);
    return engine;
}

static inline int blog_close(ath_engine *engine, ath_session *session, bool ok) {
    return cookbook_close(engine, session, ok);
}

#endif
