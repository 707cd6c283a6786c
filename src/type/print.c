/* SPDX-License-Identifier: Apache-2.0
 *
 * Values as people read them, for echo and messages; not as SQL, which is a dialect's business.  Writes into the
 * caller's buffer.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "type/type.h"

/* printf writes the locale's decimal point, which may be any character, or several. */
static size_t put_point(char *text) {
    size_t size = 0;
    bool in_point = false;
    for (const char *c = text; *c != '\0'; c++) {
        bool known = (*c >= '0' && *c <= '9') || *c == '-' || *c == '+' || *c == 'e';
        if (known)
            text[size++] = *c;
        else if (!in_point)
            text[size++] = '.';
        in_point = !known;
    }
    text[size] = '\0';
    return size;
}

size_t ath__real_format(double value, int digits, char out[ATH__REAL_TEXT]) {
    if (isnan(value) || isinf(value)) {
        const char *name = isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        ath__copy_text(out, ATH__REAL_TEXT, name, strlen(name));
        return strlen(out);
    }
    if (digits > 0) {
        snprintf(out, ATH__REAL_TEXT, "%.*g", digits < 17 ? digits : 17, value);
        return put_point(out);
    }
    for (int tried = 15; tried <= 17; tried++) {
        snprintf(out, ATH__REAL_TEXT, "%.*g", tried, value);
        double back = strtod(out, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    return put_point(out);
}

static void print_quoted(ath__buf *buf, ath_str text, size_t max) {
    size_t characters = 0, at = 0;
    ath__buf_char(buf, '\'');
    for (; at < text.size; at++) {
        bool starts_character = ((unsigned char)text.data[at] & 0xc0) != 0x80;
        if (starts_character && characters++ == max)
            break;
        if (text.data[at] == '\'')
            ath__buf_char(buf, '\'');
        ath__buf_char(buf, text.data[at]);
    }
    ath__buf_str(buf, at < text.size ? "...'" : "'");
}

size_t ath__value_format(const ath_value *value, char out[ATH_INTERVAL_TEXT]) {
    switch (value->kind) {
    case ATH_KIND_REAL:
        return ath__real_format(value->as.d, 0, out);
    case ATH_KIND_DECIMAL:
        return ath_decimal_format(value->as.decimal, out);
    case ATH_KIND_DATE:
        return ath_date_format(value->as.date, out);
    case ATH_KIND_TIME:
        return ath_time_format(value->as.time, out);
    case ATH_KIND_DATETIME:
        return ath_datetime_format(value->as.datetime, out);
    case ATH_KIND_TIMESTAMP:
        return ath_timestamp_format(value->as.timestamp, out);
    case ATH_KIND_INTERVAL:
        return ath_interval_format(value->as.interval, out);
    case ATH_KIND_UUID:
        return ath_uuid_format(value->as.uuid, out);
    default:
        return 0;
    }
}

void ath__value_print(ath__buf *buf, const ath_value *value, size_t max) {
    char text[ATH_INTERVAL_TEXT];
    size_t size;
    switch (value->kind) {
    case ATH_KIND_NULL:
        ath__buf_str(buf, "NULL");
        return;
    case ATH_KIND_BOOL:
        ath__buf_str(buf, value->as.b ? "true" : "false");
        return;
    case ATH_KIND_INT:
        ath__buf_printf(buf, "%lld", (long long)value->as.i);
        return;
    case ATH_KIND_UINT:
        ath__buf_printf(buf, "%llu", (unsigned long long)value->as.u);
        return;
    case ATH_KIND_TEXT:
    case ATH_KIND_JSON:
        print_quoted(buf, value->as.text, max);
        return;
    case ATH_KIND_BYTES:
        ath__buf_printf(buf, "<%zu bytes>", value->as.bytes.size);
        return;
    default:
        size = ath__value_format(value, text);
        break;
    }
    if (value->kind == ATH_KIND_REAL || value->kind == ATH_KIND_DECIMAL)
        ath__buf_add(buf, text, size);
    else
        print_quoted(buf, (ath_str){text, size}, size);
}
