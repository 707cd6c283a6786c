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
/* All of it in one, as ath_joined asks for it. */
#define EAGER_JOINED_SQL                                                                                               \
    "SELECT o.id, o.username, o.email, o.age, o.balance, o.is_active, o.created_at, n.id, n.owner_id, n.title, "       \
    "n.stars, n.created_at FROM owners o LEFT JOIN notes n ON o.id = n.owner_id ORDER BY o.id"
enum { EAGER_OWNER_COLUMNS = 7 };

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
/* Room for one more. */
plain_owner *plain_add_owner(plain *p);
plain_note *plain_add_note(plain *p);
/* The owner of a joined row: the last one, if its key is this; NULL: one has to be added. */
plain_owner *plain_owner_of_row(plain *p, int64_t id);

/* A client library, and what is done with it by hand. */
typedef struct eager_client {
    const bench_server *server; /* NULL: SQLite */
    void *(*open)(const char *place);
    void (*close)(void *db);
    void (*analyze)(void *db); /* after the tables were filled; may be NULL */
    void (*two_selects)(plain *p);
    void (*one_select)(plain *p);
} eager_client;

int eager_main(int argc, char **argv, const eager_client *client);

#endif
