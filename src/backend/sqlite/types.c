/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: how types are declared.
 *
 * SQLite derives a column's affinity from the declared name: "INT" anywhere gives INTEGER, "CHAR", "CLOB" or "TEXT" gives
 * TEXT, "REAL", "FLOA" or "DOUB" gives REAL, "BLOB" gives none, anything else NUMERIC.  NUMERIC turns text that looks like
 * a number into a double, exact to 15 digits; decimals with more are therefore declared with a name that gives TEXT, and
 * with a collation that compares them as the numbers they are ('10.0' behind '9.5').
 * "INTERVAL" holds "INT", but what is stored in it never looks like a number and so is left alone.
 */
#include "backend/sqlite/sqlite.h"

#include "sql/schema.h"

enum { EXACT_DIGITS = 15 };

static bool is_text_decimal(const ath_type *type) {
    return type->sql == ATH_SQL_NUMERIC && (!type->precision || type->precision > EXACT_DIGITS);
}

static void text_decimal(const ath_type *type, ath__buf *out) {
    if (!type->precision)
        ath__buf_str(out, "DECIMAL_TEXT");
    else
        ath__buf_printf(out, "DECIMAL_TEXT(%u, %u)", type->precision, type->scale);
}

ath_status ath__sqlite_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error) {
    if (!is_text_decimal(type))
        return ath__dialect_default_type(dialect, type, out, error);
    text_decimal(type, out);
    return ATH_OK;
}

/* CAST makes a number, whatever its digits. */
ath_status ath__sqlite_cast_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error) {
    return ath__dialect_default_type(dialect, type, out, error);
}

/* A decimal in a column of text stands as text, and a JSON document that is a bare number as the blob that it is kept as:
 * a number written as such would become a double. */
bool ath__sqlite_literal(const ath_dialect *dialect, const ath_type *type, const ath_value *value, ath__buf *out) {
    char text[ATH_DECIMAL_TEXT];
    (void)dialect;
    if (is_text_decimal(type) && value->kind == ATH_KIND_DECIMAL) {
        ath_decimal_format(value->as.decimal, text);
        ath__buf_printf(out, "'%s'", text);
        return true;
    }
    bool json = type->sql == ATH_SQL_JSON && (value->kind == ATH_KIND_TEXT || value->kind == ATH_KIND_JSON);
    if (!json || !ath__sqlite_is_bare_number(value->as.text))
        return false;
    ath__buf_str(out, "X'");
    for (size_t i = 0; i < value->as.text.size; i++)
        ath__buf_printf(out, "%02X", (unsigned char)value->as.text.data[i]);
    ath__buf_char(out, '\'');
    return true;
}

void ath__sqlite_collation(const ath_dialect *dialect, const ath_type *type, ath__buf *out) {
    (void)dialect;
    if (is_text_decimal(type) && !(type->details && type->details->spelling))
        ath__buf_str(out, " COLLATE ath_decimal");
}

/* Decimals by value; what is none sorts behind them, by its bytes. */
static int compare_decimals(void *context, int a_size, const void *a, int b_size, const void *b) {
    (void)context;
    ath_decimal x, y;
    bool x_is = ath_decimal_parse(a, (size_t)a_size, &x) == ATH_OK;
    bool y_is = ath_decimal_parse(b, (size_t)b_size, &y) == ATH_OK;
    if (x_is && y_is)
        return ath_decimal_compare(x, y);
    if (x_is != y_is)
        return x_is ? -1 : 1;
    int order = memcmp(a, b, (size_t)(a_size < b_size ? a_size : b_size));
    return order ? order : a_size - b_size;
}

int ath__sqlite_add_collation(sqlite3 *db) {
    return sqlite3_create_collation_v2(db, "ath_decimal", SQLITE_UTF8, NULL, compare_decimals, NULL);
}

/* Only a column declared exactly INTEGER is the rowid, which is what SQLite numbers. */
ath_status ath__sqlite_autoincrement(const ath_dialect *dialect, const ath_table *table, const ath__column *column,
                                     ath__buf *out, ath_error *error) {
    (void)dialect;
    if (table->key_count != 1 || !column->primary_key)
        return ath__fail(error, ATH_NOT_SUPPORTED, "sqlite numbers only a primary key of one column, not %s.%s",
                         table->name, column->name);
    ath__buf_str(out, "INTEGER");
    return ATH_OK;
}
