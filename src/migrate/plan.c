/* SPDX-License-Identifier: Apache-2.0
 *
 * Public calls: the plan of a run, and the linter over a range of revisions (athanor/plan.h).
 */
#include "migrate/foresee.h"

/* ---- words ---- */

static const char *cost_name(const ath__impact *impact) {
    static const char *const names[] = {"instant", "scan", "build", "rewrite", "rows", NULL};
    return impact ? names[impact->cost] : NULL;
}

static const char *blocks_name(const ath__impact *impact) {
    static const char *const names[] = {"nobody", "writers", "everybody"};
    return impact ? names[impact->blocks] : NULL;
}

/* ---- plan ---- */

typedef struct planner {
    ath__foresight f;
    ath__arena arena; /* of the statement at hand */
    ath_migration_way way;
    ath_planned_visit visit;
    void *context;
} planner;

static void measure(planner *p, const ath__made *made, ath_planned *out) {
    const ath__alterer *a = p->f.run->backend->alterer;
    ath_connection *c = p->f.run->c;
    if (!made->table || !a || !a->table_size)
        return;
    if (a->table_size(c, made->schema, made->table, &out->rows, &out->bytes) != ATH_OK) {
        ath_error_clear(&c->error); /* a size that is not known keeps nobody from planning */
        ath_connection_rollback(c);
        out->rows = out->bytes = -1;
    }
}

static ath_status tell_change(planner *p, const ath__made *made, const ath_planned *statement, size_t number) {
    const ath__impact *impact = ath__impact_of(p->f.run->backend->impacts, p->f.dialect, made->change);
    ath_planned planned = *statement;
    planned.change = number;
    planned.table = made->table;
    planned.lock = impact ? impact->lock : NULL;
    planned.blocks = blocks_name(impact);
    planned.cost = cost_name(impact);
    planned.note = impact ? impact->note : NULL;
    measure(p, made, &planned);
    return p->visit(p->context, &planned);
}

static ath_status plan_statement(void *context, const ath__source *source, size_t number, const char *sql,
                                 const char *why) {
    planner *p = context;
    ath__made_list changes = {0};
    const ath_planned planned = {.struct_size = sizeof planned,
                                 .revision = &source->revision,
                                 .way = p->way,
                                 .statement = number,
                                 .sql = sql,
                                 .note = why,
                                 .rows = -1,
                                 .bytes = -1};
    if (!sql)
        return p->visit(p->context, &planned);
    ath__arena_reset(&p->arena);
    ATH_TRY(ath__classify(&p->arena, p->f.dialect, sql, strlen(sql), &changes, p->f.run->error));
    for (size_t i = 0; i < changes.count; i++)
        ATH_TRY(tell_change(p, &changes.at[i], &planned, i + 1));
    return changes.count ? ATH_OK : p->visit(p->context, &planned);
}

static ath_status plan_run(planner *p, const char *target) {
    ath__run *run = p->f.run;
    ath__graph_plan plan = {0, NULL};
    ATH_TRY(ath__version_read(run, &run->heads));
    if (ath_connection_rollback(run->c) != ATH_OK)
        return ath__run_failed(run);
    ATH_TRY(p->way == ATH_WAY_UP ? ath__graph_upgrade(run->script->graph, run->heads, target, &plan, run->error)
                                 : ath__graph_downgrade(run->script->graph, run->heads, target, &plan, run->error));
    p->f.dialect = run->c->dialect;
    return ath__foresee(&p->f, &plan, true);
}

ath_status ath_migrate_plan(ath_engine *engine, const ath_migration *m, ath_migration_way way, const char *target,
                            ath_planned_visit visit, void *context) {
    ath_error own;
    ath__run run;
    if (!m || !visit)
        return ATH_ARGUMENT;
    ath_error *error = m->error ? m->error : &own;
    ath_error_clear(error);
    if (!target || way == ATH_WAY_STAMP)
        return ath__fail(error, ATH_ARGUMENT, "a plan goes up or down to a target");
    ATH_TRY(ath__run_open(&run, engine, m, error));
    planner p = {.f = {.run = &run, .tell = plan_statement}, .way = way, .visit = visit, .context = context};
    p.f.context = &p;
    ath__arena_init(&p.arena, run.migration.allocator);
    ath_status status = plan_run(&p, target);
    ath__arena_done(&p.arena);
    ath__run_close(&run);
    return status;
}

/* ---- lint ---- */

typedef struct linter {
    ath__foresight f;
    ath__lint lint;
    const ath__source *source; /* whose statements are looked at */
    ath_finding_visit visit;
    void *context;
} linter;

static ath_status tell_findings(linter *l, size_t from, size_t number, const char *sql) {
    for (size_t i = from; i < l->lint.findings.count; i++) {
        const ath__finding *found = &l->lint.findings.at[i];
        const ath_finding finding = {.struct_size = sizeof finding,
                                     .revision = &l->source->revision,
                                     .statement = number,
                                     .sql = sql,
                                     .rule = found->rule,
                                     .severity = (ath_severity)found->severity,
                                     .what = found->what,
                                     .table = found->made.table,
                                     .lock = found->impact ? found->impact->lock : NULL,
                                     .note = found->impact ? found->impact->note : NULL,
                                     .cure = found->cure};
        ATH_TRY(l->visit(l->context, &finding));
    }
    return ATH_OK;
}

static ath_status lint_statement(void *context, const ath__source *source, size_t number, const char *sql,
                                 const char *why) {
    linter *l = context;
    (void)why; /* what cannot be told before it runs cannot be looked at */
    if (source != l->source) {
        l->source = source;
        l->lint.created.count = 0;
        l->lint.in_transaction =
            ath__dialect_can(l->f.dialect, ATH__CAN_TRANSACTIONAL_DDL) && !source->revision.no_transaction;
    }
    if (!sql)
        return ATH_OK;
    size_t before = l->lint.findings.count;
    ATH_TRY(ath__lint_statement(&l->lint, sql, strlen(sql), l->f.run->error));
    return tell_findings(l, before, number, sql);
}

static ath_status resolve_start(ath__run *run, const char *symbol, ath_name_list *out) {
    ath__nodes nodes = {0, NULL};
    *out = (ath_name_list){0, NULL};
    ATH_TRY(ath__graph_resolve(run->script->graph, symbol, *out, &nodes, run->error));
    const char **names = ath__arena_alloc(&run->arena, (nodes.count + 1) * sizeof(char *));
    if (!names)
        return ath__fail_memory(run->error);
    for (size_t i = 0; i < nodes.count; i++)
        names[i] = nodes.at[i]->id;
    *out = (ath_name_list){nodes.count, names};
    return ATH_OK;
}

static ath_status lint_range(linter *l, const char *range) {
    ath__run *run = l->f.run;
    const char *colon = strchr(range, ':'), *target = colon ? colon + 1 : range;
    ath_name_list start = {0, NULL};
    ath__graph_plan plan = {0, NULL};
    if (colon && colon > range) {
        const char *from = ath__arena_strn(&run->arena, range, (size_t)(colon - range));
        if (!from)
            return ath__fail_memory(run->error);
        ATH_TRY(resolve_start(run, from, &start));
    }
    ATH_TRY(ath__graph_upgrade(run->script->graph, start, *target ? target : "heads", &plan, run->error));
    return ath__foresee(&l->f, &plan, false);
}

ath_status ath_migrate_lint(const char *dialect, const ath_migration *m, const char *range, ath_name_list ignored,
                            ath_finding_visit visit, void *context) {
    ath_error own;
    ath__run run;
    if (!m || !visit || !range)
        return ATH_ARGUMENT;
    ath_error *error = m->error ? m->error : &own;
    ath_error_clear(error);
    ATH_TRY(ath__run_open_offline(&run, dialect, m, error));
    const ath_dialect *called = run.backend->dialect_called ? run.backend->dialect_called(dialect) : NULL;
    linter l = {.f = {.run = &run, .tell = lint_statement, .dialect = called ? called : run.backend->dialect},
                .visit = visit,
                .context = context};
    l.f.context = &l;
    l.lint =
        (ath__lint){.arena = &run.arena, .dialect = l.f.dialect, .impacts = run.backend->impacts, .ignored = ignored};
    ath_status status = lint_range(&l, range);
    ath__run_close(&run);
    return status;
}
