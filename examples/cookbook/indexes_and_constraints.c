/* SPDX-License-Identifier: Apache-2.0
 *
 * Indexes and constraints, over one column and over several. */
#include <athanor/athanor.h>
#include <inttypes.h>
#include <stdio.h>

typedef struct Order {
    int32_t id, user_id;
    const char *order_number, *status;
} Order;

ATH_MODEL(Order, "orders") {
    /* id: Mapped[int] = mapped_column(Integer, primary_key=True) */
    ath_column(id, .primary_key = true);
    /* user_id: Mapped[int] = mapped_column(Integer, nullable=False, index=True) */
    ath_column(user_id, .index = true);
    /* order_number: Mapped[str] = mapped_column(String(50), unique=True) */
    ath_column(order_number, .type = ATH_STRING(50), .unique = true);
    /* status: Mapped[str] = mapped_column(String(20), index=True) */
    ath_column(status, .type = ATH_STRING(20), .index = true);
    /* __table_args__ = (
     *     Index("idx_user_status", "user_id", "status"),
     *     UniqueConstraint("user_id", "order_number", name="uq_user_order"),
     * ) */
    ath_index("idx_user_status", "user_id", "status");
    ath_unique_constraint("uq_user_order", "user_id", "order_number");
}
ATH_METADATA(Shop, Order);

static void print_schema(ath_connection *c) {
    ath_result *r =
        ath_execute(c, ath_text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"));
    for (const ath_row *row; (row = ath_fetch(r)) != NULL;)
        puts(ath_row_text(row, 0));
    ath_result_close(r);
}

int main(void) {
    ath_error why;
    ath_engine *engine = ath_engine_open("sqlite://", .error = &why);
    ath_connection *c = NULL;
    if (engine && ath_create_all(engine, &Shop, &why) == ATH_OK)
        c = ath_connect(engine, &why);
    if (!c) {
        fprintf(stderr, "%s\n", why.message);
        ath_engine_close(engine);
        return 1;
    }
    print_schema(c);
    ath_connection_close(c);
    ath_engine_close(engine);
    return 0;
}
