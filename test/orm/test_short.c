/* SPDX-License-Identifier: Apache-2.0
 *
 * The query language without its prefix says the same.
 */
#include "test.h"

#include "../models.h"

#include <athanor/short.h>

#define TEXT_OF(statement, out) CHECK_INT(ath_engine_sql(db, statement, out, sizeof out, NULL, NULL), ATH_OK)

TEST(later_words_too) {
    ath_engine *db = library_open();
    char with[400], without[400];
    TEXT_OF(stmt_of(select_(.columns = cols(label(round_(abs_(negate(col(Author, age))), 1), "r"),
                                            substr_(col(Author, name), 1, 2),
                                            case_of(col(Author, id), is_value(1, "one"), else_("more")),
                                            over(dense_rank(), .order_by = by(col(Author, id)))),
                            .from = from_(model_source(Author)), .joins = joins(cross_join(Book)),
                            .where = between_symmetric(col(Author, id), 1, 9))),
            without);
    TEXT_OF(ath_stmt_of(ath_select(.columns = ath_cols(
                                       ath_label(ath_round(ath_abs(ath_negate(ath_col(Author, age))), 1), "r"),
                                       ath_substr(ath_col(Author, name), 1, 2),
                                       ath_case_of(ath_col(Author, id), ath_is_value(1, "one"), ath_else("more")),
                                       ath_over(ath_dense_rank(), .order_by = ath_by(ath_col(Author, id)))),
                                   .from = ath_from(ath_model_source(Author)), .joins = ath_joins(ath_cross_join(Book)),
                                   .where = ath_between_symmetric(ath_col(Author, id), 1, 9))),
            with);
    CHECK_STR(without, with);
    TEXT_OF(stmt_of(values_(vals(1, "a"), vals(2, "b"))), without);
    TEXT_OF(ath_stmt_of(ath_values(ath_vals(1, "a"), ath_vals(2, "b"))), with);
    CHECK_STR(without, with);
    ath_engine_close(db);
}

TEST(the_same_sql) {
    ath_engine *db = library_open();
    char with[400], without[400];
    CHECK_INT(ath_engine_sql(
                  db,
                  ath_stmt_of(select_(.columns = cols(col(Author, id), label(count_(col(Book, id)), "n")),
                                      .joins = joins(outer_join(Book)),
                                      .where = and_(eq(col(Author, is_active), true),
                                                    or_(ilike(col(Author, name), "%a%"), in_(col(Author, id), 1, 2),
                                                        not_(is_null(col(Author, age))))),
                                      .group_by = by(col(Author, id)), .order_by = by(desc(col(Author, id))))),
                  without, sizeof without, NULL, NULL),
              ATH_OK);
    CHECK_INT(
        ath_engine_sql(
            db,
            ath_stmt_of(
                ath_select(.columns = ath_cols(ath_col(Author, id), ath_label(ath_count(ath_col(Book, id)), "n")),
                           .joins = ath_joins(ath_outer_join(Book)),
                           .where = ath_and(ath_eq(ath_col(Author, is_active), true),
                                            ath_or(ath_ilike(ath_col(Author, name), "%a%"),
                                                   ath_in(ath_col(Author, id), 1, 2),
                                                   ath_not(ath_is_null(ath_col(Author, age))))),
                           .group_by = ath_by(ath_col(Author, id)), .order_by = ath_by(ath_desc(ath_col(Author, id))))),
            with, sizeof with, NULL, NULL),
        ATH_OK);
    CHECK_STR(without, with);
    CHECK(strstr(with, "WHERE authors.is_active = ? AND (lower(authors.name) LIKE lower(?) OR authors.id IN (?, ?) OR "
                       "authors.age IS NOT NULL)") != NULL);
    ath_engine_close(db);
}

static const test_case cases[] = {{"the_same_sql", the_same_sql}, {"later_words_too", later_words_too}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
