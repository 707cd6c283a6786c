/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows from arrays of structs: inserted, updated by key, upserted; how many statements that takes, and what a failure
 * leaves behind.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Product {
    int64_t id;
    const char *code, *name, *state;
    ath_opt_i32 stock;
    ath_datetime made, changed;
    int32_t version;
} Product;

static ath_status check_product(const void *object, ath_error *error) {
    const Product *p = object;
    return p->name && strcmp(p->name, "bad") == 0 ? ath_invalid(error, "name", "it is bad") : ATH_OK;
}

ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    ath_column(code, .type = ATH_STRING(20), .unique = true, .min_length = 2);
    ath_column(name, .type = ATH_STRING(40), .nullable = true);
    ath_column(state, .type = ATH_STRING(10), .default_value = ath_str("new"));
    ath_column(stock, .nullable = true);
    ath_column(made, .default_value = ath_now());
    ath_column(changed, .server_default = ath_now(), .onupdate = ath_now());
    ath_column(version, .version = true);
    ath_model_options(.validate = check_product);
}

typedef struct Cell { /* a key of two columns, and no more than that */
    int32_t x, y;
    ath_opt_i64 value;
} Cell;
ATH_MODEL(Cell, "cells") {
    ath_column(x, .primary_key = true);
    ath_column(y, .primary_key = true);
    ath_column(value, .nullable = true);
}
ATH_METADATA(Depot, Product, Cell);

static ath_engine *db;

static ath_session *depot_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (db && ath_drop_all(db, &Depot, &error) == ATH_OK && ath_create_all(db, &Depot, &error) == ATH_OK)
        return ath_session_open(db);
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return NULL;
}

static void depot_close(ath_session *s) {
    ath_session_close(s);
    ath_engine_close(db);
}

enum { MANY = 2345 };
static Product products[MANY];
static char codes[MANY][12];

static void fill(void) {
    ath_datetime then = {1000000};
    memset(products, 0, sizeof products);
    for (int i = 0; i < MANY; i++) {
        snprintf(codes[i], sizeof codes[i], "code-%d", i);
        products[i] = (Product){.code = codes[i], .name = i % 3 ? "thing" : NULL, .made = then, .changed = then};
    }
}

TEST(inserts_many) {
    ath_session *s = depot_open();
    fill();
    uint64_t before = ath_session_statements(s);
    int64_t n = ath_insert_many(s, Product, products, MANY);
    CHECK_STR(ath_error(s)->message, "");
    CHECK_INT(n, MANY);
    /* 2 * 1000, then 3 * 100, 4 * 10 and 5 where the text lists the rows; 345 at once as arrays */
    CHECK_INT(ath_session_statements(s) - before, test_on == TEST_SQLITE ? 2 + 3 + 4 + 5 : 3);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(products[0].id, 0);
    CHECK_INT(ath_count(s, Product), MANY);
    CHECK_INT(ath_count(s, Product, .where = ath_is_null(ath_col(Product, name))), (MANY + 2) / 3);
    Product *last = ath_one(s, Product, .where = ath_eq(ath_col(Product, code), codes[MANY - 1]));
    CHECK(last);
    if (last) {
        CHECK_STR(last->state, "new");
        CHECK_INT(last->version, 1);
        CHECK_INT(last->made.us, 1000000);
    }
    CHECK_INT(ath_insert_many(s, Product, products, 0), 0);
    CHECK_INT(ath_insert_many(s, Product, NULL, 3), -1);
    CHECK_INT(ath_rollback(s), ATH_OK);
    depot_close(s);
}

TEST(rows_that_set_other_columns) {
    ath_session *s = depot_open();
    const Product three[] = {{.id = 40, .code = "aa", .state = "old"},
                             {.code = "bb", .made = {7}},
                             {.code = "cc", .made = {8}, .stock = ath_some(5)}};
    CHECK_INT(ath_insert_many(s, Product, three, 3), 3);
    CHECK_STR(ath_error(s)->message, "");
    Product **all = ath_all(s, Product, .order_by = ath_by(ath_col(Product, code)));
    CHECK_INT(ath_len(all), 3);
    CHECK_INT(all[0]->id, 40);
    CHECK_STR(all[0]->state, "old");
    CHECK_STR(all[1]->state, "new");
    CHECK(all[1]->id > 0);
    CHECK_INT(all[2]->stock.value, 5);
    depot_close(s);
}

TEST(failures_leave_nothing) {
    ath_session *s = depot_open();
    const Product same[] = {{.code = "aa"}, {.code = "bb"}, {.code = "aa"}};
    CHECK_INT(ath_insert_many(s, Product, same, 3), -1);
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY);
    CHECK_INT(ath_commit(s), ATH_INTEGRITY); /* it stands still */
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Product), 0);
    const Product short_code[] = {{.code = "aa"}, {.code = "b"}};
    CHECK_INT(ath_insert_many(s, Product, short_code, 2), -1);
    CHECK_STR(ath_error(s)->message, "Product.code: min_length: it has 1 characters, not at least 2");
    CHECK_INT(ath_rollback(s), ATH_OK);
    const Product bad[] = {{.code = "aa", .name = "bad"}};
    CHECK_INT(ath_insert_many(s, Product, bad, 1), -1);
    CHECK_STR(ath_error(s)->message, "Product.name: validate: it is bad");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Product), 0);
    depot_close(s);
}

TEST(updates_many) {
    ath_session *s = depot_open();
    fill();
    CHECK_INT(ath_insert_many(s, Product, products, MANY), MANY);
    Product **all = ath_all(s, Product, .order_by = ath_by(ath_col(Product, id)), .read_only = true);
    Product *known = ath_one(s, Product, .where = ath_eq(ath_col(Product, id), all[7]->id));
    for (int i = 0; i < MANY; i++) {
        products[i] = *all[i];
        products[i].stock = (ath_opt_i32)ath_some(i);
        products[i].name = "not written";
    }
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_update_many(s, Product, products, MANY, ath_names("stock", "state")), MANY);
    CHECK_STR(ath_error(s)->message, "");
    CHECK_INT(ath_session_statements(s) - before, (test_on == TEST_SQLITE ? MANY : 3) + 1); /* 1: what is known */
    CHECK_INT(known->stock.value, 7);
    CHECK_INT(known->version, 2);
    CHECK_STR(known->name, "thing");
    CHECK(known->changed.us > 1000000);
    CHECK_INT(ath_count(s, Product, .where = ath_eq(ath_col(Product, version), 2)), MANY);
    CHECK_INT(ath_count(s, Product, .where = ath_eq(ath_col(Product, name), "not written")), 0);
    CHECK_INT(ath_commit(s), ATH_OK);
    known->stock = (ath_opt_i32)ath_some(100);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(known->version, 3);
    CHECK_INT(ath_update_many(s, Product, products, 1, ath_names("stock")), -1); /* its version is an old one */
    CHECK_INT(ath_error(s)->status, ATH_STALE_DATA);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_update_many(s, Product, products, 1, ath_names("version")), -1);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_update_many(s, Product, products, 1, ath_names("nothing")), -1);
    CHECK_STR(ath_error(s)->message, "model Product has no column nothing");
    CHECK_INT(ath_rollback(s), ATH_OK);
    depot_close(s);
}

TEST(updates_by_two_columns) {
    ath_session *s = depot_open();
    Cell cells[30];
    for (int i = 0; i < 30; i++)
        cells[i] = (Cell){.x = i / 5, .y = i % 5};
    CHECK_INT(ath_insert_many(s, Cell, cells, 30), 30);
    for (int i = 0; i < 30; i++)
        cells[i].value = (ath_opt_i64)ath_some(i);
    CHECK_INT(ath_update_many(s, Cell, cells, 30, ath_names("value")), 30);
    Cell *c = ath_get(s, Cell, 3, 2);
    CHECK_INT(c ? c->value.value : -1, 17);
    cells[4].x = 99;
    CHECK_INT(ath_update_many(s, Cell, cells, 30, ath_names("value")), -1);
    CHECK_INT(ath_error(s)->status, ATH_STALE_DATA);
    depot_close(s);
}

TEST(upserts) {
    ath_session *s = depot_open();
    Product first[] = {{.code = "aa", .name = "one", .made = {5}, .changed = {5}},
                       {.code = "bb", .name = "two", .made = {5}, .changed = {5}}};
    CHECK_INT(ath_upsert_many(s, Product, first, 2, .on = ath_names("code")), 2);
    CHECK_STR(ath_error(s)->message, "");
    Product second[] = {{.code = "bb", .name = "TWO", .state = "old"}, {.code = "cc", .name = "three"}};
    second[0].made = second[0].changed = second[1].made = second[1].changed = (ath_datetime){6};
    CHECK_INT(ath_upsert_many(s, Product, second, 2, .on = ath_names("code"), .set = ath_names("name")), 2);
    CHECK_STR(ath_error(s)->message, "");
    CHECK_INT(ath_commit(s), ATH_OK);
    Product **all = ath_all(s, Product, .order_by = ath_by(ath_col(Product, code)));
    CHECK_INT(ath_len(all), 3);
    if (ath_len(all) != 3)
        return;
    CHECK_STR(all[0]->name, "one");
    CHECK_INT(all[0]->version, 1);
    CHECK_STR(all[1]->name, "TWO");
    CHECK_STR(all[1]->state, "new"); /* not among .set */
    CHECK_INT(all[1]->version, 2);
    CHECK_INT(all[1]->made.us, 5);
    CHECK(all[1]->changed.us > 6); /* .onupdate */
    CHECK_INT(ath_upsert_many(s, Product, first, 2, .on = ath_names("code"), .keep = true), 2);
    CHECK_INT(ath_refresh(s, all[1]), ATH_OK);
    CHECK_STR(all[1]->name, "TWO");
    CHECK_INT(ath_upsert_many(s, Product, first, 2, .on = ath_names("none")), -1);
    CHECK_INT(ath_rollback(s), ATH_OK);
    depot_close(s);
}

TEST(upserts_an_object) {
    ath_session *s = depot_open();
    Product p = {.code = "aa", .name = "one"};
    uint64_t before = ath_session_statements(s);
    Product *object = ath_upsert(s, Product, &p, .on = ath_names("code"));
    CHECK_STR(ath_error(s)->message, "");
    CHECK_INT(ath_session_statements(s) - before, 2);
    CHECK(object && object->id > 0);
    p.name = "two";
    CHECK(ath_upsert(s, Product, &p, .on = ath_names("code")) == object);
    CHECK_STR(object ? object->name : "", "two");
    CHECK_INT(object ? object->version : 0, 2);
    const Cell c = {.x = 1, .y = 2, .value = ath_some(3)};
    Cell *cell = ath_upsert(s, Cell, &c);
    CHECK_INT(cell ? cell->value.value : 0, 3);
    CHECK(ath_upsert(s, Cell, &c, .keep = true) == cell);
    CHECK_INT(ath_count(s, Cell), 1);
    depot_close(s);
}

TEST(upserts_in_batches) {
    ath_session *s = depot_open();
    Cell cells[234];
    for (int i = 0; i < 234; i++)
        cells[i] = (Cell){.x = i, .y = 1, .value = ath_some(i)};
    for (int round = 0; round < 2; round++) {
        uint64_t before = ath_session_statements(s);
        CHECK_INT(ath_upsert_many(s, Cell, cells, 234), 234);
        CHECK_INT(ath_session_statements(s) - before, 2 + 3 + 4);
    }
    CHECK_INT(ath_count(s, Cell), 234);
    depot_close(s);
}

static const test_case cases[] = {
    {"inserts_many", inserts_many},
    {"rows_that_set_other_columns", rows_that_set_other_columns},
    {"failures_leave_nothing", failures_leave_nothing},
    {"updates_many", updates_many},
    {"updates_by_two_columns", updates_by_two_columns},
    {"upserts", upserts},
    {"upserts_an_object", upserts_an_object},
    {"upserts_in_batches", upserts_in_batches},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
