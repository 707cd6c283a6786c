/* SPDX-License-Identifier: Apache-2.0
 *
 * posts have authors
 *
 * Revision ID: r07
 * Revises: r06
 */
#include <athanor/migrate.h>

ATH_REVISION("r07", .down = "r06", .message = "posts have authors", .create_date = "2026-11-07 12:00:00");

/* op.create_foreign_key('fk_posts_author', 'posts', 'users', ['author_id'], ['id'], ondelete='CASCADE') */
ATH_UPGRADE(op) {
    ath_op_add_column(op, "posts", ath_op_column("author_id", ATH_INTEGER));
    ath_op_create_foreign_key(op, "fk_posts_author", "posts", "users", ath_names("author_id"), ath_names("id"),
                              .ondelete = "CASCADE");
}

ATH_DOWNGRADE(op) {
    ath_op_drop_constraint(op, "fk_posts_author", "posts", .constraint = ATH_CONSTRAINT_FOREIGN_KEY);
    ath_op_drop_column(op, "posts", "author_id");
}
