/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations on MariaDB: n owners with ten notes each; see eager.c.  raw: prepared SELECTs, buffers bound once.
 */
#include "common/eager.h"
#include "common/maria.h"

#include <string.h>

typedef struct note_row {
    MYSQL_BIND binds[5];
    int64_t id, owner_id;
    char title[104];
    unsigned long title_size;
    int32_t stars;
    MYSQL_TIME created_at;
} note_row;

static void *open_server(const char *url) {
    return maria_open(url);
}

static void close_server(void *db) {
    mysql_close(db);
}

static void analyze(void *db) {
    maria_run(db, "ANALYZE TABLE owners, notes");
}

static void bind_note(note_row *r) {
    *r = (note_row){0};
    r->binds[0] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &r->id};
    r->binds[1] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &r->owner_id};
    r->binds[2] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                               .buffer = r->title,
                               .buffer_length = sizeof r->title,
                               .length = &r->title_size};
    r->binds[3] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONG, .buffer = &r->stars};
    r->binds[4] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DATETIME, .buffer = &r->created_at};
}

static void add_note(plain *p, const note_row *row) {
    *plain_add_note(p) = (plain_note){.id = row->id,
                                      .owner_id = row->owner_id,
                                      .title = arena_text(&p->texts, row->title, row->title_size),
                                      .stars = row->stars,
                                      .created_at.us = maria_us(&row->created_at)};
}

static MYSQL_STMT *run(MYSQL *db, const char *sql) {
    MYSQL_STMT *s = maria_prepare(db, sql);
    maria_is(s, mysql_stmt_execute(s));
    return s;
}

static void two_selects(plain *p) {
    maria_row owner;
    note_row note;
    MYSQL_STMT *s = run(p->db, EAGER_OWNERS_SQL);
    maria_bind_row(s, &owner);
    while (mysql_stmt_fetch(s) == 0)
        maria_read_user(&owner, &plain_add_owner(p)->user, &p->texts);
    mysql_stmt_close(s);
    s = run(p->db, EAGER_NOTES_SQL);
    bind_note(&note);
    maria_is(s, mysql_stmt_bind_result(s, note.binds));
    while (mysql_stmt_fetch(s) == 0)
        add_note(p, &note);
    mysql_stmt_close(s);
}

static void one_select(plain *p) {
    maria_row owner;
    note_row note;
    MYSQL_BIND both[EAGER_OWNER_COLUMNS + 5];
    MYSQL_STMT *s = run(p->db, EAGER_JOINED_SQL);
    maria_lay_out_row(&owner);
    bind_note(&note);
    memcpy(both, owner.binds, EAGER_OWNER_COLUMNS * sizeof *both);
    memcpy(both + EAGER_OWNER_COLUMNS, note.binds, sizeof note.binds);
    maria_is(s, mysql_stmt_bind_result(s, both));
    while (mysql_stmt_fetch(s) == 0) {
        if (!plain_owner_of_row(p, owner.id))
            maria_read_user(&owner, &plain_add_owner(p)->user, &p->texts);
        add_note(p, &note);
    }
    mysql_stmt_close(s);
}

int main(int argc, char **argv) {
    const eager_client maria = {.server = &maria_server,
                                .open = open_server,
                                .close = close_server,
                                .analyze = analyze,
                                .two_selects = two_selects,
                                .one_select = one_select};
    return eager_main(argc, argv, &maria);
}
