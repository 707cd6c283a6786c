/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: dates and intervals as its own input functions read them to the last digit.
 *
 * Years before 1 are "BC", years of five digits have no sign; an ISO interval's seconds go through a double there, so an
 * interval is written in units that do not.
 */
#include "backend/postgresql/postgresql.h"

/* "+10000-01-01" is "10000-01-01", "-0043-03-15" is "0044-03-15 BC". */
static size_t own_years(char *text, size_t size, const char *zone) {
    bool before = *text == '-' || strncmp(text, "0000-", 5) == 0;
    size_t sign = *text == '-' || *text == '+', digits = strspn(text + sign, "0123456789");
    long year = strtol(text + sign, NULL, 10);
    char out[ATH_INTERVAL_TEXT];
    int length = snprintf(out, sizeof out, "%04ld%.*s%s%s", before ? year + 1 : year, (int)(size - sign - digits),
                          text + sign + digits, zone, before ? " BC" : "");
    memcpy(text, out, (size_t)length + 1);
    return (size_t)length;
}

static size_t own_interval(ath_interval i, char *text) {
    const int64_t hour = INT64_C(3600000000), second = 1000000;
    return (size_t)snprintf(text, ATH_INTERVAL_TEXT, "%d mons %d days %lld hours %lld secs %lld us", i.months, i.days,
                            (long long)(i.us / hour), (long long)(i.us % hour / second), (long long)(i.us % second));
}

size_t ath__postgresql_text(const ath_value *value, char text[ATH_INTERVAL_TEXT]) {
    if (value->kind == ATH_KIND_INTERVAL)
        return own_interval(value->as.interval, text);
    size_t size = ath__value_format(value, text);
    bool dated = value->kind == ATH_KIND_DATE || value->kind == ATH_KIND_DATETIME || value->kind == ATH_KIND_TIMESTAMP;
    return dated ? own_years(text, size, value->kind == ATH_KIND_TIMESTAMP ? "+00" : "") : size;
}

bool ath__postgresql_literal(const ath_dialect *dialect, const ath_type *type, const ath_value *value, ath__buf *out) {
    char text[ATH_INTERVAL_TEXT];
    (void)dialect;
    (void)type;
    size_t size;
    switch (value->kind) {
    case ATH_KIND_DATE:
    case ATH_KIND_DATETIME:
    case ATH_KIND_TIMESTAMP:
    case ATH_KIND_INTERVAL:
        size = ath__postgresql_text(value, text);
        if (value->kind == ATH_KIND_DATETIME && size > 7 && memcmp(text + size - 7, ".000000", 7) == 0)
            size -= 7;
        ath__buf_char(out, '\'');
        ath__buf_add(out, text, size);
        ath__buf_char(out, '\'');
        return true;
    default:
        return false;
    }
}
