/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of two columns, and relations by them. */
#include "cookbook.h"

typedef struct Order Order;
typedef struct Item Item;
struct Order {
    int32_t shop, number;
    const char *customer;
    Item **items;
};
struct Item {
    int32_t shop, number, position;
    const char *what;
    Order *order;
};
ATH_DECLARE(Item);

ATH_MODEL(Order, "orders") {
    ath_column(shop, .primary_key = true);
    ath_column(number, .primary_key = true);
    ath_column(customer, .type = ATH_STRING(50));
    ath_has_many(items, Item, .back_populates = "order", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN,
                 .order_by = ath_by(ath_col(Item, position)));
}
/* class Item(Base):
 *     __table_args__ = (ForeignKeyConstraint(["shop", "number"], ["orders.shop", "orders.number"]),) */
ATH_MODEL(Item, "items") {
    ath_column(shop, .primary_key = true);
    ath_column(number, .primary_key = true);
    ath_column(position, .primary_key = true);
    ath_column(what, .type = ATH_STRING(50));
    ath_foreign_key(.columns = ath_names("shop", "number"), .target = "orders",
                    .target_columns = ath_names("shop", "number"));
    ath_belongs_to(order, Order, .back_populates = "items");
}
ATH_METADATA(App, Order, Item);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Order *first = ath_new(db, Order, .shop = 1, .number = 1, .customer = "ann");
    Order *second = ath_new(db, Order, .shop = 2, .number = 1, .customer = "ben");
    /* Two thirds of an item's key come from its order, at the flush. */
    ath_append(db, first, items, ath_new(db, Item, .position = 1, .what = "pen"));
    ath_append(db, first, items, ath_new(db, Item, .position = 2, .what = "ink"));
    ath_append(db, second, items, ath_new(db, Item, .position = 1, .what = "paper"));
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    /* session.get(Order, (1, 1), options=[selectinload(Order.items)])
     *
     * ath_get takes the key alone; what is to be loaded with it is loaded behind it. */
    db = ath_session_open(engine);
    first = ath_get(db, Order, 1, 1);
    if (!first || ath_load_rel(db, first, items) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_each(Item, item, first->items)
        printf("%d/%d/%d %s\n", (int)item->shop, (int)item->number, (int)item->position, item->what);

    /* tuple_(Item.shop, Item.number).in_([...]): selectin does the same for relations */
    Order **orders = ath_all(db, Order, .order_by = ath_by(ath_col(Order, shop), ath_col(Order, number)),
                             .load = ath_load(ath_selectin(Order, items)));
    ath_each(Order, order, orders)
        printf("%s: %zu\n", order->customer, ath_len(order->items));

    /* An item moves to the end of its order: another key, one UPDATE. */
    first->items[0]->position = 3;
    bool ok = orders && ath_commit(db) == ATH_OK;
    printf("by its new key: %s\n", ath_get(db, Item, 1, 1, 3) == first->items[0] ? "the same" : "another");
    return cookbook_close(engine, db, ok);
}
