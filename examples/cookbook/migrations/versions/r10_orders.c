/* SPDX-License-Identifier: Apache-2.0
 *
 * orders
 *
 * Revision ID: r10
 * Revises: r09
 */
#include <athanor/migrate.h>

ATH_REVISION("r10", .down = "r09", .message = "orders", .create_date = "2026-11-10 12:00:00");

/* name: Mapped[str] = mapped_column(String(255), nullable=False, comment="商品名称")
 * Index("idx_user_status", "user_id", "status"), UniqueConstraint("user_id", "order_number", name="uq_user_order")
 * created_at = mapped_column(DateTime, default=func.now())  # the default of the database
 *
 * SQLAlchemy's default= is the program's and would give no DDL; what the comment means is server_default, here and in the
 * models. */
ATH_UPGRADE(op) {
    ath_op_create_table(op, "orders", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("user_id", ATH_INTEGER, .not_null = true, .foreign_key = "users.id"),
                        ath_op_column("order_number", ATH_STRING(50), .not_null = true),
                        ath_op_column("status", ATH_STRING(20), .not_null = true),
                        ath_op_column("name", ATH_STRING(255), .not_null = true, .comment = "商品名称"),
                        ath_op_column("price", ATH_DOUBLE, .not_null = true),
                        ath_op_column("is_active", ATH_BOOLEAN, .not_null = true, .default_value = ath_bool(true)),
                        ath_op_column("created_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
                        ath_op_column("updated_at", ATH_DATETIME, .not_null = true, .server_default = ath_now()),
                        ath_unique_def(.name = "uq_user_order", .columns = ath_names("user_id", "order_number")));
    ath_op_create_index(op, "idx_user_status", "orders", ath_names("user_id", "status"));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "orders");
}
