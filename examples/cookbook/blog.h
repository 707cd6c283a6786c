/* SPDX-License-Identifier: Apache-2.0
 *
 * What the recipes share: the models of a small blog, and a database in memory with a few rows in it.
 */
#ifndef COOKBOOK_BLOG_H
#define COOKBOOK_BLOG_H

#include <athanor/athanor.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct User {
    int64_t id;
    const char *username, *email, *status;
    bool is_active;
    double balance;
    ath_opt_datetime deleted_at;
} User;

typedef struct Post {
    int64_t id, user_id;
    const char *title, *content; /* content may be NULL */
    bool is_published;
} Post;

typedef struct Comment {
    int64_t id, post_id, user_id;
    const char *content;
} Comment;

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100));
    ath_column(status, .type = ATH_STRING(20), .default_value = ath_str("draft"));
    ath_column(is_active, .default_value = ath_bool(true));
    ath_column(balance);
    ath_column(deleted_at, .nullable = true);
}

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(title, .type = ATH_STRING(100));
    ath_column(content, .type = ATH_TEXT, .nullable = true);
    ath_column(is_published);
}

ATH_MODEL(Comment, "comments") {
    ath_column(id, .primary_key = true);
    ath_column(post_id, .foreign_key = "posts.id", .ondelete = "CASCADE");
    ath_column(user_id, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(content, .type = ATH_TEXT);
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

/* Where the recipes work: a database in memory, or any other by its URL in COOKBOOK_URL (an empty one). */
static inline const char *cookbook_url(void) {
    const char *url = getenv("COOKBOOK_URL");
    return url ? url : "sqlite://";
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

/* Closes both, says what the session's last error was if the work failed, and gives main's exit code. */
static inline int blog_close(ath_engine *engine, ath_session *session, bool ok) {
    if (!ok)
        fprintf(stderr, "%s\n", ath_error(session)->message);
    ath_session_close(session);
    ath_engine_close(engine);
    return ok ? 0 : 1;
}

#endif
