/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON: all of n rows, seven columns each, as the text of one array.
 *
 * raw: a loop over sqlite3_step that prints each row into a growing buffer, texts escaped, doubles by the fewest digits that
 * tell them.  rows: ath_rows_to_json.  list: ath_all and ath_list_to_json.  query: ath_query_json.
 */
#include "common/ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SELECT "SELECT id, username, email, age, balance, is_active, created_at FROM users"

typedef struct run {
    size_t n;
    char *text;
    size_t size, capacity;
    bool is_raw;
    sqlite3 *raw;
    ath_engine *db;
    ath_session *s;
} run;

/* ---- by hand ---- */

static char *room(run *r, size_t more) {
    if (r->capacity - r->size < more) {
        r->capacity = (r->capacity + more) * 2;
        r->text = realloc(r->text, r->capacity);
        bench_check(r->text != NULL, "memory");
    }
    return r->text + r->size;
}

static void print_text(run *r, const char *text, size_t size) {
    char *out = room(r, size * 6 + 3), *at = out;
    *at++ = '"';
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            *at++ = '\\';
        if (c < 0x20)
            at += snprintf(at, 7, "\\u%04x", c);
        else
            *at++ = (char)c;
    }
    *at++ = '"';
    r->size += (size_t)(at - out);
}

static void print_name(run *r, const char *name) {
    size_t size = strlen(name);
    memcpy(room(r, size), name, size);
    r->size += size;
}

static void print_real(run *r, double d) {
    char *at = room(r, 32);
    int size = snprintf(at, 32, "%.15g", d), exact = strtod(at, NULL) == d;
    r->size += (size_t)(exact ? size : snprintf(at, 32, "%.17g", d));
}

static void print_column(run *r, sqlite3_stmt *row, int i) {
    char time[40];
    if (sqlite3_column_type(row, i) == SQLITE_NULL) {
        print_name(r, "null");
    } else if (i == 4) {
        print_real(r, sqlite3_column_double(row, i));
    } else if (i == 5) {
        print_name(r, sqlite3_column_int(row, i) ? "true" : "false");
    } else if (i == 0 || i == 3) {
        r->size += (size_t)snprintf(room(r, 24), 24, "%lld", (long long)sqlite3_column_int64(row, i));
    } else if (i == 6) {
        snprintf(time, sizeof time, "%s", (const char *)sqlite3_column_text(row, i));
        time[10] = 'T';
        size_t size = strlen(time);
        print_text(r, time, size > 7 && strcmp(time + size - 7, ".000000") == 0 ? size - 7 : size);
    } else {
        const char *text = (const char *)sqlite3_column_text(row, i);
        print_text(r, text, (size_t)sqlite3_column_bytes(row, i));
    }
}

static void *raw_start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->is_raw = true;
    r->raw = raw_open(path);
    return r;
}

static void raw_timed(void *state) {
    static const char *const names[] = {"{\"id\":",      ",\"username\":",  ",\"email\":",     ",\"age\":",
                                        ",\"balance\":", ",\"is_active\":", ",\"created_at\":"};
    run *r = state;
    sqlite3_stmt *all = raw_prepare(r->raw, SELECT);
    print_name(r, "[");
    for (bool more = false; sqlite3_step(all) == SQLITE_ROW; more = true) {
        if (more)
            print_name(r, ",");
        for (int i = 0; i < 7; i++) {
            print_name(r, names[i]);
            print_column(r, all, i);
        }
        print_name(r, "}");
    }
    print_name(r, "]");
    *room(r, 1) = '\0';
    raw_is(r->raw, sqlite3_finalize(all), SQLITE_OK);
}

/* ---- ours ---- */

static void *start(const char *path, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = ours_open(path);
    r->s = ath_session_open(r->db);
    return r;
}

static void rows_timed(void *state) {
    run *r = state;
    r->text = ath_rows_to_json(r->s, ath_select(.model = ath_model_of(User)));
}

static void list_timed(void *state) {
    run *r = state;
    r->text = ath_list_to_json(r->s, User, ath_all(r->s, User));
}

static void query_timed(void *state) {
    run *r = state;
    r->text = ath_query_json(r->s, User);
}

/* The text is that of n users: each name is there n times, and the last user is the last. */
static void finish(void *state) {
    run *r = state;
    size_t found = 0;
    bench_check(r->text != NULL, "the text");
    for (const char *at = r->text; (at = strstr(at, "\"created_at\":\"")) != NULL; at++)
        found++;
    bench_check(found == r->n && r->text[0] == '[' && r->text[strlen(r->text) - 1] == ']', "the number of rows");
    if (r->is_raw)
        free(r->text);
    else
        ath_json_free(r->text);
    sqlite3_close(r->raw);
    ath_session_close(r->s);
    ath_engine_close(r->db);
    free(r);
}

static const bench_side raw = {"raw", raw_start, raw_timed, finish};
static const bench_side rows = {"rows", start, rows_timed, finish};
static const bench_side list = {"list", start, list_timed, finish};
static const bench_side query = {"query", start, query_timed, finish};
static const bench_side *const sides[] = {&raw, &rows, &list, &query};

static const bench_line lines[] = {{"10,000 rows to JSON", "raw", "rows", BENCH_MS, 1.15},
                                   {"10,000 objects to JSON", "raw", "list", BENCH_MS, 1.30},
                                   {"10,000 rows to JSON, by the database", "raw", "query", BENCH_MS, 0},
                                   {"  peak memory, rows", "raw", "rows", BENCH_MEMORY, 0}};

int main(int argc, char **argv) {
    const bench b = {.name = "json",
                     .n = 10000,
                     .small_n = 1000,
                     .prepare = data_users,
                     .sides = sides,
                     .side_count = 4,
                     .lines = lines,
                     .line_count = 4};
    return bench_main(argc, argv, &b);
}
