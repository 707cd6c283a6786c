/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations on PostgreSQL: n owners with ten notes each; see eager.c.  raw: two queries with binary results.
 */
#include "common/eager.h"
#include "common/pg.h"

static void *raw_start(const char *url, size_t n) {
    plain *p = plain_new(n);
    p->db = pg_open(url);
    return p;
}

static PGresult *query(PGconn *db, const char *sql) {
    return pg_is(db, PQexecParams(db, sql, 0, NULL, NULL, NULL, NULL, 1), PGRES_TUPLES_OK);
}

static void read_note(const PGresult *r, int row, plain_note *note, arena *a) {
    note->id = pg_i64(PQgetvalue(r, row, 0));
    note->owner_id = pg_i64(PQgetvalue(r, row, 1));
    note->title = arena_text(a, PQgetvalue(r, row, 2), (size_t)PQgetlength(r, row, 2));
    note->stars = pg_i32(PQgetvalue(r, row, 3));
    note->created_at.us = pg_i64(PQgetvalue(r, row, 4)) + PG_EPOCH_US;
}

static void raw_timed(void *state) {
    plain *p = state;
    PGresult *owners = query(p->db, EAGER_OWNERS_SQL);
    for (int i = 0; i < PQntuples(owners); i++)
        pg_read_user(owners, i, &plain_add_owner(p)->user, &p->texts);
    PQclear(owners);
    PGresult *notes = query(p->db, EAGER_NOTES_SQL);
    for (int i = 0; i < PQntuples(notes); i++)
        read_note(notes, i, plain_add_note(p), &p->texts);
    PQclear(notes);
    plain_merge(p);
}

static void raw_finish(void *state) {
    plain *p = state;
    PQfinish(p->db);
    plain_finish(p);
}

static void fill(const char *url, size_t n) {
    eager_fill(url, n);
    PGconn *db = pg_open(url);
    pg_run(db, "VACUUM ANALYZE");
    PQfinish(db);
}

static const bench_side raw = {"raw", raw_start, raw_timed, raw_finish};
static const bench_side *const sides[] = {&raw, &eager_selectin, &eager_joined, &eager_selectin_read_only};

int main(int argc, char **argv) {
    const bench b = {.name = "eager",
                     .server = &pg_server,
                     .n = 1000,
                     .small_n = 1000,
                     .prepare = fill,
                     .sides = sides,
                     .side_count = 4,
                     .lines = eager_lines,
                     .line_count = EAGER_LINES};
    return bench_main(argc, argv, &b);
}
