/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs as text: the SQL that would bring a database from one revision to another, for people who hand it to others.
 */
#include "migrate/run.h"

typedef struct printer {
    ath__run *run;
    ath_script_write write;
    void *context;
    const ath_dialect *dialect;
    bool in_transaction;
} printer;

static ath_status print(printer *p, const char *text) {
    ath_status status = p->write(p->context, text, strlen(text));
    return status == ATH_OK ? ATH_OK : ath__fail(p->run->error, status, "the script could not be written");
}

static ath_status print_statement(printer *p, const char *sql) {
    ATH_TRY(print(p, sql));
    return print(p, ";\n\n");
}

static ath_status begin(printer *p, const char *word) {
    p->in_transaction = strcmp(word, "BEGIN") == 0;
    return print_statement(p, word);
}

/* ---- the sink ---- */

static ath_status sink_begin(void *context, const ath_operation *operation, const char *text, bool *skip,
                             ath_error *error) {
    (void)context;
    (void)operation;
    (void)text;
    (void)error;
    *skip = false;
    return ATH_OK;
}

static ath_status one(printer *p, const ath__op_statement *statement) {
    bool leaves =
        p->in_transaction && (statement->outside || (!statement->statement && ath__is_outside(statement->sql)));
    if (leaves)
        ATH_TRY(begin(p, "COMMIT"));
    ATH_TRY(print_statement(p, statement->sql));
    return leaves ? begin(p, "BEGIN") : ATH_OK;
}

static ath_status sink_run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    printer *p = context;
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < count; i++)
        status = one(p, &statements[i]);
    if (status != ATH_OK && error)
        *error = *p->run->error;
    return status;
}

static ath_status autocommit(void *context, bool on, ath_error *error) {
    printer *p = context;
    (void)error;
    return p->in_transaction != on ? ATH_OK : begin(p, on ? "COMMIT" : "BEGIN");
}

/* ---- steps ---- */

static ath_status print_rows(printer *p, const ath__graph_step *step) {
    ath__buf sql;
    ath_status status = ATH_OK;
    ath__buf_init(&sql, p->run->arena.allocator);
    for (size_t i = 0; status == ATH_OK && i < step->row_count; i++) {
        ath__buf_clear(&sql);
        status = ath__version_sql(p->run, p->dialect, &step->rows[i], &sql);
        if (status == ATH_OK)
            status = sql.failed ? ath__fail_memory(p->run->error) : print_statement(p, ath__buf_text(&sql));
    }
    ath__buf_done(&sql);
    return status;
}

static ath_status print_title(printer *p, const ath__graph_step *step) {
    ath__buf line;
    ath__buf_init(&line, p->run->arena.allocator);
    ath__buf_str(&line, "-- ");
    ath__version_text(step, &line);
    ath__buf_str(&line, "\n\n");
    ath_status status = line.failed ? ath__fail_memory(p->run->error) : print(p, ath__buf_text(&line));
    ath__buf_done(&line);
    return status;
}

static ath_status print_step(printer *p, const ath__graph_step *step) {
    ath__source *source = step->node && step->way != ATH__WAY_STAMP ? ath__script_source(step->node) : NULL;
    ATH_TRY(print_title(p, step));
    if (source)
        ATH_TRY(ath__step_call(p->run, p->run->ops, source, step->way, p->run->backend->name));
    return print_rows(p, step);
}

static ath_status print_version_table(printer *p) {
    ath__buf sql;
    ath__buf_init(&sql, p->run->arena.allocator);
    ath_status status = ath__tables_version_sql(p->run, p->dialect, &sql);
    if (status == ATH_OK)
        status = print_statement(p, ath__buf_text(&sql));
    ath__buf_done(&sql);
    return status;
}

/* A revision in C may make tables anew; what one in SQL does, it says itself. */
static bool may_rebuild(const ath__graph_plan *plan) {
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].node && plan->steps[i].way != ATH__WAY_STAMP &&
            ath__script_source(plan->steps[i].node)->form != ATH__FORM_SQL)
            return true;
    return false;
}

static ath_status print_plan(printer *p, const ath__graph_plan *plan, bool from_base) {
    const ath_migration *m = &p->run->migration;
    bool can = m->transactional_ddl == ATH_YES ||
               (m->transactional_ddl == ATH_UNSAID && ath__dialect_can(p->dialect, ATH__CAN_TRANSACTIONAL_DDL));
    bool each = m->transaction_per_migration;
    const ath__alterer *alterer = p->run->backend->alterer;
    if (alterer && alterer->begin_script && may_rebuild(plan))
        ATH_TRY(print_statement(p, alterer->begin_script));
    if (can && !each)
        ATH_TRY(begin(p, "BEGIN"));
    for (size_t i = 0; i < plan->count; i++) {
        const ath__node *node = plan->steps[i].node;
        bool outside = node && ath__script_source(node)->revision.no_transaction;
        if (outside && p->in_transaction)
            ATH_TRY(begin(p, "COMMIT"));
        else if (can && !outside && !p->in_transaction)
            ATH_TRY(begin(p, "BEGIN"));
        if (i == 0 && from_base)
            ATH_TRY(print_version_table(p));
        ATH_TRY(print_step(p, &plan->steps[i]));
        if (each && p->in_transaction)
            ATH_TRY(begin(p, "COMMIT"));
    }
    return p->in_transaction ? begin(p, "COMMIT") : ATH_OK;
}

/* ---- ranges ---- */

static ath_status parse_range(ath__run *run, const char *range, ath__way way, const char **from, const char **to) {
    const char *colon = range ? strchr(range, ':') : NULL;
    *from = NULL;
    if (!range)
        return ath__fail(run->error, ATH_ARGUMENT, "no target is named");
    if (colon) {
        *from = colon > range ? ath__arena_strn(&run->arena, range, (size_t)(colon - range)) : NULL;
        *to = ath__arena_str(&run->arena, colon[1] ? colon + 1 : "heads");
        if (!*to || (colon > range && !*from))
            return ath__fail_memory(run->error);
    } else {
        *to = range;
    }
    if (way == ATH__WAY_DOWN && !*from)
        return ath__fail(run->error, ATH_ARGUMENT, "downgrade with --sql requires <fromrev>:<torev>");
    return ATH_OK;
}

/* The ids of a symbol where a script begins. */
static ath_status start_of(ath__run *run, const char *symbol, ath_name_list *out) {
    ath__nodes nodes = {0, NULL};
    *out = (ath_name_list){0, NULL};
    if (!symbol)
        return ATH_OK;
    ATH_TRY(ath__graph_resolve(run->script->graph, symbol, *out, &nodes, run->error));
    const char **names = ath__arena_alloc(&run->arena, (nodes.count + 1) * sizeof(char *));
    if (!names)
        return ath__fail_memory(run->error);
    for (size_t i = 0; i < nodes.count; i++)
        names[i] = nodes.at[i]->id;
    *out = (ath_name_list){nodes.count, names};
    return ATH_OK;
}

static ath_status make_plan(ath__run *run, ath__way way, ath_name_list from, const char *to, ath__graph_plan *plan) {
    const char *targets[] = {to};
    if (way == ATH__WAY_UP)
        return ath__graph_upgrade(run->script->graph, from, to, plan, run->error);
    if (way == ATH__WAY_DOWN)
        return ath__graph_downgrade(run->script->graph, from, to, plan, run->error);
    return ath__graph_stamp(run->script->graph, from, (ath_name_list){1, targets}, plan, run->error);
}

static ath_status load_all(ath__run *run, const ath__graph_plan *plan) {
    size_t count = 0;
    ath__source **sources = ath__arena_alloc(&run->arena, (plan->count + 1) * sizeof(ath__source *));
    if (!sources)
        return ath__fail_memory(run->error);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].node && plan->steps[i].way != ATH__WAY_STAMP)
            sources[count++] = ath__script_source(plan->steps[i].node);
    ATH_TRY(ath__build_load(run->script, &run->migration, sources, count, run->error));
    for (size_t i = 0; i < plan->count; i++) /* no script that ends in the middle */
        if (plan->steps[i].node && plan->steps[i].way != ATH__WAY_STAMP)
            ATH_TRY(
                ath__step_check(run, ath__script_source(plan->steps[i].node), plan->steps[i].way, run->backend->name));
    return ATH_OK;
}

static ath_status open_printer(printer *p) {
    ath__run *run = p->run;
    const ath_metadata *metadata = run->migration.metadata;
    ath__ops_opts opts = {.allocator = run->migration.allocator,
                          .backend = run->backend,
                          .dialect = p->dialect,
                          .naming = metadata ? metadata->naming : NULL,
                          .x = {run->migration.x.count, run->migration.x.names},
                          .sink = {.context = p, .begin = sink_begin, .run = sink_run},
                          .autocommit = autocommit};
    run->version_table = run->migration.version_table ? run->migration.version_table : "athanor_version";
    run->version = ath__tables_name(run, p->dialect, run->version_table);
    run->ops = ath__ops_new(&opts, run->error);
    return run->version && run->ops ? ATH_OK : ath__failed(run->error);
}

/* Instead of a range: the version table, nothing else. */
static const char table_alone[] = "";

static ath_status print_range(printer *p, ath__way way, const char *range) {
    ath__run *run = p->run;
    ath__graph_plan plan = {0, NULL};
    const char *from = NULL, *to = NULL;
    ath_name_list start;
    if (range == table_alone) {
        ATH_TRY(open_printer(p));
        return print_version_table(p);
    }
    ATH_TRY(parse_range(run, range, way, &from, &to));
    ATH_TRY(start_of(run, from, &start));
    ATH_TRY(make_plan(run, way, start, to, &plan));
    ATH_TRY(load_all(run, &plan));
    ATH_TRY(open_printer(p));
    return plan.count ? print_plan(p, &plan, !start.count) : ATH_OK;
}

static ath_status script(const char *dialect, const ath_migration *m, ath__way way, const char *range,
                         ath_script_write write, void *context) {
    ath_error own;
    ath__run run;
    if (!m || !write)
        return ATH_ARGUMENT;
    ath_error *error = m->error ? m->error : &own;
    ath_error_clear(error);
    ATH_TRY(ath__run_open_offline(&run, dialect, m, error));
    const ath_dialect *called = run.backend->dialect_called ? run.backend->dialect_called(dialect) : NULL;
    printer p = {.run = &run, .write = write, .context = context, .dialect = called ? called : run.backend->dialect};
    ath_status status = print_range(&p, way, range);
    ath__run_close(&run);
    return status;
}

ath_status ath_migrate_upgrade_script(const char *dialect, const ath_migration *m, const char *range,
                                      ath_script_write write, void *context) {
    return script(dialect, m, ATH__WAY_UP, range, write, context);
}

ath_status ath_migrate_downgrade_script(const char *dialect, const ath_migration *m, const char *range,
                                        ath_script_write write, void *context) {
    return script(dialect, m, ATH__WAY_DOWN, range, write, context);
}

ath_status ath_migrate_stamp_script(const char *dialect, const ath_migration *m, const char *range,
                                    ath_script_write write, void *context) {
    return script(dialect, m, ATH__WAY_STAMP, range, write, context);
}

ath_status ath_migrate_ensure_version_script(const char *dialect, const ath_migration *m, ath_script_write write,
                                             void *context) {
    return script(dialect, m, ATH__WAY_STAMP, table_alone, write, context);
}
