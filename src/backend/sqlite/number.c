/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: decimal arithmetic that its doubles get wrong (5.5 modulo 1.1 would be 1.1), as functions of a connection.
 *
 *   ath_modulo(a, b)        the rest of a / b, with the sign of a; NULL when b is zero
 *   ath_floor_divide(a, b)  a / b, rounded down
 *   ath_numeric(a, p, s)    a rounded to s digits behind the point, an error with more than p digits; p 0: as it is, an
 *                           error with more digits than a double keeps
 */
#include "backend/sqlite/sqlite.h"

__extension__ typedef unsigned __int128 u128;

enum { EXACT_DIGITS = 15 };

void ath__sqlite_refuse(sqlite3_context *context, const char *what, sqlite3_value *value) {
    char message[200];
    const char *text = (const char *)sqlite3_value_text(value);
    snprintf(message, sizeof message, "'%.80s' is no %s", text ? text : "", what);
    sqlite3_result_error(context, message, -1);
    sqlite3_result_error_code(context, SQLITE_MISMATCH);
}

static bool decimal_of(sqlite3_context *context, sqlite3_value *value, ath_decimal *out) {
    ath_value in = {.kind = ATH_KIND_TEXT}, made;
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        in = (ath_value){.kind = ATH_KIND_INT, .as.i = sqlite3_value_int64(value)};
    } else if (sqlite3_value_type(value) == SQLITE_FLOAT) {
        in = (ath_value){.kind = ATH_KIND_REAL, .as.d = sqlite3_value_double(value)};
    } else {
        in.as.text.data = (const char *)sqlite3_value_text(value);
        in.as.text.size = (size_t)sqlite3_value_bytes(value);
    }
    if (ath__value_convert(&in, ATH_KIND_DECIMAL, &made, NULL) != ATH_OK) {
        ath__sqlite_refuse(context, "decimal", value);
        return false;
    }
    *out = made.as.decimal;
    return true;
}

static bool any_null(int count, sqlite3_value **values) {
    for (int i = 0; i < count; i++)
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            return true;
    return false;
}

static u128 units_of(ath_decimal d) {
    return (u128)d.high << 64 | d.low;
}

static ath_decimal decimal_from(u128 units, unsigned scale, bool negative) {
    return (ath_decimal){(uint64_t)units, (uint64_t)(units >> 64), (uint8_t)scale, negative && units != 0};
}

static void give(sqlite3_context *context, ath_decimal d) {
    sqlite3_result_double(context, ath_decimal_to_double(d));
}

/* Both as whole numbers of the same unit; false: there is nothing to divide (and what to say was said). */
static bool operands(sqlite3_context *context, int count, sqlite3_value **values, ath_decimal out[2]) {
    if (any_null(count, values))
        return false;
    for (int i = 0; i < 2; i++)
        if (!decimal_of(context, values[i], &out[i]))
            return false;
    uint8_t scale = out[0].scale > out[1].scale ? out[0].scale : out[1].scale;
    for (int i = 0; i < 2; i++)
        if (ath_decimal_rescale(out[i], scale, &out[i]) != ATH_OK) {
            ath__sqlite_refuse(context, "decimal of so few digits", values[i]);
            return false;
        }
    return units_of(out[1]) != 0;
}

static void modulo(sqlite3_context *context, int count, sqlite3_value **values) {
    ath_decimal d[2];
    if (operands(context, count, values, d))
        give(context, decimal_from(units_of(d[0]) % units_of(d[1]), d[0].scale, d[0].negative));
}

static void floor_divide(sqlite3_context *context, int count, sqlite3_value **values) {
    ath_decimal d[2];
    if (!operands(context, count, values, d))
        return;
    bool negative = d[0].negative != d[1].negative;
    u128 quotient = units_of(d[0]) / units_of(d[1]);
    if (negative && units_of(d[0]) % units_of(d[1]) != 0)
        quotient++;
    give(context, decimal_from(quotient, 0, negative));
}

/* Half a unit is rounded away from zero, as PostgreSQL and MariaDB do. */
static ath_decimal rounded(ath_decimal d, unsigned scale) {
    u128 units = units_of(d);
    unsigned last = 0, at = d.scale;
    for (; at > scale; at--) {
        last = (unsigned)(units % 10);
        units /= 10;
    }
    return decimal_from(units + (last >= 5), at, d.negative);
}

static int digits_of(u128 units) {
    int digits = 0;
    for (; units; units /= 10)
        digits++;
    return digits;
}

static void numeric(sqlite3_context *context, int count, sqlite3_value **values) {
    ath_decimal d;
    int precision = sqlite3_value_int(values[1]), scale = sqlite3_value_int(values[2]);
    if (any_null(count, values) || !decimal_of(context, values[0], &d))
        return;
    if (precision)
        d = rounded(d, (unsigned)scale);
    while (d.scale && units_of(d) % 10 == 0)
        d = decimal_from(units_of(d) / 10, d.scale - 1U, d.negative);
    int before = digits_of(units_of(d)) - d.scale;
    bool fits = precision ? before <= precision - scale : digits_of(units_of(d)) <= EXACT_DIGITS;
    if (fits)
        give(context, d);
    else
        ath__sqlite_refuse(context, "decimal of so few digits", values[0]);
}

int ath__sqlite_add_numbers(sqlite3 *db) {
    static const struct {
        const char *name;
        int count;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"ath_modulo", 2, modulo}, {"ath_floor_divide", 2, floor_divide}, {"ath_numeric", 3, numeric}};
    int code = SQLITE_OK;
    for (size_t i = 0; i < ATH_COUNT_OF(functions) && code == SQLITE_OK; i++)
        code = sqlite3_create_function_v2(db, functions[i].name, functions[i].count, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                          NULL, functions[i].run, NULL, NULL, NULL);
    return code;
}
