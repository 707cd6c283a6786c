/* SPDX-License-Identifier: Apache-2.0
 *
 * Plain types, a column that may be NULL, a default, and comments. */
#include <athanor/athanor.h>
#include <inttypes.h>
#include <stdio.h>

typedef struct Product {
    int32_t id;
    const char *name, *description;
    double price; /* of everything but money: that is ath_decimal with ATH_NUMERIC(10, 2) */
    bool is_active;
} Product;

ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    /* name: Mapped[str] = mapped_column(String(255), nullable=False, comment="商品名称") */
    ath_column(name, .type = ATH_STRING(255), .comment = "商品名称");
    /* description: Mapped[str | None] = mapped_column(Text, nullable=True) */
    ath_column(description, .type = ATH_TEXT, .nullable = true);
    /* price: Mapped[float] = mapped_column(Float, nullable=False) */
    ath_column(price, .type = ATH_FLOAT);
    /* is_active: Mapped[bool] = mapped_column(Boolean, default=True, comment="是否激活") */
    ath_column(is_active, .default_value = ath_bool(true), .comment = "是否激活");
    /* __table_args__ = {"comment": "..."}.  SQLite has no comments and is sent none. */
    ath_table_comment("what the shop sells");
}
ATH_METADATA(Shop, Product);

int main(void) {
    ath_error why;
    ath_engine *engine = ath_engine_open("sqlite://", .error = &why);
    ath_session *s = NULL;
    if (engine && ath_create_all(engine, &Shop, &why) == ATH_OK)
        s = ath_session_open(engine, .error = &why);
    if (!s) {
        fprintf(stderr, "%s\n", why.message);
        ath_engine_close(engine);
        return 1;
    }
    Product *lamp = ath_new(s, Product, .name = "Lamp", .price = 12.5);
    ath_new(s, Product, .name = "Desk", .price = 80, .description = "Oak", .is_active = false);
    ath_status status = ath_commit(s);
    if (status == ATH_OK) {
        printf("%s %.2f %s, %s\n", lamp->name, lamp->price, lamp->description ? lamp->description : "(nothing said)",
               lamp->is_active ? "on sale" : "not on sale");
        printf("%" PRId64 " not on sale\n", ath_count(s, Product, .where = ath_not(ath_col(Product, is_active))));
    }
    ath_session_close(s);
    ath_engine_close(engine);
    return status == ATH_OK ? 0 : 1;
}
