/* SPDX-License-Identifier: Apache-2.0
 *
 * A small schema for the topics that are not about types: shelves that hold items, and stock with a composite key.  Every
 * constraint has a name, so that errors can tell it.
 */
#ifndef ATH_TEST_CONFORMANCE_SHOP_H
#define ATH_TEST_CONFORMANCE_SHOP_H

#include <athanor/athanor.h>

typedef struct Shelf {
    int64_t id;
    const char *label;
} Shelf;

typedef struct Item {
    int64_t id;
    ath_opt_i64 shelf_id;
    const char *name;
    int16_t amount;
    ath_decimal price;
    const char *state;
    ath_datetime made_at;
} Item;

typedef struct Stock {
    int32_t shop;
    const char *sku;
    int32_t amount;
} Stock;

typedef struct Tally {
    const char *label;
    int64_t items;
} Tally;

ATH_MODEL(Shelf, "shelves") {
    ath_column(id, .primary_key = true);
    ath_column(label, .type = ATH_STRING(20));
    ath_unique_constraint("uq_shelves_label", "label");
}

ATH_MODEL(Item, "items") {
    ath_column(id, .primary_key = true);
    ath_column(shelf_id, .nullable = true);
    ath_column(name, .type = ATH_STRING(10));
    ath_column(amount, .default_value = ath_int(1));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .default_value = ath_int(0));
    ath_column(state, .type = ATH_STRING(20), .server_default = ath_str("it's \\new\\ %s"));
    ath_column(made_at, .server_default = ath_now());
    ath_foreign_key(.name = "fk_items_shelf", .columns = ath_names("shelf_id"), .target = "shelves",
                    .target_columns = ath_names("id"));
    ath_check_constraint("ck_items_amount", "amount >= 0");
    ath_index("ix_items_name", "name", "amount");
}

ATH_MODEL(Stock, "stock") {
    ath_column(shop, .primary_key = true);
    ath_column(sku, .type = ATH_STRING(20), .primary_key = true);
    ath_column(amount);
}

ATH_PROJECTION(Tally) {
    ath_column(label);
    ath_column(items);
}

ATH_METADATA(Shop, Shelf, Item, Stock);

#endif
