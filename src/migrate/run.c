/* SPDX-License-Identifier: Apache-2.0
 *
 * A run is opened and closed, and asks its connection.
 */
#include <unistd.h>

#include "migrate/run.h"

const char *ath__way_name(int way) {
    return way > 0 ? "upgrade" : way < 0 ? "downgrade" : "stamp";
}

/* ---- asking ---- */

ath_status ath__run_failed(ath__run *run) {
    *run->error = run->c->error;
    return ath__failed(run->error);
}

ath_status ath__run_query(ath__run *run, const ath_expr *text, ath_result **out) {
    ath_error_clear(&run->c->error);
    *out = ath_connection_execute(run->c, ath_stmt_of(text));
    return *out ? ATH_OK : ath__run_failed(run);
}

ath_status ath__run_change(ath__run *run, const ath_expr *text, int64_t *changed) {
    ath_result *r = NULL;
    ATH_TRY(ath__run_query(run, text, &r));
    ath_status status = ath_result_error(r)->status;
    if (status != ATH_OK)
        *run->error = *ath_result_error(r);
    if (changed)
        *changed = ath_result_rowcount(r);
    ath_result_close(r);
    return status;
}

void ath__run_tell(ath__run *run, ath_migration_moment moment, const char *text, int64_t milliseconds) {
    const ath__step_run *s = &run->step;
    ath_migration_progress p = {.struct_size = sizeof p,
                                .moment = moment,
                                .way = s->step ? (ath_migration_way)s->step->way : ATH_WAY_STAMP,
                                .revision = s->source ? &s->source->revision : NULL,
                                .step = run->plan ? run->at + 1 : 0,
                                .steps = run->plan ? run->plan->count : 0,
                                .statement = (size_t)s->number,
                                .text = text,
                                .milliseconds = milliseconds};
    if (run->migration.progress)
        run->migration.progress(run->migration.progress_context, &p);
}

/* ---- opening ---- */

static ath_status open_script(ath__run *run, const ath_migration *migration, ath_error *error) {
    size_t size = migration->struct_size ? migration->struct_size : sizeof *migration;
    *run = (ath__run){.error = error};
    memcpy(&run->migration, migration, size < sizeof run->migration ? size : sizeof run->migration);
    if (!run->migration.allocator)
        run->migration.allocator = &ath__malloc_allocator;
    run->log = (ath__log){migration->log, migration->log_context, ATH_LOG_DEBUG};
    run->seed = (unsigned)getpid() * 2654435761u ^ (unsigned)ath__clock_us();
    ath__arena_init(&run->arena, run->migration.allocator);
    ATH_TRY(ath__script_open(&run->script_, &run->migration, error));
    run->script = &run->script_;
    return ath__build_environment(run->script, &run->migration, error);
}

static ath__x_list arguments(const ath__run *run) {
    return (ath__x_list){run->migration.x.count, run->migration.x.names};
}

static ath_status open_ops(ath__run *run) {
    const ath_metadata *metadata = run->migration.metadata;
    ath__ops_opts opts = {.allocator = run->migration.allocator,
                          .backend = run->backend,
                          .naming = metadata ? metadata->naming : NULL,
                          .connection = run->c,
                          .x = arguments(run),
                          .sink = ath__run_sink(run),
                          .autocommit = ath__run_autocommit};
    run->ops = ath__ops_new(&opts, run->error);
    return run->ops ? ATH_OK : ath__failed(run->error);
}

static ath_status connect(ath__run *run) {
    const ath_migration *m = &run->migration;
    int lock_ms = m->lock_timeout_ms == 0 ? 4000 : m->lock_timeout_ms;
    run->backend = run->engine->backend;
    run->alterer = run->backend->alterer;
    if (!(run->c = ath_connection_open(run->engine, run->error)))
        return ath__failed(run->error);
    run->rolls_back = ath__dialect_can(run->c->dialect, ATH__CAN_TRANSACTIONAL_DDL);
    if (m->statement_timeout_ms > 0)
        ath_connection_set_timeout(run->c, m->statement_timeout_ms);
    if (lock_ms > 0 && run->alterer && run->alterer->lock_timeout) {
        ath_connection_invalidate(run->c); /* nobody else shall get it with these settings */
        ATH_TRY(run->alterer->lock_timeout(run->c, lock_ms, run->error));
    }
    ATH_TRY(ath__tables_find(run));
    return open_ops(run);
}

ath_status ath__run_open(ath__run *run, ath_engine *engine, const ath_migration *migration, ath_error *error) {
    ath_status status = open_script(run, migration, error);
    run->engine = engine;
    if (status == ATH_OK)
        status = engine ? connect(run) : ath__fail(error, ATH_ARGUMENT, "there is no engine");
    if (status != ATH_OK)
        ath__run_close(run);
    return status;
}

ath_status ath__run_open_offline(ath__run *run, const char *dialect, const ath_migration *migration, ath_error *error) {
    ath_status status = open_script(run, migration, error);
    run->backend = dialect ? ath__backend_find(dialect) : NULL;
    if (status == ATH_OK && !run->backend)
        status = ath__fail(error, ATH_NOT_SUPPORTED, "there is no database called %s here", dialect ? dialect : "NULL");
    if (status != ATH_OK)
        ath__run_close(run);
    return status;
}

void ath__run_close(ath__run *run) {
    ath__ops_free(run->ops);
    if (run->c) {
        ath_connection_rollback(run->c);
        ath_connection_close(run->c);
    }
    ath__lock_drop(run);
    if (run->script)
        ath__script_close(run->script);
    ath__arena_done(&run->arena);
    *run = (ath__run){0};
}
