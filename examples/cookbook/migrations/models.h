/* SPDX-License-Identifier: Apache-2.0
 *
 * The models that the revisions are compared with.  Three indexes and keys that they ask for are in no revision: `athanor
 * check` finds these, and nothing else.
 */
#ifndef COOKBOOK_SHOP_MODELS_H
#define COOKBOOK_SHOP_MODELS_H

#include <athanor/athanor.h>

/* class TimestampMixin: its columns belong to each table that has it */
typedef struct Stamps {
    ath_datetime created_at, updated_at;
} Stamps;
ATH_DECLARE_MIXIN(Stamps);

ATH_MIXIN(Stamps) {
    /* created_at = Column(DateTime, nullable=False, server_default=func.now()): the database's default.  onupdate, as
     * default_value, is the program's: no DDL comes of it. */
    ath_column(created_at, .server_default = ath_now());
    ath_column(updated_at, .server_default = ath_now(), .onupdate = ath_now());
}

typedef struct Category {
    int32_t id;
    const char *name, *description;
} Category;
ATH_DECLARE(Category);

ATH_MODEL(Category, "categories") {
    ath_column(id, .primary_key = true, .index = true);        /* the index is in no revision */
    ath_column(name, .type = ATH_STRING(100), .unique = true); /* nor is this */
    ath_column(description, .type = ATH_TEXT, .nullable = true);
}

typedef struct User {
    int32_t id;
    const char *email, *column_name, *new_name, *address, *new_column, *status;
    ath_opt_i32 age;
    ath_opt_datetime created_at;
} User;
ATH_DECLARE(User);

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(email, .type = ATH_STRING(100), .unique = true); /* a length, for MySQL */
    ath_column(column_name, .type = ATH_STRING(100), .server_default = ath_str("none"));
    ath_column(new_name, .type = ATH_STRING(50), .nullable = true);
    ath_column(age, .nullable = true, .server_default = ath_int(18));
    ath_column(address, .type = ATH_STRING(100), .nullable = true);
    ath_column(created_at, .nullable = true, .server_default = ath_now());
    ath_column(status, .type = ATH_STRING(20), .nullable = true,
               .computed = "CASE WHEN age >= 18 THEN 'adult' ELSE 'minor' END", .persisted = ATH_STORED);
    ath_column(new_column, .type = ATH_STRING(20), .nullable = true);
}

typedef struct Post {
    int32_t id;
    const char *title, *content, *status, *slug;
    ath_opt_i32 category_id;
    ath_opt_i32 author_id;
    Stamps stamps;
} Post;
ATH_DECLARE(Post);

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true, .index = true); /* in no revision */
    ath_column(title, .type = ATH_STRING(200), .index = true);
    ath_column(content, .type = ATH_TEXT);
    ath_column(category_id, .nullable = true, .index = true, .foreign_key = "categories.id", .ondelete = "SET NULL");
    ath_column(status, .type = ATH_STRING(50), .server_default = ath_str("draft"));
    ath_mixin(stamps, Stamps);
    ath_column(author_id, .nullable = true, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(slug, .type = ATH_STRING(200), .nullable = true);
    ath_unique_index("ix_posts_slug", "slug");
}

typedef struct Order {
    int32_t id, user_id;
    const char *order_number, *status, *name;
    double price;
    bool is_active;
    Stamps stamps;
} Order;
ATH_DECLARE(Order);

ATH_MODEL(Order, "orders") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(order_number, .type = ATH_STRING(50));
    ath_column(status, .type = ATH_STRING(20));
    ath_column(name, .type = ATH_STRING(255), .comment = "商品名称");
    ath_column(price);
    ath_column(is_active, .default_value = ath_bool(true)); /* the program's default, too */
    ath_mixin(stamps, Stamps);
    ath_index("idx_user_status", "user_id", "status");
    ath_unique_constraint("uq_user_order", "user_id", "order_number");
}

ATH_METADATA(Shop, Category, User, Post, Order);

#endif
