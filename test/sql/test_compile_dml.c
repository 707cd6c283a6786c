/* SPDX-License-Identifier: Apache-2.0
 *
 * INSERT, UPDATE, DELETE, the statements of the unit of work, and DDL.
 */
#include "../base/counting.h"
#include "compiling.h"

#define INSERT(...) ath_stmt_of(ath_insert(__VA_ARGS__))
#define UPDATE(...) ath_stmt_of(ath_update_of(__VA_ARGS__))
#define DELETE(...) ath_stmt_of(ath_delete_of(__VA_ARGS__))
#define M(model_name) .model = ath_model_of(model_name)
#define UID ath_col(User, id)

TEST(inserts) {
    CHECK_STATEMENTS(
        {INSERT(M(Counter), .set = ath_set(ath_to(Counter, key, "k"), ath_to(Counter, n, 5))),
         "INSERT INTO counters (\"key\", n) VALUES (?, ?)", "INSERT INTO counters (key, n) VALUES ($1, $2)"},
        {INSERT(.table = "t", .set = ath_set(ath_name_to("A b", 1), ath_name_to("c", ath_null()))),
         "INSERT INTO t (\"A b\", c) VALUES (?, ?)", "INSERT INTO t (`A b`, c) VALUES ($1, $2)"},
        {INSERT(M(Node)), "INSERT INTO nodes DEFAULT VALUES", "INSERT INTO `nodes` () VALUES ()"},
        {INSERT(M(Counter), .set = ath_set(ath_to(Counter, n, ath_text("40 + 2")))),
         "INSERT INTO counters (n) VALUES (40 + 2)", NULL},
        {INSERT(M(Node), .columns = ath_names("id"), .select = ath_select(.columns = ath_cols(UID))),
         "INSERT INTO nodes (id) SELECT users.id FROM users", NULL},
        {INSERT(M(Node), .select = ath_select(M(Node))),
         "INSERT INTO nodes SELECT nodes.id, nodes.parent_id, nodes.label FROM nodes", NULL},
        {INSERT(M(Node), .set = ath_set(ath_to(Node, label, "x")),
                .returning = ath_cols(ath_col(Node, id), ath_label(ath_col(Node, label), "l"))),
         "INSERT INTO nodes (label) VALUES (?) RETURNING id, label AS l",
         "not-supported: rich has no INSERT ... RETURNING"},
        {INSERT(M(Counter),
                .set = ath_set(ath_to(Counter, n, ath_subquery(ath_select(.columns = ath_cols(ath_count(UID))))))),
         "INSERT INTO counters (n) VALUES ((SELECT count(users.id) AS count_1 FROM users))", NULL});
}

TEST(inserts_that_are_wrong) {
    const ath_expr *none = NULL;
    CHECK_STATEMENTS(
        {INSERT(.set = ath_set(ath_name_to("a", 1))), "argument: the statement names no table to change", NULL},
        {INSERT(M(Shape), .set = ath_set(ath_to(Shape, id, 1))), "argument: the statement names no table to change",
         NULL},
        {INSERT(M(User), .set = ath_set(ath_to(Node, label, "x"))),
         "argument: column nodes.label cannot be set: the statement changes users", NULL},
        {INSERT(.table = "users", .set = ath_set(ath_to(Node, label, "x"))),
         "argument: column nodes.label cannot be set: the statement changes users", NULL},
        {INSERT(M(Node), .set = ath_set(ath_to(Node, label, none))), "argument: an operand is missing", NULL},
        {INSERT(M(Node), .set = ath_set(((ath_assignment){NULL, ath_int(1)}))),
         "argument: an assignment names no column", NULL},
        {INSERT(M(Node), .set = ath_set(((ath_assignment){ath_eq(UID, 1), ath_int(1)}))),
         "argument: a column is needed here", NULL},
        {INSERT(M(Node), .set = ath_set(ath_name_to(NULL, 1))), "argument: a column is needed here", NULL},
        {INSERT(M(Node), .set = ath_set(ath_to(Node, id, 1)), .returning = ath_cols(UID)),
         "argument: column users.id is used, but users is not part of the statement", NULL});
    const char *said = sql_of(&dialect_plain, INSERT(M(User), .set = ath_set(ath_to(User, not_described, 1))));
    CHECK(strstr(said, "argument: model User: the field at offset") == said);
}

/* What the program does not set comes from the model: literals bound, expressions written. */
TEST(defaults_of_the_model) {
    ath_stmt all = INSERT(M(Draft)),
             some = INSERT(M(Draft), .set = ath_set(ath_to(Draft, title, "t"), ath_name_to("state", "s")));
    ath_stmt changed = UPDATE(M(Draft), .set = ath_set(ath_to(Draft, title, "t")), .all_rows = true);
    ath_stmt own = UPDATE(M(Draft), .set = ath_set(ath_to(Draft, version, 9), ath_name_to("changed", ath_null())),
                          .where = ath_eq(ath_col(Draft, id), 3));
    CHECK_STATEMENTS(
        {all, "INSERT INTO drafts (state, version, changed) VALUES (?, ?, CURRENT_TIMESTAMP)",
         "INSERT INTO drafts (state, version, changed) VALUES ($1, $2, sysdate())"},
        {some, "INSERT INTO drafts (title, state, version, changed) VALUES (?, ?, ?, CURRENT_TIMESTAMP)", NULL},
        {changed, "UPDATE drafts SET title=?, version=(drafts.version + 1), changed=CURRENT_TIMESTAMP", NULL},
        {own, "UPDATE drafts SET version=?, changed=? WHERE drafts.id = ?", NULL});
    CHECK_STR(binds_of(&dialect_plain, all), "VARCHAR(n) 'new' constant, INTEGER 1 constant");
    CHECK_STR(binds_of(&dialect_plain, some), "VARCHAR(n) 't', VARCHAR(n) 's', INTEGER 1 constant");
    CHECK_STR(binds_of(&dialect_plain, own), "INTEGER 9, DATETIME NULL, INTEGER 3");
}

TEST(updates_and_deletes) {
    CHECK_STATEMENTS(
        {UPDATE(M(User), .set = ath_set(ath_to(User, name, "x"), ath_to(User, age, NULL)), .where = ath_eq(UID, 1)),
         "UPDATE users SET name=?, age=? WHERE users.id = ?", "UPDATE users SET name=$1, age=$2 WHERE users.id = $3"},
        {UPDATE(M(User), .set = ath_set(ath_to(User, age, ath_plus(ath_col(User, age), 1))), .where = ath_eq(UID, 1)),
         "UPDATE users SET age=(users.age + ?) WHERE users.id = ?", NULL},
        {UPDATE(.table = "t", .set = ath_set(ath_name_to("a", 1)), .all_rows = true), "UPDATE t SET a=?", NULL},
        {UPDATE(M(User), .set = ath_set(ath_to(User, age, 1)), .where = ath_eq(UID, 1), .returning = ath_cols(UID)),
         "UPDATE users SET age=? WHERE users.id = ? RETURNING id", NULL},
        {UPDATE(M(User), .where = ath_eq(UID, 1)), "argument: an UPDATE needs .set", NULL},
        {UPDATE(M(User), .set = ath_set(ath_to(Order, state, "x")), .where = ath_eq(UID, 1)),
         "argument: column orders.state cannot be set: the statement changes users", NULL},
        {UPDATE(M(User), .set = ath_set(ath_to(User, age, 1)), .where = ath_eq(ath_col(Order, id), 1)),
         "argument: column orders.id is used, but orders is not part of the statement", NULL},
        {DELETE(M(User), .where = ath_in(UID, 1, 2)), "DELETE FROM users WHERE users.id IN (?, ?)", NULL},
        {DELETE(M(User), .all_rows = true), "DELETE FROM users", NULL},
        {DELETE(.table = "t", .where = ath_eq(ath_name(NULL, "a"), 1)), "DELETE FROM t WHERE a = ?", NULL},
        {DELETE(M(User), .where = ath_exists(ath_select(.columns = ath_cols(ath_int(1)),
                                                        .where = ath_eq(ath_col(Address, user_id), UID)))),
         "DELETE FROM users WHERE EXISTS (SELECT ? AS anon_1 FROM addresses WHERE addresses.user_id = users.id)", NULL},
        {DELETE(.where = ath_eq(UID, 1)), "argument: the statement names no table to change", NULL});
}

/* A condition that came to nothing must not change every row. */
TEST(conditions_that_collapse) {
    const ath_expr *none = NULL;
    const ath_expr *const conditions[] = {none, ath_and(none, none), ath_and(ath_and(none), NULL)};
    for (size_t i = 0; i < TEST_COUNT(conditions); i++) {
        test_context("condition %zu", i);
        CHECK_STR(sql_of(&dialect_plain, DELETE(M(User), .where = conditions[i])),
                  "argument: DELETE without .where changes every row; say .all_rows = true if that is meant");
        CHECK_STR(sql_of(&dialect_plain, UPDATE(M(User), .set = ath_set(ath_to(User, age, 1)), .where = conditions[i])),
                  "argument: UPDATE without .where changes every row; say .all_rows = true if that is meant");
        CHECK_STR(sql_of(&dialect_plain, DELETE(M(User), .where = conditions[i], .all_rows = true)),
                  "DELETE FROM users");
    }
    test_context("%s", "");
    CHECK_STR(sql_of(&dialect_plain, DELETE(M(User), .where = ath_or(none))), "DELETE FROM users WHERE 1 = 0");
}

/* ---- the unit of work ---- */

static const char *unit_text(ath_status status, ath__compiled *out, const ath_error *error) {
    static char text[2000];
    snprintf(text, sizeof text, "%s", status == ATH_OK ? out->sql : error->message);
    if (status != ATH_OK)
        return text;
    for (size_t i = 0; i < out->column_count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "," : " -> ", out->columns[i].name);
    ath__compiled_done(out);
    return text;
}

typedef struct Grade {
    const char *mark, *notes;
    ath_decimal price;
} Grade;
ATH_DECLARE(Grade);
ATH_MODEL(Grade, "grades") {
    ath_column(mark, .type = ATH_ENUM("good", "bad"), .primary_key = true);
    ath_column(notes, .type = ATH_JSON);
    ath_column(price, .type = ATH_NUMERIC(10, 2));
}

TEST(unit_of_work) {
    const ath_table *items = ath_model_table(ath_model_of(Item), NULL);
    const ath_table *drafts = ath_model_table(ath_model_of(Draft), NULL);
    const ath_allocator *a = &ath__malloc_allocator;
    ath__compiled out;
    ath_error e;
    const uint16_t columns[] = {1, 3, 4}, id[] = {0};
    const ath_expr *const exprs[] = {NULL, drafts->columns[3].onupdate, ath_now()};
#define UNIT(call) unit_text(ath__compile_##call, &out, &e)
    CHECK_STR(UNIT(get(&dialect_rich, a, items, &out, &e)),
              "SELECT order_items.order_id, order_items.product_id, order_items.qty, order_items.unit_price FROM "
              "order_items WHERE order_items.order_id = $1 AND order_items.product_id = $2 -> "
              "order_id,product_id,qty,unit_price");
    CHECK_STR(UNIT(insert(&dialect_rich, a, drafts, columns, NULL, 3, 2, NULL, 0, &out, &e)),
              "INSERT INTO drafts (title, version, changed) VALUES ($1, $2, $3), ($4, $5, $6)");
    CHECK_STR(UNIT(insert(&dialect_plain, a, drafts, columns, exprs, 3, 2, id, 1, &out, &e)),
              "INSERT INTO drafts (title, version, changed) VALUES (?, version + 1, CURRENT_TIMESTAMP), (?, version + "
              "1, CURRENT_TIMESTAMP) RETURNING id -> id");
    CHECK_STR(UNIT(insert(&dialect_plain, a, drafts, NULL, NULL, 0, 1, id, 1, &out, &e)),
              "INSERT INTO drafts DEFAULT VALUES RETURNING id -> id");
    CHECK_STR(UNIT(update(&dialect_rich, a, drafts, columns, exprs, 3, 1, NULL, 0, &out, &e)),
              "UPDATE drafts SET title=$1, version=version + 1, changed=sysdate() WHERE drafts.id = $2");
    CHECK_STR(UNIT(update(&dialect_plain, a, items, columns, NULL, 2, 1, columns, 1, &out, &e)),
              "UPDATE order_items SET product_id=?, unit_price=? WHERE order_items.order_id = ? AND "
              "order_items.product_id = ? RETURNING product_id -> product_id");
    CHECK_STR(UNIT(delete (&dialect_rich, a, drafts, 1, &out, &e)), "DELETE FROM drafts WHERE drafts.id = $1");
    CHECK_STR(UNIT(delete (&dialect_rich, a, drafts, 3, &out, &e)),
              "DELETE FROM drafts WHERE drafts.id IN ($1, $2, $3)");
    CHECK_STR(UNIT(delete (&dialect_plain, a, items, 1, &out, &e)),
              "DELETE FROM order_items WHERE order_items.order_id = ? AND order_items.product_id = ?");
#undef UNIT
}

/* One text for any number of rows, bound as arrays. */
TEST(unit_of_work_by_arrays) {
    const ath_table *items = ath_model_table(ath_model_of(Item), NULL);
    const ath_table *drafts = ath_model_table(ath_model_of(Draft), NULL);
    const ath_allocator *a = &ath__malloc_allocator;
    ath__compiled out;
    ath_error e;
    const uint16_t columns[] = {1, 3, 4}, id[] = {0}, two[] = {3, 4};
    const ath_expr *const exprs[] = {NULL, drafts->columns[3].onupdate, ath_now()};
#define UNIT(call) unit_text(ath__compile_##call, &out, &e)
    CHECK_STR(UNIT(insert(&dialect_rich, a, drafts, columns, NULL, 3, ATH__ANY_ROWS, id, 1, &out, &e)),
              "INSERT INTO drafts (title, version, changed) SELECT u.p1, u.p2, u.p3 FROM unnest($1::NVARCHAR[], "
              "$2::INT4[], $3::DATETIME[]) WITH ORDINALITY AS u (p1, p2, p3, n) ORDER BY u.n RETURNING id -> id");
    CHECK_STR(UNIT(insert(&dialect_rich, a, drafts, columns, exprs, 3, ATH__ANY_ROWS, NULL, 0, &out, &e)),
              "INSERT INTO drafts (title, version, changed) SELECT u.p1, version + 1, sysdate() FROM "
              "unnest($1::NVARCHAR[]) WITH ORDINALITY AS u (p1, n) ORDER BY u.n");
    CHECK_STR(UNIT(update(&dialect_rich, a, items, two, NULL, 1, ATH__ANY_ROWS, NULL, 0, &out, &e)),
              "UPDATE order_items SET unit_price=u.p1 FROM unnest($1::NUMERIC[], $2::INT4[], $3::INT4[]) AS u (p1, p2, "
              "p3) WHERE order_items.order_id = u.p2 AND order_items.product_id = u.p3");
    CHECK_STR(UNIT(update(&dialect_rich, a, drafts, columns, exprs, 3, ATH__ANY_ROWS, two, 2, &out, &e)),
              "UPDATE drafts SET title=u.p1, version=drafts.version + 1, changed=sysdate() FROM unnest($1::NVARCHAR[], "
              "$2::INT4[]) WITH ORDINALITY AS u (p1, p2, n) WHERE drafts.id = u.p2 RETURNING u.n, drafts.version, "
              "drafts.changed -> n,version,changed");
    CHECK_STR(UNIT(delete (&dialect_rich, a, drafts, ATH__ANY_ROWS, &out, &e)),
              "DELETE FROM drafts WHERE drafts.id = ANY ($1::INT4[])");
    CHECK_STR(UNIT(delete (&dialect_rich, a, items, ATH__ANY_ROWS, &out, &e)),
              "DELETE FROM order_items USING unnest($1::INT4[], $2::INT4[]) AS u (p1, p2) WHERE order_items.order_id = "
              "u.p1 AND order_items.product_id = u.p2");
    CHECK_STR(UNIT(read(&dialect_rich, a, drafts, two, 2, ATH__ANY_ROWS, &out, &e)),
              "SELECT drafts.id, drafts.version, drafts.changed FROM drafts WHERE drafts.id = ANY ($1::INT4[]) -> "
              "id,version,changed");
    CHECK_STR(UNIT(read(&dialect_rich, a, items, NULL, 0, ATH__ANY_ROWS, &out, &e)),
              "SELECT order_items.order_id, order_items.product_id FROM order_items, unnest($1::INT4[], $2::INT4[]) AS "
              "u (p1, p2) WHERE order_items.order_id = u.p1 AND order_items.product_id = u.p2 -> order_id,product_id");
#undef UNIT
}

/* Labels and JSON travel as text: a database may know no array of them; and a key is a key. */
TEST(unit_of_work_by_arrays_of_text) {
    const ath_table *grades = ath_model_table(ath_model_of(Grade), NULL);
    const ath_allocator *a = &ath__malloc_allocator;
    ath__compiled out;
    ath_error e;
    const uint16_t all[] = {0, 1, 2};
#define UNIT(call) unit_text(ath__compile_##call, &out, &e)
    CHECK_STR(UNIT(insert(&dialect_rich, a, grades, all, NULL, 3, ATH__ANY_ROWS, NULL, 0, &out, &e)),
              "INSERT INTO grades (mark, notes, price) SELECT CAST(u.p1 AS VARCHAR(4)), CAST(u.p2 AS JSON), u.p3 FROM "
              "unnest($1::TEXT[], $2::TEXT[], $3::NUMERIC[]) WITH ORDINALITY AS u (p1, p2, p3, n) ORDER BY u.n");
    CHECK_STR(UNIT(delete (&dialect_rich, a, grades, ATH__ANY_ROWS, &out, &e)),
              "DELETE FROM grades USING unnest($1::TEXT[]) AS u (p1) WHERE grades.mark = CAST(u.p1 AS VARCHAR(4))");
#undef UNIT
}

TEST(unit_of_work_without_arrays) {
    const ath_table *items = ath_model_table(ath_model_of(Item), NULL);
    const ath_table *drafts = ath_model_table(ath_model_of(Draft), NULL);
    const ath_allocator *a = &ath__malloc_allocator;
    ath__compiled out;
    ath_error e;
    const uint16_t qty[] = {2}, id[] = {0};
    ath_dialect defaults = dialect_rich;
    defaults.can |= ATH__CAN_DEFAULT_VALUES;
#define UNIT(call) unit_text(ath__compile_##call, &out, &e)
    CHECK_STR(UNIT(read(&dialect_plain, a, items, qty, 1, 2, &out, &e)),
              "SELECT order_items.order_id, order_items.product_id, order_items.qty FROM order_items WHERE "
              "order_items.order_id = ? AND order_items.product_id = ? OR order_items.order_id = ? AND "
              "order_items.product_id = ? -> order_id,product_id,qty");
    CHECK_STR(UNIT(delete (&dialect_plain, a, items, 2, &out, &e)),
              "DELETE FROM order_items WHERE order_items.order_id = ? AND order_items.product_id = ? OR "
              "order_items.order_id = ? AND order_items.product_id = ?");
    CHECK_STR(UNIT(insert(&dialect_rich, a, drafts, NULL, NULL, 0, 1, NULL, 0, &out, &e)),
              "INSERT INTO drafts () VALUES ()");
    CHECK_STR(UNIT(insert(&dialect_rich, a, drafts, NULL, NULL, 0, 3, id, 1, &out, &e)),
              "INSERT INTO drafts () VALUES (), (), () RETURNING id -> id");
    CHECK_STR(UNIT(insert(&defaults, a, drafts, NULL, NULL, 0, 2, id, 1, &out, &e)),
              "INSERT INTO drafts (id) VALUES (DEFAULT), (DEFAULT) RETURNING id -> id");
#undef UNIT
}

static ath_status changes_failing(counting *a, size_t fail_at) {
    product p;
    counting_init(a, fail_at);
    product_make(&p, &dialect_golden, &a->allocator,
                 UPDATE(M(Draft), .set = ath_set(ath_to(Draft, title, ath_lower(ath_str("t")))),
                        .where = ath_eq(ath_col(Draft, id), 3), .returning = ath_cols(ath_col(Draft, id))));
    ath_status status = p.status;
    product_done(&p);
    return status;
}

TEST(every_allocation_fails_once) {
    counting a;
    CHECK_INT(changes_failing(&a, 0), ATH_OK);
    size_t requests = a.requests;
    CHECK(requests >= 2);
    for (size_t n = 1; n <= requests; n++) {
        test_context("allocation %zu", n);
        CHECK_INT(changes_failing(&a, n), ATH_NO_MEMORY);
        CHECK_RELEASED(&a);
    }
}

static const test_case cases[] = {
    {"inserts", inserts},
    {"inserts_that_are_wrong", inserts_that_are_wrong},
    {"defaults_of_the_model", defaults_of_the_model},
    {"updates_and_deletes", updates_and_deletes},
    {"conditions_that_collapse", conditions_that_collapse},
    {"unit_of_work", unit_of_work},
    {"unit_of_work_by_arrays", unit_of_work_by_arrays},
    {"unit_of_work_by_arrays_of_text", unit_of_work_by_arrays_of_text},
    {"unit_of_work_without_arrays", unit_of_work_without_arrays},
    {"every_allocation_fails_once", every_allocation_fails_once},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
