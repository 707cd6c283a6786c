/* SPDX-License-Identifier: Apache-2.0
 *
 * accounts, transfers, and a mark instead of a deletion
 *
 * Revision ID: c83f06e4d512
 * Revises: 5b1d7e20c9a4
 * Create Date: 2026-11-19 14:10:00
 *
 * Users who are there get an empty account.
 */
#include <athanor/migrate.h>

ATH_REVISION("c83f06e4d512", .down = "5b1d7e20c9a4", .message = "accounts, transfers, a mark instead of a deletion",
             .create_date = "2026-11-19 14:10:00");

ATH_UPGRADE(op) {
    ath_op_add_column(op, "users", ath_op_column("deleted_at", ATH_TIMESTAMP));
    ath_op_add_column(op, "posts", ath_op_column("deleted_at", ATH_TIMESTAMP));
    ath_op_create_table(
        op, "accounts",
        ath_op_column("user_id", ATH_BIGINT, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO),
        ath_op_column("balance", ATH_DECIMAL(12, 2), .not_null = true),
        ath_check_def(.name = "ck_accounts_balance", .check = "balance >= 0"),
        ath_op_foreign_key(ath_names("user_id"), "users", ath_names("id"), .name = "fk_accounts_user",
                           .ondelete = "CASCADE"));
    ath_op_execute(op, "INSERT INTO accounts (user_id, balance) SELECT id, 0 FROM users");
    ath_op_create_table(op, "transfers", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("from_id", ATH_BIGINT, .index = true),
                        ath_op_column("to_id", ATH_BIGINT, .index = true),
                        ath_op_column("amount", ATH_DECIMAL(12, 2), .not_null = true),
                        ath_op_column("created_at", ATH_TIMESTAMP, .not_null = true),
                        ath_op_foreign_key(ath_names("from_id"), "users", ath_names("id"), .name = "fk_transfers_from",
                                           .ondelete = "SET NULL"),
                        ath_op_foreign_key(ath_names("to_id"), "users", ath_names("id"), .name = "fk_transfers_to",
                                           .ondelete = "SET NULL"));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "transfers");
    ath_op_drop_table(op, "accounts");
    ath_op_drop_column(op, "posts", "deleted_at");
    ath_op_drop_column(op, "users", "deleted_at");
}
