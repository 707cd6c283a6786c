/* SPDX-License-Identifier: Apache-2.0
 *
 * fill a new column
 *
 * Revision ID: r05
 * Revises: r04
 */
#include <athanor/athanor.h>
#include <athanor/migrate.h>

ATH_REVISION("r05", .down = "r04", .message = "fill a new column", .create_date = "2026-11-05 12:00:00");

/* connection = op.get_bind()
 * connection.execute("UPDATE users SET new_column = 'default' WHERE new_column IS NULL")
 *
 * SQLAlchemy 2 takes no bare text there; ath_op_execute does.  ath_op_connection is for questions, and NULL in a script. */
ATH_UPGRADE(op) {
    ath_op_add_column(op, "users", ath_op_column("new_column", ATH_STRING(20)));
    ath_op_execute(op, "UPDATE users SET new_column = 'default' WHERE new_column IS NULL");
    ath_connection *connection = ath_op_connection(op);
    if (!connection)
        return;
    ath_result *left = ath_execute(connection, ath_text("SELECT count(*) FROM users WHERE new_column IS NULL"));
    const ath_row *row = ath_fetch(left);
    if (!row || ath_row_int(row, 0) != 0)
        ath_op_fail(op, "users are left without new_column"); /* and all of this revision is undone */
    ath_result_close(left);
}

ATH_DOWNGRADE(op) {
    ath_op_drop_column(op, "users", "new_column");
}
