/* SPDX-License-Identifier: Apache-2.0
 *
 * The statements of everyday programs: groups seed and orm.  What SQLAlchemy's ORM makes of relations is said here with the
 * joins it comes to.
 */
#include "goldens.h"

#define M(f) ath_col(Member, f)
#define P(f) ath_col(Post, f)
#define MEMBERS .model = ath_model_of(Member)
#define POSTS .model = ath_model_of(Post)
#define BOTH .columns = ath_cols(ath_columns(Member), ath_columns(Post))

#define MEMBER                                                                                                         \
    "users.id, users.username, users.email, users.name, users.status, users.is_active, users.balance, "                \
    "users.created_at, users.updated_at, users.deleted_at"
#define LABELLED_MEMBER                                                                                                \
    "users.id AS users_id, users.username AS users_username, users.email AS users_email, users.name AS users_name, "   \
    "users.status AS users_status, users.is_active AS users_is_active, users.balance AS users_balance, "               \
    "users.created_at AS users_created_at, users.updated_at AS users_updated_at, users.deleted_at AS users_deleted_at"
#define POST                                                                                                           \
    "posts.id, posts.user_id, posts.title, posts.content, posts.category_id, posts.status, posts.is_published, "       \
    "posts.created_at, posts.updated_at"
/* Behind those of a member. */
#define POST_1                                                                                                         \
    "posts.id AS id_1, posts.user_id, posts.title, posts.content, posts.category_id, posts.status AS status_1, "       \
    "posts.is_published, posts.created_at AS created_at_1, posts.updated_at AS updated_at_1"
#define MEMBER_1                                                                                                       \
    "users.id AS id_1, users.username, users.email, users.name, users.status AS status_1, users.is_active, "           \
    "users.balance, users.created_at AS created_at_1, users.updated_at AS updated_at_1, users.deleted_at"
#define ON_OWNER " ON users.id = posts.user_id"

static void legacy_queries(golden_visit visit, void *context) {
    VISIT({"seed_query_by_id", SELECT(MEMBERS, .where = ath_eq(M(id), 1), .limit = 1, .table_labels = true),
           .text = "SELECT " LABELLED_MEMBER " FROM users WHERE users.id = ? LIMIT ?"},
          {"seed_query_filter_by", SELECT(MEMBERS, .where = ath_eq(M(id), 1), .limit = 1, .table_labels = true),
           .text = "SELECT " LABELLED_MEMBER " FROM users WHERE users.id = ? LIMIT ?"},
          {"seed_query_join_contains",
           SELECT(MEMBERS, .joins = ath_joins(ath_join(Post)), .where = ath_contains(P(title), "python"),
                  .table_labels = true),
           .text = "SELECT " LABELLED_MEMBER " FROM users JOIN posts" ON_OWNER
                   " WHERE (posts.title LIKE '%' || ? || '%' ESCAPE '/')",
           .mysql = "SELECT " LABELLED_MEMBER " FROM users INNER JOIN posts" ON_OWNER
                    " WHERE (posts.title LIKE concat('%', ?, '%') ESCAPE '/')",
           .reason = "escaped"},
          {"seed_query_count_group",
           SELECT(.columns = ath_cols(ath_columns(Member), ath_count(P(id))), .joins = ath_joins(ath_join(Post)),
                  .group_by = ath_by(M(id)), .table_labels = true),
           .text = "SELECT " LABELLED_MEMBER ", count(posts.id) AS count_1 FROM users JOIN posts" ON_OWNER
                   " GROUP BY users.id"},
          {"seed_query_or_order",
           SELECT(MEMBERS, .where = ath_or(ath_eq(M(name), "Alice"), ath_eq(M(name), "Bob")),
                  .order_by = ath_by(ath_desc(M(name))), .table_labels = true),
           .text =
               "SELECT " LABELLED_MEMBER " FROM users WHERE users.name = ? OR users.name = ? ORDER BY users.name DESC"},
          {"seed_joinedload",
           SELECT(.columns = ath_cols(ath_columns(Member), ath_columns_of("posts_1", Post)), MEMBERS,
                  .joins = ath_joins(ath_outer_join_to(ath_model_as(Post, "posts_1"),
                                                       .on = ath_eq(M(id), ath_col_of("posts_1", Post, user_id)))),
                  .table_labels = true),
           .text = "SELECT " LABELLED_MEMBER
                   ", posts_1.id AS posts_1_id, posts_1.user_id AS posts_1_user_id, posts_1.title AS posts_1_title, "
                   "posts_1.content AS posts_1_content, posts_1.category_id AS posts_1_category_id, posts_1.status AS "
                   "posts_1_status, posts_1.is_published AS posts_1_is_published, posts_1.created_at AS "
                   "posts_1_created_at, posts_1.updated_at AS posts_1_updated_at FROM users LEFT OUTER JOIN posts AS "
                   "posts_1 ON users.id = posts_1.user_id"},
          {"orm_query_slice",
           SELECT(.columns = ath_cols(M(id)), .order_by = ath_by(M(id)), .limit = 5, .offset = 5, .table_labels = true),
           .text = "SELECT users.id AS users_id FROM users ORDER BY users.id LIMIT ? OFFSET ?"});
}

static void texts(golden_visit visit, void *context) {
    VISIT({"seed_raw_select", ath_stmt_of(ath_text("SELECT * FROM users WHERE id = 1")),
           .text = "SELECT * FROM users WHERE id = 1"},
          {"seed_raw_update", ath_stmt_of(ath_text("UPDATE users SET new_column = 'default' WHERE new_column IS NULL")),
           .text = "UPDATE users SET new_column = 'default' WHERE new_column IS NULL"},
          {"seed_op_execute_update",
           UPDATE(.table = "posts", .set = ath_set(ath_name_to("status", "published")),
                  .where = ath_eq(ath_name("posts", "status"), NULL)),
           .text = "UPDATE posts SET status=? WHERE posts.status IS NULL"});
}

static void selects(golden_visit visit, void *context) {
    VISIT({"seed_select_all", SELECT(MEMBERS), .text = "SELECT " MEMBER " FROM users"},
          {"seed_select_by_id", SELECT(MEMBERS, .where = ath_eq(M(id), 1)),
           .text = "SELECT " MEMBER " FROM users WHERE users.id = ?"},
          {"seed_select_id_by_name", SELECT(.columns = ath_cols(M(id)), .where = ath_eq(M(username), "john")),
           .text = "SELECT users.id FROM users WHERE users.username = ?"},
          {"seed_select_and",
           SELECT(MEMBERS, .where = ath_and(ath_eq(M(is_active), ath_true()), ath_eq(M(status), "active"))),
           .text = "SELECT " MEMBER " FROM users WHERE users.is_active = true AND users.status = ?",
           .sqlite = "SELECT " MEMBER " FROM users WHERE users.is_active = 1 AND users.status = ?"},
          {"seed_select_or_ilike",
           SELECT(MEMBERS, .where = ath_or(ath_ilike(M(username), "%jo%"), ath_ilike(M(email), "%jo%"))),
           .text = "SELECT " MEMBER
                   " FROM users WHERE lower(users.username) LIKE lower(?) OR lower(users.email) LIKE lower(?)",
           .postgresql = "SELECT " MEMBER " FROM users WHERE users.username ILIKE $1 OR users.email ILIKE $2"},
          {"seed_paginated", SELECT(MEMBERS, .offset = 20, .limit = 10),
           .text = "SELECT " MEMBER " FROM users LIMIT ? OFFSET ?"},
          {"seed_paginated_zero", SELECT(MEMBERS, .offset = 0, .limit = 10), .reason = "zero",
           .text = "SELECT " MEMBER " FROM users LIMIT ?"},
          {"seed_count", SELECT(.columns = ath_cols(ath_count(M(id)))),
           .text = "SELECT count(users.id) AS count_1 FROM users"},
          {"seed_n1", SELECT(POSTS, .where = ath_eq(P(user_id), 1)),
           .text = "SELECT " POST " FROM posts WHERE posts.user_id = ?"});
}

static void changes(golden_visit visit, void *context) {
    const ath_datetime moment = {INT64_C(1704164645000000)};
    VISIT({"seed_update_bulk",
           UPDATE(MEMBERS, .set = ath_set(ath_to(Member, status, "active")), .where = ath_eq(M(is_active), ath_true())),
           .reason = "moment",
           .sqlite = "UPDATE users SET status=?, updated_at=CURRENT_TIMESTAMP WHERE users.is_active = 1",
           .postgresql = "UPDATE users SET status=$1, updated_at=now() WHERE users.is_active = true",
           .mysql = "UPDATE users SET status=?, updated_at=now(6) WHERE users.is_active = true"},
          {"seed_soft_delete",
           UPDATE(MEMBERS, .set = ath_set(ath_to(Member, deleted_at, moment)), .where = ath_eq(M(id), 1)),
           .reason = "order, moment",
           .sqlite = "UPDATE users SET deleted_at=?, updated_at=CURRENT_TIMESTAMP WHERE users.id = ?",
           .postgresql = "UPDATE users SET deleted_at=$1, updated_at=now() WHERE users.id = $2",
           .mysql = "UPDATE users SET deleted_at=?, updated_at=now(6) WHERE users.id = ?"},
          {"seed_delete_bulk", DELETE(MEMBERS, .where = ath_eq(M(is_active), ath_false())),
           .text = "DELETE FROM users WHERE users.is_active = false",
           .sqlite = "DELETE FROM users WHERE users.is_active = 0"},
          {"orm_insert_select",
           INSERT(MEMBERS, .set = ath_set(ath_to(Member, username, "x"), ath_to(Member, email, "y"))),
           .reason = "default, moment",
           .sqlite = "INSERT INTO users (username, email, is_active, created_at, updated_at) VALUES (?, ?, ?, "
                     "CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
           .postgresql = "INSERT INTO users (username, email, is_active, created_at, updated_at) VALUES ($1, $2, $3, "
                         "now(), now()) RETURNING users.id",
           .mysql = "INSERT INTO users (username, email, is_active, created_at, updated_at) VALUES (?, ?, ?, now(6), "
                    "now(6))"});
}

static void joins(golden_visit visit, void *context) {
    const ath_expr *owner = ath_eq(M(id), P(user_id)), *author = ath_eq(P(user_id), M(id));
    const ath_select_stmt *all = ath_select(BOTH, MEMBERS, .joins = ath_joins(ath_outer_join(Post)));
    const ath_select_stmt *posts = ath_select(BOTH, POSTS, .joins = ath_joins(ath_outer_join(Member)));
    const ath_expr_list ids = ath_cols(M(id), P(id));
    VISIT({"seed_join_on", SELECT(BOTH, .joins = ath_joins(ath_join(Post, .on = owner))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER},
          {"seed_outerjoin_on", SELECT(BOTH, .joins = ath_joins(ath_outer_join(Post, .on = owner))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users LEFT OUTER JOIN posts" ON_OWNER},
          {"seed_outerjoin_right",
           SELECT(.columns = ath_cols(ath_columns(Post), ath_columns(Member)),
                  .joins = ath_joins(ath_outer_join(Member, .on = author))),
           .text = "SELECT " POST ", " MEMBER_1 " FROM posts LEFT OUTER JOIN users ON posts.user_id = users.id"},
          {"seed_full_join_union", ath_stmt_of(ath_union(ath_queries(all, posts))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users LEFT OUTER JOIN posts" ON_OWNER " UNION SELECT " MEMBER
                   ", " POST_1 " FROM posts LEFT OUTER JOIN users" ON_OWNER},
          {"seed_full_join_union_fixed",
           ath_stmt_of(
               ath_union(ath_queries(ath_select(.columns = ids, MEMBERS, .joins = ath_joins(ath_outer_join(Post))),
                                     ath_select(.columns = ids, POSTS, .joins = ath_joins(ath_outer_join(Member)))))),
           .text = "SELECT users.id, posts.id AS id_1 FROM users LEFT OUTER JOIN posts" ON_OWNER
                   " UNION SELECT users.id, posts.id AS id_1 FROM posts LEFT OUTER JOIN users" ON_OWNER},
          {"seed_join_multi_cond",
           SELECT(BOTH, .joins = ath_joins(ath_join(Post, .on = ath_and(owner, ath_eq(P(is_published), ath_true()))))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER " AND posts.is_published = true",
           .sqlite = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER " AND posts.is_published = 1"},
          {"seed_join_multi_cond_bare",
           SELECT(BOTH, .joins = ath_joins(ath_join(Post, .on = ath_and(owner, P(is_published))))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER " AND posts.is_published = 1",
           .postgresql = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER " AND posts.is_published"},
          {"seed_join_fk", SELECT(BOTH, .joins = ath_joins(ath_join(Post))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users JOIN posts" ON_OWNER},
          {"seed_outerjoin_fk", SELECT(BOTH, .joins = ath_joins(ath_outer_join(Post))),
           .text = "SELECT " MEMBER ", " POST_1 " FROM users LEFT OUTER JOIN posts" ON_OWNER});
}

static void joined_groups(golden_visit visit, void *context) {
    const ath_expr *owner = ath_eq(M(id), P(user_id));
    const ath_expr_list counted = ath_cols(M(id), M(username), ath_label(ath_count(P(id)), "post_count"));
    VISIT({"seed_join_three",
           SELECT(.columns = ath_cols(ath_columns(Post), ath_columns(Comment), ath_columns(Member)),
                  .joins = ath_joins(ath_join(Comment, .on = ath_eq(P(id), ath_col(Comment, post_id))),
                                     ath_join(Member, .on = ath_eq(ath_col(Comment, user_id), M(id))))),
           .text = "SELECT " POST
                   ", comments.id AS id_1, comments.post_id, comments.user_id AS user_id_1, comments.content AS "
                   "content_1, users.id AS id_2, users.username, users.email, users.name, users.status AS status_1, "
                   "users.is_active, users.balance, users.created_at AS created_at_1, users.updated_at AS "
                   "updated_at_1, users.deleted_at FROM posts JOIN comments ON posts.id = comments.post_id JOIN users "
                   "ON comments.user_id = users.id"},
          {"seed_join_where",
           SELECT(POSTS, .joins = ath_joins(ath_join(Member, .on = owner)), .where = ath_eq(M(username), "john")),
           .text = "SELECT " POST " FROM posts JOIN users" ON_OWNER " WHERE users.username = ?"},
          {"seed_join_group",
           SELECT(.columns = counted, .joins = ath_joins(ath_outer_join(Post, .on = owner)),
                  .group_by = ath_by(M(id), M(username))),
           .text = "SELECT users.id, users.username, count(posts.id) AS post_count FROM users LEFT OUTER JOIN "
                   "posts" ON_OWNER " GROUP BY users.id, users.username"},
          {"seed_join_having",
           SELECT(.columns = counted, .joins = ath_joins(ath_join(Post, .on = owner)),
                  .group_by = ath_by(M(id), M(username)), .having = ath_ge(ath_count(P(id)), 2)),
           .text = "SELECT users.id, users.username, count(posts.id) AS post_count FROM users JOIN posts" ON_OWNER
                   " GROUP BY users.id, users.username HAVING count(posts.id) >= ?"},
          {"seed_outerjoin_count",
           SELECT(.columns = ath_cols(ath_columns(Member), ath_count(P(id))), .joins = ath_joins(ath_outer_join(Post)),
                  .group_by = ath_by(M(id))),
           .text = "SELECT " MEMBER ", count(posts.id) AS count_1 FROM users LEFT OUTER JOIN posts" ON_OWNER
                   " GROUP BY users.id"});
}

#define ALIASED_POST_1                                                                                                 \
    "posts_1.id AS id_1, posts_1.user_id, posts_1.title, posts_1.content, posts_1.category_id, posts_1.status AS "     \
    "status_1, posts_1.is_published, posts_1.created_at AS created_at_1, posts_1.updated_at AS updated_at_1"

static void relations(golden_visit visit, void *context) {
    const Post third = {.id = 3, .user_id = ath_some(4)};
    const ath_expr *drafts = ath_rel_any(Member, posts, ath_eq(P(status), "draft"));
    VISIT({"orm_rel_join", SELECT(MEMBERS, .joins = ath_joins(ath_join(Post))),
           .text = "SELECT " MEMBER " FROM users JOIN posts" ON_OWNER},
          {"orm_rel_outer",
           SELECT(.columns = ath_cols(M(id)), .joins = ath_joins(ath_outer_join(Post)), .where = ath_eq(P(id), NULL)),
           .text = "SELECT users.id FROM users LEFT OUTER JOIN posts" ON_OWNER " WHERE posts.id IS NULL"},
          {"orm_rel_any", SELECT(.columns = ath_cols(M(id)), .where = drafts),
           .text = "SELECT users.id FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE users.id = posts.user_id AND "
                   "posts.status = ?)"},
          {"orm_rel_contains", SELECT(.columns = ath_cols(M(id)), .where = ath_rel_contains(Member, posts, &third)),
           .text = "SELECT users.id FROM users WHERE users.id = ?"});
}

static void joined_loads(golden_visit visit, void *context) {
    const ath_source posts = ath_model_as(Post, "posts_1");
    const ath_int_expr *post_owner = ath_col_of("posts_1", Post, user_id);
    const ath_select_stmt *page = ath_select(MEMBERS, .order_by = ath_by(M(id)), .limit = 3);
    VISIT({"orm_joinedload_inner",
           SELECT(.columns = ath_cols(ath_columns(Post), ath_columns_of("users_1", Member)), POSTS,
                  .joins = ath_joins(ath_join_to(ath_model_as(Member, "users_1"),
                                                 .on = ath_eq(ath_col_of("users_1", Member, id), P(user_id))))),
           .text = "SELECT " POST
                   ", users_1.id AS id_1, users_1.username, users_1.email, users_1.name, users_1.status AS status_1, "
                   "users_1.is_active, users_1.balance, users_1.created_at AS created_at_1, users_1.updated_at AS "
                   "updated_at_1, users_1.deleted_at FROM posts JOIN users AS users_1 ON users_1.id = posts.user_id"},
          {"orm_joinedload_limit",
           SELECT(.columns = ath_cols(ath_columns_of("anon_1", Member), ath_columns_of("posts_1", Post)),
                  .from = ath_from(ath_select_as(page, "anon_1")),
                  .joins =
                      ath_joins(ath_outer_join_to(posts, .on = ath_eq(ath_col_of("anon_1", Member, id), post_owner))),
                  .order_by = ath_by(ath_col_of("anon_1", Member, id))),
           .text = "SELECT anon_1.id, anon_1.username, anon_1.email, anon_1.name, anon_1.status, anon_1.is_active, "
                   "anon_1.balance, anon_1.created_at, anon_1.updated_at, anon_1.deleted_at, " ALIASED_POST_1
                   " FROM (SELECT users.id AS id, users.username AS username, users.email AS email, users.name AS "
                   "name, users.status AS status, users.is_active AS is_active, users.balance AS balance, "
                   "users.created_at AS created_at, users.updated_at AS updated_at, users.deleted_at AS deleted_at "
                   "FROM users ORDER BY users.id LIMIT ?) AS anon_1 LEFT OUTER JOIN posts AS posts_1 ON anon_1.id = "
                   "posts_1.user_id ORDER BY anon_1.id"},
          {"orm_joinedload_chain",
           SELECT(.columns = ath_cols(ath_columns(Member), ath_columns_of("categories_1", Category),
                                      ath_columns_of("posts_1", Post)),
                  MEMBERS,
                  .joins = ath_joins(ath_outer_join_to(posts, .on = ath_eq(M(id), post_owner)),
                                     ath_outer_join_to(ath_model_as(Category, "categories_1"),
                                                       .on = ath_eq(ath_col_of("categories_1", Category, id),
                                                                    ath_col_of("posts_1", Post, category_id))))),
           .text = "SELECT " MEMBER
                   ", categories_1.id AS id_1, categories_1.name AS name_1, categories_1.description, posts_1.id AS "
                   "id_2, posts_1.user_id, posts_1.title, posts_1.content, posts_1.category_id, posts_1.status AS "
                   "status_1, posts_1.is_published, posts_1.created_at AS created_at_1, posts_1.updated_at AS "
                   "updated_at_1 FROM users LEFT OUTER JOIN posts AS posts_1 ON users.id = posts_1.user_id LEFT OUTER "
                   "JOIN categories AS categories_1 ON categories_1.id = posts_1.category_id"});
}

void goldens_seed(golden_visit visit, void *context) {
    legacy_queries(visit, context);
    texts(visit, context);
    selects(visit, context);
    changes(visit, context);
    joins(visit, context);
    joined_groups(visit, context);
    relations(visit, context);
    joined_loads(visit, context);
}
