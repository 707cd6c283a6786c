/* SPDX-License-Identifier: Apache-2.0
 *
 * Revisions are called for their statements, which nobody runs (foresee.h).
 *
 * Where a table is changed by rebuilding it, each statement is written from what the one before has left.  There the schema is
 * copied into an empty database in memory, and the statements are run on that.
 */
#include "migrate/foresee.h"

/* ---- the sink ---- */

static ath_status begin(void *context, const ath_operation *operation, const char *text, bool *skip, ath_error *error) {
    (void)context;
    (void)operation;
    (void)text;
    (void)error;
    *skip = false;
    return ATH_OK;
}

static ath_status tell(ath__foresight *f, const ath__op_statement *statement, ath_error *error) {
    f->ended = f->tell(f->context, f->source, ++f->number, statement->sql, NULL);
    if (f->ended != ATH_OK)
        return ath__fail(error, f->ended, "the reader of the plan has had enough");
    if (f->mirror && ath__op_statement_run(f->mirror, statement, error) != ATH_OK)
        return ath__failed(error);
    return ATH_OK;
}

static ath_status take(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    for (size_t i = 0; i < count; i++)
        ATH_TRY(tell(context, &statements[i], error));
    return ATH_OK;
}

static ath_status stay(void *context, bool on, ath_error *error) {
    (void)context;
    (void)on;
    (void)error;
    return ATH_OK;
}

/* ---- steps ---- */

static ath_ops *new_ops(ath__foresight *f, bool live) {
    ath__run *run = f->run;
    const ath_metadata *metadata = run->migration.metadata;
    ath__ops_opts opts = {.allocator = run->migration.allocator,
                          .backend = run->backend,
                          .dialect = f->dialect,
                          .naming = metadata ? metadata->naming : NULL,
                          .connection = !live       ? NULL
                                        : f->mirror ? f->mirror
                                                    : run->c,
                          .looks_only = true,
                          .x = {run->migration.x.count, run->migration.x.names},
                          .sink = {.context = f, .begin = begin, .run = take},
                          .autocommit = stay};
    return ath__ops_new(&opts, run->error);
}

static ath_status call(ath__foresight *f, ath__source *source, ath__way way, bool live) {
    ath_ops *ops = new_ops(f, live);
    if (!ops)
        return ath__failed(f->run->error);
    ath_status status = ath__step_call(f->run, ops, source, way, f->run->backend->name);
    ath__ops_free(ops);
    return status;
}

/* What depends on a table that is not there yet cannot be read from the database: then it is written as for a script, if that
 * can be done, and else it cannot be told. */
static ath_status foresee_step(ath__foresight *f, const ath__graph_step *step, bool live) {
    ath__source *source = ath__script_source(step->node);
    f->source = source;
    f->number = 0;
    ath_status status = call(f, source, step->way, live);
    if (status != ATH_OK && status != ATH_NO_MEMORY && live && !f->mirror && f->number == 0)
        status = call(f, source, step->way, false);
    if (status == ATH_OK || status == ATH_NO_MEMORY || f->ended != ATH_OK)
        return status;
    char why[sizeof f->run->error->message];
    ath__copy_text(why, sizeof why, f->run->error->message, strlen(f->run->error->message));
    ath_error_clear(f->run->error);
    return f->tell(f->context, source, 0, NULL, why);
}

static ath_status open_mirror(ath__foresight *f) {
    const ath__alterer *a = f->run->backend->alterer;
    if (!a || !a->shadow || !a->mirror)
        return ATH_OK;
    f->mirror = a->shadow(&f->mirror_engine, f->run->error);
    return f->mirror ? a->mirror(f->run->c, f->mirror, f->run->error) : ath__failed(f->run->error);
}

static void close_mirror(ath__foresight *f) {
    if (f->mirror)
        ath_connection_close(f->mirror);
    if (f->mirror_engine)
        ath_engine_close(f->mirror_engine);
    f->mirror = NULL;
    f->mirror_engine = NULL;
}

static ath_status load(ath__run *run, const ath__graph_plan *plan) {
    ath__source **sources = ath__arena_alloc(&run->arena, (plan->count + 1) * sizeof(ath__source *));
    size_t count = 0;
    if (!sources)
        return ath__fail_memory(run->error);
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].node)
            sources[count++] = ath__script_source(plan->steps[i].node);
    return ath__build_load(run->script, &run->migration, sources, count, run->error);
}

ath_status ath__foresee(ath__foresight *f, const ath__graph_plan *plan, bool live) {
    ATH_TRY(load(f->run, plan));
    ath_status status = live ? open_mirror(f) : ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < plan->count; i++)
        if (plan->steps[i].node)
            status = foresee_step(f, &plan->steps[i], live);
    close_mirror(f);
    return status;
}
