/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the databases' grammars differ: statements that one of them takes and another does not mean the same on all, or
 * are refused before they are sent.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

typedef struct Flag {
    int32_t id;
    bool is_up;
    ath_uuid tag;
} Flag;

ATH_MODEL(Flag, "flags") {
    ath_column(id, .primary_key = true);
    ath_column(is_up);
    ath_column(tag);
}

ATH_METADATA(Flags, Flag);

typedef struct Root {
    uint64_t id;
    const char *title;
} Root;

typedef struct Leaf {
    uint64_t id, root_id;
    ath_opt_u64 next_id;
} Leaf;

ATH_MODEL(Root, "roots") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_TEXT, .server_default = ath_str("it's (new)"));
}

ATH_MODEL(Leaf, "leaves") {
    ath_column(id, .primary_key = true);
    ath_column(root_id, .foreign_key = "roots.id");
    ath_column(next_id, .nullable = true, .foreign_key = "leaves.id");
}

ATH_METADATA(Tree, Leaf, Root);

static ath_engine *db;
static ath_connection *c;

#define ITEM(f) ath_col(Item, f)

/* items: (id, shelf, name, amount) */
static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'top'), (2, 'mid')");
    suite_sql(
        c, "INSERT INTO items (id, shelf_id, name, amount, price) VALUES (1, 1, 'cup', 5, 1), (2, 1, 'plate', 3, 1), "
           "(3, 2, 'fork', 12, 1), (4, 2, 'knife', 12, 1), (5, NULL, 'spoon', 0, 1)");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

#define CHECK_ROWS(want, stmt) suite_rows_(c, ath_execute(c, stmt), want, __FILE__, __LINE__)

/* Fails with that status before anything is sent: no statement has failed on the server. */
static void check_refused_(ath_result *r, ath_status want, const char *word, int line) {
    const ath_error *error = r ? ath_result_error(r) : ath_error(c);
    if (error->status != want || !strstr(error->message, word) || error->sqlstate[0])
        test_failed_(__FILE__, line, "not refused, but %s: %s", ath_status_name(error->status), error->message);
    ath_result_close(r);
}
#define CHECK_REFUSED(status, word, stmt) check_refused_(ath_execute(c, stmt), status, word, __LINE__)

/* ---- groups over expressions ---- */

/* Rows by the remainder of their number, and how many there are. */
static void remainders(int32_t selected, int32_t grouped, int32_t ordered, const char *want) {
    CHECK_ROWS(want, ath_select(.columns = ath_cols(ath_modulo(ITEM(id), selected), ath_count_all()),
                                .group_by = ath_by(ath_modulo(ITEM(id), grouped)),
                                .order_by = ath_by(ath_modulo(ITEM(id), ordered))));
}

TEST(group_by_an_expression_with_a_value) {
    if (begin()) {
        for (int i = 0; i < 3; i++) {
            remainders(2, 2, 2, "0,2;1,3");
            remainders(3, 3, 3, "0,1;1,2;2,2");
        }
        CHECK_ROWS(
            "big,2;small,3",
            ath_select(.columns = ath_cols(ath_case(ath_when(ath_gt(ITEM(amount), 5), "big"), ath_else("small")),
                                           ath_count_all()),
                       .group_by = ath_by(ath_case(ath_when(ath_gt(ITEM(amount), 5), "big"), ath_else("small"))),
                       .order_by = ath_by(ath_case(ath_when(ath_gt(ITEM(amount), 5), "big"), ath_else("small")))));
        CHECK_ROWS("-1,1;1,2;2,2", ath_select(.columns = ath_cols(ath_label(ath_coalesce(ITEM(shelf_id), -1), "shelf"),
                                                                  ath_count_all()),
                                              .group_by = ath_by(ath_coalesce(ITEM(shelf_id), -1)),
                                              .order_by = ath_by(ath_coalesce(ITEM(shelf_id), -1))));
        CHECK_ROWS("10,2;11,3", ath_select(.columns = ath_cols(ath_plus(ath_modulo(ITEM(id), 2), 10), ath_count_all()),
                                           .group_by = ath_by(ath_modulo(ITEM(id), 2)),
                                           .order_by = ath_by(ath_plus(ath_modulo(ITEM(id), 2), 10))));
    }
    end();
}

/* The same shape with values that are equal, then with others: a text that has merged two placeholders is not for these. */
TEST(equal_and_then_unequal_values) {
    if (begin()) {
        for (int turn = 0; turn < 2; turn++)
            for (int32_t b = 1; b <= 3; b++) {
                char want[40];
                snprintf(want, sizeof want, "%d,%d", 1 % b, b == 1 ? 1 : 1);
                CHECK_ROWS(want, ath_select(.columns = ath_cols(ath_modulo(ITEM(id), b), ath_modulo(ITEM(id), 2)),
                                            .where = ath_eq(ITEM(id), 1), .distinct = true,
                                            .order_by = ath_by(ath_modulo(ITEM(id), b))));
            }
        /* a sum of what is no part of the group: equal to the group's value or not, it is its own */
        for (int32_t plus = 1; plus <= 3; plus++) {
            char want[40];
            snprintf(want, sizeof want, "0,%d;1,%d", 6 + 2 * plus, 9 + 3 * plus);
            CHECK_ROWS(want, ath_select(.columns = ath_cols(ath_modulo(ITEM(id), 2), ath_sum(ath_plus(ITEM(id), plus))),
                                        .group_by = ath_by(ath_modulo(ITEM(id), 2)),
                                        .order_by = ath_by(ath_modulo(ITEM(id), 2))));
        }
    }
    end();
}

TEST(one_expression_in_several_places) {
    if (begin()) {
        const ath_expr *half = ath_value_of(ath_floor_divide(ITEM(id), 2));
        CHECK_ROWS("0,1;1,2;2,2", ath_select(.columns = ath_cols(half, ath_count_all()), .group_by = ath_by(half),
                                             .order_by = ath_by(half)));
        CHECK_ROWS("2;1;0",
                   ath_select(.columns = ath_cols(half), .distinct = true, .order_by = ath_by(ath_desc(half))));
    }
    end();
}

/* ---- compounds, VALUES and what is wrapped ---- */

#define NUMBERS(...) ath_select(.columns = ath_cols(ITEM(id)), __VA_ARGS__)

TEST(with_in_a_member) {
    if (begin()) {
        const ath_select_stmt *named =
            ath_select(.with = ath_with("w", ath_names("i"), NUMBERS(.where = ath_lt(ITEM(id), 3))),
                       .columns = ath_cols(ath_name("w", "i")), .from = ath_from(ath_table_ref("w")));
        CHECK_ROWS("1;2;5", ath_union_all(ath_queries(named, NUMBERS(.where = ath_eq(ITEM(id), 5))),
                                          .order_by = ath_by(ath_name(NULL, "i"))));
        CHECK_ROWS("1;2;5", ath_union(ath_queries(named, NUMBERS(.where = ath_eq(ITEM(id), 5)), named),
                                      .order_by = ath_by(ath_name(NULL, "i"))));
    }
    end();
}

TEST(limited_members_in_a_list) {
    if (begin()) {
        const ath_select_stmt *first = NUMBERS(.order_by = ath_by(ITEM(id)), .limit = 2);
        const ath_select_stmt *last = NUMBERS(.order_by = ath_by(ath_desc(ITEM(id))), .limit = 1);
        CHECK_ROWS("1;2;5", NUMBERS(.where = ath_in_query(ITEM(id), ath_union_all(ath_queries(first, last))),
                                    .order_by = ath_by(ITEM(id))));
        CHECK_ROWS("3;4",
                   NUMBERS(.where = ath_not_in_query(
                               ITEM(id), ath_union_all(ath_queries(first, ath_union_all(ath_queries(last, first))))),
                           .order_by = ath_by(ITEM(id))));
    }
    end();
}

TEST(rollup_in_order) {
    if (begin() && test_on != TEST_SQLITE) {
        CHECK_ROWS("-,32;0,24;1,8",
                   ath_select(.columns = ath_cols(ath_label(ath_modulo(ITEM(shelf_id), 2), "m"), ath_sum(ITEM(amount))),
                              .group_by = ath_by(ath_rollup(ath_modulo(ITEM(shelf_id), 2))),
                              .having = ath_gt(ath_sum(ITEM(amount)), 0),
                              .order_by = ath_by(ath_nulls_first(ath_asc(ath_modulo(ITEM(shelf_id), 2))))));
    }
    end();
}

TEST(values_in_order) {
    if (begin()) {
        CHECK_ROWS("2,b;3,c", ath_select(.values = ath_rows(ath_vals(3, "c"), ath_vals(1, "a"), ath_vals(2, "b")),
                                         .order_by = ath_by(ath_name(NULL, "column1")), .limit = 2, .offset = 1));
        CHECK_ROWS("3;2", ath_select(.values = ath_rows(ath_vals(3), ath_vals(2), ath_vals(1)), .limit = 2));
        CHECK_REFUSED(ATH_ARGUMENT, "VALUES has", ath_select(.values = ath_rows(ath_vals(3)), .distinct = true));
        CHECK_REFUSED(ATH_ARGUMENT, "a compound SELECT has",
                      ath_union(ath_queries(NUMBERS(), NUMBERS()), .where = ath_eq(ITEM(id), 1)));
    }
    end();
}

/* ---- locks ---- */

/* A database that locks rows of tables alone refuses by name; the others run it. */
static void lock_is_refused(const ath_select_stmt *stmt, const char *word, int line) {
    ath_result *r = ath_execute(c, stmt);
    if (test_on == TEST_POSTGRESQL) {
        check_refused_(r, ATH_NOT_SUPPORTED, word, line);
        return;
    }
    if (!r)
        test_failed_(__FILE__, line, "%s", ath_error(c)->message);
    ath_result_close(r);
}
#define CHECK_LOCK(word, ...) lock_is_refused(ath_select(.lock = ath_for_update(), __VA_ARGS__), word, __LINE__)

TEST(locks_are_for_rows_of_tables) {
    if (begin()) {
        CHECK_LOCK("FOR UPDATE with DISTINCT", .columns = ath_cols(ITEM(amount)), .distinct = true);
        CHECK_LOCK("FOR UPDATE with aggregates", .columns = ath_cols(ath_plus(ath_max(ITEM(id)), 1)));
        CHECK_LOCK("FOR UPDATE with GROUP BY", .columns = ath_cols(ITEM(amount)), .group_by = ath_by(ITEM(amount)));
        CHECK_LOCK("FOR UPDATE with window",
                   .columns = ath_cols(ath_over(ath_row_number(), .order_by = ath_by(ITEM(id)))));
        CHECK_LOCK("FOR UPDATE with UNION", ath_queries(NUMBERS(), NUMBERS()), .set = ATH_SET_UNION);
        CHECK_LOCK("FOR UPDATE with DISTINCT", .columns = ath_cols(ath_name("d", "amount")),
                   .from =
                       ath_from(ath_select_as(ath_select(.columns = ath_cols(ITEM(amount)), .distinct = true), "d")));
        CHECK_LOCK("FOR UPDATE with an outer join", .model = ath_model_of(Item),
                   .joins = ath_joins(ath_outer_join(Shelf)));
        CHECK_ROWS("1;2",
                   NUMBERS(.where = ath_lt(ITEM(id), 3), .order_by = ath_by(ITEM(id)), .lock = ath_for_update()));
    }
    end();
}

TEST(frames_that_end_before_they_begin) {
    if (begin()) {
        static const int64_t bounds[][2] = {
            {2, -1}, {0, -1}, {-1, -2}, {ATH_UNBOUNDED_FOLLOWING, ATH_UNBOUNDED_FOLLOWING}};
        for (size_t i = 0; i < TEST_COUNT(bounds); i++)
            CHECK_REFUSED(ATH_ARGUMENT, "ends before it begins",
                          ath_select(.columns = ath_cols(ath_over(ath_sum(ITEM(id)), .order_by = ath_by(ITEM(id)),
                                                                  ATH_ROWS(bounds[i][0], bounds[i][1])))));
        CHECK_ROWS("15", ath_select(.columns = ath_cols(
                                        ath_over(ath_sum(ITEM(id)), .order_by = ath_by(ITEM(id)), ATH_ROWS(-4, 0))),
                                    .order_by = ath_by(ath_desc(ITEM(id))), .limit = 1));
    }
    end();
}

/* ---- aggregates ---- */

#define FLAG(f) ath_col(Flag, f)

static void raise_flag(int32_t id, bool up, unsigned char first) {
    ath_uuid tag = {{first}};
    ath_result *r = ath_execute(
        c, ath_insert(.model = ath_model_of(Flag),
                      .set = ath_set(ath_to(Flag, id, id), ath_to(Flag, is_up, up), ath_to(Flag, tag, tag))));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s", ath_error(c)->message);
    ath_result_close(r);
}

/* Of 1 up 0x0a, 2 down 0xf0, 3 up 0x90. */
static void check_extremes(bool max, bool min, unsigned max_tag, unsigned min_tag, ath_result *r, int line) {
    const ath_row *row = r ? ath_result_first(r) : NULL;
    if (!row) {
        test_failed_(__FILE__, line, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
    } else {
        CHECK(ath_row_at(row, 0)->kind == ATH_KIND_BOOL && ath_row_at(row, 0)->as.b == max);
        CHECK(ath_row_at(row, 1)->kind == ATH_KIND_BOOL && ath_row_at(row, 1)->as.b == min);
        CHECK_INT(ath_row_at(row, 2)->as.uuid.bytes[0], max_tag);
        CHECK_INT(ath_row_at(row, 3)->as.uuid.bytes[0], min_tag);
    }
    ath_result_close(r);
}

TEST(extremes_of_booleans_and_uuids) {
    if (begin() && suite_tables(db, &Flags)) {
        raise_flag(1, true, 0x0a);
        raise_flag(2, false, 0xf0);
        raise_flag(3, true, 0x90);
#define EXTREMES(around)                                                                                               \
    .columns = ath_cols(around(ath_max(FLAG(is_up))), around(ath_min(FLAG(is_up))), around(ath_max(FLAG(tag))),        \
                        around(ath_min(FLAG(tag))))
#define AS_IT_IS(x) x
#define OF_ODD(x) ath_filter(x, ath_ne(FLAG(id), 2))
#define OVER_ALL(x) ath_over(x)
#define OVER_ODD(x) ath_over(x, .partition_by = ath_by(ath_modulo(FLAG(id), 2)))
        check_extremes(true, false, 0xf0, 0x0a, ath_execute(c, ath_select(EXTREMES(AS_IT_IS))), __LINE__);
        check_extremes(true, true, 0x90, 0x0a, ath_execute(c, ath_select(EXTREMES(OF_ODD))), __LINE__);
        check_extremes(true, false, 0xf0, 0x0a, ath_execute(c, ath_select(EXTREMES(OVER_ALL))), __LINE__);
        check_extremes(true, true, 0x90, 0x0a,
                       ath_execute(c, ath_select(EXTREMES(OVER_ODD), .order_by = ath_by(ath_desc(FLAG(id))))),
                       __LINE__);
    }
    end();
}

TEST(a_boolean_column_is_a_condition) {
    if (begin() && suite_tables(db, &Flags)) {
        raise_flag(1, true, 1);
        raise_flag(2, false, 2);
        CHECK_ROWS("1", ath_select(.columns = ath_cols(FLAG(id)), .where = FLAG(is_up)));
        CHECK_ROWS("2", ath_select(.columns = ath_cols(FLAG(id)), .where = ath_not(FLAG(is_up))));
        CHECK_ROWS("1", ath_select(.columns = ath_cols(ath_max(FLAG(id))), .group_by = ath_by(FLAG(is_up)),
                                   .having = FLAG(is_up)));
        CHECK_ROWS("1,1;1,2", ath_select(.columns = ath_cols(FLAG(id), ath_col_of("o", Flag, id)),
                                         .from = ath_from(ath_model_source(Flag)),
                                         .joins = ath_joins(ath_join_to(ath_model_as(Flag, "o"), .on = FLAG(is_up))),
                                         .order_by = ath_by(ath_col_of("o", Flag, id))));
        ath_result_close(ath_execute(c, ath_delete_of(.model = ath_model_of(Flag), .where = FLAG(is_up))));
        CHECK_ROWS("2", ath_select(.columns = ath_cols(FLAG(id))));
    }
    end();
}

/* ---- counting ---- */

TEST(counts_of_what_a_query_gives) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        CHECK_INT(ath_count(s, Item), 5);
        CHECK_INT(ath_count(s, Item, .limit = 3), 3);
        CHECK_INT(ath_count(s, Item, .limit = 3, .offset = 4), 1);
        CHECK_INT(ath_count(s, Item, .columns = ath_cols(ITEM(amount)), .distinct = true), 4);
        CHECK_INT(ath_count(s, Item, .columns = ath_cols(ITEM(shelf_id), ath_sum(ITEM(amount))),
                            .group_by = ath_by(ITEM(shelf_id))),
                  3);
        CHECK_INT(ath_count(s, Item, .columns = ath_cols(ITEM(shelf_id)), .group_by = ath_by(ITEM(shelf_id)),
                            .having = ath_gt(ath_sum(ITEM(amount)), 0)),
                  2);
        CHECK_INT(
            ath_count(s, Item, .distinct = true, .where = ath_gt(ITEM(amount), 3), .order_by = ath_by(ITEM(name))), 3);
        ath_query *q = ath_query_create(NULL, NULL);
        ath_query_where(q, ath_gt(ITEM(id), 1));
        ath_query_limit(q, 2);
        CHECK_INT(ath_query_count(s, Item, q), 2);
        ath_query_limit(q, 0);
        ath_query_columns(q, ath_cols(ITEM(amount)));
        ath_query_distinct(q, true);
        CHECK_INT(ath_query_count(s, Item, q), 3);
        ath_query_free(q);
        ath_session_close(s);
    }
    end();
}

/* ---- what an upsert has written ---- */

static void check_written_(const ath_insert_stmt *stmt, int64_t want, int line) {
    ath_result *r = ath_execute(c, stmt);
    if (!r)
        test_failed_(__FILE__, line, "%s (%s)", ath_error(c)->message, ath_error(c)->statement);
    else if (ath_result_rowcount(r) != want)
        test_failed_(__FILE__, line, "%lld rows written, not %lld (%s)", (long long)ath_result_rowcount(r),
                     (long long)want, ath_result_error(r)->message);
    ath_result_close(r);
}
#define STOCK(f) ath_col(Stock, f)
#define ROW(shop_is, amount_is)                                                                                        \
    .set = ath_set(ath_to(Stock, shop, shop_is), ath_to(Stock, sku, "x"), ath_to(Stock, amount, amount_is))
#define ROWS(...) .columns = ath_names("shop", "sku", "amount"), .values = ath_rows(__VA_ARGS__)
#define KEEP .on_conflict = ath_on_conflict(.columns = ath_names("shop", "sku"))
#define SET                                                                                                            \
    .on_conflict = ath_on_conflict(.columns = ath_names("shop", "sku"),                                                \
                                   .set = ath_set(ath_to(Stock, amount, ath_excluded(Stock, amount))))
#define CHECK_WRITTEN(want, ...) check_written_(ath_insert(.model = ath_model_of(Stock), __VA_ARGS__), want, __LINE__)

TEST(rows_an_upsert_has_written) {
    if (begin()) {
        CHECK_WRITTEN(1, ROW(1, 10), KEEP);
        CHECK_WRITTEN(0, ROW(1, 11), KEEP);
        CHECK_WRITTEN(0, ROWS(ath_vals(1, "x", 12)), KEEP);
        CHECK_WRITTEN(1, ROWS(ath_vals(2, "x", 20)), KEEP);
        CHECK_WRITTEN(2, ROWS(ath_vals(1, "x", 13), ath_vals(3, "x", 30), ath_vals(4, "x", 40)), KEEP);
        CHECK_WRITTEN(0, ROWS(ath_vals(1, "x", 14), ath_vals(2, "x", 24)), KEEP);
        CHECK_WRITTEN(1, ROW(5, 50), SET);
        CHECK_WRITTEN(1, ROW(5, 51), SET);
        CHECK_WRITTEN(1, ROW(5, 51), SET);
        CHECK_WRITTEN(1, ROWS(ath_vals(5, "x", 51)), SET);
        CHECK_WRITTEN(3, ROWS(ath_vals(5, "x", 51), ath_vals(4, "x", 41), ath_vals(6, "x", 60)), SET);
        const ath_select_stmt *again =
            ath_select(.columns = ath_cols(STOCK(shop), STOCK(sku), ath_plus(STOCK(amount), 1)),
                       .where = ath_le(STOCK(shop), 2));
        const ath_select_stmt *moved =
            ath_select(.columns = ath_cols(ath_plus(STOCK(shop), 4), STOCK(sku), STOCK(amount)));
        bool told = test_on != TEST_MYSQL; /* of a SELECT's rows MariaDB does not say how many it has kept */
        CHECK_WRITTEN(told ? 0 : -1, .columns = ath_names("shop", "sku", "amount"), .select = again, KEEP);
        CHECK_WRITTEN(told ? 4 : -1, .columns = ath_names("shop", "sku", "amount"), .select = moved, KEEP);
        CHECK_WRITTEN(2, .columns = ath_names("shop", "sku", "amount"), .select = again, SET);
        CHECK_ROWS("1,11;2,21;3,30;4,41;5,51;6,60;7,30;8,41;9,51;10,60",
                   ath_select(.columns = ath_cols(STOCK(shop), STOCK(amount)), .order_by = ath_by(STOCK(shop))));
    }
    end();
}

/* Where the database numbers the key too. */
TEST(kept_rows_of_a_numbered_table) {
    if (begin()) {
#define LABEL(text) .model = ath_model_of(Shelf), .set = ath_set(ath_to(Shelf, label, text))
#define KEEP_LABEL .on_conflict = ath_on_conflict(.columns = ath_names("label"))
        if (test_on == TEST_POSTGRESQL) /* begin() has named keys */
            suite_sql(c, "SELECT setval('shelves_id_seq', 10)");
        check_written_(ath_insert(LABEL("top"), KEEP_LABEL), 0, __LINE__);
        check_written_(ath_insert(LABEL("low"), KEEP_LABEL), 1, __LINE__);
        check_written_(ath_insert(LABEL("low"), KEEP_LABEL), 0, __LINE__);
        check_written_(ath_insert(LABEL("high")), 1, __LINE__);
        CHECK_ROWS("high;low;mid;top",
                   ath_select(.columns = ath_cols(ath_col(Shelf, label)), .order_by = ath_by(ath_col(Shelf, label))));
    }
    end();
}

/* Rows that were written, or refused by name. */
TEST(returning_of_an_upsert) {
    if (begin()) {
#define RETURN .returning = ath_cols(STOCK(amount))
        CHECK_ROWS("10", ath_insert(.model = ath_model_of(Stock), ROW(1, 10), SET, RETURN));
        CHECK_ROWS("11", ath_insert(.model = ath_model_of(Stock), ROW(1, 11), SET, RETURN));
        const ath_insert_stmt *kept = ath_insert(.model = ath_model_of(Stock), ROW(1, 12), KEEP, RETURN);
        if (test_on == TEST_MYSQL)
            CHECK_REFUSED(ATH_NOT_SUPPORTED, "RETURNING that leaves out", kept);
        else
            CHECK_ROWS("", kept);
    }
    end();
}

/* ---- tables ---- */

/* A numbered key of 64 bits without a sign, and what refers to it; a text with a default. */
TEST(wide_keys_and_what_refers_to_them) {
    if (begin() && suite_tables(db, &Tree)) {
        ath_session *s = ath_session_open(db);
        Root *root = ath_new(s, Root);
        CHECK_INT(ath_flush(s), ATH_OK);
        Leaf *first = ath_new(s, Leaf, .root_id = root->id);
        CHECK_INT(ath_flush(s), ATH_OK);
        ath_new(s, Leaf, .root_id = root->id, .next_id = {true, first->id});
        CHECK_STATUS(s, ath_commit(s), ATH_OK);
        ath_session_close(s);
        CHECK_ROWS("it's (new),1;it's (new),2",
                   ath_select(.columns = ath_cols(ath_col(Root, title), ath_col(Leaf, id)),
                              .from = ath_from(ath_model_source(Root)), .joins = ath_joins(ath_join(Leaf)),
                              .order_by = ath_by(ath_col(Leaf, id))));
    }
    end();
}

static const suite_case cases[] = {
    {"group_by_an_expression_with_a_value", group_by_an_expression_with_a_value, 0},
    {"equal_and_then_unequal_values", equal_and_then_unequal_values, 0},
    {"one_expression_in_several_places", one_expression_in_several_places, 0},
    {"with_in_a_member", with_in_a_member, 0},
    {"limited_members_in_a_list", limited_members_in_a_list, 0},
    {"rollup_in_order", rollup_in_order, 0},
    {"values_in_order", values_in_order, 0},
    {"locks_are_for_rows_of_tables", locks_are_for_rows_of_tables, 0},
    {"extremes_of_booleans_and_uuids", extremes_of_booleans_and_uuids, 0},
    {"counts_of_what_a_query_gives", counts_of_what_a_query_gives, 0},
    {"rows_an_upsert_has_written", rows_an_upsert_has_written, 0},
    {"kept_rows_of_a_numbered_table", kept_rows_of_a_numbered_table, 0},
    {"returning_of_an_upsert", returning_of_an_upsert, 0},
    {"wide_keys_and_what_refers_to_them", wide_keys_and_what_refers_to_them, 0},
    {"a_boolean_column_is_a_condition", a_boolean_column_is_a_condition, 0},
    {"frames_that_end_before_they_begin", frames_that_end_before_they_begin, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
