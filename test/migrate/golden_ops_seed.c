/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of the seeds: whole revisions, and directives one by one.
 */
#include "golden_ops.h"

#include "golden_cases.h"

CASE(seed_000_add_age) {
    ath_op_add_column(op, "users", ath_op_column("age", ATH_INTEGER, .server_default = ath_str("18")));
}
CASE(seed_000_drop_old) {
    ath_op_drop_column(op, "users", "old_column");
}
CASE(seed_000_alter_type) {
    ath_op_alter_column(op, "users", "column_name", .type = ATH_STRING(100), .existing_type = ATH_STRING(50));
}
CASE(seed_000_rename) {
    ath_op_alter_column(op, "users", "old_name", .new_name = "new_name");
}
CASE(seed_000_rename_typed) {
    ath_op_alter_column(op, "users", "old_name", .new_name = "new_name", .existing_type = ATH_STRING(50));
}
CASE(seed_000_upgrade) {
    seed_000_add_age(op);
    seed_000_drop_old(op);
    seed_000_alter_type(op);
    seed_000_rename_typed(op);
}
CASE(seed_000_downgrade) {
    ath_op_alter_column(op, "users", "new_name", .new_name = "old_name", .existing_type = ATH_STRING(50));
    ath_op_alter_column(op, "users", "column_name", .type = ATH_STRING(50), .existing_type = ATH_STRING(100));
    ath_op_add_column(op, "users", ath_op_column("old_column", ATH_STRING(50)));
    ath_op_drop_column(op, "users", "age");
}
CASE(seed_000_add_address) {
    ath_op_add_column(op, "users", ath_op_column("address", ATH_STRING(100), .nullable = true));
}
CASE(seed_000_add_created_at) {
    ath_op_add_column(op, "users",
                      ath_op_column("created_at", ATH_DATETIME, .server_default = ath_text("CURRENT_TIMESTAMP")));
}
CASE(seed_000_upgrade2) {
    seed_000_add_age(op);
    seed_000_add_address(op);
    seed_000_drop_old(op);
    seed_000_add_created_at(op);
}
CASE(seed_000_downgrade2) {
    ath_op_drop_column(op, "users", "created_at");
    ath_op_add_column(op, "users", ath_op_column("old_column", ATH_STRING(50)));
    ath_op_drop_column(op, "users", "address");
    ath_op_drop_column(op, "users", "age");
}
CASE(seed_000_add_case_default) {
    ath_op_add_column(op, "users",
                      ath_op_column("grp", ATH_STRING(20),
                                    .server_default = ath_text("CASE WHEN (1 >= 18) THEN 'adult' ELSE 'minor' END")));
}
CASE(seed_000_execute_update) {
    ath_op_add_column(op, "users", ath_op_column("new_column", ATH_STRING(20)));
    ath_op_execute(op, "UPDATE users SET new_column = 'default' WHERE new_column IS NULL");
}
CASE(categories) {
    ath_op_create_table(op, "categories", ath_op_column("id", ATH_INTEGER, .primary_key = true));
}
CASE(seed_002_upgrade) {
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
CASE(two_indexes) {
    ath_op_create_index(op, "ix_posts_title", "posts", ath_names("title"));
    ath_op_create_index(op, "ix_posts_category_id", "posts", ath_names("category_id"));
}
CASE(seed_002_downgrade) {
    ath_op_drop_index(op, "ix_posts_category_id", .table = "posts");
    ath_op_drop_index(op, "ix_posts_title", .table = "posts");
    ath_op_drop_table(op, "posts");
}
CASE(seed_002_add_slug) {
    ath_op_add_column(op, "posts", ath_op_column("slug", ATH_STRING(200), .nullable = true));
}
CASE(seed_002_drop_slug) {
    ath_op_drop_column(op, "posts", "slug");
}
CASE(seed_002_create_index_slug) {
    ath_op_create_index(op, "ix_posts_slug", "posts", ath_names("slug"), .unique = true);
}
CASE(slug_and_index) {
    seed_002_add_slug(op);
    seed_002_create_index_slug(op);
}
CASE(seed_002_drop_index_slug) {
    ath_op_drop_index(op, "ix_posts_slug", .table = "posts");
}
CASE(seed_002_create_fk) {
    ath_op_create_foreign_key(op, "fk_posts_author", "posts", "users", ath_names("author_id"), ath_names("id"),
                              .ondelete = "CASCADE");
}
CASE(seed_002_execute_dml) {
    ath_op_execute(op, ath_update_of(.table = "posts", .set = ath_set(ath_name_to("status", "published")),
                                     .where = ath_eq(ath_name("posts", "status"), ath_null())));
}
CASE(seed_002_alter_type) {
    ath_op_alter_column(op, "posts", "status", .existing_type = ATH_STRING(20), .type = ATH_STRING(50),
                        .existing_nullable = ATH_NO);
}

/* MySQL's DATETIME keeps no fractions of a second unless it says so. */
#define CREATED_AT "ALTER TABLE users ADD COLUMN created_at DATETIME(6) DEFAULT CURRENT_TIMESTAMP"
#define UPGRADE2                                                                                                       \
    "ALTER TABLE users ADD COLUMN age INTEGER DEFAULT '18'; ALTER TABLE users ADD COLUMN address VARCHAR(100); "       \
    "ALTER TABLE users DROP COLUMN old_column; " CREATED_AT
#define POSTS                                                                                                          \
    "CREATE TABLE posts (id INTEGER NOT NULL AUTO_INCREMENT, title VARCHAR(200) NOT NULL, content TEXT NOT NULL, "     \
    "category_id INTEGER, status VARCHAR(20) NOT NULL DEFAULT 'draft', created_at DATETIME(6) NOT NULL DEFAULT "       \
    "now(6), updated_at DATETIME(6) NOT NULL DEFAULT now(6), PRIMARY KEY (id), FOREIGN KEY(category_id) REFERENCES "   \
    "categories (id) ON DELETE SET NULL); CREATE INDEX ix_posts_title ON posts (title); "                              \
    "CREATE INDEX ix_posts_category_id ON posts (category_id)"

static const golden_op cases[] = {
    ROW(seed_000_add_age, .naming = false),
    ROW(seed_000_drop_old, .naming = false),
    ROW(seed_000_alter_type, .sqlite = RUNS),
    ROW(seed_000_rename, .mysql = "ALTER TABLE users RENAME COLUMN old_name TO new_name",
        .mariadb = "ALTER TABLE users RENAME COLUMN old_name TO new_name"),
    ROW(seed_000_rename_typed, .naming = false),
    ROW(seed_000_upgrade, .sqlite = RUNS),
    ROW(seed_000_downgrade, .before = seed_000_upgrade, .sqlite = RUNS),
    ROW(seed_000_add_address, .naming = false),
    ROW(seed_000_add_created_at, .sqlite = RUNS, .mysql = CREATED_AT, .mariadb = CREATED_AT),
    ROW(seed_000_upgrade2, .sqlite = RUNS, .mysql = UPGRADE2, .mariadb = UPGRADE2),
    ROW(seed_000_downgrade2, .before = seed_000_upgrade2),
    ROW(seed_000_add_case_default, .naming = false, .sqlite = RUNS),
    ROW(seed_000_execute_update, .naming = false),
    ROW(seed_002_upgrade, .before = categories, .bare = true, .mysql = POSTS, .mariadb = POSTS),
    ROW(seed_002_downgrade, .before = two_indexes),
    ROW(seed_002_add_slug, .naming = false),
    ROW(seed_002_drop_slug, .before = seed_002_add_slug),
    ROW(seed_002_create_index_slug, .before = seed_002_add_slug),
    ROW(seed_002_drop_index_slug, .before = slug_and_index),
    ROW(seed_002_create_fk, .sqlite = RUNS),
    ROW(seed_002_execute_dml, .naming = false),
    ROW(seed_002_alter_type, .sqlite = RUNS),
};
const golden_set golden_seed = {cases, TEST_COUNT(cases)};
