/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite in a fiber: what may read or write a file, or wait for a lock, runs on a worker thread, while the loop runs others.
 *
 * A call costs some microseconds for the way there and back, so a SELECT's rows are fetched in portions that grow: the first
 * row alone, then 16, 64 and 256, copied here.  Nothing that writes is run ahead.
 */
#include "backend/sqlite/sqlite.h"

#include "base/here.h"

enum { MOST_ROWS = 256, MOST_BYTES = 256 * 1024 };

/* ---- on a worker ---- */

typedef struct call {
    ath__job job;
    ath__sqlite *connection;
    ath_status (*run)(void *arguments);
    void *arguments;
    bool ran;
    ath_status status;
} call;

static void run_call(ath__job *job) {
    call *c = (call *)job;
    c->ran = true;
    c->status = c->run(c->arguments);
}

static void interrupt(ath__job *job) {
    const call *c = (const call *)job;
    sqlite3_interrupt(c->connection->db);
}

ath_status ath__sqlite_away(ath__sqlite *connection, ath_status (*run)(void *), void *arguments, ath_error *error) {
    if (!ath__here)
        return run(arguments);
    call c = {
        .job = {.run = run_call, .interrupt = interrupt}, .connection = connection, .run = run, .arguments = arguments};
    ath_status why = ath__here_run(&c.job);
    if (!c.ran)
        return ath__fail_memory(error);
    if (c.status != ATH_OK && why != ATH_OK)
        return ath__fail(error, why, "the query was broken off: %s",
                         why == ATH_TIMEOUT ? "the deadline of the fiber has passed" : "the fiber was cancelled");
    return c.status;
}

/* ---- rows ahead ---- */

struct ath__sqlite_ahead {
    ath__arena arena;
    ath_value *cells; /* rows * columns */
    size_t rows, at, columns;
    size_t portion; /* to be fetched next */
    bool ended;     /* with what follows */
    ath__step end;
    ath_error error;
};

typedef struct stepping {
    ath__sqlite_stmt *statement;
    ath__step step;
    ath_error *error;
} stepping;

static ath_status step_one(void *arguments) {
    stepping *s = arguments;
    s->step = ath__sqlite_step_now(s->statement, s->error);
    return s->step == ATH__STEP_ERROR ? s->error->status : ATH_OK;
}

static bool keep(ath__arena *arena, ath_value *v) {
    if (v->kind == ATH_KIND_TEXT)
        return (v->as.text.data = ath__arena_strn(arena, v->as.text.data, v->as.text.size)) != NULL;
    if (v->kind == ATH_KIND_BYTES && v->as.bytes.size)
        return (v->as.bytes.data = ath__arena_copy(arena, v->as.bytes.data, v->as.bytes.size)) != NULL;
    return true;
}

static ath_status keep_row(ath__sqlite_stmt *s, ath__sqlite_ahead *a, ath_error *error) {
    ath_value *cells = a->cells + a->rows * a->columns;
    ATH_TRY(ath__sqlite_cells_now(s, 0, cells, a->columns, error));
    for (size_t i = 0; i < a->columns; i++)
        if (!keep(&a->arena, &cells[i]))
            return ath__fail_memory(error);
    a->rows++;
    return ATH_OK;
}

/* Fetches a portion; the failure that ends it is told after its rows. */
static ath_status step_many(void *arguments) {
    stepping *s = arguments;
    ath__sqlite_ahead *a = s->statement->ahead;
    while (!a->ended && a->rows < a->portion && a->arena.bytes < MOST_BYTES) {
        ath__step step = ath__sqlite_step_now(s->statement, &a->error);
        if (step == ATH__STEP_ROW && keep_row(s->statement, a, &a->error) != ATH_OK)
            step = ATH__STEP_ERROR;
        a->ended = step != ATH__STEP_ROW;
        a->end = step;
    }
    return a->ended && a->end == ATH__STEP_ERROR ? a->error.status : ATH_OK;
}

static ath__sqlite_ahead *ahead_of(ath__sqlite_stmt *s) {
    if (s->ahead)
        return s->ahead;
    ath__sqlite_ahead *a = ath__alloc_zero(&s->connection->allocator, 1, sizeof *a);
    if (!a)
        return NULL;
    ath__arena_init(&a->arena, &s->connection->allocator);
    a->portion = 16;
    s->ahead = a;
    return a;
}

static ath__step next_ahead(ath__sqlite_ahead *a, ath_error *error) {
    if (a->at < a->rows) {
        a->at++;
        return ATH__STEP_ROW;
    }
    if (a->end == ATH__STEP_ERROR && error)
        *error = a->error;
    return a->end;
}

static ath__step fetch_ahead(ath__sqlite_stmt *s, ath__sqlite_ahead *a, ath_error *error) {
    stepping many = {.statement = s};
    a->rows = a->at = 0;
    ath__arena_reset(&a->arena);
    a->columns = (size_t)sqlite3_column_count(s->stmt);
    a->cells = ath__arena_alloc(&a->arena, a->portion * a->columns * sizeof *a->cells);
    if (!a->cells) {
        ath__fail_memory(error);
        return ATH__STEP_ERROR;
    }
    ath_error why;
    ath_error_clear(&why);
    if (ath__sqlite_away(s->connection, step_many, &many, &why) != ATH_OK && why.status != ATH_OK) {
        a->ended = true; /* broken off, or not run */
        a->end = ATH__STEP_ERROR;
        a->error = why;
    }
    a->portion = a->portion * 4 < MOST_ROWS ? a->portion * 4 : MOST_ROWS;
    return next_ahead(a, error);
}

ath__step ath__sqlite_step_away(ath__sqlite_stmt *s, ath_error *error) {
    ath__sqlite_ahead *a = s->ahead;
    if (a && (a->at < a->rows || a->ended))
        return next_ahead(a, error);
    if (s->steps++ && sqlite3_stmt_readonly(s->stmt)) {
        a = ahead_of(s);
        if (a)
            return fetch_ahead(s, a, error);
    }
    stepping one = {.statement = s, .step = ATH__STEP_ERROR, .error = error};
    ath__sqlite_away(s->connection, step_one, &one, error);
    return one.step;
}

bool ath__sqlite_is_ahead(const ath__sqlite_stmt *s) {
    return s->ahead && s->ahead->at;
}

void ath__sqlite_cells_ahead(const ath__sqlite_stmt *s, size_t first, ath_value *cells, size_t count) {
    const ath__sqlite_ahead *a = s->ahead;
    memcpy(cells, a->cells + (a->at - 1) * a->columns + first, count * sizeof *cells);
}

void ath__sqlite_forget_ahead(ath__sqlite_stmt *s) {
    ath__sqlite_ahead *a = s->ahead;
    s->steps = 0;
    if (!a)
        return;
    ath__arena_done(&a->arena);
    ath__free(&s->connection->allocator, a, sizeof *a);
    s->ahead = NULL;
}
