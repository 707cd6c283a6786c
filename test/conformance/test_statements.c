/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements mean the same everywhere: a table of queries over a small set of rows, each with the rows it must give, and
 * INSERT, UPDATE and DELETE in their forms.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

static ath_engine *db;
static ath_connection *c;

/* shelves: 1 top, 2 mid, 3 low, 4 a_b%c.  items: (id, shelf, name, amount, price) */
static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'top'), (2, 'mid'), (3, 'low'), (4, 'a_b%c')");
    suite_sql(c, "INSERT INTO items (id, shelf_id, name, amount, price) VALUES (1, 1, 'cup', 5, 1.50), (2, 1, 'plate', "
                 "3, 2.25), "
                 "(3, 2, 'fork', 12, 0.75), (4, 2, 'knife', 12, 0.80), (5, NULL, 'spoon', 0, 0.70)");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

#define CHECK_ROWS(want, ...) suite_rows_(c, ath_execute(c, ath_select(__VA_ARGS__)), want, __FILE__, __LINE__)

#define ITEM(f) ath_col(Item, f)
#define SHELF(f) ath_col(Shelf, f)
#define IDS .columns = ath_cols(ITEM(id)), .order_by = ath_by(ITEM(id))
#define SHELVES .columns = ath_cols(SHELF(id)), .order_by = ath_by(SHELF(id))

TEST(conditions) {
    if (begin()) {
        CHECK_ROWS("3;4", IDS, .where = ath_eq(ITEM(amount), 12));
        CHECK_ROWS("1;2;5", IDS, .where = ath_ne(ITEM(amount), 12));
        CHECK_ROWS("2;5", IDS, .where = ath_le(ITEM(amount), 3));
        CHECK_ROWS("1;2", IDS, .where = ath_between(ITEM(amount), 3, 5));
        CHECK_ROWS("5", IDS, .where = ath_is_null(ITEM(shelf_id)));
        CHECK_ROWS("1;2;3;4", IDS, .where = ath_is_not_null(ITEM(shelf_id)));
        CHECK_ROWS(
            "1;5", IDS,
            .where = ath_or(ath_and(ath_eq(ITEM(shelf_id), 1), ath_gt(ITEM(amount), 3)), ath_eq(ITEM(name), "spoon")));
        CHECK_ROWS("2;3;4;5", IDS, .where = ath_not(ath_eq(ITEM(name), "cup")));
        CHECK_ROWS("2;3;4", IDS, .where = ath_in(ITEM(id), 2, 3, 4));
        CHECK_ROWS("", IDS, .where = ath_in_array(ITEM(id), (int64_t[]){0}, 0));
        CHECK_ROWS("1;2;3;4;5", IDS, .where = ath_not_in_array(ITEM(id), (int64_t[]){0}, 0));
        const int64_t ids[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
        for (size_t n = 1; n <= TEST_COUNT(ids); n++)
            CHECK_ROWS(n == 1   ? "1"
                       : n == 2 ? "1;2"
                       : n == 3 ? "1;2;3"
                       : n == 4 ? "1;2;3;4"
                                : "1;2;3;4;5",
                       IDS, .where = ath_in_array(ITEM(id), ids, n));
        CHECK_ROWS("3;4", IDS, .where = ath_gt(ath_plus(ITEM(amount), ITEM(id)), 8), .limit = 2);
    }
    end();
}

TEST(patterns) {
    if (begin()) {
        CHECK_ROWS("2", IDS, .where = ath_like(ITEM(name), "pl%"));
        CHECK_ROWS("1;3;4;5", IDS, .where = ath_not_like(ITEM(name), "pl%"));
        CHECK_ROWS("3", IDS, .where = ath_like(ITEM(name), "_ork"));
        CHECK_ROWS("2", IDS, .where = ath_ilike(ITEM(name), "PL%"));
        CHECK_ROWS("4", SHELVES, .where = ath_contains(SHELF(label), "_b%"));
        CHECK_ROWS("", SHELVES, .where = ath_contains(SHELF(label), "_o"));
        CHECK_ROWS("4", SHELVES, .where = ath_endswith(SHELF(label), "%c"));
        CHECK_ROWS("4", SHELVES, .where = ath_startswith(SHELF(label), "a_"));
        CHECK_ROWS("", SHELVES, .where = ath_startswith(SHELF(label), "%"));
        CHECK_ROWS("1;2;3;4", SHELVES, .where = ath_contains(SHELF(label), ""));
    }
    end();
}

TEST(expressions) {
    if (begin()) {
        CHECK_ROWS("6,2,15,-5",
                   .columns = ath_cols(ath_plus(ITEM(amount), 1), ath_minus(ITEM(amount), 3),
                                       ath_times(ITEM(amount), 3), ath_negate(ITEM(amount))),
                   .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("2", .columns = ath_cols(ath_modulo(ITEM(amount), 3)), .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("14", .columns = ath_cols(ath_times(ath_plus(ITEM(amount), 2), 2)), .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("cup!", .columns = ath_cols(ath_concat(ITEM(name), "!")), .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("CUP,3", .columns = ath_cols(ath_upper(ITEM(name)), ath_length(ITEM(name))),
                   .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("1;1;2;2;-1", .columns = ath_cols(ath_coalesce(ITEM(shelf_id), -1)), .order_by = ath_by(ITEM(id)));
        CHECK_ROWS("few;few;many;many;none",
                   .columns = ath_cols(ath_case(ath_when(ath_gt(ITEM(amount), 10), "many"),
                                                ath_when(ath_gt(ITEM(amount), 0), "few"), ath_else("none"))),
                   .order_by = ath_by(ITEM(id)));
        CHECK_ROWS("5", .columns = ath_cols(ath_cast(ITEM(amount), ATH_BIGINT)), .where = ath_eq(ITEM(id), 1));
        CHECK_ROWS("1", .columns = ath_cols(ath_count_all()), .from = ath_from(ath_model_source(Item)),
                   .where = ath_eq(ath_cast(ITEM(amount), ATH_STRING(10)), "5"));
    }
    end();
}

TEST(orders_and_pages) {
    if (begin()) {
        CHECK_ROWS("5;2;1;3;4", .columns = ath_cols(ITEM(id)), .order_by = ath_by(ITEM(amount), ITEM(id)));
        CHECK_ROWS("4;3;1;2;5", .columns = ath_cols(ITEM(id)),
                   .order_by = ath_by(ath_desc(ITEM(amount)), ath_desc(ITEM(id))));
        CHECK_ROWS("5;1;2;3;4", .columns = ath_cols(ITEM(id)),
                   .order_by = ath_by(ath_nulls_first(ITEM(shelf_id)), ITEM(id)));
        CHECK_ROWS("1;2;3;4;5", .columns = ath_cols(ITEM(id)),
                   .order_by = ath_by(ath_nulls_last(ITEM(shelf_id)), ITEM(id)));
        CHECK_ROWS("3;4;1;2;5", .columns = ath_cols(ITEM(id)),
                   .order_by = ath_by(ath_nulls_last(ath_desc(ITEM(shelf_id))), ITEM(id)));
        CHECK_ROWS("1;2", IDS, .limit = 2);
        CHECK_ROWS("3;4", IDS, .limit = 2, .offset = 2);
        CHECK_ROWS("4;5", IDS, .offset = 3);
        CHECK_ROWS("12;5;3;0", .columns = ath_cols(ITEM(amount)), .distinct = true,
                   .order_by = ath_by(ath_desc(ITEM(amount))));
    }
    end();
}

TEST(groups) {
    if (begin()) {
        CHECK_ROWS("5,32,0,12,5", .columns = ath_cols(ath_count_all(), ath_sum(ITEM(amount)), ath_min(ITEM(amount)),
                                                      ath_max(ITEM(amount)), ath_count(ITEM(id))));
        CHECK_ROWS("4,2", .columns = ath_cols(ath_count(ITEM(shelf_id)), ath_count_distinct(ITEM(shelf_id))));
        CHECK_ROWS("6.4", .columns = ath_cols(ath_avg(ITEM(amount))));
        CHECK_ROWS("1,8;2,24", .columns = ath_cols(ITEM(shelf_id), ath_sum(ITEM(amount))),
                   .where = ath_is_not_null(ITEM(shelf_id)), .group_by = ath_by(ITEM(shelf_id)),
                   .order_by = ath_by(ITEM(shelf_id)));
        CHECK_ROWS("2", .columns = ath_cols(ITEM(shelf_id)), .group_by = ath_by(ITEM(shelf_id)),
                   .having = ath_gt(ath_sum(ITEM(amount)), 10));
        CHECK_ROWS("0,-", .columns = ath_cols(ath_count_all(), ath_sum(ITEM(amount))), .where = ath_eq(ITEM(id), 99));
    }
    end();
}

TEST(joins) {
    if (begin()) {
        CHECK_ROWS("cup,top;plate,top;fork,mid;knife,mid", .columns = ath_cols(ITEM(name), SHELF(label)),
                   .from = ath_from(ath_model_source(Item)), .joins = ath_joins(ath_join(Shelf)),
                   .order_by = ath_by(ITEM(id)));
        CHECK_ROWS("cup,top;plate,top;fork,mid;knife,mid;spoon,-", .columns = ath_cols(ITEM(name), SHELF(label)),
                   .from = ath_from(ath_model_source(Item)), .joins = ath_joins(ath_outer_join(Shelf)),
                   .order_by = ath_by(ITEM(id)));
        CHECK_ROWS("20", .columns = ath_cols(ath_count_all()), .from = ath_from(ath_model_source(Item)),
                   .joins = ath_joins(ath_cross_join(Shelf)));
        CHECK_ROWS("1,2", .columns = ath_cols(ath_col_of("a", Item, id), ath_col_of("b", Item, id)),
                   .from = ath_from(ath_model_as(Item, "a")),
                   .joins = ath_joins(ath_join_to(
                       ath_model_as(Item, "b"),
                       .on = ath_and(ath_eq(ath_col_of("a", Item, shelf_id), ath_col_of("b", Item, shelf_id)),
                                     ath_lt(ath_col_of("a", Item, id), ath_col_of("b", Item, id))))),
                   .where = ath_eq(ath_col_of("a", Item, shelf_id), 1));
    }
    end();
}

TEST(subqueries) {
    if (begin()) {
        CHECK_ROWS("3;4", SHELVES,
                   .where = ath_not(
                       ath_exists(ath_select(.columns = ath_cols(ITEM(id)), .from = ath_from(ath_model_source(Item)),
                                             .where = ath_eq(ITEM(shelf_id), SHELF(id))))));
        CHECK_ROWS("1;2", SHELVES, .where = ath_in_query(SHELF(id), ath_select(.columns = ath_cols(ITEM(shelf_id)))));
        CHECK_ROWS("3;4", IDS,
                   .where = ath_eq(ITEM(amount),
                                   ath_subquery(ath_select(.columns = ath_cols(ath_max(ath_col_of("m", Item, amount))),
                                                           .from = ath_from(ath_model_as(Item, "m"))))));
        CHECK_ROWS("8;24", .columns = ath_cols(ath_name("q", "total")),
                   .from = ath_from(ath_select_as(
                       ath_select(.columns = ath_cols(ITEM(shelf_id), ath_label(ath_sum(ITEM(amount)), "total")),
                                  .where = ath_is_not_null(ITEM(shelf_id)), .group_by = ath_by(ITEM(shelf_id))),
                       "q")),
                   .order_by = ath_by(ath_name("q", "total")));
        CHECK_ROWS("1;2;3;4;5", .columns = ath_cols(ath_name("n", "x")),
                   .with = ath_with("n", ath_names("x"), ath_select(.columns = ath_cols(ath_label(ath_int(1), "x"))),
                                    .recursive = ath_select(.columns = ath_cols(ath_plus(ath_name("n", "x"), 1)),
                                                            .from = ath_from(ath_table_ref("n")),
                                                            .where = ath_lt(ath_name("n", "x"), 5)),
                                    .union_all = true),
                   .from = ath_from(ath_table_ref("n")), .order_by = ath_by(ath_name("n", "x")));
    }
    end();
}

/* ---- changes ---- */

static void change(ath_result *r, int64_t rows, int line) {
    if (!r)
        test_failed_(__FILE__, line, "%s (%s)", ath_error(c)->message, ath_error(c)->statement);
    else
        test_check_int_(ath_result_rowcount(r), rows, __FILE__, line, "rows");
    ath_result_close(r);
}
#define CHANGE(rows, stmt) change(ath_execute(c, stmt), rows, __LINE__)

TEST(changes) {
    if (begin()) {
        CHANGE(1, ath_insert(.model = ath_model_of(Shelf),
                             .set = ath_set(ath_to(Shelf, id, 9), ath_to(Shelf, label, "new"))));
        CHANGE(1, ath_insert(.table = "shelves", .set = ath_set(ath_name_to("id", 10), ath_name_to("label", "newer"))));
        CHANGE(2, ath_insert(.table = "stock", .columns = ath_names("shop", "sku", "amount"),
                             .select = ath_select(.columns = ath_cols(ITEM(shelf_id), ITEM(name), ITEM(amount)),
                                                  .where = ath_eq(ITEM(shelf_id), 1))));
        CHANGE(2, ath_update_of(.model = ath_model_of(Stock),
                                .set = ath_set(ath_to(Stock, amount, ath_times(ath_col(Stock, amount), 2))),
                                .all_rows = true));
        CHECK_ROWS("cup,10;plate,6", .columns = ath_cols(ath_col(Stock, sku), ath_col(Stock, amount)),
                   .order_by = ath_by(ath_col(Stock, sku)));
        CHANGE(1, ath_update_of(.model = ath_model_of(Item), .set = ath_set(ath_to(Item, shelf_id, NULL)),
                                .where = ath_eq(ITEM(id), 1)));
        CHECK_ROWS("1;5", IDS, .where = ath_is_null(ITEM(shelf_id)));
        CHANGE(1, ath_delete_of(.model = ath_model_of(Stock), .where = ath_eq(ath_col(Stock, sku), "cup")));
        CHANGE(2, ath_delete_of(.table = "shelves", .where = ath_gt(ath_name("shelves", "id"), 8)));
        CHECK(ath_execute(c, ath_delete_of(.table = "shelves")) == NULL); /* every row has to be meant */
        CHECK(ath_execute(c, ath_update_of(.table = "shelves", .set = ath_set(ath_name_to("label", "x")))) == NULL);
    }
    end();
}

/* RETURNING, or a refusal that names it. */
TEST(returning) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_insert(.model = ath_model_of(Shelf),
                                                  .set = ath_set(ath_to(Shelf, id, 9), ath_to(Shelf, label, "new")),
                                                  .returning = ath_cols(SHELF(id), SHELF(label))));
        if (r || ath_error(c)->status != ATH_NOT_SUPPORTED)
            suite_rows_(c, r, "9,new", __FILE__, __LINE__);
        r = ath_execute(c, ath_update_of(.model = ath_model_of(Shelf), .set = ath_set(ath_to(Shelf, label, "other")),
                                         .where = ath_eq(SHELF(id), 9), .returning = ath_cols(SHELF(label))));
        if (r || ath_error(c)->status != ATH_NOT_SUPPORTED)
            suite_rows_(c, r, "other", __FILE__, __LINE__);
        r = ath_execute(c, ath_delete_of(.model = ath_model_of(Shelf), .where = ath_eq(SHELF(id), 9),
                                         .returning = ath_cols(SHELF(id))));
        if (r || ath_error(c)->status != ATH_NOT_SUPPORTED)
            suite_rows_(c, r, "9", __FILE__, __LINE__);
        CHECK_INT(suite_int(c, "SELECT count(*) FROM items"), 5);
    }
    end();
}

static const suite_case cases[] = {
    {"conditions", conditions, 0},   {"patterns", patterns, 0},
    {"expressions", expressions, 0}, {"orders_and_pages", orders_and_pages, 0},
    {"groups", groups, 0},           {"joins", joins, 0},
    {"subqueries", subqueries, 0},   {"changes", changes, 0},
    {"returning", returning, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
