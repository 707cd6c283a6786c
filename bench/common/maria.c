/* SPDX-License-Identifier: Apache-2.0
 *
 * Bare libmariadb: connections, times, rows.
 */
#include "maria.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- connections ---- */

/* mysql://user:password@host:port/database */
MYSQL *maria_open(const char *url) {
    char user[64], password[64], host[64], database[64] = "";
    unsigned port = 3306;
    if (sscanf(url, "%*[a-z]://%63[^:@/]:%63[^@/]@%63[^:/]:%u/%63[^?]", user, password, host, &port, database) < 4)
        bench_fail(url, "is no mysql://user:password@host:port/database");
    MYSQL *db = mysql_init(NULL);
    bench_check(db != NULL, "memory");
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(db, host, user, password, database[0] ? database : NULL, port, NULL, CLIENT_FOUND_ROWS))
        bench_fail(url, mysql_error(db));
    return db;
}

void maria_run(MYSQL *db, const char *sql) {
    if (mysql_query(db, sql) != 0)
        bench_fail(sql, mysql_error(db));
    MYSQL_RES *result = mysql_store_result(db);
    mysql_free_result(result);
}

double maria_real(MYSQL *db, const char *sql) {
    if (mysql_query(db, sql) != 0)
        bench_fail(sql, mysql_error(db));
    MYSQL_RES *result = mysql_store_result(db);
    MYSQL_ROW row = result ? mysql_fetch_row(result) : NULL;
    bench_check(row && row[0], "a number");
    double value = strtod(row[0], NULL);
    mysql_free_result(result);
    return value;
}

void maria_is(MYSQL_STMT *statement, int code) {
    if (code != 0)
        bench_fail("libmariadb", mysql_stmt_error(statement));
}

MYSQL_STMT *maria_prepare(MYSQL *db, const char *sql) {
    MYSQL_STMT *statement = mysql_stmt_init(db);
    bench_check(statement != NULL, "memory");
    maria_is(statement, mysql_stmt_prepare(statement, sql, strlen(sql)));
    return statement;
}

static void run_at(const char *url, const char *before, const char *name) {
    char sql[200];
    MYSQL *db = maria_open(url);
    snprintf(sql, sizeof sql, "%s %s", before, name);
    maria_run(db, sql);
    mysql_close(db);
}

static void make(const char *server, const char *name) {
    run_at(server, "CREATE DATABASE", name);
}

static void drop(const char *server, const char *name) {
    run_at(server, "DROP DATABASE", name);
}

const bench_server maria_server = {"ATHANOR_TEST_MYSQL", "", make, drop};

/* ---- tables ---- */

void maria_empty(const char *url, size_t n) {
    (void)n;
    ours_make_tables(url);
}

void maria_users(const char *url, size_t n) {
    char sql[600];
    maria_empty(url, n);
    MYSQL *db = maria_open(url);
    snprintf(sql, sizeof sql,
             "INSERT INTO users (id, username, email, age, balance, is_active, created_at) SELECT seq, concat('user', "
             "lpad(seq, 6, '0')), concat('user', lpad(seq, 6, '0'), '@example.com'), 18 + (seq - 1) %% 60, (seq - 1) * "
             "1.25, seq %% 2 = 1, '2024-01-01' + INTERVAL (seq - 1) SECOND FROM seq_1_to_%zu",
             n);
    maria_run(db, sql);
    maria_run(db, "ANALYZE TABLE users");
    mysql_close(db);
}

/* ---- times ---- */

/* Days since 1970-01-01 of a date, and back, by counting from March (H. Hinnant's algorithms), for years from 0. */
static int64_t days_of(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    int64_t era = year / 400, y = year % 400;
    int64_t d = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + y * 365 + y / 4 - y / 100 + d - 719468;
}

MYSQL_TIME maria_time(int64_t us) {
    int64_t second = us / 1000000, of_day = second % 86400, days = second / 86400 + 719468;
    int64_t era = days / 146097, left = days % 146097;
    int64_t y = (left - left / 1460 + left / 36524 - left / 146096) / 365;
    int64_t d = left - (365 * y + y / 4 - y / 100), m = (5 * d + 2) / 153;
    unsigned month = (unsigned)(m < 10 ? m + 3 : m - 9);
    return (MYSQL_TIME){.year = (unsigned)(y + era * 400 + (month <= 2)),
                        .month = month,
                        .day = (unsigned)(d - (153 * m + 2) / 5 + 1),
                        .hour = (unsigned)(of_day / 3600),
                        .minute = (unsigned)(of_day / 60 % 60),
                        .second = (unsigned)(of_day % 60),
                        .second_part = (unsigned long)(us % 1000000),
                        .time_type = MYSQL_TIMESTAMP_DATETIME};
}

int64_t maria_us(const MYSQL_TIME *t) {
    int64_t second = days_of(t->year, t->month, t->day) * 86400 + t->hour * 3600 + t->minute * 60 + t->second;
    return second * 1000000 + (int64_t)t->second_part;
}

/* ---- rows ---- */

void maria_lay_out_row(maria_row *r) {
    memset(r, 0, sizeof *r);
    r->binds[0] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &r->id};
    r->binds[1] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                               .buffer = r->username,
                               .buffer_length = sizeof r->username,
                               .length = &r->username_size};
    r->binds[2] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                               .buffer = r->email,
                               .buffer_length = sizeof r->email,
                               .length = &r->email_size,
                               .is_null = &r->email_null};
    r->binds[3] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONG, .buffer = &r->age, .is_null = &r->age_null};
    r->binds[4] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DOUBLE, .buffer = &r->balance};
    r->binds[5] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_TINY, .buffer = &r->is_active};
    r->binds[6] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DATETIME, .buffer = &r->created_at};
}

void maria_bind_row(MYSQL_STMT *s, maria_row *r) {
    maria_lay_out_row(r);
    maria_is(s, mysql_stmt_bind_result(s, r->binds));
}

static const char *copy_text(const char *text, size_t size, arena *a) {
    if (a)
        return arena_text(a, text, size);
    char *copy = malloc(size + 1);
    bench_check(copy != NULL, "memory");
    memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

void maria_read_user(const maria_row *r, User *u, arena *a) {
    u->id = r->id;
    u->username = copy_text(r->username, r->username_size, a);
    u->email = r->email_null ? NULL : copy_text(r->email, r->email_size, a);
    u->age.has = !r->age_null;
    u->age.value = u->age.has ? r->age : 0;
    u->balance = r->balance;
    u->is_active = r->is_active != 0;
    u->created_at.us = maria_us(&r->created_at);
}
