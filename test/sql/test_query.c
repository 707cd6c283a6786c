/* SPDX-License-Identifier: Apache-2.0
 *
 * Queries built step by step (query.h): each piece is copied, lists grow in order, conditions are joined by AND, and a
 * query that failed gives NULL.
 */
#include "compiling.h"

#include "../base/counting.h"

#define UID ath_col(User, id)
#define NAME ath_col(User, name)
#define AGE ath_col(User, age)

static const char *text_of(const ath_query *q) {
    return sql_of(&dialect_plain, ath_stmt_of(ath_query_stmt(q)));
}

TEST(grows_piece_by_piece) {
    ath_query *q = ath_query_new(.columns = ath_cols(UID));
    CHECK_STR(text_of(q), "SELECT users.id FROM users");
    ath_query_where(q, ath_gt(AGE, 5));
    ath_query_where(q, NULL);
    CHECK_STR(text_of(q), "SELECT users.id FROM users WHERE users.age > ?");
    ath_query_where(q, ath_or(ath_eq(NAME, "a"), ath_eq(NAME, "b")));
    ath_query_order_by(q, ath_by(ath_desc(AGE)));
    ath_query_order_by(q, ath_by(UID));
    ath_query_columns(q, ath_cols(NAME));
    ath_query_limit(q, 3);
    ath_query_distinct(q, true);
    CHECK_STR(text_of(q), "SELECT DISTINCT users.id, users.name FROM users WHERE users.age > ? AND (users.name = ? OR "
                          "users.name = ?) ORDER BY users.age DESC, users.id LIMIT ?");
    ath_query_free(q);
}

TEST(joins_groups_and_sources) {
    ath_query *q = ath_query_new();
    ath_query_columns(q, ath_cols(UID, ath_label(ath_count(ath_col(Address, id)), "n")));
    ath_query_join(q, ath_outer_join(Address));
    ath_query_group_by(q, ath_by(UID));
    ath_query_having(q, ath_gt(ath_count(ath_col(Address, id)), 1));
    ath_query_having(q, ath_lt(ath_count(ath_col(Address, id)), 9));
    CHECK_STR(text_of(q),
              "SELECT users.id, count(addresses.id) AS n FROM users LEFT OUTER JOIN addresses ON users.id = "
              "addresses.user_id GROUP BY users.id HAVING count(addresses.id) > ? AND count(addresses.id) "
              "< ?");
    ath_query_free(q);
    q = ath_query_new(.columns = ath_cols(ath_name("t", "a")));
    ath_query_with(q, ath_cte_of("t", ath_names("a"), ath_select(.columns = ath_cols(UID))));
    ath_query_from(q, ath_table_ref("t"));
    CHECK_STR(text_of(q), "WITH t(a) AS (SELECT users.id AS id FROM users) SELECT t.a FROM t");
    ath_query_free(q);
}

/* What the pieces were made of is gone, and was overwritten, before the query is read. */
TEST(outlives_what_it_was_made_of) {
    char word[16] = "hello";
    int32_t ids[] = {7, 8, 9};
    const char *names[] = {"x", "y"};
    ath_query *q = ath_query_new(.columns = ath_cols(UID));
    {
        ath_query_where(q, ath_eq(NAME, word));
        ath_query_where(q, ath_in_array(UID, ids, 3));
        ath_query_where(q, ath_in_array(NAME, names, 2));
        ath_query_where(q, ath_in_query(UID, ath_select(.columns = ath_cols(ath_col(Address, user_id)),
                                                        .where = ath_eq(ath_col(Address, city), word))));
    }
    memset(word, 'z', sizeof word - 1);
    memset(ids, 0, sizeof ids);
    names[0] = names[1] = "z";
    CHECK_STR(binds_of(&dialect_plain, ath_stmt_of(ath_query_stmt(q))),
              "VARCHAR 'hello', INTEGER 7, INTEGER 8, INTEGER 9, INTEGER 9, VARCHAR 'x', VARCHAR 'y', "
              "VARCHAR 'hello'");
    ath_query_free(q);
}

TEST(many_pieces) {
    ath_query *q = ath_query_new(.columns = ath_cols(UID));
    for (int i = 0; i < 20; i++)
        ath_query_where(q, ath_ne(UID, i));
    const char *text = text_of(q);
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, "users.id != ?")); at++)
        found++;
    CHECK_INT(found, 20);
    CHECK(strchr(text, '(') == NULL);
    ath_query_free(q);
}

TEST(nothing_and_failure) {
    CHECK(ath_query_stmt(NULL) == NULL);
    ath_query_where(NULL, ath_eq(UID, 1));
    ath_query_limit(NULL, 1);
    ath_query_free(NULL);
}

/* Fails each allocation in turn: the query is NULL or gives NULL, or is whole; nothing leaks. */
TEST(every_allocation_fails_once) {
    counting a;
    for (size_t n = 0; n < 200; n++) {
        test_context("allocation %zu", n);
        counting_init(&a, n);
        ath_query *q = ath_query_create(ath_select(.columns = ath_cols(UID)), &a.allocator);
        ath_query_where(q, ath_in_query(UID, ath_select(.columns = ath_cols(ath_col(Address, user_id)))));
        ath_query_join(q, ath_join(Address, .on = ath_eq(UID, ath_col(Address, user_id))));
        ath_query_order_by(q, ath_by(ath_over(ath_row_number(), .order_by = ath_by(AGE), ATH_ROWS(-1, 0))));
        CHECK_INT(ath_query_stmt(q) != NULL, n == 0 || n > a.requests);
        ath_query_free(q);
        CHECK_RELEASED(&a);
    }
}

static const test_case cases[] = {
    {"grows_piece_by_piece", grows_piece_by_piece},
    {"joins_groups_and_sources", joins_groups_and_sources},
    {"outlives_what_it_was_made_of", outlives_what_it_was_made_of},
    {"many_pieces", many_pieces},
    {"nothing_and_failure", nothing_and_failure},
    {"every_allocation_fails_once", every_allocation_fails_once},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
