/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps of a plan, one after the other, in as few transactions as may be.
 */
#include "migrate/run.h"

static bool is_alone(const ath__run *run, const ath__graph_step *step) {
    return !run->rolls_back || (step->node && ath__script_source(step->node)->revision.no_transaction);
}

/* ---- one step ---- */

static ath_status announce(ath__run *run) {
    const ath__source *source = run->step.source;
    ath__buf line;
    ath__buf_init(&line, run->arena.allocator);
    ath__version_text(run->step.step, &line);
    if (source && source->revision.message) {
        ath__buf_str(&line, ", ");
        ath__buf_str(&line, source->revision.message);
    }
    if (!line.failed)
        ath__log_line(&run->log, ATH_LOG_INFO, "%s", ath__buf_text(&line));
    ath__run_tell(run, ATH_MOMENT_STEP, ath__buf_text(&line), 0);
    ath_status status = line.failed ? ath__fail_memory(run->error) : ATH_OK;
    ath__buf_done(&line);
    return status;
}

static void tell_resumed(ath__run *run) {
    const ath__step_run *s = &run->step;
    char text[160];
    size_t done = 0;
    for (size_t i = 0; i < s->past.count; i++)
        done += s->past.at[i].state == ATH_JOURNAL_DONE;
    snprintf(text, sizeof text, "an earlier run was stopped here; %zu of its statements are done", done);
    ath__log_line(&run->log, ATH_LOG_INFO, "revision %s: %s", s->source->revision.id, text);
    ath__run_tell(run, ATH_MOMENT_RESUMED, text, 0);
}

static ath_status begin_step(ath__run *run, size_t i) {
    const ath__graph_step *step = &run->plan->steps[i];
    ath__entries done = run->step.done; /* its room is used again */
    done.count = 0;
    run->at = i;
    run->step = (ath__step_run){.step = step,
                                .source = step->node ? ath__script_source(step->node) : NULL,
                                .done = done,
                                .began_us = ath__clock_us()};
    ATH_TRY(announce(run));
    if (!run->step.source)
        return ATH_OK;
    ATH_TRY(ath__journal_read(run));
    if (run->step.past.count)
        tell_resumed(run);
    return ATH_OK;
}

/* The version table, the history and the end of the journal, in one transaction. */
static ath_status note_step(ath__run *run) {
    const ath__step_run *s = &run->step;
    const ath_migration *m = &run->migration;
    ATH_TRY(ath__version_change(run, s->step));
    ATH_TRY(ath__history_add(run));
    if (run->outside || m->on_version)
        ATH_TRY(ath__history_write(run));
    if (s->journaled)
        ATH_TRY(ath__journal_forget(run));
    if (!m->on_version)
        return ATH_OK;
    ath_error_clear(&run->c->error);
    ath_status status = m->on_version(m->on_version_context, run->c, s->source ? &s->source->revision : NULL,
                                      (ath_migration_way)s->step->way);
    if (status != ATH_OK && run->c->error.status != ATH_OK)
        return ath__run_failed(run);
    return status == ATH_OK ? ATH_OK : ath__fail(run->error, status, "the hook on_version has refused the change");
}

static ath_status finish_step(ath__run *run) {
    ATH_TRY(ath__version_widen(run, run->step.step));
    ATH_TRY(note_step(run));
    if (run->outside && ath_connection_commit(run->c) != ATH_OK)
        return ath__run_failed(run);
    ath__run_tell(run, ATH_MOMENT_DONE, NULL, (ath__clock_us() - run->step.began_us) / 1000);
    return ATH_OK;
}

static ath_status run_step(ath__run *run, size_t i) {
    ATH_TRY(begin_step(run, i));
    if (run->step.source)
        ATH_TRY(ath__step_call(run, run->ops, run->step.source, run->step.step->way, run->backend->name));
    return finish_step(run);
}

/* ---- failures ---- */

static void say_where(ath__run *run) {
    const ath__step_run *s = &run->step;
    ath_error *e = run->error;
    char message[sizeof e->message], place[64] = "";
    if (!s->source || e->status == ATH_OK)
        return;
    ath__copy_text(message, sizeof message, e->message, strlen(e->message));
    if (s->number)
        snprintf(place, sizeof place, ", at statement %lld", (long long)s->number + run->outside);
    snprintf(e->message, sizeof e->message, "%s of revision %.60s%s: %.330s%s", ath__way_name(s->step->way),
             s->source->revision.id, place, message,
             s->journaled ? " (what was done before stands in the journal; the next run goes on behind it)" : "");
}

/* A line in the history for what failed, when the database still listens. */
static void note_failure(ath__run *run) {
    ath_error why = *run->error;
    if (!run->has_history || run->c->broken || run->migration.dry_run || !run->step.step)
        return;
    if (ath__history_failed(run, &why) != ATH_OK || ath_connection_commit(run->c) != ATH_OK) {
        ath_connection_rollback(run->c);
        ath__log_line(&run->log, ATH_LOG_WARNING, "the failure could not be noted in the history: %s",
                      run->error->message);
    }
    *run->error = why;
}

static ath_status failed(ath__run *run) {
    say_where(run);
    note_failure(run);
    return ath__failed(run->error);
}

/* ---- many steps ---- */

static ath_status make_journal(ath__run *run) {
    ATH_TRY(ath__tables_make_journal(run));
    return ath_connection_commit(run->c) == ATH_OK ? ATH_OK : ath__run_failed(run);
}

static ath_status run_alone(ath__run *run, size_t i) {
    run->outside = true;
    if (!run->has_journal)
        ATH_TRY(make_journal(run));
    if (run_step(run, i) == ATH_OK) {
        run->kept = i + 1;
        return ATH_OK;
    }
    ath_connection_rollback(run->c);
    return failed(run);
}

static ath_status run_inside(ath__run *run, size_t to) {
    ATH_TRY(ath__transaction_begin(run));
    if (run->migration.dry_run)
        ATH_TRY(ath__tables_make(run));
    for (size_t i = run->kept; i < to; i++)
        ATH_TRY(run_step(run, i));
    return run->migration.dry_run ? ATH_OK : ath__transaction_commit(run);
}

/* Steps that share a transaction.  When another session's lock was not to be had in time, what is held is let go, so that
 * nobody waits for it, and all is done again. */
static ath_status run_together(ath__run *run, size_t to) {
    int most = run->migration.lock_retries == 0 ? 10 : run->migration.lock_retries;
    for (int turn = 1;; turn++) {
        ath_status status = run_inside(run, to);
        if (status == ATH_OK && !run->migration.dry_run) {
            run->kept = to;
            return ATH_OK;
        }
        ath_error why = *run->error;
        bool was_outside = run->outside;
        ath__transaction_abandon(run);
        run->outside = false;
        if (status == ATH_OK) { /* a dry run */
            run->kept = to;
            return ATH_OK;
        }
        *run->error = why;
        if (was_outside || !why.retryable || status == ATH_DISCONNECT || turn > most)
            return failed(run);
        ath__run_tell(run, ATH_MOMENT_RETRY, why.message, 0);
        ath__log_line(&run->log, ATH_LOG_WARNING, "a lock was not to be had in time, once more: %s", why.message);
        ATH_TRY(ath__pause(run, turn + 3));
        ath_error_clear(run->error);
    }
}

ath_status ath__steps_run(ath__run *run, const ath__graph_plan *plan) {
    run->plan = plan;
    run->kept = 0;
    if (run->migration.dry_run && !run->rolls_back)
        return ath__fail(run->error, ATH_NOT_SUPPORTED,
                         "a dry run needs a database whose DDL rolls back; %s's does not", run->backend->name);
    while (run->kept < plan->count) {
        size_t to = run->kept + 1;
        if (is_alone(run, &plan->steps[run->kept])) {
            ATH_TRY(run_alone(run, run->kept));
            continue;
        }
        while (!run->migration.transaction_per_migration && to < plan->count && !is_alone(run, &plan->steps[to]))
            to++;
        ATH_TRY(run_together(run, to));
    }
    return ATH_OK;
}
