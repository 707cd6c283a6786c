/* SPDX-License-Identifier: Apache-2.0
 *
 * Bare libpq: connections, cells, arrays.
 */
#include "pg.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- connections ---- */

PGconn *pg_open(const char *url) {
    PGconn *db = PQconnectdb(url);
    if (PQstatus(db) != CONNECTION_OK)
        bench_fail(url, PQerrorMessage(db));
    PQclear(PQexec(db, "SET client_min_messages = warning"));
    return db;
}

PGresult *pg_is(PGconn *db, PGresult *result, ExecStatusType wanted) {
    if (PQresultStatus(result) != wanted)
        bench_fail("libpq", PQerrorMessage(db));
    return result;
}

void pg_run(PGconn *db, const char *sql) {
    PGresult *result = PQexec(db, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        bench_fail(sql, PQerrorMessage(db));
    PQclear(result);
}

static void run_at(const char *url, const char *format, const char *name) {
    char sql[200];
    PGconn *db = pg_open(url);
    snprintf(sql, sizeof sql, "%s %s", format, name);
    pg_run(db, sql);
    PQfinish(db);
}

static void make(const char *server, const char *name) {
    run_at(server, "CREATE DATABASE", name);
}

static void drop(const char *server, const char *name) {
    run_at(server, "DROP DATABASE", name);
}

const bench_server pg_server = {"ATHANOR_TEST_POSTGRESQL", "?sslmode=disable", make, drop};

/* ---- tables ---- */

void pg_empty(const char *url, size_t n) {
    (void)n;
    ours_make_tables(url);
}

void pg_users(const char *url, size_t n) {
    char sql[600];
    pg_empty(url, n);
    PGconn *db = pg_open(url);
    snprintf(
        sql, sizeof sql,
        "INSERT INTO users (username, email, age, balance, is_active, created_at) SELECT 'user' || lpad(i::text, 6, "
        "'0'), 'user' || lpad(i::text, 6, '0') || '@example.com', 18 + (i - 1) %% 60, (i - 1) * 1.25, i %% 2 = 1, "
        "timestamp '2024-01-01' + (i - 1) * interval '1 s' FROM generate_series(1, %zu) AS i ORDER BY i",
        n);
    pg_run(db, sql);
    pg_run(db, "VACUUM ANALYZE users");
    PQfinish(db);
}

/* ---- cells ---- */

int64_t pg_i64(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return (int64_t)be64toh(word);
}

int32_t pg_i32(const char *at) {
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return (int32_t)be32toh(word);
}

double pg_f64(const char *at) {
    int64_t bits = pg_i64(at);
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static const char *copy_text(const PGresult *r, int row, int column, arena *a) {
    size_t size = (size_t)PQgetlength(r, row, column);
    if (a)
        return arena_text(a, PQgetvalue(r, row, column), size);
    char *copy = malloc(size + 1);
    bench_check(copy != NULL, "memory");
    memcpy(copy, PQgetvalue(r, row, column), size);
    copy[size] = '\0';
    return copy;
}

void pg_read_user(const PGresult *r, int row, User *u, arena *a) {
    u->id = pg_i64(PQgetvalue(r, row, 0));
    u->username = copy_text(r, row, 1, a);
    u->email = PQgetisnull(r, row, 2) ? NULL : copy_text(r, row, 2, a);
    u->age.has = !PQgetisnull(r, row, 3);
    u->age.value = u->age.has ? pg_i32(PQgetvalue(r, row, 3)) : 0;
    u->balance = pg_f64(PQgetvalue(r, row, 4));
    u->is_active = *PQgetvalue(r, row, 5) != 0;
    u->created_at.us = pg_i64(PQgetvalue(r, row, 6)) + PG_EPOCH_US;
}

/* ---- arrays ---- */

static char *room_for(pg_array *a, size_t size) {
    if (a->size + size > a->room) {
        a->room = (a->size + size) * 2;
        a->data = realloc(a->data, a->room);
        bench_check(a->data != NULL, "memory");
    }
    char *at = a->data + a->size;
    a->size += size;
    return at;
}

static void put_u32(char *at, uint32_t v) {
    v = htobe32(v);
    memcpy(at, &v, sizeof v);
}

/* One dimension from 1 on, NULLs allowed. */
void pg_array_begin(pg_array *a, Oid element) {
    a->size = a->count = 0;
    char *at = room_for(a, 20);
    put_u32(at, 1);
    put_u32(at + 4, 1);
    put_u32(at + 8, element);
    put_u32(at + 16, 1);
}

void pg_array_end(pg_array *a) {
    put_u32(a->data + 12, a->count);
}

void pg_array_add(pg_array *a, const void *bytes, size_t size) {
    char *at = room_for(a, size + 4);
    put_u32(at, (uint32_t)size);
    memcpy(at + 4, bytes, size);
    a->count++;
}

void pg_array_null(pg_array *a) {
    put_u32(room_for(a, 4), UINT32_MAX);
    a->count++;
}

void pg_array_add_i64(pg_array *a, int64_t v) {
    uint64_t word = htobe64((uint64_t)v);
    pg_array_add(a, &word, sizeof word);
}

void pg_array_add_i32(pg_array *a, int32_t v) {
    uint32_t word = htobe32((uint32_t)v);
    pg_array_add(a, &word, sizeof word);
}

void pg_array_add_f64(pg_array *a, double v) {
    int64_t bits;
    memcpy(&bits, &v, sizeof bits);
    pg_array_add_i64(a, bits);
}

void pg_array_add_bool(pg_array *a, bool v) {
    char byte = v;
    pg_array_add(a, &byte, 1);
}
