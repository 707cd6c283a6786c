/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields that the database computes: in the table, and in every SELECT. */
#include "cookbook.h"

typedef struct Product Product;
typedef struct Sale Sale;
struct Product {
    int64_t id;
    const char *name, *label;
    int64_t net_cents, gross_cents, sold;
    Sale **sales;
};
struct Sale {
    int64_t id, product_id, amount;
};
ATH_DECLARE(Sale);

/* class Product(Base):
 *     gross_cents = mapped_column(Integer, Computed("net_cents + net_cents / 4"))
 *     label = column_property(name + " (new)")
 *     sold = column_property(select(func.coalesce(func.sum(Sale.amount), 0))
 *         .where(Sale.product_id == id).scalar_subquery()) */
ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(net_cents);
    ath_column(gross_cents, .computed = "net_cents + net_cents * 25 / 100");
    ath_column(label, .expression = ath_concat(ath_col(Product, name), ath_str(" (new)")));
    ath_column(sold, .expression =
                         ath_subquery(ath_select(.columns = ath_cols(ath_coalesce(ath_sum(ath_col(Sale, amount)), 0)),
                                                 .from = ath_from(ath_model_source(Sale)),
                                                 .where = ath_eq(ath_col(Sale, product_id), ath_col(Product, id)))));
    ath_has_many(sales, Sale);
}
ATH_MODEL(Sale, "sales") {
    ath_column(id, .primary_key = true);
    ath_column(product_id, .foreign_key = "products.id");
    ath_column(amount);
}
ATH_METADATA(App, Product, Sale);

static void show(const Product *p) {
    printf("%s: %" PRId64 " cents, %" PRId64 " sold\n", p->label, p->gross_cents, p->sold);
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Product *pen = ath_new(db, Product, .name = "pen", .net_cents = 400);
    ath_new(db, Product, .name = "ink", .net_cents = 1000);
    ath_append(db, pen, sales, ath_new(db, Sale, .amount = 3));
    ath_append(db, pen, sales, ath_new(db, Sale, .amount = 4));
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    /* A computed column is read back by the flush, an expression by the next SELECT. */
    printf("%" PRId64 " cents\n", pen->gross_cents);
    if (ath_refresh(db, pen) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(pen);

    /* Both stand in conditions and orders as columns do. */
    Product **products = ath_all(db, Product, .where = ath_gt(ath_col(Product, gross_cents), 100),
                                 .order_by = ath_by(ath_desc(ath_col(Product, sold))), .populate_existing = true);
    ath_each(Product, product, products)
        show(product);
    return cookbook_close(engine, db, products != NULL);
}
