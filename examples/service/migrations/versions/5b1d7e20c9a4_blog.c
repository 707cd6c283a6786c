/* SPDX-License-Identifier: Apache-2.0
 *
 * users, posts, comments, tags
 *
 * Revision ID: 5b1d7e20c9a4
 * Revises:
 * Create Date: 2026-11-16 09:30:00
 */
#include <athanor/migrate.h>

ATH_REVISION("5b1d7e20c9a4", .message = "users, posts, comments, tags", .create_date = "2026-11-16 09:30:00");

static void create_posts(ath_ops *op) {
    ath_op_create_table(op, "posts", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("author_id", ATH_BIGINT, .not_null = true, .index = true),
                        ath_op_column("title", ATH_STRING(200), .not_null = true),
                        ath_op_column("slug", ATH_STRING(200), .not_null = true),
                        ath_op_column("content", ATH_TEXT, .not_null = true),
                        ath_op_column("status", ATH_ENUM("draft", "published"), .not_null = true),
                        ath_op_column("created_at", ATH_TIMESTAMP, .not_null = true),
                        ath_op_column("updated_at", ATH_TIMESTAMP, .not_null = true),
                        ath_unique_def(.name = "uq_posts_slug", .columns = ath_names("slug")),
                        ath_op_foreign_key(ath_names("author_id"), "users", ath_names("id"), .name = "fk_posts_author",
                                           .ondelete = "CASCADE"));
}

static void create_comments(ath_ops *op) {
    ath_op_create_table(op, "comments", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("post_id", ATH_BIGINT, .not_null = true, .index = true),
                        ath_op_column("author_id", ATH_BIGINT, .not_null = true, .index = true),
                        ath_op_column("content", ATH_TEXT, .not_null = true),
                        ath_op_column("created_at", ATH_TIMESTAMP, .not_null = true),
                        ath_op_foreign_key(ath_names("post_id"), "posts", ath_names("id"), .name = "fk_comments_post",
                                           .ondelete = "CASCADE"),
                        ath_op_foreign_key(ath_names("author_id"), "users", ath_names("id"),
                                           .name = "fk_comments_author", .ondelete = "CASCADE"));
}

static void create_tags(ath_ops *op) {
    ath_op_create_table(op, "tags", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("name", ATH_STRING(40), .not_null = true),
                        ath_unique_def(.name = "uq_tags_name", .columns = ath_names("name")));
    ath_op_create_table(op, "post_tags", ath_op_column("post_id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("tag_id", ATH_BIGINT, .primary_key = true, .index = true),
                        ath_op_foreign_key(ath_names("post_id"), "posts", ath_names("id"), .name = "fk_post_tags_post",
                                           .ondelete = "CASCADE"),
                        ath_op_foreign_key(ath_names("tag_id"), "tags", ath_names("id"), .name = "fk_post_tags_tag",
                                           .ondelete = "CASCADE"));
}

ATH_UPGRADE(op) {
    ath_op_create_table(op, "users", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("username", ATH_STRING(50), .not_null = true),
                        ath_op_column("email", ATH_STRING(254), .not_null = true),
                        ath_op_column("full_name", ATH_STRING(100)),
                        ath_op_column("created_at", ATH_TIMESTAMP, .not_null = true),
                        ath_op_column("updated_at", ATH_TIMESTAMP, .not_null = true),
                        ath_unique_def(.name = "uq_users_username", .columns = ath_names("username")),
                        ath_unique_def(.name = "uq_users_email", .columns = ath_names("email")));
    create_posts(op);
    create_comments(op);
    create_tags(op);
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "post_tags");
    ath_op_drop_table(op, "tags");
    ath_op_drop_table(op, "comments");
    ath_op_drop_table(op, "posts");
    ath_op_drop_table(op, "users");
}
