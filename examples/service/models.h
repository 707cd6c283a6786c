/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of the blog, as structs.
 */
#ifndef SERVICE_MODELS_H
#define SERVICE_MODELS_H

#include <athanor/athanor.h>

/* A mixin: columns that several tables share. */
typedef struct Stamps {
    ath_timestamp created_at, updated_at;
} Stamps;
ATH_DECLARE_MIXIN(Stamps);

typedef struct User User;
typedef struct Account Account;
typedef struct Post Post;
typedef struct Comment Comment;
typedef struct Tag Tag;

struct User {
    int64_t id;
    const char *username, *email;
    const char *full_name; /* may be NULL */
    Stamps stamps;
    ath_opt_timestamp deleted_at; /* marked: not found any more, but for who looks for it (soft delete) */
    Account *account;
};

/* A user's money. */
struct Account {
    int64_t user_id;
    ath_decimal balance; /* two digits after the point; never below 0 */
};

typedef struct Transfer {
    int64_t id;
    ath_opt_i64 from_id, to_id; /* NULL: from or to outside, or a user who is gone */
    ath_decimal amount;
    ath_timestamp created_at;
} Transfer;

typedef enum PostStatus { DRAFT, PUBLISHED } PostStatus;

struct Post {
    int64_t id, author_id;
    const char *title, *slug, *content;
    PostStatus status;
    Stamps stamps;
    ath_opt_timestamp deleted_at;
    User *author;
    Tag **tags;
    Comment **comments;
};

struct Comment {
    int64_t id, post_id, author_id;
    const char *content;
    ath_timestamp created_at;
    User *author;
};

struct Tag {
    int64_t id;
    const char *name;
};

typedef struct PostTag {
    int64_t post_id, tag_id;
} PostTag;

ATH_DECLARE(User);
ATH_DECLARE(Account);
ATH_DECLARE(Transfer);
ATH_DECLARE(Post);
ATH_DECLARE(Comment);
ATH_DECLARE(Tag);
ATH_DECLARE(PostTag);
ATH_DECLARE_METADATA(Blog);

#endif
