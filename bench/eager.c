/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations: n owners with ten notes each.
 *
 * raw: two SELECTs in order, copied into arrays of structs, and merged; or one that joins them.  ours: ath_all with the
 * notes by select-in or joined, objects with identity and an image; read-only: select-in into plain structs.
 */
#include "common/eager.h"

static void *open_file(const char *path) {
    return raw_open(path);
}

static void close_file(void *db) {
    sqlite3_close(db);
}

/* From column `at` on. */
static void read_note(sqlite3_stmt *row, int at, plain_note *note, arena *a) {
    note->id = sqlite3_column_int64(row, at);
    note->owner_id = sqlite3_column_int64(row, at + 1);
    const void *text = sqlite3_column_text(row, at + 2);
    note->title = arena_text(a, text, (size_t)sqlite3_column_bytes(row, at + 2));
    note->stars = sqlite3_column_int(row, at + 3);
    note->created_at.us = raw_parse_time((const char *)sqlite3_column_text(row, at + 4));
}

static void two_selects(plain *p) {
    sqlite3_stmt *owners = raw_prepare(p->db, EAGER_OWNERS_SQL);
    while (sqlite3_step(owners) == SQLITE_ROW)
        raw_read_user(owners, &plain_add_owner(p)->user, &p->texts);
    raw_is(p->db, sqlite3_finalize(owners), SQLITE_OK);
    sqlite3_stmt *notes = raw_prepare(p->db, EAGER_NOTES_SQL);
    while (sqlite3_step(notes) == SQLITE_ROW)
        read_note(notes, 0, plain_add_note(p), &p->texts);
    raw_is(p->db, sqlite3_finalize(notes), SQLITE_OK);
}

static void one_select(plain *p) {
    sqlite3_stmt *all = raw_prepare(p->db, EAGER_JOINED_SQL);
    while (sqlite3_step(all) == SQLITE_ROW) {
        if (!plain_owner_of_row(p, sqlite3_column_int64(all, 0)))
            raw_read_user(all, &plain_add_owner(p)->user, &p->texts);
        read_note(all, EAGER_OWNER_COLUMNS, plain_add_note(p), &p->texts);
    }
    raw_is(p->db, sqlite3_finalize(all), SQLITE_OK);
}

int main(int argc, char **argv) {
    const eager_client sqlite = {
        .open = open_file, .close = close_file, .two_selects = two_selects, .one_select = one_select};
    return eager_main(argc, argv, &sqlite);
}
