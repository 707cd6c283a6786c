/* SPDX-License-Identifier: Apache-2.0
 *
 * packages and who maintains them
 *
 * Revision ID: 4c1f0e9a2b77
 * Revises:
 * Create Date: 2026-11-02 09:10:00
 */
#include <athanor/migrate.h>

ATH_REVISION("4c1f0e9a2b77", .message = "packages and who maintains them", .create_date = "2026-11-02 09:10:00");

ATH_UPGRADE(op) {
    ath_op_create_table(op, "maintainers", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("name", ATH_STRING(200), .not_null = true),
                        ath_op_column("email", ATH_STRING(200), .not_null = true),
                        ath_unique_def(.name = "uq_maintainers", .columns = ath_names("name", "email")));
    ath_op_create_table(
        op, "packages", ath_op_column("id", ATH_BIGINT, .primary_key = true),
        ath_op_column("name", ATH_STRING(100), .not_null = true),
        ath_op_column("version", ATH_STRING(100), .not_null = true),
        ath_op_column("architecture", ATH_STRING(20), .not_null = true),
        ath_op_column("section", ATH_STRING(60), .not_null = true),
        ath_op_column("maintainer_id", ATH_BIGINT, .not_null = true, .index = true),
        ath_op_column("priority", ATH_ENUM("required", "important", "standard", "optional", "extra"), .not_null = true),
        ath_op_column("essential", ATH_BOOLEAN, .not_null = true),
        ath_op_column("installed_size", ATH_BIGINT, .check = "installed_size >= 0", .comment = "KiB"),
        ath_op_column("description", ATH_TEXT, .not_null = true), ath_op_column("homepage", ATH_TEXT),
        ath_op_column("created_at", ATH_DATETIME, .not_null = true),
        ath_op_column("updated_at", ATH_DATETIME, .not_null = true),
        ath_unique_def(.name = "uq_packages", .columns = ath_names("name", "architecture")),
        ath_op_foreign_key(ath_names("maintainer_id"), "maintainers", ath_names("id")),
        ath_options_def(.comment = "what is installed"));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "packages");
    ath_op_drop_table(op, "maintainers");
}
