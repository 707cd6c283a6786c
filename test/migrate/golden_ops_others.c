/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of tables, indexes, constraints, data, and operations as values.
 */
#include "golden_ops.h"

#include "golden_cases.h"

#define ID ath_op_column("id", ATH_INTEGER, .primary_key = true)

CASE(p) {
    ath_op_create_table(op, "p", ID);
}
CASE(ct_column_fk) {
    ath_op_create_table(op, "t", ID, ath_op_column("p_id", ATH_INTEGER, .foreign_key = "p.id"));
}
CASE(nothing) {
    (void)op;
}
CASE(ct_if_not_exists) {
    ath_op_create_table(op, "t", ID, ath_options_def(.if_not_exists = true));
}
CASE(ct_sqlite_autoincrement) {
    ath_op_create_table(op, "t", ID, ath_options_def(.sqlite_autoincrement = true));
}
CASE(ct_naming_f) {
    ath_op_create_table(op, "t", ath_op_column("id", ATH_INTEGER, .not_null = true), ath_op_column("n", ATH_INTEGER),
                        ath_check_def(.check = "n > 0", .name = "ck_exact", .exact_name = true),
                        ath_primary_key_def(.columns = ath_names("id"), .name = "pk_exact", .exact_name = true));
}
CASE(ct_quoted) {
    ath_op_create_table(op, "order", ath_op_column("Id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("select", ATH_STRING(9)), ath_op_column("a b", ATH_INTEGER));
}
CASE(ct_pg_types) {
    ath_op_create_table(op, "t", ath_op_column("a", ATH_JSONB), ath_op_column("b", ATH_ARRAY_OF(ATH_INTEGER, 1)),
                        ath_op_column("c", ATH_UUID, .server_default = ath_text("gen_random_uuid()")),
                        ath_op_column("d", ATH_TYPE_NAMED("INET")), ath_op_column("e", ATH_TYPE_NAMED("TSVECTOR")));
}
CASE(dt_quoted) {
    ath_op_drop_table(op, "Weird Table");
}
CASE(tc_sqlite) {
    ath_op_create_table_comment(op, "users", "x");
}
CASE(ix_multi) {
    ath_op_create_index(op, "ix_u", "users", ath_names("name", "nick"));
}
CASE(ix_text_expr) {
    ath_op_create_index(op, "ix_u", "users", ath_parts(ath_part_text("lower(name)")));
}
CASE(ix_where_expr) {
    ath_op_create_index(op, "ix_u", "users", ath_names("name"), .unique = true, .where = "nick = 'it''s'");
}
CASE(ix_naming) {
    ath_op_create_index(op, NULL, "users", ath_names("name"));
}
CASE(ix_u) {
    ath_op_create_index(op, "ix_u", "users", ath_names("name"));
}
CASE(ix_drop_no_table) {
    ath_op_drop_index(op, "ix_u");
}
CASE(ix_drop_concurrently) {
    ATH_OP_AUTOCOMMIT(op) {
        ath_op_drop_index(op, "ix_u", .table = "users", .concurrently = true);
    }
}
CASE(co_fk_composite) {
    ath_op_create_foreign_key(op, "fk_c", "ckid", "ckpa", ath_names("pa", "pb"), ath_names("a", "b"),
                              .ondelete = "CASCADE");
}
CASE(co_fk_self) {
    ath_op_create_foreign_key(op, "fk_up", "categories", "categories", ath_names("parent_id"), ath_names("id"));
}
CASE(co_unique_deferrable) {
    ath_op_create_unique_constraint(op, "uq_n", "users", ath_names("name"), .deferrable = ATH_DEFERRABLE,
                                    .initially = "IMMEDIATE");
}
CASE(co_check) {
    ath_op_create_check_constraint(op, "ck_s", "users", "score >= 0");
}
CASE(co_pk) {
    ath_op_create_primary_key(op, "pk_l", "lonely", ath_names("a"));
}
CASE(co_exclude) {
    ath_op_create_exclude_constraint(op, "ex_l", "lonely", ath_parts(ath_part("a")), ath_names("="), .using = "btree",
                                     .where = "a > 0");
}
CASE(co_drop_check) {
    ath_op_drop_constraint(op, "ck_posts_len", "posts", .constraint = ATH_CONSTRAINT_CHECK);
}
CASE(da_execute_insert) {
    ath_op_execute(op, ath_insert(.table = "categories", .columns = ath_names("id", "name"),
                                  .values = ath_rows(ath_vals(7, "50%"))));
}
CASE(da_bulk_insert_types) {
    ath_date day;
    ath_datetime moment;
    CHECK_INT(ath_date_make(2024, 2, 29, &day), ATH_OK);
    CHECK_INT(ath_datetime_make(2024, 2, 29, 12, 30, 1, 0, &moment), ATH_OK);
    ath_table *typed = ath_table_new("typed", ath_column_def("d", ATH_DATE), ath_column_def("dt", ATH_DATETIME),
                                     ath_column_def("n", ATH_NUMERIC(10, 2)), ath_column_def("b", ATH_BOOLEAN),
                                     ath_column_def("f", ATH_FLOAT));
    ath_decimal half;
    CHECK_INT(ath_decimal_parse("1.50", 4, &half), ATH_OK);
    ath_op_invoke(
        op, &(ath_operation){.kind = ATH_OPERATION_BULK_INSERT,
                             .table = "typed",
                             .insert = ath_insert(.described = typed, .columns = ath_names("d", "dt", "n", "b", "f"),
                                                  .values = ath_rows(ath_vals(day, moment, half, true, 1.5)))});
    ath_table_free(typed);
}
CASE(da_bulk_insert_empty) {
    ath_op_bulk_insert(op, "categories", ath_names("id", "name"), {0});
}
CASE(iv_create_table) {
    const ath_table_item items[] = {ID};
    ath_op_invoke(op,
                  &(ath_operation){.kind = ATH_OPERATION_CREATE_TABLE, .table = "t", .items = items, .item_count = 1});
}
CASE(iv_reverse_add_column) {
    ath_op_invoke(op, &(ath_operation){.kind = ATH_OPERATION_DROP_COLUMN, .table = "users", .name = "nick"});
}
CASE(bo_sqlite_add_only) {
    ATH_OP_BATCH(op, "users") {
        ath_op_add_column(op, "users", ath_op_column("c", ATH_INTEGER));
    }
}

static const golden_op cases[] = {
    ROW(ct_column_fk, .before = p, .bare = true),
    ROW(ct_if_not_exists, .before = nothing, .bare = true),
    ROW(ct_sqlite_autoincrement, .before = nothing, .bare = true),
    ROW(ct_naming_f, .before = nothing, .bare = true, .naming = true),
    ROW(ct_quoted, .before = nothing, .bare = true),
    ROW(ct_pg_types, .before = nothing, .bare = true, .refuses = REFUSES_SQLITE | REFUSES_MYSQL),
    ROW(dt_quoted, .naming = false),
    ROW(tc_sqlite, .sqlite = RUNS),
    ROW(ix_multi, .naming = false),
    ROW(ix_text_expr, .refuses = REFUSES_MYSQL),
    ROW(ix_where_expr, .refuses = REFUSES_MYSQL),
    ROW(ix_naming, .naming = true),
    ROW(ix_drop_no_table, .before = ix_u, .mysql = RUNS, .mariadb = RUNS),
    ROW(ix_drop_concurrently, .before = ix_u),
    ROW(co_fk_composite, .naming = false),
    ROW(co_fk_self, .naming = false),
    ROW(co_unique_deferrable, .refuses = REFUSES_SQLITE | REFUSES_MYSQL),
    ROW(co_check, .sqlite = RUNS),
    ROW(co_pk, .sqlite = RUNS),
    ROW(co_exclude, .refuses = REFUSES_SQLITE | REFUSES_MYSQL),
    ROW(co_drop_check, .sqlite = RUNS),
    ROW(da_execute_insert, .naming = false),
    ROW(da_bulk_insert_types, .naming = false),
    ROW(da_bulk_insert_empty, .naming = false),
    ROW(iv_create_table, .before = nothing, .bare = true),
    ROW(iv_reverse_add_column, .naming = false),
    ROW(bo_sqlite_add_only, .naming = false),
};
const golden_set golden_others = {cases, TEST_COUNT(cases)};
