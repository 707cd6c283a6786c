/* SPDX-License-Identifier: Apache-2.0
 *
 * what a package wants
 *
 * Revision ID: 9d3b6a58e014
 * Revises: 4c1f0e9a2b77
 * Create Date: 2026-11-03 16:40:00
 */
#include <athanor/migrate.h>

ATH_REVISION("9d3b6a58e014", .down = "4c1f0e9a2b77", .message = "what a package wants",
             .create_date = "2026-11-03 16:40:00");

ATH_UPGRADE(op) {
    ath_op_create_table(op, "dependencies", ath_op_column("package_id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("target_id", ATH_BIGINT, .primary_key = true, .index = true),
                        ath_op_column("kind", ATH_ENUM("depends", "pre-depends", "recommends"), .primary_key = true),
                        ath_op_column("version", ATH_STRING(200)),
                        ath_op_foreign_key(ath_names("package_id"), "packages", ath_names("id"), .ondelete = "CASCADE"),
                        ath_op_foreign_key(ath_names("target_id"), "packages", ath_names("id"), .ondelete = "CASCADE"));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "dependencies");
}
