/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: how types are declared, and what CAST calls them.
 *
 * Dates with a time of day are DATETIME(6): plain DATETIME would round microseconds away without a word, and TIMESTAMP
 * ends in 2038.  A NUMERIC without digits would be NUMERIC(10, 0), which rounds as silently; it is declared as wide as
 * the database can.
 */
#include "backend/mysql/mysql.h"

#include "sql/schema.h"

enum { MOST_DIGITS = 65, MOST_SCALE = 30 };

/* ---- columns ---- */

static ath_status numeric(const char *name, const ath_type *type, ath__buf *out, ath_error *error) {
    if (type->precision > MOST_DIGITS || type->scale > MOST_SCALE)
        return ath__fail(error, ATH_NOT_SUPPORTED,
                         "mysql's NUMERIC has %d digits and a scale of %d at most, not (%u, %u)", MOST_DIGITS,
                         MOST_SCALE, type->precision, type->scale);
    if (type->form == ATH_FORM_BARE && type->precision) {
        ath__buf_printf(out, "%s(%u)", name, type->precision);
        return ATH_OK;
    }
    ath__buf_printf(out, "%s(%d, %d)", name, type->precision ? type->precision : MOST_DIGITS,
                    type->precision ? type->scale : MOST_SCALE);
    return ATH_OK;
}

/* BLOB(n) and TEXT(n) are the smallest of their kind that hold n. */
static ath_status large(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    ATH_TRY(ath__dialect_default_type(d, type, out, error));
    if (type->length && type->form == ATH_FORM_DEFAULT)
        ath__buf_printf(out, "(%u)", type->length);
    return ATH_OK;
}

ath_status ath__mysql_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    switch (type->sql) {
    case ATH_SQL_NUMERIC:
        ATH_TRY(numeric(type->form == ATH_FORM_DECIMAL ? "DECIMAL" : "NUMERIC", type, out, error));
        ath__buf_str(out, type->is_unsigned ? " UNSIGNED" : "");
        return ATH_OK;
    case ATH_SQL_TEXT:
    case ATH_SQL_BINARY:
        return large(d, type, out, error);
    default:
        return ath__dialect_default_type(d, type, out, error);
    }
}

/* ---- CAST ---- */

static void characters(uint32_t length, ath__buf *out) {
    ath__buf_str(out, "CHAR");
    if (length)
        ath__buf_printf(out, "(%u)", length);
}

ath_status ath__mysql_cast_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    switch (type->sql) {
    case ATH_SQL_BOOLEAN:
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
        ath__buf_str(out, type->is_unsigned ? "UNSIGNED INTEGER" : "SIGNED INTEGER");
        return ATH_OK;
    case ATH_SQL_NUMERIC:
        return numeric("DECIMAL", type, out, error);
    case ATH_SQL_STRING:
    case ATH_SQL_TEXT:
    case ATH_SQL_INTERVAL:
    case ATH_SQL_ENUM:
        characters(type->sql == ATH_SQL_STRING ? type->length : 0, out);
        return ATH_OK;
    case ATH_SQL_BINARY:
        ath__buf_str(out, "BINARY");
        return ATH_OK;
    default:
        return ath__dialect_default_type(d, type, out, error);
    }
}

/* MariaDB's JSON is text by another name, which CAST does not know. */
ath_status ath__mariadb_cast_type(const ath_dialect *d, const ath_type *type, ath__buf *out, ath_error *error) {
    if (type->sql != ATH_SQL_JSON)
        return ath__mysql_cast_type(d, type, out, error);
    characters(0, out);
    return ATH_OK;
}
