/* SPDX-License-Identifier: Apache-2.0
 *
 * Bare libpq, written as well as a careful person writes it: prepared once, binary both ways, arrays for many rows.
 */
#ifndef BENCH_PG_H
#define BENCH_PG_H

#include "ours.h"

#include <libpq-fe.h>

/* The server of ATHANOR_TEST_POSTGRESQL, and the tables there. */
extern const bench_server pg_server;
void pg_empty(const char *url, size_t n);
void pg_users(const char *url, size_t n);

PGconn *pg_open(const char *url);
/* Runs text; what it gives is not looked at. */
void pg_run(PGconn *db, const char *sql);
/* The result when it has the wanted status; else the end. */
PGresult *pg_is(PGconn *db, PGresult *result, ExecStatusType wanted);

/* Big-endian numbers out of a binary cell. */
int64_t pg_i64(const char *at);
int32_t pg_i32(const char *at);
double pg_f64(const char *at);
/* Row `row` of SELECT id, username, email, age, balance, is_active, created_at; texts are copied into the arena, or with
 * NULL into memory from malloc. */
void pg_read_user(const PGresult *result, int row, User *user, arena *a);

/* A binary array that grows by its elements. */
typedef struct pg_array {
    char *data;
    size_t size, room;
    uint32_t type, count;
} pg_array;
void pg_array_begin(pg_array *a, Oid element); /* keeps its memory */
void pg_array_add(pg_array *a, const void *bytes, size_t size);
void pg_array_add_i64(pg_array *a, int64_t v);
void pg_array_add_i32(pg_array *a, int32_t v);
void pg_array_add_f64(pg_array *a, double v);
void pg_array_add_bool(pg_array *a, bool v);
void pg_array_null(pg_array *a);
void pg_array_end(pg_array *a);

enum { PG_BOOL = 16, PG_INT8 = 20, PG_INT4 = 23, PG_TEXT = 25, PG_FLOAT8 = 701, PG_TIMESTAMP = 1114 };
/* 2000-01-01 as microseconds since 1970: PostgreSQL counts from there. */
#define PG_EPOCH_US INT64_C(946684800000000)

#endif
