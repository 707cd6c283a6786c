/* SPDX-License-Identifier: Apache-2.0
 *
 * The models compared with the database: the bodies of a new revision, and `athanor check`.
 */
#include "cli/migrate/autogenerate.h"

#include "migrate/ops.h"
#include "migrate/render.h"

#include <unistd.h>

/* A comparison: what differs, and what is said of it. */
typedef struct comparison {
    mig *m;
    ath_connection *connection;
    ath__changes changes;
    ath__buf said; /* "Detected ..." lines */
    bool silent;   /* they are not logged */
} comparison;

/* ---- before ---- */

/* The database must stand on all heads: what is pending would look like a difference. */
static ath_status check_up_to_date(mig *m) {
    ath_name_list rows;
    ath__graph_plan plan;
    ATH_TRY(mig_current(m, &rows));
    ATH_TRY(ath__graph_upgrade(m->script.graph, rows, "heads", &plan, &m->error));
    if (!plan.count)
        return ATH_OK;
    return ath__fail(&m->error, ATH_STATE,
                     "Target database is not up to date." ATH__HINT
                     "it is at %s%s; %zu revision%s pending: `athanor upgrade heads`",
                     rows.count ? rows.names[0] : "base", rows.count > 1 ? " ..." : "", plan.count,
                     plan.count == 1 ? " is" : "s are");
}

static ath_status check_metadata(mig *m) {
    if (m->migration.metadata)
        return ATH_OK;
    return ath__fail(
        &m->error, ATH_ARGUMENT,
        "Can't proceed with --autogenerate option; environment script %s/env.c does not provide a MetaData "
        "object or sequence of objects to the context." ATH__HINT "write env->metadata = &YourMetadata; into it",
        m->location);
}

/* ---- comparing ---- */

static void take_line(void *context, ath_log_level level, const char *line) {
    comparison *c = context;
    if (level == ATH_LOG_INFO)
        ath__buf_printf(&c->said, "%s\n", line);
    if (!c->silent)
        mig_log((void *)(uintptr_t)c->m->globals, level, line);
}

/* Asks at a terminal; elsewhere what may be a rename is a drop and an add, of which the drop is held back. */
static bool ask_renamed(void *context, const char *table, const char *old_name, const char *new_name) {
    char answer[16] = "";
    (void)context;
    fprintf(stderr, "Is %s%s%s%s the same as %s, with a new name? [y/N] ", table ? "the column " : "the table ",
            table ? table : "", table ? "." : "", new_name, old_name);
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static ath_status compare(comparison *c, const mig_autogenerate_opts *opts) {
    mig *m = c->m;
    bool asks = opts->asks && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    const ath__compare_opts how = {
        .renames = opts->renames,
        .is_renamed = asks ? ask_renamed : NULL,
        .allow_drop = opts->allow_drop,
        .keep_unknown = opts->keep_unknown,
        .no_types = !mig_config_bool(&m->config, "compare_type", true),
        .no_defaults = !mig_config_bool(&m->config, "compare_server_default", true),
        .version_table = m->migration.version_table,
        .context = c,
        .log = take_line,
        .log_context = c,
    };
    if (!(c->connection = ath_connect(m->engine, &m->error)))
        return ath__failed(&m->error);
    ATH_TRY(ath__compare(c->connection, m->migration.metadata, &how, &c->changes, &m->error));
    for (size_t i = 0; i < c->changes.remark_count; i++)
        mig_log((void *)(uintptr_t)m->globals, ATH_LOG_WARNING, c->changes.remarks[i]);
    return ATH_OK;
}

static ath_status open_comparison(comparison *c, mig *m, const mig_autogenerate_opts *opts) {
    *c = (comparison){.m = m, .silent = opts->silent};
    ath__buf_init(&c->said, &ath__malloc_allocator);
    ATH_TRY(mig_open_environment(m));
    ATH_TRY(check_up_to_date(m));
    ATH_TRY(check_metadata(m));
    return compare(c, opts);
}

static void close_comparison(comparison *c) {
    ath__changes_done(&c->changes);
    ath_connection_close(c->connection);
    ath__buf_done(&c->said);
}

/* ---- into a revision ---- */

/* The text of a list in the revision's form, in the arena. */
static ath_status render(comparison *c, bool sql, const ath__change *items, size_t count, const char **out) {
    mig *m = c->m;
    ath__buf text;
    const char *dialect = ath_engine_dialect(m->engine);
    ath_status status = ATH_OK;
    ath__buf_init(&text, &ath__malloc_allocator);
    if (sql)
        status = ath__render_sql(&text, items, count, ath__backend_find(dialect), c->connection,
                                 m->migration.metadata->naming, &m->error);
    else
        ath__render_c(&text, items, count);
    if (status == ATH_OK && (text.failed || !(*out = ath__arena_str(&m->arena, ath__buf_text(&text)))))
        status = ath__fail_memory(&m->error);
    ath__buf_done(&text);
    return status;
}

static ath_status begin(void *context, const ath_operation *operation, const char *text, bool *skip, ath_error *error) {
    (void)context, (void)operation, (void)text, (void)error;
    *skip = false;
    return ATH_OK;
}

static ath_status run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    for (size_t i = 0; i < count; i++)
        ATH_TRY(ath__op_statement_run(context, &statements[i], error));
    return ATH_OK;
}

/* SQL for the way back is written from what the way up leaves: that is done for a moment, where it rolls back. */
static ath_status go_up(comparison *c) {
    mig *m = c->m;
    const ath__backend *backend = ath__backend_find(ath_engine_dialect(m->engine));
    if (!ath__dialect_can(backend->dialect, ATH__CAN_TRANSACTIONAL_DDL))
        return ATH_OK;
    if (ath_connection_rollback(c->connection) != ATH_OK || ath_connection_begin(c->connection) != ATH_OK) {
        m->error = *ath_connection_error(c->connection);
        return ath__failed(&m->error);
    }
    ath_ops *op = ath__ops_new(&(ath__ops_opts){.allocator = &ath__malloc_allocator,
                                                .backend = backend,
                                                .naming = m->migration.metadata->naming,
                                                .connection = c->connection,
                                                .sink = {.context = c->connection, .begin = begin, .run = run}},
                               &m->error);
    if (!op)
        return ath__failed(&m->error);
    for (size_t i = 0; i < c->changes.count; i++)
        if (!c->changes.items[i].held && ath_op_invoke(op, &c->changes.items[i].operation) != ATH_OK)
            break;
    ath_status status = ath__ops_finish(op, &m->error);
    ath__ops_free(op);
    return status;
}

/* The way back; what cannot be undone says so in the file instead. */
static ath_status render_back(comparison *c, bool sql, const char **out) {
    mig *m = c->m;
    ath__change *back;
    ath_status status = ath__changes_inverse(c->changes.items, c->changes.count, &c->changes.arena, &back, &m->error);
    if (status == ATH_NOT_SUPPORTED) {
        *out = ath__arena_printf(&m->arena, sql ? "-- %s\n" : "    /* %s */\n", m->error.message);
        ath_error_clear(&m->error);
        return *out ? ATH_OK : ath__fail_memory(&m->error);
    }
    if (status == ATH_OK && sql)
        status = go_up(c);
    if (status == ATH_OK)
        status = render(c, sql, back, c->changes.count, out);
    ath_connection_rollback(c->connection);
    return status;
}

static ath_status render_both(comparison *c, mig_new *revision) {
    ATH_TRY(render(c, revision->sql, c->changes.items, c->changes.count, &revision->up));
    return render_back(c, revision->sql, &revision->down_text);
}

/* SQL is tried while it is written, and tables that others refer to are made anew as in a run. */
static ath_status render_as_in_a_run(comparison *c, mig_new *revision) {
    const ath__alterer *alterer = ath__backend_find(ath_engine_dialect(c->m->engine))->alterer;
    void *state = NULL;
    if (!revision->sql || !alterer || !alterer->begin_changes)
        return render_both(c, revision);
    if (ath_connection_rollback(c->connection) != ATH_OK) {
        c->m->error = *ath_connection_error(c->connection);
        return ath__failed(&c->m->error);
    }
    ATH_TRY(alterer->begin_changes(c->connection, &state, &c->m->error));
    ath_status status = render_both(c, revision);
    ath_connection_rollback(c->connection);
    alterer->end_changes(c->connection, state);
    return status;
}

ath_status mig_autogenerate(mig *m, const mig_autogenerate_opts *opts, mig_new *revision, bool *nothing) {
    comparison c;
    ath_status status = open_comparison(&c, m, opts);
    *nothing = status == ATH_OK && c.changes.count == 0;
    if (status == ATH_OK)
        status = render_as_in_a_run(&c, revision);
    close_comparison(&c);
    return status;
}

ath_status mig_differences(mig *m, ath__buf *lines) {
    const mig_autogenerate_opts opts = {.allow_drop = true, .silent = true};
    comparison c;
    ath_status status = open_comparison(&c, m, &opts);
    if (status == ATH_OK)
        ath__buf_str(lines, ath__buf_text(&c.said));
    close_comparison(&c);
    return status == ATH_OK && lines->failed ? ath__fail_memory(&m->error) : status;
}

/* ---- check ---- */

static int print_found(comparison *c) {
    mig *m = c->m;
    char *rest = c->said.data, *line;
    size_t count = 0;
    ath__buf out;
    if (!m->globals->json)
        return CLI_DONE;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__buf_printf(&out, "{\"operations\": %zu, \"found\": [", ath__changes_due(&c->changes));
    while (rest && (line = strtok_r(rest, "\n", &rest)) != NULL) {
        ath__buf_str(&out, count++ ? ", " : "");
        mig_json_string(&out, line);
    }
    ath__buf_str(&out, "], \"remarks\": [");
    for (size_t i = 0; i < c->changes.remark_count; i++) {
        ath__buf_str(&out, i ? ", " : "");
        mig_json_string(&out, c->changes.remarks[i]);
    }
    ath__buf_str(&out, "]}\n");
    return mig_print(m, &out);
}

static int tell(comparison *c) {
    size_t due = ath__changes_due(&c->changes);
    int code = print_found(c);
    if (code != CLI_DONE)
        return code;
    if (!due) {
        if (!c->m->globals->json)
            puts("No new upgrade operations detected.");
        return CLI_DONE;
    }
    ath__fail(&c->m->error, ATH_STATE,
              "New upgrade operations detected: %zu" ATH__HINT
              "`athanor revision --autogenerate -m \"...\"` writes them down",
              due);
    return mig_fail(c->m);
}

/* What the models do not know is no matter of theirs: it is told of, and that is all. */
static int check(mig *m) {
    const mig_autogenerate_opts opts = {.allow_drop = true, .keep_unknown = true};
    comparison c;
    int code = open_comparison(&c, m, &opts) == ATH_OK ? tell(&c) : mig_fail(m);
    close_comparison(&c);
    return code;
}

static int run_check(const cli_call *call) {
    return mig_each(call, check);
}

const cli_command cli_check = {.name = "check",
                               .arguments = "",
                               .what = "whether the models and the database differ (1: they do)",
                               .run = run_check,
                               .of_project = true};
