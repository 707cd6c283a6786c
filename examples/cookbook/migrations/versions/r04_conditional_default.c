/* SPDX-License-Identifier: Apache-2.0
 *
 * a status by age
 *
 * Revision ID: r04
 * Revises: r03
 */
#include <athanor/migrate.h>

ATH_REVISION("r04", .down = "r03", .message = "a status by age", .create_date = "2026-11-04 12:00:00");

/* op.add_column('users', sa.Column('status', sa.String(20),
 *     server_default=sa.case([(sa.column('age') >= 18, 'adult')], else_='minor')))
 *
 * A default cannot look at another column on PostgreSQL and SQLite, and nowhere does it follow a later change.  What is meant
 * is a computed column: every row has it, old and new, and it stays true. */
ATH_UPGRADE(op) {
    ath_op_add_column(op, "users",
                      ath_op_column("status", ATH_STRING(20),
                                    .computed = "CASE WHEN age >= 18 THEN 'adult' ELSE 'minor' END",
                                    .persisted = ATH_STORED));
}

ATH_DOWNGRADE(op) {
    ath_op_drop_column(op, "users", "status");
}
