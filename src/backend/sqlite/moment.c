/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: dates, times and conversions, exact to the microsecond (SQLite's own stop at the millisecond), as functions of
 * a connection.  They read and write the texts that values are kept as; NULL among the arguments gives NULL.
 *
 *   ath_cast(a, 'date')        a as a value of that type; an error when it is none
 *   ath_days(a, b)             the days from date b to date a
 *   ath_between(a, b)          the interval from moment b to moment a: days, and the rest as time
 *   ath_later(a, i, 1 or -1)   the moment an interval later or earlier; the 31st becomes a month's last day
 *   ath_days_later(a, n, 1)    the date so many days later
 *   ath_json(type, value, 'int')  a part of a JSON document as a number or boolean; an error when it is none
 */
#include "backend/sqlite/sqlite.h"

#include "type/datetime_int.h"

static ath_str text_of(sqlite3_value *value) {
    const char *text = (const char *)sqlite3_value_text(value);
    return (ath_str){text ? text : "", text ? (size_t)sqlite3_value_bytes(value) : 0};
}

static void give(sqlite3_context *context, const char *text) {
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static bool any_null(int count, sqlite3_value **values) {
    for (int i = 0; i < count; i++)
        if (sqlite3_value_type(values[i]) == SQLITE_NULL)
            return true;
    return false;
}

static int64_t days_of(int64_t us) {
    return us / US_PER_DAY - (us % US_PER_DAY < 0);
}

/* A date, a datetime or a timestamp, as microseconds since 1970. */
static bool moment_of(ath_str text, int64_t *us) {
    ath_timestamp t;
    ath_date d;
    if (ath_timestamp_parse(text.data, text.size, &t) == ATH_OK) {
        *us = t.us;
        return true;
    }
    return ath_date_parse(text.data, text.size, &d) == ATH_OK && ath__join_days(d.days, 0, us);
}

static bool moment(sqlite3_context *context, sqlite3_value *value, int64_t *us) {
    if (moment_of(text_of(value), us))
        return true;
    ath__sqlite_refuse(context, "date or time", value);
    return false;
}

/* ---- arithmetic ---- */

static void days(sqlite3_context *context, int count, sqlite3_value **values) {
    int64_t a, b;
    if (!any_null(count, values) && moment(context, values[0], &a) && moment(context, values[1], &b))
        sqlite3_result_int64(context, days_of(a) - days_of(b));
}

static void between(sqlite3_context *context, int count, sqlite3_value **values) {
    int64_t a, b, us;
    char text[ATH_INTERVAL_TEXT];
    if (any_null(count, values) || !moment(context, values[0], &a) || !moment(context, values[1], &b))
        return;
    if (__builtin_sub_overflow(a, b, &us)) {
        ath__sqlite_refuse(context, "moment so near to the other", values[0]);
        return;
    }
    ath_interval_format((ath_interval){0, (int32_t)(us / US_PER_DAY), us % US_PER_DAY}, text);
    give(context, text);
}

/* The same day of another month, or that month's last. */
static bool add_months(int64_t *us, int64_t months) {
    int year, month, day;
    int64_t from = days_of(*us), time = *us - from * US_PER_DAY;
    ath_date_parts((ath_date){(int32_t)from}, &year, &month, &day);
    int64_t total = (int64_t)year * 12 + (month - 1) + months;
    int64_t to_year = total / 12 - (total % 12 < 0);
    int to_month = (int)(total - to_year * 12) + 1;
    while (day > 28 && !ath__civil_valid(to_year, (unsigned)to_month, (unsigned)day))
        day--;
    return ath__join_days(ath__civil_to_days(to_year, (unsigned)to_month, (unsigned)day), time, us);
}

static bool add_interval(int64_t *us, ath_interval i, int64_t sign) {
    int64_t days_us = (int64_t)i.days * US_PER_DAY * sign;
    return (!i.months || add_months(us, i.months * sign)) && !__builtin_add_overflow(*us, days_us, us) &&
           i.us != INT64_MIN && !__builtin_add_overflow(*us, i.us * sign, us);
}

static bool is_year(int64_t us) {
    int year, month, day;
    if (days_of(us) < INT32_MIN || days_of(us) > INT32_MAX)
        return false;
    ath_date_parts((ath_date){(int32_t)days_of(us)}, &year, &month, &day);
    return year >= 0 && year <= 9999; /* further ones are not kept */
}

static void later(sqlite3_context *context, int count, sqlite3_value **values) {
    int64_t us;
    ath_interval i;
    char text[ATH_DATETIME_TEXT];
    if (any_null(count, values) || !moment(context, values[0], &us))
        return;
    ath_str span = text_of(values[1]);
    if (ath_interval_parse(span.data, span.size, &i) != ATH_OK) {
        ath__sqlite_refuse(context, "interval", values[1]);
    } else if (!add_interval(&us, i, sqlite3_value_int64(values[2])) || !is_year(us)) {
        ath__sqlite_refuse(context, "interval that leads to a year up to 9999", values[1]);
    } else {
        ath_datetime_format((ath_datetime){us}, text);
        give(context, text);
    }
}

static void days_later(sqlite3_context *context, int count, sqlite3_value **values) {
    int64_t us, n = sqlite3_value_int64(values[1]);
    char text[ATH_DATE_TEXT];
    if (any_null(count, values) || !moment(context, values[0], &us))
        return;
    bool near = n > -INT64_C(5000000) && n < INT64_C(5000000);
    if (near)
        us += n * sqlite3_value_int64(values[2]) * US_PER_DAY;
    if (!near || !is_year(us)) {
        ath__sqlite_refuse(context, "number of days that leads to a year up to 9999", values[1]);
        return;
    }
    ath_date_format((ath_date){(int32_t)days_of(us)}, text);
    give(context, text);
}

/* ---- conversions ---- */

static bool is_among(const char *list, const char *word) {
    char spaced[16];
    snprintf(spaced, sizeof spaced, " %s ", word);
    return *word && strstr(list, spaced) != NULL;
}

/* As PostgreSQL reads them. */
static bool boolean_of(ath_str text, bool *out) {
    char lower[8] = "";
    if (text.size >= sizeof lower)
        return false;
    for (size_t i = 0; i < text.size; i++)
        lower[i] = (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]);
    *out = is_among(" true t yes y on 1 ", lower);
    return *out || is_among(" false f no n off 0 ", lower);
}

/* The value's text in the form in which the type is kept; false: it is no such value. */
static bool converted(const char *type, ath_str in, char out[ATH_DATETIME_TEXT + ATH_INTERVAL_TEXT]) {
    int64_t us = 0;
    ath_time time;
    ath_interval interval;
    ath_uuid uuid;
    bool is_moment = moment_of(in, &us);
    if (strcmp(type, "date") == 0 && is_moment)
        return ath_date_format((ath_date){(int32_t)days_of(us)}, out) > 0;
    if ((strcmp(type, "datetime") == 0 || strcmp(type, "timestamp") == 0) && is_moment)
        return ath_datetime_format((ath_datetime){us}, out) > 0;
    if (strcmp(type, "time") == 0 && is_moment)
        return ath_time_format((ath_time){us - days_of(us) * US_PER_DAY}, out) > 0;
    if (strcmp(type, "time") == 0 && ath_time_parse(in.data, in.size, &time) == ATH_OK)
        return ath_time_format(time, out) > 0;
    if (strcmp(type, "interval") == 0 && ath_interval_parse(in.data, in.size, &interval) == ATH_OK)
        return ath_interval_format(interval, out) > 0;
    if (strcmp(type, "uuid") != 0 || ath_uuid_parse(in.data, in.size, &uuid) != ATH_OK)
        return false;
    out[ath__sqlite_uuid(uuid, out)] = '\0';
    return true;
}

static void cast(sqlite3_context *context, int count, sqlite3_value **values) {
    char text[ATH_DATETIME_TEXT + ATH_INTERVAL_TEXT];
    bool truth;
    if (any_null(count, values))
        return;
    const char *type = (const char *)sqlite3_value_text(values[1]);
    if (type && strcmp(type, "boolean") == 0 && boolean_of(text_of(values[0]), &truth))
        sqlite3_result_int(context, truth);
    else if (type && converted(type, text_of(values[0]), text))
        give(context, text);
    else
        ath__sqlite_refuse(context, type ? type : "value", values[0]);
}

/* ---- JSON ---- */

/* Digits, with a sign before them. */
static bool integer_of(ath_str text, int64_t *out) {
    ath_value in = {.kind = ATH_KIND_TEXT, .as.text = text}, decimal, whole;
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] < '0' || text.data[i] > '9') && (i || (text.data[i] != '-' && text.data[i] != '+')))
            return false;
    if (ath__value_convert(&in, ATH_KIND_DECIMAL, &decimal, NULL) != ATH_OK ||
        ath__value_convert(&decimal, ATH_KIND_INT, &whole, NULL) != ATH_OK || whole.kind != ATH_KIND_INT)
        return false;
    *out = whole.as.i;
    return true;
}

static bool real_of(ath_str text, double *out) {
    ath_decimal d;
    if (ath_decimal_parse(text.data, text.size, &d) != ATH_OK)
        return false;
    *out = ath_decimal_to_double(d);
    return true;
}

static void json(sqlite3_context *context, int count, sqlite3_value **values) {
    ath_str type = text_of(values[0]), in = text_of(values[1]);
    const char *wanted = (const char *)sqlite3_value_text(values[2]);
    int64_t i;
    double d;
    bool b, is_bool = type.size >= 4 && (strcmp(type.data, "true") == 0 || strcmp(type.data, "false") == 0);
    (void)count;
    if (!wanted || sqlite3_value_type(values[1]) == SQLITE_NULL)
        return;
    if (strcmp(wanted, "boolean") == 0 && boolean_of(in, &b))
        sqlite3_result_int(context, b);
    else if (!is_bool && strcmp(wanted, "integer") == 0 && integer_of(in, &i))
        sqlite3_result_int64(context, i);
    else if (!is_bool && strcmp(wanted, "real") == 0 && sqlite3_value_type(values[1]) == SQLITE_FLOAT)
        sqlite3_result_double(context, sqlite3_value_double(values[1]));
    else if (!is_bool && strcmp(wanted, "real") == 0 && real_of(in, &d))
        sqlite3_result_double(context, d);
    else
        ath__sqlite_refuse(context, wanted, values[1]);
}

int ath__sqlite_add_moments(sqlite3 *db) {
    static const struct {
        const char *name;
        int count;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {{"ath_cast", 2, cast},
                     {"ath_days", 2, days},
                     {"ath_between", 2, between},
                     {"ath_later", 3, later},
                     {"ath_days_later", 3, days_later},
                     {"ath_json", 3, json}};
    int code = SQLITE_OK;
    for (size_t i = 0; i < ATH_COUNT_OF(functions) && code == SQLITE_OK; i++)
        code = sqlite3_create_function_v2(db, functions[i].name, functions[i].count, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                          NULL, functions[i].run, NULL, NULL, NULL);
    return code;
}
