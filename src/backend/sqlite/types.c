/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: how types are declared.
 *
 * SQLite derives a column's affinity from the declared name: "INT" anywhere gives INTEGER, "CHAR", "CLOB" or "TEXT" gives
 * TEXT, "REAL", "FLOA" or "DOUB" gives REAL, "BLOB" gives none, anything else NUMERIC.  NUMERIC turns text that looks like
 * a number into a double, exact to 15 digits; decimals with more are therefore declared with a name that gives TEXT.
 * "INTERVAL" holds "INT", but what is stored in it never looks like a number and so is left alone.
 */
#include "backend/sqlite/sqlite.h"

#include "sql/schema.h"

enum { EXACT_DIGITS = 15 };

static const char *const names[ATH_SQL_TYPE_COUNT] = {
    [ATH_SQL_BOOLEAN] = "BOOLEAN",     [ATH_SQL_SMALLINT] = "SMALLINT", [ATH_SQL_INTEGER] = "INTEGER",
    [ATH_SQL_BIGINT] = "BIGINT",       [ATH_SQL_FLOAT] = "FLOAT",       [ATH_SQL_DOUBLE] = "DOUBLE",
    [ATH_SQL_STRING] = "VARCHAR",      [ATH_SQL_TEXT] = "TEXT",         [ATH_SQL_BINARY] = "BLOB",
    [ATH_SQL_DATE] = "DATE",           [ATH_SQL_TIME] = "TIME",         [ATH_SQL_DATETIME] = "DATETIME",
    [ATH_SQL_TIMESTAMP] = "TIMESTAMP", [ATH_SQL_INTERVAL] = "INTERVAL", [ATH_SQL_UUID] = "CHAR(32)",
    [ATH_SQL_JSON] = "JSON",           [ATH_SQL_ENUM] = "VARCHAR",
};

static unsigned longest_label(const ath_type *type) {
    size_t longest = 1;
    for (uint32_t i = 0; i < type->name_count; i++)
        if (strlen(type->names[i]) > longest)
            longest = strlen(type->names[i]);
    return (unsigned)longest;
}

static void numeric(const ath_type *type, ath__buf *out) {
    if (!type->precision)
        ath__buf_str(out, "DECIMAL_TEXT");
    else
        ath__buf_printf(out, "%s(%u, %u)", type->precision <= EXACT_DIGITS ? "NUMERIC" : "DECIMAL_TEXT",
                        type->precision, type->scale);
}

ath_status ath__sqlite_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error) {
    (void)dialect;
    if (type->sql == ATH_SQL_NUMERIC) {
        numeric(type, out);
        return ATH_OK;
    }
    if (!names[type->sql])
        return ath__fail(error, ATH_NOT_SUPPORTED, "sqlite has no type for %s", ath__sql_type_name(type->sql));
    ath__buf_str(out, names[type->sql]);
    if (type->sql == ATH_SQL_ENUM)
        ath__buf_printf(out, "(%u)", longest_label(type));
    else if (type->sql == ATH_SQL_STRING && type->length)
        ath__buf_printf(out, "(%u)", type->length);
    return ATH_OK;
}

/* Only a column declared exactly INTEGER is the rowid, which is what SQLite numbers. */
ath_status ath__sqlite_autoincrement(const ath_dialect *dialect, const ath_table *table, const ath__column *column,
                                     ath__buf *out, ath_error *error) {
    (void)dialect;
    if (table->key_count != 1 || !column->primary_key)
        return ath__fail(error, ATH_NOT_SUPPORTED, "sqlite numbers only a primary key of one column, not %s.%s",
                         table->name, column->name);
    ath__buf_str(out, table->sqlite_autoincrement ? "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT" : "INTEGER NOT NULL");
    return ATH_OK;
}
