/* SPDX-License-Identifier: Apache-2.0
 *
 * How the structs of models.h map to tables, and which rules their values keep.  The tables themselves are made by the
 * revisions in migrations/; `athanor check` compares the two.
 */
#include "models.h"

ATH_MIXIN(Stamps) {
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .default_value = ath_now(), .onupdate = ath_now());
}

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .min_length = 3, .pattern = "^[A-Za-z0-9_]+$");
    ath_column(email, .type = ATH_STRING(254));
    ath_column(full_name, .type = ATH_STRING(100), .nullable = true);
    ath_mixin(stamps, Stamps);
    ath_column(deleted_at, .nullable = true);
    ath_unique_constraint("uq_users_username", "username");
    ath_unique_constraint("uq_users_email", "email");
    ath_has_one(account, Account, .cascade = ATH_CASCADE_ALL, .passive_deletes = ATH_PASSIVE_DELETES_ALL);
    ath_default_filter(ath_is_null(ath_col(User, deleted_at)));
}

ATH_MODEL(Account, "accounts") {
    ath_column(user_id, .primary_key = true, .foreign_key = "users.id", .ondelete = "CASCADE",
               .foreign_key_name = "fk_accounts_user");
    ath_column(balance, .type = ATH_DECIMAL(12, 2));
    ath_check_constraint("ck_accounts_balance", "balance >= 0");
}

ATH_MODEL(Transfer, "transfers") {
    ath_column(id, .primary_key = true);
    ath_column(from_id, .nullable = true, .foreign_key = "users.id", .ondelete = "SET NULL", .index = true,
               .foreign_key_name = "fk_transfers_from");
    ath_column(to_id, .nullable = true, .foreign_key = "users.id", .ondelete = "SET NULL", .index = true,
               .foreign_key_name = "fk_transfers_to");
    ath_column(amount, .type = ATH_DECIMAL(12, 2));
    ath_column(created_at, .default_value = ath_now());
}

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .foreign_key = "users.id", .ondelete = "CASCADE", .index = true,
               .foreign_key_name = "fk_posts_author");
    ath_column(title, .type = ATH_STRING(200), .min_length = 1);
    ath_column(slug, .type = ATH_STRING(200));
    ath_column(content, .type = ATH_TEXT);
    ath_column(status, .type = ATH_ENUM("draft", "published"));
    ath_mixin(stamps, Stamps);
    ath_column(deleted_at, .nullable = true);
    ath_unique_constraint("uq_posts_slug", "slug");
    ath_belongs_to(author, User);
    ath_has_many(tags, Tag, .secondary = ath_model_of(PostTag), .order_by = ath_by(ath_col(Tag, name)));
    ath_has_many(comments, Comment, .order_by = ath_by(ath_col(Comment, id)), .cascade = ATH_CASCADE_ALL,
                 .passive_deletes = ATH_PASSIVE_DELETES_ALL);
    ath_default_filter(ath_is_null(ath_col(Post, deleted_at)));
}

ATH_MODEL(Comment, "comments") {
    ath_column(id, .primary_key = true);
    ath_column(post_id, .foreign_key = "posts.id", .ondelete = "CASCADE", .index = true,
               .foreign_key_name = "fk_comments_post");
    ath_column(author_id, .foreign_key = "users.id", .ondelete = "CASCADE", .index = true,
               .foreign_key_name = "fk_comments_author");
    ath_column(content, .type = ATH_TEXT, .min_length = 1);
    ath_column(created_at, .default_value = ath_now());
    ath_belongs_to(author, User);
}

ATH_MODEL(Tag, "tags") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40), .min_length = 1);
    ath_unique_constraint("uq_tags_name", "name");
}

ATH_MODEL(PostTag, "post_tags") {
    ath_column(post_id, .primary_key = true, .foreign_key = "posts.id", .ondelete = "CASCADE",
               .foreign_key_name = "fk_post_tags_post");
    ath_column(tag_id, .primary_key = true, .foreign_key = "tags.id", .ondelete = "CASCADE", .index = true,
               .foreign_key_name = "fk_post_tags_tag");
}

ATH_METADATA(Blog, User, Account, Transfer, Post, Comment, Tag, PostTag);
