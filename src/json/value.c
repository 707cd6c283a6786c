/* SPDX-License-Identifier: Apache-2.0
 *
 * One value as JSON, of whatever kind: the table at the head of json.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/json.h"

/* ---- numbers ---- */

/* The same as ath__real_format, for what was a float: fewer digits tell it from its neighbours. */
static size_t float_text(float value, char out[ATH__REAL_TEXT]) {
    size_t size = 0;
    for (int digits = 6; digits <= 9; digits++) {
        size = ath__real_format((double)value, digits, out);
        float back = strtof(out, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    return size;
}

ath_status ath__json_real(ath__json *j, double value, bool is_float, ath_error *error) {
    char text[ATH__REAL_TEXT];
    if (isnan(value) || isinf(value))
        return ath__fail(error, ATH_DATA, "%s is no number in JSON", isnan(value) ? "NaN" : "infinity");
    if (fabs(value) < 1e15 && value >= (double)(int64_t)value && value <= (double)(int64_t)value && !signbit(value)) {
        ath__json_int(j, (int64_t)value);
        return ATH_OK;
    }
    size_t size = is_float ? float_text((float)value, text) : ath__real_format(value, 0, text);
    ath__buf_add(&j->buf, text, size);
    return ATH_OK;
}

/* With all digits of the column's scale, whatever the database or the program left out. */
static ath_decimal at_scale(ath_decimal decimal, const ath_type *type) {
    ath_decimal scaled;
    bool known = type && type->sql == ATH_SQL_NUMERIC && (type->precision || type->scale);
    return known && ath_decimal_rescale(decimal, type->scale, &scaled) == ATH_OK ? scaled : decimal;
}

/* ---- dates ---- */

/* "2024-01-31 12:34:56.000000" -> "2024-01-31T12:34:56Z". */
static void moment(ath__json *j, char *text, size_t size, const char *zone) {
    static const char zeros[] = ".000000";
    const size_t tail = sizeof zeros - 1;
    char *space = memchr(text, ' ', size);
    if (space)
        *space = 'T';
    if (size > tail && memcmp(text + size - tail, zeros, tail) == 0)
        size -= tail;
    ath__buf_char(&j->buf, '"');
    ath__buf_add(&j->buf, text, size);
    ath__buf_str(&j->buf, zone);
    ath__buf_char(&j->buf, '"');
}

static ath_status formatted(ath__json *j, const ath_value *value) {
    char text[ATH_INTERVAL_TEXT];
    size_t size = ath__value_format(value, text);
    if (value->kind == ATH_KIND_INTERVAL) {
        ath__json_any_string(j, text, size);
        return ATH_OK;
    }
    moment(j, text, size, value->kind == ATH_KIND_TIMESTAMP ? "Z" : "");
    return ATH_OK;
}

/* ---- all kinds ---- */

static ath_status document(ath__json *j, ath_str text, ath_error *error) {
    if (!ath__json_is_document(text.data, text.size) || !ath__utf8_valid(text.data, text.size))
        return ath__fail(error, ATH_DATA, "the text is no JSON document");
    ath__buf_add(&j->buf, text.data, text.size);
    return ATH_OK;
}

ath_status ath__json_value(ath__json *j, const ath_value *value, const ath_type *type, bool is_float,
                           ath_error *error) {
    char text[ATH_DECIMAL_TEXT];
    switch (value->kind) {
    case ATH_KIND_NULL:
        ath__buf_add(&j->buf, "null", 4);
        return ATH_OK;
    case ATH_KIND_BOOL:
        ath__buf_str(&j->buf, value->as.b ? "true" : "false");
        return ATH_OK;
    case ATH_KIND_INT:
        ath__json_int(j, value->as.i);
        return ATH_OK;
    case ATH_KIND_UINT:
        ath__json_uint(j, value->as.u);
        return ATH_OK;
    case ATH_KIND_REAL:
        return ath__json_real(j, value->as.d, is_float, error);
    case ATH_KIND_DECIMAL:
        return ath__json_string(j, text, ath_decimal_format(at_scale(value->as.decimal, type), text), error);
    case ATH_KIND_TEXT:
        return ath__json_string(j, value->as.text.data, value->as.text.size, error);
    case ATH_KIND_BYTES:
        ath__json_base64(j, value->as.bytes.data, value->as.bytes.size);
        return ATH_OK;
    case ATH_KIND_JSON:
        return document(j, value->as.text, error);
    case ATH_KIND_DATE:
    case ATH_KIND_TIME:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
    case ATH_KIND_INTERVAL:
    case ATH_KIND_UUID:
        return formatted(j, value);
    case ATH_KIND_ARRAY:
        break;
    }
    return ath__fail(error, ATH_DATA, "a value of kind %s is not written as JSON", ath__kind_name(value->kind));
}
