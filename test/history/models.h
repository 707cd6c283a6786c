/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of random histories: every kind of relation, and tables that say where their fields are.
 */
#ifndef ATH_TEST_HISTORY_MODELS_H
#define ATH_TEST_HISTORY_MODELS_H

#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Owner Owner;
typedef struct Pet Pet;
typedef struct Card Card;
typedef struct Shelf Shelf;
typedef struct Book Book;
typedef struct Lamp Lamp;
typedef struct Tag Tag;
typedef struct BookTag BookTag;
typedef struct Album Album;
typedef struct Photo Photo;
typedef struct Sticker Sticker;
typedef struct Topic Topic;
typedef struct Note Note;
typedef struct Student Student;
typedef struct Course Course;
typedef struct Enrolment Enrolment;
typedef struct Node Node;
typedef struct Place Place;
typedef struct Visit Visit;
typedef struct Country Country;
typedef struct City City;
typedef struct Lang Lang;
typedef struct Word Word;
typedef struct Seat Seat;
typedef struct Team Team;
typedef struct Player Player;

struct Owner { /* two relations to one model, and one to one */
    int64_t id;
    const char *name;
    Pet **pets, **patients;
    Card *card;
};
struct Pet {
    int64_t id;
    const char *name;
    ath_opt_i64 owner_id, vet_id;
    Owner *owner, *vet;
};
struct Card {
    int64_t id;
    const char *name;
    ath_opt_i64 owner_id;
    Owner *owner;
};
struct Shelf { /* orphans are deleted */
    int64_t id;
    const char *name;
    Book **books;
    Lamp *lamp;
};
struct Book {
    int64_t id;
    const char *name;
    ath_opt_i64 shelf_id;
    Shelf *shelf;
    Tag **tags;
};
struct Lamp { /* no way back */
    int64_t id;
    const char *name;
    ath_opt_i64 shelf_id;
};
struct Tag { /* many to many, from one side */
    const char *code, *name;
};
struct BookTag {
    int64_t book_id;
    const char *tag;
};
struct Album { /* no way back, orphans are kept or deleted */
    int64_t id;
    const char *name;
    Photo **photos;
    Sticker **stickers;
};
struct Photo {
    int64_t id;
    const char *name;
    ath_opt_i64 album_id;
};
struct Sticker {
    int64_t id;
    const char *name;
    ath_opt_i64 album_id;
};
struct Topic { /* knows nothing of its notes */
    int64_t id;
    const char *name;
};
struct Note {
    int64_t id;
    const char *name;
    ath_opt_i64 topic_id;
    Topic *topic;
};
struct Student { /* many to many, from both sides */
    int64_t id;
    const char *name;
    Course **courses;
};
struct Course {
    int64_t id;
    const char *name;
    Student **students;
};
struct Enrolment {
    int64_t student_id, course_id;
};
struct Node { /* a tree */
    int64_t id;
    const char *name;
    ath_opt_i64 parent_id;
    Node *parent, **children;
};
struct Place { /* a key of two columns, which may change */
    int32_t country, number;
    const char *name;
    Visit **visits;
};
struct Visit {
    int64_t id;
    const char *name;
    ath_opt_i32 country, number;
    Place *place;
};
struct Country { /* a natural key that changes; no foreign key in the schema */
    const char *code, *name;
    City **cities;
};
struct City {
    int64_t id;
    const char *name, *country_code;
    Country *country;
};
struct Lang { /* ON UPDATE CASCADE */
    const char *code, *name;
    Word **words;
};
struct Word {
    int64_t id;
    const char *name, *lang_code;
    Lang *lang;
};
struct Seat { /* a unique column */
    int64_t id;
    const char *name, *label;
};
struct Team { /* refers to its players, who refer to it */
    int64_t id;
    const char *name;
    ath_opt_i64 captain_id;
    Player *captain, **players;
};
struct Player {
    int64_t id;
    const char *name;
    ath_opt_i64 team_id;
    Team *team;
};

ATH_DECLARE(Owner);
ATH_DECLARE(Pet);
ATH_DECLARE(Card);
ATH_DECLARE(Shelf);
ATH_DECLARE(Book);
ATH_DECLARE(Lamp);
ATH_DECLARE(Tag);
ATH_DECLARE(BookTag);
ATH_DECLARE(Album);
ATH_DECLARE(Photo);
ATH_DECLARE(Sticker);
ATH_DECLARE(Topic);
ATH_DECLARE(Note);
ATH_DECLARE(Student);
ATH_DECLARE(Course);
ATH_DECLARE(Enrolment);
ATH_DECLARE(Node);
ATH_DECLARE(Place);
ATH_DECLARE(Visit);
ATH_DECLARE(Country);
ATH_DECLARE(City);
ATH_DECLARE(Lang);
ATH_DECLARE(Word);
ATH_DECLARE(Seat);
ATH_DECLARE(Team);
ATH_DECLARE(Player);
ATH_DECLARE_METADATA(HistoryTables);

/* ---- where things are ---- */

enum kinds {
    OWNER,
    PET,
    CARD,
    SHELF,
    BOOK,
    LAMP,
    TAG,
    ALBUM,
    PHOTO,
    STICKER,
    TOPIC,
    NOTE,
    STUDENT,
    COURSE,
    NODE,
    PLACE,
    VISIT,
    COUNTRY,
    CITY,
    LANG,
    WORD,
    SEAT,
    TEAM,
    PLAYER,
    KINDS
};

typedef enum key_form { KEY_NUMBER, KEY_PAIR, KEY_TEXT } key_form;

typedef struct kind_of {
    const ath_model *model;
    const char *table;
    size_t size, name_at;
    key_form key;      /* the struct begins with it */
    size_t label_at;   /* 0: it has no unique label */
    const char *named; /* what ath_new names, without a generated key */
    const char *keyed; /* and with it */
} kind_of;

enum { NOWHERE = -1, EDGES = 14, WAYS = 2 };

/* A foreign key, and the fields that speak of it. */
typedef struct edge {
    const char *name;
    uint8_t child, parent;
    bool single, cascades, orphans; /* the parent has one; its deletion deletes; and so does leaving it */
    int down_at, up_at;             /* the fields of the parent and of the child */
    size_t fk_at;
    const char *columns[2];
} edge;

/* A table between. */
typedef struct between {
    const char *table, *near_column, *far_column;
    uint8_t near, far;
    int near_at, far_at; /* the vectors */
} between;

extern const kind_of kinds_of[KINDS];
extern const edge edges[EDGES];
extern const between ways[WAYS];

/* Kinds that make a history of their own. */
enum { THEMES = 11, THEME_KINDS = 4 };
extern const uint8_t themes[THEMES][THEME_KINDS]; /* KINDS: no more */

#endif
