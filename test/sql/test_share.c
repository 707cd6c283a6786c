/* SPDX-License-Identifier: Apache-2.0
 *
 * Placeholders that are shared where a SELECT groups, and the key that must say so: a text that has merged two
 * placeholders is found again only by values that are equal at the same places.
 */
#include "compiling.h"

#include "engine/driver.h"

#define UID ath_col(User, id)
#define AGE ath_col(User, age)
#define NAME ath_col(User, name)
#define SELECT(...) ath_stmt_of(ath_select(__VA_ARGS__))

typedef struct share_row {
    ath_stmt stmt;
    const char *sql;
    size_t binds;
} share_row;

static ath_status walk(ath__key *key, ath_stmt stmt) {
    const ath_dialect *d = ath__backend_find("postgresql")->dialect;
    ath__key_init(key, &ath__malloc_allocator);
    key->whole_arrays = ath__dialect_takes_arrays(d);
    key->shares = ath__dialect_shares(d);
    return ath__key_stmt(key, stmt, NULL);
}

static void check_text(const share_row *row) {
    ath__key key;
    ath__compiled compiled;
    CHECK_INT(walk(&key, row->stmt), ATH_OK);
    CHECK_INT(ath__compile(ath__backend_find("postgresql")->dialect, &ath__malloc_allocator, row->stmt, &key, &compiled,
                           NULL),
              ATH_OK);
    CHECK_STR(compiled.sql, row->sql);
    CHECK_INT(compiled.bind_count, row->binds);
    ath__compiled_done(&compiled);
    ath__key_done(&key);
}

static bool same_key(ath_stmt a, ath_stmt b) {
    ath__key x, y;
    CHECK_INT(walk(&x, a), ATH_OK);
    CHECK_INT(walk(&y, b), ATH_OK);
    bool same = x.word_count == y.word_count && memcmp(x.words, y.words, x.word_count * sizeof *x.words) == 0;
    ath__key_done(&x);
    ath__key_done(&y);
    return same;
}

#define MOD(n) ath_modulo(UID, n)
#define GROUPED(a, b) SELECT(.columns = ath_cols(MOD(a)), .group_by = ath_by(MOD(b)))

TEST(equal_expressions_have_one_placeholder) {
    const share_row rows[] = {
        {GROUPED(2, 2), "SELECT users.id % $1 AS anon_1 FROM users GROUP BY users.id % $1", 1},
        {GROUPED(2, 3), "SELECT users.id % $1 AS anon_1 FROM users GROUP BY users.id % $2", 2},
        {SELECT(.columns = ath_cols(ath_plus(MOD(2), 7)), .where = ath_eq(MOD(2), 1), .group_by = ath_by(MOD(2)),
                .having = ath_gt(MOD(2), 2), .order_by = ath_by(ath_desc(MOD(2)))),
         "SELECT users.id % $1 + $2 AS anon_1 FROM users WHERE users.id % $3 = $4 GROUP BY users.id % $1 HAVING "
         "users.id % $1 > $5 ORDER BY users.id % $1 DESC",
         5},
        {SELECT(.columns = ath_cols(ath_plus(AGE, 2)), .group_by = ath_by(MOD(2), AGE)),
         "SELECT users.age + $1 AS anon_1 FROM users GROUP BY users.id % $2, users.age", 2},
        {SELECT(.columns = ath_cols(ath_label(ath_coalesce(NAME, "z"), "n")), .distinct = true,
                .order_by = ath_by(ath_coalesce(NAME, "z"))),
         "SELECT DISTINCT coalesce(users.name, $1) AS n FROM users ORDER BY coalesce(users.name, $1)", 1},
        {SELECT(.columns = ath_cols(UID), .distinct_on = ath_by(MOD(2)), .order_by = ath_by(MOD(2))),
         "SELECT DISTINCT ON (users.id % $1) users.id FROM users ORDER BY users.id % $1", 1},
        {SELECT(.columns = ath_cols(MOD(2)), .group_by = ath_by(ath_rollup(MOD(2), MOD(3))), .order_by = ath_by(MOD(3)),
                .limit = 2),
         "SELECT users.id % $1 AS anon_1 FROM users GROUP BY ROLLUP(users.id % $1, users.id % $2) ORDER BY users.id % "
         "$2 LIMIT $3",
         3},
        {SELECT(.columns = ath_cols(MOD(2)), .order_by = ath_by(MOD(2))),
         "SELECT users.id % $1 AS anon_1 FROM users ORDER BY users.id % $2", 2},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++)
        check_text(&rows[i]);
}

#define ROUNDED(a, b)                                                                                                  \
    SELECT(.columns = ath_cols(ath_func("round", AGE, a)), .group_by = ath_by(ath_func("round", AGE, b)))
#define BUCKET(array, n) ath_case(ath_when(ath_in_array(UID, array, n), "a"), ath_else("b"))
#define BUCKETS(x, n, y, m) SELECT(.columns = ath_cols(BUCKET(x, n)), .group_by = ath_by(BUCKET(y, m)), .limit = 1)

TEST(arrays_are_compared_by_their_elements) {
    static const int32_t x[] = {1, 2}, same[] = {1, 2, 3}, other[] = {1, 3};
    const share_row rows[] = {
        {BUCKETS(x, 2, same, 2),
         "SELECT CASE WHEN (users.id = ANY ($1)) THEN $2 ELSE $3 END AS anon_1 FROM users GROUP BY CASE WHEN (users.id "
         "= "
         "ANY ($1)) THEN $2 ELSE $3 END LIMIT $4",
         4},
        {BUCKETS(x, 2, other, 2),
         "SELECT CASE WHEN (users.id = ANY ($1)) THEN $2 ELSE $3 END AS anon_1 FROM users GROUP BY CASE WHEN (users.id "
         "= "
         "ANY ($4)) THEN $5 ELSE $6 END LIMIT $7",
         7},
    };
    check_text(&rows[0]);
    check_text(&rows[1]);
    CHECK(!same_key(rows[0].stmt, rows[1].stmt));
    CHECK(!same_key(rows[0].stmt, BUCKETS(x, 2, same, 3)));
}

TEST(the_key_says_which_values_are_equal) {
    CHECK(same_key(GROUPED(2, 2), GROUPED(3, 3)));
    CHECK(!same_key(GROUPED(2, 2), GROUPED(2, 3)));
    CHECK(same_key(GROUPED(4, 3), GROUPED(2, 3)));
    CHECK(!same_key(ROUNDED(0.0, 0.0), ROUNDED(0.0, -0.0)));
    /* elsewhere values do not matter */
    CHECK(same_key(SELECT(.columns = ath_cols(MOD(2)), .order_by = ath_by(MOD(2))),
                   SELECT(.columns = ath_cols(MOD(2)), .order_by = ath_by(MOD(3)))));
    CHECK(
        same_key(SELECT(.columns = ath_cols(UID), .where = ath_or(ath_eq(UID, 1), ath_eq(UID, 1)), .distinct = true),
                 SELECT(.columns = ath_cols(UID), .where = ath_or(ath_eq(UID, 1), ath_eq(UID, 2)), .distinct = true)));
    /* in a subquery of such a SELECT they do */
#define INSIDE(n)                                                                                                      \
    SELECT(.columns = ath_cols(MOD(2), ath_subquery(ath_select(.columns = ath_cols(ath_max(ath_col(Order, id))),       \
                                                               .where = ath_eq(ath_col(Order, user_id), MOD(n))))),    \
           .group_by = ath_by(MOD(2)))
    CHECK(same_key(INSIDE(2), INSIDE(2)));
    CHECK(!same_key(INSIDE(2), INSIDE(3)));
}

static const test_case cases[] = {
    {"equal_expressions_have_one_placeholder", equal_expressions_have_one_placeholder},
    {"arrays_are_compared_by_their_elements", arrays_are_compared_by_their_elements},
    {"the_key_says_which_values_are_equal", the_key_says_which_values_are_equal},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
