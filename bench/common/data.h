/* SPDX-License-Identifier: Apache-2.0
 *
 * The data of the benchmarks: users, as row i of n makes them, in a database with the settings Athanor gives a file; and
 * what a program without Athanor needs to read and write them well.
 */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include "bench.h"

#include <athanor/athanor.h>
#include <sqlite3.h>

typedef struct User {
    int64_t id;
    const char *username;
    const char *email; /* may be NULL */
    ath_opt_i32 age;
    double balance;
    bool is_active;
    ath_datetime created_at;
} User;
ATH_DECLARE(User);

typedef struct Post {
    int64_t id, author_id;
    const char *title;
} Post;
ATH_DECLARE(Post);
ATH_DECLARE_METADATA(Bench);
ATH_DECLARE_METADATA(Users); /* for servers: nothing refers to a table that is emptied between the runs */

/* ---- for both sides ---- */

/* Texts in chunks of 64 KiB: below malloc's threshold for mapping, which would cost page faults. */
typedef struct arena {
    char *chunk;
    size_t left;
    void *chunks; /* all of them, linked through their first word */
} arena;
char *arena_text(arena *a, const void *text, size_t size);
void arena_free(arena *a);

/* Row i as a struct without a key, its texts in the arena. */
User user_make(size_t i, arena *a);
/* Whether a user is the one that row i holds. */
bool user_is(const User *user, size_t i);

/* The same but for its key, which a server may count on. */
bool user_has(const User *user, size_t i);

/* prepare functions: the tables alone, and the tables with n users. */
void data_empty(const char *path, size_t n);
void data_users(const char *path, size_t n);

/* ---- bare sqlite3 ---- */

/* Opened as Athanor opens a file: no mutex, foreign keys on, WAL, synchronous NORMAL. */
sqlite3 *raw_open(const char *path);
void raw_run(sqlite3 *db, const char *sql);
sqlite3_stmt *raw_prepare(sqlite3 *db, const char *sql);
void raw_is(sqlite3 *db, int code, int wanted);
/* 2024-01-01 00:00:00.000000, 26 characters and a NUL, and back. */
void raw_format_time(int64_t us, char *out);
int64_t raw_parse_time(const char *text);
/* Binds the six columns beside the key from parameter `first`; `time` (27 bytes) must live until the step. */
void raw_bind_user(sqlite3 *db, sqlite3_stmt *insert, int first, const User *user, char *time);
/* Reads the seven columns; texts are copied into the arena. */
void raw_read_user(sqlite3_stmt *row, User *user, arena *a);

#endif
