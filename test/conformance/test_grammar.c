/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the databases' grammars differ: statements that one of them takes and another does not mean the same on all, or
 * are refused before they are sent.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

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

/* The rows of a result as text: "1,top;2,mid". */
static void check_rows_(ath_result *r, const char *want, int line) {
    char got[512] = "";
    size_t used = 0;
    if (!r)
        test_failed_(__FILE__, line, "%s (%s)", ath_error(c)->message, ath_error(c)->statement);
    for (const ath_row *row; r && (row = ath_fetch(r)) != NULL;)
        for (size_t i = 0; i < ath_result_column_count(r) && used < sizeof got - 40; i++) {
            const char *text = ath_row_at(row, i)->kind == ATH_KIND_TEXT ? ath_row_text(row, i) : NULL;
            const char *before = i ? "," : used ? ";" : "";
            used += (size_t)(ath_row_is_null(row, i) ? snprintf(got + used, sizeof got - used, "%s-", before)
                             : text                  ? snprintf(got + used, sizeof got - used, "%s%s", before, text)
                                    : snprintf(got + used, sizeof got - used, "%s%g", before, ath_row_real(row, i)));
        }
    if (r && ath_result_error(r)->status != ATH_OK)
        test_failed_(__FILE__, line, "%s", ath_result_error(r)->message);
    else if (r)
        test_check_str_(got, want, __FILE__, line, "the rows");
    ath_result_close(r);
}
#define CHECK_ROWS(want, stmt) check_rows_(ath_execute(c, stmt), want, __LINE__)

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

static const suite_case cases[] = {
    {"group_by_an_expression_with_a_value", group_by_an_expression_with_a_value, 0},
    {"equal_and_then_unequal_values", equal_and_then_unequal_values, 0},
    {"one_expression_in_several_places", one_expression_in_several_places, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
