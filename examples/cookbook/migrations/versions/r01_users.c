/* SPDX-License-Identifier: Apache-2.0
 *
 * create users
 *
 * Revision ID: r01
 * Revises:
 */
#include <athanor/migrate.h>

ATH_REVISION("r01", .message = "create users", .create_date = "2026-11-01 12:00:00");

ATH_UPGRADE(op) {
    ath_op_create_table(
        op, "users", ath_op_column("id", ATH_INTEGER, .primary_key = true),
        ath_op_column("email", ATH_STRING(100), .not_null = true, .unique = true),
        ath_op_column("old_name", ATH_STRING(50)), ath_op_column("old_column", ATH_STRING(50)),
        ath_op_column("column_name", ATH_STRING(50), .not_null = true, .server_default = ath_str("none")));
    /* op.bulk_insert(users, [{...}, ...]) */
    ath_op_bulk_insert(op, "users", ath_names("email", "old_name", "old_column"),
                       ath_rows(ath_vals("ann@example.org", "Ann", "x"), ath_vals("bob@example.org", "Bob", "y")));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "users");
}
