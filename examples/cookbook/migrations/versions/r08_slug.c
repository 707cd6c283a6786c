/* SPDX-License-Identifier: Apache-2.0
 *
 * posts have slugs
 *
 * Revision ID: r08
 * Revises: r07
 */
#include <athanor/migrate.h>

ATH_REVISION("r08", .down = "r07", .message = "posts have slugs", .create_date = "2026-11-08 12:00:00");

/* op.add_column('posts', sa.Column('slug', sa.String(200), nullable=True))
 * op.create_index('ix_posts_slug', 'posts', ['slug'], unique=True) */
ATH_UPGRADE(op) {
    ath_op_add_column(op, "posts", ath_op_column("slug", ATH_STRING(200), .nullable = true));
    ath_op_create_index(op, "ix_posts_slug", "posts", ath_names("slug"), .unique = true);
}

/* op.drop_index('ix_posts_slug', table_name='posts')
 * op.drop_column('posts', 'slug') */
ATH_DOWNGRADE(op) {
    ath_op_drop_index(op, "ix_posts_slug", .table = "posts");
    ath_op_drop_column(op, "posts", "slug");
}
