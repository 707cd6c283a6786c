/* SPDX-License-Identifier: Apache-2.0
 *
 * old posts are published
 *
 * Revision ID: r09
 * Revises: r08
 */
#include <athanor/migrate.h>

ATH_REVISION("r09", .down = "r08", .message = "old posts are published", .create_date = "2026-11-09 12:00:00");

/* posts = table('posts', column('status', sa.String))
 * op.execute(posts.update().values(status='published').where(posts.c.status == None))
 * op.alter_column('posts', 'status', existing_type=sa.String(20), type_=sa.String(50), existing_nullable=False)
 *
 * No model is named: those of today may have gone on.  A column of NOT NULL has no None, so that what is meant is asked for
 * with the draft. */
ATH_UPGRADE(op) {
    ath_op_execute(op, ath_update_of(.table = "posts", .set = ath_set(ath_name_to("status", "published")),
                                     .where = ath_or(ath_is_null(ath_name("posts", "status")),
                                                     ath_eq(ath_name("posts", "status"), "draft"))));
    ath_op_alter_column(op, "posts", "status", .existing_type = ATH_STRING(20), .type = ATH_STRING(50),
                        .existing_nullable = ATH_NO);
}

ATH_DOWNGRADE(op) {
    ath_op_alter_column(op, "posts", "status", .existing_type = ATH_STRING(50), .type = ATH_STRING(20),
                        .existing_nullable = ATH_NO);
    ath_op_execute(op, ath_update_of(.table = "posts", .set = ath_set(ath_name_to("status", "draft")),
                                     .where = ath_eq(ath_name("posts", "status"), "published")));
}
