/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `base`: what every other floor stands on and what knows no SQL.  Status codes, the error object, the
 * allocator a caller may supply, the log hook, and the library version.
 *
 * Ownership rule for the whole API: a returned pointer lives as long as the call's first argument, unless its
 * comment says otherwise; what an out parameter receives is the caller's.
 */
#ifndef ATHANOR_BASE_H
#define ATHANOR_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ATH_API __attribute__((visibility("default")))
#define ATH_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#else
#define ATH_API
#define ATH_PRINTF(format_at, args_at)
#endif

#define ATH_VERSION_MAJOR 0
#define ATH_VERSION_MINOR 1
#define ATH_VERSION_PATCH 0
#define ATH_VERSION "0.1.0"

/* The version of the library that is linked, as "major.minor.patch"; compare with ATH_VERSION, the version of the
 * header.  The string is static.  Thread-safe. */
ATH_API const char *ath_version(void);

/* What a call came to.  Zero is success, negative is failure.  The classes are those of Python's DBAPI (PEP 249),
 * which SQLAlchemy's users know, and the few that a toolkit adds. */
typedef enum ath_status {
    ATH_OK = 0,
    ATH_INTEGRITY = -1,        /* a constraint refused the row: see ath_error.integrity */
    ATH_OPERATIONAL = -2,      /* the database could not do it: locked, full, read-only, no such file */
    ATH_PROGRAMMING = -3,      /* wrong SQL, unknown table or column, wrong number of values */
    ATH_DATA = -4,             /* a value does not fit its column or its C field */
    ATH_TIMEOUT = -5,          /* a deadline passed */
    ATH_DISCONNECT = -6,       /* the connection is gone */
    ATH_NO_RESULT = -7,        /* exactly one row was required and there was none */
    ATH_MULTIPLE_RESULTS = -8, /* one row was required and there were more */
    ATH_STALE_DATA = -9,       /* an UPDATE of an object matched no row */
    ATH_ARGUMENT = -10,        /* the call itself is wrong: a NULL, a malformed URL, a bad model */
    ATH_NO_MEMORY = -11,       /* an allocation failed */
    ATH_NOT_SUPPORTED = -12,   /* this database cannot do it; refused before it was sent */
    ATH_STATE = -13,           /* not now: closed handle, or a transaction that awaits its rollback */
    ATH_INTERNAL = -14,        /* a defect of this library or of a driver */
    ATH_CANCELLED = -15        /* the fiber was cancelled (loop.h) */
} ath_status;

/* The name of a status: "integrity", "no-memory" ...; static, never NULL. */
ATH_API const char *ath_status_name(ath_status status);

/* Which kind of constraint an ATH_INTEGRITY error broke. */
typedef enum ath_integrity_kind {
    ATH_INTEGRITY_NONE = 0,
    ATH_INTEGRITY_UNIQUE,
    ATH_INTEGRITY_PRIMARY_KEY,
    ATH_INTEGRITY_FOREIGN_KEY,
    ATH_INTEGRITY_NOT_NULL,
    ATH_INTEGRITY_CHECK,
    ATH_INTEGRITY_OTHER
} ath_integrity_kind;

/* All that is known of a failure.  Of fixed size, so that it can be filled when memory has run out; text that does
 * not fit is cut at a character's border.  Strings are empty where nothing is known.  A caller may keep a copy. */
typedef struct ath_error {
    ath_status status;
    ath_integrity_kind integrity;
    /* The transaction was in the way of another, or the connection was lost before it was committed: started over from its
     * beginning it may well succeed.  True of a deadlock, a serialization failure, a lock that was not to be had in time
     * (SQLite: busy) and a lost connection; never when it is unknown whether the transaction was committed.  ath_transact
     * looks at it. */
    bool retryable;
    int native_code;      /* SQLite's extended result code, MySQL's error number; 0 when none */
    char sqlstate[6];     /* "23505"; empty when the database gives none */
    char constraint[64];  /* the constraint's name, where the database tells it */
    char table[64];       /* the table concerned */
    char column[64];      /* the column concerned; of several, the first */
    char message[512];    /* one line for people */
    char statement[1024]; /* the SQL that failed, without its values */
} ath_error;

/* Makes `error` say "no error".  NULL is allowed. */
ATH_API void ath_error_clear(ath_error *error);

/* Where all memory of an engine and of what is opened from it comes from.  `allocate` behaves as malloc,
 * `reallocate` as realloc but is told the old size, `release` as free but is told the size; both get NULL never.
 * All three get `context` first.  Any of them may be called from every thread that uses the engine. */
typedef struct ath_allocator {
    void *(*allocate)(void *context, size_t size);
    void *(*reallocate)(void *context, void *memory, size_t old_size, size_t new_size);
    void (*release)(void *context, void *memory, size_t size);
    void *context;
} ath_allocator;

/* How much a log line matters. */
typedef enum ath_log_level { ATH_LOG_DEBUG = 0, ATH_LOG_INFO, ATH_LOG_WARNING, ATH_LOG_ERROR } ath_log_level;

/* Receives the lines an engine logs: one line without a newline, valid during the call.  Values of statements are
 * in it only when `.echo` asked for them, and never when `.hide_parameters` is set; passwords are never in it.
 * May be called from every thread that uses the engine. */
typedef void (*ath_log_fn)(void *context, ath_log_level level, const char *line);

#ifdef __cplusplus
}
#endif

#endif
