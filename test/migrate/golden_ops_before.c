/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables that most cases speak of.
 */
#include "golden_ops.h"

const ath_naming golden_naming = {.ix = "ix_%(column_0_label)s",
                                  .uq = "uq_%(table_name)s_%(column_0_name)s",
                                  .ck = "ck_%(table_name)s_%(constraint_name)s",
                                  .fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                                  .pk = "pk_%(table_name)s"};

#define ID ath_op_column("id", ATH_INTEGER, .primary_key = true)

static void users_and_posts(ath_ops *op) {
    ath_op_create_table(op, "users", ID, ath_op_column("name", ATH_STRING(50), .not_null = true),
                        ath_op_column("email", ATH_STRING(100)), ath_op_column("nick", ATH_STRING(20)),
                        ath_op_column("score", ATH_INTEGER), ath_op_column("old_column", ATH_STRING(50)),
                        ath_op_column("column_name", ATH_STRING(50)), ath_op_column("old_name", ATH_STRING(50)),
                        ath_unique_def(.columns = ath_names("email"), .name = "uq_users_email"));
    ath_op_create_table(op, "categories", ID, ath_op_column("name", ATH_STRING(100)),
                        ath_op_column("parent_id", ATH_INTEGER));
    ath_op_create_table(
        op, "posts", ID, ath_op_column("title", ATH_STRING(200), .not_null = true), ath_op_column("content", ATH_TEXT),
        ath_op_column("status", ATH_STRING(20), .not_null = true, .server_default = ath_str("draft")),
        ath_op_column("author_id", ATH_INTEGER), ath_op_column("category_id", ATH_INTEGER),
        ath_op_column("made_at", ATH_DATETIME), ath_op_column("flag", ATH_BOOLEAN),
        ath_op_foreign_key(ath_names("category_id"), "categories", ath_names("id"), .name = "fk_posts_cat"),
        ath_check_def(.check = "title <> ''", .name = "ck_posts_len"));
}

void golden_before(ath_ops *op) {
    users_and_posts(op);
    ath_op_create_table(op, "lonely", ath_op_column("a", ATH_INTEGER, .not_null = true),
                        ath_op_column("b", ATH_INTEGER, .not_null = true));
    ath_op_create_table(op, "ckpa",
                        ath_op_column("a", ATH_INTEGER, .not_null = true, .autoincrement = ATH_AUTOINCREMENT_NO),
                        ath_op_column("b", ATH_INTEGER, .not_null = true),
                        ath_primary_key_def(.columns = ath_names("a", "b"), .name = "pk_ckpa"));
    ath_op_create_table(op, "ckid",
                        ath_op_column("id", ATH_INTEGER, .not_null = true, .autoincrement = ATH_AUTOINCREMENT_NO),
                        ath_op_column("pa", ATH_INTEGER), ath_op_column("pb", ATH_INTEGER),
                        ath_primary_key_def(.columns = ath_names("id"), .name = "pk_ckid"));
    ath_op_create_table(op, "typed", ath_op_column("d", ATH_DATE), ath_op_column("dt", ATH_DATETIME),
                        ath_op_column("n", ATH_NUMERIC(10, 2)), ath_op_column("b", ATH_BOOLEAN),
                        ath_op_column("f", ATH_FLOAT));
    ath_op_create_table(op, "Weird Table", ath_op_column("Id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("from", ATH_INTEGER), ath_op_column("mixedCase", ATH_STRING(9)));
}
