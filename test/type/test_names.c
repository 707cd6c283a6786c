/* SPDX-License-Identifier: Apache-2.0
 *
 * Names: every member of each enum has one of its own, and a number that is no member gets "?".
 */
#include "../test.h"

#include "type/type.h"

TEST(sql_types) {
    CHECK_STR(ath__sql_type_name(ATH_SQL_STRING), "VARCHAR");
    CHECK_STR(ath__sql_type_name(ATH_SQL_INTEGER), "INTEGER");
    for (int a = 0; a < ATH_SQL_TYPE_COUNT; a++) {
        const char *name = ath__sql_type_name((ath_sql_type)a);
        test_context("sql type %d", a);
        CHECK(strcmp(name, "?") != 0);
        for (int b = 0; b < a; b++)
            CHECK(strcmp(name, ath__sql_type_name((ath_sql_type)b)) != 0);
    }
    CHECK_STR(ath__sql_type_name(ATH_SQL_TYPE_COUNT), "?");
    CHECK_STR(ath__sql_type_name((ath_sql_type)-1), "?");
}

TEST(ctypes) {
    CHECK_STR(ath__ctype_name(ATH_C_I64), "int64_t");
    CHECK_STR(ath__ctype_name(ATH_C_CHARS), "char[]");
    CHECK_STR(ath__ctype_name((ath_ctype)(ATH_C_OPTIONAL + ATH_C_I32)), "ath_opt_i32");
    for (int c = ATH_C_BOOL; c <= ATH_C_UUID; c++) {
        const char *plain = ath__ctype_name((ath_ctype)c);
        const char *optional = ath__ctype_name((ath_ctype)(c + ATH_C_OPTIONAL));
        test_context("ctype %d", c);
        CHECK(strcmp(plain, "?") != 0);
        CHECK(strncmp(optional, "ath_opt_", 8) == 0);
    }
    CHECK_STR(ath__ctype_name((ath_ctype)(ATH_C_OPTIONAL + ATH_C_TEXT)), "?");
    CHECK_STR(ath__ctype_name((ath_ctype)(ATH_C_JSON + 1)), "?");
    CHECK_STR(ath__ctype_name((ath_ctype)1000), "?");
}

TEST(kinds) {
    CHECK_STR(ath__kind_name(ATH_KIND_TEXT), "text");
    CHECK_STR(ath__kind_name(ATH_KIND_UINT), "integer");
    for (int k = ATH_KIND_NULL; k <= ATH_KIND_JSON; k++)
        CHECK(strcmp(ath__kind_name((ath_kind)k), "?") != 0);
    CHECK_STR(ath__kind_name((ath_kind)(ATH_KIND_JSON + 1)), "?");
}

static const test_case cases[] = {
    {"sql_types", sql_types},
    {"ctypes", ctypes},
    {"kinds", kinds},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
