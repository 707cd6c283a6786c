/* SPDX-License-Identifier: Apache-2.0
 *
 * Users, made the same way for every side.
 */
#include "ours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100), .nullable = true);
    ath_column(age, .nullable = true);
    ath_column(balance);
    ath_column(is_active);
    ath_column(created_at);
}

ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .foreign_key = "users.id", .index = true);
    ath_column(title, .type = ATH_STRING(200));
}

ATH_METADATA(Bench, User, Post);
ATH_METADATA(Users, User);

/* ---- texts ---- */

char *arena_text(arena *a, const void *text, size_t size) {
    if (size + 1 > a->left) {
        char *chunk = malloc(CHUNK);
        bench_check(chunk && size + 1 + sizeof a->chunks <= CHUNK, "memory");
        memcpy(chunk, &a->chunks, sizeof a->chunks);
        a->chunks = chunk;
        a->chunk = chunk + sizeof a->chunks;
        a->left = CHUNK - sizeof a->chunks;
    }
    char *copy = a->chunk;
    memcpy(copy, text, size);
    copy[size] = '\0';
    a->chunk += size + 1;
    a->left -= size + 1;
    return copy;
}

void arena_free(arena *a) {
    while (a->chunks) {
        void *next;
        memcpy(&next, a->chunks, sizeof next);
        free(a->chunks);
        a->chunks = next;
    }
    *a = (arena){0};
}

/* ---- row i ---- */

static const int64_t epoch_us = INT64_C(1704067200000000); /* 2024-01-01 */

enum { NAME_SIZE = 10, EMAIL_SIZE = 22 };

/* userNNNNNN@example.com, the number that of row i + 1. */
static void write_email(size_t i, char out[EMAIL_SIZE + 1]) {
    memcpy(out, "user000000@example.com", EMAIL_SIZE + 1);
    for (size_t number = i + 1, at = 9; number && at > 3; number /= 10, at--)
        out[at] = (char)('0' + number % 10);
}

User user_make(size_t i, arena *a) {
    char email[EMAIL_SIZE + 1];
    write_email(i, email);
    return (User){.username = arena_text(a, email, NAME_SIZE),
                  .email = arena_text(a, email, EMAIL_SIZE),
                  .age = ath_some((int32_t)(18 + i % 60)),
                  .balance = (double)i * 1.25,
                  .is_active = i % 2 == 0,
                  .created_at = {epoch_us + (int64_t)i * 1000000}};
}

bool user_is(const User *u, size_t i) {
    return u->id == (int64_t)i + 1 && user_has(u, i);
}

bool user_has(const User *u, size_t i) {
    char email[EMAIL_SIZE + 1];
    write_email(i, email);
    return strlen(u->username) == NAME_SIZE && memcmp(u->username, email, NAME_SIZE) == 0 && u->email &&
           strcmp(u->email, email) == 0 && u->age.has && u->age.value == (int32_t)(18 + i % 60) &&
           u->balance == (double)i * 1.25 && u->is_active == (i % 2 == 0) &&
           u->created_at.us == epoch_us + (int64_t)i * 1000000;
}

/* ---- databases ---- */

void data_empty(const char *path, size_t n) {
    (void)n;
    ours_make_tables(path);
}

void data_users(const char *path, size_t n) {
    char time[27];
    arena a = {0};
    data_empty(path, n);
    sqlite3 *db = raw_open(path);
    raw_run(db, "BEGIN");
    sqlite3_stmt *insert = raw_prepare(
        db, "INSERT INTO users (username, email, age, balance, is_active, created_at) VALUES (?, ?, ?, ?, ?, ?)");
    for (size_t i = 0; i < n; i++) {
        User user = user_make(i, &a);
        raw_bind_user(db, insert, 1, &user, time);
        raw_is(db, sqlite3_step(insert), SQLITE_DONE);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    raw_run(db, "COMMIT");
    sqlite3_close(db);
    arena_free(&a);
}
