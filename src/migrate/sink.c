/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements are run: inside of the transaction as they come; outside of one by way of the journal.
 */
#include "migrate/run.h"

/* ---- transactions ---- */

ath_status ath__transaction_begin(ath__run *run) {
    ath_connection *c = run->c;
    run->outside = false;
    if (!run->changes_begun && run->alterer && run->alterer->begin_changes) {
        ATH_TRY(run->alterer->begin_changes(c, &run->changes, run->error));
        run->changes_begun = true;
    }
    if (ath_connection_begin(c) != ATH_OK)
        return ath__run_failed(run);
    /* The right to write is taken at once: later it might be refused because somebody else has written meanwhile. */
    if (run->has_version && run->version) {
        const char *sql =
            ath__arena_printf(&run->arena, "UPDATE %s SET version_num = version_num WHERE 1 = 0", run->version);
        if (!sql)
            return ath__fail_memory(run->error);
        return ath__run_change(run, ath_text(sql), NULL);
    }
    return ATH_OK;
}

static void end_changes(ath__run *run) {
    if (run->changes_begun && run->alterer->end_changes)
        run->alterer->end_changes(run->c, run->changes);
    run->changes_begun = false;
    run->changes = NULL;
}

ath_status ath__transaction_commit(ath__run *run) {
    ATH_TRY(ath__history_write(run));
    if (run->changes_begun && run->alterer->check_changes)
        ATH_TRY(run->alterer->check_changes(run->c, run->changes, run->error));
    if (ath_connection_commit(run->c) != ATH_OK)
        return ath__run_failed(run);
    end_changes(run);
    return ATH_OK;
}

void ath__transaction_abandon(ath__run *run) {
    ath_connection_rollback(run->c);
    run->lines.count = 0;
    end_changes(run);
}

/* ---- out of the transaction, into the journal ---- */

/* What was done so far is noted and committed, with the revisions before. */
static ath_status step_outside(ath__run *run) {
    ath__step_run *s = &run->step;
    if (run->outside)
        return ATH_OK;
    ATH_TRY(ath__tables_make_journal(run));
    for (size_t i = 0; i < s->done.count; i++)
        ATH_TRY(ath__journal_write(run, &s->done.at[i]));
    s->journaled = s->journaled || s->done.count > 0;
    s->done.count = 0;
    ATH_TRY(ath__transaction_commit(run));
    run->kept = run->at;
    run->outside = true;
    return ATH_OK;
}

ath_status ath__run_autocommit(void *context, bool on, ath_error *error) {
    ath__run *run = context;
    (void)error; /* it is the run's */
    if (on)
        return step_outside(run);
    return run->rolls_back && !run->step.source->revision.no_transaction ? ath__transaction_begin(run) : ATH_OK;
}

/* One of the journal's own writes, by itself. */
static ath_status alone(ath__run *run, ath_status status) {
    if (status != ATH_OK) {
        ath_connection_rollback(run->c);
        return status;
    }
    return ath_connection_commit(run->c) == ATH_OK ? ATH_OK : ath__run_failed(run);
}

/* ---- one statement ---- */

static ath_status run_one(ath__run *run, const ath__op_statement *statement) {
    ath_error_clear(&run->c->error);
    return ath__op_statement_run(run->c, statement, run->error);
}

static void tell_statement(ath__run *run, int64_t number, const char *sql) {
    ath_migration_progress p = {.struct_size = sizeof p,
                                .moment = ATH_MOMENT_STATEMENT,
                                .way = (ath_migration_way)run->step.step->way,
                                .revision = run->step.source ? &run->step.source->revision : NULL,
                                .step = run->at + 1,
                                .steps = run->plan ? run->plan->count : 0,
                                .statement = (size_t)number,
                                .text = sql};
    if (run->migration.progress)
        run->migration.progress(run->migration.progress_context, &p);
}

/* Rows and the journal's word of it are one transaction. */
static ath_status run_data(ath__run *run, const ath__op_statement *statement, int64_t number) {
    /* What the revision itself has done by ath_op_connection comes first. */
    if (ath_connection_commit(run->c) != ATH_OK || ath_connection_begin(run->c) != ATH_OK)
        return ath__run_failed(run);
    ath_status status = run_one(run, statement);
    if (status == ATH_OK)
        status = ath__journal_mark(run, number, ATH_JOURNAL_DONE);
    return alone(run, status);
}

static ath_status run_schema(ath__run *run, const ath__op_statement *statement, int64_t number) {
    ATH_TRY(alone(run, ath__journal_mark(run, number, ATH_JOURNAL_STARTED)));
    ATH_TRY(run_one(run, statement));
    return alone(run, ath__journal_mark(run, number, ATH_JOURNAL_DONE));
}

/* The database has answered: the statement was not done.  Not so when the connection was lost. */
static void note_refusal(ath__run *run, int64_t number) {
    ath_error why = *run->error;
    if (why.status == ATH_DISCONNECT || run->c->broken)
        return;
    ath_connection_rollback(run->c);
    if (alone(run, ath__journal_mark(run, number, ATH_JOURNAL_FAILED)) != ATH_OK)
        ath__log_line(&run->log, ATH_LOG_WARNING, "the journal could not be written: %s", run->error->message);
    *run->error = why;
}

static ath_status run_outside(ath__run *run, const ath__op_statement *statement, int64_t number) {
    bool data = statement->statement || ath__is_data(statement->sql);
    int most = run->migration.lock_retries == 0 ? 10 : run->migration.lock_retries;
    for (int turn = 1;; turn++) {
        tell_statement(run, number, statement->sql);
        ath_status status = data ? run_data(run, statement, number) : run_schema(run, statement, number);
        if (status == ATH_OK)
            return ATH_OK;
        bool again = run->error->retryable && status != ATH_DISCONNECT && turn <= most;
        note_refusal(run, number);
        if (!again)
            return status;
        ath__run_tell(run, ATH_MOMENT_RETRY, run->error->message, 0);
        ATH_TRY(ath__pause(run, turn + 3));
    }
}

static ath_status planned(ath__run *run, const ath__op_statement *statements, size_t count) {
    ath__step_run *s = &run->step;
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < count; i++) {
        ath__entry entry = {.number = s->number + 1 + (int64_t)i,
                            .operation = s->operation,
                            .hash = s->hash,
                            .sql = statements[i].sql,
                            .state = ATH_JOURNAL_PLANNED};
        status = ath__journal_write(run, &entry);
    }
    s->journaled = true;
    return alone(run, status);
}

static ath_status all_outside(ath__run *run, const ath__op_statement *statements, size_t count) {
    ATH_TRY(planned(run, statements, count));
    for (size_t i = 0; i < count; i++) {
        ATH_TRY(run_outside(run, &statements[i], run->step.number + 1));
        run->step.number++;
    }
    return ATH_OK;
}

static ath_status one_inside(ath__run *run, const ath__op_statement *statement) {
    ath__step_run *s = &run->step;
    ath__entry entry = {.number = ++s->number,
                        .operation = s->operation,
                        .hash = s->hash,
                        .sql = ath__arena_str(&run->arena, statement->sql),
                        .state = ATH_JOURNAL_DONE};
    if (!entry.sql)
        return ath__fail_memory(run->error);
    if (ath__is_transaction(statement->sql) && !statement->statement)
        return ath__fail(
            run->error, ATH_ARGUMENT,
            "a revision does not begin or end transactions (%.40s): the run does; \"-- transaction: no\" or "
            ".no_transaction makes it do without",
            statement->sql);
    tell_statement(run, s->number, statement->sql);
    ATH_TRY(run_one(run, statement));
    return ath__entries_add(run, &s->done, entry);
}

static ath_status in_transaction(ath__run *run, const ath__op_statement *statements, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bool leaves = statements[i].outside || (!statements[i].statement && ath__is_outside(statements[i].sql));
        if (leaves && run->migration.dry_run) {
            ath__log_line(&run->log, ATH_LOG_WARNING, "left out, it cannot be rolled back: %s", statements[i].sql);
        } else if (leaves) {
            ATH_TRY(step_outside(run));
            ATH_TRY(all_outside(run, &statements[i], 1));
            ATH_TRY(ath__transaction_begin(run));
        } else {
            ATH_TRY(one_inside(run, &statements[i]));
        }
    }
    return ATH_OK;
}

static ath_status sink_run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    ath__run *run = context;
    ath_status status = run->outside ? all_outside(run, statements, count) : in_transaction(run, statements, count);
    if (status != ATH_OK && error)
        *error = *run->error;
    return status;
}

/* ---- going on where a run was stopped ---- */

static void operation_text(const ath_operation *operation, ath__buf *out) {
    const char *const words[] = {operation->schema,   operation->table,     operation->name,
                                 operation->new_name, operation->type_name, operation->text};
    ath__buf_printf(out, "%d", (int)operation->kind);
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++) {
        ath__buf_char(out, '\n');
        ath__buf_str(out, words[i] ? words[i] : "");
    }
}

static ath_status name_operation(ath__run *run, const ath_operation *operation, const char *text) {
    char sum[ATH__CHECKSUM] = "";
    ath__buf all;
    ath__buf_init(&all, run->arena.allocator);
    if (operation)
        operation_text(operation, &all);
    else
        ath__buf_str(&all, text);
    ath_status status = all.failed ? ath__fail_memory(run->error)
                                   : ath__checksum(run->arena.allocator, all.data, all.size, sum, run->error);
    ath__buf_done(&all);
    run->step.hash = status == ATH_OK ? ath__arena_str(&run->arena, sum) : NULL;
    return status == ATH_OK && !run->step.hash ? ath__fail_memory(run->error) : status;
}

/* Of the operation under way, what the journal has. */
static size_t past_of(const ath__step_run *s, ath__entry **first) {
    size_t n = 0;
    for (size_t i = 0; i < s->past.count; i++)
        if (s->past.at[i].operation == s->operation && n++ == 0)
            *first = &s->past.at[i];
    return n;
}

static ath_status was_edited(ath__run *run, const ath__entry *first) {
    return ath__fail(
        run->error, ATH_STATE,
        "statement %lld of revision %.100s was another when it was run (%.200s). What has been done cannot be "
        "edited: put it back, or undo it by hand and say athanor repair --forget",
        (long long)first->number, run->step.source->revision.id, first->sql);
}

static ath_status not_known(ath__run *run, const ath__entry *e) {
    return ath__fail(run->error, ATH_STATE,
                     "an earlier run was stopped at statement %lld of revision %.100s, and the database does not tell "
                     "whether it was done: %.200s. Look, and say athanor repair --done or athanor repair --undone",
                     (long long)e->number, run->step.source->revision.id, e->sql);
}

/* A statement that an earlier run has planned or begun. */
static ath_status settle_one(ath__run *run, const ath__entry *e) {
    ath__op_statement statement = {.sql = e->sql};
    ath__fate fate = ATH__FATE_UNDONE;
    if (e->state == ATH_JOURNAL_STARTED) {
        ATH_TRY(ath__settle(run, e->sql, &fate));
        ath__log_line(&run->log, ATH_LOG_INFO, "statement %lld, at which an earlier run was stopped, was %s: %s",
                      (long long)e->number,
                      fate == ATH__FATE_DONE     ? "done"
                      : fate == ATH__FATE_UNDONE ? "not done"
                                                 : "perhaps done",
                      e->sql);
    }
    if (fate == ATH__FATE_UNKNOWN)
        return not_known(run, e);
    if (fate == ATH__FATE_DONE)
        return alone(run, ath__journal_mark(run, e->number, ATH_JOURNAL_DONE));
    return run_outside(run, &statement, e->number);
}

/* Nothing of it was done, and the last word was a refusal: it is written anew, as it may have been mended. */
static bool is_fresh(const ath__entry *first, size_t count) {
    bool failed = false;
    for (size_t i = 0; i < count; i++) {
        if (first[i].state == ATH_JOURNAL_DONE || first[i].state == ATH_JOURNAL_STARTED)
            return false;
        failed = failed || first[i].state == ATH_JOURNAL_FAILED || first[i].state == ATH_JOURNAL_PLANNED;
    }
    return failed;
}

static ath_status drop_rows(ath__run *run) {
    const char *sql = ath__arena_printf(
        &run->arena, "DELETE FROM %s WHERE revision = :revision AND direction = :direction AND operation >= :operation",
        run->journal);
    if (!sql)
        return ath__fail_memory(run->error);
    return alone(run, ath__run_change(run,
                                      ath_text(sql, ath_bind("revision", run->step.source->revision.id),
                                               ath_bind("direction", ath__way_name(run->step.step->way)),
                                               ath_bind("operation", run->step.operation)),
                                      NULL));
}

/* The rest of an operation, as the journal has it.  In the middle of a transaction there is none: what ran inside of one was
 * done or undone as a whole. */
static ath_status go_on(ath__run *run, ath__entry *first, size_t count, bool *skip) {
    size_t done = 0;
    *skip = true;
    if (strcmp(first->hash, run->step.hash) != 0 && !is_fresh(first, count))
        return was_edited(run, first);
    for (size_t i = 0; i < count; i++)
        done += first[i].state == ATH_JOURNAL_DONE;
    if (done < count) {
        bool fresh = is_fresh(first, count), was_outside = run->outside;
        ATH_TRY(step_outside(run));
        if (fresh)
            ATH_TRY(drop_rows(run));
        for (size_t i = 0; !fresh && i < count; i++)
            if (first[i].state != ATH_JOURNAL_DONE)
                ATH_TRY(settle_one(run, &first[i]));
        *skip = !fresh;
        if (!was_outside)
            ATH_TRY(ath__transaction_begin(run));
    }
    if (*skip)
        run->step.number = first[count - 1].number;
    return ATH_OK;
}

/* Operations that became no statement leave no rows; behind them others may be done already. */
static bool is_behind(const ath__step_run *s) {
    return s->past.count && s->past.at[s->past.count - 1].operation > s->operation;
}

static ath_status begin_operation(ath__run *run, const ath_operation *operation, const char *text, bool *skip) {
    ath__entry *first = NULL;
    run->step.operation++;
    *skip = false;
    ATH_TRY(name_operation(run, operation, text));
    size_t count = past_of(&run->step, &first);
    if (!count) {
        *skip = is_behind(&run->step);
        return ATH_OK;
    }
    return go_on(run, first, count, skip);
}

static ath_status sink_begin(void *context, const ath_operation *operation, const char *text, bool *skip,
                             ath_error *error) {
    ath__run *run = context;
    ath_status status = begin_operation(run, operation, text, skip);
    if (status != ATH_OK && error)
        *error = *run->error;
    return status;
}

ath__op_sink ath__run_sink(ath__run *run) {
    return (ath__op_sink){.context = run, .begin = sink_begin, .run = sink_run};
}
