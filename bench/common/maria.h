/* SPDX-License-Identifier: Apache-2.0
 *
 * Bare libmariadb, written as well as a careful person writes it: prepared statements, buffers bound once, arrays for many
 * rows.
 */
#ifndef BENCH_MARIA_H
#define BENCH_MARIA_H

#include "ours.h"

#include <mysql.h>

/* The server of ATHANOR_TEST_MYSQL, and the tables there. */
extern const bench_server maria_server;
void maria_empty(const char *url, size_t n);
void maria_users(const char *url, size_t n);

MYSQL *maria_open(const char *url);
void maria_run(MYSQL *db, const char *sql);
MYSQL_STMT *maria_prepare(MYSQL *db, const char *sql);
/* Ends the benchmark unless `code` is 0. */
void maria_is(MYSQL_STMT *statement, int code);
/* A double of the first row. */
double maria_real(MYSQL *db, const char *sql);

MYSQL_TIME maria_time(int64_t us);
int64_t maria_us(const MYSQL_TIME *t);

/* Buffers for SELECT id, username, email, age, balance, is_active, created_at, bound once. */
typedef struct maria_row {
    MYSQL_BIND binds[7];
    int64_t id;
    char username[52], email[104];
    unsigned long username_size, email_size;
    int32_t age;
    double balance;
    signed char is_active;
    MYSQL_TIME created_at;
    my_bool email_null, age_null;
} maria_row;
void maria_bind_row(MYSQL_STMT *statement, maria_row *row);
/* Its binds alone, for a row that has more behind them. */
void maria_lay_out_row(maria_row *r);
/* The fetched row; texts are copied into the arena, or with NULL into memory from malloc. */
void maria_read_user(const maria_row *row, User *user, arena *a);

#endif
