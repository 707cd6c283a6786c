/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of add_column, drop_column and alter_column.
 */
#include "golden_ops.h"

#include "golden_cases.h"

#define ADD(...) ath_op_add_column(op, "users", ath_op_column(__VA_ARGS__))

CASE(ac_default_quote) {
    ADD("c", ATH_STRING(30), .server_default = ath_str("it's 100%"));
}
CASE(ac_default_now_sl) {
    ADD("c", ATH_DATETIME, .server_default = ath_now());
}
CASE(ac_default_expr) {
    ADD("c", ATH_INTEGER, .server_default = ath_text("abs(-1)"));
}
CASE(ac_enum) {
    ADD("c", ATH_ENUM_TYPE("ab", "a", "b"));
}
CASE(ac_types) {
    ADD("c1", ATH_JSON);
    ADD("c2", ATH_UUID);
    ADD("c3", ATH_NUMERIC(10, 2));
    ADD("c4", ATH_BINARY);
    ADD("c5", ATH_DATE);
    ADD("c6", ATH_TIME);
    ADD("c7", ATH_BIGINT);
    ADD("c8", ATH_DOUBLE);
    ADD("c9", ATH_TIMESTAMP);
    ADD("c10", ATH_INTERVAL);
    ADD("c11", ATH_SMALLINT);
    ADD("c12", ATH_FLOAT);
}
CASE(ac_identity) {
    ADD("c", ATH_INTEGER, .identity = ATH_IDENTITY_ALWAYS);
}
CASE(ac_quoted) {
    ath_op_add_column(op, "Weird Table", ath_op_column("select", ATH_STRING(30)));
}
CASE(ac_my_after) {
    ADD("c", ((ath_type){.sql = ATH_SQL_INTEGER, .is_unsigned = true}), .not_null = true,
        .server_default = ath_str("0"), .comment = "n");
}
CASE(log_t) {
    if (strcmp(ath_op_dialect(op), "sqlite") != 0)
        ath_op_create_schema(op, "log", .if_exists = true);
    ath_op_create_table(op, "t", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("b", ATH_STRING(20)), ath_options_def(.schema = "log"));
}
CASE(dc_schema) {
    ath_op_drop_column(op, "t", "b", .schema = "log");
}
CASE(dc_fk_first) {
    ath_op_drop_constraint(op, "fk_posts_cat", "posts", .constraint = ATH_CONSTRAINT_FOREIGN_KEY);
    ath_op_drop_column(op, "posts", "category_id");
}
CASE(al_null_no_type) {
    ath_op_alter_column(op, "users", "name", .nullable = ATH_YES);
}
CASE(al_type_no_existing) {
    ath_op_alter_column(op, "users", "nick", .type = ATH_TEXT);
}
CASE(al_type_default) {
    ath_op_alter_column(op, "posts", "status", .type = ATH_STRING(80), .existing_type = ATH_STRING(20),
                        .existing_nullable = ATH_NO, .existing_server_default = ath_str("draft"));
}
CASE(al_type_using) {
    ath_op_alter_column(op, "users", "nick", .type = ATH_INTEGER, .existing_type = ATH_STRING(20),
                        .postgresql_using = "nick::integer");
}
CASE(al_type_enum) {
    ath_op_alter_column(op, "users", "nick", .type = ATH_ENUM_TYPE("ab", "a", "b"), .existing_type = ATH_STRING(20),
                        .postgresql_using = "nick::ab");
}
CASE(al_default_bool) {
    ath_op_alter_column(op, "posts", "flag", .server_default = ath_bool(false), .existing_type = ATH_BOOLEAN);
}
CASE(al_rename) {
    ath_op_alter_column(op, "users", "nick", .new_name = "alias", .existing_type = ATH_STRING(20));
}
CASE(al_all) {
    ath_op_alter_column(op, "users", "nick", .new_name = "alias", .type = ATH_STRING(99), .nullable = ATH_NO,
                        .server_default = ath_str("x"), .existing_type = ATH_STRING(20));
}
CASE(al_noop) {
    ath_op_alter_column(op, "users", "nick", .existing_type = ATH_STRING(20));
}

#define WANTS_TYPE "users' by saying all of it again: without a connection say .existing_type"
static const golden_op cases[] = {
    ROW(ac_default_quote, .naming = false),
    ROW(ac_default_now_sl, .naming = false, .sqlite = RUNS),
    ROW(ac_default_expr, .naming = false, .sqlite = RUNS),
    ROW(ac_enum, .postgresql = RUNS),
    ROW(ac_types, .sqlite = RUNS, .mysql = RUNS, .mariadb = RUNS), /* intervals and decimals keep their digits here */
    ROW(ac_identity, .refuses = REFUSES_SQLITE | REFUSES_MYSQL),
    ROW(ac_quoted, .naming = false),
    ROW(ac_my_after, .naming = false),
    ROW(dc_schema, .before = log_t, .bare = true, .refuses = NOT_LIVE),
    ROW(dc_fk_first, .naming = false),
    ROW(al_null_no_type, .sqlite = RUNS, .mysql = RUNS, .mariadb = RUNS),
    ROW(al_type_no_existing, .sqlite = RUNS),
    ROW(al_type_default, .sqlite = RUNS),
    ROW(al_type_using, .sqlite = RUNS),
    ROW(al_type_enum, .postgresql = RUNS),
    ROW(al_default_bool, .sqlite = RUNS),
    ROW(al_rename, .naming = false),
    ROW(al_all, .sqlite = RUNS),
    ROW(al_noop, .naming = false),
};
const golden_set golden_columns = {cases, TEST_COUNT(cases)};
