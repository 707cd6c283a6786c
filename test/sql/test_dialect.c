/* SPDX-License-Identifier: Apache-2.0
 *
 * Names, literals and types as a dialect writes them: what is quoted, what is escaped, what is refused.
 */
#include "compiling.h"

static const ath_dialect *const dialects[] = {&dialect_plain, &dialect_rich};

TEST(names) {
    static const struct {
        const char *name, *plain, *rich;
    } rows[] = {
        {"id", "id", "id"},
        {"_x$9", "_x$9", "_x$9"},
        {"user", "user", "`user`"},
        {"select", "\"select\"", "select"},
        {"Id", "\"Id\"", "`Id`"},
        {"two words", "\"two words\"", "`two words`"},
        {"9lives", "\"9lives\"", "`9lives`"},
        {"$x", "\"$x\"", "`$x`"},
        {"a\"b", "\"a\"\"b\"", "`a\"b`"},
        {"a`b", "\"a`b\"", "`a``b`"},
        {"a\"; DROP TABLE t; --", "\"a\"\"; DROP TABLE t; --\"", "`a\"; DROP TABLE t; --`"},
        {"a.b", "\"a.b\"", "`a.b`"},
        {"größe", "\"größe\"", "`größe`"},
        {"", "\"\"", "``"},
        {"key", "\"key\"", "key"},
        {"keys", "keys", "keys"},
        {"aaa", "aaa", "aaa"},
        {"zzz", "zzz", "zzz"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++)
        for (size_t d = 0; d < 2; d++) {
            ath__buf out;
            ath__buf_init(&out, &ath__malloc_allocator);
            ath__dialect_name(dialects[d], &out, rows[i].name);
            CHECK_STR(ath__buf_text(&out), d ? rows[i].rich : rows[i].plain);
            ath__buf_done(&out);
        }
}

/* The literal, or "!" and the message. */
static const char *literal(const ath_dialect *dialect, const ath_expr *e) {
    static char text[600];
    ath_error error;
    ath__buf out;
    ath_error_clear(&error);
    ath__buf_init(&out, &ath__malloc_allocator);
    ath_status status = ath__dialect_literal(dialect, &out, &e->u.value, &error);
    CHECK_INT(error.status, status);
    if (status == ATH_OK)
        snprintf(text, sizeof text, "%s", ath__buf_text(&out));
    else
        snprintf(text, sizeof text, "!%s: %s", ath_status_name(status), error.message);
    ath__buf_done(&out);
    return text;
}

#define LITERAL(v) literal(&dialect_plain, ath_value_of(v))

TEST(text_literals) {
    CHECK_STR(LITERAL("it's"), "'it''s'");
    CHECK_STR(LITERAL("''"), "''''''");
    CHECK_STR(LITERAL(""), "''");
    CHECK_STR(LITERAL("a\\'b\\"), "'a\\''b\\'");
    CHECK_STR(LITERAL("\"x\"\n"), "'\"x\"\n'");
    CHECK_STR(LITERAL(((ath_json){"{\"a\": \"it's\"}"})), "'{\"a\": \"it''s\"}'");
    CHECK_STR(LITERAL((const char *)NULL), "NULL");
    const ath_expr with_nul = {.node = ATH_NODE_LITERAL,
                               .u.value = {.kind = ATH_KIND_TEXT, .as.text = {.data = "a\0b", .size = 3}}};
    CHECK_STR(literal(&dialect_plain, &with_nul), "!argument: a text literal cannot hold a NUL character");
    const ath_expr part = {.node = ATH_NODE_LITERAL,
                           .u.value = {.kind = ATH_KIND_TEXT, .as.text = {.data = "abc'", .size = 2}}};
    CHECK_STR(literal(&dialect_plain, &part), "'ab'");
}

TEST(bytes_literals) {
    CHECK_STR(LITERAL(((ath_bytes){"\x00\x01\xff'", 4})), "X'0001FF27'");
    CHECK_STR(LITERAL(((ath_bytes){"", 0})), "X''");
    CHECK_STR(LITERAL(((ath_bytes){NULL, 0})), "NULL");
}

TEST(number_literals) {
    ath_decimal widest;
    CHECK_INT(ath_decimal_parse("-12345678901234567890123456789012345.678", 40, &widest), ATH_OK);
    CHECK_STR(LITERAL(widest), "-12345678901234567890123456789012345.678");
    CHECK_STR(LITERAL(INT64_MIN), "-9223372036854775808");
    CHECK_STR(LITERAL(UINT64_MAX), "18446744073709551615");
    CHECK_STR(LITERAL(-7), "-7");
    CHECK_STR(LITERAL(0.5), "0.5");
    CHECK_STR(LITERAL(0.1), "0.1");
    CHECK_STR(LITERAL(-1e300), "-1e+300");
    CHECK_STR(LITERAL((double)NAN), "!argument: NaN and infinity have no literal");
    CHECK_STR(LITERAL((double)INFINITY), "!argument: NaN and infinity have no literal");
    CHECK_STR(LITERAL(-(double)INFINITY), "!argument: NaN and infinity have no literal");
    CHECK_STR(literal(&dialect_plain, ath_bool(true)), "1");
    CHECK_STR(literal(&dialect_plain, ath_bool(false)), "0");
    CHECK_STR(literal(&dialect_rich, ath_bool(true)), "true");
    CHECK_STR(literal(&dialect_rich, ath_bool(false)), "false");
    CHECK_STR(literal(&dialect_plain, ath_null()), "NULL");
}

TEST(moment_literals) {
    ath_datetime noon = {0};
    ath_date day = {0};
    ath_time at = {0};
    ath_uuid uuid = {{0x12, 0xab}};
    CHECK_INT(ath_datetime_make(2024, 2, 29, 12, 0, 1, 5, &noon), ATH_OK);
    CHECK_INT(ath_date_make(2024, 2, 29, &day), ATH_OK);
    CHECK_INT(ath_time_make(23, 59, 59, 999999, &at), ATH_OK);
    CHECK_STR(LITERAL(noon), "'2024-02-29 12:00:01.000005'");
    CHECK_STR(LITERAL(ath_datetime_as_utc(noon)), "'2024-02-29 12:00:01.000005'");
    CHECK_STR(LITERAL(day), "'2024-02-29'");
    CHECK_STR(LITERAL(at), "'23:59:59.999999'");
    CHECK_STR(LITERAL(((ath_interval){.months = 1, .days = -2, .us = 3500000})), "'P1M-2DT3.500000S'");
    CHECK_STR(LITERAL(uuid), "'12ab0000-0000-0000-0000-000000000000'");
}

static const char *type_text(const ath_dialect *dialect, ath_type type) {
    static char text[600];
    ath_error error;
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath_status status = ath__dialect_type(dialect, &type, &out, &error);
    snprintf(text, sizeof text, "%s", status == ATH_OK ? ath__buf_text(&out) : error.message);
    ath__buf_done(&out);
    return text;
}

TEST(types) {
    CHECK_STR(type_text(&dialect_plain, ATH_STRING(50)), "VARCHAR(50)");
    CHECK_STR(type_text(&dialect_rich, ATH_STRING(50)), "NVARCHAR(50)");
    CHECK_STR(type_text(&dialect_plain, ATH_STRING(0)), "VARCHAR");
    CHECK_STR(type_text(&dialect_plain, ATH_NUMERIC(10, 2)), "NUMERIC(10, 2)");
    CHECK_STR(type_text(&dialect_plain, ATH_NUMERIC(0, 0)), "NUMERIC");
    CHECK_STR(type_text(&dialect_plain, ATH_ENUM("a", "longest", "b")), "VARCHAR(7)");
    CHECK_STR(type_text(&dialect_plain, ATH_BINARY), "BLOB");
    CHECK_STR(type_text(&dialect_plain, ATH_TIMESTAMP), "TIMESTAMP WITH TIME ZONE");
    CHECK_STR(type_text(&dialect_plain, ATH_INTEGER), "INTEGER");
    CHECK_STR(type_text(&dialect_rich, ATH_INTEGER), "INT4");
    CHECK_STR(type_text(&dialect_plain, (ath_type){0}), "plain has no type for INFER");
    for (unsigned sql = ATH_SQL_BOOLEAN; sql < ATH_SQL_ARRAY; sql++) { /* the last two say more */
        test_context("type %u", sql);
        const char *text = type_text(&dialect_plain, (ath_type){.sql = (ath_sql_type)sql});
        CHECK(text[0] >= 'A' && text[0] <= 'Z');
    }
}

TEST(abilities) {
    CHECK(ath__dialect_can(&dialect_plain, ATH__CAN_RETURNING));
    CHECK(!ath__dialect_can(&dialect_rich, ATH__CAN_RETURNING));
    CHECK(!ath__dialect_can(&dialect_plain, ATH__CAN_RETURNING | ATH__CAN_ILIKE)); /* all of them */
}

static const test_case cases[] = {
    {"names", names},
    {"text_literals", text_literals},
    {"bytes_literals", bytes_literals},
    {"number_literals", number_literals},
    {"moment_literals", moment_literals},
    {"types", types},
    {"abilities", abilities},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
