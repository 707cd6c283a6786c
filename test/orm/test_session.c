/* SPDX-License-Identifier: Apache-2.0
 *
 * A session from new to commit: what is written, what is read back, what a rollback puts back.
 */
#include "library.h"

static ath_engine *db;
static ath_session *s;

static void begin(void) {
    db = library_fresh();
    s = db ? ath_session_open(db) : NULL;
    CHECK(s != NULL);
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
}

static int64_t count_authors(void) {
    return ath_count(s, Author);
}

TEST(a_new_object_gets_its_key_and_defaults) {
    begin();
    Author *a = ath_new(s, Author, .name = "alice", .email = "a@example.org");
    CHECK(a->is_active);
    CHECK_INT(ath_session_state(s, a), ATH_STATE_PENDING);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(a->id, 1);
    CHECK_STR(a->status, "draft");
    CHECK(a->ts.created_at.us > 0 && a->ts.updated_at.us > 0);
    CHECK_INT(ath_session_state(s, a), ATH_STATE_PERSISTENT);
    CHECK(ath_get(s, Author, 1) == a);
    end();
}

/* Rule 1: false is written where the default is true, and NULL where it was named. */
TEST(a_named_field_is_set_whatever_its_value) {
    begin();
    Author *a = ath_new(s, Author, .name = "a", .is_active = false, .status = "x");
    Author *b = ath_new(s, Author, .name = "b, (\"q\", .status = 1", .age = ath_some(3));
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, a), ATH_OK);
    CHECK_INT(ath_refresh(s, b), ATH_OK);
    CHECK(!a->is_active && b->is_active);
    CHECK_STR(a->status, "x");
    CHECK_STR(b->status, "draft");
    CHECK(!a->age.has && b->age.has && b->age.value == 3);
    end();
}

TEST(a_field_assigned_before_the_flush_is_set) {
    begin();
    Author *a = ath_new(s, Author, .name = "a");
    a->is_active = false;
    a->status = "mine";
    a->id = 77;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, a), ATH_OK);
    CHECK(a->id == 77 && !a->is_active);
    CHECK_STR(a->status, "mine");
    end();
}

TEST(a_named_null_is_null) {
    begin();
    Author *a = ath_new(s, Author, .name = NULL);
    (void)a;
    CHECK_INT(ath_commit(s), ATH_INTEGRITY);
    CHECK_INT(ath_error(s)->integrity, ATH_INTEGRITY_NOT_NULL);
    CHECK_STR(ath_error(s)->table, "authors");
    CHECK_STR(ath_error(s)->column, "name");
    ath_rollback(s);
    end();
}

TEST(only_changed_columns_are_written) {
    begin();
    Author *a = ath_new(s, Author, .name = "alice");
    Book *b = ath_new(s, Book, .author_id = 1, .title = "t");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_connection *c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("UPDATE books SET title = 'changed elsewhere'")));
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    CHECK_INT(ath_decimal_parse("12.50", 5, &b->price), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, b), ATH_OK);
    CHECK_STR(b->title, "changed elsewhere");
    char text[ATH_DECIMAL_TEXT];
    ath_decimal_format(b->price, text);
    CHECK_STR(text, "12.50");
    CHECK(a->id == b->author_id);
    end();
}

TEST(an_unchanged_object_sends_nothing) {
    begin();
    Author *a = ath_new(s, Author, .name = "alice");
    CHECK_INT(ath_commit(s), ATH_OK);
    uint64_t before = statements_of(db);
    char same[] = "alice";
    a->name = same; /* another pointer, the same text */
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(statements_of(db) - before, 0);
    end();
}

TEST(text_is_copied_at_the_flush) {
    begin();
    char name[] = "before";
    Author *a = ath_new(s, Author, .name = name);
    CHECK_INT(ath_flush(s), ATH_OK);
    memcpy(name, "xxxxxx", 6);
    CHECK_STR(a->name, "before");
    char again[] = "later";
    a->name = again;
    CHECK_INT(ath_commit(s), ATH_OK);
    memcpy(again, "yyyyy", 5);
    CHECK_STR(a->name, "later");
    end();
}

/* Equal text that is the program's own is not kept: it may change or go. */
TEST(equal_text_is_not_kept_by_address) {
    begin();
    Author *a = ath_new(s, Author, .name = "aaa");
    CHECK_INT(ath_commit(s), ATH_OK);
    char *mine = strdup("aaa");
    a->name = mine;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(a->name != mine);
    free(mine);
    CHECK_STR(a->name, "aaa");
    end();
}

TEST(a_result_outlives_its_transaction_safely) {
    begin();
    ath_new(s, Author, .name = "a");
    ath_new(s, Author, .name = "b");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_result *r = ath_execute(s, ath_select(.model = ath_model_of(Author)));
    CHECK(ath_fetch(r) != NULL);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ath_fetch(r) == NULL);
    CHECK_INT(ath_error(r)->status, ATH_STATE);
    ath_result_close(r);
    end();
}

#define BY_MACRO .age = ath_some(3)
TEST(fields_that_are_not_named_in_the_call) {
    begin();
    CHECK(ath_session_new(s, &ath_model_Book, &(const Book){.id = 0}, "Book, 0, 1, \"by position\"") == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(ath_new(s, Author, BY_MACRO, .name = "x") == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_INT(ath_rollback(s), ATH_OK);
    end();
}

/* Values that the objects cannot take leave the session only the rollback. */
TEST(an_update_the_objects_cannot_follow) {
    SQLITE_ONLY("the columns of servers hold what their fields hold");
    begin();
    ath_new(s, Stock, .shop_id = 1, .sku = "s", .quantity = 1);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ath_get(s, Stock, 1, "s") != NULL);
    CHECK_INT(ath_update(s, Stock,
                         .set = ath_set(ath_to(Stock, quantity, ath_plus(ath_col(Stock, quantity), 5000000000))),
                         .where = ath_eq(ath_col(Stock, sku), "s")),
              -1);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Stock, .where = ath_eq(ath_col(Stock, quantity), 1)), 1);
    end();
}

TEST(onupdate_is_applied_and_read_back) {
    begin();
    Author *a = ath_new(s, Author, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    a->ts.updated_at.us = 5;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(a->ts.updated_at.us, 5); /* set by hand: left alone */
    a->balance = 2.5;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(a->ts.updated_at.us > 5);
    end();
}

TEST(one_row_is_one_struct) {
    begin();
    ath_new(s, Author, .name = "a");
    ath_new(s, Author, .name = "b");
    CHECK_INT(ath_commit(s), ATH_OK);
    Author *a = ath_get(s, Author, 1);
    Author **all = ath_all(s, Author, .order_by = ath_by(ath_col(Author, id)));
    CHECK_INT(ath_len(all), 2);
    CHECK(all[0] == a && all[2] == NULL);
    uint64_t before = statements_of(db);
    CHECK(ath_get(s, Author, 2) == all[1]);
    CHECK_INT(statements_of(db) - before, 0);
    CHECK(ath_get(s, Author, 99) == NULL && ath_error(s)->status == ATH_OK);
    end();
}

TEST(delete_and_its_states) {
    begin();
    Author *a = ath_new(s, Author, .name = "a"), *p = ath_new(s, Author, .name = "p");
    CHECK_INT(ath_delete(s, p), ATH_OK); /* never written: it just leaves */
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(count_authors(), 1);
    CHECK_INT(ath_delete(s, a), ATH_OK);
    CHECK_INT(ath_delete(s, a), ATH_OK);
    CHECK_INT(ath_session_state(s, a), ATH_STATE_DELETED);
    CHECK(ath_get(s, Author, 1) == NULL);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_session_state(s, a), ATH_STATE_NONE);
    CHECK_INT(ath_delete(s, a), ATH_STATE);
    CHECK_INT(ath_delete(s, NULL), ATH_ARGUMENT);
    Author stranger = {.name = "on the stack"};
    CHECK_INT(ath_delete(s, &stranger), ATH_ARGUMENT);
    CHECK_INT(ath_session_state(s, &stranger), ATH_STATE_NONE);
    CHECK_INT(count_authors(), 0);
    end();
}

TEST(tables_are_written_in_foreign_key_order) {
    begin();
    ath_new(s, Book, .author_id = 5, .title = "the child comes first in the program");
    ath_new(s, Author, .id = 5, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    Author *a = ath_get(s, Author, 5);
    Book *b = ath_first(s, Book);
    CHECK_INT(ath_delete(s, a), ATH_OK);
    CHECK_INT(ath_delete(s, b), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(count_authors(), 0);
    end();
}

TEST(a_tree_is_deleted_children_first) {
    begin();
    for (int i = 1; i <= 30; i++) {
        Node *n = ath_new(s, Node, .id = i, .label = "n");
        if (i > 1)
            n->parent_id = (ath_opt_i32)ath_some(i / 2);
    }
    CHECK_INT(ath_commit(s), ATH_OK);
    Node **all = ath_all(s, Node);
    CHECK_INT(ath_len(all), 30);
    ath_each(Node, n, all)
        ath_delete(s, n);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Node), 0);
    end();
}

TEST(a_changed_key_moves_the_object) {
    begin();
    Author *a = ath_new(s, Author, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    a->id = 42;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ath_get(s, Author, 42) == a);
    CHECK(ath_get(s, Author, 1) == NULL);
    end();
}

TEST(composite_and_text_keys) {
    begin();
    Stock *x = ath_new(s, Stock, .shop_id = 1, .sku = "x", .quantity = 3);
    ath_new(s, Stock, .shop_id = 1, .sku = "y");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ath_get(s, Stock, 1, "x") == x);
    Stock *y = ath_get(s, Stock, 1, "y");
    CHECK(y && y->quantity == 0);
    CHECK(ath_get(s, Stock, 2, "x") == NULL);
    CHECK(ath_get(s, Stock, 1) == NULL && ath_error(s)->status == ATH_ARGUMENT);
    x->quantity++;
    CHECK_INT(ath_delete(s, y), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Stock, .where = ath_eq(ath_col(Stock, quantity), 4)), 1);
    end();
}

TEST(add_takes_a_plain_struct) {
    begin();
    Author plain = {.name = "plain", .balance = 1.5, .age = ath_some(9)};
    Author *a = ath_add(s, Author, &plain);
    CHECK(a != NULL && a != &plain);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(a->id, 1);
    CHECK(!a->is_active); /* every field counts as set */
    CHECK_STR(a->status, "draft");
    CHECK(ath_add(s, Author, (const Author *)NULL) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_INT(ath_commit(s), ATH_ARGUMENT); /* an object is missing: nothing is committed without it */
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    end();
}

/* ---- rollback ---- */

TEST(rollback_restores_memory) {
    begin();
    Author *a = ath_new(s, Author, .name = "a", .balance = 10), *gone = ath_new(s, Author, .name = "gone");
    CHECK_INT(ath_commit(s), ATH_OK);
    a->balance = 20;
    CHECK_INT(ath_flush(s), ATH_OK);
    a->balance = 30;
    a->name = "renamed";
    CHECK_INT(ath_flush(s), ATH_OK);
    a->balance = 40;
    Author *fresh = ath_new(s, Author, .name = "fresh");
    CHECK_INT(ath_delete(s, gone), ATH_OK);
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK(fresh->id >= 3); /* a statement of many rows may use numbers up */
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(a->balance == 10);
    CHECK_STR(a->name, "a");
    CHECK_INT(fresh->id, 0);
    CHECK_INT(ath_session_state(s, fresh), ATH_STATE_NONE);
    CHECK_INT(ath_session_state(s, gone), ATH_STATE_PERSISTENT);
    CHECK(ath_get(s, Author, 2) == gone);
    CHECK_INT(count_authors(), 2);
    end();
}

TEST(rollback_undoes_a_changed_key) {
    begin();
    Author *a = ath_new(s, Author, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    a->id = 50;
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(a->id, 1);
    CHECK(ath_get(s, Author, 1) == a);
    CHECK(ath_get(s, Author, 50) == NULL);
    end();
}

TEST(closing_without_a_commit_rolls_back) {
    begin();
    ath_new(s, Author, .name = "a");
    CHECK_INT(ath_flush(s), ATH_OK);
    ath_session_close(s);
    s = ath_session_open(db);
    CHECK_INT(count_authors(), 0);
    end();
}

TEST(a_failed_flush_stops_the_session_until_rollback) {
    begin();
    ath_new(s, Author, .name = "same");
    CHECK_INT(ath_commit(s), ATH_OK);
    Author *first = ath_new(s, Author, .name = "first"), *again = ath_new(s, Author, .name = "same");
    CHECK_INT(ath_flush(s), ATH_INTEGRITY);
    CHECK_INT(ath_error(s)->integrity, ATH_INTEGRITY_UNIQUE);
    CHECK_STR(ath_error(s)->table, "authors");
    CHECK_STR(ath_error(s)->column, "name");
    CHECK(ath_error(s)->statement[0] != '\0');
    CHECK(ath_all(s, Author) == NULL);
    CHECK(ath_new(s, Author, .name = "no") == NULL);
    CHECK_INT(ath_commit(s), ATH_INTEGRITY); /* a run of calls may be checked once */
    CHECK_STR(ath_error(s)->column, "name");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(count_authors(), 1);
    CHECK_INT(ath_session_state(s, first), ATH_STATE_NONE);
    CHECK_INT(ath_session_state(s, again), ATH_STATE_NONE);
    ath_new(s, Author, .name = "better");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(count_authors(), 2);
    end();
}

static int leave_early(ath_session *session) {
    ATH_TRANSACTION(session) {
        ath_new(session, Author, .name = "early");
        return 7;
    }
    return 0;
}

TEST(transaction_blocks) {
    begin();
    ATH_TRANSACTION(s) {
        ath_new(s, Author, .name = "inside");
    }
    CHECK_INT(ath_error(s)->status, ATH_OK);
    CHECK_INT(leave_early(s), 7);
    ATH_TRANSACTION(s) {
        ath_new(s, Author, .name = "broken off");
        break;
    }
    CHECK_INT(count_authors(), 1);
    ATH_TRANSACTION(s) {
        ath_new(s, Author, .name = "inside");
    }
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY);
    CHECK_INT(count_authors(), 1);
    end();
}

TEST(stale_data_is_noticed) {
    begin();
    Author *a = ath_new(s, Author, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_connection *c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("DELETE FROM authors")));
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    a->balance = 3;
    CHECK_INT(ath_commit(s), ATH_STALE_DATA);
    ath_rollback(s);
    CHECK_INT(ath_refresh(s, a), ATH_NO_RESULT);
    end();
}

/* A row that went behind the session's back and came again is a new object. */
TEST(a_key_used_again) {
    begin();
    Author *a = ath_new(s, Author, .id = 7, .name = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_connection *c = ath_connect(db);
    ath_result_close(ath_execute(c, ath_text("DELETE FROM authors")));
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
    Author *b = ath_new(s, Author, .id = 7, .name = "b");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ath_get(s, Author, 7) == b);
    CHECK_INT(ath_session_state(s, a), ATH_STATE_NONE);
    end();
}

/* ---- batches ---- */

TEST(many_rows_take_few_statements) {
    begin();
    enum { N = 2345 };
    static Author *objects[N];
    static char names[N][12];
    for (int i = 0; i < N; i++) {
        snprintf(names[i], sizeof names[i], "u%d", i);
        objects[i] = ath_new(s, Author, .name = names[i], .balance = i);
    }
    uint64_t before = statements_of(db);
    CHECK_INT(ath_flush(s), ATH_OK);
    /* BEGIN; 2 of 1000, 3 of 100, 4 of 10, 5 of 1, or as arrays 3 of 1000 at most */
    CHECK_INT(statements_of(db) - before, test_on == TEST_SQLITE ? 1 + 2 + 3 + 4 + 5 : 1 + 3);
    CHECK_INT(ath_commit(s), ATH_OK);
    int wrong = 0;
    for (int i = 0; i < N; i++) {
        Author *a = ath_first(s, Author, .where = ath_eq(ath_col(Author, name), names[i]), .populate_existing = true);
        wrong += a != objects[i] || a->balance != i;
    }
    CHECK_INT(wrong, 0);
    end();
}

static const test_case cases[] = {
    {"a_new_object_gets_its_key_and_defaults", a_new_object_gets_its_key_and_defaults},
    {"a_named_field_is_set_whatever_its_value", a_named_field_is_set_whatever_its_value},
    {"a_field_assigned_before_the_flush_is_set", a_field_assigned_before_the_flush_is_set},
    {"a_named_null_is_null", a_named_null_is_null},
    {"only_changed_columns_are_written", only_changed_columns_are_written},
    {"an_unchanged_object_sends_nothing", an_unchanged_object_sends_nothing},
    {"text_is_copied_at_the_flush", text_is_copied_at_the_flush},
    {"equal_text_is_not_kept_by_address", equal_text_is_not_kept_by_address},
    {"a_result_outlives_its_transaction_safely", a_result_outlives_its_transaction_safely},
    {"fields_that_are_not_named_in_the_call", fields_that_are_not_named_in_the_call},
    {"an_update_the_objects_cannot_follow", an_update_the_objects_cannot_follow},
    {"onupdate_is_applied_and_read_back", onupdate_is_applied_and_read_back},
    {"one_row_is_one_struct", one_row_is_one_struct},
    {"delete_and_its_states", delete_and_its_states},
    {"tables_are_written_in_foreign_key_order", tables_are_written_in_foreign_key_order},
    {"a_tree_is_deleted_children_first", a_tree_is_deleted_children_first},
    {"a_changed_key_moves_the_object", a_changed_key_moves_the_object},
    {"composite_and_text_keys", composite_and_text_keys},
    {"add_takes_a_plain_struct", add_takes_a_plain_struct},
    {"rollback_restores_memory", rollback_restores_memory},
    {"rollback_undoes_a_changed_key", rollback_undoes_a_changed_key},
    {"closing_without_a_commit_rolls_back", closing_without_a_commit_rolls_back},
    {"a_failed_flush_stops_the_session_until_rollback", a_failed_flush_stops_the_session_until_rollback},
    {"transaction_blocks", transaction_blocks},
    {"stale_data_is_noticed", stale_data_is_noticed},
    {"a_key_used_again", a_key_used_again},
    {"many_rows_take_few_statements", many_rows_take_few_statements},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
