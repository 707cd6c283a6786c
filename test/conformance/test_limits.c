/* SPDX-License-Identifier: Apache-2.0
 *
 * Much of everything: long lists, many rows, deep expressions, long texts, many statements.  It works, or it is refused; it is
 * never half done.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

enum { ROWS = 5000, LONGEST = 70000 };

static ath_engine *db;
static ath_connection *c;

static bool begin(void) {
    db = suite_open();
    c = suite_tables(db, &Shop) ? suite_connect(db) : NULL;
    return c != NULL;
}

static void end(void) {
    ath_connection_close(c);
    ath_engine_close(db);
    c = NULL;
}

static bool is_refusal(ath_status status) {
    return status == ATH_ARGUMENT || status == ATH_NOT_SUPPORTED || status == ATH_PROGRAMMING ||
           status == ATH_OPERATIONAL;
}

TEST(long_lists) {
    static int64_t ids[LONGEST];
    static const size_t sizes[] = {100, 1000, 10000, 32766, 32767, 65535, 65536, LONGEST};
    if (begin()) {
        for (size_t i = 0; i < LONGEST; i++)
            ids[i] = (int64_t)i + 2;
        suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'no'), (2, 'first'), (50, 'mid'), (70001, 'last')");
        CHECK_OK(c, ath_commit(c));
        for (size_t i = 0; i < TEST_COUNT(sizes); i++) {
            test_context("%zu", sizes[i]);
            ath_result *r = ath_execute(c, ath_select(.columns = ath_cols(ath_count_all()),
                                                      .from = ath_from(ath_model_source(Shelf)),
                                                      .where = ath_in_array(ath_col(Shelf, id), ids, sizes[i])));
            if (r) {
                CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), sizes[i] == LONGEST ? 3 : 2);
                continue;
            }
            CHECK(is_refusal(ath_error(c)->status) && sizes[i] > 16384);
            CHECK_OK(c, ath_rollback(c));
        }
    }
    end();
}

/* One flush of many rows: all are there, each with its key. */
TEST(many_rows_at_once) {
    static Item *items[ROWS];
    if (begin()) {
        ath_session *s = ath_session_open(db);
        for (int i = 0; i < ROWS; i++)
            items[i] = ath_new(s, Item, .name = "row", .amount = (int16_t)i, .state = "s");
        CHECK_OK(s, ath_commit(s));
        ath_result *r = ath_execute(c, ath_text("SELECT id, amount FROM items ORDER BY id"));
        int64_t n = 0;
        for (const ath_row *row; r && (row = ath_fetch(r)) != NULL && n < ROWS && test_failures_ < 5; n++) {
            CHECK_INT(ath_row_int(row, 0), items[n]->id); /* numbered in the order they were made */
            CHECK_INT(ath_row_int(row, 1), n);
        }
        CHECK_INT(n, ROWS);
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
        for (int i = 0; i < ROWS; i++)
            items[i]->state = "t";
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Item, .where = ath_eq(ath_col(Item, state), "t")), ROWS);
        for (int i = 0; i < ROWS; i++)
            CHECK_OK(s, ath_delete(s, items[i]));
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Item), 0);
        ath_session_close(s);
    }
    end();
}

/* id + 1 + 1 + ... */
TEST(deep_expressions) {
    static const size_t depths[] = {10, 100, 1000};
    static ath_expr nodes[1001], ones[1001];
    static const ath_expr *args[1001][2];
    if (begin()) {
        suite_sql(c, "INSERT INTO shelves (id, label) VALUES (1, 'a')");
        for (size_t d = 0; d < TEST_COUNT(depths); d++) {
            nodes[0] = *ATH_X_(ath_col(Shelf, id));
            for (size_t i = 1; i <= depths[d]; i++) {
                ones[i] = (ath_expr){.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_INT, .as.i = 1}};
                args[i][0] = &nodes[i - 1];
                args[i][1] = &ones[i];
                nodes[i] = (ath_expr){.node = ATH_NODE_OPERATOR, .op = ATH_OP_ADD, .count = 2, .args = args[i]};
            }
            const ath_expr *list[] = {&nodes[depths[d]]};
            test_context("%zu", depths[d]);
            ath_result *r = ath_execute(c, ath_select(.columns = {1, list}));
            if (r)
                CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), (int64_t)depths[d] + 1);
            else
                CHECK(is_refusal(ath_error(c)->status) && depths[d] > 100);
            if (!r)
                break;
        }
    }
    end();
}

TEST(long_texts) {
    enum { SIZE = 1 << 20 };
    if (begin()) {
        char *sql = malloc(SIZE + 100);
        CHECK(sql != NULL);
        if (sql) {
            int at = snprintf(sql, 100, "SELECT 42 /* ");
            memset(sql + at, '?', SIZE);
            memcpy(sql + at + SIZE, " :x '\" */ AS n", 15);
            CHECK_INT(suite_int(c, sql), 42);
        }
        free(sql);
    }
    end();
}

/* More shapes of statements than any cache keeps; each is right, and so is the first again. */
TEST(many_statements) {
    char sql[120];
    if (begin()) {
        for (int round = 0; round < 2; round++)
            for (int i = 0; i < 400 && test_failures_ < 5; i++) {
                snprintf(sql, sizeof sql, "SELECT %d + CAST(:x AS %s) AS n%d", i,
                         test_on == TEST_MYSQL ? "SIGNED" : "INTEGER", i);
                ath_result *r = ath_execute(c, ath_text(sql, ath_bind("x", 7)));
                CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), i + 7);
            }
        CHECK_OK(c, ath_commit(c));
    }
    end();
}

/* Many connections, one after another and at once. */
TEST(many_connections) {
    ath_connection *many[10];
    if (begin()) {
        for (size_t i = 0; i < TEST_COUNT(many); i++)
            many[i] = suite_connect(db);
        for (size_t i = 0; i < TEST_COUNT(many) && many[i]; i++)
            CHECK_INT(suite_int(many[i], "SELECT 1"), 1);
        for (size_t i = 0; i < TEST_COUNT(many); i++)
            ath_connection_close(many[i]);
        for (size_t i = 0; i < 3 * TEST_COUNT(many); i++) {
            ath_connection *one = suite_connect(db);
            CHECK_INT(suite_int(one, "SELECT 1"), 1);
            ath_connection_close(one);
        }
    }
    end();
}

static const suite_case cases[] = {
    {"long_lists", long_lists, 0},
    {"many_rows_at_once", many_rows_at_once, 0},
    {"deep_expressions", deep_expressions, 0},
    {"long_texts", long_texts, 0},
    {"many_statements", many_statements, 0},
    {"many_connections", many_connections, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
