/* SPDX-License-Identifier: Apache-2.0
 *
 * The models behind goldens.h.
 */
#include "goldens.h"

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(fullname, .type = ATH_STRING(100), .nullable = true);
    ath_column(email, .type = ATH_STRING(100), .nullable = true, .unique = true);
    ath_column(age, .nullable = true);
    ath_column(balance, .type = ATH_NUMERIC(10, 2), .nullable = true);
    ath_column(is_active, .nullable = true);
    ath_column(status, .type = ATH_STRING(20), .nullable = true);
    ath_column(created_at, .nullable = true);
    ath_column(manager_id, .nullable = true, .foreign_key = "users.id");
}

ATH_MODEL(Address, "addresses") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(email_address, .type = ATH_STRING(100));
    ath_column(city, .type = ATH_STRING(40), .nullable = true);
}

ATH_MODEL(Order, "orders") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(placed_on, .nullable = true);
    ath_column(total, .type = ATH_NUMERIC(12, 2), .nullable = true);
    ath_column(state, .type = ATH_STRING(10), .nullable = true);
}

ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    ath_column(sku, .type = ATH_STRING(20), .unique = true);
    ath_column(title, .type = ATH_STRING(80));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .nullable = true);
    ath_column(qty, .nullable = true);
}

ATH_MODEL(Item, "order_items") {
    ath_column(order_id, .primary_key = true, .foreign_key = "orders.id");
    ath_column(product_id, .primary_key = true, .foreign_key = "products.id");
    ath_column(qty);
    ath_column(unit_price, .type = ATH_NUMERIC(10, 2), .nullable = true);
}

ATH_MODEL(Node, "nodes") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
    ath_column(label, .type = ATH_STRING(30), .nullable = true);
}

ATH_MODEL(Doc, "docs") {
    ath_column(id, .primary_key = true);
    ath_column(body, .type = ATH_TEXT, .nullable = true);
    ath_column(data, .nullable = true);
    ath_column(raw, .nullable = true);
    ath_column(score, .type = ATH_FLOAT, .nullable = true);
}

ATH_MODEL(Counter, "counters") {
    ath_column(key, .type = ATH_STRING(30), .primary_key = true);
    ath_column(n);
    ath_column(note, .type = ATH_STRING(50), .nullable = true);
}

ATH_MODEL(Weird, "Order Details") {
    ath_column(id, .name = "Id", .primary_key = true);
    ath_column(select, .type = ATH_STRING(10));
    ath_column(from);
    ath_column(mixed, .name = "mixedCase");
    ath_column(said, .name = "say \"hi\"", .type = ATH_STRING(10));
    ath_column(tick, .name = "back`tick", .type = ATH_STRING(10));
    ath_column(pct, .name = "100pct");
    ath_column(percent, .name = "per%cent");
    ath_column(user, .type = ATH_STRING(10));
}

ATH_MODEL(Seven, "t") {
    ath_column(id, .primary_key = true);
    ath_column(n, .default_value = ath_int(7));
}

/* ---- the blog ---- */

ATH_MODEL(Member, "users") {
    ath_column(id, .primary_key = true, .index = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100));
    ath_column(name, .type = ATH_STRING(50), .nullable = true);
    ath_column(status, .type = ATH_STRING(20), .nullable = true);
    ath_column(is_active, .default_value = ath_bool(true));
    ath_column(balance, .type = ATH_FLOAT, .nullable = true);
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .default_value = ath_now(), .onupdate = ath_now());
    ath_column(deleted_at, .nullable = true);
    ath_has_many(posts, Post, .back_populates = "author");
}

ATH_MODEL(Category, "categories") {
    ath_column(id, .primary_key = true, .index = true);
    ath_column(name, .type = ATH_STRING(100), .unique = true);
    ath_column(description, .type = ATH_TEXT, .nullable = true);
}

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true, .index = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(title, .type = ATH_STRING(200), .index = true);
    ath_column(content, .type = ATH_TEXT, .default_value = ath_str(""));
    ath_column(category_id, .nullable = true, .foreign_key = "categories.id", .ondelete = "SET NULL", .index = true);
    ath_column(status, .type = ATH_STRING(20), .default_value = ath_str("draft"));
    ath_column(is_published, .default_value = ath_bool(false));
    ath_column(created_at, .server_default = ath_now());
    ath_column(updated_at, .server_default = ath_now(), .onupdate = ath_now());
    ath_belongs_to(author, Member);
    ath_belongs_to(category, Category);
}

ATH_MODEL(Comment, "comments") {
    ath_column(id, .primary_key = true);
    ath_column(post_id, .nullable = true, .foreign_key = "posts.id");
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(content, .type = ATH_TEXT, .nullable = true);
}

ATH_METADATA(Blog, Member, Category, Post, Comment);
