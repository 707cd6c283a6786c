/* SPDX-License-Identifier: Apache-2.0
 *
 * SELECT: the derivation of FROM, joins, correlation, common table expressions, the result plan, LIMIT; and the compiler
 * while allocations fail.
 */
#include "../base/counting.h"
#include "compiling.h"

#define SELECT(...) ath_stmt_of(ath_select(__VA_ARGS__))
#define UID ath_col(User, id)
#define NAME ath_col(User, name)
#define OWNER ath_col(Address, user_id)

TEST(from_is_derived) {
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(UID)), "SELECT users.id FROM users", NULL},
        {SELECT(.columns = ath_cols(UID, OWNER)), "SELECT users.id, addresses.user_id FROM users, addresses", NULL},
        {SELECT(.columns = ath_cols(UID), .where = ath_eq(UID, OWNER)),
         "SELECT users.id FROM users, addresses WHERE users.id = addresses.user_id", NULL},
        {SELECT(.columns = ath_cols(ath_name("t", "a"), ath_name(NULL, "b"))), "SELECT t.a, b FROM t", NULL},
        {SELECT(.columns = ath_cols(UID), .where = ath_eq(ath_name("users", "age"), 1)),
         "SELECT users.id FROM users WHERE users.age = ?", NULL},
        {SELECT(.columns = ath_cols(ath_name("users", "age"), UID)), "SELECT users.age, users.id FROM users", NULL},
        {SELECT(.columns = ath_cols(UID), .from = ath_from(ath_table_ref("users"))), "SELECT users.id FROM users",
         NULL},
        {SELECT(.columns = ath_cols(ath_int(1))), "SELECT ? AS anon_1", "SELECT $1 AS anon_1"},
        {SELECT(.columns = ath_cols(ath_count_all()), .model = ath_model_of(User)),
         "SELECT count(*) AS count_1 FROM users", NULL},
        {SELECT(.model = ath_model_of(Counter)), "SELECT counters.\"key\", counters.n, counters.note FROM counters",
         "SELECT counters.key, counters.n, counters.note FROM counters"},
        {SELECT(.columns = ath_cols(ath_col_of("u", User, id)), .from = ath_from(ath_model_as(User, "u"))),
         "SELECT u.id FROM users AS u", NULL},
        {SELECT(.columns = ath_cols(ath_col_of("b", User, id)),
                .from = ath_from(ath_model_as(User, "a"), ath_model_as(User, "b"), ath_table_as("t", "x"))),
         "SELECT b.id FROM users AS a, users AS b, t AS x", NULL});
}

TEST(from_that_is_wrong) {
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(UID), .from = ath_from(ath_model_source(Address))),
         "argument: column users.id is used, but users is not part of the statement", NULL},
        {SELECT(.columns = ath_cols(UID), .from = ath_from(ath_model_as(User, "u"))),
         "argument: column users.id is used, but users is not part of the statement", NULL},
        {SELECT(.columns = ath_cols(UID),
                .from = ath_from(ath_select_as(ath_select(.model = ath_model_of(User)), NULL))),
         "argument: a subquery or function in FROM needs an alias", NULL},
        {SELECT(.columns = ath_cols(UID), .from = ath_from((ath_source){.table = NULL})),
         "argument: a source of rows names neither model nor table", NULL},
        {SELECT(.model = ath_model_of(Shape)), "argument: a source of rows names neither model nor table", NULL},
        {SELECT(.from = ath_from(ath_table_ref("t"))), "argument: a SELECT needs columns or a model", NULL},
        {SELECT(.columns = ath_cols(UID), .from = ath_from(ath_model_as(User, "a"), ath_table_as("t", "a"))),
         "argument: a is named twice in FROM and the joins; give one of them an alias", NULL},
        {SELECT(.columns = (ath_expr_list){1, (const ath_expr *const[]){NULL}}),
         "argument: a column of the list is missing", NULL},
        {SELECT(.columns = ath_cols(ath_label(UID, NULL))), "argument: a label has no name", NULL},
        {SELECT(.columns = ath_cols(UID), .limit = -1), "argument: LIMIT and OFFSET cannot be negative", NULL},
        {SELECT(.columns = ath_cols(UID), .offset = -1), "argument: LIMIT and OFFSET cannot be negative", NULL});
}

TEST(too_many_tables) {
    char names[70][8];
    ath_source sources[70];
    for (size_t i = 0; i < 70; i++) {
        snprintf(names[i], sizeof names[i], "t%zu", i);
        sources[i] = ath_table_ref(names[i]);
    }
    ath_select_stmt s = {.struct_size = sizeof s, .columns = ath_cols(ath_int(1)), .from = {64, sources}};
    CHECK(strstr(sql_of(&dialect_plain, ath_stmt_of((const ath_select_stmt *)&s)), ", t63") != NULL);
    s.from.count = 65;
    CHECK_STR(sql_of(&dialect_plain, ath_stmt_of((const ath_select_stmt *)&s)),
              "argument: a SELECT may name 64 tables; this one has more");
}

TEST(joins) {
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Address))),
         "SELECT users.id FROM users JOIN addresses ON users.id = addresses.user_id", NULL},
        {SELECT(.columns = ath_cols(OWNER), .joins = ath_joins(ath_outer_join(User))),
         "SELECT addresses.user_id FROM addresses LEFT OUTER JOIN users ON users.id = addresses.user_id", NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Address, .on = ath_eq(UID, OWNER)))),
         "SELECT users.id FROM users JOIN addresses ON users.id = addresses.user_id", NULL},
        {SELECT(.model = ath_model_of(Parcel), .columns = ath_cols(ath_col(Item, qty)),
                .joins = ath_joins(ath_join(Item))),
         "SELECT order_items.qty FROM parcels JOIN order_items ON order_items.order_id = parcels.order_id AND "
         "order_items.product_id = parcels.product_id",
         NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Order), ath_join(Item), ath_join(Product))),
         "SELECT users.id FROM users JOIN orders ON users.id = orders.user_id JOIN order_items ON orders.id = "
         "order_items.order_id JOIN products ON products.id = order_items.product_id",
         NULL},
        {SELECT(.columns = ath_cols(ath_col(Node, id), ath_col_of("p", Node, label)),
                .joins = ath_joins(ath_outer_join_to(
                    ath_model_as(Node, "p"), .on = ath_eq(ath_col(Node, parent_id), ath_col_of("p", Node, id))))),
         "SELECT nodes.id, p.label FROM nodes LEFT OUTER JOIN nodes AS p ON nodes.parent_id = p.id",
         "SELECT `nodes`.id, p.label FROM `nodes` LEFT OUTER JOIN `nodes` AS p ON `nodes`.parent_id = p.id"},
        {SELECT(.columns = ath_cols(UID),
                .joins = ath_joins(((ath_join_clause){.source = ath_table_ref("t"), .kind = ATH_JOIN_CROSS}))),
         "SELECT users.id FROM users CROSS JOIN t", NULL},
        {SELECT(.columns = ath_cols(UID, ath_name("x", "n")),
                .joins = ath_joins(ath_join_to(ath_table_as("t", "x"), .on = ath_eq(ath_name("x", "id"), UID)))),
         "SELECT users.id, x.n FROM users JOIN t AS x ON x.id = users.id", NULL});
}

TEST(joins_that_are_wrong) {
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Product))),
         "argument: join to products without .on: no foreign key links it to the tables before it", NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Transfer))),
         "argument: join to transfers without .on: more than one foreign key links it to the tables before it", NULL},
        {SELECT(.model = ath_model_of(Node), .joins = ath_joins(ath_join_to(ath_model_as(Node, "p")))),
         "argument: join to p without .on: more than one foreign key links it to the tables before it", NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join_to(ath_table_ref("t")))),
         "argument: join to t without .on: no foreign key links it to the tables before it", NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(Address), ath_join(Address))),
         "argument: addresses is named twice in FROM and the joins; give one of them an alias", NULL},
        {SELECT(.model = ath_model_of(User), .joins = ath_joins(ath_join(User))),
         "argument: users is named twice in FROM and the joins; give one of them an alias", NULL},
        {SELECT(.columns = ath_cols(UID), .joins = ath_joins(ath_join(User))),
         "argument: there is a join, but nothing to join to: name a .model or .from", NULL});
}

TEST(subqueries) {
    const ath_select_stmt *older = ath_select(.columns = ath_cols(UID, NAME), .where = ath_gt(ath_col(User, age), 20));
    const ath_select_stmt *pair = ath_select(.columns = ath_cols(UID), .where = ath_eq(UID, OWNER));
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(ath_name("q", "name")), .from = ath_from(ath_select_as(older, "q"))),
         "SELECT q.name FROM (SELECT users.id AS id, users.name AS name FROM users WHERE users.age > ?) AS q", NULL},
        /* A subquery in FROM does not see its neighbours, so it names its tables itself. */
        {SELECT(.columns = ath_cols(UID), .from = ath_from(ath_model_source(User), ath_select_as(pair, "q"))),
         "SELECT users.id FROM users, (SELECT users.id AS id FROM users, addresses WHERE users.id = addresses.user_id) "
         "AS q",
         NULL},
        {SELECT(.columns = ath_cols(UID),
                .where = ath_exists(ath_select(.columns = ath_cols(OWNER), .where = ath_eq(OWNER, UID)))),
         "SELECT users.id FROM users WHERE EXISTS (SELECT addresses.user_id FROM addresses WHERE addresses.user_id = "
         "users.id)",
         NULL},
        {SELECT(.columns = ath_cols(UID), .where = ath_in_query(UID, ath_select(.columns = ath_cols(UID)))),
         "SELECT users.id FROM users WHERE users.id IN (SELECT users.id FROM users)", NULL},
        {SELECT(.columns = ath_cols(ath_col_of("u", User, id)), .from = ath_from(ath_model_as(User, "u")),
                .where =
                    ath_exists(ath_select(.columns = ath_cols(OWNER), .where = ath_eq(OWNER, ath_name("u", "id"))))),
         "SELECT u.id FROM users AS u WHERE EXISTS (SELECT addresses.user_id FROM addresses WHERE addresses.user_id = "
         "u.id)",
         NULL},
        {SELECT(.columns = ath_cols(ath_subquery(NULL))),
         "argument: the statement could not be read: a subquery is missing, an array has elements of no known type, or "
         "it is nested more than 200 deep",
         NULL});
}

TEST(common_table_expressions) {
    const ath_select_stmt *roots =
        ath_select(.columns = ath_cols(ath_col(Node, id)), .where = ath_eq(ath_col(Node, parent_id), NULL));
    const ath_select_stmt *children =
        ath_select(.columns = ath_cols(ath_col(Node, id)), .from = ath_from(ath_table_ref("tree")),
                   .joins = ath_joins(ath_join(Node, .on = ath_eq(ath_col(Node, parent_id), ath_name("tree", "id")))));
    CHECK_STATEMENTS(
        {SELECT(.with = ath_with(.name = "r", .query = roots), .columns = ath_cols(ath_name("r", "id"))),
         "WITH r AS (SELECT nodes.id AS id FROM nodes WHERE nodes.parent_id IS NULL) SELECT r.id FROM r", NULL},
        {SELECT(.with = ath_with(.name = "tree", .columns = ath_names("id"), .query = roots, .recursive = children),
                .columns = ath_cols(ath_name("tree", "id")), .limit = 3),
         "WITH RECURSIVE tree(id) AS (SELECT nodes.id AS id FROM nodes WHERE nodes.parent_id IS NULL UNION SELECT "
         "nodes.id "
         "AS id FROM tree JOIN nodes ON nodes.parent_id = tree.id) SELECT tree.id FROM tree LIMIT ?",
         NULL},
        {SELECT(.with = ath_with(.name = "order", .columns = ath_names("a", "from"), .query = roots,
                                 .recursive = children, .union_all = true),
                .columns = ath_cols(ath_count_all()), .from = ath_from(ath_table_ref("order"))),
         "WITH RECURSIVE \"order\"(a, \"from\") AS (SELECT nodes.id AS id FROM nodes WHERE nodes.parent_id IS NULL "
         "UNION ALL "
         "SELECT nodes.id AS id FROM tree JOIN nodes ON nodes.parent_id = tree.id) SELECT count(*) AS count_1 FROM "
         "\"order\"",
         NULL});
}

TEST(the_rest_of_a_select) {
    CHECK_STATEMENTS(
        {SELECT(.columns = ath_cols(NAME), .distinct = true), "SELECT DISTINCT users.name FROM users", NULL},
        {SELECT(.columns = ath_cols(UID), .limit = 5), "SELECT users.id FROM users LIMIT ?",
         "SELECT users.id FROM users LIMIT $1 OFFSET $2"},
        {SELECT(.columns = ath_cols(UID), .offset = 5), "SELECT users.id FROM users LIMIT ALL OFFSET ?",
         "SELECT users.id FROM users LIMIT $1 OFFSET $2"},
        {SELECT(.columns = ath_cols(UID), .limit = 5, .offset = 6), "SELECT users.id FROM users LIMIT ? OFFSET ?",
         "SELECT users.id FROM users LIMIT $1 OFFSET $2"},
        {SELECT(.columns = ath_cols(NAME, ath_count_all()), .group_by = ath_by(NAME, ath_length(NAME)),
                .having = ath_gt(ath_count_all(), 1)),
         "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name, length(users.name) HAVING count(*) > "
         "?",
         NULL},
        {SELECT(.columns = ath_cols(UID), .order_by = ath_by(ath_desc(NAME), ath_asc(UID), ath_col(User, age))),
         "SELECT users.id FROM users ORDER BY users.name DESC, users.id ASC, users.age", NULL},
        {SELECT(.columns = ath_cols(UID), .order_by = ath_by(ath_nulls_last(ath_desc(NAME)))),
         "SELECT users.id FROM users ORDER BY users.name IS NULL, users.name DESC",
         "SELECT users.id FROM users ORDER BY users.name DESC NULLS LAST"},
        {SELECT(.columns = ath_cols(UID), .order_by = ath_by(ath_nulls_first(NAME))), NULL,
         "SELECT users.id FROM users ORDER BY users.name NULLS FIRST"},
        {SELECT(.columns = ath_cols(ath_count_distinct(NAME))),
         "SELECT count(DISTINCT users.name) AS count_1 FROM users", NULL},
        {SELECT(.columns = ath_cols(UID), .having = ath_and(NULL)), "SELECT users.id FROM users", NULL});
}

#define COLUMNS(...) columns_of(&dialect_plain, SELECT(.columns = ath_cols(__VA_ARGS__)))

TEST(result_plan) {
    CHECK_STR(COLUMNS(UID, NAME), "id INTEGER*, name VARCHAR*");
    CHECK_STR(COLUMNS(UID, ath_col(Address, id), ath_col(Order, id)), "id INTEGER*, id_1 INTEGER*, id_2 INTEGER*");
    CHECK_STR(COLUMNS(ath_count(UID), ath_count_all(), ath_max(ath_col(User, balance))),
              "count_1 BIGINT, count_2 BIGINT, max_1 NUMERIC");
    CHECK_STR(COLUMNS(ath_label(ath_sum(ath_col(User, age)), "total")), "total BIGINT");
    CHECK_STR(COLUMNS(ath_plus(ath_col(User, age), 1), ath_concat(NAME, "x"), ath_eq(UID, 1)),
              "anon_1 BIGINT, anon_2 TEXT, anon_3 BOOLEAN");
    CHECK_STR(COLUMNS(ath_avg(UID), ath_lower(NAME), ath_length(NAME), ath_coalesce(ath_col(User, age), 1)),
              "avg_1 DOUBLE, lower_1 VARCHAR, length_1 BIGINT, coalesce_1 INTEGER");
    CHECK_STR(COLUMNS(ath_cast(UID, ATH_TEXT), ath_func("abs", UID)), "id TEXT, abs_1 INTEGER");
    CHECK_STR(COLUMNS(ath_case(ath_when(ath_eq(UID, 1), NAME))), "anon_1 VARCHAR");
    CHECK_STR(COLUMNS(ath_subquery(ath_select(.columns = ath_cols(ath_col(Address, id), OWNER)))), "anon_1 ?");
    CHECK_STR(COLUMNS(ath_subquery(ath_select(.columns = ath_cols(OWNER))), UID), "anon_1 INTEGER, id INTEGER*");
    CHECK_STR(COLUMNS(UID, ath_text("a, b")), ""); /* how many come is the database's to say */
    CHECK_STR(COLUMNS(ath_name("t", "x"), ath_name("u", "x")), "x ?, x_1 ?");
    CHECK_STR(columns_of(&dialect_plain, SELECT(.model = ath_model_of(Address))),
              "id INTEGER*, user_id INTEGER*, email_address VARCHAR*, city VARCHAR*");
}

/* The labels of a cast's enum are copied into the product: the block that wrote them may have ended. */
TEST(result_plan_owns_its_labels) {
    product p;
    char label[] = "draft";
    const char *names[] = {label};
    ath_type type = {.sql = ATH_SQL_ENUM, .names = names, .name_count = 1};
    product_make(&p, &dialect_plain, &ath__malloc_allocator, SELECT(.columns = ath_cols(ath_cast(NAME, type))));
    CHECK_INT(p.status, ATH_OK);
    label[0] = 'X';
    names[0] = NULL;
    CHECK_STR(p.compiled.columns[0].type.names[0], "draft");
    product_done(&p);
}

/* Values of LIMIT and OFFSET, of subqueries and of CTEs are bound where they stand. */
TEST(bind_plan_follows_the_text) {
    const ath_select_stmt *inner = ath_select(.columns = ath_cols(OWNER), .where = ath_eq(OWNER, 2), .limit = 3);
    CHECK_STR(binds_of(&dialect_plain, SELECT(.with = ath_with(.name = "c", .query = inner), .limit = 7, .offset = 8,
                                              .columns = ath_cols(ath_plus(UID, 1)),
                                              .where = ath_and(ath_in_query(UID, inner), ath_eq(UID, 5)),
                                              .order_by = ath_by(ath_plus(UID, 6)))),
              "INTEGER 2, ? 3, ? 1, INTEGER 2, ? 3, INTEGER 5, ? 6, ? 7, ? 8");
}

static ath_status compile_failing(counting *a, size_t fail_at) {
    int32_t ids[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
    const char *two = "a_long_name_that_makes_the_key_grow_quite_a_lot_and_another_part_of_it_to_be_sure";
    product p;
    counting_init(a, fail_at);
    product_make(&p, &dialect_golden, &a->allocator,
                 SELECT(.with = ath_with(.name = two, .columns = ath_names(two, "b"),
                                         .query = ath_select(.columns = ath_cols(OWNER, OWNER))),
                        .columns = ath_cols(UID, NAME, ath_label(ath_plus(UID, 1), two), ath_col(Address, id),
                                            ath_count_all(), ath_text("x, :y", ath_bind("y", 1)), ath_max(UID),
                                            ath_cast(NAME, ATH_ENUM("a", "b")), ath_name(two, "b")),
                        .joins = ath_joins(ath_join(Address)),
                        .where = ath_and(ath_in_array(UID, ids, 17), ath_contains(NAME, two),
                                         ath_exists(ath_select(.columns = ath_cols(ath_col(Order, id)),
                                                               .where = ath_eq(ath_col(Order, user_id), UID)))),
                        .group_by = ath_by(UID, NAME, ath_lower(NAME)), .limit = 3));
    ath_status status = p.status;
    CHECK_INT(p.error.status, status);
    product_done(&p);
    return status;
}

TEST(every_allocation_fails_once) {
    counting a;
    size_t n = 1;
    CHECK_INT(compile_failing(&a, 0), ATH_OK); /* the models' tables are built now */
    size_t requests = a.requests;
    CHECK(requests >= 8);
    for (; n <= requests; n++) {
        test_context("allocation %zu", n);
        CHECK_INT(compile_failing(&a, n), ATH_NO_MEMORY);
        CHECK_RELEASED(&a);
    }
    CHECK_INT(compile_failing(&a, n), ATH_OK);
    CHECK_RELEASED(&a);
}

static const test_case cases[] = {
    {"from_is_derived", from_is_derived},
    {"from_that_is_wrong", from_that_is_wrong},
    {"too_many_tables", too_many_tables},
    {"joins", joins},
    {"joins_that_are_wrong", joins_that_are_wrong},
    {"subqueries", subqueries},
    {"common_table_expressions", common_table_expressions},
    {"the_rest_of_a_select", the_rest_of_a_select},
    {"result_plan", result_plan},
    {"result_plan_owns_its_labels", result_plan_owns_its_labels},
    {"bind_plan_follows_the_text", bind_plan_follows_the_text},
    {"every_allocation_fails_once", every_allocation_fails_once},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
