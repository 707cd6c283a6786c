/* SPDX-License-Identifier: Apache-2.0
 *
 * Default filters: what is marked as deleted, and what is another tenant's, is nowhere to be seen, unless a query says so.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Owner Owner;
typedef struct Item Item;
typedef struct Mark Mark;
typedef struct ItemMark ItemMark;

struct Owner {
    int64_t id, tenant;
    const char *name;
    Item **items;
};
struct Item {
    int64_t id, tenant;
    ath_opt_i64 owner_id;
    const char *name;
    bool hidden;
    Owner *owner;
    Mark **marks;
};
struct Mark {
    int64_t id;
    const char *name;
    bool hidden;
};
struct ItemMark {
    int64_t item_id, mark_id;
};

ATH_DECLARE(Owner);
ATH_DECLARE(Item);
ATH_DECLARE(Mark);
ATH_DECLARE(ItemMark);

ATH_MODEL(Owner, "owners") {
    ath_column(id, .primary_key = true);
    ath_column(tenant);
    ath_column(name, .type = ATH_STRING(20));
    ath_has_many(items, Item, .back_populates = "owner", .order_by = ath_by(ath_col(Item, id)));
}
ATH_MODEL(Item, "items") {
    ath_column(id, .primary_key = true);
    ath_column(tenant);
    ath_column(owner_id, .nullable = true, .foreign_key = "owners.id");
    ath_column(name, .type = ATH_STRING(20));
    ath_column(hidden);
    ath_belongs_to(owner, Owner, .back_populates = "items");
    ath_has_many(marks, Mark, .secondary = ath_model_of(ItemMark), .order_by = ath_by(ath_col(Mark, id)));
    ath_default_filter(ath_eq(ath_col(Item, hidden), false));
}
ATH_MODEL(Mark, "marks") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20));
    ath_column(hidden);
    ath_default_filter(ath_eq(ath_col(Mark, hidden), false));
}
ATH_MODEL(ItemMark, "item_marks") {
    ath_column(item_id, .primary_key = true, .foreign_key = "items.id");
    ath_column(mark_id, .primary_key = true, .foreign_key = "marks.id");
}
ATH_METADATA(Shed, Owner, Item, Mark, ItemMark);

typedef struct Named {
    const char *name;
} Named;
ATH_PROJECTION(Named) {
    ath_column(name);
}

static ath_engine *db;

/* Owners ann (tenant 1) and bob (2); four items each of their tenant, every second one hidden; marks 1 and 2 (hidden) on
 * all items. */
static ath_session *shed_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (!db || ath_drop_all(db, &Shed, &error) != ATH_OK || ath_create_all(db, &Shed, &error) != ATH_OK) {
        test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
        return NULL;
    }
    ath_session *s = ath_session_open(db);
    static char names[8][4];
    ath_new(s, Owner, .id = 1, .tenant = 1, .name = "ann");
    ath_new(s, Owner, .id = 2, .tenant = 2, .name = "bob");
    ath_new(s, Mark, .id = 1, .name = "seen");
    ath_new(s, Mark, .id = 2, .name = "lost", .hidden = true);
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "i%d", i + 1);
        int64_t tenant = i < 4 ? 1 : 2;
        ath_new(s, Item, .id = i + 1, .tenant = tenant, .owner_id = ath_some(tenant), .name = names[i],
                .hidden = i % 2 == 1);
    }
    CHECK_INT(ath_flush(s), ATH_OK);
    for (int i = 0; i < 8; i++)
        for (int m = 1; m <= 2; m++)
            ath_new(s, ItemMark, .item_id = i + 1, .mark_id = m);
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    return ath_session_open(db);
}

static void shed_close(ath_session *s) {
    ath_session_close(s);
    ath_engine_close(db);
}

static int64_t scalar(ath_session *s, const ath_select_stmt *query) {
    const ath_value *v = ath_scalar(s, query);
    return v ? v->as.i : -1;
}

TEST(queries_have_the_filter) {
    ath_session *s = shed_open();
    CHECK_INT(ath_len(ath_all(s, Item)), 4);
    CHECK_INT(ath_len(ath_all(s, Item, .unfiltered = true)), 8);
    CHECK_INT(ath_len(ath_all(s, Item, .where = ath_or(ath_eq(ath_col(Item, id), 1), ath_eq(ath_col(Item, id), 2)))),
              1);
    CHECK_INT(ath_count(s, Item), 4);
    CHECK_INT(ath_count(s, Item, .unfiltered = true), 8);
    CHECK_INT(ath_count(s, Item, .limit = 3), 3);
    CHECK_INT(ath_count(s, Item, .limit = 7), 4);
    CHECK(!ath_first(s, Item, .where = ath_eq(ath_col(Item, id), 2)));
    CHECK(ath_first(s, Item, .where = ath_eq(ath_col(Item, id), 2), .unfiltered = true));
    int rows = 0;
    ath_stream *stream = ath_stream_open(s, Item);
    while (ath_stream_next(stream))
        rows++;
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    CHECK_INT(rows, 4);
    CHECK_INT(ath_len(ath_into(s, Named, ath_select(.columns = ath_cols(ath_col(Item, name))))), 4);
    CHECK_INT(scalar(s, ath_select(.columns = ath_cols(ath_count(ath_col(Item, id))))), 4);
    ath_result *r = ath_execute(s, ath_select(.model = ath_model_of(Item)));
    CHECK_INT(ath_len(ath_result_all(r)), 4);
    ath_result_close(r);
    shed_close(s);
}

TEST(get_finds_nothing) {
    ath_session *s = shed_open();
    Item *one = ath_get(s, Item, 1);
    CHECK(one);
    CHECK(!ath_get(s, Item, 2));
    CHECK_INT(ath_error(s)->status, ATH_OK);
    CHECK(ath_all(s, Item, .unfiltered = true)); /* now the session has it, and still */
    CHECK(!ath_get(s, Item, 2));
    CHECK(ath_get(s, Item, 1) == one);
    one->hidden = true;
    CHECK(!ath_get(s, Item, 1)); /* written first */
    CHECK_INT(ath_refresh(s, one), ATH_OK);
    CHECK_INT(ath_session_unfiltered(s, ath_model_of(Item), true), ATH_OK);
    CHECK(ath_get(s, Item, 2));
    CHECK(ath_get(s, Item, 1) == one);
    shed_close(s);
}

static void check_items(Owner *owner, size_t items, const char *how) {
    test_context("%s", how);
    CHECK(owner != NULL);
    CHECK_INT(owner ? ath_len(owner->items) : 0, items);
    test_context("%s", "");
}

TEST(relations_have_it) {
    static const ath_load_strategy ways[] = {ATH_LOAD_SELECTIN, ATH_LOAD_JOINED, ATH_LOAD_SUBQUERY};
    static const char *const names[] = {"selectin", "joined", "subquery"};
    ath_session *s = shed_open();
    CHECK_INT(ath_commit(s), ATH_OK);
    for (size_t i = 0; i < TEST_COUNT(ways); i++) {
        ath_session *own = ath_session_open(db);
        const ath_load_clause marks = {.model = &ath_model_Item, .offset = offsetof(Item, marks), .strategy = ways[i]};
        const ath_load_clause items = {
            .model = &ath_model_Owner, .offset = offsetof(Owner, items), .strategy = ways[i], .then = {1, &marks}};
        ath_load_list load = {1, &items};
        Owner **owners = ath_all(own, Owner, .order_by = ath_by(ath_col(Owner, id)), .load = load);
        CHECK_INT(ath_len(owners), 2);
        check_items(owners ? owners[1] : NULL, 2, names[i]);
        CHECK_INT(owners && owners[1]->items[0] ? ath_len(owners[1]->items[0]->marks) : 0, 1);
        ath_session_close(own);
        own = ath_session_open(db);
        owners = ath_all(own, Owner, .order_by = ath_by(ath_col(Owner, id)), .load = load, .unfiltered = true);
        check_items(owners ? owners[1] : NULL, 4, names[i]);
        CHECK_INT(owners && owners[1]->items[0] ? ath_len(owners[1]->items[0]->marks) : 0, 2);
        ath_session_close(own);
    }
    Owner *ann = ath_get(s, Owner, 1);
    CHECK_INT(ath_load_rel(s, ann, items), ATH_OK);
    check_items(ann, 2, "load_rel");
    CHECK_INT(ath_commit(s), ATH_OK); /* what was not loaded is not taken for removed */
    CHECK_INT(ath_count(s, Item, .where = ath_eq(ath_col(Item, owner_id), 1), .unfiltered = true), 4);
    shed_close(s);
}

TEST(conditions_on_relations_have_it) {
    ath_session *s = shed_open();
    const ath_expr *second = ath_rel_any(Owner, items, ath_eq(ath_col(Item, name), "i2"));
    const ath_expr *lost = ath_rel_any(Item, marks, ath_eq(ath_col(Mark, name), "lost"));
    CHECK_INT(ath_count(s, Owner, .where = ath_rel_any(Owner, items)), 2);
    CHECK_INT(ath_count(s, Owner, .where = second), 0);
    CHECK_INT(ath_count(s, Owner, .where = second, .unfiltered = true), 1);
    CHECK_INT(ath_count(s, Owner, .where = ath_not(second)), 2);
    CHECK_INT(ath_count(s, Item, .where = lost), 0);
    CHECK_INT(ath_count(s, Item, .where = lost, .unfiltered = true), 8);
    CHECK_INT(
        scalar(s, ath_select(.columns = ath_cols(ath_count(ath_star())), .from = ath_from(ath_model_as(Item, "i")),
                             .where = ath_not(ath_rel_any_of("i", Item, marks)))),
        0);
    Owner *ann = ath_get(s, Owner, 1);
    CHECK_INT(ath_rel_count(s, ann, items), 2);
    CHECK_INT(ath_len(ath_rel_query(s, ann, items, .unfiltered = true)), 4);
    size_t marks = 0;
    ath_stream *stream = ath_stream_open(s, Item, .load = ath_load(ath_selectin(Item, marks)));
    for (Item *item; (item = ath_stream_next(stream)) != NULL;)
        marks += ath_len(item->marks);
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    CHECK_INT(marks, 4);
    CHECK_STR(ath_error(s)->message, "");
    shed_close(s);
}

TEST(a_session_has_its_own) {
    ath_session *s = shed_open();
    int64_t tenant = 2;
    CHECK_INT(ath_session_filter(s, Item, ath_eq(ath_col(Item, tenant), tenant)), ATH_OK);
    CHECK_INT(ath_session_filter(s, Owner, ath_eq(ath_col(Owner, tenant), tenant)), ATH_OK);
    tenant = 1; /* it was copied */
    CHECK_INT(ath_count(s, Item), 2);
    CHECK(!ath_get(s, Owner, 1));
    CHECK(ath_get(s, Owner, 2));
    Item **items = ath_all(s, Item, .unfiltered = true, .order_by = ath_by(ath_col(Item, id)));
    CHECK_INT(ath_len(items), 8);
    CHECK_INT(ath_load_rel(s, items[0], owner), ATH_OK);
    CHECK(!items[0]->owner);
    CHECK(items[7]->owner);
    CHECK_INT(ath_session_filter(s, Item, NULL), ATH_OK);
    CHECK_INT(ath_count(s, Item), 4);
    CHECK_INT(ath_session_filter(s, Item, ath_eq(ath_col(Item, tenant), 1)), ATH_OK);
    CHECK_INT(ath_count(s, Item), 2);
    CHECK_INT(ath_session_unfiltered(s, ath_model_of(Item), true), ATH_OK);
    CHECK_INT(ath_count(s, Item), 8);
    CHECK_INT(ath_count(s, Owner), 1);
    CHECK_INT(ath_session_unfiltered(s, NULL, true), ATH_OK);
    CHECK_INT(ath_count(s, Owner), 2);
    CHECK_INT(ath_session_unfiltered(s, NULL, false), ATH_OK);
    CHECK_INT(ath_session_unfiltered(s, ath_model_of(Item), false), ATH_OK);
    CHECK_INT(ath_count(s, Item), 2);
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session *other = ath_session_open(db);
    CHECK_INT(ath_count(other, Item), 4);
    ath_session_close(other);
    shed_close(s);
}

TEST(joins_and_subqueries_have_it) {
    ath_session *s = shed_open();
    const ath_expr_list count = ath_cols(ath_count(ath_col(Item, id)));
    CHECK_INT(scalar(s, ath_select(.columns = count, .from = ath_from(ath_model_source(Owner)),
                                   .joins = ath_joins(ath_join(Item)))),
              4); /* ON from the foreign key */
    CHECK_INT(scalar(s, ath_select(.columns = count, .from = ath_from(ath_model_source(Owner)),
                                   .joins = ath_joins(ath_outer_join(
                                       Item, .on = ath_and(ath_eq(ath_col(Item, owner_id), ath_col(Owner, id)),
                                                           ath_eq(ath_col(Item, hidden), true)))))),
              0);
    CHECK_INT(scalar(s, ath_select(.columns = ath_cols(ath_count(ath_col(Owner, id))), /* owners stay */
                                   .from = ath_from(ath_model_source(Owner)),
                                   .joins = ath_joins(ath_outer_join(
                                       Item, .on = ath_and(ath_eq(ath_col(Item, owner_id), ath_col(Owner, id)),
                                                           ath_eq(ath_col(Item, hidden), true)))))),
              2);
    CHECK_INT(ath_count(s, Owner,
                        .where = ath_in(ath_col(Owner, id),
                                        ath_subquery(ath_select(.columns = ath_cols(ath_col(Item, owner_id)),
                                                                .where = ath_eq(ath_col(Item, id), 2))))),
              0);
    CHECK_INT(
        ath_count(s, Owner,
                  .where = ath_exists(ath_select(.columns = ath_cols(ath_col(Item, id)),
                                                 .where = ath_and(ath_eq(ath_col(Item, owner_id), ath_col(Owner, id)),
                                                                  ath_ge(ath_col(Item, id), 8))))),
        0);
    CHECK_INT(scalar(s, ath_select(.columns = ath_cols(ath_count(ath_name("q", "id"))),
                                   .from = ath_from(ath_select_as(ath_select(.model = ath_model_of(Item)), "q")))),
              4);
    CHECK_INT(scalar(s, ath_select(.columns = ath_cols(ath_count(ath_name("a", "id"))),
                                   .from = ath_from(ath_model_as(Item, "a")))),
              4);
    ath_result *r = ath_execute(
        s, ath_union_all(ath_queries(ath_select(.columns = ath_cols(ath_col(Item, id))),
                                     ath_select(.columns = ath_cols(ath_col(Item, id)), .unfiltered = true))));
    CHECK_INT(ath_len(ath_result_all(r)), 12);
    ath_result_close(r);
    shed_close(s);
}

TEST(right_joins_are_refused) {
    ath_session *s = shed_open();
    const ath_expr_list count = ath_cols(ath_count(ath_col(Owner, id)));
    CHECK_INT(scalar(s, ath_select(.columns = count, .from = ath_from(ath_model_source(Owner)),
                                   .joins = ath_joins(ath_right_join(Item)))),
              -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(scalar(s, ath_select(.columns = count, .from = ath_from(ath_model_source(Item)),
                                   .joins = ath_joins(ath_right_join(Owner)))),
              -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(scalar(s, ath_select(.columns = count, .from = ath_from(ath_model_source(Owner)),
                                   .joins = ath_joins(ath_right_join(Item)), .unfiltered = true)),
              8);
    shed_close(s);
}

TEST(changes_by_condition_have_it) {
    ath_session *s = shed_open();
    Item **items = ath_all(s, Item, .unfiltered = true, .order_by = ath_by(ath_col(Item, id)));
    CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, name, "new")), .all_rows = true), 4);
    CHECK_STR(items[0]->name, "new");
    CHECK_STR(items[1]->name, "i2");
    CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, name, "x")), .where = ath_eq(ath_col(Item, id), 2)), 0);
    CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, name, "x")), .where = ath_eq(ath_col(Item, id), 2),
                         .unfiltered = true),
              1);
    CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, name, "x"))), -1); /* a filter is no condition */
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_delete_where(s, ItemMark, .all_rows = true), 16);
    CHECK_INT(ath_delete_where(s, Item, .where = ath_le(ath_col(Item, id), 4)), 2);
    CHECK_INT(ath_session_state(s, items[1]), ATH_STATE_PERSISTENT);
    CHECK_INT(ath_delete_where(s, Item, .where = ath_le(ath_col(Item, id), 4), .unfiltered = true), 2);
    shed_close(s);
}

TEST(the_unit_of_work_does_not) {
    ath_session *s = shed_open();
    Item *two = ath_first(s, Item, .where = ath_eq(ath_col(Item, id), 2), .unfiltered = true);
    CHECK(two);
    two->name = "renamed";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, two), ATH_OK);
    CHECK_STR(two->name, "renamed");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_connection *c = ath_connect(db);
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Item)));
    CHECK_INT(ath_len(ath_result_all(r)), 8);
    ath_result_close(r);
    ath_connection_close(c);
    shed_close(s);
}

typedef struct Wrong {
    int64_t id;
} Wrong;
ATH_MODEL(Wrong, "wrong") {
    ath_column(id, .primary_key = true);
    ath_default_filter(ath_exists(ath_select(.columns = ath_cols(ath_col(Item, id)))));
}

TEST(mistakes_are_told) {
    ath_error error;
    CHECK(!ath_model_table(ath_model_of(Wrong), &error));
    CHECK_STR(error.message, "model Wrong: a default filter cannot hold a subquery or an array");
}

static const test_case cases[] = {
    {"queries_have_the_filter", queries_have_the_filter},
    {"get_finds_nothing", get_finds_nothing},
    {"relations_have_it", relations_have_it},
    {"conditions_on_relations_have_it", conditions_on_relations_have_it},
    {"a_session_has_its_own", a_session_has_its_own},
    {"joins_and_subqueries_have_it", joins_and_subqueries_have_it},
    {"right_joins_are_refused", right_joins_are_refused},
    {"changes_by_condition_have_it", changes_by_condition_have_it},
    {"the_unit_of_work_does_not", the_unit_of_work_does_not},
    {"mistakes_are_told", mistakes_are_told},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
