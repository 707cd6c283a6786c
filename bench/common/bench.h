/* SPDX-License-Identifier: Apache-2.0
 *
 * The frame of a benchmark: sides that do the same work, each run in a process of its own, by turns.
 *
 * A time means little by itself; what is reported is the median over the turns of the ratio within a turn.  Instructions
 * are counted by callgrind (see run.py), which collects inside bench_timed alone.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

/* One way of doing the work.  A child process calls start, timed, finish, once each; start and finish are not timed. */
typedef struct bench_side {
    const char *name;
    /* `place`: the file of a database, a copy of its own; or the URL of the one that all sides use by turns */
    void *(*start)(const char *place, size_t n);
    void (*timed)(void *state);
    void (*finish)(void *state); /* checks the result and frees */
} bench_side;

typedef enum bench_unit {
    BENCH_MS,     /* time of the whole */
    BENCH_MEMORY, /* peak resident memory of the process */
    BENCH_EACH    /* time of one of n; `base` may be NULL */
} bench_unit;

/* A line of the report: `side` beside `base`. */
typedef struct bench_line {
    const char *label, *base, *side;
    bench_unit unit;
    double goal; /* of the ratio, or with BENCH_EACH in microseconds; 0: none */
} bench_line;

/* A database on a server instead of a file: made before the runs and dropped at the end. */
typedef struct bench_server {
    const char *variable;                               /* of the environment: the URL of a superuser */
    const char *options;                                /* behind the URL of the database */
    void (*make)(const char *server, const char *name); /* a database of that name */
    void (*drop)(const char *server, const char *name);
} bench_server;

typedef struct bench {
    const char *name;
    const bench_server *server;                   /* NULL: SQLite, a file in memory */
    size_t n;                                     /* rows, calls ... of a full run */
    size_t small_n;                               /* of a run under callgrind */
    void (*prepare)(const char *place, size_t n); /* makes the tables */
    const bench_side *const *sides;
    size_t side_count;
    const bench_line *lines;
    size_t line_count;
} bench;

/* Options: --n N, --turns N, --tsv; and --raw, --ours or --side NAME with --once, for one run in this process. */
int bench_main(int argc, char **argv, const bench *b);

/* Tells what is wrong and ends the process. */
void bench_fail(const char *what, const char *why) __attribute__((noreturn));
/* Ends the process unless the condition holds. */
void bench_check(bool condition, const char *what);

#endif
