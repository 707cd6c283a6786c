/* SPDX-License-Identifier: Apache-2.0
 *
 * another type, another name
 *
 * Revision ID: r03
 * Revises: r02
 */
#include <athanor/migrate.h>

ATH_REVISION("r03", .down = "r02", .message = "another type, another name", .create_date = "2026-11-03 12:00:00");

/* op.alter_column('users', 'column_name', type_=sa.String(100), existing_type=sa.String(50))
 * op.alter_column('users', 'old_name', new_column_name='new_name')
 *
 * What is not said stays: column_name keeps its NOT NULL and its default on MySQL and MariaDB, too. */
ATH_UPGRADE(op) {
    ath_op_alter_column(op, "users", "column_name", .type = ATH_STRING(100), .existing_type = ATH_STRING(50));
    ath_op_alter_column(op, "users", "old_name", .new_name = "new_name");
}

ATH_DOWNGRADE(op) {
    ath_op_alter_column(op, "users", "new_name", .new_name = "old_name");
    ath_op_alter_column(op, "users", "column_name", .type = ATH_STRING(50), .existing_type = ATH_STRING(100));
}
