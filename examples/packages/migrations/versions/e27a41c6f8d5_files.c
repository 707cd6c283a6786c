/* SPDX-License-Identifier: Apache-2.0
 *
 * the files of a package
 *
 * Revision ID: e27a41c6f8d5
 * Revises: 9d3b6a58e014
 * Create Date: 2026-11-05 11:25:00
 */
#include <athanor/migrate.h>

ATH_REVISION("e27a41c6f8d5", .down = "9d3b6a58e014", .message = "the files of a package",
             .create_date = "2026-11-05 11:25:00");

ATH_UPGRADE(op) {
    ath_op_create_table(
        op, "files", ath_op_column("id", ATH_BIGINT, .primary_key = true),
        ath_op_column("package_id", ATH_BIGINT, .not_null = true, .index = true),
        ath_op_column("path", ATH_TEXT, .not_null = true), ath_op_column("directory", ATH_TEXT, .not_null = true),
        ath_op_column("md5", ATH_STRING(32)),
        ath_op_foreign_key(ath_names("package_id"), "packages", ath_names("id"), .ondelete = "CASCADE"));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "files");
}
