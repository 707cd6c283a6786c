/* SPDX-License-Identifier: Apache-2.0
 *
 * add posts table
 *
 * Revision ID: r06
 * Revises: r05
 */
#include <athanor/migrate.h>
#include <string.h>

ATH_REVISION("r06", .down = "r05", .message = "add posts table", .create_date = "2026-11-06 12:00:00");

/* op.create_table('posts', sa.Column('id', sa.Integer(), nullable=False), ...,
 *     sa.ForeignKeyConstraint(['category_id'], ['categories.id'], ondelete='SET NULL'), sa.PrimaryKeyConstraint('id'))
 *
 * onupdate is the program's: no DDL comes of it. */
ATH_UPGRADE(op) {
    ath_op_create_table(op, "categories", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("name", ATH_STRING(100), .not_null = true),
                        ath_op_column("description", ATH_TEXT));
    ath_op_create_table(
        op, "posts", ath_op_column("id", ATH_INTEGER, .not_null = true),
        ath_op_column("title", ATH_STRING(200), .not_null = true), ath_op_column("content", ATH_TEXT, .not_null = true),
        ath_op_column("category_id", ATH_INTEGER, .nullable = true),
        ath_op_column("status", ATH_STRING(20), .not_null = true, .server_default = ath_str("draft")),
        ath_op_column("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
        ath_op_column("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now(), .onupdate = ath_now()),
        ath_op_foreign_key(ath_names("category_id"), "categories", ath_names("id"), .ondelete = "SET NULL"),
        ath_primary_key_def(.columns = ath_names("id")));
    ath_op_create_index(op, "ix_posts_title", "posts", ath_names("title"));
    ath_op_create_index(op, "ix_posts_category_id", "posts", ath_names("category_id"));
}

/* MySQL and MariaDB need an index for the foreign key as long as it is there: it goes with its table. */
ATH_DOWNGRADE(op) {
    if (strcmp(ath_op_dialect(op), "mysql") != 0)
        ath_op_drop_index(op, "ix_posts_category_id", .table = "posts");
    ath_op_drop_index(op, "ix_posts_title", .table = "posts");
    ath_op_drop_table(op, "posts");
    ath_op_drop_table(op, "categories");
}
