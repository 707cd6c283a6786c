/* SPDX-License-Identifier: Apache-2.0
 *
 * The public calls that run, stamp, ask and repair.
 */
#include "migrate/run.h"

/* ---- plans ---- */

typedef struct request {
    ath__way way;
    const char *target;
} request;

/* "a, b" */
static ath_status split(ath__run *run, const char *text, ath_name_list *out) {
    size_t count = 0, n = 1;
    for (const char *c = text; *c; c++)
        n += *c == ',' || *c == ' ';
    const char **names = ath__arena_alloc(&run->arena, n * sizeof(char *));
    if (!names)
        return ath__fail_memory(run->error);
    while (*text) {
        text += strspn(text, ", ");
        size_t size = strcspn(text, ", ");
        if (size && !(names[count++] = ath__arena_strn(&run->arena, text, size)))
            return ath__fail_memory(run->error);
        text += size;
    }
    *out = (ath_name_list){count, names};
    return ATH_OK;
}

static ath_status plan_of(ath__run *run, const request *what, ath_name_list heads, ath__graph_plan *plan) {
    ath__graph *graph = run->script->graph;
    const char *target = what->target;
    ath_name_list targets;
    *plan = (ath__graph_plan){0, NULL};
    if (!target)
        return ath__fail(run->error, ATH_ARGUMENT, "no target is named");
    if (what->way == ATH__WAY_UP)
        return ath__graph_upgrade(graph, heads, target, plan, run->error);
    if (what->way == ATH__WAY_DOWN)
        return ath__graph_downgrade(graph, heads, target, plan, run->error);
    ATH_TRY(split(run, target, &targets));
    return ath__graph_stamp(graph, run->migration.purge ? (ath_name_list){0, NULL} : heads, targets, plan, run->error);
}

/* What the database says now, and what follows from it. */
static ath_status look(ath__run *run, const request *what, ath__graph_plan *plan) {
    ATH_TRY(ath__version_read(run, &run->heads));
    if (ath_connection_rollback(run->c) !=
        ATH_OK) /* reading had begun a transaction: the next look shall be a new one */
        return ath__run_failed(run);
    return plan_of(run, what, run->heads, plan);
}

/* All that the plan runs can be called, and every step has a way. */
static ath_status prepare(ath__run *run, const ath__graph_plan *plan) {
    size_t count = 0;
    ath__source **sources = ath__arena_alloc(&run->arena, (plan->count + 1) * sizeof(ath__source *));
    if (!sources)
        return ath__fail_memory(run->error);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].node && plan->steps[i].way != ATH__WAY_STAMP)
            sources[count++] = ath__script_source(plan->steps[i].node);
    ATH_TRY(ath__build_load(run->script, &run->migration, sources, count, run->error));
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].node && plan->steps[i].way != ATH__WAY_STAMP)
            ATH_TRY(
                ath__step_check(run, ath__script_source(plan->steps[i].node), plan->steps[i].way, run->backend->name));
    return ATH_OK;
}

/* ---- running ---- */

static ath_status make_tables(ath__run *run) {
    ATH_TRY(ath__tables_find(run));
    if (run->migration.dry_run || (run->has_version && run->has_history && (run->rolls_back || run->has_journal)))
        return ATH_OK;
    if (!ath_connection_in_transaction(run->c) && ath_connection_begin(run->c) != ATH_OK)
        return ath__run_failed(run);
    ath_status status = ath__tables_make(run);
    if (status == ATH_OK && ath_connection_commit(run->c) != ATH_OK)
        status = ath__run_failed(run);
    return status;
}

static ath_status refuse_edited(ath__run *run) {
    size_t count = 0;
    if (!run->migration.verify)
        return ATH_OK;
    ATH_TRY(ath__history_edited(run, NULL, NULL, &count));
    return count ? ath__fail(run->error, ATH_STATE,
                             "the files of %zu applied revisions are not what was applied; `athanor verify` names them",
                             count)
                 : ATH_OK;
}

static ath_status purge(ath__run *run) {
    const char *sql = ath__arena_printf(&run->arena, "DELETE FROM %s", run->version);
    if (!sql)
        return ath__fail_memory(run->error);
    ATH_TRY(ath__run_change(run, ath_text(sql), NULL));
    return ath_connection_commit(run->c) == ATH_OK ? ATH_OK : ath__run_failed(run);
}

/* Behind the lock. */
static ath_status run_locked(ath__run *run, const request *what) {
    ath__graph_plan plan = {0, NULL};
    ATH_TRY(make_tables(run));
    ATH_TRY(look(run, what, &plan));
    run->plan = &plan;
    ATH_TRY(ath__journal_check(run));
    if (ath_connection_rollback(run->c) != ATH_OK)
        return ath__run_failed(run);
    ATH_TRY(prepare(run, &plan));
    if (what->way == ATH__WAY_STAMP && run->migration.purge)
        ATH_TRY(purge(run));
    return ath__steps_run(run, &plan);
}

/* The version table may be where it shall be while a revision is half-way: an upgrade that was stamped over, a downgrade that
 * stopped before its row went. */
static bool nothing_to_do(ath__run *run, const ath__graph_plan *plan) {
    if (plan->count || run->migration.purge)
        return false;
    run->plan = plan;
    bool whole = ath__journal_check(run) == ATH_OK;
    run->plan = NULL;
    ath_error_clear(run->error);
    return whole; /* or else somebody may be at work: the lock tells */
}

static ath_status run_all(ath__run *run, const request *what) {
    ath__graph_plan plan = {0, NULL};
    ATH_TRY(look(run, what, &plan));
    if (nothing_to_do(run, &plan))
        return ATH_OK;
    ATH_TRY(prepare(run, &plan)); /* what does not compile keeps nobody waiting */
    ATH_TRY(refuse_edited(run));
    if (ath_connection_rollback(run->c) != ATH_OK)
        return ath__run_failed(run);
    ATH_TRY(ath__lock_take(run));
    return run_locked(run, what);
}

static ath_error *error_of(const ath_migration *m, ath_error *own) {
    ath_error *error = m && m->error ? m->error : own;
    ath_error_clear(error);
    return error;
}

static ath_status run_request(ath_engine *engine, const ath_migration *m, request what) {
    ath_error own;
    ath__run run;
    if (!m)
        return ATH_ARGUMENT;
    ATH_TRY(ath__run_open(&run, engine, m, error_of(m, &own)));
    ath_status status = run_all(&run, &what);
    ath__run_close(&run);
    return status;
}

ath_status ath_migrate_upgrade(ath_engine *engine, const ath_migration *m, const char *target) {
    return run_request(engine, m, (request){ATH__WAY_UP, target});
}

ath_status ath_migrate_downgrade(ath_engine *engine, const ath_migration *m, const char *target) {
    return run_request(engine, m, (request){ATH__WAY_DOWN, target});
}

ath_status ath_migrate_stamp(ath_engine *engine, const ath_migration *m, const char *targets) {
    return run_request(engine, m, (request){ATH__WAY_STAMP, targets});
}

/* ---- asking ---- */

typedef struct question {
    ath_status (*ask)(ath__run *run, const struct question *q);
    const char *target;
    ath_revision_visit visit;
    ath_migration_run_visit run_visit;
    ath_edited_visit edited_visit;
    ath_journal_visit journal_visit;
    void *context;
    ath_repair repair;
} question;

static ath_status ask(ath_engine *engine, const ath_migration *m, const question *q) {
    ath_error own;
    ath__run run;
    if (!m)
        return ATH_ARGUMENT;
    ATH_TRY(ath__run_open(&run, engine, m, error_of(m, &own)));
    ath_status status = q->ask(&run, q);
    ath__run_close(&run);
    return status;
}

static ath_status ensure(ath__run *run, const question *q) {
    (void)q;
    ATH_TRY(ath__lock_take(run));
    return make_tables(run);
}

ath_status ath_migrate_ensure_version(ath_engine *engine, const ath_migration *m) {
    return ask(engine, m, &(question){.ask = ensure});
}

static ath_status current(ath__run *run, const question *q) {
    ATH_TRY(ath__version_read(run, &run->heads));
    for (size_t i = 0; i < run->heads.count; i++) {
        const ath__node *node = ath__graph_node(run->script->graph, run->heads.names[i]);
        ath_revision unknown = {.struct_size = sizeof unknown, .id = run->heads.names[i]};
        ath_status status =
            q->visit(q->context, node ? &ath__script_source(node)->revision : &unknown, node && node->is_head);
        if (status != ATH_OK)
            return ath__fail(run->error, status, "the walk was ended");
    }
    return ATH_OK;
}

ath_status ath_migrate_current(ath_engine *engine, const ath_migration *m, ath_revision_visit visit, void *context) {
    return ask(engine, m, &(question){.ask = current, .visit = visit, .context = context});
}

static ath_status pending(ath__run *run, const question *q) {
    ath__graph_plan plan = {0, NULL};
    ATH_TRY(look(run, &(request){ATH__WAY_UP, q->target}, &plan));
    for (size_t i = 0; i < plan.count; i++) {
        const ath__node *node = plan.steps[i].node;
        ath_status status = node ? q->visit(q->context, &ath__script_source(node)->revision, node->is_head) : ATH_OK;
        if (status != ATH_OK)
            return ath__fail(run->error, status, "the walk was ended");
    }
    return ATH_OK;
}

ath_status ath_migrate_pending(ath_engine *engine, const ath_migration *m, const char *target, ath_revision_visit visit,
                               void *context) {
    return ask(engine, m, &(question){.ask = pending, .target = target, .visit = visit, .context = context});
}

static ath_status history(ath__run *run, const question *q) {
    return ath__history_walk(run, q->run_visit, q->context);
}

ath_status ath_migrate_history(ath_engine *engine, const ath_migration *m, ath_migration_run_visit visit,
                               void *context) {
    return ask(engine, m, &(question){.ask = history, .run_visit = visit, .context = context});
}

static ath_status verify(ath__run *run, const question *q) {
    size_t count = 0;
    ATH_TRY(ath__history_edited(run, q->edited_visit, q->context, &count));
    return count
               ? ath__fail(run->error, ATH_STATE, "the files of %zu applied revisions are not what was applied", count)
               : ATH_OK;
}

ath_status ath_migrate_verify(ath_engine *engine, const ath_migration *m, ath_edited_visit visit, void *context) {
    return ask(engine, m, &(question){.ask = verify, .edited_visit = visit, .context = context});
}

static ath_status journal(ath__run *run, const question *q) {
    return ath__journal_walk(run, q->journal_visit, q->context);
}

ath_status ath_migrate_journal(ath_engine *engine, const ath_migration *m, ath_journal_visit visit, void *context) {
    return ask(engine, m, &(question){.ask = journal, .journal_visit = visit, .context = context});
}

/* ---- repairing ---- */

static ath_status accept(ath__run *run, const char *revision) {
    ath__nodes nodes = {0, NULL};
    if (!revision)
        return ath__fail(run->error, ATH_ARGUMENT, "the revision whose file is right must be named");
    ATH_TRY(ath__graph_resolve(run->script->graph, revision, run->heads, &nodes, run->error));
    for (size_t i = 0; i < nodes.count; i++)
        ATH_TRY(ath__history_accept(run, ath__script_source(nodes.at[i])));
    return ATH_OK;
}

static ath_status repair(ath__run *run, const question *q) {
    ATH_TRY(ath__lock_take(run));
    ATH_TRY(ath__version_read(run, &run->heads));
    ATH_TRY(q->repair == ATH_REPAIR_CHECKSUM ? accept(run, q->target) : ath__journal_repair(run, q->target, q->repair));
    return ath_connection_commit(run->c) == ATH_OK ? ATH_OK : ath__run_failed(run);
}

ath_status ath_migrate_repair(ath_engine *engine, const ath_migration *m, const char *revision, ath_repair what) {
    return ask(engine, m, &(question){.ask = repair, .target = revision, .repair = what});
}
