/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations on PostgreSQL: n owners with ten notes each; see eager.c.  raw: queries with binary results.
 */
#include "common/eager.h"
#include "common/pg.h"

static void *open_server(const char *url) {
    return pg_open(url);
}

static void close_server(void *db) {
    PQfinish(db);
}

static void analyze(void *db) {
    pg_run(db, "VACUUM ANALYZE");
}

static PGresult *query(PGconn *db, const char *sql) {
    return pg_is(db, PQexecParams(db, sql, 0, NULL, NULL, NULL, NULL, 1), PGRES_TUPLES_OK);
}

/* From column `at` on. */
static void read_note(const PGresult *r, int row, int at, plain_note *note, arena *a) {
    note->id = pg_i64(PQgetvalue(r, row, at));
    note->owner_id = pg_i64(PQgetvalue(r, row, at + 1));
    note->title = arena_text(a, PQgetvalue(r, row, at + 2), (size_t)PQgetlength(r, row, at + 2));
    note->stars = pg_i32(PQgetvalue(r, row, at + 3));
    note->created_at.us = pg_i64(PQgetvalue(r, row, at + 4)) + PG_EPOCH_US;
}

static void two_selects(plain *p) {
    PGresult *owners = query(p->db, EAGER_OWNERS_SQL);
    for (int i = 0; i < PQntuples(owners); i++)
        pg_read_user(owners, i, &plain_add_owner(p)->user, &p->texts);
    PQclear(owners);
    PGresult *notes = query(p->db, EAGER_NOTES_SQL);
    for (int i = 0; i < PQntuples(notes); i++)
        read_note(notes, i, 0, plain_add_note(p), &p->texts);
    PQclear(notes);
}

static void one_select(plain *p) {
    PGresult *all = query(p->db, EAGER_JOINED_SQL);
    for (int i = 0; i < PQntuples(all); i++) {
        if (!plain_owner_of_row(p, pg_i64(PQgetvalue(all, i, 0))))
            pg_read_user(all, i, &plain_add_owner(p)->user, &p->texts);
        read_note(all, i, EAGER_OWNER_COLUMNS, plain_add_note(p), &p->texts);
    }
    PQclear(all);
}

int main(int argc, char **argv) {
    const eager_client pg = {.server = &pg_server,
                             .open = open_server,
                             .close = close_server,
                             .analyze = analyze,
                             .two_selects = two_selects,
                             .one_select = one_select};
    return eager_main(argc, argv, &pg);
}
