/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of random histories.
 */
#include "models.h"

#define NAMED(column) ath_column(column, .type = ATH_STRING(20))
#define KEYED ath_column(id, .primary_key = true)

ATH_MODEL(Owner, "owners") {
    KEYED;
    NAMED(name);
    ath_has_many(pets, Pet, .back_populates = "owner", .foreign_key = ath_names("owner_id"));
    ath_has_many(patients, Pet, .back_populates = "vet", .foreign_key = ath_names("vet_id"));
    ath_has_one(card, Card, .back_populates = "owner");
}
ATH_MODEL(Pet, "pets") {
    KEYED;
    NAMED(name);
    ath_column(owner_id, .nullable = true, .foreign_key = "owners.id");
    ath_column(vet_id, .nullable = true, .foreign_key = "owners.id");
    ath_belongs_to(owner, Owner, .back_populates = "pets", .foreign_key = ath_names("owner_id"));
    ath_belongs_to(vet, Owner, .back_populates = "patients", .foreign_key = ath_names("vet_id"));
}
ATH_MODEL(Card, "cards") {
    KEYED;
    NAMED(name);
    ath_column(owner_id, .nullable = true, .foreign_key = "owners.id");
    ath_belongs_to(owner, Owner, .back_populates = "card");
}
ATH_MODEL(Shelf, "shelves") {
    KEYED;
    NAMED(name);
    ath_has_many(books, Book, .back_populates = "shelf", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
    ath_has_one(lamp, Lamp, .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}
ATH_MODEL(Book, "books") {
    KEYED;
    NAMED(name);
    ath_column(shelf_id, .nullable = true, .foreign_key = "shelves.id");
    ath_belongs_to(shelf, Shelf, .back_populates = "books");
    ath_has_many(tags, Tag, .secondary = ath_model_of(BookTag));
}
ATH_MODEL(Lamp, "lamps") {
    KEYED;
    NAMED(name);
    ath_column(shelf_id, .nullable = true, .foreign_key = "shelves.id");
}
ATH_MODEL(Tag, "tags") {
    ath_column(code, .type = ATH_STRING(20), .primary_key = true);
    NAMED(name);
}
ATH_MODEL(BookTag, "book_tags") {
    ath_column(book_id, .primary_key = true, .foreign_key = "books.id");
    ath_column(tag, .type = ATH_STRING(20), .primary_key = true, .foreign_key = "tags.code");
}
ATH_MODEL(Album, "albums") {
    KEYED;
    NAMED(name);
    ath_has_many(photos, Photo);
    ath_has_many(stickers, Sticker, .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}
ATH_MODEL(Photo, "photos") {
    KEYED;
    NAMED(name);
    ath_column(album_id, .nullable = true, .foreign_key = "albums.id");
}
ATH_MODEL(Sticker, "stickers") {
    KEYED;
    NAMED(name);
    ath_column(album_id, .nullable = true, .foreign_key = "albums.id");
}
ATH_MODEL(Topic, "topics") {
    KEYED;
    NAMED(name);
}
ATH_MODEL(Note, "notes") {
    KEYED;
    NAMED(name);
    ath_column(topic_id, .nullable = true, .foreign_key = "topics.id");
    ath_belongs_to(topic, Topic);
}
ATH_MODEL(Student, "students") {
    KEYED;
    NAMED(name);
    ath_has_many(courses, Course, .secondary = ath_model_of(Enrolment), .back_populates = "students");
}
ATH_MODEL(Course, "courses") {
    KEYED;
    NAMED(name);
    ath_has_many(students, Student, .secondary = ath_model_of(Enrolment), .back_populates = "courses");
}
ATH_MODEL(Enrolment, "enrolments") {
    ath_column(student_id, .primary_key = true, .foreign_key = "students.id");
    ath_column(course_id, .primary_key = true, .foreign_key = "courses.id");
}
ATH_MODEL(Node, "nodes") {
    KEYED;
    NAMED(name);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
    ath_belongs_to(parent, Node, .back_populates = "children");
    ath_has_many(children, Node, .back_populates = "parent", .cascade = ATH_CASCADE_ALL);
}
ATH_MODEL(Place, "places") {
    ath_column(country, .primary_key = true);
    ath_column(number, .primary_key = true);
    NAMED(name);
    ath_has_many(visits, Visit, .back_populates = "place");
}
ATH_MODEL(Visit, "visits") {
    KEYED;
    NAMED(name);
    ath_column(country, .nullable = true);
    ath_column(number, .nullable = true);
    ath_foreign_key(.columns = ath_names("country", "number"), .target = "places",
                    .target_columns = ath_names("country", "number"), .onupdate = "CASCADE");
    ath_belongs_to(place, Place, .back_populates = "visits");
}
ATH_MODEL(Country, "countries") {
    ath_column(code, .type = ATH_STRING(20), .primary_key = true);
    NAMED(name);
    ath_has_many(cities, City, .back_populates = "country", .foreign_key = ath_names("country_code"),
                 .references = ath_names("code"));
}
ATH_MODEL(City, "cities") {
    KEYED;
    NAMED(name);
    ath_column(country_code, .type = ATH_STRING(20), .nullable = true);
    ath_belongs_to(country, Country, .back_populates = "cities", .foreign_key = ath_names("country_code"),
                   .references = ath_names("code"));
}
ATH_MODEL(Lang, "langs") {
    ath_column(code, .type = ATH_STRING(20), .primary_key = true);
    NAMED(name);
    ath_has_many(words, Word, .back_populates = "lang");
}
ATH_MODEL(Word, "words") {
    KEYED;
    NAMED(name);
    ath_column(lang_code, .type = ATH_STRING(20), .nullable = true, .foreign_key = "langs.code",
               .onupdate_action = "CASCADE");
    ath_belongs_to(lang, Lang, .back_populates = "words");
}
ATH_MODEL(Seat, "seats") {
    KEYED;
    NAMED(name);
    ath_column(label, .type = ATH_STRING(20), .unique = true);
}
ATH_MODEL(Team, "teams") {
    KEYED;
    NAMED(name);
    ath_column(captain_id, .nullable = true, .foreign_key = "players.id", .foreign_key_name = "fk_teams_captain");
    ath_belongs_to(captain, Player, .foreign_key = ath_names("captain_id"));
    ath_has_many(players, Player, .back_populates = "team", .foreign_key = ath_names("team_id"));
}
ATH_MODEL(Player, "players") {
    KEYED;
    NAMED(name);
    ath_column(team_id, .nullable = true, .foreign_key = "teams.id");
    ath_belongs_to(team, Team, .back_populates = "players", .foreign_key = ath_names("team_id"));
}
ATH_METADATA(HistoryTables, Owner, Pet, Card, Shelf, Book, Lamp, Tag, BookTag, Album, Photo, Sticker, Topic, Note,
             Student, Course, Enrolment, Node, Place, Visit, Country, City, Lang, Word, Seat, Team, Player);

/* ---- where things are ---- */

#define KIND(M, table_name, ...)                                                                                       \
    { .model = ath_model_of(M), .table = table_name, .size = sizeof(M), .name_at = offsetof(M, name), __VA_ARGS__ }
#define NUMBERED .key = KEY_NUMBER, .named = "M, .name = n", .keyed = "M, .name = n, .id = i"
#define TEXTED .key = KEY_TEXT, .keyed = "M, .name = n, .code = c"

const kind_of kinds_of[KINDS] = {
    [OWNER] = KIND(Owner, "owners", NUMBERED),
    [PET] = KIND(Pet, "pets", NUMBERED),
    [CARD] = KIND(Card, "cards", NUMBERED),
    [SHELF] = KIND(Shelf, "shelves", NUMBERED),
    [BOOK] = KIND(Book, "books", NUMBERED),
    [LAMP] = KIND(Lamp, "lamps", NUMBERED),
    [TAG] = KIND(Tag, "tags", TEXTED),
    [ALBUM] = KIND(Album, "albums", NUMBERED),
    [PHOTO] = KIND(Photo, "photos", NUMBERED),
    [STICKER] = KIND(Sticker, "stickers", NUMBERED),
    [TOPIC] = KIND(Topic, "topics", NUMBERED),
    [NOTE] = KIND(Note, "notes", NUMBERED),
    [STUDENT] = KIND(Student, "students", NUMBERED),
    [COURSE] = KIND(Course, "courses", NUMBERED),
    [NODE] = KIND(Node, "nodes", NUMBERED),
    [PLACE] = KIND(Place, "places", .key = KEY_PAIR, .keyed = "M, .name = n, .country = a, .number = b"),
    [VISIT] = KIND(Visit, "visits", NUMBERED),
    [COUNTRY] = KIND(Country, "countries", TEXTED),
    [CITY] = KIND(City, "cities", NUMBERED),
    [LANG] = KIND(Lang, "langs", TEXTED),
    [WORD] = KIND(Word, "words", NUMBERED),
    [SEAT] = KIND(Seat, "seats", .key = KEY_NUMBER, .label_at = offsetof(Seat, label),
                  .named = "M, .name = n, .label = l", .keyed = "M, .name = n, .label = l, .id = i"),
    [TEAM] = KIND(Team, "teams", NUMBERED),
    [PLAYER] = KIND(Player, "players", NUMBERED),
};

#define DOWN(P, field) .down_at = (int)offsetof(P, field)
#define UP(C, field) .up_at = (int)offsetof(C, field)
#define NO_DOWN .down_at = NOWHERE
#define NO_UP .up_at = NOWHERE
#define COLUMN(C, field) .fk_at = offsetof(C, field), .columns = {#field}

const edge edges[EDGES] = {
    {"owner", PET, OWNER, DOWN(Owner, pets), UP(Pet, owner), COLUMN(Pet, owner_id)},
    {"vet", PET, OWNER, DOWN(Owner, patients), UP(Pet, vet), COLUMN(Pet, vet_id)},
    {"owner", CARD, OWNER, .single = true, DOWN(Owner, card), UP(Card, owner), COLUMN(Card, owner_id)},
    {"shelf", BOOK, SHELF, .cascades = true, .orphans = true, DOWN(Shelf, books), UP(Book, shelf),
     COLUMN(Book, shelf_id)},
    {"shelf", LAMP, SHELF, .single = true, .cascades = true, .orphans = true, DOWN(Shelf, lamp), NO_UP,
     COLUMN(Lamp, shelf_id)},
    {"album", PHOTO, ALBUM, DOWN(Album, photos), NO_UP, COLUMN(Photo, album_id)},
    {"album", STICKER, ALBUM, .cascades = true, .orphans = true, DOWN(Album, stickers), NO_UP,
     COLUMN(Sticker, album_id)},
    {"topic", NOTE, TOPIC, NO_DOWN, UP(Note, topic), COLUMN(Note, topic_id)},
    {"parent", NODE, NODE, .cascades = true, DOWN(Node, children), UP(Node, parent), COLUMN(Node, parent_id)},
    {"place", VISIT, PLACE, DOWN(Place, visits), UP(Visit, place), .fk_at = offsetof(Visit, country),
     .columns = {"country", "number"}},
    {"country", CITY, COUNTRY, DOWN(Country, cities), UP(City, country), COLUMN(City, country_code)},
    {"lang", WORD, LANG, DOWN(Lang, words), UP(Word, lang), COLUMN(Word, lang_code)},
    {"team", PLAYER, TEAM, DOWN(Team, players), UP(Player, team), COLUMN(Player, team_id)},
    {"captain", TEAM, PLAYER, NO_DOWN, UP(Team, captain), COLUMN(Team, captain_id)},
};

const between ways[WAYS] = {
    {"enrolments", "student_id", "course_id", STUDENT, COURSE, (int)offsetof(Student, courses),
     (int)offsetof(Course, students)},
    {"book_tags", "book_id", "tag", BOOK, TAG, (int)offsetof(Book, tags), NOWHERE},
};

const uint8_t themes[THEMES][THEME_KINDS] = {
    {OWNER, PET, CARD, KINDS},    {SHELF, BOOK, LAMP, TAG},        {ALBUM, PHOTO, STICKER, KINDS},
    {TOPIC, NOTE, KINDS, KINDS},  {STUDENT, COURSE, KINDS, KINDS}, {NODE, KINDS, KINDS, KINDS},
    {PLACE, VISIT, KINDS, KINDS}, {COUNTRY, CITY, KINDS, KINDS},   {LANG, WORD, KINDS, KINDS},
    {SEAT, KINDS, KINDS, KINDS},  {TEAM, PLAYER, KINDS, KINDS},
};
