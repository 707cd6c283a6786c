/* SPDX-License-Identifier: Apache-2.0
 *
 * What a session promises, on every database: objects become rows and rows objects, keys come back, a rollback undoes both
 * sides.
 */
#include "test.h"

#include "shop.h"
#include "suite.h"

enum { MANY = 500 };

static ath_engine *db;
static ath_session *s;

static bool begin(void) {
    db = suite_open();
    s = suite_tables(db, &Shop) ? ath_session_open(db) : NULL;
    return s != NULL;
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
    s = NULL;
}

static void anew(void) {
    ath_session_close(s);
    s = ath_session_open(db);
    CHECK(s != NULL);
}

TEST(objects_become_rows) {
    if (begin()) {
        Shelf *shelf = ath_new(s, Shelf, .label = "top");
        CHECK(shelf && shelf->id == 0);
        CHECK_OK(s, ath_commit(s));
        int64_t id = shelf->id;
        CHECK(id > 0);
        CHECK(ath_get(s, Shelf, id) == shelf);
        anew();
        Shelf *again = ath_get(s, Shelf, id);
        CHECK_STR(again ? again->label : "", "top");
        CHECK(ath_get(s, Shelf, id + 1000) == NULL);
        CHECK_OK(s, ath_error(s)->status);
        again->label = "low";
        CHECK_OK(s, ath_commit(s));
        anew();
        again = ath_get(s, Shelf, id);
        CHECK_STR(again ? again->label : "", "low");
        CHECK_OK(s, ath_delete(s, again));
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Shelf), 0);
        CHECK(ath_get(s, Shelf, id) == NULL);
    }
    end();
}

TEST(the_database_fills_in) {
    if (begin()) {
        Item *item = ath_new(s, Item, .name = "cup");
        CHECK_OK(s, ath_commit(s));
        CHECK_STR(item ? item->state : "", "it's \\new\\ %s");
        CHECK_INT(item->amount, 1);
        CHECK(item->made_at.us > 1600000000000000);
        int64_t made_at = item->made_at.us, id = item->id;
        anew();
        item = ath_get(s, Item, id);
        CHECK_INT(item ? item->made_at.us : 0, made_at);
        CHECK_STR(item ? item->state : "", "it's \\new\\ %s");
        CHECK_INT(item ? ath_decimal_compare(item->price, ath_decimal_from_int(0)) : 1, 0);
    }
    end();
}

/* Keys that the database gave to many rows belong to the objects they are in. */
TEST(keys_belong_to_their_rows) {
    static char names[MANY][12];
    static Item *items[MANY];
    if (!begin()) {
        end();
        return;
    }
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "n%d", (i * 7919) % MANY);
        items[i] = ath_new(s, Item, .name = names[i], .amount = (int16_t)i);
    }
    CHECK_OK(s, ath_commit(s));
    ath_connection *c = suite_connect(db);
    for (int i = 0; c && i < MANY && test_failures_ < 5; i++) {
        ath_result *r = ath_execute(
            c, ath_text("SELECT name, amount, state FROM items WHERE id = :id", ath_bind("id", items[i]->id)));
        const ath_row *row = r ? ath_result_one(r) : NULL;
        CHECK_STR(row ? ath_row_text(row, 0) : "", names[i]);
        CHECK_INT(row ? ath_row_int(row, 1) : -1, i);
        CHECK_STR(items[i]->state, "it's \\new\\ %s");
        ath_result_close(r);
    }
    ath_connection_close(c);
    end();
}

TEST(parents_before_children) {
    if (begin()) {
        Item *item = ath_new(s, Item, .name = "first");
        Shelf *shelf = ath_new(s, Shelf, .id = 70, .label = "later");
        item->shelf_id = (ath_opt_i64)ath_some(70);
        CHECK_OK(s, ath_commit(s));
        CHECK_OK(s, ath_delete(s, shelf));
        CHECK_OK(s, ath_delete(s, item));
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Shelf), 0);
        CHECK_INT(ath_count(s, Item), 0);
    }
    end();
}

TEST(composite_keys) {
    if (begin()) {
        for (int32_t shop = 1; shop <= 3; shop++)
            ath_new(s, Stock, .shop = shop, .sku = "it's", .amount = shop * 10);
        CHECK_OK(s, ath_commit(s));
        anew();
        Stock *stock = ath_get(s, Stock, 2, "it's");
        CHECK_INT(stock ? stock->amount : 0, 20);
        stock->amount = 21;
        CHECK_OK(s, ath_commit(s));
        anew();
        stock = ath_get(s, Stock, 2, "it's");
        CHECK_INT(stock ? stock->amount : 0, 21);
        CHECK_INT(ath_count(s, Stock, .where = ath_eq(ath_col(Stock, amount), 20)), 0);
        CHECK(ath_get(s, Stock, 2, "other") == NULL);
        CHECK_OK(s, ath_delete(s, stock));
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Stock), 2);
    }
    end();
}

TEST(a_rollback_undoes_both_sides) {
    if (begin()) {
        Shelf *kept = ath_new(s, Shelf, .label = "kept");
        CHECK_OK(s, ath_commit(s));
        Shelf *gone = ath_new(s, Shelf, .label = "gone");
        kept->label = "changed";
        CHECK_OK(s, ath_flush(s));
        CHECK_INT(ath_count(s, Shelf), 2);
        CHECK_OK(s, ath_rollback(s));
        CHECK_STR(kept->label, "kept");
        CHECK_INT(ath_session_state(s, gone), ATH_STATE_NONE);
        CHECK_INT(ath_count(s, Shelf), 1);
        CHECK_INT(ath_count(s, Shelf, .where = ath_eq(ath_col(Shelf, label), "kept")), 1);
    }
    end();
}

TEST(many_updates_and_deletes) {
    if (begin()) {
        for (int i = 0; i < 100; i++)
            ath_new(s, Item, .name = "x", .amount = (int16_t)i);
        CHECK_OK(s, ath_commit(s));
        Item **items = ath_all(s, Item, .order_by = ath_by(ath_col(Item, amount)));
        CHECK_INT(ath_len(items), 100);
        for (size_t i = 0; i < ath_len(items); i++) {
            if (i % 3 == 0)
                items[i]->amount = (int16_t)(items[i]->amount + 1000);
            if (i % 3 == 1)
                CHECK_OK(s, ath_delete(s, items[i]));
        }
        CHECK_OK(s, ath_commit(s));
        anew();
        CHECK_INT(ath_count(s, Item), 67);
        CHECK_INT(ath_count(s, Item, .where = ath_ge(ath_col(Item, amount), 1000)), 34);
        items =
            ath_all(s, Item, .where = ath_ge(ath_col(Item, amount), 1000), .order_by = ath_by(ath_col(Item, amount)));
        for (size_t i = 0; i < ath_len(items); i++)
            CHECK_INT(items[i]->amount, 1000 + 3 * (int64_t)i);
    }
    end();
}

/* A row that another has deleted meanwhile. */
TEST(stale_objects) {
    if (begin()) {
        Shelf *shelf = ath_new(s, Shelf, .label = "mine");
        CHECK_OK(s, ath_commit(s));
        ath_connection *c = suite_connect(db);
        suite_sql(c, "DELETE FROM shelves");
        CHECK_OK(c, ath_commit(c));
        ath_connection_close(c);
        shelf->label = "still mine";
        CHECK_STATUS(s, ath_commit(s), ATH_STALE_DATA);
        CHECK_OK(s, ath_rollback(s));
        CHECK_STATUS(s, ath_refresh(s, shelf), ATH_NO_RESULT);
    }
    end();
}

/* An UPDATE that changes nothing matched its row all the same. */
TEST(the_same_again_is_not_stale) {
    if (begin()) {
        Shelf *shelf = ath_new(s, Shelf, .label = "mine");
        CHECK_OK(s, ath_commit(s));
        ath_connection *c = suite_connect(db);
        suite_sql(c, "UPDATE shelves SET label = 'theirs'");
        CHECK_OK(c, ath_commit(c));
        ath_connection_close(c);
        shelf->label = "theirs";
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_update(s, Shelf, .set = ath_set(ath_to(Shelf, label, "theirs")),
                             .where = ath_eq(ath_col(Shelf, id), shelf->id)),
                  1);
        CHECK_OK(s, ath_refresh(s, shelf));
        CHECK_STR(shelf->label, "theirs");
    }
    end();
}

TEST(changes_by_condition) {
    if (begin()) {
        for (int i = 0; i < 20; i++)
            ath_new(s, Item, .name = i % 2 ? "odd" : "even", .amount = (int16_t)i);
        CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, amount, ath_plus(ath_col(Item, amount), 100))),
                             .where = ath_eq(ath_col(Item, name), "odd")),
                  10);
        CHECK_INT(ath_delete_where(s, Item, .where = ath_lt(ath_col(Item, amount), 10)), 5);
        CHECK_INT(ath_delete_where(s, Item, .where = NULL), -1);
        CHECK_OK(s, ath_commit(s));
        CHECK_INT(ath_count(s, Item), 15);
        CHECK_INT(ath_count(s, Item, .where = ath_gt(ath_col(Item, amount), 100)), 10);
    }
    end();
}

TEST(queries) {
    if (begin()) {
        for (int64_t i = 1; i <= 3; i++)
            ath_new(s, Shelf, .id = i, .label = i == 1 ? "top" : i == 2 ? "mid" : "low");
        for (int i = 0; i < 7; i++)
            ath_new(s, Item, .shelf_id = {.value = i % 2 + 1, .has = i != 6}, .name = "thing", .amount = (int16_t)i);
        CHECK_OK(s, ath_commit(s));
        anew();
        Tally **tallies = ath_into(
            s, Tally,
            ath_select(.columns = ath_cols(ath_col(Shelf, label), ath_label(ath_count(ath_col(Item, id)), "items")),
                       .from = ath_from(ath_model_source(Shelf)), .joins = ath_joins(ath_outer_join(Item)),
                       .group_by = ath_by(ath_col(Shelf, id), ath_col(Shelf, label)),
                       .order_by = ath_by(ath_col(Shelf, id))));
        CHECK_INT(ath_len(tallies), 3);
        for (size_t i = 0; i < ath_len(tallies); i++)
            CHECK_INT(tallies[i]->items, i < 2 ? 3 : 0);
        Item *item = ath_first(s, Item, .where = ath_is_null(ath_col(Item, shelf_id)));
        CHECK(item && !item->shelf_id.has);
        item = ath_first(s, Item, .order_by = ath_by(ath_desc(ath_col(Item, amount))), .offset = 1);
        CHECK_INT(item ? item->amount : -1, 5);
        CHECK(ath_one(s, Shelf, .where = ath_in(ath_col(Shelf, label), "top", "mid")) == NULL);
        CHECK_STATUS(s, ath_error(s)->status, ATH_MULTIPLE_RESULTS);
        const ath_value *sum = ath_scalar(s, ath_select(.columns = ath_cols(ath_sum(ath_col(Item, amount)))));
        CHECK(sum &&
              (sum->kind == ATH_KIND_INT ? sum->as.i == 21
                                         : sum->kind == ATH_KIND_DECIMAL &&
                                               ath_decimal_compare(sum->as.decimal, ath_decimal_from_int(21)) == 0));
    }
    end();
}

TEST(streams) {
    if (begin()) {
        for (int i = 0; i < 300; i++)
            ath_new(s, Item, .name = "x", .amount = (int16_t)i);
        CHECK_OK(s, ath_commit(s));
        int64_t n = 0;
        ath_stream *rows = ath_stream_open(s, Item, .order_by = ath_by(ath_col(Item, amount)));
        for (const Item *item; rows && (item = ath_stream_next(rows)) != NULL; n++) {
            CHECK_INT(item->amount, n);
            if (n % 100 == 0) /* the session works on beside it */
                CHECK_INT(ath_count(s, Item), 300);
        }
        CHECK_INT(n, 300);
        CHECK_OK(s, ath_stream_close(rows));
        rows = ath_stream_open(s, Item);
        CHECK(rows && ath_stream_next(rows) != NULL);
        CHECK_OK(s, ath_stream_close(rows)); /* left early */
        CHECK_INT(ath_count(s, Item), 300);
    }
    end();
}

static const suite_case cases[] = {
    {"objects_become_rows", objects_become_rows, 0},
    {"the_database_fills_in", the_database_fills_in, 0},
    {"keys_belong_to_their_rows", keys_belong_to_their_rows, 0},
    {"parents_before_children", parents_before_children, 0},
    {"composite_keys", composite_keys, 0},
    {"a_rollback_undoes_both_sides", a_rollback_undoes_both_sides, 0},
    {"many_updates_and_deletes", many_updates_and_deletes, 0},
    {"stale_objects", stale_objects, 0},
    {"the_same_again_is_not_stale", the_same_again_is_not_stale, 0},
    {"changes_by_condition", changes_by_condition, 0},
    {"queries", queries, 0},
    {"streams", streams, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
