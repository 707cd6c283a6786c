/* SPDX-License-Identifier: Apache-2.0
 *
 * new columns, and one less
 *
 * Revision ID: r02
 * Revises: r01
 */
#include <athanor/migrate.h>

ATH_REVISION("r02", .down = "r01", .message = "new columns, and one less", .create_date = "2026-11-02 12:00:00");

/* op.add_column('users', sa.Column('age', sa.Integer(), server_default='18'))
 * op.add_column('users', sa.Column('address', sa.String(100), nullable=True))
 * op.drop_column('users', 'old_column')
 * op.add_column('users', sa.Column('created_at', sa.DateTime, server_default=sa.text('CURRENT_TIMESTAMP')))
 *
 * The last is more than SQLite's ALTER TABLE can do: there the table is made anew, with all that is in it. */
ATH_UPGRADE(op) {
    ath_op_add_column(op, "users", ath_op_column("age", ATH_INTEGER, .server_default = ath_str("18")));
    ath_op_add_column(op, "users", ath_op_column("address", ATH_STRING(100), .nullable = true));
    ath_op_drop_column(op, "users", "old_column");
    ath_op_add_column(op, "users",
                      ath_op_column("created_at", ATH_DATETIME, .server_default = ath_text("CURRENT_TIMESTAMP")));
}

/* In the opposite order.  The column comes back; what was in it does not. */
ATH_DOWNGRADE(op) {
    ath_op_drop_column(op, "users", "created_at");
    ath_op_add_column(op, "users", ath_op_column("old_column", ATH_STRING(50)));
    ath_op_drop_column(op, "users", "address");
    ath_op_drop_column(op, "users", "age");
}
