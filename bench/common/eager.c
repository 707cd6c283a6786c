/* SPDX-License-Identifier: Apache-2.0
 *
 * Athanor's side of the benchmark of relations, and what the sides by hand share.
 */
#include "eager.h"

#include <stdlib.h>
#include <string.h>

ATH_MODEL(Owner, "owners") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50));
    ath_column(email, .type = ATH_STRING(100), .nullable = true);
    ath_column(age, .nullable = true);
    ath_column(balance);
    ath_column(is_active);
    ath_column(created_at);
    ath_has_many(notes, Note, .back_populates = "owner", .order_by = ath_by(ath_col(Note, id)));
}
ATH_MODEL(Note, "notes") {
    ath_column(id, .primary_key = true);
    ath_column(owner_id, .foreign_key = "owners.id", .index = true);
    ath_column(title, .type = ATH_STRING(100));
    ath_column(stars);
    ath_column(created_at);
    ath_belongs_to(owner, Owner, .back_populates = "notes");
}
ATH_METADATA(Eager, Owner, Note);

static const char title[] = "what is to be said of it";

static void add_owner(ath_session *s, size_t i, arena *texts) {
    User u = user_make(i, texts);
    ath_new(s, Owner, .id = (int64_t)i + 1, .username = u.username, .email = u.email, .age = u.age,
            .balance = u.balance, .is_active = u.is_active, .created_at = u.created_at);
    for (size_t k = 0; k < EAGER_NOTES; k++)
        ath_new(s, Note, .id = (int64_t)(i * EAGER_NOTES + k + 1), .owner_id = (int64_t)i + 1, .title = title,
                .stars = (int32_t)k, .created_at = u.created_at);
}

static void fill(const char *place, size_t n) {
    ath_error error;
    arena texts = {0};
    ath_engine *db = ours_open(place);
    if (ath_create_all(db, &Eager, &error) != ATH_OK)
        bench_fail("making the tables", error.message);
    ath_session *s = ath_session_open(db);
    for (size_t i = 0; i < n; i++)
        add_owner(s, i, &texts);
    if (ath_commit(s) != ATH_OK)
        bench_fail("filling the tables", ath_error(s)->message);
    ath_session_close(s);
    ath_engine_close(db);
    arena_free(&texts);
}

/* ---- ours ---- */

typedef struct run {
    size_t n;
    ath_engine *db;
    ath_session *s;
    Owner **owners;
} run;

static void *start(const char *place, size_t n) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    r->n = n;
    r->db = ours_open(place);
    return r;
}

static void load(run *r, ath_load_clause clause, bool read_only) {
    r->s = ath_session_open(r->db);
    bench_check(r->s != NULL, "memory");
    r->owners =
        ath_all(r->s, Owner, .order_by = ath_by(ath_col(Owner, id)), .read_only = read_only, .load = ath_load(clause));
}

static void selectin_timed(void *state) {
    load(state, ath_selectin(Owner, notes), false);
}

static void joined_timed(void *state) {
    load(state, ath_joined(Owner, notes), false);
}

static void read_only_timed(void *state) {
    load(state, ath_selectin(Owner, notes), true);
}

static void finish(void *state) {
    run *r = state;
    if (ath_len(r->owners) != r->n)
        bench_fail("the number of rows", ath_error(r->s)->message);
    for (size_t i = 0; i < r->n; i++) {
        Owner *o = r->owners[i];
        bench_check(o->id == (int64_t)i + 1 && ath_len(o->notes) == EAGER_NOTES, "an owner");
        for (size_t k = 0; k < EAGER_NOTES; k++)
            bench_check(o->notes[k]->owner_id == o->id && o->notes[k]->stars == (int32_t)k &&
                            strcmp(o->notes[k]->title, title) == 0 && o->notes[k]->created_at.us == o->created_at.us,
                        "a note");
    }
    ath_session_close(r->s);
    ath_engine_close(r->db);
    free(r);
}

/* ---- by hand ---- */

static const eager_client *by_hand; /* of this program */

static void *plain_start(const char *place, size_t n) {
    plain *p = calloc(1, sizeof *p);
    bench_check(p != NULL, "memory");
    p->n = n;
    p->db = by_hand->open(place);
    return p;
}

plain_owner *plain_add_owner(plain *p) {
    if (p->owner_count == p->owner_room) {
        p->owner_room = p->owner_room ? p->owner_room * 2 : 64;
        p->owners = realloc(p->owners, p->owner_room * sizeof *p->owners);
        bench_check(p->owners != NULL, "memory");
    }
    return &p->owners[p->owner_count++];
}

plain_note *plain_add_note(plain *p) {
    if (p->note_count == p->note_room) {
        p->note_room = p->note_room ? p->note_room * 2 : 64;
        p->notes = realloc(p->notes, p->note_room * sizeof *p->notes);
        bench_check(p->notes != NULL, "memory");
    }
    return &p->notes[p->note_count++];
}

plain_owner *plain_owner_of_row(plain *p, int64_t id) {
    plain_owner *last = p->owner_count ? &p->owners[p->owner_count - 1] : NULL;
    return last && last->user.id == id ? last : NULL;
}

/* Both are in order: each owner gets its run of notes. */
static void merge(plain *p) {
    size_t at = 0;
    for (size_t i = 0; i < p->owner_count; i++) {
        plain_owner *o = &p->owners[i];
        size_t from = at;
        while (at < p->note_count && p->notes[at].owner_id == o->user.id)
            at++;
        o->notes = p->notes + from;
        o->note_count = at - from;
    }
}

static void two_selects(void *state) {
    by_hand->two_selects(state);
    merge(state);
}

static void one_select(void *state) {
    by_hand->one_select(state);
    merge(state);
}

static void plain_finish(void *state) {
    plain *p = state;
    by_hand->close(p->db);
    bench_check(p->owner_count == p->n, "the number of rows");
    for (size_t i = 0; i < p->n; i++) {
        const plain_owner *o = &p->owners[i];
        bench_check(user_is(&o->user, i) && o->note_count == EAGER_NOTES, "an owner");
        for (size_t k = 0; k < EAGER_NOTES; k++)
            bench_check(o->notes[k].stars == (int32_t)k && strcmp(o->notes[k].title, title) == 0, "a note");
    }
    arena_free(&p->texts);
    free(p->owners);
    free(p->notes);
    free(p);
}

/* ---- all ---- */

static const bench_side raw = {"raw", plain_start, two_selects, plain_finish},
                        raw_joined = {"raw-joined", plain_start, one_select, plain_finish},
                        selectin = {"select-in", start, selectin_timed, finish},
                        joined = {"joined", start, joined_timed, finish},
                        read_only = {"read-only", start, read_only_timed, finish};
static const bench_side *const sides[] = {&raw, &raw_joined, &selectin, &joined, &read_only};

static const bench_line lines[] = {{"1,000 owners with 10 notes, select-in", "raw", "select-in", BENCH_MS, 1.15},
                                   {"1,000 owners with 10 notes, joined", "raw", "joined", BENCH_MS, 1.15},
                                   {"  the same beside the same JOIN by hand", "raw-joined", "joined", BENCH_MS, 0},
                                   {"  that JOIN by hand beside two SELECTs", "raw", "raw-joined", BENCH_MS, 0},
                                   {"1,000 owners with 10 notes, read-only", "raw", "read-only", BENCH_MS, 0},
                                   {"  peak memory, select-in", "raw", "select-in", BENCH_MEMORY, 1.50},
                                   {"  peak memory, joined", "raw", "joined", BENCH_MEMORY, 1.50}};

static void prepare(const char *place, size_t n) {
    fill(place, n);
    if (!by_hand->analyze)
        return;
    void *db = by_hand->open(place);
    by_hand->analyze(db);
    by_hand->close(db);
}

int eager_main(int argc, char **argv, const eager_client *client) {
    const bench b = {.name = "eager",
                     .server = client->server,
                     .n = 1000,
                     .small_n = 1000,
                     .prepare = prepare,
                     .sides = sides,
                     .side_count = sizeof sides / sizeof *sides,
                     .lines = lines,
                     .line_count = sizeof lines / sizeof *lines};
    by_hand = client;
    return bench_main(argc, argv, &b);
}
