/* SPDX-License-Identifier: Apache-2.0
 *
 * The SQLite backend: what src/athanor.c lists, and what its own files share.
 *
 * SQLite's memory stays SQLite's own (sqlite3_malloc), except for what lies around a connection and a statement here.
 */
#ifndef ATH_BACKEND_SQLITE_SQLITE_H
#define ATH_BACKEND_SQLITE_SQLITE_H

#include "engine/driver.h"

#include <sqlite3.h>

typedef struct ath__sqlite {
    sqlite3 *db;
    ath_allocator allocator;
    ath_wait_hook wait;
    int busy_timeout_ms;
    int64_t busy_deadline_us; /* of the wait that is under way */
    int lock_file;            /* one more than the file that keeps other runners of migrations out; 0: none */
    char file[512];           /* for messages */
    ath_dialect dialect;      /* of the library that is linked */
} ath__sqlite;

typedef struct ath__sqlite_ahead ath__sqlite_ahead; /* away.c */

typedef struct ath__sqlite_stmt {
    sqlite3_stmt *stmt;
    ath__sqlite *connection;
    size_t binds;
    char *texts;              /* 80 bytes per placeholder, for dates and decimals; made when first needed */
    size_t steps;             /* in a fiber, since it was reset */
    ath__sqlite_ahead *ahead; /* rows that were fetched before they were asked for; NULL: none */
} ath__sqlite_stmt;

extern const ath__backend ath__sqlite_backend;
extern const ath_dialect ath__sqlite_dialect;
extern const ath__driver ath__sqlite_driver;
extern const ath__reflector ath__sqlite_reflector;
extern const ath__impacts ath__sqlite_impacts; /* change.c */
extern const ath__alterer ath__sqlite_alterer;

/* ---- dialect.c ---- */

/* The dialect of that version of the library (sqlite3_libversion_number()); its .version_text is the caller's to fill. */
void ath__sqlite_dialect_for(int version, ath_dialect *out);

/* ---- driver.c ---- */

/* A uuid as SQLite keeps it: 32 hexadecimal digits; returns their number. */
size_t ath__sqlite_uuid(ath_uuid uuid, char *out);

ath__step ath__sqlite_step_now(ath__sqlite_stmt *statement, ath_error *error);
ath_status ath__sqlite_cells_now(ath__sqlite_stmt *statement, size_t first, ath_value *cells, size_t count,
                                 ath_error *error);

/* Whether a JSON document is a number by itself. */
bool ath__sqlite_is_bare_number(ath_str json);

/* ---- connect.c ---- */

ath_status ath__sqlite_check_url(const ath_url *url, const ath_allocator *allocator, ath_error *error);
ath_status ath__sqlite_connect(const ath__connect *how, void **connection, ath_error *error);
void ath__sqlite_disconnect(void *connection);
bool ath__sqlite_is_private(const ath_url *url);
const char *ath__sqlite_reading_only(const ath_url *url);

/* ---- away.c: in a fiber ---- */

/* Runs it here, or in a fiber on a worker thread.  *error is filled when it was cut short. */
ath_status ath__sqlite_away(ath__sqlite *connection, ath_status (*run)(void *), void *arguments, ath_error *error);
ath__step ath__sqlite_step_away(ath__sqlite_stmt *statement, ath_error *error);
/* Whether the present row is one that was fetched ahead; its cells. */
bool ath__sqlite_is_ahead(const ath__sqlite_stmt *statement);
void ath__sqlite_cells_ahead(const ath__sqlite_stmt *statement, size_t first, ath_value *cells, size_t count);
void ath__sqlite_forget_ahead(ath__sqlite_stmt *statement);

/* ---- reserve.c ---- */

ath_status ath__sqlite_reserve_keys(void *connection, const char *table, const char *column, int64_t count,
                                    int64_t *first, bool *reserved, ath_error *error);

/* ---- error.c ---- */

/* Fills *error from what SQLite says about its last failure; `code` is the extended result code. */
ath_status ath__sqlite_failed(const ath__sqlite *connection, int code, ath_error *error);

/* ---- render.c: nodes that are written in SQLite's own way ---- */

bool ath__sqlite_render(ath__compiler *compiler, const ath_expr *node);

/* ---- regexp.c ---- */

/* Makes the function behind the operator REGEXP known to a connection; SQLite's result code. */
int ath__sqlite_add_regexp(sqlite3 *db);

/* ---- number.c, moment.c: functions that SQLite has not, or not exactly ---- */

int ath__sqlite_add_numbers(sqlite3 *db);
int ath__sqlite_add_moments(sqlite3 *db);
/* The error of a function: 'value' is no <what>. */
void ath__sqlite_refuse(sqlite3_context *context, const char *what, sqlite3_value *value);

/* ---- array.c ---- */

/* Binds the elements of an array as one JSON array; SQLite's result code. */
int ath__sqlite_bind_array(ath__sqlite_stmt *statement, int at, const ath_value *array);

/* ---- types.c ---- */

ath_status ath__sqlite_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
bool ath__sqlite_literal(const ath_dialect *dialect, const ath_type *type, const ath_value *value, ath__buf *out);
ath_status ath__sqlite_cast_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
void ath__sqlite_collation(const ath_dialect *dialect, const ath_type *type, ath__buf *out);
/* Makes the collation "ath_decimal" known to a connection; SQLite's result code. */
int ath__sqlite_add_collation(sqlite3 *db);
ath_status ath__sqlite_autoincrement(const ath_dialect *dialect, const ath_table *table, const ath__column *column,
                                     ath__buf *out, ath_error *error);

/* exists.c: see render_exists of the dialect. */
ath_status ath__sqlite_exists(const ath_dialect *dialect, int kind, const char *schema, const char *name, ath__buf *out,
                              ath_error *error);

/* ---- alter_lock.c ---- */

/* As of ath__alterer. */
ath_status ath__sqlite_try_lock(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                                ath_error *error);
ath_status ath__sqlite_unlock(ath_connection *connection, const char *name, ath_error *error);
/* When the connection ends. */
void ath__sqlite_drop_lock(ath__sqlite *connection);

/* ---- words.c: SQL text ---- */

bool ath__sqlite_is_word(char c);
/* Behind blanks and comments. */
const char *ath__sqlite_skip_blank(const char *at);
/* Behind a text in quotes, in which a doubled quote stands for itself. */
const char *ath__sqlite_skip_quoted(const char *at);

#endif
