/* SPDX-License-Identifier: Apache-2.0
 *
 * The journal of statements that run outside of a transaction: table athanor_journal.  A row says of one statement of one
 * revision, in one direction, whether it is planned, started, done or was refused.  The rows of an operation are all
 * written before its first statement, so that the rest of it can be run from here when the operation itself could no
 * longer be written: half of what it would look at has changed.
 */
#include "migrate/run.h"

static const char *const states[] = {"", "planned", "started", "done", "failed"};

static ath_journal_state state_called(const char *name) {
    for (int i = 1; name && i < (int)ATH_COUNT_OF(states); i++)
        if (strcmp(states[i], name) == 0)
            return (ath_journal_state)i;
    return ATH_JOURNAL_STARTED; /* whatever it is, it is not known to be done */
}

ath_status ath__entries_add(ath__run *run, ath__entries *list, ath__entry entry) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        ath__entry *more = ath__arena_alloc(&run->arena, capacity * sizeof *more);
        if (!more)
            return ath__fail_memory(run->error);
        if (list->count)
            memcpy(more, list->at, list->count * sizeof *more);
        list->at = more;
        list->capacity = capacity;
    }
    list->at[list->count++] = entry;
    return ATH_OK;
}

static const char *sql_of(ath__run *run, const char *before, const char *behind) {
    const char *sql = ath__arena_printf(&run->arena, "%s%s%s", before, run->journal, behind);
    if (!sql)
        ath__fail_memory(run->error);
    return sql;
}

/* ---- reading ---- */

static ath_status take(ath__run *run, ath_result *r) {
    ath_status status = ATH_OK;
    for (const ath_row *row; status == ATH_OK && (row = ath_fetch(r));) {
        const char *hash = ath_row_text(row, 2), *sql = ath_row_text(row, 4);
        ath__entry entry = {.number = ath_row_int(row, 0),
                            .operation = ath_row_int(row, 1),
                            .hash = ath__arena_str(&run->arena, hash ? hash : ""),
                            .state = state_called(ath_row_text(row, 3)),
                            .sql = ath__arena_str(&run->arena, sql ? sql : "")};
        status = entry.hash && entry.sql ? ath__entries_add(run, &run->step.past, entry) : ath__fail_memory(run->error);
    }
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK)
        status = ath__run_failed(run);
    return status;
}

ath_status ath__journal_read(ath__run *run) {
    ath_result *r = NULL;
    if (!run->has_journal)
        return ATH_OK;
    const char *sql = sql_of(run, "SELECT number, operation, hash, state, statement FROM ",
                             " WHERE revision = :revision AND direction = :direction ORDER BY number");
    if (!sql)
        return ATH_NO_MEMORY;
    ATH_TRY(ath__run_query(run,
                           ath_text(sql, ath_bind("revision", run->step.source->revision.id),
                                    ath_bind("direction", ath__way_name(run->step.step->way))),
                           &r));
    ath_status status = take(run, r);
    ath_result_close(r);
    run->step.journaled = run->step.past.count > 0;
    return status;
}

static ath_status half_way(ath__run *run, const char *id, const char *way) {
    return ath__fail(
        run->error, ATH_STATE,
        "revision %.100s is half-way: its %.20s has stopped between two statements (table athanor_journal)" ATH__HINT
        "finish it first: `athanor %.20s %.100s%s`; or set it right by hand and say `athanor repair %.100s --forget`",
        id, way, way, id, strcmp(way, "downgrade") == 0 ? "-1" : "", id);
}

ath_status ath__journal_check(ath__run *run) {
    const ath__graph_step *first = run->plan->count ? &run->plan->steps[0] : NULL;
    ath_result *r = NULL;
    ath_status status = ATH_OK;
    if (!run->has_journal)
        return ATH_OK;
    const char *sql = sql_of(run, "SELECT DISTINCT revision, direction FROM ", "");
    if (!sql)
        return ATH_NO_MEMORY;
    ATH_TRY(ath__run_query(run, ath_text(sql), &r));
    for (const ath_row *row; status == ATH_OK && (row = ath_fetch(r));) {
        const char *id = ath_row_text(row, 0), *way = ath_row_text(row, 1);
        if (id && way &&
            !(first && first->node && strcmp(first->node->id, id) == 0 && strcmp(ath__way_name(first->way), way) == 0))
            status = half_way(run, id, way);
    }
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK)
        status = ath__run_failed(run);
    ath_result_close(r);
    return status;
}

static ath_status pass(const ath_row *row, ath_journal_visit visit, void *context) {
    const char *way = ath_row_text(row, 1);
    ath_journal_line line = {.struct_size = sizeof line,
                             .revision = ath_row_text(row, 0),
                             .way = way && strcmp(way, "downgrade") == 0 ? ATH_WAY_DOWN : ATH_WAY_UP,
                             .number = ath_row_int(row, 2),
                             .state = state_called(ath_row_text(row, 3)),
                             .statement = ath_row_text(row, 4)};
    return visit(context, &line);
}

ath_status ath__journal_walk(ath__run *run, ath_journal_visit visit, void *context) {
    ath_result *r = NULL;
    ath_status status = ATH_OK;
    if (!run->has_journal)
        return ATH_OK;
    const char *sql = sql_of(run, "SELECT revision, direction, number, state, statement FROM ",
                             " ORDER BY revision, direction, number");
    if (!sql)
        return ATH_NO_MEMORY;
    ATH_TRY(ath__run_query(run, ath_text(sql), &r));
    for (const ath_row *row; status == ATH_OK && (row = ath_fetch(r));)
        if ((status = pass(row, visit, context)) != ATH_OK)
            ath__fail(run->error, status, "the walk was ended");
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK)
        status = ath__run_failed(run);
    ath_result_close(r);
    return status;
}

/* ---- writing ---- */

ath_status ath__journal_write(ath__run *run, const ath__entry *e) {
    const char *sql = sql_of(run, "INSERT INTO ",
                             " (revision, direction, number, operation, hash, state, changed_at, statement) VALUES "
                             "(:revision, :direction, :number, :operation, :hash, :state, :moment, :statement)");
    if (!sql)
        return ATH_NO_MEMORY;
    return ath__run_change(run,
                           ath_text(sql, ath_bind("revision", run->step.source->revision.id),
                                    ath_bind("direction", ath__way_name(run->step.step->way)),
                                    ath_bind("number", e->number), ath_bind("operation", e->operation),
                                    ath_bind("hash", e->hash), ath_bind("state", states[e->state]),
                                    ath_bind("moment", ath_datetime_now()), ath_bind("statement", e->sql)),
                           NULL);
}

ath_status ath__journal_mark(ath__run *run, int64_t number, ath_journal_state state) {
    const char *sql = sql_of(run, "UPDATE ",
                             " SET state = :state, changed_at = :moment WHERE revision = :revision AND "
                             "direction = :direction AND number = :number");
    if (!sql)
        return ATH_NO_MEMORY;
    return ath__run_change(run,
                           ath_text(sql, ath_bind("state", states[state]), ath_bind("moment", ath_datetime_now()),
                                    ath_bind("revision", run->step.source->revision.id),
                                    ath_bind("direction", ath__way_name(run->step.step->way)),
                                    ath_bind("number", number)),
                           NULL);
}

ath_status ath__journal_forget(ath__run *run) {
    const char *sql = sql_of(run, "DELETE FROM ", " WHERE revision = :revision AND direction = :direction");
    if (!sql)
        return ATH_NO_MEMORY;
    return ath__run_change(run,
                           ath_text(sql, ath_bind("revision", run->step.source->revision.id),
                                    ath_bind("direction", ath__way_name(run->step.step->way))),
                           NULL);
}

/* ---- repair ---- */

static ath_status repair(ath__run *run, const char *sql, const char *revision, const char *state, int64_t *changed) {
    if (!sql)
        return ATH_NO_MEMORY;
    if (state)
        return ath__run_change(run,
                               ath_text(sql, ath_bind("state", state), ath_bind("all", revision ? 0 : 1),
                                        ath_bind("revision", revision ? revision : "")),
                               changed);
    return ath__run_change(
        run, ath_text(sql, ath_bind("all", revision ? 0 : 1), ath_bind("revision", revision ? revision : "")), changed);
}

ath_status ath__journal_repair(ath__run *run, const char *revision, ath_repair what) {
    int64_t changed = 0;
    const char *where = " (1 = :all OR revision = :revision)";
    const char *rest = ath__arena_printf(&run->arena, " SET state = :state WHERE state = 'started' AND%s", where);
    const char *forget = ath__arena_printf(&run->arena, " WHERE%s", where);
    if (!rest || !forget)
        return ath__fail_memory(run->error);
    if (!run->has_journal)
        return ath__fail(run->error, ATH_STATE, "no revision is half-way: there is no journal here");
    if (what == ATH_REPAIR_FORGET)
        ATH_TRY(repair(run, sql_of(run, "DELETE FROM ", forget), revision, NULL, &changed));
    else
        ATH_TRY(repair(run, sql_of(run, "UPDATE ", rest), revision, what == ATH_REPAIR_DONE ? "done" : "planned",
                       &changed));
    return changed ? ATH_OK
                   : ath__fail(run->error, ATH_STATE, "the journal has no statement%s%s whose fate is not known",
                               revision ? " of revision " : "", revision ? revision : "");
}
