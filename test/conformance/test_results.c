/* SPDX-License-Identifier: Apache-2.0
 *
 * Results: their columns and rows, how they are walked, counted and left, side by side and after the end of what they came
 * from.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

enum { MANY = 3000 };

static ath_engine *db;
static ath_connection *c;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    if (!c)
        return false;
    suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'top'), (2, 'mid'), (3, 'low')");
    CHECK_OK(c, ath_commit(c));
    return true;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

static ath_result *all_shelves(void) {
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Shelf), .order_by = ath_by(ath_col(Shelf, id))));
    CHECK(r != NULL);
    return r;
}

TEST(columns_and_rows) {
    if (begin()) {
        ath_result *r = all_shelves();
        CHECK_INT(ath_result_column_count(r), 2);
        CHECK_STR(ath_result_column_name(r, 0), "id");
        CHECK_STR(ath_result_column_name(r, 1), "label");
        CHECK(ath_result_column_name(r, 2) == NULL);
        CHECK_INT(ath_result_rowcount(r), -1);
        const ath_row *row = ath_fetch(r);
        CHECK_INT(ath_row_int(row, 0), 1);
        CHECK_STR(ath_row_text(row, 1), "top");
        CHECK(ath_row_get(row, "label") == ath_row_at(row, 1));
        CHECK(ath_row_get(row, "nothing") == NULL && ath_row_at(row, 2) == NULL);
        CHECK_INT(ath_row_int(ath_fetch(r), 0), 2);
        CHECK_INT(ath_row_int(ath_fetch(r), 0), 3);
        CHECK(ath_fetch(r) == NULL && ath_fetch(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_OK);
        ath_result_close(r);
    }
    end();
}

TEST(ways_to_walk) {
    if (begin()) {
        ath_result *r = all_shelves();
        CHECK_INT(ath_row_int(ath_result_first(r), 0), 1);
        CHECK(ath_fetch(r) == NULL);
        ath_result_close(r);
        r = all_shelves();
        CHECK(ath_result_one(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_MULTIPLE_RESULTS);
        ath_result_close(r);
        r = ath_execute(c, ath_select(.model = ath_model_of(Shelf), .where = ath_eq(ath_col(Shelf, id), 9)));
        CHECK(ath_result_one_or_none(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_OK);
        ath_result_close(r);
        r = ath_execute(c, ath_select(.model = ath_model_of(Shelf), .where = ath_eq(ath_col(Shelf, id), 9)));
        CHECK_INT(ath_result_column_count(r), 2); /* there are columns without rows */
        CHECK(ath_result_one(r) == NULL);
        CHECK_INT(ath_result_error(r)->status, ATH_NO_RESULT);
        ath_result_close(r);
        r = all_shelves();
        CHECK_INT(ath_result_scalar(r)->as.i, 1);
        ath_result_close(r);
        r = all_shelves();
        const ath_row **rows = ath_result_all(r);
        CHECK_INT(ath_len(rows), 3);
        for (size_t i = 0; i < ath_len(rows); i++)
            CHECK_INT(ath_row_int(rows[i], 0), (int64_t)i + 1);
        ath_result_close(r);
    }
    end();
}

/* A result that is left early disturbs nobody. */
TEST(left_early) {
    if (begin())
        for (int i = 0; i < 5; i++) {
            ath_result *r = all_shelves();
            CHECK_INT(ath_row_int(ath_fetch(r), 0), 1);
            if (i % 2)
                ath_result_close(r);
            CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 3);
            if (i % 2 == 0)
                ath_result_close(r);
            CHECK_OK(c, i < 3 ? ath_commit(c) : ath_rollback(c));
        }
    end();
}

/* The same statement, and others, walked at once. */
TEST(side_by_side) {
    if (begin()) {
        ath_result *a = all_shelves(), *b = all_shelves();
        for (int64_t i = 1; i <= 3; i++) {
            CHECK_INT(ath_row_int(ath_fetch(a), 0), i);
            CHECK_INT(suite_int(c, "SELECT max(id) FROM shelves"), 3);
            CHECK_INT(ath_row_int(ath_fetch(b), 0), i);
        }
        CHECK(ath_fetch(a) == NULL && ath_fetch(b) == NULL);
        ath_result_close(b);
        ath_result_close(a);
    }
    end();
}

TEST(counts_of_changes) {
    if (begin()) {
        ath_result *r =
            ath_execute(c, ath_update_of(.model = ath_model_of(Shelf),
                                         .set = ath_set(ath_to(Shelf, label, ath_concat(ath_col(Shelf, label), "!"))),
                                         .where = ath_gt(ath_col(Shelf, id), 1)));
        CHECK_INT(r ? ath_result_rowcount(r) : -9, 2);
        ath_result_close(r);
        /* rows matched, whether or not they were different before */
        r = ath_execute(c, ath_update_of(.model = ath_model_of(Shelf), .set = ath_set(ath_to(Shelf, label, "top")),
                                         .where = ath_eq(ath_col(Shelf, id), 1)));
        CHECK_INT(r ? ath_result_rowcount(r) : -9, 1);
        ath_result_close(r);
        r = ath_execute(c, ath_delete_of(.model = ath_model_of(Shelf), .where = ath_gt(ath_col(Shelf, id), 1)));
        CHECK_INT(r ? ath_result_rowcount(r) : -9, 2);
        CHECK_INT(r ? (int64_t)ath_result_column_count(r) : -9, 0);
        ath_result_close(r);
        r = ath_execute(c, ath_delete_of(.model = ath_model_of(Shelf), .where = ath_gt(ath_col(Shelf, id), 1)));
        CHECK_INT(r ? ath_result_rowcount(r) : -9, 0);
        ath_result_close(r);
        r = ath_execute(c, ath_text("INSERT INTO shelves (id, label) VALUES (7, 'a'), (8, 'b')"));
        CHECK_INT(r ? ath_result_rowcount(r) : -9, 2);
        ath_result_close(r);
        r = ath_execute(c, ath_insert(.model = ath_model_of(Item), .set = ath_set(ath_to(Item, name, "x"))));
        int64_t first = r ? ath_result_inserted_id(r) : 0;
        ath_result_close(r);
        r = ath_execute(c, ath_insert(.model = ath_model_of(Item), .set = ath_set(ath_to(Item, name, "y"))));
        CHECK(first > 0 && r && ath_result_inserted_id(r) > first);
        CHECK_INT(ath_result_rowcount(r), 1);
        ath_result_close(r);
    }
    end();
}

static int64_t inserted_by(ath_stmt stmt) {
    ath_result *r = ath_connection_execute(c, stmt);
    CHECK_STR(r ? "" : ath_error(c)->message, "");
    int64_t id = ath_result_inserted_id(r);
    ath_result_close(r);
    return id;
}

/* The key of one row that the database numbered; 0 for all else, whatever was inserted before. */
TEST(keys_that_were_numbered) {
    if (begin()) {
        const ath_assignment_list one = ath_set(ath_to(Item, name, "x"));
        int64_t first = inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Item), .set = one)));
        CHECK(first > 0);
        CHECK_INT(inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Item), .set = one))), first + 1);
        CHECK_INT(suite_int(c, "SELECT max(id) FROM items"), first + 1);
        CHECK_INT(inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Item), .columns = ath_names("name"),
                                                     .values = ath_rows(ath_vals("y"), ath_vals("z"))))),
                  0);
        CHECK_INT(inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Item),
                                                     .set = ath_set(ath_to(Item, id, 900), ath_to(Item, name, "x"))))),
                  0);
        CHECK_INT(
            inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Shelf),
                                               .set = ath_set(ath_to(Shelf, id, 77), ath_to(Shelf, label, "s"))))),
            0);
        CHECK_INT(
            inserted_by(ath_stmt_of(ath_insert(.model = ath_model_of(Item), .columns = ath_names("name"),
                                               .select = ath_select(.columns = ath_cols(ath_col(Shelf, label)))))),
            0);
        CHECK_INT(inserted_by(ath_stmt_of(ath_update_of(.model = ath_model_of(Item), .set = one, .all_rows = true))),
                  0);
        CHECK_INT(
            inserted_by(ath_stmt_of(ath_text("UPDATE items SET name = 'u' WHERE id = :id", ath_bind("id", first)))), 0);
        CHECK_INT(inserted_by(ath_stmt_of(ath_select(.model = ath_model_of(Shelf)))), 0);
        int64_t told =
            inserted_by(ath_stmt_of(ath_text("INSERT INTO items (name, amount, price, state, made_at) SELECT "
                                             "name, amount, price, state, made_at FROM items WHERE id = :id",
                                             ath_bind("id", first))));
        CHECK_INT(told, test_on == TEST_POSTGRESQL ? 0 : suite_int(c, "SELECT max(id) FROM items"));
    }
    end();
}

/* What SQL text gives has the kinds the database says. */
TEST(kinds_of_text_results) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_text("SELECT 1, 'x', NULL, count(*), CAST(2.5 AS DECIMAL(5, 2)), label FROM "
                                                "shelves GROUP BY label ORDER BY label"));
        const ath_row *row = r ? ath_fetch(r) : NULL;
        if (!row)
            test_failed_(__FILE__, __LINE__, "%s", ath_error(c)->message);
        CHECK(row && ath_row_at(row, 0)->kind == ATH_KIND_INT && ath_row_int(row, 0) == 1);
        CHECK(row && ath_row_at(row, 1)->kind == ATH_KIND_TEXT);
        CHECK_STR(row ? ath_row_text(row, 1) : "", "x");
        CHECK(row && ath_row_is_null(row, 2) && ath_row_text(row, 2) == NULL && ath_row_int(row, 2) == 0);
        CHECK(row && ath_row_at(row, 3)->kind == ATH_KIND_INT && ath_row_int(row, 3) == 1);
        CHECK(row && ath_row_real(row, 4) > 2.49 && ath_row_real(row, 4) < 2.51);
        CHECK_STR(row ? ath_row_text(row, 5) : "", "low");
        ath_result_close(r);
    }
    end();
}

TEST(two_columns_of_one_name) {
    if (begin()) {
        ath_result *r = ath_execute(c, ath_text("SELECT id, label AS id FROM shelves WHERE id = 2"));
        const ath_row *row = r ? ath_result_one(r) : NULL;
        CHECK_INT(row ? ath_row_int(row, 0) : 0, 2);
        CHECK_STR(row ? ath_row_text(row, 1) : "", "mid");
        ath_result_close(r);
    }
    end();
}

/* More rows than fit into one message, walked, abandoned in the middle, and taken whole. */
TEST(many_rows) {
    if (!begin()) {
        end();
        return;
    }
    ath_session *s = ath_session_open(db);
    for (int64_t i = 0; i < MANY; i++)
        ath_new(s, Item, .name = "many", .amount = (int16_t)(i % 1000));
    CHECK_OK(s, ath_commit(s));
    ath_session_close(s);
    for (int round = 0; round < 3; round++) {
        ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_col(Item, id), ath_col(Item, amount)),
                                                  .order_by = ath_by(ath_col(Item, id))));
        int64_t n = 0, last = 0;
        for (const ath_row *row; r && (row = ath_fetch(r)) != NULL && !(round == 1 && n == MANY / 2); n++) {
            CHECK(ath_row_int(row, 0) > last);
            CHECK_INT(ath_row_int(row, 1), n % 1000);
            last = ath_row_int(row, 0);
        }
        CHECK_INT(n, round == 1 ? MANY / 2 : MANY);
        if (round == 1)
            CHECK_INT(suite_int(c, "SELECT count(*) FROM items"), MANY);
        ath_result_close(r);
    }
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Item)));
    CHECK_INT(ath_len(ath_result_all(r)), MANY);
    ath_result_close(r);
    end();
}

/* After a commit or rollback an open result says so, or still gives the right rows. */
TEST(results_outlive_nothing) {
    if (begin())
        for (int i = 0; i < 2; i++) {
            ath_result *r = all_shelves();
            CHECK_INT(ath_row_int(ath_fetch(r), 0), 1);
            CHECK_OK(c, i ? ath_commit(c) : ath_rollback(c));
            const ath_row *row = ath_fetch(r);
            CHECK(row ? ath_row_int(row, 0) == 2 : ath_result_error(r)->status == ATH_STATE);
            ath_result_close(r);
            CHECK_INT(suite_int(c, "SELECT count(*) FROM shelves"), 3);
        }
    end();
}

/* One statement run again and again with other values, NULL among them. */
TEST(statements_are_used_again) {
    if (begin()) {
        uint64_t prepared = 0;
        for (int64_t i = 1; i <= 30; i++) {
            ath_result *r = ath_execute(
                c, ath_select(.columns = ath_cols(ath_col(Shelf, label)), .where = ath_eq(ath_col(Shelf, id), i % 4)));
            const ath_row *row = r ? ath_result_one_or_none(r) : NULL;
            CHECK_INT(row != NULL, i % 4 != 0);
            ath_result_close(r);
            if (i == 4)
                prepared = ath_engine_statistics(db).prepared;
        }
        CHECK_INT(ath_engine_statistics(db).prepared - prepared, 0);
        for (int i = 0; i < 4; i++) {
            ath_result *r = ath_execute(c, ath_text("SELECT count(*) FROM shelves WHERE label = :l",
                                                    i % 2 ? ath_bind("l", NULL) : ath_bind("l", "top")));
            CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), i % 2 ? 0 : 1);
        }
    }
    end();
}

/* A table that changes its shape under a prepared statement. */
TEST(tables_change_under_statements) {
    if (begin()) {
        for (int i = 0; i < 3; i++) {
            ath_result *r = ath_execute(c, ath_text("SELECT * FROM shelves WHERE id = :id", ath_bind("id", 1)));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            if (!row)
                test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
            CHECK_INT(r ? (int64_t)ath_result_column_count(r) : -1, 2 + i);
            CHECK_STR(row ? ath_row_text(row, 1) : "", "top");
            ath_result_close(r);
            CHECK_OK(c, ath_commit(c));
            suite_sql(c, i == 0   ? "ALTER TABLE shelves ADD COLUMN extra INTEGER"
                         : i == 1 ? "ALTER TABLE shelves ADD COLUMN more VARCHAR(10)"
                                  : "ALTER TABLE shelves ADD COLUMN last INTEGER");
            CHECK_OK(c, ath_commit(c));
        }
    }
    end();
}

static const suite_case cases[] = {
    {"columns_and_rows", columns_and_rows, 0},
    {"ways_to_walk", ways_to_walk, 0},
    {"left_early", left_early, 0},
    {"side_by_side", side_by_side, 0},
    {"counts_of_changes", counts_of_changes, 0},
    {"keys_that_were_numbered", keys_that_were_numbered, 0},
    {"kinds_of_text_results", kinds_of_text_results, 0},
    {"two_columns_of_one_name", two_columns_of_one_name, 0},
    {"many_rows", many_rows, 0},
    {"results_outlive_nothing", results_outlive_nothing, 0},
    {"statements_are_used_again", statements_are_used_again, 0},
    {"tables_change_under_statements", tables_change_under_statements, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
