/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations: n owners with ten notes each.
 *
 * raw: two SELECTs in order, copied into arrays of structs, and merged.  ours: ath_all with the notes by select-in or
 * joined, objects with identity and an image; read-only: select-in into plain structs.
 */
#include "common/eager.h"

static void *raw_start(const char *path, size_t n) {
    plain *p = plain_new(n);
    p->db = raw_open(path);
    return p;
}

static void read_note(sqlite3_stmt *row, plain_note *note, arena *a) {
    note->id = sqlite3_column_int64(row, 0);
    note->owner_id = sqlite3_column_int64(row, 1);
    const void *text = sqlite3_column_text(row, 2);
    note->title = arena_text(a, text, (size_t)sqlite3_column_bytes(row, 2));
    note->stars = sqlite3_column_int(row, 3);
    note->created_at.us = raw_parse_time((const char *)sqlite3_column_text(row, 4));
}

static void raw_timed(void *state) {
    plain *p = state;
    sqlite3_stmt *owners = raw_prepare(p->db, EAGER_OWNERS_SQL);
    while (sqlite3_step(owners) == SQLITE_ROW)
        raw_read_user(owners, &plain_add_owner(p)->user, &p->texts);
    raw_is(p->db, sqlite3_finalize(owners), SQLITE_OK);
    sqlite3_stmt *notes = raw_prepare(p->db, EAGER_NOTES_SQL);
    while (sqlite3_step(notes) == SQLITE_ROW)
        read_note(notes, plain_add_note(p), &p->texts);
    raw_is(p->db, sqlite3_finalize(notes), SQLITE_OK);
    plain_merge(p);
}

static void raw_finish(void *state) {
    plain *p = state;
    sqlite3_close(p->db);
    plain_finish(p);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &eager_selectin, &eager_joined, &eager_selectin_read_only};

int main(int argc, char **argv) {
    const bench b = {.name = "eager",
                     .n = 1000,
                     .small_n = 1000,
                     .prepare = eager_fill,
                     .sides = sides,
                     .side_count = 4,
                     .lines = eager_lines,
                     .line_count = EAGER_LINES};
    return bench_main(argc, argv, &b);
}
