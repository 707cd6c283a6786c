/* SPDX-License-Identifier: Apache-2.0
 *
 * Bare sqlite3, written as well as a careful person writes it.
 */
#include "data.h"

#include <string.h>

void raw_is(sqlite3 *db, int code, int wanted) {
    if (code != wanted)
        bench_fail("sqlite3", db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

void raw_run(sqlite3 *db, const char *sql) {
    raw_is(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

sqlite3 *raw_open(const char *path) {
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    raw_is(db, sqlite3_open_v2(path, &db, flags, NULL), SQLITE_OK);
    raw_run(db, "PRAGMA foreign_keys = on; PRAGMA journal_mode = wal; PRAGMA synchronous = normal");
    return db;
}

sqlite3_stmt *raw_prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    raw_is(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK);
    return statement;
}

/* ---- times ---- */

/* Days since 1970-01-01 of a date, and back, by counting from March (H. Hinnant's algorithms), for years from 0. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, y = year % 400;
    int64_t d = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + y * 365 + y / 4 - y / 100 + d - 719468;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day) {
    days += 719468;
    int64_t era = days / 146097, left = days % 146097;
    int64_t y = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    int64_t d = left - (365 * y + y / 4 - y / 100), m = (5 * d + 2) / 153;
    *day = d - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

static void digits(char *out, int count, int64_t value) {
    for (; count > 0; value /= 10)
        out[--count] = (char)('0' + value % 10);
}

void raw_format_time(int64_t us, char *out) {
    int64_t year, month, day, second = us / 1000000, of_day = second % 86400;
    date_of(second / 86400, &year, &month, &day);
    memcpy(out, "0000-00-00 00:00:00.000000", 27);
    digits(out, 4, year);
    digits(out + 5, 2, month);
    digits(out + 8, 2, day);
    digits(out + 11, 2, of_day / 3600);
    digits(out + 14, 2, of_day / 60 % 60);
    digits(out + 17, 2, of_day % 60);
    digits(out + 20, 6, us % 1000000);
}

static int64_t number(const char *at, int count) {
    int64_t value = 0;
    for (; count > 0; count--)
        value = value * 10 + (*at++ - '0');
    return value;
}

int64_t raw_parse_time(const char *t) {
    int64_t days = days_of(number(t, 4), number(t + 5, 2), number(t + 8, 2));
    int64_t second = days * 86400 + number(t + 11, 2) * 3600 + number(t + 14, 2) * 60 + number(t + 17, 2);
    return second * 1000000 + number(t + 20, 6);
}

/* ---- rows ---- */

void raw_bind_user(sqlite3 *db, sqlite3_stmt *s, int first, const User *u, char *time) {
    raw_format_time(u->created_at.us, time);
    int code = sqlite3_bind_text(s, first, u->username, -1, SQLITE_STATIC);
    code |= u->email ? sqlite3_bind_text(s, first + 1, u->email, -1, SQLITE_STATIC) : sqlite3_bind_null(s, first + 1);
    code |= u->age.has ? sqlite3_bind_int(s, first + 2, u->age.value) : sqlite3_bind_null(s, first + 2);
    code |= sqlite3_bind_double(s, first + 3, u->balance);
    code |= sqlite3_bind_int(s, first + 4, u->is_active);
    code |= sqlite3_bind_text(s, first + 5, time, 26, SQLITE_STATIC);
    raw_is(db, code, SQLITE_OK);
}

static const char *copy_text(sqlite3_stmt *row, int column, arena *a) {
    const void *text = sqlite3_column_text(row, column);
    return arena_text(a, text, (size_t)sqlite3_column_bytes(row, column));
}

void raw_read_user(sqlite3_stmt *row, User *u, arena *a) {
    u->id = sqlite3_column_int64(row, 0);
    u->username = copy_text(row, 1, a);
    u->email = sqlite3_column_type(row, 2) == SQLITE_NULL ? NULL : copy_text(row, 2, a);
    u->age.has = sqlite3_column_type(row, 3) != SQLITE_NULL;
    u->age.value = sqlite3_column_int(row, 3);
    u->balance = sqlite3_column_double(row, 4);
    u->is_active = sqlite3_column_int(row, 5) != 0;
    u->created_at.us = raw_parse_time((const char *)sqlite3_column_text(row, 6));
}
