/* SPDX-License-Identifier: Apache-2.0
 *
 * Owners with ten notes each: loaded with their notes by Athanor (select-in, joined), beside two SELECTs and a merge by
 * hand.
 */
#ifndef BENCH_EAGER_H
#define BENCH_EAGER_H

#include "ours.h"

enum { EAGER_NOTES = 10 };
#define EAGER_OWNERS_SQL "SELECT id, username, email, age, balance, is_active, created_at FROM owners ORDER BY id"
#define EAGER_NOTES_SQL "SELECT id, owner_id, title, stars, created_at FROM notes ORDER BY owner_id, id"

typedef struct Owner Owner;
typedef struct Note Note;
struct Owner { /* begins as a User does */
    int64_t id;
    const char *username, *email;
    ath_opt_i32 age;
    double balance;
    bool is_active;
    ath_datetime created_at;
    Note **notes;
};
struct Note {
    int64_t id, owner_id;
    const char *title;
    int32_t stars;
    ath_datetime created_at;
    Owner *owner;
};
ATH_DECLARE(Owner);
ATH_DECLARE(Note);

/* prepare: both tables, n owners. */
void eager_fill(const char *place, size_t n);

extern const bench_side eager_selectin, eager_joined, eager_selectin_read_only;
extern const bench_line eager_lines[];
enum { EAGER_LINES = 5 };

/* What a program keeps by hand: arrays, and of each owner where its notes begin. */
typedef struct plain_note {
    int64_t id, owner_id;
    const char *title;
    int32_t stars;
    ath_datetime created_at;
} plain_note;
typedef struct plain_owner {
    User user;
    plain_note *notes;
    size_t note_count;
} plain_owner;
typedef struct plain {
    size_t n, owner_count, note_count, owner_room, note_room;
    plain_owner *owners;
    plain_note *notes;
    arena texts;
    void *db;
} plain;
plain *plain_new(size_t n);
/* Room for one more. */
plain_owner *plain_add_owner(plain *p);
plain_note *plain_add_note(plain *p);
/* Both are in order: each owner gets its run of notes. */
void plain_merge(plain *p);
/* Checks all and frees it. */
void plain_finish(plain *p);

#endif
