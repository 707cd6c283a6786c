/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files share that compile revisions: the settings of one build, and processes.
 *
 * The cache holds <key>.o of each file, <key>.so of each set of files that was loaded together, and beside both a <key>.d
 * that names the headers they were made from.  A key is the checksum of all that decides what comes out: text, path, compiler,
 * flags, this library's headers.
 */
#ifndef ATH_MIGRATE_BUILD_H
#define ATH_MIGRATE_BUILD_H

#include "migrate/script.h"

typedef struct ath__build {
    ath__arena *arena; /* the build's own */
    const ath_migration *migration;
    ath__log log;
    ath_error *error;
    const char *const *cc; /* the compiler's words, NULL-terminated: "ccache", "gcc" */
    const char *const *flags;
    const char *cache;
    const char *stamp; /* text that is part of each key */
} ath__build;

/* A file to be compiled. */
typedef struct ath__unit {
    const char *path, *text;
    size_t text_size;
    const char *checksum; /* noted in the revision; NULL: none */
    char key[ATH__CHECKSUM];
} ath__unit;

/* ---- settings.c ---- */

/* Finds out about compiler, flags and cache; `near` is a file that is compiled. */
ath_status ath__build_settings(ath__build *build, const char *near);

/* ---- process.c ---- */

/* Runs a program; what it writes to both outputs goes to `said`.  *code is its exit code, or -1 when a signal ended it.
 * ATH_NOT_SUPPORTED: there is no such program. */
ath_status ath__run_program(const char *const *argv, ath__buf *said, int *code, ath_error *error);

typedef struct ath__process {
    const char *const *argv;
    ath__buf said;
    int code; /* -1: it did not end by itself */
    int pid, output;
} ath__process;
/* Runs all, as many at a time as there are processors. */
ath_status ath__run_jobs(ath__process *jobs, size_t count, ath_error *error);

/* ---- compile.c ---- */

/* The shared object of these units, compiled where needed: its path, in the arena. */
ath_status ath__build_library(ath__build *build, ath__unit *units, size_t count, const char **path);
/* Takes what was linked there out of the cache. */
void ath__build_forget(ath__build *build, const char *path);

/* ---- sweep.c ---- */

/* Removes what compilations that were killed have left in a cache. */
void ath__build_sweep(const char *cache);

#endif
