/* SPDX-License-Identifier: Apache-2.0
 *
 * Foreign keys that are unique, or part of a key: what a deleted row gave up is taken by another in the same flush.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Guest Guest;
typedef struct Room Room;
typedef struct Stay Stay;

struct Guest {
    int64_t id;
    const char *name;
    Room *room;
    Stay **stays;
};
struct Room { /* one to one */
    int64_t id, guest_id;
    const char *view;
    Guest *guest;
};
struct Stay { /* a key of two foreign keys */
    int64_t guest_id, number;
    const char *note;
    Guest *guest;
};
ATH_DECLARE(Room);
ATH_DECLARE(Stay);

ATH_MODEL(Guest, "taken_guests") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20));
    ath_has_one(room, Room, .back_populates = "guest", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
    ath_has_many(stays, Stay, .back_populates = "guest", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}
ATH_MODEL(Room, "taken_rooms") {
    ath_column(id, .primary_key = true);
    ath_column(guest_id, .foreign_key = "taken_guests.id", .unique = true);
    ath_column(view, .type = ATH_STRING(20));
    ath_belongs_to(guest, Guest, .back_populates = "room");
}
ATH_MODEL(Stay, "taken_stays") {
    ath_column(guest_id, .primary_key = true, .foreign_key = "taken_guests.id");
    ath_column(number, .primary_key = true);
    ath_column(note, .type = ATH_STRING(20));
    ath_belongs_to(guest, Guest, .back_populates = "stays");
}
ATH_METADATA(Hotel, Guest, Room, Stay);

static ath_engine *db;

static ath_session *begin(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (db && ath_drop_all(db, &Hotel, &error) == ATH_OK && ath_create_all(db, &Hotel, &error) == ATH_OK)
        return ath_session_open(db);
    test_failed_(__FILE__, __LINE__, "%s", error.message);
    ath_engine_close(db);
    return NULL;
}

static void finish(ath_session *s) {
    CHECK_STR(ath_error(s)->message, "");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(one_is_replaced) {
    ath_session *s = begin();
    if (!s)
        return;
    Guest *ann = ath_new(s, Guest, .name = "ann"), *ben = ath_new(s, Guest, .name = "ben");
    ath_set_rel(s, ann, room, ath_new(s, Room, .view = "sea"));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_set_rel(s, ann, room, ath_new(s, Room, .view = "yard"));
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(ann->room->view, "yard");
    /* one that is there already, whose own guest is left without */
    ath_set_rel(s, ben, room, ath_new(s, Room, .view = "wall"));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_set_rel(s, ann, room, ben->room);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(ben->room == NULL && ann->room->guest_id == ann->id);
    CHECK_STR(ann->room->view, "wall");
    CHECK_INT(ath_count(s, Room), 1);
    /* and one whose own guest goes */
    ath_set_rel(s, ben, room, ath_new(s, Room, .view = "hill"));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_set_rel(s, ann, room, ben->room);
    ath_delete(s, ben);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(ann->room->view, "hill");
    CHECK_INT(ath_count(s, Room), 1);
    CHECK_INT(ath_count(s, Guest), 1);
    finish(s);
}

TEST(a_key_is_taken_again) {
    ath_session *s = begin();
    if (!s)
        return;
    Guest *ann = ath_add(s, Guest, &(const Guest){.id = 7, .name = "ann"});
    Stay *former = ath_new(s, Stay, .guest = ann, .number = 1, .note = "first");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_delete(s, former);
    Stay *again = ath_new(s, Stay, .guest = ann, .number = 1, .note = "second");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(again->guest_id, ann->id);
    CHECK_INT(ath_count(s, Stay, .where = ath_eq(ath_col(Stay, note), "second")), 1);
    CHECK_INT(ath_count(s, Stay), 1);
    /* and back */
    ath_delete(s, again);
    ath_new(s, Stay, .guest = ann, .number = 1, .note = "third");
    CHECK_INT(ath_flush(s), ATH_OK);
    ath_rollback(s);
    CHECK_INT(ath_session_state(s, again), ATH_STATE_PERSISTENT);
    CHECK_INT(ath_count(s, Stay, .where = ath_eq(ath_col(Stay, note), "second")), 1);
    finish(s);
}

static const test_case cases[] = {
    {"one_is_replaced", one_is_replaced},
    {"a_key_is_taken_again", a_key_is_taken_again},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
