/* SPDX-License-Identifier: Apache-2.0
 *
 * sections have a table of their own
 *
 * Revision ID: b5087d93ac12
 * Revises: e27a41c6f8d5
 * Create Date: 2026-11-09 14:30:00
 *
 * A data migration: the names of sections move out of the packages, and back.  It names tables and columns as they were at its
 * time; the models of today may have gone on.
 */
#include <athanor/migrate.h>

ATH_REVISION("b5087d93ac12", .down = "e27a41c6f8d5", .message = "sections have a table of their own",
             .create_date = "2026-11-09 14:30:00");

/* Each section that a package names becomes a row, and the package gets its id. */
static void move_out(ath_ops *op) {
    const ath_select_stmt *sections =
        ath_select(.distinct = true, .columns = ath_cols(ath_name("packages", "section"), ath_now(), ath_now()),
                   .from = ath_from(ath_table_ref("packages")));
    const ath_select_stmt *id =
        ath_select(.columns = ath_cols(ath_name("sections", "id")), .from = ath_from(ath_table_ref("sections")),
                   .where = ath_eq(ath_name("sections", "name"), ath_name("packages", "section")));
    ath_op_execute(op, ath_insert(.table = "sections", .columns = ath_names("name", "created_at", "updated_at"),
                                  .select = sections));
    ath_op_execute(op, ath_update_of(.table = "packages", .all_rows = true,
                                     .set = ath_set(ath_name_to("section_id", ath_subquery(id)))));
}

static void move_back(ath_ops *op) {
    const ath_select_stmt *name =
        ath_select(.columns = ath_cols(ath_name("sections", "name")), .from = ath_from(ath_table_ref("sections")),
                   .where = ath_eq(ath_name("sections", "id"), ath_name("packages", "section_id")));
    ath_op_execute(op, ath_update_of(.table = "packages", .all_rows = true,
                                     .set = ath_set(ath_name_to("section", ath_subquery(name)))));
}

ATH_UPGRADE(op) {
    ath_op_create_table(op, "sections", ath_op_column("id", ATH_BIGINT, .primary_key = true),
                        ath_op_column("name", ATH_STRING(60), .not_null = true, .unique = true),
                        ath_op_column("created_at", ATH_DATETIME, .not_null = true),
                        ath_op_column("updated_at", ATH_DATETIME, .not_null = true));
    ath_op_add_column(op, "packages", ath_op_column("section_id", ATH_BIGINT));
    move_out(op);
    /* On SQLite, which can do little of this with an ALTER TABLE, one rebuild of the table does it all. */
    ATH_OP_BATCH(op, "packages") {
        ath_op_alter_column(op, "packages", "section_id", .nullable = ATH_NO);
        ath_op_create_foreign_key(op, "fk_packages_section_id", "packages", "sections", ath_names("section_id"),
                                  ath_names("id"));
        ath_op_drop_column(op, "packages", "section");
    }
    ath_op_create_index(op, "ix_packages_section_id", "packages", ath_names("section_id"));
}

ATH_DOWNGRADE(op) {
    ath_op_add_column(op, "packages", ath_op_column("section", ATH_STRING(60)));
    move_back(op);
    ATH_OP_BATCH(op, "packages") {
        ath_op_alter_column(op, "packages", "section", .nullable = ATH_NO);
        ath_op_drop_constraint(op, "fk_packages_section_id", "packages", .constraint = ATH_CONSTRAINT_FOREIGN_KEY);
    }
    ath_op_drop_index(op, "ix_packages_section_id", .table = "packages");
    ath_op_drop_column(op, "packages", "section_id");
    ath_op_drop_table(op, "sections");
}
