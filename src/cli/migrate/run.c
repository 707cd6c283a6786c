/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that change the database: upgrade, downgrade, stamp, ensure-version; and their scripts (--sql).
 */
#include "cli/migrate/report.h"

#include <unistd.h>

/* ---- what they share ---- */

enum { SQL, TAG, DRY_RUN, YES };

static const cli_option upgrade_options[] = {
    [SQL] = {"sql", 0, NULL, "print the statements instead of running them; REVISION may be FROM:TO"},
    [TAG] = {"tag", 0, "TEXT", "given to env.c and to revisions as tag"},
    [DRY_RUN] = {"dry-run", 0, NULL, "run it all and roll back, where the database can"},
};

static const cli_option downgrade_options[] = {
    [SQL] = {"sql", 0, NULL, "print the statements instead of running them; REVISION must be FROM:TO"},
    [TAG] = {"tag", 0, "TEXT", "given to env.c and to revisions as tag"},
    [DRY_RUN] = {"dry-run", 0, NULL, "run it all and roll back, where the database can"},
    [YES] = {"yes", 'y', NULL, "do not ask"},
};

static ath_status write_script(void *context, const char *text, size_t size) {
    (void)context;
    return fwrite(text, 1, size, stdout) == size ? ATH_OK : ATH_OPERATIONAL;
}

typedef ath_status (*script_fn)(const char *dialect, const ath_migration *migration, const char *range,
                                ath_script_write write, void *context);
typedef ath_status (*run_fn)(ath_engine *engine, const ath_migration *migration, const char *target);

static int run_script(mig *m, script_fn script, const char *range) {
    const char *dialect;
    if (mig_dialect(m, &dialect) != ATH_OK)
        return mig_fail(m);
    mig_log((void *)(uintptr_t)m->globals, ATH_LOG_INFO, "Generating static SQL");
    if (script(dialect, &m->migration, range, write_script, NULL) != ATH_OK)
        return mig_fail(m);
    return fflush(stdout) == 0 ? CLI_DONE : mig_refuse(m, "The script could not be written");
}

static ath_status found(void *context, const ath_journal_line *line) {
    (void)line;
    ++*(size_t *)context;
    return ATH_OK;
}

/* A failure: what it was, and whether something is half-way now. */
static int failed(mig *m) {
    ath_error why = m->error;
    size_t half = 0;
    int code = mig_fail(m);
    if (m->engine && why.status != ATH_ARGUMENT && why.status != ATH_TIMEOUT &&
        ath_migrate_journal(m->engine, &m->migration, found, &half) == ATH_OK && half) {
        if (why.status != ATH_STATE) /* which says itself what to do */
            fputs("hint: a revision is half-way; the same command goes on where it stopped\n", stderr);
        code = CLI_HALF;
    }
    return code;
}

static int run_online(mig *m, run_fn run, const char *target) {
    mig_report report;
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    mig_report_begin(m, &report);
    ath_status status = run(m->engine, &m->migration, target);
    mig_report_end(&report);
    return status == ATH_OK ? mig_report_print(m, &report) : failed(m);
}

/* --tag is one of the arguments that env.c and revisions can ask for. */
static ath_status add_tag(mig *m, const char *tag) {
    const char **x = ath__arena_alloc(&m->arena, (m->migration.x.count + 1) * sizeof *x);
    if (!tag)
        return ATH_OK;
    if (!x || !(x[m->migration.x.count] = ath__arena_printf(&m->arena, "tag=%s", tag)))
        return ath__fail_memory(&m->error);
    if (m->migration.x.count)
        memcpy(x, m->migration.x.names, m->migration.x.count * sizeof *x);
    m->migration.x = (ath_name_list){m->migration.x.count + 1, x};
    return ATH_OK;
}

static int run_way(mig *m, run_fn run, script_fn script, const char *target) {
    bool sql = mig_option(m, SQL) != NULL;
    m->migration.dry_run = mig_option(m, DRY_RUN) != NULL;
    if (add_tag(m, mig_option(m, TAG)) != ATH_OK)
        return mig_fail(m);
    if (strchr(target, ':') && !sql)
        return mig_refuse(m, "Range revision not allowed" ATH__HINT "a range goes with --sql");
    return sql ? run_script(m, script, target) : run_online(m, run, target);
}

/* ---- upgrade ---- */

static int upgrade(mig *m) {
    return run_way(m, ath_migrate_upgrade, ath_migrate_upgrade_script,
                   m->call->operand_count ? m->call->operands[0] : "head");
}

static int run_upgrade(const cli_call *call) {
    return mig_each(call, upgrade);
}

const cli_command cli_upgrade = {.name = "upgrade",
                                 .arguments = "[REVISION]",
                                 .what = "bring the database up to a revision (head)",
                                 .more = "REVISION is an id or its beginning, head, heads, LABEL@head, +2, ID+1 ...\n",
                                 .most = 1,
                                 .run = run_upgrade,
                                 .options = upgrade_options,
                                 .option_count = ATH_COUNT_OF(upgrade_options),
                                 .of_project = true,
                                 .of_bundle = true};

/* ---- downgrade ---- */

/* Whether the person at the terminal wants the one step that is not named. */
static bool confirms(mig *m, ath_name_list rows) {
    char answer[16] = "";
    const ath__node *n = rows.count ? ath__graph_node(m->script.graph, rows.names[0]) : NULL;
    fprintf(stderr, "Undo %s%s%s? [y/N] ", rows.count ? rows.names[0] : "the last revision",
            n && n->message ? ", " : "", n && n->message ? n->message : "");
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static int downgrade_one(mig *m) {
    ath_name_list rows;
    if (mig_current(m, &rows) != ATH_OK)
        return mig_fail(m);
    if (rows.count && !mig_option(m, YES) && isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !confirms(m, rows))
        return mig_refuse(m, "Nothing was undone");
    return run_way(m, ath_migrate_downgrade, ath_migrate_downgrade_script, "-1");
}

/* "-1" where the database is at several revisions undoes one of them. */
static int warn_of_several(mig *m, const char *target) {
    ath_name_list rows;
    if (target[0] != '-' || mig_option(m, SQL))
        return CLI_DONE;
    if (mig_current(m, &rows) != ATH_OK)
        return mig_fail(m);
    if (rows.count > 1)
        fprintf(stderr,
                "WARN  [athanor.migration] downgrade %s from multiple heads is ambiguous; LABEL@%s says which\n",
                target, target);
    return CLI_DONE;
}

static int downgrade(mig *m) {
    const char *target = m->call->operand_count ? m->call->operands[0] : NULL;
    if (mig_option(m, SQL) && (!target || !strchr(target, ':')))
        return mig_refuse(m, "downgrade with --sql requires <fromrev>:<torev>");
    if (!target)
        return downgrade_one(m);
    int code = warn_of_several(m, target);
    return code == CLI_DONE ? run_way(m, ath_migrate_downgrade, ath_migrate_downgrade_script, target) : code;
}

static int run_downgrade(const cli_call *call) {
    return mig_each(call, downgrade);
}

const cli_command cli_downgrade = {
    .name = "downgrade",
    .arguments = "[REVISION]",
    .what = "take the database back to a revision (one step)",
    .more = "REVISION is what remains: an id or its beginning, -2, base, LABEL@base, ID-1 ...\n",
    .most = 1,
    .run = run_downgrade,
    .options = downgrade_options,
    .option_count = ATH_COUNT_OF(downgrade_options),
    .of_project = true,
    .of_bundle = true};

/* ---- stamp ---- */

enum { STAMP_SQL, STAMP_TAG, STAMP_PURGE };

static const cli_option stamp_options[] = {
    [STAMP_SQL] = {"sql", 0, NULL, "print the statements instead of running them; REVISION may be FROM:TO"},
    [STAMP_TAG] = {"tag", 0, "TEXT", "given to env.c as tag"},
    [STAMP_PURGE] = {"purge", 0, NULL, "forget first what the version table says"},
};

static const char *join(mig *m) {
    const char *all = m->call->operands[0];
    for (size_t i = 1; all && i < m->call->operand_count; i++)
        all = ath__arena_printf(&m->arena, "%s, %s", all, m->call->operands[i]);
    return all;
}

static int stamp(mig *m) {
    const char *targets = join(m);
    bool sql = mig_option(m, STAMP_SQL) != NULL;
    m->migration.purge = mig_option(m, STAMP_PURGE) != NULL;
    if (sql && m->migration.purge)
        return mig_refuse(m, "Can't use --purge with --sql mode");
    if (strchr(targets, ':') && !sql)
        return mig_refuse(m, "Range revision not allowed" ATH__HINT "a range goes with --sql");
    if (!targets || add_tag(m, mig_option(m, STAMP_TAG)) != ATH_OK)
        return mig_fail(m);
    return sql ? run_script(m, ath_migrate_stamp_script, targets) : run_online(m, ath_migrate_stamp, targets);
}

static int run_stamp(const cli_call *call) {
    return mig_each(call, stamp);
}

const cli_command cli_stamp = {.name = "stamp",
                               .arguments = "REVISION...",
                               .what = "write where the database is, without running anything",
                               .least = 1,
                               .most = SIZE_MAX,
                               .run = run_stamp,
                               .options = stamp_options,
                               .option_count = ATH_COUNT_OF(stamp_options),
                               .of_project = true,
                               .of_bundle = true};

/* ---- ensure-version ---- */

static const cli_option ensure_options[] = {
    {"sql", 0, NULL, "print the statement instead of running it"},
};

static ath_status ensure_script(const char *dialect, const ath_migration *migration, const char *range,
                                ath_script_write write, void *context) {
    (void)range;
    return ath_migrate_ensure_version_script(dialect, migration, write, context);
}

static int ensure(mig *m) {
    if (mig_option(m, 0))
        return run_script(m, ensure_script, NULL);
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    return ath_migrate_ensure_version(m->engine, &m->migration) == ATH_OK ? mig_report_print(m, &(mig_report){0})
                                                                          : mig_fail(m);
}

static int run_ensure(const cli_call *call) {
    return mig_each(call, ensure);
}

const cli_command cli_ensure_version = {.name = "ensure-version",
                                        .arguments = "",
                                        .what = "make the version table, if it is not there",
                                        .run = run_ensure,
                                        .options = ensure_options,
                                        .option_count = ATH_COUNT_OF(ensure_options),
                                        .of_project = true,
                                        .of_bundle = true};
