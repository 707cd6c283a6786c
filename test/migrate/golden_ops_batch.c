/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of batch blocks on SQLite: what matters is the schema and the rows that are left.
 */
#include "golden_ops.h"

#include "golden_cases.h"

#define BATCH(table, ...)                                                                                              \
    ATH_OP_BATCH(op, table) {                                                                                          \
        __VA_ARGS__;                                                                                                   \
    }

CASE(b_add_column){BATCH("t", ath_op_add_column(op, "t", ath_op_column("c", ATH_STRING(30))))} CASE(b_drop_indexed) {
    BATCH("t", ath_op_drop_index(op, "ix_t_y"); ath_op_drop_column(op, "t", "y"))
}
CASE(b_rename_indexed){BATCH("t", ath_op_alter_column(op, "t", "y", .new_name = "z"))} CASE(b_type){
    BATCH("t", ath_op_alter_column(op, "t", "x", .type = ATH_STRING(99)))} CASE(b_nullable){
    BATCH("t", ath_op_alter_column(op, "t", "x", .nullable = ATH_NO))} CASE(b_default){
    BATCH("t", ath_op_alter_column(op, "t", "x", .server_default = ath_str("dflt")))} CASE(b_many) {
    ATH_OP_BATCH(op, "t") {
        ath_op_alter_column(op, "t", "x", .new_name = "z", .type = ATH_TEXT, .nullable = ATH_YES);
        ath_op_drop_column(op, "t", "s");
        ath_op_add_column(op, "t", ath_op_column("c", ATH_INTEGER));
        ath_op_create_unique_constraint(op, "uq_c", "t", ath_names("c"));
    }
}
CASE(b_unique_drop){
    BATCH("t", ath_op_drop_constraint(op, "uq_t_name", "t", .constraint = ATH_CONSTRAINT_UNIQUE))} CASE(b_check_table){
    BATCH("chk", ath_op_alter_column(op, "chk", "v", .type = ATH_STRING(99)))} CASE(b_pk){
    BATCH("nopk", ath_op_create_primary_key(op, "pk_nopk", "nopk", ath_names("a")))} CASE(b_never_error) {
    ATH_OP_BATCH(op, "t", .recreate = "never") {
        ath_op_alter_column(op, "t", "x", .nullable = ATH_NO);
    }
}
CASE(b_missing_table){BATCH("nope", ath_op_drop_column(op, "nope", "x"))} CASE(b_missing_column){
    BATCH("t", ath_op_alter_column(op, "t", "nope", .nullable = ATH_NO))} CASE(b_seed_alter) {
    BATCH("t", ath_op_alter_column(op, "t", "s", .existing_type = ATH_STRING(20), .type = ATH_STRING(50),
                                   .existing_nullable = ATH_NO))
}

static const golden_op cases[] = {
    ROW(b_add_column, .naming = false),
    ROW(b_drop_indexed, .naming = false),
    ROW(b_rename_indexed, .naming = false),
    ROW(b_type, .naming = false),
    ROW(b_nullable, .naming = false),
    ROW(b_default, .naming = false),
    ROW(b_many, .naming = false),
    ROW(b_unique_drop, .naming = false),
    ROW(b_check_table, .naming = false),
    ROW(b_pk, .naming = false),
    ROW(b_never_error, .refuses = REFUSES_SQLITE),
    ROW(b_missing_table, .refuses = REFUSES_SQLITE),
    ROW(b_missing_column, .refuses = REFUSES_SQLITE),
    ROW(b_seed_alter, .naming = false),
};
const golden_set golden_batches = {cases, TEST_COUNT(cases)};
