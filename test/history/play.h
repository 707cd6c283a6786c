/* SPDX-License-Identifier: Apache-2.0
 *
 * A history: what is done at random, to a session and to the plain model alike.
 */
#ifndef ATH_TEST_HISTORY_PLAY_H
#define ATH_TEST_HISTORY_PLAY_H

#include "plain.h"

typedef struct picture picture;

enum { SAVEPOINTS = 3 }; /* inside of each other, at most */

typedef struct play {
    ath_engine *db;
    test_database database;
    ath_session *s;
    bool autoflush, told, failed; /* told: what is done is printed */
    bool *pause;                  /* allocations may fail, but not while this is true; NULL: they do not */
    bool ran_out;                 /* one has failed: the transaction is rolled back */
    bool nests;                   /* savepoints are begun, too */
    int level;                    /* how many are open */
    unsigned rekeyed;             /* a bit per level: keys have changed in it */
    uint64_t random;
    int names; /* given so far */
    int steps;
    world now, kept[SAVEPOINTS + 1]; /* as it is; at the last commit, and at each savepoint */
    void *handles[THINGS];           /* NULL: the session has not met it, as far as is known */
    char failure[400];
    picture *pictures[SAVEPOINTS + 1]; /* of memory then: see compare.c */
} play;

/* A number below `count`. */
unsigned play_random(play *p, unsigned count);
__attribute__((format(printf, 2, 3))) void play_fail(play *p, const char *format, ...);
__attribute__((format(printf, 2, 3))) void play_tell(const play *p, const char *format, ...);

/* ---- play.c ---- */

/* A whole history; what went wrong is in p->failure.  `p` has db, database, told, nests and pause, and is else empty. */
void play_run(play *p, uint64_t seed, int most_steps);
/* The session's object for a thing that has a row or is new; NULL after a failure. */
void *play_handle(play *p, int i);
void play_flush(play *p);
/* The plain model follows a flush that has been done. */
void play_flushed(play *p);
void play_roll_back(play *p);
/* The plain model goes back to what was kept at p->level, and memory is compared with it. */
void play_go_back(play *p);

/* ---- savepoints.c ---- */

/* Begins a savepoint, releases it or goes back to it. */
void play_savepoint(play *p);

/* ---- moves.c: how things are related ---- */

void play_move(play *p);
void play_pair(play *p);

/* ---- compare.c ---- */

/* The database's rows, by plain SQL. */
void compare_rows(play *p);
/* The session's objects with the plain model, which has been flushed as well. */
void compare_memory(play *p);
/* All that memory says is kept, to be compared after a rollback. */
void compare_keep(play *p);
void compare_restored(play *p);
/* The number of the thing that an object stands for; NONE after a failure. */
int compare_find(play *p, int kind, void *object);

static inline void *field_at(void *object, size_t offset) {
    return (char *)object + offset;
}
static inline void *pointer_at(void *object, int offset) {
    void *pointer;
    memcpy(&pointer, (char *)object + offset, sizeof pointer);
    return pointer;
}

#endif
