/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations on MariaDB: n owners with ten notes each; see eager.c.  raw: two prepared SELECTs, buffers bound once.
 */
#include "common/eager.h"
#include "common/maria.h"

typedef struct note_row {
    MYSQL_BIND binds[5];
    int64_t id, owner_id;
    char title[104];
    unsigned long title_size;
    int32_t stars;
    MYSQL_TIME created_at;
} note_row;

static void *raw_start(const char *url, size_t n) {
    plain *p = plain_new(n);
    p->db = maria_open(url);
    return p;
}

static void bind_note(MYSQL_STMT *s, note_row *r) {
    *r = (note_row){0};
    r->binds[0] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &r->id};
    r->binds[1] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &r->owner_id};
    r->binds[2] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                               .buffer = r->title,
                               .buffer_length = sizeof r->title,
                               .length = &r->title_size};
    r->binds[3] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONG, .buffer = &r->stars};
    r->binds[4] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_DATETIME, .buffer = &r->created_at};
    maria_is(s, mysql_stmt_bind_result(s, r->binds));
}

static void read_owners(plain *p) {
    maria_row row;
    MYSQL_STMT *s = maria_prepare(p->db, EAGER_OWNERS_SQL);
    maria_is(s, mysql_stmt_execute(s));
    maria_bind_row(s, &row);
    while (mysql_stmt_fetch(s) == 0)
        maria_read_user(&row, &plain_add_owner(p)->user, &p->texts);
    mysql_stmt_close(s);
}

static void raw_timed(void *state) {
    plain *p = state;
    note_row row;
    read_owners(p);
    MYSQL_STMT *s = maria_prepare(p->db, EAGER_NOTES_SQL);
    maria_is(s, mysql_stmt_execute(s));
    bind_note(s, &row);
    while (mysql_stmt_fetch(s) == 0)
        *plain_add_note(p) = (plain_note){.id = row.id,
                                          .owner_id = row.owner_id,
                                          .title = arena_text(&p->texts, row.title, row.title_size),
                                          .stars = row.stars,
                                          .created_at.us = maria_us(&row.created_at)};
    mysql_stmt_close(s);
    plain_merge(p);
}

static void raw_finish(void *state) {
    plain *p = state;
    mysql_close(p->db);
    plain_finish(p);
}

static void fill(const char *url, size_t n) {
    eager_fill(url, n);
    MYSQL *db = maria_open(url);
    maria_run(db, "ANALYZE TABLE owners, notes");
    mysql_close(db);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &eager_selectin, &eager_joined, &eager_selectin_read_only};

int main(int argc, char **argv) {
    const bench b = {.name = "eager",
                     .server = &maria_server,
                     .n = 1000,
                     .small_n = 1000,
                     .prepare = fill,
                     .sides = sides,
                     .side_count = 4,
                     .lines = eager_lines,
                     .line_count = EAGER_LINES};
    return bench_main(argc, argv, &b);
}
